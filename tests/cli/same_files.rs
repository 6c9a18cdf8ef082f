//! The program's files: equal frames are equal bytes, in every run and with any number of threads.

use crate::project::Project;
use crate::support::scenes::{BUSY, all_frames, draw_frame, figure, parse_scene_with};

/// A project with three scenes; each makes a GIF, an APNG and a picture of each frame in `out`.
fn project() -> Project {
    let project = Project::new();
    project.folder("out");
    project.folder("scenes");
    for (number, decay) in ["0.2", "0.5", "1"].iter().enumerate() {
        let scene = BUSY.replace("decay = 0.2", &format!("decay = {decay}"));
        let film = format!("out/film{number}");
        let outputs = format!("output = ['{film}.gif', '{film}.apng', '{film}-%04d.png']\n");
        project.write(&format!("scenes/{number}.toml"), outputs + &scene);
    }
    project
}

/// All files of the folder `out`, by name.
fn files(project: &Project) -> Vec<(String, Vec<u8>)> {
    let names = project.list("out").into_iter();
    names.map(|name| (name.clone(), project.read(&format!("out/{name}")))).collect()
}

#[test]
fn files_are_the_same_with_any_number_of_jobs_and_in_every_run() {
    let project = project();
    let mut runs = ["1", "1", "2", "3", "8"].into_iter().map(|jobs| {
        project.kymo(&["render", "--quiet", "-j", jobs]).done();
        files(&project)
    });
    let first = runs.next().expect("a run");
    assert_eq!(first.len(), 3 * (2 + 31));
    assert_ne!(first[0].1, first[33].1, "the scenes differ");
    for (run, files) in runs.enumerate() {
        let differing = files.iter().zip(&first).find(|(a, b)| a != b).map(|(a, _)| &a.0);
        assert_eq!((differing, files.len()), (None, first.len()), "run {run}");
    }
}

#[test]
fn a_still_equals_the_frame_of_the_film() {
    let project = project();
    project.kymo(&["render", "--quiet", "scenes/0.toml"]).done();
    let frames = all_frames(&parse_scene_with(BUSY, &[]));
    for index in [0, 1, 13, 29, 30] {
        let still = ["render", "--quiet", "scenes/0.toml", "-o", "still.png", "--frame"];
        project.kymo(&[&still[..], &[&index.to_string()]].concat()).done();
        let bytes = project.read("still.png");
        let of_sequence = project.read(&format!("out/film0-{index:04}.png"));
        assert!(bytes == of_sequence, "frame {index}");
        let decoded = image::load_from_memory(&bytes).expect("a PNG").into_rgba8();
        let drawn = frames[index].pixels().iter().map(|p| [p.r, p.g, p.b, p.a]);
        assert!(decoded.pixels().map(|p| p.0).eq(drawn), "frame {index}");
    }
}

#[test]
fn at_picks_the_nearest_frame_and_scale_the_number_of_pixels() {
    let project = project();
    let still = ["render", "--quiet", "scenes/1.toml", "-o", "a.png", "--at", "4.81", "--scale", "2"];
    project.kymo(&still).done();
    let bytes = project.read("a.png");
    let decoded = image::load_from_memory(&bytes).expect("a PNG").into_rgba8();
    let scene = parse_scene_with(BUSY, &["canvas.scale=2", "decay=0.5"]);
    // The frame nearest to 4.81 s in steps of 0.4 s.
    let drawn = draw_frame(&figure(&scene), 12);
    assert_eq!(decoded.dimensions(), (480, 480));
    assert!(decoded.pixels().map(|p| p.0).eq(drawn.pixels().iter().map(|p| [p.r, p.g, p.b, p.a])));
}
