//! The references that scenes are compared with: the pictures at their outputs, or those in a folder of references.

use std::path::{Path, PathBuf};

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::{Output, Scene};

use super::args::PicturePaths;
use super::batch::Batch;
use super::console::Console;
use super::failure::at_output;
use super::frame_rate::check_rate;
use super::load;
use super::picture::Picture;
use super::root::Root;
use super::target::Target;

/// The locations of all references.
pub(super) struct Goldens {
    root: Root,
    /// Whether the root is a folder of references, which need not be laid out as outputs are.
    apart: Option<PathBuf>,
}

impl Goldens {
    /// The references of all scenes at the paths `scenes`. Reports an error and returns `None` if a folder does not exist.
    pub(super) fn load_batch(
        paths: &PicturePaths,
        scenes: &[PathBuf],
        console: &Console,
    ) -> Option<(Self, Batch)> {
        let report = |error: String| console.error(&error);
        let goldens = Self::new(paths).map_err(report).ok()?;
        // A folder of references says nothing about scenes, so their root is the folder that kymo runs in.
        let root = Root::new(&paths.root, paths.allow_outside);
        let bases = root.and_then(|root| root.bases()).map_err(report).ok()?;
        let read = |path: &Path| load::plain(path, &bases);
        let batch = Batch::load(scenes, console, read, |scene| goldens.pictures(scene));
        Some((goldens, batch))
    }

    /// The locations that the command line names.
    ///
    /// # Errors
    /// The folder does not exist.
    fn new(paths: &PicturePaths) -> Result<Self, String> {
        match &paths.goldens {
            Some(folder) => Ok(Self { root: Root::new(folder, false)?, apart: Some(folder.clone()) }),
            None => Ok(Self { root: Root::new(&paths.root, paths.allow_outside)?, apart: None }),
        }
    }

    /// The references of a scene, which need not be there.
    ///
    /// # Errors
    /// Outputs outside of the root, or that cannot be made as they are wanted.
    fn pictures(&self, scene: &Scene) -> Result<Vec<Picture>, Diagnostic> {
        let picture = |output: &Output| {
            check_rate(scene, output)?;
            let path = self.path(&output.path);
            let target = match self.root.locate(&path) {
                Ok(target) => target,
                Err((why, remedy)) => return Err(at_output(Diagnostic::new(why).help(remedy), output)),
            };
            Ok(Picture { output: output.clone(), target: Some(target), fresh: false })
        };
        scene.outputs.iter().map(picture).collect()
    }

    /// The place of an output's reference that is going to be written, or why it cannot be there and the remedy.
    pub(super) fn target(&self, output: &Path) -> Result<Target, (String, String)> {
        self.root.target(&self.path(output))
    }

    /// The path of an output's reference, relative to the root. In a folder of references, `imgs/a.gif` is `imgs/a.gif` if there
    /// is a folder `imgs`, and otherwise `a.gif`.
    fn path(&self, output: &Path) -> PathBuf {
        let Some(folder) = &self.apart else { return output.to_owned() };
        let laid_out =
            output.is_relative() && output.parent().is_some_and(|parent| folder.join(parent).is_dir());
        match output.file_name() {
            Some(name) if !laid_out => PathBuf::from(name),
            _ => output.to_owned(),
        }
    }
}
