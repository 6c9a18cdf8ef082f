//! Color accuracy of a lossy file, in percent.

/// Color accuracy of a file, in percent, from 0 to 100.
///
/// No channel of a pixel (0 to 255) differs from the rendered picture by more than `100 − percent`. A GIF may
/// differ by more: the accuracy applies before its colors are reduced to a palette of at most 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality(u8);

impl Quality {
    /// The most accurate colors that the format can store.
    pub const EXACT: Self = Self(100);

    /// Creates a quality. Returns `None` if `percent` is greater than 100.
    #[must_use]
    pub const fn new(percent: u8) -> Option<Self> {
        if percent <= Self::EXACT.0 { Some(Self(percent)) } else { None }
    }

    /// The quality in percent, from 0 to 100.
    #[must_use]
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// Whether colors may not be changed at all.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self == Self::EXACT
    }

    /// The largest allowed difference of a channel, from 0 to 100 of its 255 steps.
    pub(crate) fn max_channel_error(self) -> u8 {
        Self::EXACT.0 - self.0
    }
}
