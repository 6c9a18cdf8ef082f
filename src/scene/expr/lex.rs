//! The lexer: from text to tokens.
//!
//! Numbers are written as in Python: `1`, `1.`, `.5`, `1e-3`, `1_000`. Operators of other languages and
//! characters of typeset mathematics are errors whose help shows the spelling used here.

use super::ExprError;

/// The kind of a token, with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind<'s> {
    Number(f64),
    /// A name, reserved words included.
    Name(&'s str),
    /// An operator, a bracket, a comma or a point, as written.
    Punctuation(&'static str),
    /// The end of the source.
    End,
}

/// A token and its byte range in the source, `start..end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'s> {
    pub(super) kind: TokenKind<'s>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Operators and punctuation of the language. Longer ones come first, so that the first match is the longest.
const PUNCTUATION: [&str; 17] =
    ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", "."];

/// Operators of other languages and the help for each. Longer ones come first.
const FOREIGN_OPERATORS: [(&str, &str); 9] = [
    ("**", "write `^`"),
    ("//", "write `floor(a/b)`"),
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("&", "write `and`"),
    ("|", "write `or`, or `abs(…)` for a magnitude"),
    ("!", "write `not`"),
    ("=", "an equality is written `==`"),
    ("%", "write `mod(a, b)`"),
];

/// Characters of typeset mathematics and their spelling in this language.
const TYPOGRAPHIC_CHARACTERS: [(char, &str); 24] = [
    ('−', "-"),
    ('–', "-"),
    ('×', "*"),
    ('·', "*"),
    ('⋅', "*"),
    ('÷', "/"),
    ('≤', "<="),
    ('≥', ">="),
    ('≠', "!="),
    ('²', "^2"),
    ('³', "^3"),
    ('√', "sqrt(…)"),
    ('∞', "inf"),
    ('π', "pi"),
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ζ', "zeta"),
    ('θ', "theta"),
    ('λ', "lambda"),
    ('τ', "tau"),
    ('φ', "phi"),
    ('ω', "omega"),
];

/// Splits a source into tokens. The last token, and no other, is [`TokenKind::End`].
pub(super) fn lex(source: &str) -> Result<Vec<Token<'_>>, ExprError> {
    let mut tokens = Vec::new();
    let mut start = 0;
    loop {
        start = source.len() - source[start..].trim_start().len();
        if start == source.len() {
            tokens.push(Token { kind: TokenKind::End, start, end: start });
            return Ok(tokens);
        }
        let (kind, length) = token(source, start)?;
        tokens.push(Token { kind, start, end: start + length });
        start += length;
    }
}

/// The kind and length in bytes of the token at `start`, which is not white space.
fn token(source: &str, start: usize) -> Result<(TokenKind<'_>, usize), ExprError> {
    let rest = &source[start..];
    let digits = number_length(rest.as_bytes());
    if digits > 0 {
        return Ok((TokenKind::Number(number_value(&rest[..digits], start)?), digits));
    }
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        return Ok((TokenKind::Name(&rest[..length]), length));
    }
    let own = PUNCTUATION.iter().find(|own| rest.starts_with(**own));
    let foreign = FOREIGN_OPERATORS.iter().find(|(foreign, _)| rest.starts_with(foreign));
    match (own, foreign) {
        // The longer match wins: `**` is foreign although it begins with `*`, and `==` is not `=` twice.
        (_, Some((foreign, help))) if own.is_none_or(|own| own.len() < foreign.len()) => {
            Err(ExprError::new(start..start + foreign.len(), format!("`{foreign}` is not an operator"))
                .with_help(*help))
        }
        (Some(own), _) => Ok((TokenKind::Punctuation(own), own.len())),
        (None, _) => Err(unknown_character(rest, start)),
    }
}

/// The error for a character with which no token begins.
fn unknown_character(rest: &str, start: usize) -> ExprError {
    let Some(c) = rest.chars().next() else {
        return ExprError::new(start..start, "the expression ends too soon");
    };
    let error =
        ExprError::new(start..start + c.len_utf8(), format!("unexpected character `{}`", c.escape_debug()));
    match TYPOGRAPHIC_CHARACTERS.iter().find(|(typeset, _)| *typeset == c) {
        Some((_, plain)) => error.with_help(format!("write `{plain}`")),
        None if c.is_alphabetic() || c == '_' => {
            error.with_help("a name is a Latin letter followed by letters, digits and `_`")
        }
        None => error,
    }
}

/// The length in bytes of the number at the beginning of `text`; 0 if there is none.
fn number_length(text: &[u8]) -> usize {
    let whole = digits_end(text, 0);
    let mut end = whole;
    if text.get(whole) == Some(&b'.') {
        let fraction = digits_end(text, whole + 1);
        if fraction > whole + 1 || whole > 0 {
            end = fraction;
        }
    }
    if end > 0 && matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits_end(text, end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

/// The end of the digits at byte `from`. A single underscore is allowed between two digits.
fn digits_end(text: &[u8], from: usize) -> usize {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = from;
    while is_digit(end) || (end > from && text.get(end) == Some(&b'_') && is_digit(end + 1)) {
        end += 1;
    }
    end
}

/// The value of a number written as `text` at byte `start`.
fn number_value(text: &str, start: usize) -> Result<f64, ExprError> {
    let span = start..start + text.len();
    match text.replace('_', "").parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(ExprError::new(span, format!("`{text}` is too large for a number"))
            .with_help("the largest is about 1.8e308; infinity is written `inf`")),
        Err(_) => Err(ExprError::new(span, format!("`{text}` is not a number"))),
    }
}
