//! The row of spectra: their keys and members over [`solver::spectrum`](crate::solver::spectrum).

use std::sync::Arc;

use num_complex::Complex64;

use super::{
    At, Component, KeyError, Keys, KindSpec, Member, Outline, Schema, Shape, SignalFn, System, SystemError,
};
use crate::keys::{KeySpec, KeyType, words};
use crate::solver::spectrum::{MAX_LENGTH, Record, Spectrum, Window, even_step};

/// The discrete Fourier transform of a signal.
pub(crate) static KIND: KindSpec =
    KindSpec { name: "spectrum", article: "a", keys: &KEYS, max_solutions: 16, declare, solve };

const KEYS: [KeySpec; 5] = [
    KeySpec::new("of", KeyType::SampledSignal, "", "the signal, or a column of measured data"),
    KeySpec::new("samples", KeyType::Integer, "the rows of a column", "the number of samples; beside `span`"),
    KeySpec::new(
        "span",
        KeyType::Vector,
        "all rows of a column",
        "the times between which samples are taken; the first one is a sample, the last one is not",
    )
    .in_unit("s"),
    KeySpec::new(
        "window",
        KeyType::Word(&words(&Window::NAMES)),
        "`\"none\"`",
        "the factor of the samples, which fades the ends of the record",
    ),
    KeySpec::new(
        "pad",
        KeyType::Integer,
        "`1`",
        "how many times as long zeros make the record, which refines the grid of frequencies",
    ),
];

/// The members in the order of the documentation. A slot is an index into them.
#[derive(Clone, Copy)]
enum Quantity {
    X,
    Magnitude,
    Phase,
    F,
}

const QUANTITIES: [Quantity; 4] = [Quantity::X, Quantity::Magnitude, Quantity::Phase, Quantity::F];

/// A solved system with its members.
#[derive(Debug)]
struct Solved {
    schema: Schema,
    spectrum: Spectrum,
}

fn declare(keys: &Outline) -> Result<Schema, KeyError> {
    if !keys.has("of") {
        let help = "write of = \"cos(3*t)\", samples = 256, span = [0, 10]";
        return Err(KeyError::system("a spectrum needs `of`", help));
    }
    if keys.has("samples") && !keys.has("span") {
        let help = "write span = [0, 10]: the times between which samples are taken";
        return Err(KeyError::key("samples", "`samples` needs `span` beside it", help));
    }
    if let Some(length) = keys.length("span").filter(|length| *length != 2) {
        return Err(wrong_span(&format!("it has {length}")));
    }
    let literal = |key: &str, default| match keys.literal(key) {
        None if keys.has(key) => None,
        value => value.or(default),
    };
    let [samples, pad] = [literal("samples", None), literal("pad", Some(1.0))];
    if let Some(samples) = samples {
        check_samples(samples, pad.unwrap_or(1.0))?;
    }
    if let Some(pad) = pad.filter(|pad| *pad < 1.0) {
        return Err(wrong_pad(pad));
    }
    Ok(schema(samples.zip(pad).map(|(samples, pad)| (samples * pad) as usize)))
}

fn schema(length: Option<usize>) -> Schema {
    let vector = Shape::vector(length);
    let member = |quantity| match quantity {
        Quantity::X => Member::constant("X").shaped(vector).complex_if(true),
        Quantity::Magnitude => Member::constant("magnitude").shaped(vector),
        Quantity::Phase => Member::constant("phase").shaped(vector),
        Quantity::F => Member::constant("f").shaped(vector),
    };
    Schema { members: QUANTITIES.map(member).into(), grid: Vec::new() }
}

fn check_samples(samples: f64, pad: f64) -> Result<(), KeyError> {
    if samples < 2.0 {
        let message = format!("a spectrum needs at least 2 samples, it has {samples}");
        return Err(KeyError::key("samples", message, "write samples = 256"));
    }
    if samples * pad > MAX_LENGTH as f64 {
        let message =
            format!("a spectrum has at most {MAX_LENGTH} frequencies, this one has {}", samples * pad);
        return Err(KeyError::key("samples", message, "write fewer `samples`, or a smaller `pad`"));
    }
    Ok(())
}

fn wrong_pad(pad: f64) -> KeyError {
    KeyError::key("pad", format!("`pad` must be at least 1, it is {pad}"), "write pad = 4, or leave it out")
}

fn wrong_span(what: &str) -> KeyError {
    let message = format!("`span` must be two times, the earlier one first; {what}");
    KeyError::key("span", message, "write span = [0, 10]")
}

fn solve(keys: &Keys) -> Result<Arc<dyn System>, KeyError> {
    let Some((signal, rows)) = keys.sampled_signal("of") else {
        return Err(KeyError::system("a spectrum needs `of`", "write of = \"cos(3*t)\""));
    };
    let span = keys.vector("span").map(span).transpose()?;
    let pad = keys.integer("pad").unwrap_or(1);
    if pad < 1 {
        return Err(wrong_pad(pad as f64));
    }
    let record = match (keys.integer("samples"), span) {
        (Some(samples), Some(span)) => {
            check_samples(samples as f64, pad as f64)?;
            let step = (span[1] - span[0]) / samples as f64;
            let times = (0..samples).map(|at| span[0] + at as f64 * step);
            Record { start: span[0], duration: span[1] - span[0], samples: samples_at(signal, times)? }
        }
        (_, span) => of_rows(signal, rows, span, pad)?,
    };
    let window = keys.word("window").and_then(Window::from_name).unwrap_or(Window::None);
    // The lengths have been checked.
    let spectrum = Spectrum::new(&record, window, pad as usize).ok_or_else(|| {
        KeyError::key("of", "`of` has too few samples", "write samples = 256, and a longer span")
    })?;
    Ok(Arc::new(Solved { schema: schema(Some(spectrum.len())), spectrum }))
}

/// The two times of `span`.
fn span(times: &[Complex64]) -> Result<[f64; 2], KeyError> {
    match times {
        [first, last] if first.im == 0.0 && last.im == 0.0 && (last.re - first.re).is_normal() => {
            if first.re < last.re {
                Ok([first.re, last.re])
            } else {
                Err(wrong_span(&format!("it is [{}, {}]", first.re, last.re)))
            }
        }
        _ => Err(wrong_span("these are not")),
    }
}

/// The record of the rows of a column, of those within the span if there is one.
fn of_rows(signal: &SignalFn, rows: &[f64], span: Option<[f64; 2]>, pad: i64) -> Result<Record, KeyError> {
    if rows.is_empty() {
        let help = "write samples = 256, span = [0, 10]: how many samples, and between which times";
        return Err(KeyError::key(
            "of",
            "`of` is not a column of data, so `samples` and `span` are needed",
            help,
        ));
    }
    let is_in = |time: &&f64| span.is_none_or(|[first, last]| (first..=last).contains(*time));
    let times: Vec<f64> = rows.iter().filter(is_in).copied().collect();
    if times.len() < 2 {
        let key = if span.is_some() { "span" } else { "of" };
        let message = format!("a spectrum needs at least 2 rows, there are {}", times.len());
        return Err(KeyError::key(key, message, "write a longer span, or `samples` beside it"));
    }
    check_samples(times.len() as f64, pad as f64)
        .map_err(|error| KeyError::key("of", error.message, error.help))?;
    let Some(step) = even_step(&times) else {
        let [first, last] = [times[0], times[times.len() - 1]];
        let help = format!("write samples = {}, span = [{first}, {last}]", times.len());
        return Err(KeyError::key("of", "the rows of `of` are not evenly spaced", help));
    };
    let duration = step * times.len() as f64;
    Ok(Record { start: times[0], duration, samples: samples_at(signal, times.into_iter())? })
}

/// The values of the signal.
fn samples_at(signal: &SignalFn, times: impl Iterator<Item = f64>) -> Result<Vec<Complex64>, KeyError> {
    let sample = |time: f64| {
        let value = signal(time).map_err(|error| KeyError::key("of", error.message, error.help))?;
        if value.re.is_finite() && value.im.is_finite() {
            return Ok(value);
        }
        let message = format!("`of` is not a finite number at t = {time}");
        Err(KeyError::key("of", message, "write a `span` in which `of` is defined everywhere"))
    };
    times.map(sample).collect()
}

impl System for Solved {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn value(&self, component: Component, _: At) -> Result<Complex64, SystemError> {
        let index = component.index[0] as usize;
        Ok(match QUANTITIES[usize::from(component.slot.0)] {
            Quantity::X => self.spectrum.value(index),
            Quantity::Magnitude => self.spectrum.magnitude(index).into(),
            Quantity::Phase => self.spectrum.phase(index).into(),
            Quantity::F => self.spectrum.frequency(index).into(),
        })
    }
}

#[cfg(test)]
mod tests;
