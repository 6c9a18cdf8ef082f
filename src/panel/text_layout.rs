//! Texts find their places, each beside those before it: tick labels and captions first, which the
//! layout has made room for; then texts that stand still, legends, and last whatever follows a motion.
//!
//! What a text can do for itself it does: one that stands somewhere in its panel steps aside, a legend
//! looks for an empty place, a note makes way in time. What is left is a mistake (`panel::overlap`).

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::annotation::Annotation;
use crate::panel::label_placement::{LabelPlacement, nearest_free_offset};
use crate::panel::legend::{LegendCost, legend};
use crate::panel::legend_cost::DrawnMarks;
use crate::panel::overlap;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::TextStyle;
use crate::panel::{BuiltPanel, Layer};
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::timing::LoopCount;

/// Between texts of which one has stepped aside, in em.
const CLEARANCE: f64 = 0.2;
/// How far a text that stands still steps aside at most, in em: one line and a half.
const MAX_STATIC_SHIFT: f64 = 1.8;
/// How far a text moves aside from one frame to the next, in em.
const MAX_STEP: f64 = 0.2;
/// In so many frames it is looked what a legend would cover.
const SAMPLED_FRAMES: usize = 24;

/// The texts of a figure being placed.
pub(super) struct TextLayout<'a, 's> {
    pub(super) scene: &'s Scene,
    pub(super) text_style: &'a TextStyle<'s>,
    pub(super) canvas: PixelRect,
    /// All that have their place.
    pub(super) placed: Vec<PlacedText<'s>>,
}

impl<'s> TextLayout<'_, 's> {
    /// Places all texts of all panels.
    pub(super) fn place_all(
        mut self,
        panels: &mut [BuiltPanel<'s>],
    ) -> Result<Vec<PlacedText<'s>>, Diagnostic> {
        let masses = self.predict_positions(panels)?;
        self.placed.extend(masses);
        for annotation in annotations(panels).filter(|annotation| !annotation.is_placed_per_frame()) {
            self.place_static(annotation);
            self.placed.push(annotation.placed_text());
        }
        for panel in panels.iter_mut() {
            self.place_legend(panel)?;
        }
        for annotation in annotations(panels).filter(|annotation| annotation.is_placed_per_frame()) {
            self.place_moving(annotation)?;
            self.placed.push(annotation.placed_text());
        }
        overlap::check(&self, panels)?;
        Ok(self.placed)
    }

    /// Asks every text where it would like to be, over the whole film; and where the masses' labels are.
    fn predict_positions(&self, panels: &mut [BuiltPanel<'s>]) -> Result<Vec<PlacedText<'s>>, Diagnostic> {
        let mut masses: Vec<PlacedText<'s>> = panels.iter().flat_map(mass_labels).collect();
        let changing = !masses.is_empty() || annotations(panels).any(|annotation| annotation.changes());
        for index in 0..if changing { self.scene.timeline.frames } else { 1 } {
            let env = self.scene.env(index)?;
            for annotation in annotations(panels).filter(|annotation| index == 0 || annotation.changes()) {
                annotation.record_frame(&env)?;
            }
            let apparatuses = panels.iter().flat_map(|built| &built.layers).filter_map(|layer| match layer {
                Layer::Spring(apparatus) => Some((apparatus, apparatus.label()?)),
                Layer::Static(_) | Layer::Element(_) | Layer::Annotation(_) | Layer::SideLabel(_) => None,
            });
            let lanes =
                apparatuses.flat_map(|(own, label)| (0..own.lanes()).map(move |lane| (own, label, lane)));
            for (mass, (apparatus, label, lane)) in masses.iter_mut().zip(lanes) {
                let at = apparatus.label_at(label, lane, &env)?;
                match &mut mass.origins {
                    OriginPath::Moving(places) => places.push(at),
                    OriginPath::Static(..) => {}
                }
            }
        }
        Ok(masses)
    }

    /// A text that stands still; one that is to stand somewhere in its panel steps aside if it can.
    fn place_static(&self, annotation: &mut Annotation<'s>) {
        let own = annotation.placed_text();
        let (true, Some(bounds)) = (annotation.is_movable(), own.static_bounds()) else { return };
        let met = self.placed.iter().filter(|other| other.first_common_frame(&own).is_some());
        let obstacles: Vec<Bounds> = met.filter_map(PlacedText::static_bounds).collect();
        let em = self.text_style.em();
        let clearance = em * CLEARANCE;
        if let Some(by) =
            nearest_free_offset(bounds, &obstacles, self.canvas.into(), clearance, em * MAX_STATIC_SHIFT)
        {
            annotation.shift(by);
        }
    }

    /// The legend of a panel, where it covers least of what the film ever shows there.
    fn place_legend(&mut self, built: &mut BuiltPanel<'s>) -> Result<(), Diagnostic> {
        if built.panel.elements.iter().all(|element| element.legend.is_none()) {
            return Ok(());
        }
        let texts: Vec<Bounds> = self.placed.iter().filter_map(PlacedText::static_bounds).collect();
        let moving = self.placed.iter().filter(|text| text.static_bounds().is_none()).cloned();
        let moving: Vec<PlacedText<'s>> = moving
            .chain(
                built
                    .annotations()
                    .filter(|annotation| annotation.is_placed_per_frame())
                    .map(Annotation::placed_text),
            )
            .collect();
        let drawn = self.drawn_marks(built)?;
        let clearance = self.text_style.em() * CLEARANCE;
        let frames = 0..self.scene.timeline.frames;
        let cost = |sheet: &Bounds| {
            let clear = sheet.inflated(clearance);
            let meets = |text: &PlacedText<'_>, index| {
                text.bounds(index).is_some_and(|bounds| bounds.overlap(&clear) > 0.0)
            };
            LegendCost {
                overlap: texts.iter().map(|text| text.overlap(&clear)).sum(),
                frames: frames.clone().filter(|&index| moving.iter().any(|text| meets(text, index))).count(),
                covered: drawn.iter().map(|drawn| drawn.covered(sheet)).sum(),
            }
        };
        let env = self.scene.env(0)?;
        if let Some(legend) = legend(built.panel, &built.viewport, self.text_style, &env, cost)? {
            built.layers.push(Layer::Static(legend.marks));
            self.placed.extend(legend.texts);
        }
        Ok(())
    }

    /// What the elements of a panel draw, element by element, in some frames.
    fn drawn_marks(&self, built: &BuiltPanel<'s>) -> Result<Vec<DrawnMarks>, Diagnostic> {
        let elements = built.layers.iter().filter_map(|layer| match layer {
            Layer::Element(painter) => Some(painter),
            Layer::Static(_) | Layer::Spring(_) | Layer::Annotation(_) | Layer::SideLabel(_) => None,
        });
        let painters: Vec<_> = elements.collect();
        let mut drawn: Vec<DrawnMarks> = painters.iter().map(|_| DrawnMarks::default()).collect();
        let last = self.scene.timeline.frames - 1;
        let looks = SAMPLED_FRAMES.min(last).max(1);
        for look in 0..=looks {
            let env = self.scene.env(last * look / looks)?;
            for (painter, drawn) in painters.iter().zip(&mut drawn) {
                let mut marks: Vec<Mark> = Vec::new();
                painter.marks(&env, &mut marks)?;
                drawn.add(marks);
            }
        }
        Ok(drawn)
    }

    /// A text that follows a motion makes way for all that have their place.
    fn place_moving(&self, annotation: &mut Annotation<'s>) -> Result<(), Diagnostic> {
        let (own, timeline) = (annotation.placed_text(), &self.scene.timeline);
        let wanted: Vec<Option<Bounds>> = (0..timeline.frames).map(|index| own.bounds(index)).collect();
        let obstacles = |index: usize, around: &mut Vec<Bounds>| {
            let texts = self.placed.iter().filter(|text| text.role != TextRole::LegendName);
            around.extend(texts.filter_map(|text| text.bounds(index)));
        };
        let em = self.text_style.em();
        let walk = LabelPlacement {
            wanted: &wanted,
            obstacles: &obstacles,
            marker: &|index| annotation.marker(index),
            canvas: self.canvas.into(),
            clearance: em * CLEARANCE,
            pace: em * MAX_STEP,
            ring: timeline.frames > 1 && !timeline.endpoint && timeline.plays != LoopCount::Times(1),
        };
        let offsets = walk.offsets().map_err(|stuck| overlap::no_room_error(self, &own, &stuck))?;
        if offsets.iter().any(|offset| *offset != Point::default()) {
            annotation.offset_frames(&offsets);
        }
        Ok(())
    }
}

/// The texts of all elements, in their order.
fn annotations<'a, 's>(panels: &'a mut [BuiltPanel<'s>]) -> impl Iterator<Item = &'a mut Annotation<'s>> {
    panels.iter_mut().flat_map(|built| &mut built.layers).filter_map(|layer| match layer {
        Layer::Annotation(annotation) => Some(annotation),
        Layer::Static(_) | Layer::Element(_) | Layer::Spring(_) | Layer::SideLabel(_) => None,
    })
}

/// The labels of a panel's masses, not yet anywhere.
fn mass_labels<'s>(built: &BuiltPanel<'s>) -> Vec<PlacedText<'s>> {
    let labelled = built.layers.iter().find_map(|layer| match layer {
        Layer::Spring(apparatus) => Some((apparatus.label()?, apparatus.lanes())),
        Layer::Static(_) | Layer::Element(_) | Layer::Annotation(_) | Layer::SideLabel(_) => None,
    });
    let Some((text, lanes)) = labelled else { return Vec::new() };
    let written = PlacedText {
        panel: built.panel,
        role: TextRole::MassLabel,
        text: text.label().template.source().to_owned(),
        source: text.label().origin,
        text_box: text.text_box(),
        origins: OriginPath::Moving(Vec::new()),
    };
    vec![written; lanes]
}
