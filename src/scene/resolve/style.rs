//! Resolves the styles of elements: colors, widths and opacities, which may be signals.

use super::context::Context;
use super::element::ElementReader;
use super::timeline;
use crate::keys::{KeySpec, KeyType};
use crate::scene::color::{Color, ColorMap};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{ElementType, MappedColor, Style, StyleSignal, StyleSignals};
use crate::scene::expr::Variable;
use crate::scene::number_format::shortest;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The keys of a color of a map.
pub(super) const MAP_KEYS: &[KeySpec] = &[
    KeySpec::new("map", KeyType::Mixed("name of a [color map](colors.md#color-maps)"), "", "the colors"),
    KeySpec::new("value", KeyType::Signal, "", "what they show; of a `trace` at each point, else at present"),
    KeySpec::new(
        "range",
        KeyType::Span,
        "`[0, 1]`; of RdBu [−1, 1], of twilight [−π, π]",
        "the values at the ends of the map",
    ),
];

/// Reads the style of one element.
pub(super) struct StyleReader<'r, 'c, 'm> {
    pub(super) elements: &'r mut ElementReader<'c, 'm>,
    /// The variable of a curve whose color may change along it.
    pub(super) along: Option<Variable>,
    /// The color of an element without one that shows the signal of an earlier trace.
    pub(super) inherited: Option<Color>,
    /// The error of the element, whose variable is then unknown.
    pub(super) cause: Option<Diagnostic>,
}

/// A number that is the same in all frames, or a signal.
pub(in crate::scene) enum FixedOrSignal {
    Fixed(f64),
    Signal(Box<StyleSignal>),
}

impl StyleReader<'_, '_, '_> {
    /// Reads the style, whose defaults depend on the type.
    pub(super) fn style(
        mut self,
        element_type: &ElementType,
        table: &mut TableReader<'_>,
    ) -> (Style, StyleSignals) {
        let mut signals = StyleSignals::default();
        let color = table.attempt("color", |item| self.color(item, &mut signals.color)).flatten();
        let width = self.elements.number_or_signal(table, "width");
        let width = fixed_part(table.note(width), &mut signals.width).unwrap_or(element_type.width);
        let dash = table.attempt("dash", |item| {
            let dash = self.elements.dash(item.clone(), width)?;
            if !dash.is_empty() && signals.along_curve().is_some() {
                return Err(item
                    .error("breaks a curve whose color changes along it")
                    .help("leave it out, or give the curve one color"));
            }
            Ok(dash)
        });
        let opacity = self.elements.number_or_signal(table, "opacity");
        let opacity = fixed_part(table.note(opacity), &mut signals.opacity).unwrap_or(element_type.opacity);
        let fill = if element_type.fill.is_some() {
            table.attempt("fill", |item| {
                self.along = None;
                let fill = self.color(item, &mut signals.fill)?;
                // A fill of a map replaces any color.
                Ok(fill.unwrap_or(Color::Ink))
            })
        } else {
            None
        };
        let inherited = self.inherited;
        let elements = self.elements;
        // A curve with a color of its own takes none of the cycle.
        let is_cycled = element_type.is_curve && signals.color.is_none();
        let default = || if is_cycled { elements.next_color() } else { inherited.unwrap_or(Color::Ink) };
        let color = color.unwrap_or_else(default);
        (Style { color, fill, width, dash: dash.unwrap_or_default(), opacity }, signals)
    }

    /// Reads a color, or a color of a map into `mapped`.
    fn color(
        &self,
        item: ValueReader<'_>,
        mapped: &mut Option<MappedColor>,
    ) -> Result<Option<Color>, Diagnostic> {
        match item.value() {
            Value::Table(_) => {
                *mapped = Some(self.mapped(item)?);
                Ok(None)
            }
            _ => Color::read(item).map(Some),
        }
    }

    fn mapped(&self, item: ValueReader<'_>) -> Result<MappedColor, Diagnostic> {
        let origin = item.origin();
        let mut table = item.table()?.with_keys(MAP_KEYS);
        let map = table.opt("map", |item| item.choice(&ColorMap::ALL))?;
        let map = map.ok_or_else(|| table.missing_key("map", "map = 'viridis'"))?;
        let value = table.opt("value", |item| match self.along {
            Some(over) => self.elements.along_curve(item, over),
            None => self.elements.context.signal(item),
        });
        let value = value.map_err(|error| self.cause.clone().unwrap_or(error))?;
        let value = value.ok_or_else(|| table.missing_key("value", "value = 'sin(t)', a signal"))?;
        let range = table.opt("range", |item| range(item, self.elements.context))?;
        table.finish()?;
        let is_along_curve = self.along.is_some_and(|over| value.depends_on(over));
        Ok(MappedColor { map, value, range: range.unwrap_or(map.default_range()), is_along_curve, origin })
    }
}

impl ElementReader<'_, '_> {
    /// Reads a number in the range of its row, or a signal if its value changes.
    pub(in crate::scene) fn number_or_signal(
        &self,
        table: &mut TableReader<'_>,
        key: &'static str,
    ) -> Result<Option<FixedOrSignal>, Diagnostic> {
        let range = table.key_type(key).unwrap_or(KeyType::Number);
        let mut signal = None;
        table.opt(key, |item| {
            // What is no signal is no number either; the reader of numbers says so.
            let code = match item.value() {
                Value::String(_) => self.context.signal(item.clone()).ok(),
                _ => None,
            };
            let moves = code.filter(|code| timeline::moves(code, self.film.as_ref().ok()));
            signal = moves.map(|code| Box::new(StyleSignal { key, code, range, origin: item.origin() }));
            Ok(())
        })?;
        match signal {
            Some(signal) => Ok(Some(FixedOrSignal::Signal(signal))),
            None => Ok(self.context.opt_number(table, key)?.map(FixedOrSignal::Fixed)),
        }
    }
}

/// The number that is the same in all frames; a signal goes to `signal`.
pub(in crate::scene) fn fixed_part(
    number: Option<FixedOrSignal>,
    signal: &mut Option<StyleSignal>,
) -> Option<f64> {
    match number? {
        FixedOrSignal::Fixed(value) => Some(value),
        FixedOrSignal::Signal(code) => {
            *signal = Some(*code);
            None
        }
    }
}

/// Reads the values at the ends of a map.
pub(super) fn range(item: ValueReader<'_>, context: &Context<'_>) -> Result<[f64; 2], Diagnostic> {
    let [low, high] = item.clone().pair(|end| context.number(end))?;
    if low != high && (high - low).is_finite() {
        return Ok([low, high]);
    }
    let why = format!("reaches from {} to {}", shortest(low), shortest(high));
    Err(item.error(&why).help("write range = [0, 1], the values at the ends of the map"))
}
