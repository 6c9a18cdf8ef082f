//! Laws of samples whose colors are those of a map.

use kymograph::raster::Rgba;
use kymograph::scene::color::ColorMap;

use crate::support::scenes::{draw_frame, figure, parse_scene};

#[test]
fn each_sample_has_its_color_of_a_map() {
    for kind in ["scatter", "stem", "bars", "hold"] {
        let scene = parse_scene(&format!(
            "canvas = {{ size = [300, 200] }}\n[panels.p]\nkind = 'plot'\ndraw = [{{ {kind} = '1 + n', over = 'n', span = [0, 3],
            color = {{ map = 'viridis', value = 'n', range = [0, 3] }} }}]"
        ));
        let figure = figure(&scene);
        for n in 0..4 {
            let level = ColorMap::Viridis.level(f64::from(n), [0.0, 3.0]).expect("a level");
            let color = ColorMap::Viridis.color(level);
            let count =
                figure.marks(0).expect("marks").iter().filter(|mark| mark.color() == Some(color)).count();
            // A stem has a line and a marker.
            assert_eq!(count, if kind == "stem" { 2 } else { 1 }, "{kind} {n}");
        }
    }
}

#[test]
fn colored_steps_of_a_staircase_meet_in_whole_corners() {
    let draw = |color: &str| {
        let scene = parse_scene(&format!(
            "canvas = {{ size = [300, 200] }}\n[panels.p]\nkind = 'plot'\ndraw = [{{ hold = 'abs(n - 2)', over = 'n', span = [0, 4],
            width = 6, color = {color} }}]"
        ));
        draw_frame(&figure(&scene), 0)
    };
    let plain = draw("'black'");
    let colored = draw("{ map = 'turbo', value = 'n', range = [0, 4] }");
    let is_line = |pixel: &Rgba| *pixel != Rgba::opaque(255, 255, 255);
    let missing = plain
        .pixels()
        .iter()
        .zip(colored.pixels())
        .filter(|(plain, colored)| is_line(plain) && !is_line(colored));
    assert_eq!(missing.count(), 0);
}
