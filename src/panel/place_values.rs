//! The values of a signal of the place, on the rows and columns of a grid.

use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::parallel;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, FreeId, Variable};
use crate::scene::model::Env;

/// A signal of the place, with the variables of the coordinates x and y.
#[derive(Clone, Copy)]
pub(super) struct PlaceSignal<'a> {
    pub(super) value: &'a Code,
    pub(super) place: [FreeId; 2],
}

impl PlaceSignal<'_> {
    /// The values at the middles of the pixels of a plot rectangle, row by row from the top. The rows are divided among the
    /// threads.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn at_pixels(
        self,
        reader: &SignalReader<'_>,
        viewport: &Viewport,
        env: &Env<'_>,
        threads: usize,
    ) -> Result<Vec<f64>, Diagnostic> {
        let rect = viewport.rect;
        let middles = |from: i32, to: i32| (from..to).map(|pixel| f64::from(pixel) + 0.5);
        let xs: Vec<f64> = middles(rect.left, rect.right).map(|x| viewport.x.value(x)).collect();
        let ys: Vec<f64> = middles(rect.top, rect.bottom).map(|y| viewport.y.value(y)).collect();
        self.on_grid(reader, [&xs, &ys], env, threads)
    }

    /// The values at each x and y, row by row: the rows have the same y.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn on_grid(
        self,
        reader: &SignalReader<'_>,
        [xs, ys]: [&[f64]; 2],
        env: &Env<'_>,
        threads: usize,
    ) -> Result<Vec<f64>, Diagnostic> {
        let [across, up] = self.place.map(Variable::Free);
        let row = |bound: &mut Env<'_>, row: usize| {
            bound.bind_in_place(up, ys[row]).map_err(|error| reader.scene.model_error(&error))?;
            reader.reals_along(self.value, across, xs, bound)
        };
        let mut states = vec![env.clone(); threads.max(1)];
        let rows = parallel::map(&mut states, ys.len(), row);
        let mut values = Vec::with_capacity(xs.len() * ys.len());
        for row in rows {
            values.extend(row?);
        }
        Ok(values)
    }
}
