//! Renders the pictures of a figure. Films with the same frames are made from one rendering of the frames.

use std::io::{self, BufWriter, Write};

use kymograph::animation::{Animation, EncodeOptions};
use kymograph::encode::{EncodeError, write_png};
use kymograph::film::{AnimationOutput, Progress, RenderResources, ScratchFile};
use kymograph::panel::Figure;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::{Format, Output, Scene};
use kymograph::stamp::Stamp;
use kymograph::svg::{self, SvgOptions};

use super::artifact::{Artifact, TempLocation};
use super::console::FrameCount;
use super::failure::Failure;
use super::picture::Picture;
use super::target::TempFile;
use super::timings::Timings;
use super::video::{self, Ffmpeg, Video};

/// Pictures that are rendered together, in the order of the scene's outputs.
pub(super) type Group<'a> = Vec<&'a Picture>;

/// The result for each picture of a group, or the failure of the whole group.
pub(super) type GroupResult = Result<Vec<Result<Artifact, Failure>>, Failure>;

/// Groups the pictures that are not fresh: films of one scale and background together, any other picture alone.
pub(super) fn groups<'a>(scene: &Scene, pictures: &'a [Picture]) -> Vec<Group<'a>> {
    let drawing = |picture: &Picture| {
        let background = background(scene, picture.output.format)?;
        Some((picture.scale(scene).to_bits(), background))
    };
    let mut groups: Vec<Group<'a>> = Vec::new();
    for picture in pictures.iter().filter(|picture| !picture.fresh) {
        let own = drawing(picture);
        match groups.iter_mut().find(|group| own.is_some() && drawing(group[0]) == own) {
            Some(group) => group.push(picture),
            None => groups.push(vec![picture]),
        }
    }
    groups
}

/// The frames of a group, and the number of times that one is drawn or coded.
pub(super) fn frame_count(scene: &Scene, group: &Group<'_>) -> FrameCount {
    if group.iter().all(|picture| picture.output.format.is_still()) {
        return FrameCount { frames: 1, steps: 1 };
    }
    let mut options = group.iter().filter_map(|picture| encode_options(scene, &picture.output));
    let times = if options.any(|encode_options| encode_options.needs_statistics()) { 2 } else { 1 };
    FrameCount { frames: scene.timeline.frames, steps: times * scene.timeline.frames }
}

/// Renders the pictures of a group to temporary files at `location`.
pub(super) fn render<'a>(
    group: &Group<'a>,
    location: impl Fn(&'a Picture) -> TempLocation<'a>,
    figure: &Figure<'_>,
    threads: usize,
    timings: &Timings<'_>,
) -> GroupResult {
    let pictures: Vec<_> = group.iter().map(|&picture| (picture, location(picture))).collect();
    match pictures.as_slice() {
        [(picture, location)] if background(figure.scene(), picture.output.format).is_none() => {
            Ok(vec![render_alone(picture, *location, figure, timings)])
        }
        films => render_films(films, figure, threads, timings),
    }
}

/// The background of a film's frames; `None` for a format that is not a film of pixels.
fn background(scene: &Scene, format: Format) -> Option<Rgba> {
    match format {
        Format::Gif | Format::Apng | Format::Webp | Format::PngSequence => Some(scene.canvas.background),
        Format::Mp4 | Format::Webm => Some(video::background(&scene.canvas)),
        Format::Png | Format::Svg | Format::SvgFilm => None,
    }
}

/// The encode options of an output; `None` for formats that are not encoded by this crate as films.
fn encode_options(scene: &Scene, output: &Output) -> Option<EncodeOptions> {
    let (quality, stamp) = (output.quality, Some(scene.stamp(output)));
    output.format.animation_format().map(|format| EncodeOptions { format, quality, stamp })
}

/// The writer of one film.
enum FilmWriter {
    File(EncodeOptions, BufWriter<TempFile>),
    /// The stills of a sequence, one after the other, and the length of each in bytes.
    Sequence(Stamp, TempFile, Vec<u64>),
    Video(Ffmpeg),
}

/// Renders films from one drawing of each frame. An error in the scene fails all of them.
fn render_films(
    pictures: &[(&Picture, TempLocation<'_>)],
    figure: &Figure<'_>,
    threads: usize,
    timings: &Timings<'_>,
) -> GroupResult {
    let (scene, animation) = (figure.scene(), figure.animation());
    let background = pictures.first().and_then(|(picture, _)| background(scene, picture.output.format));
    let animation = Animation { background: background.unwrap_or(animation.background), ..animation };
    let start = |&(picture, location): &(&Picture, TempLocation<'_>)| {
        FilmWriter::start(picture, location, scene, &animation)
    };
    let mut writers: Vec<Result<FilmWriter, Failure>> = pictures.iter().map(start).collect();
    let outputs = writers.iter_mut().flatten().map(FilmWriter::animation_output).collect();
    let marks = |index: usize| figure.marks(index).map_err(Failure::Scene);
    let scratch_file = || -> io::Result<Box<dyn ScratchFile>> { Ok(Box::new(tempfile::tempfile()?)) };
    let resources = RenderResources::threads(threads).with_scratch_file(&scratch_file);
    let mut ended = animation.render(resources, outputs, &marks, timings)?.into_iter();
    Ok(writers.into_iter().map(|writer| writer?.finish(ended.next().unwrap_or(Ok(())))).collect())
}

impl FilmWriter {
    fn start(
        picture: &Picture,
        location: TempLocation<'_>,
        scene: &Scene,
        animation: &Animation,
    ) -> Result<Self, Failure> {
        let stamp = scene.stamp(&picture.output);
        if let Some(encode_options) = encode_options(scene, &picture.output) {
            return Ok(Self::File(encode_options, BufWriter::new(location.temp_file())));
        }
        match Video::from_format(picture.output.format) {
            Some(video) => Ok(Self::Video(Ffmpeg::start(video, location, animation, stamp)?)),
            None => Ok(Self::Sequence(stamp, location.temp_file(), Vec::new())),
        }
    }

    fn animation_output(&mut self) -> AnimationOutput<'_> {
        match self {
            Self::File(encode_options, temp_file) => AnimationOutput::File(*encode_options, temp_file),
            Self::Sequence(stamp, temp_file, lengths) => {
                AnimationOutput::Frames(Box::new(|image: &Raster| {
                    let mut still = Vec::new();
                    write_png(image, Some(stamp.for_frame(lengths.len())), &mut still)?;
                    lengths.push(still.len() as u64);
                    Ok(temp_file.write_all(&still)?)
                }))
            }
            Self::Video(ffmpeg) => {
                AnimationOutput::Frames(Box::new(|image: &Raster| Ok(ffmpeg.write_frame(image)?)))
            }
        }
    }

    /// The finished film. `ended` is the result of writing its frames.
    fn finish(self, ended: Result<(), EncodeError>) -> Result<Artifact, Failure> {
        match self {
            Self::Video(ffmpeg) => ffmpeg.finish(ended.is_ok()).map(Artifact::Video),
            Self::File(_, temp_file) => {
                ended?;
                let temp_file =
                    temp_file.into_inner().map_err(|error| EncodeError::Io(error.into_error()))?;
                Ok(Artifact::File(temp_file))
            }
            Self::Sequence(_, temp_file, lengths) => {
                ended?;
                Ok(Artifact::Sequence(temp_file, lengths))
            }
        }
    }
}

/// Renders a still or an SVG.
fn render_alone(
    picture: &Picture,
    location: TempLocation<'_>,
    figure: &Figure<'_>,
    timings: &Timings<'_>,
) -> Result<Artifact, Failure> {
    let (scene, animation) = (figure.scene(), figure.animation());
    let (format, stamp) = (picture.output.format, scene.stamp(&picture.output));
    let marks = |index: usize| figure.marks(index).map_err(Failure::Scene);
    let mut temp_file = location.temp_file();
    let mut writer = BufWriter::new(&mut temp_file);
    let options = |stamp, seamless| {
        let (scale, title) = (picture.scale(scene), scene.alt.as_deref());
        SvgOptions { scale, title, seamless, in_steps: scene.moves_in_steps(), stamp: Some(stamp) }
    };
    if format == Format::SvgFilm {
        timings.begin_stage("draw and write the frames");
        // The span's end may be left out because nothing moves there.
        let seamless = scene.timeline.is_seamless() && figure.marks(scene.timeline.frames).is_ok();
        let stepping = |index| {
            timings.step();
            marks(index)
        };
        let text = svg::animated(&animation, &options(stamp, seamless), stepping)?;
        writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?;
    } else {
        let index = scene.frame_of(&picture.output);
        let stamp = stamp.for_frame(index);
        if format == Format::Svg {
            timings.begin_stage("draw and write the frame");
            let text = svg::still(&animation, &options(stamp, false), marks(index)?);
            writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?;
        } else {
            timings.begin_stage("draw and code the frame");
            animation.write_still(index, Some(stamp), &mut writer, marks)?;
        }
    }
    writer.flush().map_err(EncodeError::Io)?;
    drop(writer);
    Ok(Artifact::File(temp_file))
}
