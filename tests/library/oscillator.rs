//! The oscillator against values known to 22 digits, at most half of the promised error away.
//!
//! `data/oscillator.py` says how the values were computed, and that the solver's formulas had no part in it.

use kymograph::solver::oscillator::{
    Damping, Drive, Oscillator, OscillatorConstant, OscillatorSignal, Parameters, Rates,
};

fn solve(parameters: Parameters) -> Oscillator {
    Oscillator::new(parameters).expect("sound parameters")
}

/// The rates as a row's first four fields give them, and the natural frequency and γ they mean.
fn machine(kind: &str, [mass, first, second]: [f64; 3]) -> (Rates, [f64; 2]) {
    match kind {
        "mechanical" => {
            let rates = Rates::Mechanical { stiffness: first, damping: second };
            (rates, [(first / mass).sqrt(), second / mass])
        }
        "gamma" => (Rates::Angular { omega0: first, damping: Damping::Gamma(second) }, [first, second]),
        "zeta" => {
            (Rates::Angular { omega0: first, damping: Damping::Zeta(second) }, [first, 2.0 * second * first])
        }
        other => panic!("unknown kind {other}"),
    }
}

fn rows<const N: usize>(csv: &'static str) -> impl Iterator<Item = (&'static str, &'static str, [f64; N])> {
    csv.lines().skip(1).map(|line| {
        let (kind, numbers) = line.split_once(',').expect("a kind");
        let numbers: Vec<f64> = numbers.split(',').map(|field| field.parse().expect("a number")).collect();
        (line, kind, numbers.try_into().expect("a full row"))
    })
}

/// The size S that errors are measured by: what the start and the drive can have made of the motion by
/// then. A drive in or near resonance has not yet reached its steady amplitude.
fn size([omega0, gamma]: [f64; 2], [x0, v0]: [f64; 2], [push, omega]: [f64; 2], t: f64) -> f64 {
    let stiffness = (omega0 - omega) * (omega0 + omega);
    let steady = push.abs() / stiffness.hypot(gamma * omega);
    x0.abs() + v0.abs() / omega0 + steady.min(push.abs() * t / (2.0 * omega0))
}

#[test]
fn motion_agrees_with_22_digits() {
    let mut worst = [(0.0, ""); 2];
    let mut count = 0;
    for (line, kind, row) in rows::<13>(include_str!("../data/oscillator.csv")) {
        let [mass, first, second, x0, v0, amplitude, omega, phase, t, x, x_rest, v, v_rest] = row;
        let (rates, [omega0, gamma]) = machine(kind, [mass, first, second]);
        let drive = (amplitude != 0.0).then_some(Drive { amplitude, omega, phase });
        let state = solve(Parameters { mass, rates, x0, v0, drive }).state(t);
        let highest = omega0.max(omega);
        let size = size([omega0, gamma], [x0, v0], [amplitude / mass, omega], t);
        let bound = 8.0 * f64::EPSILON * (1.0 + highest * t) * size;
        let errors = [(state.x - x) - x_rest, (state.v - v) - v_rest];
        for ((worst, error), bound) in worst.iter_mut().zip(errors).zip([bound, highest * bound]) {
            // Zero over zero is a motion that has not begun; anything else over zero is a failure.
            let ratio = if error == 0.0 { 0.0 } else { error.abs() / bound };
            if ratio.is_nan() || ratio > worst.0 {
                *worst = (ratio, line);
            }
        }
        count += 1;
    }
    assert_eq!(count, 1244, "rows checked");
    assert!(worst.iter().all(|(ratio, _)| *ratio <= 0.5), "worst error / bound, x then v: {worst:#?}");
}

#[test]
fn roots_keep_every_digit_however_near_they_lie() {
    let mut count = 0;
    for (line, kind, [mass, first, second, re1, im1, re2, im2]) in
        rows::<7>(include_str!("../data/roots.csv"))
    {
        let (rates, _) = machine(kind, [mass, first, second]);
        let motion = solve(Parameters { mass, rates, x0: 0.0, v0: 0.0, drive: None });
        let [root1, root2] =
            [OscillatorConstant::Root1, OscillatorConstant::Root2].map(|root| motion.constant(root));
        for (actual, expected) in [(root1.re, re1), (root1.im, im1), (root2.re, re2), (root2.im, im2)] {
            let error = (actual - expected).abs();
            assert!(error <= 3.0 * f64::EPSILON * expected.abs(), "{actual:e} is not {expected:e}: {line}");
        }
        count += 1;
    }
    assert_eq!(count, 88, "rows checked");
}

#[test]
fn equivalent_parameters_give_the_same_motion() {
    for (mass, stiffness, damping) in [(2.0, 18.0, 3.0), (0.5, 2.0, 2.0), (4.0, 1.0, 50.0), (3.0, 12.0, 0.0)]
    {
        let omega0 = f64::sqrt(stiffness / mass);
        let gamma = damping / mass;
        let zeta = gamma / (2.0 * omega0);
        let written = [("mechanical", stiffness, damping), ("gamma", omega0, gamma), ("zeta", omega0, zeta)];
        let motions = written.map(|(kind, first, second)| {
            let (rates, _) = machine(kind, [mass, first, second]);
            let drive = Some(Drive { amplitude: 0.7, omega: 1.3, phase: 0.2 });
            solve(Parameters { mass, rates, x0: 0.4, v0: 0.9, drive })
        });
        for t in [0.0, 0.3, 2.0, 9.0] {
            for kind in OscillatorSignal::ALL.into_iter().filter(|kind| *kind != OscillatorSignal::Envelope) {
                let [mechanical, gamma, zeta] = motions.map(|motion| motion.signal(kind, t));
                assert!((gamma - mechanical).norm() <= 1e-13, "{kind:?} at {t}: {gamma} is not {mechanical}");
                assert!((zeta - mechanical).norm() <= 1e-13, "{kind:?} at {t}: {zeta} is not {mechanical}");
            }
        }
    }
}
