//! The syntax tree of an expression, and its canonical text.
//!
//! Displaying a tree gives text that parses to an equal tree, with no parenthesis more than needed.
//! Spans are for messages only: trees are equal whatever text they came from.

use std::fmt;
use std::ops::Range;

use super::function::is_function;

/// An expression.
#[derive(Clone, Debug)]
pub struct Ast {
    /// What stands here.
    pub node: Node,
    /// The bytes of the source it was read from.
    pub span: Range<usize>,
    /// Nodes on the longest way down to a leaf: walks of a tree recurse as deeply.
    height: usize,
}

/// What an expression is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number without a sign.
    Number(f64),
    /// `k`, `t`, `pi`.
    Name(String),
    /// `osc.x`.
    Member {
        /// `osc`.
        system: String,
        /// `x`.
        member: String,
    },
    /// `ss.x[3]`, counted from 0.
    Component {
        /// `ss.x`.
        of: Box<Ast>,
        /// 3.
        index: usize,
    },
    /// A function's value, or a signal of the scene's own at another time: `sin(t)`, `f(t - 2)`.
    Call {
        /// `sin`.
        name: String,
        /// What stands between the parentheses.
        arguments: Vec<Ast>,
    },
    /// A system's signal at another time: `osc.x(0)`.
    At {
        /// `osc.x`, or a component of such.
        signal: Box<Ast>,
        /// 0.
        time: Box<Ast>,
    },
    /// An operator before its operand.
    Unary(Unary, Box<Ast>),
    /// An operator between its operands.
    Binary(Binary, Box<Ast>, Box<Ast>),
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `or`
    Or,
    /// `and`
    And,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

/// How tightly an expression holds together, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

impl Level {
    /// The next tighter one: what the right operand of a left-associative operator must reach.
    pub(super) fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Comparison,
            Self::Comparison => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Sign,
            Self::Sign => Self::Power,
            Self::Power | Self::Atom => Self::Atom,
        }
    }
}

impl Binary {
    /// Every operator.
    pub const ALL: [Self; 13] = [
        Self::Or,
        Self::And,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::Equal,
        Self::NotEqual,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Power,
    ];

    /// As it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    pub(super) fn level(self) -> Level {
        match self {
            Self::Or => Level::Or,
            Self::And => Level::And,
            Self::Less
            | Self::LessEqual
            | Self::Greater
            | Self::GreaterEqual
            | Self::Equal
            | Self::NotEqual => Level::Comparison,
            Self::Add | Self::Subtract => Level::Sum,
            Self::Multiply | Self::Divide => Level::Product,
            Self::Power => Level::Power,
        }
    }
}

impl Ast {
    /// A node that was read from `span`.
    #[must_use]
    pub fn new(node: Node, span: Range<usize>) -> Self {
        let tallest = match &node {
            Node::Number(_) | Node::Name(_) | Node::Member { .. } => 0,
            Node::Component { of: below, .. } | Node::Unary(_, below) => below.height,
            Node::Call { arguments, .. } => arguments.iter().map(|a| a.height).max().unwrap_or(0),
            Node::At { signal: a, time: b } | Node::Binary(_, a, b) => a.height.max(b.height),
        };
        Self { node, span, height: tallest + 1 }
    }

    /// How many nodes lie on the longest way down to a leaf, this one included.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Calls `found` with every name that may be one of the scene's (names of systems, not of their
    /// members) and the bytes it stands on, in the order they are written.
    pub(crate) fn each_name<'a>(&'a self, found: &mut impl FnMut(&'a str, Range<usize>)) {
        let mut begins = |name: &'a str| found(name, self.span.start..self.span.start + name.len());
        match &self.node {
            Node::Number(_) => {}
            Node::Name(name) | Node::Member { system: name, .. } => begins(name),
            Node::Component { of: a, .. } | Node::Unary(_, a) => a.each_name(found),
            Node::Call { name, arguments } => {
                if !is_function(name) {
                    begins(name);
                }
                for argument in arguments {
                    argument.each_name(found);
                }
            }
            Node::At { signal: a, time: b } | Node::Binary(_, a, b) => {
                a.each_name(found);
                b.each_name(found);
            }
        }
    }

    fn level(&self) -> Level {
        match &self.node {
            Node::Unary(Unary::Negate, _) => Level::Sign,
            Node::Unary(Unary::Not, _) => Level::Not,
            Node::Binary(operator, ..) => operator.level(),
            Node::Number(_)
            | Node::Name(_)
            | Node::Member { .. }
            | Node::Component { .. }
            | Node::Call { .. }
            | Node::At { .. } => Level::Atom,
        }
    }
}

impl PartialEq for Ast {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl fmt::Display for Ast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Number(value) => f.write_str(shortest(*value).trim_end_matches(".0")),
            Node::Name(name) => f.write_str(name),
            Node::Member { system, member } => write!(f, "{system}.{member}"),
            Node::Component { of, index } => write!(f, "{of}[{index}]"),
            Node::Call { name, arguments } => {
                write!(f, "{name}(")?;
                for (i, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Node::At { signal, time } => write!(f, "{signal}({time})"),
            Node::Unary(Unary::Negate, a) => write!(f, "-{}", Operand(a, Level::Sign)),
            Node::Unary(Unary::Not, a) => write!(f, "not {}", Operand(a, Level::Not)),
            Node::Binary(operator, a, b) => write_binary(f, *operator, a, b),
        }
    }
}

/// The shortest text that reads back as the same number.
fn shortest(value: f64) -> String {
    format!("{value:?}")
}

fn write_binary(f: &mut fmt::Formatter<'_>, operator: Binary, a: &Ast, b: &Ast) -> fmt::Result {
    let level = operator.level();
    let (left, right) = match level {
        // A power groups from the right, and its exponent may carry a sign.
        Level::Power => (Level::Atom, Level::Sign),
        // Comparisons do not chain.
        Level::Comparison => (level.tighter(), level.tighter()),
        Level::Or | Level::And | Level::Not | Level::Sum | Level::Product | Level::Sign | Level::Atom => {
            (level, level.tighter())
        }
    };
    let space = if level < Level::Product { " " } else { "" };
    write!(f, "{}{space}{}{space}{}", Operand(a, left), operator.symbol(), Operand(b, right))
}

/// An expression where at least this level is needed, in parentheses if it does not reach it.
struct Operand<'a>(&'a Ast, Level);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.level() < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}
