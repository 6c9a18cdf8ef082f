//! `kymo render --draft`: texts that overlap or leave the canvas are drawn, marked in red and warned of.

use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;

use crate::project::Project;

/// A film of two texts in one place, of which the second is shown from the middle of the film on.
const OVERLAPPING: &str = "
canvas = { size = [200, 150], scale = 1 }
time = { span = [0, 3] }
animate = { frames = 4 }
[panels.x]
kind = 'plot'
x = { range = [0, 3], ticks = false }
y = { range = [0, 3], ticks = false }
draw = [
  { text = 'one text', at = [1, 1] },
  { text = 'two texts', at = [1, 1], when = 't > 1.5' },
]
";

/// Whether each frame of a GIF has red pixels.
fn red_frames(gif: &[u8]) -> Vec<bool> {
    let frames = GifDecoder::new(std::io::Cursor::new(gif)).expect("a GIF").into_frames();
    let is_red = |pixel: &image::Rgba<u8>| pixel.0[0] > 200 && pixel.0[1] < 40 && pixel.0[2] < 40;
    frames.map(|frame| frame.expect("a frame").buffer().pixels().any(is_red)).collect()
}

#[test]
fn a_draft_marks_the_overlap_in_its_frames_and_warns() {
    let project = Project::new();
    project.write("a.toml", OVERLAPPING);
    let strict = project.kymo(&["render", "a.toml"]).wrong();
    assert!(strict.err.starts_with("error: ") && strict.err.contains("overlap by"), "{}", strict.err);
    assert_eq!(project.list("imgs"), [""; 0]);
    let draft = project.kymo(&["render", "a.toml", "--draft"]).done();
    assert_eq!(draft.err.matches("warning: ").count(), 1, "{}", draft.err);
    assert!(draft.err.contains("overlap by") && draft.err.contains("a.toml:11:"), "{}", draft.err);
    // Equal neighbors are one frame of the file.
    assert_eq!(red_frames(&project.read("imgs/a.gif")), [false, true]);
}

#[test]
fn every_format_has_drafts() {
    let project = Project::new();
    project.write("a.toml", OVERLAPPING);
    for name in ["a.apng", "a.webp", "a.png", "a.svg", "film-%d.png"] {
        project.kymo(&["render", "a.toml", "--draft", "-o", name]).done();
    }
    project.kymo(&["render", "a.toml", "--draft", "-o", "film.svg", "--animated"]).done();
    for svg in ["a.svg", "film.svg"] {
        let text = String::from_utf8(project.read(svg)).expect("UTF-8").to_lowercase();
        assert!(text.contains("#f00") || text.contains("#ff0000") || text.contains("red"), "{svg}");
    }
}

#[test]
fn a_draft_is_stale_and_rendered_again() {
    let project = Project::with_film();
    project.kymo(&["render", "a.toml", "--draft"]).done();
    let status = project.kymo(&["status", "a.toml"]);
    assert_eq!(status.code, Some(1), "{}", status.err);
    assert!(status.text().contains("stale"), "{}", status.text());
    let again = project.kymo(&["render", "a.toml", "--draft"]).done();
    assert!(!again.err.contains("fresh"), "{}", again.err);
    let finished = project.kymo(&["render", "a.toml"]).done();
    assert!(!finished.err.contains("fresh"), "{}", finished.err);
    assert_eq!(project.kymo(&["status", "a.toml"]).code, Some(0));
    for command in ["check", "bless", "status"] {
        let refused = project.kymo(&[command, "--draft"]).wrong();
        assert!(refused.err.contains("a draft is for kymo render alone"), "{}", refused.err);
    }
}

#[test]
fn a_canvas_without_room_for_its_labels_is_drawn() {
    let project = Project::new();
    project.write(
        "a.toml",
        "canvas = { size = [60, 40], scale = 1 }\noutput = 'a.png'\n[panels.x]\nkind = 'plot'\n
        title = 'a title that is much too long'\nx = { label = 'time in seconds' }\ny = { label = 'length' }\n
        draw = [{ hline = 1 }]",
    );
    project.kymo(&["render", "a.toml"]).wrong();
    let draft = project.kymo(&["render", "a.toml", "--draft"]).done();
    assert!(draft.err.contains("warning: ") && !draft.err.contains("error: "), "{}", draft.err);
    let image = image::load_from_memory(&project.read("a.png")).expect("a PNG").to_rgba8();
    assert!(image.pixels().any(|pixel| pixel.0 == [255, 0, 0, 255]));
}
