//! From marks to pixels. Knows no scenes.
//!
//! A [`mark`](crate::mark) becomes [`coverage`], coverage and color become pixels by [`blend`]; `stroke` and
//! `fill_area` compute the coverage of lines and of filled outlines, [`backend`] and [`curve`] record
//! what plotters draws as marks.

pub mod backend;
pub mod blend;
pub mod coverage;
pub mod curve;
pub(crate) mod dash;
mod fill_area;
pub(crate) mod pixel_coverage;
mod stroke;
mod stroke_parts;
