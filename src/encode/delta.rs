//! Where two canvases differ: all that is written of a frame.

use std::ops::Range;

use crate::geometry::PixelRect;

/// Cells that are compared at once.
const BLOCK: usize = 16;

/// Columns `left..right` of row `y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) y: i32,
    pub(super) left: i32,
    pub(super) right: i32,
}

/// The rows of rectangles cut to the canvas, so that a frame that names a place outside cannot reach it.
pub(super) fn rows(rects: &[PixelRect], canvas: PixelRect) -> Vec<Span> {
    let inside = rects.iter().map(|rect| rect.intersect(&canvas)).filter(|rect| !rect.is_empty());
    inside.flat_map(|rect| (rect.top..rect.bottom).map(move |y| Span { y, ..Span::of(rect) })).collect()
}

/// Calls `visit(from, to)` for every stretch in which each cell differs, as long as can be.
#[inline]
pub(super) fn stretches<T: PartialEq>(old: &[T], new: &[T], mut visit: impl FnMut(usize, usize)) {
    let mut at = 0;
    while at < new.len() {
        let from = at + leading(&old[at..], &new[at..], |old, new| old == new);
        at = from + leading(&old[from..], &new[from..], |old, new| old != new);
        if at > from {
            visit(from, at);
        }
    }
}

/// How many pairs there are before the first for which `holds` is false.
pub(super) fn leading<T>(old: &[T], new: &[T], holds: impl Fn(&T, &T) -> bool) -> usize {
    // Without a branch inside, the compiler looks at a block in a few instructions.
    let all = |(a, b): &(&[T], &[T])| {
        let fails = a.iter().zip(*b).map(|(a, b)| u8::from(!holds(a, b)));
        fails.fold(0, |any, one| any | one) == 0
    };
    let blocks = old.chunks_exact(BLOCK).zip(new.chunks_exact(BLOCK)).take_while(all).count() * BLOCK;
    let rest = old[blocks..].iter().zip(&new[blocks..]);
    blocks + rest.take_while(|(a, b)| holds(a, b)).count()
}

/// Spans that do not overlap, row by row from the left, those that touch as one.
pub(super) fn in_order(mut spans: Vec<Span>) -> Vec<Span> {
    // Rectangle by rectangle they are in order already, which this kind of sorting makes use of.
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

/// The smallest rectangle around some spans.
pub(super) fn bounds(spans: &[Span]) -> PixelRect {
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
    /// What so many cells of one row of a canvas take, from a place on, counted row by row.
    pub(super) fn of_cells(canvas: PixelRect, at: usize, length: usize) -> Self {
        let width = canvas.width() as usize;
        let left = (at % width) as i32;
        Self { y: (at / width) as i32, left, right: left + length as i32 }
    }

    /// Columns of it, counted from its left.
    pub(super) fn part(self, from: usize, to: usize) -> Self {
        Self { left: self.left + from as i32, right: self.left + to as i32, ..self }
    }

    /// Where its cells lie among those of a rectangle around it, row by row.
    pub(super) fn place(self, rect: PixelRect) -> Range<usize> {
        let start = (self.y - rect.top) as usize * rect.width() as usize;
        start + (self.left - rect.left) as usize..start + (self.right - rect.left) as usize
    }

    /// What of it lies left and right of a rectangle, or all of it above or below.
    pub(super) fn outside(self, rect: PixelRect) -> impl Iterator<Item = Self> {
        let beside = (rect.top..rect.bottom).contains(&self.y);
        let (left, right) = if beside { (rect.left, rect.right) } else { (self.right, self.right) };
        let parts =
            [Self { right: self.right.min(left), ..self }, Self { left: self.left.max(right), ..self }];
        parts.into_iter().filter(|part| part.left < part.right)
    }

    /// A rectangle's first row.
    fn of(rect: PixelRect) -> Self {
        Self { y: rect.top, left: rect.left, right: rect.right }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_all_that_differs_and_nothing_else() {
        let old = [0_u8; 61];
        for step in 1..40 {
            let mut new = old;
            new.iter_mut().step_by(step).for_each(|cell| *cell = 1);
            new.iter_mut().skip(step).step_by(7).for_each(|cell| *cell = 2);
            let (mut marked, mut end) = (old, None);
            stretches(&old, &new, |from, to| {
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
    fn spans_in_order_that_touch_are_one() {
        let span = |(y, left, right)| Span { y, left, right };
        let mixed = [(4, 8, 12), (3, 5, 9), (4, 2, 3), (3, 9, 11), (3, 12, 13), (4, 12, 14), (2, 1, 5)];
        let ordered = [(2, 1, 5), (3, 5, 11), (3, 12, 13), (4, 2, 3), (4, 8, 14)];
        assert_eq!(in_order(mixed.map(span).to_vec()), ordered.map(span));
    }

    #[test]
    fn what_lies_outside_of_a_rectangle_and_what_lies_inside_make_up_a_span() {
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
    fn bounds_touch_what_they_hold_on_four_sides() {
        let spans = [(3, 5, 9), (4, 2, 3), (4, 8, 12), (7, 6, 7)];
        let spans = spans.map(|(y, left, right)| Span { y, left, right });
        assert_eq!(bounds(&spans), PixelRect { left: 2, top: 3, right: 12, bottom: 8 });
        assert!(bounds(&[]).is_empty());
    }

    #[test]
    fn rows_stay_on_the_canvas() {
        let canvas = PixelRect::from_size(10, 3);
        let far = PixelRect { left: -4, top: 1, right: 20, bottom: 9 };
        let whole = |y| Span { y, left: 0, right: 10 };
        assert_eq!(rows(&[far, PixelRect { left: 30, ..far }], canvas), [whole(1), whole(2)]);
    }
}
