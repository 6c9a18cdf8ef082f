//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use kymograph::quality::Quality;

use super::shard::Shard;

/// Renders scenes of oscillating things as crisp animated GIF, APNG, WebP, SVG and PNG.
///
/// A scene is a TOML file that says what moves and how it is shown.
/// Exit codes: 0 done, 1 pictures are not as they should be, 2 the input or the environment is wrong.
#[derive(Debug, Parser)]
#[command(name = "kymo", version, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Color in messages; the variable `NO_COLOR` turns `auto` into `never`
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(super) color: ColorChoice,
}

/// When messages are colored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Render scenes into the pictures that they name
    Render(Box<Render>),
    /// Print the numbers behind a scene, one row a frame
    Data(Data),
    /// Compare pictures with what their scenes render to
    Check(Check),
    /// Accept what scenes render to now, where it differs
    Bless(Bless),
    /// List which pictures are fresh, stale, missing or orphaned, without rendering any
    Status(Status),
    /// Print a scene's canvas, frames and axes, to map data to pixels
    Inspect(Inspect),
    /// Make the scenes of a grid of values, or of a table of them
    Sweep(Sweep),
    /// Merge the reports of shards, as `check --report` wrote them, into one
    MergeReports(MergeReports),
}

#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Render {
    /// Scenes, with all their variants, and folders of scenes; `-` reads a scene from standard
    /// input. Files whose name starts with `_` are bases, which a folder leaves out
    #[arg(value_name = "SCENE|DIR", default_value = "scenes")]
    pub(super) scenes: Vec<PathBuf>,
    /// Write this picture instead of the scene's own outputs; `-` writes it to standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Write a still of frame N, counted from 0
    #[arg(long, value_name = "N", conflicts_with = "at")]
    pub(super) frame: Option<usize>,
    /// Write a still of the frame whose film variable (t, as a rule) is nearest to V
    #[arg(long, value_name = "V", allow_negative_numbers = true)]
    pub(super) at: Option<f64>,
    /// Let the .svg that --output names play
    #[arg(long, requires = "output")]
    pub(super) animated: bool,
    /// Let no channel of a pixel of the film that --output names depart by more than 100 − Q of its 255 steps; less
    /// than 100 makes smaller files. A GIF chooses 255 of the colors that are left, as it does at 100
    #[arg(long, value_name = "Q", requires = "output", value_parser = quality)]
    pub(super) quality: Option<Quality>,
    #[command(flatten)]
    pub(super) overrides: Overrides,
    /// Threads, shared out among the scenes and variants; as many as there are cores if left out
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// The project's folder: outputs are relative to it and stay below it; bases lie below it, or below the scene's own
    /// folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// Let outputs and bases lie outside of the root
    #[arg(long)]
    pub(super) allow_outside: bool,
    /// Render also pictures that are made from what they would be made from now
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) sharding: ShardOption,
    /// Write into FILE, in the language of make, which files the pictures depend on
    #[arg(long, value_name = "FILE")]
    pub(super) deps: Option<PathBuf>,
    /// Tell after each picture where its time went
    #[arg(long)]
    pub(super) timings: bool,
}

/// A quality as the command line says it.
fn quality(text: &str) -> Result<Quality, &'static str> {
    text.parse().ok().and_then(Quality::new).ok_or("it is a whole number from 0 to 100")
}

/// Which of the scenes.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(super) struct ShardOption {
    /// Take the K-th of N shares of the scenes, K from 1; a scene's share depends on its name alone
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
}

/// What the command line chooses and changes in a scene.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct Overrides {
    /// Take this variant of a scene that has several
    #[arg(long, value_name = "NAME")]
    pub(super) variant: Option<String>,
    /// Set a param (k=20) or any key (canvas.font-size=14); may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Device pixels per CSS pixel
    #[arg(long, value_name = "S")]
    pub(super) scale: Option<f64>,
}

/// PicturePaths pictures are, for commands that look at them.
#[derive(Debug, ClapArgs)]
pub(super) struct PicturePaths {
    /// Compare with the pictures of this folder instead of the scenes' own outputs: with `DIR/imgs/a.gif`, or
    /// where DIR has no folder `imgs`, `DIR/a.gif`
    #[arg(long, value_name = "DIR", conflicts_with_all = ["root", "allow_outside"])]
    pub(super) goldens: Option<PathBuf>,
    /// The project's folder: outputs are relative to it and stay below it; bases lie below it, or below the scene's own
    /// folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// Let outputs and bases lie outside of the root
    #[arg(long)]
    pub(super) allow_outside: bool,
}

/// PicturePaths the bases of scenes may lie, for commands that make no picture.
#[derive(Debug, ClapArgs)]
pub(super) struct BaseRoot {
    /// The project's folder: the bases of scenes lie below it, or below the scene's own folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// Let bases lie outside of the root
    #[arg(long)]
    pub(super) allow_outside: bool,
}

/// What is compared is what pictures show: sizes, frames, delays, plays, and each frame's pixels, within the
/// tolerance of the scene's table `[check]`. Nothing is written but the report.
/// Exit codes: 0 all pictures are the same, 1 some changed, are missing or orphaned, 2 some could not be checked.
#[derive(Debug, ClapArgs)]
pub(super) struct Check {
    /// Scenes, with all their variants, and folders of scenes
    #[arg(value_name = "SCENE|DIR", default_value = "scenes")]
    pub(super) scenes: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) paths: PicturePaths,
    /// Compare the bytes of the files
    #[arg(long)]
    pub(super) exact: bool,
    #[command(flatten)]
    pub(super) report_options: ReportOptions,
    #[command(flatten)]
    pub(super) sharding: ShardOption,
    /// Threads, shared out among the scenes and variants; as many as there are cores if left out
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}

/// Renders scenes again and replaces pictures that differ by more than the scene's table `[check]` allows, or
/// are missing.
#[derive(Debug, ClapArgs)]
pub(super) struct Bless {
    /// Only pictures that have one of these words in their path or their scene's
    #[arg(value_name = "FILTER")]
    pub(super) filters: Vec<String>,
    /// Scenes and folders of scenes
    #[arg(long, value_name = "SCENE|DIR", default_value = "scenes")]
    pub(super) scenes: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) paths: PicturePaths,
    /// Tell what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Remove pictures of the scenes' folders that kymo made and no scene makes any more
    #[arg(long)]
    pub(super) prune: bool,
    /// Threads, shared out among the scenes and variants; as many as there are cores if left out
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}

/// A picture is fresh if it is made from what it would be made from now. Orphaned are pictures in the scenes'
/// folders that kymo made and no scene makes any more; they are looked for where a folder of scenes is named.
/// Exit codes: 0 all are fresh, 1 some are not, 2 the input or the environment is wrong.
#[derive(Debug, ClapArgs)]
pub(super) struct Status {
    /// Scenes, with all their variants, and folders of scenes
    #[arg(value_name = "SCENE|DIR", default_value = "scenes")]
    pub(super) scenes: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) paths: PicturePaths,
    #[command(flatten)]
    pub(super) sharding: ShardOption,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Data {
    /// A scene; `-` reads it from standard input
    pub(super) scene: PathBuf,
    /// How the table is written
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    pub(super) format: TableFormat,
    #[command(flatten)]
    pub(super) overrides: Overrides,
    #[command(flatten)]
    pub(super) bases: BaseRoot,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// A header and a line a frame
    Csv,
    /// A list of objects
    Json,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Inspect {
    /// A scene; `-` reads it from standard input
    pub(super) scene: PathBuf,
    /// As JSON, lengths in device pixels
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) overrides: Overrides,
    #[command(flatten)]
    pub(super) bases: BaseRoot,
}

#[derive(Debug, ClapArgs)]
#[command(group(ArgGroup::new("values").required(true).args(["set", "csv"])))]
pub(super) struct Sweep {
    /// The scene that each of the new ones extends
    pub(super) scene: PathBuf,
    /// Values of a param (zeta=0:2:0.01, from, to, step; k=5,20) or of any key (canvas.theme=light,dark);
    /// given several times, all combinations are made
    #[arg(long = "set", value_name = "KEY=VALUES")]
    pub(super) set: Vec<String>,
    /// A table with a header of such keys and a row a scene; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(super) csv: Option<PathBuf>,
    /// The folder for the new scenes, which are called after their values; those that are there
    /// and would not change are left alone
    #[arg(long, value_name = "DIR")]
    pub(super) into: PathBuf,
    #[command(flatten)]
    pub(super) bases: BaseRoot,
}

#[derive(Debug, ClapArgs)]
pub(super) struct MergeReports {
    /// Folders that --report made, or the pages in them
    #[arg(value_name = "REPORT", required = true)]
    pub(super) reports: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) report_options: ReportOptions,
}

/// How it is told what a comparison found.
#[derive(Debug, ClapArgs)]
pub(super) struct ReportOptions {
    /// Write a page that shows expected, actual and difference, index.html, into this folder, which is
    /// made if it is missing
    #[arg(long, value_name = "DIR")]
    pub(super) report: Option<PathBuf>,
    /// How standard output tells what was found
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(super) format: ReportFormat,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// What is not as expected, with the reasons, and counts
    Human,
    /// An object with a list of pictures
    Json,
    // Without the ticks that a comment would want.
    #[value(help = "JUnit XML, a test a picture")]
    Junit,
    /// Workflow commands of GitHub Actions, which annotate lines
    Github,
}
