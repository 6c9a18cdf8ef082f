//! Color accuracy of a lossy film, as a percentage.

/// How exact the colors of a film's file are, in percent: no channel of a pixel departs by more than 100 less this many
/// of its 255 steps from what was drawn. A GIF then chooses among the colors that are left, as it does at 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality(u8);

impl Quality {
    /// Every color as the format can say it.
    pub const EXACT: Self = Self(100);

    /// From 0 to 100.
    #[must_use]
    pub const fn new(percent: u8) -> Option<Self> {
        if percent <= Self::EXACT.0 { Some(Self(percent)) } else { None }
    }

    /// In percent.
    #[must_use]
    pub const fn percent(self) -> u8 {
        self.0
    }

    /// Whether nothing may depart.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self == Self::EXACT
    }

    /// How far a channel may depart.
    pub(crate) fn max_channel_error(self) -> u8 {
        Self::EXACT.0 - self.0
    }
}
