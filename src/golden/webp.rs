//! Decoding of still and animated WebP.
//!
//! The container is parsed here, because `image-webp` composites frames differently from browsers: it
//! disposes of frames only if it is given a background color, then clears the whole canvas before a frame
//! that covers it, and mixes up three and four bytes per pixel below lossy frames. It decodes single frames
//! only, each of which it is given as a file of its own.
//!
//! The container is RIFF: a sequence of chunks with a name, a length and a payload that is padded to an even
//! length. `VP8X` holds the size of the canvas, `ANIM` the number of plays, each `ANMF` one frame. An image
//! is a `VP8L` chunk, or a `VP8 ` chunk that may follow an `ALPH` chunk.

use std::io::{BufRead, Cursor, Read};

use image_webp::{DecodingError, WebPDecoder};

use super::canvas::{Blend, Dispose, FramePatch, frame_rect};
use super::decode::{Delay, Header};
use super::error::DecodeError;
use crate::geometry::PixelRect;
use crate::raster::Rgba;
use crate::timing::LoopCount;
use crate::timing::ticks::WEBP_TICKS;

pub(super) const NAME: &str = "WebP";

/// Flag of `VP8X`: the file is animated.
const ANIMATION_FLAG: u8 = 0b0000_0010;
/// Flag of `VP8X`: some pixels are not opaque.
const ALPHA_FLAG: u8 = 0b0001_0000;
/// Flag of `ANMF`: the rectangle is cleared after the frame.
const DISPOSE_FLAG: u8 = 0b01;
/// Flag of `ANMF`: the frame replaces its rectangle instead of being blended over it.
const NO_BLEND_FLAG: u8 = 0b10;
/// The length of the header of an `ANMF` chunk, in bytes.
const FRAME_HEADER_BYTES: usize = 16;

pub(super) struct WebpDecoder<R> {
    chunks: Chunks<R>,
    size: (u32, u32),
    /// The image of a still that was not returned yet.
    still: Option<StillImage>,
}

/// A reader of successive chunks.
struct Chunks<R> {
    input: R,
    /// The number of bytes left, as declared by the file.
    remaining: u64,
}

type ChunkName = [u8; 4];

/// One encoded image, without a container.
struct StillImage {
    /// The payload of its `ALPH` chunk.
    alpha: Option<Vec<u8>>,
    /// The name of its chunk: `VP8 ` or `VP8L`.
    name: ChunkName,
    content: Vec<u8>,
}

impl<R: BufRead> WebpDecoder<R> {
    pub(super) fn open(mut input: R) -> Result<(Self, Header), DecodeError> {
        let mut head = [0; 12];
        input.read_exact(&mut head).map_err(|error| DecodeError::reading(NAME, error))?;
        let remaining = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]])).saturating_sub(4);
        let mut chunks = Chunks { input, remaining };
        let (name, content) = chunks.next()?.ok_or_else(|| damaged("it is empty"))?;
        if &name != b"VP8X" {
            let still = StillImage { alpha: None, name, content };
            let header = Header::new(NAME, still.decoder((1, 1))?.dimensions(), LoopCount::Times(1))?;
            return Ok((Self { chunks, size: header.size, still: Some(still) }, header));
        }
        let [flags, _, _, _, size @ ..] = content[..].first_chunk::<10>().ok_or_else(chunk_too_short)?;
        let side = |at: usize| read_u24(size[at..].iter().copied()) + 1;
        let size = (side(0), side(3));
        if flags & ANIMATION_FLAG == 0 {
            let still = StillImage::read(|| chunks.next())?;
            return Ok((
                Self { chunks, size, still: Some(still) },
                Header::new(NAME, size, LoopCount::Times(1))?,
            ));
        }
        let plays = chunks.read_plays()?;
        Ok((Self { chunks, size, still: None }, Header::new(NAME, size, plays)?))
    }

    pub(super) fn next_patch(&mut self) -> Result<Option<FramePatch>, DecodeError> {
        if let Some(still) = self.still.take() {
            let rect = PixelRect::from_size(self.size.0, self.size.1);
            let pixels = still.pixels(self.size)?;
            self.chunks.read_to_end()?;
            let (blend, dispose) = (Blend::Source, Dispose::Keep);
            return Ok(Some(FramePatch { rect, pixels, blend, dispose, delay: Delay::NONE }));
        }
        while let Some((name, content)) = self.chunks.next()? {
            if &name == b"ANMF" {
                return self.read_frame(&content).map(Some);
            }
        }
        Ok(None)
    }

    fn read_frame(&self, content: &[u8]) -> Result<FramePatch, DecodeError> {
        let (head, mut rest) = content.split_at_checked(FRAME_HEADER_BYTES).ok_or_else(chunk_too_short)?;
        let field = |at: usize| read_u24(head[3 * at..].iter().copied());
        let size = (field(2) + 1, field(3) + 1);
        let rect = frame_rect((2 * field(0), 2 * field(1)), size, self.size)
            .ok_or_else(|| damaged("its frame leaves the canvas"))?;
        let flags = head[FRAME_HEADER_BYTES - 1];
        let inner = || {
            let remaining = rest.len() as u64;
            let mut chunks = Chunks { input: &mut rest, remaining };
            chunks.next()
        };
        Ok(FramePatch {
            rect,
            pixels: StillImage::read(inner)?.pixels(size)?,
            blend: if flags & NO_BLEND_FLAG == 0 { Blend::Over } else { Blend::Source },
            dispose: if flags & DISPOSE_FLAG == 0 { Dispose::Keep } else { Dispose::Clear },
            delay: Delay::new(field(4), WEBP_TICKS),
        })
    }
}

impl<R: BufRead> Chunks<R> {
    /// Reads the next chunk; `None` at the end. Memory grows with the bytes actually read, not with the
    /// declared length.
    fn next(&mut self) -> Result<Option<(ChunkName, Vec<u8>)>, DecodeError> {
        if self.remaining == 0 {
            return Ok(None);
        }
        let mut head = [0; 8];
        self.input.read_exact(&mut head).map_err(|error| DecodeError::reading(NAME, error))?;
        let [a, b, c, d, length @ ..] = head;
        let length = u64::from(u32::from_le_bytes(length));
        let padded = length.next_multiple_of(2);
        self.remaining = self
            .remaining
            .checked_sub(8 + padded)
            .ok_or_else(|| damaged("a chunk is longer than the file"))?;
        let mut content = Vec::new();
        let read = (&mut self.input).take(padded).read_to_end(&mut content);
        if (read.map_err(|error| DecodeError::reading(NAME, error))? as u64) < padded {
            return Err(damaged("the file ends too early"));
        }
        content.truncate(length as usize);
        Ok(Some(([a, b, c, d], content)))
    }

    /// Reads all remaining chunks, to check that the file is complete.
    fn read_to_end(&mut self) -> Result<(), DecodeError> {
        while self.next()?.is_some() {}
        Ok(())
    }

    /// Reads up to the `ANIM` chunk, which precedes the frames, and returns the number of plays.
    fn read_plays(&mut self) -> Result<LoopCount, DecodeError> {
        while let Some((name, content)) = self.next()? {
            match &name {
                b"ANIM" => {
                    let [.., low, high] = *content[..].first_chunk::<6>().ok_or_else(chunk_too_short)?;
                    return Ok(match u16::from_le_bytes([low, high]) {
                        0 => LoopCount::Forever,
                        times => LoopCount::Times(times.into()),
                    });
                }
                b"ANMF" => break,
                _ => {}
            }
        }
        Err(damaged("it has no `ANIM` chunk before its frames"))
    }
}

impl StillImage {
    /// Reads chunks up to the first image.
    fn read(
        mut next: impl FnMut() -> Result<Option<(ChunkName, Vec<u8>)>, DecodeError>,
    ) -> Result<Self, DecodeError> {
        let mut alpha = None;
        while let Some((name, content)) = next()? {
            match &name {
                b"ALPH" => alpha = Some(content),
                b"VP8 " => return Ok(Self { alpha, name, content }),
                b"VP8L" => return Ok(Self { alpha: None, name, content }),
                _ => {}
            }
        }
        Err(damaged("it has no image"))
    }

    /// Creates a decoder for a file that contains this image alone. `size` is needed only if there is an
    /// `ALPH` chunk, which requires a `VP8X` header.
    fn decoder(&self, size: (u32, u32)) -> Result<WebPDecoder<Cursor<Vec<u8>>>, DecodeError> {
        let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
        let mut add = |name: &ChunkName, content: &[u8]| {
            file.extend(name);
            file.extend((content.len() as u32).to_le_bytes());
            file.extend(content);
            file.resize(file.len().next_multiple_of(2), 0);
        };
        if let Some(alpha) = &self.alpha {
            let sides = [size.0 - 1, size.1 - 1].map(u32::to_le_bytes);
            let sides = sides.iter().flat_map(|side| &side[..3]);
            add(b"VP8X", &[ALPHA_FLAG, 0, 0, 0].iter().chain(sides).copied().collect::<Vec<_>>());
            add(b"ALPH", alpha);
        }
        add(&self.name, &self.content);
        let length = u32::try_from(file.len() - 8).unwrap_or(u32::MAX);
        file[4..8].copy_from_slice(&length.to_le_bytes());
        WebPDecoder::new(Cursor::new(file)).map_err(decode_error)
    }

    /// Decodes the pixels. The image must have this size.
    fn pixels(&self, size: (u32, u32)) -> Result<Vec<Rgba>, DecodeError> {
        let mut decoder = self.decoder(size)?;
        if decoder.dimensions() != size {
            return Err(damaged("the size of its image differs from the size in its header"));
        }
        let mut bytes = vec![0; decoder.output_buffer_size().unwrap_or_default()];
        decoder.read_image(&mut bytes).map_err(decode_error)?;
        Ok(if decoder.has_alpha() {
            bytes.as_chunks().0.iter().map(|&[r, g, b, a]| Rgba { r, g, b, a }).collect()
        } else {
            bytes.as_chunks().0.iter().map(|&[r, g, b]| Rgba::opaque(r, g, b)).collect()
        })
    }
}

/// Reads a little-endian number of 24 bits.
fn read_u24(mut bytes: impl Iterator<Item = u8>) -> u32 {
    let mut byte = || bytes.next().unwrap_or(0);
    u32::from_le_bytes([byte(), byte(), byte(), 0])
}

fn damaged(reason: &str) -> DecodeError {
    DecodeError::damaged(NAME, reason)
}

fn chunk_too_short() -> DecodeError {
    damaged("a chunk is too short")
}

fn decode_error(error: DecodingError) -> DecodeError {
    match error {
        DecodingError::IoError(error) => DecodeError::reading(NAME, error),
        other => DecodeError::damaged(NAME, other.to_string()),
    }
}
