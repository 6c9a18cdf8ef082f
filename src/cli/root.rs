//! The root: the folder that outputs are relative to and stay below.

use std::path::{Component, Path, PathBuf};

use kymograph::printable::{self, name};
use kymograph::scene::bases::Bases;

use super::folders::nearest;
use super::target::Target;

/// The folder that outputs are relative to.
pub(super) struct Root {
    path: PathBuf,
    canonical: PathBuf,
    allow_outside: bool,
}

/// The reason why a path cannot be a target, and the remedy.
type Refusal = (String, String);

impl Root {
    pub(super) fn new(path: &Path, allow_outside: bool) -> Result<Self, String> {
        let canonical = path.canonicalize().map_err(|error| format!("the root {}: {error}", name(path)))?;
        if !canonical.is_dir() {
            return Err(format!("the root {} is no folder", name(path)));
        }
        Ok(Self { path: path.to_owned(), canonical, allow_outside })
    }

    /// The folders in which the bases of scenes may lie.
    pub(super) fn bases(&self) -> Result<Bases, String> {
        if self.allow_outside {
            return Ok(Bases::anywhere());
        }
        Bases::below(&self.canonical).map_err(|error| format!("the root {}: {error}", name(&self.path)))
    }

    /// The target of an output that will be written. A missing folder is created then, if it lies below the root.
    pub(super) fn target(&self, output: &Path) -> Result<Target, Refusal> {
        let target = self.locate(output)?;
        if target.folder.starts_with(&self.canonical) { Ok(target) } else { with_folder(target) }
    }

    /// The target of a file whose folder must exist.
    pub(super) fn target_in_existing_folder(&self, output: &Path) -> Result<Target, Refusal> {
        self.locate(output).and_then(with_folder)
    }

    /// The target of an output that is only read.
    pub(super) fn locate(&self, output: &Path) -> Result<Target, Refusal> {
        let outside = || {
            let why = format!("{} lies outside of the root {}", name(output), name(&self.canonical));
            (why, "write a path below the root, or pass --allow-outside".to_owned())
        };
        // The path is checked before the disk, so that a path that climbs out is reported as such whether or not it exists.
        if !self.allow_outside && climbs_out(output) && !output.is_absolute() {
            return Err(outside());
        }
        // `imgs/a.gif` is what people call `./imgs/a.gif`.
        let here = self.path == Path::new(".");
        let joined = if here { output.to_owned() } else { self.path.join(output) };
        let folder = folder_of(&joined);
        let (found, missing) = match nearest(folder) {
            Ok(found) => found,
            Err(_) if !self.allow_outside && output.is_absolute() && !output.starts_with(&self.canonical) => {
                return Err(outside());
            }
            Err(error) => {
                let why = format!("the folder {} cannot be used: {error}", name(folder));
                return Err((why, "write a path in a folder that can be used".to_owned()));
            }
        };
        if !self.allow_outside && !found.starts_with(&self.canonical) {
            return Err(outside());
        }
        if !found.is_dir() {
            return Err((format!("{} is no folder", name(folder)), "write another path".to_owned()));
        }
        let file = joined.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let target = Target { display: joined, folder: found, missing, name: file };
        checked(target)
    }
}

/// Refuses a path that cannot be that of a file.
fn checked(target: Target) -> Result<Target, Refusal> {
    let new = target.missing.join(&target.name);
    if let Some(refusal) = printable::refusal(&new.to_string_lossy()) {
        return Err(refusal);
    }
    if target.file(None).is_dir() {
        let why = format!("{} is a folder", name(&target.display));
        return Err((why, "write the name of a file".to_owned()));
    }
    Ok(target)
}

/// Refuses a target whose folder does not exist.
fn with_folder(target: Target) -> Result<Target, Refusal> {
    if !target.lacks_folder() {
        return Ok(target);
    }
    let folder = name(folder_of(&target.display));
    Err((format!("there is no folder {folder}"), format!("make it with mkdir -p {folder}")))
}

/// The folder of a file.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a path leads above its start.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_climb_out_are_recognized_by_their_components() {
        for (path, out) in
            [("a/b.gif", false), ("a/../b.gif", false), ("../b.gif", true), ("a/../../b.gif", true)]
        {
            assert_eq!(climbs_out(Path::new(path)), out, "{path}");
        }
    }

    #[test]
    fn folders_are_missing_below_the_root_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("root")).expect("a folder");
        let root = |allow| Root::new(&folder.path().join("root"), allow).expect("a root");
        let beside = folder.path().join("new/a.gif");
        for allow in [false, true] {
            assert!(root(allow).target(Path::new("new/a.gif")).is_ok());
            assert!(root(allow).target_in_existing_folder(Path::new("new/a.gif")).is_err());
            assert!(root(allow).target(&beside).is_err());
        }
        assert!(root(false).locate(&beside).is_err() && root(true).locate(&beside).is_ok());
        let (why, remedy) = root(true).target(&beside).expect_err("its folder");
        assert!(why.starts_with("there is no folder") && remedy.starts_with("make it with mkdir -p"));
    }

    #[test]
    fn names_with_control_characters_are_refused_where_they_would_be_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let odd = folder.path().join("odd\u{1b}");
        std::fs::create_dir(&odd).expect("a folder");
        let root = Root::new(folder.path(), false).expect("a root");
        for output in ["a\u{1b}.gif", "a\nb.gif", "new\u{9b}/a.gif", "odd\u{1b}/\u{202e}.gif"] {
            let (why, _) = root.target(Path::new(output)).expect_err(output);
            assert!(why.contains("holds the control character \\"), "{why}");
        }
        assert!(root.target(Path::new("odd\u{1b}/a.gif")).is_ok());
    }
}
