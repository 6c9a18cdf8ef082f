//! Resolves `[panels]`: kinds, axes and ticks.

use super::context::Context;
use super::each::EACH;
use super::element::{ElementReader, one_legend_entry_each};
use super::matrix;
use super::moving_range;
use super::scale;
use super::timeline::{self, FilmSpans};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::color::ColorMap;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Anchor, Axis, ColorSource, Colorbar, Element, Inset, Label, LegendPlace, LegendSide, MovingRange, Panel,
    PanelFrame, PanelKind, PanelType, SPACES, Scale, Space, Ticks, Unit,
};
use crate::scene::expr::{Code, Variable};
use crate::scene::meant;
use crate::scene::table_reader::{NamedValue, TableReader};
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;
use crate::suggest::hint;

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
];

/// The keys of a place inside of another panel.
pub(super) const INSET_KEYS: &[KeySpec] = &[
    KeySpec::new("panel", KeyType::Mixed("name of a panel"), "", "the other panel"),
    KeySpec::new(
        "at",
        KeyType::Mixed("list of four numbers"),
        "",
        "`[x0, y0, x1, y1]`, corners of the plot rectangle",
    ),
    KeySpec::new(
        "in",
        KeyType::Word(&words(&SPACES)),
        "`\"panel\"`",
        "whether `at` is in values of the other panel's axes, or in fractions of it, upward",
    ),
];

/// The keys of an axis.
pub(super) const AXIS_KEYS: &[KeySpec] = &[
    KeySpec::new(
        "range",
        KeyType::Pair(&KeyType::Signal),
        "fitted",
        "the first and last value; `[5, -5]` inverts the axis, `[\"t - 10\", \"t\"]` scrolls",
    ),
    KeySpec::new("label", KeyType::Label, "none", "the name of the axis"),
    KeySpec::new("ticks", KeyType::Mixed("boolean, list or table"), "`true`", "see [Ticks](axes.md#ticks)"),
    KeySpec::new("grid", KeyType::Bool, "`false`", "fine lines at the ticks"),
    KeySpec::new(
        "scale",
        KeyType::Word(&words(&scale::SCALES)),
        "`\"linear\"`",
        "of plots; see [Logarithmic axes](axes.md#logarithmic-axes)",
    ),
    KeySpec::new(
        "share",
        KeyType::Mixed("name of a panel"),
        "none",
        "takes that panel's range, which holds what both show; both must have the same scale",
    ),
];

/// The keys of a color bar.
pub(super) const COLORBAR_KEYS: &[KeySpec] = &[
    KeySpec::new("label", KeyType::Label, "none", "the name of its axis"),
    KeySpec::new("ticks", KeyType::Mixed("boolean, list or table"), "`true`", "see [Ticks](axes.md#ticks)"),
];

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
        PanelReader { names: &names, film, context: &context }.panel(panel)
    }))?;
    for axis in ["x", "y"] {
        check_share_cycle(axis, &panels, &named)?;
    }
    check_insets(&panels)?;
    scale::check(&panels, &named)?;
    moving_range::share(&mut panels);
    moving_range::check(&panels)?;
    Ok(panels)
}

/// Checks that no panels share their axes in a cycle.
fn check_share_cycle(axis: &str, panels: &[Panel], named: &[NamedValue<'_>]) -> Result<(), Diagnostic> {
    let next = |index: usize| if axis == "x" { panels[index].x.share } else { panels[index].y.share };
    for (start, panel) in named.iter().enumerate() {
        let mut cycle = vec![start];
        while let Some(index) = next(cycle[cycle.len() - 1]).filter(|_| cycle.len() <= panels.len()) {
            cycle.push(index);
            if index == start {
                let names: Vec<&str> = cycle.iter().map(|&index| panels[index].name.as_str()).collect();
                let message = format!("panels share their {axis} axes in a ring: {}", names.join(" → "));
                return Err(Diagnostic::new(message)
                    .at(panel.origin_of(&[axis, "share"]))
                    .help("give one panel of the ring a range of its own"));
            }
        }
    }
    Ok(())
}

/// Checks that no panels stand inside of each other.
fn check_insets(panels: &[Panel]) -> Result<(), Diagnostic> {
    for panel in panels {
        let Some(inset) = &panel.inset else { continue };
        if host_in_grid(panels, inset.host).is_none() {
            return Err(Diagnostic::new(format!("panel `{}` stands inside of itself", panel.name))
                .at(inset.origin)
                .help("leave the inset of one of the panels out"));
        }
    }
    Ok(())
}

/// The panel of the grid around a panel, or the panel itself if it is in the grid; `None` for panels that stand inside of
/// each other.
pub(super) fn host_in_grid(panels: &[Panel], panel: usize) -> Option<usize> {
    let mut index = panel;
    for _ in 0..=panels.len() {
        match &panels[index].inset {
            None => return Some(index),
            Some(inset) => index = inset.host,
        }
    }
    None
}

/// Reads one panel: the names of all panels, the spans of curves and the context of expressions.
struct PanelReader<'c, 'm> {
    names: &'c [&'c str],
    film: Result<FilmSpans<'c>, &'c Diagnostic>,
    context: &'c Context<'m>,
}

impl PanelReader<'_, '_> {
    fn panel(&self, named: &NamedValue<'_>) -> Result<Panel, Diagnostic> {
        let context = self.context;
        let mut table = named.item.clone().table()?.with_keys(KEYS);
        table.reject_reserved(&["y2"])?;
        // The model has read them.
        table.opt("signals", |_| Ok(()))?;
        let (kind, own_elements) = self.kind(&mut table)?;
        let frame = table.attempt("axes", |item| item.choice(&FRAMES));
        let panel_type = kind.panel_type();
        let title = table.attempt("title", |item| context.label(item));
        let legend = table.attempt("legend", legend);
        let inset = table.attempt("inset", |item| self.inset(item, named.name));
        let equal = table.attempt("aspect", |item| item.choice(&ASPECTS));
        let x = table.opt("x", |item| self.axis(item, named.name, &kind));
        let y = table.attempt("y", |item| self.axis(item, named.name, &kind));
        // Without the range, it is not known whether a curve has a span.
        let film = match (self.film, &x) {
            (Ok(film), Ok(_)) => Ok(film),
            (Err(error), _) | (_, Err(error)) => Err(error.clone()),
        };
        let (mut x, mut y) = (table.note(x).unwrap_or_default(), y.unwrap_or_default());
        if let PanelKind::Matrix(matrix) = &kind {
            matrix::name_axes(matrix, [&mut x, &mut y]);
        }
        if let Some(copy) = named.item.copy() {
            let first = self.names.iter().position(|name| *name == copy.first);
            for axis in [&mut x, &mut y].into_iter().filter(|_| copy.index > 0) {
                axis.share = if axis.range.is_none() { axis.share.or(first) } else { None };
            }
        }
        let mut reader = ElementReader {
            context,
            film,
            plots: panel_type.shows_variable,
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
        let elements = one_legend_entry_each(elements.unwrap_or_default());
        let elements: Vec<Element> = own_elements.into_iter().chain(elements).collect();
        let colorbar = table
            .attempt("colorbar", |item| self.colorbar(item, ColorSource::of(&kind, &elements)))
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
            has_equal_units: equal.unwrap_or(panel_type.has_equal_units),
            x,
            y,
            colorbar,
            elements,
            origin: named.name_origin,
        })
    }

    /// Reads the place inside of another panel.
    fn inset(&self, item: ValueReader<'_>, panel: &str) -> Result<Inset, Diagnostic> {
        let origin = item.origin();
        let mut table = item.table()?.with_keys(INSET_KEYS);
        let host = table.opt("panel", |item| self.other_panel(item, panel))?;
        let host = host.ok_or_else(|| table.missing_key("panel", "panel = 'name', the panel around it"))?;
        let at = table.opt("at", |item| {
            let whole = item.clone();
            let corners = item.list(|corner| self.context.number(corner))?;
            let at = <[f64; 4]>::try_from(corners).ok().filter(|[x, y, u, v]| x != u && y != v);
            at.ok_or_else(|| {
                whole
                    .error("is no rectangle")
                    .help("write at = [0.6, 0.6, 0.95, 0.95]: x and y of two opposite corners")
            })
        })?;
        let at = at.ok_or_else(|| table.missing_key("at", "at = [0.6, 0.6, 0.95, 0.95], two corners"))?;
        let space = table.opt("in", |item| item.choice(&SPACES))?.unwrap_or(Space::Panel);
        table.finish()?;
        Ok(Inset { host, at, space, origin })
    }

    /// Reads the name of another panel and returns its index.
    fn other_panel(&self, item: ValueReader<'_>, panel: &str) -> Result<usize, Diagnostic> {
        let name = item.clone().string()?.as_str();
        if name == panel {
            return Err(item.error("names the panel itself").help("name another panel"));
        }
        self.names.iter().position(|known| *known == name).ok_or_else(|| {
            item.error(&format!("names no panel: `{name}`")).maybe_help(hint(name, self.names))
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
        let panel_type = chosen
            .ok_or_else(|| table.missing_key("kind", "kind = 'plot', 'plane', 'spring' or 'matrix'"))?;
        (panel_type.read)(table, self.context)
    }

    fn axis(&self, item: ValueReader<'_>, panel: &str, kind: &PanelKind) -> Result<Axis, Diagnostic> {
        let context = self.context;
        let mut table = item.table()?.with_keys(AXIS_KEYS);
        if table.has("aspect") {
            return Err(table
                .misplaced("aspect")
                .help(format!("write it beside the axes: panels.{panel}.aspect = 'equal'")));
        }
        let scale = table.opt("scale", |item| scale::scale(item, kind))?.unwrap_or_default();
        let mut moving = None;
        let range = table.attempt("range", |item| {
            moving = self.moving_range(item.clone())?;
            if moving.is_some() { Ok(None) } else { self.range(item, scale).map(Some) }
        });
        let range = range.flatten();
        let label = table.attempt("label", |item| context.label(item));
        let mut ticks_origin = None;
        let ticks = table.attempt("ticks", |item| {
            ticks_origin = Some(item.origin());
            self.ticks(item, scale)
        });
        let ticks = ticks.unwrap_or_default();
        let grid = table.attempt("grid", ValueReader::bool).unwrap_or(false);
        let share =
            table.attempt("share", |item| self.share(item, panel, range.is_some() || moving.is_some()));
        table.finish()?;
        Ok(Axis { range, moving, label, ticks, ticks_origin, grid, scale, share })
    }

    /// Reads a color bar for the colors of a part of the panel.
    fn colorbar(
        &self,
        item: ValueReader<'_>,
        source: Option<ColorSource>,
    ) -> Result<Option<Colorbar>, Diagnostic> {
        let whole = item.clone();
        let mut axis = Axis::default();
        if let Value::Bool(is_shown) = item.value() {
            if !is_shown {
                return Ok(None);
            }
        } else {
            let help = "write colorbar = true, or colorbar = { label = '$|X|$', ticks = [0, 1] }";
            let table = item.expected("`true`, `false` or a table").help(help);
            let mut table = item.table().map_err(|_| table)?.with_keys(COLORBAR_KEYS);
            axis.label = table.attempt("label", |item| self.context.label(item));
            axis.scale = source.as_ref().map_or(Scale::Linear, |colors| colors.scale().scale);
            let ticks = table.attempt("ticks", |item| {
                axis.ticks_origin = Some(item.origin());
                self.ticks(item, axis.scale)
            });
            axis.ticks = ticks.unwrap_or_default();
            table.finish()?;
        }
        let Some(colors) = source else {
            return Err(whole
                .error("explains the colors of a map, and the panel has none")
                .help("leave it out, or draw a map, such as { heat = 'x*y' }"));
        };
        axis.scale = colors.scale().scale;
        let shows_angles = colors.scale().range == Some(ColorMap::Twilight.default_range());
        if shows_angles && matches!(axis.ticks, Ticks::Auto) {
            let unit = Unit { value: std::f64::consts::PI, symbol: "\\pi".to_owned() };
            axis.ticks = Ticks::Every { step: unit.value / 2.0, unit: Some(unit) };
        }
        Ok(Some(Colorbar { axis, colors }))
    }

    /// Reads a range if one of its ends changes with time or with the film's variable.
    fn moving_range(&self, item: ValueReader<'_>) -> Result<Option<MovingRange>, Diagnostic> {
        let moves = |code: &Code| timeline::moves(code, self.film.as_ref().ok());
        // An end that is no signal is no number either; the reader of numbers says so.
        let ends = item.clone().pair(|end| Ok(self.context.signal(end).ok()))?;
        let [Some(first), Some(last)] = ends else { return Ok(None) };
        let ends = [first, last];
        Ok(ends.iter().any(moves).then(|| MovingRange { ends, origin: item.origin() }))
    }

    fn range(&self, item: ValueReader<'_>, scale: Scale) -> Result<[f64; 2], Diagnostic> {
        let whole = item.clone();
        let range = item.pair(|end| self.on_axis(end, scale))?;
        let Some(defect) = scale.range_defect(range) else { return Ok(range) };
        let (why, help) = defect.explain(range);
        Err(whole.error(&why).help(help))
    }

    /// Reads a number that an axis of this scale can show.
    fn on_axis(&self, item: ValueReader<'_>, scale: Scale) -> Result<f64, Diagnostic> {
        scale::check_value(self.context.number(item.clone())?, &item, scale)
    }

    /// Reads `share` and returns the index of the panel whose range is used.
    fn share(&self, item: ValueReader<'_>, panel: &str, has_range: bool) -> Result<usize, Diagnostic> {
        let index = self.other_panel(item.clone(), panel)?;
        if has_range {
            return Err(item
                .error("takes over a range beside the range that is given")
                .help("keep one of the two"));
        }
        Ok(index)
    }

    fn ticks(&self, item: ValueReader<'_>, scale: Scale) -> Result<Ticks, Diagnostic> {
        match item.value() {
            Value::Bool(false) => Ok(Ticks::None),
            Value::Bool(true) => Ok(Ticks::Auto),
            Value::Array(_) => {
                let values = item.list(|tick| self.on_axis(tick, scale))?;
                Ok(Ticks::At(values.into_iter().map(|value| (value, None)).collect()))
            }
            Value::Table(_) => {
                let whole = item.clone();
                let mut table = item.table()?;
                let ticks = if table.has("at") {
                    table.add_keys(TICK_LIST_KEYS);
                    self.labeled_ticks(&mut table, &whole, scale)?
                } else {
                    table.add_keys(TICK_STEP_KEYS);
                    self.stepped_ticks(&mut table, scale)?
                };
                table.finish()?;
                Ok(ticks)
            }
            _ => Err(item.expected("a list of numbers, a table or `false`").help(
                "write ticks = [-1, 0, 1], or { step = 0.5 }, or { at = [0, 1], labels = ['a', 'b'] }",
            )),
        }
    }

    fn labeled_ticks(
        &self,
        table: &mut TableReader<'_>,
        whole: &ValueReader<'_>,
        scale: Scale,
    ) -> Result<Ticks, Diagnostic> {
        let values = table.opt("at", |item| item.list(|tick| self.on_axis(tick, scale)))?.unwrap_or_default();
        let labels = table.opt("labels", |item| tick_labels(item, self.context))?;
        let Some(labels) = labels else {
            return Ok(Ticks::At(values.into_iter().map(|value| (value, None)).collect()));
        };
        if labels.len() != values.len() {
            let why = format!("has {} in `at` and {} in `labels`", values.len(), labels.len());
            return Err(whole.error(&why).help("give each place its label"));
        }
        Ok(Ticks::At(values.into_iter().zip(labels.into_iter().map(Some)).collect()))
    }

    fn stepped_ticks(&self, table: &mut TableReader<'_>, scale: Scale) -> Result<Ticks, Diagnostic> {
        let mut names_pi = false;
        let step = table.opt("step", |item| {
            scale::check_step(&item, scale)?;
            names_pi = Context::names_pi(&item);
            self.context.positive(item)
        })?;
        let step = step.ok_or_else(|| table.missing_key("step", "step = 0.5, or at = [0, 1]"))?;
        let mut symbol_is_pi = false;
        let unit = table.opt("unit", |item| {
            symbol_is_pi = matches!(item.value(), Value::String(content) if content.as_str().trim() == "pi");
            self.context.positive(item)
        })?;
        let symbol = table.opt("symbol", |item| {
            let text = item.clone().string()?.as_str().trim();
            let bare = text.strip_prefix('$').and_then(|rest| rest.strip_suffix('$')).unwrap_or(text);
            if unit.is_none() {
                return Err(item
                    .error("names a unit that is not given")
                    .help("write unit = 'spring.period'"));
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
