//! From marks to pixels. Knows no scenes.
//!
//! A [`mark`](crate::mark) becomes [`coverage`], coverage and color become pixels by [`blend`]; `stroke` and
//! `area` compute the coverage of lines and of filled outlines, [`backend`] and [`curve`] record
//! what plotters draws as marks.

mod area;
pub mod backend;
pub mod blend;
pub mod coverage;
pub mod curve;
pub(crate) mod dash;
mod piece;
pub(crate) mod share;
mod stroke;
