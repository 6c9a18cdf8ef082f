//! A temporary folder with scenes in it, in which tests run the program.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A film of twelve small frames that all differ, quick to render.
pub(crate) const FILM: &str = r#"
[canvas]
size = [160, 100]
scale = 1

[params]
k = 10

[time]
span = [0, 2]

[animate]
frames = 12

[systems.spring]
kind = "oscillator"
stiffness = "k"
x0 = 1

[panels.x]
kind = "plot"
draw = [{ trace = "spring.x" }]
"#;

/// A folder to run the program in, with the empty folder `imgs` that scenes write to by default.
pub(crate) struct Project {
    folder: TempDir,
}

/// The exit code and the output of a run.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Project {
    pub(crate) fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().expect("a folder") };
        project.folder("imgs");
        project
    }

    /// A project with the scene `a.toml` in it.
    pub(crate) fn with_film() -> Self {
        let project = Self::new();
        project.write("a.toml", FILM);
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(&path).expect("a folder");
        path
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), contents).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The sorted names of all files and folders in a folder of the project.
    pub(crate) fn list(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path().join(folder))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// A command of the program in this folder, without variables that ask for colors.
    pub(crate) fn command(&self, words: &[impl AsRef<OsStr>]) -> Command {
        command(self.path(), words)
    }

    /// Runs the program to its end.
    pub(crate) fn kymo(&self, words: &[impl AsRef<OsStr>]) -> Run {
        Run::of(self.command(words).stdin(Stdio::null()).output().expect("the program runs"))
    }

    /// Runs the program with a text on its standard input.
    pub(crate) fn kymo_fed(&self, words: &[impl AsRef<OsStr>], input: &str) -> Run {
        let mut command = self.command(words);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the program reads");
        Run::of(child.wait_with_output().expect("the program ends"))
    }
}

/// A command of the program in any folder.
pub(crate) fn command(folder: &Path, words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kymo"));
    command.current_dir(folder).args(words).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let err = String::from_utf8(output.stderr).expect("messages are UTF-8");
        Self { code: output.status.code(), out: output.stdout, err }
    }

    /// Asserts exit code 0 and returns the run.
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self
    }

    /// Asserts exit code 2 and returns the run.
    pub(crate) fn wrong(self) -> Self {
        assert_eq!(self.code, Some(2), "{}", self.err);
        self
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("UTF-8 on standard output")
    }
}
