//! `[canvas]`: the paper's size, sharpness and colour.

use super::context::Context;
use crate::raster::Rgba;
use crate::scene::Canvas;
use crate::scene::colour::{Colour, Theme};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::item::Item;
use crate::scene::reader::Reader;
use crate::scene::source::Origin;

/// What a canvas is without being told: 640 × 480 CSS pixels, twice as many device pixels.
const DEFAULT_SIZE: [f64; 2] = [640.0, 480.0];
const DEFAULT_SCALE: f64 = 2.0;
const DEFAULT_FONT_SIZE: f64 = 12.0;
/// Device pixels along a side: what GIF can count.
const MOST_PIXELS: f64 = 65_535.0;
/// Device pixels in all: 400 MB for a frame, more than any page shows.
const MOST_AREA: f64 = 1e8;
/// How far size × scale may be from a whole number and count as one.
const WHOLE: f64 = 1e-6;

/// The canvas, and where its size is written.
pub(super) fn canvas(
    table: Option<Reader<'_>>,
    scale: Option<f64>,
    theme: &Theme,
    context: &Context<'_>,
) -> Result<(Canvas, Option<Origin>), Diagnostic> {
    let mut canvas = Canvas {
        size: DEFAULT_SIZE,
        scale: scale.unwrap_or(DEFAULT_SCALE),
        font_size: DEFAULT_FONT_SIZE,
        background: theme.paper,
        matte: Rgba::WHITE,
    };
    let Some(mut table) = table else { return Ok((check_whole(canvas, None)?, None)) };
    table.not_yet(&["theme", "matte"])?;
    let mut size_item = None;
    if let Some(size) = table.opt("size", |item| {
        size_item = Some(item.clone());
        item.pair(|side| context.positive(side))
    })? {
        canvas.size = size;
    }
    let written = table.opt("scale", |item| context.positive(item))?;
    canvas.scale = scale.or(written).unwrap_or(DEFAULT_SCALE);
    if let Some(size) = table.opt("font-size", |item| context.positive(item))? {
        canvas.font_size = size;
    }
    if let Some(background) = table.opt("background", |item| colour(item, theme))? {
        canvas.background = if background.a == 0 { Rgba::CLEAR } else { background };
    }
    let origin = table.origin();
    table.finish()?;
    let origin = size_item.as_ref().map_or(origin, Item::origin);
    Ok((check_whole(canvas, size_item.as_ref())?, Some(origin)))
}

fn colour(item: Item<'_>, theme: &Theme) -> Result<Rgba, Diagnostic> {
    Ok(Colour::read(item)?.resolve(theme))
}

/// Refuses canvases that are no whole number of device pixels, or more than a film can have.
fn check_whole(canvas: Canvas, size: Option<&Item<'_>>) -> Result<Canvas, Diagnostic> {
    match misfit(&canvas) {
        None => Ok(canvas),
        Some((why, help)) => Err(match size {
            Some(item) => item.refuse(&why),
            None => Diagnostic::new(format!("the canvas {why}")),
        }
        .help(help)),
    }
}

/// Why a canvas cannot be drawn at its scale, to follow its name, and the remedy.
pub(super) fn misfit(canvas: &Canvas) -> Option<(String, String)> {
    let scale = canvas.scale;
    let [width, height] = canvas.size.map(|side| side * scale);
    for (direction, side) in [("wide", width), ("high", height)] {
        if side > MOST_PIXELS {
            let why = format!("is {side:.0} device pixels {direction} at scale {scale}");
            return Some((why, format!("at most {MOST_PIXELS:.0} fit; make size or scale smaller")));
        }
        if (side - side.round()).abs() > WHOLE || side < 0.5 {
            let why = format!("is {side} device pixels {direction} at scale {scale}");
            return Some((why, "size times scale must be whole numbers of pixels, at least 1".to_owned()));
        }
    }
    (width * height > MOST_AREA).then(|| {
        let why = format!("has {:.0} million device pixels at scale {scale}", width * height / 1e6);
        (why, "at most 100 million fit; make size or scale smaller".to_owned())
    })
}
