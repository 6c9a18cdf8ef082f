//! Resolves `output`: the files of a scene. Their folder on the disk is chosen by the caller.

use std::path::{Path, PathBuf};

use super::canvas::size_defect;
use super::context::Context;
use crate::keys::{KeySpec, KeyType};
use crate::printable::{self, name};
use crate::quality::Quality;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::number_format::shortest;
use crate::scene::table_reader::TableReader;
use crate::scene::timeline::Timeline;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;
use crate::scene::{Canvas, Format, Output, Pick};

/// File extensions and their formats.
const ENDINGS: [(&str, Format); 7] = [
    ("gif", Format::Gif),
    ("apng", Format::Apng),
    ("webp", Format::Webp),
    ("mp4", Format::Mp4),
    ("webm", Format::Webm),
    ("png", Format::Png),
    ("svg", Format::Svg),
];

/// The keys of `[output]`.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new("path", KeyType::File, "", "where the file goes; its ending says the format"),
    KeySpec::new(
        "frame",
        KeyType::Mixed("integer, 0 to frames − 1"),
        "the last frame",
        "the frame that a still shows",
    ),
    KeySpec::new(
        "at",
        KeyType::Number,
        "the last frame",
        "the same by a value of the film's variable; the nearest frame counts",
    ),
    KeySpec::new("scale", KeyType::Positive, "the canvas's", "device pixels per CSS pixel of this file"),
    KeySpec::new(
        "quality",
        KeyType::IntegerIn(0, Quality::EXACT.percent() as i64),
        "`100`",
        "of a `.gif`, `.apng` or `.webp`: no channel of a pixel departs by more than 100 − quality of its 255 steps",
    ),
    KeySpec::new(
        "animated",
        KeyType::Bool,
        "an `.svg` is a still",
        "whether an `.svg` is a film; an error for other endings",
    ),
];

/// The format for the extension of a path.
///
/// # Errors
/// The extension is unknown or missing. The error is a message and its remedy.
pub fn format_of(path: &Path) -> Result<Format, (String, String)> {
    let known =
        "write .gif, .apng, .webp, .mp4, .webm, .png, .svg, or %04d.png for a sequence of stills".to_owned();
    let Some(ending) = path.extension().and_then(|ending| ending.to_str()) else {
        return Err((format!("`{}` has no ending to tell its format", name(path)), known));
    };
    let file = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
    let lower = ending.to_ascii_lowercase();
    match ENDINGS.iter().find(|(known, _)| *known == lower) {
        Some((_, Format::Png)) if file.contains('%') => match sequence_digits(file) {
            Some(_) => Ok(Format::PngSequence),
            None => Err((
                format!("`{}` has no number of a frame in it", name(file)),
                "write %d or %04d once".to_owned(),
            )),
        },
        Some((_, _)) if sequence_digits(file).is_some() => {
            let range = sequence_digits(file).map_or(0..0, |(range, _)| range);
            let stem = file[..range.start].trim_end_matches(['-', '_', '.', ' ']);
            let one = format!("{}{}", if stem.is_empty() { "film" } else { stem }, &file[range.end..]);
            let all = Path::new(file).with_extension("png");
            Err((
                format!("`{}` numbers its frames, and one .{lower} is one file", name(file)),
                format!("write {one}, or {} for a sequence of stills", name(&all)),
            ))
        }
        Some((_, format)) => Ok(*format),
        None => Err((format!("unknown ending .{}", name(ending)), known)),
    }
}

/// The range of the frame number's placeholder in the name of a sequence, and the minimal number of digits.
fn sequence_digits(name: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let start = name.find('%')?;
    let length = name[start..].find('d')?;
    let digits = &name[start + 1..start + length];
    let plain = digits.is_empty() || (digits.len() <= 3 && digits.starts_with('0'));
    let width = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let rest = &name[start + length + 1..];
    (plain && !rest.contains('%')).then_some((start..start + length + 1, width))
}

/// The name of one file of a sequence: `%04d` is replaced by the index of the frame.
#[must_use]
pub fn sequence_name(name: &str, index: usize) -> String {
    match sequence_digits(name) {
        Some((range, width)) => format!("{}{index:0width$}{}", &name[..range.start], &name[range.end..]),
        None => name.to_owned(),
    }
}

/// Reads the outputs of a scene. The default is `imgs/<stem>.gif`. What a wrong timeline or canvas would decide is not
/// checked.
pub(super) fn outputs(
    scene: &mut TableReader<'_>,
    stem: &str,
    film: (Option<&Timeline>, Option<&Canvas>),
    context: &Context<'_>,
) -> Result<Vec<Output>, Diagnostic> {
    let outputs = scene.opt("output", |item| match item.value() {
        Value::Array(list) if list.is_empty() => {
            Err(item.error("is empty").help("leave it out for imgs/<name of the file>.gif"))
        }
        Value::Array(_) => item.list_all(|item| output(item, film, context)),
        _ => Ok(vec![output(item, film, context)?]),
    })?;
    Ok(outputs.unwrap_or_else(|| {
        let path = PathBuf::from("imgs").join(format!("{stem}.gif"));
        vec![Output {
            path,
            format: Format::Gif,
            pick: None,
            scale: None,
            quality: Quality::EXACT,
            origin: None,
        }]
    }))
}

fn output(
    item: ValueReader<'_>,
    (timeline, canvas): (Option<&Timeline>, Option<&Canvas>),
    context: &Context<'_>,
) -> Result<Output, Diagnostic> {
    let origin = item.origin();
    if let Value::String(_) = item.value() {
        let (path, format) = path(item)?;
        let quality = Quality::EXACT;
        return Ok(Output { path, format, pick: None, scale: None, quality, origin: Some(origin) });
    }
    let mut table = item.table()?.with_keys(KEYS);
    let (path, ending) =
        table.opt("path", path)?.ok_or_else(|| table.missing_key("path", "path = 'imgs/name.gif'"))?;
    let format = table.opt("animated", |item| animated(item, ending))?.unwrap_or(ending);
    let still = |item: &ValueReader<'_>| match format {
        Format::Png | Format::Svg => Ok(()),
        Format::SvgFilm => Err(item
            .error("picks a still, and an animated picture holds all frames")
            .help("leave it out, or `animated`")),
        Format::Gif | Format::Apng | Format::Webp | Format::Mp4 | Format::Webm | Format::PngSequence => {
            Err(item
                .error(&format!("picks a still, and {} holds all frames", name(&path)))
                .help("leave it out, or write a path that ends in .png or .svg"))
        }
    };
    let frame = table.attempt("frame", |item| {
        still(&item)?;
        let last = timeline.map_or(i64::MAX, |timeline| timeline.frames as i64 - 1);
        item.integer_in(0..=last).map(|index| Pick::Frame(index as usize))
    });
    let mut at_item = None;
    let at = table.attempt("at", |item| {
        still(&item)?;
        at_item = Some(item.clone());
        let at = context.number(item.clone())?;
        match timeline.and_then(|timeline| timeline.outside(at)) {
            None => Ok(Pick::At(at)),
            Some((why, Some(nearest))) => Err(item.error(&why).help(format!("write at = {nearest}"))),
            Some((why, None)) => {
                let help = format!("leave it out, or write time.at = {}", shortest(at));
                Err(item.error(&why).help(help))
            }
        }
    });
    if let (Some(_), Some(item)) = (frame, at_item) {
        return Err(item.error("and `frame` both pick a frame").help("keep one of the two"));
    }
    let scale = table.attempt("scale", |item| {
        let scale = context.positive(item.clone())?;
        match canvas.and_then(|canvas| size_defect(&canvas.at_scale(scale))) {
            None => Ok(scale),
            Some((why, help)) => {
                Err(Diagnostic::new(format!("`canvas.size` {why}")).at(item.origin()).help(help))
            }
        }
    });
    let quality = table.attempt("quality", |item| quality(item, format)).unwrap_or(Quality::EXACT);
    table.finish()?;
    Ok(Output { path, format, pick: frame.or(at), scale, quality, origin: Some(origin) })
}

/// Reads `animated` and returns the format. Only an `.svg` can be a still or an animation.
fn animated(item: ValueReader<'_>, format: Format) -> Result<Format, Diagnostic> {
    match (format, item.clone().bool()?) {
        (Format::Svg | Format::SvgFilm, true) => Ok(Format::SvgFilm),
        (Format::Svg | Format::SvgFilm, false) => Ok(Format::Svg),
        (Format::Gif | Format::Apng | Format::Webp | Format::Mp4 | Format::Webm, _) => {
            Err(item.error("is for .svg; this ending always holds a film").help("leave it out"))
        }
        (Format::Png | Format::PngSequence, _) => Err(item
            .error("is for .svg; this ending always holds stills")
            .help("leave it out, or write a path that ends in .svg, .gif, .apng or .webp")),
    }
}

/// Reads `quality`, the color accuracy of an animation in this format.
fn quality(item: ValueReader<'_>, format: Format) -> Result<Quality, Diagnostic> {
    if format.animation_format().is_none() {
        return Err(item
            .error("is for films whose colors are chosen here")
            .help("leave it out, or write a path that ends in .gif, .apng or .webp"));
    }
    let max = i64::from(Quality::EXACT.percent());
    let percent = item.integer_in(0..=max)?;
    Ok(u8::try_from(percent).ok().and_then(Quality::new).unwrap_or(Quality::EXACT))
}

fn path(item: ValueReader<'_>) -> Result<(PathBuf, Format), Diagnostic> {
    let content = item.clone().string()?;
    let path = PathBuf::from(content.as_str());
    if path.file_name().is_none() {
        return Err(item.error("names no file").help("write output = 'imgs/name.gif'"));
    }
    let error = |(why, remedy): (String, String)| Diagnostic::new(why).at(item.origin()).help(remedy);
    if let Some(refusal) = printable::refusal(content.as_str()) {
        return Err(error(refusal));
    }
    let format = format_of(&path).map_err(error)?;
    Ok((path, format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_determine_formats() {
        let format = |name: &str| format_of(Path::new(name)).ok();
        assert_eq!(format("a/b.gif"), Some(Format::Gif));
        assert_eq!(format("a/b.APNG"), Some(Format::Apng));
        assert_eq!(format("x-%04d.png"), Some(Format::PngSequence));
        assert_eq!(format("x-%d.png"), Some(Format::PngSequence));
        assert_eq!(format("b.webp"), Some(Format::Webp));
        assert_eq!(format("b.mp4"), Some(Format::Mp4));
        assert_eq!(format("b.webm"), Some(Format::Webm));
        assert_eq!(format("b.svg"), Some(Format::Svg));
        for name in ["b", "b.jpeg", "b.mkv", "x-%s.png", "%4d-%4d.png", "100%.png"] {
            assert_eq!(format(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_sequences_have_the_frame_number() {
        assert_eq!(sequence_name("x-%04d.png", 7), "x-0007.png");
        assert_eq!(sequence_name("%d.png", 12), "12.png");
        assert_eq!(sequence_name("x-%03d.png", 12345), "x-12345.png");
    }
}
