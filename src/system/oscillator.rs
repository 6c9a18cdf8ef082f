//! The row of the oscillator: its keys and members over [`solver::oscillator`](crate::solver::oscillator).

use std::sync::{Arc, LazyLock};

use num_complex::Complex64;

use super::{At, Component, KeyError, Keys, KindSpec, Member, Outline, Schema, System, SystemError};
use crate::keys::{KeySpec, KeyType};
use crate::solver::oscillator::{
    Damping, Drive, Oscillator, OscillatorConstant, OscillatorSignal, ParameterError, Parameters, Rates,
};

/// The damped, driven harmonic oscillator.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "oscillator", article: "an", keys: &KEYS, max_solutions: 32_768, declare, solve };

const KEYS: [KeySpec; 11] = [
    KeySpec::new("mass", KeyType::Positive, "`1`", "").in_unit("kg"),
    KeySpec::new("stiffness", KeyType::Positive, "", "or `omega0` in its place").in_unit("N/m"),
    KeySpec::new("damping", KeyType::NonNegative, "`0`", "beside `stiffness`").in_unit("N·s/m"),
    KeySpec::new("omega0", KeyType::Positive, "", "in place of `stiffness`").in_unit("rad/s"),
    KeySpec::new("gamma", KeyType::NonNegative, "`0`", "damping ÷ mass; beside `omega0`").in_unit("1/s"),
    KeySpec::new(
        "zeta",
        KeyType::NonNegative,
        "`0`",
        "damping ratio, 1 is critical; beside `omega0`, in place of `gamma`",
    ),
    KeySpec::new("x0", KeyType::Number, "`0`", "displacement at t = 0").in_unit("m"),
    KeySpec::new("v0", KeyType::Number, "`0`", "velocity at t = 0").in_unit("m/s"),
    KeySpec::new("drive.amplitude", KeyType::Number, "", "the force is amplitude·cos(omega·t + phase)")
        .in_unit("N"),
    KeySpec::new("drive.omega", KeyType::NonNegative, "", "").in_unit("rad/s"),
    KeySpec::new("drive.phase", KeyType::Number, "`0`", "").in_unit("rad"),
];

/// Two keys that cannot both be given.
struct Conflict {
    keys: [&'static str; 2],
    help: &'static str,
}

/// The pairs of keys that would determine the same parameter twice.
const CONFLICTS: [Conflict; 6] = [
    Conflict { keys: ["omega0", "stiffness"], help: "give one of the two" },
    Conflict { keys: ["gamma", "zeta"], help: "give one of the two" },
    Conflict { keys: ["omega0", "damping"], help: "beside `omega0`, damping is given as `gamma` or `zeta`" },
    Conflict { keys: ["stiffness", "gamma"], help: "beside `stiffness`, damping is given as `damping`" },
    Conflict { keys: ["stiffness", "zeta"], help: "beside `stiffness`, damping is given as `damping`" },
    Conflict { keys: ["gamma", "damping"], help: "give one of the two" },
];

/// The signals, followed by the constants. The slot of a constant comes after those of all signals.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let signals = OscillatorSignal::ALL
        .iter()
        .map(|signal| Member::signal(signal.name()).complex_if(signal.is_complex()));
    let constants = OscillatorConstant::ALL
        .iter()
        .map(|constant| Member::constant(constant.name()).complex_if(constant.is_complex()));
    Schema { members: signals.chain(constants).collect(), grid: Vec::new() }
});

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    if let Some(Conflict { keys: [first, second], help }) =
        CONFLICTS.iter().find(|conflict| conflict.keys.iter().all(|key| keys.has(key)))
    {
        let message = format!("`{first}` and `{second}` cannot be given together");
        return Err(KeyError::key(*second, message, *help));
    }
    if !keys.has("stiffness") && !keys.has("omega0") {
        return Err(KeyError::system(
            "an oscillator needs `stiffness` or `omega0`",
            "write stiffness = 10, in newtons per meter, or omega0 = 2, in radians per second",
        ));
    }
    let is_driven = keys.0.iter().any(|(key, _)| key.starts_with("drive."));
    if is_driven && !(keys.has("drive.amplitude") && keys.has("drive.omega")) {
        return Err(KeyError::system(
            "a drive needs `amplitude` and `omega`",
            "write drive = { amplitude = 1, omega = 2 }, in newtons and radians per second",
        ));
    }
    Ok(SCHEMA.clone())
}

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    match Oscillator::new(parameters(keys)) {
        Ok(oscillator) => Ok(Arc::new(oscillator)),
        Err(error) => Err(invalid_parameter(&error)),
    }
}

/// The parameters of the equation of motion.
fn parameters(keys: &Keys) -> Parameters {
    let value = |key| keys.number(key).unwrap_or(0.0);
    let rates = if keys.has("omega0") {
        let damping =
            if keys.has("zeta") { Damping::Zeta(value("zeta")) } else { Damping::Gamma(value("gamma")) };
        Rates::Angular { omega0: value("omega0"), damping }
    } else {
        Rates::Mechanical { stiffness: value("stiffness"), damping: value("damping") }
    };
    let drive = keys.number("drive.amplitude").map(|amplitude| Drive {
        amplitude,
        omega: value("drive.omega"),
        phase: value("drive.phase"),
    });
    Parameters { mass: keys.number("mass").unwrap_or(1.0), rates, x0: value("x0"), v0: value("v0"), drive }
}

/// The error for a parameter that the solver rejects.
fn invalid_parameter(error: &ParameterError) -> KeyError {
    let help = format!("change `{}`, or the values that its expression uses", error.key);
    KeyError::key(error.key, error.to_string(), help)
}

impl System for Oscillator {
    fn schema(&self) -> &Schema {
        &SCHEMA
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let slot = usize::from(component.slot.0);
        Ok(match OscillatorSignal::ALL.get(slot) {
            Some(signal) => self.signal(*signal, at.time),
            None => self.constant(OscillatorConstant::ALL[slot - OscillatorSignal::ALL.len()]),
        })
    }

    fn bounds(&self, component: Component, from: f64, to: f64) -> Option<[[f64; 2]; 3]> {
        let signal = OscillatorSignal::ALL.get(usize::from(component.slot.0))?;
        Oscillator::bounds(self, *signal, from, to)
    }

    fn sample(
        &self,
        component: Component,
        times: &[f64],
        values: &mut [Complex64],
    ) -> Result<(), SystemError> {
        let Some(signal) = OscillatorSignal::ALL.get(usize::from(component.slot.0)) else { return Ok(()) };
        for (time, value) in times.iter().zip(values) {
            *value = self.signal(*signal, *time);
        }
        Ok(())
    }
}
