//! Benchmarks of the stages of a film: `cargo bench`, or `cargo bench -- lzw` for the stages whose name contains a
//! word.
//!
//! Each stage does for the whole film of `scenes/simple-harmonic-motion.toml` what it does in a rendering. Compare rows
//! of one run: `whole_scene::gif` with `floor`, which only copies the changed pixels once and encodes them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use kymograph::draw::coverage::Coverage;
use kymograph::encode::{EncodeError, FilmAnalyzer, FilmStatistics, Palette};
use kymograph::mark::Mark;
use kymograph::panel::Figure;
use kymograph::scene::Scene;
use kymograph::scene::bases::Bases;
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::Sources;
use kymograph::solver::oscillator::{Oscillator, Parameters, Rates};
use kymograph::text::Typesetter;
use kymograph::{geometry, raster};

use self::geometry::PixelRect;
use self::packed_indices::PackedIndices;
use self::raster::{Raster, Rgba};

// Private modules of the crate, compiled once more with the modules they refer to.
#[allow(dead_code, unused_imports, reason = "only some functions are used here")]
#[path = "../src/encode/delta.rs"]
mod delta;
#[allow(dead_code, unused_imports, reason = "only some functions are used here")]
#[path = "../src/encode/lzw.rs"]
mod lzw;
#[path = "../src/encode/lzw_dictionary.rs"]
mod lzw_dictionary;
#[allow(dead_code, reason = "only some functions are used here")]
#[path = "../src/encode/packed_indices.rs"]
mod packed_indices;
#[path = "../src/encode/palette_map.rs"]
mod palette_map;
#[allow(dead_code, reason = "only its distances are used, by palette_map")]
#[path = "../src/encode/quantize.rs"]
mod quantize;

#[allow(dead_code, unused_imports, reason = "only its hash is used, by palette_map")]
#[path = "../src/encode/color_table.rs"]
mod color_table;

mod palette {
    pub(super) use kymograph::encode::Palette;
}

fn main() {
    divan::main();
}

static FIGURE: LazyLock<Figure<'static>> = LazyLock::new(|| {
    let scene = Box::leak(Box::new(scene()));
    Figure::new(scene, scene.canvas.scale).expect("a figure")
});

fn scene() -> Scene {
    load("scenes/simple-harmonic-motion.toml")
}

/// A scene of the repository.
fn load(path: &str) -> Scene {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut sources = Sources::new();
    let bases = Bases::below(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    let tree = bases.load(&path, &mut sources).expect("the scene");
    let options = Options { stem: "film".to_owned(), ..Options::default() };
    resolve(&tree, sources, &options).map_err(|(error, _)| error).expect("a sound scene")
}

#[allow(clippy::unnecessary_wraps, reason = "the signature that `Animation` expects")]
fn marks(index: usize) -> Result<Vec<Mark>, EncodeError> {
    Ok(FIGURE.marks(index).expect("marks"))
}

fn frames() -> usize {
    FIGURE.scene().timeline.frames
}

fn statistics() -> FilmStatistics {
    let mut analyzer = FilmAnalyzer::new();
    FIGURE.animation().play(marks, |frame| analyzer.push(frame)).expect("frames of one size");
    analyzer.finish().expect("a frame")
}

/// Opaque colors of all marks and of the background.
fn inks() -> Vec<Rgba> {
    let marks = (0..frames()).flat_map(|index| marks(index).expect("marks"));
    let inks: BTreeSet<_> = marks.filter_map(|mark| mark.color()).chain([Rgba::WHITE]).collect();
    inks.into_iter().filter(|ink| ink.a == u8::MAX).collect()
}

/// Repainted pixels of a frame, before and after.
struct Painted {
    before: Vec<Rgba>,
    after: Vec<Rgba>,
}

impl Painted {
    /// Number of pixels that differ.
    fn differing(&self) -> usize {
        let mut count = 0;
        delta::for_each_difference(&self.before, &self.after, |from, to| count += to - from);
        count
    }
}

/// Repainted pixels of all frames but the first.
fn painted() -> Vec<Painted> {
    let mut shown: Option<Raster> = None;
    let mut all = Vec::new();
    let played = FIGURE.animation().play(marks, |frame| -> Result<(), EncodeError> {
        let cut = |image: &Raster| {
            let rows =
                |rect: PixelRect| (rect.top..rect.bottom).map(move |y| image.row(y, rect.left, rect.right));
            frame.changed.iter().copied().flat_map(rows).collect::<Vec<_>>().concat()
        };
        all.extend(shown.as_ref().map(|shown| Painted { before: cut(shown), after: cut(frame.image) }));
        shown = Some(frame.image.clone());
        Ok(())
    });
    played.expect("a film");
    all
}

/// Changed rectangle of a GIF frame, as the LZW encoder receives it.
struct FramePatch {
    indices: PackedIndices,
    fixed: Vec<Range<usize>>,
}

/// Patches of all frames, read back from the GIF.
fn patches() -> Vec<FramePatch> {
    let mut film = Vec::new();
    FIGURE.animation().write_gif(&mut film, marks).expect("a film");
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    let mut reader = options.read_info(&*film).expect("a GIF");
    let width = usize::from(reader.width());
    let mut canvas = vec![Palette::CLEAR; width * usize::from(reader.height())];
    let mut all = Vec::new();
    while let Some(frame) = reader.read_next_frame().expect("a frame") {
        let (mut indices, mut fixed) = (Vec::new(), Vec::<Range<usize>>::new());
        let (left, columns) = (usize::from(frame.left), usize::from(frame.width));
        for (row, written) in frame.buffer.chunks_exact(columns).enumerate() {
            let start = (usize::from(frame.top) + row) * width + left;
            for (shown, &new) in canvas[start..start + columns].iter_mut().zip(written) {
                if new != Palette::CLEAR && new != *shown {
                    *shown = new;
                    match fixed.last_mut() {
                        Some(range) if range.end == indices.len() => range.end += 1,
                        _ => fixed.push(indices.len()..indices.len() + 1),
                    }
                }
                indices.push(*shown);
            }
        }
        let mut packed = PackedIndices::new(indices, fixed.iter().cloned());
        packed.pack();
        all.push(FramePatch { indices: packed, fixed });
    }
    all
}

#[divan::bench]
fn read() -> Scene {
    scene()
}

/// A thousand instants of every frame.
#[divan::bench]
fn solve(bencher: Bencher<'_, '_>) {
    let rates = Rates::Mechanical { stiffness: 10.0, damping: 0.4 };
    let parameters = Parameters { mass: 1.0, rates, x0: 3.0, v0: 0.0, drive: None };
    let instants = 1000 * frames();
    bencher.bench(|| {
        let oscillator = Oscillator::new(parameters).expect("sound parameters");
        (0..instants).map(|k| oscillator.state(k as f64 * 1e-3).x).sum::<f64>()
    });
}

/// Layout, axes, ticks, labels: all that stands still, as marks.
#[divan::bench]
fn chart() -> usize {
    let scene = FIGURE.scene();
    Figure::new(scene, scene.canvas.scale).expect("a figure").texts().len()
}

#[divan::bench(args = ["10", r"$x(t) \longrightarrow$", r"$\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}$"])]
fn text(label: &str) -> usize {
    Typesetter::shared().typeset_label(black_box(label), 20.0).expect("a label").runs.len()
}

/// Every frame's marks.
#[divan::bench]
fn list() -> usize {
    (0..frames()).map(|index| marks(index).expect("marks").len()).sum()
}

/// The strokes of every tenth frame, each drawn whole.
#[divan::bench]
fn stroke(bencher: Bencher<'_, '_>) {
    let (width, height) = FIGURE.size();
    let canvas = PixelRect::from_size(width, height);
    let marks: Vec<_> = (0..frames()).step_by(10).flat_map(|index| marks(index).expect("marks")).collect();
    bencher.bench(|| {
        let strokes = marks.iter().filter_map(|mark| match mark {
            Mark::Stroke(stroke) => Some(Coverage::from_stroke(stroke, canvas)),
            Mark::Nothing | Mark::Fill(_) | Mark::Tail(_) | Mark::Image(_) => None,
        });
        strokes.map(|coverage| u64::from(coverage.bounds().width())).sum::<u64>()
    });
}

/// Every frame, its marks listed beforehand.
#[divan::bench]
fn compose(bencher: Bencher<'_, '_>) {
    let listed = || (0..frames()).map(marks).collect::<Result<Vec<_>, _>>().expect("marks");
    bencher.with_inputs(listed).bench_values(|mut all| {
        FIGURE.animation().play(|index| Ok::<_, EncodeError>(std::mem::take(&mut all[index])), |_| Ok(()))
    });
}

#[divan::bench]
fn choose_palette(bencher: Bencher<'_, '_>) {
    let (statistics, inks) = (statistics(), inks());
    bencher.bench(|| Palette::build(&statistics, &inks, Rgba::WHITE));
}

/// Maps all repainted pixels to palette indices. A rendering maps each color of a segment only once.
#[divan::bench]
fn map_to_palette(bencher: Bencher<'_, '_>) {
    let painted = painted();
    let mut palette_map = palette_map::PaletteMap::new(Palette::build(&statistics(), &inks(), Rgba::WHITE));
    assert!(!palette_map.palette().colors().is_empty());
    bencher.bench_local(|| painted.iter().map(|one| palette_map.indices(&one.after).len()).sum::<usize>());
}

/// Finds the differing pixels of all repainted rectangles.
#[divan::bench]
fn delta(bencher: Bencher<'_, '_>) {
    let painted = painted();
    bencher.bench(|| painted.iter().map(Painted::differing).sum::<usize>());
}

#[divan::bench]
fn lzw(bencher: Bencher<'_, '_>) {
    let patches = patches();
    let mut coder = lzw::LzwEncoder::new();
    bencher.bench_local(|| patches.iter().map(|patch| coder.encode(&patch.indices).len()).sum::<usize>());
}

/// The least that a GIF of these frames takes.
#[divan::bench]
fn floor(bencher: Bencher<'_, '_>) {
    let (patches, mut canvas) = (patches(), Vec::new());
    canvas.resize(patches.iter().map(|patch| patch.indices.len()).max().unwrap_or(0), Rgba::CLEAR);
    let pixels = vec![Rgba::WHITE; canvas.len()];
    let mut coder = lzw::LzwEncoder::new();
    bencher.bench_local(|| {
        let film = patches.iter().map(|patch| {
            for range in &patch.fixed {
                canvas[range.clone()].copy_from_slice(black_box(&pixels[range.clone()]));
            }
            coder.encode(&patch.indices).len()
        });
        film.sum::<usize>()
    });
}

/// One value of an expression, with the time of each of its terms or points.
mod expression {
    use divan::Bencher;
    use divan::counter::ItemsCount;
    use kymograph::scene::expr::ExprRole;
    use kymograph::scene::model::Model;

    fn bench(bencher: Bencher<'_, '_>, source: &str, items: u32) {
        let model = Model::builder().build().expect("an empty model");
        let code = model.compile(source, ExprRole::Element(&[])).expect("an expression");
        let env = model.env(&[]).expect("values").with_time(1.7);
        bencher.counter(ItemsCount::new(items)).bench(|| env.with_own_work().eval(&code));
    }

    #[divan::bench]
    fn sum(bencher: Bencher<'_, '_>) {
        bench(bencher, "sum(exp(-(n/98)^2)*exp(j*(0.2*n - 0.02*n^2*t)), n, 1, 1000)", 1000);
    }

    /// A part that is written so many times in each term.
    #[divan::bench(args = [1, 8])]
    fn repeats_in_sum(bencher: Bencher<'_, '_>, times: usize) {
        let term = vec!["exp(-0.1*n)*cos(3*n + t)"; times].join(" + ");
        bench(bencher, &format!("sum({term}, n, 1, 1000)"), 1000);
    }

    /// Integrals up to each of many limits: of one integrand, and of one that might depend on the limit, for which each
    /// integral begins anew.
    #[divan::bench(args = ["exp(-s^2/9)*cos(5*s)", "exp(-s^2/9)*cos(5*s) + 0*n"])]
    fn integral_along(bencher: Bencher<'_, '_>, integrand: &str) {
        bench(bencher, &format!("sum(integral({integrand}, s, 0, n/100), n, 1, 1000)"), 1000);
    }

    /// The four first subintervals, of 15 points each, are enough.
    #[divan::bench]
    fn integral(bencher: Bencher<'_, '_>) {
        bench(bencher, "integral(exp(-s^2)*exp(-j*s*t), s, 0, 1)", 60);
    }
}

/// From the scene's text to the film's last byte, on one thread and on two.
mod whole_scene {
    use std::io::Cursor;

    use kymograph::animation::{Animation, AnimationFormat, EncodeOptions};
    use kymograph::film::{AnimationOutput, RenderResources};

    use super::{EncodeError, Figure, scene};

    const THREADS: [usize; 2] = [1, 2];

    /// The length of the film, on a canvas of its own size or a larger one.
    fn film(format: AnimationFormat, threads: usize, canvas: Option<(u32, u32)>) -> usize {
        let scene = scene();
        let figure = Figure::new(&scene, scene.canvas.scale).expect("a figure");
        let marks = |index| -> Result<_, EncodeError> { Ok(figure.marks(index).expect("marks")) };
        let (animation, mut file) = (figure.animation(), Cursor::new(Vec::new()));
        let animation = Animation { size: canvas.unwrap_or(animation.size), ..animation };
        let print = AnimationOutput::File(EncodeOptions::exact(format), &mut file);
        animation.render(RenderResources::threads(threads), vec![print], &marks, &()).expect("a film");
        file.into_inner().len()
    }

    #[divan::bench(args = THREADS)]
    fn gif(threads: usize) -> usize {
        film(AnimationFormat::Gif, threads, None)
    }

    /// The same drawing in a corner of a canvas of twelve times the pixels, as many of which change.
    #[divan::bench(args = THREADS)]
    fn gif_on_4k(threads: usize) -> usize {
        film(AnimationFormat::Gif, threads, Some((3840, 2160)))
    }

    #[divan::bench(args = THREADS, sample_count = 20)]
    fn apng(threads: usize) -> usize {
        film(AnimationFormat::Apng, threads, None)
    }

    #[divan::bench(args = THREADS, sample_count = 10)]
    fn webp(threads: usize) -> usize {
        film(AnimationFormat::Webp, threads, None)
    }
}

/// Frames of a color map of 600 × 400 pixels that changes everywhere: its marks and pixels.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn heat(bencher: Bencher<'_, '_>) {
    let scene = load("benches/heat.toml");
    let figure = Figure::new(&scene, 1.0).expect("a figure");
    let mut renderer = kymograph::film::Renderer::new(figure.size().0, figure.size().1, Rgba::WHITE);
    let mut index = 0;
    bencher.bench_local(|| {
        index = (index + 1) % scene.timeline.frames;
        renderer.show(figure.marks(index).expect("marks")).len()
    });
}
