//! Resolves the keys of a spring panel: one mass or several in lanes, their motion, and the springs.

use super::context::Context;
use super::each::{EACH, with_names};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::color::Color;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{
    Arrow, CoilShape, Element, ElementKind, Hline, Lane, Orientation, Spring, Style, StyleSignals,
    VerticalAxis,
};
use crate::scene::expr::{Code, ExprRole};
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;
use crate::system::{MemberKind, Schema, Shape};

/// The default number of windings.
const COILS: usize = 7;
/// Half the extent of a mass across the motion: of a single mass, and in lanes at distance 1.
const REACH: f64 = 0.5;
const REACH_IN_LANES: f64 = 0.3;

/// The directions of the motion.
const ORIENTATIONS: [(&str, Orientation); 2] =
    [("horizontal", Orientation::Horizontal), ("vertical", Orientation::Vertical)];

/// The shapes of windings.
const SHAPES: [(&str, CoilShape); 3] =
    [("zigzag", CoilShape::Zigzag), ("sine", CoilShape::Sine), ("helix", CoilShape::Helix)];

/// The standard acceleration of gravity, in m/s².
const GRAVITY: f64 = 9.80665;
/// The place of the arrow beside the mass that shows the shift by gravity.
const ARROW_X: f64 = -0.62;
/// The width of the lines that mark it, in CSS pixels, and the dots of the unstretched length.
const MARK_WIDTH: f64 = 0.8;
const MARK_DOTS: [f64; 2] = [1.0, 2.5];
const MARK_DASHES: [f64; 2] = [4.0, 2.5];

/// The keys that only a spring panel has.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "system",
        KeyType::Mixed("name of a system"),
        "",
        "the mass follows its `x`; or `position`, or `lanes`",
    ),
    KeySpec::new("position", KeyType::Signal, "", "where the mass is, in place of `system`"),
    KeySpec::new(
        "lanes",
        KeyType::List(&KeyType::Table),
        "none",
        "several masses side by side, in place of `system`",
    ),
    KeySpec::new(
        "orientation",
        KeyType::Word(&words(&ORIENTATIONS)),
        "`\"horizontal\"`",
        "along x, or up along y",
    ),
    KeySpec::new(
        "dashpot",
        KeyType::Bool,
        "where γ > 0",
        "`true` draws one beside each spring, `false` none",
    ),
    KeySpec::new("wall", KeyType::Signal, "the range's low end", "where the wall stands"),
    KeySpec::new(
        "mass-size",
        KeyType::Positive,
        "a tenth of the range along the motion",
        "the mass's width, in units of that axis",
    ),
    KeySpec::new("mass-label", KeyType::Label, "none", "in the middle of the mass"),
    KeySpec::new("coils", KeyType::IntegerIn(1, 1000), "`7`", "windings of the spring"),
    KeySpec::new("shape", KeyType::Word(&words(&SHAPES)), "`\"zigzag\"`", "how the windings look"),
    KeySpec::new(
        "gravity",
        KeyType::Bool,
        "`false`",
        "`true` marks how far gravity shifts the equilibrium of a vertical spring, m·g/k with g = 9.80665 m/s²",
    ),
];

/// The keys of one of `lanes`.
pub(super) const LANE_KEYS: &[KeySpec] = &[
    KeySpec::new(
        "system",
        KeyType::Mixed("name of a system"),
        "",
        "the lane's mass follows its `x`; or `position`",
    ),
    KeySpec::new("position", KeyType::Signal, "", "where that mass is"),
    KeySpec::new(
        "color",
        KeyType::Color,
        "`\"currentcolor\"`",
        "the outline of the mass; its inside is a tint of it",
    ),
    KeySpec::new("label", KeyType::Label, "none", "the lane's name, at the axis across the motion"),
    KeySpec::new("dashpot", KeyType::Bool, "the panel's", "for this lane alone"),
    EACH,
];

/// The motion of a mass, and whether it is damped.
struct Motion {
    position: Code,
    /// Not zero while the motion is damped.
    damped: Code,
    origin: Origin,
}

/// Reads the keys that only a spring panel has. Returns the spring, and elements that mark its equilibrium.
pub(in crate::scene) fn spring(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
) -> Result<(Spring, Vec<Element>), Diagnostic> {
    table.add_keys(KEYS);
    let orientation = table.opt("orientation", |item| item.choice(&ORIENTATIONS))?;
    let dashpot = table.opt("dashpot", ValueReader::bool)?;
    let orientation = orientation.unwrap_or(Orientation::Horizontal);
    let unstretched = unstretched(table, orientation, context)?;
    let marks = unstretched.iter().flat_map(|(code, origin)| gravity_marks(code, *origin)).collect();
    let listed = table.opt("lanes", |item| lanes(item, dashpot, context))?;
    let reach = if listed.is_some() { REACH_IN_LANES } else { REACH };
    let lanes = match (motion(table, context, listed.is_some())?, listed) {
        (Some(motion), _) => vec![motion.into_lane(dashpot)],
        (None, Some(lanes)) => lanes,
        (None, None) => {
            let example = "system = 'spring', or position = 'spring.x', or lanes = [{ system = 'spring' }]";
            return Err(table.missing_key("system", example));
        }
    };
    let spring = Spring {
        orientation,
        lanes,
        reach,
        wall: table.opt("wall", |item| context.signal(item))?,
        mass_size: context.opt_number(table, "mass-size")?,
        mass_label: table.opt("mass-label", |item| context.label(item))?,
        coils: table.opt_integer("coils")?.map_or(COILS, |coils| coils as usize),
        shape: table.opt("shape", |item| item.choice(&SHAPES))?.unwrap_or(CoilShape::Zigzag),
        unstretched: unstretched.map(|(code, _)| code),
    };
    Ok((spring, marks))
}

/// The place at which the spring of a vertical panel with gravity is not stretched, m·g/k above the equilibrium.
fn unstretched(
    table: &mut TableReader<'_>,
    orientation: Orientation,
    context: &Context<'_>,
) -> Result<Option<(Code, Origin)>, Diagnostic> {
    let Some(gravity) = table.opt("gravity", |item| Ok(item.clone().bool()?.then_some(item)))?.flatten()
    else {
        return Ok(None);
    };
    if orientation == Orientation::Horizontal {
        return Err(gravity
            .error("shifts nothing along a horizontal spring")
            .help("write orientation = 'vertical', or leave it out"));
    }
    let lacks_system =
        || gravity.error("needs the mass and the stiffness of a system").help("write system = 'spring'");
    let name = table.opt("system", Ok)?.ok_or_else(lacks_system)?;
    let (name, id) = context.system(&name)?;
    if context.solved(id).schema().find("omega0").is_none() {
        let error = gravity.error(&format!("needs the natural frequency of `{name}`, which has none"));
        return Err(error.help("name a system of kind 'oscillator'"));
    }
    let compiled = context.compile(&format!("{GRAVITY}/{name}.omega0^2"), ExprRole::Element(&[]));
    let code = compiled.map_err(|error| gravity.error(&error.message))?;
    Ok(Some((code, gravity.origin())))
}

/// The marks of the shift by gravity: a line at the equilibrium, one where the spring is not stretched, and an arrow from that one
/// to the other.
fn gravity_marks(unstretched: &Code, origin: Origin) -> [Element; 3] {
    let element = |kind: ElementKind, dash: &[f64]| Element {
        kind,
        style: Style { color: Color::Ink, fill: None, width: MARK_WIDTH, dash: dash.to_vec(), opacity: 1.0 },
        signals: StyleSignals::default(),
        when: None,
        legend: None,
        end_label: None,
        over: false,
        axis: VerticalAxis::Y,
        origin,
    };
    let place = |y: Code| [Code::constant(ARROW_X), y];
    let ends = [place(unstretched.clone()), place(Code::constant(0.0))];
    [
        element(ElementKind::Hline(Hline { y: Code::constant(0.0) }), &MARK_DASHES),
        element(ElementKind::Hline(Hline { y: unstretched.clone() }), &MARK_DOTS),
        element(ElementKind::Arrow(Arrow { ends, note: None }), &[]),
    ]
}

/// Reads the lanes; `dashpot` is their default from the panel.
fn lanes(
    item: ValueReader<'_>,
    dashpot: Option<bool>,
    context: &Context<'_>,
) -> Result<Vec<Lane>, Diagnostic> {
    let whole = item.clone();
    let lanes = item.list_all(|item| match item.copy() {
        Some(copy) => lane(item, dashpot, &with_names(context, &copy.names)),
        None => lane(item, dashpot, context),
    })?;
    if lanes.is_empty() {
        return Err(whole.error("is empty").help("write lanes = [{ system = 'spring' }], a table a lane"));
    }
    Ok(lanes)
}

fn lane(
    item: ValueReader<'_>,
    default_dashpot: Option<bool>,
    context: &Context<'_>,
) -> Result<Lane, Diagnostic> {
    let mut table = item.table()?.with_keys(LANE_KEYS);
    let motion = motion(&mut table, context, false)?
        .ok_or_else(|| table.missing_key("system", "system = 'spring', or position = 'spring.x'"))?;
    let color = table.opt("color", Color::read)?;
    let label = table.opt("label", |item| context.label(item))?;
    let dashpot = table.opt("dashpot", ValueReader::bool)?.or(default_dashpot);
    table.opt(EACH.name, |_| Ok(()))?;
    table.finish()?;
    Ok(Lane { color: color.unwrap_or(Color::Ink), label, ..motion.into_lane(dashpot) })
}

/// Reads the motion from `system` or `position`, which are both invalid in a panel with lanes.
fn motion(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
    in_lanes: bool,
) -> Result<Option<Motion>, Diagnostic> {
    let check_no_lanes = |item: &ValueReader<'_>| {
        let beside = item.error("and `lanes` both say what moves");
        if in_lanes { Err(beside.help("make it a lane, or leave `lanes` out")) } else { Ok(()) }
    };
    let system = table.opt("system", |item| {
        check_no_lanes(&item)?;
        system_motion(&item, context)
    })?;
    let position = table.opt("position", |item| match system {
        None => {
            check_no_lanes(&item)?;
            let origin = item.origin();
            Ok(Motion { position: context.signal(item)?, damped: Code::constant(0.0), origin })
        }
        Some(_) => Err(item.error("and `system` both say what moves").help("keep one of the two")),
    })?;
    Ok(system.or(position))
}

/// The displacement of a named system.
fn system_motion(item: &ValueReader<'_>, context: &Context<'_>) -> Result<Motion, Diagnostic> {
    let (name, id) = context.system(item)?;
    let schema = context.solved(id).schema();
    let compile = |source: &str| {
        let compiled = context.model.compile(&format!("{name}.{source}"), ExprRole::Element(&[]));
        compiled.map_err(|error| item.error(&error.message))
    };
    check_displacement(item, name, schema)?;
    let has_gamma = schema.find("gamma").is_some();
    let damped = if has_gamma { compile("gamma > 0")? } else { Code::constant(0.0) };
    Ok(Motion { position: compile("x")?, damped, origin: item.origin() })
}

/// Checks that a system has a single number `x`.
fn check_displacement(item: &ValueReader<'_>, name: &str, schema: &Schema) -> Result<(), Diagnostic> {
    let message = match schema.find("x") {
        Some((_, member)) if member.shape.indices() == 0 => return Ok(()),
        Some(_) => format!("names `{name}`, whose `x` is a vector"),
        None => format!("names `{name}`, which has no `x`"),
    };
    let signals = schema.members.iter().filter(|member| member.kind == MemberKind::Signal);
    let mut examples = signals.filter_map(|member| match member.shape {
        Shape::Scalar => Some(format!("{name}.{}", member.name)),
        Shape::Vector(axis) => Some(format!("{name}.{}[{}]", member.name, axis.first)),
        Shape::Matrix(..) => None,
    });
    let help = examples.next().map(|signal| format!("write position = '{signal}' in place of `system`"));
    Err(item.error(&message).maybe_help(help))
}

impl Motion {
    /// The lane of the motion. `dashpot` overrides whether a dashpot is drawn; by default damped motions have one.
    fn into_lane(self, dashpot: Option<bool>) -> Lane {
        let dashpot = dashpot.map_or(self.damped, |drawn| Code::constant(f64::from(drawn)));
        Lane { position: self.position, dashpot, color: Color::Ink, label: None, origin: self.origin }
    }
}
