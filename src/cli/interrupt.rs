//! Ctrl-C: ends the program at once, and leaves no temporary file.
//!
//! The handler runs on a thread of its own and asks nothing of those that compute. It removes what is listed as unfinished
//! and ends the process. Whoever moves a finished file into its place prevents that for a moment, by [`hold`].

use std::io;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::process::{Child, exit};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The exit code of a program that Ctrl-C ended, as shells have it: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

static UNFINISHED: Mutex<List> = Mutex::new(List { paths: Vec::new(), processes: Vec::new() });

/// The files that an interrupt removes, and the processes that it ends.
struct List {
    /// Temporary files and folders.
    paths: Vec<PathBuf>,
    processes: Vec<SharedProcess>,
}

type SharedProcess = Arc<Mutex<Child>>;

/// Installs the handler. `clear` removes the progress bar from the terminal. If the program was started with interrupts
/// ignored, as `nohup` does, they stay ignored.
pub(super) fn install(clear: impl Fn() + Send + 'static) {
    // An error means that there is a handler already, or that interrupts are ignored.
    let _ = ctrlc::try_set_handler(move || {
        let mut held = hold();
        clear();
        held.0.end_all();
        exit(INTERRUPTED);
    });
}

impl List {
    fn end_all(&mut self) {
        for process in &self.processes {
            // A process that is waited for has all of its input, and ends by itself.
            if let Ok(mut process) = process.try_lock() {
                let _ = process.kill().and_then(|()| process.wait());
            }
        }
        for path in &self.paths {
            // The process ends; nobody could be told of an error.
            let _ = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        }
    }
}

/// While it is held, no interrupt ends the program.
pub(super) struct Hold(MutexGuard<'static, List>);

/// Prevents interrupts from ending the program until the result is dropped.
pub(super) fn hold() -> Hold {
    Hold(UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A temporary file or folder, which is removed when it is dropped or when an interrupt ends the program.
pub(super) struct Temporary<T> {
    inner: T,
    listed: ListedPath,
}

/// A path that an interrupt removes, until this is dropped; empty if it is no longer listed.
struct ListedPath(PathBuf);

impl<T: AsRef<Path>> Temporary<T> {
    /// The file or folder that `create` creates.
    ///
    /// # Errors
    /// The error of `create`.
    pub(super) fn new(create: impl FnOnce() -> io::Result<T>) -> io::Result<Self> {
        let mut held = hold();
        let inner = create()?;
        let path = inner.as_ref().to_owned();
        held.0.paths.push(path.clone());
        Ok(Self { inner, listed: ListedPath(path) })
    }
}

impl<T> Temporary<T> {
    /// The file or folder, which no interrupt removes any more. `held` covers the time until it is in its place.
    pub(super) fn take(self, held: &mut Hold) -> T {
        let Self { inner, mut listed } = self;
        let path = std::mem::take(&mut listed.0);
        held.0.paths.retain(|other| *other != path);
        inner
    }
}

impl<T> Deref for Temporary<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for Temporary<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl Drop for ListedPath {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            hold().0.paths.retain(|path| *path != self.0);
        }
    }
}

/// A process that is killed when it is dropped before its end, or when an interrupt ends the program.
pub(super) struct ChildGuard(SharedProcess);

impl ChildGuard {
    /// The process that `start` starts.
    ///
    /// # Errors
    /// The error of `start`.
    pub(super) fn new(start: impl FnOnce() -> io::Result<Child>) -> io::Result<Self> {
        let mut held = hold();
        let process = Arc::new(Mutex::new(start()?));
        held.0.processes.push(Arc::clone(&process));
        Ok(Self(process))
    }

    /// Access to the process.
    pub(super) fn lock(&self) -> MutexGuard<'_, Child> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ChildGuard {
    fn drop(&mut self) {
        hold().0.processes.retain(|process| !Arc::ptr_eq(process, &self.0));
        // Both fail if the process has ended; otherwise its file is removed with it.
        let mut process = self.lock();
        let _ = process.kill();
        let _ = process.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Whether an interrupt would remove this path.
    fn is_listed(path: &Path) -> bool {
        hold().0.paths.iter().any(|listed| listed == path)
    }

    #[test]
    fn what_is_unfinished_is_listed_until_it_is_dropped_or_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = || Temporary::new(|| tempfile::NamedTempFile::new_in(folder.path())).expect("a file");
        let (dropped, taken) = (file(), file());
        let paths = [dropped.path().to_owned(), taken.path().to_owned()];
        assert!(paths.iter().all(|path| is_listed(path)));
        drop(dropped);
        let kept = taken.take(&mut hold()).into_temp_path();
        assert!(!paths.iter().any(|path| is_listed(path)));
        assert!(!paths[0].exists() && kept.exists());
    }

    #[test]
    fn an_interrupt_removes_files_and_folders() {
        let folder = tempfile::tempdir().expect("a folder");
        let [file, full] = ["file", "full"].map(|name| folder.path().join(name));
        fs::write(&file, "half").expect("a file");
        fs::create_dir(&full).expect("a folder");
        fs::write(full.join("0"), "half").expect("a file");
        List { paths: vec![file, full, folder.path().join("gone")], processes: Vec::new() }.end_all();
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
