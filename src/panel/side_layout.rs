//! The surroundings of a plot rectangle: the margins that ticks and labels need, and the positions of titles and labels.

use crate::geometry::{Bounds, PixelRect, Point};
use crate::panel::annotation::END_GAP;
use crate::panel::axis::AxisMapping;
use crate::panel::axis_style::AxisStyle;
use crate::panel::axis_ticks::PanelTicks;
use crate::panel::color_bar::ColorBar;
use crate::panel::grid_layout::Margins;
use crate::panel::legend::legend_margins;
use crate::panel::panel_view::view;
use crate::panel::placed_text::TextRole;
use crate::panel::prepared_label::TextStyle;
use crate::panel::side_labels::{GAP, SideLabel, SidePosition};
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Label, Panel, PanelFrame};
use crate::text::TextBox;

/// The gap between tick labels and the label of their axis, in em.
const AXIS_GAP: f64 = 0.6;

/// A panel with its ticks, for the layout of what lies around its plot rectangle.
pub(super) struct SideLayout<'a, 's> {
    pub(super) panel: &'s Panel,
    /// The labels of the x, the y and the second y axis, as far as the panel shows them.
    pub(super) axis_labels: [Option<&'s Label>; 3],
    pub(super) ticks: &'a PanelTicks,
    /// How far the titles of the panel's row reach below their baseline, in device pixels.
    pub(super) title_descent: f64,
    /// The plot rectangle, as far as it is known yet, with the first vertical axis.
    pub(super) viewport: Viewport,
    /// The second vertical axis, if the panel has one.
    pub(super) second_axis: Option<AxisMapping>,
    /// The width of the tick labels of the second vertical axis: the largest one of all panels that end in its column.
    pub(super) right_ticks: f64,
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
        let title = self.label_box(panel.title.as_ref())?.map(|own| own.ascent + self.title_descent);
        let title = with_gap(title.unwrap_or_default(), GAP);
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
        let right = self.width_of_right_axis()? + beside;
        Ok(Margins {
            left: (inner.left + labels.left).max(before),
            right: right.max(after).max(labels.right).max(self.end_label_width()?),
            top: above.max(inner.top + labels.top + title + self.title_clearance()?),
            bottom: (inner.bottom + labels.bottom).max(below),
        })
    }

    /// The width of what stands at the right of the plot rectangle before a color bar: the labels of the second vertical axis,
    /// or what the panel's own parts need.
    ///
    /// # Errors
    /// A label cannot be typeset.
    pub(super) fn width_of_right_axis(&self) -> Result<f64, Diagnostic> {
        let label = height(self.label_box(self.axis_labels[2])?);
        let gap = if label > 0.0 { self.text_style.em() * AXIS_GAP } else { 0.0 };
        Ok(self.inner_margins()?.right + gap + label)
    }

    /// The space to the right of the plot for the names of curves that end there. Beside a second vertical axis they stand
    /// in the plot.
    fn end_label_width(&self) -> Result<f64, Diagnostic> {
        let scene = self.text_style.scene;
        let mut width = 0.0_f64;
        if self.second_axis.is_some() {
            return Ok(width);
        }
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
        let Self { ticks, viewport, color_bar, second_axis, .. } = self;
        let left = ticks.y.overhang(&viewport.y, |_| ticks.y.height);
        let right = ticks.y2.as_ref().zip(*second_axis);
        let right = right.map(|(ticks, mapping)| ticks.overhang(&mapping, |_| ticks.height));
        let of_bar = color_bar.map(|bar| bar.overhang(viewport.rect));
        let all = [left].into_iter().chain(right).chain(of_bar);
        all.fold([0.0; 2], |[below, above], [under, over]| [below.max(under), above.max(over)])
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
        let mut left = ticks.y.margin(tick_length, ticks.y.width());
        let mut bottom = ticks.x.margin(tick_length, ticks.x.height);
        if self.has_crossing_axes() {
            let (rect, at) = (Bounds::from(viewport.rect), self.crossing());
            left = (left - (at.x - rect.left)).max(0.0);
            bottom = (bottom - (rect.bottom - at.y)).max(0.0);
        }
        let own = view(&panel.kind).own_margins(viewport, text_style)?;
        Ok(Margins {
            left: left.max(own.left),
            right: self.right_ticks.max(own.right),
            bottom: bottom.max(own.bottom),
            ..own
        })
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
                let prepared = self.text_style.prepare(label)?;
                labels.push(SideLabel::new((self.panel, role), prepared, position, canvas));
            }
            Ok::<_, Diagnostic>(())
        };
        let own_descent = self.label_box(self.panel.title.as_ref())?.map_or(0.0, |own| own.descent);
        let title_gap = gap + self.title_descent - own_descent;
        let mut title = SidePosition {
            at: Point::new(center_x, top - inner.top - title_gap - self.title_clearance()?),
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
                title.at.y = above - axis_gap - y_height - title_gap;
            }
        }
        add(self.panel.title.as_ref(), TextRole::Title, title)?;
        add(self.axis_labels[0], TextRole::XLabel, x_label)?;
        add(self.axis_labels[1], TextRole::YLabel, y_label)?;
        // A label read upward whose left side is this far from the plot rectangle.
        let upward = |beside: f64| SidePosition {
            at: Point::new((right + beside).ceil(), center_y),
            anchor: Anchor { x: 0.0, y: 0.5 },
            is_rotated: true,
            side: Some([top, bottom]),
        };
        add(self.axis_labels[2], TextRole::Y2Label, upward(inner.right + axis_gap))?;
        let color_bar = self.color_bar.map_or(0.0, ColorBar::total_width);
        let color_label = upward(self.width_of_right_axis()? + color_bar + gap);
        add(self.color_label(), TextRole::ColorLabel, color_label)?;
        labels.extend(view(&self.panel.kind).own_side_labels(self, canvas)?);
        Ok(labels)
    }
}

/// The height of a box; 0 without one.
fn height(text_box: Option<TextBox>) -> f64 {
    text_box.map_or(0.0, |text_box| text_box.ascent + text_box.descent)
}
