//! Resolves signals of the place: `x` and `y`, and in a plane `s`, are its coordinates. They hide what else has these names.

use super::context::Context;
use super::element::ElementReader;
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::field::COORDINATES;
use crate::scene::expr::{FreeId, Meaning, NameKind, Symbol, check_name};
use crate::scene::table_reader::TableReader;

/// The name of the complex coordinate.
pub(in crate::scene) const OVER: KeySpec =
    KeySpec::new("over", KeyType::Text, "`\"s\"`", "the name of the place x + jy, in a plane");

/// The default name of the complex coordinate.
const COMPLEX: &str = "s";

/// The context of a signal of the place, with the variables of the coordinates x and y. Reads the name of the complex one.
pub(in crate::scene) fn place_context<'m>(
    reader: &ElementReader<'_, 'm>,
    table: &mut TableReader<'_>,
) -> Result<(Context<'m>, [FreeId; 2]), Diagnostic> {
    let place = reader.context.model.coordinates();
    let name = table.opt(OVER.name, |item| {
        let name = item.clone().string()?.as_str();
        if reader.plots {
            return Err(item
                .error("names the place of a plane, and this is a plot")
                .help("leave it out: the coordinates are called x and y"));
        }
        match check_name(NameKind::Variable, name) {
            Err(why) => Err(item.error(&format!("is no name: {why}")).help("write over = 'z'")),
            Ok(()) if COORDINATES.contains(&name) => {
                Err(item.error("is the name of a coordinate already").help("write over = 'z'"))
            }
            Ok(()) => Ok(name),
        }
    })?;
    let complex = if reader.plots { None } else { Some(name.unwrap_or(COMPLEX)) };
    let real = COORDINATES.into_iter().zip(place.map(|free| Meaning::Symbol(Symbol::Free(free))));
    let names = real.chain(complex.map(|name| (name, Meaning::Place(place))));
    Ok((reader.context.with_locals(names), place))
}
