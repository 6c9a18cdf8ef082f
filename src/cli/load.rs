//! A scene from a path, with the command line's overrides laid over it.

use std::io::Read;
use std::path::Path;

use kymograph::scene::Scene;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::load::{load, load_text, set};
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::{STDIN, Sources};
use kymograph::scene::tree::Node;

use super::args::Overrides;
use super::find::DASH;

/// The scene at a path, or on standard input.
pub(super) fn scene(path: &Path, overrides: &Overrides) -> Result<Scene, (Diagnostic, Sources)> {
    let mut sources = Sources::new();
    match tree(path, overrides, &mut sources) {
        Ok(tree) => {
            let options = Options { stem: stem(path), scale: overrides.scale };
            resolve(&tree, sources, &options)
        }
        Err(diagnostic) => Err((diagnostic, sources)),
    }
}

fn tree(path: &Path, overrides: &Overrides, sources: &mut Sources) -> Result<Node, Diagnostic> {
    if let Some(scale) = overrides.scale.filter(|scale| !(scale.is_finite() && *scale > 0.0)) {
        return Err(Diagnostic::new(format!("--scale is {scale}")).help("it must be greater than 0"));
    }
    let mut read = |path: &Path| std::fs::read_to_string(path);
    let mut tree = if path.as_os_str() == DASH {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Diagnostic::new(format!("standard input cannot be read: {error}")))?;
        load_text(Path::new(STDIN), text, sources, &mut read)?
    } else {
        load(path, sources, &mut read)?
    };
    for assignment in &overrides.set {
        set(&mut tree, assignment, sources)?;
    }
    Ok(tree)
}

fn stem(path: &Path) -> String {
    if path.as_os_str() == DASH {
        return "stdin".to_owned();
    }
    path.file_stem().map_or_else(|| "scene".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
