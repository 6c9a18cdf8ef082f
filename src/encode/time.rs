//! The time a file can tell: seconds rounded to a format's ticks.
//!
//! GIF counts hundredths of a second, WebP and APNG, as written here, milliseconds. What is rounded is
//! the instant at which a frame ends; a delay is the difference of two rounded instants. So playback
//! is never off by more than half a tick, however many frames went before.

use super::EncodeError;

/// Ticks of GIF in a second.
pub const GIF_TICKS: u32 = 100;

/// Ticks of APNG in a second.
pub const APNG_TICKS: u32 = 1000;

/// Ticks of WebP in a second.
pub const WEBP_TICKS: u32 = 1000;

/// The fastest rate that viewers play a GIF at, in frames a second. Browsers show a frame of less
/// than two hundredths of a second for ten hundredths instead.
pub const GIF_FASTEST_RATE: f64 = 50.0;

/// The shortest delay of GIF that viewers honour, in ticks.
const GIF_SHORTEST: u64 = 2;

/// The shortest delay of APNG that viewers honour, in ticks: browsers stretch 10 ms and less to 100.
const APNG_SHORTEST: u64 = 11;

/// The shortest delay of WebP that viewers honour, in ticks: browsers treat it as APNG's.
const WEBP_SHORTEST: u64 = 11;

/// The longest delay that one frame of WebP can say, in ticks.
const WEBP_LONGEST: u64 = (1 << 24) - 1;

/// The longest that one frame may be shown, in seconds: the most that one APNG delay can say.
pub const LONGEST_SECONDS: u64 = u16::MAX as u64;

/// Cumulative rounding: turns instants into delays.
#[derive(Clone, Debug)]
pub struct Clock {
    ticks: u32,
    shown: u64,
}

impl Clock {
    /// A clock at the film's start, with this many ticks a second.
    #[must_use]
    pub const fn new(ticks: u32) -> Self {
        Self { ticks, shown: 0 }
    }

    /// Ticks from the last instant to `until` (seconds since the film began), which becomes the
    /// last instant. 0 where `until` does not lie later.
    pub fn advance(&mut self, until: f64) -> u64 {
        // `as` saturates and takes NaN to 0: an absurd instant becomes a delay that is refused.
        let instant = (until * f64::from(self.ticks)).round() as u64;
        let delay = instant.saturating_sub(self.shown);
        self.shown = self.shown.max(instant);
        delay
    }

    /// Moves the last instant back by what the file could not say, so that the next delay makes up for it.
    fn repay(&mut self, ticks: u64) {
        self.shown -= ticks;
    }
}

/// The delays in hundredths of a second of a GIF whose frames end at these instants, in seconds.
///
/// They are what the frames would be given one by one; a frame that looks like the one before it is
/// merged with it in the file, and the two delays add up.
#[must_use]
pub fn gif_delays(untils: impl IntoIterator<Item = f64>) -> Vec<u64> {
    delays(GIF_TICKS, untils)
}

/// The delays in milliseconds of an APNG or a WebP whose frames end at these instants, in seconds; merged as in
/// [`gif_delays`].
#[must_use]
pub fn apng_delays(untils: impl IntoIterator<Item = f64>) -> Vec<u64> {
    delays(APNG_TICKS, untils)
}

fn delays(ticks: u32, untils: impl IntoIterator<Item = f64>) -> Vec<u64> {
    let mut clock = Clock::new(ticks);
    untils.into_iter().map(|until| clock.advance(until)).collect()
}

/// The two rates nearest to `fps` (frames a second) of which a GIF holds every frame equally long:
/// 100/n for n of 2 and more, the slower first. Both are equal where `fps` is such a rate.
#[must_use]
pub fn nearest_good_rates(fps: f64) -> (f64, f64) {
    let ticks = f64::from(GIF_TICKS);
    let exact = (ticks / fps.max(f64::MIN_POSITIVE)).clamp(GIF_SHORTEST as f64, f64::from(u16::MAX));
    // A rate that was computed as 100/n may miss n by a rounding error.
    let whole = exact.round();
    if (exact - whole).abs() < 1e-9 && fps <= GIF_FASTEST_RATE {
        return (ticks / whole, ticks / whole);
    }
    let shorter = exact.floor();
    (ticks / (shorter + 1.0), ticks / shorter)
}

/// Splits a GIF's delay into as few parts as 16 bits allow, as equal as can be.
pub(super) fn gif_parts(delay: u64) -> Result<Vec<u16>, EncodeError> {
    if delay > LONGEST_SECONDS * u64::from(GIF_TICKS) {
        return Err(EncodeError::FrameTooLong);
    }
    if delay < GIF_SHORTEST {
        let (milliseconds, least) = (delay * 10, GIF_SHORTEST * 10);
        return Err(EncodeError::FrameTooShort { format: "GIF", milliseconds, least });
    }
    Ok(parts(delay, u16::MAX.into()).map(|part| part as u16).collect())
}

/// Splits a WebP's delay into as few parts as 24 bits allow, as equal as can be.
pub(super) fn webp_parts(delay: u64) -> Result<Vec<u32>, EncodeError> {
    if delay > LONGEST_SECONDS * u64::from(WEBP_TICKS) {
        return Err(EncodeError::FrameTooLong);
    }
    if delay < WEBP_SHORTEST {
        return Err(EncodeError::FrameTooShort { format: "WebP", milliseconds: delay, least: WEBP_SHORTEST });
    }
    Ok(parts(delay, WEBP_LONGEST).map(|part| part as u32).collect())
}

fn parts(delay: u64, most: u64) -> impl Iterator<Item = u64> {
    let count = delay.div_ceil(most);
    (0..count).map(move |part| delay * (part + 1) / count - delay * part / count)
}

/// An APNG's delay as numerator and denominator, in the finest unit whose numerator fits 16 bits. What
/// a coarser unit cannot say is handed back to the clock.
pub(super) fn apng_fraction(clock: &mut Clock, until: f64) -> Result<(u16, u16), EncodeError> {
    let delay = clock.advance(until);
    if delay < APNG_SHORTEST {
        return Err(EncodeError::FrameTooShort { format: "APNG", milliseconds: delay, least: APNG_SHORTEST });
    }
    for denominator in [1000_u16, 100, 10, 1] {
        let unit = u64::from(APNG_TICKS) / u64::from(denominator);
        if let Ok(numerator) = u16::try_from(delay / unit) {
            clock.repay(delay % unit);
            return Ok((numerator, denominator));
        }
    }
    Err(EncodeError::FrameTooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_sum_to_the_rounded_end_at_any_rate() {
        for fps in [7.0, 24.0, 25.0, 29.97, 30.0, 48.0, 50.0] {
            let untils: Vec<f64> = (1..=1000).map(|frame| f64::from(frame) / fps).collect();
            let mut told = 0;
            for (delay, until) in gif_delays(untils.iter().copied()).iter().zip(&untils) {
                told += delay;
                assert!((told as f64 - until * 100.0).abs() <= 0.5 + 1e-9, "{fps} fps at {until} s");
            }
        }
    }

    #[test]
    fn good_rates_enclose_the_rate_and_are_whole_hundredths() {
        for fps in [0.5, 3.0, 13.0, 24.0, 30.0, 45.0] {
            let (slower, faster) = nearest_good_rates(fps);
            assert!(slower <= fps && fps <= faster, "{slower} {fps} {faster}");
            for rate in [slower, faster] {
                assert!((100.0 / rate - (100.0 / rate).round()).abs() < 1e-9, "{rate}");
            }
        }
        assert_eq!(nearest_good_rates(25.0), (25.0, 25.0));
        assert_eq!(nearest_good_rates(50.0), (50.0, 50.0));
        assert_eq!(nearest_good_rates(60.0), (100.0 / 3.0, 50.0));
    }

    #[test]
    fn long_gif_delays_are_split_without_loss() {
        for delay in [2, 65_535, 65_536, 65_537, 200_000, 6_553_500] {
            let parts = gif_parts(delay).expect("within the limits");
            assert_eq!(parts.iter().map(|&part| u64::from(part)).sum::<u64>(), delay);
            assert_eq!(parts.len() as u64, delay.div_ceil(65_535));
        }
        assert!(matches!(gif_parts(1), Err(EncodeError::FrameTooShort { .. })));
        assert!(matches!(gif_parts(6_553_501), Err(EncodeError::FrameTooLong)));
    }

    #[test]
    fn coarse_apng_delays_are_made_up_for_by_the_next() {
        let mut clock = Clock::new(APNG_TICKS);
        assert_eq!(apng_fraction(&mut clock, 65.5359).expect("fits"), (6553, 100));
        assert_eq!(apng_fraction(&mut clock, 65.6).expect("fits"), (70, 1000));
        assert!(apng_fraction(&mut clock, 65.6).is_err());
        assert!(matches!(apng_fraction(&mut clock, f64::INFINITY), Err(EncodeError::FrameTooLong)));
        assert!(apng_fraction(&mut Clock::new(APNG_TICKS), f64::NAN).is_err());
    }
}
