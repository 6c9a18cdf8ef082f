//! The words are true: every whole scene in README.md and docs/scenes.md renders, every picture that
//! is shown exists and has its scene, and every default in the table of keys is the program's.

use std::error::Error;
use std::path::{Path, PathBuf};

use kymograph::encode::EncodeError;
use kymograph::film::Page;
use kymograph::panel::Figure;
use kymograph::scene::diagnostic::SceneError;
use kymograph::scene::load::load_text;
use kymograph::scene::resolve::Options;
use kymograph::scene::source::Sources;
use kymograph::scene::table::table;
use kymograph::scene::variant::variants;
use kymograph::scene::{Format, Scene};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All scenes of a text: one, or one a variant.
fn all_scenes(text: &str, scale: Option<f64>) -> Vec<Scene> {
    let mut sources = Sources::new();
    let mut alone = |path: &Path| panic!("{} is another file", path.display());
    let tree = load_text(Path::new("docs.toml"), text.to_owned(), &mut sources, &mut alone);
    let options = Options { stem: "docs".to_owned(), scale };
    let resolved = match tree.and_then(variants) {
        Ok(all) => all.iter().map(|variant| variant.resolve(sources.clone(), &options)).collect(),
        Err(diagnostic) => Err((diagnostic, sources)),
    };
    resolved.unwrap_or_else(|(diagnostic, sources)| {
        panic!("{text}\n{}", SceneError::new(diagnostic, sources).render(false))
    })
}

fn scene(text: &str) -> Scene {
    let mut all = all_scenes(text, None);
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0)
}

/// The scenes of a page, each fenced as `toml`.
fn scenes(page: &str) -> Vec<String> {
    let fenced = page.split("```toml\n").skip(1);
    fenced.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// What a scene's first output holds, drawn at half a device pixel to the CSS pixel.
fn render(scene: &Scene) -> Result<Vec<u8>, Box<dyn Error>> {
    let figure = Figure::new(scene, 0.5).expect("a figure");
    let marks = |index| -> Result<_, EncodeError> { Ok(figure.marks(index).expect("marks")) };
    let reel = figure.reel();
    let page = Page { scale: 0.5, title: scene.alt.as_deref(), seamless: false, stamp: None };
    let mut bytes = Vec::new();
    match scene.outputs[0].format {
        Format::Gif => reel.write_gif(&mut bytes, marks)?,
        Format::Apng => reel.write_apng(&mut bytes, marks)?,
        Format::Webp => reel.write_webp(std::io::Cursor::new(&mut bytes), marks)?,
        Format::Mp4 | Format::Webm => panic!("the pages' scenes need no other program"),
        Format::Png | Format::PngSequence => reel.write_still(0, None, &mut bytes, marks)?,
        Format::Svg => reel.write_svg(0, &page, &mut bytes, marks)?,
        Format::SvgFilm => reel.write_svg_film(&page, &mut bytes, marks)?,
    }
    Ok(bytes)
}

#[test]
fn every_scene_on_the_pages_renders() {
    for (page, least) in [("README.md", 1), ("docs/scenes.md", 4)] {
        let scenes = scenes(&read(page));
        assert!(scenes.len() >= least, "{page} has {} scenes", scenes.len());
        for (text, scene) in scenes
            .iter()
            .flat_map(|text| all_scenes(text, Some(0.5)).into_iter().map(move |scene| (text, scene)))
        {
            let bytes = render(&scene).expect("a picture");
            let frames = scene.clock.frames;
            // A film whose frames all look alike would have been merged into a still.
            let pictures = bytes.windows(3).filter(|bytes| bytes == b"\x21\xf9\x04").count();
            assert!(frames == 1 || pictures > frames / 2, "{page}: {pictures} pictures of {frames}\n{text}");
        }
    }
}

/// Targets of `[…](target)` and `src="target"` on a page that are files of the repository.
fn links(page: &str) -> Vec<&str> {
    let markdown = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let html = page.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let local = |link: &&str| !link.contains("://") && !link.starts_with('#');
    let name = |link| str::split(link, '#').next().unwrap_or_default();
    markdown.chain(html).filter(local).map(name).collect()
}

#[test]
fn links_lead_to_files() {
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "docs/scenes.md",
        "docs/ci.md",
        "workflows/README.md",
        "docs/reports.md",
        "imgs/README.md",
    ] {
        let text = read(page);
        let folder = root().join(page).parent().map(Path::to_owned).unwrap_or_default();
        for link in links(&text) {
            assert!(folder.join(link).exists(), "{page} links to {link}");
        }
    }
}

#[test]
fn the_map_of_the_architecture_names_every_file() {
    let map = read("ARCHITECTURE.md");
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            if path.is_dir() {
                assert!(map.contains(&format!("{name}/")), "{} is not on the map", path.display());
                folders.push(path);
            } else if name != "mod.rs" {
                assert!(map.contains(name.trim_end_matches(".rs")), "{} is not on the map", path.display());
            }
        }
    }
}

#[test]
fn the_gallery_shows_every_scene() {
    let gallery = read("imgs/README.md");
    for entry in std::fs::read_dir(root().join("scenes")).expect("scenes") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        if Path::new(&name).extension().is_some_and(|ending| ending == "toml") && !name.starts_with('_') {
            assert!(gallery.contains(&format!("(../scenes/{name})")), "{name} is not in the gallery");
        }
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
    let Scene { outputs, canvas, check, theme, clock, grid, panels, time, alt, .. } = &scene;
    let table = table(&scene).expect("a table");
    placeless(&format!(
        "{outputs:?} {canvas:?} {check:?} {theme:?} {clock:?} {grid:?} {panels:?} {time:?} {alt:?} {table:?}"
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
    let defaults = defaults(&read("docs/scenes.md"));
    assert!(defaults.len() >= 35, "{} defaults found", defaults.len());
    for (key, default) in defaults {
        let (usual, name) = key.rsplit_once('.').expect("a dotted key");
        let slot = ELSEWHERE.iter().find(|(known, _)| *known == key).map_or(usual, |(_, slot)| slot);
        let entry = format!("{name} = {default}");
        let (with, without) = (probe(slot, &entry, true), probe(slot, &entry, false));
        assert_eq!(meaning(&with), meaning(&without), "{key} = {default}");
    }
}
