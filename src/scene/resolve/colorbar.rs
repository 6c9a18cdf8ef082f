//! Resolves color bars.

use super::context::Context;
use super::ticks::ticks;
use crate::keys::{KeySpec, KeyType};
use crate::scene::color::ColorMap;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, ColorSource, Colorbar, Scale, Ticks, Unit};
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The keys of a color bar.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new("label", KeyType::Label, "none", "the name of its axis"),
    KeySpec::new("ticks", KeyType::Mixed("boolean, list or table"), "`true`", "see [Ticks](axes.md#ticks)"),
];

/// Reads a color bar for the colors of a part of the panel.
pub(super) fn colorbar(
    item: ValueReader<'_>,
    source: Option<ColorSource>,
    context: &Context<'_>,
) -> Result<Option<Colorbar>, Diagnostic> {
    let whole = item.clone();
    let mut axis = Axis::default();
    if let Value::Bool(is_shown) = item.value() {
        if !is_shown {
            return Ok(None);
        }
    } else {
        let help = "write colorbar = true, or colorbar = { label = '$|X|$', ticks = [0, 1] }";
        let table = item.expected("`true`, `false` or a table").help(help);
        let mut table = item.table().map_err(|_| table)?.with_keys(KEYS);
        axis.label = table.attempt("label", |item| context.label(item));
        axis.scale = source.as_ref().map_or(Scale::Linear, |colors| colors.scale().scale);
        let read = table.attempt("ticks", |item| {
            axis.ticks_origin = Some(item.origin());
            ticks(item, axis.scale, context)
        });
        axis.ticks = read.unwrap_or_default();
        table.finish()?;
    }
    let Some(colors) = source else {
        return Err(whole
            .error("explains the colors of a map, and the panel has none")
            .help("leave it out, or draw a map, such as { heat = 'x*y' }"));
    };
    axis.scale = colors.scale().scale;
    let shows_angles = colors.scale().range == Some(ColorMap::Twilight.default_range());
    if shows_angles && matches!(axis.ticks, Ticks::Auto) {
        let unit = Unit { value: std::f64::consts::PI, symbol: "\\pi".to_owned() };
        axis.ticks = Ticks::Every { step: unit.value / 2.0, unit: Some(unit) };
    }
    Ok(Some(Colorbar { axis, colors }))
}
