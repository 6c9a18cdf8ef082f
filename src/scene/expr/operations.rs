//! The operations of an expression while it is compiled.
//!
//! Equal subexpressions are one operation: an operation with equal operands is appended once. So the code is a graph, and what it
//! repeats can be evaluated once.

use std::collections::HashMap;

use num_complex::Complex64;

use super::code::Code;
use super::compile::Compiler;
use super::needs::Needs;
use super::op::{Op, OpIndex, OpList};
use super::scope::{Dependencies, Symbol};
use super::sharing::shared;
use super::value_type::ValueType;
use super::work::weights;

/// The operations so far, each after its operands.
#[derive(Default)]
pub(super) struct Operations {
    ops: Vec<Op>,
    /// For each operation, its value if that is the same in every scene.
    constants: Vec<Option<Complex64>>,
    /// For each operation, the type of its value.
    types: Vec<ValueType>,
    /// For each operation, the variables that its value depends on.
    needs: Vec<Needs>,
    /// The lists of the code, one after the other.
    lists: Vec<OpIndex>,
    known: HashMap<Op, OpIndex>,
    known_lists: HashMap<Box<[OpIndex]>, OpList>,
}

impl Operations {
    /// The code whose last operation is `root`.
    pub(super) fn into_code(
        mut self,
        root: OpIndex,
        value_type: ValueType,
        dependencies: Dependencies,
        depth: usize,
    ) -> Code {
        // No operation depends on those behind it.
        self.ops.truncate(root as usize + 1);
        self.needs.truncate(root as usize + 1);
        let weights = weights(&self.ops, &self.lists);
        Code {
            shared: shared(&self.ops, &self.lists, &weights),
            weights,
            ops: self.ops.into(),
            lists: self.lists.into(),
            needs: self.needs.into(),
            value_type,
            dependencies,
            depth,
        }
    }
}

impl Compiler<'_> {
    /// Appends an operation, unless an equal one is there, and returns its index.
    pub(super) fn push(&mut self, op: Op) -> OpIndex {
        if let Some(index) = self.operations.known.get(&op) {
            return *index;
        }
        let constant = op.constant(|operand| self.constant(operand));
        let value_type = constant.map_or_else(|| self.type_of(op), ValueType::of);
        let needs = self.needs_of(op);
        let index = self.operations.ops.len() as OpIndex;
        self.operations.needs.push(needs);
        self.operations.ops.push(op);
        self.operations.constants.push(constant);
        self.operations.types.push(value_type);
        self.operations.known.insert(op, index);
        index
    }

    /// The variables that an operation depends on which is not yet part of the code.
    fn needs_of(&self, op: Op) -> Needs {
        let symbols = self.scope.symbols;
        let operand = |index: OpIndex| self.operations.needs[index as usize];
        let definition = match op {
            Op::Signal(signal) => symbols.info(Symbol::Signal(signal)),
            Op::Call { function, .. } => symbols.info(Symbol::Function(function)),
            // At an explicit time a signal does not depend on the present one.
            Op::At { signal, time } if matches!(self.operations.ops[signal as usize], Op::Signal(_)) => {
                return operand(signal).without_time().and(operand(time));
            }
            _ => None,
        };
        let needs = op.needs(operand, &self.operations.lists);
        definition.map_or(needs, |info| needs.and(Needs::of_definition(&info.dependencies)))
    }

    /// The type of an operation that is not yet part of the code.
    fn type_of(&self, op: Op) -> ValueType {
        let symbols = self.scope.symbols;
        let of = |symbol| symbols.info(symbol).map_or(ValueType::Unknown, |info| info.value_type);
        match op {
            // A param may be bound to a real number.
            Op::Param(param) => ValueType::real_if(of(Symbol::Param(param)) == ValueType::Real),
            Op::Signal(signal) => of(Symbol::Signal(signal)),
            Op::Call { function, .. } => of(Symbol::Function(function)),
            Op::LocalVariable(place) => ValueType::real_if(place as usize >= self.scope.arguments.len()),
            Op::Member(member) => {
                let mut symbols = symbols.iter().map(|(_, symbol)| symbol);
                let system =
                    symbols.find(|symbol| matches!(symbol, Symbol::System(id, _) if *id == member.system));
                let is_real =
                    system.is_some_and(|system| !self.schema(system).member(member.slot).is_complex);
                ValueType::real_if(is_real)
            }
            Op::MemberFunction { member, .. } => self.value_type(member),
            _ => {
                let list = match op {
                    Op::Interpolate { points, .. } => points.entries(&self.operations.lists),
                    _ => &[],
                };
                op.value_type(|operand| self.value_type(operand), |operand| self.constant(operand), list)
            }
        }
    }

    /// The type of the value of an operation.
    pub(super) fn value_type(&self, index: OpIndex) -> ValueType {
        self.operations.types[index as usize]
    }

    /// The variables that an operation depends on.
    pub(super) fn needs(&self, index: OpIndex) -> Needs {
        self.operations.needs[index as usize]
    }

    /// The value of an operation if that is the same in every scene.
    pub(super) fn constant(&self, index: OpIndex) -> Option<Complex64> {
        self.operations.constants[index as usize]
    }

    /// Adds a list to the code, unless an equal one is there.
    pub(super) fn push_list(&mut self, entries: &[OpIndex]) -> OpList {
        let Operations { lists, known_lists, .. } = &mut self.operations;
        if let Some(list) = known_lists.get(entries) {
            return *list;
        }
        let list = OpList { start: lists.len() as u32, count: entries.len() as u32 };
        lists.extend(entries);
        known_lists.insert(entries.into(), list);
        list
    }
}
