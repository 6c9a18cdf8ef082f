//! A plotters backend that records marks instead of setting pixels.
//!
//! plotters has integer coordinates. The backend counts [`UNITS`] of them to a device pixel, so that lines
//! can be placed at fractions of a pixel; all lengths are in these units as well. Horizontal and vertical
//! lines are snapped to whole pixels and are at least one pixel wide, so that rules are crisp and corners
//! meet. Everything else is placed to the unit.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontTransform,
};
use tiny_skia_path::{Path, PathBuilder, Rect};

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Cap, Fill, Mark, Pen, Polyline, Shape, Stroke};
use crate::raster::Rgba;
use crate::text::{LabelError, TypesetLabel, Typesetter};

/// Backend units per device pixel.
pub const UNITS: i32 = 64;

/// Converts a length from device pixels, at least 0, to backend units.
#[must_use]
pub fn px(length: f64) -> u32 {
    (length * f64::from(UNITS)).round() as u32
}

/// A plotters backend that appends everything it draws to a list of marks.
#[derive(Debug)]
pub struct Recorder<'a> {
    canvas: PixelRect,
    marks: &'a mut Vec<Mark>,
    /// The minimum ascent of top-anchored texts, in device pixels.
    min_ascent: f64,
    texts: Option<&'a mut Vec<RecordedText>>,
}

/// A text that was drawn, and its bounding box.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedText {
    /// The text in label syntax.
    pub text: String,
    /// The bounding box, in device pixels.
    pub bounds: Bounds,
    /// Whether the text was anchored at its top, as the labels below an axis are.
    pub is_top_anchored: bool,
    /// The indices of its marks among all that were recorded.
    pub marks: Range<usize>,
}

/// The reason why a drawing cannot be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecorderError {
    /// A text has invalid mathematics.
    Label {
        /// The text.
        label: String,
        /// The error in it.
        error: LabelError,
    },
    /// The drawing contains a bitmap. Marks are lines and shapes; a bitmap would not scale with them.
    Bitmap,
}

impl fmt::Display for RecorderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label { label, error } => {
                write!(f, "the label `{label}`: {}", error.message)?;
                error.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
            }
            Self::Bitmap => f.write_str("bitmaps cannot be drawn here; draw rectangles or polygons instead"),
        }
    }
}

impl std::error::Error for RecorderError {}

type DrawResult = Result<(), DrawingErrorKind<RecorderError>>;

impl<'a> Recorder<'a> {
    /// Creates a backend of this size, in device pixels, that appends to `marks`.
    #[must_use]
    pub fn new(width: u32, height: u32, marks: &'a mut Vec<Mark>) -> Self {
        Self { canvas: PixelRect::from_size(width, height), marks, min_ascent: 0.0, texts: None }
    }

    /// Also appends every text that is drawn, with its bounding box, to `texts`.
    #[must_use]
    pub fn with_texts(self, texts: &'a mut Vec<RecordedText>) -> Self {
        Self { texts: Some(texts), ..self }
    }

    /// Sets the minimum ascent of top-anchored texts, in device pixels. With a common ascent, the labels of
    /// an axis share a baseline: aligned by its own height, the label `π` would stand above the baseline of
    /// its neighbor `2π`.
    #[must_use]
    pub fn with_min_ascent(self, min_ascent: f64) -> Self {
        Self { min_ascent, ..self }
    }

    /// Appends a mark, painted over those before it.
    pub fn record(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// Records one fill of several outlines.
    fn record_fill(&mut self, outlines: Vec<Path>, at: Point, color: BackendColor) {
        let shape = Arc::new(Shape { outlines });
        self.record(Mark::Fill(Fill { shape, at, color: rgba(color), clip: self.canvas }));
    }

    fn record_stroke(&mut self, points: Vec<Point>, style: &impl BackendStyle) {
        let width = f64::from(style.stroke_width()) / f64::from(UNITS);
        let pen = Pen { color: rgba(style.color()), width, dash: Vec::new(), cap: Cap::Butt };
        let visible_points = points.len();
        let path = Arc::new(Polyline { points, subpath_starts: vec![0] });
        self.record(Mark::Stroke(Stroke { path, visible_points, pen: Arc::new(pen), clip: self.canvas }));
    }

    /// Records lines between consecutive points. They are snapped to whole pixels if all are horizontal or
    /// vertical.
    fn record_lines(&mut self, points: &[BackendCoord], style: &impl BackendStyle) {
        let is_axis_aligned = |pair: &[BackendCoord]| pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1;
        if points.windows(2).all(is_axis_aligned) {
            let lines = points
                .windows(2)
                .filter_map(|pair| axis_aligned_line(pair[0], pair[1], style.stroke_width()));
            let lines = lines.collect();
            self.record_fill(lines, Point::default(), style.color());
        } else {
            self.record_stroke(points.iter().copied().map(to_pixels).collect(), style);
        }
    }
}

impl DrawingBackend for Recorder<'_> {
    type ErrorType = RecorderError;

    fn get_size(&self) -> (u32, u32) {
        let units = UNITS.unsigned_abs();
        (self.canvas.width() * units, self.canvas.height() * units)
    }

    fn ensure_prepared(&mut self) -> DrawResult {
        Ok(())
    }

    fn present(&mut self) -> DrawResult {
        Ok(())
    }

    /// Fills the device pixel that contains the point.
    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> DrawResult {
        let at = to_pixels(point);
        let pixel = Rect::from_xywh(at.x.floor() as f32, at.y.floor() as f32, 1.0, 1.0);
        self.record_fill(pixel.map(PathBuilder::from_rect).into_iter().collect(), Point::default(), color);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> DrawResult {
        self.record_lines(&[from, to], style);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> DrawResult {
        let ((left, top), (right, bottom)) = (upper_left, bottom_right);
        if fill {
            let [x0, y0, x1, y1] = [left.min(right), top.min(bottom), left.max(right), top.max(bottom)]
                .map(snap_to_pixel_border);
            let rect = Rect::from_ltrb(x0, y0, x1, y1).map(PathBuilder::from_rect);
            self.record_fill(rect.into_iter().collect(), Point::default(), style.color());
        } else {
            self.record_lines(
                &[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)],
                style,
            );
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> DrawResult {
        let points: Vec<_> = path.into_iter().collect();
        self.record_lines(&points, style);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> DrawResult {
        let (center, radius) = (to_pixels(center), f64::from(radius) / f64::from(UNITS));
        if fill {
            // The circle of tiny-skia deviates by a thousandth of its radius.
            let circle = closed_path(circle_points(center, radius));
            self.record_fill(circle.into_iter().collect(), Point::default(), style.color());
        } else {
            self.record_stroke(circle_points(center, radius), style);
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> DrawResult {
        let path = closed_path(vert.into_iter().map(to_pixels));
        self.record_fill(path.into_iter().collect(), Point::default(), style.color());
        Ok(())
    }

    /// Typesets and records a label, in which `$…$` is mathematics. The font family is ignored; the size is
    /// backend units per em.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> DrawResult {
        let mut label = typeset(text, style.size())?;
        let is_top_anchored =
            matches!((style.anchor().v_pos, style.transform()), (VPos::Top, FontTransform::None));
        if is_top_anchored {
            label.ascent = label.ascent.max(self.min_ascent);
        }
        let (label, left, bottom) = align_to_anchor(label, style);
        let origin = Point::new(to_pixels(pos).x + left, to_pixels(pos).y + bottom - label.descent);
        let fills = label.fills(origin, rgba(style.color()), self.canvas);
        let marks = self.marks.len()..self.marks.len() + fills.len();
        self.marks.extend(fills.into_iter().map(Mark::Fill));
        if let Some(texts) = self.texts.as_mut().filter(|_| !text.is_empty()) {
            let bounds = label.text_box().bounds(origin);
            texts.push(RecordedText { text: text.to_owned(), bounds, is_top_anchored, marks });
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<RecorderError>> {
        let label = typeset(text, style.size())?;
        Ok((px(label.width), px(label.ascent + label.descent)))
    }

    fn blit_bitmap(&mut self, _: BackendCoord, _: (u32, u32), _: &[u8]) -> DrawResult {
        Err(DrawingErrorKind::DrawingError(RecorderError::Bitmap))
    }
}

/// Converts a point from backend units to device pixels.
pub(crate) fn to_pixels(point: BackendCoord) -> Point {
    Point::new(f64::from(point.0) / f64::from(UNITS), f64::from(point.1) / f64::from(UNITS))
}

/// Converts a coordinate to device pixels and snaps it to a pixel border that is at most two units away.
/// plotters rounds down in places and is then off by a unit, which would leave a gray seam along a filled
/// area.
fn snap_to_pixel_border(units: i32) -> f32 {
    let pixels = f64::from(units) / f64::from(UNITS);
    let border = (pixels + 0.5).floor();
    if (pixels - border).abs() * f64::from(UNITS) <= 2.0 { border as f32 } else { pixels as f32 }
}

/// The rectangle that a horizontal or vertical line covers, in whole pixels. The width, in backend units, is
/// rounded to whole pixels, at least one.
fn axis_aligned_line(from: BackendCoord, to: BackendCoord, width: u32) -> Option<Path> {
    let width = (f64::from(width) / f64::from(UNITS) + 0.5).floor().max(1.0);
    let pixel = |units: i32| (f64::from(units) / f64::from(UNITS) - width / 2.0 + 0.5).floor();
    let (x0, x1) = (pixel(from.0.min(to.0)), pixel(from.0.max(to.0)) + width);
    let (y0, y1) = (pixel(from.1.min(to.1)), pixel(from.1.max(to.1)) + width);
    Rect::from_ltrb(x0 as f32, y0 as f32, x1 as f32, y1 as f32).map(PathBuilder::from_rect)
}

/// The closed path through these corners; `None` if they do not form a valid path.
fn closed_path(corners: impl IntoIterator<Item = Point>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (index, corner) in corners.into_iter().enumerate() {
        let (x, y) = (corner.x as f32, corner.y as f32);
        if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path.close();
    path.finish()
}

/// The points of a closed polygon that deviates from the circle by at most 1/100 pixel. The last point equals
/// the first.
pub(crate) fn circle_points(center: Point, radius: f64) -> Vec<Point> {
    // The sagitta of n chords is r (1 − cos(π/n)), about r π²/(2n²).
    let chords = (std::f64::consts::PI * (radius / 0.02).sqrt()).ceil().clamp(8.0, 2000.0) as usize;
    let at = |k: usize| {
        let (sin, cos) = libm::sincos((k % chords) as f64 * std::f64::consts::TAU / chords as f64);
        Point::new(center.x + radius * cos, center.y + radius * sin)
    };
    (0..=chords).map(at).collect()
}

/// Converts a plotters color.
fn rgba(color: BackendColor) -> Rgba {
    let (r, g, b) = color.rgb;
    Rgba { r, g, b, a: (color.alpha.clamp(0.0, 1.0) * 255.0).round() as u8 }
}

/// Typesets a label. An empty text, or one without a positive size, is an empty label.
fn typeset(text: &str, units: f64) -> Result<TypesetLabel, DrawingErrorKind<RecorderError>> {
    let size = units / f64::from(UNITS);
    if text.is_empty() || !(size > 0.0 && size.is_finite()) {
        return Ok(TypesetLabel::default());
    }
    Typesetter::shared().typeset_label(text, size).map_err(|error| {
        DrawingErrorKind::DrawingError(RecorderError::Label { label: text.to_owned(), error })
    })
}

/// Rotates a label as its style asks, and returns it with the left and the bottom of its box relative to the
/// anchor. As in plotters, the label is first aligned to its anchor and then rotated about it.
fn align_to_anchor(label: TypesetLabel, style: &impl BackendTextStyle) -> (TypesetLabel, f64, f64) {
    let (width, height) = (label.width, label.ascent + label.descent);
    let left = match style.anchor().h_pos {
        HPos::Left => 0.0,
        HPos::Center => -width / 2.0,
        HPos::Right => -width,
    };
    let top = match style.anchor().v_pos {
        VPos::Top => 0.0,
        VPos::Center => -height / 2.0,
        VPos::Bottom => -height,
    };
    let (right, bottom) = (left + width, top + height);
    match style.transform() {
        FontTransform::None => (label, left, bottom),
        FontTransform::Rotate270 => (label.rotated_left(), top, -left),
        FontTransform::Rotate180 => (label.rotated_left().rotated_left(), -right, -top),
        FontTransform::Rotate90 => (label.rotated_left().rotated_left().rotated_left(), -bottom, right),
    }
}
