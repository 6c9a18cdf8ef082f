//! The labels beside a plot rectangle: titles, the labels of axes, and the names of a spring panel's lanes;
//! the margins that they need, and their positions.

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::Mark;
use crate::panel::annotation::END_GAP;
use crate::panel::axis_style::AxisStyle;
use crate::panel::axis_ticks::{AxisTicks, PanelTicks};
use crate::panel::color_bar::ColorBar;
use crate::panel::grid_layout::Margins;
use crate::panel::legend::legend_margins;
use crate::panel::panel_view::view;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{PreparedLabel, TextStyle, anchored_origin, glyph_marks, snap_baseline};
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Label, Panel, PanelFrame};
use crate::scene::model::Env;
use crate::text::TextBox;

/// The gap below a title, and between labels that are moved apart, in em.
const GAP: f64 = 0.35;
/// The gap between tick labels and the label of their axis, in em.
const AXIS_GAP: f64 = 0.6;
/// The most rounds in which side labels are moved apart. Each round moves every label by half of its
/// overlaps.
const SEPARATION_ROUNDS: usize = 12;

/// A label beside a plot rectangle.
pub(super) struct SideLabel<'s> {
    panel: &'s Panel,
    role: TextRole,
    label: PreparedLabel<'s>,
    /// The box around the origin; that of the rotated label for a label of a y axis.
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

/// A panel with its ticks, for the layout of what lies around its plot rectangle.
pub(super) struct SideLayout<'a, 's> {
    pub(super) panel: &'s Panel,
    /// The labels of the x and the y axis, as far as the panel shows them.
    pub(super) axis_labels: [Option<&'s Label>; 2],
    pub(super) ticks: &'a PanelTicks,
    /// The plot rectangle, as far as it is known yet.
    pub(super) viewport: Viewport,
    pub(super) color_bar: Option<&'a ColorBar>,
    pub(super) text_style: &'a TextStyle<'s>,
}

impl<'s> SideLayout<'_, 's> {
    /// The margins that the panel needs around its plot rectangle, in device pixels.
    ///
    /// # Errors
    /// A label cannot be typeset.
    pub(super) fn margins(&self) -> Result<Margins, Diagnostic> {
        let margins = self.margins_of_labels()?;
        let [right, below] = legend_margins(self.panel, self.viewport.rect, self.text_style)?;
        Ok(Margins { right: margins.right + right, bottom: margins.bottom + below, ..margins })
    }

    /// The margins without those of a legend beside the plot rectangle.
    ///
    /// # Errors
    /// A label cannot be typeset.
    pub(super) fn margins_of_labels(&self) -> Result<Margins, Diagnostic> {
        let Self { panel, ticks, viewport, .. } = self;
        let inner = self.inner_margins()?;
        let [before, after] = ticks.x.overhang(&viewport.x, |i| ticks.x.widths[i]);
        let [below, above] = self.vertical_overhang();
        let with_gap =
            |height: f64, gap: f64| if height > 0.0 { height + self.text_style.em() * gap } else { 0.0 };
        let title = with_gap(height(self.label_box(panel.title.as_ref())?), GAP);
        let labels = if self.has_crossing_axes() {
            self.end_label_margins()?
        } else {
            Margins {
                left: with_gap(height(self.label_box(self.axis_labels[1])?), AXIS_GAP),
                bottom: with_gap(height(self.label_box(self.axis_labels[0])?), AXIS_GAP),
                ..Margins::default()
            }
        };
        let color_label = with_gap(height(self.label_box(self.color_label())?), GAP);
        let beside = self.color_bar.map_or(0.0, ColorBar::total_width) + color_label;
        Ok(Margins {
            left: (inner.left + labels.left).max(before),
            right: (inner.right + beside).max(after).max(labels.right).max(self.end_label_width()?),
            top: above.max(inner.top + labels.top + title + self.title_clearance()?),
            bottom: (inner.bottom + labels.bottom).max(below),
        })
    }

    /// The space to the right of the plot for the names of curves that end there.
    fn end_label_width(&self) -> Result<f64, Diagnostic> {
        let scene = self.text_style.scene;
        let mut width = 0.0_f64;
        for element in &self.panel.elements {
            let (Some(label), Some(signal)) = (&element.end_label, element.kind.curve()) else { continue };
            let reader = SignalReader { scene, panel: self.panel, element };
            if reader.runs_along_axis(signal) {
                let own = self.text_style.prepare(label)?.text_box().width;
                width = width.max(own + self.text_style.em() * END_GAP);
            }
        }
        Ok(width)
    }

    /// Whether the axes cross the plot, so that their labels stand at their ends.
    fn has_crossing_axes(&self) -> bool {
        self.panel.frame == PanelFrame::Origin
    }

    /// The point in device pixels at which the axes cross.
    fn crossing(&self) -> Point {
        self.viewport.point(self.viewport.origin())
    }

    /// The margins beyond the ends of crossing axes, for their labels.
    fn end_label_margins(&self) -> Result<Margins, Diagnostic> {
        let (rect, at) = (Bounds::from(self.viewport.rect), self.crossing());
        let gap = self.text_style.em() * AXIS_GAP;
        let mut margins = Margins::default();
        if let Some(x) = self.label_box(self.axis_labels[0])? {
            margins.right = x.width + gap;
        }
        if let Some(y) = self.label_box(self.axis_labels[1])? {
            margins.top = y.ascent + y.descent + gap;
            margins.left = (y.width / 2.0 - (at.x - rect.left)).max(0.0);
            margins.right = margins.right.max(y.width / 2.0 - (rect.right - at.x));
        }
        Ok(margins)
    }

    /// How far the tick labels of vertical axes reach below and above the plot rectangle.
    fn vertical_overhang(&self) -> [f64; 2] {
        let Self { ticks, viewport, color_bar, .. } = self;
        let [below, above] = ticks.y.overhang(&viewport.y, |_| ticks.y.height);
        let of_bar = color_bar.map_or([0.0; 2], |bar| bar.overhang(viewport.rect));
        [below.max(of_bar[0]), above.max(of_bar[1])]
    }

    /// The label of the color bar.
    fn color_label(&self) -> Option<&'s Label> {
        self.panel.colorbar.as_ref()?.axis.label.as_ref()
    }

    /// The margins between the plot rectangle and its side labels: ticks with their labels, a wall's
    /// hatching.
    pub(super) fn inner_margins(&self) -> Result<Margins, Diagnostic> {
        let Self { panel, ticks, viewport, text_style, .. } = self;
        let tick_length = AxisStyle::new(text_style).tick_length;
        let margin = |axis: &AxisTicks, labels: f64| match (axis.is_labeled(), axis.ticks.is_empty()) {
            (true, _) => 2.0 * tick_length + labels,
            (false, false) => tick_length,
            (false, true) => 0.0,
        };
        let (mut left, mut bottom) = (margin(&ticks.y, ticks.y.width()), margin(&ticks.x, ticks.x.height));
        if self.has_crossing_axes() {
            let (rect, at) = (Bounds::from(viewport.rect), self.crossing());
            left = (left - (at.x - rect.left)).max(0.0);
            bottom = (bottom - (rect.bottom - at.y)).max(0.0);
        }
        let own = view(&panel.kind).own_margins(viewport, text_style)?;
        Ok(Margins { left: left.max(own.left), bottom: bottom.max(own.bottom), ..own })
    }

    /// The box of a label around its origin; `None` without a label.
    fn label_box(&self, label: Option<&'s Label>) -> Result<Option<TextBox>, Diagnostic> {
        label.map(|label| Ok(self.text_style.prepare(label)?.text_box())).transpose()
    }

    /// The additional height below the title that keeps it off tick labels of the y axis above the plot. It
    /// is needed where the axis crosses the plot, or where the title is wider than the plot.
    fn title_clearance(&self) -> Result<f64, Diagnostic> {
        let Self { panel, ticks, viewport, text_style, .. } = self;
        let Some(title) = &panel.title else { return Ok(0.0) };
        let reaches_axis = match panel.frame {
            PanelFrame::Origin => true,
            PanelFrame::Box | PanelFrame::Corner => {
                text_style.prepare(title)?.text_box().width > f64::from(viewport.rect.width())
            }
            PanelFrame::None => false,
        };
        let [_, above] = ticks.y.overhang(&viewport.y, |_| ticks.y.height);
        Ok(if reaches_axis { above } else { 0.0 })
    }

    /// The title, the labels of the axes and the names of lanes at their positions. The label of the y axis
    /// is `left_margin` device pixels left of the plot rectangle.
    ///
    /// # Errors
    /// A label cannot be typeset.
    pub(super) fn side_labels(
        &self,
        left_margin: f64,
        canvas: PixelRect,
    ) -> Result<Vec<SideLabel<'s>>, Diagnostic> {
        let rect = self.viewport.rect;
        let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom].map(f64::from);
        let (center_x, center_y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        let [gap, axis_gap] = [GAP, AXIS_GAP].map(|gap| self.text_style.em() * gap);
        let inner = self.inner_margins()?;
        let y_height = height(self.label_box(self.axis_labels[1])?);
        let mut labels = Vec::new();
        let mut add = |label: Option<&'s Label>, role, position| {
            if let Some(label) = label {
                labels.push(self.side_label(self.text_style.prepare(label)?, role, position, canvas));
            }
            Ok::<_, Diagnostic>(())
        };
        let mut title = SidePosition {
            at: Point::new(center_x, top - inner.top - gap - self.title_clearance()?),
            anchor: Anchor { x: 0.5, y: 1.0 },
            is_rotated: false,
            side: Some([left, right]),
        };
        let mut x_label = SidePosition {
            at: Point::new(center_x, bottom + inner.bottom + axis_gap),
            anchor: Anchor { x: 0.5, y: 0.0 },
            is_rotated: false,
            side: Some([left, right]),
        };
        let mut y_label = SidePosition {
            at: Point::new(left - left_margin, center_y),
            anchor: Anchor { x: 0.0, y: 0.5 },
            is_rotated: true,
            side: Some([top, bottom]),
        };
        if self.has_crossing_axes() {
            let crossing = self.crossing();
            let above = top - inner.top - self.title_clearance()?;
            x_label = SidePosition {
                at: Point::new(right + axis_gap, crossing.y),
                anchor: Anchor { x: 0.0, y: 0.5 },
                side: None,
                ..x_label
            };
            y_label = SidePosition {
                at: Point::new(crossing.x, above - axis_gap),
                anchor: Anchor { x: 0.5, y: 1.0 },
                is_rotated: false,
                side: None,
            };
            if y_height > 0.0 {
                title.at.y = above - axis_gap - y_height - gap;
            }
        }
        add(self.panel.title.as_ref(), TextRole::Title, title)?;
        add(self.axis_labels[0], TextRole::XLabel, x_label)?;
        add(self.axis_labels[1], TextRole::YLabel, y_label)?;
        let beside = inner.right + self.color_bar.map_or(0.0, ColorBar::total_width) + gap;
        let color_label = SidePosition {
            at: Point::new((right + beside).ceil(), center_y),
            anchor: Anchor { x: 0.0, y: 0.5 },
            is_rotated: true,
            side: Some([top, bottom]),
        };
        add(self.color_label(), TextRole::ColorLabel, color_label)?;
        labels.extend(view(&self.panel.kind).own_side_labels(self, canvas)?);
        Ok(labels)
    }

    /// A prepared label at a position.
    pub(super) fn side_label(
        &self,
        label: PreparedLabel<'s>,
        role: TextRole,
        position: SidePosition,
        canvas: PixelRect,
    ) -> SideLabel<'s> {
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
        SideLabel { panel: self.panel, role, label, text_box, origin, is_rotated, side, clip: canvas }
    }
}

/// The height of a box; 0 without one.
fn height(text_box: Option<TextBox>) -> f64 {
    text_box.map_or(0.0, |text_box| text_box.ascent + text_box.descent)
}
