//! Resolves the keys of a spring panel: one mass or several in lanes, their motion, and the springs.

use super::context::Context;
use super::each::{EACH, with_names};
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::color::Color;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Lane, Orientation, Spring};
use crate::scene::expr::{Code, ExprRole};
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;
use crate::suggest::hint;
use crate::system::{MemberKind, Schema, Shape};

/// The default number of windings.
const COILS: usize = 7;
/// Half the extent of a mass across the motion: of a single mass, and in lanes at distance 1.
const REACH: f64 = 0.5;
const REACH_IN_LANES: f64 = 0.3;

/// The directions of the motion.
const ORIENTATIONS: [(&str, Orientation); 2] =
    [("horizontal", Orientation::Horizontal), ("vertical", Orientation::Vertical)];

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

/// Reads the keys that only a spring panel has.
pub(in crate::scene) fn spring(
    table: &mut TableReader<'_>,
    context: &Context<'_>,
) -> Result<Spring, Diagnostic> {
    table.add_keys(KEYS);
    let orientation = table.opt("orientation", |item| item.choice(&ORIENTATIONS))?;
    let dashpot = table.opt("dashpot", ValueReader::bool)?;
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
    Ok(Spring {
        orientation: orientation.unwrap_or(Orientation::Horizontal),
        lanes,
        reach,
        wall: table.opt("wall", |item| context.signal(item))?,
        mass_size: context.opt_number(table, "mass-size")?,
        mass_label: table.opt("mass-label", |item| context.label(item))?,
        coils: table.opt_integer("coils")?.map_or(COILS, |coils| coils as usize),
    })
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
    let name = item.clone().string()?.as_str();
    let known: Vec<&str> = context.model.systems().map(|(_, name, _)| name).collect();
    let schema = context.model.system(name).and_then(|(id, _)| context.model.schema(id));
    let compile = |source: &str| {
        let compiled = context.model.compile(&format!("{name}.{source}"), ExprRole::Element(&[]));
        compiled.map_err(|error| item.error(&error.message))
    };
    let Some(schema) = schema else {
        let error = item.error(&format!("names no system: `{name}`")).maybe_help(hint(name, &known));
        return Err(context.unknown(name, error));
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
