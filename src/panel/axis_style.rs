//! The sizes of axes, tick marks and grid lines, the same for all panels of a figure. They follow
//! matplotlib, and are rounded to whole device pixels.

use crate::panel::prepared_label::TextStyle;
use crate::raster::Rgba;

/// The sizes and the color of axes. Lengths are device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AxisStyle {
    /// The font size of tick labels.
    pub(super) font_size: f64,
    /// The width of axes and tick marks.
    pub(super) line_width: f64,
    /// The length of tick marks. Tick labels are at twice this distance from the axis.
    pub(super) tick_length: f64,
    /// The length of minor tick marks.
    pub(super) minor_tick_length: f64,
    /// The width of grid lines and minor tick marks.
    pub(super) hairline_width: f64,
    /// The color of lines and labels.
    pub(super) ink: Rgba,
}

impl AxisStyle {
    /// The style for a figure with labels of this style.
    pub(super) fn new(text_style: &TextStyle<'_>) -> Self {
        let scale = text_style.scale;
        Self {
            font_size: text_style.em(),
            line_width: (0.9 * scale).round().max(1.0),
            tick_length: (4.0 * scale).round(),
            minor_tick_length: (2.3 * scale).round().max(1.0),
            hairline_width: (0.6 * scale).round().max(1.0),
            ink: text_style.theme.ink,
        }
    }
}
