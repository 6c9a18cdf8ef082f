//! Takes: stretches of a film, each drawn in one go, and kept as what its frames change.
//!
//! A hand draws a take from the frame before it on, which it shows first, so that takes can be drawn by
//! several hands in any order; what a frame changes does not depend on who drew it. Whoever draws from a
//! scene can be asked by all hands at once ([`Crew`]), a closure with a state of its own only by one
//! ([`Soloist`]).

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::encode::{Changes, Tally};
use crate::film::reel::{Stage, Watch};
use crate::film::{Reel, Renderer};
use crate::mark::Mark;
use crate::parallel;
use crate::raster::Rgba;

/// Changes up to this many bytes are kept: those of some three hundred frames in each of which twelve thousand
/// pixels change.
pub(super) const KEPT: usize = 2 << 20;

/// Of a film whose changes take more than this many times the room there is, none are kept: drawing the
/// few frames again costs little, and the memory serves the rest.
const WORTHWHILE: usize = 4;

/// From so many frames on it is foreseen what those of the whole film take.
const FORESEEING: usize = 64;

/// Frames of a stretch. Each costs its hand the frame before it; shorter ones take less room and share out
/// the work better.
pub(super) const LENGTHS: (usize, usize) = (4, 16);

/// Stretches for each hand, if lengths allow.
const SHARES: usize = 4;

/// How a film is written.
#[derive(Clone, Copy)]
pub(super) struct Manner<'a> {
    pub(super) watch: &'a dyn Watch,
    /// How many bytes of changes are kept.
    pub(super) kept: usize,
}

impl<'a> Manner<'a> {
    pub(super) fn watched_by(watch: &'a dyn Watch) -> Self {
        Self { watch, kept: KEPT }
    }
}

/// Room for changes that are kept, in bytes.
pub(super) struct Room {
    all: usize,
    /// How many frames want some of it.
    frames: usize,
    used: AtomicUsize,
    /// How many frames have wanted one so far.
    asked: AtomicUsize,
}

/// A stretch that was drawn.
pub(super) struct Take {
    /// Its frames.
    pub(super) stretch: Range<usize>,
    /// What its frames change, if there was room for it.
    pub(super) changes: Option<Changes>,
    /// How many bytes that takes, or would take.
    pub(super) bytes: usize,
}

impl Take {
    /// Frames of which nothing is known yet.
    pub(super) fn unseen(stretch: Range<usize>) -> Self {
        Self { stretch, changes: None, bytes: 0 }
    }
}

/// Takes in the order of their stretches, or the error that ended one.
type Takes<E> = Vec<Result<Take, E>>;

/// One who draws. Those of several threads stand side by side, and must not share lines of the processors' caches.
#[repr(align(128))]
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
    /// The colors of pixels.
    pub(super) tally: Tally,
    /// The colors of marks.
    pub(super) inks: BTreeSet<Rgba>,
}

/// How stretches are drawn.
pub(super) struct Task<'a> {
    /// Whether what frames hold is counted, too; that must be done once for each.
    pub(super) counting: bool,
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

/// Draws some frames, for the notes, and keeps what they change.
pub(super) fn survey<E>(
    crew: &mut impl Draughtsmen<E>,
    Manner { watch, kept }: Manner<'_>,
    frames: Range<usize>,
) -> Result<Vec<Take>, E> {
    watch.begin(Stage::Draw);
    let length = frames.len().div_ceil(SHARES * crew.count()).clamp(LENGTHS.0, LENGTHS.1);
    let task = Task { counting: true, room: &Room::of(kept, frames.len()), watch };
    let mut takes = crew.draw(&cut(frames, length), &task).into_iter().collect::<Result<Vec<_>, _>>()?;
    if takes.iter().all(|take| take.changes.is_some()) {
        crew.rest();
    } else if takes.iter().map(|take| take.bytes).sum::<usize>() > WORTHWHILE * kept {
        for take in &mut takes {
            take.changes = None;
        }
    }
    Ok(takes)
}

/// Frames in stretches of some length, the last of which may be shorter.
pub(super) fn cut(frames: Range<usize>, length: usize) -> Vec<Range<usize>> {
    let end = frames.end;
    frames.step_by(length).map(|start| start..(start + length).min(end)).collect()
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
        parallel::map(&mut self.hands, stretches.len(), |hand, index| {
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
        let renderer = self.renderer.get_or_insert_with(|| Renderer::growing(width, height, background));
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
        let mut kept = true;
        let before = stretch.start.checked_sub(1).filter(|before| self.shown != Some(*before));
        if let Some(before) = before {
            let marks = marks(before)?;
            self.tools().0.show(marks);
        }
        for index in stretch.clone() {
            let had = changes.bytes();
            self.draw_frame(index, marks(index)?, task.counting, &mut changes);
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
        Ok(Take { stretch, changes: kept.then_some(changes), bytes })
    }

    fn draw_frame(&mut self, index: usize, marks: Vec<Mark>, counting: bool, changes: &mut Changes) {
        self.shown = Some(index);
        let (renderer, notes) = self.tools();
        if counting {
            notes.inks.extend(marks.iter().filter_map(Mark::color));
            notes.tally.at_frame(index);
        }
        let mut tally = counting.then_some(&mut notes.tally);
        if index == 0 {
            renderer.show(marks);
            changes.first(renderer.shown(), tally);
        } else {
            renderer.show_band_by_band(marks, |shown, band, before| {
                changes.next(shown, band, before, tally.as_deref_mut());
            });
            changes.end_next(tally);
        }
    }
}

impl Room {
    /// For so many bytes, and frames that want them.
    pub(super) fn of(bytes: usize, frames: usize) -> Self {
        Self { all: bytes, frames, used: AtomicUsize::new(0), asked: AtomicUsize::new(0) }
    }

    /// No end of it.
    pub(super) fn endless() -> Self {
        Self::of(usize::MAX, 0)
    }

    /// Takes a part of what is left for a frame, if that is enough, and if it is worthwhile as far as can be foreseen.
    fn take(&self, bytes: usize) -> bool {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        let foreseen = if asked < FORESEEING { 0 } else { used / asked * self.frames };
        used <= self.all && foreseen <= self.all.saturating_mul(WORTHWHILE)
    }
}
