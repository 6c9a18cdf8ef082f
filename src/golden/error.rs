//! Why a picture could not be played or compared. Messages continue the name of a file: "x.gif: …".

use std::{error, fmt, io};

/// Why a picture cannot be played.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// The reader failed.
    Io(io::Error),
    /// The first bytes are those of no format that is known.
    Unknown,
    /// It says that it is larger than what can be compared.
    TooLarge {
        /// Width and height in pixels.
        size: (u32, u32),
        /// Pixels that it may have.
        max_pixels: u64,
    },
    /// It breaks off, or contradicts its format or itself.
    Damaged {
        /// Name of the format.
        format: &'static str,
        /// In which frame, counted from 0; none where that is not known.
        frame: Option<usize>,
        /// What is wrong.
        reason: String,
    },
}

/// Why two pictures could not be compared.
#[derive(Debug)]
pub enum CompareError {
    /// The expected one cannot be played.
    Expected(DecodeError),
    /// The actual one cannot.
    Actual(DecodeError),
}

impl DecodeError {
    /// Something that is wrong with a file of this format.
    pub(super) fn damaged(format: &'static str, reason: impl Into<String>) -> Self {
        Self::Damaged { format, frame: None, reason: reason.into() }
    }

    /// What a reader says while a file of this format is read: that it ends too early is the file's fault.
    pub(super) fn reading(format: &'static str, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::damaged(format, "the file ends too early"),
            _ => Self::Io(error),
        }
    }

    /// The same error, known to lie in a frame.
    pub(super) fn in_frame(self, index: usize) -> Self {
        match self {
            Self::Damaged { format, reason, .. } => Self::Damaged { format, frame: Some(index), reason },
            other => other,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::Unknown => f.write_str("is neither a GIF nor a PNG nor a WebP"),
            Self::TooLarge { size: (width, height), max_pixels } => {
                let millions = max_pixels / 1_000_000;
                write!(
                    f,
                    "says that it has {width} x {height} pixels; at most {millions} million are compared"
                )
            }
            Self::Damaged { format, frame: Some(frame), reason } => {
                write!(f, "is a damaged {format}, in frame {frame}: {reason}")
            }
            Self::Damaged { format, frame: None, reason } => write!(f, "is a damaged {format}: {reason}"),
        }
    }
}

impl error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Unknown | Self::TooLarge { .. } | Self::Damaged { .. } => None,
        }
    }
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(error) => write!(f, "the expected picture {error}"),
            Self::Actual(error) => write!(f, "the actual picture {error}"),
        }
    }
}

impl error::Error for CompareError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        let (Self::Expected(error) | Self::Actual(error)) = self;
        Some(error)
    }
}
