//! Writes an animation on one thread, calling for the marks of each frame once, in order.
//!
//! GIF and APNG need statistics of the whole film (its colors, the number of distinct frames) before the first frame can be
//! encoded. A closure with a state (`FnMut`) cannot be called twice for a frame, so the packed changes of all frames are kept
//! between the two passes, and memory grows with the film. [`Animation::render`] takes a function of the index (`Fn + Sync`)
//! instead; beyond a memory budget, it stores changes in a file or draws frames again.

use std::io::{Seek, Write};
use std::ops::Range;

use crate::animation::{Animation, AnimationFormat, EncodeOptions};
use crate::encode::{
    ApngEncoder, EncodeError, Frame, GifEncoder, PackedChanges, PushChanges, WebpEncoder, write_png,
};
use crate::film::film_colors::{FilmColors, FrameStatistics};
use crate::film::frame_worker::FrameWorker;
use crate::film::segments::split_frames;
use crate::film::{Renderer, play};
use crate::mark::Mark;
use crate::stamp::Stamp;
use crate::timing::Timing;

/// Number of frames whose changes are kept together and share a table of colors.
const FRAMES_PER_SEGMENT: usize = 16;

impl Animation {
    /// Draws every frame once, in order, and passes its picture to `sink`.
    ///
    /// # Errors
    /// The first error of `marks` or `sink`.
    pub fn play<E>(
        &self,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
        sink: impl FnMut(&Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut renderer = Renderer::new(self.size.0, self.size.1, self.background);
        play(&mut renderer, &self.timing, marks, sink)
    }

    /// Writes the animation as a GIF. Colors of marks and background stay exact. `marks` is called once for each frame, in
    /// order. The packed changes of all frames are kept until the last one is drawn, so memory grows with the film.
    ///
    /// # Errors
    /// Errors of `marks`, of the format, and of the writer.
    pub fn write_gif<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let begin = |options: &EncodeOptions, colors: &FilmColors| self.gif_encoder(options, writer, colors);
        self.write_sequentially(AnimationFormat::Gif, marks, begin, GifEncoder::finish)
    }

    /// Writes the animation as a lossless animated PNG. `marks` is called, and memory grows, as for
    /// [`write_gif`](Self::write_gif).
    ///
    /// # Errors
    /// Errors of `marks`, of the format, and of the writer.
    pub fn write_apng<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let begin = |options: &EncodeOptions, colors: &FilmColors| self.apng_encoder(options, writer, colors);
        self.write_sequentially(AnimationFormat::Apng, marks, begin, ApngEncoder::finish)
    }

    /// Writes the animation as a lossless animated WebP. `marks` is called once for each frame, in order; memory does not grow
    /// with the film. The writer seeks back once, because the file begins with its length.
    ///
    /// # Errors
    /// Errors of `marks`, of the format, and of the writer.
    pub fn write_webp<E: From<EncodeError>>(
        &self,
        writer: impl Write + Seek,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let begin = |options: &EncodeOptions, colors: &FilmColors| self.webp_encoder(options, writer, colors);
        self.write_sequentially(AnimationFormat::Webp, marks, begin, WebpEncoder::finish)
    }

    /// Writes one frame as a PNG, with a stamp if there is one.
    ///
    /// # Errors
    /// Errors of `marks`, of the format, and of the writer.
    pub fn write_still<E: From<EncodeError>>(
        &self,
        index: usize,
        stamp: Option<Stamp>,
        writer: impl Write,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let mut renderer = Renderer::new(self.size.0, self.size.1, self.background);
        renderer.show(marks(index)?);
        Ok(write_png(renderer.image(), stamp, writer)?)
    }

    /// Writes an animation whose frames are drawn once each, in order. Changes are kept if the encoder needs statistics of all
    /// frames first.
    fn write_sequentially<P: PushChanges, E: From<EncodeError>>(
        &self,
        format: AnimationFormat,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
        begin: impl FnOnce(&EncodeOptions, &FilmColors) -> Result<P, EncodeError>,
        finish: impl FnOnce(P) -> Result<(), EncodeError>,
    ) -> Result<(), E> {
        let (options, mut worker) = (EncodeOptions::exact(format), FrameWorker::new(self));
        let counting = options.needs_statistics();
        let mut draw = |frames: Range<usize>| {
            let first = frames.start;
            Ok::<_, E>((first, worker.draw(frames, counting, &mut marks, |_| ())?))
        };
        let frames = 0..self.timing.frames;
        let mut encoder;
        if counting {
            let segments = split_frames(frames, FRAMES_PER_SEGMENT);
            let kept = segments.into_iter().map(draw).collect::<Result<Vec<_>, _>>()?;
            encoder = begin(&options, &FilmColors::new(self, worker.take_statistics()))?;
            drop(worker);
            for (first, changes) in kept {
                push_changes_to(&mut encoder, &self.timing, first, &changes)?;
            }
        } else {
            encoder = begin(&options, &FilmColors::new(self, FrameStatistics::default()))?;
            for frame in split_frames(frames, 1) {
                let (first, changes) = draw(frame)?;
                push_changes_to(&mut encoder, &self.timing, first, &changes)?;
            }
        }
        Ok(finish(encoder)?)
    }
}

/// Pushes the changes of consecutive frames, of which the first has the index `first`, into an encoder.
pub(super) fn push_changes_to(
    encoder: &mut impl PushChanges,
    timing: &Timing,
    first: usize,
    changes: &PackedChanges,
) -> Result<(), EncodeError> {
    encoder.push_changes(changes, &|index| timing.frame_end(first + index))
}
