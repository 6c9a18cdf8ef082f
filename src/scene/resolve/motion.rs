//! Resolves how the film's variable moves: `span`, `keys`, `ease`, `bounce` and `speed` of `[animate]`.

use super::context::Context;
use super::frame_rate::ImpliedDuration;
use super::timeline::span;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Variable;
use crate::scene::number_format::shortest;
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::timeline::{Ease, MIN_BOUNCE_FRAMES, Motion, Timeline};
use crate::scene::value_reader::ValueReader;

/// The kinds of easing by name.
pub(super) const EASES: [(&str, Ease); 4] =
    [("linear", Ease::Linear), ("in", Ease::In), ("out", Ease::Out), ("in-out", Ease::InOut)];

/// The values of the film's variable over the playback.
pub(super) struct Course<'a> {
    pub(super) span: [f64; 2],
    pub(super) motion: Motion,
    pub(super) ease: Ease,
    /// The duration that `keys` or `speed` implies.
    pub(super) duration: Option<ImpliedDuration<'a>>,
}

/// Reads the course of the film's variable. `time` is the span of `[time]`.
pub(super) fn course<'a>(
    table: &mut TableReader<'a>,
    (variable, time): (Variable, Option<[f64; 2]>),
    context: &Context<'_>,
) -> Result<Course<'a>, Diagnostic> {
    let ease = table.opt("ease", |item| item.choice(&EASES))?;
    let bounce = table.opt("bounce", |item| Ok((item.clone().bool()?, item)))?;
    let bounces = bounce.as_ref().is_some_and(|(bounces, _)| *bounces);
    let speed = table.opt("speed", |item| Ok((speed(item.clone(), variable, context)?, item)))?;
    let own_span = table.opt("span", |item| Ok((span(item.clone(), context)?, item)))?;
    let keys = table.opt("keys", |item| Ok((keys(item.clone(), context)?, item)))?;
    if let Some((keys, item)) = keys {
        let others = [
            own_span.map(|(_, item)| item),
            speed.map(|(_, item)| item),
            bounce.filter(|_| bounces).map(|(_, item)| item),
        ];
        if let Some(other) = others.into_iter().flatten().next() {
            return Err(other
                .error("stands beside `keys`, which say each value and its time")
                .help("leave it out, or leave out `keys`"));
        }
        let duration = ImpliedDuration { seconds: keys[keys.len() - 1][0], is_rounded: false, item };
        return Ok(Course {
            span: span_of_keys(&keys),
            motion: Motion::Keys(keys),
            ease: ease.unwrap_or(Ease::InOut),
            duration: Some(duration),
        });
    }
    let time = time.filter(|_| variable == Variable::Time);
    let span = own_span.map(|(span, _)| span).or(time).ok_or_else(|| missing_span(table, variable))?;
    let duration = speed.map(|(speed, item)| {
        let once = (span[1] - span[0]).abs() / speed;
        ImpliedDuration { seconds: if bounces { 2.0 * once } else { once }, is_rounded: true, item }
    });
    let motion = if bounces { Motion::Bounce } else { Motion::Forth };
    Ok(Course { span, motion, ease: ease.unwrap_or(Ease::Linear), duration })
}

fn missing_span(table: &TableReader<'_>, variable: Variable) -> Diagnostic {
    let help = match variable {
        Variable::Time => "write [time] span = [0, 10], in seconds",
        Variable::Param(_) | Variable::Free(_) => {
            "write animate.span = [0, 2], the param's first and last value"
        }
    };
    Diagnostic::new("the film has no span").at(table.origin()).help(help)
}

/// Reads `speed`, which compares two times.
fn speed(item: ValueReader<'_>, variable: Variable, context: &Context<'_>) -> Result<f64, Diagnostic> {
    if variable != Variable::Time {
        return Err(item
            .error("is for films over time, and this one runs over a param")
            .help("write duration = 4, the seconds of playback"));
    }
    context.positive(item)
}

/// Reads `keys`: ascending times from 0 on, each with a value.
fn keys(item: ValueReader<'_>, context: &Context<'_>) -> Result<Vec<[f64; 2]>, Diagnostic> {
    const EXAMPLE: &str = "write keys = [[0, 0], [2, 1]]: seconds of playback, and the value then";
    let whole = item.clone();
    let mut last: Option<f64> = None;
    let read_key = |item: ValueReader<'_>| {
        let [time, value] = item.clone().pair(|number| context.number(number))?;
        let shown = shortest(time);
        match last {
            None if time != 0.0 => {
                return Err(item.error(&format!("begins at {shown} s")).help("let the first key be at 0 s"));
            }
            Some(last) if time <= last => {
                let why = format!("is at {shown} s, not after the key before it, at {} s", shortest(last));
                return Err(item.error(&why).help("write the keys in the order of their times"));
            }
            _ => last = Some(time),
        }
        Ok([time, value])
    };
    let keys = whole.clone().list(read_key)?;
    match keys.as_slice() {
        [] | [_] => {
            Err(whole.error(&format!("has {}: a film moves from one to another", keys.len())).help(EXAMPLE))
        }
        [first, ..] if keys.iter().all(|key| key[1] == first[1]) => {
            let why = format!("keeps the value {} all the time", shortest(first[1]));
            Err(whole.error(&why).help(EXAMPLE))
        }
        _ => Ok(keys),
    }
}

/// All values between the keys. The span runs down if the first key is the largest.
fn span_of_keys(keys: &[[f64; 2]]) -> [f64; 2] {
    let values = keys.iter().map(|key| key[1]);
    let (low, high) =
        (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max));
    if keys[0][1] == high { [high, low] } else { [low, high] }
}

/// Checks that a film that plays there and back has a frame for both ends and one on the way.
pub(super) fn check_bounce(timeline: &Timeline, frames: Origin) -> Result<(), Diagnostic> {
    if timeline.motion != Motion::Bounce || timeline.frames >= MIN_BOUNCE_FRAMES {
        return Ok(());
    }
    let count = timeline.frames;
    let message = format!("a film of {count} frames cannot play there and back");
    Err(Diagnostic::new(message).at(frames).help(format!("give it at least {MIN_BOUNCE_FRAMES} frames")))
}
