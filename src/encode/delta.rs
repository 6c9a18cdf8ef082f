//! Differences between two frames, as spans of pixels in rows.

use std::ops::Range;

use crate::geometry::PixelRect;

/// Number of values that are compared at once.
const BLOCK: usize = 16;

/// Columns `left..right` of row `y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) y: i32,
    pub(super) left: i32,
    pub(super) right: i32,
}

/// Rows of rectangles, clipped to the canvas so that rectangles outside of it do no harm.
pub(super) fn row_spans(rects: &[PixelRect], canvas: PixelRect) -> Vec<Span> {
    let inside = rects.iter().map(|rect| rect.intersect(&canvas)).filter(|rect| !rect.is_empty());
    inside
        .flat_map(|rect| (rect.top..rect.bottom).map(move |y| Span { y, ..Span::first_row(rect) }))
        .collect()
}

/// Calls `visit(from, to)` for each maximal range in which all values differ.
#[inline]
pub(super) fn for_each_difference<T: PartialEq>(old: &[T], new: &[T], mut visit: impl FnMut(usize, usize)) {
    let mut at = 0;
    while at < new.len() {
        let from = at + leading_pairs(&old[at..], &new[at..], |old, new| old == new);
        at = from + leading_pairs(&old[from..], &new[from..], |old, new| old != new);
        if at > from {
            visit(from, at);
        }
    }
}

/// Number of leading pairs for which `holds` is true.
pub(super) fn leading_pairs<T>(old: &[T], new: &[T], holds: impl Fn(&T, &T) -> bool) -> usize {
    // Without a branch, the compiler compares a whole block in a few instructions.
    let all = |(a, b): &(&[T], &[T])| {
        let fails = a.iter().zip(*b).map(|(a, b)| u8::from(!holds(a, b)));
        fails.fold(0, |any, one| any | one) == 0
    };
    let blocks = old.chunks_exact(BLOCK).zip(new.chunks_exact(BLOCK)).take_while(all).count() * BLOCK;
    let rest = old[blocks..].iter().zip(&new[blocks..]);
    blocks + rest.take_while(|(a, b)| holds(a, b)).count()
}

/// Sorts disjoint spans by row and column, and joins spans that touch.
pub(super) fn sort_and_join(mut spans: Vec<Span>) -> Vec<Span> {
    // Spans come sorted within each rectangle, which the standard merge sort exploits.
    spans.sort();
    spans.dedup_by(|next, span| {
        let touches = (next.y, next.left) == (span.y, span.right);
        if touches {
            span.right = next.right;
        }
        touches
    });
    spans
}

/// Smallest rectangle that contains all spans; empty if there are none.
pub(super) fn bounding_rect(spans: &[Span]) -> PixelRect {
    let Some(first) = spans.first() else { return PixelRect::default() };
    let single = PixelRect { left: first.left, top: first.y, right: first.right, bottom: first.y + 1 };
    spans.iter().fold(single, |whole, span| PixelRect {
        left: whole.left.min(span.left),
        top: whole.top.min(span.y),
        right: whole.right.max(span.right),
        bottom: whole.bottom.max(span.y + 1),
    })
}

impl Span {
    /// Span of `length` pixels of one row. `start` is the position of the first, counted row by row.
    pub(super) fn from_index(canvas: PixelRect, start: usize, length: usize) -> Self {
        let width = canvas.width() as usize;
        let left = (start % width) as i32;
        Self { y: (start / width) as i32, left, right: left + length as i32 }
    }

    /// Part of the span; columns are counted from its left end.
    pub(super) fn subspan(self, from: usize, to: usize) -> Self {
        Self { left: self.left + from as i32, right: self.left + to as i32, ..self }
    }

    /// Range of the pixels of the span among the pixels of `rect`, row by row.
    pub(super) fn index_range(self, rect: PixelRect) -> Range<usize> {
        let start = (self.y - rect.top) as usize * rect.width() as usize;
        start + (self.left - rect.left) as usize..start + (self.right - rect.left) as usize
    }

    /// Parts of the span outside of a rectangle.
    pub(super) fn outside(self, rect: PixelRect) -> impl Iterator<Item = Self> {
        let beside = (rect.top..rect.bottom).contains(&self.y);
        let (left, right) = if beside { (rect.left, rect.right) } else { (self.right, self.right) };
        let parts =
            [Self { right: self.right.min(left), ..self }, Self { left: self.left.max(right), ..self }];
        parts.into_iter().filter(|part| part.left < part.right)
    }

    /// First row of a rectangle.
    fn first_row(rect: PixelRect) -> Self {
        Self { y: rect.top, left: rect.left, right: rect.right }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_cover_exactly_the_differing_cells() {
        let old = [0_u8; 61];
        for step in 1..40 {
            let mut new = old;
            new.iter_mut().step_by(step).for_each(|cell| *cell = 1);
            new.iter_mut().skip(step).step_by(7).for_each(|cell| *cell = 2);
            let (mut marked, mut end) = (old, None);
            for_each_difference(&old, &new, |from, to| {
                assert!(from < to && end < Some(from), "step {step}: {from} to {to}");
                marked[from..to].fill(1);
                end = Some(to);
            });
            assert!(
                marked.iter().zip(&new).all(|(marked, new)| (*marked != 0) == (*new != 0)),
                "step {step}"
            );
        }
    }

    #[test]
    fn sorted_spans_that_touch_are_joined() {
        let span = |(y, left, right)| Span { y, left, right };
        let mixed = [(4, 8, 12), (3, 5, 9), (4, 2, 3), (3, 9, 11), (3, 12, 13), (4, 12, 14), (2, 1, 5)];
        let ordered = [(2, 1, 5), (3, 5, 11), (3, 12, 13), (4, 2, 3), (4, 8, 14)];
        assert_eq!(sort_and_join(mixed.map(span).to_vec()), ordered.map(span));
    }

    #[test]
    fn outside_and_inside_of_a_rectangle_make_up_the_span() {
        let rect = PixelRect { left: 3, top: 2, right: 6, bottom: 4 };
        for (y, left, right) in
            (0..6).flat_map(|y| (0..9).flat_map(move |x| (x + 1..9).map(move |r| (y, x, r))))
        {
            let outside: Vec<_> = Span { y, left, right }.outside(rect).collect();
            for x in 0..9 {
                let inside = (rect.left..rect.right).contains(&x) && (rect.top..rect.bottom).contains(&y);
                let covered =
                    outside.iter().filter(|part| part.y == y && (part.left..part.right).contains(&x));
                assert_eq!(
                    covered.count(),
                    usize::from((left..right).contains(&x) && !inside),
                    "{x} in {outside:?}"
                );
            }
        }
    }

    #[test]
    fn the_bounding_rectangle_is_tight() {
        let spans = [(3, 5, 9), (4, 2, 3), (4, 8, 12), (7, 6, 7)];
        let spans = spans.map(|(y, left, right)| Span { y, left, right });
        assert_eq!(bounding_rect(&spans), PixelRect { left: 2, top: 3, right: 12, bottom: 8 });
        assert!(bounding_rect(&[]).is_empty());
    }

    #[test]
    fn row_spans_are_clipped_to_the_canvas() {
        let canvas = PixelRect::from_size(10, 3);
        let far = PixelRect { left: -4, top: 1, right: 20, bottom: 9 };
        let whole = |y| Span { y, left: 0, right: 10 };
        assert_eq!(row_spans(&[far, PixelRect { left: 30, ..far }], canvas), [whole(1), whole(2)]);
    }
}
