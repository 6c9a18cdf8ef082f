//! The filled band between a curve and another one, or the zero line (on a logarithmic axis, its low end).
//!
//! A band is cut into slices of whole pixel columns, so that each frame of a growing area only draws the
//! slice that grows. Slices meet on the borders between pixels, where no seam can show. A curve that does not
//! run along the x axis makes a single slice.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::Shape;
use crate::panel::paint::PaintContext;
use crate::panel::shape;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::PlottedSignal;
use crate::scene::expr::Code;
use crate::scene::model::Env;

/// The width of a slice in device pixels.
const SLICE_WIDTH: i32 = 32;

/// The expressions of an area's two sides.
#[derive(Clone, Copy)]
pub(super) struct BandSides<'a> {
    /// One side.
    pub(super) signal: &'a PlottedSignal,
    /// The other side; `None` for the zero line.
    pub(super) to: Option<&'a Code>,
}

/// A band in device pixels, in one frame.
#[derive(Clone, Debug)]
pub(super) struct Band {
    cross_sections: Vec<CrossSection>,
    slices: Vec<Slice>,
}

/// The two sides of a band at one parameter of its curve.
#[derive(Clone, Copy, Debug)]
struct CrossSection {
    parameter: f64,
    /// `None` where one of the sides is not finite.
    sides: Option<[Point; 2]>,
}

/// The part of a band in some pixel columns.
#[derive(Clone, Debug)]
struct Slice {
    /// The indices of its first and last cross section; `None` if it has none.
    cross_sections: Option<RangeInclusive<usize>>,
    /// The slice when all of it is shown.
    shape: Arc<Shape>,
}

/// The pixel borders of a plot at which slices meet.
fn slice_borders(viewport: &Viewport) -> impl Iterator<Item = i32> {
    (viewport.rect.left..viewport.rect.right).step_by(SLICE_WIDTH as usize).skip(1)
}

/// The x values at which slices meet, where a band along the x axis needs a sample.
pub(super) fn slice_values(viewport: &Viewport) -> impl Iterator<Item = f64> {
    slice_borders(viewport).map(|column| viewport.x.value(f64::from(column)))
}

impl Band {
    /// The band from a sampled curve to the other side, in one frame.
    ///
    /// # Errors
    /// A value is complex.
    pub(super) fn new(
        PaintContext { reader, viewport, curve, .. }: &PaintContext<'_>,
        BandSides { signal, to }: BandSides<'_>,
        env: &Env<'_>,
    ) -> Result<Self, Diagnostic> {
        let samples = &curve.curve.samples;
        let parameters: Vec<f64> = samples.iter().map(|sample| sample.parameter).collect();
        let bases = match to {
            Some(to) => reader.reals_along(to, signal.over, &parameters, env)?,
            None => vec![0.0; samples.len()],
        };
        let mut cross_sections = Vec::with_capacity(samples.len());
        for (s, base) in samples.iter().zip(bases) {
            let base = viewport.y.clamp_to_baseline(base);
            let sides = [viewport.point((s.x, s.y)), viewport.point((s.x, base))].map(snap_to_border);
            let is_finite = sides.iter().all(|side| side.x.is_finite() && side.y.is_finite());
            cross_sections.push(CrossSection { parameter: s.parameter, sides: is_finite.then_some(sides) });
        }
        let mut band = Self { cross_sections, slices: Vec::new() };
        let ranges = if reader.runs_along_axis(signal) {
            band.slice_ranges(viewport)
        } else {
            vec![(!band.cross_sections.is_empty()).then(|| 0..=band.cross_sections.len() - 1)]
        };
        band.slices = ranges
            .into_iter()
            .map(|range| Slice { shape: band.polygons(range.clone(), None), cross_sections: range })
            .collect();
        Ok(band)
    }

    /// The range of cross sections in each slice. Their number depends on the viewport alone.
    fn slice_ranges(&self, viewport: &Viewport) -> Vec<Option<RangeInclusive<usize>>> {
        let mut ranges: Vec<Option<RangeInclusive<usize>>> = vec![None; slice_borders(viewport).count() + 1];
        let last = ranges.len() - 1;
        for (index, pair) in self.cross_sections.windows(2).enumerate() {
            let middle =
                f64::midpoint(viewport.x.pixel(pair[0].parameter), viewport.x.pixel(pair[1].parameter));
            let slice = (middle - f64::from(viewport.rect.left)) / f64::from(SLICE_WIDTH);
            let range = &mut ranges[(slice.max(0.0) as usize).min(last)];
            let first = range.as_ref().map_or(index, |range| *range.start());
            *range = Some(first..=index + 1);
        }
        ranges
    }

    /// The slices up to a parameter of the curve, or all of them whole.
    pub(super) fn shapes(&self, up_to: Option<f64>) -> impl Iterator<Item = Arc<Shape>> {
        self.slices.iter().map(move |slice| match &slice.cross_sections {
            Some(range) if !self.is_shown(&self.cross_sections[*range.end()], up_to) => {
                self.polygons(Some(range.clone()), up_to)
            }
            _ => Arc::clone(&slice.shape),
        })
    }

    /// Whether a cross section lies at or before a parameter of the curve.
    fn is_shown(&self, section: &CrossSection, up_to: Option<f64>) -> bool {
        let parameter = |section: &CrossSection| section.parameter;
        let is_descending =
            self.cross_sections.first().map(parameter) > self.cross_sections.last().map(parameter);
        let at = section.parameter;
        up_to.is_none_or(|up_to| if is_descending { at >= up_to } else { at <= up_to })
    }

    /// The polygons between the shown cross sections of a range, broken where a side is not finite.
    fn polygons(&self, range: Option<RangeInclusive<usize>>, up_to: Option<f64>) -> Arc<Shape> {
        let sections = range.and_then(|range| self.cross_sections.get(range)).unwrap_or_default();
        let shown = sections.iter().filter(|section| self.is_shown(section, up_to));
        let sides: Vec<Option<[Point; 2]>> = shown.map(|section| section.sides).collect();
        let mut band = Shape::default();
        for piece in sides.split(Option::is_none).filter(|piece| piece.len() > 1) {
            let forth = piece.iter().flatten().map(|sides| sides[0]);
            let back = piece.iter().rev().flatten().map(|sides| sides[1]);
            let polygon: Vec<Point> = forth.chain(back).collect();
            band.outlines.extend(shape::polygon(&polygon).outlines.iter().cloned());
        }
        Arc::new(band)
    }
}

/// A point whose x is rounded to the pixel border if it is one up to rounding errors. Otherwise two slices
/// would share a pixel column.
fn snap_to_border(point: Point) -> Point {
    let border = point.x.round();
    if (point.x - border).abs() < 1e-6 { Point { x: border, ..point } } else { point }
}
