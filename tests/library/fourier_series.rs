//! Fourier series against values known to more digits than a double has, and laws.
//!
//! `data/fourier_series.py` says how the values were computed.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::f64::consts::{PI, TAU};

use kymograph::solver::fourier_series::{FourierSeries, FunctionError, MAX_TERMS};
use num_complex::Complex64;

/// The series of a function of period 1.
fn series(terms: usize, function: impl Fn(f64) -> f64) -> FourierSeries {
    complex_series(terms, |t| function(t).into())
}

fn complex_series(terms: usize, function: impl Fn(f64) -> Complex64) -> FourierSeries {
    FourierSeries::of(1.0, terms, |t| Ok::<_, Infallible>(function(t))).expect("a series")
}

fn square(t: f64) -> f64 {
    let sine = (TAU * t).sin();
    if sine == 0.0 { 0.0 } else { sine.signum() }
}

fn triangle(t: f64) -> f64 {
    1.0 - (2.0 * t - 1.0).abs()
}

fn case(name: &str) -> FourierSeries {
    match name {
        "square" => series(MAX_TERMS, square),
        "triangle" => series(MAX_TERMS, triangle),
        "sawtooth" => series(MAX_TERMS, |t| t),
        "rectified" => series(MAX_TERMS, |t| (PI * t).sin().abs()),
        "exponential" => series(MAX_TERMS, |t| (TAU * t).sin().exp()),
        "rational" => series(MAX_TERMS, |t| 1.0 / (1.25 - (TAU * t).cos())),
        "pulse" => series(MAX_TERMS, |t| f64::from(u8::from((1.0 / 3.0..0.71).contains(&t)))),
        "root" => series(MAX_TERMS, |t| (PI * t).sin().abs().sqrt()),
        "chirp" => series(MAX_TERMS, |t| (300.0 * TAU * t + 1.0).cos() + t * t * t / 8.0),
        "phase" => complex_series(MAX_TERMS, |t| Complex64::new(0.0, 3.0 * (TAU * t).sin()).exp()),
        other => panic!("unknown function {other}"),
    }
}

/// The error that is allowed, relative to the function's size.
const BOUND: f64 = 1e-13;

#[test]
fn every_value_agrees_with_its_reference() {
    let mut known = BTreeMap::<&str, FourierSeries>::new();
    let mut worst = BTreeMap::<&str, f64>::new();
    let mut count = 0;
    for line in include_str!("../data/fourier_series.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let name = fields[0];
        let n: i64 = fields[2].parse().expect("a number");
        let [t, re, im] = [3, 4, 5].map(|at| fields[at].parse::<f64>().expect("a number"));
        let series = known.entry(name).or_insert_with(|| case(name));
        let value = match fields[1] {
            "c" => series.coefficient(n),
            _ => series.partial(n as usize, t),
        };
        let error = (value - Complex64::new(re, im)).norm();
        assert!(error <= BOUND, "{line}: {value} {error:e}");
        let worst = worst.entry(name).or_default();
        *worst = worst.max(error);
        count += 1;
    }
    assert_eq!(count, 396, "rows checked: {worst:#?}");
}

#[test]
fn partial_sums_of_the_square_wave_overshoot_as_gibbs_says() {
    let series = series(MAX_TERMS, square);
    // The first maximum behind the jump is at t = 1/(2(n + 1)) for odd n.
    let overshoot = |n: usize| 0.5 * (series.partial(n, 0.5 / (n + 1) as f64).re - 1.0);
    // (1/π)·∫ sin(u)/u du from 0 to π, less ½.
    let limit = 0.089_489_872_236_083_63;
    let [far, near] = [overshoot(99), overshoot(999)].map(|overshoot| overshoot - limit);
    assert!(far.abs() < 3e-5 && near.abs() < 3e-7, "{far:e} {near:e}");
    assert!((far / near - 100.0).abs() < 1.0, "{}", far / near);
}

#[test]
fn parseval_holds() {
    let power = |series: &FourierSeries| {
        let terms = series.terms() as i64;
        (-terms..=terms).map(|n| series.coefficient(n).norm_sqr()).sum::<f64>()
    };
    assert!((power(&series(60, |t| 1.0 / (1.25 - (TAU * t).cos()))) - 80.0 / 27.0).abs() < 1e-14);
    assert!((power(&case("phase")) - 1.0).abs() < 1e-13);
    // The rest of Σ 8/(πn)² over odd n above N is 4/(π²N) to the second order.
    let rest = 4.0 / (PI * PI * MAX_TERMS as f64);
    assert!((power(&case("square")) + rest - 1.0).abs() < 1e-9);
}

#[test]
fn smooth_functions_return() {
    let function = |t: f64| (TAU * t).sin().exp() + 0.3 * (5.0 * TAU * t).cos();
    let series = series(40, function);
    assert!(series.is_real());
    for step in -40..100 {
        let t = f64::from(step) * 0.0731;
        let value = series.value(t);
        assert!((value.re - function(t)).abs() < 1e-13, "{t}");
        assert_eq!(value.im.to_bits(), 0);
        let arms: Complex64 = (-40..=40).map(|n| series.arm(n, t)).sum();
        assert!((arms - value).norm() < 1e-14);
    }
}

#[test]
fn given_coefficients_are_kept() {
    let c = [Complex64::new(1.0, 2.0), Complex64::new(0.5, 0.0), Complex64::new(1.0, -2.0)];
    let series = FourierSeries::new(2.0, c.to_vec());
    assert!(series.is_real() && series.terms() == 1);
    assert!((series.value(0.5).re - (0.5 + 4.0)).abs() < 1e-15);
    assert_eq!(series.partial(0, 0.5), Complex64::new(0.5, 0.0));
    let turning = FourierSeries::new(2.0, vec![Complex64::ZERO, Complex64::ZERO, Complex64::ONE]);
    assert!(!turning.is_real());
    assert!((turning.value(0.5) - Complex64::I).norm() < 1e-15);
    assert!(turning.value(f64::INFINITY).re.is_nan());
}

#[test]
fn late_times_have_the_bits_of_early_ones() {
    let series = case("sawtooth");
    for step in 0..64 {
        let t = f64::from(step) / 64.0;
        assert_eq!(series.value(t), series.value(t + 1_000_000.0));
        assert_eq!(series.value(t), series.value(t - 4096.0));
    }
}

#[test]
fn functions_without_a_series_are_errors() {
    let of = |function: fn(f64) -> Result<f64, &'static str>| {
        FourierSeries::of(1.0, 3, |t| function(t).map(Complex64::from)).expect_err("an error")
    };
    assert!(
        matches!(of(|t| Ok(if t < 0.5 { 0.0 } else { f64::NAN })), FunctionError::Undefined(t) if t > 0.5)
    );
    assert_eq!(of(|_| Err("it ends")), FunctionError::Failed("it ends"));
    assert_eq!(of(|t| Ok((t * 1e9).sin() * (t * 1.7e10).sin())), FunctionError::TooRough);
    let zero = series(3, |_| 0.0);
    assert_eq!((-3..=3).map(|n| zero.coefficient(n)).collect::<Vec<_>>(), vec![Complex64::ZERO; 7]);
}
