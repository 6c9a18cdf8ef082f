//! Incremental rendering: keeps a picture up to date with a changing list of marks and repaints only what changes.
//!
//! Each mark keeps its coverage in a slot. A new list is compared with the present one. Where they differ, the rectangles
//! around the old and the new marks are cleared, and all marks are painted there again in order, from their stored coverage.
//! Coverage does not depend on the repainted rectangle. So after any sequence of lists the picture equals, byte for byte, the
//! picture that a new renderer paints of the last list.

use crate::draw::blend;
use crate::draw::coverage::{self, Coverage};
use crate::draw::incremental_stroke::IncrementalStroke;
use crate::encode::CanvasView;
use crate::film::dirty_rects;
use crate::geometry::PixelRect;
use crate::mark::{Fill, Mark, Pen, Stroke};
use crate::raster::{Raster, Rgba};

/// A growing picture has sides at multiples of this many pixels, so that it is not reallocated in every frame of a motion.
const STEP: i32 = 64;

/// Bytes of coverage that are kept. Marks beyond them are rasterized whenever they are painted.
const KEPT: usize = 64 << 20;

/// Pixels of a band: few enough to stay in the processor's cache until they are compared.
const BAND: u32 = 1 << 13;

/// Paints one list of marks after the other.
#[derive(Debug)]
pub struct Renderer {
    /// The part of the canvas that marks have reached so far, or the whole canvas.
    picture: Raster,
    canvas: PixelRect,
    background: Rgba,
    slots: Vec<Slot>,
    changed: Vec<PixelRect>,
    /// Buffer for the previous pixels of a band.
    before: Vec<Rgba>,
    /// Whether a list has been shown. The first list changes the whole picture.
    begun: bool,
}

/// A mark with its coverage.
#[derive(Debug)]
struct Slot {
    mark: Mark,
    coverage: SlotCoverage,
}

#[derive(Debug)]
enum SlotCoverage {
    /// Masks that do not overlap each other.
    Masks(Vec<Coverage>),
    Stroke(Box<IncrementalStroke>),
    /// An image paints all pixels of this rectangle, and needs no coverage.
    Image(PixelRect),
    /// It is not kept, and covers no pixel outside of this rectangle.
    Bounds(PixelRect),
}

impl Renderer {
    /// An empty picture of this size in pixels.
    #[must_use]
    pub fn new(width: u32, height: u32, background: Rgba) -> Self {
        Self::with_picture(PixelRect::from_size(width, height), width, height, background)
    }

    /// A renderer whose picture is only the part of the canvas that marks have reached so far; the rest is background. On a
    /// large canvas with few marks this saves most of the memory and the time to clear it.
    pub(crate) fn growing(width: u32, height: u32, background: Rgba) -> Self {
        Self::with_picture(PixelRect::default(), width, height, background)
    }

    fn with_picture(part: PixelRect, width: u32, height: u32, background: Rgba) -> Self {
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

    /// Shows a list of marks, painted in order. Returns disjoint rectangles outside of which the picture is unchanged; the
    /// first time, the whole canvas.
    ///
    /// Lists of equal length are compared index by index, so a hidden mark should be replaced by [`Mark::Nothing`]. Other lists
    /// are compared from both ends. A stroke that only grows along its path costs as much as its new part.
    pub fn show(&mut self, marks: Vec<Mark>) -> &[PixelRect] {
        self.replace_marks(marks);
        for at in 0..self.changed.len() {
            self.repaint(self.changed[at]);
        }
        self.begun = true;
        &self.changed
    }

    /// Shows a list of marks as [`show`](Self::show) does, in bands of rows. After each band, `painted` receives the picture so
    /// far, the band, and the band's previous pixels row by row; the first time, these are background.
    pub(crate) fn show_band_by_band(
        &mut self,
        marks: Vec<Mark>,
        mut painted: impl FnMut(CanvasView<'_>, PixelRect, &[Rgba]),
    ) {
        self.replace_marks(marks);
        for at in 0..self.changed.len() {
            let rect = self.changed[at].intersect(&self.picture.bounds());
            // Coverage that is not kept is rasterized for each band.
            let is_kept = self.slots.iter().all(Slot::is_kept);
            let rows = if is_kept { (BAND / rect.width().max(1)).max(1) as i32 } else { i32::MAX };
            for top in (rect.top..rect.bottom).step_by(rows as usize) {
                let band = PixelRect { top, bottom: rect.bottom.min(top.saturating_add(rows)), ..rect };
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

    /// Replaces the list of marks without painting, and collects the changed rectangles.
    fn replace_marks(&mut self, marks: Vec<Mark>) {
        let canvas = self.canvas;
        let mut dirty = Vec::new();
        let mut room = KEPT.saturating_sub(self.slots.iter().map(Slot::bytes).sum());
        if marks.len() == self.slots.len() {
            for (slot, mark) in self.slots.iter_mut().zip(marks) {
                slot.replace(mark, (canvas, &mut room), &mut dirty);
            }
        } else {
            self.replace_middle(marks, &mut room, &mut dirty);
        }
        self.changed = if self.begun { dirty_rects::disjoint(dirty, canvas) } else { vec![canvas] };
        self.grow_picture();
    }

    /// The picture of the last list.
    #[must_use]
    pub fn image(&self) -> &Raster {
        &self.picture
    }

    /// The changed rectangles of the last list.
    #[must_use]
    pub fn changed(&self) -> &[PixelRect] {
        &self.changed
    }

    /// The picture of the last list, with its place on the canvas.
    pub(crate) fn shown(&self) -> CanvasView<'_> {
        CanvasView { image: &self.picture, canvas: self.canvas, background: self.background }
    }

    /// Replaces the marks between the common beginning and the common end of two lists.
    fn replace_middle(&mut self, marks: Vec<Mark>, room: &mut usize, dirty: &mut Vec<PixelRect>) {
        let canvas = self.canvas;
        let pairs = self.slots.iter().zip(&marks);
        let head = pairs.take_while(|(slot, mark)| slot.mark == **mark).count();
        let rest = self.slots[head..].iter().rev().zip(marks[head..].iter().rev());
        let tail = rest.take_while(|(slot, mark)| slot.mark == **mark).count();
        let middle = marks.len() - head - tail;
        let fresh: Vec<_> =
            marks.into_iter().skip(head).take(middle).map(|mark| Slot::new(mark, canvas, room)).collect();
        dirty.extend(fresh.iter().map(Slot::touched));
        let end = self.slots.len() - tail;
        dirty.extend(self.slots.splice(head..end, fresh).map(|slot| slot.touched()));
    }

    /// Enlarges the picture to the area that is about to be painted.
    fn grow_picture(&mut self) {
        let held = self.picture.bounds();
        let unite = |all: PixelRect, rect: PixelRect| all.union(&rect);
        let inked = if self.begun {
            self.changed.iter().copied().fold(held, unite)
        } else {
            // The whole extent of a growing curve is known, so the picture need not grow with it.
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
        // A new picture is background already.
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
    /// A mark whose coverage is kept if there is room for so many bytes.
    fn new(mark: Mark, canvas: PixelRect, room: &mut usize) -> Self {
        if let Mark::Image(image) = &mark {
            let coverage = SlotCoverage::Image(image.pixels().intersect(&canvas));
            return Self { mark, coverage };
        }
        if *room == 0 {
            let coverage = SlotCoverage::Bounds(coverage::bounds(&mark, canvas));
            return Self { mark, coverage };
        }
        let coverage = match &mark {
            Mark::Nothing | Mark::Image(_) => SlotCoverage::Masks(Vec::new()),
            Mark::Fill(fill) => SlotCoverage::Masks(Coverage::fill_strips(fill, canvas)),
            Mark::Tail(tail) => SlotCoverage::Masks(vec![Coverage::from_tail(tail, canvas)]),
            Mark::Stroke(stroke) => SlotCoverage::Stroke(Box::new(IncrementalStroke::new(stroke, canvas))),
        };
        let slot = Self { mark, coverage };
        *room = room.saturating_sub(slot.bytes());
        slot
    }

    /// Bytes of its coverage.
    fn bytes(&self) -> usize {
        let area = |mask: &Coverage| mask.bounds().width() as usize * mask.bounds().height() as usize;
        match &self.coverage {
            SlotCoverage::Masks(masks) => masks.iter().map(area).sum(),
            SlotCoverage::Stroke(inked) => area(inked.coverage()),
            SlotCoverage::Image(_) | SlotCoverage::Bounds(_) => 0,
        }
    }

    fn is_kept(&self) -> bool {
        !matches!(self.coverage, SlotCoverage::Bounds(_))
    }

    /// Replaces the mark and adds the rectangles that change to `dirty`.
    fn replace(&mut self, mark: Mark, (canvas, room): (PixelRect, &mut usize), dirty: &mut Vec<PixelRect>) {
        if self.mark == mark {
            return;
        }
        match (&mut self.coverage, &self.mark, &mark) {
            (SlotCoverage::Stroke(inked), Mark::Stroke(old), Mark::Stroke(new)) if continues(old, new) => {
                dirty.push(inked.extend(new.visible_points));
                self.mark = mark;
            }
            (_, old, new) if same_coverage(old, new) => {
                self.mark = mark;
                dirty.push(self.touched());
            }
            _ => {
                dirty.push(self.touched());
                *self = Self::new(mark, canvas, room);
                dirty.push(self.touched());
            }
        }
    }

    /// Bounds of the covered pixels.
    fn touched(&self) -> PixelRect {
        match &self.coverage {
            SlotCoverage::Masks(masks) => {
                masks.iter().fold(PixelRect::default(), |all, mask| all.union(&mask.bounds()))
            }
            SlotCoverage::Stroke(inked) => inked.touched(),
            SlotCoverage::Image(bounds) | SlotCoverage::Bounds(bounds) => *bounds,
        }
    }

    /// Bounds of the pixels that are covered now or when the stroke has grown to its end.
    fn extent(&self) -> PixelRect {
        match &self.coverage {
            SlotCoverage::Masks(_) | SlotCoverage::Image(_) | SlotCoverage::Bounds(_) => self.touched(),
            SlotCoverage::Stroke(inked) => inked.coverage().bounds(),
        }
    }

    fn paint(&self, picture: &mut Raster, rect: PixelRect) {
        let rect = rect.intersect(&self.touched());
        if let Mark::Image(image) = &self.mark {
            return blend::paint_image(picture, image, rect);
        }
        let Some(color) = self.mark.color() else { return };
        match &self.coverage {
            SlotCoverage::Masks(masks) => {
                for mask in masks {
                    blend::paint(picture, mask, color, rect);
                }
            }
            SlotCoverage::Stroke(inked) => blend::paint(picture, inked.coverage(), color, rect),
            SlotCoverage::Image(_) | SlotCoverage::Bounds(_) => {
                for mask in &coverage::masks(&self.mark, rect) {
                    blend::paint(picture, mask, color, rect);
                }
            }
        }
    }
}

/// Whether `new` is `old` with more visible points.
fn continues(old: &Stroke, new: &Stroke) -> bool {
    let shortened = Stroke { visible_points: old.visible_points, ..new.clone() };
    new.visible_points > old.visible_points && shortened == *old
}

/// Whether two marks differ only in color.
fn same_coverage(old: &Mark, new: &Mark) -> bool {
    match (old, new) {
        (Mark::Fill(old), Mark::Fill(new)) => Fill { color: old.color, ..new.clone() } == *old,
        (Mark::Stroke(old), Mark::Stroke(new)) => {
            let recolored = Pen { color: old.pen.color, ..(*new.pen).clone() };
            recolored == *old.pen && Stroke { pen: old.pen.clone(), ..new.clone() } == *old
        }
        (Mark::Nothing | Mark::Fill(_) | Mark::Tail(_) | Mark::Stroke(_) | Mark::Image(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::geometry::Point;
    use crate::mark::{Cap, Polyline, Shape};

    const SIZE: (u32, u32) = (700, 300);

    /// A growing line, and a dot that appears, circles and leaves the canvas.
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
    fn coverage_that_is_not_kept_paints_the_same_pixels() {
        let canvas = PixelRect::from_size(SIZE.0, SIZE.1);
        let mut path =
            tiny_skia_path::PathBuilder::from_circle(200.3, 100.7, 60.2).into_iter().collect::<Vec<_>>();
        path.extend(tiny_skia_path::PathBuilder::from_circle(-20.0, 100.0, 90.0));
        let (shape, color) = (Arc::new(Shape { outlines: path }), Rgba::opaque(200, 30, 9));
        let fill = Mark::Fill(Fill { shape, at: Point::new(30.4, 12.2), color, clip: canvas });
        for mark in marks(15).into_iter().chain([fill]) {
            let [kept, unkept] = [usize::MAX, 0].map(|mut room| Slot::new(mark.clone(), canvas, &mut room));
            assert!(kept.is_kept() && !unkept.is_kept() && unkept.bytes() == 0);
            let [touched, bounds] = [kept.touched(), unkept.touched()];
            assert!(
                touched.is_empty() || bounds.union(&touched) == bounds,
                "{mark:?}: {touched:?} lies outside of {bounds:?}"
            );
            for rect in [canvas, PixelRect { left: 130, top: 90, right: 190, bottom: 125 }] {
                let [mut one, mut other] = [(); 2].map(|()| Raster::filled(SIZE.0, SIZE.1, Rgba::WHITE));
                kept.paint(&mut one, rect);
                unkept.paint(&mut other, rect);
                assert!(one == other, "{mark:?} in {rect:?}");
            }
        }
    }

    #[test]
    fn a_growing_picture_equals_its_part_of_the_whole_picture() {
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
