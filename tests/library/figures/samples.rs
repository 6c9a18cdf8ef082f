//! Laws of samples: where they lie, which of them a frame shows, the ranges that hold them, and whole pixels.

use kymograph::geometry::Point;
use kymograph::mark::{Fill, Mark, Stroke};
use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::svg::{self, SvgOptions};

use super::coverage::viewport;
use crate::support::scenes::{draw_frame, figure, parse_scene};

const BLUE: Rgba = Rgba::opaque(0, 0, 255);

/// A scene of one panel `p` over t from 0 to 4, with the given keys of the file, of the panel and of its element.
fn scene(film: &str, panel: &str, element: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 200], scale = 1 }}\ntime = {{ span = [0, 4] }}\n{film}\n[panels.p]\nkind = 'plot'\n{panel}
        draw = [{{ {element}, color = 'blue' }}]"
    ))
}

/// A film of nine frames, half a second apart.
const FILM: &str = "animate = { frames = 9 }";

fn marks(figure: &Figure<'_>, index: usize) -> Vec<Mark> {
    figure.marks(index).expect("marks")
}

/// The blue fills of a frame, which are the shapes of its samples.
fn fills(figure: &Figure<'_>, index: usize) -> Vec<Fill> {
    let fill = |mark: Mark| if let Mark::Fill(fill) = mark { Some(fill) } else { None };
    let is_blue = |color: Rgba| Rgba { a: 255, ..color } == BLUE;
    marks(figure, index).into_iter().filter_map(fill).filter(|fill| is_blue(fill.color)).collect()
}

/// The values at the places of markers.
fn places(figure: &Figure<'_>, index: usize) -> Vec<(f64, f64)> {
    let viewport = viewport(figure, "p");
    fills(figure, index).into_iter().map(|fill| viewport.values(fill.at)).collect()
}

/// The blue strokes of a frame with the points that they show.
fn strokes(figure: &Figure<'_>, index: usize) -> Vec<Vec<Point>> {
    let is_blue = |stroke: &Stroke| stroke.pen.color == BLUE;
    let strokes = marks(figure, index).into_iter().filter_map(Mark::into_stroke).filter(is_blue);
    strokes.map(|stroke| stroke.path.points[..stroke.visible_points].to_vec()).collect()
}

/// The left, top, right and bottom of a shape.
fn sides(fill: &Fill) -> [f64; 4] {
    let bounds = fill.shape.outlines[0].bounds();
    [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()].map(f64::from)
}

#[track_caller]
fn assert_near(found: &[(f64, f64)], wanted: &[(f64, f64)]) {
    let is_near = |(a, b): (&(f64, f64), &(f64, f64))| (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9;
    let is_same = found.len() == wanted.len() && found.iter().zip(wanted).all(is_near);
    assert!(is_same, "{found:?}, not {wanted:?}");
}

#[test]
fn samples_lie_at_steps_counts_and_whole_numbers() {
    let cases: [(&str, &[f64]); 9] = [
        ("step = 1.5", &[0.0, 1.5, 3.0]),
        ("step = 1.5, span = [4, 0]", &[4.0, 2.5, 1.0]),
        ("step = 0.1, span = [0, 0.3]", &[0.0, 0.1, 0.2, 0.3]),
        ("count = 3", &[0.0, 2.0, 4.0]),
        ("count = 5, span = [2, 0]", &[2.0, 1.5, 1.0, 0.5, 0.0]),
        ("over = 'n', span = [-1.5, 2.5]", &[-1.0, 0.0, 1.0, 2.0]),
        ("over = 'n', span = [2.5, 0]", &[2.0, 1.0, 0.0]),
        ("over = 'n', span = [0, 1], step = 0.25", &[0.0, 0.25, 0.5, 0.75, 1.0]),
        ("over = 'n', span = [3, 3]", &[3.0]),
    ];
    for (keys, wanted) in cases {
        let variable = if keys.contains("'n'") { "n" } else { "t" };
        let scene = scene("", "", &format!("scatter = '2*{variable}', {keys}"));
        let wanted: Vec<(f64, f64)> = wanted.iter().map(|at| (*at, 2.0 * at)).collect();
        assert_near(&places(&figure(&scene), 0), &wanted);
    }
}

#[test]
fn a_step_may_move_with_the_film() {
    for element in ["scatter = 't', color = 'blue'", "stem = 't', color = 'blue'"] {
        let scene = parse_scene(&format!(
            "canvas = {{ size = [300, 200], scale = 1 }}\ntime = {{ span = [0, 4] }}\nparams = {{ h = 1 }}
            animate = {{ over = 'h', span = [2, 0.5], frames = 4 }}
            [panels.p]\nkind = 'plot'\ndraw = [{{ {element}, step = 'h' }}]"
        ));
        let figure = figure(&scene);
        for (index, count) in [(0, 3), (1, 3), (2, 5), (3, 9)] {
            let step = 2.0 - index as f64 / 2.0;
            let wanted: Vec<(f64, f64)> = (0..count).map(|n| f64::from(n) * step).map(|t| (t, t)).collect();
            let found = places(&figure, index);
            let near = |(found, wanted): (&(f64, f64), &(f64, f64))| (found.1 - wanted.1).abs() < 1e-9;
            assert!(found.len() == count as usize && found.iter().zip(&wanted).all(near), "{found:?}");
        }
        let marks = (0..4).map(|index| marks(&figure, index).len());
        assert_eq!(marks.clone().min(), marks.max());
    }
}

#[test]
fn a_count_is_even_on_a_logarithmic_axis() {
    let scene =
        scene("", "x = { scale = 'log' }", "scatter = 'w', over = 'w', span = [0.1, 1000], count = 5");
    let places = places(&figure(&scene), 0);
    for (found, wanted) in places.iter().zip([0.1, 1.0, 10.0, 100.0, 1000.0]) {
        assert!((found.0 / wanted - 1.0).abs() < 1e-9, "{places:?}");
    }
}

const DISCRETE: &str = "systems.d = { kind = 'discrete', Ad = [[1]], Bd = [1], step = 0.1, u = 1 }";

#[test]
fn members_of_discrete_systems_run_over_their_steps() {
    // The state counts the steps, of which the first is 1.
    for (value, span, steps) in [("d.y", "[0, 0.3]", 0..4), ("2*d.y - f", "[0.15, 0.75]", 2..8)] {
        let keys = format!("{DISCRETE}\nsignals = {{ f = 'd.x[0]' }}");
        let scene = scene(&keys, "", &format!("scatter = '{value}', span = {span}"));
        let wanted: Vec<(f64, f64)> = steps.map(|k| (f64::from(k) * 0.1, f64::from(k) + 1.0)).collect();
        assert_near(&places(&figure(&scene), 0), &wanted);
    }
}

#[test]
fn a_call_of_a_member_is_over_the_number_of_the_step() {
    let scene = scene(DISCRETE, "", "scatter = 'd.y(k)', over = 'k', span = [2, 4]");
    assert_near(&places(&figure(&scene), 0), &[(2.0, 3.0), (3.0, 4.0), (4.0, 5.0)]);
}

#[test]
fn an_index_needs_no_span() {
    let series = "systems.f = { kind = 'fourier-series', period = 1, terms = 2, c = 'n^3' }";
    let scene = scene(series, "", "scatter = 're(f.c[n])', over = 'n'");
    let wanted: Vec<(f64, f64)> = (-2..=2).map(|n| (f64::from(n), f64::from(n * n * n))).collect();
    assert_near(&places(&figure(&scene), 0), &wanted);
}

#[test]
fn samples_over_the_film_appear_one_a_frame() {
    let scene = scene(FILM, "", "scatter = 't^2'");
    let figure = figure(&scene);
    for index in 0..9 {
        let wanted: Vec<(f64, f64)> = (0..=index).map(|k| k as f64 / 2.0).map(|t| (t, t * t)).collect();
        assert_near(&places(&figure, index), &wanted);
    }
}

#[test]
fn what_a_frame_shows_does_not_depend_on_the_kind_of_element() {
    for (reveal, shown) in [("'grow'", 0..=5), ("'all'", 0..=8), ("{ tail = 1.1 }", 3..=5)] {
        for kind in ["scatter", "stem", "bars"] {
            let scene = scene(FILM, "", &format!("{kind} = '1 + t', step = 0.5, reveal = {reveal}"));
            assert_eq!(fills(&figure(&scene), 5).len(), shown.clone().count(), "{kind}, {reveal}");
        }
    }
}

#[test]
fn a_sample_at_the_present_is_shown_whatever_its_rounding() {
    // Three steps of 0.1 are more than 0.3.
    for kind in ["scatter", "stem", "bars", "hold"] {
        let scene = parse_scene(&format!(
            "canvas = {{ size = [300, 200], scale = 1 }}\ntime = {{ span = [0, 3] }}\nanimate = {{ frames = 31 }}
            [panels.p]\nkind = 'plot'\ndraw = [{{ {kind} = 't', step = 0.1, color = 'blue' }}]"
        ));
        let figure = figure(&scene);
        for index in 1..31 {
            let shown = match kind {
                "hold" => {
                    let points = strokes(&figure, index).remove(0);
                    let top = points.iter().map(|point| point.y).fold(f64::INFINITY, f64::min);
                    (viewport(&figure, "p").y.value(top) * 10.0).round() as usize + 1
                }
                _ => fills(&figure, index).len(),
            };
            assert_eq!(shown, index + 1, "{kind}, frame {index}");
        }
    }
}

#[test]
fn a_tail_fades_with_age() {
    let scene = scene(FILM, "", "scatter = 't', step = 0.5, reveal = { tail = 2 }");
    let alphas: Vec<u8> = fills(&figure(&scene), 6).iter().map(|fill| fill.color.a).collect();
    assert!(alphas.len() == 4 && alphas.iter().zip([64, 128, 191, 255]).all(|(a, b)| a.abs_diff(b) <= 1));
}

#[test]
fn frames_have_equally_many_marks_and_depend_on_their_index_alone() {
    let elements = [
        "stem = 'sin(t)', step = 0.7",
        "stem = 'sin(n + t)', over = 'n', span = [0, '2 + t']",
        "bars = 'sin(n - t)', over = 'n', span = [0, 5], when = 't > 1'",
        "scatter = 'if(sin(3*t) > 0, sin(3*t), nan)', error = 't', reveal = { tail = 1 }",
        "hold = 'sin(n - t)', over = 'n', span = [0, 5]",
        "hold = 'sin(t)', step = 0.7, reveal = { tail = 2 }",
    ];
    for element in elements {
        let scene = scene(FILM, "x = { range = [-1, 7] }\ny = { range = [-2, 2] }", element);
        let (all, alone) = (figure(&scene), figure(&scene));
        let counts: Vec<usize> = (0..9).map(|index| marks(&all, index).len()).collect();
        assert!(counts.iter().all(|count| *count == counts[0]), "{element}: {counts:?}");
        assert_eq!(marks(&all, 6), marks(&alone, 6), "{element}");
        let (animation, options) = (
            all.animation(),
            SvgOptions { scale: 1.0, title: None, seamless: false, in_steps: false, stamp: None },
        );
        let animated = svg::animated(&animation, &options, |index| all.marks(index)).expect("an SVG");
        roxmltree::Document::parse(&animated).expect("well-formed XML");
    }
}

#[test]
fn samples_without_a_value_are_gaps_of_the_baseline_of_stems() {
    let scene = scene("", "", "stem = 'if(n == 3 or n == 5, nan, n)', over = 'n', span = [0, 7]");
    let figure = figure(&scene);
    let strokes: Vec<Stroke> = marks(&figure, 0).into_iter().filter_map(Mark::into_stroke).collect();
    let baseline = strokes.iter().find(|stroke| stroke.pen.color == BLUE).expect("a baseline");
    assert_eq!((baseline.path.points.len(), &baseline.path.subpath_starts[..]), (6, &[0, 3, 4][..]));
}

#[test]
fn stems_cover_whole_pixels_from_the_baseline_to_their_markers() {
    let scene = scene("", "", "stem = 'cos(n)', over = 'n', span = [0, 9], baseline = 0.3");
    let figure = figure(&scene);
    let viewport = viewport(&figure, "p");
    let strokes = strokes(&figure, 0);
    let (baseline, stems) = (&strokes[0], &strokes[1]);
    assert_eq!((baseline.len(), stems.len()), (10, 20));
    for (n, (ends, marker)) in stems.chunks(2).zip(fills(&figure, 0)).enumerate() {
        let tip = viewport.point((n as f64, libm::cos(n as f64)));
        assert!((ends[0].y - viewport.y.pixel(0.3)).abs() <= 0.5 && ends[0] == baseline[n]);
        assert!(ends[0].x == ends[1].x && (ends[0].x * 2.0 % 2.0 - 1.0).abs() < 1e-9, "a line of one pixel");
        assert!((ends[1].x - tip.x).abs() <= 0.5 && (ends[1].y - tip.y).abs() < 1e-9);
        assert_eq!(marker.at, ends[1]);
    }
}

#[test]
fn bars_stand_on_whole_pixels_around_their_samples() {
    for (gap, share) in [("gap = 0", 1.0), ("gap = 0.5", 0.5), ("width = 1", 0.8)] {
        let scene = scene("", "", &format!("bars = '1 + n', over = 'n', span = [0, 6], {gap}"));
        let figure = figure(&scene);
        let viewport = viewport(&figure, "p");
        let unit = viewport.x.pixels_per_unit();
        let bars: Vec<[f64; 4]> = fills(&figure, 0).iter().map(sides).collect();
        assert_eq!(bars.len(), 7);
        for (n, [left, top, right, bottom]) in bars.iter().copied().enumerate() {
            assert!([left, top, right, bottom].iter().all(|side| side.fract() == 0.0));
            let middle = viewport.point((n as f64, n as f64 + 1.0));
            assert!((f64::midpoint(left, right) - middle.x).abs() <= 1.0 && (top - middle.y).abs() <= 0.5);
            assert!((right - left - share * unit).abs() <= 1.0, "{gap}: {left} to {right}");
            // They stand on the axis.
            assert!(bottom == f64::from(viewport.rect.bottom));
        }
        let touch = bars.windows(2).all(|pair| pair[0][2] == pair[1][0]);
        assert_eq!(touch, share == 1.0, "{gap}");
    }
}

#[test]
fn horizontal_bars_are_upright_ones_with_exchanged_axes() {
    let [upright, flat] = ["", ", horizontal = true"].map(|key| {
        let scene = scene("", "", &format!("bars = 'n^2 - 4', over = 'n', span = [0, 4]{key}"));
        let figure = figure(&scene);
        let viewport = viewport(&figure, "p");
        let corners = |fill: &Fill| {
            let [left, top, right, bottom] = sides(fill);
            [viewport.values(Point::new(left, bottom)), viewport.values(Point::new(right, top))]
        };
        (viewport.x.range, viewport.y.range, fills(&figure, 0).iter().map(corners).collect::<Vec<_>>())
    });
    assert_eq!((upright.0, upright.1), (flat.1, flat.0));
    for ([a, b], [c, d]) in upright.2.into_iter().zip(flat.2) {
        for (upright, flat) in [(a, c), (b, d)] {
            assert!((upright.0 - flat.1).abs() < 0.1 && (upright.1 - flat.0).abs() < 0.1);
        }
    }
}

#[test]
fn ranges_hold_baselines_error_bars_and_whole_bars() {
    let cases = [
        ("stem = '2 + n', over = 'n', span = [0, 4]", [-0.2, 4.2], [-0.3, 6.3]),
        ("bars = '2 + n', over = 'n', span = [0, 4], gap = 0.5", [-0.475, 4.475], [0.0, 6.3]),
        ("bars = '-2 - n', over = 'n', span = [0, 4], gap = 0.5", [-0.475, 4.475], [-6.3, 0.0]),
        ("bars = 'n', over = 'n', span = [1, 3], gap = 0, baseline = 'n - 2'", [0.35, 3.65], [-1.0, 3.2]),
        ("scatter = 'n', over = 'n', span = [0, 4], error = [1, 2]", [-0.2, 4.2], [-1.35, 6.35]),
        ("hold = 'n', over = 'n', span = [0, 4]", [0.0, 5.0], [-0.2, 4.2]),
        ("hold = 't', step = 1", [0.0, 4.0], [-0.2, 4.2]),
    ];
    for (element, x, y) in cases {
        let scene = scene("", "", element);
        let viewport = viewport(&figure(&scene), "p");
        for (found, wanted) in [(viewport.x.range, x), (viewport.y.range, y)] {
            let is_near = found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-9);
            assert!(is_near, "{element}: {found:?}, not {wanted:?}");
        }
    }
}

#[test]
fn a_logarithmic_axis_has_its_low_end_as_the_baseline() {
    let scene = scene("", "y = { scale = 'log' }", "stem = '10^n', over = 'n', span = [0, 2]");
    let figure = figure(&scene);
    let feet = &strokes(&figure, 0)[0];
    assert!(feet.iter().all(|foot| (foot.y - f64::from(viewport(&figure, "p").rect.bottom)).abs() <= 0.5));
    assert_eq!(feet.len(), 3);
}

#[test]
fn a_staircase_takes_each_value_until_the_next_sample() {
    let scene = scene(FILM, "", "hold = 't', step = 1.3, reveal = 'all'");
    let figure = figure(&scene);
    let viewport = viewport(&figure, "p");
    let corners =
        [(0.0, 0.0), (1.3, 0.0), (1.3, 1.3), (2.6, 1.3), (2.6, 2.6), (3.9, 2.6), (3.9, 3.9), (5.2, 3.9)];
    let points = strokes(&figure, 0).remove(0);
    let is_corner = |p: &&Point| {
        corners.iter().any(|at| {
            let at = viewport.point(*at);
            (p.x - at.x).abs() <= 1.0 && (p.y - at.y).abs() <= 1.0
        })
    };
    // Beside the corners there is a point for each frame, on a horizontal line.
    assert!(points.iter().filter(is_corner).count() >= corners.len());
    for pair in points.windows(2) {
        assert!((pair[0].x - pair[1].x).abs() < 1e-6 || (pair[0].y - pair[1].y).abs() < 1e-6);
        assert!((pair[0].y - pair[0].y.round()).abs() < 1e-6, "a line of two pixels: {}", pair[0].y);
    }
}

#[test]
fn a_growing_staircase_ends_at_the_present() {
    let scene = scene(FILM, "", "hold = 'sin(t)', step = 1");
    let figure = figure(&scene);
    for index in 0..9 {
        let points = strokes(&figure, index).remove(0);
        let end = viewport(&figure, "p").x.pixel(index as f64 / 2.0);
        assert!((points[points.len() - 1].x - end).abs() <= 1.0, "frame {index}");
    }
}

#[test]
fn undefined_samples_are_left_out() {
    let scene = scene("", "", "stem = 'if(n > 1, n, nan)', over = 'n', span = [0, 4]");
    let figure = figure(&scene);
    assert_eq!((fills(&figure, 0).len(), strokes(&figure, 0)[1].len()), (3, 6));
    let hold = self::scene("", "", "hold = 'if(abs(n - 2) < 0.5, nan, n)', over = 'n', span = [0, 4]");
    // Two steps before the gap, two after it.
    assert_eq!(strokes(&self::figure(&hold), 0)[0].len(), 8);
}

#[test]
fn translucent_markers_add_up() {
    let scene = scene(
        "",
        "x = { range = [-1, 1] }",
        "scatter = '0*n', over = 'n', x = '0*n', span = [1, 2], opacity = 0.5",
    );
    let figure = figure(&scene);
    let at = viewport(&figure, "p").point((0.0, 0.0));
    let pixel = draw_frame(&figure, 0).pixels()[at.y as usize * 300 + at.x as usize];
    assert!((60..=68).contains(&pixel.r) && pixel.b == 255, "{pixel:?}");
}
