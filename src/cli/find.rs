//! Finds scene files from the paths of the command line.

use std::path::{Path, PathBuf};

use kymograph::printable::name;

/// Standard input, or standard output.
pub(super) const DASH: &str = "-";

/// The scene files of paths, which are files or folders. The order is that of the paths, and by name within a folder; no
/// file is listed twice.
///
/// # Errors
/// The messages for folders that cannot be read or hold no scene. The other paths are still searched.
pub(super) fn scenes(words: &[PathBuf]) -> (Vec<PathBuf>, Vec<String>) {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for word in words {
        match scenes_of(word) {
            Ok(paths) => found.extend(paths),
            Err(error) => errors.push(error),
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|path: &PathBuf| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    (found, errors)
}

fn scenes_of(word: &Path) -> Result<Vec<PathBuf>, String> {
    if word.as_os_str() == DASH || !word.is_dir() {
        return Ok(vec![word.to_owned()]);
    }
    let unreadable = |error: std::io::Error| format!("cannot read the folder {}: {error}", name(word));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(word).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let file = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|ending| ending == "toml")
            && !file.starts_with(['_', '.'])
            && path.is_file()
        {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        return Err(format!("the folder {} holds no scene: no .toml file without a leading `_`", name(word)));
    }
    paths.sort();
    Ok(paths)
}
