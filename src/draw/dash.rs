//! Dashes: which stretches of a curve a pattern of lengths on and off leaves.

use std::ops::RangeInclusive;

/// Dashes that repeat within less than this many pixels cannot be seen and are drawn solid.
const MIN_PERIOD: f64 = 1.0 / 16.0;

/// A stretch of the curve that is drawn, by arc length; infinite where it has no end.
#[derive(Clone, Copy)]
pub(super) struct ArcSpan {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// The pattern as an even number of lengths, twice where it is odd as in SVG; empty where it is no
/// pattern or too fine to see.
pub(crate) fn dash_pattern(dash: &[f64]) -> Vec<f64> {
    let period: f64 = dash.iter().sum();
    let is_valid = dash.iter().all(|length| length.is_finite() && *length >= 0.0);
    if !is_valid || !period.is_finite() || period < MIN_PERIOD {
        return Vec::new();
    }
    let times = if dash.len().is_multiple_of(2) { 1 } else { 2 };
    dash.repeat(times)
}

/// The dashes that can meet a range of arc lengths, in order.
pub(super) fn dashes(pattern: &[f64], range: RangeInclusive<f64>) -> impl Iterator<Item = ArcSpan> {
    let period: f64 = pattern.iter().sum();
    let first = (*range.start() / period).floor() - 1.0;
    let count = ((range.end() - range.start()) / period).ceil() as u64 + 3;
    (0..count).flat_map(move |k| {
        let base = (first + k as f64) * period;
        let mut offset = 0.0;
        pattern.chunks_exact(2).map(move |pair| {
            let from = base + offset;
            offset += pair[0] + pair[1];
            ArcSpan { from, to: from + pair[0] }
        })
    })
}
