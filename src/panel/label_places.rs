//! The places in a frame at which the labels of contours may stand: on long lines, inside of the plot, where a line is nearly
//! straight and no other line passes.
//!
//! They lie where a line crosses the edges of coarse cells. So the places of a line that moves move along these edges.

use crate::geometry::{Bounds, Point};
use crate::panel::chords::clipped_length;
use crate::panel::contour_labels::{MARGIN, MAX_BEND, MIN_LENGTH, box_at, is_inside};
use crate::panel::label_path::Place;
use crate::panel::sampled_plot::SampledPlot;
use crate::text::TypesetLabel;

/// The cost of a place where another line passes. It is not shown for long.
const CROSSED: f64 = 2.0;
/// The cost of the greatest bend below a label.
const BENT: f64 = 0.4;
/// The cost of a place in the middle of an edge of the plot; that of the plot's middle is 0.
const OFF_CENTER: f64 = 0.1;

/// The work of a point of a line: of finding it, measuring the line, and looking for room around some of its points.
const POINT_WORK: u64 = 300;

/// Finds places for the labels of levels.
pub(super) struct PlaceFinder<'a> {
    pub(super) plot: Bounds,
    pub(super) em: f64,
    /// The label of each level.
    pub(super) labels: &'a [TypesetLabel],
    /// The most places of a level in a frame.
    pub(super) most: usize,
}

/// A line with the lengths up to each of its points.
struct MeasuredLine {
    level: usize,
    /// The points in units of cells.
    cells: Vec<Point>,
    /// The same in device pixels.
    points: Vec<Point>,
    lengths: Vec<f64>,
}

/// The chords of lines in each cell: the index of a line and that of the chord's first point.
struct ChordsByCell<'a> {
    plot: &'a SampledPlot,
    rows: usize,
    chords: Vec<Vec<(usize, usize)>>,
}

impl PlaceFinder<'_> {
    /// The places for the label of each level. `charge` counts work that is about to be done.
    ///
    /// # Errors
    /// The work exceeds its limit.
    pub(super) fn places<E>(
        &self,
        plot: &SampledPlot,
        levels: &[f64],
        charge: impl Fn(u64) -> Result<(), E>,
    ) -> Result<Vec<Vec<Place>>, E> {
        let mut lines: Vec<MeasuredLine> = Vec::new();
        for (level, value) in levels.iter().enumerate() {
            charge(plot.work_of_level())?;
            let cells = plot.lines_in_cells(*value);
            charge(POINT_WORK * cells.iter().map(Vec::len).sum::<usize>() as u64)?;
            lines.extend(cells.into_iter().map(|cells| MeasuredLine::new(level, cells, plot)));
        }
        let chords = ChordsByCell::new(plot, &lines);
        let mut places = vec![Vec::new(); levels.len()];
        for (level, places) in places.iter_mut().enumerate() {
            let own = || lines.iter().enumerate().filter(|(_, line)| line.level == level);
            let count: usize = own().map(|(_, line)| line.points.len()).sum();
            // Each frame takes edges of a grid, or every second one, or every fourth one, and so on.
            let stride = count.div_ceil(self.most).next_power_of_two() as f64;
            for (number, line) in own().filter(|(_, line)| self.is_long(line)) {
                let is_taken = |index: &usize| {
                    let point = line.cells[*index];
                    (*index > 0 || !line.is_closed())
                        && [point.x, point.y].iter().any(|at| at % stride == 0.0)
                };
                let candidates = (0..line.points.len()).filter(is_taken);
                places.extend(candidates.filter_map(|index| self.place((&lines, number), index, &chords)));
            }
        }
        Ok(places)
    }

    fn is_long(&self, line: &MeasuredLine) -> bool {
        line.total() >= MIN_LENGTH * self.labels[line.level].width
    }

    /// The place at a point of a line, if there is room around it.
    fn place(
        &self,
        (lines, number): (&[MeasuredLine], usize),
        index: usize,
        chords: &ChordsByCell<'_>,
    ) -> Option<Place> {
        let line = &lines[number];
        let label = &self.labels[line.level];
        let at = line.points[index];
        let bounds = box_at(label, at).inflated(self.em * MARGIN);
        if !is_inside(&bounds, &self.plot) {
            return None;
        }
        let middle = line.lengths[index];
        let [a, b] = [middle - label.width / 2.0, middle + label.width / 2.0].map(|length| line.at(length));
        let (a, b) = (a?, b?);
        let length = libm::hypot(b.x - a.x, b.y - a.y);
        let bend = 1.0 - length / label.width;
        if bend > MAX_BEND {
            return None;
        }
        let across = Point::new((a.y - b.y) / length, (b.x - a.x) / length);
        let uphill = chords.plot.gradient(line.cells[index]);
        let sign = if across.x * uphill.x + across.y * uphill.y < 0.0 { -1.0 } else { 1.0 };
        let is_crossed = chords.meeting(&bounds).any(|(other, chord)| {
            let other_line = &lines[other];
            let is_below_label = other == number && line.distance(chord, middle) <= label.width;
            !is_below_label
                && clipped_length(other_line.points[chord], other_line.points[chord + 1], &bounds) > 0.0
        });
        let off = |at: f64, from: f64, to: f64| (at - from) / (to - from) * 2.0 - 1.0;
        let off_center = libm::hypot(
            off(at.x, self.plot.left, self.plot.right),
            off(at.y, self.plot.top, self.plot.bottom),
        );
        let cost = BENT * bend.max(0.0) / MAX_BEND
            + OFF_CENTER * off_center
            + if is_crossed { CROSSED } else { 0.0 };
        Some(Place { at, across: Point::new(sign * across.x, sign * across.y), cost, line: number })
    }
}

impl MeasuredLine {
    fn new(level: usize, cells: Vec<Point>, plot: &SampledPlot) -> Self {
        let points: Vec<Point> = cells.iter().map(|point| plot.to_pixels(*point)).collect();
        let mut lengths = vec![0.0];
        for pair in points.windows(2) {
            let step = libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y);
            lengths.push(lengths[lengths.len() - 1] + step);
        }
        Self { level, cells, points, lengths }
    }

    fn total(&self) -> f64 {
        self.lengths[self.lengths.len() - 1]
    }

    fn is_closed(&self) -> bool {
        self.cells.len() > 2 && self.cells.first() == self.cells.last()
    }

    /// The point at a length from the first one; `None` beyond the ends of an open line.
    fn at(&self, length: f64) -> Option<Point> {
        let length = if self.is_closed() { length.rem_euclid(self.total()) } else { length };
        if !(0.0..=self.total()).contains(&length) {
            return None;
        }
        let next = self.lengths.partition_point(|known| *known < length).clamp(1, self.points.len() - 1);
        let (from, to) = (self.lengths[next - 1], self.lengths[next]);
        let part = if to > from { (length - from) / (to - from) } else { 0.0 };
        let (a, b) = (self.points[next - 1], self.points[next]);
        Some(Point::new(a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)))
    }

    /// The length of the line from a place to the nearer end of a chord.
    fn distance(&self, chord: usize, from: f64) -> f64 {
        let distance = |point: usize| {
            let apart = (self.lengths[point] - from).abs();
            if self.is_closed() { apart.min(self.total() - apart) } else { apart }
        };
        distance(chord).min(distance(chord + 1))
    }
}

impl<'a> ChordsByCell<'a> {
    fn new(plot: &'a SampledPlot, lines: &[MeasuredLine]) -> Self {
        let rows = plot.rows();
        let mut found = Self { plot, rows, chords: vec![Vec::new(); plot.columns * rows] };
        for (number, line) in lines.iter().enumerate() {
            for (chord, pair) in line.cells.windows(2).enumerate() {
                let middle = |a: f64, b: f64, count: usize| (f64::midpoint(a, b) as usize).min(count - 1);
                let (x, y) = (middle(pair[0].x, pair[1].x, plot.columns), middle(pair[0].y, pair[1].y, rows));
                found.chords[y * plot.columns + x].push((number, chord));
            }
        }
        found
    }

    /// The chords in the cells that a box meets.
    fn meeting(&self, bounds: &Bounds) -> impl Iterator<Item = (usize, usize)> {
        let (corner, [width, height]) = (self.plot.corner, self.plot.cell);
        let cells = |from: f64, to: f64, count: usize| {
            (from.max(0.0) as usize).min(count)..(to.max(0.0) as usize + 1).min(count)
        };
        let columns =
            cells((bounds.left - corner.x) / width, (bounds.right - corner.x) / width, self.plot.columns);
        let rows = cells((bounds.top - corner.y) / height, (bounds.bottom - corner.y) / height, self.rows);
        let cells =
            rows.flat_map(move |row| columns.clone().map(move |column| row * self.plot.columns + column));
        cells.flat_map(|cell| self.chords[cell].iter().copied())
    }
}
