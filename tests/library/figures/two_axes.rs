//! Laws of the second vertical axis: what is drawn on it lies where it would lie on a first axis of that range, and its ticks
//! stand where those of such an axis stand.

use kymograph::geometry::Bounds;
use kymograph::mark::Mark;
use kymograph::panel::Figure;
use kymograph::panel::placed_text::TextRole;
use kymograph::scene::Scene;

use crate::support::scenes::{all_frames, draw_frame, figure, figure_at_scale, parse_scene};

/// A plot with its two vertical axes and the list of its elements.
fn plot(y: &str, y2: &str, draw: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 200], scale = 2, font-size = 10 }}\ntime = {{ span = [0, 6] }}
        animate = {{ frames = 5 }}\nsystems.s = {{ kind = 'oscillator', omega0 = 2, zeta = 0.1, x0 = 1 }}
        [panels.p]\nkind = 'plot'\nlegend = false\nx = {{ range = [0, 6] }}
        y = {{ {y} }}\ny2 = {{ {y2} }}\ndraw = [{draw}]"
    ))
}

/// The middles of the tick labels of an axis, with their texts.
fn ticks(figure: &Figure<'_>, role: TextRole, frame: usize) -> Vec<(String, f64)> {
    let texts = figure.texts().iter().filter(|text| text.role == role);
    let middle = |bounds: Bounds| f64::midpoint(bounds.top, bounds.bottom);
    let mut found: Vec<_> =
        texts.filter_map(|text| Some((text.text.clone(), middle(text.bounds(frame)?)))).collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found
}

/// Elements of every kind that takes y values, in the coordinates of a range from 1 to 9.
const ELEMENTS: &[&str] = &[
    "trace = '5 + 3*s.x'",
    "trace = '5 + 3*s.x', dash = true, reveal = 'all'",
    "area = '5 + 3*s.x', to = '3'",
    "area = '5 + 3*s.x'",
    "hline = 4.25",
    "hline = '5 + s.x'",
    "point = '5 + 3*s.x', note = 'here'",
    "drop = '5 + 3*s.x'",
    "scatter = '5 + 3*s.x', step = 0.5, error = 0.3",
    "stem = '5 + 3*s.x', step = 0.5",
    "bars = '5 + 3*s.x', step = 0.5",
    "bars = '5 + 3*s.x', step = 0.5, horizontal = true",
    "hold = '5 + 3*s.x', step = 0.5",
    "text = 'there', at = [2, '5 + 3*s.x']",
    "line = [[1, 2], [5, '8 + s.x']], arrow = true",
    "rect = [[1, 2], [5, '6 + s.x']]",
    "heat = 'x*y'",
    "contour = 'x*y', levels = 5",
    "trace = '5 + 3*s.x', color = { map = 'viridis', value = 's.v', range = [-2, 2] }",
];

#[test]
fn an_element_lies_where_it_would_lie_on_a_first_axis_of_that_range() {
    let (own, other) = ("range = [1, 9], ticks = false", "range = [-200, 50], ticks = false");
    for (own, other) in [
        (own, other),
        ("range = [9, 1], ticks = false", other),
        ("range = [1, 9], scale = 'log', ticks = false", other),
        (own, "range = [3, 700], scale = 'log', ticks = false"),
        ("range = ['1 + t/10', '9 + t'], ticks = false", other),
        (own, "range = ['1 + t/10', '9 + t'], ticks = false"),
    ] {
        for element in ELEMENTS {
            let first = plot(own, other, &format!("{{ {element} }}"));
            let second = plot(other, own, &format!("{{ {element}, axis = 'y2' }}"));
            let (first, second) = (figure(&first), figure(&second));
            for frame in [0, 3, 4] {
                let marks = |figure: &Figure<'_>| format!("{:?}", figure.marks(frame).expect("marks"));
                assert!(marks(&first) == marks(&second), "{element} on {own}, frame {frame}");
            }
            let drawn = |scene: &Figure<'_>| {
                let marks = scene.marks(3).expect("marks");
                marks.iter().filter(|mark| !matches!(mark, Mark::Nothing)).count()
            };
            let without = plot(own, other, "");
            assert!(drawn(&first) > drawn(&figure(&without)), "{element} is drawn");
        }
    }
}

#[test]
fn ticks_stand_where_those_of_a_first_axis_of_that_range_stand() {
    for range in [
        "range = [-3, 7]",
        "range = [7, -3]",
        "range = [0.02, 300], scale = 'log'",
        "range = [0, 10], ticks = { step = 'pi/2' }",
        "range = ['t', '10 + 2*t']",
    ] {
        // Labels below the plot and a title above leave the same rectangle on both sides.
        let scene = plot(range, range, "{ trace = 's.x' }");
        for scale in [1.0, 2.0, 3.0] {
            let figure = figure_at_scale(&scene, scale);
            for frame in [0, 4] {
                let [left, right] =
                    [TextRole::YTick, TextRole::Y2Tick].map(|role| ticks(&figure, role, frame));
                assert!(left.len() >= 3, "{range}");
                assert_eq!(left, right, "{range} at {scale}");
            }
        }
        // The marks are as long on both sides and lie on the same rows.
        let figure = figure(&scene);
        let rect = figure.viewports().next().expect("a panel").1.rect;
        for frame in [0, 4] {
            let image = draw_frame(&figure, frame);
            let rows = |x: i32| (rect.top..rect.bottom).map(move |y| (x, y));
            for beyond in 2..10 {
                let left: Vec<_> =
                    rows(rect.left - beyond - 1).map(|(x, y)| image.row(y, x, x + 1)[0]).collect();
                let right: Vec<_> =
                    rows(rect.right + beyond).map(|(x, y)| image.row(y, x, x + 1)[0]).collect();
                assert!(left == right, "{range}, {beyond} pixels beyond, frame {frame}");
            }
        }
    }
}

#[test]
fn each_axis_is_fitted_to_its_own_elements() {
    let range = |scene: &Scene, second: bool| {
        let figure = figure(scene);
        let (_, viewport) = figure.viewports().next().expect("a panel");
        let axis = figure.second_axes().next().expect("a panel");
        if second { axis.expect("a second axis").range } else { viewport.y.range }
    };
    let (small, large) = ("{ trace = 's.x' }", "{ bars = '50 + 40*s.x', step = 0.5");
    let both = plot("", "", &format!("{small}, {large}, axis = 'y2' }}"));
    assert_eq!(range(&both, false), range(&plot("", "", small), false));
    assert_eq!(range(&both, true), range(&plot("", "", &format!("{large} }}")), false));
    // Without elements it has the range of an empty axis.
    assert_eq!(range(&plot("", "", small), true), [-1.1, 1.1]);
}

#[test]
fn labels_of_the_second_axis_collide_with_nothing() {
    for (side, extra) in [
        ("legend = 'right'", ""),
        ("legend = 'below'", ""),
        ("colorbar = { label = 'heat' }", "{ heat = 'x*y' },"),
        ("legend = 'right'\ncolorbar = { label = 'heat' }", "{ heat = 'x*y' },"),
        ("axes = 'corner'\ntitle = 'a title that is longer than the plot below it is wide'", ""),
        ("axes = 'none'", ""),
    ] {
        for scale in [1.0, 2.0] {
            let panel = |name: &str, y2: &str| {
                format!(
                    "[panels.{name}]\nkind = 'plot'\nx = {{ range = [0, 10] }}\ny = {{ label = 'left' }}\n{side}
                    y2 = {{ label = 'right', {y2} }}\ndraw = [{extra} {{ trace = 'sin(t)', legend = 'sine' }},
                      {{ trace = '1000*cos(t)', axis = 'y2', legend = 'cosine' }}]\n"
                )
            };
            let scene = parse_scene(&format!(
                "canvas = {{ size = [760, 560], font-size = 10 }}\ntime = {{ span = [0, 10] }}
                layout = {{ mosaic = ['a b', 'c d'] }}\n{}{}{}{}",
                panel("a", ""),
                panel("b", "range = [1e-3, 1e4], scale = 'log'"),
                panel("c", "range = [0, 1e6]"),
                panel("d", "ticks = false"),
            ));
            // The figure checks that no texts overlap or leave the canvas.
            let figure = figure_at_scale(&scene, scale);
            let of = |name: &str, role: TextRole| {
                let texts =
                    figure.texts().iter().filter(move |text| text.panel.name == name && text.role == role);
                texts.filter_map(|text| text.bounds(0)).collect::<Vec<_>>()
            };
            for ((panel, viewport), name) in figure.viewports().zip(["a", "b", "c", "d"]) {
                assert_eq!(panel.name, name);
                let label = of(name, TextRole::Y2Label)[0];
                assert!(label.left > f64::from(viewport.rect.right), "{side}");
                assert!(of(name, TextRole::Y2Tick).iter().all(|tick| tick.right < label.left), "{side}");
                for role in [TextRole::ColorTick, TextRole::ColorLabel] {
                    assert!(of(name, role).iter().all(|text| text.left > label.right), "{side}");
                }
                if side.contains("'right'") {
                    assert!(
                        of(name, TextRole::Legend).iter().all(|legend| legend.left > label.right),
                        "{side}"
                    );
                }
            }
            let left = |name: &str| of(name, TextRole::Y2Label)[0].left;
            assert_eq!(
                [left("a"), left("b")],
                [left("c"), left("d")],
                "labels of a column are aligned: {side}"
            );
        }
    }
}

#[test]
fn names_at_the_ends_of_curves_stand_in_the_plot() {
    let end = |text: &str| format!("legend = {{ at = 'end', text = '{text}' }}");
    for reveal in ["grow", "all"] {
        let scene = parse_scene(&format!(
            "canvas = {{ size = [300, 200], scale = 2, font-size = 10 }}\ntime = {{ span = [0, 6] }}
            animate = {{ frames = 120 }}\n[panels.p]\nkind = 'plot'\ny2 = {{ label = 'right' }}
            draw = [{{ trace = 'cos(2*t)', reveal = '{reveal}', {} }},
              {{ trace = '9*cos(t)', reveal = '{reveal}', axis = 'y2', {} }}]",
            end("one"),
            end("other")
        ));
        let figure = figure(&scene);
        let rect = Bounds::from(figure.viewports().next().expect("a panel").1.rect);
        let names: Vec<_> = figure.texts().iter().filter(|text| text.role == TextRole::EndLabel).collect();
        assert_eq!(names.len(), 2);
        for name in names {
            for frame in 0..120 {
                let bounds = name.bounds(frame).expect("a box");
                assert!(
                    bounds.overhang(&rect).iter().all(|beyond| *beyond <= 0.0),
                    "{} in {frame}",
                    name.text
                );
            }
        }
    }
}

#[test]
fn a_panel_takes_the_second_range_of_another_one() {
    let scene = parse_scene(
        "time = { span = [0, 6] }\nlayout = { mosaic = ['a', 'b', 'c'] }
        [panels.a]\nkind = 'plot'\ny2 = {}\ndraw = [{ trace = '3*sin(t)', axis = 'y2' }]
        [panels.b]\nkind = 'plot'\ny2 = { share = 'a' }\ndraw = [{ trace = '7*sin(t)', axis = 'y2' }]
        [panels.c]\nkind = 'plot'\ny2 = {}\ndraw = [{ trace = '7*sin(t)', axis = 'y2' }]",
    );
    let figure = figure(&scene);
    let ranges: Vec<[f64; 2]> = figure.second_axes().map(|axis| axis.expect("a second axis").range).collect();
    assert_eq!(ranges, [ranges[2]; 3]);
}

#[test]
fn a_second_axis_that_moves_leaves_the_elements_on_the_first_one() {
    let (still, moving) = ("range = [-2, 2]", "range = ['t - 3', 't + 3']");
    let scene = plot(still, moving, "{ hline = 1 }, { hline = 3, axis = 'y2', color = 'red' }");
    let figure = figure(&scene);
    let frames = all_frames(&scene);
    let rect = figure.viewports().next().expect("a panel").1.rect;
    let rows = |frame: usize, is_red: bool| {
        let is_wanted = |y: &i32| {
            let color = frames[frame].row(*y, rect.left + 50, rect.left + 51)[0];
            color.g < 100 && if is_red { color.r > 180 } else { color.r < 100 }
        };
        (rect.top + 2..rect.bottom - 2).filter(is_wanted).collect::<Vec<_>>()
    };
    assert!(!rows(0, false).is_empty() && rows(0, false) == rows(3, false));
    assert!(rows(1, true)[0] < rows(3, true)[0]);
}
