//! Transfer functions against values from independent programs, and laws.
//!
//! `data/transfer_function.py` says how the values were computed.

use std::collections::BTreeMap;
use std::sync::Arc;

use kymograph::solver::state_space::InputFn;
use kymograph::solver::transfer_function::{Rational, RationalError, TransferFunction};
use num_complex::Complex64;

fn complex(numbers: &[f64]) -> Vec<Complex64> {
    numbers.iter().map(|number| (*number).into()).collect()
}

fn polynomials(numerator: &[f64], denominator: &[f64]) -> Rational {
    Rational::Coefficients { numerator: complex(numerator), denominator: complex(denominator) }
}

fn factors(zeros: &[(f64, f64)], poles: &[(f64, f64)], gain: f64) -> Rational {
    let roots = |roots: &[(f64, f64)]| roots.iter().map(|(re, im)| Complex64::new(*re, *im)).collect();
    Rational::Roots { zeros: roots(zeros), poles: roots(poles), gain }
}

const CLUSTER: [(f64, f64); 5] = [(-1.0, 0.0), (-1.0001, 0.0), (-1.0002, 0.0), (-1.0, 1e-4), (-1.0, -1e-4)];

fn rational(name: &str) -> Rational {
    match name {
        "spring" => polynomials(&[1.0], &[1.0, 0.25, 4.0]),
        "lead" => polynomials(&[2.0, 3.0, 1.0], &[1.0, 0.4, 4.0]),
        "third" => polynomials(&[1.0, 2.0], &[3.0, 1.0, 7.0, 0.5]),
        "double" => polynomials(&[1.0, 3.5], &[1.0, 5.0, 7.0, 3.0]),
        "integrators" => polynomials(&[1.0, 1.0, 0.5], &[1.0, 1.0, 0.0, 0.0]),
        "unstable" => polynomials(&[1.0], &[1.0, -0.5, 2.0]),
        "cancelling" => polynomials(&[0.0, 1.0, 2.0], &[1.0, 3.0, 2.0]),
        "wilkinson" => polynomials(
            &[1.0, 2.5],
            &[
                1.0,
                55.0,
                1320.0,
                18_150.0,
                157_773.0,
                902_055.0,
                3_416_930.0,
                8_409_500.0,
                12_753_576.0,
                10_628_640.0,
                3_628_800.0,
            ],
        ),
        "close" => polynomials(&[1.0], &CLOSE),
        "butterworth" => polynomials(&[256.0], &BUTTERWORTH),
        "stiff" => polynomials(&[1e6], &[1.0, 1_000_001.0, 1e6]),
        "roots" => {
            factors(&[(-1.0, 2.0), (-1.0, -2.0)], &[(-0.5, 3.0), (-0.5, -3.0), (-2.0, 0.0), (-4.0, 0.0)], 5.0)
        }
        "cluster" => factors(&[(-0.5, 0.0)], &CLUSTER, 2.0),
        "equal" => factors(&[(-3.0, 0.0)], &[(-1.0, 0.0), (-1.0, 0.0), (-1.0, 0.0), (-2.0, 0.0)], 1.0),
        "biproper" => {
            factors(&[(1.0, 0.0), (2.0, 1.0), (2.0, -1.0)], &[(-1.0, 0.0), (-2.0, 1.0), (-2.0, -1.0)], -0.5)
        }
        "twenty" => {
            let poles: Vec<(f64, f64)> = (1..=20).map(|n| (-f64::from(n), 0.0)).collect();
            factors(&[], &poles, 1e18)
        }
        other => panic!("unknown function {other}"),
    }
}

/// The denominator with the roots of [`CLUSTER`], rounded.
const CLOSE: [f64; 6] =
    [1.0, 5.0003, 10.001_200_03, 10.001_800_090_003, 5.001_200_090_006, 1.000_300_030_003_000_3];

/// The denominator of the eighth order with the corner at 2 rad/s.
const BUTTERWORTH: [f64; 9] = [
    1.0,
    10.251_661_790_966_024,
    52.548_284_738_176_356,
    174.769_207_753_661_05,
    411.013_694_903_380_5,
    699.076_831_014_644_2,
    840.772_555_810_821_8,
    656.106_354_621_825_5,
    256.0,
];

fn solve(rational: Rational) -> TransferFunction {
    let input: InputFn = Arc::new(|t: f64| Ok((1.5 * t).sin().into()));
    TransferFunction::new(rational, Some(input)).expect("a proper function")
}

fn value(function: &TransferFunction, quantity: &str, at: Complex64) -> Complex64 {
    let n = at.re as usize;
    match quantity {
        "H" => function.at(at),
        "pole" => function.poles()[n],
        "zero" => function.zeros()[n],
        "residue" => function.residues()[n],
        "impulse" => function.impulse(at.re).expect("a response"),
        "step" => function.step(at.re).expect("a response"),
        "y" => function.output(at.re).expect("an output"),
        other => panic!("unknown quantity {other}"),
    }
}

/// The error that is allowed, relative to the largest value of the quantity: the promise is 1e-10.
const BOUND: f64 = 1e-11;

#[test]
fn every_value_agrees_with_its_reference() {
    let rows: Vec<(Vec<&str>, Complex64, Complex64)> = include_str!("../data/transfer_function.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |at: usize| fields[at].parse::<f64>().expect("a number");
            let (at, expected) = (Complex64::new(number(2), number(3)), Complex64::new(number(4), number(5)));
            (fields, at, expected)
        })
        .collect();
    let mut scales = BTreeMap::<(&str, &str), f64>::new();
    for (fields, _, expected) in &rows {
        let scale = scales.entry((fields[0], fields[1])).or_default();
        *scale = scale.max(expected.norm());
    }
    let mut functions = BTreeMap::new();
    let mut worst = BTreeMap::<(&str, &str), f64>::new();
    for (fields, at, expected) in &rows {
        let (name, quantity) = (fields[0], fields[1]);
        let function = functions.entry(name).or_insert_with(|| solve(rational(name)));
        let error = (value(function, quantity, *at) - expected).norm();
        let scale = if quantity == "H" { expected.norm() } else { scales[&(name, quantity)] };
        let error = if error == 0.0 { 0.0 } else { error / scale };
        let worst = worst.entry((name, quantity)).or_default();
        *worst = worst.max(error);
    }
    println!("{worst:?}");
    for ((name, quantity), error) in &worst {
        assert!(*error <= BOUND, "{name} {quantity}: {error:e}");
    }
    assert!(rows.len() > 450, "{}", rows.len());
}

#[test]
fn partial_fractions_sum_to_the_function() {
    for name in
        ["spring", "lead", "double", "integrators", "wilkinson", "butterworth", "roots", "equal", "biproper"]
    {
        let function = solve(rational(name));
        let s = Complex64::new(0.7, 1.9);
        let through = function.at(1e100.into());
        let mut sum = through;
        for (at, residue) in function.residues().iter().enumerate() {
            let pole = function.poles()[at];
            // The number of this copy among poles that are equal up to rounding.
            let copy = function.poles()[..=at].iter().filter(|other| (*other - pole).norm() < 1e-6).count();
            sum += residue / (s - pole).powu(u32::try_from(copy).expect("a small number"));
        }
        assert!((sum - function.at(s)).norm() < 1e-11 * function.at(s).norm().max(1.0), "{name}");
    }
}

#[test]
fn pure_gains_have_no_poles() {
    let function = solve(polynomials(&[3.0], &[2.0]));
    assert_eq!((function.poles(), function.zeros(), function.residues()), (&[][..], &[][..], &[][..]));
    assert_eq!(function.at(5.0.into()).re, 1.5);
    assert_eq!(function.step(1.0).expect("a response").re, 1.5);
    assert_eq!(function.impulse(1.0).expect("a response").re, 0.0);
    assert_eq!(function.output(2.0).expect("an output").re, 1.5 * 3.0_f64.sin());
    let nothing = solve(polynomials(&[0.0], &[1.0, 2.0]));
    assert_eq!(nothing.at(1.0.into()), Complex64::ZERO);
    assert_eq!(nothing.residues(), [Complex64::ZERO]);
    let differentiator = TransferFunction::new(polynomials(&[1.0, 0.0], &[1.0]), None);
    assert_eq!(differentiator.expect_err("an error"), RationalError::Improper { zeros: 1, poles: 0 });
}

#[test]
fn an_unstable_pole_cancels_exactly() {
    let function = solve(factors(&[(1.0, 0.0)], &[(-1.0, 0.0), (1.0, 0.0)], 1.0));
    assert!((function.step(200.0).expect("a response").re - 1.0).abs() < 1e-15);
    assert_eq!(function.poles().len(), 2);
    assert_eq!(function.residues()[1], Complex64::ZERO);
}

#[test]
fn the_system_is_at_rest_before_zero() {
    let function = solve(rational("lead"));
    for t in [-5.0, -1e-9] {
        let values = [function.output(t), function.step(t), function.impulse(t)];
        assert!(values.into_iter().all(|value| value.expect("a value") == Complex64::ZERO));
    }
}

#[test]
fn complex_coefficients_give_complex_responses() {
    // 1/(s − j) answers a step with (exp(jt) − 1)/j.
    let pole = Rational::Roots { zeros: vec![], poles: vec![Complex64::I], gain: 1.0 };
    let function = TransferFunction::new(pole, None).expect("a proper function");
    assert!(!function.is_real());
    let expected = (Complex64::from_polar(1.0, 2.0) - 1.0) / Complex64::I;
    assert!((function.step(2.0).expect("a response") - expected).norm() < 1e-15);
}

#[test]
fn values_depend_on_the_time_alone() {
    let times: Vec<f64> = (0..100).map(|step| f64::from(step * 37 % 100) * 0.13).collect();
    let shared = solve(rational("butterworth"));
    for t in &times {
        let fresh = solve(rational("butterworth")).output(*t).expect("an output");
        assert_eq!(shared.output(*t).expect("an output").re.to_bits(), fresh.re.to_bits());
    }
}
