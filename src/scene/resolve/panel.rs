//! Resolves `[panels]`: their kinds and what every kind has.

use super::axis::{AxisReader, check_share_cycle};
use super::colorbar::colorbar;
use super::context::Context;
use super::each::EACH;
use super::element::{ElementReader, one_legend_entry_each};
use super::inset;
use super::matrix;
use super::moving_range;
use super::panel_names::PanelNames;
use super::scale;
use super::second_axis::{self, SecondAxis};
use super::timeline::FilmSpans;
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Anchor, AxisName, ColorSource, Element, LegendPlace, LegendSide, Panel, PanelFrame, PanelKind, PanelType,
};
use crate::scene::expr::{Code, Variable};
use crate::scene::meant;
use crate::scene::table_reader::{NamedValue, TableReader};
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The keys of every panel.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "kind",
        KeyType::Word(&["plot", "plane", "spring", "chain", "matrix"]),
        "",
        "what the panel is",
    ),
    KeySpec::new("title", KeyType::Label, "none", "above the plot rectangle"),
    KeySpec::new(
        "legend",
        KeyType::Mixed("boolean, anchor, `\"right\"` or `\"below\"`"),
        "`true`",
        "where entries go: `true` where the legend covers least, `false` nowhere, or beside the plot",
    ),
    KeySpec::new(
        "inset",
        KeyType::Table,
        "none",
        "the panel stands inside of another one, and in no cell of the grid",
    ),
    KeySpec::new(
        "axes",
        KeyType::Word(&words(&FRAMES)),
        "`\"box\"`; spring: `\"corner\"`",
        "lines around the plot rectangle",
    ),
    KeySpec::new(
        "aspect",
        KeyType::Word(&words(&ASPECTS)),
        "`\"auto\"`; plane: `\"equal\"`",
        "`\"equal\"` widens a range until units are equally long on both axes",
    ),
    KeySpec::new(
        "over",
        KeyType::Mixed("`\"t\"`, name of a param, or a fresh name"),
        "`\"t\"`",
        "what its curves run over; see [Curves](elements.md#what-a-curve-runs-over)",
    ),
    KeySpec::new("span", KeyType::Pair(&KeyType::Signal), "see `draw.trace.span`", "how far its curves run"),
    KeySpec::new(
        "signals",
        KeyType::Mixed("table of signals"),
        "none",
        "signals for the expressions of this panel; see [Signals of one panel](expressions.md#signals-of-one-panel)",
    ),
    KeySpec::new(
        "draw",
        KeyType::Mixed("list of elements"),
        "`[]`",
        "see [Elements](elements.md); in the order in which they are painted",
    ),
    KeySpec::new(
        "colorbar",
        KeyType::Mixed("boolean or table"),
        "`false`",
        "the colors of the panel's first map beside it; a table has its `label` and `ticks`",
    ),
    EACH,
    KeySpec::new("x", KeyType::Table, "fitted", "the horizontal axis"),
    KeySpec::new("y", KeyType::Table, "fitted", "the vertical axis, with the keys of `x`"),
    KeySpec::new(
        "y2",
        KeyType::Table,
        "none",
        "of plots: a second vertical axis, right of the plot, with the keys of `x`; elements choose it by `axis = \"y2\"`",
    ),
];

/// The sides of a plot rectangle that a legend may stand on, by name.
const LEGEND_SIDES: [(&str, LegendSide); 2] = [("right", LegendSide::Right), ("below", LegendSide::Below)];

/// The lines around a plot rectangle.
const FRAMES: [(&str, PanelFrame); 4] = [
    ("box", PanelFrame::Box),
    ("corner", PanelFrame::Corner),
    ("origin", PanelFrame::Origin),
    ("none", PanelFrame::None),
];

/// Whether units are equally long on both axes.
const ASPECTS: [(&str, bool); 2] = [("auto", false), ("equal", true)];

/// Checks the name of a panel, which may contain hyphens.
fn check_name(named: &NamedValue<'_>) -> Result<(), Diagnostic> {
    let mut chars = named.name.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphabetic());
    if first && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Ok(());
    }
    Err(Diagnostic::new(format!("`{}` cannot name a panel", named.name))
        .at(named.name_origin)
        .help("a name begins with a letter and goes on with letters, digits, `_` and `-`"))
}

/// Reads all panels, in the order of the file.
pub(super) fn panels(
    table: TableReader<'_>,
    film: Result<FilmSpans<'_>, &Diagnostic>,
    context: &Context<'_>,
) -> Result<Vec<Panel>, Diagnostic> {
    let errors = table.errors().clone();
    let named = table.named();
    let names: Vec<&str> = named.iter().map(|panel| panel.name).collect();
    let mut panels = errors.all(named.iter().map(|panel| {
        check_name(panel)?;
        let context = context.with_locals(context.model.panel_names(panel.name).iter());
        let names = PanelNames { own: panel.name, all: &names };
        PanelReader { names, film, context: &context }.panel(panel)
    }))?;
    second_axis::check(&panels, &named)?;
    for axis in AxisName::ALL {
        check_share_cycle(axis, &panels, &named)?;
    }
    inset::check(&panels)?;
    scale::check(&panels, &named)?;
    moving_range::share(&mut panels);
    moving_range::check(&panels)?;
    Ok(panels)
}

/// Reads one panel: the names of all panels, the spans of curves and the context of expressions.
struct PanelReader<'c, 'm> {
    names: PanelNames<'c>,
    film: Result<FilmSpans<'c>, &'c Diagnostic>,
    context: &'c Context<'m>,
}

impl PanelReader<'_, '_> {
    fn panel(&self, named: &NamedValue<'_>) -> Result<Panel, Diagnostic> {
        let context = self.context;
        let mut table = named.item.clone().table()?.with_keys(KEYS);
        // The model has read them.
        table.opt("signals", |_| Ok(()))?;
        let (kind, own_elements) = self.kind(&mut table)?;
        let frame = table.attempt("axes", |item| item.choice(&FRAMES));
        let panel_type = kind.panel_type();
        let title = table.attempt("title", |item| context.label(item));
        let legend = table.attempt("legend", legend);
        let inset = table.attempt("inset", |item| inset::inset(item, self.names, context));
        let equal = table.attempt("aspect", |item| item.choice(&ASPECTS));
        let axes = AxisReader { kind: &kind, names: self.names, film: self.film.ok(), context };
        let x = table.opt("x", |item| axes.axis(item));
        let y = table.attempt("y", |item| axes.axis(item));
        let y2 = table.attempt("y2", |item| second_axis::axis(&axes, item));
        let can_use_y2 = y2.is_some() || table.has("y2");
        // Without the range, it is not known whether a curve has a span.
        let film = match (self.film, &x) {
            (Ok(film), Ok(_)) => Ok(film),
            (Err(error), _) | (_, Err(error)) => Err(error.clone()),
        };
        let (mut x, mut y, mut y2) = (table.note(x).unwrap_or_default(), y.unwrap_or_default(), y2);
        if let PanelKind::Matrix(matrix) = &kind {
            matrix::name_axes(matrix, [&mut x, &mut y]);
        }
        let copy = named.item.copy();
        let first_copy = copy.and_then(|copy| self.names.all.iter().position(|name| *name == copy.first));
        if copy.is_some_and(|copy| copy.index > 0) {
            for axis in [&mut x, &mut y].into_iter().chain(&mut y2) {
                axis.share = if axis.range.is_none() { axis.share.or(first_copy) } else { None };
            }
        }
        let mut reader = ElementReader {
            context,
            film,
            plots: panel_type.shows_variable,
            second_axis: SecondAxis { panel: named.name, kind: panel_type, exists: can_use_y2 },
            range: x
                .moving
                .as_ref()
                .map(|moving| moving.ends.clone())
                .or(x.range.map(|ends| ends.map(Code::constant))),
            over: table.opt("over", |item| context.variable(item))?.unwrap_or(Variable::Time),
            span: table.opt("span", |item| item.pair(|end| context.signal(end)))?,
            cycled: 0,
            traces: Vec::new(),
        };
        let elements = table.attempt("draw", |item| item.list_all(|element| reader.copy_or_element(element)));
        let are_known = elements.is_some() || !table.has("draw");
        let elements = one_legend_entry_each(elements.unwrap_or_default());
        let elements: Vec<Element> = own_elements.into_iter().chain(elements).collect();
        let colorbar = table
            .attempt("colorbar", |item| {
                // The map may be among elements with mistakes.
                if !are_known {
                    return Ok(None);
                }
                colorbar(item, ColorSource::of(&kind, &elements), context)
            })
            .flatten();
        table.opt(EACH.name, |_| Ok(()))?;
        table.finish()?;
        Ok(Panel {
            name: named.name.to_owned(),
            kind,
            title,
            legend: legend.unwrap_or(LegendPlace::Auto),
            frame: frame.unwrap_or(panel_type.frame),
            inset,
            first_copy,
            has_equal_units: equal.unwrap_or(panel_type.has_equal_units),
            x,
            y,
            y2,
            colorbar,
            elements,
            origin: named.name_origin,
        })
    }

    fn kind(&self, table: &mut TableReader<'_>) -> Result<(PanelKind, Vec<Element>), Diagnostic> {
        let words = PanelType::ALL.map(|known| (known.name, known));
        let chosen = table.opt("kind", |item| {
            let word = if let Value::String(content) = item.value() { content.as_str() } else { "" };
            item.choice(&words).map_err(|error| match meant::panel_kind(word) {
                Some(help) => error.help(help),
                None => error,
            })
        })?;
        let kinds = || PanelType::ALL.map(|known| format!("'{}'", known.name)).join(", ");
        let panel_type =
            chosen.ok_or_else(|| table.missing_key("kind", &format!("kind = one of {}", kinds())))?;
        (panel_type.read)(table, self.context)
    }
}

fn legend(item: ValueReader<'_>) -> Result<LegendPlace, Diagnostic> {
    match item.value() {
        Value::Bool(false) => Ok(LegendPlace::Hidden),
        Value::Bool(true) => Ok(LegendPlace::Auto),
        _ => {
            let anchors = Anchor::NAMES.map(|name| (name, Anchor::from_name(name).map(LegendPlace::At)));
            let sides = LEGEND_SIDES.map(|(name, side)| (name, Some(LegendPlace::Outside(side))));
            let places: Vec<_> = anchors.into_iter().chain(sides).collect();
            item.choice(&places).map(|place| place.unwrap_or(LegendPlace::Auto))
        }
    }
}
