//! Folders on the path to a picture: finds those that exist and creates those that are missing.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use kymograph::printable::name;

use super::interrupt::{Hold, hold};

/// The nearest folder on the way to `folder` that exists, without links, and the folders that are missing below it.
///
/// # Errors
/// Something on the way is no folder, is a link to nothing, or cannot be looked at.
pub(super) fn nearest(folder: &Path) -> io::Result<(PathBuf, PathBuf)> {
    match folder.canonicalize() {
        Ok(found) => return Ok((found, PathBuf::new())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let (mut found, mut missing) = (Path::new(".").canonicalize()?, PathBuf::new());
    for part in folder.components() {
        match part {
            Component::Prefix(_) | Component::RootDir => found.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                // A missing folder is no link, so the folder above it is the one that is written before it.
                if !missing.pop() {
                    found.pop();
                }
            }
            Component::Normal(part) if missing.as_os_str().is_empty() => {
                let next = found.join(part);
                match next.canonicalize() {
                    Ok(next) => found = next,
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    // Such a link may lead anywhere by the time the folder is made.
                    Err(_) if next.is_symlink() => {
                        return Err(io::Error::other(format!("{} is a link to nothing", name(&next))));
                    }
                    Err(_) => missing.push(part),
                }
            }
            Component::Normal(part) => missing.push(part),
        }
    }
    Ok((found, missing))
}

/// Folders that were created for a picture. They are removed again if this is dropped before the picture lies in them.
pub(super) struct NewFolders {
    folders: Vec<PathBuf>,
    /// Held while folders are made and filled, so that no thread removes a folder that another has found made, and no
    /// interrupt leaves an empty one.
    held: Hold,
}

impl NewFolders {
    /// Creates the folders `missing` below `folder`, none of which may be a link by now.
    ///
    /// # Errors
    /// One cannot be made; then none is left.
    pub(super) fn below(folder: &Path, missing: &Path) -> io::Result<Self> {
        let mut made = Self { folders: Vec::new(), held: hold() };
        let mut path = folder.to_owned();
        for part in missing.components() {
            path.push(part);
            match fs::create_dir(&path) {
                Ok(()) => made.folders.push(path.clone()),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if path.symlink_metadata()?.is_dir() => {}
                Err(_) => return Err(io::Error::other(format!("{} is no folder", name(&path)))),
            }
        }
        Ok(made)
    }

    /// The time in which no interrupt ends the program.
    pub(super) fn held(&mut self) -> &mut Hold {
        &mut self.held
    }

    /// Keeps the folders, now that the picture lies in them.
    pub(super) fn keep(mut self) {
        self.folders.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.folders.iter().rev() {
            // A folder that is not empty stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_from_what_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("the folder");
        fs::create_dir_all(root.join("a/b")).expect("folders");
        for (path, found, missing) in [
            ("a/b", "a/b", ""),
            ("a/c/d", "a", "c/d"),
            ("a/./c", "a", "c"),
            ("x/../a/c", "a", "c"),
            ("x/../a/b", "a/b", ""),
            ("a/b/../c", "a", "c"),
            ("x/y/../../a/b/z", "a/b", "z"),
        ] {
            let (told, rest) = nearest(&root.join(path)).expect(path);
            // Paths are equal whether or not they end with a slash.
            assert_eq!((told, rest), (root.join(found), PathBuf::from(missing)), "{path}");
        }
        fs::write(root.join("file"), "").expect("a file");
        assert!(nearest(&root.join("file/a")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_unless_they_lead_to_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("the folder");
        fs::create_dir_all(root.join("a/b")).expect("folders");
        std::os::unix::fs::symlink(root.join("a/b"), root.join("link")).expect("a link");
        std::os::unix::fs::symlink(root.join("later"), root.join("nothing")).expect("a link");
        let (found, missing) = nearest(&root.join("link/../c")).expect("a way");
        assert_eq!((found, missing), (root.join("a"), PathBuf::from("c")));
        assert!(nearest(&root.join("nothing/c")).is_err());
        // A folder that was missing may be a link by the time it is made.
        assert!(NewFolders::below(&root, Path::new("link/d")).is_err());
        assert!(!root.join("a/b/d").exists());
    }

    #[test]
    fn folders_stay_only_if_they_are_kept_or_filled() {
        let folder = tempfile::tempdir().expect("a folder");
        let make = || NewFolders::below(folder.path(), Path::new("a/b/c")).expect("folders");
        let exists = |path: &str| folder.path().join(path).exists();
        drop(make());
        assert!(!exists("a"));
        let made = make();
        fs::write(folder.path().join("a/notes"), "").expect("a file");
        drop(made);
        assert!(exists("a/notes") && !exists("a/b"));
        make().keep();
        assert!(exists("a/b/c"));
        drop(make());
        assert!(exists("a/b/c"), "it was there");
        fs::write(folder.path().join("a/file"), "").expect("a file");
        assert!(NewFolders::below(folder.path(), Path::new("a/file/y")).is_err());
    }
}
