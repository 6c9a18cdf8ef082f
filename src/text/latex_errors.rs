//! Error messages for LaTeX that a label's author can understand.
//!
//! The messages of the parser use its own terms ("Expected 'EOF', got '}'") and sometimes have no position.
//! Here each one becomes a plain sentence with a byte range, and with a remedy where one is known.

use std::ops::Range;

use ratex_parser::{ParseError, Parser};
use ratex_types::color::Color;

use super::spans::TextError;

/// Checks for mistakes that the parser accepts: an empty formula, a comment, an unknown color.
pub(super) fn check(tex: &str) -> Result<(), TextError> {
    if tex.trim().is_empty() {
        return Err(TextError::new(0..tex.len(), "the formula is empty", None));
    }
    if let Some(at) = tokens(tex).find(|token| &tex[token.clone()] == "%") {
        let help = "write `\\%` for a percent sign";
        return Err(TextError::new(
            at,
            "`%` begins a LaTeX comment, which hides the rest of the label",
            Some(help),
        ));
    }
    colors(tex)
        .find(|at| Color::parse(&tex[at.clone()]).is_none())
        .map_or(Ok(()), |at| Err(unknown_color(tex, at)))
}

/// Explains an error of the parser.
pub(super) fn explain(tex: &str, error: &ParseError) -> TextError {
    let message = error.message.as_str();
    let span = error_span(tex, error);
    if let Some(name) = message.strip_prefix("Undefined control sequence: ") {
        return unknown_command(tex, name, span);
    }
    if let Some(name) = message.strip_prefix("No such environment: ") {
        let help = Some("such as `pmatrix`, `bmatrix`, `cases`, `aligned`");
        return TextError::new(find(tex, name, span), &format!("unknown LaTeX environment `{name}`"), help);
    }
    if message.ends_with("got 'EOF'") || message == "Expected \\right after \\left" {
        return unfinished(tex, span, "something is missing at the end");
    }
    if let Some(command) = message.strip_prefix("Expected group as argument to '") {
        let help = Some("put the argument in braces: `\\sqrt{x}`");
        return TextError::new(
            span,
            &format!("`{}` needs an argument", command.trim_end_matches('\'')),
            help,
        );
    }
    if let Some((_, got)) = message.strip_prefix("Expected '").and_then(|rest| rest.split_once("', got '")) {
        return unexpected(got.trim_end_matches('\''), message, span);
    }
    if let Some(sign) = message.strip_prefix("Expected group after '").map(|rest| rest.trim_end_matches('\''))
    {
        return TextError::new(
            span,
            &format!("nothing follows `{sign}`"),
            Some("put the argument in braces: `x^{2}`"),
        );
    }
    let (message, help) = match message {
        "Double superscript" => ("two superscripts on one base", Some("group them with braces: `{x^a}^b`")),
        "Double subscript" => ("two subscripts on one base", Some("group them with braces: `x_{1,2}`")),
        "Extra }" => ("this `}` has no matching `{`", Some("`\\}` is the plain character")),
        "Unexpected end of input in a macro argument" => {
            return unfinished(tex, span, "an argument is missing here");
        }
        "Null argument, please report this as a bug" => ("an argument is missing", None),
        "Recursion limit exceeded" => ("this is nested too deeply", None),
        other if other.starts_with("Too many expansions") => ("the macros expand endlessly", None),
        other => return TextError::new(span, &format!("LaTeX: {}", lower_first(other)), None),
    };
    TextError::new(span, message, help)
}

/// The error where the parser found `got` in place of another token.
fn unexpected(got: &str, message: &str, span: Range<usize>) -> TextError {
    let plain = |sign: &str| format!("`\\{sign}` is the plain character");
    match got {
        "}" => TextError::new(span, "this `}` has no matching `{`", Some(&plain(got))),
        "&" => TextError::new(
            span,
            "`&` is only allowed in matrices and similar environments",
            Some(&plain(got)),
        ),
        "_" | "^" => TextError::new(
            span,
            &format!("`{got}` is not allowed in text"),
            Some("`\\_` and `\\^{}` are the plain characters"),
        ),
        "\\right" => TextError::new(span, "this `\\right` has no `\\left`", Some("`\\left.` draws nothing")),
        "\\end" => TextError::new(span, "this `\\end` has no `\\begin`", None),
        _ => TextError::new(span, &format!("LaTeX: {}", lower_first(message)), None),
    }
}

/// The error where the formula ends too early: the innermost unclosed group if there is one.
fn unfinished(tex: &str, span: Range<usize>, message: &str) -> TextError {
    if let Some(at) = unclosed(tex, "{", "}") {
        return TextError::new(
            at,
            "this `{` is never closed",
            Some("close it with `}`; `\\{` is the plain character"),
        );
    }
    if let Some(at) = unclosed(tex, "\\begin", "\\end") {
        return TextError::new(
            at,
            "this `\\begin` has no `\\end`",
            Some("write `\\end{…}` with the same name"),
        );
    }
    if let Some(at) = unclosed(tex, "\\left", "\\right") {
        return TextError::new(at, "this `\\left` has no `\\right`", Some("`\\right.` draws nothing"));
    }
    TextError::new(span, message, Some("write the argument of the last command in braces: `\\sqrt{x}`"))
}

/// The error for a command that LaTeX does not know.
fn unknown_command(tex: &str, name: &str, span: Range<usize>) -> TextError {
    let help = similar_command(name).map_or_else(
        || {
            let bare = name.trim_start_matches('\\');
            format!(
                "write `\\operatorname{{{bare}}}` for the name of a function, `\\text{{{bare}}}` for words"
            )
        },
        |known| format!("did you mean `{known}`?"),
    );
    TextError::new(find(tex, name, span), &format!("unknown LaTeX command `{name}`"), Some(&help))
}

/// The error for a color that LaTeX does not know.
fn unknown_color(tex: &str, at: Range<usize>) -> TextError {
    let name = &tex[at.clone()];
    let help = match csscolorparser::parse(name) {
        Ok(css) => format!("LaTeX knows only a few color names; write `{}`", css.to_css_hex()),
        Err(_) => "write a name such as `red` or a number such as `#1f77b4`".to_owned(),
    };
    TextError::new(at, &format!("unknown color `{name}`"), Some(&help))
}

/// The byte range of a parser's error.
///
/// It is the whole text if the parser gives no range, or gives one outside the text, as it does for the
/// expansions of macros.
fn error_span(tex: &str, error: &ParseError) -> Range<usize> {
    let all = 0..tex.len();
    error.loc.as_ref().map_or(all.clone(), |loc| {
        let valid = loc.start <= loc.end && tex.get(loc.start..loc.end).is_some();
        if valid { loc.start..loc.end } else { all }
    })
}

/// The byte range of `name`: `span` if it is there, else its first occurrence, else `span` anyway.
fn find(tex: &str, name: &str, span: Range<usize>) -> Range<usize> {
    if tex.get(span.clone()) == Some(name) {
        return span;
    }
    tex.find(name).map_or(span, |start| start..start + name.len())
}

/// The innermost `open` token that no `close` token matches.
fn unclosed(tex: &str, open: &str, close: &str) -> Option<Range<usize>> {
    let mut pending = Vec::new();
    for token in tokens(tex) {
        match &tex[token.clone()] {
            text if text == open => pending.push(token),
            text if text == close => drop(pending.pop()),
            _ => {}
        }
    }
    pending.pop()
}

/// The tokens of LaTeX, including spaces: commands with their letters, and single characters.
fn tokens(tex: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let rest = &tex[next..];
        let first = rest.chars().next()?;
        let length = match rest.strip_prefix('\\') {
            None => first.len_utf8(),
            Some(name) => match name.bytes().take_while(u8::is_ascii_alphabetic).count() {
                0 => 1 + name.chars().next().map_or(0, char::len_utf8),
                letters => 1 + letters,
            },
        };
        let token = next..next + length;
        next = token.end;
        Some(token)
    })
}

/// The byte ranges of color names in `\color{…}`, `\textcolor{…}`, `\colorbox{…}`, `\fcolorbox{…}{…}`.
fn colors(tex: &str) -> impl Iterator<Item = Range<usize>> {
    tex.match_indices("color").flat_map(|(at, word)| {
        let (before, after) = (&tex[..at], &tex[at + word.len()..]);
        let framed = before.ends_with("\\f");
        let wanted =
            if framed { 2 } else { usize::from(before.ends_with('\\') || before.ends_with("\\text")) };
        braced(tex, tex.len() - after.strip_prefix("box").unwrap_or(after).len()).take(wanted)
    })
}

/// The contents of the adjacent brace groups that begin at byte `start`.
fn braced(tex: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut next = start;
    std::iter::from_fn(move || {
        let inside = tex[next..].strip_prefix('{')?;
        let length = inside.find('}')?;
        let from = next + 1;
        next = from + length + 1;
        Some(from..from + length)
    })
}

/// A known command at an edit distance of one: two letters swapped, one added, one missing, or one replaced.
///
/// Names with fewer than three letters have no suggestion, because they resemble too many others.
fn similar_command(name: &str) -> Option<String> {
    let letters = name
        .strip_prefix('\\')
        .filter(|rest| rest.len() > 2 && rest.bytes().all(|b| b.is_ascii_alphabetic()))?;
    let parser = Parser::new("");
    one_edit_away(letters)
        .map(|word| format!("\\{word}"))
        .find(|candidate| parser.gullet.is_defined(candidate))
}

/// All words at an edit distance of one from an ASCII word, the likeliest typing errors first.
fn one_edit_away(word: &str) -> impl Iterator<Item = String> {
    let cut = move |at: usize| word.split_at(at);
    let alphabet = || ('a'..='z').chain('A'..='Z');
    let swapped = (1..word.len()).map(move |at| {
        let (a, b) = cut(at);
        format!("{}{}{}{}", &a[..at - 1], &b[..1], &a[at - 1..], &b[1..])
    });
    let dropped = (0..word.len()).map(move |at| format!("{}{}", cut(at).0, &cut(at).1[1..]));
    let added = (0..=word.len())
        .flat_map(move |at| alphabet().map(move |ch| format!("{}{ch}{}", cut(at).0, cut(at).1)));
    let changed = (0..word.len())
        .flat_map(move |at| alphabet().map(move |ch| format!("{}{ch}{}", cut(at).0, &cut(at).1[1..])));
    swapped.chain(dropped).chain(added).chain(changed)
}

/// A sentence with its first letter in lower case.
fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_command_finds_the_intended_one() {
        for (misspelled, intended) in
            [("\\omgea", "\\omega"), ("\\farc", "\\frac"), ("\\thetta", "\\theta"), ("\\lamda", "\\lambda")]
        {
            assert_eq!(similar_command(misspelled).as_deref(), Some(intended));
        }
        assert_eq!(similar_command("\\qqqqq"), None);
        assert_eq!(similar_command("\\x"), None);
    }

    #[test]
    fn edits_change_one_letter() {
        let words: Vec<_> = one_edit_away("ab").collect();
        assert_eq!(words.len(), 1 + 2 + 3 * 52 + 2 * 52);
        assert_eq!(&words[..3], ["ba", "b", "a"]);
        assert!(words.contains(&"axb".to_owned()) && words.contains(&"aZ".to_owned()));
    }

    #[test]
    fn colors_are_found_in_every_command_that_takes_one() {
        let tex = r"\color{a}\textcolor{b}{x}\colorbox{c}{y}\fcolorbox{d}{e}{z}\mathcolor{f}";
        let names: Vec<_> = colors(tex).map(|at| &tex[at]).collect();
        assert_eq!(names, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn an_unclosed_group_is_the_innermost_one() {
        assert_eq!(unclosed(r"{a}\{b{c{d}", "{", "}"), Some(6..7));
        assert_eq!(unclosed("{a}", "{", "}"), None);
        assert_eq!(unclosed(r"\left(\leftarrow\left[x\right]", r"\left", r"\right"), Some(0..5));
    }

    #[test]
    fn tokens_cover_the_text_and_keep_commands_whole() {
        let tex = r"é\alpha2\{ \\\é%\";
        let texts: Vec<_> = tokens(tex).map(|token| &tex[token]).collect();
        assert_eq!(texts, ["é", r"\alpha", "2", r"\{", " ", r"\\", r"\é", "%", r"\"]);
    }
}
