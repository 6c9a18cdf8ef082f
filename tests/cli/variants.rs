//! `[[variant]]`: one file with several scenes, for every command.

use crate::project::{FILM, Project, Run};

/// The film with two variants.
fn several() -> String {
    format!(
        "{FILM}\n[[variant]]\nname = \"soft\"\n\n[[variant]]\nname = \"hard\"\nparams.k = 40\ncanvas.scale = 2\n"
    )
}

fn with_variants() -> Project {
    let project = Project::new();
    project.write("a.toml", several());
    project
}

/// Asserts exit code 2, an empty standard output, and these words in the message.
fn refused(run: Run, words: &[&str]) {
    let run = run.wrong();
    assert!(words.iter().all(|word| run.err.contains(word)), "{}", run.err);
    assert!(run.out.is_empty());
}

#[test]
fn a_variant_equals_a_file_that_extends_the_scene() {
    let project = with_variants();
    project.write("_base.toml", FILM);
    project.write("soft.toml", "extends = '_base.toml'");
    project.write("hard.toml", "extends = '_base.toml'\nparams.k = 40\ncanvas.scale = 2");
    let run = project.kymo(&["render", "a.toml", "soft.toml", "hard.toml"]).done();
    assert_eq!(project.list("imgs"), ["a-hard.gif", "a-soft.gif", "hard.gif", "soft.gif"]);
    for name in ["soft", "hard"] {
        assert_eq!(project.read(&format!("imgs/a-{name}.gif")), project.read(&format!("imgs/{name}.gif")));
    }
    assert_ne!(project.read("imgs/soft.gif"), project.read("imgs/hard.gif"));
    assert_eq!(run.err.lines().count(), 4);
}

#[test]
fn one_variant_is_chosen_by_name_and_overrides_take_precedence_over_it() {
    let project = with_variants();
    project.kymo(&["render", "a.toml", "--variant", "hard"]).done();
    assert_eq!(project.list("imgs"), ["a-hard.gif"]);
    let set = ["--set", "k=10", "--set", "canvas.scale=1"];
    project.kymo(&[&["render", "a.toml", "--variant", "hard", "-o", "hard.gif"][..], &set].concat()).done();
    project.kymo(&["render", "a.toml", "--variant", "soft", "-o", "soft.gif"]).done();
    assert_eq!(project.read("hard.gif"), project.read("soft.gif"));
    // A still without a path lies beside the variant's film.
    project.kymo(&["render", "a.toml", "--variant", "hard", "--frame", "3"]).done();
    assert_eq!(project.list("imgs"), ["a-hard.gif", "a-hard.png"]);
}

#[test]
fn data_and_inspect_need_one_variant() {
    let project = with_variants();
    project.write("soft.toml", FILM);
    for command in ["data", "inspect"] {
        refused(project.kymo(&[command, "a.toml"]), &["2 variants", "--variant", "`soft`, `hard`", "a.toml"]);
        refused(project.kymo(&[command, "a.toml", "--variant", "sotf"]), &["did you mean `soft`?"]);
        refused(project.kymo(&[command, "soft.toml", "--variant", "soft"]), &["no variant `soft`"]);
        let soft = project.kymo(&[command, "a.toml", "--variant", "soft"]).done();
        assert_eq!(soft.out, project.kymo(&[command, "soft.toml"]).done().out);
        let hard = project.kymo(&[command, "a.toml", "--variant", "hard"]).done();
        assert_ne!(hard.out, soft.out);
    }
}

#[test]
fn one_output_is_for_one_variant() {
    let project = with_variants();
    for path in ["b.gif", "-", "imgs/%04d.png"] {
        refused(
            project.kymo(&["render", "a.toml", "-o", path]),
            &["--output names one picture", "2 variants"],
        );
    }
    assert!(project.list("imgs").is_empty());
    project.kymo(&["render", "a.toml", "-o", "b.gif", "--variant", "soft"]).done();
    project.write("one.toml", format!("{FILM}\n[[variant]]\nname = \"only\""));
    project.kymo(&["render", "one.toml", "-o", "one.gif"]).done();
    assert_eq!(project.read("one.gif"), project.read("b.gif"));
    project.kymo(&["data", "one.toml"]).done();
}

#[test]
fn standard_input_may_hold_variants() {
    let project = with_variants();
    project.kymo(&["render", "a.toml"]).done();
    project.kymo_fed(&["render", "-"], &several()).done();
    assert_eq!(project.list("imgs"), ["a-hard.gif", "a-soft.gif", "stdin-hard.gif", "stdin-soft.gif"]);
    let run = project.kymo_fed(&["render", "-", "-o", "-", "--variant", "hard"], &several()).done();
    assert_eq!(run.out, project.read("imgs/a-hard.gif"));
}

#[test]
fn panels_may_stand_in_the_variants_alone() {
    let project = Project::new();
    let (head, _) = FILM.split_once("[panels.x]").expect("a panel");
    project.write(
        "a.toml",
        format!(
            "{head}
[[variant]]
name = \"x\"
panels.x = {{ kind = \"plot\", draw = [{{ trace = \"spring.x\" }}] }}
[[variant]]
name = \"plane\"
output = [\"imgs/plane.png\", \"imgs/plane.gif\"]
panels.z = {{ kind = \"plane\", draw = [{{ trace = \"spring.z\" }}] }}
"
        ),
    );
    project.write("b.toml", FILM);
    project.kymo(&["render", "a.toml", "b.toml"]).done();
    assert_eq!(project.list("imgs"), ["a-x.gif", "b.gif", "plane.gif", "plane.png"]);
    assert_eq!(project.read("imgs/a-x.gif"), project.read("imgs/b.gif"));
}

#[test]
fn an_output_of_the_file_itself_is_not_inherited_by_variants() {
    let project = Project::new();
    project.write("a.toml", format!("output = 'imgs/all.gif'\n{}", several()));
    project.kymo(&["render", "a.toml"]).done();
    assert_eq!(project.list("imgs"), ["a-hard.gif", "a-soft.gif"]);
}

#[test]
fn variants_of_a_base_are_inherited_and_a_list_replaces_them() {
    let project = Project::new();
    project.write("_base.toml", several());
    project.write("heir.toml", "extends = '_base.toml'\nparams.k = 20");
    project.write("own.toml", "extends = '_base.toml'\n[[variant]]\nname = 'mine'");
    project.kymo(&["render", "heir.toml", "own.toml"]).done();
    assert_eq!(project.list("imgs"), ["heir-hard.gif", "heir-soft.gif", "own-mine.gif"]);
    // The variant overrides the scene, which overrides its base.
    project.kymo(&["render", "_base.toml"]).done();
    assert_eq!(project.read("imgs/heir-hard.gif"), project.read("imgs/_base-hard.gif"));
    assert_ne!(project.read("imgs/heir-soft.gif"), project.read("imgs/_base-soft.gif"));
}

#[test]
fn one_bad_variant_is_named_and_does_not_stop_the_others() {
    let project = Project::new();
    project.write("a.toml", format!("{}\n[[variant]]\nname = \"none\"\nparams.k = 0\n", several()));
    let run = project.kymo(&["render", "a.toml"]).wrong();
    assert!(run.err.contains("note: met in the variant `none`"), "{}", run.err);
    assert_eq!(project.list("imgs"), ["a-hard.gif", "a-soft.gif"]);
}

#[test]
fn a_mistake_common_to_all_variants_is_reported_once() {
    let project = Project::new();
    // Reading the scene shows the first mistake, drawing it the second.
    for (right, wrong) in [("frames = 12", "frames = 0"), ("\"spring.x\"", "\"spring.z\"")] {
        project.write("a.toml", several().replace(right, wrong));
        let run = project.kymo(&["render", "a.toml"]).wrong();
        assert_eq!(run.err.matches("error: ").count(), 1, "{}", run.err);
        assert!(run.err.contains("note: met in the variant `"), "{}", run.err);
        assert!(project.list("imgs").is_empty());
    }
    // Each file has its own message.
    project.write("b.toml", several().replace("frames = 12", "frames = 0"));
    project.write("a.toml", several().replace("frames = 12", "frames = 0"));
    assert_eq!(project.kymo(&["render", "a.toml", "b.toml"]).wrong().err.matches("error: ").count(), 2);
}

#[test]
fn variants_with_colliding_outputs_are_refused() {
    let project = with_variants();
    project.write("a-soft.toml", FILM);
    let run = project.kymo(&["render", "a.toml", "a-soft.toml"]).wrong();
    assert!(
        run.err.contains("imgs/a-soft.gif is written by the variant `soft` of a.toml, too"),
        "{}",
        run.err
    );
    assert!(run.err.contains("imgs/a-soft.gif is written by a-soft.toml, too"), "{}", run.err);
    assert_eq!(project.list("imgs"), ["a-hard.gif"]);
}
