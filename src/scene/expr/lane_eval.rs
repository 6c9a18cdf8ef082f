//! The lane evaluator: runs compiled code at many values of a variable at once.
//!
//! Each operation is executed for all lanes before the next one, which costs a fraction of running the code
//! once per value. Every lane gets the bits that `eval` computes for its value alone. Where the lanes would
//! take different steps (a condition that holds for some of them, an integral that adapts to each), there is
//! no result, and the caller evaluates each value separately.

use super::arithmetic::{divide, multiply, negate};
use super::ast::BinaryOperator;
use super::code::{BoundVariable, Code, Op, OpIndex, OpList};
use super::eval::{Bindings, LocalVariable, local_value, member_value};
use super::interpolate::interpolate;
use super::lanes::Lanes;
use super::number::{NAN, from_real, from_truth, real_or_nan, to_truth};
use super::quadrature::integrate;
use super::scope::{SignalId, Variable};
use super::series::{Accumulator, Series, Terms};
use super::work::{EvaluationWork, order_work};
use crate::system::{At, MemberKind};

/// Evaluates an expression at each of `values` of a variable, which is not a param.
///
/// Returns `None` if the lanes cannot be evaluated together, or if the work exceeds the limit.
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
    LaneEvaluator { bindings, over, values, work: EvaluationWork::new(bindings.work) }.run(code, &time)
}

struct LaneEvaluator<'a> {
    bindings: &'a Bindings<'a>,
    over: Variable,
    values: &'a [f64],
    /// The work so far, of all lanes.
    work: EvaluationWork<'a>,
}

/// The surroundings of an operation: its code, the time, and the local variables in scope.
#[derive(Clone, Copy)]
struct LaneContext<'a> {
    code: &'a Code,
    /// The time in seconds, real in each lane.
    time: &'a Lanes,
    /// The local variable of the innermost enclosing series or integral.
    local: Option<&'a LocalVariable<'a, Lanes>>,
}

/// The code of a function, and the times at which it is evaluated.
#[derive(Clone, Copy)]
struct Callee<'a> {
    code: &'a Code,
    time: &'a Lanes,
}

impl LaneEvaluator<'_> {
    /// Counts the same work for each lane. Returns `None` if the limit is exceeded.
    fn charge(&self, units: u64) -> Option<()> {
        self.work.charge_times(self.values.len() as u64, units).then_some(())
    }

    /// Evaluates code at the times of the lanes.
    fn run(&self, code: &Code, time: &Lanes) -> Option<Lanes> {
        self.run_with(code, time, None)
    }

    /// Evaluates code at the times of the lanes with these arguments.
    fn run_with(
        &self,
        code: &Code,
        time: &Lanes,
        arguments: Option<&LocalVariable<'_, Lanes>>,
    ) -> Option<Lanes> {
        let root = code.root()?;
        self.charge(code.weight(root))?;
        self.op(LaneContext { code, time, local: arguments }, root)
    }

    /// Evaluates the operation at `index`.
    fn op(&self, context: LaneContext<'_>, index: OpIndex) -> Option<Lanes> {
        let value = |index| self.op(context, index);
        Some(match context.code.op(index) {
            Op::Constant(constant) => Lanes::Uniform(constant),
            Op::Time => context.time.clone(),
            Op::Param(param) => Lanes::Uniform(self.bindings.params[param.index()]),
            Op::Free(free) if self.over == Variable::Free(free) => Lanes::Real(self.values.to_vec()),
            Op::Free(free) => Lanes::Uniform(from_real(self.bindings.free[free.index()])),
            Op::LocalVariable(levels) => local_value(context.local, levels)?.clone(),
            Op::Call { function, arguments } => self.call(context, function, arguments, context.time)?,
            Op::Signal(signal) => self.run(&self.bindings.signals[signal.index()], context.time)?,
            Op::State(index) => Lanes::Uniform(from_real(self.bindings.state[index as usize])),
            Op::Member(_) | Op::MemberFunction { .. } => self.member(context, index, context.time)?,
            Op::At { signal, time } => {
                let time = value(time)?.map(|time| from_real(real_or_nan(time)));
                match context.code.op(signal) {
                    Op::Member(_) | Op::MemberFunction { .. } => self.member(context, signal, &time)?,
                    Op::Call { function, arguments } => self.call(context, function, arguments, &time)?,
                    _ => self.op(LaneContext { time: &time, ..context }, signal)?,
                }
            }
            Op::Negate(a) => value(a)?.map(negate),
            Op::Not(a) => value(a)?.map(|a| to_truth(a).map_or(NAN, |a| from_truth(!a))),
            Op::BinaryOperator(operator, a, b) => self.binary(context, operator, a, b)?,
            Op::UnaryFunction(function, a) => value(a)?.apply(function),
            Op::BinaryFunction(function, a, b) => {
                let (a, b) = (value(a)?, value(b)?);
                let orders = (0..self.values.len()).map(|lane| order_work(function, a.at(lane).re));
                if !self.work.charge(orders.fold(0, u64::saturating_add)) {
                    return None;
                }
                a.zip(b, |a, b| function.apply(a, b))
            }
            Op::If { condition, then, otherwise } => {
                match to_truth(value(condition)?.common_truth(self.values.len())?) {
                    Some(true) => value(then)?,
                    Some(false) => value(otherwise)?,
                    None => Lanes::Uniform(NAN),
                }
            }
            Op::Series { series, body, limits: [from, to], variable } => {
                let [from, to] = [value(from)?.uniform()?, value(to)?.uniform()?].map(real_or_nan);
                let terms = Terms::between(from, to);
                self.charge(context.code.weight(body).saturating_mul(terms.count()))?;
                self.series(series, terms, |term| self.with_variable(context, variable, body, term))?
            }
            Op::Integral { body, limits: [from, to], variable } => {
                let limits = [value(from)?.uniform()?, value(to)?.uniform()?].map(real_or_nan);
                let weight = context.code.weight(body);
                Self::integral(limits, |s| {
                    self.charge(weight)?;
                    self.with_variable(context, variable, body, s)
                })?
            }
            Op::Interpolate { x, points } => self.interpolate(context, x, points)?,
        })
    }

    /// The values of a function at the times of the lanes. Its arguments belong to the present time.
    fn call(
        &self,
        context: LaneContext<'_>,
        function: SignalId,
        arguments: OpList,
        time: &Lanes,
    ) -> Option<Lanes> {
        let callee = Callee { code: &self.bindings.signals[function.index()], time };
        self.with_arguments(context, callee, context.code.list(arguments), None)
    }

    /// Evaluates the arguments that are left, links them to those before, and evaluates the function.
    fn with_arguments(
        &self,
        context: LaneContext<'_>,
        callee: Callee<'_>,
        arguments: &[OpIndex],
        before: Option<&LocalVariable<'_, Lanes>>,
    ) -> Option<Lanes> {
        let Some((first, rest)) = arguments.split_first() else {
            return self.run_with(callee.code, callee.time, before);
        };
        let argument = LocalVariable { value: self.op(context, *first)?, outer: before };
        self.with_arguments(context, callee, rest, Some(&argument))
    }

    /// Evaluates a component of a system at the times of the lanes; its indices and arguments belong to the present
    /// time. `None` if a system has no solution there.
    fn member(&self, context: LaneContext<'_>, op: OpIndex, time: &Lanes) -> Option<Lanes> {
        let (member, arguments) = match context.code.op(op) {
            Op::MemberFunction { member, argument } => (member, Some(self.op(context, argument)?)),
            _ => (op, None),
        };
        let Op::Member(member) = context.code.op(member) else { return None };
        let system = &*self.bindings.systems[member.system.index()];
        let indices = member.index_ops().iter().map(|op| self.op(context, *op));
        let indices = indices.collect::<Option<Vec<Lanes>>>()?;
        let component = |lane| member.component(indices.iter().map(|index| index.at(lane)));
        let at = |lane| At {
            time: time.at(lane).re,
            argument: arguments.as_ref().map(|arguments| arguments.at(lane)),
        };
        let kind = system.schema().member(member.slot).kind;
        let has_one_time = time.uniform().is_some();
        let has_one_argument = arguments.as_ref().is_none_or(|arguments| arguments.uniform().is_some());
        let is_uniform = match kind {
            MemberKind::Constant => true,
            MemberKind::Signal => has_one_time,
            MemberKind::Function(_) => has_one_argument,
            MemberKind::TimeFunction(_) => has_one_time && has_one_argument,
            MemberKind::Sequence(_) => has_one_argument && (arguments.is_some() || has_one_time),
        };
        let has_one_component = indices.iter().all(|index| index.uniform().is_some());
        match (kind, time) {
            _ if is_uniform && has_one_component => {
                Some(Lanes::Uniform(member_value(system, component(0), at(0)).ok()?))
            }
            (MemberKind::Signal, Lanes::Real(times)) if has_one_component => {
                let Some(component) = component(0).filter(|found| !system.schema().excludes(*found)) else {
                    return Some(Lanes::Uniform(NAN));
                };
                let mut values = vec![NAN; times.len()];
                system.sample(component, times, &mut values).ok()?;
                Some(Lanes::from_values(values))
            }
            _ => {
                let values = (0..self.values.len())
                    .map(|lane| member_value(system, component(lane), at(lane)))
                    .collect::<Result<Vec<_>, _>>();
                Some(Lanes::from_values(values.ok()?))
            }
        }
    }

    /// Evaluates an infix operator.
    fn binary(
        &self,
        context: LaneContext<'_>,
        operator: BinaryOperator,
        a: OpIndex,
        b: OpIndex,
    ) -> Option<Lanes> {
        let a = self.op(context, a)?;
        if let BinaryOperator::And | BinaryOperator::Or = operator {
            // The second operand is not evaluated if the first one decides.
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
            _ => a.zip(b, |a, b| operator.apply(a, b)),
        })
    }

    /// Evaluates the body of a series or an integral at one value of its variable.
    fn with_variable(
        &self,
        context: LaneContext<'_>,
        variable: BoundVariable,
        body: OpIndex,
        value: f64,
    ) -> Option<Lanes> {
        match variable {
            BoundVariable::Time => {
                self.op(LaneContext { time: &Lanes::Uniform(from_real(value)), ..context }, body)
            }
            BoundVariable::Local => {
                let value = Lanes::Uniform(from_real(value));
                let local = LocalVariable { value, outer: context.local };
                self.op(LaneContext { local: Some(&local), ..context }, body)
            }
        }
    }

    /// A series whose limits are the same in all lanes.
    fn series(&self, series: Series, terms: Terms, term: impl Fn(f64) -> Option<Lanes>) -> Option<Lanes> {
        let (from, count) = match terms {
            Terms::Finite { from, count } => (from, count),
            Terms::Undefined => return Some(Lanes::Uniform(NAN)),
            Terms::TooMany => return None,
        };
        let mut totals = vec![Accumulator::new(series); self.values.len()];
        let mut is_uniform = true;
        for i in 0..count {
            let value = term(from + f64::from(i))?;
            is_uniform &= value.uniform().is_some();
            for (lane, total) in totals.iter_mut().enumerate() {
                total.add(value.at(lane));
            }
        }
        Some(if is_uniform {
            Lanes::Uniform(totals[0].value())
        } else {
            Lanes::from_values(totals.iter().map(Accumulator::value).collect())
        })
    }

    /// An integral whose value is the same in all lanes.
    fn integral(limits: [f64; 2], integrand: impl Fn(f64) -> Option<Lanes>) -> Option<Lanes> {
        let mut lanes_differ = false;
        let integrand_at = |s| {
            let value = integrand(s).and_then(|value| value.uniform());
            lanes_differ |= value.is_none();
            value.unwrap_or(NAN)
        };
        let [from, to] = limits;
        let value = integrate(integrand_at, from, to);
        (!lanes_differ).then_some(Lanes::Uniform(value))
    }

    /// The interpolation of points at x, all of which may differ between lanes.
    fn interpolate(&self, context: LaneContext<'_>, x: OpIndex, points: OpList) -> Option<Lanes> {
        let x = self.op(context, x)?;
        let points = context.code.list(points).iter().map(|op| self.op(context, *op));
        let points = points.collect::<Option<Vec<Lanes>>>()?;
        let at = |lane: usize| {
            interpolate(
                real_or_nan(x.at(lane)),
                points.len() / 2,
                |i| real_or_nan(points[2 * i].at(lane)),
                |i| points[2 * i + 1].at(lane),
            )
        };
        let is_uniform = points.iter().chain([&x]).all(|value| value.uniform().is_some());
        Some(if is_uniform {
            Lanes::Uniform(at(0))
        } else {
            Lanes::from_values((0..self.values.len()).map(at).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::ExprRole;
    use crate::scene::model::{Env, Model};
    use crate::system::SystemKind;

    /// Expressions whose lanes are evaluated together.
    const TOGETHER: [&str; 34] = [
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
        "log10(t) + log2(u) + log10(j*t) + cbrt(t) + erf(u) + sinc(t) + sinc(t + j*u)",
        "gamma(t + 3.1) + factorial(floor(t)) + besselj(3, 4*t) + besselj(floor(t), u) + gamma(j*t)",
        "mean(sin(n*t), n, 1, 9) + prod(t - n*j, n, 1, 3) + mean(t, n, 1, 0) + prod(u, n, 1, 0)",
        "interp(t, [[-1, 0], [0, u], [1, 3*j], [2, 1]]) + interp(u, [[0, 1], [1, t]])",
        "interp(k, [[0, 1], [2, 3]]) + interp(t, [[u, 1], [1, 2]])",
        "t*integral(wave*t, t, 0, k) + sum(p + s.x, t, 0, 3) + mean(s.x(t - 1), t, 0, 3)",
        "sum(n, n, 1, sum(t, t, 1, 2))*u",
        "H(t, u) + H(2, j) + H(u, k)(t - 1) + H(t, wave)(0)",
        "abs(H(H(u, 1), t)) + sum(re(H(n, t)), n, 1, 3)",
    ];

    /// Expressions whose lanes take different steps, or too many.
    const SEPARATE: [&str; 8] = [
        "if(t > 1, t, 0)",
        "if(t > 1, nan, 0) + u",
        "t > 1 and t",
        "t > 1 or 0",
        "integral(sin(s1*t), s1, 0, 1)",
        "integral(s1, s1, 0, t)",
        "sum(n, n, 1, floor(t + 4))",
        "sum(sum(t, m, 1, 3000), n, 1, 3000)",
    ];

    /// Calls `check` with every source, its code, and each variable that it can run over.
    fn for_each_code(sources: &[&str], check: impl Fn(&str, &Code, &Env<'_>, Variable)) {
        let mut builder = Model::builder();
        builder
            .param("k", 1.7)
            .signal("p", "2*pi*(3.5*u - k*t)")
            .signal("wave", "sin(3*t)*exp(-t/3)")
            .signal("H(w, a)", "a/(k - w^2 + j*w*t) + sum(a*n, n, 1, 3)")
            .free("u");
        builder.system("s", SystemKind::OSCILLATOR, [("omega0", 2.0), ("zeta", 0.1), ("x0", 1.0)]);
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
    fn every_lane_has_the_bits_of_its_scalar_evaluation() {
        for_each_code(&TOGETHER, |source, code, env, over| {
            let lanes =
                env.eval_lanes(code, over, &values()).unwrap_or_else(|| panic!("{source}: lanes differ"));
            for (lane, value) in values().into_iter().enumerate() {
                let scalar = env.bind(over, value).expect("not a param").eval(code).expect("a value");
                let both = [(lanes.at(lane).re, scalar.re), (lanes.at(lane).im, scalar.im)];
                let same = both.iter().all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan());
                assert!(same, "{source} at {value}: {} is not {scalar}", lanes.at(lane));
            }
        });
    }

    #[test]
    fn lanes_that_take_different_steps_are_not_evaluated_together() {
        for_each_code(&SEPARATE, |source, code, env, over| {
            if code.depends_on(over) && over == Variable::Time {
                assert_eq!(env.eval_lanes(code, over, &values()), None, "{source}");
            }
        });
        for_each_code(&["t"], |_, code, env, over| assert_eq!(env.eval_lanes(code, over, &[]), None));
    }
}
