//! The sampling of one curve along its grid: each step is halved until its chord is flat, or found to be filled.

use crate::panel::dense_step::{Density, find_density, is_thin};
use crate::panel::param_curve::ParamCurve;
use crate::panel::sampling::{Sample, SampledCurve};
use crate::panel::viewport::Viewport;

/// The largest distance of a chord from its curve, in device pixels. The documented limit is 0.1; the rest of
/// it is left for the grid that plotters draws on.
pub(super) const TOLERANCE: f64 = 0.05;
/// The most halvings of one step, which divide it into two million parts.
const MAX_HALVINGS: u32 = 21;
/// A curve with more samples than its plot has pixels covers them several times, and from there on only a piece of each step
/// is drawn. These are the least and the greatest number of samples for which this holds.
const MAX_SAMPLES: [usize; 2] = [1 << 18, 1 << 20];
/// The length of such a piece, in samples.
const PIECE_SAMPLES: usize = 64;
/// A thin step with more samples than this may be one that the curve fills.
const MANY_SAMPLES: usize = 16;
/// A step that is still this many device pixels long after all halvings crosses a pole or a jump.
const MIN_JUMP: f64 = 64.0;

/// The parameters that sampling needs along steps of the grid, in the order in which it needs them: the end of each step, and
/// probes between its ends unless it is known to be flat.
pub(super) fn needed_parameters(grid: &[f64], flat: &[bool]) -> Vec<f64> {
    let mut parameters = Vec::with_capacity(4 * flat.len());
    for (step, is_flat) in grid.windows(2).zip(flat) {
        parameters.push(step[1]);
        if !is_flat {
            parameters.extend(probes(step[0], step[1]));
        }
    }
    parameters
}

/// Parameters that were evaluated together, in the order in which they are needed.
#[derive(Default)]
pub(super) struct Prefetched {
    pub(super) parameters: Vec<f64>,
    /// Empty if they could not be evaluated together.
    pub(super) coordinates: Vec<(f64, f64)>,
    /// The index of the next one.
    pub(super) next: usize,
}

impl Prefetched {
    /// The coordinates at a parameter, if it is one of the next ones.
    fn take(&mut self, parameter: f64) -> Option<(f64, f64)> {
        // Up to three probes of a step may have been skipped.
        let skipped = self.parameters[self.next..].iter().take(4).position(|known| *known == parameter)?;
        let coordinates = *self.coordinates.get(self.next + skipped)?;
        self.next += skipped + 1;
        Some(coordinates)
    }
}

/// A step between two samples.
#[derive(Clone, Copy)]
struct Step {
    from: Sample,
    to: Sample,
    /// The number of times that it may be halved.
    halvings: u32,
    /// Whether the curve may turn out to fill it or parts of it.
    may_be_filled: bool,
}

impl Step {
    /// The parts before and after a sample.
    fn halves(self, middle: Sample) -> [Self; 2] {
        let halvings = self.halvings - 1;
        [Self { to: middle, halvings, ..self }, Self { from: middle, halvings, ..self }]
    }

    /// Whether the step is so thin that the curve may fill it. Where the curve begins or ends, its extent is not known.
    fn is_thin(self) -> bool {
        let Self { from, to, halvings, .. } = self;
        match (from.is_finite(), to.is_finite()) {
            (true, true) => is_thin(from.pixel, to.pixel),
            (false, false) => false,
            (true, false) | (false, true) => halvings == MAX_HALVINGS,
        }
    }
}

/// A curve that is being sampled.
pub(super) struct Sampler<'c, C> {
    pub(super) curve: &'c mut C,
    viewport: Viewport,
    pub(super) sampled: SampledCurve,
    known: Prefetched,
    /// The number of samples beyond which steps are not halved.
    limit: usize,
    /// Whether the curve filled the last step for which this was found out.
    was_filled: bool,
}

impl<'c, C: ParamCurve> Sampler<'c, C> {
    /// A sampler of a curve that starts at a parameter.
    pub(super) fn new(curve: &'c mut C, viewport: Viewport, start: f64) -> Self {
        let first = Sample::at(start, curve.eval(start), &viewport);
        let sampled = SampledCurve { samples: vec![first], fills_area: false };
        let pixels = viewport.rect.width() as usize * viewport.rect.height() as usize;
        let limit = pixels.clamp(MAX_SAMPLES[0], MAX_SAMPLES[1]);
        Self { curve, viewport, sampled, known: Prefetched::default(), limit, was_filled: false }
    }

    /// Samples steps of the grid, the first of which begins at the last sample.
    pub(super) fn extend(&mut self, grid: &[f64], flat: &[bool], known: Prefetched) {
        self.known = known;
        let mut from = self.sampled.samples[self.sampled.samples.len() - 1];
        for (end, is_flat) in grid[1..].iter().zip(flat) {
            let to = self.sample(*end);
            let step = Step { from, to, halvings: MAX_HALVINGS, may_be_filled: true };
            if self.count() > self.limit {
                self.sample_piece(Step { may_be_filled: false, ..step });
            } else if !is_flat {
                self.refine(step);
            }
            self.sampled.samples.push(to);
            from = to;
        }
    }

    /// The number of samples.
    fn count(&self) -> usize {
        self.sampled.samples.len()
    }

    fn sample(&mut self, parameter: f64) -> Sample {
        let coordinates = self.known.take(parameter).unwrap_or_else(|| self.curve.eval(parameter));
        Sample::at(parameter, coordinates, &self.viewport)
    }

    /// Pushes the samples that are needed between the ends of a step. If the curve fills it, these are its extremes.
    fn refine(&mut self, step: Step) {
        if !(step.may_be_filled && step.is_thin()) {
            return self.halve(step);
        }
        let unfilled = Step { may_be_filled: false, ..step };
        // Most steps are neither filled nor the neighbors of filled ones: few samples are enough.
        let count = self.count();
        if !self.was_filled && self.halve_within(unfilled, self.limit.min(count + MANY_SAMPLES)) {
            return;
        }
        self.sampled.samples.truncate(count);
        let density = find_density(self.curve, &self.viewport, [step.from.parameter, step.to.parameter]);
        self.was_filled = matches!(density, Density::Filled(_));
        match density {
            Density::Filled(extremes) => {
                self.sampled.samples.extend(extremes);
                self.sampled.fills_area = true;
            }
            Density::Sparse => self.halve(unfilled),
            Density::Wide => self.halve(step),
        }
    }

    /// Halves a step until its parts are flat or there are more samples than `limit`. Returns whether all are flat.
    fn halve_within(&mut self, step: Step, limit: usize) -> bool {
        let before = std::mem::replace(&mut self.limit, limit);
        self.halve(step);
        self.limit = before;
        self.count() <= limit
    }

    /// Halves a step until its parts are flat.
    fn halve(&mut self, step: Step) {
        let Step { from, to, halvings, .. } = step;
        let [middle_parameter, others @ ..] = probes(from.parameter, to.parameter);
        let is_exhausted = halvings == 0
            || self.count() > self.limit
            || middle_parameter == from.parameter
            || middle_parameter == to.parameter;
        match (from.is_finite(), to.is_finite()) {
            (false, false) => {}
            (true, true) if is_exhausted => {
                if from.distance(to) > MIN_JUMP {
                    self.sampled.samples.push(Sample::break_at(middle_parameter));
                }
            }
            _ if is_exhausted => {}
            (true, true) => {
                let middle = self.sample(middle_parameter);
                let is_near = |sample: Sample| distance_from_chord(from, to, sample) <= TOLERANCE;
                let is_flat = is_near(middle) && others.into_iter().all(|other| is_near(self.sample(other)));
                if !is_flat {
                    self.refine_halves(step, middle);
                }
            }
            // One end is a break: halving closes in on the curve's end between them.
            (true, false) | (false, true) => {
                let middle = self.sample(middle_parameter);
                self.refine_halves(step, middle);
            }
        }
    }

    fn refine_halves(&mut self, step: Step, middle: Sample) {
        let [first, second] = step.halves(middle);
        self.refine(first);
        self.sampled.samples.push(middle);
        self.refine(second);
    }

    /// Samples a piece at the beginning of a step, about as long as [`PIECE_SAMPLES`] samples so far, and a break after it. A
    /// piece lies on the curve, which chords over many turns would not.
    fn sample_piece(&mut self, step: Step) {
        let Step { from, to, .. } = step;
        let count = self.count();
        let per_sample = (from.parameter - self.sampled.samples[0].parameter) / count as f64;
        let share = PIECE_SAMPLES as f64 * per_sample / (to.parameter - from.parameter);
        let end = self.sample(from.parameter + (to.parameter - from.parameter) * share.min(0.5));
        if self.halve_within(Step { to: end, ..step }, count + 4 * PIECE_SAMPLES) {
            self.sampled.samples.push(end);
        } else {
            self.sampled.samples.truncate(count);
        }
        self.sampled.samples.push(Sample::break_at(f64::midpoint(end.parameter, to.parameter)));
    }
}

/// The parameters at which a step's chord is compared with the curve, the middle first. The other two are off
/// the middle, where a curve that bends both ways would cross its chord.
fn probes(from: f64, to: f64) -> [f64; 3] {
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
    if length_squared == 0.0 {
        return libm::hypot(px, py);
    }
    let along = ((px * dx + py * dy) / length_squared).clamp(0.0, 1.0);
    libm::hypot(px - along * dx, py - along * dy)
}
