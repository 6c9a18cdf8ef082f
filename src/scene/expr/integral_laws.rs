//! Laws of integrals of which one limit moves while the integrand stays the same.

use num_complex::Complex64;

use super::scope::Variable;
use super::{Code, ExprRole};
use crate::scene::model::{Env, Model};

/// An integrand in s, the limit that is fixed, an antiderivative.
struct Known {
    integrand: &'static str,
    fixed: f64,
    antiderivative: fn(f64) -> f64,
}

const KNOWN: [Known; 7] = [
    Known { integrand: "cos(s)", fixed: 0.0, antiderivative: libm::sin },
    Known { integrand: "cos(40*s)", fixed: -1.3, antiderivative: |s| libm::sin(40.0 * s) / 40.0 },
    Known { integrand: "exp(-s^2)*2/sqrt(pi)", fixed: 0.1, antiderivative: libm::erf },
    Known {
        integrand: "sqrt(s + 6)",
        fixed: -6.0,
        antiderivative: |s| 2.0 / 3.0 * (s + 6.0) * (s + 6.0).sqrt(),
    },
    Known { integrand: "exp(3*s)", fixed: 2.0, antiderivative: |s| libm::exp(3.0 * s) / 3.0 },
    Known {
        integrand: "floor(s)",
        fixed: 0.0,
        antiderivative: |s| s.floor() * (s - 0.5 * (s.floor() + 1.0)),
    },
    Known {
        integrand: "1/(1 + 1e4*(s - 1)^2)",
        fixed: 0.25,
        antiderivative: |s| libm::atan(100.0 * (s - 1.0)) / 100.0,
    },
];

fn limits() -> Vec<f64> {
    (-300..=300).map(|k| f64::from(k) * 0.0197).collect()
}

fn compiled(model: &Model, source: &str) -> Code {
    model.compile(source, ExprRole::Element(&[])).expect(source)
}

/// The values at the limits, with the bits of single evaluations, and the work of all together.
fn values(env: &Env<'_>, source: &str) -> (Vec<f64>, u64) {
    let code = compiled(env.model(), source);
    let env = env.with_own_work();
    let lanes = env.eval_lanes(&code, Variable::Time, &limits()).expect("lanes");
    let work = env.work().spent();
    for (lane, t) in limits().into_iter().enumerate() {
        let single = env.with_time(t).with_own_work().eval(&code).expect("a value");
        assert_eq!(format!("{single:?}"), format!("{:?}", lanes.at(lane)), "{source} at {t}");
    }
    (lanes.into_reals(limits().len()).expect("real values"), work)
}

#[test]
fn continued_integrals_have_the_values_of_antiderivatives() {
    let model = Model::builder().build().expect("an empty model");
    let env = model.env(&[]).expect("values");
    for Known { integrand, fixed, antiderivative } in KNOWN {
        let integral = |body: &str| format!("integral({body}, s, {fixed}, t)");
        let (continued, work) = values(&env, &integral(integrand));
        // An integrand that the time could change is integrated anew for each limit.
        let (anew, work_anew) = values(&env, &integral(&format!("{integrand} + 0*t")));
        let (magnitudes, _) = values(&env, &integral(&format!("abs({integrand})")));
        let mut errors = [0.0_f64; 2];
        for (at, t) in limits().into_iter().enumerate() {
            let exact = antiderivative(t) - antiderivative(fixed);
            // Rounding of the exact value, which is a difference.
            let rounding = 4.0 * f64::EPSILON * (antiderivative(fixed).abs() + exact.abs());
            let error = |value: f64| ((value - exact).abs() - rounding) / (magnitudes[at].abs() + 1e-300);
            assert!(continued[at].is_finite() && anew[at].is_finite(), "{integrand} at {t}");
            errors = [errors[0].max(error(continued[at])), errors[1].max(error(anew[at]))];
        }
        assert!(errors[0] < 1e-13 && errors[0] <= errors[1] + 1e-15, "{integrand}: {errors:?}");
        assert!(work < work_anew, "{integrand}: {work} and {work_anew}");
    }
}

#[test]
fn an_integrand_may_be_infinite_at_a_limit() {
    let model = Model::builder().build().expect("an empty model");
    let env = model.env(&[]).expect("values");
    for source in ["integral(1/sqrt(s), s, 0, t)", "integral(1/sqrt(s) + 0*t, s, 0, t)"] {
        let code = compiled(&model, source);
        for t in limits().into_iter().filter(|t| *t > 0.0) {
            let value = env.with_time(t).eval_real(&code).expect("a value");
            let exact = 2.0 * t.sqrt();
            assert!((value - exact).abs() <= 1e-12 * exact, "{source} at {t}: {value} is not {exact}");
        }
    }
}

#[test]
fn a_limit_that_does_not_move_alone_is_not_fixed() {
    let model = Model::builder().build().expect("an empty model");
    let env = model.env(&[]).expect("values");
    for source in ["integral(exp(-s), s, t - 1, t + 1)", "integral(exp(-s), s, 0, 2)"] {
        let exact = if source.contains("t - 1") { 1.0 } else { -libm::expm1(-2.0) };
        let (found, _) = values(&env, source);
        for (value, t) in found.into_iter().zip(limits()) {
            let exact = if exact == 1.0 { libm::exp(1.0 - t) - libm::exp(-1.0 - t) } else { exact };
            assert!((value - exact).abs() < 1e-12 * exact, "{source} at {t}: {value} is not {exact}");
        }
    }
}

#[test]
fn both_limits_and_both_directions_can_be_fixed() {
    let model = Model::builder().build().expect("an empty model");
    let env = model.env(&[]).expect("values");
    let forward = compiled(&model, "integral(exp(j*s), s, 0.5, t)");
    let backward = compiled(&model, "integral(exp(j*s), s, t, 0.5)");
    for t in [-3.0, -0.1, 0.5, 0.500_000_1, 7.0, 1e-300, 123.456] {
        let [forward, backward] =
            [&forward, &backward].map(|code| env.with_time(t).eval(code).expect("a value"));
        let antiderivative = |s: f64| Complex64::new(libm::sin(s), -libm::cos(s));
        let exact = antiderivative(t) - antiderivative(0.5);
        let length = (t - 0.5).abs();
        assert!((forward - exact).norm() <= 1e-13 * length + 1e-15, "{t}: {forward} is not {exact}");
        assert!(forward == -backward, "{t}: {forward} is not minus {backward}");
    }
}
