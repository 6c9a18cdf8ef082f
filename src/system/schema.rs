//! The members of a system: their names, kinds and shapes.

use std::borrow::Cow;

use num_complex::Complex64;

/// The members of one system.
///
/// Before the system is solved, lengths that depend on values are unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The members in the order of the documentation. A [`Slot`] is an index into them.
    pub members: Vec<Member>,
    /// The times of the rows of a system that is sampled, in increasing order; empty for a continuous one. A curve
    /// over time has a point at each of them.
    pub grid: Vec<f64>,
}

/// One quantity of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name in a scene, such as `x` in `spring.x`.
    pub name: Cow<'static, str>,
    /// Constant, signal or function.
    pub kind: MemberKind,
    /// Number of indices, and their ranges.
    pub shape: Shape,
    /// Whether the imaginary part can differ from 0.
    pub is_complex: bool,
    /// The member whose components, taken as points of the complex plane, number the components of this one: component n
    /// stays with a point that moves with a param. `None` if components have an order of their own.
    pub numbered_by: Option<&'static str>,
}

/// The argument that a member's value depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// The value does not change with time.
    Constant,
    /// The value changes with time. Written without an argument it is the value at the present time.
    Signal,
    /// The value needs an argument, which this name stands for, and does not change with time: `H(s)`.
    Function(&'static str),
    /// The value needs an argument and changes with time: `partial(n)`. A second argument is the time:
    /// `partial(9)(t - 1)`.
    TimeFunction(&'static str),
    /// The value belongs to a step, whose number this name stands for: `x(k)`. Written without an argument it is the
    /// value at the present step.
    Sequence(&'static str),
}

/// The number of indices of a member, and their ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A single number.
    Scalar,
    /// One index: `x[n]`.
    Vector(Axis),
    /// A row and a column: `A[m][n]`.
    Matrix(Axis, Axis),
}

/// The range of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The first index.
    pub first: i64,
    /// The number of indices; `None` if it is known only once the system is solved.
    pub length: Option<usize>,
}

/// The index of a member in its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

/// One number of a member: the whole of a scalar, an entry of a vector or of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// The member.
    pub slot: Slot,
    /// The indices as scenes write them, row before column; 0 where there is none.
    pub index: [i64; 2],
}

/// What the value of a component is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At {
    /// The time, in seconds.
    pub time: f64,
    /// The argument of a function, or the whole number of a step; `None` for constants, for signals, and for a sequence
    /// at the present step.
    pub argument: Option<Complex64>,
}

impl At {
    /// At a time, without an argument.
    #[must_use]
    pub const fn time(time: f64) -> Self {
        Self { time, argument: None }
    }

    /// The argument, or NaN if there is none.
    #[must_use]
    pub fn argument_or_nan(self) -> Complex64 {
        self.argument.unwrap_or(Complex64::new(f64::NAN, 0.0))
    }
}

impl Schema {
    /// The member with this name, and its slot.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(Slot, &Member)> {
        let at = self.members.iter().position(|member| member.name == name)?;
        Some((Slot(at as u16), &self.members[at]))
    }

    /// The member in a slot.
    #[must_use]
    pub fn member(&self, slot: Slot) -> &Member {
        &self.members[usize::from(slot.0)]
    }

    /// Whether an index of a component lies outside of its range. An unknown length holds every index.
    #[must_use]
    pub fn excludes(&self, component: Component) -> bool {
        let [first, second] = component.index;
        match self.member(component.slot).shape {
            Shape::Scalar => false,
            Shape::Vector(axis) => axis.excludes(first),
            Shape::Matrix(rows, columns) => rows.excludes(first) || columns.excludes(second),
        }
    }
}

impl Member {
    /// A real constant that is a single number.
    #[must_use]
    pub fn constant(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            kind: MemberKind::Constant,
            shape: Shape::Scalar,
            is_complex: false,
            numbered_by: None,
        }
    }

    /// A real signal that is a single number.
    #[must_use]
    pub fn signal(name: impl Into<Cow<'static, str>>) -> Self {
        Self { kind: MemberKind::Signal, ..Self::constant(name) }
    }

    /// A real function that is a single number, of an argument with this name.
    #[must_use]
    pub fn function(name: impl Into<Cow<'static, str>>, argument: &'static str) -> Self {
        Self { kind: MemberKind::Function(argument), ..Self::constant(name) }
    }

    /// A real function that changes with time, of an argument with this name.
    #[must_use]
    pub fn time_function(name: impl Into<Cow<'static, str>>, argument: &'static str) -> Self {
        Self { kind: MemberKind::TimeFunction(argument), ..Self::constant(name) }
    }

    /// A real sequence, whose steps have a number with this name.
    #[must_use]
    pub fn sequence(name: impl Into<Cow<'static, str>>, number: &'static str) -> Self {
        Self { kind: MemberKind::Sequence(number), ..Self::constant(name) }
    }

    /// The same member with another shape.
    #[must_use]
    pub fn shaped(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    /// The same member, whose components are numbered by the points of a member.
    #[must_use]
    pub fn numbered_by(self, points: &'static str) -> Self {
        Self { numbered_by: Some(points), ..self }
    }

    /// The same member, whose imaginary part can differ from 0 if this holds.
    #[must_use]
    pub fn complex_if(self, is_complex: bool) -> Self {
        Self { is_complex, ..self }
    }
}

impl Shape {
    /// A vector whose indices count from 0.
    #[must_use]
    pub fn vector(length: Option<usize>) -> Self {
        Self::Vector(Axis { first: 0, length })
    }

    /// A matrix whose rows and columns count from 0.
    #[must_use]
    pub fn matrix(rows: Option<usize>, columns: Option<usize>) -> Self {
        Self::Matrix(Axis { first: 0, length: rows }, Axis { first: 0, length: columns })
    }

    /// The ranges of the indices, row before column.
    #[must_use]
    pub fn axes(&self) -> Vec<Axis> {
        match *self {
            Self::Scalar => Vec::new(),
            Self::Vector(axis) => vec![axis],
            Self::Matrix(rows, columns) => vec![rows, columns],
        }
    }

    /// The indices of all components as expressions write them after the member's name: nothing for a scalar, `[0]`,
    /// `[1]`, … for a vector, `[0][0]`, … row by row for a matrix. None where a length is unknown.
    #[must_use]
    pub fn suffixes(self) -> Vec<String> {
        match self {
            Self::Scalar => vec![String::new()],
            Self::Vector(axis) => axis.indices().map(|index| format!("[{index}]")).collect(),
            Self::Matrix(rows, columns) => rows
                .indices()
                .flat_map(|row| columns.indices().map(move |column| format!("[{row}][{column}]")))
                .collect(),
        }
    }

    /// The number of indices.
    #[must_use]
    pub fn indices(self) -> usize {
        match self {
            Self::Scalar => 0,
            Self::Vector(_) => 1,
            Self::Matrix(..) => 2,
        }
    }
}

impl Axis {
    /// All indices; none if the length is unknown.
    fn indices(self) -> impl Iterator<Item = i64> {
        (self.first..).take(self.length.unwrap_or(0))
    }

    /// Whether an index lies outside of the range.
    #[must_use]
    pub fn excludes(self, index: i64) -> bool {
        let offset = index.checked_sub(self.first).and_then(|offset| usize::try_from(offset).ok());
        match (offset, self.length) {
            (None, _) => true,
            (Some(offset), Some(length)) => offset >= length,
            (Some(_), None) => false,
        }
    }
}

impl Component {
    /// The only component of a scalar.
    #[must_use]
    pub fn scalar(slot: Slot) -> Self {
        Self { slot, index: [0, 0] }
    }
}
