//! Standard input, standard output, and the messages on standard error.

use crate::project::{FILM, Project};

#[test]
fn a_dash_reads_a_scene_from_standard_input_and_writes_to_standard_output() {
    let project = Project::with_film();
    project.kymo(&["render", "a.toml"]).done();
    let film = project.read("imgs/a.gif");
    project.kymo_fed(&["render", "-", "-o", "b.gif"], FILM).done();
    assert_eq!(project.read("b.gif"), film);
    assert_eq!(project.kymo(&["render", "a.toml", "-o", "-"]).done().out, film);
    let run = project.kymo_fed(&["render", "-", "-o", "-"], FILM).done();
    assert_eq!((run.out, run.err.as_str()), (film, ""));
    // A scene from standard input is named after its source.
    project.kymo_fed(&["render", "-"], FILM).done();
    assert_eq!(project.list("imgs"), ["a.gif", "stdin.gif"]);
}

#[test]
fn standard_output_has_the_format_of_the_scene_or_is_a_still() {
    let project = Project::new();
    let scene = format!("output = 'imgs/a.apng'\n{FILM}");
    let run = project.kymo_fed(&["render", "-", "-o", "-"], &scene).done();
    assert!(run.out.windows(4).any(|chunk| chunk == b"acTL"));
    let run = project.kymo_fed(&["render", "-", "-o", "-", "--frame", "3"], &scene).done();
    assert!(run.out.starts_with(b"\x89PNG") && !run.out.windows(4).any(|chunk| chunk == b"acTL"));
    assert!(project.list("imgs").is_empty());
}

#[test]
fn a_failure_leaves_standard_output_empty() {
    let project = Project::new();
    let run = project.kymo_fed(&["render", "-", "-o", "-"], "[panels").wrong();
    assert!(run.out.is_empty() && run.err.contains("--> <stdin>:1:"), "{}", run.err);
    let late = FILM.replace("draw = [", "draw = [{ point = \"if(t > 1.9, j, 0)\" }, ");
    let run = project.kymo_fed(&["render", "-", "-o", "-"], &late).wrong();
    assert!(run.out.is_empty() && run.err.contains("complex value"), "{}", run.err);
}

#[test]
fn quiet_prints_errors_only() {
    let project = Project::with_film();
    assert_eq!(project.kymo(&["render", "a.toml", "--quiet"]).done().err, "");
    assert_eq!(project.kymo(&["-q", "render", "a.toml"]).done().err, "");
    project.write("b.toml", "[panels");
    let run = project.kymo(&["render", "a.toml", "b.toml", "--quiet"]).wrong();
    assert!(run.err.starts_with("error: "), "{}", run.err);
}

#[test]
fn colors_are_for_terminals_or_on_demand() {
    let project = Project::new();
    project.write("b.toml", "[panels");
    let colored = |words: &[&str], no_color: Option<&str>| {
        let mut command = project.command(words);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        let output = command.output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2));
        output.stderr.contains(&0x1b)
    };
    assert!(!colored(&["render", "b.toml"], None));
    assert!(colored(&["render", "b.toml", "--color", "always"], None));
    assert!(!colored(&["render", "b.toml", "--color", "never"], None));
    // The command line takes precedence over the environment.
    assert!(colored(&["render", "b.toml", "--color", "always"], Some("1")));
    assert!(!colored(&["render", "b.toml"], Some("1")));
}
