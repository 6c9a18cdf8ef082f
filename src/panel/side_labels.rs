//! The labels beside a plot rectangle: titles, the labels of axes, and the names of a spring panel's lanes.

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{PreparedLabel, TextStyle, anchored_origin, glyph_marks, snap_baseline};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Panel};
use crate::scene::model::Env;
use crate::text::TextBox;

/// The gap below a title, and between labels that are moved apart, in em.
pub(super) const GAP: f64 = 0.35;
/// The most rounds in which side labels are moved apart. Each round moves every label by half of its
/// overlaps.
const SEPARATION_ROUNDS: usize = 12;

/// A label beside a plot rectangle.
pub(super) struct SideLabel<'s> {
    panel: &'s Panel,
    role: TextRole,
    label: PreparedLabel<'s>,
    /// The box around the origin; that of the rotated label for a label of a vertical axis.
    text_box: TextBox,
    origin: Point,
    /// Whether it is read upward.
    is_rotated: bool,
    /// The ends of the side of the plot rectangle along which the label may be moved, from left to right or
    /// from top to bottom.
    side: [f64; 2],
    clip: PixelRect,
}

/// The position of a label beside a plot rectangle.
#[derive(Clone, Copy)]
pub(super) struct SidePosition {
    /// The point at which the anchor of the label's box lies.
    pub(super) at: Point,
    pub(super) anchor: Anchor,
    /// Whether the label is read upward.
    pub(super) is_rotated: bool,
    /// The ends of the side along which the label may be moved; `None` for a label that must not be moved.
    pub(super) side: Option<[f64; 2]>,
}

impl<'s> SideLabel<'s> {
    /// A prepared label at a position.
    pub(super) fn new(
        (panel, role): (&'s Panel, TextRole),
        label: PreparedLabel<'s>,
        position: SidePosition,
        canvas: PixelRect,
    ) -> Self {
        let SidePosition { at, anchor, is_rotated, side } = position;
        let upright = label.text_box();
        let (text_box, origin) = if is_rotated {
            let rotated = TextBox {
                width: upright.ascent + upright.descent,
                ascent: upright.width.max(0.0),
                descent: 0.0,
            };
            // The rotated baseline is vertical: it is x that lies on a whole pixel.
            (rotated, anchored_origin(rotated, anchor, Point::new(at.x.round(), at.y)))
        } else {
            (upright, snap_baseline(anchored_origin(upright, anchor, at)))
        };
        let side = side.unwrap_or([origin.x, origin.x + text_box.width]);
        Self { panel, role, label, text_box, origin, is_rotated, side, clip: canvas }
    }

    /// Appends the label's marks in one frame.
    ///
    /// # Errors
    /// The label cannot be typeset with the readouts' values.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        if self.is_rotated {
            let rotated = self.label.typeset(env)?.rotated_left();
            marks.extend(glyph_marks(&rotated, self.origin, self.label.color(), self.clip));
        } else {
            marks.extend(self.label.marks(env, self.origin, self.clip)?);
        }
        Ok(())
    }

    fn bounds(&self) -> Bounds {
        self.text_box.bounds(self.origin)
    }

    /// The label as a text at its present position.
    pub(super) fn placed_text(&self) -> PlacedText<'s> {
        let label = self.label.label();
        PlacedText {
            panel: self.panel,
            role: self.role,
            text: label.template.source().to_owned(),
            source: label.origin,
            text_box: self.text_box,
            origins: OriginPath::fixed(self.origin),
        }
    }

    /// The ends of a box along the label's side.
    fn along_side(&self, bounds: &Bounds) -> [f64; 2] {
        if self.is_rotated { [bounds.top, bounds.bottom] } else { [bounds.left, bounds.right] }
    }

    /// Moves the label along its side, and onto the canvas.
    ///
    /// A label that is shorter than its side stays between the side's ends, a longer one stays across both of
    /// them. Shifts are whole pixels, so that the label stays as sharp as it was.
    fn shift(&mut self, by: f64) {
        let ([low, high], [from, to]) = (self.along_side(&self.bounds()), self.side);
        let (back, forth) = ((from - low).min(to - high), (from - low).max(to - high));
        let [first, last] = self.along_side(&self.clip.into());
        let whole = if by < 0.0 { by.floor() } else { by.ceil() };
        let by = whole.clamp(back.min(0.0), forth.max(0.0)).min(last - high).max(first - low);
        if self.is_rotated { self.origin.y += by } else { self.origin.x += by }
    }
}

/// Moves side labels along their sides, onto the canvas and away from tick labels and from one another, as
/// far as possible.
pub(super) fn separate_labels(
    mut labels: Vec<&mut SideLabel<'_>>,
    tick_labels: &[Bounds],
    text_style: &TextStyle<'_>,
) {
    let gap = text_style.em() * GAP;
    for _ in 0..SEPARATION_ROUNDS {
        for index in 0..labels.len() {
            // Without an overlap, the label is still moved onto the canvas.
            labels[index].shift(0.0);
            let own = labels[index].bounds();
            // Tick labels cannot be shifted. Two side labels each make half of the shift.
            let ticks = tick_labels.iter().map(|&bounds| (bounds, 1.0));
            let others = labels.iter().enumerate().filter(|(other, _)| *other != index);
            let all = ticks.chain(others.map(|(_, other)| (other.bounds(), 0.5)));
            let overlapping: Vec<_> = all.filter(|(other, _)| own.overlap(other) > 0.0).collect();
            for (other, share) in overlapping {
                let [low, high] = labels[index].along_side(&labels[index].bounds());
                let [from, to] = labels[index].along_side(&other);
                let by = if low + high < from + to { from - gap - high } else { to + gap - low };
                labels[index].shift(by * share);
            }
        }
    }
}
