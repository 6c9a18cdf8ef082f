//! Laws of logarithmic axes: elements lie at the logarithms of their coordinates, ranges hold positive values, and ticks
//! are readable. The mapping is written out here once more.

use kymograph::geometry::Point;
use kymograph::panel::log_ticks::log_ticks;
use kymograph::panel::viewport::Viewport;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;

use super::coverage::{Coverage, viewport};
use super::placing::{assert_follows, off_segment, strokes};
use crate::support::scenes::{self, parse_scene};

const RED: Rgba = Rgba::opaque(255, 0, 0);
const BLUE: Rgba = Rgba::opaque(0, 0, 255);

/// A still of panels, 300 by 200, over t from 0.01 to 100.
fn still(panels: &str) -> Scene {
    parse_scene(&format!("canvas = {{ size = [300, 200] }}\ntime = {{ span = [0.01, 100] }}\n{panels}"))
}

/// One plot with these axes and elements.
fn plot(axes: &str, draw: &str) -> Scene {
    still(&format!("[panels.p]\nkind = 'plot'\n{axes}\ndraw = [{draw}]"))
}

const LOGLOG: &str = "x = { scale = 'log' }\ny = { scale = 'log' }";

/// The position of a value on an axis from 0 to 1, by the definition of the scale.
fn part(value: f64, [a, b]: [f64; 2], log: bool) -> f64 {
    if log { (value / a).ln() / (b / a).ln() } else { (value - a) / (b - a) }
}

/// The pixel of a pair of values, by the definition of the scales.
fn exact(viewport: &Viewport, (x, y): (f64, f64), [log_x, log_y]: [bool; 2]) -> Point {
    let r = viewport.rect;
    let (width, height) = (f64::from(r.right - r.left), f64::from(r.bottom - r.top));
    Point::new(
        f64::from(r.left) + part(x, viewport.x.range, log_x) * width,
        f64::from(r.bottom) - part(y, viewport.y.range, log_y) * height,
    )
}

/// t from 0.01 to 100, evenly in its logarithm, in steps far below a pixel.
fn decades() -> impl Iterator<Item = f64> {
    (0..=100_000).map(|k| 10_f64.powf(f64::from(k) * 4e-5 - 2.0))
}

fn resonance(w: f64, damping: f64) -> f64 {
    1.0 / ((1.0 - w * w).powi(2) + (damping * w).powi(2)).sqrt()
}

#[test]
fn curves_lie_where_their_logarithms_do() {
    // With this damping the peak is no narrower than the line.
    let signal = "{ trace = '1/sqrt((1-t^2)^2+(0.4*t)^2)', color = 'red' }";
    for (axes, log) in [
        ("x = { scale = 'log' }", [true, false]),
        (LOGLOG, [true, true]),
        (
            "x = { scale = 'log', range = [100, 0.05] }\ny = { scale = 'log', range = [20, 0.001] }",
            [true, true],
        ),
        ("x = { range = [0, 6] }\ny = { scale = 'log' }", [false, true]),
    ] {
        let scene = plot(axes, signal);
        for scale in [1.0, 1.6, 3.0] {
            let figure = scenes::figure_at_scale(&scene, scale);
            let viewport = viewport(&figure, "p");
            let curve: Vec<Point> =
                decades().map(|t| exact(&viewport, (t, resonance(t, 0.4)), log)).collect();
            assert_follows(
                &Coverage::of(&figure, 0, RED),
                &curve,
                1.75 * scale,
                &viewport,
                &format!("{axes} at {scale}"),
            );
        }
    }
}

#[test]
fn no_chord_strays_a_tenth_of_a_pixel_from_a_resonance() {
    let scene = plot(LOGLOG, "{ trace = '1/sqrt((1-t^2)^2+(0.1*t)^2)', color = 'red' }");
    for scale in [1.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let viewport = viewport(&figure, "p");
        let chain = &strokes(&figure, 0, RED)[0].path.points;
        let worst = decades()
            .map(|t| exact(&viewport, (t, resonance(t, 0.1)), [true, true]))
            .map(|p| {
                let after = chain.partition_point(|q| q.x <= p.x).clamp(1, chain.len() - 1);
                let near = after.saturating_sub(3).max(1)..(after + 3).min(chain.len());
                near.map(|i| off_segment(p, chain[i - 1], chain[i])).fold(f64::INFINITY, f64::min)
            })
            .fold(0.0, f64::max);
        assert!(worst < 0.1, "{worst} at scale {scale}");
    }
}

#[test]
fn a_power_law_is_a_straight_line() {
    for power in ["2", "-1.5", "0.3", "7"] {
        let scene = plot(LOGLOG, &format!("{{ trace = '3*t^({power})', color = 'red' }}"));
        let figure = scenes::figure(&scene);
        let points = &strokes(&figure, 0, RED)[0].path.points;
        let (first, last) = (points[0], points[points.len() - 1]);
        let viewport = viewport(&figure, "p");
        assert!((first.x - f64::from(viewport.rect.left)).abs() < 0.1);
        assert!((last.x - f64::from(viewport.rect.right)).abs() < 0.1);
        let worst = points.iter().map(|p| off_segment(*p, first, last)).fold(0.0, f64::max);
        assert!(worst < 0.1, "t^{power}: {worst}");
    }
}

#[test]
fn every_decade_of_a_curve_is_sampled_alike() {
    // Forty oscillations, evenly spaced in the logarithm; linear steps would miss the left half.
    let scene = still(
        "[panels.p]\nkind = 'plot'\nx = { scale = 'log' }
        draw = [{ trace = 'sin(2*pi*4*log(t)/log(10))', span = [1e-5, 1e5], color = 'red' }]",
    );
    let figure = scenes::figure(&scene);
    let points = &strokes(&figure, 0, RED)[0].path.points;
    let turns = points.windows(3).filter(|w| (w[1].y - w[0].y) * (w[2].y - w[1].y) < 0.0).count();
    assert_eq!(turns, 80);
}

fn near(found: [f64; 2], wanted: [f64; 2]) {
    let off = found.iter().zip(wanted).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
    assert!(off < 1e-9, "{found:?}, not {wanted:?}");
}

fn ranges(scene: &Scene) -> [[f64; 2]; 2] {
    let viewport = viewport(&scenes::figure(scene), "p");
    [viewport.x.range, viewport.y.range]
}

#[test]
fn a_logarithmic_fit_has_a_margin_in_the_logarithm_and_ignores_values_that_are_not_positive() {
    // From 10⁻² to 10², with a margin of a twentieth of the four decades.
    let [x, y] = ranges(&plot(LOGLOG, "{ trace = 't' }"));
    near(x, [0.01, 100.0]);
    near(y, [10_f64.powf(-2.2), 10_f64.powf(2.2)]);
    let [_, y] =
        ranges(&plot("y = { scale = 'log' }", "{ trace = '3 + 2*sin(t)' }, { hline = -1 }, { hline = 0 }"));
    near(y, [5_f64.powf(-0.05), 5_f64.powf(1.05)]);
    // The zero of an area is infinitely far below.
    let [_, y] = ranges(&plot(LOGLOG, "{ area = 't' }"));
    near(y, [10_f64.powf(-2.2), 10_f64.powf(2.2)]);
}

#[test]
fn a_span_that_reaches_zero_shows_three_decades() {
    let [x, y] = ranges(&plot(LOGLOG, "{ trace = 't', span = [0, 50] }"));
    near(x, [0.05, 50.0]);
    near(y, [0.05 * 10_f64.powf(-0.15), 50.0 * 10_f64.powf(0.15)]);
    let scene = plot(
        "x = { scale = 'log', range = [1e-6, 50] }\ny = { scale = 'log' }",
        "{ trace = 't', span = [0, 50], color = 'red' }",
    );
    near(ranges(&scene)[1], [1e-6 * (5e7_f64).powf(-0.05), 50.0 * (5e7_f64).powf(0.05)]);
    let figure = scenes::figure(&scene);
    let left = strokes(&figure, 0, RED)[0].path.points.iter().map(|p| p.x).fold(f64::INFINITY, f64::min);
    assert!(left <= f64::from(viewport(&figure, "p").rect.left), "the curve begins at {left}");
}

#[test]
fn a_curve_breaks_where_it_is_not_positive() {
    let scene = plot(
        "y = { scale = 'log' }\nx = { range = [0, 20] }",
        "{ trace = 'sin(t)', span = [0, 20], color = 'red' }",
    );
    let figure = scenes::figure(&scene);
    let viewport = viewport(&figure, "p");
    let stroke = &strokes(&figure, 0, RED)[0];
    let pi = std::f64::consts::PI;
    let path = &stroke.path;
    let ends = path.subpath_starts.iter().skip(1).copied().chain([path.points.len()]);
    // Far below the plot, where the logarithm diverges, there may be single points.
    let pieces = path.subpath_starts.iter().zip(ends).map(|(&from, to)| &path.points[from..to]);
    let shown = pieces.filter(|piece| piece.iter().any(|p| p.y < f64::from(viewport.rect.bottom)));
    let starts: Vec<f64> = shown.map(|piece| piece[0].x).collect();
    let humps = [0.0, 2.0 * pi, 4.0 * pi, 6.0 * pi].map(|t| exact(&viewport, (t, 1.0), [false, true]).x);
    assert_eq!(starts.len(), humps.len(), "{starts:?}");
    assert!(starts.iter().zip(humps).all(|(a, b)| (a - b).abs() < 0.1), "{starts:?}, not {humps:?}");
    // Between two humps nothing is drawn.
    let coverage = Coverage::of(&figure, 0, RED);
    let gap = exact(&viewport, (4.5, 1.0), [false, true]).x as i32;
    assert!((viewport.rect.top..viewport.rect.bottom).all(|y| coverage.share(gap, y) == 0.0));
}

#[test]
fn zero_lies_at_the_low_end_of_a_logarithmic_axis() {
    let axes = "x = { scale = 'log', range = [100, 0.1] }\ny = { scale = 'log', range = [0.1, 10] }";
    let points =
        "{ drop = '2', x = '5', color = 'red' }, { drop = '2', x = '5', onto = 'y', color = 'blue' }";
    let figure_of = |draw| plot(axes, draw);
    let scene = figure_of(points);
    let figure = scenes::figure(&scene);
    let p = viewport(&figure, "p");
    let foot = |color| *strokes(&figure, 0, color)[0].path.points.last().expect("a foot");
    let at = exact(&p, (5.0, 2.0), [true, true]);
    let off = |a: Point, b: (f64, f64)| (a.x - b.0).hypot(a.y - b.1);
    assert!(off(foot(RED), (at.x, f64::from(p.rect.bottom))) < 1e-9);
    assert!(off(foot(BLUE), (f64::from(p.rect.right), at.y)) < 1e-9);
    for filled in [
        "{ area = 'min(t, 3)', color = 'red', opacity = 1 }",
        "{ area = 'min(t, 3)', to = '-t', color = 'red', opacity = 1 }",
    ] {
        let scene = figure_of(filled);
        let figure = scenes::figure(&scene);
        let (p, coverage) = (viewport(&figure, "p"), Coverage::of(&figure, 0, RED));
        let x = exact(&p, (10.0, 1.0), [true, true]).x as i32;
        let top = exact(&p, (10.0, 3.0), [true, true]).y;
        let height: f64 = (p.rect.top..p.rect.bottom).map(|y| coverage.share(x, y)).sum();
        assert!((height - (f64::from(p.rect.bottom) - top)).abs() < 0.1, "{filled}: {height}");
    }
    let scene = figure_of("{ rect = [[0, 0], [1, 1]], fill = 'red', color = 'transparent' }");
    let figure = scenes::figure(&scene);
    let (p, coverage) = (viewport(&figure, "p"), Coverage::of(&figure, 0, RED));
    assert!(
        coverage.share(p.rect.right - 1, p.rect.bottom - 1) > 0.99
            && coverage.share(p.rect.left, p.rect.top) == 0.0
    );
}

#[test]
fn stacked_plots_share_their_axis_only_with_its_scale() {
    let scene = |b: &str| {
        still(&format!(
            "[panels.a]\nkind = 'plot'\nx = {{ scale = 'log' }}\ndraw = [{{ trace = 't' }}]
            [panels.b]\nkind = 'plot'\n{b}\ndraw = [{{ trace = 't' }}]"
        ))
    };
    for (b, shared) in [("x = { scale = 'log', range = [1, 10] }", true), ("x = { range = [1, 10] }", false)]
    {
        let scene = scene(b);
        let figure = scenes::figure(&scene);
        let [a, b] = ["a", "b"].map(|name| viewport(&figure, name).x);
        assert_eq!(a == b, shared, "{a:?}, {b:?}");
    }
    let scene = scene("x = { scale = 'log', share = 'a' }");
    let figure = scenes::figure(&scene);
    assert_eq!(viewport(&figure, "a").x, viewport(&figure, "b").x);
}

#[test]
fn minor_marks_cover_whole_pixels() {
    let scene = plot("x = { scale = 'log' }\ny = { scale = 'log' }", "");
    for scale in [1.0, 1.6, 2.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let (p, coverage) = (viewport(&figure, "p"), Coverage::of(&figure, 0, Rgba::BLACK));
        let (row, column) = (p.rect.bottom + scale.ceil() as i32, p.rect.left - 1 - scale.ceil() as i32);
        let below = (p.rect.left..p.rect.right).map(|x| coverage.share(x, row));
        let beside = (p.rect.top..p.rect.bottom).map(|y| coverage.share(column, y));
        assert!(below.chain(beside).all(|share| share == 0.0 || share > 0.99), "gray at scale {scale}");
        let starts = (p.rect.left..p.rect.right)
            .filter(|&x| coverage.share(x, row) > 0.0 && coverage.share(x - 1, row) == 0.0);
        assert!(starts.count() > 3, "no marks at scale {scale}");
    }
}

#[test]
fn ticks_of_any_range_are_two_to_eleven_ascending_and_labeled() {
    for low in [1e-300, 2.3e-7, 0.01, 0.95, 1.0, 2.0, 3.0, 7.3, 30.0, 99.0, 4e5, 1e6, 1.7e100] {
        for ratio in [
            1.0001, 1.05, 1.5, 2.0, 3.5, 6.0, 9.9, 10.0, 11.0, 25.0, 45.0, 99.0, 101.0, 1e3, 1e4, 1e9, 1e24,
            1e150,
        ] {
            for room in [0.2, 1.0, 1.7, 2.5, 5.5, 9.0] {
                let range = [low, low * ratio];
                let found = log_ticks(range, room);
                assert_eq!(found, log_ticks([range[1], range[0]], room));
                let values: Vec<f64> = found.ticks.iter().map(|tick| tick.value).collect();
                let what = format!("{range:?} with room {room}: {values:?}");
                assert!(values.len() >= 2 && values.len() <= 11, "{what}");
                assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "{what}");
                let inside = |value: &f64| (low * (1.0 - 1e-6)..=range[1] * (1.0 + 1e-6)).contains(value);
                assert!(values.iter().chain(&found.minor).all(inside), "{what}");
                assert!(found.minor.windows(2).all(|pair| pair[0] < pair[1]), "{what}");
                assert!(found.minor.iter().all(|minor| !values.contains(minor)), "{what}");
                let labels: Vec<&str> = found.ticks.iter().map(|tick| tick.label.as_str()).collect();
                assert!((1..labels.len()).all(|i| !labels[..i].contains(&labels[i])), "{what}: {labels:?}");
                assert!(labels.iter().all(|label| label.len() > 2), "{labels:?}");
            }
        }
    }
}
