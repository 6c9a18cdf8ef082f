//! Frames: what changes between them, and their order on the way to an encoder.

pub mod renderer;
