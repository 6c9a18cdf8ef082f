//! The figures of `docs/post/state-space.md`.

use std::f64::consts::PI;

use num_complex::Complex64;

use super::{real, value};
use crate::support::scenes::repository_scene;

/// The rates of the state (x, v) of a mass of 1 kg on 40 N/m and 5 N s/m.
fn rates([x, v]: [f64; 2], force: f64) -> [f64; 2] {
    [v, -40.0 * x - 5.0 * v + force]
}

/// The state after `span` seconds, by many steps of Runge and Kutta from the time `t` on.
fn moved(mut state: [f64; 2], mut t: f64, span: f64, force: impl Fn(f64) -> f64) -> [f64; 2] {
    const STEPS: u32 = 2000;
    let h = span / f64::from(STEPS);
    for _ in 0..STEPS {
        let at = |slope: [f64; 2], part: f64| [state[0] + part * slope[0], state[1] + part * slope[1]];
        let first = rates(state, force(t));
        let second = rates(at(first, h / 2.0), force(t + h / 2.0));
        let third = rates(at(second, h / 2.0), force(t + h / 2.0));
        let fourth = rates(at(third, h), force(t + h));
        for i in 0..2 {
            state[i] += h / 6.0 * (first[i] + 2.0 * second[i] + 2.0 * third[i] + fourth[i]);
        }
        t += h;
    }
    state
}

#[test]
fn the_state_of_the_pushed_mass_follows_newtons_law() {
    let scene = repository_scene("state-space-spring", &[]);
    let env = scene.env(0).expect("values");
    // The force is 10·sin(5t) while that is above 5, in every second one of its periods.
    let (on, off, period) = (PI / 30.0, PI / 6.0, 4.0 * PI / 5.0);
    let mut state = [0.0, 0.0];
    let mut t = 0.0;
    for (until, pushed) in
        [(on, false), (off, true), (on + period, false), (off + period, true), (4.0, false)]
    {
        let force = |t: f64| if pushed { 10.0 * (5.0 * t).sin() } else { 0.0 };
        state = moved(state, t, until - t, force);
        t = until;
        let env = env.with_time(t);
        for (i, expected) in state.into_iter().enumerate() {
            let x = value(&env, &format!("ss.x[{i}]"));
            assert!((x - expected).abs() < 1e-10, "x[{i}] at {t}: {x} and {expected}");
        }
        assert!((value(&env, "ss.y") - state[0]).abs() < 1e-10);
    }
    for (entry, expected) in [("A[0][0]", 0.0), ("A[0][1]", 1.0), ("A[1][0]", -40.0), ("A[1][1]", -5.0)] {
        assert!((value(&env, &format!("ss.{entry}")) - expected).abs() < 1e-15);
    }
}

/// The factor of a step, made of the product of the pole and the step.
type Factor = fn(Complex64) -> Complex64;

const METHODS: [(&str, Factor); 3] = [
    ("euler", |s| 1.0 + s),
    ("back", |s| 1.0 / (1.0 - s)),
    ("bilinear", |s| (1.0 + s / 2.0) / (1.0 - s / 2.0)),
];

#[test]
fn each_method_multiplies_the_state_by_the_image_of_the_pole() {
    let scene = repository_scene("discretization", &[]);
    let env = scene.env(0).expect("values");
    let s = Complex64::new(0.0, 0.45);
    for ((name, factor), size) in METHODS.into_iter().zip([1.097, 0.912, 1.0]) {
        let z = factor(s);
        assert!((z.norm() - size).abs() < 5e-4, "{name}: {z}");
        assert!((value(&env, &format!("abs({name}.pole[0])")) - z.norm()).abs() < 1e-14);
        for k in 0..=12 {
            let expected = z.powi(k);
            for (i, expected) in [expected.re, -expected.im].into_iter().enumerate() {
                let x = value(&env, &format!("{name}.x[{i}]({k})"));
                assert!((x - expected).abs() < 1e-12, "{name}.x[{i}]({k}): {x} and {expected}");
            }
        }
    }
    // One step of the bilinear method turns by less than the motion does.
    assert!((value(&env, "arg(bilinear.pole[0])").abs() - 0.4426).abs() < 5e-5);
}

#[test]
fn the_imaginary_axis_becomes_a_line_and_two_circles() {
    let scene = repository_scene("discretization", &[]);
    let env = scene.env(0).expect("values");
    for part in 0..=12 {
        let t = 5.4 * f64::from(part) / 12.0;
        let probe = value(&env.with_time(t), "im(probe)");
        assert!((probe - 1.1 * (2.0 * PI * t / 5.4).sin()).abs() < 1e-12, "{probe}");
        let [euler, back, bilinear] = METHODS.map(|(_, factor)| factor(Complex64::new(0.0, probe)));
        assert!((euler.re - 1.0).abs() < 1e-15);
        assert!(((back - 0.5).norm() - 0.5).abs() < 1e-15);
        assert!((bilinear.norm() - 1.0).abs() < 1e-15);
    }
}

#[test]
fn recurrence_and_convolution_agree() {
    let scene = repository_scene("ssm-convolution", &[]);
    let env = scene.env(0).expect("values");
    // The bilinear method for A = [[0, 1], [-1, -0.4]], B = [0, 1.6] and steps of h: (1 - h/2·A)·x' = (1 + h/2·A)·x + h·B·u.
    let h = 0.6_f64;
    let determinant = 1.0 + 0.2 * h + h * h / 4.0;
    let solve = |[a, b]: [f64; 2]| {
        [((1.0 + 0.2 * h) * a + h / 2.0 * b) / determinant, (b - h / 2.0 * a) / determinant]
    };
    let input = |k: usize| match k {
        3 => 1.0,
        12..=17 => 0.6,
        24 => -1.0,
        _ => 0.0,
    };
    let run = |input: &dyn Fn(usize) -> f64| {
        let mut x = [0.0, 0.0];
        let mut outputs = Vec::new();
        for k in 0..36 {
            let explicit = [x[0] + h / 2.0 * x[1], x[1] - h / 2.0 * x[0] - 0.2 * h * x[1]];
            x = solve([explicit[0], explicit[1] + 1.6 * h * input(k)]);
            outputs.push(x[0]);
        }
        outputs
    };
    let (kernel, y) = (run(&|k| f64::from(u8::from(k == 0))), run(&input));
    for k in 0..36 {
        let sum: f64 = (0..=k).map(|i| kernel[k - i] * input(i)).sum();
        let shown = ["ssm.K", "ssm.y", "convolved"].map(|name| value(&env, &format!("{name}({k})")));
        for (shown, expected) in shown.into_iter().zip([kernel[k], y[k], sum]) {
            assert!((shown - expected).abs() < 1e-13, "{k}: {shown} and {expected}");
        }
        assert!((y[k] - sum).abs() < 1e-14);
    }
}

#[test]
fn held_input_delays_the_output_by_half_a_step() {
    let scene = repository_scene("zero-order-hold", &[]);
    for step in [4, 6, 8, 10] {
        let late = |h: f64, t: f64| {
            let k = (t / h).round();
            real(&scene, &[("h", h)], &format!("held.y({k:?}) - smooth.y({t:?} - h/2)"))
        };
        let off = |h: f64, t: f64| {
            let k = (t / h).round();
            real(&scene, &[("h", h)], &format!("held.y({k:?}) - smooth.y({t:?})"))
        };
        let t = f64::from(step);
        // Beside the delay, what is left is of second order.
        assert!(late(0.01, t).abs() < 0.05 * off(0.1, t).abs(), "{t}: {} {}", late(0.01, t), off(0.1, t));
        assert!(late(0.02, t).abs() < 2e-4, "{t}: {}", late(0.02, t));
    }
}

#[test]
fn the_bars_are_the_states_of_the_recurrence() {
    let scene = repository_scene("ssm-recurrence", &[]);
    let value = |source: &str| real(&scene, &[], source);
    for k in [1, 9, 40, 80] {
        for m in 0..4 {
            let sum: f64 = (0..4).map(|n| value(&format!("d.Ad[{m}][{n}](1)*d.x[{n}]({})", k - 1))).sum();
            let next = sum + value(&format!("d.Bd[{m}](1)*d.u({k})"));
            assert!((next - value(&format!("d.x[{m}]({k})"))).abs() < 1e-12, "step {k}, state {m}");
        }
        assert!((value(&format!("d.y({k}) - d.x[0]({k}) - 0.5*d.x[2]({k})"))).abs() < 1e-12);
    }
}
