//! Strokes: real strokes of real paths. A growing one is drawn by moving its dashes along it.
//!
//! SVG counts dashes anew in each subpath and we go on counting across a break, so a dashed curve has a
//! path for each of its pieces. A growing curve has one, too: a dash as long as the piece is pushed along it
//! until it shows as much as the frame does. One that has dashes of its own is shown through a mask that grows. The
//! tip of a growing curve is cut straight, as its pen says; as pixels it is round, for there a curve may only add.

use crate::draw::dash::dash_pattern;
use crate::geometry::PixelRect;
use crate::mark::{Cap, Mark, Pen, Polyline, Stroke};
use crate::raster::Rgba;
use crate::svg::defs::Defs;
use crate::svg::fill::inked;
use crate::svg::key_times::KeyTimes;
use crate::svg::motion::{bent, coordinates, shifts, sliding};
use crate::svg::number::{length, rounded};
use crate::svg::path::{Data, Piece, pieces};
use crate::svg::track::{Kind, Part};
use crate::svg::xml::Element;

/// How much wider than the stroke the mask is that it grows in: its own soft edge lies outside.
const MASK_MARGIN: f64 = 2.0;

/// A part that is a stroke.
pub(super) fn element(
    part: &Part,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
) -> Option<Element> {
    let carried = part.carried(key_times.keys());
    let poster = carried[key_times.poster()];
    let Mark::Stroke(stroke) = &part.shown[poster].1 else { return None };
    Some(match part.kind {
        Kind::Still | Kind::Slides | Kind::Opens | Kind::Fades => still(stroke, stroke.upto),
        Kind::Grows => growing(stroke, part, key_times, canvas, defs),
        Kind::Bends => {
            let places: Vec<_> = part.shown.iter().map(|(_, mark)| coordinates(mark)).collect();
            match shifts(&places, poster) {
                Some(offsets) => still(stroke, stroke.upto).holding(&sliding(key_times, &carried, &offsets)),
                None => bending(stroke, part, key_times),
            }
        }
    })
}

/// As much of a stroke as has `upto` points.
fn still(stroke: &Stroke, upto: usize) -> Element {
    let pieces = pieces(&stroke.path, upto);
    let pen = &*stroke.pen;
    if dash_pattern(&pen.dash).is_empty() {
        return penned(Element::new("path"), pen, "stroke-opacity").with("d", solid(&pieces));
    }
    grouped(pieces.iter().map(|piece| dashed(piece, pen)).collect(), pen)
}

/// The data of all pieces, without dashes.
fn solid(pieces: &[Piece]) -> String {
    let mut data = Data::default();
    for piece in pieces {
        piece.data(true, &mut data);
    }
    data.into_text()
}

/// The data of one piece, with ends.
fn open(piece: &Piece) -> String {
    let mut data = Data::default();
    piece.data(false, &mut data);
    data.into_text()
}

/// A piece's path with the pen's dashes, as far along as the curve is where it begins.
fn dashed(piece: &Piece, pen: &Pen) -> Element {
    let pattern = dash_pattern(&pen.dash);
    let list: Vec<String> = pattern.iter().map(|part| length(*part)).collect();
    let period: f64 = pattern.iter().sum();
    let offset = piece.start.rem_euclid(period);
    let element = Element::new("path").with("d", open(piece)).with("stroke-dasharray", list.join(" "));
    element.maybe("stroke-dashoffset", (offset > 0.0).then(|| length(offset)))
}

/// Paths of one pen: overlaps do not add up.
fn grouped(paths: Vec<Element>, pen: &Pen) -> Element {
    match <[Element; 1]>::try_from(paths) {
        Ok([one]) => penned(one, pen, "stroke-opacity"),
        Err(many) => penned(Element::new("g"), pen, "opacity").holding(&many),
    }
}

/// With all that a pen says but its dashes.
pub(super) fn penned(element: Element, pen: &Pen, opacity: &str) -> Element {
    let element = inked(element.with("fill", "none"), "stroke", opacity, pen.color);
    let width = length(pen.width);
    let element = element.maybe("stroke-width", (width != "1").then_some(width));
    element.maybe("stroke-linecap", (pen.cap == Cap::Round).then_some("round"))
}

fn bending(stroke: &Stroke, part: &Part, key_times: &KeyTimes) -> Element {
    let pen = &*stroke.pen;
    let element = penned(Element::new("path"), pen, "stroke-opacity");
    let list: Vec<String> = dash_pattern(&pen.dash).iter().map(|part| length(*part)).collect();
    let element = element.maybe("stroke-dasharray", (!list.is_empty()).then(|| list.join(" ")));
    bent(element, part, key_times)
}

fn growing(
    stroke: &Stroke,
    part: &Part,
    key_times: &KeyTimes,
    canvas: PixelRect,
    defs: &mut Defs,
) -> Element {
    let pen = &*stroke.pen;
    let uptos: Vec<usize> = part.shown.iter().map(|(_, mark)| upto(mark)).collect();
    let whole = uptos.iter().copied().max().unwrap_or_default();
    let pieces = pieces(&stroke.path, whole);
    let carried = part.carried(key_times.keys());
    let grown = |piece: &Piece, path: Element| growth(piece, path, key_times, (&carried, &uptos));
    let long = pieces.iter().filter(|piece| piece.length() > 0.0);
    if dash_pattern(&pen.dash).is_empty() {
        return grouped(
            long.map(|piece| grown(piece, Element::new("path").with("d", open(piece)))).collect(),
            pen,
        );
    }
    let light = Pen { color: Rgba::WHITE, width: pen.width + MASK_MARGIN, dash: Vec::new(), cap: Cap::Butt };
    let mut shared = |piece: &Piece| {
        let path = Element::new("path").with("d", open(piece));
        Element::new("use").with("href", format!("#{}", defs.name(&path)))
    };
    let masks: Vec<Element> = long.map(|piece| grown(piece, shared(piece))).collect();
    let mask = defs.mask(canvas, &[penned(Element::new("g"), &light, "opacity").holding(&masks)]);
    still(stroke, whole).with("mask", mask)
}

/// A piece that shows as much of itself as the stroke has reached.
fn growth(
    piece: &Piece,
    path: Element,
    key_times: &KeyTimes,
    (carried, uptos): (&[usize], &[usize]),
) -> Element {
    // A gap longer than the piece follows the dash, so that nothing comes round again at its end.
    let dash = piece.length().ceil() + 2.0;
    let shown = |upto: usize| match upto.checked_sub(piece.first + 1) {
        Some(last) => piece.arcs.get(last).copied().unwrap_or(piece.length()),
        None => 0.0,
    };
    let table: Vec<Vec<f64>> = uptos.iter().map(|upto| vec![dash - shown(*upto)]).collect();
    let offset = |k: usize| length(table[k][0]);
    let animation = Element::new("animate").with("attributeName", "stroke-dashoffset");
    let animation = key_times.moving(animation, (carried, &table), offset);
    let path = path.with("stroke-dasharray", rounded(dash, 0));
    path.with("stroke-dashoffset", offset(carried[key_times.poster()])).holding(&animation)
}

fn upto(mark: &Mark) -> usize {
    match mark {
        Mark::Stroke(stroke) => stroke.upto.min(stroke.path.points.len()),
        Mark::Tail(_) | Mark::Fill(_) | Mark::Nothing => 0,
    }
}

/// The paths of a stretch of a curve, which goes on counting dashes at an arc length.
pub(super) fn stretch(path: &Polyline, start: f64, pen: &Pen) -> Vec<Element> {
    let is_solid = dash_pattern(&pen.dash).is_empty();
    let paths = pieces(path, path.points.len()).into_iter().map(|mut piece| {
        piece.start += start;
        if is_solid { Element::new("path").with("d", open(&piece)) } else { dashed(&piece, pen) }
    });
    paths.collect()
}
