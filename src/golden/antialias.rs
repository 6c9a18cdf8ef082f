//! Detection of anti-aliased pixels, after V. Vyšniauskas, "Anti-aliased pixel and intensity slope detector",
//! 2009.
//!
//! An anti-aliased pixel lies on the edge between two fills. At most two of its eight neighbors are equal to
//! it, at least one is darker and one lighter, and the darkest or the lightest neighbor lies in a flat area:
//! three or more of its own neighbors are equal to it. That area must be flat in both pictures; otherwise the
//! fill itself has changed, not only its edge. A line one pixel wide has the same fill on both sides, so its
//! pixels are not anti-aliased.
//!
//! The lightness of a pixel that is not opaque depends on the background. White ink on a clear canvas has
//! edges on a black background only, so both black and white are tried.

use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// The largest number of neighbors equal to an anti-aliased pixel.
const MAX_EQUAL_NEIGHBORS: usize = 2;

/// The smallest number of neighbors equal to a pixel in a flat area.
const MIN_FLAT_NEIGHBORS: usize = 3;

/// Whether the pixel at this position (column, row) is anti-aliased in at least one of two pictures of equal
/// size.
pub(super) fn is_antialiased(pictures: [&Raster; 2], position: (i32, i32)) -> bool {
    let is_flat = |at: (i32, i32)| {
        pictures.iter().all(|picture| count_equal_neighbors(picture, at) >= MIN_FLAT_NEIGHBORS)
    };
    let edge = |picture: &Raster| {
        [0, u8::MAX].into_iter().any(|background| is_edge(picture, position, background, is_flat))
    };
    pictures.into_iter().any(edge)
}

/// Whether the pixel is anti-aliased in `picture` on a gray background. `is_flat` tells whether a position
/// lies in a flat area.
fn is_edge(
    picture: &Raster,
    position: (i32, i32),
    background: u8,
    is_flat: impl Fn((i32, i32)) -> bool,
) -> bool {
    if count_equal_neighbors(picture, position) > MAX_EQUAL_NEIGHBORS {
        return false;
    }
    let light = |at| lightness(pixel(picture, at), background);
    let own = light(position);
    let around = || neighbors(picture, position).map(|at| (at, light(at)));
    let (darkest, lightest) =
        around().fold((own, own), |(dark, bright), (_, it)| (dark.min(it), bright.max(it)));
    let mut ends = around().filter(|(_, it)| *it == darkest || *it == lightest);
    darkest < own && own < lightest && ends.any(|(at, _)| is_flat(at))
}

/// The number of neighbors that are equal to the pixel.
fn count_equal_neighbors(picture: &Raster, position: (i32, i32)) -> usize {
    let own = pixel(picture, position);
    neighbors(picture, position).filter(|&at| pixel(picture, at) == own).count()
}

/// The positions of the neighbors: eight, or fewer at the border of the picture.
fn neighbors(picture: &Raster, (x, y): (i32, i32)) -> impl Iterator<Item = (i32, i32)> {
    let PixelRect { right, bottom, .. } = picture.bounds();
    let near = |at: i32, end: i32| (at - 1).max(0)..(at + 2).min(end);
    let all = near(y, bottom).flat_map(move |below| near(x, right).map(move |beside| (beside, below)));
    all.filter(move |&at| at != (x, y))
}

fn pixel(picture: &Raster, (x, y): (i32, i32)) -> Rgba {
    picture.row(y, x, x + 1)[0]
}

/// The lightness of white.
pub(super) const MAX_LIGHTNESS: u64 = 1000 * 255 * 255;

/// The lightness of a pixel on a gray background (0 to 255): its luma after Rec. 601, as an exact integer
/// from 0 to [`MAX_LIGHTNESS`].
pub(super) fn lightness(pixel: Rgba, background: u8) -> u64 {
    let luma = 299 * u64::from(pixel.r) + 587 * u64::from(pixel.g) + 114 * u64::from(pixel.b);
    let alpha = u64::from(pixel.a);
    luma * alpha + 1000 * u64::from(background) * (255 - alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture in which each letter stands for a color.
    fn picture(rows: &[&str]) -> Raster {
        let mut picture = Raster::filled(rows[0].len() as u32, rows.len() as u32, Rgba::CLEAR);
        for (y, row) in rows.iter().enumerate() {
            let colors = row.chars().map(|letter| match letter {
                'w' => Rgba::WHITE,
                'g' => Rgba::opaque(128, 128, 128),
                'G' => Rgba::opaque(120, 120, 120),
                'b' => Rgba::BLACK,
                'h' => Rgba { a: 128, ..Rgba::WHITE },
                _ => Rgba::CLEAR,
            });
            let cells = picture.row_mut(y as i32, 0, row.len() as i32);
            cells.iter_mut().zip(colors).for_each(|(cell, color)| *cell = color);
        }
        picture
    }

    fn is_antialiased_in(rows: &[&str], position: (i32, i32)) -> bool {
        let picture = picture(rows);
        is_antialiased([&picture, &picture], position)
    }

    #[test]
    fn pixels_between_two_fills_are_antialiased() {
        assert!(is_antialiased_in(&["bbgww", "bbgww", "bbgww"], (2, 1)));
        assert!(is_antialiased_in(&["bbbgw", "bbgww", "bgwww", "gwwww"], (2, 1)));
        assert!(is_antialiased_in(&["bbgww", "bbgww"], (2, 0)), "at the border, too");
    }

    #[test]
    fn fills_and_lines_are_not_antialiased() {
        assert!(!is_antialiased_in(&["bbbww", "bbbww", "bbbww"], (1, 1)), "a fill");
        assert!(!is_antialiased_in(&["bbbww", "bbbww", "bbbww"], (2, 1)), "a sharp end");
        assert!(!is_antialiased_in(&["wwgww", "wwgww", "wwgww"], (2, 1)), "a line");
        assert!(!is_antialiased_in(&["wwwww", "ggggg", "wwwww"], (0, 1)), "a line at its end");
        assert!(!is_antialiased_in(&["wwwww", "wwgww", "wwwww"], (2, 1)), "a dot");
        assert!(!is_antialiased_in(&["bggww", "bggww", "bggww"], (1, 1)), "a broad line between two fills");
        assert!(!is_antialiased_in(&["bgw", "wbG", "Gwb"], (1, 1)), "noise without any fill");
    }

    #[test]
    fn edges_on_a_clear_canvas_are_found_on_either_background() {
        assert!(is_antialiased_in(&["wwh..", "wwh..", "wwh.."], (2, 1)), "white ink");
        assert!(is_antialiased_in(&["bbg..", "bbg..", "bbg.."], (2, 1)), "black ink");
    }

    #[test]
    fn the_fill_beside_an_edge_must_be_flat_in_both_pictures() {
        let edge = picture(&["bbgww", "bbgww", "bbgww"]);
        let other = picture(&["bbbww", "bbGww", "bbgww"]);
        assert!(is_antialiased([&edge, &other], (2, 1)) && is_antialiased([&other, &edge], (2, 1)));
        let noisy = picture(&["gwgbg", "wbGbw", "bwgwb"]);
        assert!(!is_antialiased([&edge, &noisy], (2, 1)) && !is_antialiased([&noisy, &edge], (2, 1)));
    }
}
