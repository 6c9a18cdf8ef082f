//! Changed rectangles, united until no two overlap.

use crate::geometry::PixelRect;

/// Pixels that may be repainted for nothing to save one rectangle: about what the bookkeeping costs.
const WORTH: u64 = 256;

/// Above this many rectangles comparing them costs more than repainting what lies between.
const MANY: usize = 200;

/// Disjoint rectangles inside `canvas` that cover all of `rects`, none of them empty.
pub(super) fn disjoint(rects: impl IntoIterator<Item = PixelRect>, canvas: PixelRect) -> Vec<PixelRect> {
    let clipped = rects.into_iter().map(|rect| rect.intersect(&canvas));
    let mut waiting: Vec<_> = clipped.filter(|rect| !rect.is_empty()).collect();
    if waiting.len() > MANY {
        return waiting.into_iter().reduce(|a, b| a.union(&b)).into_iter().collect();
    }
    let mut done: Vec<PixelRect> = Vec::new();
    while let Some(rect) = waiting.pop() {
        match done.iter().position(|other| belong_together(&rect, other)) {
            // The union may meet others in turn, so it queues again.
            Some(index) => waiting.push(done.swap_remove(index).union(&rect)),
            None => done.push(rect),
        }
    }
    done
}

fn belong_together(a: &PixelRect, b: &PixelRect) -> bool {
    !a.intersect(b).is_empty() || area(&a.union(b)) <= area(a) + area(b) + WORTH
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
    fn a_chain_of_overlaps_becomes_one() {
        let chain = (0..10).map(|k| square(k * 15, k * 15));
        assert_eq!(disjoint(chain, CANVAS), [PixelRect { left: 0, top: 0, right: 155, bottom: 155 }]);
    }

    #[test]
    fn what_lies_apart_stays_apart_and_what_lies_outside_is_gone() {
        let mut rects = disjoint([square(0, 0), square(100, 250), square(290, 290), square(-50, 4)], CANVAS);
        rects.sort_by_key(|rect| rect.left);
        let corner = PixelRect { left: 290, top: 290, right: 300, bottom: 300 };
        assert_eq!(rects, [square(0, 0), square(100, 250), corner]);
    }

    #[test]
    fn no_two_overlap_and_all_is_covered() {
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
