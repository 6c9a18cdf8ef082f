//! The head of a definition: the name of a param or a signal, or a function with its arguments, `H(w)`.

use crate::scene::expr::{NameKind, check_name};

/// The name and the arguments of a definition, as far as they can be told apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// The name.
    pub(super) name: String,
    /// The arguments; empty for a param or a signal.
    pub(super) arguments: Vec<String>,
}

/// The name in a head as it is written.
pub(super) fn name(written: &str) -> &str {
    written.split_once('(').map_or(written, |(name, _)| name.trim_end())
}

/// A mistake in a head: the message and its remedy.
type Mistake = (String, String);

impl Head {
    /// Splits a head. It is not checked.
    pub(super) fn split(written: &str) -> Self {
        let Some((_, rest)) = written.split_once('(') else {
            return Self { name: written.to_owned(), arguments: Vec::new() };
        };
        let inside = rest.trim_end().strip_suffix(')').unwrap_or(rest);
        let arguments = inside.split(',').map(|argument| argument.trim().to_owned()).collect();
        Self { name: name(written).to_owned(), arguments }
    }

    /// Checks the arguments of a function. The name is checked with all others.
    pub(super) fn check(&self, written: &str) -> Result<(), Mistake> {
        let Self { name, arguments } = self;
        if arguments.is_empty() {
            return Ok(());
        }
        if !written.trim_end().ends_with(')') || written.matches(['(', ')']).count() != 2 {
            return Err((format!("`{written}` cannot name a function"), format!("write `{name}(x)`")));
        }
        if arguments.iter().any(|argument| argument == "t") {
            return Err(self.depends_on_time());
        }
        if let [only] = &arguments[..]
            && only.is_empty()
        {
            return Err((format!("`{written}` has no arguments"), format!("write `{name}`")));
        }
        for (i, argument) in arguments.iter().enumerate() {
            let remedy = "name the arguments as in `H(w)`, and the function uses these names".to_owned();
            check_name(NameKind::Argument, argument).map_err(|message| (message, remedy))?;
            if arguments[..i].contains(argument) {
                let message = format!("`{argument}` is an argument of `{name}` twice");
                return Err((message, "give each argument a name of its own".to_owned()));
            }
        }
        Ok(())
    }

    /// The mistake of naming the time among the arguments.
    fn depends_on_time(&self) -> Mistake {
        let Self { name, arguments } = self;
        let others: Vec<&str> = arguments.iter().map(String::as_str).filter(|name| *name != "t").collect();
        let message = "`t` is the present time, which needs no argument".to_owned();
        let remedy = if others.is_empty() {
            format!("write `{name}`; `{name}(2)` is its value at t = 2")
        } else {
            let others = others.join(", ");
            format!("write `{name}({others})`; `{name}({others})(2)` is its value at t = 2")
        };
        (message, remedy)
    }
}
