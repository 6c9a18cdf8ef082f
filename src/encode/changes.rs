//! What the frames of a stretch of film change, packed: drawn once, these can be counted and coded
//! without the pictures.
//!
//! A run is a stretch of changed pixels in one row: all of one colour, or each with its own. Pixels
//! are counted row by row from the top left.

use super::delta;
use super::survey::Tally;
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Equal neighbours as many as this are a run of their own.
const UNIFORM: usize = 4;

/// The changes of some frames, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    runs: Vec<Head>,
    pixels: Vec<Rgba>,
    /// How many runs and pixels there are up to the end of each frame.
    ends: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    at: u32,
    /// Negative for pixels of one colour.
    length: i32,
}

/// Changed pixels that follow one another in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    /// The first one's place in the picture.
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) colours: Colours<'a>,
}

/// The colours of a run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Colours<'a> {
    All(Rgba),
    Each(&'a [Rgba]),
}

/// The changes of one frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    runs: &'a [Head],
    pixels: &'a [Rgba],
}

impl Changes {
    /// How many bytes they take, about.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.runs) + size_of_val(&*self.pixels) + size_of_val(&*self.ends)
    }

    /// Gives back memory that was only there to grow into.
    pub(crate) fn shrink(&mut self) {
        self.runs.shrink_to_fit();
        self.pixels.shrink_to_fit();
    }

    /// How many frames there are.
    pub(crate) fn frames(&self) -> usize {
        self.ends.len()
    }

    /// What frame `index` of the stretch changes.
    pub(crate) fn frame(&self, index: usize) -> Change<'_> {
        let (run, pixel) = index.checked_sub(1).map_or((0, 0), |before| self.ends[before]);
        let (last_run, last_pixel) = self.ends[index];
        Change { runs: &self.runs[run..last_run], pixels: &self.pixels[pixel..last_pixel] }
    }

    /// Notes a picture that follows nothing.
    pub(crate) fn first(&mut self, image: &Raster, tally: Option<&mut Tally>) {
        let width = image.width() as usize;
        for (y, row) in image.pixels().chunks_exact(width.max(1)).enumerate() {
            self.push(y * width, row);
        }
        self.end_frame();
        if let Some(tally) = tally {
            tally.first(self.frame(self.ends.len() - 1));
        }
    }

    /// Notes a picture that differs from the one before it at most in `rects`, whose pixels there, row by
    /// row and rectangle by rectangle, were `before`.
    pub(crate) fn next(
        &mut self,
        image: &Raster,
        rects: &[PixelRect],
        mut before: &[Rgba],
        mut tally: Option<&mut Tally>,
    ) {
        let width = image.width() as usize;
        let mut differs = false;
        for rect in rects {
            for y in rect.top..rect.bottom {
                let new = image.row(y, rect.left, rect.right);
                let (old, rest) = before.split_at(new.len());
                before = rest;
                delta::stretches(old, new, |from, to| {
                    differs = true;
                    self.push(y as usize * width + rect.left as usize + from, &new[from..to]);
                    if let Some(tally) = &mut tally {
                        tally.exchange(&old[from..to], &new[from..to]);
                    }
                });
            }
        }
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
            end += 1 + delta::leading(&pixels[start..], &pixels[start + 1..], |a, b| a == b);
            if end - start >= UNIFORM {
                self.push_each(at + begun, &pixels[begun..start]);
                self.runs.push(Head { at: (at + start) as u32, length: -((end - start) as i32) });
                self.pixels.push(pixels[start]);
                begun = end;
            }
        }
        self.push_each(at + begun, &pixels[begun..]);
    }

    fn push_each(&mut self, at: usize, pixels: &[Rgba]) {
        if !pixels.is_empty() {
            self.runs.push(Head { at: at as u32, length: pixels.len() as i32 });
            self.pixels.extend_from_slice(pixels);
        }
    }

    /// The frame that was noted last is complete.
    pub(super) fn end_frame(&mut self) {
        self.ends.push((self.runs.len(), self.pixels.len()));
    }
}

impl<'a> Change<'a> {
    /// Its runs, rectangle by rectangle.
    pub(super) fn runs(self) -> impl Iterator<Item = Run<'a>> {
        let mut pixels = self.pixels;
        self.runs.iter().map(move |head| {
            let (at, length) = (head.at as usize, head.length.unsigned_abs() as usize);
            let uniform = head.length < 0;
            let (own, rest) = pixels.split_at(if uniform { 1 } else { length });
            pixels = rest;
            let colours = if uniform { Colours::All(own[0]) } else { Colours::Each(own) };
            Run { at, length, colours }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u32 = 37;

    fn apply(change: Change<'_>, pixels: &mut [Rgba]) {
        for run in change.runs() {
            let place = &mut pixels[run.at..run.at + run.length];
            match run.colours {
                Colours::All(colour) => place.fill(colour),
                Colours::Each(colours) => place.copy_from_slice(colours),
            }
        }
    }

    #[test]
    fn what_is_noted_comes_back() {
        let mut image = Raster::filled(WIDTH, 11, Rgba::WHITE);
        let mut changes = Changes::default();
        changes.first(&image, None);
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
            changes.next(&image, &[rect], &before, None);
            pictures.push(image.clone());
        }
        let mut shown = vec![Rgba::CLEAR; image.pixels().len()];
        for (index, picture) in pictures.iter().enumerate() {
            apply(changes.frame(index), &mut shown);
            assert_eq!(shown, picture.pixels(), "frame {index}");
        }
    }
}
