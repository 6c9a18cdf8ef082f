//! Laws of films: a frame is a function of the scene and its index alone, and an encoded file shows the frames that were
//! drawn.

mod clear;
mod closures;
mod encoded;
pub(crate) mod shown;
mod stamps;

use kymograph::film::Renderer;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::Scene;

use crate::support::scenes::{
    BUSY, all_frames, draw_frame, draw_frames, figure, figure_at_scale, named_scenes, parse_scene,
};

/// Contours whose labels follow them.
const CONTOURS: &str = r"
canvas = { size = [240, 200], font-size = 8 }
time = { span = [0, 6] }
animate = { frames = 60 }
[panels.p]
kind = 'plane'
x = { range = ['t/9 - 3', '3'] }
y = { range = [-2, 2] }
draw = [{ contour = 'cos(hypot(x - 1, y) - t) + cos(hypot(x + 1, y) - t)', levels = 3 }]
";

/// The scenes of the repository, the busy one and one with contours, by name.
pub(crate) fn all() -> Vec<(String, Scene)> {
    let more = [("busy", BUSY), ("contours", CONTOURS)];
    named_scenes().chain(more.map(|(name, text)| (name.to_owned(), parse_scene(text)))).collect()
}

#[test]
fn a_frame_drawn_alone_equals_the_frame_of_the_film() {
    for (name, scene) in all() {
        let figure = figure_at_scale(&scene, 1.0);
        draw_frames(&figure, |index, frame| {
            assert!(index % 3 > 0 || draw_frame(&figure, index) == *frame.image, "{name}, frame {index}");
        });
    }
}

#[test]
fn frames_do_not_depend_on_the_order_of_drawing() {
    let scene = parse_scene(BUSY);
    let figure = figure(&scene);
    let (width, height) = figure.size();
    let mut renderer = Renderer::new(width, height, scene.canvas.background);
    let frames = all_frames(&scene);
    for step in 0..60 {
        let index = step * 17 % frames.len();
        renderer.show(figure.marks(index).expect("marks"));
        assert!(*renderer.image() == frames[index], "frame {index} as number {step}");
    }
}

#[test]
fn pixels_change_only_inside_the_reported_rectangles() {
    for (name, scene) in all() {
        let figure = figure(&scene);
        let (width, height) = figure.size();
        let mut expected = Raster::filled(width, height, Rgba::CLEAR);
        draw_frames(&figure, |index, frame| {
            assert!(index > 0 || frame.changed == [frame.image.bounds()], "{name}");
            for rect in frame.changed {
                for y in rect.top..rect.bottom {
                    let new = frame.image.row(y, rect.left, rect.right);
                    expected.row_mut(y, rect.left, rect.right).copy_from_slice(new);
                }
            }
            assert!(expected == *frame.image, "{name}, frame {index}");
        });
    }
}

#[test]
fn a_fully_grown_curve_equals_the_curve_drawn_at_once() {
    for dash in ["", ", dash = true", ", dash = [5, 3, 1, 2], opacity = 0.4"] {
        let film = |reveal: &str| {
            format!(
                "canvas = {{ size = [200, 150], scale = 2 }}
                time = {{ span = [0, 7] }}
                animate = {{ frames = 23 }}
                [panels.p]
                kind = 'plane'
                draw = [{{ trace = 'exp((j - 0.1)*3*t)', width = 3, reveal = '{reveal}'{dash} }}]"
            )
        };
        let grown = all_frames(&parse_scene(&film("grow"))).pop().expect("frames");
        let whole = parse_scene(&film("all"));
        assert!(grown == draw_frame(&figure(&whole), 0), "{dash}");
        assert!(grown == draw_frame(&figure(&whole), 22), "{dash}");
    }
}
