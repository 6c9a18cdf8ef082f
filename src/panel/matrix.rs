//! The matrix panel: a cell for each component, colored by its value, and the value written into it where it fits.
//!
//! All cells are one image. A value is written in black or white, whichever has more contrast with its cell, at one size
//! in all cells and frames: the largest at which the longest value of the film fits.

mod cell_text;
mod view;

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect};
use crate::mark::{Cells, Image, Mark};
use crate::panel::built_panel::BuildContext;
use crate::panel::frame_viewport::FrameViewport;
use crate::panel::viewport::Viewport;
use crate::raster::Rgba;
use crate::scene::Scene;
use crate::scene::color::LevelFinder;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Matrix, Panel, VerticalAxis};
use crate::scene::expr::{Variable, to_real};
use crate::scene::model::Env;
use cell_text::CellText;

/// Paints the cells of a matrix panel in every frame of a figure.
pub(super) struct MatrixPainter<'s> {
    values: MatrixValues<'s>,
    viewport: FrameViewport<'s>,
    finder: LevelFinder,
    palette: Arc<[Rgba]>,
    /// How values are written; `None` where they do not fit.
    text: Option<CellText>,
}

/// The values of a matrix panel.
#[derive(Clone, Copy)]
pub struct MatrixValues<'s> {
    scene: &'s Scene,
    panel: &'s Panel,
    matrix: &'s Matrix,
}

impl<'s> MatrixPainter<'s> {
    /// The painter of a panel whose colors show this range of values.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn new(
        values: MatrixValues<'s>,
        viewport: Viewport,
        build: &BuildContext<'_, 's>,
        range: [f64; 2],
    ) -> Result<Self, Diagnostic> {
        let MatrixValues { scene, panel, matrix } = values;
        Ok(Self {
            values,
            viewport: FrameViewport::new(scene, panel, VerticalAxis::Y, viewport),
            finder: matrix.colors.finder(range),
            palette: matrix.colors.colors().collect(),
            text: CellText::fit(&values, &viewport, build)?,
        })
    }

    /// Whether all frames show the same.
    pub(super) fn is_static(&self) -> bool {
        !self.values.move_in_film() && !self.viewport.moves()
    }

    /// Appends the marks of a frame; their number is the same in all frames.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let viewport = self.viewport.at(env)?;
        let values = self.values.in_frame(env)?;
        let levels: Vec<u8> =
            values.iter().map(|value| self.finder.level(*value).unwrap_or(Cells::CLEAR)).collect();
        if let Some(text) = &self.text {
            let columns = self.values.matrix.size[0];
            marks.push(self.image(&viewport, levels.clone()));
            for (index, (value, level)) in values.iter().zip(&levels).enumerate() {
                let place = ((index % columns) as f64, (index / columns) as f64);
                let under = self.palette.get(usize::from(*level)).copied();
                marks.push(text.mark(*value, under, viewport.point(place), viewport.rect)?);
            }
        } else {
            marks.push(self.image(&viewport, levels));
        }
        Ok(())
    }

    /// The cells, turned over where an axis runs to the left or upward.
    fn image(&self, viewport: &Viewport, mut levels: Vec<u8>) -> Mark {
        let [columns, rows] = self.values.matrix.size;
        let [[x0, x1], [y0, y1]] = self.values.matrix.ranges().map(|[a, b]| [a, b]);
        let [left, right] = [x0, x1].map(|x| viewport.x.pixel(x));
        // Rows run from −1/2 at the top.
        let [top, bottom] = [y1, y0].map(|y| viewport.y.pixel(y));
        if right < left {
            levels.chunks_exact_mut(columns).for_each(<[u8]>::reverse);
        }
        if bottom < top {
            levels = (0..rows).rev().flat_map(|row| levels[row * columns..][..columns].to_vec()).collect();
        }
        let bounds = Bounds {
            left: left.min(right),
            top: top.min(bottom),
            right: left.max(right),
            bottom: top.max(bottom),
        };
        let (cells, clip): (_, PixelRect) = (Arc::new(Cells { columns, indices: levels }), viewport.rect);
        Mark::Image(Image { cells, bounds, palette: Arc::clone(&self.palette), clip })
    }
}

impl<'s> MatrixValues<'s> {
    pub(super) fn new(scene: &'s Scene, panel: &'s Panel, matrix: &'s Matrix) -> Self {
        Self { scene, panel, matrix }
    }

    /// The number of columns and of rows.
    #[must_use]
    pub fn size(&self) -> [usize; 2] {
        self.matrix.size
    }

    /// Whether values change from frame to frame.
    #[must_use]
    pub fn move_in_film(&self) -> bool {
        let timeline = &self.scene.timeline;
        timeline.frames > 1 && self.matrix.value.depends_on(timeline.variable)
    }

    /// The indices of the frames that differ.
    fn frames(&self) -> Vec<usize> {
        let count = if self.move_in_film() { self.scene.timeline.frames } else { 1 };
        (0..count).collect()
    }

    /// The values in one frame, row by row.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub fn in_frame(&self, env: &Env<'_>) -> Result<Vec<f64>, Diagnostic> {
        let Matrix { value, place, size: [columns, rows], .. } = self.matrix;
        let [column, row] = place.map(Variable::Free);
        let numbers: Vec<f64> = (0..*columns).map(|column| column as f64).collect();
        let mut bound = env.clone();
        let mut values = Vec::with_capacity(columns * rows);
        for index in 0..*rows {
            self.bind(&mut bound, row, index as f64)?;
            let together = bound.eval_lanes(value, column, &numbers);
            if let Some(reals) = together.and_then(|lanes| lanes.into_reals(*columns)) {
                values.extend(reals);
                continue;
            }
            for number in &numbers {
                self.bind(&mut bound, column, *number)?;
                values.push(self.single(&bound)?);
            }
        }
        Ok(values)
    }

    fn bind(&self, env: &mut Env<'_>, variable: Variable, value: f64) -> Result<(), Diagnostic> {
        env.bind_in_place(variable, value).map_err(|error| self.scene.model_error(&error))
    }

    fn single(&self, env: &Env<'_>) -> Result<f64, Diagnostic> {
        let Matrix { value, origin, .. } = self.matrix;
        to_real(self.scene.value(value, env, *origin)?).map_err(|not_real| {
            Diagnostic::new(format!("a complex value in panel `{}`", self.panel.name))
                .at(*origin)
                .label(not_real.to_string())
                .help("write re(…), im(…) or abs(…)")
        })
    }
}
