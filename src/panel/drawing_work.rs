//! The work of drawing marks, estimated from their outlines and counted against the limit of the scene.

use tiny_skia_path::Path;

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Fill, Mark};
use crate::panel::sampling::Sample;
use crate::scene::diagnostic::{Diagnostic, charge};
use crate::scene::source::Origin;
use crate::work::WorkMeter;

/// The work of a pixel within the rectangle around a filled outline, of a simple one and of others.
const FILL_PIXELS: [u64; 2] = [1, 4];
/// Outlines with fewer points are rectangles and arrows.
const SIMPLE_POINTS: usize = 8;
/// The work of an outline beside its pixels.
const OUTLINE: u64 = 300;
/// The work of a point of a stroked line.
const STROKE_POINT: f64 = 150.0;
/// The work of a row and of a column of pixels that a line crosses.
const STROKE_ROW: f64 = 30.0;
const STROKE_COLUMN: f64 = 4.0;
/// The work of a pixel within the rectangle around a stroked line.
const STROKE_PIXEL: f64 = 0.06;

/// Counts the work of drawing marks.
///
/// # Errors
/// It exceeds the limit.
pub(super) fn charge_marks(meter: &WorkMeter, marks: &[Mark], origin: Origin) -> Result<(), Diagnostic> {
    charge(meter, marks.iter().map(of_mark).sum(), origin)
}

/// Counts the work of drawing a line through samples.
///
/// # Errors
/// It exceeds the limit.
pub(super) fn charge_samples(
    meter: &WorkMeter,
    (samples, clip): (&[Sample], PixelRect),
    origin: Origin,
) -> Result<(), Diagnostic> {
    charge(meter, of_line(samples.iter().map(|sample| sample.pixel), clip), origin)
}

fn of_mark(mark: &Mark) -> u64 {
    match mark {
        Mark::Nothing | Mark::Image(_) => 0,
        Mark::Stroke(stroke) => {
            let visible = stroke.visible_points.min(stroke.path.points.len());
            of_line(stroke.path.points[..visible].iter().copied(), stroke.clip)
        }
        Mark::Tail(tail) => of_line(tail.path.points.iter().copied(), tail.clip),
        Mark::Fill(fill) => fill.shape.outlines.iter().map(|outline| of_outline(outline, fill)).sum(),
    }
}

/// The work of filling an outline.
fn of_outline(outline: &Path, fill: &Fill) -> u64 {
    let bounds = outline.bounds();
    let [left, right] = [bounds.left(), bounds.right()].map(|x| f64::from(x) + fill.at.x);
    let [top, bottom] = [bounds.top(), bounds.bottom()].map(|y| f64::from(y) + fill.at.y);
    let pixel = FILL_PIXELS[usize::from(outline.len() > SIMPLE_POINTS)];
    OUTLINE + pixel * area(&Bounds { left, top, right, bottom }, fill.clip) as u64
}

/// The work of stroking a line.
fn of_line(points: impl Iterator<Item = Point>, clip: PixelRect) -> u64 {
    let clip_bounds = Bounds::from(clip);
    let within = |point: Point| {
        let x = point.x.clamp(clip_bounds.left, clip_bounds.right);
        Point::new(x, point.y.clamp(clip_bounds.top, clip_bounds.bottom))
    };
    let mut around: Option<(Bounds, Point)> = None;
    let mut work = 0.0;
    for point in points.filter(|point| point.x.is_finite() && point.y.is_finite()).map(within) {
        let own = Bounds { left: point.x, top: point.y, right: point.x, bottom: point.y };
        let (bounds, last) = around.unwrap_or((own, point));
        work +=
            STROKE_POINT + STROKE_ROW * (point.y - last.y).abs() + STROKE_COLUMN * (point.x - last.x).abs();
        around = Some((bounds.union(&own), point));
    }
    (work + around.map_or(0.0, |(bounds, _)| STROKE_PIXEL * area(&bounds, clip))) as u64
}

/// The pixels of a rectangle, as far as they are painted.
fn area(bounds: &Bounds, clip: PixelRect) -> f64 {
    let side = |from: f64, to: f64, first: i32, end: i32| {
        (to.min(f64::from(end)) - from.max(f64::from(first))).max(0.0)
    };
    side(bounds.left, bounds.right, clip.left, clip.right)
        * side(bounds.top, bounds.bottom, clip.top, clip.bottom)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIP: PixelRect = PixelRect { left: 0, top: 0, right: 100, bottom: 100 };

    fn line(points: &[[f64; 2]]) -> u64 {
        of_line(points.iter().map(|[x, y]| Point::new(*x, *y)), CLIP)
    }

    #[test]
    fn the_work_of_a_line_grows_with_its_points_and_its_length_within_the_clip() {
        let short = line(&[[0.0, 0.0], [0.0, 50.0]]);
        assert_eq!(short, (2.0 * STROKE_POINT + 50.0 * STROKE_ROW) as u64);
        assert_eq!(line(&[[0.0, 0.0], [0.0, 100.0]]) - short, (50.0 * STROKE_ROW) as u64);
        assert_eq!(line(&[[0.0, 0.0], [0.0, 1e300]]), line(&[[0.0, 0.0], [0.0, 100.0]]));
        assert_eq!(line(&[[0.0, 0.0], [f64::NAN, 7.0], [0.0, 50.0]]), short);
        assert_eq!(line(&[]), 0);
    }

    #[test]
    fn the_work_of_noise_grows_with_its_swings() {
        let noise = |swings: usize| -> Vec<[f64; 2]> {
            (0..=swings).map(|i| [i as f64 / 100.0, if i % 2 == 0 { 0.0 } else { 100.0 }]).collect()
        };
        let [few, many] = [1000, 10_000].map(|swings| line(&noise(swings)) as f64);
        assert!((many / few - 10.0).abs() < 0.1, "{many} {few}");
    }
}
