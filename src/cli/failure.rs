//! Why a picture could not be made, and how that becomes an error with a place in the scene.

use std::io;

use kymograph::encode::EncodeError;
use kymograph::scene::Output;
use kymograph::scene::diagnostic::Diagnostic;

/// Why a picture could not be made.
pub(super) enum Failure {
    /// The scene is wrong.
    Scene(Diagnostic),
    /// The file cannot be read, written or coded, for this reason.
    File(String),
    /// The reader of standard output has closed it.
    Closed,
}

impl Failure {
    /// The error to report; a failure of a file points at the output that names it.
    pub(super) fn diagnostic(self, output: &Output) -> Diagnostic {
        match self {
            Self::Scene(diagnostic) => diagnostic,
            Self::File(why) => at_output(Diagnostic::new(why), output),
            Self::Closed => Diagnostic::new("standard output was closed"),
        }
    }
}

impl From<EncodeError> for Failure {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => Self::Closed,
            error => Self::File(error.to_string()),
        }
    }
}

/// Adds the place where an output is written in the scene, if it is written there.
pub(super) fn at_output(diagnostic: Diagnostic, output: &Output) -> Diagnostic {
    match output.origin {
        Some(origin) => diagnostic.at(origin),
        None => diagnostic,
    }
}
