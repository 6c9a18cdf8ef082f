//! The marks at one index of the display lists over all frames, split into parts.
//!
//! Each part is one object that stays, grows, moves, changes its shape, or is revealed, and becomes one SVG element.

use std::ops::Range;
use std::sync::Arc;

use tiny_skia_path::{Path, PathSegment};

use crate::mark::{Fill, Mark, Shape, Stroke};
use crate::svg::reveal::is_cut;

/// Number of recent parts that a mark is compared with. A readout may have as many parts as there are frames, so an
/// unlimited search would be quadratic.
const MEMORY: usize = 64;

/// The marks at one index, frame by frame. Equal neighbors are stored once.
#[derive(Debug, Default)]
pub(super) struct Track {
    states: Vec<(usize, Mark)>,
}

/// One object: the frames that show it, and its mark in each of them.
#[derive(Debug)]
pub(super) struct TrackPart {
    pub(super) kind: PartKind,
    /// Ascending frame ranges with their mark. Between the ranges the object is hidden.
    pub(super) states: Vec<(Range<usize>, Mark)>,
}

/// How an object changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Not at all.
    Static,
    /// A stroke shows more or fewer points of its curve.
    Growing,
    /// A shape is translated.
    Translated,
    /// Each point moves on its own; the number of points stays.
    Morphing,
    /// A shape is visible as far as a vertical edge that moves.
    Revealed,
    /// A fading tail, which is another curve in each frame.
    Fading,
}

impl Track {
    /// Appends the mark of frame `index`. Frames come in ascending order.
    pub(super) fn push(&mut self, index: usize, mark: Mark) {
        if self.states.last().is_none_or(|(_, last)| *last != mark) {
            self.states.push((index, mark));
        }
    }

    /// Splits the track into parts, in order of appearance. `keys` is the number of frames.
    pub(super) fn parts(self, keys: usize) -> Vec<TrackPart> {
        let ends: Vec<usize> = self.states.iter().skip(1).map(|state| state.0).chain([keys]).collect();
        let mut parts: Vec<TrackPart> = Vec::new();
        for ((begin, mark), end) in self.states.into_iter().zip(ends) {
            if !is_visible(&mark) {
                continue;
            }
            let recent = parts.len().saturating_sub(MEMORY);
            let join_outlines = parts[recent..].iter_mut().rev().find_map(|part| {
                let kind = part.kind_with(&mark)?;
                Some((part, kind))
            });
            match join_outlines {
                Some((part, kind)) => {
                    part.kind = kind;
                    part.states.push((begin..end, mark));
                }
                None => parts.push(TrackPart { kind: PartKind::of(&mark), states: vec![(begin..end, mark)] }),
            }
        }
        parts
    }
}

impl PartKind {
    /// The kind of a part that has one state.
    fn of(mark: &Mark) -> Self {
        match mark {
            Mark::Nothing | Mark::Stroke(_) | Mark::Fill(_) | Mark::Image(_) => Self::Static,
            Mark::Tail(_) => Self::Fading,
        }
    }
}

impl TrackPart {
    /// The kind of this part with `mark` as its next state, or `None` if `mark` is another object.
    fn kind_with(&self, mark: &Mark) -> Option<PartKind> {
        let (_, last) = self.states.last()?;
        let kind = match (last, mark) {
            (Mark::Stroke(a), Mark::Stroke(b)) => stroke_kind(a, b)?,
            (Mark::Fill(a), Mark::Fill(b)) => fill_kind(a, b)?,
            (Mark::Tail(a), Mark::Tail(b)) => {
                (a.pen == b.pen && a.clip == b.clip).then_some(PartKind::Fading)?
            }
            (Mark::Image(a), Mark::Image(b)) => (a == b).then_some(PartKind::Static)?,
            (Mark::Stroke(_) | Mark::Fill(_) | Mark::Tail(_) | Mark::Image(_) | Mark::Nothing, _) => {
                return None;
            }
        };
        match (self.kind, kind) {
            (known, PartKind::Static) => Some(known),
            (PartKind::Static, now) => Some(now),
            (PartKind::Translated, PartKind::Morphing) | (PartKind::Morphing, PartKind::Translated) => {
                Some(PartKind::Morphing)
            }
            (known, now) => (known == now).then_some(known),
        }
    }

    /// For each frame the index in `states` of its state. A frame that hides the part takes the state before it, or else the
    /// first one.
    pub(super) fn state_by_frame(&self, keys: usize) -> Vec<usize> {
        let begun = |frame: usize| self.states.partition_point(|(range, _)| range.start <= frame);
        (0..keys).map(|frame| begun(frame).saturating_sub(1)).collect()
    }

    /// The frames that show the part.
    pub(super) fn frames(&self) -> Vec<Range<usize>> {
        self.states.iter().map(|(range, _)| range.clone()).collect()
    }
}

/// Whether a mark can cover any pixel.
fn is_visible(mark: &Mark) -> bool {
    match mark {
        Mark::Nothing => false,
        Mark::Stroke(stroke) => {
            stroke.pen.width > 0.0
                && stroke.pen.width.is_finite()
                && stroke.visible_points > 0
                && !stroke.clip.is_empty()
        }
        Mark::Tail(tail) => tail.pen.width > 0.0 && tail.pen.width.is_finite() && !tail.clip.is_empty(),
        Mark::Fill(fill) => {
            let placed = fill.at.x.is_finite() && fill.at.y.is_finite();
            placed && !fill.shape.outlines.is_empty() && !fill.clip.is_empty()
        }
        Mark::Image(image) => !image.pixels().is_empty(),
    }
}

fn stroke_kind(a: &Stroke, b: &Stroke) -> Option<PartKind> {
    let whole = |stroke: &Stroke| stroke.visible_points >= stroke.path.points.len();
    if a.clip != b.clip || !(Arc::ptr_eq(&a.pen, &b.pen) || a.pen == b.pen) {
        return None;
    }
    if Arc::ptr_eq(&a.path, &b.path) || a.path == b.path {
        return Some(if a.visible_points == b.visible_points { PartKind::Static } else { PartKind::Growing });
    }
    let same_structure =
        a.path.subpath_starts == b.path.subpath_starts && a.path.points.len() == b.path.points.len();
    (same_structure && whole(a) && whole(b)).then_some(PartKind::Morphing)
}

fn fill_kind(a: &Fill, b: &Fill) -> Option<PartKind> {
    if a.clip != b.clip || a.color != b.color {
        return None;
    }
    if Arc::ptr_eq(&a.shape, &b.shape) || a.shape == b.shape {
        return Some(if a.at == b.at { PartKind::Static } else { PartKind::Translated });
    }
    if can_morph(&a.shape, &b.shape) {
        return Some(PartKind::Morphing);
    }
    is_cut(a, b).then_some(PartKind::Revealed)
}

/// Whether one shape can morph into the other point by point. Glyphs must not, although a 6 may have as many points as a 9;
/// only glyph outlines have quadratic curves.
fn can_morph(a: &Shape, b: &Shape) -> bool {
    let kinds = |path: &Path| -> Option<Vec<u8>> {
        let kind = |segment| match segment {
            PathSegment::MoveTo(_) => Some(0),
            PathSegment::LineTo(_) => Some(1),
            PathSegment::QuadTo(..) => None,
            PathSegment::CubicTo(..) => Some(3),
            PathSegment::Close => Some(4),
        };
        path.segments().map(kind).collect()
    };
    let same_structure = |(a, b): (&Path, &Path)| {
        a.verbs().len() == b.verbs().len() && kinds(a).is_some_and(|a| kinds(b).is_some_and(|b| a == b))
    };
    a.outlines.len() == b.outlines.len() && a.outlines.iter().zip(&b.outlines).all(same_structure)
}
