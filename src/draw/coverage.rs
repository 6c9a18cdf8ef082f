//! Coverage masks: the fraction of each pixel that a mark covers, from 0 to 255.
//!
//! The coverage of a mark depends on the mark alone, never on the part of the picture that is being
//! repainted. Repainting a few rectangles therefore gives the same bytes as painting everything. The parts of
//! one mark (outlines, segments, dashes) are combined by the maximum, so their order does not matter.

use crate::draw::fill_area::rasterize;
use crate::draw::pixel_bounds::enclosing_pixels;
use crate::draw::pixel_coverage;
use crate::draw::stroke::Stroker;
use crate::geometry::{PixelRect, Point};
use crate::mark::{Fill, Mark, Stroke, Tail};

/// The coverage of a mark inside its clip and `part` of the canvas, as masks that do not overlap each other. An image needs
/// none, because it paints whole pixels.
pub(crate) fn masks(mark: &Mark, part: PixelRect) -> Vec<Coverage> {
    match mark {
        Mark::Nothing | Mark::Image(_) => Vec::new(),
        Mark::Fill(fill) => Coverage::fill_strips(fill, part),
        Mark::Tail(tail) => vec![Coverage::from_tail(tail, part)],
        Mark::Stroke(stroke) => vec![Coverage::from_stroke(stroke, part)],
    }
}

/// A rectangle inside the clip of a mark and `canvas`, outside of which the mark covers nothing. For a stroke it holds the
/// whole curve.
pub(crate) fn bounds(mark: &Mark, canvas: PixelRect) -> PixelRect {
    match mark {
        Mark::Nothing => PixelRect::default(),
        Mark::Image(image) => image.pixels().intersect(&canvas),
        Mark::Fill(fill) if !(fill.at.x.is_finite() && fill.at.y.is_finite()) => PixelRect::default(),
        Mark::Fill(fill) => {
            let parts = fill.shape.outlines.iter().map(|path| Coverage::path_bounds(path, fill, canvas));
            parts.fold(PixelRect::default(), |all, part| all.union(&part))
        }
        Mark::Tail(Tail { path, pen, clip, .. }) | Mark::Stroke(Stroke { path, pen, clip, .. }) => {
            Stroker::new(path.clone(), pen.clone()).bounds(clip.intersect(&canvas))
        }
    }
}

/// A mask at a fixed position: one byte for each pixel of a rectangle, row by row from the top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    bounds: PixelRect,
    data: Vec<u8>,
}

impl Coverage {
    /// A mask of this rectangle that covers nothing.
    #[must_use]
    pub fn empty(bounds: PixelRect) -> Self {
        Self { bounds, data: vec![0; bounds.width() as usize * bounds.height() as usize] }
    }

    /// The coverage of a filled shape inside its clip and `canvas`. A shape whose position is not finite
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

    /// The coverage of a filled shape, as strips of whole rows from top to bottom. Each strip is no wider
    /// than necessary, so a large L-shaped mark does not take the memory of its whole bounding box.
    pub(crate) fn fill_strips(fill: &Fill, canvas: PixelRect) -> Vec<Self> {
        // Only the fractional part of the position enters the rasterization, so that a shape moved by whole
        // pixels gets the same bytes.
        let whole = Point::new(fill.at.x.floor(), fill.at.y.floor());
        let fraction = Point::new(fill.at.x - whole.x, fill.at.y - whole.y);
        if !(fraction.x.is_finite() && fraction.y.is_finite()) {
            return Vec::new();
        }
        let outlines = &fill.shape.outlines;
        let parts: Vec<_> = outlines.iter().map(|path| Self::path_bounds(path, fill, canvas)).collect();
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

    /// A rectangle around an outline of a shape inside its clip and `canvas`.
    fn path_bounds(path: &tiny_skia_path::Path, fill: &Fill, canvas: PixelRect) -> PixelRect {
        let (b, at) = (path.bounds(), fill.at);
        let low = Point::new(f64::from(b.left()) + at.x, f64::from(b.top()) + at.y);
        let high = Point::new(f64::from(b.right()) + at.x, f64::from(b.bottom()) + at.y);
        enclosing_pixels(low, high, fill.clip.intersect(&canvas))
    }

    /// The coverage of a stroke inside its clip and `canvas`.
    #[must_use]
    pub fn from_stroke(stroke: &Stroke, canvas: PixelRect) -> Self {
        let stroker = Stroker::new(stroke.path.clone(), stroke.pen.clone());
        let mut coverage = Self::empty(stroker.bounds(stroke.clip.intersect(&canvas)));
        stroker.draw(0, stroke.visible_points, &mut coverage);
        coverage
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

    /// The rectangle of the mask. Nothing outside it is covered.
    #[must_use]
    pub fn bounds(&self) -> PixelRect {
        self.bounds
    }

    /// The coverage of columns `left..right` of row `y`.
    ///
    /// # Panics
    /// If the range exceeds the bounds.
    #[must_use]
    pub fn row(&self, y: i32, left: i32, right: i32) -> &[u8] {
        let start = self.row_start(y);
        &self.data[start + (left - self.bounds.left) as usize..start + (right - self.bounds.left) as usize]
    }

    /// Mutable access to columns `left..right` of row `y`.
    pub(crate) fn row_mut(&mut self, y: i32, left: i32, right: i32) -> &mut [u8] {
        let start = self.row_start(y);
        let first = self.bounds.left;
        &mut self.data[start + (left - first) as usize..start + (right - first) as usize]
    }

    /// The rows of the part inside `within`, from the top.
    fn rows_mut(&mut self, within: PixelRect) -> impl Iterator<Item = &mut [u8]> {
        let PixelRect { left, top, right, bottom } = within.intersect(&self.bounds);
        let (start, width) = ((left - self.bounds.left) as usize, self.bounds.width() as usize);
        let rows = self.data.chunks_exact_mut(width.max(1)).skip((top - self.bounds.top) as usize);
        rows.take((bottom - top).max(0) as usize)
            .map(move |row| &mut row[start..start + (right - left) as usize])
    }

    /// The index in `data` at which row `y` starts.
    fn row_start(&self, y: i32) -> usize {
        (y - self.bounds.top) as usize * self.bounds.width() as usize
    }

    /// Combines this mask with `other` times `factor`, by the maximum. `other` must lie inside the bounds.
    fn unite_scaled(&mut self, other: &Self, factor: f64) {
        let PixelRect { left, top, right, bottom } = other.bounds;
        for y in top..bottom {
            for (cell, share) in self.row_mut(y, left, right).iter_mut().zip(other.row(y, left, right)) {
                *cell = pixel_coverage::quantize(f64::from(*share) / 255.0 * factor).max(*cell);
            }
        }
    }
}

/// Rectangles, from top to bottom and without common rows, that together contain all of `parts`.
fn strips(parts: &[PixelRect]) -> Vec<PixelRect> {
    /// The height of the rows that are examined at once, in pixels.
    const ROWS: i32 = 16;
    /// How many pixels a separate strip must save: a page of memory.
    const MIN_SAVING: u64 = 1 << 12;
    let area = |rect: &PixelRect| u64::from(rect.width()) * u64::from(rect.height());
    let bounds = parts.iter().fold(PixelRect::default(), |all, part| all.union(part));
    let mut strips: Vec<PixelRect> = Vec::new();
    for top in (bounds.top..bounds.bottom).step_by(ROWS as usize) {
        let rows = PixelRect { top, bottom: bounds.bottom.min(top + ROWS), ..bounds };
        let strip = parts.iter().fold(PixelRect::default(), |all, part| all.union(&part.intersect(&rows)));
        match strips.last_mut() {
            Some(last) if area(&last.union(&strip)) <= area(last) + area(&strip) + MIN_SAVING => {
                *last = last.union(&strip);
            }
            _ if strip.is_empty() => {}
            _ => strips.push(strip),
        }
    }
    strips
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::mark::Shape;
    use crate::raster::Rgba;

    #[test]
    fn strips_contain_all_parts_without_the_space_between() {
        let rect = |left, top, right, bottom| PixelRect { left, top, right, bottom };
        let (roof, wall, far) = (rect(10, 5, 900, 7), rect(898, 5, 900, 350), rect(0, 600, 30, 640));
        assert_eq!(strips(&[wall, roof]), [rect(10, 5, 900, 21), rect(898, 21, 900, 350)]);
        assert_eq!(strips(&[far, wall, roof])[2..], [far]);
        // The gaps between the letters of a word are too small to save anything.
        assert_eq!(strips(&[rect(0, 0, 9, 30), rect(12, 8, 60, 30)]), [rect(0, 0, 60, 30)]);
        assert!(strips(&[]).is_empty() && strips(&[PixelRect::default()]).is_empty());
    }

    #[test]
    fn strips_of_a_shape_hold_the_union_of_its_outlines() {
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
}
