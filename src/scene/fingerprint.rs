//! The hash of everything that determines a picture: the merged scene, the fonts, and the version of this crate.
//!
//! Values are hashed, not text: comments, white space and the notation of strings make no difference. The order of keys
//! matters, because it has a meaning. The paths of outputs, the limits and the tolerances of comparisons are not hashed.

use sha2::{Digest, Sha256};

use super::tree::{Entry, Node, TomlTable, Value};
use super::{Format, Output, Scene};
use crate::stamp::Stamp;
use crate::text::FONTS_SHA256;

/// The hash of the content of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// Keys, with their tables, that are not part of the fingerprint. [`Scene::stamp`] adds the scale of the output.
const EXCLUDED: [(&str, &str); 4] = [("", "output"), ("", "limits"), ("", "check"), ("canvas", "scale")];

impl Fingerprint {
    /// The fingerprint of a merged tree and of the texts of the data files that it names.
    pub(super) fn of<'a>(root: &Node, data: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for entry in root.as_table().map_or(&[][..], TomlTable::entries) {
            let inside = entry.node.as_table().map(TomlTable::entries);
            let counts = |name: &str, key: &str| !EXCLUDED.contains(&(name, key));
            if counts("", &entry.key) {
                text(&entry.key, &mut hash);
                match inside {
                    Some(inside) => {
                        table(inside.iter().filter(|inside| counts(&entry.key, &inside.key)), &mut hash);
                    }
                    None => node(&entry.node, &mut hash),
                }
            }
        }
        for data in data {
            hash.update(b"data");
            text(data, &mut hash);
        }
        Self(hash.finalize().into())
    }
}

impl Fingerprint {
    /// The fingerprint of a draft of the same scene, which no finished picture has.
    #[must_use]
    pub fn of_draft(self) -> Self {
        Self(Sha256::new().chain_update(b"draft").chain_update(self.0).finalize().into())
    }
}

impl Scene {
    /// The stamp of an output. The stamp of a still is [`Stamp::for_frame`] of it.
    #[must_use]
    pub fn stamp(&self, output: &Output) -> Stamp {
        let mut hash = Sha256::new();
        text(env!("CARGO_PKG_VERSION"), &mut hash);
        text(FONTS_SHA256, &mut hash);
        hash.update(self.fingerprint.0);
        text(word(output.format), &mut hash);
        hash.update(output.scale.unwrap_or(self.canvas.scale).to_bits().to_be_bytes());
        if !output.quality.is_exact() {
            hash.update([output.quality.percent()]);
        }
        Stamp::new(hash.finalize().into())
    }
}

/// The name of a format in the hash. It must not change when the enum is renamed.
fn word(format: Format) -> &'static str {
    match format {
        Format::Gif => "gif",
        Format::Apng => "apng",
        Format::Webp => "webp",
        Format::Mp4 => "mp4",
        Format::Webm => "webm",
        // A single frame is equal to a file of a sequence.
        Format::Png | Format::PngSequence => "png",
        Format::Svg => "svg",
        Format::SvgFilm => "svg film",
    }
}

/// Hashes a value as a letter for its type, its length, and its content, so that different trees are different bytes.
fn node(node: &Node, hash: &mut Sha256) {
    match &node.value {
        Value::Table(all) => table(all.entries().iter(), hash),
        Value::Array(items) => {
            hash.update(b"a");
            hash.update((items.len() as u64).to_be_bytes());
            for item in items.iter() {
                self::node(item, hash);
            }
        }
        Value::String(string) => {
            hash.update(b"s");
            text(string.as_str(), hash);
        }
        Value::Integer(number) => {
            hash.update(b"i");
            hash.update(number.to_be_bytes());
        }
        Value::Float(number) => {
            hash.update(b"f");
            hash.update(number.to_bits().to_be_bytes());
        }
        Value::Bool(yes) => hash.update(if *yes { b"y" } else { b"n" }),
        Value::Datetime => hash.update(b"d"),
    }
}

fn table<'a>(entries: impl Iterator<Item = &'a Entry>, hash: &mut Sha256) {
    hash.update(b"t");
    for entry in entries {
        hash.update(b"k");
        text(&entry.key, hash);
        node(&entry.node, hash);
    }
    hash.update(b".");
}

fn text(text: &str, hash: &mut Sha256) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text);
}

#[cfg(test)]
mod tests {
    use super::super::source::Sources;
    use super::super::syntax;
    use super::*;

    fn fingerprint(text: &str) -> Fingerprint {
        let mut sources = Sources::new();
        let file = sources.add("a.toml", text);
        Fingerprint::of(&syntax::parse(&sources, file).expect("it is TOML"), [])
    }

    #[test]
    fn notation_and_excluded_keys_do_not_change_the_fingerprint() {
        let one = "a = 1\nb = ['x', true]\n[c]\nd = 0.5\n[canvas]\nscale = 2\n";
        let same = [
            "# a note\na=1\nb = [\"x\", # another\n  true]\nc.d = 0.5\ncanvas = {}",
            "output = 'z.gif'\n a = 1\nb = ['x', true]\n[c]\nd = 5e-1\n[check]\nshare = 0\n[canvas]\nscale = 3",
        ];
        for text in same {
            assert_eq!(fingerprint(text), fingerprint(one), "{text}");
        }
    }

    #[test]
    fn different_trees_have_different_fingerprints() {
        let texts = [
            "",
            "a = 1",
            "a = 2",
            "a = 1.0",
            "a = '1'",
            "a = [1]",
            "a = [[1]]",
            "a = [1, 1]",
            "a = true",
            "a = false",
            "b = 1",
            "a = 1\nb = 2",
            "b = 2\na = 1",
            "a = { b = 1 }",
            "a = { b = 1, c = 2 }",
            "a = { b = 1 }\nc = 2",
            "a = ''",
            "a = ['', '']",
            "a = { output = 1 }",
            "a = { check = 1 }",
        ];
        for (index, one) in texts.iter().enumerate() {
            for other in &texts[index + 1..] {
                assert_ne!(fingerprint(one), fingerprint(other), "{one:?} and {other:?}");
            }
        }
    }
}
