//! Coverage: how much of each pixel a mark covers, 0 to 255, before it has a color.
//!
//! A mark's coverage depends on the mark alone, never on which part of a picture is being repainted;
//! so repainting a few rectangles gives the same bytes as painting everything. Parts of one mark
//! (outlines, segments, dashes) unite by the maximum, which knows no order.

use crate::draw::fill_area::rasterize;
use crate::draw::pixel_coverage;
use crate::draw::stroke::Stroker;
use crate::geometry::{PixelRect, Point};
use crate::mark::{Fill, Stroke, Tail};

/// A mask in place: one byte for each pixel of its rectangle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    bounds: PixelRect,
    data: Vec<u8>,
}

impl Coverage {
    /// Nothing covered yet.
    #[must_use]
    pub fn empty(bounds: PixelRect) -> Self {
        Self { bounds, data: vec![0; bounds.width() as usize * bounds.height() as usize] }
    }

    /// The coverage of a filled shape inside its clip and `canvas`. A shape whose place is not finite
    /// covers nothing.
    #[must_use]
    pub fn from_fill(fill: &Fill, canvas: PixelRect) -> Self {
        let strips = Self::fill_strips(fill, canvas);
        let bounds = strips.iter().fold(PixelRect::default(), |all, strip| all.union(&strip.bounds));
        let mut coverage = Self::empty(bounds);
        for strip in &strips {
            let PixelRect { left, top, right, bottom } = strip.bounds;
            for y in top..bottom {
                coverage.row_mut(y, left, right).copy_from_slice(strip.row(y, left, right));
            }
        }
        coverage
    }

    /// The same in strips of whole rows, from top to bottom, each no wider than it must be: two sides of a
    /// frame do not take the memory of all that lies inside it.
    pub(crate) fn fill_strips(fill: &Fill, canvas: PixelRect) -> Vec<Self> {
        let clip = fill.clip.intersect(&canvas);
        // The fraction alone decides the bytes: moved by whole pixels, a shape looks the same.
        let whole = Point::new(fill.at.x.floor(), fill.at.y.floor());
        let fraction = Point::new(fill.at.x - whole.x, fill.at.y - whole.y);
        if !(fraction.x.is_finite() && fraction.y.is_finite()) {
            return Vec::new();
        }
        let bounds_of = |path: &tiny_skia_path::Path| {
            let (b, at) = (path.bounds(), fill.at);
            let low = Point::new(f64::from(b.left()) + at.x, f64::from(b.top()) + at.y);
            let high = Point::new(f64::from(b.right()) + at.x, f64::from(b.bottom()) + at.y);
            enclosing_pixels(low, high, clip)
        };
        let parts: Vec<_> = fill.shape.outlines.iter().map(bounds_of).collect();
        let mut strips: Vec<_> = strips(&parts).into_iter().map(Self::empty).collect();
        for (path, part) in fill.shape.outlines.iter().zip(parts).filter(|(_, part)| !part.is_empty()) {
            let (dx, dy) = (whole.x as i32, whole.y as i32);
            let local = PixelRect {
                left: part.left.saturating_sub(dx),
                top: part.top.saturating_sub(dy),
                right: part.right.saturating_sub(dx),
                bottom: part.bottom.saturating_sub(dy),
            };
            let mut rows = strips.iter_mut().flat_map(|strip| strip.rows_mut(part));
            rasterize(path, fraction, local, |shares| {
                let row = rows.next().unwrap_or_default();
                for (cell, share) in row.iter_mut().zip(shares) {
                    *cell = *share.max(cell);
                }
            });
        }
        strips
    }

    /// The coverage of a stroke inside its clip and `canvas`.
    #[must_use]
    pub fn from_stroke(stroke: &Stroke, canvas: PixelRect) -> Self {
        IncrementalStroke::new(stroke, canvas).coverage
    }

    /// The coverage of a curve's fading end inside its clip and `canvas`: each segment by itself, as
    /// much of it as its two ends are opaque on average.
    #[must_use]
    pub fn from_tail(tail: &Tail, canvas: PixelRect) -> Self {
        let stroker = Stroker::starting_at(tail.dash_offset, tail.path.clone(), tail.pen.clone());
        let clip = tail.clip.intersect(&canvas);
        let mut coverage = Self::empty(stroker.bounds(clip));
        for (index, pair) in (1..).zip(tail.opacities.windows(2)) {
            let opacity = f64::midpoint(f64::from(pair[0]), f64::from(pair[1])) / 255.0;
            let mut segment = Self::empty(stroker.bounds_at(index, clip));
            stroker.draw(index, index + 1, &mut segment);
            coverage.unite_scaled(&segment, opacity);
        }
        coverage
    }

    /// The rectangle it knows; nothing is covered outside.
    #[must_use]
    pub fn bounds(&self) -> PixelRect {
        self.bounds
    }

    /// Columns `left..right` of row `y`.
    ///
    /// # Panics
    /// If the range leaves the bounds.
    #[must_use]
    pub fn row(&self, y: i32, left: i32, right: i32) -> &[u8] {
        let start = self.row_start(y);
        &self.data[start + (left - self.bounds.left) as usize..start + (right - self.bounds.left) as usize]
    }

    /// Columns `left..right` of row `y`, to write.
    pub(crate) fn row_mut(&mut self, y: i32, left: i32, right: i32) -> &mut [u8] {
        let start = self.row_start(y);
        let first = self.bounds.left;
        &mut self.data[start + (left - first) as usize..start + (right - first) as usize]
    }

    /// What lies in a rectangle, row by row from the top.
    fn rows_mut(&mut self, within: PixelRect) -> impl Iterator<Item = &mut [u8]> {
        let PixelRect { left, top, right, bottom } = within.intersect(&self.bounds);
        let (start, width) = ((left - self.bounds.left) as usize, self.bounds.width() as usize);
        let rows = self.data.chunks_exact_mut(width.max(1)).skip((top - self.bounds.top) as usize);
        rows.take((bottom - top).max(0) as usize)
            .map(move |row| &mut row[start..start + (right - left) as usize])
    }

    fn row_start(&self, y: i32) -> usize {
        (y - self.bounds.top) as usize * self.bounds.width() as usize
    }

    /// Raises its pixels to a part of another coverage's, which lies inside.
    fn unite_scaled(&mut self, other: &Self, part: f64) {
        let PixelRect { left, top, right, bottom } = other.bounds;
        for y in top..bottom {
            for (cell, share) in self.row_mut(y, left, right).iter_mut().zip(other.row(y, left, right)) {
                *cell = pixel_coverage::quantize(f64::from(*share) / 255.0 * part).max(*cell);
            }
        }
    }
}

/// Rectangles of whole rows that together hold all of `parts`, from top to bottom.
fn strips(parts: &[PixelRect]) -> Vec<PixelRect> {
    /// Rows that are looked at together.
    const ROWS: i32 = 16;
    /// Pixels that a strip of its own must spare: a page of memory.
    const WORTH: u64 = 1 << 12;
    let area = |rect: &PixelRect| u64::from(rect.width()) * u64::from(rect.height());
    let bounds = parts.iter().fold(PixelRect::default(), |all, part| all.union(part));
    let mut strips: Vec<PixelRect> = Vec::new();
    for top in (bounds.top..bounds.bottom).step_by(ROWS as usize) {
        let rows = PixelRect { top, bottom: bounds.bottom.min(top + ROWS), ..bounds };
        let strip = parts.iter().fold(PixelRect::default(), |all, part| all.union(&part.intersect(&rows)));
        match strips.last_mut() {
            Some(last) if area(&last.union(&strip)) <= area(last) + area(&strip) + WORTH => {
                *last = last.union(&strip);
            }
            _ if strip.is_empty() => {}
            _ => strips.push(strip),
        }
    }
    strips
}

/// The pixels between two corners, inside `clip`.
pub(crate) fn enclosing_pixels(low: Point, high: Point, clip: PixelRect) -> PixelRect {
    PixelRect {
        left: floor_clamped(low.x, clip.left, clip.right),
        top: floor_clamped(low.y, clip.top, clip.bottom),
        right: ceil_clamped(high.x, clip.left, clip.right),
        bottom: ceil_clamped(high.y, clip.top, clip.bottom),
    }
}

/// The whole number at or below `v`, between two others; the low one for NaN. The function that the standard
/// library calls for want of an instruction costs more than a small piece of a stroke.
pub(crate) fn floor_clamped(v: f64, low: i32, high: i32) -> i32 {
    let v = within(v, low, high);
    let whole = v as i32;
    whole - i32::from(f64::from(whole) > v)
}

/// The whole number at or above `v`, between two others; the low one for NaN.
pub(crate) fn ceil_clamped(v: f64, low: i32, high: i32) -> i32 {
    let v = within(v, low, high);
    let whole = v as i32;
    whole + i32::from(f64::from(whole) < v)
}

/// A number kept between two others; the low one for NaN.
fn within(v: f64, low: i32, high: i32) -> f64 {
    fast_min(fast_max(v, f64::from(low)), f64::from(high.max(low)))
}

/// The lesser of two numbers, the second one if either is NaN. One instruction: the standard library's function,
/// which passes over NaN, takes five.
pub(crate) fn fast_min(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The greater of two numbers, the second one if either is NaN.
pub(crate) fn fast_max(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::mark::Shape;
    use crate::raster::Rgba;

    #[test]
    fn strips_hold_all_parts_and_spare_what_lies_between() {
        let rect = |left, top, right, bottom| PixelRect { left, top, right, bottom };
        let (roof, wall, far) = (rect(10, 5, 900, 7), rect(898, 5, 900, 350), rect(0, 600, 30, 640));
        assert_eq!(strips(&[wall, roof]), [rect(10, 5, 900, 21), rect(898, 21, 900, 350)]);
        assert_eq!(strips(&[far, wall, roof])[2..], [far]);
        // Letters of a word are not worth it.
        assert_eq!(strips(&[rect(0, 0, 9, 30), rect(12, 8, 60, 30)]), [rect(0, 0, 60, 30)]);
        assert!(strips(&[]).is_empty() && strips(&[PixelRect::default()]).is_empty());
    }

    #[test]
    fn a_shape_in_strips_is_the_union_of_its_outlines() {
        let bar = |x, y, width, height| {
            let rect = tiny_skia_path::Rect::from_xywh(x, y, width, height).expect("a bar");
            tiny_skia_path::PathBuilder::from_rect(rect)
        };
        let outlines =
            vec![bar(0.0, 0.3, 300.5, 2.5), bar(298.2, 0.3, 2.3, 200.0), bar(4.7, 100.1, 9.0, 7.9)];
        let canvas = PixelRect::from_size(310, 190);
        let fill = |outlines| {
            let at = Point::new(3.4, 7.6);
            Fill { shape: Arc::new(Shape { outlines }), at, color: Rgba::BLACK, clip: canvas }
        };
        let strips = Coverage::fill_strips(&fill(outlines.clone()), canvas);
        let cells: usize = strips.iter().map(|strip| strip.data.len()).sum();
        let mut whole = Coverage::from_fill(&fill(outlines.clone()), canvas);
        assert!(strips.len() > 1 && cells < whole.data.len() / 2);
        for outline in outlines {
            let alone = Coverage::from_fill(&fill(vec![outline]), canvas);
            let before = whole.clone();
            whole.unite_scaled(&alone, 1.0);
            assert!(whole == before, "an outline is missing");
        }
    }

    #[test]
    fn whole_numbers_are_kept_between_their_ends() {
        for v in [-1e300, -3.5, -3.0, -0.2, -0.0, 0.0, 0.3, 2.0, 2.999, 7.0, 1e300, f64::INFINITY] {
            let within = |v: f64| v.clamp(-3.0, 7.0) as i32;
            assert_eq!(
                (floor_clamped(v, -3, 7), ceil_clamped(v, -3, 7)),
                (within(v.floor()), within(v.ceil()))
            );
        }
        assert_eq!((floor_clamped(f64::NAN, -3, 7), ceil_clamped(f64::NAN, -3, 7)), (-3, -3));
        // Of a clip that is turned inside out, the low end.
        assert_eq!((floor_clamped(5.5, 4, 2), ceil_clamped(5.5, 4, 2)), (4, 4));
    }
}

/// A stroke's coverage, which grows with the stroke.
#[derive(Debug)]
pub struct IncrementalStroke {
    stroker: Stroker,
    upto: usize,
    coverage: Coverage,
    touched: PixelRect,
}

impl IncrementalStroke {
    /// The stroke as it is, with room for the whole of its curve.
    #[must_use]
    pub fn new(stroke: &Stroke, canvas: PixelRect) -> Self {
        let stroker = Stroker::new(stroke.path.clone(), stroke.pen.clone());
        let coverage = Coverage::empty(stroker.bounds(stroke.clip.intersect(&canvas)));
        let mut inked = Self { stroker, upto: 0, coverage, touched: PixelRect::default() };
        inked.extend(stroke.visible_points);
        inked
    }

    /// Draws on to `upto` points; fewer than are drawn change nothing. Returns where pixels can have
    /// changed. The coverage is then, byte for byte, that of the longer stroke drawn at once.
    pub fn extend(&mut self, upto: usize) -> PixelRect {
        if upto <= self.upto {
            return PixelRect::default();
        }
        let changed = self.stroker.draw(self.upto, upto, &mut self.coverage);
        self.upto = upto;
        self.touched = self.touched.union(&changed);
        changed
    }

    /// What is covered now.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Where anything can be covered now: smaller than the coverage's bounds while a curve grows.
    #[must_use]
    pub fn touched(&self) -> PixelRect {
        self.touched
    }
}
