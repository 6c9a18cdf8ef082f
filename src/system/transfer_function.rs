//! The row of the transfer function: its keys and members over
//! [`solver::transfer_function`](crate::solver::transfer_function).

mod members;

use std::sync::Arc;

use num_complex::Complex64;

use super::state_space::input_work;
use super::{KeyError, Keys, KindSpec, Outline, Schema, System};
use crate::keys::{KeySpec, KeyType};
use crate::solver::state_space::{InputError, InputFn};
use crate::solver::transfer_function::{MAX_DEGREE, Rational, RationalError, TransferFunction};
use crate::system::{SignalFn, SystemError};
use members::{Form, Solved};

/// The rational function H(s) from an input to an output.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "transfer-function", article: "a", keys: &KEYS, max_solutions: 256, declare, solve };

const KEYS: [KeySpec; 6] = [
    KeySpec::new(
        "numerator",
        KeyType::Vector,
        "`[1]`",
        "the coefficients of the numerator, highest power of s first",
    ),
    KeySpec::new(
        "denominator",
        KeyType::Vector,
        "",
        "the coefficients of the denominator, highest power of s first",
    ),
    KeySpec::new("zeros", KeyType::Vector, "none", "the zeros, beside `poles`").in_unit("1/s"),
    KeySpec::new("poles", KeyType::Vector, "", "the poles, instead of `denominator`").in_unit("1/s"),
    KeySpec::new(
        "gain",
        KeyType::Number,
        "`1`",
        "the factor of the product of all s − zero over all s − pole",
    ),
    KeySpec::new("u", KeyType::Signal, "none", "the input u, which acts from t = 0 on"),
];

const EXAMPLE: &str =
    "write numerator = [1], denominator = [1, 0.4, 4], or poles = [\"-0.2 + 2*j\", \"-0.2 - 2*j\"]";

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    let given = |names: &[&'static str]| names.iter().copied().find(|name| keys.has(name));
    let polynomial = given(&["numerator", "denominator"]);
    let root = given(&["zeros", "poles", "gain"]);
    if let Some((polynomial, root)) = polynomial.zip(root) {
        let message = format!("`{polynomial}` and `{root}` cannot both be given");
        let help = "give numerator and denominator, or zeros, poles and gain";
        return Err(KeyError::key(root, message, help));
    }
    match (polynomial, root) {
        (Some(numerator), _) if !keys.has("denominator") => {
            let help = "write the one of s² + 0.4s + 4 as denominator = [1, 0.4, 4]";
            Err(KeyError::key(numerator, "`numerator` needs `denominator` beside it", help))
        }
        (None, None) => Err(KeyError::system("a transfer function needs `denominator` or `poles`", EXAMPLE)),
        (Some(_), _) => declare_polynomials(keys),
        (None, Some(_)) => declare_roots(keys),
    }
}

fn declare_polynomials(keys: &Outline) -> Result<Schema, KeyError> {
    if let Some(key) = ["numerator", "denominator"].into_iter().find(|key| keys.length(key) == Some(0)) {
        return Err(KeyError::key(key, format!("`{key}` holds no number"), format!("write {key} = [1]")));
    }
    let poles = keys.length("denominator").map(|length| length - 1);
    check_degree("denominator", poles)?;
    // Leading zeros of a numerator are left out once they are known.
    let zeros = if keys.has("numerator") { None } else { Some(0) };
    Ok(Form { zeros, poles, is_complex: false }.schema())
}

fn declare_roots(keys: &Outline) -> Result<Schema, KeyError> {
    let count = |key| if keys.has(key) { keys.length(key) } else { Some(0) };
    let (zeros, poles) = (count("zeros"), count("poles"));
    check_degree("poles", poles)?;
    if let Some((zeros, poles)) = zeros.zip(poles).filter(|(zeros, poles)| zeros > poles) {
        return Err(improper("zeros", zeros, poles));
    }
    Ok(Form { zeros, poles, is_complex: false }.schema())
}

fn check_degree(key: &'static str, poles: Option<usize>) -> Result<(), KeyError> {
    match poles {
        Some(poles) if poles > MAX_DEGREE => Err(too_many_poles(key, poles)),
        _ => Ok(()),
    }
}

fn too_many_poles(key: &'static str, poles: usize) -> KeyError {
    let message = format!("a transfer function has at most {MAX_DEGREE} poles, this one has {poles}");
    KeyError::key(key, message, "write it as a state-space system, which can have 256 states")
}

fn improper(key: &'static str, zeros: usize, poles: usize) -> KeyError {
    let message =
        format!("there are more zeros ({zeros}) than poles ({poles}), so the function differentiates u");
    KeyError::key(key, message, "add a pole far to the left, such as -1000")
}

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let list = |key: &str| keys.vector(key).map(<[Complex64]>::to_vec);
    let (rational, [zeros, poles]) = if let Some(denominator) = list("denominator") {
        let numerator = list("numerator").unwrap_or_else(|| vec![Complex64::ONE]);
        (Rational::Coefficients { numerator, denominator }, ["numerator", "denominator"])
    } else {
        let [zeros, poles] = ["zeros", "poles"].map(|key| list(key).unwrap_or_default());
        (Rational::Roots { zeros, poles, gain: keys.number("gain").unwrap_or(1.0) }, ["zeros", "poles"])
    };
    let order = list(poles).map_or(0, |poles| poles.len());
    keys.charge(poles, roots_work(order))?;
    let signal = keys.counted_signal("u", input_work(order, !rational.is_real()));
    let input = signal.map(|signal| input_function(signal, rational.is_real()));
    match TransferFunction::new(rational, input) {
        Ok(function) => Ok(Arc::new(Solved::new(function, &keys.work))),
        Err(RationalError::LeadingZero) => {
            let message = "the first coefficient of `denominator` must not be 0";
            Err(KeyError::key("denominator", message, "leave out leading zeros"))
        }
        Err(RationalError::Improper { zeros: count, poles }) => Err(improper(zeros, count, poles)),
        Err(RationalError::TooManyPoles) => {
            let count = keys.vector(poles).map_or(0, <[Complex64]>::len);
            Err(too_many_poles(poles, if poles == "poles" { count } else { count - 1 }))
        }
        Err(RationalError::NotFinite(key)) => {
            let help = format!("change `{key}`, or the values that its expressions use");
            Err(KeyError::key(key, format!("`{key}` holds a number that is too large or undefined"), help))
        }
    }
}

/// The work of the poles, which are refined in twice as many digits, as a multiple of the cube of their number.
const CUBES_OF_ROOTS: u64 = 16;

fn roots_work(order: usize) -> u64 {
    CUBES_OF_ROOTS * (order as u64).pow(3)
}

/// The imaginary part that rounding may leave in a real input, relative to its size and absolutely.
const IMAGINARY_ROUNDING: f64 = 1e-9;
const SMALLEST_IMAGINARY: f64 = 1e-14;

/// The input as the solver takes it. That of a real function must be real.
fn input_function(signal: SignalFn, is_real: bool) -> InputFn {
    let is_complex = |u: Complex64| u.im.abs() > IMAGINARY_ROUNDING * u.re.abs() + SMALLEST_IMAGINARY;
    Arc::new(move |t| match signal(t) {
        Ok(u) if !is_real => Ok(u),
        Ok(u) if !is_complex(u) => Ok(u.re.into()),
        Ok(_) => {
            let message = format!("the input is complex at t = {t}, but the transfer function is real");
            Err(Arc::new(SystemError::new("u", message, "write re(…) around `u`")) as InputError)
        }
        Err(error) => Err(Arc::new(error) as InputError),
    })
}

#[cfg(test)]
mod tests;
