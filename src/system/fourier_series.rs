//! The row of Fourier series: their keys and members over [`solver::fourier_series`](crate::solver::fourier_series).

use std::sync::Arc;

use num_complex::Complex64;

use super::{
    At, Axis, Component, KeyError, Keys, KindSpec, Member, Outline, Schema, Shape, SignalFn, System,
    SystemError, VariablesFn,
};
use crate::keys::{KeySpec, KeyType};
use crate::solver::fourier_series::{FourierSeries, FunctionError, MAX_TERMS};

/// A Fourier series of finitely many terms.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "fourier-series", article: "a", keys: &KEYS, max_solutions: 128, declare, solve };

const KEYS: [KeySpec; 4] = [
    KeySpec::new("period", KeyType::Positive, "", "the period T").in_unit("s"),
    KeySpec::new("terms", KeyType::Integer, "", "the largest n, 0 to 1000; terms run from its negative on"),
    KeySpec::new("c", KeyType::Function(&["n"]), "", "the coefficient of exp(2πjnt/T); or `of` in its place"),
    KeySpec::new("of", KeyType::Signal, "", "a signal, whose coefficients are integrals from 0 to T"),
];

/// The members in the order of the documentation. A slot is an index into them.
#[derive(Clone, Copy)]
enum Quantity {
    C,
    X,
    Partial,
    Arm,
}

const QUANTITIES: [Quantity; 4] = [Quantity::C, Quantity::X, Quantity::Partial, Quantity::Arm];

/// Numbers that are nearer than this to a whole one are taken for it.
const ROUNDING: f64 = 1e-9;

/// A solved system with its members.
#[derive(Debug)]
struct Solved {
    schema: Schema,
    series: FourierSeries,
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    for (key, help) in [
        ("period", "write period = 1, in seconds"),
        ("terms", "write terms = 9: the series has the terms from -9 to 9"),
    ] {
        if !keys.has(key) {
            return Err(KeyError::system(format!("a fourier-series needs `{key}`"), help));
        }
    }
    match (keys.has("c"), keys.has("of")) {
        (true, true) => {
            return Err(KeyError::key(
                "c",
                "`c` and `of` both determine the coefficients",
                "give one of the two",
            ));
        }
        (false, false) => {
            let help = "write c = \"if(n == 0, 0, 1/n^2)\", or of = \"sign(sin(t))\"";
            return Err(KeyError::system("a fourier-series needs `c` or `of`", help));
        }
        _ => {}
    }
    let terms = match keys.literal("terms") {
        Some(terms) if !(0.0..=MAX_TERMS as f64).contains(&terms) => return Err(wrong_terms(terms)),
        terms => terms.map(|terms| terms as usize),
    };
    // Whether the sum is real is known once the coefficients are.
    Ok(schema(terms, true))
}

fn schema(terms: Option<usize>, is_complex: bool) -> Schema {
    let first = -(terms.unwrap_or(MAX_TERMS) as i64);
    let of_terms = Shape::Vector(Axis { first, length: terms.map(|terms| 2 * terms + 1) });
    let member = |quantity| match quantity {
        Quantity::C => Member::constant("c").shaped(of_terms).complex_if(true),
        Quantity::X => Member::signal("x").complex_if(is_complex),
        Quantity::Partial => Member::time_function("partial", "n").complex_if(is_complex),
        Quantity::Arm => Member::signal("arm").shaped(of_terms).complex_if(true),
    };
    Schema { members: QUANTITIES.map(member).into(), grid: Vec::new() }
}

fn wrong_terms(terms: f64) -> KeyError {
    let message = format!("`terms` must be 0 to {MAX_TERMS}, it is {terms}");
    KeyError::key("terms", message, "write terms = 9: the series has the terms from -9 to 9")
}

/// The work of a term of a sum, and of the integrals of a term for each value of the function.
const WORK_PER_TERM: u64 = 8;
const WORK_PER_VALUE: u64 = 8;

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let period = keys.number("period").unwrap_or(f64::NAN);
    if !(period > 0.0 && period.is_finite()) {
        let message = format!("`period` must be greater than 0, it is {period}");
        return Err(KeyError::key("period", message, "write period = 1, in seconds"));
    }
    let given = keys.integer("terms").unwrap_or(-1);
    let terms = usize::try_from(given).ok().filter(|terms| *terms <= MAX_TERMS);
    let terms = terms.ok_or_else(|| wrong_terms(given as f64))?;
    let of = keys.counted_signal("of", WORK_PER_VALUE * terms as u64);
    let series = match (keys.function("c"), of) {
        (Some(c), _) => FourierSeries::new(period, coefficients(c, terms)?),
        (None, Some(of)) => of_signal(period, terms, &of)?,
        (None, None) => {
            return Err(KeyError::system("a fourier-series needs `c` or `of`", "give one of the two"));
        }
    };
    Ok(Arc::new(Solved { schema: schema(Some(terms), !series.is_real()), series }))
}

/// The values of `c`.
fn coefficients(c: &VariablesFn, terms: usize) -> Result<Vec<Complex64>, KeyError> {
    let last = terms as i64;
    let coefficient = |n: i64| {
        let value =
            c.value(0.0, &[n as f64]).map_err(|error| KeyError::key("c", error.message, error.help))?;
        if value.re.is_finite() && value.im.is_finite() {
            return Ok(value);
        }
        let help = format!("write c = \"if(n == {n}, 0, …)\", with the coefficient of n = {n} in place of 0");
        Err(KeyError::key("c", format!("`c` is not a finite number at n = {n}"), help))
    };
    // That of 0 is the one that most often needs a case of its own.
    let middle = coefficient(0)?;
    (-last..=last).map(|n| if n == 0 { Ok(middle) } else { coefficient(n) }).collect()
}

/// The series of `of`.
fn of_signal(period: f64, terms: usize, of: &SignalFn) -> Result<FourierSeries, KeyError> {
    FourierSeries::of(period, terms, |t| of(t)).map_err(|error| match error {
        FunctionError::Failed(error) => KeyError::key("of", error.message, error.help),
        FunctionError::Undefined(t) => KeyError::key(
            "of",
            format!("`of` is not a finite number at t = {t}"),
            "change `of` such that it is defined for all times from 0 to `period`",
        ),
        FunctionError::TooRough => KeyError::key(
            "of",
            "`of` changes too often within a period",
            "write a smoother `of`, or a shorter `period`",
        ),
    })
}

impl Solved {
    /// The sum of the terms whose |n| is not larger than the argument.
    fn partial(&self, argument: f64, t: f64) -> Complex64 {
        let n = (argument + ROUNDING).floor();
        if (0.0..=self.series.terms() as f64).contains(&n) {
            self.series.partial(n as usize, t)
        } else {
            f64::NAN.into()
        }
    }
}

impl System for Solved {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn cost(&self, component: Component) -> u64 {
        match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::X | Quantity::Partial => WORK_PER_TERM * self.series.terms() as u64,
            Quantity::C | Quantity::Arm => 0,
        }
    }

    fn value(&self, component: Component, at: At) -> Result<Complex64, SystemError> {
        let n = component.index[0];
        Ok(match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::C => self.series.coefficient(n),
            Quantity::X => self.series.value(at.time),
            Quantity::Partial => self.partial(at.argument_or_nan().re, at.time),
            Quantity::Arm => self.series.arm(n, at.time),
        })
    }
}

#[cfg(test)]
mod tests;
