//! Parts into the film: put in their order, and copied one behind the other.
//!
//! No frame is looked at, and no part held in memory: a film of any length is joined as fast as it is read.

use std::io::{self, Read, Seek, Write};
use std::ops::Range;

use super::part::{Coding, Content, Head, Part, PartError};
use super::{EncodeError, webp};

/// Parts that make up a film, in order.
#[derive(Debug)]
pub struct Join {
    /// Each part's number among those given, what it says, and the bytes of its frames.
    parts: Vec<(usize, Head, u64)>,
    coding: Coding,
}

/// Why parts are no film. A part is told by its number among those given.
#[derive(Debug)]
pub enum JoinError {
    /// This part is a survey and holds no frames.
    Survey(usize),
    /// These two are of different films.
    Strangers(usize, usize),
    /// The stretches do not follow one another.
    Order(Disorder),
    /// This part cannot be read.
    Part(usize, PartError),
    /// The film cannot be written.
    Film(EncodeError),
}

/// What keeps stretches from being a whole.
#[derive(Debug, PartialEq, Eq)]
pub enum Disorder {
    /// Nobody has these frames.
    Missing(Vec<Range<usize>>),
    /// Two have the same frames, those of this range.
    Overlap(usize, usize, Range<usize>),
}

/// The order in which stretches are the whole of a film of so many frames.
///
/// # Errors
/// If some frames are in none or in several of them.
pub fn in_order(stretches: &[Range<usize>], film: usize) -> Result<Vec<usize>, Disorder> {
    let mut order: Vec<usize> = (0..stretches.len()).collect();
    order.sort_by_key(|&index| (stretches[index].start, stretches[index].end));
    let (mut end, mut last, mut missing) = (0, None, Vec::new());
    for &index in &order {
        let Range { start, end: next } = stretches[index];
        match last {
            Some(last) if start < end => return Err(Disorder::Overlap(last, index, start..end.min(next))),
            _ if start > end => missing.push(end..start),
            _ => {}
        }
        (end, last) = (next, Some(index));
    }
    if end < film {
        missing.push(end..film);
    }
    if missing.is_empty() { Ok(order) } else { Err(Disorder::Missing(missing)) }
}

/// Whether parts say that they are of one film.
fn belong_together(one: &Head, other: &Head) -> bool {
    let around = |head: &Head| (head.content, head.stamp, head.film);
    around(one) == around(other) && one.header == other.header && one.trailer == other.trailer
}

impl Join {
    /// Finds the order of parts, each given by what it says of itself and the bytes that its frames take.
    ///
    /// # Errors
    /// If they are no film.
    pub fn of(parts: Vec<(Head, u64)>) -> Result<Self, JoinError> {
        let Some((first, _)) = parts.first() else {
            return Err(JoinError::Film(super::survey::NO_FRAME));
        };
        let coding = match first.content {
            Content::Survey => return Err(JoinError::Survey(0)),
            Content::Frames(coding) => coding,
        };
        for (index, (head, _)) in parts.iter().enumerate() {
            if head.content == Content::Survey {
                return Err(JoinError::Survey(index));
            }
            if !belong_together(first, head) {
                return Err(JoinError::Strangers(0, index));
            }
        }
        let stretches: Vec<_> = parts.iter().map(|(head, _)| head.frames.clone()).collect();
        let order = in_order(&stretches, first.film).map_err(JoinError::Order)?;
        let mut parts: Vec<_> = parts.into_iter().map(Some).collect();
        let take = |index: usize| parts[index].take().map(|(head, length)| (index, head, length));
        Ok(Self { parts: order.into_iter().filter_map(take).collect(), coding })
    }

    /// How the frames are coded.
    #[must_use]
    pub fn coding(&self) -> Coding {
        self.coding
    }

    /// How many frames the film has.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.parts.last().map_or(0, |(_, head, _)| head.film)
    }

    /// Writes the film. `open` opens the parts again, by the numbers that they were given by, one after the other.
    ///
    /// # Errors
    /// If a part is damaged, which may be found when it was copied, or was exchanged since it was first read; those of
    /// `open` and of the writer.
    pub fn write<R: Read + Seek>(
        &self,
        mut open: impl FnMut(usize) -> io::Result<R>,
        mut writer: impl Write,
    ) -> Result<(), JoinError> {
        let mut write = |bytes: &[u8]| writer.write_all(bytes).map_err(|error| JoinError::Film(error.into()));
        if let Some((_, head, _)) = self.parts.first() {
            write(&self.header(head)?)?;
        }
        for (number, head, _) in &self.parts {
            let told = |error| JoinError::Part(*number, error);
            let part = open(*number).map_err(PartError::from).and_then(Part::open).map_err(told)?;
            if part.head() != head {
                return Err(told(PartError::Damaged));
            }
            part.read(|bytes| write(bytes).map_err(Stop::Write)).map_err(|stop| match stop {
                Stop::Write(error) => error,
                Stop::Part(error) => told(error),
            })?;
        }
        if let Some((_, head, _)) = self.parts.last() {
            write(&head.trailer)?;
        }
        writer.flush().map_err(|error| JoinError::Film(error.into()))
    }

    /// What stands before the first frame: as in each part, but that a WebP tells its length there.
    fn header(&self, head: &Head) -> Result<Vec<u8>, JoinError> {
        let mut header = head.header.clone();
        match self.coding {
            Coding::Gif | Coding::Apng => {}
            Coding::Webp => {
                let frames: u64 = self.parts.iter().map(|(_, _, length)| length).sum();
                let length = frames + (header.len() + head.trailer.len()) as u64;
                webp::set_length(&mut header, length).map_err(JoinError::Film)?;
            }
        }
        Ok(header)
    }
}

/// Why copying a part stopped.
enum Stop {
    Write(JoinError),
    Part(PartError),
}

impl From<PartError> for Stop {
    fn from(error: PartError) -> Self {
        Self::Part(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_overlaps_are_found_in_any_order() {
        assert_eq!(in_order(&[5..9, 0..3, 3..5], 9), Ok(vec![1, 2, 0]));
        assert_eq!(in_order(&[6..8, 1..3], 9), Err(Disorder::Missing(vec![0..1, 3..6, 8..9])));
        assert_eq!(in_order(&[2..9, 0..4], 9), Err(Disorder::Overlap(1, 0, 2..4)));
        assert_eq!(in_order(&[0..9, 2..3], 9), Err(Disorder::Overlap(0, 1, 2..3)));
        assert_eq!(in_order(&[0..9, 0..9], 9), Err(Disorder::Overlap(0, 1, 0..9)));
        assert_eq!(in_order(&[], 2), Err(Disorder::Missing(std::iter::once(0..2).collect())));
    }
}
