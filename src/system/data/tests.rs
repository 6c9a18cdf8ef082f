use super::super::{KeyLocation, OutlineValue, SystemKind, Value};
use super::*;
use crate::system::At;

/// The keys of one system, to be declared and solved.
#[derive(Clone, Default)]
struct Given {
    csv: String,
    t: Option<&'static str>,
    columns: Option<Vec<(String, String)>>,
    interpolate: Option<&'static str>,
    scale: Vec<(String, f64)>,
}

fn csv(text: &str) -> Given {
    Given { csv: text.to_owned(), ..Given::default() }
}

fn pairs<T: Clone>(pairs: &[(&str, T)]) -> Vec<(String, T)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

impl Given {
    fn t(self, t: &'static str) -> Self {
        Self { t: Some(t), ..self }
    }

    fn columns(self, columns: &[(&str, &str)]) -> Self {
        let columns = columns.iter().map(|(name, column)| ((*name).to_owned(), (*column).to_owned()));
        Self { columns: Some(columns.collect()), ..self }
    }

    fn interpolate(self, word: &'static str) -> Self {
        Self { interpolate: Some(word), ..self }
    }

    fn scale(self, scale: &[(&str, f64)]) -> Self {
        Self { scale: pairs(scale), ..self }
    }

    fn file(&self) -> Arc<FileText> {
        Arc::new(FileText { name: "run.csv".to_owned(), text: self.csv.clone() })
    }

    fn declare(&self) -> Result<Schema, KeyError> {
        let mut keys = vec![("file", OutlineValue::File(self.file()))];
        keys.extend(self.t.map(|t| ("t", OutlineValue::Text(t.to_owned()))));
        keys.extend(self.columns.clone().map(|columns| ("columns", OutlineValue::Texts(columns))));
        keys.extend(self.interpolate.map(|word| ("interpolate", OutlineValue::Word(word))));
        if !self.scale.is_empty() {
            let names = self.scale.iter().map(|(name, _)| name.clone());
            keys.push(("unit-scale", OutlineValue::Names(names.collect())));
        }
        SystemKind(&KIND).declare(&Outline(keys))
    }

    fn solve(&self) -> Result<Arc<dyn System>, KeyError> {
        let declared = self.declare()?;
        let mut keys = vec![("file", Value::File(self.file()))];
        keys.extend(self.t.map(|t| ("t", Value::Text(t.to_owned()))));
        keys.extend(self.columns.clone().map(|columns| ("columns", Value::Texts(columns))));
        keys.extend(self.interpolate.map(|word| ("interpolate", Value::Word(word))));
        if !self.scale.is_empty() {
            keys.push(("unit-scale", Value::Numbers(self.scale.clone())));
        }
        let system = SystemKind(&KIND).solve(&Keys::new(keys))?;
        assert_eq!(*system.schema(), declared);
        Ok(system)
    }

    /// The values of a member at some times.
    fn values<const N: usize>(&self, member: &str, times: [f64; N]) -> [f64; N] {
        let system = self.solve().unwrap_or_else(|error| panic!("{:?}: {error:?}", self.csv));
        let (slot, _) = system.schema().find(member).unwrap_or_else(|| panic!("no {member}"));
        times.map(|t| {
            let value = system.value(Component::scalar(slot), At::time(t)).expect("a value");
            assert_eq!(value.im.to_bits(), 0);
            value.re
        })
    }

    fn names(&self) -> Vec<String> {
        let schema = self.declare().unwrap_or_else(|error| panic!("{:?}: {error:?}", self.csv));
        schema.members.into_iter().map(|member| member.name.into_owned()).collect()
    }

    /// Message, remedy, and the part of the file that the error is about.
    fn file_error(&self) -> (String, String, &str) {
        let error = self.solve().expect_err(&self.csv);
        let KeyLocation::File("file", bytes) = error.location else { panic!("{error:?}") };
        (error.message, error.help, &self.csv[bytes])
    }

    fn key_error(&self) -> [String; 3] {
        let error = self.solve().expect_err(&self.csv);
        let KeyLocation::Key(key) = error.location else { panic!("{error:?}") };
        [key, error.message, error.help]
    }
}

/// Texts of quotes, delimiters, line breaks and letters in every order that a linear congruential generator makes.
pub(super) fn random_texts() -> impl Iterator<Item = String> {
    let mut state = 1_u32;
    let mut character = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ['a', 'é', '"', '"', ';', ';', ' ', '\n', '\r', '1'][state as usize / 65_536 % 10]
    };
    (0..5000).map(move |n| (0..n % 30).map(|_| character()).collect())
}

#[test]
fn tables_are_read_as_programs_write_them() {
    for text in [
        "t,x,v\n0,1,2\n0.5,3,-4e1\n2,+5.,.5\n",
        "\"t\",\"x\",\"v\"\n\"0\",\"1\",\"2\"\n0.5,3,-4e1\n2,5,0.5",
        " t , x ,\tv\n0, 1, 2\n 0.5 ,3 , -40\n\n  \n2,5,0.5\n\n",
        "t, \"x\", \"v\"\n0,1,2\n0.5,3,-4E+1\n2, \"5\",0.5",
        "# measured by hand\n\n#t,x,v\n0,1,2\n# a, \"b\n0.5,3,-40\n2,5,0.5",
        "# t,x,v\n0,1,2\n0.5,3,-40\n2,5,0.5",
        "# measured, by hand\nt,x,v\n0,1,2\n0.5,3,-40\n2,5,0.5\n# end",
        "t;x;v\n0;1;2\n0.5;3;-40\n2;5;0.5",
        "t\tx\tv\n0\t1\t2\n0.5\t3\t-40\n2\t5\t0.5",
    ] {
        for text in [text.to_owned(), format!("\u{feff}{text}"), text.replace('\n', "\r\n")] {
            let given = csv(&text);
            assert_eq!(given.names(), ["x", "v"], "{text:?}");
            assert_eq!(given.declare().expect("a schema").grid, [0.0, 0.5, 2.0]);
            assert_eq!(given.values("x", [0.0, 0.25, 0.5, 2.0]), [1.0, 2.0, 3.0, 5.0]);
            assert_eq!(given.values("v", [0.0, 0.5, 2.0]), [2.0, -40.0, 0.5]);
        }
    }
}

#[test]
fn numbers_are_rounded_correctly() {
    let given = csv("t,x\n0.1,0.3\n0.2,123456789012345678901234567890e-30\n0.3,4.9406564584124654e-324\n");
    assert_eq!(given.values("x", [0.1, 0.2, 0.3]), [0.3, 0.123_456_789_012_345_68, 5e-324]);
}

#[test]
fn columns_and_the_variable_are_chosen_by_their_headers() {
    let text = "Note,Displacement (mm),\"Time, s\",x\n\"a, b\",1,0,5\nb,2,1,6\n";
    let given = csv(text).t("Time, s").columns(&[("d", "Displacement (mm)"), ("t", "Time, s")]);
    assert_eq!(given.names(), ["d", "t"]);
    assert_eq!(given.values("d", [0.0, 0.5, 1.0]), [1.0, 1.5, 2.0]);
    assert_eq!(given.values("t", [0.0, 0.5, 1.0]), [0.0, 0.5, 1.0]);
    assert_eq!(csv("x,s,y\n1,0,2\n").t("s").names(), ["x", "y"]);
}

#[test]
fn gaps_are_empty_or_not_a_number() {
    for gap in ["", "  ", "nan", "NaN", "-nan", "\"\""] {
        let given = csv(&format!("t,x\n0,1\n1,{gap}\n2,3\n3,4\n"));
        let values = given.values("x", [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]);
        assert_eq!(values.map(f64::is_nan), [false, true, true, true, false, false], "{gap}");
        assert_eq!(values[1].to_bits(), f64::NAN.to_bits());
        assert_eq!(values[2].to_bits(), f64::NAN.to_bits());
    }
}

#[test]
fn every_word_of_interpolate_is_one_of_the_solver() {
    let KeyType::Word(words) = KEYS[3].value else { panic!("{:?}", KEYS[3]) };
    assert_eq!(words, Interpolation::ALL.map(Interpolation::name));
    let given = csv("t,x\n0,0\n1,1\n2,8\n3,27\n");
    let at = |word| given.clone().interpolate(word).values("x", [1.5])[0];
    assert_eq!(given.values("x", [1.5]), [4.5]);
    assert_eq!([at("linear"), at("previous")], [4.5, 1.0]);
    assert!((at("cubic") - 3.375).abs() < 1e-14);
    assert!(at("none").is_nan());
}

#[test]
fn factors_scale_columns_and_leave_the_variable_alone() {
    let given = csv("t,x,y\n0,1,2\n2,3,4\n");
    let all = given.clone().scale(&[("", 0.5)]);
    assert_eq!((all.values("x", [2.0]), all.values("y", [0.0])), ([1.5], [1.0]));
    let one = given.clone().scale(&[("y", -10.0)]);
    assert_eq!((one.values("x", [2.0]), one.values("y", [0.0])), ([3.0], [-20.0]));
    let [key, message, help] = given.clone().scale(&[("X", 2.0)]).key_error();
    assert_eq!(
        (key.as_str(), message.as_str()),
        ("unit-scale.X", "`unit-scale` names `X`, which is no column")
    );
    assert_eq!(help, "did you mean `x`? the columns are `x`, `y`");
    let [key, message, _] = given.clone().scale(&[("y", 1e75)]).key_error();
    assert_eq!(
        (key.as_str(), message.as_str()),
        ("unit-scale.y", "`y` times 1e75 exceeds 1e75 in magnitude")
    );
    assert_eq!(given.scale(&[("", -1e76)]).key_error()[0], "unit-scale");
}

#[test]
fn values_and_samples_have_the_same_bits() {
    let system =
        csv("t,x\n0,0.1\n0.3,7\n1,\n2,8\n3,0.7\n4,1\n5,2\n").interpolate("cubic").solve().expect("solved");
    let times: Vec<f64> = (-20..220).map(|n| f64::from((n * 37) % 240) / 40.0).collect();
    let component = Component::scalar(system.schema().find("x").expect("a member").0);
    let mut samples = vec![Complex64::ZERO; times.len()];
    system.sample(component, &times, &mut samples).expect("samples");
    for (time, sample) in times.iter().zip(samples) {
        let value = system.value(component, At::time(*time)).expect("a value");
        assert_eq!((value.re.to_bits(), value.im.to_bits()), (sample.re.to_bits(), sample.im.to_bits()));
    }
}

#[test]
fn errors_name_the_cell() {
    for (text, message, bytes) in [
        ("t,x\n0,abc\n", "`abc` is not a number", "abc"),
        ("t,x\n0, 0x1p3 \n", "`0x1p3` is not a number", "0x1p3"),
        ("t,x\n0,1_000\n", "`1_000` is not a number", "1_000"),
        ("t,x\n0,\"a \"\"b\"\"\"\n", "`a \"b\"` is not a number", "\"a \"\"b\"\"\""),
        ("t,x\n0,1\n\n#c\n1,inf\n", "`inf` does not lie between -1e75 and 1e75", "inf"),
        ("t,x\n0,1\n1,-1e400\n", "`-1e400` does not lie between -1e75 and 1e75", "-1e400"),
        ("t,x\nabc,1\n", "`abc` is not a number", "abc"),
        ("t,x\n0,1\n,2\n", "the row has no value of `t`", ""),
        ("t,x\n0,1\nnan,2\n", "the row has no value of `t`", "nan"),
        ("t,x\n0,1\n0.7,2\n0.5,2\n", "`t` does not increase: 0.5 follows 0.7", "0.5"),
        ("t,x\n0,1\n1,1\n1.0,2\n", "`t` does not increase: 1 follows 1", "1.0"),
        ("t,x,y\n0,1,2\n1, 2 \n", "the row has 2 cells, and the header has 3", "1, 2"),
        ("t,x\n0\n", "the row has 1 cell, and the header has 2", "0"),
        ("t,x\n0,1,2\n", "the row has 3 cells, and the header has 2", "0,1,2"),
        ("t,x\n0,\"1\n1,2\n", "the quote is not closed", "\""),
        ("t,\"x\n0,1\n1,2\n", "the quote is not closed", "\""),
    ] {
        for text in [text.to_owned(), format!("\u{feff}{text}"), text.replace('\n', "\r\n")] {
            let given = csv(&text);
            let (found, _, place) = given.file_error();
            assert_eq!((found.as_str(), place), (message, bytes), "{text:?}");
        }
    }
}

#[test]
fn errors_name_the_header() {
    for (text, message, bytes) in [
        ("", "the file is empty", ""),
        ("\n \n", "the file is empty", "\n \n"),
        ("# nothing\n", "the file is empty", "# nothing\n"),
        ("t,x\n\n# no row, here\n", "the file has no row", "t,x"),
        ("0,1\n1,2\n", "the file has no header", "0,1"),
        ("# by hand\n0,1\n1,2\n", "the file has no header", "0,1"),
        ("t x\n0 1\n", "the file has one column", "t x"),
        ("t,x,Force (N)\n0,1,2\n", "the header `Force (N)` cannot be a name in a scene", "Force (N)"),
        ("t,x,\"a\"\"b\"\n0,1,2\n", "the header `a\"b` cannot be a name in a scene", "\"a\"\"b\""),
        ("t,x,\n0,1,\n", "column 3 has no header", ""),
        ("t,x,y, x\n0,1,2,3\n", "two columns have the header `x`", "x"),
    ] {
        let given = csv(text);
        let (found, _, place) = given.file_error();
        assert_eq!((found.as_str(), place), (message, bytes), "{text:?}");
    }
}

#[test]
fn places_are_exact_among_equal_cells() {
    let text = "t,x,y\n1,1,1\n2,1,1\n3,1,o\n4,o,1\n";
    let error = csv(text).solve().err();
    let bytes = text.find('o').expect("an o");
    assert_eq!(error.map(|error| error.location), Some(KeyLocation::File("file", bytes..bytes + 1)));
}

#[test]
fn remedies_say_what_to_write() {
    assert_eq!(csv("t,x\n0,abc\n").file_error().1, "correct the cell, or leave it empty for a gap");
    assert_eq!(csv("t;x\n0;1,5\n").file_error().1, "write a decimal point: 1.5");
    assert_eq!(
        csv("t,Force (N)\n0,1\n").file_error().1,
        "name the columns that the scene uses: columns = { force_n = \"Force (N)\" }"
    );
}

#[test]
fn a_column_that_no_key_uses_may_hold_anything() {
    let given = csv("when,t,x,x,note\nmonday,0,1,2,abc\ntuesday,1,2,3,\n").t("t").columns(&[("note_t", "t")]);
    assert_eq!(given.values("note_t", [0.5]), [0.5]);
}

#[test]
fn wrong_headers_in_keys_are_explained() {
    let given = csv("Time,Force,y\n0,1,2\n");
    assert_eq!(
        given.clone().t("time").key_error(),
        [
            "t",
            "the file `run.csv` has no column `time`",
            "did you mean `Time`? the columns are `Time`, `Force`, `y`"
        ]
    );
    assert_eq!(
        given.clone().columns(&[("x", "Displacement")]).key_error(),
        [
            "columns.x",
            "the file `run.csv` has no column `Displacement`",
            "write one of them: the columns are `Time`, `Force`, `y`"
        ]
    );
    let [key, message, help] = given.clone().columns(&[("1x", "Force")]).key_error();
    assert_eq!((key.as_str(), message.as_str()), ("columns.1x", "`1x` cannot be a name in a scene"));
    assert!(help.ends_with("columns = { force = \"Force\" }"), "{help}");
    let [key, message, _] = given.columns(&[]).key_error();
    assert_eq!((key.as_str(), message.as_str()), ("columns", "`columns` names no column"));
    let twice = csv("t,x,x\n0,1,2\n").columns(&[("a", "x")]);
    assert_eq!(twice.file_error().0, "two columns have the header `x`");
}

#[test]
fn a_missing_file_is_explained() {
    let error = SystemKind(&KIND).declare(&Outline::default()).expect_err("no file");
    assert_eq!((error.location, error.message.as_str()), (KeyLocation::System, "measured data need `file`"));
}

#[test]
fn every_text_is_read_or_has_an_error_within_it() {
    for text in random_texts().flat_map(|text| [format!("t;x\n0;{text}"), format!("t;{text}\n0;1\n"), text]) {
        let given = csv(&text);
        if let Err(KeyError { location: KeyLocation::File(_, bytes), .. }) = given.declare() {
            assert!(text.get(bytes.clone()).is_some(), "{bytes:?} of {text:?}");
        }
    }
}
