//! The stamp of a picture: a hash of everything it was made from, stored in the file.
//!
//! A picture whose stamp is unchanged need not be rendered again. The stamp is the last item of a file (a GIF comment, a
//! PNG text chunk, a WebP chunk of its own, SVG metadata), so a file with a stamp is complete, and its first and last
//! bytes suffice to read it. In a video the stamp is a comment, which ffmpeg writes at the end of an MP4's `moov` box and
//! before the frames of a `WebM`.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use sha2::{Digest, Sha256};

/// Bytes of a SHA-256 digest.
const DIGEST_BYTES: usize = 32;

/// Hexadecimal digits of a digest.
const DIGEST_DIGITS: usize = 2 * DIGEST_BYTES;

/// The beginning of a stamp. The version of this crate follows, then a space and the digest.
const PREFIX: &str = "kymograph ";

/// The maximal length of a version, in bytes.
const MAX_VERSION_LENGTH: usize = 64;

/// Bytes read from the end of a file: more than a stamp and the bytes after it take.
const TAIL_LENGTH: u64 = 512;

/// Bytes read from the beginning of a `WebM`. A stamp written by kymo is within the first kilobyte.
const WEBM_HEAD: u64 = 1 << 14;

/// The maximal number of MP4 boxes searched for `moov`, which is among the first four.
const MAX_BOXES: usize = 32;

/// The keyword of the PNG text chunk that holds the stamp: the standard one for the program that made the picture.
pub(super) const PNG_KEYWORD: &str = "Software";

/// The name of the WebP chunk that holds the stamp. Decoders skip unknown chunks.
pub(super) const WEBP_CHUNK: &[u8; 4] = b"KYMO";

/// The hash of everything a picture was made from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    digest: [u8; DIGEST_BYTES],
}

impl Stamp {
    /// The stamp with this digest.
    #[must_use]
    pub const fn new(digest: [u8; DIGEST_BYTES]) -> Self {
        Self { digest }
    }

    /// The stamp of one frame as a still, from the stamp of the film.
    #[must_use]
    pub fn for_frame(self, index: usize) -> Self {
        let hash = Sha256::new().chain_update(self.digest).chain_update((index as u64).to_be_bytes());
        Self { digest: hash.finalize().into() }
    }

    /// Reads the stamp of a picture. Returns `None` if the file has no stamp, is truncated, or is not a picture.
    ///
    /// # Errors
    /// The errors of the reader.
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

    /// Parses a stamp at the end of `text`.
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

    /// Finds the last stamp in some bytes.
    fn find_last(bytes: &[u8]) -> Option<Self> {
        let longest = PREFIX.len() + MAX_VERSION_LENGTH + 1 + DIGEST_DIGITS;
        let begins = bytes.windows(PREFIX.len()).rposition(|window| window == PREFIX.as_bytes())?;
        let text = &bytes[begins..bytes.len().min(begins + longest)];
        (PREFIX.len()..=text.len()).find_map(|end| Self::parse_suffix(&text[..end]))
    }
}

/// Reads a range of bytes, clipped to the end of the file.
fn read(file: &mut (impl Read + Seek), place: Range<u64>) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place.start))?;
    let mut bytes = Vec::new();
    file.take(place.end - place.start).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The range of the last bytes of an MP4's `moov` box; empty if there is no such box.
///
/// A box begins with its length in four bytes and its name. Length 1 means that the length is in the eight bytes after the
/// name, and length 0 that the box extends to the end of the file.
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

/// The bytes that surround a stamp in a complete file, by file format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trailer {
    /// The end of the comment and the GIF trailer follow.
    Gif,
    /// The checksum of the chunk and the `IEND` chunk follow.
    Png,
    /// A padding byte follows if the chunk has an odd length.
    Webp,
    /// [`SVG_TRAILER`] follows.
    Svg,
    /// The stamp is in the `moov` box, where the video encoder writes it.
    Mp4,
    /// The stamp is before the frames.
    Webm,
}

impl Trailer {
    /// The trailer for a file with this beginning and length; `None` if it is not a picture, or has another length than
    /// its header declares.
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

    /// Finds the stamp in the bytes that [`Stamp::read`] read for this format.
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

/// The text after a stamp in an SVG.
const SVG_TRAILER: &str = "</metadata>\n</svg>\n";

fn is_version_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-+".contains(&byte)
}

/// The value of a lowercase hexadecimal digit.
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
    fn only_the_text_of_a_stamp_parses() {
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

    /// A file that counts the bytes read from it.
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
