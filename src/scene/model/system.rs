//! The systems of a model: which keys a kind has, how they go together, and how they are solved.

use super::{DefinitionPath, ModelError};
use crate::scene::expr::{Bindings, Code, EvalError, SystemKind, evaluate, to_real};
use crate::scene::suggest::nearest;
use crate::solver::Trajectory;
use crate::solver::oscillator::{Damping, Drive, Oscillator, ParameterError, Parameters, Rates};

/// The keys of an oscillator; those of `drive = { … }` are flattened.
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

/// Keys of an oscillator that say the same thing twice, and what to do about it.
const CONFLICTING_KEYS: [(&str, &str, &str); 6] = [
    ("omega0", "stiffness", "give one of the two"),
    ("gamma", "zeta", "give one of the two"),
    ("omega0", "damping", "beside `omega0`, damping is given as `gamma` or `zeta`"),
    ("stiffness", "gamma", "beside `stiffness`, damping is given as `damping`"),
    ("stiffness", "zeta", "beside `stiffness`, damping is given as `damping`"),
    ("gamma", "damping", "give one of the two"),
];

/// The keys that a kind of system has beside `kind`, tables flattened: `drive.omega`.
#[must_use]
pub fn system_keys(kind: SystemKind) -> &'static [&'static str] {
    match kind {
        SystemKind::Oscillator => &OSCILLATOR_KEYS,
    }
}

/// A system, its keys compiled.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct System {
    pub(super) name: String,
    pub(super) kind: SystemKind,
    pub(super) keys: Vec<(&'static str, Code)>,
}

/// Checks that the keys given exist and go together.
pub(super) fn check_keys(system: &str, kind: SystemKind, given: &[&str]) -> Result<(), ModelError> {
    let place = |key: &str| DefinitionPath::Key { system: system.to_owned(), key: key.to_owned() };
    for key in given {
        if !system_keys(kind).contains(key) {
            let error = ModelError::new(place(key), format!("an {} has no key `{key}`", kind.name()));
            return Err(match nearest(key, system_keys(kind).iter().copied()) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    }
    let has = |key: &str| given.contains(&key);
    let missing = |message: &str, help: &str| {
        Err(ModelError::new(DefinitionPath::System(system.to_owned()), message).with_help(help))
    };
    match kind {
        SystemKind::Oscillator => {
            if let Some((one, other, help)) =
                CONFLICTING_KEYS.iter().find(|(one, other, _)| has(one) && has(other))
            {
                let message = format!("`{one}` and `{other}` do not go together");
                return Err(ModelError::new(place(other), message).with_help(*help));
            }
            if !has("stiffness") && !has("omega0") {
                return missing(
                    "an oscillator needs `stiffness`, or `omega0`",
                    "write stiffness = 10, in newtons per metre, or omega0 = 2, in radians per second",
                );
            }
            let driven = given.iter().any(|key| key.starts_with("drive."));
            if driven && !(has("drive.amplitude") && has("drive.omega")) {
                return missing(
                    "a drive needs `amplitude` and `omega`",
                    "write drive = { amplitude = 1, omega = 2 }, in newtons and radians per second",
                );
            }
        }
    }
    Ok(())
}

impl System {
    /// The system's motion at these values.
    pub(super) fn solve(&self, bindings: &Bindings<'_>) -> Result<Trajectory, ModelError> {
        match self.kind {
            SystemKind::Oscillator => {
                let solved = Oscillator::new(self.oscillator(bindings)?);
                solved.map(Trajectory::Oscillator).map_err(|error| self.impossible(&error))
            }
        }
    }

    fn oscillator(&self, bindings: &Bindings<'_>) -> Result<Parameters, ModelError> {
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

    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|(given, _)| *given == key)
    }

    /// The number that a key was given, or its default.
    fn value(&self, key: &str, default: f64, bindings: &Bindings<'_>) -> Result<f64, ModelError> {
        let Some((_, code)) = self.keys.iter().find(|(given, _)| *given == key) else { return Ok(default) };
        let number = evaluate(code, bindings).and_then(|value| to_real(value).map_err(EvalError::from));
        number.map_err(|error| {
            ModelError::new(self.path(key), error.to_string())
                .with_help("write re(…), im(…) or abs(…) for a real number")
        })
    }

    fn impossible(&self, error: &ParameterError) -> ModelError {
        ModelError::new(self.path(error.key), error.to_string())
            .with_help(format!("change `{}`, or what its expression uses", error.key))
    }

    fn path(&self, key: &str) -> DefinitionPath {
        DefinitionPath::Key { system: self.name.clone(), key: key.to_owned() }
    }
}
