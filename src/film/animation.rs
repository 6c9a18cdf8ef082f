//! From marks to a finished file.
//!
//! GIF and APNG want to know beforehand what the film holds (its colors, how many frames differ), so a
//! film is gone through twice: drawn to be counted, and coded; WebP is content with once.
//!
//! Who draws may have a state, and is asked for every frame once, in order (`FnMut`). What frames change is then kept,
//! packed, from the first time for the second. Or a frame is a function of its index (`Fn + Sync`, see
//! [`Reel::print`]); then only so much is kept as there is room for, the other frames are drawn again, and memory does
//! not grow with the film's length.

use std::io::{Seek, Write};
use std::ops::Range;

use crate::encode::{
    ApngEncoder, Changes, Coding, EncodeError, Frame, GifEncoder, PushChanges, WebpEncoder, write_png,
};
use crate::film::film_colors::Contents;
use crate::film::frame_worker::{Hand, Notes};
use crate::film::outputs::Edition;
use crate::film::segments::cut;
use crate::film::{Renderer, play};
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::svg::{self, SvgPage, SvgPlayback};
use crate::timing::LoopCount;
use crate::timing::Timing;

/// Frames whose changes are kept together, which share a table of their colors.
const TOGETHER: usize = 16;

/// Told how a film comes along, by several threads at once.
pub trait Watch: Sync {
    /// Something else is done from now on.
    fn begin(&self, stage: Stage);

    /// One frame of the stage is done.
    fn step(&self);
}

/// What is done to a film, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Frames are drawn, and what they hold is counted.
    Draw,
    /// Colors are chosen for a GIF.
    Choose,
    /// Frames are coded and written.
    Code,
    /// Frames are drawn, coded and written, nothing of which had to be counted.
    Both,
}

/// Nobody watches.
impl Watch for () {
    fn begin(&self, _: Stage) {}

    fn step(&self) {}
}

/// All of a film but its frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reel {
    /// Width and height in device pixels.
    pub size: (u32, u32),
    /// What lies under every frame.
    pub background: Rgba,
    /// How many frames, and when.
    pub timing: Timing,
    /// How often the film plays.
    pub plays: LoopCount,
    /// What translucent pixels are blended over in a GIF, which knows only opaque and clear.
    pub matte: Rgba,
}

/// What a page is told of a vector picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Page<'a> {
    /// Device pixels per CSS pixel, above 0.
    pub scale: f64,
    /// The picture in words.
    pub title: Option<&'a str>,
    /// Of a film: whether there is a frame behind the last in which it begins again, see [`SvgPlayback`].
    pub seamless: bool,
    /// What it is made from, for the file to tell.
    pub stamp: Option<Stamp>,
}

impl Reel {
    /// Asks `marks` for every frame's marks, once and in order, and hands their picture to `sink`.
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

    /// Writes the film as a GIF. Colors of marks and background are kept exactly. `marks` is asked for every frame once,
    /// in order; what frames change is kept, packed, until the last one is drawn, so memory grows with the film.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_gif<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let begin = |edition: &Edition, contents: &Contents| self.gif(edition, writer, contents);
        self.alone(Coding::Gif, marks, begin, GifEncoder::finish)
    }

    /// Writes the film as an animated PNG, without any loss. Asks and keeps as [`write_gif`](Self::write_gif) does.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_apng<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let begin = |edition: &Edition, contents: &Contents| self.apng(edition, writer, contents);
        self.alone(Coding::Apng, marks, begin, ApngEncoder::finish)
    }

    /// Writes the film as an animated WebP, without any loss. `marks` is asked for every frame once, in order; memory does
    /// not grow with the film. The writer is asked to go back once, for the file's length stands at its beginning.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_webp<E: From<EncodeError>>(
        &self,
        writer: impl Write + Seek,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let begin = |edition: &Edition, contents: &Contents| self.webp(edition, writer, contents);
        self.alone(Coding::Webp, marks, begin, WebpEncoder::finish)
    }

    /// Writes one frame as a PNG, which tells what it is made from.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
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

    /// Writes one frame as an SVG.
    ///
    /// # Errors
    /// Those of `marks` and of the writer.
    pub fn write_svg<E: From<EncodeError>>(
        &self,
        index: usize,
        page: &Page<'_>,
        mut writer: impl Write,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let text = svg::still(&self.sheet(page), marks(index)?);
        Ok(writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?)
    }

    /// Writes the film as an SVG that plays without a script. `marks` is asked for every frame once, in order, and for the
    /// one behind the last if the page is seamless. What changes is held in memory, as the file itself holds all of it.
    ///
    /// # Errors
    /// Those of `marks` and of the writer.
    pub fn write_svg_film<E: From<EncodeError>>(
        &self,
        page: &Page<'_>,
        mut writer: impl Write,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let motion = SvgPlayback { timing: self.timing, plays: self.plays, seamless: page.seamless };
        let text = svg::film(&self.sheet(page), &motion, marks)?;
        Ok(writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?)
    }

    fn sheet<'a>(&self, page: &Page<'a>) -> SvgPage<'a> {
        SvgPage {
            size: self.size,
            scale: page.scale,
            background: self.background,
            title: page.title,
            stamp: page.stamp,
        }
    }

    /// Writes a film whose frames are asked for once each, in order. What they change is kept where it must be known
    /// beforehand what the film holds.
    fn alone<P: PushChanges, E: From<EncodeError>>(
        &self,
        coding: Coding,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
        begin: impl FnOnce(&Edition, &Contents) -> Result<P, EncodeError>,
        finish: impl FnOnce(P) -> Result<(), EncodeError>,
    ) -> Result<(), E> {
        let (edition, mut hand) = (Edition::exact(coding), Hand::new(self));
        let counting = edition.wants_counts();
        let mut draw = |stretch: Range<usize>| {
            let first = stretch.start;
            Ok::<_, E>((first, hand.draw(stretch, counting, &mut marks, |_| ())?))
        };
        let frames = 0..self.timing.frames;
        let mut encoder;
        if counting {
            let kept = cut(frames, TOGETHER).into_iter().map(draw).collect::<Result<Vec<_>, _>>()?;
            encoder = begin(&edition, &Contents::new(self, hand.take_notes()))?;
            drop(hand);
            for (first, changes) in kept {
                self.hand_over(first, &changes, &mut encoder)?;
            }
        } else {
            encoder = begin(&edition, &Contents::new(self, Notes::default()))?;
            for frame in cut(frames, 1) {
                let (first, changes) = draw(frame)?;
                self.hand_over(first, &changes, &mut encoder)?;
            }
        }
        Ok(finish(encoder)?)
    }

    /// Hands to `encoder` what frames change, from frame `first` on.
    pub(super) fn hand_over(
        &self,
        first: usize,
        changes: &Changes,
        encoder: &mut impl PushChanges,
    ) -> Result<(), EncodeError> {
        encoder.push_changes(changes, &|index| self.timing.until(first + index))
    }
}
