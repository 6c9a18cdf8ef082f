//! Spectra against scipy's, and laws.
//!
//! `data/spectrum.py` says how the values were computed.

use std::f64::consts::{PI, TAU};

use kymograph::solver::spectrum::{MAX_LENGTH, Record, Spectrum, Window, even_step};
use num_complex::Complex64;

/// The samples of a function at even times.
fn record(start: f64, duration: f64, count: usize, function: impl Fn(f64) -> Complex64) -> Record {
    let time = |i: usize| start + i as f64 * duration / count as f64;
    Record { start, duration, samples: (0..count).map(|i| function(time(i))).collect() }
}

fn spectrum(record: &Record, window: Window, pad: usize) -> Spectrum {
    Spectrum::new(record, window, pad).expect("a spectrum")
}

#[test]
fn every_value_agrees_with_scipy() {
    let mut count = 0;
    for line in include_str!("../data/spectrum.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let whole = |at: usize| fields[at].parse::<usize>().expect("a whole number");
        let number = |at: usize| fields[at].parse::<f64>().expect("a number");
        let imaginary = 0.5 * number(5);
        let sample = |i: usize| {
            Complex64::new(
                ((7 * i % 11) as f64 - 5.0) / 4.0,
                if imaginary == 0.0 { 0.0 } else { imaginary * ((3 * i % 5) as f64 - 2.0) },
            )
        };
        let record = Record {
            start: number(3),
            duration: number(4) * number(0),
            samples: (0..whole(0)).map(sample).collect(),
        };
        let window = Window::from_name(fields[1]).expect("a window");
        let spectrum = spectrum(&record, window, whole(2));
        assert_eq!(spectrum.len(), whole(0) * whole(2));
        let [k, expected] = [6, 7].map(number);
        assert!((spectrum.frequency(k as usize) - expected).abs() <= 1e-15 * expected.abs(), "{line}");
        let error = (spectrum.value(k as usize) - Complex64::new(number(8), number(9))).norm();
        assert!(error < 5e-15, "{line}: {error:e}");
        count += 1;
    }
    assert_eq!(count, 261, "rows checked");
}

#[test]
fn cosine_on_the_grid_has_half_of_its_amplitude_on_both_sides() {
    let wave = |t: f64| Complex64::from(3.0 * (TAU * 2.5 * t + 0.7).cos());
    for (_, window) in Window::NAMES {
        for (start, count) in [(0.0, 128), (-1.0, 100), (0.37, 77)] {
            let spectrum = spectrum(&record(start, 4.0, count, wave), window, 1);
            for k in 0..count {
                let f = spectrum.frequency(k);
                let is_peak = (f.abs() - 2.5).abs() < 1e-9;
                if is_peak {
                    assert!((spectrum.magnitude(k) - 1.5).abs() < 1e-14);
                    assert!((spectrum.phase(k) - 0.7 * f.signum()).abs() < 1e-13);
                } else if window == Window::None {
                    assert!(spectrum.magnitude(k) < 1e-14 && spectrum.phase(k).is_nan(), "{k}");
                }
            }
        }
    }
}

#[test]
fn parseval_holds() {
    let noise = |t: f64| Complex64::new((37.0 * t * t).sin(), (t * 11.0).cos() - 0.2);
    for (count, pad) in [(256, 1), (100, 3), (1009, 1), (500, 4)] {
        let record = record(0.3, 2.0, count, noise);
        for (_, window) in Window::NAMES {
            let factors: Vec<f64> = (0..count).map(|i| window.factor(i, count)).collect();
            let sum: f64 = factors.iter().sum();
            let power: f64 = record.samples.iter().zip(&factors).map(|(x, w)| (x * w).norm_sqr()).sum();
            let spectrum = spectrum(&record, window, pad);
            let length = spectrum.len();
            let total: f64 = (0..length).map(|k| spectrum.value(k).norm_sqr()).sum();
            let expected = length as f64 * power / (sum * sum);
            assert!((total / expected - 1.0).abs() < 1e-13, "{count} {pad} {window:?}");
        }
    }
}

#[test]
fn real_signals_have_conjugate_spectra_to_the_last_bit() {
    for count in [64, 45, 101] {
        let spectrum = spectrum(&record(-0.4, 1.5, count, |t| (t * t * 9.0).sin().into()), Window::Hann, 2);
        let zero = spectrum.len() / 2;
        assert_eq!(spectrum.frequency(zero), 0.0);
        for k in 1..spectrum.len() - zero {
            assert_eq!(spectrum.value(zero + k), spectrum.value(zero - k).conj(), "{count} {k}");
            assert_eq!(spectrum.frequency(zero + k), -spectrum.frequency(zero - k));
        }
    }
}

#[test]
fn zeros_refine_the_grid_and_keep_its_values() {
    let record = record(1.25, 3.0, 90, |t| Complex64::new((5.0 * t).sin(), 1.0 / (1.0 + t)));
    let coarse = spectrum(&record, Window::Hamming, 1);
    let fine = spectrum(&record, Window::Hamming, 4);
    for k in 0..90 {
        let at = fine.len() / 2 + 4 * k - 4 * 45;
        assert!((fine.value(at) - coarse.value(k)).norm() < 1e-14, "{k}");
    }
    // At any frequency it is the sum of the definition.
    let weights: Vec<f64> = (0..90).map(|i| Window::Hamming.factor(i, 90)).collect();
    let sum: f64 = weights.iter().sum();
    for at in [0, 77, 180, 300] {
        let term = |(i, x): (usize, &Complex64)| {
            let t = 1.25 + i as f64 / 30.0;
            x * weights[i] / sum * Complex64::new(0.0, -TAU * fine.frequency(at) * t).exp()
        };
        let expected: Complex64 = record.samples.iter().enumerate().map(term).sum();
        assert!((fine.value(at) - expected).norm() < 1e-14, "{at}");
    }
}

#[test]
fn long_records_keep_their_digits() {
    for count in [1 << 17, 100_003] {
        let spectrum = spectrum(
            &record(0.0, count as f64, count, |t| {
                Complex64::new(0.0, TAU * (t * 12345.0 % count as f64) / count as f64).exp()
            }),
            Window::None,
            1,
        );
        let peak = count / 2 + 12345;
        assert!((spectrum.value(peak) - 1.0).norm() < 1e-14);
        let rest = (0..count).filter(|k| *k != peak).map(|k| spectrum.magnitude(k)).fold(0.0, f64::max);
        assert!(rest < 1e-14, "{count}: {rest:e}");
    }
}

#[test]
fn windows_are_periodic() {
    for (_, window) in Window::NAMES {
        for i in 1..20 {
            assert_eq!(window.factor(i, 20), window.factor(20 - i, 20), "{window:?} {i}");
        }
        assert!((window.factor(10, 20) - 1.0).abs() < 1e-15);
    }
    assert_eq!(Window::Hann.factor(0, 20), 0.0);
    assert!((Window::Hann.factor(3, 20) - (0.15 * PI).sin() * (0.15 * PI).sin()).abs() < 1e-15);
}

#[test]
fn even_times_have_a_step() {
    assert_eq!(even_step(&[1.0, 1.5, 2.0, 2.5]), Some(0.5));
    assert_eq!(even_step(&[0.0, 0.3333, 0.6667, 1.0]), Some(1.0 / 3.0));
    assert_eq!(even_step(&[0.0, 0.3, 0.7, 1.0]), None);
    assert_eq!(even_step(&[0.0]), None);
    assert_eq!(even_step(&[]), None);
}

#[test]
fn too_short_and_too_long_records_have_no_spectrum() {
    let new =
        |count, pad| Spectrum::new(&record(0.0, 1.0, count, Complex64::from), Window::None, pad).is_some();
    assert!(!new(0, 1) && !new(1, 1) && !new(1, 8) && !new(2, 0) && new(2, 1));
    assert!(!new(1025, 1024) && new(1024, 8) && !new(2, MAX_LENGTH));
}
