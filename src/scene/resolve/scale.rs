//! Checks of logarithmic axes: they are only for plots, have no equal units, no tick step and no values up to zero, cannot
//! share the range of a linear axis, and some elements are undefined on them.

use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{AxisName, Element, LogAxisDefect, Panel, PanelKind, Scale};
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
        for (name, axis) in panel.axes() {
            if let Some(source) = axis.share {
                check_same_scale((panel, named), &panels[source], name)?;
            }
        }
        let is_log = |name: &AxisName| panel.axis(*name).is_some_and(|axis| axis.scale == Scale::Log);
        if let Some(name) = AxisName::ALL.into_iter().find(is_log) {
            check_unequal((panel, named), name.key())?;
        }
        for element in &panel.elements {
            let axes = [AxisName::X, element.axis.into()];
            axes.iter()
                .find(|name| is_log(name))
                .map_or(Ok(()), |name| check_element(element, name.key()))?;
        }
    }
    Ok(())
}

/// Checks that an axis has the same scale as the axis whose range it shares.
fn check_same_scale(
    (panel, named): (&Panel, &NamedValue<'_>),
    source: &Panel,
    axis: AxisName,
) -> Result<(), Diagnostic> {
    let scale = |panel: &Panel| panel.axis(axis).map(|axis| axis.scale);
    let (kind, remedy) = match (scale(panel), scale(source)) {
        (Some(Scale::Linear), Some(Scale::Log)) => ("logarithmic", "write scale = \"log\" beside it"),
        (Some(Scale::Log), Some(Scale::Linear)) => ("linear", "leave out scale = \"log\" beside it"),
        _ => return Ok(()),
    };
    let name = axis.key();
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
