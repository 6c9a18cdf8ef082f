//! Laws of vectors: their heads, their notes beside the middle, and vectors without length or value.

use kymograph::geometry::{Bounds, Point};
use kymograph::mark::{Fill, Mark};
use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::scene::element::ElementKind;

use super::coverage::viewport;
use crate::support::scenes::{figure, parse_scene};

const BLUE: Rgba = Rgba::opaque(0, 0, 255);
/// Pixels of an em, at the font size and the scale of the scenes.
const EM: f64 = 20.0;

/// A film over `a` from 0 to 1 in a plane with these elements.
fn scene(draw: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 300], scale = 2, font-size = 10 }}\nparams = {{ a = 0 }}
        animate = {{ over = 'a', span = [0, 1], frames = 41 }}
        [panels.p]\nkind = 'plane'\naxes = 'none'\nx = {{ range = [-1, 1] }}\ny = {{ range = [-1, 1] }}
        draw = [{draw}]"
    ))
}

/// The heads and other fills in blue of a frame.
fn fills(figure: &Figure<'_>, index: usize) -> Vec<Fill> {
    let fill = |mark: Mark| if let Mark::Fill(fill) = mark { Some(fill) } else { None };
    let marks = figure.marks(index).expect("marks").into_iter();
    marks.filter_map(fill).filter(|fill| fill.color == BLUE).collect()
}

#[test]
fn the_head_is_half_of_a_short_vector_at_most() {
    let scene = scene("{ arrow = [['-a/2', 0], ['a/2', 0]], color = 'blue' }");
    let figure = figure(&scene);
    let unit = viewport(&figure, "p").x.pixels_per_unit();
    for index in 1..=40 {
        let length = unit * index as f64 / 40.0;
        let [head] = &fills(&figure, index)[..] else { panic!("one head") };
        let bounds = head.shape.outlines[0].bounds();
        // Five widths of its line, and no less than 7 CSS pixels.
        let expected = 14.0_f64.min(length / 2.0);
        assert!((f64::from(bounds.width()) - expected).abs() < 1e-4, "{length}: {bounds:?}");
        assert!((head.at.x - viewport(&figure, "p").point((index as f64 / 80.0, 0.0)).x).abs() < 1e-6);
    }
}

#[test]
fn a_vector_without_length_or_value_draws_nothing() {
    let missing = scene(
        "{ arrow = [[0.2, 0.1], ['0.2', '0.1']], color = 'blue', note = 'nothing' },
         { arrow = [[0, 0], ['if(a < 2, nan, 1)', 0]], color = 'blue', note = 'unknown' },
         { arrow = [[0, '1/0'], [0, 0]], color = 'blue' }",
    );
    let figure = figure(&missing);
    for index in [0, 40] {
        let marks = figure.marks(index).expect("marks");
        assert!(!marks.iter().flat_map(Mark::colors).any(|color| *color == BLUE));
        let shown: Vec<bool> = figure.texts().iter().map(|text| text.bounds(index).is_some()).collect();
        assert_eq!(shown, [true, false], "a vector that is not known has no middle");
    }
}

/// The note in a frame, relative to the middle of its vector from the origin to a tip in the plane.
fn note(figure: &Figure<'_>, index: usize, tip: (f64, f64)) -> (Bounds, Point) {
    let [from, to] = [(0.0, 0.0), tip].map(|at| viewport(figure, "p").point(at));
    let middle = Point::new(f64::midpoint(from.x, to.x), f64::midpoint(from.y, to.y));
    let Bounds { left, top, right, bottom } = figure.texts()[0].bounds(index).expect("a note");
    let (dx, dy) = (middle.x, middle.y);
    let relative = Bounds { left: left - dx, top: top - dy, right: right - dx, bottom: bottom - dy };
    (relative, Point::new(to.x - from.x, to.y - from.y))
}

/// The distance of a box around a point beside a line through the origin from this line, and that of its middle from the
/// origin.
fn distances(note: &Bounds, vector: Point) -> (f64, f64) {
    let length = libm::hypot(vector.x, vector.y);
    let side = |x: f64, y: f64| (x * vector.y - y * vector.x) / length;
    let corners =
        [(note.left, note.top), (note.right, note.top), (note.left, note.bottom), (note.right, note.bottom)];
    let sides = corners.map(|(x, y)| side(x, y));
    let (low, high) = sides
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(*at), high.max(*at)));
    let middle = (f64::midpoint(note.left, note.right), f64::midpoint(note.top, note.bottom));
    (low.max(-high), libm::hypot(middle.0, middle.1))
}

#[test]
fn a_note_stands_beside_the_middle_of_its_vector() {
    for angle in (0..360).step_by(15) {
        let radians = f64::from(angle).to_radians();
        let tip = (0.8 * libm::cos(radians), 0.8 * libm::sin(radians));
        let scene = scene(&format!("{{ arrow = [[0, 0], [{}, {}]], note = '$v_0$' }}", tip.0, tip.1));
        let figure = figure(&scene);
        let (note, vector) = note(&figure, 0, tip);
        let (distance, from_middle) = distances(&note, vector);
        assert!(distance > 0.0, "{angle}: {distance} from the line");
        let half = f64::midpoint(note.right - note.left, note.bottom - note.top);
        assert!(from_middle < half + 0.6 * EM, "{angle}: {from_middle} from the middle");
        // Above it, or to the right of an upright one.
        let is_upright = angle % 180 == 90;
        assert!(if is_upright { note.left > 0.0 } else { note.top + note.bottom < 0.0 }, "{angle}: {note:?}");
        if angle % 90 == 0 {
            let offset = if is_upright { note.top + note.bottom } else { note.left + note.right };
            assert!(offset.abs() < 1e-6, "{angle}: it is centered");
        }
    }
}

#[test]
fn a_note_turns_with_its_vector_without_a_jump() {
    let scene = scene("{ arrow = [[0, 0], ['0.8*cos(2*pi*a)', '0.8*sin(2*pi*a)']], note = '$v_0$' }");
    let figure = figure(&scene);
    let frames: Vec<(Bounds, Point)> = (0..=40)
        .map(|index| {
            let angle = std::f64::consts::TAU * index as f64 / 40.0;
            note(&figure, index, (0.8 * libm::cos(angle), 0.8 * libm::sin(angle)))
        })
        .collect();
    for (index, pair) in frames.windows(2).enumerate() {
        let (distance, _) = distances(&pair[1].0, pair[1].1);
        assert!(distance > -0.1 * EM, "{index}: {distance}");
        let step = libm::hypot(pair[1].0.left - pair[0].0.left, pair[1].0.top - pair[0].0.top);
        assert!(step < 0.6 * EM, "{index}: the note moves about its middle by {step}");
    }
    // It went round once with the vector.
    let ((first, _), (last, _)) = (&frames[0], &frames[40]);
    assert!((first.left - last.left).abs() < EM && (first.top - last.top).abs() < EM);
    assert!(frames[20].0.top > 0.0, "on the same side of the vector as in the beginning");
}

#[test]
fn the_arrow_of_an_arm_or_a_line_stays_its_own() {
    let scene = scene(
        "{ arm = 'exp(j)', arrow = true }, { line = [[0, 0], [1, 1]], arrow = 'both' },
         { arrow = [[0, 0], [1, 1]] }",
    );
    let kinds: Vec<&str> = scene.panels[0]
        .elements
        .iter()
        .map(|element| match &element.kind {
            ElementKind::Arm(arm) if arm.arrow => "arm",
            ElementKind::Line(_) => "line",
            ElementKind::Arrow(_) => "arrow",
            _ => "else",
        })
        .collect();
    assert_eq!(kinds, ["arm", "line", "arrow"]);
}

#[test]
fn a_note_goes_on_with_its_vector_from_the_last_frame_to_the_first() {
    let turning = parse_scene(
        "canvas = { size = [300, 300], scale = 2, font-size = 10 }\ntime = { span = [0, 1] }
        animate = { frames = 40, endpoint = false }
        [panels.p]\nkind = 'plane'\naxes = 'none'\nx = { range = [-1, 1] }\ny = { range = [-1, 1] }
        draw = [{ arrow = [[0, 0], ['0.6*cos(2*pi*t)', '0.6*sin(2*pi*t)']], color = 'blue', note = '$v$' }]",
    );
    let figure = figure(&turning);
    let note = |index: usize| {
        let marks = figure.marks(index).expect("marks").into_iter();
        let at = |mark| if let Mark::Fill(fill) = mark { Some(fill) } else { None };
        marks.filter_map(at).filter(|fill| fill.color != BLUE).map(|fill| fill.at).last().expect("a note")
    };
    let step = |from: usize, to: usize| libm::hypot(note(to).x - note(from).x, note(to).y - note(from).y);
    let usual = (0..39).map(|index| step(index, index + 1)).fold(0.0, f64::max);
    assert!(step(39, 40) > 0.2 * usual && step(39, 40) <= 1.5 * usual, "{} of {usual}", step(39, 40));
    assert!(step(40, 0) <= usual, "{} of {usual}", step(40, 0));
}
