//! WebP, still or animated. The container is read here, since `image-webp` composes frames otherwise than browsers do:
//! it never clears a frame away unless told a color, then clears the whole canvas for a next frame that covers
//! it, and takes three bytes a pixel for four under lossy frames. It decodes each frame's own picture, handed to it as
//! a file that holds nothing else.
//!
//! The container is RIFF: chunks of a name, a length and as many bytes, padded to even. `VP8X` tells the canvas, `ANIM`
//! the plays, each `ANMF` holds a frame; a picture is a `VP8L`, or a `VP8 ` with or without its `ALPH` before it.

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

/// `VP8X`: there are frames.
const ANIMATION_FLAG: u8 = 0b0000_0010;
/// `VP8X`: some pixel is not opaque.
const ALPHA_FLAG: u8 = 0b0001_0000;
/// `ANMF`: the frame is cleared away after its time.
const DISPOSE_FLAG: u8 = 0b01;
/// `ANMF`: the frame replaces its rectangle.
const NO_BLEND_FLAG: u8 = 0b10;
/// Bytes of an `ANMF` before its picture.
const FRAME_HEADER_BYTES: usize = 16;

pub(super) struct WebpDecoder<R> {
    chunks: Chunks<R>,
    size: (u32, u32),
    /// The picture of a still, until it is shown.
    still: Option<StillImage>,
}

/// The chunks of a file, one after the other.
struct Chunks<R> {
    input: R,
    /// Bytes that are left, as the file says.
    remaining: u64,
}

type ChunkName = [u8; 4];

/// One picture as a file of its own.
struct StillImage {
    alpha: Option<Vec<u8>>,
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
    /// The next chunk; its bytes are kept only as far as the file holds them.
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
            .ok_or_else(|| damaged("a part is longer than the whole"))?;
        let mut content = Vec::new();
        let read = (&mut self.input).take(padded).read_to_end(&mut content);
        if (read.map_err(|error| DecodeError::reading(NAME, error))? as u64) < padded {
            return Err(damaged("the file ends too early"));
        }
        content.truncate(length as usize);
        Ok(Some(([a, b, c, d], content)))
    }

    /// Reads on to the end, to see that it is there.
    fn read_to_end(&mut self) -> Result<(), DecodeError> {
        while self.next()?.is_some() {}
        Ok(())
    }

    /// Reads on to the number of plays, which stands before the frames.
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
        Err(damaged("it does not say how often it plays"))
    }
}

impl StillImage {
    /// The picture among some chunks.
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
        Err(damaged("it has no picture"))
    }

    /// A decoder of nothing but this picture. With alpha apart, the file must say what size it has.
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

    /// Its pixels, which must be of this size.
    fn pixels(&self, size: (u32, u32)) -> Result<Vec<Rgba>, DecodeError> {
        let mut decoder = self.decoder(size)?;
        if decoder.dimensions() != size {
            return Err(damaged("its picture is of another size than it says"));
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

/// A number of 24 bits.
fn read_u24(mut bytes: impl Iterator<Item = u8>) -> u32 {
    let mut byte = || bytes.next().unwrap_or(0);
    u32::from_le_bytes([byte(), byte(), byte(), 0])
}

fn damaged(reason: &str) -> DecodeError {
    DecodeError::damaged(NAME, reason)
}

fn chunk_too_short() -> DecodeError {
    damaged("a part of it is too short")
}

fn decode_error(error: DecodingError) -> DecodeError {
    match error {
        DecodingError::IoError(error) => DecodeError::reading(NAME, error),
        other => DecodeError::damaged(NAME, other.to_string()),
    }
}
