//! The legend of a panel: a swatch of each named element beside its name, on a translucent box in the corner
//! where it covers least, or beside the plot. On a transparent page it has no box. Legends do not move.

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Cells, Image, Mark, Polyline, Stroke};
use crate::panel::device_style::{DeviceStyle, fill_mark, snap_line, with_opacity};
use crate::panel::grid_layout::Margins;
use crate::panel::legend_cost::LegendCost;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{TextStyle, anchored_origin, glyph_marks, snap_baseline};
use crate::panel::segment::segment;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::raster::Rgba;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Anchor, Heads, Label, LegendPlace, LegendSide, Marker, Panel};
use crate::text::{TextBox, TypesetLabel};

/// The width of a swatch, in em.
const SWATCH_WIDTH: f64 = 1.8;
/// Half of the height of an area's swatch, in em.
const PATCH_HALF_HEIGHT: f64 = 0.3;
/// Half of the height of a stem's swatch, in em.
const STEM_HALF_HEIGHT: f64 = 0.4;
/// The gap between a swatch and its name, in em.
const GAP: f64 = 0.5;
/// The distance of entries from the box's edges, in em.
const PADDING: f64 = 0.4;
/// The distance from one entry's middle to the next, in em.
const LINE_HEIGHT: f64 = 1.35;
/// The distance of the box from the edges of the plot, in em.
const INSET: f64 = 0.5;
/// The distance of a legend beside the plot from what is there already, in em.
const OUTSIDE_GAP: f64 = 0.6;
/// The distance of the columns of a legend below the plot, in em.
const COLUMN_GAP: f64 = 1.0;
/// The opacity of the box.
const BOX_OPACITY: f64 = 0.85;
/// The positions that are tried, by the names of their anchors; the first of equally good ones wins.
const POSITIONS: [&str; 9] = ["ne", "nw", "sw", "se", "e", "w", "n", "s", "c"];

/// The marks and texts of a legend.
pub(super) struct Legend<'s> {
    pub(super) marks: Vec<Mark>,
    /// The box, then the names in it.
    pub(super) texts: Vec<PlacedText<'s>>,
}

/// One named element.
struct LegendEntry<'s> {
    style: DeviceStyle,
    swatch: Swatch,
    label: &'s Label,
    name: Arc<TypesetLabel>,
}

/// The symbol before an element's name.
pub(super) enum Swatch {
    /// A short line.
    Line,
    /// A short line with arrowheads, at so many device pixels per CSS pixel.
    Arrow(Heads, f64),
    /// A filled rectangle.
    Patch,
    /// A marker of this diameter in device pixels.
    Marker(Marker, f64),
    /// The colors of a map from left to right.
    Colors(Vec<Rgba>),
    /// An upright line with a marker of this diameter at its end.
    Stem(Marker, f64),
}

impl<'s> Legend<'s> {
    /// The legend of a panel, if it has one, where the panel says or where its cost is least. `costs` gives those of boxes;
    /// `margins` are around the plot and have what a legend beside it must not cover.
    ///
    /// # Errors
    /// A name cannot be typeset, or the errors of `costs`.
    pub(super) fn place(
        panel: &'s Panel,
        (viewport, margins): (&Viewport, Margins),
        text_style: &TextStyle<'s>,
        costs: impl FnOnce(&[Bounds]) -> Result<Vec<LegendCost>, Diagnostic>,
    ) -> Result<Option<Self>, Diagnostic> {
        let entries = entries(panel, text_style)?;
        if entries.is_empty() || panel.legend == LegendPlace::Hidden {
            return Ok(None);
        }
        let legend_box = LegendBox::new((panel.legend, viewport.rect), &entries, text_style);
        let corner = match panel.legend {
            LegendPlace::At(anchor) => legend_box.corner(anchor),
            LegendPlace::Outside(side) => legend_box.corner_outside(side, margins),
            LegendPlace::Auto | LegendPlace::Hidden => legend_box.cheapest_corner(costs)?,
        };
        Ok(Some(legend_box.draw(corner, panel, &entries, text_style)))
    }
}

/// The entries of a legend, in the order of the elements.
fn entries<'s>(panel: &'s Panel, text_style: &TextStyle<'s>) -> Result<Vec<LegendEntry<'s>>, Diagnostic> {
    let env = text_style.scene.env(0)?;
    let named = panel.elements.iter().filter_map(|element| Some((element, element.legend.as_ref()?)));
    named
        .map(|(element, label)| {
            let reader = SignalReader { scene: text_style.scene, panel, element };
            let swatch = element.kind.view().swatch(&reader, &env, text_style.scale)?;
            let style = DeviceStyle::new(&reader.style(&env)?, &text_style.theme, text_style.scale);
            Ok(LegendEntry { style, swatch, label, name: text_style.prepare(label)?.typeset(&env)? })
        })
        .collect()
}

/// The widths that a legend to the right and the height that one below the plot take from the space around it.
///
/// # Errors
/// A name cannot be typeset.
pub(super) fn legend_margins(
    panel: &Panel,
    plot: PixelRect,
    text_style: &TextStyle<'_>,
) -> Result<[f64; 2], Diagnostic> {
    let LegendPlace::Outside(side) = panel.legend else { return Ok([0.0; 2]) };
    let entries = entries(panel, text_style)?;
    if entries.is_empty() {
        return Ok([0.0; 2]);
    }
    let legend_box = LegendBox::new((panel.legend, plot), &entries, text_style);
    let gap = legend_box.em * OUTSIDE_GAP;
    Ok(match side {
        LegendSide::Right => [legend_box.width + gap, 0.0],
        LegendSide::Below => [0.0, legend_box.height + gap],
    })
}

/// The box of a legend, not yet positioned. Lengths are device pixels.
struct LegendBox {
    plot: PixelRect,
    /// Nothing is painted outside this rectangle.
    clip: PixelRect,
    width: f64,
    height: f64,
    em: f64,
    /// The number of entries side by side.
    columns: usize,
    /// The distance from one column to the next.
    column_width: f64,
    has_box: bool,
}

impl LegendBox {
    fn new(
        (place, plot): (LegendPlace, PixelRect),
        entries: &[LegendEntry<'_>],
        text_style: &TextStyle<'_>,
    ) -> Self {
        let em = text_style.em();
        let widest = entries.iter().map(|entry| entry.name.width).fold(0.0, f64::max);
        let entry_width = em * (SWATCH_WIDTH + GAP) + widest;
        let column_width = entry_width + em * COLUMN_GAP;
        let columns = match place {
            LegendPlace::Outside(LegendSide::Below) => {
                let fit = (f64::from(plot.width()) + em * (COLUMN_GAP - 2.0 * PADDING)) / column_width;
                (fit as usize).clamp(1, entries.len())
            }
            _ => 1,
        };
        let rows = entries.len().div_ceil(columns);
        let is_outside = matches!(place, LegendPlace::Outside(_));
        let (width, height) = text_style.scene.canvas.at_scale(text_style.scale).device_size();
        Self {
            plot,
            clip: if is_outside { PixelRect::from_size(width, height) } else { plot },
            width: entry_width + column_width * (columns - 1) as f64 + em * 2.0 * PADDING,
            height: em * (LINE_HEIGHT * rows as f64 + 2.0 * PADDING - (LINE_HEIGHT - 1.0)),
            em,
            columns,
            column_width,
            has_box: text_style.has_paper() && !is_outside,
        }
    }

    /// The box around its upper left corner.
    fn text_box(&self) -> TextBox {
        TextBox { width: self.width, ascent: 0.0, descent: self.height }
    }

    /// The upper left corner for a position in the plot.
    fn corner(&self, anchor: Anchor) -> Point {
        let inset = self.em * INSET;
        let along = |low: i32, high: i32, size: f64, fraction: f64| {
            let (low, high) = (f64::from(low) + inset, f64::from(high) - inset - size);
            low + (high - low) * fraction
        };
        Point::new(
            along(self.plot.left, self.plot.right, self.width, anchor.x).round(),
            along(self.plot.top, self.plot.bottom, self.height, anchor.y).round(),
        )
    }

    /// The upper left corner beside a plot with these margins.
    fn corner_outside(&self, side: LegendSide, margins: Margins) -> Point {
        let Bounds { left, top, right, bottom } = self.plot.into();
        let gap = self.em * OUTSIDE_GAP;
        let corner = match side {
            LegendSide::Right => Point::new(right + margins.right + gap, top),
            LegendSide::Below => {
                Point::new(f64::midpoint(left, right) - self.width / 2.0, bottom + margins.bottom + gap)
            }
        };
        Point::new(corner.x.round(), corner.y.round())
    }

    /// The upper left corner for the position of least cost.
    fn cheapest_corner(
        &self,
        costs: impl FnOnce(&[Bounds]) -> Result<Vec<LegendCost>, Diagnostic>,
    ) -> Result<Point, Diagnostic> {
        let anchors = POSITIONS.into_iter().filter_map(Anchor::from_name);
        let corners: Vec<Point> = anchors.map(|anchor| self.corner(anchor)).collect();
        let boxes: Vec<Bounds> = corners.iter().map(|corner| self.text_box().bounds(*corner)).collect();
        let cheapest = corners.into_iter().zip(costs(&boxes)?).min_by(|(_, a), (_, b)| a.total_cmp(b));
        Ok(cheapest.map(|(corner, _)| corner).unwrap_or_default())
    }

    fn draw<'s>(
        &self,
        corner: Point,
        panel: &'s Panel,
        entries: &[LegendEntry<'s>],
        text_style: &TextStyle<'_>,
    ) -> Legend<'s> {
        let (em, clip) = (self.em, self.clip);
        let mut marks = Vec::new();
        if self.has_box {
            let outline = shape::rectangle(Point::default(), Point::new(self.width, self.height));
            let paper = with_opacity(text_style.theme.paper, BOX_OPACITY);
            marks.push(fill_mark(outline, corner, paper, clip));
        }
        let mut texts = vec![PlacedText {
            panel,
            role: TextRole::Legend,
            text: String::new(),
            source: entries.first().map_or(panel.origin, |entry| entry.label.origin),
            text_box: self.text_box(),
            origins: OriginPath::fixed(corner),
        }];
        for (index, entry) in entries.iter().enumerate() {
            let (row, column) = (index / self.columns, index % self.columns);
            let middle = corner.y + em * (PADDING + 0.5 + LINE_HEIGHT * row as f64);
            let left = corner.x + em * PADDING + self.column_width * column as f64;
            marks.extend(entry.draw_swatch(Point::new(left, middle), em, clip));
            let (text_box, label) = (entry.name.text_box(), entry.label);
            let name_start = Point::new(left + em * (SWATCH_WIDTH + GAP), middle);
            let origin = snap_baseline(anchored_origin(text_box, Anchor { x: 0.0, y: 0.5 }, name_start));
            marks.extend(glyph_marks(&entry.name, origin, text_style.theme.ink, clip));
            texts.push(PlacedText {
                panel,
                role: TextRole::LegendName,
                text: label.template.source().to_owned(),
                source: label.origin,
                text_box,
                origins: OriginPath::fixed(origin),
            });
        }
        Legend { marks, texts }
    }
}

impl LegendEntry<'_> {
    /// The swatch with the middle of its left side at a point.
    fn draw_swatch(&self, at: Point, em: f64, clip: PixelRect) -> Vec<Mark> {
        let width = em * SWATCH_WIDTH;
        match &self.swatch {
            Swatch::Line => {
                let points = vec![at, Point::new(at.x + width, at.y)];
                let path = Arc::new(Polyline { points, subpath_starts: vec![0] });
                vec![Mark::Stroke(Stroke { path, visible_points: 2, pen: Arc::clone(&self.style.pen), clip })]
            }
            Swatch::Arrow(heads, scale) => {
                let ends = [at, Point::new(at.x + width, at.y)];
                segment(&self.style, *scale, (ends, *heads), clip)
            }
            Swatch::Patch => {
                let half = em * PATCH_HALF_HEIGHT;
                let patch = shape::rectangle(Point::new(0.0, -half), Point::new(width, half));
                vec![fill_mark(patch, at, self.style.fill.unwrap_or(self.style.color), clip)]
            }
            Swatch::Marker(marker, diameter) => {
                let middle = Point::new(at.x + width / 2.0, at.y);
                self.style.marker(*marker, *diameter, middle, clip)
            }
            Swatch::Colors(colors) => {
                let half = em * PATCH_HALF_HEIGHT;
                let [left, right] = [at.x, at.x + width].map(f64::round);
                let [top, bottom] = [at.y - half, at.y + half].map(f64::round);
                let bounds = Bounds { left, top, right, bottom };
                let indices = (0..colors.len()).map(|level| level as u8).collect();
                let cells = Arc::new(Cells { columns: colors.len(), indices });
                let palette = colors.as_slice().into();
                vec![Mark::Image(Image { cells, bounds, palette, clip })]
            }
            Swatch::Stem(marker, diameter) => {
                let (x, half) = (at.x + width / 2.0, em * STEM_HALF_HEIGHT);
                let style = self.style.clone().with_whole_width();
                let x = snap_line(x, style.width);
                let [foot, tip] = [half, *diameter / 2.0 - half].map(|y| Point::new(x, at.y + y));
                let mut marks = vec![style.line(vec![foot, tip], clip)];
                marks.extend(style.marker(*marker, *diameter, tip, clip));
                marks
            }
        }
    }
}
