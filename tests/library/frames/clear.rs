//! Films on a transparent background: alpha is correct, and a GIF, whose pixels are opaque or transparent, erases old
//! pixels.

use image::RgbaImage;
use kymograph::film::Renderer;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::Scene;

use super::shown::{Screen, apng, gif};
use crate::support::scenes::{BUSY, all_frames, draw_frame, figure, parse_scene_with};

fn on(background: &str) -> Scene {
    parse_scene_with(BUSY, &[&format!("canvas.background={background}")])
}

/// A picture composited over opaque paper of one gray level.
fn over(picture: &[[u8; 4]], paper: f64) -> Vec<[f64; 3]> {
    let blend = |&[r, g, b, a]: &[u8; 4]| {
        let alpha = f64::from(a) / 255.0;
        [r, g, b].map(|c| f64::from(c) * alpha + paper * (1.0 - alpha))
    };
    picture.iter().map(blend).collect()
}

fn channels(picture: &Raster) -> Vec<[u8; 4]> {
    picture.pixels().iter().map(|p| [p.r, p.g, p.b, p.a]).collect()
}

fn bytes(picture: &RgbaImage) -> Vec<[u8; 4]> {
    picture.pixels().map(|p| p.0).collect()
}

/// Blending a mark into a pixel rounds alpha and color once. A few marks overlap.
const ROUNDING: f64 = 2.5;

#[test]
fn alpha_composites_to_the_picture_on_an_opaque_background() {
    let clear = on("transparent");
    let figure = figure(&clear);
    let (width, height) = figure.size();
    for index in [0, 7, 19, 30] {
        let drawn = channels(&draw_frame(&figure, index));
        for (opaque, paper) in [(Rgba::WHITE, 255.0), (Rgba::BLACK, 0.0)] {
            // The same marks: on an opaque page, texts have halos, and legends boxes.
            let mut renderer = Renderer::new(width, height, opaque);
            renderer.show(figure.marks(index).expect("marks"));
            let wanted = renderer.image();
            let pairs = over(&drawn, paper).into_iter().zip(wanted.pixels());
            let off = pairs.map(|(a, p)| {
                let by = |x: f64, y: u8| (x - f64::from(y)).abs();
                by(a[0], p.r).max(by(a[1], p.g)).max(by(a[2], p.b))
            });
            let off = off.fold(0.0, f64::max);
            assert!(off <= ROUNDING, "frame {index} over {paper}: {off}");
        }
    }
}

#[test]
fn an_apng_keeps_alpha_through_the_film() {
    let scene = on("transparent");
    let file = apng(&figure(&scene));
    let mut screen = Screen::apng(&file);
    for (index, drawn) in all_frames(&scene).iter().enumerate() {
        assert!(bytes(screen.of_frame(index, &scene)) == channels(drawn), "frame {index}");
    }
}

#[test]
fn a_gif_erases_pixels_that_are_no_longer_drawn() {
    let scene = on("transparent");
    let file = gif(&figure(&scene));
    let mut screen = Screen::gif(&file);
    for (index, drawn) in all_frames(&scene).iter().enumerate() {
        let found = bytes(screen.of_frame(index, &scene));
        for (pixel, shown) in channels(drawn).into_iter().zip(found) {
            let [flat] = over(&[pixel], 255.0)[..] else { unreachable!("one pixel") };
            let gone = pixel[3] == 0;
            assert!(!gone || shown[3] == 0, "frame {index}: {shown:?} is left over");
            let near = |channel: usize| (flat[channel] - f64::from(shown[channel])).abs() <= 24.0;
            // A nearly transparent pixel may become transparent: the difference is invisible on paper of the matte's color.
            let vanished = shown[3] == 0 && (0..3).all(|channel| flat[channel] > 238.0);
            assert!(gone || vanished || (0..3).all(near), "frame {index}: {pixel:?} as {shown:?}");
        }
    }
}

#[test]
fn a_gif_on_a_transparent_background_keeps_the_ink_color() {
    let scene = on("transparent");
    let file = gif(&figure(&scene));
    let mut screen = Screen::gif(&file);
    let ink = scene.theme.ink;
    let count =
        |pixels: Vec<[u8; 4]>| pixels.into_iter().filter(|p| *p == [ink.r, ink.g, ink.b, 255]).count();
    for (index, drawn) in all_frames(&scene).iter().enumerate() {
        let (found, wanted) = (count(bytes(screen.of_frame(index, &scene))), count(channels(drawn)));
        assert!(found >= wanted && wanted > 100, "frame {index}: {found}, not {wanted}");
    }
}
