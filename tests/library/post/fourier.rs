//! Windings, lines of finite records, aliases and leakage.

use std::f64::consts::{PI, TAU};

use num_complex::Complex64;

use super::{assert_near, complex, integral, real};
use crate::support::scenes::repository_scene;

/// A complex number of size 1.
fn turned(angle: f64) -> Complex64 {
    Complex64::from_polar(1.0, angle)
}

#[test]
fn the_wound_signal_adds_up_to_two_bells() {
    let scene = repository_scene("fourier-winding", &[]);
    // exp(−t²) has the transform √π·exp(−π²ν²), and a cosine puts half of it at ± its frequency.
    let bell = |nu: f64| PI.sqrt() / 2.0 * (-(PI * nu).powi(2)).exp();
    let tone = |nu: f64, f: f64| bell(nu - f) + bell(nu + f);
    for k in 0..=60 {
        let nu = f64::from(k) / 20.0;
        assert_near(complex(&scene, &[("nu", nu)], "X"), tone(nu, 1.0) + 0.6 * tone(nu, 2.0), 1e-9);
    }
    let peaks = [1.0, 2.0].map(|nu| real(&scene, &[("nu", nu)], "X"));
    assert!((peaks[0] - 0.886).abs() < 5e-4 && (peaks[1] - 0.532).abs() < 5e-4, "{peaks:?}");
}

#[test]
fn a_record_of_a_cosine_has_lines_whose_width_is_inverse_to_its_length() {
    let scene = repository_scene("fourier-shm", &[]);
    let w0 = 1.0 / 3.0;
    let period = TAU / w0;
    for periods in [0.5, 1.7, 6.0] {
        let length = periods * period;
        for w in [0.0, 0.11, w0, 0.6] {
            let by_hand = integral(|t| turned(-w * t) * (w0 * t).cos(), -length / 2.0, length / 2.0);
            assert_near(complex(&scene, &[("T", length)], &format!("X({w:?})")), by_hand, 1e-7);
        }
        // The line alone, without its image at −ω0: T/2 high, and at half of its power over the width that the arrow has.
        let line = |w: f64| real(&scene, &[("T", length)], &format!("line({w:?})"));
        assert!((line(0.0) - length / 2.0).abs() < 1e-9);
        let half = line(0.886 / 2.0 * TAU / length) / line(0.0);
        assert!((half.powi(2) - 0.5).abs() < 1e-3, "{half}");
    }
    assert_eq!(format!("{:.2}", real(&scene, &[("T", 6.0 * period)], "0.886*2*pi/T/w0")), "0.15");
}

#[test]
fn samples_of_the_wheel_are_those_of_its_alias() {
    let scene = repository_scene("aliasing", &[]);
    assert_near(complex(&scene, &[], "fa"), -0.1, 1e-15);
    for k in 0..10 {
        let slow = turned(-TAU * 0.1 * f64::from(k));
        assert_near(complex(&scene, &[("t", f64::from(k))], "wheel"), slow, 1e-12);
        for late in [0.0, 0.4, 0.99] {
            assert_near(complex(&scene, &[("t", f64::from(k) + late)], "seen"), slow, 1e-12);
        }
    }
}

/// The amplitude in dB of line k of the windowed record, by its definition, and −140 dB at least, as the figure has it.
fn decibels(window: &[f64], f: f64, k: u32) -> f64 {
    let term = |i: usize| {
        let t = i as f64 / 32.0;
        2.0 * window[i] * (TAU * f * t).cos() * turned(-TAU * f64::from(k) * t)
    };
    let amplitude = ((0..32).map(term).sum::<Complex64>() / window.iter().sum::<f64>()).norm();
    20.0 * amplitude.max(1e-7).log10()
}

#[test]
fn a_tone_between_two_lines_leaks_and_windows_stop_it() {
    let scene = repository_scene("fourier-leakage", &[]);
    let cosines = |a: f64, b: f64, c: f64| -> Vec<f64> {
        let at = |i: u32| TAU * f64::from(i) / 32.0;
        (0..32).map(|i| a - b * at(i).cos() + c * (2.0 * at(i)).cos()).collect()
    };
    let windows = [
        ("Xnone", cosines(1.0, 0.0, 0.0)),
        ("Xhann", cosines(0.5, 0.5, 0.0)),
        ("Xblackman", cosines(0.42, 0.5, 0.08)),
    ];
    let shown =
        |name: &str, f: f64, k: u32| real(&scene, &[("f", f)], &format!("dB({name}.magnitude[{}])", 16 + k));
    for (name, window) in &windows {
        for f in [3.1, 3.5, 3.93] {
            for k in 0..16 {
                let (shown, by_hand) = (shown(name, f, k), decibels(window, f, k));
                assert!((shown - by_hand).abs() < 1e-6, "{name} {f} {k}: {shown} and {by_hand}");
            }
        }
    }
    // On a line: alone without a window, with one neighbor at each side, or two, with a window.
    let beside = [0.5, 0.25 / 0.42, 0.04 / 0.42].map(|share: f64| 20.0 * share.log10());
    for (f, k, n) in [(3.0, 3, 4), (4.0, 4, 5)] {
        assert!(shown("Xnone", f, k).abs() < 1e-9 && shown("Xnone", f, n) < -120.0);
        assert!((shown("Xhann", f, n) - beside[0]).abs() < 1e-9 && shown("Xhann", f, n + 1) < -120.0);
        assert!((shown("Xblackman", f, n) - beside[1]).abs() < 1e-9);
        assert!((shown("Xblackman", f, n + 1) - beside[2]).abs() < 1e-9);
    }
    // Halfway, far from the tone.
    let far = ["Xnone", "Xhann", "Xblackman"].map(|name| shown(name, 3.5, 15));
    assert_eq!(far.map(|it| format!("{it:.0}")), ["-24", "-80", "-88"]);
}

#[test]
fn the_last_tip_is_as_high_as_the_sum_which_overshoots_by_nine_percent() {
    let scene = repository_scene("fourier-square", &[]);
    for k in 0..=40 {
        let t = f64::from(k) / 20.0;
        let by_hand: f64 =
            [1.0, 3.0, 5.0, 7.0, 9.0].map(|n: f64| 4.0 / (PI * n) * (TAU * n * t).sin()).iter().sum();
        let tip = complex(&scene, &[("t", t)], "tip");
        assert!((tip.im - by_hand).abs() < 1e-12 && (real(&scene, &[("t", t)], "x") - by_hand).abs() < 1e-12);
    }
    let sine_integral = integral(|u| Complex64::new(if u == 0.0 { 1.0 } else { u.sin() / u }, 0.0), 0.0, PI);
    let gibbs = real(&scene, &[], "gibbs");
    assert_near(complex(&scene, &[], "gibbs"), sine_integral * 2.0 / PI, 1e-9);
    assert_eq!(format!("{:.1} %", (gibbs - 1.0) / 2.0 * 100.0), "8.9 %");
    // The first peak of the sum up to n is at T/(2(n + 1)), and no lower for more terms.
    for n in [9, 29, 99] {
        let peak = real(&scene, &[], &format!("f.partial({n})(1/(2*({n} + 1)))"));
        assert!(peak > gibbs && peak - gibbs < 0.5 / f64::from(n).powi(2), "{n}: {peak}");
    }
}
