//! Steps of a curve with the probes that tell whether they are flat. The probes of many steps are evaluated together, and then
//! those of the halves of steps that are not flat, so that few samples of a curve are evaluated one by one.

use crate::panel::param_curve::ParamCurve;
use crate::panel::sampling::Sample;
use crate::panel::viewport::Viewport;

/// The largest distance of a chord from its curve, in device pixels. The documented limit is 0.1; the rest of
/// it is left for the grid that plotters draws on.
pub(super) const TOLERANCE: f64 = 0.05;
/// How many times steps are halved together. Beyond that, few are left.
const ROUNDS: usize = 4;

/// The number of probes of a step.
pub(super) const PROBES: usize = 3;

/// The parameters at which a step's chord is compared with the curve, the middle first. The other two are off
/// the middle, where a curve that bends both ways would cross its chord.
pub(super) fn probes(from: f64, to: f64) -> [f64; PROBES] {
    let length = to - from;
    [from + length / 2.0, from + length * 0.25, from + length * 0.7]
}

/// The distance of a sample from the chord between two others, in device pixels; infinite for a break.
pub(super) fn distance_from_chord(a: Sample, b: Sample, sample: Sample) -> f64 {
    if !sample.is_finite() {
        return f64::INFINITY;
    }
    let (a, b, point) = (a.pixel, b.pixel, sample.pixel);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (px, py) = (point.x - a.x, point.y - a.y);
    let length_squared = dx * dx + dy * dy;
    let along =
        if length_squared == 0.0 { 0.0 } else { ((px * dx + py * dy) / length_squared).clamp(0.0, 1.0) };
    let (x, y) = (px - along * dx, py - along * dy);
    (x * x + y * y).sqrt()
}

/// A step with its probes.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProbedStep {
    from: Sample,
    to: Sample,
    pub(super) probes: [Sample; PROBES],
    /// The indices of its halves, if they are probed too.
    pub(super) halves: Option<[usize; 2]>,
}

impl ProbedStep {
    pub(super) fn new([from, to]: [Sample; 2], probes: [Sample; PROBES]) -> Self {
        Self { from, to, probes, halves: None }
    }

    /// Whether sampling halves the step: its chord is not flat, or the curve begins or ends in it.
    fn is_halved(&self) -> bool {
        match (self.from.is_finite(), self.to.is_finite()) {
            (true, true) => {
                self.probes.iter().any(|probe| distance_from_chord(self.from, self.to, *probe) > TOLERANCE)
            }
            (from, to) => from || to,
        }
    }

    /// Both halves.
    fn split(&self) -> [[Sample; 2]; 2] {
        let middle = self.probes[0];
        [[self.from, middle], [middle, self.to]]
    }
}

/// Appends the halves of steps that are not flat, and their halves. Nothing is appended if the curve cannot be evaluated at many
/// parameters at once.
pub(super) fn probe_halves<C: ParamCurve>(curve: &C, viewport: &Viewport, steps: &mut Vec<ProbedStep>) {
    let mut first = 0;
    for _ in 0..ROUNDS {
        let halved: Vec<usize> = (first..steps.len()).filter(|index| steps[*index].is_halved()).collect();
        first = steps.len();
        let ends: Vec<[Sample; 2]> = halved.iter().flat_map(|index| steps[*index].split()).collect();
        let parameters: Vec<f64> =
            ends.iter().flat_map(|[from, to]| probes(from.parameter, to.parameter)).collect();
        let known =
            if parameters.is_empty() { None } else { C::eval_many(&[curve], &parameters).pop().flatten() };
        let Some(coordinates) = known else { return };
        let samples = Sample::at_each(&parameters, &coordinates, viewport);
        let probed = |(ends, probes): (&[Sample; 2], &[Sample])| {
            ProbedStep::new(*ends, [probes[0], probes[1], probes[2]])
        };
        steps.extend(ends.iter().zip(samples.chunks_exact(PROBES)).map(probed));
        for (index, half) in halved.into_iter().zip((first..).step_by(2)) {
            steps[index].halves = Some([half, half + 1]);
        }
    }
}
