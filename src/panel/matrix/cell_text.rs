//! The values that are written into the cells of a matrix.

use std::collections::BTreeMap;

use super::MatrixValues;
use crate::geometry::{PixelRect, Point};
use crate::mark::Mark;
use crate::panel::built_panel::BuildContext;
use crate::panel::frames::for_each_frame;
use crate::panel::prepared_label::snap_baseline;
use crate::panel::viewport::Viewport;
use crate::raster::Rgba;
use crate::scene::color::luminance;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::model::Env;
use crate::scene::number_format::{Notation, NumberFormat};
use crate::scene::source::Origin;
use crate::text::{TypesetLabel, Typesetter};

/// The font sizes that are tried, in em.
const SIZES: [f64; 4] = [1.0, 0.9, 0.8, 0.7];
/// The greatest width and height of a value, as fractions of those of its cell.
const MAX_WIDTH: f64 = 0.86;
const MAX_HEIGHT: f64 = 0.7;
/// The luminance of a color that black and white have the same contrast with.
const MIDDLE_LUMINANCE: f64 = 0.179;

/// The way in which values are written.
pub(super) struct CellText {
    format: NumberFormat,
    /// The font size in device pixels.
    size: f64,
    /// The height of digits in device pixels.
    digit_height: f64,
    /// The color of values in clear cells.
    ink: Rgba,
    origin: Origin,
}

impl CellText {
    /// The text of the cells, at the largest size at which all values of the film fit; `None` if none does.
    ///
    /// # Errors
    /// A value is complex or cannot be evaluated.
    pub(super) fn fit(
        values: &MatrixValues<'_>,
        viewport: &Viewport,
        build: &BuildContext<'_, '_>,
    ) -> Result<Option<Self>, Diagnostic> {
        let Some(format) = values.matrix.format else { return Ok(None) };
        let em = build.text_style.em();
        let width = (viewport.x.pixel(1.0) - viewport.x.pixel(0.0)).abs() * MAX_WIDTH;
        let height = (viewport.y.pixel(1.0) - viewport.y.pixel(0.0)).abs() * MAX_HEIGHT;
        let mut text = Self {
            format,
            size: em,
            digit_height: 0.0,
            ink: build.text_style.theme.ink,
            origin: values.matrix.origin,
        };
        let digit = text.typeset("0")?;
        if digit.ascent * SIZES[SIZES.len() - 1] > height || digit.width * SIZES[SIZES.len() - 1] > width {
            return Ok(None);
        }
        let longest = text.longest(values, build)?;
        for part in SIZES {
            if longest * part <= width && digit.ascent * part <= height {
                (text.size, text.digit_height) = (em * part, digit.ascent * part);
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// The width of the longest value in any frame. Of the values with as many characters one is measured, because all digits
    /// have one width.
    fn longest(&self, values: &MatrixValues<'_>, build: &BuildContext<'_, '_>) -> Result<f64, Diagnostic> {
        let in_frame = |env: &Env<'_>, _| {
            let texts = values.in_frame(env)?.into_iter().map(|value| self.written(value));
            Ok(texts.map(|text| (text.chars().count(), text)).collect::<BTreeMap<usize, String>>())
        };
        let frames = for_each_frame((build.scene, build.threads), &values.frames(), in_frame)?;
        let all: BTreeMap<usize, String> = frames.into_iter().rev().flatten().collect();
        let widths = all.values().map(|text| Ok(self.typeset(text)?.width));
        widths.collect::<Result<Vec<f64>, Diagnostic>>().map(|widths| widths.into_iter().fold(0.0, f64::max))
    }

    /// A value in label syntax; empty for NaN.
    fn written(&self, value: f64) -> String {
        if value.is_nan() { String::new() } else { self.format.real(value, Notation::Tex) }
    }

    fn typeset(&self, text: &str) -> Result<TypesetLabel, Diagnostic> {
        Typesetter::shared()
            .typeset_label(&format!("${text}$"), self.size)
            .map_err(|error| Diagnostic::new(error.message).maybe_help(error.help).at(self.origin))
    }

    /// The mark of a value in the middle of a cell of some color; `None` is the color of clear cells.
    ///
    /// # Errors
    /// The value cannot be typeset.
    pub(super) fn mark(
        &self,
        value: f64,
        under: Option<Rgba>,
        middle: Point,
        clip: PixelRect,
    ) -> Result<Mark, Diagnostic> {
        let text = self.written(value);
        if text.is_empty() {
            return Ok(Mark::Nothing);
        }
        let label = self.typeset(&text)?;
        let origin =
            snap_baseline(Point::new(middle.x - label.width / 2.0, middle.y + self.digit_height / 2.0));
        let color = match under {
            None => self.ink,
            Some(under) if luminance(under) > MIDDLE_LUMINANCE => Rgba::BLACK,
            Some(_) => Rgba::WHITE,
        };
        Ok(label.fills(origin, color, clip).into_iter().next().map_or(Mark::Nothing, Mark::Fill))
    }
}
