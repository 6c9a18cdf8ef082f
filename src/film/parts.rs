//! A long film in parts: each codes its own frames, whoever codes the others, and [`Join`](crate::encode::Join) makes
//! the film of them, byte for byte the one that would have been coded at once.
//!
//! What the whole film holds must be known for each part of a GIF or an APNG. Either all of it is drawn for that, or it
//! was counted in stretches, too, by others; counts of stretches add up exactly. A part's own frames are drawn from the
//! frame before them on, and those after them until one differs.

use std::io::Write;
use std::ops::Range;

use crate::encode::{
    ApngEncoder, Coding, Content, Encode, EncodeError, GifEncoder, Head, PartWriter, Stretch, Tally,
    WebpEncoder, apng, array, gif, webp,
};
use crate::film::Reel;
use crate::film::contents::Contents;
use crate::film::print::Edition;
use crate::film::reel::{Stage, Watch};
use crate::film::takes::{Draughtsmen, LENGTHS, Manner, Notes, Noting, Room, Take, Task, cut, survey};
use crate::mark::Mark;
use crate::raster::Rgba;
use crate::stamp::Stamp;

/// A stretch of a film, to be coded.
#[derive(Clone, Debug)]
pub struct Share<'a> {
    /// How the film is told.
    pub edition: Edition,
    /// The first of them, from 0, and the one behind the last: at least one, all in the film.
    pub frames: Range<usize>,
    /// What the whole film holds; without it, all of it is drawn to be counted. An exact WebP needs none.
    pub counts: Option<&'a Counts>,
}

/// What stretches of a film hold, all in all.
#[derive(Debug, Default)]
pub struct Counts {
    notes: Notes,
    /// How many bytes it takes to say what the frames change.
    bytes: u64,
}

impl Share<'_> {
    fn own(&self) -> Range<usize> {
        self.frames.clone()
    }
}

impl Counts {
    /// Adds what another stretch of the film holds.
    pub fn add(&mut self, other: &Self) {
        self.notes.add(&other.notes);
        self.bytes += other.bytes;
    }

    /// What bytes of a survey say; nothing if they are of something else.
    #[must_use]
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let bytes_of_changes = u64::from_le_bytes(array(&mut bytes)?);
        let inks = u32::from_le_bytes(array(&mut bytes)?);
        let ink = |bytes: &mut &[u8]| array(bytes).map(|[r, g, b, a]| Rgba { r, g, b, a });
        let inks = (0..inks).map(|_| ink(&mut bytes)).collect::<Option<_>>()?;
        let tally = Tally::from_bytes(&mut bytes)?;
        bytes.is_empty().then_some(Self { notes: Notes { tally, inks }, bytes: bytes_of_changes })
    }

    /// All of it, little-endian: the bytes of changes, how many inks there are, those, and the tally.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.bytes.to_le_bytes().to_vec();
        bytes.extend((self.notes.inks.len() as u32).to_le_bytes());
        bytes.extend(self.notes.inks.iter().flat_map(|ink| [ink.r, ink.g, ink.b, ink.a]));
        bytes.extend(self.notes.tally.to_bytes());
        bytes
    }
}

impl Reel {
    /// Writes a stretch of the film as a part of its file, on several threads.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_part<E: From<EncodeError> + Send>(
        &self,
        share: &Share<'_>,
        threads: usize,
        writer: impl Write,
        marks: &(impl Fn(usize) -> Result<Vec<Mark>, E> + Sync),
        watch: &impl Watch,
    ) -> Result<(), E> {
        let (crew, manner) = (&mut self.crew(threads, marks), Manner::watched_by(watch));
        match share.edition.coding {
            Coding::Gif => self.gif_part(share, crew, writer, manner),
            Coding::Apng => self.apng_part(share, crew, writer, manner),
            Coding::Webp => self.webp_part(share, crew, writer, manner),
        }
    }

    /// Counts what a stretch of the film holds, and writes that as a part; at least one frame, all in the film.
    ///
    /// # Errors
    /// Those of `marks` and of the writer.
    pub fn write_survey<E: From<EncodeError> + Send>(
        &self,
        frames: Range<usize>,
        stamp: Option<Stamp>,
        threads: usize,
        writer: impl Write,
        marks: &(impl Fn(usize) -> Result<Vec<Mark>, E> + Sync),
        watch: &impl Watch,
    ) -> Result<(), E> {
        let crew = &mut self.crew(threads, marks);
        let takes = survey(crew, Manner::watched_by(watch), frames.clone(), frames.start..frames.start)?;
        let bytes = takes.iter().map(|take| take.bytes as u64).sum();
        let counts = Counts { notes: Draughtsmen::<E>::notes(crew), bytes };
        let mut part = self.begin(Content::Survey, stamp, frames, (Vec::new(), Vec::new()), writer)?;
        part.write_all(&counts.to_bytes()).and_then(|()| part.finish()).map_err(EncodeError::from)?;
        Ok(())
    }

    fn begin<W: Write>(
        &self,
        content: Content,
        stamp: Option<Stamp>,
        frames: Range<usize>,
        (header, trailer): (Vec<u8>, Vec<u8>),
        writer: W,
    ) -> Result<PartWriter<W>, EncodeError> {
        let head = Head { content, stamp, film: self.timing.frames, frames, header, trailer };
        Ok(PartWriter::new(writer, &head)?)
    }

    fn gif_part<E: From<EncodeError>>(
        &self,
        share: &Share<'_>,
        crew: &mut impl Draughtsmen<E>,
        writer: impl Write,
        manner: Manner<'_>,
    ) -> Result<(), E> {
        let Edition { quality, stamp, .. } = share.edition;
        let (takes, notes) = self.counted(share, crew, manner)?;
        manner.watch.begin(Stage::Choose);
        let (palette, reduction) = Contents::new(self, notes).palette(quality, self.matte);
        let around = (gif::header(self.size, &palette, self.plays)?, gif::trailer(stamp));
        let mut part = self.begin(Content::Frames(Coding::Gif), stamp, share.own(), around, writer)?;
        // Where something is erased, a frame is as large as the one before it and clears that one's place; so how
        // large it is depends on all before it. Where nothing is ever clear, only on the one before.
        let from = if palette.has_clear() { 0 } else { share.own().start };
        let stretch = Stretch::of(share.own(), from.saturating_sub(1));
        let encoder = GifEncoder::amid(&mut part, self.size, palette, stretch);
        let encoder = encoder.reducing(reduction).on_threads(crew.count());
        manner.watch.begin(Stage::Code);
        self.code(from, takes, crew, manner.watch, encoder)?;
        Ok(part.finish().map_err(EncodeError::from)?)
    }

    fn apng_part<E: From<EncodeError>>(
        &self,
        share: &Share<'_>,
        crew: &mut impl Draughtsmen<E>,
        writer: impl Write,
        manner: Manner<'_>,
    ) -> Result<(), E> {
        let Edition { quality, stamp, .. } = share.edition;
        let (takes, notes) = self.counted(share, crew, manner)?;
        manner.watch.begin(Stage::Choose);
        let distinct: Vec<usize> = notes.tally.distinct().indices().collect();
        let contents = Contents::new(self, notes);
        let (census, reduction) = contents.reduced(quality);
        let around = (apng::header(self.size, &census, self.plays)?, apng::trailer(stamp)?);
        let mut part = self.begin(Content::Frames(Coding::Apng), stamp, share.own(), around, writer)?;
        let from = share.own().start;
        let stretch = Stretch::of(share.own(), from.saturating_sub(1));
        let encoder = ApngEncoder::amid(&mut part, self.size, &census, stretch);
        let mut encoder = encoder.reducing(reduction).on_threads(crew.count());
        // A frame ends where the next begins; the last that has begun is the one that is shown first.
        for next in distinct.iter().skip(1).take_while(|next| **next < from) {
            encoder.skip(self.timing.until(next - 1));
        }
        manner.watch.begin(Stage::Code);
        self.code(from, takes, crew, manner.watch, encoder)?;
        Ok(part.finish().map_err(EncodeError::from)?)
    }

    fn webp_part<E: From<EncodeError>>(
        &self,
        share: &Share<'_>,
        crew: &mut impl Draughtsmen<E>,
        writer: impl Write,
        manner: Manner<'_>,
    ) -> Result<(), E> {
        let Edition { quality, stamp, .. } = share.edition;
        let (takes, notes, stage) = if share.edition.wants_counts() {
            let (takes, notes) = self.counted(share, crew, manner)?;
            manner.watch.begin(Stage::Choose);
            (takes, notes, Stage::Code)
        } else {
            (vec![Take::unseen(share.own())], Notes::default(), Stage::Both)
        };
        let (_, reduction) = Contents::new(self, notes).reduced(quality);
        let around = (webp::header(self.size, self.plays)?, webp::trailer(stamp)?);
        let mut part = self.begin(Content::Frames(Coding::Webp), stamp, share.own(), around, writer)?;
        let from = share.own().start;
        let stretch = Stretch::of(share.own(), from.saturating_sub(1));
        let encoder = WebpEncoder::amid(&mut part, self.size, stretch);
        let encoder = encoder.reducing(reduction).on_threads(crew.count());
        manner.watch.begin(stage);
        self.code(from, takes, crew, manner.watch, encoder)?;
        Ok(part.finish().map_err(EncodeError::from)?)
    }

    /// What the whole film holds, and the takes of the frames up to the end of the share.
    fn counted<E>(
        &self,
        share: &Share<'_>,
        crew: &mut impl Draughtsmen<E>,
        manner: Manner<'_>,
    ) -> Result<(Vec<Take>, Notes), E> {
        let own = share.own();
        if let Some(counts) = share.counts {
            let a_frame = (counts.bytes / self.timing.frames as u64) as usize;
            let take =
                |stretch: Range<usize>| Take { bytes: a_frame * stretch.len(), changes: None, stretch };
            let stretches = cut(0..own.start, LENGTHS.1).into_iter().chain(cut(own, LENGTHS.1));
            let mut notes = Notes::default();
            notes.add(&counts.notes);
            return Ok((stretches.map(take).collect(), notes));
        }
        let mut takes = survey(crew, manner, self.all(), own.clone())?;
        takes.retain(|take| take.stretch.end <= own.end);
        Ok((takes, crew.notes()))
    }

    /// Shows an encoder the frames from `from` on: the one before as a whole, those of the takes, and then as many as it
    /// wants.
    fn code<E: From<EncodeError>>(
        &self,
        from: usize,
        mut takes: Vec<Take>,
        crew: &mut impl Draughtsmen<E>,
        watch: &dyn Watch,
        mut encoder: impl Encode,
    ) -> Result<(), E> {
        let end = takes.last().map_or(0, |take| take.stretch.end);
        takes.retain(|take| take.stretch.start >= from);
        if let Some(before) = from.checked_sub(1) {
            let frame = before..from;
            let room = &Room::endless();
            let task = Task { noting: Noting::Whole, wanted: frame.clone(), room, watch: &() };
            for take in crew.draw(&[frame], &task) {
                if let Some(changes) = take?.changes {
                    encoder.push_changes(&changes, &|_| self.timing.until(before))?;
                }
            }
        }
        self.replay(crew, takes, watch, &mut encoder)?;
        for index in end..self.timing.frames {
            if encoder.is_done() {
                break;
            }
            self.replay(crew, [Take::unseen(index..index + 1)], &(), &mut encoder)?;
        }
        Ok(encoder.end()?)
    }
}
