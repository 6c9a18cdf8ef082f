//! Collects the free variables that curves run over, before the model is built. Expressions in `[signals]` may use them,
//! so the model must know them.

use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Panel;
use crate::scene::element::field::COORDINATES;
use crate::scene::model::Model;
use crate::scene::source::Origin;
use crate::scene::tree::{Node, TomlTable, Value};
use crate::suggest::nearest;

/// The name of time, the default variable of curves.
pub(super) const TIME: &str = "t";

/// The keys of elements whose signals depend on the place (x, y).
const PLACE_ELEMENTS: [&str; 3] = ["field", "heat", "contour"];

/// A free variable: its name is neither `t` nor that of a param.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    pub(super) name: String,
    /// The position of its first use as a variable of curves.
    pub(super) origin: Origin,
}

/// All free variables of a scene, each once.
///
/// Values that are not strings are skipped; the readers of panels and elements report them.
pub(super) fn variables(root: &Node) -> Vec<Variable> {
    let mut found: Vec<Variable> = Vec::new();
    let defined =
        |section: &str, name: &str| child(root, section).is_some_and(|it| child(it, name).is_some());
    let panels = child(root, "panels").and_then(Node::as_table).map_or(&[][..], TomlTable::entries);
    let is_signal_of_panel = |name: &str| {
        panels.iter().any(|panel| child(&panel.node, "signals").is_some_and(|it| child(it, name).is_some()))
    };
    let mut add = |name: &str, origin: Origin, taken: bool| {
        if !taken && found.iter().all(|variable| variable.name != name) {
            found.push(Variable { name: name.to_owned(), origin });
        }
    };
    for panel in panels {
        let elements = match child(&panel.node, "draw").map(|node| &node.value) {
            Some(Value::Array(elements)) => &**elements,
            _ => &[],
        };
        for table in std::iter::once(&panel.node).chain(elements) {
            let place = PLACE_ELEMENTS.iter().find_map(|key| child(table, key));
            let names_place = place.is_some() && child(table, "field").is_none();
            if let Some(Value::String(name)) =
                child(table, "over").map(|node| &node.value).filter(|_| !names_place)
            {
                let known = name.as_str() == TIME || defined("params", name.as_str());
                add(name.as_str(), name.origin(), known);
            }
            if let Some(place) = place {
                let taken = |name| {
                    let sections = ["params", "signals", "systems"];
                    sections.iter().any(|section| defined(section, name)) || is_signal_of_panel(name)
                };
                for name in COORDINATES {
                    add(name, place.origin, taken(name));
                }
            }
        }
    }
    found
}

fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.as_table()?.get(key).map(|entry| &entry.node)
}

/// Checks that each free variable is used in an expression. An unused one is usually a misspelled param.
pub(super) fn check_all_used(
    variables: &[Variable],
    panels: &[Panel],
    model: &Model,
) -> Result<(), Diagnostic> {
    let used = |name: &str| {
        let Some(free) = model.free(name) else { return true };
        let elements = panels.iter().flat_map(|panel| &panel.elements);
        let codes = elements.flat_map(|element| [element.kind.codes(), element.signals.codes()].concat());
        codes.into_iter().any(|code| code.dependencies().free.contains(&free))
    };
    let mut fresh = variables.iter().filter(|variable| !COORDINATES.contains(&variable.name.as_str()));
    let Some(Variable { name, origin }) = fresh.find(|variable| !used(&variable.name)) else {
        return Ok(());
    };
    let help = match nearest(name, model.params().map(|(_, param)| param)) {
        Some(param) => format!("did you mean `{param}`?"),
        None => format!("use `{name}` in the curve's expression, or run over `t` or a param"),
    };
    Err(Diagnostic::new(format!("nothing that runs over `{name}` uses it")).at(*origin).help(help))
}
