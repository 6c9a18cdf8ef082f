use std::sync::Arc;

use num_complex::Complex64;

use super::{KIND, rounded};
use crate::system::At;
use crate::system::{
    Component, KeyError, KeyLocation, Keys, MemberKind, Outline, OutlineValue, Shape, Slot, StateFn, System,
    SystemError, Value,
};

fn names(names: &[&str]) -> OutlineValue {
    OutlineValue::Names(names.iter().map(ToString::to_string).collect())
}

fn function(function: fn(f64, &[f64]) -> f64) -> StateFn {
    Arc::new(move |t, state| Ok(function(t, state)))
}

fn numbers(numbers: &[(&str, f64)]) -> Value {
    Value::Numbers(numbers.iter().map(|(name, value)| ((*name).to_string(), *value)).collect())
}

fn functions(functions: Vec<(&str, StateFn)>) -> Value {
    Value::OfState(functions.into_iter().map(|(name, function)| (name.to_string(), function)).collect())
}

/// x' = v, v' = -x, with the zeros of x as events.
fn oscillation(start: Value, more: Vec<(&'static str, Value)>) -> Result<Arc<dyn System>, KeyError> {
    let rates = functions(vec![("x", function(|_, state| state[1])), ("v", function(|_, state| -state[0]))]);
    let events = functions(vec![("hit", function(|_, state| state[0]))]);
    let keys = [("rates", rates), ("start", start), ("events", events)];
    (KIND.solve)(&Keys::new(keys.into_iter().chain(more).collect()))
}

fn growth(rate: StateFn) -> Arc<dyn System> {
    let keys = [("rates", functions(vec![("x", rate)])), ("start", numbers(&[("", 1.0)]))];
    (KIND.solve)(&Keys::new(keys.into_iter().collect())).expect("a system")
}

fn component(slot: u16, index: i64) -> Component {
    Component { slot: Slot(slot), index: [index, 0] }
}

fn value(system: &dyn System, slot: u16, index: i64, t: f64) -> Result<f64, SystemError> {
    system.value(component(slot, index), At::time(t)).map(|value| {
        assert_eq!(value.im.to_bits(), 0);
        value.re
    })
}

fn declare_error(keys: Vec<(&'static str, OutlineValue)>) -> (KeyLocation, String) {
    let error = (KIND.declare)(&Outline(keys)).expect_err("an error");
    (error.location, error.message)
}

#[test]
fn states_and_events_are_members_in_the_order_of_the_scene() {
    let keys = vec![
        ("rates", names(&["theta", "rate"])),
        ("start", names(&["rate", "theta"])),
        ("events", names(&["hit"])),
    ];
    let schema = (KIND.declare)(&Outline(keys)).expect("a schema");
    let members: Vec<_> = schema.members.iter().map(|member| (&*member.name, member.shape)).collect();
    let [scalar, vector] = [Shape::Scalar, Shape::vector(None)];
    assert_eq!(members, [("theta", scalar), ("rate", scalar), ("hit", vector)]);
    assert!(schema.members.iter().all(|member| member.kind == MemberKind::Signal && !member.is_complex));
    let solved = oscillation(numbers(&[("", 1.0)]), Vec::new()).expect("a system");
    assert_eq!(solved.schema().find("hit").map(|(slot, _)| slot), Some(Slot(2)));
}

#[test]
fn missing_and_unknown_names_are_errors() {
    let key = |key: &str| KeyLocation::Key(key.to_string());
    assert_eq!(declare_error(Vec::new()), (KeyLocation::System, "an ode needs `rates`".to_string()));
    let rates = || ("rates", names(&["x", "v"]));
    assert_eq!(declare_error(vec![rates()]), (KeyLocation::System, "an ode needs `start`".to_string()));
    let missing = declare_error(vec![rates(), ("start", names(&["x"]))]);
    assert_eq!(missing, (key("start"), "`v` has no value at t = 0".to_string()));
    let unknown = declare_error(vec![rates(), ("start", names(&["x", "v", "y"]))]);
    assert_eq!(unknown, (key("start.y"), "`y` is not a state".to_string()));
    let twice = declare_error(vec![rates(), ("start", names(&["x", "v"])), ("events", names(&["v"]))]);
    assert_eq!(twice, (key("events.v"), "`v` is the name of a state already".to_string()));
    let time = declare_error(vec![("rates", names(&["t"])), ("start", names(&["t"]))]);
    assert_eq!(time, (key("rates.t"), "`t` is the time".to_string()));
}

#[test]
fn values_that_no_solution_has_are_errors() {
    let start = || numbers(&[("x", 1.0), ("v", 0.0)]);
    for tolerance in [0.0, 1e-14, 0.1, f64::NAN] {
        let error =
            oscillation(start(), vec![("tolerance", Value::Number(tolerance))]).expect_err("an error");
        assert_eq!(error.location, KeyLocation::Key("tolerance".to_string()));
    }
    let error = oscillation(numbers(&[("x", f64::INFINITY), ("v", 0.0)]), Vec::new()).expect_err("an error");
    assert_eq!(error.message, "`x` must start at a finite number, it is inf");
}

#[test]
fn values_and_events_follow_the_solution() {
    // The order of `start` is not that of `rates`.
    let system = oscillation(numbers(&[("v", 1.0), ("x", 0.0)]), Vec::new()).expect("a system");
    for t in [-7.0, 0.0, 1.0, 30.0] {
        assert!((value(&*system, 0, 0, t).expect("x") - libm::sin(t)).abs() < 1e-10);
        assert!((value(&*system, 1, 0, t).expect("v") - libm::cos(t)).abs() < 1e-10);
    }
    assert!(value(&*system, 2, 1, 6.25).expect("hit").is_nan());
    assert!((value(&*system, 2, 1, 6.29).expect("hit") - 2.0 * std::f64::consts::PI).abs() < 1e-10);
}

#[test]
fn samples_have_the_bits_of_values() {
    let system = oscillation(numbers(&[("", 1.0)]), vec![("stiff", Value::Bool(true))]).expect("a system");
    let times = [3.0, -2.0, 17.5, 0.25];
    for (slot, index) in [(0, 0), (1, 0), (2, 0)] {
        let mut values = [Complex64::ZERO; 4];
        system.sample(component(slot, index), &times, &mut values).expect("values");
        for (t, sampled) in times.iter().zip(values) {
            assert_eq!(sampled.re.to_bits(), value(&*system, slot, index, *t).expect("a value").to_bits());
        }
    }
}

#[test]
fn errors_say_what_happens_when() {
    let square = growth(function(|_, state| state[0] * state[0]));
    let error = value(&*square, 0, 0, 2.0).expect_err("a singularity");
    let help = "end the span before, or change `start`";
    assert_eq!(error, SystemError::new("rates.x", "the solution blows up at t = 1", help));
    assert!(value(&*square, 0, 0, 0.5).is_ok());
    let backwards = growth(function(|_, state| -state[0] * state[0]));
    let error = value(&*backwards, 0, 0, -2.0).expect_err("a singularity");
    assert_eq!(error.message, "the solution blows up at t = -1");
    assert_eq!(error.help, "begin the span later, or change `start`");
    let root = growth(function(|t, _| (2.0 - t).sqrt()));
    let error = value(&*root, 0, 0, 2.5).expect_err("no real rate");
    assert_eq!(error.message, "the rate of `x` is not a real number at t = 2");
    let sticking = growth(function(|_, state| if state[0] > 0.0 { -1.0 } else { 1.0 }));
    let error = value(&*sticking, 0, 0, 1.5).expect_err("a rate that jumps to and fro");
    assert_eq!(error.message, "the solution cannot be continued past t = 1, where rates change too fast");
}

#[test]
fn an_error_of_an_expression_is_passed_on_from_where_it_occurs() {
    let failing: StateFn = Arc::new(|t, _| {
        if t > 1.5 { Err(SystemError::new("rates.y", "another solution ends", "")) } else { Ok(1.0) }
    });
    let system = growth(failing);
    assert_eq!(value(&*system, 0, 0, 2.0).expect_err("an error").message, "another solution ends");
    assert!((value(&*system, 0, 0, 1.4).expect("a value") - 2.4).abs() < 1e-12);
}

#[test]
fn times_in_messages_are_short() {
    assert_eq!(
        [2.000_000_000_2, -0.001_234_56, 12_345.678, -0.0].map(rounded),
        ["2", "-0.0012346", "12346", "0"]
    );
}
