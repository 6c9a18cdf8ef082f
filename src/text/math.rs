//! LaTeX mathematics: parsed and laid out by `RaTeX` in inline style, drawn here.
//!
//! `RaTeX` gives the positions of glyphs, rules and stretchy parts in em, with y downward from the top of the
//! formula. Glyphs come from the fonts whose metrics it used. A character missing there is taken from a fallback
//! font, whose metrics enter a second layout. A character that no font has is an error.

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
use super::fonts::{FontIndex, Fonts, Glyph, GlyphMetrics};
use super::latex_errors;
use super::plain_text::missing_character;
use super::spans::TextError;
use super::typeset_label::ColorRunBuilder;
use crate::geometry::Point;
use crate::raster::Rgba;

/// A color that no label can name. It marks items that take the color of the label.
const LABEL_COLOR: Color = Color::new(0.0, 0.0, 0.0, -1.0);

/// The largest coordinate in a formula, in em. Only lengths such as `\hspace{1e9em}` exceed it, and rasterizers
/// cannot handle coordinates that are much larger.
const MAX_COORDINATE: f64 = 1000.0;

/// The width, in em, of lines that `RaTeX` gives as paths (`\cancel`, `\oiint`, `\textcircled`): that of TeX's
/// rules.
const LINE_WIDTH: f64 = 0.04;

/// The replacement for `\ ` and `~`: the word space of Computer Modern. In `KaTeX`'s fonts it is only a quarter of
/// an em.
const WORD_SPACE: &str = r"\hspace{0.33333em}";

/// The length of dashes and gaps in multiples of the rule's thickness, as `RaTeX` dashes vertical rules.
const DASH_RATIO: f64 = 4.0;

/// A formula after layout.
#[derive(Debug)]
pub(super) struct MathLayout {
    items: Vec<DisplayItem>,
    /// The distance from the items' origin down to the baseline, in em.
    baseline: f64,
    /// TeX's box around the formula.
    pub(super) em_box: EmBox,
}

impl MathLayout {
    /// Parses and lays out the LaTeX between two dollars.
    ///
    /// # Errors
    /// Invalid LaTeX, a formula that is too large, and a character that no font has.
    pub(super) fn lay_out(fonts: &Fonts, tex: &str) -> Result<Self, TextError> {
        latex_errors::check(tex)?;
        // `ratex_parser::parse` trims the text and removes dollars, which would shift the positions in errors.
        let mut parser = Parser::new(tex);
        for space in ["\\ ", "~"] {
            parser.gullet.set_text_macro(space, WORD_SPACE);
        }
        let nodes = parser.parse().map_err(|error| latex_errors::explain(tex, &error))?;
        let options =
            LayoutOptions { style: MathStyle::Text, color: LABEL_COLOR, ..LayoutOptions::default() };
        let math = Self::from_box(layout(&nodes, &options), tex)?;
        let fallback_metrics = math.fallback_metrics(fonts, tex)?;
        if fallback_metrics.is_empty() {
            return Ok(math);
        }
        Self::from_box(layout_with_fallback_metrics(&nodes, &options, Arc::new(fallback_metrics)), tex)
    }

    /// Converts the root box of a layout.
    fn from_box(root: LayoutBox, tex: &str) -> Result<Self, TextError> {
        let oversized = || {
            let help = format!("every part has to lie within {MAX_COORDINATE} em of its beginning");
            TextError::new(0..tex.len(), "this formula is too large", Some(&help))
        };
        validate_layout(&root).map_err(|_| oversized())?;
        let em_box = EmBox { width: root.width, ascent: root.height.max(0.0), descent: root.depth.max(0.0) };
        let list = to_display_list(&padded_to_one_em(root));
        let math = Self { items: list.items, baseline: list.height, em_box };
        if math.is_within(MAX_COORDINATE) { Ok(math) } else { Err(oversized()) }
    }

    /// Whether all coordinates and lengths are finite and at most `limit` em.
    fn is_within(&self, limit: f64) -> bool {
        let fits = |length: f64| length.abs() <= limit;
        let EmBox { width, ascent, descent } = self.em_box;
        [width, ascent, descent, self.baseline].into_iter().all(fits)
            && self.items.iter().all(|item| match item {
                DisplayItem::GlyphPath { x, y, scale, .. } => fits(*x) && fits(*y) && fits(*scale),
                DisplayItem::Line { x, y, width, thickness, .. } => {
                    fits(*x) && fits(*y) && fits(*width) && fits(*thickness)
                }
                DisplayItem::Rect { x, y, width, height, .. } => {
                    fits(*x) && fits(*y) && fits(*width) && fits(*height)
                }
                DisplayItem::Path { x, y, .. } => fits(*x) && fits(*y),
            })
    }

    /// The metrics of all characters that come from a fallback font.
    fn fallback_metrics(
        &self,
        fonts: &Fonts,
        tex: &str,
    ) -> Result<HashMap<char, FallbackGlyphMetrics>, TextError> {
        let mut metrics = HashMap::new();
        for item in &self.items {
            let DisplayItem::GlyphPath { font, char_code, .. } = item else { continue };
            let ResolvedGlyph { ch, own, fallback } = ResolvedGlyph::find(fonts, font, *char_code);
            if own.is_none() && !ch.is_whitespace() {
                let fallback = fallback.ok_or_else(|| {
                    let at = tex.find(ch).map_or(0..tex.len(), |start| start..start + ch.len_utf8());
                    missing_character(ch, at)
                })?;
                let GlyphMetrics { width, height, depth } = fonts.measure(fallback);
                metrics.insert(ch, FallbackGlyphMetrics { width, height, depth });
            }
        }
        Ok(metrics)
    }

    /// Draws the formula at `size` device pixels per em, beginning `x` device pixels to the right of the label's
    /// origin.
    pub(super) fn draw(&self, fonts: &Fonts, x: f64, size: f64, runs: &mut ColorRunBuilder) {
        let em_to_pixels = EmToPixels { x, baseline: self.baseline, size };
        for item in &self.items {
            match item {
                DisplayItem::GlyphPath { x, y, scale, font, char_code, color } => {
                    let glyph = ResolvedGlyph::find(fonts, font, *char_code);
                    let outline = glyph
                        .own
                        .or(glyph.fallback)
                        .and_then(|glyph| fonts.outline(glyph, em_to_pixels.point(*x, *y), size * scale));
                    runs.push(rgba(*color), outline);
                }
                DisplayItem::Line { x, y, width, thickness, color, dashed } => {
                    // `y` is the vertical center of the rule.
                    let rule = EmRect { x: *x, y: y - thickness / 2.0, width: *width, height: *thickness };
                    let dash = if *dashed { DASH_RATIO * thickness } else { *width };
                    runs.push(rgba(*color), em_to_pixels.dashes(&rule, dash));
                }
                DisplayItem::Rect { x, y, width, height, color } => {
                    runs.push(
                        rgba(*color),
                        em_to_pixels.rectangle(&EmRect { x: *x, y: *y, width: *width, height: *height }),
                    );
                }
                DisplayItem::Path { x, y, commands, fill, color } => {
                    runs.push(rgba(*color), em_to_pixels.paths(*x, *y, commands, *fill));
                }
            }
        }
    }
}

/// A character of the layout with its glyph.
struct ResolvedGlyph {
    ch: char,
    /// The glyph in the font that the layout names.
    own: Option<Glyph>,
    /// The glyph in a fallback font, if that font lacks the character.
    fallback: Option<Glyph>,
}

impl ResolvedGlyph {
    /// Looks up the glyph for a character code in the encoding of a font.
    fn find(fonts: &Fonts, font: &str, code: u32) -> Self {
        // Mathematical alphabets (bold, script, …) are separate fonts with their glyphs at the plain letters.
        let ch = FontId::parse(font)
            .map_or_else(|| char::from_u32(code), |id| Some(katex_ttf_glyph_char(id, code)))
            .unwrap_or(char::REPLACEMENT_CHARACTER);
        let own = FontIndex::named(font).and_then(|font| fonts.own_glyph(font, ch));
        let fallback = if own.is_none() { fonts.fallback_glyph(ch) } else { None };
        Self { ch, own, fallback }
    }
}

/// Adds space to the right of a box, so that it is one em wide in total.
///
/// The display list would move a formula of width 0, such as `\mathllap{x}`, so that its ink begins at 0. In a
/// label it stays at the position that TeX gives it.
fn padded_to_one_em(root: LayoutBox) -> LayoutBox {
    let kern = LayoutBox::new_kern(1.0 - root.width);
    let (height, depth, color) = (root.height, root.depth, root.color);
    LayoutBox { width: 1.0, height, depth, content: BoxContent::HBox(vec![root, kern]), color }
}

/// The color chosen in the formula; `None` stands for the color of the label.
fn rgba(color: Color) -> Option<Rgba> {
    let byte = |part: f32| (part * 255.0).round() as u8;
    let named = || Rgba { r: byte(color.r), g: byte(color.g), b: byte(color.b), a: byte(color.a) };
    (color != LABEL_COLOR).then(named)
}

/// A rectangle in the coordinates of the layout, in em, y downward from the top left corner.
struct EmRect {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Converts shapes of the layout, in em, to paths in device pixels relative to the label's origin.
#[derive(Clone, Copy)]
struct EmToPixels {
    /// The left end of the formula, in device pixels.
    x: f64,
    /// The distance from the layout's origin down to the baseline, in em.
    baseline: f64,
    /// Device pixels per em.
    size: f64,
}

impl EmToPixels {
    /// A point of the layout in device pixels.
    fn point(&self, x: f64, y: f64) -> Point {
        Point::new(self.x + x * self.size, (y - self.baseline) * self.size)
    }

    /// A filled rectangle; `None` if it has no area.
    fn rectangle(&self, rect: &EmRect) -> Option<Path> {
        let from = self.point(rect.x, rect.y);
        let to = self.point(rect.x + rect.width, rect.y + rect.height);
        Rect::from_ltrb(from.x as f32, from.y as f32, to.x as f32, to.y as f32).map(PathBuilder::from_rect)
    }

    /// A horizontal rule with dashes and gaps of length `dash`. If that is the length of the rule, it is solid.
    fn dashes(&self, rule: &EmRect, dash: f64) -> Vec<Path> {
        let count = (rule.width / (2.0 * dash)).ceil().clamp(0.0, MAX_COORDINATE / LINE_WIDTH) as usize;
        let rectangle = |index: usize| {
            let from = 2.0 * dash * index as f64;
            self.rectangle(&EmRect { x: rule.x + from, width: dash.min(rule.width - from), ..*rule })
        };
        (0..count).filter_map(rectangle).collect()
    }

    /// The subpaths of a path as separate outlines.
    ///
    /// Stretchy braces and arrows are built of subpaths that overlap. In one path, overlapping subpaths of
    /// opposite direction would cancel.
    fn paths(&self, x: f64, y: f64, commands: &[PathCommand], fill: bool) -> Vec<Path> {
        let subpaths = commands.chunk_by(|_, next| !matches!(next, PathCommand::MoveTo { .. }));
        let paths = subpaths.filter_map(|subpath| self.path(x, y, subpath));
        if fill {
            return paths.collect();
        }
        let stroke = Stroke { width: (LINE_WIDTH * self.size) as f32, ..Stroke::default() };
        paths.filter_map(|path| path.stroke(&stroke, 1.0)).collect()
    }

    /// A path whose commands are relative to (x, y).
    fn path(&self, x: f64, y: f64, commands: &[PathCommand]) -> Option<Path> {
        let convert = |dx: f64, dy: f64| {
            let point = self.point(x + dx, y + dy);
            (point.x as f32, point.y as f32)
        };
        let mut path = PathBuilder::new();
        for command in commands {
            match *command {
                PathCommand::MoveTo { x, y } => {
                    let (x, y) = convert(x, y);
                    path.move_to(x, y);
                }
                PathCommand::LineTo { x, y } => {
                    let (x, y) = convert(x, y);
                    path.line_to(x, y);
                }
                PathCommand::QuadTo { x1, y1, x, y } => {
                    let ((x1, y1), (x, y)) = (convert(x1, y1), convert(x, y));
                    path.quad_to(x1, y1, x, y);
                }
                PathCommand::CubicTo { x1, y1, x2, y2, x, y } => {
                    let ((x1, y1), (x2, y2), (x, y)) = (convert(x1, y1), convert(x2, y2), convert(x, y));
                    path.cubic_to(x1, y1, x2, y2, x, y);
                }
                PathCommand::Close => path.close(),
            }
        }
        path.finish()
    }
}
