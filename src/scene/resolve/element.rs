//! Resolves `draw`: the keys that all elements have, and readers that several kinds of element share. The keys of one
//! kind are read in its file in `scene/element/`.

use super::context::Context;
use super::each::{EACH, with_names};
use super::style::StyleReader;
use super::timeline::FilmSpans;
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::color::Color;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Anchor, Element, ElementKind, ElementType, PlottedSignal, PointCodes, Reveal, TextAnchor,
};
use crate::scene::expr::{Code, FreeId, ValueType, Variable};
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The keys of every element's style.
pub(in crate::scene) const STYLE_KEYS: &[KeySpec] = &[
    KeySpec::new(
        "color",
        KeyType::Color,
        "curves: C0, C1, …; else `\"currentcolor\"`",
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
    KeySpec::new("legend", KeyType::Label, "none", "its entry in the legend"),
    KeySpec::new(
        "layer",
        KeyType::Word(&words(&LAYERS)),
        "under; `point`, `text`: over",
        "under or over the mass of a spring panel",
    ),
    EACH,
];

/// The variable of a curve, or of a value at present.
pub(in crate::scene) const OVER: KeySpec = KeySpec::new(
    "over",
    KeyType::Mixed("`\"t\"`, name of a param, or a fresh name"),
    "the panel's",
    "what it runs over",
);
/// The horizontal coordinate of a signal.
pub(in crate::scene) const X: KeySpec =
    KeySpec::new("x", KeyType::Signal, "the variable", "the horizontal coordinate in a plot");
/// The values of a curve's variable.
pub(in crate::scene) const SPAN: KeySpec = KeySpec::new(
    "span",
    KeyType::Pair(&KeyType::Signal),
    "the panel's; over `t` that of `[time]`, over the film's variable that of `[animate]`, else the x range",
    "how far the curve runs",
);

/// The distance of samples.
pub(in crate::scene) const STEP: KeySpec = KeySpec::new(
    "step",
    KeyType::Positive,
    "1 for a name that is only an index, else none",
    "samples at these distances only, joined by straight lines",
);

/// The parts of a curve by name.
pub(in crate::scene) const REVEALS: [(&str, Reveal); 2] = [("grow", Reveal::Grow), ("all", Reveal::All)];
/// Whether an element is over the masses of a spring panel, by name.
const LAYERS: [(&str, bool); 2] = [("under", false), ("over", true)];

/// Keys reserved for kinds that are not implemented.
const RESERVED: [&str; 2] = ["stem", "phasors"];

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
    pub(super) film: Result<FilmSpans<'c>, Diagnostic>,
    /// Whether the panel is a plot, whose horizontal axis shows the variable of curves.
    pub(in crate::scene) plots: bool,
    /// The range of the horizontal axis, if the scene gives one.
    pub(super) range: Option<PointCodes>,
    /// The default variable and span of the panel's curves.
    pub(super) over: Variable,
    pub(super) span: Option<PointCodes>,
    /// The number of previous curves with a color of the cycle.
    pub(super) cycled: u8,
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
            ..*self
        };
        let element = reader.element(item);
        self.cycled = reader.cycled;
        element
    }

    /// Reads one entry of `draw`.
    pub(super) fn element(&mut self, item: ValueReader<'_>) -> Result<Element, Diagnostic> {
        let origin = item.origin();
        let reserved = self.context.model.work().reserve(ELEMENT_BYTES);
        reserved.map_err(|limit| Diagnostic::from(limit).at(origin))?;
        let mut table = item.table()?;
        table.reject_reserved(&RESERVED)?;
        let (key, main) = table.one_of("an element", &ElementType::ALL.map(ElementType::key))?;
        let Some(element_type) = ElementType::ALL.into_iter().find(|known| known.key() == key) else {
            return Err(main.error("is no element"));
        };
        table.add_keys(element_type.keys);
        table.add_keys(STYLE_KEYS);
        table.add_keys(element_type.fill.as_slice());
        table.add_keys(DISPLAY_KEYS);
        let kind = (element_type.read)(self, main, &mut table);
        let along = match &kind {
            Ok(ElementKind::Trace(trace)) => Some(trace.signal.over),
            _ => None,
        };
        let reader = StyleReader { elements: self, along, cause: kind.as_ref().err().cloned() };
        let (style, signals) = reader.style(element_type, &mut table);
        let when = table.attempt("when", |item| self.context.signal(item));
        let legend = table.attempt("legend", |item| self.context.label(item));
        let over = table.attempt("layer", |item| item.choice(&LAYERS));
        table.opt(EACH.name, |_| Ok(()))?;
        let kind = table.finish_with(kind)?;
        Ok(Element { kind, style, signals, when, legend, over: over.unwrap_or(element_type.is_over), origin })
    }

    /// Reads the signal of a curve, which runs over a variable.
    pub(in crate::scene) fn curve(
        &self,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<PlottedSignal, Diagnostic> {
        let whole = main.clone();
        let over = table.opt("over", |item| self.context.variable(item))?.unwrap_or(self.over);
        let code = |item: ValueReader<'_>| self.along_curve(item, over);
        let (value, x) = (code(main)?, table.opt("x", code)?);
        let own_span = table.opt("span", |item| self.place(item))?.or_else(|| self.span.clone());
        let step = if table.key_type(STEP.name).is_some() {
            self.context.opt_number(table, STEP.name)?
        } else {
            None
        };
        let index = free(over).and_then(|free| self.context.index_range(&value, free));
        let along_axis = self.plots && x.is_none();
        let range = || self.range.clone().filter(|_| along_axis);
        let film_span = self.film.as_ref().ok().and_then(|film| film.span(over));
        let default = || index.or(film_span).map(|span| span.map(Code::constant)).or_else(range);
        let span = own_span.or_else(default);
        let span = span.ok_or_else(|| self.without_span(&whole, over))?;
        Ok(PlottedSignal { value, x, over, span, step: step.or(index.map(|_| 1.0)) })
    }

    /// Reads a signal along a curve over a variable, which it may depend on.
    pub(in crate::scene) fn along_curve(
        &self,
        item: ValueReader<'_>,
        over: Variable,
    ) -> Result<Code, Diagnostic> {
        let code = self.context.signal_with(item.clone(), free(over).as_slice())?;
        self.check_type(&code, &item)?;
        Ok(code)
    }

    /// Checks that a value of a plot is not complex, as far as its type says so.
    fn check_type(&self, code: &Code, item: &ValueReader<'_>) -> Result<(), Diagnostic> {
        if !self.plots || code.value_type() != ValueType::Complex {
            return Ok(());
        }
        Err(item
            .error("is complex, and a plot shows real numbers")
            .help("write re(…), im(…) or abs(…), or show it on a panel of kind 'plane'"))
    }

    fn without_span(&self, curve: &ValueReader<'_>, over: Variable) -> Diagnostic {
        if let Err(error) = &self.film {
            return error.clone();
        }
        let help = match over {
            Variable::Time => "write [time] span = [0, 10], in seconds, or span = [0, 10] beside the curve",
            Variable::Param(_) | Variable::Free(_) if self.plots => {
                "write span = [0, 2] beside the curve, or give the panel x = { range = [0, 2] }"
            }
            Variable::Param(_) | Variable::Free(_) => "write span = [0, 2] beside the curve",
        };
        curve.error("runs over a variable without a span").help(help)
    }

    /// Reads the signal of an element that shows the present value only.
    pub(in crate::scene) fn present(
        &self,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<PlottedSignal, Diagnostic> {
        let whole = main.clone();
        let own = table.opt("over", |item| self.context.variable(item))?;
        let over = own.unwrap_or(self.over);
        let value = self.context.signal(main)?;
        self.check_type(&value, &whole)?;
        let x = table.opt("x", |item| self.context.signal(item))?;
        if self.plots && x.is_none() && free(over).is_some() {
            return Err(whole
                .error("is shown at present, and what curves run over here has none")
                .help("write x = …, where it lies on the horizontal axis, or over = 't'"));
        }
        let at = [f64::NAN; 2].map(Code::constant);
        Ok(PlottedSignal { value, x, over, span: at, step: None })
    }

    /// Reads `reveal`; `tail` reads its tables. The default is `grow` for a curve over the film's variable.
    pub(in crate::scene) fn reveal(
        &self,
        signal: &PlottedSignal,
        tail: impl FnOnce(ValueReader<'_>) -> Result<Reveal, Diagnostic>,
        table: &mut TableReader<'_>,
    ) -> Result<Reveal, Diagnostic> {
        let reveal = table.opt("reveal", |item| {
            let reveal = match item.value() {
                Value::Table(_) => tail(item.clone())?,
                _ => item.clone().choice(&REVEALS)?,
            };
            if reveal != Reveal::All && free(signal.over).is_some() {
                return Err(item
                    .error("asks for the present of a variable that has none")
                    .help("leave it out: all of the curve is shown"));
            }
            Ok(reveal)
        })?;
        let grows = self
            .film
            .as_ref()
            .is_ok_and(|FilmSpans { timeline, .. }| signal.over == timeline.variable && timeline.frames > 1);
        Ok(reveal.unwrap_or(if grows { Reveal::Grow } else { Reveal::All }))
    }

    /// Reads a point.
    pub(in crate::scene) fn place(&self, item: ValueReader<'_>) -> Result<PointCodes, Diagnostic> {
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

/// The free variable of a curve, which has no present value; `None` for time and params.
fn free(over: Variable) -> Option<FreeId> {
    match over {
        Variable::Free(free) => Some(free),
        Variable::Time | Variable::Param(_) => None,
    }
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
