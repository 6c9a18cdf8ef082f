//! Points and rectangles in device pixels.
//!
//! x points to the right and y downward. Pixel column `c` covers the coordinates from `c` to `c + 1`.

/// A point in device pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Horizontal coordinate, to the right.
    pub x: f64,
    /// Vertical coordinate, downward.
    pub y: f64,
}

impl Point {
    /// The point at (x, y).
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// A rectangle of whole pixels, `left..right` by `top..bottom`. It is empty if either range is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PixelRect {
    /// First column.
    pub left: i32,
    /// First row.
    pub top: i32,
    /// One past the last column.
    pub right: i32,
    /// One past the last row.
    pub bottom: i32,
}

impl PixelRect {
    /// The rectangle of a picture of this size, with its top left corner at the origin.
    #[must_use]
    pub const fn from_size(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, right: width as i32, bottom: height as i32 }
    }

    /// The number of columns; 0 if the rectangle is empty in this direction.
    #[must_use]
    pub fn width(&self) -> u32 {
        (self.right - self.left).max(0) as u32
    }

    /// The number of rows; 0 if the rectangle is empty in this direction.
    #[must_use]
    pub fn height(&self) -> u32 {
        (self.bottom - self.top).max(0) as u32
    }

    /// Whether it contains no pixel.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.right <= self.left || self.bottom <= self.top
    }

    /// Whether a point lies inside. The right and bottom edges are outside.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let (x, y) =
            (f64::from(self.left)..f64::from(self.right), f64::from(self.top)..f64::from(self.bottom));
        x.contains(&point.x) && y.contains(&point.y)
    }

    /// The intersection of both rectangles, possibly empty.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The smallest rectangle that contains both. An empty rectangle is ignored.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return *other;
        }
        if other.is_empty() {
            return *self;
        }
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// An axis-aligned rectangle with fractional coordinates in device pixels, such as the box of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// x of the left side.
    pub left: f64,
    /// y of the upper side.
    pub top: f64,
    /// x of the right side.
    pub right: f64,
    /// y of the lower side.
    pub bottom: f64,
}

impl From<PixelRect> for Bounds {
    fn from(rect: PixelRect) -> Self {
        let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom].map(f64::from);
        Self { left, top, right, bottom }
    }
}

impl Bounds {
    /// The rectangle moved by a vector.
    #[must_use]
    pub fn translated(&self, by: Point) -> Self {
        let Self { left, top, right, bottom } = *self;
        Self { left: left + by.x, top: top + by.y, right: right + by.x, bottom: bottom + by.y }
    }

    /// The rectangle with all four sides moved outward by a distance.
    #[must_use]
    pub fn inflated(&self, by: f64) -> Self {
        let Self { left, top, right, bottom } = *self;
        Self { left: left - by, top: top - by, right: right + by, bottom: bottom + by }
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The smallest horizontal and the smallest vertical shift that would separate the two rectangles.
    ///
    /// The rectangles overlap where both values are positive.
    #[must_use]
    pub fn separating_shifts(&self, other: &Self) -> [f64; 2] {
        [
            (self.right - other.left).min(other.right - self.left),
            (self.bottom - other.top).min(other.bottom - self.top),
        ]
    }

    /// The smallest shift along one axis that would separate the two rectangles; 0 if they do not overlap.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f64 {
        let [horizontal, vertical] = self.separating_shifts(other);
        horizontal.min(vertical).max(0.0)
    }

    /// The distances by which it extends beyond another rectangle at the left, top, right and bottom, each at least 0.
    #[must_use]
    pub fn overhang(&self, other: &Self) -> [f64; 4] {
        [other.left - self.left, other.top - self.top, self.right - other.right, self.bottom - other.bottom]
            .map(|distance| distance.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(left: f64, top: f64, right: f64, bottom: f64) -> Bounds {
        Bounds { left, top, right, bottom }
    }

    #[test]
    fn an_overlap_is_the_smallest_shift_that_separates_two_rectangles() {
        let a = bounds(0.0, 0.0, 10.0, 4.0);
        let cases = [
            (bounds(8.0, -9.0, 30.0, 30.0), 2.0),
            (bounds(0.0, 3.0, 10.0, 9.0), 1.0),
            (bounds(4.0, 1.0, 5.0, 2.0), 2.0),
            (bounds(10.0, 0.0, 20.0, 4.0), 0.0),
            (bounds(0.0, 5.0, 10.0, 6.0), 0.0),
        ];
        for (b, depth) in cases {
            assert_eq!((a.overlap(&b), b.overlap(&a)), (depth, depth), "{b:?}");
        }
    }

    #[test]
    fn an_overhang_is_measured_at_each_side() {
        let canvas = Bounds::from(PixelRect::from_size(100, 50));
        assert_eq!(bounds(-2.0, 3.0, 101.0, 50.0).overhang(&canvas), [2.0, 0.0, 1.0, 0.0]);
    }
}
