//! Loads scenes from the disk and restricts the folders of their bases.
//!
//! The user names the scene, which may be anywhere. The scene names its bases, and it may be untrusted. So a base must be a
//! regular file that is, after links are resolved, below a root folder or below the folder of the scene.

use std::io;
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::load::{load_text, unreadable};
use super::source::Sources;
use super::tree::Node;
use crate::files::{self, ReadError};

/// The maximal size of a scene or a base, in bytes. The scenes of this repository have up to 4 kB, so 1 MiB is ample, and
/// it is read in negligible time and memory.
pub const MAX_SCENE_BYTES: u64 = 1 << 20;

/// The maximal size of a data file, in bytes: some million rows, which are read in less than a second.
pub const MAX_DATA_BYTES: u64 = 64 << 20;

/// The folders that may contain the bases of scenes and the data files that they name.
///
/// ```
/// use std::path::Path;
///
/// use kymograph::scene::bases::Bases;
/// use kymograph::scene::source::Sources;
///
/// let bases = Bases::below(Path::new("."))?;
/// let mut sources = Sources::new();
/// let refused = bases.load_text(Path::new("a.toml"), "extends = '/etc/passwd'".to_owned(), &mut sources);
/// assert!(refused.is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Bases {
    /// The root folder without links; `None` if bases may be anywhere.
    root: Option<PathBuf>,
}

impl Bases {
    /// Allows bases below `root` and below the folder of the scene.
    ///
    /// # Errors
    /// The folder `root` does not exist.
    pub fn below(root: &Path) -> io::Result<Self> {
        Ok(Self { root: Some(root.canonicalize()?) })
    }

    /// Allows bases anywhere, for trusted scenes: they may read every file that the user may read.
    #[must_use]
    pub const fn anywhere() -> Self {
        Self { root: None }
    }

    /// Reads a scene and its bases. The root of the tree is a table without `extends`.
    ///
    /// # Errors
    /// The errors of [`load_text`], or the scene cannot be read.
    pub fn load(&self, path: &Path, sources: &mut Sources) -> Result<Node, Diagnostic> {
        let text = files::open_or_inherited(path).and_then(|file| files::read_text(file, MAX_SCENE_BYTES));
        self.load_text(path, text.map_err(|error| unreadable(path, &error))?, sources)
    }

    /// As [`load`](Self::load), for a scene whose text was already read; `name` is the `path` of [`load_text`].
    ///
    /// # Errors
    /// The errors of [`load_text`].
    pub fn load_text(&self, name: &Path, text: String, sources: &mut Sources) -> Result<Node, Diagnostic> {
        let folder = folder_of(name);
        load_text(name, text, sources, &mut |path| self.read(path, folder.as_deref()))
    }

    /// Reads a data file that a scene names. It may be where the scene's bases may be.
    ///
    /// # Errors
    /// The file is outside the allowed folders, or cannot be read.
    pub(super) fn read_data(&self, path: &Path, scene: &Path) -> Result<String, Diagnostic> {
        let folder = folder_of(scene);
        let file = self.resolve_base(path, folder.as_deref()).and_then(|path| files::open(&path));
        file.and_then(|file| files::read_text(file, MAX_DATA_BYTES)).map_err(|error| unreadable(path, &error))
    }

    /// Checks that a scene, which need not exist yet, may extend a file.
    ///
    /// # Errors
    /// The file is outside the allowed folders, or its path cannot be resolved.
    pub fn check(&self, base: &Path, scene: &Path) -> Result<(), ReadError> {
        self.resolve_base(base, folder_of(scene).as_deref()).map(drop)
    }

    /// Reads a base of a scene in `folder`.
    fn read(&self, path: &Path, folder: Option<&Path>) -> Result<String, ReadError> {
        files::read_text(files::open(&self.resolve_base(path, folder)?)?, MAX_SCENE_BYTES)
    }

    /// Resolves the links of a base and checks that a scene in `folder` may extend it.
    fn resolve_base(&self, path: &Path, folder: Option<&Path>) -> Result<PathBuf, ReadError> {
        let path = path.canonicalize()?;
        match &self.root {
            Some(root) if !path.starts_with(root) && !folder.is_some_and(|it| path.starts_with(it)) => {
                Err(ReadError::Outside(root.clone()))
            }
            Some(_) | None => Ok(path),
        }
    }
}

/// The folder of a scene without links; `None` if it does not exist, so that nothing is below it.
fn folder_of(scene: &Path) -> Option<PathBuf> {
    let folder = scene.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A temporary folder with a root, a folder of scenes beside it, and a secret file beside both.
    fn disk() -> tempfile::TempDir {
        let disk = tempfile::tempdir().expect("a folder");
        for folder in ["root/parts", "scenes/parts"] {
            fs::create_dir_all(disk.path().join(folder)).expect("a folder");
        }
        for file in ["root/parts/_a.toml", "scenes/parts/_a.toml", "root-secret.toml"] {
            fs::write(disk.path().join(file), "alt = 'opensesame").expect("a file");
        }
        disk
    }

    /// The error of a scene that extends `base`; allowed are `root` and the folder of the scene.
    fn message(disk: &Path, base: &str) -> String {
        let bases = Bases::below(&disk.join("root")).expect("a root");
        let text = format!("extends = '{base}'");
        let refused = bases.load_text(&disk.join("scenes/s.toml"), text, &mut Sources::new());
        refused.expect_err("none is TOML").message
    }

    #[test]
    fn bases_must_be_below_the_root_or_the_folder_of_the_scene() {
        let disk = disk();
        for base in ["parts/_a.toml", "../root/parts/_a.toml", "parts/../parts/_a.toml"] {
            // The error is that the base is not TOML, so the base was read.
            assert!(!message(disk.path(), base).contains("cannot read"), "{base}");
        }
        let absolute = disk.path().join("root-secret.toml");
        for base in ["../root-secret.toml", "../root/../root-secret.toml", &absolute.to_string_lossy()] {
            let message = message(disk.path(), base);
            assert!(message.contains("it lies neither below the root"), "{base}: {message}");
            assert!(!message.contains("opensesame"), "{message}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_resolved_before_a_base_is_checked() {
        let disk = disk();
        std::os::unix::fs::symlink("../root-secret.toml", disk.path().join("scenes/_link.toml"))
            .expect("a link");
        std::os::unix::fs::symlink("/dev", disk.path().join("root/dev")).expect("a link");
        for base in ["_link.toml", "../root/dev/zero"] {
            let message = message(disk.path(), base);
            assert!(message.contains("it lies neither"), "{base}: {message}");
        }
        assert!(message(disk.path(), "parts").contains("it is a folder"));
    }

    #[test]
    fn a_scene_is_read_from_any_folder_up_to_the_size_limit() {
        let disk = disk();
        let bases = Bases::below(&disk.path().join("root")).expect("a root");
        let scene = disk.path().join("a.toml");
        let load = |text: &str| {
            fs::write(&scene, text).expect("a file");
            bases.load(&scene, &mut Sources::new())
        };
        assert!(load("alt = 'a'").is_ok());
        let long = format!("alt = 'a'\n#{}", "x".repeat(MAX_SCENE_BYTES as usize));
        assert!(load(&long).expect_err("it is too long").message.contains("it holds more than 1 MiB"));
        let none = bases.load(Path::new("none.toml"), &mut Sources::new()).expect_err("there is none");
        assert!(none.message.contains("none.toml") && none.origin.is_none());
    }
}
