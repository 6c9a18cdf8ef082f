//! Orphans: pictures that kymo made in the folders that scenes write to, and that no scene makes any more.
//!
//! The stamp identifies the pictures of kymo. A file without a stamp, such as a drawing made by hand, is neither listed
//! nor removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kymograph::printable::name;
use kymograph::scene::resolve::format_of;

use super::batch::Batch;
use super::picture::stamp_of;
use super::shard::Shard;

/// A picture that kymo made and that no scene makes any more.
pub(super) struct Orphan {
    /// The path as the user wrote it.
    pub(super) shown: PathBuf,
    /// Its folder without links, and its name.
    pub(super) file: PathBuf,
}

/// The orphans that lie in a share, in order. `jobs` are all that were found behind `paths`. None are found where only
/// files were named, or where some scene is not to be had: its pictures would seem to be orphans.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn orphans(paths: &[PathBuf], jobs: &Batch, shard: Option<Shard>) -> Result<Vec<Orphan>, String> {
    let whole = jobs.refused.is_empty() && jobs.path_errors.is_empty();
    if !whole || !paths.iter().any(|path| path.is_dir()) {
        return Ok(Vec::new());
    }
    let mut made: BTreeSet<PathBuf> = BTreeSet::new();
    // The folders without links, and how people call them.
    let mut folders: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for job in &jobs.jobs {
        for picture in &job.pictures {
            made.extend(picture.files(&job.scene));
            if let Some(target) = &picture.target {
                let folder = target.file(None).parent().map(Path::to_owned).unwrap_or_default();
                folders
                    .entry(folder)
                    .or_insert_with(|| target.display.parent().map(Path::to_owned).unwrap_or_default());
            }
        }
    }
    let mut orphans = Vec::new();
    for (folder, shown) in &folders {
        for picture in
            pictures(folder).map_err(|error| format!("cannot read the folder {}: {error}", name(shown)))?
        {
            let file = folder.join(&picture);
            let ours = shard.is_none_or(|shard| shard.holds(&picture)) && !made.contains(&file);
            if ours && stamp_of(&file).is_some() {
                orphans.push(Orphan { shown: shown.join(picture), file });
            }
        }
    }
    orphans.sort_by(|a, b| a.shown.cmp(&b.shown));
    Ok(orphans)
}

/// The names of the pictures in a folder, which need not be there yet.
fn pictures(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.starts_with('.') && !name.contains('%') && format_of(&path).is_ok() && path.is_file() {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}
