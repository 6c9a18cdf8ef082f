//! The oscillator against the laws of motion: equations, energies, symmetries, limits.
//!
//! Displacements are of the order of a meter, rates are one to a few hundred per second; absolute tolerances follow from
//! that.

use std::f64::consts::{FRAC_PI_2, TAU};

use kymograph::solver::oscillator::{
    Damping, Drive, Oscillator, OscillatorConstant, OscillatorSignal, Parameters, Rates,
};

const EPSILON: f64 = f64::EPSILON;

/// The motions on which every law is tested: free and driven, from undamped to stiff.
fn motions() -> Vec<Parameters> {
    let mut all = Vec::new();
    for zeta in [0.0, 1e-6, 0.05, 0.7, 1.0 - 1e-12, 1.0, 1.0 + 1e-12, 1.3, 40.0] {
        let rates = Rates::Angular { omega0: 2.3, damping: Damping::Zeta(zeta) };
        let free = Parameters { mass: 0.8, rates, x0: 1.1, v0: -0.6, drive: None };
        all.push(free);
        for omega in [0.0, 0.4, 2.3 * (1.0 - 1e-12), 2.3, 7.0] {
            all.push(Parameters { drive: Some(Drive { amplitude: -1.9, omega, phase: 0.7 }), ..free });
        }
    }
    let rates = Rates::Mechanical { stiffness: 10.0, damping: 6.0 };
    all.push(Parameters { mass: 90.0, rates, x0: -0.4, v0: 2.0, drive: None });
    all
}

fn solve(parameters: Parameters) -> Oscillator {
    Oscillator::new(parameters).expect("sound parameters")
}

fn constant(motion: &Oscillator, constant: OscillatorConstant) -> f64 {
    motion.constant(constant).re
}

fn signal(motion: &Oscillator, signal: OscillatorSignal, t: f64) -> f64 {
    motion.signal(signal, t).re
}

fn without_drive(zeta: f64) -> Parameters {
    let rates = Rates::Angular { omega0: 1.0, damping: Damping::Zeta(zeta) };
    Parameters { mass: 1.0, rates, x0: 0.8, v0: 0.5, drive: None }
}

fn assert_close(actual: f64, expected: f64, tolerance: f64, what: impl std::fmt::Debug) {
    assert!((actual - expected).abs() <= tolerance, "{actual:e} is not {expected:e}: {what:?}");
}

// Laws of every motion.

#[test]
fn initial_values_hold_exactly() {
    for parameters in motions() {
        let state = solve(parameters).state(0.0);
        assert_close(state.x, parameters.x0, 0.0, parameters);
        assert_close(state.v, parameters.v0, 0.0, parameters);
    }
}

#[test]
fn velocity_and_acceleration_are_derivatives() {
    // Richardson's step makes the central difference exact to fourth order in the fastest rate, 184/s.
    let derivative = |f: &dyn Fn(f64) -> f64, t: f64| {
        let h = 1e-5;
        (8.0 * (f(t + h) - f(t - h)) - (f(t + 2.0 * h) - f(t - 2.0 * h))) / (12.0 * h)
    };
    for parameters in motions() {
        let motion = solve(parameters);
        for t in [0.0, 0.013, 0.9, 4.0, 31.0] {
            let state = motion.state(t);
            let scale = 1.0 + t;
            assert_close(derivative(&|t| motion.state(t).x, t), state.v, 1e-9 * scale, (parameters, t));
            let tolerance = 1e-8 * (scale + constant(&motion, OscillatorConstant::Gamma));
            assert_close(derivative(&|t| motion.state(t).v, t), state.a, tolerance, (parameters, t));
        }
    }
}

#[test]
fn forces_add_up_to_mass_times_acceleration() {
    for parameters in motions() {
        let motion = solve(parameters);
        for t in [0.0, 1e-3, 0.5, 3.0, 100.0, 1e4] {
            let [spring, damping, drive] =
                [OscillatorSignal::SpringForce, OscillatorSignal::DampingForce, OscillatorSignal::DriveForce]
                    .map(|s| signal(&motion, s, t));
            let inertia = parameters.mass * motion.state(t).a;
            let terms = spring.abs()
                + damping.abs()
                + drive.abs()
                + 4.0 * motion.signal(OscillatorSignal::Z, t).norm();
            let tolerance = 16.0 * EPSILON * (1.0 + 7.0 * t) * (terms + 1.0);
            assert_close(inertia, spring + damping + drive, tolerance, (parameters, t));
        }
    }
}

#[test]
fn power_of_the_outer_forces_is_the_change_of_energy() {
    for parameters in motions() {
        let motion = solve(parameters);
        let power = |t| {
            let force = signal(&motion, OscillatorSignal::DampingForce, t)
                + signal(&motion, OscillatorSignal::DriveForce, t);
            force * motion.state(t).v
        };
        // Gauss–Legendre with three points on 20,000 intervals, short beside the fastest rate.
        let (end, intervals) = (5.0, 20_000);
        let step = end / f64::from(intervals);
        let offset = 0.5 * step * 0.6_f64.sqrt();
        let work: f64 = (0..intervals)
            .map(|i| {
                let middle = (f64::from(i) + 0.5) * step;
                step / 18.0 * (8.0 * power(middle) + 5.0 * (power(middle - offset) + power(middle + offset)))
            })
            .sum();
        let energy = |t| signal(&motion, OscillatorSignal::Energy, t);
        assert_close(
            energy(end) - energy(0.0),
            work,
            1e-10 * (1.0 + energy(0.0).max(energy(end))),
            parameters,
        );
    }
}

#[test]
fn motions_superpose() {
    for parameters in motions() {
        // Two forces in phase add their amplitudes; the second drive is the first, stronger and reversed.
        let scaled =
            |by: f64| parameters.drive.map(|drive| Drive { amplitude: by * drive.amplitude, ..drive });
        let Parameters { x0, v0, .. } = parameters;
        let other = Parameters { x0: 0.3, v0: 1.7, drive: scaled(-3.0), ..parameters };
        let both = Parameters { x0: x0 + 0.3, v0: v0 + 1.7, drive: scaled(-2.0), ..parameters };
        let motions = [parameters, other, both].map(solve);
        for t in [0.0, 0.2, 5.0, 60.0] {
            let [one, two, sum] = motions.map(|motion| motion.state(t));
            assert_close(one.x + two.x, sum.x, 1e-13 * (1.0 + t) * (1.0 + t), (parameters, t));
            assert_close(one.v + two.v, sum.v, 1e-12 * (1.0 + t) * (1.0 + t), (parameters, t));
        }
    }
}

#[test]
fn a_motion_restarted_from_a_later_state_is_the_same_motion() {
    for parameters in motions() {
        let motion = solve(parameters);
        let pause = 0.37;
        let state = motion.state(pause);
        let drive = parameters.drive.map(|drive| Drive { phase: drive.phase + drive.omega * pause, ..drive });
        let later = solve(Parameters { x0: state.x, v0: state.v, drive, ..parameters });
        for t in [0.0, 0.1, 2.0, 30.0] {
            assert_close(later.state(t).x, motion.state(t + pause).x, 1e-12, (parameters, t));
        }
        // Backward in time errors grow like exp(γ·pause), which makes strongly damped motions useless here.
        if constant(&motion, OscillatorConstant::Gamma) < 10.0 {
            assert_close(later.state(-pause).x, parameters.x0, 1e-12, parameters);
        }
    }
}

// Free motion.

#[test]
fn undamped_energy_is_constant() {
    let motion = solve(without_drive(0.0));
    let expected = 0.5 * (0.8 * 0.8 + 0.5 * 0.5);
    for i in 0..200 {
        let t = f64::from(i) * 0.77;
        assert_close(signal(&motion, OscillatorSignal::Energy, t), expected, 4.0 * EPSILON, t);
    }
}

#[test]
fn motion_is_continuous_through_critical_damping() {
    let critical = solve(without_drive(1.0));
    let textbook = |t: f64| (0.8 + (0.5 + 0.8) * t) * libm::exp(-t);
    for t in [0.0, 0.3, 1.0, 4.0, 20.0, 700.0] {
        assert_close(critical.state(t).x, textbook(t), 4.0 * EPSILON, t);
        for offset in [1e-3, 1e-6, 1e-9, 1e-12, 1e-15] {
            let [below, above] =
                [1.0 - offset, 1.0 + offset].map(|zeta| solve(without_drive(zeta)).state(t).x);
            // dx/dζ is of the order of 1, and the second derivative too.
            assert_close(below, critical.state(t).x, offset + 4.0 * EPSILON, (t, offset));
            assert_close(
                0.5 * (below + above),
                critical.state(t).x,
                offset * offset + 4.0 * EPSILON,
                (t, offset),
            );
        }
    }
}

#[test]
fn strong_damping_creeps_and_never_overflows() {
    let motion = solve(without_drive(1e6));
    // The fast mode decays within microseconds; then only exp(−t/(2ζ)) is left.
    for t in [1.0, 1e4, 1e6, 1e7] {
        let expected = (0.8 + 0.5 / 2e6) * libm::exp(-t / 2e6);
        assert_close(motion.state(t).x, expected, 1e-12, t);
    }
    for gone in [motion, solve(without_drive(0.5))].map(|motion| motion.state(1e12)) {
        let size = gone.x.abs() + gone.v.abs() + gone.a.abs();
        assert_close(size, 0.0, 0.0, gone);
    }
}

#[test]
fn the_envelope_is_touched_once_each_half_period() {
    for zeta in [0.0, 1e-3, 0.2, 0.9] {
        let motion = solve(without_drive(zeta));
        let phi = constant(&motion, OscillatorConstant::Phi);
        let omega_u = constant(&motion, OscillatorConstant::OmegaU);
        for n in 0..6 {
            let t = (phi + FRAC_PI_2 * 2.0 * f64::from(n)) / omega_u;
            let sign = if n % 2 == 0 { 1.0 } else { -1.0 };
            assert_close(sign * motion.state(t).x, motion.envelope(t), 40.0 * EPSILON, (zeta, n));
        }
        for i in 0..100 {
            let t = f64::from(i) * 0.13;
            assert!(motion.state(t).x.abs() <= motion.envelope(t) + 4.0 * EPSILON, "{zeta} {t}");
        }
    }
    for zeta in [1.0, 3.0] {
        assert!(solve(without_drive(zeta)).envelope(1.0).is_nan());
    }
}

#[test]
fn amplitude_and_phase_are_those_of_the_motion() {
    let motion = solve(without_drive(0.25));
    let [c, phi, omega_u, gamma, period] = [
        OscillatorConstant::Amplitude,
        OscillatorConstant::Phi,
        OscillatorConstant::OmegaU,
        OscillatorConstant::Gamma,
        OscillatorConstant::Period,
    ]
    .map(|kind| constant(&motion, kind));
    assert_close(period * omega_u, TAU, 4.0 * EPSILON, period);
    for t in [0.0, 1.0, 7.5] {
        let z = motion.phasor(t);
        let turn = omega_u * t - phi;
        let size = c * libm::exp(-0.5 * gamma * t);
        assert_close(z.re, size * libm::cos(turn), 16.0 * EPSILON, t);
        assert_close(z.im, size * libm::sin(turn), 16.0 * EPSILON, t);
    }
}

#[test]
fn roots_have_the_sum_and_product_of_the_equation() {
    for parameters in motions() {
        let motion = solve(parameters);
        let [root1, root2] =
            [OscillatorConstant::Root1, OscillatorConstant::Root2].map(|root| motion.constant(root));
        let [omega0, gamma, zeta] =
            [OscillatorConstant::Omega0, OscillatorConstant::Gamma, OscillatorConstant::Zeta]
                .map(|kind| constant(&motion, kind));
        assert!((root1 + root2 + gamma).norm() <= 4.0 * EPSILON * (1.0 + gamma), "{parameters:?}");
        let square = omega0 * omega0;
        assert!((root1 * root2 - square).norm() <= 4.0 * EPSILON * square, "{parameters:?}");
        assert_close(zeta * 2.0 * omega0, gamma, 4.0 * EPSILON * gamma, parameters);
    }
    let critical = solve(without_drive(1.0));
    assert_eq!(critical.constant(OscillatorConstant::Root1), critical.constant(OscillatorConstant::Root2));
}

// The phasor.

#[test]
fn the_phasor_lies_above_the_displacement() {
    for parameters in motions() {
        let motion = solve(parameters);
        for t in [0.0, 0.21, 3.0, 47.0, 1e3] {
            let value = |signal| motion.signal(signal, t);
            let (z, x) = (value(OscillatorSignal::Z), value(OscillatorSignal::X));
            assert_eq!(z.re.to_bits(), x.re.to_bits(), "{parameters:?} {t}");
            assert_eq!(x.im.to_bits(), 0.0_f64.to_bits());
            assert!(z.im.is_finite(), "{parameters:?} {t}");
        }
    }
}

#[test]
fn the_phasor_obeys_the_equation_of_motion_as_a_whole() {
    // z″ + γz′ + ω₀²z = f̂·exp(jωt) by central differences of the imaginary part. The real part is x, tested above.
    for parameters in motions() {
        let motion = solve(parameters);
        let [omega0, gamma] =
            [OscillatorConstant::Omega0, OscillatorConstant::Gamma].map(|kind| constant(&motion, kind));
        // Near critical the imaginary part is c·sin(small), and c itself is huge.
        if (0.999..1.0).contains(&constant(&motion, OscillatorConstant::Zeta)) {
            continue;
        }
        for t in [0.3, 2.0, 11.0] {
            let h = 1e-3;
            let [before, now, after] = [t - h, t, t + h].map(|t| motion.phasor(t).im);
            let rate = (after - before) / (2.0 * h);
            let second = (after - 2.0 * now + before) / (h * h);
            let force = parameters.drive.map_or(0.0, |drive| {
                drive.amplitude / parameters.mass * libm::sin(drive.omega * t + drive.phase)
            });
            let left = second + gamma * rate + omega0 * omega0 * now;
            let tolerance = 1e-4 * (1.0 + t + gamma);
            assert_close(left, force, tolerance, (parameters, t));
        }
    }
}

#[test]
fn a_motion_without_oscillation_has_a_real_phasor() {
    for zeta in [1.0, 2.0] {
        let motion = solve(without_drive(zeta));
        for t in [0.0, 1.0, 5.0] {
            assert_eq!(motion.phasor(t).im.to_bits(), 0.0_f64.to_bits());
        }
        for kind in [
            OscillatorConstant::OmegaU,
            OscillatorConstant::Period,
            OscillatorConstant::Amplitude,
            OscillatorConstant::Phi,
        ] {
            assert!(constant(&motion, kind).is_nan(), "{kind:?}");
        }
    }
}

// Driven motion.

#[test]
fn the_steady_state_has_the_textbook_amplitude_and_lag() {
    let (mass, omega0, amplitude, phase) = (0.7, 2.0, 3.0, 0.4);
    for zeta in [0.1, 0.6, 1.0, 2.5] {
        for omega in [0.0, 0.5, 2.0, 2.5, 9.0] {
            let rates = Rates::Angular { omega0, damping: Damping::Zeta(zeta) };
            let drive = Some(Drive { amplitude, omega, phase });
            let motion = solve(Parameters { mass, rates, x0: 5.0, v0: -3.0, drive });
            let (stiffness, loss) = (omega0 * omega0 - omega * omega, 2.0 * zeta * omega0 * omega);
            let size = amplitude / mass / stiffness.hypot(loss);
            let lag = loss.atan2(stiffness);
            for t in [200.0, 201.3] {
                let turn = omega * t + phase - lag;
                let z = motion.phasor(t);
                assert_close(z.re, size * libm::cos(turn), 1e-12, (zeta, omega, t));
                assert_close(z.im, size * libm::sin(turn), 1e-12, (zeta, omega, t));
                assert_close(motion.state(t).v, -omega * size * libm::sin(turn), 1e-11, (zeta, omega, t));
            }
        }
    }
}

#[test]
fn the_transient_is_the_motion_less_the_steady_state() {
    let rates = Rates::Angular { omega0: 2.0, damping: Damping::Gamma(0.3) };
    let drive = Drive { amplitude: 1.2, omega: 1.5, phase: -0.3 };
    let driven = Parameters { mass: 1.0, rates, x0: 0.4, v0: 0.1, drive: Some(drive) };
    let motion = solve(driven);
    // The phasor long after the transient has decayed, rotated back, is the steady state alone.
    let quiet = TAU / 1.5 * 100.0;
    let steady = |t: f64| motion.state(t + quiet).x;
    for t in [0.0, 1.0, 3.3] {
        let lacking = (motion.state(t).x - steady(t)).abs();
        assert!(lacking <= motion.envelope(t) + 1e-12, "{t}");
    }
    let free =
        solve(Parameters { x0: 0.4 - steady(0.0), v0: 0.1 - motion.state(quiet).v, drive: None, ..driven });
    for kind in [OscillatorConstant::Amplitude, OscillatorConstant::Phi] {
        assert_close(constant(&motion, kind), constant(&free, kind), 1e-11, kind);
    }
}

#[test]
fn undamped_resonance_grows_in_proportion_to_time() {
    let rates = Rates::Mechanical { stiffness: 8.0, damping: 0.0 };
    let resonant = |omega: f64| {
        let drive = Some(Drive { amplitude: 3.0, omega, phase: 0.0 });
        solve(Parameters { mass: 2.0, rates, x0: 0.0, v0: 0.0, drive })
    };
    for t in [0.0, 0.1, 6.0, 500.0, 5e3] {
        let growth = 3.0 * t / (2.0 * 2.0 * 2.0);
        let exact = growth * libm::sin(2.0 * t);
        let tolerance = 8.0 * EPSILON * (1.0 + 2.0 * t) * growth;
        assert_close(resonant(2.0).state(t).x, exact, tolerance, t);
        // A detuning of one part in 10¹² shifts the phase by no more than 10⁻¹²·ω₀·t.
        for detuned in [2.0 * (1.0 - 1e-12), 2.0 * (1.0 + 1e-12)] {
            assert_close(resonant(detuned).state(t).x, exact, tolerance + 2e-12 * t * growth, t);
        }
    }
    let z = resonant(2.0).phasor(700.0);
    assert_close(z.norm(), 3.0 * 700.0 / 8.0, 1.0, z);
}

#[test]
fn a_constant_force_only_shifts_the_equilibrium() {
    for zeta in [0.0, 0.3, 1.0, 6.0] {
        let rates = Rates::Angular { omega0: 1.5, damping: Damping::Zeta(zeta) };
        let hanging = Drive { amplitude: 4.0, omega: 0.0, phase: 0.0 };
        let rest = 4.0 / (2.0 * 1.5 * 1.5);
        let free = Parameters { mass: 2.0, rates, x0: 0.2 - rest, v0: 1.0, drive: None };
        let pulled = solve(Parameters { x0: 0.2, drive: Some(hanging), ..free });
        for t in [0.0, 0.5, 3.0, 50.0] {
            let expected = rest + solve(free).state(t).x;
            assert_close(pulled.state(t).x, expected, 16.0 * EPSILON * (1.0 + t), (zeta, t));
        }
    }
}
