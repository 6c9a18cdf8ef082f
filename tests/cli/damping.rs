//! Laws of damping and resonance in the tables of `kymo data`: the logarithmic decrement is that of γ, and the steady
//! state has the closed form.

use std::f64::consts::TAU;
use std::path::Path;

use crate::project::{Run, command};

/// The header and the rows of a table that `kymo data` prints.
fn data(arguments: &[&str]) -> (Vec<String>, Vec<Vec<f64>>) {
    let words = [&["data"], arguments].concat();
    let run = Run::of(command(Path::new(env!("CARGO_MANIFEST_DIR")), &words).output().expect("kymo runs"));
    let run = run.done();
    let mut lines = run.text().lines().map(|line| line.split(','));
    let header = lines.next().expect("a header").map(str::to_owned).collect();
    let number = |cell: &str| cell.parse().unwrap_or_else(|_| panic!("{cell} is no number"));
    (header, lines.map(|cells| cells.map(number).collect()).collect())
}

fn column(header: &[String], rows: &[Vec<f64>], name: &str) -> Vec<f64> {
    let at = header.iter().position(|known| known == name).unwrap_or_else(|| panic!("no {name}"));
    rows.iter().map(|row| row[at]).collect()
}

#[test]
fn the_logarithmic_decrement_is_half_of_gamma_times_the_period() {
    let (header, rows) =
        data(&["scenes/damping.toml", "--variant", "underdamped", "--set", "animate.frames=20001"]);
    let (t, x) = (column(&header, &rows, "t"), column(&header, &rows, "osc.x"));
    // Maxima, refined by the parabola through three rows.
    let peaks: Vec<(f64, f64)> = (1..x.len() - 1)
        .filter(|&i| x[i] > x[i - 1] && x[i] >= x[i + 1])
        .map(|i| {
            let (slope, bend) = ((x[i + 1] - x[i - 1]) / 2.0, x[i + 1] - 2.0 * x[i] + x[i - 1]);
            (t[i] - slope / bend * (t[1] - t[0]), x[i] - slope * slope / bend / 2.0)
        })
        .collect();
    assert!(peaks.len() >= 2, "{peaks:?}");
    // m = 90 kg, k = 10 N/m, b = 12 N s/m.
    let gamma: f64 = 12.0 / 90.0;
    let omega_u = (10.0 / 90.0 - gamma * gamma / 4.0_f64).sqrt();
    for pair in peaks.windows(2) {
        let (period, decrement) = (pair[1].0 - pair[0].0, (pair[0].1 / pair[1].1).ln());
        assert!((period - TAU / omega_u).abs() < 1e-6 * period, "the period is {period}");
        assert!((decrement / period - gamma / 2.0).abs() < 1e-7, "{decrement} in {period}");
    }
}

#[test]
fn the_steady_state_has_the_amplitude_and_the_phase_of_the_closed_form() {
    for omega in [0.3, 0.7, 0.97, 1.0, 1.4, 2.0] {
        let omega_text = format!("omega={omega:?}");
        // The same oscillator over time, long after its transient has decayed.
        let over = ["animate.over=t", "animate.span=[300, 400]", "animate.frames=4001", &omega_text];
        let mut arguments = vec!["scenes/resonance.toml"];
        arguments.extend(over.into_iter().flat_map(|set| ["--set", set]));
        let (header, rows) = data(&arguments);
        let (t, x) = (column(&header, &rows, "t"), column(&header, &rows, "osc.x"));
        // The least-squares fit of c·cos ωt + s·sin ωt, by the normal equations.
        let sums = t.iter().zip(&x).fold([0.0; 5], |[cc, cs, ss, cx, sx], (t, x)| {
            let (s, c) = (omega * t).sin_cos();
            [cc + c * c, cs + c * s, ss + s * s, cx + c * x, sx + s * x]
        });
        let [cc, cs, ss, cx, sx] = sums;
        let determinant = cc * ss - cs * cs;
        let (a, b) = ((cx * ss - sx * cs) / determinant, (sx * cc - cx * cs) / determinant);
        let (amplitude, lag) = (a.hypot(b), b.atan2(a));
        // zeta = 0.08, ω0 = 1, F = k.
        let (gap, loss) = (1.0 - omega * omega, 2.0 * 0.08 * omega);
        assert!((amplitude * gap.hypot(loss) - 1.0).abs() < 1e-9, "ω = {omega}: {amplitude}");
        assert!((lag - loss.atan2(gap)).abs() < 1e-9, "ω = {omega}: {lag}");
        let left = x.iter().zip(&t).map(|(x, t)| (x - a * (omega * t).cos() - b * (omega * t).sin()).abs());
        assert!(left.fold(0.0, f64::max) < 1e-9 * amplitude);
    }
}
