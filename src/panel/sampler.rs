//! The sampling of one curve along its grid: each step is halved until its chord is flat, or found to be filled.

use crate::panel::dense_step::{Density, find_density, is_thin};
use crate::panel::param_curve::ParamCurve;
use crate::panel::probed_step::{PROBES, ProbedStep, TOLERANCE, distance_from_chord, probe_halves, probes};
use crate::panel::sampling::Sample;
use crate::panel::viewport::Viewport;

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

/// The samples at needed parameters, step by step: the end of the step, and its probes if it is not flat.
fn known_steps<'a>(
    flat: &'a [bool],
    mut known: &'a [Sample],
) -> impl Iterator<Item = (Sample, &'a [Sample])> + use<'a> {
    flat.iter().map_while(move |is_flat| {
        let (end, rest) = known.split_first()?;
        let (probes, rest) = rest.split_at_checked(if *is_flat { 0 } else { PROBES })?;
        known = rest;
        Some((*end, probes))
    })
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
    /// The index of its probes, if they are known.
    probed: Option<usize>,
}

impl Step {
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

/// The samples of a curve, in the direction of its span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampledCurve {
    /// Its points and breaks.
    pub samples: Vec<Sample>,
    /// The length in the parameter of the steps that it fills, where the samples are extremes.
    pub filled_length: f64,
    /// Whether it covers its plot several times, so that only pieces of it are sampled.
    pub is_in_pieces: bool,
}

impl SampledCurve {
    /// Whether it fills an area somewhere.
    #[must_use]
    pub fn fills_area(&self) -> bool {
        self.filled_length > 0.0
    }

    /// Whether it fills an area over more than half of its span.
    #[must_use]
    pub fn is_mostly_filled(&self) -> bool {
        let ends = self.samples.first().zip(self.samples.last());
        ends.is_some_and(|(first, last)| 2.0 * self.filled_length > (last.parameter - first.parameter).abs())
    }
}

/// A curve that is being sampled.
pub(super) struct Sampler<'c, C> {
    pub(super) curve: &'c mut C,
    viewport: Viewport,
    pub(super) sampled: SampledCurve,
    /// Probes of some steps, which are known beforehand.
    probed: Vec<ProbedStep>,
    /// The number of samples beyond which steps are not halved.
    limit: usize,
    /// The length in the parameter of a piece, as soon as there are more samples than the limit.
    piece_length: Option<f64>,
    /// Whether the curve filled the last step for which this was found out.
    was_filled: bool,
}

impl<'c, C: ParamCurve> Sampler<'c, C> {
    /// A sampler of a curve on a grid, with the first sample.
    pub(super) fn new(curve: &'c mut C, viewport: Viewport, grid: &[f64]) -> Self {
        let mut samples = Vec::with_capacity(grid.len() + grid.len() / 2);
        samples.push(Sample::at(grid[0], curve.eval(grid[0]), &viewport));
        let sampled = SampledCurve { samples, ..SampledCurve::default() };
        let pixels = viewport.rect.width() as usize * viewport.rect.height() as usize;
        let limit = pixels.clamp(MAX_SAMPLES[0], MAX_SAMPLES[1]);
        Self { curve, viewport, sampled, probed: Vec::new(), limit, piece_length: None, was_filled: false }
    }

    /// Samples steps of the grid, the first of which begins at the last sample. `known` are the samples at the parameters that
    /// the steps [need](needed_parameters); none if they cannot be evaluated together.
    pub(super) fn extend(&mut self, grid: &[f64], flat: &[bool], known: &[Sample]) {
        let mut from = self.sampled.samples[self.count() - 1];
        self.collect_probes(from, flat, known);
        let (mut known, mut probed_count) = (known_steps(flat, known), 0);
        for (end, step_is_flat) in grid[1..].iter().zip(flat) {
            let (to, probes) = known.next().unwrap_or_else(|| (self.sample(*end), &[]));
            let probed = (!probes.is_empty()).then_some(probed_count);
            probed_count += usize::from(probed.is_some());
            let step = Step { from, to, halvings: MAX_HALVINGS, may_be_filled: true, probed };
            match self.piece_length {
                Some(length) => self.sample_piece(step, length),
                None if *step_is_flat => {}
                None => {
                    let count = self.count();
                    self.refine(step);
                    if self.count() > self.limit {
                        self.cut_to_piece(step, count);
                    }
                }
            }
            self.sampled.samples.push(to);
            from = to;
        }
    }

    /// Collects the steps with known probes, and probes their halves, too.
    fn collect_probes(&mut self, mut from: Sample, flat: &[bool], known: &[Sample]) {
        self.probed.clear();
        for (to, probes) in known_steps(flat, known) {
            self.probed.extend(probes.first_chunk().map(|probes| ProbedStep::new([from, to], *probes)));
            from = to;
        }
        // Steps that the curve fills are not halved.
        if !self.was_filled {
            probe_halves(self.curve, &self.viewport, &mut self.probed);
        }
    }

    /// The number of samples.
    fn count(&self) -> usize {
        self.sampled.samples.len()
    }

    fn sample(&mut self, parameter: f64) -> Sample {
        Sample::at(parameter, self.curve.eval(parameter), &self.viewport)
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
                self.sampled.filled_length += (step.to.parameter - step.from.parameter).abs();
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
        let places = probes(from.parameter, to.parameter);
        let is_exhausted = halvings == 0
            || self.count() > self.limit
            || places[0] == from.parameter
            || places[0] == to.parameter;
        match (from.is_finite(), to.is_finite()) {
            (false, false) => {}
            (true, true) if is_exhausted => {
                if from.distance(to) > MIN_JUMP {
                    self.sampled.samples.push(Sample::break_at(places[0]));
                }
            }
            _ if is_exhausted => {}
            (true, true) => {
                let middle = self.probe(step, 0, places);
                let is_near = |probe: Sample| distance_from_chord(from, to, probe) <= TOLERANCE;
                let is_flat = is_near(middle) && (1..3).all(|probe| is_near(self.probe(step, probe, places)));
                if !is_flat {
                    self.refine_halves(step, middle);
                }
            }
            // One end is a break: halving closes in on the curve's end between them.
            (true, false) | (false, true) => {
                let middle = self.probe(step, 0, places);
                self.refine_halves(step, middle);
            }
        }
    }

    /// One of the probes of a step.
    fn probe(&mut self, step: Step, probe: usize, places: [f64; 3]) -> Sample {
        match step.probed {
            Some(index) => self.probed[index].probes[probe],
            None => self.sample(places[probe]),
        }
    }

    fn refine_halves(&mut self, step: Step, middle: Sample) {
        let probed = step.probed.and_then(|index| self.probed[index].halves);
        let [first, second] = [0, 1].map(|half| probed.map(|probed| probed[half]));
        let halvings = step.halvings - 1;
        self.refine(Step { to: middle, halvings, probed: first, ..step });
        self.sampled.samples.push(middle);
        self.refine(Step { from: middle, halvings, probed: second, ..step });
    }

    /// Keeps only a piece of a step that has too many samples, and a break after it. `count` samples lie before it. Chords over
    /// many turns would lie beside the curve.
    fn cut_to_piece(&mut self, step: Step, count: usize) {
        self.sampled.is_in_pieces = true;
        let samples = &mut self.sampled.samples;
        samples.truncate(self.limit.clamp(count, count + PIECE_SAMPLES));
        let end = samples[samples.len() - 1].parameter;
        let is_whole = samples.len() - count == PIECE_SAMPLES;
        let average = (end - samples[0].parameter) / samples.len() as f64;
        self.piece_length =
            Some(if is_whole { end - step.from.parameter } else { average * PIECE_SAMPLES as f64 });
        samples.push(Sample::break_at(f64::midpoint(end, step.to.parameter)));
    }

    /// Samples a piece of this length at the beginning of a step, and a break after it.
    fn sample_piece(&mut self, step: Step, length: f64) {
        let Step { from, to, .. } = step;
        let count = self.count();
        let step_length = to.parameter - from.parameter;
        let end = self.sample(from.parameter + step_length * (length / step_length).min(0.5));
        let piece = Step { to: end, may_be_filled: false, probed: None, ..step };
        if self.halve_within(piece, count + 4 * PIECE_SAMPLES) {
            self.sampled.samples.push(end);
        } else {
            self.sampled.samples.truncate(count);
        }
        self.sampled.samples.push(Sample::break_at(f64::midpoint(end.parameter, to.parameter)));
    }
}
