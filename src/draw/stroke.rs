//! Strokes: lines of constant width along a curve, as a union of small pieces of known coverage.
//!
//! The pieces are *bodies* (a segment's strip, in pixels whose center lies beside the segment),
//! *joins* (the wedge between two segments, as if the strip turned about the vertex) and *discs*
//! (around vertices, at round ends). They unite by the maximum. Which pieces belong to point k depends on
//! the whole curve but not on how much of it is drawn: a longer stroke has all pieces of a
//! shorter one, so a growing curve only adds. Where a curve is cut straight, the cut is known
//! beforehand, and softens the pieces near it.

use std::collections::VecDeque;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use crate::draw::coverage::{Coverage, enclosing_pixels};
use crate::draw::dash::{ArcSpan, dash_pattern, dashes};
use crate::draw::pixel_coverage::{DiscReach, HALF_DIAGONAL};
use crate::draw::stroke_parts::{Cut, Cuts, Disc, Join, SegmentStrip};
use crate::geometry::{PixelRect, Point};
use crate::mark::{Cap, Pen, Polyline};

/// Joins that bend by more than this (its cosine) are plain discs: a strip that turns so far would
/// thicken a thin line's corner.
const MIN_JOIN_COSINE: f64 = 0.5;

/// A curve ready to be drawn, any part of it at any time.
#[derive(Debug)]
pub(crate) struct Stroker {
    path: Arc<Polyline>,
    pen: Arc<Pen>,
    /// Half the width.
    radius: f64,
    reach_table: DiscReach,
    /// Lengths on and off, an even number of them; empty for a solid line.
    dash: Vec<f64>,
    /// The arc length at every point from the curve's start; breaks add none.
    arcs: Vec<f64>,
}

/// A run of points without a break.
struct Subpath {
    first: usize,
    last: usize,
    /// Ends where it began, and is solid: has no ends.
    closed: bool,
}

/// A straight segment with its place on the curve.
struct Segment {
    from: Point,
    to: Point,
    /// Unit vector.
    along: Point,
    /// Arc lengths at both ends.
    start: f64,
    end: f64,
}

/// A segment, and the direction in which the curve arrives there, if it comes from anywhere.
struct Bend<'a> {
    before: Option<Point>,
    segment: &'a Segment,
}

/// A disc without cuts that is still to be drawn, after the segments around it, which leave little for it to do.
struct PendingDisc {
    arc: f64,
    at: Point,
}

impl Stroker {
    pub(crate) fn new(path: Arc<Polyline>, pen: Arc<Pen>) -> Self {
        Self::starting_at(0.0, path, pen)
    }

    /// The same for the rest of a curve that begins at this arc length.
    pub(crate) fn starting_at(start: f64, path: Arc<Polyline>, pen: Arc<Pen>) -> Self {
        let mut arcs = Vec::with_capacity(path.points.len());
        let mut arc = start;
        let mut starts = path.subpath_starts.iter().peekable();
        for (index, &point) in path.points.iter().enumerate() {
            let begins = starts.next_if_eq(&&index).is_some() || index == 0;
            if !begins {
                arc += segment_length(path.points[index - 1], point);
            }
            arcs.push(arc);
        }
        let radius = if pen.width.is_finite() { pen.width.max(0.0) / 2.0 } else { 0.0 };
        Self { radius, reach_table: DiscReach::new(radius), dash: dash_pattern(&pen.dash), arcs, path, pen }
    }

    /// The pixels that the whole curve can touch, inside `clip`.
    pub(crate) fn bounds(&self, clip: PixelRect) -> PixelRect {
        self.bounds_of(&self.path.points, clip)
    }

    /// The pixels that what point `index` adds can touch, inside `clip`.
    pub(crate) fn bounds_at(&self, index: usize, clip: PixelRect) -> PixelRect {
        self.bounds_of(&self.path.points[index.saturating_sub(1)..=index], clip)
    }

    fn bounds_of(&self, points: &[Point], clip: PixelRect) -> PixelRect {
        let finite = points.iter().filter(|p| p.x.is_finite() && p.y.is_finite());
        let corners = finite.fold(None, |corners: Option<(Point, Point)>, p| {
            let (low, high) = corners.unwrap_or((*p, *p));
            Some((Point::new(low.x.min(p.x), low.y.min(p.y)), Point::new(high.x.max(p.x), high.y.max(p.y))))
        });
        let r = self.radius;
        corners.map_or(PixelRect::default(), |(low, high)| {
            enclosing_pixels(Point::new(low.x - r, low.y - r), Point::new(high.x + r, high.y + r), clip)
        })
    }

    /// Draws what the points `from..end` add; returns the rectangle that it touched.
    pub(crate) fn draw(&self, from: usize, end: usize, into: &mut Coverage) -> PixelRect {
        let mut touched = PixelRect::default();
        if self.radius == 0.0 || into.bounds().is_empty() {
            return touched;
        }
        let mut discs = VecDeque::new();
        for subpath in self.subpaths().skip_while(|subpath| subpath.last < from) {
            if subpath.first >= end {
                break;
            }
            let points = from.max(subpath.first)..end.min(subpath.last + 1);
            touched = touched.union(&self.draw_points(&subpath, points, &mut discs, into));
        }
        touched.union(&self.draw_discs(&mut discs, f64::INFINITY, into))
    }

    /// Draws what some points of `stroke_parts` add, mostly the segments that end there, but for discs that may have to wait.
    fn draw_points(
        &self,
        subpath: &Subpath,
        points: Range<usize>,
        discs: &mut VecDeque<PendingDisc>,
        into: &mut Coverage,
    ) -> PixelRect {
        let mut touched = PixelRect::default();
        if self.arcs[subpath.last] <= self.arcs[subpath.first] {
            discs.extend(self.dot(subpath).filter(|_| points.contains(&subpath.first)));
            return touched;
        }
        let mut before = self.direction_before(subpath, points.start.saturating_sub(1));
        for index in points.start.max(subpath.first + 1)..points.end {
            let Some(segment) = self.segment(index) else { continue };
            if let Some(visible) = segment.visible_arcs(into.bounds(), self.radius + 2.0) {
                let bend = Bend { before, segment: &segment };
                let mut draw = |span| self.draw_span((subpath, index), &bend, span, discs, into);
                if self.dash.is_empty() {
                    touched = touched.union(&draw(self.full_span(subpath)));
                } else {
                    touched =
                        self.dashes(subpath, visible).map(draw).fold(touched, |all, one| all.union(&one));
                }
            }
            before = Some(segment.along);
            touched = touched.union(&self.draw_discs(discs, segment.start, into));
        }
        touched
    }

    /// Draws the discs that lie so far behind an arc length that all segments that reach there are drawn.
    fn draw_discs(&self, discs: &mut VecDeque<PendingDisc>, arc: f64, into: &mut Coverage) -> PixelRect {
        let behind = arc - self.radius - HALF_DIAGONAL;
        let mut touched = PixelRect::default();
        while let Some(PendingDisc { at, .. }) = discs.pop_front_if(|disc| disc.arc <= behind) {
            touched = touched.union(&self.draw_disc(at, &Cuts::NONE, into));
        }
        touched
    }

    fn draw_disc(&self, at: Point, cuts: &Cuts, into: &mut Coverage) -> PixelRect {
        Disc { at, radius: self.radius }.draw(&self.reach_table, cuts, into)
    }

    fn subpaths(&self) -> impl Iterator<Item = Subpath> {
        let (points, starts) = (&self.path.points, &self.path.subpath_starts);
        // A polyline whose list of starts is empty is one subpath.
        let count = if points.is_empty() { 0 } else { starts.len().max(1) };
        (0..count).filter_map(move |k| {
            let first = starts.get(k).copied().unwrap_or(0);
            let last = starts.get(k + 1).copied().unwrap_or(points.len()).min(points.len()).checked_sub(1)?;
            let closed = last > first + 1 && points[first] == points[last] && self.dash.is_empty();
            (first <= last).then_some(Subpath { first, last, closed })
        })
    }

    /// A subpath without length is a dot of a round pen.
    fn dot(&self, subpath: &Subpath) -> Option<PendingDisc> {
        let (at, arc) = (self.path.points[subpath.first], self.arcs[subpath.first]);
        let on = self.dash.is_empty() || self.dashes(subpath, arc..=arc).next().is_some();
        let finite = at.x.is_finite() && at.y.is_finite();
        (on && finite && self.pen.cap == Cap::Round).then_some(PendingDisc { arc, at })
    }

    /// Draws what a segment adds to one span that meets it, but for its discs.
    fn draw_span(
        &self,
        (subpath, index): (&Subpath, usize),
        &Bend { before, segment }: &Bend<'_>,
        span: ArcSpan,
        discs: &mut VecDeque<PendingDisc>,
        into: &mut Coverage,
    ) -> PixelRect {
        let cuts = self.cuts_near(subpath, span, span.from.max(segment.start), span.to.min(segment.end));
        let mut touched =
            self.segment_strip(segment, span).map_or(PixelRect::default(), |strip| strip.draw(&cuts, into));
        let mut disc = |arc, at| {
            if cuts.is_empty() {
                discs.push_back(PendingDisc { arc, at });
            } else {
                touched = touched.union(&self.draw_disc(at, &cuts, into));
            }
        };
        let round = self.pen.cap == Cap::Round;
        if subpath.closed && index == subpath.first + 1 {
            disc(segment.start, segment.from);
        }
        if round && span.starts_on(segment) {
            disc(span.from, segment.at(span.from));
        }
        if round && span.ends_on(segment) {
            disc(span.to, segment.at(span.to));
        }
        if span.to > segment.end && span.from < segment.end {
            disc(segment.end, segment.to);
        }
        let mut join = |at, before: Point, after: Point| {
            if before.x * after.x + before.y * after.y > MIN_JOIN_COSINE {
                let join = Join { at, before, after, radius: self.radius };
                touched = touched.union(&join.draw(&cuts, into));
            }
        };
        if let Some(before) = before
            && span.from < segment.start
            && span.to > segment.start
        {
            join(segment.from, before, segment.along);
        }
        if subpath.closed
            && index == subpath.last
            && let Some(after) = self.direction_after(subpath, subpath.first)
        {
            join(segment.to, segment.along, after);
        }
        touched
    }

    /// The strip along what `span` and `segment` share.
    fn segment_strip(&self, segment: &Segment, span: ArcSpan) -> Option<SegmentStrip> {
        // At a straight end the strip goes on under the soft edge of the cut.
        let soft = |here: bool| if here && self.pen.cap == Cap::Butt { 1.0 } else { 0.0 };
        let (low, high) = (span.from.max(segment.start), span.to.min(segment.end));
        (high > low).then(|| SegmentStrip {
            from: segment.from,
            along: segment.along,
            low: low - segment.start - soft(span.starts_on(segment)),
            high: high - segment.start + soft(span.ends_on(segment)),
            radius: self.radius,
        })
    }

    /// The segment that ends at point `index`, if it has a length and a direction.
    fn segment(&self, index: usize) -> Option<Segment> {
        let (from, to) = (self.path.points[index - 1], self.path.points[index]);
        let length = segment_length(from, to);
        let along = Point::new((to.x - from.x) / length, (to.y - from.y) / length);
        let (start, end) = (self.arcs[index - 1], self.arcs[index]);
        (length > 0.0).then_some(Segment { from, to, along, start, end })
    }

    /// The direction in which the curve arrives at point `index`.
    fn direction_before(&self, subpath: &Subpath, index: usize) -> Option<Point> {
        (subpath.first + 1..=index).rev().find_map(|k| self.segment(k)).map(|segment| segment.along)
    }

    /// The direction in which the curve leaves point `index`.
    fn direction_after(&self, subpath: &Subpath, index: usize) -> Option<Point> {
        (index + 1..=subpath.last).find_map(|k| self.segment(k)).map(|segment| segment.along)
    }

    /// All of `stroke_parts`.
    fn full_span(&self, subpath: &Subpath) -> ArcSpan {
        if subpath.closed {
            ArcSpan { from: f64::NEG_INFINITY, to: f64::INFINITY }
        } else {
            ArcSpan { from: self.arcs[subpath.first], to: self.arcs[subpath.last] }
        }
    }

    /// The dashes of `stroke_parts` that meet a range of arc lengths.
    fn dashes(&self, subpath: &Subpath, range: RangeInclusive<f64>) -> impl Iterator<Item = ArcSpan> {
        let whole = self.full_span(subpath);
        let cut = move |span: ArcSpan| ArcSpan { from: span.from.max(whole.from), to: span.to.min(whole.to) };
        let (low, high) = (*range.start(), *range.end());
        let meets = move |span: &ArcSpan| span.from <= span.to && span.from <= high && span.to >= low;
        dashes(&self.dash, range).map(cut).filter(meets)
    }

    /// The straight cuts of a span that can matter to what lies on it from arc length `low` to `high`.
    fn cuts_near(&self, subpath: &Subpath, span: ArcSpan, low: f64, high: f64) -> Cuts {
        if self.pen.cap == Cap::Round {
            return Cuts::NONE;
        }
        let margin = self.radius + 2.0;
        let start = (low - span.from < margin).then(|| self.cut_at(subpath, span.from, 1.0)).flatten();
        let end = (span.to - high < margin).then(|| self.cut_at(subpath, span.to, -1.0)).flatten();
        Cuts([start, end])
    }

    /// The cut through the curve at arc length `arc`, keeping what lies forward (`side` 1) or backward (−1).
    fn cut_at(&self, subpath: &Subpath, arc: f64, side: f64) -> Option<Cut> {
        let arcs = &self.arcs[subpath.first..=subpath.last];
        let index = subpath.first
            + if side > 0.0 {
                arcs.partition_point(|s| *s <= arc)
            } else {
                arcs.partition_point(|s| *s < arc)
            };
        let segment = self.segment(index.clamp(subpath.first + 1, subpath.last))?;
        Some(Cut::new(segment.at(arc), Point::new(segment.along.x * side, segment.along.y * side)))
    }
}

impl ArcSpan {
    /// Whether it begins on a segment; at a vertex, on the one that leaves.
    fn starts_on(&self, segment: &Segment) -> bool {
        self.from >= segment.start && self.from < segment.end
    }

    /// Whether it ends on a segment; at a vertex, on the one that arrives.
    fn ends_on(&self, segment: &Segment) -> bool {
        self.to > segment.start && self.to <= segment.end
    }
}

impl Segment {
    /// The point at an arc length of the curve.
    fn at(&self, arc: f64) -> Point {
        let t = arc - self.start;
        Point::new(self.from.x + self.along.x * t, self.from.y + self.along.y * t)
    }

    /// The arc lengths between which the segment comes within `reach` of `bounds`.
    fn visible_arcs(&self, bounds: PixelRect, reach: f64) -> Option<RangeInclusive<f64>> {
        if bounds.contains(self.from) && bounds.contains(self.to) {
            return Some(self.start..=self.end);
        }
        let reach = reach + HALF_DIAGONAL;
        let slab = |from: f64, along: f64, low: i32, high: i32| {
            let (low, high) = (f64::from(low) - reach - from, f64::from(high) + reach - from);
            if along == 0.0 {
                return if low <= 0.0 && high >= 0.0 {
                    (f64::NEG_INFINITY, f64::INFINITY)
                } else {
                    (1.0, 0.0)
                };
            }
            ((low / along).min(high / along), (low / along).max(high / along))
        };
        let x = slab(self.from.x, self.along.x, bounds.left, bounds.right);
        let y = slab(self.from.y, self.along.y, bounds.top, bounds.bottom);
        let low = self.start + x.0.max(y.0).max(0.0);
        let high = (self.start + x.1.min(y.1)).min(self.end);
        (low <= high).then_some(low..=high)
    }
}

/// The distance between two points; 0 where it is not finite, so that such a segment is not drawn.
fn segment_length(from: Point, to: Point) -> f64 {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let length = (x * x + y * y).sqrt();
    if length.is_finite() { length } else { 0.0 }
}
