//! The order of the colors of a palette.
//!
//! A frame whose indices are all below 64 has shorter codes and more of them than one with larger indices, and takes 1 % fewer
//! bytes. So colors are sorted such that the first 3, 7, 15, … of them make up as many whole frames as possible: the color that
//! the fewest frames need comes last, then, among the other frames, the color that the fewest of them need, and so on.

use super::color_histogram::ColorCount;
use super::frame_set::FrameSet;

/// The indices of colors in the order of a palette.
pub(super) fn palette_order(colors: &[ColorCount]) -> Vec<usize> {
    let mut frames = FrameSet::default();
    for color in colors {
        frames.insert_all(color.frames);
    }
    let mut left: Vec<usize> = (0..colors.len()).collect();
    let mut order = Vec::with_capacity(colors.len());
    let need = |at: usize, frames: &FrameSet| (frames.count_common(&colors[at].frames), colors[at].pixels);
    while let Some(at) = (0..left.len()).min_by_key(|at| need(left[*at], &frames)) {
        let last = left.swap_remove(at);
        frames.remove_all(colors[last].frames);
        order.push(last);
    }
    order.reverse();
    order
}

#[cfg(test)]
mod tests {
    use super::super::frame_set::SampledFrame;
    use super::*;

    fn color(pixels: u64, frames: &[usize]) -> ColorCount {
        let mut set = FrameSet::default();
        for frame in frames {
            set.insert(SampledFrame::new(*frame, 100));
        }
        ColorCount { pixels, frames: set }
    }

    #[test]
    fn the_first_colors_make_up_whole_frames() {
        // Frames 0 to 2 need the colors 0, 1 and 4, the frames 3 and 4 the colors 1 to 3.
        let order = palette_order(&[
            color(90, &[0, 1, 2]),
            color(10, &[0, 1, 2, 3, 4]),
            color(500, &[3, 4]),
            color(400, &[3, 4]),
            color(20, &[0, 1, 2]),
        ]);
        let mut first = order[..3].to_vec();
        first.sort_unstable();
        assert_eq!(first, [0, 1, 4]);
        assert_eq!(order[3..], [2, 3]);
    }

    #[test]
    fn colors_of_equal_frames_are_sorted_by_their_pixels() {
        assert_eq!(palette_order(&[3, 8, 5, 1].map(|pixels| color(pixels, &[7]))), [1, 2, 0, 3]);
    }
}
