//! Frames: what changes between them, and their order on the way to an encoder.
//!
//! [`renderer`] turns lists of marks into one picture that it keeps up to date, [`play`] plays a
//! film of such lists into a sink, [`animation`] into a file, and [`plotters_film`] is the film whose frames are plotters drawings.
//! What frames change is noted by a `frame_worker`, or by several at once in `segments`.

pub mod animation;
mod dirty_rects;
mod film_colors;
mod frame_worker;
mod outputs;
mod play;
pub mod plotters_film;
pub mod renderer;
mod segments;

pub use animation::{Page, Reel, Stage, Watch};
pub use outputs::{Edition, Medium, Print, Sink};
pub use play::play;
pub use plotters_film::{Canvas, Film};
pub use renderer::Renderer;
