//! The order of frames: marks in, pictures with their instants out.
//!
//! Frame i (from 0) is shown from `i / fps` until `(i + 1) / fps` seconds; the last one `hold` seconds
//! longer. Whoever draws is asked for every frame once, in order.

use crate::encode::Frame;
use crate::film::Renderer;
use crate::mark::Mark;
use crate::timing::Timing;

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
            Frame { image: renderer.image(), changed: renderer.changed(), until: timing.frame_end(index) };
        sink(&frame)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Rgba;

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
