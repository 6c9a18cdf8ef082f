//! The jet evaluator: runs compiled code on bounds instead of numbers.
//!
//! The result bounds an expression and its first two derivatives while one variable runs over a range.

use std::cell::Cell;

use super::code::Code;
use super::complex_jet::ComplexJet;
use super::eval::{Bindings, LocalVariable, local_value, member_value};
use super::interval::Interval;
use super::jet::Jet;
use super::number::{NAN, from_real};
use super::op::{BoundVariable, MemberOp, Op, OpIndex};
use super::scope::{FreeId, ParamId, Variable};
use super::series::{Series, Terms};
use crate::system::{At, MemberKind};

/// The number of equal parts of an integral, in each of which its integrand is bounded.
const PARTS: u32 = 128;
/// The number of parts whose operations count. Sampling evaluates an integrand at a hundred points and more.
const COUNTED_PARTS: u32 = 4;

/// Bounds an expression and its derivatives while the variable `over` runs over a range, which is given as the
/// jet of the variable. A param is bound together with params that follow from it: `definitions` are these, in an order in
/// which each comes after those that it uses.
///
/// Returns `None` where no bound is known, and where it would take more than the remaining number of operations, from which
/// those that it takes are subtracted.
pub(crate) fn evaluate_jet<'a>(
    code: &Code,
    bindings: &Bindings<'_>,
    (over, range): (Variable, Jet),
    definitions: impl IntoIterator<Item = (ParamId, &'a Code)>,
    remaining: &Cell<u32>,
) -> Option<ComplexJet> {
    let time = if over == Variable::Time { range } else { Jet::constant(bindings.time)? };
    let mut evaluator = JetEvaluator {
        bindings,
        free: None,
        params: Vec::new(),
        remaining,
        is_in_integral: Cell::new(false),
    };
    match over {
        Variable::Time => {}
        Variable::Free(free) => evaluator.free = Some((free, range)),
        Variable::Param(param) => evaluator.params.push((param, ComplexJet::real(range))),
    }
    for (param, definition) in definitions {
        let value = evaluator.run(definition, time)?;
        evaluator.params.push((param, value));
    }
    evaluator.run(code, time)
}

struct JetEvaluator<'a> {
    bindings: &'a Bindings<'a>,
    /// The variable that runs over the range, other than the time and a param.
    free: Option<(FreeId, Jet)>,
    /// The params that depend on the variable.
    params: Vec<(ParamId, ComplexJet)>,
    /// The number of operations left.
    remaining: &'a Cell<u32>,
    is_in_integral: Cell<bool>,
}

/// The surroundings of an operation: its code, the time, and the local variables in scope.
#[derive(Clone, Copy)]
struct JetContext<'a> {
    code: &'a Code,
    time: Jet,
    /// The local variable of the innermost enclosing series or integral.
    local: Option<&'a LocalVariable<'a, ComplexJet>>,
}

impl JetEvaluator<'_> {
    /// Evaluates code with a jet as the time.
    fn run(&self, code: &Code, time: Jet) -> Option<ComplexJet> {
        self.op(JetContext { code, time, local: None }, code.root()?)
    }

    /// Evaluates the operation at `index`.
    fn op(&self, context: JetContext<'_>, index: OpIndex) -> Option<ComplexJet> {
        self.remaining.set(self.remaining.get().checked_sub(1)?);
        let jet = |index| self.op(context, index);
        match context.code.op(index) {
            Op::Constant(constant) => ComplexJet::constant(constant.value()),
            Op::Time => Some(ComplexJet::real(context.time)),
            Op::Param(param) => match self.params.iter().find(|(known, _)| *known == param) {
                Some((_, jet)) => Some(*jet),
                None => ComplexJet::constant(self.bindings.params[param.index()]),
            },
            Op::Free(free) => Some(ComplexJet::real(match self.free {
                Some((over, range)) if over == free => range,
                _ => Jet::constant(self.bindings.free[free.index()])?,
            })),
            Op::LocalVariable(place) => local_value(context.local, place).copied(),
            Op::Call { function, arguments } => {
                let code = &self.bindings.signals[function.index()];
                self.with_arguments(context, (code, context.time), context.code.list(arguments), None)
            }
            Op::Signal(signal) => self.run(&self.bindings.signals[signal.index()], context.time),
            Op::State(index) => Some(ComplexJet::real(Jet::constant(self.bindings.state[index as usize])?)),
            Op::Member(member) => self.member(context, member, context.time),
            Op::At { signal, time } => {
                let time = jet(time)?.into_real()?;
                match context.code.op(signal) {
                    // Indices of members belong to the present time.
                    Op::Member(member) => self.member(context, member, time),
                    // So do the arguments of functions.
                    Op::Call { function, arguments } => {
                        let code = &self.bindings.signals[function.index()];
                        self.with_arguments(context, (code, time), context.code.list(arguments), None)
                    }
                    _ => self.op(JetContext { time, ..context }, signal),
                }
            }
            Op::Negate(a) => Some(jet(a)?.negated()),
            Op::BinaryOperator(operator, a, b) => jet(a)?.apply_operator(operator, jet(b)?),
            Op::UnaryFunction(function, a) => jet(a)?.apply(function),
            Op::BinaryFunction(function, a, b) => jet(a)?.apply_two(function, jet(b)?),
            Op::If { condition, then, otherwise } => {
                jet(if jet(condition)?.as_constant()? == 0.0 { otherwise } else { then })
            }
            Op::Series { series, body, limits: [from, to], variable } => {
                let terms = Terms::between(jet(from)?.as_constant()?, jet(to)?.as_constant()?);
                let at = |value| self.with_variable(context, variable, body, Jet::constant(value)?);
                series_of(series, terms, at)
            }
            Op::Integral { body, limits: [from, to], variable, .. } => {
                let limits = [jet(from)?.as_constant()?, jet(to)?.as_constant()?];
                self.integral(limits, |part| self.with_variable(context, variable, body, Jet::within(part)))
            }
            Op::Interpolate { x, points } => {
                let constant = |op: &OpIndex| jet(*op)?.as_constant();
                let points: Vec<f64> =
                    context.code.list(points).iter().map(constant).collect::<Option<_>>()?;
                Some(ComplexJet::real(jet(x)?.into_real()?.interpolated(&points)?))
            }
            Op::Not(_) | Op::MemberFunction { .. } => None,
        }
    }

    /// Evaluates the arguments that are left, links them to those before, and evaluates the code of the function at
    /// its time.
    fn with_arguments(
        &self,
        context: JetContext<'_>,
        (code, time): (&Code, Jet),
        arguments: &[OpIndex],
        before: Option<&LocalVariable<'_, ComplexJet>>,
    ) -> Option<ComplexJet> {
        let Some((first, rest)) = arguments.split_first() else {
            return self.op(JetContext { code, time, local: before }, code.root()?);
        };
        let argument = LocalVariable::new(self.op(context, *first)?, before);
        self.with_arguments(context, (code, time), rest, Some(&argument))
    }

    /// A component at a time, whose indices are constant: of a constant, of a signal at a constant time, or of a signal with
    /// known bounds.
    fn member(&self, context: JetContext<'_>, member: MemberOp, time: Jet) -> Option<ComplexJet> {
        let system = &*self.bindings.systems[member.system.index()];
        let mut indices = [NAN; 2];
        for (index, op) in indices.iter_mut().zip(member.index_ops()) {
            *index = from_real(self.op(context, *op)?.as_constant()?);
        }
        let component = member.component(indices.into_iter().take(member.index_ops().len()));
        let present = match system.schema().member(member.slot).kind {
            MemberKind::Constant => 0.0,
            MemberKind::Signal | MemberKind::Sequence(_) => {
                let Some(present) = time.as_constant() else {
                    let Interval { low, high } = time.value;
                    let [value, first, second] = system.bounds(component?, low, high)?;
                    let interval = |[low, high]: [f64; 2]| Interval::between(low, high);
                    let jet = time.compose(interval(value)?, interval(first)?, interval(second)?)?;
                    return Some(ComplexJet::real(jet));
                };
                present
            }
            MemberKind::Function(_) | MemberKind::TimeFunction(_) => return None,
        };
        ComplexJet::constant(member_value(system, component, At::time(present)).ok()?)
    }

    /// Evaluates the body of a series or an integral while its variable has a value or runs over an interval.
    fn with_variable(
        &self,
        context: JetContext<'_>,
        variable: BoundVariable,
        body: OpIndex,
        value: Jet,
    ) -> Option<ComplexJet> {
        match variable {
            BoundVariable::Time => self.op(JetContext { time: value, ..context }, body),
            BoundVariable::Local(_) => {
                let local = LocalVariable::new(ComplexJet::real(value), context.local);
                self.op(JetContext { local: Some(&local), ..context }, body)
            }
        }
    }

    /// An integral between finite limits that do not change: the sum over its parts of their length times bounds on the
    /// integrand.
    fn integral(
        &self,
        [from, to]: [f64; 2],
        integrand: impl Fn(Interval) -> Option<ComplexJet>,
    ) -> Option<ComplexJet> {
        // The parts of integrals within integrals would be too many.
        (!self.is_in_integral.replace(true)).then_some(())?;
        let length = (to - from) / f64::from(PARTS);
        let edge = |i: u32| from + length * f64::from(i);
        let mut total = ComplexJet::real(Jet::ZERO);
        for i in 0..PARTS {
            let remaining = self.remaining.get();
            total = total.plus(integrand(Interval::between(edge(i), edge(i + 1))?)?.scaled(length)?)?;
            if i >= COUNTED_PARTS {
                self.remaining.set(remaining);
            }
        }
        self.is_in_integral.set(false);
        Some(total)
    }
}

/// The series over some integers, if the number of operations allows for so many terms.
fn series_of(series: Series, terms: Terms, term: impl Fn(f64) -> Option<ComplexJet>) -> Option<ComplexJet> {
    let Terms::Finite { from, count } = terms else { return None };
    let mut terms = (0..count).map(|i| term(from + f64::from(i)));
    let zero = ComplexJet::real(Jet::ZERO);
    match series {
        Series::Sum => terms.try_fold(zero, |total, term| total.plus(term?)),
        Series::Mean if count == 0 => None,
        Series::Mean => {
            let sum = terms.try_fold(zero, |total, term| total.plus(term?))?;
            sum.scaled(1.0 / f64::from(count))
        }
        Series::Product => {
            terms.try_fold(ComplexJet::real(Jet::constant(1.0)?), |total, term| total.times(term?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::expr::ExprRole;
    use crate::scene::expr::interval::Interval;
    use crate::scene::model::{Env, Model};

    fn jet_of(code: &Code, env: &Env<'_>, range: Jet) -> Option<ComplexJet> {
        env.eval_jet(code, Variable::Time, range, &Cell::new(4000))
    }

    /// Calls `check` with every source, its code, and the model at t = 0.
    fn for_each_code(sources: &[&str], check: impl Fn(&str, &Code, &Env<'_>)) {
        let mut builder = Model::builder();
        builder
            .param("k", 1.7)
            .signal("p", "2*pi*(3.5*t - k)")
            .signal("wave", "sin(p)*exp(-t/3)")
            .signal("f(a, b)", "a^2*sin(t + b)");
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
    fn values_and_derivatives_stay_within_their_bounds() {
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
            "log10(t) + log2(t + 1) + cbrt(t) - cbrt(-t - 2) + erf(3*t - 2) + sinc(2*t)",
            "besselj(2, 7*t) + besselj(0, t^2) + gamma(k)",
            "mean(sin(n*t), n, 1, 9) + prod(t - n, n, 1, 4) + sum(t, t, 1, 3)",
            "interp(t, [[0, 1], [0.4, 3], [2.5, k]])",
            "f(t, 2) + f(k, t)(1) + f(1, f(t, 0))(2*t)",
            "re(exp(j*t)*(1 + t*j)) + im(exp((j - 0.3)*5*t)) + abs(exp(2*j*t) + 3)",
            "re((t + j)^3/(t - 2*j)) + im(conj((1 + j*t)^-2)) + re(sum(exp(j*n*t)/n, n, 1, 5))",
            "integral(cos(s*t)*s, s, 2, -1) + re(integral(exp(-s^2 + 3*j*s*t), s, -2, 3))",
            "integral(exp(-t^2), t, 0, 1)*t + integral(f(s, t), s, 0, k)",
        ];
        let within = |found: f64, Interval { low, high }, slack: f64| {
            found >= low - slack * found.abs().max(1.0) && found <= high + slack * found.abs().max(1.0)
        };
        for_each_code(&sources, |source, code, env| {
            for [from, to] in [[0.2, 0.3], [0.5, 1.9], [1.999, 2.0]] {
                let range = Jet::variable(from, to).expect("a range");
                let jet = jet_of(code, env, range)
                    .and_then(ComplexJet::into_real)
                    .unwrap_or_else(|| panic!("{source}: no jet"));
                let h = 1e-4;
                for k in 0..=20 {
                    let t = from + h + (to - from - 2.0 * h) * f64::from(k) / 20.0;
                    let [before, here, after] = [t - h, t, t + h].map(|t| at(code, env, t));
                    let first = (after - before) / (2.0 * h);
                    let second = (after - 2.0 * here + before) / (h * h);
                    assert!(within(here, jet.value, 1e-12), "{source} at {t}: {here}, {:?}", jet.value);
                    assert!(within(first, jet.first, 1e-5), "{source} at {t}: {first}, {:?}", jet.first);
                    assert!(within(second, jet.second, 1e-4), "{source} at {t}: {second}, {:?}", jet.second);
                }
            }
        });
    }

    #[test]
    fn there_are_no_bounds_for_jumps_poles_complex_values_and_much_work() {
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
            "cbrt(t - 1)",
            "gamma(t)",
            "factorial(t)",
            "besselj(0.5, t)",
            "besselj(t, 2)",
            "interp(t, [[0, 1], [1, 3], [2, 0]])",
            "mean(t, n, 1, 0)",
            "integral(exp(-t*s), s, 0, inf)",
            "integral(s, s, 0, t)",
            "integral(abs(s - t), s, 0, 2)",
            "integral(integral(s*t*u, u, 0, 1), s, 0, 1)",
            "integral(sum(sin(n*s*t), n, 1, 500), s, 0, 1)",
            "abs(exp(2*pi*j*t) - 1)",
            "re(1/(exp(2*pi*j*t) - 1))",
            "arg(j*t)",
        ];
        for_each_code(&sources, |source, code, env| {
            let range = Jet::variable(0.9, 1.1).expect("a range");
            let jet = jet_of(code, env, range);
            assert_eq!(jet.and_then(ComplexJet::into_real), None, "{source}");
        });
    }

    #[test]
    fn a_power_law_is_straight_on_logarithmic_axes() {
        for_each_code(&["5*t^-2"], |_, code, env| {
            // The bounds are sums of terms that cancel, so they tighten only as the range shrinks.
            for (ratio, limit) in [(1.01, 2.5), (1.001, 0.25)] {
                let range = Jet::log_variable(1.0, ratio).expect("a range");
                let jet = jet_of(code, env, range)
                    .and_then(|jet| jet.into_real()?.decimal_logarithm())
                    .expect("a jet");
                assert!(
                    jet.first.low < -2.0 && jet.first.high > -2.0 && jet.first.magnitude() < 2.1,
                    "{jet:?}"
                );
                assert!(jet.second.magnitude() < limit, "{jet:?}");
            }
        });
    }
}
