//! Errors of decoding and comparing pictures. Messages are written to follow a file name: "x.gif is a damaged
//! GIF: …".

use std::{error, fmt, io};

/// The reason why a picture cannot be decoded.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// The reader failed.
    Io(io::Error),
    /// The format is unknown.
    Unknown,
    /// The header declares more pixels than are supported.
    TooLarge {
        /// The declared width and height, in pixels.
        size: (u32, u32),
        /// The largest supported number of pixels.
        max_pixels: u64,
    },
    /// The file is truncated, violates its format, or contradicts itself.
    Damaged {
        /// The name of the format.
        format: &'static str,
        /// The index of the damaged frame, counted from 0; `None` if it is not known.
        frame: Option<usize>,
        /// The defect, in a sentence without a full stop.
        reason: String,
    },
}

/// The reason why two pictures cannot be compared.
#[derive(Debug)]
pub enum CompareError {
    /// The expected picture cannot be decoded.
    Expected(DecodeError),
    /// The actual picture cannot be decoded.
    Actual(DecodeError),
}

impl DecodeError {
    /// Creates the error of a damaged file of this format.
    pub(super) fn damaged(format: &'static str, reason: impl Into<String>) -> Self {
        Self::Damaged { format, frame: None, reason: reason.into() }
    }

    /// Converts an error of the reader. An unexpected end of file means that the file is damaged.
    pub(super) fn reading(format: &'static str, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::damaged(format, "the file ends too early"),
            _ => Self::Io(error),
        }
    }

    /// Adds the index of the frame in which the error occurred.
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
                write!(f, "declares {width} x {height} pixels; at most {millions} million are supported")
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
