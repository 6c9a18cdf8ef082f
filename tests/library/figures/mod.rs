//! Laws of figures: where panels lie, what their axes show, and that what is drawn lies where the
//! scene says. Scenes are the repository's own and small ones written beside their tests.

mod collisions;
mod cover;
mod goldens;
mod labels;
mod layout;
mod logarithms;
mod placing;
mod ranges;
mod running;
mod springs;
mod themes;
