//! The keys and members of `HiPPO` memories.

use super::*;
use crate::system::{KeyLocation, MemberKind, OutlineValue, Value};

type Given = Vec<(&'static str, Value)>;

fn signal(function: fn(f64) -> f64) -> Value {
    Value::Signal(Arc::new(move |t| Ok(function(t).into())))
}

fn memory(measure: &'static str, order: i64) -> Given {
    vec![("measure", Value::Word(measure)), ("order", Value::Integer(order)), ("u", signal(libm::cos))]
}

fn outline(keys: &Given) -> Outline {
    let outline = |value: &Value| match value {
        Value::Integer(number) => OutlineValue::Scalar(Some(*number as f64)),
        Value::Word(word) => OutlineValue::Word(word),
        _ => OutlineValue::Scalar(None),
    };
    Outline(keys.iter().map(|(key, value)| (*key, outline(value))).collect())
}

fn solved(keys: Given) -> Arc<dyn System> {
    let declared = declare(&outline(&keys)).expect("accepted keys");
    let system = solve(&Keys::new(keys)).expect("sound values");
    assert_eq!(&declared, system.schema());
    system
}

fn value(system: &dyn System, name: &str, number: f64, t: f64) -> Result<f64, SystemError> {
    let (slot, member) = system.schema().find(name).expect("a member");
    let (index, argument) = match member.kind {
        MemberKind::TimeFunction(_) => (0, Some(number.into())),
        _ => (number as i64, None),
    };
    let component = Component { slot, index: [index, 0] };
    let value = system.value(component, At { time: t, argument });
    if argument.is_none() {
        let mut sample = [Complex64::ZERO];
        assert_eq!(system.sample(component, &[t], &mut sample).err(), value.clone().err());
        if let Ok(value) = value {
            assert_eq!(format!("{value:?}"), format!("{:?}", sample[0]), "a sample is the value");
        }
    }
    value.map(|value| {
        assert_eq!(value.im.to_bits(), 0);
        value.re
    })
}

fn message(keys: Given) -> (KeyLocation, String) {
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
fn every_measure_has_all_members() {
    for (measure, weight) in [("legs", 1.0 / 3.0), ("legt", 1.0), ("lagt", libm::exp(-0.5)), ("fout", 0.5)] {
        let system = solved(memory(measure, 12));
        let value = |name, number| value(&*system, name, number, 3.0).expect("a value");
        assert!(value("c", 0.0).abs() > 1e-3, "{measure}");
        assert!((value("reconstruction", 2.5) - libm::cos(2.5)).abs() < 0.25, "{measure}");
        assert_eq!(value("weight", 2.5), weight, "{measure}");
        assert!(value("weight", 3.5).is_nan() && value("reconstruction", 3.5).is_nan());
    }
    let schema = solved(memory("legs", 4));
    let schema = schema.schema();
    let kinds: Vec<_> =
        schema.members.iter().map(|member| (&*member.name, member.kind, member.shape)).collect();
    let past = MemberKind::TimeFunction("s");
    assert_eq!(
        kinds,
        [
            ("c", MemberKind::Signal, Shape::vector(Some(4))),
            ("reconstruction", past, Shape::Scalar),
            ("weight", past, Shape::Scalar)
        ]
    );
}

#[test]
fn windows_have_their_lengths() {
    let with = |measure, window| [memory(measure, 4), vec![("window", Value::Number(window))]].concat();
    let first = |system: &dyn System, s| value(system, "weight", s, 3.0).expect("a weight");
    for measure in ["legt", "fout"] {
        let system = solved(with(measure, 0.5));
        assert!(first(&*system, 2.5) == 2.0 && first(&*system, 2.4).is_nan());
    }
    let default = solved(memory("legt", 4));
    assert!(first(&*default, 2.0) == 1.0 && first(&*default, 1.9).is_nan());
    let default = solved(memory("fout", 4));
    assert!(first(&*default, 1.0) == 0.5 && first(&*default, 0.9).is_nan());
    let expected = about("window", "`window` must be greater than 0, it is 0");
    assert_eq!(message(with("fout", 0.0)), expected);
    assert_eq!(message(with("legs", 1.0)), about("window", "a legs measure has no `window`"));
    assert_eq!(message(with("lagt", 1.0)), about("window", "a lagt measure has no `window`"));
}

#[test]
fn missing_and_wrong_keys_are_errors() {
    let without = |key| memory("legs", 4).into_iter().filter(|(name, _)| *name != key).collect::<Given>();
    for key in ["measure", "order", "u"] {
        let expected = (KeyLocation::System, format!("a hippo system needs `{key}`"));
        assert_eq!(message(without(key)), expected);
    }
    assert_eq!(message(memory("legs", 0)), about("order", "`order` must be 1 to 256, it is 0"));
    assert_eq!(message(memory("lagt", 257)), about("order", "`order` must be 1 to 256, it is 257"));
    let unknown = vec![
        ("measure", OutlineValue::Word("fout")),
        ("order", OutlineValue::Scalar(None)),
        ("u", OutlineValue::Scalar(None)),
    ];
    let schema = declare(&Outline(unknown)).expect("accepted keys");
    assert_eq!(schema.members[0].shape, Shape::vector(None));
    for order in [-1, 0, 1000] {
        let error = solve(&Keys::new(memory("legt", order))).expect_err("an error");
        assert_eq!(error.location, KeyLocation::Key("order".to_owned()));
    }
}

#[test]
fn errors_of_the_signal_name_their_key() {
    for measure in MEASURES {
        let with = |u: SignalFn| solved([without_signal(measure), vec![("u", Value::Signal(u))]].concat());
        let failing = with(Arc::new(|_| Err(SystemError::new("file", "the rows end", "give more"))));
        assert_eq!(value(&*failing, "c", 0.0, 1.0).expect_err("an error").key, "file");
        let turning = with(Arc::new(|t| Ok(Complex64::new(t, 1.0))));
        let error = value(&*turning, "reconstruction", 0.5, 1.0).expect_err("an error");
        assert_eq!(error.message, "the signal is complex before t = 1, but a hippo memory is real");
    }
    let noise: SignalFn = Arc::new(|t| Ok((libm::sin(t * 1e9) * libm::sin(t * 1.7e10)).into()));
    let noise = solved([without_signal("legs"), vec![("u", Value::Signal(noise))]].concat());
    let error = value(&*noise, "c", 0.0, 1.0).expect_err("an error");
    assert_eq!((&*error.key, &*error.message), ("u", "the input changes too often before t = 1"));
}

fn without_signal(measure: &'static str) -> Given {
    memory(measure, 4).into_iter().filter(|(key, _)| *key != "u").collect()
}
