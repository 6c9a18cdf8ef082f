//! The values that contours carry: upright, in a gap of their line, where the line is nearly straight and nothing else passes.
//!
//! Here are the labels of contours that keep still. Those of contours that move have places that are chosen once for the
//! film (`panel::moving_labels`).

use crate::geometry::{Bounds, Point};
use crate::mark::Mark;
use crate::panel::axis::Tick;
use crate::panel::paint::PaintContext;
use crate::panel::prepared_label::{anchored_origin, glyph_marks, snap_baseline};
use crate::panel::tick_layout::listed_ticks;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Label, Scale};
use crate::text::{TypesetLabel, Typesetter};

/// The size of labels, in em.
const SIZE: f64 = 0.85;
/// The space around a label, in em: in it the line has a gap, and there is no other line and no other label.
pub(super) const MARGIN: f64 = 0.22;
/// The least length of a line with a label, in widths of the label.
pub(super) const MIN_LENGTH: f64 = 4.0;
/// The most labels of a line, and the least length of line for each of several, in CSS pixels.
const MAX_LABELS: f64 = 3.0;
pub(super) const SPACING: f64 = 260.0;
/// The places that are tried for each label.
const PLACES: usize = 24;
/// How much longer than straight a line may be below a label.
pub(super) const MAX_BEND: f64 = 0.12;
/// The weight of the distance from the middle of a part of a line, beside how much the line bends there.
const OFF_CENTER: f64 = 0.05;

/// The lines of one level.
pub(super) type Lines = Vec<Vec<Point>>;

/// Places the labels of lines, which are given for each level, and cuts the lines below them. Returns the marks of the labels.
///
/// # Errors
/// A number cannot be typeset.
pub(super) fn label_contours(
    context: &PaintContext<'_>,
    levels: &[f64],
    lines: &mut [Lines],
) -> Result<Vec<Mark>, Diagnostic> {
    let em = label_em(context);
    let clip = context.viewport.rect;
    let plot = clip.into();
    let mut taken: Vec<Bounds> = Vec::new();
    let mut marks = Vec::new();
    for (index, label) in typeset_levels(context, levels)?.iter().enumerate() {
        for line in 0..lines[index].len() {
            for places in label_places(&lines[index][line], label.width, context.scale) {
                let boxes =
                    places.into_iter().map(|place| (place, box_at(label, place).inflated(em * MARGIN)));
                let free = boxes.into_iter().find(|(_, bounds)| {
                    is_inside(bounds, &plot)
                        && taken.iter().all(|other| other.overlap(bounds) == 0.0)
                        && !is_crossed(bounds, lines, (index, line))
                });
                let Some((place, bounds)) = free else { continue };
                taken.push(bounds);
                let origin = snap_baseline(origin_at(label, place));
                marks.extend(glyph_marks(label, origin, context.style.color, clip));
            }
        }
    }
    cut_all(lines, &taken);
    Ok(marks)
}

/// The font size of labels, in device pixels.
pub(super) fn label_em(context: &PaintContext<'_>) -> f64 {
    context.reader.scene.canvas.font_size * context.scale * SIZE
}

/// The labels of levels.
///
/// # Errors
/// A number cannot be typeset.
pub(super) fn typeset_levels(
    context: &PaintContext<'_>,
    levels: &[f64],
) -> Result<Vec<TypesetLabel>, Diagnostic> {
    let em = label_em(context);
    let places: Vec<(f64, Option<Label>)> = levels.iter().map(|level| (*level, None)).collect();
    let typeset = |tick: Tick| {
        let label = Typesetter::shared().typeset_label(&tick.label, em);
        label.map_err(|error| Diagnostic::new(error.message).at(context.reader.element.origin))
    };
    listed_ticks(&places, Scale::Linear).into_iter().map(typeset).collect()
}

/// Cuts lines below boxes.
pub(super) fn cut_all(lines: &mut [Lines], boxes: &[Bounds]) {
    for lines in lines {
        *lines = lines.iter().flat_map(|line| cut(line, boxes)).collect();
    }
}

/// For each label that a line may carry, the middles of places for it, the best one first.
fn label_places(line: &[Point], width: f64, scale: f64) -> Vec<Vec<Point>> {
    let mut lengths = vec![0.0];
    for pair in line.windows(2) {
        let step = libm::hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y);
        lengths.push(lengths[lengths.len() - 1] + step);
    }
    let total = lengths[lengths.len() - 1];
    if line.len() < 2 || total < MIN_LENGTH * width {
        return Vec::new();
    }
    let at = |length: f64| line[lengths.partition_point(|known| *known < length).min(line.len() - 1)];
    let count = (total / (SPACING * scale)).floor().clamp(1.0, MAX_LABELS);
    let places = |slot: u32| {
        let place = |index: usize| {
            let part = (index as f64 + 0.5) / PLACES as f64;
            let middle = (f64::from(slot) + part) / count * total;
            let [from, to] = [middle - width / 2.0, middle + width / 2.0];
            let (a, b) = (at(from), at(to));
            let bend = 1.0 - libm::hypot(b.x - a.x, b.y - a.y) / width;
            let is_on_line = from >= 0.0 && to <= total && bend <= MAX_BEND;
            is_on_line.then(|| (bend + OFF_CENTER * (part - 0.5).abs(), at(middle)))
        };
        let mut places: Vec<(f64, Point)> = (0..PLACES).filter_map(place).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        places.into_iter().map(|(_, place)| place).collect()
    };
    (0..count as u32).map(places).collect()
}

/// The origin of a label with its middle at a point.
pub(super) fn origin_at(label: &TypesetLabel, middle: Point) -> Point {
    anchored_origin(label.text_box(), Anchor { x: 0.5, y: 0.5 }, middle)
}

/// The box of a label with its middle at a point.
pub(super) fn box_at(label: &TypesetLabel, middle: Point) -> Bounds {
    label.text_box().bounds(origin_at(label, middle))
}

/// Whether a box lies inside of a plot rectangle.
pub(super) fn is_inside(bounds: &Bounds, plot: &Bounds) -> bool {
    bounds.overhang(plot).iter().all(|over| *over <= 0.0)
}

fn contains(bounds: &Bounds, point: &Point) -> bool {
    (bounds.left..bounds.right).contains(&point.x) && (bounds.top..bounds.bottom).contains(&point.y)
}

/// Whether a line other than this one passes a box. Points of lines are closer to each other than a box is wide.
fn is_crossed(bounds: &Bounds, lines: &[Lines], own: (usize, usize)) -> bool {
    let all = lines.iter().enumerate().flat_map(|(index, lines)| {
        lines.iter().enumerate().map(move |(number, line)| ((index, number), line))
    });
    all.filter(|(place, _)| *place != own).any(|(_, line)| line.iter().any(|point| contains(bounds, point)))
}

/// The parts of a line outside of all boxes. What remains of a closed line goes on over its first point.
fn cut(line: &[Point], boxes: &[Bounds]) -> Lines {
    let is_covered = |point: &Point| boxes.iter().any(|bounds| contains(bounds, point));
    let mut parts: Lines =
        line.split(is_covered).filter(|part| part.len() > 1).map(<[Point]>::to_vec).collect();
    let is_closed = line.first() == line.last() && line.first().is_some_and(|point| !is_covered(point));
    if is_closed && parts.len() > 1 {
        let first = parts.remove(0);
        if let Some(last) = parts.last_mut() {
            last.extend(&first[1..]);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(radius: f64) -> Vec<Point> {
        let at = |k: u32| {
            let (sin, cos) = libm::sincos(f64::from(k % 360).to_radians());
            Point::new(200.0 + radius * cos, 200.0 + radius * sin)
        };
        (0..=360).map(at).collect()
    }

    #[test]
    fn a_line_is_cut_where_a_label_stands() {
        let line = circle(100.0);
        let right = Bounds { left: 290.0, top: 190.0, right: 310.0, bottom: 210.0 };
        let top = Bounds { left: 190.0, top: 90.0, right: 210.0, bottom: 110.0 };
        // The seam of the circle is at the right.
        for (boxes, count) in [(vec![], 1), (vec![right], 1), (vec![top], 1), (vec![right, top], 2)] {
            let parts = cut(&line, &boxes);
            assert_eq!(parts.len(), count, "{boxes:?}");
            let outside =
                line[..360].iter().filter(|point| !boxes.iter().any(|bounds| contains(bounds, point)));
            let points: usize = parts.iter().map(Vec::len).sum();
            assert_eq!(points, outside.count() + usize::from(boxes.is_empty()));
        }
    }

    #[test]
    fn labels_stand_on_long_lines_where_they_are_straight() {
        assert!(label_places(&circle(10.0), 20.0, 1.0).is_empty());
        let places = label_places(&circle(100.0), 20.0, 1.0);
        assert_eq!(places.len(), 2);
        let radius = |place: &Point| libm::hypot(place.x - 200.0, place.y - 200.0);
        assert!(places.iter().flatten().all(|place| (radius(place) - 100.0).abs() < 1e-9));
        // A corner is no place.
        let mut corner: Vec<Point> = (0..=60).map(|k| Point::new(f64::from(k), 0.0)).collect();
        corner.extend((1..=60).map(|k| Point::new(60.0, f64::from(k))));
        let places = label_places(&corner, 20.0, 1.0);
        assert!(places[0].iter().all(|place| (place.x - 60.0).abs() + place.y > 4.0));
    }
}
