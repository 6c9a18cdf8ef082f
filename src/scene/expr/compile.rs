//! The compiler: from the syntax tree to flat code.
//!
//! Names become slots, argument counts are checked, and dependencies are collected. The local variable of a
//! `sum` or an `integral` must have a new name. It shadows nothing, so that a name has one meaning
//! throughout an expression.

use std::f64::consts::PI;
use std::ops::Range;

use num_complex::Complex64;

use super::ExprError;
use super::ast::{Ast, BinaryOperator, Node, UnaryOperator};
use super::code::Code;
use super::function::{function_names, lookup};
use super::number::{NAN, from_real};
use super::op::{Op, OpIndex};
use super::operations::Operations;
use super::scope::{Dependencies, ExprRole, FreeId, Meaning, Scope, SignalId, Symbol};
use super::suggest::suggest;
use super::value_type::ValueType;
use crate::suggest::listed;

/// The maximum recursion depth of evaluation, through signals that use other signals. A thread's stack holds
/// twice as many levels even if every level is an integral.
const MAX_DEPTH: usize = 500;

/// Compiles an expression in a scope.
///
/// # Errors
///
/// Unknown names, with the nearest known one; wrong numbers of arguments; names that the scope does not
/// allow, such as the present time in a number, or a variable that is not bound.
pub fn compile(ast: &Ast, scope: &Scope<'_>) -> Result<Code, ExprError> {
    let mut compiler = Compiler {
        scope,
        operations: Operations::default(),
        locals: scope.arguments.iter().map(String::as_str).collect(),
        binds_time: false,
        dependencies: Dependencies::default(),
        deepest: 0,
    };
    let root = compiler.expression(ast)?;
    let value_type = compiler.value_type(root);
    let depth = ast.height() + compiler.deepest;
    if depth > MAX_DEPTH {
        return Err(ExprError::new(ast.span.clone(), "the definitions used here are nested too deeply"));
    }
    Ok(compiler.operations.into_code(root, value_type, compiler.dependencies, depth))
}

/// The time at which a signal is evaluated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SignalTime {
    /// The present time, as in `osc.x`.
    Now,
    /// A time given as an argument, as in `osc.x(2)`.
    Explicit,
}

pub(super) struct Compiler<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) operations: Operations,
    /// The arguments of the function that is defined, and the local variables of the enclosing series and integrals,
    /// outermost first.
    pub(super) locals: Vec<&'a str>,
    /// Whether `t` is the variable of an enclosing series or integral.
    pub(super) binds_time: bool,
    pub(super) dependencies: Dependencies,
    /// The maximum depth of the signals in use.
    deepest: usize,
}

impl<'a> Compiler<'a> {
    /// Checks that an operand is not surely complex. `what` reads like "`floor` takes a real number".
    pub(super) fn check_real(&self, index: OpIndex, ast: &Ast, what: &str) -> Result<(), ExprError> {
        if self.value_type(index) != ValueType::Complex {
            return Ok(());
        }
        Err(ExprError::new(ast.span.clone(), format!("{what}, and `{ast}` is complex"))
            .with_help(format!("write `re({ast})`, `im({ast})` or `abs({ast})`")))
    }

    /// Compiles a subexpression and returns the index of its last operation.
    pub(super) fn expression(&mut self, ast: &'a Ast) -> Result<OpIndex, ExprError> {
        let op = match &ast.node {
            Node::Number(value) => Op::number(from_real(*value)),
            Node::Name(name) => self.name(name, &ast.span)?,
            Node::Member { .. } | Node::Component { .. } => self.present_member(ast)?,
            Node::Call { name, arguments } => return self.call(name, arguments, &ast.span),
            Node::At { signal, argument } => match &signal.node {
                Node::Call { name, arguments } => self.call_at(name, arguments, (signal, argument))?,
                _ => self.member_at(signal, argument)?,
            },
            Node::List(_) => return Err(stray_list(ast)),
            Node::Unary(UnaryOperator::Negate, a) => Op::Negate(self.expression(a)?),
            Node::Unary(UnaryOperator::Not, a) => Op::Not(self.expression(a)?),
            Node::Binary(operator, left, right) => {
                let (a, b) = (self.expression(left)?, self.expression(right)?);
                if operator.needs_real() {
                    let what = format!("`{}` compares real numbers", operator.symbol());
                    self.check_real(a, left, &what)?;
                    self.check_real(b, right, &what)?;
                }
                let index = self.push(Op::BinaryOperator(*operator, a, b));
                self.check_defined(ast, index, [a, b])?;
                return Ok(index);
            }
        };
        Ok(self.push(op))
    }

    /// Checks that an operation is not NaN in every scene although its operands are numbers.
    fn check_defined(&self, ast: &Ast, index: OpIndex, operands: [OpIndex; 2]) -> Result<(), ExprError> {
        let is_nan = |index| self.constant(index).is_some_and(Complex64::is_nan);
        if !is_nan(index) || operands.into_iter().any(is_nan) {
            return Ok(());
        }
        Err(ExprError::new(ast.span.clone(), format!("`{ast}` has no value"))
            .with_help("correct it, or write `nan` where a gap is meant"))
    }

    /// Compiles a name without member or arguments.
    fn name(&mut self, name: &str, span: &Range<usize>) -> Result<Op, ExprError> {
        if let Some(place) = self.locals.iter().rposition(|local| *local == name) {
            return Ok(Op::LocalVariable(place as u32));
        }
        if let Some(index) = self.scope.state.iter().position(|state| state == name) {
            return Ok(Op::State(index as u32));
        }
        match name {
            "t" => return self.time(span),
            "j" => return Ok(Op::number(Complex64::I)),
            "pi" => return Ok(Op::number(from_real(PI))),
            "inf" => return Ok(Op::number(from_real(f64::INFINITY))),
            "nan" => return Ok(Op::number(NAN)),
            _ => {}
        }
        let symbol = match self.scope.lookup(name) {
            Some(Meaning::Constant(value)) => return Ok(Op::number(from_real(value))),
            Some(Meaning::Place(place)) => return Ok(self.place(place)),
            Some(Meaning::Symbol(symbol)) => Some(symbol),
            None => None,
        };
        match symbol {
            Some(symbol @ Symbol::Param(param)) => {
                self.dependencies.params.insert(param);
                self.add_dependencies_of(symbol);
                Ok(Op::Param(param))
            }
            Some(Symbol::Signal(signal)) => {
                self.signal(signal, name, span, SignalTime::Now)?;
                Ok(Op::Signal(signal))
            }
            Some(symbol @ Symbol::Function(_)) => {
                let arguments = self.arguments_of(symbol).join(", ");
                Err(ExprError::new(span.clone(), format!("`{name}` is a function of `{arguments}`"))
                    .with_help(format!("write its arguments: `{name}({arguments})`")))
            }
            Some(symbol @ Symbol::System(..)) => {
                let schema = self.schema(symbol);
                let example = schema.members.first().map_or("x", |member| &*member.name);
                Err(ExprError::new(span.clone(), format!("`{name}` is a system, which has no value itself"))
                    .with_help(format!("write one of its signals or constants, like `{name}.{example}`")))
            }
            Some(Symbol::Free(free)) if self.scope.binds(free) => {
                self.dependencies.free.insert(free);
                Ok(Op::Free(free))
            }
            Some(Symbol::Free(_)) => {
                let message =
                    format!("`{name}` is known under `over = \"{name}\"` only, and has no value here");
                Err(self.unbound(name, message, span))
            }
            None => Err(self.unknown_name(name, span)),
        }
    }

    /// Compiles x + jy.
    fn place(&mut self, [x, y]: [FreeId; 2]) -> Op {
        self.dependencies.free.extend([x, y]);
        let [x, j, y] = [Op::Free(x), Op::number(Complex64::I), Op::Free(y)].map(|op| self.push(op));
        let imaginary = self.push(Op::BinaryOperator(BinaryOperator::Multiply, j, y));
        Op::BinaryOperator(BinaryOperator::Add, x, imaginary)
    }

    /// Compiles the present time `t`.
    fn time(&mut self, span: &Range<usize>) -> Result<Op, ExprError> {
        if self.binds_time {
            return Ok(Op::Time);
        }
        if self.scope.role == ExprRole::Number {
            return Err(ExprError::new(span.clone(), "a number cannot depend on time, so it cannot use `t`")
                .with_help("define a signal in `[signals]`, or use a param"));
        }
        self.dependencies.time = true;
        Ok(Op::Time)
    }

    /// Adds the dependencies of a symbol's definition.
    pub(super) fn add_dependencies_of(&mut self, symbol: Symbol) {
        if let Some(info) = self.scope.symbols.info(symbol) {
            self.dependencies.extend(&info.dependencies);
        }
    }

    /// The names of the arguments of a function.
    pub(super) fn arguments_of(&self, function: Symbol) -> &'a [String] {
        self.scope.symbols.info(function).map_or(&[], |info| &info.arguments)
    }

    /// Whether a name is an argument or the variable of an enclosing series or integral.
    pub(super) fn is_local(&self, name: &str) -> bool {
        self.locals.contains(&name)
    }

    /// Notes the use of a user-defined signal or function. `name` is what is written, for messages.
    pub(super) fn signal(
        &mut self,
        id: SignalId,
        name: &str,
        span: &Range<usize>,
        at: SignalTime,
    ) -> Result<(), ExprError> {
        let symbols = self.scope.symbols;
        if let Some(info) = symbols.info(Symbol::Signal(id)).or_else(|| symbols.info(Symbol::Function(id))) {
            if let Some(free) = info.dependencies.free.iter().find(|free| !self.scope.binds(**free)) {
                let variable = symbols.name(Symbol::Free(*free));
                let message = format!("`{name}` uses `{variable}`, which has no value here");
                return Err(self.unbound(variable, message, span));
            }
            // At an explicit time the signal itself does not depend on the present time.
            let time = self.dependencies.time;
            self.dependencies.extend(&info.dependencies);
            self.dependencies.time = time;
            if info.dependencies.time && at == SignalTime::Now {
                self.use_present_time(name, span)?;
            }
            self.deepest = self.deepest.max(info.depth);
        }
        self.dependencies.signals.insert(id);
        Ok(())
    }

    /// Notes that the value depends on the present time through a signal, and checks that the scope allows it.
    pub(super) fn use_present_time(&mut self, signal: &str, span: &Range<usize>) -> Result<(), ExprError> {
        if self.binds_time {
            return Ok(());
        }
        if self.scope.role != ExprRole::Number {
            self.dependencies.time = true;
            return Ok(());
        }
        Err(ExprError::new(
            span.clone(),
            format!("a number cannot depend on time, and `{signal}` changes with time"),
        )
        .with_help(format!("write a time: `{signal}(0)`")))
    }

    /// The error for a name before a parenthesis that is neither a function nor a signal.
    pub(super) fn not_callable(&self, name: &str, span: Range<usize>) -> ExprError {
        let is_defined = self.is_local(name) || self.scope.lookup(name).is_some();
        if is_defined && lookup(name).is_some() {
            let message = format!("`{name}` is a name of this scene, which hides the function `{name}`");
            return ExprError::new(span, message).with_help("give what hides it another name");
        }
        let constant = matches!(name, "t" | "j" | "pi" | "inf" | "nan");
        if constant || is_defined {
            return ExprError::new(
                span,
                format!("`{name}` is not a function, and there is no implicit product"),
            )
            .with_help(format!("write `{name}*(…)`"));
        }
        let names: Vec<&str> = function_names().collect();
        let error = ExprError::new(span, format!("there is no function `{name}`"))
            .with_help(format!("there are {}", listed(&names)));
        let is_callable =
            |meaning| matches!(meaning, Meaning::Symbol(Symbol::Signal(_) | Symbol::Function(_)));
        let signals = self.scope.names().filter(|(_, meaning)| is_callable(*meaning));
        suggest(error, name, function_names().chain(signals.map(|(signal, _)| signal)))
    }

    /// The error for a name that is not defined.
    fn unknown_name(&self, name: &str, span: &Range<usize>) -> ExprError {
        let error = ExprError::new(span.clone(), format!("`{name}` is not defined")).with_help(
            "names are defined in `[params]`, `[signals]` and `[systems]`, or by `over` of a curve",
        );
        if lookup(name).is_some() {
            return ExprError::new(span.clone(), format!("`{name}` is a function"))
                .with_help(format!("write `{name}(…)`"));
        }
        let names = self.scope.names().filter(|(_, meaning)| match meaning {
            Meaning::Symbol(Symbol::Free(free)) => self.scope.binds(*free),
            Meaning::Symbol(_) | Meaning::Constant(_) | Meaning::Place(_) => true,
        });
        let known = self.locals.iter().copied().chain(names.map(|(name, _)| name));
        suggest(error, name, known.chain(["pi", "inf", "nan"]))
    }

    /// The error for a free variable that has no value in this scope.
    fn unbound(&self, variable: &str, message: String, span: &Range<usize>) -> ExprError {
        let error = ExprError::new(span.clone(), message);
        match self.scope.role {
            ExprRole::Number => {
                error.with_help(format!("a number cannot use `{variable}`, which is a variable of curves"))
            }
            ExprRole::Signal | ExprRole::Element(_) => error.with_help(format!(
                "only a curve over this variable can use it: add `over = \"{variable}\"`"
            )),
        }
    }
}

/// The error for a list where a number is needed.
fn stray_list(ast: &Ast) -> ExprError {
    ExprError::new(ast.span.clone(), "a list is no number")
        .with_help("a list stands only in `interp(x, [[x0, y0], [x1, y1]])`; a component is written `s.x[0]`")
}
