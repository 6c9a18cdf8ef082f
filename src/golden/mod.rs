//! Pictures held against pictures: is what is drawn today what was once accepted?
//!
//! What is compared is what a viewer sees, not the bytes of the files: the size, how often a film plays, how long
//! each frame stays, and its whole canvas, alpha included. So a better coder changes nothing here, and neither does
//! another way to split a film into frames' changes. [`PictureDecoder`] plays a GIF, PNG, APNG or WebP frame by frame,
//! [`compare()`] plays two of them side by side, and a [`Tolerance`](crate::tolerance::Tolerance) says what may differ; [`difference_image()`] shows what
//! does. There are no scenes here, no paths and no terminal.

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
