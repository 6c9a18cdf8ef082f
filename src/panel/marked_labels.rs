//! Tick labels of axes through the origin on which markers stand. They are left out in the frames in which one does.

use crate::geometry::Bounds;
use crate::panel::drawn_axes::DrawnAxes;
use crate::panel::figure_layout::FigureLayout;
use crate::panel::frames::for_each_frame;
use crate::panel::signal_reader::SignalReader;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Element, Panel, PanelFrame};
use crate::scene::expr::Code;

/// Leaves out the tick labels under markers, of all panels.
///
/// # Errors
/// The place of a marker cannot be evaluated.
pub(super) fn hide_under_markers(
    scene: &Scene,
    layout: &FigureLayout,
    axes: &mut [DrawnAxes],
    (scale, threads): (f64, usize),
) -> Result<(), Diagnostic> {
    for (index, (panel, axes)) in scene.panels.iter().zip(axes).enumerate() {
        if panel.frame == PanelFrame::Origin {
            axes.hide_under(panel, &markers(scene, (panel, index), layout, (scale, threads))?);
        }
    }
    Ok(())
}

/// The boxes of the markers of a panel in each frame, or in the first one if they keep still.
fn markers(
    scene: &Scene,
    (panel, index): (&Panel, usize),
    layout: &FigureLayout,
    (scale, threads): (f64, usize),
) -> Result<Vec<Vec<Bounds>>, Diagnostic> {
    let marked = panel.elements.iter().filter_map(|element| Some((element, element.kind.view().markers()?)));
    let marked: Vec<(&Element, (Vec<&Code>, f64))> = marked.collect();
    if marked.is_empty() {
        return Ok(Vec::new());
    }
    let timeline = &scene.timeline;
    let moves = |element: &Element| element.depends_on(timeline.variable) || element.when.is_some();
    let is_still = !marked.iter().any(|(element, _)| moves(element));
    let frames: Vec<usize> = (0..if is_still { 1 } else { timeline.frames }).collect();
    for_each_frame((scene, threads), &frames, |env, _| {
        let mut boxes = Vec::new();
        for (element, (places, size)) in &marked {
            let reader = SignalReader { scene, panel, element };
            let is_shown = reader.is_shown(env)?;
            for place in places.iter().filter(|_| is_shown) {
                let place = reader.place(place, env)?;
                let viewport = layout.viewport_on(index, element.axis);
                if viewport.contains(place) {
                    let at = viewport.point(place);
                    let center = Bounds { left: at.x, top: at.y, right: at.x, bottom: at.y };
                    boxes.push(center.inflated(size * scale / 2.0));
                }
            }
        }
        Ok(boxes)
    })
}
