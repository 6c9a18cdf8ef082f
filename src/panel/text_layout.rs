//! Texts find their places, each beside those before it: tick labels and captions first, which the
//! layout has made room for; then texts that stand still, legends, and last whatever follows a motion.
//!
//! What a text can do for itself it does: one that stands somewhere in its panel steps aside, a legend
//! looks for an empty place, a note makes way in time. What is left is a mistake (`panel::overlap`).

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::annotation::Wording;
use crate::panel::label_placement::{Walk, step_aside};
use crate::panel::legend::{Cost, legend};
use crate::panel::legend_cost::Drawn;
use crate::panel::overlap;
use crate::panel::placed_text::{Course, Role, Written};
use crate::panel::text_style::Lettering;
use crate::panel::{Built, Layer};
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
pub(super) struct Composition<'a, 's> {
    pub(super) scene: &'s Scene,
    pub(super) lettering: &'a Lettering<'s>,
    pub(super) canvas: PixelRect,
    /// All that have their place.
    pub(super) written: Vec<Written<'s>>,
}

impl<'s> Composition<'_, 's> {
    /// Places all texts of all panels.
    pub(super) fn compose(mut self, panels: &mut [Built<'s>]) -> Result<Vec<Written<'s>>, Diagnostic> {
        let masses = self.foresee(panels)?;
        self.written.extend(masses);
        for wording in wordings(panels).filter(|wording| !wording.follows()) {
            self.stand(wording);
            self.written.push(wording.written());
        }
        for panel in panels.iter_mut() {
            self.legend(panel)?;
        }
        for wording in wordings(panels).filter(|wording| wording.follows()) {
            self.follow(wording)?;
            self.written.push(wording.written());
        }
        overlap::check(&self, panels)?;
        Ok(self.written)
    }

    /// Asks every text where it would like to be, over the whole film; and where the masses' labels are.
    fn foresee(&self, panels: &mut [Built<'s>]) -> Result<Vec<Written<'s>>, Diagnostic> {
        let mut masses: Vec<Written<'s>> = panels.iter().flat_map(mass_labels).collect();
        let changing = !masses.is_empty() || wordings(panels).any(|wording| wording.changes());
        for index in 0..if changing { self.scene.clock.frames } else { 1 } {
            let env = self.scene.env(index)?;
            for wording in wordings(panels).filter(|wording| index == 0 || wording.changes()) {
                wording.foresee(&env)?;
            }
            let apparatuses = panels.iter().flat_map(|built| &built.layers).filter_map(|layer| match layer {
                Layer::Spring(apparatus) => Some((apparatus, apparatus.label()?)),
                Layer::Still(_) | Layer::Element(_) | Layer::Wording(_) | Layer::Caption(_) => None,
            });
            let lanes =
                apparatuses.flat_map(|(own, label)| (0..own.lanes()).map(move |lane| (own, label, lane)));
            for (mass, (apparatus, label, lane)) in masses.iter_mut().zip(lanes) {
                let at = apparatus.label_at(label, lane, &env)?;
                match &mut mass.course {
                    Course::Moving(places) => places.push(at),
                    Course::Still(..) => {}
                }
            }
        }
        Ok(masses)
    }

    /// A text that stands still; one that is to stand somewhere in its panel steps aside if it can.
    fn stand(&self, wording: &mut Wording<'s>) {
        let own = wording.written();
        let (true, Some(bounds)) = (wording.is_loose(), own.still()) else { return };
        let met = self.written.iter().filter(|other| other.meets(&own).is_some());
        let obstacles: Vec<Bounds> = met.filter_map(Written::still).collect();
        let em = self.lettering.size();
        let clearance = em * CLEARANCE;
        if let Some(by) = step_aside(bounds, &obstacles, self.canvas.into(), clearance, em * FARTHEST) {
            wording.shift(by);
        }
    }

    /// The legend of a panel, where it covers least of what the film ever shows there.
    fn legend(&mut self, built: &mut Built<'s>) -> Result<(), Diagnostic> {
        if built.panel.elements.iter().all(|element| element.legend.is_none()) {
            return Ok(());
        }
        let texts: Vec<Bounds> = self.written.iter().filter_map(Written::still).collect();
        let moving = self.written.iter().filter(|text| text.still().is_none()).cloned();
        let moving: Vec<Written<'s>> = moving
            .chain(built.wordings().filter(|wording| wording.follows()).map(Wording::written))
            .collect();
        let drawn = self.drawn(built)?;
        let clearance = self.lettering.size() * CLEARANCE;
        let frames = 0..self.scene.clock.frames;
        let cost = |sheet: &Bounds| {
            let clear = sheet.grown(clearance);
            let meets = |text: &Written<'_>, index| {
                text.bounds(index).is_some_and(|bounds| bounds.overlap(&clear) > 0.0)
            };
            Cost {
                overlap: texts.iter().map(|text| text.overlap(&clear)).sum(),
                frames: frames.clone().filter(|&index| moving.iter().any(|text| meets(text, index))).count(),
                covered: drawn.iter().map(|drawn| drawn.covered(sheet)).sum(),
            }
        };
        let env = self.scene.env(0)?;
        if let Some(legend) = legend(built.panel, &built.plate, self.lettering, &env, cost)? {
            built.layers.push(Layer::Still(legend.marks));
            self.written.extend(legend.written);
        }
        Ok(())
    }

    /// What the elements of a panel draw, element by element, in some frames.
    fn drawn(&self, built: &Built<'s>) -> Result<Vec<Drawn>, Diagnostic> {
        let elements = built.layers.iter().filter_map(|layer| match layer {
            Layer::Element(painter) => Some(painter),
            Layer::Still(_) | Layer::Spring(_) | Layer::Wording(_) | Layer::Caption(_) => None,
        });
        let painters: Vec<_> = elements.collect();
        let mut drawn: Vec<Drawn> = painters.iter().map(|_| Drawn::default()).collect();
        let last = self.scene.clock.frames - 1;
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
    fn follow(&self, wording: &mut Wording<'s>) -> Result<(), Diagnostic> {
        let (own, clock) = (wording.written(), &self.scene.clock);
        let wanted: Vec<Option<Bounds>> = (0..clock.frames).map(|index| own.bounds(index)).collect();
        let obstacles = |index: usize, around: &mut Vec<Bounds>| {
            let texts = self.written.iter().filter(|text| text.role != Role::LegendName);
            around.extend(texts.filter_map(|text| text.bounds(index)));
        };
        let em = self.lettering.size();
        let walk = Walk {
            wanted: &wanted,
            obstacles: &obstacles,
            marker: &|index| wording.marker(index),
            canvas: self.canvas.into(),
            clearance: em * CLEARANCE,
            pace: em * PACE,
            ring: clock.frames > 1 && !clock.endpoint && clock.plays != LoopCount::Times(1),
        };
        let offsets = walk.offsets().map_err(|stuck| overlap::stuck(self, &own, &stuck))?;
        if offsets.iter().any(|offset| *offset != Point::default()) {
            wording.lead(&offsets);
        }
        Ok(())
    }
}

/// The texts of all elements, in their order.
fn wordings<'a, 's>(panels: &'a mut [Built<'s>]) -> impl Iterator<Item = &'a mut Wording<'s>> {
    panels.iter_mut().flat_map(|built| &mut built.layers).filter_map(|layer| match layer {
        Layer::Wording(wording) => Some(wording),
        Layer::Still(_) | Layer::Element(_) | Layer::Spring(_) | Layer::Caption(_) => None,
    })
}

/// The labels of a panel's masses, not yet anywhere.
fn mass_labels<'s>(built: &Built<'s>) -> Vec<Written<'s>> {
    let labelled = built.layers.iter().find_map(|layer| match layer {
        Layer::Spring(apparatus) => Some((apparatus.label()?, apparatus.lanes())),
        Layer::Still(_) | Layer::Element(_) | Layer::Wording(_) | Layer::Caption(_) => None,
    });
    let Some((text, lanes)) = labelled else { return Vec::new() };
    let written = Written {
        panel: built.panel,
        role: Role::MassLabel,
        text: text.label().template.source().to_owned(),
        place: text.label().origin,
        room: text.room(),
        course: Course::Moving(Vec::new()),
    };
    vec![written; lanes]
}
