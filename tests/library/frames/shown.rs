//! Films as other decoders show them, beside the pixels that were drawn.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::{AnimationDecoder, Frames, RgbaImage};
use kymograph::encode::{EncodeError, Frame};
use kymograph::panel::Figure;
use kymograph::scene::Scene;

pub(crate) fn gif(figure: &Figure<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    let marks = |index| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    figure.animation().write_gif(&mut file, marks).expect("a GIF");
    file
}

pub(crate) fn apng(figure: &Figure<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    let marks = |index| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    figure.animation().write_apng(&mut file, marks).expect("an APNG");
    file
}

/// A decoder that plays a film from its beginning.
pub(crate) struct Screen<'a> {
    frames: Frames<'a>,
    shown: RgbaImage,
    /// When the shown frame ends, in milliseconds.
    until: f64,
}

impl<'a> Screen<'a> {
    pub(crate) fn gif(file: &'a [u8]) -> Self {
        Self::new(GifDecoder::new(Cursor::new(file)).expect("a GIF").into_frames())
    }

    pub(crate) fn apng(file: &'a [u8]) -> Self {
        let decoder = PngDecoder::new(Cursor::new(file)).expect("a PNG");
        Self::new(decoder.apng().expect("an APNG").into_frames())
    }

    fn new(frames: Frames<'a>) -> Self {
        Self { frames, shown: RgbaImage::new(0, 0), until: 0.0 }
    }

    /// The picture in the middle of a frame of the scene. Frames are asked for in their order.
    pub(crate) fn of_frame(&mut self, index: usize, scene: &Scene) -> &RgbaImage {
        let middle = (index as f64 + 0.5) / scene.timeline.timing().fps * 1000.0;
        while self.until <= middle {
            let frame = self.frames.next().expect("the film lasts").expect("a sound frame");
            let (numerator, denominator) = frame.delay().numer_denom_ms();
            self.until += f64::from(numerator) / f64::from(denominator);
            self.shown = frame.into_buffer();
        }
        &self.shown
    }
}

/// The size of a film's canvas, and when its frames end, in milliseconds.
pub(crate) struct Ends {
    pub(crate) size: (u32, u32),
    pub(crate) ends: Vec<f64>,
}

impl Ends {
    pub(crate) fn of_gif(file: &[u8]) -> Self {
        let mut options = gif::DecodeOptions::new();
        options.skip_frame_decoding(true);
        let mut decoder = options.read_info(Cursor::new(file)).expect("a GIF");
        let size = (u32::from(decoder.width()), u32::from(decoder.height()));
        let (mut until, mut ends) = (0.0, Vec::new());
        while let Some(frame) = decoder.next_frame_info().expect("a sound frame") {
            until += f64::from(frame.delay) * 10.0;
            ends.push(until);
        }
        Self { size, ends }
    }

    pub(crate) fn of_apng(file: &[u8]) -> Self {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().expect("a PNG");
        let size = reader.info().size();
        let count = reader.info().animation_control().expect("an animation").num_frames;
        let (mut until, mut ends) = (0.0, Vec::new());
        for index in 0..count {
            if index > 0 {
                reader.next_frame_info().expect("a sound frame");
            }
            let frame = reader.info().frame_control().expect("a frame of the animation");
            until += 1000.0 * f64::from(frame.delay_num) / f64::from(frame.delay_den);
            ends.push(until);
        }
        Self { size, ends }
    }
}

/// The bytes of the drawn picture, which follow the film by what each frame says has changed.
pub(crate) struct Drawn {
    pub(crate) bytes: Vec<u8>,
    /// Whether no pixel has been translucent so far.
    pub(crate) opaque: bool,
    width: usize,
}

impl Drawn {
    pub(crate) fn new(figure: &Figure<'_>) -> Self {
        let (width, height) = figure.size();
        Self { bytes: vec![0; 4 * width as usize * height as usize], opaque: true, width: width as usize }
    }

    pub(crate) fn follow(&mut self, frame: &Frame<'_>) {
        for rect in frame.changed {
            for y in rect.top..rect.bottom {
                let start = 4 * (y as usize * self.width + rect.left as usize);
                let cells = self.bytes[start..].as_chunks_mut().0;
                for (pixel, cell) in frame.image.row(y, rect.left, rect.right).iter().zip(cells) {
                    *cell = [pixel.r, pixel.g, pixel.b, pixel.a];
                    self.opaque &= pixel.a == 255;
                }
            }
        }
    }

    /// The pixels that a decoder shows differently, each with what was drawn first. Equal rows are passed over at once.
    pub(crate) fn differences<'a>(&'a self, shown: &'a RgbaImage) -> impl Iterator<Item = [[u8; 4]; 2]> + 'a {
        assert_eq!(self.bytes.len(), shown.as_raw().len());
        let rows = self.bytes.chunks_exact(4 * self.width).zip(shown.as_raw().chunks_exact(4 * self.width));
        let pixels = rows.filter(|(drawn, shown)| drawn != shown).flat_map(|(drawn, shown)| {
            drawn.as_chunks().0.iter().copied().zip(shown.as_chunks().0.iter().copied())
        });
        pixels.filter(|(drawn, shown)| drawn != shown).map(|(drawn, shown)| [drawn, shown])
    }
}
