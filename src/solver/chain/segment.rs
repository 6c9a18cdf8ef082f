//! Parts of a chain that no spring joins.

use super::bidiagonal::Path;
use super::{Ends, Parameters, closed_form};

/// Neighboring masses, each joined to the next.
pub(super) struct Segment {
    /// The numbers of the masses.
    masses: Vec<usize>,
    /// The stiffness of the spring on the left of each mass, and on the right of the last; 0 for a free end.
    stiffnesses: Vec<f64>,
}

/// Cuts a chain that is not a closed ring where it has no springs, or springs without stiffness.
pub(super) fn cut(parameters: &Parameters) -> Vec<Segment> {
    let (order, stiffnesses) = row(parameters);
    let mut segments = Vec::new();
    let mut first = 0;
    for at in 1..=order.len() {
        if at == order.len() || stiffnesses[at] == 0.0 {
            let masses = order[first..at].to_vec();
            segments.push(Segment { masses, stiffnesses: stiffnesses[first..=at].to_vec() });
            first = at;
        }
    }
    segments
}

/// The masses in a row, with the stiffnesses of [`Segment`]. An open ring begins behind its first gap.
fn row(parameters: &Parameters) -> (Vec<usize>, Vec<f64>) {
    let count = parameters.masses.len();
    let mut stiffnesses = vec![0.0; count + 1];
    for (spring, stiffness) in parameters.ends.springs(count).zip(&parameters.stiffnesses) {
        stiffnesses[spring] = *stiffness;
    }
    let mut order: Vec<usize> = (0..count).collect();
    if parameters.ends == Ends::Ring {
        let gap = stiffnesses.iter().position(|stiffness| *stiffness == 0.0).unwrap_or(0);
        if gap < count {
            stiffnesses[..count].rotate_left(gap);
            order.rotate_left(gap);
        }
    }
    (order, stiffnesses)
}

impl Segment {
    /// The mode shapes over all masses of the chain, slowest first, and their frequencies where these are known.
    pub(super) fn modes(&self, masses: &[f64]) -> Vec<(Option<f64>, Vec<f64>)> {
        let own: Vec<f64> = self.masses.iter().map(|mass| masses[*mass]).collect();
        let spread = |shape: Vec<f64>| {
            let mut spread = vec![0.0; masses.len()];
            self.masses.iter().zip(shape).for_each(|(mass, entry)| spread[*mass] = entry);
            spread
        };
        self.own_modes(&own).into_iter().map(|(omega, shape)| (omega, spread(shape))).collect()
    }

    /// The same over the masses of the segment.
    fn own_modes(&self, masses: &[f64]) -> Vec<(Option<f64>, Vec<f64>)> {
        let count = masses.len();
        let [left, right] = [self.stiffnesses[0], self.stiffnesses[count]].map(|stiffness| stiffness > 0.0);
        let mut springs = self.stiffnesses.iter().filter(|stiffness| **stiffness > 0.0);
        let spring = springs.next();
        let is_uniform =
            masses.iter().all(|mass| *mass == masses[0]) && springs.all(|other| Some(other) == spring);
        if !is_uniform {
            let modes = Path::new(masses, &self.stiffnesses).modes();
            return modes.into_iter().map(|(omega, shape)| (Some(omega), shape)).collect();
        }
        let ends = match (left, right) {
            (true, true) => Ends::Fixed,
            (false, false) => Ends::Free,
            _ => Ends::FixedFree,
        };
        let is_mirrored = right && !left;
        let shape = |mode| {
            let mut shape = closed_form::shape(ends, count, mode);
            if is_mirrored {
                shape.reverse();
            }
            (None, shape)
        };
        (0..count).map(shape).collect()
    }
}
