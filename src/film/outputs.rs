//! Outputs: files and picture sinks that share one drawing of an animation's frames. An output that fails does not end the others.

use std::io::{Seek, Write};

use crate::animation::{Animation, AnimationFormat, EncodeOptions};
use crate::encode::{
    ApngEncoder, Compositor, EncodeError, GifEncoder, PackedChanges, PushChanges, WebpEncoder,
};
use crate::film::change_store::{ChangeStore, Segment};
use crate::film::film_colors::{FilmColors, FrameStatistics};
use crate::film::progress::{Progress, Stage};
use crate::film::resources::RenderResources;
use crate::film::segments::ParallelRenderer;
use crate::mark::Mark;
use crate::raster::Raster;

/// A writer that can seek.
pub trait WriteSeek: Write + Seek {}

impl<W: Write + Seek> WriteSeek for W {}

/// A destination of an animation.
pub enum AnimationOutput<'a> {
    /// A file, from the writer's current position. The encoder seeks back at most once, to write a length.
    File(EncodeOptions, &'a mut dyn WriteSeek),
    /// A sink of whole pictures, one for each frame, in order.
    Frames(FrameSink<'a>),
}

/// Receives the picture of each frame.
pub type FrameSink<'a> = Box<dyn FnMut(&Raster) -> Result<(), EncodeError> + 'a>;

impl AnimationOutput<'_> {
    fn needs_statistics(&self) -> bool {
        match self {
            Self::File(options, _) => options.needs_statistics(),
            Self::Frames(_) => false,
        }
    }
}

impl Animation {
    /// Draws the frames once, on several threads, and encodes them for all outputs. With exact options and no stamp, a file equals
    /// the one of [`write_gif`](Self::write_gif), [`write_apng`](Self::write_apng) or [`write_webp`](Self::write_webp).
    /// Returns the result of each output; an output that fails does not end the others.
    ///
    /// A frame must be a function of its index: `marks` is called in any order, from several threads at once, and again for
    /// frames whose changes fit neither the memory budget nor a scratch file. Memory does not grow with the number of frames.
    ///
    /// # Errors
    /// The first error of `marks`, which ends all outputs.
    pub fn render<E: From<EncodeError> + Send>(
        &self,
        resources: RenderResources<'_>,
        outputs: Vec<AnimationOutput<'_>>,
        marks: &(impl Fn(usize) -> Result<Vec<Mark>, E> + Sync),
        progress: &impl Progress,
    ) -> Result<Vec<Result<(), EncodeError>>, E> {
        let RenderResources { threads, change_budget, scratch_file } = resources;
        let mut renderer = ParallelRenderer::new(self, threads, marks);
        let store = ChangeStore::new(change_budget, self.timing.frames, scratch_file);
        let counting = outputs.iter().any(AnimationOutput::needs_statistics);
        let (segments, statistics) = if counting {
            let segments = renderer.draw_and_count(&store, progress)?;
            progress.begin(Stage::Choose);
            (segments, renderer.take_statistics())
        } else {
            (vec![Segment::undrawn(0..self.timing.frames)], FrameStatistics::default())
        };
        let colors = FilmColors::new(self, statistics);
        let mut encoders = OutputEncoders::begin(self, outputs, &colors, renderer.count());
        progress.begin(if counting { Stage::Code } else { Stage::Both });
        match renderer.encode_segments(segments, &store, progress, &mut encoders) {
            Err(error) if !encoders.have_all_failed() => Err(error),
            _ => Ok(encoders.finish()),
        }
    }

    pub(super) fn gif_encoder<W: Write>(
        &self,
        options: &EncodeOptions,
        writer: W,
        colors: &FilmColors,
    ) -> Result<GifEncoder<W>, EncodeError> {
        let (palette, merge) = colors.palette(options.quality, self.matte);
        let encoder = GifEncoder::new(writer, self.size, palette, self.plays)?;
        Ok(encoder.with_color_merge(merge).with_stamp(options.stamp))
    }

    pub(super) fn apng_encoder<W: Write>(
        &self,
        options: &EncodeOptions,
        writer: W,
        colors: &FilmColors,
    ) -> Result<ApngEncoder<W>, EncodeError> {
        let (statistics, merge) = colors.at_quality(options.quality);
        let encoder = ApngEncoder::new(writer, self.size, &statistics, self.plays)?;
        Ok(encoder.with_color_merge(merge).with_stamp(options.stamp))
    }

    pub(super) fn webp_encoder<W: Write + Seek>(
        &self,
        options: &EncodeOptions,
        writer: W,
        colors: &FilmColors,
    ) -> Result<WebpEncoder<W>, EncodeError> {
        let (_, merge) = colors.at_quality(options.quality);
        let encoder = WebpEncoder::new(writer, self.size, self.plays)?;
        Ok(encoder.with_color_merge(merge).with_stamp(options.stamp))
    }
}

/// The encoders of all outputs. An encoder that fails is replaced by its error and does not end the others.
struct OutputEncoders<'a>(Vec<Result<OutputEncoder<'a>, EncodeError>>);

enum OutputEncoder<'a> {
    Gif(Box<GifEncoder<&'a mut dyn WriteSeek>>),
    Apng(Box<ApngEncoder<&'a mut dyn WriteSeek>>),
    Webp(Box<WebpEncoder<&'a mut dyn WriteSeek>>),
    Frames(Compositor<FrameSink<'a>>),
}

impl<'a> OutputEncoders<'a> {
    /// Creates the encoders; each encoder of a file uses `threads` threads.
    fn begin(
        animation: &Animation,
        outputs: Vec<AnimationOutput<'a>>,
        colors: &FilmColors,
        threads: usize,
    ) -> Self {
        let begin = |output| -> Result<OutputEncoder<'a>, EncodeError> {
            let (options, writer) = match output {
                AnimationOutput::Frames(sink) => {
                    return Ok(OutputEncoder::Frames(Compositor::new(animation.size, sink)));
                }
                AnimationOutput::File(options, writer) => (options, writer),
            };
            Ok(match options.format {
                AnimationFormat::Gif => {
                    let encoder = animation.gif_encoder(&options, writer, colors)?;
                    OutputEncoder::Gif(Box::new(encoder.with_threads(threads)))
                }
                AnimationFormat::Apng => {
                    let encoder = animation.apng_encoder(&options, writer, colors)?;
                    OutputEncoder::Apng(Box::new(encoder.with_threads(threads)))
                }
                AnimationFormat::Webp => {
                    let encoder = animation.webp_encoder(&options, writer, colors)?;
                    OutputEncoder::Webp(Box::new(encoder.with_threads(threads)))
                }
            })
        };
        Self(outputs.into_iter().map(begin).collect())
    }

    fn have_all_failed(&self) -> bool {
        self.0.iter().all(Result::is_err)
    }

    /// Finishes all encoders and returns the result of each output.
    fn finish(self) -> Vec<Result<(), EncodeError>> {
        let finish = |encoder: Result<OutputEncoder<'_>, EncodeError>| match encoder? {
            OutputEncoder::Gif(encoder) => encoder.finish(),
            OutputEncoder::Apng(encoder) => encoder.finish(),
            OutputEncoder::Webp(encoder) => encoder.finish(),
            OutputEncoder::Frames(_) => Ok(()),
        };
        self.0.into_iter().map(finish).collect()
    }
}

impl PushChanges for OutputEncoders<'_> {
    /// Fails only if all outputs have failed.
    fn push_changes(
        &mut self,
        changes: &PackedChanges,
        frame_end: &dyn Fn(usize) -> f64,
    ) -> Result<(), EncodeError> {
        for output in &mut self.0 {
            let encoder: &mut dyn PushChanges = match output {
                Ok(OutputEncoder::Gif(encoder)) => encoder.as_mut(),
                Ok(OutputEncoder::Apng(encoder)) => encoder.as_mut(),
                Ok(OutputEncoder::Webp(encoder)) => encoder.as_mut(),
                Ok(OutputEncoder::Frames(compositor)) => compositor,
                Err(_) => continue,
            };
            if let Err(error) = encoder.push_changes(changes, frame_end) {
                *output = Err(error);
            }
        }
        if self.have_all_failed() {
            Err(EncodeError::Film("every output of the film has failed"))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Read};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::encode::Frame;
    use crate::film::resources::CHANGE_BUDGET;
    use crate::film::{NewScratchFile, ScratchFile};
    use crate::geometry::{PixelRect, Point};
    use crate::mark::{Cap, Pen, Polyline, Stroke};
    use crate::quality::Quality;
    use crate::raster::Rgba;
    use crate::timing::{LoopCount, Timing};

    /// Fifty frames of a turning line.
    fn animation() -> Animation {
        let timing = Timing { frames: 50, fps: 25.0, hold: 0.0 };
        let (background, matte) = (Rgba::WHITE, Rgba::WHITE);
        Animation { size: (90, 70), background, timing, plays: LoopCount::Forever, matte }
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

    impl Progress for Count {
        fn begin(&self, _: Stage) {}

        fn step(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    const FORMATS: [AnimationFormat; 3] =
        [AnimationFormat::Gif, AnimationFormat::Apng, AnimationFormat::Webp];

    /// The files of some qualities in every format, and the pictures, rendered at once.
    fn rendered(
        resources: RenderResources<'_>,
        marks: &(impl Fn(usize) -> Result<Vec<Mark>, EncodeError> + Sync),
        progress: &impl Progress,
        qualities: &[Quality],
    ) -> (Vec<Vec<u8>>, Vec<Raster>) {
        let variants =
            |&quality| FORMATS.map(|format| EncodeOptions { quality, ..EncodeOptions::exact(format) });
        let mut files: Vec<_> =
            qualities.iter().flat_map(variants).map(|options| (options, Cursor::new(Vec::new()))).collect();
        let mut pictures = Vec::new();
        let sink: FrameSink<'_> = Box::new(|image| {
            pictures.push(image.clone());
            Ok(())
        });
        let outputs = files.iter_mut().map(|(options, file)| AnimationOutput::File(*options, file));
        let outputs = outputs.chain([AnimationOutput::Frames(sink)]).collect();
        let results = animation().render(resources, outputs, marks, progress);
        assert!(results.expect("outputs").into_iter().all(|result| result.is_ok()));
        (files.into_iter().map(|(_, file)| file.into_inner()).collect(), pictures)
    }

    #[test]
    fn files_do_not_depend_on_threads_or_memory() {
        let marks = |index| -> Result<_, EncodeError> { Ok(marks(index)) };
        let (mut gif, mut apng, mut webp) = (Vec::new(), Vec::new(), Cursor::new(Vec::new()));
        animation().write_gif(&mut gif, marks).expect("a GIF");
        animation().write_apng(&mut apng, marks).expect("an APNG");
        animation().write_webp(&mut webp, marks).expect("a WebP");
        let sequential = [gif, apng, webp.into_inner()];
        let mut played = Vec::new();
        let play = |frame: &Frame| -> Result<(), EncodeError> {
            played.push(frame.image.clone());
            Ok(())
        };
        animation().play(marks, play).expect("frames");
        let roomy = || -> io::Result<Box<dyn ScratchFile>> { Ok(Box::new(Cursor::new(Vec::new()))) };
        let full = || -> io::Result<Box<dyn ScratchFile>> { Ok(Box::new(Full(Cursor::default(), 20_000))) };
        let refused = || Err(io::ErrorKind::PermissionDenied.into());
        let scratch_files: [Option<NewScratchFile<'_>>; 4] =
            [None, Some(&roomy), Some(&full), Some(&refused)];
        for threads in [1, 2, 3, 99] {
            for (kept, scratch) in [0, 5_000, CHANGE_BUDGET]
                .into_iter()
                .flat_map(|kept| (0..4).map(move |scratch| (kept, scratch)))
            {
                let steps = Count(AtomicUsize::new(0));
                let scratch_file = scratch_files[scratch];
                let resources = RenderResources { threads, change_budget: kept, scratch_file };
                let (files, pictures) = rendered(resources, &marks, &steps, &[Quality::EXACT]);
                assert!(
                    files == sequential && pictures == played,
                    "{threads} threads, {kept} bytes kept, scratch file {scratch}"
                );
                assert_eq!(steps.0.load(Ordering::Relaxed), 100, "every frame is drawn and encoded once");
            }
            let mut file = Cursor::new(Vec::new());
            let output = AnimationOutput::File(EncodeOptions::exact(AnimationFormat::Webp), &mut file);
            animation().render(RenderResources::threads(threads), vec![output], &marks, &()).expect("a WebP");
            assert!(file.into_inner() == sequential[2], "a WebP without statistics, {threads} threads");
        }
    }

    #[test]
    fn a_scratch_file_saves_the_second_drawing() {
        let create = || -> io::Result<Box<dyn ScratchFile>> { Ok(Box::new(Cursor::new(Vec::new()))) };
        let drawn = |scratch_file: Option<NewScratchFile<'_>>| {
            let calls = Mutex::new(Vec::new());
            let marks = |index| -> Result<_, EncodeError> {
                calls.lock().expect("not poisoned").push(index);
                Ok(marks(index))
            };
            let resources = RenderResources { threads: 1, change_budget: 0, scratch_file };
            rendered(resources, &marks, &(), &[Quality::EXACT]);
            calls.into_inner().expect("not poisoned")
        };
        assert!(drawn(None).len() >= 100);
        assert!(drawn(Some(&create)).into_iter().eq(0..50));
    }

    #[test]
    fn all_outputs_share_one_drawing() {
        let indices = Mutex::new(Vec::new());
        let marks = |index| -> Result<_, EncodeError> {
            indices.lock().expect("not poisoned").push(index);
            Ok(marks(index))
        };
        let qualities = [100, 90].map(|percent| Quality::new(percent).expect("a quality"));
        let (files, _) = rendered(RenderResources::threads(1), &marks, &(), &qualities);
        let (exact, reduced) = files.split_at(FORMATS.len());
        assert!(exact.iter().zip(reduced).all(|(exact, reduced)| exact.len() > reduced.len()));
        assert!(indices.into_inner().expect("not poisoned").into_iter().eq(0..50));
    }

    /// A file on a disk with room for some bytes.
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

    impl Read for Full {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            self.0.read(bytes)
        }
    }

    impl Seek for Full {
        fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn an_output_that_fails_does_not_end_the_others() {
        let marks = |index| -> Result<_, EncodeError> { Ok(marks(index)) };
        for room in [0, 20, 3_000, usize::MAX] {
            let (mut full, mut gif) = (Full(Cursor::default(), room), Cursor::new(Vec::new()));
            let outputs = vec![
                AnimationOutput::File(EncodeOptions::exact(AnimationFormat::Apng), &mut full),
                AnimationOutput::File(EncodeOptions::exact(AnimationFormat::Gif), &mut gif),
            ];
            let results =
                animation().render(RenderResources::threads(2), outputs, &marks, &()).expect("outputs");
            assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [room == usize::MAX, true]);
            let mut expected = Vec::new();
            animation().write_gif(&mut expected, marks).expect("a GIF");
            assert!(gif.into_inner() == expected, "beside a file with room for {room} bytes");
            let mut full = Full(Cursor::default(), room);
            let outputs = vec![AnimationOutput::File(EncodeOptions::exact(AnimationFormat::Webp), &mut full)];
            let results =
                animation().render(RenderResources::threads(1), outputs, &marks, &()).expect("outputs");
            assert_eq!(results[0].is_ok(), room == usize::MAX, "a single file with room for {room} bytes");
        }
    }

    #[test]
    fn the_error_of_a_frame_ends_all_outputs() {
        for threads in [1, 2, 4] {
            let failing =
                |index: usize| if index < 17 { Ok(marks(index)) } else { Err(EncodeError::FrameTooLong) };
            for format in FORMATS {
                let mut file = Cursor::new(Vec::new());
                let outputs = vec![AnimationOutput::File(EncodeOptions::exact(format), &mut file)];
                let written = animation().render(RenderResources::threads(threads), outputs, &failing, &());
                assert!(matches!(written, Err(EncodeError::FrameTooLong)), "{format:?}, {threads} threads");
            }
        }
    }
}
