//! PNG and APNG. All ways that PNG has to write colors become eight bits a channel; sixteen lose their lower half.
//!
//! A still is a film of one frame. In an animated file the picture that others show may be no part of the film; it is
//! passed over.

use std::io::{BufRead, Seek};

use png::{
    BlendOp, ColorType, Decoder, DecodingError, DisposeOp, FrameControl, Limits, Reader, Transformations,
};

use super::canvas::{Blend, Dispose, Patch, inside};
use super::decode::{Delay, Header};
use super::error::DecodeError;
use crate::raster::Rgba;
use crate::timing::LoopCount;

pub(super) const NAME: &str = "PNG";

/// Bytes of a palette: 256 colors.
const MOST_PALETTE: usize = 3 * 256;

pub(super) struct Png<R: BufRead + Seek> {
    reader: Reader<R>,
    /// Frames still to come.
    left: u32,
    /// Rows of a frame as they come from the coder.
    data: Vec<u8>,
}

impl<R: BufRead + Seek> Png<R> {
    pub(super) fn open(input: R) -> Result<(Self, Header), DecodeError> {
        // The coder counts every row buffer of every frame against its limit, as if all of them were kept; what it
        // really keeps of a file is no longer than the file, when it leaves alone what is packed and no pixel.
        let mut decoder = Decoder::new_with_limits(input, Limits { bytes: usize::MAX });
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        let size = decoder.read_header_info().map_err(damaged)?.size();
        Header::new(NAME, size, LoopCount::Times(1))?;
        let mut reader = decoder.read_info().map_err(damaged)?;
        // The coder takes the palette's length for granted, and panics where it is none.
        let palette = reader.info().palette.as_deref().unwrap_or_default();
        if palette.len() % 3 != 0 || palette.len() > MOST_PALETTE {
            return Err(DecodeError::damaged(NAME, "its palette is no list of colors"));
        }
        let (left, plays) = match reader.info().animation_control() {
            None => (1, LoopCount::Times(1)),
            Some(film) if film.num_plays == 0 => (film.num_frames, LoopCount::Forever),
            Some(film) => (film.num_frames, LoopCount::Times(film.num_plays)),
        };
        // The frame of a picture that is none of the film has no times, and comes before all that have.
        if reader.info().animation_control().is_some() && reader.info().frame_control().is_none() {
            reader.next_frame_info().map_err(damaged)?;
        }
        Ok((Self { reader, left, data: Vec::new() }, Header::new(NAME, size, plays)?))
    }

    pub(super) fn next(&mut self) -> Result<Option<Patch>, DecodeError> {
        if self.left == 0 {
            // What comes after the last pixel must still be whole.
            self.reader.finish().map_err(damaged)?;
            return Ok(None);
        }
        self.left -= 1;
        if self.data.is_empty() {
            let bytes = self.reader.output_buffer_size();
            self.data = vec![0; bytes.ok_or_else(|| DecodeError::damaged(NAME, "it is too large"))?];
        }
        let told = self.reader.next_frame(&mut self.data).map_err(damaged)?;
        let info = self.reader.info();
        let control = info.frame_control().copied();
        let place = control.map_or((0, 0), |control| (control.x_offset, control.y_offset));
        let rect = inside(place, (told.width, told.height), info.size())
            .ok_or_else(|| DecodeError::damaged(NAME, "its frame is empty or leaves the canvas"))?;
        // Interlaced rows lie as far apart as the canvas is wide, however narrow the frame.
        let stride = if info.interlaced { self.data.len() / info.height as usize } else { told.line_size };
        let rows = self.data.chunks_exact(stride).take(told.height as usize);
        let pixels = rows.flat_map(|row| colored(&row[..told.line_size], told.color_type)).collect();
        let blend = control.map_or(Blend::Source, |control| match control.blend_op {
            BlendOp::Source => Blend::Source,
            BlendOp::Over => Blend::Over,
        });
        Ok(Some(Patch { rect, pixels, blend, dispose: disposal(control), delay: delay(control) }))
    }
}

fn disposal(control: Option<FrameControl>) -> Dispose {
    control.map_or(Dispose::Keep, |control| match control.dispose_op {
        DisposeOp::None => Dispose::Keep,
        DisposeOp::Background => Dispose::Clear,
        DisposeOp::Previous => Dispose::Restore,
    })
}

fn delay(control: Option<FrameControl>) -> Delay {
    let told = |control: FrameControl| Delay::new(control.delay_num.into(), control.delay_den.into());
    control.map_or(Delay::NONE, told)
}

/// The colors of a row, which has alpha in any case.
fn colored(row: &[u8], kind: ColorType) -> impl Iterator<Item = Rgba> {
    let (grey, bytes) = match kind {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => (true, 2),
        ColorType::Rgb | ColorType::Rgba | ColorType::Indexed => (false, 4),
    };
    row.chunks_exact(bytes).map(move |pixel| {
        if grey {
            Rgba { r: pixel[0], g: pixel[0], b: pixel[0], a: pixel[1] }
        } else {
            Rgba { r: pixel[0], g: pixel[1], b: pixel[2], a: pixel[3] }
        }
    })
}

fn damaged(error: DecodingError) -> DecodeError {
    match error {
        DecodingError::IoError(error) => DecodeError::reading(NAME, error),
        other => DecodeError::damaged(NAME, other.to_string()),
    }
}
