//! Labels of axes that panels in one column or row have in common: only the outer panel has them, the lowest of a column
//! and, among copies of one panel, the leftmost of a row.

use crate::panel::axis::Direction;
use crate::panel::shared_axes::share_source;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Label, PanelFrame, Ticks};

/// Panels that show the same axis, for both directions.
pub(super) struct LabelGroups {
    /// Panels in the same columns with one x axis, from top to bottom.
    x: Vec<Vec<usize>>,
    /// Copies of a panel in the same rows with one y axis, from right to left.
    y: Vec<Vec<usize>>,
}

impl LabelGroups {
    /// The groups of a scene. `aligned` are plots above one another that show the same span.
    ///
    /// # Errors
    /// Panels share an axis in a cycle.
    pub(super) fn new(scene: &Scene, aligned: &[Vec<usize>]) -> Result<Self, Diagnostic> {
        let mut x = groups(scene, Direction::X, aligned.to_vec())?;
        for members in &mut x {
            members.sort_by_key(|&index| scene.grid.areas[index].rows.start);
        }
        let mut y = groups(scene, Direction::Y, Vec::new())?;
        for members in &mut y {
            members.sort_by_key(|&index| std::cmp::Reverse(scene.grid.areas[index].columns.start));
        }
        Ok(Self { x, y })
    }

    /// The panel that labels the ticks of a panel's axis; the panel itself if it is in no group.
    pub(super) fn labeled(&self, scene: &Scene, index: usize, direction: Direction) -> usize {
        let groups = direction.select([&self.x, &self.y]);
        let group = groups.iter().find(|members| members.contains(&index));
        match (scene.panels[index].frame, group) {
            // An axis through the origin has labels of its own.
            (PanelFrame::Origin, _) | (_, None) => index,
            (PanelFrame::Box | PanelFrame::Corner | PanelFrame::None, Some(members)) => {
                // A panel without axes or ticks cannot label them for the others.
                let can_label = |&&member: &&usize| {
                    let panel = &scene.panels[member];
                    panel.frame != PanelFrame::None && !matches!(direction.axis(panel).ticks, Ticks::None)
                };
                members.iter().rev().find(can_label).copied().unwrap_or(index)
            }
        }
    }

    /// The label of a panel's axis, if the panel shows it: of copies, only the outer one has a label that is the same.
    pub(super) fn axis_label<'s>(
        &self,
        scene: &'s Scene,
        index: usize,
        direction: Direction,
    ) -> Option<&'s Label> {
        let label = |index: usize| direction.axis(&scene.panels[index]).label.as_ref();
        let own = label(index)?;
        let outer = self.labeled(scene, index, direction);
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

/// Adds to groups the panels of the grid that stand one above another with one x axis, or side by side with one y axis.
/// Panels side by side must be copies of one panel.
fn groups(
    scene: &Scene,
    direction: Direction,
    mut groups: Vec<Vec<usize>>,
) -> Result<Vec<Vec<usize>>, Diagnostic> {
    let line = |index: usize| {
        let area = &scene.grid.areas[index];
        direction.select([&area.columns, &area.rows])
    };
    let is_in_grid = |panel: usize| scene.panels[panel].inset.is_none();
    for index in 0..scene.panels.len() {
        let source = share_source(scene, index, direction)?;
        let is_partner = |other: usize| {
            let may_share = direction == Direction::X || are_copies(scene, other, index);
            may_share && line(other) == line(index) && is_in_grid(other) && is_in_grid(index)
        };
        // The group of an earlier panel that shows the same axis, or of the axis's own panel.
        let mut partner = None;
        for other in (0..index).chain([source]).filter(|&other| other != index && is_partner(other)) {
            let shows_same = share_source(scene, other, direction)? == source
                || are_copies(scene, other, index) && has_same_range(scene, [other, index], direction);
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
fn has_same_range(scene: &Scene, panels: [usize; 2], direction: Direction) -> bool {
    let [one, other]: [&Axis; 2] = panels.map(|index: usize| direction.axis(&scene.panels[index]));
    one.range.is_some() && one.range == other.range && one.scale == other.scale
}
