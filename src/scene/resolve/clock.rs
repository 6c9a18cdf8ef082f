//! `[time]` and `[animate]`: which frames there are, what each shows and how long.

use super::context::Context;
use crate::encode::Plays;
use crate::scene::clock::Clock;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Variable;
use crate::scene::item::Item;
use crate::scene::reader::Reader;
use crate::scene::tree::Value;

/// Frames a second, where nothing is said.
const DEFAULT_FPS: f64 = 25.0;
/// Ten hours at 25 frames a second: more is a slip of the keyboard.
const MOST_FRAMES: f64 = 1e6;
/// How far duration × fps may be from a whole number of frames and count as one.
const WHOLE: f64 = 1e-6;

/// The span of `[time]`; nothing where there is none.
pub(super) fn time(table: Option<Reader<'_>>, context: &Context<'_>) -> Result<Option<[f64; 2]>, Diagnostic> {
    let Some(mut table) = table else { return Ok(None) };
    let span = table.opt("span", |item| span(item, context))?;
    table.not_yet(&["at"]);
    table.finish()?;
    Ok(span)
}

fn span(item: Item<'_>, context: &Context<'_>) -> Result<[f64; 2], Diagnostic> {
    let whole = item.clone();
    let [a, b] = item.pair(|end| context.number(end))?;
    if a == b {
        let why = format!("is empty: it begins and ends at {a}");
        return Err(whole.refuse(&why).help("write span = [0, 10], from first to last"));
    }
    Ok([a, b])
}

/// The film's clock; without `[animate]` a still at the start of `[time]`.
pub(super) fn clock(
    table: Option<Reader<'_>>,
    time: Option<[f64; 2]>,
    context: &Context<'_>,
) -> Result<Clock, Diagnostic> {
    let start = time.map_or(0.0, |[a, _]| a);
    let still = Clock {
        variable: Variable::Time,
        span: [start, start],
        endpoint: true,
        frames: 1,
        fps: DEFAULT_FPS,
        hold: 0.0,
        plays: Plays::Forever,
    };
    let Some(mut table) = table else { return Ok(still) };
    let (frames, fps) = pace(&mut table, context)?;
    let own_span = table.opt("span", |item| span(item, context))?;
    let hold = table.opt("hold", |item| context.at_least(item, 0.0))?;
    let endpoint = table.opt("endpoint", Item::bool)?;
    let plays = table.opt("loop", plays)?;
    table.not_yet(&["over", "speed", "bounce"]);
    let origin = table.origin();
    table.finish()?;
    let span = own_span.or(time).ok_or_else(|| {
        Diagnostic::new("the film has no span").at(origin).help("write [time] span = [0, 10], in seconds")
    })?;
    Ok(Clock {
        span,
        endpoint: endpoint.unwrap_or(true),
        frames,
        fps,
        hold: hold.unwrap_or(0.0),
        plays: plays.unwrap_or(Plays::Forever),
        ..still
    })
}

/// Frames and frames a second, from two of frames, fps and duration, or from one.
fn pace(table: &mut Reader<'_>, context: &Context<'_>) -> Result<(usize, f64), Diagnostic> {
    let mut frames_item = None;
    let frames = table.opt("frames", |item| {
        frames_item = Some(item.clone());
        whole_frames(item, context)
    })?;
    let mut duration_item = None;
    let duration = table.opt("duration", |item| {
        duration_item = Some(item.clone());
        context.positive(item)
    })?;
    let fps = table.opt("fps", |item| context.positive(item))?;
    match (frames, duration, duration_item) {
        (None, Some(duration), Some(item)) => {
            let fps = fps.unwrap_or(DEFAULT_FPS);
            Ok((frames_of(duration * fps, &item)?, fps))
        }
        (Some(frames), Some(duration), Some(item)) => {
            let implied = frames as f64 / duration;
            match fps {
                Some(fps) if (fps * duration - frames as f64).abs() > WHOLE * frames as f64 => {
                    let why = format!(
                        "of {duration} s at {fps} frames a second makes {} frames, not {frames}",
                        duration * fps
                    );
                    Err(item.refuse(&why).help("give two of frames, fps and duration"))
                }
                _ => Ok((frames, fps.unwrap_or(implied))),
            }
        }
        (Some(frames), _, _) => Ok((frames, fps.unwrap_or(DEFAULT_FPS))),
        (None, _, _) => Err(Diagnostic::new("`animate` has neither frames nor a duration")
            .at(table.origin())
            .help("write frames = 100, or duration = 4 in seconds")),
    }
}

fn whole_frames(item: Item<'_>, context: &Context<'_>) -> Result<usize, Diagnostic> {
    let whole = item.clone();
    let frames = match item.value() {
        Value::String(_) => context.number(item)?,
        _ => item.integer()? as f64,
    };
    frames_of(frames, &whole)
}

fn frames_of(exact: f64, item: &Item<'_>) -> Result<usize, Diagnostic> {
    let frames = exact.round();
    if (exact - frames).abs() > WHOLE * exact.abs().max(1.0) {
        return Err(item
            .refuse(&format!("makes {exact} frames"))
            .help("a film has a whole number of frames"));
    }
    if !(1.0..=MOST_FRAMES).contains(&frames) {
        let why = format!("makes {frames} frames");
        return Err(item.refuse(&why).help(format!("a film has 1 to {MOST_FRAMES} frames")));
    }
    Ok(frames as usize)
}

/// `true`, `false`, or how often in all.
fn plays(item: Item<'_>) -> Result<Plays, Diagnostic> {
    match item.value() {
        Value::Bool(true) => Ok(Plays::Forever),
        Value::Bool(false) => Ok(Plays::Times(1)),
        Value::Integer(0) => Err(item
            .refuse("is 0: a film plays at least once")
            .help("write loop = true for ever, or loop = 1")),
        Value::Integer(times @ 1..=65_535) => Ok(Plays::Times(*times as u32)),
        _ => Err(item.wanted("`true`, `false` or how often in all, 1 to 65535")),
    }
}
