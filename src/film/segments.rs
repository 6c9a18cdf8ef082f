//! Takes: stretches of a film, drawn by several hands at once.
//!
//! All hands ask one function of the frame's index. What frames change is kept as far as there is room, and those of
//! which it was not kept are drawn again, so that memory does not grow with the film's length.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::encode::{Changes, EncodeError, PushChanges};
use crate::film::Reel;
use crate::film::animation::{Stage, Watch};
use crate::film::frame_worker::{Hand, Notes};
use crate::mark::Mark;
use crate::parallel;

/// Changes up to this many bytes are kept: those of some three hundred frames in each of which twelve thousand
/// pixels change.
pub(super) const KEPT: usize = 2 << 20;

/// Of a film whose changes take more than this many times the room there is, none are kept: drawing the
/// few frames again costs little, and the memory serves the rest.
const WORTHWHILE: usize = 4;

/// From so many frames on it is foreseen what those of the whole film take.
const FORESEEING: usize = 64;

/// Room for changes that are drawn again.
const REDRAWN: usize = 1 << 19;

/// Frames of a stretch. Each costs its hand the frame before it; shorter ones take less room and share out
/// the work better.
const LENGTHS: (usize, usize) = (4, 16);

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

/// A stretch of the film.
pub(super) struct Take {
    /// Its frames.
    stretch: Range<usize>,
    /// What its frames change, if that was kept.
    changes: Option<Changes>,
    /// How many bytes that takes, or would take.
    bytes: usize,
}

impl Take {
    /// Frames of which nothing is known yet.
    pub(super) fn unseen(stretch: Range<usize>) -> Self {
        Self { stretch, changes: None, bytes: 0 }
    }
}

/// Several hands that ask one function.
pub(super) struct Crew<'a, M> {
    reel: Reel,
    hands: Vec<Hand>,
    marks: &'a M,
}

impl<'a, E: Send, M: Fn(usize) -> Result<Vec<Mark>, E> + Sync> Crew<'a, M> {
    /// So many hands, or fewer where there are not stretches enough.
    pub(super) fn new(reel: &Reel, threads: usize, marks: &'a M) -> Self {
        let threads = threads.clamp(1, reel.timing.frames.div_ceil(LENGTHS.0).max(1));
        Self { reel: *reel, hands: (0..threads).map(|_| Hand::new(reel)).collect(), marks }
    }

    /// How many stretches are drawn at once.
    pub(super) fn count(&self) -> usize {
        self.hands.len()
    }

    /// All notes together.
    pub(super) fn take_notes(&mut self) -> Notes {
        let mut all = Notes::default();
        self.hands.iter_mut().for_each(|hand| all.add(&hand.take_notes()));
        all
    }

    /// Draws all frames once, for the notes, and keeps what they change as far as there is room.
    pub(super) fn survey(&mut self, Manner { watch, kept }: Manner<'_>) -> Result<Vec<Take>, E> {
        watch.begin(Stage::Draw);
        let frames = self.reel.timing.frames;
        let length = frames.div_ceil(SHARES * self.count()).clamp(LENGTHS.0, LENGTHS.1);
        let room = Room::of(kept, frames);
        let takes = self.at_once(cut(0..frames, length), |hand, stretch, marks| {
            let (mut kept, mut had, mut bytes) = (true, 0, 0);
            let changes = hand.draw(stretch.clone(), true, marks, |changes| {
                watch.step();
                let more = changes.bytes() - had;
                bytes += more;
                kept = kept && room.take(more);
                if !kept {
                    // One frame at a time fits everywhere.
                    *changes = Changes::default();
                }
                had = changes.bytes();
            })?;
            Ok(Take { stretch, changes: kept.then_some(changes), bytes })
        });
        let mut takes = takes.into_iter().collect::<Result<Vec<_>, _>>()?;
        if takes.iter().all(|take| take.changes.is_some()) {
            self.hands.iter_mut().for_each(Hand::rest);
        } else if takes.iter().map(|take| take.bytes).sum::<usize>() > WORTHWHILE * kept {
            for take in &mut takes {
                take.changes = None;
            }
        }
        Ok(takes)
    }

    /// Hands the changes of all takes to `encoder`; those that were not kept are drawn.
    pub(super) fn replay(
        &mut self,
        takes: Vec<Take>,
        watch: &dyn Watch,
        encoder: &mut impl PushChanges,
    ) -> Result<(), E>
    where
        E: From<EncodeError>,
    {
        for Take { stretch, changes, bytes } in takes {
            if let Some(changes) = changes {
                self.hand_over(stretch.start, &changes, watch, encoder)?;
            } else {
                let a_frame = bytes / stretch.len().max(1);
                self.draw(stretch, a_frame, watch, encoder)?;
            }
        }
        Ok(())
    }

    /// Draws frames of about so many bytes and hands over what they change, as many at a time as there is room for.
    fn draw(
        &mut self,
        frames: Range<usize>,
        mut a_frame: usize,
        watch: &dyn Watch,
        encoder: &mut impl PushChanges,
    ) -> Result<(), E>
    where
        E: From<EncodeError>,
    {
        let Range { mut start, end } = frames;
        while start < end {
            // Of frames of which nothing is known, one is drawn first.
            let fit = (REDRAWN / self.count()).checked_div(a_frame).unwrap_or(1).clamp(1, LENGTHS.1);
            // Parts too short for several hands are drawn by one, which goes on from frame to frame.
            let hands = if fit < LENGTHS.0 { 1 } else { self.count() };
            let batch = start..end.min(start + fit * hands);
            let stretches = cut(batch.clone(), batch.len().div_ceil(hands));
            let drawn = self.at_once(stretches, |hand, stretch, marks| {
                Ok((stretch.start, hand.draw(stretch, false, marks, |_| ())?))
            });
            let mut bytes = 0;
            for drawn in drawn {
                let (first, changes) = drawn?;
                bytes += changes.bytes();
                self.hand_over(first, &changes, watch, encoder)?;
            }
            a_frame = (bytes / batch.len()).max(1);
            start = batch.end;
        }
        Ok(())
    }

    fn hand_over(
        &self,
        first: usize,
        changes: &Changes,
        watch: &dyn Watch,
        encoder: &mut impl PushChanges,
    ) -> Result<(), EncodeError> {
        self.reel.hand_over(first, changes, encoder)?;
        (0..changes.frames()).for_each(|_| watch.step());
        Ok(())
    }

    /// Has a hand do something for each stretch, several at once. Returns what became of them in their order.
    fn at_once<R: Send>(
        &mut self,
        stretches: Vec<Range<usize>>,
        work: impl Fn(&mut Hand, Range<usize>, &mut &M) -> Result<R, E> + Sync,
    ) -> Vec<Result<R, E>> {
        let marks = self.marks;
        parallel::map(&mut self.hands, stretches.len(), |hand, index| {
            work(hand, stretches[index].clone(), &mut { marks })
        })
    }
}

/// Frames in stretches of some length, the last of which may be shorter.
pub(super) fn cut(frames: Range<usize>, length: usize) -> Vec<Range<usize>> {
    let end = frames.end;
    frames.step_by(length).map(|start| start..(start + length).min(end)).collect()
}

/// Room for changes that are kept, in bytes.
struct Room {
    all: usize,
    /// How many frames want some of it.
    frames: usize,
    used: AtomicUsize,
    /// How many frames have wanted some so far.
    asked: AtomicUsize,
}

impl Room {
    /// For so many bytes, and frames that want them.
    fn of(bytes: usize, frames: usize) -> Self {
        Self { all: bytes, frames, used: AtomicUsize::new(0), asked: AtomicUsize::new(0) }
    }

    /// Takes a part of what is left for a frame, if that is enough, and if it is worthwhile as far as can be foreseen.
    fn take(&self, bytes: usize) -> bool {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        let foreseen = if asked < FORESEEING { 0 } else { used / asked * self.frames };
        used <= self.all && foreseen <= self.all.saturating_mul(WORTHWHILE)
    }
}
