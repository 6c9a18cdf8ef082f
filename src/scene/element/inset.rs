//! A panel inside of another panel.

use super::Space;
use crate::scene::source::Origin;

/// The place of a panel inside of another one.
#[derive(Clone, Copy, Debug)]
pub struct Inset {
    /// The index of the other panel.
    pub host: usize,
    /// Two opposite corners of the plot rectangle: x0, y0, x1, y1.
    pub at: [f64; 4],
    /// The coordinate system of the corners, which is that of the other panel.
    pub space: Space,
    /// The position in the file.
    pub origin: Origin,
}
