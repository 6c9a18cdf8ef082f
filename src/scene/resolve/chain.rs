//! Resolves the keys of a chain panel.

use super::context::Context;
use super::element::CURVE_WIDTH;
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::color::Color;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Chain, ChainEnd, ChainMotion, Element, ElementKind, Style, StyleSignals, VerticalAxis,
};
use crate::scene::expr::{Code, ExprRole};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;
use crate::system::{At, Component};

/// The directions of the motion.
const MOTIONS: [(&str, ChainMotion); 2] = [("along", ChainMotion::Along), ("across", ChainMotion::Across)];
/// What is drawn, by name: whether it is a string.
const LOOKS: [(&str, bool); 2] = [("masses", false), ("string", true)];
/// The line width of springs, in CSS pixels. A string is as wide as a curve.
const SPRING_WIDTH: f64 = 1.0;

/// The keys that only a chain panel has.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new("system", KeyType::Mixed("name of a chain"), "", "the chain that is shown"),
    KeySpec::new(
        "motion",
        KeyType::Word(&words(&MOTIONS)),
        "`\"along\"`; of a string: `\"across\"`",
        "whether displacements are shown along the chain or across it",
    ),
    KeySpec::new(
        "as",
        KeyType::Word(&words(&LOOKS)),
        "`\"masses\"`",
        "masses on springs, or one line through them",
    ),
    KeySpec::new("color", KeyType::Color, "C0", "of the masses or of the string"),
];

/// Reads the keys that only a chain panel has. Returns the direction of the motion and the chain as an element.
pub(in crate::scene) fn chain(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
) -> Result<(ChainMotion, Element), Diagnostic> {
    table.add_keys(KEYS);
    let shown = table.opt("system", |item| Ok((displaced(&item, context)?, item.origin())))?;
    let ((displacements, ends), origin) =
        shown.ok_or_else(|| table.missing_key("system", "system = 'string', the name of a chain"))?;
    let is_string = table.opt("as", |item| item.choice(&LOOKS))?.unwrap_or(false);
    let default = if is_string { ChainMotion::Across } else { ChainMotion::Along };
    let motion = table.opt("motion", |item| motion(&item, is_string))?.unwrap_or(default);
    let color = table.opt("color", Color::read)?.unwrap_or(Color::Cycle(0));
    let chain = Chain { displacements, ends, motion, is_string };
    let width = if is_string { CURVE_WIDTH } else { SPRING_WIDTH };
    let element = Element {
        kind: ElementKind::Chain(chain),
        style: Style { color: Color::Ink, fill: Some(color), width, dash: Vec::new(), opacity: 1.0 },
        signals: StyleSignals::default(),
        when: None,
        legend: None,
        end_label: None,
        over: false,
        axis: VerticalAxis::Y,
        origin,
    };
    Ok((motion, element))
}

/// The expressions of all displacements of a chain, and its ends.
fn displaced(
    item: &ValueReader<'_>,
    context: &Context<'_>,
) -> Result<(Vec<Code>, [ChainEnd; 2]), Diagnostic> {
    let (name, id) = context.system(item)?;
    let system = context.solved(id);
    let schema = system.schema();
    let (Some((_, x)), Some((ends, _))) = (schema.find("x"), schema.find("ends")) else {
        return Err(item
            .error(&format!("names `{name}`, which is no chain"))
            .help("name a system of kind 'chain'"));
    };
    let count = x.shape.axes().first().and_then(|axis| axis.length).unwrap_or(0);
    let displacement = |index: usize| {
        let compiled = context.model.compile(&format!("{name}.x[{index}]"), ExprRole::Element(&[]));
        compiled.map_err(|error| item.error(&error.message))
    };
    let end = |side: i64| {
        let value = system.value(Component { slot: ends, index: [side, 0] }, At::time(0.0));
        match value.map(|value| value.re) {
            Ok(1.0) => ChainEnd::Wall,
            Ok(2.0) => ChainEnd::Ring,
            _ => ChainEnd::Free,
        }
    };
    let displacements = (0..count).map(displacement).collect::<Result<_, _>>()?;
    Ok((displacements, [0, 1].map(end)))
}

/// Reads the direction of the motion. A line shows no motion along itself.
fn motion(item: &ValueReader<'_>, is_string: bool) -> Result<ChainMotion, Diagnostic> {
    match item.clone().choice(&MOTIONS)? {
        ChainMotion::Along if is_string => Err(item
            .error("cannot be seen on a string, which is one line")
            .help("write motion = 'across', or as = 'masses'")),
        motion => Ok(motion),
    }
}
