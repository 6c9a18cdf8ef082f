//! A part: the coded frames of a stretch of film in a file of their own, to be joined with the others.
//!
//! All that stands around the frames of the whole film is in each part, so whoever joins them understands no format; he
//! copies. A survey, which says what is to be counted in a stretch, is kept in the same way. Numbers are
//! little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `KYMOPART` |
//! | 1 | the version of this layout, 1 |
//! | 1 | 0 a survey, 1 frames of a GIF, 2 of an APNG, 3 of a WebP |
//! | 1 + 32 | 1 and the digest of the film's stamp; zeros where it has none |
//! | 8 | frames of the film |
//! | 8 + 8 | the stretch: its first frame from 0, and the one behind its last |
//! | 4 + n | how many bytes stand before the film's first frame, and those |
//! | 4 + n | how many stand behind its last frame, and those |
//! | 32 | SHA-256 of all that stands before |
//! | n | the frames |
//! | 32 | SHA-256 of all that stands before |
//!
//! By the first sum a part is known for what it says, even when only that much is read of it.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::stamp::Stamp;

const MAGIC: &[u8; 8] = b"KYMOPART";
const VERSION: u8 = 1;

/// Bytes of a sum.
const SUM: u64 = 32;

/// More than stands before or behind the frames of any film: what says more is damaged.
const MOST_AROUND: u32 = 1 << 16;

/// How frames are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As in a GIF.
    Gif,
    /// As in an APNG.
    Apng,
    /// As in an animated WebP.
    Webp,
}

/// What is in a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// What has to be counted in a film before any of its frames is coded.
    Survey,
    /// Coded frames.
    Frames(Coding),
}

/// What a part says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What is in it.
    pub content: Content,
    /// What the film is made from.
    pub stamp: Option<Stamp>,
    /// How many frames the film has.
    pub film: usize,
    /// Which of them are in the part.
    pub frames: Range<usize>,
    /// All that stands before the film's first frame.
    pub(crate) header: Vec<u8>,
    /// All that stands behind its last.
    pub(crate) trailer: Vec<u8>,
}

/// Why something cannot be read as a part.
#[derive(Debug)]
pub enum PartError {
    /// The reader failed.
    Io(io::Error),
    /// It is something else.
    Foreign,
    /// It is of another version of this layout.
    Version(u8),
    /// It was cut off or changed.
    Damaged,
}

impl From<io::Error> for PartError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

/// A part to be read.
pub struct Part<R> {
    head: Head,
    /// Bytes of its frames.
    length: u64,
    /// It has been read as far as to its first frame.
    reader: Summed<R>,
}

/// A part that is written; what is written into it are its frames. It must be finished.
pub(crate) struct PartWriter<W> {
    out: Summed<W>,
}

/// Bytes that pass are summed.
struct Summed<T> {
    inner: T,
    sum: Sha256,
    passed: u64,
}

impl Head {
    fn bytes(&self) -> Vec<u8> {
        let content = match self.content {
            Content::Survey => 0,
            Content::Frames(Coding::Gif) => 1,
            Content::Frames(Coding::Apng) => 2,
            Content::Frames(Coding::Webp) => 3,
        };
        let mut bytes = MAGIC.to_vec();
        bytes.extend([VERSION, content, u8::from(self.stamp.is_some())]);
        bytes.extend(self.stamp.map_or([0; SUM as usize], Stamp::digest));
        for number in [self.film, self.frames.start, self.frames.end] {
            bytes.extend((number as u64).to_le_bytes());
        }
        for around in [&self.header, &self.trailer] {
            bytes.extend((around.len() as u32).to_le_bytes());
            bytes.extend(around);
        }
        bytes
    }

    fn read(from: &mut impl Read) -> Result<Self, PartError> {
        let magic: [u8; MAGIC.len()] = array(from).map_err(|error| match error {
            PartError::Damaged => PartError::Foreign,
            error => error,
        })?;
        if magic != *MAGIC {
            return Err(PartError::Foreign);
        }
        let [version] = array(from)?;
        if version != VERSION {
            return Err(PartError::Version(version));
        }
        let [content, stamped] = array(from)?;
        let content = match content {
            0 => Content::Survey,
            1 => Content::Frames(Coding::Gif),
            2 => Content::Frames(Coding::Apng),
            3 => Content::Frames(Coding::Webp),
            _ => return Err(PartError::Damaged),
        };
        let stamp = Some(Stamp::new(array(from)?)).filter(|_| stamped != 0);
        let [film, start, end] = [number(from)?, number(from)?, number(from)?];
        if start >= end || end > film {
            return Err(PartError::Damaged);
        }
        let (header, trailer) = (around(from)?, around(from)?);
        Ok(Self { content, stamp, film, frames: start..end, header, trailer })
    }
}

fn array<const N: usize>(from: &mut impl Read) -> Result<[u8; N], PartError> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn number(from: &mut impl Read) -> Result<usize, PartError> {
    usize::try_from(u64::from_le_bytes(array(from)?)).map_err(|_| PartError::Damaged)
}

fn around(from: &mut impl Read) -> Result<Vec<u8>, PartError> {
    let length = u32::from_le_bytes(array(from)?);
    if length > MOST_AROUND {
        return Err(PartError::Damaged);
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

impl<R: Read + Seek> Part<R> {
    /// Reads what a part says of itself.
    ///
    /// # Errors
    /// If it is none, or the reader fails. Whether its frames are whole is known only when they were read.
    pub fn open(mut reader: R) -> Result<Self, PartError> {
        let all = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(0))?;
        let mut reader = Summed::new(reader);
        let head = Head::read(&mut reader)?;
        reader.check()?;
        let length = all.checked_sub(reader.passed + SUM).ok_or(PartError::Damaged)?;
        Ok(Self { head, length, reader })
    }

    /// What it says of itself.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// How many bytes its frames take.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Hands the bytes of its frames to `sink`, some at a time.
    ///
    /// # Errors
    /// [`PartError::Damaged`] if they turn out to be others than were written, when all were handed over; those of the
    /// reader and of `sink`.
    pub fn read<E: From<PartError>>(mut self, mut sink: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut buffer = vec![0; 1 << 16];
        let mut left = self.length;
        while left > 0 {
            let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let read = self.reader.read(&mut buffer[..most]).map_err(PartError::from)?;
            if read == 0 {
                return Err(PartError::Damaged.into());
            }
            sink(&buffer[..read])?;
            left -= read as u64;
        }
        Ok(self.reader.check()?)
    }

    /// Whether its frames are those that were written.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn is_sound(self) -> Result<bool, PartError> {
        match self.read(|_| Ok(())) {
            Ok(()) => Ok(true),
            Err(PartError::Damaged) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl<W: Write> PartWriter<W> {
    pub(crate) fn new(writer: W, head: &Head) -> io::Result<Self> {
        let mut out = Summed::new(writer);
        out.write_all(&head.bytes())?;
        out.write_sum()?;
        Ok(Self { out })
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.write_sum()?;
        self.out.flush()
    }
}

impl<W: Write> Write for PartWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        Self { inner, sum: Sha256::new(), passed: 0 }
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        self.passed += bytes.len() as u64;
    }
}

impl<R: Read> Summed<R> {
    /// Reads the sum of all that has passed.
    fn check(&mut self) -> Result<(), PartError> {
        let sum = self.sum.clone().finalize();
        let told: [u8; SUM as usize] = array(self)?;
        if sum[..] == told { Ok(()) } else { Err(PartError::Damaged) }
    }
}

impl<W: Write> Summed<W> {
    /// Writes the sum of all that has passed.
    fn write_sum(&mut self) -> io::Result<()> {
        let sum = self.sum.clone().finalize();
        self.write_all(&sum)
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.pass(&buffer[..read]);
        Ok(read)
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.pass(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn part() -> Vec<u8> {
        let head = Head {
            content: Content::Frames(Coding::Apng),
            stamp: Some(Stamp::new([7; 32])),
            film: 90,
            frames: 3..17,
            header: b"before".to_vec(),
            trailer: b"behind".to_vec(),
        };
        let mut file = Vec::new();
        let mut part = PartWriter::new(&mut file, &head).expect("room");
        part.write_all(b"many frames").expect("room");
        part.finish().expect("room");
        let read = Part::open(Cursor::new(&file)).expect("a part");
        assert_eq!((read.head(), read.length()), (&head, 11));
        file
    }

    #[test]
    fn what_was_cut_off_or_changed_is_no_part() {
        let file = part();
        let sound = |file: &[u8]| Part::open(Cursor::new(file)).and_then(Part::is_sound);
        assert!(matches!(sound(&file), Ok(true)));
        for end in 0..file.len() {
            assert!(!matches!(sound(&file[..end]), Ok(true)), "{end} of {} bytes", file.len());
        }
        for place in 0..file.len() {
            let mut changed = file.clone();
            changed[place] ^= 1;
            assert!(!matches!(sound(&changed), Ok(true)), "byte {place}");
        }
        assert!(matches!(sound(b"GIF89a and more"), Err(PartError::Foreign)));
        assert!(matches!(sound(&[&file[..], b"more"].concat()), Ok(false)));
    }

    #[test]
    fn its_frames_come_back() {
        let (file, mut frames) = (part(), Vec::new());
        let part = Part::open(Cursor::new(file)).expect("a part");
        let copied: Result<(), PartError> = part.read(|bytes| {
            frames.extend_from_slice(bytes);
            Ok(())
        });
        assert!(copied.is_ok() && frames == b"many frames");
    }
}
