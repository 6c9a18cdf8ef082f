//! The files of a sweep: where they lie, and how they get there: all of them or, where one cannot be written, none.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::base_scene::HEADER;

/// A scene's file.
pub(super) struct SceneFile {
    pub(super) name: String,
    pub(super) text: String,
}

/// The longest name of a file that common disks know, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 255;

/// The way from a folder to a file, as a scene in the folder writes it.
///
/// # Errors
/// One of the two is not there, or the way cannot be written.
pub(super) fn relative_path(folder: &Path, file: &Path) -> Result<String, String> {
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => {
            format!("there is no folder {0}: make it with mkdir -p {0}", folder.display())
        }
        _ => format!("the folder {} cannot be used: {error}", folder.display()),
    };
    let from = folder.canonicalize().map_err(missing)?;
    if !from.is_dir() {
        return Err(format!("{} is no folder: pass --into a folder for the scenes", folder.display()));
    }
    // The file's own name is kept: it may be a link, and what it extends lies beside the link.
    let beside = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let lies = beside.canonicalize().map_err(|error| format!("{}: {error}", file.display()))?;
    let to = lies.join(file.file_name().unwrap_or_default());
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: Vec<_> = if shared == 0 {
        // Another disk, to which no relative way leads.
        to.components().collect()
    } else {
        up.chain(to.components().skip(shared)).collect()
    };
    let way = way.iter().collect::<PathBuf>();
    let way = way.to_str().ok_or_else(|| format!("{} is not UTF-8", file.display()))?;
    let way = if cfg!(windows) { way.replace('\\', "/") } else { way.to_owned() };
    if way.contains("'''") || way.contains(char::is_control) {
        return Err(format!("{} cannot be written in a scene: rename it", file.display()));
    }
    Ok(way)
}

/// Puts the files into the folder and leaves alone those that are there with the same text; how many were.
///
/// # Errors
/// A file of that name which no sweep made, or a disk that refuses: then nothing has changed.
pub(super) fn write(folder: &Path, files: &[SceneFile]) -> Result<usize, String> {
    let mut wanted = Vec::new();
    for file in files {
        match fs::read(folder.join(&file.name)) {
            Ok(held) if held == file.text.as_bytes() => {}
            Ok(held) if !held.starts_with(HEADER.as_bytes()) => return Err(not_ours(folder, &file.name)),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(format!("cannot read {}: {error}", folder.join(&file.name).display()));
            }
            Ok(_) | Err(_) => wanted.push(file),
        }
    }
    publish(folder, &wanted)
        .map_err(|error| format!("the scenes cannot be written to {}: {error}", folder.display()))?;
    Ok(files.len() - wanted.len())
}

fn not_ours(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    format!("{} is there and was not made by a sweep: move it, or sweep into another folder", path.display())
}

/// All under temporary names first, which a full disk ends, then all in their places.
fn publish(folder: &Path, files: &[&SceneFile]) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let drafts = tempfile::Builder::new().prefix(".kymo-").tempdir_in(folder)?;
    for file in files {
        fs::write(drafts.path().join(&file.name), &file.text)?;
    }
    for file in files {
        fs::rename(drafts.path().join(&file.name), folder.join(&file.name))?;
    }
    drafts.close()
}
