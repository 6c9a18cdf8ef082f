//! A picture as a viewer plays it: one composited canvas after the other, each with its time.
//!
//! Which format it is, its first bytes tell, not its name. Only a canvas or three are in memory, however long the
//! film; and no more than the file really holds, whatever its header claims.

use std::fmt;
use std::io::{BufRead, Seek};

use super::canvas::{Canvas, FramePatch};
use super::error::DecodeError;
use super::gif::GifDecoder;
use super::png::PngDecoder;
use super::webp::WebpDecoder;
use crate::raster::Raster;
use crate::timing::LoopCount;

/// Pixels of a canvas: as many as a scene can have.
const MAX_PIXELS: u64 = 100_000_000;

/// A picture that is being played: a film, or a still, which is a film of one frame.
pub struct PictureDecoder<R: BufRead + Seek> {
    source: Source<R>,
    plays: LoopCount,
    canvas: Canvas,
    /// Frames shown so far, and how long the last of them stays.
    shown_frames: usize,
    delay: Delay,
    /// Whether there is nothing more to come.
    is_finished: bool,
}

#[expect(clippy::large_enum_variant, reason = "there is one a picture, and its canvas is larger")]
enum Source<R: BufRead + Seek> {
    Gif(GifDecoder<R>),
    Png(PngDecoder<R>),
    Webp(WebpDecoder<R>),
}

/// What a file says before its first frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) size: (u32, u32),
    pub(super) plays: LoopCount,
}

/// A frame on the screen.
#[derive(Clone, Copy, Debug)]
pub struct DecodedFrame<'a> {
    /// Which one, counted from 0.
    pub index: usize,
    /// How long it stays; nothing for a still.
    pub delay: Delay,
    /// The whole canvas. Clear pixels are all [`Rgba::CLEAR`](crate::raster::Rgba::CLEAR).
    pub image: &'a Raster,
}

/// How long a frame stays: a fraction of a second, exactly as the file has it.
#[derive(Clone, Copy, Debug)]
pub struct Delay {
    numerator: u32,
    denominator: u32,
}

impl Delay {
    /// No time at all, which is what stills have.
    pub const NONE: Self = Self { numerator: 0, denominator: 1 };

    /// So many parts of a second that is divided into `denominator`; of no parts there are 100, as APNG has it.
    #[must_use]
    pub const fn new(numerator: u32, denominator: u32) -> Self {
        Self { numerator, denominator: if denominator == 0 { 100 } else { denominator } }
    }

    /// The nearest number of seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

/// Equal times, however they are divided: 4/100 is 40/1000.
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
    /// Begins to play what the reader holds from where it stands.
    ///
    /// # Errors
    /// If that is no picture of a known format, or one whose beginning is damaged or says it is too large.
    pub fn open(mut input: R) -> Result<Self, DecodeError> {
        // A WebP is known by its first twelve bytes; nothing shorter is any picture.
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

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.canvas.size()
    }

    /// How often it plays; a still does once.
    #[must_use]
    pub fn plays(&self) -> LoopCount {
        self.plays
    }

    /// Plays on to the next frame; none after the last.
    ///
    /// # Errors
    /// If the reader fails or the file is damaged there; afterwards there are no more frames.
    pub fn next_frame(&mut self) -> Result<Option<DecodedFrame<'_>>, DecodeError> {
        Ok(self.decode_next()?.then(|| self.current_frame()))
    }

    /// Plays on to the frame of this index, counted from 0. None if the film ends before, or has already passed it:
    /// who wants some frames asks for them in order.
    ///
    /// # Errors
    /// As [`next_frame`](Self::next_frame)'s.
    pub fn seek_frame(&mut self, index: usize) -> Result<Option<DecodedFrame<'_>>, DecodeError> {
        while self.shown_frames <= index && self.decode_next()? {}
        Ok((self.shown_frames == index + 1).then(|| self.current_frame()))
    }

    fn current_frame(&self) -> DecodedFrame<'_> {
        DecodedFrame { index: self.shown_frames - 1, delay: self.delay, image: self.canvas.image() }
    }

    /// Shows the next frame, if there is one.
    fn decode_next(&mut self) -> Result<bool, DecodeError> {
        if self.is_finished {
            return Ok(false);
        }
        // A file that has failed once is not read again: its decoder may stand anywhere.
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
    /// What a file of this format says, unless it is more than can be compared.
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
