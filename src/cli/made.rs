//! A picture that is complete and in no place yet, and where it is made.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use kymograph::encode::EncodeError;
use kymograph::scene::resolve::sequence_name;
use tempfile::NamedTempFile;

use super::picture::Failure;
use super::place::{self, Draft, Place};

/// A picture that is complete, and in no place yet.
pub(super) enum Made {
    One(Draft),
    /// The files of a sequence, one behind the other, and how long each is.
    Many(Draft, Vec<u64>),
    Video(NamedTempFile),
}

/// Where a picture is made.
#[derive(Clone, Copy)]
pub(super) enum Workshop<'a> {
    /// Beside its place, so that it can be moved there.
    Beside(&'a Place),
    /// Where it leaves no trace.
    Apart,
}

/// One file of a picture, read from its beginning.
pub(super) enum Part<'a> {
    Draft(&'a mut Draft),
    Bytes(Cursor<Vec<u8>>),
    /// With its path, for programs that read by one.
    File(File, &'a Path),
}

impl Part<'_> {
    /// Where it is, if it is a file that has a path.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Draft(_) | Self::Bytes(_) => Path::new(""),
            Self::File(_, path) => path,
        }
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Draft(draft) => draft.read(buffer),
            Self::Bytes(bytes) => bytes.read(buffer),
            Self::File(file, _) => file.read(buffer),
        }
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Draft(draft) => draft.seek(to),
            Self::Bytes(bytes) => bytes.seek(to),
            Self::File(file, _) => file.seek(to),
        }
    }
}

impl Made {
    /// Its size in bytes.
    pub(super) fn size(&mut self) -> io::Result<u64> {
        match self {
            Self::One(draft) => draft.seek(SeekFrom::End(0)),
            Self::Many(_, lengths) => Ok(lengths.iter().sum()),
            Self::Video(file) => Ok(file.as_file().metadata()?.len()),
        }
    }

    /// One of its files, counted from 0.
    pub(super) fn part(&mut self, index: usize) -> io::Result<Part<'_>> {
        match self {
            Self::One(draft) => {
                draft.seek(SeekFrom::Start(0))?;
                Ok(Part::Draft(draft))
            }
            Self::Many(drafts, lengths) => {
                drafts.seek(SeekFrom::Start(lengths[..index].iter().sum()))?;
                let mut bytes = Vec::new();
                drafts.take(lengths[index]).read_to_end(&mut bytes)?;
                Ok(Part::Bytes(Cursor::new(bytes)))
            }
            Self::Video(file) => Ok(Part::File(file.reopen()?, file.path())),
        }
    }

    /// Puts the picture in its place; its size in bytes.
    pub(super) fn publish(self, place: &Place) -> io::Result<u64> {
        match self {
            Self::One(draft) => place.publish(draft),
            Self::Many(drafts, lengths) => {
                place.publish_all(drafts, &lengths, |index| sequence_name(place.name(), index))
            }
            Self::Video(file) => place.publish_file(file),
        }
    }

    /// Hands the picture to standard output.
    pub(super) fn print(self) -> Result<u64, Failure> {
        match self {
            Self::One(mut draft) => {
                draft.seek(SeekFrom::Start(0)).map_err(EncodeError::Io)?;
                let mut stdout = io::stdout().lock();
                let size = io::copy(&mut draft, &mut stdout);
                Ok(size.and_then(|size| stdout.flush().map(|()| size)).map_err(EncodeError::Io)?)
            }
            // Asked for beforehand.
            Self::Many(..) | Self::Video(_) => Err(Failure::File("it needs files of its own".to_owned())),
        }
    }
}

impl Workshop<'_> {
    pub(super) fn draft(self) -> Draft {
        match self {
            Self::Beside(place) => place.draft(),
            Self::Apart => place::draft(),
        }
    }

    /// An empty file for a program that writes by a path; gone if it is not kept.
    pub(super) fn named(self) -> io::Result<NamedTempFile> {
        match self {
            Self::Beside(place) => place.temporary(),
            Self::Apart => NamedTempFile::new(),
        }
    }
}
