//! The stamp: a hash that a picture carries of all that it was made from.
//!
//! Whoever finds the same stamp need not make the picture again. It is the last thing in a file (a comment of GIF, a text
//! chunk of PNG, a chunk of its own in WebP, the metadata of SVG): so what carries one is complete, and reading it takes
//! the file's first bytes and its last. In a video it is a comment, which ffmpeg writes at the end of an MP4's `moov` and
//! before the frames of a `WebM`; reading it takes no more than those.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

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

/// More than stands before the frames of a `WebM` that kymo makes: its stamp is within the first kilobyte.
const WEBM_HEAD: u64 = 1 << 14;

/// Boxes that are looked at in search of an MP4's `moov`, which is among the first four.
const MOST_BOXES: usize = 32;

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
        let head = read(picture, 0..16)?;
        let Some(end) = End::of(&head, length) else { return Ok(None) };
        let place = match end {
            End::Gif | End::Png | End::Webp | End::Svg => length.saturating_sub(TAIL)..length,
            End::Mp4 => end_of_movie(picture, length)?,
            End::Webm => 0..WEBM_HEAD,
        };
        Ok(end.stamp(&read(picture, place)?))
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

/// The bytes at a place, as far as there are any.
fn read(file: &mut (impl Read + Seek), place: Range<u64>) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place.start))?;
    let mut bytes = Vec::new();
    file.take(place.end - place.start).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last bytes of an MP4's box `moov`; none where there is no such box. A box begins with its length in four bytes and
/// its name; a length of 1 says that eight bytes behind the name have it, and 0 that the box ends with the file.
fn end_of_movie(file: &mut (impl Read + Seek), length: u64) -> io::Result<Range<u64>> {
    let mut start = 0;
    for _ in 0..MOST_BOXES {
        let header = read(file, start..length.min(start + 16))?;
        let Some((size, rest)) = header.split_first_chunk() else { break };
        let size = match (u32::from_be_bytes(*size), rest.get(4..).and_then(|rest| rest.first_chunk())) {
            (0, _) => length - start,
            (1, Some(size)) => u64::from_be_bytes(*size),
            (size, _) => u64::from(size),
        };
        let end = start.saturating_add(size).min(length);
        if rest.starts_with(b"moov") {
            return Ok(end.saturating_sub(TAIL).max(start)..end);
        }
        if end <= start {
            break;
        }
        start = end;
    }
    Ok(0..0)
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
    /// Whatever another program writes.
    Mp4,
    /// The frames.
    Webm,
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
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::Webm),
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
            Self::Mp4 | Self::Webm => Stamp::anywhere(tail),
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

    /// An MP4 box.
    fn boxed(kind: &str, inside: &[u8]) -> Vec<u8> {
        let size = (8 + inside.len() as u32).to_be_bytes();
        [&size[..], kind.as_bytes(), inside].concat()
    }

    /// A file that counts the bytes that are read of it.
    struct Counted(Cursor<Vec<u8>>, usize);

    impl Read for Counted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            self.1 += read;
            Ok(read)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn videos_tell_their_stamp_without_being_read_whole() {
        let comment = format!("comment {}", stamp());
        let pixels = vec![7; 1 << 20];
        let (head, frames) = (boxed("ftyp", b"isom"), boxed("mdat", &pixels));
        let movie = boxed("moov", &[&[0; 9000], comment.as_bytes(), &[0; 20]].concat());
        let large = [&[0, 0, 0, 1][..], b"mdat", &(16_u64 + (1 << 20)).to_be_bytes(), &pixels].concat();
        let webm = [&[0x1a, 0x45, 0xdf, 0xa3][..], &[0; 400], comment.as_bytes(), &pixels].concat();
        for (video, expected) in [
            ([&head[..], &movie, &frames].concat(), Some(stamp())),
            ([&head[..], &frames, &movie].concat(), Some(stamp())),
            ([&head[..], &large, &movie].concat(), Some(stamp())),
            ([&head[..], &frames].concat(), None),
            ([&head[..], &boxed("free", &[]).repeat(1 << 16)].concat(), None),
            ([&head[..], &[0, 0, 0, 0, b'm', b'd', b'a', b't']].concat(), None),
            ([&head[..], &[0, 0, 0, 3, b'm', b'd', b'a', b't']].concat(), None),
            (webm, Some(stamp())),
        ] {
            let mut file = Counted(Cursor::new(video), 0);
            assert_eq!(Stamp::of(&mut file).expect("memory can be read"), expected);
            assert!(file.1 < 1 << 15, "{} bytes were read", file.1);
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
