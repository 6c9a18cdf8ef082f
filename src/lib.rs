//! Renders scenes of oscillating things as animated GIF, APNG, WebP, SVG and PNG.
//!
//! A scene is a TOML text that says what moves and how to show it. It passes through a pipeline, and each
//! module is one stage:
//!
//! 1. [`scene`] reads and validates the text.
//! 2. [`solver`] computes the motion, and [`system`] gives it the names that scenes use.
//! 3. [`panel`] turns one moment of the scene into marks: lines, shapes and texts.
//! 4. [`draw`] turns marks into pixels.
//! 5. [`film`] plays the frames in time.
//! 6. [`encode`] writes the bytes of the file.
//!
//! [`svg`] writes the same marks as vector graphics. [`golden`] reads files back and compares two pictures.
//! The program `kymo` does all of this from the command line.
//!
//! This example renders a scene as a GIF:
//!
//! ```
//! use std::path::Path;
//!
//! use kymograph::encode::EncodeError;
//! use kymograph::panel::Figure;
//! use kymograph::scene::bases::Bases;
//! use kymograph::scene::resolve::{Options, resolve};
//! use kymograph::scene::source::Sources;
//!
//! let text = r#"
//!     canvas = { size = [200, 120], scale = 1 }
//!     time = { span = [0, 10] }
//!     animate = { frames = 20 }
//!     systems.spring = { kind = "oscillator", stiffness = 2, x0 = 1 }
//!     panels.x = { kind = "plot", draw = [{ trace = "spring.x" }] }
//! "#;
//! let mut sources = Sources::new();
//! let name = Path::new("spring.toml");
//! let bases = Bases::below(Path::new("."))?;
//! let tree = bases.load_text(name, text.to_owned(), &mut sources).expect("it is TOML");
//! let options = Options { stem: "spring".to_owned(), ..Options::default() };
//! let scene = resolve(&tree, sources, &options).expect("it is a scene");
//!
//! let figure = Figure::new(&scene, scene.canvas.scale).expect("its labels fit");
//! let mut gif = Vec::new();
//! figure.animation().write_gif(&mut gif, |index| -> Result<_, EncodeError> {
//!     Ok(figure.marks(index).expect("every value is real"))
//! })?;
//! assert!(gif.starts_with(b"GIF89a"));
//! # Ok::<(), EncodeError>(())
//! ```
//!
//! [`film::Film`] makes films of [plotters](https://docs.rs/plotters) drawings, without a scene.
//!
//! The feature `cli` is on by default. It contains what only the program needs.

// Pictures must have the same bytes on every machine, so the platform's elementary functions are forbidden. Tests may use
// them for comparison.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod animation;
pub mod draw;
pub mod encode;
pub mod files;
pub mod film;
pub mod geometry;
pub mod golden;
pub mod keys;
pub mod mark;
pub mod panel;
pub mod parallel;
pub mod printable;
pub mod quality;
pub mod raster;
pub mod scene;
pub mod solver;
pub mod stamp;
pub mod suggest;
pub mod svg;
pub mod system;
pub mod text;
pub mod timing;
pub mod tolerance;
pub mod work;
