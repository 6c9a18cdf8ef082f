//! The syntax tree of an expression and its canonical text.
//!
//! Displaying a tree gives text that parses to an equal tree, with as few parentheses as possible. Spans
//! serve messages only: trees compare equal regardless of their spans.

use std::fmt;
use std::ops::Range;

/// A node of the syntax tree with its location in the source.
#[derive(Clone, Debug)]
pub struct Ast {
    /// The node.
    pub node: Node,
    /// The bytes of the source that the node was parsed from.
    pub span: Range<usize>,
    /// The number of nodes on the longest path to a leaf, which is the recursion depth of a traversal.
    height: usize,
}

/// The forms of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number without a sign.
    Number(f64),
    /// A name: `k`, `t`, `pi`.
    Name(String),
    /// A member of a system: `osc.x`.
    Member {
        /// The name of the system, `osc`.
        system: String,
        /// The name of the member, `x`.
        member: String,
    },
    /// A component of a vector or a matrix: `ss.x[3]`, `ss.A[m][n]`.
    Component {
        /// The member `ss.x`, or a row of a matrix, `ss.A[m]`.
        of: Box<Ast>,
        /// The index.
        index: Box<Ast>,
    },
    /// A function call, or a user-defined signal at an explicit time: `sin(t)`, `f(t - 2)`.
    Call {
        /// The name of the function or signal.
        name: String,
        /// The arguments in order.
        arguments: Vec<Ast>,
    },
    /// A member of a system at an explicit time, `osc.x(0)`, or with the argument of a function, `ss.H(j*w)`.
    At {
        /// The member `osc.x`, or a component of one.
        signal: Box<Ast>,
        /// The time or the argument, `0`.
        argument: Box<Ast>,
    },
    /// A list, which only `interp` takes: `[[0, 1], [2, 5]]`.
    List(Vec<Ast>),
    /// A prefix operator and its operand.
    Unary(UnaryOperator, Box<Ast>),
    /// An infix operator and its operands.
    Binary(BinaryOperator, Box<Ast>, Box<Ast>),
}

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// An infix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// Precedence levels, from loosest to tightest binding.
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
    /// The next tighter level, which the right operand of a left-associative operator must have.
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

    /// The operator as written in source.
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

    /// The precedence of the operator.
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
    /// A node parsed from `span`.
    #[must_use]
    pub fn new(node: Node, span: Range<usize>) -> Self {
        let child_height = match &node {
            Node::Number(_) | Node::Name(_) | Node::Member { .. } => 0,
            Node::Unary(_, child) => child.height,
            Node::Call { arguments, .. } | Node::List(arguments) => {
                arguments.iter().map(|a| a.height).max().unwrap_or(0)
            }
            Node::At { signal: a, argument: b }
            | Node::Component { of: a, index: b }
            | Node::Binary(_, a, b) => a.height.max(b.height),
        };
        Self { node, span, height: child_height + 1 }
    }

    /// The number of nodes on the longest path to a leaf, including this node.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Calls `visit` with every name that can be defined in the scene, in the order of the source.
    ///
    /// These are all names but those of members: also the functions of the language, because a definition may have
    /// the name of one. The second argument is the byte range of the name.
    pub(crate) fn each_name<'a>(&'a self, visit: &mut impl FnMut(&'a str, Range<usize>)) {
        let mut visit_first = |name: &'a str| visit(name, self.span.start..self.span.start + name.len());
        match &self.node {
            Node::Number(_) => {}
            Node::Name(name) | Node::Member { system: name, .. } => visit_first(name),
            Node::Unary(_, a) => a.each_name(visit),
            Node::List(entries) => entries.iter().for_each(|entry| entry.each_name(visit)),
            Node::Call { name, arguments } => {
                visit_first(name);
                for argument in arguments {
                    argument.each_name(visit);
                }
            }
            Node::At { signal: a, argument: b }
            | Node::Component { of: a, index: b }
            | Node::Binary(_, a, b) => {
                a.each_name(visit);
                b.each_name(visit);
            }
        }
    }

    /// The precedence of the outermost operator.
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
            | Node::List(_)
            | Node::At { .. } => Precedence::Atom,
        }
    }
}

/// Ignores spans.
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
                write_all(f, arguments)?;
                f.write_str(")")
            }
            Node::List(entries) => {
                f.write_str("[")?;
                write_all(f, entries)?;
                f.write_str("]")
            }
            Node::At { signal, argument } => write!(f, "{signal}({argument})"),
            Node::Unary(UnaryOperator::Negate, a) => {
                write!(f, "-{}", Operand { ast: a, min: Precedence::Sign })
            }
            Node::Unary(UnaryOperator::Not, a) => {
                write!(f, "not {}", Operand { ast: a, min: Precedence::Not })
            }
            Node::Binary(operator, a, b) => write_binary(f, *operator, a, b),
        }
    }
}

/// Writes expressions with commas between them.
fn write_all(f: &mut fmt::Formatter<'_>, all: &[Ast]) -> fmt::Result {
    all.iter().enumerate().try_for_each(|(i, ast)| write!(f, "{}{ast}", if i == 0 { "" } else { ", " }))
}

/// The shortest text that parses to the same number.
fn shortest(value: f64) -> String {
    format!("{value:?}")
}

/// Writes an infix operator with its operands.
fn write_binary(f: &mut fmt::Formatter<'_>, operator: BinaryOperator, a: &Ast, b: &Ast) -> fmt::Result {
    let precedence = operator.precedence();
    let (left, right) = match precedence {
        // A power is right-associative, and its exponent may have a sign.
        Precedence::Power => (Precedence::Atom, Precedence::Sign),
        // Comparisons cannot be chained.
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
    write!(
        f,
        "{}{space}{}{space}{}",
        Operand { ast: a, min: left },
        operator.symbol(),
        Operand { ast: b, min: right }
    )
}

/// An operand that is displayed in parentheses if it binds more loosely than `min`.
struct Operand<'a> {
    ast: &'a Ast,
    min: Precedence,
}

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ast, min } = self;
        if ast.precedence() < *min { write!(f, "({ast})") } else { write!(f, "{ast}") }
    }
}
