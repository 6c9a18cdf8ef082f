//! Reading of regular files, up to a size limit.
//!
//! A path can name an endless device or a named pipe without a writer. So the file type is checked before the file is
//! opened, and reading stops at a limit. The exceptions are file descriptors that the shell opened for the program
//! (`/dev/stdin`, and the `/dev/fd/63` of `<(command)`): these may be pipes.

use std::error::Error;
use std::fmt;
use std::fs::{File, FileType, metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::printable::name;

/// One mebibyte, in bytes.
const MIB: u64 = 1 << 20;

/// An error of reading a file. Its text completes `cannot read a.toml: …`.
#[derive(Debug)]
pub enum ReadError {
    /// The operating system reported an error.
    Io(io::Error),
    /// The file is not regular; the text is its type with an article, such as `a device`.
    NotRegular(&'static str),
    /// The file is larger than this limit in bytes.
    TooLarge(u64),
    /// The file is not UTF-8.
    NotText,
    /// The file is a base that lies neither below this root folder nor below the folder of its scene.
    Outside(PathBuf),
}

/// Opens a regular file.
///
/// # Errors
/// The file does not exist, is not regular, or cannot be opened.
pub fn open(path: &Path) -> Result<File, ReadError> {
    let kind = metadata(path)?.file_type();
    if kind.is_file() { open_any(path) } else { Err(ReadError::NotRegular(type_name(kind))) }
}

/// Opens a regular file, or a file descriptor that the program inherited.
///
/// # Errors
/// As [`open`].
pub fn open_or_inherited(path: &Path) -> Result<File, ReadError> {
    match open(path) {
        Err(ReadError::NotRegular(_)) if is_descriptor(path) => open_any(path),
        opened => opened,
    }
}

#[allow(clippy::disallowed_methods, reason = "the callers check the type of the file")]
fn open_any(path: &Path) -> Result<File, ReadError> {
    Ok(File::open(path)?)
}

/// Reads all bytes of a reader.
///
/// # Errors
/// The reader holds more than `limit` bytes, or fails.
pub fn read_bytes(reader: impl Read, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
}

/// Reads a reader to its end as UTF-8 text.
///
/// # Errors
/// As [`read_bytes`], or the text is not UTF-8.
pub fn read_text(reader: impl Read, limit: u64) -> Result<String, ReadError> {
    String::from_utf8(read_bytes(reader, limit)?).map_err(|_| ReadError::NotText)
}

/// Whether a path names an open file descriptor of this process.
fn is_descriptor(path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new(""));
    path == Path::new("/dev/stdin") || ["/dev/fd", "/proc/self/fd"].map(Path::new).contains(&folder)
}

/// The name of a file type other than a regular file, with an article.
fn type_name(kind: FileType) -> &'static str {
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
            Self::TooLarge(limit) if limit.is_multiple_of(MIB) => {
                write!(f, "it holds more than {} MiB", limit / MIB)
            }
            Self::TooLarge(limit) => write!(f, "it holds more than {limit} bytes"),
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
    fn reading_stops_at_the_limit() {
        assert_eq!(read_bytes(&b"abc"[..], 3).expect("three bytes"), b"abc");
        assert!(matches!(read_bytes(&b"abcd"[..], 3), Err(ReadError::TooLarge(3))));
        // An endless reader is read up to the limit.
        assert!(matches!(read_bytes(io::repeat(0), MIB), Err(ReadError::TooLarge(MIB))));
        assert!(matches!(read_text(&b"\xff"[..], 3), Err(ReadError::NotText)));
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
    fn only_regular_files_are_opened() {
        let opened = |path: &str| open(Path::new(path)).map(drop);
        assert!(matches!(opened("/dev/zero"), Err(ReadError::NotRegular("a device"))));
        assert!(matches!(opened("/"), Err(ReadError::NotRegular("a folder"))));
        assert!(
            matches!(opened("/nowhere/a"), Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound)
        );
    }
}
