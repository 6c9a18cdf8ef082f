//! The expression language of scenes: from text to a number.
//!
//! `parse` reads text into a syntax tree, `compile` resolves its names in a [`Scope`] into a flat
//! [`Code`] that knows what it depends on, and evaluation runs that code over complex numbers
//! without looking up a name or allocating. The grammar is Python's, with `^` for powers, `if(c, a, b)` and
//! no implicit product; a comparison gives 1 or 0.

mod arithmetic;
mod ast;
mod code;
mod compile;
mod elementary;
mod eval;
mod function;
mod interval;
mod jet;
mod kind;
mod lanes;
mod lex;
mod number;
mod parse;
mod quadrature;
mod scope;
mod suggest;

use std::fmt;
use std::ops::Range;

pub use ast::{Ast, Binary, Node, Unary};
pub use code::Code;
pub use compile::compile;
pub use eval::EvalError;
pub(crate) use eval::{Bindings, evaluate};
pub use function::is_function;
pub(crate) use jet::{Jet, jet};
pub use kind::Kind;
pub(crate) use lanes::{Lanes, evaluate_all};
pub(crate) use number::six_digits;
pub use number::{NotReal, real};
pub use parse::parse;
pub(crate) use scope::Facts;
pub use scope::{
    Dependencies, FreeId, NameKind, ParamId, Purpose, Scope, SignalId, Symbol, Symbols, SystemId, Variable,
    check_name,
};

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// The bytes of the source it is about; empty, at the end, where something is missing.
    pub span: Range<usize>,
    /// What is wrong, without a final full stop.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

impl ExprError {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, ": {help}"))
    }
}

impl std::error::Error for ExprError {}
