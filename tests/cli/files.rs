//! The places where pictures may be written; an existing picture survives every failure.

use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use crate::project::{FILM, Project};

/// A scene with a mistake that shows in its last frame only.
fn late() -> String {
    FILM.replace("draw = [", "draw = [{ point = \"if(t > 1.9, j, 0)\" }, ")
}

#[test]
fn an_existing_picture_survives_every_failure() {
    for (output, text) in [
        ("a.gif", late()),
        ("a.apng", late()),
        ("a-%d.png", late()),
        ("a.gif", FILM.replace("frames = 12", "frames = 0")),
        ("a.gif", FILM.replace("[panels.x]", "[panels.x]\ntitle = '$\\oops$'")),
    ] {
        let project = Project::with_film();
        project.write("a.toml", format!("output = 'imgs/{output}'\n{text}"));
        let file = format!("imgs/{}", output.replace("%d", "0"));
        project.write(&file, "what was there");
        project.kymo(&["render", "a.toml"]).wrong();
        assert_eq!(project.read(&file), b"what was there");
        assert_eq!(project.list("imgs").len(), 1, "{output}");
    }
}

#[test]
fn a_picture_replaces_the_old_one() {
    let project = Project::with_film();
    project.write("imgs/a.gif", "what was there");
    project.kymo(&["render", "a.toml"]).done();
    assert!(project.read("imgs/a.gif").starts_with(b"GIF89a"));
    assert_eq!(project.list("imgs"), ["a.gif"]);
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_the_old_picture_and_no_other_file() {
    let project = Project::with_film();
    project.write("a.toml", FILM.replace("frames = 12", "frames = 1000000"));
    project.write("imgs/a.gif", "what was there");
    let mut child = project.command(&["render", "a.toml"]).stderr(Stdio::null()).spawn().expect("it runs");
    // A million frames take far longer than this; the test fails should they ever be done in time.
    std::thread::sleep(Duration::from_millis(700));
    child.kill().expect("a kill");
    assert!(!child.wait().expect("its end").success());
    assert_eq!(project.read("imgs/a.gif"), b"what was there");
    assert_eq!(project.list("imgs"), ["a.gif"]);
}

#[test]
fn outputs_stay_below_the_root_unless_allowed() {
    let project = Project::with_film();
    let inner = project.folder("inner/imgs");
    let inner = inner.parent().expect("inner").to_string_lossy().into_owned();
    let outside = project.path().join("out.gif").to_string_lossy().into_owned();
    for output in ["../out.gif", "imgs/../../out.gif", &outside] {
        let words = ["render", "a.toml", "-o", output, "--root", &inner];
        let run = project.kymo(&words).wrong();
        assert!(run.err.contains("outside of the root"), "{}", run.err);
        assert!(!project.path().join("out.gif").exists());
        let allowed = [&words[..], &["--allow-outside"]].concat();
        project.kymo(&allowed).done();
        fs::remove_file(project.path().join("out.gif")).expect("the picture");
    }
    // An absolute path below the root is below the root.
    let below = format!("{inner}/imgs/a.gif");
    project.kymo(&["render", "a.toml", "-o", &below, "--root", &inner]).done();
    assert_eq!(project.list("inner/imgs"), ["a.gif"]);
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_root() {
    let project = Project::with_film();
    let (root, elsewhere) = (project.folder("root"), project.folder("elsewhere"));
    std::os::unix::fs::symlink(&elsewhere, root.join("imgs")).expect("a link");
    let run = project.kymo(&["render", "a.toml", "--root", "root"]).wrong();
    assert!(run.err.contains("outside of the root"), "{}", run.err);
    assert!(project.list("elsewhere").is_empty());
    project.kymo(&["render", "a.toml", "--root", "root", "--allow-outside"]).done();
    assert_eq!(project.list("elsewhere"), ["a.gif"]);
}

#[test]
fn unwritable_folders_are_reported_before_anything_is_drawn() {
    let project = Project::with_film();
    project.write("file", "no folder");
    for output in ["file/a.gif", "imgs/.."] {
        let run = project.kymo(&["render", "a.toml", "-o", output]).wrong();
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
    let run = project.kymo(&["render", "a.toml", "--root", "file"]).wrong();
    assert!(run.err.contains("the root file is no folder"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with_film();
    let folder = project.folder("locked");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("permissions");
    // Permissions do not stop root, but nobody can make a file in /proc.
    let [root, output] =
        if fs::write(folder.join("probe"), "").is_ok() { ["/proc", "a.gif"] } else { [".", "locked/a.gif"] };
    let run = project.kymo(&["render", "a.toml", "--root", root, "-o", output]).wrong();
    assert!(run.err.contains("/a.gif cannot be written"), "{}", run.err);
}

#[test]
fn colliding_outputs_are_not_written() {
    let project = Project::with_film();
    project.write("b.toml", format!("output = ['imgs/a.gif', 'imgs/b.gif']\n{FILM}"));
    project.write("c.toml", FILM);
    let run = project.kymo(&["render", "a.toml", "b.toml", "c.toml"]).wrong();
    assert!(
        run.err.contains("is written by b.toml, too") && run.err.contains("by a.toml, too"),
        "{}",
        run.err
    );
    assert_eq!(project.list("imgs"), ["c.gif"]);
    // A still may not have the name of a picture of a sequence.
    project.write("d.toml", format!("output = ['imgs/d-%d.png', 'imgs/d-3.png']\n{FILM}"));
    assert!(project.kymo(&["render", "d.toml"]).wrong().err.contains("is written twice"));
    // Two scenes cannot make one picture.
    project.kymo(&["render", "a.toml", "c.toml", "-o", "imgs/e.gif"]).wrong();
    assert_eq!(project.list("imgs"), ["c.gif"]);
}

#[test]
fn a_scene_reads_relative_to_itself_and_writes_relative_to_the_root() {
    let project = Project::new();
    project.folder("deep/scenes/parts");
    project.folder("other/imgs");
    project.write("deep/scenes/parts/_base.toml", FILM);
    project.write("deep/scenes/a.toml", "extends = 'parts/_base.toml'");
    project.kymo(&["render", "deep/scenes", "--root", "other"]).done();
    assert_eq!(project.list("other/imgs"), ["a.gif"]);
    assert!(project.list("imgs").is_empty());
}

#[test]
fn a_closed_pipe_ends_without_a_message() {
    let project = Project::with_film();
    let text = FILM.replace("frames = 12", "frames = 20000");
    project.write("a.toml", text);
    for words in
        [&["data", "a.toml"][..], &["data", "a.toml", "--format", "json"], &["inspect", "a.toml", "--json"]]
    {
        let mut command = project.command(words);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut first = [0; 16];
        child.stdout.take().expect("a pipe").read_exact(&mut first).expect("a beginning");
        let ended = child.wait_with_output().expect("an end");
        assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]), "{words:?}");
    }
}
