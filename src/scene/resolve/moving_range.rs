//! Checks and shares the ranges of axes that change from frame to frame.

use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{AxisName, MovingRange, Panel, PanelFrame, PanelKind};

/// Gives axes that share a range the moving one of the axis at the end of their chain.
pub(super) fn share(panels: &mut [Panel]) {
    for name in AxisName::ALL {
        let link = |panel: &Panel| {
            let axis = panel.axis(name);
            (axis.and_then(|axis| axis.share), axis.and_then(|axis| axis.moving.clone()))
        };
        let links: Vec<(Option<usize>, Option<MovingRange>)> = panels.iter().map(link).collect();
        for (start, panel) in panels.iter_mut().enumerate() {
            let Some(axis) = panel.axis_mut(name) else { continue };
            let mut index = start;
            while let Some(next) = links[index].0 {
                index = next;
            }
            axis.moving.clone_from(&links[index].1);
        }
    }
}

/// Checks that only panels of elements have moving ranges, and that their axes keep their places.
pub(super) fn check(panels: &[Panel]) -> Result<(), Diagnostic> {
    for panel in panels {
        let Some(moving) = panel.axes().find_map(|(_, axis)| axis.moving.as_ref()) else { continue };
        let why = match (&panel.kind, panel.frame) {
            (PanelKind::Spring(_), _) => "a spring panel needs a range that keeps still",
            (
                PanelKind::Plot | PanelKind::Plane | PanelKind::Chain(_) | PanelKind::Matrix(_),
                PanelFrame::Origin,
            ) => "axes through the origin need ranges that keep still",
            (PanelKind::Plot | PanelKind::Plane | PanelKind::Chain(_) | PanelKind::Matrix(_), _) => continue,
        };
        let help = match panel.kind {
            PanelKind::Spring(_) => "write range = [-2, 2]",
            PanelKind::Plot | PanelKind::Plane | PanelKind::Chain(_) | PanelKind::Matrix(_) => {
                "write range = [-2, 2], or axes = 'box' for the panel"
            }
        };
        return Err(Diagnostic::new(format!("{why}, and one of panel `{}` moves", panel.name))
            .at(moving.origin)
            .help(help));
    }
    Ok(())
}
