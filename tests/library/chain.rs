//! Chains of masses and springs against values known to more digits than a double has, and laws.
//!
//! `data/chain.py` says how the values were computed.

use std::collections::BTreeMap;
use std::f64::consts::{PI, TAU};

use kymograph::solver::chain::{Chain, ChainError, Ends, Parameters};

/// The number of a mass or of a spring, to its mass, stiffness or damping.
type Rule = fn(usize) -> f64;

fn mass(i: usize) -> f64 {
    1.0 + (7 * i % 5) as f64 / 4.0
}

fn stiffness(i: usize) -> f64 {
    2.0 + (3 * i % 4) as f64 / 2.0
}

fn one(_: usize) -> f64 {
    1.0
}

fn zero(_: usize) -> f64 {
    0.0
}

fn parameters(ends: Ends, count: usize, rules: [Rule; 3]) -> Parameters {
    let [mass, stiffness, damping] = rules;
    Parameters {
        ends,
        masses: (0..count).map(mass).collect(),
        stiffnesses: ends.springs(count).map(stiffness).collect(),
        dampings: ends.springs(count).map(damping).collect(),
        x0: (0..count).map(|i| (1 + 3 * i % 7) as f64 / 4.0).collect(),
        v0: (0..count).map(|i| (5 * i % 6) as f64 / 2.0 - 1.0).collect(),
    }
}

fn solved(ends: Ends, count: usize, rules: [Rule; 3]) -> Chain {
    Chain::new(parameters(ends, count, rules)).expect("a chain")
}

fn case(name: &str) -> Chain {
    let unequal: [Rule; 3] = [mass, stiffness, zero];
    match name {
        "fixed" => solved(Ends::Fixed, 4, [one, one, zero]),
        "free" => solved(Ends::Free, 4, [one, one, zero]),
        "fixed-free" => solved(Ends::FixedFree, 4, [one, one, zero]),
        "ring" => solved(Ends::Ring, 5, [one, one, zero]),
        "fixed-unequal" => solved(Ends::Fixed, 6, unequal),
        "free-unequal" => solved(Ends::Free, 5, unequal),
        "fixed-free-unequal" => solved(Ends::FixedFree, 5, unequal),
        "ring-unequal" => solved(Ends::Ring, 6, unequal),
        "cut" => solved(Ends::Fixed, 7, [mass, |i| if i == 3 || i == 4 { 0.0 } else { stiffness(i) }, zero]),
        "ring-cut" => solved(Ends::Ring, 5, [one, |i| if i == 2 { 0.0 } else { stiffness(i) }, zero]),
        "damped" => solved(Ends::Fixed, 5, [mass, stiffness, |i| stiffness(i) / 8.0]),
        "creeping" => solved(Ends::Free, 4, [mass, stiffness, |i| 3.0 * stiffness(i)]),
        "critical" => solved(Ends::Fixed, 1, [one, |_| 2.0, |_| 2.0]),
        "coupled" => solved(Ends::Fixed, 4, [mass, stiffness, |i| (i % 3) as f64 / 4.0]),
        "coupled-ring" => solved(Ends::Ring, 4, [mass, stiffness, |i| if i == 2 { 0.5 } else { 0.0 }]),
        other => panic!("unknown chain {other}"),
    }
}

/// A quantity of the table, such as `x1` or `kinetic`.
fn value(chain: &Chain, quantity: &str, t: f64) -> f64 {
    let split = quantity.find(|letter: char| letter.is_ascii_digit()).unwrap_or(quantity.len());
    let (quantity, index) = quantity.split_at(split);
    let index: usize = index.parse().unwrap_or(0);
    match quantity {
        "x" => chain.position(index, t).expect("a position"),
        "v" => chain.velocity(index, t).expect("a velocity"),
        "kinetic" => chain.kinetic(t).expect("an energy"),
        "potential" => chain.potential(t).expect("an energy"),
        "omega" => chain.omega(index),
        other => panic!("unknown quantity {other}"),
    }
}

/// The error that is allowed, relative to the largest value of the quantity in the chain up to that time.
const BOUND: f64 = 2e-13;

#[test]
fn every_value_agrees_with_its_reference() {
    let mut chains = BTreeMap::<&str, Chain>::new();
    let mut scales = BTreeMap::<(&str, &str), f64>::new();
    let mut worst = BTreeMap::<&str, f64>::new();
    let mut count = 0;
    for line in include_str!("../data/chain.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [name, quantity] = [fields[0], fields[1]];
        let [t, expected] = [fields[2], fields[3]].map(|field| field.parse::<f64>().expect("a number"));
        let chain = chains.entry(name).or_insert_with(|| case(name));
        let kind = quantity.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let scale = scales.entry((name, kind)).or_default();
        *scale = scale.max(expected.abs());
        let error = (value(chain, quantity, t) - expected).abs() / scale.max(f64::MIN_POSITIVE);
        assert!(error <= BOUND, "{name} {quantity} at {t}: {error:e} of {scale:e}");
        let worst = worst.entry(name).or_default();
        *worst = worst.max(error);
        count += 1;
    }
    assert_eq!(count, 1187, "rows checked: {worst:#?}");
}

const ALL: [Ends; 4] = [Ends::Fixed, Ends::Free, Ends::FixedFree, Ends::Ring];

#[test]
fn frequencies_of_equal_masses_have_closed_forms() {
    for count in [1, 2, 3, 10, 1000] {
        for ends in ALL {
            let chain = solved(ends, count, [|_| 0.25, |_| 9.0, zero]);
            for n in 0..count {
                let angle = match ends {
                    Ends::Fixed => (n + 1) as f64 * PI / (2 * count + 2) as f64,
                    Ends::FixedFree => (2 * n + 1) as f64 * PI / (4 * count + 2) as f64,
                    Ends::Free => n as f64 * PI / (2 * count) as f64,
                    Ends::Ring => n.div_ceil(2) as f64 * PI / count as f64,
                };
                let expected = 12.0 * angle.sin();
                let error = (chain.omega(n) - expected).abs();
                assert!(error <= 1e-15 * expected, "{ends:?} {count} {n}: {error:e}");
            }
        }
    }
}

/// Disordered masses of which each third is heavy.
fn disordered(i: usize) -> f64 {
    1.0 + ((i * i * 31 + i * 17) % 101) as f64 / 100.0 + if i.is_multiple_of(3) { 5.0 } else { 0.0 }
}

/// The largest overlap of two shapes, and the largest error of (K − ω²·M)·shape, relative to the largest ω²·M.
fn defects(chain: &Chain) -> [f64; 2] {
    let Parameters { ends, masses, stiffnesses, .. } = chain.parameters();
    let count = chain.count();
    let total: f64 = masses.iter().sum();
    let shapes: Vec<Vec<f64>> = (0..count).map(|n| (0..count).map(|i| chain.shape(n, i)).collect()).collect();
    let [mut overlap, mut residual] = [0.0_f64; 2];
    let largest = chain.omega(count - 1) * chain.omega(count - 1);
    for (n, shape) in shapes.iter().enumerate() {
        let weighted: Vec<f64> = masses.iter().zip(shape).map(|(mass, entry)| mass * entry).collect();
        for (m, other) in shapes.iter().enumerate() {
            let product: f64 = weighted.iter().zip(other).map(|(a, b)| a * b).sum();
            overlap = overlap.max((product / total - f64::from(u8::from(m == n))).abs());
        }
        let mut forces: Vec<f64> =
            weighted.iter().map(|entry| -chain.omega(n) * chain.omega(n) * entry).collect();
        for (spring, stiffness) in ends.springs(count).zip(stiffnesses) {
            let [left, right] = ends.joined(spring, count);
            let place = |mass: Option<usize>| mass.map_or(0.0, |mass| shape[mass]);
            let force = stiffness * (place(right) - place(left));
            for (mass, sign) in [(right, 1.0), (left, -1.0)] {
                if let Some(mass) = mass {
                    forces[mass] += sign * force;
                }
            }
        }
        let worst = forces.iter().fold(0.0, |worst: f64, force| worst.max(force.abs()));
        residual = residual.max(worst / largest);
    }
    [overlap, residual]
}

#[test]
fn modes_are_orthogonal_and_obey_the_equation() {
    for ends in ALL {
        let count = if ends == Ends::Ring { 150 } else { 200 };
        for chain in [
            solved(ends, count, [one, one, zero]),
            solved(ends, count, [disordered, stiffness, zero]),
            // Pairs of equal masses on hard springs, joined by weak ones: half of the frequencies are nearly the same.
            solved(ends, count, [one, |i| if i % 2 == 1 { 1.0 } else { 1e-6 }, zero]),
            // Two equal halves, joined by a very weak spring.
            solved(ends, count, [one, |i| if i == 100 { 1e-13 } else { 1.0 }, zero]),
        ] {
            let [overlap, residual] = defects(&chain);
            assert!(overlap < 2e-13 && residual < 2e-13, "{ends:?}: {overlap:e} {residual:e}");
            assert!((1..count).all(|n| chain.omega(n) >= chain.omega(n - 1) * (1.0 - 1e-15)), "{ends:?}");
        }
    }
}

#[test]
fn slow_modes_of_a_long_unequal_chain_keep_their_digits() {
    // A chain with a free end is half of a symmetric one, in whose even modes the middle spring is not stretched.
    let count = 299;
    let half = solved(Ends::FixedFree, count, [disordered, stiffness, zero]);
    let mut masses: Vec<f64> = (0..count).map(disordered).collect();
    let mut stiffnesses: Vec<f64> = (0..count).map(stiffness).collect();
    let mirrored: Vec<f64> = masses.iter().rev().copied().collect();
    masses.extend(mirrored);
    let mirrored: Vec<f64> = stiffnesses.iter().rev().copied().collect();
    stiffnesses.push(1.5);
    stiffnesses.extend(mirrored);
    let zeros = vec![0.0; 2 * count];
    let whole = Chain::new(Parameters {
        ends: Ends::Fixed,
        masses,
        dampings: vec![0.0; stiffnesses.len()],
        stiffnesses,
        x0: zeros.clone(),
        v0: zeros,
    })
    .expect("a chain");
    for n in 0..count {
        let [expected, actual] = [half.omega(n), whole.omega(2 * n)];
        assert!((expected - actual).abs() <= 1e-14 * expected, "{n}: {expected} {actual}");
    }
}

#[test]
fn energy_is_constant_over_ten_thousand_periods() {
    for name in ["fixed", "free", "fixed-free", "ring", "fixed-unequal", "ring-unequal", "cut"] {
        let chain = case(name);
        let energy = |t| chain.kinetic(t).expect("an energy") + chain.potential(t).expect("an energy");
        let start = energy(0.0);
        let slowest = (0..chain.count()).map(|n| chain.omega(n)).find(|omega| *omega > 0.0).expect("a mode");
        for period in [0.1, 3.3, 100.7, 10_000.0] {
            let error = (energy(period * TAU / slowest) / start - 1.0).abs();
            assert!(error < 1e-12, "{name} {period}: {error:e}");
        }
    }
}

/// The displacements of 1000 masses, each the displacement of the pulse at its start, at `t` seconds.
fn pulse(ends: Ends, t: f64) -> Vec<f64> {
    let count = 1000;
    // A long pulse that moves to the right: v₀ = −c·∂x₀/∂i.
    let shape = |i: f64| (-((i - 500.0) / 40.0) * ((i - 500.0) / 40.0)).exp();
    let slope = |i: f64| -(i - 500.0) / 800.0 * shape(i);
    let parameters = Parameters {
        ends,
        masses: vec![1.0; count],
        stiffnesses: vec![1.0; ends.springs(count).len()],
        dampings: vec![0.0; ends.springs(count).len()],
        x0: (0..count).map(|i| shape(i as f64)).collect(),
        v0: (0..count).map(|i| -slope(i as f64)).collect(),
    };
    let chain = Chain::new(parameters).expect("a chain");
    (0..count).map(|i| chain.position(i, t).expect("a position")).collect()
}

#[test]
fn pulse_is_reflected_inverted_at_a_wall_and_upright_at_a_free_end() {
    // It runs one mass a second, so that it is back after a thousand.
    let extreme = |values: &[f64]| {
        values.iter().copied().fold(0.0, |most: f64, x| if x.abs() > most.abs() { x } else { most })
    };
    let start = extreme(&pulse(Ends::Free, 0.0));
    assert!((start - 1.0).abs() < 1e-12);
    let upright = extreme(&pulse(Ends::Free, 1000.0));
    assert!((0.97..1.01).contains(&upright), "{upright}");
    let inverted = extreme(&pulse(Ends::Fixed, 1000.0));
    assert!((-1.01..-0.97).contains(&inverted), "{inverted}");
    // The right end of this chain is free, its left one a wall.
    let once = extreme(&pulse(Ends::FixedFree, 1000.0));
    assert!((0.97..1.01).contains(&once), "{once}");
    assert!((-1.01..-0.94).contains(&extreme(&pulse(Ends::FixedFree, 2000.0))));
    // In a ring it passes through.
    assert!((0.97..1.01).contains(&extreme(&pulse(Ends::Ring, 1000.0))));
}

#[test]
fn displacements_are_the_sums_of_modes() {
    for ends in ALL {
        let chain = solved(ends, 9, [mass, stiffness, |i| stiffness(i) / 16.0]);
        for t in [0.0, 0.8, 5.5] {
            let state = chain.state(t).expect("a state");
            for i in 0..9 {
                let sum: f64 = (0..9).map(|n| state.amplitudes[n] * chain.shape(n, i)).sum();
                assert_eq!(sum.to_bits(), chain.position(i, t).expect("a position").to_bits());
            }
        }
        for (i, x0) in chain.parameters().x0.iter().enumerate() {
            assert!((chain.position(i, 0.0).expect("a position") - x0).abs() < 1e-14);
        }
    }
}

#[test]
fn shapes_have_the_documented_sizes_and_signs() {
    let pair = solved(Ends::Fixed, 2, [one, one, zero]);
    let shape = |chain: &Chain, n: usize| (0..chain.count()).map(|i| chain.shape(n, i)).collect::<Vec<f64>>();
    let near = |actual: Vec<f64>, expected: &[f64]| {
        assert!(actual.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{actual:?} {expected:?}");
    };
    near(shape(&pair, 0), &[1.0, 1.0]);
    near(shape(&pair, 1), &[1.0, -1.0]);
    let ring = solved(Ends::Ring, 4, [one, one, zero]);
    let root = f64::sqrt(2.0);
    near(shape(&ring, 0), &[1.0; 4]);
    near(shape(&ring, 1), &[root, 0.0, -root, 0.0]);
    near(shape(&ring, 2), &[0.0, root, 0.0, -root]);
    near(shape(&ring, 3), &[1.0, -1.0, 1.0, -1.0]);
    assert_eq!(ring.omega(1), ring.omega(2));
    // Each second mass is heavier: the ring keeps its pairs, and in the second of each mass 0 rests.
    let diatomic = solved(Ends::Ring, 6, [|i| if i % 2 == 0 { 1.0 } else { 2.0 }, one, zero]);
    assert!((diatomic.omega(1) - diatomic.omega(2)).abs() < 1e-15);
    assert!(diatomic.shape(1, 0) > 0.5 && diatomic.shape(2, 0) == 0.0 && diatomic.shape(2, 1) > 0.5);
}

#[test]
fn values_depend_on_the_time_alone() {
    let bits = |chain: &Chain, t: f64| {
        let state = chain.state(t).expect("a state");
        state.amplitudes.iter().chain(&state.rates).map(|entry| entry.to_bits()).collect::<Vec<u64>>()
    };
    let times: Vec<f64> = (0..200).map(|step| f64::from(step * 37 % 200) * 0.083 - 2.0).collect();
    for name in ["fixed-unequal", "damped", "coupled"] {
        let asked_once: Vec<_> = times.iter().map(|t| bits(&case(name), *t)).collect();
        let shared = case(name);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (shared, times, asked_once) = (&shared, &times, &asked_once);
                scope.spawn(move || {
                    for at in (0..times.len()).map(|at| (at * 7 + thread * 50) % times.len()) {
                        assert_eq!(bits(shared, times[at]), asked_once[at]);
                    }
                });
            }
        });
    }
}

#[test]
fn motion_that_grows_ends_in_an_error() {
    let chain = case("damped");
    let error = chain.position(0, -1e6).expect_err("too large");
    assert_eq!(error.to_string(), "the motion is too large for a number at t = -1000000");
    assert!(chain.position(0, 1e6).expect("a position").abs() < 1e-100);
    let coupled = case("coupled");
    assert!(coupled.position(0, -1e6).is_err());
    assert!(coupled.position(0, f64::NAN).expect("a value").is_nan());
}

#[test]
fn impossible_chains_are_refused() {
    let error = |change: fn(&mut Parameters)| {
        let mut parameters = parameters(Ends::Free, 3, [one, one, zero]);
        change(&mut parameters);
        Chain::new(parameters).expect_err("an error")
    };
    assert_eq!(
        error(|chain| chain.masses[1] = 0.0).to_string(),
        "`mass` must be between 1e-30 and 1e30, it is 0 at i = 1"
    );
    assert_eq!(
        error(|chain| chain.stiffnesses[1] = -1.0),
        ChainError::Range { list: "stiffness", index: 2, value: -1.0 }
    );
    assert!(matches!(error(|chain| chain.x0[0] = f64::NAN), ChainError::Range { list: "x0", .. }));
    assert_eq!(error(|chain| chain.dampings.clear()), ChainError::Length { list: "damping", needed: 2 });
    let refused = |ends, count, rules| Chain::new(parameters(ends, count, rules)).expect_err("an error");
    assert_eq!(refused(Ends::Fixed, 1001, [one, one, zero]), ChainError::Count(1001));
    assert_eq!(refused(Ends::Ring, 513, [disordered, one, zero]), ChainError::UnequalRing(513));
    assert_eq!(refused(Ends::Fixed, 101, [one, stiffness, one]), ChainError::Coupled(101));
}
