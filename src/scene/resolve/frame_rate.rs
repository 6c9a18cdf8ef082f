//! Resolves the number of frames and their rate, from two of `frames`, `fps` and a duration.

use super::context::Context;
use super::timeline::DEFAULT_FPS;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::number_format::shortest;
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;
use crate::timing::ticks::MAX_DELAY_SECONDS;

/// The maximal number of frames: 11 hours at 25 frames per second. More are assumed to be a typing error.
const MAX_FRAMES: f64 = 1e6;
/// The relative tolerance for duration × fps to count as a whole number of frames.
const WHOLE_TOLERANCE: f64 = 1e-6;

/// The number of frames, and the frames per second.
pub(super) struct FrameRate {
    pub(super) frames: usize,
    pub(super) fps: f64,
    /// The position of the value that determines `fps`: `fps`, else `duration`, else `frames`.
    pub(super) origin: Origin,
}

/// A duration that follows from another key than `duration`.
pub(super) struct ImpliedDuration<'a> {
    /// Seconds of playback.
    pub(super) seconds: f64,
    /// Whether the duration is rounded to whole frames.
    pub(super) is_rounded: bool,
    /// The key that determines it.
    pub(super) item: ValueReader<'a>,
}

/// Reads the frame rate from one or two of `frames`, `fps` and `duration`; another key may imply the duration.
pub(super) fn read<'a>(
    table: &mut TableReader<'a>,
    implied: Option<&ImpliedDuration<'a>>,
    context: &Context<'_>,
) -> Result<FrameRate, Diagnostic> {
    let frames = table.opt("frames", |item| Ok((whole_frames(item.clone(), context)?, item)))?;
    let own = table.opt("duration", |item| Ok((context.positive(item.clone())?, item)))?;
    let fps = table.opt("fps", |item| Ok((context.positive(item.clone())?, item)))?;
    if let (Some((duration, item)), Some(implied)) = (&own, implied) {
        check_implied(*duration, item, implied)?;
    }
    let duration = own.or_else(|| implied.map(|implied| (implied.seconds, implied.item.clone())));
    let given = |fps: &Option<(f64, ValueReader<'_>)>| fps.as_ref().map(|(fps, _)| *fps);
    let (count, rate, item) = match (frames, duration) {
        (None, Some((duration, item))) => {
            let rate = given(&fps).unwrap_or(DEFAULT_FPS);
            let exact = duration * rate;
            let is_rounded = implied.is_some_and(|implied| implied.is_rounded);
            (whole(if is_rounded { exact.round().max(1.0) } else { exact }, &item)?, rate, item)
        }
        (Some((frames, _)), Some((duration, item))) => {
            check_agreement((frames, duration), given(&fps), implied, &item)?;
            (frames, given(&fps).unwrap_or(frames as f64 / duration), item)
        }
        (Some((frames, item)), None) => (frames, given(&fps).unwrap_or(DEFAULT_FPS), item),
        (None, None) => {
            return Err(table.missing_key("frames", "frames = 100, or duration = 4 in seconds"));
        }
    };
    let item = fps.map_or(item, |(_, item)| item);
    check_slowest(rate, &item)?;
    Ok(FrameRate { frames: count, fps: rate, origin: item.origin() })
}

/// Checks that a duration is the one that another key implies.
fn check_implied(
    duration: f64,
    item: &ValueReader<'_>,
    implied: &ImpliedDuration<'_>,
) -> Result<(), Diagnostic> {
    if (duration - implied.seconds).abs() <= WHOLE_TOLERANCE * duration {
        return Ok(());
    }
    let (given, other) = (shortest(duration), shortest(implied.seconds));
    Err(item
        .error(&format!("is {given} s, and `{}` makes it {other} s", implied.item.path()))
        .help("leave one of the two out"))
}

/// Checks that `frames`, `duration` and `fps` agree if all three are given.
fn check_agreement(
    (frames, duration): (usize, f64),
    fps: Option<f64>,
    implied: Option<&ImpliedDuration<'_>>,
    item: &ValueReader<'_>,
) -> Result<(), Diagnostic> {
    let frames = frames as f64;
    let tolerance =
        if implied.is_some_and(|implied| implied.is_rounded) { 0.5 } else { WHOLE_TOLERANCE * frames };
    match fps {
        Some(fps) if (fps * duration - frames).abs() > tolerance => {
            let product = fps * duration;
            let why = match implied {
                Some(_) => format!(
                    "makes {duration} s, which at {fps} frames a second are {product} frames, not {frames}"
                ),
                None => {
                    format!("of {duration} s at {fps} frames a second makes {product} frames, not {frames}")
                }
            };
            Err(item.error(&why).help("give two of frames, fps and duration"))
        }
        _ => Ok(()),
    }
}

/// Checks that the duration of a frame can be stored in all formats.
fn check_slowest(fps: f64, item: &ValueReader<'_>) -> Result<(), Diagnostic> {
    let (seconds, max) = (1.0 / fps, MAX_DELAY_SECONDS as f64 / 2.0);
    if seconds <= max {
        return Ok(());
    }
    let why = format!("shows each frame for {seconds:.0} seconds");
    Err(item.error(&why).help(format!("a frame is shown for at most {max:.0} seconds")))
}

/// Reads a number of frames: an integer or an expression.
fn whole_frames(item: ValueReader<'_>, context: &Context<'_>) -> Result<usize, Diagnostic> {
    let frames = match item.value() {
        Value::String(_) => context.number(item.clone())?,
        _ => item.clone().integer()? as f64,
    };
    whole(frames, &item)
}

/// Converts a number of frames to an integer.
fn whole(exact: f64, item: &ValueReader<'_>) -> Result<usize, Diagnostic> {
    let frames = exact.round();
    if (exact - frames).abs() > WHOLE_TOLERANCE * exact.abs().max(1.0) {
        return Err(item
            .error(&format!("asks for {exact} frames"))
            .help("a film has a whole number of frames"));
    }
    if !(1.0..=MAX_FRAMES).contains(&frames) {
        let why = format!("asks for {frames} frames");
        return Err(item.error(&why).help(format!("a film has 1 to {MAX_FRAMES} frames")));
    }
    Ok(frames as usize)
}
