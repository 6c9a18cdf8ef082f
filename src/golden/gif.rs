//! Decoding of GIF: frames of palette indices. One index of each frame may be transparent.

use std::io::Read;

use gif::{Decoder, DecodingError, DisposalMethod, Repeat};

use super::canvas::{Blend, Dispose, FramePatch, frame_rect};
use super::decode::{Delay, Header};
use super::error::DecodeError;
use crate::raster::Rgba;
use crate::timing::LoopCount;
use crate::timing::ticks::GIF_TICKS;

pub(super) const NAME: &str = "GIF";

/// Bytes per palette entry: red, green and blue.
const CHANNELS: usize = 3;

pub(super) struct GifDecoder<R: Read> {
    decoder: Decoder<R>,
    size: (u32, u32),
}

impl<R: Read> GifDecoder<R> {
    pub(super) fn open(input: R) -> Result<(Self, Header), DecodeError> {
        let decoder = Decoder::new(input).map_err(decode_error)?;
        let size = (u32::from(decoder.width()), u32::from(decoder.height()));
        // The file stores the number of repetitions after the first time.
        let plays = match decoder.repeat() {
            Repeat::Infinite => LoopCount::Forever,
            Repeat::Finite(again) => LoopCount::Times(u32::from(again) + 1),
        };
        Ok((Self { decoder, size }, Header::new(NAME, size, plays)?))
    }

    pub(super) fn next_patch(&mut self) -> Result<Option<FramePatch>, DecodeError> {
        let Some(frame) = self.decoder.next_frame_info().map_err(decode_error)? else { return Ok(None) };
        let (origin, size) =
            ((frame.left.into(), frame.top.into()), (frame.width.into(), frame.height.into()));
        let delay = Delay::new(frame.delay.into(), GIF_TICKS);
        let clear = frame.transparent;
        let dispose = match frame.dispose {
            DisposalMethod::Any | DisposalMethod::Keep => Dispose::Keep,
            DisposalMethod::Background => Dispose::Clear,
            DisposalMethod::Previous => Dispose::Restore,
        };
        let rect = frame_rect(origin, size, self.size)
            .ok_or_else(|| DecodeError::damaged(NAME, "its frame is empty or leaves the canvas"))?;
        let mut indices = vec![0; size.0 as usize * size.1 as usize];
        self.decoder.read_into_buffer(&mut indices).map_err(decode_error)?;
        let pixels = to_rgba(&indices, self.decoder.palette().map_err(decode_error)?, clear)?;
        Ok(Some(FramePatch { rect, pixels, blend: Blend::Over, dispose, delay }))
    }
}

/// Looks up the color of each index. The index `clear` is transparent.
fn to_rgba(indices: &[u8], palette: &[u8], clear: Option<u8>) -> Result<Vec<Rgba>, DecodeError> {
    let mut colors: Vec<Option<Rgba>> =
        palette.as_chunks::<CHANNELS>().0.iter().map(|&[r, g, b]| Some(Rgba::opaque(r, g, b))).collect();
    colors.resize(usize::from(u8::MAX) + 1, None);
    if let Some(clear) = clear {
        colors[usize::from(clear)] = Some(Rgba::CLEAR);
    }
    let found: Option<Vec<Rgba>> = indices.iter().map(|&index| colors[usize::from(index)]).collect();
    found.ok_or_else(|| DecodeError::damaged(NAME, "a pixel has an index that its palette lacks"))
}

fn decode_error(error: DecodingError) -> DecodeError {
    match error {
        DecodingError::Io(error) => DecodeError::reading(NAME, error),
        DecodingError::UnexpectedEof => DecodeError::damaged(NAME, "the file ends too early"),
        other => DecodeError::damaged(NAME, other.to_string()),
    }
}
