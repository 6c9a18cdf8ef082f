//! The variables that the value of an operation depends on.
//!
//! An operation that does not depend on the variable of a series or an integral has the same value at all terms or points,
//! and is evaluated once.

use super::op::{BoundVariable, Op, OpIndex, OpList};
use super::scope::{Dependencies, FreeId, ParamId};

/// A set of variables. It may hold more than the value depends on, never less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    time: bool,
    locals: Numbers,
    free: Numbers,
    params: Numbers,
}

/// A set of numbers. Those from 63 on are in it together or not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Numbers(u64);

impl Numbers {
    const LAST: usize = 63;

    fn one(number: usize) -> Self {
        Self(1 << number.min(Self::LAST))
    }

    fn without(self, number: usize) -> Self {
        if number < Self::LAST { Self(self.0 & !Self::one(number).0) } else { self }
    }
}

impl Needs {
    /// The present time.
    pub(super) const TIME: Self =
        Self { time: true, locals: Numbers(0), free: Numbers(0), params: Numbers(0) };

    /// The local variable at this place, counted from the outermost one.
    pub(super) fn local(place: usize) -> Self {
        Self { locals: Numbers::one(place), ..Self::default() }
    }

    pub(super) fn free(free: FreeId) -> Self {
        Self { free: Numbers::one(free.index()), ..Self::default() }
    }

    pub(super) fn param(param: ParamId) -> Self {
        Self { params: Numbers::one(param.index()), ..Self::default() }
    }

    /// The variable of a series or an integral.
    pub(super) fn bound(variable: BoundVariable) -> Self {
        match variable {
            BoundVariable::Time => Self::TIME,
            BoundVariable::Local(place) => Self::local(place as usize),
        }
    }

    /// The variables of a definition.
    pub(super) fn of_definition(dependencies: &Dependencies) -> Self {
        let free = dependencies.free.iter().map(|free| Self::free(*free));
        let params = dependencies.params.iter().map(|param| Self::param(*param));
        let time = if dependencies.time { Self::TIME } else { Self::default() };
        free.chain(params).fold(time, Self::and)
    }

    /// The union of two sets.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            time: self.time || other.time,
            locals: Numbers(self.locals.0 | other.locals.0),
            free: Numbers(self.free.0 | other.free.0),
            params: Numbers(self.params.0 | other.params.0),
        }
    }

    /// The set without the variable of a series or an integral.
    #[must_use]
    pub(super) fn without(self, variable: BoundVariable) -> Self {
        match variable {
            BoundVariable::Time => self.without_time(),
            BoundVariable::Local(place) => Self { locals: self.locals.without(place as usize), ..self },
        }
    }

    /// The set without the present time.
    #[must_use]
    pub(super) fn without_time(self) -> Self {
        Self { time: false, ..self }
    }

    /// The set without local variables, which code that is used by other code does not share with it.
    #[must_use]
    pub(super) fn without_locals(self) -> Self {
        Self { locals: Numbers(0), ..self }
    }

    /// Whether a variable is in this set and not in the other one.
    pub(super) fn exceeds(self, other: Self) -> bool {
        self.time && !other.time
            || (self.locals.0 & !other.locals.0)
                | (self.free.0 & !other.free.0)
                | (self.params.0 & !other.params.0)
                != 0
    }

    /// Whether a variable is in both sets.
    pub(super) fn intersects(self, other: Self) -> bool {
        self.time && other.time
            || (self.locals.0 & other.locals.0)
                | (self.free.0 & other.free.0)
                | (self.params.0 & other.params.0)
                != 0
    }
}

impl Op {
    /// Whether the value takes work beyond reading it.
    pub(super) fn is_computed(self) -> bool {
        !matches!(
            self,
            Self::Constant(_)
                | Self::Time
                | Self::Param(_)
                | Self::Free(_)
                | Self::LocalVariable(_)
                | Self::State(_)
        )
    }

    /// The variables that the operation depends on, apart from those of definitions, given those of its operands.
    /// `lists` are the lists of the code.
    pub(super) fn needs(self, operand: impl Fn(OpIndex) -> Needs, lists: &[OpIndex]) -> Needs {
        let list = |list: OpList| {
            list.entries(lists).iter().fold(Needs::default(), |needs, entry| needs.and(operand(*entry)))
        };
        match self {
            Self::Constant(_) | Self::Signal(_) | Self::State(_) => Needs::default(),
            Self::Time => Needs::TIME,
            Self::Param(param) => Needs::param(param),
            Self::Free(free) => Needs::free(free),
            Self::LocalVariable(place) => Needs::local(place as usize),
            Self::Call { arguments, .. } => list(arguments),
            Self::Member(member) => {
                member.index_ops().iter().fold(Needs::TIME, |needs, index| needs.and(operand(*index)))
            }
            Self::MemberFunction { member: a, argument: b }
            | Self::At { signal: a, time: b }
            | Self::BinaryOperator(_, a, b)
            | Self::BinaryFunction(_, a, b) => operand(a).and(operand(b)),
            Self::Negate(a) | Self::Not(a) | Self::UnaryFunction(_, a) => operand(a),
            Self::If { condition, then, otherwise } => {
                operand(condition).and(operand(then)).and(operand(otherwise))
            }
            Self::Series { body, limits: [from, to], variable, .. }
            | Self::Integral { body, limits: [from, to], variable, .. } => {
                operand(body).without(variable).and(operand(from)).and(operand(to))
            }
            Self::Interpolate { x, points } => operand(x).and(list(points)),
        }
    }
}
