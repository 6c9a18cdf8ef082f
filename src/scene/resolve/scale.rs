//! Checks of logarithmic axes: they are only for plots, have no equal units, no tick step and no values up to zero, cannot
//! share the range of a linear axis, and some elements are undefined on them.

use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Element, LogAxisDefect, Panel, PanelKind, Scale};
use crate::scene::number_format::shortest;
use crate::scene::table_reader::NamedValue;
use crate::scene::value_reader::ValueReader;

/// The scales of an axis.
pub(in crate::scene) const SCALES: [(&str, Scale); 2] = [("linear", Scale::Linear), ("log", Scale::Log)];

/// Reads the scale of an axis. Only plots can have logarithmic axes.
pub(super) fn scale(item: ValueReader<'_>, kind: &PanelKind) -> Result<Scale, Diagnostic> {
    let scale = item.clone().choice(&SCALES)?;
    let panel_type = kind.panel_type();
    if scale == Scale::Linear || panel_type.shows_variable {
        return Ok(scale);
    }
    Err(item
        .error(&format!("= \"log\" is for plots, and this is a {}", panel_type.noun))
        .help("leave it out, or write kind = 'plot'"))
}

/// Checks that an axis of this scale can show a value.
pub(super) fn check_value(value: f64, item: &ValueReader<'_>, scale: Scale) -> Result<f64, Diagnostic> {
    if scale.transform(value).is_finite() {
        return Ok(value);
    }
    Err(item
        .error(&format!("is {}, which has no place on a logarithmic axis", shortest(value)))
        .help("it must be greater than 0, such as 0.01"))
}

/// Checks that the axis of a tick step is linear.
pub(super) fn check_step(item: &ValueReader<'_>, scale: Scale) -> Result<(), Diagnostic> {
    match scale {
        Scale::Linear => Ok(()),
        Scale::Log => Err(item
            .error("divides a linear axis, and this one is logarithmic")
            .help("leave `ticks` out for powers of ten, or write the numbers: ticks = [0.1, 1, 10]")),
    }
}

/// Checks that panels with logarithmic axes show nothing that needs linear axes.
pub(super) fn check(panels: &[Panel], named: &[NamedValue<'_>]) -> Result<(), Diagnostic> {
    for (panel, named) in panels.iter().zip(named) {
        for (axis, name) in both(panel) {
            if let Some(source) = axis.share {
                check_same_scale((panel, named), &panels[source], name)?;
            }
        }
        if let Some((_, name)) = both(panel).into_iter().find(|(axis, _)| axis.scale == Scale::Log) {
            check_unequal((panel, named), name)?;
            panel.elements.iter().try_for_each(|element| check_element(element, name))?;
        }
    }
    Ok(())
}

fn both(panel: &Panel) -> [(&Axis, &'static str); 2] {
    [(&panel.x, "x"), (&panel.y, "y")]
}

/// Checks that an axis has the same scale as the axis whose range it shares.
fn check_same_scale(
    (panel, named): (&Panel, &NamedValue<'_>),
    source: &Panel,
    name: &str,
) -> Result<(), Diagnostic> {
    let own = if name == "x" { panel.x.scale } else { panel.y.scale };
    let theirs = if name == "x" { source.x.scale } else { source.y.scale };
    let (kind, remedy) = match (own, theirs) {
        (Scale::Linear, Scale::Log) => ("logarithmic", "write scale = \"log\" beside it"),
        (Scale::Log, Scale::Linear) => ("linear", "leave out scale = \"log\" beside it"),
        (Scale::Linear, Scale::Linear) | (Scale::Log, Scale::Log) => return Ok(()),
    };
    let (this, other) = (&panel.name, &source.name);
    Err(Diagnostic::new(format!("the {name} axis of panel `{other}` is {kind}, and that of `{this}` is not"))
        .at(named.origin_of(&[name, "share"]))
        .help(format!("{remedy}, or give panel `{this}` a range of its own")))
}

/// Checks that a panel with a logarithmic axis has no equal units.
fn check_unequal((panel, named): (&Panel, &NamedValue<'_>), name: &str) -> Result<(), Diagnostic> {
    if !panel.has_equal_units {
        return Ok(());
    }
    Err(Diagnostic::new(format!("units cannot be equally long on a logarithmic axis, which {name} is"))
        .at(named.origin_of(&["aspect"]))
        .help(format!("leave out aspect = \"equal\", or {name}.scale")))
}

/// Checks that an element is defined on a logarithmic axis.
fn check_element(element: &Element, axis: &str) -> Result<(), Diagnostic> {
    let Some(LogAxisDefect { why, remedy }) = &element.kind.element_type().log_axis else {
        return Ok(());
    };
    Err(Diagnostic::new(*why)
        .at(element.origin)
        .label(format!("its panel's {axis} axis is logarithmic"))
        .help(format!("{remedy}, or leave out {axis}.scale")))
}
