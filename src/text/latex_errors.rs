//! What is wrong with a piece of LaTeX, said so that its author can mend it.
//!
//! The parser's messages name its own notions (“Expected 'EOF', got '}'”) and sometimes no place. Here
//! each becomes plain words, a range of bytes, and advice where there is some.

use std::ops::Range;

use ratex_parser::{ParseError, Parser};
use ratex_types::color::Color;

use super::spans::TextError;

/// Faults that the parser lets pass: nothing to set, a comment, a color it does not know.
pub(super) fn check(tex: &str) -> Result<(), TextError> {
    if tex.trim().is_empty() {
        return Err(fault(0..tex.len(), "there is no mathematics here", None));
    }
    if let Some(at) = tokens(tex).find(|token| &tex[token.clone()] == "%") {
        let help = "write `\\%` for the sign";
        return Err(fault(at, "`%` begins a LaTeX comment, which hides the rest of the label", Some(help)));
    }
    colors(tex)
        .find(|at| Color::parse(&tex[at.clone()]).is_none())
        .map_or(Ok(()), |at| Err(no_color(tex, at)))
}

/// What a parser's error means and where.
pub(super) fn parse_error(tex: &str, error: &ParseError) -> TextError {
    let message = error.message.as_str();
    let place = place(tex, error);
    if let Some(name) = message.strip_prefix("Undefined control sequence: ") {
        return unknown_command(tex, name, place);
    }
    if let Some(name) = message.strip_prefix("No such environment: ") {
        let help = Some("such as `pmatrix`, `bmatrix`, `cases`, `aligned`");
        return fault(find(tex, name, place), &format!("there is no environment `{name}`"), help);
    }
    if message.ends_with("got 'EOF'") || message == "Expected \\right after \\left" {
        return unfinished(tex, place, "something is missing at the end");
    }
    if let Some(command) = message.strip_prefix("Expected group as argument to '") {
        let help = Some("braces hold what it applies to: `\\sqrt{x}`");
        return fault(place, &format!("`{}` lacks an argument", command.trim_end_matches('\'')), help);
    }
    if let Some((_, got)) = message.strip_prefix("Expected '").and_then(|rest| rest.split_once("', got '")) {
        return unexpected(got.trim_end_matches('\''), message, place);
    }
    if let Some(sign) = message.strip_prefix("Expected group after '").map(|rest| rest.trim_end_matches('\''))
    {
        return fault(
            place,
            &format!("nothing follows `{sign}`"),
            Some("braces hold what it applies to: `x^{2}`"),
        );
    }
    let (message, help) = match message {
        "Double superscript" => {
            ("two superscripts on one base", Some("braces say which is whose: `{x^a}^b`"))
        }
        "Double subscript" => ("two subscripts on one base", Some("braces say which is whose: `x_{1,2}`")),
        "Extra }" => ("this `}` closes no `{`", Some("`\\}` is the plain character")),
        "Unexpected end of input in a macro argument" => {
            return unfinished(tex, place, "an argument is missing here");
        }
        "Null argument, please report this as a bug" => ("an argument is missing", None),
        "Recursion limit exceeded" => ("this is nested too deeply", None),
        other if other.starts_with("Too many expansions") => ("macros expand without end", None),
        other => return fault(place, &format!("LaTeX: {}", lower_first(other)), None),
    };
    fault(place, message, help)
}

/// The parser wanted one thing and met another.
fn unexpected(got: &str, message: &str, place: Range<usize>) -> TextError {
    let plain = |sign: &str| format!("`\\{sign}` is the plain character");
    match got {
        "}" => fault(place, "this `}` closes no `{`", Some(&plain(got))),
        "&" => fault(place, "`&` has no meaning outside of a matrix or the like", Some(&plain(got))),
        "_" | "^" => fault(
            place,
            &format!("`{got}` has no meaning in text"),
            Some("`\\_` and `\\^{}` are the plain characters"),
        ),
        "\\right" => fault(place, "this `\\right` has no `\\left`", Some("`\\left.` draws nothing")),
        "\\end" => fault(place, "this `\\end` has no `\\begin`", None),
        _ => fault(place, &format!("LaTeX: {}", lower_first(message)), None),
    }
}

/// The text ended too early: whatever is still open is to blame.
fn unfinished(tex: &str, place: Range<usize>, message: &str) -> TextError {
    if let Some(at) = unclosed(tex, "{", "}") {
        return fault(
            at,
            "this `{` is never closed",
            Some("close it with `}`; `\\{` is the plain character"),
        );
    }
    if let Some(at) = unclosed(tex, "\\begin", "\\end") {
        return fault(at, "this `\\begin` has no `\\end`", Some("write `\\end{…}` with the same name"));
    }
    if let Some(at) = unclosed(tex, "\\left", "\\right") {
        return fault(at, "this `\\left` has no `\\right`", Some("`\\right.` draws nothing"));
    }
    fault(place, message, Some("write what the last command applies to, in braces: `\\sqrt{x}`"))
}

fn unknown_command(tex: &str, name: &str, place: Range<usize>) -> TextError {
    let help = similar_command(name).map_or_else(
        || {
            let bare = name.trim_start_matches('\\');
            format!("`\\operatorname{{{bare}}}` sets the name of a function, `\\text{{{bare}}}` words")
        },
        |known| format!("did you mean `{known}`?"),
    );
    fault(find(tex, name, place), &format!("LaTeX has no command `{name}` here"), Some(&help))
}

fn no_color(tex: &str, at: Range<usize>) -> TextError {
    let name = &tex[at.clone()];
    let help = match csscolorparser::parse(name) {
        Ok(css) => format!("LaTeX here knows but a few names; write `{}`", css.to_css_hex()),
        Err(_) => "names such as `red` or numbers such as `#1f77b4`".to_owned(),
    };
    fault(at, &format!("no color is called `{name}`"), Some(&help))
}

fn fault(at: Range<usize>, message: &str, help: Option<&str>) -> TextError {
    TextError { at, message: message.to_owned(), help: help.map(str::to_owned) }
}

/// Where the parser saw the error; all of the text where it does not say, or says what cannot be, as
/// it does of what macros brought in.
fn place(tex: &str, error: &ParseError) -> Range<usize> {
    let all = 0..tex.len();
    error.loc.as_ref().map_or(all.clone(), |loc| {
        let valid = loc.start <= loc.end && tex.get(loc.start..loc.end).is_some();
        if valid { loc.start..loc.end } else { all }
    })
}

/// `place` if `name` stands there, else where it first stands, else `place` all the same.
fn find(tex: &str, name: &str, place: Range<usize>) -> Range<usize> {
    if tex.get(place.clone()) == Some(name) {
        return place;
    }
    tex.find(name).map_or(place, |start| start..start + name.len())
}

/// The innermost `open` that no `close` follows.
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

/// LaTeX's tokens, spaces included: commands with their letters, and single characters.
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

/// Where colors are named: `\color{…}`, `\textcolor{…}`, `\colorbox{…}`, `\fcolorbox{…}{…}`.
fn colors(tex: &str) -> impl Iterator<Item = Range<usize>> {
    tex.match_indices("color").flat_map(|(at, word)| {
        let (before, after) = (&tex[..at], &tex[at + word.len()..]);
        let framed = before.ends_with("\\f");
        let wanted =
            if framed { 2 } else { usize::from(before.ends_with('\\') || before.ends_with("\\text")) };
        braced(tex, tex.len() - after.strip_prefix("box").unwrap_or(after).len()).take(wanted)
    })
}

/// The insides of the brace groups that begin at byte `start`, one right behind the other.
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

/// A known command one slip of the pen away: two letters swapped, one too many, one missing, one
/// wrong. Names of fewer than three letters are too close to too many others.
fn similar_command(name: &str) -> Option<String> {
    let letters = name
        .strip_prefix('\\')
        .filter(|rest| rest.len() > 2 && rest.bytes().all(|b| b.is_ascii_alphabetic()))?;
    let parser = Parser::new("");
    one_edit_away(letters)
        .map(|slip| format!("\\{slip}"))
        .find(|candidate| parser.gullet.is_defined(candidate))
}

/// All words one slip away from an ASCII word, the likeliest slips first.
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

/// The parser's sentence as the end of another.
fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_command_that_was_meant() {
        for (slip, meant) in
            [("\\omgea", "\\omega"), ("\\farc", "\\frac"), ("\\thetta", "\\theta"), ("\\lamda", "\\lambda")]
        {
            assert_eq!(similar_command(slip).as_deref(), Some(meant));
        }
        assert_eq!(similar_command("\\qqqqq"), None);
        assert_eq!(similar_command("\\x"), None);
    }

    #[test]
    fn every_slip_is_one_letter_away() {
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
    fn what_is_left_open_is_the_innermost_of_its_kind() {
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
