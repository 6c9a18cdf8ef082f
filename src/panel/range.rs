//! The range of each panel's axes: given in the scene, or fitted to everything that the panel shows in any
//! frame.

use crate::panel::curve_check;
use crate::panel::frames::for_each_frame;
use crate::panel::log_axis_check;
use crate::panel::panel_extents::FilmExtents;
use crate::panel::panel_view::view;
use crate::panel::per_axis::PerAxis;
use crate::panel::signal_reader::SignalReader;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, Panel, Scale};
use crate::scene::expr::six_digits;
use crate::scene::model::Env;
use crate::scene::number_format::shortest;

/// The ranges of a panel's axes.
pub(super) type PanelRanges = PerAxis<[f64; 2]>;

/// The number of frames whose extents are kept until they are united.
const FRAMES_AT_ONCE: usize = 1024;

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
    let (ranges, mut warnings) = if panel.axes().any(|(_, axis)| axis.is_fitted()) {
        view(&panel.kind).fitted_ranges(scene, panel, threads)?
    } else {
        Default::default()
    };
    let ranges = PanelRanges::try_new(panel, |name, axis| match (axis.range, &axis.moving) {
        (Some(given), _) => Ok(given),
        // The range of a moving axis is that of the frame.
        (None, Some(_)) => Ok([0.0, 1.0]),
        (None, None) => check_fitted(panel, name, axis.scale, *ranges.get(name).unwrap_or(&ranges.y)),
    })?;
    warnings.extend(unseen);
    Ok(FittedRanges { ranges, warnings })
}

/// Returns a fitted range, or an error if an axis of this name and scale cannot show it.
fn check_fitted(
    panel: &Panel,
    name: AxisName,
    scale: Scale,
    range: [f64; 2],
) -> Result<[f64; 2], Diagnostic> {
    let Some(defect) = scale.range_defect(range) else { return Ok(range) };
    let name = name.key();
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
    let mut static_extents = FilmExtents::empty(panel);
    let env = scene.env(0)?;
    let add = |reader: &SignalReader<'_>, env: &Env<'_>, extents: &mut FilmExtents| {
        reader.element.kind.view().add_extent(reader, env, extents.on(reader.element.axis))
    };
    for reader in readers().filter(SignalReader::has_static_extent) {
        add(&reader, &env, &mut static_extents)?;
    }
    let moving: Vec<_> = readers().filter(|reader| !reader.has_static_extent()).collect();
    let in_frame = |env: &Env<'_>, _| {
        let mut extents = static_extents;
        moving.iter().try_for_each(|reader| add(reader, env, &mut extents))?;
        Ok(extents)
    };
    let threads = if moving.is_empty() { 1 } else { threads };
    let mut film_extents = static_extents;
    let mut frame_ranges = Vec::new();
    let frames: Vec<usize> = (0..if moving.is_empty() { 1 } else { scene.timeline.frames }).collect();
    for frames in frames.chunks(FRAMES_AT_ONCE) {
        for frame_extents in for_each_frame((scene, threads), frames, in_frame)? {
            film_extents.merge(&frame_extents);
            frame_ranges.push(frame_extents.ranges());
        }
    }
    let ranges = film_extents.ranges();
    let warnings = panel.axes().filter_map(|(name, axis)| {
        if !axis.is_fitted() || axis.share.is_some() {
            return None;
        }
        let range = *ranges.get(name)?;
        if let Some(reach) = film_extents.pole(name) {
            return Some(pole_warning(panel, name.key(), range, reach));
        }
        let lengths = frame_ranges.iter().filter_map(|ranges| Some(length(*ranges.get(name)?, axis)));
        let stretch = length(range, axis) / median(lengths.collect())?;
        (stretch > MAX_STRETCH).then(|| stretch_warning(panel, name.key(), stretch))
    });
    Ok((ranges, warnings.collect()))
}

/// The length of a range on an axis: in units, or in decades.
fn length([from, to]: [f64; 2], axis: &Axis) -> f64 {
    axis.scale.transform(to) - axis.scale.transform(from)
}

/// The median of some numbers; `None` without any.
fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
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
