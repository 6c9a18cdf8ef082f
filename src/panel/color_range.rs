//! The values at the ends of color scales. They are the same in all frames, so that a color always means the same value.

use crate::geometry::PixelRect;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::frames::for_each_frame;
use crate::panel::panel_view::view;
use crate::panel::place_values::PlaceSignal;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Element, Panel, VerticalAxis};
use crate::scene::model::Env;

/// The sides of the grid of places whose values are looked at in a frame.
const GRID: u32 = 64;
/// The sides of the grid on which values are looked for that the coarser one does not show.
const FINE_GRID: u32 = 256;
/// The most frames that are looked at, evenly spaced from the first to the last one.
const FRAMES: usize = 33;

/// The values at the ends of the color scales of a panel; `None` for what has none.
pub(super) struct ColorRanges {
    /// The ends of each element's scale.
    pub(super) elements: Vec<Option<[f64; 2]>>,
    /// The ends of the scale of the panel's own parts.
    pub(super) own: Option<[f64; 2]>,
    /// Warnings about elements that show nothing.
    pub(super) warnings: Vec<Diagnostic>,
}

/// The values at the ends of the color scales of a panel. `viewport` gives its viewport with each of its vertical axes.
///
/// # Errors
/// A value is complex or cannot be evaluated, or an element has no value in any frame.
pub(super) fn color_ranges(
    scene: &Scene,
    panel: &Panel,
    viewport: impl Fn(VerticalAxis) -> Viewport,
    threads: usize,
) -> Result<ColorRanges, Diagnostic> {
    let mut warnings = Vec::new();
    let mut range = |element: &Element| {
        let reader = SignalReader { scene, panel, element };
        let viewport = FrameViewport::new(scene, panel, element.axis, viewport(element.axis));
        let view = element.kind.view();
        warnings.extend(view.unseen(&reader, &viewport)?);
        view.value_range(&reader, &viewport, threads)
    };
    let elements = panel.elements.iter().map(&mut range).collect::<Result<_, _>>()?;
    Ok(ColorRanges { elements, own: view(&panel.kind).color_range(scene, panel, threads)?, warnings })
}

/// The values of a signal on a coarse grid of places in all frames, or in evenly spaced ones of a long film.
///
/// # Errors
/// A value is complex or cannot be evaluated, or a range has no value.
pub(super) fn sampled_values(
    reader: &SignalReader<'_>,
    viewport: &FrameViewport<'_>,
    threads: usize,
    signal: PlaceSignal<'_>,
) -> Result<Vec<f64>, Diagnostic> {
    let in_frame = |env: &Env<'_>, _| values_on_grid(reader, viewport, env, signal, GRID);
    let frames = frames_to_look_at(reader, viewport);
    Ok(for_each_frame((reader.scene, threads), &frames, in_frame)?.concat())
}

/// Whether `is_seen` holds for the least and the greatest value of a signal in some frame. Where it does not on the coarse
/// grid, a finer one is tried. The frames are those of [`sampled_values`], and no more than needed; frames without a value are
/// skipped.
///
/// # Errors
/// A value is complex or cannot be evaluated, or a range has no value.
pub(super) fn is_seen_in_some_frame(
    reader: &SignalReader<'_>,
    viewport: &FrameViewport<'_>,
    signal: PlaceSignal<'_>,
    mut is_seen: impl FnMut([f64; 2]) -> bool,
) -> Result<bool, Diagnostic> {
    let frames = frames_to_look_at(reader, viewport);
    for side in [GRID, FINE_GRID] {
        for &index in &frames {
            let values = values_on_grid(reader, viewport, &reader.scene.env(index)?, signal, side)?;
            if bounds(&values).is_some_and(&mut is_seen) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The error of a signal that has no color or line in any frame; `defect` says what its values are.
pub(super) fn without_value(reader: &SignalReader<'_>, defect: &str) -> Diagnostic {
    let (element, panel) = (reader.element.kind.key(), &reader.panel.name);
    Diagnostic::new(format!("this {element} of panel `{panel}` shows nothing in any frame"))
        .at(reader.element.origin)
        .label(defect)
        .help("change its expression, or the ranges of the axes")
}

/// The least and the greatest finite value, if there is any.
fn bounds(values: &[f64]) -> Option<[f64; 2]> {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    finite.map(|value| [value; 2]).reduce(|[low, high], [value, _]| [low.min(value), high.max(value)])
}

/// The frames whose values are looked at.
fn frames_to_look_at(reader: &SignalReader<'_>, viewport: &FrameViewport<'_>) -> Vec<usize> {
    let timeline = &reader.scene.timeline;
    let moves = reader.element.depends_on(timeline.variable) || viewport.moves();
    let count = if moves { timeline.frames.min(FRAMES) } else { 1 };
    (0..count).map(|index| index * (timeline.frames - 1) / (count - 1).max(1)).collect()
}

/// The values of a signal in one frame at the middles of a grid of `side` × `side` cells.
fn values_on_grid(
    reader: &SignalReader<'_>,
    viewport: &FrameViewport<'_>,
    env: &Env<'_>,
    signal: PlaceSignal<'_>,
    side: u32,
) -> Result<Vec<f64>, Diagnostic> {
    let Viewport { x, y, .. } = viewport.at(env)?;
    let coarse = Viewport::new(PixelRect::from_size(side, side), x.range, y.range);
    signal.at_pixels(reader, &coarse.with_scales([x.scale, y.scale]), env, 1)
}
