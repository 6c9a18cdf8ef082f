//! `docs/ci.md` is correct: its blocks marked `sh` run one after the other in a small project, with its Makefile and its
//! table. Blocks marked `bash` need other programs; `tests/fleet/run` runs them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::project::{FILM, Project, Run};

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).expect("the page")
}

/// The blocks of the page fenced with this language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let blocks = page.split(&fence).skip(1);
    let found: Vec<&str> = blocks.map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(!found.is_empty(), "the page has no {language}");
    found
}

/// The project of the page: rendered scenes, and a copy of their pictures.
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

/// Runs a script with the tested program first on the PATH.
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
    for script in blocks(&page, "sh") {
        let run = run(&project, script);
        assert_eq!(run.code, Some(0), "{script}\n{}{}", run.text(), run.err);
    }
    assert_eq!(project.list("sweep").len(), 12);
    for made in ["report/index.html", "junit.xml", "status.json"] {
        assert!(!project.read(made).is_empty(), "{made}");
    }
}

#[test]
#[ignore = "needs make on the PATH"]
fn the_makefile_renders_what_changed_and_only_that() {
    let page = page();
    let project = project(&page);
    project.write("_base.toml", FILM);
    project.write("scenes/long.toml", "extends = '../_base.toml'\nanimate.frames = 60\n");
    // File times may be coarse, so changed files get a later time.
    let make = |changed: &str| {
        let younger =
            "for file in $CHANGED; do touch -d '+2 seconds' $file; done; make --silent pictures.tar";
        run(&project, &younger.replace("$CHANGED", changed)).done().err
    };
    let rendered = |news: &str, name: &str| news.contains(&format!("imgs/{name}.gif: 160"));
    make("");
    assert!(project.path().join("pictures.tar").exists());
    assert_eq!(make(""), "");
    // The Makefile knows the scenes, pictures.mk their bases.
    let text = String::from_utf8(project.read("scenes/damping.toml")).expect("UTF-8");
    project.write("scenes/damping.toml", text.replace("zeta = 0.2", "zeta = 0.3"));
    let news = make("scenes/damping.toml");
    assert!(rendered(&news, "damping") && !rendered(&news, "long"), "{news}");
    project.write("_base.toml", FILM.replace("k = 10", "k = 20"));
    let news = make("_base.toml");
    assert!(rendered(&news, "long") && !rendered(&news, "damping"), "{news}");
}
