//! Dash patterns: the parts of a curve that a list of alternating dash and gap lengths leaves visible.
//!
//! Lengths and positions are arc lengths along the curve, in device pixels.

use std::ops::RangeInclusive;

/// The shortest period of a pattern, in pixels. Finer dashes cannot be seen and are drawn as a solid line.
const MIN_PERIOD: f64 = 1.0 / 16.0;

/// A part of a curve between two arc lengths, which are infinite where the part has no end.
#[derive(Clone, Copy)]
pub(super) struct ArcSpan {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// Normalizes a pattern to an even number of lengths; as in SVG, an odd list is repeated once. Returns an
/// empty list, which means a solid line, if a length is negative or not finite or if the pattern is too fine
/// to see.
pub(crate) fn dash_pattern(dash: &[f64]) -> Vec<f64> {
    let period: f64 = dash.iter().sum();
    let is_valid = dash.iter().all(|length| length.is_finite() && *length >= 0.0);
    if !is_valid || !period.is_finite() || period < MIN_PERIOD {
        return Vec::new();
    }
    let times = if dash.len().is_multiple_of(2) { 1 } else { 2 };
    dash.repeat(times)
}

/// The dashes near a range of arc lengths, in order. All dashes that meet the range are among them.
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
