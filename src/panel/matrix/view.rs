//! The view of a matrix panel.

use super::{MatrixPainter, MatrixValues};
use crate::panel::built_panel::{BuildContext, Layer};
use crate::panel::frames::for_each_frame;
use crate::panel::memory;
use crate::panel::panel_view::PanelView;
use crate::panel::range::PanelRanges;
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Matrix, Panel};
use crate::scene::model::Env;

impl PanelView for Matrix {
    /// The ranges are those of the cells, without a margin.
    fn fitted_ranges(
        &self,
        _scene: &Scene,
        _panel: &Panel,
        _threads: usize,
    ) -> Result<(PanelRanges, Vec<Diagnostic>), Diagnostic> {
        Ok((PanelRanges::of_two(self.ranges()), Vec::new()))
    }

    fn is_backdrop(&self) -> bool {
        true
    }

    /// The range of a matrix holds all of its values in all frames.
    fn color_range(
        &self,
        scene: &Scene,
        panel: &Panel,
        threads: usize,
    ) -> Result<Option<[f64; 2]>, Diagnostic> {
        if let Some(given) = self.colors.range {
            return Ok(Some(given));
        }
        let values = MatrixValues::new(scene, panel, self);
        let ends = |env: &Env<'_>, _| {
            let all = values.in_frame(env)?;
            let finite = all.into_iter().filter(|value| value.is_finite());
            Ok(finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
                [low.min(value), high.max(value)]
            }))
        };
        let frames = for_each_frame((scene, threads), &values.frames(), ends)?;
        let unite = |[a, b]: [f64; 2], [c, d]: [f64; 2]| [a.min(c), b.max(d)];
        let ends = frames.into_iter().fold([f64::INFINITY, f64::NEG_INFINITY], unite);
        Ok(Some(if ends[0] <= ends[1] { self.colors.around(ends) } else { self.colors.map.default_range() }))
    }

    fn painter<'s>(
        &'s self,
        panel: &'s Panel,
        viewport: Viewport,
        build: &BuildContext<'_, 's>,
        color_range: Option<[f64; 2]>,
    ) -> Result<Option<Layer<'s>>, Diagnostic> {
        let values = MatrixValues::new(build.scene, panel, self);
        let range = color_range.unwrap_or(self.colors.map.default_range());
        let painter = MatrixPainter::new(values, viewport, build, range)?;
        if !painter.is_static() {
            return Ok(Some(Layer::Matrix(painter)));
        }
        let mut marks = Vec::new();
        painter.marks(&build.env, &mut marks)?;
        memory::reserve_marks(build.scene, &marks, self.origin)?;
        Ok(Some(Layer::Static(marks)))
    }
}
