//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use kymograph::quality::Quality;

use super::shard::Shard;

/// Renders scenes of oscillating things as crisp animated GIF, APNG, WebP, SVG and PNG.
///
/// A scene is a TOML file that says what moves and how it is shown.
/// Exit codes: 0 success, 1 pictures differ from what they should be, 2 an error in the input or the environment.
#[derive(Debug, Parser)]
#[command(name = "kymo", version, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    /// Print errors only
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// When to color messages; the environment variable `NO_COLOR` turns `auto` into `never`
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
    /// Print the values of a scene, one row for each frame
    Data(Data),
    /// Compare pictures with what their scenes render to
    Check(Check),
    /// Replace pictures by what their scenes render to now, where it differs
    Bless(Bless),
    /// List which pictures are fresh, stale, missing or orphaned, without rendering
    Status(Status),
    /// Print a scene's canvas, frames, axes and texts, so that tools can map data to pixels
    Inspect(Inspect),
    /// Write a scene for each combination of values, or for each row of a CSV file
    Sweep(Sweep),
    /// Merge the reports that `check --report` wrote for the shards into one
    MergeReports(MergeReports),
}

#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Render {
    /// Scenes, with all their variants, and folders of scenes; `-` reads a scene from standard
    /// input. Files of a folder whose names start with `_` are bases and are not rendered
    #[arg(value_name = "SCENE|DIR", default_value = "scenes")]
    pub(super) scenes: Vec<PathBuf>,
    /// Write this picture instead of the scene's own outputs; `-` writes it to standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Write a still of frame N, counted from 0
    #[arg(long, value_name = "N", conflicts_with = "at")]
    pub(super) frame: Option<usize>,
    /// Write a still of the frame at which the film's variable (usually t) is nearest to V
    #[arg(long, value_name = "V", allow_negative_numbers = true)]
    pub(super) at: Option<f64>,
    /// Write an animated .svg with --output
    #[arg(long, requires = "output")]
    pub(super) animated: bool,
    /// Color accuracy of the film that --output names: no color channel changes by more than 100 − Q of its 255
    /// steps. Less than 100 makes smaller files. A GIF still reduces the colors to 255
    #[arg(long, value_name = "Q", requires = "output", value_parser = quality)]
    pub(super) quality: Option<Quality>,
    #[command(flatten)]
    pub(super) overrides: Overrides,
    /// Number of threads, divided among the scenes and variants [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// The project's folder: outputs are relative to it and stay below it; bases lie below it, or below the scene's own
    /// folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// Let outputs and bases lie outside of the root
    #[arg(long)]
    pub(super) allow_outside: bool,
    /// Render pictures even if they are fresh
    #[arg(long)]
    pub(super) force: bool,
    /// Draw texts that overlap or leave the canvas, with a red frame around each, and warn about them. Drafts are never
    /// fresh
    #[arg(long)]
    pub(super) draft: bool,
    #[command(flatten)]
    pub(super) sharding: ShardOption,
    /// Write the files that the pictures depend on to FILE, as rules for make
    #[arg(long, value_name = "FILE")]
    pub(super) deps: Option<PathBuf>,
    /// Print how long each step of a picture took
    #[arg(long)]
    pub(super) timings: bool,
}

/// Reads the value of `--quality`.
fn quality(text: &str) -> Result<Quality, &'static str> {
    text.parse().ok().and_then(Quality::new).ok_or("write a whole number from 0 to 100")
}

/// Selects a part of the scenes.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(super) struct ShardOption {
    /// Process only shard K of N, K from 1; a scene's shard depends on its name alone
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
}

/// The variant of a scene, and values that replace its own.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct Overrides {
    /// Use this variant of a scene that has several
    #[arg(long, value_name = "NAME")]
    pub(super) variant: Option<String>,
    /// Set a param (k=20) or any key (canvas.font-size=14); can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Device pixels per CSS pixel
    #[arg(long, value_name = "S")]
    pub(super) scale: Option<f64>,
}

/// The places of pictures, for commands that compare them.
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

/// The folders in which bases may lie, for commands that write no pictures.
#[derive(Debug, ClapArgs)]
pub(super) struct BaseRoot {
    /// The project's folder: the bases of scenes lie below it, or below the scene's own folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// Let bases lie outside of the root
    #[arg(long)]
    pub(super) allow_outside: bool,
}

/// Compares what pictures show: sizes, frames, delays, loop counts, and the pixels of each frame within the
/// tolerance of the scene's table `[check]`. Writes nothing but the report.
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
    /// Number of threads, divided among the scenes and variants [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}

/// Renders scenes again and replaces pictures that differ by more than the scene's table `[check]` allows, or
/// are missing.
#[derive(Debug, ClapArgs)]
pub(super) struct Bless {
    /// Only pictures whose path, or whose scene's path, contains one of these texts
    #[arg(value_name = "FILTER")]
    pub(super) filters: Vec<String>,
    /// Scenes and folders of scenes
    #[arg(long, value_name = "SCENE|DIR", default_value = "scenes")]
    pub(super) scenes: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) paths: PicturePaths,
    /// Print what would be done, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Remove orphans: pictures made by kymo that no scene makes any more
    #[arg(long)]
    pub(super) prune: bool,
    /// Number of threads, divided among the scenes and variants [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}

/// A picture is fresh if rendering it again would give the same picture. It is orphaned if kymo made it and no scene
/// makes it any more; orphans are searched in the folders of the pictures if a folder of scenes is named.
/// Exit codes: 0 all are fresh, 1 some are not, 2 an error in the input or the environment.
#[derive(Debug, ClapArgs)]
pub(super) struct Status {
    /// Scenes, with all their variants, and folders of scenes
    #[arg(value_name = "SCENE|DIR", default_value = "scenes")]
    pub(super) scenes: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) paths: PicturePaths,
    #[command(flatten)]
    pub(super) sharding: ShardOption,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Data {
    /// A scene; `-` reads it from standard input
    pub(super) scene: PathBuf,
    /// The format of the output
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    pub(super) format: TableFormat,
    #[command(flatten)]
    pub(super) overrides: Overrides,
    #[command(flatten)]
    pub(super) bases: BaseRoot,
}

/// The format of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// A header, and a line for each frame
    Csv,
    /// A list of objects, one for each frame
    Json,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Inspect {
    /// A scene; `-` reads it from standard input
    pub(super) scene: PathBuf,
    /// Print JSON, with lengths in device pixels
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
    /// The scene that all new scenes extend
    pub(super) scene: PathBuf,
    /// Values of a param (zeta=0:2:0.01 for first, last, step; k=5,20 for a list) or of any key
    /// (canvas.theme=light,dark); several options give all combinations
    #[arg(long = "set", value_name = "KEY=VALUES")]
    pub(super) set: Vec<String>,
    /// A CSV file with a header of such keys and a row for each scene; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(super) csv: Option<PathBuf>,
    /// The folder of the new scenes, which are named after their values; files that would not
    /// change are not touched
    #[arg(long, value_name = "DIR")]
    pub(super) into: PathBuf,
    #[command(flatten)]
    pub(super) bases: BaseRoot,
}

#[derive(Debug, ClapArgs)]
pub(super) struct MergeReports {
    /// Folders that --report wrote, or the pages in them
    #[arg(value_name = "REPORT", required = true)]
    pub(super) reports: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) report_options: ReportOptions,
}

/// How to report the result of a comparison.
#[derive(Debug, ClapArgs)]
pub(super) struct ReportOptions {
    /// Write an HTML page with the expected and actual pictures and their differences, index.html,
    /// to this folder, which is created if it is missing
    #[arg(long, value_name = "DIR")]
    pub(super) report: Option<PathBuf>,
    /// The format of the report on standard output
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(super) format: ReportFormat,
}

/// The format of a printed report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Pictures that are not as expected, with the reasons, and counts
    Human,
    /// An object with a list of pictures
    Json,
    // Written as an attribute: a doc comment would need backticks around JUnit, and they would be shown.
    #[value(help = "JUnit XML with a test for each picture")]
    Junit,
    /// Workflow commands of GitHub Actions, which annotate lines of scenes
    Github,
}
