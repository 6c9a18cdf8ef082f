//! The place of a picture: how the picture gets there, whole or not at all.
//!
//! A picture is made in memory, or beyond half a megabyte in a file without a name; only when it is complete does it
//! appear under a temporary name and is moved to its place. Folders that are missing are made at that moment. So neither a
//! failure nor a kill leaves half a picture or an empty folder, and what was there before survives both.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, SpooledTempFile, spooled_tempfile, spooled_tempfile_in};

use super::folders::MadeFolders;

/// Pictures up to this many bytes are made in memory, which takes up to twice as much while it grows. More would be what
/// a long film takes most.
const IN_MEMORY: usize = 1 << 19;

/// A checked place for a picture.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As people know it.
    pub(super) shown: PathBuf,
    /// The nearest folder that exists, without links. Until it is complete, the picture is made here.
    pub(super) folder: PathBuf,
    /// The folders below it that do not exist yet.
    pub(super) missing: PathBuf,
    pub(super) name: String,
}

/// A picture under way.
pub(super) type Draft = SpooledTempFile;

/// A picture for no place, to be looked at only.
pub(super) fn draft() -> Draft {
    spooled_tempfile(IN_MEMORY)
}

impl Place {
    /// A picture for this place, to be written.
    pub(super) fn draft(&self) -> Draft {
        spooled_tempfile_in(IN_MEMORY, &self.folder)
    }

    /// The very file, however its path is spelt, under another name in its folder if one is given.
    pub(super) fn file(&self, name: Option<&str>) -> PathBuf {
        self.folder.join(&self.missing).join(name.unwrap_or(&self.name))
    }

    /// The name of the file.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether its folder has still to be made.
    pub(super) fn lacks_folder(&self) -> bool {
        !self.missing.as_os_str().is_empty()
    }

    /// Writes a few bytes near the place and takes them away: whether it can be written at all,
    /// asked before hours of rendering.
    pub(super) fn probe(&self) -> io::Result<()> {
        self.temporary().map(drop)
    }

    /// An empty file near the place, for a program that writes by a path; gone if it is not published.
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
        self.fill(|folder| {
            let moves = (0..lengths.len())
                .map(|index| (files.path().join(index.to_string()), folder.join(name(index))));
            move_all(moves)
        })?;
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

    /// Puts a complete file that was made near the place in it and returns its size in bytes.
    pub(super) fn publish_file(&self, file: NamedTempFile) -> io::Result<u64> {
        let persist = |folder: &Path| file.persist(folder.join(&self.name)).map_err(|error| error.error);
        Ok(self.fill(persist)?.metadata()?.len())
    }

    /// Makes the folders that are missing and moves something into the last of them. Where that fails, they are removed.
    fn fill<T>(&self, put: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
        let made = MadeFolders::below(&self.folder, &self.missing)?;
        let put = put(&self.folder.join(&self.missing))?;
        made.keep();
        Ok(put)
    }
}

/// Moves files to other names. Where one cannot be moved, those that have replaced no other file are removed.
fn move_all(moves: impl Iterator<Item = (PathBuf, PathBuf)>) -> io::Result<()> {
    let mut new: Vec<PathBuf> = Vec::new();
    for (from, to) in moves {
        let replaces = to.exists();
        if let Err(error) = fs::rename(from, &to) {
            for file in &new {
                // The first error says what is wrong.
                let _ = fs::remove_file(file);
            }
            return Err(error);
        }
        if !replaces {
            new.push(to);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::target::Root;
    use super::*;

    fn place(folder: &Path, path: &str) -> Place {
        Root::new(folder, false).expect("a root").place(Path::new(path)).expect("a place")
    }

    fn draft(place: &Place, bytes: &[u8]) -> Draft {
        let mut draft = place.draft();
        draft.write_all(bytes).expect("room");
        draft
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.gif"), "old").expect("a file");
        let place = place(folder.path(), "a.gif");
        drop(draft(&place, b"new"));
        assert_eq!(fs::read(folder.path().join("a.gif")).expect("a file"), b"old");
        assert_eq!(place.publish(draft(&place, b"new")).expect("published"), 3);
        assert_eq!(fs::read(folder.path().join("a.gif")).expect("a file"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn folders_are_made_when_the_picture_is_complete_and_not_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = place(folder.path(), "a/b/c.gif");
        place.probe().expect("it can be written");
        drop(place.temporary().expect("a file"));
        let draft = draft(&place, b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        place.publish(draft).expect("published");
        assert_eq!(fs::read(folder.path().join("a/b/c.gif")).expect("a file"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_picture_that_cannot_be_moved_leaves_no_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = "n".repeat(300) + ".gif";
        let place = place(folder.path(), &format!("a/b/{name}"));
        assert!(place.publish(draft(&place, b"new")).is_err());
        let sequence = |index: usize| if index == 2 { name.clone() } else { format!("{index}.png") };
        assert!(place.publish_all(draft(&place, b"new"), &[1; 3], sequence).is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
