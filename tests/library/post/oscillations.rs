//! Beats, and an oscillator that is fitted to measured values.

use std::f64::consts::PI;

use kymograph::scene::element::PanelKind;

use super::{assert_near, complex, real};
use crate::support::scenes::repository_scene;

#[test]
fn two_tones_swell_to_two_and_vanish_once_a_beat() {
    let scene = repository_scene("beats", &[]);
    assert_near(complex(&scene, &[], "T"), 2.0 * PI, 1e-14);
    for k in 0..=100 {
        let t = 4.0 * PI * f64::from(k) / 100.0;
        let at = [("t", t)];
        assert!((complex(&scene, &at, "z").norm() - 2.0 * (t / 2.0).cos().abs()).abs() < 1e-12);
        assert_near(complex(&scene, &at, "swell"), complex(&scene, &at, "abs(z)"), 1e-12);
        // cos a + cos b = 2·cos((a + b)/2)·cos((a − b)/2)
        assert_near(complex(&scene, &at, "re(z)"), 2.0 * (5.5 * t).cos() * (t / 2.0).cos(), 1e-12);
    }
}

#[test]
fn twelve_driven_motions_start_from_rest_and_reach_their_steady_states() {
    let scene = repository_scene("small-multiples", &[]);
    let settings: Vec<(f64, f64)> =
        [0.1, 0.2, 0.5].iter().flat_map(|zeta| [0.5, 0.8, 1.0, 1.5].map(|omega| (*zeta, omega))).collect();
    assert_eq!(scene.panels.len(), settings.len());
    for (panel, (zeta, omega)) in scene.panels.iter().zip(settings) {
        let swing = &panel.elements[1].kind.signal().expect("a curve").value;
        let x = |t: f64| super::at(&scene, &[("t", t)]).eval_real(swing).expect("a value");
        let h = 1e-4;
        let velocity = |t: f64| (x(t + h) - x(t - h)) / (2.0 * h);
        assert!(x(0.0).abs() < 1e-12 && velocity(0.0).abs() < 1e-7, "{zeta} {omega}");
        for k in 0..40 {
            let t = 0.3 + 1.2 * f64::from(k);
            let acceleration = (x(t - h) - 2.0 * x(t) + x(t + h)) / (h * h);
            let force = acceleration + 2.0 * zeta * velocity(t) + x(t);
            assert!((force - (omega * t).cos()).abs() < 1e-5, "{zeta} {omega} {t}: {force}");
        }
        if omega == 1.0 {
            let last: Vec<f64> =
                (0..=1000).map(|k| x(14.0 * PI + 2.0 * PI * f64::from(k) / 1000.0).abs()).collect();
            let reached = last.iter().copied().fold(0.0, f64::max) * 2.0 * zeta;
            assert!((0.99..1.0001).contains(&reached), "{zeta}: {reached}");
        }
    }
}

#[test]
fn gravity_moves_the_equilibrium_and_leaves_the_motion() {
    let scene = repository_scene("mass-vertical", &[]);
    let (mass, stiffness, gravity) = (1.0, 10.0, 9.80665_f64);
    let panel = scene.panels.iter().find(|panel| panel.name == "spring").expect("it is there");
    let PanelKind::Spring(spring) = &panel.kind else { panic!("it is a spring panel") };
    let unstretched = spring.unstretched.as_ref().expect("gravity is marked");
    let env = scene.env(0).expect("values");
    let shift = env.eval_real(unstretched).expect("a place");
    assert!((shift - mass * gravity / stiffness).abs() < 1e-14, "{shift}");
    // From that place, gravity and the spring give the acceleration of the motion about the equilibrium.
    let h = 1e-4;
    let x = |t: f64| real(&scene, &[("t", t)], "spring.x");
    for k in 0..20 {
        let t = 0.1 + 0.37 * f64::from(k);
        let acceleration = (x(t - h) - 2.0 * x(t) + x(t + h)) / (h * h);
        let force = stiffness * (shift - x(t)) - mass * gravity;
        assert!((mass * acceleration - force).abs() < 1e-5, "{t}: {acceleration} {force}");
    }
}

/// The measured values.
fn record() -> Vec<(f64, f64)> {
    let rows = include_str!("../../../scenes/data/decay.csv").lines().skip(1);
    rows.map(|row| {
        let (t, x) = row.split_once(',').expect("two cells");
        (t.parse().expect("a time"), x.parse().expect("a displacement"))
    })
    .collect()
}

#[test]
fn the_fitted_oscillator_is_that_of_least_squares() {
    let scene = repository_scene("own-data", &[]);
    let names = ["best", "omega_u", "a", "b"];
    let p = names.map(|name| real(&scene, &[], name));
    let motion = |[gamma, omega, a, b]: [f64; 4], t: f64| {
        (-gamma * t / 2.0).exp() * (a * (omega * t).cos() + b * (omega * t).sin())
    };
    let record = record();
    let square = |p: [f64; 4]| {
        record.iter().map(|&(t, x)| (x - motion(p, t)).powi(2)).sum::<f64>() / record.len() as f64
    };
    // Any small change of a parameter makes the fit worse.
    for (i, name) in names.iter().enumerate() {
        for step in [-1e-4, 1e-4] {
            let mut other = p;
            other[i] *= 1.0 + step;
            assert!(square(other) > square(p), "{name} {step}");
        }
    }
    // The curve of the scene is this motion, and so is its distance from the measured values.
    for gamma in [0.1, 1.5, p[0]] {
        let other = [gamma, p[1], p[2], p[3]];
        for t in [0.0, 0.5, 8.0] {
            assert_near(complex(&scene, &[("gamma", gamma), ("t", t)], "fit.x"), motion(other, t), 1e-10);
        }
        assert!((real(&scene, &[("gamma", gamma)], "rms") - square(other).sqrt()).abs() < 1e-9);
    }
    // The record has errors of 1 mm, of which the fit takes some up. Its γ is near the true one.
    assert_eq!(format!("{:.2}", square(p).sqrt()), "0.93");
    assert!((p[0] - 0.62).abs() < 0.02 && (p[1] - 5.2).abs() < 0.01, "{p:?}");
    assert_eq!(format!("{:.2}", p[0]), "0.64");
}
