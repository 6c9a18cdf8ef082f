//! The slopes of the cubic spline with not-a-knot ends.
//!
//! Source: C. de Boor, *A Practical Guide to Splines*, chapter IV. The second derivative is continuous at every inner
//! row, the third at the second row and at the last but one. The equations are tridiagonal in the slopes.

/// The slopes at all rows. Gaps, which are NaN, separate splines; the slope in a gap is NaN.
pub(super) fn slopes(times: &[f64], values: &[f64]) -> Vec<f64> {
    let mut slopes = Vec::with_capacity(values.len());
    while slopes.len() < values.len() {
        let start = slopes.len();
        let length = values[start..].iter().take_while(|value| !value.is_nan()).count();
        if length == 0 {
            slopes.push(f64::NAN);
        } else {
            let rows = start..start + length;
            slopes.extend(slopes_without_gaps(&times[rows.clone()], &values[rows]));
        }
    }
    slopes
}

/// The slopes at one or more rows without a gap.
fn slopes_without_gaps(times: &[f64], values: &[f64]) -> Vec<f64> {
    let widths: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let chords: Vec<f64> =
        values.windows(2).zip(&widths).map(|(pair, width)| (pair[1] - pair[0]) / width).collect();
    match chords.len() {
        0 => vec![0.0],
        1..=3 => polynomial(times, &chords),
        _ => not_a_knot(&widths, &chords),
    }
}

/// The slopes of the polynomial through two, three or four rows in Newton's form. The spline through four rows is
/// this polynomial; its tridiagonal equations would lose digits where the inner rows lie close together.
fn polynomial(times: &[f64], chords: &[f64]) -> Vec<f64> {
    let seconds: Vec<f64> = chords
        .windows(2)
        .zip(times.windows(3))
        .map(|(chord, time)| (chord[1] - chord[0]) / (time[2] - time[0]))
        .collect();
    let third =
        if let [first, second] = seconds[..] { (second - first) / (times[3] - times[0]) } else { 0.0 };
    let second = seconds.first().copied().unwrap_or(0.0);
    let slope = |time: &f64| {
        let [a, b, c] = [0, 1, 2].map(|row| times.get(row).map_or(0.0, |start| time - start));
        chords[0] + second * (a + b) + third * (a * b + a * c + b * c)
    };
    times.iter().map(slope).collect()
}

/// The slopes s of five or more rows from the widths h and the chords c of the intervals, by elimination without
/// pivoting.
///
/// At inner row i, with the interval p before it and q behind it, the equation is
/// h(q)·s(i−1) + 2(h(p) + h(q))·s(i) + h(p)·s(i+1) = 3(h(q)·c(p) + h(p)·c(q)).
/// Elimination of the first slope leaves h₀ + h₁ on the diagonal of the second equation, beside h₀, so every
/// equation but the last stays diagonally dominant.
fn not_a_knot(h: &[f64], c: &[f64]) -> Vec<f64> {
    let last = h.len();
    // Row i in the form s(i) + upper(i)·s(i+1) = right(i).
    let mut upper = vec![(h[0] + h[1]) / h[1]];
    let mut right = vec![end_equation([h[0], h[1]], [c[0], c[1]]) / h[1]];
    for i in 1..last {
        let pivot = 2.0 * (h[i - 1] + h[i]) - h[i] * upper[i - 1];
        upper.push(h[i - 1] / pivot);
        right.push((3.0 * (h[i] * c[i - 1] + h[i - 1] * c[i]) - h[i] * right[i - 1]) / pivot);
    }
    let (h, c) = ([h[last - 1], h[last - 2]], [c[last - 1], c[last - 2]]);
    let both = h[0] + h[1];
    let mut slopes = vec![0.0; last + 1];
    slopes[last] = (end_equation(h, c) - both * right[last - 1]) / (h[1] - both * upper[last - 1]);
    for i in (0..last).rev() {
        slopes[i] = right[i] - upper[i] * slopes[i + 1];
    }
    slopes
}

/// The right side of h₁·s₀ + (h₀ + h₁)·s₁ = …, which makes the third derivative continuous at the row next to an
/// end. Both arguments begin at the end.
fn end_equation(h: [f64; 2], c: [f64; 2]) -> f64 {
    let both = h[0] + h[1];
    ((h[0] + 2.0 * both) * h[1] * c[0] + h[0] * h[0] * c[1]) / both
}
