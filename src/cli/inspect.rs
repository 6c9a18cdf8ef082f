//! `kymo inspect`: canvas, frames, axes and the boxes of texts, so that a tool can map data to pixels
//! and find the texts.

use std::io::{self, Write};

use kymograph::geometry::Bounds;
use kymograph::panel::axis::AxisMapping;
use kymograph::panel::matrix::MatrixValues;
use kymograph::panel::placed_text::PlacedText;
use kymograph::panel::{Figure, FigureOptions};
use kymograph::printable::{self, name};
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::element::Scale;
use kymograph::scene::{Format, Scene};
use kymograph::timing::ticks::{apng_delays, gif_delays};
use serde::Serialize;

use super::args::Inspect;
use super::batch::{READING, threads};
use super::console::Console;
use super::load;

/// Boxes are rounded to 1/100 of a pixel.
const PARTS: f64 = 100.0;

#[derive(Serialize)]
struct Report {
    canvas: Canvas,
    frames: Vec<Frame>,
    panels: Vec<Panel>,
    texts: Vec<Writing>,
}

#[derive(Serialize)]
struct Canvas {
    width: u32,
    height: u32,
    scale: f64,
}

#[derive(Serialize)]
struct Frame {
    index: usize,
    /// The film's variable.
    time: f64,
    /// The delay that the first film among the outputs stores.
    delay_ms: u64,
}

#[derive(Serialize)]
struct Panel {
    name: String,
    kind: &'static str,
    plot: Plot,
    x: Axis,
    y: Axis,
    /// The second vertical axis, if the panel has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    y2: Option<Axis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matrix: Option<Matrix>,
}

/// A list of rows of a matrix panel; `None` for a value that is not finite.
type Rows = Vec<Vec<Option<f64>>>;

/// The values of a matrix panel.
#[derive(Serialize)]
struct Matrix {
    columns: usize,
    rows: usize,
    /// The rows, if they are the same in all frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Rows>,
    /// Otherwise those of each frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    frames: Option<Vec<Rows>>,
}

/// Device pixels.
#[derive(Serialize)]
struct Plot {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// `min` lies at the left or the bottom, `max` at the right or the top.
#[derive(Serialize)]
struct Axis {
    min: f64,
    max: f64,
    scale: &'static str,
}

/// A text with its box: left, top, right and bottom in device pixels.
#[derive(Serialize)]
struct Writing {
    panel: String,
    role: &'static str,
    /// In label syntax.
    text: String,
    /// If it is the same in all frames.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    still: Option<[f64; 4]>,
    /// Otherwise one a frame, none where the text is hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    boxes: Option<Vec<Option<[f64; 4]>>>,
    /// Beside `box`, if not every frame shows the text: first and last frame of each run that does.
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<Vec<[usize; 2]>>,
}

/// Prints the report and returns whether that succeeded.
pub(super) fn run(args: &Inspect, console: &Console) -> bool {
    let bases = match load::bases(&args.bases) {
        Ok(bases) => bases,
        Err(error) => {
            console.error(&error);
            return false;
        }
    };
    console.begin_stage(&args.scene.to_string_lossy(), READING);
    let mut scene =
        match load::scene(&args.scene, &args.overrides, &bases, "`kymo inspect` looks at one scene") {
            Ok(scene) => scene,
            Err(error) => {
                console.scene_errors(error);
                return false;
            }
        };
    console.begin_stage(&scene.stem, "lay out");
    let report = match report(&scene) {
        Ok(report) => report,
        Err(diagnostic) => {
            console.scene_error(diagnostic, std::mem::take(&mut scene.sources));
            return false;
        }
    };
    console.finish_progress();
    let mut out = io::stdout().lock();
    console.check_stdout(if args.json { json(&report, &mut out) } else { text(&report, &mut out) })
}

fn report(scene: &Scene) -> Result<Report, Diagnostic> {
    let options = FigureOptions { scale: scene.canvas.scale, is_draft: false, threads: threads(None) };
    let figure = Figure::with_options(scene, options)?;
    let (width, height) = figure.size();
    let film = scene.outputs.iter().map(|output| output.format).find(|format| !format.is_still());
    let timing = scene.timeline.timing();
    let untils = (0..scene.timeline.frames).map(|index| timing.frame_end(index));
    let delays: Vec<u64> = if film == Some(Format::Gif) {
        gif_delays(untils).into_iter().map(|hundredths| hundredths * 10).collect()
    } else {
        apng_delays(untils)
    };
    let frame = |(index, delay_ms)| Frame { index, time: scene.timeline.present(index), delay_ms };
    let matrices = figure.matrices().map(|values| values.map(|values| matrix(scene, &values)).transpose());
    let matrices = matrices.collect::<Result<Vec<_>, _>>()?;
    let axes = figure.viewports().zip(figure.second_axes());
    let panels = axes.zip(matrices).map(|(((panel, viewport), second), matrix)| Panel {
        name: panel.name.clone(),
        kind: panel.kind.panel_type().name,
        plot: Plot {
            left: f64::from(viewport.rect.left),
            top: f64::from(viewport.rect.top),
            width: f64::from(viewport.rect.width()),
            height: f64::from(viewport.rect.height()),
        },
        x: axis(&viewport.x),
        y: axis(&viewport.y),
        y2: second.map(axis),
        matrix,
    });
    Ok(Report {
        canvas: Canvas { width, height, scale: scene.canvas.scale },
        frames: delays.into_iter().enumerate().map(frame).collect(),
        panels: panels.collect(),
        texts: figure.texts().iter().map(|written| text_box(written, scene.timeline.frames)).collect(),
    })
}

fn text_box(written: &PlacedText<'_>, frames: usize) -> Writing {
    let sides = |bounds: Bounds| {
        let Bounds { left, top, right, bottom } = bounds;
        [left, top, right, bottom].map(|side| (side * PARTS).round() / PARTS)
    };
    let still = written.static_bounds().map(sides);
    let boxes = || (0..frames).map(|index| written.bounds(index).map(sides)).collect();
    Writing {
        panel: written.panel.name.clone(),
        role: written.role.name(),
        text: written.text.clone(),
        still,
        boxes: still.is_none().then(boxes),
        shown: (still.is_some() && !written.is_always_shown()).then(|| shown(written, frames)),
    }
}

/// The runs of frames that show a text.
fn shown(written: &PlacedText<'_>, frames: usize) -> Vec<[usize; 2]> {
    let mut runs: Vec<[usize; 2]> = Vec::new();
    for index in (0..frames).filter(|&index| written.bounds(index).is_some()) {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == index => *last = index,
            _ => runs.push([index, index]),
        }
    }
    runs
}

fn matrix(scene: &Scene, values: &MatrixValues<'_>) -> Result<Matrix, Diagnostic> {
    let [columns, rows] = values.size();
    let in_frame = |frame: usize| {
        let all = values.in_frame(&scene.frame_env(frame)?)?;
        let finite = |row: &[f64]| row.iter().map(|value| value.is_finite().then_some(*value)).collect();
        Ok(all.chunks_exact(columns).map(finite).collect())
    };
    let count = if values.move_in_film() { scene.timeline.frames } else { 1 };
    let mut frames: Vec<Rows> = (0..count).map(in_frame).collect::<Result<_, Diagnostic>>()?;
    let still = if values.move_in_film() { None } else { frames.pop() };
    Ok(Matrix { columns, rows, frames: still.is_none().then_some(frames), values: still })
}

fn axis(mapping: &AxisMapping) -> Axis {
    let [min, max] = mapping.range;
    let scale = match mapping.scale {
        Scale::Linear => "linear",
        Scale::Log => "log",
    };
    Axis { min, max, scale }
}

fn json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", printable::json(&serde_json::to_string_pretty(report)?))
}

fn text(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let Canvas { width, height, scale } = report.canvas;
    writeln!(out, "canvas  {width} × {height} device pixels at scale {scale}")?;
    let playing: u64 = report.frames.iter().map(|frame| frame.delay_ms).sum();
    if let [first, .., last] = report.frames.as_slice() {
        let (count, from, to) = (report.frames.len(), first.time, last.time);
        writeln!(out, "frames  {count}, from {from} to {to}, {} s", playing as f64 / 1e3)?;
    }
    for panel in &report.panels {
        let Plot { left, top, width, height } = panel.plot;
        writeln!(out, "{}  {}, {width} × {height} at ({left}, {top})", name(&panel.name), panel.kind)?;
        let second = panel.y2.as_ref().map(|axis| ("y2", axis));
        let axes = [("x", &panel.x), ("y", &panel.y)].into_iter().chain(second);
        let ranges = axes.map(|(name, axis)| format!("{name} from {} to {}", axis.min, axis.max));
        writeln!(out, "  {}", ranges.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}
