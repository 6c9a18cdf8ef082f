//! Prints: what becomes of the frames of one film, whose drawing all of them share. One that fails does not end the others.

use std::io::{Seek, Write};

use crate::encode::{
    ApngEncoder, Changes, Coding, Compositor, EncodeError, GifEncoder, PushChanges, WebpEncoder,
};
use crate::film::animation::{Reel, Stage, Watch};
use crate::film::film_colors::Contents;
use crate::film::frame_worker::Notes;
use crate::film::segments::{Crew, Manner, Take};
use crate::mark::Mark;
use crate::quality::Quality;
use crate::raster::Raster;
use crate::stamp::Stamp;

/// How a film is told in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// How its frames are coded.
    pub coding: Coding,
    /// How exact its colors are.
    pub quality: Quality,
    /// What it is made from, for the file to tell.
    pub stamp: Option<Stamp>,
}

impl Edition {
    /// All that a format can say of the film, and nothing else.
    #[must_use]
    pub const fn exact(coding: Coding) -> Self {
        Self { coding, quality: Quality::EXACT, stamp: None }
    }

    /// Whether it must be known what the film holds before its first frame is coded.
    #[must_use]
    pub fn wants_counts(&self) -> bool {
        self.coding != Coding::Webp || !self.quality.is_exact()
    }
}

/// What a film is written into.
pub trait Medium: Write + Seek {}

impl<W: Write + Seek> Medium for W {}

/// Where the frames of a film go.
pub enum Print<'a> {
    /// Into a file, from where the writer stands on. It is asked to go back at most once, to tell a length.
    File(Edition, &'a mut dyn Medium),
    /// To whoever takes one whole picture after the other.
    Pictures(Sink<'a>),
}

/// Who takes pictures.
pub type Sink<'a> = Box<dyn FnMut(&Raster) -> Result<(), EncodeError> + 'a>;

impl Print<'_> {
    fn wants_counts(&self) -> bool {
        match self {
            Self::File(edition, _) => edition.wants_counts(),
            Self::Pictures(_) => false,
        }
    }
}

impl Reel {
    /// Makes prints of the film, drawn once for all of them, on several threads: of an exact edition without a stamp, the
    /// file that [`write_gif`](Self::write_gif), [`write_apng`](Self::write_apng) or
    /// [`write_webp`](Self::write_webp) writes. Returns what became of each; one that fails does not end the others.
    ///
    /// A frame must be a function of its index: `marks` is asked in any order, by several threads at once, and again for
    /// frames whose changes there was no room to keep. Memory does not grow with the number of frames.
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
        self.print_by(&mut Crew::new(self, threads, marks), Manner::watched_by(watch), prints)
    }

    fn print_by<E: From<EncodeError> + Send>(
        &self,
        crew: &mut Crew<'_, impl Fn(usize) -> Result<Vec<Mark>, E> + Sync>,
        manner: Manner<'_>,
        prints: Vec<Print<'_>>,
    ) -> Result<Vec<Result<(), EncodeError>>, E> {
        let counts = prints.iter().any(Print::wants_counts);
        let (takes, notes) = if counts {
            let takes = crew.survey(manner)?;
            manner.watch.begin(Stage::Choose);
            (takes, crew.take_notes())
        } else {
            (vec![Take::unseen(0..self.timing.frames)], Notes::default())
        };
        let contents = Contents::new(self, notes);
        let mut prints = Prints::begin(self, prints, &contents, crew.count());
        manner.watch.begin(if counts { Stage::Code } else { Stage::Both });
        match crew.replay(takes, manner.watch, &mut prints) {
            Err(error) if !prints.have_failed() => Err(error),
            _ => Ok(prints.finish()),
        }
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
}

/// Prints under way. One that fails does not end the others.
struct Prints<'a>(Vec<Result<Printer<'a>, EncodeError>>);

enum Printer<'a> {
    Gif(Box<GifEncoder<&'a mut dyn Medium>>),
    Apng(Box<ApngEncoder<&'a mut dyn Medium>>),
    Webp(Box<WebpEncoder<&'a mut dyn Medium>>),
    Pictures(Compositor<Sink<'a>>),
}

impl<'a> Prints<'a> {
    /// Begins them, those in files each on so many threads.
    fn begin(reel: &Reel, prints: Vec<Print<'a>>, contents: &Contents, threads: usize) -> Self {
        let begin = |print| -> Result<Printer<'a>, EncodeError> {
            let (edition, medium) = match print {
                Print::Pictures(sink) => return Ok(Printer::Pictures(Compositor::new(reel.size, sink))),
                Print::File(edition, medium) => (edition, medium),
            };
            Ok(match edition.coding {
                Coding::Gif => {
                    Printer::Gif(Box::new(reel.gif(&edition, medium, contents)?.on_threads(threads)))
                }
                Coding::Apng => {
                    Printer::Apng(Box::new(reel.apng(&edition, medium, contents)?.on_threads(threads)))
                }
                Coding::Webp => {
                    Printer::Webp(Box::new(reel.webp(&edition, medium, contents)?.on_threads(threads)))
                }
            })
        };
        Self(prints.into_iter().map(begin).collect())
    }

    /// Whether all have failed.
    fn have_failed(&self) -> bool {
        self.0.iter().all(Result::is_err)
    }

    /// Ends them; what became of each, in order.
    fn finish(self) -> Vec<Result<(), EncodeError>> {
        let finish = |print: Result<Printer<'_>, EncodeError>| match print? {
            Printer::Gif(encoder) => encoder.finish(),
            Printer::Apng(encoder) => encoder.finish(),
            Printer::Webp(encoder) => encoder.finish(),
            Printer::Pictures(_) => Ok(()),
        };
        self.0.into_iter().map(finish).collect()
    }
}

impl PushChanges for Prints<'_> {
    /// Fails only when all prints have failed.
    fn push_changes(&mut self, changes: &Changes, until: &dyn Fn(usize) -> f64) -> Result<(), EncodeError> {
        for print in &mut self.0 {
            let taker: &mut dyn PushChanges = match print {
                Ok(Printer::Gif(encoder)) => encoder.as_mut(),
                Ok(Printer::Apng(encoder)) => encoder.as_mut(),
                Ok(Printer::Webp(encoder)) => encoder.as_mut(),
                Ok(Printer::Pictures(pictures)) => pictures,
                Err(_) => continue,
            };
            if let Err(error) = taker.push_changes(changes, until) {
                *print = Err(error);
            }
        }
        if self.have_failed() { Err(EncodeError::Film("no print of the film is left")) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::encode::Frame;
    use crate::film::segments::KEPT;
    use crate::geometry::{PixelRect, Point};
    use crate::mark::{Cap, Pen, Polyline, Stroke};
    use crate::raster::Rgba;
    use crate::timing::LoopCount;
    use crate::timing::Timing;

    /// A hand that turns, fifty times.
    fn reel() -> Reel {
        let timing = Timing { frames: 50, fps: 25.0, hold: 0.0 };
        let (background, matte) = (Rgba::WHITE, Rgba::WHITE);
        Reel { size: (90, 70), background, timing, plays: LoopCount::Forever, matte }
    }

    fn marks(index: usize) -> Vec<Mark> {
        let (sin, cos) = libm::sincos(index as f64 * 0.13);
        let middle = Point::new(45.0, 35.0);
        let points = vec![middle, Point::new(45.0 + 30.0 * cos, 35.0 + 30.0 * sin)];
        let pen = Pen { color: Rgba::opaque(200, 0, 60), width: 3.0, dash: Vec::new(), cap: Cap::Round };
        let path = Arc::new(Polyline { points, subpath_starts: vec![0] });
        vec![Mark::Stroke(Stroke {
            path,
            visible_points: 2,
            pen: Arc::new(pen),
            clip: PixelRect::from_size(90, 70),
        })]
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
        crew: &mut Crew<'_, impl Fn(usize) -> Result<Vec<Mark>, EncodeError> + Sync>,
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
                let (files, pictures) =
                    printed(&mut Crew::new(&reel(), threads, &marks), manner, &[Quality::EXACT]);
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
        let asked = Mutex::new(Vec::new());
        let marks = |index| -> Result<_, EncodeError> {
            asked.lock().expect("nobody panicked").push(index);
            Ok(marks(index))
        };
        let mut crew = Crew::new(&reel(), 1, &marks);
        let qualities = [100, 90].map(|percent| Quality::new(percent).expect("a quality"));
        let (files, _) = printed(&mut crew, Manner::watched_by(&()), &qualities);
        let (exact, reduced) = files.split_at(CODINGS.len());
        assert!(exact.iter().zip(reduced).all(|(exact, reduced)| exact.len() > reduced.len()));
        assert!(asked.into_inner().expect("nobody panicked").into_iter().eq(0..50));
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
