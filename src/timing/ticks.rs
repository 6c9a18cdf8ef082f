//! The time a file can tell: seconds rounded to a format's ticks.
//!
//! GIF counts hundredths of a second, WebP and APNG, as written here, milliseconds. What is rounded is
//! the instant at which a frame ends; a delay is the difference of two rounded instants. So playback
//! is never off by more than half a tick, however many frames went before.

/// Ticks of GIF in a second.
pub const GIF_TICKS: u32 = 100;

/// Ticks of APNG in a second.
pub const APNG_TICKS: u32 = 1000;

/// Ticks of WebP in a second.
pub const WEBP_TICKS: u32 = 1000;

/// The fastest rate that viewers play a GIF at, in frames a second. Browsers show a frame of less
/// than two hundredths of a second for ten hundredths instead.
pub const GIF_MAX_RATE: f64 = 50.0;

/// The shortest delay of GIF that viewers honour, in ticks.
pub(crate) const GIF_MIN_DELAY: u64 = 2;

/// The longest that one frame may be shown, in seconds: the most that one APNG delay can say.
pub const MAX_DELAY_SECONDS: u64 = u16::MAX as u64;

/// Cumulative rounding: turns instants into delays.
#[derive(Clone, Debug)]
pub struct TickRounder {
    ticks_per_second: u32,
    last_instant: u64,
}

impl TickRounder {
    /// A rounder at the film's start, with this many ticks a second.
    #[must_use]
    pub const fn new(ticks_per_second: u32) -> Self {
        Self { ticks_per_second, last_instant: 0 }
    }

    /// Ticks from the last instant to `frame_end` (seconds since the film began), which becomes the
    /// last instant. 0 where `frame_end` does not lie later.
    pub fn advance(&mut self, frame_end: f64) -> u64 {
        // `as` saturates and takes NaN to 0: an absurd instant becomes a delay that is refused.
        let instant = (frame_end * f64::from(self.ticks_per_second)).round() as u64;
        let delay = instant.saturating_sub(self.last_instant);
        self.last_instant = self.last_instant.max(instant);
        delay
    }

    /// Moves the last instant back by what the file could not say, so that the next delay makes up for it.
    pub(crate) fn carry_over(&mut self, ticks: u64) {
        self.last_instant -= ticks;
    }
}

/// The delays in hundredths of a second of a GIF whose frames end at these instants, in seconds.
///
/// They are what the frames would be given one by one; a frame that looks like the one before it is
/// merged with it in the file, and the two delays add up.
#[must_use]
pub fn gif_delays(frame_ends: impl IntoIterator<Item = f64>) -> Vec<u64> {
    delays(GIF_TICKS, frame_ends)
}

/// The delays in milliseconds of an APNG or a WebP whose frames end at these instants, in seconds; merged as in
/// [`gif_delays`].
#[must_use]
pub fn apng_delays(frame_ends: impl IntoIterator<Item = f64>) -> Vec<u64> {
    delays(APNG_TICKS, frame_ends)
}

fn delays(ticks_per_second: u32, frame_ends: impl IntoIterator<Item = f64>) -> Vec<u64> {
    let mut rounder = TickRounder::new(ticks_per_second);
    frame_ends.into_iter().map(|frame_end| rounder.advance(frame_end)).collect()
}

/// The two rates nearest to `fps` (frames a second) of which a GIF holds every frame equally long:
/// 100/n for n of 2 and more, the slower first. Both are equal where `fps` is such a rate.
#[must_use]
pub fn nearest_gif_rates(fps: f64) -> (f64, f64) {
    let ticks = f64::from(GIF_TICKS);
    let exact = (ticks / fps.max(f64::MIN_POSITIVE)).clamp(GIF_MIN_DELAY as f64, f64::from(u16::MAX));
    // A rate that was computed as 100/n may miss n by a rounding error.
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
    fn good_rates_enclose_the_rate_and_are_whole_hundredths() {
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
