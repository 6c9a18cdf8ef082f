//! Filled outlines: the exact area that an outline covers in each pixel.
//!
//! Each edge adds to the row that it crosses the signed area between itself and the right end of the row. The
//! running sum from the left is the winding number averaged over a pixel; its magnitude, at most 1, is the
//! coverage. This is the scanline algorithm of AGG and `FreeType`. Supersampling would distinguish sixteen
//! levels only. Overlapping contours of one outline are united by the non-zero rule.

use std::ops::Range;

use tiny_skia_path::{Path, PathSegment};

use crate::draw::pixel_coverage;
use crate::geometry::{PixelRect, Point};

/// The largest deviation of a flattened curve, in pixels: far less than is visible.
const FLATNESS: f64 = 0.005;

/// How many cells are tested for edges at once.
const BLOCK: usize = 8;

/// The approximate number of cells in a band of rows: few enough to stay in the processor's cache.
const BAND_CELLS: usize = 1 << 12;

/// Rasterizes `path`, moved by `offset`, inside `bounds`. Calls `visit` with the coverage of each row from
/// the top: one byte from 0 to 255 for each pixel.
pub(crate) fn rasterize(path: &Path, offset: Point, bounds: PixelRect, mut visit: impl FnMut(&[u8])) {
    let origin = Point::new(offset.x - f64::from(bounds.left), offset.y - f64::from(bounds.top));
    let (width, height) = (bounds.width() as usize, bounds.height() as usize);
    let mut band = RowBand { width, rows: 0..0, cells: Vec::new() };
    let mut bytes = vec![0; width];
    let band_height = (BAND_CELLS / (width + 1)).clamp(1, height.max(1));
    for top in (0..height).step_by(band_height) {
        band.reset(top..height.min(top + band_height));
        flatten(path, origin, &mut |from, to| band.add_edge(from, to));
        band.emit_rows(&mut bytes, &mut visit);
    }
}

/// An accumulation buffer for the edges of one outline in a few rows.
struct RowBand {
    width: usize,
    rows: Range<usize>,
    /// The change of the winding number at each pixel, row by row. Each row has one cell more than pixels,
    /// which takes what spills over on the right.
    cells: Vec<f64>,
}

impl RowBand {
    /// Clears the buffer and moves it to other rows.
    fn reset(&mut self, rows: Range<usize>) {
        self.cells.clear();
        self.cells.resize((self.width + 1) * rows.len(), 0.0);
        self.rows = rows;
    }

    /// Calls `visit` with the coverage of each row; `bytes` is the buffer of a row.
    fn emit_rows(&self, bytes: &mut [u8], visit: &mut impl FnMut(&[u8])) {
        let width = self.width;
        for row in self.cells.chunks_exact(width + 1) {
            let (mut winding, mut byte) = (0.0, 0);
            for (bytes, cells) in bytes.chunks_mut(BLOCK).zip(row[..width].chunks(BLOCK)) {
                // Most cells meet no edge.
                if cells.iter().fold(0, |any, cell| any | cell.to_bits()) == 0 {
                    bytes.fill(byte);
                    continue;
                }
                for (own, &cell) in bytes.iter_mut().zip(cells) {
                    if cell != 0.0 {
                        winding += cell;
                        byte = pixel_coverage::quantize(f64::min(f64::abs(winding), 1.0));
                    }
                    *own = byte;
                }
            }
            visit(bytes);
        }
    }

    /// Adds a straight edge, in pixels from the upper left corner of the bounds.
    fn add_edge(&mut self, from: Point, to: Point) {
        let (sign, from, to) = if from.y < to.y { (1.0, from, to) } else { (-1.0, to, from) };
        let (top, bottom) = (from.y.max(self.rows.start as f64), to.y.min(self.rows.end as f64));
        if top >= bottom {
            return;
        }
        let slope = (to.x - from.x) / (to.y - from.y);
        for row in top as usize..bottom.ceil() as usize {
            let (y0, y1) = (top.max(row as f64), bottom.min((row + 1) as f64));
            let (x0, x1) = (from.x + (y0 - from.y) * slope, from.x + (y1 - from.y) * slope);
            self.add_row_crossing(row, sign * (y1 - y0), x0.min(x1), x0.max(x1));
        }
    }

    /// Adds the part of an edge inside one row. It spans the signed height `rise` and runs from `left` to
    /// `right`. Left of the bounds it counts in full, right of them not at all.
    fn add_row_crossing(&mut self, row: usize, rise: f64, left: f64, right: f64) {
        let (width, stride, row) = (self.width as f64, self.width + 1, row - self.rows.start);
        let cells = &mut self.cells[row * stride..(row + 1) * stride];
        if left >= width {
            return;
        }
        if right <= 0.0 {
            cells[0] += rise;
            return;
        }
        let run = right - left;
        if left < 0.0 {
            cells[0] += rise * (-left / run);
        }
        let (first, last) = (left.max(0.0), right.min(width));
        let mut column = first as usize;
        loop {
            let (a, b) = (first.max(column as f64), last.min((column + 1) as f64));
            let part = if run > 0.0 { rise * ((b - a) / run) } else { rise };
            let beyond = part * (f64::midpoint(a, b) - column as f64);
            cells[column] += part - beyond;
            cells[column + 1] += beyond;
            column += 1;
            if column as f64 >= last {
                return;
            }
        }
    }
}

/// Flattens a path, moved by `offset`, and calls `edge` for each straight edge. Contours are closed.
fn flatten(path: &Path, offset: Point, edge: &mut impl FnMut(Point, Point)) {
    let to_point =
        |p: tiny_skia_path::Point| Point::new(f64::from(p.x) + offset.x, f64::from(p.y) + offset.y);
    let (mut start, mut at) = (Point::default(), Point::default());
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => {
                edge(at, start);
                (start, at) = (to_point(to), to_point(to));
            }
            PathSegment::LineTo(to) => {
                edge(at, to_point(to));
                at = to_point(to);
            }
            PathSegment::QuadTo(control, to) => {
                let (control, to) = (to_point(control), to_point(to));
                // A quadratic curve is the cubic whose handles lie two thirds of the way to its control
                // point.
                let handle = |end| lerp(end, control, 2.0 / 3.0);
                flatten_cubic([at, handle(at), handle(to), to], edge);
                at = to;
            }
            PathSegment::CubicTo(first, second, to) => {
                flatten_cubic([at, to_point(first), to_point(second), to_point(to)], edge);
                at = to_point(to);
            }
            PathSegment::Close => {
                edge(at, start);
                at = start;
            }
        }
    }
    edge(at, start);
}

/// Calls `edge` for each chord of a cubic Bézier curve. Its second derivative is at most six times the larger
/// second difference of its control points, and n chords deviate by at most an eighth of the second
/// derivative over n².
fn flatten_cubic(points: [Point; 4], edge: &mut impl FnMut(Point, Point)) {
    let [p0, p1, p2, p3] = points;
    let second_difference = |a: Point, b: Point, c: Point| {
        let (x, y) = (a.x - 2.0 * b.x + c.x, a.y - 2.0 * b.y + c.y);
        (x * x + y * y).sqrt()
    };
    let max_difference = second_difference(p0, p1, p2).max(second_difference(p1, p2, p3));
    let chords = (max_difference * 0.75 / FLATNESS).sqrt().ceil().clamp(1.0, 1000.0);
    let mut at = p0;
    for k in 1..chords as u32 {
        let t = f64::from(k) / chords;
        let (a, b, c) = (lerp(p0, p1, t), lerp(p1, p2, t), lerp(p2, p3, t));
        let next = lerp(lerp(a, b, t), lerp(b, c, t), t);
        edge(at, next);
        at = next;
    }
    edge(at, p3);
}

/// The point at parameter `t` between `a` (0) and `b` (1).
fn lerp(a: Point, b: Point, t: f64) -> Point {
    Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
}

#[cfg(test)]
mod tests {
    use tiny_skia_path::{PathBuilder, Rect};

    use super::*;

    const BOUNDS: PixelRect = PixelRect { left: -3, top: 2, right: 17, bottom: 22 };

    fn bytes(path: &Path, offset: Point) -> Vec<u8> {
        let mut bytes = Vec::new();
        rasterize(path, offset, BOUNDS, |row| bytes.extend_from_slice(row));
        bytes
    }

    fn total(path: &Path, offset: Point) -> f64 {
        bytes(path, offset).into_iter().map(f64::from).sum::<f64>() / 255.0
    }

    #[test]
    fn a_circle_has_the_same_area_at_any_position() {
        let circle = PathBuilder::from_circle(0.0, 0.0, 6.0).expect("a circle");
        for (x, y) in [(7.0, 12.0), (7.3, 12.9), (6.5, 11.25)] {
            let sum = total(&circle, Point::new(x, y));
            // The path itself, the circle of tiny-skia, deviates by a thousandth of its radius.
            assert!((sum / (std::f64::consts::PI * 36.0) - 1.0).abs() < 3e-3, "at ({x}, {y}): {sum}");
        }
    }

    #[test]
    fn shapes_beyond_the_bounds_are_clipped() {
        let all = PathBuilder::from_rect(Rect::from_ltrb(-90.0, -80.0, 95.0, 70.0).expect("a rectangle"));
        assert!(bytes(&all, Point::new(0.3, 0.4)).iter().all(|byte| *byte == 255));
        let beside = PathBuilder::from_rect(Rect::from_ltrb(-90.0, 5.0, -10.0, 9.0).expect("a rectangle"));
        assert!(bytes(&beside, Point::default()).iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_slanted_edge_may_cross_both_sides_of_the_bounds() {
        let mut path = PathBuilder::new();
        path.move_to(-40.0, 0.0);
        path.line_to(60.0, 25.0);
        path.line_to(-40.0, 25.0);
        let sum = total(&path.finish().expect("a triangle"), Point::default());
        // Over the columns of the bounds the hypotenuse y = (x + 40) / 4 runs from 9.25 to 14.25.
        assert!((sum - 20.0 * (22.0 - 11.75)).abs() < 0.2, "{sum}");
    }

    #[test]
    fn overlapping_contours_of_one_outline_are_united() {
        let mut path = PathBuilder::new();
        path.push_rect(Rect::from_ltrb(0.0, 5.0, 8.5, 12.0).expect("a rectangle"));
        path.push_rect(Rect::from_ltrb(4.0, 5.0, 12.0, 12.0).expect("a rectangle"));
        let sum = total(&path.finish().expect("two rectangles"), Point::default());
        assert!((sum - 84.0).abs() < 1e-9);
    }

    #[test]
    fn a_shape_taller_than_a_band_has_no_seam() {
        let mut path = PathBuilder::new();
        path.move_to(0.25, 0.0);
        path.line_to(1700.0, 90.0);
        path.line_to(1200.5, 90.0);
        let (path, wide) = (path.finish().expect("a triangle"), PixelRect::from_size(1800, 90));
        let whole = |y: i32, bottom: i32| {
            let mut rows = Vec::new();
            let rect = PixelRect { top: y, bottom, ..wide };
            rasterize(&path, Point::default(), rect, |row| rows.push(row.to_vec()));
            rows
        };
        const { assert!(BAND_CELLS / 1801 == 2, "two rows are a band") };
        let single: Vec<_> = (0..90).flat_map(|y| whole(y, y + 1)).collect();
        assert!(whole(0, 90) == single);
    }
}
