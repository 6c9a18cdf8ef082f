//! The stamp: a hash that a picture carries of all that it was made from.
//!
//! Whoever finds the same stamp need not make the picture again. It is the last thing in a file (a comment of GIF, a text
//! chunk of PNG, a chunk of its own in WebP, the metadata of SVG): so what carries one is complete, and reading it takes
//! the file's first bytes and its last. Video is another program's, which puts it where it likes.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use sha2::{Digest, Sha256};

/// Bytes of a digest: those of SHA-256.
const DIGEST: usize = 32;

/// A digest in hexadecimal digits.
const DIGITS: usize = 2 * DIGEST;

/// What a stamp begins with; the version of this crate and the digest follow, each after a space.
const MAKER: &str = "kymograph ";

/// No version is longer than this.
const LONGEST_VERSION: usize = 64;

/// More than a stamp takes at the end of a file, with what stands around it.
const TAIL: u64 = 512;

/// The chunk of PNG's text that names the program behind a picture.
pub(super) const PNG_KEYWORD: &str = "Software";

/// The chunk of a WebP that holds a stamp; what does not know it passes over it.
pub(super) const WEBP_CHUNK: &[u8; 4] = b"KYMO";

/// What a picture was made from, as a hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    digest: [u8; DIGEST],
}

impl Stamp {
    /// A stamp that says this digest.
    #[must_use]
    pub const fn new(digest: [u8; DIGEST]) -> Self {
        Self { digest }
    }

    /// The stamp of one frame alone, if this is the film's.
    #[must_use]
    pub fn of_frame(self, index: usize) -> Self {
        let hash = Sha256::new().chain_update(self.digest).chain_update((index as u64).to_be_bytes());
        Self { digest: hash.finalize().into() }
    }

    /// The stamp of a picture, read from its beginning and its end; none where it has none, was cut off, or is no picture.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn of(picture: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let length = picture.seek(SeekFrom::End(0))?;
        picture.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        picture.take(16).read_to_end(&mut head)?;
        let Some(end) = End::of(&head, length) else { return Ok(None) };
        let from = if end == End::Anywhere { 0 } else { length.saturating_sub(TAIL) };
        picture.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::new();
        picture.read_to_end(&mut tail)?;
        Ok(end.stamp(&tail))
    }

    /// The stamp whose words end where `text` ends.
    fn ending(text: &[u8]) -> Option<Self> {
        let (before, digits) = text.split_at_checked(text.len().checked_sub(DIGITS)?)?;
        let before = before.strip_suffix(b" ")?;
        let version = before.rsplit(|byte| !is_of_version(*byte)).next()?;
        let maker = &before[..before.len() - version.len()];
        let sound = maker.ends_with(MAKER.as_bytes()) && (1..=LONGEST_VERSION).contains(&version.len());
        let mut digest = [0; DIGEST];
        for (byte, pair) in digest.iter_mut().zip(digits.as_chunks::<2>().0) {
            *byte = 16 * nibble(pair[0])? + nibble(pair[1])?;
        }
        sound.then_some(Self { digest })
    }

    /// The last stamp anywhere in some bytes.
    fn anywhere(bytes: &[u8]) -> Option<Self> {
        let longest = MAKER.len() + LONGEST_VERSION + 1 + DIGITS;
        let begins = bytes.windows(MAKER.len()).rposition(|window| window == MAKER.as_bytes())?;
        let words = &bytes[begins..bytes.len().min(begins + longest)];
        (MAKER.len()..=words.len()).find_map(|end| Self::ending(&words[..end]))
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MAKER}{} ", env!("CARGO_PKG_VERSION"))?;
        self.digest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stamp({self})")
    }
}

/// What follows a stamp in a complete file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The end of the comment, and of the GIF.
    Gif,
    /// The chunk's check sum, and the chunk that ends a PNG.
    Png,
    /// A byte that makes the chunk even, if it needs one.
    Webp,
    Svg,
    /// Something: in videos stamps stand where another program puts them.
    Anywhere,
}

impl End {
    /// How a file ends that begins like this, if it is a picture and as long as it says.
    fn of(head: &[u8], length: u64) -> Option<Self> {
        match head {
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'<', b's', b'v', b'g', ..] => Some(Self::Svg),
            [b'R', b'I', b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P', ..] => {
                let said = u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8;
                (said == length).then_some(Self::Webp)
            }
            [_, _, _, _, b'f', b't', b'y', b'p', ..] | [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::Anywhere),
            _ => None,
        }
    }

    fn stamp(self, tail: &[u8]) -> Option<Stamp> {
        const SUM: usize = 4;
        match self {
            Self::Gif => Stamp::ending(tail.strip_suffix(b"\0;")?),
            Self::Png => {
                let chunk = tail.strip_suffix(b"\0\0\0\0IEND\xae\x42\x60\x82")?;
                Stamp::ending(chunk.get(..chunk.len().checked_sub(SUM)?)?)
            }
            Self::Webp => Stamp::ending(tail.strip_suffix(b"\0").unwrap_or(tail)),
            Self::Svg => Stamp::ending(tail.strip_suffix(SVG_END.as_bytes())?),
            Self::Anywhere => Stamp::anywhere(tail),
        }
    }
}

/// What stands behind a stamp in an SVG.
const SVG_END: &str = "</metadata>\n</svg>\n";

fn is_of_version(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-+".contains(&byte)
}

/// The value of a hexadecimal digit, as they are written here.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn stamp() -> Stamp {
        Stamp::new(std::array::from_fn(|index| (index * 37) as u8))
    }

    #[test]
    fn words_read_back_and_others_do_not() {
        let words = stamp().to_string();
        assert!(words.is_ascii() && words.len() < 256, "a comment of GIF is one block: {words}");
        assert_eq!(Stamp::ending(words.as_bytes()), Some(stamp()));
        assert_eq!(Stamp::ending(format!("…{words}").as_bytes()), Some(stamp()));
        assert_eq!(Stamp::anywhere(format!("a {words}, and {words} more").as_bytes()), Some(stamp()));
        for other in ["", "kymograph", &words[1..], &words[..words.len() - 1], &words.to_uppercase()] {
            assert_eq!(Stamp::ending(other.as_bytes()), None, "{other}");
            assert_eq!(Stamp::anywhere(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn only_a_complete_file_has_a_stamp() {
        let words = stamp().to_string();
        let svg = format!("<svg>\n<metadata>{words}{SVG_END}");
        let gif = format!("GIF89a…{words}\0;");
        for file in [svg, gif] {
            let whole = Stamp::of(&mut Cursor::new(file.as_bytes())).expect("read");
            assert_eq!(whole, Some(stamp()));
            for end in 0..file.len() {
                let part = Stamp::of(&mut Cursor::new(&file.as_bytes()[..end])).expect("read");
                assert_eq!(part, None, "{end} bytes of {}", file.len());
            }
        }
    }
}
