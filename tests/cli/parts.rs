//! One film in parts: `kymo render --frames A..B --part P` and `kymo join`.

use std::fs;

use crate::project::{FILM, Project};

/// A project with the whole film in each format, and in four parts of each, in folders of their names.
fn with_parts(ending: &str) -> Project {
    let project = Project::with_film();
    project.folder("parts");
    let output = format!("imgs/a.{ending}");
    project.kymo(&["render", "a.toml", "-o", &output]).done();
    for (part, frames) in PARTS {
        project.kymo(&["render", "a.toml", "-o", &output, "--frames", frames, "--part", part]).done();
    }
    project
}

const PARTS: [(&str, &str); 4] =
    [("parts/a", "0..5"), ("parts/b", "5..6"), ("parts/c", "6..11"), ("parts/d", "11..12")];

fn join(words: &[&'static str]) -> Vec<&'static str> {
    [&["join"], words].concat()
}

#[test]
fn joined_parts_are_the_film_byte_by_byte() {
    for ending in ["gif", "apng", "webp"] {
        let project = with_parts(ending);
        let (whole, joined) = (format!("imgs/a.{ending}"), format!("imgs/joined.{ending}"));
        let words = ["join", "parts/d", "parts/b", "parts/a", "parts/c", "-o", &joined];
        let run = project.kymo(&words).done();
        assert!(run.err.starts_with(&format!("{joined}: 12 frames of 4 parts, ")), "{}", run.err);
        assert!(project.read(&joined) == project.read(&whole), "{ending}");
        // What is joined is known for what it is.
        project.kymo(&["join", "parts/a", "parts/b", "parts/c", "parts/d", "-o", &whole]).done();
        let run = project.kymo(&["render", "a.toml", "-o", &whole]).done();
        assert_eq!(run.err, format!("{whole}: fresh\n"));
    }
}

#[test]
fn parts_do_not_depend_on_threads_or_on_who_counted() {
    for ending in ["gif", "apng"] {
        let project = with_parts(ending);
        let output = format!("imgs/a.{ending}");
        let film = ["render", "a.toml", "-o", &output, "--force"];
        for (survey, frames) in [("s1", "7..12"), ("s0", "0..7")] {
            let words = ["--frames", frames, "--survey", survey, "-j", "3"];
            project.kymo(&[&film[..], &words].concat()).done();
        }
        for (part, frames) in PARTS {
            let first = project.read(part);
            let words = ["--frames", frames, "--part", part, "-j", "3"];
            project.kymo(&[&film[..], &words].concat()).done();
            assert!(project.read(part) == first, "three threads");
            project.kymo(&[&film[..], &words, &["--surveys", "s0", "s1"]].concat()).done();
            assert!(project.read(part) == first, "counted apart");
        }
        let run = project.kymo(&[&film[..], &["--frames", "0..7", "--survey", "s0"]].concat()).done();
        assert!(run.err.starts_with("s0: survey of frames 0..7 of "), "{}", run.err);
    }
}

/// What becomes of a colour is known only when all of the film is.
#[test]
fn parts_of_a_reduced_film_are_counted_whatever_its_format() {
    for ending in ["gif", "apng", "webp"] {
        let project = Project::with_film();
        let name = format!("imgs/a.{ending}");
        let film = ["render", "a.toml", "-o", &name, "--quality", "80"];
        project.kymo(&film).done();
        for (survey, frames) in [("s1", "7..12"), ("s0", "0..7")] {
            project.kymo(&[&film[..], &["--frames", frames, "--survey", survey]].concat()).done();
        }
        let part = |part, frames| [&film[..], &["--frames", frames, "--part", part]].concat();
        project.kymo(&part("p0", "0..4")).done();
        project.kymo(&[&part("p1", "4..12")[..], &["--surveys", "s0", "s1"]].concat()).done();
        let joined = format!("imgs/joined.{ending}");
        project.kymo(&["join", "p0", "p1", "-o", &joined]).done();
        assert!(project.read(&joined) == project.read(&name), "{ending}");
        // A survey, too, is of one quality.
        let other = ["render", "a.toml", "-o", &name, "--quality", "70", "--frames", "0..4", "--part", "p2"];
        let run = project.kymo(&[&other[..], &["--surveys", "s0", "s1"]].concat()).wrong();
        assert!(run.err.contains("s0 is a survey of another film"), "{}", run.err);
    }
}

#[test]
fn a_part_that_is_there_is_not_made_again() {
    let project = with_parts("gif");
    let words = ["render", "a.toml", "--frames", "5..6", "--part", "parts/b"];
    let sound = project.read("parts/b");
    let run = project.kymo(&words).done();
    assert_eq!(run.err, "parts/b: fresh\n");
    let run = project.kymo(&[&words[..], &["--force"]].concat()).done();
    assert!(run.err.starts_with("parts/b: frames 5..6 of imgs/a.gif, "), "{}", run.err);
    // Half of one, another stretch, or another scene is made anew, and then the same.
    let other: [&dyn Fn(); 3] = [
        &|| project.write("parts/b", &sound[..sound.len() - 9]),
        &|| project.write("parts/b", project.read("parts/a")),
        &|| drop(project.kymo(&[&words[..], &["--set", "k=11"]].concat()).done()),
    ];
    for change in other {
        change();
        assert!(project.read("parts/b") != sound);
        let run = project.kymo(&words).done();
        assert!(!run.err.contains("fresh"), "{}", run.err);
        assert!(project.read("parts/b") == sound);
    }
}

#[test]
fn what_is_no_film_is_not_joined() {
    let project = with_parts("gif");
    let film = ["render", "a.toml"];
    let make = |words: &[&str]| drop(project.kymo(&[&film[..], words].concat()).done());
    make(&["--frames", "4..6", "--part", "overlap"]);
    make(&["--frames", "5..6", "--part", "other", "--set", "k=11"]);
    make(&["--frames", "5..6", "--part", "apng", "-o", "imgs/a.apng"]);
    make(&["--frames", "5..6", "--survey", "survey"]);
    let sound = project.read("parts/b");
    project.write("cut", &sound[..sound.len() - 1]);
    project.write("begun", &sound[..20]);
    for (name, place, byte) in [("version", 8, 9), ("head", 45, 7), ("frame", sound.len() - 40, 7)] {
        let mut changed = sound.clone();
        changed[place] ^= byte;
        project.write(name, &changed);
    }
    project.write("imgs/out.gif", "what was there");
    let out = ["-o", "imgs/out.gif"];
    for (parts, told) in [
        (
            &["parts/a", "parts/c"][..],
            "error: the frames 5..6, 11..12 are in no part; make it: kymo render SCENE --frames 5..6 --part PATH\n",
        ),
        (
            &["parts/a", "overlap", "parts/c", "parts/d"],
            "error: parts/a and overlap both hold the frames 4..5; pass parts that hold each frame once\n",
        ),
        (&["parts/a", "other", "parts/c", "parts/d"], "other is of another film than parts/a"),
        (&["parts/a", "apng", "parts/c", "parts/d"], "apng is of another film than parts/a"),
        (&["parts/a", "survey", "parts/c", "parts/d"], "survey is a survey"),
        (&["parts/a", "cut", "parts/c", "parts/d"], "cut was cut off or changed"),
        (&["parts/a", "begun", "parts/c", "parts/d"], "begun was cut off or changed"),
        (&["parts/a", "head", "parts/c", "parts/d"], "head was cut off or changed"),
        (&["parts/a", "frame", "parts/c", "parts/d"], "frame was cut off or changed"),
        (&["parts/a", "version", "parts/c", "parts/d"], "in version 8 of its layout"),
        (&["parts/a", "a.toml"], "a.toml is no part of a film"),
        (&["parts/a", "parts/none"], "parts/none cannot be read"),
    ] {
        let run = project.kymo(&[&["join"], parts, &out].concat()).wrong();
        assert!(run.err.contains(told), "{parts:?}: {}", run.err);
        assert_eq!(project.read("imgs/out.gif"), b"what was there", "{parts:?}");
        assert_eq!(project.list("imgs"), ["a.gif", "out.gif"]);
    }
    let all = ["parts/a", "parts/b", "parts/c", "parts/d"];
    for (output, told) in [
        (
            "imgs/out.apng",
            "error: the parts are of an .gif, and --output is imgs/out.apng; write --output imgs/out.gif\n",
        ),
        ("imgs/out", "write --output imgs/out.gif"),
        ("../out.gif", "outside of the root"),
        ("-", "standard output"),
    ] {
        let run = project.kymo(&[&["join"], &all[..], &["-o", output]].concat()).wrong();
        assert!(run.err.contains(told), "{output}: {}", run.err);
    }
    assert_eq!(project.list("imgs"), ["a.gif", "out.gif"]);
    project.kymo(&join(&["parts/a", "-o", "x.gif", "--help"])).done();
}

#[test]
fn what_cannot_be_a_part_is_told() {
    let project = Project::with_film();
    project.write(
        "two.toml",
        format!("output = ['imgs/t.gif', {{ path = 'imgs/t.webp', scale = 2 }}, 'imgs/t.png']\n{FILM}"),
    );
    project.write("still.toml", format!("output = 'imgs/s.png'\n{FILM}"));
    project.write("fast.toml", FILM.replace("frames = 12", "frames = 12\nfps = 70"));
    for (words, told) in [
        (&["a.toml", "--frames", "0..5"][..], "--part PATH"),
        (&["a.toml", "--surveys", "s"], "--part PATH"),
        (&["a.toml", "--part", "p"], "--frames A..B"),
        (&["a.toml", "--frames", "5..5", "--part", "p"], "no frame lies in 5..5"),
        (&["a.toml", "--frames", "5", "--part", "p"], "0..250"),
        (&["a.toml", "--frames", "5..13", "--part", "p"], "--frames is 5..13, and the film has 12 frames"),
        (&["a.toml", "still.toml", "--frames", "0..5", "--part", "p"], "there are 2 scenes"),
        (&["none.toml", "--frames", "0..5", "--part", "p"], "none.toml"),
        (&["two.toml", "--frames", "0..5", "--part", "p"], "name the one: --output imgs/t.gif"),
        (&["still.toml", "--frames", "0..5", "--part", "p"], "a still has no parts"),
        (&["fast.toml", "--frames", "0..5", "--part", "p"], "70 frames a second are too many"),
        (&["a.toml", "--frames", "0..5", "--part", "p", "-o", "x-%d.png"], "each frame is a file of its own"),
        (&["a.toml", "--frames", "0..5", "--part", "p", "-o", "x.svg"], "a still has no parts"),
        (&["a.toml", "--frames", "0..5", "--part", "p", "-o", "x.mp4"], "a video has no parts"),
        (&["a.toml", "--frames", "0..5", "--part", "p", "-o", "-"], "standard output is none"),
        (&["a.toml", "--frames", "0..5", "--part", "p", "--frame", "3"], "cannot be used with"),
        (&["a.toml", "--frames", "0..5", "--part", "p", "--survey", "s"], "cannot be used with"),
        (&["a.toml", "--frames", "0..5", "--part", "../p"], "outside of the root"),
        (&["a.toml", "--frames", "0..5", "--part", "fast.toml"], "fast.toml is something else than a part"),
        (&["a.toml", "--frames", "0..5", "--survey", "p", "-o", "x.webp"], "an exact WebP needs no survey"),
    ] {
        let run = project.kymo(&[&["render"], words].concat()).wrong();
        assert!(run.err.contains(told), "{words:?}: {}", run.err);
        assert!(!project.path().join("p").exists());
    }
    assert_eq!(project.list("imgs"), [""; 0]);
    // The output that is named has its own scale.
    project.kymo(&["render", "two.toml"]).done();
    for (part, frames) in [("p", "0..6"), ("q", "6..12")] {
        project.kymo(&["render", "two.toml", "-o", "imgs/t.webp", "--frames", frames, "--part", part]).done();
    }
    let whole = project.read("imgs/t.webp");
    fs::remove_file(project.path().join("imgs/t.webp")).expect("the film");
    project.kymo(&join(&["q", "p", "-o", "imgs/t.webp"])).done();
    assert!(project.read("imgs/t.webp") == whole);
}

#[test]
fn surveys_are_of_the_whole_film() {
    let project = Project::with_film();
    let render = |words: &[&str]| project.kymo(&[&["render", "a.toml"], words].concat());
    render(&["--frames", "0..7", "--survey", "s0"]).done();
    render(&["--frames", "7..12", "--survey", "s1"]).done();
    render(&["--frames", "7..12", "--survey", "other", "--set", "k=11"]).done();
    render(&["--frames", "0..5", "--part", "p"]).done();
    let sound = project.read("s1");
    project.write("cut", &sound[..sound.len() - 1]);
    for (surveys, told) in [
        (&["s0"][..], "error: the frames 7..12 are in no survey"),
        (&["s0", "s1", "s1"], "s1 and s1 both hold the frames 7..12"),
        (&["s0", "other"], "other is a survey of another film"),
        (&["s0", "p"], "p is a part, and no survey"),
        (&["s0", "cut"], "cut was cut off or changed"),
        (&["s0", "a.toml"], "a.toml is no part"),
    ] {
        let run = render(&[&["--frames", "5..12", "--part", "q", "--surveys"], surveys].concat()).wrong();
        assert!(run.err.contains(told), "{surveys:?}: {}", run.err);
        assert!(!project.path().join("q").exists());
    }
}
