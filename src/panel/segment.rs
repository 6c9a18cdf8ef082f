//! Line segments with arrowheads. The line ends in the notch of a head, and a short arrow has a small head.

use crate::geometry::{PixelRect, Point};
use crate::mark::Mark;
use crate::panel::device_style::DeviceStyle;
use crate::panel::shape::{self, ARROWHEAD_NOTCH};
use crate::scene::element::Heads;

/// The length of an arrowhead, in line widths.
const HEAD_LENGTH: f64 = 5.0;
/// The breadth of an arrowhead, in line widths.
const HEAD_BREADTH: f64 = 4.0;
/// The least length of an arrowhead, in CSS pixels.
const MIN_HEAD_LENGTH: f64 = 7.0;
/// The least breadth of an arrowhead, in widths of its line: a shorter arrow has a thinner line.
const MIN_HEAD_RATIO: f64 = 2.0;

/// A line segment in device pixels, and the arrowheads at its start and at its end: always three marks, which are empty
/// where the segment has no length or an end is not finite. `scale` is device pixels per CSS pixel.
pub(super) fn segment(
    style: &DeviceStyle,
    scale: f64,
    ([from, to], heads): ([Point; 2], Heads),
    clip: PixelRect,
) -> Vec<Mark> {
    let is_finite = [from, to].iter().all(|p| p.x.is_finite() && p.y.is_finite());
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = libm::hypot(dx, dy);
    if !is_finite || length == 0.0 {
        return vec![Mark::Nothing; 3];
    }
    let head = (HEAD_LENGTH * style.width).max(MIN_HEAD_LENGTH * scale).min(length / 2.0);
    let breadth = head * HEAD_BREADTH / HEAD_LENGTH;
    let shortened = |has_head: bool| if has_head { head * ARROWHEAD_NOTCH / length } else { 0.0 };
    let (at_start, at_end) = (heads == Heads::Both, heads != Heads::None);
    let along = |fraction: f64| Point::new(from.x + dx * fraction, from.y + dy * fraction);
    let arrowhead = |has_head: bool, at: Point, sign: f64| {
        if has_head {
            let direction = Point::new(dx * sign, dy * sign);
            style.shape(shape::arrowhead(direction, head, breadth), at, clip)
        } else {
            Mark::Nothing
        }
    };
    let ends = vec![along(shortened(at_start)), along(1.0 - shortened(at_end))];
    let thin = if at_end { breadth / MIN_HEAD_RATIO } else { f64::INFINITY };
    vec![style.thinned(thin).line(ends, clip), arrowhead(at_start, from, -1.0), arrowhead(at_end, to, 1.0)]
}
