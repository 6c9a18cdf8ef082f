//! Bad scenes: each is a file in `tests/scenes/bad`, with the whole message that it must get beside it.
//!
//! A first line `# args: …` adds arguments to `kymo render SCENE`. Nothing may be written, not even for a mistake that
//! shows in the last frame only. `SNAPSHOTS=overwrite cargo test` rewrites the messages; read them as the author of the
//! mistake would.

use std::fs;
use std::path::{Path, PathBuf};

use snapbox::data::{Data, DataFormat, IntoData};

use crate::project::{Project, Run, command};

/// The folder of the scenes.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenes/bad")
}

/// The paths of all scenes, relative to the folder, without the bases.
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

/// The arguments in the first line of a scene.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines().next().and_then(|line| line.strip_prefix("# args: ")).unwrap_or_default().split_whitespace()
}

/// The message for a scene. The run must end with exit code 2 and write nothing else.
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

/// Each error of a message ends with a remedy and points into its file once.
fn shape(scene: &str, message: &str) -> Result<(), String> {
    for error in message.split("\nerror: ") {
        if !error.contains("= help: ") {
            return Err(format!("{scene} has no remedy:\n{error}"));
        }
        // An error in the command line has no place in the file.
        let called = scene.starts_with("command-line/") || error.contains("--scale");
        match error.matches("--> ").count() {
            0 if !called => return Err(format!("{scene} has no place:\n{error}")),
            0 | 1 => {}
            _ => return Err(format!("{scene} has several places:\n{error}")),
        }
    }
    Ok(())
}

/// Compares the messages of all scenes of a group with those beside them.
fn assert_messages(group: &str) {
    let verdict = snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV);
    let mut failures = Vec::new();
    for scene in scenes().iter().filter(|scene| scene.starts_with(&format!("{group}/"))) {
        let path = folder().join(scene).with_extension("stderr");
        let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
        let judged = message(scene).and_then(|message| {
            shape(scene, &message)?;
            verdict.try_eq(Some(scene), message.into_data(), expected).map_err(|error| error.to_string())
        });
        failures.extend(judged.err());
    }
    assert!(failures.is_empty(), "{} scenes:\n{}", failures.len(), failures.join("\n"));
}

/// Declares a test for each group, which is a folder of scenes.
macro_rules! groups {
    ($($test:ident: $group:literal,)*) => {
        const GROUPS: &[&str] = &[$($group),*];

        mod every_scene_gets_its_message_in {
            $(#[test]
            fn $test() {
                super::assert_messages($group);
            })*
        }
    };
}

groups! {
    canvas: "canvas",
    chain: "chain",
    check: "check",
    colors: "colors",
    command_line: "command-line",
    data: "data",
    discrete: "discrete",
    each: "each",
    elements: "elements",
    expressions: "expressions",
    file: "file",
    film: "film",
    fourier_series: "fourier-series",
    hippo: "hippo",
    keys: "keys",
    labels: "labels",
    layout: "layout",
    panels: "panels",
    limits: "limits",
    maps: "maps",
    meant: "meant",
    not_yet: "not-yet",
    ode: "ode",
    outputs: "outputs",
    over: "over",
    physics: "physics",
    samples: "samples",
    scale: "scale",
    several: "several",
    spectrum: "spectrum",
    state_space: "state-space",
    systems: "systems",
    texts: "texts",
    transfer_function: "transfer-function",
    values: "values",
    variants: "variants",
}

#[test]
fn every_scene_belongs_to_a_group() {
    for scene in scenes() {
        let group = scene.split('/').next().unwrap_or_default();
        assert!(GROUPS.contains(&group), "{group} is missing in `groups!`");
    }
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
