//! Laws of what lies over what, and of labels beside axes: frames, points, texts with their halos, legends.

use kymograph::geometry::Bounds;
use kymograph::panel::Figure;
use kymograph::panel::placed_text::TextRole;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::Scene;

use crate::support::scenes::{draw_frame, figure, parse_scene, parse_scene_with, repository_scene};

const RED: Rgba = Rgba::opaque(255, 0, 0);

/// A plot of 200 × 100 CSS pixels with these elements.
fn plot(elements: &str) -> Scene {
    parse_scene(&format!(
        r#"
canvas = {{ size = [200, 100], scale = 2 }}
time = {{ span = [0, 10] }}
[panels.x]
kind = "plot"
x = {{ range = [0, 10] }}
y = {{ range = [-1, 1] }}
draw = [{elements}]
"#
    ))
}

fn pixel(image: &Raster, x: f64, y: f64) -> Rgba {
    image.row(y as i32, x as i32, x as i32 + 1)[0]
}

/// The number of pixels of a color in the box of the scene's only text.
fn count_in_text(scene: &Scene, color: Rgba) -> usize {
    let figure = figure(scene);
    let image = draw_frame(&figure, 0);
    let Bounds { left, top, right, bottom } = bounds_of(&figure, TextRole::Text, 0);
    let rows = top as i32..bottom as i32;
    rows.flat_map(|y| image.row(y, left as i32, right as i32).to_vec())
        .filter(|found| *found == color)
        .count()
}

fn bounds_of(figure: &Figure<'_>, role: TextRole, frame: usize) -> Bounds {
    let text = figure.texts().iter().find(|text| text.role == role).expect("a text");
    text.bounds(frame).expect("a frame that shows it")
}

#[test]
fn points_and_curves_lie_over_the_frame_and_areas_below_it() {
    for (elements, over) in [
        ("{ point = '0', x = '0', color = 'red', size = 12 }", true),
        ("{ area = '-1' }, { point = '0', x = '0', color = 'red', size = 12 }", true),
        ("{ rect = [[-1, -1], [5, 1]], fill = 'red', color = 'red' }", false),
    ] {
        let scene = plot(elements);
        let figure = figure(&scene);
        let (_, viewport) = figure.viewports().next().expect("a panel");
        let found = pixel(&draw_frame(&figure, 0), viewport.x.pixels[0] - 1.0, viewport.point((0.0, 0.0)).y);
        assert_eq!(found == RED, over, "{elements}: {found:?}");
    }
}

#[test]
fn halos_keep_lines_off_letters() {
    let lines = (0..20).map(|i| format!("{{ hline = {}, color = 'red' }}", f64::from(i) / 10.0 - 1.0));
    let lines = lines.collect::<Vec<_>>().join(", ");
    let with = |halo: &str| {
        count_in_text(&plot(&format!("{lines}, {{ text = 'letters', at = [3, 0]{halo} }}")), RED)
    };
    let (plain, usual) = (with(", halo = false"), with(""));
    assert!(plain > 100 && usual < plain / 10, "{plain} {usual}");
    assert!(with(", halo = 0.5") > usual);
    assert_eq!((with(", halo = true"), with(", halo = 0")), (usual, plain));
}

#[test]
fn a_transparent_page_has_neither_halos_nor_the_box_of_a_legend() {
    let scene = |halo: &str| {
        let text = format!(
            r#"
canvas = {{ size = [200, 100], background = "transparent" }}
[panels.x]
kind = "plot"
legend = "ne"
x = {{ range = [0, 10] }}
y = {{ range = [-1, 1] }}
draw = [
  {{ trace = "-0.9", span = [0, 10], color = "red", legend = "low" }},
  {{ text = "text", at = [3, -0.9], anchor = "c"{halo} }},
]
"#
        );
        parse_scene(&text)
    };
    let (clear, halo) = (scene(""), scene(", halo = 3"));
    let image = draw_frame(&figure(&clear), 0);
    assert!(image.pixels().iter().all(|pixel| pixel.a == 0 || *pixel != Rgba { a: pixel.a, ..Rgba::WHITE }));
    assert!(draw_frame(&figure(&halo), 0).pixels().contains(&Rgba::WHITE));
}

#[test]
fn a_drop_ends_at_the_edge_where_its_axis_lies_outside() {
    let scene = parse_scene(
        r#"
canvas = { size = [200, 100], scale = 2 }
time = { span = [0, 10], at = 5 }
[panels.x]
kind = "plot"
draw = [{ trace = "100 + sin(t)" }, { drop = "100 + sin(t)", color = "red" }]
"#,
    );
    let figure = figure(&scene);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    assert!(viewport.y.range[0] > 98.0, "{:?}", viewport.y.range);
    let (x, bottom) = (viewport.x.pixel(5.0), viewport.y.pixels[0]);
    let image = draw_frame(&figure, 0);
    let is_red = |y: f64| (-2..=2).any(|dx| pixel(&image, x + f64::from(dx), y) == RED);
    assert!(is_red(bottom - 4.0) && !is_red(viewport.y.pixels[1] + 2.0));
}

#[test]
fn labels_of_crossing_axes_stand_at_their_ends() {
    let scene = parse_scene(
        r#"
canvas = { size = [300, 200] }
[panels.x]
kind = "plot"
axes = "origin"
title = 'title'
x = { range = [-1, 3], label = '$u$' }
y = { range = [-1, 3], label = 'height' }
draw = [{ trace = "u", over = "u" }]
"#,
    );
    let figure = figure(&scene);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    let (rect, at) = (Bounds::from(viewport.rect), viewport.point((0.0, 0.0)));
    let [x, y, title] =
        [TextRole::XLabel, TextRole::YLabel, TextRole::Title].map(|role| bounds_of(&figure, role, 0));
    let em = scene.canvas.font_size * scene.canvas.scale;
    assert!(x.left > rect.right && x.left < rect.right + em && x.top < at.y && at.y < x.bottom, "{x:?}");
    assert!(
        y.bottom < rect.top && y.bottom > rect.top - 1.6 * em && y.left < at.x && at.x < y.right,
        "{y:?}"
    );
    assert!(y.right - y.left > y.bottom - y.top, "upright: {y:?}");
    assert!(title.bottom <= y.top);
}

#[test]
fn only_the_lowest_of_panels_that_share_an_axis_labels_it() {
    let scene = |share: &str| {
        parse_scene_with(
            r#"
canvas = { size = [300, 400] }
[panels.a]
kind = "plot"
draw = [{ trace = "u", over = "u", span = [0, 1] }]
[panels.b]
kind = "plane"
aspect = "auto"
draw = [{ line = [[0, 0], [3, 1]] }]
[panels.c]
kind = "plane"
aspect = "auto"
draw = [{ line = [[0, 0], [2, 1]] }]
"#,
            &[&format!("panels.b.x.share={share}"), &format!("panels.c.x.share={share}")],
        )
    };
    let scene = scene("a");
    let figure = figure(&scene);
    let labeled = |name: &str| {
        let ticks = figure.texts().iter().filter(|text| text.role == TextRole::XTick);
        ticks.filter(|text| text.panel.name == name).count()
    };
    assert_eq!((labeled("a"), labeled("b")), (0, 0));
    assert!(labeled("c") > 2);
}

#[test]
fn a_removed_panel_leaves_no_empty_row() {
    let text = r#"
canvas = { size = [300, 400] }
layout = { mosaic = ["a a", "b .", "c d"], heights = [1, 2, 3], row-gap = [10, 20] }
[panels]
a = { kind = "plot", draw = [{ trace = "u", over = "u", span = [0, 1] }] }
b = { kind = "plot", draw = [{ trace = "u", over = "u", span = [0, 1] }] }
c = { kind = "plot", draw = [{ trace = "u", over = "u", span = [0, 1] }] }
d = { kind = "plot", draw = [{ trace = "u", over = "u", span = [0, 1] }] }
"#;
    let without = |changes: &[&str]| {
        let scene = parse_scene_with(text, changes);
        (scene.grid.heights.clone(), scene.grid.widths.len(), scene.grid.row_gaps.len(), scene.panels.len())
    };
    assert_eq!(without(&[]), (vec![1.0, 2.0, 3.0], 2, 2, 4));
    assert_eq!(without(&["panels.b=false"]), (vec![1.0, 3.0], 2, 1, 3));
    assert_eq!(without(&["panels.d=false"]), (vec![1.0, 2.0, 3.0], 2, 2, 3));
    assert_eq!(without(&["panels.a=false", "panels.d=false"]), (vec![2.0, 3.0], 1, 1, 2));
}

#[test]
fn notes_move_slowly_about_their_markers() {
    let scene = repository_scene("simple-harmonic-motion-z", &[]);
    let figure = figure(&scene);
    let (_, viewport) = figure.viewports().nth(1).expect("the plane");
    let note = figure.texts().iter().find(|text| text.text == "$z(t)$").expect("the note");
    let em = scene.canvas.font_size * scene.canvas.scale;
    // m = 90 kg on k = 10 N/m from x = 0 with 1 m/s: z = -3j exp(jt/3).
    let beside = |frame: usize| {
        let t = scene.timeline.present(frame);
        let marker = viewport.point((3.0 * (t / 3.0).sin(), -3.0 * (t / 3.0).cos()));
        let bounds = note.bounds(frame).expect("a shown note");
        (bounds.left - marker.x, bounds.top - marker.y)
    };
    for frame in 1..scene.timeline.frames {
        let ((x, y), (u, v)) = (beside(frame - 1), beside(frame));
        assert!((u - x).hypot(v - y) < 0.2 * em + 0.01, "frame {frame}");
    }
}

/// The names of the panels of twelve copies that have a text of a role.
fn copies_with(role: TextRole, keys: &str) -> Vec<String> {
    let scene = parse_scene(&format!(
        "canvas = {{ size = [600, 400] }}\n[panels.p]\nkind = 'plot'\neach = {{ a = [1, 2, 3], b = [1, 2, 3, 4] }}
        draw = [{{ trace = 'a*x + b', over = 'x', span = [0, 1] }}]\n{keys}"
    ));
    let figure = figure(&scene);
    let texts = figure.texts().iter().filter(|text| text.role == role);
    let mut names: Vec<String> = texts.map(|text| text.panel.name.clone()).collect();
    names.dedup();
    names.sort();
    names
}

#[test]
fn only_outer_copies_of_a_panel_have_labels_of_shared_axes() {
    let (lowest, leftmost) = (["p-10", "p-11", "p-8", "p-9"], ["p-0", "p-4", "p-8"]);
    let same = "x = { label = 'x' }\ny = { label = 'y' }";
    let given = "x = { label = 'x', range = [0, 1] }\ny = { label = 'y', range = [0, 9] }";
    for keys in [same, given] {
        for role in [TextRole::XLabel, TextRole::XTick] {
            assert_eq!(copies_with(role, keys), lowest, "{role:?} with {keys}");
        }
        for role in [TextRole::YLabel, TextRole::YTick] {
            assert_eq!(copies_with(role, keys), leftmost, "{role:?} with {keys}");
        }
    }
    // Labels that differ are all there, and so are the ticks of ranges that differ.
    assert_eq!(copies_with(TextRole::YLabel, "y = { label = '$y_{@{b}}$' }").len(), 12);
    assert_eq!(copies_with(TextRole::YTick, "y = { range = [0, '9 + b'] }").len(), 12);
    assert_eq!(copies_with(TextRole::YTick, "axes = 'origin'").len(), 12);
}
