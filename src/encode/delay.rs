//! Delays of frames, as GIF, WebP and APNG store them.

use super::EncodeError;
use crate::timing::ticks::{APNG_TICKS, GIF_SHORTEST, GIF_TICKS, LONGEST_SECONDS, TickRounder, WEBP_TICKS};

/// The shortest delay of APNG that viewers honour, in ticks: browsers stretch 10 ms and less to 100.
const APNG_SHORTEST: u64 = 11;

/// The shortest delay of WebP that viewers honour, in ticks: browsers treat it as APNG's.
const WEBP_SHORTEST: u64 = 11;

/// The longest delay that one frame of WebP can say, in ticks.
const WEBP_LONGEST: u64 = (1 << 24) - 1;

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
pub(super) fn apng_fraction(clock: &mut TickRounder, until: f64) -> Result<(u16, u16), EncodeError> {
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
        let mut clock = TickRounder::new(APNG_TICKS);
        assert_eq!(apng_fraction(&mut clock, 65.5359).expect("fits"), (6553, 100));
        assert_eq!(apng_fraction(&mut clock, 65.6).expect("fits"), (70, 1000));
        assert!(apng_fraction(&mut clock, 65.6).is_err());
        assert!(matches!(apng_fraction(&mut clock, f64::INFINITY), Err(EncodeError::FrameTooLong)));
        assert!(apng_fraction(&mut TickRounder::new(APNG_TICKS), f64::NAN).is_err());
    }
}
