//! Resolves the places of panels inside of other panels.

use super::context::Context;
use super::panel_names::PanelNames;
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Inset, Panel, SPACES, Space};
use crate::scene::value_reader::ValueReader;

/// The keys of a place inside of another panel.
pub(super) const KEYS: &[KeySpec] = &[
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

/// Reads the place inside of another panel.
pub(super) fn inset(
    item: ValueReader<'_>,
    names: PanelNames<'_>,
    context: &Context<'_>,
) -> Result<Inset, Diagnostic> {
    let origin = item.origin();
    let mut table = item.table()?.with_keys(KEYS);
    let host = table.opt("panel", |item| names.other(item))?;
    let host = host.ok_or_else(|| table.missing_key("panel", "panel = 'name', the panel around it"))?;
    let at = table.opt("at", |item| {
        let whole = item.clone();
        let corners = item.list(|corner| context.number(corner))?;
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

/// Checks that no panels stand inside of each other.
pub(super) fn check(panels: &[Panel]) -> Result<(), Diagnostic> {
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
