//! Resolves `[limits]`: how much work a scene may take.

use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::table_reader::TableReader;
use crate::work::{Limits, MILLION};

/// The keys of `[limits]`. They are read before any expression is evaluated, so none may stand for them.
pub(super) const KEYS: &[KeySpec] = &[KeySpec::new(
    "work",
    KeyType::IntegerIn(1, 1_000_000_000),
    "`20000`",
    "the most work before the first frame, and the most work of a frame",
)
.in_unit("million operations")];

/// Resolves the limits; `None` is a scene without `[limits]`.
pub(super) fn limits(table: Option<TableReader<'_>>) -> Result<Limits, Diagnostic> {
    let default = Limits::default();
    let Some(table) = table else { return Ok(default) };
    let mut table = table.with_keys(KEYS);
    let work = table.opt_integer("work")?;
    table.finish()?;
    Ok(Limits { work: work.map_or(default.work, |millions| millions as u64 * MILLION) })
}
