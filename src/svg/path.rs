//! Path data: curves and outlines as the `d` attribute, in relative commands on a grid of hundredths of a pixel.

use tiny_skia_path::{Path, PathSegment};

use crate::geometry::Point;
use crate::mark::Polyline;
use crate::svg::number::{DECIMALS, GridPoint, decimal, join};
use crate::svg::simplify::simplify_polylines;

/// Builder of path data.
#[derive(Debug, Default)]
pub(super) struct PathData {
    text: String,
    /// The command that further numbers would continue.
    command: Option<char>,
    start: GridPoint,
    at: GridPoint,
    /// Writes every segment with the command of its kind, so that paths of one structure have the same commands and can be
    /// interpolated.
    fixed_commands: bool,
}

impl PathData {
    /// A builder whose commands depend on the structure of the path alone.
    pub(super) fn fixed_commands() -> Self {
        Self { fixed_commands: true, ..Self::default() }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn command(&mut self, letter: char, numbers: &[i64]) {
        // Coordinates after a move are implicit lines.
        let implied = self.command == Some(letter) || (self.command == Some('m') && letter == 'l');
        if !implied || letter == 'm' {
            self.text.push(letter);
            self.command = Some(letter);
        }
        for number in numbers {
            join(&mut self.text, &decimal(*number, DECIMALS));
        }
    }

    pub(super) fn move_to(&mut self, to: GridPoint) {
        let step = to.minus(self.at);
        self.command('m', &[step.x, step.y]);
        (self.start, self.at) = (to, to);
    }

    pub(super) fn line_to(&mut self, to: GridPoint) {
        let step = to.minus(self.at);
        match (step.x, step.y) {
            (0, 0) if !self.fixed_commands => {}
            (x, 0) if !self.fixed_commands => self.command('h', &[x]),
            (0, y) if !self.fixed_commands => self.command('v', &[y]),
            (x, y) => self.command('l', &[x, y]),
        }
        self.at = to;
    }

    /// A Bézier curve with one or two control points.
    fn curve_to(&mut self, letter: char, grid_points: &[GridPoint]) {
        let steps = grid_points.iter().map(|grid_point| grid_point.minus(self.at));
        let numbers: Vec<i64> = steps.flat_map(|step| [step.x, step.y]).collect();
        self.command(letter, &numbers);
        self.at = grid_points.last().copied().unwrap_or(self.at);
    }

    /// An open polyline.
    pub(super) fn line(&mut self, grid_points: impl IntoIterator<Item = GridPoint>) {
        for (k, grid_point) in grid_points.into_iter().enumerate() {
            if k == 0 { self.move_to(grid_point) } else { self.line_to(grid_point) }
        }
    }

    /// A closed polygon.
    pub(super) fn polygon(&mut self, corners: impl IntoIterator<Item = GridPoint>) {
        self.line(corners);
        self.close();
    }

    /// A segment of length zero, which a round pen shows as a dot.
    pub(super) fn dot(&mut self) {
        self.command('h', &[0]);
    }

    pub(super) fn close(&mut self) {
        self.text.push('z');
        self.command = None;
        self.at = self.start;
    }

    /// Adds the contours of an outline, translated by `offset`.
    pub(super) fn outline(&mut self, path: &Path, offset: Point) {
        let grid_point = |p: tiny_skia_path::Point| GridPoint::of(placed(p, offset));
        if let Some(polygons) = polygons(path).filter(|_| !self.fixed_commands) {
            return polygons.iter().for_each(|polygon| {
                let kept = simplify_polylines(&[polygon]);
                let moved =
                    |k: usize| GridPoint::of(Point::new(polygon[k].x + offset.x, polygon[k].y + offset.y));
                self.polygon(kept.into_iter().map(moved));
            });
        }
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(to) => self.move_to(grid_point(to)),
                PathSegment::LineTo(to) => self.line_to(grid_point(to)),
                PathSegment::QuadTo(control, to) => {
                    self.curve_to('q', &[grid_point(control), grid_point(to)]);
                }
                PathSegment::CubicTo(a, b, to) => {
                    self.curve_to('c', &[grid_point(a), grid_point(b), grid_point(to)]);
                }
                PathSegment::Close => self.close(),
            }
        }
    }
}

fn placed(point: tiny_skia_path::Point, offset: Point) -> Point {
    Point::new(f64::from(point.x) + offset.x, f64::from(point.y) + offset.y)
}

/// The contours of an outline, or `None` if it has curves.
pub(super) fn polygons(path: &Path) -> Option<Vec<Vec<Point>>> {
    let mut contours: Vec<Vec<Point>> = Vec::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => contours.push(vec![placed(to, Point::default())]),
            PathSegment::LineTo(to) => contours.last_mut()?.push(placed(to, Point::default())),
            PathSegment::QuadTo(..) | PathSegment::CubicTo(..) => return None,
            PathSegment::Close => {}
        }
    }
    Some(contours)
}

/// The start of an outline and its path data relative to that start. Equal glyphs have equal data wherever they are
/// placed.
pub(super) fn way(path: &Path) -> Option<(Point, String)> {
    let mut segments = path.segments();
    let Some(PathSegment::MoveTo(start)) = segments.next() else { return None };
    let begin = placed(start, Point::default());
    let mut data = PathData::default();
    data.outline(path, Point::new(-begin.x, -begin.y));
    // The first move is relative to the start, hence zero.
    let way = data.into_text().strip_prefix("m0 0").map(str::to_owned)?;
    let explicit = way.starts_with(|c: char| c.is_ascii_alphabetic());
    Some((begin, if explicit { way } else { format!("l{}", way.trim_start()) }))
}

/// Whether an outline is clockwise on the screen, by the sign of its area.
pub(super) fn is_clockwise(path: &Path) -> bool {
    let (mut start, mut at, mut area) = (Point::default(), Point::default(), 0.0);
    let mut edge = |from: Point, to: Point| area += from.x * to.y - to.x * from.y;
    for segment in path.segments() {
        let to = match segment {
            PathSegment::MoveTo(to) => {
                start = placed(to, Point::default());
                at = start;
                continue;
            }
            PathSegment::LineTo(to) => placed(to, Point::default()),
            PathSegment::QuadTo(control, to) => {
                let control = placed(control, Point::default());
                edge(at, control);
                at = control;
                placed(to, Point::default())
            }
            PathSegment::CubicTo(a, b, to) => {
                let (a, b) = (placed(a, Point::default()), placed(b, Point::default()));
                edge(at, a);
                edge(a, b);
                at = b;
                placed(to, Point::default())
            }
            PathSegment::Close => start,
        };
        edge(at, to);
        at = to;
    }
    area > 0.0
}

/// A part of a curve without a break.
pub(super) struct Subpath {
    /// The points that remain after simplification.
    pub(super) grid_points: Vec<GridPoint>,
    /// Index of its first point in the curve.
    pub(super) first: usize,
    /// Arc length of the curve at its start, in device pixels. Breaks have no length.
    pub(super) start: f64,
    /// Arc length of each original point along the simplified points, as an SVG renderer measures it.
    pub(super) arcs: Vec<f64>,
    /// Whether the last point equals the first.
    closed: bool,
}

impl Subpath {
    fn new(points: &[Point], first: usize, start: f64) -> Self {
        let kept = simplify_polylines(&[points]);
        let grid_points: Vec<GridPoint> = kept.iter().map(|&k| GridPoint::of(points[k])).collect();
        let mut arcs = vec![0.0; points.len()];
        for (span, ends) in kept.windows(2).zip(grid_points.windows(2)) {
            let (begin, length) = (arcs[span[0]], ends[1].distance(ends[0]));
            let way = |k: usize| libm::hypot(points[k].x - points[k - 1].x, points[k].y - points[k - 1].y);
            let whole: f64 = (span[0] + 1..=span[1]).map(way).sum();
            for k in span[0] + 1..=span[1] {
                let part = if whole > 0.0 { way(k) / whole } else { 0.0 };
                arcs[k] = arcs[k - 1] + length * part;
            }
            arcs[span[1]] = begin + length;
        }
        let closed = points.len() > 2 && points.first() == points.last();
        Self { grid_points, first, start, arcs, closed }
    }

    /// Appends its path data. A solid stroke of a closed subpath is closed and has no ends.
    pub(super) fn data(&self, solid: bool, into: &mut PathData) {
        let Some((first, rest)) = self.grid_points.split_first() else { return };
        into.move_to(*first);
        let closed = self.closed && solid && self.length() > 0.0;
        let rest = if closed { &rest[..rest.len() - 1] } else { rest };
        for grid_point in rest {
            into.line_to(*grid_point);
        }
        if closed {
            into.close();
        } else if self.length() == 0.0 {
            into.dot();
        }
    }

    /// Total arc length.
    pub(super) fn length(&self) -> f64 {
        self.arcs.last().copied().unwrap_or_default()
    }
}

/// The subpaths of a curve's first `upto` points.
pub(super) fn subpaths(path: &Polyline, upto: usize) -> Vec<Subpath> {
    let mut start = 0.0;
    unbroken_runs(path, upto)
        .map(|(first, points)| {
            let subpath = Subpath::new(points, first, start);
            start += subpath.length();
            subpath
        })
        .collect()
}

/// The runs between breaks of a curve's first `upto` points, each with the index of its first point.
pub(super) fn unbroken_runs(path: &Polyline, upto: usize) -> impl Iterator<Item = (usize, &[Point])> {
    let upto = upto.min(path.points.len());
    // An empty list of starts means a single run.
    let starts: &[usize] = if path.subpath_starts.is_empty() { &[0] } else { &path.subpath_starts };
    let ends = starts.iter().skip(1).copied().chain([upto]);
    let unbroken_runs = starts.iter().copied().zip(ends).take_while(move |(first, _)| *first < upto);
    unbroken_runs.map(move |(first, end)| (first, &path.points[first..end.min(upto)]))
}

/// Path data of several outlines, each at its own start.
pub(super) fn join_outlines<'a>(ways: impl IntoIterator<Item = (GridPoint, &'a str)>) -> String {
    let mut text = String::new();
    for (begin, way) in ways {
        text.push('M');
        join(&mut text, &decimal(begin.x, DECIMALS));
        join(&mut text, &decimal(begin.y, DECIMALS));
        text.push_str(way);
    }
    text
}

#[cfg(test)]
mod tests {
    use tiny_skia_path::{PathBuilder, Rect};

    use super::*;

    fn square(left: f32, top: f32) -> Path {
        PathBuilder::from_rect(Rect::from_xywh(left, top, 2.0, 2.5).expect("a rectangle"))
    }

    #[test]
    fn equal_outlines_have_equal_data_wherever_they_are_placed() {
        let (a, b) = (way(&square(0.0, 0.0)), way(&square(7.25, -3.5)));
        let (a, b) = (a.expect("a way"), b.expect("a way"));
        assert_eq!(a.1, "h2v2.5h-2z");
        assert_eq!((b.0, b.1), (Point::new(7.25, -3.5), a.1));
    }

    #[test]
    fn rounding_does_not_add_up() {
        let points: Vec<Point> = (0..1000).map(|k| Point::new(f64::from(k) * 0.3333, 1.0)).collect();
        let line = Polyline { points, subpath_starts: vec![0] };
        let subpath = &subpaths(&line, 1000)[0];
        assert_eq!(subpath.grid_points, [GridPoint { x: 0, y: 100 }, GridPoint { x: 33297, y: 100 }]);
        assert!((subpath.length() - 332.97).abs() < 1e-9);
        assert!((subpath.arcs[500] - 166.65).abs() < 0.01);
    }

    #[test]
    fn breaks_have_no_length_and_closed_curves_are_closed() {
        let ring = [(0.0, 0.0), (3.0, 0.0), (3.0, 4.0), (0.0, 0.0)].map(|(x, y)| Point::new(x, y));
        let points = [&ring[..], &ring[..2]].concat();
        let line = Polyline { points, subpath_starts: vec![0, 4] };
        let subpaths = subpaths(&line, 6);
        assert_eq!(subpaths.iter().map(|subpath| subpath.start).collect::<Vec<_>>(), [0.0, 12.0]);
        let mut data = PathData::default();
        for subpath in &subpaths {
            subpath.data(true, &mut data);
        }
        assert_eq!(data.into_text(), "m0 0h3v4zm0 0h3");
    }

    #[test]
    fn a_rectangle_is_clockwise() {
        assert!(is_clockwise(&square(1.0, 1.0)));
    }
}
