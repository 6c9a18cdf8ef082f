//! The range of each panel's axes: given in the scene, or fitted to everything that the panel shows in any
//! frame.

use crate::panel::axis::Direction;
use crate::panel::curve_check;
use crate::panel::extent::DataExtent;
use crate::panel::frames::for_each_frame;
use crate::panel::log_axis_check;
use crate::panel::panel_view::view;
use crate::panel::signal_reader::SignalReader;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Panel, PlottedSignal, Scale};
use crate::scene::expr::six_digits;
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

/// The x and the y range of a panel.
pub(super) type PanelRanges = [[f64; 2]; 2];

/// The ranges of a panel, and warnings about them.
#[derive(Clone, Debug)]
pub(super) struct FittedRanges {
    pub(super) ranges: PanelRanges,
    pub(super) warnings: Vec<Diagnostic>,
}

/// A fitted range this many times longer than the median frame needs makes most curves flat; it is warned of.
const MAX_STRETCH: f64 = 20.0;

/// The ranges of a panel, before it is widened for equal units or takes over another panel's range.
///
/// # Errors
/// A logarithmic axis cannot show a curve at all, a value that must be real is complex, or a curve's span is
/// infinite.
pub(super) fn fit(scene: &Scene, panel: &Panel, threads: usize) -> Result<FittedRanges, Diagnostic> {
    log_axis_check::check(scene, panel)?;
    let unseen = curve_check::check(scene, panel)?;
    let (ranges, mut warnings) = if panel.x.is_fitted() || panel.y.is_fitted() {
        view(&panel.kind).fitted_ranges(scene, panel, threads)?
    } else {
        Default::default()
    };
    let fitted = |name, axis: &Axis, range| match (axis.range, &axis.moving) {
        (Some(given), _) => Ok(given),
        // The range of a moving axis is that of the frame.
        (None, Some(_)) => Ok([0.0, 1.0]),
        (None, None) => check_fitted(panel, name, axis.scale, range),
    };
    warnings.extend(unseen);
    let [x, y] = ranges;
    Ok(FittedRanges { ranges: [fitted("x", &panel.x, x)?, fitted("y", &panel.y, y)?], warnings })
}

/// Returns a fitted range, or an error if an axis of this name and scale cannot show it.
fn check_fitted(panel: &Panel, name: &str, scale: Scale, range: [f64; 2]) -> Result<[f64; 2], Diagnostic> {
    let Some(defect) = scale.range_defect(range) else { return Ok(range) };
    // A margin beyond the largest number makes an end infinite.
    let (why, help) = defect.explain(range.map(|end| six_digits(end.clamp(f64::MIN, f64::MAX))));
    Err(Diagnostic::new(format!("the {name} axis of panel `{}` {why}", panel.name))
        .at(panel.origin)
        .help(format!("{help}; or write {name} = {{ range = [a, b] }}")))
}

/// The ranges that hold everything that a panel's elements show in any frame. The frames are divided among the threads.
pub(super) fn fit_elements(
    scene: &Scene,
    panel: &Panel,
    threads: usize,
) -> Result<(PanelRanges, Vec<Diagnostic>), Diagnostic> {
    let readers = || panel.elements.iter().map(|element| SignalReader { scene, panel, element });
    let mut static_extents = PanelExtents::empty(panel);
    let env = scene.env(0)?;
    for reader in readers().filter(SignalReader::has_static_extent) {
        reader.element.kind.view().add_extent(&reader, &env, &mut static_extents)?;
    }
    let moving: Vec<_> = readers().filter(|reader| !reader.has_static_extent()).collect();
    let in_frame = |env: &Env<'_>, _| {
        let mut extents = static_extents;
        for reader in &moving {
            reader.element.kind.view().add_extent(reader, env, &mut extents)?;
        }
        Ok(extents)
    };
    let threads = if moving.is_empty() { 1 } else { threads };
    let mut film_extents = static_extents;
    let mut frame_lengths: [Vec<f64>; 2] = Default::default();
    let frames: Vec<usize> = (0..scene.timeline.frames).collect();
    for frame_extents in for_each_frame((scene, threads), &frames, in_frame)? {
        film_extents.merge(&frame_extents);
        let ranges = frame_extents.ranges();
        for ((direction, range), lengths) in Direction::BOTH.into_iter().zip(ranges).zip(&mut frame_lengths) {
            lengths.push(length(range, direction.axis(panel)));
        }
    }
    let ranges = film_extents.ranges();
    let axes = Direction::BOTH.into_iter().zip(ranges).zip(&mut frame_lengths);
    let warnings = axes.filter_map(|((direction, range), lengths)| {
        if let Some(reach) = film_extents.pole(direction) {
            let is_fitted = direction.axis(panel).is_fitted() && direction.axis(panel).share.is_none();
            return is_fitted.then(|| pole_warning(panel, direction.name(), range, reach));
        }
        let stretch = stretch(direction.axis(panel), range, lengths)?;
        (stretch > MAX_STRETCH).then(|| stretch_warning(panel, direction.name(), stretch))
    });
    Ok((ranges, warnings.collect()))
}

/// The length of a range on an axis: in units, or in decades.
fn length([from, to]: [f64; 2], axis: &Axis) -> f64 {
    axis.scale.transform(to) - axis.scale.transform(from)
}

/// The length of a fitted range as a multiple of the median length that single frames need; `None` if the
/// range is not fitted.
fn stretch(axis: &Axis, range: [f64; 2], frame_lengths: &mut [f64]) -> Option<f64> {
    if !axis.is_fitted() || axis.share.is_some() {
        return None;
    }
    frame_lengths.sort_by(f64::total_cmp);
    Some(length(range, axis) / frame_lengths.get(frame_lengths.len() / 2)?)
}

/// The warning about an axis that a few frames stretch far beyond what the others need.
fn stretch_warning(panel: &Panel, name: &str, stretch: f64) -> Diagnostic {
    let message = format!(
        "the {name} axis of panel `{}` is {stretch:.0} times as long as half of the frames need",
        panel.name
    );
    let help = format!("write {name} = {{ range = [a, b] }} to show less of the other frames");
    Diagnostic::warning(message).at(panel.origin).help(help)
}

/// The warning about an axis whose fitted range leaves out the poles of curves.
fn pole_warning(panel: &Panel, name: &str, range: [f64; 2], reach: f64) -> Diagnostic {
    let [from, to] = range.map(|end| shortest(six_digits(end)));
    let message = format!(
        "a curve of panel `{}` has a pole, so its {name} axis shows {from} to {to} and not all values",
        panel.name
    );
    Diagnostic::warning(message)
        .at(panel.origin)
        .note(format!("near the pole the values reach {reach:.0e}"))
        .help(format!("write {name} = {{ range = [a, b] }} to choose what it shows"))
}

/// The extents of everything that a panel shows, in its data coordinates.
#[derive(Clone, Copy, Debug)]
pub(super) struct PanelExtents {
    /// The x values that get a margin.
    pub(super) x: DataExtent,
    /// The values of variables that run along the x axis, which has no margin beyond their spans.
    variable: DataExtent,
    /// The y values.
    pub(super) y: DataExtent,
    /// The present values along x and y. On an axis with a pole they are not counted, because they may come as close to
    /// it as they like.
    present: [DataExtent; 2],
    /// The values along x and y on which bars stand. Where the range ends in one of them, it has no margin.
    bases: [DataExtent; 2],
}

impl PanelExtents {
    fn empty(panel: &Panel) -> Self {
        let [x, y] = [&panel.x, &panel.y].map(|axis| DataExtent::empty(axis.scale));
        Self { x, variable: x, y, present: [x, y], bases: [x, y] }
    }

    /// The x range: from end to end of the variables' spans, or of everything with a margin if there are
    /// none.
    fn x_range(&self) -> [f64; 2] {
        if self.variable.is_empty() {
            return self.padded_range(Direction::X);
        }
        let mut all = self.variable;
        all.merge(self.with_present(Direction::X));
        all.range()
    }

    fn ranges(&self) -> PanelRanges {
        [self.x_range(), self.padded_range(Direction::Y)]
    }

    /// The range along an axis with margins, except where bars stand on its end.
    fn padded_range(&self, direction: Direction) -> [f64; 2] {
        let all = self.with_present(direction);
        let mut range = all.padded_range();
        if let (Some([low, high]), Some([lowest, highest])) =
            (all.bounds(), direction.select(self.bases).bounds())
        {
            let is_end = [low == lowest && low < high, high == highest && low < high];
            for ((end, bound), is_end) in range.iter_mut().zip([low, high]).zip(is_end) {
                *end = if is_end { bound } else { *end };
            }
        }
        range
    }

    /// The values along an axis, with the present ones unless a curve has a pole there.
    fn with_present(&self, direction: Direction) -> DataExtent {
        let mut all = direction.select([self.x, self.y]);
        if all.pole().is_none() {
            all.merge(direction.select(self.present));
        }
        all
    }

    /// The largest magnitude at the poles of curves along an axis.
    fn pole(&self, direction: Direction) -> Option<f64> {
        direction.select([self.x, self.y]).pole()
    }

    fn merge(&mut self, other: &Self) {
        self.x.merge(other.x);
        self.variable.merge(other.variable);
        self.y.merge(other.y);
        for (own, other) in self.present.iter_mut().zip(other.present) {
            own.merge(other);
        }
        for (own, other) in self.bases.iter_mut().zip(other.bases) {
            own.merge(other);
        }
    }

    /// Adds a point.
    pub(super) fn add_point(&mut self, (x, y): (f64, f64)) {
        self.x.add(x);
        self.y.add(y);
    }

    /// Adds a value along an axis on which bars stand.
    pub(super) fn add_base(&mut self, direction: Direction, value: f64) {
        direction.select([&mut self.x, &mut self.y]).add(value);
        direction.select(self.bases.each_mut()).add(value);
    }

    /// Adds the x coordinate of a point of a curve.
    pub(super) fn add_along(&mut self, reader: &SignalReader<'_>, signal: &PlottedSignal, x: f64) {
        let extent = if reader.runs_along_axis(signal) { &mut self.variable } else { &mut self.x };
        extent.add(x);
    }

    /// Adds a signal's present value. On a plot its x coordinate may be a value of the signal's variable.
    pub(super) fn add_present(
        &mut self,
        reader: &SignalReader<'_>,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<(), Diagnostic> {
        let (x, y) = reader.coordinates(signal, env)?;
        if reader.runs_along_axis(signal) {
            self.variable.add(x);
        } else {
            self.present[0].add(x);
        }
        self.present[1].add(y);
        Ok(())
    }

    /// Adds all of a curve.
    pub(super) fn add_curve(
        &mut self,
        reader: &SignalReader<'_>,
        signal: &PlottedSignal,
        env: &Env<'_>,
    ) -> Result<(), Diagnostic> {
        let [x, y] = reader.curve_extents(signal, env)?;
        if reader.runs_along_axis(signal) {
            self.variable.merge(x);
        } else {
            self.x.merge(x);
        }
        self.y.merge(y);
        Ok(())
    }
}
