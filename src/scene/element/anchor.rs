//! Where a text stands at its place, and the band around its letters.

use super::PointCodes;
use crate::scene::expr::Code;

/// A point of a box, in fractions of its width from the left and its height from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Anchor {
    /// 0 is left, 0.5 center, 1 right.
    pub x: f64,
    /// 0 is top, 0.5 center, 1 bottom.
    pub y: f64,
}

impl Anchor {
    /// The names of the anchors: compass directions, and `c` for the center.
    pub const NAMES: [&'static str; 9] = ["nw", "n", "ne", "w", "c", "e", "sw", "s", "se"];

    /// The lower left corner.
    pub const SOUTH_WEST: Self = Self { x: 0.0, y: 1.0 };
    /// The upper left corner.
    pub const NORTH_WEST: Self = Self { x: 0.0, y: 0.0 };

    /// The anchor with a name of [`Anchor::NAMES`]; `None` for other names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let index = Self::NAMES.iter().position(|&known| known == name)?;
        Some(Self { x: (index % 3) as f64 / 2.0, y: (index / 3) as f64 / 2.0 })
    }
}

/// The part of a text that is at its place.
#[derive(Clone, Debug)]
pub enum TextAnchor {
    /// The same in all frames.
    Fixed(Anchor),
    /// Signals: fractions of the box's width from the left and of its height from the bottom.
    Moving(Box<PointCodes>),
    /// The point of its edge that faces the middle of its arrow, on a line across the arrow.
    Across,
}

impl TextAnchor {
    /// The expressions.
    #[must_use]
    pub fn codes(&self) -> &[Code] {
        match self {
            Self::Fixed(_) | Self::Across => &[],
            Self::Moving(codes) => codes.as_slice(),
        }
    }
}

/// The band in the color of the paper around the letters of a text, which keeps lines off them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Halo {
    /// As wide as suits letters on lines; none on a transparent page, whose color is not known.
    #[default]
    Auto,
    /// This wide, in CSS pixels, at least 0.
    Width(f64),
}
