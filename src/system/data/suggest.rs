//! The name that somebody probably meant.

use super::record::shown;
use crate::suggest::nearest;

/// The most names that a message lists.
const MOST_LISTED: usize = 12;

/// The remedy for a wrong name: the nearest name, if one is near, and all names.
pub(super) fn help<'n>(word: &str, names: impl Iterator<Item = &'n str> + Clone) -> String {
    let rest = if names.clone().count() > MOST_LISTED { ", …" } else { "" };
    let listed: Vec<String> =
        names.clone().take(MOST_LISTED).map(|name| format!("`{}`", shown(name))).collect();
    let listed = format!("the columns are {}{rest}", listed.join(", "));
    match nearest(word, names) {
        Some(name) => format!("did you mean `{}`? {listed}", shown(name)),
        None => format!("write one of them: {listed}"),
    }
}
