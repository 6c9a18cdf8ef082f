//! The lines near the notes of a panel, of which `panel::note_path` keeps them off.

use std::ops::Range;

use crate::geometry::{Bounds, Point};
use crate::mark::Mark;
use crate::panel::annotation::Annotation;
use crate::panel::built_panel::BuiltPanel;
use crate::panel::chords::{Chord, visit_chords};
use crate::panel::frames::for_each_frame;
use crate::panel::memory;
use crate::scene::Scene;
use crate::scene::diagnostic::{Diagnostic, charge};
use crate::scene::element::PanelFrame;
use crate::work::Memory;

/// The most frames in which lines are looked at. Those of a longer film are looked at in every second one, or every third.
const MAX_SAMPLES: usize = 128;
/// The weight of an outline, which is seen with its interior: a marker has two edges.
const OUTLINE_WEIGHT: f64 = 0.5;

/// The work of looking for a line near a note.
const LOOK: u64 = 2;

/// The lines that the notes of a panel could touch, in some frames of the film.
pub(super) struct NoteLines {
    /// The number of frames from one sample to the next.
    stride: usize,
    samples: Vec<Sample>,
}

/// The lines in a frame, which stand for those in the frames up to the next sample.
struct Sample {
    frames: Range<usize>,
    chords: Vec<Chord>,
    _memory: Memory,
}

/// The lines near one note.
pub(super) struct NearLines {
    stride: usize,
    samples: Vec<Vec<Chord>>,
    _memory: Memory,
}

impl NearLines {
    /// The lines in a frame.
    pub(super) fn in_frame(&self, frame: usize) -> &[Chord] {
        &self.samples[frame / self.stride]
    }
}

impl NoteLines {
    /// The lines near any of the notes of a panel; `None` if all texts keep their sides.
    ///
    /// # Errors
    /// A value that must be real is complex, or the lines take more work or memory than the scene's limits.
    pub(super) fn of_panel<'s>(
        (scene, threads): (&'s Scene, usize),
        built: &BuiltPanel<'s>,
    ) -> Result<Option<Self>, Diagnostic> {
        let notes: Vec<&Annotation<'s>> = built.annotations().filter(|note| note.has_free_side()).collect();
        let Some(first) = notes.first() else { return Ok(None) };
        let origin = first.element().origin;
        let stride = scene.timeline.frames.div_ceil(MAX_SAMPLES);
        let frames: Vec<usize> = (0..scene.timeline.frames).step_by(stride).collect();
        let samples = for_each_frame((scene, threads), &frames, |env, frame| {
            let mut marks: Vec<Mark> = built
                .element_marks((frame, env), |painter| !painter.is_backdrop())?
                .into_iter()
                .flatten()
                .collect();
            built.springs().try_for_each(|painter| painter.marks(env, &mut marks))?;
            let frames = frame..(frame + stride).min(scene.timeline.frames);
            let regions: Vec<Bounds> = notes.iter().filter_map(|note| region(note, frames.clone())).collect();
            let mut chords = chords_of(built, &marks);
            let looks = LOOK * (chords.len() * regions.len()) as u64;
            charge(env.work(), looks, origin)?;
            chords.retain(|chord| regions.iter().any(|region| chord.meets(region)));
            chords.shrink_to_fit();
            let memory = memory::hold_chords(scene, chords.len(), origin)?;
            Ok(Sample { frames, chords, _memory: memory })
        })?;
        Ok(Some(Self { stride, samples }))
    }

    /// The lines near a note of the panel that has not moved yet.
    ///
    /// # Errors
    /// They take more work or memory than the scene's limits.
    pub(super) fn near(&self, scene: &Scene, note: &Annotation<'_>) -> Result<NearLines, Diagnostic> {
        let origin = note.element().origin;
        let looks: usize = self.samples.iter().map(|sample| sample.chords.len()).sum();
        scene.charge(LOOK * looks as u64, origin)?;
        let near = |sample: &Sample| -> Vec<Chord> {
            let region = region(note, sample.frames.clone());
            let is_near = |chord: &&Chord| region.is_some_and(|region| chord.meets(&region));
            sample.chords.iter().filter(is_near).copied().collect()
        };
        let samples: Vec<Vec<Chord>> = self.samples.iter().map(near).collect();
        let memory = memory::hold_chords(scene, samples.iter().map(Vec::capacity).sum(), origin)?;
        Ok(NearLines { stride: self.stride, samples, _memory: memory })
    }
}

/// The rectangle that a note can reach in some frames; `None` if it is hidden in all of them.
fn region(note: &Annotation<'_>, frames: Range<usize>) -> Option<Bounds> {
    frames.filter_map(|frame| note.reach(frame)).reduce(|a, b| a.union(&b))
}

/// The chords of marks, and of the frame.
fn chords_of(built: &BuiltPanel<'_>, marks: &[Mark]) -> Vec<Chord> {
    let mut chords = Vec::new();
    for mark in marks {
        let opacity = mark.color().map_or(0.0, |color| f64::from(color.a) / 255.0);
        let weight = if matches!(mark, Mark::Fill(_)) { opacity * OUTLINE_WEIGHT } else { opacity };
        visit_chords(mark, &mut |from, to| chords.push(Chord { from, to, weight }));
    }
    chords.extend(frame_lines(built).into_iter().map(|[from, to]| Chord { from, to, weight: 1.0 }));
    chords
}

/// The lines that frame a panel.
fn frame_lines(built: &BuiltPanel<'_>) -> Vec<[Point; 2]> {
    let Bounds { left, top, right, bottom } = built.viewport.rect.into();
    let across = |y: f64| [Point::new(left, y), Point::new(right, y)];
    let along = |x: f64| [Point::new(x, top), Point::new(x, bottom)];
    let mut lines = match built.panel.frame {
        PanelFrame::Box => vec![across(top), across(bottom), along(left), along(right)],
        PanelFrame::Corner => vec![across(bottom), along(left)],
        PanelFrame::Origin => {
            let crossing = built.viewport.point(built.viewport.origin());
            vec![across(crossing.y), along(crossing.x)]
        }
        PanelFrame::None => Vec::new(),
    };
    if built.panel.y2.is_some() && built.panel.frame == PanelFrame::Corner {
        lines.push(along(right));
    }
    lines
}
