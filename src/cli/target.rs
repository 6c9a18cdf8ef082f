//! Where pictures go: below the root, whole or not at all.
//!
//! A picture is made in memory, or beyond a megabyte in a file without a name; only when it is
//! complete does it appear under a temporary name beside its place and is moved over it. So neither a
//! failure nor a kill leaves half a picture, and what was there before survives both.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use kymograph::scene::bases::Bases;
use tempfile::{NamedTempFile, SpooledTempFile, spooled_tempfile, spooled_tempfile_in};

/// Pictures up to this many bytes are made in memory, which takes up to twice as much while it grows. More would be what
/// a long film takes most.
const IN_MEMORY: usize = 1 << 19;

/// The folder that outputs are relative to.
pub(super) struct Root {
    path: PathBuf,
    canonical: PathBuf,
    allow_outside: bool,
}

/// A checked place for a picture.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As people know it.
    pub(super) shown: PathBuf,
    /// Its folder without links, and its name.
    folder: PathBuf,
    name: String,
}

/// A picture under way.
pub(super) type Draft = SpooledTempFile;

/// A picture for no place, to be looked at only.
pub(super) fn draft() -> Draft {
    spooled_tempfile(IN_MEMORY)
}

impl Root {
    pub(super) fn new(path: &Path, allow_outside: bool) -> Result<Self, String> {
        let canonical =
            path.canonicalize().map_err(|error| format!("the root {}: {error}", path.display()))?;
        if !canonical.is_dir() {
            return Err(format!("the root {} is no folder", path.display()));
        }
        Ok(Self { path: path.to_owned(), canonical, allow_outside })
    }

    /// Where the bases of scenes may lie.
    pub(super) fn bases(&self) -> Result<Bases, String> {
        if self.allow_outside {
            return Ok(Bases::anywhere());
        }
        Bases::below(&self.canonical).map_err(|error| format!("the root {}: {error}", self.path.display()))
    }

    /// The place of an output; none if there is no folder for it. Else the reason why it cannot be there and the remedy.
    pub(super) fn place_if_any(&self, output: &Path) -> Result<Option<Place>, (String, String)> {
        let folder = self.path.join(output).parent().map(Path::to_owned).unwrap_or_default();
        let outside = !self.allow_outside && (climbs_out(output) || output.is_absolute());
        if !outside && !folder.as_os_str().is_empty() && !folder.exists() {
            return Ok(None);
        }
        self.place(output).map(Some)
    }

    /// The place of an output, or the reason why it cannot be written and the remedy.
    pub(super) fn place(&self, output: &Path) -> Result<Place, (String, String)> {
        let outside = || {
            let why = format!("{} lies outside of the root {}", output.display(), self.canonical.display());
            (why, "write a path below the root, or pass --allow-outside".to_owned())
        };
        // Words first, so that a path that climbs out is told as such whether or not it exists.
        if !self.allow_outside && climbs_out(output) && !output.is_absolute() {
            return Err(outside());
        }
        // `imgs/a.gif` is what people call `./imgs/a.gif`.
        let here = self.path == Path::new(".");
        let joined = if here { output.to_owned() } else { self.path.join(output) };
        let folder =
            joined.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let canonical = match folder.canonicalize() {
            Ok(canonical) => canonical,
            Err(_) if !self.allow_outside && output.is_absolute() && !output.starts_with(&self.canonical) => {
                return Err(outside());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let why = format!("there is no folder {}", folder.display());
                return Err((why, format!("make it with mkdir -p {}", folder.display())));
            }
            Err(error) => {
                let why = format!("the folder {} cannot be used: {error}", folder.display());
                return Err((why, "write a path in a folder that can be used".to_owned()));
            }
        };
        if !self.allow_outside && !canonical.starts_with(&self.canonical) {
            return Err(outside());
        }
        if !canonical.is_dir() {
            return Err((format!("{} is no folder", folder.display()), "write another path".to_owned()));
        }
        let name = joined.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if canonical.join(&name).is_dir() {
            let why = format!("{} is a folder", joined.display());
            return Err((why, "write the name of a file".to_owned()));
        }
        Ok(Place { shown: joined, folder: canonical, name })
    }
}

/// Whether a path's words lead above where it starts.
fn climbs_out(path: &Path) -> bool {
    let mut depth = 0_i32;
    path.components().any(|component| {
        match component {
            Component::Normal(_) => depth += 1,
            Component::ParentDir => depth -= 1,
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
        depth < 0
    })
}

impl Place {
    /// A picture for this place, to be written.
    pub(super) fn draft(&self) -> Draft {
        spooled_tempfile_in(IN_MEMORY, &self.folder)
    }

    /// The very file, however its path is spelt, under another name in its folder if one is given.
    pub(super) fn file(&self, name: Option<&str>) -> PathBuf {
        self.folder.join(name.unwrap_or(&self.name))
    }

    /// The name of the file.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Writes a few bytes beside the place and takes them away: whether it can be written at all,
    /// asked before hours of rendering.
    pub(super) fn probe(&self) -> io::Result<()> {
        self.temporary().map(drop)
    }

    /// An empty file beside the place, for a program that writes by a path; gone if it is not published.
    pub(super) fn temporary(&self) -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".kymo-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // What any new file gets; the umask takes its part.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        builder.tempfile_in(&self.folder)
    }

    /// Puts the pictures that follow one another in a draft into files of their own, named by their
    /// index: all under temporary names first, then all in their places. Returns their size together.
    pub(super) fn publish_all(
        &self,
        mut draft: Draft,
        lengths: &[u64],
        name: impl Fn(usize) -> String,
    ) -> io::Result<u64> {
        draft.seek(SeekFrom::Start(0))?;
        let mut files = tempfile::Builder::new();
        let files = files.prefix(".kymo-").tempdir_in(&self.folder)?;
        for (index, length) in lengths.iter().enumerate() {
            let mut file = fs::File::create_new(files.path().join(index.to_string()))?;
            io::copy(&mut (&mut draft).take(*length), &mut file)?;
        }
        for index in 0..lengths.len() {
            fs::rename(files.path().join(index.to_string()), self.folder.join(name(index)))?;
        }
        files.close()?;
        Ok(lengths.iter().sum())
    }

    /// Puts a complete picture in its place and returns its size in bytes.
    pub(super) fn publish(&self, mut draft: Draft) -> io::Result<u64> {
        draft.seek(SeekFrom::Start(0))?;
        let mut file = self.temporary()?;
        let size = io::copy(&mut draft, &mut file)?;
        file.flush()?;
        self.publish_file(file)?;
        Ok(size)
    }

    /// Puts a complete file that was made beside the place in it and returns its size in bytes.
    pub(super) fn publish_file(&self, file: NamedTempFile) -> io::Result<u64> {
        let file = file.persist(self.folder.join(&self.name)).map_err(|error| error.error)?;
        Ok(file.metadata()?.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_climb_out_are_told_by_their_words() {
        for (path, out) in
            [("a/b.gif", false), ("a/../b.gif", false), ("../b.gif", true), ("a/../../b.gif", true)]
        {
            assert_eq!(climbs_out(Path::new(path)), out, "{path}");
        }
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.gif"), "old").expect("a file");
        let root = Root::new(folder.path(), false).expect("a root");
        let place = root.place(Path::new("a.gif")).expect("a place");
        let mut draft = place.draft();
        draft.write_all(b"new").expect("room");
        drop(draft);
        assert_eq!(fs::read(folder.path().join("a.gif")).expect("a file"), b"old");
        let mut draft = place.draft();
        draft.write_all(b"new").expect("room");
        assert_eq!(place.publish(draft).expect("published"), 3);
        assert_eq!(fs::read(folder.path().join("a.gif")).expect("a file"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
