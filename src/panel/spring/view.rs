//! The view of a spring panel.

use super::{SpringPainter, lane_names, travel, wall};
use crate::geometry::PixelRect;
use crate::panel::axis_ticks::PanelTicks;
use crate::panel::built_panel::{BuildContext, Layer};
use crate::panel::grid_layout::Margins;
use crate::panel::panel_view::PanelView;
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::PanelRanges;
use crate::panel::side_labels::SideLabel;
use crate::panel::side_layout::SideLayout;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Panel, Spring};

impl PanelView for Spring {
    fn fitted_ranges(
        &self,
        scene: &Scene,
        _panel: &Panel,
        _threads: usize,
    ) -> Result<(PanelRanges, Vec<Diagnostic>), Diagnostic> {
        Ok((PanelRanges::of_two(travel::fitted_ranges(scene, self)?), Vec::new()))
    }

    fn own_margins(&self, viewport: &Viewport, text_style: &TextStyle<'_>) -> Result<Margins, Diagnostic> {
        wall::hatch_margins(text_style.scene, self, viewport, text_style.scale)
    }

    /// The axis across the motion has no values to read.
    fn axes_without_values(&self) -> [bool; 2] {
        self.orientation.swap_if_vertical([false, true])
    }

    fn name_ticks(
        &self,
        panel: &Panel,
        ranges: PanelRanges,
        ticks: &mut PanelTicks,
        text_style: &TextStyle<'_>,
    ) -> Result<(), Diagnostic> {
        lane_names::name_lanes(panel, self, ranges, ticks, text_style)
    }

    fn own_side_labels<'s>(
        &'s self,
        layout: &SideLayout<'_, 's>,
        canvas: PixelRect,
    ) -> Result<Vec<SideLabel<'s>>, Diagnostic> {
        lane_names::lane_labels(layout, self, canvas)
    }

    fn painter<'s>(
        &'s self,
        panel: &'s Panel,
        viewport: Viewport,
        build: &BuildContext<'_, 's>,
        _color_range: Option<[f64; 2]>,
    ) -> Result<Option<Layer<'s>>, Diagnostic> {
        let painter = SpringPainter::new(panel, self, viewport, build.canvas, build.text_style)?;
        Ok(Some(Layer::Spring(painter)))
    }
}
