//! Functions of the expression language against values computed elsewhere, and series and integrals over time.
//!
//! `data/functions.py` says how the values of `data/functions.csv` were computed.

use kymograph::scene::expr::{EvalError, ExprError, ExprRole};
use kymograph::scene::model::Model;
use kymograph::work::WorkMeter;
use num_complex::Complex64;

use crate::LIMIT;

/// A model with a wave `f`, its period `T`, and a system.
fn model() -> Model {
    let mut builder = Model::builder();
    builder.count_work(&WorkMeter::new(LIMIT.0));
    builder.param("T", 2.0).signal("f", "3*sin(2*pi*t/T) + 1").signal("power", "integral(f^2, t, 0, T)/T");
    builder.param("mean_square", "mean(f(t/4)^2, t, 1, 8)").param("same", "power(7)");
    builder.build().expect("a model")
}

/// The value of an expression at t = 0.3.
fn value(source: &str) -> Complex64 {
    let model = model();
    let code = model.compile(source, ExprRole::Element(&[])).unwrap_or_else(|e| panic!("{source}: {e}"));
    model.env(&[]).expect("values").with_time(0.3).eval(&code).expect("a value")
}

fn refusal(source: &str, role: ExprRole<'_>) -> ExprError {
    model().compile(source, role).expect_err(source)
}

fn assert_near(source: &str, expected: f64) {
    let found = value(source);
    let error = (found - expected).norm() / expected.abs().max(1.0);
    assert!(error <= 1e-13, "{source} is {found}, not {expected}");
}

#[test]
fn values_are_those_computed_elsewhere() {
    let mut rows = 0;
    for line in include_str!("../data/functions.csv").lines().skip(1) {
        let mut cells = line.split(',');
        let name = cells.next().expect("a name");
        let [a, b, re, im] =
            std::array::from_fn(|_| cells.next().and_then(|x| x.parse().ok()).expect("a number"));
        let source = match name {
            "besselj" => format!("besselj({a:?}, {b:?})"),
            _ => format!("{name}({a:?} + j*({b:?}))"),
        };
        let (found, expected) = (value(&source), Complex64::new(re, im));
        // Bessel functions oscillate with an amplitude up to 1, which is their scale also near their zeros.
        let scale = if name == "besselj" { 1.0 } else { expected.norm() };
        let error = (found - expected).norm();
        assert!(error <= 3e-14 * scale, "{source} is {found}, not {expected}");
        rows += 1;
    }
    assert!(rows > 200, "{rows} rows");
}

#[test]
fn exact_values_are_exact() {
    let table = [
        ("log10(1000)", 3.0),
        ("log10(1e-5)", -5.0),
        ("log2(1024)", 10.0),
        ("log2(0.125)", -3.0),
        ("cbrt(-27)", -3.0),
        ("sinc(0)", 1.0),
        ("sinc(3)", 0.0),
        ("sinc(-1e15)", 0.0),
        ("sinc(inf)", 0.0),
        ("factorial(0)", 1.0),
        ("factorial(20)", 2_432_902_008_176_640_000.0),
        ("factorial(171)", f64::INFINITY),
        ("gamma(6)", 120.0),
        ("erf(0)", 0.0),
        ("erf(inf)", 1.0),
        ("besselj(0, 0)", 1.0),
        ("besselj(-1, 0)", 0.0),
        ("mean(n, n, 1, 9)", 5.0),
        ("mean(7, n, -3, -3)", 7.0),
        ("prod(n, n, 1, 10)", 3_628_800.0),
        ("prod(n, n, 1, 0)", 1.0),
        ("prod(j, n, 1, 4)", 1.0),
        ("mean(mean(n*m, m, 1, 3), n, 1, 3)", 4.0),
    ];
    for (source, expected) in table {
        assert_eq!(value(source), Complex64::new(expected, 0.0), "{source}");
    }
    for source in [
        "cbrt(exp(j*t))",
        "erf(exp(j*t))",
        "gamma(exp(j*t))",
        "gamma(-2)",
        "factorial(-1)",
        "factorial(2.5)",
        "besselj(0.5, 1)",
        "besselj(1001, 1)",
        "besselj(1, exp(j*t))",
        "mean(n, n, 1, 0)",
        "prod(n, n, 0.5, 2)",
    ] {
        assert!(value(source).re.is_nan(), "{source}");
    }
}

#[test]
fn new_functions_obey_their_identities() {
    for x in [-2.7, -0.31, 0.4, 1.9, 5.3] {
        assert_near(&format!("gamma({x} + 1) - ({x})*gamma({x})"), 0.0);
        assert_near(&format!("cbrt({x})^3"), x);
        assert_near(&format!("besselj(0, {x})^2 + 2*sum(besselj(n, {x})^2, n, 1, 60)"), 1.0);
        assert_near(&format!("erf({x}) - 2/sqrt(pi)*integral(exp(-s^2), s, 0, {x})"), 0.0);
        assert_near(&format!("re(log10({x})) - re(log({x}))/log(10)"), 0.0);
        assert_near(&format!("abs(2^log2({x} + j) - ({x} + j))"), 0.0);
        assert_near(&format!("abs(sinc({x} + j/3)*pi*({x} + j/3) - sin(pi*({x} + j/3)))"), 0.0);
    }
}

#[test]
fn interpolation_is_linear_between_points_and_constant_beyond() {
    const POINTS: &str = "[[0, 1], [2, 5], [T + 1, 5 + 4*j], [10, pi]]";
    for (x, expected) in [
        ("-9", Complex64::new(1.0, 0.0)),
        ("0", Complex64::new(1.0, 0.0)),
        ("0.5", Complex64::new(2.0, 0.0)),
        ("2", Complex64::new(5.0, 0.0)),
        ("2.25", Complex64::new(5.0, 1.0)),
        ("10", Complex64::new(std::f64::consts::PI, 0.0)),
        ("inf", Complex64::new(std::f64::consts::PI, 0.0)),
    ] {
        assert_eq!(value(&format!("interp({x}, {POINTS})")), expected, "{x}");
    }
    for source in ["interp(nan, [[0, 1]])", "interp(j, [[0, 1]])", "interp(1, [[0, 1], [T - 2, 3]])"] {
        assert!(value(source).re.is_nan(), "{source}");
    }
    assert_near("interp(f, [[-2, 0], [4, 6]]) - f", 2.0);
    assert_near("integral(interp(s, [[0, 0], [1, 1], [2, 0]]), s, -1, 3)", 1.0);
}

#[test]
fn series_and_integrals_bind_the_time() {
    for (source, expected) in [
        ("integral(f^2, t, 0, T)/T", 5.5),
        ("power", 5.5),
        ("same", 5.5),
        ("mean_square", 5.5),
        ("integral(2*t, t, 0, 3)", 9.0),
        ("sum(t, t, 1, 4)", 10.0),
        ("prod(t, t, 1, 4)", 24.0),
        // The limits are at the present time, t = 0.3.
        ("integral(1, t, 0, t)", 0.3),
        ("t + 0*integral(t, t, 0, 1)", 0.3),
        ("integral(integral(t, t, 0, t), t, 0, 3)", 4.5),
        ("integral(f(t - s)*0 + s, s, 0, 2)", 2.0),
        ("integral(sum(n*t, n, 1, 2), t, 0, 2)", 6.0),
        ("sum(integral(n*t, t, 0, 2), n, 1, 2)", 6.0),
    ] {
        assert_near(source, expected);
    }
    let model = model();
    for (source, depends) in
        [("power", false), ("integral(f, t, 0, T)", false), ("integral(f, t, 0, t)", true)]
    {
        let code = model.compile(source, ExprRole::Element(&[])).expect(source);
        assert_eq!(code.depends_on_time(), depends, "{source}");
    }
    // Where the time is bound, a number may use it.
    assert!(model.compile("integral(f*t, t, 0, T)", ExprRole::Number).is_ok());
    assert!(refusal("integral(f, t, 0, t)", ExprRole::Number).message.contains("cannot depend on time"));
    assert!(refusal("integral(f, s, 0, 1)", ExprRole::Number).message.contains("cannot depend on time"));
}

#[test]
fn lists_stand_in_interp_only() {
    let element = ExprRole::Element(&[]);
    for (source, part, message) in [
        ("[1, 2]", "[1, 2]", "a list is no number"),
        ("sin([1])", "[1]", "a list is no number"),
        ("interp(t, 3)", "3", "`3` is no list of points"),
        ("interp(t, [])", "[]", "there are no points"),
        ("interp(t, [1, 2])", "1", "`1` is no point"),
        ("interp(t, [[1, 2], [3]])", "[3]", "`[3]` is no point"),
        ("interp(t, [[1, 2], [3, [4]]])", "[4]", "a list is no number"),
        ("interp(t, [[0, 2], [2*pi, 3], [6, 3]])", "6", "`6` does not lie beyond"),
        ("interp(t, [[0, 2], [0, 3]])", "0", "`0` does not lie beyond"),
        ("interp(t)", "interp(t)", "two arguments"),
        ("interp(t, [[0, 2)", ")", "no opening bracket"),
        ("mean(t, n, 1)", "mean(t, n, 1)", "four arguments"),
    ] {
        let error = refusal(source, element);
        assert_eq!(&source[error.span.clone()], part, "{source}: {error}");
        assert!(error.message.contains(message), "{source}: {error}");
    }
}

#[test]
fn the_work_of_series_over_time_is_bounded() {
    let model = model();
    let code =
        model.compile("sum(sum(f*n, t, 1, 30000), n, 1, 3000)", ExprRole::Number).expect("an expression");
    assert_eq!(model.env(&[]).expect("values").eval(&code), Err(EvalError::TooMuchWork(LIMIT)));
}
