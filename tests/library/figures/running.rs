//! Films and curves over params and fresh variables, fading tails, and direction fields.

use std::f64::consts::PI;

use kymograph::film::Renderer;
use kymograph::geometry::Point;
use kymograph::mark::{Mark, Tail};
use kymograph::panel::Figure;

use super::coverage::{Coverage, viewport};
use crate::support::scenes::{draw_frame, figure, figure_at_scale, parse_scene, parse_scene_with};

/// A film over a damping ratio from 0 to 2, with the response and the roots.
const SWEEP: &str = r"
canvas = { size = [400, 200], scale = 2 }
params = { zeta = 0.3 }
time = { span = [0, 20] }
animate = { over = 'zeta', span = [0, 2], frames = 9 }
systems.osc = { kind = 'oscillator', omega0 = 1, zeta = 'zeta', x0 = 1 }
layout = { mosaic = ['response roots'] }
[panels.response]
kind = 'plot'
draw = [{ trace = 'osc.x', color = 'blue' }, { point = 'osc.x', color = 'red', size = 6 }]
[panels.roots]
kind = 'plane'
over = 'zeta'
x = { range = [-4, 1] }
y = { range = [-1.5, 1.5] }
draw = [{ trace = 'osc.root1', color = 'lime' }, { point = 'osc.root2', color = 'fuchsia' }]
";

const BLUE: kymograph::raster::Rgba = kymograph::raster::Rgba::opaque(0, 0, 255);
const LIME: kymograph::raster::Rgba = kymograph::raster::Rgba::opaque(0, 255, 0);

/// x(t) of x″ + 2ζx′ + x = 0 released from 1, in the textbook's three forms.
fn released(zeta: f64, t: f64) -> f64 {
    if zeta < 1.0 {
        let omega = (1.0 - zeta * zeta).sqrt();
        (-zeta * t).exp() * ((omega * t).cos() + zeta / omega * (omega * t).sin())
    } else if zeta == 1.0 {
        (1.0 + t) * (-t).exp()
    } else {
        let beta = (zeta * zeta - 1.0).sqrt();
        let (slow, fast) = (beta - zeta, -beta - zeta);
        (slow * (fast * t).exp() - fast * (slow * t).exp()) / (slow - fast)
    }
}

#[test]
fn a_film_over_a_param_solves_its_systems_anew_in_every_frame() {
    let scene = parse_scene(SWEEP);
    let figure = figure(&scene);
    let response = viewport(&figure, "response");
    for index in 0..scene.timeline.frames {
        let zeta = 2.0 * index as f64 / 8.0;
        let Some(Mark::Stroke(stroke)) =
            figure.marks(index).expect("marks").into_iter().find(|mark| mark.color() == Some(BLUE))
        else {
            panic!("no curve")
        };
        assert!(stroke.visible_points == stroke.path.points.len() && stroke.visible_points > 10);
        for point in &stroke.path.points {
            // plotters rounds coordinates down to a grid of 1/64 pixel, so they may be off by one unit.
            let grid = 2.0 / 64.0;
            let at = |x: f64| response.y.pixel(released(zeta, response.x.value(x)));
            let exact = at(point.x);
            let near = grid + (at(point.x + grid) - exact).abs().max((at(point.x - grid) - exact).abs());
            assert!((point.y - exact).abs() < near, "zeta {zeta}: {} instead of {exact}", point.y);
        }
    }
}

#[test]
fn the_present_of_a_film_over_a_param_is_the_end_of_the_span_unless_given() {
    for (changes, at) in [(&[][..], 20.0), (&["time.at=3"][..], 3.0)] {
        let scene = parse_scene_with(SWEEP, changes);
        let figure = figure(&scene);
        let response = viewport(&figure, "response");
        for index in [0, 4, 8] {
            let Some(Mark::Fill(disc)) = figure
                .marks(index)
                .expect("marks")
                .into_iter()
                .find(|mark| mark.color() == Some(kymograph::raster::Rgba::opaque(255, 0, 0)))
            else {
                panic!("no point")
            };
            let exact = response.point((at, released(2.0 * index as f64 / 8.0, at)));
            assert!((disc.at.x - exact.x).abs() < 1e-6 && (disc.at.y - exact.y).abs() < 1e-6);
        }
    }
}

#[test]
fn frames_of_a_film_over_a_param_are_the_same_drawn_alone() {
    let scene = parse_scene(SWEEP);
    let figure = figure_at_scale(&scene, 1.0);
    let (width, height) = figure.size();
    let mut renderer = Renderer::new(width, height, scene.canvas.background);
    for index in 0..scene.timeline.frames {
        renderer.show(figure.marks(index).expect("marks"));
        assert!(*renderer.image() == draw_frame(&figure, index), "frame {index}");
    }
}

#[test]
fn a_curve_over_the_films_param_grows_as_far_as_the_present() {
    let scene = parse_scene(SWEEP);
    let figure = figure(&scene);
    let roots = viewport(&figure, "roots");
    for index in 1..scene.timeline.frames {
        let zeta: f64 = 2.0 * index as f64 / 8.0;
        let Some(Mark::Stroke(stroke)) =
            figure.marks(index).expect("marks").into_iter().find(|mark| mark.color() == Some(LIME))
        else {
            panic!("no curve")
        };
        let tip = stroke.path.points[stroke.visible_points - 1];
        let root = if zeta < 1.0 {
            (-zeta, (1.0 - zeta * zeta).sqrt())
        } else {
            ((zeta * zeta - 1.0).sqrt() - zeta, 0.0)
        };
        let exact = roots.point(root);
        // plotters places curves on a grid of 1/64 pixel.
        assert!((tip.x - exact.x).abs() < 0.02 && (tip.y - exact.y).abs() < 0.02, "zeta {zeta}");
    }
}

#[test]
fn a_fresh_name_and_a_param_draw_the_same_curve() {
    let scene = |over: &str, extra: &str| {
        parse_scene(&format!(
            "canvas = {{ size = [300, 200] }}\nparams = {{ {extra} }}\n\
             signals = {{ H = '1/(1 - {over}^2 + 0.2*j*{over})' }}\n\
             panels.gain = {{ kind = 'plot', over = '{over}', x = {{ range = [0, 2] }}, draw = [{{ trace = 'abs(H)' }}] }}"
        ))
    };
    let (fresh, param) = (scene("w", ""), scene("omega", "omega = 7"));
    let marks = |scene| figure(scene).marks(0).expect("marks");
    assert!(marks(&fresh) == marks(&param));
}

/// The only tail among the marks of a frame.
fn tail(figure: &Figure<'_>, index: usize) -> Tail {
    let mut tails = figure.marks(index).expect("marks").into_iter().filter_map(|mark| match mark {
        Mark::Tail(tail) => Some(tail),
        Mark::Nothing | Mark::Stroke(_) | Mark::Fill(_) | Mark::Image(_) => None,
    });
    let found = tails.next().expect("a tail");
    assert!(tails.next().is_none(), "one tail");
    found
}

const TAIL: &str = r"
canvas = { size = [300, 200], scale = 2 }
time = { span = [0, 20] }
animate = { frames = 21 }
[panels.x]
kind = 'plot'
y = { range = [-2, 2] }
draw = [{ trace = 'sin(t)', reveal = { tail = 4 }, width = 3, color = 'blue' }]
";

#[test]
fn a_tail_begins_at_the_present_and_has_faded_after_its_length() {
    let scene = parse_scene(TAIL);
    let figure = figure(&scene);
    let viewport = viewport(&figure, "x");
    for index in 1..21 {
        let present = index as f64;
        let Tail { path, opacities, .. } = tail(&figure, index);
        assert_eq!(path.points.len(), opacities.len());
        let (first, last) = (path.points[0], path.points[path.points.len() - 1]);
        assert!((viewport.x.value(last.x) - present).abs() < 1e-2);
        let start = (present - 4.0).max(0.0);
        // The first point lies at most one step of the fading inside.
        assert!(viewport.x.value(first.x) >= start - 1e-2 && viewport.x.value(first.x) < start + 4.0 / 60.0);
        for (point, opacity) in path.points.iter().zip(&opacities) {
            let left = 1.0 - (present - viewport.x.value(point.x)) / 4.0;
            assert!((f64::from(*opacity) / 255.0 - left).abs() < 0.01);
        }
        assert_eq!(opacities.last(), Some(&255));
    }
}

#[test]
fn a_tail_fades_without_seams_and_its_front_is_the_curve_itself() {
    let scene = parse_scene(TAIL);
    let figure = figure(&scene);
    let viewport = viewport(&figure, "x");
    let coverage = Coverage::of(&figure, 15, BLUE);
    // The line is 6 pixels thick; at the flat top of the sine at t = 9π/2 this share of it is left.
    for k in 0..60 {
        let t = 4.5 * PI - 0.3 + 0.01 * f64::from(k);
        let column = viewport.x.pixel(t).floor() as i32;
        let t = viewport.x.value(f64::from(column) + 0.5);
        let middle = viewport.y.pixel(t.sin());
        let left = 1.0 - (15.0 - t) / 4.0;
        let share = coverage.share(column, middle.floor() as i32);
        assert!((share - left).abs() < 0.04, "t {t}: {share} instead of {left}");
    }
}

/// Asserts that a tail has the dashes of the same curve in the same frame.
fn assert_dashes_of_the_growing_curve(span: &str, index: usize, range: [f64; 2]) {
    let text = TAIL.replace("width = 3", &format!("width = 3, dash = [20, 10]{span}"));
    let (dashed, grown) = (parse_scene(&text), parse_scene(&text.replace("{ tail = 4 }", "'grow'")));
    let (tail, whole) =
        (Coverage::of(&figure(&dashed), index, BLUE), Coverage::of(&figure(&grown), index, BLUE));
    let viewport = viewport(&figure(&dashed), "x");
    let mut gaps = 0;
    // The tail has gaps exactly where the growing curve has them.
    for k in 0..200 {
        let t = range[0] + (range[1] - range[0]) * f64::from(k) / 200.0;
        let (x, y) = (viewport.x.pixel(t).floor() as i32, viewport.y.pixel(t.sin()).floor() as i32);
        let (a, b) = (tail.share(x, y), whole.share(x, y));
        let left = 1.0 - (index as f64 - t) / 4.0;
        if b == 0.0 {
            gaps += 1;
            assert!(a == 0.0, "t {t}");
        } else if b == 1.0 {
            assert!(a > 0.8 * left, "t {t}: {a} of {left}");
        }
    }
    assert!(gaps > 20, "{gaps}");
}

#[test]
fn dashes_of_a_tail_do_not_crawl() {
    assert_dashes_of_the_growing_curve("", 16, [13.5, 15.5]);
}

#[test]
fn dashes_of_a_tail_do_not_crawl_after_its_curve_has_ended() {
    assert_dashes_of_the_growing_curve(", span = [0, 15]", 16, [12.5, 14.9]);
    assert_dashes_of_the_growing_curve(", span = [0, 15]", 17, [13.5, 14.9]);
}

#[test]
fn a_tail_is_drawn_only_while_its_length_meets_the_span_of_its_curve() {
    let spans: [[f64; 2]; 5] = [[3.0, 8.0], [8.0, 8.5], [-9.0, -1.0], [22.0, 25.0], [-3.0, 30.0]];
    for (style, axes) in [("false", ""), ("true", ""), ("true", ", x = 't', over = 't'")] {
        for [from, to] in spans {
            let keys = format!("width = 3, dash = {style}{axes}, span = [{from}, {to}]");
            let scene = parse_scene(&TAIL.replace("width = 3", &keys));
            let figure = figure(&scene);
            let (width, height) = figure.size();
            for index in 0..21 {
                let coverage = Coverage::of(&figure, index, BLUE);
                let inked = (0..height as i32).any(|y| (0..width as i32).any(|x| coverage.share(x, y) > 0.0));
                let present = index as f64;
                let meets = from.max(present - 4.0) < to.min(present);
                assert_eq!(inked, meets, "frame {index}, span {from} to {to}, dash {style}{axes}");
            }
        }
    }
}

#[test]
fn a_field_points_along_its_direction_in_pixels() {
    // The axes have different units: (1, x) has slope x in data, and another slope in pixels.
    let scene = parse_scene(
        "
canvas = { size = [400, 200], scale = 2 }
[panels.f]
kind = 'plot'
x = { range = [-2, 2] }
y = { range = [-1, 3] }
draw = [{ field = ['1', 'x'], count = 8, color = 'blue', opacity = 1 }]
",
    );
    let figure = figure(&scene);
    let viewport = viewport(&figure, "f");
    let marks = figure.marks(0).expect("marks");
    let fill = marks.iter().find_map(|mark| match mark {
        Mark::Fill(fill) if fill.color == BLUE => Some(fill.clone()),
        Mark::Fill(_) | Mark::Nothing | Mark::Stroke(_) | Mark::Tail(_) | Mark::Image(_) => None,
    });
    let shafts: Vec<_> = fill.expect("a field").shape.outlines.iter().step_by(2).cloned().collect();
    assert!(shafts.len() % 8 == 0 && shafts.len() >= 24, "{}", shafts.len());
    for shaft in shafts {
        let points = shaft.points();
        let middle = |a: usize, b: usize| {
            Point::new(
                f64::midpoint(f64::from(points[a].x), f64::from(points[b].x)),
                f64::midpoint(f64::from(points[a].y), f64::from(points[b].y)),
            )
        };
        let (tail, tip) = (middle(0, 3), middle(1, 2));
        let length = (tip.x - tail.x).hypot(tip.y - tail.y);
        // A shaft ends behind the arrow's head, so the middle of the arrow lies farther ahead than the middle of the shaft.
        let ahead = 0.5 / (0.5 + 0.12 + 0.38 / 3.0);
        let at = Point::new(tail.x + (tip.x - tail.x) * ahead, tail.y + (tip.y - tail.y) * ahead);
        let (x, _) = viewport.values(at);
        let (dx, dy) = (viewport.x.pixels_per_unit(), -x * viewport.y.pixels_per_unit());
        let cross = ((tip.x - tail.x) * dy - (tip.y - tail.y) * dx) / (length * dx.hypot(dy));
        assert!(cross.abs() < 1e-3, "{cross} at {x}");
        assert!((tip.x - tail.x) * dx + (tip.y - tail.y) * dy > 0.0);
    }
}

#[test]
fn a_field_is_empty_where_nothing_moves_and_moves_with_the_film() {
    let scene = parse_scene(
        "
canvas = { size = [300, 200] }
params = { k = 1 }
animate = { over = 'k', span = [-1, 1], frames = 3 }
[panels.f]
kind = 'plot'
x = { range = [-1, 1] }
y = { range = [-1, 1] }
draw = [{ field = ['k', '0'], count = 5, color = 'blue', opacity = 1 }]
",
    );
    let figure = figure(&scene);
    let outlines = |index| {
        let marks = figure.marks(index).expect("marks");
        let mut fills = marks.iter().filter(|mark| mark.color() == Some(BLUE));
        let Some(Mark::Fill(fill)) = fills.next_back() else { panic!("no field") };
        fill.shape.outlines.clone()
    };
    assert!(outlines(1).is_empty());
    let (left, right) = (outlines(0), outlines(2));
    assert!(!left.is_empty() && left.len() == right.len() && left != right);
}

#[test]
fn an_axis_stretched_by_few_frames_gives_a_warning() {
    let warned = |text: &str| {
        let scene = parse_scene(text);
        figure(&scene).warnings().iter().map(|warning| warning.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(warned(SWEEP), Vec::<String>::new());
    let blown = SWEEP.replace("trace = 'osc.x'", "trace = '1000^zeta*osc.x'");
    let warnings = warned(&blown);
    assert!(
        warnings.len() == 1 && warnings[0].contains("y axis of panel `response` is 1000 times"),
        "{warnings:?}"
    );
    let given = blown.replace("draw = [{ trace = '1000", "y = { range = [-1, 1] }\ndraw = [{ trace = '1000");
    assert_eq!(warned(&given), Vec::<String>::new());
}

#[test]
fn a_still_shows_the_present_given_by_time() {
    let scene = parse_scene(
        "
canvas = { size = [300, 200] }
time = { span = [0, 10], at = 4 }
panels.x = { kind = 'plot', draw = [{ trace = 't^2' }, { point = 't^2', color = 'red' }] }
",
    );
    let figure = figure(&scene);
    let exact = viewport(&figure, "x").point((4.0, 16.0));
    let marks = figure.marks(0).expect("marks");
    let red = |mark: &&Mark| mark.color() == Some(kymograph::raster::Rgba::opaque(255, 0, 0));
    let Some(Mark::Fill(disc)) = marks.iter().find(red) else { panic!("no point") };
    assert!((disc.at.x - exact.x).abs() < 1e-9 && (disc.at.y - exact.y).abs() < 1e-9);
}
