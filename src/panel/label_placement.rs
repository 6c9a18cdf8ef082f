//! How a text steps aside from what is in its way: not at once, but beforehand and slowly, so that
//! between neighboring frames it never jumps.
//!
//! All of it is computed before the first frame is drawn, from boxes alone. Frames in which the text
//! would meet something, or leave the canvas, make episodes. For each one direction is chosen, the one
//! that asks for the smallest greatest push. The pushes that single frames need are then joined by the
//! least path that never changes faster than a pace, push(k) ≥ need(j) − pace·|k − j|; where the text
//! meets something new on that path, the need grows and the path is drawn again.

use crate::geometry::{Bounds, Point};

/// Straight ways before slanting ones, which win only if they are shorter.
const WAYS: [Point; 8] = {
    const S: f64 = std::f64::consts::FRAC_1_SQRT_2;
    [
        Point::new(0.0, -1.0),
        Point::new(0.0, 1.0),
        Point::new(-1.0, 0.0),
        Point::new(1.0, 0.0),
        Point::new(S, -S),
        Point::new(-S, -S),
        Point::new(S, S),
        Point::new(-S, S),
    ]
};
/// What counts as nothing, in device pixels.
const NOTHING: f64 = 1e-6;
/// A path that still meets something new after so many corrections has no end.
const CORRECTIONS: usize = 200;

/// A text on its way through the film.
pub(super) struct LabelPlacement<'a> {
    /// Its box where it would like to be, frame by frame; none where it is hidden.
    pub(super) wanted: &'a [Option<Bounds>],
    /// Adds what is in the way in a frame.
    pub(super) obstacles: &'a dyn Fn(usize, &mut Vec<Bounds>),
    /// What it goes with in a frame: it may pass over that, but not rest there.
    pub(super) marker: &'a dyn Fn(usize) -> Option<Bounds>,
    /// What it must not leave.
    pub(super) canvas: Bounds,
    /// The distance kept once it steps aside at all.
    pub(super) clearance: f64,
    /// The greatest change of its push from frame to frame.
    pub(super) pace: f64,
    /// Whether the last frame is followed by the first.
    pub(super) ring: bool,
}

/// A text finds no way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NoFreePosition {
    /// In which frame.
    pub(super) frame: usize,
    /// How many device pixels it lacks.
    pub(super) missing: f64,
    /// What is in its way there; none: the canvas's edge alone.
    pub(super) obstacle: Option<Bounds>,
}

/// Frames in which one push is at work.
struct Displacement {
    /// Those in which the text must step aside.
    met: Vec<usize>,
    way: Point,
    /// All frames with a push, and that push.
    pushes: Vec<(usize, f64)>,
}

impl LabelPlacement<'_> {
    /// How far it stands from where it would like to be, in every frame.
    ///
    /// Where no way is found at the pace, it may hurry: as long as it moves aside no faster than it moves
    /// anyway, nobody sees a jump.
    pub(super) fn offsets(&self) -> Result<Vec<Point>, NoFreePosition> {
        self.unhurried().or_else(|stuck| {
            let pace = self.own_pace();
            if pace > self.pace { LabelPlacement { pace, ..*self }.unhurried() } else { Err(stuck) }
        })
    }

    /// The farthest that it would like to move from one frame to the next.
    fn own_pace(&self) -> f64 {
        let step = |pair: &[Option<Bounds>]| match pair {
            [Some(a), Some(b)] => libm::hypot(b.left - a.left, b.top - a.top),
            _ => 0.0,
        };
        self.wanted.windows(2).map(step).fold(0.0, f64::max)
    }

    fn unhurried(&self) -> Result<Vec<Point>, NoFreePosition> {
        let frames = self.wanted.len();
        let mut episodes =
            self.encounters().into_iter().map(|met| self.best(met)).collect::<Result<Vec<_>, _>>()?;
        while let Some((i, j)) = self.touching(&episodes) {
            let (second, first) = (episodes.swap_remove(i.max(j)), episodes.swap_remove(i.min(j)));
            episodes.push(self.best([first.met, second.met].concat())?);
        }
        let mut offsets = vec![Point::default(); frames];
        for episode in &episodes {
            for &(frame, push) in &episode.pushes {
                offsets[frame] = Point::new(episode.way.x * push, episode.way.y * push);
            }
        }
        Ok(offsets)
    }

    /// The runs of frames in which it would meet something.
    fn encounters(&self) -> Vec<Vec<usize>> {
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for frame in (0..self.wanted.len()).filter(|&frame| !self.is_free(frame)) {
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|last| last + 1 == frame) => run.push(frame),
                _ => runs.push(vec![frame]),
            }
        }
        runs
    }

    fn is_free(&self, frame: usize) -> bool {
        let Some(own) = self.wanted[frame] else { return true };
        own.overhang(&self.canvas).iter().all(|over| *over <= NOTHING)
            && self.around(frame).iter().all(|other| own.overlap(other) <= NOTHING)
    }

    fn around(&self, frame: usize) -> Vec<Bounds> {
        let mut around = Vec::new();
        (self.obstacles)(frame, &mut around);
        around
    }

    /// Two episodes at work in one frame or in neighboring ones: their pushes must become one.
    fn touching(&self, episodes: &[Displacement]) -> Option<(usize, usize)> {
        let frames = self.wanted.len();
        let mut owner = vec![None; frames];
        for (index, episode) in episodes.iter().enumerate() {
            for &(frame, _) in &episode.pushes {
                match owner[frame] {
                    Some(other) if other != index => return Some((other, index)),
                    _ => owner[frame] = Some(index),
                }
            }
        }
        let next = |frame: usize| match (frame + 1 < frames, self.ring) {
            (true, _) => owner[frame + 1],
            (false, true) => owner[0],
            (false, false) => None,
        };
        (0..frames).find_map(|frame| match (owner[frame], next(frame)) {
            (Some(one), Some(other)) if one != other => Some((one, other)),
            _ => None,
        })
    }

    /// The episode of some encounters, in the direction in which its greatest push is smallest.
    fn best(&self, met: Vec<usize>) -> Result<Displacement, NoFreePosition> {
        let mut best: Option<(f64, Point, Vec<f64>)> = None;
        let mut stuck: Option<NoFreePosition> = None;
        for way in WAYS {
            match self.path(&met, way) {
                Ok(path) => {
                    let greatest = path.iter().copied().fold(0.0, f64::max);
                    if best.as_ref().is_none_or(|(least, ..)| greatest < least - NOTHING) {
                        best = Some((greatest, way, path));
                    }
                }
                Err(this) => {
                    // What is in the way tells more than that the canvas ends.
                    let rank = |stuck: &NoFreePosition| (stuck.obstacle.is_none(), stuck.missing);
                    if stuck.is_none_or(|least| rank(&this) < rank(&least)) {
                        stuck = Some(this);
                    }
                }
            }
        }
        match (best, stuck) {
            (Some((_, way, path)), _) => {
                let pushes = path.into_iter().enumerate().filter(|(_, push)| *push > 0.0).collect();
                Ok(Displacement { met, way, pushes })
            }
            (None, Some(stuck)) => Err(stuck),
            (None, None) => Ok(Displacement { met, way: WAYS[0], pushes: Vec::new() }),
        }
    }

    /// The least smooth push in one direction that is free in every frame.
    fn path(&self, met: &[usize], way: Point) -> Result<Vec<f64>, NoFreePosition> {
        let mut pushes = vec![0.0; self.wanted.len()];
        let mut rests = vec![false; self.wanted.len()];
        for &frame in met {
            pushes[frame] = self.push(frame, way, 0.0, true)?;
            rests[frame] = true;
        }
        for _ in 0..CORRECTIONS {
            self.smooth(&mut pushes);
            let mut settled = true;
            for frame in 0..pushes.len() {
                if pushes[frame] > 0.0 {
                    let free = self.push(frame, way, pushes[frame], rests[frame])?;
                    settled &= free <= pushes[frame] + NOTHING;
                    pushes[frame] = free;
                }
            }
            if settled {
                return Ok(pushes);
            }
        }
        let frame = met.first().copied().unwrap_or_default();
        Err(NoFreePosition { frame, missing: pushes.into_iter().fold(0.0, f64::max), obstacle: None })
    }

    /// Raises pushes until none differs from its neighbor's by more than the pace.
    fn smooth(&self, pushes: &mut [f64]) {
        // On a ring the second time round takes what came over the seam.
        for _ in 0..if self.ring { 2 } else { 1 } {
            for forward in [true, false] {
                let mut last = match (self.ring, forward) {
                    (false, _) => 0.0,
                    (true, true) => pushes.last().copied().unwrap_or_default(),
                    (true, false) => pushes.first().copied().unwrap_or_default(),
                };
                for step in 0..pushes.len() {
                    let frame = if forward { step } else { pushes.len() - 1 - step };
                    pushes[frame] = pushes[frame].max(last - self.pace);
                    last = pushes[frame];
                }
            }
        }
    }

    /// The least push of at least `least` with which the text of a frame is in nothing's way, not even its
    /// own marker's if it `rests` there.
    fn push(&self, frame: usize, way: Point, least: f64, rests: bool) -> Result<f64, NoFreePosition> {
        let Some(own) = self.wanted[frame] else { return Ok(least) };
        let stuck = |missing, obstacle| NoFreePosition { frame, missing, obstacle };
        let [from, to] = room(&own, way, &self.canvas).map_err(|missing| stuck(missing, None))?;
        let mut around = self.around(frame);
        // A note that is to lie on its marker does.
        let marker = (self.marker)(frame).filter(|marker| rests && own.overlap(marker) == 0.0);
        around.extend(marker);
        let mut push = least.max(from);
        let mut last = None;
        loop {
            let here = own.translated(Point::new(way.x * push, way.y * push));
            let clear = if push > 0.0 { self.clearance } else { 0.0 };
            let in_the_way = around.iter().filter(|other| here.overlap(&other.inflated(clear)) > NOTHING);
            let further = in_the_way.map(|other| (exit(&own, &other.inflated(self.clearance), way), *other));
            let Some((next, other)) = further.max_by(|a, b| a.0.total_cmp(&b.0)) else { break };
            push = next.max(push + NOTHING);
            last = Some(other);
        }
        if push > to + NOTHING { Err(stuck(push - to, last)) } else { Ok(push) }
    }
}

/// The first and last push along a way at which a box is on the canvas, or how far from it is always is.
fn room(own: &Bounds, way: Point, canvas: &Bounds) -> Result<[f64; 2], f64> {
    let along = |low: f64, high: f64, from: f64, to: f64, step: f64| {
        let ends = [from - low, to - high];
        if ends[0] > ends[1] + NOTHING {
            return Err(ends[0] - ends[1]);
        }
        match step {
            step if step > 0.0 => Ok(ends.map(|end| end / step)),
            step if step < 0.0 => Ok([ends[1] / step, ends[0] / step]),
            _ if ends[0] > NOTHING => Err(ends[0]),
            _ if ends[1] < -NOTHING => Err(-ends[1]),
            _ => Ok([f64::NEG_INFINITY, f64::INFINITY]),
        }
    };
    let across = along(own.left, own.right, canvas.left, canvas.right, way.x)?;
    let down = along(own.top, own.bottom, canvas.top, canvas.bottom, way.y)?;
    let both = [across[0].max(down[0]), across[1].min(down[1])];
    let short = both[0].max(0.0) - both[1];
    if short > NOTHING { Err(short) } else { Ok(both) }
}

/// The push along a way with which a box has left another one behind.
fn exit(own: &Bounds, other: &Bounds, way: Point) -> f64 {
    let along = |low: f64, high: f64, from: f64, to: f64, step: f64| match step {
        step if step > 0.0 => (to - low) / step,
        step if step < 0.0 => (high - from) / -step,
        _ => f64::INFINITY,
    };
    let across = along(own.left, own.right, other.left, other.right, way.x);
    across.min(along(own.top, own.bottom, other.top, other.bottom, way.y))
}

/// The shortest straight step of at most `most` with which a text that stands still is in nothing's way.
pub(super) fn nearest_free_offset(
    own: Bounds,
    obstacles: &[Bounds],
    canvas: Bounds,
    clearance: f64,
    most: f64,
) -> Option<Point> {
    let walk = LabelPlacement {
        wanted: &[Some(own)],
        obstacles: &|_, around| around.extend_from_slice(obstacles),
        marker: &|_| None,
        canvas,
        clearance,
        pace: f64::INFINITY,
        ring: false,
    };
    if walk.is_free(0) {
        return Some(Point::default());
    }
    let straight = WAYS.iter().filter(|way| way.x == 0.0 || way.y == 0.0);
    let steps = straight.filter_map(|&way| Some((walk.push(0, way, 0.0, true).ok()?, way)));
    let (push, way) = steps.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (push <= most).then(|| Point::new(way.x * push, way.y * push))
}
