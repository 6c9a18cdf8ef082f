//! Resolves the ticks of axes and of color bars.

use super::context::Context;
use super::scale;
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Label, Scale, Ticks, Unit};
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The keys of ticks at given places.
pub(super) const TICK_LIST_KEYS: &[KeySpec] = &[
    KeySpec::new("at", KeyType::List(&KeyType::Number), "", "the places of the ticks"),
    KeySpec::new("labels", KeyType::List(&KeyType::Label), "the numbers", "a label for each place"),
];

/// The keys of equidistant ticks.
pub(super) const TICK_STEP_KEYS: &[KeySpec] = &[
    KeySpec::new("step", KeyType::Positive, "", "the distance of the ticks; or `at` in its place"),
    KeySpec::new("unit", KeyType::Positive, "none", "ticks are labeled by multiples of it"),
    KeySpec::new("symbol", KeyType::Text, "`unit` as `pi`: π", "the name of the unit, such as `\"T\"`"),
];

/// Reads the ticks of an axis of this scale.
pub(super) fn ticks(item: ValueReader<'_>, scale: Scale, context: &Context<'_>) -> Result<Ticks, Diagnostic> {
    match item.value() {
        Value::Bool(false) => Ok(Ticks::None),
        Value::Bool(true) => Ok(Ticks::Auto),
        Value::Array(_) => {
            let values = item.list(|tick| on_axis(tick, scale, context))?;
            Ok(Ticks::At(values.into_iter().map(|value| (value, None)).collect()))
        }
        Value::Table(_) => {
            let whole = item.clone();
            let mut table = item.table()?;
            let ticks = if table.has("at") {
                table.add_keys(TICK_LIST_KEYS);
                labeled_ticks(&mut table, &whole, scale, context)?
            } else {
                table.add_keys(TICK_STEP_KEYS);
                stepped_ticks(&mut table, scale, context)?
            };
            table.finish()?;
            Ok(ticks)
        }
        _ => Err(item
            .expected("a list of numbers, a table or `false`")
            .help("write ticks = [-1, 0, 1], or { step = 0.5 }, or { at = [0, 1], labels = ['a', 'b'] }")),
    }
}

fn labeled_ticks(
    table: &mut TableReader<'_>,
    whole: &ValueReader<'_>,
    scale: Scale,
    context: &Context<'_>,
) -> Result<Ticks, Diagnostic> {
    let values = table.opt("at", |item| item.list(|tick| on_axis(tick, scale, context)))?.unwrap_or_default();
    let labels = table.opt("labels", |item| tick_labels(item, context))?;
    let Some(labels) = labels else {
        return Ok(Ticks::At(values.into_iter().map(|value| (value, None)).collect()));
    };
    if labels.len() != values.len() {
        let why = format!("has {} in `at` and {} in `labels`", values.len(), labels.len());
        return Err(whole.error(&why).help("give each place its label"));
    }
    Ok(Ticks::At(values.into_iter().zip(labels.into_iter().map(Some)).collect()))
}

fn stepped_ticks(
    table: &mut TableReader<'_>,
    scale: Scale,
    context: &Context<'_>,
) -> Result<Ticks, Diagnostic> {
    let mut names_pi = false;
    let step = table.opt("step", |item| {
        scale::check_step(&item, scale)?;
        names_pi = Context::names_pi(&item);
        context.positive(item)
    })?;
    let step = step.ok_or_else(|| table.missing_key("step", "step = 0.5, or at = [0, 1]"))?;
    let mut symbol_is_pi = false;
    let unit = table.opt("unit", |item| {
        symbol_is_pi = matches!(item.value(), Value::String(content) if content.as_str().trim() == "pi");
        context.positive(item)
    })?;
    let symbol = table.opt("symbol", |item| {
        let text = item.clone().string()?.as_str().trim();
        let bare = text.strip_prefix('$').and_then(|rest| rest.strip_suffix('$')).unwrap_or(text);
        if unit.is_none() {
            return Err(item.error("names a unit that is not given").help("write unit = 'spring.period'"));
        }
        Ok(bare.to_owned())
    })?;
    let pi = || Unit { value: std::f64::consts::PI, symbol: "\\pi".to_owned() };
    let unit = match (unit, symbol) {
        (None, _) => names_pi.then(pi),
        (Some(value), Some(symbol)) => Some(Unit { value, symbol }),
        (Some(_), None) if symbol_is_pi => Some(pi()),
        (Some(_), None) => {
            return Err(Diagnostic::new(format!("`{}` has a unit without a symbol", table.path()))
                .at(table.origin())
                .help("write symbol = 'T' beside it"));
        }
    };
    Ok(Ticks::Every { step, unit })
}

/// Reads the labels of ticks, which hold no readouts.
pub(super) fn tick_labels(item: ValueReader<'_>, context: &Context<'_>) -> Result<Vec<Label>, Diagnostic> {
    let labels = item.list(|label| context.label(label))?;
    match labels.iter().find(|label| !label.readouts.is_empty()) {
        None => Ok(labels),
        Some(label) => Err(Diagnostic::new("a tick's label stands still, so it can hold no readout")
            .at(label.origin)
            .help("write the number itself, or leave `labels` out")),
    }
}

/// Reads a number that an axis of this scale can show.
pub(super) fn on_axis(item: ValueReader<'_>, scale: Scale, context: &Context<'_>) -> Result<f64, Diagnostic> {
    scale::check_value(context.number(item.clone())?, &item, scale)
}
