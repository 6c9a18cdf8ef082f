//! `kymo render`: the pictures of each scene, the same in every run.

use crate::project::{FILM, Project};

/// Width, height and number of frames of a picture, read by another decoder.
fn film(bytes: &[u8]) -> (u32, u32, usize) {
    let frames = shown(bytes);
    let (width, height) = frames[0].dimensions();
    (width, height, frames.len())
}

/// All frames of a film.
fn shown(bytes: &[u8]) -> Vec<image::RgbaImage> {
    use image::AnimationDecoder;
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(bytes)).expect("a GIF");
    decoder.into_frames().map(|frame| frame.expect("a whole frame").into_buffer()).collect()
}

fn still(bytes: &[u8]) -> image::RgbaImage {
    image::load_from_memory_with_format(bytes, image::ImageFormat::Png).expect("a PNG").to_rgba8()
}

/// True if a PNG is animated.
fn is_animated(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|chunk| chunk == b"acTL")
}

#[test]
fn a_scene_becomes_the_picture_named_after_its_file() {
    let project = Project::with_film();
    let run = project.kymo(&["render", "a.toml"]).done();
    assert_eq!(film(&project.read("imgs/a.gif")), (160, 100, 12));
    assert!(run.err.starts_with("imgs/a.gif: 160 × 100, 12 frames, "), "{}", run.err);
    assert_eq!((run.err.lines().count(), run.out.len()), (1, 0));
}

#[test]
fn a_folder_stands_for_its_scenes_without_their_bases() {
    let project = Project::new();
    project.folder("scenes");
    project.write("scenes/_base.toml", FILM);
    project.write("scenes/b.toml", "extends = '_base.toml'");
    project.write("scenes/c.toml", FILM);
    project.write("scenes/notes.txt", "no scene");
    project.write("d.toml", FILM);
    project.kymo(&["render", "scenes", "d.toml", "./scenes/b.toml"]).done();
    assert_eq!(project.list("imgs"), ["b.gif", "c.gif", "d.gif"]);
    assert_eq!(project.read("imgs/b.gif"), project.read("imgs/c.gif"));
    // Without arguments the folder `scenes` is rendered.
    let run = project.kymo(&["render"]).done();
    assert_eq!(run.err.lines().count(), 2);
    // A base that is named on the command line is a scene.
    project.kymo(&["render", "scenes/_base.toml"]).done();
    assert_eq!(project.list("imgs"), ["_base.gif", "b.gif", "c.gif", "d.gif"]);
}

#[test]
fn an_empty_folder_and_a_missing_file_are_reported_and_the_rest_is_rendered() {
    let project = Project::with_film();
    project.folder("empty");
    let run = project.kymo(&["render", "empty", "none.toml", "a.toml"]).wrong();
    assert!(run.err.contains("empty") && run.err.contains("there is no file `none.toml`"), "{}", run.err);
    assert_eq!(project.list("imgs"), ["a.gif"]);
}

#[test]
fn one_bad_scene_does_not_stop_the_others() {
    let project = Project::with_film();
    project.write("bad.toml", FILM.replace("frames = 12", "frames = 0"));
    project.write("late.toml", FILM.replace("\"spring.x\"", "\"spring.z\""));
    project.write("z.toml", FILM);
    let run = project.kymo(&["render", "bad.toml", "a.toml", "late.toml", "z.toml"]).wrong();
    assert_eq!(project.list("imgs"), ["a.gif", "z.gif"]);
    assert!(run.err.contains("--> bad.toml:") && run.err.contains("--> late.toml:"), "{}", run.err);
}

#[test]
fn file_extensions_choose_the_format() {
    let project = Project::with_film();
    let outputs = "output = ['imgs/f.gif', 'imgs/f.apng', 'imgs/s.png', 'imgs/q-%04d.png', \
                   { path = 'imgs/first.png', frame = 0 }, { path = 'imgs/at.png', at = 1, scale = 2 }]\n";
    project.write("a.toml", format!("{outputs}{FILM}"));
    project.kymo(&["render", "a.toml"]).done();
    let sequence: Vec<String> = (0..12).map(|index| format!("q-{index:04}.png")).collect();
    let mut expected = vec!["at.png", "f.apng", "f.gif", "first.png"];
    expected.extend(sequence.iter().map(String::as_str));
    expected.push("s.png");
    assert_eq!(project.list("imgs"), expected);
    assert!(is_animated(&project.read("imgs/f.apng")));
    assert!(!is_animated(&project.read("imgs/s.png")) && !is_animated(&project.read("imgs/q-0003.png")));
    assert_eq!(film(&project.read("imgs/f.gif")).2, 12);
    // By default a still of a film is its last frame.
    assert_eq!(project.read("imgs/s.png"), project.read("imgs/q-0011.png"));
    assert_eq!(project.read("imgs/first.png"), project.read("imgs/q-0000.png"));
    assert_eq!(still(&project.read("imgs/at.png")).dimensions(), (320, 200));
}

#[test]
fn frame_and_at_pick_stills() {
    let project = Project::with_film();
    project.kymo(&["render", "a.toml", "-o", "imgs/q-%d.png"]).done();
    project.kymo(&["render", "a.toml", "-o", "frame.png", "--frame", "6"]).done();
    assert_eq!(project.read("frame.png"), project.read("imgs/q-6.png"));
    // Frame 6 of 12 shows t = 2·6/11 ≈ 1.09; 1.13 is nearer to it than to frame 5 or 7.
    project.kymo(&["render", "a.toml", "-o", "at.png", "--at", "1.13"]).done();
    assert_eq!(project.read("at.png"), project.read("imgs/q-6.png"));
    // Without a path the still lies beside the film named in the scene.
    project.kymo(&["render", "a.toml", "--frame", "0"]).done();
    assert_eq!(project.read("imgs/a.png"), project.read("imgs/q-0.png"));
    for words in [["--frame", "12"], ["--at", "nan"]] {
        let run = project.kymo(&["render", "a.toml", words[0], words[1]]).wrong();
        assert!(run.err.contains(words[0]), "{}", run.err);
    }
    project.kymo(&["render", "a.toml", "--frame", "1", "--at", "1"]).wrong();
}

#[test]
fn set_and_scale_change_the_picture() {
    let project = Project::with_film();
    project.write("b.toml", FILM.replace("k = 10", "k = 40").replace("scale = 1", "scale = 1.5"));
    project.kymo(&["render", "b.toml"]).done();
    let set = ["render", "a.toml", "-o", "imgs/c.gif", "--set", "k=2*20", "--set", "canvas.scale=1.5"];
    project.kymo(&set).done();
    project.kymo(&["render", "a.toml", "-o", "imgs/d.gif", "--set", "k=40", "--scale", "1.5"]).done();
    // Another notation of a value changes the stamp and no pixel.
    assert!(shown(&project.read("imgs/c.gif")) == shown(&project.read("imgs/b.gif")));
    assert!(project.read("imgs/d.gif") == project.read("imgs/b.gif"));
    assert_eq!(film(&project.read("imgs/d.gif")), (240, 150, 12));
    project.kymo(&["render", "a.toml", "--scale", "0"]).wrong();
}

#[test]
fn two_runs_and_any_number_of_threads_make_the_same_bytes() {
    const FORMATS: [&str; 5] = ["gif", "apng", "webp", "png", "svg"];
    let project = Project::new();
    let names = ["a", "b", "c"];
    for (k, name) in names.iter().enumerate() {
        let outputs = FORMATS.map(|ending| format!("'{name}.{ending}'")).join(", ");
        let outputs = format!("output = [{outputs}]\n");
        project.write(&format!("{name}.toml"), outputs + &FILM.replace("k = 10", &format!("k = {}", 5 + k)));
    }
    let mut seen = Vec::new();
    for jobs in ["1", "1", "2", "7"] {
        project.folder(jobs);
        project.kymo(&["render", "a.toml", "b.toml", "c.toml", "-j", jobs, "--root", jobs]).done();
        let files = names.iter().flat_map(|name| FORMATS.map(|it| format!("{jobs}/{name}.{it}")));
        seen.push(files.map(|file| project.read(&file)).collect::<Vec<_>>());
    }
    assert!(seen.iter().all(|files| *files == seen[0]));
    project.kymo(&["render", "a.toml", "-j", "0"]).wrong();
}

#[test]
fn timings_follow_the_message_of_their_picture() {
    let project = Project::with_film();
    let messages = project.kymo(&["render", "a.toml", "--timings"]).done().err;
    let lines: Vec<&str> = messages.lines().collect();
    assert!(lines[0].contains("a.gif: 160 × 100, 12 frames"), "{messages}");
    let stages = ["start", "read", "look", "lay out", "draw", "choose", "code", "put", "in all"];
    assert_eq!(lines.len(), 1 + stages.len(), "{messages}");
    for (line, stage) in lines[1..].iter().zip(stages) {
        assert!(line.contains(" ms  ") && line.contains(stage), "{line} is not about `{stage}`");
    }
    let milliseconds = |line: &&str| line.split_whitespace().next()?.parse::<f64>().ok();
    let times: Vec<f64> = lines[1..].iter().map(|line| milliseconds(line).expect(line)).collect();
    let (total, stages) = times.split_last().expect("stages");
    assert!((total - stages.iter().sum::<f64>()).abs() < 1.0, "{messages}");
    assert_eq!(project.kymo(&["render", "a.toml", "--timings", "--quiet"]).done().err, "");
}

#[test]
fn a_film_of_one_frame_and_a_scene_without_a_film_are_stills_in_any_format() {
    let project = Project::with_film();
    for text in [FILM.replace("frames = 12", "frames = 1"), FILM.replace("[animate]\nframes = 12\n", "")] {
        project.write("a.toml", text);
        for ending in ["gif", "apng", "png", "%02d.png"] {
            project.kymo(&["render", "a.toml", "-o", &format!("one.{ending}")]).done();
        }
        assert_eq!(film(&project.read("one.gif")), (160, 100, 1));
        assert_eq!(project.read("one.00.png"), project.read("one.png"));
        assert_eq!(still(&project.read("one.apng")), still(&project.read("one.png")));
    }
}

#[test]
fn one_scene_makes_stills_and_films_in_vectors_and_in_pixels() {
    let project = Project::new();
    let outputs =
        "['imgs/a.gif', { path = 'imgs/film.svg', animated = true }, { path = 'imgs/still.svg', frame = 1 }]";
    project.write("a.toml", format!("output = {outputs}\n{FILM}"));
    project.kymo(&["render", "a.toml"]).done();
    let read = |name: &str| String::from_utf8(project.read(name)).expect("text");
    let (movie, still) = (read("imgs/film.svg"), read("imgs/still.svg"));
    assert!(film(&project.read("imgs/a.gif")).2 > 1);
    assert!(movie.starts_with("<svg ") && movie.contains("<animate") && movie.ends_with("</svg>\n"));
    assert!(still.starts_with("<svg ") && !still.contains("<animate"));
    project.kymo(&["render", "a.toml", "--frame", "1", "-o", "imgs/alone.svg"]).done();
    assert_eq!(read("imgs/alone.svg"), still);
    project.kymo(&["render", "a.toml", "-o", "imgs/again.svg", "--animated"]).done();
    assert_eq!(read("imgs/again.svg"), movie);
}

#[test]
fn a_webp_keeps_every_color() {
    let project = Project::with_film();
    project.kymo(&["render", "a.toml", "-o", "a.webp"]).done();
    let file = project.read("a.webp");
    let frames = webp(&file);
    assert_eq!((frames.len(), frames[0].dimensions()), (12, (160, 100)));
    project.kymo(&["render", "a.toml", "-o", "first.png", "--frame", "0"]).done();
    assert_eq!(frames[0], still(&project.read("first.png")));
    let scene = format!("output = 'imgs/a.webp'\n{FILM}");
    project.write("b.toml", &scene);
    assert!(project.kymo(&["render", "b.toml", "-o", "-"]).done().out == file);
    project.write("b.toml", scene.replace("frames = 12", "frames = 12\nfps = 100"));
    let run = project.kymo(&["render", "b.toml"]).wrong();
    assert!(run.err.contains("too many for WebP") && run.err.contains("write fps = 90"), "{}", run.err);
}

/// The frames of a WebP, read by another decoder.
fn webp(bytes: &[u8]) -> Vec<image::RgbaImage> {
    use image::AnimationDecoder;
    let decoder = image::codecs::webp::WebPDecoder::new(std::io::Cursor::new(bytes)).expect("a WebP");
    decoder.into_frames().map(|frame| frame.expect("a whole frame").into_buffer()).collect()
}

/// The frames of an APNG.
fn apng(bytes: &[u8]) -> Vec<image::RgbaImage> {
    use image::AnimationDecoder;
    let decoder = image::codecs::png::PngDecoder::new(std::io::Cursor::new(bytes)).expect("a PNG");
    let frames = decoder.apng().expect("an APNG").into_frames();
    frames.map(|frame| frame.expect("a whole frame").into_buffer()).collect()
}

type Decoder = fn(&[u8]) -> Vec<image::RgbaImage>;

#[test]
fn quality_bounds_the_error_of_each_channel() {
    let project = Project::with_film();
    let decoders: [(&str, Decoder); 3] = [("gif", shown), ("apng", apng), ("webp", webp)];
    for (ending, frames) in decoders {
        let (exact, name) = (format!("exact.{ending}"), format!("q.{ending}"));
        project.kymo(&["render", "a.toml", "-o", &exact, "--quality", "100"]).done();
        project.kymo(&["render", "a.toml", "-o", &name]).done();
        assert!(project.read(&exact) == project.read(&name), "{ending}: exact by default");
        let (exact, mut before) = (project.read(&exact), usize::MAX);
        for quality in [95, 80, 50] {
            project.kymo(&["render", "a.toml", "-o", &name, "--quality", &quality.to_string()]).done();
            let file = project.read(&name);
            assert!(file.len() < exact.len().min(before), "{ending}, {quality}: {} bytes", file.len());
            before = file.len();
            let (exact, reduced) = (frames(&exact), frames(&file));
            assert_eq!(exact.len(), reduced.len());
            let pairs =
                exact.iter().zip(&reduced).flat_map(|(exact, reduced)| exact.iter().zip(reduced.iter()));
            let worst = pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
            assert!((1..=100 - quality).contains(&worst), "{ending}, {quality}: {worst}");
        }
    }
}

#[test]
fn quality_is_set_in_a_scene_or_on_the_command_line() {
    let project = Project::with_film();
    let outputs = "['imgs/exact.webp', { path = 'imgs/small.webp', quality = 80 }]";
    project.write("b.toml", format!("output = {outputs}\n{FILM}"));
    project.kymo(&["render", "b.toml"]).done();
    project.kymo(&["render", "b.toml", "-o", "imgs/given.webp", "--quality", "80"]).done();
    assert!(project.read("imgs/given.webp") == project.read("imgs/small.webp"));
    assert!(project.read("imgs/exact.webp").len() > project.read("imgs/small.webp").len());
    // Another quality is another picture; with the same quality the picture is fresh.
    project.write("b.toml", format!("output = {}\n{FILM}", outputs.replace("80", "70")));
    let run = project.kymo(&["status", "b.toml"]);
    assert_eq!(run.code, Some(1));
    for line in ["fresh     imgs/exact.webp", "stale     imgs/small.webp"] {
        assert!(run.text().contains(line), "{}", run.text());
    }
    for quality in ["101", "-1", "0.5", "high"] {
        let run = project.kymo(&["render", "b.toml", "-o", "a.gif", &format!("--quality={quality}")]).wrong();
        assert!(run.err.contains("a whole number from 0 to 100"), "{}", run.err);
    }
    for output in ["a.png", "a.svg", "a.mp4", "%d.png"] {
        let run = project.kymo(&["render", "b.toml", "-o", output, "--quality", "90"]).wrong();
        assert!(run.err.contains("write --output NAME.gif, .apng or .webp"), "{}", run.err);
        project.write("c.toml", format!("output = {{ path = '{output}', quality = 90 }}\n{FILM}"));
        let run = project.kymo(&["render", "c.toml"]).wrong();
        assert!(run.err.contains("`output.quality` is for films"), "{}", run.err);
        assert!(run.err.contains("ends in .gif, .apng or .webp"), "{}", run.err);
    }
    project.write("c.toml", format!("output = {{ path = 'a.gif', quality = 101 }}\n{FILM}"));
    let run = project.kymo(&["render", "c.toml"]).wrong();
    assert!(run.err.contains("`output.quality` is 101") && run.err.contains("from 0 to 100"), "{}", run.err);
}

#[test]
fn an_error_common_to_all_films_is_reported_once() {
    let project = Project::new();
    let outputs = "output = ['imgs/a.gif', 'imgs/a.webp', 'imgs/a-%d.png']\n";
    // Real up to the middle of the film.
    let late = FILM.replace("\"spring.x\"", "\"sqrt(1 - t)*spring.x\"").replace("trace =", "point =");
    project.write("a.toml", format!("{outputs}{late}"));
    for command in ["render", "check"] {
        let run = project.kymo(&[command, "a.toml"]).wrong();
        assert_eq!(run.err.matches("error: ").count(), 1, "{}", run.err);
        assert!(run.err.contains("a complex value"), "{}", run.err);
    }
    let run = project.kymo(&["check", "a.toml"]).wrong();
    assert!(run.text().contains("3 failed"), "{}", run.text());
    assert!(project.list("imgs").is_empty());
}

/// The film is drawn once for all outputs.
#[test]
fn pictures_do_not_depend_on_the_other_outputs() {
    let project = Project::new();
    project.folder("alone");
    let outputs = [
        "'imgs/a.gif'",
        "{ path = 'imgs/b.gif', quality = 90 }",
        "'imgs/a.apng'",
        "'imgs/a.webp'",
        "{ path = 'imgs/c.gif', scale = 2 }",
        "'imgs/s-%d.png'",
        "'imgs/a.png'",
        "{ path = 'imgs/d.webp', scale = 2, quality = 50 }",
    ];
    for background in ["white", "transparent"] {
        let scene = |outputs: &str| {
            let background = format!("background = '{background}'\nscale = 1");
            format!("output = [{outputs}]\n{}", FILM.replacen("scale = 1", &background, 1))
        };
        for jobs in ["1", "3"] {
            project.write("a.toml", scene(&outputs.join(", ")));
            project.kymo(&["render", "a.toml", "--force", "-j", jobs]).done();
            project.kymo(&["check", "a.toml", "--exact"]).done();
            for output in outputs {
                project.write("a.toml", scene(&output.replace("imgs/", "alone/")));
                project.kymo(&["render", "a.toml", "--force", "-j", jobs]).done();
            }
            assert_eq!(project.list("alone"), project.list("imgs"));
            for name in project.list("imgs") {
                let (together, alone) =
                    (project.read(&format!("imgs/{name}")), project.read(&format!("alone/{name}")));
                assert!(together == alone, "{name} on {background} paper, {jobs} jobs");
            }
        }
    }
}
