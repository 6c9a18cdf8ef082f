//! Resolves `y2`, the second vertical axis of a plot, and the choice of elements between the two.

use super::axis::AxisReader;
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, ElementKind, Panel, PanelFrame, PanelType, VerticalAxis};
use crate::scene::table_reader::NamedValue;
use crate::scene::value_reader::ValueReader;

/// The vertical axis of an element.
pub(super) const AXIS: KeySpec = KeySpec::new(
    "axis",
    KeyType::Word(&words(&NAMES)),
    "`\"y\"`",
    "the vertical axis of its y coordinates; see [Two vertical axes](axes.md#two-vertical-axes)",
);

/// The vertical axes by name.
const NAMES: [(&str, VerticalAxis); 2] = [("y", VerticalAxis::Y), ("y2", VerticalAxis::Y2)];

/// The facts about a second axis on which the elements of its panel depend.
#[derive(Clone, Copy)]
pub(in crate::scene) struct SecondAxis<'a> {
    /// The name of the panel.
    pub(super) panel: &'a str,
    pub(super) kind: &'static PanelType,
    /// Whether the panel has one.
    pub(super) exists: bool,
}

/// Reads the second axis of a panel. Only plots have one.
pub(super) fn axis(axes: &AxisReader<'_>, item: ValueReader<'_>) -> Result<Axis, Diagnostic> {
    let panel_type = axes.kind.panel_type();
    if panel_type.can_have_y2 {
        return axes.axis(item);
    }
    Err(item
        .error(&format!("is for plots, and this is a {}", panel_type.noun))
        .help("leave it out, or write kind = 'plot'"))
}

impl SecondAxis<'_> {
    /// Reads the vertical axis of an element. `kind` is its kind, if that is read.
    pub(super) fn choice(
        self,
        item: ValueReader<'_>,
        kind: Option<&ElementKind>,
    ) -> Result<VerticalAxis, Diagnostic> {
        let axis = item.clone().choice(&NAMES)?;
        if axis == VerticalAxis::Y {
            return Ok(axis);
        }
        if let Some(kind) = kind.filter(|kind| !kind.has_height()) {
            let why =
                format!("chooses a vertical axis, and no axis says how high this {} is drawn", kind.key());
            return Err(item.error(&why).help("leave it out"));
        }
        if self.exists {
            return Ok(axis);
        }
        let Self { panel, kind, .. } = self;
        let error = item.error(&format!("names an axis that panel `{panel}` does not have"));
        Err(if kind.can_have_y2 {
            error.help(format!("write y2 = {{}} in panel `{panel}`, or leave it out for axis = 'y'"))
        } else {
            error.help(format!("leave it out: a {} has one vertical axis", kind.noun))
        })
    }
}

/// Checks that panels with a second axis have no equal units and no axes through the origin, and that panels share the
/// second axes of panels that have one.
pub(super) fn check(panels: &[Panel], named: &[NamedValue<'_>]) -> Result<(), Diagnostic> {
    for (panel, named) in panels.iter().zip(named) {
        let Some(axis) = &panel.y2 else { continue };
        let error = |why: &str, key: &[&str], help: String| {
            Err(Diagnostic::new(format!("{why}, and panel `{}` has a y2 axis", panel.name))
                .at(named.origin_of(key))
                .help(help))
        };
        if panel.has_equal_units {
            let help = "leave out aspect = \"equal\", or y2".to_owned();
            return error("equal units allow one vertical axis", &["aspect"], help);
        }
        if panel.frame == PanelFrame::Origin {
            let help = "write axes = \"box\" or \"corner\", or leave out y2".to_owned();
            return error("axes through the origin allow one vertical axis", &["axes"], help);
        }
        if let Some(source) = axis.share.map(|index| &panels[index]).filter(|source| source.y2.is_none()) {
            let (key, name) = (AxisName::Y2.key(), &source.name);
            return Err(Diagnostic::new(format!("panel `{name}` has no {key} axis to share"))
                .at(named.origin_of(&[key, "share"]))
                .help(format!("write y2 = {{}} in panel `{name}`, or leave out `share`")));
        }
    }
    Ok(())
}
