//! The embedded fonts and the outlines of their glyphs. Each font is parsed at its first use.
//!
//! Fonts have the names that the mathematics engine uses (`Main-Regular`, `Size2-Regular`, …), except the font
//! of plain text, [`FontIndex::TEXT`]. Glyphs are never hinted: a label at twice the size has outlines twice as
//! large. The sources and licenses of the font files are listed in `assets/fonts`.
//!
//! Both font families are Computer Modern, but the stems, serifs and bars of `KaTeX` are 16/1000 em thicker.
//! CMU Serif is emboldened here, so that words and formulas have the same weight.

use std::sync::OnceLock;

use rustybuzz::ttf_parser::{self, GlyphId, OutlineBuilder};
use rustybuzz::{Direction, Face, ShapePlan, script};
use tiny_skia_path::{Path, PathBuilder, Stroke, Transform};

use crate::geometry::Point;

macro_rules! katex {
    ($style:literal) => {
        ($style, include_bytes!(concat!("../../assets/fonts/KaTeX_", $style, ".ttf")) as &[u8])
    };
}

/// The names and bytes of the embedded fonts.
const FILES: [(&str, &[u8]); 20] = [
    ("CMU-Serif", include_bytes!("../../assets/fonts/cmunrm.ttf")),
    katex!("Main-Regular"),
    katex!("AMS-Regular"),
    katex!("Size1-Regular"),
    katex!("Math-Italic"),
    katex!("Main-Bold"),
    katex!("Main-BoldItalic"),
    katex!("Main-Italic"),
    katex!("Math-BoldItalic"),
    katex!("Size2-Regular"),
    katex!("Size3-Regular"),
    katex!("Size4-Regular"),
    katex!("Caligraphic-Regular"),
    katex!("Fraktur-Regular"),
    katex!("Fraktur-Bold"),
    katex!("SansSerif-Regular"),
    katex!("SansSerif-Bold"),
    katex!("SansSerif-Italic"),
    katex!("Script-Regular"),
    katex!("Typewriter-Regular"),
];

/// The SHA-256 of the concatenated font files. It identifies the fonts that a picture was drawn with.
pub const FONTS_SHA256: &str = "e98a0b450bc5deeb92294b0577b977d8cfd23f10971b7de0a2abcc6ca29c6548";

/// The number of fonts at the beginning of [`FILES`] that are searched for glyphs missing in another font.
const FALLBACK_FONTS: usize = 5;

/// The difference between the stroke thickness of `KaTeX` and of CMU Serif, in em.
///
/// In thousandths of an em: stem of `l` 83 and 66, serif of `I` 46 and 31, bar of `=` 40 and 23, dot 121 and 105.
const EMBOLDENING: f64 = 0.016;

/// The characters of CMU Serif designed for small sizes, which are already as heavy as `KaTeX`.
const ALREADY_BOLD: &str = "€¹²³¼½¾′″";

/// The height of an x in Computer Modern, in em.
const X_HEIGHT: f64 = 0.431;

/// The index of an embedded font in [`FILES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FontIndex(usize);

impl FontIndex {
    /// The font of plain text, CMU Serif.
    pub(super) const TEXT: Self = Self(0);

    /// The font of arrows and operators, the main font of `KaTeX`.
    pub(super) const SIGNS: Self = Self(1);

    /// The font with this name in the mathematics engine. `None` for the name of a system font.
    pub(super) fn named(name: &str) -> Option<Self> {
        FILES.iter().position(|(known, _)| *known == name).map(Self)
    }
}

/// A glyph of a font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Glyph {
    /// The font.
    pub(super) font: FontIndex,
    /// The index of the glyph in the font.
    pub(super) id: GlyphId,
}

/// The advance of a glyph and the extent of its ink around the baseline, in em.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct GlyphMetrics {
    /// The advance to the next glyph.
    pub(super) width: f64,
    /// The height of the ink above the baseline, at least 0.
    pub(super) height: f64,
    /// The depth of the ink below the baseline, at least 0.
    pub(super) depth: f64,
}

/// The parsed fonts and the emboldened outlines, each computed at its first use.
#[derive(Default)]
pub(super) struct Fonts {
    faces: [OnceLock<Face<'static>>; FILES.len()],
    latin: OnceLock<ShapePlan>,
    /// Indexed by glyph of the text font.
    emboldened: OnceLock<Box<[OnceLock<Option<Path>>]>>,
}

impl Fonts {
    /// A parsed font. Parsing cannot fail: the files are part of the program, and a test parses them all.
    pub(super) fn face(&self, font: FontIndex) -> &Face<'static> {
        let (name, bytes) = FILES[font.0];
        self.faces[font.0].get_or_init(|| {
            Face::from_slice(bytes, 0).unwrap_or_else(|| panic!("the embedded font {name} is damaged"))
        })
    }

    /// The plan for shaping Latin text left to right in the text font. Making the plan takes longer than shaping
    /// a label.
    pub(super) fn latin_plan(&self) -> &ShapePlan {
        self.latin.get_or_init(|| {
            let face = self.face(FontIndex::TEXT);
            ShapePlan::new(face, Direction::LeftToRight, Some(script::LATIN), None, &[])
        })
    }

    /// The glyph of a character in `font`. A glyph without ink counts as missing.
    pub(super) fn own_glyph(&self, font: FontIndex, ch: char) -> Option<Glyph> {
        let face = self.face(font);
        let id = face.glyph_index(ch).filter(|id| id.0 != 0)?;
        ink_box(face, id).map(|_| Glyph { font, id })
    }

    /// The glyph of a character in the first of the fallback fonts that has it.
    pub(super) fn fallback_glyph(&self, ch: char) -> Option<Glyph> {
        (0..FALLBACK_FONTS).find_map(|index| self.own_glyph(FontIndex(index), ch))
    }

    /// The advance, height and depth of a glyph.
    pub(super) fn measure(&self, glyph: Glyph) -> GlyphMetrics {
        let face = self.face(glyph.font);
        let em = f64::from(face.units_per_em());
        let width = f64::from(face.glyph_hor_advance(glyph.id).unwrap_or(0)) / em;
        ink_box(face, glyph.id).map_or(GlyphMetrics { width, ..GlyphMetrics::default() }, |ink| {
            GlyphMetrics {
                width,
                height: (f64::from(ink.y_max) / em).max(0.0),
                depth: (-f64::from(ink.y_min) / em).max(0.0),
            }
        })
    }

    /// The outline of a glyph with its origin at `at`, `size` device pixels per em, y downward. `None` if the
    /// glyph has no ink, such as a space.
    pub(super) fn outline(&self, glyph: Glyph, at: Point, size: f64) -> Option<Path> {
        let face = self.face(glyph.font);
        let scale = size / f64::from(face.units_per_em());
        if glyph.font != FontIndex::TEXT {
            return trace(face, glyph.id, GlyphPathBuilder::new(at, scale));
        }
        let transform = Transform::from_row(scale as f32, 0.0, 0.0, scale as f32, at.x as f32, at.y as f32);
        self.emboldened(glyph.id)?.clone().transform(transform)
    }

    /// The emboldened outline of a glyph of the text font, in font units, y downward.
    fn emboldened(&self, id: GlyphId) -> Option<&Path> {
        let face = self.face(FontIndex::TEXT);
        let all =
            self.emboldened.get_or_init(|| (0..face.number_of_glyphs()).map(|_| OnceLock::new()).collect());
        all.get(usize::from(id.0))?.get_or_init(|| embolden(face, id)).as_ref()
    }
}

/// The bounding box of a glyph's ink in font units; `None` if it has no ink.
fn ink_box(face: &Face, id: GlyphId) -> Option<ttf_parser::Rect> {
    face.tables().glyf.and_then(|outlines| outlines.bbox(id))
}

/// Builds the outline of a glyph.
fn trace(face: &Face, id: GlyphId, mut builder: GlyphPathBuilder) -> Option<Path> {
    face.outline_glyph(id, &mut builder)?;
    builder.path.finish()
}

/// Emboldens a glyph: its outline and the stroke along the outline, as one path. Both have the same winding
/// direction, so they unite.
///
/// The stroke would extend letters below the baseline and above the x-height. The outline is therefore shrunk
/// vertically by the stroke width beforehand, as the letters of `KaTeX` are emboldened inward, too.
fn embolden(face: &Face, id: GlyphId) -> Option<Path> {
    let em = f64::from(face.units_per_em());
    let mut builder = GlyphPathBuilder::new(Point::default(), 1.0);
    if ALREADY_BOLD.chars().any(|ch| face.glyph_index(ch) == Some(id)) {
        return trace(face, id, builder);
    }
    builder.x_height_shrink = EMBOLDENING * em;
    builder.x_height = X_HEIGHT * em;
    let outline = trace(face, id, builder)?;
    let stroke = Stroke { width: (EMBOLDENING * em) as f32, ..Stroke::default() };
    let mut both = PathBuilder::new();
    both.push_path(&outline);
    both.push_path(&outline.stroke(&stroke, 1.0)?);
    both.finish()
}

/// Builds a path from a glyph's outline, converting font units, y upward, to device pixels, y downward.
struct GlyphPathBuilder {
    path: PathBuilder,
    /// The position of the glyph's origin, in device pixels.
    at: Point,
    /// Device pixels per font unit.
    scale: f64,
    /// The number of font units by which the zone from baseline to x-height shrinks, half of it at each end.
    /// Parts above and below the zone are moved without change.
    x_height_shrink: f64,
    /// The x-height in font units.
    x_height: f64,
}

impl GlyphPathBuilder {
    fn new(at: Point, scale: f64) -> Self {
        Self { path: PathBuilder::new(), at, scale, x_height_shrink: 0.0, x_height: 1.0 }
    }

    /// Converts a point of the outline.
    fn convert(&self, x: f32, y: f32) -> (f32, f32) {
        let up = f64::from(y) + self.x_height_shrink * (0.5 - (f64::from(y) / self.x_height).clamp(0.0, 1.0));
        let x = self.at.x + f64::from(x) * self.scale;
        let y = self.at.y - up * self.scale;
        (x as f32, y as f32)
    }
}

impl OutlineBuilder for GlyphPathBuilder {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.convert(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.convert(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.convert(x1, y1), self.convert(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2)) = (self.convert(x1, y1), self.convert(x2, y2));
        let (x, y) = self.convert(x, y);
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::draw::coverage::Coverage;
    use crate::geometry::PixelRect;
    use crate::mark::{Fill, Shape};
    use crate::raster::Rgba;
    use crate::stamp::Stamp;

    #[test]
    fn fonts_sha256_is_the_hash_of_the_font_files() {
        let mut hash = Sha256::new();
        for (_, file) in FILES {
            hash.update(file);
        }
        let stamp = Stamp::new(hash.finalize().into()).to_string();
        assert!(stamp.ends_with(FONTS_SHA256), "write the hash of {stamp} into FONTS_SHA256");
    }

    #[test]
    fn every_embedded_font_parses_and_is_found_by_its_name() {
        let fonts = Fonts::default();
        for (index, (name, _)) in FILES.iter().enumerate() {
            assert_eq!(FontIndex::named(name), Some(FontIndex(index)));
            assert!(fonts.face(FontIndex(index)).number_of_glyphs() > 1, "{name}");
        }
        assert_eq!(FontIndex::named("CJK-Regular"), None);
    }

    #[test]
    fn outlines_scale_with_the_size_and_move_with_the_position() {
        let fonts = Fonts::default();
        let glyph = fonts.own_glyph(FontIndex::TEXT, 'g').expect("CMU Serif has a g");
        let small = fonts.outline(glyph, Point::new(0.0, 0.0), 10.0).expect("g has ink").bounds();
        let large = fonts.outline(glyph, Point::new(3.0, 5.0), 20.0).expect("g has ink").bounds();
        assert!((large.width() - 2.0 * small.width()).abs() < 1e-4);
        assert!((large.left() - 3.0 - 2.0 * small.left()).abs() < 1e-4);
        assert!((large.bottom() - 5.0 - 2.0 * small.bottom()).abs() < 1e-4);
        assert!(small.bottom() > 0.0, "a descender lies below the baseline, where y is positive");
    }

    /// The bounds of a glyph at 1000 pixels per em, and the number of pixels that it covers.
    fn bounds_and_area(fonts: &Fonts, font: FontIndex, ch: char) -> (tiny_skia_path::Rect, f64) {
        let glyph = fonts.own_glyph(font, ch).expect("the font has it");
        let path = fonts.outline(glyph, Point::new(100.0, 800.0), 1000.0).expect("it has ink");
        let bounds = path.compute_tight_bounds().expect("it has ink");
        let clip = PixelRect::from_size(1000, 1100);
        let shape = Arc::new(Shape { outlines: vec![path] });
        let fill = Fill { shape, at: Point::default(), color: Rgba::BLACK, clip };
        let covered = Coverage::from_fill(&fill, clip);
        let area = covered.bounds();
        let rows = (area.top..area.bottom).flat_map(|y| covered.row(y, area.left, area.right));
        (bounds, rows.map(|&cover| f64::from(cover) / 255.0).sum())
    }

    #[test]
    fn emboldened_text_is_as_heavy_and_as_large_as_katex() {
        let fonts = Fonts::default();
        for ch in ['=', '.', 'l', 'x', 'H', '0', 'g', 'e'] {
            let ((text, ours), (katex, theirs)) =
                (bounds_and_area(&fonts, FontIndex::TEXT, ch), bounds_and_area(&fonts, FontIndex::SIGNS, ch));
            assert!((text.left() - katex.left()).abs() < 20.0, "{ch}: {text:?} {katex:?}");
            assert!((text.right() - katex.right()).abs() < 20.0, "{ch}: {text:?} {katex:?}");
            assert!((text.top() - katex.top()).abs() < 8.0, "{ch}: {text:?} {katex:?}");
            assert!((text.bottom() - katex.bottom()).abs() < 8.0, "{ch}: {text:?} {katex:?}");
            assert!((ours / theirs - 1.0).abs() < 0.1, "{ch}: {ours} against {theirs} pixels");
        }
    }
}
