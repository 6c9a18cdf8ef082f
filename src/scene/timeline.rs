//! The frames of a film: the value of the film's variable in each, and when it is shown.
//!
//! Two times are distinguished: the *present* of a frame is its value of the film's variable (simulated seconds if that is
//! `t`), and the *playing time* is when a viewer sees it, in seconds.

use crate::scene::expr::Variable;
use crate::timing::LoopCount;
use crate::timing::Timing;

/// The frames of a scene. A still is a film of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The variable that advances from frame to frame.
    pub variable: Variable,
    /// The film's variable in the first and the last frame.
    pub span: [f64; 2],
    /// Whether the present of the last frame is `span[1]`, not one step before it.
    pub endpoint: bool,
    /// The number of frames, at least 1.
    pub frames: usize,
    /// Frames per second, positive.
    pub fps: f64,
    /// Seconds added to the last frame.
    pub hold: f64,
    /// The number of plays.
    pub plays: LoopCount,
}

impl Timeline {
    /// The film's variable in frame `index`: a + (b − a)·i/(n − 1), or ·i/n without the end point.
    #[must_use]
    pub fn present(&self, index: usize) -> f64 {
        let [a, b] = self.span;
        let steps = if self.endpoint { self.frames - 1 } else { self.frames };
        match (index, steps) {
            (0, _) | (_, 0) => a,
            (i, n) if i == n => b,
            (i, n) => a + (b - a) * i as f64 / n as f64,
        }
    }

    /// The playing times of the frames.
    #[must_use]
    pub fn timing(&self) -> Timing {
        Timing { frames: self.frames, fps: self.fps, hold: self.hold }
    }

    /// Whether the first frame continues the last one, because the span ends one step after the last frame. An output that
    /// interpolates frames can then loop without a seam.
    #[must_use]
    pub fn is_seamless(&self) -> bool {
        self.frames > 1 && !self.endpoint && self.hold == 0.0
    }

    /// The frame with the present nearest to `value`; the earlier of two equally near.
    #[must_use]
    pub fn nearest_frame(&self, value: f64) -> usize {
        let [a, b] = self.span;
        let steps = if self.endpoint { self.frames - 1 } else { self.frames };
        if steps == 0 || a == b {
            return 0;
        }
        let exact = (value - a) / (b - a) * steps as f64;
        ((exact - 0.5).ceil().max(0.0) as usize).min(self.frames - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(frames: usize, endpoint: bool) -> Timeline {
        Timeline {
            variable: Variable::Time,
            span: [1.0, 4.0],
            endpoint,
            frames,
            fps: 25.0,
            hold: 1.0,
            plays: LoopCount::Forever,
        }
    }

    #[test]
    fn the_ends_are_exact() {
        let c = timeline(7, true);
        assert_eq!((c.present(0), c.present(6)), (1.0, 4.0));
        let open = timeline(6, false);
        assert_eq!((open.present(0), open.present(5)), (1.0, 3.5));
        assert_eq!(timeline(1, true).present(0), 1.0);
    }

    #[test]
    fn every_present_finds_its_own_frame() {
        for endpoint in [true, false] {
            let c = timeline(101, endpoint);
            for i in 0..101 {
                assert_eq!(c.nearest_frame(c.present(i)), i);
            }
            assert_eq!((c.nearest_frame(-9.0), c.nearest_frame(99.0)), (0, 100));
        }
    }
}
