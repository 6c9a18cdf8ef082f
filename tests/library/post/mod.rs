//! Laws of the figures of the post: the numbers that a figure shows, and those that its chapter in `docs/post` claims,
//! against closed forms that are computed here.

mod memory;
mod state_space;
mod waves;

use kymograph::scene::expr::ExprRole;
use kymograph::scene::model::Env;

/// The value of an expression of a scene.
fn value(env: &Env<'_>, expression: &str) -> f64 {
    let code = env.model().compile(expression, ExprRole::Element(&[])).expect(expression);
    env.eval_real(&code).expect(expression)
}

/// The integral of a smooth function by Simpson's rule.
fn integral(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    const PIECES: u32 = 2000;
    let step = (to - from) / f64::from(PIECES);
    let piece = |k: u32| {
        let left = from + step * f64::from(k);
        step / 6.0 * (f(left) + 4.0 * f(left + step / 2.0) + f(left + step))
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
