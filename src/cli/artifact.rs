//! A complete picture in temporary storage, before it is moved to its target.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use kymograph::encode::EncodeError;
use kymograph::scene::resolve::sequence_name;
use tempfile::NamedTempFile;

use super::failure::Failure;
use super::interrupt::Temporary;
use super::target::{self, Target, TempFile};

/// A complete picture that has not been moved to its target.
pub(super) enum Artifact {
    File(TempFile),
    /// The files of a sequence, one after the other, and the length of each in bytes.
    Sequence(TempFile, Vec<u64>),
    Video(Temporary<NamedTempFile>),
}

/// The location of the temporary files of a picture.
#[derive(Clone, Copy)]
pub(super) enum TempLocation<'a> {
    /// Next to the target, so that the file can be renamed to it.
    Beside(&'a Target),
    /// In the system's folder for temporary files.
    System,
}

/// One file of a picture, read from its beginning.
pub(super) enum Part<'a> {
    TempFile(&'a mut TempFile),
    Bytes(Cursor<Vec<u8>>),
    /// With its path, for programs that read a path.
    File(File, &'a Path),
}

impl Part<'_> {
    /// The path of the file, if it has one.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::TempFile(_) | Self::Bytes(_) => Path::new(""),
            Self::File(_, path) => path,
        }
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::TempFile(temp_file) => temp_file.read(buffer),
            Self::Bytes(bytes) => bytes.read(buffer),
            Self::File(file, _) => file.read(buffer),
        }
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::TempFile(temp_file) => temp_file.seek(to),
            Self::Bytes(bytes) => bytes.seek(to),
            Self::File(file, _) => file.seek(to),
        }
    }
}

impl Artifact {
    /// Its size in bytes.
    pub(super) fn size(&mut self) -> io::Result<u64> {
        match self {
            Self::File(temp_file) => temp_file.seek(SeekFrom::End(0)),
            Self::Sequence(_, lengths) => Ok(lengths.iter().sum()),
            Self::Video(file) => Ok(file.as_file().metadata()?.len()),
        }
    }

    /// One of its files, counted from 0.
    pub(super) fn part(&mut self, index: usize) -> io::Result<Part<'_>> {
        match self {
            Self::File(temp_file) => {
                temp_file.seek(SeekFrom::Start(0))?;
                Ok(Part::TempFile(temp_file))
            }
            Self::Sequence(drafts, lengths) => {
                drafts.seek(SeekFrom::Start(lengths[..index].iter().sum()))?;
                let mut bytes = Vec::new();
                drafts.take(lengths[index]).read_to_end(&mut bytes)?;
                Ok(Part::Bytes(Cursor::new(bytes)))
            }
            Self::Video(file) => Ok(Part::File(file.reopen()?, file.path())),
        }
    }

    /// Moves the picture to its target and returns its size in bytes.
    pub(super) fn publish(self, target: &Target) -> io::Result<u64> {
        match self {
            Self::File(temp_file) => target.publish(temp_file),
            Self::Sequence(drafts, lengths) => {
                target.publish_all(drafts, &lengths, |index| sequence_name(target.name(), index))
            }
            Self::Video(file) => target.publish_file(file),
        }
    }

    /// Writes the picture to standard output.
    pub(super) fn print(self) -> Result<u64, Failure> {
        match self {
            Self::File(mut temp_file) => {
                temp_file.seek(SeekFrom::Start(0)).map_err(EncodeError::Io)?;
                let mut stdout = io::stdout().lock();
                let size = io::copy(&mut temp_file, &mut stdout);
                Ok(size.and_then(|size| stdout.flush().map(|()| size)).map_err(EncodeError::Io)?)
            }
            // The command line refuses such outputs.
            Self::Sequence(..) | Self::Video(_) => {
                Err(Failure::File("a sequence or a video cannot be written to standard output".to_owned()))
            }
        }
    }
}

impl TempLocation<'_> {
    pub(super) fn temp_file(self) -> TempFile {
        match self {
            Self::Beside(target) => target.temp_file(),
            Self::System => target::temp_file(),
        }
    }

    /// An empty file for a program that writes to a path. It is removed unless it is persisted.
    pub(super) fn named(self) -> io::Result<Temporary<NamedTempFile>> {
        match self {
            Self::Beside(target) => target.temporary(),
            Self::System => Temporary::new(NamedTempFile::new),
        }
    }
}
