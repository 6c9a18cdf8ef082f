//! Rasterization: from marks to pixels. This module does not depend on scenes.
//!
//! A [`mark`](crate::mark) is rasterized to [`coverage`], and [`blend`] paints a color through it. `stroke`
//! computes the coverage of lines, `fill_area` that of filled outlines; [`incremental_stroke`] keeps the
//! coverage of a line that grows. [`backend`] and [`curve`] let plotters draw: they record what it draws as
//! marks.

pub mod backend;
pub mod blend;
pub mod coverage;
pub mod curve;
pub(crate) mod dash;
mod fill_area;
pub mod incremental_stroke;
mod lanes;
mod pixel_bounds;
pub(crate) mod pixel_coverage;
mod row_spans;
mod segment_strip;
mod stroke;
mod stroke_parts;
