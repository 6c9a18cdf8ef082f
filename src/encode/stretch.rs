//! Which frames an encoder writes of those that it is shown.
//!
//! A film may be coded in stretches, each by another encoder, whose frames follow one another in the file. For that an
//! encoder is shown more than it writes: what is on the canvas when its stretch begins, and what comes after its last
//! frame until something changes, since only then it is known how long that one is shown. A frame belongs to the
//! stretch in which it first shows; equal ones after it only lengthen it, wherever they lie.

use std::ops::Range;

/// The frames that are written, and the one that comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    own: Range<usize>,
    next: usize,
}

impl Stretch {
    /// All of a film, from its beginning.
    pub(super) const WHOLE: Self = Self { own: 0..usize::MAX, next: 0 };

    /// The frames `own` of a film that is shown from frame `first` on.
    pub(crate) fn of(own: Range<usize>, first: usize) -> Self {
        Self { own, next: first }
    }

    /// Counts a frame and returns its index.
    pub(super) fn advance(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// Whether a frame that first shows at this index is written.
    pub(super) fn holds(&self, index: usize) -> bool {
        self.own.contains(&index)
    }

    /// Whether a frame that first shows at this index is the business of another who comes later: all that is written is
    /// known then.
    pub(super) fn ends_before(&self, index: usize) -> bool {
        self.own.end <= index
    }
}
