//! Colors in scenes.
//!
//! A color is a CSS color, or `C0` … `C9` of the theme's cycle, or `currentcolor`, the ink color of the theme. Names have
//! their CSS values: `green` is #008000, `orange` is #ffa500.

mod map;
mod scale;
mod theme;

pub use map::{ColorMap, LEVELS};
pub use scale::{ColorScale, LevelFinder};
pub use theme::Theme;

use super::diagnostic::Diagnostic;
use super::value_reader::ValueReader;
use crate::raster::Rgba;
use crate::suggest::nearest;

/// A color of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// A color that is the same in every theme.
    Fixed(Rgba),
    /// `C0` … `C9`: an index of [`Theme::cycle`], 0 to 9.
    Cycle(u8),
    /// `currentcolor`: the color of text and axes.
    Ink,
}

/// The relative luminance of a color, 0 to 1, as the Web Content Accessibility Guidelines need it, with a gamma of 2.2.
#[must_use]
pub fn luminance(color: Rgba) -> f64 {
    let [r, g, b] = [color.r, color.g, color.b].map(|byte| libm::pow(f64::from(byte) / 255.0, 2.2));
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

impl Color {
    /// The color in a theme.
    #[must_use]
    pub fn resolve(self, theme: &Theme) -> Rgba {
        match self {
            Self::Fixed(color) => color,
            Self::Cycle(index) => theme.cycle[usize::from(index) % theme.cycle.len()],
            Self::Ink => theme.ink,
        }
    }

    /// Reads a color of a scene.
    ///
    /// # Errors
    /// The value is not a string or not a color. The help suggests the nearest name.
    pub fn read(item: ValueReader<'_>) -> Result<Self, Diagnostic> {
        item.parsed("a color", Self::parse)
    }

    /// Parses a color.
    ///
    /// # Errors
    /// The text is not a color. The error is the help: what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(index) = text.strip_prefix('C')
            && !index.is_empty()
            && index.bytes().all(|digit| digit.is_ascii_digit())
        {
            // The last digit is the index modulo the ten colors.
            let again = &index[index.len() - 1..];
            let index = index.parse().ok().filter(|&index| index <= 9);
            return index
                .map(Self::Cycle)
                .ok_or_else(|| format!("the cycle has ten colors, C0 to C9: write C{again}"));
        }
        if text.eq_ignore_ascii_case("currentcolor") {
            return Ok(Self::Ink);
        }
        // The parser accepts hexadecimal digits without `#`, which CSS does not.
        if is_bare_hex(text) {
            return Err(format!("write #{text}"));
        }
        let [r, g, b, a] = csscolorparser::parse(text).map_err(|_| remedy(text))?.to_rgba8();
        Ok(Self::Fixed(if a == 0 { Rgba::CLEAR } else { Rgba { r, g, b, a } }))
    }
}

fn is_bare_hex(text: &str) -> bool {
    matches!(text.len(), 3 | 4 | 6 | 8) && text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// The help for a text that is not a color.
fn remedy(text: &str) -> String {
    // As in matplotlib.
    if let Some(name) = text.strip_prefix("tab:") {
        return format!("write C0 to C9, colors of the cycle, or {name}");
    }
    let names = csscolorparser::NAMED_COLORS.keys().map(|name| name.as_str());
    if let Some(name) = nearest(text, names.chain(["transparent", "currentcolor"])) {
        return format!("did you mean `{name}`?");
    }
    "write a color of CSS, such as orange, #ffa500 or rgb(255 165 0), or C0 to C9".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Rgba {
        match Color::parse(text) {
            Ok(Color::Fixed(color)) => color,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn names_have_their_css_values() {
        assert_eq!(fixed("green"), Rgba::opaque(0, 0x80, 0));
        assert_eq!(fixed("Orange"), Rgba::opaque(0xff, 0xa5, 0));
        assert_eq!(fixed("rebeccapurple"), Rgba::opaque(0x66, 0x33, 0x99));
    }

    #[test]
    fn all_notations_of_a_color_are_equal() {
        for (r, g, b, a) in [(0, 17, 255, 255), (1, 2, 3, 51), (254, 128, 127, 153)] {
            let expected = Rgba { r, g, b, a };
            let alpha = f64::from(a) / 255.0;
            assert_eq!(fixed(&format!("#{r:02x}{g:02X}{b:02x}{a:02x}")), expected);
            assert_eq!(fixed(&format!("rgb({r} {g} {b} / {alpha})")), expected);
            assert_eq!(fixed(&format!(" rgba({r}, {g}, {b}, {alpha}) ")), expected);
        }
        assert_eq!(fixed("#01f"), fixed("#0011ff"));
        assert_eq!(fixed("hsl(120 100% 25%)"), Rgba::opaque(0, 128, 0));
    }

    #[test]
    fn all_transparent_colors_are_equal() {
        for text in ["transparent", "#ff000000", "rgb(9 9 9 / 0)"] {
            assert_eq!(fixed(text), Rgba::CLEAR);
        }
    }

    #[test]
    fn theme_colors_are_resolved_in_each_theme() {
        for (_, theme) in Theme::ALL {
            for index in 0..10 {
                let color = Color::parse(&format!("C{index}")).unwrap();
                assert_eq!(color, Color::Cycle(index));
                assert_eq!(color.resolve(&theme), theme.cycle[usize::from(index)]);
            }
            assert_eq!(Color::parse("currentColor").unwrap().resolve(&theme), theme.ink);
            assert_eq!(Color::parse("black").unwrap().resolve(&theme), Rgba::BLACK);
        }
    }

    #[test]
    fn invalid_colors_have_a_suggestion() {
        for (text, help) in [
            ("oragne", "`orange`"),
            ("grean", "`green`"),
            ("darkgey", "`darkgrey`"),
            ("transparant", "`transparent`"),
            ("ff8800", "#ff8800"),
            ("C10", "C0 to C9"),
            ("c0", "C0 to C9"),
            ("", "C0 to C9"),
            ("#12", "C0 to C9"),
            ("rgb(1 2)", "C0 to C9"),
            ("é(", "C0 to C9"),
        ] {
            let found = Color::parse(text).expect_err(text);
            assert!(found.contains(help), "{text}: {found}");
        }
    }
}
