//! Titles and the labels of axes: the room they need, and where they stand.

use crate::draw::mark::Mark;
use crate::geometry::{PixelRect, Point};
use crate::panel::layout::Margins;
use crate::panel::lettering::{Lettering, Text, place};
use crate::panel::plate::Plate;
use crate::panel::spring::HATCH_ROOM;
use crate::panel::ticking::PanelTicks;
use crate::panel::{gauge, has_axes};
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

/// What a panel needs around its plot rectangle; `plate` is where it probably will lie.
pub(super) fn margins(
    panel: &Panel,
    ticks: &PanelTicks,
    plate: &Plate,
    lettering: &Lettering<'_>,
) -> Result<Margins, Diagnostic> {
    let gap = lettering.size() * GAP;
    let marks = gauge(lettering);
    let beside = |labelled: bool, any: bool, room: f64| match (labelled, any) {
        (true, _) => marks.tick * 2.0 + room,
        (false, true) => marks.tick,
        (false, false) => 0.0,
    };
    let caption = |size: f64| if size > 0.0 { size + gap } else { 0.0 };
    let mut left = beside(ticks.y.is_labelled(), !ticks.y.ticks.is_empty(), ticks.y.width())
        + caption(height(panel.y.label.as_ref(), lettering)?);
    let mut bottom = beside(ticks.x.is_labelled(), !ticks.x.ticks.is_empty(), ticks.x.height)
        + caption(height(panel.x.label.as_ref(), lettering)?);
    if matches!(panel.kind, PanelKind::Spring(_)) {
        left = left.max(HATCH_ROOM * lettering.scale);
    }
    let mut top = caption(height(panel.title.as_ref(), lettering)?);
    let mut right: f64 = 0.0;
    if has_axes(panel) {
        let [before, after] = ticks.x.overhang(&plate.x, |i| ticks.x.widths[i]);
        (left, right) = (left.max(before), right.max(after));
        let [below, above] = ticks.y.overhang(&plate.y, |_| ticks.y.height);
        (bottom, top) = (bottom.max(below), top.max(above));
    }
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
    let tick = gauge(lettering).tick;
    let below = match (ticks.x.is_labelled(), ticks.x.ticks.is_empty()) {
        (true, _) => 2.0 * tick + ticks.x.height,
        (false, false) => tick,
        (false, true) => 0.0,
    };
    let mut captions = Vec::new();
    let mut add = |label: Option<&'s Label>, at: Point, anchor: Anchor, turned: bool| {
        if let Some(label) = label {
            captions.push(Caption { text: lettering.text(label)?, at, anchor, turned, clip });
        }
        Ok::<_, Diagnostic>(())
    };
    let [above, under, beside] = [(0.5, 1.0), (0.5, 0.0), (0.0, 0.5)].map(|(x, y)| Anchor { x, y });
    add(panel.title.as_ref(), Point::new(middle, top - gap), above, false)?;
    add(panel.x.label.as_ref(), Point::new(middle, bottom + below + gap), under, false)?;
    add(panel.y.label.as_ref(), Point::new(left - margins.left, centre), beside, true)?;
    Ok(captions)
}
