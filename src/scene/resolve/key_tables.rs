//! All tables of a scene with their keys, as the documentation lists them.

use super::{
    axis, canvas, chain, check, colorbar, each, element, inset, layout, limits, matrix, output, panel,
    spring, style, system, ticks, timeline,
};
use crate::keys::KeySpec;
use crate::scene::element::ElementType;
use crate::scene::{load, variant};
use crate::system::SystemKind;

/// The keys of one table of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyTable {
    /// The heading under which the documentation lists the keys.
    pub section: &'static str,
    /// The path of the table, such as `panels.P`; empty for the file itself. Names of the author's own are capital
    /// letters.
    pub path: String,
    /// The keys.
    pub keys: Vec<KeySpec>,
}

/// The tables of a scene, in the order of the documentation.
#[must_use]
pub fn key_tables() -> Vec<KeyTable> {
    let table = |section, path: &str, keys: &[KeySpec]| KeyTable {
        section,
        path: path.to_owned(),
        keys: keys.to_vec(),
    };
    let mut tables = vec![
        table("The file", "", &[load::EXTENDS]),
        table("The file", "", super::KEYS),
        table("The file", "variant", variant::KEYS),
        table("Outputs", "output", output::KEYS),
        table("Canvas", "canvas", canvas::KEYS),
        table("Limits", "limits", limits::KEYS),
        table("Checks", "check", check::KEYS),
        table("Time", "time", timeline::TIME_KEYS),
        table("Time", "animate", timeline::ANIMATE_KEYS),
        table("Systems", "systems.S", &[system::KIND]),
    ];
    tables.extend(SystemKind::ALL.map(|kind| table(kind.name(), "systems.S", kind.keys())));
    tables.extend([
        table("Layout", "layout", layout::KEYS),
        table("Panels", "panels.P", panel::KEYS),
        table("Panels", "panels.P.inset", inset::KEYS),
        table("Panels", "panels.P.x", axis::KEYS),
        table("Panels", "panels.P.x.ticks", ticks::TICK_LIST_KEYS),
        table("Panels", "panels.P.x.ticks", ticks::TICK_STEP_KEYS),
        table("Panels", "panels.P.colorbar", colorbar::KEYS),
        table("Spring panels", "spring", spring::KEYS),
        table("Spring panels", "spring.lanes", spring::LANE_KEYS),
        table("Chain panels", "chain", chain::KEYS),
        table("Matrix panels", "matrix", matrix::KEYS),
        table("Elements", "draw.*", element::STYLE_KEYS),
        table("Elements", "draw.*", element::DISPLAY_KEYS),
        table("Elements", "draw.trace.legend", element::END_LABEL_KEYS),
        table("Elements", "draw.*.each.N", each::VALUE_KEYS),
        table("Elements", "draw.*.color", style::MAP_KEYS),
    ]);
    for element in ElementType::ALL {
        // The first key names the element; the others are read beside it.
        let (name, others) = element.keys.split_at(1);
        let path = format!("draw.{}", element.key());
        tables.push(table("Elements", "draw", name));
        tables.push(table("Elements", &path, others));
        tables.push(table("Elements", &path, element.fill.as_slice()));
    }
    tables
}
