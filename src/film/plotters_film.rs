//! Films whose frames are plotters drawings.
//!
//! plotters uses integer coordinates. To place lines at fractions of a pixel, the canvas has 64 units per device pixel. Chart
//! coordinates are not affected, but lengths that plotters is given (margins, line widths, font and label-area sizes) are in
//! units: write [`px`]`(1.5)`.

use std::io::{Seek, Write};

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};

use crate::animation::Animation;
use crate::draw::backend::Recorder;
pub use crate::draw::backend::px;
use crate::encode::{EncodeError, Frame};
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::timing::LoopCount;
use crate::timing::Timing;

/// The drawing area of one frame.
pub type Canvas<'a> = DrawingArea<Recorder<'a>, Shift>;

/// A film of a size and a length. A closure draws its frames when the film is written.
///
/// ```
/// use kymograph::film::{Canvas, Film, plotters_film::px};
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
    animation: Animation,
}

impl Film {
    /// A film of one white frame, at 25 frames per second, that loops forever. Width and height are in device pixels.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let timing = Timing { frames: 1, fps: 25.0, hold: 0.0 };
        let (background, matte) = (Rgba::WHITE, Rgba::WHITE);
        let size = (width, height);
        Self { animation: Animation { size, background, timing, plays: LoopCount::Forever, matte } }
    }

    /// Sets the number of frames; 0 counts as 1.
    #[must_use]
    pub fn frames(mut self, frames: usize) -> Self {
        self.animation.timing.frames = frames.max(1);
        self
    }

    /// Sets the frames per second, above 0. GIF viewers slow down films faster than 50.
    #[must_use]
    pub fn fps(mut self, fps: f64) -> Self {
        self.animation.timing.fps = fps;
        self
    }

    /// Sets the seconds added to the last frame.
    #[must_use]
    pub fn hold(mut self, seconds: f64) -> Self {
        self.animation.timing.hold = seconds;
        self
    }

    /// Sets the color below every drawing; it may be clear or translucent.
    #[must_use]
    pub fn background(mut self, background: Rgba) -> Self {
        self.animation.background = background;
        self
    }

    /// Sets how often the film plays.
    #[must_use]
    pub fn plays(mut self, plays: LoopCount) -> Self {
        self.animation.plays = plays;
        self
    }

    /// Writes the film as a GIF. `draw` is called once for each frame, in order, so it may have a state, such as
    /// a simulation that advances by one step a call.
    ///
    /// A GIF stores its palette before its first frame. So the packed changes of all frames are kept until the last one is
    /// drawn, and memory grows with the film: by 15 kB a frame for a curve across 1280 × 800 pixels, by 30 kB for two
    /// hundred moving discs, by 0.4 MB for twenty curves. If a frame is a function of its index, [`Animation::render`] encodes the
    /// [recorded](Self::record) marks on several threads, in memory that does not grow.
    ///
    /// # Errors
    /// Errors of `draw`, of the format, and of the writer.
    pub fn write_gif<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        self.animation.write_gif(writer, |index| self.record(|canvas| draw(canvas, index)))
    }

    /// Writes the film as a lossless animated PNG. `draw` is called once for each frame, in order. Memory grows as for
    /// [`write_gif`](Self::write_gif), because an APNG begins with its color type.
    ///
    /// # Errors
    /// Errors of `draw`, of the format, and of the writer.
    pub fn write_apng<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        self.animation.write_apng(writer, |index| self.record(|canvas| draw(canvas, index)))
    }

    /// Writes the film as a lossless animated WebP. `draw` is called once for each frame, in order. Memory does
    /// not grow with the number of frames.
    ///
    /// # Errors
    /// Errors of `draw`, of the format, and of the writer.
    pub fn write_webp<E: From<EncodeError>>(
        &self,
        writer: impl Write + Seek,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        self.animation.write_webp(writer, |index| self.record(|canvas| draw(canvas, index)))
    }

    /// Passes the picture of each frame to `sink`. `draw` is called once for each frame, in order.
    ///
    /// # Errors
    /// The first error of `draw` or `sink`.
    pub fn play<E>(
        &self,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
        sink: impl FnMut(&Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        self.animation.play(|index| self.record(|canvas| draw(canvas, index)), sink)
    }

    /// Records one drawing as marks.
    ///
    /// # Errors
    /// Errors of the drawing.
    pub fn record<E>(&self, draw: impl FnOnce(&Canvas) -> Result<(), E>) -> Result<Vec<Mark>, E> {
        let (width, height) = self.animation.size;
        let mut marks = Vec::new();
        draw(&Recorder::new(width, height, &mut marks).into_drawing_area())?;
        Ok(marks)
    }
}
