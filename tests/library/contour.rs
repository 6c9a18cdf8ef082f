//! Laws of contours: each point of a line has the value of its level.

use kymograph::mark::{Mark, Polyline};
use kymograph::panel::Figure;
use kymograph::raster::Rgba;
use kymograph::scene::Scene;

use crate::support::scenes::{figure, parse_scene};

const RED: Rgba = Rgba::opaque(255, 0, 0);

fn film(draw: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [300, 220], scale = 1.5, font-size = 8 }}\ntime = {{ span = [0, 4] }}
        animate = {{ frames = 41 }}\n[panels.p]\nkind = 'plot'\nx = {{ range = [-3, 3] }}
        y = {{ range = [-2, 2] }}\ndraw = [{draw}]"
    ))
}

/// The lines of each level in a frame, in data coordinates.
fn lines(figure: &Figure<'_>, index: usize) -> Vec<Vec<Vec<(f64, f64)>>> {
    let (_, viewport) = figure.viewports().next().expect("a panel");
    let strokes = figure.marks(index).expect("marks").into_iter().filter_map(Mark::into_stroke);
    let parts = |path: &Polyline| {
        let ends = path.subpath_starts.iter().skip(1).copied().chain([path.points.len()]);
        let ranges = path.subpath_starts.iter().copied().zip(ends);
        let part =
            |(from, to): (usize, usize)| path.points[from..to].iter().map(|p| viewport.values(*p)).collect();
        ranges.map(part).collect()
    };
    strokes.filter(|stroke| stroke.pen.color == RED).map(|stroke| parts(&stroke.path)).collect()
}

#[test]
fn each_point_of_a_line_has_its_value() {
    let scene = film("{ contour = 'x^2 + 2*y^2', levels = [2, 0.5, 1], color = 'red', labels = false }");
    let lines = lines(&figure(&scene), 0);
    assert_eq!(lines.len(), 3);
    for (line, level) in lines.iter().zip([0.5, 1.0, 2.0]) {
        assert_eq!(line.len(), 1, "one ellipse");
        assert_eq!(line[0].first(), line[0].last());
        for (x, y) in &line[0] {
            // An eighth of the second derivative, 4, times the square of a cell, 0.035.
            assert!((x * x + 2.0 * y * y - level).abs() < 6.2e-4, "({x}, {y})");
        }
    }
}

#[test]
fn lines_move_with_their_signal() {
    let scene = film("{ contour = 'x + y/3 - t/7', levels = [0], color = 'red', labels = false }");
    let figure = figure(&scene);
    for index in 0..41 {
        let lines = lines(&figure, index);
        let t = index as f64 / 10.0;
        assert_eq!(lines[0].len(), 1);
        assert!(lines[0][0].iter().all(|(x, y)| (x + y / 3.0 - t / 7.0).abs() < 1e-9), "frame {index}");
        assert_eq!(figure.marks(index).expect("marks").len(), figure.marks(0).expect("marks").len());
    }
}

#[test]
fn a_count_asks_for_round_values_that_fit_all_frames() {
    let scene = film("{ contour = '10*x + t', levels = 6, color = 'red' }");
    let figure = figure(&scene);
    // The values reach from −30 to 34.
    let levels: Vec<f64> = lines(&figure, 0)
        .iter()
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines[0][0].0 * 10.0)
        .collect();
    assert!(levels.iter().all(|level| (level / 10.0 - (level / 10.0).round()).abs() < 1e-9), "{levels:?}");
    assert!((5..=7).contains(&levels.len()), "{levels:?}");
}

#[test]
fn lines_that_keep_still_carry_their_values_in_gaps() {
    let draw =
        |keys: &str| format!("{{ contour = 'x^2 + 2*y^2', levels = [0.01, 1, 4], color = 'red'{keys} }}");
    let [plain, labeled] = [", labels = false", ""].map(|keys| {
        let scene = film(&draw(keys));
        let figure = figure(&scene);
        let marks = figure.marks(0).expect("marks");
        let glyphs =
            marks.iter().filter(|mark| matches!(mark, Mark::Fill(fill) if fill.color == RED)).count();
        let points: usize = lines(&figure, 0).iter().flatten().map(Vec::len).sum();
        (glyphs, points)
    });
    assert_eq!(plain.0, 0);
    assert!(labeled.0 >= 2 && labeled.1 < plain.1, "{labeled:?}, {plain:?}");
}
