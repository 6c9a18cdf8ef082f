//! The figures of `docs/post/memory.md`.

use std::f64::consts::PI;

use kymograph::scene::Scene;
use kymograph::scene::model::Env;

use super::{integral, legendre, value};
use crate::support::scenes::repository_scene;

/// The input of the figures of memories.
fn f(t: f64) -> f64 {
    (1.3 * t).sin() + 0.6 * (2.9 * t + 1.0).sin() + 0.4 * (5.3 * t).cos()
}

/// √(2n + 1)
fn odd_root(n: usize) -> f64 {
    ((2 * n + 1) as f64).sqrt()
}

/// Looks at several frames of a scene.
fn at_frames(scene: &Scene, mut look: impl FnMut(&Env<'_>, f64)) {
    for index in [0, 30, 60, 90, scene.timeline.frames - 1] {
        look(&scene.env(index).expect("values"), scene.timeline.present(index));
    }
}

#[test]
fn the_coefficients_of_legs_are_projections_and_their_squares_the_energy_that_is_kept() {
    at_frames(&repository_scene("hippo-legs", &[]), |env, t| {
        let energy = integral(|s| f(s) * f(s), 0.0, t) / t;
        let mut kept = 0.0;
        for n in 0..16 {
            let basis = |s: f64| odd_root(n) * legendre(n, 2.0 * s / t - 1.0);
            let expected = integral(|s| f(s) * basis(s), 0.0, t) / t;
            let c = value(env, &format!("memory.c[{n}]"));
            assert!((c - expected).abs() < 1e-9, "c[{n}] at {t}: {c} and {expected}");
            kept += expected * expected / energy;
        }
        assert!((value(env, "kept") - kept).abs() < 1e-8, "{kept} at {t}");
        assert!((value(env, "density") * t - 1.0).abs() < 1e-14);
        assert!((value(env, "memory.weight(t/2)") * t - 1.0).abs() < 1e-14);
        // At first everything is kept, at the end 92 %.
        assert!(kept <= 1.0 + 1e-9 && (t > 0.2 || kept > 0.999_999), "{kept} at {t}");
        assert!(t < 9.9 || (kept - 0.92).abs() < 0.005, "{kept} at {t}");
    });
}

#[test]
fn the_window_of_legt_has_a_fixed_length_and_keeps_its_detail() {
    at_frames(&repository_scene("hippo-legt", &[]), |env, t| {
        let start = (t - 3.0).max(0.0);
        assert!((value(env, "start") - start).abs() < 1e-14);
        assert!((value(env, "density") - 1.0 / 3.0).abs() < 1e-15);
        let worst = (1..40).map(|part| {
            let s = start + (t - start) * f64::from(part) / 40.0;
            (value(env, &format!("memory.reconstruction({s:?})")) - f(s)).abs()
        });
        let worst = worst.fold(0.0, f64::max);
        // Once the window is full, the input has no jump in it.
        assert!(t < 4.0 || worst < 0.1, "{worst} at {t}");
        let kept = value(env, "kept");
        assert!(t < 1.0 || kept > 0.99, "{kept} at {t}");
        assert!(t < 4.0 || kept > 0.999, "{kept} at {t}");
    });
}

#[test]
fn an_impulse_leaves_legendre_polynomials_behind() {
    let scene = repository_scene("hippo-basis", &[]);
    let env = scene.env(0).expect("values");
    for n in 0..6 {
        let mut squares = [0.0, 0.0];
        for step in 0..=300 {
            let t = f64::from(step) / 100.0;
            let env = env.with_time(t);
            let legs = odd_root(n) * legendre(n, 2.0 * (-t).exp() - 1.0) * (-t).exp();
            let shown = value(&env, &format!("legs_row({n})"));
            assert!((shown - legs).abs() < 1e-9, "LegS, {n} at {t}: {shown} and {legs}");
            let inside = odd_root(n) / 2.0 * legendre(n, 1.0 - t);
            let legt = if t < 2.0 { inside } else { 0.0 };
            let error = (value(&env, &format!("legt_row({n})")) - legt) * 2.0 / odd_root(n);
            // Beside the edge, where a finite number of states cannot follow.
            if (t - 2.0).abs() > 0.15 {
                squares[usize::from(t > 2.0)] += error * error;
            }
        }
        let [before, after] = [squares[0] / 185.0, squares[1] / 85.0].map(f64::sqrt);
        assert!(before < 0.06 && after < 0.02, "LegT, {n}: {before} before the edge, {after} after it");
    }
}

/// The traces of M and M², where M is the square of the skew-symmetric part of `A + PPᵀ` with N states.
fn traces(states: usize) -> [f64; 2] {
    let skew = |n: usize, k: usize| {
        let size = ((n as f64 + 0.5) * (k as f64 + 0.5)).sqrt();
        size * f64::from(i8::from(k > n) - i8::from(k < n))
    };
    let square = |n: usize, k: usize| (0..states).map(|i| skew(n, i) * skew(k, i)).sum::<f64>();
    let all = || (0..states).flat_map(|n| (0..states).map(move |k| (n, k)));
    [(0..states).map(|n| square(n, n)).sum(), all().map(|(n, k)| square(n, k).powi(2)).sum()]
}

#[test]
fn the_eigenvalues_of_s4d_are_those_of_their_matrices() {
    let scene = repository_scene("s4d-eigenvalues", &[]);
    for pairs in [2, 9, 20, 32_usize] {
        let states = 2 * pairs;
        // The film takes four frames from one number of pairs to the next.
        let env = scene.env(4 * (pairs - 2)).expect("values");
        let at = |name: &str| -> Vec<f64> {
            (0..pairs).map(|n| value(&env, &format!("{name}_at({n})"))).collect()
        };
        let [lin, inv, legs] = ["lin", "inv", "legs"].map(at);
        for n in 0..pairs {
            let (size, number) = (states as f64, n as f64);
            let closed = size / PI * (size / (2.0 * number + 1.0) - 1.0);
            assert!((lin[n] - PI * number).abs() < 1e-12 && (inv[n] - closed).abs() < 1e-11);
            let angle: f64 = (0..states).map(|i| (legs[n] / (i as f64 + 0.5)).atan()).sum();
            let expected = PI / 2.0 * (states - 1 - 2 * n) as f64;
            assert!((angle - expected).abs() < 1e-8, "{states}, {n}: {angle} and {expected}");
        }
        // The traces of powers of a matrix are the sums of powers of its eigenvalues, which are ±ω.
        for (power, trace) in [2, 4].into_iter().zip(traces(states)) {
            let sum: f64 = legs.iter().map(|omega| 2.0 * omega.powi(power)).sum();
            assert!((sum / trace - 1.0).abs() < 1e-8, "{states}, power {power}: {sum} and {trace}");
        }
        if pairs == 32 {
            assert!((inv[0] / legs[0] - 1.0).abs() < 0.02, "{} and {}", inv[0], legs[0]);
            assert!((legs[0] * PI / (64.0 * 64.0) - 1.0).abs() < 0.01, "{}", legs[0]);
        }
    }
}

#[test]
fn the_selective_state_takes_in_loud_values_and_keeps_them() {
    let scene = repository_scene("selective-scan", &[]);
    let env = scene.env(0).expect("values");
    let loud = [4, 14, 27, 38];
    let (mut selective, mut fixed, mut last) = (0.0_f64, 0.0_f64, 0.0_f64);
    for k in 0..48 {
        let u = value(&env, &format!("word({k}) + noise({k})"));
        let gate = 1.0 / (1.0 + (9.0 - 16.0 * u.abs()).exp());
        selective += gate * (u - selective);
        let taken = 1.0 - (-0.35_f64).exp();
        fixed += taken * (u - fixed);
        let step = value(&env, &format!("selective.t({k} + 1) - selective.t({k})"));
        assert!((step + (1.0 - gate).ln()).abs() < 1e-9, "{k}: {step}");
        for (name, expected) in [("selective", selective), ("fixed", fixed)] {
            let x = value(&env, &format!("{name}.x[0]({k})"));
            assert!((x - expected).abs() < 1e-12, "{name}, {k}: {x} and {expected}");
        }
        if loud.contains(&k) {
            assert!(gate > 0.97, "{k}: {gate}");
            last = selective;
        } else {
            assert!(gate < 0.01, "{k}: {gate}");
        }
        assert!((selective - last).abs() < 0.03, "{k}: {selective} and {last}");
        assert!((taken - 0.3).abs() < 0.005 && fixed.abs() < 0.4, "{k}: {fixed}");
    }
}
