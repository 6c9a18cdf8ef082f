//! A label that has been set: outlines around the baseline's beginning, and the box they stand in.
//!
//! Device pixels, y downward, the origin on the baseline at the left end. The box is the one TeX would
//! give (character heights from the font's metrics, not from the ink), so that it does not tremble when
//! one digit takes another's place; [`TypesetLabel::ink`] has the ink itself.

use std::sync::Arc;

use tiny_skia_path::{Path, Rect, Transform};

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Fill, Shape};
use crate::raster::Rgba;

/// Outlines of one color; each span has runs of its own, so that a readout that changes leaves the
/// others equal to what they were.
#[derive(Clone, Debug, PartialEq)]
pub struct ColorRun {
    /// Outlines around the label's origin.
    pub shape: Arc<Shape>,
    /// What `\color` chose; none is the label's own color.
    pub color: Option<Rgba>,
}

/// A label, set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypesetLabel {
    /// How far the label advances, in device pixels.
    pub width: f64,
    /// The box's height above the baseline, at least 0.
    pub ascent: f64,
    /// The box's depth below the baseline, at least 0.
    pub descent: f64,
    /// What is painted, in this order.
    pub runs: Vec<ColorRun>,
}

/// The box of a label around its origin: what is left of a [`TypesetLabel`] for those who only place it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TextBox {
    /// To the right of the origin.
    pub width: f64,
    /// Above the baseline.
    pub ascent: f64,
    /// Below it.
    pub descent: f64,
}

impl TextBox {
    /// Where the box lies if the origin lies there.
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
    /// The smallest rectangle around all ink; none where there is no ink.
    #[must_use]
    pub fn ink_bounds(&self) -> Option<Rect> {
        let outlines = self.runs.iter().flat_map(|run| &run.shape.outlines);
        outlines.filter_map(Path::compute_tight_bounds).reduce(|a, b| {
            let (left, top) = (a.left().min(b.left()), a.top().min(b.top()));
            let (right, bottom) = (a.right().max(b.right()), a.bottom().max(b.bottom()));
            Rect::from_ltrb(left, top, right, bottom).unwrap_or(a)
        })
    }

    /// Its box.
    #[must_use]
    pub fn text_box(&self) -> TextBox {
        TextBox { width: self.width, ascent: self.ascent, descent: self.descent }
    }

    /// The label turned a quarter counter-clockwise, to be read upward, as beside a y axis.
    ///
    /// The origin is the box's bottom left corner again: the label's beginning lies on y = 0 and its
    /// end at the top, `ascent` is the old width and `descent` is 0; the old baseline runs upward at
    /// x = old ascent, and `width` is old ascent + old descent.
    #[must_use]
    pub fn rotated_left(&self) -> Self {
        // (x, y) goes to (y + ascent, -x).
        let turn = Transform::from_row(0.0, -1.0, 1.0, 0.0, self.ascent as f32, 0.0);
        let turned = |run: &ColorRun| {
            let outlines = run.shape.outlines.iter().filter_map(|path| path.clone().transform(turn));
            ColorRun { shape: Arc::new(Shape { outlines: outlines.collect() }), color: run.color }
        };
        Self {
            width: self.ascent + self.descent,
            ascent: self.width.max(0.0),
            descent: 0.0,
            runs: self.runs.iter().map(turned).collect(),
        }
    }

    /// The marks that paint the label with its origin at `origin`.
    ///
    /// Runs without a color take `color`; on those with one, `color`'s alpha still acts, so that a
    /// label fades as a whole.
    #[must_use]
    pub fn fills(&self, origin: Point, color: Rgba, clip: PixelRect) -> Vec<Fill> {
        let fill = |run: &ColorRun| Fill {
            shape: Arc::clone(&run.shape),
            at: origin,
            color: run.color.map_or(color, |own| Rgba { a: product(own.a, color.a), ..own }),
            clip,
        };
        self.runs.iter().map(fill).collect()
    }
}

/// The product of two alphas, 255 being one.
fn product(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b) + 127) / 255) as u8
}

/// Gathers a label's outlines in runs.
#[derive(Default)]
pub(super) struct ColorRunBuilder {
    runs: Vec<(Option<Rgba>, Vec<Path>)>,
}

impl ColorRunBuilder {
    /// Ends the current run: what comes next belongs to another span.
    pub(super) fn begin_span(&mut self) {
        self.runs.push((None, Vec::new()));
    }

    /// Adds outlines, over those before.
    pub(super) fn add(&mut self, color: Option<Rgba>, outlines: impl IntoIterator<Item = Path>) {
        match self.runs.last_mut() {
            Some((last, paths)) if *last == color => paths.extend(outlines),
            _ => self.runs.push((color, outlines.into_iter().collect())),
        }
    }

    /// The runs that have ink.
    pub(super) fn into_runs(self) -> Vec<ColorRun> {
        let inked = self.runs.into_iter().filter(|(_, outlines)| !outlines.is_empty());
        inked.map(|(color, outlines)| ColorRun { shape: Arc::new(Shape { outlines }), color }).collect()
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
        runs.add(None, [square(0.0)]);
        runs.add(None, [square(1.0)]);
        runs.add(red, [square(2.0)]);
        runs.begin_span();
        runs.begin_span();
        runs.add(None, [square(3.0)]);
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
