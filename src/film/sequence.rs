//! The order of frames: marks in, pictures with their instants out.
//!
//! Frame i (from 0) is shown from `i / fps` until `(i + 1) / fps` seconds; the last one `hold` seconds
//! longer. Whoever draws is asked for every frame once, in order.

use crate::draw::mark::Mark;
use crate::encode::Frame;
use crate::film::Renderer;

/// When frames follow one another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// How many frames, at least 1.
    pub frames: usize,
    /// Frames per second, above 0.
    pub fps: f64,
    /// Seconds for which the last frame stays longer than the others, at least 0.
    pub hold: f64,
}

impl Timing {
    /// When frame `index` gives way to the next, in seconds since the film began; for the last frame,
    /// when the film ends.
    #[must_use]
    pub fn until(&self, index: usize) -> f64 {
        let hold = if index + 1 == self.frames { self.hold } else { 0.0 };
        (index + 1) as f64 / self.fps + hold
    }
}

/// Plays a film: asks `marks` for each frame, shows it, and hands the picture to `sink`.
///
/// # Errors
/// The first error of `marks` or `sink`, at which the film ends.
pub fn play<E>(
    renderer: &mut Renderer,
    timing: &Timing,
    mut marks: impl FnMut(usize) -> Result<Vec<Mark>, E>,
    mut sink: impl FnMut(&Frame) -> Result<(), E>,
) -> Result<(), E> {
    for index in 0..timing.frames {
        renderer.show(marks(index)?);
        let frame =
            Frame { image: renderer.image(), changed: renderer.changed(), until: timing.until(index) };
        sink(&frame)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Rgba;

    #[test]
    fn the_last_frame_is_held() {
        let timing = Timing { frames: 5, fps: 2.0, hold: 1.5 };
        let untils: Vec<_> = (0..5).map(|index| timing.until(index)).collect();
        assert_eq!(untils, [0.5, 1.0, 1.5, 2.0, 4.0]);
    }

    #[test]
    fn an_error_of_either_side_ends_the_film() {
        let timing = Timing { frames: 9, fps: 1.0, hold: 0.0 };
        let mut renderer = Renderer::new(2, 2, Rgba::WHITE);
        let mut shown = 0;
        let drawn = play(
            &mut renderer,
            &timing,
            |index| if index < 3 { Ok(Vec::new()) } else { Err(index) },
            |_| {
                shown += 1;
                Ok(())
            },
        );
        assert_eq!((drawn, shown), (Err(3), 3));
        assert_eq!(play(&mut renderer, &timing, |_| Ok(Vec::new()), |_| Err("full")), Err("full"));
    }
}
