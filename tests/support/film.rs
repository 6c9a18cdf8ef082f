//! Films for the encoders: reproducible noise, and the steps from pictures to a file.

use std::io::Cursor;

use kymograph::encode::{
    ApngEncoder, EncodeError, FilmAnalyzer, FilmStatistics, Frame, GifEncoder, Palette, WebpEncoder,
};
use kymograph::geometry::PixelRect;
use kymograph::raster::{Raster, Rgba};
use kymograph::timing::LoopCount;

/// A film in memory: pictures with the times at which they end.
pub(crate) struct Film {
    pub(crate) pictures: Vec<Raster>,
    pub(crate) untils: Vec<f64>,
    /// The rectangles in which each picture may differ from the one before.
    pub(crate) changed: Vec<Vec<PixelRect>>,
}

/// A file, or why there is none.
type Coded = Result<Vec<u8>, EncodeError>;

impl Film {
    /// A film at 25 frames a second, in which each frame reports the whole canvas as changed.
    pub(crate) fn new(pictures: Vec<Raster>) -> Self {
        let untils = (1..=pictures.len()).map(|frame| frame as f64 / 25.0).collect();
        let changed = pictures.iter().map(|picture| vec![picture.bounds()]).collect();
        Self { pictures, untils, changed }
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        (self.pictures[0].width(), self.pictures[0].height())
    }

    pub(crate) fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let times = self.untils.iter().zip(&self.changed);
        self.pictures.iter().zip(times).map(|(image, (&until, changed))| Frame { image, changed, end: until })
    }

    pub(crate) fn statistics(&self) -> FilmStatistics {
        let mut analyzer = FilmAnalyzer::new();
        for frame in self.frames() {
            analyzer.push(&frame).expect("one size");
        }
        analyzer.finish().expect("a frame")
    }

    pub(crate) fn palette(&self) -> Palette {
        Palette::build(&self.statistics(), &[], MATTE)
    }

    pub(crate) fn gif(&self, palette: &Palette, plays: LoopCount) -> Coded {
        self.gif_on(1, palette, plays)
    }

    pub(crate) fn gif_on(&self, threads: usize, palette: &Palette, plays: LoopCount) -> Coded {
        let mut file = Vec::new();
        let mut encoder =
            GifEncoder::new(&mut file, self.size(), palette.clone(), plays)?.with_threads(threads);
        for frame in self.frames() {
            encoder.push(&frame)?;
        }
        encoder.finish()?;
        Ok(file)
    }

    pub(crate) fn apng(&self, plays: LoopCount) -> Coded {
        self.apng_on(1, plays)
    }

    pub(crate) fn apng_on(&self, threads: usize, plays: LoopCount) -> Coded {
        let mut file = Vec::new();
        let encoder = ApngEncoder::new(&mut file, self.size(), &self.statistics(), plays)?;
        let mut encoder = encoder.with_threads(threads);
        for frame in self.frames() {
            encoder.push(&frame)?;
        }
        encoder.finish()?;
        Ok(file)
    }

    pub(crate) fn webp(&self, plays: LoopCount) -> Coded {
        self.webp_on(1, plays)
    }

    pub(crate) fn webp_on(&self, threads: usize, plays: LoopCount) -> Coded {
        let mut file = Cursor::new(Vec::new());
        let mut encoder = WebpEncoder::new(&mut file, self.size(), plays)?.with_threads(threads);
        for frame in self.frames() {
            encoder.push(&frame)?;
        }
        encoder.finish()?;
        Ok(file.into_inner())
    }

    /// The pictures that differ from the one before, each with the time at which it ends.
    pub(crate) fn distinct<P: PartialEq>(&self, shown: impl Fn(&Raster) -> P) -> Vec<(P, f64)> {
        let mut distinct: Vec<(P, f64)> = Vec::new();
        for (picture, &until) in self.pictures.iter().zip(&self.untils) {
            let picture = shown(picture);
            match distinct.last_mut() {
                Some(last) if last.0 == picture => last.1 = until,
                _ => distinct.push((picture, until)),
            }
        }
        distinct
    }
}

pub(crate) const MATTE: Rgba = Rgba::opaque(250, 240, 230);

/// Small deterministic noise: splitmix64.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % u64::from(bound)) as u32
    }

    pub(crate) fn rect(&mut self, width: u32, height: u32) -> PixelRect {
        let (left, top) = (self.below(width) as i32, self.below(height) as i32);
        let (right, bottom) = (left + 1 + self.below(width) as i32, top + 1 + self.below(height) as i32);
        PixelRect { left, top, right, bottom }.intersect(&PixelRect::from_size(width, height))
    }

    pub(crate) fn color(&mut self, alphas: &[u8]) -> Rgba {
        let a = alphas[self.below(alphas.len() as u32) as usize];
        let channel = |noise: &mut Self| (noise.below(6) * 51) as u8;
        match a {
            0 => Rgba::CLEAR,
            _ => Rgba { r: channel(self), g: channel(self), b: channel(self), a },
        }
    }

    /// A film of random rectangles. Some frames add nothing, some add many.
    pub(crate) fn film(&mut self, (width, height): (u32, u32), frames: usize, alphas: &[u8]) -> Film {
        let mut picture = Raster::filled(width, height, self.color(alphas));
        let mut film = Film::new(vec![picture.clone()]);
        while film.pictures.len() < frames {
            let rects: Vec<_> = (0..self.below(3)).map(|_| self.rect(width, height)).collect();
            for rect in &rects {
                fill(&mut picture, *rect, self.color(alphas));
            }
            film.pictures.push(picture.clone());
            film.changed.push(rects);
            let last = film.untils[film.untils.len() - 1];
            film.untils.push(last + 0.02 + f64::from(self.below(1000)) / 7000.0);
        }
        film
    }
}

pub(crate) fn fill(picture: &mut Raster, rect: PixelRect, color: Rgba) {
    for y in rect.top..rect.bottom {
        picture.row_mut(y, rect.left, rect.right).fill(color);
    }
}
