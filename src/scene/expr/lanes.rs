//! An expression at many values of its variable: each step of the code is taken for all of them before
//! the next one, which costs a fraction of running the code once a value.
//!
//! Every lane gets the bits that `eval` gives its value alone. Where lanes would have to part ways (a condition
//! that holds for some of them, an integral that is adapted to each) there is no answer, and each goes alone.

use std::cell::Cell;

use num_complex::Complex64;

use super::arithmetic::{divide, multiply, negate, power};
use super::ast::Binary;
use super::code::{Code, Index, Op};
use super::eval::{ALLOWANCE, Bindings, Local, MAX_TERMS, Total, compared, local};
use super::function::One;
use super::number::{NAN, from_real, from_truth, is_whole, real, real_or_nan, truth};
use super::quadrature::integrate;
use super::scope::Variable;

/// A value in each lane.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lanes {
    /// The same in all.
    Same(Complex64),
    /// Real ones, whose imaginary parts are +0.
    Real(Vec<f64>),
    Complex(Vec<Complex64>),
}

impl Lanes {
    /// The value in one lane.
    pub(crate) fn at(&self, lane: usize) -> Complex64 {
        match self {
            Self::Same(value) => *value,
            Self::Real(values) => from_real(values[lane]),
            Self::Complex(values) => values[lane],
        }
    }

    /// The values as real numbers, one for each of so many lanes; none where one is not real.
    pub(crate) fn into_reals(self, lanes: usize) -> Option<Vec<f64>> {
        match self {
            Self::Same(value) => Some(vec![real(value).ok()?; lanes]),
            Self::Real(values) => Some(values),
            Self::Complex(values) => values.into_iter().map(|value| real(value).ok()).collect(),
        }
    }

    fn apply(self, function: One) -> Self {
        match (self, function.of_reals()) {
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
            Self::Same(value) => Self::Same(f(value)),
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
            (Self::Real(mut a), Self::Same(b)) if is_plain(b) => {
                for a in &mut a {
                    *a = reals(*a, b.re);
                }
                Self::Real(a)
            }
            (Self::Same(a), Self::Real(mut b)) if is_plain(a) => {
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
            (Self::Same(a), b) => b.map(|b| f(a, b)),
            (a, Self::Same(b)) => a.map(|a| f(a, b)),
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
    fn same(&self) -> Option<Complex64> {
        match self {
            Self::Same(value) => Some(*value),
            Self::Real(_) | Self::Complex(_) => None,
        }
    }

    /// A value that is as true as those of all lanes; none where they do not agree.
    fn agreed(&self, lanes: usize) -> Option<Complex64> {
        let first = self.at(0);
        (1..lanes).all(|lane| truth(self.at(lane)) == truth(first)).then_some(first)
    }
}

/// Whether a value is a real number as [`Lanes::Real`] holds them.
fn is_plain(value: Complex64) -> bool {
    value.im.to_bits() == 0
}

/// A function of real lanes; as long as its values are real, they take the places of its arguments.
fn with_values(mut values: Vec<f64>, f: impl Fn(usize, f64) -> Complex64) -> Lanes {
    for lane in 0..values.len() {
        let value = f(lane, values[lane]);
        if !is_plain(value) {
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
pub(crate) fn evaluate_all(
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
        Variable::Free(_) => Lanes::Same(from_real(bindings.time)),
        Variable::Param(_) => return None,
    };
    Machine { bindings, over, values, allowance: Cell::new(ALLOWANCE) }.run(code, &time)
}

struct Machine<'a> {
    bindings: &'a Bindings<'a>,
    over: Variable,
    values: &'a [f64],
    /// What is left to each lane: they take the same steps.
    allowance: Cell<u32>,
}

/// Where an operation runs.
#[derive(Clone, Copy)]
struct Frame<'a> {
    ops: &'a [Op],
    /// In seconds, real.
    time: &'a Lanes,
    /// The innermost variable of the sums and integrals around.
    local: Option<&'a Local<'a>>,
}

impl Machine<'_> {
    fn spend(&self) -> Option<()> {
        self.allowance.set(self.allowance.get().checked_sub(1)?);
        Some(())
    }

    fn run(&self, code: &Code, time: &Lanes) -> Option<Lanes> {
        let root = code.ops.len().checked_sub(1)? as Index;
        self.op(Frame { ops: &code.ops, time, local: None }, root)
    }

    fn op(&self, frame: Frame<'_>, index: Index) -> Option<Lanes> {
        let value = |index| self.op(frame, index);
        Some(match frame.ops[index as usize] {
            Op::Constant(constant) => Lanes::Same(constant),
            Op::Time => frame.time.clone(),
            Op::Param(param) => Lanes::Same(self.bindings.params[param.index()]),
            Op::Free(free) if self.over == Variable::Free(free) => Lanes::Real(self.values.to_vec()),
            Op::Free(free) => Lanes::Same(from_real(self.bindings.free[free.index()])),
            Op::Local(levels) => Lanes::Same(local(frame.local, levels)),
            Op::Signal(signal) => {
                self.spend()?;
                self.run(&self.bindings.signals[signal.index()], frame.time)?
            }
            Op::SystemSignal(system, signal) => {
                let system = &self.bindings.systems[system.index()];
                frame.time.clone().map(|time| system.signal(signal, time.re))
            }
            Op::SystemConstant(system, constant) => {
                Lanes::Same(self.bindings.systems[system.index()].constant(constant))
            }
            Op::At { signal, time } => {
                let time = value(time)?.map(|time| from_real(real_or_nan(time)));
                self.op(Frame { time: &time, ..frame }, signal)?
            }
            Op::Negate(a) => value(a)?.map(negate),
            Op::Not(a) => value(a)?.map(|a| truth(a).map_or(NAN, |a| from_truth(!a))),
            Op::Binary(operator, a, b) => self.binary(frame, operator, a, b)?,
            Op::One(function, a) => value(a)?.apply(function),
            Op::Two(function, a, b) => value(a)?.zip(value(b)?, |a, b| function.apply(a, b)),
            Op::If { condition, then, otherwise } => {
                match truth(value(condition)?.agreed(self.values.len())?) {
                    Some(true) => value(then)?,
                    Some(false) => value(otherwise)?,
                    None => Lanes::Same(NAN),
                }
            }
            Op::Sum { term, from, to } => {
                self.sum(frame, term, [value(from)?.same()?, value(to)?.same()?])?
            }
            Op::Integral { integrand, from, to } => {
                self.integral(frame, integrand, [value(from)?.same()?, value(to)?.same()?])?
            }
        })
    }

    fn binary(&self, frame: Frame<'_>, operator: Binary, a: Index, b: Index) -> Option<Lanes> {
        let a = self.op(frame, a)?;
        if let Binary::And | Binary::Or = operator {
            // The second operand is not looked at where the first one decides.
            return Some(match truth(a.agreed(self.values.len())?) {
                None => Lanes::Same(NAN),
                Some(first) if first == (operator == Binary::Or) => Lanes::Same(from_truth(first)),
                Some(_) => self.op(frame, b)?.map(|b| truth(b).map_or(NAN, from_truth)),
            });
        }
        let b = self.op(frame, b)?;
        Some(match operator {
            Binary::Add => a.zip_reals(b, |a, b| a + b, |a, b| a + b),
            Binary::Subtract => a.zip_reals(b, |a, b| a - b, |a, b| a - b),
            Binary::Multiply => a.zip_reals(b, |a, b| a * b, multiply),
            Binary::Divide => a.zip_reals(b, |a, b| a / b, divide),
            Binary::Power => a.zip(b, power),
            Binary::Equal => a.zip(b, |a, b| from_truth(a == b)),
            Binary::NotEqual => a.zip(b, |a, b| from_truth(a != b)),
            Binary::Less => a.zip(b, |a, b| compared(a, b, |a, b| a < b)),
            Binary::LessEqual => a.zip(b, |a, b| compared(a, b, |a, b| a <= b)),
            Binary::Greater => a.zip(b, |a, b| compared(a, b, |a, b| a > b)),
            Binary::GreaterEqual => a.zip(b, |a, b| compared(a, b, |a, b| a >= b)),
            Binary::And | Binary::Or => return None,
        })
    }

    fn with_local(&self, frame: Frame<'_>, body: Index, value: f64) -> Option<Lanes> {
        let local = Local { value, outer: frame.local };
        self.op(Frame { local: Some(&local), ..frame }, body)
    }

    /// As in `eval`, with what was lost in each lane.
    fn sum(&self, frame: Frame<'_>, term: Index, ends: [Complex64; 2]) -> Option<Lanes> {
        let [from, to] = ends.map(real_or_nan);
        if !is_whole(from) || !is_whole(to) {
            return Some(Lanes::Same(NAN));
        }
        if from > to {
            return Some(Lanes::Same(from_real(0.0)));
        }
        (0.0..MAX_TERMS).contains(&(to - from)).then_some(())?;
        let mut totals = vec![[Total::default(); 2]; self.values.len()];
        for i in 0..=(to - from) as u32 {
            self.spend()?;
            let value = self.with_local(frame, term, from + f64::from(i))?;
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
    fn integral(&self, frame: Frame<'_>, integrand: Index, ends: [Complex64; 2]) -> Option<Lanes> {
        let mut apart = false;
        let at = |s| {
            let value = self.spend().and_then(|()| self.with_local(frame, integrand, s)?.same());
            apart |= value.is_none();
            value.unwrap_or(NAN)
        };
        let [from, to] = ends.map(real_or_nan);
        let value = integrate(at, from, to);
        (!apart).then_some(Lanes::Same(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::{Kind, Purpose};
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
        builder.system("s", Kind::Oscillator, [("omega0", 2.0), ("zeta", 0.1), ("x0", 1.0)]);
        let model = builder.build().expect("a model");
        let free = model.free("u").expect("u");
        let env =
            model.env(&[]).expect("values").with_time(0.3).bind(Variable::Free(free), 0.2).expect("values");
        for source in sources {
            let code = model.compile(source, Purpose::Element(&[free])).expect(source);
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
                env.eval_all(code, over, &values()).unwrap_or_else(|| panic!("{source}: not together"));
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
                assert_eq!(env.eval_all(code, over, &values()), None, "{source}");
            }
        });
        each(&["t"], |_, code, env, over| assert_eq!(env.eval_all(code, over, &[]), None));
    }
}
