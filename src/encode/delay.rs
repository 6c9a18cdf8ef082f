//! Delays of frames as GIF, WebP and APNG store them.

use super::EncodeError;
use crate::timing::ticks::{
    APNG_TICKS, GIF_MIN_DELAY, GIF_TICKS, MAX_DELAY_SECONDS, TickRounder, WEBP_TICKS,
};

/// Shortest delay of an APNG that viewers respect, in ticks: browsers stretch delays up to 10 ms to 100 ms.
const APNG_MIN_DELAY: u64 = 11;

/// Shortest delay of a WebP that viewers respect, in ticks; browsers treat it as for APNG.
const WEBP_MIN_DELAY: u64 = 11;

/// Longest delay of one WebP frame, in ticks: 24 bits.
const WEBP_MAX_FRAME_DELAY: u64 = (1 << 24) - 1;

/// Delay of an APNG frame, as a fraction of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DelayFraction {
    pub(super) numerator: u16,
    pub(super) denominator: u16,
}

/// Splits the delay of a GIF frame, in ticks, into the fewest parts that fit 16 bits, as equal as possible.
pub(super) fn split_gif_delay(delay: u64) -> Result<Vec<u16>, EncodeError> {
    if delay > MAX_DELAY_SECONDS * u64::from(GIF_TICKS) {
        return Err(EncodeError::FrameTooLong);
    }
    if delay < GIF_MIN_DELAY {
        let (milliseconds, min) = (delay * 10, GIF_MIN_DELAY * 10);
        return Err(EncodeError::FrameTooShort { format: "GIF", milliseconds, min });
    }
    Ok(split_evenly(delay, u16::MAX.into()).map(|part| part as u16).collect())
}

/// Splits the delay of a WebP frame, in ticks, into the fewest parts that fit 24 bits, as equal as possible.
pub(super) fn split_webp_delay(delay: u64) -> Result<Vec<u32>, EncodeError> {
    if delay > MAX_DELAY_SECONDS * u64::from(WEBP_TICKS) {
        return Err(EncodeError::FrameTooLong);
    }
    if delay < WEBP_MIN_DELAY {
        return Err(EncodeError::FrameTooShort { format: "WebP", milliseconds: delay, min: WEBP_MIN_DELAY });
    }
    Ok(split_evenly(delay, WEBP_MAX_FRAME_DELAY).map(|part| part as u32).collect())
}

fn split_evenly(delay: u64, max_part: u64) -> impl Iterator<Item = u64> {
    let count = delay.div_ceil(max_part);
    (0..count).map(move |part| delay * (part + 1) / count - delay * part / count)
}

/// Delay of an APNG frame in the finest unit whose numerator fits 16 bits. The remainder of a coarser unit is carried
/// over to the next frame.
pub(super) fn apng_fraction(rounder: &mut TickRounder, frame_end: f64) -> Result<DelayFraction, EncodeError> {
    let delay = rounder.advance(frame_end);
    if delay < APNG_MIN_DELAY {
        return Err(EncodeError::FrameTooShort { format: "APNG", milliseconds: delay, min: APNG_MIN_DELAY });
    }
    for denominator in [1000_u16, 100, 10, 1] {
        let unit = u64::from(APNG_TICKS) / u64::from(denominator);
        if let Ok(numerator) = u16::try_from(delay / unit) {
            rounder.carry_over(delay % unit);
            return Ok(DelayFraction { numerator, denominator });
        }
    }
    Err(EncodeError::FrameTooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_gif_delays_are_split_without_loss() {
        for delay in [2, 65_535, 65_536, 65_537, 200_000, 6_553_500] {
            let parts = split_gif_delay(delay).expect("within the limits");
            assert_eq!(parts.iter().map(|&part| u64::from(part)).sum::<u64>(), delay);
            assert_eq!(parts.len() as u64, delay.div_ceil(65_535));
        }
        assert!(matches!(split_gif_delay(1), Err(EncodeError::FrameTooShort { .. })));
        assert!(matches!(split_gif_delay(6_553_501), Err(EncodeError::FrameTooLong)));
    }

    #[test]
    fn rounding_of_coarse_apng_delays_carries_over() {
        let mut rounder = TickRounder::new(APNG_TICKS);
        assert_eq!(
            apng_fraction(&mut rounder, 65.5359).expect("fits"),
            DelayFraction { numerator: 6553, denominator: 100 }
        );
        assert_eq!(
            apng_fraction(&mut rounder, 65.6).expect("fits"),
            DelayFraction { numerator: 70, denominator: 1000 }
        );
        assert!(apng_fraction(&mut rounder, 65.6).is_err());
        assert!(matches!(apng_fraction(&mut rounder, f64::INFINITY), Err(EncodeError::FrameTooLong)));
        assert!(apng_fraction(&mut TickRounder::new(APNG_TICKS), f64::NAN).is_err());
    }
}
