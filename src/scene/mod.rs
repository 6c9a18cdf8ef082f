//! From a TOML file to a scene in which wrong values cannot exist.

pub mod colour;
pub mod diagnostic;
pub mod expr;
pub mod label;
pub mod model;
pub mod source;
pub mod tree;
