//! From text to tokens.
//!
//! Numbers are written as in Python: `1`, `1.`, `.5`, `1e-3`, `1_000`. Whatever belongs to other
//! languages, or to typeset mathematics, is refused with the way to write it here.

use super::ExprError;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind<'s> {
    Number(f64),
    /// A name, reserved words included.
    Name(&'s str),
    /// An operator or a bracket, as written.
    Punctuation(&'static str),
    /// The end of the source.
    End,
}

/// A token and the bytes it stands on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'s> {
    pub(super) kind: TokenKind<'s>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The symbols of the language, longer ones first.
const PUNCTUATION: [&str; 17] =
    ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", "."];

/// What people write out of habit, and how it is written here; longer ones first.
const FOREIGN_OPERATORS: [(&str, &str); 9] = [
    ("**", "a power is written `^`"),
    ("//", "write `floor(a/b)`"),
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("&", "write `and`"),
    ("|", "write `or`, or `abs(…)` for a magnitude"),
    ("!", "write `not`"),
    ("=", "an equality is written `==`"),
    ("%", "write `mod(a, b)`"),
];

/// Characters of typeset mathematics, and what they are here.
const TYPOGRAPHIC: [(char, &str); 24] = [
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

/// The tokens of a source; the last one, and only that, is [`TokenKind::End`].
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

/// The token at `start`, where something other than white space stands, and its length.
fn token(source: &str, start: usize) -> Result<(TokenKind<'_>, usize), ExprError> {
    let rest = &source[start..];
    let number = number_length(rest.as_bytes());
    if number > 0 {
        return Ok((TokenKind::Number(number_value(&rest[..number], start)?), number));
    }
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        return Ok((TokenKind::Name(&rest[..length]), length));
    }
    let symbol = PUNCTUATION.iter().find(|symbol| rest.starts_with(**symbol));
    let habit = FOREIGN_OPERATORS.iter().find(|(habit, _)| rest.starts_with(habit));
    match (symbol, habit) {
        // `**` begins with the symbol `*`, while `==` begins with the habit `=`: the longer one is meant.
        (_, Some((habit, help))) if symbol.is_none_or(|symbol| symbol.len() < habit.len()) => {
            Err(ExprError::new(start..start + habit.len(), format!("`{habit}` is not an operator"))
                .with_help(*help))
        }
        (Some(symbol), _) => Ok((TokenKind::Punctuation(symbol), symbol.len())),
        (None, _) => Err(unknown(rest, start)),
    }
}

/// The error for a character that begins no token.
fn unknown(rest: &str, start: usize) -> ExprError {
    let Some(c) = rest.chars().next() else {
        return ExprError::new(start..start, "the expression ends too soon");
    };
    let error =
        ExprError::new(start..start + c.len_utf8(), format!("`{}` is not known here", c.escape_debug()));
    match TYPOGRAPHIC.iter().find(|(typeset, _)| *typeset == c) {
        Some((_, plain)) => error.with_help(format!("write `{plain}`")),
        None if c.is_alphabetic() || c == '_' => {
            error.with_help("a name is a Latin letter followed by letters, digits and `_`")
        }
        None => error,
    }
}

/// The length of the number that `text` begins with, 0 if there is none.
fn number_length(text: &[u8]) -> usize {
    let whole = digits(text, 0);
    let mut end = whole;
    if text.get(whole) == Some(&b'.') {
        let fraction = digits(text, whole + 1);
        if fraction > whole + 1 || whole > 0 {
            end = fraction;
        }
    }
    if end > 0 && matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(text, end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

/// One past the digits at `from`; an underscore may stand between two of them.
fn digits(text: &[u8], from: usize) -> usize {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = from;
    while is_digit(end) || (end > from && text.get(end) == Some(&b'_') && is_digit(end + 1)) {
        end += 1;
    }
    end
}

/// The value of a number's text.
fn number_value(text: &str, start: usize) -> Result<f64, ExprError> {
    let span = start..start + text.len();
    match text.replace('_', "").parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(ExprError::new(span, format!("`{text}` is too large for a number"))
            .with_help("the largest is about 1.8e308; infinity is written `inf`")),
        Err(_) => Err(ExprError::new(span, format!("`{text}` is not a number"))),
    }
}
