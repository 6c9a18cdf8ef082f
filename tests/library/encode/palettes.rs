//! Laws of palettes and of the statistics that they are chosen from.

use kymograph::encode::Palette;
use kymograph::raster::{Raster, Rgba};

use super::shown::{exact, mapped};
use crate::support::film::{Film, MATTE, Noise};

/// Edge colors: all mixtures of two base colors, rarer toward the middle.
fn edges(pairs: &[(Rgba, Rgba)]) -> Film {
    let mix =
        |a: u8, b: u8, level: u32| ((u32::from(a) * (255 - level) + u32::from(b) * level + 127) / 255) as u8;
    let mut picture = Raster::filled(320, 8 * pairs.len() as u32, Rgba::WHITE);
    for (band, &(a, b)) in pairs.iter().enumerate() {
        for y in 8 * band as i32..8 * band as i32 + 8 {
            let row = picture.row_mut(y, 0, 320);
            row[256..].fill(b);
            for (level, pixel) in (0..256).zip(row) {
                *pixel = Rgba::opaque(mix(a.r, b.r, level), mix(a.g, b.g, level), mix(a.b, b.b, level));
            }
        }
    }
    Film::new(vec![picture])
}

const BASES: [Rgba; 8] = [
    Rgba::BLACK,
    Rgba::opaque(255, 165, 0),
    Rgba::opaque(0, 0, 255),
    Rgba::opaque(0, 128, 0),
    Rgba::opaque(255, 0, 0),
    Rgba::opaque(31, 119, 180),
    Rgba::opaque(148, 103, 189),
    Rgba::opaque(140, 86, 75),
];

#[test]
fn colors_that_fit_into_the_palette_are_exact() {
    let film = Noise(7).film((40, 40), 30, &[255]);
    let palette = film.palette();
    assert!(film.statistics().colors.len() <= 255, "6 x 6 x 6 colors at most");
    for picture in &film.pictures {
        assert_eq!(mapped(picture, &palette), exact(picture));
    }
    let gray = |levels: u32| {
        let mut picture = Raster::filled(levels, 1, Rgba::BLACK);
        for (level, pixel) in picture.row_mut(0, 0, levels as i32).iter_mut().enumerate() {
            *pixel = Rgba::opaque(level as u8, (level / 256) as u8, 0);
        }
        Film::new(vec![picture])
    };
    assert_eq!(mapped(&gray(255).pictures[0], &gray(255).palette()), exact(&gray(255).pictures[0]));
    assert!(gray(1000).palette().colors().len() <= 255);
}

#[test]
fn base_colors_are_exact_and_edge_colors_close() {
    for (name, ground) in [("white", Rgba::WHITE), ("black", Rgba::opaque(1, 1, 1))] {
        let film = edges(&BASES.map(|base| (ground, base)));
        let mut pinned = BASES.to_vec();
        pinned.push(ground);
        let palette = Palette::build(&film.statistics(), &pinned, MATTE);
        for pin in &pinned {
            assert!(palette.colors().contains(&[pin.r, pin.g, pin.b]), "{pin:?} on {name}");
        }
        let (mut worst, mut square, mut channels) = (0, 0.0, 0.0);
        for (wanted, shown) in exact(&film.pictures[0]).iter().zip(mapped(&film.pictures[0], &palette)) {
            for (&wanted, shown) in wanted.iter().zip(shown).take(3) {
                worst = worst.max(wanted.abs_diff(shown));
                square += f64::from(wanted.abs_diff(shown)).powi(2);
                channels += 1.0;
            }
        }
        assert!(worst <= 16, "a channel is off by {worst} on {name}");
        // Nearly all pixels of this film are edges, hence only 40 dB; in a real film fewer than one in ten is.
        assert!(square / channels <= 255.0_f64.powi(2) / 1e4, "mean square {} on {name}", square / channels);
    }
}

#[test]
fn statistics_count_pixels_in_every_frame_and_distinct_frames() {
    let film = Noise(8).film((13, 11), 40, &[0, 128, 255]);
    let statistics = film.statistics();
    let mut wanted = std::collections::BTreeMap::new();
    for pixel in film.pictures.iter().flat_map(Raster::pixels) {
        *wanted.entry(*pixel).or_insert(0_u64) += 1;
    }
    let counts: Vec<_> = statistics.colors.iter().map(|(color, count)| (*color, count.pixels)).collect();
    assert_eq!(counts, wanted.into_iter().collect::<Vec<_>>());
    assert_eq!(statistics.distinct_frames as usize, film.distinct(exact).len());
    assert!(!statistics.is_approximate);
}

#[test]
fn translucent_pixels_blend_with_the_matte_and_faint_ones_become_transparent() {
    let film = Film::new(vec![Raster::filled(2, 2, Rgba::BLACK)]);
    let palette = film.palette();
    assert_eq!(palette.flatten(Rgba { r: 9, g: 9, b: 9, a: 7 }), None);
    assert_eq!(palette.flatten(Rgba { r: 0, g: 0, b: 0, a: 8 }), Some([242, 232, 223]));
    for alpha in 8..=255 {
        let [r, g, b] = palette.flatten(Rgba { r: 0, g: 255, b: 10, a: alpha }).expect("opaque");
        let share = f64::from(alpha) / 255.0;
        for (shown, (top, below)) in [r, g, b].into_iter().zip([(0.0, 250.0), (255.0, 240.0), (10.0, 230.0)])
        {
            assert!((f64::from(shown) - (top * share + below * (1.0 - share))).abs() <= 0.5 + 1e-9);
        }
    }
}
