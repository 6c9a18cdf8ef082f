//! Which pixels are anti-aliased, after V. Vyšniauskas, "Anti-aliased pixel and intensity slope detector", 2009.
//!
//! Such a pixel stands between two fills: at most two of its eight neighbors are equal to it, one is darker and one
//! lighter, and the darkest or the lightest lies in a flat stretch, in which three or more neighbors are equal to it. That
//! stretch must be flat in both pictures, else what changed is the fill and not its edge. A line a pixel wide has
//! nothing beyond it and is no edge.
//!
//! How light a pixel is depends on the background where it is not opaque. White ink on a clear canvas has edges on black
//! paper only, so both are tried.

use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Equal neighbors that a pixel of an edge has at most.
const MAX_EQUAL_NEIGHBORS: usize = 2;

/// Equal neighbors from which on a pixel lies in a flat stretch.
const MIN_FLAT_NEIGHBORS: usize = 3;

/// Whether a pixel is anti-aliased in either of two pictures of one size.
pub(super) fn is_antialiased(pictures: [&Raster; 2], position: (i32, i32)) -> bool {
    let flat = |at: (i32, i32)| {
        pictures.iter().all(|picture| count_equal_neighbors(picture, at) >= MIN_FLAT_NEIGHBORS)
    };
    let edge = |picture: &Raster| {
        [0, u8::MAX].into_iter().any(|background| is_edge(picture, position, background, flat))
    };
    pictures.into_iter().any(edge)
}

fn is_edge(
    picture: &Raster,
    position: (i32, i32),
    background: u8,
    flat: impl Fn((i32, i32)) -> bool,
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
    darkest < own && own < lightest && ends.any(|(at, _)| flat(at))
}

/// How many neighbors are equal to the pixel itself.
fn count_equal_neighbors(picture: &Raster, position: (i32, i32)) -> usize {
    let own = pixel(picture, position);
    neighbors(picture, position).filter(|&at| pixel(picture, at) == own).count()
}

/// The neighbors that are there: eight, fewer at the sides.
fn neighbors(picture: &Raster, (x, y): (i32, i32)) -> impl Iterator<Item = (i32, i32)> {
    let PixelRect { right, bottom, .. } = picture.bounds();
    let near = |at: i32, end: i32| (at - 1).max(0)..(at + 2).min(end);
    let all = near(y, bottom).flat_map(move |below| near(x, right).map(move |beside| (beside, below)));
    all.filter(move |&at| at != (x, y))
}

fn pixel(picture: &Raster, (x, y): (i32, i32)) -> Rgba {
    picture.row(y, x, x + 1)[0]
}

/// How light white is.
pub(super) const MAX_LIGHTNESS: u64 = 1000 * 255 * 255;

/// How light a pixel is on a grey background: its luma as of Rec. 601, exactly.
pub(super) fn lightness(pixel: Rgba, background: u8) -> u64 {
    let luma = 299 * u64::from(pixel.r) + 587 * u64::from(pixel.g) + 114 * u64::from(pixel.b);
    let alpha = u64::from(pixel.a);
    luma * alpha + 1000 * u64::from(background) * (255 - alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of letters, each of which stands for a color.
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
    fn what_stands_between_two_fills_is_an_edge() {
        assert!(is_antialiased_in(&["bbgww", "bbgww", "bbgww"], (2, 1)));
        assert!(is_antialiased_in(&["bbbgw", "bbgww", "bgwww", "gwwww"], (2, 1)));
        assert!(is_antialiased_in(&["bbgww", "bbgww"], (2, 0)), "at the side, too");
    }

    #[test]
    fn fills_and_lines_are_none() {
        assert!(!is_antialiased_in(&["bbbww", "bbbww", "bbbww"], (1, 1)), "a fill");
        assert!(!is_antialiased_in(&["bbbww", "bbbww", "bbbww"], (2, 1)), "a sharp end");
        assert!(!is_antialiased_in(&["wwgww", "wwgww", "wwgww"], (2, 1)), "a line");
        assert!(!is_antialiased_in(&["wwwww", "ggggg", "wwwww"], (0, 1)), "a line at its end");
        assert!(!is_antialiased_in(&["wwwww", "wwgww", "wwwww"], (2, 1)), "a dot");
        assert!(!is_antialiased_in(&["bggww", "bggww", "bggww"], (1, 1)), "a broad line between two fills");
        assert!(!is_antialiased_in(&["bgw", "wbG", "Gwb"], (1, 1)), "noise without any fill");
    }

    #[test]
    fn edges_on_a_clear_canvas_are_seen_on_either_page() {
        assert!(is_antialiased_in(&["wwh..", "wwh..", "wwh.."], (2, 1)), "white ink");
        assert!(is_antialiased_in(&["bbg..", "bbg..", "bbg.."], (2, 1)), "black ink");
    }

    #[test]
    fn the_fill_beside_an_edge_must_be_the_same_in_both() {
        let edge = picture(&["bbgww", "bbgww", "bbgww"]);
        let other = picture(&["bbbww", "bbGww", "bbgww"]);
        assert!(is_antialiased([&edge, &other], (2, 1)) && is_antialiased([&other, &edge], (2, 1)));
        let noisy = picture(&["gwgbg", "wbGbw", "bwgwb"]);
        assert!(!is_antialiased([&edge, &noisy], (2, 1)) && !is_antialiased([&noisy, &edge], (2, 1)));
    }
}
