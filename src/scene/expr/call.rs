//! The compiler for calls: functions of the language, series, integrals and interpolation, and signals and functions of
//! the scene.

use std::cmp::Ordering;
use std::ops::Range;

use super::ExprError;
use super::ast::{Ast, Node};
use super::compile::{Compiler, SignalTime};
use super::function::{BinaryFunction, Function, lookup};
use super::number::{NAN, real_or_nan};
use super::op::{BoundVariable, Limit, Op, OpIndex};
use super::scope::{Meaning, NameKind, Symbol, check_name};

impl<'a> Compiler<'a> {
    /// Compiles a call: of a definition of the scene, else of a function of the language.
    pub(super) fn call(
        &mut self,
        name: &'a str,
        arguments: &'a [Ast],
        span: &Range<usize>,
    ) -> Result<OpIndex, ExprError> {
        let is_defined = self.is_local(name) || self.scope.lookup(name).is_some();
        if is_defined || lookup(name).is_none() {
            let op = match self.scope.lookup(name) {
                Some(Meaning::Symbol(symbol @ Symbol::Function(id))) if !self.is_local(name) => {
                    let call = self.function_call(symbol, name, arguments, span)?;
                    self.signal(id, &written(name, arguments), span, SignalTime::Now)?;
                    call
                }
                _ => self.signal_at(name, arguments, span)?,
            };
            return Ok(self.push(op));
        }
        self.function_of_language(name, arguments, span)
    }

    /// Compiles a call of a function of the language.
    fn function_of_language(
        &mut self,
        name: &'a str,
        arguments: &'a [Ast],
        span: &Range<usize>,
    ) -> Result<OpIndex, ExprError> {
        let wrong = |expected: &str| Err(wrong_argument_count(name, expected, arguments.len(), span));
        let op = match (lookup(name), arguments) {
            (Some(Function::Unary(function)), [argument]) => {
                let a = self.expression(argument)?;
                if function.needs_real() {
                    self.check_real(a, argument, &format!("`{name}` takes a real number"))?;
                }
                Op::UnaryFunction(function, a)
            }
            (Some(Function::Unary(_)), _) => return wrong("one argument"),
            (Some(Function::Binary(function)), [first, second]) => {
                let (a, b) = (self.expression(first)?, self.expression(second)?);
                let what = format!("`{name}` takes real numbers");
                self.check_real(a, first, &what)?;
                // A Legendre polynomial has complex values.
                if function != BinaryFunction::Legendre {
                    self.check_real(b, second, &what)?;
                }
                Op::BinaryFunction(function, a, b)
            }
            (Some(Function::Binary(_)), _) => return wrong("two arguments"),
            (Some(Function::Fold(function)), [first, rest @ ..]) if !rest.is_empty() => {
                let what = format!("`{name}` takes real numbers");
                let start = self.expression(first)?;
                self.check_real(start, first, &what)?;
                return rest.iter().try_fold(start, |folded, next| {
                    let index = self.expression(next)?;
                    self.check_real(index, next, &what)?;
                    Ok(self.push(Op::BinaryFunction(function, folded, index)))
                });
            }
            (Some(Function::Fold(_)), _) => return wrong("two arguments or more"),
            (Some(Function::If), [c, a, b]) => Op::If {
                condition: self.expression(c)?,
                then: self.expression(a)?,
                otherwise: self.expression(b)?,
            },
            (Some(Function::If), _) => return wrong("three arguments, `if(condition, then, else)`"),
            (Some(Function::Series(series)), [body, variable, from, to]) => {
                let (body, limits, variable) = self.bound(body, variable, [from, to])?;
                Op::Series { series, body, limits, variable }
            }
            (Some(Function::Series(_)), _) => {
                return wrong(&format!("four arguments, `{name}(EXPR, i, from, to)`"));
            }
            (Some(Function::Integral), [integrand, variable, from, to]) => {
                let (body, limits, variable) = self.bound(integrand, variable, [from, to])?;
                let needs = self.needs(body).without(variable);
                let fixed = match limits.map(|limit| self.needs(limit).exceeds(needs)) {
                    [false, true] => Some(Limit::From),
                    [true, false] => Some(Limit::To),
                    [false, false] | [true, true] => None,
                };
                Op::Integral { body, limits, variable, fixed }
            }
            (Some(Function::Integral), _) => return wrong("four arguments, `integral(EXPR, s, from, to)`"),
            (Some(Function::Interpolate), [x, points]) => self.interpolation(x, points)?,
            (Some(Function::Interpolate), _) => return wrong("two arguments, `interp(x, [[x0, y0], …])`"),
            (None, _) => return Err(self.not_callable(name, span.start..span.start + name.len())),
        };
        Ok(self.push(op))
    }

    /// Compiles the body of a series or an integral with its variable, and the two limits.
    fn bound(
        &mut self,
        body: &'a Ast,
        variable: &'a Ast,
        [from, to]: [&'a Ast; 2],
    ) -> Result<(OpIndex, [OpIndex; 2], BoundVariable), ExprError> {
        // The limits are outside the scope of the variable.
        let limits = [self.expression(from)?, self.expression(to)?];
        let Node::Name(name) = &variable.node else {
            return Err(ExprError::new(variable.span.clone(), "expected the name of a variable")
                .with_help("as in `sum(1/n^2, n, 1, 100)`"));
        };
        if name == "t" {
            let outer = std::mem::replace(&mut self.binds_time, true);
            let body = self.expression(body)?;
            self.binds_time = outer;
            return Ok((body, limits, BoundVariable::Time));
        }
        let invalid = |message: String| Err(ExprError::new(variable.span.clone(), message));
        if let Err(message) = check_name(NameKind::Variable, name) {
            return invalid(message);
        }
        if self.is_local(name) || self.scope.lookup(name).is_some() {
            return invalid(format!("`{name}` is already defined, the variable needs another name"));
        }
        let place = self.locals.len() as u32;
        self.locals.push(name);
        let body = self.expression(body)?;
        self.locals.pop();
        Ok((body, limits, BoundVariable::Local(place)))
    }

    /// Compiles the interpolation of a list of points.
    fn interpolation(&mut self, x: &'a Ast, points: &'a Ast) -> Result<Op, ExprError> {
        const REMEDY: &str = "write the points as `[[x0, y0], [x1, y1]]`";
        let x = self.expression(x)?;
        let pairs = match &points.node {
            Node::List(pairs) if !pairs.is_empty() => pairs,
            Node::List(_) => {
                return Err(ExprError::new(points.span.clone(), "there are no points").with_help(REMEDY));
            }
            _ => {
                let message = format!("`{points}` is no list of points");
                return Err(ExprError::new(points.span.clone(), message).with_help(REMEDY));
            }
        };
        let mut entries = Vec::with_capacity(2 * pairs.len());
        let mut last: Option<f64> = None;
        for pair in pairs {
            let Node::List(coordinates) = &pair.node else { return Err(no_point(pair, REMEDY)) };
            let [x, y] = &coordinates[..] else { return Err(no_point(pair, REMEDY)) };
            let (point_x, point_y) = (self.expression(x)?, self.expression(y)?);
            let next = self.constant(point_x).map(real_or_nan);
            if let (Some(last), Some(next)) = (last, next)
                && last.partial_cmp(&next) != Some(Ordering::Less)
            {
                let message = format!("`{x}` does not lie beyond the x of the point before it");
                return Err(ExprError::new(x.span.clone(), message)
                    .with_help("order the points so that x increases from each one to the next"));
            }
            last = next;
            entries.extend([point_x, point_y]);
        }
        Ok(Op::Interpolate { x, points: self.push_list(&entries) })
    }

    /// Compiles a user-defined signal at an explicit time: `f(t - 2)`.
    fn signal_at(&mut self, name: &str, arguments: &'a [Ast], span: &Range<usize>) -> Result<Op, ExprError> {
        let name_span = span.start..span.start + name.len();
        let meaning = if self.is_local(name) { None } else { self.scope.lookup(name) };
        let Some(Meaning::Symbol(Symbol::Signal(id))) = meaning else {
            return Err(self.not_callable(name, name_span));
        };
        let [time] = arguments else {
            let message = format!("`{name}(…)` takes one argument, a time, {} are given", arguments.len());
            return Err(ExprError::new(span.clone(), message));
        };
        let time = self.expression(time)?;
        self.signal(id, name, &name_span, SignalTime::Explicit)?;
        Ok(Op::At { signal: self.push(Op::Signal(id)), time })
    }

    /// Compiles a call of a function of the scene. The caller notes its use.
    fn function_call(
        &mut self,
        function: Symbol,
        name: &str,
        arguments: &'a [Ast],
        span: &Range<usize>,
    ) -> Result<Op, ExprError> {
        let names = self.arguments_of(function);
        if names.len() != arguments.len() {
            let (count, given) = (counted(names.len(), "argument"), arguments.len());
            let verb = if given == 1 { "is" } else { "are" };
            return Err(ExprError::new(
                span.clone(),
                format!("`{name}` takes {count}, {given} {verb} given"),
            )
            .with_help(format!("write `{name}({})`", names.join(", "))));
        }
        let Symbol::Function(id) = function else { return Ok(Op::number(NAN)) };
        let arguments =
            arguments.iter().map(|argument| self.expression(argument)).collect::<Result<Vec<_>, _>>()?;
        Ok(Op::Call { function: id, arguments: self.push_list(&arguments) })
    }

    /// Compiles a function of the scene at an explicit time: `f(2)(t - 1)`. `call` is the call, and the time behind it.
    pub(super) fn call_at(
        &mut self,
        name: &'a str,
        arguments: &'a [Ast],
        (call, time): (&'a Ast, &'a Ast),
    ) -> Result<Op, ExprError> {
        let meaning = if self.is_local(name) { None } else { self.scope.lookup(name) };
        match meaning {
            Some(Meaning::Symbol(symbol @ Symbol::Function(id))) => {
                let op = self.function_call(symbol, name, arguments, &call.span)?;
                let time = self.expression(time)?;
                self.signal(id, &call.to_string(), &call.span, SignalTime::Explicit)?;
                Ok(Op::At { signal: self.push(op), time })
            }
            Some(Meaning::Symbol(Symbol::Signal(_))) => {
                Err(ExprError::new(time.span.clone(), format!("`{call}` has its time already"))
                    .with_help("leave out the second pair of parentheses"))
            }
            _ => {
                self.expression(call)?;
                Err(ExprError::new(call.span.end - 1..time.span.start, "there is no implicit product")
                    .with_help("write `(…)*(…)`"))
            }
        }
    }
}

/// A call as it is written.
fn written(name: &str, arguments: &[Ast]) -> String {
    let arguments: Vec<String> = arguments.iter().map(Ast::to_string).collect();
    format!("{name}({})", arguments.join(", "))
}

/// A count with its noun: "1 argument", "2 arguments".
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The error for an entry of a list of points that is no pair.
fn no_point(entry: &Ast, remedy: &str) -> ExprError {
    ExprError::new(entry.span.clone(), format!("`{entry}` is no point, which has an x and a y"))
        .with_help(remedy)
}

/// The error for a call with the wrong number of arguments. `expected` reads like "two arguments".
fn wrong_argument_count(name: &str, expected: &str, count: usize, span: &Range<usize>) -> ExprError {
    let verb = if count == 1 { "is" } else { "are" };
    let error = ExprError::new(span.clone(), format!("`{name}` takes {expected}, {count} {verb} given"));
    match expected.split_once(' ') {
        Some(("one", _)) => error.with_help(format!("write `{name}(…)`")),
        Some(("two", _)) => error.with_help(format!("write `{name}(…, …)`")),
        _ => error,
    }
}
