//! One frame on the page: expected, actual and difference beside each other, each on a sheet as large as
//! the largest of them, with a box around the differences.

use std::fmt::Write;

use super::super::base64_text;
use super::super::markup::escaped;
use super::super::model::ShownFrame;

/// A frame and its size in pixels.
pub(super) struct FrameView<'a> {
    /// Name, title and PNG of each picture that exists.
    pictures: Vec<(&'static str, &'static str, &'a [u8])>,
    width: u32,
    height: u32,
    /// Left, top, right, bottom.
    bounds: Option<[u32; 4]>,
}

/// The attribute before the bytes of a picture.
const SOURCE: &str = "src=\"data:image/png;base64,";

impl<'a> FrameView<'a> {
    pub(super) fn new(shown: &'a ShownFrame, bounds: Option<[u32; 4]>) -> Self {
        let all = [
            ("expected", "Expected", shown.expected.as_slice()),
            ("actual", "Actual", shown.actual.as_slice()),
            ("difference", "Difference", shown.difference.as_slice()),
        ];
        let pictures: Vec<_> = all.into_iter().filter(|(_, _, png)| !png.is_empty()).collect();
        let (width, height) = pictures
            .iter()
            .map(|(_, _, png)| size(png))
            .fold((1, 1), |(width, height), size| (width.max(size.0), height.max(size.1)));
        Self { pictures, width, height, bounds }
    }

    /// Its width and height as custom properties of CSS, for the style.
    pub(super) fn measures(&self) -> String {
        format!("--w:{};--h:{}", self.width, self.height)
    }

    /// The panes; `name` is the title of the entry.
    pub(super) fn panes(&self, name: &str) -> String {
        let mut panes = String::new();
        for (what, title, png) in &self.pictures {
            let (width, height) = size(png);
            // Writing to a string cannot fail.
            let _ = writeln!(
                panes,
                "{}<figcaption>{title}</figcaption><div class=\"frame\"><div class=\"stage\">\
                 <div class=\"sheet\"><img alt=\"{title}: {}\" width=\"{width}\" height=\"{height}\" style=\"--iw:{width}\" \
                 decoding=\"async\" {SOURCE}{}\">{}</div></div></div></figure>",
                opening(what),
                escaped(name),
                base64_text::text(png),
                self.outline()
            );
        }
        panes
    }

    /// The box around the differences, in percent of the sheet.
    fn outline(&self) -> String {
        let Some([left, top, right, bottom]) = self.bounds else { return String::new() };
        let across = |x: u32| percent(x, self.width);
        let down = |y: u32| percent(y, self.height);
        format!(
            "<i class=\"box\" style=\"left:{};top:{};width:{};height:{}\"></i>",
            across(left),
            down(top),
            across(right.saturating_sub(left)),
            down(bottom.saturating_sub(top))
        )
    }
}

/// The beginning of a pane.
fn opening(what: &str) -> String {
    format!("<figure class=\"pane {what}\">")
}

/// Reads the frame that an article shows back from its panes.
pub(super) fn shown(article: &str, index: usize) -> ShownFrame {
    let png = |what| {
        let pane = article.split_once(&opening(what)).and_then(|(_, pane)| pane.split_once(SOURCE));
        let text = pane.and_then(|(_, source)| source.split_once('"')).map(|(text, _)| text);
        text.map(base64_text::bytes).unwrap_or_default()
    };
    ShownFrame { index, expected: png("expected"), actual: png("actual"), difference: png("difference") }
}

fn percent(part: u32, whole: u32) -> String {
    format!("{:.3}%", 100.0 * f64::from(part) / f64::from(whole))
}

/// The width and height of a PNG, which follow its signature and the name of its first chunk; 1 by 1 for other bytes.
fn size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| {
        let bytes = png.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(1, u32::from_be_bytes).max(1)
    };
    (number(16), number(20))
}

#[cfg(test)]
mod tests {
    use super::super::super::sample::png;
    use super::*;

    #[test]
    fn the_sheet_is_as_large_as_the_largest_picture_and_the_box_lies_on_it() {
        let shown = ShownFrame { index: 0, expected: png(40, 20), actual: png(30, 50), difference: vec![] };
        let sheet = FrameView::new(&shown, Some([10, 5, 20, 25]));
        assert_eq!(sheet.measures(), "--w:40;--h:50");
        let panes = sheet.panes("a<b");
        assert_eq!(panes.matches("left:25.000%;top:10.000%;width:25.000%;height:40.000%").count(), 2);
        assert!(
            panes.contains("alt=\"Actual: a&lt;b\" width=\"30\" height=\"50\"")
                && !panes.contains("Difference")
        );
    }
}
