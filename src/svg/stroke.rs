//! Strokes as stroked paths. A growing stroke is animated by its dash offset.
//!
//! SVG restarts dashes in each subpath, while a pen's dashes go on across a break. So a dashed curve has one path for each
//! subpath. A growing curve has too: a single dash as long as the subpath is moved along it until it shows as much as the frame
//! does. A growing curve with dashes of its own is seen through a mask that grows. The tip of a growing curve is cut
//! straight, as its pen says; in pixels it is round, because repainting a pixel can only add coverage.

use crate::draw::dash::dash_pattern;
use crate::geometry::PixelRect;
use crate::mark::{Cap, Mark, Pen, Polyline, Stroke};
use crate::raster::Rgba;
use crate::svg::defs::Defs;
use crate::svg::fill::with_paint;
use crate::svg::key_times::{KeyTimes, Keyed};
use crate::svg::motion::{mark_coordinates, morphing_path, translation, uniform_offsets};
use crate::svg::number::{length, rounded};
use crate::svg::path::{PathData, Subpath, subpaths};
use crate::svg::track::{PartKind, TrackPart};
use crate::svg::xml::Element;

/// Extra width of the mask of a growing dashed stroke, in device pixels. It keeps the mask's soft edge outside of the stroke.
const MASK_MARGIN: f64 = 2.0;

/// The element of a part that is a stroke.
pub(super) fn element(
    part: &TrackPart,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
) -> Option<Element> {
    let state_by_frame = part.state_by_frame(key_times.key_count());
    let poster_frame = state_by_frame[key_times.poster_frame()];
    let Mark::Stroke(stroke) = &part.states[poster_frame].1 else { return None };
    Some(match part.kind {
        PartKind::Static | PartKind::Translated | PartKind::Revealed | PartKind::Fading => {
            still(stroke, stroke.visible_points)
        }
        PartKind::Growing => growing_stroke(stroke, part, key_times, canvas, defs),
        PartKind::Morphing => {
            let places: Vec<_> = part.states.iter().map(|(_, mark)| mark_coordinates(mark)).collect();
            match uniform_offsets(&places, poster_frame) {
                Some(offsets) => still(stroke, stroke.visible_points).with_children(&translation(
                    key_times,
                    &state_by_frame,
                    &offsets,
                )),
                None => morphing(stroke, part, key_times),
            }
        }
    })
}

/// The first `upto` points of a stroke.
fn still(stroke: &Stroke, upto: usize) -> Element {
    let subpaths = subpaths(&stroke.path, upto);
    let pen = &*stroke.pen;
    if dash_pattern(&pen.dash).is_empty() {
        return with_pen(Element::new("path"), pen, "stroke-opacity").with("d", solid(&subpaths));
    }
    group_paths(subpaths.iter().map(|subpath| dashed(subpath, pen)).collect(), pen)
}

/// Path data of all subpaths of a solid stroke.
fn solid(subpaths: &[Subpath]) -> String {
    let mut data = PathData::default();
    for subpath in subpaths {
        subpath.data(true, &mut data);
    }
    data.into_text()
}

/// Path data of one subpath that keeps its two ends.
fn open(subpath: &Subpath) -> String {
    let mut data = PathData::default();
    subpath.data(false, &mut data);
    data.into_text()
}

/// The path of a subpath with the pen's dashes, which continue from the arc length at its start.
fn dashed(subpath: &Subpath, pen: &Pen) -> Element {
    let pattern = dash_pattern(&pen.dash);
    let list: Vec<String> = pattern.iter().map(|part| length(*part)).collect();
    let period: f64 = pattern.iter().sum();
    let offset = subpath.start.rem_euclid(period);
    let element = Element::new("path").with("d", open(subpath)).with("stroke-dasharray", list.join(" "));
    element.with_optional("stroke-dashoffset", (offset > 0.0).then(|| length(offset)))
}

/// Paths of one pen in a group, so that translucent overlaps do not add up.
fn group_paths(paths: Vec<Element>, pen: &Pen) -> Element {
    match <[Element; 1]>::try_from(paths) {
        Ok([one]) => with_pen(one, pen, "stroke-opacity"),
        Err(many) => with_pen(Element::new("g"), pen, "opacity").with_children(&many),
    }
}

/// Adds a pen's color, width and caps, but not its dashes.
pub(super) fn with_pen(element: Element, pen: &Pen, opacity: &str) -> Element {
    let element = with_paint(element.with("fill", "none"), "stroke", opacity, pen.color);
    let width = length(pen.width);
    let element = element.with_optional("stroke-width", (width != "1").then_some(width));
    element.with_optional("stroke-linecap", (pen.cap == Cap::Round).then_some("round"))
}

fn morphing(stroke: &Stroke, part: &TrackPart, key_times: &KeyTimes) -> Element {
    let pen = &*stroke.pen;
    let element = with_pen(Element::new("path"), pen, "stroke-opacity");
    let list: Vec<String> = dash_pattern(&pen.dash).iter().map(|part| length(*part)).collect();
    let element = element.with_optional("stroke-dasharray", (!list.is_empty()).then(|| list.join(" ")));
    morphing_path(element, part, key_times)
}

fn growing_stroke(
    stroke: &Stroke,
    part: &TrackPart,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
) -> Element {
    let pen = &*stroke.pen;
    let uptos: Vec<usize> = part.states.iter().map(|(_, mark)| upto(mark)).collect();
    let whole = uptos.iter().copied().max().unwrap_or_default();
    let subpaths = subpaths(&stroke.path, whole);
    let state_by_frame = part.state_by_frame(key_times.key_count());
    let growth = Growth { state_by_frame: &state_by_frame, uptos: &uptos };
    let grown = |subpath: &Subpath, path: Element| growing_subpath(subpath, path, key_times, &growth);
    let long = subpaths.iter().filter(|subpath| subpath.length() > 0.0);
    if dash_pattern(&pen.dash).is_empty() {
        return group_paths(
            long.map(|subpath| grown(subpath, Element::new("path").with("d", open(subpath)))).collect(),
            pen,
        );
    }
    let light = Pen { color: Rgba::WHITE, width: pen.width + MASK_MARGIN, dash: Vec::new(), cap: Cap::Butt };
    let mut shared = |subpath: &Subpath| {
        let path = Element::new("path").with("d", open(subpath));
        Element::new("use").with("href", format!("#{}", defs.name(&path)))
    };
    let masks: Vec<Element> = long.map(|subpath| grown(subpath, shared(subpath))).collect();
    let mask = defs.mask(canvas, &[with_pen(Element::new("g"), &light, "opacity").with_children(&masks)]);
    still(stroke, whole).with("mask", mask)
}

/// Number of visible points of a growing stroke.
struct Growth<'a> {
    /// The state of each frame.
    state_by_frame: &'a [usize],
    /// Number of visible points in each state.
    uptos: &'a [usize],
}

/// A subpath that is visible as far as the stroke has grown.
fn growing_subpath(
    subpath: &Subpath,
    path: Element,
    key_times: &KeyTimes,
    Growth { state_by_frame, uptos }: &Growth<'_>,
) -> Element {
    // The gap after the dash is longer than the subpath, so that the pattern does not repeat at its end.
    let dash = subpath.length().ceil() + 2.0;
    let states = |upto: usize| match upto.checked_sub(subpath.first + 1) {
        Some(last) => subpath.arcs.get(last).copied().unwrap_or(subpath.length()),
        None => 0.0,
    };
    let table: Vec<Vec<f64>> = uptos.iter().map(|upto| vec![dash - states(*upto)]).collect();
    let offset = |k: usize| length(table[k][0]);
    let animation = Element::new("animate").with("attributeName", "stroke-dashoffset");
    let animation =
        key_times.animate_values(animation, Keyed { rows: state_by_frame, table: &table }, offset);
    let path = path.with("stroke-dasharray", rounded(dash, 0));
    path.with("stroke-dashoffset", offset(state_by_frame[key_times.poster_frame()])).with_children(&animation)
}

fn upto(mark: &Mark) -> usize {
    match mark {
        Mark::Stroke(stroke) => stroke.visible_points.min(stroke.path.points.len()),
        Mark::Tail(_) | Mark::Fill(_) | Mark::Image(_) | Mark::Nothing => 0,
    }
}

/// The paths of a segment of a curve. `start` is the arc length at which its dashes continue.
pub(super) fn segment_paths(path: &Polyline, start: f64, pen: &Pen) -> Vec<Element> {
    let is_solid = dash_pattern(&pen.dash).is_empty();
    let paths = subpaths(path, path.points.len()).into_iter().map(|mut subpath| {
        subpath.start += start;
        if is_solid { Element::new("path").with("d", open(&subpath)) } else { dashed(&subpath, pen) }
    });
    paths.collect()
}
