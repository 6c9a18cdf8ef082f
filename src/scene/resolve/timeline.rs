//! Resolves `[time]` and `[animate]`: the frames, their values of the film's variable, and their durations.

use super::context::Context;
use super::frame_rate;
use super::motion::{self, EASES};
use super::variables::TIME;
use crate::keys::{KeySpec, KeyType, words};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, Variable};
use crate::scene::number_format::shortest;
use crate::scene::source::Origin;
use crate::scene::table_reader::TableReader;
use crate::scene::timeline::{Ease, Motion, Timeline};
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;
use crate::suggest::{hint, quoted};
use crate::timing::LoopCount;
use crate::timing::ticks::MAX_DELAY_SECONDS;

/// The default number of frames per second.
pub(super) const DEFAULT_FPS: f64 = 25.0;

/// The keys of `[time]`.
pub(super) const TIME_KEYS: &[KeySpec] = &[
    KeySpec::new(
        "span",
        KeyType::Span,
        "none: a still at t = 0",
        "seconds of motion; a film needs it here or in `animate.span`",
    ),
    KeySpec::new(
        "at",
        KeyType::Number,
        "the span's end; of a still its start",
        "the present t of a film over a param, or of a still",
    ),
];

/// The keys of `[animate]`.
pub(super) const ANIMATE_KEYS: &[KeySpec] = &[
    KeySpec::new(
        "frames",
        KeyType::Mixed("integer, 1 to 10⁶"),
        "duration × fps",
        "the number of frames; without `[animate]` the scene is a still",
    ),
    KeySpec::new(
        "duration",
        KeyType::Positive,
        "frames ÷ fps",
        "seconds of playback without `hold`, there and back",
    ),
    KeySpec::new(
        "fps",
        KeyType::Positive,
        "`25`",
        "frames a second; if frames and duration are given, frames ÷ duration",
    ),
    KeySpec::new(
        "over",
        KeyType::Mixed("`\"t\"` or name of a param"),
        "`\"t\"`",
        "the film's variable: what changes from frame to frame",
    ),
    KeySpec::new(
        "span",
        KeyType::Span,
        "over `t`: that of `[time]`",
        "the first and last value of the film's variable",
    ),
    KeySpec::new(
        "endpoint",
        KeyType::Bool,
        "`true`",
        "whether the last frame shows the span's end, or one step before it",
    ),
    KeySpec::new(
        "speed",
        KeyType::Positive,
        "span ÷ duration",
        "seconds of motion in a second of playback, of films over `t`; in place of `duration`",
    ),
    KeySpec::new(
        "ease",
        KeyType::Word(&words(&EASES)),
        "`\"linear\"`; with `keys` `\"in-out\"`",
        "whether the motion begins slowly, ends slowly, or both",
    ),
    KeySpec::new("bounce", KeyType::Bool, "`false`", "plays there and back"),
    KeySpec::new(
        "keys",
        KeyType::List(&KeyType::Pair(&KeyType::Number)),
        "none",
        "seconds of playback and the film variable's value then; in place of `span` and `duration`",
    ),
    KeySpec::new("hold", KeyType::NonNegative, "`0`", "seconds added to the last frame"),
    KeySpec::new(
        "loop",
        KeyType::Mixed("boolean, or 1 to 65535"),
        "`true`",
        "for ever, once, or so many times in all",
    ),
];

/// The values of `[time]`.
#[derive(Default)]
pub(super) struct Time<'a> {
    pub(super) span: Option<[f64; 2]>,
    /// The present time with its position in the file.
    at: Option<(f64, ValueReader<'a>)>,
}

/// The default spans of curves: those of the film and of `[time]`.
#[derive(Clone, Copy)]
pub(in crate::scene) struct FilmSpans<'c> {
    pub(super) timeline: &'c Timeline,
    pub(super) time: Option<[f64; 2]>,
}

impl Time<'_> {
    /// The time of a film over a param: `at` if given, else the end of the span.
    pub(super) fn present(&self) -> f64 {
        self.at.as_ref().map(|(at, _)| *at).or(self.span.map(|[_, end]| end)).unwrap_or(0.0)
    }
}

impl FilmSpans<'_> {
    /// The film's variable.
    pub(in crate::scene) fn variable(&self) -> Variable {
        self.timeline.variable
    }

    /// The default span of curves over a variable: `[time] span` for time, `[animate] span` for the film's variable.
    pub(in crate::scene) fn span(&self, over: Variable) -> Option<[f64; 2]> {
        let Timeline { variable, span, .. } = self.timeline;
        // The span of a still is empty.
        let film = (*variable == over && span[0] != span[1]).then_some(*span);
        if over == Variable::Time { self.time.or(film) } else { film }
    }
}

/// Whether a value changes with time or with the film's variable, as far as that is known.
pub(super) fn moves(code: &Code, film: Option<&FilmSpans<'_>>) -> bool {
    code.depends_on(Variable::Time) || film.is_some_and(|film| code.depends_on(film.timeline.variable))
}

/// Reads `[time]`.
pub(super) fn time<'a>(
    table: Option<TableReader<'a>>,
    context: &Context<'_>,
) -> Result<Time<'a>, Diagnostic> {
    let Some(table) = table else { return Ok(Time::default()) };
    let mut table = table.with_keys(TIME_KEYS);
    let span = table.attempt("span", |item| span(item, context));
    let at = table.attempt("at", |item| Ok((context.number(item.clone())?, item)));
    table.finish()?;
    Ok(Time { span, at })
}

/// Reads a span, whose ends must differ.
pub(super) fn span(item: ValueReader<'_>, context: &Context<'_>) -> Result<[f64; 2], Diagnostic> {
    let whole = item.clone();
    let [a, b] = item.pair(|end| context.number(end))?;
    if a == b {
        let why = format!("is empty: it begins and ends at {a}");
        return Err(whole.error(&why).help("write span = [0, 10], from first to last"));
    }
    if !(b - a).is_finite() {
        let why =
            format!("reaches from {} to {}, which is longer than numbers count", shortest(a), shortest(b));
        return Err(whole.error(&why).help("count in a larger unit: write span = [0, 10]"));
    }
    Ok([a, b])
}

/// Reads `[animate]` and returns the timeline and the position of its frame rate. A scene without `[animate]` is a still at
/// `[time] at`, or else at the start of its span. `time` may be the error of `[time]`.
pub(super) fn timeline(
    table: Option<TableReader<'_>>,
    time: Result<&Time<'_>, &Diagnostic>,
    context: &Context<'_>,
) -> Result<(Timeline, Option<Origin>), Diagnostic> {
    let Some(table) = table else { return Ok((still(time.map_err(Diagnostic::clone)?), None)) };
    let mut table = table.with_keys(ANIMATE_KEYS);
    let variable = table.opt("over", |item| film_variable(item, context));
    // Without the span of time or the variable, it is not known whether the film has a span.
    let cause = time.err().or(variable.as_ref().err()).cloned();
    let variable = table.note(variable).unwrap_or(Variable::Time);
    let span = time.ok().and_then(|time| time.span);
    let course = motion::course(&mut table, (variable, span), context).and_then(|course| {
        let rate = frame_rate::read(&mut table, course.duration.as_ref(), context)?;
        Ok((course, rate))
    });
    let hold = table.attempt("hold", |item| hold(item, context));
    let endpoint = table.attempt("endpoint", ValueReader::bool);
    let plays = table.attempt("loop", plays);
    let course = course.map_err(|error| cause.unwrap_or(error));
    let (course, rate) = table.finish_with(course)?;
    let time = time.map_err(Diagnostic::clone)?;
    if let (Variable::Time, Some((_, item))) = (variable, &time.at) {
        return Err(item
            .error("gives the present time of a film that runs over time")
            .help("leave it out, or write animate.over = 'k', a param"));
    }
    let timeline = Timeline {
        variable,
        span: course.span,
        motion: course.motion,
        ease: course.ease,
        endpoint: endpoint.unwrap_or(true),
        frames: rate.frames,
        fps: rate.fps,
        hold: hold.unwrap_or(0.0),
        plays: plays.unwrap_or(LoopCount::Forever),
    };
    motion::check_bounce(&timeline, rate.origin)?;
    Ok((timeline, Some(rate.origin)))
}

/// The timeline of a still.
fn still(time: &Time<'_>) -> Timeline {
    let start = time.at.as_ref().map(|(at, _)| *at).or(time.span.map(|[start, _]| start)).unwrap_or(0.0);
    Timeline {
        variable: Variable::Time,
        span: [start, start],
        motion: Motion::Forth,
        ease: Ease::Linear,
        endpoint: true,
        frames: 1,
        fps: DEFAULT_FPS,
        hold: 0.0,
        plays: LoopCount::Forever,
    }
}

/// Reads the film's variable: `t` or a param.
fn film_variable(item: ValueReader<'_>, context: &Context<'_>) -> Result<Variable, Diagnostic> {
    let name = item.clone().string()?.as_str();
    if name == TIME {
        return Ok(Variable::Time);
    }
    context.model.param(name).map(Variable::Param).ok_or_else(|| {
        let known: Vec<&str> = context.model.params().map(|(_, param)| param).chain([TIME]).collect();
        let error = item.error(&format!("names no param: {}", quoted(name))).maybe_help(hint(name, &known));
        context.unknown(name, error)
    })
}

/// Reads the seconds that the last frame is held for.
fn hold(item: ValueReader<'_>, context: &Context<'_>) -> Result<f64, Diagnostic> {
    let seconds = context.at_least(item.clone(), 0.0)?;
    let max = MAX_DELAY_SECONDS as f64 / 2.0;
    if seconds <= max {
        return Ok(seconds);
    }
    Err(item
        .error(&format!("is {}", shortest(seconds)))
        .help(format!("a frame is held for at most {max:.0} seconds")))
}

/// Reads `loop`: `true`, `false`, or the total number of plays.
fn plays(item: ValueReader<'_>) -> Result<LoopCount, Diagnostic> {
    match item.value() {
        Value::Bool(true) => Ok(LoopCount::Forever),
        Value::Bool(false) => Ok(LoopCount::Times(1)),
        Value::Integer(0) => Err(item
            .error("is 0: a film plays at least once")
            .help("write loop = true for ever, or loop = 1")),
        Value::Integer(times @ 1..=65_535) => Ok(LoopCount::Times(*times as u32)),
        _ => Err(item
            .expected("`true`, `false` or how often in all, 1 to 65535")
            .help("write loop = true, loop = false or loop = 3")),
    }
}
