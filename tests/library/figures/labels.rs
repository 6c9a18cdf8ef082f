//! Laws of readouts and of hidden elements: readouts move no other text, conditions hold in the right frames, and curves
//! break where they have no value.

use kymograph::geometry::Point;
use kymograph::mark::{Mark, Stroke};
use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;

use super::coverage::{Coverage, viewport};
use crate::support::scenes::{self, parse_scene};

const RED: Rgba = Rgba::opaque(255, 0, 0);

/// A plot of 21 frames over t from −10 to 10.
fn film(elements: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 120] }}
        time = {{ span = [-10, 10] }}
        animate = {{ frames = 21 }}
        [panels.p]
        kind = 'plot'
        y = {{ range = [-2, 2] }}
        draw = [ {elements} ]"
    ))
}

/// The positions of the shapes of a color, in drawing order.
fn shapes(figure: &Figure<'_>, index: usize, color: Rgba) -> Vec<(Point, usize)> {
    let marks = figure.marks(index).expect("marks").into_iter();
    marks
        .filter_map(|mark| match mark {
            Mark::Fill(fill) if fill.color == color => Some((fill.at, fill.shape.outlines.len())),
            Mark::Nothing | Mark::Fill(_) | Mark::Tail(_) | Mark::Stroke(_) | Mark::Image(_) => None,
        })
        .collect()
}

#[test]
fn text_beside_a_readout_stays_where_it_is() {
    for label in ["'@{t:.2}|'", r"'$x = @{100*sin(t):.1}\,\mathrm{m}$'", "'@{exp(t):e} J'", "'@{t:+} |'"] {
        for anchor in ["nw", "c", "se"] {
            let scene = film(&format!(
                "{{ text = {label}, at = [0.5, 0.5], in = 'panel', anchor = '{anchor}', color = 'red' }}"
            ));
            let figure = scenes::figure(&scene);
            // The last character stands after the readout.
            let last = |index| Coverage::of(&figure, index, RED).bounds().expect("a label")[2];
            let ends: Vec<i32> = (0..21).map(last).collect();
            assert!(ends.iter().all(|end| *end == ends[0]), "{label} at {anchor}: {ends:?}");
        }
    }
}

#[test]
fn a_readout_has_a_true_minus_and_no_negative_zero() {
    let written = |value: &str, format: &str| {
        let scene = parse_scene(
            &format!(
                "canvas = {{ size = [200, 100] }}
            [panels.p]\nkind = 'plot'\naxes = 'none'\nx = {{ range = [0, 1] }}\ny = {{ range = [0, 1] }}
            draw = [{{ text = '{format}', at = [0.2, 0.2], color = 'red' }}]"
            )
            .replace("VALUE", value),
        );
        scenes::draw_frame(&scenes::figure(&scene), 0)
    };
    assert_eq!(written("-0.04", "@{VALUE:.1}"), written("0", "@{VALUE:.1}"));
    assert_eq!(written("-0.0001", "$@{VALUE:.2}$"), written("0.0001", "$@{VALUE:.2}$"));
    assert_eq!(written("-3.5", "@{VALUE:.1}"), written("0", "\u{2212}3.5"));
    assert_ne!(written("-3.5", "@{VALUE:.1}"), written("0", "-3.5"));
    assert_eq!(written("-3.5", "$@{VALUE:.1}$"), written("0", "$-3.5$"));
}

#[test]
fn a_conditional_element_shows_only_in_frames_where_its_condition_holds() {
    let scene = film(
        "{ hline = 1, when = 't < -2.5 or t >= 3', color = 'red' },
         { text = 'now', at = [0, 0], when = 't == 0', color = 'teal' }",
    );
    let figure = scenes::figure(&scene);
    for index in 0..21 {
        let t = index as f64 - 10.0;
        let marks = figure.marks(index).expect("marks");
        let shown = |color| marks.iter().any(|mark| mark.color() == Some(color));
        assert_eq!(shown(RED), !(-2.5..3.0).contains(&t), "t = {t}");
        assert_eq!(shown(Rgba::opaque(0, 128, 128)), index == 10, "t = {t}");
    }
}

fn red_stroke(figure: &Figure<'_>, index: usize) -> Stroke {
    let found = figure.marks(index).expect("marks").into_iter().find_map(|mark| match mark {
        Mark::Stroke(stroke) if stroke.pen.color == RED => Some(stroke),
        Mark::Nothing | Mark::Fill(_) | Mark::Tail(_) | Mark::Stroke(_) | Mark::Image(_) => None,
    });
    found.expect("a red stroke")
}

/// The ends of the pieces in a film's last frame, as values of t.
fn pieces(signal: &str) -> Vec<[f64; 2]> {
    let scene = film(&format!("{{ trace = '{signal}', color = 'red' }}"));
    let figure = scenes::figure(&scene);
    let stroke = red_stroke(&figure, 20);
    let x = viewport(&figure, "p").x;
    let value = |p: &Point| {
        x.range[0] + (p.x - x.pixels[0]) / (x.pixels[1] - x.pixels[0]) * (x.range[1] - x.range[0])
    };
    let path = &stroke.path;
    let ends = path.subpath_starts.iter().skip(1).copied().chain([path.points.len()]);
    let spans = path
        .subpath_starts
        .iter()
        .zip(ends)
        .map(|(&a, b)| [value(&path.points[a]), value(&path.points[b - 1])]);
    // Single points beside a pole lie far outside the plot and are not drawn.
    spans.filter(|[from, to]| to > from).collect()
}

fn assert_pieces(signal: &str, wanted: &[[f64; 2]]) {
    let found = pieces(signal);
    let off = |(a, b): (&[f64; 2], &[f64; 2])| (a[0] - b[0]).abs().max((a[1] - b[1]).abs());
    let near = found.len() == wanted.len() && found.iter().zip(wanted).all(|pair| off(pair) < 1e-3);
    assert!(near, "{signal}: {found:?}, not {wanted:?}");
}

#[test]
fn curves_break_where_they_have_no_value() {
    assert_pieces("sin(t)", &[[-10.0, 10.0]]);
    assert_pieces("if(t > -3 and t < 4, nan, 1)", &[[-10.0, -3.0], [4.0, 10.0]]);
    assert_pieces("if(t > -3 and t < 4, inf, 1)", &[[-10.0, -3.0], [4.0, 10.0]]);
    assert_pieces("if(t > -3 and t < 4, -inf, 1)", &[[-10.0, -3.0], [4.0, 10.0]]);
    assert_pieces("1/(t - 1.25)", &[[-10.0, 1.25], [1.25, 10.0]]);
    let half = std::f64::consts::FRAC_PI_2 * 4.0;
    assert_pieces("tan(t/4)", &[[-10.0, -half], [-half, half], [half, 10.0]]);
}

#[test]
fn nothing_is_drawn_between_two_pieces_of_a_curve() {
    let scene = film("{ trace = 'if(abs(t) < 3, nan, t/10)', color = 'red' }");
    let figure = scenes::figure(&scene);
    let x = viewport(&figure, "p").x;
    let coverage = Coverage::of(&figure, 20, RED);
    let column_is_empty = |t: f64| (0..120).all(|y| coverage.share(x.pixel(t) as i32, y) == 0.0);
    assert!([-2.9, -1.0, 0.0, 2.0, 2.9].into_iter().all(column_is_empty));
    assert!(![-3.2, 3.2, 9.0].into_iter().any(column_is_empty));
}

#[test]
fn a_point_without_a_value_is_hidden_with_its_note() {
    let scene = film("{ point = 'if(t > 2, nan, 1)', color = 'red', note = '$P$' }");
    let figure = scenes::figure(&scene);
    for index in 0..21 {
        let shown = !shapes(&figure, index, RED).is_empty();
        assert_eq!(shown, index <= 12, "frame {index}");
    }
    let hidden = figure.marks(20).expect("marks");
    let nothing = hidden.iter().filter(|mark| **mark == Mark::Nothing).count();
    assert!(nothing >= 2, "the note stays");
}

#[test]
fn a_legend_shows_a_points_own_marker() {
    let legend = |marker: &str| {
        let scene = film(&format!("{{ point = 'nan', marker = '{marker}', color = 'red', legend = 'now' }}"));
        let (area, _) = Coverage::of(&scenes::figure_at_scale(&scene, 2.0), 0, RED).middle();
        area
    };
    let [disc, square, plus] = ["o", "s", "+"].map(legend);
    assert!((disc / (49.0 * std::f64::consts::PI) - 1.0).abs() < 0.01, "{disc}");
    assert!((square / (14.0 * 14.0) - 1.0).abs() < 0.01, "{square}");
    assert!(plus < disc / 2.0, "{plus}");
}
