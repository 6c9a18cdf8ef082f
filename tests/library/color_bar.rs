//! Laws of color bars: a tick stands where the colors have the value that it names.

use kymograph::mark::{Image, Mark};
use kymograph::panel::Figure;
use kymograph::panel::placed_text::{PlacedText, TextRole};
use kymograph::scene::Scene;

use crate::support::scenes::{figure, parse_scene};

fn scene(panel: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 200], scale = 2, font-size = 10 }}\n[panels.p]\nkind = 'plot'
        x = {{ range = [0, 3] }}\ny = {{ range = [0, 2], label = 'y' }}\ntitle = 'title'\n{panel}"
    ))
}

/// The bar, which is the last image.
fn bar(figure: &Figure<'_>) -> Image {
    let marks = figure.marks(0).expect("marks").into_iter();
    let images = marks.filter_map(|mark| if let Mark::Image(image) = mark { Some(image) } else { None });
    images.last().expect("a bar")
}

fn ticks<'f>(figure: &'f Figure<'_>) -> impl Iterator<Item = &'f PlacedText<'f>> {
    figure.texts().iter().filter(|text| text.role == TextRole::ColorTick)
}

#[test]
fn ticks_stand_at_their_colors() {
    for (keys, value) in
        [("range = [-1, 4]", 0.0), ("range = [4, -1]", 0.0), ("range = [0.01, 100], scale = 'log'", 1.0)]
    {
        let scene = scene(&format!("colorbar = true\ndraw = [{{ heat = 'x', {keys} }}]"));
        let figure = figure(&scene);
        let bar = bar(&figure);
        let (_, viewport) = figure.viewports().next().expect("a panel");
        let rect = bar.pixels();
        assert_eq!((rect.top, rect.bottom), (viewport.rect.top, viewport.rect.bottom));
        assert!(rect.left > viewport.rect.right);
        let name = if value == 0.0 { "$0$" } else { "$10^{0}$" };
        let tick = ticks(&figure).find(|tick| tick.text == name).unwrap_or_else(|| panic!("{keys}: {name}"));
        let bounds = tick.bounds(0).expect("a box");
        let middle = f64::midpoint(bounds.top, bounds.bottom);
        let part = (f64::from(rect.bottom) - middle) / f64::from(rect.height());
        let expected = match keys.as_bytes()[9] {
            b'-' => 0.2,
            b'4' => 0.8,
            _ => 0.5,
        };
        assert!((part - expected).abs() < 0.01, "{keys}: {part}");
        let level = (expected * 64.0) as usize;
        let row = bar.row(middle as i32);
        assert!(usize::from(bar.cells.row(row)[0]).abs_diff(level) <= 1, "{keys}");
    }
}

#[test]
fn a_color_bar_is_part_of_the_layout() {
    let draw = "draw = [{ heat = 'x', range = [0, 1] }]";
    let width = |colorbar: &str| {
        let scene = scene(&format!("{colorbar}\n{draw}"));
        let figure = figure(&scene);
        let (_, viewport) = figure.viewports().next().expect("a panel");
        for text in figure.texts() {
            let bounds = text.bounds(0).expect("a box");
            assert!(bounds.right <= 600.0 && bounds.bottom <= 400.0, "{}", text.text);
        }
        viewport.rect.width()
    };
    let without = width("colorbar = false");
    let bare = width("colorbar = { ticks = false }");
    let plain = width("colorbar = true");
    let labeled = width("colorbar = { label = '$|X|$' }");
    assert!(without > bare && bare > plain && plain > labeled, "{without} {bare} {plain} {labeled}");
    let scene = scene(&format!("colorbar = {{ label = '$|X|$', ticks = [0, 0.5, 1] }}\n{draw}"));
    let figure = figure(&scene);
    assert_eq!(ticks(&figure).count(), 3);
    let label = figure.texts().iter().find(|text| text.role == TextRole::ColorLabel).expect("a label");
    let bounds = label.bounds(0).expect("a box");
    assert!(ticks(&figure).all(|tick| tick.bounds(0).expect("a box").right < bounds.left));
}

#[test]
fn a_color_bar_explains_the_first_map_of_its_panel() {
    let texts = |panel: &str| {
        let scene = scene(&format!("colorbar = true\n{panel}"));
        ticks(&figure(&scene)).map(|tick| tick.text.clone()).collect::<Vec<_>>()
    };
    assert!(texts("draw = [{ heat = 'exp(j*x)', phase = true }]").contains(&r"$\pi/2$".to_owned()));
    let mapped = "{ map = 'magma', value = 't', range = [0, 50] }";
    let trace = format!("span = [0, 3]\ndraw = [{{ hline = 1 }}, {{ trace = 't/2', color = {mapped} }}]");
    assert!(texts(&trace).contains(&"$50$".to_owned()));
}
