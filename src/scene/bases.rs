//! Scenes from the disk, and the folders that their bases may lie in.
//!
//! The user names the scene itself, which may lie anywhere. The scene names its bases, and it may come from a stranger. So
//! a base is a regular file that lies, links resolved, below a root or below the folder of the scene that was named.

use std::io;
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::load::{load_text, unreadable};
use super::source::Sources;
use super::tree::Node;
use crate::files::{self, ReadError};

/// Bytes of a scene or a base, at most. The scenes of this repository hold up to four kilobytes; a megabyte is far more
/// than anybody writes, and takes next to no time and memory to read.
pub const MAX_SCENE_BYTES: u64 = 1 << 20;

/// Where the bases of scenes may lie.
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
#[derive(Clone, Debug)]
pub struct Bases {
    /// Without links; none if bases may lie anywhere.
    root: Option<PathBuf>,
}

impl Bases {
    /// Below this folder, or below the folder of the scene that is read.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn below(root: &Path) -> io::Result<Self> {
        Ok(Self { root: Some(root.canonicalize()?) })
    }

    /// Anywhere: for scenes that are trusted with every file of their reader.
    #[must_use]
    pub const fn anywhere() -> Self {
        Self { root: None }
    }

    /// Reads a scene, which may lie anywhere, and all it extends. The tree's root is a table without `extends`.
    ///
    /// # Errors
    /// As those of [`load_text`], or the scene cannot be read.
    pub fn load(&self, path: &Path, sources: &mut Sources) -> Result<Node, Diagnostic> {
        let text = files::open_or_inherited(path).and_then(|file| files::read_text(file, MAX_SCENE_BYTES));
        self.load_text(path, text.map_err(|error| unreadable(path, &error))?, sources)
    }

    /// As [`load`](Self::load), with the scene's text at hand; `name` is what [`load_text`] says of it.
    ///
    /// # Errors
    /// As those of [`load_text`].
    pub fn load_text(&self, name: &Path, text: String, sources: &mut Sources) -> Result<Node, Diagnostic> {
        let folder = folder_of(name);
        load_text(name, text, sources, &mut |path| self.read(path, folder.as_deref()))
    }

    /// Whether a scene, which need not exist yet, may extend a file.
    ///
    /// # Errors
    /// The file lies elsewhere, or cannot be looked at.
    pub fn check(&self, base: &Path, scene: &Path) -> Result<(), ReadError> {
        self.resolve_base(base, folder_of(scene).as_deref()).map(drop)
    }

    /// The text of a base of a scene in `folder`.
    fn read(&self, path: &Path, folder: Option<&Path>) -> Result<String, ReadError> {
        files::read_text(files::open(&self.resolve_base(path, folder)?)?, MAX_SCENE_BYTES)
    }

    /// A base without links, if a scene in `folder` may extend it.
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

/// The folder of a scene without links. Without a folder there is nothing below it either.
fn folder_of(scene: &Path) -> Option<PathBuf> {
    let folder = scene.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder with a root, a folder of scenes beside it, and a secret beside both.
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

    /// What is said of a scene that extends `base`, the roots being `root` and the scene's own folder.
    fn said(disk: &Path, base: &str) -> String {
        let bases = Bases::below(&disk.join("root")).expect("a root");
        let text = format!("extends = '{base}'");
        let refused = bases.load_text(&disk.join("scenes/s.toml"), text, &mut Sources::new());
        refused.expect_err("none is TOML").message
    }

    #[test]
    fn bases_lie_below_the_root_or_beside_their_scene() {
        let disk = disk();
        for base in ["parts/_a.toml", "../root/parts/_a.toml", "parts/../parts/_a.toml"] {
            // They are read, for they are told to be no TOML.
            assert!(!said(disk.path(), base).contains("cannot read"), "{base}");
        }
        let absolute = disk.path().join("root-secret.toml");
        for base in ["../root-secret.toml", "../root/../root-secret.toml", &absolute.to_string_lossy()] {
            let said = said(disk.path(), base);
            assert!(said.contains("it lies neither below the root"), "{base}: {said}");
            assert!(!said.contains("opensesame"), "{said}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_before_a_base_is_judged() {
        let disk = disk();
        std::os::unix::fs::symlink("../root-secret.toml", disk.path().join("scenes/_link.toml"))
            .expect("a link");
        std::os::unix::fs::symlink("/dev", disk.path().join("root/dev")).expect("a link");
        for base in ["_link.toml", "../root/dev/zero"] {
            let said = said(disk.path(), base);
            assert!(said.contains("it lies neither"), "{base}: {said}");
        }
        assert!(said(disk.path(), "parts").contains("it is a folder"));
    }

    #[test]
    fn a_scene_is_read_from_anywhere_up_to_its_size() {
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
