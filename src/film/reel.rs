//! From marks to a finished file.
//!
//! GIF and APNG want to know beforehand what the film holds (its colours, how many frames differ), so a
//! film is gone through twice: drawn for the survey, and coded; WebP is content with once. What frames change is
//! kept from the first time for the second as far as there is room; the others are drawn again. So memory
//! does not grow with the film's length.

use std::io::{Seek, Write};
use std::ops::Range;

use crate::draw::mark::Mark;
use crate::encode::{
    ApngEncoder, Changes, Coding, Encode, EncodeError, Frame, GifEncoder, Palette, Plays, Stamp, WebpEncoder,
    write_png,
};
use crate::film::takes::{
    Crew, Draughtsmen, Hand, LENGTHS, Manner, Notes, Noting, Room, Soloist, Take, Task, cut, survey,
};
use crate::film::{Renderer, Timing, play};
use crate::raster::Rgba;
use crate::svg::{self, Motion, Sheet};

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
    /// Colours are chosen for a GIF.
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
    pub plays: Plays,
    /// What translucent pixels are blended over in a GIF, which knows only opaque and clear.
    pub matte: Rgba,
    /// What the film is made from, for its file to tell; stills tell what their frame is made from.
    pub stamp: Option<Stamp>,
}

/// What a page is told of a vector picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Page<'a> {
    /// Device pixels per CSS pixel, above 0.
    pub scale: f64,
    /// The picture in words.
    pub title: Option<&'a str>,
    /// Of a film: whether there is a frame behind the last in which it begins again, see [`Motion`].
    pub seamless: bool,
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

    /// Writes the film as a GIF. Colours of marks and background are kept exactly.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_gif<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        self.gif(&mut self.soloist(marks), writer, Manner::watched_by(&()))
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
        self.apng(&mut self.soloist(marks), writer, Manner::watched_by(&()))
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
        self.webp(&mut self.soloist(marks), writer, Manner::watched_by(&()))
    }

    /// Writes the file that [`write_gif`](Self::write_gif), [`write_apng`](Self::write_apng) or
    /// [`write_webp`](Self::write_webp) writes, on several threads.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_on<E: From<EncodeError> + Send>(
        &self,
        threads: usize,
        coding: Coding,
        writer: impl Write + Seek,
        marks: &(impl Fn(usize) -> Result<Vec<Mark>, E> + Sync),
        watch: &impl Watch,
    ) -> Result<(), E> {
        let (crew, manner) = (&mut self.crew(threads, marks), Manner::watched_by(watch));
        match coding {
            Coding::Gif => self.gif(crew, writer, manner),
            Coding::Apng => self.apng(crew, writer, manner),
            Coding::Webp => self.webp(crew, writer, manner),
        }
    }

    /// Writes one frame as a PNG.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_still<E: From<EncodeError>>(
        &self,
        index: usize,
        writer: impl Write,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let mut renderer = Renderer::new(self.size.0, self.size.1, self.background);
        renderer.show(marks(index)?);
        Ok(write_png(renderer.image(), self.stamp.map(|stamp| stamp.of_frame(index)), writer)?)
    }

    /// Hands every frame as a PNG of its own to `file`.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of `file`.
    pub fn write_stills<E: From<EncodeError>>(
        &self,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
        mut file: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut bytes, mut index) = (Vec::new(), 0);
        self.play(marks, |frame| {
            bytes.clear();
            write_png(frame.image, self.stamp.map(|stamp| stamp.of_frame(index)), &mut bytes)?;
            index += 1;
            file(&bytes)
        })
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
        let stamp = self.stamp.map(|stamp| stamp.of_frame(index));
        let text = svg::still(&Sheet { stamp, ..self.sheet(page) }, marks(index)?);
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
        let motion = Motion { timing: self.timing, plays: self.plays, seamless: page.seamless };
        let text = svg::film(&self.sheet(page), &motion, marks)?;
        Ok(writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?)
    }

    fn sheet<'a>(&self, page: &Page<'a>) -> Sheet<'a> {
        Sheet {
            size: self.size,
            scale: page.scale,
            background: self.background,
            title: page.title,
            stamp: self.stamp,
        }
    }

    fn soloist<M>(&self, marks: M) -> Soloist<M> {
        Soloist { hand: Hand::new(self), marks }
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

    fn gif<E: From<EncodeError>>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        writer: impl Write,
        manner: Manner<'_>,
    ) -> Result<(), E> {
        let takes = survey(crew, manner, self.all(), self.all())?;
        let palette = self.palette(crew.notes(), manner.watch);
        manner.watch.begin(Stage::Code);
        let encoder = GifEncoder::new(writer, self.size, palette, self.plays)?;
        let mut encoder = encoder.on_threads(crew.count()).stamped(self.stamp);
        self.replay(crew, takes, manner.watch, &mut encoder)?;
        Ok(encoder.finish()?)
    }

    fn apng<E: From<EncodeError>>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        writer: impl Write,
        manner: Manner<'_>,
    ) -> Result<(), E> {
        let takes = survey(crew, manner, self.all(), self.all())?;
        let census = crew.notes().tally.into_census(self.timing.frames as u64);
        manner.watch.begin(Stage::Code);
        let encoder = ApngEncoder::new(writer, self.size, &census, self.plays)?;
        let mut encoder = encoder.on_threads(crew.count()).stamped(self.stamp);
        self.replay(crew, takes, manner.watch, &mut encoder)?;
        Ok(encoder.finish()?)
    }

    fn webp<E: From<EncodeError>>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        writer: impl Write + Seek,
        manner: Manner<'_>,
    ) -> Result<(), E> {
        manner.watch.begin(Stage::Both);
        let encoder = WebpEncoder::new(writer, self.size, self.plays)?;
        let mut encoder = encoder.on_threads(crew.count()).stamped(self.stamp);
        self.replay(crew, [Take::unseen(self.all())], manner.watch, &mut encoder)?;
        Ok(encoder.finish()?)
    }

    /// The colours of a GIF of a film of which this was noted.
    pub(super) fn palette(&self, notes: Notes, watch: &dyn Watch) -> Palette {
        watch.begin(Stage::Choose);
        let census = notes.tally.into_census(self.timing.frames as u64);
        let inks = notes.inks.into_iter().chain([self.background]);
        let mut pinned: Vec<_> = inks.filter(|colour| colour.a == u8::MAX).collect();
        pinned.sort_unstable();
        Palette::build(&census, &pinned, self.matte)
    }

    /// Hands the changes of every frame to `encoder`; those that were not kept are drawn.
    pub(super) fn replay<E: From<EncodeError>>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        takes: impl IntoIterator<Item = Take>,
        watch: &dyn Watch,
        encoder: &mut impl Encode,
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
        encoder: &mut impl Encode,
    ) -> Result<(), E> {
        let (room, wanted) = (&Room::endless(), take.stretch.clone());
        let task = Task { noting: Noting::Changes, wanted, room, watch: &() };
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
        encoder: &mut impl Encode,
    ) -> Result<(), EncodeError> {
        encoder.push_changes(changes, &mut |index| {
            watch.step();
            self.timing.until(first + index)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::draw::mark::{Cap, Pen, Polyline, Stroke};
    use crate::film::takes::KEPT;
    use crate::geometry::{PixelRect, Point};

    /// A hand that turns, fifty times.
    fn reel() -> Reel {
        let timing = Timing { frames: 50, fps: 25.0, hold: 0.0 };
        let (background, matte) = (Rgba::WHITE, Rgba::WHITE);
        Reel { size: (90, 70), background, timing, plays: Plays::Forever, matte, stamp: None }
    }

    fn marks(index: usize) -> Vec<Mark> {
        let (sin, cos) = libm::sincos(index as f64 * 0.13);
        let middle = Point::new(45.0, 35.0);
        let points = vec![middle, Point::new(45.0 + 30.0 * cos, 35.0 + 30.0 * sin)];
        let pen = Pen { colour: Rgba::opaque(200, 0, 60), width: 3.0, dash: Vec::new(), cap: Cap::Round };
        let path = Arc::new(Polyline { points, starts: vec![0] });
        vec![Mark::Stroke(Stroke { path, upto: 2, pen: Arc::new(pen), clip: PixelRect::of_size(90, 70) })]
    }

    struct Count(AtomicUsize);

    impl Watch for Count {
        fn begin(&self, _: Stage) {}

        fn step(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_film_is_the_same_whoever_draws_it_and_whatever_is_kept() {
        let marks = |index| -> Result<_, EncodeError> { Ok(marks(index)) };
        let (mut gif, mut apng, mut webp) = (Vec::new(), Vec::new(), Cursor::new(Vec::new()));
        reel().write_gif(&mut gif, marks).expect("a GIF");
        reel().write_apng(&mut apng, marks).expect("an APNG");
        reel().write_webp(&mut webp, marks).expect("a WebP");
        for threads in [1, 2, 3, 99] {
            for kept in [0, 5_000, KEPT] {
                let steps = Count(AtomicUsize::new(0));
                let manner = Manner { watch: &steps, kept };
                let mut crew = reel().crew(threads, &marks);
                let mut file = Vec::new();
                reel().gif(&mut crew, &mut file, manner).expect("a GIF");
                assert!(file == gif, "a GIF by {threads}, {kept} bytes kept");
                assert_eq!(steps.0.load(Ordering::Relaxed), 100, "every frame is drawn and coded");
                let mut file = Vec::new();
                reel().apng(&mut reel().crew(threads, &marks), &mut file, manner).expect("an APNG");
                assert!(file == apng, "an APNG by {threads}, {kept} bytes kept");
            }
            let mut file = Cursor::new(Vec::new());
            reel().write_on(threads, Coding::Webp, &mut file, &marks, &()).expect("a WebP");
            assert!(file == webp, "a WebP by {threads}");
        }
    }

    #[test]
    fn a_webp_asks_one_who_draws_for_every_frame_once_and_in_order() {
        let mut asked = Vec::new();
        let marks = |index| -> Result<_, EncodeError> {
            asked.push(index);
            Ok(marks(index))
        };
        reel().write_webp(Cursor::new(Vec::new()), marks).expect("a WebP");
        assert!(asked.into_iter().eq(0..50));
    }

    #[test]
    fn the_first_frame_that_fails_is_told() {
        for threads in [1, 2, 4] {
            let failing =
                |index: usize| if index < 17 { Ok(marks(index)) } else { Err(EncodeError::FrameTooLong) };
            for coding in [Coding::Gif, Coding::Apng, Coding::Webp] {
                let written = reel().write_on(threads, coding, Cursor::new(Vec::new()), &failing, &());
                assert!(matches!(written, Err(EncodeError::FrameTooLong)), "{coding:?} by {threads}");
            }
        }
    }
}
