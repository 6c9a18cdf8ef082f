//! Jets: bounds on a quantity and its first two derivatives over a range of a variable.
//!
//! A bound on the second derivative of a curve bounds the distance between the curve and a chord, so a curve
//! with a small bound needs no samples in between, however narrow its features could be. Where no bound is
//! known (for complex values, jumps, poles nearby), an operation returns `None` and nothing is claimed.

use std::f64::consts::{FRAC_PI_2, LN_2, LN_10, PI};

use super::ast::BinaryOperator;
use super::function::{BinaryFunction, UnaryFunction};
use super::interval::Interval;
use super::number::is_whole;
use super::special::is_order;

/// The largest integer exponent for which a power is bounded as a product.
pub(super) const MAX_PRODUCT_EXPONENT: f64 = 16.0;

/// Bounds on a real quantity and its first two derivatives, while a variable runs over a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Jet {
    /// Bounds on the value.
    pub(crate) value: Interval,
    /// Bounds on the first derivative with respect to the variable.
    pub(crate) first: Interval,
    /// Bounds on the second derivative with respect to the variable.
    pub(crate) second: Interval,
}

impl Jet {
    /// The jet of the constant 0.
    pub(super) const ZERO: Self =
        Self { value: Interval::ZERO, first: Interval::ZERO, second: Interval::ZERO };

    /// The jet of a constant.
    pub(crate) fn constant(value: f64) -> Option<Self> {
        Some(Self { value: Interval::point(value)?, first: Interval::ZERO, second: Interval::ZERO })
    }

    /// The jet of a quantity that does not depend on the variable, while another one runs over a range.
    pub(super) fn within(value: Interval) -> Self {
        Self { value, ..Self::ZERO }
    }

    /// The jet of the variable itself over a range.
    pub(crate) fn variable(from: f64, to: f64) -> Option<Self> {
        Some(Self {
            value: Interval::between(from, to)?,
            first: Interval::point(1.0)?,
            second: Interval::ZERO,
        })
    }

    /// The jet of a positive variable x over a range, with derivatives with respect to log₁₀ x.
    pub(crate) fn log_variable(from: f64, to: f64) -> Option<Self> {
        let value = Interval::between(from, to).filter(|value| value.low > 0.0)?;
        let first = value.scaled(LN_10)?;
        Some(Self { value, first, second: first.scaled(LN_10)? })
    }

    /// The value of a quantity that does not change.
    pub(super) fn as_constant(self) -> Option<f64> {
        let is_constant = self.first == Interval::ZERO && self.second == Interval::ZERO;
        self.value.as_point().filter(|_| is_constant)
    }

    /// The sum of two quantities.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            value: self.value.plus(other.value)?,
            first: self.first.plus(other.first)?,
            second: self.second.plus(other.second)?,
        })
    }

    /// The negated quantity.
    pub(super) fn negated(self) -> Self {
        Self { value: self.value.negated(), first: self.first.negated(), second: self.second.negated() }
    }

    /// The product of two quantities, by (fg)″ = f″g + 2f′g′ + fg″.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let crossed = self.first.times(other.first)?.scaled(2.0)?;
        Some(Self {
            value: self.value.times(other.value)?,
            first: self.first.times(other.value)?.plus(self.value.times(other.first)?)?,
            second: self.second.times(other.value)?.plus(crossed)?.plus(self.value.times(other.second)?)?,
        })
    }

    /// The square, by (f²)″ = 2f′² + 2ff″.
    pub(super) fn squared(self) -> Option<Self> {
        let crossed = self.value.times(self.second)?;
        Some(Self {
            value: self.value.squared()?,
            first: self.value.times(self.first)?.scaled(2.0)?,
            second: self.first.squared()?.plus(crossed)?.scaled(2.0)?,
        })
    }

    /// The quantity times a number.
    pub(crate) fn scaled(self, factor: f64) -> Option<Self> {
        self.times(Self::constant(factor)?)
    }

    /// A function g of the quantity, given bounds on g, g′ and g″ over its values: (g∘f)″ = g″·f′² + g′·f″.
    pub(super) fn compose(self, value: Interval, g1: Interval, g2: Interval) -> Option<Self> {
        let square = self.first.squared()?;
        Some(Self {
            value,
            first: g1.times(self.first)?,
            second: g2.times(square)?.plus(g1.times(self.second)?)?,
        })
    }

    /// A function g of the quantity, given g, g′ and g″, each of which is monotone over the values.
    fn compose_monotone(self, derivatives: [impl Fn(f64) -> f64; 3]) -> Option<Self> {
        let [g, g1, g2] = derivatives;
        self.compose(self.value.map_monotone(g)?, self.value.map_monotone(g1)?, self.value.map_monotone(g2)?)
    }

    /// 1/f, if the quantity is nowhere zero.
    pub(super) fn reciprocal(self) -> Option<Self> {
        let Interval { low, high } = self.value;
        (low > 0.0 || high < 0.0).then_some(())?;
        self.compose_monotone([|u| 1.0 / u, |u: f64| -1.0 / (u * u), |u: f64| 2.0 / (u * u * u)])
    }

    /// A power. The exponent has to be constant or the base positive.
    fn power(self, exponent: Self) -> Option<Self> {
        match exponent.as_constant() {
            Some(2.0) => self.squared(),
            Some(b) if is_whole(b) && b.abs() <= MAX_PRODUCT_EXPONENT => {
                let mut product = Self::constant(1.0)?;
                for _ in 0..b.abs() as u32 {
                    product = product.times(self)?;
                }
                if b < 0.0 { product.reciprocal() } else { Some(product) }
            }
            Some(b) if self.value.low > 0.0 => {
                let scaled = |factor: f64, exponent: f64| {
                    self.value.map_monotone(|u| libm::pow(u, exponent)).and_then(|power| power.scaled(factor))
                };
                self.compose(scaled(1.0, b)?, scaled(b, b - 1.0)?, scaled(b * (b - 1.0), b - 2.0)?)
            }
            _ => exponent.times(self.logarithm()?)?.exponential(),
        }
    }

    /// The exponential.
    fn exponential(self) -> Option<Self> {
        self.compose_monotone([libm::exp; 3])
    }

    /// The natural logarithm, if the quantity is positive.
    fn logarithm(self) -> Option<Self> {
        (self.value.low > 0.0).then_some(())?;
        self.compose_monotone([|u| libm::log(u), |u: f64| 1.0 / u, |u: f64| -1.0 / (u * u)])
    }

    /// The decimal logarithm, if the quantity is positive.
    pub(crate) fn decimal_logarithm(self) -> Option<Self> {
        self.logarithm()?.scaled(1.0 / LN_10)
    }

    /// The square root, if the quantity is positive.
    fn square_root(self) -> Option<Self> {
        (self.value.low > 0.0).then_some(())?;
        self.compose_monotone([|u: f64| u.sqrt(), |u: f64| 0.5 / u.sqrt(), |u: f64| -0.25 / (u * u.sqrt())])
    }

    /// The sine and the cosine.
    pub(super) fn sine_and_cosine(self) -> Option<[Self; 2]> {
        let [sine, cosine] = self.value.sine_and_cosine()?;
        Some([
            self.compose(sine, cosine, sine.negated())?,
            self.compose(cosine, sine.negated(), cosine.negated())?,
        ])
    }

    /// A function of one argument.
    pub(super) fn apply(self, function: UnaryFunction) -> Option<Self> {
        let Interval { low, high } = self.value;
        let symmetric = |limit: f64| Interval::between(-limit, limit);
        let unit = symmetric(1.0)?;
        match function {
            UnaryFunction::Sin => Some(self.sine_and_cosine()?[0]),
            UnaryFunction::Cos => Some(self.sine_and_cosine()?[1]),
            UnaryFunction::Exp => self.exponential(),
            UnaryFunction::Log => self.logarithm(),
            UnaryFunction::Log10 => self.decimal_logarithm(),
            UnaryFunction::Log2 => self.logarithm()?.scaled(1.0 / LN_2),
            UnaryFunction::Sqrt => self.square_root(),
            UnaryFunction::Cbrt if low > 0.0 || high < 0.0 => self.compose_monotone([
                |u| libm::cbrt(u),
                |u: f64| 1.0 / (3.0 * libm::cbrt(u) * libm::cbrt(u)),
                |u: f64| -2.0 / (9.0 * u * libm::cbrt(u) * libm::cbrt(u)),
            ]),
            // erf′ = 2/√π·exp(−u²) < 1.13, and |erf″| ≤ √(8/(π·e)) < 0.97.
            UnaryFunction::Erf => self.compose(unit, Interval::between(0.0, 1.13)?, symmetric(0.97)?),
            // sinc u is the mean of cos(πus) over 0 < s < 1, so |sinc′| ≤ π/2 and |sinc″| ≤ π²/3.
            UnaryFunction::Sinc => self.compose(unit, symmetric(FRAC_PI_2)?, symmetric(PI * PI / 3.0)?),
            UnaryFunction::Sinh | UnaryFunction::Cosh => {
                let hyperbolic = symmetric(libm::cosh(self.value.magnitude()))?;
                self.compose(hyperbolic, hyperbolic, hyperbolic)
            }
            // |tanh″| ≤ 4/(3√3) < 0.77 and |atan″| ≤ 3√3/8 < 0.65.
            UnaryFunction::Tanh => self.compose(unit, Interval::between(0.0, 1.0)?, symmetric(0.77)?),
            UnaryFunction::Atan => {
                self.compose(symmetric(FRAC_PI_2)?, Interval::between(0.0, 1.0)?, symmetric(0.65)?)
            }
            UnaryFunction::Abs if low >= 0.0 => Some(self),
            UnaryFunction::Abs if high <= 0.0 => Some(self.negated()),
            UnaryFunction::Re | UnaryFunction::Conj => Some(self),
            UnaryFunction::Im => Some(Self::ZERO),
            // These have kinks, jumps, poles or vertical tangents.
            UnaryFunction::Cbrt
            | UnaryFunction::Gamma
            | UnaryFunction::Factorial
            | UnaryFunction::Abs
            | UnaryFunction::Sign
            | UnaryFunction::Floor
            | UnaryFunction::Ceil
            | UnaryFunction::Arg
            | UnaryFunction::Tan
            | UnaryFunction::Asin
            | UnaryFunction::Acos => None,
        }
    }

    /// A function of two arguments.
    pub(super) fn apply_two(self, function: BinaryFunction, other: Self) -> Option<Self> {
        let choose = |is_self: bool| Some(if is_self { self } else { other });
        let below = self.value.high < other.value.low;
        let above = self.value.low > other.value.high;
        match function {
            BinaryFunction::Min if below || above => choose(below),
            BinaryFunction::Max if below || above => choose(above),
            // |Jₙ| ≤ 1, and Jₙ′ = (Jₙ₋₁ − Jₙ₊₁)/2.
            BinaryFunction::Besselj if self.as_constant().is_some_and(is_order) => {
                let unit = Interval::between(-1.0, 1.0)?;
                other.compose(unit, unit, unit)
            }
            BinaryFunction::Hypot => self.squared()?.plus(other.squared()?)?.square_root(),
            BinaryFunction::Min
            | BinaryFunction::Max
            | BinaryFunction::Atan2
            | BinaryFunction::Mod
            | BinaryFunction::Legendre
            | BinaryFunction::Besselj => None,
        }
    }

    /// The interpolation of points with the coordinates x0, y0, x1, y1, … at this quantity, if it stays between two
    /// neighbors.
    pub(super) fn interpolated(self, points: &[f64]) -> Option<Self> {
        let mut segments = points.chunks_exact(2).zip(points.chunks_exact(2).skip(1));
        let inside = segments.find(|(a, b)| a[0] <= self.value.low && self.value.high <= b[0]);
        let ([x0, y0], [x1, y1]) =
            inside.and_then(|(a, b)| Some((<[f64; 2]>::try_from(a).ok()?, <[f64; 2]>::try_from(b).ok()?)))?;
        let slope = (y1 - y0) / (x1 - x0);
        self.plus(Self::constant(-x0)?)?.scaled(slope)?.plus(Self::constant(y0)?)
    }

    /// An infix operator. A comparison is constant where the two ranges decide it.
    pub(super) fn apply_operator(self, operator: BinaryOperator, other: Self) -> Option<Self> {
        let truth = |is_true: bool, is_false: bool| match (is_true, is_false) {
            (true, _) => Self::constant(1.0),
            (_, true) => Self::constant(0.0),
            (false, false) => None,
        };
        let (a, b) = (self.value, other.value);
        let below = a.high < b.low;
        let above = a.low > b.high;
        match operator {
            BinaryOperator::Add => self.plus(other),
            BinaryOperator::Subtract => self.plus(other.negated()),
            BinaryOperator::Multiply => self.times(other),
            BinaryOperator::Divide => self.times(other.reciprocal()?),
            BinaryOperator::Power => self.power(other),
            BinaryOperator::Less => truth(below, a.low >= b.high),
            BinaryOperator::LessEqual => truth(a.high <= b.low, above),
            BinaryOperator::Greater => truth(above, a.high <= b.low),
            BinaryOperator::GreaterEqual => truth(a.low >= b.high, below),
            BinaryOperator::Equal | BinaryOperator::NotEqual | BinaryOperator::And | BinaryOperator::Or => {
                None
            }
        }
    }
}
