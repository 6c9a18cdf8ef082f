//! Laws of tick labels under the markers of poles: they are left out while a marker stands on them, and all others stay.

use kymograph::geometry::Bounds;
use kymograph::panel::Figure;
use kymograph::panel::placed_text::TextRole;
use kymograph::scene::Scene;

use crate::support::scenes::{figure, parse_scene};

/// The diameter of the markers in device pixels.
const SIZE: f64 = 20.0;

/// A plane whose axes cross, with poles at `a ± j*b`.
fn plane(film: &str, [a, b]: [f64; 2], keys: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [400, 300], scale = 2 }}\n{film}\nparams = {{ a = {a}, b = {b} }}
        [systems.X]\nkind = 'transfer-function'\npoles = ['a + j*b', 'a - j*b']\nu = 0
        [panels.s]\nkind = 'plane'\naxes = 'origin'\ny = {{ range = [-2, 2] }}
        x = {{ range = [-3, 3], {keys} }}\ndraw = [{{ poles = 'X', size = 10 }}]"
    ))
}

/// The labels of the ticks of the x axis in a frame, with their boxes.
fn labels(figure: &Figure<'_>, frame: usize) -> Vec<(String, Bounds)> {
    let texts = figure.texts().iter().filter(|text| text.role == TextRole::XTick);
    texts.filter_map(|text| Some((text.text.clone(), text.bounds(frame)?))).collect()
}

/// The place of the middle of the label of −2.
fn middle_of_label() -> [f64; 2] {
    let scene = plane("", [2.9, 1.9], "");
    let figure = figure(&scene);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    let bounds = labels(&figure, 0).into_iter().find(|(text, _)| text == "$-2$").expect("a label").1;
    let middle = [f64::midpoint(bounds.left, bounds.right), f64::midpoint(bounds.top, bounds.bottom)];
    let (x, y) = (viewport.x.value(middle[0]), viewport.y.value(middle[1]));
    [x, y]
}

#[test]
fn a_label_under_a_marker_that_keeps_still_is_left_out() {
    let [a, b] = middle_of_label();
    let away = plane("", [2.9, 1.9], "");
    let on_it = plane("", [a, b], "");
    let names = |scene: &Scene| -> Vec<String> {
        labels(&figure(scene), 0).into_iter().map(|(text, _)| text).collect()
    };
    let mut rest = names(&away);
    assert!(rest.contains(&"$-2$".to_owned()));
    rest.retain(|text| text != "$-2$");
    assert_eq!(names(&on_it), rest);
    // Ticks that the scene lists keep their labels.
    let listed = plane("", [a, b], "ticks = [-2, 2]");
    assert_eq!(names(&listed), ["$-2$", "$2$"]);
}

#[test]
fn a_label_is_left_out_while_a_marker_passes() {
    let [_, b] = middle_of_label();
    let film = "animate = { over = 'a', span = [-2.9, 2.9], frames = 59 }";
    let scene = plane(film, [0.0, b], "");
    let figure = figure(&scene);
    let (_, viewport) = figure.viewports().next().expect("a panel");
    let away = plane("", [2.9, 1.9], "");
    let all = labels(&crate::support::scenes::figure(&away), 0);
    let count = figure.marks(0).expect("marks").len();
    let mut hidden = 0;
    for frame in 0..59 {
        let a = scene.timeline.present(frame);
        let at = viewport.point((a, b));
        let marker = Bounds { left: at.x, top: at.y, right: at.x, bottom: at.y }.inflated(SIZE / 2.0);
        let free: Vec<_> = all.iter().filter(|(_, bounds)| bounds.overlap(&marker) == 0.0).cloned().collect();
        hidden += all.len() - free.len();
        assert!(labels(&figure, frame) == free, "frame {frame}");
        assert_eq!(figure.marks(frame).expect("marks").len(), count);
    }
    assert!(hidden >= 4, "each of the labels is passed");
}
