//! The help, the version, and the messages for unknown words.

use crate::project::Project;

#[test]
fn help_names_every_command_and_option_and_fits_a_terminal() {
    let project = Project::new();
    for (words, named) in [
        (
            &["--help"][..],
            &[
                "render",
                "check",
                "bless",
                "status",
                "data",
                "inspect",
                "merge-reports",
                "sweep",
                "--quiet",
                "--color",
                "--version",
            ][..],
        ),
        (
            &["render", "--help"],
            &[
                "SCENE|DIR",
                "--output",
                "--frame",
                "--at",
                "--set",
                "--variant",
                "--scale",
                "--jobs",
                "--root",
                "--allow-outside",
                "--timings",
                "--force",
                "--shard",
                "--deps",
                "-o",
                "-j",
                "[default: scenes]",
            ],
        ),
        (
            &["check", "--help"],
            &["SCENE|DIR", "--goldens", "--exact", "--report", "--format", "--shard", "--jobs", "--root"],
        ),
        (
            &["bless", "--help"],
            &["FILTER", "--scenes", "--goldens", "--dry-run", "--prune", "--jobs", "--root"],
        ),
        (&["status", "--help"], &["SCENE|DIR", "--goldens", "--root", "--shard", "--json"]),
        (&["data", "--help"], &["SCENE", "--format", "csv", "json", "--set", "--variant"]),
        (&["sweep", "--help"], &["SCENE", "--set", "--csv", "--into"]),
        (
            &["merge-reports", "--help"],
            &["REPORT", "--report", "--format", "human", "json", "junit", "github"],
        ),
        (&["inspect", "--help"], &["SCENE", "--json", "--set", "--scale", "--variant"]),
    ] {
        let run = project.kymo(words).done();
        for name in named {
            assert!(run.text().contains(name), "{words:?} lacks {name}:\n{}", run.text());
        }
        assert!(run.text().lines().all(|line| line.chars().count() <= 100), "{}", run.text());
        assert!(run.err.is_empty());
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let run = Project::new().kymo(&["--version"]).done();
    assert_eq!(run.text(), format!("kymo {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn unknown_words_are_refused() {
    let project = Project::with_film();
    for words in [
        &["rendr"][..],
        &["render", "a.toml", "--frobnicate", "3"],
        &["data"],
        &["render", "-j", "many"],
        &[],
    ] {
        let run = project.kymo(words).wrong();
        assert!(run.out.is_empty() && run.err.contains("--help"), "{words:?}: {}", run.err);
    }
    assert!(project.list("imgs").is_empty());
}
