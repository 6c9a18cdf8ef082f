//! The driven oscillator in its two parts, its frequency response, and the stability of a loop.

use std::f64::consts::{PI, TAU};

use num_complex::Complex64;

use super::{assert_near, complex, real};
use crate::support::scenes::repository_scene;

#[test]
fn the_motion_is_a_decay_at_the_systems_poles_and_a_swing_at_the_drives() {
    let scene = repository_scene("transient-steady", &[]);
    let (zeta, w) = (0.07_f64, 0.6);
    let wd = (1.0 - zeta * zeta).sqrt();
    let h = 1.0 / Complex64::new(1.0 - w * w, 2.0 * zeta * w);
    // From rest: the transient begins as the steady state with the opposite sign, in place and velocity.
    let (start, velocity) = (-h.re, w * h.im);
    for k in 0..=40 {
        let t = PI * f64::from(k) / 2.0;
        let swing = start * (wd * t).cos() + (velocity + zeta * start) / wd * (wd * t).sin();
        assert_near(complex(&scene, &[("t", t)], "transient"), (-zeta * t).exp() * swing, 1e-10);
        assert_near(complex(&scene, &[("t", t)], "steady"), (h * Complex64::new(0.0, w * t).exp()).re, 1e-12);
    }
    assert!((h.norm() - 1.55).abs() < 5e-3, "{h}");
    assert!((-zeta * 20.0 * PI).exp() < 0.0125);
}

#[test]
fn gain_and_phase_follow_their_asymptotes_and_meet_at_resonance() {
    let scene = repository_scene("bode", &[]);
    let gain = |w: f64| real(&scene, &[], &format!("dB(H({w:?}))"));
    let phase = |w: f64| real(&scene, &[], &format!("arg(H({w:?}))*180/pi"));
    // At ω0 the gain is 1/(2ζ) = 5, a quarter of a turn late.
    assert!((gain(1.0) - 20.0 * 5.0_f64.log10()).abs() < 1e-9 && (phase(1.0) + 90.0).abs() < 1e-9);
    assert_eq!(format!("{:.0}", gain(1.0)), "14");
    assert!(gain(0.1).abs() < 0.1 && (gain(10.0) + 40.0).abs() < 0.1);
    assert!((gain(100.0) - gain(10.0) + 40.0).abs() < 0.1);
    assert!(phase(0.1).abs() < 1.5 && (phase(10.0) + 180.0).abs() < 1.5);
    let w = real(&scene, &[("decade", 0.5)], "w");
    assert!((w - 10.0_f64.sqrt()).abs() < 1e-12);
}

/// The number of turns that K/(1 + jω)³ makes around −1 while ω runs from −∞ to ∞, counterclockwise: the sum of the
/// changes of the angle.
fn turns(gain: f64) -> f64 {
    const POINTS: u32 = 100_000;
    let from_minus_one = |k: u32| {
        let angle = (f64::from(k) / f64::from(POINTS) - 0.5) * PI;
        // With ω = tan(angle), 1/(1 + jω) is cos(angle)·exp(−j·angle).
        1.0 + gain * (Complex64::from_polar(angle.cos(), -angle)).powu(3)
    };
    (0..POINTS).map(|k| (from_minus_one(k + 1) / from_minus_one(k)).arg()).sum::<f64>() / TAU
}

#[test]
fn the_curve_turns_twice_around_minus_one_where_two_poles_are_unstable() {
    let (nyquist, locus) = (repository_scene("nyquist", &[]), repository_scene("root-locus", &[]));
    for gain in [1.0, 4.0, 7.9, 8.1, 9.9] {
        let at = [("K", gain)];
        let shown = real(&nyquist, &at, "turns");
        assert!((shown - turns(gain)).abs() < 1e-6, "{shown} at {gain}");
        let expected = if gain > 8.0 { 2.0 } else { 0.0 };
        assert!((real(&nyquist, &at, "count") - expected).abs() < 1e-6);
        // (s + 1)³ = −K
        let poles: Vec<Complex64> =
            [-1.0, 1.0, 3.0].map(|n| Complex64::from_polar(gain.cbrt(), n * PI / 3.0) - 1.0).to_vec();
        let mut unstable = 0.0;
        for n in 0..3 {
            let pole = complex(&locus, &at, &format!("closed.pole[{n}]"));
            assert!(poles.iter().any(|expected| (pole - expected).norm() < 1e-12), "{pole}");
            unstable += f64::from(u8::from(pole.re > 0.0));
        }
        assert_near(Complex64::from(expected), unstable, 0.0);
    }
    assert!(real(&nyquist, &[("K", 8.0)], "count").is_nan());
}

#[test]
fn at_the_limit_the_curve_passes_through_minus_one_and_the_loop_swings_forever() {
    for name in ["nyquist", "root-locus"] {
        let scene = repository_scene(name, &[]);
        // The film stays at K = 8: frames 48 to 68 show it.
        let values: Vec<f64> = (0..scene.timeline.frames)
            .map(|frame| {
                let env = scene.env(frame).expect("values");
                env.param(scene.model.param("K").expect("K")).re
            })
            .collect();
        assert!(values.iter().filter(|value| (**value - 8.0).abs() < 1e-9).count() >= 18, "{values:?}");
        for t in [0.3, 2.0, 11.0, 20.0_f64] {
            // 8/(s(s + 3)(s² + 3)) in partial fractions
            let swing = (3.0_f64.sqrt() * t).cos() + (3.0_f64.sqrt() * t).sin() / 3.0_f64.sqrt();
            let expected = 8.0 / 9.0 - 2.0 / 9.0 * (-3.0 * t).exp() - 2.0 / 3.0 * swing;
            assert_near(complex(&scene, &[("K", 8.0), ("t", t)], "closed.step(t)"), expected, 1e-10);
        }
    }
    assert_near(complex(&repository_scene("nyquist", &[]), &[("K", 8.0)], "L(j*sqrt(3))"), -1.0, 1e-14);
}
