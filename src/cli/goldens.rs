//! Where the pictures are that scenes are compared with: at their outputs, or in a folder of references.

use std::path::{Path, PathBuf};

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::{Output, Scene};

use super::args::Where;
use super::console::Console;
use super::jobs::{Gathered, at_output};
use super::load;
use super::picture::Picture;
use super::place::Place;
use super::render::check_rate;
use super::target::Root;

/// The place of all references.
pub(super) struct Goldens {
    root: Root,
    /// Whether the root is a folder of references, which need not be laid out as outputs are.
    apart: Option<PathBuf>,
}

impl Goldens {
    /// The references of all scenes that `words` name; none, which is told, where there is no folder for any.
    pub(super) fn gather(place: &Where, words: &[PathBuf], console: &Console) -> Option<(Self, Gathered)> {
        let told = |error: String| console.error(&error);
        let goldens = Self::new(place).map_err(told).ok()?;
        // A folder of references says nothing about scenes, so their root is the folder that kymo runs in.
        let root = Root::new(&place.root, place.allow_outside);
        let bases = root.and_then(|root| root.bases()).map_err(told).ok()?;
        let read = |path: &Path| load::plain(path, &bases);
        let gathered = Gathered::gather(words, read, |scene| goldens.pictures(scene));
        Some((goldens, gathered))
    }

    /// As the command line says.
    ///
    /// # Errors
    /// A folder that there is not.
    fn new(place: &Where) -> Result<Self, String> {
        match &place.goldens {
            Some(folder) => Ok(Self { root: Root::new(folder, false)?, apart: Some(folder.clone()) }),
            None => Ok(Self { root: Root::new(&place.root, place.allow_outside)?, apart: None }),
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
            let place = match self.root.find(&path) {
                Ok(place) => place,
                Err((why, remedy)) => return Err(at_output(Diagnostic::new(why).help(remedy), output)),
            };
            Ok(Picture { output: output.clone(), place: Some(place), fresh: false })
        };
        scene.outputs.iter().map(picture).collect()
    }

    /// The place of an output's reference that is going to be written, or why it cannot be there and the remedy.
    pub(super) fn place(&self, output: &Path) -> Result<Place, (String, String)> {
        self.root.place(&self.path(output))
    }

    /// Where below the root an output's reference is. In a folder of references, `imgs/a.gif` is `imgs/a.gif` where there
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
