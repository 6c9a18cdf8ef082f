//! Reading files: bases lie below the root or below the folder of the scene, files are regular, and each has a limit of
//! size.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::project::{FILM, Project, Run};

/// Longer than any of these runs; a run that waits for a pipe would never end.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs a command to its end. Panics if it does not end by itself.
fn ends(mut command: Command) -> Run {
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the program runs");
    let begun = Instant::now();
    while child.try_wait().expect("a child").is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().expect("a kill");
            panic!("no end after a minute: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Run::of(child.wait_with_output().expect("an end"))
}

/// Runs the program with a limit of memory, which reading an endless file would exceed.
fn kymo(project: &Project, words: &[&str]) -> Run {
    shell(project, &format!("ulimit -v 4000000; exec \"$KYMO\" {}", words.join(" ")))
}

fn shell(project: &Project, line: &str) -> Run {
    let mut command = Command::new("bash");
    command.args(["-c", line]).current_dir(project.path()).env("KYMO", env!("CARGO_BIN_EXE_kymo"));
    ends(command)
}

fn pipe(project: &Project, name: &str) {
    let made = Command::new("mkfifo").arg(project.path().join(name)).status().expect("mkfifo runs");
    assert!(made.success());
}

/// A project with a scene that extends this file.
fn extending(base: &str) -> Project {
    let project = Project::new();
    project.write("a.toml", format!("extends = '{base}'\n"));
    project
}

#[test]
fn a_base_outside_the_root_is_refused_and_its_content_not_shown() {
    let secret = tempfile::tempdir().expect("a folder");
    let path = secret.path().join("secret.toml");
    fs::write(&path, "password = opensesame\n").expect("a file");
    let path = path.to_string_lossy();
    for base in [&*path, "/etc/passwd", "/proc/self/environ", "/dev/zero", "link.toml", "folder/secret.toml"]
    {
        let project = extending(base);
        symlink(&*path, project.path().join("link.toml")).expect("a link");
        symlink(secret.path(), project.path().join("folder")).expect("a link");
        for words in [
            &["render", "a.toml"][..],
            &["check", "a.toml"],
            &["status", "a.toml"],
            &["bless", "--scenes", "a.toml"],
            &["data", "a.toml"],
            &["inspect", "a.toml"],
            &["sweep", "a.toml", "--set", "k=1", "--into", "imgs"],
        ] {
            let run = kymo(&project, words).wrong();
            for part in [
                &format!("error: cannot read `{base}`: it lies neither below the root"),
                "--> a.toml:1:11",
                "help: move the file below one of them, or pass --root",
            ] {
                assert!(run.err.contains(part), "{base} lacks {part}: {}", run.err);
            }
            for shown in ["opensesame", "root:", "PATH="] {
                assert!(!format!("{}{}", run.err, run.text()).contains(shown), "{base}: {}", run.err);
            }
        }
    }
}

#[test]
fn a_sweep_is_refused_where_its_scenes_could_not_extend_the_base() {
    let project = Project::with_film();
    project.folder("work/sweep");
    let sweep = |more: &[&str]| {
        let words = ["sweep", "../a.toml", "--set", "k=1", "--into", "sweep"];
        let mut command = project.command(&[&words[..], more].concat());
        command.current_dir(project.path().join("work"));
        ends(command)
    };
    let run = sweep(&[]).wrong();
    assert!(
        run.err.contains("scenes in sweep cannot extend ../a.toml: it lies neither below"),
        "{}",
        run.err
    );
    assert!(run.err.contains("pass --root") && project.list("work/sweep").is_empty());
    sweep(&["--root", ".."]).done();
    project.kymo(&["render", "work/sweep"]).done();
}

#[test]
fn a_base_is_a_regular_file_of_at_most_one_mebibyte() {
    let project = extending("_base.toml");
    pipe(&project, "_base.toml");
    let run = kymo(&project, &["render", "a.toml"]).wrong();
    assert!(
        run.err.contains("`_base.toml`: it is a named pipe") && run.err.contains("--> a.toml:1:11"),
        "{}",
        run.err
    );
    fs::remove_file(project.path().join("_base.toml")).expect("the pipe");
    project.folder("_base.toml");
    let run = kymo(&project, &["render", "a.toml"]).wrong();
    assert!(run.err.contains("`_base.toml`: it is a folder"), "{}", run.err);
    fs::remove_dir(project.path().join("_base.toml")).expect("the folder");
    let long = |bytes: usize| format!("{FILM}#{}\n", "x".repeat(bytes - FILM.len() - 2));
    project.write("_base.toml", long((1 << 20) + 1));
    let run = kymo(&project, &["render", "a.toml"]).wrong();
    assert!(
        run.err.contains("`_base.toml`: it holds more than 1 MiB") && run.err.contains("help: "),
        "{}",
        run.err
    );
    project.write("_base.toml", long(1 << 20));
    kymo(&project, &["render", "a.toml"]).done();
}

#[test]
fn bases_lie_below_the_root_or_below_the_folder_of_the_named_scene() {
    let project = Project::new();
    for folder in ["work/imgs", "lib/scenes/parts", "out"] {
        project.folder(folder);
    }
    for base in ["lib/_base.toml", "lib/scenes/_base.toml", "lib/scenes/parts/_base.toml"] {
        project.write(base, FILM);
    }
    let run = |base: &str, words: &[&str]| {
        project.write("lib/scenes/a.toml", format!("extends = '{base}'\n"));
        let mut command = project.command(words);
        command.current_dir(project.path().join("work"));
        ends(command)
    };
    let scene = "../lib/scenes/a.toml";
    // The scene lies outside of the root, but its folder is allowed, with all folders in it.
    for base in ["_base.toml", "parts/_base.toml", "parts/../_base.toml"] {
        run(base, &["render", scene, "--force"]).done();
        run(base, &["render", "../lib/scenes", "--force"]).done();
    }
    let base = "../_base.toml";
    assert!(run(base, &["render", scene]).wrong().err.contains("it lies neither below the root"));
    for words in [
        &["render", scene, "--root", "../lib"][..],
        &["render", scene, "--allow-outside", "--force"],
        &["status", scene, "--root", "../lib"],
        &["check", scene, "--allow-outside"],
        &["bless", "--scenes", scene, "--root", "../lib"],
        &["data", scene, "--root", "../lib"],
        &["inspect", scene, "--allow-outside"],
        &["sweep", scene, "--set", "k=1", "--into", "imgs", "--root", "../lib"],
    ] {
        run(base, words).done();
    }
    // The folder of a scene from standard input is the current one.
    project.write("work/_base.toml", FILM);
    let mut command = project.command(&["render", "-", "--root", "../out", "-o", "a.gif"]);
    command.current_dir(project.path().join("work")).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"extends = '_base.toml'")
        .expect("room");
    Run::of(child.wait_with_output().expect("an end")).done();
    assert_eq!(project.list("out"), ["a.gif"]);
}

#[test]
fn pipes_and_devices_end_every_command_with_an_error() {
    let project = Project::with_film();
    project.folder("sweep");
    for name in ["p.toml", "p.csv", "p.gif"] {
        pipe(&project, name);
    }
    project.write("pipe.toml", format!("output = 'p.gif'\n{FILM}"));
    project.write("zero.toml", format!("output = 'zero.svg'\n{FILM}"));
    symlink("/dev/zero", project.path().join("zero.svg")).expect("a link");
    for (words, message) in [
        (
            &["render", "p.toml"][..],
            "cannot read `p.toml`: it is a named pipe, and only regular files are read",
        ),
        (&["render", "/dev/zero"], "cannot read `/dev/zero`: it is a device"),
        (&["data", "p.toml"], "it is a named pipe"),
        (&["inspect", "/dev/zero"], "it is a device"),
        (&["check", "p.toml"], "it is a named pipe"),
        (&["sweep", "p.toml", "--set", "k=1", "--into", "sweep"], "it is a named pipe"),
        (&["sweep", "a.toml", "--csv", "p.csv", "--into", "sweep"], "cannot read p.csv: it is a named pipe"),
        (
            &["sweep", "a.toml", "--csv", "/dev/zero", "--into", "sweep"],
            "cannot read /dev/zero: it is a device",
        ),
        (&["merge-reports", "p.toml"], "the report p.toml cannot be read: it is a named pipe"),
        (&["merge-reports", "/dev/zero"], "the report /dev/zero cannot be read: it is a device"),
        (&["check", "pipe.toml"], "p.gif cannot be read: it is a named pipe"),
        (&["bless", "--scenes", "pipe.toml"], "p.gif cannot be read: it is a named pipe"),
        (&["check", "zero.toml"], "zero.svg cannot be read: it is a device"),
    ] {
        let run = kymo(&project, words).wrong();
        assert!(run.err.contains(message), "{words:?}: {}", run.err);
    }
    for scene in ["pipe.toml", "zero.toml"] {
        assert_eq!(kymo(&project, &["status", scene]).code, Some(1), "{scene} is stale");
        kymo(&project, &["render", scene]).done();
    }
    assert!(project.read("p.gif").starts_with(b"GIF89a"), "a picture replaces a file that is none");
}

#[test]
fn a_sweep_does_not_replace_a_pipe() {
    let project = Project::with_film();
    project.folder("sweep");
    pipe(&project, "sweep/a-k_5.toml");
    let run = kymo(&project, &["sweep", "a.toml", "--set", "k=5", "--into", "sweep"]).wrong();
    assert!(run.err.contains("was not written by a sweep"), "{}", run.err);
}

#[test]
fn standard_input_and_process_substitution_are_read_up_to_their_size() {
    let project = Project::with_film();
    project.folder("sweep");
    project.write("runs.csv", "k\n5\n");
    project.kymo(&["render", "a.toml", "-o", "a.gif"]).done();
    for line in [
        "\"$KYMO\" render <(cat a.toml) -o b.gif",
        "cat a.toml | \"$KYMO\" render - -o b.gif",
        "cat a.toml | \"$KYMO\" render /dev/stdin -o b.gif",
        "\"$KYMO\" render /dev/fd/7 -o b.gif 7< <(cat a.toml)",
    ] {
        shell(&project, line).done();
        assert!(project.read("b.gif") == project.read("a.gif"), "{line}");
        fs::remove_file(project.path().join("b.gif")).expect("a picture");
    }
    shell(&project, "\"$KYMO\" sweep a.toml --csv <(cat runs.csv) --into sweep").done();
    assert_eq!(project.list("sweep"), ["a-k_5.toml"]);
    shell(&project, "\"$KYMO\" check a.toml --report report").code.expect("a code");
    let merged = shell(&project, "\"$KYMO\" merge-reports <(cat report/index.html)");
    assert_eq!((merged.code, merged.err.as_str()), (Some(1), ""));
    for line in [
        "yes '#' | \"$KYMO\" render - -o b.gif",
        "\"$KYMO\" render /dev/stdin -o b.gif < /dev/zero",
        "\"$KYMO\" render <(yes '#') -o b.gif",
        "\"$KYMO\" sweep a.toml --csv - --into sweep < /dev/zero",
        "\"$KYMO\" merge-reports <(yes)",
    ] {
        let run = shell(&project, line).wrong();
        assert!(run.err.contains("it holds more than "), "{line}: {}", run.err);
    }
    assert!(!Path::new(&project.path().join("b.gif")).exists());
}
