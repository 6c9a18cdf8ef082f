//! Packed changes of consecutive frames. Frames are drawn once; statistics and encoders then read the changes instead
//! of the pictures.
//!
//! The changed pixels of a row are split into runs: pixels of one color, or pixels with a color each. Positions count
//! the pixels of the canvas row by row from the top left. A packed run takes a few bytes, and each of its pixels little
//! more than one byte: colors are stored as indices into a table, where the most common colors usually come first.

mod stored;

pub(crate) use self::stored::StoredChanges;

use super::color_table::ColorTable;
use super::delta;
use super::statistics::FrameCounts;
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Minimum number of equal neighbors that are stored as a run of one color.
const MIN_UNIFORM_RUN: usize = 4;

/// A canvas of which only a part may have been drawn; the rest has one color.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CanvasView<'a> {
    /// Picture of the whole canvas or of a part.
    pub(crate) image: &'a Raster,
    /// Bounds of the whole canvas.
    pub(crate) canvas: PixelRect,
    /// Color of the canvas outside of `image`.
    pub(crate) background: Rgba,
}

/// Changed pixels of consecutive frames.
#[derive(Debug, Default)]
pub(crate) struct PackedChanges {
    /// Variable-length integers, see [`write_varint`]. For each run: its zigzag-encoded distance from the end of the
    /// run before, twice its length (plus one if it has one color), and the indices of its colors.
    packed: Vec<u8>,
    colors: ColorTable,
    /// End of the last run, as a position on the canvas.
    last_end: usize,
    /// Length of `packed` at the end of each frame.
    frame_ends: Vec<usize>,
}

/// Memory into which frames are unpacked one after the other.
#[derive(Debug)]
pub(crate) struct UnpackBuffer<T> {
    runs: Vec<RunHeader>,
    pixels: Vec<T>,
}

/// Position and length of an unpacked run.
#[derive(Clone, Copy, Debug)]
struct RunHeader {
    start: u32,
    /// Negative for a run of one color.
    length: i32,
}

/// Changed neighboring pixels of one row.
#[derive(Clone, Copy, Debug)]
pub(super) struct PixelRun<'a, T> {
    /// Position of the first pixel on the canvas.
    pub(super) start: usize,
    pub(super) length: usize,
    pub(super) pixels: RunPixels<'a, T>,
}

/// Values of the pixels of a run.
#[derive(Clone, Copy, Debug)]
pub(super) enum RunPixels<'a, T> {
    /// All pixels are equal.
    Uniform(T),
    /// One value for each pixel.
    Each(&'a [T]),
}

/// Unpacked changes of one frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameChanges<'a, T> {
    runs: &'a [RunHeader],
    pixels: &'a [T],
}

impl<T> Default for UnpackBuffer<T> {
    fn default() -> Self {
        Self { runs: Vec::new(), pixels: Vec::new() }
    }
}

impl PackedChanges {
    /// Approximate size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.packed.len() + size_of_val(self.colors.colors()) + size_of_val(&*self.frame_ends)
    }

    /// Frees memory that is only needed to push more changes.
    pub(crate) fn shrink(&mut self) {
        self.packed.shrink_to_fit();
        self.colors.shrink();
    }

    /// Distinct colors of all changed pixels.
    pub(super) fn colors(&self) -> &[Rgba] {
        self.colors.colors()
    }

    /// Number of frames.
    pub(crate) fn frame_count(&self) -> usize {
        self.frame_ends.len()
    }

    /// Unpacks the changes of frame `index`, counted from the first frame of these changes. `values` are the pixel
    /// values that stand for [`colors`](Self::colors), in the same order.
    pub(super) fn unpack<'a, T: Copy>(
        &self,
        index: usize,
        values: &[T],
        buffer: &'a mut UnpackBuffer<T>,
    ) -> FrameChanges<'a, T> {
        let frame_start = index.checked_sub(1).map_or(0, |before| self.frame_ends[before]);
        let packed = &mut &self.packed[frame_start..self.frame_ends[index]];
        let UnpackBuffer { runs, pixels } = buffer;
        runs.clear();
        pixels.clear();
        let mut last_end = 0;
        while !packed.is_empty() {
            let distance = read_varint(packed);
            let start = last_end + ((distance >> 1) as i64 ^ -((distance & 1) as i64));
            let header = read_varint(packed);
            let (length, is_uniform) = ((header >> 1) as i64, header & 1 == 1);
            let values_stored = if is_uniform { 1 } else { length };
            pixels.extend((0..values_stored).map(|_| values[read_varint(packed) as usize]));
            let length_and_kind = if is_uniform { -length } else { length } as i32;
            runs.push(RunHeader { start: start as u32, length: length_and_kind });
            last_end = start + length;
        }
        FrameChanges { runs, pixels }
    }

    /// Pushes the first frame of a film: every pixel of the canvas.
    pub(crate) fn push_first_frame(&mut self, view: CanvasView<'_>, counts: Option<&mut FrameCounts>) {
        let CanvasView { image, canvas, background } = view;
        let drawn = image.bounds();
        let width = canvas.width() as usize;
        let blank = vec![background; width];
        let mut row = blank.clone();
        for y in 0..canvas.bottom {
            let pixels = if (drawn.top..drawn.bottom).contains(&y) {
                let drawn_row = image.row(y, drawn.left, drawn.right);
                row[drawn.left as usize..drawn.right as usize].copy_from_slice(drawn_row);
                &row
            } else {
                &blank
            };
            self.push_row(y as usize * width, pixels);
        }
        self.end_frame();
        if let Some(counts) = counts {
            let last = self.frame_ends.len() - 1;
            counts.add_first_frame(self.unpack(last, self.colors(), &mut UnpackBuffer::default()));
        }
    }

    /// Pushes the pixels of `rect` that differ from `before`, the rectangle's previous pixels row by row. The
    /// rectangles of one frame must not overlap.
    pub(crate) fn push_rect(
        &mut self,
        view: CanvasView<'_>,
        rect: PixelRect,
        before: &[Rgba],
        mut counts: Option<&mut FrameCounts>,
    ) {
        let width = view.canvas.width() as usize;
        for (y, old) in (rect.top..rect.bottom).zip(before.chunks_exact(rect.width().max(1) as usize)) {
            let new = view.image.row(y, rect.left, rect.right);
            delta::for_each_difference(old, new, |from, to| {
                self.push_row(y as usize * width + rect.left as usize + from, &new[from..to]);
                if let Some(counts) = &mut counts {
                    counts.replace_pixels(&old[from..to], &new[from..to]);
                }
            });
        }
    }

    /// Completes a frame whose changes were pushed with [`push_rect`](Self::push_rect).
    pub(crate) fn finish_frame(&mut self, counts: Option<&mut FrameCounts>) {
        let is_distinct = self.packed.len() > self.frame_ends.last().copied().unwrap_or(0);
        self.end_frame();
        if let Some(counts) = counts {
            counts.end_frame(is_distinct);
        }
    }

    /// Pushes neighboring pixels of one row; `start` is the position of the first.
    pub(super) fn push_row(&mut self, start: usize, pixels: &[Rgba]) {
        let (mut varied_from, mut end) = (0, 0);
        while end < pixels.len() {
            let run_start = end;
            let equal = pixels[run_start..]
                .iter()
                .take(MIN_UNIFORM_RUN)
                .take_while(|pixel| **pixel == pixels[run_start])
                .count();
            end += equal;
            if equal == MIN_UNIFORM_RUN {
                end += delta::leading_pairs(&pixels[run_start..], &pixels[end..], |a, b| a == b);
                self.push_varied_run(start + varied_from, &pixels[varied_from..run_start]);
                self.push_run_header(start + run_start, end - run_start, true);
                self.push_color(pixels[run_start]);
                varied_from = end;
            }
        }
        self.push_varied_run(start + varied_from, &pixels[varied_from..]);
    }

    fn push_varied_run(&mut self, start: usize, pixels: &[Rgba]) {
        if !pixels.is_empty() {
            self.push_run_header(start, pixels.len(), false);
            for &color in pixels {
                self.push_color(color);
            }
        }
    }

    fn push_run_header(&mut self, start: usize, length: usize, is_uniform: bool) {
        // Rectangles come in any order, so the distance may be negative.
        let distance = start as i64 - self.last_end as i64;
        write_varint(&mut self.packed, (distance << 1 ^ distance >> 63) as u64);
        write_varint(&mut self.packed, (length as u64) << 1 | u64::from(is_uniform));
        self.last_end = start + length;
    }

    fn push_color(&mut self, color: Rgba) {
        write_varint(&mut self.packed, u64::from(self.colors.intern(color)));
    }

    /// Completes the current frame.
    pub(super) fn end_frame(&mut self) {
        self.frame_ends.push(self.packed.len());
        self.last_end = 0;
    }
}

/// Appends an integer as unsigned LEB128: seven bits in each byte, lowest first; the highest bit is set in all bytes
/// but the last.
fn write_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads an integer from the front of `bytes`. Most integers take one byte.
#[inline]
fn read_varint(bytes: &mut &[u8]) -> u64 {
    match bytes.split_first() {
        Some((&byte, rest)) if byte < 0x80 => {
            *bytes = rest;
            u64::from(byte)
        }
        _ => read_long_varint(bytes),
    }
}

fn read_long_varint(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
        shift += 7;
    }
    number
}

impl<'a, T: Copy> FrameChanges<'a, T> {
    /// Whether no pixel changes.
    pub(super) fn is_empty(self) -> bool {
        self.runs.is_empty()
    }

    /// Runs of changed pixels, in the order in which they were pushed.
    pub(super) fn runs(self) -> impl Iterator<Item = PixelRun<'a, T>> {
        let mut pixels = self.pixels;
        self.runs.iter().map(move |header| {
            let (start, length) = (header.start as usize, header.length.unsigned_abs() as usize);
            let is_uniform = header.length < 0;
            let (own, rest) = pixels.split_at(if is_uniform { 1 } else { length });
            pixels = rest;
            let pixels = if is_uniform { RunPixels::Uniform(own[0]) } else { RunPixels::Each(own) };
            PixelRun { start, length, pixels }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u32 = 37;

    fn apply(changes: FrameChanges<'_, Rgba>, pixels: &mut [Rgba]) {
        for run in changes.runs() {
            let target = &mut pixels[run.start..run.start + run.length];
            match run.pixels {
                RunPixels::Uniform(color) => target.fill(color),
                RunPixels::Each(colors) => target.copy_from_slice(colors),
            }
        }
    }

    fn whole_canvas(image: &Raster) -> CanvasView<'_> {
        CanvasView { image, canvas: image.bounds(), background: Rgba::CLEAR }
    }

    #[test]
    fn unpacked_changes_reproduce_every_picture() {
        let mut image = Raster::filled(WIDTH, 11, Rgba::WHITE);
        let mut changes = PackedChanges::default();
        changes.push_first_frame(whole_canvas(&image), None);
        let mut pictures = vec![image.clone()];
        for step in 0..25_i32 {
            let rect = PixelRect { left: step, top: step % 7, right: step + 12, bottom: step % 7 + 4 };
            let mut before = Vec::new();
            for y in rect.top..rect.bottom {
                let row = image.row_mut(y, rect.left, rect.right);
                before.extend_from_slice(row);
                let color = |x: i32| Rgba::opaque((step * y) as u8, if x % 9 < 5 { 7 } else { x as u8 }, 0);
                (0..).zip(row).filter(|(x, _)| x % 5 != step % 3).for_each(|(x, pixel)| *pixel = color(x));
            }
            changes.push_rect(whole_canvas(&image), rect, &before, None);
            changes.finish_frame(None);
            pictures.push(image.clone());
        }
        changes.shrink();
        let (mut buffer, mut pixels) = (UnpackBuffer::default(), vec![Rgba::CLEAR; image.pixels().len()]);
        for (index, picture) in pictures.iter().enumerate() {
            apply(changes.unpack(index, changes.colors(), &mut buffer), &mut pixels);
            assert_eq!(pixels, picture.pixels(), "frame {index}");
        }
    }

    #[test]
    fn a_partial_picture_packs_like_the_whole_canvas() {
        let canvas = PixelRect::from_size(WIDTH, 11);
        let drawn = PixelRect { left: 5, top: 3, right: 19, bottom: 7 };
        let mut part = Raster::region(drawn, Rgba::WHITE);
        part.row_mut(4, 6, 9).fill(Rgba::BLACK);
        let mut whole = part.clone();
        whole.grow(canvas, Rgba::WHITE);
        let packed = [&part, &whole].map(|image| {
            let mut changes = PackedChanges::default();
            changes.push_first_frame(CanvasView { image, canvas, background: Rgba::WHITE }, None);
            changes.packed
        });
        assert_eq!(packed[0], packed[1]);
    }

    #[test]
    fn varints_round_trip() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX];
        let mut bytes = Vec::new();
        for number in numbers {
            write_varint(&mut bytes, number);
        }
        let mut bytes = &bytes[..];
        assert_eq!(numbers.map(|_| read_varint(&mut bytes)), numbers);
        assert!(bytes.is_empty());
    }
}
