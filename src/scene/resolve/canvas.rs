//! Resolves `[canvas]`: size, scale and colors of the picture.

use super::context::Context;
use crate::keys::{KeySpec, KeyType, words};
use crate::raster::Rgba;
use crate::scene::Canvas;
use crate::scene::color::{Color, Theme};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::number_format::shortest;
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

/// The keys of `[canvas]`.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new("size", KeyType::Pair(&KeyType::Positive), "`[640, 480]`", "width and height in CSS pixels"),
    KeySpec::new(
        "scale",
        KeyType::Positive,
        "`2`",
        "device pixels per CSS pixel; size × scale is whole, at most 65535 a side and 10⁸ in all",
    ),
    KeySpec::new("font-size", KeyType::Positive, "`12`", "the size of labels (1 em) in CSS pixels"),
    KeySpec::new(
        "theme",
        KeyType::Word(&words(&Theme::ALL)),
        "`\"light\"`",
        "see [Themes](colors.md#themes)",
    ),
    KeySpec::new(
        "background",
        KeyType::Color,
        "`\"white\"`",
        "also `\"transparent\"`; in the dark theme the default is near-black",
    ),
];

/// The defaults: 640 × 480 CSS pixels with 2 device pixels per CSS pixel, and a font size of 12 CSS pixels.
const DEFAULT_SIZE: [f64; 2] = [640.0, 480.0];
const DEFAULT_SCALE: f64 = 2.0;
const DEFAULT_FONT_SIZE: f64 = 12.0;
/// The maximal width and height in device pixels, which is the limit of GIF.
const MAX_PIXELS: f64 = 65_535.0;
/// The maximal number of device pixels: a frame takes 400 MB.
const MAX_AREA: f64 = 1e8;
/// The tolerance for size × scale to count as a whole number.
const WHOLE_TOLERANCE: f64 = 1e-6;

/// A canvas, its theme, and the position of its size in the file.
pub(super) struct ResolvedCanvas {
    pub(super) canvas: Canvas,
    pub(super) theme: Theme,
    pub(super) size: Option<Origin>,
}

/// Resolves the canvas; `None` is a scene without `[canvas]`. `scale` overrides the scale of the file.
pub(super) fn canvas(
    table: Option<TableReader<'_>>,
    scale: Option<f64>,
    context: &Context<'_>,
) -> Result<ResolvedCanvas, Diagnostic> {
    let Some(table) = table else {
        let canvas = default_canvas(scale.unwrap_or(DEFAULT_SCALE), &Theme::LIGHT);
        return Ok(ResolvedCanvas { canvas: check_whole(canvas, None)?, theme: Theme::LIGHT, size: None });
    };
    let mut table = table.with_keys(KEYS);
    table.reject_reserved(&["matte"])?;
    let mut theme = table.attempt("theme", |item| item.choice(&Theme::ALL)).unwrap_or(Theme::LIGHT);
    let mut size_item = None;
    let size = table.attempt("size", |item| {
        size_item = Some(item.clone());
        item.pair(|side| context.positive(side))
    });
    let own_scale = context.attempt_number(&mut table, "scale");
    let mut canvas = default_canvas(scale.or(own_scale).unwrap_or(DEFAULT_SCALE), &theme);
    canvas.size = size.unwrap_or(canvas.size);
    if let Some(size) = context.attempt_number(&mut table, "font-size") {
        canvas.font_size = size;
    }
    if let Some(background) = table.attempt("background", |item| color(item, &theme)) {
        canvas.background = background;
        if background.a == u8::MAX {
            // The background of a legend is that of the picture.
            theme.paper = background;
        }
    }
    let origin = table.origin();
    table.finish()?;
    let origin = size_item.as_ref().map_or(origin, ValueReader::origin);
    Ok(ResolvedCanvas { canvas: check_whole(canvas, size_item.as_ref())?, theme, size: Some(origin) })
}

/// The default canvas for a theme and scale.
fn default_canvas(scale: f64, theme: &Theme) -> Canvas {
    Canvas {
        size: DEFAULT_SIZE,
        scale,
        font_size: DEFAULT_FONT_SIZE,
        background: theme.paper,
        // On a dark page, edges blended with white would have a bright rim.
        matte: theme.paper,
    }
}

fn color(item: ValueReader<'_>, theme: &Theme) -> Result<Rgba, Diagnostic> {
    Ok(Color::read(item)?.resolve(theme))
}

/// Checks that the sides of a canvas are whole numbers of device pixels and not too large.
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

/// The reason why a canvas cannot be drawn at its scale, as text to follow its name, and the remedy.
pub(super) fn size_defect(canvas: &Canvas) -> Option<(String, String)> {
    let [width, height] = canvas.size.map(|side| side * canvas.scale);
    let scale = shortest(canvas.scale);
    for (direction, side) in [("wide", width), ("high", height)] {
        if side > MAX_PIXELS {
            let why = format!("is {} device pixels {direction} at scale {scale}", shortest(side.round()));
            return Some((why, format!("at most {MAX_PIXELS:.0} fit; make size or scale smaller")));
        }
        if (side - side.round()).abs() > WHOLE_TOLERANCE || side < 0.5 {
            let why = format!("is {} device pixels {direction} at scale {scale}", shortest(side));
            return Some((why, "size times scale must be whole numbers of pixels, at least 1".to_owned()));
        }
    }
    (width * height > MAX_AREA).then(|| {
        let why = format!("has {:.0} million device pixels at scale {scale}", width * height / 1e6);
        (why, "at most 100 million fit; make size or scale smaller".to_owned())
    })
}
