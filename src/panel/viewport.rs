//! A panel's viewport: its plot rectangle and the mapping from the panel's data coordinates to device pixels.

use crate::geometry::{PixelRect, Point};
use crate::panel::axis::AxisMapping;
use crate::scene::element::Scale;

/// A plot rectangle with the mappings of its two axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The plot rectangle, in whole device pixels.
    pub rect: PixelRect,
    /// The x axis, from left to right.
    pub x: AxisMapping,
    /// The y axis, from bottom to top.
    pub y: AxisMapping,
}

impl Viewport {
    /// A viewport with linear axes. Ranges begin with the value at the left and at the bottom.
    #[must_use]
    pub fn new(rect: PixelRect, x: [f64; 2], y: [f64; 2]) -> Self {
        let horizontal = [f64::from(rect.left), f64::from(rect.right)];
        let vertical = [f64::from(rect.bottom), f64::from(rect.top)];
        let linear = |range, pixels| AxisMapping { range, pixels, scale: Scale::Linear };
        Self { rect, x: linear(x, horizontal), y: linear(y, vertical) }
    }

    /// The same rectangle and ranges with axes of these scales.
    #[must_use]
    pub fn with_scales(mut self, [x, y]: [Scale; 2]) -> Self {
        (self.x.scale, self.y.scale) = (x, y);
        self
    }

    /// The device pixels of a pair of data coordinates.
    #[must_use]
    pub fn point(&self, (x, y): (f64, f64)) -> Point {
        Point::new(self.x.pixel(x), self.y.pixel(y))
    }

    /// The data coordinates of a point in device pixels.
    #[must_use]
    pub fn values(&self, at: Point) -> (f64, f64) {
        (self.x.value(at.x), self.y.value(at.y))
    }

    /// The point at fractions of the rectangle's width and height, counted from its lower left corner.
    #[must_use]
    pub fn fraction(&self, (x, y): (f64, f64)) -> Point {
        let lerp = |[a, b]: [f64; 2], fraction: f64| a + (b - a) * fraction;
        Point::new(lerp(self.x.pixels, x), lerp(self.y.pixels, y))
    }

    /// Whether both coordinates lie in their axes' ranges, up to rounding.
    #[must_use]
    pub fn contains(&self, (x, y): (f64, f64)) -> bool {
        self.x.contains(x) && self.y.contains(y)
    }

    /// The value of each range that is nearest to 0; the low end on a logarithmic axis.
    #[must_use]
    pub fn origin(&self) -> (f64, f64) {
        let nearest = |[a, b]: [f64; 2]| 0.0_f64.clamp(a.min(b), a.max(b));
        (nearest(self.x.range), nearest(self.y.range))
    }
}

/// A range widened about its middle, so that `pixels` show it at no more than `pixels_per_unit`.
#[must_use]
pub fn widened(range: [f64; 2], pixels: u32, pixels_per_unit: f64) -> [f64; 2] {
    let [a, b] = range;
    let length = f64::from(pixels) / pixels_per_unit;
    let factor = (length / (b - a).abs()).max(1.0);
    let (middle, half) = (f64::midpoint(a, b), (b - a) / 2.0 * factor);
    [middle - half, middle + half]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rectangle_shows_the_range() {
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
