//! From a TOML file to a [`Scene`] in which wrong values cannot exist.
//!
//! `load` reads the files a scene is made of into one `tree`, in which every value knows its place
//! in its `source`, and `bases` says which files these may be; `variant` makes several trees of a file with variants. A `table_reader` takes the tree's tables apart key by key, `resolve` makes the scene of
//! them and is the only validation; whatever is wrong becomes a `diagnostic`. `model` evaluates the
//! scene's expressions. Lengths are CSS pixels here; a figure turns them into device pixels.

pub mod bases;
pub mod color;
pub mod data_table;
pub mod diagnostic;
pub mod element;
pub mod expr;
pub mod fingerprint;
pub mod label;
pub mod load;
pub mod model;
pub mod number_format;
pub mod resolve;
pub mod source;
pub mod source_string;
pub mod suggest;
pub mod syntax;
pub mod table_reader;
pub mod timeline;
pub mod tree;
pub mod value_reader;
pub mod variant;

use std::path::PathBuf;

use crate::animation::AnimationFormat;
use crate::quality::Quality;
use crate::raster::Rgba;
use crate::tolerance::Tolerance;
use color::Theme;
use diagnostic::Diagnostic;
use element::Panel;
use expr::Variable;
use fingerprint::Fingerprint;
use model::{Env, Model, ModelError};
use resolve::SceneOrigins;
use source::{Origin, Sources};
use timeline::Timeline;

/// A whole scene, resolved: everything that `kymo render` needs to know.
#[derive(Debug)]
pub struct Scene {
    /// The files it came from, for messages that arise while it is drawn.
    pub sources: Sources,
    /// The file's name without its ending; `stdin` for a scene read from there. A variant's own name
    /// follows after a hyphen.
    pub stem: String,
    /// The hash of all that it says.
    pub fingerprint: Fingerprint,
    /// The picture in words.
    pub alt: Option<String>,
    /// Where it goes, at least one.
    pub outputs: Vec<Output>,
    /// How far they may be off from those that were accepted.
    pub check: Tolerance,
    /// Size, sharpness, colors.
    pub canvas: Canvas,
    /// The colors it does not name.
    pub theme: Theme,
    /// Params, signals and systems.
    pub model: Model,
    /// Where those are written.
    pub origins: SceneOrigins,
    /// The present `t` of a film over something else.
    pub time: f64,
    /// Frames and their presents.
    pub timeline: Timeline,
    /// Where the panels lie.
    pub grid: Grid,
    /// What is shown, in the file's order.
    pub panels: Vec<Panel>,
}

impl Scene {
    /// The model in frame `index`: time, or the film's param, at its present.
    ///
    /// # Errors
    /// A system that this value makes impossible.
    pub fn env(&self, index: usize) -> Result<Env<'_>, Diagnostic> {
        let env = self.model.env(&[]).map_err(|error| self.model_error(&error))?;
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

    /// The frame that an output shows, if it is a still.
    #[must_use]
    pub fn frame_of(&self, output: &Output) -> usize {
        match output.pick {
            Some(Pick::Frame(index)) => index,
            Some(Pick::At(value)) => self.timeline.nearest_frame(value),
            None => self.timeline.frames - 1,
        }
    }

    /// An error of the model, at its place in the file.
    #[must_use]
    pub fn model_error(&self, error: &ModelError) -> Diagnostic {
        self.origins.locate(error)
    }
}

/// The paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Width and height in CSS pixels; times `scale` they are whole numbers of device pixels.
    pub size: [f64; 2],
    /// Device pixels per CSS pixel.
    pub scale: f64,
    /// The em of labels in CSS pixels.
    pub font_size: f64,
    /// The paper's color, possibly clear.
    pub background: Rgba,
    /// What a clear background is assumed to lie on where a format cannot blend.
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

/// What a file holds, told by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.gif`, a film.
    Gif,
    /// `.apng`, a film.
    Apng,
    /// `.webp`, a film.
    Webp,
    /// `.mp4`, a film that another program codes.
    Mp4,
    /// `.webm`, likewise.
    Webm,
    /// `.png`, one frame.
    Png,
    /// `%04d.png`, a file a frame.
    PngSequence,
    /// `.svg`, one frame.
    Svg,
    /// `.svg` that is animated, a film.
    SvgFilm,
}

impl Format {
    /// Whether it holds one frame of a film, which can be picked.
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

    /// How its frames are coded, if it is a film that is coded here.
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

/// One file, or one sequence of files, that a scene makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// As written, relative to the project root.
    pub path: PathBuf,
    /// What its ending says.
    pub format: Format,
    /// Which frame a still shows; none: the last.
    pub pick: Option<Pick>,
    /// Its own device pixels per CSS pixel.
    pub scale: Option<f64>,
    /// How exact its colors are, if it is a .gif, .apng or .webp.
    pub quality: Quality,
    /// Where it is written in the scene; none where the path is the default or came with the call.
    pub origin: Option<Origin>,
}

/// How a still is picked from a film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pick {
    /// By its index, counted from 0.
    Frame(usize),
    /// By a value of the film's variable.
    At(f64),
}

/// The rows and columns that panels lie in.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Ratios of the plot rectangles' heights, one a row.
    pub heights: Vec<f64>,
    /// Ratios of their widths, one a column.
    pub widths: Vec<f64>,
    /// Between rows; one fewer than rows.
    pub row_gaps: Vec<Gap>,
    /// Between columns; one fewer than columns.
    pub column_gaps: Vec<Gap>,
    /// The cells of each panel, in the order of [`Scene::panels`].
    pub areas: Vec<Area>,
}

/// The distance between two neighboring plot rectangles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gap {
    /// What the labels between them need.
    Auto,
    /// CSS pixels.
    Length(f64),
}

/// A rectangle of grid cells, ends excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Rows, from the top.
    pub rows: std::ops::Range<usize>,
    /// Columns, from the left.
    pub columns: std::ops::Range<usize>,
}
