//! Resolves the axes of panels: ranges, scales, and the panels whose ranges they share.

use super::context::Context;
use super::panel_names::PanelNames;
use super::scale;
use super::ticks::{on_axis, ticks};
use super::timeline::{self, FilmSpans};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, MovingRange, Panel, PanelKind, Scale};
use crate::scene::expr::Code;
use crate::scene::table_reader::NamedValue;
use crate::scene::value_reader::ValueReader;

/// The keys of an axis.
pub(super) const KEYS: &[KeySpec] = &[
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

/// Reads the axes of one panel.
#[derive(Clone, Copy)]
pub(super) struct AxisReader<'a> {
    pub(super) kind: &'a PanelKind,
    pub(super) names: PanelNames<'a>,
    /// The spans of the film, by which a range moves; `None` if they are mistaken.
    pub(super) film: Option<FilmSpans<'a>>,
    pub(super) context: &'a Context<'a>,
}

impl AxisReader<'_> {
    /// Reads one axis.
    pub(super) fn axis(&self, item: ValueReader<'_>) -> Result<Axis, Diagnostic> {
        let Self { context, kind, .. } = *self;
        let panel = self.names.own;
        let mut table = item.table()?.with_keys(KEYS);
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
        let read = table.attempt("ticks", |item| {
            ticks_origin = Some(item.origin());
            ticks(item, scale, context)
        });
        let ticks = read.unwrap_or_default();
        let grid = table.attempt("grid", ValueReader::bool).unwrap_or(false);
        let share = table.attempt("share", |item| self.share(item, range.is_some() || moving.is_some()));
        table.finish()?;
        Ok(Axis { range, moving, label, ticks, ticks_origin, grid, scale, share })
    }

    /// Reads a range if one of its ends changes with time or with the film's variable.
    fn moving_range(&self, item: ValueReader<'_>) -> Result<Option<MovingRange>, Diagnostic> {
        let moves = |code: &Code| timeline::moves(code, self.film.as_ref());
        // An end that is no signal is no number either; the reader of numbers says so.
        let ends = item.clone().pair(|end| Ok(self.context.signal(end).ok()))?;
        let [Some(first), Some(last)] = ends else { return Ok(None) };
        let ends = [first, last];
        Ok(ends.iter().any(moves).then(|| MovingRange { ends, origin: item.origin() }))
    }

    fn range(&self, item: ValueReader<'_>, scale: Scale) -> Result<[f64; 2], Diagnostic> {
        let whole = item.clone();
        let range = item.pair(|end| on_axis(end, scale, self.context))?;
        let Some(defect) = scale.range_defect(range) else { return Ok(range) };
        let (why, help) = defect.explain(range);
        Err(whole.error(&why).help(help))
    }

    /// Reads `share` and returns the index of the panel whose range is used.
    fn share(&self, item: ValueReader<'_>, has_range: bool) -> Result<usize, Diagnostic> {
        let index = self.names.other(item.clone())?;
        if has_range {
            return Err(item
                .error("takes over a range beside the range that is given")
                .help("keep one of the two"));
        }
        Ok(index)
    }
}

/// Checks that no panels share their axes in a cycle.
pub(super) fn check_share_cycle(
    axis: AxisName,
    panels: &[Panel],
    named: &[NamedValue<'_>],
) -> Result<(), Diagnostic> {
    let (next, key) = (|index: usize| panels[index].axis(axis)?.share, axis.key());
    for (start, panel) in named.iter().enumerate() {
        let mut cycle = vec![start];
        while let Some(index) = next(cycle[cycle.len() - 1]).filter(|_| cycle.len() <= panels.len()) {
            cycle.push(index);
            if index == start {
                let names: Vec<&str> = cycle.iter().map(|&index| panels[index].name.as_str()).collect();
                let message = format!("panels share their {key} axes in a ring: {}", names.join(" → "));
                return Err(Diagnostic::new(message)
                    .at(panel.origin_of(&[key, "share"]))
                    .help("give one panel of the ring a range of its own"));
            }
        }
    }
    Ok(())
}
