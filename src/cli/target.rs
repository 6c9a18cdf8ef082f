//! The target of a picture: a checked path, at which the picture appears complete or not at all.
//!
//! A picture is written to memory, or beyond half a megabyte to an unnamed file. When it is complete, it is copied to a
//! temporary name and renamed to its target, and missing folders are created. So neither an error nor a kill leaves
//! half a picture or an empty folder, and the former picture survives both.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, SpooledTempFile, spooled_tempfile, spooled_tempfile_in};

use super::folders::NewFolders;
use super::interrupt::{Hold, Temporary, hold};

/// Pictures up to this many bytes are made in memory, which takes up to twice as much while it grows. More would be what
/// a long film takes most.
const IN_MEMORY: usize = 1 << 19;

/// A checked path for a picture.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The path as the user wrote it.
    pub(super) display: PathBuf,
    /// The nearest existing folder, with links resolved. Temporary files are created here.
    pub(super) folder: PathBuf,
    /// The folders below it that do not exist yet.
    pub(super) missing: PathBuf,
    pub(super) name: String,
}

/// A temporary file that a picture is written to.
pub(super) type TempFile = SpooledTempFile;

/// A temporary file for a picture that is only compared.
pub(super) fn temp_file() -> TempFile {
    spooled_tempfile(IN_MEMORY)
}

impl Target {
    /// A temporary file in the folder of the target.
    pub(super) fn temp_file(&self) -> TempFile {
        spooled_tempfile_in(IN_MEMORY, &self.folder)
    }

    /// The path of the file, with links resolved; with `name`, that of another file in its folder.
    pub(super) fn file(&self, name: Option<&str>) -> PathBuf {
        self.folder.join(&self.missing).join(name.unwrap_or(&self.name))
    }

    /// The name of the file.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether its folder has to be created.
    pub(super) fn lacks_folder(&self) -> bool {
        !self.missing.as_os_str().is_empty()
    }

    /// Writes a few bytes near the place and takes them away: whether it can be written at all,
    /// asked before hours of rendering.
    pub(super) fn probe(&self) -> io::Result<()> {
        self.temporary().map(drop)
    }

    /// An empty file next to the target, for a program that writes to a path. It is removed unless it is published.
    pub(super) fn temporary(&self) -> io::Result<Temporary<NamedTempFile>> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".kymo-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The default mode of a new file; the umask removes bits from it.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        Temporary::new(|| builder.tempfile_in(&self.folder))
    }

    /// Splits a temporary file into the files of a sequence, named by their
    /// index: all under temporary names first, then all in their places. Returns their size together.
    pub(super) fn publish_all(
        &self,
        mut temp_file: TempFile,
        lengths: &[u64],
        name: impl Fn(usize) -> String,
    ) -> io::Result<u64> {
        temp_file.seek(SeekFrom::Start(0))?;
        let mut files = tempfile::Builder::new();
        files.prefix(".kymo-");
        let files = Temporary::new(|| files.tempdir_in(&self.folder))?;
        for (index, length) in lengths.iter().enumerate() {
            let mut file = fs::File::create_new(files.path().join(index.to_string()))?;
            io::copy(&mut (&mut temp_file).take(*length), &mut file)?;
        }
        self.fill(|folder, _| {
            let moves = (0..lengths.len())
                .map(|index| (files.path().join(index.to_string()), folder.join(name(index))));
            move_all(moves)
        })?;
        files.take(&mut hold()).close()?;
        Ok(lengths.iter().sum())
    }

    /// Moves a complete picture to the target and returns its size in bytes.
    pub(super) fn publish(&self, mut temp_file: TempFile) -> io::Result<u64> {
        temp_file.seek(SeekFrom::Start(0))?;
        let mut file = self.temporary()?;
        let size = io::copy(&mut temp_file, &mut *file)?;
        file.flush()?;
        self.publish_file(file)?;
        Ok(size)
    }

    /// Moves a complete file to the target and returns its size in bytes.
    pub(super) fn publish_file(&self, file: Temporary<NamedTempFile>) -> io::Result<u64> {
        let persist = |folder: &Path, held: &mut Hold| {
            file.take(held).persist(folder.join(&self.name)).map_err(|error| error.error)
        };
        Ok(self.fill(persist)?.metadata()?.len())
    }

    /// Creates the missing folders and moves something into the last of them. The folders are removed if that fails.
    /// No interrupt ends the program meanwhile.
    fn fill<T>(&self, put: impl FnOnce(&Path, &mut Hold) -> io::Result<T>) -> io::Result<T> {
        let mut made = NewFolders::below(&self.folder, &self.missing)?;
        let put = put(&self.folder.join(&self.missing), made.held())?;
        made.keep();
        Ok(put)
    }
}

/// Renames files. If one cannot be renamed, the new files that replaced no other are removed.
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
    use super::super::root::Root;
    use super::*;

    fn target(folder: &Path, path: &str) -> Target {
        Root::new(folder, false).expect("a root").target(Path::new(path)).expect("a place")
    }

    fn temp_file(target: &Target, bytes: &[u8]) -> TempFile {
        let mut temp_file = target.temp_file();
        temp_file.write_all(bytes).expect("room");
        temp_file
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.gif"), "old").expect("a file");
        let target = target(folder.path(), "a.gif");
        drop(temp_file(&target, b"new"));
        assert_eq!(fs::read(folder.path().join("a.gif")).expect("a file"), b"old");
        assert_eq!(target.publish(temp_file(&target, b"new")).expect("published"), 3);
        assert_eq!(fs::read(folder.path().join("a.gif")).expect("a file"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn folders_are_made_when_the_picture_is_complete_and_not_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = target(folder.path(), "a/b/c.gif");
        target.probe().expect("it can be written");
        drop(target.temporary().expect("a file"));
        let temp_file = temp_file(&target, b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        target.publish(temp_file).expect("published");
        assert_eq!(fs::read(folder.path().join("a/b/c.gif")).expect("a file"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_picture_that_cannot_be_moved_leaves_no_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = "n".repeat(300) + ".gif";
        let target = target(folder.path(), &format!("a/b/{name}"));
        assert!(target.publish(temp_file(&target, b"new")).is_err());
        let sequence = |index: usize| if index == 2 { name.clone() } else { format!("{index}.png") };
        assert!(target.publish_all(temp_file(&target, b"new"), &[1; 3], sequence).is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
