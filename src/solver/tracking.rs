//! Which root moves where.
//!
//! The roots of a polynomial have no order that is continuous in its coefficients: a pair that goes once around a
//! double root changes places. So an order belongs to a path. A [`Ray`] goes along one from a start and carries the roots
//! over from point to point by [`track`], with steps that are short enough for there to be no doubt.

mod ray;

use num_complex::Complex64;

pub use ray::Ray;

/// The number of points that are looked at with short steps.
const MAX_POINTS: usize = 4096;

/// A root may move at most this share of its distance to any other one within a step.
const LARGEST_MOVE: f64 = 0.25;

/// Roots nearer to each other than this share of their size are not told apart: the difference is below a pixel.
const REPEATED: f64 = 1e-4;

/// For each number of `from` the index of the one of `to` that it moves to, such that the sum of the squares of the
/// distances is least (H. Kuhn, "The Hungarian method for the assignment problem", 1955; in the form of R. Jonker and
/// A. Volgenant, 1987). Both have the same length.
#[must_use]
pub fn track(from: &[Complex64], to: &[Complex64]) -> Vec<usize> {
    let size = from.len();
    let cost = |row: usize, column: usize| (from[row] - to[column]).norm_sqr();
    // Row and column 0 stand for nothing; the others are shifted by one.
    let (mut of_rows, mut of_columns) = (vec![0.0; size + 1], vec![0.0; size + 1]);
    let mut row_of = vec![0; size + 1];
    for row in 1..=size {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; size + 1];
        let mut before = vec![0; size + 1];
        let mut is_used = vec![false; size + 1];
        while row_of[column] != 0 {
            is_used[column] = true;
            let (mut step, mut next) = (f64::INFINITY, 0);
            for other in (1..=size).filter(|other| !is_used[*other]) {
                let at = row_of[column];
                let reduced = cost(at - 1, other - 1) - of_rows[at] - of_columns[other];
                if reduced < least[other] {
                    (least[other], before[other]) = (reduced, column);
                }
                if least[other] < step || next == 0 {
                    (step, next) = (least[other], other);
                }
            }
            for other in 0..=size {
                if is_used[other] {
                    of_rows[row_of[other]] += step;
                    of_columns[other] -= step;
                } else {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[before[column]];
            column = before[column];
        }
    }
    let mut target = vec![0; size];
    (1..=size).for_each(|column| target[row_of[column] - 1] = column - 1);
    target
}

/// The steps that are allowed along a path.
#[derive(Clone, Copy, Debug)]
struct Steps {
    /// A step this short crosses a place where roots meet.
    shortest: f64,
    longest: f64,
    /// The end of the path.
    end: f64,
}

/// A point of a path with the roots there, in the order that they have at its start.
#[derive(Clone, Debug)]
struct PathPoint {
    at: f64,
    roots: Vec<Complex64>,
}

impl PathPoint {
    /// The next point, and the length of the step after it. `length` is that of the step that is tried first.
    ///
    /// The step halves until no root moves further than a quarter of its distance to any other one. Where roots meet there is
    /// no such step: the shortest one crosses the meeting, and the roots that meet go on in the order of their imaginary
    /// parts, then of their real parts. So of two real roots that become a pair the larger one becomes the upper one, and the
    /// way back undoes it.
    ///
    /// `roots` gives the roots at a place of the path in any order. A place without roots, or with more or fewer of them, is
    /// crossed like a meeting; `None` if it is too large for that.
    fn next(
        &self,
        mut length: f64,
        points: &mut usize,
        steps: Steps,
        roots: &impl Fn(f64) -> Option<Vec<Complex64>>,
    ) -> Option<(Self, f64)> {
        loop {
            let end = f64::min(self.at + length, steps.end);
            *points += 1;
            let is_shortest = length <= steps.shortest || *points >= MAX_POINTS;
            let is_last = end >= steps.end || length >= steps.longest;
            match self.moved(end, roots) {
                Some(moved) if moved.meetings.is_empty() || is_shortest => {
                    // Roots that are equal have forgotten their order, so the step goes on until they part.
                    if moved.have_parted() || is_last {
                        return Some((moved.ordered(self), f64::min(2.0 * length, steps.longest)));
                    }
                    return self.beyond(length, steps, roots);
                }
                None if is_shortest && is_last => return None,
                None if is_shortest => return self.beyond(length, steps, roots),
                Some(_) | None => length *= 0.5,
            }
        }
    }

    /// The first point beyond a meeting where the roots part again, and the length of the step to it. Where they stay
    /// together, the point is one of the longest steps away.
    fn beyond(
        &self,
        mut length: f64,
        steps: Steps,
        roots: &impl Fn(f64) -> Option<Vec<Complex64>>,
    ) -> Option<(Self, f64)> {
        loop {
            length *= 2.0;
            let end = f64::min(self.at + length, steps.end);
            let is_last = end >= steps.end || length >= steps.longest;
            match self.moved(end, roots) {
                Some(moved) if moved.have_parted() || is_last => {
                    return Some((moved.ordered(self), f64::min(length, steps.longest)));
                }
                None if is_last => return None,
                Some(_) | None => {}
            }
        }
    }

    /// The roots at another place, in the order of those here; `None` if there are none, or not as many.
    fn moved(&self, at: f64, roots: &impl Fn(f64) -> Option<Vec<Complex64>>) -> Option<Moved> {
        let roots = roots(at).filter(|roots| roots.len() == self.roots.len())?;
        let roots = carried(&self.roots, &roots);
        let meetings = meetings(&self.roots, &roots);
        Some(Moved { point: Self { at, roots }, meetings })
    }
}

/// The roots after a step.
struct Moved {
    point: PathPoint,
    /// Groups of roots whose order is in doubt.
    meetings: Vec<Vec<usize>>,
}

impl Moved {
    /// Whether all roots whose order is in doubt are told apart.
    fn have_parted(&self) -> bool {
        !self.meetings.iter().any(|group| are_together(&self.point.roots, group))
    }

    /// The point, at which roots whose order is in doubt keep the one that they have at the point before.
    fn ordered(mut self, before: &PathPoint) -> PathPoint {
        for group in &self.meetings {
            keep_order(&before.roots, &mut self.point.roots, group);
        }
        self.point
    }
}

/// The roots `to` in the order of `from`.
fn carried(from: &[Complex64], to: &[Complex64]) -> Vec<Complex64> {
    track(from, to).into_iter().map(|target| to[target]).collect()
}

/// Whether two roots are so near to each other that they are not told apart.
fn is_near(roots: &[Complex64], left: usize, right: usize) -> bool {
    let [left, right] = [roots[left], roots[right]];
    let radius = REPEATED * f64::max(left.l1_norm(), right.l1_norm());
    (left - right).norm_sqr() <= radius * radius
}

/// Whether two roots of a group are not told apart.
fn are_together(roots: &[Complex64], group: &[usize]) -> bool {
    let mut pairs = group
        .iter()
        .enumerate()
        .flat_map(|(at, left)| group[at + 1..].iter().map(move |right| (left, right)));
    pairs.any(|(left, right)| is_near(roots, *left, *right))
}

/// Groups of roots that move too far in comparison with their distances, before or after.
fn meetings(from: &[Complex64], to: &[Complex64]) -> Vec<Vec<usize>> {
    let limit = LARGEST_MOVE * LARGEST_MOVE;
    let moves: Vec<f64> = from.iter().zip(to).map(|(from, to)| (to - from).norm_sqr()).collect();
    let is_doubtful = |left: usize, right: usize| {
        let [before, after] = [from, to].map(|roots| (roots[left] - roots[right]).norm_sqr());
        let is_far = f64::max(moves[left], moves[right]) > limit * f64::min(before, after);
        is_far && !(is_near(from, left, right) && is_near(to, left, right))
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in 0..from.len() {
        let (joined, mut rest): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group: &Vec<usize>| group.iter().any(|other| is_doubtful(at, *other)));
        let mut group: Vec<usize> = joined.into_iter().flatten().collect();
        group.push(at);
        rest.push(group);
        groups = rest;
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Gives the roots of a group their places by the order of their imaginary parts, then of their real parts. Roots that
/// were equal take theirs by index.
fn keep_order(from: &[Complex64], to: &mut [Complex64], group: &[usize]) {
    let order =
        |left: &Complex64, right: &Complex64| right.im.total_cmp(&left.im).then(right.re.total_cmp(&left.re));
    let mut places = group.to_vec();
    places.sort_by(|left, right| order(&from[*left], &from[*right]).then(left.cmp(right)));
    let mut roots: Vec<Complex64> = group.iter().map(|at| to[*at]).collect();
    roots.sort_by(order);
    places.into_iter().zip(roots).for_each(|(place, root)| to[place] = root);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solver::transfer_function::roots;

    /// The roots at p = 1 in the order that they have at p = 0.
    fn at_one(start: &[Complex64], roots: impl Fn(f64) -> Vec<Complex64>) -> Vec<Complex64> {
        let mut ray = Ray::new(1.0, start.to_vec());
        ray.roots_at(1.0, |p| Some(roots(p))).expect("roots")
    }

    /// The roots of a real polynomial with these coefficients, followed from p = 0 to p = 1.
    fn followed(start: &[Complex64], path: impl Fn(f64) -> Vec<f64>) -> Vec<Complex64> {
        at_one(start, |p| roots(&path(p).into_iter().map(Complex64::from).collect::<Vec<_>>()))
    }

    #[test]
    fn assignments_have_the_least_cost() {
        let from = [0.0, 1.0, 2.0].map(Complex64::from);
        assert_eq!(track(&from, &[1.1, 2.1, 0.1].map(Complex64::from)), [2, 0, 1]);
        // The nearest one of the first is the one that the second needs.
        assert_eq!(track(&[0.0, 1.0].map(Complex64::from), &[0.9, 5.0].map(Complex64::from)), [0, 1]);
        assert_eq!(track(&[], &[]), [0; 0]);
        let random = |seed: usize| Complex64::new((seed * 37 % 101) as f64, (seed * 53 % 97) as f64);
        let points: Vec<Complex64> = (0..24).map(random).collect();
        let turned: Vec<Complex64> = (0..24).map(|at| points[at * 7 % 24] + 0.2).collect();
        assert!(track(&points, &turned).iter().enumerate().all(|(from, to)| to * 7 % 24 == from));
    }

    #[test]
    fn crossing_real_parts_do_not_swap() {
        // −1 − p and the pair −2 ± j: the state-space order would change nothing, the order by re would.
        let path = |p: f64| {
            let a = 1.0 + 4.0 * p;
            vec![1.0, 4.0 + a, 5.0 + 4.0 * a, 5.0 * a]
        };
        let start = [Complex64::from(-1.0), Complex64::new(-2.0, 1.0), Complex64::new(-2.0, -1.0)];
        let end = followed(&start, path);
        let expected = [Complex64::from(-5.0), start[1], start[2]];
        assert!(end.iter().zip(expected).all(|(end, expected)| (end - expected).norm() < 1e-13), "{end:?}");
    }

    #[test]
    fn modes_that_cross_in_frequency_keep_their_index() {
        // Two undamped modes whose frequencies cross: (s² + (1 + p)²)(s² + (2 − p)²), damped differently.
        let mode = |omega: f64, gamma: f64| [1.0, gamma, omega * omega];
        let path = |p: f64| {
            let ([a, b, c], [d, e, f]) = (mode(1.0 + p, 0.1), mode(2.0 - p, 0.5));
            vec![a * d, a * e + b * d, a * f + b * e + c * d, b * f + c * e, c * f]
        };
        let exact = |omega: f64, gamma: f64| {
            Complex64::new(-gamma / 2.0, (omega * omega - gamma * gamma / 4.0).sqrt())
        };
        let start = [exact(1.0, 0.1), exact(2.0, 0.5), exact(2.0, 0.5).conj(), exact(1.0, 0.1).conj()];
        let end = followed(&start, path);
        let expected = [exact(2.0, 0.1), exact(1.0, 0.5), exact(1.0, 0.5).conj(), exact(2.0, 0.1).conj()];
        assert!(end.iter().zip(expected).all(|(end, expected)| (end - expected).norm() < 1e-13), "{end:?}");
    }

    #[test]
    fn double_roots_are_crossed_by_the_rule() {
        // s² + 2s + 4p: real poles meet at p = 1/4, and leave as a pair.
        let height = 3.0_f64.sqrt();
        let pair = [Complex64::new(-1.0, height), Complex64::new(-1.0, -height)];
        for (start, expected) in [([0.0, -2.0], pair), ([-2.0, 0.0], [pair[1], pair[0]])] {
            let start = start.map(Complex64::from);
            let end = followed(&start, |p| vec![1.0, 2.0, 4.0 * p]);
            assert!(
                end.iter().zip(expected).all(|(end, expected)| (end - expected).norm() < 1e-14),
                "{end:?}"
            );
            let back = followed(&end, |p| vec![1.0, 2.0, 4.0 * (1.0 - p)]);
            assert!(back.iter().zip(start).all(|(back, start)| (back - start).norm() < 1e-14), "{back:?}");
        }
    }

    #[test]
    fn slow_roots_are_told_apart_beside_fast_ones() {
        // −1e6, and two slow roots that meet at −1 and become a pair.
        let start = [-1e6, -1.5, -0.5].map(Complex64::from);
        let end = followed(&start, |p| {
            let slow = 0.75 + p;
            vec![1.0, 2.0 + 1e6, 2e6 + slow, 1e6 * slow]
        });
        let height = 0.75_f64.sqrt();
        assert!((end[0] + 1e6).norm() < 1e-3);
        assert!((end[1] - Complex64::new(-1.0, -height)).norm() < 1e-12, "{end:?}");
        assert!((end[2] - Complex64::new(-1.0, height)).norm() < 1e-12, "{end:?}");
    }

    #[test]
    fn roots_that_stay_together_take_few_steps() {
        let count = std::cell::Cell::new(0);
        let start = [Complex64::from(-1.0); 3];
        let end = followed(&start, |p| {
            count.set(count.get() + 1);
            let a = 1.1 + p;
            vec![1.0, 3.0 * a, 3.0 * a * a, a * a * a]
        });
        assert!(count.get() < 200, "{}", count.get());
        assert!(end.iter().all(|root| (root + 2.1).norm() < 1e-4), "{end:?}");
    }

    #[test]
    fn places_share_the_points_of_a_ray() {
        let count = std::cell::Cell::new(0);
        // Two real roots meet at p = 1/4; between p = 0.6 and 0.6001 there are none.
        let roots_at = |p: f64| {
            count.set(count.get() + 1);
            let is_there = !(0.6..0.6001).contains(&p);
            is_there.then(|| roots(&[1.0, 2.0, 4.0 * p].map(Complex64::from)))
        };
        let start = [0.0, -2.0].map(Complex64::from);
        let mut ray = Ray::new(0.0, start.to_vec());
        let ends: Vec<_> = (0..=1000).map(|step| ray.roots_at(f64::from(step) / 1000.0, roots_at)).collect();
        assert!(count.get() < 1400, "{}", count.get());
        for step in [1000, 250, 251, 600, 3] {
            let alone = Ray::new(0.0, start.to_vec()).roots_at(f64::from(step) / 1000.0, roots_at);
            assert_eq!(alone, ends[step as usize], "{step}");
            assert_eq!(alone.is_none(), step == 600);
        }
        let last = ends[1000].as_ref().expect("roots");
        assert!((last[0] - Complex64::new(-1.0, 3.0_f64.sqrt())).norm() < 1e-14, "{last:?}");
    }

    #[test]
    fn a_path_around_a_double_root_changes_places() {
        // s² = exp(2πj·p): each root ends where the other one began.
        let start = [Complex64::ONE, (-1.0).into()];
        let end = at_one(&start, |p| {
            let (sin, cos) = libm::sincos(2.0 * std::f64::consts::PI * p);
            roots(&[Complex64::ONE, Complex64::ZERO, -Complex64::new(cos, sin)])
        });
        assert!((end[0] + 1.0).norm() < 1e-14 && (end[1] - 1.0).norm() < 1e-14, "{end:?}");
    }
}
