//! Resolves `[check]`: the tolerance when pictures are compared with accepted ones.

use super::context::Context;
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;
use crate::tolerance::Tolerance;

/// The keys of `[check]`.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new("channel", KeyType::IntegerIn(0, 255), "`1`", "how far a channel of any pixel may be off"),
    KeySpec::new(
        "antialiased",
        KeyType::Mixed("integer, `channel` to 255"),
        "16, or `channel` where that is more",
        "the same for anti-aliased pixels",
    ),
    KeySpec::new(
        "share",
        KeyType::Fraction,
        "`0.01`",
        "the share of a frame's pixels that may differ at all",
    ),
];

/// Resolves the tolerance; `None` is a scene without `[check]`.
pub(super) fn check(table: Option<TableReader<'_>>, context: &Context<'_>) -> Result<Tolerance, Diagnostic> {
    let Some(table) = table else { return Ok(Tolerance::default()) };
    let mut table = table.with_keys(KEYS);
    let default = Tolerance::default();
    let channel = table.opt("channel", channel_difference)?.unwrap_or(default.channel);
    let antialiased = table.attempt("antialiased", |item| edge_difference(item, channel));
    let share = context.attempt_number(&mut table, "share");
    table.finish()?;
    Ok(Tolerance {
        channel,
        // Along edges, at least the difference is allowed that is allowed everywhere.
        antialiased: antialiased.unwrap_or(default.antialiased.max(channel)),
        share: share.unwrap_or(default.share),
    })
}

/// Reads the largest allowed difference of a channel, 0 to 255.
fn channel_difference(item: ValueReader<'_>) -> Result<u8, Diagnostic> {
    let difference = item.integer_in(0..=u8::MAX.into()).map_err(|error| match error.help {
        None => error.help("write a whole number, 0 to 255; no expression may stand for it"),
        Some(_) => error,
    })?;
    Ok(difference as u8)
}

/// Reads the largest allowed difference of a channel along edges, which must be at least that elsewhere.
fn edge_difference(item: ValueReader<'_>, channel: u8) -> Result<u8, Diagnostic> {
    let difference = channel_difference(item.clone())?;
    if difference >= channel {
        return Ok(difference);
    }
    let why =
        format!("is {difference}, less than the {channel} of `check.channel`, which any pixel may be off by");
    Err(item.error(&why).help(format!("write antialiased = {channel} or more, or lower `check.channel`")))
}
