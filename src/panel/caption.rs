//! Titles and the labels of axes: the room they need, and where they stand.

use crate::draw::mark::Mark;
use crate::geometry::{PixelRect, Point};
use crate::panel::gauge;
use crate::panel::layout::Margins;
use crate::panel::lettering::{Lettering, Text, place};
use crate::panel::plate::Plate;
use crate::panel::spring;
use crate::panel::ticking::{AxisTicks, PanelTicks};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Label, Panel, PanelKind};
use crate::scene::model::Env;

/// Between tick labels and the label of their axis, and under a title, in em.
const GAP: f64 = 0.35;

/// A label at a fixed place beside a plot rectangle.
pub(super) struct Caption<'s> {
    text: Text<'s>,
    at: Point,
    anchor: Anchor,
    turned: bool,
    clip: PixelRect,
}

impl<'s> Caption<'s> {
    /// A label with a part of its box at a point.
    pub(super) fn level(text: Text<'s>, (at, anchor): (Point, Anchor), clip: PixelRect) -> Self {
        Self { text, at, anchor, turned: false, clip }
    }

    /// Its marks at a moment.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let set = self.text.set(env)?;
        if self.turned {
            let at = Point::new(self.at.x.round(), self.at.y);
            marks.extend(place(&set.turned_left(), (at, self.anchor), false, self.text.colour(), self.clip));
        } else {
            marks.extend(self.text.place(&set, self.at, self.anchor, true, self.clip));
        }
        Ok(())
    }
}

/// The height of a label's box; 0 without a label.
fn height(label: Option<&Label>, lettering: &Lettering<'_>) -> Result<f64, Diagnostic> {
    let Some(label) = label else { return Ok(0.0) };
    let set = lettering.text(label)?.set(&lettering.scene.env(0)?)?;
    Ok(set.ascent + set.descent)
}

/// What stands between a plot rectangle and its captions: ticks with their labels, a wall's hatching.
fn beside(
    panel: &Panel,
    ticks: &PanelTicks,
    plate: &Plate,
    lettering: &Lettering<'_>,
) -> Result<Margins, Diagnostic> {
    let tick = gauge(lettering).tick;
    let room = |axis: &AxisTicks, labels: f64| match (axis.is_labelled(), axis.ticks.is_empty()) {
        (true, _) => 2.0 * tick + labels,
        (false, false) => tick,
        (false, true) => 0.0,
    };
    let (left, bottom) = (room(&ticks.y, ticks.y.width()), room(&ticks.x, ticks.x.height));
    let hatch = match &panel.kind {
        PanelKind::Spring(spring) => {
            spring::hatch_room(spring, plate, &lettering.scene.env(0)?, lettering.scale)
        }
        PanelKind::Plot | PanelKind::Plane => Margins::default(),
    };
    Ok(Margins { left: left.max(hatch.left), bottom: bottom.max(hatch.bottom), ..hatch })
}

/// What a panel needs around its plot rectangle; `plate` is where it probably will lie.
pub(super) fn margins(
    panel: &Panel,
    ticks: &PanelTicks,
    plate: &Plate,
    lettering: &Lettering<'_>,
) -> Result<Margins, Diagnostic> {
    let gap = lettering.size() * GAP;
    let near = beside(panel, ticks, plate, lettering)?;
    let caption = |size: f64| if size > 0.0 { size + gap } else { 0.0 };
    let mut left = near.left + caption(height(panel.y.label.as_ref(), lettering)?);
    let mut bottom = near.bottom + caption(height(panel.x.label.as_ref(), lettering)?);
    let mut top = near.top + caption(height(panel.title.as_ref(), lettering)?);
    let mut right = near.right;
    let [before, after] = ticks.x.overhang(&plate.x, |i| ticks.x.widths[i]);
    (left, right) = (left.max(before), right.max(after));
    let [below, above] = ticks.y.overhang(&plate.y, |_| ticks.y.height);
    (bottom, top) = (bottom.max(below), top.max(above));
    Ok(Margins { left, right, top, bottom })
}

/// The captions of a panel, placed.
pub(super) fn captions<'s>(
    panel: &'s Panel,
    plate: &Plate,
    ticks: &PanelTicks,
    margins: Margins,
    (lettering, clip): (&Lettering<'s>, PixelRect),
) -> Result<Vec<Caption<'s>>, Diagnostic> {
    let rect = plate.rect;
    let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom].map(f64::from);
    let (middle, centre) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
    let gap = lettering.size() * GAP;
    let near = beside(panel, ticks, plate, lettering)?;
    let mut captions = Vec::new();
    let mut add = |label: Option<&'s Label>, at: Point, anchor: Anchor, turned: bool| {
        if let Some(label) = label {
            captions.push(Caption { text: lettering.text(label)?, at, anchor, turned, clip });
        }
        Ok::<_, Diagnostic>(())
    };
    let [above, under, aside] = [(0.5, 1.0), (0.5, 0.0), (0.0, 0.5)].map(|(x, y)| Anchor { x, y });
    add(panel.title.as_ref(), Point::new(middle, top - near.top - gap), above, false)?;
    add(panel.x.label.as_ref(), Point::new(middle, bottom + near.bottom + gap), under, false)?;
    add(panel.y.label.as_ref(), Point::new(left - margins.left, centre), aside, true)?;
    if let PanelKind::Spring(spring) = &panel.kind {
        captions.extend(spring::captions(spring, plate, ticks, (lettering, clip))?);
    }
    Ok(captions)
}
