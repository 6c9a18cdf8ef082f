//! Labels of axes that panels in one column or row have in common: only the outer panel has them, the lowest of a column
//! and, among copies of one panel, the leftmost of a row, or the rightmost for second vertical axes.

use crate::panel::axis::Direction;
use crate::panel::per_axis::PerAxis;
use crate::panel::shared_axes::share_source;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, Label, PanelFrame, Ticks};

/// Panels that show the same axis, the outer one last: panels in the same columns with one x axis, and copies of a panel in
/// the same rows with one vertical axis.
pub(super) struct LabelGroups(PerAxis<Vec<Vec<usize>>>);

impl LabelGroups {
    /// The groups of a scene. `aligned` are plots above one another that show the same span.
    ///
    /// # Errors
    /// Panels share an axis in a cycle.
    pub(super) fn new(scene: &Scene, aligned: &[Vec<usize>]) -> Result<Self, Diagnostic> {
        let mut x = groups(scene, AxisName::X, aligned.to_vec())?;
        for members in &mut x {
            members.sort_by_key(|&index| scene.grid.areas[index].rows.start);
        }
        let mut y = groups(scene, AxisName::Y, Vec::new())?;
        for members in &mut y {
            members.sort_by_key(|&index| std::cmp::Reverse(scene.grid.areas[index].columns.start));
        }
        let mut y2 = groups(scene, AxisName::Y2, Vec::new())?;
        for members in &mut y2 {
            members.sort_by_key(|&index| scene.grid.areas[index].columns.end);
        }
        Ok(Self(PerAxis { x, y, y2: Some(y2) }))
    }

    /// The panel that labels the ticks of a panel's axis; the panel itself if it is in no group.
    pub(super) fn labeled(&self, scene: &Scene, index: usize, name: AxisName) -> usize {
        let group = self.0.get(name).into_iter().flatten().find(|members| members.contains(&index));
        match (scene.panels[index].frame, group) {
            // An axis through the origin has labels of its own.
            (PanelFrame::Origin, _) | (_, None) => index,
            (PanelFrame::Box | PanelFrame::Corner | PanelFrame::None, Some(members)) => {
                // A panel without axes or ticks cannot label them for the others.
                let can_label = |&&member: &&usize| {
                    let panel = &scene.panels[member];
                    let has_ticks = |axis: &Axis| !matches!(axis.ticks, Ticks::None);
                    panel.frame != PanelFrame::None && panel.axis(name).is_some_and(has_ticks)
                };
                members.iter().rev().find(can_label).copied().unwrap_or(index)
            }
        }
    }

    /// The label of a panel's axis, if the panel shows it: of copies, only the outer one has a label that is the same.
    pub(super) fn axis_label<'s>(&self, scene: &'s Scene, index: usize, name: AxisName) -> Option<&'s Label> {
        let label = |index: usize| scene.panels[index].axis(name)?.label.as_ref();
        let own = label(index)?;
        let outer = self.labeled(scene, index, name);
        let is_same = |other: &Label| own.origin == other.origin && own.readouts == other.readouts;
        let is_repeated =
            outer != index && are_copies(scene, outer, index) && label(outer).is_some_and(is_same);
        (!is_repeated).then_some(own)
    }
}

/// Whether two panels were made of one table.
fn are_copies(scene: &Scene, one: usize, other: usize) -> bool {
    let first = |index: usize| scene.panels[index].first_copy;
    first(one).is_some() && first(one) == first(other)
}

/// Adds to groups the panels of the grid that stand one above another with one x axis, or side by side with one vertical axis.
/// Panels side by side must be copies of one panel.
fn groups(scene: &Scene, name: AxisName, mut groups: Vec<Vec<usize>>) -> Result<Vec<Vec<usize>>, Diagnostic> {
    let line = |index: usize| {
        let area = &scene.grid.areas[index];
        name.direction().select([&area.columns, &area.rows])
    };
    let is_in_grid = |panel: usize| scene.panels[panel].inset.is_none();
    for index in 0..scene.panels.len() {
        let source = share_source(scene, index, name)?;
        let is_partner = |other: usize| {
            let may_share = name.direction() == Direction::X || are_copies(scene, other, index);
            may_share && line(other) == line(index) && is_in_grid(other) && is_in_grid(index)
        };
        // The group of an earlier panel that shows the same axis, or of the axis's own panel.
        let mut partner = None;
        for other in (0..index).chain([source]).filter(|&other| other != index && is_partner(other)) {
            let shows_same = share_source(scene, other, name)? == source
                || are_copies(scene, other, index) && has_same_range(scene, [other, index], name);
            if partner.is_none() && shows_same {
                partner = Some(other);
            }
        }
        let Some(partner) = partner else { continue };
        let group_of = |member: usize| groups.iter().position(|members| members.contains(&member));
        match (group_of(partner), group_of(index)) {
            (Some(one), Some(other)) if one != other => {
                let moved = groups[other].clone();
                groups[one].extend(moved);
                groups.swap_remove(other);
            }
            (Some(_), Some(_)) => {}
            (Some(group), None) => groups[group].push(index),
            (None, Some(group)) => groups[group].push(partner),
            (None, None) => groups.push(vec![partner, index]),
        }
    }
    Ok(groups)
}

/// Whether the scene gives two panels the same range.
fn has_same_range(scene: &Scene, panels: [usize; 2], name: AxisName) -> bool {
    let [Some(one), Some(other)] = panels.map(|index| scene.panels[index].axis(name)) else { return false };
    one.range.is_some() && one.range == other.range && one.scale == other.scale
}
