//! Level lines of values on a grid: marching squares with linear interpolation, joined to polylines.
//!
//! A line crosses an edge of a cell where one end is at or above the level and the other one below it. Where two lines cross a
//! cell, the mean of its corners, which is the value in its middle, says which corners are connected. Cells with a corner
//! that is not finite have no lines.

use crate::geometry::Point;

/// Values at the corners of square cells.
pub(super) struct GridValues<'a> {
    /// The number of cells in a row; there is one more corner.
    pub(super) columns: usize,
    /// The values at the corners, row by row.
    pub(super) values: &'a [f64],
}

/// The number of an edge: twice that of its first corner, plus 1 for an edge that leads to the next row.
type EdgeId = usize;

/// The edges that a line leads to from an edge, at most one in each of the two cells beside it.
type Links = [Option<EdgeId>; 2];

/// The sides of a cell.
#[derive(Clone, Copy)]
enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

impl GridValues<'_> {
    /// The lines at a level, in units of cells from the first corner. A closed line ends at its first point.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let mut links: Vec<Links> = vec![[None; 2]; 2 * self.values.len()];
        let mut crossed: Vec<EdgeId> = Vec::new();
        for row in 0..self.rows() {
            for column in 0..self.columns {
                let corner = row * (self.columns + 1) + column;
                for sides in self.segments(corner, level).into_iter().flatten() {
                    let [from, to] = sides.map(|side| self.edge(corner, side));
                    for (edge, other) in [(from, to), (to, from)] {
                        if links[edge] == [None; 2] {
                            crossed.push(edge);
                        }
                        let free = usize::from(links[edge][0].is_some());
                        links[edge][free] = Some(other);
                    }
                }
            }
        }
        // Open lines begin at their ends; what remains is closed.
        let ends = crossed.iter().filter(|edge| links[**edge][1].is_none()).copied().collect::<Vec<_>>();
        let starts = ends.into_iter().chain(crossed);
        let mut is_drawn = vec![false; links.len()];
        let mut lines = Vec::new();
        for start in starts {
            if !is_drawn[start] {
                lines.push(self.follow(start, level, &links, &mut is_drawn));
            }
        }
        lines
    }

    fn rows(&self) -> usize {
        (self.values.len() / (self.columns + 1)).saturating_sub(1)
    }

    /// The line from an edge on, until it ends or closes.
    fn follow(&self, start: EdgeId, level: f64, links: &[Links], is_drawn: &mut [bool]) -> Vec<Point> {
        let mut line = vec![self.crossing(start, level)];
        let mut edge = start;
        is_drawn[start] = true;
        loop {
            let ahead = links[edge].into_iter().flatten().find(|next| !is_drawn[*next]);
            let Some(next) = ahead else { break };
            is_drawn[next] = true;
            line.push(self.crossing(next, level));
            edge = next;
        }
        if edge != start && links[edge].contains(&Some(start)) && line.len() > 2 {
            line.push(line[0]);
        }
        line
    }

    /// The pairs of sides that lines connect in the cell with this upper left corner.
    fn segments(&self, corner: usize, level: f64) -> [Option<[Side; 2]>; 2] {
        use Side::{Bottom, Left, Right, Top};
        let below = corner + self.columns + 1;
        // Clockwise from the upper left.
        let corners = [corner, corner + 1, below + 1, below].map(|index| self.values[index]);
        if !corners.iter().all(|value| value.is_finite()) {
            return [None; 2];
        }
        let is_above = || corners.iter().map(|value| *value >= level);
        let case = is_above().fold(0, |case, is_above| case << 1 | u8::from(is_above));
        let middle = corners.iter().map(|value| value / 4.0).sum::<f64>() >= level;
        match case {
            0b0001 | 0b1110 => [Some([Left, Bottom]), None],
            0b0010 | 0b1101 => [Some([Bottom, Right]), None],
            0b0011 | 0b1100 => [Some([Left, Right]), None],
            0b0100 | 0b1011 => [Some([Top, Right]), None],
            0b0110 | 0b1001 => [Some([Top, Bottom]), None],
            0b0111 | 0b1000 => [Some([Left, Top]), None],
            // Two opposite corners are above: connected through the middle, or apart.
            0b0101 | 0b1010 if middle == (case == 0b0101) => [Some([Left, Top]), Some([Bottom, Right])],
            0b0101 | 0b1010 => [Some([Top, Right]), Some([Left, Bottom])],
            _ => [None; 2],
        }
    }

    /// The edge at a side of the cell with this upper left corner.
    fn edge(&self, corner: usize, side: Side) -> EdgeId {
        match side {
            Side::Top => 2 * corner,
            Side::Left => 2 * corner + 1,
            Side::Right => 2 * (corner + 1) + 1,
            Side::Bottom => 2 * (corner + self.columns + 1),
        }
    }

    /// The point of an edge at which its values, interpolated linearly, reach the level.
    fn crossing(&self, edge: EdgeId, level: f64) -> Point {
        let (corner, leads_down) = (edge / 2, edge % 2 == 1);
        let other = corner + if leads_down { self.columns + 1 } else { 1 };
        let [from, to] = [corner, other].map(|index| self.values[index]);
        let part = ((level - from) / (to - from)).clamp(0.0, 1.0);
        let (x, y) = ((corner % (self.columns + 1)) as f64, (corner / (self.columns + 1)) as f64);
        if leads_down { Point::new(x, y + part) } else { Point::new(x + part, y) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: usize = 60;

    fn lines(level: f64, value: impl Fn(f64, f64) -> f64) -> Vec<Vec<Point>> {
        let corners =
            (0_u8..=40).flat_map(|row| (0..=COLUMNS).map(move |column| (column as f64, f64::from(row))));
        let values: Vec<f64> = corners.map(|(x, y)| value(x, y)).collect();
        GridValues { columns: COLUMNS, values: &values }.lines(level)
    }

    #[test]
    fn a_circle_is_one_closed_line() {
        let radius = |x: f64, y: f64| libm::hypot(x - 29.3, y - 20.6);
        let circle = lines(13.7, radius);
        assert_eq!(circle.len(), 1);
        let line = &circle[0];
        assert!(line.first() == line.last() && line.len() > 80, "{}", line.len());
        // Linear interpolation over a cell is off by at most an eighth of the curvature.
        assert!(line.iter().all(|point| (radius(point.x, point.y) - 13.7).abs() < 0.125 / 13.0));
        let length: f64 =
            line.windows(2).map(|pair| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y)).sum();
        assert!((length / (std::f64::consts::TAU * 13.7) - 1.0).abs() < 2e-3, "{length}");
    }

    #[test]
    fn a_plane_has_straight_lines_from_side_to_side() {
        let line = lines(31.25, |x, y| x + 0.5 * y);
        assert_eq!(line.len(), 1);
        let [first, last] = [line[0][0], line[0][line[0].len() - 1]];
        assert_eq!([first.y.min(last.y), first.y.max(last.y)], [0.0, 40.0]);
        assert!(line[0].iter().all(|point| (point.x + 0.5 * point.y - 31.25).abs() < 1e-12));
        assert!(
            line[0].windows(2).all(|pair| libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y) < 1.5)
        );
    }

    #[test]
    fn a_saddle_connects_what_its_middle_connects() {
        let corners = |values: [f64; 4]| GridValues { columns: 1, values: &values }.lines(0.5);
        // The upper left and the lower right corner are above, and so is the middle, or not.
        let joined = corners([2.0, 0.0, 0.0, 2.0]);
        let apart = corners([0.9, 0.0, 0.0, 0.9]);
        let middle = |lines: &[Vec<Point>]| {
            let [a, b] = [&lines[0], &lines[1]].map(|line| (line[0].x - line[1].x) * (line[0].y - line[1].y));
            assert_eq!(lines.len(), 2);
            (a > 0.0, b > 0.0)
        };
        assert_eq!(middle(&joined), (true, true));
        assert_eq!(middle(&apart), (false, false));
    }

    #[test]
    fn every_point_of_a_wavy_surface_is_on_its_level_and_on_one_line() {
        let value =
            |x: f64, y: f64| libm::sin(x / 7.0) * libm::cos(y / 5.0) + 0.1 * libm::sin(x / 3.0 + y / 4.0);
        let mut crossings = 0;
        for row in 0..=40 {
            for column in 0..=COLUMNS {
                let at = |x: usize, y: usize| value(x as f64, y as f64) >= 0.2;
                crossings += usize::from(column < COLUMNS && at(column, row) != at(column + 1, row));
                crossings += usize::from(row < 40 && at(column, row) != at(column, row + 1));
            }
        }
        let found = lines(0.2, value);
        let points: usize = found
            .iter()
            .map(|line| line.len() - usize::from(line.len() > 2 && line.first() == line.last()))
            .sum();
        assert_eq!(points, crossings);
        assert!(found.iter().flatten().all(|point| (value(point.x, point.y) - 0.2).abs() < 0.01));
    }

    #[test]
    fn cells_with_an_undefined_corner_are_left_out() {
        let hole = |x: f64, y: f64| if (x, y) == (30.0, 20.0) { f64::NAN } else { x };
        let found = lines(29.5, hole);
        assert_eq!(found.len(), 2);
        assert!(lines(29.5, |_, _| f64::INFINITY).is_empty());
    }
}
