//! From marks to a finished file: plays a film as often as its format needs.
//!
//! GIF and APNG want to know beforehand what the film holds (its colours, how many frames differ), so a
//! film is played twice: once for the survey, once for the file; WebP is content with once. Memory does not grow with its length.

use std::collections::BTreeSet;
use std::io::{Seek, Write};

use crate::draw::mark::Mark;
use crate::encode::{
    ApngEncoder, Census, EncodeError, Frame, GifEncoder, Palette, Plays, Survey, WebpEncoder, write_png,
};
use crate::film::{Renderer, Timing, play};
use crate::raster::Rgba;
use crate::svg::{self, Motion, Sheet};

/// All of a film but its frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reel {
    /// Width and height in device pixels.
    pub size: (u32, u32),
    /// What lies under every frame.
    pub background: Rgba,
    /// How many frames, and when.
    pub timing: Timing,
    /// How often the film plays.
    pub plays: Plays,
    /// What translucent pixels are blended over in a GIF, which knows only opaque and clear.
    pub matte: Rgba,
}

/// What a page is told of a vector picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Page<'a> {
    /// Device pixels per CSS pixel, above 0.
    pub scale: f64,
    /// The picture in words.
    pub title: Option<&'a str>,
    /// Of a film: whether there is a frame behind the last in which it begins again, see [`Motion`].
    pub seamless: bool,
}

impl Reel {
    /// Asks `marks` for every frame's marks and hands their picture to `sink`.
    ///
    /// # Errors
    /// The first error of `marks` or `sink`.
    pub fn play<E>(
        &self,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
        sink: impl FnMut(&Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut renderer = Renderer::new(self.size.0, self.size.1, self.background);
        play(&mut renderer, &self.timing, marks, sink)
    }

    /// Writes the film as a GIF. Colours of marks and background are kept exactly.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_gif<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let mut inks = BTreeSet::from([self.background]);
        let census = self.survey(|index| -> Result<_, E> {
            let marks = marks(index)?;
            inks.extend(marks.iter().filter_map(Mark::colour));
            Ok(marks)
        })?;
        let pinned: Vec<_> = inks.into_iter().filter(|colour| colour.a == 255).collect();
        let palette = Palette::build(&census, &pinned, self.matte);
        let mut encoder = GifEncoder::new(writer, self.size, palette, self.plays)?;
        self.play(marks, |frame| Ok(encoder.push(frame)?))?;
        Ok(encoder.finish()?)
    }

    /// Writes the film as an animated PNG, without any loss.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_apng<E: From<EncodeError>>(
        &self,
        writer: impl Write,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let census = self.survey(&mut marks)?;
        let mut encoder = ApngEncoder::new(writer, self.size, &census, self.plays)?;
        self.play(marks, |frame| Ok(encoder.push(frame)?))?;
        Ok(encoder.finish()?)
    }

    /// Writes the film as an animated WebP, without any loss. The writer is asked to go back once, for the
    /// file's length stands at its beginning.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_webp<E: From<EncodeError>>(
        &self,
        writer: impl Write + Seek,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let mut encoder = WebpEncoder::new(writer, self.size, self.plays)?;
        self.play(marks, |frame| Ok(encoder.push(frame)?))?;
        Ok(encoder.finish()?)
    }

    /// Writes one frame as a PNG.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of the writer.
    pub fn write_still<E: From<EncodeError>>(
        &self,
        index: usize,
        writer: impl Write,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let mut renderer = Renderer::new(self.size.0, self.size.1, self.background);
        renderer.show(marks(index)?);
        Ok(write_png(renderer.image(), writer)?)
    }

    /// Hands every frame as a PNG of its own to `file`.
    ///
    /// # Errors
    /// Those of `marks`, of the format, and of `file`.
    pub fn write_stills<E: From<EncodeError>>(
        &self,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
        mut file: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut bytes = Vec::new();
        self.play(marks, |frame| {
            bytes.clear();
            write_png(frame.image, &mut bytes)?;
            file(&bytes)
        })
    }

    /// Writes one frame as an SVG.
    ///
    /// # Errors
    /// Those of `marks` and of the writer.
    pub fn write_svg<E: From<EncodeError>>(
        &self,
        index: usize,
        page: &Page<'_>,
        mut writer: impl Write,
        mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let text = svg::still(&self.sheet(page), marks(index)?);
        Ok(writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?)
    }

    /// Writes the film as an SVG that plays without a script. What changes is held in memory, as the file itself
    /// holds all of it.
    ///
    /// # Errors
    /// Those of `marks` and of the writer.
    pub fn write_svg_film<E: From<EncodeError>>(
        &self,
        page: &Page<'_>,
        mut writer: impl Write,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<(), E> {
        let motion = Motion { timing: self.timing, plays: self.plays, seamless: page.seamless };
        let text = svg::film(&self.sheet(page), &motion, marks)?;
        Ok(writer.write_all(text.as_bytes()).map_err(EncodeError::Io)?)
    }

    fn sheet<'a>(&self, page: &Page<'a>) -> Sheet<'a> {
        Sheet { size: self.size, scale: page.scale, background: self.background, title: page.title }
    }

    fn survey<E: From<EncodeError>>(
        &self,
        marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    ) -> Result<Census, E> {
        let mut survey = Survey::new();
        self.play(marks, |frame| Ok(survey.push(frame)?))?;
        Ok(survey.finish()?)
    }
}
