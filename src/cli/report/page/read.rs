//! Reads a report back from its page.

use super::super::document::{CLOSING, OPENING, parse};
use super::super::model::Report;
use super::{articles, frame_view};

/// The report that a page carries.
///
/// # Errors
/// The page is not a report, is cut off, damaged, or of another version; the message continues the name of the page.
pub(in super::super) fn report(page: &str) -> Result<Report, String> {
    let other_page = || "is no report that kymo wrote: name what --report made".to_owned();
    let (_, rest) = page.split_once(OPENING).ok_or_else(other_page)?;
    let (json, _) =
        rest.split_once(CLOSING).ok_or_else(|| "ends in its middle: write it again".to_owned())?;
    let mut report = parse(json)?;
    for (number, article) in articles(page) {
        let Some(entry) = report.entries.get_mut(number) else { continue };
        let Some(index) = entry.ranked().first().map(|frame| frame.index) else { continue };
        if let Some(frame) = entry.shown.iter_mut().find(|frame| frame.index == index) {
            *frame = frame_view::shown(article, index);
        }
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::super::super::sample::{mixed, shown};
    use super::super::html;
    use super::*;
    use crate::cli::shard::Shard;

    #[test]
    fn a_page_gives_back_the_report_whatever_its_texts_hold() {
        let mut original = mixed();
        original.shards = vec![Shard { number: 2, of: 3 }];
        original.entries[0].reasons = vec!["</script><!-- <script> \u{2028} \\u003c \0".to_owned()];
        original.entries[0].shown = vec![shown(37), shown(40)];
        let page = html(&original);
        assert_eq!(report(&page).expect("its report"), original);
        assert_eq!(page, html(&original), "equal reports are equal bytes");
    }

    #[test]
    fn other_pages_are_refused_with_a_reason() {
        let whole = html(&mixed());
        let cut = &whole[..whole.find(OPENING).expect("the element") + OPENING.len() + 10];
        for (page, why) in [
            ("<!doctype html><p>hello", "no report that kymo wrote"),
            (cut, "ends in its middle"),
            (&whole.replace("\"version\":1", "\"version\":2"), "version 2, and this kymo reads version 1"),
            (&whole.replace("\"picture\":", "\"image\":"), "damaged report"),
            (&whole.replace("\"shown\":[[]", "\"shown\":[[],[]"), "not as many"),
        ] {
            let text = report(page).expect_err(why);
            assert!(text.contains(why), "{text}");
        }
    }
}
