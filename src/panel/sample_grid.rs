//! The grid on which a curve is sampled before its steps are halved: even steps and required parameters. A bound on the second
//! derivative tells which steps need no halving.

use std::cell::Cell;

use crate::panel::axis::AxisSteps;
use crate::panel::param_curve::ParamCurve;
use crate::panel::probed_step::TOLERANCE;
use crate::panel::sampling::SamplingOptions;
use crate::panel::viewport::Viewport;

/// The shortest run of steps that is bisected in the search for a bound on the second derivative.
const MIN_BISECTED_STEPS: usize = 16;
/// The most failed attempts to find such a bound on one curve.
const MAX_FAILED_BOUNDS: usize = 40;
/// The most operations for bounds on one curve. Beyond it, sampling is cheaper.
const MAX_OPERATIONS: u32 = 4096;

/// The part of the tolerance that a bound may reach. Bounds hold up to rounding.
const MARGIN: f64 = 0.9;

/// Even steps over the span and all stops in it, in the direction of the span, without repetition.
pub(super) fn initial_grid([a, b]: [f64; 2], stops: &[f64], options: SamplingOptions) -> Vec<f64> {
    let SamplingOptions { viewport, steps, scale, .. } = options;
    let count = steps.max(1);
    // On a logarithmic axis, the part of the span beyond the axis's low end is a single step.
    let steps = AxisSteps { span: scale.drawable_span([a, b], Some(viewport.x.baseline())), count, scale };
    let mut grid = Vec::with_capacity(count + 1);
    grid.push(a);
    if steps.span != [a, b] {
        grid.extend(steps.span);
    }
    grid.extend((1..count).map(|i| steps.at(i)));
    grid.extend(stops.iter().copied().filter(|stop| *stop >= a.min(b) && *stop <= a.max(b)));
    grid.push(b);
    // The stable sort is linear on what is sorted already, which a grid without stops is.
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    if b < a {
        grid.reverse();
    }
    grid
}

/// A step that lies farther than this beside the plot, in device pixels, shows nothing of any line.
const HIDDEN_DISTANCE: f64 = 256.0;

/// For each step of the grid, whether its chord is drawn as it is: a bound on the second derivative shows that it is flat
/// enough, or it lies beside the plot.
pub(super) fn find_flat_steps(grid: &[f64], options: SamplingOptions, curve: &impl ParamCurve) -> Vec<bool> {
    let even: Vec<f64> = grid.iter().map(|parameter| options.scale.transform(*parameter)).collect();
    let mut flat = vec![false; grid.len().saturating_sub(1)];
    let mut pending = Vec::new();
    pending.push(0..flat.len());
    let mut failures = 0;
    let remaining = Cell::new(MAX_OPERATIONS);
    while let Some(steps) = pending.pop().filter(|steps| !steps.is_empty() && failures < MAX_FAILED_BOUNDS) {
        let lengths = even[steps.start..=steps.end].windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let longest = lengths.fold(0.0, f64::max);
        let between = [grid[steps.start], grid[steps.end]];
        let bound = curve.second_derivative_bound(&options.viewport, options.scale, between, &remaining);
        // A chord over a step h is no farther from its curve than h²/8 times the largest second derivative.
        if bound.is_some_and(|bound| bound * longest * longest / 8.0 <= MARGIN * TOLERANCE) {
            flat[steps].fill(true);
        } else if steps.len() > MIN_BISECTED_STEPS {
            failures += 1;
            let middle = steps.start + steps.len() / 2;
            pending.extend([middle..steps.end, steps.start..middle]);
        }
    }
    if options.hides_beyond {
        hide_beyond(grid, &options.viewport, &mut flat);
    }
    flat
}

/// Marks the steps of a curve along the x axis that lie beside the plot.
fn hide_beyond(grid: &[f64], viewport: &Viewport, flat: &mut [bool]) {
    let to_pixel = viewport.x.to_pixel();
    let left = f64::from(viewport.rect.left) - HIDDEN_DISTANCE;
    let right = f64::from(viewport.rect.right) + HIDDEN_DISTANCE;
    for (step, is_flat) in grid.windows(2).zip(flat) {
        let ends = [to_pixel(step[0]), to_pixel(step[1])];
        *is_flat |= ends.iter().all(|end| *end < left) || ends.iter().all(|end| *end > right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::sampling::Sample;
    use crate::panel::sampling::tests::{fine, sample};

    #[test]
    fn what_lies_beside_the_plot_is_not_halved() {
        // The plot shows 0 to 1 of −50 to 50.
        let curve = |t: f64| (t, libm::sin(90.0 * t));
        let [all, shown] = [false, true].map(|hides_beyond| {
            let options = SamplingOptions { steps: 10_000, hides_beyond, ..fine() };
            sample([-50.0, 50.0], &[], options, &mut { curve })
        });
        let visible = |samples: &[Sample]| {
            let inside = samples.iter().filter(|sample| (-1.0..=2.0).contains(&sample.x));
            inside.copied().collect::<Vec<Sample>>()
        };
        assert_eq!(visible(&all), visible(&shown));
        assert!(shown.len() < 12_000 && all.len() > 20_000, "{} of {}", shown.len(), all.len());
    }
}
