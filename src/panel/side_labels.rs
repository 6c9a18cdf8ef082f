//! Titles and the labels of axes: the room they need, and where they stand.

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::axis_style;
use crate::panel::grid_layout::Margins;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{PreparedLabel, TextStyle, anchored_origin, glyph_marks};
use crate::panel::spring;
use crate::panel::tick_labels::DrawnAxes;
use crate::panel::tick_layout::{AxisTicks, PanelTicks};
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Frame, Label, Panel, PanelKind};
use crate::scene::model::Env;
use crate::text::TextBox;

/// Between tick labels and the label of their axis, and under a title, in em.
const GAP: f64 = 0.35;

/// A label beside a plot rectangle.
pub(super) struct SideLabel<'s> {
    panel: &'s Panel,
    role: TextRole,
    text: PreparedLabel<'s>,
    /// Its box, turned if the label is.
    text_box: TextBox,
    origin: Point,
    /// The side of the plot rectangle that it stands along, from left to right or from top to bottom.
    side: [f64; 2],
    clip: PixelRect,
}

impl<'s> SideLabel<'s> {
    /// The label with a part of its box at a point.
    pub(super) fn new(
        (panel, role): (&'s Panel, TextRole),
        text: PreparedLabel<'s>,
        (at, anchor): (Point, Anchor),
        side: [f64; 2],
        clip: PixelRect,
    ) -> Self {
        let upright = text.text_box();
        let turned = role == TextRole::YLabel;
        let text_box = if turned {
            TextBox { width: upright.ascent + upright.descent, ascent: upright.width.max(0.0), descent: 0.0 }
        } else {
            upright
        };
        let at = if turned { Point::new(at.x.round(), at.y) } else { at };
        let origin = anchored_origin(text_box, (at, anchor), !turned);
        Self { panel, role, text, text_box, origin, side, clip }
    }

    /// Its marks at a moment.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        if self.role == TextRole::YLabel {
            let turned = self.text.set(env)?.rotated_left();
            marks.extend(glyph_marks(&turned, self.origin, self.text.color(), self.clip));
        } else {
            marks.extend(self.text.marks(env, self.origin, self.clip)?);
        }
        Ok(())
    }

    /// Its box.
    pub(super) fn bounds(&self) -> Bounds {
        self.text_box.bounds(self.origin)
    }

    /// The settled text.
    pub(super) fn placed_text(&self) -> PlacedText<'s> {
        let label = self.text.label();
        PlacedText {
            panel: self.panel,
            role: self.role,
            text: label.template.source().to_owned(),
            source: label.origin,
            text_box: self.text_box,
            origins: OriginPath::Static(self.origin, None),
        }
    }

    /// Its ends along its side.
    fn span(&self) -> [f64; 2] {
        self.along(&self.bounds())
    }

    fn along(&self, bounds: &Bounds) -> [f64; 2] {
        if self.role == TextRole::YLabel { [bounds.top, bounds.bottom] } else { [bounds.left, bounds.right] }
    }

    /// Moves it along its side, never so far that it ends beyond the side, or if it is the longer one,
    /// that it leaves a part of the side behind; and not off the canvas. Whole pixels keep it as crisp as
    /// it was.
    fn shift(&mut self, by: f64) {
        let ([low, high], [from, to]) = (self.span(), self.side);
        let (back, forth) = ((from - low).min(to - high), (from - low).max(to - high));
        let [first, last] = self.along(&self.clip.into());
        let whole = if by < 0.0 { by.floor() } else { by.ceil() };
        let by = whole.clamp(back.min(0.0), forth.max(0.0)).min(last - high).max(first - low);
        if self.role == TextRole::YLabel { self.origin.y += by } else { self.origin.x += by }
    }
}

/// Rounds in which captions move out of each other's way, each by half of what is needed.
const SEPARATION_ROUNDS: usize = 12;

/// Moves captions along their sides, onto the canvas and away from tick labels and from one another,
/// where that is possible.
pub(super) fn separate_labels(
    mut captions: Vec<&mut SideLabel<'_>>,
    axes: &[DrawnAxes],
    text_style: &TextStyle<'_>,
) {
    let gap = text_style.em() * GAP;
    let ticks: Vec<Bounds> = axes.iter().flat_map(DrawnAxes::bounds).collect();
    for _ in 0..SEPARATION_ROUNDS {
        for index in 0..captions.len() {
            // Onto the canvas, if it is not there.
            captions[index].shift(0.0);
            let own = captions[index].bounds();
            let fixed = ticks.iter().map(|&tick| (tick, 1.0));
            let others = captions.iter().enumerate().filter(|(other, _)| *other != index);
            let all = fixed.chain(others.map(|(_, other)| (other.bounds(), 0.5)));
            let met: Vec<_> = all.filter(|(other, _)| own.overlap(other) > 0.0).collect();
            for (other, share) in met {
                let ([low, high], [from, to]) = (captions[index].span(), captions[index].along(&other));
                let away = if low + high < from + to { from - gap - high } else { to + gap - low };
                captions[index].shift(away * share);
            }
        }
    }
}

/// The height of a label's box; 0 without a label.
fn height(label: Option<&Label>, text_style: &TextStyle<'_>) -> Result<f64, Diagnostic> {
    let Some(label) = label else { return Ok(0.0) };
    let set = text_style.prepare(label)?.set(&text_style.scene.env(0)?)?;
    Ok(set.ascent + set.descent)
}

/// What stands between a plot rectangle and its captions: ticks with their labels, a wall's hatching.
fn inner_margins(
    panel: &Panel,
    ticks: &PanelTicks,
    viewport: &Viewport,
    text_style: &TextStyle<'_>,
) -> Result<Margins, Diagnostic> {
    let tick = axis_style(text_style).tick;
    let room = |axis: &AxisTicks, labels: f64| match (axis.is_labeled(), axis.ticks.is_empty()) {
        (true, _) => 2.0 * tick + labels,
        (false, false) => tick,
        (false, true) => 0.0,
    };
    let (left, bottom) = (room(&ticks.y, ticks.y.width()), room(&ticks.x, ticks.x.height));
    let hatch = match &panel.kind {
        PanelKind::Spring(spring) => {
            spring::hatch_margins(spring, viewport, &text_style.scene.env(0)?, text_style.scale)
        }
        PanelKind::Plot | PanelKind::Plane => Margins::default(),
    };
    Ok(Margins { left: left.max(hatch.left), bottom: bottom.max(hatch.bottom), ..hatch })
}

/// What a panel needs around its plot rectangle; `viewport` is where it probably will lie.
pub(super) fn margins(
    panel: &Panel,
    ticks: &PanelTicks,
    viewport: &Viewport,
    text_style: &TextStyle<'_>,
) -> Result<Margins, Diagnostic> {
    let gap = text_style.em() * GAP;
    let near = inner_margins(panel, ticks, viewport, text_style)?;
    let caption = |size: f64| if size > 0.0 { size + gap } else { 0.0 };
    let mut left = near.left + caption(height(panel.y.label.as_ref(), text_style)?);
    let mut bottom = near.bottom + caption(height(panel.x.label.as_ref(), text_style)?);
    let mut top = near.top + caption(height(panel.title.as_ref(), text_style)?);
    let mut right = near.right;
    let [before, after] = ticks.x.overhang(&viewport.x, |i| ticks.x.widths[i]);
    (left, right) = (left.max(before), right.max(after));
    let [below, above] = ticks.y.overhang(&viewport.y, |_| ticks.y.height);
    (bottom, top) =
        (bottom.max(below), above.max(top + title_clearance(panel, ticks, viewport, text_style)?));
    Ok(Margins { left, right, top, bottom })
}

/// How far labels of the y axis reach up to the title: where the axis is in the middle of the panel, or
/// the title is longer than the other axis and reaches over them.
fn title_clearance(
    panel: &Panel,
    ticks: &PanelTicks,
    viewport: &Viewport,
    text_style: &TextStyle<'_>,
) -> Result<f64, Diagnostic> {
    let Some(title) = &panel.title else { return Ok(0.0) };
    let over_them = match panel.frame {
        Frame::Origin => true,
        Frame::Box | Frame::Corner => {
            text_style.prepare(title)?.text_box().width > f64::from(viewport.rect.width())
        }
        Frame::None => false,
    };
    let [_, above] = ticks.y.overhang(&viewport.y, |_| ticks.y.height);
    Ok(if over_them { above } else { 0.0 })
}

/// The captions of a panel, placed.
pub(super) fn side_labels<'s>(
    panel: &'s Panel,
    viewport: &Viewport,
    (ticks, margins): (&PanelTicks, Margins),
    (text_style, clip): (&TextStyle<'s>, PixelRect),
) -> Result<Vec<SideLabel<'s>>, Diagnostic> {
    let rect = viewport.rect;
    let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom].map(f64::from);
    let (middle, center) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
    let gap = text_style.em() * GAP;
    let near = inner_margins(panel, ticks, viewport, text_style)?;
    let mut captions = Vec::new();
    let mut add = |label: Option<&'s Label>, role, at: Point, anchor: Anchor, side| {
        if let Some(label) = label {
            let text = text_style.prepare(label)?;
            captions.push(SideLabel::new((panel, role), text, (at, anchor), side, clip));
        }
        Ok::<_, Diagnostic>(())
    };
    let [above, under, aside] = [(0.5, 1.0), (0.5, 0.0), (0.0, 0.5)].map(|(x, y)| Anchor { x, y });
    let (across, up) = ([left, right], [top, bottom]);
    let upper =
        Point::new(middle, top - near.top - gap - title_clearance(panel, ticks, viewport, text_style)?);
    add(panel.title.as_ref(), TextRole::Title, upper, above, across)?;
    let lower = Point::new(middle, bottom + near.bottom + gap);
    add(panel.x.label.as_ref(), TextRole::XLabel, lower, under, across)?;
    add(panel.y.label.as_ref(), TextRole::YLabel, Point::new(left - margins.left, center), aside, up)?;
    if let PanelKind::Spring(spring) = &panel.kind {
        captions.extend(spring::side_labels((panel, spring), viewport, ticks, (text_style, clip))?);
    }
    Ok(captions)
}
