//! Fading tails of curves.
//!
//! A tail is a filled page in the tail's color, seen through a mask. The mask consists of opaque segments in shades of gray.
//! Each segment overlaps the one before it a little, so that joints show neither gaps nor dark spots.

use crate::draw::pixel_coverage;
use crate::geometry::{PixelRect, Point};
use crate::mark::{Mark, Pen, Polyline, Tail};
use crate::raster::Rgba;
use crate::svg::defs::Defs;
use crate::svg::fill::{hex, with_paint};
use crate::svg::key_times::KeyTimes;
use crate::svg::stroke::{segment_paths, with_pen};
use crate::svg::track::TrackPart;
use crate::svg::xml::Element;

/// Overlap of neighboring segments, in device pixels.
const OVERLAP: f64 = 1.0;

/// The element of a part that is a tail.
pub(super) fn element(
    part: &TrackPart,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
) -> Option<Element> {
    let Mark::Tail(first) = &part.states.first()?.1 else { return None };
    let mut states = Vec::new();
    for (frames, mark) in &part.states {
        let Mark::Tail(tail) = mark else { continue };
        // A state after the last frame is only a target of interpolation.
        if frames.start > key_times.poster_frame() {
            continue;
        }
        let animate_visibility = key_times.animate_visibility(std::slice::from_ref(frames));
        let hidden = !frames.contains(&key_times.poster_frame());
        let state = Element::new("g").with_children(&opacity_segments(tail));
        states.push(
            state.with_optional("visibility", hidden.then_some("hidden")).with_children(&animate_visibility),
        );
    }
    let pen = Pen { color: Rgba::WHITE, ..(*first.pen).clone() };
    let mask = defs.mask(canvas, &[with_pen(Element::new("g"), &pen, "opacity").with_children(&states)]);
    let (width, height) = (canvas.width(), canvas.height());
    let sheet = Element::new("path").with("d", format!("M0 0h{width}v{height}H0z")).with("mask", mask);
    Some(with_paint(sheet, "fill", "fill-opacity", first.pen.color))
}

/// One group of paths for each run of equally opaque segments, in the opacity levels of pixel coverage.
fn opacity_segments(tail: &Tail) -> Vec<Element> {
    let shade =
        |pair: &[u8]| pixel_coverage::quantize(f64::from(u16::from(pair[0]) + u16::from(pair[1])) / 510.0);
    let shades: Vec<u8> = tail.opacities.windows(2).map(shade).collect();
    let mut elements = Vec::new();
    let mut from = 0;
    for run in shades.chunk_by(|a, b| a == b) {
        let upto = from + run.len() + 1;
        if run[0] > 0 && upto <= tail.path.points.len() {
            let (path, back) = overlapping(&tail.path, from, upto);
            let gray = hex(Rgba::opaque(run[0], run[0], run[0]));
            let paths = segment_paths(&path, tail.dash_offset + tail.path.arc_length(from) - back, &tail.pen);
            elements.extend(paths.into_iter().map(|path| path.with("stroke", &gray)));
        }
        from = upto - 1;
    }
    elements
}

/// Points `from..upto` of a path, extended backward by the overlap, and the length of that extension.
fn overlapping(path: &Polyline, from: usize, upto: usize) -> (Polyline, f64) {
    let mut part = path.slice(from, upto);
    let before = from.checked_sub(1).filter(|_| path.subpath_starts.binary_search(&from).is_err());
    let Some(before) = before.map(|index| path.points[index]) else { return (part, 0.0) };
    let at = path.points[from];
    let way = libm::hypot(at.x - before.x, at.y - before.y);
    let back = way.min(OVERLAP);
    if back > 0.0 {
        let share = back / way;
        part.points.insert(0, Point::new(at.x + (before.x - at.x) * share, at.y + (before.y - at.y) * share));
        part.subpath_starts.iter_mut().skip(1).for_each(|start| *start += 1);
    }
    (part, back)
}
