//! The oscillator compared with values of 22 digits: the error is at most half of the promised bound.
//!
//! `tests/data/oscillator.py` computes the values without the formulas of the solver.

use kymograph::solver::oscillator::{
    Damping, Drive, Oscillator, OscillatorConstant, OscillatorSignal, Parameters, Rates,
};

fn solve(parameters: Parameters) -> Oscillator {
    Oscillator::new(parameters).expect("sound parameters")
}

/// The rates in the fields of a row, whose meaning depends on the kind.
fn rates(kind: &str, first: f64, second: f64) -> Rates {
    match kind {
        "mechanical" => Rates::Mechanical { stiffness: first, damping: second },
        "gamma" => Rates::Angular { omega0: first, damping: Damping::Gamma(second) },
        "zeta" => Rates::Angular { omega0: first, damping: Damping::Zeta(second) },
        other => panic!("unknown kind {other}"),
    }
}

/// The natural frequency ω₀ and the damping rate γ.
fn omega0_and_gamma(parameters: &Parameters) -> [f64; 2] {
    match parameters.rates {
        Rates::Mechanical { stiffness, damping } => {
            [(stiffness / parameters.mass).sqrt(), damping / parameters.mass]
        }
        Rates::Angular { omega0, damping: Damping::Gamma(gamma) } => [omega0, gamma],
        Rates::Angular { omega0, damping: Damping::Zeta(zeta) } => [omega0, 2.0 * zeta * omega0],
    }
}

fn rows<const N: usize>(csv: &'static str) -> impl Iterator<Item = (&'static str, &'static str, [f64; N])> {
    csv.lines().skip(1).map(|line| {
        let (kind, numbers) = line.split_once(',').expect("a kind");
        let numbers: Vec<f64> = numbers.split(',').map(|field| field.parse().expect("a number")).collect();
        (line, kind, numbers.try_into().expect("a full row"))
    })
}

/// The scale S of errors: the largest displacement that the start and the drive can have caused by the time t. In or near
/// resonance a drive has not yet reached its steady amplitude.
fn error_scale(parameters: &Parameters, t: f64) -> f64 {
    let [omega0, gamma] = omega0_and_gamma(parameters);
    let driven = parameters.drive.map_or(0.0, |Drive { amplitude, omega, .. }| {
        let push = amplitude.abs() / parameters.mass;
        let stiffness = (omega0 - omega) * (omega0 + omega);
        let steady = push / stiffness.hypot(gamma * omega);
        steady.min(push * t / (2.0 * omega0))
    });
    parameters.x0.abs() + parameters.v0.abs() / omega0 + driven
}

#[test]
fn motion_agrees_with_22_digits() {
    let mut worst = [(0.0, ""); 2];
    let mut count = 0;
    for (line, kind, row) in rows::<13>(include_str!("../data/oscillator.csv")) {
        let [mass, first, second, x0, v0, amplitude, omega, phase, t, x, x_rest, v, v_rest] = row;
        let drive = (amplitude != 0.0).then_some(Drive { amplitude, omega, phase });
        let parameters = Parameters { mass, rates: rates(kind, first, second), x0, v0, drive };
        let state = solve(parameters).state(t);
        let highest = omega0_and_gamma(&parameters)[0].max(omega);
        let bound = 8.0 * f64::EPSILON * (1.0 + highest * t) * error_scale(&parameters, t);
        let errors = [(state.x - x) - x_rest, (state.v - v) - v_rest];
        for ((worst, error), bound) in worst.iter_mut().zip(errors).zip([bound, highest * bound]) {
            // Before the motion begins, error and bound are both zero; any other error over a zero bound is a failure.
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
        let motion =
            solve(Parameters { mass, rates: rates(kind, first, second), x0: 0.0, v0: 0.0, drive: None });
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
            let rates = rates(kind, first, second);
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
