//! Laws of styles that change: numbers that are signals, and colors of maps.

use std::collections::BTreeSet;

use kymograph::mark::Mark;
use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::scene::color::ColorMap;
use kymograph::svg::{self, SvgOptions};

use crate::support::scenes::{all_frames, draw_frame, figure, parse_scene};

/// A film of nine frames over [0, 4] with one panel.
fn film(draw: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [200, 140], scale = 1, font-size = 8 }}\ntime = {{ span = [0, 4] }}
        animate = {{ frames = 9 }}\n[panels.p]\nkind = 'plot'\nx = {{ range = [0, 4] }}\ny = {{ range = [-2, 2] }}
        draw = [{draw}]"
    ))
}

/// The strokes of a frame that lie in the plot, without the frame of the panel.
fn strokes(figure: &Figure<'_>, index: usize) -> Vec<(Rgba, f64)> {
    let marks = figure.marks(index).expect("marks");
    marks
        .into_iter()
        .filter_map(Mark::into_stroke)
        .map(|stroke| (stroke.pen.color, stroke.pen.width))
        .collect()
}

#[test]
fn widths_and_opacities_follow_their_signals() {
    let scene = film("{ trace = 'sin(t)', width = '1 + t', opacity = 't/4', color = 'blue' }");
    let figure = figure(&scene);
    for (index, t) in [(0, 0.0), (4, 2.0), (8, 4.0)] {
        let all = strokes(&figure, index);
        let (color, width) = all.iter().find(|(color, _)| color.b == 255 && color.r == 0).expect("the curve");
        assert_eq!((f64::from(color.a), *width), ((t / 4.0 * 255.0_f64).round(), 1.0 + t));
    }
}

#[test]
fn a_color_of_a_map_follows_its_value() {
    let scene = film("{ hline = 0, color = { map = 'magma', value = 't', range = [0, 4] } }");
    let figure = figure(&scene);
    for index in 0..9 {
        let level = ColorMap::Magma.level(index as f64 / 2.0, [0.0, 4.0]).expect("a level");
        let color = ColorMap::Magma.color(level);
        assert!(strokes(&figure, index).iter().any(|stroke| stroke.0 == color), "frame {index}");
    }
}

const ALONG: &str = "{ trace = 'sin(2*t)', width = 5, reveal = 'all', color = { map = 'turbo', value = 't', range = [0, 4] } }";

#[test]
fn a_curve_of_many_colors_has_the_coverage_of_one_color() {
    let [plain, colored] = ["{ trace = 'sin(2*t)', width = 5, reveal = 'all', color = 'black' }", ALONG]
        .map(|draw| draw_frame(&figure(&film(draw)), 8));
    let is_ink = |pixel: &Rgba| (pixel.r, pixel.g, pixel.b) != (255, 255, 255);
    let (mut same, mut colors) = (0, BTreeSet::new());
    for (a, b) in plain.pixels().iter().zip(colored.pixels()) {
        // The ends of pieces are cut straight, where a whole curve is round; no more than a trace of it may be missing.
        let is_faint = |pixel: &Rgba| pixel.r.min(pixel.g).min(pixel.b) > 235;
        assert!(is_ink(a) == is_ink(b) || is_faint(a) && is_faint(b), "{a:?} {b:?}");
        if (a.r, a.g, a.b) == (0, 0, 0) && (b.r, b.g, b.b) != (0, 0, 0) {
            // Where the plain curve is opaque, no paper shows between two pieces.
            let distance = |level: usize| {
                let color = ColorMap::Turbo.color(level);
                [(color.r, b.r), (color.g, b.g), (color.b, b.b)]
                    .map(|(a, b)| u32::from(a.abs_diff(b)))
                    .iter()
                    .sum()
            };
            let nearest: u32 = (0..64).map(distance).min().expect("levels");
            assert!(nearest <= 24, "{b:?} is {nearest} from the map");
            colors.insert((b.r, b.g, b.b));
            same += 1;
        }
    }
    assert!(same > 500 && colors.len() >= 60, "{same} pixels of {} colors", colors.len());
}

#[test]
fn each_frame_of_a_changing_style_is_the_same_alone() {
    for draw in [
        ALONG,
        "{ trace = 'sin(2*t)', width = '1 + t', color = { map = 'viridis', value = 'cos(t)' } }",
        "{ trace = 'sin(2*t)', reveal = { tail = 1 }, color = { map = 'RdBu', value = 'cos(2*t)' } }",
        "{ area = 'sin(t)', fill = { map = 'twilight', value = 't' }, opacity = '0.2 + t/8' }",
        "{ point = 'sin(t)', size = '4 + t', note = 'here', anchor = ['t/4', 0] }",
        "{ text = 'a', at = [2, 0], anchor = ['t/4', 't/4'], color = { map = 'magma', value = 't/8' } }",
    ] {
        let scene = film(draw);
        let figure = figure(&scene);
        let count = figure.marks(0).expect("marks").len();
        for (index, image) in all_frames(&scene).iter().enumerate() {
            assert!(draw_frame(&figure, index).pixels() == image.pixels(), "frame {index} of {draw}");
            assert_eq!(figure.marks(index).expect("marks").len(), count, "{draw}");
        }
        let options = SvgOptions { scale: 1.0, title: None, seamless: false, in_steps: false, stamp: None };
        let text = svg::animated(&figure.animation(), &options, |index| figure.marks(index)).expect("an SVG");
        assert!(!text.contains("NaN"), "{draw}");
    }
}

#[test]
fn an_anchor_of_numbers_is_that_of_its_name() {
    for (name, pair) in [("sw", "[0, 0]"), ("ne", "[1, 1]"), ("c", "[0.5, 0.5]"), ("s", "[0.5, 0]")] {
        let [named, paired] = [format!("'{name}'"), pair.to_owned()]
            .map(|anchor| film(&format!("{{ text = 'abc', at = [2, 0.5], anchor = {anchor} }}")));
        let bounds = |scene: &Scene| {
            let figure = figure(scene);
            figure.texts().iter().find(|text| text.text == "abc").expect("the text").bounds(0)
        };
        assert_eq!(bounds(&named), bounds(&paired), "{name}");
    }
}
