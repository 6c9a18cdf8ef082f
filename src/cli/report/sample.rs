//! Reports to test with: small ones by hand, and one of real pictures, which a browser is shown.

use std::path::Path;

use image::RgbaImage;
use kymograph::encode::EncodeError;
use kymograph::panel::Figure;
use kymograph::scene::bases::Bases;

use super::super::args::Overrides;
use super::super::load;
use super::model::{DifferingFrame, Report, ReportEntry, ShownFrame, Verdict};
use super::{github, human, json, junit, page};
use crate::cli::shard::Shard;

/// A picture of 100 by 100 pixels and 100 frames with nothing more to it.
pub(super) fn entry(picture: &str, verdict: Verdict) -> ReportEntry {
    ReportEntry {
        picture: picture.to_owned(),
        verdict,
        scene: None,
        variant: None,
        line: None,
        reasons: Vec::new(),
        size: Some((100, 100)),
        frames: 100,
        differing: Vec::new(),
        shown: Vec::new(),
    }
}

/// A frame of which so many pixels differ, more than is tolerated.
pub(super) fn frame(index: usize, pixels: u64) -> DifferingFrame {
    DifferingFrame {
        index,
        pixels,
        share: pixels as f64 / 1e4,
        worst: 77,
        bounds: [2, 3, 12, 9],
        fails: true,
    }
}

/// A gray PNG.
pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    coded(&RgbaImage::from_pixel(width, height, image::Rgba([128, 128, 128, 255])))
}

pub(super) fn shown(index: usize) -> ShownFrame {
    ShownFrame { index, expected: png(100, 100), actual: png(100, 100), difference: png(100, 100) }
}

/// One of each verdict, with names that want escaping.
pub(super) fn mixed() -> Report {
    let scene = |name: &str| Some(format!("scenes/{name}.toml"));
    let changed = ReportEntry {
        scene: scene("a"),
        line: Some((3, 10)),
        reasons: vec!["one frame differs".to_owned()],
        ..entry("imgs/a.gif", Verdict::Changed)
    };
    let missing = ReportEntry {
        scene: scene("b"),
        reasons: vec!["there is no reference: kymo bless makes it".to_owned()],
        ..entry("imgs/b,c:%.gif", Verdict::Missing)
    };
    let orphaned = ReportEntry {
        reasons: vec!["no scene makes it: kymo bless --prune takes it away".to_owned()],
        ..entry("imgs/old <&>\".gif", Verdict::Orphaned)
    };
    let failed = ReportEntry {
        scene: scene("bad"),
        variant: Some("heavy".to_owned()),
        line: Some((7, 1)),
        reasons: vec!["error: unknown key `stifness`\n  help: write `stiffness`".to_owned()],
        size: None,
        frames: 0,
        ..entry("scenes/bad.toml", Verdict::Failed)
    };
    let same = ReportEntry { scene: scene("a"), ..entry("imgs/same.png", Verdict::Same) };
    Report::new(vec![failed, missing, same, changed, orphaned], None)
}

fn coded(image: &RgbaImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("a PNG");
    bytes.into_inner()
}

/// Every so-manieth frame of a scene of the repository, with keys of it set.
fn frames(scene: &str, set: &[&str], every: usize) -> Vec<RgbaImage> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(scene);
    let set = set.iter().map(|&assignment| assignment.to_owned()).collect();
    let scene =
        load::scene(&path, &Overrides { variant: None, set, scale: None }, &Bases::anywhere(), "a sample");
    let scene =
        scene.unwrap_or_else(|(diagnostic, _)| panic!("{}: {}", path.display(), diagnostic.first().message));
    let figure = Figure::new(&scene, scene.canvas.scale).expect("a figure");
    let animation = figure.animation();
    let marks = |index| -> Result<_, EncodeError> { Ok(figure.marks(index).expect("marks")) };
    let still = |index| {
        let mut png = Vec::new();
        animation.write_still(index, None, &mut png, marks).expect("a still");
        image::load_from_memory(&png).expect("a PNG").into_rgba8()
    };
    (0..scene.timeline.frames).step_by(every).map(still).collect()
}

/// How two pictures of a size differ, and a picture of it: red over the faded expected one.
fn compare(index: usize, expected: &RgbaImage, actual: &RgbaImage) -> Option<(DifferingFrame, ShownFrame)> {
    let mut map = RgbaImage::new(expected.width(), expected.height());
    let (mut pixels, mut worst, mut bounds) = (0, 0, [u32::MAX, u32::MAX, 0, 0]);
    for ((x, y, old), new) in expected.enumerate_pixels().zip(actual.pixels()) {
        let difference = old.0.iter().zip(new.0).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0);
        map.put_pixel(x, y, image::Rgba(old.0.map(|channel| 192 + channel / 4)));
        if difference > 0 {
            map.put_pixel(x, y, image::Rgba([220, 0, 0, 255]));
            let [left, top, right, bottom] = bounds;
            bounds = [left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)];
            (pixels, worst) = (pixels + 1, difference.max(worst));
        }
    }
    let share = pixels as f64 / (f64::from(expected.width()) * f64::from(expected.height()));
    let text = DifferingFrame { index, pixels, share, worst, bounds, fails: share > 0.0015 };
    let shown =
        ShownFrame { index, expected: coded(expected), actual: coded(actual), difference: coded(&map) };
    (pixels > 0).then_some((text, shown))
}

/// A changed picture: frames of a scene as they are against those of the scene with other keys.
fn changed(name: &str, scene: &str, set: &[&str], every: usize) -> ReportEntry {
    let (expected, actual) = (frames(scene, &[], every), frames(scene, set, every));
    let pairs = expected.iter().zip(&actual).enumerate();
    let found = pairs.filter_map(|(index, (old, new))| compare(index, old, new));
    let (differing, mut shown): (Vec<_>, Vec<_>) = found.unzip();
    let most = {
        let mut ranked: Vec<&DifferingFrame> = differing.iter().collect();
        ranked.sort_by_key(|frame| frame.rank());
        ranked.iter().take(12).map(|frame| frame.index).collect::<Vec<_>>()
    };
    shown.retain(|frame| most.contains(&frame.index));
    ReportEntry {
        scene: Some(scene.to_owned()),
        line: Some((2, 10)),
        reasons: vec!["Frames differ from the reference by more than is tolerated.".to_owned()],
        size: Some(expected[0].dimensions()),
        frames: expected.len(),
        differing,
        shown,
        ..entry(name, Verdict::Changed)
    }
}

/// Real pictures, one of each kind that a page must cope with, and a good many that are as expected.
fn real() -> Report {
    let phase = "scenes/damping-phase.toml";
    let mut film = changed("imgs/damping-phase.gif", phase, &["params.light=0.305"], 3);
    film.reasons.push("Accept it with kymo bless imgs/damping-phase.gif, if it is meant.".to_owned());
    let still =
        changed("imgs/mass-on-spring.png", "scenes/mass-on-spring.toml", &["systems.spring.x0=2.1"], 1);
    let mut resized = changed("imgs/resonance.gif", "scenes/resonance.toml", &[], 40);
    let first = frames("scenes/resonance.toml", &[], 1000);
    let smaller = frames("scenes/resonance.toml", &["canvas.size=[420, 320]"], 1000);
    let difference = Vec::new();
    resized.reasons = vec!["It has other measures than its reference.".to_owned()];
    resized.shown =
        vec![ShownFrame { index: 0, expected: coded(&first[0]), actual: coded(&smaller[0]), difference }];
    let picture = still.shown[0].actual.clone();
    let missing = ReportEntry {
        scene: Some("scenes/new.toml".to_owned()),
        line: Some((1, 10)),
        reasons: vec!["There is no reference: kymo bless imgs/new.png makes it.".to_owned()],
        size: still.size,
        frames: 1,
        shown: vec![ShownFrame { index: 0, expected: vec![], actual: picture, difference: vec![] }],
        ..entry("imgs/new.png", Verdict::Missing)
    };
    let message = "error: unknown key `stifness`\n --> scenes/bad.toml:9:1\n  |\n9 | stifness = 2\n  | ^^^^^^^^\n  |\n  = help: write `stiffness`";
    let mut report = mixed();
    report.entries.retain(|entry| matches!(entry.verdict, Verdict::Orphaned | Verdict::Failed));
    report.entries[1].reasons = vec![message.to_owned()];
    report.entries.extend([film, still, resized, missing]);
    report
        .entries
        .extend((0..180).map(|number| entry(&format!("imgs/figures/figure-{number:03}.gif"), Verdict::Same)));
    Report::new(report.entries, Some(Shard { number: 1, of: 1 }))
}

/// Two hundred changed pictures.
fn many(still: &ReportEntry) -> Report {
    let named =
        |number: usize| ReportEntry { picture: format!("imgs/many/{number:03}.png"), ..still.clone() };
    Report::new((0..200).map(named).collect(), None)
}

/// Writes them for the script `tests/decoders/report.sh`.
#[test]
#[ignore = "writes reports for other programs to read"]
fn report_samples() {
    let folder = std::env::var_os("KYMO_REPORT_SAMPLES").expect("KYMO_REPORT_SAMPLES names a folder");
    let folder = Path::new(&folder);
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).expect("a file");
    let report = real();
    let still = report.entries.iter().find(|entry| entry.picture.ends_with("spring.png")).expect("a still");
    write("many.html", page::html(&many(still)));
    write("same.html", page::html(&Report::new(vec![entry("imgs/a.gif", Verdict::Same)], None)));
    write("index.html", page::html(&report));
    write("report.json", json::text(&report));
    write("github.txt", github::text(&report));
    write("human.txt", human::text(&report, human::HumanStyle { color: false, brief: false }));
    for (name, report) in [("real", &report), ("mixed", &mixed()), ("empty", &Report::default())] {
        write(&format!("{name}.junit.xml"), junit::text(report));
    }
}
