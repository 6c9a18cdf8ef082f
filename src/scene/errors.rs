//! Several errors of one scene.
//!
//! Readers return their first error as a [`Diagnostic`]. Where a scene has independent parts, such as the elements of a
//! panel, each part is read, and the errors beyond the first go to [`Errors`], which all readers of a scene share. An
//! error that only follows from another one, such as the use of a param whose definition is wrong, is returned as that
//! other error. So each mistake is reported once: equal errors are one.

use std::cell::RefCell;
use std::rc::Rc;

use super::diagnostic::Diagnostic;

/// The errors of a scene so far. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Errors(Rc<RefCell<Vec<Diagnostic>>>);

impl Errors {
    /// Adds an error.
    pub fn report(&self, error: Diagnostic) {
        self.0.borrow_mut().push(error);
    }

    /// Adds the error of a result, and returns it to those who depend on the value.
    ///
    /// # Errors
    /// The error of the result.
    pub fn note<T>(&self, result: Result<T, Diagnostic>) -> Result<T, Diagnostic> {
        result.inspect_err(|error| self.report(error.clone()))
    }

    /// The values of independent results.
    ///
    /// # Errors
    /// The first error; the others are added.
    pub fn all<T>(
        &self,
        results: impl IntoIterator<Item = Result<T, Diagnostic>>,
    ) -> Result<Vec<T>, Diagnostic> {
        let mut values = Vec::new();
        let mut first = None;
        for result in results {
            match result {
                Ok(value) => values.push(value),
                Err(error) if first.is_none() => first = Some(error),
                Err(error) => self.report(error),
            }
        }
        first.map_or(Ok(values), Err)
    }

    /// The first error that was added.
    #[must_use]
    pub fn first(&self) -> Option<Diagnostic> {
        self.0.borrow().first().cloned()
    }

    /// All errors, with `last` among them.
    #[must_use]
    pub fn with(&self, last: Diagnostic) -> Diagnostics {
        self.report(last);
        Diagnostics::new(self.0.take())
    }
}

/// The errors of a scene, at least one, in the order of their places; those without a place come last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Sorts errors and takes equal ones once.
    fn new(mut errors: Vec<Diagnostic>) -> Self {
        let place = |error: &Diagnostic| {
            error.origin.map_or((true, None, 0), |origin| (false, Some(origin.file), origin.start))
        };
        errors.sort_by_key(place);
        let mut distinct: Vec<Diagnostic> = Vec::new();
        for error in errors {
            // Equal errors have equal places, so they stand side by side but for a few others of that place.
            let same_place = distinct.iter().rev().take_while(|other| other.origin == error.origin);
            if !same_place.clone().any(|other| *other == error) {
                distinct.push(error);
            }
        }
        Self(distinct)
    }

    /// The first error.
    #[must_use]
    pub fn first(&self) -> &Diagnostic {
        &self.0[0]
    }

    /// The errors, changed one by one.
    #[must_use]
    pub fn map(self, change: impl FnMut(Diagnostic) -> Diagnostic) -> Self {
        Self(self.0.into_iter().map(change).collect())
    }

    /// All errors.
    #[must_use]
    pub fn all(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(error: Diagnostic) -> Self {
        Self(vec![error])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::source::{Origin, Sources};

    fn at(start: usize, message: &str) -> Diagnostic {
        let file = Sources::new().add("a.toml", "text of the scene");
        Diagnostic::new(message).at(Origin::new(file, start..start + 1))
    }

    #[test]
    fn errors_are_sorted_by_place_and_equal_ones_are_one() {
        let errors = Errors::default();
        let shared = errors.clone();
        shared.report(Diagnostic::new("no place"));
        for (start, message) in [(5, "b"), (2, "a"), (5, "c"), (5, "b")] {
            errors.report(at(start, message));
        }
        let all = errors.with(at(9, "d"));
        let messages: Vec<&str> = all.all().iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, ["a", "b", "c", "d", "no place"]);
        assert_eq!(all.first(), &at(2, "a"));
    }

    #[test]
    fn independent_results_are_all_read() {
        let errors = Errors::default();
        assert_eq!(errors.all([Ok(1), Ok(2)]), Ok(vec![1, 2]));
        assert_eq!(errors.first(), None);
        let failed = errors.all([Err(at(0, "a")), Ok(1), Err(at(1, "b"))]);
        assert_eq!(failed, Err(at(0, "a")));
        assert_eq!(errors.with(at(0, "a")).all(), [at(0, "a"), at(1, "b")]);
    }
}
