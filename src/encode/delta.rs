//! Where two canvases differ: all that is written of a frame.

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

/// What really differs inside `spans`, row by row from the left. `cells(span)` gives the old and the new
/// canvas's.
pub(super) fn differences<'a, T: PartialEq + 'a>(
    spans: &[Span],
    cells: impl Fn(Span) -> (&'a [T], &'a [T]),
) -> Vec<Span> {
    let mut found = Vec::new();
    for &span in spans {
        let (old, new) = cells(span);
        stretches(old, new, |from, to| {
            found.push(Span { left: span.left + from as i32, right: span.left + to as i32, ..span });
        });
    }
    // Rectangle by rectangle they are in order already, which this kind of sorting makes use of.
    found.sort();
    found
}

/// Calls `visit(from, to)` for every stretch in which each cell differs, as long as can be.
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
    /// A rectangle's first row.
    fn of(rect: PixelRect) -> Self {
        Self { y: rect.top, left: rect.left, right: rect.right }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_all_that_differs_and_nothing_else() {
        const WIDTH: i32 = 61;
        let canvas = PixelRect::of_size(WIDTH as u32, 6);
        let row = |span: Span| (span.y * WIDTH + span.left) as usize..(span.y * WIDTH + span.right) as usize;
        let old = [0_u8; WIDTH as usize * 6];
        for step in 1..40 {
            let mut new = old;
            new.iter_mut().step_by(step).for_each(|cell| *cell = 1);
            new.iter_mut().skip(step).step_by(7).for_each(|cell| *cell = 2);
            let spans = rows(&[canvas], canvas);
            let found = differences(&spans, |span| (&old[row(span)], &new[row(span)]));
            let mut marked = old;
            for &span in &found {
                marked[row(span)].fill(1);
            }
            assert!(
                marked.iter().zip(&new).all(|(marked, new)| (*marked != 0) == (*new != 0)),
                "step {step}"
            );
            let apart = |pair: &[Span]| pair[0].y < pair[1].y || pair[0].right < pair[1].left;
            assert!(found.windows(2).all(apart), "step {step}");
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
        let canvas = PixelRect::of_size(10, 3);
        let far = PixelRect { left: -4, top: 1, right: 20, bottom: 9 };
        let whole = |y| Span { y, left: 0, right: 10 };
        assert_eq!(rows(&[far, PixelRect { left: 30, ..far }], canvas), [whole(1), whole(2)]);
    }
}
