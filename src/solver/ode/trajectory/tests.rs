//! The choice of the method, and the limit of steps.

use super::*;
use crate::solver::ode::step::Direction;

#[derive(Debug)]
struct Rates(fn(&[f64], &mut [f64]));

impl Equation for Rates {
    type Error = ();

    fn rates(&self, _: f64, state: &[f64], rates: &mut [f64]) -> Result<(), ()> {
        (self.0)(state, rates);
        Ok(())
    }

    fn event(&self, _: usize, _: f64, _: &[f64]) -> Result<f64, ()> {
        Ok(1.0)
    }
}

fn solved(rates: fn(&[f64], &mut [f64]), start: &[f64], tolerance: f64, time: f64) -> Trajectory<()> {
    let settings = Settings { start: start.to_vec(), tolerance, stiff: None, events: 0 };
    let mut trajectory = Trajectory::new(&settings);
    trajectory.extend(&Problem { equation: &Rates(rates), direction: Direction::Forward }, time);
    trajectory
}

const TOLERANCES: [f64; 5] = [1e-2, 1e-4, 1e-7, 1e-10, 1e-13];

#[test]
fn chaos_and_oscillations_are_not_stiff() {
    let lorenz = |y: &[f64], f: &mut [f64]| {
        f[0] = 10.0 * (y[1] - y[0]);
        f[1] = y[0] * (28.0 - y[2]) - y[1];
        f[2] = y[0] * y[1] - 8.0 / 3.0 * y[2];
    };
    let harmonic = |y: &[f64], f: &mut [f64]| (f[0], f[1]) = (y[1], -y[0]);
    for tolerance in TOLERANCES {
        let chaos = solved(lorenz, &[1.0; 3], tolerance, 100.0);
        let wave = solved(harmonic, &[1.0, 0.0], tolerance, 1000.0);
        for method in [chaos.method, wave.method] {
            assert!(matches!(method, Method::Explicit(_)), "{tolerance:e}");
        }
    }
}

#[test]
fn a_fast_decay_is_stiff_at_every_tolerance() {
    let decays = |y: &[f64], f: &mut [f64]| (f[0], f[1]) = (-y[1], -1e5 * (y[1] - y[0]));
    for tolerance in TOLERANCES {
        let trajectory = solved(decays, &[1.0, 1.0], tolerance, 10.0);
        assert!(matches!(trajectory.method, Method::Implicit(_)), "{tolerance:e}");
        assert!(trajectory.steps() < 3000, "{} steps for {tolerance:e}", trajectory.steps());
    }
}

#[test]
fn the_limit_of_steps_is_a_million_for_one_and_two_states() {
    assert_eq!([1, 2, 3].map(max_steps), [1_000_000, 1_000_000, 680_000]);
}
