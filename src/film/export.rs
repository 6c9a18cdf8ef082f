//! From display lists to files' bytes: the one driver behind scenes and plotters drawings.
//!
//! A film is played once to see which colours it has and how many frames differ, and a second time
//! to be encoded; frames go from the renderer straight into the encoder, so that memory does not grow
//! with their number.

use std::io::Write;

use crate::draw::mark::Mark;
use crate::encode::{ApngEncoder, EncodeError, Frame, GifEncoder, Palette, Plays, Survey, write_png};
use crate::film::{Renderer, Timing, play};
use crate::raster::Rgba;

/// A film that can be played as often as a format needs.
pub struct Reel<'a, E> {
    /// Width and height in device pixels.
    pub size: (u32, u32),
    /// What lies under everything, possibly clear.
    pub background: Rgba,
    /// What edges on a clear background are blended with in GIF.
    pub matte: Rgba,
    /// Frames and their instants.
    pub timing: Timing,
    /// How often it plays.
    pub plays: Plays,
    /// The display list of a frame, from its index alone.
    pub marks: &'a dyn Fn(usize) -> Result<Vec<Mark>, E>,
}

/// More base colours than this are a colour map, whose colours count by their area.
const MOST_PINNED: usize = 32;

impl<E: From<EncodeError>> Reel<'_, E> {
    /// Writes the film as GIF.
    ///
    /// # Errors
    /// What drawing says, or the encoder.
    pub fn gif(&self, writer: impl Write) -> Result<(), E> {
        let mut survey = Survey::new();
        let mut pinned = vec![self.background];
        self.play(
            |marks| pin(&mut pinned, marks),
            |frame| Ok(survey.push(frame)?),
        )?;
        pinned.retain(|colour| colour.a == u8::MAX);
        let palette = Palette::build(&survey.finish()?, &pinned, self.matte);
        let mut encoder = GifEncoder::new(writer, self.size, palette, self.plays)?;
        self.play(|_| {}, |frame| Ok(encoder.push(frame)?))?;
        Ok(encoder.finish()?)
    }

    /// Writes the film as APNG.
    ///
    /// # Errors
    /// What drawing says, or the encoder.
    pub fn apng(&self, writer: impl Write) -> Result<(), E> {
        let mut survey = Survey::new();
        self.play(|_| {}, |frame| Ok(survey.push(frame)?))?;
        let mut encoder = ApngEncoder::new(writer, self.size, &survey.finish()?, self.plays)?;
        self.play(|_| {}, |frame| Ok(encoder.push(frame)?))?;
        Ok(encoder.finish()?)
    }

    /// Writes one frame as PNG.
    ///
    /// # Errors
    /// What drawing says, or the encoder.
    pub fn still(&self, index: usize, writer: impl Write) -> Result<(), E> {
        let mut renderer = self.renderer();
        renderer.show((self.marks)(index)?);
        Ok(write_png(renderer.image(), writer)?)
    }

    /// Writes every frame as PNG; `file` takes a frame's index and its bytes.
    ///
    /// # Errors
    /// What drawing says, the encoder, or `file`.
    pub fn stills(&self, mut file: impl FnMut(usize, &[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut bytes = Vec::new();
        let mut index = 0;
        self.play(
            |_| {},
            |frame| {
                bytes.clear();
                write_png(frame.image, &mut bytes)?;
                file(index, &bytes)?;
                index += 1;
                Ok(())
            },
        )
    }

    fn renderer(&self) -> Renderer {
        Renderer::new(self.size.0, self.size.1, self.background)
    }

    fn play(
        &self,
        mut look: impl FnMut(&[Mark]),
        sink: impl FnMut(&Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        let marks = |index| {
            let marks = (self.marks)(index)?;
            look(&marks);
            Ok(marks)
        };
        play(&mut self.renderer(), &self.timing, marks, sink)
    }
}

/// Takes in the colours that marks name: they are the ones that readers compare with a text.
fn pin(pinned: &mut Vec<Rgba>, marks: &[Mark]) {
    for mark in marks {
        let colour = match mark {
            Mark::Nothing => continue,
            Mark::Stroke(stroke) => stroke.pen.colour,
            Mark::Fill(fill) => fill.colour,
        };
        if pinned.len() < MOST_PINNED && !pinned.contains(&colour) {
            pinned.push(colour);
        }
    }
}
