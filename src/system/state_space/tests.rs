//! The keys and members of state-space systems.

use std::sync::Arc;

use num_complex::Complex64;

use super::*;
use crate::system::At;
use crate::system::{
    Component, KeyLocation, Keys, MemberKind, Shape, SignalFn, Slot, System, SystemError, Value,
};

fn row(numbers: &[f64]) -> Vec<Complex64> {
    numbers.iter().map(|number| (*number).into()).collect()
}

fn spring() -> Vec<(&'static str, Value)> {
    vec![
        ("A", Value::Matrix(vec![row(&[0.0, 1.0]), row(&[-4.0, -0.25])])),
        ("B", Value::Vector(row(&[0.0, 1.0]))),
        ("x0", Value::Vector(row(&[1.0, -0.5]))),
    ]
}

fn outline(keys: &[(&'static str, Value)]) -> Outline {
    let outline = |value: &Value| match value {
        Value::Integer(number) => OutlineValue::Scalar(Some(*number as f64)),
        Value::Number(number) => OutlineValue::Scalar(Some(*number)),
        Value::Word(word) => OutlineValue::Word(word),
        Value::Vector(numbers) => OutlineValue::Vector(numbers.len()),
        Value::Matrix(rows) => OutlineValue::Matrix(rows.len(), rows[0].len()),
        _ => OutlineValue::Scalar(None),
    };
    Outline(keys.iter().map(|(key, value)| (*key, outline(value))).collect())
}

fn solved(keys: Vec<(&'static str, Value)>) -> Arc<dyn System> {
    let declared = declare(&outline(&keys)).expect("accepted keys");
    let system = solve(&Keys::new(keys)).expect("sound values");
    for (member, solved) in declared.members.iter().zip(&system.schema().members) {
        assert_eq!((&member.name, member.kind, member.shape), (&solved.name, solved.kind, solved.shape));
        assert!(member.is_complex || !solved.is_complex, "{}", member.name);
    }
    system
}

fn value(system: &dyn System, name: &str, index: [i64; 2], at: f64) -> Result<Complex64, SystemError> {
    let (slot, member) = system.schema().find(name).expect("a member");
    let component = Component { slot, index };
    assert!(!system.schema().excludes(component), "{name}{index:?}");
    let value = system.value(component, At { time: at, argument: Some(at.into()) });
    if let MemberKind::Function(_) = member.kind {
        return value;
    }
    let mut sample = [Complex64::ZERO];
    assert_eq!(system.sample(component, &[at], &mut sample).err(), value.clone().err());
    if let Ok(value) = value {
        assert_eq!(format!("{value:?}"), format!("{:?}", sample[0]), "a sample is the value");
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
    let signal: SignalFn = Arc::new(|t| Ok(t.sin().into()));
    let system = solved([spring(), vec![("u", Value::Signal(signal))]].concat());
    let value = |name, index| value(&*system, name, index, 0.5).expect("a value");
    assert_eq!(value("y", [0, 0]), value("x", [0, 0]));
    assert_eq!(value("u", [0, 0]).re, 0.5_f64.sin());
    assert_eq!(value("A", [1, 0]).re, -4.0);
    assert_eq!(value("B", [1, 0]).re, 1.0);
    assert_eq!([value("C", [0, 0]), value("C", [1, 0])], [Complex64::ONE, Complex64::ZERO]);
    assert_eq!(value("D", [0, 0]), Complex64::ZERO);
    assert_eq!(value("pole", [0, 0]), value("pole", [1, 0]).conj());
    assert!((value("H", [0, 0]) - 1.0 / (0.25 + 0.125 + 4.0)).norm() < 1e-15);
    assert!(value("impulse", [0, 0]).re > value("step", [0, 0]).re);
    assert!(
        system
            .schema()
            .members
            .iter()
            .all(|member| member.is_complex == matches!(&*member.name, "pole" | "H"))
    );
    assert_eq!(system.schema().member(Slot(8)).kind, MemberKind::Function("s"));
}

#[test]
fn several_rows_of_c_give_several_outputs() {
    let c = Value::Matrix(vec![row(&[1.0, 0.0]), row(&[0.0, 2.0]), row(&[1.0, 1.0])]);
    let system = solved([spring(), vec![("C", c), ("D", Value::Vector(row(&[0.0, 0.5, 0.0])))]].concat());
    let value = |name, index| value(&*system, name, index, 0.5).expect("a value");
    assert_eq!(value("y", [1, 0]), 2.0 * value("x", [1, 0]));
    assert_eq!(value("C", [1, 1]).re, 2.0);
    assert_eq!(value("D", [1, 0]).re, 0.5);
    assert_eq!(system.schema().find("y").expect("y").1.shape, Shape::vector(Some(3)));
}

#[test]
fn named_matrices_bring_their_b() {
    let kind =
        |word, keys: Vec<(&'static str, Value)>| solved([vec![("A.kind", Value::Word(word))], keys].concat());
    let legs = kind("hippo-legs", vec![("A.order", Value::Integer(3))]);
    assert_eq!(value(&*legs, "B", [1, 0], 0.0).expect("a value").re, 3.0_f64.sqrt());
    assert_eq!(value(&*legs, "pole", [2, 0], 0.0).expect("a value").re, -3.0);
    let companion = kind("companion", vec![("A.coefficients", Value::Vector(row(&[1.0, 0.25, 4.0])))]);
    assert_eq!(value(&*companion, "A", [1, 1], 0.0).expect("a value").re, -0.25);
    let s4d = kind("s4d-lin", vec![("A.order", Value::Integer(2))]);
    assert!(
        (value(&*s4d, "impulse", [0, 0], 1.0).expect("a value").re - 2.0 * (-0.5_f64).exp()).abs() < 1e-15
    );
    assert!(
        !s4d.schema().find("y").expect("y").1.is_complex && s4d.schema().find("x").expect("x").1.is_complex
    );
    let window = kind("hippo-legt", vec![("A.order", Value::Integer(2)), ("A.window", Value::Number(0.5))]);
    assert_eq!(value(&*window, "A", [0, 0], 0.0).expect("a value").re, -2.0);
}

#[test]
fn order_may_be_unknown_until_the_system_is_solved() {
    let outline =
        Outline(vec![("A.kind", OutlineValue::Word("hippo-legs")), ("A.order", OutlineValue::Scalar(None))]);
    let schema = declare(&outline).expect("accepted keys");
    assert_eq!(schema.members[0].shape, Shape::vector(None));
}

#[test]
fn errors_name_the_key_and_say_what_it_is() {
    let kind = |word, keys: Vec<(&'static str, Value)>| {
        message([vec![("A.kind", Value::Word(word))], keys].concat())
    };
    let needed = "a state-space system needs `A`";
    assert_eq!(message(vec![]), (KeyLocation::System, needed.to_owned()));
    let flat = Value::Matrix(vec![row(&[1.0, 2.0])]);
    assert_eq!(message(vec![("A", flat)]), about("A", "`A` must be square, it has 1 row and 2 columns"));
    let with = |key, value| message([spring(), vec![(key, value)]].concat());
    let expected = about("D", "`D` needs as many numbers as `C` has rows (1), it has 2");
    assert_eq!(with("D", Value::Vector(row(&[0.0, 0.0]))), expected);
    let expected = about("C", "each row of `C` needs as many numbers as there are states (2), it has 3");
    assert_eq!(with("C", Value::Matrix(vec![row(&[0.0; 3])])), expected);
    assert_eq!(with("A.order", Value::Integer(3)), about("A.order", "`order` needs `kind` beside it"));
    assert_eq!(kind("hippo-legs", vec![]), about("A.kind", "a hippo-legs matrix needs `order`"));
    let order = |order| vec![("A.order", Value::Integer(order))];
    assert_eq!(kind("hippo-legs", order(0)), about("A.order", "`order` must be 1 to 256, it is 0"));
    let window = [order(2), vec![("A.window", Value::Number(1.0))]].concat();
    assert_eq!(kind("hippo-legs", window), about("A.window", "a hippo-legs matrix has no `window`"));
    let window = [order(2), vec![("A.window", Value::Number(0.0))]].concat();
    assert_eq!(kind("hippo-fout", window), about("A.window", "`window` must be greater than 0, it is 0"));
    let leading = vec![("A.coefficients", Value::Vector(row(&[0.0, 1.0])))];
    assert_eq!(
        kind("companion", leading),
        about("A.coefficients", "the first of the coefficients must not be 0")
    );
}

#[test]
fn errors_of_the_motion_name_their_key() {
    let unstable = solved(vec![("A", Value::Matrix(vec![row(&[1.0])])), ("x0", Value::Vector(row(&[1.0])))]);
    let error = value(&*unstable, "x", [0, 0], 800.0).expect_err("an error");
    assert_eq!(
        (error.key.as_str(), error.message.as_str()),
        ("A", "the state is too large for a number at t = 800")
    );
    let failing: SignalFn = Arc::new(|_| Err(SystemError::new("file", "the rows end", "give more")));
    let failing = solved([spring(), vec![("u", Value::Signal(failing))]].concat());
    assert_eq!(value(&*failing, "y", [0, 0], 1.0).expect_err("an error").key, "file");
    let turning: SignalFn = Arc::new(|t| Ok(Complex64::new(t, 1.0)));
    let turning = solved([spring(), vec![("u", Value::Signal(turning))]].concat());
    assert_eq!(value(&*turning, "y", [0, 0], 1.0).expect_err("an error").key, "u");
}
