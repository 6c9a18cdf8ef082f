//! Reads the scenes of a path: all variants of the file or one, with the overrides of the command line.

use std::path::Path;

use kymograph::files;
use kymograph::scene::Scene;
use kymograph::scene::bases::{Bases, MAX_SCENE_BYTES};
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::errors::Diagnostics;
use kymograph::scene::load::{set, unreadable};
use kymograph::scene::resolve::Options;
use kymograph::scene::source::{STDIN, Sources};
use kymograph::scene::tree::Node;
use kymograph::scene::variant::{Variant, named, variants};
use kymograph::suggest::listed;
use kymograph::work::MILLION;

use super::args::{BaseRoot, Overrides};
use super::find::DASH;
use super::root::Root;

/// The errors of a scene, and the sources that their places refer to.
pub(super) type LocatedError = (Diagnostics, Sources);

/// The variants of a file, before they are resolved.
struct ParsedFile<'a> {
    variants: Vec<Variant>,
    sources: Sources,
    options: Options,
    overrides: &'a Overrides,
}

/// All scenes of a path or of standard input, and the errors of the others.
pub(super) fn scenes(path: &Path, overrides: &Overrides, bases: &Bases) -> (Vec<Scene>, Vec<LocatedError>) {
    let draft = match ParsedFile::read(path, overrides, bases) {
        Ok(draft) => draft,
        Err(error) => return (Vec::new(), vec![error]),
    };
    let (mut scenes, mut errors, mut held) = (Vec::new(), Vec::new(), 0);
    for variant in &draft.variants {
        match draft.scene(variant) {
            Ok(scene) => {
                held += scene.model.work().reserved();
                let limit = scene.limits.memory;
                scenes.push(scene);
                if held > limit {
                    return (Vec::new(), vec![too_many_variants(draft, limit)]);
                }
            }
            Err(error) => errors.push(error),
        }
    }
    (scenes, errors)
}

/// The error of a file whose variants take more than this many bytes together.
fn too_many_variants(file: ParsedFile<'_>, limit: u64) -> LocatedError {
    let message = format!("the {} variants of the file take too much memory", file.variants.len());
    let help =
        format!("pass --variant NAME for one, or raise the limit: limits.memory = {}", limit / MILLION * 4);
    (Diagnostic::new(message).help(help).into(), file.sources)
}

/// All scenes of a file without overrides, and the errors of the others.
pub(super) fn plain(path: &Path, bases: &Bases) -> (Vec<Scene>, Vec<LocatedError>) {
    scenes(path, &Overrides::default(), bases)
}

/// The folders that the command line allows bases to lie in.
pub(super) fn bases(args: &BaseRoot) -> Result<Bases, String> {
    Root::new(&args.root, args.allow_outside)?.bases()
}

/// The only scene of a path or of standard input. `why` begins the error for a file with several variants, such as
/// "`kymo data` prints one scene".
pub(super) fn scene(
    path: &Path,
    overrides: &Overrides,
    bases: &Bases,
    why: &str,
) -> Result<Scene, LocatedError> {
    let draft = ParsedFile::read(path, overrides, bases)?;
    match draft.variants.as_slice() {
        [one] => draft.scene(one),
        several => {
            let names: Vec<&str> = several.iter().filter_map(|variant| variant.name.as_deref()).collect();
            let diagnostic = Diagnostic::new(format!("{why}, and the scene has {} variants", names.len()))
                .help(format!("pass --variant with one of {}", listed(&names)));
            Err((diagnostic.into(), draft.sources))
        }
    }
}

impl<'a> ParsedFile<'a> {
    fn read(path: &Path, overrides: &'a Overrides, bases: &Bases) -> Result<Self, LocatedError> {
        let mut sources = Sources::new();
        let wanted = |all: Vec<Variant>| match &overrides.variant {
            Some(name) => named(all, name).map(|one| vec![one]),
            None => Ok(all),
        };
        let found = tree(path, overrides, bases, &mut sources).and_then(variants).and_then(wanted);
        match found {
            Ok(variants) => {
                let options =
                    Options { stem: stem(path), scale: overrides.scale, bases: Some(bases.clone()) };
                Ok(Self { variants, sources, options, overrides })
            }
            Err(diagnostic) => Err((diagnostic.into(), sources)),
        }
    }

    /// Applies the overrides to a variant and resolves it. Overrides take precedence over variants.
    fn scene(&self, variant: &Variant) -> Result<Scene, LocatedError> {
        let (mut variant, mut sources) = (variant.clone(), self.sources.clone());
        for assignment in &self.overrides.set {
            if let Err(diagnostic) = set(&mut variant.tree, assignment, &mut sources) {
                return Err((diagnostic.into(), variant.located(sources)));
            }
        }
        variant.resolve(sources, &self.options)
    }
}

fn tree(
    path: &Path,
    overrides: &Overrides,
    bases: &Bases,
    sources: &mut Sources,
) -> Result<Node, Diagnostic> {
    if let Some(scale) = overrides.scale.filter(|scale| !(scale.is_finite() && *scale > 0.0)) {
        return Err(Diagnostic::new(format!("--scale is {scale}")).help("it must be greater than 0"));
    }
    if path.as_os_str() != DASH {
        return bases.load(path, sources);
    }
    let (path, text) = (Path::new(STDIN), files::read_text(std::io::stdin().lock(), MAX_SCENE_BYTES));
    bases.load_text(path, text.map_err(|error| unreadable(path, &error))?, sources)
}

fn stem(path: &Path) -> String {
    if path.as_os_str() == DASH {
        return "stdin".to_owned();
    }
    path.file_stem().map_or_else(|| "scene".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
