//! Frame delays in ticks, the time unit of a file format.
//!
//! A tick is 10 ms in GIF and 1 ms in WebP. APNG stores fractions of a second; this crate writes them in
//! milliseconds. The end of each frame is rounded to ticks, and a delay is the difference between two rounded
//! ends. Rounding errors therefore do not add up: playback is never off by more than half a tick.

/// Ticks of GIF per second.
pub const GIF_TICKS: u32 = 100;

/// Ticks of APNG per second.
pub const APNG_TICKS: u32 = 1000;

/// Ticks of WebP per second.
pub const WEBP_TICKS: u32 = 1000;

/// The highest rate at which viewers play a GIF, in frames per second. Browsers replace a delay below 20 ms
/// by 100 ms.
pub const GIF_MAX_RATE: f64 = 50.0;

/// The shortest GIF delay that viewers honor, in ticks.
pub(crate) const GIF_MIN_DELAY: u64 = 2;

/// The longest time that one frame may be shown, in seconds. APNG cannot store a longer delay.
pub const MAX_DELAY_SECONDS: u64 = u16::MAX as u64;

/// Converts the end times of successive frames into delays in whole ticks, without accumulating rounding
/// errors.
#[derive(Clone, Debug)]
pub struct TickRounder {
    ticks_per_second: u32,
    /// The end of the last frame, in ticks from the start of the animation.
    last_instant: u64,
}

impl TickRounder {
    /// Creates a rounder that stands at the start of an animation.
    #[must_use]
    pub const fn new(ticks_per_second: u32) -> Self {
        Self { ticks_per_second, last_instant: 0 }
    }

    /// Advances to the end of the next frame, in seconds from the start of the animation, and returns the
    /// delay of that frame in ticks. The delay is 0 if `frame_end` does not lie after the previous end.
    ///
    /// NaN counts as 0. Infinity yields the largest delay, which every format refuses.
    pub fn advance(&mut self, frame_end: f64) -> u64 {
        let instant = (frame_end * f64::from(self.ticks_per_second)).round() as u64;
        let delay = instant.saturating_sub(self.last_instant);
        self.last_instant = self.last_instant.max(instant);
        delay
    }

    /// Moves the last instant back by `ticks` that the file could not store, so that the next delay is longer
    /// by as many.
    pub(crate) fn carry_over(&mut self, ticks: u64) {
        self.last_instant -= ticks;
    }
}

/// The delays of GIF frames, in hundredths of a second. `frame_ends` are the ends of the frames, in seconds
/// from the start.
///
/// There is one delay for each frame. In the file, frames that look alike are merged and their delays add up.
#[must_use]
pub fn gif_delays(frame_ends: impl IntoIterator<Item = f64>) -> Vec<u64> {
    delays(GIF_TICKS, frame_ends)
}

/// The delays of APNG and WebP frames, in milliseconds; otherwise like [`gif_delays`].
#[must_use]
pub fn apng_delays(frame_ends: impl IntoIterator<Item = f64>) -> Vec<u64> {
    delays(APNG_TICKS, frame_ends)
}

fn delays(ticks_per_second: u32, frame_ends: impl IntoIterator<Item = f64>) -> Vec<u64> {
    let mut rounder = TickRounder::new(ticks_per_second);
    frame_ends.into_iter().map(|frame_end| rounder.advance(frame_end)).collect()
}

/// The two rates nearest to `fps`, in frames per second, at which all delays of a GIF are equal: 100/n for
/// whole n ≥ 2. The slower rate comes first. Both are equal if `fps` is such a rate itself.
#[must_use]
pub fn nearest_gif_rates(fps: f64) -> (f64, f64) {
    let ticks = f64::from(GIF_TICKS);
    let exact = (ticks / fps.max(f64::MIN_POSITIVE)).clamp(GIF_MIN_DELAY as f64, f64::from(u16::MAX));
    // The tolerance admits rates that were themselves computed as 100/n.
    let whole = exact.round();
    if (exact - whole).abs() < 1e-9 && fps <= GIF_MAX_RATE {
        return (ticks / whole, ticks / whole);
    }
    let shorter = exact.floor();
    (ticks / (shorter + 1.0), ticks / shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_sum_to_the_rounded_end_at_any_rate() {
        for fps in [7.0, 24.0, 25.0, 29.97, 30.0, 48.0, 50.0] {
            let frame_ends: Vec<f64> = (1..=1000).map(|frame| f64::from(frame) / fps).collect();
            let mut sum = 0;
            for (delay, frame_end) in gif_delays(frame_ends.iter().copied()).iter().zip(&frame_ends) {
                sum += delay;
                assert!((sum as f64 - frame_end * 100.0).abs() <= 0.5 + 1e-9, "{fps} fps at {frame_end} s");
            }
        }
    }

    #[test]
    fn nearest_gif_rates_enclose_the_rate_and_have_whole_delays() {
        for fps in [0.5, 3.0, 13.0, 24.0, 30.0, 45.0] {
            let (slower, faster) = nearest_gif_rates(fps);
            assert!(slower <= fps && fps <= faster, "{slower} {fps} {faster}");
            for rate in [slower, faster] {
                assert!((100.0 / rate - (100.0 / rate).round()).abs() < 1e-9, "{rate}");
            }
        }
        assert_eq!(nearest_gif_rates(25.0), (25.0, 25.0));
        assert_eq!(nearest_gif_rates(50.0), (50.0, 50.0));
        assert_eq!(nearest_gif_rates(60.0), (100.0 / 3.0, 50.0));
    }
}
