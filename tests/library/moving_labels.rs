//! Laws of the labels of contours that move: they stand on their lines, follow them without jumps, and stay for a while.

use kymograph::mark::Mark;
use kymograph::panel::viewport::Viewport;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::text::Typesetter;

use crate::support::scenes::{figure, parse_scene};

const RED: Rgba = Rgba::opaque(255, 0, 0);
/// The font size of labels in device pixels.
const EM: f64 = 8.0 * 1.5 * 0.85;

/// Places by their x and y.
type Places = Vec<(f64, f64)>;

/// A film of 81 frames over t from 0 to 4, in which x reaches from −3 to 3 and y from −2 to 2 over 360 × 240 pixels.
fn film(contour: &str, animate: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 220], scale = 1.5, font-size = 8 }}\ntime = {{ span = [0, 4] }}
        animate = {{ frames = 81, fps = 25{animate} }}\n[panels.p]\nkind = 'plane'\nx = {{ range = [-3, 3] }}
        y = {{ range = [-2, 2] }}\ndraw = [{{ contour = {contour}, color = 'red' }}]"
    ))
}

/// The middles of the labels of contours in each frame, in device pixels, for labels that read like this one.
fn middles(scene: &Scene, label: &str) -> (Vec<Places>, Viewport) {
    let figure = figure(scene);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    let text_box = Typesetter::shared().typeset_label(label, EM).expect("a number").text_box();
    let in_frame = |index: usize| {
        let fills = figure.marks(index).expect("marks").into_iter();
        let red = fills.filter_map(|mark| match mark {
            Mark::Fill(fill) if fill.color == RED => Some(fill.at),
            _ => None,
        });
        red.map(|at| (at.x + text_box.width / 2.0, at.y + (text_box.descent - text_box.ascent) / 2.0))
            .collect()
    };
    // A loop has one frame more, on the way from the last to the first.
    let frames = scene.timeline.frames + usize::from(scene.timeline.wraps());
    ((0..frames).map(in_frame).collect(), *viewport)
}

/// The place of the only label of each frame in device pixels and in data coordinates, and the pixels of a unit of the data.
fn only(scene: &Scene, label: &str) -> (Places, Places, f64) {
    let (frames, viewport) = middles(scene, label);
    let pixels: Places = frames
        .iter()
        .enumerate()
        .map(|(index, labels)| {
            assert_eq!(labels.len(), 1, "frame {index}");
            labels[0]
        })
        .collect();
    let data = pixels.iter().map(|(x, y)| (viewport.x.value(*x), viewport.y.value(*y))).collect();
    let unit = viewport.x.pixel(1.0) - viewport.x.pixel(0.0);
    (pixels, data, unit)
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    libm::hypot(b.0 - a.0, b.1 - a.1)
}

fn time(index: usize) -> f64 {
    index as f64 / 20.0
}

#[test]
fn a_label_rides_on_a_straight_line() {
    let scene = film("'x - t + 2', levels = [0]", "");
    let (pixels, data, unit) = only(&scene, "0");
    for (index, (x, _)) in data.iter().enumerate() {
        assert!((x - time(index) + 2.0).abs() * unit < 0.5, "frame {index}");
    }
    for pair in pixels.windows(2) {
        assert!((pair[1].0 - pair[0].0 - unit / 20.0).abs() < 1e-6 && (pair[1].1 - pair[0].1).abs() < 1e-6);
    }
}

#[test]
fn a_label_moves_outward_with_a_circle_that_grows() {
    let scene = film("'hypot(x, y) - t/4', levels = [0.6]", "");
    let (pixels, data, unit) = only(&scene, "0.6");
    for (index, (x, y)) in data.iter().enumerate() {
        let radius = 0.6 + time(index) / 4.0;
        assert!((libm::hypot(*x, *y) - radius).abs() * unit < 0.5, "frame {index}");
    }
    for (index, pair) in pixels.windows(2).enumerate() {
        let moved = distance(pair[0], pair[1]);
        // The circle grows by an eightieth in each frame.
        assert!(moved < 1.5 * unit / 80.0, "frame {index}: {moved}");
    }
}

#[test]
fn a_label_turns_with_a_linear_field() {
    // A full turn takes the film; the next frame after the last one is the first.
    let scene = film("'x*cos(t*pi/2) + y*sin(t*pi/2)', levels = [0.5]", ", endpoint = false");
    let (pixels, data, unit) = only(&scene, "0.5");
    let turn = std::f64::consts::TAU / 81.0;
    for (index, (x, y)) in data.iter().enumerate() {
        let (sin, cos) = libm::sincos(turn * index as f64);
        assert!((x * cos + y * sin - 0.5).abs() * unit < 0.5, "frame {index}");
    }
    assert!(distance(pixels[81], pixels[0]) < 1.0);
    for index in 0..81 {
        let (from, to) = (pixels[index], pixels[index + 1]);
        let radius = libm::hypot(data[index].0, data[index].1).max(0.5);
        let moved = distance(from, to);
        assert!(moved < 1.5 * radius * turn * unit, "frame {index}: {moved}");
    }
}

#[test]
fn labels_change_their_speed_slowly() {
    for contour in [
        "'exp(-((x - 1.3*sin(t*pi/2))^2 + (y + 0.4*cos(t*pi/2))^2))', levels = [0.5]",
        "'(x*cos(t*pi/4) + y*sin(t*pi/4))^2 + 3*(y*cos(t*pi/4) - x*sin(t*pi/4))^2', levels = [1.5]",
    ] {
        let label = if contour.contains("1.5]") { "1.5" } else { "0.5" };
        let (pixels, _, _) = only(&film(contour, ", endpoint = false"), label);
        for index in 0..81 {
            let [a, b, c] = [0, 1, 2].map(|step| pixels[(index + step) % 81]);
            let change = distance((b.0 - a.0, b.1 - a.1), (c.0 - b.0, c.1 - b.1));
            assert!(change < 1.2, "{contour}, frame {index}: {change}");
        }
    }
}

#[test]
fn a_label_stays_for_a_while() {
    // A ring passes, waves, a line that swings, and one that jumps.
    for contour in [
        "'hypot(x + 7 - 4*t, y)', levels = [1.2]",
        "'sin(x - 2*t)', levels = [0]",
        "'sin(9*t)*x', levels = [1]",
        "'x + 5*floor(9*t)/3', levels = [1]",
    ] {
        let scene = film(contour, "");
        let figure = figure(&scene);
        let is_label = |mark: &Mark| matches!(mark, Mark::Fill(fill) if fill.color == RED);
        let shown = |index: usize| -> Vec<bool> {
            figure.marks(index).expect("marks").iter().map(is_label).collect()
        };
        let frames: Vec<Vec<bool>> = (0..81).map(shown).collect();
        for mark in 0..frames[0].len() {
            let of_mark: Vec<bool> = frames.iter().map(|frame| frame[mark]).collect();
            let runs = of_mark.chunk_by(|a, b| a == b).filter(|run| run[0]).map(<[bool]>::len);
            assert!(runs.clone().all(|frames| frames >= 20), "{contour}: {:?}", runs.collect::<Vec<_>>());
        }
    }
}

#[test]
fn lines_without_room_carry_no_labels() {
    for contour in [
        // Lines that are closer than labels are wide, circles that are too small, and a line that leaves the plot.
        "'20*x - t + 1000', levels = 64",
        "'hypot(x - t/9, y)', levels = [0.1]",
        "'x - t/9', levels = [2.95]",
    ] {
        let (frames, _) = middles(&film(contour, ""), "1");
        assert!(frames.iter().all(Vec::is_empty), "{contour}");
    }
}

#[test]
fn a_long_film_has_labels_on_its_lines_too() {
    let mut long = film("'hypot(x, y) - t/4', levels = [0.6]", "");
    long.timeline.frames = 1001;
    let (pixels, data, unit) = only(&long, "0.6");
    for (index, (x, y)) in data.iter().enumerate() {
        let radius = 0.6 + index as f64 / 1000.0;
        assert!((libm::hypot(*x, *y) - radius).abs() * unit < 0.5, "frame {index}");
    }
    for (index, pair) in pixels.windows(2).enumerate() {
        let moved = distance(pair[0], pair[1]);
        assert!(moved < 2.0 * unit / 1000.0, "frame {index}: {moved}");
    }
}
