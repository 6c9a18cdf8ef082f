//! A film whose frames are plotters drawings.
//!
//! plotters works in whole numbers; to place lines more finely than whole pixels its canvas is a grid of 64
//! units to a device pixel. Coordinates of a chart need no thought, but lengths that plotters is
//! given (margins, line widths, font and label-area sizes) are units: write [`px`]`(1.5)`.

use std::io::{Seek, Write};

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};

use crate::draw::backend::Recorder;
pub use crate::draw::backend::px;
use crate::encode::{EncodeError, Frame};
use crate::film::Reel;
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::timing::LoopCount;
use crate::timing::Timing;

/// What one frame is drawn on.
pub type Canvas<'a> = DrawingArea<Recorder<'a>, Shift>;

/// A film of a certain size and length; what its frames show is given when it is played.
///
/// ```
/// use kymograph::film::{Canvas, Film, plotted::px};
/// use plotters::prelude::*;
///
/// type Error = Box<dyn std::error::Error>;
///
/// /// A swinging sine.
/// fn draw(canvas: &Canvas, frame: usize) -> Result<(), Error> {
///     let swing = (frame as f64 / 50.0 * std::f64::consts::TAU).cos();
///     let mut chart = ChartBuilder::on(canvas)
///         .margin(px(12.0))
///         .set_left_and_bottom_label_area_size(px(40.0))
///         .build_cartesian_2d(0.0..10.0, -1.0..1.0)?;
///     chart
///         .configure_mesh()
///         .disable_mesh()
///         .axis_style(BLACK.stroke_width(px(1.0)))
///         .label_style(("serif", px(14.0)))
///         .set_all_tick_mark_size(px(5.0))
///         .draw()?;
///     let sine = (0..=200).map(|k| f64::from(k) / 20.0).map(|x| (x, swing * x.sin()));
///     chart.draw_series(LineSeries::new(sine, BLUE.stroke_width(px(2.0))))?;
///     Ok(())
/// }
///
/// let film = Film::new(320, 200).frames(50).fps(25.0).hold(1.0);
/// let mut gif = Vec::new();
/// film.write_gif(&mut gif, draw)?;
/// assert!(gif.starts_with(b"GIF89a"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Film {
    reel: Reel,
}

impl Film {
    /// One frame of this size in device pixels, white, at 25 frames a second, over and over.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let timing = Timing { frames: 1, fps: 25.0, hold: 0.0 };
        let (background, matte) = (Rgba::WHITE, Rgba::WHITE);
        let size = (width, height);
        Self { reel: Reel { size, background, timing, plays: LoopCount::Forever, matte } }
    }

    /// How many frames; 0 counts as 1.
    #[must_use]
    pub fn frames(mut self, frames: usize) -> Self {
        self.reel.timing.frames = frames.max(1);
        self
    }

    /// Frames per second, above 0. GIF viewers slow down what is faster than 50.
    #[must_use]
    pub fn fps(mut self, fps: f64) -> Self {
        self.reel.timing.fps = fps;
        self
    }

    /// Seconds added to the last frame.
    #[must_use]
    pub fn hold(mut self, seconds: f64) -> Self {
        self.reel.timing.hold = seconds;
        self
    }

    /// What lies under every drawing; may be clear or translucent.
    #[must_use]
    pub fn background(mut self, background: Rgba) -> Self {
        self.reel.background = background;
        self
    }

    /// How often the film plays.
    #[must_use]
    pub fn plays(mut self, plays: LoopCount) -> Self {
        self.reel.plays = plays;
        self
    }

    /// Writes the film as a GIF. `draw` is called once for each frame, in order, so it may have a state of its own, such
    /// as a simulation that moves on by a step a call.
    ///
    /// A GIF names its colors before its first frame. So all that frames change is kept, packed, until the last one is
    /// drawn, and memory grows with the film: by 15 KB a frame for a curve across 1280 × 800 pixels, by 30 KB for two
    /// hundred moving discs, by 0.4 MB for twenty curves. Where a frame is a function of its index, [`Reel::print`]
    /// writes the [recorded](Self::record) marks in memory that does not grow, on several threads.
    ///
    /// # Errors
    /// Those of `draw`, of the format, and of the writer.
    pub fn write_gif<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        self.reel.write_gif(writer, |index| self.record(|canvas| draw(canvas, index)))
    }

    /// Writes the film as an animated PNG, without any loss. `draw` is called once for each frame, in order. Memory grows
    /// as in [`write_gif`](Self::write_gif), for an APNG tells at its beginning what colors it holds.
    ///
    /// # Errors
    /// Those of `draw`, of the format, and of the writer.
    pub fn write_apng<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        self.reel.write_apng(writer, |index| self.record(|canvas| draw(canvas, index)))
    }

    /// Writes the film as an animated WebP, without any loss. `draw` is called once for each frame, in order. Memory does
    /// not grow with the number of frames.
    ///
    /// # Errors
    /// Those of `draw`, of the format, and of the writer.
    pub fn write_webp<E: From<EncodeError>>(
        &self,
        writer: impl Write + Seek,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        self.reel.write_webp(writer, |index| self.record(|canvas| draw(canvas, index)))
    }

    /// Hands the picture of every frame to `sink`. `draw` is called once for each frame, in order.
    ///
    /// # Errors
    /// The first error of `draw` or `sink`.
    pub fn play<E>(
        &self,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
        sink: impl FnMut(&Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        self.reel.play(|index| self.record(|canvas| draw(canvas, index)), sink)
    }

    /// The marks of one drawing.
    ///
    /// # Errors
    /// The drawing's own.
    pub fn record<E>(&self, draw: impl FnOnce(&Canvas) -> Result<(), E>) -> Result<Vec<Mark>, E> {
        let (width, height) = self.reel.size;
        let mut marks = Vec::new();
        draw(&Recorder::new(width, height, &mut marks).into_drawing_area())?;
        Ok(marks)
    }
}
