//! Resolves `[limits]`: how much work and memory a scene may take.

use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::table_reader::TableReader;
use crate::work::{Limits, MILLION};

/// The keys of `[limits]`. They are read before any expression is evaluated, so none may stand for them.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "work",
        KeyType::IntegerIn(1, 1_000_000_000),
        "`1000`",
        "the most work before the first frame, and the most work of a frame",
    )
    .in_unit("million operations"),
    KeySpec::new(
        "memory",
        KeyType::IntegerIn(1, 1_000_000),
        "`256`",
        "the most memory of what all frames share: elements, curves, the canvas, moving axes and texts",
    )
    .in_unit("MB"),
];

/// Resolves the limits; `None` is a scene without `[limits]`.
pub(super) fn limits(table: Option<TableReader<'_>>) -> Result<Limits, Diagnostic> {
    let default = Limits::default();
    let Some(table) = table else { return Ok(default) };
    let mut table = table.with_keys(KEYS);
    let mut limit = |key, default| {
        let millions = table.opt_integer(key);
        table.note(millions).map_or(default, |millions| millions as u64 * MILLION)
    };
    let (work, memory) = (limit("work", default.work), limit("memory", default.memory));
    table.finish()?;
    Ok(Limits { work, memory })
}
