//! The legend: a short piece of each curve beside its name, in the corner where it covers least.

use std::sync::Arc;

use crate::draw::mark::{Mark, Polyline, Stroke};
use crate::draw::text::Typeset;
use crate::geometry::{PixelRect, Point};
use crate::panel::ink::{Ink, filled};
use crate::panel::lettering::{Lettering, place};
use crate::panel::plate::Plate;
use crate::panel::shape;
use crate::raster::Rgba;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, ElementKind, LegendPlace, Marker, Panel};
use crate::scene::model::Env;

/// Lengths in em: of a swatch, between it and its name, from the edge of the box, between lines.
const SWATCH: f64 = 1.8;
const GAP: f64 = 0.5;
const PADDING: f64 = 0.4;
const LEADING: f64 = 1.35;
/// How much of what lies under the legend its paper hides.
const PAPER_OPACITY: f64 = 0.85;

/// One line of a legend.
struct Entry {
    ink: Ink,
    kind: Swatch,
    name: Arc<Typeset>,
}

/// What stands before the name.
enum Swatch {
    Line,
    Patch,
    /// A point's form and its diameter.
    Marker(Marker, f64),
}

/// The legend's marks; `curves` are all points that the panel's curves will ever pass.
pub(super) fn legend<'s>(
    panel: &'s Panel,
    plate: &Plate,
    lettering: &Lettering<'s>,
    env: &Env<'s>,
    curves: &[Arc<Polyline>],
) -> Result<Vec<Mark>, Diagnostic> {
    let entries = entries(panel, lettering, env)?;
    if entries.is_empty() || panel.legend == LegendPlace::Hidden {
        return Ok(Vec::new());
    }
    let em = lettering.size();
    let widest = entries.iter().map(|entry| entry.name.width).fold(0.0, f64::max);
    let size = [
        em * (SWATCH + GAP + 2.0 * PADDING) + widest,
        em * (LEADING * entries.len() as f64 + 2.0 * PADDING - (LEADING - 1.0)),
    ];
    let corner = match panel.legend {
        LegendPlace::At(anchor) => corner(plate.rect, anchor, size, em),
        LegendPlace::Auto | LegendPlace::Hidden => emptiest(plate.rect, size, em, curves),
    };
    Ok(marks(&entries, corner, size, lettering, plate.rect))
}

fn entries<'s>(panel: &'s Panel, lettering: &Lettering<'s>, env: &Env<'s>) -> Result<Vec<Entry>, Diagnostic> {
    let named = panel.elements.iter().filter_map(|element| Some((element, element.legend.as_ref()?)));
    named
        .map(|(element, label)| {
            let kind = match &element.kind {
                ElementKind::Area { .. } | ElementKind::Rect(_) => Swatch::Patch,
                ElementKind::Point { marker, size, .. } => Swatch::Marker(*marker, size * lettering.scale),
                ElementKind::Trace { .. }
                | ElementKind::Arm { .. }
                | ElementKind::Drop { .. }
                | ElementKind::Hline(_)
                | ElementKind::Vline(_)
                | ElementKind::Line { .. }
                | ElementKind::Circle { .. }
                | ElementKind::Field { .. }
                | ElementKind::Text { .. } => Swatch::Line,
            };
            let ink = Ink::new(&element.style, &lettering.theme, lettering.scale);
            Ok(Entry { ink, kind, name: lettering.text(label)?.set(env)? })
        })
        .collect()
}

/// The upper left corner of a box that sits at an anchor of the plot rectangle, a little inside.
fn corner(rect: PixelRect, anchor: Anchor, [width, height]: [f64; 2], em: f64) -> Point {
    let inset = em * 0.5;
    let along = |low: i32, high: i32, size: f64, part: f64| {
        let (low, high) = (f64::from(low) + inset, f64::from(high) - inset - size);
        low + (high - low) * part
    };
    Point::new(
        along(rect.left, rect.right, width, anchor.x).round(),
        along(rect.top, rect.bottom, height, anchor.y).round(),
    )
}

/// The place that the fewest points of curves share; the earlier of the usual order where they tie.
fn emptiest(rect: PixelRect, size: [f64; 2], em: f64, curves: &[Arc<Polyline>]) -> Point {
    let order = ["ne", "nw", "sw", "se", "e", "w", "n", "s", "c"];
    let covered = |at: &Point| {
        let inside =
            |p: &&Point| p.x >= at.x && p.x <= at.x + size[0] && p.y >= at.y && p.y <= at.y + size[1];
        curves.iter().flat_map(|curve| &curve.points).filter(inside).count()
    };
    let places = order.into_iter().filter_map(Anchor::from_name).map(|anchor| corner(rect, anchor, size, em));
    places.min_by_key(covered).unwrap_or_default()
}

fn marks(
    entries: &[Entry],
    corner: Point,
    [width, height]: [f64; 2],
    lettering: &Lettering<'_>,
    clip: PixelRect,
) -> Vec<Mark> {
    let em = lettering.size();
    let paper = lettering.theme.paper;
    let paper = Rgba { a: (f64::from(paper.a) * PAPER_OPACITY).round() as u8, ..paper };
    let sheet = shape::rectangle(Point::default(), Point::new(width, height));
    let mut marks = vec![filled(sheet, corner, paper, clip)];
    for (row, entry) in entries.iter().enumerate() {
        let middle = corner.y + em * (PADDING + 0.5 + LEADING * row as f64);
        let left = corner.x + em * PADDING;
        marks.extend(swatch(entry, Point::new(left, middle), em, clip));
        let name = Point::new(left + em * (SWATCH + GAP), middle);
        let anchor = Anchor { x: 0.0, y: 0.5 };
        marks.extend(place(&entry.name, (name, anchor), true, lettering.theme.ink, clip));
    }
    marks
}

fn swatch(entry: &Entry, at: Point, em: f64, clip: PixelRect) -> Vec<Mark> {
    let width = em * SWATCH;
    match entry.kind {
        Swatch::Line => {
            let points = vec![at, Point::new(at.x + width, at.y)];
            let path = Arc::new(Polyline { points, starts: vec![0] });
            vec![Mark::Stroke(Stroke { path, upto: 2, pen: Arc::clone(&entry.ink.pen), clip })]
        }
        Swatch::Patch => {
            let half = em * 0.3;
            let patch = shape::rectangle(Point::new(0.0, -half), Point::new(width, half));
            vec![filled(patch, at, entry.ink.fill.unwrap_or(entry.ink.colour), clip)]
        }
        Swatch::Marker(marker, diameter) => {
            let middle = Point::new(at.x + width / 2.0, at.y);
            entry.ink.marker(marker, diameter, middle, clip)
        }
    }
}
