//! Films as independent decoders show them, and the pixels to compare with.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{AnimationDecoder, RgbaImage};
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

/// Draws the next frame of a film on the canvas and returns its delay in milliseconds.
type NextFrame<'a> = Box<dyn FnMut(&mut RgbaImage) -> f64 + 'a>;

/// A decoder that plays a film from its beginning.
pub(crate) struct Screen<'a> {
    next: NextFrame<'a>,
    canvas: RgbaImage,
    /// When the shown frame ends, in milliseconds.
    until: f64,
}

impl<'a> Screen<'a> {
    /// Frames are composited here, which is faster than the whole canvas that `image` makes of each.
    pub(crate) fn gif(file: &'a [u8]) -> Self {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(Cursor::new(file)).expect("a GIF");
        let canvas = RgbaImage::new(decoder.width().into(), decoder.height().into());
        let mut erase = None;
        let next = move |canvas: &mut RgbaImage| {
            let frame = decoder.read_next_frame().expect("a sound frame").expect("the film lasts");
            let place = Place::of(frame);
            erase.take().into_iter().for_each(|place: Place| place.fill(canvas, |_, pixel| *pixel = [0; 4]));
            let pixels = frame.buffer.as_chunks().0;
            place.fill(canvas, |index, pixel| {
                *pixel = if pixels[index][3] > 0 { pixels[index] } else { *pixel }
            });
            erase = (frame.dispose == gif::DisposalMethod::Background).then_some(place);
            assert_ne!(frame.dispose, gif::DisposalMethod::Previous);
            f64::from(frame.delay) * 10.0
        };
        Self { next: Box::new(next), canvas, until: 0.0 }
    }

    pub(crate) fn apng(file: &'a [u8]) -> Self {
        let decoder = PngDecoder::new(Cursor::new(file)).expect("a PNG");
        let mut frames = decoder.apng().expect("an APNG").into_frames();
        let next = move |canvas: &mut RgbaImage| {
            let frame = frames.next().expect("the film lasts").expect("a sound frame");
            let (numerator, denominator) = frame.delay().numer_denom_ms();
            *canvas = frame.into_buffer();
            f64::from(numerator) / f64::from(denominator)
        };
        Self { next: Box::new(next), canvas: RgbaImage::new(0, 0), until: 0.0 }
    }

    /// The picture that is shown in the middle of a frame of the scene. Callers ask for frames in ascending order.
    pub(crate) fn of_frame(&mut self, index: usize, scene: &Scene) -> &RgbaImage {
        let middle = (index as f64 + 0.5) / scene.timeline.timing().fps * 1000.0;
        while self.until <= middle {
            self.until += (self.next)(&mut self.canvas);
        }
        &self.canvas
    }
}

/// The rectangle of the canvas that a frame of a GIF covers.
struct Place {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Place {
    fn of(frame: &gif::Frame<'_>) -> Self {
        let [left, top, width, height] = [frame.left, frame.top, frame.width, frame.height].map(usize::from);
        Self { left, top, width, height }
    }

    /// Changes each pixel of the rectangle. Pixels are counted row by row.
    fn fill(&self, canvas: &mut RgbaImage, change: impl Fn(usize, &mut [u8; 4])) {
        let stride = canvas.width() as usize;
        let pixels = canvas.as_chunks_mut().0;
        for y in 0..self.height {
            let start = (self.top + y) * stride + self.left;
            for (x, pixel) in pixels[start..start + self.width].iter_mut().enumerate() {
                change(y * self.width + x, pixel);
            }
        }
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

/// The bytes of the drawn picture. Each frame updates the rectangles that it reports as changed.
pub(crate) struct Drawn {
    pub(crate) bytes: Vec<u8>,
    /// True while every drawn pixel is opaque.
    pub(crate) opaque: bool,
    width: usize,
}

impl Drawn {
    pub(crate) fn new(figure: &Figure<'_>) -> Self {
        let (width, height) = figure.size();
        Self { bytes: vec![0; 4 * width as usize * height as usize], opaque: true, width: width as usize }
    }

    pub(crate) fn update(&mut self, frame: &Frame<'_>) {
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

    /// The pixels that a decoder shows differently: the drawn pixel, then the shown one. Comparing whole rows first is fast,
    /// because most rows are equal.
    pub(crate) fn differences<'a>(&'a self, shown: &'a RgbaImage) -> impl Iterator<Item = [[u8; 4]; 2]> + 'a {
        assert_eq!(self.bytes.len(), shown.as_raw().len());
        let rows = self.bytes.chunks_exact(4 * self.width).zip(shown.as_raw().chunks_exact(4 * self.width));
        let pixels = rows.filter(|(drawn, shown)| drawn != shown).flat_map(|(drawn, shown)| {
            drawn.as_chunks().0.iter().copied().zip(shown.as_chunks().0.iter().copied())
        });
        pixels.filter(|(drawn, shown)| drawn != shown).map(|(drawn, shown)| [drawn, shown])
    }
}
