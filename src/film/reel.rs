//! From marks to a finished file.
//!
//! GIF and APNG want to know beforehand what the film holds (its colors, how many frames differ), so a
//! film is gone through twice: drawn for the survey, and coded; WebP is content with once. What frames change is
//! kept from the first time for the second as far as there is room; the others are drawn again. So memory
//! does not grow with the film's length.

use std::io::{Seek, Write};
use std::ops::Range;

use crate::encode::{
    ApngEncoder, Changes, Coding, EncodeError, Frame, GifEncoder, PushChanges, WebpEncoder, write_png,
};
use crate::film::contents::Contents;
use crate::film::print::Edition;
use crate::film::takes::{Crew, Draughtsmen, Hand, LENGTHS, Manner, Room, Soloist, Take, Task, cut};
use crate::film::{Renderer, play};
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::stamp::Stamp;
use crate::svg::{self, SvgPage, SvgPlayback};
use crate::timing::LoopCount;
use crate::timing::Timing;

/// Room for changes that are drawn again.
const REDRAWN: usize = 1 << 19;

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
    /// Asks `marks` for every frame's marks and hands their picture to `sink`.
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

    /// Writes the film as a GIF. Colors of marks and background are kept exactly.
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

    /// Writes the film as an animated PNG, without any loss.
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

    /// Writes the film as an animated WebP, without any loss. The writer is asked to go back once, for the
    /// file's length stands at its beginning.
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

    /// Writes the film as an SVG that plays without a script. What changes is held in memory, as the file itself
    /// holds all of it.
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

    pub(super) fn crew<'a, M>(&self, threads: usize, marks: &'a M) -> Crew<'a, M> {
        // More hands than stretches would have nothing to do.
        let threads = threads.clamp(1, self.timing.frames.div_ceil(LENGTHS.0).max(1));
        Crew { hands: (0..threads).map(|_| Hand::new(self)).collect(), marks }
    }

    /// All frames.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.timing.frames
    }

    /// A film in one file, by one hand.
    fn alone<P: PushChanges, E: From<EncodeError>>(
        &self,
        coding: Coding,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
        begin: impl FnOnce(&Edition, &Contents) -> Result<P, EncodeError>,
        finish: impl FnOnce(P) -> Result<(), EncodeError>,
    ) -> Result<(), E> {
        let mut soloist = Soloist { hand: Hand::new(self), marks };
        let (edition, manner) = (Edition::exact(coding), Manner::watched_by(&()));
        let (takes, contents) = self.contents(&mut soloist, manner, edition.wants_counts())?;
        let mut encoder = begin(&edition, &contents)?;
        self.replay(&mut soloist, takes, manner.watch, &mut encoder)?;
        Ok(finish(encoder)?)
    }

    /// Hands the changes of every frame to `encoder`; those that were not kept are drawn.
    pub(super) fn replay<E: From<EncodeError>>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        takes: impl IntoIterator<Item = Take>,
        watch: &dyn Watch,
        encoder: &mut impl PushChanges,
    ) -> Result<(), E> {
        for take in takes {
            match &take.changes {
                Some(changes) => self.hand_over(take.stretch.start, changes, watch, encoder)?,
                None => self.draw(crew, &take, watch, encoder)?,
            }
        }
        Ok(())
    }

    /// Draws the frames of a take and hands over what they change, as many at a time as there is room for.
    fn draw<E: From<EncodeError>>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        take: &Take,
        watch: &dyn Watch,
        encoder: &mut impl PushChanges,
    ) -> Result<(), E> {
        let task = Task { counting: false, room: &Room::endless(), watch: &() };
        let (Range { mut start, end }, mut a_frame) =
            (take.stretch.clone(), take.bytes / take.stretch.len().max(1));
        while start < end {
            // Of frames of which nothing is known, one is drawn first.
            let fit = (REDRAWN / crew.count()).checked_div(a_frame).unwrap_or(1).clamp(1, LENGTHS.1);
            // Parts too short for several hands are drawn by one, which goes on from frame to frame.
            let hands = if fit < LENGTHS.0 { 1 } else { crew.count() };
            let batch = start..end.min(start + fit * hands);
            let mut bytes = 0;
            for drawn in crew.draw(&cut(batch.clone(), batch.len().div_ceil(hands)), &task) {
                let Take { stretch, changes, bytes: own } = drawn?;
                bytes += own;
                changes
                    .iter()
                    .try_for_each(|changes| self.hand_over(stretch.start, changes, watch, encoder))?;
            }
            a_frame = (bytes / batch.len()).max(1);
            start = batch.end;
        }
        Ok(())
    }

    fn hand_over(
        &self,
        first: usize,
        changes: &Changes,
        watch: &dyn Watch,
        encoder: &mut impl PushChanges,
    ) -> Result<(), EncodeError> {
        encoder.push_changes(changes, &|index| self.timing.until(first + index))?;
        (0..changes.frames()).for_each(|_| watch.step());
        Ok(())
    }
}
