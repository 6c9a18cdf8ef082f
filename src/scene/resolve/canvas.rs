//! `[canvas]`: the paper's size, sharpness and color.

use super::context::Context;
use crate::raster::Rgba;
use crate::scene::Canvas;
use crate::scene::color::{Color, Theme};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::number_format::shortest;
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

/// What a canvas is without being told: 640 × 480 CSS pixels, twice as many device pixels.
const DEFAULT_SIZE: [f64; 2] = [640.0, 480.0];
const DEFAULT_SCALE: f64 = 2.0;
const DEFAULT_FONT_SIZE: f64 = 12.0;
/// Device pixels along a side: what GIF can count.
const MAX_PIXELS: f64 = 65_535.0;
/// Device pixels in all: 400 MB for a frame, more than any page shows.
const MAX_AREA: f64 = 1e8;
/// How far size × scale may be from a whole number and count as one.
const WHOLE: f64 = 1e-6;

/// A canvas, the colors that go with it, and where its size is written.
pub(super) struct ResolvedCanvas {
    pub(super) canvas: Canvas,
    pub(super) theme: Theme,
    pub(super) size: Option<Origin>,
}

/// The canvas of a table, or the one of a scene without.
pub(super) fn canvas(
    table: Option<TableReader<'_>>,
    scale: Option<f64>,
    context: &Context<'_>,
) -> Result<ResolvedCanvas, Diagnostic> {
    let Some(mut table) = table else {
        let canvas = plain(scale.unwrap_or(DEFAULT_SCALE), &Theme::LIGHT);
        return Ok(ResolvedCanvas { canvas: check_whole(canvas, None)?, theme: Theme::LIGHT, size: None });
    };
    table.reject_reserved(&["matte"])?;
    let mut theme = table.opt("theme", |item| item.choice(&Theme::ALL))?.unwrap_or(Theme::LIGHT);
    let mut size_item = None;
    let size = table.opt("size", |item| {
        size_item = Some(item.clone());
        item.pair(|side| context.positive(side))
    })?;
    let written = table.opt("scale", |item| context.positive(item))?;
    let mut canvas = plain(scale.or(written).unwrap_or(DEFAULT_SCALE), &theme);
    canvas.size = size.unwrap_or(canvas.size);
    if let Some(size) = table.opt("font-size", |item| context.positive(item))? {
        canvas.font_size = size;
    }
    if let Some(background) = table.opt("background", |item| color(item, &theme))? {
        canvas.background = background;
        if background.a == u8::MAX {
            // A legend lies on what everything else lies on.
            theme.paper = background;
        }
    }
    let origin = table.origin();
    table.finish()?;
    let origin = size_item.as_ref().map_or(origin, ValueReader::origin);
    Ok(ResolvedCanvas { canvas: check_whole(canvas, size_item.as_ref())?, theme, size: Some(origin) })
}

/// A canvas of which nothing is told but its theme and scale.
fn plain(scale: f64, theme: &Theme) -> Canvas {
    Canvas {
        size: DEFAULT_SIZE,
        scale,
        font_size: DEFAULT_FONT_SIZE,
        background: theme.paper,
        // A page in dark mode is dark: edges that were blended with white would have a bright rim there.
        matte: theme.paper,
    }
}

fn color(item: ValueReader<'_>, theme: &Theme) -> Result<Rgba, Diagnostic> {
    Ok(Color::read(item)?.resolve(theme))
}

/// Refuses canvases that are no whole number of device pixels, or more than a film can have.
fn check_whole(canvas: Canvas, size: Option<&ValueReader<'_>>) -> Result<Canvas, Diagnostic> {
    match size_defect(&canvas) {
        None => Ok(canvas),
        Some((why, help)) => Err(match size {
            Some(item) => item.error(&why),
            None => Diagnostic::new(format!("the canvas {why}")),
        }
        .help(help)),
    }
}

/// Why a canvas cannot be drawn at its scale, to follow its name, and the remedy.
pub(super) fn size_defect(canvas: &Canvas) -> Option<(String, String)> {
    let [width, height] = canvas.size.map(|side| side * canvas.scale);
    let scale = shortest(canvas.scale);
    for (direction, side) in [("wide", width), ("high", height)] {
        if side > MAX_PIXELS {
            let why = format!("is {} device pixels {direction} at scale {scale}", shortest(side.round()));
            return Some((why, format!("at most {MAX_PIXELS:.0} fit; make size or scale smaller")));
        }
        if (side - side.round()).abs() > WHOLE || side < 0.5 {
            let why = format!("is {} device pixels {direction} at scale {scale}", shortest(side));
            return Some((why, "size times scale must be whole numbers of pixels, at least 1".to_owned()));
        }
    }
    (width * height > MAX_AREA).then(|| {
        let why = format!("has {:.0} million device pixels at scale {scale}", width * height / 1e6);
        (why, "at most 100 million fit; make size or scale smaller".to_owned())
    })
}
