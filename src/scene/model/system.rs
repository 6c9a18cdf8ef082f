//! The keys of each kind of system: which exist, which exclude each other, and how a system is solved from them.

use super::{DefinitionPath, ModelError};
use crate::scene::expr::{Bindings, Code, EvalError, SystemKind, evaluate, to_real};
use crate::scene::suggest::nearest;
use crate::solver::Trajectory;
use crate::solver::oscillator::{Damping, Drive, Oscillator, ParameterError, Parameters, Rates};

/// The keys of an oscillator. Those of the table `drive` have the prefix `drive.`.
const OSCILLATOR_KEYS: [&str; 11] = [
    "mass",
    "stiffness",
    "damping",
    "omega0",
    "gamma",
    "zeta",
    "x0",
    "v0",
    "drive.amplitude",
    "drive.omega",
    "drive.phase",
];

/// Two keys of an oscillator that cannot both be given.
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

/// The keys of a kind of system other than `kind`. The keys of nested tables are joined by points:
/// `drive.omega`.
#[must_use]
pub fn system_keys(kind: SystemKind) -> &'static [&'static str] {
    match kind {
        SystemKind::Oscillator => &OSCILLATOR_KEYS,
    }
}

/// A system with its compiled keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct System {
    pub(super) name: String,
    pub(super) kind: SystemKind,
    pub(super) keys: Vec<(&'static str, Code)>,
}

/// Checks that the given keys exist, do not exclude each other, and suffice.
pub(super) fn check_keys(system: &str, kind: SystemKind, given: &[&str]) -> Result<(), ModelError> {
    for key in given {
        if !system_keys(kind).contains(key) {
            let message = format!("an {} has no key `{key}`", kind.name());
            let error = ModelError::new(key_path(system, key), message);
            return Err(match nearest(key, system_keys(kind).iter().copied()) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    }
    match kind {
        SystemKind::Oscillator => check_oscillator_keys(system, given),
    }
}

fn check_oscillator_keys(system: &str, given: &[&str]) -> Result<(), ModelError> {
    let has = |key: &str| given.contains(&key);
    let missing = |message: &str, help: &str| {
        Err(ModelError::new(DefinitionPath::System(system.to_owned()), message).with_help(help))
    };
    if let Some(Conflict { keys: [first, second], help }) =
        CONFLICTS.iter().find(|conflict| conflict.keys.iter().all(|key| has(key)))
    {
        let message = format!("`{first}` and `{second}` cannot be given together");
        return Err(ModelError::new(key_path(system, second), message).with_help(*help));
    }
    if !has("stiffness") && !has("omega0") {
        return missing(
            "an oscillator needs `stiffness` or `omega0`",
            "write stiffness = 10, in newtons per meter, or omega0 = 2, in radians per second",
        );
    }
    let is_driven = given.iter().any(|key| key.starts_with("drive."));
    if is_driven && !(has("drive.amplitude") && has("drive.omega")) {
        return missing(
            "a drive needs `amplitude` and `omega`",
            "write drive = { amplitude = 1, omega = 2 }, in newtons and radians per second",
        );
    }
    Ok(())
}

fn key_path(system: &str, key: &str) -> DefinitionPath {
    DefinitionPath::Key { system: system.to_owned(), key: key.to_owned() }
}

impl System {
    /// Solves the system at these values.
    pub(super) fn solve(&self, bindings: &Bindings<'_>) -> Result<Trajectory, ModelError> {
        match self.kind {
            SystemKind::Oscillator => {
                let solved = Oscillator::new(self.oscillator_parameters(bindings)?);
                solved.map(Trajectory::Oscillator).map_err(|error| self.invalid_parameter(&error))
            }
        }
    }

    /// The parameters of an oscillator from its keys.
    fn oscillator_parameters(&self, bindings: &Bindings<'_>) -> Result<Parameters, ModelError> {
        let value = |key, default| self.value(key, default, bindings);
        Ok(Parameters {
            mass: value("mass", 1.0)?,
            rates: if self.has("omega0") {
                let damping = if self.has("zeta") {
                    Damping::Zeta(value("zeta", 0.0)?)
                } else {
                    Damping::Gamma(value("gamma", 0.0)?)
                };
                Rates::Angular { omega0: value("omega0", 0.0)?, damping }
            } else {
                Rates::Mechanical { stiffness: value("stiffness", 0.0)?, damping: value("damping", 0.0)? }
            },
            x0: value("x0", 0.0)?,
            v0: value("v0", 0.0)?,
            drive: if self.has("drive.amplitude") {
                Some(Drive {
                    amplitude: value("drive.amplitude", 0.0)?,
                    omega: value("drive.omega", 0.0)?,
                    phase: value("drive.phase", 0.0)?,
                })
            } else {
                None
            },
        })
    }

    /// Whether a key is given.
    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|(given, _)| *given == key)
    }

    /// The value of a key, or its default if it is not given.
    fn value(&self, key: &str, default: f64, bindings: &Bindings<'_>) -> Result<f64, ModelError> {
        let Some((_, code)) = self.keys.iter().find(|(given, _)| *given == key) else { return Ok(default) };
        let number = evaluate(code, bindings).and_then(|value| to_real(value).map_err(EvalError::from));
        number.map_err(|error| {
            ModelError::new(key_path(&self.name, key), error.to_string())
                .with_help("write re(…), im(…) or abs(…) for a real number")
        })
    }

    /// The error for a parameter that the solver rejects.
    fn invalid_parameter(&self, error: &ParameterError) -> ModelError {
        ModelError::new(key_path(&self.name, error.key), error.to_string())
            .with_help(format!("change `{}`, or the values that its expression uses", error.key))
    }
}
