//! The parts of the layout in which kinds of panels differ: ranges, margins, ticks, names, and their own painters.
//!
//! A kind that only shows elements needs no file of its own: the defaults are those of plots and planes.

use crate::geometry::PixelRect;
use crate::panel::axis_ticks::PanelTicks;
use crate::panel::built_panel::{BuildContext, Layer};
use crate::panel::grid_layout::Margins;
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::{PanelRanges, fit_elements};
use crate::panel::side_labels::SideLabel;
use crate::panel::side_layout::SideLayout;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Panel, PanelKind};

/// One kind of panel.
pub(super) trait PanelView {
    /// The ranges that hold what the panel shows in any frame, and warnings about them. They are computed on this many
    /// threads.
    ///
    /// # Errors
    /// A value that must be real is complex, or a curve's span is infinite.
    fn fitted_ranges(
        &self,
        scene: &Scene,
        panel: &Panel,
        threads: usize,
    ) -> Result<(PanelRanges, Vec<Diagnostic>), Diagnostic> {
        fit_elements(scene, panel, threads)
    }

    /// The margins that the panel's own parts need around the plot rectangle, in device pixels.
    ///
    /// # Errors
    /// A part has no position.
    fn own_margins(&self, _viewport: &Viewport, _text_style: &TextStyle<'_>) -> Result<Margins, Diagnostic> {
        Ok(Margins::default())
    }

    /// For the x and the y axis, whether it has no values to read, so that it has no automatic ticks.
    fn axes_without_values(&self) -> [bool; 2] {
        [false; 2]
    }

    /// Replaces ticks by names, where the panel has some.
    ///
    /// # Errors
    /// A name cannot be typeset.
    fn name_ticks(
        &self,
        _panel: &Panel,
        _ranges: PanelRanges,
        _ticks: &mut PanelTicks,
        _text_style: &TextStyle<'_>,
    ) -> Result<(), Diagnostic> {
        Ok(())
    }

    /// Labels beside the plot rectangle other than those of the axes.
    ///
    /// # Errors
    /// A label cannot be typeset.
    fn own_side_labels<'s>(
        &'s self,
        _layout: &SideLayout<'_, 's>,
        _canvas: PixelRect,
    ) -> Result<Vec<SideLabel<'s>>, Diagnostic> {
        Ok(Vec::new())
    }

    /// Whether the panel's own parts are under all elements.
    fn is_backdrop(&self) -> bool {
        false
    }

    /// The values at the ends of the color scale of the panel's own parts: those of the scene, or those that fit all frames;
    /// `None` without a scale.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    fn color_range(
        &self,
        _scene: &Scene,
        _panel: &Panel,
        _threads: usize,
    ) -> Result<Option<[f64; 2]>, Diagnostic> {
        Ok(None)
    }

    /// The panel's own parts, which are between the elements under them and those over them; `None` for a panel that shows its
    /// elements alone. `color_range` has the values at the ends of their color scale.
    ///
    /// # Errors
    /// A label cannot be typeset, or a value cannot be evaluated.
    fn painter<'s>(
        &'s self,
        _panel: &'s Panel,
        _viewport: Viewport,
        _build: &BuildContext<'_, 's>,
        _color_range: Option<[f64; 2]>,
    ) -> Result<Option<Layer<'s>>, Diagnostic> {
        Ok(None)
    }
}

/// A panel that only shows elements.
struct Elements;

impl PanelView for Elements {}

/// The view of a kind of panel.
pub(super) fn view(kind: &PanelKind) -> &dyn PanelView {
    match kind {
        PanelKind::Plot | PanelKind::Plane => &Elements,
        PanelKind::Spring(spring) => spring,
        PanelKind::Chain(motion) => motion,
        PanelKind::Matrix(matrix) => matrix,
    }
}
