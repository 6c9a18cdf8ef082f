//! The positions of all texts of a figure, each placed beside those before it: tick labels, side labels and
//! mass labels first, then texts that do not move, legends, and last the texts that move.
//!
//! A text at a fraction of its plot is shifted off what it overlaps, a legend goes to the emptiest corner,
//! and a moving text is led around obstacles. Overlaps that remain are errors (`panel::overlap`).

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::annotation::Annotation;
use crate::panel::built_panel::{BuiltPanel, Layer};
use crate::panel::end_labels::EndOrder;
use crate::panel::frames::for_each_frame;
use crate::panel::free_shift::Obstacles;
use crate::panel::label_placement::{LabelPlacement, Unplaced};
use crate::panel::legend::Legend;
use crate::panel::legend_cost::{LegendCost, covered_length};
use crate::panel::memory;
use crate::panel::note_lines::NoteLines;
use crate::panel::note_path::Surroundings;
use crate::panel::overlap::{self, Conflict};
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::TextStyle;
use crate::panel::spring::SpringPainter;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Panel;
use crate::scene::model::Env;

/// The distance of a shifted text from others, in em.
const CLEARANCE: f64 = 0.2;
/// The longest shift of a text that does not move, in em: a line and a half.
const MAX_STATIC_SHIFT: f64 = 1.8;
/// The largest change of a moving text's shift from one frame to the next, in em.
const MAX_STEP: f64 = 0.2;
/// The number of intervals between the frames in which the lines under a legend are measured.
const SAMPLED_INTERVALS: usize = 24;

/// The texts of a figure while they are placed.
pub(super) struct TextLayout<'a, 's> {
    pub(super) scene: &'s Scene,
    pub(super) text_style: &'a TextStyle<'s>,
    pub(super) canvas: PixelRect,
    /// The texts that have their final positions.
    pub(super) placed: Vec<PlacedText<'s>>,
    /// The plot rectangles of panels inside of others, each after the panel that it stands in.
    pub(super) insets: Vec<(&'s Panel, Bounds)>,
    /// Whether conflicts are marked and no errors.
    pub(super) is_draft: bool,
    /// The number of threads that measure what legends would cover.
    pub(super) threads: usize,
}

/// The texts of a figure at their positions, and the conflicts of a draft.
pub(super) struct PlacedTexts<'s> {
    pub(super) texts: Vec<PlacedText<'s>>,
    pub(super) conflicts: Vec<Conflict<'s>>,
    /// The errors of moving texts without room that are in no other conflict.
    pub(super) errors: Vec<Diagnostic>,
}

impl<'s> TextLayout<'_, 's> {
    /// Places the texts of all panels, adds legends to the panels, and checks the result.
    ///
    /// # Errors
    /// Texts overlap or do not fit, unless the figure is a draft, or a value that must be real is complex.
    pub(super) fn place_all(mut self, panels: &mut [BuiltPanel<'s>]) -> Result<PlacedTexts<'s>, Diagnostic> {
        let mass_labels = self.record_positions(panels)?;
        self.placed.extend(mass_labels);
        for annotation in annotations_mut(panels).filter(|annotation| !annotation.is_placed_per_frame()) {
            self.place_static(annotation);
            self.placed.push(annotation.placed_text());
        }
        for panel in panels.iter_mut() {
            self.place_legend(panel)?;
        }
        for panel in panels.iter_mut() {
            self.spread_end_labels(panel);
        }
        let mut without_room = Vec::new();
        let lines = panels.iter().map(|panel| NoteLines::of_panel((self.scene, self.threads), panel));
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        let with_lines = |(panel, lines)| BuiltPanel::annotations_mut(panel).map(move |text| (text, lines));
        let moving = panels.iter_mut().zip(lines.iter().map(Option::as_ref)).flat_map(with_lines);
        for (annotation, lines) in moving.filter(|(annotation, _)| annotation.is_placed_per_frame()) {
            match self.place_moving(annotation, lines) {
                Err(error) if self.is_draft => without_room.push((annotation.placed_text(), error)),
                placed => placed?,
            }
            self.placed.push(annotation.placed_text());
        }
        let mut conflicts = Vec::new();
        overlap::check(&self, panels, |conflict| {
            if !self.is_draft {
                return Err(conflict.error);
            }
            conflicts.push(conflict);
            Ok(())
        })?;
        without_room.retain(|(text, _)| !conflicts.iter().any(|conflict| conflict.is_about(text)));
        let errors = without_room.into_iter().map(|(_, error)| error).collect();
        Ok(PlacedTexts { texts: self.placed, conflicts, errors })
    }

    /// Records the preferred positions of all annotations in every frame. Returns the labels of masses, which
    /// cannot be shifted.
    fn record_positions(&self, panels: &mut [BuiltPanel<'s>]) -> Result<Vec<PlacedText<'s>>, Diagnostic> {
        let mut mass_labels: Vec<PlacedText<'s>> = panels
            .iter()
            .flat_map(BuiltPanel::springs)
            .flat_map(SpringPainter::unplaced_mass_labels)
            .collect();
        let any_changes =
            !mass_labels.is_empty() || annotations_mut(panels).any(|annotation| annotation.changes());
        for annotation in annotations_mut(panels).filter(|annotation| annotation.changes()) {
            memory::reserve_text_frames(self.scene, annotation.element().origin)?;
        }
        for index in 0..if any_changes { self.scene.timeline.frames } else { 1 } {
            let env = self.scene.env(index)?;
            for annotation in annotations_mut(panels).filter(|annotation| index == 0 || annotation.changes())
            {
                annotation.record_frame(&env)?;
            }
            let mut labels = mass_labels.iter_mut();
            for painter in panels.iter().flat_map(BuiltPanel::springs) {
                for (origin, label) in painter.mass_label_origins(&env)?.into_iter().zip(&mut labels) {
                    if let OriginPath::Moving(origins) = &mut label.origins {
                        origins.push(origin);
                    }
                }
            }
        }
        Ok(mass_labels)
    }

    /// Shifts a text that does not move off what it overlaps, if it may be shifted and a short shift is
    /// enough.
    fn place_static(&self, annotation: &mut Annotation<'s>) {
        let own = annotation.placed_text();
        let (true, Some(bounds)) = (annotation.is_movable(), own.static_bounds()) else { return };
        let others = self.placed.iter().filter(|other| other.first_common_frame(&own).is_some());
        let em = self.text_style.em();
        let obstacles = Obstacles {
            boxes: others.filter_map(PlacedText::static_bounds).collect(),
            canvas: self.canvas.into(),
            clearance: em * CLEARANCE,
        };
        if let Some(offset) = obstacles.nearest_free_offset(&bounds, em * MAX_STATIC_SHIFT) {
            annotation.shift(offset);
        }
    }

    /// Places the legend of a panel, if it has one.
    fn place_legend(&mut self, built: &mut BuiltPanel<'s>) -> Result<(), Diagnostic> {
        if built.panel.elements.iter().all(|element| element.legend.is_none()) {
            return Ok(());
        }
        let costs = |boxes: &[Bounds]| self.legend_costs(built, boxes);
        let around = (&built.viewport, built.margins);
        let legend = Legend::place(built.panel, around, self.text_style, costs)?;
        if let Some(legend) = legend {
            built.layers.push(Layer::Static(legend.marks));
            self.placed.extend(legend.texts);
        }
        Ok(())
    }

    /// The costs of boxes for the legend of a panel.
    fn legend_costs(&self, built: &BuiltPanel<'s>, boxes: &[Bounds]) -> Result<Vec<LegendCost>, Diagnostic> {
        let static_texts = self.placed.iter().filter_map(PlacedText::static_bounds);
        let static_texts: Vec<Bounds> = static_texts.chain(self.insets_of(built.panel)).collect();
        let placed = self.placed.iter().filter(|text| text.static_bounds().is_none()).cloned();
        let pending = built.annotations().filter(|annotation| annotation.is_placed_per_frame());
        let moving_texts: Vec<PlacedText<'s>> = placed.chain(pending.map(Annotation::placed_text)).collect();
        let clearance = self.text_style.em() * CLEARANCE;
        let cost = |(legend, covered): (&Bounds, f64)| {
            let inflated = legend.inflated(clearance);
            let meets = |text: &PlacedText<'_>, index| {
                text.bounds(index).is_some_and(|bounds| bounds.overlap(&inflated) > 0.0)
            };
            let frames = 0..self.scene.timeline.frames;
            LegendCost {
                overlap: static_texts.iter().map(|text| text.overlap(&inflated)).sum(),
                frames: frames.filter(|&index| moving_texts.iter().any(|text| meets(text, index))).count(),
                covered,
            }
        };
        Ok(boxes.iter().zip(self.covered_lengths(built, boxes)?).map(cost).collect())
    }

    /// The length of the lines under each box: of each element's in the worst of some frames spread over the film. What fills
    /// the panel has none.
    fn covered_lengths(&self, built: &BuiltPanel<'s>, boxes: &[Bounds]) -> Result<Vec<f64>, Diagnostic> {
        let lengths = |marks: Vec<Mark>| boxes.iter().map(|within| covered_length(&marks, within)).collect();
        let last = self.scene.timeline.frames - 1;
        let intervals = SAMPLED_INTERVALS.min(last).max(1);
        // Only the first frame asks the elements that look the same in all frames.
        let in_frame = |env: &Env<'s>, frame: usize| {
            let marks = built.element_marks((frame, env), |painter| {
                !painter.is_backdrop() && (frame == 0 || !painter.is_static())
            })?;
            Ok(marks.into_iter().map(lengths).collect::<Vec<Vec<f64>>>())
        };
        let mut frames: Vec<usize> = (0..=intervals).map(|i| last * i / intervals).collect();
        frames.dedup();
        let mut frames = for_each_frame((self.scene, self.threads), &frames, in_frame)?.into_iter();
        let mut worst = frames.next().unwrap_or_default();
        let painters = built.painters().filter(|painter| !painter.is_backdrop());
        let is_moving: Vec<bool> = painters.map(|painter| !painter.is_static()).collect();
        for frame in frames {
            let moving = worst.iter_mut().zip(&is_moving).filter(|(_, is_moving)| **is_moving);
            for ((worst, _), lengths) in moving.zip(frame) {
                worst.iter_mut().zip(lengths).for_each(|(worst, length)| *worst = worst.max(length));
            }
        }
        Ok((0..boxes.len()).map(|at| worst.iter().map(|lengths| lengths[at]).sum()).collect())
    }

    /// Moves a note to the sides of its marker that are free. Where these meet a text in any frame, or for another text, leads
    /// it around all texts that are placed already.
    fn place_moving(
        &self,
        annotation: &mut Annotation<'s>,
        lines: Option<&NoteLines>,
    ) -> Result<(), Diagnostic> {
        let preferred = annotation.origins().clone();
        if lines.map_or(Ok(false), |lines| self.choose_sides(annotation, lines))? {
            if self.is_free(annotation) {
                return Ok(());
            }
            annotation.set_origins(preferred);
        }
        self.lead_around(annotation)
    }

    /// Whether a text overlaps nothing and lies on the canvas in all frames.
    fn is_free(&self, annotation: &Annotation<'s>) -> bool {
        let own = annotation.placed_text();
        let is_free_in = |index: usize| {
            let Some(bounds) = own.bounds(index) else { return true };
            let mut boxes = Vec::new();
            self.placed_boxes(index, &mut boxes);
            Obstacles { boxes, canvas: self.canvas.into(), clearance: 0.0 }.is_free(&bounds)
        };
        (0..self.scene.timeline.frames).all(is_free_in)
    }

    /// Moves a note to the sides of its marker on which it covers least. Returns whether it has moved.
    ///
    /// # Errors
    /// The work of this scene exceeds its limit.
    fn choose_sides(&self, annotation: &mut Annotation<'s>, lines: &NoteLines) -> Result<bool, Diagnostic> {
        let (timeline, max_step) = (&self.scene.timeline, self.text_style.em() * MAX_STEP);
        let Some(path) = annotation.note_path(self.canvas.into(), max_step, timeline.wraps()) else {
            return Ok(false);
        };
        let near = lines.near(self.scene, annotation)?;
        let surroundings = |index: usize| {
            annotation.origins().origin(index)?;
            let (at, gap) = annotation.marker_place(index)?;
            let (preferred, reach) = (annotation.preferred_anchor(index)?, annotation.reach(index)?);
            let mut texts = Vec::new();
            self.placed_boxes(index, &mut texts);
            texts.extend(self.insets_of(annotation.panel()));
            texts.retain(|text| text.overlap(&reach) > 0.0);
            texts.shrink_to_fit();
            Some(Surroundings { at, gap, preferred, chords: near.in_frame(index), texts })
        };
        let frames: Vec<Option<Surroundings<'_>>> = (0..timeline.frames).map(surroundings).collect();
        let origin = annotation.element().origin;
        let _memory = self.scene.hold(path.frame_bytes(&frames) * timeline.frames as u64, origin)?;
        let anchors = path.anchors(&frames, |work| self.scene.charge(work, origin))?;
        let is_preferred = |(index, anchor)| annotation.preferred_anchor(index) == Some(anchor);
        let moves = !anchors.iter().copied().enumerate().all(is_preferred);
        if moves {
            annotation.set_anchors(&anchors);
        }
        Ok(moves)
    }

    /// Moves the names at the ends of a panel's curves apart, where they lie above one another.
    fn spread_end_labels(&self, built: &mut BuiltPanel<'s>) {
        let mut labels: Vec<&mut Annotation<'s>> =
            built.annotations_mut().filter(|annotation| annotation.is_at_end()).collect();
        let texts: Vec<PlacedText<'s>> = labels.iter().map(|label| label.placed_text()).collect();
        let height = |text: &PlacedText<'_>| text.text_box.ascent + text.text_box.descent;
        let distance = texts.iter().map(height).fold(0.0, f64::max) + self.text_style.em() * CLEARANCE;
        let mut order = EndOrder::default();
        let mut offsets = vec![Vec::new(); texts.len()];
        for frame in 0..self.scene.timeline.frames {
            let boxes: Vec<Option<Bounds>> = texts.iter().map(|text| text.bounds(frame)).collect();
            for (offsets, by) in offsets.iter_mut().zip(order.offsets(&boxes, distance)) {
                offsets.push(Point::new(0.0, by));
            }
        }
        for (label, offsets) in labels.iter_mut().zip(offsets) {
            if offsets.iter().any(|offset| *offset != Point::default()) {
                label.offset_frames(&offsets);
            }
        }
    }

    /// The plot rectangles of the panels inside of a panel.
    fn insets_of(&self, host: &Panel) -> impl Iterator<Item = Bounds> {
        self.insets.iter().filter(move |(panel, _)| std::ptr::eq(*panel, host)).map(|(_, bounds)| *bounds)
    }

    /// Appends the boxes of all texts that are placed already, in a frame.
    fn placed_boxes(&self, index: usize, boxes: &mut Vec<Bounds>) {
        let texts = self.placed.iter().filter(|text| text.role != TextRole::LegendName);
        boxes.extend(texts.filter_map(|text| text.bounds(index)));
    }

    /// Leads a moving text around all texts that are placed already.
    fn lead_around(&self, annotation: &mut Annotation<'s>) -> Result<(), Diagnostic> {
        let (own, timeline) = (annotation.placed_text(), &self.scene.timeline);
        let preferred: Vec<Option<Bounds>> = (0..timeline.frames).map(|index| own.bounds(index)).collect();
        let obstacles = |index: usize, boxes: &mut Vec<Bounds>| self.placed_boxes(index, boxes);
        let em = self.text_style.em();
        let placement = LabelPlacement {
            preferred: &preferred,
            obstacles: &obstacles,
            boxes: self.placed.len(),
            charge: &|work| self.scene.model.work().charge(work),
            marker: &|index| annotation.marker(index),
            canvas: self.canvas.into(),
            clearance: em * CLEARANCE,
            max_step: em * MAX_STEP,
            wraps: timeline.wraps(),
        };
        let offsets = placement.offsets().map_err(|error| match error {
            Unplaced::NoRoom(error) => overlap::no_room_error(self, &own, &error),
            Unplaced::TooMuchWork(limit) => Diagnostic::from(limit).at(own.source),
        })?;
        if offsets.iter().any(|offset| *offset != Point::default()) {
            annotation.offset_frames(&offsets);
        }
        Ok(())
    }
}

/// The annotations of all panels, in the order of their elements.
fn annotations_mut<'a, 's>(panels: &'a mut [BuiltPanel<'s>]) -> impl Iterator<Item = &'a mut Annotation<'s>> {
    panels.iter_mut().flat_map(BuiltPanel::annotations_mut)
}
