//! Resolves color scales: the map, its levels, and the values at its ends.

use super::context::Context;
use super::style;
use crate::keys::{KeySpec, KeyType};
use crate::scene::color::{ColorMap, ColorScale, LEVELS};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Scale;
use crate::scene::number_format::shortest;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

/// The map.
pub(in crate::scene) const MAP: KeySpec = KeySpec::new(
    "map",
    KeyType::Mixed("name of a [color map](colors.md#color-maps)"),
    "`\"viridis\"`",
    "the colors; of phases twilight unless told",
);
/// The values at the ends of the map.
pub(in crate::scene) const RANGE: KeySpec = KeySpec::new(
    "range",
    KeyType::Span,
    "fitted",
    "the values at the ends of the map; values beyond have its end's color",
);
/// The number of levels.
pub(in crate::scene) const LEVEL_COUNT: KeySpec =
    KeySpec::new("levels", KeyType::IntegerIn(1, LEVELS as i64), "`64`", "the number of colors");

/// Reads `map` and `range`.
pub(in crate::scene) fn color_scale(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
    (map, scale): (ColorMap, Scale),
) -> Result<ColorScale, Diagnostic> {
    let map = table.attempt(MAP.name, |item| item.choice(&ColorMap::ALL)).unwrap_or(map);
    let range = table.opt(RANGE.name, |item| range(item, context, scale))?;
    Ok(ColorScale { map, levels: LEVELS, scale, range })
}

fn range(item: ValueReader<'_>, context: &Context<'_>, scale: Scale) -> Result<[f64; 2], Diagnostic> {
    let range = style::range(item.clone(), context)?;
    match range.into_iter().find(|end| !scale.transform(*end).is_finite()) {
        None => Ok(range),
        Some(end) => Err(item
            .error(&format!("ends in {}, which has no logarithm", shortest(end)))
            .help("both ends must be greater than 0, as in range = [0.01, 100]")),
    }
}
