//! What the frames of a stretch of film change, packed: drawn once, these can be counted and coded
//! without the pictures.
//!
//! A run is a stretch of changed pixels in one row: all of one color, or each with its own. Pixels
//! are counted row by row from the top left. Packed, a run takes a few bytes and its pixels little more than one each,
//! for the colors of a stretch are few: they are numbered, the most common ones first as a rule.

use super::color_table::ColorTable;
use super::delta;
use super::survey::Tally;
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Equal neighbors as many as this are a run of their own.
const UNIFORM: usize = 4;

/// A picture on its canvas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    /// All of it, or a part.
    pub(crate) image: &'a Raster,
    pub(crate) canvas: PixelRect,
    /// The color of what lies around the part.
    pub(crate) around: Rgba,
}

/// The changes of some frames, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Numbers of any size, see [`put`]. Of every run: its distance from the end of the run before, its length twice
    /// and one more where it has one color, and the numbers of its colors.
    packed: Vec<u8>,
    shades: ColorTable,
    /// Where the run ends that was noted last.
    reached: usize,
    /// How many bytes there are up to the end of each frame.
    ends: Vec<usize>,
}

/// Room to unpack a frame into.
#[derive(Debug)]
pub(crate) struct Unpacked<T> {
    runs: Vec<Head>,
    pixels: Vec<T>,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    at: u32,
    /// Negative for pixels of one color.
    length: i32,
}

/// Changed pixels that follow one another in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a, T> {
    /// The first one's place in the picture.
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) shades: RunColors<'a, T>,
}

/// What the pixels of a run are.
#[derive(Clone, Copy, Debug)]
pub(super) enum RunColors<'a, T> {
    All(T),
    Each(&'a [T]),
}

/// The changes of one frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a, T> {
    runs: &'a [Head],
    pixels: &'a [T],
}

impl<T> Default for Unpacked<T> {
    fn default() -> Self {
        Self { runs: Vec::new(), pixels: Vec::new() }
    }
}

impl Changes {
    /// How many bytes they take, about.
    pub(crate) fn bytes(&self) -> usize {
        self.packed.len() + size_of_val(self.shades.colors()) + size_of_val(&*self.ends)
    }

    /// Gives back memory that was only there to grow into.
    pub(crate) fn shrink(&mut self) {
        self.packed.shrink_to_fit();
        self.shades.shrink();
    }

    /// The colors of all pixels, each once.
    pub(super) fn colors(&self) -> &[Rgba] {
        self.shades.colors()
    }

    /// How many frames there are.
    pub(crate) fn frames(&self) -> usize {
        self.ends.len()
    }

    /// What frame `index` of the stretch changes, where each color is called as `color_table` calls the one of its number in
    /// [`colors`](Self::colors).
    pub(super) fn frame<'a, T: Copy>(
        &self,
        index: usize,
        shades: &[T],
        into: &'a mut Unpacked<T>,
    ) -> Change<'a, T> {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let packed = &mut &self.packed[start..self.ends[index]];
        let Unpacked { runs, pixels } = into;
        runs.clear();
        pixels.clear();
        let mut reached = 0;
        while !packed.is_empty() {
            let distance = take(packed);
            let at = reached + ((distance >> 1) as i64 ^ -((distance & 1) as i64));
            let said = take(packed);
            let (length, uniform) = ((said >> 1) as i64, said & 1 == 1);
            let own = if uniform { 1 } else { length };
            pixels.extend((0..own).map(|_| shades[take(packed) as usize]));
            runs.push(Head { at: at as u32, length: if uniform { -length } else { length } as i32 });
            reached = at + length;
        }
        Change { runs, pixels }
    }

    /// Notes a picture that follows nothing.
    pub(crate) fn first(&mut self, shown: Shown<'_>, tally: Option<&mut Tally>) {
        let Shown { image, canvas, around } = shown;
        let part = image.bounds();
        let width = canvas.width() as usize;
        let blank = vec![around; width];
        let mut row = blank.clone();
        for y in 0..canvas.bottom {
            let pixels = if (part.top..part.bottom).contains(&y) {
                let inked = image.row(y, part.left, part.right);
                row[part.left as usize..part.right as usize].copy_from_slice(inked);
                &row
            } else {
                &blank
            };
            self.push(y as usize * width, pixels);
        }
        self.end_frame();
        if let Some(tally) = tally {
            let last = self.ends.len() - 1;
            tally.first(self.frame(last, self.colors(), &mut Unpacked::default()));
        }
    }

    /// Notes what is another in `rect`, whose pixels, row by row, were `before`. The rectangles of a frame do not
    /// overlap.
    pub(crate) fn next(
        &mut self,
        shown: Shown<'_>,
        rect: PixelRect,
        before: &[Rgba],
        mut tally: Option<&mut Tally>,
    ) {
        let width = shown.canvas.width() as usize;
        for (y, old) in (rect.top..rect.bottom).zip(before.chunks_exact(rect.width().max(1) as usize)) {
            let new = shown.image.row(y, rect.left, rect.right);
            delta::stretches(old, new, |from, to| {
                self.push(y as usize * width + rect.left as usize + from, &new[from..to]);
                if let Some(tally) = &mut tally {
                    tally.exchange(&old[from..to], &new[from..to]);
                }
            });
        }
    }

    /// The frame whose changes were noted rectangle by rectangle is complete.
    pub(crate) fn end_next(&mut self, tally: Option<&mut Tally>) {
        let differs = self.packed.len() > self.ends.last().copied().unwrap_or(0);
        self.end_frame();
        if let Some(tally) = tally {
            tally.end_frame(differs);
        }
    }

    /// Notes pixels of one row from a place on.
    pub(super) fn push(&mut self, at: usize, pixels: &[Rgba]) {
        let (mut begun, mut end) = (0, 0);
        while end < pixels.len() {
            let start = end;
            let few =
                pixels[start..].iter().take(UNIFORM).take_while(|pixel| **pixel == pixels[start]).count();
            end += few;
            if few == UNIFORM {
                end += delta::leading(&pixels[start..], &pixels[end..], |a, b| a == b);
                self.push_each(at + begun, &pixels[begun..start]);
                self.push_run(at + start, end - start, true);
                self.push_color(pixels[start]);
                begun = end;
            }
        }
        self.push_each(at + begun, &pixels[begun..]);
    }

    fn push_each(&mut self, at: usize, pixels: &[Rgba]) {
        if !pixels.is_empty() {
            self.push_run(at, pixels.len(), false);
            for &color in pixels {
                self.push_color(color);
            }
        }
    }

    fn push_run(&mut self, at: usize, length: usize, uniform: bool) {
        // Rectangles come in any order, so the distance may be negative.
        let distance = at as i64 - self.reached as i64;
        put(&mut self.packed, (distance << 1 ^ distance >> 63) as u64);
        put(&mut self.packed, (length as u64) << 1 | u64::from(uniform));
        self.reached = at + length;
    }

    fn push_color(&mut self, color: Rgba) {
        put(&mut self.packed, u64::from(self.shades.number(color)));
    }

    /// The frame that was noted last is complete.
    pub(super) fn end_frame(&mut self) {
        self.ends.push(self.packed.len());
        self.reached = 0;
    }
}

/// Writes a number, seven bits a byte, the lowest first; the highest bit says that more follow.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes such a number from the front; most are of one byte.
#[inline]
fn take(bytes: &mut &[u8]) -> u64 {
    match bytes.split_first() {
        Some((&byte, rest)) if byte < 0x80 => {
            *bytes = rest;
            u64::from(byte)
        }
        _ => take_long(bytes),
    }
}

fn take_long(bytes: &mut &[u8]) -> u64 {
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

impl<'a, T: Copy> Change<'a, T> {
    /// Whether no pixel changes.
    pub(super) fn is_nothing(self) -> bool {
        self.runs.is_empty()
    }

    /// Its runs, rectangle by rectangle.
    pub(super) fn runs(self) -> impl Iterator<Item = Run<'a, T>> {
        let mut pixels = self.pixels;
        self.runs.iter().map(move |head| {
            let (at, length) = (head.at as usize, head.length.unsigned_abs() as usize);
            let uniform = head.length < 0;
            let (own, rest) = pixels.split_at(if uniform { 1 } else { length });
            pixels = rest;
            let shades = if uniform { RunColors::All(own[0]) } else { RunColors::Each(own) };
            Run { at, length, shades }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u32 = 37;

    fn apply(change: Change<'_, Rgba>, pixels: &mut [Rgba]) {
        for run in change.runs() {
            let place = &mut pixels[run.at..run.at + run.length];
            match run.shades {
                RunColors::All(color) => place.fill(color),
                RunColors::Each(colors) => place.copy_from_slice(colors),
            }
        }
    }

    fn on_canvas(image: &Raster) -> Shown<'_> {
        Shown { image, canvas: image.bounds(), around: Rgba::CLEAR }
    }

    #[test]
    fn what_is_noted_comes_back() {
        let mut image = Raster::filled(WIDTH, 11, Rgba::WHITE);
        let mut changes = Changes::default();
        changes.first(on_canvas(&image), None);
        let mut pictures = vec![image.clone()];
        for step in 0..25_i32 {
            let rect = PixelRect { left: step, top: step % 7, right: step + 12, bottom: step % 7 + 4 };
            let mut before = Vec::new();
            for y in rect.top..rect.bottom {
                let row = image.row_mut(y, rect.left, rect.right);
                before.extend_from_slice(row);
                let shade = |x: i32| Rgba::opaque((step * y) as u8, if x % 9 < 5 { 7 } else { x as u8 }, 0);
                (0..).zip(row).filter(|(x, _)| x % 5 != step % 3).for_each(|(x, pixel)| *pixel = shade(x));
            }
            changes.next(on_canvas(&image), rect, &before, None);
            changes.end_next(None);
            pictures.push(image.clone());
        }
        changes.shrink();
        let (mut unpacked, mut shown) = (Unpacked::default(), vec![Rgba::CLEAR; image.pixels().len()]);
        for (index, picture) in pictures.iter().enumerate() {
            apply(changes.frame(index, changes.colors(), &mut unpacked), &mut shown);
            assert_eq!(shown, picture.pixels(), "frame {index}");
        }
    }
    #[test]
    fn a_part_of_a_picture_is_noted_as_the_whole() {
        let canvas = PixelRect::from_size(WIDTH, 11);
        let place = PixelRect { left: 5, top: 3, right: 19, bottom: 7 };
        let mut part = Raster::region(place, Rgba::WHITE);
        part.row_mut(4, 6, 9).fill(Rgba::BLACK);
        let mut whole = part.clone();
        whole.grow(canvas, Rgba::WHITE);
        let noted = [&part, &whole].map(|image| {
            let mut changes = Changes::default();
            changes.first(Shown { image, canvas, around: Rgba::WHITE }, None);
            changes.packed
        });
        assert_eq!(noted[0], noted[1]);
    }

    #[test]
    fn numbers_of_any_size_come_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX];
        let mut bytes = Vec::new();
        for number in numbers {
            put(&mut bytes, number);
        }
        let mut bytes = &bytes[..];
        assert_eq!(numbers.map(|_| take(&mut bytes)), numbers);
        assert!(bytes.is_empty());
    }
}
