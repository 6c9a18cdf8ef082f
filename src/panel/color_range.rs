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
/// The most frames that are looked at, evenly spaced from the first to the last one.
const FRAMES: usize = 33;

/// The values at the ends of the color scales of a panel; `None` for what has none.
pub(super) struct ColorRanges {
    /// The ends of each element's scale.
    pub(super) elements: Vec<Option<[f64; 2]>>,
    /// The ends of the scale of the panel's own parts.
    pub(super) own: Option<[f64; 2]>,
}

/// The values at the ends of the color scales of a panel. `viewport` gives its viewport with each of its vertical axes.
///
/// # Errors
/// A value is complex or cannot be evaluated.
pub(super) fn color_ranges(
    scene: &Scene,
    panel: &Panel,
    viewport: impl Fn(VerticalAxis) -> Viewport,
    threads: usize,
) -> Result<ColorRanges, Diagnostic> {
    let range = |element: &Element| {
        let reader = SignalReader { scene, panel, element };
        let viewport = FrameViewport::new(scene, panel, element.axis, viewport(element.axis));
        element.kind.view().value_range(&reader, &viewport, threads)
    };
    let elements = panel.elements.iter().map(range).collect::<Result<_, _>>()?;
    Ok(ColorRanges { elements, own: view(&panel.kind).color_range(scene, panel, threads)? })
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
    let scene = reader.scene;
    let in_frame = |env: &Env<'_>, _| {
        let Viewport { x, y, .. } = viewport.at(env)?;
        let coarse = Viewport::new(PixelRect::from_size(GRID, GRID), x.range, y.range);
        signal.at_pixels(reader, &coarse.with_scales([x.scale, y.scale]), env, 1)
    };
    let moves = reader.element.depends_on(scene.timeline.variable) || viewport.moves();
    let count = if moves { scene.timeline.frames.min(FRAMES) } else { 1 };
    let frame = |index: usize| index * (scene.timeline.frames - 1) / (count - 1).max(1);
    let frames: Vec<usize> = (0..count).map(frame).collect();
    Ok(for_each_frame((scene, threads), &frames, in_frame)?.concat())
}
