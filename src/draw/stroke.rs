//! Strokes: lines of constant width along a curve, drawn as a union of simple parts.
//!
//! The parts are *strips* (along a segment, in the pixels whose center lies beside it), *joins* (the wedge
//! between two segments, as if the strip turned about the vertex) and *discs* (around vertices and at round
//! caps). They are combined by the maximum. The parts that belong to a point depend on the whole curve, but
//! not on how many points are drawn: a longer stroke has all parts of a shorter one, so a growing curve only
//! adds parts. A straight (butt) end is a *cut*, which reduces the coverage of the parts near it. Positions
//! along the curve are arc lengths, in device pixels.

use std::collections::VecDeque;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use crate::draw::coverage::Coverage;
use crate::draw::dash::{ArcSpan, dash_pattern, dashes};
use crate::draw::pixel_bounds::enclosing_pixels;
use crate::draw::pixel_coverage::{DiscReach, HALF_DIAGONAL};
use crate::draw::segment_strip::SegmentStrip;
use crate::draw::stroke_parts::{Cut, Cuts, Disc, Join};
use crate::geometry::{PixelRect, Point};
use crate::mark::{Cap, Pen, Polyline};

/// The cosine of the largest angle, 60°, by which a join may turn. Sharper corners get a disc alone: a wedge
/// would thicken the corners of thin lines.
const MIN_JOIN_COSINE: f64 = 0.5;

/// A curve prepared for rasterization. Any range of its points can be drawn at any time.
#[derive(Debug)]
pub(crate) struct Stroker {
    path: Arc<Polyline>,
    pen: Arc<Pen>,
    /// Half the line width, in pixels.
    radius: f64,
    reach_table: DiscReach,
    /// Alternating dash and gap lengths, an even number of them; empty for a solid line.
    dash: Vec<f64>,
    /// The arc length from the start of the curve to each point. Gaps between subpaths do not count.
    arcs: Vec<f64>,
}

/// A connected part of the curve.
struct Subpath {
    /// The index of its first point.
    first: usize,
    /// The index of its last point, inclusive.
    last: usize,
    /// Whether the subpath is solid and ends where it starts, so that it has no caps.
    is_closed: bool,
}

/// A straight segment of the curve.
struct Segment {
    from: Point,
    to: Point,
    /// The unit vector from `from` to `to`.
    along: Point,
    /// The arc length at `from`.
    start: f64,
    /// The arc length at `to`.
    end: f64,
}

/// A segment with its neighborhood on the curve.
struct SegmentContext<'a> {
    subpath: &'a Subpath,
    /// The index of the point at which the segment ends.
    index: usize,
    segment: &'a Segment,
    /// The direction of the segment before it; `None` at the start of a subpath.
    incoming: Option<Point>,
}

/// A disc that is drawn later, after the segments around it have covered most of its pixels.
struct PendingDisc {
    /// The arc length at its center.
    arc: f64,
    /// Its center.
    at: Point,
}

impl Stroker {
    /// Prepares a curve whose dash pattern starts at its first point.
    pub(crate) fn new(path: Arc<Polyline>, pen: Arc<Pen>) -> Self {
        Self::starting_at(0.0, path, pen)
    }

    /// Prepares the part of a longer curve that starts at arc length `start` of that curve.
    pub(crate) fn starting_at(start: f64, path: Arc<Polyline>, pen: Arc<Pen>) -> Self {
        let mut arcs = Vec::with_capacity(path.points.len());
        let mut arc = start;
        let mut starts = path.subpath_starts.iter().peekable();
        for (index, &point) in path.points.iter().enumerate() {
            let starts_subpath = starts.next_if_eq(&&index).is_some() || index == 0;
            if !starts_subpath {
                arc += segment_length(path.points[index - 1], point);
            }
            arcs.push(arc);
        }
        let radius = if pen.width.is_finite() { pen.width.max(0.0) / 2.0 } else { 0.0 };
        Self { radius, reach_table: DiscReach::new(radius), dash: dash_pattern(&pen.dash), arcs, path, pen }
    }

    /// A rectangle that contains all pixels of the whole curve, inside `clip`.
    pub(crate) fn bounds(&self, clip: PixelRect) -> PixelRect {
        self.bounds_of(&self.path.points, clip)
    }

    /// A rectangle that contains all pixels of the segment that ends at point `index`, inside `clip`.
    pub(crate) fn bounds_at(&self, index: usize, clip: PixelRect) -> PixelRect {
        self.bounds_of(&self.path.points[index.saturating_sub(1)..=index], clip)
    }

    /// A rectangle that contains all pixels of the line through `points`, inside `clip`. Points that are not
    /// finite are ignored.
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

    /// Draws the parts that belong to the points `from..end`, and returns a rectangle around the pixels they
    /// touch.
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

    /// Draws the parts that belong to a range of points of one subpath: mostly the segments that end there.
    /// Discs that wait for later segments are added to `discs`.
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
        let mut incoming = self.direction_before(subpath, points.start.saturating_sub(1));
        for index in points.start.max(subpath.first + 1)..points.end {
            let Some(segment) = self.segment(index) else { continue };
            if let Some(visible) = segment.visible_arcs(into.bounds(), self.radius + 2.0) {
                let context = SegmentContext { subpath, index, segment: &segment, incoming };
                let mut draw = |span| self.draw_span(&context, span, discs, into);
                if self.dash.is_empty() {
                    touched = touched.union(&draw(self.full_span(subpath)));
                } else {
                    touched =
                        self.dashes(subpath, visible).map(draw).fold(touched, |all, one| all.union(&one));
                }
            }
            incoming = Some(segment.along);
            touched = touched.union(&self.draw_discs(discs, segment.start, into));
        }
        touched
    }

    /// Draws the discs that lie so far behind arc length `arc` that no later segment touches their pixels.
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
        // A polyline without subpath starts is one subpath.
        let count = if points.is_empty() { 0 } else { starts.len().max(1) };
        (0..count).filter_map(move |k| {
            let first = starts.get(k).copied().unwrap_or(0);
            let last = starts.get(k + 1).copied().unwrap_or(points.len()).min(points.len()).checked_sub(1)?;
            let is_closed = last > first + 1 && points[first] == points[last] && self.dash.is_empty();
            (first <= last).then_some(Subpath { first, last, is_closed })
        })
    }

    /// The dot that a round pen leaves on a subpath of length 0.
    fn dot(&self, subpath: &Subpath) -> Option<PendingDisc> {
        let (at, arc) = (self.path.points[subpath.first], self.arcs[subpath.first]);
        let on = self.dash.is_empty() || self.dashes(subpath, arc..=arc).next().is_some();
        let finite = at.x.is_finite() && at.y.is_finite();
        (on && finite && self.pen.cap == Cap::Round).then_some(PendingDisc { arc, at })
    }

    /// Draws the parts of a segment inside one visible span of the curve. Discs without cuts are added to
    /// `discs` instead.
    fn draw_span(
        &self,
        &SegmentContext { subpath, index, segment, incoming }: &SegmentContext<'_>,
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
        if subpath.is_closed && index == subpath.first + 1 {
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
        if let Some(before) = incoming
            && span.from < segment.start
            && span.to > segment.start
        {
            join(segment.from, before, segment.along);
        }
        if subpath.is_closed
            && index == subpath.last
            && let Some(after) = self.direction_after(subpath, subpath.first)
        {
            join(segment.to, segment.along, after);
        }
        touched
    }

    /// The strip along the intersection of `span` and `segment`; `None` if it is empty.
    fn segment_strip(&self, segment: &Segment, span: ArcSpan) -> Option<SegmentStrip> {
        // At a butt cap the strip extends under the anti-aliased edge of the cut.
        let extension = |is_end: bool| if is_end && self.pen.cap == Cap::Butt { 1.0 } else { 0.0 };
        let (low, high) = (span.from.max(segment.start), span.to.min(segment.end));
        (high > low).then(|| SegmentStrip {
            from: segment.from,
            along: segment.along,
            low: low - segment.start - extension(span.starts_on(segment)),
            high: high - segment.start + extension(span.ends_on(segment)),
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

    /// The whole subpath as one span; unbounded if it is closed.
    fn full_span(&self, subpath: &Subpath) -> ArcSpan {
        if subpath.is_closed {
            ArcSpan { from: f64::NEG_INFINITY, to: f64::INFINITY }
        } else {
            ArcSpan { from: self.arcs[subpath.first], to: self.arcs[subpath.last] }
        }
    }

    /// The dashes of a subpath that meet a range of arc lengths.
    fn dashes(&self, subpath: &Subpath, range: RangeInclusive<f64>) -> impl Iterator<Item = ArcSpan> {
        let whole = self.full_span(subpath);
        let cut = move |span: ArcSpan| ArcSpan { from: span.from.max(whole.from), to: span.to.min(whole.to) };
        let (low, high) = (*range.start(), *range.end());
        let meets = move |span: &ArcSpan| span.from <= span.to && span.from <= high && span.to >= low;
        dashes(&self.dash, range).map(cut).filter(meets)
    }

    /// The cuts at the ends of a span that can affect the parts between the arc lengths `low` and `high`.
    fn cuts_near(&self, subpath: &Subpath, span: ArcSpan, low: f64, high: f64) -> Cuts {
        if self.pen.cap == Cap::Round {
            return Cuts::NONE;
        }
        let margin = self.radius + 2.0;
        let start = (low - span.from < margin).then(|| self.cut_at(subpath, span.from, 1.0)).flatten();
        let end = (span.to - high < margin).then(|| self.cut_at(subpath, span.to, -1.0)).flatten();
        Cuts([start, end])
    }

    /// The cut across the curve at arc length `arc`. It keeps what lies ahead along the curve (`side` 1) or
    /// behind (−1).
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
    /// Whether the span starts on a segment. A span that starts at a vertex starts on the segment after it.
    fn starts_on(&self, segment: &Segment) -> bool {
        self.from >= segment.start && self.from < segment.end
    }

    /// Whether the span ends on a segment. A span that ends at a vertex ends on the segment before it.
    fn ends_on(&self, segment: &Segment) -> bool {
        self.to > segment.start && self.to <= segment.end
    }
}

impl Segment {
    /// The point at arc length `arc` of the curve.
    fn at(&self, arc: f64) -> Point {
        let t = arc - self.start;
        Point::new(self.from.x + self.along.x * t, self.from.y + self.along.y * t)
    }

    /// The range of arc lengths in which a pixel inside `bounds` may lie within `reach` of the segment;
    /// `None` if there is none.
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

/// The distance between two points. It is 0 if it is not finite, so that such a segment is not drawn.
fn segment_length(from: Point, to: Point) -> f64 {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let length = (x * x + y * y).sqrt();
    if length.is_finite() { length } else { 0.0 }
}
