//! The library as a crate that uses it sees it: laws of each layer, from expressions to files.

mod chain;
mod color_bar;
mod contour;
mod damping;
mod data;
mod discrete;
mod docs;
mod encode;
mod expressions;
mod figures;
mod fourier_series;
mod frames;
mod functions;
mod golden;
mod heat;
mod hippo;
mod layers;
mod limits;
mod local_names;
mod matrix;
mod model;
mod motion;
mod moving_labels;
mod numbering;
mod ode;
mod oscillator;
mod own_functions;
mod physics;
mod pixels;
mod post;
mod recorder;
mod repaint;
mod scene_reading;
mod scrolling;
mod seam;
mod spectrum;
mod state_space;
mod styles;
#[path = "../support/mod.rs"]
mod support;
mod svg;
mod text;
mod transfer_function;

/// A limit of work that the expressions of these tests do not meet, unless they are meant to.
const LIMIT: kymograph::work::WorkLimit = kymograph::work::WorkLimit(50_000_000);
