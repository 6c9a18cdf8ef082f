//! Animations of parts that move: translations, and paths whose points move independently.

use tiny_skia_path::PathSegment;

use crate::geometry::Point;
use crate::mark::Mark;
use crate::svg::key_times::{KeyTimes, Keyed};
use crate::svg::number::{DECIMALS, GridPoint, decimal};
use crate::svg::path::{PathData, polygons, unbroken_runs};
use crate::svg::simplify::simplify_polylines;
use crate::svg::track::TrackPart;
use crate::svg::xml::Element;

/// An animation that translates an element by `offsets`, or `None` if it never moves.
pub(super) fn translation(
    key_times: &KeyTimes,
    state_by_frame: &[usize],
    offsets: &[Vec<f64>],
) -> Option<Element> {
    let level = offsets.iter().all(|offset| offset[1] == 0.0);
    let animation = Element::new("animateTransform").with("attributeName", "transform");
    key_times.animate_values(
        animation.with("type", "translate"),
        Keyed { rows: state_by_frame, table: offsets },
        |k| {
            let grid_point = GridPoint::of(Point::new(offsets[k][0], offsets[k][1]));
            let x = decimal(grid_point.x, DECIMALS);
            if level { x } else { format!("{x} {}", decimal(grid_point.y, DECIMALS)) }
        },
    )
}

/// Offset of each state from the poster frame, if all points of a state have the same offset.
pub(super) fn uniform_offsets(places: &[Vec<f64>], poster_frame: usize) -> Option<Vec<Vec<f64>>> {
    /// Below the rounding of written numbers, in device pixels.
    const EQUAL: f64 = 0.002;
    let base = &places[poster_frame];
    let shift = |state: &Vec<f64>| {
        let mut steps = state.iter().zip(base).map(|(now, then)| now - then);
        let (x, y) = (steps.next()?, steps.next()?);
        let rest = steps.enumerate().all(|(k, step)| (step - if k % 2 == 0 { x } else { y }).abs() < EQUAL);
        rest.then(|| [x, y].map(|way| if way.abs() < EQUAL { 0.0 } else { way }).to_vec())
    };
    places.iter().map(shift).collect()
}

/// Coordinates of all points of a mark: x, y, x, y, …
pub(super) fn mark_coordinates(mark: &Mark) -> Vec<f64> {
    match mark {
        Mark::Nothing | Mark::Image(_) => Vec::new(),
        Mark::Stroke(stroke) => stroke.path.points.iter().flat_map(|p| [p.x, p.y]).collect(),
        Mark::Tail(tail) => tail.path.points.iter().flat_map(|p| [p.x, p.y]).collect(),
        Mark::Fill(fill) => {
            let points =
                fill.shape.outlines.iter().flat_map(|path| path.segments()).flat_map(
                    |segment| match segment {
                        PathSegment::MoveTo(p) | PathSegment::LineTo(p) => vec![p],
                        PathSegment::QuadTo(a, p) => vec![a, p],
                        PathSegment::CubicTo(a, b, p) => vec![a, b, p],
                        PathSegment::Close => Vec::new(),
                    },
                );
            points.flat_map(|p| [f64::from(p.x) + fill.at.x, f64::from(p.y) + fill.at.y]).collect()
        }
    }
}

/// A path that morphs from each state of its part into the next.
pub(super) fn morphing_path(element: Element, part: &TrackPart, key_times: &KeyTimes) -> Element {
    let state_by_frame = part.state_by_frame(key_times.key_count());
    let straight: Option<Vec<Contours>> = part.states.iter().map(|(_, mark)| contours(mark)).collect();
    let (table, texts): (Vec<Vec<f64>>, Vec<String>) = match straight {
        Some(states) => {
            simplified_contours(&states).iter().map(|state| (flattened(state), state.data())).unzip()
        }
        None => part.states.iter().map(|(_, mark)| (mark_coordinates(mark), curve_data(mark))).unzip(),
    };
    let animation = Element::new("animate").with("attributeName", "d");
    let animation =
        key_times
            .animate_values(animation, Keyed { rows: &state_by_frame, table: &table }, |k| texts[k].clone());
    element.with("d", &texts[state_by_frame[key_times.poster_frame()]]).with_children(&animation)
}

/// Contours of a stroke or a shape that has straight edges only.
struct Contours {
    points: Vec<Vec<Point>>,
    closed: bool,
}

fn contours(mark: &Mark) -> Option<Contours> {
    match mark {
        Mark::Stroke(stroke) => {
            let points = unbroken_runs(&stroke.path, stroke.visible_points)
                .map(|(_, points)| points.to_vec())
                .collect();
            Some(Contours { points, closed: false })
        }
        Mark::Fill(fill) => {
            let mut points = Vec::new();
            for outline in &fill.shape.outlines {
                points.extend(polygons(outline)?);
            }
            let place = |p: &mut Point| *p = Point::new(p.x + fill.at.x, p.y + fill.at.y);
            points.iter_mut().flatten().for_each(place);
            Some(Contours { points, closed: true })
        }
        Mark::Nothing | Mark::Tail(_) | Mark::Image(_) => None,
    }
}

/// The states without the points that can be left out of all of them.
fn simplified_contours(states: &[Contours]) -> Vec<Contours> {
    let count = states.first().map_or(0, |state| state.points.len());
    let keep = |k: usize| {
        let curves: Vec<&[Point]> = states.iter().map(|state| state.points[k].as_slice()).collect();
        simplify_polylines(&curves)
    };
    let kept: Vec<Vec<usize>> = (0..count).map(keep).collect();
    let thin = |state: &Contours| {
        let pick = |(points, kept): (&Vec<Point>, &Vec<usize>)| kept.iter().map(|&k| points[k]).collect();
        Contours { points: state.points.iter().zip(&kept).map(pick).collect(), closed: state.closed }
    };
    states.iter().map(thin).collect()
}

fn flattened(state: &Contours) -> Vec<f64> {
    state.points.iter().flatten().flat_map(|p| [p.x, p.y]).collect()
}

impl Contours {
    fn data(&self) -> String {
        let mut data = PathData::fixed_commands();
        for points in &self.points {
            let grid_points = points.iter().copied().map(GridPoint::of);
            if self.closed { data.polygon(grid_points) } else { data.line(grid_points) }
        }
        data.into_text()
    }
}

/// Path data of outlines with curves.
fn curve_data(mark: &Mark) -> String {
    let mut data = PathData::fixed_commands();
    if let Mark::Fill(fill) = mark {
        fill.shape.outlines.iter().for_each(|outline| data.outline(outline, fill.at));
    }
    data.into_text()
}
