//! Comparison of rendered pictures with accepted ones (goldens).
//!
//! Pictures are compared as a viewer shows them, not by the bytes of the files: the size, the number of
//! plays, the delay of each frame, and its whole canvas, alpha included. Another encoder, or another division
//! of an animation into partial frames, makes no difference. [`PictureDecoder`] decodes a GIF, PNG, APNG or
//! WebP frame by frame, [`compare()`] compares two of them within a
//! [`Tolerance`](crate::tolerance::Tolerance), and [`difference_image()`] shows where they differ. This
//! module does not depend on scenes, paths or a terminal.

mod antialias;
mod canvas;
mod compare;
mod decode;
mod difference_image;
mod error;
mod gif;
mod pixel_difference;
mod png;
mod reasons;
mod webp;

pub use self::compare::{Comparison, DelayDifference, FrameDifference, Pair, compare};
pub use self::decode::{DecodedFrame, Delay, PictureDecoder};
pub use self::difference_image::difference_image;
pub use self::error::{CompareError, DecodeError};
