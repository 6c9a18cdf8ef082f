//! Areas that grow to the right with their curve. The widest area is drawn once and clipped at an edge that moves.

use std::collections::BTreeSet;

use crate::geometry::{PixelRect, Point};
use crate::mark::{Fill, Mark};
use crate::svg::defs::Defs;
use crate::svg::fill::with_paint;
use crate::svg::key_times::{KeyTimes, Keyed};
use crate::svg::number::{GridPoint, length};
use crate::svg::path::{PathData, polygons};
use crate::svg::track::TrackPart;
use crate::svg::xml::Element;

/// Margin of the clip rectangle on the side that does not move, in device pixels.
const MARGIN: f64 = 1.0;

/// Whether one of two shapes is the other one cut at a vertical edge: it has the same corners up to that edge.
pub(super) fn is_cut(a: &Fill, b: &Fill) -> bool {
    let (Some(a), Some(b)) = (grid_points(a), grid_points(b)) else { return false };
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let Some(edge) = short.iter().map(|grid_point| grid_point.x).max() else { return false };
    short.len() < long.len()
        && short.is_subset(&long)
        && long.iter().all(|grid_point| grid_point.x >= edge || short.contains(grid_point))
}

/// The corners of a polygonal shape, or `None` if it has curves.
fn grid_points(fill: &Fill) -> Option<BTreeSet<GridPoint>> {
    let mut grid_points = BTreeSet::new();
    for outline in &fill.shape.outlines {
        let corners = polygons(outline)?.into_iter().flatten();
        grid_points.extend(corners.map(|p| GridPoint::of(Point::new(p.x + fill.at.x, p.y + fill.at.y))));
    }
    Some(grid_points)
}

/// The widest shape of a part, clipped to the width of each frame's shape.
pub(super) fn element(
    part: &TrackPart,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
) -> Option<Element> {
    let ends: Vec<(f64, f64)> = part.states.iter().map(|(_, mark)| ends_of(mark)).collect();
    let widest = (0..ends.len()).max_by(|a, b| ends[*a].1.total_cmp(&ends[*b].1))?;
    let Mark::Fill(fill) = &part.states[widest].1 else { return None };
    let left = ends[widest].0 - MARGIN;
    let table: Vec<Vec<f64>> = ends.iter().map(|(_, right)| vec![right - left]).collect();
    let state_by_frame = part.state_by_frame(key_times.key_count());
    let width = |k: usize| length(table[k][0]);
    let animation = Element::new("animate").with("attributeName", "width");
    let animation =
        key_times.animate_values(animation, Keyed { rows: &state_by_frame, table: &table }, width);
    let window = Element::new("rect").with("x", length(left)).with("y", canvas.top);
    let window =
        window.with("width", width(state_by_frame[key_times.poster_frame()])).with("height", canvas.height());
    let clip = defs.name(&Element::new("clipPath").with_children([&window.with_children(&animation)]));
    let mut data = PathData::default();
    fill.shape.outlines.iter().for_each(|outline| data.outline(outline, fill.at));
    let area =
        with_paint(Element::new("path"), "fill", "fill-opacity", fill.color).with("d", data.into_text());
    Some(Element::new("g").with("clip-path", format!("url(#{clip})")).with_children([&area]))
}

/// Left and right end of a shape, in device pixels.
fn ends_of(mark: &Mark) -> (f64, f64) {
    let Mark::Fill(fill) = mark else { return (0.0, 0.0) };
    let bounds = fill.shape.outlines.iter().map(tiny_skia_path::Path::bounds);
    bounds.fold((f64::INFINITY, f64::NEG_INFINITY), |(left, right), bounds| {
        let [a, b] = [bounds.left(), bounds.right()].map(|x| f64::from(x) + fill.at.x);
        (left.min(a), right.max(b))
    })
}
