//! Color bars: the colors of a map beside a panel, with the values that they show.

use super::{Axis, Element, ElementKind, PanelKind, Scale};
use crate::scene::color::{ColorScale, LEVELS};

/// The color bar of a panel.
#[derive(Clone, Debug)]
pub struct Colorbar {
    /// The axis beside the colors: its label, its ticks and its scale.
    pub axis: Axis,
    /// The colors that it explains.
    pub colors: ColorSource,
}

/// The part of a panel whose colors a color bar explains.
#[derive(Clone, Debug, PartialEq)]
pub enum ColorSource {
    /// The panel's own part.
    Panel(ColorScale),
    /// The element with this index.
    Element(usize, ColorScale),
}

impl ColorSource {
    /// The first part of a panel whose colors show values; `None` if it has none.
    #[must_use]
    pub fn of(kind: &PanelKind, elements: &[Element]) -> Option<Self> {
        if let PanelKind::Matrix(matrix) = kind {
            return Some(Self::Panel(matrix.colors.clone()));
        }
        elements.iter().enumerate().find_map(|(index, element)| {
            if let ElementKind::Heat(heat) = &element.kind {
                return Some(Self::Element(index, heat.colors.clone()));
            }
            let mapped = element.signals.color.as_ref().or(element.signals.fill.as_ref())?;
            let (map, range) = (mapped.map, Some(mapped.range));
            Some(Self::Element(index, ColorScale { map, levels: LEVELS, scale: Scale::Linear, range }))
        })
    }

    /// The color scale.
    #[must_use]
    pub fn scale(&self) -> &ColorScale {
        match self {
            Self::Panel(scale) | Self::Element(_, scale) => scale,
        }
    }
}
