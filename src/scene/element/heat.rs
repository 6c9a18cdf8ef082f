//! `heat`: a color map of a signal over the whole panel.

use super::{ElementKind, ElementModel, ElementType};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::color::{ColorMap, ColorScale};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, FreeId, ValueType};
use crate::scene::resolve::color_scale::{LEVEL_COUNT, MAP, RANGE, color_scale};
use crate::scene::resolve::element::ElementReader;
use crate::scene::resolve::place::{OVER, place_context};
use crate::scene::resolve::scale::SCALES;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "heat",
        KeyType::Signal,
        "",
        "the color of each place; the signal may use the place's coordinates `x` and `y`, and in a plane `s`",
    ),
    OVER,
    MAP,
    RANGE,
    LEVEL_COUNT,
    KeySpec::new(
        "scale",
        KeyType::Word(&words(&SCALES)),
        "`\"linear\"`",
        "whether equal steps of color are equal differences or equal ratios",
    ),
    KeySpec::new("phase", KeyType::Bool, "`false`", "colors show arguments, from −π to π"),
];

pub(super) const TYPE: ElementType = ElementType::new(KEYS, read);

/// The keys of lines, which a color map has none of.
const LINE_KEYS: [&str; 3] = ["color", "width", "dash"];

/// A color map of a signal over the whole panel.
#[derive(Clone, Debug)]
pub struct Heat {
    /// The value at each place, a real number.
    pub value: Code,
    /// The variables of the coordinates x and y.
    pub place: [FreeId; 2],
    /// The colors of values.
    pub colors: ColorScale,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    for key in LINE_KEYS {
        table.opt(key, |item| {
            Err::<(), _>(
                item.error("is of lines, and a color map has none")
                    .help("leave it out, or write map = 'magma'"),
            )
        })?;
    }
    let (context, place) = place_context(reader, table)?;
    let whole = main.clone();
    let value = context.signal_with(main, &place)?;
    let is_phase = table.attempt("phase", ValueReader::bool).unwrap_or(false);
    let value = if is_phase { value.argument() } else { value };
    if value.value_type() == ValueType::Complex {
        return Err(whole
            .error("is complex, and colors show real numbers")
            .help("write abs(…), re(…) or im(…), or phase = true for the argument"));
    }
    let scale = table.opt("scale", |item| item.choice(&SCALES))?.unwrap_or_default();
    let map = if is_phase { ColorMap::Twilight } else { ColorMap::Viridis };
    let mut colors = color_scale(table, &context, (map, scale))?;
    if let Some(levels) = table.opt_integer(LEVEL_COUNT.name)? {
        colors.levels = levels as usize;
    }
    if is_phase {
        colors.range.get_or_insert(ColorMap::Twilight.default_range());
    }
    Ok(ElementKind::Heat(Heat { value, place, colors }))
}

impl ElementModel for Heat {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        vec![&self.value]
    }
}
