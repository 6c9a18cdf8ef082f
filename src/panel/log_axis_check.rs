//! The check that a logarithmic axis can show each curve in at least one frame. Without it, the plot would be
//! empty without any explanation.

use crate::panel::axis::Direction;
use crate::panel::signal_reader::SignalReader;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Panel, PlottedSignal, Scale};

/// Checks the curves of a panel on its logarithmic axes.
///
/// # Errors
/// The first curve that has values, but none that is positive in any frame; or a curve that cannot be evaluated.
pub(super) fn check(scene: &Scene, panel: &Panel) -> Result<(), Diagnostic> {
    for direction in Direction::BOTH {
        for element in &panel.elements {
            let Some(signal) = element.kind.curve() else { continue };
            let reader = SignalReader { scene, panel, element };
            let is_log = direction.select(reader.axes()).scale == Scale::Log;
            if is_log && has_only_nonpositive(&reader, signal, direction)? {
                return Err(nonpositive_error(&reader, direction));
            }
        }
    }
    Ok(())
}

/// Whether a curve has values along an axis, none of which is positive in any frame.
fn has_only_nonpositive(
    reader: &SignalReader<'_>,
    signal: &PlottedSignal,
    direction: Direction,
) -> Result<bool, Diagnostic> {
    let frames = if reader.is_static_curve(signal) { 1 } else { reader.scene.timeline.frames };
    let mut has_values = false;
    for index in 0..frames {
        let extents = reader.curve_extents(signal, &reader.scene.env(index)?)?;
        let extent = direction.select(extents);
        if !extent.is_empty() {
            return Ok(false);
        }
        has_values |= extent.has_only_nonpositive();
    }
    Ok(has_values)
}

fn nonpositive_error(reader: &SignalReader<'_>, direction: Direction) -> Diagnostic {
    let element = reader.element.kind.key();
    let name = direction.select(reader.axis_names()).key();
    Diagnostic::new(format!(
        "the logarithmic {name} axis of panel `{}` cannot show this {element}",
        reader.panel.name
    ))
    .at(reader.element.origin)
    .label(format!("none of its values along {name} is greater than 0"))
    .help(format!("show abs(…) or another span of it, or leave out {name}.scale"))
}
