//! `kymo check` compares pictures with their scenes, and `kymo bless` accepts the differences.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use serde_json::Value;

use crate::project::{FILM, Project, Run};

/// A project with the scene `a`, rendered in every format that needs no other program.
fn rendered() -> Project {
    let project = Project::new();
    project.folder("scenes");
    project.write("scenes/a.toml", scene("k = 10"));
    project.kymo(&["render"]).done();
    project
}

/// The scene in all those formats, with another line in place of `k = 10`.
fn scene(line: &str) -> String {
    let outputs = "['imgs/a.gif', 'imgs/a.apng', 'imgs/a.webp', 'imgs/a.png', 'imgs/a.svg', 'imgs/q%d.png', \
                   { path = 'imgs/film.svg', animated = true }]";
    format!("output = {outputs}\n{}", FILM.replace("k = 10", line))
}

const ALL: [&str; 7] =
    ["imgs/a.apng", "imgs/a.gif", "imgs/a.png", "imgs/a.svg", "imgs/a.webp", "imgs/film.svg", "imgs/q%d.png"];

/// Every file of `imgs` with its inode and bytes.
fn disk(project: &Project) -> BTreeMap<String, (u64, Vec<u8>)> {
    let file = |name: String| {
        let path = project.path().join("imgs").join(&name);
        (name, (fs::metadata(&path).expect("a file").ino(), fs::read(&path).expect("a file")))
    };
    project.list("imgs").into_iter().map(file).collect()
}

/// The verdict of every picture. Asserts the exit code of `kymo check`, and that it writes nothing.
fn verdicts(project: &Project, words: &[&str], code: i32) -> BTreeMap<String, String> {
    let before = disk(project);
    let run = project.kymo(&[&["check", "--format", "json"], words].concat());
    assert_eq!(run.code, Some(code), "{}{}", run.text(), run.err);
    assert!(disk(project) == before, "a check writes nothing");
    let report: Value = serde_json::from_slice(&run.out).expect("JSON");
    let entry = |entry: &Value| {
        let word = |key: &str| entry[key].as_str().expect("a string").to_owned();
        (word("picture"), word("verdict"))
    };
    report["pictures"].as_array().expect("a list").iter().map(entry).collect()
}

/// The verdicts of a project where all are the same.
fn all(project: &Project, words: &[&str], code: i32) -> String {
    let verdicts = verdicts(project, words, code);
    assert_eq!(verdicts.keys().collect::<Vec<_>>(), ALL);
    let first = verdicts[ALL[0]].clone();
    assert!(verdicts.values().all(|verdict| *verdict == first), "{verdicts:?}");
    first
}

fn human(project: &Project, words: &[&str]) -> Run {
    project.kymo(&[&["check"], words].concat())
}

#[test]
fn fresh_renders_are_the_same_in_every_format() {
    let project = rendered();
    assert_eq!(all(&project, &[], 0), "same");
    assert_eq!(all(&project, &["--exact"], 0), "same");
    assert_eq!(human(&project, &[]).done().text(), "7 same\n");
}

#[test]
fn a_different_motion_is_a_change_in_every_format() {
    let project = rendered();
    project.write("scenes/a.toml", scene("k = 11"));
    assert_eq!(all(&project, &[], 1), "changed");
    let run = human(&project, &["scenes/a.toml"]);
    assert_eq!(run.code, Some(1));
    assert!(run.text().contains("imgs/a.gif") && run.text().contains("frames differ"), "{}", run.text());
    assert!(
        run.text().contains("imgs/film.svg") && run.text().contains("lines, first in line"),
        "{}",
        run.text()
    );
    assert!(run.text().ends_with("7 changed\n"), "{}", run.text());
}

#[test]
fn other_bytes_with_equal_pixels_differ_with_exact_only() {
    let project = rendered();
    // The alternative text is part of the stamp; an SVG shows it as well.
    project.write("scenes/a.toml", format!("alt = 'words'\n{}", scene("k = 10")));
    let found = verdicts(&project, &[], 1);
    for picture in ALL {
        assert_eq!(found[picture], if picture.ends_with("svg") { "changed" } else { "same" }, "{picture}");
    }
    assert_eq!(all(&project, &["--exact"], 1), "changed");
}

#[test]
fn delays_loop_counts_sizes_and_frame_counts_are_compared() {
    let reason = |from: &str, to: &str, message: &str| {
        let project = Project::with_film();
        project.kymo(&["render", "a.toml"]).done();
        project.write("a.toml", FILM.replace(from, to));
        let run = human(&project, &["a.toml"]);
        assert_eq!(run.code, Some(1), "{}", run.text());
        assert!(run.text().contains(message), "{}", run.text());
    };
    reason("frames = 12", "frames = 12\nfps = 20", "delay of frame 0: expected 40 ms, found 50 ms");
    reason("frames = 12", "frames = 12\nloop = 3", "plays: expected forever, found 3");
    reason("frames = 12", "frames = 13", "frames: expected 12, found 13");
    reason(
        "size = [160, 100]",
        "size = [160, 120]",
        "size: expected 160 x 100 pixels, found 160 x 120 pixels",
    );
}

#[test]
fn a_scene_sets_the_tolerance_of_its_pictures() {
    let project = Project::with_film();
    let with = |color: &str, check: &str| {
        let canvas = format!("scale = 1\nbackground = '{color}'");
        FILM.replace("scale = 1", &canvas) + check
    };
    project.write("a.toml", with("#fff", ""));
    project.kymo(&["render", "a.toml"]).done();
    for (color, check, code) in [
        // The paper is off by one, which is tolerated, but not on so many pixels.
        ("#fefefe", "", 1),
        ("#fefefe", "[check]\nshare = 1", 0),
        ("#fdfdfd", "[check]\nshare = 1", 1),
        ("#fdfdfd", "[check]\nshare = 1\nchannel = 2", 0),
        ("#fff", "[check]\nshare = 0\nchannel = 0\nantialiased = 0", 0),
    ] {
        project.write("a.toml", with(color, check));
        assert_eq!(human(&project, &["a.toml"]).code, Some(code), "{color} {check}");
    }
}

#[test]
fn missing_orphaned_damaged_and_failed_are_distinguished() {
    let project = rendered();
    project.write("scenes/b.toml", FILM);
    project.write("scenes/c.toml", FILM);
    project.kymo(&["render", "scenes/c.toml"]).done();
    let whole = project.read("imgs/c.gif");
    project.write("imgs/c.gif", &whole[..whole.len() / 2]);
    fs::remove_file(project.path().join("imgs/q7.png")).expect("it was there");
    project.write("imgs/old.png", project.read("imgs/a.png"));
    let found = verdicts(&project, &[], 1);
    let verdict = |picture: &str| found[picture].as_str();
    assert_eq!(
        ["imgs/b.gif", "imgs/q%d.png", "imgs/c.gif", "imgs/old.png", "imgs/a.gif"].map(verdict),
        ["missing", "missing", "changed", "orphaned", "same"]
    );
    let run = human(&project, &[]);
    for message in ["there is no imgs/b.gif", "there is no q7.png", "the reference: ", "imgs/old.png"] {
        assert!(run.text().contains(message), "lacks {message}: {}", run.text());
    }
    // A scene that cannot be read or drawn fails with exit code 2; orphans are then unknown.
    project.write("scenes/d.toml", "k = ");
    project.write("scenes/e.toml", FILM.replace("\"spring.x\"", "\"spring.z\""));
    let found = verdicts(&project, &[], 2);
    assert_eq!((found["scenes/d.toml"].as_str(), found["imgs/e.gif"].as_str()), ("failed", "failed"));
    assert!(!found.contains_key("imgs/old.png"));
    assert_eq!(human(&project, &["nowhere"]).code, Some(2));
}

#[test]
fn all_is_missing_without_the_folder_and_references_may_lie_elsewhere() {
    let project = rendered();
    fs::rename(project.path().join("imgs"), project.path().join("references")).expect("renamed");
    project.folder("imgs");
    assert_eq!(all(&project, &[], 1), "missing");
    let run = human(&project, &["--goldens", "references"]).done();
    assert_eq!(run.text(), "7 same\n");
    project.write("references/stray.gif", project.read("references/a.gif"));
    assert_eq!(human(&project, &["--goldens", "references"]).code, Some(1));
    fs::remove_dir(project.path().join("imgs")).expect("it is empty");
    assert_eq!(human(&project, &[]).code, Some(1));
}

#[test]
fn shards_check_every_picture_and_orphan_once() {
    let project = rendered();
    for index in 0..8 {
        project.write(&format!("scenes/s{index}.toml"), FILM.replace("frames = 12", "frames = 1"));
        project.write(&format!("imgs/orphan{index}.png"), project.read("imgs/a.png"));
    }
    project.kymo(&["render"]).done();
    let whole = verdicts(&project, &[], 1);
    let mut seen = BTreeMap::new();
    for share in ["1/3", "2/3", "3/3"] {
        let found = project.kymo(&["check", "--format", "json", "--shard", share]);
        let report: Value = serde_json::from_slice(&found.out).expect("JSON");
        for entry in report["pictures"].as_array().expect("a list") {
            let word = |key: &str| entry[key].as_str().expect("a string").to_owned();
            assert_eq!(seen.insert(word("picture"), word("verdict")), None, "once");
        }
    }
    assert_eq!(seen, whole);
}

#[test]
fn a_report_is_a_self_contained_page() {
    let project = rendered();
    project.write("scenes/a.toml", scene("k = 11"));
    let run = human(&project, &["--report", "report"]);
    assert_eq!(run.code, Some(1));
    let page = String::from_utf8(project.read("report/index.html")).expect("text");
    assert!(page.contains("data:image/png;base64,") && page.contains("imgs/a.gif"));
    assert!(!page.contains("http://") && !page.contains("src=\"/"), "nothing is fetched");
    human(&project, &["--report", "again"]);
    assert!(project.read("again/index.html") == page.as_bytes(), "equal input, equal bytes");
}

#[test]
fn reports_of_shards_become_one() {
    let project = rendered();
    project.write("scenes/b.toml", FILM);
    project.write("imgs/stray.png", project.read("imgs/a.png"));
    let whole: Value =
        serde_json::from_slice(&project.kymo(&["check", "--format", "json"]).out).expect("JSON");
    for share in 1..=3 {
        human(&project, &["--shard", &format!("{share}/3"), "--report", &format!("r{share}")]);
    }
    let merged = project.kymo(&["merge-reports", "r1", "r2", "r3", "--format", "json", "--report", "all"]);
    assert_eq!(merged.code, Some(1), "{}", merged.err);
    let report: Value = serde_json::from_slice(&merged.out).expect("JSON");
    assert_eq!(report["pictures"], whole["pictures"]);
    assert!(!project.read("all/index.html").is_empty());
    // Merging without all shards gives a message.
    assert_eq!(project.kymo(&["merge-reports", "r1", "r3"]).code, Some(2));
}

#[test]
fn bless_rewrites_only_the_pictures_that_differ() {
    let project = rendered();
    project.write("scenes/b.toml", FILM);
    project.write("scenes/c.toml", FILM);
    project.kymo(&["render", "scenes/b.toml"]).done();
    project.write("scenes/a.toml", scene("k = 11"));
    project.write("imgs/old.gif", project.read("imgs/b.gif"));
    let before = disk(&project);
    let dry = project.kymo(&["bless", "--dry-run", "--prune"]).done();
    assert!(disk(&project) == before, "a dry run writes nothing");
    for message in ["imgs/a.gif: changed, ", " → ", "imgs/c.gif: new, ", "imgs/old.gif: removed, ", "dry run"]
    {
        assert!(dry.err.contains(message), "lacks {message}: {}", dry.err);
    }
    assert!(!dry.err.contains("imgs/b.gif"), "{}", dry.err);
    // The arguments of bless are parts of a picture's or a scene's path.
    let run = project.kymo(&["bless", "film.svg", "c.toml"]).done();
    assert_eq!(run.err.lines().count(), 2, "{}", run.err);
    assert_eq!(verdicts(&project, &[], 1)["imgs/film.svg"], "same");
    project.kymo(&["bless"]).done();
    assert_eq!(project.list("imgs").iter().filter(|name| *name == "old.gif").count(), 1);
    project.kymo(&["bless", "--prune"]).done();
    let after = disk(&project);
    assert_eq!(after["b.gif"], before["b.gif"], "what is the same stays the very file");
    assert!(!after.contains_key("old.gif"));
    assert_eq!(human(&project, &["--exact"]).done().text(), "9 same\n");
    assert_eq!(project.kymo(&["bless"]).done().err, "nothing differs\n");
}

#[test]
fn bless_refuses_unknown_pictures() {
    let project = rendered();
    let run = project.kymo(&["bless", "no-such-picture"]).wrong();
    assert!(run.err.contains("no-such-picture"), "{}", run.err);
    project.write("scenes/b.toml", format!("output = 'imgs/a.gif/b.gif'\n{FILM}"));
    let run = project.kymo(&["bless"]).wrong();
    assert!(run.err.contains("imgs/a.gif is no folder"), "{}", run.err);
    project.write("scenes/b.toml", "k = ");
    let old = project.read("imgs/a.gif");
    project.write("imgs/old.gif", &old);
    project.kymo(&["bless", "--prune"]).wrong();
    assert!(project.read("imgs/old.gif") == old, "a scene that cannot be read may make it");
}

#[test]
fn bless_writes_to_the_folder_of_the_references() {
    let project = rendered();
    let folder: PathBuf = project.folder("references");
    project.kymo(&["bless", "--goldens", "references"]).done();
    assert_eq!(fs::read_dir(folder).expect("a folder").count(), 6 + 12);
    assert_eq!(human(&project, &["--goldens", "references", "--exact"]).code, Some(0));
}
