//! The differences between two pictures that a comparison accepts.
//!
//! This file holds the values alone; [`golden`](crate::golden) compares pictures by them.

/// The accepted differences between two pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// The largest accepted difference of a channel (0 to 255) of any pixel.
    pub channel: u8,
    /// The largest accepted difference of a channel of an anti-aliased pixel; at least `channel`.
    pub antialiased: u8,
    /// The fraction of the pixels of a frame that may differ at all, from 0 to 1.
    pub share: f64,
}

/// Accepts a rounding error of one step in any pixel, a sixteenth of the range of a channel along edges, and
/// differences in at most 1 % of the pixels.
impl Default for Tolerance {
    fn default() -> Self {
        Self { channel: 1, antialiased: 16, share: 0.01 }
    }
}

impl Tolerance {
    /// Accepts identical pictures only.
    pub const NONE: Self = Self { channel: 0, antialiased: 0, share: 0.0 };
}
