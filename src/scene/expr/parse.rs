//! The parser: from tokens to the syntax tree, by precedence climbing.
//!
//! Precedence from loose to tight: `or`, `and`, `not`, comparisons (which cannot be chained), `+ -`, `* /`,
//! signs, `^`. A power is right-associative and binds tighter than the sign before it: `-2^2` is −4 and
//! `2^-1` is ½. Every error says what was found and what to write instead.

use std::ops::Range;

use super::ExprError;
use super::ast::{Ast, BinaryOperator, Node, Precedence, UnaryOperator};
use super::lex::{Token, TokenKind, lex};

/// The maximum height of a syntax tree, which bounds the recursion of every traversal.
const MAX_HEIGHT: usize = 256;

/// The maximum recursion depth of the parser. It suffices for a tree of [`MAX_HEIGHT`] with parentheses around
/// every node.
const MAX_NESTING: usize = 2 * MAX_HEIGHT;

/// Parses an expression.
///
/// # Errors
///
/// A syntax error with its byte range and a remedy. Trees with more than 256 levels are errors, too.
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
    /// All tokens. The last one is [`TokenKind::End`], which is never consumed.
    tokens: Vec<Token<'s>>,
    /// The index of the current token.
    next: usize,
    /// The current recursion depth.
    nesting: usize,
}

impl<'s> Parser<'s> {
    /// The current token.
    fn peek(&self) -> Token<'s> {
        self.tokens[self.next]
    }

    /// Consumes and returns the current token.
    fn advance(&mut self) -> Token<'s> {
        let token = self.peek();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    /// Consumes the current token if it is this operator or bracket; returns whether it was.
    fn consume(&mut self, symbol: &'static str) -> bool {
        let found = self.peek().kind == TokenKind::Punctuation(symbol);
        if found {
            self.advance();
        }
        found
    }

    /// Parses an expression whose operators bind at least as tightly as `min`.
    fn expression(&mut self, min: Precedence) -> Result<Ast, ExprError> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(too_deep(self.span()));
        }
        let start = self.peek().start;
        let mut left = self.prefix(min)?;
        while let Some(operator) = self.operator().filter(|operator| operator.precedence() >= min) {
            self.advance();
            let precedence = operator.precedence();
            let right_start = self.peek().start;
            let right = self.expression(if precedence == Precedence::Power {
                Precedence::Sign
            } else {
                precedence.tighter()
            })?;
            left = node(Node::Binary(operator, Box::new(left), Box::new(right)), start..self.end())?;
            if precedence == Precedence::Comparison
                && self.operator().is_some_and(|next| next.precedence() == precedence)
            {
                return Err(self.chained_comparison(start, right_start));
            }
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// The infix operator that the current token is.
    fn operator(&self) -> Option<BinaryOperator> {
        let (TokenKind::Punctuation(written) | TokenKind::Name(written)) = self.peek().kind else {
            return None;
        };
        BinaryOperator::ALL.into_iter().find(|operator| operator.symbol() == written)
    }

    /// Parses a sign or a `not` with its operand, or an operand without either.
    fn prefix(&mut self, min: Precedence) -> Result<Ast, ExprError> {
        let token = self.peek();
        match token.kind {
            TokenKind::Punctuation("-") => {
                self.advance();
                let operand = self.expression(Precedence::Sign)?;
                node(Node::Unary(UnaryOperator::Negate, Box::new(operand)), token.start..self.end())
            }
            TokenKind::Punctuation("+") => {
                self.advance();
                self.expression(Precedence::Sign)
            }
            TokenKind::Name("not") if min > Precedence::Not => {
                Err(ExprError::new(self.span(), "`not` binds more loosely than the operator before it")
                    .with_help("put the `not …` in parentheses"))
            }
            TokenKind::Name("not") => {
                self.advance();
                let operand = self.expression(Precedence::Not)?;
                node(Node::Unary(UnaryOperator::Not, Box::new(operand)), token.start..self.end())
            }
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation(_) | TokenKind::End => {
                self.atom()
            }
        }
    }

    /// Parses a number, a name with its member or arguments, or an expression in parentheses.
    fn atom(&mut self) -> Result<Ast, ExprError> {
        let token = self.peek();
        match token.kind {
            TokenKind::Number(value) => {
                self.advance();
                node(Node::Number(value), token.start..token.end)
            }
            TokenKind::Punctuation("[") => {
                self.advance();
                let entries = self.entries(token, "]")?;
                node(Node::List(entries), token.start..self.end())
            }
            TokenKind::Name("and" | "or") | TokenKind::Punctuation(_) | TokenKind::End
                if !self.is_at_open_parenthesis() =>
            {
                Err(self.expected_operand())
            }
            TokenKind::Name(name) => self.name(name),
            TokenKind::Punctuation(_) | TokenKind::End => {
                self.advance();
                let inner = self.expression(Precedence::Or)?;
                self.close(token, ")")?;
                Ok(inner)
            }
        }
    }

    fn is_at_open_parenthesis(&self) -> bool {
        self.peek().kind == TokenKind::Punctuation("(")
    }

    /// Parses a name and the member, component or arguments that follow it.
    fn name(&mut self, name: &str) -> Result<Ast, ExprError> {
        let start = self.advance().start;
        if self.consume(".") {
            return self.member(name, start);
        }
        let open = self.peek();
        if self.consume("(") {
            let arguments = self.entries(open, ")")?;
            let name = name.to_owned();
            let call = node(Node::Call { name, arguments }, start..self.end())?;
            let open = self.peek();
            // A function of one's own may have a time behind its arguments.
            return if self.consume("(") { self.time(call, start, open) } else { Ok(call) };
        }
        let span = start..start + name.len();
        if name == "if" {
            return Err(ExprError::new(span, "`if` is written like a function")
                .with_help("write `if(condition, then, else)`"));
        }
        node(Node::Name(name.to_owned()), span)
    }

    /// Parses what follows `system.`, where `start` is the first byte of the system's name.
    fn member(&mut self, system: &str, start: usize) -> Result<Ast, ExprError> {
        let Token { kind: TokenKind::Name(member), end, .. } = self.peek() else {
            return Err(self.unexpected(&format!("the name of a signal or a constant of `{system}`")));
        };
        self.advance();
        let member = Node::Member { system: system.to_owned(), member: member.to_owned() };
        let mut signal = node(member, start..end)?;
        let mut open = self.peek();
        while self.consume("[") {
            let index = Box::new(self.expression(Precedence::Or)?);
            self.close(open, "]")?;
            signal = node(Node::Component { of: Box::new(signal), index }, start..self.end())?;
            open = self.peek();
        }
        // A function of time may have a time behind its argument.
        for _ in 0..2 {
            if !self.consume("(") {
                break;
            }
            signal = self.time(signal, start, open)?;
            open = self.peek();
        }
        Ok(signal)
    }

    /// Parses the time of a signal, or the argument of a member, after the parenthesis `open`.
    fn time(&mut self, signal: Ast, start: usize, open: Token<'s>) -> Result<Ast, ExprError> {
        let arguments = self.entries(open, ")")?;
        let span = start..self.end();
        let [argument] = <[Ast; 1]>::try_from(arguments)
            .map_err(|_| ExprError::new(span.clone(), format!("`{signal}(…)` takes one argument, a time")))?;
        node(Node::At { signal: Box::new(signal), argument: Box::new(argument) }, span)
    }

    /// Parses the arguments of a call or the entries of a list, up to and including the closing bracket.
    fn entries(&mut self, open: Token<'s>, bracket: &'static str) -> Result<Vec<Ast>, ExprError> {
        let mut entries = Vec::new();
        if self.consume(bracket) {
            return Ok(entries);
        }
        loop {
            entries.push(self.expression(Precedence::Or)?);
            if !self.consume(",") {
                break;
            }
        }
        self.close(open, bracket)?;
        Ok(entries)
    }

    /// Consumes `bracket`, which closes `open`.
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

    /// The end of the token consumed last.
    fn end(&self) -> usize {
        self.next.checked_sub(1).map_or(0, |last| self.tokens[last].end)
    }

    /// The byte range of the current token.
    fn span(&self) -> Range<usize> {
        self.peek().start..self.peek().end
    }

    /// The current token as text for messages.
    fn found(&self) -> String {
        match self.peek().kind {
            TokenKind::End => "the end".to_owned(),
            TokenKind::Number(_) | TokenKind::Name(_) | TokenKind::Punctuation(_) => {
                format!("`{}`", &self.source[self.span()])
            }
        }
    }

    /// The error for a token with which no operand begins.
    fn expected_operand(&self) -> ExprError {
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

    /// The error for a token other than the expected one.
    fn unexpected(&self, expected: &str) -> ExprError {
        ExprError::new(self.span(), format!("expected {expected}, found {}", self.found()))
    }

    /// The error for a token that cannot follow a complete expression.
    fn unexpected_after(&self) -> ExprError {
        match self.peek().kind {
            TokenKind::Punctuation(")" | "]") => {
                ExprError::new(self.span(), format!("this {} has no opening bracket", self.found()))
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

    /// The error for two factors without an operator. The token consumed last belongs to the first factor.
    fn implicit_product(&self) -> ExprError {
        let before = self.tokens[self.next.saturating_sub(1)];
        let left = match before.kind {
            TokenKind::Number(_) | TokenKind::Name(_) => &self.source[before.start..before.end],
            TokenKind::Punctuation(_) | TokenKind::End => "(…)",
        };
        if left == "1" && self.peek().kind == TokenKind::Name("j") {
            return ExprError::new(before.start..self.peek().end, "there is no implicit product")
                .with_help("write `j`");
        }
        let right = if self.is_at_open_parenthesis() { "(…)" } else { &self.source[self.span()] };
        ExprError::new(before.start..self.peek().end, "there is no implicit product")
            .with_help(format!("write `{left}*{right}`"))
    }

    /// The error for a second comparison in a chain. `first` is the first byte of the comparison before it,
    /// and `middle` that of the right operand of the comparison before it.
    fn chained_comparison(&self, first: usize, middle: usize) -> ExprError {
        let (first, middle) = (&self.source[first..self.end()], &self.source[middle..self.end()]);
        ExprError::new(self.span(), "comparisons cannot be chained")
            .with_help(format!("write `{first} and {middle} {} …`", &self.source[self.span()]))
    }
}

/// Makes a node of the tree, or an error if the tree becomes too high.
fn node(form: Node, span: Range<usize>) -> Result<Ast, ExprError> {
    let ast = Ast::new(form, span);
    if ast.height() > MAX_HEIGHT { Err(too_deep(ast.span)) } else { Ok(ast) }
}

/// The error for an expression with too many levels.
fn too_deep(span: Range<usize>) -> ExprError {
    ExprError::new(span, "the expression is nested too deeply")
        .with_help("give parts of it names in `[signals]` or `[params]`")
}
