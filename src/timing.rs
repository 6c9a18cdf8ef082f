//! Frame times of a film: when each frame is shown, how often the film plays, and how files round those times.
//!
//! Frame i (from 0) is shown from `i / fps` until `(i + 1) / fps` seconds; the last one `hold` seconds longer.

pub mod ticks;

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
    pub fn frame_end(&self, index: usize) -> f64 {
        let hold = if index + 1 == self.frames { self.hold } else { 0.0 };
        (index + 1) as f64 / self.fps + hold
    }
}

/// How often a film plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopCount {
    /// Over and over.
    Forever,
    /// This many times in all, at least once.
    Times(u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_frame_is_held() {
        let timing = Timing { frames: 5, fps: 2.0, hold: 1.5 };
        let frame_ends: Vec<_> = (0..5).map(|index| timing.frame_end(index)).collect();
        assert_eq!(frame_ends, [0.5, 1.0, 1.5, 2.0, 4.0]);
    }
}
