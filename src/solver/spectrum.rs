//! Spectra of sampled signals, by the discrete Fourier transform.
//!
//! X(f) = Σ wᵢ·x(tᵢ)·exp(−2πj·f·tᵢ) / Σ wᵢ with a window w. A cosine of amplitude 1 whose frequency lies on the grid
//! has |X| = ½ at ±f, whatever the window, and its phase is that at t = 0. Frequencies go from −½ of the sampling rate up
//! to ½ of it.
//!
//! Accuracy: errors stay below 1e-14 of the largest sample (`tests/library/spectrum.rs`).

mod fft;

use std::f64::consts::TAU;

use num_complex::Complex64;

/// The largest number of frequencies.
pub const MAX_LENGTH: usize = 1 << 20;

/// A factor of each sample, which is 0 or small at the ends of a record. Windows are periodic: the sample behind the last
/// one would have the factor of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// 1.
    None,
    /// ½ − ½·cos.
    Hann,
    /// 0.54 − 0.46·cos.
    Hamming,
    /// 0.42 − ½·cos + 0.08·cos of twice the angle.
    Blackman,
}

/// Samples at even times.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The time of the first sample, in seconds.
    pub start: f64,
    /// The number of samples times the time between two, in seconds.
    pub duration: f64,
    /// The samples.
    pub samples: Vec<Complex64>,
}

/// The spectrum of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// The distance of frequencies, in hertz.
    step: f64,
    /// From the lowest frequency on.
    values: Vec<Complex64>,
    /// The largest magnitude.
    largest: f64,
}

/// Values below this fraction of the largest one are rounding, and have no phase.
const NEGLIGIBLE: f64 = 1e-12;

/// Times are even if each is less than this fraction of the step away from its place.
const EVENNESS: f64 = 1e-3;

impl Window {
    /// The names in a scene.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("none", Self::None),
        ("hann", Self::Hann),
        ("hamming", Self::Hamming),
        ("blackman", Self::Blackman),
    ];

    /// The window with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, window)| *window)
    }

    /// The factor of a sample of a record of `length`.
    #[must_use]
    pub fn factor(self, sample: usize, length: usize) -> f64 {
        let cos = |turns: usize| fft::unit(turns % length, length).re;
        match self {
            Self::None => 1.0,
            Self::Hann => 0.5 - 0.5 * cos(sample),
            Self::Hamming => 0.54 - 0.46 * cos(sample),
            Self::Blackman => 0.42 - 0.5 * cos(sample) + 0.08 * cos(2 * sample),
        }
    }
}

impl Spectrum {
    /// The spectrum of a record, lengthened by zeros to `pad` times its length, or `None` if it has less than two samples, or
    /// more than [`MAX_LENGTH`] frequencies.
    #[must_use]
    pub fn new(record: &Record, window: Window, pad: usize) -> Option<Self> {
        let count = record.samples.len();
        let length = count.checked_mul(pad).filter(|length| (2..=MAX_LENGTH).contains(length))?;
        if count < 2 {
            return None;
        }
        let factors: Vec<f64> = (0..count).map(|sample| window.factor(sample, count)).collect();
        let sum: f64 = factors.iter().sum();
        let mut values: Vec<Complex64> =
            record.samples.iter().zip(&factors).map(|(sample, factor)| sample * (factor / sum)).collect();
        let is_real = values.iter().all(|value| value.im == 0.0);
        values.resize(length, Complex64::ZERO);
        let mut values = fft::transform(values);
        if is_real {
            make_conjugate(&mut values);
        }
        refer_to_zero(&mut values, record.start / (record.duration * pad as f64));
        // The upper half of the transform holds the negative frequencies.
        values.rotate_right(length / 2);
        let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(magnitude(*value)));
        Some(Self { step: 1.0 / (record.duration * pad as f64), values, largest })
    }

    /// The number of frequencies.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no frequency. There is always one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A frequency in hertz, from the lowest on.
    #[must_use]
    pub fn frequency(&self, index: usize) -> f64 {
        (index as f64 - (self.len() / 2) as f64) * self.step
    }

    /// X at a frequency.
    #[must_use]
    pub fn value(&self, index: usize) -> Complex64 {
        self.values[index]
    }

    /// |X| at a frequency.
    #[must_use]
    pub fn magnitude(&self, index: usize) -> f64 {
        magnitude(self.values[index])
    }

    /// The argument of X at a frequency, in radians from −π to π; NaN where X is 0 but for rounding.
    #[must_use]
    pub fn phase(&self, index: usize) -> f64 {
        let value = self.values[index];
        if magnitude(value) <= NEGLIGIBLE * self.largest { f64::NAN } else { libm::atan2(value.im, value.re) }
    }
}

/// The step between times in increasing order, if they are even: those of a file may be rounded.
#[must_use]
pub fn even_step(times: &[f64]) -> Option<f64> {
    let [first, .., last] = times else { return None };
    let step = (last - first) / (times.len() - 1) as f64;
    let is_even = |(at, time): (usize, &f64)| (time - (first + at as f64 * step)).abs() <= EVENNESS * step;
    (step > 0.0 && times.iter().enumerate().all(is_even)).then_some(step)
}

fn magnitude(value: Complex64) -> f64 {
    libm::hypot(value.re, value.im)
}

/// Makes opposite frequencies of a transform conjugate to the last bit.
fn make_conjugate(values: &mut [Complex64]) {
    let length = values.len();
    values[0].im = 0.0;
    for at in 1..=length / 2 {
        let mean = 0.5 * (values[at] + values[length - at].conj());
        (values[at], values[length - at]) = (mean, mean.conj());
    }
}

/// Refers phases to t = 0 in place of the first sample, which comes at this time in units of the whole length.
fn refer_to_zero(values: &mut [Complex64], start: f64) {
    if start == 0.0 {
        return;
    }
    let length = values.len();
    for (at, value) in values.iter_mut().enumerate() {
        let frequency = if at < length.div_ceil(2) { at as f64 } else { at as f64 - length as f64 };
        let turns = frequency * start;
        let (sin, cos) = libm::sincos(TAU * (turns - turns.round()));
        *value *= Complex64::new(cos, -sin);
    }
}
