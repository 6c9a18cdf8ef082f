//! The program's files: the same bytes whichever way they are asked for.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{BUSY, played};
use crate::support::stage::{alone, changed, figure};

/// A folder with scenes in which `kymo` runs.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        std::fs::create_dir(folder.path("out")).expect("a folder");
        std::fs::create_dir(folder.path("scenes")).expect("a folder");
        for (number, decay) in ["0.2", "0.5", "1"].iter().enumerate() {
            let scene = BUSY.replace("decay = 0.2", &format!("decay = {decay}"));
            let outputs = "output = ['NAME.gif', 'NAME.apng', 'NAME-%04d.png']\n";
            let text = format!("{}{scene}", outputs.replace("NAME", &format!("out/film{number}")));
            std::fs::write(folder.path(&format!("scenes/{number}.toml")), text).expect("a scene");
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn kymo(&self, arguments: &[&str]) {
        let kymo = Command::new(env!("CARGO_BIN_EXE_kymo"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .expect("kymo runs");
        assert!(kymo.status.success(), "{}", String::from_utf8_lossy(&kymo.stderr));
    }

    /// All files of the output folder, by name.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let folder = std::fs::read_dir(self.path("out")).expect("outputs");
        let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
        let paths = folder.map(|entry| entry.expect("an entry").path());
        let mut files: Vec<_> = paths.map(|p| (name(&p), std::fs::read(&p).expect("a file"))).collect();
        files.sort();
        files
    }
}

#[test]
fn files_are_the_same_with_any_number_of_jobs_and_in_every_run() {
    let folder = Folder::new();
    let mut runs = ["1", "1", "2", "3", "8"].into_iter().map(|jobs| {
        folder.kymo(&["render", "--quiet", "-j", jobs]);
        folder.files()
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
fn a_still_is_the_films_frame() {
    let folder = Folder::new();
    folder.kymo(&["render", "--quiet", "scenes/0.toml"]);
    let frames = played(&changed(BUSY, &[]));
    for index in [0, 1, 13, 29, 30] {
        let still = ["render", "--quiet", "scenes/0.toml", "-o", "still.png", "--frame"];
        folder.kymo(&[&still[..], &[&index.to_string()]].concat());
        let bytes = std::fs::read(folder.path("still.png")).expect("a still");
        let of_sequence = std::fs::read(folder.path(&format!("out/film0-{index:04}.png")));
        assert!(bytes == of_sequence.expect("a still"), "frame {index}");
        let decoded = image::load_from_memory(&bytes).expect("a PNG").into_rgba8();
        let drawn = frames[index].0.pixels().iter().map(|p| [p.r, p.g, p.b, p.a]);
        assert!(decoded.pixels().map(|p| p.0).eq(drawn), "frame {index}");
    }
}

#[test]
fn a_present_picks_its_frame_and_a_scale_its_pixels() {
    let folder = Folder::new();
    let still = ["render", "--quiet", "scenes/1.toml", "-o", "a.png", "--at", "4.81", "--scale", "2"];
    folder.kymo(&still);
    let bytes = std::fs::read(folder.path("a.png")).expect("a still");
    let decoded = image::load_from_memory(&bytes).expect("a PNG").into_rgba8();
    let scene = changed(BUSY, &["canvas.scale=2", "decay=0.5"]);
    // The frame nearest to 4.81 s in steps of 0.4 s.
    let drawn = alone(&figure(&scene), 12);
    assert_eq!(decoded.dimensions(), (480, 480));
    assert!(decoded.pixels().map(|p| p.0).eq(drawn.pixels().iter().map(|p| [p.r, p.g, p.b, p.a])));
}
