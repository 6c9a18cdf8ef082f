//! From marks to pixels. Knows no scenes.

pub mod backend;
pub mod blend;
pub mod coverage;
pub mod mark;
pub mod stroke;
pub mod text;
