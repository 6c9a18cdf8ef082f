//! Laws of axes whose ranges move: ticks and curves move together, and nothing else moves.

use kymograph::panel::Figure;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::Scene;
use kymograph::svg::{self, SvgOptions};

use crate::support::scenes::{all_frames, draw_frame, figure, parse_scene};

/// Strip charts in two panels: linear over time, and one that shares its range.
const STRIP: &str = "
canvas = { size = [200, 170], scale = 1, font-size = 8 }
time = { span = [0, 40] }
animate = { span = [A, B], frames = N }
layout = { mosaic = ['a', 'b'] }
[panels.a]
kind = 'plot'
x = { range = RANGE, grid = true }
y = { range = [-1.2, 1.2] }
draw = [
  { trace = 'sin(3*t)', reveal = 'all' },
  { trace = '0.5*sin(3*t)', reveal = 'all', dash = true },
  { point = 'sin(3*t)', note = 'now', anchor = 'se' },
  { text = 'here', at = [21, 0.8] },
]
[panels.b]
kind = 'plot'
x = { share = 'a' }
y = { range = [1, 'EXTRA'] , ticks = false }
draw = [{ area = 'cos(t)' }, { vline = 22 }]
";

fn strip(range: &str, [a, b]: [f64; 2], frames: usize) -> Scene {
    let text = STRIP.replace("RANGE", range).replace("'EXTRA'", "2");
    let text = text.replace("[A, B]", &format!("[{a}, {b}]"));
    parse_scene(&text.replace('N', &frames.to_string()))
}

/// The left end of a tick's label in each frame that shows it.
fn label_path(figure: &Figure<'_>, label: &str, panel: &str) -> Vec<Option<f64>> {
    let frames = figure.scene().timeline.frames;
    let left = |frame: usize| {
        let mut shown = figure
            .texts()
            .iter()
            .filter(|text| text.text == label && text.panel.name == panel && text.role.name() == "x-tick");
        shown.find_map(|text| text.bounds(frame)).map(|bounds| bounds.left)
    };
    (0..frames).map(left).collect()
}

#[test]
fn ticks_move_evenly_and_rectangles_keep_still() {
    for (range, sign) in [("['t - 10', 't']", -1.0), ("['t', 't - 10']", 1.0)] {
        let scene = strip(range, [20.0, 24.0], 21);
        let figure = figure(&scene);
        let (_, viewport) = figure.viewports().next().expect("a panel");
        let step = 0.2 * f64::from(viewport.rect.width()) / 10.0 * sign;
        // Panels that share their axis label the lowest one.
        assert!(label_path(&figure, "$20$", "a").iter().all(Option::is_none));
        let path = label_path(&figure, "$20$", "b");
        let shown: Vec<f64> = path.iter().flatten().copied().collect();
        assert!(shown.len() > 15, "{path:?}");
        assert!(shown.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() < 1e-9), "{shown:?} by {step}");
    }
}

#[test]
fn each_frame_of_a_scrolling_film_is_the_same_alone() {
    for range in ["['t - 10', 't']", "['t/2', 't']", "['t', 't - 5']"] {
        let scene = strip(range, [20.0, 24.0], 9);
        let figure = figure(&scene);
        for (index, image) in all_frames(&scene).iter().enumerate() {
            assert!(draw_frame(&figure, index).pixels() == image.pixels(), "frame {index} of {range}");
        }
    }
}

/// The pixels of some columns of some rows.
fn part(image: &Raster, rows: std::ops::Range<i32>, columns: std::ops::Range<i32>) -> Vec<&[Rgba]> {
    rows.map(|y| image.row(y, columns.start, columns.end)).collect()
}

#[test]
fn what_moves_by_whole_pixels_keeps_its_pixels() {
    let at = |span| strip("['t - 10', 't']", span, 2);
    let scene = at([20.0, 21.0]);
    let rect = figure(&scene).viewports().next().expect("a panel").1.rect;
    let pixels = 7;
    let scene = at([20.0, 20.0 + 10.0 / f64::from(rect.width()) * f64::from(pixels)]);
    assert_eq!(figure(&scene).viewports().next().expect("a panel").1.rect, rect);
    let frames = all_frames(&scene);
    // The note and the point at the right end keep their places, and the frame of the panel does.
    let (left, right) = (rect.left + 2, rect.right - 60);
    let rows = rect.top + 2..rect.bottom - 2;
    let before = part(&frames[0], rows.clone(), left + pixels..right + pixels);
    let after = part(&frames[1], rows, left..right);
    let difference = |(a, b): (&Rgba, &Rgba)| a.r.abs_diff(b.r).max(a.g.abs_diff(b.g)).max(a.b.abs_diff(b.b));
    let pairs = before.iter().zip(&after).flat_map(|(a, b)| a.iter().zip(*b));
    let largest = pairs.map(difference).max().expect("pixels");
    // The chords of a curve may differ by a twentieth of a pixel.
    assert!(largest <= 14, "{largest}");
}

#[test]
fn a_scrolling_film_can_be_written_as_svg() {
    let scene = strip("['t - 10', 't']", [20.0, 24.0], 9);
    let figure = figure(&scene);
    let options = SvgOptions { scale: 1.0, title: None, seamless: false, in_steps: false, stamp: None };
    let text = svg::animated(&figure.animation(), &options, |index| figure.marks(index)).expect("an SVG");
    assert!(!text.contains("NaN") && !text.contains("inf"));
    let lengths: Vec<usize> = (0..9).map(|index| figure.marks(index).expect("marks").len()).collect();
    assert!(lengths.iter().all(|length| *length == lengths[0]), "{lengths:?}");
}
