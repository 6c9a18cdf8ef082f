//! LaTeX mathematics: parsed and laid out by `RaTeX` in inline style, drawn here.
//!
//! `RaTeX` says where glyphs, rules and stretchy pieces go, in em with y downward from the top of the
//! formula; glyphs come from the fonts whose metrics it used. A character that those lack is lent by
//! another font, whose measures then take part in a second layout; one that no font has is a fault.

use std::collections::HashMap;
use std::sync::Arc;

use ratex_font::{FontId, katex_ttf_glyph_char};
use ratex_layout::layout_box::{BoxContent, LayoutBox};
use ratex_layout::{
    FallbackGlyphMetrics, LayoutOptions, layout, layout_with_fallback_metrics, to_display_list,
    validate_layout,
};
use ratex_parser::Parser;
use ratex_types::color::Color;
use ratex_types::display_item::DisplayItem;
use ratex_types::math_style::MathStyle;
use ratex_types::path_command::PathCommand;
use tiny_skia_path::{Path, PathBuilder, Rect, Stroke};

use super::EmBox;
use super::fonts::{FontIndex, Fonts, Glyph};
use super::latex_errors;
use super::plain_text::missing_character;
use super::spans::TextError;
use super::typeset_label::ColorRunBuilder;
use crate::geometry::Point;
use crate::raster::Rgba;

/// No color that a label can name: marks what is to take the label's own.
const OWN_COLOR: Color = Color::new(0.0, 0.0, 0.0, -1.0);

/// A formula reaches no farther than this from its origin, in em. Beyond lies only what lengths such as
/// `\hspace{1e9em}` make, and coordinates that rasterizers stumble over.
const MAX_COORDINATE: f64 = 1000.0;

/// The width, in em, of lines that come as paths (`\cancel`, `\oiint`, `\textcircled`): TeX's rule.
const LINE_WIDTH: f64 = 0.04;

/// What `\ ` and `~` stand for: the space between words in Computer Modern, which `KaTeX`'s fonts make a
/// quarter of an em only.
const WORD_SPACE: &str = r"\hspace{0.33333em}";

/// Dashes and their gaps in multiples of the rule's thickness, as `RaTeX` dashes vertical rules.
const DASH: f64 = 4.0;

/// A formula, laid out but not yet drawn.
#[derive(Debug)]
pub(super) struct MathLayout {
    items: Vec<DisplayItem>,
    /// How far below the items' origin the baseline lies, in em.
    baseline: f64,
    /// TeX's box around the math.
    pub(super) extent: EmBox,
}

impl MathLayout {
    /// Parses and lays out what stood between two dollars.
    pub(super) fn lay_out(fonts: &Fonts, tex: &str) -> Result<Self, TextError> {
        latex_errors::check(tex)?;
        // Not the crate's `parse`, which trims the text and takes dollars off it, moving positions.
        let mut parser = Parser::new(tex);
        for space in ["\\ ", "~"] {
            parser.gullet.set_text_macro(space, WORD_SPACE);
        }
        let nodes = parser.parse().map_err(|error| latex_errors::parse_error(tex, &error))?;
        let options = LayoutOptions { style: MathStyle::Text, color: OWN_COLOR, ..LayoutOptions::default() };
        let math = Self::from_box(layout(&nodes, &options), tex)?;
        let borrowed = math.borrowed(fonts, tex)?;
        if borrowed.is_empty() {
            return Ok(math);
        }
        Self::from_box(layout_with_fallback_metrics(&nodes, &options, Arc::new(borrowed)), tex)
    }

    fn from_box(root: LayoutBox, tex: &str) -> Result<Self, TextError> {
        let oversized = || TextError {
            at: 0..tex.len(),
            message: "this formula is too large".to_owned(),
            help: Some(format!("no part of it may lie farther than {MAX_COORDINATE} em from its beginning")),
        };
        validate_layout(&root).map_err(|_| oversized())?;
        let extent = EmBox { width: root.width, ascent: root.height.max(0.0), descent: root.depth.max(0.0) };
        let list = to_display_list(&padded_to_one_em(root));
        let math = Self { items: list.items, baseline: list.height, extent };
        if math.is_within(MAX_COORDINATE) { Ok(math) } else { Err(oversized()) }
    }

    /// Whether all of it is finite and nothing farther away than `limit`.
    fn is_within(&self, limit: f64) -> bool {
        let near = |length: f64| length.abs() <= limit;
        let EmBox { width, ascent, descent } = self.extent;
        [width, ascent, descent, self.baseline].into_iter().all(near)
            && self.items.iter().all(|item| match item {
                DisplayItem::GlyphPath { x, y, scale, .. } => near(*x) && near(*y) && near(*scale),
                DisplayItem::Line { x, y, width, thickness, .. } => {
                    near(*x) && near(*y) && near(*width) && near(*thickness)
                }
                DisplayItem::Rect { x, y, width, height, .. } => {
                    near(*x) && near(*y) && near(*width) && near(*height)
                }
                DisplayItem::Path { x, y, .. } => near(*x) && near(*y),
            })
    }

    /// The measures of all characters that another font has to lend.
    fn borrowed(&self, fonts: &Fonts, tex: &str) -> Result<HashMap<char, FallbackGlyphMetrics>, TextError> {
        let mut borrowed = HashMap::new();
        for item in &self.items {
            let DisplayItem::GlyphPath { font, char_code, .. } = item else { continue };
            let ResolvedGlyph { ch, own, fallback } = ResolvedGlyph::find(fonts, font, *char_code);
            if own.is_none() && !ch.is_whitespace() {
                let fallback = fallback.ok_or_else(|| {
                    let at = tex.find(ch).map_or(0..tex.len(), |start| start..start + ch.len_utf8());
                    missing_character(ch, at)
                })?;
                let size = fonts.measure(fallback);
                let metrics =
                    FallbackGlyphMetrics { width: size.width, height: size.height, depth: size.depth };
                borrowed.insert(ch, metrics);
            }
        }
        Ok(borrowed)
    }

    /// Draws it `x` device pixels to the right of the label's origin, at `size` pixels to the em.
    pub(super) fn draw(&self, fonts: &Fonts, x: f64, size: f64, runs: &mut ColorRunBuilder) {
        let em_to_pixels = EmToPixels { x, baseline: self.baseline, size };
        for item in &self.items {
            match item {
                DisplayItem::GlyphPath { x, y, scale, font, char_code, color } => {
                    let glyph = ResolvedGlyph::find(fonts, font, *char_code);
                    let outline = glyph
                        .own
                        .or(glyph.fallback)
                        .and_then(|glyph| fonts.outline(glyph, em_to_pixels.place(*x, *y), size * scale));
                    runs.add(rgba(*color), outline);
                }
                DisplayItem::Line { x, y, width, thickness, color, dashed } => {
                    // `y` is the middle of the rule.
                    let top = y - thickness / 2.0;
                    let dash = if *dashed { DASH * thickness } else { *width };
                    runs.add(rgba(*color), em_to_pixels.dashes(*x, top, *width, *thickness, dash));
                }
                DisplayItem::Rect { x, y, width, height, color } => {
                    runs.add(rgba(*color), em_to_pixels.rectangle(*x, *y, *width, *height));
                }
                DisplayItem::Path { x, y, commands, fill, color } => {
                    runs.add(rgba(*color), em_to_pixels.paths(*x, *y, commands, *fill));
                }
            }
        }
    }
}

/// A character of the layout, and which fonts can draw it.
struct ResolvedGlyph {
    ch: char,
    /// In the font that the layout named.
    own: Option<Glyph>,
    /// In another, where that one lacks it.
    fallback: Option<Glyph>,
}

impl ResolvedGlyph {
    fn find(fonts: &Fonts, font: &str, code: u32) -> Self {
        // Bold, script and other mathematical alphabets lie at the plain letters of fonts of their own.
        let ch = FontId::parse(font)
            .map_or_else(|| char::from_u32(code), |id| Some(katex_ttf_glyph_char(id, code)))
            .unwrap_or(char::REPLACEMENT_CHARACTER);
        let own = FontIndex::named(font).and_then(|font| fonts.own_glyph(font, ch));
        let fallback = if own.is_none() { fonts.fallback_glyph(ch) } else { None };
        Self { ch, own, fallback }
    }
}

/// The box with space to its right, so that it is one em wide in all.
///
/// The display list moves a formula that has no width of its own, such as `\mathllap{x}`, so that its
/// ink begins at 0; in a label it belongs where TeX puts it.
fn padded_to_one_em(root: LayoutBox) -> LayoutBox {
    let kern = LayoutBox::new_kern(1.0 - root.width);
    let (height, depth, color) = (root.height, root.depth, root.color);
    LayoutBox { width: 1.0, height, depth, content: BoxContent::HBox(vec![root, kern]), color }
}

/// The color that a label named, or none where it named none.
fn rgba(color: Color) -> Option<Rgba> {
    let byte = |part: f32| (part * 255.0).round() as u8;
    let named = || Rgba { r: byte(color.r), g: byte(color.g), b: byte(color.b), a: byte(color.a) };
    (color != OWN_COLOR).then(named)
}

/// Draws what the layout asks for: em in, device pixels around the label's origin out.
#[derive(Clone, Copy)]
struct EmToPixels {
    /// The formula's left end, in device pixels.
    x: f64,
    /// How far below the layout's origin the baseline lies, in em.
    baseline: f64,
    /// Device pixels to the em.
    size: f64,
}

impl EmToPixels {
    fn place(&self, x: f64, y: f64) -> Point {
        Point::new(self.x + x * self.size, (y - self.baseline) * self.size)
    }

    /// A filled rectangle from its left top corner; none where it has no area.
    fn rectangle(&self, x: f64, y: f64, width: f64, height: f64) -> Option<Path> {
        let (from, to) = (self.place(x, y), self.place(x + width, y + height));
        Rect::from_ltrb(from.x as f32, from.y as f32, to.x as f32, to.y as f32).map(PathBuilder::from_rect)
    }

    /// A rule of dashes as long as the gaps between them; of one where `dash` is as long as the rule.
    fn dashes(&self, x: f64, y: f64, width: f64, thickness: f64, dash: f64) -> Vec<Path> {
        let count = (width / (2.0 * dash)).ceil().clamp(0.0, MAX_COORDINATE / LINE_WIDTH) as usize;
        let piece = |index: usize| {
            let from = 2.0 * dash * index as f64;
            self.rectangle(x + from, y, dash.min(width - from), thickness)
        };
        (0..count).filter_map(piece).collect()
    }

    /// The pieces of a path, each an outline of its own: a stretchy brace or arrow is built of pieces
    /// that overlap, and whose overlaps would cancel where they run in opposite directions.
    fn paths(&self, x: f64, y: f64, commands: &[PathCommand], fill: bool) -> Vec<Path> {
        let pieces = commands.chunk_by(|_, next| !matches!(next, PathCommand::MoveTo { .. }));
        let drawn = pieces.filter_map(|piece| self.path(x, y, piece));
        if fill {
            return drawn.collect();
        }
        let pen = Stroke { width: (LINE_WIDTH * self.size) as f32, ..Stroke::default() };
        drawn.filter_map(|path| path.stroke(&pen, 1.0)).collect()
    }

    fn path(&self, x: f64, y: f64, commands: &[PathCommand]) -> Option<Path> {
        let place = |dx: f64, dy: f64| {
            let point = self.place(x + dx, y + dy);
            (point.x as f32, point.y as f32)
        };
        let mut path = PathBuilder::new();
        for command in commands {
            match *command {
                PathCommand::MoveTo { x, y } => {
                    let (x, y) = place(x, y);
                    path.move_to(x, y);
                }
                PathCommand::LineTo { x, y } => {
                    let (x, y) = place(x, y);
                    path.line_to(x, y);
                }
                PathCommand::QuadTo { x1, y1, x, y } => {
                    let ((x1, y1), (x, y)) = (place(x1, y1), place(x, y));
                    path.quad_to(x1, y1, x, y);
                }
                PathCommand::CubicTo { x1, y1, x2, y2, x, y } => {
                    let ((x1, y1), (x2, y2), (x, y)) = (place(x1, y1), place(x2, y2), place(x, y));
                    path.cubic_to(x1, y1, x2, y2, x, y);
                }
                PathCommand::Close => path.close(),
            }
        }
        path.finish()
    }
}
