//! Suggestions for unknown names.

use super::ExprError;
use super::function::is_function;
use crate::suggest::nearest;

/// Names from other languages and the help for each.
const FOREIGN_NAMES: [(&str, &str); 20] = [
    ("i", "the imaginary unit is `j`"),
    ("e", "write `exp(…)`, or `exp(1)` for the number"),
    ("time", "the time is `t`"),
    ("tau", "write `2*pi`"),
    ("ln", "write `log(…)`, the natural logarithm"),
    ("pow", "write `a^b`"),
    ("round", "write `floor(x + 0.5)`"),
    ("real", "write `re(…)`"),
    ("imag", "write `im(…)`"),
    ("angle", "write `arg(…)`"),
    ("phase", "write `arg(…)`"),
    ("arcsin", "write `asin(…)`"),
    ("arccos", "write `acos(…)`"),
    ("arctan", "write `atan(…)`"),
    ("arctan2", "write `atan2(y, x)`"),
    ("power", "write `a^b`"),
    ("absolute", "write `abs(…)`"),
    ("quad", "write `integral(EXPR, s, a, b)`"),
    ("sgn", "write `sign(…)`"),
    ("where", "write `if(condition, then, else)`"),
];

/// Names of modules of other languages, before a point.
const MODULES: [&str; 6] = ["np", "numpy", "math", "cmath", "scipy", "Math"];

/// The remedy for a member of a module of another language, such as `np.sin`; `None` if it is of none.
pub(super) fn without_module(module: &str, member: &str) -> Option<String> {
    MODULES.contains(&module).then(|| {
        let foreign = FOREIGN_NAMES.iter().find(|(foreign, _)| *foreign == member);
        match foreign {
            Some((_, help)) => (*help).to_owned(),
            None if is_function(member) => format!("write `{member}(…)`"),
            None => format!("write `{member}`"),
        }
    })
}

/// Adds help for an unknown name: the spelling used here if it is a name of another language, else the nearest
/// known name.
pub(super) fn suggest<'c>(error: ExprError, name: &str, known: impl Iterator<Item = &'c str>) -> ExprError {
    if let Some((_, help)) = FOREIGN_NAMES.iter().find(|(foreign, _)| *foreign == name) {
        return error.with_help(*help);
    }
    match nearest(name, known) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None => error,
    }
}
