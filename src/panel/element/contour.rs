//! Contours: the lines on which a signal of the place has given values.
//!
//! The grid of cells lies at the same device pixels in all frames, so that lines move as smoothly as the signal does. Lines
//! that keep still carry their values where there is room.

use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::{Mark, Polyline, Stroke};
use crate::panel::color_range::{is_seen_in_some_frame, sampled_values, without_value};
use crate::panel::contour_labels::label_contours;
use crate::panel::element::ElementView;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::marching_squares::GridValues;
use crate::panel::paint::PaintContext;
use crate::panel::panel_extents::PanelExtents;
use crate::panel::place_values::PlaceSignal;
use crate::panel::signal_reader::SignalReader;
use crate::panel::ticks::round_ticks;
use crate::scene::color::{ColorMap, ColorScale, LEVELS};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Contour, ContourLevels, Scale};
use crate::scene::expr::six_digits;
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

/// The side of a cell, in CSS pixels.
const CELL: f64 = 1.5;
/// The work of a cell for each level.
const CELL_WORK: usize = 8;
/// The work of a point of a line, and its bytes while lines are made.
const POINT_WORK: usize = 150;
const POINT_BYTES: usize = 48;

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

    fn paint(&self, context: &PaintContext<'_>, env: &Env<'_>) -> Result<Vec<Mark>, Diagnostic> {
        let levels = self.levels(context.value_range);
        let mut lines: Vec<Vec<Vec<Point>>> = self.lines(context, env, &levels)?;
        let mut labels = Vec::new();
        if self.has_labels && context.is_static() {
            labels = label_contours(context, &levels, &mut lines)?;
        }
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
    fn lines(
        &self,
        context: &PaintContext<'_>,
        env: &Env<'_>,
        levels: &[f64],
    ) -> Result<Vec<Vec<Vec<Point>>>, Diagnostic> {
        let PaintContext { reader, viewport, scale, threads, .. } = context;
        let rect = viewport.rect;
        let edges = |from: i32, length: u32| {
            let count = (f64::from(length) / (CELL * scale)).ceil().max(1.0);
            let edge = move |index: u32| f64::from(from) + f64::from(index) * f64::from(length) / count;
            (0..=count as u32).map(edge).collect::<Vec<f64>>()
        };
        let (across, down) = (edges(rect.left, rect.width()), edges(rect.top, rect.height()));
        let xs: Vec<f64> = across.iter().map(|x| viewport.x.value(*x)).collect();
        let ys: Vec<f64> = down.iter().map(|y| viewport.y.value(*y)).collect();
        let values = self.signal().on_grid(reader, [&xs, &ys], env, *threads)?;
        let grid = GridValues { columns: across.len() - 1, values: &values };
        let cell = [across[1] - across[0], down[1] - down[0]];
        let to_pixels = |point: Point| Point::new(across[0] + point.x * cell[0], down[0] + point.y * cell[1]);
        let origin = reader.element.origin;
        let charge = |units: usize| {
            env.work().charge(units as u64).map_err(|limit| Diagnostic::from(limit).at(origin))
        };
        let mut memory = Vec::new();
        let of_level = |level: &f64| {
            charge(CELL_WORK * values.len())?;
            let lines = grid.lines(*level);
            let points = lines.iter().map(Vec::len).sum::<usize>();
            charge(POINT_WORK * points)?;
            memory.push(reader.scene.hold((POINT_BYTES * points) as u64, origin)?);
            let in_pixels = |line: Vec<Point>| line.into_iter().map(to_pixels).collect();
            Ok(lines.into_iter().map(in_pixels).collect())
        };
        levels.iter().map(of_level).collect()
    }
}
