//! Prints: what becomes of the frames of one film, whose drawing all of them share.

use std::io::{Seek, Write};

use crate::encode::{
    ApngEncoder, Changes, Coding, EncodeError, GifEncoder, Pictures, PushChanges, Quality, Stamp, WebpEncoder,
};
use crate::film::Reel;
use crate::film::contents::Contents;
use crate::raster::Raster;

/// How a film is told in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// How its frames are coded.
    pub coding: Coding,
    /// How exact its colours are.
    pub quality: Quality,
    /// What it is made from, for the file to tell.
    pub stamp: Option<Stamp>,
}

impl Edition {
    /// All that a format can say of the film, and nothing else.
    #[must_use]
    pub const fn exact(coding: Coding) -> Self {
        Self { coding, quality: Quality::EXACT, stamp: None }
    }

    /// Whether it must be known what the film holds before its first frame is coded.
    #[must_use]
    pub fn wants_counts(&self) -> bool {
        self.coding != Coding::Webp || !self.quality.is_exact()
    }
}

/// What a film is written into.
pub trait Medium: Write + Seek {}

impl<W: Write + Seek> Medium for W {}

/// Where the frames of a film go.
pub enum Print<'a> {
    /// Into a file, from where the writer stands on. It is asked to go back at most once, to tell a length.
    File(Edition, &'a mut dyn Medium),
    /// To whoever takes one whole picture after the other.
    Pictures(Sink<'a>),
}

/// Who takes pictures.
pub type Sink<'a> = Box<dyn FnMut(&Raster) -> Result<(), EncodeError> + 'a>;

impl Print<'_> {
    pub(super) fn wants_counts(&self) -> bool {
        match self {
            Self::File(edition, _) => edition.wants_counts(),
            Self::Pictures(_) => false,
        }
    }
}

/// Prints under way. One that fails does not end the others.
pub(super) struct Prints<'a>(Vec<Result<Printer<'a>, EncodeError>>);

enum Printer<'a> {
    Gif(Box<GifEncoder<&'a mut dyn Medium>>),
    Apng(Box<ApngEncoder<&'a mut dyn Medium>>),
    Webp(Box<WebpEncoder<&'a mut dyn Medium>>),
    Pictures(Pictures<Sink<'a>>),
}

impl<'a> Prints<'a> {
    /// Begins them, those in files each on so many threads.
    pub(super) fn begin(reel: &Reel, prints: Vec<Print<'a>>, contents: &Contents, threads: usize) -> Self {
        let begin = |print| -> Result<Printer<'a>, EncodeError> {
            let (edition, medium) = match print {
                Print::Pictures(sink) => return Ok(Printer::Pictures(Pictures::new(reel.size, sink))),
                Print::File(edition, medium) => (edition, medium),
            };
            Ok(match edition.coding {
                Coding::Gif => {
                    Printer::Gif(Box::new(reel.gif(&edition, medium, contents)?.on_threads(threads)))
                }
                Coding::Apng => {
                    Printer::Apng(Box::new(reel.apng(&edition, medium, contents)?.on_threads(threads)))
                }
                Coding::Webp => {
                    Printer::Webp(Box::new(reel.webp(&edition, medium, contents)?.on_threads(threads)))
                }
            })
        };
        Self(prints.into_iter().map(begin).collect())
    }

    /// Whether all have failed.
    pub(super) fn have_failed(&self) -> bool {
        self.0.iter().all(Result::is_err)
    }

    /// Ends them; what became of each, in order.
    pub(super) fn finish(self) -> Vec<Result<(), EncodeError>> {
        let finish = |print: Result<Printer<'_>, EncodeError>| match print? {
            Printer::Gif(encoder) => encoder.finish(),
            Printer::Apng(encoder) => encoder.finish(),
            Printer::Webp(encoder) => encoder.finish(),
            Printer::Pictures(_) => Ok(()),
        };
        self.0.into_iter().map(finish).collect()
    }
}

impl PushChanges for Prints<'_> {
    /// Fails only when all prints have failed.
    fn push_changes(&mut self, changes: &Changes, until: &dyn Fn(usize) -> f64) -> Result<(), EncodeError> {
        for print in &mut self.0 {
            let taker: &mut dyn PushChanges = match print {
                Ok(Printer::Gif(encoder)) => encoder.as_mut(),
                Ok(Printer::Apng(encoder)) => encoder.as_mut(),
                Ok(Printer::Webp(encoder)) => encoder.as_mut(),
                Ok(Printer::Pictures(pictures)) => pictures,
                Err(_) => continue,
            };
            if let Err(error) = taker.push_changes(changes, until) {
                *print = Err(error);
            }
        }
        if self.have_failed() { Err(EncodeError::Film("no print of the film is left")) } else { Ok(()) }
    }
}
