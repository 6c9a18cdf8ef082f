//! The embedded fonts, parsed when first used, and outlines taken from them.
//!
//! Fonts are named as the mathematics engine names them (`Main-Regular`, `Size2-Regular`, …); plain
//! text has one of its own, [`FontIndex::TEXT`]. Glyphs are never hinted: a label at twice the size has
//! the same outlines twice as large. Where files come from and under which licences: `assets/fonts`.
//!
//! Both families are Computer Modern, but `KaTeX`'s stems, serifs and bars are all 16/1000 em thicker. So
//! that words and formulas stand side by side in one weight, CMU Serif's outlines are thickened here.

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

/// SHA-256 of all these files, one behind the other: which fonts pictures were drawn with.
pub const FONTS_SHA256: &str = "e98a0b450bc5deeb92294b0577b977d8cfd23f10971b7de0a2abcc6ca29c6548";

/// The first fonts of the list lend glyphs to any font that lacks them, in this order.
const FALLBACK_FONTS: usize = 5;

/// How much thicker `KaTeX`'s strokes are than CMU Serif's, in em: the stem of `l` 83 against 66, the serif
/// of `I` 46 against 31, the bar of `=` 40 against 23, the dot 121 against 105 thousandths.
const THICKENING: f64 = 0.016;

/// CMU Serif's signs that are drawn for small sizes, and so are as heavy as `KaTeX`'s to begin with.
const ALREADY_BOLD: &str = "€¹²³¼½¾′″";

/// The height of an x in Computer Modern, in em.
const X_HEIGHT: f64 = 0.431;

/// One of the embedded fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FontIndex(usize);

impl FontIndex {
    /// The font of plain text, CMU Serif.
    pub(super) const TEXT: Self = Self(0);

    /// The font of arrows and operators, `KaTeX`'s main one.
    pub(super) const SIGNS: Self = Self(1);

    /// The font that the mathematics engine calls `name`; none where it asks for a system font.
    pub(super) fn named(name: &str) -> Option<Self> {
        FILES.iter().position(|(known, _)| *known == name).map(Self)
    }
}

/// What a character looks like: a glyph of a font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Glyph {
    /// The font it is drawn from.
    pub(super) font: FontIndex,
    /// Its number there.
    pub(super) id: GlyphId,
}

/// How far a glyph's ink reaches around its origin on the baseline, in em.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct GlyphMetrics {
    /// How far the pen moves on.
    pub(super) width: f64,
    /// Above the baseline, at least 0.
    pub(super) height: f64,
    /// Below it, at least 0.
    pub(super) depth: f64,
}

/// All embedded fonts, each parsed when first asked for.
#[derive(Default)]
pub(super) struct Fonts {
    faces: [OnceLock<Face<'static>>; FILES.len()],
    latin: OnceLock<ShapePlan>,
    emboldened: OnceLock<Box<[OnceLock<Option<Path>>]>>,
}

impl Fonts {
    /// The parsed font.
    ///
    /// # Panics
    /// Never: the files are part of the program, and a test parses them all.
    pub(super) fn face(&self, font: FontIndex) -> &Face<'static> {
        let (name, bytes) = FILES[font.0];
        self.faces[font.0].get_or_init(|| {
            Face::from_slice(bytes, 0).unwrap_or_else(|| panic!("the embedded font {name} is damaged"))
        })
    }

    /// How to shape Latin left to right in the text font, which takes longer to plan than to do.
    pub(super) fn latin_plan(&self) -> &ShapePlan {
        self.latin.get_or_init(|| {
            let face = self.face(FontIndex::TEXT);
            ShapePlan::new(face, Direction::LeftToRight, Some(script::LATIN), None, &[])
        })
    }

    /// The glyph that `font` itself has for a character; one that would draw nothing counts as absent.
    pub(super) fn own_glyph(&self, font: FontIndex, ch: char) -> Option<Glyph> {
        let face = self.face(font);
        let id = face.glyph_index(ch).filter(|id| id.0 != 0)?;
        ink(face, id).map(|_| Glyph { font, id })
    }

    /// The glyph that another font lends for a character.
    pub(super) fn fallback_glyph(&self, ch: char) -> Option<Glyph> {
        (0..FALLBACK_FONTS).find_map(|lender| self.own_glyph(FontIndex(lender), ch))
    }

    /// Width, height and depth of a glyph as drawn.
    pub(super) fn measure(&self, glyph: Glyph) -> GlyphMetrics {
        let face = self.face(glyph.font);
        let em = f64::from(face.units_per_em());
        let width = f64::from(face.glyph_hor_advance(glyph.id).unwrap_or(0)) / em;
        ink(face, glyph.id).map_or(GlyphMetrics { width, ..GlyphMetrics::default() }, |ink| GlyphMetrics {
            width,
            height: (f64::from(ink.y_max) / em).max(0.0),
            depth: (-f64::from(ink.y_min) / em).max(0.0),
        })
    }

    /// A glyph's outline with its origin at `at`, `size` device pixels to the em, y downward. None where
    /// the glyph has no ink, as a space has none.
    pub(super) fn outline(&self, glyph: Glyph, at: Point, size: f64) -> Option<Path> {
        let face = self.face(glyph.font);
        let scale = size / f64::from(face.units_per_em());
        if glyph.font != FontIndex::TEXT {
            return trace(face, glyph.id, GlyphPathBuilder::new(at, scale));
        }
        let place = Transform::from_row(scale as f32, 0.0, 0.0, scale as f32, at.x as f32, at.y as f32);
        self.emboldened(glyph.id)?.clone().transform(place)
    }

    /// The thickened outline of a glyph of the text font, in font units, y downward.
    fn emboldened(&self, id: GlyphId) -> Option<&Path> {
        let face = self.face(FontIndex::TEXT);
        let all =
            self.emboldened.get_or_init(|| (0..face.number_of_glyphs()).map(|_| OnceLock::new()).collect());
        all.get(usize::from(id.0))?.get_or_init(|| embolden(face, id)).as_ref()
    }
}

/// The box of a glyph's ink in font units; none where it has none.
fn ink(face: &Face, id: GlyphId) -> Option<ttf_parser::Rect> {
    face.tables().glyf.and_then(|outlines| outlines.bbox(id))
}

fn trace(face: &Face, id: GlyphId, mut builder: GlyphPathBuilder) -> Option<Path> {
    face.outline_glyph(id, &mut builder)?;
    builder.path.finish()
}

/// A glyph's outline and a pen's way around it, as one path: both wind alike, so they unite.
///
/// The pen would also raise what stands on the baseline or reaches the x height above its line, hence
/// the outline is drawn in beforehand by what the pen will add: `KaTeX`'s letters too have grown inward.
fn embolden(face: &Face, id: GlyphId) -> Option<Path> {
    let em = f64::from(face.units_per_em());
    let mut builder = GlyphPathBuilder::new(Point::default(), 1.0);
    if ALREADY_BOLD.chars().any(|ch| face.glyph_index(ch) == Some(id)) {
        return trace(face, id, builder);
    }
    builder.x_height_shrink = THICKENING * em;
    builder.x_height = X_HEIGHT * em;
    let outline = trace(face, id, builder)?;
    let pen = Stroke { width: (THICKENING * em) as f32, ..Stroke::default() };
    let mut both = PathBuilder::new();
    both.push_path(&outline);
    both.push_path(&outline.stroke(&pen, 1.0)?);
    both.finish()
}

/// Carries a glyph's outline from font units, y upward, to device pixels, y downward.
struct GlyphPathBuilder {
    path: PathBuilder,
    at: Point,
    scale: f64,
    /// By how many font units the x height shrinks, half of them at the baseline; what lies above or
    /// below moves along unchanged.
    x_height_shrink: f64,
    x_height: f64,
}

impl GlyphPathBuilder {
    fn new(at: Point, scale: f64) -> Self {
        Self { path: PathBuilder::new(), at, scale, x_height_shrink: 0.0, x_height: 1.0 }
    }

    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let up = f64::from(y) + self.x_height_shrink * (0.5 - (f64::from(y) / self.x_height).clamp(0.0, 1.0));
        let x = self.at.x + f64::from(x) * self.scale;
        let y = self.at.y - up * self.scale;
        (x as f32, y as f32)
    }
}

impl OutlineBuilder for GlyphPathBuilder {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.place(x1, y1), self.place(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2)) = (self.place(x1, y1), self.place(x2, y2));
        let (x, y) = self.place(x, y);
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
    fn the_hash_is_that_of_the_files() {
        let mut hash = Sha256::new();
        for (_, file) in FILES {
            hash.update(file);
        }
        let told = Stamp::new(hash.finalize().into()).to_string();
        assert!(told.ends_with(FONTS_SHA256), "write the hash of {told} into FONTS_SHA256");
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
    fn an_outline_scales_and_moves_with_its_arguments() {
        let fonts = Fonts::default();
        let glyph = fonts.own_glyph(FontIndex::TEXT, 'g').expect("CMU Serif has a g");
        let small = fonts.outline(glyph, Point::new(0.0, 0.0), 10.0).expect("g has ink").bounds();
        let large = fonts.outline(glyph, Point::new(3.0, 5.0), 20.0).expect("g has ink").bounds();
        assert!((large.width() - 2.0 * small.width()).abs() < 1e-4);
        assert!((large.left() - 3.0 - 2.0 * small.left()).abs() < 1e-4);
        assert!((large.bottom() - 5.0 - 2.0 * small.bottom()).abs() < 1e-4);
        assert!(small.bottom() > 0.0, "a descender lies below the baseline, where y is positive");
    }

    /// A glyph at 1000 pixels to the em: its box, and how many pixels it covers.
    fn weigh(fonts: &Fonts, font: FontIndex, ch: char) -> (tiny_skia_path::Rect, f64) {
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
    fn thickened_text_is_as_heavy_and_as_large_as_katex() {
        let fonts = Fonts::default();
        for ch in ['=', '.', 'l', 'x', 'H', '0', 'g', 'e'] {
            let ((text, ours), (katex, theirs)) =
                (weigh(&fonts, FontIndex::TEXT, ch), weigh(&fonts, FontIndex::SIGNS, ch));
            assert!((text.left() - katex.left()).abs() < 20.0, "{ch}: {text:?} {katex:?}");
            assert!((text.right() - katex.right()).abs() < 20.0, "{ch}: {text:?} {katex:?}");
            assert!((text.top() - katex.top()).abs() < 8.0, "{ch}: {text:?} {katex:?}");
            assert!((text.bottom() - katex.bottom()).abs() < 8.0, "{ch}: {text:?} {katex:?}");
            assert!((ours / theirs - 1.0).abs() < 0.1, "{ch}: {ours} against {theirs} pixels");
        }
    }
}
