//! Scenes of oscillating things, rendered as crisp animated GIF, APNG, WebP, SVG and PNG.
//!
//! A scene is a TOML text that says what moves and how it is shown. It goes down a pipeline, and each
//! module is a stage of it: [`scene`] reads and checks it, [`solver`] knows the motion in closed form,
//! [`panel`] turns a moment into marks, [`draw`] marks into pixels, [`film`] plays them in time, and
//! [`encode`] writes the file; [`svg`] makes vector graphics of the same marks. [`golden`] reads files back and tells
//! how two pictures differ. The program `kymo` does all of this from the command line.
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
//! let options = Options { stem: "spring".to_owned(), scale: None };
//! let scene = resolve(&tree, sources, &options).expect("it is a scene");
//!
//! let figure = Figure::new(&scene, scene.canvas.scale).expect("its labels fit");
//! let mut gif = Vec::new();
//! figure.reel().write_gif(&mut gif, |index| -> Result<_, EncodeError> {
//!     Ok(figure.marks(index).expect("every value is real"))
//! })?;
//! assert!(gif.starts_with(b"GIF89a"));
//! # Ok::<(), EncodeError>(())
//! ```
//!
//! Without scenes, [`film::Film`] makes films of [plotters](https://docs.rs/plotters) drawings. The feature
//! `cli`, on by default, is what only the program needs.

// The same bytes everywhere: nothing that reaches pixels asks the platform for a sine. Tests may, to compare.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod draw;
pub mod encode;
pub mod files;
pub mod film;
pub mod geometry;
pub mod golden;
pub mod hands;
pub mod panel;
pub mod printable;
pub mod raster;
pub mod scene;
pub mod solver;
pub mod svg;
