//! Laws of films in parts: however a film is cut, and whoever counts and codes which stretch of it, joined it is the
//! file that is made at once.

use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;

use kymograph::draw::mark::{Fill, Mark, Shape};
use kymograph::encode::{
    Coding, Disorder, EncodeError, Join, JoinError, Part, PartError, Plays, Quality, Stamp,
};
use kymograph::film::{Counts, Edition, Print, Reel, Share, Timing};
use kymograph::geometry::{PixelRect, Point};
use tiny_skia_path::{PathBuilder, Rect};

use crate::support::film::{MATTE, Noise};
use crate::support::joined::joined;

const CODINGS: [Coding; 3] = [Coding::Gif, Coding::Apng, Coding::Webp];

/// At this quality many of the films' frames become equal that were not.
const LOW: Option<Quality> = Quality::new(30);

/// A film of rectangles that come, go and stay, as marks.
struct Marks {
    reel: Reel,
    stamp: Option<Stamp>,
    frames: Vec<Vec<Mark>>,
}

impl Marks {
    /// Of `still` frames in a hundred nothing is new.
    fn random(noise: &mut Noise, frames: usize, alphas: &[u8], still: u32) -> Self {
        let size = (19, 13);
        let timing = Timing { frames, fps: 25.0, hold: 1.5 };
        let background = noise.colour(alphas);
        let reel = Reel { size, background, timing, plays: Plays::Forever, matte: MATTE };
        let mut all: Vec<Vec<Mark>> = vec![vec![Mark::Nothing; 3]];
        while all.len() < frames {
            let mut next = all[all.len() - 1].clone();
            if noise.below(100) >= still {
                let slot = noise.below(3) as usize;
                next[slot] =
                    if noise.below(3) == 0 { Mark::Nothing } else { rectangle(noise, &reel, alphas) };
            }
            all.push(next);
        }
        Self { reel, stamp: None, frames: all }
    }

    fn marks(&self) -> impl Fn(usize) -> Result<Vec<Mark>, EncodeError> + Sync {
        |index| Ok(self.frames[index].clone())
    }

    /// Every format, exactly and not.
    fn editions(&self) -> Vec<Edition> {
        let qualities = [Quality::EXACT].into_iter().chain(LOW);
        let edition = |quality| CODINGS.map(|coding| Edition { coding, quality, stamp: self.stamp });
        qualities.flat_map(edition).collect()
    }

    fn whole(&self, edition: Edition) -> Result<Vec<u8>, EncodeError> {
        let mut file = Cursor::new(Vec::new());
        let prints = vec![Print::File(edition, &mut file)];
        self.reel.print(1, prints, &self.marks(), &())?.remove(0)?;
        Ok(file.into_inner())
    }

    fn part(&self, share: &Share<'_>, threads: usize) -> Result<Vec<u8>, EncodeError> {
        let mut part = Vec::new();
        self.reel.write_part(share, threads, &mut part, &self.marks(), &())?;
        Ok(part)
    }

    /// The film as parts that cover these frames; each draws all of it, unless its counts are given.
    fn parts(&self, edition: Edition, cuts: &[Range<usize>], counts: Option<&Counts>) -> Vec<Vec<u8>> {
        let share = |(number, frames): (usize, &Range<usize>)| {
            let share = Share { edition, frames: frames.clone(), counts };
            self.part(&share, 1 + number % 3).expect("a part")
        };
        cuts.iter().enumerate().map(share).collect()
    }

    /// What the film holds, counted in stretches.
    fn counts(&self, cuts: &[Range<usize>]) -> Counts {
        let mut sum = Counts::default();
        for (number, frames) in cuts.iter().enumerate() {
            let mut survey = Vec::new();
            let threads = 1 + number % 2;
            self.reel
                .write_survey(frames.clone(), self.stamp, threads, &mut survey, &self.marks(), &())
                .expect("a survey");
            sum.add(&Counts::from_bytes(&payload(&survey)).expect("counts"));
        }
        sum
    }
}

fn rectangle(noise: &mut Noise, reel: &Reel, alphas: &[u8]) -> Mark {
    let rect = noise.rect(reel.size.0, reel.size.1);
    let outline = Rect::from_xywh(0.0, 0.0, rect.width() as f32, rect.height() as f32).expect("a rectangle");
    Mark::Fill(Fill {
        shape: Arc::new(Shape { outlines: vec![PathBuilder::from_rect(outline)] }),
        at: Point::new(f64::from(rect.left), f64::from(rect.top)),
        colour: noise.colour(alphas),
        clip: PixelRect::of_size(reel.size.0, reel.size.1),
    })
}

fn payload(part: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read: Result<(), PartError> = Part::open(Cursor::new(part)).expect("a part").read(|more| {
        bytes.extend_from_slice(more);
        Ok(())
    });
    read.expect("it is sound");
    bytes
}

/// Stretches that cover a film: all at once, frame by frame, or cut at random.
fn cuts(noise: &mut Noise, frames: usize) -> Vec<Range<usize>> {
    let most = [1, frames, 2, 5][noise.below(4) as usize];
    let mut ends: Vec<usize> = (1..most).map(|_| 1 + noise.below(frames as u32) as usize).collect();
    if most == frames {
        ends = (1..frames).collect();
    }
    ends.push(frames);
    ends.sort_unstable();
    ends.dedup();
    let starts = [0].into_iter().chain(ends.clone());
    starts.zip(ends).map(|(start, end)| start..end).collect()
}

fn check(film: &Marks, noise: &mut Noise, what: &str) {
    for edition in film.editions() {
        let whole = film.whole(edition).expect("a film");
        for _ in 0..3 {
            let cuts = cuts(noise, film.frames.len());
            let parts = film.parts(edition, &cuts, None);
            assert!(joined(&parts) == whole, "{what}, {edition:?} cut at {cuts:?}");
            let counts = film.counts(&self::cuts(noise, film.frames.len()));
            let mut counted = film.parts(edition, &cuts, Some(&counts));
            assert!(counted == parts, "{what}, {edition:?} counted apart, cut at {cuts:?}");
            counted.reverse();
            assert!(joined(&counted) == whole, "parts come in any order");
        }
    }
}

#[test]
fn joined_parts_are_the_film() {
    let noise = &mut Noise(21);
    for alphas in [&[255_u8][..], &[0, 255], &[0, 0, 0, 255], &[0, 5, 90, 255]] {
        for (frames, still) in [(1, 0), (2, 100), (24, 30), (24, 95), (70, 60)] {
            for plays in [Plays::Forever, Plays::Times(1)] {
                let mut film = Marks::random(noise, frames, alphas, still);
                film.reel.plays = plays;
                film.stamp = (still < 60).then(|| Stamp::new([still as u8; 32]));
                check(&film, noise, &format!("{alphas:?}, {frames} frames, {still} % still"));
            }
        }
    }
}

/// What one frame cannot say goes on in further ones, or is made up for by the delay of the next.
#[test]
fn joined_parts_last_as_long() {
    let noise = &mut Noise(22);
    for (fps, hold) in [(0.013, 0.0), (0.0015, 300.5), (0.007_31, 70_000.0), (7.3, 40_000.0), (29.97, 700.0)]
    {
        for alphas in [&[255_u8][..], &[0, 255]] {
            let mut film = Marks::random(noise, 17, alphas, 40);
            film.reel.timing = Timing { fps, hold: f64::min(hold, 60_000.0), ..film.reel.timing };
            check(&film, noise, &format!("{fps} fps, held for {hold} s"));
        }
    }
}

/// A single picture may be shown as briefly as it likes, but not the last of several; whoever codes it knows which it is.
#[test]
fn what_the_film_cannot_say_some_part_cannot() {
    let noise = &mut Noise(23);
    for still in [0, 100] {
        let mut film = Marks::random(noise, 9, &[255], still);
        film.reel.timing = Timing { fps: 900.0, hold: 0.0, ..film.reel.timing };
        for edition in CODINGS.map(Edition::exact) {
            let parts = (0..9).map(|frame| Share { edition, frames: frame..frame + 1, counts: None });
            let fails = parts.map(|share| film.part(&share, 1)).any(|part| part.is_err());
            assert_eq!((fails, fails), (still == 0, film.whole(edition).is_err()), "{edition:?}");
        }
    }
}

#[test]
fn parts_of_different_films_are_not_joined() {
    let noise = &mut Noise(24);
    let films: Vec<Marks> = (0..2).map(|_| Marks::random(noise, 6, &[255], 0)).collect();
    let head = |film: &Marks, coding, frames| {
        let edition = Edition { stamp: film.stamp, ..Edition::exact(coding) };
        let part = film.part(&Share { edition, frames, counts: None }, 1).expect("a part");
        let part = Part::open(Cursor::new(part)).expect("a part");
        (part.head().clone(), part.length())
    };
    let [one, other] = &films[..] else { unreachable!("two films") };
    let first = || head(one, Coding::Gif, 0..3);
    for second in [head(other, Coding::Gif, 3..6), head(one, Coding::Apng, 3..6)] {
        assert!(matches!(Join::of(vec![first(), second]), Err(JoinError::Strangers(0, 1))));
    }
    let mut stamped = Marks::random(noise, 1, &[255], 0);
    (stamped.reel, stamped.frames) = (one.reel, one.frames.clone());
    stamped.stamp = Some(Stamp::new([1; 32]));
    let second = head(&stamped, Coding::Gif, 3..6);
    assert!(matches!(Join::of(vec![first(), second]), Err(JoinError::Strangers(0, 1))));
    let second = head(one, Coding::Gif, 4..6);
    let missing = Join::of(vec![second, first()]);
    assert!(
        matches!(missing, Err(JoinError::Order(Disorder::Missing(gaps))) if gaps.first() == Some(&(3..4)))
    );
    assert!(Join::of(Vec::new()).is_err());
}
