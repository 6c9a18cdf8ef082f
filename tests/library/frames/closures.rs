//! A closure that draws a film is called once for every frame, in order, so it may keep a state, such as that of a
//! simulation which advances by a step per frame.

use std::error::Error;
use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::{AnimationDecoder, Frames};
use kymograph::draw::backend::UNITS;
use kymograph::film::{Canvas, Film, plotters_film::px};
use kymograph::raster::{Raster, Rgba};
use plotters::prelude::*;

type Drawn = Result<(), Box<dyn Error>>;

const SIZE: (u32, u32) = (400, 400);
const FRAMES: usize = 300;
const BODIES: u32 = 200;

/// Stiffness of the springs over the mass of a body, per step squared: a revolution has about 300 steps.
const STIFFNESS: f64 = 0.0004;

/// The bytes of changes kept in memory for a film whose frames may be drawn again.
const KEPT: usize = 2 << 20;

fn film() -> Film {
    Film::new(SIZE.0, SIZE.1).frames(FRAMES).fps(25.0)
}

/// Bodies on springs to the middle. Each drawing advances them by one step of an integrator.
struct Swarm {
    /// Positions in pixels from the middle, and velocities in pixels per step.
    bodies: Vec<([f64; 2], [f64; 2])>,
    /// The frames for which the closure was called.
    calls: Vec<usize>,
}

impl Swarm {
    /// Bodies spread over a revolving disk.
    fn new() -> Self {
        let body = |index: u32| {
            let (sin, cos) = (f64::from(index) * 2.4).sin_cos();
            let out = 13.0 * f64::from(index + 1).sqrt();
            let speed = out * STIFFNESS.sqrt() * (0.8 + f64::from(index % 5) / 10.0);
            ([out * cos, out * sin], [-speed * sin, speed * cos])
        };
        Self { bodies: (0..BODIES).map(body).collect(), calls: Vec::new() }
    }

    /// Advances by a step of the semi-implicit Euler method.
    fn step(&mut self) {
        for (place, velocity) in &mut self.bodies {
            for (place, velocity) in place.iter_mut().zip(velocity) {
                *velocity -= STIFFNESS * *place;
                *place += *velocity;
            }
        }
    }

    fn draw(&mut self, canvas: &Canvas, index: usize) -> Drawn {
        self.calls.push(index);
        self.step();
        for ([x, y], _) in &self.bodies {
            let unit = |pixels: f64, side: u32| ((pixels + f64::from(side) / 2.0) * f64::from(UNITS)) as i32;
            let place = (unit(*x, SIZE.0), unit(*y, SIZE.1));
            canvas.draw(&Circle::new(place, px(7.0), BLACK.filled()))?;
        }
        Ok(())
    }

    fn assert_called_once_per_frame_in_order(&self, what: &str) {
        assert!(self.calls.iter().copied().eq(0..FRAMES), "{what} called for {:?}", self.calls);
    }
}

/// A lower bound for the bytes that store the changes of a frame: two for the position and length of each run of pixels, and
/// one for each color in it.
fn least_bytes(before: &Raster, after: &Raster) -> usize {
    let pixels: Vec<_> = before.pixels().iter().zip(after.pixels()).map(|(a, b)| (a != b, *b)).collect();
    let runs = pixels.chunk_by(|a, b| a.0 == b.0).filter(|run| run[0].0);
    runs.map(|run| 2 + run.chunk_by(|a, b| a == b).count()).sum()
}

/// Asserts that a decoder shows the drawn frames, and that the film is too large for its changes to be kept.
fn assert_shows(mut shown: Frames<'_>, what: &str) {
    let (mut swarm, mut before, mut bytes) = (Swarm::new(), None, 0);
    let mut index = 0;
    let played = film().play(
        |canvas, index| swarm.draw(canvas, index),
        |frame| {
            let decoded = shown.next().expect("as many frames as were drawn")?.into_buffer();
            let decoded = decoded.pixels().map(|p| Rgba { r: p[0], g: p[1], b: p[2], a: p[3] });
            assert!(decoded.eq(frame.image.pixels().iter().copied()), "{what}, frame {index}");
            bytes += before.as_ref().map_or(0, |before| least_bytes(before, frame.image));
            before = Some(frame.image.clone());
            index += 1;
            Ok::<_, Box<dyn Error>>(())
        },
    );
    played.expect("frames");
    swarm.assert_called_once_per_frame_in_order("playing");
    assert!(shown.next().is_none(), "{what} has more frames than were drawn");
    assert!(bytes > 2 * KEPT, "{bytes} bytes of changes are not well above the bytes that are kept");
}

#[test]
fn a_gif_of_a_simulation_shows_every_step_once() {
    let (mut swarm, mut file) = (Swarm::new(), Vec::new());
    film().write_gif(&mut file, |canvas, index| swarm.draw(canvas, index)).expect("a GIF");
    assert_shows(GifDecoder::new(Cursor::new(file)).expect("a GIF").into_frames(), "the GIF");
    swarm.assert_called_once_per_frame_in_order("the GIF");
}

#[test]
fn an_apng_of_a_simulation_shows_every_step_once() {
    let (mut swarm, mut file) = (Swarm::new(), Vec::new());
    film().write_apng(&mut file, |canvas, index| swarm.draw(canvas, index)).expect("an APNG");
    let decoder = PngDecoder::new(Cursor::new(file)).expect("a PNG").apng().expect("an APNG");
    assert_shows(decoder.into_frames(), "the APNG");
    swarm.assert_called_once_per_frame_in_order("the APNG");
}

#[test]
fn a_webp_of_a_simulation_holds_every_step_once() {
    let (mut swarm, mut file) = (Swarm::new(), Cursor::new(Vec::new()));
    film().frames(30).write_webp(&mut file, |canvas, index| swarm.draw(canvas, index)).expect("a WebP");
    assert!(swarm.calls.into_iter().eq(0..30));
}

#[test]
fn a_closure_is_not_called_again_after_an_error() {
    let mut calls = Vec::new();
    let written = film().write_gif(Vec::new(), |_, index| {
        calls.push(index);
        if index < 20 { Ok(()) } else { Err(Box::<dyn Error>::from("no more")) }
    });
    assert!(written.is_err() && calls.into_iter().eq(0..=20));
}
