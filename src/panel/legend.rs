//! The legend: a short piece of each curve beside its name, in the corner where it covers least.

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Mark, Polyline, Stroke};
use crate::panel::device_style::{DeviceStyle, fill_mark};
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{TextStyle, anchored_origin, glyph_marks};
use crate::panel::shape;
use crate::panel::viewport::Viewport;
use crate::raster::Rgba;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, ElementKind, Label, LegendPlace, Marker, Panel};
use crate::scene::model::Env;
use crate::text::{TextBox, TypesetLabel};

/// Lengths in em: of a swatch, between it and its name, from the edge of the box, between lines.
const SWATCH: f64 = 1.8;
const GAP: f64 = 0.5;
const PADDING: f64 = 0.4;
const LEADING: f64 = 1.35;
/// How much of what lies under the legend its paper hides.
const PAPER_OPACITY: f64 = 0.85;

/// One line of a legend.
struct LegendEntry<'s> {
    ink: DeviceStyle,
    kind: Swatch,
    label: &'s Label,
    name: Arc<TypesetLabel>,
}

/// A legend, placed for the whole film.
pub(super) struct Legend<'s> {
    /// What paints it.
    pub(super) marks: Vec<Mark>,
    /// The sheet, then the names on it.
    pub(super) texts: Vec<PlacedText<'s>>,
}

/// What a place costs; what comes first decides.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LegendCost {
    /// Device pixels by which texts would overlap the sheet.
    pub(super) overlap: f64,
    /// Frames in which a text that moves would have to step aside.
    pub(super) frames: usize,
    /// Device pixels of lines that the sheet would cover.
    pub(super) covered: f64,
}

/// What stands before the name.
enum Swatch {
    Line,
    Patch,
    /// A point's form and its diameter.
    Marker(Marker, f64),
}

/// The legend of a panel, if it has one; `cost` judges a place for its sheet.
pub(super) fn legend<'s>(
    panel: &'s Panel,
    viewport: &Viewport,
    text_style: &TextStyle<'s>,
    env: &Env<'s>,
    cost: impl Fn(&Bounds) -> LegendCost,
) -> Result<Option<Legend<'s>>, Diagnostic> {
    let entries = entries(panel, text_style, env)?;
    if entries.is_empty() || panel.legend == LegendPlace::Hidden {
        return Ok(None);
    }
    let em = text_style.em();
    let widest = entries.iter().map(|entry| entry.name.width).fold(0.0, f64::max);
    let size = [
        em * (SWATCH + GAP + 2.0 * PADDING) + widest,
        em * (LEADING * entries.len() as f64 + 2.0 * PADDING - (LEADING - 1.0)),
    ];
    let corner = match panel.legend {
        LegendPlace::At(anchor) => corner(viewport.rect, anchor, size, em),
        LegendPlace::Auto | LegendPlace::Hidden => cheapest(viewport.rect, size, em, cost),
    };
    Ok(Some(placed(panel, &entries, (corner, size), text_style, viewport.rect)))
}

fn entries<'s>(
    panel: &'s Panel,
    text_style: &TextStyle<'s>,
    env: &Env<'s>,
) -> Result<Vec<LegendEntry<'s>>, Diagnostic> {
    let named = panel.elements.iter().filter_map(|element| Some((element, element.legend.as_ref()?)));
    named
        .map(|(element, label)| {
            let kind = match &element.kind {
                ElementKind::Area { .. } | ElementKind::Rect(_) => Swatch::Patch,
                ElementKind::Point { marker, size, .. } => Swatch::Marker(*marker, size * text_style.scale),
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
            let ink = DeviceStyle::new(&element.style, &text_style.theme, text_style.scale);
            Ok(LegendEntry { ink, kind, label, name: text_style.prepare(label)?.set(env)? })
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

/// The place that costs least; the earlier of the usual order where they tie.
fn cheapest(rect: PixelRect, size: [f64; 2], em: f64, cost: impl Fn(&Bounds) -> LegendCost) -> Point {
    let order = ["ne", "nw", "sw", "se", "e", "w", "n", "s", "c"];
    let places = order.into_iter().filter_map(Anchor::from_name).map(|anchor| corner(rect, anchor, size, em));
    let judged = places.map(|place| (place, cost(&sheet(size).bounds(place))));
    let least = judged.min_by(|(_, a), (_, b)| {
        let texts = a.overlap.total_cmp(&b.overlap).then(a.frames.cmp(&b.frames));
        texts.then(a.covered.total_cmp(&b.covered))
    });
    least.map(|(place, _)| place).unwrap_or_default()
}

/// The box of the sheet around its upper left corner.
fn sheet([width, height]: [f64; 2]) -> TextBox {
    TextBox { width, ascent: 0.0, descent: height }
}

fn placed<'s>(
    panel: &'s Panel,
    entries: &[LegendEntry<'s>],
    (corner, size): (Point, [f64; 2]),
    text_style: &TextStyle<'_>,
    clip: PixelRect,
) -> Legend<'s> {
    let em = text_style.em();
    let paper = text_style.theme.paper;
    let paper = Rgba { a: (f64::from(paper.a) * PAPER_OPACITY).round() as u8, ..paper };
    let outline = shape::rectangle(Point::default(), Point::new(size[0], size[1]));
    let mut marks = vec![fill_mark(outline, corner, paper, clip)];
    let text = |role, text: &str, source, text_box, origin| PlacedText {
        panel,
        role,
        text: text.to_owned(),
        source,
        text_box,
        origins: OriginPath::Static(origin, None),
    };
    let source = entries.first().map_or(panel.origin, |entry| entry.label.origin);
    let mut texts = vec![text(TextRole::Legend, "", source, sheet(size), corner)];
    for (row, entry) in entries.iter().enumerate() {
        let middle = corner.y + em * (PADDING + 0.5 + LEADING * row as f64);
        let left = corner.x + em * PADDING;
        marks.extend(swatch(entry, Point::new(left, middle), em, clip));
        let held = (Point::new(left + em * (SWATCH + GAP), middle), Anchor { x: 0.0, y: 0.5 });
        let (room, label) = (entry.name.text_box(), entry.label);
        let origin = anchored_origin(room, held, true);
        marks.extend(glyph_marks(&entry.name, origin, text_style.theme.ink, clip));
        texts.push(text(TextRole::LegendName, label.template.source(), label.origin, room, origin));
    }
    Legend { marks, texts }
}

fn swatch(entry: &LegendEntry<'_>, at: Point, em: f64, clip: PixelRect) -> Vec<Mark> {
    let width = em * SWATCH;
    match entry.kind {
        Swatch::Line => {
            let points = vec![at, Point::new(at.x + width, at.y)];
            let path = Arc::new(Polyline { points, subpath_starts: vec![0] });
            vec![Mark::Stroke(Stroke { path, visible_points: 2, pen: Arc::clone(&entry.ink.pen), clip })]
        }
        Swatch::Patch => {
            let half = em * 0.3;
            let patch = shape::rectangle(Point::new(0.0, -half), Point::new(width, half));
            vec![fill_mark(patch, at, entry.ink.fill.unwrap_or(entry.ink.color), clip)]
        }
        Swatch::Marker(marker, diameter) => {
            let middle = Point::new(at.x + width / 2.0, at.y);
            entry.ink.marker(marker, diameter, middle, clip)
        }
    }
}
