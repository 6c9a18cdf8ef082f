//! From a figure to its pictures: films whose frames look alike are made of one drawing of them.

use std::io::{BufWriter, Write};

use kymograph::animation::{Animation, EncodeOptions};
use kymograph::encode::{EncodeError, write_png};
use kymograph::film::{AnimationOutput, Progress};
use kymograph::panel::Figure;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::{Format, Output, Scene};
use kymograph::stamp::Stamp;
use kymograph::svg::{self, SvgOptions};

use super::made::{Made, Workshop};
use super::picture::{Failure, Picture};
use super::place::Draft;
use super::render::Manner;
use super::timings::Timings;
use super::video::{self, Ffmpeg, Video};

/// Pictures of a scene that are made at once, in the scene's order.
pub(super) type Group<'a> = Vec<&'a Picture>;

/// What became of each picture of a group, or the failure of all.
pub(super) type Makings = Result<Vec<Result<Made, Failure>>, Failure>;

/// All pictures that are not fresh: films of one scale on one background together, anything else alone.
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

/// How often a frame of these is drawn or coded, all in all.
pub(super) fn passes(scene: &Scene, group: &Group<'_>) -> usize {
    if group.iter().all(|picture| picture.output.format.is_still()) {
        return 1;
    }
    let mut editions = group.iter().filter_map(|picture| encode_options(scene, &picture.output));
    let times = if editions.any(|encode_options| encode_options.needs_statistics()) { 2 } else { 1 };
    times * scene.timeline.frames
}

/// Makes all of a group, each where `workshop` says. Returns what became of each, or why none could be made.
pub(super) fn make<'a>(
    group: &Group<'a>,
    workshop: impl Fn(&'a Picture) -> Workshop<'a>,
    figure: &Figure<'_>,
    manner: &Manner<'_>,
    timings: &Timings<'_>,
) -> Makings {
    let pictures: Vec<_> = group.iter().map(|&picture| (picture, workshop(picture))).collect();
    match pictures.as_slice() {
        [(picture, workshop)] if background(figure.scene(), picture.output.format).is_none() => {
            Ok(vec![drawn(picture, *workshop, figure, timings)])
        }
        films => self::films(films, figure, manner, timings),
    }
}

/// What lies under the frames of a film of some format; nothing for what is no film of pixels.
fn background(scene: &Scene, format: Format) -> Option<Rgba> {
    match format {
        Format::Gif | Format::Apng | Format::Webp | Format::PngSequence => Some(scene.canvas.background),
        Format::Mp4 | Format::Webm => Some(video::background(&scene.canvas)),
        Format::Png | Format::Svg | Format::SvgFilm => None,
    }
}

/// How the file of a coded film tells it.
fn encode_options(scene: &Scene, output: &Output) -> Option<EncodeOptions> {
    let (quality, stamp) = (output.quality, Some(scene.stamp(output)));
    output.format.animation_format().map(|format| EncodeOptions { format, quality, stamp })
}

/// A film under way.
enum Copy {
    File(EncodeOptions, BufWriter<Draft>),
    /// The stills of a sequence, one behind the other, and how long each is.
    Sequence(Stamp, Draft, Vec<u64>),
    Video(Ffmpeg),
}

/// Makes films of one drawing of the frames; a failure of the scene is that of all.
fn films(
    pictures: &[(&Picture, Workshop<'_>)],
    figure: &Figure<'_>,
    manner: &Manner<'_>,
    timings: &Timings<'_>,
) -> Makings {
    let (scene, animation) = (figure.scene(), figure.animation());
    let paper = pictures.first().and_then(|(picture, _)| background(scene, picture.output.format));
    let animation = Animation { background: paper.unwrap_or(animation.background), ..animation };
    let begin =
        |&(picture, workshop): &(&Picture, Workshop<'_>)| Copy::begin(picture, workshop, scene, &animation);
    let mut copies: Vec<Result<Copy, Failure>> = pictures.iter().map(begin).collect();
    let prints = copies.iter_mut().flatten().map(Copy::print).collect();
    let marks = |index: usize| figure.marks(index).map_err(Failure::Scene);
    let mut ended = animation.render(manner.threads, prints, &marks, timings)?.into_iter();
    Ok(copies.into_iter().map(|copy| copy?.end(ended.next().unwrap_or(Ok(())))).collect())
}

impl Copy {
    fn begin(
        picture: &Picture,
        workshop: Workshop<'_>,
        scene: &Scene,
        animation: &Animation,
    ) -> Result<Self, Failure> {
        let stamp = scene.stamp(&picture.output);
        if let Some(encode_options) = encode_options(scene, &picture.output) {
            return Ok(Self::File(encode_options, BufWriter::new(workshop.draft())));
        }
        match Video::of(picture.output.format) {
            Some(video) => Ok(Self::Video(Ffmpeg::start(video, workshop, animation, stamp)?)),
            None => Ok(Self::Sequence(stamp, workshop.draft(), Vec::new())),
        }
    }

    fn print(&mut self) -> AnimationOutput<'_> {
        match self {
            Self::File(encode_options, draft) => AnimationOutput::File(*encode_options, draft),
            Self::Sequence(stamp, draft, lengths) => AnimationOutput::Frames(Box::new(|image: &Raster| {
                let mut still = Vec::new();
                write_png(image, Some(stamp.for_frame(lengths.len())), &mut still)?;
                lengths.push(still.len() as u64);
                Ok(draft.write_all(&still)?)
            })),
            Self::Video(ffmpeg) => {
                AnimationOutput::Frames(Box::new(|image: &Raster| Ok(ffmpeg.take(image)?)))
            }
        }
    }

    /// What has become of it, if its print ended so.
    fn end(self, ended: Result<(), EncodeError>) -> Result<Made, Failure> {
        match self {
            Self::Video(ffmpeg) => ffmpeg.end(ended.is_ok()).map(Made::Video),
            Self::File(_, draft) => {
                ended?;
                let draft = draft.into_inner().map_err(|error| EncodeError::Io(error.into_error()))?;
                Ok(Made::One(draft))
            }
            Self::Sequence(_, draft, lengths) => {
                ended?;
                Ok(Made::Many(draft, lengths))
            }
        }
    }
}

/// Makes a picture that is no film of pixels.
fn drawn(
    picture: &Picture,
    workshop: Workshop<'_>,
    figure: &Figure<'_>,
    timings: &Timings<'_>,
) -> Result<Made, Failure> {
    let (scene, animation) = (figure.scene(), figure.animation());
    let (format, stamp) = (picture.output.format, scene.stamp(&picture.output));
    let marks = |index: usize| figure.marks(index).map_err(Failure::Scene);
    let mut draft = workshop.draft();
    let mut writer = BufWriter::new(&mut draft);
    let options = |stamp, seamless| {
        let (scale, title) = (picture.scale(scene), scene.alt.as_deref());
        SvgOptions { scale, title, seamless, stamp: Some(stamp) }
    };
    if format == Format::SvgFilm {
        timings.next("draw and write the frames");
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
            timings.next("draw and write the frame");
            let text = svg::still(&animation, &options(stamp, false), marks(index)?);
            writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?;
        } else {
            timings.next("draw and code the frame");
            animation.write_still(index, Some(stamp), &mut writer, marks)?;
        }
    }
    writer.flush().map_err(EncodeError::Io)?;
    drop(writer);
    Ok(Made::One(draft))
}
