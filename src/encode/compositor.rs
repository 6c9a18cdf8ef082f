//! Whole pictures out of what frames change.

use super::EncodeError;
use super::changes::{Changes, Run, RunColors, Unpacked};
use super::delta::Span;
use super::encoder::PushChanges;
use crate::raster::{Raster, Rgba};

/// Hands the picture of each frame to a sink.
pub(crate) struct Compositor<S> {
    shown: Raster,
    sink: S,
}

impl<S: FnMut(&Raster) -> Result<(), EncodeError>> Compositor<S> {
    /// Of this size in pixels.
    pub(crate) fn new((width, height): (u32, u32), sink: S) -> Self {
        Self { shown: Raster::filled(width, height, Rgba::CLEAR), sink }
    }
}

impl<S: FnMut(&Raster) -> Result<(), EncodeError>> PushChanges for Compositor<S> {
    fn push_changes(&mut self, changes: &Changes, _: &dyn Fn(usize) -> f64) -> Result<(), EncodeError> {
        let (bounds, mut unpacked) = (self.shown.bounds(), Unpacked::default());
        (0..changes.frames()).try_for_each(|index| {
            let change = changes.frame(index, changes.colors(), &mut unpacked);
            for Run { at, length, shades } in change.runs() {
                let span = Span::of_cells(bounds, at, length);
                let row = self.shown.row_mut(span.y, span.left, span.right);
                match shades {
                    RunColors::All(color) => row.fill(color),
                    RunColors::Each(colors) => row.copy_from_slice(colors),
                }
            }
            (self.sink)(&self.shown)
        })
    }
}
