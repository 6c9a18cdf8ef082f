//! Two pictures played side by side, and where they part.
//!
//! A frame fails if a pixel is farther off than the tolerance allows, or if more of its pixels differ at all than may.
//! Frames that differ and do not fail are told, too: a drift shows there first. What is equal is only compared;
//! only pixels that differ are looked at one by one.

use std::io::{BufRead, Seek};

use super::decode::{DecodedFrame, Delay, PictureDecoder};
use super::error::CompareError;
use crate::geometry::PixelRect;
use crate::raster::Raster;
use crate::timing::LoopCount;
use crate::tolerance::Tolerance;

/// How two pictures differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What was allowed.
    pub tolerance: Tolerance,
    /// Width and height in pixels. Where they differ, no frames are compared.
    pub size: Pair<(u32, u32)>,
    /// How often they play.
    pub plays: Pair<LoopCount>,
    /// How many frames they have. As many as both have are compared; none are counted if the sizes differ.
    pub frames: Pair<usize>,
    /// The first frame that stays for another time.
    pub delay: Option<DelayDifference>,
    /// The frames whose pixels differ at all, in order.
    pub differences: Vec<FrameDifference>,
}

/// The same fact of both pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<T> {
    /// What was accepted.
    pub expected: T,
    /// What is there now.
    pub actual: T,
}

/// A frame that stays for another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayDifference {
    /// Which frame, counted from 0.
    pub index: usize,
    /// How long it stays.
    pub delay: Pair<Delay>,
}

/// A frame in which pixels differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameDifference {
    /// Which frame, counted from 0.
    pub index: usize,
    /// How many pixels differ at all.
    pub pixels: usize,
    /// How many of these are beyond the tolerance.
    pub beyond: usize,
    /// The largest difference of a channel.
    pub worst: u8,
    /// The first pixel that differs by so much: column and row.
    pub at: (u32, u32),
    /// The smallest rectangle around all that differs.
    pub bounds: PixelRect,
    /// Whether that is too much.
    pub fails: bool,
}

impl<T: PartialEq> Pair<T> {
    /// Whether the two are equal.
    pub fn is_same(&self) -> bool {
        self.expected == self.actual
    }
}

impl Comparison {
    /// Whether the pictures are the same within the tolerance.
    #[must_use]
    pub fn is_same(&self) -> bool {
        let frames = self.frames.is_same() && self.differences.iter().all(|frame| !frame.fails);
        self.size.is_same() && self.plays.is_same() && self.delay.is_none() && frames
    }

    /// Takes in the frame that both show now.
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
    /// How two pictures of one size differ, if they do.
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

/// Plays two pictures to their ends and tells how they differ.
///
/// Sizes are compared before any pixel is decoded. If they differ, no frame is decoded, so a huge picture costs nothing.
///
/// # Errors
/// If one of them is no picture, or damaged anywhere.
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
