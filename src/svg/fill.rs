//! Filled shapes. Their outlines are united, and outlines that occur often are defined once.

use std::collections::BTreeMap;

use crate::geometry::Point;
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::svg::defs::{Defs, worth_defining};
use crate::svg::key_times::KeyTimes;
use crate::svg::motion::{mark_coordinates, morphing_path, translation, uniform_offsets};
use crate::svg::number::{DECIMALS, GridPoint, decimal, rounded};
use crate::svg::path::{is_clockwise, join_outlines, way};
use crate::svg::track::{PartKind, TrackPart};
use crate::svg::xml::Element;

/// Number of uses of each outline in a picture, wherever it is placed.
pub(super) type OutlineCounts = BTreeMap<String, usize>;

/// A shape whose element is written once all outlines of the picture are counted.
pub(super) struct ShapeDrawing {
    outlines: Vec<Outline>,
    at: Point,
    color: Rgba,
    pub(super) motion: Option<Element>,
}

struct Outline {
    begin: Point,
    way: String,
    clockwise: bool,
}

impl ShapeDrawing {
    /// Prepares a part that is static or translated and counts its outlines; `None` for a part that changes its shape.
    pub(super) fn new(part: &TrackPart, key_times: &KeyTimes, counts: &mut OutlineCounts) -> Option<Self> {
        let state_by_frame = part.state_by_frame(key_times.key_count());
        let poster_frame = state_by_frame[key_times.poster_frame()];
        let offsets = match part.kind {
            PartKind::Static | PartKind::Translated => offsets_from(part, poster_frame),
            PartKind::Morphing => {
                let places: Vec<_> = part.states.iter().map(|(_, mark)| mark_coordinates(mark)).collect();
                uniform_offsets(&places, poster_frame)?
            }
            PartKind::Growing | PartKind::Revealed | PartKind::Fading => return None,
        };
        let Mark::Fill(fill) = &part.states[poster_frame].1 else { return None };
        let outline = |path| {
            let (begin, way) = way(path)?;
            Some(Outline { begin, way, clockwise: is_clockwise(path) })
        };
        let outlines: Vec<Outline> = fill.shape.outlines.iter().filter_map(outline).collect();
        for outline in &outlines {
            *counts.entry(outline.way.clone()).or_default() += 1;
        }
        Some(Self {
            outlines,
            at: fill.at,
            color: fill.color,
            motion: translation(key_times, &state_by_frame, &offsets),
        })
    }

    /// Writes the shape's element. Outlines of opposite direction would cancel out where they overlap, and translucent
    /// elements would add up. So there is a path for each direction, and a group carries the opacity.
    pub(super) fn element(&self, counts: &OutlineCounts, defs: &mut Defs) -> Element {
        let mut elements = Vec::new();
        for clockwise in [true, false] {
            let ours = self.outlines.iter().filter(|outline| outline.clockwise == clockwise);
            let (shared, own): (Vec<_>, Vec<_>) = ours.partition(|outline| {
                worth_defining(&outline.way, counts.get(&outline.way).copied().unwrap_or_default())
            });
            for outline in shared {
                let glyph = Element::new("path").with("d", format!("M0 0{}", outline.way));
                let grid_point = self.grid_point(outline);
                let [x, y] = [grid_point.x, grid_point.y].map(|value| decimal(value, DECIMALS));
                let href = format!("#{}", defs.name(&glyph));
                elements.push(Element::new("use").with("href", href).with("x", x).with("y", y));
            }
            if !own.is_empty() {
                let data =
                    join_outlines(own.iter().map(|outline| (self.grid_point(outline), outline.way.as_str())));
                elements.push(Element::new("path").with("d", data));
            }
        }
        match elements.as_slice() {
            [one] => with_paint(one.clone(), "fill", "fill-opacity", self.color),
            many => with_paint(Element::new("g"), "fill", "opacity", self.color).with_children(many),
        }
    }

    fn grid_point(&self, outline: &Outline) -> GridPoint {
        GridPoint::of(Point::new(outline.begin.x + self.at.x, outline.begin.y + self.at.y))
    }
}

/// The element of a shape whose points move independently.
pub(super) fn morphing(part: &TrackPart, key_times: &KeyTimes) -> Option<Element> {
    let Mark::Fill(fill) = &part.states.first()?.1 else { return None };
    Some(morphing_path(with_paint(Element::new("path"), "fill", "fill-opacity", fill.color), part, key_times))
}

/// Offset of each state of a shape from its poster frame, in device pixels.
fn offsets_from(part: &TrackPart, poster_frame: usize) -> Vec<Vec<f64>> {
    let at = |k: usize| match &part.states[k].1 {
        Mark::Fill(fill) => fill.at,
        Mark::Stroke(_) | Mark::Tail(_) | Mark::Image(_) | Mark::Nothing => Point::default(),
    };
    let base = at(poster_frame);
    (0..part.states.len()).map(|k| vec![at(k).x - base.x, at(k).y - base.y]).collect()
}

/// Adds a color, and its opacity where it is translucent. A black fill is SVG's default and is left out.
pub(super) fn with_paint(element: Element, paint: &str, opacity: &str, color: Rgba) -> Element {
    let part = (color.a < 255).then(|| rounded(f64::from(color.a) / 255.0, 3));
    let color = hex(color);
    let unasked = paint == "fill" && color == "#000";
    element.with_optional(paint, (!unasked).then_some(color)).with_optional(opacity, part)
}

/// A color in hexadecimal, without its alpha.
pub(super) fn hex(color: Rgba) -> String {
    let Rgba { r, g, b, .. } = color;
    if [r, g, b].iter().all(|c| c % 17 == 0) {
        return format!("#{:x}{:x}{:x}", r / 17, g / 17, b / 17);
    }
    format!("#{r:02x}{g:02x}{b:02x}")
}
