//! Comparison of two pictures, frame by frame.
//!
//! A frame fails if a pixel differs by more than the tolerance accepts, or if too many of its pixels differ
//! at all. Frames that differ within the tolerance are listed as well, since a slow drift appears there
//! first. Rows are compared as a whole; single pixels are examined only in rows that differ.

use std::io::{BufRead, Seek};

use super::decode::{DecodedFrame, Delay, PictureDecoder};
use super::error::CompareError;
use crate::geometry::PixelRect;
use crate::raster::Raster;
use crate::timing::LoopCount;
use crate::tolerance::Tolerance;

/// The result of comparing two pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The accepted differences.
    pub tolerance: Tolerance,
    /// Width and height, in pixels. If they differ, no pixels are compared.
    pub size: Pair<(u32, u32)>,
    /// How often the pictures play.
    pub plays: Pair<LoopCount>,
    /// The numbers of frames. Frames that only one picture has are not compared; none are counted if the sizes differ.
    pub frames: Pair<usize>,
    /// The first frame whose delays differ.
    pub delay: Option<DelayDifference>,
    /// The frames in which any pixel differs, in order.
    pub differences: Vec<FrameDifference>,
}

/// A property of both pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<T> {
    /// The value of the accepted picture.
    pub expected: T,
    /// The value of the new picture.
    pub actual: T,
}

/// A frame whose delays differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayDifference {
    /// The index of the frame, counted from 0.
    pub index: usize,
    /// The delays of the frame.
    pub delay: Pair<Delay>,
}

/// The differences between the pixels of one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameDifference {
    /// The index of the frame, counted from 0.
    pub index: usize,
    /// The number of pixels that differ at all.
    pub pixels: usize,
    /// The number of pixels that differ by more than the tolerance accepts.
    pub beyond: usize,
    /// The largest difference between two pixels, from 1 to 255.
    pub worst: u8,
    /// Column and row of the first pixel with the largest difference.
    pub at: (u32, u32),
    /// The smallest rectangle around all pixels that differ.
    pub bounds: PixelRect,
    /// Whether the frame exceeds the tolerance.
    pub fails: bool,
}

impl<T: PartialEq> Pair<T> {
    /// Whether the two values are equal.
    pub fn is_same(&self) -> bool {
        self.expected == self.actual
    }
}

impl Comparison {
    /// Whether the pictures are equal within the tolerance.
    #[must_use]
    pub fn is_same(&self) -> bool {
        let frames = self.frames.is_same() && self.differences.iter().all(|frame| !frame.fails);
        self.size.is_same() && self.plays.is_same() && self.delay.is_none() && frames
    }

    /// Compares two frames of the same index and records their differences.
    fn add_frame(&mut self, expected: DecodedFrame<'_>, actual: DecodedFrame<'_>) {
        let index = expected.index;
        let delay = Pair { expected: expected.delay, actual: actual.delay };
        if self.delay.is_none() && !delay.is_same() {
            self.delay = Some(DelayDifference { index, delay });
        }
        if self.size.is_same() {
            let found = FrameDifference::between(index, [expected.image, actual.image], &self.tolerance);
            self.differences.extend(found);
        }
    }
}

impl FrameDifference {
    /// Compares two images of equal size; `None` if they are identical.
    fn between(index: usize, pictures: [&Raster; 2], tolerance: &Tolerance) -> Option<Self> {
        let PixelRect { right, bottom, .. } = pictures[0].bounds();
        let mut found: Option<Self> = None;
        for y in 0..bottom {
            let [old, new] = pictures.map(|picture| picture.row(y, 0, right));
            if old == new {
                continue;
            }
            for x in (0..right).filter(|&x| old[x as usize] != new[x as usize]) {
                let Some(pixel) = tolerance.compare_pixels(pictures, (x, y)) else { continue };
                let at = (x as u32, y as u32);
                let bounds = PixelRect { left: x, top: y, right: x + 1, bottom: y + 1 };
                let found = found.get_or_insert(Self {
                    index,
                    pixels: 0,
                    beyond: 0,
                    worst: 0,
                    at,
                    bounds,
                    fails: false,
                });
                found.pixels += 1;
                found.beyond += usize::from(pixel.is_beyond_tolerance);
                found.bounds = found.bounds.union(&bounds);
                if pixel.amount > found.worst {
                    (found.worst, found.at) = (pixel.amount, at);
                }
            }
        }
        let max_pixels = tolerance.max_differing_pixels(pictures[0].pixels().len());
        found.map(|found| Self { fails: found.beyond > 0 || found.pixels > max_pixels, ..found })
    }
}

/// Decodes two pictures to their ends and compares them.
///
/// Sizes are compared before any pixel is decoded. If they differ, no frame is decoded, so a huge picture costs nothing.
///
/// # Errors
/// If a picture cannot be read, has an unknown format, is too large, or is damaged anywhere.
pub fn compare<E, A>(expected: E, actual: A, tolerance: &Tolerance) -> Result<Comparison, CompareError>
where
    E: BufRead + Seek,
    A: BufRead + Seek,
{
    let mut expected = PictureDecoder::open(expected).map_err(CompareError::Expected)?;
    let mut actual = PictureDecoder::open(actual).map_err(CompareError::Actual)?;
    let mut comparison = Comparison {
        tolerance: *tolerance,
        size: Pair { expected: expected.size(), actual: actual.size() },
        plays: Pair { expected: expected.plays(), actual: actual.plays() },
        frames: Pair { expected: 0, actual: 0 },
        delay: None,
        differences: Vec::new(),
    };
    if !comparison.size.is_same() {
        return Ok(comparison);
    }
    loop {
        let expected = expected.next_frame().map_err(CompareError::Expected)?;
        let actual = actual.next_frame().map_err(CompareError::Actual)?;
        comparison.frames.expected += usize::from(expected.is_some());
        comparison.frames.actual += usize::from(actual.is_some());
        match (expected, actual) {
            (Some(expected), Some(actual)) => comparison.add_frame(expected, actual),
            (None, None) => return Ok(comparison),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
}
