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
    ApngEncoder, Changes, Coding, EncodeError, Frame, GifEncoder, Plays, PushChanges, Stamp, WebpEncoder,
    write_png,
};
use crate::film::contents::Contents;
use crate::film::print::{Edition, Print, Prints};
use crate::film::takes::{
    Crew, Draughtsmen, Hand, LENGTHS, Manner, Noting, Room, Soloist, Take, Task, cut, survey,
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

    /// Writes the film as a GIF. Colours of marks and background are kept exactly.
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

    /// Makes prints of the film, drawn once for all of them, on several threads: of an exact edition without a stamp, the
    /// file that [`write_gif`](Self::write_gif), [`write_apng`](Self::write_apng) or
    /// [`write_webp`](Self::write_webp) writes. Returns what became of each; one that fails does not end the others.
    ///
    /// # Errors
    /// Those of `marks`, which end all.
    pub fn print<E: From<EncodeError> + Send>(
        &self,
        threads: usize,
        prints: Vec<Print<'_>>,
        marks: &(impl Fn(usize) -> Result<Vec<Mark>, E> + Sync),
        watch: &impl Watch,
    ) -> Result<Vec<Result<(), EncodeError>>, E> {
        self.print_by(&mut self.crew(threads, marks), Manner::watched_by(watch), prints)
    }

    fn print_by<E: From<EncodeError>>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        manner: Manner<'_>,
        prints: Vec<Print<'_>>,
    ) -> Result<Vec<Result<(), EncodeError>>, E> {
        let counts = prints.iter().any(Print::wants_counts);
        let (takes, contents) = self.contents(crew, manner, counts)?;
        let mut prints = Prints::begin(self, prints, &contents, crew.count());
        manner.watch.begin(if counts { Stage::Code } else { Stage::Both });
        match self.replay(crew, takes, manner.watch, &mut prints) {
            Err(error) if !prints.have_failed() => Err(error),
            _ => Ok(prints.finish()),
        }
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

    pub(super) fn gif<W: Write>(
        &self,
        edition: &Edition,
        writer: W,
        contents: &Contents,
    ) -> Result<GifEncoder<W>, EncodeError> {
        let (palette, reduction) = contents.palette(edition.quality, self.matte);
        let encoder = GifEncoder::new(writer, self.size, palette, self.plays)?;
        Ok(encoder.reducing(reduction).stamped(edition.stamp))
    }

    pub(super) fn apng<W: Write>(
        &self,
        edition: &Edition,
        writer: W,
        contents: &Contents,
    ) -> Result<ApngEncoder<W>, EncodeError> {
        let (census, reduction) = contents.reduced(edition.quality);
        let encoder = ApngEncoder::new(writer, self.size, &census, self.plays)?;
        Ok(encoder.reducing(reduction).stamped(edition.stamp))
    }

    pub(super) fn webp<W: Write + Seek>(
        &self,
        edition: &Edition,
        writer: W,
        contents: &Contents,
    ) -> Result<WebpEncoder<W>, EncodeError> {
        let (_, reduction) = contents.reduced(edition.quality);
        let encoder = WebpEncoder::new(writer, self.size, self.plays)?;
        Ok(encoder.reducing(reduction).stamped(edition.stamp))
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

    /// The film's frames, and what it holds, if that is wanted.
    fn contents<E>(
        &self,
        crew: &mut impl Draughtsmen<E>,
        manner: Manner<'_>,
        wanted: bool,
    ) -> Result<(Vec<Take>, Contents), E> {
        let takes = if wanted {
            survey(crew, manner, self.all(), self.all())?
        } else {
            vec![Take::unseen(self.all())]
        };
        if wanted {
            manner.watch.begin(Stage::Choose);
        }
        Ok((takes, Contents::new(self, crew.notes())))
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
        encoder: &mut impl PushChanges,
    ) -> Result<(), EncodeError> {
        encoder.push_changes(changes, &|index| self.timing.until(first + index))?;
        (0..changes.frames()).for_each(|_| watch.step());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::draw::mark::{Cap, Pen, Polyline, Stroke};
    use crate::encode::Quality;
    use crate::film::print::Sink;
    use crate::film::takes::KEPT;
    use crate::geometry::{PixelRect, Point};
    use crate::raster::Raster;

    /// A hand that turns, fifty times.
    fn reel() -> Reel {
        let timing = Timing { frames: 50, fps: 25.0, hold: 0.0 };
        let (background, matte) = (Rgba::WHITE, Rgba::WHITE);
        Reel { size: (90, 70), background, timing, plays: Plays::Forever, matte }
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

    const CODINGS: [Coding; 3] = [Coding::Gif, Coding::Apng, Coding::Webp];

    /// The film's files of these qualities, each in every format, and its pictures, of one drawing.
    fn printed(
        crew: &mut impl Draughtsmen<EncodeError>,
        manner: Manner<'_>,
        qualities: &[Quality],
    ) -> (Vec<Vec<u8>>, Vec<Raster>) {
        let edition = |&quality| CODINGS.map(|coding| Edition { quality, ..Edition::exact(coding) });
        let mut files: Vec<_> =
            qualities.iter().flat_map(edition).map(|edition| (edition, Cursor::new(Vec::new()))).collect();
        let mut pictures = Vec::new();
        let sink: Sink<'_> = Box::new(|image| {
            pictures.push(image.clone());
            Ok(())
        });
        let prints = files.iter_mut().map(|(edition, file)| Print::File(*edition, file));
        let printed = reel().print_by(crew, manner, prints.chain([Print::Pictures(sink)]).collect());
        assert!(printed.expect("prints").into_iter().all(|print| print.is_ok()));
        (files.into_iter().map(|(_, file)| file.into_inner()).collect(), pictures)
    }

    #[test]
    fn a_film_is_the_same_whoever_draws_it_and_whatever_is_kept() {
        let marks = |index| -> Result<_, EncodeError> { Ok(marks(index)) };
        let (mut gif, mut apng, mut webp) = (Vec::new(), Vec::new(), Cursor::new(Vec::new()));
        reel().write_gif(&mut gif, marks).expect("a GIF");
        reel().write_apng(&mut apng, marks).expect("an APNG");
        reel().write_webp(&mut webp, marks).expect("a WebP");
        let alone = [gif, apng, webp.into_inner()];
        let mut played = Vec::new();
        let play = |frame: &Frame| -> Result<(), EncodeError> {
            played.push(frame.image.clone());
            Ok(())
        };
        reel().play(marks, play).expect("frames");
        for threads in [1, 2, 3, 99] {
            for kept in [0, 5_000, KEPT] {
                let steps = Count(AtomicUsize::new(0));
                let manner = Manner { watch: &steps, kept };
                let (files, pictures) = printed(&mut reel().crew(threads, &marks), manner, &[Quality::EXACT]);
                assert!(files == alone && pictures == played, "by {threads}, {kept} bytes kept");
                assert_eq!(steps.0.load(Ordering::Relaxed), 100, "every frame is drawn and coded");
            }
            let mut file = Cursor::new(Vec::new());
            let print = Print::File(Edition::exact(Coding::Webp), &mut file);
            reel().print(threads, vec![print], &marks, &()).expect("a WebP");
            assert!(file.into_inner() == alone[2], "a WebP of what was not counted, by {threads}");
        }
    }

    #[test]
    fn all_prints_are_of_one_drawing() {
        let mut asked = Vec::new();
        let marks = |index| -> Result<_, EncodeError> {
            asked.push(index);
            Ok(marks(index))
        };
        let mut soloist = Soloist { hand: Hand::new(&reel()), marks };
        let qualities = [100, 90].map(|percent| Quality::new(percent).expect("a quality"));
        let (files, _) = printed(&mut soloist, Manner::watched_by(&()), &qualities);
        let (exact, reduced) = files.split_at(CODINGS.len());
        assert!(exact.iter().zip(reduced).all(|(exact, reduced)| exact.len() > reduced.len()));
        assert!(asked.into_iter().eq(0..50));
    }

    /// Room for so many bytes.
    struct Full(Cursor<Vec<u8>>, usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let room = self.1.saturating_sub(self.0.get_ref().len()).min(bytes.len());
            if room == 0 { Err(std::io::ErrorKind::StorageFull.into()) } else { self.0.write(&bytes[..room]) }
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Full {
        fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn a_print_that_fails_does_not_end_the_others() {
        let marks = |index| -> Result<_, EncodeError> { Ok(marks(index)) };
        for room in [0, 20, 3_000, usize::MAX] {
            let (mut full, mut gif) = (Full(Cursor::default(), room), Cursor::new(Vec::new()));
            let prints = vec![
                Print::File(Edition::exact(Coding::Apng), &mut full),
                Print::File(Edition::exact(Coding::Gif), &mut gif),
            ];
            let printed = reel().print(2, prints, &marks, &()).expect("prints");
            assert_eq!(printed.iter().map(Result::is_ok).collect::<Vec<_>>(), [room == usize::MAX, true]);
            let mut alone = Vec::new();
            reel().write_gif(&mut alone, marks).expect("a GIF");
            assert!(gif.into_inner() == alone, "beside {room} bytes");
            let mut full = Full(Cursor::default(), room);
            let prints = vec![Print::File(Edition::exact(Coding::Webp), &mut full)];
            let printed = reel().print(1, prints, &marks, &()).expect("prints");
            assert_eq!(printed[0].is_ok(), room == usize::MAX, "alone with {room} bytes");
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
            for coding in CODINGS {
                let mut file = Cursor::new(Vec::new());
                let prints = vec![Print::File(Edition::exact(coding), &mut file)];
                let written = reel().print(threads, prints, &failing, &());
                assert!(matches!(written, Err(EncodeError::FrameTooLong)), "{coding:?} by {threads}");
            }
        }
    }
}
