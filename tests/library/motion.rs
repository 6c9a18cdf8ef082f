//! Laws of films whose variable eases, bounces, stops or follows a speed.

use kymograph::scene::Scene;
use kymograph::scene::data_table::table;

use crate::frames::shown::gif;
use crate::support::scenes::{BUSY, all_frames, draw_frame, figure, parse_scene};

/// The busy film with other keys of `[animate]`.
fn film(animate: &str) -> Scene {
    parse_scene(&BUSY.replace("frames = 31\nhold = 0.5", animate))
}

/// A small film over time in which everything moves with `t`.
fn dot(animate: &str) -> Scene {
    parse_scene(&format!(
        "canvas = {{ size = [90, 60], scale = 1 }}\ntime = {{ span = [0, 8] }}\nanimate = {{ {animate} }}
        [panels.p]\nkind = 'plot'\nx = {{ ticks = false }}\ny = {{ ticks = false }}
        draw = [{{ trace = 'sin(t)' }}, {{ point = 'sin(t)' }}]"
    ))
}

#[test]
fn each_frame_is_the_same_alone_and_in_its_film() {
    for animate in [
        "frames = 14\nbounce = true",
        "frames = 11\nbounce = true\nloop = false\nease = 'in-out'",
        "frames = 16\nfps = 4\nkeys = [[0, 9], [1, 2], [2, 2], [4, 12]]",
        "frames = 9\nease = 'out'\nendpoint = false",
    ] {
        let scene = film(animate);
        let figure = figure(&scene);
        for (index, image) in all_frames(&scene).iter().enumerate() {
            assert!(draw_frame(&figure, index).pixels() == image.pixels(), "frame {index} with {animate}");
        }
    }
}

#[test]
fn the_way_back_shows_the_pictures_of_the_way_there() {
    let scene = film("frames = 12\nbounce = true\nease = 'in'");
    let frames = all_frames(&scene);
    for index in 1..6 {
        assert!(frames[6 + index].pixels() == frames[6 - index].pixels(), "frame {index}");
        assert!(frames[index].pixels() != frames[index + 1].pixels());
    }
    assert!(frames[5].pixels() != frames[6].pixels() && frames[0].pixels() != frames[11].pixels());
}

#[test]
fn a_speed_is_a_duration() {
    for (speed, duration) in
        [("speed = 2", "duration = 4"), ("speed = 0.5, fps = 10", "duration = 16, fps = 10")]
    {
        assert_eq!(dot(speed).timeline, dot(duration).timeline, "{speed}");
    }
    let there_and_back = dot("speed = 4, bounce = true").timeline;
    assert_eq!((there_and_back.frames, there_and_back.fps), (100, 25.0));
    // A duration that is no whole number of frames is rounded to one.
    assert_eq!(dot("speed = 3").timeline.frames, 67);
    assert_eq!(dot("speed = 3, frames = 20").timeline.fps, 7.5);
}

#[test]
fn a_pause_adds_no_frame_to_a_file() {
    let moving = dot("keys = [[0, 0], [1, 3]], fps = 10");
    let paused = dot("keys = [[0, 0], [1, 3], [9, 3]], fps = 10");
    let [short, long] = [&moving, &paused].map(|scene| gif(&figure(scene)).len());
    assert!(long < short + 200, "{short} bytes without the pause, {long} with it");
}

#[test]
fn the_table_of_data_has_a_row_for_each_frame_in_playing_order() {
    let scene = dot("frames = 8, bounce = true");
    let times: Vec<f64> = table(&scene).expect("a table").rows.iter().map(|row| row[0]).collect();
    assert_eq!(times, [0.0, 2.0, 4.0, 6.0, 8.0, 6.0, 4.0, 2.0]);
}

#[test]
fn a_curve_over_the_films_variable_spans_all_keys() {
    for (keys, span) in
        [("[[0, 1], [1, 3], [2, 0]]", [0.0, 3.0]), ("[[0, 5], [1, 3], [2, 0], [3, 2]]", [5.0, 0.0])]
    {
        let scene = parse_scene(&format!(
            "animate = {{ keys = {keys} }}\n[panels.p]\nkind = 'plot'\ndraw = [{{ trace = 't' }}]"
        ));
        assert_eq!(scene.timeline.span, span);
    }
}
