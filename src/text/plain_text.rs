//! Plain text, shaped in CMU Serif with the kerns and ligatures of TeX's Computer Modern.
//!
//! Arrows and operators (→, −, ≤, ∇, …) come from the mathematics fonts. A character that no font has is an
//! error and never a blank. Lengths are in em until outlines are drawn.

use std::ops::RangeInclusive;

use rustybuzz::{Direction, GlyphBuffer, UnicodeBuffer, script};
use tiny_skia_path::Path;

use super::EmBox;
use super::fonts::{FontIndex, Fonts, Glyph};
use super::spans::TextError;
use crate::geometry::Point;

/// The Unicode blocks of arrows and mathematical operators.
const MATH_SIGNS: RangeInclusive<char> = '\u{2190}'..='\u{22ff}';

/// A line of plain text after shaping. All lengths are in em.
#[derive(Debug, Default)]
pub(super) struct ShapedLine {
    glyphs: Vec<PlacedGlyph>,
    /// The box, with heights from the font's metrics.
    pub(super) em_box: EmBox,
}

/// A glyph and the position of its origin in the line, in em, y upward.
#[derive(Debug)]
struct PlacedGlyph {
    glyph: Glyph,
    x: f64,
    y: f64,
}

impl ShapedLine {
    /// Shapes a text.
    ///
    /// # Errors
    /// A character that no font has, and a line break or control character.
    pub(super) fn shape(fonts: &Fonts, text: &str) -> Result<Self, TextError> {
        let mut line = Self::default();
        let mut rest = text;
        while let Some(font) = font_of_first(fonts, rest, text)? {
            let end = rest
                .char_indices()
                .find(|(_, ch)| font_for(fonts, *ch) != Some(font))
                .map_or(rest.len(), |(i, _)| i);
            let (run, after) = rest.split_at(end);
            line.append(fonts, font, run);
            rest = after;
        }
        for ch in text.chars().filter(|ch| !ch.is_whitespace()) {
            let (height, depth) = height_and_depth(fonts, ch);
            line.em_box.ascent = line.em_box.ascent.max(height);
            line.em_box.descent = line.em_box.descent.max(depth);
        }
        Ok(line)
    }

    /// Shapes text whose characters are all in one font and appends it.
    fn append(&mut self, fonts: &Fonts, font: FontIndex, text: &str) {
        let em = f64::from(fonts.face(font).units_per_em());
        let shaped = shape(fonts, font, text);
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let id = rustybuzz::ttf_parser::GlyphId(info.glyph_id as u16);
            let x = self.em_box.width + f64::from(position.x_offset) / em;
            let y = f64::from(position.y_offset) / em;
            self.glyphs.push(PlacedGlyph { glyph: Glyph { font, id }, x, y });
            self.em_box.width += f64::from(position.x_advance) / em;
        }
    }

    /// The outlines at `size` device pixels per em, beginning `x` device pixels to the right of the label's
    /// origin.
    pub(super) fn outlines(&self, fonts: &Fonts, x: f64, size: f64) -> impl Iterator<Item = Path> {
        self.glyphs.iter().filter_map(move |placed| {
            fonts.outline(placed.glyph, Point::new(x + placed.x * size, -placed.y * size), size)
        })
    }
}

/// The font of the first character of `rest`; `None` at the end. Positions in errors count in `whole`.
fn font_of_first(fonts: &Fonts, rest: &str, whole: &str) -> Result<Option<FontIndex>, TextError> {
    let Some(ch) = rest.chars().next() else { return Ok(None) };
    let start = whole.len() - rest.len();
    font_for(fonts, ch).map(Some).ok_or_else(|| missing_character(ch, start..start + ch.len_utf8()))
}

/// The font for a character; `None` if no font has it.
///
/// Arrows and operators come from `KaTeX`'s main font, which has the glyphs of TeX (the minus of CMU Serif is
/// longer). Spaces come from CMU Serif, where the shaper synthesizes missing ones. Every other character comes
/// from the first font that has it, CMU Serif before the others.
fn font_for(fonts: &Fonts, ch: char) -> Option<FontIndex> {
    let has = |font| fonts.own_glyph(font, ch).map(|glyph| glyph.font);
    let sign = if MATH_SIGNS.contains(&ch) { has(FontIndex::SIGNS) } else { None };
    if sign.is_none() && ch.is_whitespace() && !is_line_break_or_control(ch) {
        return Some(FontIndex::TEXT);
    }
    sign.or_else(|| fonts.fallback_glyph(ch).map(|glyph| glyph.font))
}

/// Whether a character is a line break or a control character.
fn is_line_break_or_control(ch: char) -> bool {
    ch.is_control() || matches!(ch, '\u{2028}' | '\u{2029}')
}

/// The error for a character that no embedded font has.
pub(super) fn missing_character(ch: char, at: std::ops::Range<usize>) -> TextError {
    let code = u32::from(ch);
    if is_line_break_or_control(ch) {
        let message = format!(
            "a label is a single line without control characters, and this one contains U+{code:04X}"
        );
        let help = "write LaTeX labels in single quotes, where a backslash is a backslash";
        return TextError::new(at, &message, Some(help));
    }
    let message = format!("no embedded font has the character “{ch}” (U+{code:04X})");
    let help =
        "labels can use Latin, Greek and Cyrillic letters; other signs have LaTeX names: `$\\heartsuit$`";
    TextError::new(at, &message, Some(help))
}

/// Shapes text left to right. Text without a script, such as a number, is shaped as Latin.
fn shape(fonts: &Fonts, font: FontIndex, text: &str) -> GlyphBuffer {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(Direction::LeftToRight);
    if [script::UNKNOWN, script::COMMON, script::INHERITED].contains(&buffer.script()) {
        buffer.set_script(script::LATIN);
    }
    let face = fonts.face(font);
    if font == FontIndex::TEXT && buffer.script() == script::LATIN {
        rustybuzz::shape_with_plan(face, fonts.latin_plan(), buffer)
    } else {
        rustybuzz::shape(face, &[], buffer)
    }
}

/// The height and depth of a character, in em.
///
/// They come from the metrics of Computer Modern, in which all digits have equal height; for other characters,
/// from the ink.
fn height_and_depth(fonts: &Fonts, ch: char) -> (f64, f64) {
    let metrics = ratex_font::get_char_metrics(ratex_font::FontId::MainRegular, u32::from(ch));
    if let Some(metrics) = metrics {
        return (metrics.height.max(0.0), metrics.depth.max(0.0));
    }
    let ink = fonts.fallback_glyph(ch).map(|glyph| fonts.measure(glyph)).unwrap_or_default();
    (ink.height, ink.depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(text: &str) -> f64 {
        ShapedLine::shape(&Fonts::default(), text).expect("valid text").em_box.width
    }

    #[test]
    fn kerns_and_ligatures_are_those_of_computer_modern() {
        assert!(width("AV") < width("A") + width("V") - 0.05);
        let office = ShapedLine::shape(&Fonts::default(), "office").expect("valid text");
        assert_eq!(office.glyphs.len(), 4, "ffi is one glyph");
    }

    #[test]
    fn all_digits_are_half_an_em_wide_and_equally_high() {
        let fonts = Fonts::default();
        for digit in "0123456789".chars() {
            let line = ShapedLine::shape(&fonts, &digit.to_string()).expect("valid text");
            assert!((line.em_box.width - 0.5).abs() < 1e-3, "{digit}: {}", line.em_box.width);
            assert!((line.em_box.ascent - 0.64444).abs() < 1e-9 && line.em_box.descent == 0.0, "{digit}");
        }
    }

    #[test]
    fn spaces_keep_their_width_even_if_the_font_lacks_them() {
        assert!((width(" ") - 1.0 / 3.0).abs() < 1e-3, "{}", width(" "));
        assert!((width("5\u{202f}J") - width("5J")) > 0.05);
        assert!((width(" a ") - width("a") - 2.0 * width(" ")).abs() < 1e-9);
    }

    #[test]
    fn non_ascii_letters_have_outlines_precomposed_or_not() {
        assert!((width("e\u{301}") - width("é")).abs() < 1e-9);
        for text in ["αβγ", "µm", "μm", "5 €", "Ω", "°C", "Ёж", "−1", "‘a’ “b” – — …", "ñüçß", "a ≤ ∞ → ∇"]
        {
            assert!(width(text) > 0.2, "{text}");
        }
    }
}
