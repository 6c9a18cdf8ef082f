//! The scenes on the pages of the documentation and the pictures below them.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use kymograph::encode::EncodeError;
use kymograph::panel::Figure;
use kymograph::raster::Raster;
use kymograph::scene::bases::Bases;
use kymograph::scene::diagnostic::SceneError;
use kymograph::scene::load::load_text;
use kymograph::scene::resolve::Options;
use kymograph::scene::source::Sources;
use kymograph::scene::variant::variants;
use kymograph::scene::{Format, Scene};
use kymograph::svg::{self, SvgOptions};

use super::{REFERENCE, files, read, reference, root};
use crate::support::golden::{assert_picture, decode};
use crate::support::scenes::figure;

/// A scene on a page: the text of a block fenced as `toml`.
struct Block {
    text: String,
    /// The pictures below it, as paths below the root.
    pictures: Vec<PathBuf>,
}

impl Block {
    /// The name in the first line, `# _base.toml`, by which other scenes of the page extend this one.
    fn name(&self) -> Option<&str> {
        let first = self.text.lines().next()?.strip_prefix("# ")?;
        Path::new(first).extension().is_some_and(|ending| ending == "toml").then_some(first)
    }

    /// True if the name begins with `_`: a base, which only other scenes use.
    fn is_base(&self) -> bool {
        self.name().is_some_and(|name| name.starts_with('_'))
    }
}

/// The scenes of a page, in its order.
fn blocks(page: &str) -> Vec<Block> {
    let text = read(page);
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let fenced = text.split("```toml\n").skip(1);
    fenced
        .map(|rest| {
            let (text, below) =
                rest.split_once("```").unwrap_or_else(|| panic!("{page}: a fence stays open"));
            let below = below.lines().skip_while(|line| line.is_empty());
            let links =
                below.map_while(|line| line.strip_prefix("![")?.split_once("](")?.1.strip_suffix(')'));
            let pictures = links.filter(|link| link.starts_with("pictures/")).map(|link| folder.join(link));
            Block { text: text.to_owned(), pictures: pictures.collect() }
        })
        .collect()
}

/// All scenes of a text: one, or one for each variant. A text may extend the other blocks of its page.
fn all_scenes(text: &str, scale: Option<f64>, page: &[Block]) -> Vec<Scene> {
    let mut sources = Sources::new();
    let mut other = |path: &Path| {
        let base = page.iter().find(|block| block.name().is_some_and(|name| path.ends_with(name)));
        base.map(|block| block.text.clone()).ok_or_else(|| io::ErrorKind::NotFound.into())
    };
    // A scene lies beside its page, and so do the files of data that it names.
    let name = root().join(REFERENCE).join("docs.toml");
    let tree = load_text(&name, text.to_owned(), &mut sources, &mut other);
    let bases = Bases::below(&root()).expect("the root");
    let options = Options { stem: "docs".to_owned(), scale, bases: Some(bases) };
    let resolved = match tree.and_then(variants) {
        Ok(all) => all.iter().map(|variant| variant.resolve(sources.clone(), &options)).collect(),
        Err(diagnostic) => Err((diagnostic.into(), sources)),
    };
    resolved.unwrap_or_else(|(errors, sources)| {
        panic!("{text}\n{}", SceneError::new(errors.first().clone(), sources))
    })
}

/// The only scene of a text.
pub(super) fn scene(text: &str) -> Scene {
    let mut all = all_scenes(text, None, &[]);
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0)
}

/// The bytes of a scene's first output, drawn at half a device pixel to the CSS pixel.
fn render(scene: &Scene) -> Result<Vec<u8>, Box<dyn Error>> {
    let figure = Figure::new(scene, 0.5).expect("a figure");
    let marks = |index| -> Result<_, EncodeError> { Ok(figure.marks(index).expect("marks")) };
    let animation = figure.animation();
    let options =
        SvgOptions { scale: 0.5, title: scene.alt.as_deref(), seamless: false, in_steps: false, stamp: None };
    let mut bytes = Vec::new();
    match scene.outputs[0].format {
        Format::Gif => animation.write_gif(&mut bytes, marks)?,
        Format::Apng => animation.write_apng(&mut bytes, marks)?,
        Format::Webp => animation.write_webp(io::Cursor::new(&mut bytes), marks)?,
        Format::Mp4 | Format::Webm => panic!("the pages' scenes need no other program"),
        Format::Png | Format::PngSequence => animation.write_still(0, None, &mut bytes, marks)?,
        Format::Svg => bytes = svg::still(&animation, &options, marks(0)?).into_bytes(),
        Format::SvgFilm => bytes = svg::animated(&animation, &options, marks)?.into_bytes(),
    }
    Ok(bytes)
}

/// The last frame of a scene at the scene's own scale, written as a PNG and decoded.
fn last_frame(scene: &Scene) -> Raster {
    let figure = figure(scene);
    let marks = |index| -> Result<_, EncodeError> { Ok(figure.marks(index).expect("marks")) };
    let mut png = Vec::new();
    figure.animation().write_still(scene.timeline.frames - 1, None, &mut png, marks).expect("a picture");
    decode(io::Cursor::new(png)).expect("a PNG")
}

#[test]
fn every_scene_on_the_pages_renders() {
    let mut scenes = 0;
    for page in reference().iter().map(String::as_str).chain(["README.md"]) {
        let blocks = blocks(page);
        for block in blocks.iter().filter(|block| !block.is_base()) {
            for scene in all_scenes(&block.text, Some(0.5), &blocks) {
                let bytes = render(&scene).expect("a picture");
                let frames = scene.timeline.frames;
                // If all frames were equal, the picture would be a still.
                let pictures = bytes.windows(3).filter(|bytes| bytes == b"\x21\xf9\x04").count();
                let text = &block.text;
                assert!(
                    frames == 1 || pictures > frames / 2,
                    "{page}: {pictures} of {frames} frames\n{text}"
                );
                scenes += 1;
            }
        }
    }
    assert!(scenes >= 20, "{scenes} scenes found");
}

#[test]
fn pictures_below_scenes_are_their_last_frames() {
    let mut shown: Vec<PathBuf> = Vec::new();
    for page in &reference() {
        let blocks = blocks(page);
        for block in blocks.iter().filter(|block| !block.pictures.is_empty()) {
            let scenes = all_scenes(&block.text, None, &blocks);
            assert_eq!(
                scenes.len(),
                block.pictures.len(),
                "{page}: a picture for each scene\n{}",
                block.text
            );
            for (scene, picture) in scenes.iter().zip(&block.pictures) {
                assert_picture(&root().join(picture), &last_frame(scene));
                shown.push(picture.clone());
            }
        }
    }
    shown.sort();
    let folder = Path::new(REFERENCE).join("pictures");
    let kept = files(&folder.to_string_lossy(), "");
    assert_eq!(
        shown,
        kept.iter().map(|name| folder.join(name)).collect::<Vec<_>>(),
        "no picture is left over"
    );
}
