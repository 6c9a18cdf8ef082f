//! The labels of contours that move. Where they stand is chosen once for the film, so that no label jumps or flickers.
//!
//! The signal is sampled coarsely in the frames of the film. Each label has a path over these frames (`panel::label_path`). In a
//! frame the path is a guide, a straight line across the contour: the label stands where the contour of that frame meets
//! it, and so moves as smoothly as the contour does.

use std::sync::Arc;

use crate::geometry::{Bounds, Point};
use crate::mark::Mark;
use crate::panel::contour_labels::{
    Lines, MARGIN, SPACING, box_at, cut_all, is_inside, label_em, origin_at, typeset_levels,
};
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::frames::for_each_frame;
use crate::panel::label_path::{Guide, LabelPaths, PathOptions, Place};
use crate::panel::label_places::PlaceFinder;
use crate::panel::paint::PaintContext;
use crate::panel::place_values::PlaceSignal;
use crate::panel::prepared_label::glyph_marks;
use crate::panel::sampled_plot::SampledPlot;
use crate::scene::diagnostic::{Diagnostic, charge};
use crate::scene::model::Env;
use crate::text::TypesetLabel;

/// The most frames that are sampled, evenly spaced.
const MAX_SAMPLES: usize = 200;
/// The side of a coarse cell, in CSS pixels, and the most cells along a side of the plot.
const CELL: f64 = 8.0;
const MAX_CELLS: f64 = 80.0;
/// The most places in a frame, and the least and most places of a level among them.
const MAX_PLACES: usize = 1024;
const PLACES_OF_LEVEL: [usize; 2] = [24, 160];
/// The most labels of a level that are shown at different places.
const MAX_LABELS: usize = 6;
/// The seconds for which a label is shown at least, as far as a part of the film's frames holds them.
const LEAST_SECONDS: f64 = 1.0;
const LEAST_PART: f64 = 0.4;
/// The longest way of a label from one sampled frame to the next, in em.
const REACH: f64 = 1.3;
/// How far a contour may lie from where the samples have it, in em.
const MAX_DISTANCE: f64 = 1.0;

/// The labels of an element's contours in all frames of a film.
pub(super) struct MovingLabels {
    labels: Vec<MovingLabel>,
    /// The number of frames from one sample to the next.
    stride: usize,
}

/// A label of a level.
struct MovingLabel {
    level: usize,
    typeset: Arc<TypesetLabel>,
    /// In each sampled frame that shows it.
    guides: Vec<Option<Guide>>,
}

/// The frames that are sampled, and what is known about their labels.
struct LabelSearch {
    labels: Vec<Arc<TypesetLabel>>,
    /// For each level.
    paths: Vec<LabelPaths>,
    /// The distance that labels keep, and that of labels on the same line.
    margin: f64,
    spacing: f64,
}

impl MovingLabels {
    /// Chooses the places of the labels of levels of a signal. They are functions of the scene alone.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated, a number cannot be typeset, or the work exceeds the limit.
    pub(super) fn new(
        context: &PaintContext<'_>,
        viewport: &FrameViewport<'_>,
        signal: PlaceSignal<'_>,
        levels: &[f64],
    ) -> Result<Self, Diagnostic> {
        let PaintContext { reader, scale, threads, .. } = context;
        let timeline = &reader.scene.timeline;
        let stride = timeline.frames.div_ceil(MAX_SAMPLES);
        let frames: Vec<usize> = (0..timeline.frames).step_by(stride).collect();
        let labels = typeset_levels(context, levels)?;
        let rect = context.viewport.rect;
        let side = (CELL * scale).max(f64::from(rect.width().max(rect.height())) / MAX_CELLS);
        let em = label_em(context);
        let [least, most] = PLACES_OF_LEVEL;
        let most = (MAX_PLACES / levels.len().max(1)).clamp(least, most);
        let finder = PlaceFinder { plot: rect.into(), em, labels: &labels, most };
        let in_frame = |env: &Env<'_>, _| {
            if !reader.is_shown(env)? {
                return Ok(vec![Vec::new(); levels.len()]);
            }
            let plot = SampledPlot::new(signal, (reader, env), &viewport.at(env)?, (side, 1))?;
            finder.places(&plot, levels, |work| charge(env.work(), work, reader.element.origin))
        };
        let mut by_level: Vec<Vec<Vec<Place>>> = vec![Vec::with_capacity(frames.len()); levels.len()];
        for places in for_each_frame((reader.scene, *threads), &frames, in_frame)? {
            by_level.iter_mut().zip(places).for_each(|(frames, places)| frames.push(places));
        }
        let least_frames = (LEAST_SECONDS * timeline.fps / stride as f64)
            .min(LEAST_PART * frames.len() as f64)
            .max(1.0) as usize;
        let options = PathOptions { em, reach: REACH * em, least_frames, wraps: timeline.wraps() };
        let search = LabelSearch {
            labels: labels.into_iter().map(Arc::new).collect(),
            paths: by_level.into_iter().map(|places| LabelPaths::new(places, options)).collect(),
            margin: em * MARGIN + side / 2.0,
            spacing: SPACING * scale,
        };
        let moves: usize = search.paths.iter().map(LabelPaths::size).sum();
        reader.scene.charge((MAX_LABELS * moves) as u64, reader.element.origin)?;
        Ok(Self { labels: search.run(), stride })
    }

    /// The marks of the labels in a frame, in the gaps that are cut into its lines. Their number is the same in all frames.
    pub(super) fn marks(&self, context: &PaintContext<'_>, lines: &mut [Lines]) -> Vec<Mark> {
        let clip = context.viewport.rect;
        let em = label_em(context);
        let mut taken: Vec<Bounds> = Vec::new();
        let mut marks = Vec::new();
        for label in &self.labels {
            let guide = self.guide(label, context.frame);
            let middle = guide.and_then(|guide| crossing(&lines[label.level], guide, em * MAX_DISTANCE));
            let free = middle.filter(|middle| {
                let bounds = box_at(&label.typeset, *middle).inflated(em * MARGIN);
                let is_free = is_inside(&bounds, &clip.into())
                    && taken.iter().all(|other| other.overlap(&bounds) == 0.0);
                if is_free {
                    taken.push(bounds);
                }
                is_free
            });
            let origin = origin_at(&label.typeset, free.unwrap_or_default());
            let glyphs = glyph_marks(&label.typeset, origin, context.style.color, clip);
            marks.extend(glyphs.into_iter().map(|mark| if free.is_some() { mark } else { Mark::Nothing }));
        }
        cut_all(lines, &taken);
        marks
    }

    /// The guide of a label in a frame; between two samples that show it, that between their guides. Beyond the last sample, as
    /// in the frame after the last one, on the way to the first, guides go on as from the last but one to the last.
    fn guide(&self, label: &MovingLabel, frame: usize) -> Option<Guide> {
        if frame.is_multiple_of(self.stride)
            && let Some(guide) = label.guides.get(frame / self.stride)
        {
            return *guide;
        }
        let index = (frame / self.stride).min(label.guides.len().checked_sub(2)?);
        let (before, after) = (label.guides[index]?, label.guides[index + 1]?);
        let part = (frame - index * self.stride) as f64 / self.stride as f64;
        let between = |a: Point, b: Point| Point::new(a.x + part * (b.x - a.x), a.y + part * (b.y - a.y));
        Some(Guide { at: between(before.at, after.at), across: between(before.across, after.across) })
    }
}

impl LabelSearch {
    /// The labels, by turns one of each level.
    fn run(mut self) -> Vec<MovingLabel> {
        let mut labels = Vec::new();
        let mut open: Vec<usize> = (0..self.paths.len()).collect();
        for _ in 0..MAX_LABELS {
            open.retain(|&level| {
                let Some(path) = self.paths[level].best() else { return false };
                self.block(level, &path);
                let typeset = Arc::clone(&self.labels[level]);
                let guides = path.into_iter().map(|stand| stand.map(|(guide, _)| guide)).collect();
                labels.push(MovingLabel { level, typeset, guides });
                true
            });
        }
        labels.sort_by_key(|label| label.level);
        labels
    }

    /// Blocks the places that are too near to a label.
    fn block(&mut self, level: usize, path: &[Option<(Guide, usize)>]) {
        for (other, paths) in self.paths.iter_mut().enumerate() {
            let label = &self.labels[other];
            paths.block(|frame, place| {
                let Some((guide, line)) = path[frame] else { return false };
                let own = box_at(&self.labels[level], guide.at).inflated(2.0 * self.margin);
                let distance = libm::hypot(place.at.x - guide.at.x, place.at.y - guide.at.y);
                own.overlap(&box_at(label, place.at)) > 0.0
                    || (other, place.line) == (level, line) && distance < self.spacing
            });
        }
    }
}

/// The point of a level's lines on a guide that is nearest to the guide's own point, no farther than a distance.
fn crossing(lines: &[Vec<Point>], guide: Guide, most: f64) -> Option<Point> {
    let Guide { at, across } = guide;
    // The distances of a point along the line across the guide, and along the guide.
    let aside = |point: &Point| (point.x - at.x) * -across.y + (point.y - at.y) * across.x;
    let along = |point: &Point| (point.x - at.x) * across.x + (point.y - at.y) * across.y;
    let chords = lines.iter().flat_map(|line| line.windows(2));
    let distances = chords.filter_map(|pair| {
        let (from, to) = (aside(&pair[0]), aside(&pair[1]));
        if from.max(to) < 0.0 || from.min(to) > 0.0 {
            return None;
        }
        let part = if to == from { 0.0 } else { from / (from - to) };
        let (from, to) = (along(&pair[0]), along(&pair[1]));
        Some((from + part * (to - from)) / (across.x * across.x + across.y * across.y))
    });
    let nearest = distances.min_by(|a, b| a.abs().total_cmp(&b.abs()))?;
    (nearest.abs() <= most).then(|| Point::new(at.x + nearest * across.x, at.y + nearest * across.y))
}
