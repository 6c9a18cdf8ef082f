//! Texts find their places, each beside those before it: tick labels and captions first, which the
//! layout has made room for; then texts that stand still, legends, and last whatever follows a motion.
//!
//! What a text can do for itself it does: one that stands somewhere in its panel steps aside, a legend
//! looks for an empty place, a note makes way in time. What is left is a mistake (`panel::overlap`).

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::annotation::Annotation;
use crate::panel::label_placement::{Walk, step_aside};
use crate::panel::legend::{Cost, legend};
use crate::panel::legend_cost::DrawnLines;
use crate::panel::overlap;
use crate::panel::placed_text::{OriginPath, PlacedText, Role};
use crate::panel::prepared_label::TextStyle;
use crate::panel::{BuiltPanel, Layer};
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::timing::LoopCount;

/// Between texts of which one has stepped aside, in em.
const CLEARANCE: f64 = 0.2;
/// How far a text that stands still steps aside at most, in em: one line and a half.
const FARTHEST: f64 = 1.8;
/// How far a text moves aside from one frame to the next, in em.
const PACE: f64 = 0.2;
/// In so many frames it is looked what a legend would cover.
const LOOKS: usize = 24;

/// The texts of a figure being placed.
pub(super) struct TextLayout<'a, 's> {
    pub(super) scene: &'s Scene,
    pub(super) text_style: &'a TextStyle<'s>,
    pub(super) canvas: PixelRect,
    /// All that have their place.
    pub(super) written: Vec<PlacedText<'s>>,
}

impl<'s> TextLayout<'_, 's> {
    /// Places all texts of all panels.
    pub(super) fn compose(
        mut self,
        panels: &mut [BuiltPanel<'s>],
    ) -> Result<Vec<PlacedText<'s>>, Diagnostic> {
        let masses = self.foresee(panels)?;
        self.written.extend(masses);
        for annotation in annotations(panels).filter(|annotation| !annotation.follows()) {
            self.stand(annotation);
            self.written.push(annotation.written());
        }
        for panel in panels.iter_mut() {
            self.legend(panel)?;
        }
        for annotation in annotations(panels).filter(|annotation| annotation.follows()) {
            self.follow(annotation)?;
            self.written.push(annotation.written());
        }
        overlap::check(&self, panels)?;
        Ok(self.written)
    }

    /// Asks every text where it would like to be, over the whole film; and where the masses' labels are.
    fn foresee(&self, panels: &mut [BuiltPanel<'s>]) -> Result<Vec<PlacedText<'s>>, Diagnostic> {
        let mut masses: Vec<PlacedText<'s>> = panels.iter().flat_map(mass_labels).collect();
        let changing = !masses.is_empty() || annotations(panels).any(|annotation| annotation.changes());
        for index in 0..if changing { self.scene.timeline.frames } else { 1 } {
            let env = self.scene.env(index)?;
            for annotation in annotations(panels).filter(|annotation| index == 0 || annotation.changes()) {
                annotation.foresee(&env)?;
            }
            let apparatuses = panels.iter().flat_map(|built| &built.layers).filter_map(|layer| match layer {
                Layer::Spring(apparatus) => Some((apparatus, apparatus.label()?)),
                Layer::Still(_) | Layer::Element(_) | Layer::Annotation(_) | Layer::SideLabel(_) => None,
            });
            let lanes =
                apparatuses.flat_map(|(own, label)| (0..own.lanes()).map(move |lane| (own, label, lane)));
            for (mass, (apparatus, label, lane)) in masses.iter_mut().zip(lanes) {
                let at = apparatus.label_at(label, lane, &env)?;
                match &mut mass.course {
                    OriginPath::Moving(places) => places.push(at),
                    OriginPath::Still(..) => {}
                }
            }
        }
        Ok(masses)
    }

    /// A text that stands still; one that is to stand somewhere in its panel steps aside if it can.
    fn stand(&self, annotation: &mut Annotation<'s>) {
        let own = annotation.written();
        let (true, Some(bounds)) = (annotation.is_loose(), own.still()) else { return };
        let met = self.written.iter().filter(|other| other.meets(&own).is_some());
        let obstacles: Vec<Bounds> = met.filter_map(PlacedText::still).collect();
        let em = self.text_style.size();
        let clearance = em * CLEARANCE;
        if let Some(by) = step_aside(bounds, &obstacles, self.canvas.into(), clearance, em * FARTHEST) {
            annotation.shift(by);
        }
    }

    /// The legend of a panel, where it covers least of what the film ever shows there.
    fn legend(&mut self, built: &mut BuiltPanel<'s>) -> Result<(), Diagnostic> {
        if built.panel.elements.iter().all(|element| element.legend.is_none()) {
            return Ok(());
        }
        let texts: Vec<Bounds> = self.written.iter().filter_map(PlacedText::still).collect();
        let moving = self.written.iter().filter(|text| text.still().is_none()).cloned();
        let moving: Vec<PlacedText<'s>> = moving
            .chain(built.annotations().filter(|annotation| annotation.follows()).map(Annotation::written))
            .collect();
        let drawn = self.drawn(built)?;
        let clearance = self.text_style.size() * CLEARANCE;
        let frames = 0..self.scene.timeline.frames;
        let cost = |sheet: &Bounds| {
            let clear = sheet.inflated(clearance);
            let meets = |text: &PlacedText<'_>, index| {
                text.bounds(index).is_some_and(|bounds| bounds.overlap(&clear) > 0.0)
            };
            Cost {
                overlap: texts.iter().map(|text| text.overlap(&clear)).sum(),
                frames: frames.clone().filter(|&index| moving.iter().any(|text| meets(text, index))).count(),
                covered: drawn.iter().map(|drawn| drawn.covered(sheet)).sum(),
            }
        };
        let env = self.scene.env(0)?;
        if let Some(legend) = legend(built.panel, &built.viewport, self.text_style, &env, cost)? {
            built.layers.push(Layer::Still(legend.marks));
            self.written.extend(legend.written);
        }
        Ok(())
    }

    /// What the elements of a panel draw, element by element, in some frames.
    fn drawn(&self, built: &BuiltPanel<'s>) -> Result<Vec<DrawnLines>, Diagnostic> {
        let elements = built.layers.iter().filter_map(|layer| match layer {
            Layer::Element(painter) => Some(painter),
            Layer::Still(_) | Layer::Spring(_) | Layer::Annotation(_) | Layer::SideLabel(_) => None,
        });
        let painters: Vec<_> = elements.collect();
        let mut drawn: Vec<DrawnLines> = painters.iter().map(|_| DrawnLines::default()).collect();
        let last = self.scene.timeline.frames - 1;
        let looks = LOOKS.min(last).max(1);
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
    fn follow(&self, annotation: &mut Annotation<'s>) -> Result<(), Diagnostic> {
        let (own, timeline) = (annotation.written(), &self.scene.timeline);
        let wanted: Vec<Option<Bounds>> = (0..timeline.frames).map(|index| own.bounds(index)).collect();
        let obstacles = |index: usize, around: &mut Vec<Bounds>| {
            let texts = self.written.iter().filter(|text| text.role != Role::LegendName);
            around.extend(texts.filter_map(|text| text.bounds(index)));
        };
        let em = self.text_style.size();
        let walk = Walk {
            wanted: &wanted,
            obstacles: &obstacles,
            marker: &|index| annotation.marker(index),
            canvas: self.canvas.into(),
            clearance: em * CLEARANCE,
            pace: em * PACE,
            ring: timeline.frames > 1 && !timeline.endpoint && timeline.plays != LoopCount::Times(1),
        };
        let offsets = walk.offsets().map_err(|stuck| overlap::stuck(self, &own, &stuck))?;
        if offsets.iter().any(|offset| *offset != Point::default()) {
            annotation.lead(&offsets);
        }
        Ok(())
    }
}

/// The texts of all elements, in their order.
fn annotations<'a, 's>(panels: &'a mut [BuiltPanel<'s>]) -> impl Iterator<Item = &'a mut Annotation<'s>> {
    panels.iter_mut().flat_map(|built| &mut built.layers).filter_map(|layer| match layer {
        Layer::Annotation(annotation) => Some(annotation),
        Layer::Still(_) | Layer::Element(_) | Layer::Spring(_) | Layer::SideLabel(_) => None,
    })
}

/// The labels of a panel's masses, not yet anywhere.
fn mass_labels<'s>(built: &BuiltPanel<'s>) -> Vec<PlacedText<'s>> {
    let labelled = built.layers.iter().find_map(|layer| match layer {
        Layer::Spring(apparatus) => Some((apparatus.label()?, apparatus.lanes())),
        Layer::Still(_) | Layer::Element(_) | Layer::Annotation(_) | Layer::SideLabel(_) => None,
    });
    let Some((text, lanes)) = labelled else { return Vec::new() };
    let written = PlacedText {
        panel: built.panel,
        role: Role::MassLabel,
        text: text.label().template.source().to_owned(),
        place: text.label().origin,
        room: text.room(),
        course: OriginPath::Moving(Vec::new()),
    };
    vec![written; lanes]
}
