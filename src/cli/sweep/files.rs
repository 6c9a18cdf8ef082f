//! The files of a sweep: where they lie, and how they get there: all of them or, where one cannot be written, none.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use kymograph::files::{ReadError, open};
use kymograph::printable::{self, name};

use super::base::MADE;

/// A scene's file.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) text: String,
}

/// The longest name of a file that common disks know, in bytes.
pub(super) const LONGEST_NAME: usize = 255;

/// The way from a folder to a file, as a scene in the folder writes it.
///
/// # Errors
/// One of the two is not there, or the way cannot be written.
pub(super) fn way(folder: &Path, file: &Path) -> Result<String, String> {
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => {
            format!("there is no folder {0}: make it with mkdir -p {0}", name(folder))
        }
        _ => format!("the folder {} cannot be used: {error}", name(folder)),
    };
    let from = folder.canonicalize().map_err(missing)?;
    if !from.is_dir() {
        return Err(format!("{} is no folder: pass --into a folder for the scenes", name(folder)));
    }
    // The file's own name is kept: it may be a link, and what it extends lies beside the link.
    let beside = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let lies = beside.canonicalize().map_err(|error| format!("{}: {error}", name(file)))?;
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
    let way = way.to_str().ok_or_else(|| format!("{} is not UTF-8", name(file)))?;
    let way = if cfg!(windows) { way.replace('\\', "/") } else { way.to_owned() };
    if way.contains("'''") || way.contains(printable::is_unprintable) {
        return Err(format!("{} cannot be written in a scene: rename it", name(file)));
    }
    Ok(way)
}

/// Puts the files into the folder and leaves alone those that are there with the same text; how many were.
///
/// # Errors
/// A file of that name which no sweep made, or a disk that refuses: then nothing has changed.
pub(super) fn write(folder: &Path, sheets: &[Sheet]) -> Result<usize, String> {
    let mut wanted = Vec::new();
    for sheet in sheets {
        let path = folder.join(&sheet.name);
        match held(&path, sheet) {
            Ok(Held::Same) => {}
            Ok(Held::Other) => wanted.push(sheet),
            Ok(Held::Foreign) => {
                let shown = name(&path);
                return Err(format!(
                    "{shown} is there and was not made by a sweep: move it, or sweep into another folder"
                ));
            }
            Err(error) => return Err(format!("cannot read {}: {error}", name(&path))),
        }
    }
    publish(folder, &wanted)
        .map_err(|error| format!("the scenes cannot be written to {}: {error}", name(folder)))?;
    Ok(sheets.len() - wanted.len())
}

/// What is at the place of a scene.
enum Held {
    Same,
    /// Nothing, or another scene of a sweep.
    Other,
    Foreign,
}

/// Looks at what is at the place of a scene, no further than the scene is long.
fn held(path: &Path, sheet: &Sheet) -> io::Result<Held> {
    let file = match open(path) {
        Ok(file) => file,
        Err(ReadError::NotRegular(_)) => return Ok(Held::Foreign),
        Err(error) => {
            let error = io::Error::from(error);
            return if error.kind() == io::ErrorKind::NotFound { Ok(Held::Other) } else { Err(error) };
        }
    };
    let mut held = Vec::new();
    let most = sheet.text.len().max(MADE.len()) as u64 + 1;
    file.take(most).read_to_end(&mut held)?;
    Ok(match held {
        held if held == sheet.text.as_bytes() => Held::Same,
        held if held.starts_with(MADE.as_bytes()) => Held::Other,
        _ => Held::Foreign,
    })
}

/// All under temporary names first, which a full disk ends, then all in their places.
fn publish(folder: &Path, sheets: &[&Sheet]) -> io::Result<()> {
    if sheets.is_empty() {
        return Ok(());
    }
    let drafts = tempfile::Builder::new().prefix(".kymo-").tempdir_in(folder)?;
    for sheet in sheets {
        fs::write(drafts.path().join(&sheet.name), &sheet.text)?;
    }
    for sheet in sheets {
        fs::rename(drafts.path().join(&sheet.name), folder.join(&sheet.name))?;
    }
    drafts.close()
}
