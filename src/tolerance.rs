//! Allowed differences between two pictures that still count as the same.

/// What may differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// How far a channel of any pixel may be off.
    pub channel: u8,
    /// How far a channel of an anti-aliased pixel may be off; at least `channel`.
    pub antialiased: u8,
    /// The share of a frame's pixels that may differ at all, from 0 to 1.
    pub share: f64,
}

/// A rounding error anywhere, 16 of 255 steps along edges, and a hundredth of the pixels of a frame.
impl Default for Tolerance {
    fn default() -> Self {
        Self { channel: 1, antialiased: 16, share: 0.01 }
    }
}

impl Tolerance {
    /// Nothing may differ.
    pub const NONE: Self = Self { channel: 0, antialiased: 0, share: 0.0 };
}
