//! Resolves `draw`: the keys that all elements have, and readers that several kinds of element share. The keys of one
//! kind are read in its file in `scene/element/`.

use super::context::Context;
use super::each::{EACH, with_names};
use super::second_axis::{AXIS, SecondAxis};
use super::style::StyleReader;
use super::timeline::FilmSpans;
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::color::Color;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Element, ElementKind, ElementType, Halo, Label, PointCodes, TextAnchor};
use crate::scene::expr::{Code, Variable};
use crate::scene::source::Origin;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The keys of every element's style.
pub(in crate::scene) const STYLE_KEYS: &[KeySpec] = &[
    KeySpec::new(
        "color",
        KeyType::Color,
        "curves: C0, C1, …; `point`, `arm`, `drop`: that of the trace before of the same signal; else `\"currentcolor\"`",
        "of lines and texts; or of a [map](colors.md#color-maps), as may be `fill`",
    ),
    KeySpec::new(
        "width",
        KeyType::Length,
        "1.25",
        "line width, which may be a signal; of `trace` and `area` 1.75, of `contour` 1, of `field` 0.9, whose arrows have a width of their own",
    ),
    KeySpec::new(
        "dash",
        KeyType::Mixed("boolean or list of lengths"),
        "`false`",
        "on, off, …, from the curve's start; `true` is 3.7 and 1.6 line widths",
    ),
    KeySpec::new("opacity", KeyType::Fraction, "1", "of `area` 0.35, of `field` 0.4; may be a signal"),
];

/// The keys that say when, where and under which name every element is shown.
pub(in crate::scene) const DISPLAY_KEYS: &[KeySpec] = &[
    KeySpec::new("when", KeyType::Signal, "always", "the element is shown while its present value is not 0"),
    KeySpec::new(
        "legend",
        KeyType::Mixed("label; of a `trace` or `{ at = \"end\", text = label }`"),
        "none",
        "its entry in the legend, or at the end of the curve",
    ),
    KeySpec::new(
        "layer",
        KeyType::Word(&words(&LAYERS)),
        "under; `point`, `text`: over",
        "under or over the mass of a spring panel",
    ),
    AXIS,
    EACH,
];

/// The keys of an entry at the end of a curve.
pub(super) const END_LABEL_KEYS: &[KeySpec] = &[
    KeySpec::new("at", KeyType::Word(&words(&LABEL_PLACES)), "", "where the entry stands"),
    KeySpec::new("text", KeyType::Label, "", "the entry"),
];
/// The places of entries at a curve.
const LABEL_PLACES: [(&str, ()); 1] = [("end", ())];

/// The band around the letters of a text.
pub(in crate::scene) const HALO: KeySpec = KeySpec::new(
    "halo",
    KeyType::Mixed("boolean or length ≥ 0"),
    "`true`: 2; on a transparent page none",
    "width of the band in the paper's color around the letters",
);

/// Whether an element is over the masses of a spring panel, by name.
const LAYERS: [(&str, bool); 2] = [("under", false), ("over", true)];

/// The default width of curves in CSS pixels.
pub(in crate::scene) const CURVE_WIDTH: f64 = 1.75;
/// The default width of all other lines in CSS pixels.
pub(in crate::scene) const LINE_WIDTH: f64 = 1.25;
/// The dash and gap of `dash = true` in line widths, as in matplotlib's "dashed".
const DASH: [f64; 2] = [3.7, 1.6];

/// Bytes of an element with its compiled expressions, in the scene and in its figure.
const ELEMENT_BYTES: u64 = 15_000;

/// Reads the elements of one panel.
pub(in crate::scene) struct ElementReader<'c, 'm> {
    pub(in crate::scene) context: &'c Context<'m>,
    /// The spans of the film, or the error of the table that gives them.
    pub(in crate::scene) film: Result<FilmSpans<'c>, Diagnostic>,
    /// Whether the panel is a plot, whose horizontal axis shows the variable of curves.
    pub(in crate::scene) plots: bool,
    /// The second vertical axis of the panel.
    pub(super) second_axis: SecondAxis<'c>,
    /// The range of the horizontal axis, if the scene gives one.
    pub(super) range: Option<PointCodes>,
    /// The default variable and span of the panel's curves.
    pub(super) over: Variable,
    pub(super) span: Option<PointCodes>,
    /// The number of previous curves with a color of the cycle.
    pub(super) cycled: u8,
    /// The values of previous traces with their colors.
    pub(super) traces: Vec<(Code, Color)>,
}

impl ElementReader<'_, '_> {
    /// Reads one entry of `draw`, whose expressions may use the names of `each`.
    pub(super) fn copy_or_element(&mut self, item: ValueReader<'_>) -> Result<Element, Diagnostic> {
        let Some(copy) = item.copy() else { return self.element(item) };
        let context = with_names(self.context, &copy.names);
        let mut reader = ElementReader {
            context: &context,
            span: self.span.clone(),
            range: self.range.clone(),
            film: self.film.clone(),
            traces: std::mem::take(&mut self.traces),
            ..*self
        };
        let element = reader.element(item);
        self.cycled = reader.cycled;
        self.traces = reader.traces;
        element
    }

    /// Reads one entry of `draw`.
    pub(super) fn element(&mut self, item: ValueReader<'_>) -> Result<Element, Diagnostic> {
        let origin = item.origin();
        let reserved = self.context.model.work().reserve(ELEMENT_BYTES);
        reserved.map_err(|limit| Diagnostic::from(limit).at(origin))?;
        let mut table = item.table()?;
        let present: Vec<_> = ElementType::ALL.into_iter().filter(|known| table.has(known.key())).collect();
        // Beside the key of another element, a key of that element says no more than it does there.
        let is_own =
            |key: &str| present.iter().any(|known| known.keys[1..].iter().any(|own| own.name == key));
        let names: Vec<_> =
            ElementType::ALL.iter().map(|known| known.key()).filter(|key| !is_own(key)).collect();
        let (key, main) = table.one_of("an element", &names)?;
        let Some(element_type) = ElementType::ALL.into_iter().find(|known| known.key() == key) else {
            return Err(main.error("is no element"));
        };
        table.add_keys(element_type.keys);
        table.add_keys(STYLE_KEYS);
        table.add_keys(element_type.fill.as_slice());
        table.add_keys(DISPLAY_KEYS);
        let kind = (element_type.read)(self, main, &mut table);
        let curve = kind.as_ref().ok().and_then(ElementKind::curve);
        let along = curve.filter(|_| element_type.is_colored_along).map(|signal| signal.over);
        let inherited = kind.as_ref().ok().and_then(|kind| self.color_of_trace(kind));
        let reader = StyleReader { elements: self, along, inherited, cause: kind.as_ref().err().cloned() };
        let (style, signals) = reader.style(element_type, &mut table);
        if let (Ok(ElementKind::Trace(trace)), None) = (&kind, &signals.color) {
            self.traces.push((trace.signal.value.clone(), style.color));
        }
        let when = table.attempt("when", |item| self.context.signal(item));
        let mut end_label = None;
        let legend = table.attempt("legend", |item| match item.value() {
            Value::Table(_) => {
                end_label = Some(self.end_label(item, element_type)?);
                Ok(None)
            }
            _ => self.context.label(item).map(Some),
        });
        let over = table.attempt("layer", |item| item.choice(&LAYERS));
        let axis = table.attempt(AXIS.name, |item| self.second_axis.choice(item, kind.as_ref().ok()));
        table.opt(EACH.name, |_| Ok(()))?;
        let kind = table.finish_with(kind)?;
        let over = over.unwrap_or(element_type.is_over);
        let (legend, axis) = (legend.flatten(), axis.unwrap_or_default());
        Ok(Element { kind, style, signals, when, legend, end_label, over, axis, origin })
    }

    /// Reads the entry at the end of a curve.
    fn end_label(&self, item: ValueReader<'_>, element_type: &ElementType) -> Result<Label, Diagnostic> {
        if element_type.key() != "trace" {
            return Err(item
                .error("asks for the end of a curve, which only a `trace` has")
                .help("write legend = 'text'"));
        }
        let mut table = item.table()?.with_keys(END_LABEL_KEYS);
        let place = table.opt("at", |item| item.choice(&LABEL_PLACES))?;
        place.ok_or_else(|| table.missing_key("at", "at = 'end'"))?;
        let text = table.opt("text", |item| self.context.label(item))?;
        let text = text.ok_or_else(|| table.missing_key("text", "text = 'a name'"))?;
        table.finish()?;
        Ok(text)
    }

    /// The color of the last trace of the same signal, for elements that show its present value.
    fn color_of_trace(&self, kind: &ElementKind) -> Option<Color> {
        let (ElementKind::Point(_) | ElementKind::Arm(_) | ElementKind::Drop(_)) = kind else { return None };
        let value = &kind.signal()?.value;
        self.traces.iter().rev().find(|(traced, _)| traced == value).map(|(_, color)| *color)
    }

    /// Reads a point.
    pub(in crate::scene) fn place(&self, item: ValueReader<'_>) -> Result<PointCodes, Diagnostic> {
        if !matches!(item.value(), Value::Array(_)) {
            let help = "write both coordinates: [0, 'sin(t)']; those of a complex z are ['re(z)', 'im(z)']";
            return Err(item.expected("a place").help(help));
        }
        item.pair(|coordinate| self.context.signal(coordinate))
    }

    /// Reads two points.
    pub(in crate::scene) fn corners(&self, item: ValueReader<'_>) -> Result<[PointCodes; 2], Diagnostic> {
        item.pair(|corner| self.place(corner))
    }

    pub(super) fn next_color(&mut self) -> Color {
        let color = Color::Cycle(self.cycled % 10);
        self.cycled = self.cycled.wrapping_add(1);
        color
    }

    /// Reads a dash pattern: `true`, or lengths of dashes and gaps in CSS pixels.
    pub(super) fn dash(&self, item: ValueReader<'_>, width: f64) -> Result<Vec<f64>, Diagnostic> {
        match item.value() {
            Value::Bool(false) => Ok(Vec::new()),
            Value::Bool(true) => Ok(DASH.map(|part| part * width).to_vec()),
            Value::Array(_) => {
                let whole = item.clone();
                let lengths = item.list(|length| self.context.at_least(length, 0.0))?;
                if lengths.len().is_multiple_of(2) && lengths.iter().sum::<f64>() > 0.0 {
                    return Ok(lengths);
                }
                Err(whole
                    .error("is no dash pattern")
                    .help("write dash = true, or dash = [4, 2]: on and off in turn, in CSS pixels"))
            }
            _ => Err(item
                .expected("`true`, `false` or a list of lengths")
                .help("write dash = true, or dash = [4, 2]: on and off in turn, in CSS pixels")),
        }
    }
}

/// Leaves out legend entries of copies that are equal to the entry of an earlier copy of the same table.
pub(super) fn one_legend_entry_each(mut elements: Vec<Element>) -> Vec<Element> {
    let mut earlier: Vec<(Origin, Vec<Code>)> = Vec::new();
    for element in &mut elements {
        let entry = element.legend.as_ref().map(|label| (label.origin, label.readouts.clone()));
        match entry {
            Some(entry) if earlier.contains(&entry) => element.legend = None,
            Some(entry) => earlier.push(entry),
            None => {}
        }
    }
    elements
}

/// Reads the anchor of a text: a name, or two signals.
pub(in crate::scene) fn text_anchor(
    reader: &ElementReader<'_, '_>,
    item: ValueReader<'_>,
) -> Result<TextAnchor, Diagnostic> {
    match item.value() {
        Value::Array(_) => reader.place(item).map(Box::new).map(TextAnchor::Moving),
        _ => anchor(item).map(TextAnchor::Fixed),
    }
}

/// Reads the name of an anchor.
pub(in crate::scene) fn anchor(item: ValueReader<'_>) -> Result<Anchor, Diagnostic> {
    let choices = Anchor::NAMES.map(|name| (name, Anchor::from_name(name)));
    item.choice(&choices).map(Option::unwrap_or_default)
}

/// Reads the width of a halo, or whether there is one.
pub(in crate::scene) fn halo(
    reader: &ElementReader<'_, '_>,
    item: ValueReader<'_>,
) -> Result<Halo, Diagnostic> {
    match item.value() {
        Value::Bool(true) => Ok(Halo::Auto),
        Value::Bool(false) => Ok(Halo::Width(0.0)),
        _ => reader.context.at_least(item, 0.0).map(Halo::Width),
    }
}
