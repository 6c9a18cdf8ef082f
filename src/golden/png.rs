//! Decoding of PNG and APNG. All color types become eight bits per channel; of 16-bit channels, the low byte
//! is dropped.
//!
//! A still is an animation of one frame. The default image of an APNG, which viewers without animation show,
//! may not belong to the animation; it is then skipped.

use std::io::{BufRead, Seek};

use png::{
    BlendOp, ColorType, Decoder, DecodingError, DisposeOp, FrameControl, Limits, Reader, Transformations,
};

use super::canvas::{Blend, Dispose, FramePatch, frame_rect};
use super::decode::{Delay, Header};
use super::error::DecodeError;
use crate::raster::Rgba;
use crate::timing::LoopCount;

pub(super) const NAME: &str = "PNG";

/// The largest length of a palette, in bytes: 256 colors.
const MAX_PALETTE_BYTES: usize = 3 * 256;

pub(super) struct PngDecoder<R: BufRead + Seek> {
    reader: Reader<R>,
    /// The number of frames not decoded yet.
    remaining_frames: u32,
    /// The buffer for the rows of a frame.
    data: Vec<u8>,
}

impl<R: BufRead + Seek> PngDecoder<R> {
    pub(super) fn open(input: R) -> Result<(Self, Header), DecodeError> {
        // The decoder counts the row buffers of all frames against its limit, although it frees them. Without
        // compressed text and color profiles, which are ignored, it keeps no more than the length of the
        // file, so no limit is needed.
        let mut decoder = Decoder::new_with_limits(input, Limits { bytes: usize::MAX });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        let size = decoder.read_header_info().map_err(decode_error)?.size();
        Header::new(NAME, size, LoopCount::Times(1))?;
        let mut reader = decoder.read_info().map_err(decode_error)?;
        // The decoder does not check the length of the palette, and panics if it is invalid.
        let palette = reader.info().palette.as_deref().unwrap_or_default();
        if palette.len() % 3 != 0 || palette.len() > MAX_PALETTE_BYTES {
            return Err(DecodeError::damaged(NAME, "its palette is not a list of up to 256 colors"));
        }
        let (remaining_frames, plays) = match reader.info().animation_control() {
            None => (1, LoopCount::Times(1)),
            Some(animation) if animation.num_plays == 0 => (animation.num_frames, LoopCount::Forever),
            Some(animation) => (animation.num_frames, LoopCount::Times(animation.num_plays)),
        };
        // A default image without frame control does not belong to the animation. It comes before all frames.
        if reader.info().animation_control().is_some() && reader.info().frame_control().is_none() {
            reader.next_frame_info().map_err(decode_error)?;
        }
        Ok((Self { reader, remaining_frames, data: Vec::new() }, Header::new(NAME, size, plays)?))
    }

    pub(super) fn next_patch(&mut self) -> Result<Option<FramePatch>, DecodeError> {
        if self.remaining_frames == 0 {
            // The rest of the file must be complete as well.
            self.reader.finish().map_err(decode_error)?;
            return Ok(None);
        }
        self.remaining_frames -= 1;
        if self.data.is_empty() {
            let bytes = self.reader.output_buffer_size();
            self.data = vec![0; bytes.ok_or_else(|| DecodeError::damaged(NAME, "it is too large"))?];
        }
        let output = self.reader.next_frame(&mut self.data).map_err(decode_error)?;
        let info = self.reader.info();
        let control = info.frame_control().copied();
        let origin = control.map_or((0, 0), |control| (control.x_offset, control.y_offset));
        let rect = frame_rect(origin, (output.width, output.height), info.size())
            .ok_or_else(|| DecodeError::damaged(NAME, "its frame is empty or leaves the canvas"))?;
        // Interlaced rows have the stride of the canvas, even if the frame is narrower.
        let stride = if info.interlaced { self.data.len() / info.height as usize } else { output.line_size };
        let rows = self.data.chunks_exact(stride).take(output.height as usize);
        let pixels = rows.flat_map(|row| to_rgba(&row[..output.line_size], output.color_type)).collect();
        let blend = control.map_or(Blend::Source, |control| match control.blend_op {
            BlendOp::Source => Blend::Source,
            BlendOp::Over => Blend::Over,
        });
        Ok(Some(FramePatch { rect, pixels, blend, dispose: to_dispose(control), delay: to_delay(control) }))
    }
}

fn to_dispose(control: Option<FrameControl>) -> Dispose {
    control.map_or(Dispose::Keep, |control| match control.dispose_op {
        DisposeOp::None => Dispose::Keep,
        DisposeOp::Background => Dispose::Clear,
        DisposeOp::Previous => Dispose::Restore,
    })
}

fn to_delay(control: Option<FrameControl>) -> Delay {
    let from_control = |control: FrameControl| Delay::new(control.delay_num.into(), control.delay_den.into());
    control.map_or(Delay::NONE, from_control)
}

/// Converts a row, which has an alpha channel for every color type.
fn to_rgba(row: &[u8], color_type: ColorType) -> impl Iterator<Item = Rgba> {
    let (is_gray, bytes) = match color_type {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => (true, 2),
        ColorType::Rgb | ColorType::Rgba | ColorType::Indexed => (false, 4),
    };
    row.chunks_exact(bytes).map(move |pixel| {
        if is_gray {
            Rgba { r: pixel[0], g: pixel[0], b: pixel[0], a: pixel[1] }
        } else {
            Rgba { r: pixel[0], g: pixel[1], b: pixel[2], a: pixel[3] }
        }
    })
}

fn decode_error(error: DecodingError) -> DecodeError {
    match error {
        DecodingError::IoError(error) => DecodeError::reading(NAME, error),
        other => DecodeError::damaged(NAME, other.to_string()),
    }
}
