//! Plain text, shaped in CMU Serif with the kerns and ligatures of TeX's Computer Modern.
//!
//! Arrows and operators (→, −, ≤, ∇, …) are those of the mathematics fonts. A character that no
//! font has is a fault that names it, never a blank. Lengths are in em until outlines are drawn.

use std::ops::RangeInclusive;

use rustybuzz::{Direction, GlyphBuffer, UnicodeBuffer, script};
use tiny_skia_path::Path;

use super::fonts::{FontIndex, Fonts, Glyph};
use super::spans::TextError;
use crate::geometry::Point;

/// Arrows and mathematical operators, in Unicode's order.
const MATH_SIGNS: RangeInclusive<char> = '\u{2190}'..='\u{22ff}';

/// A line of plain text, shaped but not yet drawn; all lengths in em.
#[derive(Debug, Default)]
pub(super) struct ShapedLine {
    /// Glyphs and the offsets of their origins, y upward.
    glyphs: Vec<(Glyph, f64, f64)>,
    /// How far the pen moves.
    pub(super) width: f64,
    /// The highest character's height in the font's metrics.
    pub(super) ascent: f64,
    /// The deepest character's depth.
    pub(super) descent: f64,
}

impl ShapedLine {
    /// Shapes a text.
    pub(super) fn shape(fonts: &Fonts, text: &str) -> Result<Self, TextError> {
        let mut line = Self::default();
        let mut rest = text;
        while let Some(font) = font_of_first(fonts, rest, text)? {
            let end = rest
                .char_indices()
                .find(|(_, ch)| font_for(fonts, *ch) != Some(font))
                .map_or(rest.len(), |(i, _)| i);
            let (piece, after) = rest.split_at(end);
            line.append(fonts, font, piece);
            rest = after;
        }
        for ch in text.chars().filter(|ch| !ch.is_whitespace()) {
            let (height, depth) = character_extent(fonts, ch);
            line.ascent = line.ascent.max(height);
            line.descent = line.descent.max(depth);
        }
        Ok(line)
    }

    /// Shapes a piece that one font has entirely, and puts it behind what is there.
    fn append(&mut self, fonts: &Fonts, font: FontIndex, piece: &str) {
        let em = f64::from(fonts.face(font).units_per_em());
        let shaped = shape(fonts, font, piece);
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let id = rustybuzz::ttf_parser::GlyphId(info.glyph_id as u16);
            let x = self.width + f64::from(position.x_offset) / em;
            self.glyphs.push((Glyph { font, id }, x, f64::from(position.y_offset) / em));
            self.width += f64::from(position.x_advance) / em;
        }
    }

    /// The outlines, `x` device pixels to the right of the label's origin, at `size` pixels to the em.
    pub(super) fn outlines(&self, fonts: &Fonts, x: f64, size: f64) -> impl Iterator<Item = Path> {
        self.glyphs.iter().filter_map(move |(glyph, right, up)| {
            fonts.outline(*glyph, Point::new(x + right * size, -up * size), size)
        })
    }
}

/// The font of the text's first character; none at the end. `whole` is what positions count from.
fn font_of_first(fonts: &Fonts, rest: &str, whole: &str) -> Result<Option<FontIndex>, TextError> {
    let Some(ch) = rest.chars().next() else { return Ok(None) };
    let start = whole.len() - rest.len();
    font_for(fonts, ch).map(Some).ok_or_else(|| missing_character(ch, start..start + ch.len_utf8()))
}

/// The font that a character is set in: CMU Serif for text, and for spaces, of which the shaper makes
/// those that it lacks; `KaTeX`'s for arrows and operators, which are TeX's own there (CMU Serif's minus
/// is longer); any other that has it for the rest.
fn font_for(fonts: &Fonts, ch: char) -> Option<FontIndex> {
    let has = |font| fonts.own_glyph(font, ch).map(|glyph| glyph.font);
    let sign = if MATH_SIGNS.contains(&ch) { has(FontIndex::SIGNS) } else { None };
    if sign.is_none() && ch.is_whitespace() && !breaks_lines(ch) {
        return Some(FontIndex::TEXT);
    }
    sign.or_else(|| fonts.fallback_glyph(ch).map(|glyph| glyph.font))
}

fn breaks_lines(ch: char) -> bool {
    ch.is_control() || matches!(ch, '\u{2028}' | '\u{2029}')
}

/// The fault of a character that no embedded font has.
pub(super) fn missing_character(ch: char, at: std::ops::Range<usize>) -> TextError {
    let code = u32::from(ch);
    if breaks_lines(ch) {
        let message =
            format!("a label is one line without control characters, and this one holds U+{code:04X}");
        let help = Some("write LaTeX labels in single quotes, where a backslash is a backslash".to_owned());
        return TextError { at, message, help };
    }
    let message = format!("no embedded font has the character “{ch}” (U+{code:04X})");
    let help = "labels know Latin, Greek and Cyrillic letters; signs have LaTeX names: `$\\heartsuit$`";
    TextError { at, message, help: Some(help.to_owned()) }
}

/// Shapes text left to right. Text that names no script, such as a number, is shaped as Latin.
fn shape(fonts: &Fonts, font: FontIndex, piece: &str) -> GlyphBuffer {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(piece);
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

/// Height and depth of a character: what Computer Modern's metrics say where they know it, so that all
/// digits are equally high, and else those of the ink.
fn character_extent(fonts: &Fonts, ch: char) -> (f64, f64) {
    let metrics = ratex_font::get_char_metrics(ratex_font::FontId::MainRegular, u32::from(ch));
    if let Some(known) = metrics {
        return (known.height.max(0.0), known.depth.max(0.0));
    }
    let ink = fonts.fallback_glyph(ch).map(|glyph| fonts.measure(glyph)).unwrap_or_default();
    (ink.height, ink.depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(text: &str) -> f64 {
        ShapedLine::shape(&Fonts::default(), text).expect("it can be set").width
    }

    #[test]
    fn kerns_and_ligatures_are_those_of_computer_modern() {
        assert!(width("AV") < width("A") + width("V") - 0.05);
        let office = ShapedLine::shape(&Fonts::default(), "office").expect("it can be set");
        assert_eq!(office.glyphs.len(), 4, "ffi is one glyph");
    }

    #[test]
    fn every_digit_is_half_an_em_wide_and_equally_high() {
        let fonts = Fonts::default();
        for digit in "0123456789".chars() {
            let line = ShapedLine::shape(&fonts, &digit.to_string()).expect("it can be set");
            assert!((line.width - 0.5).abs() < 1e-3, "{digit}: {}", line.width);
            assert!((line.ascent - 0.64444).abs() < 1e-9 && line.descent == 0.0, "{digit}");
        }
    }

    #[test]
    fn spaces_keep_their_width_even_those_that_the_font_lacks() {
        assert!((width(" ") - 1.0 / 3.0).abs() < 1e-3, "{}", width(" "));
        assert!((width("5\u{202f}J") - width("5J")) > 0.05);
        assert!((width(" a ") - width("a") - 2.0 * width(" ")).abs() < 1e-9);
    }

    #[test]
    fn letters_beyond_ascii_are_set_composed_or_not() {
        assert!((width("e\u{301}") - width("é")).abs() < 1e-9);
        for text in ["αβγ", "µm", "μm", "5 €", "Ω", "°C", "Ёж", "−1", "‘a’ “b” – — …", "ñüçß", "a ≤ ∞ → ∇"]
        {
            assert!(width(text) > 0.2, "{text}");
        }
    }
}
