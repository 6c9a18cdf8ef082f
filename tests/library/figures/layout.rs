//! Laws of layout: plot rectangles of a column align, only moving elements change from frame to frame, and labels stay on
//! the canvas.

use kymograph::geometry::{Bounds, PixelRect};
use kymograph::mark::{Fill, Mark};
use kymograph::panel::Figure;
use kymograph::panel::placed_text::TextRole;
use kymograph::scene::Scene;
use kymograph::text::Typesetter;

use super::springs::LANES;
use crate::support::scenes::{
    self, draw_frame, named_scenes, parse_scene, repository_scene, repository_scenes,
};

/// A mosaic with a panel that spans a row, and labels of all kinds on all sides.
const MOSAIC: &str = r"
[canvas]
size = [480, 360]
[time]
span = [0, 10]
[animate]
frames = 5
[layout]
mosaic = ['top top', 'left right']
heights = [1, 2]
widths = [3, 2]
[panels.top]
kind = 'plot'
title = 'A title over both'
x = { label = '$t$ in seconds' }
y = { label = '$\frac{x(t)}{x_0}$' }
draw = [{ trace = 'exp(-t/3)*cos(2*t)', legend = 'decay' }]
[panels.left]
kind = 'plot'
x = { label = '$t \longrightarrow$', ticks = { step = 'pi' } }
y = { label = '$10^4 x$' }
draw = [{ trace = '10000*sin(t)' }]
[panels.right]
kind = 'plane'
title = '$z$'
x = { range = [-1.5, 1.5] }
y = { range = [-1.5, 1.5] }
draw = [{ trace = 'exp(j*t)' }, { arm = 'exp(j*t)', arrow = true }]
";

fn all() -> Vec<(String, Scene)> {
    let own = [
        ("a mosaic", parse_scene(MOSAIC)),
        ("lanes", parse_scene(&LANES.replace("SPRINGS", "").replace("CURVE", ""))),
    ];
    named_scenes().chain(own.map(|(name, scene)| (name.to_owned(), scene))).collect()
}

#[test]
fn plot_rectangles_of_a_track_align() {
    for (name, scene) in all() {
        for scale in [1.0, 2.0, 3.0] {
            let figure = scenes::figure_at_scale(&scene, scale);
            let rects: Vec<PixelRect> = figure.viewports().map(|(_, viewport)| viewport.rect).collect();
            for (a, p) in scene.grid.areas.iter().zip(&rects) {
                for (b, q) in scene.grid.areas.iter().zip(&rects) {
                    assert!(a.columns.start != b.columns.start || p.left == q.left, "{name}");
                    assert!(a.columns.end != b.columns.end || p.right == q.right, "{name}");
                    assert!(a.rows.start != b.rows.start || p.top == q.top, "{name}");
                    assert!(a.rows.end != b.rows.end || p.bottom == q.bottom, "{name}");
                    assert!(std::ptr::eq(p, q) || p.intersect(q).is_empty(), "{name}");
                }
            }
        }
    }
}

#[test]
fn plot_rectangles_share_the_ratios() {
    let scene = parse_scene(MOSAIC);
    let figure = scenes::figure_at_scale(&scene, 2.0);
    let rects: Vec<PixelRect> = figure.viewports().map(|(_, viewport)| viewport.rect).collect();
    let ratio = |a: u32, b: u32| f64::from(a) / f64::from(b);
    assert!((ratio(rects[1].height(), rects[0].height()) - 2.0).abs() < 0.03);
    assert!((ratio(rects[1].width(), rects[2].width()) - 1.5).abs() < 0.03);
}

#[test]
fn a_gap_has_its_given_length() {
    for (gap, css) in [("0", 0), ("17", 17)] {
        let bare = "kind = 'plot'\naxes = 'none'\nx = { range = [0, 1] }\ny = { range = [0, 1] }\n";
        let scene = parse_scene(&format!(
            "canvas = {{ size = [480, 360] }}
            layout = {{ mosaic = ['top top', 'left right'], row-gap = {gap}, column-gap = {gap} }}
            [panels.top]\n{bare}[panels.left]\n{bare}[panels.right]\n{bare}"
        ));
        for scale in [1, 2, 3] {
            let figure = scenes::figure_at_scale(&scene, f64::from(scale));
            let rects: Vec<PixelRect> = figure.viewports().map(|(_, viewport)| viewport.rect).collect();
            let gaps = [rects[1].top - rects[0].bottom, rects[2].left - rects[1].right];
            assert!(gaps.iter().all(|found| (found - css * scale).abs() <= 1), "{gaps:?} at {scale}");
        }
    }
}

#[test]
fn nothing_moves_outside_the_plots() {
    for (name, scene) in all() {
        let figure = scenes::figure_at_scale(&scene, 1.0);
        let first = draw_frame(&figure, 0);
        let plots = figure.viewports().map(|(_, viewport)| Bounds::from(viewport.rect));
        // A title may hold a readout.
        let titles = figure.texts().iter().filter(|text| text.role == TextRole::Title);
        let titles = titles.map(|text| text.static_bounds().expect("a title stands still"));
        // Half of a mass's outline lies on the floor, and half of a point at the edge lies beyond it.
        let moving: Vec<Bounds> = plots.chain(titles).map(|bounds| bounds.inflated(5.0)).collect();
        let inside = |x: i32, y: i32| {
            let (x, y) = (f64::from(x), f64::from(y));
            moving.iter().any(|b| (b.left..b.right).contains(&x) && (b.top..b.bottom).contains(&y))
        };
        for index in (0..scene.timeline.frames).step_by(7) {
            let frame = draw_frame(&figure, index);
            for y in 0..frame.bounds().bottom {
                for x in 0..frame.bounds().right {
                    let same = frame.row(y, x, x + 1) == first.row(y, x, x + 1);
                    assert!(same || inside(x, y), "{name}: ({x}, {y}) in frame {index}");
                }
            }
        }
    }
}

#[test]
fn lists_of_marks_have_equal_lengths_and_axes_stay_equal() {
    for (name, scene) in all() {
        let figure = scenes::figure_at_scale(&scene, 1.0);
        let first = figure.marks(0).expect("marks");
        let mut stands = vec![true; first.len()];
        for index in 1..scene.timeline.frames {
            let marks = figure.marks(index).expect("marks");
            assert_eq!(marks.len(), first.len(), "{name}, frame {index}");
            for (stands, (a, b)) in stands.iter_mut().zip(first.iter().zip(&marks)) {
                *stands &= a == b;
            }
        }
        let standing = stands.iter().filter(|stands| **stands).count();
        // Frame lines, ticks and their labels.
        assert!(standing >= 8, "{name}: {standing} of {} marks stand still", stands.len());
    }
}

/// The rectangle that a filled mark's outlines reach, in device pixels: left, top, right, bottom.
pub(crate) fn reach(fill: &Fill) -> [f64; 4] {
    let bounds = fill.shape.outlines.iter().map(tiny_skia_path::Path::bounds);
    let far = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let [l, t, r, b] = bounds.fold(far, |[l, t, r, b], rect| {
        let [left, top, right, bottom] =
            [rect.left(), rect.top(), rect.right(), rect.bottom()].map(f64::from);
        [l.min(left), t.min(top), r.max(right), b.max(bottom)]
    });
    [l + fill.at.x, t + fill.at.y, r + fill.at.x, b + fill.at.y]
}

/// Asserts that no label and no marker is cut off by the canvas's edge.
fn assert_on_canvas(figure: &Figure<'_>, what: &str) {
    let (width, height) = figure.size();
    let canvas = PixelRect::from_size(width, height);
    for index in [0, figure.scene().timeline.frames / 3, figure.scene().timeline.frames - 1] {
        for mark in figure.marks(index).expect("marks") {
            let Mark::Fill(fill) = mark else { continue };
            // Shapes that are clipped to a plot may reach beyond it.
            if fill.clip != canvas || fill.shape.outlines.is_empty() {
                continue;
            }
            let [left, top, right, bottom] = reach(&fill);
            let fits = left >= 0.0 && top >= 0.0 && right <= f64::from(width) && bottom <= f64::from(height);
            assert!(fits, "{what}: {left} to {right}, {top} to {bottom} on {width} × {height}");
        }
    }
}

#[test]
fn labels_stay_on_the_canvas() {
    for (name, scene) in all() {
        for scale in [1.0, 2.0, 3.0] {
            assert_on_canvas(&scenes::figure_at_scale(&scene, scale), &format!("{name} at scale {scale}"));
        }
    }
}

#[test]
fn any_font_size_fits_or_is_an_error() {
    for scenes::RepositoryScene { name, .. } in repository_scenes() {
        for size in [2.0, 5.5, 9.0, 16.0, 22.0, 40.0, 200.0] {
            let scene = repository_scene(&name, &[&format!("canvas.font-size={size}")]);
            match Figure::new(&scene, scene.canvas.scale) {
                Ok(figure) => drop(draw_frame(&figure, 0)),
                Err(error) => {
                    assert!(size > 16.0, "{name} at {size}: {}", error.message);
                    assert!(error.message.contains(" CSS pixel"), "{}", error.message);
                }
            }
        }
    }
}

#[test]
fn the_reported_missing_room_is_enough() {
    let small = "
        canvas = { size = [SIDE, 90] }
        [panels.p]
        kind = 'plot'
        x = { range = [0, 1], label = 'time' }
        y = { range = [0, 100000], label = 'displacement' }";
    let scene = parse_scene(&small.replace("SIDE", "30"));
    let error = Figure::new(&scene, 1.0).err().expect("no room");
    let missing: u32 =
        error.message.split_whitespace().find_map(|word| word.parse().ok()).expect("a number of pixels");
    let enough = parse_scene(&small.replace("SIDE", &(30 + missing).to_string()));
    assert!(Figure::new(&enough, 1.0).is_ok(), "{}", error.message);
}

#[test]
fn tick_labels_stand_on_one_baseline() {
    let scene = parse_scene(
        r"
        canvas = { size = [300, 100] }
        [panels.p]
        kind = 'plot'
        y = { range = [0, 1], ticks = false }
        x = { range = [-0.5, 3.5], ticks = { at = [0, 1, 2, 3], labels = ['$\pi$', '$2\pi$', 'zero', 'end'] } }",
    );
    for scale in [1.0, 1.6, 2.0, 3.0] {
        let figure = scenes::figure_at_scale(&scene, scale);
        let picture = draw_frame(&figure, 0);
        let viewport = super::coverage::viewport(&figure, "p");
        let below = viewport.rect.bottom + (6.0 * scale) as i32;
        // The lowest row with dark ink at each tick; no label has ink below its baseline.
        let feet = [0.0, 1.0, 2.0, 3.0].map(|value| {
            let middle = viewport.x.pixel(value) as i32;
            let half = (14.0 * scale) as i32;
            let dark = |y: i32| picture.row(y, middle - half, middle + half).iter().any(|p| p.r < 128);
            (below..picture.bounds().bottom).rev().find(|y| dark(*y)).expect("a label")
        });
        assert!(feet.iter().all(|foot| (foot - feet[0]).abs() <= 1), "{feet:?} at scale {scale}");
    }
}

#[test]
fn titles_of_a_row_share_a_baseline() {
    let titles = ["no room", "going by", "$\\int_0^t f$", "roots", "one", "two"];
    let panel = |(index, title): (usize, &&str)| {
        let name = ["a", "b", "c", "d", "e", "f"][index];
        format!("[panels.{name}]\nkind = 'plot'\ntitle = '{title}'\ndraw = [{{ hline = 0 }}]\n")
    };
    let panels: String = titles.iter().enumerate().map(panel).collect();
    let scene = parse_scene(&format!(
        "canvas = {{ size = [600, 300], font-size = 10, scale = 2 }}\nlayout = {{ mosaic = ['a b c', 'd e f'] }}\n{panels}"
    ));
    let figure = scenes::figure(&scene);
    let boxes = figure.texts().iter().filter(|text| text.role == TextRole::Title);
    let descent = |title: &str| Typesetter::shared().typeset_label(title, 20.0).expect("a title").descent;
    let baselines: Vec<f64> = boxes
        .zip(titles)
        .map(|(text, title)| text.static_bounds().expect("a title stands still").bottom - descent(title))
        .collect();
    for row in baselines.chunks(3) {
        assert!(row.iter().all(|baseline| (baseline - row[0]).abs() < 1e-6), "{baselines:?}");
    }
    assert!(descent("going by") > 2.0 && descent("no room") < 1e-9);
}
