//! The combinations of parameter values that become the scenes of a sweep.

use kymograph::scene::source::{OVERRIDE, Origin, Source, Sources};

use super::parameter::{Parameter, Spanned};
use super::{grid, table};
use crate::cli::load::LocatedError;

/// Parameters, and one combination of their values for each scene.
#[derive(Debug)]
pub(super) struct Sweep {
    pub(super) parameters: Vec<Parameter>,
    /// For each scene the index of one value of each parameter.
    pub(super) combinations: Vec<Vec<usize>>,
    /// The `--set` options, or the CSV file.
    sources: Sources,
}

impl Sweep {
    /// All combinations of the values of `--set` options; the last option varies fastest.
    pub(super) fn from_options(options: &[String]) -> Result<Self, LocatedError> {
        let mut sources = Sources::new();
        match grid::parameters(options, &mut sources) {
            Ok(parameters) => Ok(Self { combinations: product(&parameters), parameters, sources }),
            Err(error) => Err((error.into(), sources)),
        }
    }

    /// One combination for each row of a CSV file, whose header holds the keys.
    pub(super) fn from_csv(name: &str, text: String) -> Result<Self, LocatedError> {
        let mut sources = Sources::new();
        let file = sources.add(name, text);
        match table::parameters(file, sources.get(file).text()) {
            Ok((parameters, rows)) => {
                let combinations = (0..rows).map(|row| vec![row; parameters.len()]).collect();
                Ok(Self { parameters, combinations, sources })
            }
            Err(error) => Err((error.into(), sources)),
        }
    }

    /// The value of a parameter in a scene.
    pub(super) fn value(&self, scene: usize, parameter: usize) -> &Spanned {
        &self.parameters[parameter].values[self.combinations[scene][parameter]]
    }

    /// `KEY=VALUE` for each parameter of a scene.
    pub(super) fn assignments(&self, scene: usize) -> Vec<String> {
        let values = self.parameters.iter().zip(&self.combinations[scene]);
        values.map(|(parameter, value)| parameter.assignment(*value)).collect()
    }

    /// An error at one of the keys or values.
    pub(super) fn error(&self, at: &Spanned, message: impl Into<String>, help: &str) -> LocatedError {
        (at.error(message, help).into(), self.sources.clone())
    }

    /// Moves an error from an assignment `KEY=VALUE` to the CSV header or field that it comes from. Errors in `--set`
    /// stay where they are: the assignment shows which value of a range is meant.
    pub(super) fn relocate(&self, scene: usize, (errors, mut sources): LocatedError) -> LocatedError {
        let Some(csv) = self.csv() else { return (errors, sources) };
        let file = sources.add(csv.name(), csv.text());
        let assignments = self.assignments(scene);
        let relocated = errors.map(|mut error| {
            let Some(origin) = error.origin else { return error };
            let source = sources.get(origin.file);
            let assignment = assignments.iter().position(|it| it == source.text());
            if let Some(parameter) = assignment.filter(|_| source.name() == OVERRIDE) {
                let key = &self.parameters[parameter].key;
                let in_key = origin.start as usize <= key.text.len();
                let place = if in_key { key } else { self.value(scene, parameter) };
                error.origin = Some(Origin::new(file, place.origin.range()));
            }
            error
        });
        (relocated, sources)
    }

    /// The line of the CSV file that a scene comes from, if it comes from one.
    pub(super) fn line(&self, scene: usize) -> Option<usize> {
        self.csv().map(|csv| csv.position(self.value(scene, 0).origin.start as usize).line)
    }

    fn csv(&self) -> Option<&Source> {
        self.sources.first().filter(|source| source.name() != OVERRIDE)
    }
}

/// All combinations of one value of each parameter.
fn product(parameters: &[Parameter]) -> Vec<Vec<usize>> {
    let mut combinations = vec![Vec::new()];
    for parameter in parameters {
        let extended = |combination: Vec<usize>| {
            (0..parameter.values.len()).map(move |value| [combination.as_slice(), &[value]].concat())
        };
        combinations = combinations.into_iter().flat_map(extended).collect();
    }
    combinations
}
