//! The side of its marker on which a note stands in each frame: away from lines, from other markers and from texts.
//!
//! The anchor of a note runs around the edge of the note's box in small steps. Each position has a cost in each frame,
//! and from one frame to the next the anchor moves by a few steps at most, and by those that its preferred place moves.
//! The path of least cost over the whole film is found by dynamic programming (A. Viterbi, 1967): it leaves a side before a
//! curve arrives there, and does not jump. Lengths are device pixels.

use crate::geometry::{Bounds, Point};
use crate::panel::chords::{Chord, clipped_length};
use crate::panel::prepared_label::anchored_origin;
use crate::scene::element::Anchor;
use crate::text::TextBox;

/// The number of steps by which an anchor moves from one frame to the next at most, beyond those of its preferred place.
const MAX_STEPS: usize = 2;
/// The work of looking at a line or a text from one position.
const LOOK: u64 = 4;
/// The work of a position in a frame beside what it looks at.
const POSITION: u64 = 20;
/// The work of a step from one position to another.
const STEP: u64 = 3;
/// The cost of an em of overlap with another text, or of an em beyond the canvas.
const BLOCKED: f64 = 1e3;
/// The cost of each em of distance from the preferred position.
const AWAY: f64 = 0.2;
/// The cost of each em by which the anchor moves in a frame, beyond those of its preferred place.
const MOVING: f64 = 0.3;

/// The direction in which a note of an arrow without length stands.
const ABOVE: Point = Point { x: 0.0, y: -1.0 };
/// The sine of the largest angle from the vertical at which an arrow counts as upright.
const UPRIGHT: f64 = 1e-6;

/// A note that may stand on any side of its marker.
pub(super) struct NotePath {
    pub(super) text_box: TextBox,
    pub(super) em: f64,
    /// The distance of lines that counts as touching the note, in em.
    pub(super) reach: f64,
    /// The longest distance by which the note moves about its marker from one frame to the next, where its preferred place
    /// keeps still.
    pub(super) max_step: f64,
    /// The rectangle that the note must not leave.
    pub(super) canvas: Bounds,
    /// Whether the last frame is followed by the first.
    pub(super) wraps: bool,
}

/// The surroundings of a marker in one frame.
pub(super) struct Surroundings<'a> {
    /// The center of the marker.
    pub(super) at: Point,
    /// The distance of the note's anchor from the center, along each axis.
    pub(super) gap: f64,
    /// The preferred anchor, on the edge of the box.
    pub(super) preferred: Anchor,
    /// Chords of lines and of other markers.
    pub(super) chords: &'a [Chord],
    /// The boxes of other texts.
    pub(super) texts: Vec<Bounds>,
}

/// A position, by its number.
type Position = u32;

/// The origin of a note with an anchor at the edge of its box, beside a marker.
pub(super) fn origin_beside(text_box: TextBox, anchor: Anchor, marker: Point, gap: f64) -> Point {
    let beside = |at: f64, anchor: f64| at + (0.5 - anchor) * 2.0 * gap;
    anchored_origin(text_box, anchor, Point::new(beside(marker.x, anchor.x), beside(marker.y, anchor.y)))
}

/// The anchor of a note whose middle lies in a direction from its place, at a gap along each axis.
pub(super) fn anchor_across(text_box: TextBox, gap: f64, direction: Option<Point>) -> Anchor {
    let direction = direction.unwrap_or(ABOVE);
    let across = text_box.width / 2.0 + gap;
    let along = f64::midpoint(text_box.ascent, text_box.descent) + gap;
    let reach = (direction.x.abs() / across).max(direction.y.abs() / along);
    let part = |towards: f64, half: f64| (0.5 - towards / half / reach / 2.0).clamp(0.0, 1.0);
    Anchor { x: part(direction.x, across), y: part(direction.y, along) }
}

/// The direction across an arrow that points more upward, or to the right of an upright arrow; the one nearest to the
/// direction in the frame before, if there is one. `None` for an arrow without length.
pub(super) fn side_across(vector: Point, before: Option<Point>) -> Option<Point> {
    let length = libm::hypot(vector.x, vector.y);
    if !length.is_finite() || length == 0.0 {
        return None;
    }
    let across = Point::new(-vector.y / length, vector.x / length);
    let turns = match before {
        Some(before) => across.x * before.x + across.y * before.y < 0.0,
        None => across.y > UPRIGHT || across.y >= -UPRIGHT && across.x < 0.0,
    };
    Some(if turns { Point::new(-across.x, -across.y) } else { across })
}

/// Whether an anchor lies on the edge of its box.
pub(super) fn is_on_edge(anchor: Anchor) -> bool {
    [anchor.x, anchor.y].iter().any(|at| *at <= 0.0 || *at >= 1.0)
}

impl NotePath {
    /// The heap bytes that [`anchors`](Self::anchors) takes for each frame.
    pub(super) fn frame_bytes(&self, frames: &[Option<Surroundings<'_>>]) -> u64 {
        let positions = self.positions(largest_gap(frames)).len();
        ((size_of::<f64>() + size_of::<Position>()) * positions + size_of::<Surroundings<'_>>()) as u64
    }

    /// The anchor in each frame. A frame without surroundings hides the note. `charge` counts work that is about to be done, in
    /// operations.
    ///
    /// # Errors
    /// The first one of `charge`.
    pub(super) fn anchors<E>(
        &self,
        frames: &[Option<Surroundings<'_>>],
        charge: impl Fn(u64) -> Result<(), E>,
    ) -> Result<Vec<Anchor>, E> {
        let positions = self.positions(largest_gap(frames));
        let looked_at: usize =
            frames.iter().flatten().map(|frame| frame.chords.len() + frame.texts.len()).sum();
        let count = positions.len() as u64;
        charge(count * (LOOK * looked_at as u64 + POSITION * frames.len() as u64))?;
        let costs: Vec<Option<Vec<f64>>> = frames
            .iter()
            .map(|frame| {
                let frame = frame.as_ref()?;
                Some(positions.iter().map(|anchor| self.cost(*anchor, frame)).collect())
            })
            .collect();
        let turns = preferred_steps(frames, &positions);
        let steps: u64 = turns.iter().map(|turn| (2 * (turn + MAX_STEPS) as u64).min(count)).sum();
        charge(STEP * count * steps)?;
        let path = self.cheapest_path((&costs, &turns), &positions, None);
        // In a loop, the second round begins where the first one ends, and returns there.
        let end = path.last().copied().filter(|_| self.wraps);
        let path = end.map_or(path, |end| self.cheapest_path((&costs, &turns), &positions, Some(end)));
        let chosen = path.into_iter().map(|position| positions[position]).zip(frames);
        Ok(chosen.map(|(anchor, frame)| self.or_preferred(anchor, frame.as_ref())).collect())
    }

    /// The preferred anchor if this position is the one next to it, else the position.
    fn or_preferred(&self, position: Anchor, frame: Option<&Surroundings<'_>>) -> Anchor {
        let Some(Surroundings { gap, preferred, .. }) = frame else { return position };
        let along = |from: f64, to: f64, side: f64| (to - from).abs() * (side + 2.0 * gap);
        let distance = along(position.x, preferred.x, self.text_box.width)
            + along(position.y, preferred.y, self.text_box.ascent + self.text_box.descent);
        if distance <= self.max_step / MAX_STEPS as f64 / 2.0 { *preferred } else { position }
    }

    /// The positions around the box, clockwise from its upper left corner. The middle of each side is one of them.
    fn positions(&self, gap: f64) -> Vec<Anchor> {
        let spacing = self.max_step / MAX_STEPS as f64;
        let count = |side: f64| 2 * (((side + 2.0 * gap) / spacing / 2.0).ceil().max(1.0) as usize);
        let (across, along) =
            (count(self.text_box.width), count(self.text_box.ascent + self.text_box.descent));
        let part = |i: usize, count: usize| i as f64 / count as f64;
        let top = (0..across).map(|i| Anchor { x: part(i, across), y: 0.0 });
        let right = (0..along).map(|i| Anchor { x: 1.0, y: part(i, along) });
        let bottom = (0..across).map(|i| Anchor { x: 1.0 - part(i, across), y: 1.0 });
        let left = (0..along).map(|i| Anchor { x: 0.0, y: 1.0 - part(i, along) });
        top.chain(right).chain(bottom).chain(left).collect()
    }

    /// The cost of an anchor in one frame.
    fn cost(&self, anchor: Anchor, frame: &Surroundings<'_>) -> f64 {
        let bounds = |anchor| self.text_box.bounds(origin_beside(self.text_box, anchor, frame.at, frame.gap));
        let (own, preferred) = (bounds(anchor), bounds(frame.preferred));
        let near = own.inflated(self.em * self.reach);
        let covered: f64 =
            frame.chords.iter().map(|chord| chord.weight * clipped_length(chord.from, chord.to, &near)).sum();
        let overlap: f64 = frame.texts.iter().map(|text| near.overlap(text)).sum();
        let beyond: f64 = own.overhang(&self.canvas).iter().map(|over| over.max(0.0)).sum();
        let away = libm::hypot(own.left - preferred.left, own.top - preferred.top);
        (covered + BLOCKED * (overlap + beyond) + AWAY * away) / self.em
    }

    /// The positions of least total cost; with `loop_end` those that continue from this position and end there. Each frame has
    /// the costs of positions, and the number of steps by which its preferred place has moved.
    fn cheapest_path(
        &self,
        (costs, turns): (&[Option<Vec<f64>>], &[usize]),
        positions: &[Anchor],
        loop_end: Option<usize>,
    ) -> Vec<usize> {
        let count = positions.len();
        let step_cost = MOVING * self.max_step / MAX_STEPS as f64 / self.em;
        let start = |position: usize| match loop_end {
            Some(end) if end != position => f64::INFINITY,
            _ => 0.0,
        };
        let mut last: Vec<f64> = (0..count).map(start).collect();
        let mut is_free = loop_end.is_none();
        // The position in the frame before, of the best path to each position.
        let mut table: Vec<Vec<Position>> = Vec::with_capacity(costs.len());
        for (frame, &turn) in costs.iter().zip(turns) {
            let best_of_all = (0..count).min_by(|a, b| last[*a].total_cmp(&last[*b])).unwrap_or_default();
            let best = |position: usize| {
                // Where the note is hidden, it may change its side at no cost.
                let (cost, from) = match frame {
                    Some(_) if !is_free => reachable(position, count, turn + MAX_STEPS)
                        .map(|(from, steps)| {
                            (last[from] + step_cost * steps.saturating_sub(turn) as f64, from)
                        })
                        .min_by(|a, b| a.0.total_cmp(&b.0))
                        .unwrap_or((last[position], position)),
                    _ => (last[best_of_all], best_of_all),
                };
                (cost + frame.as_ref().map_or(0.0, |costs| costs[position]), from as Position)
            };
            let (costs, from) = (0..count).map(best).unzip();
            last = costs;
            table.push(from);
            is_free = frame.is_none();
        }
        let cheapest = (0..count).min_by(|a, b| last[*a].total_cmp(&last[*b])).unwrap_or_default();
        let mut position = loop_end.filter(|end| last[*end].is_finite()).unwrap_or(cheapest);
        let mut path = vec![position; costs.len()];
        for (slot, from) in path.iter_mut().zip(&table).rev() {
            *slot = position;
            position = from[position] as usize;
        }
        path
    }
}

/// The largest distance of the note's anchor from its marker.
fn largest_gap(frames: &[Option<Surroundings<'_>>]) -> f64 {
    frames.iter().flatten().map(|frame| frame.gap).fold(0.0, f64::max)
}

/// The number of steps by which the preferred place of each frame lies away from that of the frame before; the first frame
/// follows the last one.
fn preferred_steps(frames: &[Option<Surroundings<'_>>], positions: &[Anchor]) -> Vec<usize> {
    let nearest = |frame: &Surroundings<'_>| {
        let away =
            |anchor: &Anchor| (anchor.x - frame.preferred.x).abs() + (anchor.y - frame.preferred.y).abs();
        (0..positions.len()).min_by(|a, b| away(&positions[*a]).total_cmp(&away(&positions[*b])))
    };
    let places: Vec<Option<usize>> = frames.iter().map(|frame| frame.as_ref().and_then(nearest)).collect();
    let before = places.last().into_iter().chain(&places);
    let steps = |(from, to): (&Option<usize>, &Option<usize>)| match (from, to) {
        (Some(from), Some(to)) => from.abs_diff(*to).min(positions.len() - from.abs_diff(*to)),
        _ => 0,
    };
    before.zip(&places).map(steps).collect()
}

/// The positions from which an anchor reaches a position in at most so many steps, and the steps that it takes; the nearest
/// first.
fn reachable(position: usize, count: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let most = most.min(count / 2);
    let beside = (1..=most).flat_map(move |steps| {
        [((position + count - steps) % count, steps), ((position + steps) % count, steps)]
    });
    std::iter::once((position, 0)).chain(beside)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const CANVAS: Bounds = Bounds { left: 0.0, top: 0.0, right: 400.0, bottom: 400.0 };

    fn note() -> NotePath {
        NotePath {
            text_box: TextBox { width: 30.0, ascent: 8.0, descent: 2.0 },
            em: 10.0,
            reach: 0.15,
            max_step: 2.0,
            canvas: CANVAS,
            wraps: false,
        }
    }

    fn chord([x, y, u, v]: [f64; 4]) -> Chord {
        Chord { from: Point::new(x, y), to: Point::new(u, v), weight: 1.0 }
    }

    fn beside<'a>(at: Point, chords: &'a [Chord], texts: &[Bounds]) -> Surroundings<'a> {
        Surroundings { at, gap: 6.0, preferred: Anchor::SOUTH_WEST, chords, texts: texts.to_vec() }
    }

    fn anchors(note: &NotePath, frames: &[Option<Surroundings<'_>>]) -> Vec<Anchor> {
        let charged = Cell::new(0);
        let charge = |work| {
            charged.set(charged.get() + work);
            Ok::<(), ()>(())
        };
        let anchors = note.anchors(frames, charge).expect("no limit");
        let looked_at: usize = frames.iter().flatten().map(|frame| frame.chords.len()).sum();
        assert!(charged.get() > (looked_at + frames.len()) as u64, "{} of {looked_at}", charged.get());
        anchors
    }

    fn bounds(note: &NotePath, anchor: Anchor, frame: &Surroundings<'_>) -> Bounds {
        note.text_box.bounds(origin_beside(note.text_box, anchor, frame.at, frame.gap))
    }

    #[test]
    fn a_note_in_free_space_stays_where_it_is_wanted() {
        for name in Anchor::NAMES.into_iter().filter(|name| *name != "c") {
            let preferred = Anchor::from_name(name).expect("an anchor");
            let edge = [chord([0.0, 0.0, 400.0, 0.0])];
            let free = beside(Point::new(200.0, 200.0), &edge, &[]);
            let frames = [Some(Surroundings { preferred, ..free })];
            assert_eq!(anchors(&note(), &frames), [preferred], "{name}");
        }
    }

    #[test]
    fn a_note_steps_off_lines_texts_and_the_edge_of_the_canvas() {
        let text = Bounds { left: 205.0, top: 180.0, right: 260.0, bottom: 200.0 };
        let line = [chord([200.0, 200.0, 300.0, 170.0])];
        let cases = [
            beside(Point::new(200.0, 200.0), &line, &[]),
            beside(Point::new(200.0, 200.0), &[], &[text]),
            beside(Point::new(395.0, 5.0), &[], &[]),
        ];
        for frame in cases {
            let note = note();
            let frames = [Some(frame)];
            let anchor = anchors(&note, &frames)[0];
            let [Some(frame)] = &frames else { panic!("it is there") };
            let own = bounds(&note, anchor, frame);
            assert!(frame.texts.iter().all(|text| own.overlap(text) == 0.0), "{own:?}");
            assert!(own.overhang(&CANVAS).iter().all(|over| *over <= 0.0), "{own:?}");
            let covered: f64 =
                frame.chords.iter().map(|chord| clipped_length(chord.from, chord.to, &own)).sum();
            assert_eq!(covered, 0.0, "{own:?}");
        }
    }

    #[test]
    fn a_note_follows_a_preferred_side_that_turns_fast() {
        // An arrow turns by a sixteenth in each frame.
        let note = NotePath { wraps: true, ..note() };
        let at = Point::new(200.0, 200.0);
        let vector = |frame: usize| {
            let angle = frame as f64 / 16.0 * std::f64::consts::TAU;
            Point::new(90.0 * libm::cos(angle), 90.0 * libm::sin(angle))
        };
        let lines: Vec<[Chord; 1]> = (0..32)
            .map(vector)
            .map(|by| [chord([at.x - by.x, at.y - by.y, at.x + by.x, at.y + by.y])])
            .collect();
        let arrow = |frame: usize| {
            let across = Point::new(-vector(frame).y, vector(frame).x);
            let preferred = anchor_across(note.text_box, 6.0, Some(across));
            Some(Surroundings { preferred, ..beside(at, &lines[frame], &[]) })
        };
        let frames: Vec<_> = (0..32).map(arrow).collect();
        for (anchor, frame) in anchors(&note, &frames).into_iter().zip(&frames) {
            let frame = frame.as_ref().expect("a frame");
            let [own, wanted] = [anchor, frame.preferred].map(|anchor| bounds(&note, anchor, frame));
            assert!(libm::hypot(own.left - wanted.left, own.top - wanted.top) < 2.0, "{anchor:?}");
        }
    }

    #[test]
    fn a_note_moves_slowly_and_closes_a_loop() {
        // A spoke turns once about the marker.
        let spoke = |frame: usize| {
            let angle = frame as f64 / 100.0 * std::f64::consts::TAU;
            let tip = [200.0 + 90.0 * libm::cos(angle), 200.0 + 90.0 * libm::sin(angle)];
            [chord([200.0, 200.0, tip[0], tip[1]])]
        };
        let lines: Vec<[Chord; 1]> = (0..100).map(spoke).collect();
        let frames: Vec<_> =
            lines.iter().map(|line| Some(beside(Point::new(200.0, 200.0), line, &[]))).collect();
        let note = NotePath { wraps: true, ..note() };
        let anchors = anchors(&note, &frames);
        let boxes: Vec<Bounds> = anchors
            .iter()
            .zip(&frames)
            .map(|(anchor, frame)| bounds(&note, *anchor, frame.as_ref().expect("a frame")))
            .collect();
        for (index, now) in boxes.iter().enumerate() {
            let next = boxes[(index + 1) % boxes.len()];
            let moved = libm::hypot(next.left - now.left, next.top - now.top);
            assert!(moved <= note.max_step + 1e-9, "{index}: {moved}");
        }
        let struck = boxes.iter().zip(&frames).filter(|(own, frame)| {
            let chord = frame.as_ref().expect("a frame").chords[0];
            clipped_length(chord.from, chord.to, own) > 0.0
        });
        assert!(struck.count() <= 5);
    }
}
