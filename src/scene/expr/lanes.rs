//! Values of an expression at many values of its variable, one per lane.
//!
//! The real and the imaginary parts are stored apart, and a part that is the same in all lanes is stored once. So real
//! lanes and purely imaginary ones cost no more than their one part. The representation does not affect the results:
//! each lane has the bits of the scalar computation.

use std::sync::Arc;

use num_complex::Complex64;

use super::arithmetic::{divide, multiply, multiply_parts, negate, power};
use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::number::{from_real, modulus, real_or_nan, to_real};
use super::real_lanes::RealLanes;
use super::vector_math;

/// One complex value per lane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lanes {
    pub(super) re: RealLanes,
    pub(super) im: RealLanes,
}

impl Lanes {
    /// The same value in all lanes.
    pub(super) fn of(value: Complex64) -> Self {
        Self { re: RealLanes::Uniform(value.re), im: RealLanes::Uniform(value.im) }
    }

    /// Real values.
    pub(super) fn real(re: RealLanes) -> Self {
        Self { re, im: RealLanes::Uniform(0.0) }
    }

    /// One value per lane.
    pub(super) fn from_values(values: impl Iterator<Item = Complex64>) -> Self {
        let (re, im): (Vec<f64>, Vec<f64>) = values.map(|value| (value.re, value.im)).unzip();
        if im.iter().all(|im| im.to_bits() == 0) {
            Self::real(RealLanes::each(re))
        } else {
            Self { re: RealLanes::each(re), im: RealLanes::each(im) }
        }
    }

    /// One value per lane.
    pub(crate) fn of_values(values: Vec<Complex64>) -> Self {
        Self::from_values(values.into_iter())
    }

    /// The value in one lane.
    pub(crate) fn at(&self, lane: usize) -> Complex64 {
        Complex64::new(self.re.at(lane), self.im.at(lane))
    }

    /// The values of all lanes as real numbers; `None` if one of them is not real.
    pub(crate) fn into_reals(self, lanes: usize) -> Option<Vec<f64>> {
        if self.is_real() {
            return Some(self.re.to_vec(lanes));
        }
        (0..lanes).map(|lane| to_real(self.at(lane)).ok()).collect()
    }

    /// The real and the imaginary parts of all lanes.
    pub(super) fn into_parts(self, lanes: usize) -> [Vec<f64>; 2] {
        [self.re, self.im].map(|part| part.to_vec(lanes))
    }

    /// The common value of all lanes, if they are known to have one.
    pub(super) fn uniform(&self) -> Option<Complex64> {
        Some(Complex64::new(self.re.uniform()?, self.im.uniform()?))
    }

    /// Whether all lanes are known to be real.
    fn is_real(&self) -> bool {
        self.im.is_zero()
    }

    /// The number of lanes that have values of their own; `None` if the value is the same in all lanes.
    fn len(&self) -> Option<usize> {
        [&self.re, &self.im].into_iter().find_map(|part| match part {
            RealLanes::Uniform(_) => None,
            RealLanes::Each(values) => Some(values.len()),
        })
    }

    /// The values of some lanes, which may repeat.
    pub(super) fn gather(&self, lanes: &[usize]) -> Self {
        Self { re: self.re.gather(lanes), im: self.im.gather(lanes) }
    }

    /// The real numbers of [`real_or_nan`].
    pub(super) fn reals_or_nan(self) -> RealLanes {
        if self.is_real() { self.re } else { self.map(|value| from_real(real_or_nan(value))).re }
    }

    /// Applies a function to each lane, one lane after the other.
    pub(super) fn map(&self, f: impl Fn(Complex64) -> Complex64) -> Self {
        match self.len() {
            None => Self::of(f(self.at(0))),
            Some(len) => Self::from_values((0..len).map(|lane| f(self.at(lane)))),
        }
    }

    /// Combines two values lane by lane, one lane after the other.
    pub(super) fn zip(&self, other: &Self, f: impl Fn(Complex64, Complex64) -> Complex64) -> Self {
        match self.len().or(other.len()) {
            None => Self::of(f(self.at(0), other.at(0))),
            Some(len) => Self::from_values((0..len).map(|lane| f(self.at(lane), other.at(lane)))),
        }
    }

    /// The value of an infix operator, other than `and` and `or` of which a lane may not evaluate the second operand.
    pub(super) fn apply_operator(self, operator: BinaryOperator, other: Self) -> Self {
        let are_real = self.is_real() && other.is_real();
        let compare = |holds: fn(&f64, &f64) -> bool| move |a, b| f64::from(u8::from(holds(&a, &b)));
        match operator {
            BinaryOperator::Add => {
                Self { re: self.re.zip(other.re, |a, b| a + b), im: self.im.zip(other.im, |a, b| a + b) }
            }
            BinaryOperator::Subtract => {
                Self { re: self.re.zip(other.re, |a, b| a - b), im: self.im.zip(other.im, |a, b| a - b) }
            }
            BinaryOperator::Multiply => self.times(other),
            BinaryOperator::Divide => self.divided_by(other),
            BinaryOperator::Power => match other.uniform() {
                Some(exponent) if exponent == from_real(2.0) => self.clone().times(self),
                _ => self.zip(&other, power),
            },
            BinaryOperator::Less if are_real => Self::real(self.re.zip(other.re, compare(f64::lt))),
            BinaryOperator::LessEqual if are_real => Self::real(self.re.zip(other.re, compare(f64::le))),
            BinaryOperator::Greater if are_real => Self::real(self.re.zip(other.re, compare(f64::gt))),
            BinaryOperator::GreaterEqual if are_real => Self::real(self.re.zip(other.re, compare(f64::ge))),
            _ => self.zip(&other, |a, b| operator.apply(a, b)),
        }
    }

    /// The product. Lanes in which a part happens to be zero follow the special cases of [`multiply`].
    pub(super) fn times(self, other: Self) -> Self {
        let (a, b) = (self, other);
        match (a.is_real(), b.is_real()) {
            (true, true) => return Self::real(a.re.zip(b.re, |a, b| a * b)),
            (true, false) if !b.im.has_zero() => return b.scaled(a.re),
            (false, true) if !a.im.has_zero() => return a.scaled(b.re),
            _ if a.im.has_zero() || b.im.has_zero() => {}
            _ if a.re.is_zero() => return b.scaled(a.im).times_j(),
            _ if a.re.has_zero() => {}
            _ if b.re.is_zero() => return a.scaled(b.im).times_j(),
            _ if b.re.has_zero() => {}
            _ => {
                let re = a.re.clone().zip(b.re.clone(), |a, b| a * b);
                let re = re.zip(a.im.clone().zip(b.im.clone(), |a, b| a * b), |a, b| a - b);
                let im = a.re.zip(b.im, |a, b| a * b);
                return Self { re, im: im.zip(a.im.zip(b.re, |a, b| a * b), |a, b| a + b) };
            }
        }
        a.zip(&b, multiply)
    }

    /// The product with a real factor; [`super::arithmetic::multiply_by_real`].
    fn scaled(self, factor: RealLanes) -> Self {
        Self { re: product_of_parts(self.re, factor.clone()), im: product_of_parts(self.im, factor) }
    }

    /// The product with j.
    fn times_j(self) -> Self {
        Self { re: self.im.map(|im| if im == 0.0 { 0.0 } else { -im }), im: self.re }
    }

    /// The quotient.
    pub(super) fn divided_by(self, other: Self) -> Self {
        let (a, b) = (self, other);
        if b.is_real() && a.is_real() {
            return Self::real(a.re.zip(b.re, |a, b| a / b));
        }
        if b.is_real() && !a.im.has_zero() {
            let part = |part: RealLanes| {
                if part.is_zero() {
                    return RealLanes::Uniform(0.0);
                }
                part.zip(b.re.clone(), |part, divisor| if part == 0.0 { 0.0 } else { part / divisor })
            };
            return Self { re: part(a.re), im: part(a.im) };
        }
        a.zip(&b, divide)
    }

    /// The negated value.
    pub(super) fn negated(self) -> Self {
        if self.is_real() { Self::real(self.re.map(|re| -re)) } else { self.map(negate) }
    }

    /// The value of a function of one argument.
    pub(super) fn apply(self, function: UnaryFunction) -> Self {
        let is_real = self.is_real();
        match function {
            UnaryFunction::Sin if is_real => Self::real(self.re.map_all(libm::sin, vector_math::sin)),
            UnaryFunction::Cos if is_real => Self::real(self.re.map_all(libm::cos, vector_math::cos)),
            UnaryFunction::Exp if is_real => Self::real(exponential(self.re)),
            UnaryFunction::Exp => {
                let (sine, cosine) = sine_and_cosine(self.im);
                let radius = exponential(self.re);
                Self { re: product_of_parts(radius.clone(), cosine), im: product_of_parts(radius, sine) }
            }
            UnaryFunction::Abs if is_real => Self::real(self.re.map(f64::abs)),
            UnaryFunction::Abs => Self::real(moduli(self.re, self.im)),
            UnaryFunction::Re => Self::real(self.re),
            UnaryFunction::Im => Self::real(self.im),
            UnaryFunction::Conj if is_real => self,
            UnaryFunction::Floor if is_real => Self::real(self.re.map(f64::floor)),
            UnaryFunction::Ceil if is_real => Self::real(self.re.map(f64::ceil)),
            _ => match function.real_function() {
                Some(f) if is_real => Self::real(self.re.map(f)),
                _ => self.map(|value| function.apply(value)),
            },
        }
    }

    /// The value of a function of two arguments.
    pub(super) fn apply_two(self, function: BinaryFunction, other: Self) -> Self {
        if self.is_real() && other.is_real() && function != BinaryFunction::Legendre {
            return Self::real(self.re.zip(other.re, |a, b| function.apply(from_real(a), from_real(b)).re));
        }
        self.zip(&other, |a, b| function.apply(a, b))
    }
}

/// The products of two parts, which are 0 where one of them is; [`multiply_parts`].
fn product_of_parts(a: RealLanes, b: RealLanes) -> RealLanes {
    if a.is_zero() || b.is_zero() { RealLanes::Uniform(0.0) } else { a.zip(b, multiply_parts) }
}

/// eˣ in each lane.
fn exponential(exponents: RealLanes) -> RealLanes {
    exponents.map_all(libm::exp, vector_math::exp)
}

/// The modulus in each lane.
fn moduli(re: RealLanes, im: RealLanes) -> RealLanes {
    match (re, im) {
        (RealLanes::Each(mut re), RealLanes::Each(im)) => {
            vector_math::moduli(Arc::make_mut(&mut re).as_mut_slice(), &im);
            RealLanes::Each(re)
        }
        (re, im) => re.zip(im, |re, im| modulus(Complex64::new(re, im))),
    }
}

/// The sine and the cosine in each lane.
fn sine_and_cosine(angles: RealLanes) -> (RealLanes, RealLanes) {
    match angles {
        RealLanes::Uniform(angle) => {
            let (sine, cosine) = libm::sincos(angle);
            (RealLanes::Uniform(sine), RealLanes::Uniform(cosine))
        }
        RealLanes::Each(angles) => {
            let mut sines = angles.to_vec();
            let mut cosines = vec![0.0; sines.len()];
            vector_math::sin_cos(&mut sines, &mut cosines);
            (RealLanes::each(sines), RealLanes::each(cosines))
        }
    }
}
