//! Device-pixel geometry: x to the right, y downward, pixel `c` covering `c` to `c + 1`.

/// A point in device pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downward.
    pub y: f64,
}

impl Point {
    /// The point at (x, y).
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// A rectangle of whole pixels, `left..right` by `top..bottom`; empty where either range is.
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
    /// The rectangle of a whole picture.
    #[must_use]
    pub const fn from_size(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, right: width as i32, bottom: height as i32 }
    }

    /// Columns, 0 where empty.
    #[must_use]
    pub fn width(&self) -> u32 {
        (self.right - self.left).max(0) as u32
    }

    /// Rows, 0 where empty.
    #[must_use]
    pub fn height(&self) -> u32 {
        (self.bottom - self.top).max(0) as u32
    }

    /// Whether it holds no pixel.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.right <= self.left || self.bottom <= self.top
    }

    /// Whether a point lies in it.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let (x, y) =
            (f64::from(self.left)..f64::from(self.right), f64::from(self.top)..f64::from(self.bottom));
        x.contains(&point.x) && y.contains(&point.y)
    }

    /// What both hold; possibly empty.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The smallest rectangle that holds both; an empty one adds nothing.
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

/// An upright rectangle between any coordinates, such as the box of a text; device pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The left side.
    pub left: f64,
    /// The upper side.
    pub top: f64,
    /// The right side.
    pub right: f64,
    /// The lower side.
    pub bottom: f64,
}

impl From<PixelRect> for Bounds {
    fn from(rect: PixelRect) -> Self {
        let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom].map(f64::from);
        Self { left, top, right, bottom }
    }
}

impl Bounds {
    /// The same rectangle, moved.
    #[must_use]
    pub fn translated(&self, by: Point) -> Self {
        let Self { left, top, right, bottom } = *self;
        Self { left: left + by.x, top: top + by.y, right: right + by.x, bottom: bottom + by.y }
    }

    /// The same rectangle with all sides moved outward.
    #[must_use]
    pub fn inflated(&self, by: f64) -> Self {
        let Self { left, top, right, bottom } = *self;
        Self { left: left - by, top: top - by, right: right + by, bottom: bottom + by }
    }

    /// The least shifts to a side, and up or down, that part two rectangles; they overlap where both are
    /// above 0.
    #[must_use]
    pub fn separating_shifts(&self, other: &Self) -> [f64; 2] {
        [
            (self.right - other.left).min(other.right - self.left),
            (self.bottom - other.top).min(other.bottom - self.top),
        ]
    }

    /// The least shift along an axis that parts two rectangles; 0 where they do not overlap.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f64 {
        let [across, down] = self.separating_shifts(other);
        across.min(down).max(0.0)
    }

    /// How far it reaches beyond another rectangle: at the left, top, right and bottom; 0 where it does not.
    #[must_use]
    pub fn overhang(&self, other: &Self) -> [f64; 4] {
        [other.left - self.left, other.top - self.top, self.right - other.right, self.bottom - other.bottom]
            .map(|over| over.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(left: f64, top: f64, right: f64, bottom: f64) -> Bounds {
        Bounds { left, top, right, bottom }
    }

    #[test]
    fn an_overlap_is_the_least_shift_that_parts_two_rectangles() {
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
    fn what_reaches_beyond_is_told_side_by_side() {
        let canvas = Bounds::from(PixelRect::from_size(100, 50));
        assert_eq!(bounds(-2.0, 3.0, 101.0, 50.0).overhang(&canvas), [2.0, 0.0, 1.0, 0.0]);
    }
}
