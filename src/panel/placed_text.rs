//! What is written where: every text of a figure with its box, frame by frame.
//!
//! The same record places a text's marks and tells its box, so the two cannot differ. Boxes are those
//! that TeX gives, not the ink's: a title stands as high with an e as with an f.

use crate::geometry::{Bounds, Point};
use crate::scene::element::Panel;
use crate::scene::source::Origin;
use crate::text::TextBox;

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// Labels a tick of the x axis.
    XTick,
    /// Labels a tick of the y axis.
    YTick,
    /// Names the x axis.
    XLabel,
    /// Names the y axis, turned.
    YLabel,
    /// Stands above a plot rectangle.
    Title,
    /// The sheet of a legend, with all that is on it.
    Legend,
    /// One of the names on that sheet.
    LegendName,
    /// An element `text`.
    Text,
    /// Goes with a point.
    Note,
    /// Stands in the middle of a mass.
    MassLabel,
}

impl TextRole {
    /// Its name in the report of `kymo inspect`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::XTick => "x-tick",
            Self::YTick => "y-tick",
            Self::XLabel => "x-label",
            Self::YLabel => "y-label",
            Self::Title => "title",
            Self::Legend => "legend",
            Self::LegendName => "legend-name",
            Self::Text => "text",
            Self::Note => "note",
            Self::MassLabel => "mass-label",
        }
    }
}

/// Where a text's origin lies over the film.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OriginPath {
    /// At one place; none: in every frame, else where a frame's entry is true.
    Static(Point, Option<Vec<bool>>),
    /// A place a frame, none where it is hidden.
    Moving(Vec<Option<Point>>),
}

impl OriginPath {
    /// Where the origin lies in a frame that shows the text.
    pub(super) fn origin(&self, index: usize) -> Option<Point> {
        match self {
            Self::Static(origin, None) => Some(*origin),
            Self::Static(origin, Some(shown)) => shown.get(index)?.then_some(*origin),
            Self::Moving(places) => *places.get(index)?,
        }
    }
}

/// A text and where it is shown.
#[derive(Clone, Debug)]
pub struct PlacedText<'s> {
    /// The panel it belongs to.
    pub panel: &'s Panel,
    /// What it is for.
    pub role: TextRole,
    /// The text in label syntax, as the scene has it; empty for the sheet of a legend.
    pub text: String,
    /// Where to point if it is in the way.
    pub(super) source: Origin,
    pub(super) text_box: TextBox,
    pub(super) origins: OriginPath,
}

impl PlacedText<'_> {
    /// Its box in a frame that shows it; device pixels.
    #[must_use]
    pub fn bounds(&self, index: usize) -> Option<Bounds> {
        self.origins.origin(index).map(|origin| self.text_box.bounds(origin))
    }

    /// Its box, if it is the same in all frames that show it.
    #[must_use]
    pub fn static_bounds(&self) -> Option<Bounds> {
        match self.origins {
            OriginPath::Static(origin, _) => Some(self.text_box.bounds(origin)),
            OriginPath::Moving(_) => None,
        }
    }

    /// Whether every frame shows it.
    #[must_use]
    pub fn is_always_shown(&self) -> bool {
        match &self.origins {
            OriginPath::Static(_, shown) => shown.is_none(),
            OriginPath::Moving(places) => places.iter().all(Option::is_some),
        }
    }

    /// The first frame that shows both.
    pub(super) fn first_common_frame(&self, other: &Self) -> Option<usize> {
        match (&self.origins, &other.origins) {
            (OriginPath::Static(_, None), OriginPath::Static(_, None)) => Some(0),
            (OriginPath::Static(_, Some(shown)), OriginPath::Static(_, None))
            | (OriginPath::Static(_, None), OriginPath::Static(_, Some(shown))) => {
                shown.iter().position(|&on| on)
            }
            (OriginPath::Static(_, Some(a)), OriginPath::Static(_, Some(b))) => {
                a.iter().zip(b).position(|(&a, &b)| a && b)
            }
            (OriginPath::Moving(places), other) | (other, OriginPath::Moving(places)) => {
                (0..places.len()).find(|&i| places[i].is_some() && other.origin(i).is_some())
            }
        }
    }
}
