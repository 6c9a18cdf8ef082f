//! Laws of panels inside of other panels.

use kymograph::geometry::PixelRect;
use kymograph::scene::Scene;

use crate::support::scenes::{draw_frame, figure, parse_scene};

/// A host and an inset with these keys, which is the first panel of the file.
fn scene(inset: &str) -> Scene {
    parse_scene(&format!(
        r#"
canvas = {{ size = [400, 300], scale = 2 }}
[panels.small]
kind = "plot"
{inset}
draw = [{{ trace = "u", over = "u", span = [0, 1], color = "blue" }}]
[panels.large]
kind = "plot"
x = {{ range = [0, 10] }}
y = {{ range = [0, 10] }}
draw = [{{ rect = [[0, 0], [10, 10]], fill = "red", color = "red" }}]
"#
    ))
}

fn rects(scene: &Scene) -> [PixelRect; 2] {
    let figure = figure(scene);
    let rects: Vec<PixelRect> = figure.viewports().map(|(_, viewport)| viewport.rect).collect();
    rects.try_into().expect("two panels")
}

#[test]
fn the_plot_rectangle_lies_where_at_says() {
    for (at, inside) in [("at = [0.2, 0.5, 0.6, 0.9]", "panel"), ("at = [6, 9, 2, 5], in = 'data'", "data")] {
        let [small, large] = rects(&scene(&format!("inset = {{ panel = 'large', {at} }}")));
        let near = |found: i32, low: i32, high: i32, share: f64| {
            (f64::from(found) - f64::from(low) - share * f64::from(high - low)).abs() <= 0.5
        };
        assert!(near(small.left, large.left, large.right, 0.2), "{inside}");
        assert!(near(small.right, large.left, large.right, 0.6), "{inside}");
        assert!(near(small.top, large.bottom, large.top, 0.9), "{inside}");
        assert!(near(small.bottom, large.bottom, large.top, 0.5), "{inside}");
    }
}

#[test]
fn a_panel_inside_of_another_takes_no_room_in_the_grid() {
    let alone = parse_scene(
        r#"
canvas = { size = [400, 300], scale = 2 }
[panels.large]
kind = "plot"
x = { range = [0, 10] }
y = { range = [0, 10] }
"#,
    );
    let figure = figure(&alone);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    assert_eq!(rects(&scene("inset = { panel = 'large', at = [0.2, 0.3, 0.6, 0.9] }"))[1], viewport.rect);
}

#[test]
fn a_framed_panel_covers_what_lies_under_it() {
    for (axes, is_opaque) in [("box", true), ("corner", true), ("none", false)] {
        let scene =
            scene(&format!("axes = '{axes}'\ninset = {{ panel = 'large', at = [0.2, 0.3, 0.6, 0.9] }}"));
        let [small, _] = rects(&scene);
        let image = draw_frame(&figure(&scene), 0);
        let corner = image.row(small.top + 20, small.left + 20, small.left + 21)[0];
        assert_eq!(corner.g == 255, is_opaque, "{axes}: {corner:?}");
    }
}
