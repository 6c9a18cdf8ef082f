//! Ranges widened for equal units on both axes, in panels that share their x axes.
//!
//! A panel with equal units widens one of its ranges. If it shares its x axis, that range must stay the same for all that
//! share it: then the x range is as wide as the most demanding of them needs, and the y ranges follow it.

use crate::geometry::PixelRect;
use crate::panel::frame_viewport::widened_ranges;
use crate::panel::range::PanelRanges;
use crate::panel::shared_axes::{share_source, take_over_ranges};
use crate::panel::viewport::widened;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::AxisName;

/// The ranges on plot rectangles of known size: widened for equal units, and taken over by panels that share them.
///
/// # Errors
/// Panels share an axis in a cycle.
pub(super) fn widen_and_share(
    scene: &Scene,
    fitted: &[PanelRanges],
    rects: &[PixelRect],
) -> Result<Vec<PanelRanges>, Diagnostic> {
    let panels = scene.panels.iter().zip(fitted.iter().zip(rects));
    let mut ranges: Vec<PanelRanges> =
        panels.map(|(panel, (ranges, rect))| widened_ranges(panel, *ranges, *rect)).collect();
    // The panels with equal units that take over the x axis of each panel.
    let mut members_of: Vec<Vec<usize>> = vec![Vec::new(); scene.panels.len()];
    for (index, panel) in scene.panels.iter().enumerate() {
        let source = share_source(scene, index, AxisName::X)?;
        members_of[source].extend(panel.has_equal_units.then_some(index));
    }
    for (source, members) in members_of.into_iter().enumerate() {
        if members.iter().all(|member| *member == source) {
            continue;
        }
        let length = |[a, b]: [f64; 2]| (b - a).abs();
        let needed = |member: &usize| {
            let rect = rects[*member];
            length(fitted[*member].y) / f64::from(rect.height()) * f64::from(rect.width())
        };
        let own = length(fitted[source].x);
        let all = members.iter().map(needed).fold(own, f64::max);
        let width = rects[source].width();
        ranges[source].x = widened(fitted[source].x, width, f64::from(width) / all);
        for member in members {
            let rect = rects[member];
            ranges[member].y = widened(fitted[member].y, rect.height(), f64::from(rect.width()) / all);
        }
    }
    take_over_ranges(scene, &mut ranges)?;
    Ok(ranges)
}
