//! Frames: what changes between them, and their order on the way to an encoder.
//!
//! [`renderer`] turns lists of marks into one picture that it keeps up to date, [`play`] plays a
//! film of such lists into a sink, [`reel`] into a file, and [`plotted`] is the film whose frames are plotters drawings.
//! What frames change is noted by a `hand`, or by several at once in `takes`.

mod contents;
mod dirty_rects;
mod hand;
mod play;
pub mod plotted;
mod print;
pub mod reel;
pub mod renderer;
mod takes;

pub use play::play;
pub use plotted::{Canvas, Film};
pub use print::{Edition, Medium, Print, Sink};
pub use reel::{Page, Reel, Stage, Watch};
pub use renderer::Renderer;
