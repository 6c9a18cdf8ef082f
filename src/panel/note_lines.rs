//! The lines near the notes of a panel, of which `panel::note_path` keeps them off.

use crate::geometry::{Bounds, Point};
use crate::mark::Mark;
use crate::panel::annotation::Annotation;
use crate::panel::built_panel::BuiltPanel;
use crate::panel::chords::{clipped_length, visit_chords};
use crate::panel::frames::for_each_frame;
use crate::panel::memory;
use crate::panel::note_path::Chord;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::PanelFrame;

/// The most frames in which lines are looked at. Those of a longer film are looked at in every second one, or every third.
const MAX_SAMPLES: usize = 128;
/// The weight of an outline, which is seen with its interior: a marker has two edges.
const OUTLINE_WEIGHT: f64 = 0.5;

/// The lines that a note could touch, in some frames of the film.
pub(super) struct NoteLines {
    /// The number of frames from one sample to the next.
    stride: usize,
    samples: Vec<Vec<Chord>>,
}

impl NoteLines {
    /// The lines in a frame.
    pub(super) fn in_frame(&self, frame: usize) -> &[Chord] {
        &self.samples[frame / self.stride]
    }

    /// The lines near each text of a panel; `None` for texts that keep their side.
    ///
    /// # Errors
    /// A value that must be real is complex, or the lines take more memory than the limit of the scene.
    pub(super) fn of_panel<'s>(
        (scene, threads): (&'s Scene, usize),
        built: &BuiltPanel<'s>,
    ) -> Result<Vec<Option<Self>>, Diagnostic> {
        let notes: Vec<&Annotation<'s>> = built.annotations().collect();
        let mut lines: Vec<Option<Self>> = Vec::with_capacity(notes.len());
        let stride = scene.timeline.frames.div_ceil(MAX_SAMPLES);
        lines.extend(
            notes.iter().map(|note| note.has_free_side().then(|| Self { stride, samples: Vec::new() })),
        );
        if lines.iter().all(Option::is_none) {
            return Ok(lines);
        }
        let frames: Vec<usize> = (0..scene.timeline.frames).step_by(stride).collect();
        let found = for_each_frame((scene, threads), &frames, |env, frame| {
            let mut marks: Vec<Mark> = built
                .element_marks((frame, env), |painter| !painter.is_backdrop())?
                .into_iter()
                .flatten()
                .collect();
            built.springs().try_for_each(|painter| painter.marks(env, &mut marks))?;
            let region = |note: &&Annotation<'_>| {
                let last = (frame + stride).min(scene.timeline.frames);
                (frame..last).filter_map(|frame| note.reach(frame)).reduce(|a, b| around(&a, &b))
            };
            let near = |note| region(note).map_or_else(Vec::new, |region| chords_in(built, &marks, &region));
            let near: Vec<Vec<Chord>> = notes.iter().map(near).collect();
            memory::reserve_chords(scene, near.iter().map(Vec::len).sum(), built.panel.origin)?;
            Ok(near)
        })?;
        for sample in found {
            for (lines, chords) in lines.iter_mut().zip(sample) {
                if let Some(lines) = lines {
                    lines.samples.push(chords);
                }
            }
        }
        Ok(lines)
    }
}

/// The chords of marks, and of the frame, that meet a region.
fn chords_in(built: &BuiltPanel<'_>, marks: &[Mark], region: &Bounds) -> Vec<Chord> {
    let mut chords = Vec::new();
    let mut add = |from: Point, to: Point, weight: f64| {
        if clipped_length(from, to, region) > 0.0 {
            chords.push(Chord { from, to, weight });
        }
    };
    for mark in marks {
        let opacity = mark.color().map_or(0.0, |color| f64::from(color.a) / 255.0);
        let weight = if matches!(mark, Mark::Fill(_)) { opacity * OUTLINE_WEIGHT } else { opacity };
        visit_chords(mark, &mut |from, to| add(from, to, weight));
    }
    for [from, to] in frame_lines(built) {
        add(from, to, 1.0);
    }
    chords
}

/// The smallest rectangle around two.
fn around(a: &Bounds, b: &Bounds) -> Bounds {
    Bounds {
        left: a.left.min(b.left),
        top: a.top.min(b.top),
        right: a.right.max(b.right),
        bottom: a.bottom.max(b.bottom),
    }
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
