//! Numerical solutions against closed forms and against references of other origin.
//!
//! `data/ode.py` says how the values of `data/ode.csv` were computed.

use std::f64::consts::PI;

use kymograph::solver::ode::{Equation, Failure, Settings, Solution};

/// A right-hand side f(t, y), which it writes to the last argument.
type RatesFn = fn(f64, &[f64], &mut [f64]);

/// Right-hand side and events as plain functions.
#[derive(Clone, Copy, Debug)]
struct Functions {
    rates: RatesFn,
    event: fn(f64, &[f64]) -> f64,
}

impl Equation for Functions {
    type Error = ();

    fn rates(&self, t: f64, state: &[f64], rates: &mut [f64]) -> Result<(), ()> {
        (self.rates)(t, state, rates);
        Ok(())
    }

    fn event(&self, _event: usize, t: f64, state: &[f64]) -> Result<f64, ()> {
        Ok((self.event)(t, state))
    }
}

const TOLERANCE: f64 = 1e-10;

fn solution(rates: RatesFn, start: &[f64]) -> Solution<Functions> {
    with(rates, start, TOLERANCE, None)
}

fn with(rates: RatesFn, start: &[f64], tolerance: f64, stiff: Option<bool>) -> Solution<Functions> {
    let settings = Settings { start: start.to_vec(), tolerance, stiff, events: 1 };
    Solution::new(Functions { rates, event: |_, state| state[0] }, &settings)
}

fn harmonic(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = y[1];
    f[1] = -y[0];
}

fn lorenz(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = 10.0 * (y[1] - y[0]);
    f[1] = y[0] * (28.0 - y[2]) - y[1];
    f[2] = y[0] * y[1] - 8.0 / 3.0 * y[2];
}

fn van_der_pol(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = y[1];
    f[1] = 5.0 * (1.0 - y[0] * y[0]) * y[1] - y[0];
}

fn stiff_van_der_pol(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = y[1];
    f[1] = 1000.0 * (1.0 - y[0] * y[0]) * y[1] - y[0];
}

fn pendulum(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = y[1];
    f[1] = -libm::sin(y[0]);
}

fn kepler(_: f64, y: &[f64], f: &mut [f64]) {
    let square = y[0] * y[0] + y[1] * y[1];
    let cube = square * square.sqrt();
    f[0] = y[2];
    f[1] = y[3];
    f[2] = -y[0] / cube;
    f[3] = -y[1] / cube;
}

/// A driven Duffing oscillator in the potential x⁴/4 − x²/2.
fn duffing(drive: f64, t: f64, y: &[f64], f: &mut [f64]) {
    f[0] = y[1];
    f[1] = drive * libm::cos(1.2 * t) + y[0] - y[0] * y[0] * y[0] - 0.3 * y[1];
}

const GRAVITY: f64 = 9.81;

/// Two rods of 1 m with 1 kg at each end. Components: the angles from below, each followed by its rate.
fn double_pendulum(_: f64, y: &[f64], f: &mut [f64]) {
    let (sin, cos) = libm::sincos(y[0] - y[2]);
    let first = -y[3] * y[3] * sin - 2.0 * GRAVITY * libm::sin(y[0]);
    let second = y[1] * y[1] * sin - GRAVITY * libm::sin(y[2]);
    f[0] = y[1];
    f[2] = y[3];
    f[1] = (first - cos * second) / (2.0 - cos * cos);
    f[3] = (2.0 * second - cos * first) / (2.0 - cos * cos);
}

fn double_pendulum_energy(y: &[f64]) -> f64 {
    let kinetic = y[1] * y[1] + 0.5 * y[3] * y[3] + y[1] * y[3] * libm::cos(y[0] - y[2]);
    kinetic - GRAVITY * (2.0 * libm::cos(y[0]) + libm::cos(y[2]))
}

/// Two independent exponential decays; the second one is a thousand times faster.
fn decays(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = -y[0];
    f[1] = -1e3 * y[1];
}

/// Relaxation towards a cosine, which is the solution: Prothero and Robinson's test of stiff equations.
fn relaxation(t: f64, y: &[f64], f: &mut [f64]) {
    f[0] = -1e6 * (y[0] - libm::cos(t)) - libm::sin(t);
}

fn robertson(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = -0.04 * y[0] + 1e4 * y[1] * y[2];
    f[2] = 3e7 * y[1] * y[1];
    f[1] = -f[0] - f[2];
}

fn square(_: f64, y: &[f64], f: &mut [f64]) {
    f[0] = y[0] * y[0];
}

/// The methods: chosen by the solver, explicit, implicit.
const METHODS: [Option<bool>; 3] = [None, Some(false), Some(true)];

/// The largest difference of component 0 from a closed form at 1001 times in a span.
fn worst(solution: &Solution<Functions>, [from, to]: [f64; 2], exact: fn(f64) -> f64) -> f64 {
    let times = (0..=1000).map(|n| from + (to - from) * f64::from(n) / 1000.0);
    times.map(|t| (solution.value(0, t).expect("a value") - exact(t)).abs()).fold(0.0, f64::max)
}

#[test]
fn an_oscillation_keeps_its_tolerance_in_both_directions() {
    for tolerance in [1e-3, 1e-6, 1e-10, 1e-13] {
        for stiff in METHODS {
            let solution = with(harmonic, &[0.0, 1.0], tolerance, stiff);
            for span in [[0.0, 100.0], [-100.0, 0.0]] {
                let worst = worst(&solution, span, libm::sin);
                assert!(worst <= tolerance, "{worst:e} over {span:?} for {tolerance:e}, {stiff:?}");
            }
        }
    }
}

#[test]
fn a_decay_is_followed_to_the_end() {
    for stiff in METHODS {
        let solution = with(decays, &[1.0, 1.0], TOLERANCE, stiff);
        for t in [0.5, 5.0, 50.0, 500.0] {
            let relative = solution.value(0, t).expect("a value") / libm::exp(-t) - 1.0;
            assert!(relative.abs() <= 1e-9, "{relative:e} at {t}, {stiff:?}");
        }
    }
}

/// How much the problems of ode.csv amplify small errors up to a time, at most.
fn condition(problem: &str, t: f64) -> f64 {
    match problem {
        // The largest Lyapunov exponents are 0.906 and about 0.16.
        "lorenz" => f64::max(1.0, 3e-6 * libm::exp(0.906 * t)),
        "duffing-chaotic" => f64::max(1.0, 3e-3 * libm::exp(0.16 * t)),
        // A pendulum that nearly stands still at the top.
        "pendulum" => 30.0,
        "kepler" | "van-der-pol" | "duffing-periodic" => 1.0,
        other => panic!("unknown problem {other}"),
    }
}

#[test]
fn solutions_agree_with_references_of_24_digits() {
    let problems: [(&str, RatesFn, Vec<f64>); 6] = [
        ("lorenz", lorenz, vec![1.0; 3]),
        ("van-der-pol", van_der_pol, vec![2.0, 0.0]),
        ("pendulum", pendulum, vec![179.0 * PI / 180.0, 0.0]),
        ("kepler", kepler, vec![0.1, 0.0, 0.0, f64::sqrt(19.0)]),
        ("duffing-periodic", |t, y, f| duffing(0.2, t, y, f), vec![1.0, 0.0]),
        ("duffing-chaotic", |t, y, f| duffing(0.5, t, y, f), vec![1.0, 0.0]),
    ];
    let mut count = 0;
    for (name, rates, start) in problems {
        for stiff in METHODS {
            let solution = with(rates, &start, TOLERANCE, stiff);
            let lines = include_str!("../data/ode.csv").lines();
            for row in lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(',')) {
                let numbers: Vec<f64> =
                    row.split(',').map(|field| field.parse().expect("a number")).collect();
                let [t, expected @ ..] = &numbers[..] else { panic!("an empty row") };
                let state = solution.state(*t).expect("a state");
                assert_eq!(state.len(), expected.len());
                let size = expected.iter().fold(1.0, |size: f64, value| size.max(value.abs()));
                for (actual, expected) in state.iter().zip(expected) {
                    let error = (actual - expected).abs() / (size * condition(name, *t));
                    assert!(error <= TOLERANCE, "{name} at {t}, {stiff:?}: {actual} is not {expected}");
                }
                count += 1;
            }
        }
    }
    assert_eq!(count, 114, "rows checked");
}

/// Nearby solutions part by a factor of 10¹⁰ in this time.
#[test]
fn chaos_is_followed_for_thirty_seconds() {
    let row = include_str!("../data/ode.csv").lines().find(|line| line.starts_with("lorenz,30.0,"));
    let expected: Vec<f64> =
        row.expect("a row").split(',').skip(2).map(|field| field.parse().expect("a number")).collect();
    for (tolerance, bound) in [(1e-10, 1e-5), (1e-13, 3e-6)] {
        let state = with(lorenz, &[1.0; 3], tolerance, None).state(30.0).expect("a state");
        for (actual, expected) in state.iter().zip(&expected) {
            assert!((actual - expected).abs() <= bound, "{tolerance:e}: {actual} is not {expected}");
        }
    }
}

/// The eccentric anomaly of an orbit of eccentricity 0.9 at a mean anomaly, by Newton's method from a start that it
/// converges from.
fn eccentric_anomaly(mean: f64) -> f64 {
    (0..60).fold(PI, |e, _| e - (e - 0.9 * libm::sin(e) - mean) / (1.0 - 0.9 * libm::cos(e)))
}

#[test]
fn an_eccentric_orbit_keeps_its_place_and_its_events_for_ten_revolutions() {
    for stiff in METHODS {
        let orbit = with(kepler, &[0.1, 0.0, 0.0, f64::sqrt(19.0)], TOLERANCE, stiff);
        for part in 0..=2000 {
            let t = 20.0 * PI * f64::from(part) / 2000.0;
            let e = eccentric_anomaly(t % (2.0 * PI));
            let y = orbit.state(t).expect("a state");
            let errors = [y[0] - (libm::cos(e) - 0.9), y[1] - f64::sqrt(0.19) * libm::sin(e)];
            assert!(errors.iter().all(|error| error.abs() <= TOLERANCE), "{errors:?} at {t}, {stiff:?}");
        }
        // x = cos E − 0.9 changes its sign twice in each revolution.
        let outward = libm::acos(0.9) - 0.9 * f64::sqrt(0.19);
        for n in 0..20_i32 {
            let start = 2.0 * PI * f64::from(n / 2);
            let exact = if n % 2 == 0 { start + outward } else { start + 2.0 * PI - outward };
            let crossing = orbit.crossing(0, n as usize, 20.0 * PI).expect("a time");
            assert!((crossing - exact).abs() <= TOLERANCE, "{n}: {crossing} is not {exact}, {stiff:?}");
        }
    }
}

#[test]
fn a_pendulum_from_nearly_upside_down_has_its_period() {
    // A quarter of the period is the complete elliptic integral K, by the arithmetic-geometric mean.
    let start = 179.0 * PI / 180.0;
    let (mean, _) =
        (0..10).fold((1.0, libm::cos(0.5 * start)), |(a, b), _| (0.5 * (a + b), f64::sqrt(a * b)));
    let quarter = 0.5 * PI / mean;
    for stiff in METHODS {
        let swing = with(pendulum, &[start, 0.0], TOLERANCE, stiff);
        for n in 0..10_i32 {
            let exact = f64::from(2 * n + 1) * quarter;
            // A swing that nearly stops at the top has a period that depends strongly on its energy.
            let bound = f64::from(2 * n + 1) * TOLERANCE;
            let crossing = swing.crossing(0, n as usize, 200.0).expect("a time");
            assert!((crossing - exact).abs() <= bound, "{n}: {crossing} is not {exact}, {stiff:?}");
        }
    }
}

#[test]
fn a_double_pendulum_keeps_its_energy() {
    for stiff in METHODS {
        for start in [[2.0, 0.0, 2.5, 0.0], [0.5, 0.0, -0.5, 0.0], [3.0, 1.0, 3.1, -2.0]] {
            let swing = with(double_pendulum, &start, TOLERANCE, stiff);
            let energy = double_pendulum_energy(&start);
            for t in (0..=6000).map(|n| 0.01 * f64::from(n)) {
                let state = swing.state(t).expect("a state");
                let drift = (double_pendulum_energy(&state) / energy - 1.0).abs();
                assert!(drift <= 1e-10, "{drift:e} at {t} from {start:?}, {stiff:?}");
            }
        }
    }
}

#[test]
fn rounding_errors_of_many_steps_do_not_add_up() {
    let solution = with(harmonic, &[0.0, 1.0], 1e-13, None);
    let worst = worst(&solution, [9900.0, 10_000.0], libm::sin);
    assert!(worst <= 5e-13, "{worst:e}");
}

#[test]
fn a_stiff_van_der_pol_oscillator_agrees_with_the_published_solution() {
    // F. Mazzia, C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4, problem VDPOL, in a
    // time that is a thousand times slower.
    for tolerance in [1e-6, TOLERANCE, 1e-13] {
        for stiff in [None, Some(true)] {
            let solution = with(stiff_van_der_pol, &[2.0, 0.0], tolerance, stiff);
            let state = solution.state(2000.0).expect("a state");
            let bound = f64::max(2.0 * tolerance, 1e-11);
            assert!((state[0] - 1.706_167_732_170_483).abs() <= bound, "{tolerance:e}: {state:?}");
            assert!(
                (1e3 * state[1] + 0.892_809_701_024_797_5).abs() <= 5.0 * bound,
                "{tolerance:e}: {state:?}"
            );
        }
    }
}

#[test]
fn stiff_kinetics_agree_with_the_published_solution() {
    // Problem ROBER of the same test set, at the end of its integration, and the sum of all shares.
    for stiff in [None, Some(true)] {
        let solution = with(robertson, &[1.0, 0.0, 0.0], TOLERANCE, stiff);
        let state = solution.state(1e11).expect("a state");
        assert!((state[0] - 0.208_334_014_970_125_5e-7).abs() <= TOLERANCE, "{state:?}");
        assert!((state[2] - 0.999_999_979_166_505).abs() <= TOLERANCE, "{state:?}");
        assert!((state.iter().sum::<f64>() - 1.0).abs() <= 1e-12, "{state:?}");
    }
}

#[test]
fn a_stiff_relaxation_is_accurate_within_its_long_steps() {
    for stiff in [None, Some(true)] {
        let worst = worst(&with(relaxation, &[1.0], TOLERANCE, stiff), [0.0, 30.0], libm::cos);
        assert!(worst <= TOLERANCE, "{worst:e}, {stiff:?}");
    }
}

#[test]
fn energy_is_kept() {
    for stiff in METHODS {
        let orbit = with(kepler, &[0.1, 0.0, 0.0, f64::sqrt(19.0)], TOLERANCE, stiff);
        let swing = with(pendulum, &[179.0 * PI / 180.0, 0.0], TOLERANCE, stiff);
        for t in (0..500).map(|n| 0.05 * f64::from(n)) {
            let y = orbit.state(t).expect("a state");
            let energy = 0.5 * (y[2] * y[2] + y[3] * y[3]) - 1.0 / libm::hypot(y[0], y[1]);
            // At the perihelion both terms are nearly 20 times as large.
            assert!((energy + 0.5).abs() <= 20.0 * TOLERANCE, "{energy} at {t}, {stiff:?}");
            let y = swing.state(t).expect("a state");
            let energy = 0.5 * y[1] * y[1] - libm::cos(y[0]);
            assert!((energy - libm::cos(PI / 180.0)).abs() <= TOLERANCE, "{energy} at {t}, {stiff:?}");
        }
    }
}

#[test]
fn a_solution_that_blows_up_keeps_its_values_before() {
    for stiff in METHODS {
        let solution = with(square, &[0.5], TOLERANCE, stiff);
        let Err(Failure::BlowUp { t, component: 0 }) = solution.value(0, 3.0) else {
            panic!("x' = x^2 from 1/2 blows up");
        };
        assert!((t - 2.0).abs() < 1e-9, "{t}");
        for t in [-50.0, -1.0, 0.0, 1.0, 1.9, 1.99] {
            let (value, exact) = (solution.value(0, t).expect("a value"), 1.0 / (2.0 - t));
            // The sensitivity to the start grows as the square of the solution.
            assert!((value - exact).abs() <= 10.0 * TOLERANCE * exact.max(exact * exact), "{value} at {t}");
        }
    }
}

#[test]
fn a_rate_that_is_not_real_is_named() {
    let rates = |t: f64, _: &[f64], f: &mut [f64]| {
        f[0] = 1.0;
        f[1] = (1.0 - t).sqrt();
    };
    for stiff in METHODS {
        let solution = with(rates, &[0.0, 0.0], TOLERANCE, stiff);
        let Err(Failure::NotReal { t, component: 1 }) = solution.value(0, 2.0) else {
            panic!("the root of 1 - t ends at 1")
        };
        assert!((t - 1.0).abs() < 1e-9, "{t}");
        let exact = 2.0 / 3.0 * (1.0 - 0.1 * f64::sqrt(0.1));
        assert!((solution.value(1, 0.9).expect("a value") - exact).abs() < TOLERANCE);
    }
    let solution = with(|_, _, f| f[0] = f64::NAN, &[0.0], TOLERANCE, None);
    assert_eq!(solution.value(0, 0.0), Err(Failure::NotReal { t: 0.0, component: 0 }));
}

#[test]
fn jumps_of_the_rates_are_passed() {
    let impulse = |t: f64, _: &[f64], f: &mut [f64]| f[0] = if (5.0..5.25).contains(&t) { 4.0 } else { 0.0 };
    let triangle = |t: f64, _: &[f64], f: &mut [f64]| f[0] = if libm::sin(t) < 0.0 { -1.0 } else { 1.0 };
    for stiff in METHODS {
        let after = with(impulse, &[0.0], TOLERANCE, stiff).value(0, 9.0).expect("a value");
        assert!((after - 1.0).abs() <= TOLERANCE, "{after}, {stiff:?}");
        let exact = |t: f64| (t % (2.0 * PI)).min(2.0 * PI - t % (2.0 * PI));
        let worst = worst(&with(triangle, &[0.0], TOLERANCE, stiff), [0.0, 30.0], exact);
        assert!(worst <= PI * TOLERANCE, "{worst:e}, {stiff:?}");
    }
}

/// Rates that are themselves computed with an error, such as integrals.
#[test]
fn noise_of_the_rates_costs_no_short_steps() {
    let noisy = |t: f64, y: &[f64], f: &mut [f64]| {
        f[0] = y[1];
        f[1] = -y[0] * (1.0 + 1e-10 * libm::sin(1e9 * t));
    };
    let solution = with(noisy, &[0.0, 1.0], TOLERANCE, None);
    for t in [20.0, 1000.0] {
        let error = solution.value(0, t).expect("a value") - libm::sin(t);
        assert!(error.abs() <= 1e-8, "{error:e} at {t}");
    }
}

#[test]
fn an_impulse_of_a_microsecond_moves_what_rests() {
    let impulse = |t: f64, _: &[f64], f: &mut [f64]| {
        f[0] = if (3e-6..4e-6).contains(&t) { 1e6 } else { 0.0 };
    };
    for stiff in METHODS {
        let after = with(impulse, &[0.0], TOLERANCE, stiff).value(0, 1e-5).expect("a value");
        assert!((after - 1.0).abs() <= TOLERANCE, "{after}, {stiff:?}");
    }
}

#[test]
fn too_many_steps_are_refused_and_what_is_known_stays() {
    let fast = |_: f64, y: &[f64], f: &mut [f64]| {
        f[0] = 1e6 * y[1];
        f[1] = -1e6 * y[0];
    };
    let solution = with(fast, &[1.0, 0.0], TOLERANCE, Some(false));
    let Err(Failure::TooManySteps { t, steps: 1_000_000 }) = solution.value(0, 10.0) else {
        panic!("too many steps")
    };
    assert!(t > 0.01, "{t}");
    let known = solution.value(0, 1e-4).expect("a value");
    assert!((known - libm::cos(100.0)).abs() <= TOLERANCE, "{known}");
}

#[test]
fn zeros_of_a_sine_are_found_when_they_have_happened() {
    let solution = solution(harmonic, &[0.0, 1.0]);
    for n in 0..20 {
        let exact = PI * (f64::from(n) + 1.0);
        let crossing = |t: f64| solution.crossing(0, n as usize, t).expect("a time");
        assert!(crossing(exact - 1e-6).is_nan(), "crossing {n}");
        assert!((crossing(exact + 1e-6) - exact).abs() <= TOLERANCE, "crossing {n}");
        assert_eq!(crossing(exact + 1e-6).to_bits(), crossing(1e3).to_bits());
    }
    assert!(solution.crossing(0, 0, -10.0).expect("none").is_nan());
}

#[test]
fn crossings_before_the_end_of_a_solution_are_kept() {
    // tan(t - 1), which passes zero at 1 and ends at 1 + π/2.
    let solution = solution(|_, y, f| f[0] = 1.0 + y[0] * y[0], &[-libm::tan(1.0)]);
    assert!((solution.crossing(0, 0, 9.0).expect("a time") - 1.0).abs() <= TOLERANCE);
    assert!(matches!(solution.crossing(0, 1, 9.0), Err(Failure::BlowUp { .. })));
    assert!(solution.crossing(0, 1, 2.5).expect("no second zero").is_nan());
}

#[test]
fn values_do_not_depend_on_what_was_asked_before() {
    let problems: [(RatesFn, &[f64]); 3] =
        [(lorenz, &[1.0; 3]), (stiff_van_der_pol, &[2.0, 0.0]), (harmonic, &[0.0, 1.0])];
    let times: Vec<f64> = (0..200).map(|n| 0.37 * f64::from(n * 77 % 200) - 0.02).collect();
    for (rates, start) in problems {
        let ask = |solution: &Solution<Functions>, t: f64| {
            let time = solution.crossing(0, 1, t).expect("a time");
            [solution.value(0, t).expect("a value").to_bits(), time.to_bits()]
        };
        let fresh: Vec<_> = times.iter().map(|t| ask(&solution(rates, start), *t)).collect();
        let shared = solution(rates, start);
        shared.value(0, 100.0).expect("a value");
        let late_first: Vec<_> = times.iter().map(|t| ask(&shared, *t)).collect();
        assert_eq!(fresh, late_first);
        let shared = solution(rates, start);
        let backwards: Vec<_> = times.iter().rev().map(|t| ask(&shared, *t)).collect();
        assert!(fresh.iter().eq(backwards.iter().rev()));
        let shared = solution(rates, start);
        std::thread::scope(|scope| {
            for (times, fresh) in times.chunks(50).zip(fresh.chunks(50)) {
                let (ask, shared) = (&ask, &shared);
                scope.spawn(move || {
                    for (t, expected) in times.iter().zip(fresh) {
                        assert_eq!(ask(shared, *t), *expected);
                    }
                });
            }
        });
    }
}

#[test]
fn a_time_that_is_not_finite_has_no_value() {
    let solution = solution(harmonic, &[0.0, 1.0]);
    for t in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(solution.value(0, t).expect("a NaN").is_nan());
        assert!(solution.crossing(0, 0, t).expect("a NaN").is_nan());
    }
}

/// The steps, and with them every bit, are the same on all platforms.
#[test]
fn every_platform_computes_the_same_bits() {
    let chaos = solution(lorenz, &[1.0; 3]).state(40.0).expect("a state");
    let stiff = solution(stiff_van_der_pol, &[2.0, 0.0]).state(900.0).expect("a state");
    let bits: Vec<u64> = chaos.iter().chain(&stiff).map(|value| value.to_bits()).collect();
    let expected = [
        0x4003_0cd2_9d0b_049b,
        0x3ff2_71aa_a689_4f8a,
        0x4036_89e6_957a_9e4b,
        0xbffe_fbac_39f7_2b1a,
        0x3f47_1355_0310_5526,
    ];
    assert_eq!(bits, expected);
}
