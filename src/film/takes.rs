//! Takes: stretches of a film, each drawn in one go, and kept as what its frames change.
//!
//! A hand draws a take from the frame before it on, which it shows first, so that takes can be drawn by
//! several hands in any order; what a frame changes does not depend on who drew it. Whoever draws from a
//! scene can be asked by all hands at once ([`Crew`]), a closure with a state of its own only by one
//! ([`Soloist`]).

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::draw::mark::Mark;
use crate::encode::{Changes, Tally};
use crate::film::reel::Watch;
use crate::film::{Reel, Renderer};
use crate::hands;
use crate::raster::Rgba;

/// Room for changes that are kept, in bytes.
pub(super) struct Room {
    all: usize,
    used: AtomicUsize,
}

/// A stretch that was drawn.
pub(super) struct Take {
    /// What its frames change, if there was room for it.
    pub(super) changes: Option<Changes>,
    /// How many bytes that takes, or would take.
    pub(super) bytes: usize,
}

/// Takes in the order of their stretches, or the error that ended one.
type Takes<E> = Vec<Result<Take, E>>;

/// One who draws.
pub(super) struct Hand {
    reel: Reel,
    /// What it draws with, from its first frame on.
    renderer: Option<Renderer>,
    /// The frame that shows.
    shown: Option<usize>,
    pub(super) notes: Notes,
}

/// What was seen while drawing.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The colours of pixels.
    pub(super) tally: Tally,
    /// The colours of marks.
    pub(super) inks: BTreeSet<Rgba>,
}

/// What is noted of frames that are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Noting {
    /// What each changes; and what it holds is counted, which must be done once.
    Counts,
    /// What each changes.
    Changes,
    /// Of one frame all that it shows, as if none had been before.
    Whole,
}

/// How stretches are drawn.
pub(super) struct Task<'a> {
    pub(super) noting: Noting,
    /// Stretches that begin in here are worth keeping, where there is room.
    pub(super) wanted: Range<usize>,
    pub(super) room: &'a Room,
    pub(super) watch: &'a dyn Watch,
}

/// Those who draw takes.
pub(super) trait Draughtsmen<E> {
    /// Draws some stretches of the film, in order or at once.
    fn draw(&mut self, stretches: &[Range<usize>], task: &Task<'_>) -> Takes<E>;

    /// How many stretches are drawn at once.
    fn count(&self) -> usize;

    /// All notes together.
    fn notes(&mut self) -> Notes;

    /// Gives back what drawing takes, until it is asked for again.
    fn rest(&mut self);
}

/// One hand, and a closure that need not be shared.
pub(super) struct Soloist<M> {
    pub(super) hand: Hand,
    pub(super) marks: M,
}

/// Several hands that ask one closure.
pub(super) struct Crew<'a, M> {
    pub(super) hands: Vec<Hand>,
    pub(super) marks: &'a M,
}

impl<E, M: FnMut(usize) -> Result<Vec<Mark>, E>> Draughtsmen<E> for Soloist<M> {
    fn draw(&mut self, stretches: &[Range<usize>], task: &Task<'_>) -> Takes<E> {
        let Self { hand, marks } = self;
        stretches.iter().map(|stretch| hand.draw(stretch.clone(), marks, task)).collect()
    }

    fn count(&self) -> usize {
        1
    }

    fn notes(&mut self) -> Notes {
        std::mem::take(&mut self.hand.notes)
    }

    fn rest(&mut self) {
        self.hand.rest();
    }
}

impl<E: Send, M: Fn(usize) -> Result<Vec<Mark>, E> + Sync> Draughtsmen<E> for Crew<'_, M> {
    fn draw(&mut self, stretches: &[Range<usize>], task: &Task<'_>) -> Takes<E> {
        let marks = self.marks;
        hands::each(&mut self.hands, stretches.len(), |hand, index| {
            hand.draw(stretches[index].clone(), &mut |frame| marks(frame), task)
        })
    }

    fn count(&self) -> usize {
        self.hands.len()
    }

    fn notes(&mut self) -> Notes {
        let mut all = Notes::default();
        for hand in &mut self.hands {
            let notes = std::mem::take(&mut hand.notes);
            all.add(&notes);
        }
        all
    }

    fn rest(&mut self) {
        self.hands.iter_mut().for_each(Hand::rest);
    }
}

impl Notes {
    /// Adds what was seen in other frames.
    pub(super) fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.inks.extend(&other.inks);
    }
}

impl Hand {
    pub(super) fn new(reel: &Reel) -> Self {
        Self { reel: *reel, renderer: None, shown: None, notes: Notes::default() }
    }

    /// Gives back what it draws with.
    fn rest(&mut self) {
        (self.renderer, self.shown) = (None, None);
    }

    /// What it draws with, and its notes.
    fn tools(&mut self) -> (&mut Renderer, &mut Notes) {
        let Reel { size: (width, height), background, .. } = self.reel;
        let renderer = self.renderer.get_or_insert_with(|| Renderer::new(width, height, background));
        (renderer, &mut self.notes)
    }

    /// Draws the frames of a stretch and keeps what they change, if there is room.
    fn draw<E>(
        &mut self,
        stretch: Range<usize>,
        marks: &mut impl FnMut(usize) -> Result<Vec<Mark>, E>,
        task: &Task<'_>,
    ) -> Result<Take, E> {
        let (mut changes, mut bytes) = (Changes::default(), 0);
        let mut kept = task.wanted.contains(&stretch.start);
        let before = stretch.start.checked_sub(1).filter(|before| self.shown != Some(*before));
        if let Some(before) = before.filter(|_| task.noting != Noting::Whole) {
            let marks = marks(before)?;
            self.tools().0.show(marks);
        }
        for index in stretch {
            let had = changes.bytes();
            self.draw_frame(index, marks(index)?, task.noting, &mut changes);
            task.watch.step();
            let more = changes.bytes() - had;
            bytes += more;
            kept = kept && task.room.take(more);
            if !kept {
                // One frame at a time fits everywhere.
                changes = Changes::default();
            }
        }
        changes.shrink();
        Ok(Take { changes: kept.then_some(changes), bytes })
    }

    fn draw_frame(&mut self, index: usize, marks: Vec<Mark>, noting: Noting, changes: &mut Changes) {
        self.shown = Some(index);
        let (renderer, notes) = self.tools();
        if noting == Noting::Counts {
            notes.inks.extend(marks.iter().filter_map(Mark::colour));
            notes.tally.at_frame(index);
        }
        let tally = (noting == Noting::Counts).then_some(&mut notes.tally);
        renderer.show(marks);
        if index == 0 || noting == Noting::Whole {
            changes.first(renderer.image(), tally);
        } else {
            changes.next(renderer.image(), renderer.changed(), renderer.before(), tally);
        }
    }
}

impl Room {
    /// For so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        Self { all: bytes, used: AtomicUsize::new(0) }
    }

    /// Takes a part of what is left, if that is enough.
    fn take(&self, bytes: usize) -> bool {
        self.used.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.all
    }
}
