//! `HiPPO` memories against values known to more digits than a double has.
//!
//! `data/hippo.py` says how the values were computed.

use std::collections::BTreeMap;
use std::sync::Arc;

use kymograph::solver::hippo::{Hippo, Measure};
use kymograph::solver::state_space::{InputFn, Matrices, NamedMatrix, OutputPart, StateSpace};
use num_complex::Complex64;

fn input(name: &str) -> InputFn {
    let function: fn(f64) -> f64 = match name {
        "sine" => |t| libm::sin(5.0 * t),
        "burst" => |t| libm::exp(-t) * libm::cos(20.0 * t),
        "kink" => |t| (t - 1.0).abs(),
        "square" => |t| if libm::sin(3.0 * t) < 0.0 { -1.0 } else { 1.0 },
        other => panic!("unknown input {other}"),
    };
    Arc::new(move |t| Ok(function(t).into()))
}

fn measure(name: &str, window: f64) -> Measure {
    match name {
        "legs" => Measure::Legs,
        "legt" => Measure::Legt { window },
        "lagt" => Measure::Lagt,
        "fout" => Measure::Fout { window },
        other => panic!("unknown measure {other}"),
    }
}

/// The error that is allowed, relative to the largest value so far: the promise is 1e-10.
const BOUND: f64 = 2e-11;

#[test]
fn every_value_agrees_with_its_reference() {
    let mut memories = BTreeMap::<String, (Hippo, f64, f64)>::new();
    let mut count = 0;
    for line in include_str!("../data/hippo.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse::<f64>().expect("a number");
        let [argument, t, expected] = [5, 6, 7].map(number);
        let (memory, scale, worst) = memories.entry(fields[..4].join(" ")).or_insert_with(|| {
            let measure = measure(fields[0], number(2));
            (Hippo::new(measure, number(1) as usize, input(fields[3])).expect("a memory"), 0.0, 0.0)
        });
        let value = match fields[4] {
            "c" => memory.coefficient(argument as usize, t),
            _ => memory.reconstruction(argument, t),
        };
        *scale = scale.max(expected.abs());
        let error = (value.expect("a value") - expected).abs() / *scale;
        assert!(error <= BOUND, "{line}: {error:e}");
        *worst = worst.max(error);
        count += 1;
    }
    let worst: Vec<_> = memories.iter().map(|(name, (_, _, worst))| (name, worst)).collect();
    assert_eq!(count, 757, "rows checked: {worst:#?}");
}

/// e^(tA)·B of `LegS` is √(2n+1)·Pₙ(2e^(−t) − 1)·e^(−t).
#[test]
fn impulse_responses_of_legs_are_legendre_polynomials() {
    let order = 64;
    let named = NamedMatrix::HippoLegs { order };
    let rows = |n: usize| (0..order).map(|at| f64::from(u8::from(at == n)).into()).collect();
    let zeros = vec![Complex64::ZERO; order];
    for n in [0, 1, 2, 7, 30, 63] {
        let matrices = Matrices {
            a: named.a(),
            b: named.b(),
            c: vec![rows(n)],
            d: vec![Complex64::ZERO],
            output: OutputPart::Whole,
        };
        let system = StateSpace::new(matrices, &zeros, None).expect("sound matrices");
        for t in [0.0, 1e-3, 0.1, 0.7, 2.0, 9.0] {
            let x = 2.0 * libm::exp(-t) - 1.0;
            let (mut before, mut now) = (0.0, 1.0);
            for k in (0..n).map(|k| k as f64) {
                (before, now) = (now, ((2.0 * k + 1.0) * x * now - k * before) / (k + 1.0));
            }
            let expected = ((2 * n + 1) as f64).sqrt() * now * libm::exp(-t);
            let actual = system.impulse(t).expect("a response").re;
            assert!((actual - expected).abs() < 1e-11, "{n} at {t}: {actual} {expected}");
        }
    }
}
