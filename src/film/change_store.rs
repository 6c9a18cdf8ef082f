//! Keeps the changes of drawn frames until they are encoded: in memory up to a budget, then in a scratch file.
//!
//! Without a scratch file, or if writing to it fails, changes beyond the budget are dropped, and their frames are drawn again.

use std::io::{self, Read, Seek, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::encode::{PackedChanges, StoredChanges};

/// A temporary file that is read and written while a film is rendered.
pub trait ScratchFile: Read + Write + Seek + Send {}

impl<F: Read + Write + Seek + Send> ScratchFile for F {}

/// Creates an empty scratch file. It is called at most once for each film, and only if the film needs it.
pub type NewScratchFile<'a> = &'a (dyn Fn() -> io::Result<Box<dyn ScratchFile>> + Sync);

/// If the changes of a film exceed the memory budget by more than this factor, none are kept in memory from then on.
const MAX_OVERSUBSCRIPTION: usize = 4;

/// Number of frames after which the size of all changes is estimated.
const FRAMES_BEFORE_ESTIMATE: usize = 64;

/// Bytes of changes that a worker collects before it writes them to the scratch file.
const CHUNK_BYTES: usize = 1 << 18;

/// Consecutive frames of a film.
pub(super) struct Segment {
    pub(super) frames: Range<usize>,
    pub(super) changes: SegmentChanges,
    /// Size of the changes in bytes, kept or not; 0 if unknown.
    pub(super) bytes: usize,
}

/// Where the changes of a segment are.
pub(super) enum SegmentChanges {
    InMemory(PackedChanges),
    InFile(StoredChanges),
    /// The frames have not been drawn, or their changes were not kept.
    Dropped,
}

impl Segment {
    /// Frames whose changes are not kept.
    pub(super) fn undrawn(frames: Range<usize>) -> Self {
        Self { frames, changes: SegmentChanges::Dropped, bytes: 0 }
    }
}

/// Joins neighboring segments whose changes were dropped, so that several workers can draw their frames again.
pub(super) fn join_dropped(segments: Vec<Segment>) -> Vec<Segment> {
    let mut joined: Vec<Segment> = Vec::new();
    for segment in segments {
        match joined.last_mut() {
            Some(last)
                if matches!(
                    (&last.changes, &segment.changes),
                    (SegmentChanges::Dropped, SegmentChanges::Dropped)
                ) =>
            {
                last.frames.end = segment.frames.end;
                last.bytes += segment.bytes;
            }
            _ => joined.push(segment),
        }
    }
    joined
}

/// Memory and file for the changes of one film, shared by all workers.
pub(super) struct ChangeStore<'a> {
    memory: MemoryBudget,
    file: Mutex<FileState<'a>>,
}

enum FileState<'a> {
    /// The file is created when it is first needed.
    Unused(NewScratchFile<'a>),
    Open {
        file: Box<dyn ScratchFile>,
        end: u64,
    },
    Unavailable,
}

impl<'a> ChangeStore<'a> {
    /// A store for a film of `frames` frames that keeps `budget` bytes in memory.
    pub(super) fn new(budget: usize, frames: usize, scratch: Option<NewScratchFile<'a>>) -> Self {
        let file = Mutex::new(scratch.map_or(FileState::Unavailable, FileState::Unused));
        Self { memory: MemoryBudget::new(budget, frames), file }
    }

    /// Starts to record the changes of consecutive frames, of which `first` is the first.
    pub(super) fn record(&self, first: usize) -> SegmentRecorder<'_, 'a> {
        let segment = Segment::undrawn(first..first);
        SegmentRecorder { store: self, segment, pending_bytes: 0, fits_memory: true, done: Vec::new() }
    }

    /// Reads the changes of a segment from the scratch file; `None` if that fails.
    pub(super) fn read(&self, stored: &StoredChanges) -> Option<PackedChanges> {
        match &mut *self.file.lock().unwrap_or_else(PoisonError::into_inner) {
            FileState::Open { file, .. } => stored.read(file).ok(),
            FileState::Unused(_) | FileState::Unavailable => None,
        }
    }

    /// Writes changes to the scratch file; `None` if there is none or writing fails.
    fn write(&self, changes: &PackedChanges) -> Option<StoredChanges> {
        let mut state = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let FileState::Unused(create) = *state {
            *state = create().map_or(FileState::Unavailable, |file| FileState::Open { file, end: 0 });
        }
        let FileState::Open { file, end } = &mut *state else { return None };
        let stored = StoredChanges::write(changes, *end, file).ok()?;
        *end = stored.end();
        Some(stored)
    }
}

/// Divides the changes of the frames that one worker draws into segments.
pub(super) struct SegmentRecorder<'s, 'a> {
    store: &'s ChangeStore<'a>,
    /// The frames since the last complete segment.
    segment: Segment,
    /// Size of their changes that have not been dropped.
    pending_bytes: usize,
    /// Whether their changes fit the memory budget.
    fits_memory: bool,
    done: Vec<Segment>,
}

impl SegmentRecorder<'_, '_> {
    /// Records one more frame. `changes` are the changes of the present segment so far; they are taken if they exceed memory.
    pub(super) fn after_frame(&mut self, changes: &mut PackedChanges) {
        let added = changes.bytes() - self.pending_bytes;
        self.segment.frames.end += 1;
        self.segment.bytes += added;
        self.pending_bytes += added;
        self.fits_memory = self.fits_memory && self.store.memory.reserve(added);
        if !self.fits_memory && self.pending_bytes >= CHUNK_BYTES {
            self.complete_segment(std::mem::take(changes));
        }
    }

    /// Returns all segments. `changes` are the changes of the last one.
    pub(super) fn finish(mut self, changes: PackedChanges) -> Vec<Segment> {
        if !self.segment.frames.is_empty() {
            self.complete_segment(changes);
        }
        self.done
    }

    fn complete_segment(&mut self, mut changes: PackedChanges) {
        let next = Segment::undrawn(self.segment.frames.end..self.segment.frames.end);
        let mut segment = std::mem::replace(&mut self.segment, next);
        segment.changes = if self.fits_memory {
            changes.shrink();
            SegmentChanges::InMemory(changes)
        } else {
            self.store.write(&changes).map_or(SegmentChanges::Dropped, SegmentChanges::InFile)
        };
        self.done.push(segment);
        self.pending_bytes = 0;
    }
}

/// Memory for changes that are kept, shared by all workers.
struct MemoryBudget {
    bytes: usize,
    /// Number of frames of the film.
    frames: usize,
    used: AtomicUsize,
    /// Number of frames that have asked for memory so far.
    requests: AtomicUsize,
}

impl MemoryBudget {
    fn new(bytes: usize, frames: usize) -> Self {
        Self { bytes, frames, used: AtomicUsize::new(0), requests: AtomicUsize::new(0) }
    }

    /// Reserves memory for the changes of one frame. Fails if the budget is used up, or if the whole film is estimated to exceed
    /// it by more than [`MAX_OVERSUBSCRIPTION`].
    fn reserve(&self, bytes: usize) -> bool {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let requests = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let estimate = if requests < FRAMES_BEFORE_ESTIMATE { 0 } else { used / requests * self.frames };
        used <= self.bytes && estimate <= self.bytes.saturating_mul(MAX_OVERSUBSCRIPTION)
    }
}
