//! Laws of legends beside plots and of names at the ends of curves.

use kymograph::geometry::Bounds;
use kymograph::panel::placed_text::TextRole;
use kymograph::scene::Scene;

use crate::support::scenes::{figure, parse_scene};

/// Three curves with these legends in a panel with more keys.
fn scene(panel: &str, legends: [&str; 3]) -> Scene {
    let [a, b, c] = legends;
    parse_scene(&format!(
        r#"
canvas = {{ size = [400, 240], scale = 1 }}
time = {{ span = [0, 10] }}
animate = {{ frames = 40 }}
[panels.x]
kind = "plot"
x = {{ label = '$t$' }}
{panel}
draw = [
  {{ trace = "sin(t)", legend = {a} }},
  {{ trace = "0.9*sin(t)", legend = {b} }},
  {{ trace = "cos(t)", legend = {c} }},
]
"#
    ))
}

#[test]
fn legends_beside_a_plot_cover_nothing_of_it() {
    for (place, entries) in
        [("right", ["'a'", "'b'", "'c'"]), ("below", ["'a'", "'b'", "'a long name of a curve'"])]
    {
        let scene = scene(&format!("legend = '{place}'"), entries);
        let figure = figure(&scene);
        let (_, viewport) = figure.viewports().next().expect("a panel");
        let rect = Bounds::from(viewport.rect);
        let of = |role| figure.texts().iter().filter(move |text| text.role == role);
        let legend = of(TextRole::Legend).next().and_then(|text| text.bounds(0)).expect("a legend");
        assert_eq!(legend.overlap(&rect), 0.0, "{place}");
        let names: Vec<Bounds> = of(TextRole::LegendName).filter_map(|text| text.bounds(0)).collect();
        assert_eq!(names.len(), 3);
        assert!(names.iter().all(|name| name.right <= legend.right && name.left >= legend.left));
        let label = of(TextRole::XLabel).next().and_then(|text| text.bounds(0)).expect("a label");
        match place {
            "right" => assert!(legend.left > rect.right && names[0].top < names[1].top),
            _ => assert!(legend.top > label.bottom && (names[0].top - names[1].top).abs() < 6.0),
        }
    }
}

#[test]
fn names_at_the_ends_of_curves_follow_them_and_keep_apart() {
    let at_end = |name: &str| format!("{{ at = 'end', text = '{name}' }}");
    let [a, b, c] = ["a", "b", "c"].map(at_end);
    let scene = scene("", [&a, &b, &c]);
    let figure = figure(&scene);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    let names: Vec<_> = figure.texts().iter().filter(|text| text.role == TextRole::EndLabel).collect();
    assert_eq!(names.len(), 3);
    let em = scene.canvas.font_size;
    for frame in 0..scene.timeline.frames {
        let t = scene.timeline.present(frame);
        let boxes: Vec<Bounds> = names.iter().map(|name| name.bounds(frame).expect("a name")).collect();
        let ends = [t.sin(), 0.9 * t.sin(), t.cos()].map(|y| viewport.point((t, y)));
        for (own, end) in boxes.iter().zip(ends) {
            assert!(own.left > end.x && own.left < end.x + em, "frame {frame}");
            let middle = f64::midpoint(own.top, own.bottom);
            assert!((middle - end.y).abs() < 2.5 * em, "frame {frame}: {middle} {}", end.y);
        }
        for (index, own) in boxes.iter().enumerate() {
            assert!(boxes[..index].iter().all(|other| own.overlap(other) <= 0.5), "frame {frame}");
        }
    }
    let last = names[0].bounds(scene.timeline.frames - 1).expect("a name");
    assert!(last.left > f64::from(viewport.rect.right) && last.right < 400.0);
}
