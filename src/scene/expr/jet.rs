//! How much a curve can bend over a range of its variable: value, slope and bend (the second
//! derivative) as intervals, through all of an expression at once.
//!
//! A bound on the bend is a bound on how far a chord strays, however narrow a feature may be: a curve
//! whose bend is known to be small need not be looked at between its samples. Where no bound is found
//! (what is complex, or jumps, or comes near a pole) there is no jet, and nothing is claimed.

use std::cell::Cell;
use std::f64::consts::{FRAC_PI_2, LN_10};

use num_complex::Complex64;

use super::ast::BinaryOperator;
use super::code::{Code, Op, OpIndex};
use super::eval::{Bindings, LocalVariable, local_value};
use super::function::{BinaryFunction, UnaryFunction};
use super::interval::Interval;
use super::number::{from_real, is_real, is_whole};
use super::scope::Variable;

/// How many steps of codes one jet may take: bounding is to be quicker than looking.
const MAX_STEPS: u32 = 4096;
/// The greatest whole power that is a product here.
const MAX_PRODUCT_EXPONENT: f64 = 16.0;

/// What is known of a real quantity while a variable runs over a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Jet {
    pub(crate) value: Interval,
    pub(crate) first: Interval,
    pub(crate) second: Interval,
}

impl Jet {
    /// A quantity that does not change.
    pub(crate) fn constant(value: f64) -> Option<Self> {
        Some(Self { value: Interval::point(value)?, first: Interval::ZERO, second: Interval::ZERO })
    }

    /// The variable itself, over a range.
    pub(crate) fn variable(from: f64, to: f64) -> Option<Self> {
        Some(Self {
            value: Interval::between(from, to)?,
            first: Interval::point(1.0)?,
            second: Interval::ZERO,
        })
    }

    /// The variable, positive, over a range in which its decimal logarithm runs evenly.
    pub(crate) fn log_variable(from: f64, to: f64) -> Option<Self> {
        let value = Interval::between(from, to).filter(|value| value.low > 0.0)?;
        let first = value.scaled(LN_10)?;
        Some(Self { value, first, second: first.scaled(LN_10)? })
    }

    /// The number, where the quantity does not change.
    fn as_constant(self) -> Option<f64> {
        let stands = self.first == Interval::ZERO && self.second == Interval::ZERO;
        self.value.as_point().filter(|_| stands)
    }

    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            value: self.value.plus(other.value)?,
            first: self.first.plus(other.first)?,
            second: self.second.plus(other.second)?,
        })
    }

    fn negated(self) -> Self {
        Self { value: self.value.negated(), first: self.first.negated(), second: self.second.negated() }
    }

    /// The product: (fg)″ = f″g + 2f′g′ + fg″.
    fn times(self, other: Self) -> Option<Self> {
        let crossed = self.first.times(other.first)?.scaled(2.0)?;
        Some(Self {
            value: self.value.times(other.value)?,
            first: self.first.times(other.value)?.plus(self.value.times(other.first)?)?,
            second: self.second.times(other.value)?.plus(crossed)?.plus(self.value.times(other.second)?)?,
        })
    }

    /// The quantity times a number.
    pub(crate) fn scaled(self, factor: f64) -> Option<Self> {
        self.times(Self::constant(factor)?)
    }

    /// A function g of the quantity, given g, g′ and g″ of its values: (g∘f)″ = g″·f′² + g′·f″.
    fn compose(self, value: Interval, g1: Interval, g2: Interval) -> Option<Self> {
        let square = self.first.times(self.first)?;
        Some(Self {
            value,
            first: g1.times(self.first)?,
            second: g2.times(square)?.plus(g1.times(self.second)?)?,
        })
    }

    /// The same for a function that, as its derivatives, only rises or only falls over these values.
    fn compose_monotone(self, functions: [impl Fn(f64) -> f64; 3]) -> Option<Self> {
        let [value, first, second] = functions;
        self.compose(
            self.value.map_monotone(value)?,
            self.value.map_monotone(first)?,
            self.value.map_monotone(second)?,
        )
    }

    /// One over the quantity, which keeps away from zero.
    fn reciprocal(self) -> Option<Self> {
        let Interval { low, high } = self.value;
        (low > 0.0 || high < 0.0).then_some(())?;
        self.compose_monotone([|u| 1.0 / u, |u: f64| -1.0 / (u * u), |u: f64| 2.0 / (u * u * u)])
    }

    /// A power; the exponent does not change, or the base is positive.
    fn power(self, exponent: Self) -> Option<Self> {
        match exponent.as_constant() {
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

    fn exponential(self) -> Option<Self> {
        self.compose_monotone([libm::exp; 3])
    }

    /// The natural logarithm of what is positive.
    fn logarithm(self) -> Option<Self> {
        (self.value.low > 0.0).then_some(())?;
        self.compose_monotone([|u| libm::log(u), |u: f64| 1.0 / u, |u: f64| -1.0 / (u * u)])
    }

    /// The decimal logarithm of what is positive.
    pub(crate) fn decimal_logarithm(self) -> Option<Self> {
        self.logarithm()?.scaled(1.0 / LN_10)
    }

    fn root(self) -> Option<Self> {
        (self.value.low > 0.0).then_some(())?;
        self.compose_monotone([|u: f64| u.sqrt(), |u: f64| 0.5 / u.sqrt(), |u: f64| -0.25 / (u * u.sqrt())])
    }

    /// A function of one argument.
    fn apply(self, function: UnaryFunction) -> Option<Self> {
        if let Some(value) = self.as_constant() {
            return constant_jet(function.apply(from_real(value)));
        }
        let Interval { low, high } = self.value;
        let about_zero = |size: f64| Interval::between(-size, size);
        let wave = about_zero(1.0)?;
        match function {
            UnaryFunction::Sin | UnaryFunction::Cos => self.compose(wave, wave, wave),
            UnaryFunction::Exp => self.exponential(),
            UnaryFunction::Log => self.logarithm(),
            UnaryFunction::Sqrt => self.root(),
            UnaryFunction::Sinh | UnaryFunction::Cosh => {
                let steepest = about_zero(libm::cosh(self.value.magnitude()))?;
                self.compose(steepest, steepest, steepest)
            }
            // Their second derivatives are greatest at 4/3√3 and 3√3/8.
            UnaryFunction::Tanh => self.compose(wave, Interval::between(0.0, 1.0)?, about_zero(0.77)?),
            UnaryFunction::Atan => {
                self.compose(about_zero(FRAC_PI_2)?, Interval::between(0.0, 1.0)?, about_zero(0.65)?)
            }
            UnaryFunction::Abs if low >= 0.0 => Some(self),
            UnaryFunction::Abs if high <= 0.0 => Some(self.negated()),
            UnaryFunction::Re | UnaryFunction::Conj => Some(self),
            UnaryFunction::Im => Self::constant(0.0),
            // What jumps, and what has poles or a vertical tangent.
            UnaryFunction::Abs
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
    fn apply_two(self, function: BinaryFunction, other: Self) -> Option<Self> {
        let apart = |ordered: bool| if ordered { Some(self) } else { Some(other) };
        let below = self.value.high < other.value.low;
        let above = self.value.low > other.value.high;
        match function {
            BinaryFunction::Min if below || above => apart(below),
            BinaryFunction::Max if below || above => apart(above),
            BinaryFunction::Hypot => self.times(self)?.plus(other.times(other)?)?.root(),
            BinaryFunction::Min
            | BinaryFunction::Max
            | BinaryFunction::Atan2
            | BinaryFunction::Mod
            | BinaryFunction::Legendre => None,
        }
    }
}

/// The jet of an expression while `over` runs as `run` says; none where nothing is known.
pub(crate) fn jet(code: &Code, bindings: &Bindings<'_>, over: Variable, run: Jet) -> Option<Jet> {
    let time = if over == Variable::Time { run } else { Jet::constant(bindings.time)? };
    JetEvaluator { bindings, over, run, remaining: Cell::new(MAX_STEPS) }.code(code, time)
}

struct JetEvaluator<'a> {
    bindings: &'a Bindings<'a>,
    over: Variable,
    run: Jet,
    remaining: Cell<u32>,
}

/// Where a step is taken.
#[derive(Clone, Copy)]
struct JetContext<'a> {
    ops: &'a [Op],
    time: Jet,
    /// The innermost variable of the sums around.
    local: Option<&'a LocalVariable<'a>>,
}

impl JetEvaluator<'_> {
    fn code(&self, code: &Code, time: Jet) -> Option<Jet> {
        let root = code.ops.len().checked_sub(1)? as OpIndex;
        self.op(JetContext { ops: &code.ops, time, local: None }, root)
    }

    fn op(&self, context: JetContext<'_>, index: OpIndex) -> Option<Jet> {
        self.remaining.set(self.remaining.get().checked_sub(1)?);
        let jet = |index| self.op(context, index);
        match context.ops[index as usize] {
            Op::Constant(constant) => constant_jet(constant),
            Op::Time => Some(context.time),
            Op::Param(param) => constant_jet(self.bindings.params[param.index()]),
            Op::Free(free) if self.over == Variable::Free(free) => Some(self.run),
            Op::Free(free) => Jet::constant(self.bindings.free[free.index()]),
            Op::LocalVariable(levels) => constant_jet(local_value(context.local, levels)),
            Op::Signal(signal) => self.code(&self.bindings.signals[signal.index()], context.time),
            Op::SystemSignal(system, signal) => {
                let present = context.time.as_constant()?;
                constant_jet(self.bindings.systems[system.index()].signal(signal, present))
            }
            Op::SystemConstant(system, constant) => {
                constant_jet(self.bindings.systems[system.index()].constant(constant))
            }
            Op::At { signal, time } => self.op(JetContext { time: jet(time)?, ..context }, signal),
            Op::Negate(a) => Some(jet(a)?.negated()),
            Op::BinaryOperator(operator, a, b) => binary(operator, jet(a)?, jet(b)?),
            Op::UnaryFunction(function, a) => jet(a)?.apply(function),
            Op::BinaryFunction(function, a, b) => jet(a)?.apply_two(function, jet(b)?),
            Op::If { condition, then, otherwise } => {
                jet(if jet(condition)?.as_constant()? == 0.0 { otherwise } else { then })
            }
            Op::Sum { term, from, to } => {
                self.sum(context, term, [jet(from)?.as_constant()?, jet(to)?.as_constant()?])
            }
            Op::Not(_) | Op::Integral { .. } => None,
        }
    }

    /// The sum of as many terms as the remaining lasts for.
    fn sum(&self, context: JetContext<'_>, term: OpIndex, [from, to]: [f64; 2]) -> Option<Jet> {
        let count = if from <= to { to - from + 1.0 } else { 0.0 };
        (is_whole(from) && is_whole(to) && count <= f64::from(MAX_STEPS)).then_some(())?;
        (0..count as u32).try_fold(Jet::constant(0.0)?, |total, i| {
            let local = LocalVariable { value: from + f64::from(i), outer: context.local };
            total.plus(self.op(JetContext { local: Some(&local), ..context }, term)?)
        })
    }
}

/// A value that does not change, if it is real.
fn constant_jet(value: Complex64) -> Option<Jet> {
    if is_real(value) { Jet::constant(value.re) } else { None }
}

fn binary(operator: BinaryOperator, a: Jet, b: Jet) -> Option<Jet> {
    let truth = |certain: bool, never: bool| match (certain, never) {
        (true, _) => Jet::constant(1.0),
        (_, true) => Jet::constant(0.0),
        (false, false) => None,
    };
    let (first, second) = (a.value, b.value);
    let below = first.high < second.low;
    let above = first.low > second.high;
    match operator {
        BinaryOperator::Add => a.plus(b),
        BinaryOperator::Subtract => a.plus(b.negated()),
        BinaryOperator::Multiply => a.times(b),
        BinaryOperator::Divide => a.times(b.reciprocal()?),
        BinaryOperator::Power => a.power(b),
        BinaryOperator::Less => truth(below, first.low >= second.high),
        BinaryOperator::LessEqual => truth(first.high <= second.low, above),
        BinaryOperator::Greater => truth(above, first.high <= second.low),
        BinaryOperator::GreaterEqual => truth(first.low >= second.high, below),
        BinaryOperator::Equal | BinaryOperator::NotEqual | BinaryOperator::And | BinaryOperator::Or => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::ExprRole;
    use crate::scene::model::{Env, Model};

    /// Calls `check` with every source's code and the model at t = 0.
    fn each(sources: &[&str], check: impl Fn(&str, &Code, &Env<'_>)) {
        let mut builder = Model::builder();
        builder.param("k", 1.7).signal("p", "2*pi*(3.5*t - k)").signal("wave", "sin(p)*exp(-t/3)");
        let model = builder.build().expect("a model");
        let env = model.env(&[]).expect("values");
        for source in sources {
            let code = model.compile(source, ExprRole::Element(&[])).expect(source);
            check(source, &code, &env);
        }
    }

    fn at(code: &Code, env: &Env<'_>, time: f64) -> f64 {
        env.with_time(time).eval_real(code).expect("a real value")
    }

    #[test]
    fn value_slope_and_bend_stay_in_their_intervals() {
        let sources = [
            "3 - t*k",
            "0.9*sin(p + 0.7) - cos(t^2)/2",
            "wave(t - 1/3)",
            "t^3 - t^-2 + (t + 1)^1.5 + 2^t + t^t",
            "exp(-t)*log(t) + sqrt(t + 0.5)",
            "sinh(t) + cosh(t) + tanh(3*t - 2) + atan(4*t)",
            "1/(t^2 + 0.1)",
            "hypot(t, k) + abs(-t) + re(t) + im(t) + conj(t)",
            "sum(sin(n*t)/n, n, 1, 9)",
            "if(t > 0.1, t^2, 7) + min(t, 9) + max(t, -1) + (t >= 0.1) + (t < 0.1) + (t <= 9)",
            "asin(k/9) + floor(k) + tan(k)",
        ];
        let within = |found: f64, Interval { low, high }, slack: f64| {
            found >= low - slack * found.abs().max(1.0) && found <= high + slack * found.abs().max(1.0)
        };
        each(&sources, |source, code, env| {
            for [from, to] in [[0.2, 0.3], [0.5, 1.9], [1.999, 2.0]] {
                let run = Jet::variable(from, to).expect("a range");
                let jet = env.jet(code, Variable::Time, run).unwrap_or_else(|| panic!("{source}: no jet"));
                let h = 1e-4;
                for k in 0..=20 {
                    let t = from + h + (to - from - 2.0 * h) * f64::from(k) / 20.0;
                    let [before, here, after] = [t - h, t, t + h].map(|t| at(code, env, t));
                    let slope = (after - before) / (2.0 * h);
                    let bend = (after - 2.0 * here + before) / (h * h);
                    assert!(within(here, jet.value, 1e-12), "{source} at {t}: {here}, {:?}", jet.value);
                    assert!(within(slope, jet.first, 1e-5), "{source} at {t}: {slope}, {:?}", jet.first);
                    assert!(within(bend, jet.second, 1e-4), "{source} at {t}: {bend}, {:?}", jet.second);
                }
            }
        });
    }

    #[test]
    fn nothing_is_claimed_of_what_jumps_breaks_or_is_complex() {
        let sources = [
            "abs(t - 1)",
            "floor(3*t)",
            "sign(t - 1)",
            "mod(t, 0.3)",
            "1/(t - 1)",
            "(t - 1)^-2",
            "log(t - 1)",
            "sqrt(1 - t)",
            "(t - 1)^0.5",
            "tan(2*t)",
            "if(t < 1, 0, 1)",
            "t < 1",
            "max(t, 1)",
            "exp(j*t)",
            "j",
            "log(k - 9)",
            "exp(1000*t)",
            "sum(sin(n*t), n, 1, 5000)",
        ];
        each(&sources, |source, code, env| {
            let run = Jet::variable(0.9, 1.1).expect("a range");
            assert_eq!(env.jet(code, Variable::Time, run), None, "{source}");
        });
    }

    #[test]
    fn a_power_law_is_straight_on_logarithmic_axes() {
        each(&["5*t^-2"], |_, code, env| {
            // Bounds that are sums of greater ones close in as the range does.
            for (ratio, least) in [(1.01, 2.5), (1.001, 0.25)] {
                let run = Jet::log_variable(1.0, ratio).expect("a range");
                let jet = env.jet(code, Variable::Time, run).and_then(Jet::decimal_logarithm).expect("a jet");
                assert!(
                    jet.first.low < -2.0 && jet.first.high > -2.0 && jet.first.magnitude() < 2.1,
                    "{jet:?}"
                );
                assert!(jet.second.magnitude() < least, "{jet:?}");
            }
        });
    }
}
