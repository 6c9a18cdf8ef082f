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
    Unary(UnaryOperator, Box<Ast>),
    /// An operator between its operands.
    Binary(BinaryOperator, Box<Ast>, Box<Ast>),
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
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
pub(super) enum Precedence {
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

impl Precedence {
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

impl BinaryOperator {
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

    pub(super) fn precedence(self) -> Precedence {
        match self {
            Self::Or => Precedence::Or,
            Self::And => Precedence::And,
            Self::Less
            | Self::LessEqual
            | Self::Greater
            | Self::GreaterEqual
            | Self::Equal
            | Self::NotEqual => Precedence::Comparison,
            Self::Add | Self::Subtract => Precedence::Sum,
            Self::Multiply | Self::Divide => Precedence::Product,
            Self::Power => Precedence::Power,
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

    fn precedence(&self) -> Precedence {
        match &self.node {
            Node::Unary(UnaryOperator::Negate, _) => Precedence::Sign,
            Node::Unary(UnaryOperator::Not, _) => Precedence::Not,
            Node::Binary(operator, ..) => operator.precedence(),
            Node::Number(_)
            | Node::Name(_)
            | Node::Member { .. }
            | Node::Component { .. }
            | Node::Call { .. }
            | Node::At { .. } => Precedence::Atom,
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
            Node::Unary(UnaryOperator::Negate, a) => write!(f, "-{}", Operand(a, Precedence::Sign)),
            Node::Unary(UnaryOperator::Not, a) => write!(f, "not {}", Operand(a, Precedence::Not)),
            Node::Binary(operator, a, b) => write_binary(f, *operator, a, b),
        }
    }
}

/// The shortest text that reads back as the same number.
fn shortest(value: f64) -> String {
    format!("{value:?}")
}

fn write_binary(f: &mut fmt::Formatter<'_>, operator: BinaryOperator, a: &Ast, b: &Ast) -> fmt::Result {
    let precedence = operator.precedence();
    let (left, right) = match precedence {
        // A power groups from the right, and its exponent may carry a sign.
        Precedence::Power => (Precedence::Atom, Precedence::Sign),
        // Comparisons do not chain.
        Precedence::Comparison => (precedence.tighter(), precedence.tighter()),
        Precedence::Or
        | Precedence::And
        | Precedence::Not
        | Precedence::Sum
        | Precedence::Product
        | Precedence::Sign
        | Precedence::Atom => (precedence, precedence.tighter()),
    };
    let space = if precedence < Precedence::Product { " " } else { "" };
    write!(f, "{}{space}{}{space}{}", Operand(a, left), operator.symbol(), Operand(b, right))
}

/// An expression where at least this precedence is needed, in parentheses if it does not reach it.
struct Operand<'a>(&'a Ast, Precedence);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.precedence() < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}
