//! Compares a rendered picture with its reference.
//!
//! Files with equal bytes are the same picture. Others are decoded and compared frame by frame, so a file that is only
//! encoded differently is the same. SVGs are compared as text without their stamps. ffmpeg decodes videos.

use std::cmp::Reverse;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use kymograph::encode::{EncodeError, write_png};
use kymograph::files;
use kymograph::golden::{self, CompareError, Comparison, FrameDifference};
use kymograph::printable::name;
use kymograph::raster::Raster;
use kymograph::scene::{Format, Scene};
use kymograph::tolerance::Tolerance;

use super::artifact::Artifact;
use super::failure::Failure;
use super::picture::Picture;
use super::report::{ShownFrame, Verdict};
use super::video;

/// Options of a comparison.
#[derive(Clone, Copy)]
pub(super) struct CompareOptions {
    /// Compare bytes only.
    pub(super) exact: bool,
    /// The largest number of frames that a report shows of a picture.
    pub(super) shown: usize,
}

/// The result of comparing a picture with its reference.
pub(super) struct PictureComparison {
    pub(super) verdict: Verdict,
    /// Reasons other than differing frames.
    pub(super) reasons: Vec<String>,
    /// Frames that differ at all, in order.
    pub(super) differing: Vec<FrameDifference>,
    pub(super) shown: Vec<ShownFrame>,
    /// The rendered picture.
    pub(super) artifact: Artifact,
}

/// How many of the frames that are shown are chosen because they differ most; the others lie evenly between.
const WORST: usize = 6;

/// A reference with more than this many times the pixels of the picture is not decoded for a report.
const MAX_AREA_RATIO: u64 = 4;
/// A reference in vectors is read into memory. So it may be this many times as long as the picture is now, and this many
/// bytes longer; one beyond that differs without being read.
const MOST_TIMES: u64 = 8;
const MORE_BYTES: u64 = 1 << 20;

/// Compares a rendered picture with its reference.
pub(super) fn compare_picture(
    picture: &Picture,
    scene: &Scene,
    mut artifact: Artifact,
    options: CompareOptions,
) -> Result<PictureComparison, Failure> {
    let files = picture.files(scene);
    let missing = files.iter().find(|file| !file.exists());
    if files.is_empty() || missing.is_some() {
        let why = match missing.and_then(|file| file.file_name()).filter(|_| files.len() > 1) {
            Some(file) => format!("there is no {} of it", name(file)),
            None => format!("there is no {}", name(&picture.shown())),
        };
        // Neither vectors nor videos can be shown here.
        let shown =
            if options.shown > 0 { only_actual(&mut artifact).unwrap_or_default() } else { Vec::new() };
        return Ok(PictureComparison {
            verdict: Verdict::Missing,
            reasons: vec![why],
            differing: Vec::new(),
            shown,
            artifact,
        });
    }
    let mut found = Differences::default();
    for (index, file) in files.iter().enumerate() {
        let cannot =
            |error: io::Error| Failure::File(format!("{} cannot be read: {error}", name(&picture.shown())));
        let mut reference = files::open(file).map_err(|error| cannot(error.into()))?;
        let mut part = artifact.part(index).map_err(unreadable)?;
        if let Some(at) = first_difference(&mut reference, &mut part).map_err(cannot)? {
            let other = match picture.output.format {
                _ if options.exact => Differences::because(format!("the bytes differ from byte {at} on")),
                Format::Svg | Format::SvgFilm => vectors(&mut reference, &mut part).map_err(cannot)?,
                Format::Mp4 | Format::Webm => {
                    let mut expected = video::decode_to_apng(file).map_err(Failure::File)?;
                    let mut actual = video::decode_to_apng(part.path()).map_err(Failure::File)?;
                    films(&mut expected, &mut actual, &scene.check, options)?
                }
                Format::Gif | Format::Apng | Format::Webp | Format::Png | Format::PngSequence => {
                    films(&mut reference, &mut part, &scene.check, options)?
                }
            };
            found.add(index, files.len(), other);
        }
    }
    let verdict = if found.differs { Verdict::Changed } else { Verdict::Same };
    Ok(PictureComparison {
        verdict,
        reasons: found.reasons,
        differing: found.differing,
        shown: found.shown,
        artifact,
    })
}

fn unreadable(error: io::Error) -> Failure {
    Failure::File(format!("the rendered picture cannot be read back: {error}"))
}

/// The differences in the files of a picture.
#[derive(Default)]
struct Differences {
    differs: bool,
    reasons: Vec<String>,
    differing: Vec<FrameDifference>,
    shown: Vec<ShownFrame>,
}

impl Differences {
    fn because(why: String) -> Self {
        Self { differs: true, reasons: vec![why], ..Self::default() }
    }

    /// Adds the differences in file `index` of `files`; for a sequence, the index of the file is that of its frame.
    fn add(&mut self, index: usize, files: usize, other: Self) {
        if files == 1 {
            *self = other;
            return;
        }
        self.differs |= other.differs;
        self.reasons.extend(other.reasons.iter().map(|reason| format!("file {index}: {reason}")));
        self.differing.extend(other.differing.into_iter().map(|found| FrameDifference { index, ..found }));
        self.shown.extend(other.shown.into_iter().map(|shown| ShownFrame { index, ..shown }));
    }
}

/// The first byte that differs between what two readers hold; they then stand anywhere.
fn first_difference(a: &mut impl Read, b: &mut impl Read) -> io::Result<Option<u64>> {
    let (mut a, mut b) = (BufReader::new(a), BufReader::new(b));
    let mut before = 0;
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let common = left.len().min(right.len());
        if let Some(at) = (0..common).find(|&at| left[at] != right[at]) {
            return Ok(Some(before + at as u64));
        }
        if common == 0 {
            return Ok((!left.is_empty() || !right.is_empty()).then_some(before));
        }
        a.consume(common);
        b.consume(common);
        before += common as u64;
    }
}

/// Compares two SVGs as text, without their stamps.
fn vectors(expected: &mut (impl Read + Seek), actual: &mut (impl Read + Seek)) -> io::Result<Differences> {
    let lengths = [expected.seek(SeekFrom::End(0))?, actual.seek(SeekFrom::End(0))?];
    if lengths[0] > MOST_TIMES * lengths[1] + MORE_BYTES {
        let [expected, actual] = lengths;
        return Ok(Differences::because(format!("length: expected {expected} bytes, found {actual}")));
    }
    let (expected, actual) = (lines(expected)?, lines(actual)?);
    let longest = expected.len().max(actual.len());
    let differing: Vec<usize> = (0..longest).filter(|&line| expected.get(line) != actual.get(line)).collect();
    Ok(match differing.first() {
        None => Differences::default(),
        Some(first) => {
            let (all, line) = (differing.len(), first + 1);
            Differences::because(format!(
                "the text differs in {all} of {longest} lines, first in line {line}"
            ))
        }
    })
}

/// The lines of an SVG without its stamp. Text that is damaged differs from any that is not.
fn lines(svg: &mut (impl Read + Seek)) -> io::Result<Vec<String>> {
    svg.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    svg.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter(|line| !line.starts_with("<metadata>")).map(str::to_owned).collect())
}

/// Compares two pictures made of pixels.
fn films(
    expected: &mut (impl Read + Seek),
    actual: &mut (impl Read + Seek),
    tolerance: &Tolerance,
    options: CompareOptions,
) -> Result<Differences, Failure> {
    rewind(expected, actual).map_err(unreadable)?;
    let compared = golden::compare(BufReader::new(&mut *expected), BufReader::new(&mut *actual), tolerance);
    let comparison = match compared {
        Ok(comparison) => comparison,
        Err(CompareError::Expected(error)) => {
            return Ok(Differences::because(format!("the reference: {error}")));
        }
        Err(error @ CompareError::Actual(_)) => return Err(Failure::File(error.to_string())),
    };
    let indices = chosen(&comparison, options.shown);
    rewind(expected, actual).map_err(unreadable)?;
    let shown =
        shown(expected, actual, &indices, tolerance).map_err(|error| Failure::File(error.to_string()))?;
    Ok(Differences {
        differs: !comparison.is_same(),
        reasons: reasons(&comparison),
        differing: comparison.differences,
        shown,
    })
}

fn rewind(expected: &mut impl Seek, actual: &mut impl Seek) -> io::Result<()> {
    expected.seek(SeekFrom::Start(0))?;
    actual.seek(SeekFrom::Start(0)).map(drop)
}

/// Reasons other than differing pixels, which are reported frame by frame.
fn reasons(comparison: &Comparison) -> Vec<String> {
    let failing = comparison.differences.iter().filter(|frame| frame.fails).count();
    let mut reasons = comparison.reasons();
    reasons.truncate(reasons.len() - failing);
    reasons
}

/// The frames to be shown, ascending: the worst, as a report ranks them, and some of the others, evenly. Of pictures of two
/// sizes the first.
fn chosen(comparison: &Comparison, most: usize) -> Vec<usize> {
    if !comparison.size.is_same() {
        return (0..most.min(1)).collect();
    }
    let mut all: Vec<&FrameDifference> = comparison.differences.iter().collect();
    if comparison.is_same() {
        return Vec::new();
    }
    all.sort_by_key(|frame| (Reverse((frame.fails, frame.pixels, frame.worst)), frame.index));
    let worst = all.len().min(WORST.min(most));
    let others = &mut all[worst..];
    others.sort_by_key(|frame| frame.index);
    let wanted = others.len().min(most - worst);
    let evenly: Vec<usize> = (0..wanted).map(|step| others[step * others.len() / wanted].index).collect();
    let mut indices: Vec<usize> = all[..worst].iter().map(|frame| frame.index).chain(evenly).collect();
    indices.sort_unstable();
    indices
}

/// Some frames of two pictures.
fn shown(
    expected: &mut (impl Read + Seek),
    actual: &mut (impl Read + Seek),
    indices: &[usize],
    tolerance: &Tolerance,
) -> Result<Vec<ShownFrame>, Box<dyn Error>> {
    if indices.is_empty() {
        return Ok(Vec::new());
    }
    let mut expected = golden::PictureDecoder::open(BufReader::new(expected))?;
    let mut actual = golden::PictureDecoder::open(BufReader::new(actual))?;
    let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    if area(expected.size()) > MAX_AREA_RATIO * area(actual.size()) {
        return only_actual_frames(&mut actual, indices);
    }
    let mut all = Vec::new();
    for &index in indices {
        let (Some(expected), Some(actual)) = (expected.seek_frame(index)?, actual.seek_frame(index)?) else {
            continue;
        };
        let difference = golden::difference_image(expected.image, actual.image, tolerance);
        all.push(ShownFrame {
            index,
            expected: png(expected.image)?,
            actual: png(actual.image)?,
            difference: difference.as_ref().map(png).transpose()?.unwrap_or_default(),
        });
    }
    Ok(all)
}

/// Some frames of a picture whose reference is too large to be decoded.
fn only_actual_frames(
    picture: &mut golden::PictureDecoder<impl BufRead + Seek>,
    indices: &[usize],
) -> Result<Vec<ShownFrame>, Box<dyn Error>> {
    let mut all = Vec::new();
    for &index in indices {
        if let Some(frame) = picture.seek_frame(index)? {
            let actual = png(frame.image)?;
            all.push(ShownFrame { index, expected: Vec::new(), actual, difference: Vec::new() });
        }
    }
    Ok(all)
}

/// The last frame of a picture that has no reference.
fn only_actual(artifact: &mut Artifact) -> Result<Vec<ShownFrame>, Box<dyn Error>> {
    let mut picture = golden::PictureDecoder::open(BufReader::new(artifact.part(0)?))?;
    let mut last = Vec::new();
    while let Some(frame) = picture.next_frame()? {
        let actual = png(frame.image)?;
        last = vec![ShownFrame { index: frame.index, expected: Vec::new(), actual, difference: Vec::new() }];
    }
    Ok(last)
}

fn png(picture: &Raster) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = Vec::new();
    write_png(picture, None, &mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use kymograph::timing::LoopCount;

    use super::*;

    #[test]
    fn the_worst_frames_are_shown_and_others_evenly() {
        let frame = |index: usize, pixels: usize| {
            let bounds = kymograph::geometry::PixelRect::from_size(1, 1);
            FrameDifference { index, pixels, beyond: 1, worst: 9, at: (0, 0), bounds, fails: true }
        };
        let same = |value| golden::Pair { expected: value, actual: value };
        let mut comparison = Comparison {
            tolerance: Tolerance::default(),
            size: golden::Pair { expected: (9, 9), actual: (9, 9) },
            plays: golden::Pair { expected: LoopCount::Forever, actual: LoopCount::Forever },
            frames: same(100),
            delay: None,
            differences: (0..100).map(|index| frame(index, index % 50)).collect(),
        };
        let indices = chosen(&comparison, 16);
        assert_eq!(indices.len(), 16);
        assert!(
            indices.is_sorted() && [49, 99, 48, 98].iter().all(|worst| indices.contains(worst)),
            "{indices:?}"
        );
        assert_eq!(chosen(&comparison, 0), [0; 0]);
        comparison.differences.truncate(3);
        assert_eq!(chosen(&comparison, 16), [0, 1, 2]);
        comparison.size.actual = (9, 8);
        assert_eq!(chosen(&comparison, 16), [0]);
    }

    #[test]
    fn bytes_are_compared_to_the_end_of_the_longer() {
        let long = vec![7_u8; 100_000];
        let differ =
            |a: &[u8], b: &[u8]| first_difference(&mut Cursor::new(a), &mut Cursor::new(b)).expect("memory");
        assert_eq!(differ(&long, &long), None);
        assert_eq!(differ(&[], &[]), None);
        assert_eq!(differ(&long, &long[..99_999]), Some(99_999));
        assert_eq!(differ(&[], &long), Some(0));
        let mut other = long.clone();
        other[70_000] = 8;
        assert_eq!(differ(&long, &other), Some(70_000));
    }

    /// A file of a length, whose bytes nobody may read.
    struct Unread(u64);

    impl Read for Unread {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("a reference is read that is far too long");
        }
    }

    impl Seek for Unread {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(self.0)
        }
    }

    #[test]
    fn a_reference_in_vectors_that_is_far_too_long_is_not_read() {
        let picture = "<svg/>\n";
        let length = MOST_TIMES * picture.len() as u64 + MORE_BYTES + 1;
        let found = vectors(&mut Unread(length), &mut Cursor::new(picture)).expect("a verdict");
        assert!(found.differs);
        assert_eq!(found.reasons, [format!("length: expected {length} bytes, found 7")]);
    }

    #[test]
    fn vectors_are_compared_but_for_their_stamp() {
        let compare =
            |a: &str, b: &str| vectors(&mut Cursor::new(a), &mut Cursor::new(b)).expect("memory").reasons;
        let one = "<svg>\n<path d=\"M0 0\"/>\n<metadata>one</metadata>\n</svg>\n";
        assert_eq!(compare(one, &one.replace("one", "two")), [""; 0]);
        assert_eq!(
            compare(one, &one.replace("M0 0", "M1 0")),
            ["the text differs in 1 of 3 lines, first in line 2"]
        );
        assert_eq!(compare(one, ""), ["the text differs in 3 of 3 lines, first in line 1"]);
    }
}
