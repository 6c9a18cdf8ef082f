//! Internal errors: a panic ends the scene in which it occurs, and no other.
//!
//! The panic hook stores the place of a panic instead of printing it. [`guard`] catches the panic and turns it into an error
//! that names the scene. Unwinding drops temporary files, so nothing half-written is left.

use std::any::Any;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use kymograph::printable::name;
use kymograph::scene::diagnostic::Diagnostic;

/// Message and place of each panic that no guard has reported yet. A panic may occur on another thread than the one that
/// catches it, so the places are not stored per thread.
static PANICS: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Replaces the hook that prints panics to standard error.
pub(super) fn install_hook() {
    set_hook(Box::new(store));
}

fn store(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    PANICS.lock().unwrap_or_else(PoisonError::into_inner).push((message(panic.payload()), place));
}

/// Runs `work` and turns a panic into an error. `scene` is the file that is being processed, if it is a single one.
pub(super) fn guard<R>(scene: Option<&Path>, work: impl FnOnce() -> R) -> Result<R, Diagnostic> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| internal_error(scene, &*payload))
}

fn internal_error(scene: Option<&Path>, payload: &(dyn Any + Send)) -> Diagnostic {
    let message = message(payload);
    let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = panics.iter().rposition(|(stored, _)| *stored == message);
    let place = known.map(|index| format!(" at {}", panics.remove(index).1)).unwrap_or_default();
    let scene = scene.map(|scene| format!("{}: ", name(scene))).unwrap_or_default();
    Diagnostic::new(format!("{scene}internal error in kymo (please report it): {message}{place}"))
        .help("this ends only the present scene; a change of the scene may avoid the error")
}

/// The message of a panic.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
}

#[cfg(test)]
mod tests {
    use kymograph::parallel;

    use super::*;

    #[test]
    fn work_without_a_panic_returns_its_result() {
        assert_eq!(guard(None, || 7).ok(), Some(7));
    }

    #[test]
    fn a_panic_becomes_an_error_that_names_the_scene() {
        let failed: Result<(), _> =
            guard(Some(Path::new("scenes/a.toml")), || panic!("index {} is out of range", 9));
        let error = failed.expect_err("a panic");
        assert!(
            error.message.starts_with("scenes/a.toml: internal error in kymo (please report it)"),
            "{error:?}"
        );
        assert!(error.message.contains("index 9 is out of range"), "{error:?}");
    }

    #[test]
    fn a_panic_on_a_worker_thread_is_caught_where_the_work_was_started() {
        let failed = guard(None, || {
            parallel::map(&mut [(), (), ()], 30, |(), index| assert_ne!(index, 17, "seventeen"));
        });
        assert!(failed.expect_err("a panic").message.contains("seventeen"));
    }
}
