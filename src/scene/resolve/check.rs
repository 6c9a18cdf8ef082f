//! `[check]`: how far this scene's pictures may be off from those that were accepted.

use super::context::Context;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;
use crate::tolerance::Tolerance;

/// The tolerance of a table, or the usual one of a scene without.
pub(super) fn check(table: Option<TableReader<'_>>, context: &Context<'_>) -> Result<Tolerance, Diagnostic> {
    let Some(mut table) = table else { return Ok(Tolerance::default()) };
    let usual = Tolerance::default();
    let channel = table.opt("channel", level)?.unwrap_or(usual.channel);
    let antialiased = table.opt("antialiased", |item| edge(item, channel))?;
    let share = table.opt("share", |item| context.fraction(item))?;
    table.finish()?;
    Ok(Tolerance {
        channel,
        // Who allows more everywhere allows it along edges, too.
        antialiased: antialiased.unwrap_or(usual.antialiased.max(channel)),
        share: share.unwrap_or(usual.share),
    })
}

/// A difference of a channel.
fn level(item: ValueReader<'_>) -> Result<u8, Diagnostic> {
    let told = item.integer_in(0..=u8::MAX.into()).map_err(|error| match error.help {
        None => error.help("write a whole number, 0 to 255; no expression may stand for it"),
        Some(_) => error,
    })?;
    Ok(told as u8)
}

/// The difference of a channel along edges, where no less is allowed than elsewhere.
fn edge(item: ValueReader<'_>, channel: u8) -> Result<u8, Diagnostic> {
    let told = level(item.clone())?;
    if told >= channel {
        return Ok(told);
    }
    let why = format!("is {told}, less than the {channel} of `check.channel`, which any pixel may be off by");
    Err(item.error(&why).help(format!("write antialiased = {channel} or more, or lower `check.channel`")))
}
