//! The three themes: default colors for light, dark and printed pages.
//!
//! The first six colors of each cycle are distinguishable with every kind of color vision, as the tests in this file
//! measure. The cycles are for thin lines, so their first colors are not pale.

use crate::raster::Rgba;

/// The colors that a scene does not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The color of text, axes and elements without a color.
    pub ink: Rgba,
    /// The background: that of the scene if it is opaque.
    pub paper: Rgba,
    /// The fill of masses.
    pub mass: Rgba,
    /// The cycle of curve colors, `C0` … `C9`.
    pub cycle: [Rgba; 10],
}

/// The opaque color 0xrrggbb.
const fn rgb(hex: u32) -> Rgba {
    Rgba::opaque((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// All themes with their names in scenes.
    pub const ALL: [(&'static str, Self); 3] =
        [("light", Self::LIGHT), ("dark", Self::DARK), ("print", Self::PRINT)];

    /// Black on white.
    ///
    /// The cycle is the ten-color one of M. A. Petroff, "Accessible Color Sequences for Data
    /// Visualization" (arXiv:2107.02270): its colors stay apart under the three kinds of color
    /// blindness and in lightness, and people who were asked found it pleasant. Its fourth color, a gray
    /// that reads as a guide line, is replaced by a green that is as far from the others as they are from
    /// one another. Okabe and Ito's cycle, the better known one, has but eight colors, among them black,
    /// which is the ink, and a yellow that thin lines on white lose.
    pub const LIGHT: Self = Self {
        ink: Rgba::BLACK,
        paper: Rgba::WHITE,
        mass: rgb(0xee_f1f5),
        cycle: [
            rgb(0x3f_90da),
            rgb(0xff_a90e),
            rgb(0xbd_1f01),
            rgb(0x06_6603),
            rgb(0x83_2db6),
            rgb(0xa9_6b59),
            rgb(0xe7_6300),
            rgb(0xb9_ac70),
            rgb(0x71_7581),
            rgb(0x92_dadd),
        ],
    };

    /// Light gray on near-black: `Canvas` in browsers under `color-scheme: dark`, and an ink that does
    /// not glare on it.
    ///
    /// The cycle is [`LIGHT`](Self::LIGHT)'s, so that the words beside a picture, "the orange curve",
    /// are true in both. Its red, green, purple, brown and slate gray are too dark here. They
    /// are replaced by colors of the same hues in Oklab that have a contrast of 4.5 with the paper and are
    /// furthest from all others under every kind of color blindness.
    pub const DARK: Self = Self {
        ink: rgb(0xe6_e6e6),
        paper: rgb(0x12_1212),
        mass: rgb(0x2a_2e35),
        cycle: [
            rgb(0x3f_90da),
            rgb(0xff_a90e),
            rgb(0xe0_462d),
            rgb(0x72_c696),
            rgb(0xd3_9cfd),
            rgb(0xa0_7467),
            rgb(0xe7_6300),
            rgb(0xb9_ac70),
            rgb(0x84_8996),
            rgb(0x92_dadd),
        ],
    };

    /// Black on white for printers, those without color included; masses cost no toner.
    ///
    /// The first four colors are those of matplotlib's `plasma` (S. van der Walt and N. Smith, 2015), a
    /// scale that was made to be read in black and white: at equal steps of lightness, 15 of a hundred,
    /// from its dark end to where a thin line is still seen on white. More steps would be too small to
    /// tell curves apart by. The others fill the gaps in hue, furthest from those before them first;
    /// without color they need dashes.
    pub const PRINT: Self = Self {
        ink: Rgba::BLACK,
        paper: Rgba::WHITE,
        mass: Rgba::WHITE,
        cycle: [
            rgb(0x0d_0887),
            rgb(0x74_01a8),
            rgb(0xbd_3786),
            rgb(0xe8_7059),
            rgb(0x58_8cff),
            rgb(0x21_5e10),
            rgb(0xf8_ba3f),
            rgb(0x96_9696),
            rgb(0xab_bfdf),
            rgb(0x44_250c),
        ],
    };
}

#[cfg(test)]
mod tests {
    use super::super::luminance;
    use super::*;

    type Matrix = [[f64; 3]; 3];

    /// Linear RGB as seen with all cones, without red cones, and without green cones
    /// (F. Viénot, H. Brettel, J. Mollon, "Digital video colormaps for checking the legibility of
    /// displays by dichromats", 1999), and without blue cones (G. Machado, M. Oliveira, L. Fernandes, "A
    /// Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1), for
    /// which the former give no single matrix.
    const EYES: [Matrix; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
        [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    fn times(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
        m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
    }

    fn linear(color: Rgba) -> [f64; 3] {
        [color.r, color.g, color.b].map(|byte| libm::pow(f64::from(byte) / 255.0, 2.2))
    }

    /// A color in Oklab, as seen with one kind of color vision.
    fn seen(eye: &Matrix, color: Rgba) -> [f64; 3] {
        let lms = times(
            &[
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            times(eye, linear(color)),
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

    /// The contrast of two colors as defined by the Web Content Accessibility Guidelines, 1 to 21.
    fn contrast(a: Rgba, b: Rgba) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// CIE lightness, 0 to 100.
    fn lightness(color: Rgba) -> f64 {
        116.0 * libm::cbrt(luminance(color)) - 16.0
    }

    /// The smallest distance in Oklab of any two colors in any kind of color vision.
    fn nearest(colors: &[Rgba]) -> f64 {
        let distance = |a: [f64; 3], b: [f64; 3]| {
            libm::sqrt(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>())
        };
        let mut least = f64::INFINITY;
        for eye in &EYES {
            let seen: Vec<_> = colors.iter().map(|&color| seen(eye, color)).collect();
            for (at, &a) in seen.iter().enumerate() {
                least = seen[..at].iter().map(|&b| distance(a, b)).fold(least, f64::min);
            }
        }
        least
    }

    #[test]
    fn the_first_colors_of_the_cycle_differ_in_every_color_vision() {
        for (name, theme) in Theme::ALL {
            let first = nearest(&[&[theme.paper, theme.ink][..], &theme.cycle[..6]].concat());
            assert!(first > 0.08, "{name}: {first}");
            let all = nearest(&[&[theme.paper, theme.ink][..], &theme.cycle].concat());
            assert!(all > 0.04, "{name}: {all}");
        }
    }

    #[test]
    fn colors_contrast_with_their_background() {
        // The orange of the light cycle has a low contrast with white.
        for ((name, theme), least) in Theme::ALL.into_iter().zip([1.9, 4.5, 3.0]) {
            for &color in &theme.cycle[..6] {
                let found = contrast(color, theme.paper);
                assert!(found >= least, "{name}: {found} for {color:?}");
            }
            for under in [theme.paper, theme.mass] {
                assert!(contrast(theme.ink, under) > 10.0, "{name}: ink on {under:?}");
            }
        }
    }

    #[test]
    fn the_first_four_print_colors_differ_in_lightness() {
        let theme = Theme::PRINT;
        let gray: Vec<f64> = theme.cycle[..4].iter().map(|&color| lightness(color)).collect();
        assert!(gray[0] > lightness(theme.ink) + 14.0, "{gray:?}");
        assert!(gray.windows(2).all(|pair| pair[1] > pair[0] + 14.0), "{gray:?}");
        assert!(gray[3] < lightness(theme.paper) - 30.0, "{gray:?}");
    }
}
