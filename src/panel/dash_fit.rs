//! Dashes of a curve that runs over its own path again: they are stretched a little so that each turn puts them where the
//! first one did. Otherwise the dashes of later turns would fill the gaps of earlier ones, up to a solid line.

use crate::geometry::Point;
use crate::mark::Polyline;

/// How far the second turn may lie from the first one, in device pixels.
const NEAR: f64 = 0.5;
/// The number of places in which the turns are compared.
const PROBES: usize = 16;
/// The least length of a turn, in periods of the dashes; shorter ones would stretch the dashes visibly.
const MIN_PERIODS: f64 = 4.0;

/// The factor by which the lengths of dashes and gaps are multiplied; 1 for a curve that does not retrace its path.
pub(super) fn dash_factor(path: &Polyline, dash: &[f64]) -> f64 {
    let period: f64 = dash.iter().sum();
    if period <= 0.0 || path.subpath_starts.len() > 1 {
        return 1.0;
    }
    let turn = Arcs::new(&path.points).and_then(|arcs| arcs.turn());
    turn.filter(|turn| turn / period >= MIN_PERIODS)
        .map_or(1.0, |turn| turn / period / (turn / period).round())
}

/// The points of a curve with their arc lengths.
struct Arcs<'a> {
    points: &'a [Point],
    at: Vec<f64>,
}

impl<'a> Arcs<'a> {
    fn new(points: &'a [Point]) -> Option<Self> {
        let mut length = 0.0;
        let mut at = vec![0.0];
        for pair in points.windows(2) {
            length += distance(pair[0], pair[1]);
            at.push(length);
        }
        (points.len() > 2 && length.is_finite()).then_some(Self { points, at })
    }

    fn length(&self) -> f64 {
        self.at.last().copied().unwrap_or(0.0)
    }

    /// The point at an arc length.
    fn point(&self, arc: f64) -> Point {
        let index = self.at.partition_point(|at| *at < arc).clamp(1, self.points.len() - 1);
        let (a, b) = (self.points[index - 1], self.points[index]);
        let step = self.at[index] - self.at[index - 1];
        let part = if step > 0.0 { ((arc - self.at[index - 1]) / step).clamp(0.0, 1.0) } else { 0.0 };
        Point::new(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)
    }

    /// The arc length of one turn of a curve that goes on along its own path.
    fn turn(&self) -> Option<f64> {
        let start = self.points[0];
        let has_left = self.points.iter().position(|point| distance(*point, start) > 4.0 * NEAR)?;
        let segments = has_left + 1..self.points.len();
        let mut returns = segments.filter_map(|index| {
            let (a, b) = (self.points[index - 1], self.points[index]);
            let step = self.at[index] - self.at[index - 1];
            let along = ((start.x - a.x) * (b.x - a.x) + (start.y - a.y) * (b.y - a.y)) / (step * step);
            let foot = self.at[index - 1] + step * along;
            ((0.0..=1.0).contains(&along) && distance(self.point(foot), start) < NEAR).then_some(foot)
        });
        returns.find(|turn| self.repeats_after(*turn))
    }

    /// Whether the rest of the curve lies on its beginning, and is long enough to show that.
    fn repeats_after(&self, turn: f64) -> bool {
        let rest = (self.length() - turn).min(turn);
        let probe = |index: usize| {
            let arc = rest * index as f64 / PROBES as f64;
            distance(self.point(arc), self.point(arc + turn)) < 2.0 * NEAR
        };
        rest > 0.02 * turn && (1..=PROBES).all(probe)
    }
}

fn distance(a: Point, b: Point) -> f64 {
    libm::hypot(b.x - a.x, b.y - a.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(turns: f64, shrink: f64) -> Polyline {
        let at = |k: u32| {
            let angle = f64::from(k) / 720.0 * std::f64::consts::TAU;
            let radius = 100.0 - shrink * angle;
            Point::new(200.0 + radius * libm::cos(angle), 200.0 + radius * libm::sin(angle))
        };
        Polyline { points: (0..=(turns * 720.0) as u32).map(at).collect(), subpath_starts: vec![0] }
    }

    #[test]
    fn a_retraced_circle_has_a_whole_number_of_dashes() {
        for period in [10.3, 17.0, 31.9] {
            let factor = dash_factor(&circle(3.4, 0.0), &[period * 0.6, period * 0.4]);
            let dashes = std::f64::consts::TAU * 100.0 / (period * factor);
            assert!(
                (dashes - dashes.round()).abs() < 0.01 && (factor - 1.0).abs() < 0.1,
                "{dashes} {factor}"
            );
        }
    }

    #[test]
    fn other_curves_keep_their_dashes() {
        let dash = [10.3, 5.0];
        assert_eq!(dash_factor(&circle(0.9, 0.0), &dash), 1.0);
        assert_eq!(dash_factor(&circle(1.0, 0.0), &dash), 1.0);
        assert_eq!(dash_factor(&circle(3.0, 2.0), &dash), 1.0);
        assert_eq!(dash_factor(&circle(3.0, 0.0), &[]), 1.0);
        assert_eq!(dash_factor(&Polyline::default(), &dash), 1.0);
    }
}
