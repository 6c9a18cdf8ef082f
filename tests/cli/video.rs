//! Video: ffmpeg decodes the frames that were drawn. Without ffmpeg, or where it fails, there is a message and no file.

use std::process::Command;

use crate::project::{FILM, Project};

/// A film with odd sides: 12 frames at 10 a second, the last held for half a second.
fn held() -> String {
    FILM.replace("[160, 100]", "[321, 201]").replace("frames = 12", "frames = 12\nfps = 10\nhold = 0.5")
}

/// The decoded frames of a video: RGB, row by row.
fn decoded(project: &Project, name: &str, size: usize) -> Vec<Vec<u8>> {
    let run = Command::new("ffmpeg")
        .current_dir(project.path())
        .args([
            "-v",
            "error",
            "-i",
            name,
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ])
        .output()
        .expect("ffmpeg runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    run.stdout.chunks(size).map(<[u8]>::to_vec).collect()
}

fn duration(project: &Project, name: &str) -> f64 {
    let words = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", name];
    let run = Command::new("ffprobe").current_dir(project.path()).args(words).output().expect("ffprobe runs");
    String::from_utf8_lossy(&run.stdout).trim().parse().expect("seconds")
}

/// Peak signal to noise of all channels, in decibels.
fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let square = |(a, b): (&u8, &u8)| f64::from(a.abs_diff(*b)).powi(2);
    let mean = a.iter().zip(b).map(square).sum::<f64>() / a.len() as f64;
    20.0 * 255.0_f64.log10() - 10.0 * mean.log10()
}

#[test]
#[ignore = "needs ffmpeg on the PATH"]
fn videos_show_the_frames_that_were_drawn() {
    let project = Project::new();
    project.write("a.toml", held());
    project.folder("f");
    project.kymo(&["render", "a.toml", "-o", "f/%02d.png"]).done();
    for name in ["a.mp4", "a.webm"] {
        project.kymo(&["render", "a.toml", "-o", name]).done();
        let frames = decoded(&project, name, 322 * 202 * 3);
        assert_eq!(frames.len(), 17, "{name}");
        assert!((duration(&project, name) - 1.7).abs() < 0.002, "{name}: {} s", duration(&project, name));
        for (index, frame) in frames.iter().enumerate() {
            let still = image::load_from_memory(&project.read(&format!("f/{:02}.png", index.min(11))))
                .expect("a PNG");
            // The row and the column beyond the odd sides have the background color.
            let mut wanted = image::RgbImage::from_pixel(322, 202, image::Rgb([255; 3]));
            image::imageops::replace(&mut wanted, &still.to_rgb8(), 0, 0);
            let decibels = psnr(frame, wanted.as_raw());
            assert!(decibels > 35.0, "{name}, frame {index}: {decibels} dB");
        }
        let first = project.read(name);
        project.kymo(&["render", "a.toml", "-o", name]).done();
        assert!(project.read(name) == first, "{name} is another file the second time");
    }
    // The index stands before the pictures, so that a player can begin at once.
    let mp4 = project.read("a.mp4");
    let place = |name: &[u8]| mp4.windows(4).position(|window| window == name).expect("a part of the file");
    assert!(place(b"moov") < place(b"mdat"));
    assert_eq!(project.list("."), ["a.mp4", "a.toml", "a.webm", "f", "imgs"]);
}

#[test]
#[ignore = "needs ffmpeg on the PATH"]
fn videos_carry_their_stamp_and_foreign_videos_have_none() {
    let project = Project::new();
    project.folder("scenes");
    let scene =
        |outputs: &str| format!("output = {outputs}\n{}", FILM.replace("frames = 12", "frames = 300"));
    project.write("scenes/a.toml", scene("['imgs/a.mp4', 'imgs/a.webm', 'imgs/a.png']"));
    project.kymo(&["render"]).done();
    assert_eq!(project.kymo(&["status"]).done().text().lines().last(), Some("3 fresh"));
    project.write("scenes/a.toml", scene("'imgs/a.png'"));
    for ending in ["mp4", "webm"] {
        let (from, to) = (format!("imgs/a.{ending}"), format!("imgs/copy.{ending}"));
        let mut copy = Command::new("ffmpeg");
        copy.args(["-v", "error", "-i", &from, "-map_metadata", "-1", "-c", "copy", &to]);
        assert!(copy.current_dir(project.path()).status().expect("ffmpeg runs").success());
    }
    let status = project.kymo(&["status"]);
    assert!(status.text().contains("orphaned  imgs/a.mp4\norphaned  imgs/a.webm\n1 fresh, 2 orphaned\n"));
    project.kymo(&["bless", "--prune"]).done();
    assert_eq!(project.list("imgs"), ["a.png", "copy.mp4", "copy.webm"]);
}

#[test]
#[ignore = "needs ffmpeg on the PATH"]
fn a_transparent_background_becomes_the_paper_of_the_theme() {
    let project = Project::new();
    for (theme, paper) in [("light", 255), ("dark", 40)] {
        let canvas = format!("[canvas]\nbackground = 'transparent'\ntheme = '{theme}'");
        project.write("a.toml", FILM.replace("[canvas]", &canvas));
        project.kymo(&["render", "a.toml", "-o", "a.mp4"]).done();
        let frames = decoded(&project, "a.mp4", 160 * 100 * 3);
        let corner = frames[5][0];
        assert!(if theme == "light" { corner > 250 } else { corner < paper }, "{theme}: {corner}");
    }
}

#[test]
fn without_ffmpeg_there_is_a_message_with_a_remedy() {
    let project = Project::with_film();
    let empty = project.folder("empty");
    project.write("a.mp4", "as before");
    for name in ["a.mp4", "a.webm"] {
        let run =
            project.command(&["render", "a.toml", "-o", name]).env("PATH", &empty).output().expect("it runs");
        let message = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{message}");
        assert!(
            message.contains("there is none on the PATH") && message.contains("write .gif, .apng or .webp"),
            "{message}"
        );
    }
    assert_eq!(project.read("a.mp4"), b"as before");
    assert_eq!(project.list("."), ["a.mp4", "a.toml", "empty", "imgs"]);
}

/// A GIF needs no ffmpeg. The error for a video points at the output in the scene.
#[test]
fn an_output_that_needs_ffmpeg_is_pointed_at() {
    let project = Project::with_film();
    let empty = project.folder("empty");
    let run = project.command(&["render", "a.toml"]).env("PATH", &empty).output().expect("it runs");
    assert!(run.status.success());
    project.write("b.toml", format!("output = ['imgs/b.gif', 'imgs/b.webm']\n{FILM}"));
    let run = project.command(&["render", "b.toml"]).env("PATH", &empty).output().expect("it runs");
    let message = String::from_utf8_lossy(&run.stderr);
    assert!(message.contains("b.toml:1:25"), "{message}");
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn video_does_not_go_to_standard_output() {
    let project = Project::new();
    project.write("a.toml", format!("output = 'imgs/a.mp4'\n{FILM}"));
    let run = project.kymo(&["render", "a.toml", "-o", "-"]).wrong();
    assert!(run.out.is_empty() && run.err.contains("standard output"), "{}", run.err);
    // A still of it may.
    let run = project.kymo(&["render", "a.toml", "-o", "-", "--frame", "0"]).done();
    assert!(run.out.starts_with(b"\x89PNG"));
}

/// This ffmpeg fails after some lines on standard error.
#[cfg(unix)]
#[test]
fn the_last_lines_of_ffmpeg_are_passed_on() {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::with_film();
    let folder = project.folder("bin");
    let script = "#!/bin/sh\ncase $* in *-version*) exit 0;; esac\nfor i in 1 2 3 4 5 6 7 8; do echo line $i >&2; done\nexit 3\n";
    project.write("bin/ffmpeg", script);
    std::fs::set_permissions(folder.join("ffmpeg"), std::fs::Permissions::from_mode(0o755))
        .expect("a program");
    project.write("a.mp4", "as before");
    let run =
        project.command(&["render", "a.toml", "-o", "a.mp4"]).env("PATH", &folder).output().expect("it runs");
    let message = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{message}");
    assert!(
        message.contains("line 8") && message.contains("line 3") && !message.contains("line 2"),
        "{message}"
    );
    assert_eq!(project.read("a.mp4"), b"as before");
    assert_eq!(project.list("."), ["a.mp4", "a.toml", "bin", "imgs"]);
}

/// A mistake that shows in the middle of the film stops ffmpeg.
#[test]
#[ignore = "needs ffmpeg on the PATH"]
fn a_film_that_fails_midway_leaves_no_video() {
    let project = Project::new();
    project.write("a.toml", FILM.replace("draw = [", "draw = [{ point = \"if(t > 1.9, j, 0)\" }, "));
    let run = project.kymo(&["render", "a.toml", "-o", "a.mp4"]).wrong();
    assert!(run.err.contains("complex value"), "{}", run.err);
    assert_eq!(project.list("."), ["a.toml", "imgs"]);
}

#[test]
#[ignore = "needs ffmpeg on the PATH"]
fn videos_have_stamps_and_are_checked_by_their_pixels() {
    let project = Project::new();
    let outputs = "output = ['imgs/a.mp4', 'imgs/a.webm']";
    project.write("a.toml", format!("{outputs}\n{FILM}"));
    project.kymo(&["render", "a.toml"]).done();
    assert_eq!(project.kymo(&["status", "a.toml"]).done().text().lines().last(), Some("2 fresh"));
    assert_eq!(project.kymo(&["check", "a.toml"]).done().text(), "2 same\n");
    // Another stamp changes bytes and no frame.
    project.write("a.toml", format!("{outputs}\nalt = 'words'\n{FILM}"));
    assert_eq!(project.kymo(&["check", "a.toml"]).done().text(), "2 same\n");
    assert_eq!(project.kymo(&["check", "a.toml", "--exact"]).code, Some(1));
    project.write("a.toml", format!("{outputs}\n{}", FILM.replace("x0 = 1", "x0 = -1")));
    let run = project.kymo(&["check", "a.toml"]);
    assert_eq!((run.code, run.text().lines().last()), (Some(1), Some("2 changed")), "{}", run.err);
}
