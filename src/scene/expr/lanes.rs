//! An expression at many values of its variable: each step of the code is taken for all of them before
//! the next one, which costs a fraction of running the code once a value.
//!
//! Every lane gets the bits that `eval` gives its value alone. Where lanes would have to part ways (a condition
//! that holds for some of them, an integral that is adapted to each) there is no answer, and each goes alone.

use std::cell::Cell;

use num_complex::Complex64;

use super::arithmetic::{divide, multiply, negate, power};
use super::ast::BinaryOperator;
use super::code::{Code, Op, OpIndex};
use super::eval::{
    Bindings, CompensatedSum, LocalVariable, MAX_EVALUATIONS, MAX_TERMS, compare, local_value,
};
use super::function::UnaryFunction;
use super::number::{NAN, from_real, from_truth, is_whole, real_or_nan, to_real, to_truth};
use super::quadrature::integrate;
use super::scope::Variable;

/// A value in each lane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lanes {
    /// The same in all.
    Uniform(Complex64),
    /// Real ones, whose imaginary parts are +0.
    Real(Vec<f64>),
    Complex(Vec<Complex64>),
}

impl Lanes {
    /// The value in one lane.
    pub(crate) fn at(&self, lane: usize) -> Complex64 {
        match self {
            Self::Uniform(value) => *value,
            Self::Real(values) => from_real(values[lane]),
            Self::Complex(values) => values[lane],
        }
    }

    /// The values as real numbers, one for each of so many lanes; none where one is not real.
    pub(crate) fn into_reals(self, lanes: usize) -> Option<Vec<f64>> {
        match self {
            Self::Uniform(value) => Some(vec![to_real(value).ok()?; lanes]),
            Self::Real(values) => Some(values),
            Self::Complex(values) => values.into_iter().map(|value| to_real(value).ok()).collect(),
        }
    }

    fn apply(self, function: UnaryFunction) -> Self {
        match (self, function.real_function()) {
            (Self::Real(mut values), Some(f)) => {
                for value in &mut values {
                    *value = f(*value);
                }
                Self::Real(values)
            }
            (values, _) => values.map(|value| function.apply(value)),
        }
    }

    fn map(self, f: impl Fn(Complex64) -> Complex64) -> Self {
        match self {
            Self::Uniform(value) => Self::Uniform(f(value)),
            Self::Real(values) => with_values(values, |_, value| f(from_real(value))),
            Self::Complex(mut values) => {
                for value in &mut values {
                    *value = f(*value);
                }
                Self::Complex(values)
            }
        }
    }

    /// Lane by lane; `reals` is the same function of real numbers, which gives a real one.
    fn zip_reals(
        self,
        other: Self,
        reals: impl Fn(f64, f64) -> f64,
        f: impl Fn(Complex64, Complex64) -> Complex64,
    ) -> Self {
        match (self, other) {
            (Self::Real(mut a), Self::Real(b)) => {
                for (a, b) in a.iter_mut().zip(&b) {
                    *a = reals(*a, *b);
                }
                Self::Real(a)
            }
            (Self::Real(mut a), Self::Uniform(b)) if is_stored_as_real(b) => {
                for a in &mut a {
                    *a = reals(*a, b.re);
                }
                Self::Real(a)
            }
            (Self::Uniform(a), Self::Real(mut b)) if is_stored_as_real(a) => {
                for b in &mut b {
                    *b = reals(a.re, *b);
                }
                Self::Real(b)
            }
            (a, b) => a.zip(b, f),
        }
    }

    fn zip(self, other: Self, f: impl Fn(Complex64, Complex64) -> Complex64) -> Self {
        match (self, other) {
            (Self::Uniform(a), b) => b.map(|b| f(a, b)),
            (a, Self::Uniform(b)) => a.map(|a| f(a, b)),
            (Self::Real(a), b) => with_values(a, |lane, a| f(from_real(a), b.at(lane))),
            (Self::Complex(mut a), b) => {
                for (lane, a) in a.iter_mut().enumerate() {
                    *a = f(*a, b.at(lane));
                }
                Self::Complex(a)
            }
        }
    }

    /// The value of all lanes, if it is one.
    fn uniform(&self) -> Option<Complex64> {
        match self {
            Self::Uniform(value) => Some(*value),
            Self::Real(_) | Self::Complex(_) => None,
        }
    }

    /// A value that is as true as those of all lanes; none where they do not agree.
    fn common_truth(&self, lanes: usize) -> Option<Complex64> {
        let first = self.at(0);
        (1..lanes).all(|lane| to_truth(self.at(lane)) == to_truth(first)).then_some(first)
    }
}

/// Whether a value is a real number as [`Lanes::Real`] holds them.
fn is_stored_as_real(value: Complex64) -> bool {
    value.im.to_bits() == 0
}

/// A function of real lanes; as long as its values are real, they take the places of its arguments.
fn with_values(mut values: Vec<f64>, f: impl Fn(usize, f64) -> Complex64) -> Lanes {
    for lane in 0..values.len() {
        let value = f(lane, values[lane]);
        if !is_stored_as_real(value) {
            let done = values[..lane].iter().map(|value| from_real(*value));
            let rest = values[lane + 1..].iter().zip(lane + 1..).map(|(value, lane)| f(lane, *value));
            return Lanes::Complex(done.chain([value]).chain(rest).collect());
        }
        values[lane] = value.re;
    }
    Lanes::Real(values)
}

/// The value of an expression at all of `values` of the variable, which is no param; none where each has
/// to go alone.
pub(crate) fn evaluate_lanes(
    code: &Code,
    bindings: &Bindings<'_>,
    over: Variable,
    values: &[f64],
) -> Option<Lanes> {
    if values.is_empty() {
        return None;
    }
    let time = match over {
        Variable::Time => Lanes::Real(values.to_vec()),
        Variable::Free(_) => Lanes::Uniform(from_real(bindings.time)),
        Variable::Param(_) => return None,
    };
    LaneEvaluator { bindings, over, values, remaining: Cell::new(MAX_EVALUATIONS) }.run(code, &time)
}

struct LaneEvaluator<'a> {
    bindings: &'a Bindings<'a>,
    over: Variable,
    values: &'a [f64],
    /// What is left to each lane: they take the same steps.
    remaining: Cell<u32>,
}

/// Where an operation runs.
#[derive(Clone, Copy)]
struct LaneContext<'a> {
    ops: &'a [Op],
    /// In seconds, real.
    time: &'a Lanes,
    /// The innermost variable of the sums and integrals around.
    local: Option<&'a LocalVariable<'a>>,
}

impl LaneEvaluator<'_> {
    fn count_evaluation(&self) -> Option<()> {
        self.remaining.set(self.remaining.get().checked_sub(1)?);
        Some(())
    }

    fn run(&self, code: &Code, time: &Lanes) -> Option<Lanes> {
        let root = code.ops.len().checked_sub(1)? as OpIndex;
        self.op(LaneContext { ops: &code.ops, time, local: None }, root)
    }

    fn op(&self, context: LaneContext<'_>, index: OpIndex) -> Option<Lanes> {
        let value = |index| self.op(context, index);
        Some(match context.ops[index as usize] {
            Op::Constant(constant) => Lanes::Uniform(constant),
            Op::Time => context.time.clone(),
            Op::Param(param) => Lanes::Uniform(self.bindings.params[param.index()]),
            Op::Free(free) if self.over == Variable::Free(free) => Lanes::Real(self.values.to_vec()),
            Op::Free(free) => Lanes::Uniform(from_real(self.bindings.free[free.index()])),
            Op::LocalVariable(levels) => Lanes::Uniform(local_value(context.local, levels)),
            Op::Signal(signal) => {
                self.count_evaluation()?;
                self.run(&self.bindings.signals[signal.index()], context.time)?
            }
            Op::SystemSignal(system, signal) => {
                let system = &self.bindings.systems[system.index()];
                context.time.clone().map(|time| system.signal(signal, time.re))
            }
            Op::SystemConstant(system, constant) => {
                Lanes::Uniform(self.bindings.systems[system.index()].constant(constant))
            }
            Op::At { signal, time } => {
                let time = value(time)?.map(|time| from_real(real_or_nan(time)));
                self.op(LaneContext { time: &time, ..context }, signal)?
            }
            Op::Negate(a) => value(a)?.map(negate),
            Op::Not(a) => value(a)?.map(|a| to_truth(a).map_or(NAN, |a| from_truth(!a))),
            Op::BinaryOperator(operator, a, b) => self.binary(context, operator, a, b)?,
            Op::UnaryFunction(function, a) => value(a)?.apply(function),
            Op::BinaryFunction(function, a, b) => value(a)?.zip(value(b)?, |a, b| function.apply(a, b)),
            Op::If { condition, then, otherwise } => {
                match to_truth(value(condition)?.common_truth(self.values.len())?) {
                    Some(true) => value(then)?,
                    Some(false) => value(otherwise)?,
                    None => Lanes::Uniform(NAN),
                }
            }
            Op::Sum { term, from, to } => {
                self.sum(context, term, [value(from)?.uniform()?, value(to)?.uniform()?])?
            }
            Op::Integral { integrand, from, to } => {
                self.integral(context, integrand, [value(from)?.uniform()?, value(to)?.uniform()?])?
            }
        })
    }

    fn binary(
        &self,
        context: LaneContext<'_>,
        operator: BinaryOperator,
        a: OpIndex,
        b: OpIndex,
    ) -> Option<Lanes> {
        let a = self.op(context, a)?;
        if let BinaryOperator::And | BinaryOperator::Or = operator {
            // The second operand is not looked at where the first one decides.
            return Some(match to_truth(a.common_truth(self.values.len())?) {
                None => Lanes::Uniform(NAN),
                Some(first) if first == (operator == BinaryOperator::Or) => Lanes::Uniform(from_truth(first)),
                Some(_) => self.op(context, b)?.map(|b| to_truth(b).map_or(NAN, from_truth)),
            });
        }
        let b = self.op(context, b)?;
        Some(match operator {
            BinaryOperator::Add => a.zip_reals(b, |a, b| a + b, |a, b| a + b),
            BinaryOperator::Subtract => a.zip_reals(b, |a, b| a - b, |a, b| a - b),
            BinaryOperator::Multiply => a.zip_reals(b, |a, b| a * b, multiply),
            BinaryOperator::Divide => a.zip_reals(b, |a, b| a / b, divide),
            BinaryOperator::Power => a.zip(b, power),
            BinaryOperator::Equal => a.zip(b, |a, b| from_truth(a == b)),
            BinaryOperator::NotEqual => a.zip(b, |a, b| from_truth(a != b)),
            BinaryOperator::Less => a.zip(b, |a, b| compare(a, b, |a, b| a < b)),
            BinaryOperator::LessEqual => a.zip(b, |a, b| compare(a, b, |a, b| a <= b)),
            BinaryOperator::Greater => a.zip(b, |a, b| compare(a, b, |a, b| a > b)),
            BinaryOperator::GreaterEqual => a.zip(b, |a, b| compare(a, b, |a, b| a >= b)),
            BinaryOperator::And | BinaryOperator::Or => return None,
        })
    }

    fn with_local(&self, context: LaneContext<'_>, body: OpIndex, value: f64) -> Option<Lanes> {
        let local = LocalVariable { value, outer: context.local };
        self.op(LaneContext { local: Some(&local), ..context }, body)
    }

    /// As in `eval`, with what was lost in each lane.
    fn sum(&self, context: LaneContext<'_>, term: OpIndex, ends: [Complex64; 2]) -> Option<Lanes> {
        let [from, to] = ends.map(real_or_nan);
        if !is_whole(from) || !is_whole(to) {
            return Some(Lanes::Uniform(NAN));
        }
        if from > to {
            return Some(Lanes::Uniform(from_real(0.0)));
        }
        (0.0..MAX_TERMS).contains(&(to - from)).then_some(())?;
        let mut totals = vec![[CompensatedSum::default(); 2]; self.values.len()];
        for i in 0..=(to - from) as u32 {
            self.count_evaluation()?;
            let value = self.with_local(context, term, from + f64::from(i))?;
            for (lane, [re, im]) in totals.iter_mut().enumerate() {
                let value = value.at(lane);
                re.add(value.re);
                im.add(value.im);
            }
        }
        let values = totals.iter().map(|[re, im]| Complex64::new(re.value(), im.value()));
        Some(if totals.iter().all(|[_, im]| im.value().to_bits() == 0) {
            Lanes::Real(values.map(|value| value.re).collect())
        } else {
            Lanes::Complex(values.collect())
        })
    }

    /// An integral that is the same in all lanes.
    fn integral(&self, context: LaneContext<'_>, integrand: OpIndex, ends: [Complex64; 2]) -> Option<Lanes> {
        let mut diverged = false;
        let at = |s| {
            let value =
                self.count_evaluation().and_then(|()| self.with_local(context, integrand, s)?.uniform());
            diverged |= value.is_none();
            value.unwrap_or(NAN)
        };
        let [from, to] = ends.map(real_or_nan);
        let value = integrate(at, from, to);
        (!diverged).then_some(Lanes::Uniform(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::{ExprRole, SystemKind};
    use crate::scene::model::{Env, Model};

    const TOGETHER: [&str; 25] = [
        "3 - t*k",
        "0.9*sin(p + 0.7*u) - cos(t^2)/2 + tan(u)",
        "wave(t - 1/3) + wave(u)",
        "t^3 - t^-2 + t^1.5 + 2^t + t^t + u^2",
        "exp(-t)*log(t) + sqrt(t - 0.5)",
        "exp(j*t) + (1 + j*u)^(0.3 + j/5)",
        "exp(j*t)*exp(-j*t) + 0*j",
        "atan(t) + sinh(t) + cosh(t)*tanh(t)",
        "asin(t) + acos(t) + atan2(t, u) + hypot(t, k) - legendre(3, t)",
        "abs(t) + sign(t) + floor(t) + ceil(u) + re(j*t) + im(j*t) + arg(t) + conj(j*t)",
        "min(t, 0) + max(t, u, 1) + mod(t, 0.7)",
        "t < 1",
        "(t <= 1) + (t > u) + (t >= 0) + (t == 0) + (t != 1) + (not t)",
        "not (t - 1)",
        "k > 1 and t",
        "k < 1 or t - 1",
        "k < 1 and t < 1",
        "if(k > 1, t, sqrt(t))",
        "if(t > -100, t, 0)",
        "if(nan, t, 0)",
        "s.x + s.v(t/2) + s.z + s.omega0 + s.x(1)",
        "sum(sin(n*t)/n, n, 1, 9) + sum(n, n, 1, 0) + sum(n*j*u, n, 1, 3) + sum(n, n, 1, 0.5)",
        "t*integral(exp(-s1^2), s1, 0, inf) + integral(1/s1, s1, 0, 1)",
        "1/t + 1/(t*0)",
        "-t - (-j)",
    ];

    const ALONE: [&str; 8] = [
        "if(t > 1, t, 0)",
        "if(t > 1, nan, 0) + u",
        "t > 1 and t",
        "t > 1 or 0",
        "integral(sin(s1*t), s1, 0, 1)",
        "integral(s1, s1, 0, t)",
        "sum(n, n, 1, floor(t + 4))",
        "sum(sum(t, m, 1, 3000), n, 1, 3000)",
    ];

    fn each(sources: &[&str], check: impl Fn(&str, &Code, &Env<'_>, Variable)) {
        let mut builder = Model::builder();
        builder
            .param("k", 1.7)
            .signal("p", "2*pi*(3.5*u - k*t)")
            .signal("wave", "sin(3*t)*exp(-t/3)")
            .free("u");
        builder.system("s", SystemKind::Oscillator, [("omega0", 2.0), ("zeta", 0.1), ("x0", 1.0)]);
        let model = builder.build().expect("a model");
        let free = model.free("u").expect("u");
        let env =
            model.env(&[]).expect("values").with_time(0.3).bind(Variable::Free(free), 0.2).expect("values");
        for source in sources {
            let code = model.compile(source, ExprRole::Element(&[free])).expect(source);
            for over in [Variable::Time, Variable::Free(free)] {
                check(source, &code, &env, over);
            }
        }
    }

    fn values() -> Vec<f64> {
        (-40..=40).map(|k| f64::from(k) / 16.0).collect()
    }

    #[test]
    fn every_lane_has_what_its_value_gives_alone() {
        each(&TOGETHER, |source, code, env, over| {
            let lanes =
                env.eval_lanes(code, over, &values()).unwrap_or_else(|| panic!("{source}: not together"));
            for (lane, value) in values().into_iter().enumerate() {
                let alone = env.bind(over, value).expect("no param").eval(code);
                let both = [(lanes.at(lane).re, alone.re), (lanes.at(lane).im, alone.im)];
                let same = both.iter().all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan());
                assert!(same, "{source} at {value}: {} is not {alone}", lanes.at(lane));
            }
        });
    }

    #[test]
    fn lanes_that_part_ways_go_alone() {
        each(&ALONE, |source, code, env, over| {
            if code.depends_on(over) && over == Variable::Time {
                assert_eq!(env.eval_lanes(code, over, &values()), None, "{source}");
            }
        });
        each(&["t"], |_, code, env, over| assert_eq!(env.eval_lanes(code, over, &[]), None));
    }
}
