//! The coverage of a stroke that grows from frame to frame.
//!
//! A longer stroke has all parts of a shorter one, so only the new points are rasterized.

use crate::draw::coverage::Coverage;
use crate::draw::stroke::Stroker;
use crate::geometry::PixelRect;
use crate::mark::Stroke;

/// A stroke and the coverage of the points drawn so far.
#[derive(Debug)]
pub struct IncrementalStroke {
    stroker: Stroker,
    drawn_points: usize,
    coverage: Coverage,
    touched: PixelRect,
}

impl IncrementalStroke {
    /// Rasterizes the visible points of a stroke. The coverage has room for the whole curve inside the clip
    /// and `canvas`.
    #[must_use]
    pub fn new(stroke: &Stroke, canvas: PixelRect) -> Self {
        let stroker = Stroker::new(stroke.path.clone(), stroke.pen.clone());
        let coverage = Coverage::empty(stroker.bounds(stroke.clip.intersect(&canvas)));
        let mut incremental = Self { stroker, drawn_points: 0, coverage, touched: PixelRect::default() };
        incremental.extend(stroke.visible_points);
        incremental
    }

    /// Extends the stroke to its first `point_count` points and returns the rectangle in which pixels may
    /// have changed. A smaller count than before changes nothing. The coverage equals, byte for byte, that of
    /// the longer stroke drawn at once.
    pub fn extend(&mut self, point_count: usize) -> PixelRect {
        if point_count <= self.drawn_points {
            return PixelRect::default();
        }
        let changed = self.stroker.draw(self.drawn_points, point_count, &mut self.coverage);
        self.drawn_points = point_count;
        self.touched = self.touched.union(&changed);
        changed
    }

    /// The coverage of the points drawn so far.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// The rectangle outside which nothing is covered yet. It is smaller than the bounds of the coverage
    /// while the curve grows.
    #[must_use]
    pub fn touched(&self) -> PixelRect {
        self.touched
    }
}
