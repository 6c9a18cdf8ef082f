//! Frames as key times of SVG animation (SMIL).
//!
//! SMIL is used rather than CSS: it interpolates a path's `d` and dash offsets in both Chromium and Firefox, plays inside
//! of `<img>`, and needs no element names. All animations of a file have one duration and begin together. Values are
//! interpolated between frames, so motion is smooth at any refresh rate; the last frame is held. A key is left out
//! where interpolation between its neighbors reproduces it.

use std::ops::Range;

use crate::svg::number::rounded;
use crate::svg::simplify::simplify;
use crate::svg::xml::Element;
use crate::timing::LoopCount;
use crate::timing::Timing;

/// Greatest deviation of interpolation from a key that is left out, in device pixels.
const TOLERANCE: f64 = 0.05;
/// Greatest rounding error of a key time, in seconds.
const INSTANT: f64 = 2.5e-5;

/// The times of all frames, as fractions of the duration.
#[derive(Clone, Debug)]
pub(super) struct KeyTimes {
    /// Start of each key as a fraction of the duration. There is a key for each frame, and one more at 1 where the animation
    /// runs on into its first frame.
    start_times: Vec<f64>,
    /// Number of frames.
    frames: usize,
    seconds: f64,
    plays: LoopCount,
    /// Decimals of a written key time.
    decimals: u32,
    /// Whether each value is held until the next key.
    in_steps: bool,
}

/// The value of each key of an animation, as a row of a table of distinct values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyed<'a> {
    /// The row of each key.
    pub(super) rows: &'a [usize],
    /// Coordinates in device pixels, row by row.
    pub(super) table: &'a [Vec<f64>],
}

impl KeyTimes {
    /// Key times of an animation. `seamless` adds a key after the last frame, which equals the first frame.
    pub(super) fn new(timing: &Timing, plays: LoopCount, seamless: bool) -> Self {
        let seconds = timing.frame_end(timing.frames - 1);
        let keys = timing.frames + usize::from(seamless);
        let start_times = (0..keys).map(|k| (k as f64 / timing.fps / seconds).min(1.0)).collect();
        let decimals = (1..9).find(|d| 0.5 * seconds / 10_u64.pow(*d) as f64 <= INSTANT).unwrap_or(9);
        Self { start_times, frames: timing.frames, seconds, plays, decimals, in_steps: false }
    }

    /// The same key times, between which values are held if `in_steps` holds, and interpolated if not.
    pub(super) fn in_steps(self, in_steps: bool) -> Self {
        Self { in_steps, ..self }
    }

    /// The single key of a still.
    pub(super) fn still() -> Self {
        Self {
            start_times: vec![0.0],
            frames: 1,
            seconds: 1.0,
            plays: LoopCount::Times(1),
            decimals: 1,
            in_steps: false,
        }
    }

    /// Number of frames that must be drawn.
    pub(super) fn key_count(&self) -> usize {
        self.start_times.len()
    }

    /// The frame that viewers without animation show: the last one.
    pub(super) fn poster_frame(&self) -> usize {
        self.frames - 1
    }

    /// Completes `animation` with values that are interpolated between keys, or returns `None` if they never change.
    /// `write` formats a row of the table as an attribute
    /// value.
    pub(super) fn animate_values(
        &self,
        animation: Element,
        Keyed { rows: values, table }: Keyed<'_>,
        write: impl Fn(usize) -> String,
    ) -> Option<Element> {
        if self.in_steps {
            return self.animate_steps(animation, Keyed { rows: values, table }, write);
        }
        let mut kept = self.required_keys(values, table);
        if kept.iter().all(|&key| table[values[key]] == table[values[0]]) {
            return None;
        }
        let mut times: Vec<f64> = kept.iter().map(|&key| self.start_times[key]).collect();
        if self.start_times.len() == self.frames {
            // The last frame is held to the end.
            kept.push(self.frames - 1);
            times.push(1.0);
        }
        let values: Vec<String> = kept.into_iter().map(|key| write(values[key])).collect();
        let even = |k: usize| (times[k] - k as f64 / (times.len() - 1) as f64).abs() * self.seconds < INSTANT;
        let times = (!(0..times.len()).all(even)).then(|| self.format_times(&times));
        Some(self.with_timing(animation.with("values", values.join(";")).with_optional("keyTimes", times)))
    }

    /// Completes `animation` with values that are held until the next one, or returns `None` if they never change.
    fn animate_steps(
        &self,
        animation: Element,
        Keyed { rows, table }: Keyed<'_>,
        write: impl Fn(usize) -> String,
    ) -> Option<Element> {
        let mut kept: Vec<usize> = (0..self.frames).collect();
        kept.dedup_by_key(|key| &table[rows[*key]]);
        if kept.len() == 1 {
            return None;
        }
        let times: Vec<f64> = kept.iter().map(|key| self.start_times[*key]).collect();
        let values: Vec<String> = kept.into_iter().map(|key| write(rows[key])).collect();
        let animation = animation.with("calcMode", "discrete").with("values", values.join(";"));
        Some(self.with_timing(animation.with("keyTimes", self.format_times(&times))))
    }

    /// Returns an animation that shows an element in some frames only, or `None` if it is always visible.
    pub(super) fn animate_visibility(&self, frames: &[Range<usize>]) -> Option<Element> {
        let mut changes: Vec<(usize, bool)> = vec![(0, false)];
        for range in frames {
            for (at, on) in [(range.start, true), (range.end, false)] {
                match changes.last_mut() {
                    // Ranges that touch are merged.
                    Some(last) if last.0 == at => last.1 = on,
                    _ if at < self.frames => changes.push((at, on)),
                    _ => {}
                }
            }
        }
        changes.dedup_by_key(|change| change.1);
        if changes.len() == 1 {
            return None;
        }
        let word = |on| if on { "visible" } else { "hidden" };
        let values: Vec<&str> = changes.iter().map(|change| word(change.1)).collect();
        let times: Vec<f64> = changes.iter().map(|change| self.start_times[change.0]).collect();
        let animation = Element::new("animate").with("attributeName", "visibility");
        let animation = animation.with("calcMode", "discrete").with("values", values.join(";"));
        Some(self.with_timing(animation.with("keyTimes", self.format_times(&times))))
    }

    fn with_timing(&self, animation: Element) -> Element {
        let animation = animation.with("dur", format!("{}s", rounded(self.seconds, 6)));
        match self.plays {
            LoopCount::Forever => animation.with("repeatCount", "indefinite"),
            LoopCount::Times(1) => animation.with("fill", "freeze"),
            LoopCount::Times(times) => animation.with("repeatCount", times).with("fill", "freeze"),
        }
    }

    fn format_times(&self, times: &[f64]) -> String {
        times.iter().map(|time| rounded(*time, self.decimals)).collect::<Vec<_>>().join(";")
    }

    /// The keys that interpolation between their neighbors does not reproduce.
    fn required_keys(&self, values: &[usize], table: &[Vec<f64>]) -> Vec<usize> {
        simplify(values.len(), TOLERANCE, |from, to, key| {
            let part = (self.start_times[key] - self.start_times[from])
                / (self.start_times[to] - self.start_times[from]);
            let [a, b, exact] = [from, to, key].map(|key| &table[values[key]]);
            let ends = a.iter().zip(b).zip(exact);
            ends.map(|((a, b), exact)| (a + (b - a) * part - exact).abs()).fold(0.0, f64::max)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_times(hold: f64, seamless: bool) -> KeyTimes {
        KeyTimes::new(&Timing { frames: 5, fps: 2.0, hold }, LoopCount::Times(3), seamless)
    }

    fn moved(key_times: &KeyTimes, values: &[f64]) -> Option<String> {
        let table: Vec<Vec<f64>> = values.iter().map(|value| vec![*value]).collect();
        let keys: Vec<usize> = (0..values.len()).collect();
        let write = |k: usize| values[k].to_string();
        key_times
            .animate_values(Element::new("a"), Keyed { rows: &keys, table: &table }, write)
            .map(|element| element.to_string())
    }

    const PACE: &str = "repeatCount=\"3\" fill=\"freeze\"";

    #[test]
    fn the_last_frame_is_held_and_interpolated_keys_are_left_out() {
        let told = moved(&key_times(1.5, false), &[0.0, 1.0, 2.0, 3.0, 0.0]).expect("it moves");
        assert_eq!(told, format!("<a values=\"0;3;0;0\" keyTimes=\"0;.375;.5;1\" dur=\"4s\" {PACE}/>"));
        assert_eq!(moved(&key_times(1.5, false), &[7.0; 5]), None);
    }

    #[test]
    fn a_seamless_film_runs_on_into_its_beginning() {
        let told = moved(&key_times(0.0, true), &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).expect("it moves");
        assert_eq!(told, format!("<a values=\"0;5\" dur=\"2.5s\" {PACE}/>"));
    }

    #[test]
    fn visibility_changes_at_frame_boundaries() {
        let key_times = key_times(0.0, false);
        let told = key_times.animate_visibility(&[0..1, 1..2, 4..5]).expect("it goes").to_string();
        assert!(told.contains("values=\"visible;hidden;visible\" keyTimes=\"0;.4;.8\""), "{told}");
        assert!(key_times.animate_visibility(&[0..2, 2..5]).is_none());
    }
}
