//! The texts of a figure with their boxes in every frame, as `kymo inspect` reports them.
//!
//! The same record positions a text's marks and its box, so the two agree. Boxes are TeX's: they depend on
//! the font's metrics, not on the ink, so that a title with an f is no higher than one with an e.

use crate::geometry::{Bounds, Point};
use crate::scene::element::{AxisName, Panel};
use crate::scene::source::Origin;
use crate::text::TextBox;

/// The purpose of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// The label of a tick of the x axis.
    XTick,
    /// The label of a tick of the y axis.
    YTick,
    /// The label of the x axis.
    XLabel,
    /// The label of the y axis, rotated to the left.
    YLabel,
    /// The label of a tick of the second vertical axis.
    Y2Tick,
    /// The label of the second vertical axis, rotated to the left.
    Y2Label,
    /// The title above a plot rectangle.
    Title,
    /// The box of a legend with everything in it.
    Legend,
    /// One of the names in a legend.
    LegendName,
    /// The name at the end of a curve.
    EndLabel,
    /// An element `text`.
    Text,
    /// The note of a point.
    Note,
    /// The label in the middle of a mass.
    MassLabel,
    /// The label of a tick of a color bar.
    ColorTick,
    /// The label of a color bar, rotated to the left.
    ColorLabel,
}

impl TextRole {
    /// The role of the tick labels of an axis.
    pub(super) fn tick_of(axis: AxisName) -> Self {
        match axis {
            AxisName::X => Self::XTick,
            AxisName::Y => Self::YTick,
            AxisName::Y2 => Self::Y2Tick,
        }
    }

    /// The name in the report of `kymo inspect`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::XTick => "x-tick",
            Self::YTick => "y-tick",
            Self::XLabel => "x-label",
            Self::YLabel => "y-label",
            Self::Y2Tick => "y2-tick",
            Self::Y2Label => "y2-label",
            Self::Title => "title",
            Self::Legend => "legend",
            Self::LegendName => "legend-name",
            Self::EndLabel => "end-label",
            Self::Text => "text",
            Self::Note => "note",
            Self::MassLabel => "mass-label",
            Self::ColorTick => "color-tick",
            Self::ColorLabel => "color-label",
        }
    }
}

/// The origin of a text in every frame, in device pixels.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OriginPath {
    /// One position.
    Static {
        /// The position.
        origin: Point,
        /// Whether each frame shows the text; `None` if all do.
        shown: Option<Vec<bool>>,
    },
    /// A position per frame; `None` where the text is hidden.
    Moving(Vec<Option<Point>>),
    /// A position per frame from frame `first` on; the text is hidden before and after these frames.
    Passing {
        /// The first frame that shows the text.
        first: usize,
        /// The positions, at least one.
        origins: Vec<Point>,
    },
}

impl OriginPath {
    /// One position in all frames.
    pub(super) fn fixed(origin: Point) -> Self {
        Self::Static { origin, shown: None }
    }

    /// The origin in a frame; `None` if the frame does not show the text.
    pub(super) fn origin(&self, index: usize) -> Option<Point> {
        match self {
            Self::Static { origin, shown: None } => Some(*origin),
            Self::Static { origin, shown: Some(shown) } => shown.get(index)?.then_some(*origin),
            Self::Moving(origins) => *origins.get(index)?,
            Self::Passing { first, origins } => origins.get(index.checked_sub(*first)?).copied(),
        }
    }

    /// The path moved by an offset per frame.
    pub(super) fn moved(&self, offsets: &[Point]) -> Self {
        let moved = |(index, by): (usize, &Point)| {
            self.origin(index).map(|origin| Point::new(origin.x + by.x, origin.y + by.y))
        };
        Self::Moving(offsets.iter().enumerate().map(moved).collect())
    }
}

/// A text and its box in every frame.
#[derive(Clone, Debug)]
pub struct PlacedText<'s> {
    /// The panel that the text belongs to.
    pub panel: &'s Panel,
    /// The purpose of the text.
    pub role: TextRole,
    /// The text in label syntax, as the scene has it; empty for the box of a legend.
    pub text: String,
    /// The position in the scene file that an error about the text points at.
    pub(super) source: Origin,
    /// The box around the text's origin.
    pub(super) text_box: TextBox,
    /// The origin in every frame.
    pub(super) origins: OriginPath,
}

impl PlacedText<'_> {
    /// The box in a frame, in device pixels; `None` if the frame does not show the text.
    #[must_use]
    pub fn bounds(&self, index: usize) -> Option<Bounds> {
        self.origins.origin(index).map(|origin| self.text_box.bounds(origin))
    }

    /// The box in device pixels, if it is the same in all frames that show the text.
    #[must_use]
    pub fn static_bounds(&self) -> Option<Bounds> {
        match self.origins {
            OriginPath::Static { origin, .. } => Some(self.text_box.bounds(origin)),
            OriginPath::Moving(_) | OriginPath::Passing { .. } => None,
        }
    }

    /// Whether every frame shows the text.
    #[must_use]
    pub fn is_always_shown(&self) -> bool {
        match &self.origins {
            OriginPath::Static { shown, .. } => shown.is_none(),
            OriginPath::Moving(origins) => origins.iter().all(Option::is_some),
            OriginPath::Passing { .. } => false,
        }
    }

    /// The number of the frame after the last one that may show the text, of so many frames.
    pub(super) fn end(&self, frames: usize) -> usize {
        match &self.origins {
            OriginPath::Static { .. } | OriginPath::Moving(_) => frames,
            OriginPath::Passing { first, origins } => first + origins.len(),
        }
    }

    /// The first frame that shows both texts.
    pub(super) fn first_common_frame(&self, other: &Self) -> Option<usize> {
        match (&self.origins, &other.origins) {
            (OriginPath::Static { shown: a, .. }, OriginPath::Static { shown: b, .. }) => match (a, b) {
                (None, None) => Some(0),
                (Some(shown), None) | (None, Some(shown)) => shown.iter().position(|&on| on),
                (Some(a), Some(b)) => a.iter().zip(b).position(|(&a, &b)| a && b),
            },
            (OriginPath::Passing { first, origins }, other)
            | (other, OriginPath::Passing { first, origins }) => {
                (*first..*first + origins.len()).find(|&i| other.origin(i).is_some())
            }
            (OriginPath::Moving(origins), other) | (other, OriginPath::Moving(origins)) => {
                (0..origins.len()).find(|&i| origins[i].is_some() && other.origin(i).is_some())
            }
        }
    }
}
