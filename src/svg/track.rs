//! What happens at one place of the display lists over the whole film, sorted into parts of which each is
//! one thing that stays, grows, slides, bends or opens.

use std::ops::Range;
use std::sync::Arc;

use tiny_skia_path::{Path, PathSegment};

use crate::mark::{Fill, Mark, Shape, Stroke};
use crate::svg::reveal::is_cut;

/// In how many parts back a mark's like is looked for: a readout may have as many as there are frames.
const MEMORY: usize = 64;

/// All that one place shows, frame by frame: equal neighbors are kept once.
#[derive(Debug, Default)]
pub(super) struct Track {
    states: Vec<(usize, Mark)>,
}

/// A thing, the frames that show it, and how it looks there.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// Ascending; between them it is not seen.
    pub(super) shown: Vec<(Range<usize>, Mark)>,
}

/// What happens to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Still,
    /// A stroke shows more or less of its curve.
    Grows,
    /// A shape moves as it is.
    Slides,
    /// Its points move, each to where the same point is then.
    Bends,
    /// A shape shows more or less of itself, as far as a vertical edge.
    Opens,
    /// The end of a curve that fades: another one in each frame.
    Fades,
}

impl Track {
    /// Notes what frame `index` shows; frames come in order.
    pub(super) fn push(&mut self, index: usize, mark: Mark) {
        if self.states.last().is_none_or(|(_, last)| *last != mark) {
            self.states.push((index, mark));
        }
    }

    /// The parts, in the order in which they appear, of a film of so many frames.
    pub(super) fn parts(self, keys: usize) -> Vec<Part> {
        let ends: Vec<usize> = self.states.iter().skip(1).map(|state| state.0).chain([keys]).collect();
        let mut parts: Vec<Part> = Vec::new();
        for ((begin, mark), end) in self.states.into_iter().zip(ends) {
            if !has_ink(&mark) {
                continue;
            }
            let recent = parts.len().saturating_sub(MEMORY);
            let joined = parts[recent..].iter_mut().rev().find_map(|part| {
                let kind = part.kind_with(&mark)?;
                Some((part, kind))
            });
            match joined {
                Some((part, kind)) => {
                    part.kind = kind;
                    part.shown.push((begin..end, mark));
                }
                None => parts.push(Part { kind: Kind::of(&mark), shown: vec![(begin..end, mark)] }),
            }
        }
        parts
    }
}

impl Kind {
    /// What a mark does that is seen once.
    fn of(mark: &Mark) -> Self {
        match mark {
            Mark::Nothing | Mark::Stroke(_) | Mark::Fill(_) => Self::Still,
            Mark::Tail(_) => Self::Fades,
        }
    }
}

impl Part {
    /// What happens to the thing if this mark is the same thing later; none if it is another.
    fn kind_with(&self, mark: &Mark) -> Option<Kind> {
        let (_, last) = self.shown.last()?;
        let kind = match (last, mark) {
            (Mark::Stroke(a), Mark::Stroke(b)) => stroke_kind(a, b)?,
            (Mark::Fill(a), Mark::Fill(b)) => fill_kind(a, b)?,
            (Mark::Tail(a), Mark::Tail(b)) => (a.pen == b.pen && a.clip == b.clip).then_some(Kind::Fades)?,
            (Mark::Stroke(_) | Mark::Fill(_) | Mark::Tail(_) | Mark::Nothing, _) => return None,
        };
        match (self.kind, kind) {
            (known, Kind::Still) => Some(known),
            (Kind::Still, now) => Some(now),
            (Kind::Slides, Kind::Bends) | (Kind::Bends, Kind::Slides) => Some(Kind::Bends),
            (known, now) => (known == now).then_some(known),
        }
    }

    /// For each of so many frames the index in `shown` of what it shows, or showed last, or will show.
    pub(super) fn carried(&self, keys: usize) -> Vec<usize> {
        let begun = |frame: usize| self.shown.partition_point(|(range, _)| range.start <= frame);
        (0..keys).map(|frame| begun(frame).saturating_sub(1)).collect()
    }

    /// The frames in which it is seen.
    pub(super) fn frames(&self) -> Vec<Range<usize>> {
        self.shown.iter().map(|(range, _)| range.clone()).collect()
    }
}

/// Whether a mark can be seen anywhere.
fn has_ink(mark: &Mark) -> bool {
    match mark {
        Mark::Nothing => false,
        Mark::Stroke(stroke) => {
            stroke.pen.width > 0.0
                && stroke.pen.width.is_finite()
                && stroke.upto > 0
                && !stroke.clip.is_empty()
        }
        Mark::Tail(tail) => tail.pen.width > 0.0 && tail.pen.width.is_finite() && !tail.clip.is_empty(),
        Mark::Fill(fill) => {
            let placed = fill.at.x.is_finite() && fill.at.y.is_finite();
            placed && !fill.shape.outlines.is_empty() && !fill.clip.is_empty()
        }
    }
}

fn stroke_kind(a: &Stroke, b: &Stroke) -> Option<Kind> {
    let whole = |stroke: &Stroke| stroke.upto >= stroke.path.points.len();
    if a.clip != b.clip || !(Arc::ptr_eq(&a.pen, &b.pen) || a.pen == b.pen) {
        return None;
    }
    if Arc::ptr_eq(&a.path, &b.path) || a.path == b.path {
        return Some(if a.upto == b.upto { Kind::Still } else { Kind::Grows });
    }
    let alike = a.path.starts == b.path.starts && a.path.points.len() == b.path.points.len();
    (alike && whole(a) && whole(b)).then_some(Kind::Bends)
}

fn fill_kind(a: &Fill, b: &Fill) -> Option<Kind> {
    if a.clip != b.clip || a.color != b.color {
        return None;
    }
    if Arc::ptr_eq(&a.shape, &b.shape) || a.shape == b.shape {
        return Some(if a.at == b.at { Kind::Still } else { Kind::Slides });
    }
    if bend_alike(&a.shape, &b.shape) {
        return Some(Kind::Bends);
    }
    is_cut(a, b).then_some(Kind::Opens)
}

/// Whether one shape can turn into the other point by point. Type cannot, though a 6 may have as many points as a 9;
/// its outlines are the only ones that have quadratic curves.
fn bend_alike(a: &Shape, b: &Shape) -> bool {
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
    let alike = |(a, b): (&Path, &Path)| {
        a.verbs().len() == b.verbs().len() && kinds(a).is_some_and(|a| kinds(b).is_some_and(|b| a == b))
    };
    a.outlines.len() == b.outlines.len() && a.outlines.iter().zip(&b.outlines).all(alike)
}
