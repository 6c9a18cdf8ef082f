//! Which pixels are anti-aliased, after V. Vyšniauskas, "Anti-aliased pixel and intensity slope detector", 2009.
//!
//! Such a pixel stands between two fills: at most two of its eight neighbors are equal to it, one is darker and one
//! lighter, and the darkest or the lightest lies in a flat stretch, in which three or more neighbors are equal to it. That
//! stretch must be flat in both pictures, else what changed is the fill and not its edge. A line a pixel wide has
//! nothing beyond it and is no edge.
//!
//! How light a pixel is depends on the page where it is not opaque. White ink on a clear canvas has edges on black
//! paper only, so both are tried.

use crate::geometry::PixelRect;
use crate::raster::{Raster, Rgba};

/// Equal neighbors that a pixel of an edge has at most.
const MOST_ALIKE: usize = 2;

/// Equal neighbors from which on a pixel lies in a flat stretch.
const FLAT: usize = 3;

/// Whether a pixel is anti-aliased in either of two pictures of one size.
pub(super) fn found(pictures: [&Raster; 2], place: (i32, i32)) -> bool {
    let flat = |at: (i32, i32)| pictures.iter().all(|picture| alike(picture, at) >= FLAT);
    let edge = |picture: &Raster| [0, u8::MAX].into_iter().any(|page| is_edge(picture, place, page, flat));
    pictures.into_iter().any(edge)
}

fn is_edge(picture: &Raster, place: (i32, i32), page: u8, flat: impl Fn((i32, i32)) -> bool) -> bool {
    if alike(picture, place) > MOST_ALIKE {
        return false;
    }
    let light = |at| lightness(pixel(picture, at), page);
    let own = light(place);
    let around = || neighbors(picture, place).map(|at| (at, light(at)));
    let (darkest, lightest) =
        around().fold((own, own), |(dark, bright), (_, it)| (dark.min(it), bright.max(it)));
    let mut ends = around().filter(|(_, it)| *it == darkest || *it == lightest);
    darkest < own && own < lightest && ends.any(|(at, _)| flat(at))
}

/// How many neighbors are equal to the pixel itself.
fn alike(picture: &Raster, place: (i32, i32)) -> usize {
    let own = pixel(picture, place);
    neighbors(picture, place).filter(|&at| pixel(picture, at) == own).count()
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
pub(super) const LIGHTEST: u64 = 1000 * 255 * 255;

/// How light a pixel is on a grey page: its luma as of Rec. 601, exactly.
pub(super) fn lightness(pixel: Rgba, page: u8) -> u64 {
    let luma = 299 * u64::from(pixel.r) + 587 * u64::from(pixel.g) + 114 * u64::from(pixel.b);
    let alpha = u64::from(pixel.a);
    luma * alpha + 1000 * u64::from(page) * (255 - alpha)
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

    fn alone(rows: &[&str], place: (i32, i32)) -> bool {
        let picture = picture(rows);
        found([&picture, &picture], place)
    }

    #[test]
    fn what_stands_between_two_fills_is_an_edge() {
        assert!(alone(&["bbgww", "bbgww", "bbgww"], (2, 1)));
        assert!(alone(&["bbbgw", "bbgww", "bgwww", "gwwww"], (2, 1)));
        assert!(alone(&["bbgww", "bbgww"], (2, 0)), "at the side, too");
    }

    #[test]
    fn fills_and_lines_are_none() {
        assert!(!alone(&["bbbww", "bbbww", "bbbww"], (1, 1)), "a fill");
        assert!(!alone(&["bbbww", "bbbww", "bbbww"], (2, 1)), "a sharp end");
        assert!(!alone(&["wwgww", "wwgww", "wwgww"], (2, 1)), "a line");
        assert!(!alone(&["wwwww", "ggggg", "wwwww"], (0, 1)), "a line at its end");
        assert!(!alone(&["wwwww", "wwgww", "wwwww"], (2, 1)), "a dot");
        assert!(!alone(&["bggww", "bggww", "bggww"], (1, 1)), "a broad line between two fills");
        assert!(!alone(&["bgw", "wbG", "Gwb"], (1, 1)), "noise without any fill");
    }

    #[test]
    fn edges_on_a_clear_canvas_are_seen_on_either_page() {
        assert!(alone(&["wwh..", "wwh..", "wwh.."], (2, 1)), "white ink");
        assert!(alone(&["bbg..", "bbg..", "bbg.."], (2, 1)), "black ink");
    }

    #[test]
    fn the_fill_beside_an_edge_must_be_the_same_in_both() {
        let edge = picture(&["bbgww", "bbgww", "bbgww"]);
        let other = picture(&["bbbww", "bbGww", "bbgww"]);
        assert!(found([&edge, &other], (2, 1)) && found([&other, &edge], (2, 1)));
        let noisy = picture(&["gwgbg", "wbGbw", "bwgwb"]);
        assert!(!found([&edge, &noisy], (2, 1)) && !found([&noisy, &edge], (2, 1)));
    }
}
