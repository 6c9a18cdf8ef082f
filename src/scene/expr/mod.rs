//! The expression language of scenes: from source text to a complex number.
//!
//! [`parse`](parse()) reads text into a syntax tree, and [`compile`](compile()) resolves the names of the tree in a
//! [`Scope`] into flat [`Code`] that knows its dependencies. Evaluation then runs the code over complex
//! numbers without looking up names and without allocating. The grammar is Python's, with `^` for powers,
//! `if(c, a, b)` and no implicit multiplication. A comparison gives 1 or 0.

mod arithmetic;
mod ast;
mod call;
mod code;
mod compile;
mod complex_jet;
mod elementary;
mod eval;
mod eval_error;
mod function;
#[cfg(test)]
mod integral_laws;
mod interpolate;
mod interval;
mod jet;
mod jet_eval;
mod kronrod;
mod lane_context;
mod lane_eval;
mod lane_integral;
#[cfg(test)]
mod lane_laws;
mod lane_member;
mod lane_series;
mod lanes;
mod lex;
mod member;
mod needs;
mod number;
mod op;
mod operations;
mod operator;
mod parse;
mod quadrature;
mod real_lanes;
mod scope;
mod series;
mod sharing;
mod special;
mod suggest;
mod value_type;
mod vector_math;
mod work;

use std::fmt;
use std::ops::Range;

pub use ast::{Ast, BinaryOperator, Node, UnaryOperator};
pub use code::Code;
pub use compile::compile;
pub(crate) use complex_jet::ComplexJet;
pub(crate) use eval::{Bindings, evaluate};
pub use eval_error::EvalError;
pub use function::is_function;
pub(crate) use jet::Jet;
pub(crate) use jet_eval::evaluate_jet;
pub(crate) use lane_eval::evaluate_lanes;
pub(crate) use lanes::Lanes;
pub(crate) use member::compile_reference;
pub(crate) use number::six_digits;
pub use number::{NotReal, to_real};
pub use parse::parse;
pub(crate) use scope::SymbolInfo;
pub use scope::{
    Dependencies, ExprRole, FreeId, LocalNames, Meaning, NameKind, ParamId, Scope, SignalId, Symbol,
    SymbolTable, SystemId, Variable, check_name,
};

pub use value_type::ValueType;

/// An error in an expression, with its location in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// The bytes of the source that the error is about. Empty, at the end, where something is missing.
    pub span: Range<usize>,
    /// The message, without a final period.
    pub message: String,
    /// A remedy, if one is known.
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
