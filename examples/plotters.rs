//! Draws a film with plotters: a wave that runs along a string, as a GIF.
//!
//! `cargo run --release --example plotters wave.gif`
//!
//! The canvas has 64 units to a device pixel, so that curves move smoothly. Coordinates of a chart are converted by plotters.
//! Lengths in pixels are converted by [`px`].

use std::error::Error;
use std::f64::consts::TAU;
use std::fs::File;
use std::io::{BufWriter, Write};

use kymograph::film::{Canvas, Film, plotters_film::px};
use plotters::prelude::*;

const FRAMES: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "wave.gif".to_owned());
    let mut file = BufWriter::new(File::create(&path)?);
    Film::new(640, 320).frames(FRAMES).fps(25.0).write_gif(&mut file, draw)?;
    file.flush()?;
    println!("{path}");
    Ok(())
}

/// Draws frame `index`. Frames are drawn once each, in order, so a closure may also advance a simulation by one step.
fn draw(canvas: &Canvas, index: usize) -> Result<(), Box<dyn Error>> {
    let phase = TAU * index as f64 / FRAMES as f64;
    let mut chart = ChartBuilder::on(canvas)
        .margin(px(16.0))
        .set_left_and_bottom_label_area_size(px(44.0))
        .build_cartesian_2d(0.0..10.0, -1.2..1.2)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .axis_style(BLACK.stroke_width(px(1.0)))
        .label_style(("serif", px(16.0)))
        .axis_desc_style(("serif", px(18.0)))
        .set_all_tick_mark_size(px(5.0))
        .x_desc("$x$ in m")
        .y_desc(r"$\sin(kx - \omega t)$")
        .draw()?;
    let wave = (0..=500).map(|step| f64::from(step) / 50.0).map(|x| (x, (2.0 * x - phase).sin()));
    chart.draw_series(LineSeries::new(wave, BLUE.stroke_width(px(2.0))))?;
    Ok(())
}
