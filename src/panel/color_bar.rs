//! The color bar of a panel: the colors of a map from the bottom to the top of the plot rectangle, right of it, with the ticks
//! of an axis.

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Cells, Image, Mark};
use crate::panel::axis::{AxisMapping, Direction};
use crate::panel::axis_style::AxisStyle;
use crate::panel::axis_ticks::AxisTicks;
use crate::panel::color_range::ColorRanges;
use crate::panel::device_style::{fill_mark, snap_line};
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{TextStyle, anchored_origin, glyph_marks, snap_baseline};
use crate::panel::shape;
use crate::panel::tick_layout::AxisSide;
use crate::raster::Rgba;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, ColorSource, Colorbar, Panel, Scale};
use crate::text::Typesetter;

/// The distance of the bar from what lies right of the plot rectangle, and its width, in em.
const GAP: f64 = 0.8;
const WIDTH: f64 = 1.1;

/// A color bar for a plot rectangle of some height. Lengths are device pixels.
pub(super) struct ColorBar {
    /// The values at the lower and the upper end.
    range: [f64; 2],
    scale: Scale,
    /// The colors from the lower end on.
    colors: Vec<Rgba>,
    ticks: AxisTicks,
    gap: f64,
    width: f64,
    style: AxisStyle,
}

impl ColorBar {
    /// The color bar of a panel whose plot rectangle is `height` pixels high; `None` if it has none.
    ///
    /// # Errors
    /// A label cannot be typeset, or there are too many ticks.
    pub(super) fn new(
        panel: &Panel,
        ranges: &ColorRanges,
        height: u32,
        text_style: &TextStyle<'_>,
    ) -> Result<Option<Self>, Diagnostic> {
        let Some(Colorbar { axis, colors }) = &panel.colorbar else { return Ok(None) };
        let fitted = match colors {
            ColorSource::Panel(_) => ranges.own,
            ColorSource::Element(index, _) => ranges.elements[*index],
        };
        let scale = colors.scale();
        let range = fitted.or(scale.range).unwrap_or(scale.map.default_range());
        let (direction, is_of_panel) = (Direction::Y, false);
        let side = AxisSide { panel, axis, range, direction, pixels: height, is_of_panel };
        let em = text_style.em();
        Ok(Some(Self {
            range,
            scale: axis.scale,
            colors: scale.colors().collect(),
            ticks: side.labeled_ticks(text_style)?,
            gap: (em * GAP).round(),
            width: (em * WIDTH).round(),
            style: AxisStyle::new(text_style),
        }))
    }

    /// The width that the bar takes with its gap and its tick labels, without the label of its axis.
    pub(super) fn total_width(&self) -> f64 {
        let tick_length = self.style.tick_length;
        let labels = if self.ticks.is_labeled() { tick_length + self.ticks.width() } else { 0.0 };
        self.gap + self.width + if self.ticks.ticks.is_empty() { 0.0 } else { tick_length + labels }
    }

    /// How far tick labels reach below and above a plot rectangle.
    pub(super) fn overhang(&self, plot: PixelRect) -> [f64; 2] {
        self.ticks.overhang(&self.mapping(plot), |_| self.ticks.height)
    }

    fn mapping(&self, plot: PixelRect) -> AxisMapping {
        let pixels = [f64::from(plot.bottom), f64::from(plot.top)];
        AxisMapping { range: self.range, pixels, scale: self.scale }
    }

    /// The colors, their outline, the tick marks and the tick labels, `beside` pixels right of a plot rectangle.
    ///
    /// # Errors
    /// A label cannot be typeset.
    pub(super) fn draw<'s>(
        &self,
        panel: &'s Panel,
        (plot, beside): (PixelRect, f64),
        canvas: PixelRect,
    ) -> Result<(Vec<Mark>, Vec<PlacedText<'s>>), Diagnostic> {
        let left = (f64::from(plot.right) + beside + self.gap).ceil();
        let [top, bottom] = [plot.top, plot.bottom].map(f64::from);
        let bounds = Bounds { left, top, right: left + self.width, bottom };
        let mut marks = vec![self.image(bounds, canvas)];
        // The outline has the pixels that a box around the plot rectangle has.
        let half = self.style.line_width / 2.0;
        let shift = Point::new(half.fract(), half.fract());
        let corners = (Point::new(left, top), Point::new(bounds.right, bottom));
        let outline = shape::rectangle_outline(corners.0, corners.1, self.style.line_width);
        marks.push(fill_mark(outline, shift, self.style.ink, canvas));
        let mapping = self.mapping(plot);
        let mut texts = Vec::new();
        let mark = |length: f64, width: f64, value: f64| {
            let at = snap_line(mapping.pixel(value), width);
            let bar = shape::rectangle(Point::new(half, -width / 2.0), Point::new(length, width / 2.0));
            fill_mark(bar, Point::new(bounds.right, at), self.style.ink, canvas)
        };
        for value in &self.ticks.minor {
            marks.push(mark(self.style.minor_tick_length, self.style.hairline_width, *value));
        }
        for tick in &self.ticks.ticks {
            marks.push(mark(self.style.tick_length, self.style.line_width, tick.value));
            if tick.label.is_empty() {
                continue;
            }
            let label = Typesetter::shared()
                .typeset_label(&tick.label, self.style.font_size)
                .map_err(|error| Diagnostic::new(error.message).at(panel.origin))?;
            let beside = bounds.right + 2.0 * self.style.tick_length;
            let at = Point::new(beside, mapping.pixel(tick.value));
            let origin = snap_baseline(anchored_origin(label.text_box(), Anchor { x: 0.0, y: 0.5 }, at));
            marks.extend(glyph_marks(&label, origin, self.style.ink, canvas));
            texts.push(PlacedText {
                panel,
                role: TextRole::ColorTick,
                text: tick.label.clone(),
                source: panel.origin,
                text_box: label.text_box(),
                origins: OriginPath::fixed(origin),
            });
        }
        Ok((marks, texts))
    }

    /// The colors from the bottom to the top.
    fn image(&self, bounds: Bounds, clip: PixelRect) -> Mark {
        let indices = (0..self.colors.len()).rev().map(|level| level as u8).collect();
        let cells = Arc::new(Cells { columns: 1, indices });
        Mark::Image(Image { cells, bounds, palette: self.colors.as_slice().into(), clip })
    }
}
