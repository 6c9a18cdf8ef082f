//! From tokens to the syntax tree, by precedence climbing.
//!
//! From loose to tight: `or`, `and`, `not`, comparisons (which do not chain), `+ -`, `* /`, signs,
//! `^`. A power groups from the right and binds tighter than the sign before it: `-2^2` is −4,
//! `2^-1` is ½. Every error says what was found and what to write.

use std::ops::Range;

use super::ExprError;
use super::ast::{Ast, BinaryOperator, Node, Precedence, UnaryOperator};
use super::lex::{Token, TokenKind, lex};

/// No tree is higher, so that whatever walks one may recurse.
const MAX_HEIGHT: usize = 256;

/// The parser recurses no deeper: enough for any tree of [`MAX_HEIGHT`] with a parenthesis at every node.
const MAX_NESTING: usize = 2 * MAX_HEIGHT;

/// Reads an expression.
///
/// # Errors
///
/// Whatever is not an expression, with the bytes it is about and what to write instead; also one
/// that is nested more than some hundred levels deep.
pub fn parse(source: &str) -> Result<Ast, ExprError> {
    let tokens = lex(source)?;
    if tokens.len() == 1 {
        return Err(ExprError::new(0..source.len(), "the expression is empty"));
    }
    let mut parser = Parser { source, tokens, next: 0, nesting: 0 };
    let ast = parser.expression(Precedence::Or)?;
    match parser.peek().kind {
        TokenKind::End => Ok(ast),
        TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation(_) => {
            Err(parser.unexpected_after())
        }
    }
}

struct Parser<'s> {
    source: &'s str,
    /// Ends with [`TokenKind::End`], which is never passed.
    tokens: Vec<Token<'s>>,
    next: usize,
    nesting: usize,
}

impl<'s> Parser<'s> {
    fn peek(&self) -> Token<'s> {
        self.tokens[self.next]
    }

    fn advance(&mut self) -> Token<'s> {
        let token = self.peek();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    /// Passes a symbol if it stands here.
    fn consume(&mut self, symbol: &'static str) -> bool {
        let found = self.peek().kind == TokenKind::Punctuation(symbol);
        if found {
            self.advance();
        }
        found
    }

    /// An expression that holds together at least as tightly as `least`.
    fn expression(&mut self, least: Precedence) -> Result<Ast, ExprError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(too_deep(self.span()));
        }
        let start = self.peek().start;
        let mut left = self.prefix(least)?;
        while let Some(operator) = self.operator().filter(|operator| operator.precedence() >= least) {
            self.advance();
            let precedence = operator.precedence();
            let right_start = self.peek().start;
            let right = self.expression(if precedence == Precedence::Power {
                Precedence::Sign
            } else {
                precedence.tighter()
            })?;
            left = checked(Node::Binary(operator, Box::new(left), Box::new(right)), start..self.end())?;
            if precedence == Precedence::Comparison
                && self.operator().is_some_and(|next| next.precedence() == precedence)
            {
                return Err(self.chained(start, right_start));
            }
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// The operator between two operands that stands here.
    fn operator(&self) -> Option<BinaryOperator> {
        let (TokenKind::Punctuation(written) | TokenKind::Name(written)) = self.peek().kind else {
            return None;
        };
        BinaryOperator::ALL.into_iter().find(|operator| operator.symbol() == written)
    }

    /// A sign, a `not`, or something that needs neither.
    fn prefix(&mut self, least: Precedence) -> Result<Ast, ExprError> {
        let token = self.peek();
        match token.kind {
            TokenKind::Punctuation("-") => {
                self.advance();
                let operand = self.expression(Precedence::Sign)?;
                checked(Node::Unary(UnaryOperator::Negate, Box::new(operand)), token.start..self.end())
            }
            TokenKind::Punctuation("+") => {
                self.advance();
                self.expression(Precedence::Sign)
            }
            TokenKind::Name("not") if least > Precedence::Not => {
                Err(ExprError::new(self.span(), "`not` binds more loosely than the operator before it")
                    .with_help("put the `not …` in parentheses"))
            }
            TokenKind::Name("not") => {
                self.advance();
                let operand = self.expression(Precedence::Not)?;
                checked(Node::Unary(UnaryOperator::Not, Box::new(operand)), token.start..self.end())
            }
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation(_) | TokenKind::End => {
                self.atom()
            }
        }
    }

    /// A number, a name and what hangs on it, or a parenthesis.
    fn atom(&mut self) -> Result<Ast, ExprError> {
        let token = self.peek();
        match token.kind {
            TokenKind::Number(value) => {
                self.advance();
                checked(Node::Number(value), token.start..token.end)
            }
            TokenKind::Name("and" | "or") | TokenKind::Punctuation(_) | TokenKind::End if !self.at_open() => {
                Err(self.no_operand())
            }
            TokenKind::Name(name) => self.named(name),
            TokenKind::Punctuation(_) | TokenKind::End => {
                self.advance();
                let inner = self.expression(Precedence::Or)?;
                self.close(token, ")")?;
                Ok(inner)
            }
        }
    }

    fn at_open(&self) -> bool {
        self.peek().kind == TokenKind::Punctuation("(")
    }

    /// A name, with the member, the component and the arguments that follow it.
    fn named(&mut self, name: &str) -> Result<Ast, ExprError> {
        let start = self.advance().start;
        if self.consume(".") {
            return self.member(name, start);
        }
        let open = self.peek();
        if self.consume("(") {
            let arguments = self.arguments(open)?;
            let name = name.to_owned();
            return checked(Node::Call { name, arguments }, start..self.end());
        }
        let span = start..start + name.len();
        if name == "if" {
            return Err(ExprError::new(span, "`if` is written like a function")
                .with_help("write `if(condition, then, else)`"));
        }
        checked(Node::Name(name.to_owned()), span)
    }

    /// What follows `system.`.
    fn member(&mut self, system: &str, start: usize) -> Result<Ast, ExprError> {
        let Token { kind: TokenKind::Name(member), end, .. } = self.peek() else {
            return Err(self.unexpected(&format!("the name of a signal or a constant of `{system}`")));
        };
        self.advance();
        let node = Node::Member { system: system.to_owned(), member: member.to_owned() };
        let mut signal = checked(node, start..end)?;
        let bracket = self.peek();
        if self.consume("[") {
            let index = self.index()?;
            self.close(bracket, "]")?;
            signal = checked(Node::Component { of: Box::new(signal), index }, start..self.end())?;
        }
        let open = self.peek();
        if !self.consume("(") {
            return Ok(signal);
        }
        let arguments = self.arguments(open)?;
        let span = start..self.end();
        let [time] = <[Ast; 1]>::try_from(arguments)
            .map_err(|_| ExprError::new(span.clone(), format!("`{signal}(…)` takes one argument, a time")))?;
        checked(Node::At { signal: Box::new(signal), time: Box::new(time) }, span)
    }

    /// The number of a component, between its brackets.
    fn index(&mut self) -> Result<usize, ExprError> {
        match self.peek().kind {
            TokenKind::Number(value) if value.fract() == 0.0 && value < f64::from(u32::MAX) => {
                self.advance();
                Ok(value as usize)
            }
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation(_) | TokenKind::End => {
                Err(self.unexpected("the number of a component, counted from 0"))
            }
        }
    }

    /// The arguments after an opening parenthesis, and the closing one.
    fn arguments(&mut self, open: Token<'s>) -> Result<Vec<Ast>, ExprError> {
        let mut arguments = Vec::new();
        if self.consume(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(Precedence::Or)?);
            if !self.consume(",") {
                break;
            }
        }
        self.close(open, ")")?;
        Ok(arguments)
    }

    /// Passes the bracket that closes `open`.
    fn close(&mut self, open: Token<'s>, bracket: &'static str) -> Result<(), ExprError> {
        if self.consume(bracket) {
            return Ok(());
        }
        match self.peek().kind {
            TokenKind::End => {
                let opened = &self.source[open.start..open.end];
                Err(ExprError::new(open.start..open.end, format!("this `{opened}` is never closed"))
                    .with_help(format!("a `{bracket}` is missing")))
            }
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation(_) => {
                Err(self.unexpected_after())
            }
        }
    }

    /// One past the token that was passed last.
    fn end(&self) -> usize {
        self.next.checked_sub(1).map_or(0, |last| self.tokens[last].end)
    }

    /// The bytes of the token that stands here.
    fn span(&self) -> Range<usize> {
        self.peek().start..self.peek().end
    }

    /// What stands here, for a message.
    fn found(&self) -> String {
        match self.peek().kind {
            TokenKind::End => "the end".to_owned(),
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation(_) => {
                format!("`{}`", &self.source[self.span()])
            }
        }
    }

    /// The error where a number, a name or a parenthesis should begin.
    fn no_operand(&self) -> ExprError {
        let error = self.unexpected("a number, a name or `(`");
        match self
            .next
            .checked_sub(1)
            .map(|last| &self.source[self.tokens[last].start..self.tokens[last].end])
        {
            Some(before) => error.with_help(format!("something is missing after `{before}`")),
            None => error.with_help("something is missing before it"),
        }
    }

    fn unexpected(&self, expected: &str) -> ExprError {
        ExprError::new(self.span(), format!("expected {expected}, found {}", self.found()))
    }

    /// The error for what cannot follow a complete expression.
    fn unexpected_after(&self) -> ExprError {
        match self.peek().kind {
            TokenKind::Punctuation(")" | "]") => {
                ExprError::new(self.span(), format!("nothing opens this {}", self.found()))
            }
            TokenKind::Name("if") => ExprError::new(self.span(), "`if` is written like a function")
                .with_help("write `if(condition, then, else)`"),
            TokenKind::Name("not") => self.unexpected("an operator"),
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation("(") => {
                self.implicit_product()
            }
            TokenKind::Punctuation(_) | TokenKind::End => self.unexpected("an operator"),
        }
    }

    /// The error for two factors side by side: the token passed last belongs to the first one.
    fn implicit_product(&self) -> ExprError {
        let before = self.tokens[self.next.saturating_sub(1)];
        let left = match before.kind {
            TokenKind::Number(_) | TokenKind::Name(_) => &self.source[before.start..before.end],
            TokenKind::Punctuation(_) | TokenKind::End => "(…)",
        };
        let right = if self.at_open() { "(…)" } else { &self.source[self.span()] };
        ExprError::new(before.start..self.peek().end, "there is no implicit product")
            .with_help(format!("write `{left}*{right}`"))
    }

    /// The error for a second comparison, after one that starts at `first` and whose right operand
    /// starts at `middle`.
    fn chained(&self, first: usize, middle: usize) -> ExprError {
        let (first, middle) = (&self.source[first..self.end()], &self.source[middle..self.end()]);
        ExprError::new(self.span(), "comparisons are not chained")
            .with_help(format!("write `{first} and {middle} {} …`", &self.source[self.span()]))
    }
}

/// The node, unless the tree grows too high with it.
fn checked(node: Node, span: Range<usize>) -> Result<Ast, ExprError> {
    let ast = Ast::new(node, span);
    if ast.height() > MAX_HEIGHT { Err(too_deep(ast.span)) } else { Ok(ast) }
}

fn too_deep(span: Range<usize>) -> ExprError {
    ExprError::new(span, "the expression is nested too deeply")
        .with_help("give parts of it names in `[signals]` or `[params]`")
}
