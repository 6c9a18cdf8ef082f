//! A picture that follows a list of marks and repaints only what changes.
//!
//! Each mark keeps its coverage in a slot. A new list is compared with the one that is shown; where they
//! differ, the rectangles around the old and the new ink are cleared and painted again, all marks in
//! their order, from the coverages kept. Coverage does not depend on what is repainted, so after any
//! sequence of lists the picture is, byte for byte, what a new renderer paints of the last one.

use crate::draw::blend;
use crate::draw::coverage::{Coverage, Inked};
use crate::draw::mark::{Fill, Mark, Pen, Stroke};
use crate::film::dirty;
use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Paints lists of marks, one after the other.
#[derive(Debug)]
pub struct Renderer {
    picture: Raster,
    background: Rgba,
    slots: Vec<Slot>,
    changed: Vec<PixelRect>,
    /// What stood in the changed rectangles before, one after the other, row by row.
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
    Nothing,
    Masked(Coverage),
    Stroked(Box<Inked>),
}

impl Renderer {
    /// An empty picture of this size in pixels.
    #[must_use]
    pub fn new(width: u32, height: u32, background: Rgba) -> Self {
        let background = if background.a == 0 { Rgba::CLEAR } else { background };
        let picture = Raster::filled(width, height, background);
        Self { picture, background, slots: Vec::new(), changed: Vec::new(), before: Vec::new(), begun: false }
    }

    /// Shows a list of marks, painted in order. Returns where the picture can have changed: disjoint
    /// rectangles inside it, the whole of it the first time.
    ///
    /// Lists of one length are compared index by index (so let [`Mark::Nothing`] hold the place of what
    /// comes and goes), others by what they share at both ends. A stroke that only grew along the same
    /// path, by the same pen, costs what the new piece costs.
    pub fn show(&mut self, marks: Vec<Mark>) -> &[PixelRect] {
        let canvas = self.picture.bounds();
        let mut dirty = Vec::new();
        if marks.len() == self.slots.len() {
            for (slot, mark) in self.slots.iter_mut().zip(marks) {
                slot.take(mark, canvas, &mut dirty);
            }
        } else {
            self.exchange(marks, &mut dirty);
        }
        let first = !std::mem::replace(&mut self.begun, true);
        self.changed = if first { vec![canvas] } else { dirty::disjoint(dirty, canvas) };
        self.before.clear();
        if !first {
            let picture = &self.picture;
            let rows = |rect: &PixelRect| {
                let PixelRect { left, right, .. } = *rect;
                (rect.top..rect.bottom).map(move |y| picture.row(y, left, right))
            };
            self.changed.iter().flat_map(rows).for_each(|row| self.before.extend_from_slice(row));
        }
        self.repaint();
        &self.changed
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

    /// What stood where the picture changed when the list was last shown: rectangle by rectangle and row by
    /// row. Nothing the first time.
    pub(crate) fn before(&self) -> &[Rgba] {
        &self.before
    }

    /// Replaces what lies between the marks that both lists begin and end with.
    fn exchange(&mut self, marks: Vec<Mark>, dirty: &mut Vec<PixelRect>) {
        let canvas = self.picture.bounds();
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

    fn repaint(&mut self) {
        for &rect in &self.changed {
            for y in rect.top..rect.bottom {
                self.picture.row_mut(y, rect.left, rect.right).fill(self.background);
            }
            for slot in &self.slots {
                slot.paint(&mut self.picture, rect);
            }
        }
    }
}

impl Slot {
    fn new(mark: Mark, canvas: PixelRect) -> Self {
        let ink = match &mark {
            Mark::Nothing => Ink::Nothing,
            Mark::Fill(fill) => Ink::Masked(Coverage::of_fill(fill, canvas)),
            Mark::Tail(tail) => Ink::Masked(Coverage::of_tail(tail, canvas)),
            Mark::Stroke(stroke) => Ink::Stroked(Box::new(Inked::new(stroke, canvas))),
        };
        Self { mark, ink }
    }

    /// Becomes another mark, adding what that changes to `dirty`.
    fn take(&mut self, mark: Mark, canvas: PixelRect, dirty: &mut Vec<PixelRect>) {
        if self.mark == mark {
            return;
        }
        match (&mut self.ink, &self.mark, &mark) {
            (Ink::Stroked(inked), Mark::Stroke(old), Mark::Stroke(new)) if continues(old, new) => {
                dirty.push(inked.extend(new.upto));
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
            Ink::Nothing => PixelRect::default(),
            Ink::Masked(coverage) => coverage.bounds(),
            Ink::Stroked(inked) => inked.touched(),
        }
    }

    fn paint(&self, picture: &mut Raster, rect: PixelRect) {
        let rect = rect.intersect(&self.touched());
        let Some(colour) = self.mark.colour() else { return };
        match &self.ink {
            Ink::Nothing => {}
            Ink::Masked(coverage) => blend::paint(picture, coverage, colour, rect),
            Ink::Stroked(inked) => blend::paint(picture, inked.coverage(), colour, rect),
        }
    }
}

/// Whether `new` is `old`, drawn further.
fn continues(old: &Stroke, new: &Stroke) -> bool {
    let as_far = Stroke { upto: old.upto, ..new.clone() };
    new.upto > old.upto && as_far == *old
}

/// Whether two marks differ in nothing but their colour.
fn same_coverage(old: &Mark, new: &Mark) -> bool {
    match (old, new) {
        (Mark::Fill(old), Mark::Fill(new)) => Fill { colour: old.colour, ..new.clone() } == *old,
        (Mark::Stroke(old), Mark::Stroke(new)) => {
            let as_dyed = Pen { colour: old.pen.colour, ..(*new.pen).clone() };
            as_dyed == *old.pen && Stroke { pen: old.pen.clone(), ..new.clone() } == *old
        }
        (Mark::Nothing | Mark::Fill(_) | Mark::Tail(_) | Mark::Stroke(_), _) => false,
    }
}
