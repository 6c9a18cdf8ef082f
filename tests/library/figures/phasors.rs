//! Laws of phasors: their order, their circles and their trail; and the colors that elements take from traces.

use kymograph::geometry::Point;
use kymograph::mark::{Fill, Mark, Stroke};
use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::scene::color::Color;

use super::coverage::viewport;
use crate::support::scenes::{figure, parse_scene};

const BLUE: Rgba = Rgba::opaque(0, 0, 255);

/// A film of nine frames over two seconds, with a plane and a Fourier series of the terms from −2 to 2.
fn scene(keys: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 300], scale = 1 }}\ntime = {{ span = [0, 2] }}\nanimate = {{ frames = 9 }}
        systems.f = {{ kind = 'fourier-series', period = 4, terms = 2, c = '1/(n + 4)' }}
        [panels.p]\nkind = 'plane'\ndraw = [{{ phasors = 'f.arm[n]', over = 'n', color = 'blue'{keys} }}]"
    ))
}

fn is_blue(color: Rgba) -> bool {
    Rgba { a: 255, ..color } == BLUE
}

fn strokes(figure: &Figure<'_>, index: usize) -> Vec<Stroke> {
    let marks = figure.marks(index).expect("marks").into_iter();
    marks.filter_map(Mark::into_stroke).filter(|stroke| is_blue(stroke.pen.color)).collect()
}

fn circles(figure: &Figure<'_>, index: usize) -> Vec<Fill> {
    let fill = |mark: Mark| if let Mark::Fill(fill) = mark { Some(fill) } else { None };
    let marks = figure.marks(index).expect("marks").into_iter();
    marks.filter_map(fill).filter(|fill| is_blue(fill.color)).collect()
}

/// The tips of arms in this order at t, in the plane, from the origin on.
fn tips(order: &[i32], t: f64) -> Vec<(f64, f64)> {
    let mut at = (0.0, 0.0);
    let arm = |n: &i32| {
        let (size, angle) = (1.0 / (f64::from(*n) + 4.0), std::f64::consts::FRAC_PI_2 * f64::from(*n) * t);
        at = (at.0 + size * libm::cos(angle), at.1 + size * libm::sin(angle));
        at
    };
    std::iter::once((0.0, 0.0)).chain(order.iter().map(arm)).collect()
}

fn assert_near(found: &[Point], wanted: impl Iterator<Item = Point>) {
    let wanted: Vec<Point> = wanted.collect();
    let is_near = |(a, b): (&Point, &Point)| (a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6;
    assert!(
        found.len() == wanted.len() && found.iter().zip(&wanted).all(is_near),
        "{found:?}, not {wanted:?}"
    );
}

#[test]
fn arms_follow_each_other_outward_or_along_the_span() {
    let cases: [(&str, &[i32]); 4] = [
        ("", &[0, 1, -1, 2, -2]),
        (", span = [-2, 2]", &[-2, -1, 0, 1, 2]),
        (", span = [2, 0]", &[2, 1, 0]),
        (", span = [-2, 2], step = 2", &[-2, 0, 2]),
    ];
    for (keys, order) in cases {
        let scene = scene(keys);
        let figure = figure(&scene);
        let viewport = viewport(&figure, "p");
        for index in [0, 3, 8] {
            let tips = tips(order, index as f64 / 4.0);
            let arms = strokes(&figure, index).remove(0);
            assert_near(&arms.path.points, tips.iter().map(|tip| viewport.point(*tip)));
            // Each circle passes through the tip of its arm.
            let circles = circles(&figure, index);
            assert_eq!(circles.len(), order.len());
            for ((circle, pair), n) in circles.iter().zip(tips.windows(2)).zip(order) {
                assert_near(&[circle.at], std::iter::once(viewport.point(pair[0])));
                let radius = viewport.x.pixels_per_unit() / (f64::from(*n) + 4.0);
                let outer = f64::from(circle.shape.outlines[0].bounds().right());
                assert!((outer - radius - 0.5).abs() < 0.01, "{outer} {radius}");
            }
        }
    }
}

#[test]
fn circles_can_be_left_out() {
    let scene = scene(", circles = false");
    assert!(circles(&figure(&scene), 4).is_empty());
}

#[test]
fn a_trail_is_the_path_of_the_last_tip_up_to_the_present() {
    let scene = scene(", trail = true");
    let figure = figure(&scene);
    let viewport = viewport(&figure, "p");
    let order = [0, 1, -1, 2, -2];
    for index in 0..9 {
        let trail = strokes(&figure, index).remove(0);
        let points = &trail.path.points[..trail.visible_points];
        let end = |t: f64| viewport.point(tips(&order, t)[5]);
        assert_near(&points[points.len() - 1..], std::iter::once(end(index as f64 / 4.0)));
        assert_near(&points[..1], std::iter::once(end(0.0)));
        // Every point of the path lies on a chord.
        for step in 0..=20 * index {
            let p = end(step as f64 / 80.0);
            let distance = |pair: &[Point]| {
                let (dx, dy) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
                let along = ((p.x - pair[0].x) * dx + (p.y - pair[0].y) * dy) / (dx * dx + dy * dy);
                let along = along.clamp(0.0, 1.0);
                libm::hypot(pair[0].x + dx * along - p.x, pair[0].y + dy * along - p.y)
            };
            let nearest = points.windows(2).map(distance).fold(f64::INFINITY, f64::min);
            assert!(points.len() < 2 || nearest < 0.1, "frame {index}, step {step}: {nearest}");
        }
    }
}

#[test]
fn a_frame_of_phasors_depends_on_its_index_alone() {
    for keys in [", trail = true", ", trail = { tail = 0.7 }", ", trail = 'all'"] {
        let scene = scene(keys);
        let (all, alone) = (figure(&scene), figure(&scene));
        let frames: Vec<Vec<Mark>> = (0..9).map(|index| all.marks(index).expect("marks")).collect();
        assert_eq!(frames[5], alone.marks(5).expect("marks"), "{keys}");
        assert!(frames.iter().all(|marks| marks.len() == frames[0].len()), "{keys}");
    }
}

#[test]
fn the_range_holds_arms_and_circles_in_all_frames() {
    let scene = scene("");
    let figure = figure(&scene);
    let viewport = viewport(&figure, "p");
    for index in 0..9 {
        for circle in circles(&figure, index) {
            let radius = f64::from(circle.shape.outlines[0].bounds().right()) - 1.0;
            let (left, right) = (circle.at.x - radius, circle.at.x + radius);
            let (top, bottom) = (circle.at.y - radius, circle.at.y + radius);
            let rect = viewport.rect;
            assert!(left >= f64::from(rect.left) && right <= f64::from(rect.right), "frame {index}");
            assert!(top >= f64::from(rect.top) && bottom <= f64::from(rect.bottom), "frame {index}");
        }
    }
}

#[test]
fn points_arms_and_drops_take_the_color_of_the_trace_of_their_signal() {
    let scene = parse_scene(
        "
        canvas = { size = [300, 200] }
        time = { span = [0, 2] }
        [panels.p]
        kind = 'plane'
        draw = [
          { point = 'exp(j*t)' },
          { trace = 'exp(j*t)' },
          { trace = '2*exp(j*t)', color = 'gold' },
          { point = 'exp(j*t)' },
          { arm = '2*exp(j*t)' },
          { drop = 'exp(j*t)' },
          { point = '3*exp(j*t)' },
          { point = 'exp(j*t)', color = 'red' },
          { trace = 'exp(j*t)' },
          { point = 'exp(j*t)' },
        ]",
    );
    let colors: Vec<Color> = scene.panels[0].elements.iter().map(|element| element.style.color).collect();
    let (ink, gold, red) = (Color::Ink, colors[2], colors[7]);
    let [first, second] = [0, 1].map(Color::Cycle);
    assert_eq!(colors, [ink, first, gold, first, gold, first, ink, red, second, second]);
}
