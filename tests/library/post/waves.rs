//! The figures of `docs/post/waves.md`. Modes of equal masses between walls are sines.

use std::f64::consts::PI;

use super::value;
use crate::support::scenes::repository_scene;

/// The displacements of masses of 1 kg on springs of 1 N/m between walls, by the sum over all modes.
fn between_walls(x0: &[f64], v0: &[f64], t: f64) -> Vec<f64> {
    let count = x0.len();
    let ends = (count + 1) as f64;
    let mut x = vec![0.0; count];
    for n in 1..=count {
        let wave = n as f64 * PI / ends;
        let omega = 2.0 * (wave / 2.0).sin();
        let shape = |i: usize| (2.0 / ends).sqrt() * (wave * (i + 1) as f64).sin();
        let part = |of: &[f64]| of.iter().enumerate().map(|(i, value)| value * shape(i)).sum::<f64>();
        let amplitude = part(x0) * (omega * t).cos() + part(v0) * (omega * t).sin() / omega;
        (0..count).for_each(|i| x[i] += amplitude * shape(i));
    }
    x
}

#[test]
fn modes_of_eight_masses_are_sampled_sines_and_their_frequencies_lie_on_a_sine() {
    let scene = repository_scene("waves-modes", &[]);
    let env = scene.env(0).expect("values");
    for n in 0..8 {
        let half_waves = f64::from(n + 1);
        let omega = value(&env, &format!("c.omega[{n}]"));
        assert!((omega - 2.0 * (half_waves * PI / 18.0).sin()).abs() < 1e-13, "{n}: {omega}");
        for i in 0..8 {
            let shape = value(&env, &format!("c.shape[{n}][{i}]"));
            let sine = (16.0 / 9.0_f64).sqrt() * (half_waves * PI * f64::from(i + 1) / 9.0).sin();
            assert!((shape - sine).abs() < 1e-12, "{n}, {i}: {shape} and {sine}");
        }
    }
    // Masses at a zero of the sine rest.
    for i in [2, 5] {
        assert!(value(&env, &format!("c.shape[2][{i}]")).abs() < 1e-12);
    }
}

/// The three strings of the figure: the name of the chain and the number of its masses.
const STRINGS: [(&str, usize); 3] = [("few", 3), ("some", 10), ("many", 100)];

/// The string plucked at 0.3 of its length.
fn pluck(s: f64) -> f64 {
    (s / 0.3).min((1.0 - s) / 0.7)
}

#[test]
fn plucked_strings_are_the_sum_of_their_modes() {
    let scene = repository_scene("waves-string", &[]);
    let env = scene.env(0).expect("values");
    for (name, count) in STRINGS {
        let x0: Vec<f64> = (0..count).map(|i| pluck((i + 1) as f64 / (count + 1) as f64)).collect();
        for t in [0.0, 0.37, 1.0, 2.0] {
            // Masses of 1/(count + 1) on springs of count + 1 move by count + 1 times as fast.
            let expected = between_walls(&x0, &vec![0.0; count], t * (count + 1) as f64);
            for (i, expected) in expected.iter().enumerate() {
                let x = value(&env.with_time(t), &format!("{name}.x[{i}]"));
                assert!((x - expected).abs() < 1e-11, "{name}, {i} at {t}: {x} and {expected}");
            }
        }
    }
}

#[test]
fn more_masses_follow_the_solution_of_dalembert_more_closely() {
    let scene = repository_scene("waves-string", &[]);
    let env = scene.env(0).expect("values");
    let distance = |name: &str, count: usize, t: f64, string: &dyn Fn(f64) -> f64| {
        let env = env.with_time(t);
        let of = |i: usize| {
            let s = (i + 1) as f64 / (count + 1) as f64;
            (value(&env, &format!("{name}.x[{i}]")) - string(s)).abs()
        };
        (0..count).map(of).fold(0.0, f64::max)
    };
    // The distances after 2 s, when the string of d'Alembert is back.
    for ((name, count), expected) in STRINGS.into_iter().zip([0.24, 0.12, 0.03]) {
        let back = distance(name, count, 2.0, &pluck);
        assert!((back - expected).abs() < 0.005, "{name}: {back}");
    }
    // After 1 s it is upside down and mirrored.
    assert!(distance("many", 100, 1.0, &|s| -pluck(1.0 - s)) < 0.03);
}

#[test]
fn a_wall_inverts_a_pulse_and_a_free_end_doubles_it() {
    let scene = repository_scene("waves-chain", &[]);
    let env = scene.env(0).expect("values");
    let pulse = |i: usize| (-((i as f64 - 14.0) / 4.0).powi(2)).exp();
    let x0: Vec<f64> = (0..60).map(pulse).collect();
    let v0: Vec<f64> = (0..60).map(|i| (i as f64 - 14.0) / 8.0 * pulse(i)).collect();
    // A chain with a free end is one half of a chain of twice the length that starts symmetrically.
    let both = |half: &[f64]| half.iter().chain(half.iter().rev()).copied().collect::<Vec<f64>>();
    let (twice_x0, twice_v0) = (both(&x0), both(&v0));
    let mut highest = 0.0_f64;
    for tenth in 0..=660 {
        let t = f64::from(tenth) / 10.0;
        let free = between_walls(&twice_x0, &twice_v0, t);
        highest = highest.max(free[59]);
        if tenth % 110 == 0 {
            let wall = between_walls(&x0, &v0, t);
            for i in 0..60 {
                for (name, expected) in [("wall", wall[i]), ("free", free[i])] {
                    let x = value(&env.with_time(t), &format!("{name}.x[{i}]"));
                    assert!((x - expected).abs() < 1e-11, "{name}, {i} at {t}: {x} and {expected}");
                }
            }
        }
    }
    let end = value(&env.with_time(46.1), "free.x[59]");
    assert!((end - highest).abs() < 1e-3, "{end} of {highest}");
    // The end swings to twice the height at which the pulse comes back.
    let last = env.with_time(66.0);
    let heights = |name: &str| (0..60).map(|i| value(&last, &format!("{name}.x[{i}]"))).collect::<Vec<_>>();
    let upright = heights("free").into_iter().fold(0.0, f64::max);
    let inverted = heights("wall").into_iter().fold(0.0, f64::min);
    assert!((upright - 0.97).abs() < 0.005 && (inverted + 0.97).abs() < 0.005, "{upright}, {inverted}");
    assert!((highest / upright - 2.0).abs() < 0.01, "{highest} of {upright}");
}
