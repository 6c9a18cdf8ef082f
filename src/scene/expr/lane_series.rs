//! Series in the lane evaluator.
//!
//! Of a curve, all samples are evaluated at one term after the other. A series that has one value, or a few, is evaluated
//! at many terms at once. Terms are added in their order either way.

use std::rc::Rc;

use fearless_simd::{Level, dispatch};
use num_complex::Complex64;

use super::eval_error::EvalError;
use super::lane_context::{LaneContext, OuterContext};
use super::lane_eval::LaneEvaluator;
use super::lanes::Lanes;
use super::needs::Needs;
use super::number::{NAN, from_real};
use super::op::{BoundVariable, OpIndex};
use super::real_lanes::RealLanes;
use super::series::{Accumulator, CompensatedSum, Series, Terms, add_compensated};
use super::work::SERIES_TERM;

/// The number of terms that are evaluated together.
const TERMS_AT_ONCE: u32 = 256;
/// With fewer lanes than this, lanes are terms.
const MIN_LANES: usize = 8;

/// A series, its body and the variable of its body.
#[derive(Clone, Copy)]
pub(super) struct SeriesOf {
    pub(super) series: Series,
    pub(super) body: OpIndex,
    pub(super) variable: BoundVariable,
}

impl LaneEvaluator<'_> {
    /// The value of a series between two limits.
    pub(super) fn series(
        &self,
        context: &Rc<LaneContext<'_>>,
        of: SeriesOf,
        [from, to]: [RealLanes; 2],
    ) -> Result<Lanes, EvalError> {
        if let (Some(from), Some(to)) = (from.uniform(), to.uniform()) {
            return self.series_of_terms(context, of, Terms::between(from, to));
        }
        let groups = self.group(|lane| [from.at(lane).to_bits(), to.at(lane).to_bits()]);
        self.in_groups(context, groups, |evaluator, context, [from, to]: [u64; 2]| {
            let terms = Terms::between(f64::from_bits(from), f64::from_bits(to));
            evaluator.series_of_terms(context, of, terms)
        })
    }

    /// The value of a series of the same terms in all lanes.
    fn series_of_terms(
        &self,
        context: &Rc<LaneContext<'_>>,
        of: SeriesOf,
        terms: Terms,
    ) -> Result<Lanes, EvalError> {
        let work = context.code.weight(of.body).saturating_add(SERIES_TERM).saturating_mul(terms.count());
        let (from, count) = match terms {
            Terms::Finite { from, count } => (from, count),
            Terms::Undefined => return Ok(Lanes::of(NAN)),
            Terms::TooMany => return self.charge(work).map(|()| Lanes::of(NAN)),
        };
        let needs = context.code.needs(of.body).without(of.variable);
        if !needs.intersects(self.varying(context)) {
            self.in_lane(0, 1).charge(work)?;
            return Ok(Lanes::of(self.series_of_lane(context, of, (from, count), 0)?));
        }
        self.charge(work)?;
        if self.lanes() < MIN_LANES && count as usize > self.lanes() {
            let values = (0..self.lanes()).map(|lane| self.series_of_lane(context, of, (from, count), lane));
            let values = values.collect::<Result<Vec<_>, _>>()?;
            return Ok(Lanes::from_values(values.into_iter()));
        }
        let lacks = Needs::bound(of.variable);
        let outer = OuterContext { evaluator: self, context: Rc::clone(context), lacks, lanes: None };
        let mut total = LaneAccumulator::new(of.series);
        for i in 0..count {
            let mut term = context.with_variable(of.variable, RealLanes::Uniform(from + f64::from(i)));
            term.outer.push(outer.clone());
            total.add(self.op(&Rc::new(term), of.body)?);
        }
        Ok(total.value())
    }

    /// The value of a series in one lane.
    fn series_of_lane(
        &self,
        context: &LaneContext<'_>,
        of: SeriesOf,
        (from, count): (f64, u32),
        lane: usize,
    ) -> Result<Complex64, EvalError> {
        let context = context.of_lane(lane);
        let mut total = Accumulator::new(of.series);
        for first in (0..count).step_by(TERMS_AT_ONCE as usize) {
            let terms: Vec<f64> =
                (first..count.min(first + TERMS_AT_ONCE)).map(|i| from + f64::from(i)).collect();
            let len = terms.len();
            let context = Rc::new(context.with_variable(of.variable, RealLanes::each(terms)));
            let values = self.in_lane(lane, len).op(&context, of.body)?;
            (0..len).for_each(|term| total.add(values.at(term)));
        }
        Ok(total.value())
    }
}

/// The value of a series so far in each lane; [`Accumulator`] in lanes.
struct LaneAccumulator {
    series: Series,
    count: u32,
    re: CompensatedLanes,
    im: CompensatedLanes,
    product: Lanes,
}

impl LaneAccumulator {
    fn new(series: Series) -> Self {
        let (re, im) = (CompensatedLanes::new(), CompensatedLanes::new());
        Self { series, count: 0, re, im, product: Lanes::of(from_real(1.0)) }
    }

    fn add(&mut self, term: Lanes) {
        match self.series {
            Series::Sum | Series::Mean => {
                self.count += 1;
                self.re.add(&term.re);
                self.im.add(&term.im);
            }
            Series::Product => {
                let product = std::mem::replace(&mut self.product, Lanes::of(NAN));
                self.product = product.times(term);
            }
        }
    }

    fn value(self) -> Lanes {
        let sum = Lanes { re: self.re.value(), im: self.im.value() };
        match self.series {
            Series::Sum => sum,
            Series::Mean => sum.divided_by(Lanes::of(from_real(f64::from(self.count)))),
            Series::Product => self.product,
        }
    }
}

/// A running sum in each lane; [`CompensatedSum`] in lanes.
enum CompensatedLanes {
    /// The terms so far are the same in all lanes.
    Uniform(CompensatedSum),
    /// The sums without compensation, and the compensations.
    Each(Vec<f64>, Vec<f64>),
}

impl CompensatedLanes {
    fn new() -> Self {
        Self::Uniform(CompensatedSum::default())
    }

    /// Adds a term in each lane.
    fn add(&mut self, term: &RealLanes) {
        if let (Self::Uniform(CompensatedSum { sum, compensation }), RealLanes::Each(terms)) = (&*self, term)
        {
            *self = Self::Each(vec![*sum; terms.len()], vec![*compensation; terms.len()]);
        }
        match (self, term) {
            (Self::Uniform(total), term) => total.add(term.at(0)),
            (Self::Each(sums, compensations), RealLanes::Uniform(term)) => {
                for (sum, compensation) in sums.iter_mut().zip(compensations) {
                    add_compensated(sum, compensation, *term);
                }
            }
            (Self::Each(sums, compensations), RealLanes::Each(terms)) => {
                dispatch!(Level::new(), _ => add_terms(sums, compensations, terms));
            }
        }
    }

    /// The compensated sums.
    fn value(self) -> RealLanes {
        match self {
            Self::Uniform(total) => RealLanes::Uniform(total.value()),
            Self::Each(sums, compensations) => {
                let totals = sums.into_iter().zip(compensations);
                RealLanes::each(
                    totals.map(|(sum, compensation)| CompensatedSum { sum, compensation }.value()).collect(),
                )
            }
        }
    }
}

/// Adds a term to each sum, with the vector instructions of the caller.
#[allow(
    clippy::inline_always,
    reason = "a function is compiled for an instruction set only where it is inlined"
)]
#[inline(always)]
fn add_terms(sums: &mut [f64], compensations: &mut [f64], terms: &[f64]) {
    for ((sum, compensation), term) in sums.iter_mut().zip(compensations).zip(terms) {
        add_compensated(sum, compensation, *term);
    }
}
