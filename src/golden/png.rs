//! PNG and APNG. All ways that PNG has to write colors become eight bits a channel; sixteen lose their lower half.
//!
//! A still is a film of one frame. In an animated file the picture that others show may be no part of the film; it is
//! passed over.

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

/// Bytes of a palette: 256 colors.
const MAX_PALETTE_BYTES: usize = 3 * 256;

pub(super) struct PngDecoder<R: BufRead + Seek> {
    reader: Reader<R>,
    /// Frames still to come.
    remaining_frames: u32,
    /// Rows of a frame as they come from the coder.
    data: Vec<u8>,
}

impl<R: BufRead + Seek> PngDecoder<R> {
    pub(super) fn open(input: R) -> Result<(Self, Header), DecodeError> {
        // The coder counts every row buffer of every frame against its limit, as if all of them were kept; what it
        // really keeps of a file is no longer than the file, when it leaves alone what is packed and no pixel.
        let mut decoder = Decoder::new_with_limits(input, Limits { bytes: usize::MAX });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        let size = decoder.read_header_info().map_err(decode_error)?.size();
        Header::new(NAME, size, LoopCount::Times(1))?;
        let mut reader = decoder.read_info().map_err(decode_error)?;
        // The coder takes the palette's length for granted, and panics where it is none.
        let palette = reader.info().palette.as_deref().unwrap_or_default();
        if palette.len() % 3 != 0 || palette.len() > MAX_PALETTE_BYTES {
            return Err(DecodeError::damaged(NAME, "its palette is no list of colors"));
        }
        let (remaining_frames, plays) = match reader.info().animation_control() {
            None => (1, LoopCount::Times(1)),
            Some(animation) if animation.num_plays == 0 => (animation.num_frames, LoopCount::Forever),
            Some(animation) => (animation.num_frames, LoopCount::Times(animation.num_plays)),
        };
        // The frame of a picture that is none of the film has no times, and comes before all that have.
        if reader.info().animation_control().is_some() && reader.info().frame_control().is_none() {
            reader.next_frame_info().map_err(decode_error)?;
        }
        Ok((Self { reader, remaining_frames, data: Vec::new() }, Header::new(NAME, size, plays)?))
    }

    pub(super) fn next_patch(&mut self) -> Result<Option<FramePatch>, DecodeError> {
        if self.remaining_frames == 0 {
            // What comes after the last pixel must still be whole.
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
        // Interlaced rows lie as far apart as the canvas is wide, however narrow the frame.
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

/// The colors of a row, which has alpha in any case.
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
