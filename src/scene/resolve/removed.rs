//! Panels that a scene removes from its base: `panels.P = false`.

use super::layout::EMPTY;
use crate::scene::tree::{Entry, Node, TomlTable, Value};
use crate::scene::{Area, Gap, Grid};

/// A scene without the panels that are `false`.
pub(super) struct Remaining {
    pub(super) root: Node,
    /// The names of the removed panels.
    pub(super) removed: Vec<String>,
}

impl Remaining {
    /// The scene `root` without the panels that it removes; `None` if it removes none.
    pub(super) fn of(root: &Node) -> Option<Self> {
        let tables = root.as_table()?;
        let panels = &tables.get("panels")?.node;
        let is_removed = |entry: &&Entry| matches!(entry.node.value, Value::Bool(false));
        let entries = panels.as_table()?.entries();
        let removed: Vec<String> = entries.iter().filter(is_removed).map(|entry| entry.key.clone()).collect();
        if removed.is_empty() {
            return None;
        }
        Some(Self { root: with_panels(root, |entry| !is_removed(&entry)), removed })
    }
}

/// A scene with some of its panels.
pub(super) fn with_panels(root: &Node, is_kept: impl Fn(&Entry) -> bool) -> Node {
    let entry = |entry: &Entry| {
        let panels = entry.node.as_table().filter(|_| entry.key == "panels");
        let Some(panels) = panels else { return entry.clone() };
        let kept: TomlTable = panels.entries().iter().filter(|panel| is_kept(panel)).cloned().collect();
        let node = Node { origin: entry.node.origin, value: Value::Table(kept) };
        Entry { node, ..entry.clone() }
    };
    let tables = root.as_table().map_or(&[][..], TomlTable::entries).iter().map(entry).collect();
    Node { origin: root.origin, value: Value::Table(tables) }
}

/// Leaves out the rows and columns of a mosaic that hold removed panels and nothing else.
pub(super) fn drop_emptied_tracks(grid: &mut Grid, cells: &[Vec<&str>], removed: &[String]) {
    let is_removed = |cell: &&str| removed.iter().any(|name| name == cell);
    let is_emptied = |track: &[&str]| {
        track.iter().any(is_removed) && track.iter().all(|cell| *cell == EMPTY || is_removed(cell))
    };
    let rows: Vec<bool> = cells.iter().map(|row| !is_emptied(row)).collect();
    let columns = 0..cells.first().map_or(0, Vec::len);
    let column = |index: usize| cells.iter().map(|row| row[index]).collect::<Vec<_>>();
    let columns: Vec<bool> = columns.map(|index| !is_emptied(&column(index))).collect();
    keep_tracks(&mut grid.heights, &mut grid.row_gaps, &rows);
    keep_tracks(&mut grid.widths, &mut grid.column_gaps, &columns);
    let moved = |range: &std::ops::Range<usize>, keep: &[bool]| {
        let before = |end: usize| keep[..end].iter().filter(|kept| **kept).count();
        before(range.start)..before(range.end)
    };
    let area = |area: &Area| Area { rows: moved(&area.rows, &rows), columns: moved(&area.columns, &columns) };
    grid.areas = grid.areas.iter().map(area).collect();
}

/// Keeps some tracks, and of the gaps those before each kept track but the first.
fn keep_tracks(ratios: &mut Vec<f64>, gaps: &mut Vec<Gap>, keep: &[bool]) {
    let kept: Vec<usize> = (0..keep.len()).filter(|index| keep[*index]).collect();
    *ratios = kept.iter().map(|index| ratios[*index]).collect();
    *gaps = kept.iter().skip(1).map(|index| gaps[index - 1]).collect();
}
