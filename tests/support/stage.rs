//! Scenes on stage: read from `scenes/` or written by a test, changed key by key, and drawn.

use std::path::Path;

use kymograph::film::Renderer;
use kymograph::panel::Figure;
use kymograph::raster::Raster;
use kymograph::scene::Scene;
use kymograph::scene::diagnostic::{Diagnostic, SceneError};
use kymograph::scene::load::{load_text, set};
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::Sources;

/// The scenes of the repository, without their ending.
pub(crate) const POSTED: [&str; 9] = [
    "mass-on-spring",
    "simple-harmonic-motion",
    "simple-harmonic-motion-wide",
    "simple-harmonic-motion-z",
    "damping-comparison",
    "damping-phase",
    "damping-energy",
    "damping-sweep",
    "resonance",
];

/// A scene of a test's own.
pub(crate) fn own(text: &str) -> Scene {
    changed(text, &[])
}

/// A scene of the repository with some keys set, as `--set` does.
pub(crate) fn posted(name: &str, changes: &[&str]) -> Scene {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes").join(name).with_extension("toml");
    changed(&std::fs::read_to_string(path).expect("a scene of the repository"), changes)
}

/// A scene with some keys set.
pub(crate) fn changed(text: &str, changes: &[&str]) -> Scene {
    let mut sources = Sources::new();
    let mut read = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    let tree =
        load_text(Path::new("test.toml"), text.to_owned(), &mut sources, &mut read).and_then(|mut tree| {
            changes.iter().try_for_each(|change| set(&mut tree, change, &mut sources))?;
            Ok(tree)
        });
    let fail = |error: Diagnostic, sources| -> ! { panic!("{}", SceneError::new(error, sources)) };
    match tree {
        Ok(tree) => resolve(&tree, sources, &Options { stem: "test".to_owned(), scale: None })
            .unwrap_or_else(|(error, sources)| fail(error, sources)),
        Err(error) => fail(error, sources),
    }
}

/// A scene at its own scale.
pub(crate) fn figure(scene: &Scene) -> Figure<'_> {
    at_scale(scene, scene.canvas.scale)
}

/// A scene at another scale.
pub(crate) fn at_scale(scene: &Scene, scale: f64) -> Figure<'_> {
    Figure::new(scene, scale)
        .unwrap_or_else(|error| panic!("{}", SceneError::new(error, scene.sources.clone())))
}

/// One frame, drawn by itself.
pub(crate) fn alone(figure: &Figure<'_>, index: usize) -> Raster {
    let (width, height) = figure.size();
    let mut renderer = Renderer::new(width, height, figure.scene().canvas.background);
    renderer.show(figure.marks(index).expect("marks"));
    renderer.image().clone()
}
