//! Names with control characters: a new file may not have one, and existing ones are shown with escapes.

use std::fs;

use serde_json::Value;

use crate::project::{FILM, Project, Run};

/// A name that clears the screen, turns the text red, breaks the line and reverses the direction.
const ODD: &str = "a\u{1b}[2J\u{9b}31m\n\u{202e}\u{7f}";
/// The name with escapes.
const SHOWN: &str = "a\\u{1b}[2J\\u{9b}31m\\n\\u{202e}\\u{7f}";

/// Asserts that the output has no control characters but line breaks.
fn assert_printable(run: &Run) {
    for text in [run.text(), &run.err] {
        let is_control = |c: char| c != '\n' && kymograph::printable::is_unprintable(c);
        assert!(!text.contains(is_control), "{text:?}");
    }
}

/// A project with the scene `ODD.toml`, which is valid and names its picture.
fn project() -> Project {
    let project = Project::new();
    project.folder("scenes");
    project.write(&format!("scenes/{ODD}.toml"), format!("output = 'imgs/a.gif'\n{FILM}"));
    project
}

#[test]
fn outputs_with_control_characters_in_their_names_are_refused() {
    let project = Project::with_film();
    project.write(&format!("{ODD}.toml"), FILM);
    let scene = format!("{ODD}.toml");
    let names = ["a\u{1b}.gif", "a\nb.gif", "\u{9b}/a.gif", "a\u{202e}.gif"];
    let mut runs = Vec::new();
    for name in names {
        runs.push(project.kymo(&["render", "a.toml", "-o", name]));
        runs.push(project.kymo(&["render", "a.toml", "-o", "x.gif", "--deps", name]));
        if !name.contains('/') {
            runs.push(project.kymo(&["check", "a.toml", "--report", name]));
        }
        fs::remove_file(project.path().join("x.gif")).expect("a picture whose rules have no name");
    }
    // By default a picture has the name of its scene.
    runs.push(project.kymo(&["render", &scene]));
    runs.push(project.kymo(&["status", &scene]));
    for run in runs {
        let run = run.wrong();
        assert_printable(&run);
        assert!(run.err.contains("holds the control character \\"), "{}", run.err);
        assert!(run.err.contains("choose a name without"), "{}", run.err);
    }
    let run = project.kymo(&["sweep", &scene, "--set", "k=1", "--into", "imgs"]).wrong();
    assert_printable(&run);
    assert!(run.err.contains(SHOWN) && run.err.contains("rename it"), "{}", run.err);
    let run = project.kymo(&["render", "a.toml", "-o", "imgs/a.gif", "--variant", ODD]).wrong();
    assert_printable(&run);
    assert_eq!(project.list("."), [scene.as_str(), "a.toml", "imgs"]);
    assert!(project.list("imgs").is_empty());
    // The scene renders to a picture with another name.
    project.kymo(&["render", &scene, "-o", "imgs/b.gif"]).done();
}

#[test]
fn variant_names_with_control_characters_are_refused() {
    let project = Project::new();
    project.write("a.toml", format!("{FILM}[[variant]]\nname = \"heavy\\u001b[2J\"\n"));
    let run = project.kymo(&["render", "a.toml"]).wrong();
    assert_printable(&run);
    assert!(run.err.contains("goes into the name of a file"), "{}", run.err);
}

#[test]
fn every_command_escapes_the_name_of_a_scene() {
    let project = project();
    let scene = format!("scenes/{ODD}.toml");
    let render = project.kymo(&["render"]).done();
    assert_printable(&render);
    assert_eq!(project.list("imgs"), ["a.gif"]);
    for words in [&["check"][..], &["status"], &["bless"], &["status", "--json"], &["data", &scene]] {
        assert_printable(&project.kymo(words).done());
    }
    // Every command names the scene in its error, in every format.
    project.write(&scene, "k = ");
    for words in [
        &["render"][..],
        &["data", &scene],
        &["inspect", &scene],
        &["status"],
        &["bless"],
        &["check"],
        &["check", "--format", "junit"],
        &["check", "--format", "github"],
        &["check", "--report", "report"],
        &["merge-reports", "report"],
        &["merge-reports", "report", "--format", "junit"],
        &["merge-reports", "report", "--format", "github"],
        &["merge-reports", &scene],
        &["render", "--root", &scene],
        &["render", &format!("{ODD}.toml")],
        &["sweep", "scenes", "--csv", &scene, "--set", "k=1", "--into", &scene],
    ] {
        let run = project.kymo(words).wrong();
        // The parser of the command line does not escape the arguments that it quotes.
        if !words.contains(&"sweep") {
            assert_printable(&run);
            assert!(format!("{}{}", run.text(), run.err).contains(SHOWN), "{words:?}: {}", run.err);
        }
    }
    let page = String::from_utf8(project.read("report/index.html")).expect("text");
    assert!(page.contains(SHOWN) && !page.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{7f}']));
}

#[test]
fn json_holds_the_exact_names() {
    let project = project();
    let scene = format!("scenes/{ODD}.toml");
    let orphan = format!("imgs/{ODD}.gif");
    project.kymo(&["render"]).done();
    project.write(&orphan, project.read("imgs/a.gif"));
    let rows = project.kymo(&["status", "--json"]);
    assert_printable(&rows);
    let rows: Value = serde_json::from_slice(&rows.out).expect("JSON");
    assert_eq!((&rows[0]["scene"], &rows[1]["picture"]), (&scene.as_str().into(), &orphan.as_str().into()));
    for words in [&["check", "--report", "report"][..], &["merge-reports", "report"]] {
        let run = project.kymo(&[words, &["--format", "json"]].concat());
        assert_printable(&run);
        let report: Value = serde_json::from_slice(&run.out).expect("JSON");
        let pictures: Vec<&str> = report["pictures"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|it| it["picture"].as_str())
            .collect();
        assert_eq!(pictures, [orphan.as_str(), "imgs/a.gif"]);
        assert_eq!(report["pictures"][1]["scene"], scene.as_str());
    }
    // Messages escape the name, and bless still finds the file.
    for words in [&["status"][..], &["check"], &["bless", "--dry-run", "--prune"], &["bless", "--prune"]] {
        let run = project.kymo(words);
        assert_printable(&run);
        assert!(format!("{}{}", run.text(), run.err).contains(&format!("imgs/{SHOWN}.gif")), "{}", run.err);
    }
    assert_eq!(project.list("imgs"), ["a.gif"]);
}

#[test]
fn rules_for_names_with_control_characters_are_refused() {
    let project = project();
    let run = project.kymo(&["render", "--deps", "a.d"]).wrong();
    assert_printable(&run);
    assert!(
        run.err.contains(&format!("--deps: scenes/{SHOWN}.toml holds the control character")),
        "{}",
        run.err
    );
    assert!(!project.path().join("a.d").exists());
}

#[test]
fn control_characters_in_the_text_of_a_scene_are_escaped() {
    let project = Project::new();
    for text in [
        "[\"panels\\u001b[2J\"]\n",
        "# \u{9b}2J \u{202e}\nk = \u{9b}\n",
        "[panels.x]\nkind = \"plot\\u001b[2J\"\n",
        "extends = \"\\u001b[2J\\u009b\"\n",
        "params = { \"k\\u001b[2J\" = 1 }\n",
        "[systems.\"s\\u001b[2J\"]\nkind = 'oscillator'\n",
    ] {
        project.write("a.toml", text);
        for words in [["render", "a.toml"], ["data", "a.toml"], ["inspect", "a.toml"]] {
            assert_printable(&project.kymo(&words).wrong());
        }
        assert_printable(&project.kymo(&["check", "a.toml", "--format", "github"]).wrong());
    }
    // A scene may use such names for its panels.
    let odd = FILM.replace("[panels.x]", "[panels.\"x\\u001b[2J\\u009b\"]");
    project.write("a.toml", odd);
    for words in [&["inspect", "a.toml"][..], &["inspect", "a.toml", "--json"], &["data", "a.toml"]] {
        let run = project.kymo(words);
        assert_printable(&run);
    }
}
