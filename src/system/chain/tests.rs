use std::sync::Arc;

use num_complex::Complex64;

use super::{KIND, QUANTITIES};
use crate::system::{
    At, Component, KeyError, KeyLocation, Keys, MemberKind, Outline, OutlineValue, Shape, System,
    SystemError, Value, VariablesFn,
};

fn function(call: fn(&[f64]) -> f64) -> Value {
    Value::Function(VariablesFn::new(vec![true, true], false, move |_, at| Ok(call(at).into())))
}

fn solve(keys: Vec<(&'static str, Value)>) -> Result<Arc<dyn System>, KeyError> {
    (KIND.solve)(&Keys::new(keys))
}

fn three() -> Vec<(&'static str, Value)> {
    vec![("count", Value::Integer(3)), ("x0", function(|at| at[0] + 10.0 * at[1]))]
}

fn value(system: &dyn System, name: &str, index: [i64; 2], t: f64) -> Result<f64, SystemError> {
    let (slot, _) = system.schema().find(name).expect("a member");
    let component = Component { slot, index };
    assert!(!system.schema().excludes(component), "{name}{index:?}");
    let value = system.value(component, At::time(t))?;
    let mut sample = [Complex64::ZERO];
    system.sample(component, &[t], &mut sample).expect("a value");
    assert_eq!([sample[0].re, sample[0].im].map(f64::to_bits), [value.re, value.im].map(f64::to_bits));
    assert_eq!(value.im.to_bits(), 0);
    Ok(value.re)
}

fn message(keys: Vec<(&'static str, Value)>) -> [String; 3] {
    let error = solve(keys).expect_err("an error");
    let KeyLocation::Key(key) = error.location else { panic!("{error:?}") };
    [key, error.message, error.help]
}

#[test]
fn members_are_known_before_the_chain_is_solved() {
    let outline = |count| Outline(vec![("count", OutlineValue::Scalar(count))]);
    let declared = (KIND.declare)(&outline(Some(3.0))).expect("a schema");
    let solved = solve(three()).expect("a chain");
    assert_eq!(&declared, solved.schema());
    assert_eq!(declared.members.len(), QUANTITIES.len());
    let open = (KIND.declare)(&outline(None)).expect("a schema");
    let shape = open.find("shape").expect("a member").1;
    assert_eq!((shape.kind, shape.shape), (MemberKind::Constant, Shape::matrix(None, None)));
    let error = (KIND.declare)(&Outline::default()).expect_err("no count");
    assert_eq!((error.location, &*error.message), (KeyLocation::System, "a chain needs `count`"));
    for count in [0.0, -1.0, 1001.0] {
        let error = (KIND.declare)(&outline(Some(count))).expect_err("a wrong count");
        assert_eq!(error.message, format!("a chain has 1 to 1000 masses, this one has {count}"));
    }
}

#[test]
fn start_is_a_function_of_number_and_place() {
    for (ends, places) in [
        ("fixed", [0.25, 0.5, 0.75]),
        ("free", [0.0, 0.5, 1.0]),
        ("fixed-free", [1.0 / 3.0, 2.0 / 3.0, 1.0]),
        ("ring", [0.0, 1.0 / 3.0, 2.0 / 3.0]),
    ] {
        let mut keys = three();
        keys.push(("ends", Value::Word(ends)));
        let system = solve(keys).expect("a chain");
        for (i, place) in places.iter().enumerate() {
            let x = value(&*system, "x", [i as i64, 0], 0.0).expect("a value");
            assert!((x - (i as f64 + 10.0 * place)).abs() < 1e-14, "{ends} {i}: {x}");
        }
    }
}

#[test]
fn all_members_have_values() {
    let system = solve(three()).expect("a chain");
    let get = |name, index| value(&*system, name, index, 0.7).expect("a value");
    let sum: f64 = (0..3).map(|n| get("mode", [n, 0]) * get("shape", [n, 1])).sum();
    assert_eq!(sum.to_bits(), get("x", [1, 0]).to_bits());
    assert!((get("omega", [1, 0]) - f64::sqrt(2.0)).abs() < 1e-15);
    assert_eq!(get("energy", [0, 0]), get("kinetic", [0, 0]) + get("potential", [0, 0]));
    let kinetic: f64 = (0..3).map(|i| 0.5 * get("v", [i, 0]) * get("v", [i, 0])).sum();
    assert!((kinetic - get("kinetic", [0, 0])).abs() < 1e-13);
}

#[test]
fn springs_are_counted_from_the_left() {
    let mut keys = three();
    keys.push(("ends", Value::Word("free")));
    // There is no spring 0 here; its stiffness is not asked for.
    keys.push(("stiffness", function(|at| if at[0] == 0.0 { f64::NAN } else { 1.0 })));
    assert!(solve(keys).is_ok());
    let mut keys = three();
    keys.push(("stiffness", function(|at| if at[0] == 3.0 { f64::NAN } else { 1.0 })));
    let [key, text, _] = message(keys);
    assert_eq!(key, "stiffness");
    assert_eq!(text, "`stiffness` must be 0, or between 1e-30 and 1e30, it is NaN at i = 3");
}

#[test]
fn values_that_no_chain_has_are_errors() {
    let mut keys = three();
    keys.push(("mass", Value::Function(VariablesFn::constant(Complex64::I))));
    let [key, text, help] = message(keys);
    assert_eq!([&*key, &*text], ["mass", "`mass` is complex at i = 0"]);
    assert_eq!(help, "write re(…) around the expression");
    assert_eq!(message(vec![("count", Value::Integer(0))])[0], "count");
    let mut keys = vec![("count", Value::Integer(200))];
    keys.push(("damping", function(|at| at[0])));
    let [key, text, help] = message(keys);
    assert_eq!(key, "damping");
    assert_eq!(
        text,
        "a chain whose `damping` is not proportional to `stiffness` has at most 100 masses, this one has 200"
    );
    assert_eq!(help, "lower `count` to 100, or write `damping` as a constant times `stiffness`");
    let failing = VariablesFn::new(vec![true], false, |_, _| Err(SystemError::new("u", "it ends", "wait")));
    let mut keys = three();
    keys.push(("v0", Value::Function(failing)));
    assert_eq!(message(keys), ["v0", "it ends", "wait"]);
}

#[test]
fn motion_that_is_too_large_is_an_error() {
    let mut keys = three();
    keys.push(("damping", Value::Function(VariablesFn::constant(1.0.into()))));
    let system = solve(keys).expect("a chain");
    assert!(value(&*system, "x", [0, 0], -1.0).is_ok());
    let error = value(&*system, "x", [0, 0], -1e5).expect_err("too large");
    assert_eq!(error.key, "damping");
    assert_eq!(error.message, "the motion is too large for a number at t = -100000");
}
