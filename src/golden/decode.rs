//! Decoding of GIF, PNG, APNG and WebP files, frame by frame, as a viewer shows them: composited canvases
//! with delays.
//!
//! The format is recognized by the first bytes of the file, not by its name. At most three canvases are in
//! memory at a time, however long the animation, and memory grows with the actual size of the file, not with
//! what its header claims.

use std::fmt;
use std::io::{BufRead, Seek};

use super::canvas::{Canvas, FramePatch};
use super::error::DecodeError;
use super::gif::GifDecoder;
use super::png::PngDecoder;
use super::webp::WebpDecoder;
use crate::raster::Raster;
use crate::timing::LoopCount;

/// The largest number of pixels of a canvas, which is that of a scene.
const MAX_PIXELS: u64 = 100_000_000;

/// A decoder of animations and stills. A still is an animation of one frame.
pub struct PictureDecoder<R: BufRead + Seek> {
    source: Source<R>,
    plays: LoopCount,
    canvas: Canvas,
    /// The number of frames shown so far.
    shown_frames: usize,
    /// The delay of the current frame.
    delay: Delay,
    /// Whether there are no more frames.
    is_finished: bool,
}

/// The decoder of one file format.
#[expect(clippy::large_enum_variant, reason = "a decoder has one, and its canvas is larger")]
enum Source<R: BufRead + Seek> {
    Gif(GifDecoder<R>),
    Png(PngDecoder<R>),
    Webp(WebpDecoder<R>),
}

/// The properties that a file declares before its first frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) size: (u32, u32),
    pub(super) plays: LoopCount,
}

/// The canvas while one frame is shown.
#[derive(Clone, Copy, Debug)]
pub struct DecodedFrame<'a> {
    /// The index of the frame, counted from 0.
    pub index: usize,
    /// How long the frame is shown; 0 for a still.
    pub delay: Delay,
    /// The whole canvas. Every fully transparent pixel is [`Rgba::CLEAR`](crate::raster::Rgba::CLEAR).
    pub image: &'a Raster,
}

/// How long a frame is shown, as the exact fraction of a second that the file stores.
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    numerator: u32,
    denominator: u32,
}

impl Delay {
    /// A delay of 0, which stills have.
    pub const NONE: Self = Self { numerator: 0, denominator: 1 };

    /// `numerator / denominator` seconds. As in APNG, a denominator of 0 means 100.
    #[must_use]
    pub const fn new(numerator: u32, denominator: u32) -> Self {
        Self { numerator, denominator: if denominator == 0 { 100 } else { denominator } }
    }

    /// The delay in seconds, rounded to the nearest `f64`.
    #[must_use]
    pub fn seconds(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

/// Delays are compared by value: 4/100 equals 40/1000.
impl PartialEq for Delay {
    fn eq(&self, other: &Self) -> bool {
        let cross = |a: &Self, b: &Self| u64::from(a.numerator) * u64::from(b.denominator);
        cross(self, other) == cross(other, self)
    }
}

impl Eq for Delay {}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = u64::from(self.numerator) * 1000;
        let parts = u64::from(self.denominator);
        if thousandths.is_multiple_of(parts) {
            write!(f, "{} ms", thousandths / parts)
        } else {
            write!(f, "{}/{} s", self.numerator, self.denominator)
        }
    }
}

impl<R: BufRead + Seek> PictureDecoder<R> {
    /// Opens the picture that starts at the current position of the reader.
    ///
    /// # Errors
    /// If the reader fails, the format is unknown, the header is damaged, or the picture is too large.
    pub fn open(mut input: R) -> Result<Self, DecodeError> {
        // A WebP is recognized by its first twelve bytes. No picture of any format is shorter.
        let mut first = [0; 12];
        input.read_exact(&mut first).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => DecodeError::Unknown,
            _ => DecodeError::Io(error),
        })?;
        input.seek_relative(-12).map_err(DecodeError::Io)?;
        let (source, header) = match first {
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => {
                let (gif, header) = GifDecoder::open(input)?;
                (Source::Gif(gif), header)
            }
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => {
                let (png, header) = PngDecoder::open(input)?;
                (Source::Png(png), header)
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => {
                let (webp, header) = WebpDecoder::open(input)?;
                (Source::Webp(webp), header)
            }
            _ => return Err(DecodeError::Unknown),
        };
        let Header { size, plays } = header;
        Ok(Self {
            source,
            plays,
            canvas: Canvas::new(size),
            shown_frames: 0,
            delay: Delay::NONE,
            is_finished: false,
        })
    }

    /// Width and height, in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.canvas.size()
    }

    /// How often the picture plays; once for a still.
    #[must_use]
    pub fn plays(&self) -> LoopCount {
        self.plays
    }

    /// Decodes the next frame; `None` after the last one.
    ///
    /// # Errors
    /// If the reader fails or the frame is damaged. There are no more frames after an error.
    pub fn next_frame(&mut self) -> Result<Option<DecodedFrame<'_>>, DecodeError> {
        Ok(self.decode_next()?.then(|| self.current_frame()))
    }

    /// Decodes up to frame `index`, counted from 0. Returns `None` if the animation ends earlier or a later
    /// frame was already decoded, so frames must be requested in order.
    ///
    /// # Errors
    /// The same as for [`next_frame`](Self::next_frame).
    pub fn seek_frame(&mut self, index: usize) -> Result<Option<DecodedFrame<'_>>, DecodeError> {
        while self.shown_frames <= index && self.decode_next()? {}
        Ok((self.shown_frames == index + 1).then(|| self.current_frame()))
    }

    fn current_frame(&self) -> DecodedFrame<'_> {
        DecodedFrame { index: self.shown_frames - 1, delay: self.delay, image: self.canvas.image() }
    }

    /// Decodes and composites the next frame. Returns whether there was one.
    fn decode_next(&mut self) -> Result<bool, DecodeError> {
        if self.is_finished {
            return Ok(false);
        }
        // After an error, the position of the format's decoder is undefined, so it is not used again.
        self.is_finished = true;
        let patch = self.next_patch().map_err(|error| error.in_frame(self.shown_frames))?;
        if let Some(patch) = &patch {
            self.canvas.show(patch);
            self.delay = patch.delay;
            self.shown_frames += 1;
            self.is_finished = false;
        } else if self.shown_frames == 0 {
            return Err(DecodeError::damaged(self.format(), "it has no frame"));
        }
        Ok(patch.is_some())
    }

    fn next_patch(&mut self) -> Result<Option<FramePatch>, DecodeError> {
        match &mut self.source {
            Source::Gif(gif) => gif.next_patch(),
            Source::Png(png) => png.next_patch(),
            Source::Webp(webp) => webp.next_patch(),
        }
    }

    fn format(&self) -> &'static str {
        match &self.source {
            Source::Gif(_) => super::gif::NAME,
            Source::Png(_) => super::png::NAME,
            Source::Webp(_) => super::webp::NAME,
        }
    }
}

impl Header {
    /// Checks the size that a file of this format declares.
    pub(super) fn new(format: &'static str, size: (u32, u32), plays: LoopCount) -> Result<Self, DecodeError> {
        let pixels = u64::from(size.0) * u64::from(size.1);
        if pixels == 0 {
            return Err(DecodeError::damaged(format, "it has no pixels"));
        }
        if pixels > MAX_PIXELS {
            return Err(DecodeError::TooLarge { size, max_pixels: MAX_PIXELS });
        }
        Ok(Self { size, plays })
    }
}
