//! The compiler for members of systems: `osc.x`, `osc.x(2)`, `ss.x[n]`, `ss.A[m][n]`, `ss.H(j*w)`.

use std::ops::Range;

use super::ExprError;
use super::ast::{Ast, Node};
use super::code::Code;
use super::compile::Compiler;
use super::number::real_or_nan;
use super::op::{MemberOp, Op, OpIndex};
use super::scope::{Dependencies, Meaning, Scope, Symbol, SystemId};
use super::suggest::{suggest, without_module};
use super::value_type::ValueType;
use crate::suggest::listed;
use crate::system::{Axis, Member, MemberKind, Schema, Shape, Slot};

/// A member found in the schema of its system.
struct Found<'a> {
    system: SystemId,
    slot: Slot,
    member: &'a Member,
}

/// Compiles a reference to a system as a whole: its name.
///
/// # Errors
///
/// Another expression, or a name that no system has.
pub(crate) fn compile_reference(ast: &Ast, scope: &Scope<'_>) -> Result<Code, ExprError> {
    let symbol = match &ast.node {
        Node::Name(name) => scope.symbols.get(name),
        _ => None,
    };
    match symbol {
        Some(symbol @ Symbol::System(id, _)) => {
            let dependencies = scope.symbols.info(symbol).map(|info| &info.dependencies);
            Ok(Code::reference(id, dependencies.unwrap_or(&Dependencies::default())))
        }
        _ => Err(ExprError::new(ast.span.clone(), format!("`{ast}` is no system"))
            .with_help("write the name of another system")),
    }
}

impl<'a> Compiler<'a> {
    /// The members of a system; none for another symbol.
    pub(super) fn schema(&self, system: Symbol) -> &'a Schema {
        static NO_MEMBERS: Schema = Schema { members: Vec::new(), grid: Vec::new() };
        self.scope.symbols.info(system).map_or(&NO_MEMBERS, |info| &info.schema)
    }

    /// Compiles a member without an argument: a constant, or a signal at the present time.
    pub(super) fn present_member(&mut self, ast: &'a Ast) -> Result<Op, ExprError> {
        let (found, indices) = self.find(ast)?;
        check_shape(ast, found.member, indices.len())?;
        match found.member.kind {
            MemberKind::Constant => {}
            MemberKind::Signal | MemberKind::Sequence(_) => {
                self.use_present_time(&ast.to_string(), &ast.span)?;
            }
            MemberKind::Function(argument) | MemberKind::TimeFunction(argument) => {
                return Err(ExprError::new(
                    ast.span.clone(),
                    format!("`{ast}` is a function of `{argument}`"),
                )
                .with_help(format!("write its argument: `{ast}({argument})`")));
            }
        }
        self.component(ast, &found, &indices)
    }

    /// Compiles a signal at an explicit time, a function with its argument, or a sequence at a step.
    pub(super) fn member_at(&mut self, signal: &'a Ast, argument: &'a Ast) -> Result<Op, ExprError> {
        let argument = self.expression(argument)?;
        if let Node::At { signal: member, argument: inner } = &signal.node {
            return self.function_at(member, inner, argument);
        }
        let (found, indices) = self.find(signal)?;
        let kind = found.member.kind;
        if kind == MemberKind::Constant {
            return Err(ExprError::new(signal.span.clone(), format!("`{signal}` does not change with time"))
                .with_help(format!("write `{signal}` without the parentheses")));
        }
        let op = self.component(signal, &found, &indices)?;
        let member = self.push(op);
        Ok(match kind {
            MemberKind::Function(_) | MemberKind::Sequence(_) => Op::MemberFunction { member, argument },
            MemberKind::TimeFunction(_) => {
                self.use_present_time(&signal.to_string(), &signal.span)?;
                Op::MemberFunction { member, argument }
            }
            MemberKind::Constant | MemberKind::Signal => Op::At { signal: member, time: argument },
        })
    }

    /// Compiles a function of time with its argument, at an explicit time: `partial(9)(t - 1)`.
    fn function_at(&mut self, member: &'a Ast, argument: &'a Ast, time: OpIndex) -> Result<Op, ExprError> {
        let argument = self.expression(argument)?;
        let (found, indices) = self.find(member)?;
        let MemberKind::TimeFunction(_) = found.member.kind else {
            return Err(ExprError::new(member.span.clone(), format!("`{member}` takes one argument"))
                .with_help("leave out the second pair of parentheses"));
        };
        let op = self.component(member, &found, &indices)?;
        let member = self.push(op);
        let signal = self.push(Op::MemberFunction { member, argument });
        Ok(Op::At { signal, time })
    }

    /// Finds the member that an expression names, with its indices from the first to the last.
    fn find(&mut self, ast: &'a Ast) -> Result<(Found<'a>, Vec<&'a Ast>), ExprError> {
        let mut indices = Vec::new();
        let mut innermost = ast;
        while let Node::Component { of, index } = &innermost.node {
            indices.insert(0, &**index);
            innermost = of;
        }
        let Node::Member { system, member } = &innermost.node else {
            return Err(ExprError::new(ast.span.clone(), "expected a system's signal"));
        };
        let span = &innermost.span;
        let (id, symbol) = self.system(system, member, &(span.start..span.start + system.len()))?;
        self.dependencies.systems.insert(id);
        self.add_dependencies_of(symbol);
        let schema = self.schema(symbol);
        match schema.find(member) {
            Some((slot, member)) => Ok((Found { system: id, slot, member }, indices)),
            None => Err(unknown_member(system, member, span, schema)),
        }
    }

    /// Compiles the indices of a member, whose number has to fit its shape.
    fn component(&mut self, ast: &'a Ast, found: &Found<'a>, indices: &[&'a Ast]) -> Result<Op, ExprError> {
        let shape = found.member.shape;
        check_shape(ast, found.member, indices.len())?;
        let axes: &[Axis] = match &shape {
            Shape::Scalar => &[],
            Shape::Vector(axis) => &[*axis],
            Shape::Matrix(rows, columns) => &[*rows, *columns],
        };
        let mut index = [0; 2];
        for ((op, ast), axis) in index.iter_mut().zip(indices).zip(axes) {
            *op = self.expression(ast)?;
            if self.value_type(*op) == ValueType::Complex {
                let message = format!("an index is a whole number, and `{ast}` is complex");
                return Err(ExprError::new(ast.span.clone(), message).with_help(format!("write `re({ast})`")));
            }
            if let Some(index) = self.constant(*op) {
                check_index(ast, real_or_nan(index), *axis)?;
            }
        }
        let indices = indices.len() as u8;
        Ok(Op::Member(MemberOp { system: found.system, slot: found.slot, indices, index }))
    }

    /// Looks up the system before a point.
    fn system(&self, name: &str, member: &str, span: &Range<usize>) -> Result<(SystemId, Symbol), ExprError> {
        let meaning = if self.is_local(name) { None } else { self.scope.lookup(name) };
        let message = match meaning {
            Some(Meaning::Symbol(symbol @ Symbol::System(id, _))) => return Ok((id, symbol)),
            Some(Meaning::Symbol(Symbol::Param(_))) => {
                format!("`{name}` is a param, only systems have members")
            }
            Some(Meaning::Symbol(Symbol::Signal(_))) => {
                format!("`{name}` is a signal, only systems have members")
            }
            Some(Meaning::Symbol(Symbol::Function(_))) => {
                format!("`{name}` is a function, only systems have members")
            }
            Some(Meaning::Symbol(Symbol::Free(_)) | Meaning::Place(_)) => {
                format!("`{name}` is a variable, only systems have members")
            }
            Some(Meaning::Constant(_)) => format!("`{name}` is a number, only systems have members"),
            None if self.is_local(name) => format!("`{name}` is a number, only systems have members"),
            None => format!("there is no system `{name}`"),
        };
        let is_system = |meaning| matches!(meaning, Meaning::Symbol(Symbol::System(..)));
        let systems = self.scope.names().filter(|(_, meaning)| is_system(*meaning));
        let error = ExprError::new(span.clone(), message);
        if meaning.is_some() || self.is_local(name) {
            return Err(
                error.with_help("a point follows the name of a system: `spring.x` for `[systems.spring]`")
            );
        }
        if let Some(help) = without_module(name, member) {
            return Err(error.with_help(help));
        }
        let error = error.with_help(format!("write `[systems.{name}]`, which defines it"));
        Err(suggest(error, name, systems.map(|(system, _)| system)))
    }
}

/// The error for a member that a system does not have.
fn unknown_member(system: &str, member: &str, span: &Range<usize>, schema: &Schema) -> ExprError {
    let name = span.end.saturating_sub(member.len())..span.end;
    let members: Vec<&str> = schema.members.iter().map(|known| &*known.name).collect();
    let error = ExprError::new(name, format!("`{system}` has no signal or constant `{member}`"))
        .with_help(format!("it has {}", listed(&members)));
    suggest(error, member, members.iter().copied())
}

/// Checks the number of indices.
fn check_shape(ast: &Ast, member: &Member, given: usize) -> Result<(), ExprError> {
    if given == member.shape.indices() { Ok(()) } else { Err(wrong_indices(ast, member, given)) }
}

/// The error for too few or too many indices.
fn wrong_indices(ast: &Ast, member: &Member, given: usize) -> ExprError {
    let mut base = ast;
    while let Node::Component { of, .. } = &base.node {
        base = of;
    }
    let (message, example) = match member.shape {
        Shape::Scalar => {
            let example = match member.kind {
                MemberKind::Function(argument) | MemberKind::TimeFunction(argument) => {
                    format!("{base}({argument})")
                }
                MemberKind::Constant | MemberKind::Signal | MemberKind::Sequence(_) => format!("{base}"),
            };
            (format!("`{base}` has no components"), example)
        }
        Shape::Vector(axis) if given == 0 => (
            format!("`{base}` is a vector{}", axis.length.map_or(String::new(), components)),
            format!("{base}[0]"),
        ),
        Shape::Vector(_) => (format!("`{base}` is a vector, which has one index"), format!("{base}[0]")),
        Shape::Matrix(..) => {
            (format!("`{base}` is a matrix, whose entries have a row and a column"), format!("{base}[0][0]"))
        }
    };
    ExprError::new(ast.span.clone(), message).with_help(format!("write `{example}`"))
}

/// The number of components as a part of a message.
fn components(length: usize) -> String {
    format!(" of {length} component{}", if length == 1 { "" } else { "s" })
}

/// Checks an index that is constant.
fn check_index(ast: &Ast, index: f64, axis: Axis) -> Result<(), ExprError> {
    if index.fract() != 0.0 {
        return Err(ExprError::new(ast.span.clone(), "an index is a whole number")
            .with_help(format!("write `floor({ast})`, or a whole number")));
    }
    if !axis.excludes(index as i64) {
        return Ok(());
    }
    let error = ExprError::new(ast.span.clone(), format!("there is no component {ast}"));
    Err(match axis.length {
        Some(0) => error.with_help("there are no components at all"),
        Some(length) => {
            let last = axis.first + length as i64 - 1;
            error.with_help(format!("write an index from {} to {last}", axis.first))
        }
        None => error.with_help(format!("write an index from {} on", axis.first)),
    })
}
