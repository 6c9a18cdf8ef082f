//! Scenes of oscillating things, rendered as crisp animated GIF, APNG and PNG.

pub mod draw;
pub mod encode;
pub mod film;
pub mod geometry;
pub mod panel;
pub mod raster;
pub mod scene;
pub mod solver;
