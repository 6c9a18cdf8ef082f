//! Values at even distances, from a first one up to a bound.

/// The relative excess over the bound that rounding of the step causes.
const ROUNDING: f64 = 1e-9;

/// The number of values from `from` to `to` that are `step` apart. The last one may exceed `to` by rounding. Not at least 1 if
/// the step does not lead from `from` to `to`.
#[must_use]
pub fn count_steps([from, to]: [f64; 2], step: f64) -> f64 {
    ((to - from) / step + ROUNDING).floor() + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_does_not_leave_out_the_last_value() {
        assert_eq!(count_steps([0.0, 0.3], 0.1), 4.0);
        assert_eq!(count_steps([1.0, -1.0], -0.5), 5.0);
        assert_eq!(count_steps([0.0, 0.35], 0.1), 4.0);
        assert!(count_steps([0.0, 1.0], -0.5) < 1.0);
    }
}
