//! Plays a film: marks of each frame in, pictures with their times out.

use crate::encode::Frame;
use crate::film::Renderer;
use crate::mark::Mark;
use crate::timing::Timing;

/// Calls `marks` once for each frame, in order, renders the frame, and passes its picture to `sink`.
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
            Frame { image: renderer.image(), changed: renderer.changed(), end: timing.frame_end(index) };
        sink(&frame)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Rgba;

    #[test]
    fn an_error_of_marks_or_sink_ends_the_film() {
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
