//! The keys and members of discrete systems.

use std::sync::Arc;

use num_complex::Complex64;

use super::*;
use crate::system::{
    At, Component, KeyLocation, Keys, MemberKind, OutlineValue, SignalFn, System, SystemError, SystemKind,
    Value, VariablesFn,
};

fn constant(value: f64) -> VariablesFn {
    VariablesFn::constant(value.into())
}

fn vector(numbers: &[f64]) -> Value {
    Value::VectorOf(numbers.iter().map(|number| constant(*number)).collect())
}

fn matrix(rows: &[&[f64]]) -> Value {
    Value::MatrixOf(rows.iter().map(|row| row.iter().map(|number| constant(*number)).collect()).collect())
}

/// A function of k and u.
fn of_step(uses: [bool; 2], function: impl Fn(f64, f64) -> f64 + Send + Sync + 'static) -> VariablesFn {
    VariablesFn::new(uses.to_vec(), false, move |_, at| Ok(function(at[0], at[1]).into()))
}

/// An input as a function of k and t.
fn input(function: impl Fn(f64, f64) -> f64 + Send + Sync + 'static) -> (&'static str, Value) {
    ("u", Value::Function(VariablesFn::new(vec![true], true, move |t, k| Ok(function(k[0], t).into()))))
}

fn step(step: f64) -> (&'static str, Value) {
    ("step", Value::Function(constant(step)))
}

fn spring() -> Vec<(&'static str, Value)> {
    vec![("A", matrix(&[&[0.0, 1.0], &[-4.0, -0.25]])), ("B", vector(&[0.0, 1.0])), step(0.1)]
}

fn outline(keys: &[(&'static str, Value)]) -> Outline {
    let outline = |value: &Value| match value {
        Value::Integer(number) => OutlineValue::Scalar(Some(*number as f64)),
        Value::Number(number) => OutlineValue::Scalar(Some(*number)),
        Value::Word(word) => OutlineValue::Word(word),
        Value::Vector(numbers) => OutlineValue::Vector(numbers.len()),
        Value::VectorOf(numbers) => OutlineValue::Vector(numbers.len()),
        Value::MatrixOf(rows) => OutlineValue::Matrix(rows.len(), rows[0].len()),
        Value::System(system) => OutlineValue::System(system.schema().clone()),
        _ => OutlineValue::Scalar(None),
    };
    Outline(keys.iter().map(|(key, value)| (*key, outline(value))).collect())
}

fn solved(keys: Vec<(&'static str, Value)>) -> Arc<dyn System> {
    let declared = declare(&outline(&keys)).expect("accepted keys");
    let system = solve(&Keys::new(keys)).expect("sound values");
    for (member, solved) in declared.members.iter().zip(&system.schema().members) {
        assert_eq!((&member.name, member.kind, member.shape), (&solved.name, solved.kind, solved.shape));
    }
    system
}

fn ask(system: &dyn System, name: &str, index: [i64; 2], at: At) -> Result<Complex64, SystemError> {
    let (slot, _) = system.schema().find(name).expect("a member");
    let component = Component { slot, index };
    assert!(!system.schema().excludes(component), "{name}{index:?}");
    system.value(component, at)
}

/// The value of a sequence at a step, of a function at an argument, or of a constant.
fn at(system: &dyn System, name: &str, index: [i64; 2], k: f64) -> Complex64 {
    ask(system, name, index, At { time: f64::NAN, argument: Some(k.into()) }).expect("a value")
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
    let system = solved([spring(), vec![input(|_, t| t.sin()), ("D", vector(&[0.5]))]].concat());
    let at = |name, index, k| at(&*system, name, index, k);
    assert_eq!(at("y", [0, 0], 7.0), at("x", [0, 0], 7.0) + 0.5 * at("u", [0, 0], 7.0));
    assert_eq!(at("u", [0, 0], 7.0).re, (7.0_f64 * 0.1).sin());
    assert_eq!(at("t", [0, 0], 7.0).re, 7.0 * 0.1);
    assert_eq!(at("K", [0, 0], 0.0), at("Bd", [0, 0], 0.0) + 0.5);
    let product =
        at("Ad", [0, 0], 0.0) * at("Bd", [0, 0], 0.0) + at("Ad", [0, 1], 0.0) * at("Bd", [1, 0], 0.0);
    assert!((at("K", [0, 0], 1.0) - product).norm() < 1e-16);
    assert_eq!([at("C", [0, 0], 0.0), at("C", [1, 0], 0.0)], [Complex64::ONE, Complex64::ZERO]);
    assert_eq!(at("pole", [0, 0], 0.0), at("pole", [1, 0], 0.0).conj());
    let far: Complex64 = (0..400).map(|k| at("K", [0, 0], f64::from(k)) * 1.2_f64.powi(-k)).sum();
    assert!((at("H", [0, 0], 1.2) - far).norm() < 1e-13);
    for name in ["x", "y", "u", "K", "t", "Ad", "Bd"] {
        let (_, member) = system.schema().find(name).expect("a member");
        assert_eq!(member.kind, MemberKind::Sequence("k"));
        assert_eq!(at(name, [0, 0], -1.0), Complex64::ZERO, "before the first step");
    }
}

#[test]
fn present_value_is_that_of_the_last_step() {
    let system = solved([spring(), vec![input(|_, t| t.cos())]].concat());
    for (t, k) in [(0.0, 0.0), (0.05, 0.0), (0.3, 3.0), (0.39, 3.0)] {
        assert_eq!(ask(&*system, "y", [0, 0], At::time(t)).expect("a value"), at(&*system, "y", [0, 0], k));
    }
    assert_eq!(ask(&*system, "y", [0, 0], At::time(-0.2)).expect("a value"), Complex64::ZERO);
    let (slot, _) = system.schema().find("x").expect("a member");
    let component = Component { slot, index: [1, 0] };
    let times: Vec<f64> = (0..50).map(|at| f64::from(at * 17 % 50) * 0.07).collect();
    let mut samples = vec![Complex64::ZERO; times.len()];
    system.sample(component, &times, &mut samples).expect("values");
    for (t, sample) in times.iter().zip(&samples) {
        let fresh = solved([spring(), vec![input(|_, t| t.cos())]].concat());
        assert_eq!(fresh.value(component, At::time(*t)).expect("a value"), *sample);
    }
}

#[test]
fn matrices_of_the_recurrence_may_be_given() {
    let system = solved(vec![
        ("Ad", matrix(&[&[0.5]])),
        ("Bd", vector(&[2.0])),
        ("x0", Value::Vector(vec![3.0.into()])),
        input(|k, _| k + 1.0),
    ]);
    let expected = [5.0, 6.5, 9.25];
    for (k, expected) in expected.into_iter().enumerate() {
        assert_eq!(at(&*system, "y", [0, 0], k as f64).re, expected);
    }
    assert_eq!(at(&*system, "t", [0, 0], 4.0).re, 4.0);
    assert_eq!(at(&*system, "pole", [0, 0], 0.0).re, 0.5);
}

fn state_space(keys: Vec<(&'static str, Value)>) -> Arc<dyn System> {
    SystemKind::from_name("state-space").expect("a kind").solve(&Keys::new(keys)).expect("sound values")
}

#[test]
fn a_state_space_system_brings_all() {
    let row = |numbers: &[f64]| numbers.iter().map(|number| Complex64::from(*number)).collect::<Vec<_>>();
    let signal: SignalFn = Arc::new(|t| Ok(t.sin().into()));
    let continuous = state_space(vec![
        ("A", Value::Matrix(vec![row(&[0.0, 1.0]), row(&[-4.0, -0.25])])),
        ("B", Value::Vector(row(&[0.0, 1.0]))),
        ("C", Value::Matrix(vec![row(&[1.0, 0.0]), row(&[1.0, 2.0])])),
        ("D", Value::Vector(row(&[0.0, 0.25]))),
        ("x0", Value::Vector(row(&[1.0, -0.5]))),
        ("u", Value::Signal(signal)),
    ]);
    let of = solved(vec![("of", Value::System(continuous)), step(0.1)]);
    let written = solved(
        [
            spring(),
            vec![
                ("C", matrix(&[&[1.0, 0.0], &[1.0, 2.0]])),
                ("D", vector(&[0.0, 0.25])),
                ("x0", Value::Vector(row(&[1.0, -0.5]))),
                input(|_, t| t.sin()),
            ],
        ]
        .concat(),
    );
    assert_eq!(of.schema(), written.schema());
    for (name, index) in
        [("x", [1, 0]), ("y", [1, 0]), ("Ad", [1, 0]), ("K", [0, 0]), ("C", [1, 1]), ("pole", [1, 0])]
    {
        for k in [0.0, 1.0, 9.0] {
            assert_eq!(at(&*of, name, index, k), at(&*written, name, index, k), "{name}");
        }
    }
}

#[test]
fn half_of_the_states_of_s4d_stand_for_all() {
    let s4d = state_space(vec![("A.kind", Value::Word("s4d-lin")), ("A.order", Value::Integer(3))]);
    let of = solved(vec![("of", Value::System(s4d)), step(0.1)]);
    let named = solved(vec![("A.kind", Value::Word("s4d-lin")), ("A.order", Value::Integer(3)), step(0.1)]);
    assert_eq!(of.schema(), named.schema());
    assert!(!of.schema().find("y").expect("y").1.is_complex);
    for k in [0.0, 1.0, 20.0] {
        // (Ad^k·Bd)[0] of the first state, by the bilinear method.
        let a = (1.0 - 0.025) / 1.025;
        let expected = 2.0 * 0.1 / 1.025 * f64::powf(a, k);
        assert!((at(&*of, "K", [0, 0], k).re - expected).abs() < 1e-15);
        assert_eq!(at(&*of, "K", [0, 0], k), at(&*named, "K", [0, 0], k));
    }
    let sum: f64 = (0..3000).map(|k| at(&*of, "K", [0, 0], f64::from(k)).re).sum();
    assert!((at(&*of, "H", [0, 0], 1.0).re - sum).abs() < 1e-12);
}

#[test]
fn selective_systems_discretize_each_step() {
    let keys = || {
        vec![
            ("A.kind", Value::Word("diagonal")),
            ("A.values", vector(&[-1.0, -2.0])),
            ("B", Value::VectorOf(vec![constant(1.0), of_step([false, true], |_, u| u)])),
            ("C", Value::MatrixOf(vec![vec![of_step([true, false], |k, _| k), constant(1.0)]])),
            ("step", Value::Function(of_step([true, true], |k, u| 0.1 + 0.01 * k + 0.05 * u))),
            ("method", Value::Word("zoh")),
            input(|_, t| t.cos()),
        ]
    };
    let system = solved(keys());
    let (mut t, mut x) = (0.0_f64, [0.0_f64; 2]);
    for k in 0..300 {
        let number = f64::from(k);
        let u = t.cos();
        let h = 0.1 + 0.01 * number + 0.05 * u;
        for (n, b) in [1.0, u].into_iter().enumerate() {
            let rate = (n + 1) as f64;
            x[n] = (-rate * h).exp() * x[n] - (-rate * h).exp_m1() / rate * b * u;
        }
        let near =
            |actual: Complex64, expected: f64| (actual.re - expected).abs() < 1e-11 * expected.abs().max(1.0);
        assert!(near(at(&*system, "t", [0, 0], number), t), "{k}");
        assert!(near(at(&*system, "x", [1, 0], number), x[1]), "{k}");
        assert!(near(at(&*system, "y", [0, 0], number), number * x[0] + x[1]), "{k}");
        assert!(near(at(&*system, "Ad", [1, 1], number), (-2.0 * h).exp()));
        let now = ask(&*system, "t", [0, 0], At::time(t + 0.5 * h)).expect("a value");
        assert_eq!(now, at(&*system, "t", [0, 0], number));
        t += h;
    }
    let fails = |name| {
        ask(&*system, name, [0, 0], At { time: 0.0, argument: Some(1.0.into()) }).expect_err("an error")
    };
    assert_eq!(fails("K").message, "`step` changes from step to step");
    assert_eq!(fails("pole").key, "step");
    assert_eq!(fails("C").key, "C");
}

#[test]
fn errors_name_the_key_and_say_what_it_is() {
    let of = |keys: Vec<(&'static str, Value)>| message(keys);
    let needed = "a discrete system needs `A`, `Ad` or `of`";
    assert_eq!(of(vec![step(0.1)]), (KeyLocation::System, needed.to_owned()));
    let no_step = vec![("A", matrix(&[&[1.0]]))];
    assert_eq!(of(no_step), (KeyLocation::System, "a discrete system needs `step`".to_owned()));
    let with = |key: &'static str, value: Value| {
        let mut keys = spring();
        keys.retain(|(name, _)| *name != key);
        message([keys, vec![(key, value)]].concat())
    };
    let not_positive = Value::Function(constant(-0.5));
    assert_eq!(with("step", not_positive), about("step", "`step` must be greater than 0, it is -0.5"));
    assert_eq!(with("Bd", vector(&[1.0])), about("Bd", "`Bd` needs `Ad` in place of `A`"));
    assert_eq!(with("Ad", matrix(&[&[1.0]])), about("A", "`Ad` and `A` cannot both be given"));
    let expected = about("x0", "`x0` needs as many numbers as there are states (2), it has 1");
    assert_eq!(with("x0", Value::Vector(vec![Complex64::ONE])), expected);
    let expected = about("C", "each row of `C` needs as many numbers as there are states (2), it has 1");
    assert_eq!(with("C", matrix(&[&[1.0]])), expected);
    let given = vec![("Ad", matrix(&[&[1.0]])), ("method", Value::Word("zoh"))];
    assert_eq!(of(given), about("method", "`Ad` is a step already, so there is no `method`"));
    let flat = vec![("Ad", matrix(&[&[1.0, 2.0]]))];
    assert_eq!(of(flat), about("Ad", "`Ad` must be square, it has 1 row and 2 columns"));
    let undefined = matrix(&[&[1.0, f64::NAN], &[0.0, 1.0]]);
    assert_eq!(with("A", undefined), about("A[0][1]", "`A[0][1]` is not a finite number"));
    let singular = vec![("A", matrix(&[&[4.0]])), step(0.5)];
    assert_eq!(of(singular), about("step", "1 - step/2*A has no inverse for step = 0.5"));
    let oscillator = SystemKind::OSCILLATOR.solve(&Keys::new(vec![
        ("omega0", Value::Number(1.0)),
        ("gamma", Value::Number(0.1)),
        ("x0", Value::Number(1.0)),
    ]));
    let oscillator = vec![("of", Value::System(oscillator.expect("sound values"))), step(0.1)];
    assert_eq!(of(oscillator), about("of", "the system has no `A`"));
}

#[test]
fn errors_of_a_step_leave_the_steps_before() {
    let falling = |k: f64, _: f64| 0.5 - 0.1 * k;
    let system = solved(vec![
        ("A", matrix(&[&[-1.0]])),
        ("step", Value::Function(of_step([true, false], falling))),
        ("x0", Value::Vector(vec![Complex64::ONE])),
    ]);
    let state = |k: f64| ask(&*system, "x", [0, 0], At { time: 0.0, argument: Some(k.into()) });
    assert_eq!(
        state(200.0).expect_err("an error").message,
        "`step` must be greater than 0, it is 0 at step 5"
    );
    assert!(state(4.0).is_ok());
    let complex: VariablesFn = VariablesFn::new(vec![true], false, |_, k| Ok(Complex64::new(1.0, k[0])));
    let system = solved([spring(), vec![("u", Value::Function(complex))]].concat());
    let error =
        ask(&*system, "y", [0, 0], At { time: 0.0, argument: Some(1.0.into()) }).expect_err("an error");
    assert_eq!(error.message, "the input is complex at step 1, but the system is real");
    assert!(ask(&*system, "y", [0, 0], At::time(0.0)).is_ok());
    let error = ask(&*system, "y", [0, 0], At::time(1e9)).expect_err("an error");
    assert_eq!(error.message, "a discrete system has at most 1000000 steps");
}
