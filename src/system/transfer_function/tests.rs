//! The keys and members of transfer functions.

use std::sync::Arc;

use num_complex::Complex64;

use super::*;
use crate::system::{At, Component, KeyLocation, MemberKind, OutlineValue, Shape, Value};

fn list(numbers: &[f64]) -> Value {
    Value::Vector(numbers.iter().map(|number| (*number).into()).collect())
}

fn spring() -> Vec<(&'static str, Value)> {
    vec![("numerator", list(&[1.0, 2.0])), ("denominator", list(&[1.0, 0.4, 4.0]))]
}

fn outline(keys: &[(&'static str, Value)]) -> Outline {
    let outline = |value: &Value| match value {
        Value::Vector(numbers) => OutlineValue::Vector(numbers.len()),
        Value::Number(number) => OutlineValue::Scalar(Some(*number)),
        _ => OutlineValue::Scalar(None),
    };
    Outline(keys.iter().map(|(key, value)| (*key, outline(value))).collect())
}

fn solved(keys: Vec<(&'static str, Value)>) -> Arc<dyn System> {
    let declared = declare(&outline(&keys)).expect("accepted keys");
    let system = solve(&Keys::new(keys)).expect("sound values");
    for (member, solved) in declared.members.iter().zip(&system.schema().members) {
        assert_eq!((&member.name, member.kind), (&solved.name, solved.kind));
        let is_known = !matches!(member.shape, Shape::Vector(axis) if axis.length.is_none());
        assert!(!is_known || member.shape == solved.shape, "{}", member.name);
    }
    system
}

fn value(system: &dyn System, name: &str, index: i64, at: f64) -> Result<Complex64, SystemError> {
    let (slot, member) = system.schema().find(name).expect("a member");
    let component = Component { slot, index: [index, 0] };
    assert!(!system.schema().excludes(component), "{name}[{index}]");
    let value = system.value(component, At { time: at, argument: Some(at.into()) });
    if member.kind == MemberKind::Signal {
        let mut sample = [Complex64::ZERO];
        assert_eq!(system.sample(component, &[at], &mut sample).err(), value.clone().err());
        assert!(value.as_ref().is_ok_and(|value| *value == sample[0]) || value.is_err());
    }
    value
}

fn message(keys: Vec<(&'static str, Value)>) -> (KeyLocation, String) {
    let error = match declare(&outline(&keys)) {
        Ok(_) => solve(&Keys::new(keys)).expect_err("an error"),
        Err(error) => error,
    };
    (error.location, error.message)
}

fn about(key: &str, message: &str) -> (KeyLocation, String) {
    (KeyLocation::Key(key.to_owned()), message.to_owned())
}

#[test]
fn spring_has_all_members() {
    let signal: SignalFn = Arc::new(|_| Ok(Complex64::ONE));
    let system = solved([spring(), vec![("u", Value::Signal(signal))]].concat());
    let value = |name, index, at| value(&*system, name, index, at).expect("a value");
    assert_eq!(value("H", 0, 0.0).re, 0.5);
    assert_eq!(value("zero", 0, 0.0).re, -2.0);
    assert!((value("pole", 0, 0.0) - Complex64::new(-0.2, 3.96_f64.sqrt())).norm() < 1e-15);
    assert_eq!(value("pole", 1, 0.0), value("pole", 0, 0.0).conj());
    assert!((value("residue", 0, 0.0) + value("residue", 1, 0.0) - 1.0).norm() < 1e-15);
    assert!((value("y", 0, 3.0) - value("step", 0, 3.0)).norm() < 1e-14);
    assert!((value("impulse", 0, 0.0) - 1.0).norm() < 1e-15);
    assert_eq!(value("y", 0, -1.0), Complex64::ZERO);
    let complex: Vec<&str> = system
        .schema()
        .members
        .iter()
        .filter(|member| member.is_complex)
        .map(|member| &*member.name)
        .collect();
    assert_eq!(complex, ["H", "pole", "zero", "residue"]);
}

#[test]
fn roots_may_be_given_instead() {
    let poles =
        Value::Vector(vec![Complex64::new(-0.2, 3.96_f64.sqrt()), Complex64::new(-0.2, -(3.96_f64.sqrt()))]);
    let given = solved(vec![("zeros", list(&[-2.0])), ("poles", poles), ("gain", Value::Number(1.0))]);
    let coefficients = solved(spring());
    for (name, at) in [("H", 1.7), ("step", 2.0), ("impulse", 0.3)] {
        let [left, right] =
            [&given, &coefficients].map(|system| value(&**system, name, 0, at).expect("a value"));
        assert!((left - right).norm() < 1e-14, "{name}");
    }
    let turning = solved(vec![("poles", Value::Vector(vec![Complex64::I]))]);
    assert!(turning.schema().find("y").expect("y").1.is_complex);
}

#[test]
fn leading_zeros_of_the_numerator_do_not_count() {
    let system = solved(vec![("numerator", list(&[0.0, 0.0, 3.0])), ("denominator", list(&[1.0, 3.0]))]);
    assert_eq!(system.schema().find("zero").expect("zero").1.shape, Shape::vector(Some(0)));
    assert_eq!(value(&*system, "H", 0, 0.0).expect("a value").re, 1.0);
}

#[test]
fn errors_name_the_key_and_say_what_it_is() {
    let needed = "a transfer function needs `denominator` or `poles`";
    assert_eq!(message(vec![]), (KeyLocation::System, needed.to_owned()));
    let alone = vec![("numerator", list(&[1.0]))];
    assert_eq!(message(alone), about("numerator", "`numerator` needs `denominator` beside it"));
    let both = [spring(), vec![("gain", Value::Number(2.0))]].concat();
    assert_eq!(message(both), about("gain", "`numerator` and `gain` cannot both be given"));
    let improper = vec![("numerator", list(&[1.0, 0.0])), ("denominator", list(&[2.0]))];
    let expected = "there are more zeros (1) than poles (0), so the function differentiates u";
    assert_eq!(message(improper), about("numerator", expected));
    let improper = vec![("zeros", list(&[1.0, 0.0])), ("poles", list(&[2.0]))];
    assert_eq!(message(improper).0, KeyLocation::Key("zeros".to_owned()));
    let leading = vec![("denominator", list(&[0.0, 1.0]))];
    let expected = "the first coefficient of `denominator` must not be 0";
    assert_eq!(message(leading), about("denominator", expected));
    let many = vec![("poles", list(&[-1.0; 65]))];
    assert_eq!(message(many), about("poles", "a transfer function has at most 64 poles, this one has 65"));
    let undefined = vec![("poles", list(&[f64::NAN]))];
    assert_eq!(message(undefined), about("poles", "`poles` holds a number that is too large or undefined"));
    for undefined in [f64::NAN, f64::INFINITY] {
        let undefined = vec![("denominator", list(&[undefined, 1.0]))];
        assert_eq!(message(undefined).0, KeyLocation::Key("denominator".to_owned()));
    }
    let extreme = vec![("denominator", list(&[1e-300, 1e300]))];
    assert_eq!(message(extreme).0, KeyLocation::Key("denominator".to_owned()));
}

#[test]
fn errors_of_the_motion_name_their_key() {
    let turning: SignalFn = Arc::new(|t| Ok(Complex64::new(t, 1.0)));
    let system = solved([spring(), vec![("u", Value::Signal(turning))]].concat());
    assert_eq!(value(&*system, "y", 0, 1.0).expect_err("an error").key, "u");
    let unstable = solved(vec![("denominator", list(&[1.0, -1.0]))]);
    let error = value(&*unstable, "step", 0, 800.0).expect_err("an error");
    assert_eq!(error.message, "the state is too large for a number at t = 800");
}
