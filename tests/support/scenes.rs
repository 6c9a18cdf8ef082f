//! Scenes for tests: read from `scenes/` or written in a test, changed key by key, and drawn.

use std::path::{Path, PathBuf};

use kymograph::encode::Frame;
use kymograph::film::Renderer;
use kymograph::panel::Figure;
use kymograph::raster::Raster;
use kymograph::scene::Scene;
use kymograph::scene::bases::Bases;
use kymograph::scene::diagnostic::{Diagnostic, SceneError};
use kymograph::scene::load::{load_text, set};
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::Sources;
use kymograph::scene::tree::Node;
use kymograph::scene::variant::{Variant, variants};

/// A small film with every kind of moving element.
pub(crate) const BUSY: &str = r"
[canvas]
size = [240, 240]
scale = 1.5
[params]
decay = 0.2
[time]
span = [0, 12]
[animate]
frames = 31
hold = 0.5
[systems.s]
kind = 'oscillator'
stiffness = 4
damping = 'decay'
x0 = 1
[layout]
mosaic = ['top', 'plane']
heights = [1, 2]
[panels.top]
kind = 'plot'
draw = [
  { area = 's.x', opacity = 0.3 },
  { trace = 's.x', dash = true, legend = '$x$' },
  { trace = 'if(s.v > 0, s.v, nan)', width = 3, opacity = 0.5, legend = 'forth' },
  { trace = 's.v*t/9', span = ['t - 3', 't'], reveal = 'all' },
  { vline = 't', color = 'silver' },
  { point = 's.x', note = '$@{s.x:.2}$' },
]
[panels.plane]
kind = 'plane'
draw = [
  { circle = [0, 0], radius = 's.envelope', dash = true, fill = '#ffd70040' },
  { trace = 's.z', color = 'blue' },
  { arm = 's.z', arrow = true },
  { drop = 's.z', onto = 'y', dash = true },
  { rect = [['s.x', -0.2], [0, 0.2]], fill = 'tomato', opacity = 0.5 },
  { text = 't = @{t:.1} s', at = [0.98, 0.98], in = 'panel', anchor = 'ne' },
  { text = 'to the right', at = ['s.x', -0.8], when = 's.v > 0' },
]
";

/// A scene of the repository, named as its pictures are.
#[derive(Clone, Debug)]
pub(crate) struct RepositoryScene {
    pub(crate) name: String,
    /// The file of the scene.
    pub(crate) path: PathBuf,
    pub(crate) variant: Option<String>,
}

/// The scenes of the repository, one for each variant of a file, sorted by name.
pub(crate) fn repository_scenes() -> Vec<RepositoryScene> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("scenes") {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        if path.extension().is_none_or(|ending| ending != "toml") || stem.starts_with('_') {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a scene");
        for (variant, _) in split(&path, &text, &[]).0 {
            let name = variant.as_ref().map_or_else(|| stem.clone(), |variant| format!("{stem}-{variant}"));
            all.push(RepositoryScene { name, path: path.clone(), variant });
        }
    }
    assert!(all.len() >= 12, "{} scenes", all.len());
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The scenes of the repository, each with its name.
pub(crate) fn named_scenes() -> impl Iterator<Item = (String, Scene)> {
    repository_scenes().into_iter().map(|entry| {
        let scene = entry.scene(&[]);
        (entry.name, scene)
    })
}

impl RepositoryScene {
    /// The scene with some keys set, as `--set` does.
    pub(crate) fn scene(&self, changes: &[&str]) -> Scene {
        let text = std::fs::read_to_string(&self.path).expect("a scene of the repository");
        variant_of(&self.path, &text, self.variant.as_deref(), changes)
    }
}

/// The scene in a text.
pub(crate) fn parse_scene(text: &str) -> Scene {
    parse_scene_with(text, &[])
}

/// A scene of the repository with some keys set, as `--set` does.
pub(crate) fn repository_scene(name: &str, changes: &[&str]) -> Scene {
    let all = repository_scenes();
    let found = all.iter().find(|scene| scene.name == name);
    found.unwrap_or_else(|| panic!("no scene makes {name}")).scene(changes)
}

/// The scene in a text with some keys set.
pub(crate) fn parse_scene_with(text: &str, changes: &[&str]) -> Scene {
    variant_of(Path::new("test.toml"), text, None, changes)
}

fn variant_of(path: &Path, text: &str, variant: Option<&str>, changes: &[&str]) -> Scene {
    let (variants, sources) = split(path, text, changes);
    let mut found = variants.into_iter().filter(|(name, _)| name.as_deref() == variant);
    let (_, tree) = found.next().expect("the variant");
    // A scene of the repository may name files of data.
    let bases = Bases::below(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the root");
    let options = Options { stem: "test".to_owned(), bases: Some(bases), ..Options::default() };
    resolve(&tree, sources, &options)
        .unwrap_or_else(|(errors, sources)| fail(errors.first().clone(), sources))
}

fn fail(error: Diagnostic, sources: Sources) -> ! {
    panic!("{}", SceneError::new(error, sources))
}

/// The variants of a scene, with some keys set in each.
fn split(path: &Path, text: &str, changes: &[&str]) -> (Vec<(Option<String>, Node)>, Sources) {
    let mut sources = Sources::new();
    let mut read = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    let tree = load_text(path, text.to_owned(), &mut sources, &mut read);
    let all = tree.and_then(variants).and_then(|all| {
        let changed = all.into_iter().map(|Variant { name, mut tree }| {
            changes.iter().try_for_each(|change| set(&mut tree, change, &mut sources))?;
            Ok((name, tree))
        });
        changed.collect::<Result<Vec<_>, _>>()
    });
    match all {
        Ok(all) => (all, sources),
        Err(error) => fail(error, sources),
    }
}

/// The figure of a scene at the scene's own scale.
pub(crate) fn figure(scene: &Scene) -> Figure<'_> {
    figure_at_scale(scene, scene.canvas.scale)
}

/// The figure of a scene at another scale.
pub(crate) fn figure_at_scale(scene: &Scene, scale: f64) -> Figure<'_> {
    Figure::new(scene, scale)
        .unwrap_or_else(|error| panic!("{}", SceneError::new(error, scene.sources.clone())))
}

/// One frame, drawn by a new renderer.
pub(crate) fn draw_frame(figure: &Figure<'_>, index: usize) -> Raster {
    let (width, height) = figure.size();
    let mut renderer = Renderer::new(width, height, figure.scene().canvas.background);
    renderer.show(figure.marks(index).expect("marks"));
    renderer.image().clone()
}

/// Draws a film and passes each frame with its index to `look`.
pub(crate) fn draw_frames(figure: &Figure<'_>, mut look: impl FnMut(usize, &Frame<'_>)) {
    let marks = |index| Ok::<_, ()>(figure.marks(index).expect("marks"));
    let mut indices = 0..;
    let sink = |frame: &Frame<'_>| {
        look(indices.next().expect("an index"), frame);
        Ok(())
    };
    figure.animation().play(marks, sink).expect("frames");
}

/// All frames of a small film.
pub(crate) fn all_frames(scene: &Scene) -> Vec<Raster> {
    let mut frames = Vec::new();
    draw_frames(&figure(scene), |_, frame| frames.push(frame.image.clone()));
    frames
}
