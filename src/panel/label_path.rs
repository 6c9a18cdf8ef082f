//! The path of a label along a line that moves: where it stands in each frame of a film, or that it is hidden there.
//!
//! Each frame has places on lines at which the label may stand. The path of least cost over the whole film is found by
//! dynamic programming (A. Viterbi, 1967): each frame that shows the label is worth 1, less the cost of its place; the label
//! pays for sliding along its line, and for each time that it appears, so that it never shows up for a moment. Then the path
//! is smoothed along the line, because places are some pixels apart. Lengths are device pixels.

use crate::geometry::Point;

/// The cost of each em by which a label moves in a step, beyond the shortest way to a place on its line.
const SLIDING: f64 = 0.3;
/// The least cosine of the angle by which a line may turn below a label in a step. The next line of the same value rises to the
/// other side.
const LEAST_COSINE: f64 = 0.5;
/// The least width of the smoothing of a path, in frames.
const LEAST_WIDTH: f64 = 4.0;
/// The state of a hidden label, beside the indices of places.
const HIDDEN: usize = usize::MAX;

/// A place at which a label may stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// A point of a line.
    pub(super) at: Point,
    /// The unit vector across the line, toward greater values.
    pub(super) across: Point,
    /// The cost of a frame that shows the label here; less than 1 where it should stand.
    pub(super) cost: f64,
    /// The number of the line in its frame.
    pub(super) line: usize,
}

/// A straight line across a line that moves: the label stands where both meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Guide {
    pub(super) at: Point,
    /// A unit vector.
    pub(super) across: Point,
}

/// The lengths that a path keeps to.
#[derive(Clone, Copy)]
pub(super) struct PathOptions {
    pub(super) em: f64,
    /// The longest way from one frame to the next.
    pub(super) reach: f64,
    /// The number of frames for which a label stays at least.
    pub(super) least_frames: usize,
    /// Whether the last frame is followed by the first.
    pub(super) wraps: bool,
}

/// A way from a place of one frame to a place of the next.
struct Move {
    from: usize,
    to: usize,
    cost: f64,
}

/// The places of the labels of one level in all frames, and the ways between them.
pub(super) struct LabelPaths {
    options: PathOptions,
    places: Vec<Vec<Place>>,
    /// The ways to the places of each frame from those of the frame before it.
    moves: Vec<Vec<Move>>,
}

/// The best way to each state of a frame.
struct Column {
    /// The cost of a hidden label and the state before.
    hidden: (f64, usize),
    /// The same for each place.
    places: Vec<(f64, usize)>,
}

impl LabelPaths {
    /// The paths over the places of each frame.
    pub(super) fn new(mut places: Vec<Vec<Place>>, options: PathOptions) -> Self {
        for places in &mut places {
            places.sort_by(|a, b| a.at.x.total_cmp(&b.at.x));
        }
        let count = places.len();
        let before = |frame: usize| match (frame, options.wraps) {
            (0, true) => Some(count - 1),
            _ => frame.checked_sub(1),
        };
        let moves = (0..count)
            .map(|frame| {
                before(frame).map_or_else(Vec::new, |from| moves(&places[from], &places[frame], options))
            })
            .collect();
        Self { options, places, moves }
    }

    /// The number of ways between places, which the work of finding a path grows with.
    pub(super) fn size(&self) -> usize {
        self.moves.iter().map(Vec::len).sum()
    }

    /// The best path, if a label is shown somewhere: in each frame that shows it its guide, and the number of its line.
    pub(super) fn best(&self) -> Option<Vec<Option<(Guide, usize)>>> {
        let path = self.best_path()?;
        Some(self.guides(&path))
    }

    /// Blocks the places of each frame for which `is_blocked` holds.
    pub(super) fn block(&mut self, is_blocked: impl Fn(usize, &Place) -> bool) {
        for (frame, places) in self.places.iter_mut().enumerate() {
            let blocked = places.iter_mut().filter(|place| is_blocked(frame, place));
            blocked.for_each(|place| place.cost = f64::INFINITY);
        }
    }

    /// The place of each frame on the best path.
    fn best_path(&self) -> Option<Vec<usize>> {
        let (cost, path) = self.cheapest_path(None);
        if cost >= 0.0 {
            return None;
        }
        let end = path[path.len() - 1];
        // In a loop, the second round begins where the first one ends, and returns there.
        if self.options.wraps && end != HIDDEN {
            return Some(self.cheapest_path(Some(end)).1);
        }
        Some(path)
    }

    /// The states of least total cost; with `loop_end` those that continue from this place and end there, if there are some.
    fn cheapest_path(&self, loop_end: Option<usize>) -> (f64, Vec<usize>) {
        let mut last = match (loop_end, self.places.last()) {
            (Some(end), Some(places)) => Column {
                hidden: (f64::INFINITY, HIDDEN),
                places: (0..places.len())
                    .map(|place| (if place == end { 0.0 } else { f64::INFINITY }, HIDDEN))
                    .collect(),
            },
            _ => Column { hidden: (0.0, HIDDEN), places: Vec::new() },
        };
        let mut columns: Vec<Column> = Vec::with_capacity(self.places.len());
        for (places, moves) in self.places.iter().zip(&self.moves) {
            let next = self.next_column(&last, places, moves);
            columns.push(std::mem::replace(&mut last, next));
        }
        let cost_of = |state: usize| if state == HIDDEN { last.hidden.0 } else { last.places[state].0 };
        let states = (0..last.places.len()).chain([HIDDEN]);
        let cheapest = states.min_by(|a, b| cost_of(*a).total_cmp(&cost_of(*b))).unwrap_or(HIDDEN);
        let end = loop_end.filter(|end| cost_of(*end).is_finite()).unwrap_or(cheapest);
        let cost = cost_of(end);
        let mut path = vec![HIDDEN; columns.len()];
        let mut state = end;
        columns.push(last);
        for (slot, column) in path.iter_mut().zip(&columns[1..]).rev() {
            *slot = state;
            state = if state == HIDDEN { column.hidden.1 } else { column.places[state].1 };
        }
        (cost, path)
    }

    fn next_column(&self, last: &Column, places: &[Place], moves: &[Move]) -> Column {
        let ways = last.places.iter().enumerate().map(|(place, (cost, _))| (*cost, place));
        let hidden = ways.fold((last.hidden.0, HIDDEN), |best, way| if way.0 < best.0 { way } else { best });
        let appearing = last.hidden.0 + self.options.least_frames as f64;
        let mut best = vec![(appearing, HIDDEN); places.len()];
        if !last.places.is_empty() {
            for Move { from, to, cost } in moves {
                let way = last.places[*from].0 + cost;
                if way < best[*to].0 {
                    best[*to] = (way, *from);
                }
            }
        }
        let places = best.into_iter().zip(places);
        Column {
            hidden,
            places: places.map(|((cost, from), place)| (cost + place.cost - 1.0, from)).collect(),
        }
    }

    /// The guides along a path, smoothed along their lines.
    fn guides(&self, path: &[usize]) -> Vec<Option<(Guide, usize)>> {
        let count = path.len();
        let place = |frame: usize| (path[frame] != HIDDEN).then(|| self.places[frame][path[frame]]);
        let closes = self.options.wraps
            && self.moves[0].iter().any(|way| (way.from, way.to) == (path[count - 1], path[0]));
        let after = |frame: usize| match frame + 1 {
            next if next < count => Some(next),
            _ => closes.then_some(0),
        };
        let before = |frame: usize| match frame.checked_sub(1) {
            None => closes.then_some(count - 1),
            next => next,
        };
        let width = (self.options.least_frames as f64 / 4.0).max(LEAST_WIDTH);
        let radius = (2.0 * width) as usize;
        let guide = |frame: usize| {
            let own = place(frame)?;
            let mut near = vec![(0.0, own)];
            for (sign, next) in [(1.0, &after as &dyn Fn(usize) -> Option<usize>), (-1.0, &before)] {
                let mut at = frame;
                for step in 1..=radius {
                    let Some((index, place)) = next(at).and_then(|index| Some((index, place(index)?))) else {
                        break;
                    };
                    near.push((sign * step as f64, place));
                    at = index;
                }
            }
            let smooth = |value: &dyn Fn(&Place) -> f64| {
                fitted(near.iter().map(|(step, place)| (*step, value(place))), width)
            };
            let (x, y) = (smooth(&|place| place.across.x), smooth(&|place| place.across.y));
            let length = libm::hypot(x, y);
            let across = if length > 0.0 { Point::new(x / length, y / length) } else { own.across };
            // The point of the smooth guide that is nearest to the place.
            let middle = Point::new(smooth(&|place| place.at.x), smooth(&|place| place.at.y));
            let part = (own.at.x - middle.x) * across.x + (own.at.y - middle.y) * across.y;
            let at = Point::new(middle.x + part * across.x, middle.y + part * across.y);
            Some((Guide { at, across }, own.line))
        };
        (0..count).map(guide).collect()
    }
}

/// The ways between the places of two frames, which are in the order of their x.
fn moves(from: &[Place], to: &[Place], PathOptions { em, reach, .. }: PathOptions) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    let mut first = 0;
    for (start, place) in from.iter().enumerate() {
        first += to[first..].iter().take_while(|other| other.at.x < place.at.x - reach).count();
        let near = to[first..].iter().take_while(|other| other.at.x <= place.at.x + reach).enumerate();
        let ways = near.filter_map(|(index, other)| {
            let distance = libm::hypot(other.at.x - place.at.x, other.at.y - place.at.y);
            let cosine = other.across.x * place.across.x + other.across.y * place.across.y;
            (distance <= reach && cosine >= LEAST_COSINE).then_some((first + index, distance))
        });
        let ways: Vec<(usize, f64)> = ways.collect();
        let shortest = ways.iter().map(|(_, distance)| *distance).fold(f64::INFINITY, f64::min);
        let way = |(to, distance): (usize, f64)| Move {
            from: start,
            to,
            cost: SLIDING * (distance - shortest) / em,
        };
        moves.extend(ways.into_iter().map(way));
    }
    moves
}

/// The value at 0 of the straight line nearest to some values, whose weights fall off over this width.
fn fitted(values: impl Iterator<Item = (f64, f64)>, width: f64) -> f64 {
    let [mut s0, mut s1, mut s2, mut v0, mut v1] = [0.0; 5];
    for (step, value) in values {
        let weight = libm::exp(-(step / width) * (step / width) / 2.0);
        s0 += weight;
        s1 += weight * step;
        s2 += weight * step * step;
        v0 += weight * value;
        v1 += weight * step * value;
    }
    let determinant = s0 * s2 - s1 * s1;
    if determinant > 1e-9 * s0 * s0 { (s2 * v0 - s1 * v1) / determinant } else { v0 / s0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: PathOptions = PathOptions { em: 10.0, reach: 12.0, least_frames: 10, wraps: false };
    const UP: Point = Point { x: 0.0, y: -1.0 };

    fn place(x: f64, y: f64, cost: f64) -> Place {
        Place { at: Point::new(x, y), across: UP, cost, line: 0 }
    }

    /// The points of the guides of the best path.
    fn best(places: Vec<Vec<Place>>, options: PathOptions) -> Option<Vec<Option<Point>>> {
        let path = LabelPaths::new(places, options).best()?;
        Some(path.into_iter().map(|stand| stand.map(|(guide, _)| guide.at)).collect())
    }

    fn shown(path: &[Option<Point>]) -> Vec<bool> {
        path.iter().map(Option::is_some).collect()
    }

    #[test]
    fn a_label_is_shown_only_where_it_stays() {
        let film = |runs: &[(usize, usize)]| -> Vec<Vec<Place>> {
            let is_there = |frame: usize| runs.iter().any(|(from, to)| (*from..*to).contains(&frame));
            (0..60)
                .map(|frame| if is_there(frame) { vec![place(50.0, 50.0, 0.1)] } else { Vec::new() })
                .collect()
        };
        assert_eq!(best(film(&[(5, 14)]), OPTIONS), None);
        let path = best(film(&[(0, 9), (20, 45), (52, 60)]), OPTIONS).expect("a path");
        assert_eq!(shown(&path), (0..60).map(|frame| (20..45).contains(&frame)).collect::<Vec<_>>());
    }

    #[test]
    fn a_label_stays_where_another_line_passes_for_a_moment() {
        let cost = |frame: usize| if (30..33).contains(&frame) { 2.0 } else { 0.1 };
        let path = best((0..60).map(|frame| vec![place(50.0, 50.0, cost(frame))]).collect(), OPTIONS);
        assert!(path.expect("a path").iter().all(Option::is_some));
    }

    #[test]
    fn a_label_does_not_jump_to_another_line() {
        // One line ends where another one begins: out of reach, or with greater values on its other side.
        let down = Point { x: 0.0, y: 1.0 };
        for (at, across) in [(Point::new(80.0, 50.0), UP), (Point::new(52.0, 50.0), down)] {
            let frame = |index: usize| match index {
                0..30 => vec![place(50.0, 50.0, 0.1)],
                _ => vec![Place { at, across, ..place(0.0, 0.0, 0.1) }],
            };
            let path = best((0..60).map(frame).collect(), OPTIONS).expect("a path");
            let hidden = path.iter().filter(|at| at.is_none()).count();
            assert_eq!(hidden, 1);
            assert!(path[0].is_some() && path[59].is_some());
        }
    }

    #[test]
    fn places_that_alternate_give_a_smooth_path() {
        // A line rises by 1 in each frame; its places jump by 8 along it. The next line is out of reach.
        let frame = |index: usize| {
            let shift = if index.is_multiple_of(3) { 4.0 } else { -4.0 };
            vec![place(50.0 + shift, 90.0 - index as f64, 0.1)]
        };
        let path: Vec<Point> =
            best((0..60).map(frame).collect(), OPTIONS).expect("a path").into_iter().flatten().collect();
        assert_eq!(path.len(), 60);
        for (index, pair) in path.windows(2).enumerate() {
            assert_eq!(pair[0].y, 90.0 - index as f64, "they stay on their line");
            assert!((pair[1].x - pair[0].x).abs() < 1.5, "frame {index}: {pair:?}");
        }
    }

    #[test]
    fn a_loop_ends_where_it_begins() {
        // A line that keeps still; the best place wanders along it to the right.
        let frame = |index: usize| {
            let cost = |k: usize| 0.005 * 3.0 * k.abs_diff(index) as f64;
            (0..60).map(|k| place(3.0 * k as f64, 50.0, cost(k))).collect()
        };
        let jump = |wraps| {
            let path = best((0..60).map(frame).collect(), PathOptions { wraps, ..OPTIONS }).expect("a path");
            let [first, last] = [path[0], path[59]].map(|at| at.expect("it is shown").x);
            (last - first).abs()
        };
        assert!(jump(true) <= OPTIONS.reach, "{}", jump(true));
        assert!(jump(false) > 5.0 * OPTIONS.reach, "{}", jump(false));
    }
}
