//! A panel's plot rectangle with its two mappings: from a panel's own units to device pixels.

use crate::geometry::{PixelRect, Point};
use crate::panel::axis::AxisMapping;
use crate::scene::element::Scale;

/// Where a panel lies and how its axes run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The plot rectangle, in whole device pixels.
    pub rect: PixelRect,
    /// Left to right.
    pub x: AxisMapping,
    /// Bottom to top.
    pub y: AxisMapping,
}

impl Viewport {
    /// A plot rectangle with the ranges of its linear axes, first value at the left and at the bottom.
    #[must_use]
    pub fn new(rect: PixelRect, x: [f64; 2], y: [f64; 2]) -> Self {
        let horizontal = [f64::from(rect.left), f64::from(rect.right)];
        let vertical = [f64::from(rect.bottom), f64::from(rect.top)];
        let linear = |range, pixels| AxisMapping { range, pixels, scale: Scale::Linear };
        Self { rect, x: linear(x, horizontal), y: linear(y, vertical) }
    }

    /// The same rectangle and ranges with axes of other scales.
    #[must_use]
    pub fn scaled(mut self, [x, y]: [Scale; 2]) -> Self {
        (self.x.scale, self.y.scale) = (x, y);
        self
    }

    /// Where a pair of values lies.
    #[must_use]
    pub fn point(&self, (x, y): (f64, f64)) -> Point {
        Point::new(self.x.pixel(x), self.y.pixel(y))
    }

    /// The pair of values that lies at a point.
    #[must_use]
    pub fn values(&self, at: Point) -> (f64, f64) {
        (self.x.value(at.x), self.y.value(at.y))
    }

    /// Where a fraction of the rectangle lies, counted from its lower left corner.
    #[must_use]
    pub fn fraction(&self, (x, y): (f64, f64)) -> Point {
        let lerp = |[a, b]: [f64; 2], part: f64| a + (b - a) * part;
        Point::new(lerp(self.x.pixels, x), lerp(self.y.pixels, y))
    }

    /// Whether both values lie in their ranges.
    #[must_use]
    pub fn holds(&self, (x, y): (f64, f64)) -> bool {
        self.x.holds(x) && self.y.holds(y)
    }

    /// The value of each axis that is nearest to zero; on a logarithmic one the low end.
    #[must_use]
    pub fn origin(&self) -> (f64, f64) {
        let nearest = |[a, b]: [f64; 2]| 0.0_f64.clamp(a.min(b), a.max(b));
        (nearest(self.x.range), nearest(self.y.range))
    }
}

/// The range of one axis widened about its middle until its unit is as long as the other's.
#[must_use]
pub fn widened(range: [f64; 2], pixels: u32, other_pixels_per_unit: f64) -> [f64; 2] {
    let [a, b] = range;
    let wanted = f64::from(pixels) / other_pixels_per_unit;
    let factor = (wanted / (b - a).abs()).max(1.0);
    let (middle, half) = (f64::midpoint(a, b), (b - a) / 2.0 * factor);
    [middle - half, middle + half]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rectangle_is_the_range() {
        let rect = PixelRect { left: 10, top: 20, right: 110, bottom: 70 };
        let viewport = Viewport::new(rect, [-1.0, 1.0], [0.0, 5.0]);
        assert_eq!(viewport.point((-1.0, 0.0)), Point::new(10.0, 70.0));
        assert_eq!(viewport.point((1.0, 5.0)), Point::new(110.0, 20.0));
        assert_eq!(viewport.fraction((0.5, 1.0)), Point::new(60.0, 20.0));
        assert_eq!(viewport.values(Point::new(60.0, 20.0)), (0.0, 5.0));
    }

    #[test]
    fn widening_keeps_the_middle_and_never_narrows() {
        assert_eq!(widened([-1.0, 3.0], 800, 100.0), [-3.0, 5.0]);
        assert_eq!(widened([-1.0, 3.0], 100, 100.0), [-1.0, 3.0]);
        assert_eq!(widened([3.0, -1.0], 800, 100.0), [5.0, -3.0]);
    }
}
