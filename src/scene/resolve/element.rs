//! Resolves `draw`: the elements of a panel.

use super::context::Context;
use super::timeline::FilmSpans;
use super::variables::FIELD;
use crate::scene::color::Color;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Anchor, Arrow, Element, ElementKind, Marker, Note, Onto, PlottedSignal, PointCodes, Reveal, Space, Style,
};
use crate::scene::expr::{Code, FreeId, Variable};
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The keys that determine the kind of an element.
const KINDS: [&str; 12] =
    ["trace", "point", "arm", "drop", "hline", "vline", "line", "rect", "circle", "text", "area", "field"];
/// Keys reserved for kinds that are not implemented.
const RESERVED: [&str; 3] = ["stem", "poles", "phasors"];

/// The default width of curves, and of all other lines, in CSS pixels.
const CURVE_WIDTH: f64 = 1.75;
const LINE_WIDTH: f64 = 1.25;
/// The default diameter of markers in CSS pixels.
const MARKER_SIZE: f64 = 7.0;
/// The dash and gap of `dash = true` in line widths, as in matplotlib's "dashed".
const DASH: [f64; 2] = [3.7, 1.6];
/// The default opacity of areas.
const AREA_OPACITY: f64 = 0.35;

/// The default width and opacity of a direction field's arrows, which are a faint background of the curves.
const FIELD_WIDTH: f64 = 0.9;
const FIELD_OPACITY: f64 = 0.4;
/// The default and maximal number of a direction field's arrows in a row.
const FIELD_COUNT: usize = 20;
const MAX_FIELD_COUNT: i64 = 200;

/// Reads the elements of one panel.
pub(super) struct ElementReader<'c, 'm> {
    pub(super) context: &'c Context<'m>,
    pub(super) film: FilmSpans<'c>,
    /// Whether the panel is a plot, whose horizontal axis shows the variable of curves.
    pub(super) plots: bool,
    /// The range of the horizontal axis, if the scene gives one.
    pub(super) range: Option<[f64; 2]>,
    /// The default variable and span of the panel's curves.
    pub(super) over: Variable,
    pub(super) span: Option<PointCodes>,
    /// The number of previous curves with a color of the cycle.
    pub(super) cycled: u8,
}

impl ElementReader<'_, '_> {
    /// Reads one entry of `draw`.
    pub(super) fn element(&mut self, item: ValueReader<'_>) -> Result<Element, Diagnostic> {
        let origin = item.origin();
        let mut table = item.table()?;
        table.reject_reserved(&RESERVED)?;
        let (key, main) = table.one_of("an element", &KINDS)?;
        let kind = self.kind(key, main, &mut table)?;
        let style = self.style(&kind, &mut table)?;
        let when = table.opt("when", |item| self.context.signal(item))?;
        let legend = table.opt("legend", |item| self.context.label(item))?;
        let layers = [("under", false), ("over", true)];
        let over = table.opt("layer", |item| item.choice(&layers))?;
        table.finish()?;
        let default_over = matches!(kind, ElementKind::Point { .. } | ElementKind::Text { .. });
        Ok(Element { kind, style, when, legend, over: over.unwrap_or(default_over), origin })
    }

    fn kind(
        &self,
        key: &'static str,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<ElementKind, Diagnostic> {
        let code = |item: ValueReader<'_>| self.context.signal(item);
        match key {
            "trace" | "area" => self.curve(key, main, table),
            "point" => self.point(main, table),
            "arm" => {
                let signal = self.present(main, table)?;
                Ok(ElementKind::Arm {
                    signal,
                    arrow: table.opt("arrow", ValueReader::bool)?.unwrap_or(false),
                })
            }
            "drop" => {
                let signal = self.present(main, table)?;
                let axes = [("x", Onto::X), ("y", Onto::Y)];
                let onto = table.opt("onto", |item| item.choice(&axes))?;
                Ok(ElementKind::Drop { signal, onto: onto.unwrap_or(Onto::X) })
            }
            "hline" => Ok(ElementKind::Hline(code(main)?)),
            "vline" => Ok(ElementKind::Vline(code(main)?)),
            "line" => {
                let ends = self.corners(main)?;
                Ok(ElementKind::Line { ends, arrow: table.opt("arrow", arrow)?.unwrap_or(Arrow::None) })
            }
            "rect" => Ok(ElementKind::Rect(self.corners(main)?)),
            "circle" => {
                let center = self.place(main)?;
                let radius = table.opt("radius", code)?;
                let radius = radius.ok_or_else(|| table.missing_key("radius", "radius = 1"))?;
                Ok(ElementKind::Circle { center, radius })
            }
            "field" => self.field(main, table),
            "text" => self.text(main, table),
            _ => Err(main.error("is no element")),
        }
    }

    /// Reads a trace or an area, which run over a variable.
    fn curve(
        &self,
        key: &'static str,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<ElementKind, Diagnostic> {
        let whole = main.clone();
        let over = table.opt("over", |item| self.context.variable(item))?.unwrap_or(self.over);
        let bound: Vec<FreeId> = free(over).into_iter().collect();
        let code = |item: ValueReader<'_>| self.context.signal_with(item, &bound);
        let (value, x) = (code(main)?, table.opt("x", code)?);
        let own_span = table.opt("span", |item| self.place(item))?.or_else(|| self.span.clone());
        let along_axis = self.plots && x.is_none();
        let default = || self.film.span(over).or(self.range.filter(|_| along_axis));
        let span = own_span.or_else(|| default().map(|span| span.map(Code::constant)));
        let span = span.ok_or_else(|| self.without_span(&whole, over))?;
        let signal = PlottedSignal { value, x, over, span };
        if key == "trace" {
            return Ok(ElementKind::Trace { reveal: self.reveal(&signal, true, table)?, signal });
        }
        let to = table.opt("to", code)?;
        Ok(ElementKind::Area { reveal: self.reveal(&signal, false, table)?, signal, to })
    }

    fn without_span(&self, curve: &ValueReader<'_>, over: Variable) -> Diagnostic {
        let help = match over {
            Variable::Time => "write [time] span = [0, 10], in seconds, or span = [0, 10] beside the curve",
            Variable::Param(_) | Variable::Free(_) if self.plots => {
                "write span = [0, 2] beside the curve, or give the panel x = { range = [0, 2] }"
            }
            Variable::Param(_) | Variable::Free(_) => "write span = [0, 2] beside the curve",
        };
        curve.error("runs over a variable whose span is not told").help(help)
    }

    /// Reads the signal of an element that shows the present value only.
    fn present(
        &self,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<PlottedSignal, Diagnostic> {
        let whole = main.clone();
        let own = table.opt("over", |item| self.context.variable(item))?;
        let over = own.unwrap_or(self.over);
        let value = self.context.signal(main)?;
        let x = table.opt("x", |item| self.context.signal(item))?;
        if self.plots && x.is_none() && free(over).is_some() {
            return Err(whole
                .error("is shown at present, and what curves run over here has none")
                .help("write x = …, where it lies on the horizontal axis, or over = 't'"));
        }
        let at = [f64::NAN; 2].map(Code::constant);
        Ok(PlottedSignal { value, x, over, span: at })
    }

    /// Reads `reveal`. The default is `grow` for a curve over the film's variable.
    fn reveal(
        &self,
        signal: &PlottedSignal,
        fades: bool,
        table: &mut TableReader<'_>,
    ) -> Result<Reveal, Diagnostic> {
        let timeline = self.film.timeline;
        let words = [("grow", Reveal::Grow), ("all", Reveal::All)];
        let reveal = table.opt("reveal", |item| {
            let reveal = match item.value() {
                Value::Table(_) => self.tail(item.clone(), fades)?,
                _ => item.clone().choice(&words)?,
            };
            if reveal != Reveal::All && free(signal.over).is_some() {
                return Err(item
                    .error("asks for the present of a variable that has none")
                    .help("leave it out: all of the curve is shown"));
            }
            Ok(reveal)
        })?;
        let grows = signal.over == timeline.variable && timeline.frames > 1;
        Ok(reveal.unwrap_or(if grows { Reveal::Grow } else { Reveal::All }))
    }

    /// Reads `{ tail = N }`. Only traces can fade, so `fades` is whether the element is one.
    fn tail(&self, item: ValueReader<'_>, fades: bool) -> Result<Reveal, Diagnostic> {
        if !fades {
            return Err(item.error("as a tail is for traces").help("write reveal = 'grow' or 'all'"));
        }
        let mut table = item.table()?;
        let length = table.opt("tail", |item| self.context.positive(item))?;
        let length =
            length.ok_or_else(|| table.missing_key("tail", "tail = 2, how much of the curve's variable"))?;
        table.finish()?;
        Ok(Reveal::Tail(length))
    }

    /// Reads a direction field, whose direction depends on (x, y).
    fn field(&self, main: ValueReader<'_>, table: &mut TableReader<'_>) -> Result<ElementKind, Diagnostic> {
        let [Some(x), Some(y)] = FIELD.map(|name| self.context.model.free(name)) else {
            return Err(main
                .error("calls a place (x, y), and one of these names means something else here")
                .help("give the param, signal or system of that name another one"));
        };
        let place = [x, y];
        let direction = main.pair(|part| self.context.signal_with(part, &place))?;
        let count = table.opt("count", |item| item.integer_in(1..=MAX_FIELD_COUNT))?;
        Ok(ElementKind::Field { direction, place, count: count.map_or(FIELD_COUNT, |count| count as usize) })
    }

    fn point(&self, main: ValueReader<'_>, table: &mut TableReader<'_>) -> Result<ElementKind, Diagnostic> {
        let signal = self.present(main, table)?;
        let markers = [("o", Marker::Disc), ("x", Marker::Cross), ("+", Marker::Plus), ("s", Marker::Square)];
        let marker = table.opt("marker", |item| item.choice(&markers))?.unwrap_or(Marker::Disc);
        let size = table.opt("size", |item| self.context.positive(item))?.unwrap_or(MARKER_SIZE);
        let label = table.opt("note", |item| self.context.label(item))?;
        let mut anchor_item = None;
        let anchor = table.opt("anchor", |item| {
            anchor_item = Some(item.clone());
            anchor(item)
        })?;
        let note = match (label, anchor_item) {
            (Some(label), _) => Some(Note { label, anchor: anchor.unwrap_or(Anchor::SOUTH_WEST) }),
            (None, Some(item)) => {
                return Err(item
                    .error("places a note, and there is none")
                    .help("write note = 'text' beside it, or leave it out"));
            }
            (None, None) => None,
        };
        Ok(ElementKind::Point { signal, marker, size, note })
    }

    fn text(&self, main: ValueReader<'_>, table: &mut TableReader<'_>) -> Result<ElementKind, Diagnostic> {
        let label = self.context.label(main)?;
        let at = table.opt("at", |item| self.place(item))?;
        let at = at.ok_or_else(|| table.missing_key("at", "at = [x, y]"))?;
        let spaces = [("data", Space::Data), ("panel", Space::Panel)];
        let space = table.opt("in", |item| item.choice(&spaces))?.unwrap_or(Space::Data);
        let default = match space {
            Space::Data => Anchor::SOUTH_WEST,
            Space::Panel => Anchor::NORTH_WEST,
        };
        let anchor = table.opt("anchor", anchor)?.unwrap_or(default);
        Ok(ElementKind::Text { label, at, space, anchor })
    }

    fn place(&self, item: ValueReader<'_>) -> Result<PointCodes, Diagnostic> {
        item.pair(|coordinate| self.context.signal(coordinate))
    }

    fn corners(&self, item: ValueReader<'_>) -> Result<[PointCodes; 2], Diagnostic> {
        item.pair(|corner| self.place(corner))
    }

    fn style(&mut self, kind: &ElementKind, table: &mut TableReader<'_>) -> Result<Style, Diagnostic> {
        let curve = matches!(kind, ElementKind::Trace { .. } | ElementKind::Area { .. });
        let color = table.opt("color", Color::read)?;
        let width = table.opt("width", |item| self.context.positive(item))?;
        let width = width.unwrap_or(match kind {
            _ if curve => CURVE_WIDTH,
            ElementKind::Field { .. } => FIELD_WIDTH,
            _ => LINE_WIDTH,
        });
        let dash = table.opt("dash", |item| self.dash(item, width))?.unwrap_or_default();
        let opacity = table.opt("opacity", |item| self.context.fraction(item))?;
        let solid = match kind {
            ElementKind::Area { .. } => AREA_OPACITY,
            ElementKind::Field { .. } => FIELD_OPACITY,
            _ => 1.0,
        };
        let fill = match kind {
            ElementKind::Rect(_)
            | ElementKind::Circle { .. }
            | ElementKind::Point { .. }
            | ElementKind::Area { .. } => table.opt("fill", Color::read)?,
            ElementKind::Trace { .. }
            | ElementKind::Arm { .. }
            | ElementKind::Drop { .. }
            | ElementKind::Hline(_)
            | ElementKind::Vline(_)
            | ElementKind::Line { .. }
            | ElementKind::Field { .. }
            | ElementKind::Text { .. } => None,
        };
        let color = color.unwrap_or_else(|| if curve { self.next_color() } else { Color::Ink });
        Ok(Style { color, fill, width, dash, opacity: opacity.unwrap_or(solid) })
    }

    fn next_color(&mut self) -> Color {
        let color = Color::Cycle(self.cycled % 10);
        self.cycled = self.cycled.wrapping_add(1);
        color
    }

    /// Reads a dash pattern: `true`, or lengths of dashes and gaps in CSS pixels.
    fn dash(&self, item: ValueReader<'_>, width: f64) -> Result<Vec<f64>, Diagnostic> {
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

/// The free variable of a curve, which has no present value; `None` for time and params.
fn free(over: Variable) -> Option<FreeId> {
    match over {
        Variable::Free(free) => Some(free),
        Variable::Time | Variable::Param(_) => None,
    }
}

pub(super) fn anchor(item: ValueReader<'_>) -> Result<Anchor, Diagnostic> {
    let choices = Anchor::NAMES.map(|name| (name, Anchor::from_name(name)));
    item.choice(&choices).map(Option::unwrap_or_default)
}

fn arrow(item: ValueReader<'_>) -> Result<Arrow, Diagnostic> {
    match item.value() {
        Value::Bool(true) => Ok(Arrow::End),
        Value::Bool(false) => Ok(Arrow::None),
        Value::String(content) if content.as_str() == "both" => Ok(Arrow::Both),
        _ => Err(item.expected("`true`, `false` or 'both'").help("write arrow = true, or arrow = 'both'")),
    }
}
