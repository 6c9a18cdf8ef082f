//! The library as a crate that uses it sees it: laws of each layer, from expressions to files.

mod damping;
mod data;
mod docs;
mod encode;
mod expressions;
mod figures;
mod frames;
mod functions;
mod golden;
mod layers;
mod local_names;
mod model;
mod motion;
mod ode;
mod oscillator;
mod own_functions;
mod physics;
mod pixels;
mod recorder;
mod repaint;
mod scene_reading;
mod scrolling;
mod seam;
mod state_space;
mod styles;
#[path = "../support/mod.rs"]
mod support;
mod svg;
mod text;
