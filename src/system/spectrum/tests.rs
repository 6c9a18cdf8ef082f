use std::f64::consts::TAU;
use std::sync::Arc;

use num_complex::Complex64;

use super::KIND;
use crate::system::{
    At, Component, KeyError, KeyLocation, Keys, Outline, OutlineValue, Shape, SignalFn, System, SystemError,
    Value,
};

fn wave() -> SignalFn {
    Arc::new(|t| Ok((2.0 * (TAU * 3.0 * t).cos()).into()))
}

fn of(rows: &[f64]) -> (&'static str, Value) {
    ("of", Value::SampledSignal(wave(), rows.to_vec()))
}

fn samples(count: i64) -> (&'static str, Value) {
    ("samples", Value::Integer(count))
}

fn span(first: f64, last: f64) -> (&'static str, Value) {
    ("span", Value::Vector(vec![first.into(), last.into()]))
}

fn solve(keys: Vec<(&'static str, Value)>) -> Result<Arc<dyn System>, KeyError> {
    (KIND.solve)(&Keys::new(keys))
}

fn message(keys: Vec<(&'static str, Value)>) -> [String; 3] {
    let error = solve(keys).expect_err("an error");
    let KeyLocation::Key(key) = error.location else { panic!("{error:?}") };
    [key, error.message, error.help]
}

fn values(system: &dyn System, name: &str) -> Vec<Complex64> {
    let (slot, member) = system.schema().find(name).expect("a member");
    let Shape::Vector(axis) = member.shape else { panic!("{member:?}") };
    let value = |k| system.value(Component { slot, index: [k, 0] }, At::time(0.0)).expect("a value");
    (0..axis.length.expect("a length") as i64).map(value).collect()
}

#[test]
fn wave_shows_two_lines() {
    let system = solve(vec![of(&[]), samples(64), span(-1.0, 3.0)]).expect("a spectrum");
    let [f, magnitude, phase, x] = ["f", "magnitude", "phase", "X"].map(|name| values(&*system, name));
    assert_eq!((f.len(), f[0].re, f[32].re, f[63].re), (64, -8.0, 0.0, 7.75));
    for k in 0..64 {
        let is_line = f[k].re.abs() == 3.0;
        assert!((magnitude[k].re - f64::from(u8::from(is_line))).abs() < 1e-14);
        assert!(if is_line { phase[k].re.abs() < 1e-13 } else { phase[k].re.is_nan() });
        assert!((x[k].norm() - magnitude[k].re).abs() < 1e-15);
    }
}

#[test]
fn rows_of_a_column_are_its_samples() {
    let rows: Vec<f64> = (0..40).map(|row| 5.0 + f64::from(row) / 10.0).collect();
    let system = solve(vec![of(&rows)]).expect("a spectrum");
    let of_span = solve(vec![of(&[]), samples(40), span(5.0, 9.0)]).expect("a spectrum");
    for (a, b) in values(&*system, "X").iter().zip(values(&*of_span, "X")) {
        assert!((a - b).norm() < 1e-13);
    }
    let part = solve(vec![of(&rows), span(6.0, 7.05)]).expect("a spectrum");
    assert_eq!(values(&*part, "f").len(), 11);
    let [key, text, help] = message(vec![of(&[0.0, 1.0, 3.0])]);
    assert_eq!([&*key, &*text], ["of", "the rows of `of` are not evenly spaced"]);
    assert_eq!(help, "write samples = 3, span = [0, 3]");
    let [key, text, _] = message(vec![of(&rows), span(6.01, 6.19)]);
    assert_eq!([&*key, &*text], ["span", "a spectrum needs at least 2 rows, there are 1"]);
    let [key, text, _] = message(vec![of(&[])]);
    assert_eq!([&*key, &*text], ["of", "`of` is not a column of data, so `samples` and `span` are needed"]);
}

#[test]
fn lengths_are_known_where_they_are_written() {
    let declare = |keys: &[(&'static str, OutlineValue)]| {
        let of = ("of", OutlineValue::Scalar(None));
        (KIND.declare)(&Outline([&[of], keys].concat()))
    };
    let number = |value| OutlineValue::Scalar(Some(value));
    let span = || ("span", OutlineValue::Vector(2));
    let length = |keys: &[(&'static str, OutlineValue)]| declare(keys).expect("a schema").members[0].shape;
    assert_eq!(length(&[]), Shape::vector(None));
    assert_eq!(length(&[("samples", number(64.0)), span()]), Shape::vector(Some(64)));
    assert_eq!(length(&[("samples", number(64.0)), span(), ("pad", number(3.0))]), Shape::vector(Some(192)));
    let open = ("pad", OutlineValue::Scalar(None));
    assert_eq!(length(&[("samples", number(64.0)), span(), open]), Shape::vector(None));
    let message = |keys: &[(&'static str, OutlineValue)]| declare(keys).expect_err("an error").message;
    assert_eq!(message(&[("samples", number(64.0))]), "`samples` needs `span` beside it");
    assert_eq!(message(&[("samples", number(1.0)), span()]), "a spectrum needs at least 2 samples, it has 1");
    assert_eq!(
        message(&[("samples", number(1e6)), span(), ("pad", number(2.0))]),
        "a spectrum has at most 1048576 frequencies, this one has 2000000"
    );
    assert_eq!(message(&[span(), ("pad", number(0.0))]), "`pad` must be at least 1, it is 0");
    assert_eq!(
        message(&[("span", OutlineValue::Vector(3))]),
        "`span` must be two times, the earlier one first; it has 3"
    );
    assert_eq!((KIND.declare)(&Outline::default()).expect_err("an error").location, KeyLocation::System);
}

#[test]
fn what_has_no_spectrum_is_an_error() {
    let [key, text, _] = message(vec![of(&[]), samples(8), span(3.0, 1.0)]);
    assert_eq!(key, "span");
    assert_eq!(text, "`span` must be two times, the earlier one first; it is [3, 1]");
    assert_eq!(message(vec![of(&[]), samples(8), span(1.0, f64::NAN)])[0], "span");
    assert_eq!(message(vec![of(&[]), samples(-8), span(0.0, 1.0)])[0], "samples");
    let pad = ("pad", Value::Integer(0));
    assert_eq!(message(vec![of(&[]), samples(8), span(0.0, 1.0), pad])[0], "pad");
    let undefined: SignalFn = Arc::new(|t| Ok((if t == 0.5 { f64::NAN } else { t }).into()));
    let undefined = ("of", Value::SampledSignal(undefined, Vec::new()));
    let [key, text, _] = message(vec![undefined, samples(8), span(0.0, 1.0)]);
    assert_eq!([&*key, &*text], ["of", "`of` is not a finite number at t = 0.5"]);
    let failing: SignalFn = Arc::new(|_| Err(SystemError::new("u", "it ends", "wait")));
    let failing = ("of", Value::SampledSignal(failing, Vec::new()));
    assert_eq!(message(vec![failing, samples(8), span(0.0, 1.0)]), ["of", "it ends", "wait"]);
}

#[test]
fn window_and_zeros_keep_the_height_of_a_line() {
    let keys = |window| {
        let pad = ("pad", Value::Integer(2));
        vec![of(&[]), samples(60), span(0.0, 4.0), pad, ("window", Value::Word(window))]
    };
    for window in ["none", "hann", "hamming", "blackman"] {
        let system = solve(keys(window)).expect("a spectrum");
        let [f, magnitude] = ["f", "magnitude"].map(|name| values(&*system, name));
        let line = f.iter().position(|f| f.re == 3.0).expect("a frequency");
        assert!((magnitude[line].re - 1.0).abs() < 1e-14, "{window}");
    }
}
