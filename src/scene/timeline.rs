//! Which frame shows what, and when: the film's variable over its span, frame by frame.
//!
//! Two times must not be confused: the *present*, a value of the film's variable (simulated seconds,
//! where that is `t`), and the *playing time* in seconds at which a viewer sees it.

use crate::scene::expr::Variable;
use crate::timing::LoopCount;
use crate::timing::Timing;

/// The playing of a scene. A still is a film of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// What moves on from frame to frame.
    pub variable: Variable,
    /// The film's variable in the first and the last frame.
    pub span: [f64; 2],
    /// Whether the last frame shows `span[1]` itself, or stops one step before it.
    pub endpoint: bool,
    /// Frames, at least 1.
    pub frames: usize,
    /// Frames a second, positive.
    pub fps: f64,
    /// Seconds added to the last frame.
    pub hold: f64,
    /// How often it plays.
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

    /// When each frame is seen.
    #[must_use]
    pub fn timing(&self) -> Timing {
        Timing { frames: self.frames, fps: self.fps, hold: self.hold }
    }

    /// Whether the motion begins again at the span's end, which is then the frame behind the last: a film that
    /// knows what lies between frames can run on into its beginning.
    #[must_use]
    pub fn is_seamless(&self) -> bool {
        self.frames > 1 && !self.endpoint && self.hold == 0.0
    }

    /// The frame whose present is nearest to `value`; the earlier of two equally near.
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
