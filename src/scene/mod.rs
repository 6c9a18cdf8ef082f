//! Reads a TOML file into a validated [`Scene`].
//!
//! `load` merges the files of a scene into one `tree`, in which every value knows its position in its `source`. `bases`
//! restricts which files a scene may extend, and `variant` makes one tree for each variant. `resolve` reads the tree with
//! `table_reader` and `value_reader`, and is the only validation; errors are `diagnostic`s. `model` evaluates the
//! expressions. Lengths are in CSS pixels; a figure converts them to device pixels.

pub mod bases;
pub mod color;
pub mod data_table;
pub mod diagnostic;
pub mod element;
pub mod errors;
pub mod even_steps;
pub mod expr;
pub mod fingerprint;
pub mod label;
pub mod load;
mod meant;
pub mod model;
pub mod number_format;
pub mod resolve;
pub mod source;
pub mod source_string;
pub mod syntax;
pub mod table_reader;
pub mod timeline;
pub mod tree;
pub mod value_reader;
pub mod variant;

use std::path::PathBuf;

use num_complex::Complex64;

use crate::animation::AnimationFormat;
use crate::quality::Quality;
use crate::raster::Rgba;
use crate::tolerance::Tolerance;
use crate::work::{EVALUATION, Limits, Memory};
use color::Theme;
use diagnostic::Diagnostic;
use element::Panel;
use expr::{Code, EvalError, Variable, six_digits};
use fingerprint::Fingerprint;
use model::{Env, Model, ModelError};
use resolve::SceneOrigins;
use source::{Origin, Sources};
use timeline::Timeline;

/// A resolved scene: everything that is needed to render it. All values are valid.
#[derive(Debug)]
pub struct Scene {
    /// The texts the scene was read from, for diagnostics while it is drawn.
    pub sources: Sources,
    /// The file name without its extension; `stdin` for a scene from standard input. The name of a variant is appended
    /// after a hyphen.
    pub stem: String,
    /// The hash of its content.
    pub fingerprint: Fingerprint,
    /// A text alternative for the picture.
    pub alt: Option<String>,
    /// The files to write, at least one.
    pub outputs: Vec<Output>,
    /// The tolerance when pictures are compared with accepted ones.
    pub check: Tolerance,
    /// How much work and memory the scene may take.
    pub limits: Limits,
    /// The size, scale and colors of the picture.
    pub canvas: Canvas,
    /// The colors that the scene does not set.
    pub theme: Theme,
    /// The params, signals and systems.
    pub model: Model,
    /// The positions of their definitions in the file.
    pub origins: SceneOrigins,
    /// The value of `t` in a film over a param, in seconds.
    pub time: f64,
    /// The frames and their values of the film's variable.
    pub timeline: Timeline,
    /// The arrangement of the panels.
    pub grid: Grid,
    /// The panels, in the order of the file.
    pub panels: Vec<Panel>,
}

impl Scene {
    /// The environment of frame `index`, in which the film's variable has its value of that frame.
    ///
    /// # Errors
    /// The value of the variable makes a system invalid.
    pub fn env(&self, index: usize) -> Result<Env<'_>, Diagnostic> {
        self.in_frame(self.unbound_env()?, index)
    }

    /// As [`env`](Self::env), for drawing the frame: its work is counted by itself.
    ///
    /// # Errors
    /// The value of the variable makes a system invalid.
    pub fn frame_env(&self, index: usize) -> Result<Env<'_>, Diagnostic> {
        self.in_frame(self.unbound_env()?.with_own_work(), index)
    }

    /// The environment at the definitions of the params.
    fn unbound_env(&self) -> Result<Env<'_>, Diagnostic> {
        self.model.env(&[]).map_err(|error| self.model_error(&error))
    }

    /// An environment at the film's variable of a frame.
    fn in_frame<'m>(&self, env: Env<'m>, index: usize) -> Result<Env<'m>, Diagnostic> {
        // The next evaluation reports that the limit is exceeded.
        let _ = env.work().charge(2 * EVALUATION);
        let present = self.timeline.present(index);
        let bound = match self.timeline.variable {
            Variable::Time => env.bind(Variable::Time, present),
            other => env.with_time(self.time).bind(other, present),
        };
        bound.map_err(|error| self.model_error(&error))
    }

    /// The name of the film's variable.
    #[must_use]
    pub fn variable_name(&self) -> &str {
        let name = match self.timeline.variable {
            Variable::Param(id) => self.model.params().find(|(known, _)| *known == id).map(|(_, name)| name),
            Variable::Time | Variable::Free(_) => None,
        };
        name.unwrap_or("t")
    }

    /// The moment of an environment in words: `t = 2.5`, or the value of the film's variable.
    #[must_use]
    pub fn moment(&self, env: &Env<'_>) -> String {
        let value = match self.timeline.variable {
            Variable::Param(param) => env.param(param).re,
            Variable::Time | Variable::Free(_) => env.time(),
        };
        let frame = self.timeline.nearest_frame(value);
        format!("{} = {}, in frame {frame}", self.variable_name(), six_digits(value))
    }

    /// The index of the frame that a still output shows.
    #[must_use]
    pub fn frame_of(&self, output: &Output) -> usize {
        match output.pick {
            Some(Pick::Frame(index)) => index,
            Some(Pick::At(value)) => self.timeline.nearest_frame(value),
            None => self.timeline.frames - 1,
        }
    }

    /// Whether each frame is to be held until the next one, because the film's variable is a param that counts: an index, the
    /// number of a step, or a limit of a series. Between whole numbers it has no meaning.
    #[must_use]
    pub fn moves_in_steps(&self) -> bool {
        let Variable::Param(param) = self.timeline.variable else { return false };
        let elements = self.panels.iter().flat_map(|panel| &panel.elements);
        let own = self.panels.iter().filter_map(|panel| panel.kind.value());
        let mut codes = elements.flat_map(|element| element.kind.codes()).chain(own);
        codes.any(|code| self.model.counts_by(param, code))
    }

    /// The value of an expression that the scene gives at `origin`.
    ///
    /// # Errors
    /// The expression takes too much work, or it uses a system that has no solution there; the latter is reported at
    /// the system's key.
    pub fn value(&self, code: &Code, env: &Env<'_>, origin: Origin) -> Result<Complex64, Diagnostic> {
        env.eval(code).map_err(|error| self.eval_error(&error, origin))
    }

    /// An error of an evaluation at `origin`. That of a system is reported at the system's key.
    #[must_use]
    pub fn eval_error(&self, error: &EvalError, origin: Origin) -> Diagnostic {
        match self.model.system_error(error) {
            Some(error) => self.model_error(&error),
            None => Diagnostic::new(error.to_string()).at(origin).help(error.help()),
        }
    }

    /// Counts memory that is about to be taken, in bytes, for what stands at `origin`.
    ///
    /// # Errors
    /// It exceeds the limit of the scene.
    pub fn reserve(&self, bytes: u64, origin: Option<Origin>) -> Result<(), Diagnostic> {
        let reserved = self.model.work().reserve(bytes);
        reserved.map_err(|limit| Diagnostic { origin, ..Diagnostic::from(limit) })
    }

    /// Counts memory that is about to be taken, in bytes, for what stands at `origin`. It counts as long as the result lives.
    ///
    /// # Errors
    /// It exceeds the limit of the scene.
    pub fn hold(&self, bytes: u64, origin: Origin) -> Result<Memory, Diagnostic> {
        self.model.work().hold(bytes).map_err(|limit| Diagnostic::from(limit).at(origin))
    }

    /// Counts work that is about to be done before the first frame, for what stands at `origin`.
    ///
    /// # Errors
    /// It exceeds the limit of the scene.
    pub fn charge(&self, units: u64, origin: Origin) -> Result<(), Diagnostic> {
        diagnostic::charge(self.model.work(), units, origin)
    }

    /// Converts an error of the model to a diagnostic at its position in the file.
    #[must_use]
    pub fn model_error(&self, error: &ModelError) -> Diagnostic {
        self.origins.locate(error)
    }
}

/// The size, scale and colors of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Width and height in CSS pixels; times `scale` they are whole numbers of device pixels.
    pub size: [f64; 2],
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// The font size of labels in CSS pixels per em.
    pub font_size: f64,
    /// The background color, possibly transparent.
    pub background: Rgba,
    /// The color that a transparent background is blended with for formats without partial transparency.
    pub matte: Rgba,
}

impl Canvas {
    /// The same canvas at another scale.
    #[must_use]
    pub fn at_scale(&self, scale: f64) -> Self {
        Self { scale, ..self.clone() }
    }

    /// Width and height in device pixels.
    #[must_use]
    pub fn device_size(&self) -> (u32, u32) {
        let [width, height] = self.size.map(|length| (length * self.scale).round() as u32);
        (width, height)
    }
}

/// The format of an output file, derived from its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.gif`, an animation.
    Gif,
    /// `.apng`, an animation.
    Apng,
    /// `.webp`, an animation.
    Webp,
    /// `.mp4`, a video that an external program encodes.
    Mp4,
    /// `.webm`, a video that an external program encodes.
    Webm,
    /// `.png`, one frame.
    Png,
    /// `%04d.png`, one file for each frame.
    PngSequence,
    /// `.svg`, one frame.
    Svg,
    /// `.svg` with `animated = true`, an animation.
    SvgFilm,
}

impl Format {
    /// Whether the file holds a single frame, which can be chosen.
    #[must_use]
    pub fn is_still(self) -> bool {
        match self {
            Self::Png | Self::Svg => true,
            Self::Gif
            | Self::Apng
            | Self::Webp
            | Self::Mp4
            | Self::Webm
            | Self::PngSequence
            | Self::SvgFilm => false,
        }
    }

    /// The animation encoder of this crate for the format, if there is one.
    #[must_use]
    pub fn animation_format(self) -> Option<AnimationFormat> {
        match self {
            Self::Gif => Some(AnimationFormat::Gif),
            Self::Apng => Some(AnimationFormat::Apng),
            Self::Webp => Some(AnimationFormat::Webp),
            Self::Mp4 | Self::Webm | Self::Png | Self::PngSequence | Self::Svg | Self::SvgFilm => None,
        }
    }
}

/// One file, or one sequence of files, to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The path as written, relative to the project root.
    pub path: PathBuf,
    /// The format.
    pub format: Format,
    /// The frame that a still shows; `None` for the last one.
    pub pick: Option<Pick>,
    /// Device pixels per CSS pixel, if it differs from the canvas's.
    pub scale: Option<f64>,
    /// The color accuracy of a .gif, .apng or .webp.
    pub quality: Quality,
    /// Its position in the scene file; `None` if the path is the default or was passed by the caller.
    pub origin: Option<Origin>,
}

/// The choice of a frame for a still.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pick {
    /// By index, from 0.
    Frame(usize),
    /// By a value of the film's variable.
    At(f64),
}

/// The rows and columns of the panels.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Relative heights of the plot rectangles, one for each row.
    pub heights: Vec<f64>,
    /// Relative widths of the plot rectangles, one for each column.
    pub widths: Vec<f64>,
    /// Gaps between rows, one fewer than rows.
    pub row_gaps: Vec<Gap>,
    /// Gaps between columns, one fewer than columns.
    pub column_gaps: Vec<Gap>,
    /// The cells of each panel, in the order of [`Scene::panels`].
    pub areas: Vec<Area>,
}

/// The distance between two neighboring plot rectangles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gap {
    /// As much as the labels between them need.
    Auto,
    /// A length in CSS pixels.
    Length(f64),
}

/// A rectangle of grid cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Rows, from the top.
    pub rows: std::ops::Range<usize>,
    /// Columns, from the left.
    pub columns: std::ops::Range<usize>,
}
