//! Missing folders of outputs: a picture and its missing folders are made together, and only below the root.

use std::fs;
use std::os::unix::fs::symlink;

use crate::project::{FILM, Project};

/// A scene with these outputs.
fn scene(outputs: &str) -> String {
    format!("output = {outputs}\n{FILM}")
}

/// A scene with a mistake that shows in its last frame only.
fn late(outputs: &str) -> String {
    scene(outputs).replace("draw = [", "draw = [{ point = \"if(t > 1.9, j, 0)\" }, ")
}

/// Outputs in several missing folders.
const EVERYWHERE: &str = "['a/b/c.gif', 'a/d/c.svg', 'frames/%04d.png', 'e/c.webp', 'a/c.png']";

#[test]
fn folders_are_made_with_the_pictures_in_them() {
    let project = Project::new();
    project.write("a.toml", scene(EVERYWHERE));
    project.kymo(&["render", "a.toml"]).done();
    assert_eq!(project.list("."), ["a", "a.toml", "e", "frames", "imgs"]);
    assert_eq!(project.list("a"), ["b", "c.png", "d"]);
    assert_eq!((project.list("a/b"), project.list("frames").len()), (vec!["c.gif".to_owned()], 12));
    project.kymo(&["status", "a.toml"]).done();
    // The command line may name missing folders too, also in an absolute path.
    project.kymo(&["render", "a.toml", "-o", "stills/%02d.png"]).done();
    let absolute = project.path().join("x/y/a.gif").to_string_lossy().into_owned();
    project.kymo(&["render", "a.toml", "-o", &absolute]).done();
    assert_eq!((project.list("stills").len(), project.list("x/y").len()), (12, 1));
    project.kymo(&["render", "a.toml", "-o", "z/../w/./a.gif"]).done();
    assert!(project.path().join("w/a.gif").exists() && !project.path().join("z").exists());
}

#[test]
fn bless_makes_missing_folders_too() {
    let project = Project::new();
    project.folder("scenes");
    project.write("scenes/a.toml", scene("'deep/er/a.gif'"));
    project.kymo(&["bless"]).done();
    assert!(project.read("deep/er/a.gif").starts_with(b"GIF89a"));
    project.folder("references");
    project.kymo(&["bless", "--goldens", "references"]).done();
    assert_eq!(project.list("references"), ["a.gif"], "references may lie flat");
}

#[test]
fn several_threads_make_one_folder() {
    let project = Project::new();
    project.folder("scenes");
    for index in 0..12 {
        let scene = scene(&format!("'new/deep/s{index}.gif'")).replace("frames = 12", "frames = 1");
        project.write(&format!("scenes/s{index}.toml"), scene);
    }
    project.kymo(&["render", "-j", "4"]).done();
    assert_eq!(project.list("new/deep").len(), 12);
}

#[test]
fn a_render_that_fails_makes_no_folder() {
    let project = Project::new();
    let long = format!("new/deep/{}.gif", "n".repeat(300));
    for text in [
        late(EVERYWHERE),
        scene(EVERYWHERE).replace("[panels.x]", "[panels.x]\ntitle = '$\\oops$'"),
        // A name that is too long for the disk is an error only when the picture is moved to its place.
        scene(&format!("'{long}'")),
        scene(&format!("'{}'", long.replace(".gif", "%d.png"))),
        // The second picture is a file where the first one needs a folder.
        scene("['new.gif/deep/b.gif', 'new.gif/deep']"),
    ] {
        project.write("a.toml", &text);
        let run = project.kymo(&["render", "a.toml"]).wrong();
        assert_eq!(project.list("."), ["a.toml", "imgs"], "{text}\n{}", run.err);
    }
    let empty = project.folder("empty").to_string_lossy().into_owned();
    project.write("a.toml", scene("'new/a.mp4'"));
    let output = project.command(&["render", "a.toml"]).env("PATH", empty).output().expect("it runs");
    assert_eq!((output.status.code(), project.list(".").len()), (Some(2), 3));
}

#[test]
fn commands_without_output_make_no_folder() {
    let project = Project::new();
    project.folder("scenes");
    project.write("scenes/a.toml", scene("['new/a.gif', 'new/%d.png']"));
    for (words, code, message) in [
        (&["check"][..], 1, "2 missing"),
        (&["status"], 1, "missing   new/a.gif"),
        (&["bless", "--dry-run", "--prune"], 0, "new/a.gif: new"),
        (&["data", "scenes/a.toml"], 0, "t,"),
    ] {
        let run = project.kymo(words);
        assert_eq!(run.code, Some(code), "{words:?}: {}{}", run.text(), run.err);
        assert!(
            format!("{}{}", run.text(), run.err).contains(message),
            "{words:?}: {}{}",
            run.text(),
            run.err
        );
        assert_eq!(project.list("."), ["imgs", "scenes"], "{words:?}");
    }
    // The folder of the rules must exist.
    let run = project.kymo(&["render", "--deps", "rules/a.d"]).wrong();
    assert!(run.err.contains("make it with mkdir -p rules"), "{}", run.err);
    assert!(!project.path().join("rules").exists());
}

#[test]
fn no_folder_is_made_through_a_link_out_of_the_root() {
    let project = Project::with_film();
    let (root, elsewhere) = (project.folder("root/inside"), project.folder("elsewhere"));
    let root = root.parent().expect("the root");
    symlink(&elsewhere, root.join("out")).expect("a link");
    symlink(elsewhere.join("new"), root.join("nothing")).expect("a link");
    symlink("inside", root.join("in")).expect("a link");
    let render = |output: &str, more: &[&str]| {
        let words = ["render", "a.toml", "-o", output, "--root", "root"];
        project.kymo(&[&words[..], more].concat())
    };
    for (output, message) in [
        ("out/new/a.gif", "outside of the root"),
        ("new/../out/a/b.gif", "outside of the root"),
        ("nothing/a.gif", "is a link to nothing"),
        ("nothing/b/a.gif", "is a link to nothing"),
    ] {
        let run = render(output, &[]).wrong();
        assert!(run.err.contains(message), "{output}: {}", run.err);
    }
    // Outside of the root, pictures may be allowed, but folders are never made.
    let run = render("out/new/a.gif", &["--allow-outside"]).wrong();
    assert!(
        run.err.contains("there is no folder root/out/new") && run.err.contains("mkdir -p"),
        "{}",
        run.err
    );
    assert!(project.list("elsewhere").is_empty());
    assert_eq!(project.list("root"), ["in", "inside", "nothing", "out"]);
    render("in/new/a.gif", &[]).done();
    assert_eq!(project.list("root/inside/new"), ["a.gif"]);
    render("out/a.gif", &["--allow-outside"]).done();
    fs::remove_dir_all(root).expect("the root");
}
