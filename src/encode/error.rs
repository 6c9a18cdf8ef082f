//! What can go wrong between pictures and bytes, said so that the reader knows what to change.

use std::{error, fmt, io};

/// Why a film or still could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum EncodeError {
    /// The writer failed.
    Io(io::Error),
    /// The format cannot say this width and height.
    Size {
        /// Name of the format.
        format: &'static str,
        /// Width and height asked for, in pixels.
        size: (u32, u32),
        /// The largest width and height that the format knows.
        most: u32,
    },
    /// A frame's size is not the film's.
    FrameSize {
        /// Width and height of the film.
        film: (u32, u32),
        /// Width and height of the frame.
        frame: (u32, u32),
    },
    /// A frame is shown so briefly that viewers would slow it down.
    FrameTooShort {
        /// Name of the format.
        format: &'static str,
        /// How long the frame would be shown, in milliseconds.
        milliseconds: u64,
        /// The shortest time that viewers honour, in milliseconds.
        least: u64,
    },
    /// A frame is shown longer than [`ticks::MAX_DELAY_SECONDS`](crate::timing::ticks::MAX_DELAY_SECONDS).
    FrameTooLong,
    /// The film has no frame, or more plays than the format can count.
    Film(&'static str),
    /// The first pass announced another number of distinct frames than the second one wrote.
    FrameCount {
        /// Frames that the file's header announces.
        announced: u32,
        /// Frames that came.
        came: u32,
    },
    /// A coder below refused, in its own words.
    Coder(String),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot write: {error}"),
            Self::Size { format, size: (width, height), most } => write!(
                f,
                "{format} holds pictures of 1 to {most} pixels in width and height, not {width} x {height}; \
                 change `size` or `scale`"
            ),
            Self::FrameSize { film, frame } => write!(
                f,
                "a frame is {} x {} pixels in a film of {} x {}; all frames share one size",
                frame.0, frame.1, film.0, film.1
            ),
            Self::FrameTooShort { format, milliseconds, least } => write!(
                f,
                "a frame would be shown for {milliseconds} ms, and viewers slow a {format} down below {least} ms; \
                 lower `fps`"
            ),
            Self::FrameTooLong => write!(
                f,
                "a frame would be shown for more than {} s; shorten `hold` or raise `fps`",
                crate::timing::ticks::MAX_DELAY_SECONDS
            ),
            Self::Film(why) => f.write_str(why),
            Self::FrameCount { announced, came } => write!(
                f,
                "the survey counted {announced} distinct frames and {came} were encoded; push the same frames twice"
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
