//! What is swept, as columns of values: from words such as `zeta=0:2:0.01`, or from a CSV file.
//!
//! Each value keeps the place where it was written. Those of a word are combined with those of every other word, those
//! of a file row by row.

use std::ops::Range;

use rust_decimal::Decimal;

use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::source::{OVERRIDE, Origin, Sources};

use super::range::{DecimalRange, MAX_DIGITS, RangeError, parse_decimal, to_toml};
use super::table;
use crate::cli::load::Located;

/// More scenes than anybody sweeps on purpose; a slip in a step makes more.
const MAX_SCENES: usize = 100_000;

/// A key and the values that it takes.
#[derive(Debug)]
pub(super) struct Parameter {
    /// As it was written, with its place in the column's text.
    pub(super) key: Value,
    pub(super) values: Vec<Value>,
    /// The text's place in [`Sweep::texts`].
    text: usize,
}

/// A value, and where it was written in its column's text.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) value: String,
    place: Range<usize>,
}

/// All that is swept.
#[derive(Debug)]
pub(super) struct Sweep {
    pub(super) parameters: Vec<Parameter>,
    /// For each scene, which value of each column it takes.
    pub(super) combinations: Vec<Vec<usize>>,
    /// What the values were written in: a name and a text each.
    texts: Vec<(String, String)>,
}

impl Value {
    /// What stands at `place` in a text, without white space around it.
    fn at(text: &str, place: Range<usize>) -> Self {
        let written = &text[place.clone()];
        let start = place.start + written.len() - written.trim_start().len();
        let value = written.trim().to_owned();
        Self { place: start..start + value.len(), value }
    }

    /// A value whose place holds more than itself, such as quotes.
    pub(super) fn field(value: &str, place: Range<usize>) -> Self {
        Self { value: value.trim().to_owned(), place }
    }

    /// What is wrong with it.
    pub(super) fn mistake(&self, message: &str, help: &str) -> Mistake {
        Mistake::new(message, help, self.place.clone())
    }

    /// The number, if it is one.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        parse_decimal(&self.value)
    }
}

impl Sweep {
    /// Every combination of the values of words, the last word's changing fastest.
    ///
    /// # Errors
    /// A word that is no `KEY=VALUES`, a range that leads nowhere, more than [`MAX_SCENES`].
    pub(super) fn from_options(words: &[String]) -> Result<Self, Located> {
        let mut columns = Vec::new();
        let texts: Vec<_> = words.iter().map(|word| (OVERRIDE.to_owned(), word.clone())).collect();
        let mut scenes: u128 = 1;
        for (text, word) in words.iter().enumerate() {
            let (key, elements) = split_word(word).map_err(|mistake| mistake.located(&texts[text]))?;
            let count: u128 = elements.iter().map(Element::count).sum();
            scenes = scenes.saturating_mul(count);
            if scenes > MAX_SCENES as u128 {
                return Err(too_many(scenes, 0..word.len()).located(&texts[text]));
            }
            columns.push(Parameter {
                key,
                values: elements.into_iter().flat_map(Element::values).collect(),
                text,
            });
        }
        let mut rows = vec![Vec::new()];
        for column in &columns {
            let longer = |row: &Vec<usize>| -> Vec<Vec<usize>> {
                (0..column.values.len()).map(|index| [row.as_slice(), &[index]].concat()).collect()
            };
            rows = rows.iter().flat_map(longer).collect();
        }
        Ok(Self { parameters: columns, combinations: rows, texts })
    }

    /// A scene a row of a CSV file, whose header holds the keys.
    ///
    /// # Errors
    /// What is no CSV, rows that are longer or shorter than the header, more than [`MAX_SCENES`] of them.
    pub(super) fn from_csv(name: &str, text: String) -> Result<Self, Located> {
        // As `Sources` keep it: places are counted from there.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let columns = table::columns(&text);
        let texts = vec![(name.to_owned(), text)];
        let columns = columns.map_err(|mistake| mistake.located(&texts[0]))?;
        let count = columns.first().map_or(0, |column| column.values.len());
        if count > MAX_SCENES {
            return Err(too_many(count as u128, 0..0).located(&texts[0]));
        }
        let rows = (0..count).map(|row| vec![row; columns.len()]).collect();
        Ok(Self { parameters: columns, combinations: rows, texts })
    }

    /// A mistake at the value that a scene takes of a column.
    pub(super) fn at_value(&self, row: usize, column: usize, mut mistake: Mistake) -> Located {
        let held = &self.parameters[column];
        mistake.place = held.values[self.combinations[row][column]].place.clone();
        mistake.located(&self.texts[held.text])
    }

    /// A mistake at the key of a column.
    pub(super) fn at_key(&self, column: usize, mut mistake: Mistake) -> Located {
        mistake.place = self.parameters[column].key.place.clone();
        mistake.located(&self.texts[self.parameters[column].text])
    }

    /// Where a mistake in one of a scene's assignments `KEY=VALUE` was really written: for what came from a file, the
    /// header or the field; for words the assignment itself says more than the range that it came from.
    pub(super) fn relocated(&self, row: usize, (mut diagnostic, mut sources): Located) -> Located {
        let Some(origin) = diagnostic.origin else { return (diagnostic, sources) };
        let (source, start) = (sources.get(origin.file), origin.start as usize);
        let blamed = self.parameters.iter().enumerate().find(|(index, column)| {
            source.name() == OVERRIDE && source.text() == column.assignment(self.combinations[row][*index])
        });
        if let Some((index, column)) = blamed
            && self.texts[column.text].0 != OVERRIDE
        {
            let cell = &column.values[self.combinations[row][index]];
            let place = if start <= column.key.value.len() { &column.key.place } else { &cell.place };
            let (name, text) = &self.texts[column.text];
            let file = sources.add(name.clone(), text.clone());
            diagnostic.origin = Some(Origin::new(file, place.clone()));
        }
        (diagnostic, sources)
    }

    /// The line of the file in which a scene stands; none for words.
    pub(super) fn line(&self, row: usize) -> Option<usize> {
        let (column, index) = (self.parameters.first()?, *self.combinations[row].first()?);
        let (name, text) = &self.texts[column.text];
        (name != OVERRIDE).then(|| text[..column.values[index].place.start].matches('\n').count() + 1)
    }
}

impl Parameter {
    /// A column of the text number 0.
    pub(super) fn new(key: Value, values: Vec<Value>) -> Self {
        Self { key, values, text: 0 }
    }

    /// What `--set` of `kymo render` would be told.
    pub(super) fn assignment(&self, index: usize) -> String {
        let cell = &self.values[index];
        let value = cell.decimal().map_or_else(|| cell.value.clone(), to_toml);
        format!("{}={value}", self.key.value)
    }
}

/// A mistake and its place in a text that is not yet one of any [`Sources`].
#[derive(Debug)]
pub(super) struct Mistake {
    diagnostic: Diagnostic,
    place: Range<usize>,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>, place: Range<usize>) -> Self {
        Self { diagnostic: Diagnostic::new(message).help(help), place }
    }

    /// The same, with one more fact.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.note(note);
        self
    }

    fn located(self, (name, text): &(String, String)) -> Located {
        let mut sources = Sources::new();
        let file = sources.add(name.clone(), text.clone());
        (self.diagnostic.at(Origin::new(file, self.place)), sources)
    }
}

fn too_many(scenes: u128, place: Range<usize>) -> Mistake {
    let count = if scenes == u128::MAX { "endlessly many".to_owned() } else { scenes.to_string() };
    let help = format!("a sweep makes {MAX_SCENES} at most: take larger steps, or sweep in parts");
    Mistake::new(format!("this makes {count} scenes"), help, place)
}

/// One of the values of a word, or a range of them.
enum Element {
    One(Value),
    Range { steps: DecimalRange, place: Range<usize> },
}

impl Element {
    fn count(&self) -> u128 {
        match self {
            Self::One(_) => 1,
            Self::Range { steps, .. } => steps.count(),
        }
    }

    fn values(self) -> Vec<Value> {
        match self {
            Self::One(cell) => vec![cell],
            Self::Range { steps, place } => {
                steps.numbers().map(|it| Value { value: to_toml(it), place: place.clone() }).collect()
            }
        }
    }
}

/// The key of a word, and what it is to be.
fn split_word(word: &str) -> Result<(Value, Vec<Element>), Mistake> {
    let Some(equals) = word.find('=') else {
        let help = "write --set 'zeta=0:2:0.01' for a range, --set zeta=0.5,1,2 for a list";
        return Err(Mistake::new("`--set` wants KEY=VALUES", help, 0..word.len()));
    };
    let parts = split(word, equals + 1..word.len(), ',');
    let elements = parts.into_iter().map(|place| element(word, place)).collect::<Result<_, _>>()?;
    Ok((Value::at(word, 0..equals), elements))
}

fn element(word: &str, place: Range<usize>) -> Result<Element, Mistake> {
    let whole = Value::at(word, place.clone());
    if whole.value.is_empty() {
        return Err(whole.mistake("a value is missing", "write one between any two commas"));
    }
    let parts: Vec<Value> = split(word, place, ':').into_iter().map(|part| Value::at(word, part)).collect();
    let ends = match parts.as_slice() {
        [_] => return Ok(Element::One(whole)),
        [first, last, step] => [first, last, step],
        _ => {
            let help =
                "write 0:2:0.01: where it begins, where it ends, and the step; what is no range wants quotes";
            return Err(whole.mistake("a range wants three numbers", help));
        }
    };
    let number = |cell: &Value| {
        cell.decimal().ok_or_else(|| {
            let why = format!("`{}` is not a decimal number with at most {MAX_DIGITS} digits", cell.value);
            cell.mistake(&why, "write a range as 0:2:0.01; list expressions and longer numbers: pi,2*pi")
        })
    };
    let [first, last, step] = [number(ends[0])?, number(ends[1])?, number(ends[2])?];
    let steps = DecimalRange::new(first, last, step).map_err(|error| match error {
        RangeError::Direction => {
            let why = format!("steps of {step} do not lead from {first} to {last}");
            ends[2].mistake(&why, "write 0:2:0.01, or 2:0:-0.01 for the way down")
        }
        RangeError::Digits => {
            let why = format!("this range has numbers with more than {MAX_DIGITS} digits");
            whole.mistake(&why, "take ends and a step of similar size, or list the values")
        }
    })?;
    Ok(Element::Range { steps, place: whole.place })
}

/// The parts of a text between separators that stand outside of quotes and brackets.
fn split(text: &str, within: Range<usize>, separator: char) -> Vec<Range<usize>> {
    let (mut parts, mut start) = (Vec::new(), within.start);
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, c) in text[within.clone()].char_indices().map(|(at, c)| (at + within.start, c)) {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{' | '(') => depth += 1,
            (None, ']' | '}' | ')') => depth = depth.saturating_sub(1),
            (None, _) if c == separator && depth == 0 => {
                parts.push(start..at);
                start = at + c.len_utf8();
            }
            (Some(_) | None, _) => {}
        }
    }
    parts.push(start..within.end);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assignments(words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let sweep = Sweep::from_options(&words).unwrap_or_else(|(it, _)| panic!("{words:?}: {}", it.message));
        let row = |row: &Vec<usize>| {
            let each = sweep.parameters.iter().zip(row).map(|(column, index)| column.assignment(*index));
            each.collect::<Vec<_>>().join(" ")
        };
        sweep.combinations.iter().map(row).collect()
    }

    #[test]
    fn words_are_combined_and_the_last_changes_fastest() {
        assert_eq!(
            assignments(&["a=1,2", "b=0:0.2:0.1"]),
            ["a=1 b=0", "a=1 b=0.1", "a=1 b=0.2", "a=2 b=0", "a=2 b=0.1", "a=2 b=0.2"]
        );
    }

    #[test]
    fn a_list_holds_values_ranges_and_whatever_stands_in_brackets() {
        assert_eq!(assignments(&["k=0:1:0.5,10"]), ["k=0", "k=0.5", "k=1", "k=10"]);
        assert_eq!(assignments(&["k=1e300,1e-40"]), ["k=1e300", "k=1e-40"]);
        assert_eq!(assignments(&["k= 3*pi , atan2(1, 2)"]), ["k=3*pi", "k=atan2(1, 2)"]);
        assert_eq!(assignments(&["time.span=[0, 1],[0, 2]"]), ["time.span=[0, 1]", "time.span=[0, 2]"]);
        assert_eq!(assignments(&["alt='a, b: c',\"d\""]), ["alt='a, b: c'", "alt=\"d\""]);
    }

    #[test]
    fn numbers_larger_than_integers_of_toml_are_floats() {
        assert_eq!(assignments(&["k=.5,9e18"]), ["k=0.5", "k=9000000000000000000"]);
        assert_eq!(assignments(&["k=1e19"]), ["k=10000000000000000000.0"]);
        assert_eq!(
            assignments(&["k=1e19:2e19:1e19"]),
            ["k=10000000000000000000.0", "k=20000000000000000000.0"]
        );
    }

    #[test]
    fn mistakes_are_told_where_they_are() {
        for (words, message, marked) in [
            (&["zeta"][..], "wants KEY=VALUES", "zeta"),
            (&["zeta=0:2"], "three numbers", "0:2"),
            (&["zeta=1, 0:2:0.1:3"], "three numbers", "0:2:0.1:3"),
            (&["zeta=0:2*pi:0.1"], "`2*pi` is not a decimal number", "2*pi"),
            (&["zeta=0:2:"], "`` is not a decimal number", ""),
            (&["zeta=0:1e300:1"], "`1e300` is not a decimal number with at most 28 digits", "1e300"),
            (&["zeta=0:1:1e-40"], "`1e-40` is not a decimal number with at most 28 digits", "1e-40"),
            (&["zeta=1, 0:1e20:1e-20"], "numbers with more than 28 digits", "0:1e20:1e-20"),
            (&["zeta=0:2:0"], "steps of 0 do not lead from 0 to 2", "0"),
            (&["zeta=0:2:-0.1"], "steps of -0.1", "-0.1"),
            (&["zeta=1,,2"], "a value is missing", ""),
            (&["zeta="], "a value is missing", ""),
            (&["zeta=0:1e9:1e-9"], "makes 1000000000000000001 scenes", "zeta=0:1e9:1e-9"),
            (&["a=1:1000:1", "b=1:1000:1"], "makes 1000000 scenes", "b=1:1000:1"),
        ] {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            let (found, sources) = Sweep::from_options(&words).expect_err(&words[0]);
            assert!(found.message.contains(message), "{words:?}: {}", found.message);
            assert_eq!(sources.excerpt(found.origin.expect("a place")), marked, "{words:?}");
            assert!(found.help.is_some());
        }
    }
}
