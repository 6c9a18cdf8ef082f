//! The roots along a param that moves away from a value.
//!
//! The points at which roots are looked at follow from the start and from the roots, never from the places that are asked for.
//! So a root has one number at each place, whatever was asked before, and the points serve all places.

use num_complex::Complex64;

use super::{PathPoint, Steps};

/// The longest step, as a share of the distance from the start or of the unit.
const LONGEST: f64 = 1.0 / 16.0;

/// The shortest step, as a share of the distance from the start.
const SHORTEST: f64 = 1.0 / (1_u64 << 20) as f64;

/// The roots along a ray: at distances from 0 on from a start.
#[derive(Debug)]
pub struct Ray {
    /// The distance up to which steps do not grow, a power of two.
    unit: f64,
    /// The points so far, from the start on.
    points: Vec<PathPoint>,
    /// The length of the next step.
    length: f64,
    /// The number of places that were looked at.
    looked_at: usize,
    /// Whether there are no roots beyond the last point.
    is_ended: bool,
}

impl Ray {
    /// The ray from a value of a param at which the roots are `start`. `scale` is the size of the param there, 0 if it is not
    /// known.
    #[must_use]
    pub fn new(scale: f64, start: Vec<Complex64>) -> Self {
        let is_known = scale != 0.0 && scale.is_finite();
        let unit = if is_known { libm::ldexp(1.0, libm::ilogb(scale)) } else { 1.0 };
        let points = vec![PathPoint { at: 0.0, roots: start }];
        Self { unit, points, length: LONGEST * unit, looked_at: 0, is_ended: false }
    }

    /// The roots at a distance of at least 0, in the order that they have at the start. `roots` gives the roots at a distance
    /// in any order. `None` if there are none, or if there are none on the way.
    pub fn roots_at(
        &mut self,
        distance: f64,
        roots: impl Fn(f64) -> Option<Vec<Complex64>>,
    ) -> Option<Vec<Complex64>> {
        while !self.is_ended && self.last().at < distance {
            self.extend(&roots);
        }
        let after = self.points.partition_point(|point| point.at <= distance);
        let mut point = self.points[after.checked_sub(1)?].clone();
        let length = distance - point.at;
        let steps = Steps { shortest: SHORTEST * length, longest: length, end: distance };
        let (mut length, mut looked_at) = (length, 0);
        while point.at < distance {
            (point, length) = point.next(length, &mut looked_at, steps, &roots)?;
        }
        Some(point.roots)
    }

    fn last(&self) -> &PathPoint {
        &self.points[self.points.len() - 1]
    }

    /// Adds a point.
    fn extend(&mut self, roots: &impl Fn(f64) -> Option<Vec<Complex64>>) {
        let last = &self.points[self.points.len() - 1];
        let reach = f64::max(self.unit, last.at);
        let steps = Steps {
            shortest: SHORTEST * f64::max(SHORTEST * self.unit, last.at),
            longest: LONGEST * libm::ldexp(1.0, libm::ilogb(reach)),
            end: f64::INFINITY,
        };
        let next = last.next(f64::min(self.length, steps.longest), &mut self.looked_at, steps, roots);
        match next.filter(|(point, _)| point.at > last.at && point.at.is_finite()) {
            Some((point, length)) => {
                self.points.push(point);
                self.length = length;
            }
            None => self.is_ended = true,
        }
    }
}
