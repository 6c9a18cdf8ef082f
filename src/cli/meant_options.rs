//! Options that `kymo` does not have, and what to pass in their place.
//!
//! Most of what other programs take as an option is a key of the scene, which `--set` overrides for one run.

use std::path::Path;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use kymograph::scene::diagnostic::Diagnostic;

use super::args::Args;

/// The meaning of an option of another program.
enum Meaning {
    /// A key of the scene, with the value to write if none is given.
    Key(&'static str, &'static str),
    /// A key of the scene with this value.
    Value(&'static str, &'static str),
    /// Another option, which takes the same value, or this one if none is given.
    Option(&'static str, &'static str),
    /// The width and the height of the canvas.
    Size,
    /// Dots per inch.
    Dpi,
    /// The ending of an output.
    Format,
    /// Anything else: the whole remedy.
    Remedy(&'static str),
}

use Meaning::{Dpi, Format, Key, Option as Other, Remedy, Size, Value};

/// The options, without dashes.
const OPTIONS: &[(&[&str], Meaning)] = &[
    (&["theme", "style"], Key("canvas.theme", "dark")),
    (&["dark"], Value("canvas.theme", "dark")),
    (&["light"], Value("canvas.theme", "light")),
    (&["background", "bg"], Key("canvas.background", "white")),
    (&["transparent"], Value("canvas.background", "transparent")),
    (&["font-size", "fontsize"], Key("canvas.font-size", "14")),
    (&["size", "figsize", "geometry", "width", "height"], Size),
    (&["scale", "zoom"], Key("canvas.scale", "2")),
    (&["dpi"], Dpi),
    (&["fps", "framerate", "frame-rate", "rate", "r"], Key("animate.fps", "25")),
    (&["frames"], Key("animate.frames", "100")),
    (&["duration", "length"], Key("animate.duration", "4")),
    (&["loop", "repeat"], Key("animate.loop", "true")),
    (&["hold"], Key("animate.hold", "1")),
    (&["span"], Key("animate.span", "[0, 10]")),
    (&["quality"], Remedy("write quality = 90 in [output] of the scene")),
    (&["param", "params", "var", "define", "D"], Other("--set", "k=20")),
    (&["time", "t"], Other("--at", "2.5")),
    (&["threads", "parallel"], Other("--jobs", "4")),
    (&["out", "output-file"], Other("--output", "NAME.gif")),
    (&["output", "o"], Remedy("it prints to standard output: write > FILE behind it")),
    (&["out-dir", "outdir", "output-dir"], Other("--root", "DIR")),
    (&["overwrite"], Other("--force", "")),
    (&["format", "type"], Format),
    (&["gif", "apng", "webp", "png", "svg", "mp4", "webm"], Format),
    (&["json"], Remedy("pass --format json")),
    (&["frame", "at"], Remedy("it takes all frames")),
    (&["dry-run"], Remedy("kymo status lists what rendering would write")),
    (&["draft"], Remedy("a draft is for kymo render alone: it is no picture to compare with")),
    (&["set"], Remedy("it takes scenes as they are: change the scene, or write a [[variant]] of it")),
];

/// The error to print for an option that the command line has and `kymo` does not; `None` for other errors of the command
/// line. `words` is the command line behind the name of the program.
pub(super) fn remedy(error: &clap::Error, words: &[String]) -> Option<Diagnostic> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidArg) else { return None };
    let written = written.split('=').next().unwrap_or(written);
    let name = written.trim_start_matches('-');
    let commands = Args::command();
    let command = words.iter().find(|word| commands.find_subcommand(word).is_some());
    let (_, meaning) = OPTIONS.iter().find(|(names, _)| names.contains(&name))?;
    let help = meaning.help(name, value(written, words), command.map_or("render", String::as_str));
    let called = command.map_or("kymo".to_owned(), |command| format!("kymo {command}"));
    Some(Diagnostic::new(format!("{called} has no option {written}")).help(help))
}

/// The value of an option: behind its `=`, or the next word.
fn value<'w>(option: &str, words: &'w [String]) -> Option<&'w str> {
    let at = words.iter().position(|word| word.split('=').next() == Some(option))?;
    match words[at].split_once('=') {
        Some((_, value)) => Some(value),
        None => {
            words.get(at + 1).map(String::as_str).filter(|next| !next.starts_with('-') && !is_scene(next))
        }
    }
}

/// Whether a word names a scene, not a value.
fn is_scene(word: &str) -> bool {
    Path::new(word).extension().is_some_and(|ending| ending == "toml") || word.ends_with('/')
}

impl Meaning {
    /// The remedy: an option to pass, or a key to write.
    fn help(&self, name: &str, value: Option<&str>, command: &str) -> String {
        match self {
            Key(key, example) => set(key, value.unwrap_or(example), command),
            Value(key, value) => set(key, value, command),
            Other(option, "") => format!("pass {option}"),
            Other(option, example) => format!("pass {option} {}", quoted(value.unwrap_or(example))),
            Size => {
                let sides: Vec<&str> = value.unwrap_or_default().split(['x', ',', '*', '×']).collect();
                let size = match (name, sides.as_slice()) {
                    (_, [width, height]) => format!("[{}, {}]", width.trim(), height.trim()),
                    ("height", [height]) if !height.is_empty() => format!("[640, {height}]"),
                    (_, [width]) if !width.is_empty() => format!("[{width}, 480]"),
                    _ => "[640, 480]".to_owned(),
                };
                set("canvas.size", &size, command)
            }
            Dpi => {
                let scale = value.and_then(|dpi| dpi.parse::<f64>().ok()).map_or(2.0, |dpi| dpi / 96.0);
                let scale = (scale * 1e4).round() / 1e4;
                format!(
                    "{}: device pixels per CSS pixel, of which 96 are an inch",
                    set("canvas.scale", &scale.to_string(), command)
                )
            }
            Format => match (command, value.unwrap_or(name)) {
                ("render", "format" | "type") => "pass -o NAME.gif: the ending says the format".to_owned(),
                ("render", format) => format!("pass -o NAME.{format}: the ending says the format"),
                ("inspect" | "status", _) => "pass --json".to_owned(),
                _ => "write output = 'imgs/NAME.gif' in the scene: the ending says the format".to_owned(),
            },
            Remedy(help) => (*help).to_owned(),
        }
    }
}

/// How a key gets a value for one run of a command, or where the command takes scenes as they are.
fn set(key: &str, value: &str, command: &str) -> String {
    match command {
        "render" | "data" | "inspect" => format!("pass --set {}", quoted(&format!("{key}={value}"))),
        "sweep" => format!("pass --set {} for one scene a value", quoted(&format!("{key}={value}"))),
        _ => {
            let (table, key) = key.split_once('.').unwrap_or(("", key));
            let word =
                value.starts_with(|c: char| c.is_ascii_alphabetic()) && !["true", "false"].contains(&value);
            let value = if word { format!("'{value}'") } else { value.to_owned() };
            format!("write {key} = {value} in [{table}] of the scene")
        }
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-=/%:,+".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn help(line: &str) -> String {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let error = Args::try_parse_from(std::iter::once("kymo".to_owned()).chain(words.clone()));
        let found = remedy(&error.expect_err(line), &words).unwrap_or_else(|| panic!("{line}"));
        format!("{}: {}", found.message, found.help.expect("a remedy"))
    }

    #[test]
    fn options_of_other_programs_say_what_to_pass() {
        for (line, expected) in [
            ("render --theme dark a.toml", "kymo render has no option --theme: pass --set canvas.theme=dark"),
            ("render a.toml --fps=10", "kymo render has no option --fps: pass --set animate.fps=10"),
            ("render a.toml --loop", "kymo render has no option --loop: pass --set animate.loop=true"),
            (
                "inspect --size 640x480 a.toml",
                "kymo inspect has no option --size: pass --set 'canvas.size=[640, 480]'",
            ),
            (
                "data --width 300 a.toml",
                "kymo data has no option --width: pass --set 'canvas.size=[300, 480]'",
            ),
            (
                "render a.toml --format gif",
                "kymo render has no option --format: pass -o NAME.gif: the ending says the format",
            ),
            (
                "render a.toml --png",
                "kymo render has no option --png: pass -o NAME.png: the ending says the format",
            ),
            (
                "status --theme dark",
                "kymo status has no option --theme: write theme = 'dark' in [canvas] of the scene",
            ),
            ("check --scale 2", "kymo check has no option --scale: write scale = 2 in [canvas] of the scene"),
            (
                "data a.toml --output a.csv",
                "kymo data has no option --output: it prints to standard output: write > FILE behind it",
            ),
        ] {
            assert_eq!(help(line), expected);
        }
        assert!(help("render a.toml --dpi 192").contains("--set canvas.scale=2:"));
        assert_eq!(help("--dark scenes"), "kymo has no option --dark: pass --set canvas.theme=dark");
        assert!(help("check --draft").contains("kymo render alone"));
    }

    #[test]
    fn other_errors_are_left_to_clap() {
        let words = ["render".to_owned(), "--frobnicate".to_owned()];
        let error = Args::try_parse_from(["kymo", "render", "--frobnicate"]).expect_err("an error");
        assert!(remedy(&error, &words).is_none());
    }
}
