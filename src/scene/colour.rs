//! Colours as scenes write them, and the theme that gives the rest a value.
//!
//! A colour is CSS's, or `C0` … `C9` of the theme's cycle, or `currentcolor`, the theme's ink. Names
//! mean what they mean in CSS: `green` is #008000, `orange` #ffa500.

use super::diagnostic::Diagnostic;
use super::item::Item;
use super::suggest::nearest;
use crate::raster::Rgba;

/// A colour of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The same in every theme.
    Fixed(Rgba),
    /// `C0` … `C9`: an index of [`Theme::cycle`], 0 to 9.
    Cycle(u8),
    /// `currentcolor`: what text and axes are drawn in.
    Ink,
}

/// The colours a scene does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Text, axes, curves without a colour.
    pub ink: Rgba,
    /// The background.
    pub paper: Rgba,
    /// The inside of masses.
    pub mass: Rgba,
    /// `C0` … `C9`.
    pub cycle: [Rgba; 10],
}

impl Theme {
    /// Black on white.
    ///
    /// The cycle is the ten-colour one of M. A. Petroff, "Accessible Color Sequences for Data
    /// Visualization" (arXiv:2107.02270): its colours stay apart under the three kinds of colour
    /// blindness and in lightness, and people who were asked found it pleasant. Okabe and Ito's, the
    /// better known one, has but eight, among them black, which is the ink, and a yellow that thin
    /// lines on white lose.
    pub const LIGHT: Self = Self {
        ink: Rgba::BLACK,
        paper: Rgba::WHITE,
        mass: Rgba::opaque(0xee, 0xf1, 0xf5),
        cycle: [
            Rgba::opaque(0x3f, 0x90, 0xda),
            Rgba::opaque(0xff, 0xa9, 0x0e),
            Rgba::opaque(0xbd, 0x1f, 0x01),
            Rgba::opaque(0x94, 0xa4, 0xa2),
            Rgba::opaque(0x83, 0x2d, 0xb6),
            Rgba::opaque(0xa9, 0x6b, 0x59),
            Rgba::opaque(0xe7, 0x63, 0x00),
            Rgba::opaque(0xb9, 0xac, 0x70),
            Rgba::opaque(0x71, 0x75, 0x81),
            Rgba::opaque(0x92, 0xda, 0xdd),
        ],
    };
}

impl Colour {
    /// The colour in a theme.
    #[must_use]
    pub fn resolve(self, theme: &Theme) -> Rgba {
        match self {
            Self::Fixed(colour) => colour,
            Self::Cycle(index) => theme.cycle[usize::from(index) % theme.cycle.len()],
            Self::Ink => theme.ink,
        }
    }

    /// Reads a colour of a scene.
    ///
    /// # Errors
    /// A value that is no string, or a string that is no colour; near misses of a name are told the
    /// name.
    pub fn read(item: Item<'_>) -> Result<Self, Diagnostic> {
        item.parsed("a colour", Self::parse)
    }

    /// Parses a colour.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(index) = text.strip_prefix('C')
            && !index.is_empty()
            && index.bytes().all(|digit| digit.is_ascii_digit())
        {
            let index = index.parse().ok().filter(|&index| index <= 9);
            return index.map(Self::Cycle).ok_or_else(|| "the cycle's colours are C0 to C9".to_owned());
        }
        if text.eq_ignore_ascii_case("currentcolor") {
            return Ok(Self::Ink);
        }
        // The parser would take digits without their `#`, which no page does.
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

/// What to write instead of `text`.
fn remedy(text: &str) -> String {
    let names = csscolorparser::NAMED_COLORS.keys().map(|name| name.as_str());
    if let Some(name) = nearest(text, names.chain(["transparent", "currentcolor"])) {
        return format!("did you mean `{name}`?");
    }
    "write a colour of CSS, such as orange, #ffa500 or rgb(255 165 0), or C0 to C9".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Rgba {
        match Colour::parse(text) {
            Ok(Colour::Fixed(colour)) => colour,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn names_mean_what_css_says() {
        assert_eq!(fixed("green"), Rgba::opaque(0, 0x80, 0));
        assert_eq!(fixed("Orange"), Rgba::opaque(0xff, 0xa5, 0));
        assert_eq!(fixed("rebeccapurple"), Rgba::opaque(0x66, 0x33, 0x99));
    }

    #[test]
    fn every_way_to_write_a_colour_gives_the_same_bytes() {
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
    fn what_is_clear_is_one_colour() {
        for text in ["transparent", "#ff000000", "rgb(9 9 9 / 0)"] {
            assert_eq!(fixed(text), Rgba::CLEAR);
        }
    }

    #[test]
    fn the_themes_colours_are_resolved_late() {
        for index in 0..10 {
            let colour = Colour::parse(&format!("C{index}")).unwrap();
            assert_eq!(colour, Colour::Cycle(index));
            assert_eq!(colour.resolve(&Theme::LIGHT), Theme::LIGHT.cycle[usize::from(index)]);
        }
        assert_eq!(Colour::parse("currentColor").unwrap().resolve(&Theme::LIGHT), Rgba::BLACK);
    }

    #[test]
    fn wrong_colours_are_told_the_right_one() {
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
            let found = Colour::parse(text).expect_err(text);
            assert!(found.contains(help), "{text}: {found}");
        }
    }

    /// Red, green, blue in linear light as a person without red or green cones sees them (F. Viénot,
    /// H. Brettel, J. Mollon, "Digital video colourmaps for checking the legibility of displays by
    /// dichromats", 1999), in Oklab.
    fn oklab_seen_with(cones: &[[f64; 3]; 3], colour: Rgba) -> [f64; 3] {
        let linear = [colour.r, colour.g, colour.b].map(|byte| libm::pow(f64::from(byte) / 255.0, 2.2));
        let times =
            |m: &[[f64; 3]; 3], v: [f64; 3]| m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);
        let lms = times(
            &[
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            times(cones, linear),
        );
        times(
            &[
                [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
            ],
            lms.map(libm::cbrt),
        )
    }

    #[test]
    fn the_first_colours_of_the_cycle_stay_apart_for_every_eye() {
        let all = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let no_red = [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]];
        let no_green = [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]];
        for cones in [all, no_red, no_green] {
            let seen: Vec<_> = [Theme::LIGHT.paper]
                .iter()
                .chain(&Theme::LIGHT.cycle[..6])
                .map(|&colour| oklab_seen_with(&cones, colour))
                .collect();
            for (at, a) in seen.iter().enumerate() {
                for b in &seen[..at] {
                    let distance = libm::sqrt(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum());
                    assert!(distance > 0.04, "{distance}");
                }
            }
        }
    }
}
