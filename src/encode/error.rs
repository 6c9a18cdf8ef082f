//! Errors of encoders, worded so that the reader knows what to change.

use std::{error, fmt, io};

/// Error of encoding a film or a still picture.
#[derive(Debug)]
#[non_exhaustive]
pub enum EncodeError {
    /// The writer failed.
    Io(io::Error),
    /// The format cannot store this width and height.
    Size {
        /// Name of the format.
        format: &'static str,
        /// Requested width and height, in pixels.
        size: (u32, u32),
        /// Largest width and height of the format, in pixels.
        max: u32,
    },
    /// The size of a frame differs from the size of the film.
    FrameSize {
        /// Width and height of the film, in pixels.
        film: (u32, u32),
        /// Width and height of the frame, in pixels.
        frame: (u32, u32),
    },
    /// The duration of a frame is so short that viewers would extend it.
    FrameTooShort {
        /// Name of the format.
        format: &'static str,
        /// Duration of the frame, in milliseconds.
        milliseconds: u64,
        /// Shortest duration that viewers respect, in milliseconds.
        min: u64,
    },
    /// The duration of a frame exceeds [`ticks::MAX_DELAY_SECONDS`](crate::timing::ticks::MAX_DELAY_SECONDS).
    FrameTooLong,
    /// Any other limit of a film or its format: for example, no frame at all, or more plays than the format can store.
    Film(&'static str),
    /// The number of encoded distinct frames differs from the first pass.
    FrameCount {
        /// Number of frames in the header of the file.
        announced: u32,
        /// Number of frames that were encoded.
        encoded: u32,
    },
    /// Message of an underlying encoder.
    Coder(String),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot write: {error}"),
            Self::Size { format, size: (width, height), max } => write!(
                f,
                "{format} holds pictures of 1 to {max} pixels in width and height, not {width} x {height}; \
                 change `size` or `scale`"
            ),
            Self::FrameSize { film, frame } => write!(
                f,
                "a frame is {} x {} pixels in a film of {} x {}; all frames share one size",
                frame.0, frame.1, film.0, film.1
            ),
            Self::FrameTooShort { format, milliseconds, min } => write!(
                f,
                "a frame would be shown for {milliseconds} ms, and viewers slow a {format} down below {min} ms; \
                 lower `fps`"
            ),
            Self::FrameTooLong => write!(
                f,
                "a frame would be shown for more than {} s; shorten `hold` or raise `fps`",
                crate::timing::ticks::MAX_DELAY_SECONDS
            ),
            Self::Film(why) => f.write_str(why),
            Self::FrameCount { announced, encoded } => write!(
                f,
                "the first pass counted {announced} distinct frames, but {encoded} were encoded; \
                 push the same frames in both passes"
            ),
            Self::Coder(why) => f.write_str(why),
        }
    }
}

impl error::Error for EncodeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for EncodeError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<::gif::EncodingError> for EncodeError {
    fn from(error: ::gif::EncodingError) -> Self {
        match error {
            ::gif::EncodingError::Io(error) => Self::Io(error),
            other => Self::Coder(other.to_string()),
        }
    }
}

impl From<::png::EncodingError> for EncodeError {
    fn from(error: ::png::EncodingError) -> Self {
        match error {
            ::png::EncodingError::IoError(error) => Self::Io(error),
            other => Self::Coder(other.to_string()),
        }
    }
}
