//! Laws of SVG: it is XML without external references, its numbers are those of the marks, and its animations show each
//! frame at the frame's time. `tests/decoders/svg.sh` renders the same files in browsers.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::support::ink::{CANVAS, TEAL, line, pen, pens, sine, square, stroke};
use crate::support::scenes::{self, figure, repository_scene, repository_scenes};
use kymograph::animation::Animation;
use kymograph::geometry::Point;
use kymograph::mark::{Cap, Fill, Mark, Shape, Stroke};
use kymograph::raster::Rgba;
use kymograph::scene::Scene;
use kymograph::svg::{SvgOptions, animated, still};
use kymograph::timing::LoopCount;
use kymograph::timing::Timing;
use roxmltree::{Document, Node};

/// A scene with every kind of motion.
const ROUND: &str = include_str!("../decoders/scenes/round.toml");

const OPTIONS: SvgOptions<'static> =
    SvgOptions { scale: 2.0, title: None, seamless: false, in_steps: false, stamp: None };

/// A small white animation.
fn animation(frames: usize, hold: f64) -> Animation {
    let timing = Timing { frames, fps: 4.0, hold };
    let (size, background, matte) = ((160, 100), Rgba::WHITE, Rgba::WHITE);
    Animation { size, background, timing, plays: LoopCount::Forever, matte }
}

fn own_still(marks: Vec<Mark>) -> String {
    still(&animation(1, 0.0), &OPTIONS, marks)
}

fn scene_options(scene: &Scene) -> SvgOptions<'_> {
    let (scale, title) = (scene.canvas.scale, scene.alt.as_deref());
    SvgOptions {
        scale,
        title,
        seamless: scene.timeline.is_seamless(),
        in_steps: scene.moves_in_steps(),
        stamp: None,
    }
}

fn scene_still(scene: &Scene, index: usize) -> String {
    let figure = figure(scene);
    still(&figure.animation(), &scene_options(scene), figure.marks(index).expect("marks"))
}

fn scene_film(scene: &Scene) -> String {
    let figure = figure(scene);
    animated(&figure.animation(), &scene_options(scene), |index| figure.marks(index)).expect("a film")
}

/// A film whose lists of marks a test writes by hand.
fn own_film(animation: &Animation, marks: impl Fn(usize) -> Vec<Mark>) -> String {
    animated(animation, &OPTIONS, |index| Ok::<_, std::convert::Infallible>(marks(index))).expect("a film")
}

fn parsed(text: &str) -> Document<'_> {
    Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The only element with a name.
fn only<'a>(document: &'a Document<'_>, name: &str) -> Node<'a, 'a> {
    let mut found = document.descendants().filter(|node| node.has_tag_name(name));
    let first = found.next().unwrap_or_else(|| panic!("no {name}"));
    assert!(found.next().is_none(), "more than one {name}");
    first
}

fn list(node: Node<'_, '_>, name: &str) -> Vec<f64> {
    let text = node.attribute(name).unwrap_or_else(|| panic!("no {name}"));
    text.split(';').map(|value| value.parse().expect("a number")).collect()
}

/// The value of an interpolated animation at a fraction of its duration.
fn value_at(animation: Node<'_, '_>, part: f64) -> f64 {
    let values = list(animation, "values");
    // Without key times the values are spaced evenly.
    let even = || (0..values.len()).map(|k| k as f64 / (values.len() - 1) as f64).collect();
    let times: Vec<f64> =
        if animation.has_attribute("keyTimes") { list(animation, "keyTimes") } else { even() };
    let next = times.partition_point(|time| *time <= part).clamp(1, times.len() - 1);
    let share = (part - times[next - 1]) / (times[next] - times[next - 1]);
    values[next - 1] + (values[next] - values[next - 1]) * share
}

/// The corners of relative straight lines.
fn corners(data: &str) -> Vec<Point> {
    let mut corners = Vec::new();
    let mut at = Point::default();
    let mut rest = data;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..].find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1);
        let numbers = numbers(&rest[1..end]);
        rest = &rest[end..];
        let steps: Vec<(f64, f64)> = match command {
            'h' => numbers.iter().map(|x| (*x, 0.0)).collect(),
            'v' => numbers.iter().map(|y| (0.0, *y)).collect(),
            'm' | 'l' => numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
            other => panic!("{other} in {data}"),
        };
        for (x, y) in steps {
            at = Point::new(at.x + x, at.y + y);
            corners.push(at);
        }
    }
    corners
}

/// Numbers in the shortest notation that SVG allows: `1.5.25-3`.
fn numbers(text: &str) -> Vec<f64> {
    let mut words: Vec<String> = Vec::new();
    for character in text.chars() {
        let new = match (character, words.last()) {
            (' ', _) | (_, None) => true,
            ('-', Some(word)) => !word.is_empty(),
            ('.', Some(word)) => word.contains('.'),
            _ => false,
        };
        if new {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character != ' ') {
            word.push(character);
        }
    }
    words.iter().map(|word| word.parse().unwrap_or_else(|_| panic!("{word:?} in {text}"))).collect()
}

#[test]
fn pictures_are_well_formed_xml_without_external_references() {
    let mut scenes: Vec<Scene> = repository_scenes().iter().map(|entry| entry.scene(&[])).collect();
    scenes.push(scenes::parse_scene(ROUND));
    for scene in &scenes {
        for text in [scene_still(scene, scene.timeline.frames / 2), scene_film(scene)] {
            let document = parsed(&text);
            let names: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
            let distinct: BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(names.len(), distinct.len());
            let mut used = BTreeSet::new();
            for attribute in document.descendants().flat_map(|node| node.attributes().collect::<Vec<_>>()) {
                let value = attribute.value();
                let reference = value.strip_prefix("url(").and_then(|rest| rest.strip_suffix(')'));
                if value.starts_with("data:image/png;base64,") {
                    continue;
                }
                let reference = reference.or((attribute.name() == "href").then_some(value));
                used.extend(reference.map(|name| name.strip_prefix('#').expect("inside of the picture")));
                assert!(!attribute.name().starts_with("on") && !value.contains("NaN"), "{value}");
            }
            assert_eq!(used, distinct, "all that is defined is used, and the other way round");
            let allowed = "animate animateTransform clipPath defs g image mask path rect svg title use";
            for element in document.descendants().filter(Node::is_element) {
                assert!(allowed.split(' ').any(|name| element.has_tag_name(name)), "{element:?}");
            }
        }
    }
}

#[test]
fn the_css_size_is_that_of_the_canvas_at_any_scale() {
    for (scale, view) in [("1", "0 0 500 350"), ("2", "0 0 1000 700"), ("0.5", "0 0 250 175")] {
        let scene = repository_scene("simple-harmonic-motion", &[&format!("canvas.scale={scale}")]);
        let text = scene_still(&scene, 3);
        let document = parsed(&text);
        let root = document.root_element();
        let attributes = ["width", "height", "viewBox"].map(|name| root.attribute(name));
        assert_eq!(attributes, [Some("500"), Some("350"), Some(view)]);
    }
}

#[test]
fn equal_films_are_equal_bytes_and_equal_frames_are_equal_stills() {
    let scene = scenes::parse_scene(ROUND);
    assert_eq!(scene_film(&scene), scene_film(&scenes::parse_scene(ROUND)));
    assert_eq!(scene_still(&scene, 7), scene_still(&scenes::parse_scene(ROUND), 7));
    assert_ne!(scene_still(&scene, 7), scene_still(&scene, 8));
}

#[test]
fn a_still_has_the_points_of_the_marks() {
    let curve = stroke(sine(700), pen(1.5, &[], Cap::Butt));
    let text = own_still(vec![Mark::Stroke(curve.clone())]);
    let document = parsed(&text);
    let path = document.descendants().find(|node| node.has_attribute("stroke")).expect("a stroke");
    assert_eq!(path.attribute("stroke-width"), Some("1.5"));
    assert_eq!(path.attribute("stroke"), Some("#038c97"));
    let corners = corners(path.attribute("d").expect("data"));
    assert!(corners.len() < 350, "{} corners", corners.len());
    let near = |a: &Point, b: &Point, reach: f64| (a.x - b.x).abs().max((a.y - b.y).abs()) <= reach;
    assert!(corners.iter().all(|corner| curve.path.points.iter().any(|point| near(corner, point, 0.0051))));
    for point in &curve.path.points {
        let missed = corners.windows(2).map(|ends| {
            let along = (ends[1].x - ends[0].x, ends[1].y - ends[0].y);
            let way = (point.x - ends[0].x, point.y - ends[0].y);
            let part = (along.0 * way.0 + along.1 * way.1) / (along.0 * along.0 + along.1 * along.1);
            let part = part.clamp(0.0, 1.0);
            libm::hypot(way.0 - along.0 * part, way.1 - along.1 * part)
        });
        assert!(missed.fold(f64::INFINITY, f64::min) < 0.03, "{point:?}");
    }
}

#[test]
fn dashes_caps_and_opacity_come_from_the_pen() {
    let mut dashed = pen(3.0, &[12.0, 3.0, 1.0], Cap::Round);
    dashed.color = Rgba { a: 102, ..TEAL };
    let text = own_still(vec![Mark::Stroke(stroke(line((5.0, 5.0), (90.0, 40.0), 9), dashed))]);
    let document = parsed(&text);
    let path = document.descendants().find(|node| node.has_attribute("stroke")).expect("a stroke");
    let attributes =
        ["stroke-dasharray", "stroke-linecap", "stroke-opacity", "d"].map(|name| path.attribute(name));
    assert_eq!(attributes, [Some("12 3 1 12 3 1"), Some("round"), Some(".4"), Some("m5 5 85 35")]);
}

#[test]
fn a_growing_stroke_of_any_pen_is_complete_at_the_end() {
    for pen in pens() {
        let whole = stroke(sine(300), pen);
        let grown = |index: usize| Stroke { visible_points: 1 + index * 299 / 9, ..whole.clone() };
        let text = own_film(&animation(10, 0.0), |index| vec![Mark::Stroke(grown(index))]);
        let document = parsed(&text);
        let animation = only(&document, "animate");
        // A dashed stroke is complete behind a mask that grows.
        let masked = animation.ancestors().any(|node| node.has_tag_name("mask"));
        assert_eq!(masked, !whole.pen.dash.is_empty());
        let growing = animation.parent_element().expect("what grows");
        let dash: f64 = growing.attribute("stroke-dasharray").expect("a dash").parse().expect("a length");
        assert!((dash - value_at(animation, 1.0) - whole.path.arc_length(299)).abs() < 0.1);
        assert_eq!(value_at(animation, 0.0), dash, "nothing is seen at first");
    }
}

#[test]
fn overlapping_outlines_do_not_add_up() {
    let color = Rgba { a: 51, ..TEAL };
    let fill = |outlines| {
        let shape = Arc::new(Shape { outlines });
        Mark::Fill(Fill { shape, at: Point::new(20.0, 20.0), color, clip: CANVAS })
    };
    let one = square(20.0).outlines[0].clone();
    let other = one.clone().transform(tiny_skia_path::Transform::from_translate(9.0, 9.0)).expect("a path");
    let back = one.clone().transform(tiny_skia_path::Transform::from_scale(-1.0, 1.0)).expect("a path");
    let alike = own_still(vec![fill(vec![one.clone(), other])]);
    let document = parsed(&alike);
    let painted: Vec<_> = document.descendants().filter(|node| node.has_attribute("fill-opacity")).collect();
    assert_eq!(painted.len(), 1, "one path has both:\n{alike}");
    let against = own_still(vec![fill(vec![one, back])]);
    let document = parsed(&against);
    let group = only(&document, "g");
    assert_eq!((group.attribute("opacity"), group.children().count()), (Some(".2"), 2), "{against}");
    assert!(!against.contains("fill-opacity"));
}

#[test]
fn a_growing_trace_has_the_length_of_the_curve_in_every_frame() {
    let curve = stroke(sine(500), pen(1.5, &[], Cap::Butt));
    let upto = |index: usize| 1 + (index * index * 499) / (24 * 24);
    let text = own_film(&animation(25, 1.0), |index| {
        vec![Mark::Stroke(Stroke { visible_points: upto(index), ..curve.clone() })]
    });
    let document = parsed(&text);
    let animation = only(&document, "animate");
    assert_eq!(animation.attribute("attributeName"), Some("stroke-dashoffset"));
    assert_eq!(
        (animation.attribute("dur"), animation.attribute("repeatCount")),
        (Some("7.25s"), Some("indefinite"))
    );
    let path = animation.parent().expect("a path");
    let dash: f64 = path.attribute("stroke-dasharray").expect("a dash").parse().expect("a length");
    assert!(dash > curve.path.arc_length(499) + 1.0);
    for index in 0..25 {
        let shown = dash - value_at(animation, index as f64 / 4.0 / 7.25);
        let arc = curve.path.arc_length(upto(index) - 1);
        // The tolerances of key times and chords, and the rounding of a key time.
        assert!((shown - arc).abs() < 0.15, "frame {index}: {shown} of {arc}");
    }
    let end = value_at(animation, 0.95);
    assert_eq!(end, value_at(animation, 1.0), "the last frame is held");
}

#[test]
fn a_trace_with_breaks_grows_piece_by_piece() {
    let mut curve = stroke(line((10.0, 50.0), (150.0, 50.0), 14), pen(2.0, &[], Cap::Butt));
    let path = Arc::make_mut(&mut curve.path);
    path.subpath_starts = vec![0, 8];
    let text = own_film(&animation(15, 0.0), |index| {
        vec![Mark::Stroke(Stroke { visible_points: index + 1, ..curve.clone() })]
    });
    let document = parsed(&text);
    let animations: Vec<_> = document.descendants().filter(|node| node.has_tag_name("animate")).collect();
    assert_eq!(animations.len(), 2);
    for index in 0..15 {
        let part = index as f64 / 15.0;
        let shown: f64 = animations
            .iter()
            .map(|animation| {
                let dash: f64 = animation
                    .parent_element()
                    .and_then(|path| path.attribute("stroke-dasharray"))
                    .expect("a dash")
                    .parse()
                    .expect("a length");
                dash - value_at(*animation, part)
            })
            .sum();
        assert!((shown - curve.path.arc_length(index)).abs() < 0.1, "frame {index}: {shown}");
    }
}

/// A tail of 4 that runs along a curve from 3 to 8 meets it in frames 4 to 11.
#[test]
fn a_tail_is_hidden_before_and_after_it_meets_its_curve() {
    const TAIL: &str = "
canvas = { size = [160, 100] }
time = { span = [0, 20] }
animate = { frames = 21 }
[panels.x]
kind = 'plot'
axes = 'none'
x = { range = [0, 20] }
draw = [{ trace = 'sin(t)', span = [3, 8], reveal = { tail = 4 }, dash = true }]
";
    let scene = scenes::parse_scene(TAIL);
    let inked = |index: usize| scene_still(&scene, index).contains("stroke-dasharray");
    assert_eq!([0, 2, 4, 7, 11, 13, 20].map(inked), [false, false, true, true, true, false, false]);
    let text = scene_film(&scene);
    let document = parsed(&text);
    let groups = only(&document, "mask").descendants().filter(|node| node.has_attribute("visibility"));
    let groups: Vec<_> =
        groups.filter(|group| group.descendants().any(|node| node.has_tag_name("path"))).collect();
    assert_eq!(groups.len(), 8, "a group for each frame in which there is a tail");
    for (group, frame) in groups.iter().zip(4..) {
        let animation = group.children().find(|node| node.has_tag_name("animate")).expect("an animation");
        let times = list(animation, "keyTimes");
        let exact = [0.0, f64::from(frame) / 21.0, f64::from(frame + 1) / 21.0];
        assert!(
            times.iter().zip(exact).all(|(time, exact)| (time - exact).abs() < 1e-4),
            "frame {frame}: {times:?}"
        );
        assert_eq!(animation.attribute("values"), Some("hidden;visible;hidden"));
        assert_eq!(group.attribute("visibility"), Some("hidden"), "as on the last frame");
    }
}

#[test]
fn a_shape_moves_appears_and_disappears_at_its_frames() {
    let shape = square(7.0);
    let at = |index: usize| Point::new(10.0 + (index * index) as f64, 20.0);
    let text = own_film(&animation(8, 0.0), |index| match index {
        3 | 4 => vec![Mark::Nothing],
        _ => vec![Mark::Fill(Fill { shape: Arc::clone(&shape), at: at(index), color: TEAL, clip: CANVAS })],
    });
    let document = parsed(&text);
    let transform = only(&document, "animateTransform");
    for index in [0, 1, 2, 5, 6, 7] {
        let x = value_at(transform, index as f64 / 8.0);
        assert!((x - (at(index).x - at(7).x)).abs() < 0.06, "frame {index}: {x}");
    }
    let showing = only(&document, "animate");
    assert_eq!(showing.attribute("values"), Some("visible;hidden;visible"));
    assert_eq!(list(showing, "keyTimes"), [0.0, 0.375, 0.625]);
    assert_eq!(showing.attribute("calcMode"), Some("discrete"));
}

#[test]
fn glyphs_never_morph_into_other_glyphs() {
    let scene = scenes::parse_scene(
        "time = { span = [0, 9] }\nanimate = { frames = 10 }\n[panels.a]\nkind = 'plot'\naxes = 'none'\n\
         draw = [{ text = '@{t:.0}', at = [0.5, 0.5], in = 'panel', halo = false }]",
    );
    let text = scene_film(&scene);
    let document = parsed(&text);
    let animations: Vec<_> = document.descendants().filter(|node| node.has_tag_name("animate")).collect();
    assert_eq!(animations.len(), 10, "a digit for every frame");
    assert!(animations.iter().all(|animation| animation.attribute("attributeName") == Some("visibility")));
}

#[test]
fn a_film_without_its_end_point_interpolates_from_its_last_frame_to_its_first() {
    let text = "time = { span = [0, 6.283185307179586] }\nanimate = { frames = 12, endpoint = false }\n\
                [panels.a]\nkind = 'plane'\naxes = 'none'\ndraw = [{ point = 'exp(j*t)' }]";
    let scene = scenes::parse_scene(text);
    let film = scene_film(&scene);
    let document = parsed(&film);
    let values = only(&document, "animateTransform").attribute("values").expect("values").to_owned();
    let places: Vec<&str> = values.split(';').collect();
    assert_eq!(places.first(), places.last());
    assert_eq!(only(&document, "animateTransform").attribute("dur"), Some(".48s"));
    let held = scenes::parse_scene_with(text, &["animate.hold=1"]);
    assert!(!held.timeline.is_seamless(), "what is held does not run on");
}

#[test]
fn a_param_that_counts_keeps_to_whole_values_between_frames() {
    let text = "params = { n = 1 }\nanimate = { over = 'n', span = [1, 4], frames = 4 }\n\
                systems.c = { kind = 'chain', count = 5, x0 = 'i^2' }\n\
                [panels.a]\nkind = 'plane'\naxes = 'none'\nx = { range = [0, 20] }\ny = { range = [-1, 1] }\n\
                draw = [{ point = 'POINT' }]";
    for (point, in_steps) in [
        ("c.x[n]", true),
        ("c.x[5 - n]", true),
        ("sum(i, i, 0, n)", true),
        ("n^2", false),
        ("c.x[floor(n)]", false),
        ("c.x[2] + n", false),
    ] {
        let scene = scenes::parse_scene(&text.replace("POINT", point));
        assert_eq!(scene.moves_in_steps(), in_steps, "{point}");
        let film = scene_film(&scene);
        assert_eq!(film.contains("calcMode=\"discrete\""), in_steps, "{point}");
    }
    let film = scene_film(&scenes::parse_scene(&text.replace("POINT", "c.x[n]")));
    let document = parsed(&film);
    let motion = only(&document, "animateTransform");
    let values = motion.attribute("values").expect("values");
    assert_eq!(values.split(';').count(), 4, "{values}");
    assert_eq!(list(motion, "keyTimes"), [0.0, 0.25, 0.5, 0.75]);
}

#[test]
fn a_title_is_escaped_and_reads_back_unchanged() {
    let alt = "a < b & c > d, \"quoted\" 'twice' ]]> <script>é</script>";
    let text = still(&animation(1, 0.0), &SvgOptions { title: Some(alt), ..OPTIONS }, Vec::new());
    let document = parsed(&text);
    assert_eq!(only(&document, "title").text(), Some(alt));
    assert_eq!(document.root_element().attribute("role"), Some("img"));
}

#[test]
fn each_glyph_is_defined_once() {
    let scene = repository_scene("simple-harmonic-motion", &[]);
    let text = scene_still(&scene, 0);
    let document = parsed(&text);
    let uses = document.descendants().filter(|node| node.has_tag_name("use")).count();
    let defined = only(&document, "defs").children().count();
    assert!(uses > 3 * defined, "{uses} uses of {defined}");
}

#[test]
fn a_transparent_background_is_not_drawn() {
    let clear = still(&Animation { background: Rgba::CLEAR, ..animation(1, 0.0) }, &OPTIONS, Vec::new());
    let white = own_still(Vec::new());
    assert!(white.contains("<path d=\"M0 0h160v100H0z\" fill=\"#fff\"/>") && !clear.contains("<path"));
}
