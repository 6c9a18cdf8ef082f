//! Laws of figures: the places of panels, the ranges and ticks of axes, and the coordinates of elements. The scenes are
//! those of the repository and small ones written beside their tests.

mod collisions;
mod coverage;
mod goldens;
mod insets;
mod labels;
mod layout;
mod legends;
mod logarithms;
mod marked_labels;
mod phasors;
mod placing;
mod ranges;
mod running;
mod sample_colors;
mod samples;
mod springs;
mod stacking;
mod themes;
mod two_axes;
mod vectors;
