//! Films: frames in order, rendered incrementally on several threads and passed to encoders.
//!
//! [`renderer`] keeps one picture up to date with a changing list of marks. [`play()`] passes the picture of each frame to a
//! sink. `write` encodes an [`Animation`](crate::animation::Animation) on one thread, `outputs` encodes several files at once
//! with the workers of `segments`. [`plotters_film`] makes films of plotters drawings.

mod change_store;
mod dirty_rects;
mod film_colors;
mod frame_worker;
mod outputs;
mod play;
pub mod plotters_film;
mod progress;
pub mod renderer;
mod resources;
mod segments;
mod write;

pub use change_store::{NewScratchFile, ScratchFile};
pub use outputs::{AnimationOutput, FrameSink, WriteSeek};
pub use play::play;
pub use plotters_film::{Canvas, Film};
pub use progress::{Progress, Stage};
pub use renderer::Renderer;
pub use resources::RenderResources;
