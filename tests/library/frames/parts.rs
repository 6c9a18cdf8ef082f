//! The repository's films in parts: joined, they are the files that are made at once.

use std::io::Cursor;
use std::ops::Range;

use kymograph::encode::{Coding, EncodeError};
use kymograph::film::{Edition, Reel, Share};
use kymograph::panel::Figure;
use kymograph::scene::Scene;

use crate::support;
use crate::support::stage::{BUSY, all_posted, at_scale, changed};

fn whole(figure: &Figure<'_>, coding: Coding) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let marks = |index| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    match coding {
        Coding::Gif => figure.reel().write_gif(&mut file, marks),
        Coding::Apng => figure.reel().write_apng(&mut file, marks),
        Coding::Webp => figure.reel().write_webp(&mut file, marks),
    }
    .expect("a film");
    file.into_inner()
}

fn joined(figure: &Figure<'_>, coding: Coding, cuts: &[Range<usize>]) -> Vec<u8> {
    let marks = |index| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    let part = |frames: &Range<usize>| {
        let mut part = Vec::new();
        let share = Share { edition: Edition::exact(coding), frames: frames.clone(), counts: None };
        figure.reel().write_part(&share, 2, &mut part, &marks, &()).expect("a part");
        part
    };
    let parts: Vec<Vec<u8>> = cuts.iter().map(part).collect();
    support::joined::joined(&parts)
}

/// A film cut in three, the first piece a single frame.
fn check(name: &str, scene: &Scene, scale: f64) {
    let figure = at_scale(scene, scale);
    let Reel { timing, .. } = figure.reel();
    let middle = timing.frames * 3 / 7;
    let cuts = [0..1, 1..middle, middle..timing.frames];
    for coding in [Coding::Gif, Coding::Apng, Coding::Webp] {
        assert!(joined(&figure, coding, &cuts) == whole(&figure, coding), "{name} as {coding:?}");
    }
}

#[test]
fn every_film_is_its_parts() {
    for posted in all_posted() {
        let scene = posted.scene(&[]);
        if scene.clock.frames > 3 {
            check(&posted.name, &scene, 0.5);
        }
    }
}

/// What moves is erased, in every frame, far across the places where the film is cut.
#[test]
fn a_film_on_clear_paper_is_its_parts() {
    check("busy", &changed(BUSY, &["canvas.background=transparent"]), 1.0);
}
