//! Frame times of an animation: when each frame is shown, and how often the animation plays.
//!
//! Frame `i` (from 0) is shown from `i / fps` to `(i + 1) / fps` seconds; the last frame stays `hold` seconds
//! longer. [`ticks`] rounds these times to the units of a file format.

pub mod ticks;

/// The number of frames and their rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// The number of frames, at least 1.
    pub frames: usize,
    /// Frames per second, above 0.
    pub fps: f64,
    /// Seconds for which the last frame stays longer than the others, at least 0.
    pub hold: f64,
}

impl Timing {
    /// The time at which frame `index` (from 0) ends, in seconds from the start of the animation. The end of
    /// the last frame is the end of the animation.
    #[must_use]
    pub fn frame_end(&self, index: usize) -> f64 {
        let hold = if index + 1 == self.frames { self.hold } else { 0.0 };
        (index + 1) as f64 / self.fps + hold
    }
}

/// How often an animation plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopCount {
    /// Without end.
    Forever,
    /// This many times in total, at least 1.
    Times(u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_frame_stays_longer_by_hold() {
        let timing = Timing { frames: 5, fps: 2.0, hold: 1.5 };
        let frame_ends: Vec<_> = (0..5).map(|index| timing.frame_end(index)).collect();
        assert_eq!(frame_ends, [0.5, 1.0, 1.5, 2.0, 4.0]);
    }
}
