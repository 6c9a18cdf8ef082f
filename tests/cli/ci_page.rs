//! `docs/ci.md` is true: its blocks marked `sh` run one after the other in a small project, its Makefile is made, its table is
//! swept. Blocks marked `bash` need other programs; `tests/fleet/run` runs what they say.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::project::{FILM, Project, Run};

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).expect("the page")
}

/// The blocks of the page that are fenced as a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let blocks = page.split(&format!("```{language}\n")).skip(1);
    let found: Vec<&str> = blocks.map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(!found.is_empty(), "the page has no {language}");
    found
}

/// A project as the page has it: scenes that are rendered, and a copy of their pictures.
fn project(page: &str) -> Project {
    let project = Project::new();
    project.folder("scenes");
    project.folder("golden/imgs");
    let damping = FILM
        .replace("k = 10", "k = 10\nzeta = 0.2")
        .replace("stiffness = \"k\"", "omega0 = \"sqrt(k)\"\nzeta = \"zeta\"");
    project.write("scenes/damping.toml", damping);
    project.write("scenes/long.toml", FILM.replace("frames = 12", "frames = 60"));
    project.write("runs.csv", blocks(page, "csv")[0]);
    project.write("Makefile", blocks(page, "make")[0]);
    project.kymo(&["render"]).done();
    project.kymo(&["render", "--root", "golden"]).done();
    project
}

/// Runs a script with this kymo first on the PATH.
fn run(project: &Project, script: &str) -> Run {
    let kymo = Path::new(env!("CARGO_BIN_EXE_kymo")).parent().expect("a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", script]).current_dir(project.path()).stdin(Stdio::null());
    Run::of(bash.env("PATH", format!("{kymo}:{path}")).output().expect("bash runs"))
}

#[test]
fn every_command_on_the_page_does_what_it_says() {
    let page = page();
    let project = project(&page);
    let film = project.read("imgs/long.gif");
    for script in blocks(&page, "sh") {
        let run = run(&project, script);
        assert_eq!(run.code, Some(0), "{script}\n{}{}", run.text(), run.err);
    }
    assert_eq!(project.list("sweep").len(), 12);
    assert_eq!(project.read("imgs/long.gif"), film);
    for made in ["report/index.html", "junit.xml", "status.json"] {
        assert!(!project.read(made).is_empty(), "{made}");
    }
}

#[test]
fn the_makefile_renders_what_changed_and_only_that() {
    let page = page();
    let project = project(&page);
    let news = |run: Run| run.done().err;
    let first = news(run(&project, "make --silent"));
    assert!(first.contains("damping.gif: fresh") && first.contains("long.gif: fresh"), "{first}");
    assert_eq!(news(run(&project, "make --silent")), "");
    // Times on disks may be coarse: what is changed now is made younger than the rules.
    let change = "sed -i.bak 's/zeta = 0.2/zeta = 0.3/' scenes/damping.toml; rm scenes/*.bak; touch -d '+2 seconds' scenes/damping.toml";
    news(run(&project, change));
    let changed = news(run(&project, "make --silent"));
    assert!(changed.contains("damping.gif: 160") && changed.contains("long.gif: fresh"), "{changed}");
}
