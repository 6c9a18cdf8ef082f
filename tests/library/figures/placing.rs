//! From data to pixels: elements lie at the solution, mapped by a panel's rectangle and ranges. The solutions are written
//! out here, independently of the library.

use std::f64::consts::{PI, TAU};

use kymograph::geometry::Point;
use kymograph::mark::{Mark, Stroke};
use kymograph::panel::Figure;
use kymograph::panel::viewport::Viewport;
use kymograph::raster::Rgba;

use super::coverage::{Coverage, Line, viewport};
use crate::support::scenes::{self, parse_scene, repository_scene};

/// The promised accuracy, in device pixels.
const NEAR: f64 = 0.1;
const ORANGE: Rgba = Rgba::opaque(255, 165, 0);
const BLUE: Rgba = Rgba::opaque(0, 0, 255);
const RED: Rgba = Rgba::opaque(255, 0, 0);
const LIME: Rgba = Rgba::opaque(0, 255, 0);

/// m = 90 kg on k = 10 N/m with an initial velocity of 1 m/s: ω0 = 1/3 s⁻¹.
fn swing(t: f64) -> f64 {
    3.0 * (t / 3.0).sin()
}

/// The curve of a function over a span, in device pixels, in steps far below one pixel.
fn graph(viewport: &Viewport, [from, to]: [f64; 2], f: impl Fn(f64) -> (f64, f64)) -> Vec<Point> {
    const STEPS: u32 = 100_000;
    let at = |k: u32| from + (to - from) * f64::from(k) / f64::from(STEPS);
    (0..=STEPS).map(|k| viewport.point(f(at(k)))).collect()
}

/// The absolute curvature at the middle of three points.
fn curvature(a: Point, b: Point, c: Point) -> f64 {
    let side = |p: Point, q: Point| (q.x - p.x).hypot(q.y - p.y);
    let twice_area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    2.0 * twice_area.abs() / (side(a, b) * side(b, c) * side(a, c)).max(1e-12)
}

/// Asserts that a drawn line follows a curve: its centroid lies on the curve in every column where the curve is flat, and in
/// every row where it is steep. Sharp bends, where the centroid is not the middle of the line, the ends, and the rim of the
/// plot are left out; at least two thirds of the lines must remain.
pub(crate) fn assert_follows(
    coverage: &Coverage,
    curve: &[Point],
    width: f64,
    viewport: &Viewport,
    what: &str,
) {
    const APART: usize = 40;
    let (mut judged, mut met, mut worst) = (0, 0, 0.0_f64);
    for i in APART..curve.len() - APART - 1 {
        let (a, b) = (curve[i], curve[i + 1]);
        let (dx, dy) = ((b.x - a.x).abs(), (b.y - a.y).abs());
        let steep = dy > dx;
        let (along, across) = if steep { ([a.y, b.y], [a.x, b.x]) } else { ([a.x, b.x], [a.y, b.y]) };
        let [from, to] = along.map(|c| (c - 0.5).floor() as i32);
        if from == to {
            continue;
        }
        let cell = from.max(to);
        let exact =
            across[0] + (across[1] - across[0]) * (f64::from(cell) + 0.5 - along[0]) / (along[1] - along[0]);
        let cosine = dx.max(dy) / dx.hypot(dy);
        let reach = width / 2.0 / cosine + 1.5;
        if !inside(a, viewport, reach * 2.0) {
            continue;
        }
        met += 1;
        // The distance of a bent strip's centroid from its middle line, to second order.
        let bend = curvature(curve[i - APART], a, curve[i + APART]) / cosine.powi(3);
        let aside = bend * ((1.0 - cosine * cosine) * width * width / 8.0 + 1.0 / 24.0);
        let line = if steep { Line::Row(cell) } else { Line::Column(cell) };
        let (sum, centroid) = coverage.centroid(line, exact, reach);
        let alone = (sum * cosine / width - 1.0).abs() < 0.025;
        if aside > 0.02 || !alone {
            continue;
        }
        judged += 1;
        worst = worst.max((centroid - exact).abs());
    }
    assert!(judged * 3 >= met * 2 && judged > 20, "{what}: {judged} of {met} lines could be compared");
    assert!(worst < NEAR, "{what}: off by {worst} px");
}

fn inside(p: Point, viewport: &Viewport, rim: f64) -> bool {
    let r = viewport.rect;
    p.x - rim > f64::from(r.left)
        && p.x + rim < f64::from(r.right)
        && p.y - rim > f64::from(r.top)
        && p.y + rim < f64::from(r.bottom)
}

pub(crate) fn strokes(figure: &Figure<'_>, index: usize, color: Rgba) -> Vec<Stroke> {
    let of_color = |mark: &Mark| mark.color() == Some(color);
    let marks = figure.marks(index).expect("marks").into_iter().filter(of_color);
    marks
        .filter_map(|mark| match mark {
            Mark::Stroke(stroke) => Some(stroke),
            Mark::Nothing | Mark::Tail(_) | Mark::Fill(_) | Mark::Image(_) => None,
        })
        .collect()
}

#[test]
fn traces_run_where_the_solution_does() {
    let scene = repository_scene("simple-harmonic-motion", &[]);
    for scale in [1.0, 1.6, 2.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        for frame in [23, 60, 99] {
            let present = 15.0 * PI * f64::from(frame) / 99.0;
            for (panel, color, sign) in [("x", ORANGE, 1.0), ("force", BLUE, -10.0)] {
                let viewport = viewport(&figure, panel);
                let curve = graph(&viewport, [0.0, present], |t| (t, sign * swing(t)));
                let coverage = Coverage::of(&figure, frame as usize, color);
                let what = format!("{panel} in frame {frame} at scale {scale}");
                assert_follows(&coverage, &curve, 1.75 * scale, &viewport, &what);
            }
        }
    }
}

const SLOPES: &str = "
[canvas]
size = [300, 200]
[time]
span = [0, 1]
[panels.p]
kind = 'plot'
y = { range = [-1, 1] }
draw = [
  { trace = 'tanh(40*(t - 0.6))', color = 'red' },
  { trace = '0.31 + 0.002*t', color = 'lime' },
  { trace = '900*(t - 0.123)', color = 'blue' },
  { trace = '0.8*sin(30*t)', color = 'orange', width = 1 },
]
";

#[test]
fn steep_and_flat_curves_lie_as_exactly() {
    type Function = fn(f64) -> f64;
    let curves: [(Rgba, f64, [f64; 2], Function); 4] = [
        (RED, 1.75, [0.0, 1.0], |t| (40.0 * (t - 0.6)).tanh()),
        (LIME, 1.75, [0.0, 1.0], |t| 0.31 + 0.002 * t),
        (BLUE, 1.75, [0.1218, 0.1242], |t| 900.0 * (t - 0.123)),
        (ORANGE, 1.0, [0.0, 1.0], |t| 0.8 * (30.0 * t).sin()),
    ];
    let scene = parse_scene(SLOPES);
    for scale in [1.0, 1.5, 2.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let viewport = viewport(&figure, "p");
        for (number, (color, width, span, f)) in curves.iter().enumerate() {
            let curve = graph(&viewport, *span, |t| (t, f(t)));
            let what = format!("curve {number} at scale {scale}");
            assert_follows(&Coverage::of(&figure, 0, *color), &curve, width * scale, &viewport, &what);
        }
    }
}

#[test]
fn no_chord_strays_a_tenth_of_a_pixel() {
    let scene = parse_scene(SLOPES);
    for scale in [1.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let viewport = viewport(&figure, "p");
        for (color, f) in
            [(RED, (|t| (40.0 * (t - 0.6)).tanh()) as fn(f64) -> f64), (ORANGE, |t| 0.8 * (30.0 * t).sin())]
        {
            let chain = &strokes(&figure, 0, color)[0].path.points;
            let worst = graph(&viewport, [0.0, 1.0], |t| (t, f(t)))
                .into_iter()
                .map(|p| {
                    // On a steep curve neighboring points share a column of the grid.
                    let i = chain.partition_point(|q| q.x <= p.x).clamp(1, chain.len() - 1);
                    let near = i.saturating_sub(3).max(1)..(i + 4).min(chain.len());
                    near.map(|i| off_segment(p, chain[i - 1], chain[i])).fold(f64::INFINITY, f64::min)
                })
                .fold(0.0, f64::max);
            assert!(worst < NEAR, "scale {scale}: {worst}");
        }
    }
}

pub(crate) fn off_segment(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let part = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);
    let part = part.clamp(0.0, 1.0);
    (a.x + part * dx - p.x).hypot(a.y + part * dy - p.y)
}

#[test]
fn a_growing_trace_ends_at_the_present() {
    let scene = repository_scene("simple-harmonic-motion", &[]);
    for scale in [1.0, 2.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let viewport = viewport(&figure, "x");
        for frame in 0..100 {
            let present = 15.0 * PI * f64::from(frame) / 99.0;
            let stroke = &strokes(&figure, frame as usize, ORANGE)[0];
            let tip = stroke.path.points[stroke.visible_points - 1];
            let exact = viewport.point((present, swing(present)));
            // Charts are drawn on a grid of 64 units to a pixel.
            let off = (tip.x - exact.x).hypot(tip.y - exact.y);
            assert!(off < 2.0 / 64.0, "frame {frame}: {tip:?}, {exact:?}");
        }
    }
}

#[test]
fn the_length_of_a_growing_trace_is_exact_to_a_tenth_of_a_pixel() {
    let scene = parse_scene(
        "
        canvas = { size = [200, 100] }
        time = { span = [0, 1] }
        animate = { frames = 30 }
        [panels.p]
        kind = 'plot'
        y = { range = [-1, 1] }
        draw = [{ trace = '0*t', color = 'red', width = 4 }]",
    );
    for scale in [1.0, 1.5, 2.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let viewport = viewport(&figure, "p");
        for frame in 1..30 {
            let (area, _) = Coverage::of(&figure, frame, RED).middle();
            // While the curve grows, its tip is a round cap at the present; at the end of the film it is a butt cap.
            let nib = if frame < 29 { PI * scale / 2.0 } else { 0.0 };
            let drawn = area / (4.0 * scale) - nib;
            let exact = viewport.x.pixel(frame as f64 / 29.0) - f64::from(viewport.rect.left);
            // The rounding of coverage: half a level of 255 on each edge, along the line's length.
            let rounding = exact / 255.0 / 4.0;
            assert!((drawn - exact).abs() < NEAR + rounding, "frame {frame} at {scale}: {drawn}, {exact}");
        }
    }
}

const PLANE: &str = "
[canvas]
size = [320, 260]
[time]
span = [0, '2*pi']
[animate]
frames = 16
endpoint = false
[panels.p]
kind = 'plane'
x = { range = [-2, 2] }
y = { range = [-1.5, 1.5] }
draw = [
  { trace = '1.3*exp(j*t)', color = 'orange', reveal = 'all' },
  { circle = ['0.1*t', 0.2], radius = 1.1, color = 'lime' },
  { point = '1.3*exp(j*t)', color = 'blue', marker = 'MARKER' },
  { hline = '0.7*sin(t)', color = 'red' },
  { vline = '0.71', color = 'teal', width = 1 },
]
";

#[test]
fn circles_are_round_and_in_their_place() {
    let scene = parse_scene(&PLANE.replace("MARKER", "o"));
    for scale in [1.0, 1.6, 2.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let viewport = viewport(&figure, "p");
        let circle =
            |r: f64, (x, y): (f64, f64)| graph(&viewport, [0.0, TAU], |t| (x + r * t.cos(), y + r * t.sin()));
        let (coverage, curve) = (Coverage::of(&figure, 0, ORANGE), circle(1.3, (0.0, 0.0)));
        assert_follows(&coverage, &curve, 1.75 * scale, &viewport, &format!("z(t) at scale {scale}"));
        for frame in [0, 5, 11] {
            let center = (0.1 * TAU * f64::from(frame) / 16.0, 0.2);
            let (coverage, curve) = (Coverage::of(&figure, frame as usize, LIME), circle(1.1, center));
            assert_follows(
                &coverage,
                &curve,
                1.25 * scale,
                &viewport,
                &format!("circle {frame} at scale {scale}"),
            );
        }
    }
}

#[test]
fn markers_are_centered_on_their_points() {
    for marker in ["o", "x", "+", "s"] {
        let scene = parse_scene(&PLANE.replace("MARKER", marker));
        for scale in [1.0, 1.6, 3.0] {
            let figure = scenes::figure_at_scale(&scene, scale);
            let viewport = viewport(&figure, "p");
            for frame in 0..16 {
                let t = TAU * f64::from(frame) / 16.0;
                let exact = viewport.point((1.3 * t.cos(), 1.3 * t.sin()));
                let (_, middle) = Coverage::of(&figure, frame as usize, BLUE).middle();
                let off = (middle.x - exact.x).hypot(middle.y - exact.y);
                assert!(off < NEAR, "{marker} in frame {frame} at scale {scale}: {off}");
            }
        }
    }
}

#[test]
fn moving_guides_are_exact_and_standing_ones_cover_whole_pixels() {
    let scene = parse_scene(&PLANE.replace("MARKER", "o"));
    for scale in [1.0, 1.6, 2.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let viewport = viewport(&figure, "p");
        let (column, row) = (viewport.rect.left + 40, viewport.rect.top + 9);
        for frame in 0..16 {
            let exact = viewport.y.pixel(0.7 * (TAU * f64::from(frame) / 16.0).sin());
            let coverage = Coverage::of(&figure, frame as usize, RED);
            let (_, centroid) = coverage.centroid(Line::Column(column), exact, 6.0);
            assert!((centroid - exact).abs() < NEAR, "frame {frame} at scale {scale}");
        }
        let exact = viewport.x.pixel(0.71);
        let coverage = Coverage::of(&figure, 0, Rgba::opaque(0, 128, 128));
        let (_, centroid) = coverage.centroid(Line::Row(row), exact, 6.0);
        assert!((centroid - exact).abs() <= 0.5 + 1e-9, "off by {} at scale {scale}", centroid - exact);
        let shares = (viewport.rect.left..viewport.rect.right).map(|x| coverage.share(x, row));
        let blurred = shares.filter(|share| *share > 0.0 && *share < 1.0).count();
        assert!(blurred == 0 || scale.fract() != 0.0, "{blurred} gray columns at scale {scale}");
    }
}
