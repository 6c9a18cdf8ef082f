//! The documentation is true: every scene on its pages renders, every picture of a scene is what that scene
//! renders to, every link leads somewhere, and every default in the table of keys is the program's.
//!
//! `SNAPSHOTS=overwrite cargo test` rewrites the pictures below the scenes.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kymograph::encode::EncodeError;
use kymograph::panel::Figure;
use kymograph::raster::Raster;
use kymograph::scene::data_table::table;
use kymograph::scene::diagnostic::SceneError;
use kymograph::scene::load::load_text;
use kymograph::scene::resolve::Options;
use kymograph::scene::source::Sources;
use kymograph::scene::variant::variants;
use kymograph::scene::{Format, Scene};
use kymograph::svg::{self, SvgOptions};

use crate::support::golden::{assert_picture, decode};
use crate::support::scenes::figure;

/// Where the scene format is described.
const REFERENCE: &str = "docs/scenes";
/// The page with the table of keys, the last one of the reference.
const KEYS: &str = "docs/scenes/keys.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of the files in a folder that have this ending, sorted.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    names.sort();
    names
}

/// The pages of the reference, as paths below the root.
fn reference() -> Vec<String> {
    files(REFERENCE, ".md").into_iter().map(|name| format!("{REFERENCE}/{name}")).collect()
}

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

    /// Whether it only serves others: a base, as `_` in front says.
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
        let base = page.iter().find(|block| block.name().is_some_and(|name| Path::new(name) == path));
        base.map(|block| block.text.clone()).ok_or_else(|| io::ErrorKind::NotFound.into())
    };
    let tree = load_text(Path::new("docs.toml"), text.to_owned(), &mut sources, &mut other);
    let options = Options { stem: "docs".to_owned(), scale };
    let resolved = match tree.and_then(variants) {
        Ok(all) => all.iter().map(|variant| variant.resolve(sources.clone(), &options)).collect(),
        Err(diagnostic) => Err((diagnostic, sources)),
    };
    resolved
        .unwrap_or_else(|(diagnostic, sources)| panic!("{text}\n{}", SceneError::new(diagnostic, sources)))
}

fn scene(text: &str) -> Scene {
    let mut all = all_scenes(text, None, &[]);
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0)
}

/// The bytes of a scene's first output, drawn at half a device pixel to the CSS pixel.
fn render(scene: &Scene) -> Result<Vec<u8>, Box<dyn Error>> {
    let figure = Figure::new(scene, 0.5).expect("a figure");
    let marks = |index| -> Result<_, EncodeError> { Ok(figure.marks(index).expect("marks")) };
    let animation = figure.animation();
    let options = SvgOptions { scale: 0.5, title: scene.alt.as_deref(), seamless: false, stamp: None };
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
                // A film whose frames all look alike would have been merged into a still.
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

#[test]
fn each_page_leads_to_the_next_one() {
    let mut page = "README.md".to_owned();
    let mut read_pages = vec![format!("{REFERENCE}/{page}")];
    loop {
        let text = read(&format!("{REFERENCE}/{page}"));
        let last = text.lines().last().unwrap_or_default();
        let Some(next) = last.strip_prefix("Next: ") else { break };
        page = links(next).first().expect("a link").0.to_owned();
        read_pages.push(format!("{REFERENCE}/{page}"));
        assert!(read_pages.len() <= reference().len(), "the pages go round: {read_pages:?}");
    }
    assert_eq!(read_pages.last().map(String::as_str), Some(KEYS));
    read_pages.sort();
    assert_eq!(read_pages, reference());
}

/// Targets of `[…](target)` and `src="target"` on a page that are files of the repository, each with the
/// heading that it names.
fn links(page: &str) -> Vec<(&str, Option<&str>)> {
    let markdown = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let html = page.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let local = markdown.chain(html).filter(|link| !link.contains("://"));
    local.map(|link| link.split_once('#').map_or((link, None), |(file, place)| (file, Some(place)))).collect()
}

/// The names by which links reach the headings of a page.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let kept = line.trim_start_matches('#').trim().to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut pages = reference();
    for folder in [".", "docs", "workflows", "imgs", "assets/fonts", "benches/peers"] {
        pages.extend(files(folder, ".md").into_iter().map(|name| format!("{folder}/{name}")));
    }
    for page in &pages {
        let text = read(page);
        let folder = root().join(page).parent().map(Path::to_owned).unwrap_or_default();
        for (file, heading) in links(&text) {
            let target = if file.is_empty() { root().join(page) } else { folder.join(file) };
            assert!(target.exists(), "{page} links to {file}");
            if let Some(heading) = heading {
                let text = fs::read_to_string(&target).expect("a page");
                assert!(anchors(&text).iter().any(|it| it == heading), "{page} links to {file}#{heading}");
            }
        }
    }
}

/// All folders of `src/`, and the files directly in it, as the map of the architecture names them.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = folder.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            found.push(format!("{}/", path.display()));
            sources(&path, found);
        } else if folder == Path::new("src") {
            found.push(path.display().to_string());
        }
    }
}

#[test]
fn the_map_of_the_architecture_names_every_folder() {
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    found.sort();
    let map = read("ARCHITECTURE.md");
    let rows = map.lines().filter_map(|line| line.strip_prefix("| `src/")?.split_once("` |"));
    let mut named: Vec<String> = rows.map(|(path, _)| format!("src/{path}")).collect();
    named.sort();
    assert_eq!(named, found, "ARCHITECTURE.md has a row for each folder, and for each file directly in src/");
}

#[test]
fn the_gallery_shows_every_scene() {
    let gallery = read("imgs/README.md");
    for name in files("scenes", ".toml").iter().filter(|name| !name.starts_with('_')) {
        assert!(gallery.contains(&format!("(../scenes/{name})")), "{name} is not in the gallery");
    }
}

/// A scene with a slot for every place in which the table of keys states a default.
const PROBE: &str = "\
[output]
path = 'a.webp'
<output>
[canvas]
<canvas>
[check]
<check>
[time]
span = [0, 3]
[animate]
frames = 3
<animate>
[systems.spring]
kind = 'oscillator'
stiffness = 2
x0 = 0.5
<systems.S>
[systems.other]
kind = 'oscillator'
omega0 = 2
v0 = 1
<systems.S-omega0>
[systems.still]
kind = 'oscillator'
stiffness = 2
<systems.S-still>
[systems.still.drive]
amplitude = 1
omega = 1
<systems.S.drive>
[layout]
mosaic = ['a b', 'c d', 'e e']
<layout>
[panels.a]
kind = 'plot'
<panels.P>
[panels.a.x]
<panels.P.x>
[[panels.a.draw]]
trace = 'spring.x'
<draw.*>
<draw.trace>
[[panels.a.draw]]
area = 'spring.x'
<draw.area>
[[panels.a.draw]]
point = 'spring.x'
note = '$x$'
<draw.point>
[[panels.a.draw]]
arm = 'spring.x'
<draw.arm>
[[panels.a.draw]]
drop = 'spring.x'
<draw.drop>
[[panels.a.draw]]
hline = 1
<draw.hline>
[[panels.a.draw]]
line = [[0, 0], [1, 1]]
<draw.line>
[[panels.a.draw]]
field = ['y', '-x']
<draw.field>
[[panels.a.draw]]
text = 'a'
at = [1, 1]
<draw.text>
[panels.b]
kind = 'spring'
system = 'spring'
<spring>
[panels.c]
kind = 'plot'
<panels.P-empty>
[panels.d]
kind = 'plane'
draw = [{ trace = 'spring.z' }]
[panels.e]
kind = 'spring'
[[panels.e.lanes]]
system = 'spring'
<spring.lanes>
";

/// Keys that cannot stand in their place's usual slot, since it says something else.
const ELSEWHERE: [(&str, &str); 5] = [
    ("systems.S.gamma", "systems.S-omega0"),
    ("systems.S.zeta", "systems.S-omega0"),
    ("systems.S.x0", "systems.S-still"),
    ("systems.S.v0", "systems.S-still"),
    ("panels.P.draw", "panels.P-empty"),
];

/// The probe with an entry in one slot. Empty slots are as long as full ones, so that all else stays
/// at its place in the file.
fn probe(slot: &str, entry: &str, written: bool) -> String {
    let marker = format!("<{slot}>");
    assert!(PROBE.contains(&marker), "the probe has no slot for {slot}");
    let text = PROBE.replace(&marker, &if written { entry.to_owned() } else { " ".repeat(entry.len()) });
    let mut rest = text.as_str();
    let mut bare = String::new();
    while let Some((before, after)) = rest.split_once('<') {
        bare.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    bare + rest
}

/// A debugging text in which no key knows whether and where it was written.
fn placeless(text: &str) -> String {
    let mut parts = text.split("Some(Origin {");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once("})").map_or(part, |(_, rest)| rest));
    rest.fold(first, |whole, part| whole + "None" + part)
}

/// All of a scene but its text.
fn meaning(text: &str) -> String {
    let scene = scene(text);
    let Scene { outputs, canvas, check, theme, timeline, grid, panels, time, alt, .. } = &scene;
    let table = table(&scene).expect("a table");
    placeless(&format!(
        "{outputs:?} {canvas:?} {check:?} {theme:?} {timeline:?} {grid:?} {panels:?} {time:?} {alt:?} {table:?}"
    ))
}

/// Keys and defaults of the table, where the default is stated as TOML.
fn defaults(page: &str) -> Vec<(String, String)> {
    let code = |cell: &str| {
        let inner = cell.trim().strip_prefix('`')?.strip_suffix('`')?;
        (!inner.contains('`')).then(|| inner.to_owned())
    };
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('|').collect();
        (cells.len() == 6).then(|| Some((code(cells[1])?, code(cells[3])?))).flatten()
    })
    .collect()
}

#[test]
fn writing_a_default_changes_nothing() {
    let defaults = defaults(&read(KEYS));
    assert!(defaults.len() >= 35, "{} defaults found", defaults.len());
    for (key, default) in defaults {
        let (usual, name) = key.rsplit_once('.').expect("a dotted key");
        let slot = ELSEWHERE.iter().find(|(known, _)| *known == key).map_or(usual, |(_, slot)| slot);
        let entry = format!("{name} = {default}");
        let (with, without) = (probe(slot, &entry, true), probe(slot, &entry, false));
        assert_eq!(meaning(&with), meaning(&without), "{key} = {default}");
    }
}
