//! A picture that follows a list of marks and repaints only what changes.
//!
//! Each mark keeps its coverage in a slot. A new list is compared with the one that is shown; where they
//! differ, the rectangles around the old and the new ink are cleared and painted again, all marks in
//! their order, from the coverages kept. Coverage does not depend on what is repainted, so after any
//! sequence of lists the picture is, byte for byte, what a new renderer paints of the last one.

use crate::draw::blend;
use crate::draw::coverage::{Coverage, IncrementalStroke};
use crate::encode::Shown;
use crate::film::dirty_rects;
use crate::geometry::PixelRect;
use crate::mark::{Fill, Mark, Pen, Stroke};
use crate::raster::{Raster, Rgba};

/// A picture that is only a part of its canvas grows to multiples of so many pixels, so that it does not grow with every
/// step of what moves.
const STEP: i32 = 64;

/// Pixels of a band: few enough to be still at hand for the processor when they are looked at again.
const BAND: u32 = 1 << 13;

/// Paints lists of marks, one after the other.
#[derive(Debug)]
pub struct Renderer {
    /// The part of the canvas in which there was ink so far, or all of it.
    picture: Raster,
    canvas: PixelRect,
    background: Rgba,
    slots: Vec<Slot>,
    changed: Vec<PixelRect>,
    /// Room for what stood somewhere before.
    before: Vec<Rgba>,
    /// Whether a list has been shown: the first one changes the whole picture.
    begun: bool,
}

/// A mark that is shown and the coverage it has.
#[derive(Debug)]
struct Slot {
    mark: Mark,
    ink: Ink,
}

#[derive(Debug)]
enum Ink {
    /// Masks that do not overlap.
    Masked(Vec<Coverage>),
    Stroked(Box<IncrementalStroke>),
}

impl Renderer {
    /// An empty picture of this size in pixels.
    #[must_use]
    pub fn new(width: u32, height: u32, background: Rgba) -> Self {
        Self::holding(PixelRect::from_size(width, height), width, height, background)
    }

    /// The same, but that its picture is only a part of the canvas: as large as ink made it so far, and all
    /// background around. On a large canvas with little ink, most of the memory and its clearing is spared.
    pub(crate) fn growing(width: u32, height: u32, background: Rgba) -> Self {
        Self::holding(PixelRect::default(), width, height, background)
    }

    fn holding(part: PixelRect, width: u32, height: u32, background: Rgba) -> Self {
        let background = if background.a == 0 { Rgba::CLEAR } else { background };
        Self {
            picture: Raster::region(part, background),
            canvas: PixelRect::from_size(width, height),
            background,
            slots: Vec::new(),
            changed: Vec::new(),
            before: Vec::new(),
            begun: false,
        }
    }

    /// Shows a list of marks, painted in order. Returns where the picture can have changed: disjoint
    /// rectangles inside it, the whole of it the first time.
    ///
    /// Lists of one length are compared index by index (so let [`Mark::Nothing`] hold the place of what
    /// comes and goes), others by what they share at both ends. A stroke that only grew along the same
    /// path, by the same pen, costs what the new piece costs.
    pub fn show(&mut self, marks: Vec<Mark>) -> &[PixelRect] {
        self.take(marks);
        for at in 0..self.changed.len() {
            self.repaint(self.changed[at]);
        }
        self.begun = true;
        &self.changed
    }

    /// The same, but that it tells, band by band, of each that is repainted: the picture as far as it is painted, the
    /// band, and what stood there before, row by row. The first time, this is the background.
    pub(crate) fn show_band_by_band(
        &mut self,
        marks: Vec<Mark>,
        mut painted: impl FnMut(Shown<'_>, PixelRect, &[Rgba]),
    ) {
        self.take(marks);
        for at in 0..self.changed.len() {
            let rect = self.changed[at].intersect(&self.picture.bounds());
            let rows = (BAND / rect.width().max(1)).max(1) as i32;
            for top in (rect.top..rect.bottom).step_by(rows as usize) {
                let band = PixelRect { top, bottom: rect.bottom.min(top + rows), ..rect };
                self.before.clear();
                for y in band.top..band.bottom {
                    self.before.extend_from_slice(self.picture.row(y, band.left, band.right));
                }
                self.repaint(band);
                painted(self.shown(), band, &self.before);
            }
        }
        self.begun = true;
    }

    /// Becomes another list of marks, of which nothing is painted yet.
    fn take(&mut self, marks: Vec<Mark>) {
        let canvas = self.canvas;
        let mut dirty = Vec::new();
        if marks.len() == self.slots.len() {
            for (slot, mark) in self.slots.iter_mut().zip(marks) {
                slot.take(mark, canvas, &mut dirty);
            }
        } else {
            self.exchange(marks, &mut dirty);
        }
        self.changed = if self.begun { dirty_rects::disjoint(dirty, canvas) } else { vec![canvas] };
        self.make_room();
    }

    /// The picture of the list shown last.
    #[must_use]
    pub fn image(&self) -> &Raster {
        &self.picture
    }

    /// Where the picture changed when the list was last shown.
    #[must_use]
    pub fn changed(&self) -> &[PixelRect] {
        &self.changed
    }

    /// The picture of the list shown last, on its canvas.
    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown { image: &self.picture, canvas: self.canvas, around: self.background }
    }

    /// Replaces what lies between the marks that both lists begin and end with.
    fn exchange(&mut self, marks: Vec<Mark>, dirty: &mut Vec<PixelRect>) {
        let canvas = self.canvas;
        let pairs = self.slots.iter().zip(&marks);
        let head = pairs.take_while(|(slot, mark)| slot.mark == **mark).count();
        let rest = self.slots[head..].iter().rev().zip(marks[head..].iter().rev());
        let tail = rest.take_while(|(slot, mark)| slot.mark == **mark).count();
        let middle = marks.len() - head - tail;
        let fresh: Vec<_> =
            marks.into_iter().skip(head).take(middle).map(|mark| Slot::new(mark, canvas)).collect();
        dirty.extend(fresh.iter().map(Slot::touched));
        let end = self.slots.len() - tail;
        dirty.extend(self.slots.splice(head..end, fresh).map(|slot| slot.touched()));
    }

    /// Enlarges the picture to what is going to be painted.
    fn make_room(&mut self) {
        let held = self.picture.bounds();
        let unite = |all: PixelRect, rect: PixelRect| all.union(&rect);
        let inked = if self.begun {
            self.changed.iter().copied().fold(held, unite)
        } else {
            // What curves will reach is known, so that the picture need not grow with them.
            self.slots.iter().map(Slot::extent).fold(held, unite)
        };
        if inked != held {
            let down = |at: i32| at / STEP * STEP;
            let up = |at: i32| down(at.saturating_add(STEP - 1));
            let PixelRect { left, top, right, bottom } = inked;
            let wide = PixelRect { left: down(left), top: down(top), right: up(right), bottom: up(bottom) };
            self.picture.grow(wide.intersect(&self.canvas), self.background);
        }
    }

    fn repaint(&mut self, rect: PixelRect) {
        // A new picture is all background.
        let stale = if self.begun { rect } else { PixelRect::default() };
        for y in stale.top..stale.bottom {
            self.picture.row_mut(y, stale.left, stale.right).fill(self.background);
        }
        for slot in &self.slots {
            slot.paint(&mut self.picture, rect);
        }
    }
}

impl Slot {
    fn new(mark: Mark, canvas: PixelRect) -> Self {
        let ink = match &mark {
            Mark::Nothing => Ink::Masked(Vec::new()),
            Mark::Fill(fill) => Ink::Masked(Coverage::fill_strips(fill, canvas)),
            Mark::Tail(tail) => Ink::Masked(vec![Coverage::from_tail(tail, canvas)]),
            Mark::Stroke(stroke) => Ink::Stroked(Box::new(IncrementalStroke::new(stroke, canvas))),
        };
        Self { mark, ink }
    }

    /// Becomes another mark, adding what that changes to `dirty_rects`.
    fn take(&mut self, mark: Mark, canvas: PixelRect, dirty: &mut Vec<PixelRect>) {
        if self.mark == mark {
            return;
        }
        match (&mut self.ink, &self.mark, &mark) {
            (Ink::Stroked(inked), Mark::Stroke(old), Mark::Stroke(new)) if continues(old, new) => {
                dirty.push(inked.extend(new.visible_points));
                self.mark = mark;
            }
            (_, old, new) if same_coverage(old, new) => {
                self.mark = mark;
                dirty.push(self.touched());
            }
            _ => {
                dirty.push(self.touched());
                *self = Self::new(mark, canvas);
                dirty.push(self.touched());
            }
        }
    }

    /// The smallest known rectangle around its ink.
    fn touched(&self) -> PixelRect {
        match &self.ink {
            Ink::Masked(masks) => {
                masks.iter().fold(PixelRect::default(), |all, mask| all.union(&mask.bounds()))
            }
            Ink::Stroked(inked) => inked.touched(),
        }
    }

    /// The smallest known rectangle around the ink that it has or will have as its stroke goes on.
    fn extent(&self) -> PixelRect {
        match &self.ink {
            Ink::Masked(_) => self.touched(),
            Ink::Stroked(inked) => inked.coverage().bounds(),
        }
    }

    fn paint(&self, picture: &mut Raster, rect: PixelRect) {
        let rect = rect.intersect(&self.touched());
        let Some(color) = self.mark.color() else { return };
        match &self.ink {
            Ink::Masked(masks) => masks.iter().for_each(|mask| blend::paint(picture, mask, color, rect)),
            Ink::Stroked(inked) => blend::paint(picture, inked.coverage(), color, rect),
        }
    }
}

/// Whether `new` is `old`, drawn further.
fn continues(old: &Stroke, new: &Stroke) -> bool {
    let as_far = Stroke { visible_points: old.visible_points, ..new.clone() };
    new.visible_points > old.visible_points && as_far == *old
}

/// Whether two marks differ in nothing but their color.
fn same_coverage(old: &Mark, new: &Mark) -> bool {
    match (old, new) {
        (Mark::Fill(old), Mark::Fill(new)) => Fill { color: old.color, ..new.clone() } == *old,
        (Mark::Stroke(old), Mark::Stroke(new)) => {
            let as_dyed = Pen { color: old.pen.color, ..(*new.pen).clone() };
            as_dyed == *old.pen && Stroke { pen: old.pen.clone(), ..new.clone() } == *old
        }
        (Mark::Nothing | Mark::Fill(_) | Mark::Tail(_) | Mark::Stroke(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::geometry::Point;
    use crate::mark::{Cap, Polyline};

    const SIZE: (u32, u32) = (700, 300);

    /// A line that grows, and a dot that comes into view, goes round and leaves the canvas.
    fn marks(step: usize) -> Vec<Mark> {
        let canvas = PixelRect::from_size(SIZE.0, SIZE.1);
        let pen = |width| Pen { color: Rgba::opaque(9, 90, 200), width, dash: Vec::new(), cap: Cap::Round };
        let stroke = |points, upto, width| {
            let path = Arc::new(Polyline { points, subpath_starts: vec![0] });
            Mark::Stroke(Stroke { path, visible_points: upto, pen: Arc::new(pen(width)), clip: canvas })
        };
        let line = (0..20).map(|k| Point::new(100.0 + 7.0 * f64::from(k), 120.0 + f64::from(k * k % 9)));
        let (sin, cos) = libm::sincos(step as f64 * 0.3);
        let out = step as f64 * 12.0;
        let dot = vec![Point::new(200.0 + out * cos, 130.0 + out * sin)];
        let dot = if step < 3 { Mark::Nothing } else { stroke(dot, 1, 14.0) };
        vec![stroke(line.collect(), step.min(20), 3.0), dot]
    }

    #[test]
    fn a_picture_that_grows_with_its_ink_is_part_of_the_whole() {
        let paper = Rgba::opaque(250, 250, 240);
        let mut whole = Renderer::new(SIZE.0, SIZE.1, paper);
        let mut part = Renderer::growing(SIZE.0, SIZE.1, paper);
        let mut told = Raster::filled(SIZE.0, SIZE.1, paper);
        for step in 0..45 {
            whole.show(marks(step));
            part.show_band_by_band(marks(step), |shown, band, before| {
                for (y, old) in (band.top..band.bottom).zip(before.chunks(band.width() as usize)) {
                    let row = told.row_mut(y, band.left, band.right);
                    assert_eq!(row, old, "step {step}, row {y}");
                    row.copy_from_slice(shown.image.row(y, band.left, band.right));
                }
            });
            let mut grown = part.image().clone();
            grown.grow(PixelRect::from_size(SIZE.0, SIZE.1), paper);
            assert!(grown == *whole.image() && told == grown, "step {step}");
            if step < 12 {
                assert!(part.image().width() < SIZE.0, "step {step}");
            }
        }
    }
}
