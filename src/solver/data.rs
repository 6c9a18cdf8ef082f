//! Measured time series: columns of values at the times of rows, with gaps, and the values between the rows.
//!
//! A value that is NaN is a gap. No interpolation bridges a gap: between the rows before and after it the value is
//! NaN, and a cubic spline begins anew behind it. Before the first row and after the last one the value is NaN. At
//! the time of a row it is the value of the row, to the last bit.

mod spline;

/// The rule by which a value between two rows follows from the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// The straight line between the rows before and after.
    Linear,
    /// The cubic spline with not-a-knot ends: its third derivative is continuous at the second row and at the last
    /// but one. It is twice continuously differentiable. Two rows give a line, three a parabola.
    Cubic,
    /// The last row at or before the time.
    Previous,
    /// No value between rows.
    None,
}

/// Columns of values at increasing times.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSeries {
    /// The times of the rows, finite and strictly increasing.
    times: Vec<f64>,
    columns: Vec<Column>,
    interpolation: Interpolation,
}

/// The values of one quantity.
#[derive(Clone, Debug, PartialEq)]
struct Column {
    /// A value for each row; NaN is a gap.
    values: Vec<f64>,
    /// The derivative of the spline at each row; empty without cubic interpolation.
    slopes: Vec<f64>,
}

/// The two rows around a time.
#[derive(Clone, Copy)]
struct Interval {
    times: [f64; 2],
    values: [f64; 2],
}

impl Interpolation {
    /// Every way to interpolate.
    pub const ALL: [Self; 4] = [Self::Linear, Self::Cubic, Self::Previous, Self::None];

    /// The name in a scene.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Cubic => "cubic",
            Self::Previous => "previous",
            Self::None => "none",
        }
    }

    /// The way to interpolate that has this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interpolation| interpolation.name() == name)
    }
}

impl TimeSeries {
    /// A series with one value of each column for each time.
    ///
    /// # Panics
    /// The times are not finite or do not increase strictly, or a column is not as long as the times.
    #[must_use]
    pub fn new(times: Vec<f64>, columns: Vec<Vec<f64>>, interpolation: Interpolation) -> Self {
        assert!(times.iter().all(|time| time.is_finite()), "times are finite");
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "times increase");
        assert!(columns.iter().all(|values| values.len() == times.len()), "every row has every column");
        let is_cubic = interpolation == Interpolation::Cubic;
        let columns = columns.into_iter().map(|values| {
            let slopes = if is_cubic { spline::slopes(&times, &values) } else { Vec::new() };
            Column { values, slopes }
        });
        Self { columns: columns.collect(), times, interpolation }
    }

    /// The value of a column, counted from 0, at a time; NaN in a gap and outside of the rows.
    ///
    /// # Panics
    /// The column does not exist.
    #[must_use]
    pub fn value(&self, column: usize, t: f64) -> f64 {
        let Column { values, slopes } = &self.columns[column];
        let Some(row) = self.times.partition_point(|time| *time <= t).checked_sub(1) else { return f64::NAN };
        if self.times[row] == t {
            return values[row];
        }
        let (&[t0, t1, ..], &[y0, y1, ..]) = (&self.times[row..], &values[row..]) else { return f64::NAN };
        let interval = Interval { times: [t0, t1], values: [y0, y1] };
        match self.interpolation {
            Interpolation::Previous => y0,
            Interpolation::None => f64::NAN,
            // A NaN that arithmetic makes has different bits on different processors.
            _ if y0.is_nan() || y1.is_nan() => f64::NAN,
            Interpolation::Linear => interval.line(t),
            Interpolation::Cubic => interval.cubic([slopes[row], slopes[row + 1]], t),
        }
    }
}

impl Interval {
    /// The straight line, computed from the nearer end so that it meets both ends exactly.
    fn line(self, t: f64) -> f64 {
        let Self { times: [t0, t1], values: [y0, y1] } = self;
        let width = t1 - t0;
        if t - t0 <= t1 - t {
            y0 + (y1 - y0) * ((t - t0) / width)
        } else {
            y1 - (y1 - y0) * ((t1 - t) / width)
        }
    }

    /// The cubic polynomial with these slopes at the ends: the line plus u·v·(a·v − b·u), where u and v are the
    /// relative distances from the ends, and a and b are the differences of the slopes from the line's, times the
    /// width.
    fn cubic(self, slopes: [f64; 2], t: f64) -> f64 {
        let Self { times: [t0, t1], values: [y0, y1] } = self;
        let width = t1 - t0;
        let (u, v) = ((t - t0) / width, (t1 - t) / width);
        let [a, b] = slopes.map(|slope| slope * width - (y1 - y0));
        self.line(t) + u * v * (a * v - b * u)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    const TIMES: [f64; 8] = [-1.0, 0.0, 0.25, 1.0, 1.5, 2.5, 3.0, 4.5];
    const GAP: f64 = f64::NAN;

    fn series(values: [f64; 8], interpolation: Interpolation) -> TimeSeries {
        TimeSeries::new(TIMES.to_vec(), vec![values.to_vec()], interpolation)
    }

    /// Times before, at, between and after the rows.
    fn questions() -> Vec<f64> {
        (-60..240).map(|n| f64::from(n) / 40.0).chain([GAP, f64::INFINITY, f64::NEG_INFINITY]).collect()
    }

    #[test]
    fn every_interpolation_is_found_by_its_name() {
        for interpolation in Interpolation::ALL {
            assert_eq!(Interpolation::from_name(interpolation.name()), Some(interpolation));
        }
        assert_eq!(Interpolation::from_name("nearest"), None);
    }

    #[test]
    fn rows_keep_their_values_to_the_last_bit() {
        let values = [0.1, -7.3, 1e-300, 1e70, 3.3, -0.0, 2.0 / 3.0, 5.5];
        for interpolation in Interpolation::ALL {
            let series = series(values, interpolation);
            for (time, value) in TIMES.iter().zip(values) {
                assert_eq!(series.value(0, *time).to_bits(), value.to_bits(), "{interpolation:?} at {time}");
            }
        }
    }

    #[test]
    fn outside_of_the_rows_there_is_no_value() {
        for interpolation in Interpolation::ALL {
            let series = series([1.0; 8], interpolation);
            for t in [f64::NEG_INFINITY, -1.0 - 1e-15, 4.500_000_000_000_001, 1e300, f64::INFINITY, GAP] {
                assert!(series.value(0, t).is_nan(), "{interpolation:?} at {t}");
            }
        }
    }

    #[test]
    fn a_straight_line_is_kept_by_lines_and_splines() {
        for interpolation in [Interpolation::Linear, Interpolation::Cubic] {
            let series = series(TIMES.map(|t| 2.0 - 3.0 * t), interpolation);
            for t in questions().into_iter().filter(|t| (-1.0..=4.5).contains(t)) {
                assert!((series.value(0, t) - (2.0 - 3.0 * t)).abs() < 4e-15, "{interpolation:?} at {t}");
            }
        }
    }

    #[test]
    fn constants_are_kept_exactly() {
        for interpolation in [Interpolation::Linear, Interpolation::Cubic, Interpolation::Previous] {
            let series = series([0.1; 8], interpolation);
            for t in questions().into_iter().filter(|t| (-1.0..=4.5).contains(t)) {
                assert_eq!(series.value(0, t), 0.1, "{interpolation:?} at {t}");
            }
        }
    }

    #[test]
    fn a_line_stays_between_its_ends() {
        let series = TimeSeries::new(vec![0.1, 0.7], vec![vec![0.3, 0.9]], Interpolation::Linear);
        let mut last = 0.3;
        for n in 0..=6000 {
            let value = series.value(0, (0.1 + 1e-4 * f64::from(n)).min(0.7));
            assert!((last..=0.9).contains(&value), "{value} after {last}");
            last = value;
        }
    }

    #[test]
    fn cubics_are_kept_by_splines() {
        let cubic = |t: f64| 0.5 * t * t * t - 2.0 * t * t + t - 3.0;
        let parabola = |t: f64| t * t - 3.0 * t + 1.0;
        let long = series(TIMES.map(cubic), Interpolation::Cubic);
        let four = TimeSeries::new(
            vec![0.0, 0.3, 2.0, 3.0],
            vec![[0.0, 0.3, 2.0, 3.0].map(cubic).to_vec()],
            Interpolation::Cubic,
        );
        let three = TimeSeries::new(
            vec![0.0, 0.3, 3.0],
            vec![[0.0, 0.3, 3.0].map(parabola).to_vec()],
            Interpolation::Cubic,
        );
        for n in 0..=300 {
            let t = f64::from(n) / 100.0;
            assert!((long.value(0, t) - cubic(t)).abs() < 1e-13, "{t}");
            assert!((four.value(0, t) - cubic(t)).abs() < 1e-13, "{t}");
            assert!((three.value(0, t) - parabola(t)).abs() < 1e-14, "{t}");
        }
    }

    #[test]
    fn no_interpolation_bridges_a_gap() {
        let values = [1.0, 2.0, GAP, GAP, 5.0, GAP, 7.0, 8.0];
        let defined = |interpolation, t| !series(values, interpolation).value(0, t).is_nan();
        for interpolation in [Interpolation::Linear, Interpolation::Cubic] {
            for (t, expected) in [
                (-0.5, true),
                (0.1, false),
                (0.25, false),
                (0.5, false),
                (1.2, false),
                (1.5, true),
                (2.0, false),
                (2.7, false),
                (3.5, true),
            ] {
                assert_eq!(defined(interpolation, t), expected, "{interpolation:?} at {t}");
            }
        }
        for (t, expected) in [
            (0.1, true),
            (0.25, false),
            (1.4, false),
            (1.5, true),
            (2.4, true),
            (2.5, false),
            (2.9, false),
            (3.0, true),
        ] {
            assert_eq!(defined(Interpolation::Previous, t), expected, "previous at {t}");
        }
    }

    #[test]
    fn splines_on_both_sides_of_a_gap_are_separate() {
        let values = [1.0, -2.0, 4.0, 0.5, GAP, 3.0, 9.0, -1.0];
        let with_gap = series(values, Interpolation::Cubic);
        let left = TimeSeries::new(TIMES[..4].to_vec(), vec![values[..4].to_vec()], Interpolation::Cubic);
        let right = TimeSeries::new(TIMES[5..].to_vec(), vec![values[5..].to_vec()], Interpolation::Cubic);
        for t in questions() {
            let part = if t < 1.5 { &left } else { &right };
            assert_eq!(with_gap.value(0, t).to_bits(), part.value(0, t).to_bits(), "at {t}");
        }
    }

    #[test]
    fn steps_and_points_follow_the_rows() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let (steps, points) = (series(values, Interpolation::Previous), series(values, Interpolation::None));
        assert_eq!(
            [-1.0, -0.1, 0.0, 0.2, 4.4, 4.5].map(|t| steps.value(0, t)),
            [1.0, 1.0, 2.0, 2.0, 7.0, 8.0]
        );
        assert!([-0.9, 0.1, 4.4].iter().all(|t| points.value(0, *t).is_nan()));
    }

    #[test]
    fn one_row_is_a_point() {
        for interpolation in Interpolation::ALL {
            let series = TimeSeries::new(vec![2.0], vec![vec![3.0]], interpolation);
            assert_eq!(series.value(0, 2.0), 3.0);
            assert!(series.value(0, 1.9).is_nan() && series.value(0, 2.1).is_nan());
        }
    }

    #[test]
    fn values_depend_on_neither_the_order_of_questions_nor_the_thread() {
        let series = series([1.0, -2.0, 4.0, 0.5, GAP, 3.0, 9.0, -1.0], Interpolation::Cubic);
        let bits = |t: &f64| series.value(0, *t).to_bits();
        let times = questions();
        let forward: Vec<u64> = times.iter().map(bits).collect();
        let mut backward: Vec<u64> = times.iter().rev().map(bits).collect();
        backward.reverse();
        assert_eq!(forward, backward);
        thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| times.iter().map(bits).collect::<Vec<u64>>())).collect();
            for thread in threads {
                assert_eq!(thread.join().expect("no panic"), forward);
            }
        });
    }
}
