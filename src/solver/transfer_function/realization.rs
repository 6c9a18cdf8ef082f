//! A transfer function as a state-space system.

use num_complex::Complex64;

use super::polynomial::cancelled;
use super::{Rational, RationalError};
use crate::solver::state_space::{InputFn, Matrices, MatrixError, NamedMatrix, OutputPart, StateSpace};

/// H(∞), and the motion of the rest; none without poles.
pub(super) fn motion(
    rational: &Rational,
    input: Option<InputFn>,
) -> Result<(Complex64, Option<StateSpace>), RationalError> {
    let (through, matrices, keys) = match rational {
        Rational::Coefficients { numerator, denominator } => {
            let (through, matrices) = companion(numerator, denominator);
            (through, matrices, ["numerator", "denominator"])
        }
        Rational::Roots { zeros, poles, gain } => {
            let (through, matrices) = cascade(zeros, poles, *gain);
            (through, matrices, ["gain", "poles"])
        }
    };
    if !through.is_finite() {
        return Err(RationalError::NotFinite(keys[0]));
    }
    if matrices.b.is_empty() {
        return Ok((through, None));
    }
    let x0 = vec![Complex64::ZERO; matrices.b.len()];
    // Quotients of extreme coefficients are too large for a number.
    let key = |error: MatrixError| RationalError::NotFinite(keys[usize::from(error.symbol == "A")]);
    StateSpace::new(matrices, &x0, input).map(|motion| (through, Some(motion))).map_err(key)
}

/// The companion form.
fn companion(numerator: &[Complex64], denominator: &[Complex64]) -> (Complex64, Matrices) {
    let named = NamedMatrix::Companion(denominator.to_vec());
    let missing = denominator.len() - numerator.len();
    let padded = |at: usize| if at < missing { Complex64::ZERO } else { numerator[at - missing] };
    let through = padded(0) / denominator[0];
    // The coefficients of the numerator without its part H(∞)·denominator, lowest power first.
    let rest = |at: usize| {
        if missing == 0 { padded(at) - through * denominator[at] } else { padded(at) }
    };
    let c = (1..denominator.len()).rev().map(|at| rest(at) / denominator[0]).collect();
    (through, matrices(named.a(), named.b(), c))
}

/// Sections of one pole each, one after the other, with the zeros on the sections of the nearest poles.
fn cascade(zeros: &[Complex64], poles: &[Complex64], gain: f64) -> (Complex64, Matrices) {
    let (zeros, poles) = cancelled(zeros, poles);
    let order = poles.len();
    let mut a = vec![vec![Complex64::ZERO; order]; order];
    let mut b = vec![Complex64::ZERO; order];
    // The signal between two sections: a sum of states, and the share of the input.
    let mut between = vec![Complex64::ZERO; order];
    let mut through = Complex64::ONE;
    for (at, (pole, zero)) in paired(&zeros, &poles).into_iter().enumerate() {
        a[at].clone_from(&between);
        a[at][at] = pole;
        b[at] = through;
        if let Some(zero) = zero {
            // (s − zero)/(s − pole) = 1 + (pole − zero)/(s − pole).
            between[at] = pole - zero;
        } else {
            between = vec![Complex64::ZERO; order];
            between[at] = Complex64::ONE;
            through = Complex64::ZERO;
        }
    }
    let c = between.iter().map(|entry| entry * gain).collect();
    (through * gain, matrices(a, b, c))
}

/// The poles in their order, with the zeros that are nearest to them.
fn paired(zeros: &[Complex64], poles: &[Complex64]) -> Vec<(Complex64, Option<Complex64>)> {
    let mut pairs: Vec<(Complex64, Option<Complex64>)> = poles.iter().map(|pole| (*pole, None)).collect();
    for zero in zeros {
        let distance = |pair: &&mut (Complex64, Option<Complex64>)| (pair.0 - zero).l1_norm();
        let free = pairs.iter_mut().filter(|pair| pair.1.is_none());
        let nearest = free.min_by(|left, right| distance(left).total_cmp(&distance(right)));
        if let Some(pair) = nearest {
            pair.1 = Some(*zero);
        }
    }
    pairs
}

fn matrices(a: Vec<Vec<Complex64>>, b: Vec<Complex64>, c: Vec<Complex64>) -> Matrices {
    Matrices { a, b, c: vec![c], d: vec![Complex64::ZERO], output: OutputPart::Whole }
}
