//! Files that are read: regular ones, and each up to a size.
//!
//! A path can lead to a device that never ends or to a named pipe that nobody writes to. So the kind of a file is looked at
//! before the file is opened, and no more than a given number of bytes is kept. The exceptions are descriptors that the
//! shell opened for the program (`/dev/stdin`, and the `/dev/fd/63` of `<(command)`): these may be pipes.

use std::error::Error;
use std::fmt;
use std::fs::{File, FileType, metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::printable::name;

/// One mebibyte, in bytes.
const MIB: u64 = 1 << 20;

/// Why a file is not read. As text it completes `cannot read a.toml: …`.
#[derive(Debug)]
pub enum ReadError {
    /// The system refuses.
    Io(io::Error),
    /// It is something else than a regular file: its kind, with an article.
    NotRegular(&'static str),
    /// It holds more bytes than these.
    TooLarge(u64),
    /// It is not UTF-8.
    NotText,
    /// It is a base that lies neither below this folder nor in the folder of its scene.
    Outside(PathBuf),
}

/// Opens a regular file.
///
/// # Errors
/// There is none, or it cannot be opened.
pub fn open(path: &Path) -> Result<File, ReadError> {
    let kind = metadata(path)?.file_type();
    if kind.is_file() { open_any(path) } else { Err(ReadError::NotRegular(described(kind))) }
}

/// Opens a regular file, or a descriptor that the program has inherited.
///
/// # Errors
/// As [`open`].
pub fn open_or_inherited(path: &Path) -> Result<File, ReadError> {
    match open(path) {
        Err(ReadError::NotRegular(_)) if is_descriptor(path) => open_any(path),
        opened => opened,
    }
}

#[allow(clippy::disallowed_methods, reason = "the kind of the file is known")]
fn open_any(path: &Path) -> Result<File, ReadError> {
    Ok(File::open(path)?)
}

/// All that a reader holds, if that is at most so many bytes.
///
/// # Errors
/// It holds more, or fails.
pub fn bytes(reader: impl Read, most: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(ReadError::TooLarge(most)) } else { Ok(bytes) }
}

/// As [`bytes`], of a text.
///
/// # Errors
/// As [`bytes`], or the text is not UTF-8.
pub fn text(reader: impl Read, most: u64) -> Result<String, ReadError> {
    String::from_utf8(bytes(reader, most)?).map_err(|_| ReadError::NotText)
}

/// Whether a path names an open file of this process.
fn is_descriptor(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new(""));
    path == Path::new("/dev/stdin") || ["/dev/fd", "/proc/self/fd"].map(Path::new).contains(&folder)
}

/// The kind of a file that is not regular.
fn described(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() { "a folder" } else { "a special file" }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        // `read_to_string` reports text that is not UTF-8 in this way.
        if error.kind() == io::ErrorKind::InvalidData { Self::NotText } else { Self::Io(error) }
    }
}

impl From<io::ErrorKind> for ReadError {
    fn from(kind: io::ErrorKind) -> Self {
        io::Error::from(kind).into()
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => error,
            other => Self::new(io::ErrorKind::InvalidInput, other),
        }
    }
}

impl Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::NotRegular(kind) => write!(f, "it is {kind}, and only regular files are read"),
            Self::TooLarge(most) if most.is_multiple_of(MIB) => {
                write!(f, "it holds more than {} MiB", most / MIB)
            }
            Self::TooLarge(most) => write!(f, "it holds more than {most} bytes"),
            Self::NotText => f.write_str("it is not text in UTF-8"),
            Self::Outside(root) => write!(
                f,
                "it lies neither below the root {} nor below the folder of the scene that was named",
                name(root)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_is_allowed() {
        assert_eq!(bytes(&b"abc"[..], 3).expect("three bytes"), b"abc");
        assert!(matches!(bytes(&b"abcd"[..], 3), Err(ReadError::TooLarge(3))));
        // Without end, and with an end all the same.
        assert!(matches!(bytes(io::repeat(0), MIB), Err(ReadError::TooLarge(MIB))));
        assert!(matches!(text(&b"\xff"[..], 3), Err(ReadError::NotText)));
    }

    #[test]
    fn only_descriptors_of_this_process_may_be_pipes() {
        for (path, inherited) in [
            ("/dev/stdin", true),
            ("/dev/fd/63", true),
            ("/proc/self/fd/0", true),
            ("/dev/zero", false),
            ("/dev/fd/../zero", false),
            ("/proc/1/fd/0", false),
            ("fd/0", false),
        ] {
            assert_eq!(is_descriptor(Path::new(path)), inherited, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_not_opened() {
        let opened = |path: &str| open(Path::new(path)).map(drop);
        assert!(matches!(opened("/dev/zero"), Err(ReadError::NotRegular("a device"))));
        assert!(matches!(opened("/"), Err(ReadError::NotRegular("a folder"))));
        assert!(
            matches!(opened("/nowhere/a"), Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound)
        );
    }
}
