//! Contours: the lines on which a signal of the place has given values.
//!
//! Lines carry their values where there is room.

use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::{Mark, Polyline, Stroke};
use crate::panel::color_range::{is_seen_in_some_frame, sampled_values, without_value};
use crate::panel::contour_labels::{Lines, label_contours};
use crate::panel::element::ElementView;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::moving_labels::MovingLabels;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::place_values::PlaceSignal;
use crate::panel::sampled_plot::SampledPlot;
use crate::panel::signal_reader::SignalReader;
use crate::panel::ticks::round_ticks;
use crate::scene::color::{ColorMap, ColorScale, LEVELS};
use crate::scene::diagnostic::{Diagnostic, charge};
use crate::scene::element::{Contour, ContourLevels, Scale};
use crate::scene::expr::six_digits;
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

/// The side of a cell, in CSS pixels.
const CELL: f64 = 1.5;
/// The work of a point of a line, and its bytes while lines are made.
const POINT_WORK: u64 = 150;
const POINT_BYTES: u64 = 48;

impl ElementView for Contour {
    /// Contours fill the panel whatever its ranges are.
    fn add_extent(&self, _: &SignalReader<'_>, _: &Env<'_>, _: &mut PanelExtents) -> Result<(), Diagnostic> {
        Ok(())
    }

    fn value_range(
        &self,
        reader: &SignalReader<'_>,
        viewport: &FrameViewport<'_>,
        threads: usize,
    ) -> Result<Option<[f64; 2]>, Diagnostic> {
        if let ContourLevels::At(_) = self.levels {
            return Ok(None);
        }
        let mut values = sampled_values(reader, viewport, threads, self.signal())?;
        let scale = ColorScale { map: ColorMap::Viridis, levels: LEVELS, scale: Scale::Linear, range: None };
        Ok(Some(scale.fitted(&mut values)))
    }

    fn unseen(
        &self,
        reader: &SignalReader<'_>,
        viewport: &FrameViewport<'_>,
    ) -> Result<Option<Diagnostic>, Diagnostic> {
        let mut values: Option<[f64; 2]> = None;
        let has_line = is_seen_in_some_frame(reader, viewport, self.signal(), |[low, high]| {
            values = Some(values.map_or([low, high], |[least, most]| [least.min(low), most.max(high)]));
            match &self.levels {
                ContourLevels::At(levels) => levels.iter().any(|level| (low..=high).contains(level)),
                ContourLevels::Count(_) => true,
            }
        })?;
        match values.map(|ends| ends.map(|end| shortest(six_digits(end)))) {
            None => Err(without_value(reader, "no value is defined")),
            Some(_) if has_line => Ok(None),
            Some([low, high]) => Ok(Some(
                Diagnostic::warning(format!("this contour of panel `{}` has no line", reader.panel.name))
                    .at(reader.element.origin)
                    .label(format!("its values reach from {low} to {high}"))
                    .help("write levels = 5 for round values in this range"),
            )),
        }
    }

    fn moving_labels(
        &self,
        context: &PaintContext<'_>,
        viewport: &FrameViewport<'_>,
    ) -> Result<Option<MovingLabels>, Diagnostic> {
        if !self.has_labels || context.is_static() {
            return Ok(None);
        }
        MovingLabels::new(context, viewport, self.signal(), &self.levels(context.value_range)).map(Some)
    }

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let levels = self.levels(context.value_range);
        let mut lines = self.lines(context, env, &levels)?;
        let labels = match &context.moving_labels {
            Some(labels) => labels.marks(context, &mut lines),
            None if self.has_labels && context.is_static() => label_contours(context, &levels, &mut lines)?,
            None => Vec::new(),
        };
        let stroke = |lines: Vec<Vec<Point>>| {
            let mut path = Polyline::default();
            for line in lines {
                path.subpath_starts.push(path.points.len());
                path.points.extend(line);
            }
            if path.points.is_empty() {
                return Mark::Nothing;
            }
            let visible_points = path.points.len();
            let (pen, clip) = (Arc::clone(&context.style.pen), context.viewport.rect);
            Mark::Stroke(Stroke { path: Arc::new(path), visible_points, pen, clip })
        };
        Ok(lines.into_iter().map(stroke).chain(labels).collect())
    }
}

impl Contour {
    fn signal(&self) -> PlaceSignal<'_> {
        PlaceSignal { value: &self.value, place: self.place }
    }

    /// The values of the lines, in ascending order: those of the scene, or round ones in a range.
    fn levels(&self, range: Option<[f64; 2]>) -> Vec<f64> {
        match &self.levels {
            ContourLevels::At(values) => values.clone(),
            ContourLevels::Count(count) => {
                let ticks = round_ticks(range.unwrap_or([0.0, 1.0]), *count + 1);
                ticks.into_iter().map(|tick| tick.value).collect()
            }
        }
    }

    /// The lines of each level, in device pixels.
    ///
    /// # Errors
    /// They take more work or memory than the limits allow.
    fn lines(
        &self,
        context: &PaintContext<'_>,
        env: &Env<'_>,
        levels: &[f64],
    ) -> Result<Vec<Lines>, Diagnostic> {
        let PaintContext { reader, viewport, scale, threads, .. } = context;
        let plot = SampledPlot::new(self.signal(), (reader, env), viewport, (CELL * scale, *threads))?;
        let origin = reader.element.origin;
        let mut memory = Vec::new();
        let of_level = |level: &f64| {
            charge(env.work(), plot.work_of_level(), origin)?;
            let lines = plot.lines(*level);
            let points = lines.iter().map(Vec::len).sum::<usize>() as u64;
            charge(env.work(), POINT_WORK * points, origin)?;
            memory.push(reader.scene.hold(POINT_BYTES * points, origin)?);
            Ok(lines)
        };
        levels.iter().map(of_level).collect()
    }
}
