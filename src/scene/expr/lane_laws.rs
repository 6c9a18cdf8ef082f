//! Laws of the lane evaluator.

use num_complex::Complex64;

use super::ExprRole;
use super::arithmetic::{divide, multiply};
use super::code::Code;
use super::kronrod::{estimates, nodes};
use super::quadrature::{Domain, NextStep};
use super::scope::Variable;
use super::series::{Accumulator, Series};
use crate::scene::model::{Env, Model};
use crate::system::SystemKind;

/// Expressions whose lanes are evaluated together.
const TOGETHER: [&str; 34] = [
    "3 - t*k",
    "0.9*sin(p + 0.7*u) - cos(t^2)/2 + tan(u)",
    "wave(t - 1/3) + wave(u)",
    "t^3 - t^-2 + t^1.5 + 2^t + t^t + u^2",
    "exp(-t)*log(t) + sqrt(t - 0.5)",
    "exp(j*t) + (1 + j*u)^(0.3 + j/5)",
    "exp(j*t)*exp(-j*t) + 0*j",
    "atan(t) + sinh(t) + cosh(t)*tanh(t)",
    "asin(t) + acos(t) + atan2(t, u) + hypot(t, k) - legendre(3, t)",
    "abs(t) + sign(t) + floor(t) + ceil(u) + re(j*t) + im(j*t) + arg(t) + conj(j*t)",
    "min(t, 0) + max(t, u, 1) + mod(t, 0.7)",
    "t < 1",
    "(t <= 1) + (t > u) + (t >= 0) + (t == 0) + (t != 1) + (not t)",
    "not (t - 1)",
    "k > 1 and t",
    "k < 1 or t - 1",
    "k < 1 and t < 1",
    "if(k > 1, t, sqrt(t))",
    "if(t > -100, t, 0)",
    "if(nan, t, 0)",
    "s.x + s.v(t/2) + s.z + s.omega0 + s.x(1)",
    "sum(sin(n*t)/n, n, 1, 9) + sum(n, n, 1, 0) + sum(n*j*u, n, 1, 3) + sum(n, n, 1, 0.5)",
    "t*integral(exp(-s1^2), s1, 0, inf) + integral(1/s1, s1, 0, 1)",
    "1/t + 1/(t*0)",
    "-t - (-j)",
    "log10(t) + log2(u) + log10(j*t) + cbrt(t) + erf(u) + sinc(t) + sinc(t + j*u)",
    "gamma(t + 3.1) + factorial(floor(t)) + besselj(3, 4*t) + besselj(floor(t), u) + gamma(j*t)",
    "mean(sin(n*t), n, 1, 9) + prod(t - n*j, n, 1, 3) + mean(t, n, 1, 0) + prod(u, n, 1, 0)",
    "interp(t, [[-1, 0], [0, u], [1, 3*j], [2, 1]]) + interp(u, [[0, 1], [1, t]])",
    "interp(k, [[0, 1], [2, 3]]) + interp(t, [[u, 1], [1, 2]])",
    "t*integral(wave*t, t, 0, k) + sum(p + s.x, t, 0, 3) + mean(s.x(t - 1), t, 0, 3)",
    "sum(n, n, 1, sum(t, t, 1, 2))*u",
    "H(t, u) + H(2, j) + H(u, k)(t - 1) + H(t, wave)(0)",
    "abs(H(H(u, 1), t)) + sum(re(H(n, t)), n, 1, 3)",
];

/// Expressions whose lanes take different steps.
const DIVIDED: [&str; 19] = [
    "if(t > 1, t, 0)",
    "if(t > 1, nan, 0) + u",
    "if(sqrt(t), if(u > 0, wave, j), p)",
    "t > 1 and t",
    "t > 1 or 0",
    "(u or t/0) + (u > 0 and wave)",
    "integral(sin(s1*t), s1, 0, 1)",
    "integral(s1, s1, 0, t)",
    "integral(exp(-t), t, 0, u)",
    "integral(exp(-(s1 - 3*t)^2*40 + j*s1*t), s1, -inf, inf)",
    "integral(exp(-s1*(k + u)), s1, t, inf) + integral(1/(s1 - t), s1, 0, 1)",
    "integral(if(s1 < 1, 1, t), s1, 0, 2) + integral(wave, t, t, inf)",
    "integral(integral(cos(s1*s2*u), s1, 0, s2), s2, t, 1)",
    "integral(sum(sin(n*s1*t)/n, n, 1, 20), s1, 0, u)",
    "sum(n, n, 1, floor(t + 4)) + sum(n*t, n, floor(u), 3)",
    "prod(t + n/3, n, floor(2*t), 2) + mean(exp(j*n*t), n, -3, floor(u + 30))",
    "sum(if(n > 2, wave(n*t), n*j), n, 0, floor(9*u))",
    "kk*t + integral(re(kk)*s1*p, s1, 0, k)",
    "sum(wave*sum(u*m*wave(n), m, 1, 3) + sum(integral(k*s1*t, s1, 0, n), m, 0, n), n, 1, 12)",
];

/// Expressions that repeat parts of themselves, in several surroundings.
const REPEATED: [&str; 8] = [
    "sin(3*t)*exp(-t)*sin(3*t) + sin(3*t)/exp(-t)",
    "wave*wave + wave(t - 1)*wave + wave(t - 1) + s.x*s.x(0) + s.x",
    "if(t > 1, sin(u*t) + sin(u*t), sin(u*t)*2) + (sin(u*t) > 0 and sin(u*t) < 0.5)",
    "sum(sin(n*t)*sin(n*t), n, 1, 3) + sum(sin(n*t)*sin(n*t), n, 2, 30) + sin(t)*sin(t)",
    "sum(cos(t/2)*cos(t/2), t, 1, 3) + cos(t/2)*cos(t/2)",
    "integral(exp(-s1*k)*exp(-s1*k)/(1 + t^2), s1, 0, 1) + integral(exp(-s1*k), s1, 0, u)*(1 + t^2)",
    "H(t*u + 1, u*t + 1) + H(t*u + 1, u*t + 1)(t - 1)*H(t*u + 1, 2)",
    "(-0.0)*sqrt(t) + 0.0*sqrt(t) + sqrt(t) + interp(sqrt(t), [[0, sqrt(t)], [1, u]])",
];

/// Calls `check` with every source, its code, and each variable that it can run over.
fn for_each_code(sources: &[&str], check: impl Fn(&str, &Code, &Env<'_>, Variable)) {
    let mut builder = Model::builder();
    builder
        .param("k", 1.7)
        .param("kk", "k^2 - j")
        .signal("p", "2*pi*(3.5*u - k*t)")
        .signal("wave", "sin(3*t)*exp(-t/3)")
        .signal("H(w, a)", "a/(k - w^2 + j*w*t) + sum(a*n, n, 1, 3)")
        .free("u");
    builder.system("s", SystemKind::OSCILLATOR, [("omega0", 2.0), ("zeta", 0.1), ("x0", 1.0)]);
    let model = builder.build().expect("a model");
    let free = model.free("u").expect("u");
    let k = model.param("k").expect("k");
    let env = model.env(&[]).expect("values").with_time(0.3).bind(Variable::Free(free), 0.2).expect("values");
    for source in sources {
        let code = model.compile(source, ExprRole::Element(&[free])).expect(source);
        for over in [Variable::Time, Variable::Free(free), Variable::Param(k)] {
            check(source, &code, &env, over);
        }
    }
}

fn values() -> Vec<f64> {
    (-40..=40).map(|k| f64::from(k) / 16.0).collect()
}

/// Whether two values have the same bits, or are both undefined.
fn is_same(a: Complex64, b: Complex64) -> bool {
    [(a.re, b.re), (a.im, b.im)].iter().all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}

#[test]
fn every_lane_has_the_bits_of_its_scalar_evaluation() {
    for_each_code(&[&TOGETHER[..], &DIVIDED[..], &REPEATED[..]].concat(), |source, code, env, over| {
        let lanes = env.eval_lanes(code, over, &values()).unwrap_or_else(|| panic!("{source}: no lanes"));
        for (lane, value) in values().into_iter().enumerate() {
            let scalar = env.bind(over, value).expect("a value").eval(code).expect("a value");
            assert!(
                is_same(lanes.at(lane), scalar),
                "{source} at {value}: {} is not {scalar}",
                lanes.at(lane)
            );
        }
    });
}

#[test]
fn an_error_in_one_lane_leaves_no_lanes() {
    for_each_code(&["sum(n, n, 1, if(t > 1, 1e12, 2))"], |source, code, env, over| {
        let expected = (over != Variable::Time).then_some(Complex64::new(3.0, 0.0));
        let lanes = env.with_own_work().eval_lanes(code, over, &values());
        assert_eq!(lanes.map(|lanes| lanes.at(3)), expected, "{source}");
    });
    for_each_code(&["t"], |_, code, env, over| assert_eq!(env.eval_lanes(code, over, &[]), None));
}

/// The value of an expression in `u`, with the other variables as they are.
fn at(env: &Env<'_>, source: &str, u: f64) -> Complex64 {
    let model = env.model();
    let free = model.free("u").expect("u");
    let code = model.compile(source, ExprRole::Element(&[free])).expect(source);
    env.bind(Variable::Free(free), u).expect("a value").eval(&code).expect("a value")
}

#[test]
fn a_series_has_the_bits_of_its_terms_added_one_by_one() {
    for_each_code(&["sum(sin(n*t)/n + exp(j*n*k)*wave, n, 1, 700)"], |_, code, env, over| {
        let mut total = Accumulator::new(Series::Sum);
        for n in 1..=700 {
            total.add(at(env, "sin(u*t)/u + exp(j*u*k)*wave", f64::from(n)));
        }
        assert!(is_same(env.eval(code).expect("a value"), total.value()));
        let present = match over {
            Variable::Time => env.time(),
            Variable::Param(param) => env.param(param).re,
            Variable::Free(free) => env.free(free),
        };
        let lanes = env.eval_lanes(code, over, &[0.1, present, -1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert!(is_same(lanes.expect("lanes").at(1), total.value()));
    });
}

#[test]
fn an_integral_has_the_bits_of_its_points_evaluated_one_by_one() {
    for_each_code(&["integral(exp(-s1^2)*exp(j*s1*k)*wave, s1, -inf, 3)"], |_, code, env, _| {
        let piece = Domain::between(f64::NEG_INFINITY, 3.0, None).pieces()[0];
        let mut rule = piece.rule();
        let mut wanted = piece.first_subintervals();
        let value = loop {
            rule.add(wanted.iter().flat_map(|between| {
                let nodes = nodes(*between);
                let values = nodes.map(|u| at(env, "exp(-u^2)*exp(j*u*k)*wave", piece.point(u)));
                let [mut re, mut im] = [values.map(|value| value.re), values.map(|value| value.im)];
                piece.transform(*between, [&mut re, &mut im]);
                estimates(&[*between], &re, &im)
            }));
            match rule.next_step() {
                NextStep::Done(totals) => break totals.accepted(),
                NextStep::Halve(halves) => wanted = halves,
            }
        };
        assert!(is_same(env.eval(code).expect("a value"), value));
    });
}

#[test]
fn a_value_that_is_used_twice_has_the_bits_of_each_use() {
    let parts = ["sin(3*t)*exp(-t/u)", "wave + j*t", "H(u*t, 2)", "sum(sin(n*t)/n, n, 1, 3)", "s.x(t/2) + u"];
    for part in parts {
        let single = format!("{part} + 0");
        for_each_code(&[&single], |_, code, env, over| {
            let twice = format!("({part})*({part}) - ({part})/({part})");
            let model = env.model();
            let free = model.free("u").expect("u");
            let twice = model.compile(&twice, ExprRole::Element(&[free])).expect(part);
            for value in [-1.5, 0.3, 2.0] {
                let env = env.bind(over, value).expect("a value");
                let once = env.eval(code).expect("a value");
                let expected = multiply(once, once) - divide(once, once);
                assert!(is_same(env.eval(&twice).expect("a value"), expected), "{part} at {value}");
            }
        });
    }
}

#[test]
fn equal_parts_are_evaluated_once() {
    // The reduction of a large angle is counted each time that it is done, for each lane.
    let angle = |times: usize| vec!["sin(1e9*t)"; times].join(" + ");
    for_each_code(&[&angle(1)], |_, once, env, over| {
        let spent = |code: &Code| {
            let env = env.with_own_work();
            env.eval_lanes(code, over, &values()).expect("lanes");
            env.work().spent()
        };
        let weight = |code: &Code| values().len() as u64 * code.weight(code.root().expect("a root"));
        for times in [2, 3, 9] {
            let code = env.model().compile(&angle(times), ExprRole::Element(&[])).expect("an expression");
            // A repeated part counts its weight and nothing else.
            assert_eq!(spent(&code) - spent(once), weight(&code) - weight(once));
        }
    });
}
