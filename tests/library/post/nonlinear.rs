//! The pendulum with a large swing, and the system of Lorenz.

use std::f64::consts::PI;

use super::{assert_near, complex, real};
use crate::support::scenes::repository_scene;

/// The arithmetic-geometric mean.
fn agm(mut a: f64, mut b: f64) -> f64 {
    for _ in 0..20 {
        (a, b) = (f64::midpoint(a, b), (a * b).sqrt());
    }
    a
}

#[test]
fn a_pendulum_takes_longer_for_a_large_swing() {
    let scene = repository_scene("pendulum", &[]);
    let omega0 = 9.81_f64.sqrt();
    let theta0 = 5.0 * PI / 6.0;
    // Gauss: T = 2π/(ω0·agm(1, cos(θ0/2)))
    let period = 2.0 * PI / (omega0 * agm(1.0, (theta0 / 2.0).cos()));
    assert_near(complex(&scene, &[], "4*real.low[0](8)"), period, 1e-9);
    assert_near(complex(&scene, &[], "small.period"), 2.0 * PI / omega0, 1e-12);
    assert_eq!(format!("{period:.2} {:.2}", 2.0 * PI / omega0), "3.54 2.01");
    assert_eq!(format!("{:.2}", period * omega0 / (2.0 * PI)), "1.76");
    for k in 0..=40 {
        let t = f64::from(k) / 5.0;
        let now = |name: &str| real(&scene, &[("t", t)], name);
        // Energy: θ̇²/2 − ω0²·cos θ is constant.
        let energy = now("real.rate").powi(2) / 2.0 - 9.81 * now("real.theta").cos();
        assert!((energy + 9.81 * theta0.cos()).abs() < 1e-8, "{energy}");
        // The path stays inside of the dashed line, on which the pendulum would just stand upside down.
        assert!(now("abs(real.rate)") < now("2*w0*cos(real.theta/2)"));
    }
}

/// The system of Lorenz at the time t, by the classical method of Runge and Kutta with many steps.
fn lorenz(mut state: [f64; 3], t: f64) -> [f64; 3] {
    let steps = (t * 2000.0).round();
    let h = t / steps;
    let rates = |[x, y, z]: [f64; 3]| [10.0 * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z];
    let moved = |s: [f64; 3], r: [f64; 3], h: f64| [0, 1, 2].map(|i| s[i] + h * r[i]);
    for _ in 0..steps as usize {
        let a = rates(state);
        let b = rates(moved(state, a, h / 2.0));
        let c = rates(moved(state, b, h / 2.0));
        let d = rates(moved(state, c, h));
        state = [0, 1, 2].map(|i| state[i] + h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]));
    }
    state
}

#[test]
fn two_motions_of_lorenz_part_after_thirteen_seconds() {
    let scene = repository_scene("lorenz", &[]);
    let starts = [[1.0, 1.0, 20.0], [1.00001, 1.0, 20.0]];
    let distance = |t: f64| {
        let [a, b] = starts.map(|start| lorenz(start, t));
        [0, 1, 2].map(|i| (a[i] - b[i]).powi(2)).iter().sum::<f64>().sqrt()
    };
    assert_near(complex(&scene, &[("t", 0.0)], "distance"), 1e-5, 1e-11);
    for t in [1.0, 4.0, 8.0] {
        let (shown, by_hand) = (real(&scene, &[("t", t)], "distance"), distance(t));
        assert!((shown / by_hand - 1.0).abs() < 1e-3, "{shown} and {by_hand} at {t}");
        // The line of exp(0.9·t), within the swing of a turn.
        let line = 1e-5 * (0.9 * t).exp();
        assert!((0.02..50.0).contains(&(by_hand / line)), "{by_hand} and {line} at {t}");
    }
    let shown = |k: u32| real(&scene, &[("t", f64::from(k) / 20.0)], "distance");
    let parted = (0..=520).find(|k| shown(*k) > 10.0).expect("they part");
    assert!((12.0..14.0).contains(&(f64::from(parted) / 20.0)), "{parted}");
    // From then on they are as far apart as any two points of the attractor.
    assert!((parted..=520).all(|k| shown(k) < 60.0));
}
