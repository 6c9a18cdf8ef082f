//! Where two canvases differ: all that is written of a frame lies inside this rectangle.

use crate::geometry::PixelRect;

/// The smallest rectangle around all cells inside `rects` for which `differs(old, new)` holds.
/// `rows(y, left, right)` gives columns `left..right` of row `y` in the old and the new canvas.
pub(super) fn bounds<'a, T: 'a>(
    rects: &[PixelRect],
    rows: impl Fn(i32, i32, i32) -> (&'a [T], &'a [T]),
    differs: impl Fn(&T, &T) -> bool,
) -> PixelRect {
    let mut found = PixelRect::default();
    for rect in rects.iter().filter(|rect| !rect.is_empty()) {
        for y in rect.top..rect.bottom {
            let (old, new) = rows(y, rect.left, rect.right);
            let differ = |(old, new): (&T, &T)| differs(old, new);
            let Some(first) = old.iter().zip(new).position(differ) else { continue };
            let last = old.iter().zip(new).rposition(differ).unwrap_or(first);
            found = found.union(&PixelRect {
                left: rect.left + first as i32,
                top: y,
                right: rect.left + last as i32 + 1,
                bottom: y + 1,
            });
        }
    }
    found
}

/// The rectangles cut to the canvas, so that a frame that names a place outside cannot reach it.
pub(super) fn clipped(rects: &[PixelRect], canvas: PixelRect) -> Vec<PixelRect> {
    rects.iter().map(|rect| rect.intersect(&canvas)).filter(|rect| !rect.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_every_difference_and_touch_them_on_four_sides() {
        let old = [0_u8; 8 * 6];
        for (a, b) in [(9, 38), (12, 12), (0, 47), (20, 17)] {
            let mut new = old;
            new[a] = 1;
            new[b] = 1;
            let row = |y: i32, left: i32, right: i32| (y * 8 + left) as usize..(y * 8 + right) as usize;
            let found = bounds(
                &[PixelRect::of_size(8, 6)],
                |y, left, right| (&old[row(y, left, right)], &new[row(y, left, right)]),
                |old, new| old != new,
            );
            let (columns, rows) = ([a % 8, b % 8], [a / 8, b / 8]);
            assert_eq!(found.left as usize, columns[0].min(columns[1]));
            assert_eq!(found.right as usize, columns[0].max(columns[1]) + 1);
            assert_eq!(found.top as usize, rows[0].min(rows[1]));
            assert_eq!(found.bottom as usize, rows[0].max(rows[1]) + 1);
        }
    }
}
