//! Whole pictures out of what frames change.

use super::EncodeError;
use super::changes::{Changes, Run, Shaded, Unpacked};
use super::delta::Span;
use super::encoder::PushChanges;
use crate::raster::{Raster, Rgba};

/// Hands the picture of each frame to a sink.
pub(crate) struct Pictures<S> {
    shown: Raster,
    sink: S,
}

impl<S: FnMut(&Raster) -> Result<(), EncodeError>> Pictures<S> {
    /// Of this size in pixels.
    pub(crate) fn new((width, height): (u32, u32), sink: S) -> Self {
        Self { shown: Raster::filled(width, height, Rgba::CLEAR), sink }
    }
}

impl<S: FnMut(&Raster) -> Result<(), EncodeError>> PushChanges for Pictures<S> {
    fn push_changes(&mut self, changes: &Changes, _: &dyn Fn(usize) -> f64) -> Result<(), EncodeError> {
        let (bounds, mut unpacked) = (self.shown.bounds(), Unpacked::default());
        (0..changes.frames()).try_for_each(|index| {
            let change = changes.frame(index, changes.colors(), &mut unpacked);
            for Run { at, length, shades } in change.runs() {
                let span = Span::of_cells(bounds, at, length);
                let row = self.shown.row_mut(span.y, span.left, span.right);
                match shades {
                    Shaded::All(color) => row.fill(color),
                    Shaded::Each(colors) => row.copy_from_slice(colors),
                }
            }
            (self.sink)(&self.shown)
        })
    }
}
