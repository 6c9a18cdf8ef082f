//! Laws of the color types of an APNG.

use std::io::Cursor;

use kymograph::encode::{ApngEncoder, EncodeError};
use kymograph::raster::{Raster, Rgba};
use kymograph::timing::LoopCount;

use super::shown::{exact, shown_apng};
use crate::support::film::{Film, Noise};

impl Noise {
    /// Distinct colors. The first is transparent if there is an alpha of 0.
    pub(crate) fn colors(&mut self, count: u32, alphas: &[u8]) -> Vec<Rgba> {
        let color = |index: u32| {
            let a = alphas[index as usize % alphas.len()];
            let [g, b, ..] = index.to_le_bytes();
            if index == 0 && a == 0 {
                Rgba::CLEAR
            } else {
                Rgba { r: self.below(256) as u8, g, b, a: a.max(1) }
            }
        };
        (0..count).map(color).collect()
    }

    /// A film whose first picture has all colors and in which some pixels change from frame to frame.
    pub(crate) fn sparkle(&mut self, colors: &[Rgba], frames: usize) -> Film {
        let (width, height) = (43, 53);
        let mut picture = Raster::filled(width, height, colors[0]);
        let mut film = Vec::new();
        while film.len() < frames {
            let all = (0..height as i32).flat_map(|y| (0..width as i32).map(move |x| (x, y)));
            for (number, (x, y)) in all.enumerate() {
                let any = self.below(colors.len() as u32) as usize;
                match film.len() {
                    0 => picture.row_mut(y, x, x + 1)[0] = *colors.get(number).unwrap_or(&colors[any]),
                    _ if self.below(20) == 0 => picture.row_mut(y, x, x + 1)[0] = colors[any],
                    _ => {}
                }
            }
            film.push(picture.clone());
        }
        Film::new(film)
    }
}

/// The film is lossless with every color type and bit depth.
#[test]
fn apngs_show_every_number_of_colors_in_the_fewest_bits() {
    use png::BitDepth::{Eight, Four, One, Two};
    use png::ColorType::{self, Indexed, Rgb};
    let noise = &mut Noise(12);
    for (count, alphas, color, depth) in [
        (1, &[255_u8][..], Indexed, One),
        // A film needs a color for unchanged pixels.
        (2, &[255], Indexed, Two),
        (2, &[0, 255], Indexed, One),
        (15, &[255, 77], Indexed, Four),
        (16, &[255], Indexed, Eight),
        (255, &[255], Indexed, Eight),
        (256, &[255], Rgb, Eight),
        (256, &[0, 255, 3, 90], Indexed, Eight),
        (257, &[0], ColorType::Rgba, Eight),
        (1000, &[255], Rgb, Eight),
        (1000, &[255, 254], ColorType::Rgba, Eight),
        (1000, &[0, 255], ColorType::Rgba, Eight),
    ] {
        let colors = noise.colors(count, alphas);
        let film = noise.sparkle(&colors, 5);
        let file = film.apng(LoopCount::Forever).expect("a film");
        let reader = png::Decoder::new(Cursor::new(&file)).read_info().expect("a PNG");
        assert_eq!(reader.info().color_type, color, "{count} colors of alpha {alphas:?}");
        assert_eq!(reader.info().bit_depth, depth, "{count} colors of alpha {alphas:?}");
        let shown: Vec<_> = shown_apng(&file).into_iter().map(|frame| frame.0).collect();
        let pictures: Vec<_> = film.distinct(exact).into_iter().map(|frame| frame.0).collect();
        assert!(shown == pictures, "{count} colors of alpha {alphas:?}");
    }
}

/// With approximate statistics, an APNG stores alpha, and unchanged pixels are transparent.
#[test]
fn an_apng_is_exact_with_approximate_statistics() {
    let film = Noise(13).sparkle(&Noise(14).colors(300, &[255]), 3);
    let mut statistics = film.statistics();
    statistics.is_approximate = true;
    statistics.colors.truncate(7);
    let mut file = Vec::new();
    let mut encoder =
        ApngEncoder::new(&mut file, film.size(), &statistics, LoopCount::Forever).expect("a film");
    film.frames().try_for_each(|frame| encoder.push(&frame)).expect("frames");
    encoder.finish().expect("a film");
    let shown: Vec<_> = shown_apng(&file).into_iter().map(|frame| frame.0).collect();
    assert!(shown == film.pictures.iter().map(exact).collect::<Vec<_>>());
}

#[test]
fn an_apng_with_colors_missing_in_the_statistics_is_an_error() {
    for count in [20, 400] {
        let film = Noise(15).sparkle(&Noise(16).colors(count, &[255]), 3);
        let mut statistics = film.statistics();
        let gone = statistics.colors.pop().expect("a color").0;
        // The color may be taken for the transparent one, or be missing from the palette.
        statistics.colors.retain(|(color, _)| color.r != gone.r || count == 20);
        let mut encoder =
            ApngEncoder::new(Vec::new(), film.size(), &statistics, LoopCount::Forever).expect("a film");
        let ended = film.frames().try_for_each(|frame| encoder.push(&frame)).and_then(|()| encoder.finish());
        // True color stores any opaque color.
        assert_eq!(matches!(ended, Err(EncodeError::Film(_))), count == 20, "{count} colors");
    }
}
