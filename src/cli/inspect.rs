//! `kymo inspect`: canvas, frames and axes, so that a tool can map data to pixels.

use std::io::{self, Write};

use kymograph::encode::time::{apng_delays, gif_delays};
use kymograph::panel::Figure;
use kymograph::panel::axis::Mapping;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::element::PanelKind;
use kymograph::scene::{Format, Scene};
use serde::Serialize;

use super::args::Inspect;
use super::console::Console;
use super::load;

#[derive(Serialize)]
struct Report {
    canvas: Canvas,
    frames: Vec<Frame>,
    panels: Vec<Panel>,
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
    /// As the first film among the outputs stores it.
    delay_ms: u64,
}

#[derive(Serialize)]
struct Panel {
    name: String,
    kind: &'static str,
    plot: Plot,
    x: Axis,
    y: Axis,
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

/// Prints the report; whether it was done.
pub(super) fn run(args: &Inspect, console: &Console) -> bool {
    let mut scene = match load::scene(&args.scene, &args.overrides) {
        Ok(scene) => scene,
        Err((diagnostic, sources)) => {
            console.scene_error(diagnostic, sources);
            return false;
        }
    };
    let report = match report(&scene) {
        Ok(report) => report,
        Err(diagnostic) => {
            console.scene_error(diagnostic, std::mem::take(&mut scene.sources));
            return false;
        }
    };
    let mut out = io::stdout().lock();
    let printed = if args.json { json(&report, &mut out) } else { text(&report, &mut out) };
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            console.error(&format!("standard output: {error}"));
            false
        }
        _ => true,
    }
}

fn report(scene: &Scene) -> Result<Report, Diagnostic> {
    let figure = Figure::new(scene, scene.canvas.scale)?;
    let (width, height) = figure.size();
    let film = scene.outputs.iter().map(|output| output.format).find(|format| !format.is_still());
    let timing = scene.clock.timing();
    let untils = (0..scene.clock.frames).map(|index| timing.until(index));
    let delays: Vec<u64> = match film {
        Some(Format::Gif) => gif_delays(untils).into_iter().map(|hundredths| hundredths * 10).collect(),
        Some(Format::Apng | Format::Png | Format::PngSequence | Format::Svg | Format::SvgFilm) | None => {
            apng_delays(untils)
        }
    };
    let frame = |(index, delay_ms)| Frame { index, time: scene.clock.present(index), delay_ms };
    let panels = figure.plates().map(|(panel, plate)| Panel {
        name: panel.name.clone(),
        kind: match panel.kind {
            PanelKind::Plot => "plot",
            PanelKind::Plane => "plane",
            PanelKind::Spring(_) => "spring",
        },
        plot: Plot {
            left: f64::from(plate.rect.left),
            top: f64::from(plate.rect.top),
            width: f64::from(plate.rect.width()),
            height: f64::from(plate.rect.height()),
        },
        x: axis(&plate.x),
        y: axis(&plate.y),
    });
    Ok(Report {
        canvas: Canvas { width, height, scale: scene.canvas.scale },
        frames: delays.into_iter().enumerate().map(frame).collect(),
        panels: panels.collect(),
    })
}

fn axis(mapping: &Mapping) -> Axis {
    let [min, max] = mapping.range;
    Axis { min, max, scale: "linear" }
}

fn json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
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
        writeln!(out, "{}  {}, {width} × {height} at ({left}, {top})", panel.name, panel.kind)?;
        writeln!(
            out,
            "  x from {} to {}, y from {} to {}",
            panel.x.min, panel.x.max, panel.y.min, panel.y.max
        )?;
    }
    Ok(())
}
