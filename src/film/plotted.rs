//! A film whose frames are plotters drawings.
//!
//! plotters works in whole numbers; to place lines more finely than whole pixels its canvas is a grid of 64
//! units to a device pixel. Coordinates of a chart need no thought, but lengths that plotters is
//! given (margins, line widths, font and label-area sizes) are units: write [`px`]`(1.5)`.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};

use crate::draw::backend::Recorder;
pub use crate::draw::backend::px;
use crate::draw::mark::Mark;
use crate::encode::Frame;
use crate::film::{Renderer, Timing, play};
use crate::raster::Rgba;

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
/// let mut last = 0.0;
/// film.play(draw, |frame| {
///     last = frame.until;
///     Ok(())
/// })?;
/// assert_eq!(last, 3.0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Film {
    width: u32,
    height: u32,
    background: Rgba,
    timing: Timing,
}

impl Film {
    /// One frame of this size in device pixels, white, at 25 frames a second.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let timing = Timing { frames: 1, fps: 25.0, hold: 0.0 };
        Self { width, height, background: Rgba::WHITE, timing }
    }

    /// How many frames; 0 counts as 1.
    #[must_use]
    pub fn frames(mut self, frames: usize) -> Self {
        self.timing.frames = frames.max(1);
        self
    }

    /// Frames per second, above 0. GIF viewers slow down what is faster than 50.
    #[must_use]
    pub fn fps(mut self, fps: f64) -> Self {
        self.timing.fps = fps;
        self
    }

    /// Seconds added to the last frame.
    #[must_use]
    pub fn hold(mut self, seconds: f64) -> Self {
        self.timing.hold = seconds;
        self
    }

    /// What lies under every drawing; may be clear or translucent.
    #[must_use]
    pub fn background(mut self, background: Rgba) -> Self {
        self.background = background;
        self
    }

    /// The film's frames, their rate and the hold.
    #[must_use]
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// Draws every frame and hands its picture to `sink`. What `draw` draws may depend on the frame's
    /// index only.
    ///
    /// # Errors
    /// The first error of `draw` or `sink`.
    pub fn play<E>(
        &self,
        mut draw: impl FnMut(&Canvas, usize) -> Result<(), E>,
        sink: impl FnMut(&Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut renderer = Renderer::new(self.width, self.height, self.background);
        play(&mut renderer, &self.timing, |index| self.record(|canvas| draw(canvas, index)), sink)
    }

    /// The marks of one drawing.
    ///
    /// # Errors
    /// The drawing's own.
    pub fn record<E>(&self, draw: impl FnOnce(&Canvas) -> Result<(), E>) -> Result<Vec<Mark>, E> {
        let mut marks = Vec::new();
        draw(&Recorder::new(self.width, self.height, &mut marks).into_drawing_area())?;
        Ok(marks)
    }
}
