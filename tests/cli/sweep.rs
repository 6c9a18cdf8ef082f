//! `kymo sweep` writes the scenes that `kymo render --set` would render.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::project::{FILM, Project, Run};

/// A project with an animation in `scenes/a.toml` and an empty folder `sweep`.
fn project() -> Project {
    let project = Project::new();
    project.folder("scenes");
    project.folder("sweep");
    project.write("scenes/a.toml", FILM);
    project
}

fn sweep(project: &Project, words: &[&str]) -> Run {
    project.kymo(&[&["sweep", "scenes/a.toml", "--into", "sweep"][..], words].concat())
}

#[test]
fn a_swept_scene_equals_the_base_scene_with_its_values_set() {
    let project = project();
    let run = sweep(&project, &["--set", "k=5:20:7.5", "--set", "canvas.theme=dark,'print'"]).done();
    assert_eq!(run.err, "6 scenes in sweep/\n");
    assert_eq!(
        project.list("sweep"),
        [
            "a-k_05.0-canvas.theme_dark.toml",
            "a-k_05.0-canvas.theme_print.toml",
            "a-k_12.5-canvas.theme_dark.toml",
            "a-k_12.5-canvas.theme_print.toml",
            "a-k_20.0-canvas.theme_dark.toml",
            "a-k_20.0-canvas.theme_print.toml",
        ]
    );
    project.kymo(&["render", "sweep"]).done();
    assert_eq!(project.list("imgs").len(), 6);
    for (name, words) in [
        ("a-k_05.0-canvas.theme_print", ["k=5", "canvas.theme=print"]),
        ("a-k_12.5-canvas.theme_dark", ["k=12.5", "canvas.theme=dark"]),
    ] {
        let set = ["--set", words[0], "--set", words[1], "-o", "set.gif"];
        project.kymo(&[&["render", "scenes/a.toml"][..], &set].concat()).done();
        assert_eq!(project.read("set.gif"), project.read(&format!("imgs/{name}.gif")));
    }
}

#[test]
fn steps_are_exact_decimal_numbers() {
    let project = project();
    sweep(&project, &["--set", "systems.spring.damping=0:2:0.1"]).done();
    let values: Vec<String> = project
        .list("sweep")
        .iter()
        .map(|name| String::from_utf8(project.read(&format!("sweep/{name}"))).expect("UTF-8"))
        .map(|text| text.lines().last().unwrap_or_default().to_owned())
        .collect();
    let expected = "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 2";
    let expected: Vec<_> = expected.split(' ').map(|it| format!("systems.spring.damping = {it}")).collect();
    assert_eq!(values, expected);
}

#[test]
fn a_csv_file_makes_one_scene_for_each_row() {
    let project = project();
    let table = "k,panels.x.title,systems.spring.damping\r\n10,\"slow, then \"\"fast\"\"\",0.5\r\n2*pi,it's plain,0\r\n";
    project.write("runs.csv", table);
    assert_eq!(sweep(&project, &["--csv", "runs.csv"]).done().err, "2 scenes in sweep/\n");
    let names = project.list("sweep");
    assert_eq!(
        names,
        [
            "a-k_10-panels.x.title_slow-then-fast-systems.spring.damping_0.5.toml",
            "a-k_2-pi-panels.x.title_it-s-plain-systems.spring.damping_0.0.toml",
        ]
    );
    for (name, alt, start) in [(&names[0], "slow, then \"fast\"", "10"), (&names[1], "it's plain", "6.28")] {
        let path = format!("sweep/{name}");
        let text = String::from_utf8(project.read(&path)).expect("UTF-8");
        assert!(text.contains(alt), "{text}");
        // With a mass of 1 kg the force at the start is -k·x0, and x0 is 1.
        let data = project.kymo(&["data", &path]).done();
        let column =
            |line: usize| data.text().lines().nth(line).unwrap_or_default().split(',').map(str::to_owned);
        let force = column(0).position(|name| name == "spring.spring_force").expect("the force");
        let value = column(1).nth(force).expect("a value");
        assert!(value.starts_with(&format!("-{start}")), "{value}");
    }
    let before = names;
    project.kymo_fed(&["sweep", "scenes/a.toml", "--into", "sweep", "--csv", "-"], table).done();
    assert_eq!(project.list("sweep"), before);
}

#[test]
fn a_csv_file_may_have_a_byte_order_mark_and_blank_lines() {
    let project = project();
    project.write("runs.csv", "\u{feff}\r\nk\r\n\r\n  \r\n10\r\n\r\n20");
    sweep(&project, &["--csv", "runs.csv"]).done();
    assert_eq!(project.list("sweep"), ["a-k_10.toml", "a-k_20.toml"]);
}

#[test]
fn values_with_many_digits_render() {
    let project = project();
    sweep(&project, &["--set", "k=1e19:2e19:1e19,1e-28,1e-40"]).done();
    let lasts: Vec<String> = project
        .list("sweep")
        .iter()
        .map(|name| String::from_utf8(project.read(&format!("sweep/{name}"))).expect("UTF-8"))
        .map(|text| text.lines().last().unwrap_or_default().to_owned())
        .collect();
    for value in
        ["10000000000000000000.0", "20000000000000000000.0", "0.0000000000000000000000000001", "1e-40"]
    {
        assert!(lasts.contains(&format!("params.k = {value}")), "{lasts:?}");
    }
}

#[test]
fn outputs_keep_their_formats_and_are_named_after_the_scene() {
    let project = project();
    for (output, named) in [
        ("", ""),
        ("output = 'imgs/a.gif'", ""),
        ("output = 'imgs/a.apng'", "output = 'imgs/a-k_5.apng'\n"),
        ("output = 'imgs/fig-3.gif'", "output = 'imgs/fig-3-k_5.gif'\n"),
        ("output = \"imgs/it's-%03d.png\"", "output = '''imgs/it's-k_5-%03d.png'''\n"),
        (
            "output = ['a.png', { path = \"imgs/a.svg\", animated = true }]",
            "output = ['a-k_5.png', { path = 'imgs/a-k_5.svg', animated = true }]\n",
        ),
        (
            "output = { path = 'imgs/a.png', at = '0.1*k', scale = 2.0 }",
            "output = { path = 'imgs/a-k_5.png', at = '0.1*k', scale = 2.0 }\n",
        ),
    ] {
        project.write("scenes/a.toml", format!("{output}\n{FILM}"));
        sweep(&project, &["--set", "k=5"]).done();
        let text = String::from_utf8(project.read("sweep/a-k_5.toml")).expect("UTF-8");
        let head = "# Made by `kymo sweep` from a.toml.\nextends = '../scenes/a.toml'\n";
        assert_eq!(text, format!("{head}{named}params.k = 5\n"));
        project.kymo(&["render", "sweep/a-k_5.toml"]).done();
    }
}

#[test]
fn the_path_to_the_base_scene_is_right_from_any_folder() {
    let project = project();
    project.folder("deep/it's a/b");
    project.write("deep/it's a/_base.toml", FILM);
    for (scene, into) in [
        ("scenes/a.toml", "deep/it's a/b"),
        ("deep/it's a/_base.toml", "sweep"),
        ("deep/it's a/_base.toml", "deep/it's a"),
        ("scenes/../scenes/a.toml", "."),
    ] {
        project.kymo(&["sweep", scene, "--set", "k=5", "--into", into]).done();
        let name = if scene.ends_with("a.toml") { "a-k_5" } else { "base-k_5" };
        project.kymo(&["render", &format!("{into}/{name}.toml"), "-o", "one.gif"]).done();
        project.kymo(&["render", scene, "--set", "k=5", "-o", "two.gif"]).done();
        assert_eq!(project.read("one.gif"), project.read("two.gif"), "{scene} {into}");
    }
    // The new scenes have no leading `_`, so their folder renders.
    project.kymo(&["render", "deep/it's a"]).done();
}

#[test]
fn every_swept_scene_has_the_variants() {
    let project = project();
    let variants = "[[variant]]\nname = \"near\"\n[[variant]]\nname = \"far\"\nsystems.spring.x0 = 3\n";
    project.write("scenes/a.toml", format!("output = 'imgs/all.gif'\n{FILM}{variants}"));
    sweep(&project, &["--set", "k=5,6"]).done();
    project.kymo(&["render", "sweep"]).done();
    assert_eq!(project.list("imgs"), ["a-k_5-far.gif", "a-k_5-near.gif", "a-k_6-far.gif", "a-k_6-near.gif"]);
    project.kymo(&["render", "scenes/a.toml", "--set", "k=5", "--variant", "far", "-o", "far.gif"]).done();
    assert_eq!(project.read("far.gif"), project.read("imgs/a-k_5-far.gif"));
    assert_ne!(project.read("far.gif"), project.read("imgs/a-k_6-far.gif"));
}

#[test]
fn unchanged_and_unrelated_files_are_not_touched() {
    let project = project();
    project.write("sweep/notes.txt", "mine");
    project.write("sweep/a-k_7.toml", "# Made by `kymo sweep` once upon a time.\n");
    sweep(&project, &["--set", "k=5,6"]).done();
    let path = |name: &str| project.path().join("sweep").join(name);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for name in ["a-k_5.toml", "a-k_6.toml", "a-k_7.toml"] {
        fs::File::options().write(true).open(path(name)).and_then(|it| it.set_modified(old)).expect("a time");
    }
    let run = sweep(&project, &["--set", "k=5:7:1"]).done();
    assert_eq!(run.err, "3 scenes in sweep/, 2 unchanged\n");
    assert_eq!(project.list("sweep"), ["a-k_5.toml", "a-k_6.toml", "a-k_7.toml", "notes.txt"]);
    let time = |name: &str| fs::metadata(path(name)).and_then(|it| it.modified()).expect("a time");
    assert_eq!(["a-k_5.toml", "a-k_6.toml"].map(time), [old, old]);
    assert_ne!(time("a-k_7.toml"), old);
    assert_eq!(project.read("sweep/notes.txt"), b"mine");
}

#[test]
fn files_that_no_sweep_wrote_are_not_replaced() {
    let project = project();
    project.write("sweep/a-k_6.toml", "extends = '../scenes/a.toml'\n");
    let run = sweep(&project, &["--set", "k=5,6,7"]).wrong();
    assert!(run.err.contains("a-k_6.toml was not written by a sweep"), "{}", run.err);
    assert_eq!(project.list("sweep"), ["a-k_6.toml"]);
}

#[test]
fn after_one_mistake_nothing_is_written() {
    let project = project();
    project.write("long.csv", format!("k,alt\n1,{}\n", "a".repeat(250)));
    project.write("rows.csv", "k,canvas.scale\n1,1\n2,0\n");
    project.write("keys.csv", "k,canvas.scael\n1,1\n");
    project.write("twice.csv", "k\n1\n\n1.0\n");
    project.write("lines.csv", "alt\n\"a\nb\"\n");
    project.write("latin1.csv", b"k,alt\n1,\xb5\n");
    project.write("short.csv", "k\n1\n2,3\n");
    project.write("same.csv", "k,params.k\n1,2\n");
    project.write("unnamed.csv", "k,\n1,2\n");
    project.write("quote.csv", "k\n1\n\"2\n");
    project.write("many.csv", format!("k\n{}", "1\n".repeat(100_001)));
    let twice = ["`params.k` is swept twice", "--> --set:1:1", "help: keep one"];
    for (words, parts) in [
        (&["--set", "q=1"][..], &["no param `q`", "--> --set:1:1", "help: known here: `k`"][..]),
        (&["--set", "k=10:0:-5"], &["stiffness", "it is 0", "note: met in the scene a-k_00.toml", "help: "]),
        (&["--set", "canvas.scale=1,2,x"], &["--> --set:1:14", "met in the scene a-canvas.scale_x.toml"]),
        (&["--set", "k=1", "--set", "params.k=2"], &twice),
        (
            &["--set", "canvas.size=[1,2]", "--set", "canvas.size.x=2"],
            &["set the same value", "help: keep one"],
        ),
        (&["--set", "k=1,1.0"], &["two scenes would be called a-k_1.toml", "--> --set:1:5", "help: "]),
        (&["--set", "k=3*pi,3/pi"], &["two scenes would be called a-k_3-pi.toml", "help: "]),
        (
            &["--set", "k=0:1e9:1e-9"],
            &["this makes 1000000000000000001 scenes", "help: a sweep makes at most 100000"],
        ),
        (&["--set", "output.scale=2"], &["writes the `output` of each scene itself", "help: "]),
        (&["--set", "extends.x=2"], &["writes the `extends` of each scene itself", "help: "]),
        (&["--set", "variant.name=a"], &["changes every variant and makes none"]),
        (&["--csv", "rows.csv"], &["`canvas.scale`", "--> rows.csv:3:3", "met in the scene a-k_2-"]),
        (&["--csv", "keys.csv"], &["unknown key `scael`", "--> keys.csv:1:3", "did you mean `scale`?"]),
        (&["--csv", "twice.csv"], &["a-k_1.toml", "--> twice.csv:4:1", "the other one is line 2"]),
        (&["--csv", "lines.csv"], &["this value cannot be swept", "--> lines.csv:2:1", "on one line"]),
        (
            &["--csv", "long.csv"],
            &["file name has 2", "bytes; the limit is 255", "--> long.csv:2:1", "help: "],
        ),
        (&["--csv", "none.csv"], &["cannot read none.csv", "help: "]),
        (&["--csv", "latin1.csv"], &["cannot read latin1.csv", "UTF-8"]),
        (&["--csv", "short.csv"], &["2 fields, and the header has 1", "--> short.csv:3:1", "help: "]),
        (&["--csv", "same.csv"], &["`params.k` is swept twice", "--> same.csv:1:3", "help: keep one"]),
        (&["--csv", "unnamed.csv"], &["a column has no key", "--> unnamed.csv:1:3", "help: "]),
        (&["--csv", "quote.csv"], &["this quote is not closed", "--> quote.csv:3:1", "help: "]),
        (&["--csv", "many.csv"], &["this makes 100001 scenes", "--> many.csv:1:1", "help: "]),
        (&["--set", "k=0:1:1e-40"], &["`1e-40` is not a decimal number", "--> --set:1:7", "help: "]),
        (&["--set", "k=0:1e300:1e299"], &["`1e300` is not a decimal number", "--> --set:1:5", "help: "]),
        (&["--set", "k=1:1e20:1e-20"], &["numbers with more than 28 digits", "--> --set:1:3", "help: "]),
        (&[], &["--set <KEY=VALUES>|--csv <FILE>"]),
        (&["--set", "k=1", "--csv", "rows.csv"], &["cannot be used with"]),
    ] {
        let run = sweep(&project, words).wrong();
        assert!(parts.iter().all(|part| run.err.contains(part)), "{words:?}\n{}", run.err);
        assert!(project.list("sweep").is_empty() && run.out.is_empty());
    }
}

#[test]
fn scenes_and_folders_that_cannot_be_used_are_refused() {
    let project = project();
    let variants = |more: &str| format!("{FILM}[[variant]]\nname = \"hard\"\n{more}\n");
    for (scene, into, text, message) in [
        ("-", "sweep", FILM.to_owned(), "a sweep cannot read its scene from standard input"),
        ("scenes/a.toml", "none", FILM.to_owned(), "help: make it with mkdir -p none"),
        ("scenes/a.toml", "scenes/a.toml", FILM.to_owned(), "scenes/a.toml is not a folder"),
        ("scenes/b.toml", "sweep", FILM.to_owned(), "there is no file `scenes/b.toml`"),
        (
            "scenes/a.toml",
            "sweep",
            variants("params.k = 40"),
            "the variant `hard` sets `params.k`, which is swept",
        ),
        (
            "scenes/a.toml",
            "sweep",
            variants("output = 'imgs/hard.gif'"),
            "all scenes of the sweep would write the `output` of the variant `hard`",
        ),
    ] {
        project.write("scenes/a.toml", text);
        let run = project.kymo(&["sweep", scene, "--set", "k=5", "--into", into]).wrong();
        assert!(run.err.contains(message), "{}", run.err);
        assert!(project.list("sweep").is_empty());
    }
}
