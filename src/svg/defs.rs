//! Definitions: shapes that are used more than once, clip paths and masks.
//!
//! A definition's id is a digest of its content. Several pictures inlined in one page therefore share an id only where they
//! share the definition.

use std::collections::BTreeMap;

use crate::geometry::PixelRect;
use crate::svg::xml::Element;

/// Definitions in the order of their first use.
#[derive(Debug, Default)]
pub(super) struct Defs {
    names: BTreeMap<String, String>,
    elements: Vec<Element>,
}

/// Approximate length of a `use` element, and of a definition beyond its path data.
const USE_BYTES: usize = 34;
const DEFINITION_BYTES: usize = 26;

impl Defs {
    /// Returns the id of a definition and adds it if it is new. The element must not have an id yet.
    pub(super) fn name(&mut self, definition: &Element) -> String {
        let content = definition.to_string();
        let mut name = digest(&content);
        // Two definitions rarely share a digest (about once in 10^8 pairs); the second gets a longer id.
        while self.names.get(&name).is_some_and(|known| *known != content) {
            name.push('a');
        }
        if self.names.insert(name.clone(), content).is_none() {
            self.elements.push(definition.clone().with("id", &name));
        }
        name
    }

    /// Returns a reference to a rectangular clip path.
    pub(super) fn clip(&mut self, clip: PixelRect) -> String {
        let (width, height) = (clip.width(), clip.height());
        let data = format!("M{} {}h{width}v{height}h-{width}z", clip.left, clip.top);
        let path = Element::new("path").with("d", data);
        format!("url(#{})", self.name(&Element::new("clipPath").with_children([&path])))
    }

    /// Returns a reference to a mask that covers the whole canvas.
    pub(super) fn mask(&mut self, canvas: PixelRect, content: &[Element]) -> String {
        let mask = Element::new("mask").with("maskUnits", "userSpaceOnUse");
        let mask = mask.with("x", 0).with("y", 0).with("width", canvas.width());
        let mask = mask.with("height", canvas.height()).with_children(content);
        format!("url(#{})", self.name(&mask))
    }

    /// The `defs` element, or `None` if there are no definitions.
    pub(super) fn element(&self) -> Option<Element> {
        (!self.elements.is_empty()).then(|| Element::new("defs").with_children(&self.elements))
    }
}

/// Whether defining path data once is shorter than writing it `times` times.
pub(super) fn worth_defining(way: &str, times: usize) -> bool {
    times > 1 && times * USE_BYTES + DEFINITION_BYTES + way.len() < times * way.len()
}

/// Six letters and digits: the FNV-1a hash of a text in base 36.
fn digest(text: &str) -> String {
    const SIGNS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let sign = |k: u32| {
        // An id begins with a letter.
        let base = if k == 0 { 26 } else { 36 };
        char::from(SIGNS[(hash / 36_u64.pow(k) % base) as usize])
    };
    (0..6).map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_definitions_share_a_name_and_others_do_not() {
        let mut defs = Defs::default();
        let rects =
            [(0, 9), (0, 8), (0, 9)].map(|(left, right)| PixelRect { left, top: 0, right, bottom: 5 });
        let [a, b, c] = rects.map(|rect| defs.clip(rect));
        assert_eq!(a, c);
        assert_ne!(a, b);
        assert_eq!(defs.elements.len(), 2);
    }

    #[test]
    fn short_path_data_is_not_defined() {
        assert!(!worth_defining("h2v2h-2z", 100));
        let glyph = "q3 2 5 7".repeat(20);
        assert!(worth_defining(&glyph, 2) && !worth_defining(&glyph, 1));
    }
}
