//! Axes that several panels share: plots above one another that show the same span get one x range, and the scene may let
//! a panel take over the range of another. Which of them has labels is decided in `panel::outer_labels`.

use crate::panel::range::PanelRanges;
use crate::panel::signal_reader::SignalReader;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, Panel, Scale};
use crate::scene::expr::{Code, Variable};

/// The property by which plots are grouped.
#[derive(PartialEq)]
struct SharedAxisKey {
    /// The columns of the grid that the plot spans.
    columns: std::ops::Range<usize>,
    /// The variable along the x axis.
    variable: Variable,
    scale: Scale,
    /// The span of every curve.
    span: [f64; 2],
}

/// Groups of at least two plots in the same columns whose curves all run over the same variable and span. A
/// group holds the panels' indices from top to bottom.
///
/// # Errors
/// A curve's span is complex or infinite.
pub(super) fn shared_x_groups(scene: &Scene) -> Result<Vec<Vec<usize>>, Diagnostic> {
    let mut groups: Vec<(SharedAxisKey, Vec<usize>)> = Vec::new();
    for (index, panel) in scene.panels.iter().enumerate() {
        let Some(key) = shared_axis_key(scene, index, panel)? else { continue };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(index),
            None => groups.push((key, vec![index])),
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_iter().map(|(_, members)| members).collect();
    for members in &mut groups {
        members.sort_by_key(|&index| scene.grid.areas[index].rows.start);
    }
    Ok(groups.into_iter().filter(|members| members.len() > 1).collect())
}

/// The key of a plot, if all of its curves run along the x axis over one static span.
fn shared_axis_key(scene: &Scene, index: usize, panel: &Panel) -> Result<Option<SharedAxisKey>, Diagnostic> {
    let is_in_grid = panel.inset.is_none();
    let shows_variable = panel.kind.panel_type().shows_variable;
    if !(is_in_grid && shows_variable) || panel.x.share.is_some() || panel.x.moving.is_some() {
        return Ok(None);
    }
    let env = scene.env(0)?;
    let mut common: Option<SharedAxisKey> = None;
    for element in &panel.elements {
        let Some(signal) = element.kind.curve() else { continue };
        let reader = SignalReader { scene, panel, element };
        let moves = |code: &Code| code.depends_on(scene.timeline.variable);
        if !reader.runs_along_axis(signal) || signal.span.iter().any(moves) {
            return Ok(None);
        }
        let span = reader.span(signal, &env)?;
        let columns = scene.grid.areas[index].columns.clone();
        let key = SharedAxisKey { columns, variable: signal.over, scale: panel.x.scale, span };
        match &common {
            Some(known) if *known != key => return Ok(None),
            _ => common = Some(key),
        }
    }
    Ok(common)
}

/// Gives the members of each group one x range: the range that the scene gives for one of them, or the one
/// that holds all of their ranges. A member with a given range of its own keeps it.
pub(super) fn align_groups(scene: &Scene, groups: &[Vec<usize>], fitted: &mut [PanelRanges]) {
    for members in groups {
        let given = members.iter().find_map(|&i| scene.panels[i].x.range);
        let low = members.iter().map(|&i| fitted[i].x[0]).fold(f64::INFINITY, f64::min);
        let high = members.iter().map(|&i| fitted[i].x[1]).fold(f64::NEG_INFINITY, f64::max);
        for &member in members {
            fitted[member].x = scene.panels[member].x.range.or(given).unwrap_or([low, high]);
        }
    }
}

/// Widens the fitted range of each axis that other panels share, so that it holds what all of them show. A range that
/// the scene gives stays as it is.
///
/// # Errors
/// Panels share an axis in a cycle.
pub(super) fn unite_shared_ranges(scene: &Scene, fitted: &mut [PanelRanges]) -> Result<(), Diagnostic> {
    for name in AxisName::ALL {
        for index in 0..scene.panels.len() {
            let source = share_source(scene, index, name)?;
            let is_given = |axis: &Axis| axis.range.is_some();
            if source == index || scene.panels[source].axis(name).is_none_or(is_given) {
                continue;
            }
            let Some([low, high]) = fitted[index].get(name).copied() else { continue };
            if let Some(range) = fitted[source].get_mut(name) {
                *range = [range[0].min(low), range[1].max(high)];
            }
        }
    }
    Ok(())
}

/// Lets panels take over the ranges of the panels whose axes they share.
///
/// # Errors
/// Panels share an axis in a cycle.
pub(super) fn take_over_ranges(scene: &Scene, ranges: &mut [PanelRanges]) -> Result<(), Diagnostic> {
    for name in AxisName::ALL {
        for index in 0..scene.panels.len() {
            let source = share_source(scene, index, name)?;
            let taken = ranges[source].get(name).copied();
            if let (Some(own), Some(taken)) = (ranges[index].get_mut(name), taken) {
                *own = taken;
            }
        }
    }
    Ok(())
}

/// The panel at the end of a chain of shared axes.
///
/// # Errors
/// Panels share an axis in a cycle.
pub(super) fn share_source(scene: &Scene, start: usize, name: AxisName) -> Result<usize, Diagnostic> {
    let mut index = start;
    for _ in 0..scene.panels.len() {
        match scene.panels[index].axis(name).and_then(|axis| axis.share) {
            None => return Ok(index),
            Some(next) => index = next,
        }
    }
    let panel = &scene.panels[start];
    Err(Diagnostic::new(format!("the axis of panel `{}` is shared in a cycle", panel.name))
        .at(panel.origin)
        .help("give one panel of the cycle a range of its own"))
}
