//! Writes the scene files of a sweep to their folder: either all of them or, after an error, none.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use kymograph::files::{ReadError, open};
use kymograph::printable::{self, name};
use kymograph::scene::diagnostic::Diagnostic;

use super::super::interrupt::{Temporary, hold};
use super::base_scene::HEADER;

/// The file of one scene.
pub(super) struct SceneFile {
    pub(super) name: String,
    pub(super) text: String,
}

/// The longest file name that common file systems accept, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 255;

/// The path from a folder to a file, as a scene in the folder writes it after `extends`.
///
/// # Errors
/// The folder or the folder of the file does not exist, or a scene cannot contain the path.
pub(super) fn relative_path(folder: &Path, file: &Path) -> Result<String, Diagnostic> {
    let from = folder.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Diagnostic::new(format!("there is no folder {}", name(folder)))
            .help(format!("make it with mkdir -p {}", name(folder))),
        _ => Diagnostic::new(format!("the folder {} cannot be used: {error}", name(folder))),
    })?;
    if !from.is_dir() {
        let error = Diagnostic::new(format!("{} is not a folder", name(folder)));
        return Err(error.help("pass a folder for the scenes with --into"));
    }
    // Only the parent is canonicalized: if the file is a link, its own `extends` is relative to the link.
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let parent = parent
        .canonicalize()
        .map_err(|error| Diagnostic::new(format!("cannot read {}: {error}", name(file))))?;
    let path = relative(&from, &parent.join(file.file_name().unwrap_or_default()));
    match path.to_str() {
        Some(path) if !path.contains("'''") && !path.contains(printable::is_unprintable) => {
            Ok(if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() })
        }
        _ => Err(Diagnostic::new(format!("a scene cannot contain the path {}", name(&path)))
            .help("rename it: use UTF-8 without control characters and without three quotes in a row")),
    }
}

fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        // No relative path leads to another drive on Windows.
        return to.to_owned();
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// Writes the files that would change, and returns how many would not.
///
/// # Errors
/// A file of that name that no sweep wrote, or an I/O error. In both cases no file has changed.
pub(super) fn write(folder: &Path, files: &[SceneFile]) -> Result<usize, Diagnostic> {
    let mut changed = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        match existing(&path, file) {
            Ok(Existing::Same) => {}
            Ok(Existing::Replaceable) => changed.push(file),
            Ok(Existing::Foreign) => {
                let error = Diagnostic::new(format!("{} was not written by a sweep", name(&path)));
                return Err(error.help("move it, or pass another folder with --into"));
            }
            Err(error) => return Err(Diagnostic::new(format!("cannot read {}: {error}", name(&path)))),
        }
    }
    write_all(folder, &changed)
        .map_err(|error| Diagnostic::new(format!("cannot write to {}: {error}", name(folder))))?;
    Ok(files.len() - changed.len())
}

/// The present file at the path of a scene.
enum Existing {
    Same,
    /// No file, or another scene of a sweep.
    Replaceable,
    Foreign,
}

/// Compares the file at `path` with a scene, reading no more bytes than the scene has.
fn existing(path: &Path, scene: &SceneFile) -> io::Result<Existing> {
    let file = match open(path) {
        Ok(file) => file,
        Err(ReadError::NotRegular(_)) => return Ok(Existing::Foreign),
        Err(error) => {
            let error = io::Error::from(error);
            return if error.kind() == io::ErrorKind::NotFound {
                Ok(Existing::Replaceable)
            } else {
                Err(error)
            };
        }
    };
    let mut bytes = Vec::new();
    let limit = scene.text.len().max(HEADER.len()) as u64 + 1;
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(match bytes {
        bytes if bytes == scene.text.as_bytes() => Existing::Same,
        bytes if bytes.starts_with(HEADER.as_bytes()) => Existing::Replaceable,
        _ => Existing::Foreign,
    })
}

/// Writes all files under temporary names, where a full disk is noticed, and then renames them.
fn write_all(folder: &Path, files: &[&SceneFile]) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let temporary = Temporary::new(|| tempfile::Builder::new().prefix(".kymo-").tempdir_in(folder))?;
    for file in files {
        fs::write(temporary.path().join(&file.name), &file.text)?;
    }
    let mut held = hold();
    for file in files {
        fs::rename(temporary.path().join(&file.name), folder.join(&file.name))?;
    }
    temporary.take(&mut held).close()
}
