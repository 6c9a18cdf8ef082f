//! Bad scenes: each is a file in `tests/scenes/bad`, and beside it the message that it must get, whole.
//!
//! A first line `# args: …` adds words to `kymo render SCENE`. Nothing may be written, not even
//! for a mistake that only the last frame shows. `BLESS=1 cargo test --test cli` writes the messages anew:
//! read them as a person would who made the mistake.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{Project, Run, command};

/// Where the scenes lie.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenes/bad")
}

/// All scenes as the command line names them from there, without the bases.
fn scenes() -> Vec<String> {
    let mut scenes = Vec::new();
    for group in fs::read_dir(folder()).expect("a folder").map(|group| group.expect("an entry").path()) {
        for file in fs::read_dir(&group).expect("a folder").map(|file| file.expect("an entry").path()) {
            let name = file.strip_prefix(folder()).expect("below").to_string_lossy().replace('\\', "/");
            if file.extension().is_some_and(|ending| ending == "toml") && !name.contains("/_") {
                scenes.push(name);
            }
        }
    }
    scenes.sort();
    scenes
}

/// The words that a scene's first line adds.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines().next().and_then(|line| line.strip_prefix("# args: ")).unwrap_or_default().split_whitespace()
}

/// What is said of a scene, or why that is not even an honest failure.
fn message(scene: &str) -> Result<String, String> {
    let project = Project::new();
    project.folder("folder.gif");
    let text = fs::read_to_string(folder().join(scene)).expect("a scene");
    let root = project.path().to_string_lossy().into_owned();
    let mut line = vec!["render", scene, "--root", &root];
    line.extend(words(&text));
    let run = Run::of(command(&folder(), &line).output().expect("the program runs"));
    if run.code != Some(2) {
        return Err(format!("{scene}: exit code {:?}\n{}", run.code, run.err));
    }
    let left = [project.list("."), project.list("imgs"), project.list("folder.gif")].concat();
    if left != ["folder.gif", "imgs"] || !run.out.is_empty() {
        return Err(format!("{scene}: left {left:?} and {} bytes", run.out.len()));
    }
    let canonical = fs::canonicalize(project.path()).expect("the folder").to_string_lossy().into_owned();
    Ok(run.err.replace(&canonical, "ROOT").replace(&root, "ROOT"))
}

#[test]
fn every_bad_scene_is_told_what_is_wrong_where_and_what_to_write() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    for scene in scenes() {
        let expected = folder().join(&scene).with_extension("stderr");
        match message(&scene) {
            Ok(message) if bless => fs::write(expected, message).expect("a message"),
            Ok(message) => {
                let expected = fs::read_to_string(expected).unwrap_or_default();
                if message != expected {
                    failures.push(format!("{scene}: expected\n{expected}but was told\n{message}"));
                }
            }
            Err(failure) => failures.push(failure),
        }
    }
    assert!(failures.is_empty(), "{} scenes:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn no_message_is_left_without_its_scene() {
    let scenes = scenes();
    assert!(scenes.len() >= 100, "only {} bad scenes", scenes.len());
    for group in fs::read_dir(folder()).expect("a folder").map(|group| group.expect("an entry").path()) {
        for file in fs::read_dir(group).expect("a folder").map(|file| file.expect("an entry").path()) {
            if file.extension().is_some_and(|ending| ending == "stderr") {
                assert!(file.with_extension("toml").exists(), "{} has no scene", file.display());
            }
        }
    }
}

#[test]
fn every_message_ends_with_a_remedy_and_points_into_its_file_once() {
    for scene in scenes() {
        let path = folder().join(&scene).with_extension("stderr");
        let message = fs::read_to_string(&path).unwrap_or_default();
        for report in message.split("\nerror: ") {
            assert!(report.contains("= help: "), "{scene} is told no remedy:\n{report}");
            // What comes with the call has no line.
            let called = scene.starts_with("command-line/") || report.contains("--scale");
            assert!(called || report.contains("--> "), "{scene} is told no place:\n{report}");
            assert!(report.matches("--> ").count() <= 1, "{scene}:\n{report}");
        }
    }
}
