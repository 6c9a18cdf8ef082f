//! The path of a label that moves through a film, around everything that it would overlap, without a jump
//! from one frame to the next. It is computed from boxes alone, before the first frame is drawn.
//!
//! Consecutive frames in which the label overlaps something, or leaves the canvas, are shifted in one
//! direction: the one in which the largest shift is smallest. The shifts that those frames need are joined by
//! the least shifts that change by at most `max_step` from frame to frame: `shift(k) ≥ needed(j) − max_step·|k − j|`
//! for all frames `j`. If the label then overlaps something else, the needed shift grows there
//! and the shifts are joined again.

use crate::geometry::{Bounds, Point};
use crate::panel::free_shift::{Blocked, DIRECTIONS, NEGLIGIBLE, Obstacles};
use crate::work::WorkLimit;

/// The most times that shifts are joined again. After that, the label overlaps ever new obstacles.
const MAX_CORRECTIONS: usize = 200;

/// The work of a frame each time that shifts are joined.
const FRAME: u64 = 20;
/// The work of looking at an obstacle.
const LOOK: u64 = 16;

/// The placement of one label over all frames of a film. Lengths are device pixels.
pub(super) struct LabelPlacement<'a> {
    /// The label's preferred box in each frame; `None` where it is hidden.
    pub(super) preferred: &'a [Option<Bounds>],
    /// Appends the boxes that the label must not overlap in a frame.
    pub(super) obstacles: &'a dyn Fn(usize, &mut Vec<Bounds>),
    /// The number of boxes among which the obstacles of a frame are found.
    pub(super) boxes: usize,
    /// Counts work that is about to be done, in operations.
    pub(super) charge: &'a dyn Fn(u64) -> Result<(), WorkLimit>,
    /// The box of the marker that the label belongs to, in a frame. The label may cross its marker on the
    /// way, but does not stay there.
    pub(super) marker: &'a dyn Fn(usize) -> Option<Bounds>,
    /// The rectangle that the label must not leave.
    pub(super) canvas: Bounds,
    /// The distance from obstacles that a shifted label keeps.
    pub(super) clearance: f64,
    /// The largest change of the shift from one frame to the next.
    pub(super) max_step: f64,
    /// Whether the film is a loop, in which the last frame is followed by the first.
    pub(super) wraps: bool,
}

/// Why a label is not placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unplaced {
    /// It has no free position in some frame.
    NoRoom(NoFreePosition),
    /// The search takes more work than the limit.
    TooMuchWork(WorkLimit),
}

impl From<WorkLimit> for Unplaced {
    fn from(limit: WorkLimit) -> Self {
        Self::TooMuchWork(limit)
    }
}

/// The error of a label without a free position in some frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NoFreePosition {
    /// The frame.
    pub(super) frame: usize,
    /// Device pixels by which the canvas is too small.
    pub(super) missing: f64,
    /// The box in the way; `None` if the canvas alone is too small.
    pub(super) obstacle: Option<Bounds>,
}

/// Frames in which the label is shifted in one direction.
struct Displacement {
    /// The frames in which the preferred position is not free.
    conflicts: Vec<usize>,
    direction: Point,
    /// All shifted frames with their shifts, which are positive.
    shifts: Vec<(usize, f64)>,
}

impl LabelPlacement<'_> {
    /// The offset from the preferred position in every frame.
    ///
    /// If there is none with `max_step`, the label may be shifted as fast as its preferred position moves at
    /// most: compared with that motion, the shift is no visible jump.
    ///
    /// # Errors
    /// The label has no free position in some frame, or the search takes too much work.
    pub(super) fn offsets(&self) -> Result<Vec<Point>, Unplaced> {
        self.offsets_within_step().or_else(|error| {
            let max_step = self.fastest_motion();
            if matches!(error, Unplaced::NoRoom(_)) && max_step > self.max_step {
                LabelPlacement { max_step, ..*self }.offsets_within_step()
            } else {
                Err(error)
            }
        })
    }

    /// The longest distance of the preferred positions in two consecutive frames.
    fn fastest_motion(&self) -> f64 {
        let distance = |pair: &[Option<Bounds>]| match pair {
            [Some(a), Some(b)] => libm::hypot(b.left - a.left, b.top - a.top),
            _ => 0.0,
        };
        self.preferred.windows(2).map(distance).fold(0.0, f64::max)
    }

    fn offsets_within_step(&self) -> Result<Vec<Point>, Unplaced> {
        let mut displacements = self
            .conflict_runs()?
            .into_iter()
            .map(|conflicts| self.displacement(conflicts))
            .collect::<Result<Vec<_>, _>>()?;
        while let Some((i, j)) = self.touching_pair(&displacements)? {
            let (second, first) = (displacements.swap_remove(i.max(j)), displacements.swap_remove(i.min(j)));
            displacements.push(self.displacement([first.conflicts, second.conflicts].concat())?);
        }
        let mut offsets = vec![Point::default(); self.preferred.len()];
        for Displacement { direction, shifts, .. } in &displacements {
            for &(frame, shift) in shifts {
                offsets[frame] = Point::new(direction.x * shift, direction.y * shift);
            }
        }
        Ok(offsets)
    }

    /// The runs of consecutive frames in which the preferred position is not free.
    fn conflict_runs(&self) -> Result<Vec<Vec<usize>>, Unplaced> {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for frame in 0..self.preferred.len() {
            match runs.last_mut() {
                _ if self.is_free(frame)? => {}
                Some(run) if run.last().is_some_and(|last| last + 1 == frame) => run.push(frame),
                _ => runs.push(vec![frame]),
            }
        }
        Ok(runs)
    }

    fn is_free(&self, frame: usize) -> Result<bool, Unplaced> {
        let Some(own) = self.preferred[frame] else { return Ok(true) };
        Ok(self.obstacles_in(frame)?.is_free(&own))
    }

    fn obstacles_in(&self, frame: usize) -> Result<Obstacles, Unplaced> {
        (self.charge)(FRAME + LOOK * self.boxes as u64)?;
        let mut boxes = Vec::new();
        (self.obstacles)(frame, &mut boxes);
        Ok(Obstacles { boxes, canvas: self.canvas, clearance: self.clearance })
    }

    /// The indices of two displacements that shift the same frame or consecutive frames. They must be merged.
    fn touching_pair(&self, displacements: &[Displacement]) -> Result<Option<(usize, usize)>, Unplaced> {
        let frames = self.preferred.len();
        (self.charge)(FRAME * frames as u64)?;
        let mut owners = vec![None; frames];
        for (index, displacement) in displacements.iter().enumerate() {
            for &(frame, _) in &displacement.shifts {
                match owners[frame] {
                    Some(other) if other != index => return Ok(Some((other, index))),
                    _ => owners[frame] = Some(index),
                }
            }
        }
        let next_owner = |frame: usize| match (frame + 1 < frames, self.wraps) {
            (true, _) => owners[frame + 1],
            (false, true) => owners[0],
            (false, false) => None,
        };
        Ok((0..frames).find_map(|frame| match (owners[frame], next_owner(frame)) {
            (Some(one), Some(other)) if one != other => Some((one, other)),
            _ => None,
        }))
    }

    /// The displacement that resolves some conflicts, in the direction in which its largest shift is
    /// smallest.
    fn displacement(&self, conflicts: Vec<usize>) -> Result<Displacement, Unplaced> {
        let mut best: Option<(f64, Point, Vec<f64>)> = None;
        let mut best_error: Option<NoFreePosition> = None;
        for direction in DIRECTIONS {
            match self.shifts_along(direction, &conflicts) {
                Ok(shifts) => {
                    let largest = shifts.iter().copied().fold(0.0, f64::max);
                    if best.as_ref().is_none_or(|(least, ..)| largest < least - NEGLIGIBLE) {
                        best = Some((largest, direction, shifts));
                    }
                }
                Err(Unplaced::TooMuchWork(limit)) => return Err(limit.into()),
                Err(Unplaced::NoRoom(error)) => {
                    // An obstacle explains more than the end of the canvas does.
                    let rank = |error: &NoFreePosition| (error.obstacle.is_none(), error.missing);
                    if best_error.is_none_or(|least| rank(&error) < rank(&least)) {
                        best_error = Some(error);
                    }
                }
            }
        }
        match (best, best_error) {
            (Some((_, direction, shifts)), _) => {
                let shifts = shifts.into_iter().enumerate().filter(|(_, shift)| *shift > 0.0).collect();
                Ok(Displacement { conflicts, direction, shifts })
            }
            (None, Some(error)) => Err(Unplaced::NoRoom(error)),
            (None, None) => Ok(Displacement { conflicts, direction: DIRECTIONS[0], shifts: Vec::new() }),
        }
    }

    /// The least shifts in one direction, a shift per frame, that are free in every shifted frame and change
    /// by at most `max_step` from frame to frame.
    fn shifts_along(&self, direction: Point, conflicts: &[usize]) -> Result<Vec<f64>, Unplaced> {
        let mut shifts = vec![0.0; self.preferred.len()];
        let mut is_conflict = vec![false; self.preferred.len()];
        for &frame in conflicts {
            shifts[frame] = self.free_shift(frame, direction, 0.0, true)?;
            is_conflict[frame] = true;
        }
        for _ in 0..MAX_CORRECTIONS {
            (self.charge)(FRAME * shifts.len() as u64)?;
            self.limit_steps(&mut shifts);
            let mut is_settled = true;
            for frame in 0..shifts.len() {
                if shifts[frame] > 0.0 {
                    let free = self.free_shift(frame, direction, shifts[frame], is_conflict[frame])?;
                    is_settled &= free <= shifts[frame] + NEGLIGIBLE;
                    shifts[frame] = free;
                }
            }
            if is_settled {
                return Ok(shifts);
            }
        }
        let frame = conflicts.first().copied().unwrap_or_default();
        let missing = shifts.into_iter().fold(0.0, f64::max);
        Err(Unplaced::NoRoom(NoFreePosition { frame, missing, obstacle: None }))
    }

    /// Raises shifts until none differs from that of the frame before or after by more than `max_step`.
    fn limit_steps(&self, shifts: &mut [f64]) {
        // In a loop, the second round carries on from what the first one brought to the other end.
        for _ in 0..if self.wraps { 2 } else { 1 } {
            for is_forward in [true, false] {
                let mut last = match (self.wraps, is_forward) {
                    (false, _) => 0.0,
                    (true, true) => shifts.last().copied().unwrap_or_default(),
                    (true, false) => shifts.first().copied().unwrap_or_default(),
                };
                for step in 0..shifts.len() {
                    let frame = if is_forward { step } else { shifts.len() - 1 - step };
                    shifts[frame] = shifts[frame].max(last - self.max_step);
                    last = shifts[frame];
                }
            }
        }
    }

    /// The shortest shift of at least `least` in a direction that is free in a frame. If the label stays
    /// beside its marker in that frame, the marker is an obstacle.
    fn free_shift(
        &self,
        frame: usize,
        direction: Point,
        least: f64,
        avoids_marker: bool,
    ) -> Result<f64, Unplaced> {
        let Some(own) = self.preferred[frame] else { return Ok(least) };
        let mut obstacles = self.obstacles_in(frame)?;
        // A note whose preferred position is on its marker may stay on it.
        let marker = (self.marker)(frame).filter(|marker| avoids_marker && own.overlap(marker) == 0.0);
        obstacles.boxes.extend(marker);
        obstacles.free_shift(&own, direction, least).map_err(|Blocked { missing, obstacle }| {
            Unplaced::NoRoom(NoFreePosition { frame, missing, obstacle })
        })
    }
}
