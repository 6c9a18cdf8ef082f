//! A picture of a few colors: equal cells in columns and rows, each of one color of a palette.
//!
//! A device pixel has the color of the cell that its middle lies in. So the picture is sharp at any size, and cells as large
//! as pixels are the pixels themselves. The color of a pixel depends on the image alone, so an image can be painted in parts.

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect};
use crate::raster::Rgba;

/// A picture of a few colors.
#[derive(Clone, Debug)]
pub struct Image {
    /// The colors of its cells.
    pub cells: Arc<Cells>,
    /// The rectangle that the cells fill, device pixels.
    pub bounds: Bounds,
    /// The colors by index. A cell with a greater index is clear.
    pub palette: Arc<[Rgba]>,
    /// Nothing is painted outside this rectangle.
    pub clip: PixelRect,
}

/// Indices of a palette in rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// The number of columns.
    pub columns: usize,
    /// One index for each cell, row by row from the top left. There are only whole rows.
    pub indices: Vec<u8>,
}

impl Cells {
    /// The index of clear cells.
    pub const CLEAR: u8 = u8::MAX;

    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.indices.len() / self.columns.max(1)
    }

    /// The indices of a row.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[u8] {
        &self.indices[row * self.columns..(row + 1) * self.columns]
    }
}

impl Image {
    /// The pixels that it paints: those inside its clip whose middles lie in the rectangle of its cells.
    #[must_use]
    pub fn pixels(&self) -> PixelRect {
        if self.cells.columns == 0 || self.cells.rows() == 0 {
            return PixelRect::default();
        }
        let Bounds { left, top, right, bottom } = self.bounds;
        let [left, top, right, bottom] = [left, top, right, bottom].map(|side| (side - 0.5).ceil() as i32);
        PixelRect { left, top, right, bottom }.intersect(&self.clip)
    }

    /// The column of cells that a column of [`pixels`](Self::pixels) shows.
    #[must_use]
    pub fn column(&self, x: i32) -> usize {
        cell([self.bounds.left, self.bounds.right], self.cells.columns, x)
    }

    /// The row of cells that a row of [`pixels`](Self::pixels) shows.
    #[must_use]
    pub fn row(&self, y: i32) -> usize {
        cell([self.bounds.top, self.bounds.bottom], self.cells.rows(), y)
    }
}

/// The cell that the middle of a pixel lies in, of some cells between two sides.
fn cell([low, high]: [f64; 2], count: usize, pixel: i32) -> usize {
    let at = (f64::from(pixel) + 0.5 - low) / (high - low) * count as f64;
    (at as usize).min(count.saturating_sub(1))
}

/// Compares addresses before contents, which decides at once for most pairs of frames.
impl PartialEq for Image {
    fn eq(&self, other: &Self) -> bool {
        self.bounds == other.bounds
            && self.clip == other.clip
            && (Arc::ptr_eq(&self.palette, &other.palette) || self.palette == other.palette)
            && (Arc::ptr_eq(&self.cells, &other.cells) || self.cells == other.cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(columns: usize, rows: usize, bounds: Bounds) -> Image {
        let cells = Cells { columns, indices: vec![0; columns * rows] };
        let clip = PixelRect::from_size(100, 100);
        Image { cells: Arc::new(cells), bounds, palette: Arc::new([Rgba::BLACK]), clip }
    }

    #[test]
    fn cells_as_large_as_pixels_are_the_pixels() {
        let rect = PixelRect { left: 7, top: 3, right: 90, bottom: 60 };
        let image = image(83, 57, rect.into());
        assert_eq!(image.pixels(), rect);
        assert!((7..90).all(|x| image.column(x) == (x - 7) as usize));
        assert!((3..60).all(|y| image.row(y) == (y - 3) as usize));
    }

    #[test]
    fn each_pixel_shows_the_cell_of_its_middle() {
        let bounds = Bounds { left: -20.3, top: 10.5, right: 61.1, bottom: 90.49 };
        let image = image(5, 3, bounds);
        assert_eq!(image.pixels(), PixelRect { left: 0, top: 10, right: 61, bottom: 90 });
        let edge = |k: f64| -20.3 + k * (61.1 + 20.3) / 5.0;
        for x in 0..61 {
            let column = image.column(x);
            let middle = f64::from(x) + 0.5;
            assert!((edge(column as f64)..edge(column as f64 + 1.0)).contains(&middle), "{x}: {column}");
        }
    }
}
