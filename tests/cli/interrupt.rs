//! Ctrl-C ends the program at any time, and leaves nothing behind.

use std::fs;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::project::{FILM, Project};

/// No test waits longer.
const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(10);

/// Whether a process catches the signal of Ctrl-C, as Linux tells it. A test that is itself started with interrupts
/// ignored starts programs that ignore them, too.
fn catches_interrupts(process: &Child) -> bool {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or_default();
    u64::from_str_radix(caught.trim(), 16).is_ok_and(|signals| signals & 0b10 != 0)
}

/// Asks `done` until it has an answer.
fn wait_for<T>(mut done: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(answer) = done() {
            return Some(answer);
        }
        sleep(POLL);
    }
    None
}

/// Starts the program, interrupts it after a while, and returns its status. `None` if interrupts are ignored here.
fn interrupted(project: &Project, words: &[&str], after: Duration) -> Option<ExitStatus> {
    let mut command = project.command(words);
    let mut process = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    let catches = wait_for(|| match process.try_wait().expect("a process") {
        Some(ended) => panic!("it ended by itself: {ended}"),
        None => catches_interrupts(&process).then_some(()),
    });
    sleep(after);
    let signaled =
        Command::new("kill").args(["-INT", &process.id().to_string()]).status().expect("kill runs");
    assert!(signaled.success());
    let ended = catches.and_then(|()| wait_for(|| process.try_wait().expect("a process")));
    if ended.is_none() {
        process.kill().expect("it still runs");
        process.wait().expect("it ends");
        assert!(catches.is_none(), "the interrupt was not heeded");
    }
    ended
}

#[test]
fn an_interrupt_ends_the_program_and_leaves_no_file() {
    let project = Project::new();
    let endless = "limits = { work = 1_000_000_000 }\n";
    project.write("film.toml", FILM.replace("frames = 12", "frames = 1_000_000"));
    project
        .write("load.toml", format!("{endless}{}", FILM.replace("k = 10", "k = 'sum(sin(i), i, 1, 1e9)'")));
    let layout = FILM.replace("\"spring.x\"", "\"sum(sin(i*t), i, 1, 1e8)\"");
    project.write("layout.toml", format!("{endless}{layout}"));
    for (words, after) in [
        (["render", "film.toml"].as_slice(), 400),
        (&["render", "film.toml", "-o", "imgs/new/a.gif"], 400),
        (&["render", "film.toml", "-o", "imgs/%04d.png"], 400),
        (&["check", "film.toml"], 0),
        (&["status", "load.toml"], 200),
        (&["inspect", "layout.toml"], 200),
    ] {
        let Some(ended) = interrupted(&project, words, Duration::from_millis(after)) else { return };
        assert_eq!(ended.code(), Some(130), "{words:?}");
        assert!(project.list("imgs").is_empty(), "{words:?}: {:?}", project.list("imgs"));
        assert_eq!(project.list("."), ["film.toml", "imgs", "layout.toml", "load.toml"], "{words:?}");
    }
}
