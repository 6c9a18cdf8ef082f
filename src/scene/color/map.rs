//! Color maps: 64 levels each, from the low end of a range to its high end.
//!
//! The levels are those of matplotlib's maps at the middles of 64 equal parts. viridis, magma and cividis are in the public
//! domain (CC0; van der Walt, Smith; Nuñez, Anderton, Renslow), and so is twilight (CC0; Bechtold). turbo is by Mikhailov
//! (Apache 2.0), and `RdBu` is one of Brewer's schemes (`ColorBrewer`, Apache 2.0).

use crate::raster::Rgba;

/// The number of levels.
pub const LEVELS: usize = 64;

/// A color map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMap {
    /// Dark violet to yellow, even in lightness.
    Viridis,
    /// Black to cream, even in lightness.
    Magma,
    /// Dark blue to yellow, the same to color-blind eyes.
    Cividis,
    /// Blue to red through green, with the most contrast.
    Turbo,
    /// Red to blue with white in the middle, for values below and above 0.
    RdBu,
    /// White through blue, black and red to white again, for angles.
    Twilight,
}

impl ColorMap {
    /// The maps by name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("viridis", Self::Viridis),
        ("magma", Self::Magma),
        ("cividis", Self::Cividis),
        ("turbo", Self::Turbo),
        ("RdBu", Self::RdBu),
        ("twilight", Self::Twilight),
    ];

    /// The range that the map shows unless another is given: 0 to 1, and for the maps that are symmetric about 0 −1 to 1,
    /// or −π to π for angles.
    #[must_use]
    pub fn default_range(self) -> [f64; 2] {
        match self {
            Self::Viridis | Self::Magma | Self::Cividis | Self::Turbo => [0.0, 1.0],
            Self::RdBu => [-1.0, 1.0],
            Self::Twilight => [-std::f64::consts::PI, std::f64::consts::PI],
        }
    }

    /// The level of a value in a range, 0 to 63; `None` if it is NaN. Values beyond the range have the level of its nearer
    /// end, but those of `Twilight` go round.
    #[must_use]
    pub fn level(self, value: f64, [low, high]: [f64; 2]) -> Option<usize> {
        let part = (value - low) / (high - low);
        let part = if self == Self::Twilight { part - part.floor() } else { part };
        let level = (part * LEVELS as f64).floor().clamp(0.0, LEVELS as f64 - 1.0);
        (!level.is_nan()).then_some(level as usize)
    }

    /// The color of a level, 0 to 63.
    #[must_use]
    pub fn color(self, level: usize) -> Rgba {
        let levels = match self {
            Self::Viridis => &VIRIDIS,
            Self::Magma => &MAGMA,
            Self::Cividis => &CIVIDIS,
            Self::Turbo => &TURBO,
            Self::RdBu => &RDBU,
            Self::Twilight => &TWILIGHT,
        };
        let hex = levels[level.min(LEVELS - 1)];
        Rgba::opaque((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
    }
}

#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors are six digits")]
const VIRIDIS: [u32; LEVELS] = [
    0x450356, 0x46095c, 0x470f62, 0x481567, 0x481a6c, 0x481f71, 0x482575, 0x482a79, 0x472f7d, 0x463480, 0x453882,
    0x433d85, 0x414286, 0x404788, 0x3e4b89, 0x3c4f8b, 0x3a548b, 0x38588c, 0x365c8d, 0x34608d, 0x32648e, 0x30688e,
    0x2f6c8e, 0x2d708e, 0x2b748e, 0x2a788e, 0x287b8e, 0x277f8e, 0x25838e, 0x24878e, 0x238a8d, 0x218e8d, 0x20928c,
    0x1f968b, 0x1f998a, 0x1e9d89, 0x1fa187, 0x20a586, 0x23a884, 0x26ac81, 0x2ab07f, 0x2fb37c, 0x34b779, 0x3bba76,
    0x41be72, 0x49c16e, 0x51c469, 0x59c765, 0x61ca60, 0x6acd5a, 0x74d055, 0x7dd24f, 0x87d549, 0x91d742, 0x9cd93c,
    0xa6db35, 0xb1dd2e, 0xbcdf27, 0xc6e021, 0xd1e11c, 0xdce319, 0xe6e419, 0xf0e51c, 0xfae722,
];

#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors are six digits")]
const MAGMA: [u32; LEVELS] = [
    0x010005, 0x02020c, 0x040415, 0x08061d, 0x0c0925, 0x100c2e, 0x150e37, 0x1a1041, 0x1f114a, 0x251254, 0x2b115d,
    0x321066, 0x39106d, 0x3f0f73, 0x461077, 0x4d117a, 0x53137d, 0x59157e, 0x60187f, 0x661b80, 0x6c1d81, 0x722081,
    0x792282, 0x7f2482, 0x852781, 0x8c2981, 0x922b80, 0x982d80, 0x9f2f7f, 0xa5317e, 0xac337c, 0xb3357a, 0xb93878,
    0xc03a76, 0xc63d74, 0xcc3f71, 0xd3426e, 0xd9466b, 0xde4a68, 0xe44e65, 0xe85362, 0xed595f, 0xf05f5d, 0xf3665c,
    0xf66d5c, 0xf8755c, 0xfa7c5e, 0xfb8460, 0xfc8b63, 0xfd9366, 0xfd9b6a, 0xfea26f, 0xfea974, 0xfeb179, 0xfeb87f,
    0xfec085, 0xfec78b, 0xfece91, 0xfed698, 0xfddd9f, 0xfde4a6, 0xfdecad, 0xfcf3b5, 0xfcfabc,
];

#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors are six digits")]
const CIVIDIS: [u32; LEVELS] = [
    0x002450, 0x002757, 0x00295e, 0x002c65, 0x002f6c, 0x003171, 0x0a3470, 0x153670, 0x1d396f, 0x243c6e, 0x293f6d,
    0x2f426d, 0x34446c, 0x38476c, 0x3c4a6c, 0x414d6c, 0x45506c, 0x49526c, 0x4d556c, 0x50586c, 0x545b6d, 0x585d6d,
    0x5b606e, 0x5f636f, 0x62666f, 0x666970, 0x696b71, 0x6d6e72, 0x707174, 0x747475, 0x777776, 0x7a7a78, 0x7e7d78,
    0x828078, 0x858379, 0x898678, 0x8d8978, 0x918c78, 0x958f77, 0x999277, 0x9d9576, 0xa19875, 0xa59b74, 0xa99e73,
    0xada272, 0xb1a570, 0xb5a86f, 0xb9ab6d, 0xbdaf6b, 0xc2b269, 0xc6b667, 0xcab965, 0xcebc63, 0xd3c060, 0xd7c45d,
    0xdbc75a, 0xe0cb56, 0xe4ce52, 0xe9d24e, 0xedd64a, 0xf2da44, 0xf6dd3e, 0xfbe137, 0xfee636,
];

#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors are six digits")]
const TURBO: [u32; LEVELS] = [
    0x321746, 0x372263, 0x3b2e7c, 0x3e3994, 0x4145a9, 0x434fbc, 0x455acd, 0x4665db, 0x476fe8, 0x477af1, 0x4684f9,
    0x448dfe, 0x4098ff, 0x3ba2fd, 0x34acf8, 0x2db6f1, 0x26bfe8, 0x20c8de, 0x1bd1d4, 0x18d8c9, 0x18dfbf, 0x1be5b5,
    0x21eaab, 0x2bef9f, 0x37f493, 0x45f785, 0x54fa78, 0x63fc6a, 0x73fe5e, 0x82ff52, 0x91ff48, 0x9dfe40, 0xa8fc3a,
    0xb3f836, 0xbdf434, 0xc7ef34, 0xd1e935, 0xdae336, 0xe2dc38, 0xead439, 0xf0cc3a, 0xf6c43a, 0xf9bb39, 0xfcb236,
    0xfea832, 0xfe9d2e, 0xfe9129, 0xfc8524, 0xfa791f, 0xf76d1a, 0xf36215, 0xee5710, 0xe94d0d, 0xe3440a, 0xdc3c08,
    0xd53406, 0xcd2c04, 0xc42503, 0xbb1f02, 0xb01901, 0xa51301, 0x990e01, 0x8d0a02, 0x7f0602,
];

#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors are six digits")]
const RDBU: [u32; LEVELS] = [
    0x6b0120, 0x770522, 0x830923, 0x8f0d25, 0x9a1027, 0xa61429, 0xb2182b, 0xb82330, 0xbd2f36, 0xc33a3b, 0xc94540,
    0xce5046, 0xd45c4b, 0xd96752, 0xde725b, 0xe27c63, 0xe7876b, 0xec9273, 0xf09d7c, 0xf4a785, 0xf6b090, 0xf7b89a,
    0xf9c1a5, 0xfac9b0, 0xfbd1bb, 0xfddac6, 0xfcdfce, 0xfbe3d5, 0xfae8dd, 0xf9ece4, 0xf8f0ec, 0xf7f5f3, 0xf4f6f6,
    0xeef3f5, 0xe8f0f4, 0xe2edf3, 0xdceaf2, 0xd6e7f1, 0xd0e4f0, 0xc6dfed, 0xbcdaea, 0xb2d5e7, 0xa8d0e4, 0x9ecbe2,
    0x94c6df, 0x89bfdb, 0x7cb7d7, 0x70afd2, 0x64a8ce, 0x57a0ca, 0x4b98c6, 0x4190c2, 0x3c89be, 0x3682ba, 0x317bb7,
    0x2c74b3, 0x266db0, 0x2166ab, 0x1d5ea0, 0x185594, 0x144d89, 0x0f447d, 0x0b3c71, 0x073365,
];

#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "colors are six digits")]
const TWILIGHT: [u32; LEVELS] = [
    0xe0d9e2, 0xdad8df, 0xd3d5db, 0xc9d1d6, 0xbdcbd2, 0xb1c5ce, 0xa5bfca, 0x9ab8c8, 0x8fb1c6, 0x86aac4, 0x7da2c3,
    0x759bc1, 0x6f93c0, 0x6a8bbf, 0x6683bd, 0x637abb, 0x6171b9, 0x6068b7, 0x5f5fb3, 0x5f56af, 0x5e4caa, 0x5d42a4,
    0x5c399d, 0x5b2f94, 0x58268a, 0x541f7e, 0x4f1971, 0x491563, 0x421256, 0x3b114b, 0x361141, 0x32123a, 0x321337,
    0x371139, 0x3e113c, 0x461240, 0x501444, 0x5a1648, 0x64194c, 0x6f1c4e, 0x792050, 0x832550, 0x8c2b50, 0x943150,
    0x9c3950, 0xa34150, 0xa94950, 0xaf5251, 0xb55b53, 0xb96456, 0xbd6e5a, 0xc1775f, 0xc48166, 0xc68b6e, 0xc99578,
    0xcb9e83, 0xcda88f, 0xd0b19c, 0xd3baa9, 0xd6c3b7, 0xdacac4, 0xddd1d0, 0xe0d6d9, 0xe2d8e0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_divide_the_range_evenly() {
        let level = |value| ColorMap::Viridis.level(value, [0.0, 64.0]);
        assert_eq!([level(0.0), level(0.99), level(1.0), level(63.5)], [0, 0, 1, 63].map(Some));
        assert_eq!([level(-9.0), level(64.0), level(f64::INFINITY)], [0, 63, 63].map(Some));
        assert_eq!(level(f64::NAN), None);
        // A range may run down.
        assert_eq!(ColorMap::Magma.level(0.9, [1.0, 0.0]), Some(6));
    }

    #[test]
    fn angles_go_round() {
        let level =
            |value| ColorMap::Twilight.level(value, ColorMap::Twilight.default_range()).expect("a level");
        for turn in [-1.0, 1.0, 3.0] {
            assert_eq!(level(0.4), level(0.4 + turn * std::f64::consts::TAU));
        }
        let [a, b] = [ColorMap::Twilight.color(0), ColorMap::Twilight.color(63)];
        assert!(a.r.abs_diff(b.r) < 6 && a.g.abs_diff(b.g) < 6 && a.b.abs_diff(b.b) < 6);
    }

    #[test]
    fn sequential_maps_grow_lighter() {
        let lightness = |map: ColorMap, level| {
            let Rgba { r, g, b, .. } = map.color(level);
            0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)
        };
        for map in [ColorMap::Viridis, ColorMap::Magma, ColorMap::Cividis] {
            assert!((1..LEVELS).all(|level| lightness(map, level) > lightness(map, level - 1)), "{map:?}");
        }
        assert!(lightness(ColorMap::RdBu, 31) > 230.0 && lightness(ColorMap::RdBu, 32) > 230.0);
    }
}
