//! Compiled expressions: flat code in which names are slots.
//!
//! Operations refer to earlier operations by index; the last operation is the root of the expression. Running
//! code looks nothing up by name. Only integrals allocate, for their subintervals.

use super::ast::BinaryOperator;
use super::function::UnaryFunction;
use super::needs::Needs;
use super::number::from_real;
use super::op::{Op, OpIndex, OpList};
use super::scope::{Dependencies, FreeId, ParamId, SystemId, Variable};
use super::value_type::ValueType;
use super::work::weights;
use crate::system::Slot;

/// A variable as an index of a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexUse {
    pub(crate) system: SystemId,
    pub(crate) slot: Slot,
    /// 0 for the first index, 1 for the second.
    pub(crate) position: usize,
}

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub(super) ops: Box<[Op]>,
    /// The entries of all lists, one list after the other.
    pub(super) lists: Box<[OpIndex]>,
    /// The work of each operation: see `weights`.
    pub(super) weights: Box<[u64]>,
    /// For each operation, the variables that its value depends on.
    pub(super) needs: Box<[Needs]>,
    /// For each operation, whether several operations use its value and it is kept.
    pub(super) shared: Box<[bool]>,
    pub(super) value_type: ValueType,
    pub(super) dependencies: Dependencies,
    /// The recursion depth of its evaluation, including the signals it uses.
    pub(super) depth: usize,
}

impl Code {
    /// Code that evaluates to a constant number.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        let ops = Box::new([Op::number(from_real(value))]);
        Self {
            weights: weights(ops.as_slice(), &[]),
            ops,
            lists: Box::new([]),
            needs: Box::new([Needs::default()]),
            shared: Box::new([false]),
            value_type: ValueType::Real,
            dependencies: Dependencies::default(),
            depth: 1,
        }
    }

    /// The operation of the whole expression; `None` if there is none.
    pub(super) fn root(&self) -> Option<OpIndex> {
        Some(self.ops.len().checked_sub(1)? as OpIndex)
    }

    /// The operation at an index.
    pub(super) fn op(&self, index: OpIndex) -> Op {
        self.ops[index as usize]
    }

    /// The variables that the value of an operation depends on.
    pub(super) fn needs(&self, index: OpIndex) -> Needs {
        self.needs[index as usize]
    }

    /// Whether several operations use the value of one, and it is kept.
    pub(super) fn is_shared(&self, index: OpIndex) -> bool {
        self.shared[index as usize]
    }

    /// The entries of a list.
    pub(super) fn list(&self, list: OpList) -> &[OpIndex] {
        list.entries(&self.lists)
    }

    /// The work of evaluating an operation once, without what it repeats or uses of the scene.
    pub(super) fn weight(&self, index: OpIndex) -> u64 {
        self.weights[index as usize]
    }

    /// The type of the value.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Everything that the value depends on.
    #[must_use]
    pub fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }

    /// Whether the value can change with this variable.
    #[must_use]
    pub fn depends_on(&self, variable: Variable) -> bool {
        self.dependencies.contains(variable)
    }

    /// Whether the value changes with the present time.
    #[must_use]
    pub fn depends_on_time(&self) -> bool {
        self.dependencies.time
    }

    /// Code whose value is NaN and whose only dependency is a system, with those of the system itself.
    pub(crate) fn reference(system: SystemId, info: &Dependencies) -> Self {
        let mut code = Self::constant(f64::NAN);
        code.dependencies.extend(info);
        code.dependencies.systems.insert(system);
        code
    }

    /// Code whose value is the argument (angle) of the value of this code.
    pub(crate) fn argument(self) -> Self {
        let Some(root) = self.root() else { return self };
        let ops: Vec<Op> =
            self.ops.iter().copied().chain([Op::UnaryFunction(UnaryFunction::Arg, root)]).collect();
        let needs: Vec<Needs> = self.needs.iter().chain(self.needs.last()).copied().collect();
        let shared: Vec<bool> = self.shared.iter().copied().chain([false]).collect();
        Self {
            weights: weights(&ops, &self.lists),
            ops: ops.into(),
            needs: needs.into(),
            shared: shared.into(),
            value_type: ValueType::Real,
            depth: self.depth + 1,
            ..self
        }
    }

    /// The system that one of its members is the whole expression of.
    pub(crate) fn member_of(&self) -> Option<SystemId> {
        match self.ops.last()? {
            Op::Member(member) => Some(member.system),
            _ => None,
        }
    }

    /// The systems of which members are used at the present time, without an argument or a time of their own.
    pub(crate) fn present_systems(&self) -> impl Iterator<Item = SystemId> {
        let mut is_present = vec![false; self.ops.len()];
        for op in &self.ops {
            let mut mark = |index: OpIndex| is_present[index as usize] = true;
            match *op {
                Op::MemberFunction { argument, .. } => mark(argument),
                Op::At { time, .. } => mark(time),
                op => op.each_operand(&self.lists, mark),
            }
        }
        if let Some(root) = is_present.last_mut() {
            *root = true;
        }
        let member = move |(op, is_present): (&Op, bool)| match op {
            Op::Member(member) if is_present => Some(member.system),
            _ => None,
        };
        self.ops.iter().zip(is_present).filter_map(member)
    }

    /// The index of components that a free variable is, if it is nothing else in this expression; the first one found.
    pub(crate) fn index_of(&self, free: FreeId) -> Option<IndexUse> {
        let is_variable = |op: OpIndex| self.ops[op as usize] == Op::Free(free);
        let members =
            self.ops.iter().filter_map(|op| if let Op::Member(member) = op { Some(member) } else { None });
        let uses: Vec<IndexUse> = members
            .flat_map(|member| {
                let positions = (0..).zip(member.index_ops()).filter(|(_, op)| is_variable(**op));
                positions.map(|(position, _)| IndexUse { system: member.system, slot: member.slot, position })
            })
            .collect();
        let mut count = 0;
        for op in &self.ops {
            op.each_operand(&self.lists, |operand| count += usize::from(is_variable(operand)));
        }
        let calls = |op: &Op| matches!(op, Op::Signal(_) | Op::Call { .. });
        uses.first().copied().filter(|_| count == uses.len() && !self.ops.iter().any(calls))
    }

    /// Whether a param is the index of a component, the number of a step, or a limit of a series, alone or in a sum or a
    /// product: then only whole values of it have a meaning. `is_sequence` says which members are sequences.
    pub(crate) fn counts_by(&self, param: ParamId, is_sequence: impl Fn(SystemId, Slot) -> bool) -> bool {
        let is_count = |op: OpIndex| self.is_linear_in(param, op);
        self.ops.iter().any(|op| match *op {
            Op::Member(member) => member.index_ops().iter().any(|op| is_count(*op)),
            Op::MemberFunction { member, argument } => match self.ops[member as usize] {
                Op::Member(member) => is_sequence(member.system, member.slot) && is_count(argument),
                _ => false,
            },
            Op::Series { limits, .. } => limits.into_iter().any(is_count),
            _ => false,
        })
    }

    /// Whether an operation is a param, or a sum or a product with it.
    fn is_linear_in(&self, param: ParamId, op: OpIndex) -> bool {
        match self.ops[op as usize] {
            Op::Param(used) => used == param,
            Op::Negate(a) => self.is_linear_in(param, a),
            Op::BinaryOperator(
                BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply,
                a,
                b,
            ) => self.is_linear_in(param, a) || self.is_linear_in(param, b),
            _ => false,
        }
    }

    /// Whether the value depends on the component of the state, or on the variable of a key, with this index.
    pub(crate) fn uses_state(&self, index: usize) -> bool {
        self.ops.iter().any(|op| matches!(op, Op::State(used) if *used as usize == index))
    }

    /// The recursion depth of its evaluation, including the signals it uses.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }
}
