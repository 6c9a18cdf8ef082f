//! Freshness: pictures store what they were made from, so `render` makes only those that would change, `status` lists
//! them, and `--deps` writes their dependencies for make.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use crate::project::{FILM, Project};

/// The inode of a file, which changes when a picture is written again.
fn inode(project: &Project, name: &str) -> u64 {
    fs::metadata(project.path().join(name)).expect("a file").ino()
}

/// The lines of `kymo status`. Asserts its exit code.
fn status(project: &Project, words: &[&str], code: i32) -> Vec<String> {
    let run = project.kymo(&[&["status"], words].concat());
    assert_eq!(run.code, Some(code), "{}{}", run.text(), run.err);
    run.text().lines().map(str::to_owned).collect()
}

#[test]
fn fresh_pictures_are_not_rendered_again_unless_forced() {
    let project = Project::new();
    let outputs =
        "['a.gif', 'a.apng', 'a.webp', 'a.png', 'a.svg', '%02d.png', { path = 'film.svg', animated = true }]";
    project.write("a.toml", format!("output = {outputs}\n{FILM}"));
    project.kymo(&["render", "a.toml"]).done();
    let names: Vec<String> =
        project.list(".").into_iter().filter(|name| name.contains('.') && name != "a.toml").collect();
    assert_eq!(names.len(), 6 + 12);
    let inodes = || names.iter().map(|name| inode(&project, name)).collect::<Vec<_>>();
    let (first, bytes) = (inodes(), project.read("a.gif"));
    let run = project.kymo(&["render", "a.toml"]).done();
    assert_eq!(run.err.lines().filter(|line| line.ends_with(": fresh")).count(), 7, "{}", run.err);
    assert_eq!(inodes(), first);
    project.kymo(&["render", "a.toml", "--force"]).done();
    assert!(inodes().iter().zip(&first).all(|(now, then)| now != then));
    assert_eq!(project.read("a.gif"), bytes);
}

#[test]
fn only_visible_changes_make_a_picture_stale() {
    let project = Project::new();
    project.write("_base.toml", FILM);
    let scene = "extends = '_base.toml'\noutput = ['imgs/a.gif', 'imgs/a.png']\n";
    project.write("a.toml", scene);
    project.kymo(&["render", "a.toml"]).done();
    let fresh = ["fresh     imgs/a.gif", "fresh     imgs/a.png", "2 fresh"];
    assert_eq!(status(&project, &["a.toml"], 0), fresh);
    project.write("a.toml", format!("# a note\n{scene}"));
    assert_eq!(status(&project, &["a.toml"], 0), fresh);
    project.write(
        "a.toml",
        "extends = '_base.toml'\noutput = ['imgs/a.gif', { path = 'imgs/a.png', frame = 3 }]",
    );
    assert_eq!(status(&project, &["a.toml"], 1)[..2], ["fresh     imgs/a.gif", "stale     imgs/a.png"]);
    project.write("a.toml", scene);
    project.write("_base.toml", FILM.replace("k = 10", "k = 11"));
    assert_eq!(status(&project, &["a.toml"], 1), ["stale     imgs/a.gif", "stale     imgs/a.png", "2 stale"]);
    project.kymo(&["render", "a.toml", "--set", "k=10"]).done();
    assert_eq!(status(&project, &["a.toml"], 1)[2], "2 stale");
    project.kymo(&["render", "a.toml"]).done();
    assert_eq!(status(&project, &["a.toml"], 0), fresh);
}

#[test]
fn damaged_pictures_are_stale_and_deleted_ones_missing() {
    let project = Project::new();
    project.write("a.toml", format!("output = ['imgs/a.gif', 'imgs/%d.png']\n{FILM}"));
    project.kymo(&["render", "a.toml"]).done();
    let whole = project.read("imgs/a.gif");
    project.write("imgs/a.gif", &whole[..whole.len() - 1]);
    fs::remove_file(project.path().join("imgs/7.png")).expect("it was there");
    assert_eq!(status(&project, &["a.toml"], 1)[..2], ["stale     imgs/a.gif", "missing   imgs/%d.png"]);
    project.kymo(&["render", "a.toml"]).done();
    assert_eq!(project.read("imgs/a.gif"), whole);
    assert_eq!(project.list("imgs").len(), 13);
    fs::remove_dir_all(project.path().join("imgs")).expect("it was there");
    assert_eq!(status(&project, &["a.toml"], 1)[2], "2 missing");
}

#[test]
fn pictures_without_a_scene_are_orphans_where_a_whole_folder_is_examined() {
    let project = Project::new();
    project.folder("scenes");
    project.write("scenes/a.toml", FILM);
    project.write("scenes/b.toml", format!("output = 'imgs/%d.png'\n{FILM}"));
    project.kymo(&["render"]).done();
    for name in ["old.gif", "12.png", ".hidden.gif", "notes.md"] {
        // A copy has the stamp too, under any name.
        project.write(&format!("imgs/{name}"), project.read("imgs/a.gif"));
    }
    let orphans = ["orphaned  imgs/12.png", "orphaned  imgs/old.gif"];
    assert_eq!(status(&project, &[], 1)[2..], [&orphans[..], &["2 fresh, 2 orphaned"]].concat());
    assert_eq!(status(&project, &["scenes/a.toml"], 0).len(), 2);
    let json = project.kymo(&["status", "--json"]);
    let rows: serde_json::Value = serde_json::from_slice(&json.out).expect("JSON");
    assert_eq!(rows[0]["picture"], "imgs/a.gif");
    assert_eq!((&rows[0]["scene"], &rows[0]["state"]), (&"scenes/a.toml".into(), &"fresh".into()));
    assert_eq!((&rows[2]["scene"], &rows[2]["state"]), (&serde_json::Value::Null, &"orphaned".into()));
    // A picture is no orphan while a scene cannot be read.
    project.write("scenes/b.toml", "k = ");
    let run = project.kymo(&["status"]).wrong();
    assert!(
        !run.text().contains("orphaned") && run.err.contains("scenes/b.toml"),
        "{}{}",
        run.text(),
        run.err
    );
}

/// Files of other programs, as they may lie beside kymo's pictures.
const FOREIGN: [(&str, &[u8]); 9] = [
    ("logo.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\">\n<metadata>kymograph</metadata>\n</svg>\n"),
    ("photo.png", b"\x89PNG\r\n\x1a\n and so on"),
    ("cat.gif", b"GIF89a and so on\0;"),
    ("cat.apng", b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82"),
    ("cat.webp", b"RIFF\x0e\0\0\0WEBPVP8L and so on"),
    ("cat.mp4", b"\0\0\0\x08ftypisom\0\0\0\x08moov"),
    ("cat.webm", b"\x1a\x45\xdf\xa3 and so on"),
    ("empty.gif", b""),
    ("12.png", b"a still of somebody else's sequence"),
];

#[test]
fn pictures_that_kymo_did_not_make_are_neither_listed_nor_removed() {
    let project = Project::new();
    project.folder("scenes");
    project.write("scenes/a.toml", format!("output = ['imgs/a.svg', 'imgs/%d.png']\n{FILM}"));
    project.kymo(&["render"]).done();
    for (name, bytes) in FOREIGN {
        project.write(&format!("imgs/{name}"), bytes);
    }
    fs::create_dir(project.path().join("imgs/folder.gif")).expect("a folder");
    std::os::unix::fs::symlink("nowhere", project.path().join("imgs/link.gif")).expect("a link");
    let before = project.list("imgs");
    assert_eq!(status(&project, &[], 0).last().map(String::as_str), Some("2 fresh"));
    assert_eq!(project.kymo(&["check"]).done().text(), "2 same\n");
    let run = project.kymo(&["bless", "--prune"]).done();
    assert_eq!((run.err.as_str(), project.list("imgs")), ("nothing differs\n", before));
}

/// Root may read every file; for root only the pipe is a file that must be skipped.
#[test]
fn a_file_that_cannot_be_read_is_no_orphan_and_ends_no_run() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new();
    project.folder("scenes");
    project.write("scenes/a.toml", FILM);
    project.kymo(&["render"]).done();
    project.write("imgs/locked.gif", "GIF89a");
    let locked = project.path().join("imgs/locked.gif");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("permissions");
    let made =
        Command::new("mkfifo").arg(project.path().join("imgs/pipe.gif")).status().expect("mkfifo runs");
    assert!(made.success());
    assert_eq!(status(&project, &[], 0), ["fresh     imgs/a.gif", "1 fresh"]);
    project.kymo(&["bless", "--prune"]).done();
    assert_eq!(project.list("imgs"), ["a.gif", "locked.gif", "pipe.gif"]);
}

#[test]
fn former_outputs_of_a_scene_are_pruned() {
    let project = Project::new();
    project.folder("scenes");
    let outputs = "['imgs/a.gif', 'imgs/a.apng', 'imgs/a.webp', 'imgs/a.png', 'imgs/a.svg', 'imgs/%d.png', \
                   { path = 'imgs/film.svg', animated = true }]";
    project.write("scenes/a.toml", format!("output = {outputs}\n{FILM}"));
    project.kymo(&["render"]).done();
    project.write(
        "scenes/a.toml",
        format!("output = 'imgs/%d.png'\n{}", FILM.replace("frames = 12", "frames = 10")),
    );
    project.kymo(&["render"]).done();
    let orphaned = ["10.png", "11.png", "a.apng", "a.gif", "a.png", "a.svg", "a.webp", "film.svg"];
    let expected: Vec<String> = orphaned.map(|name| format!("orphaned  imgs/{name}")).into();
    assert_eq!(status(&project, &[], 1)[1..9], expected);
    project.kymo(&["bless", "--prune"]).done();
    assert_eq!(project.list("imgs"), (0..10).map(|index| format!("{index}.png")).collect::<Vec<_>>());
}

#[test]
fn the_reference_folder_is_laid_out_like_the_outputs_or_flat() {
    let project = Project::with_film();
    for (folder, inside) in [("flat", ""), ("laid-out", "/imgs")] {
        project.folder(&format!("{folder}{inside}"));
        project.kymo(&["render", "a.toml", "-o", &format!("{folder}{inside}/a.gif")]).done();
        let lines = status(&project, &["a.toml", "--goldens", folder], 0);
        assert_eq!(lines[0], format!("fresh     {folder}{inside}/a.gif"));
    }
    let run = project.kymo(&["status", "a.toml", "--goldens", "nowhere"]).wrong();
    assert!(run.err.contains("nowhere"), "{}", run.err);
}

#[test]
fn shards_render_every_picture_once() {
    let project = Project::new();
    project.folder("scenes");
    for index in 0..9 {
        project.write(&format!("scenes/s{index}.toml"), FILM.replace("frames = 12", "frames = 2"));
    }
    let mut made = Vec::new();
    for share in 1..=3 {
        let shard = format!("{share}/3");
        let run = project.kymo(&["render", "--shard", &shard]).done();
        assert!(!run.err.contains("fresh"), "{}", run.err);
        made.extend(run.err.lines().map(|line| line.split(':').next().unwrap_or_default().to_owned()));
        let lines = status(&project, &["--shard", &shard], 0);
        assert_eq!(lines.len(), run.err.lines().count() + usize::from(!run.err.is_empty()));
    }
    made.sort();
    assert_eq!(made, (0..9).map(|index| format!("imgs/s{index}.gif")).collect::<Vec<_>>());
    assert!(project.kymo(&["render", "--shard", "4/3"]).wrong().err.contains("there is no shard 4 of 3"));
}

/// The name of a base that needs escaping in a Makefile.
const BASE: &str = "_base $1 #2.toml";

/// A project with a rendered scene on that base, and the rules of its pictures in `imgs/a.d`.
fn project_with_rules() -> Project {
    let project = Project::new();
    project.write(BASE, FILM);
    project.write("a b.toml", format!("extends = '{BASE}'\noutput = ['imgs/a b.gif', 'imgs/%d.png']"));
    project.kymo(&["render", "a b.toml", "--deps", "imgs/a.d"]).done();
    project
}

#[test]
fn rules_name_the_files_that_pictures_depend_on() {
    let project = project_with_rules();
    let rules = String::from_utf8(project.read("imgs/a.d")).expect("text");
    assert!(rules.starts_with("imgs/a\\ b.gif \\\nimgs/0.png \\\n"), "{rules}");
    assert!(rules.contains("\n  a\\ b.toml \\\n  _base\\ $$1\\ \\#2.toml\n"), "{rules}");
    // Fresh pictures have the same dependencies.
    project.kymo(&["render", "a b.toml", "--deps", "again.d"]).done();
    assert_eq!(project.read("again.d"), rules.as_bytes());
    fs::remove_file(project.path().join(BASE)).expect("it was there");
    let run = project.kymo(&["render", "a b.toml", "--deps", "nowhere/a.d"]);
    assert!(run.wrong().err.contains("_base"), "the base is gone");
}

#[test]
#[ignore = "needs make on the PATH"]
fn make_renders_again_when_a_base_is_newer_or_gone() {
    let project = project_with_rules();
    project.write("Makefile", "imgs/a\\ b.gif:\n\t@echo made\ninclude imgs/a.d\n");
    let make = || {
        let mut make = Command::new("make");
        let made = make.args(["-s", "imgs/a b.gif"]).current_dir(project.path()).output().expect("make runs");
        String::from_utf8_lossy(&made.stdout).into_owned()
    };
    assert_eq!(make(), "", "nothing is newer");
    let later = std::time::SystemTime::now() + std::time::Duration::from_mins(1);
    let base = fs::File::options().append(true).open(project.path().join(BASE)).expect("a file");
    base.set_modified(later).expect("a time");
    assert_eq!(make(), "made\n");
    fs::remove_file(project.path().join(BASE)).expect("it was there");
    assert_eq!(make(), "made\n", "a base that is gone is no error of make's");
}

#[test]
fn rules_may_be_written_where_outputs_may() {
    let project = Project::with_film();
    for path in ["nowhere/a.d", "../a.d"] {
        let run = project.kymo(&["render", "a.toml", "--deps", path]).wrong();
        assert!(!project.path().join("nowhere").exists());
        assert!(
            run.err.contains("--deps: ") && run.err.contains(path.trim_end_matches("/a.d")),
            "{}",
            run.err
        );
    }
}
