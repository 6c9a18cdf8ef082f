//! Changed rectangles, merged until no two overlap.

use crate::geometry::PixelRect;

/// Number of unchanged pixels that may be repainted to save one rectangle: about the cost of handling a rectangle.
const MERGE_COST: u64 = 256;

/// Above this number of rectangles, comparing them costs more than repainting the area between them.
const MAX_RECTS: usize = 200;

/// Returns disjoint, non-empty rectangles inside `canvas` that cover all of `rects`.
pub(super) fn disjoint(rects: impl IntoIterator<Item = PixelRect>, canvas: PixelRect) -> Vec<PixelRect> {
    let clipped = rects.into_iter().map(|rect| rect.intersect(&canvas));
    let mut pending: Vec<_> = clipped.filter(|rect| !rect.is_empty()).collect();
    if pending.len() > MAX_RECTS {
        return pending.into_iter().reduce(|a, b| a.union(&b)).into_iter().collect();
    }
    let mut done: Vec<PixelRect> = Vec::new();
    while let Some(rect) = pending.pop() {
        match done.iter().position(|other| should_merge(&rect, other)) {
            // The union may overlap other rectangles, so it is processed again.
            Some(index) => pending.push(done.swap_remove(index).union(&rect)),
            None => done.push(rect),
        }
    }
    done
}

fn should_merge(a: &PixelRect, b: &PixelRect) -> bool {
    !a.intersect(b).is_empty() || area(&a.union(b)) <= area(a) + area(b) + MERGE_COST
}

fn area(rect: &PixelRect) -> u64 {
    u64::from(rect.width()) * u64::from(rect.height())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: PixelRect = PixelRect { left: 0, top: 0, right: 300, bottom: 300 };

    fn square(x: i32, y: i32) -> PixelRect {
        PixelRect { left: x, top: y, right: x + 20, bottom: y + 20 }
    }

    #[test]
    fn a_chain_of_overlaps_is_merged_into_one() {
        let chain = (0..10).map(|k| square(k * 15, k * 15));
        assert_eq!(disjoint(chain, CANVAS), [PixelRect { left: 0, top: 0, right: 155, bottom: 155 }]);
    }

    #[test]
    fn distant_rectangles_stay_apart_and_outside_ones_are_dropped() {
        let mut rects = disjoint([square(0, 0), square(100, 250), square(290, 290), square(-50, 4)], CANVAS);
        rects.sort_by_key(|rect| rect.left);
        let corner = PixelRect { left: 290, top: 290, right: 300, bottom: 300 };
        assert_eq!(rects, [square(0, 0), square(100, 250), corner]);
    }

    #[test]
    fn results_are_disjoint_and_cover_everything() {
        let rects: Vec<_> = (0..150).map(|k| square(k * 71 % 290, k * 113 % 290)).collect();
        let united = disjoint(rects.clone(), CANVAS);
        for (index, a) in united.iter().enumerate() {
            assert!(united[..index].iter().all(|b| a.intersect(b).is_empty()));
        }
        for rect in rects {
            let rect = rect.intersect(&CANVAS);
            assert!(united.iter().any(|whole| whole.intersect(&rect) == rect));
        }
    }
}
