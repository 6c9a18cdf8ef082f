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
const DIGEST_BYTES: usize = 32;

/// A digest in hexadecimal digits.
const DIGEST_DIGITS: usize = 2 * DIGEST_BYTES;

/// What a stamp begins with; the version of this crate and the digest follow, each after a space.
const PREFIX: &str = "kymograph ";

/// No version is longer than this.
const MAX_VERSION_LENGTH: usize = 64;

/// More than a stamp takes at the end of a file, with what stands around it.
const TAIL_LENGTH: u64 = 512;

/// More than stands before the frames of a `WebM` that kymo makes: its stamp is within the first kilobyte.
const WEBM_HEAD: u64 = 1 << 14;

/// Boxes that are looked at in search of an MP4's `moov`, which is among the first four.
const MAX_BOXES: usize = 32;

/// The chunk of PNG's text that names the program behind a picture.
pub(super) const PNG_KEYWORD: &str = "Software";

/// The chunk of a WebP that holds a stamp; what does not know it passes over it.
pub(super) const WEBP_CHUNK: &[u8; 4] = b"KYMO";

/// What a picture was made from, as a hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    digest: [u8; DIGEST_BYTES],
}

impl Stamp {
    /// A stamp that says this digest.
    #[must_use]
    pub const fn new(digest: [u8; DIGEST_BYTES]) -> Self {
        Self { digest }
    }

    /// The stamp of one frame alone, if this is the film's.
    #[must_use]
    pub fn for_frame(self, index: usize) -> Self {
        let hash = Sha256::new().chain_update(self.digest).chain_update((index as u64).to_be_bytes());
        Self { digest: hash.finalize().into() }
    }

    /// The stamp of a picture, read from its beginning and its end; none where it has none, was cut off, or is no picture.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read(picture: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let length = picture.seek(SeekFrom::End(0))?;
        let head = read(picture, 0..16)?;
        let Some(trailer) = Trailer::of_file(&head, length) else { return Ok(None) };
        let place = match trailer {
            Trailer::Gif | Trailer::Png | Trailer::Webp | Trailer::Svg => {
                length.saturating_sub(TAIL_LENGTH)..length
            }
            Trailer::Mp4 => end_of_movie(picture, length)?,
            Trailer::Webm => 0..WEBM_HEAD,
        };
        Ok(trailer.find_stamp(&read(picture, place)?))
    }

    /// The stamp whose text end where `text` ends.
    fn parse_suffix(text: &[u8]) -> Option<Self> {
        let (before, digits) = text.split_at_checked(text.len().checked_sub(DIGEST_DIGITS)?)?;
        let before = before.strip_suffix(b" ")?;
        let version = before.rsplit(|byte| !is_version_byte(*byte)).next()?;
        let prefix = &before[..before.len() - version.len()];
        let is_valid =
            prefix.ends_with(PREFIX.as_bytes()) && (1..=MAX_VERSION_LENGTH).contains(&version.len());
        let mut digest = [0; DIGEST_BYTES];
        for (byte, pair) in digest.iter_mut().zip(digits.as_chunks::<2>().0) {
            *byte = 16 * hex_value(pair[0])? + hex_value(pair[1])?;
        }
        is_valid.then_some(Self { digest })
    }

    /// The last stamp anywhere in some bytes.
    fn find_last(bytes: &[u8]) -> Option<Self> {
        let longest = PREFIX.len() + MAX_VERSION_LENGTH + 1 + DIGEST_DIGITS;
        let begins = bytes.windows(PREFIX.len()).rposition(|window| window == PREFIX.as_bytes())?;
        let text = &bytes[begins..bytes.len().min(begins + longest)];
        (PREFIX.len()..=text.len()).find_map(|end| Self::parse_suffix(&text[..end]))
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
    for _ in 0..MAX_BOXES {
        let header = read(file, start..length.min(start + 16))?;
        let Some((size, rest)) = header.split_first_chunk() else { break };
        let size = match (u32::from_be_bytes(*size), rest.get(4..).and_then(|rest| rest.first_chunk())) {
            (0, _) => length - start,
            (1, Some(size)) => u64::from_be_bytes(*size),
            (size, _) => u64::from(size),
        };
        let end = start.saturating_add(size).min(length);
        if rest.starts_with(b"moov") {
            return Ok(end.saturating_sub(TAIL_LENGTH).max(start)..end);
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
        write!(f, "{PREFIX}{} ", env!("CARGO_PKG_VERSION"))?;
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
enum Trailer {
    /// The end of the comment, and of the GIF.
    Gif,
    /// The chunk's check sum, and the chunk that ends a PNG.
    Png,
    /// A byte that makes the chunk even, if it needs one.
    Webp,
    Svg,
    /// Boxes; the stamp is in `moov`, where the video encoder puts it.
    Mp4,
    /// Frames; the stamp stands before them.
    Webm,
}

impl Trailer {
    /// How a file ends that begins like this, if it is a picture and as long as it says.
    fn of_file(head: &[u8], length: u64) -> Option<Self> {
        match head {
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'<', b's', b'v', b'g', ..] => Some(Self::Svg),
            [b'R', b'I', b'F', b'F', a, b, c, d, b'W', b'E', b'B', b'P', ..] => {
                let declared = u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8;
                (declared == length).then_some(Self::Webp)
            }
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::Webm),
            _ => None,
        }
    }

    fn find_stamp(self, tail: &[u8]) -> Option<Stamp> {
        const CRC_BYTES: usize = 4;
        match self {
            Self::Gif => Stamp::parse_suffix(tail.strip_suffix(b"\0;")?),
            Self::Png => {
                let chunk = tail.strip_suffix(b"\0\0\0\0IEND\xae\x42\x60\x82")?;
                Stamp::parse_suffix(chunk.get(..chunk.len().checked_sub(CRC_BYTES)?)?)
            }
            Self::Webp => Stamp::parse_suffix(tail.strip_suffix(b"\0").unwrap_or(tail)),
            Self::Svg => Stamp::parse_suffix(tail.strip_suffix(SVG_TRAILER.as_bytes())?),
            Self::Mp4 | Self::Webm => Stamp::find_last(tail),
        }
    }
}

/// What stands behind a stamp in an SVG.
const SVG_TRAILER: &str = "</metadata>\n</svg>\n";

fn is_version_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-+".contains(&byte)
}

/// The value of a hexadecimal digit, as they are written here.
fn hex_value(digit: u8) -> Option<u8> {
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
        let text = stamp().to_string();
        assert!(text.is_ascii() && text.len() < 256, "a comment of GIF is one block: {text}");
        assert_eq!(Stamp::parse_suffix(text.as_bytes()), Some(stamp()));
        assert_eq!(Stamp::parse_suffix(format!("…{text}").as_bytes()), Some(stamp()));
        assert_eq!(Stamp::find_last(format!("a {text}, and {text} more").as_bytes()), Some(stamp()));
        for other in ["", "kymograph", &text[1..], &text[..text.len() - 1], &text.to_uppercase()] {
            assert_eq!(Stamp::parse_suffix(other.as_bytes()), None, "{other}");
            assert_eq!(Stamp::find_last(other.as_bytes()), None, "{other}");
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
    fn the_stamp_of_a_video_is_found_without_reading_the_whole_file() {
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
            assert_eq!(Stamp::read(&mut file).expect("memory can be read"), expected);
            assert!(file.1 < 1 << 15, "{} bytes were read", file.1);
        }
    }

    #[test]
    fn only_a_complete_file_has_a_stamp() {
        let text = stamp().to_string();
        let svg = format!("<svg>\n<metadata>{text}{SVG_TRAILER}");
        let gif = format!("GIF89a…{text}\0;");
        for file in [svg, gif] {
            let complete = Stamp::read(&mut Cursor::new(file.as_bytes())).expect("read");
            assert_eq!(complete, Some(stamp()));
            for end in 0..file.len() {
                let part = Stamp::read(&mut Cursor::new(&file.as_bytes()[..end])).expect("read");
                assert_eq!(part, None, "{end} bytes of {}", file.len());
            }
        }
    }
}
