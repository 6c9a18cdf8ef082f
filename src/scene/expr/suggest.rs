//! Suggestions for unknown names.

use super::ExprError;
use crate::suggest::nearest;

/// Names from other languages and the help for each.
const FOREIGN_NAMES: [(&str, &str); 16] = [
    ("i", "the imaginary unit is `j`"),
    ("e", "write `exp(…)`, or `exp(1)` for the number"),
    ("time", "the time is `t`"),
    ("tau", "write `2*pi`"),
    ("ln", "the natural logarithm is `log`"),
    ("pow", "a power is written `a^b`"),
    ("round", "write `floor(x + 0.5)`"),
    ("real", "the real part is `re`"),
    ("imag", "the imaginary part is `im`"),
    ("angle", "the angle is `arg`"),
    ("phase", "the angle is `arg`"),
    ("arcsin", "write `asin`"),
    ("arccos", "write `acos`"),
    ("arctan", "write `atan`"),
    ("sgn", "write `sign`"),
    ("where", "write `if(condition, then, else)`"),
];

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
