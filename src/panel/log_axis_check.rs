//! Curves on logarithmic axes have something to show: values greater than 0, at least somewhere in the
//! film. An empty plot would leave it to the reader to guess why.

use crate::panel::signal_reader::SignalReader;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{ElementKind, Panel, Scale, Signal};

/// Refuses a curve of which a logarithmic axis of its panel can show nothing in any frame.
pub(super) fn check(scene: &Scene, panel: &Panel) -> Result<(), Diagnostic> {
    for (direction, axis) in [&panel.x, &panel.y].into_iter().enumerate() {
        if axis.scale == Scale::Linear {
            continue;
        }
        for element in &panel.elements {
            let (ElementKind::Trace { signal, .. } | ElementKind::Area { signal, .. }) = &element.kind else {
                continue;
            };
            let reader = SignalReader { scene, panel, element };
            if is_refused(&reader, signal, direction)? {
                return Err(refusal(&reader, direction));
            }
        }
    }
    Ok(())
}

/// Whether a curve has values along an axis, all of them without a place there.
fn is_refused(reader: &SignalReader<'_>, signal: &Signal, direction: usize) -> Result<bool, Diagnostic> {
    let frames = if reader.is_static_curve(signal) { 1 } else { reader.scene.timeline.frames };
    let mut refused = false;
    for index in 0..frames {
        let extent = reader.curve_extents(signal, &reader.scene.env(index)?)?[direction];
        if !extent.is_empty() {
            return Ok(false);
        }
        refused |= extent.has_only_nonpositive();
    }
    Ok(refused)
}

fn refusal(reader: &SignalReader<'_>, direction: usize) -> Diagnostic {
    let element = if matches!(reader.element.kind, ElementKind::Area { .. }) { "area" } else { "trace" };
    let name = ["x", "y"][direction];
    Diagnostic::new(format!(
        "this {element} has no place on the logarithmic {name} axis of panel `{}`",
        reader.panel.name
    ))
    .at(reader.element.origin)
    .label(format!("none of its values along {name} is greater than 0"))
    .help(format!("show abs(…) or another span of it, or leave out {name}.scale"))
}
