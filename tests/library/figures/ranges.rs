//! Laws of ranges: fitted to every frame of the film, reversed, shared, and widened.

use std::path::Path;

use kymograph::mark::Mark;
use kymograph::panel::Figure;
use kymograph::panel::viewport::Viewport;
use kymograph::scene::Scene;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::load::load_text;
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::Sources;

use super::coverage::viewport;
use crate::support::scenes::{self, named_scenes, parse_scene, repository_scene};

/// A still of panels, 300 by 200, over t from 0 to 10.
fn still(panels: &str) -> Scene {
    parse_scene(&format!("canvas = {{ size = [300, 200] }}\ntime = {{ span = [0, 10] }}\n{panels}"))
}

fn close(found: [f64; 2], wanted: [f64; 2]) {
    let size = (wanted[1] - wanted[0]).abs();
    let off = (found[0] - wanted[0]).abs().max((found[1] - wanted[1]).abs());
    assert!(off <= 1e-9 * size, "{found:?}, not {wanted:?}");
}

#[test]
fn no_curve_leaves_its_plot_in_any_frame() {
    let wild = parse_scene(
        "
        canvas = { size = [300, 200] }
        time = { span = [0, 10] }
        animate = { frames = 9 }
        [panels.p]
        kind = 'plot'
        draw = [
          { trace = 'exp(-t)*sin(400*t)' },
          { trace = 'sin(3*t) + 0.4*sin(211*t)' },
          { area = '-2*exp(-(t - 3.7)^2*900)' },
          { trace = '0.3*t', span = ['-t', 't'] },
        ]",
    );
    for (name, scene) in named_scenes().chain([("wild".to_owned(), wild)]) {
        let figure = scenes::figure(&scene);
        for index in [0, scene.timeline.frames / 2, scene.timeline.frames - 1] {
            for mark in figure.marks(index).expect("marks") {
                let Mark::Stroke(stroke) = mark else { continue };
                let slack = 0.5;
                if let Some((_, viewport)) =
                    figure.viewports().find(|(_, viewport)| viewport.rect == stroke.clip)
                {
                    let r = viewport.rect;
                    let strays = stroke.path.points[..stroke.visible_points].iter().find(|p| {
                        p.x < f64::from(r.left) - slack
                            || p.x > f64::from(r.right) + slack
                            || p.y < f64::from(r.top) - slack
                            || p.y > f64::from(r.bottom) + slack
                    });
                    assert!(strays.is_none(), "{name}, frame {index}: {strays:?} outside of {r:?}");
                }
            }
        }
    }
}

#[test]
fn a_fit_has_the_margin_of_matplotlib_and_a_variable_none() {
    let scene = still("[panels.p]\nkind = 'plot'\ndraw = [{ trace = '3 + 2*sin(t)' }]");
    let viewport = viewport(&scenes::figure(&scene), "p");
    close(viewport.x.range, [0.0, 10.0]);
    close(viewport.y.range, [0.8, 5.2]);
}

#[test]
fn a_fit_holds_values_that_only_one_frame_shows() {
    let scene = parse_scene(
        "
        canvas = { size = [300, 200] }
        time = { span = [0, 10] }
        animate = { frames = 11 }
        [panels.p]
        kind = 'plane'
        draw = [
          { point = '(2 + 8*(t == 7))*j' },
          { circle = [0, 0], radius = '1 + (t == 4)' },
        ]",
    );
    let viewport = viewport(&scenes::figure(&scene), "p");
    assert!(
        viewport.contains((0.0, 10.0)) && viewport.contains((2.0, 0.0)) && viewport.contains((0.0, -2.0))
    );
}

#[test]
fn a_range_may_run_backwards() {
    let text = "[panels.p]\nkind = 'plot'\nx = { range = RANGE }\ndraw = [{ trace = 't' }]";
    let [forth, back] = ["[2, 5]", "[5, 2]"].map(|range| {
        let scene = still(&text.replace("RANGE", range));
        let figure = scenes::figure(&scene);
        let strokes = figure.marks(0).expect("marks").into_iter().filter_map(|mark| match mark {
            Mark::Stroke(stroke) if stroke.path.points.len() > 1 => Some(stroke),
            _ => None,
        });
        let curve = strokes.last().expect("a curve");
        (viewport(&figure, "p"), curve.path.points.clone())
    });
    assert_eq!((back.0.rect, back.0.x.range.map(f64::to_bits)), (forth.0.rect, [5.0, 2.0].map(f64::to_bits)));
    let middle = f64::from(forth.0.rect.left + forth.0.rect.right);
    assert!((forth.0.x.pixel(2.5) + back.0.x.pixel(2.5) - middle).abs() < 1e-9);
    let rises = |points: &[kymograph::geometry::Point]| {
        (points[points.len() - 1].x - points[0].x) * (points[0].y - points[points.len() - 1].y) > 0.0
    };
    assert!(rises(&forth.1) && !rises(&back.1));
}

const STACK: &str = "
[panels.a]
kind = 'plot'
draw = [{ trace = 'sin(t)' }]
[panels.b]
kind = 'plot'
X
draw = [{ trace = 'cos(t)' SPAN }]
";

fn stack(x: &str, span: &str) -> [Viewport; 2] {
    let scene = still(&STACK.replace('X', x).replace("SPAN", span));
    let figure = scenes::figure(&scene);
    ["a", "b"].map(|name| viewport(&figure, name))
}

#[test]
fn stacked_plots_over_one_span_share_their_horizontal_axis() {
    let [a, b] = stack("x = { range = [2, 3] }", "");
    assert_eq!((a.x, a.x.range.map(f64::to_bits)), (b.x, [2.0, 3.0].map(f64::to_bits)));
    let [a, b] = stack("x = { range = [2, 3] }", ", span = [0, 4]");
    close(a.x.range, [0.0, 10.0]);
    close(b.x.range, [2.0, 3.0]);
}

#[test]
fn a_shared_axis_has_the_range_that_holds_what_both_panels_show() {
    let scene = repository_scene("simple-harmonic-motion-z", &[]);
    for scale in [1.0, 1.6, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        assert_eq!(viewport(&figure, "spring").x, viewport(&figure, "plane").x);
    }
    let scene = still(&STACK.replace('X', "y = { share = 'a' }").replace("cos(t)' SPAN", "9*cos(t)'"));
    let figure = scenes::figure(&scene);
    let [a, b] = ["a", "b"].map(|name| viewport(&figure, name).y.range);
    close(a, [-9.9, 9.9]);
    close(b, a);
    let given = STACK.replace('X', "y = { share = 'a' }").replace("kind = 'plot'", "kind = 'plot'\nRANGE");
    let given = given.replacen("RANGE", "y = { range = [-2, 2] }", 1).replace("RANGE", "");
    let scene = still(&given.replace("SPAN", ""));
    let figure = scenes::figure(&scene);
    let [a, b] = ["a", "b"].map(|name| viewport(&figure, name).y.range);
    assert_eq!((a, b), ([-2.0, 2.0], [-2.0, 2.0]));
}

#[test]
fn equal_units_widen_a_range_and_never_move_the_rectangle() {
    let text =
        "[panels.p]\nkind = 'plot'\nx = { range = [0, 4] }\ny = { range = [0, 1], ticks = [0] }\nEQUAL";
    let [free, equal] = ["", "aspect = 'equal'"]
        .map(|equal| viewport(&scenes::figure(&still(&text.replace("EQUAL", equal))), "p"));
    assert_eq!(free.rect, equal.rect);
    close(equal.x.range, [0.0, 4.0]);
    assert!((equal.x.pixels_per_unit() / equal.y.pixels_per_unit() - 1.0).abs() < 1e-9);
    assert!(equal.y.range[0] < 0.0 && equal.y.range[1] > 1.0);
    close([equal.y.range[0] + equal.y.range[1], 2.0], [1.0, 2.0]);
}

#[test]
fn the_units_of_a_plane_are_equal_and_its_ranges_are_held() {
    for size in ["[300, 200]", "[200, 300]", "[500, 120]"] {
        let scene = parse_scene(&format!(
            "canvas = {{ size = {size} }}
            [panels.p]\nkind = 'plane'\nx = {{ range = [-2, 3] }}\ny = {{ range = [-1, 2] }}"
        ));
        for scale in [1.0, 2.0, 3.0] {
            let viewport = viewport(&scenes::figure_at_scale(&scene, scale), "p");
            let ratio = viewport.x.pixels_per_unit() / viewport.y.pixels_per_unit();
            assert!((ratio - 1.0).abs() < 1e-9, "{size} at scale {scale}: {ratio}");
            assert!(viewport.contains((-2.0, -1.0)) && viewport.contains((3.0, 2.0)));
        }
    }
}

#[test]
fn values_constant_up_to_rounding_are_shown_as_a_constant() {
    let scene = still(
        "[systems.s]\nkind = 'oscillator'\nomega0 = 1.7\nx0 = 0.3\nv0 = 0.1
        [panels.p]\nkind = 'plot'\ndraw = [{ trace = 's.energy' }]",
    );
    let [low, high] = viewport(&scenes::figure(&scene), "p").y.range;
    let energy = 0.5 * (0.1_f64.powi(2) + (1.7_f64 * 0.3).powi(2));
    assert!(high - low > 1.0, "{low} to {high} around {energy}");
    close([low + high, high - low], [2.0 * energy, 1.1]);
}

/// Draws a still; an error if something is wrong with it.
fn outcome(text: &str) -> Result<(), Diagnostic> {
    let mut sources = Sources::new();
    let mut alone = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    let tree = load_text(Path::new("test.toml"), text.to_owned(), &mut sources, &mut alone)?;
    let options = Options { stem: "test".to_owned(), ..Options::default() };
    let scene = resolve(&tree, sources, &options).map_err(|(errors, _)| errors.first().clone())?;
    Figure::new(&scene, 1.0)?.marks(0).map(drop)
}

const EXTREME: [f64; 10] =
    [f64::MIN, -1.0, 0.0, 5e-324, 1e-200, 1.0, 1.0 + f64::EPSILON, 1e16, 1e200, f64::MAX];

#[test]
fn extreme_ranges_and_values_are_at_worst_an_error() {
    let kinds = [
        "kind = 'plot'\nx = { X }\ny = { Y, grid = true }",
        "kind = 'plot'\nx = { X, scale = 'log' }\ny = { Y, scale = 'log' }",
        "kind = 'plot'\nx = { X }\ny = { Y }\naspect = 'equal'",
        "kind = 'plane'\nx = { X }",
        "kind = 'spring'\nposition = 'CURVE'\nx = { X }",
    ];
    let (mut fine, mut wrong) = (0, 0);
    for kind in kinds {
        for a in EXTREME {
            for b in EXTREME {
                let range = format!("range = [{a:e}, {b:e}]");
                let curve = format!("({a:e})*(1 - t) + ({b:e})*t");
                let given = kind.replace('X', &range).replace('Y', "range = [1, 2]").replace("CURVE", "t");
                let fitted = kind.replace("X,", "").replace("Y,", "").replace(['X', 'Y'], "");
                for panel in [given, fitted.replace("CURVE", &curve)] {
                    let text = format!(
                        "canvas = {{ size = [120, 90], scale = 1, font-size = 6 }}\ntime = {{ span = [0, 1] }}
                        [panels.p]\n{panel}\ndraw = [{{ trace = '{curve}', dash = true }}, {{ drop = '{curve}' }}]"
                    );
                    match outcome(&text) {
                        Ok(()) => fine += 1,
                        Err(error) => {
                            wrong += 1;
                            assert!(error.help.is_some() && error.origin.is_some(), "{text}: {error:?}");
                        }
                    }
                }
            }
        }
    }
    assert!(fine > 200 && wrong > 200, "{fine} and {wrong}");
}
