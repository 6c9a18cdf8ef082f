//! A typeset label: outlines relative to the start of the baseline, and the box they occupy.
//!
//! Coordinates are device pixels, y downward, with the origin on the baseline at the left end. The box is that
//! of TeX: character heights come from the font's metrics and not from the ink, so the box does not jitter when
//! digits change. [`TypesetLabel::ink_bounds`] gives the bounds of the ink.

use std::sync::Arc;

use tiny_skia_path::{Path, Rect, Transform};

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Fill, Shape};
use crate::raster::Rgba;

/// Outlines of one color. No run extends over two spans, so a changing readout leaves the runs of the other
/// spans unchanged.
#[derive(Clone, Debug, PartialEq)]
pub struct ColorRun {
    /// The outlines relative to the label's origin.
    pub shape: Arc<Shape>,
    /// The color chosen by `\color`; `None` stands for the color of the label.
    pub color: Option<Rgba>,
}

/// A typeset label.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypesetLabel {
    /// The width of the box, in device pixels.
    pub width: f64,
    /// The height of the box above the baseline, in device pixels, at least 0.
    pub ascent: f64,
    /// The depth of the box below the baseline, in device pixels, at least 0.
    pub descent: f64,
    /// The outlines, in painting order.
    pub runs: Vec<ColorRun>,
}

/// The box of a [`TypesetLabel`] relative to its origin, in device pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TextBox {
    /// The width to the right of the origin.
    pub width: f64,
    /// The height above the baseline.
    pub ascent: f64,
    /// The depth below the baseline.
    pub descent: f64,
}

impl TextBox {
    /// The bounds of the box with its origin at `origin`.
    #[must_use]
    pub fn bounds(&self, origin: Point) -> Bounds {
        Bounds {
            left: origin.x,
            top: origin.y - self.ascent,
            right: origin.x + self.width,
            bottom: origin.y + self.descent,
        }
    }
}

impl TypesetLabel {
    /// The smallest rectangle around all outlines; `None` if there are none.
    #[must_use]
    pub fn ink_bounds(&self) -> Option<Rect> {
        let outlines = self.runs.iter().flat_map(|run| &run.shape.outlines);
        outlines.filter_map(Path::compute_tight_bounds).reduce(|a, b| {
            let (left, top) = (a.left().min(b.left()), a.top().min(b.top()));
            let (right, bottom) = (a.right().max(b.right()), a.bottom().max(b.bottom()));
            Rect::from_ltrb(left, top, right, bottom).unwrap_or(a)
        })
    }

    /// The box of the label.
    #[must_use]
    pub fn text_box(&self) -> TextBox {
        TextBox { width: self.width, ascent: self.ascent, descent: self.descent }
    }

    /// The label rotated counterclockwise by 90°, to be read upward as beside a y axis.
    ///
    /// The new origin is the bottom left corner of the rotated box: `width` is old ascent + old descent,
    /// `ascent` is the old width, and `descent` is 0. The old baseline runs upward at x = old ascent.
    #[must_use]
    pub fn rotated_left(&self) -> Self {
        // (x, y) goes to (y + ascent, -x).
        let rotation = Transform::from_row(0.0, -1.0, 1.0, 0.0, self.ascent as f32, 0.0);
        let rotated = |run: &ColorRun| {
            let outlines = run.shape.outlines.iter().filter_map(|path| path.clone().transform(rotation));
            ColorRun { shape: Arc::new(Shape { outlines: outlines.collect() }), color: run.color }
        };
        Self {
            width: self.ascent + self.descent,
            ascent: self.width.max(0.0),
            descent: 0.0,
            runs: self.runs.iter().map(rotated).collect(),
        }
    }

    /// The fills that paint the label with its origin at `origin`.
    ///
    /// Runs without a color of their own are painted in `color`. The alpha of `color` applies to all runs, so
    /// that a label fades as a whole.
    #[must_use]
    pub fn fills(&self, origin: Point, color: Rgba, clip: PixelRect) -> Vec<Fill> {
        let fill = |run: &ColorRun| Fill {
            shape: Arc::clone(&run.shape),
            at: origin,
            color: run.color.map_or(color, |own| Rgba { a: multiply_alpha(own.a, color.a), ..own }),
            clip,
        };
        self.runs.iter().map(fill).collect()
    }
}

/// The product of two alphas, where 255 stands for 1.
fn multiply_alpha(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b) + 127) / 255) as u8
}

/// Collects the outlines of a label into runs.
#[derive(Default)]
pub(super) struct ColorRunBuilder {
    runs: Vec<(Option<Rgba>, Vec<Path>)>,
}

impl ColorRunBuilder {
    /// Ends the current run. The following outlines belong to another span.
    pub(super) fn begin_span(&mut self) {
        self.runs.push((None, Vec::new()));
    }

    /// Appends outlines, painted over the previous ones. `None` stands for the color of the label.
    pub(super) fn push(&mut self, color: Option<Rgba>, outlines: impl IntoIterator<Item = Path>) {
        match self.runs.last_mut() {
            Some((last, paths)) if *last == color => paths.extend(outlines),
            _ => self.runs.push((color, outlines.into_iter().collect())),
        }
    }

    /// The runs, without those that have no outlines.
    pub(super) fn into_runs(self) -> Vec<ColorRun> {
        let non_empty = self.runs.into_iter().filter(|(_, outlines)| !outlines.is_empty());
        non_empty.map(|(color, outlines)| ColorRun { shape: Arc::new(Shape { outlines }), color }).collect()
    }
}

#[cfg(test)]
mod tests {
    use tiny_skia_path::PathBuilder;

    use super::*;

    fn square(x: f32) -> Path {
        PathBuilder::from_rect(Rect::from_xywh(x, -1.0, 1.0, 1.0).expect("a square"))
    }

    #[test]
    fn a_run_ends_where_color_or_span_changes() {
        let red = Some(Rgba::opaque(255, 0, 0));
        let mut runs = ColorRunBuilder::default();
        runs.begin_span();
        runs.push(None, [square(0.0)]);
        runs.push(None, [square(1.0)]);
        runs.push(red, [square(2.0)]);
        runs.begin_span();
        runs.begin_span();
        runs.push(None, [square(3.0)]);
        let runs = runs.into_runs();
        let shapes: Vec<_> = runs.iter().map(|run| (run.color, run.shape.outlines.len())).collect();
        assert_eq!(shapes, [(None, 2), (red, 1), (None, 1)]);
    }

    #[test]
    fn a_faded_label_fades_its_colored_runs() {
        let own = Rgba { r: 255, g: 0, b: 0, a: 128 };
        let run = |color| ColorRun { shape: Arc::new(Shape { outlines: vec![square(0.0)] }), color };
        let label = TypesetLabel { runs: vec![run(None), run(Some(own))], ..TypesetLabel::default() };
        let half = Rgba { a: 128, ..Rgba::BLACK };
        let fills = label.fills(Point::new(1.0, 2.0), half, PixelRect::from_size(9, 9));
        assert_eq!(fills[0].color, half);
        assert_eq!(fills[1].color, Rgba { a: 64, ..own });
        assert!(fills.iter().all(|fill| fill.at == Point::new(1.0, 2.0)));
    }
}
