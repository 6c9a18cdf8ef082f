//! Laws of the figures of the post: the numbers that a figure shows, and those that its chapter in `docs/post` claims,
//! against closed forms that are computed here.

mod fourier;
mod laplace;
mod memory;
mod nonlinear;
mod oscillations;
mod state_space;
mod systems;
mod waves;

use std::iter::Sum;
use std::ops::{Add, Mul};

use kymograph::scene::Scene;
use kymograph::scene::expr::{ExprRole, Variable};
use kymograph::scene::model::Env;
use num_complex::Complex64;

/// The value of an expression of a scene.
fn complex_value(env: &Env<'_>, expression: &str) -> Complex64 {
    let code = env.model().compile(expression, ExprRole::Element(&[])).expect(expression);
    env.eval(&code).expect(expression)
}

/// The value of an expression of a scene, which is real.
fn value(env: &Env<'_>, expression: &str) -> f64 {
    let code = env.model().compile(expression, ExprRole::Element(&[])).expect(expression);
    env.eval_real(&code).expect(expression)
}

/// A scene at these values of params and of the time `t`.
fn at<'m>(scene: &'m Scene, values: &[(&str, f64)]) -> Env<'m> {
    let mut env = scene.env(0).expect("values");
    for &(name, value) in values {
        let param = || Variable::Param(scene.model.param(name).expect(name));
        let variable = if name == "t" { Variable::Time } else { param() };
        env.bind_in_place(variable, value).expect(name);
    }
    env
}

/// The value of an expression of a scene at these values of params and of the time `t`.
fn complex(scene: &Scene, values: &[(&str, f64)], expression: &str) -> Complex64 {
    complex_value(&at(scene, values), expression)
}

/// The same of an expression that is real.
fn real(scene: &Scene, values: &[(&str, f64)], expression: &str) -> f64 {
    value(&at(scene, values), expression)
}

#[track_caller]
fn assert_near(value: Complex64, expected: impl Into<Complex64>, tolerance: f64) {
    let expected = expected.into();
    assert!((value - expected).norm() <= tolerance, "{value} instead of {expected}");
}

/// The integral of a smooth function by Simpson's rule.
fn integral<V>(f: impl Fn(f64) -> V, from: f64, to: f64) -> V
where
    V: Add<Output = V> + Mul<f64, Output = V> + Sum,
{
    const PIECES: u32 = 2000;
    let step = (to - from) / f64::from(PIECES);
    let piece = |k: u32| {
        let left = from + step * f64::from(k);
        (f(left) + f(left + step / 2.0) * 4.0 + f(left + step)) * (step / 6.0)
    };
    (0..PIECES).map(piece).sum()
}

/// The Legendre polynomial of degree n.
fn legendre(n: usize, x: f64) -> f64 {
    let (mut before, mut now) = (0.0, 1.0);
    for k in 0..n {
        let k = k as f64;
        (before, now) = (now, ((2.0 * k + 1.0) * x * now - k * before) / (k + 1.0));
    }
    now
}
