//! Measured data against references computed in 60 digits.
//!
//! `data/data.py` says how the values were computed, and that scipy's `CubicSpline` agrees with them.

use std::collections::BTreeMap;

use kymograph::solver::data::{Interpolation, TimeSeries};

/// A time, and the value at it; NaN for none.
type Point = [f64; 2];

/// The points by series and kind: the rows, and the values to expect.
fn references() -> BTreeMap<&'static str, BTreeMap<&'static str, Vec<Point>>> {
    let mut series: BTreeMap<_, BTreeMap<_, Vec<Point>>> = BTreeMap::new();
    for line in include_str!("../data/data.csv").lines().skip(1) {
        let [kind, name, t, y]: [&str; 4] =
            line.split(',').collect::<Vec<_>>().try_into().expect("four fields");
        let y = if y.is_empty() { f64::NAN } else { y.parse().expect("a number") };
        let point = [t.parse().expect("a time"), y];
        series.entry(name).or_default().entry(kind).or_default().push(point);
    }
    series
}

/// The largest magnitude of some values.
fn scale(points: &[Point]) -> f64 {
    points.iter().map(|[_, y]| y.abs()).fold(0.0, f64::max)
}

/// The largest error that an interpolation may have, relative to the scale of the series.
fn bound(interpolation: Interpolation) -> f64 {
    match interpolation {
        Interpolation::Linear => f64::EPSILON,
        Interpolation::Cubic => 8.0 * f64::EPSILON,
        Interpolation::Previous | Interpolation::None => 0.0,
    }
}

#[test]
fn values_between_rows_agree_with_60_digits() {
    let mut count = 0;
    for (name, points) in references() {
        let [times, values] = [0, 1].map(|at| points["row"].iter().map(|row| row[at]).collect::<Vec<_>>());
        for interpolation in Interpolation::ALL {
            let expected = &points[interpolation.name()];
            let series = TimeSeries::new(times.clone(), vec![values.clone()], interpolation);
            let bound = bound(interpolation) * scale(expected);
            for &[t, y] in expected {
                let value = series.value(0, t);
                let agrees = if y.is_nan() { value.is_nan() } else { (value - y).abs() <= bound };
                assert!(agrees, "{name}, {interpolation:?} at {t}: {value:e} is not {y:e}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 4188, "values checked");
}

#[test]
fn rows_keep_their_bits() {
    for (name, points) in references() {
        let [times, values] = [0, 1].map(|at| points["row"].iter().map(|row| row[at]).collect::<Vec<_>>());
        for interpolation in Interpolation::ALL {
            let series = TimeSeries::new(times.clone(), vec![values.clone()], interpolation);
            for (time, value) in times.iter().zip(&values) {
                assert_eq!(series.value(0, *time).to_bits(), value.to_bits(), "{name} at {time}");
            }
        }
    }
}
