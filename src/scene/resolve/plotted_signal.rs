//! Resolves the signals of elements: curves over a variable, samples, and present values.

use std::ops::RangeInclusive;

use super::element::ElementReader;
use super::style::FixedOrSignal;
use super::timeline::FilmSpans;
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{PlottedSignal, Reveal, Sampling};
use crate::scene::expr::{Code, FreeId, ValueType, Variable};
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

/// The variable of a curve, or of a value at present.
pub(in crate::scene) const OVER: KeySpec = KeySpec::new(
    "over",
    KeyType::Mixed("`\"t\"`, name of a param, or a fresh name"),
    "the panel's",
    "what it runs over",
);
/// The horizontal coordinate of a signal.
pub(in crate::scene) const X: KeySpec =
    KeySpec::new("x", KeyType::Signal, "the variable", "the horizontal coordinate in a plot");
/// The values of a curve's variable.
pub(in crate::scene) const SPAN: KeySpec = KeySpec::new(
    "span",
    KeyType::Pair(&KeyType::Signal),
    "the panel's; over `t` that of `[time]`, over the film's variable that of `[animate]`, else the x range",
    "how far the curve runs",
);
/// The distance of the samples of a curve.
pub(in crate::scene) const CURVE_STEP: KeySpec = KeySpec::new(
    "step",
    KeyType::Positive,
    "1 for a name that is only an index, else none",
    "samples at these distances only, joined by straight lines",
);
/// The distance of samples.
pub(in crate::scene) const STEP: KeySpec = KeySpec::new(
    "step",
    KeyType::Positive,
    "see [Where samples lie](samples.md#where-samples-lie)",
    "the distance of the samples, from the first end of the span on; may be a signal",
);
/// The range of the number of samples.
const COUNTS: RangeInclusive<i64> = 2..=1_000_000;
/// The number of samples.
pub(in crate::scene) const COUNT: KeySpec = KeySpec::new(
    "count",
    KeyType::IntegerIn(*COUNTS.start(), *COUNTS.end()),
    "none",
    "the number of samples, with both ends of the span; in place of `step`",
);
/// The value at which the lines and bars of samples begin.
pub(in crate::scene) const BASELINE: KeySpec = KeySpec::new(
    "baseline",
    KeyType::Signal,
    "zero",
    "the value at which they begin, which may differ from sample to sample; zero is the low end of a logarithmic axis",
);
/// The part of a curve that a frame shows.
pub(in crate::scene) const REVEAL: KeySpec = KeySpec::new(
    "reveal",
    KeyType::Mixed("`\"grow\"`, `\"all\"` or `{ tail = number > 0 }`"),
    "`\"grow\"` over the film's variable, else `\"all\"`",
    "up to the present, all of it, or only so much before the present, fading",
);

/// The parts of a curve by name.
pub(in crate::scene) const REVEALS: [(&str, Reveal); 2] = [("grow", Reveal::Grow), ("all", Reveal::All)];

impl ElementReader<'_, '_> {
    /// Reads the signal of a curve, which runs over a variable.
    pub(in crate::scene) fn curve(
        &self,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<PlottedSignal, Diagnostic> {
        self.along_span(main, table, |_, index| Ok(if index { Sampling::Whole } else { Sampling::Adaptive }))
    }

    /// Reads a signal that is shown at samples, and the part of them that a frame shows.
    pub(in crate::scene) fn samples(
        &self,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<(PlottedSignal, Reveal), Diagnostic> {
        let whole = main.clone();
        let signal = self.along_span(main, table, |signal, _| self.default_sampling(signal, &whole))?;
        let reveal = self.reveal_or_tail(signal.over, table)?;
        Ok((signal, reveal))
    }

    /// Reads a signal over a variable. `default` is its sampling unless the table has `step` or `count`; it is told whether
    /// the variable is an index and nothing else.
    fn along_span(
        &self,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
        default: impl FnOnce(&PlottedSignal, bool) -> Result<Sampling, Diagnostic>,
    ) -> Result<PlottedSignal, Diagnostic> {
        let whole = main.clone();
        let over = table.opt("over", |item| self.context.variable(item))?.unwrap_or(self.over);
        let code = |item: ValueReader<'_>| self.along_curve(item, over);
        let value = code(main)?;
        let x = if has_key(table, X) { table.opt(X.name, code)? } else { None };
        let own_span = table.opt("span", |item| self.place(item))?.or_else(|| self.span.clone());
        let given = self.given_sampling(table)?;
        let index = free(over).and_then(|free| self.context.index_range(&value, free));
        let along_axis = self.plots && x.is_none();
        let range = || self.range.clone().filter(|_| along_axis);
        let film_span = self.film.as_ref().ok().and_then(|film| film.span(over));
        let default_span = || index.or(film_span).map(|span| span.map(Code::constant)).or_else(range);
        let span = own_span.or_else(default_span);
        let span = span.ok_or_else(|| self.without_span(&whole, over))?;
        let adaptive = Sampling::Adaptive;
        let mut signal = PlottedSignal { value, x, is_horizontal: false, over, span, sampling: adaptive };
        signal.sampling = given.map_or_else(|| default(&signal, index.is_some()), Ok)?;
        Ok(signal)
    }

    /// Reads `step` and `count`, as far as the table has these keys. At most one of them may be given.
    fn given_sampling(&self, table: &mut TableReader<'_>) -> Result<Option<Sampling>, Diagnostic> {
        let step = if has_key(table, STEP) { self.number_or_signal(table, STEP.name)? } else { None };
        let count = if has_key(table, COUNT) {
            table.opt(COUNT.name, |item| Ok((item.clone().integer_in(COUNTS)?, item)))?
        } else {
            None
        };
        match (step, count) {
            (Some(_), Some((_, item))) => Err(item
                .error("gives the number of samples, and `step` their distance")
                .help("keep one of the two")),
            (Some(FixedOrSignal::Fixed(step)), None) => Ok(Some(Sampling::Step(step))),
            (Some(FixedOrSignal::Signal(step)), None) => Ok(Some(Sampling::MovingStep(step))),
            (None, None) => Ok(None),
            (None, Some((count, _))) => Ok(Some(Sampling::Count(count as usize))),
        }
    }

    /// The sampling of a signal whose table has neither `step` nor `count`.
    fn default_sampling(
        &self,
        signal: &PlottedSignal,
        item: &ValueReader<'_>,
    ) -> Result<Sampling, Diagnostic> {
        if free(signal.over).is_some() {
            return Ok(Sampling::Whole);
        }
        let systems = self.context.sampled_systems(&signal.value);
        if signal.over == Variable::Time && !systems.is_empty() {
            return Ok(Sampling::Rows(systems));
        }
        match &self.film {
            Ok(film) if film.timeline.frames > 1 && film.timeline.variable == signal.over => {
                Ok(Sampling::Frames)
            }
            Err(error) => Err(error.clone()),
            Ok(_) => Err(item
                .error("is shown at samples, and nothing says where these lie")
                .help("write step = 0.5, the distance of samples, or count = 50, how many there are")),
        }
    }

    /// Reads a signal along a curve over a variable, which it may depend on.
    pub(in crate::scene) fn along_curve(
        &self,
        item: ValueReader<'_>,
        over: Variable,
    ) -> Result<Code, Diagnostic> {
        let code = self.context.signal_with(item.clone(), free(over).as_slice())?;
        self.check_type(&code, &item)?;
        Ok(code)
    }

    /// Checks that a value of a plot is not complex, as far as its type says so.
    fn check_type(&self, code: &Code, item: &ValueReader<'_>) -> Result<(), Diagnostic> {
        if !self.plots || code.value_type() != ValueType::Complex {
            return Ok(());
        }
        Err(item
            .error("is complex, and a plot shows real numbers")
            .help("write re(…), im(…) or abs(…), or show it on a panel of kind 'plane'"))
    }

    /// Checks that an element belongs to a plot.
    pub(in crate::scene) fn require_plot(
        &self,
        item: &ValueReader<'_>,
        help: &str,
    ) -> Result<(), Diagnostic> {
        if self.plots {
            return Ok(());
        }
        Err(item.error("is for panels of kind 'plot'").help(help))
    }

    fn without_span(&self, curve: &ValueReader<'_>, over: Variable) -> Diagnostic {
        if let Err(error) = &self.film {
            return error.clone();
        }
        let help = match over {
            Variable::Time => "write [time] span = [0, 10], in seconds, or span = [0, 10] beside the curve",
            Variable::Param(_) | Variable::Free(_) if self.plots => {
                "write span = [0, 2] beside the curve, or give the panel x = { range = [0, 2] }"
            }
            Variable::Param(_) | Variable::Free(_) => "write span = [0, 2] beside the curve",
        };
        curve.error("runs over a variable without a span").help(help)
    }

    /// Reads the signal of an element that shows the present value only.
    pub(in crate::scene) fn present(
        &self,
        main: ValueReader<'_>,
        table: &mut TableReader<'_>,
    ) -> Result<PlottedSignal, Diagnostic> {
        let whole = main.clone();
        let own = table.opt("over", |item| self.context.variable(item))?;
        let over = own.unwrap_or(self.over);
        let value = self.context.signal(main)?;
        self.check_type(&value, &whole)?;
        let x = table.opt("x", |item| self.context.signal(item))?;
        if self.plots && x.is_none() && free(over).is_some() {
            return Err(whole
                .error("is shown at present, and what curves run over here has none")
                .help("write x = …, where it lies on the horizontal axis, or over = 't'"));
        }
        let span = [f64::NAN; 2].map(Code::constant);
        Ok(PlottedSignal { value, x, is_horizontal: false, over, span, sampling: Sampling::Adaptive })
    }

    /// Reads `reveal`, which may be a tail.
    pub(in crate::scene) fn reveal_or_tail(
        &self,
        over: Variable,
        table: &mut TableReader<'_>,
    ) -> Result<Reveal, Diagnostic> {
        self.reveal(over, |item| self.tail(item), table)
    }

    /// Reads `reveal`; `tail` reads its tables. The default is `grow` for a curve over the film's variable.
    pub(in crate::scene) fn reveal(
        &self,
        over: Variable,
        tail: impl FnOnce(ValueReader<'_>) -> Result<Reveal, Diagnostic>,
        table: &mut TableReader<'_>,
    ) -> Result<Reveal, Diagnostic> {
        let reveal = table.opt("reveal", |item| {
            let reveal = match item.value() {
                Value::Table(_) => tail(item.clone())?,
                _ => item.clone().choice(&REVEALS)?,
            };
            if reveal != Reveal::All && free(over).is_some() {
                return Err(item
                    .error("asks for the present of a variable that has none")
                    .help("leave it out: all of the curve is shown"));
            }
            Ok(reveal)
        })?;
        Ok(reveal.unwrap_or(self.default_reveal(over)))
    }

    /// The part of a curve over a variable that a frame shows unless the scene says so.
    pub(in crate::scene) fn default_reveal(&self, over: Variable) -> Reveal {
        let grows = self
            .film
            .as_ref()
            .is_ok_and(|FilmSpans { timeline, .. }| over == timeline.variable && timeline.frames > 1);
        if grows { Reveal::Grow } else { Reveal::All }
    }

    /// Reads `{ tail = N }`.
    pub(in crate::scene) fn tail(&self, item: ValueReader<'_>) -> Result<Reveal, Diagnostic> {
        let mut table = item.table()?;
        let length = table.opt("tail", |item| self.context.positive(item))?;
        let length =
            length.ok_or_else(|| table.missing_key("tail", "tail = 2, how much of the curve's variable"))?;
        table.finish()?;
        Ok(Reveal::Tail(length))
    }
}

/// Whether a key belongs to the table of an element.
fn has_key(table: &TableReader<'_>, key: KeySpec) -> bool {
    table.key_type(key.name).is_some()
}

/// The free variable of a curve, which has no present value; `None` for time and params.
fn free(over: Variable) -> Option<FreeId> {
    match over {
        Variable::Free(free) => Some(free),
        Variable::Time | Variable::Param(_) => None,
    }
}
