//! Rebuilds whole pictures from packed changes.

use super::EncodeError;
use super::delta::Span;
use super::encoder::PushChanges;
use super::packed_changes::{PackedChanges, PixelRun, RunPixels, UnpackBuffer};
use crate::raster::{Raster, Rgba};

/// Applies the changes of each frame and passes the picture to a sink.
pub(crate) struct Compositor<S> {
    picture: Raster,
    sink: S,
}

impl<S: FnMut(&Raster) -> Result<(), EncodeError>> Compositor<S> {
    /// A compositor of pictures of (width, height) pixels.
    pub(crate) fn new((width, height): (u32, u32), sink: S) -> Self {
        Self { picture: Raster::filled(width, height, Rgba::CLEAR), sink }
    }
}

impl<S: FnMut(&Raster) -> Result<(), EncodeError>> PushChanges for Compositor<S> {
    fn push_changes(&mut self, changes: &PackedChanges, _: &dyn Fn(usize) -> f64) -> Result<(), EncodeError> {
        let (bounds, mut buffer) = (self.picture.bounds(), UnpackBuffer::default());
        (0..changes.frame_count()).try_for_each(|index| {
            let frame = changes.unpack(index, changes.colors(), &mut buffer);
            for PixelRun { start, length, pixels } in frame.runs() {
                let span = Span::from_index(bounds, start, length);
                let row = self.picture.row_mut(span.y, span.left, span.right);
                match pixels {
                    RunPixels::Uniform(color) => row.fill(color),
                    RunPixels::Each(colors) => row.copy_from_slice(colors),
                }
            }
            (self.sink)(&self.picture)
        })
    }
}
