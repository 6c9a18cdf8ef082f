use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use num_complex::Complex64;

use super::KIND;
use crate::system::{
    At, Component, KeyError, KeyLocation, Keys, MemberKind, Outline, OutlineValue, SignalFn, System,
    SystemError, Value, VariablesFn,
};

fn signal(function: fn(f64) -> f64) -> Value {
    let signal: SignalFn = Arc::new(move |t| Ok(function(t).into()));
    Value::Signal(signal)
}

fn solve(terms: i64, rest: (&'static str, Value)) -> Result<Arc<dyn System>, KeyError> {
    (KIND.solve)(&Keys::new(vec![("period", Value::Number(TAU)), ("terms", Value::Integer(terms)), rest]))
}

fn square() -> Arc<dyn System> {
    solve(9, ("of", signal(|t| if t.sin() > 0.0 { 1.0 } else { -1.0 }))).expect("a series")
}

fn value(system: &dyn System, name: &str, n: i64, at: At) -> Complex64 {
    let (slot, _) = system.schema().find(name).expect("a member");
    let component = Component { slot, index: [n, 0] };
    assert!(!system.schema().excludes(component), "{name}[{n}]");
    let value = system.value(component, at).expect("a value");
    let mut sample = [Complex64::ZERO];
    system.sample(component, &[at.time], &mut sample).expect("a value");
    if at.argument.is_none() && system.schema().member(slot).kind != MemberKind::TimeFunction("n") {
        assert_eq!(format!("{value:?}"), format!("{:?}", sample[0]));
    }
    value
}

fn outline(keys: &[&'static str], terms: Option<f64>) -> Outline {
    let value = |key: &str| OutlineValue::Scalar(if key == "terms" { terms } else { None });
    Outline(keys.iter().map(|key| (*key, value(key))).collect())
}

#[test]
fn members_have_indices_on_both_sides_of_zero() {
    let declared = (KIND.declare)(&outline(&["period", "terms", "of"], Some(9.0))).expect("a schema");
    let solved = square();
    let component = |n| Component { slot: solved.schema().find("arm").expect("a member").0, index: [n, 0] };
    for schema in [&declared, solved.schema()] {
        assert!(!schema.excludes(component(-9)) && !schema.excludes(component(9)));
        assert!(schema.excludes(component(-10)) && schema.excludes(component(10)));
    }
    let open = (KIND.declare)(&outline(&["period", "terms", "c"], None)).expect("a schema");
    assert!(!open.excludes(component(-1000)) && !open.excludes(component(1000)));
    let is_complex = |name| solved.schema().find(name).expect("a member").1.is_complex;
    assert_eq!(["c", "x", "partial", "arm"].map(is_complex), [true, false, false, true]);
}

#[test]
fn missing_and_contradicting_keys_are_errors() {
    let message = |keys: &[&'static str], terms| {
        let error = (KIND.declare)(&outline(keys, terms)).expect_err("an error");
        (error.location, error.message)
    };
    let key = |key: &str| KeyLocation::Key(key.to_owned());
    let needs = |what: &str| (KeyLocation::System, format!("a fourier-series needs {what}"));
    assert_eq!(message(&["terms", "c"], None), needs("`period`"));
    assert_eq!(message(&["period", "c"], None), needs("`terms`"));
    assert_eq!(message(&["period", "terms"], None), needs("`c` or `of`"));
    let both = (key("c"), "`c` and `of` both determine the coefficients".to_owned());
    assert_eq!(message(&["period", "terms", "c", "of"], None), both);
    let many = (key("terms"), "`terms` must be 0 to 1000, it is 1001".to_owned());
    assert_eq!(message(&["period", "terms", "c"], Some(1001.0)), many);
}

#[test]
fn square_wave_has_its_coefficients_and_sums() {
    let system = square();
    let at = At::time(0.8);
    for n in -9..=9 {
        let expected = if n % 2 == 0 { Complex64::ZERO } else { Complex64::new(0.0, -2.0 / (PI * n as f64)) };
        assert!((value(&*system, "c", n, at) - expected).norm() < 1e-14);
        let phase = Complex64::new(0.0, n as f64 * 0.8).exp();
        assert!((value(&*system, "arm", n, at) - expected * phase).norm() < 1e-14);
    }
    let partial = |n: f64| value(&*system, "partial", 0, At { time: 0.8, argument: Some(n.into()) });
    assert!((partial(1.0).re - 4.0 / PI * f64::sin(0.8)).abs() < 1e-14);
    assert_eq!(partial(9.0), value(&*system, "x", 0, at));
    assert_eq!(partial(2.5), partial(2.0));
    assert_eq!(partial(3.0 - 1e-12), partial(3.0));
    assert!(partial(10.0).re.is_nan() && partial(-1.0).re.is_nan() && partial(f64::NAN).re.is_nan());
}

#[test]
fn coefficients_may_be_given() {
    let c = VariablesFn::new(vec![true], false, |_, n| Ok((0.5_f64).powf(n[0].abs()).into()));
    let system = solve(30, ("c", Value::Function(c))).expect("a series");
    for t in [0.0, 1.0, 4.0] {
        let x = value(&*system, "x", 0, At::time(t));
        assert!((x.re - 0.75 / (1.25 - f64::cos(t))).abs() < 1e-8);
    }
    let c = VariablesFn::constant(Complex64::I);
    let turning = solve(0, ("c", Value::Function(c))).expect("a series");
    assert!(turning.schema().find("x").expect("a member").1.is_complex);
    assert_eq!(value(&*turning, "x", 0, At::time(3.0)), Complex64::I);
}

#[test]
fn what_has_no_series_is_an_error() {
    let message = |terms, rest| {
        let error = solve(terms, rest).expect_err("an error");
        let KeyLocation::Key(key) = error.location else { panic!("{error:?}") };
        [key, error.message, error.help]
    };
    let inverse = VariablesFn::new(vec![true], false, |_, n| Ok((1.0 / n[0]).into()));
    let [key, text, help] = message(3, ("c", Value::Function(inverse)));
    assert_eq!([&*key, &*text], ["c", "`c` is not a finite number at n = 0"]);
    assert_eq!(help, "write c = \"if(n == 0, 0, …)\", with the coefficient of n = 0 in place of 0");
    let [key, text, _] = message(3, ("of", signal(|t| if t > 3.0 { f64::NAN } else { t })));
    assert_eq!(key, "of");
    assert!(text.starts_with("`of` is not a finite number at t = 3.0"), "{text}");
    let failing: SignalFn = Arc::new(|_| Err(SystemError::new("u", "it ends", "wait")));
    assert_eq!(message(3, ("of", Value::Signal(failing))), ["of", "it ends", "wait"]);
    assert_eq!(message(-1, ("of", signal(f64::sin)))[1], "`terms` must be 0 to 1000, it is -1");
    let keys = Keys::new(vec![("period", Value::Number(0.0)), ("terms", Value::Integer(3))]);
    assert_eq!(
        (KIND.solve)(&keys).expect_err("an error").message,
        "`period` must be greater than 0, it is 0"
    );
}
