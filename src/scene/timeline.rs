//! The frames of a film: the value of the film's variable in each, and when it is shown.
//!
//! Two times are distinguished: the *present* of a frame is its value of the film's variable (simulated seconds if that is
//! `t`), and the *playing time* is when a viewer sees it, in seconds.

use crate::scene::expr::Variable;
use crate::scene::number_format::shortest;
use crate::timing::LoopCount;
use crate::timing::Timing;

/// How far a value may lie beyond the ends of a span to count as one of them, relative to the span.
const ROUNDING: f64 = 1e-9;

/// The frames of a scene. A still is a film of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The variable that advances from frame to frame.
    pub variable: Variable,
    /// The ends of the film variable's values. They are those of the first and the last frame, unless `motion` says
    /// otherwise.
    pub span: [f64; 2],
    /// The way from frame to frame.
    pub motion: Motion,
    /// The pace along the span, or from each key to the next.
    pub ease: Ease,
    /// Whether the span's end, or the last key, is reached, not one step before it.
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

/// How the film's variable moves from the first frame to the last.
#[derive(Clone, Debug, PartialEq)]
pub enum Motion {
    /// From the first value of the span to the last.
    Forth,
    /// To the last value of the span and back.
    ///
    /// The value at the turn has one frame. A film that is repeated at once ends one step before its first frame, which
    /// follows; one that plays once or is held ends with its first value.
    Bounce,
    /// From key to key: seconds of playback, ascending from 0, and the value then. There are at least two.
    Keys(Vec<[f64; 2]>),
}

/// The pace of a motion: the part of the way that a part of the time takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ease {
    /// Even: s.
    Linear,
    /// It begins at rest: s².
    In,
    /// It ends at rest: s(2 − s).
    Out,
    /// Both: s²(3 − 2s).
    InOut,
}

/// The least number of frames of a film that plays there and back: the start, the turn and one on the way.
pub const MIN_BOUNCE_FRAMES: usize = 3;

impl Ease {
    /// The part of the way after a part `s` of the time, both from 0 to 1.
    #[must_use]
    pub fn at(self, s: f64) -> f64 {
        match self {
            Self::Linear => s,
            Self::In => s * s,
            Self::Out => s * (2.0 - s),
            Self::InOut => s * s * (3.0 - 2.0 * s),
        }
    }
}

impl Timeline {
    /// The film's variable in frame `index`, which may be the one after the last: with [a, b] the span, a + (b − a)·e(i/(n −
    /// 1)), or e(i/n) without the end point, where e is the ease.
    #[must_use]
    pub fn present(&self, index: usize) -> f64 {
        let steps = self.steps();
        match &self.motion {
            Motion::Forth => self.along_span(index, steps),
            Motion::Bounce => {
                let (forth, back) = (steps.div_ceil(2), steps / 2);
                // The way from the first value to the end of the span; the turn may be one step before it.
                let whole = if self.endpoint { forth } else { forth + 1 };
                let left = steps.saturating_sub(index);
                match index {
                    index if index <= forth => self.along_span(index, whole),
                    _ if back == forth => self.along_span(left, whole),
                    _ => self.along_span(left * forth, back * whole),
                }
            }
            Motion::Keys(keys) => self.along_keys(keys, index, steps),
        }
    }

    /// The number of steps that the motion is divided into.
    fn steps(&self) -> usize {
        let shows_end = match self.motion {
            Motion::Forth | Motion::Keys(_) => self.endpoint,
            Motion::Bounce => self.hold > 0.0 || self.plays == LoopCount::Times(1),
        };
        if shows_end { self.frames - 1 } else { self.frames }
    }

    /// The value after `step` of `steps` steps along the span.
    fn along_span(&self, step: usize, steps: usize) -> f64 {
        let [a, b] = self.span;
        match (step, steps) {
            (0, _) | (_, 0) => a,
            (i, n) if i == n => b,
            (i, n) if self.ease == Ease::Linear => a + (b - a) * i as f64 / n as f64,
            (i, n) => a + (b - a) * self.ease.at(i as f64 / n as f64),
        }
    }

    /// The value after `step` of `steps` steps along the keys.
    fn along_keys(&self, keys: &[[f64; 2]], step: usize, steps: usize) -> f64 {
        let last = keys[keys.len() - 1];
        if step >= steps && steps > 0 {
            return last[1];
        }
        let time = last[0] * step as f64 / steps.max(1) as f64;
        let next = keys.partition_point(|key| key[0] <= time).min(keys.len() - 1);
        let [[t0, a], [t1, b]] = [keys[next - 1], keys[next]];
        a + (b - a) * self.ease.at((time - t0) / (t1 - t0))
    }

    /// The playing times of the frames.
    #[must_use]
    pub fn timing(&self) -> Timing {
        Timing { frames: self.frames, fps: self.fps, hold: self.hold }
    }

    /// Whether the first frame continues the last one, one step after it. An output that interpolates frames can then loop
    /// without a seam.
    #[must_use]
    pub fn is_seamless(&self) -> bool {
        self.frames > 1 && self.steps() == self.frames && self.hold == 0.0
    }

    /// Whether the last frame leads into the first one, so that what moves should do so without a jump.
    #[must_use]
    pub fn wraps(&self) -> bool {
        let leads_on = match self.motion {
            Motion::Forth | Motion::Keys(_) => !self.endpoint,
            Motion::Bounce => true,
        };
        self.frames > 1 && leads_on && self.plays != LoopCount::Times(1)
    }

    /// Why no frame is asked for at `value` of the film's variable, to follow the name of the value, and the nearest one to
    /// write instead, which a still has not; `None` if it lies in the span.
    #[must_use]
    pub fn outside(&self, value: f64) -> Option<(String, Option<String>)> {
        let [low, high] = [self.span[0].min(self.span[1]), self.span[0].max(self.span[1])];
        let rounding = ROUNDING * (high - low).max(low.abs()).max(high.abs());
        if (low - rounding..=high + rounding).contains(&value) {
            return None;
        }
        let [from, to] = self.span.map(shortest);
        let value_is = format!("is {}", shortest(value));
        if self.frames > 1 {
            let nearest = shortest(value.clamp(low, high));
            return Some((format!("{value_is}, outside of the film's span, {from} to {to}"), Some(nearest)));
        }
        Some((format!("{value_is}, and the scene is a still at {from}"), None))
    }

    /// The frame with the present nearest to `value`; the earliest of those equally near.
    #[must_use]
    pub fn nearest_frame(&self, value: f64) -> usize {
        // Two distances that differ by rounding errors are equal.
        let slack = (self.span[1] - self.span[0]).abs() * 1e-12;
        let mut nearest = (0, f64::INFINITY);
        for index in 0..self.frames {
            let distance = (self.present(index) - value).abs();
            if distance < nearest.1 - slack {
                nearest = (index, distance);
            }
        }
        nearest.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(frames: usize, endpoint: bool) -> Timeline {
        Timeline {
            variable: Variable::Time,
            span: [1.0, 4.0],
            motion: Motion::Forth,
            ease: Ease::Linear,
            endpoint,
            frames,
            fps: 25.0,
            hold: 1.0,
            plays: LoopCount::Forever,
        }
    }

    fn bounce(frames: usize, endpoint: bool, plays: LoopCount) -> Timeline {
        Timeline { motion: Motion::Bounce, hold: 0.0, plays, span: [0.0, 6.0], ..timeline(frames, endpoint) }
    }

    fn presents(timeline: &Timeline) -> Vec<f64> {
        (0..timeline.frames).map(|index| timeline.present(index)).collect()
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
    fn a_value_outside_of_the_span_names_the_span() {
        let film = timeline(7, true);
        for inside in [1.0, 2.7, 4.0, 4.0 + 1e-12] {
            assert_eq!(film.outside(inside), None);
        }
        let (why, nearest) = film.outside(20.0).expect("outside");
        assert_eq!(why, "is 20, outside of the film's span, 1 to 4");
        assert_eq!(nearest.as_deref(), Some("4"));
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

    #[test]
    fn a_bouncing_film_shows_each_end_once() {
        let forever = LoopCount::Forever;
        assert_eq!(presents(&bounce(6, true, forever)), [0.0, 2.0, 4.0, 6.0, 4.0, 2.0]);
        assert_eq!(presents(&bounce(5, true, forever)), [0.0, 2.0, 4.0, 6.0, 3.0]);
        assert_eq!(presents(&bounce(5, true, LoopCount::Times(1))), [0.0, 3.0, 6.0, 3.0, 0.0]);
        assert_eq!(presents(&bounce(4, false, forever)), [0.0, 2.0, 4.0, 2.0]);
        let held = Timeline { hold: 2.0, ..bounce(5, true, forever) };
        assert_eq!(presents(&held), [0.0, 3.0, 6.0, 3.0, 0.0]);
        assert!(bounce(6, true, forever).is_seamless() && !held.is_seamless());
        assert_eq!(bounce(6, true, forever).present(6), 0.0);
    }

    #[test]
    fn no_two_neighbors_of_a_bouncing_film_are_equal() {
        for frames in MIN_BOUNCE_FRAMES..40 {
            for (endpoint, ease) in [(true, Ease::Linear), (false, Ease::InOut), (true, Ease::Out)] {
                for plays in [LoopCount::Forever, LoopCount::Times(1)] {
                    let film = Timeline { ease, ..bounce(frames, endpoint, plays) };
                    let mut values = presents(&film);
                    if plays == LoopCount::Forever {
                        values.push(values[0]);
                    }
                    assert!(values.windows(2).all(|pair| pair[0] != pair[1]), "{film:?} {values:?}");
                    let largest = values.iter().copied().fold(0.0, f64::max);
                    assert!(largest == 6.0 || !endpoint, "{film:?} {values:?}");
                }
            }
        }
    }

    #[test]
    fn the_way_back_repeats_the_values_of_the_way_there() {
        for ease in [Ease::Linear, Ease::In, Ease::InOut] {
            let values =
                presents(&Timeline { ease, span: [0.1, 0.7], ..bounce(50, false, LoopCount::Forever) });
            assert!((1..25).all(|i| values[25 + i].to_bits() == values[25 - i].to_bits()), "{values:?}");
        }
    }

    #[test]
    fn eases_keep_the_ends_and_never_turn_back() {
        for ease in [Ease::Linear, Ease::In, Ease::Out, Ease::InOut] {
            assert_eq!((ease.at(0.0), ease.at(1.0)), (0.0, 1.0));
            let steps: Vec<f64> = (0..=100).map(|i| ease.at(f64::from(i) / 100.0)).collect();
            assert!(steps.windows(2).all(|pair| pair[0] < pair[1]), "{ease:?}");
        }
        // At rest at the start, at the end, or both.
        let speed = |ease: Ease, at: f64| (ease.at(at + 1e-6) - ease.at(at)) * 1e6;
        assert!(speed(Ease::In, 0.0) < 1e-5 && speed(Ease::Out, 0.0) > 1.9);
        assert!(speed(Ease::Out, 1.0 - 1e-6) < 1e-5 && speed(Ease::In, 1.0 - 1e-6) > 1.9);
        assert!(speed(Ease::InOut, 0.0) < 1e-5 && speed(Ease::InOut, 1.0 - 1e-6) < 1e-5);
    }

    #[test]
    fn keys_hold_their_values_at_their_times() {
        let keys = vec![[0.0, 0.0], [2.0, 1.0], [3.0, 1.0], [5.0, 0.0]];
        let span = [0.0, 1.0];
        let motion = Motion::Keys(keys);
        let film = Timeline { motion, span, ease: Ease::InOut, ..timeline(51, true) };
        let at = |seconds: f64| film.present((seconds * 10.0).round() as usize);
        assert_eq!([at(0.0), at(2.0), at(2.5), at(3.0), at(5.0)], [0.0, 1.0, 1.0, 1.0, 0.0]);
        assert_eq!((at(1.0), at(4.0)), (0.5, 0.5));
        assert!((at(0.5) - Ease::InOut.at(0.25)).abs() < 1e-15);
        assert!((at(4.5) - Ease::InOut.at(0.25)).abs() < 1e-12);
        assert_eq!(film.nearest_frame(1.0), 20);
    }
}
