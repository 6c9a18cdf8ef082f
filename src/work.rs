//! Work that is counted against a limit, so that no scene keeps a machine busy for hours.
//!
//! Work is counted in operations and not in seconds. So a scene exceeds its limit on every machine or on none, with any
//! number of threads. One unit is about one arithmetic operation of an expression.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// The limits of a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most work before the first frame, and the most work of one frame.
    pub work: u64,
    /// The most memory of what the frames share, in bytes.
    pub memory: u64,
}

/// The unit of limits in a scene: a million operations, or a megabyte.
pub const MILLION: u64 = 1_000_000;

/// The work of one value of an expression beside its operations: what leads to it, and what is done with the value, such as
/// sampling.
pub const EVALUATION: u64 = 200;

impl Default for Limits {
    fn default() -> Self {
        Self { work: 1000 * MILLION, memory: 256 * MILLION }
    }
}

/// Counts work and memory against limits. Clones share their counts.
#[derive(Clone, Debug)]
pub struct WorkMeter(Arc<SharedMeter>);

#[derive(Debug)]
struct SharedMeter {
    limit: u64,
    spent: AtomicU64,
    memory_limit: u64,
    /// Bytes of memory.
    reserved: AtomicU64,
}

/// The work exceeds this limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkLimit(pub u64);

impl fmt::Display for WorkLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the scene takes too much work: more than {} million operations", self.0 / MILLION)
    }
}

impl WorkLimit {
    /// The remedy.
    #[must_use]
    pub fn help(&self) -> String {
        let more = 10 * (self.0 / MILLION).max(1);
        format!(
            "write shorter sums, integrals, spans and lines here; or raise the limit: limits.work = {more}"
        )
    }
}

/// The memory exceeds this limit, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimit(pub u64);

impl fmt::Display for MemoryLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the scene takes too much memory: more than {} MB", self.0 / MILLION)
    }
}

impl MemoryLimit {
    /// The remedy.
    #[must_use]
    pub fn help(&self) -> String {
        let more = 4 * (self.0 / MILLION).max(1);
        format!("write fewer or smaller parts; or raise the limit: limits.memory = {more}")
    }
}

impl WorkMeter {
    /// A meter with this limit of work, and the default limit of memory.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self::with_limits(Limits { work: limit, ..Limits::default() })
    }

    /// A meter that has counted nothing.
    #[must_use]
    pub fn with_limits(Limits { work, memory }: Limits) -> Self {
        let (spent, reserved) = (AtomicU64::new(0), AtomicU64::new(0));
        Self(Arc::new(SharedMeter { limit: work, spent, memory_limit: memory, reserved }))
    }

    /// Counts memory that is about to be taken, in bytes. It counts until the scene is dropped.
    ///
    /// # Errors
    /// The limit is exceeded, by this memory or by memory before it.
    pub fn reserve(&self, bytes: u64) -> Result<(), MemoryLimit> {
        let limit = self.0.memory_limit;
        let bytes = bytes.min(limit + 1);
        let is_left =
            self.reserved() <= limit && self.0.reserved.fetch_add(bytes, Ordering::Relaxed) + bytes <= limit;
        if is_left { Ok(()) } else { Err(MemoryLimit(limit)) }
    }

    /// Counts memory that is about to be taken, in bytes, as long as the result lives.
    ///
    /// # Errors
    /// The limit is exceeded, by this memory or by memory before it.
    pub fn hold(&self, bytes: u64) -> Result<Memory, MemoryLimit> {
        self.reserve(bytes).map(|()| Memory { meter: self.clone(), bytes })
    }

    /// The bytes of memory counted so far. They may exceed the limit.
    #[must_use]
    pub fn reserved(&self) -> u64 {
        self.0.reserved.load(Ordering::Relaxed)
    }

    /// The limit.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.0.limit
    }

    /// The work counted so far. It may exceed the limit.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.0.spent.load(Ordering::Relaxed)
    }

    /// Whether the work exceeds the limit.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.spent() > self.0.limit
    }

    /// Counts work that is about to be done.
    ///
    /// # Errors
    /// The limit is exceeded, by this work or by work before it.
    pub fn charge(&self, units: u64) -> Result<(), WorkLimit> {
        let limit = self.0.limit;
        // Work beyond the limit is not added up, so the count cannot overflow.
        let units = units.min(limit + 1);
        let is_left =
            !self.is_exceeded() && self.0.spent.fetch_add(units, Ordering::Relaxed) + units <= limit;
        if is_left { Ok(()) } else { Err(WorkLimit(limit)) }
    }
}

/// The work and the memory that a meter counts from now on. They are taken off its counts when this is dropped.
#[derive(Debug)]
pub struct Usage {
    meter: WorkMeter,
    /// Counts of the meter at the beginning.
    spent: u64,
    reserved: u64,
}

impl Usage {
    /// Work and memory from now on.
    #[must_use]
    pub fn begin(meter: &WorkMeter) -> Self {
        Self { meter: meter.clone(), spent: meter.spent(), reserved: meter.reserved() }
    }

    /// Takes off the work so far, which is done, and fixes the memory.
    #[must_use]
    pub fn end(mut self) -> Memory {
        let bytes = self.meter.reserved().saturating_sub(self.reserved);
        // From here on the memory counts by itself.
        self.reserved += bytes;
        Memory { meter: self.meter.clone(), bytes }
    }
}

impl Drop for Usage {
    fn drop(&mut self) {
        let SharedMeter { spent, reserved, .. } = &*self.meter.0;
        take_off(spent, self.meter.spent().saturating_sub(self.spent));
        take_off(reserved, self.meter.reserved().saturating_sub(self.reserved));
    }
}

/// Memory that a meter counts. It is taken off the count when this is dropped.
#[derive(Debug)]
pub struct Memory {
    meter: WorkMeter,
    bytes: u64,
}

impl Drop for Memory {
    fn drop(&mut self) {
        take_off(&self.meter.0.reserved, self.bytes);
    }
}

fn take_off(count: &AtomicU64, amount: u64) {
    let less = |count: u64| Some(count.saturating_sub(amount));
    // The function gives a value for every count.
    let _ = count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
}

/// A meter with the default limits.
impl Default for WorkMeter {
    fn default() -> Self {
        Self::with_limits(Limits::default())
    }
}

/// Work that is counted once.
#[derive(Debug, Default)]
pub struct OneCharge(OnceLock<Result<(), WorkLimit>>);

impl OneCharge {
    /// Counts work that is about to be done, unless it is counted already.
    ///
    /// # Errors
    /// The limit was exceeded when the work was counted.
    pub fn charge(&self, meter: &WorkMeter, units: u64) -> Result<(), WorkLimit> {
        *self.0.get_or_init(|| meter.charge(units))
    }
}

/// The work of steps that are each done once and then remembered.
#[derive(Debug)]
pub struct StepsWork {
    meter: WorkMeter,
    /// The number of steps whose work is counted.
    counted: AtomicU64,
}

impl StepsWork {
    /// No steps yet, counted by this meter.
    #[must_use]
    pub fn new(meter: &WorkMeter) -> Self {
        Self { meter: meter.clone(), counted: AtomicU64::new(0) }
    }

    /// Counts the same work for each of the first `steps` steps that is not counted yet.
    ///
    /// # Errors
    /// The limit is exceeded.
    pub fn reach(&self, steps: u64, units: u64) -> Result<(), WorkLimit> {
        let counted = self.counted.fetch_max(steps, Ordering::Relaxed);
        self.meter.charge(steps.saturating_sub(counted).saturating_mul(units))
    }

    /// The meter.
    #[must_use]
    pub fn meter(&self) -> &WorkMeter {
        &self.meter
    }
}

/// Meters make no difference between what they count.
impl PartialEq for WorkMeter {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel;

    #[test]
    fn the_limit_is_the_last_work_that_is_allowed() {
        let meter = WorkMeter::new(10);
        assert_eq!((meter.charge(4), meter.charge(6), meter.spent()), (Ok(()), Ok(()), 10));
        assert_eq!(meter.charge(1), Err(WorkLimit(10)));
        assert_eq!(meter.charge(0), Err(WorkLimit(10)), "what is exceeded stays exceeded");
        assert_eq!(WorkMeter::new(10).charge(u64::MAX), Err(WorkLimit(10)));
        let meter = WorkMeter::with_limits(Limits { work: 0, memory: 10 });
        assert_eq!((meter.reserve(10), meter.reserved()), (Ok(()), 10));
        assert_eq!(meter.reserve(u64::MAX), Err(MemoryLimit(10)));
    }

    #[test]
    fn usage_is_taken_off_and_memory_when_it_is_freed() {
        let meter = WorkMeter::with_limits(Limits { work: 10, memory: 10 });
        assert_eq!((meter.charge(2), meter.reserve(3)), (Ok(()), Ok(())));
        for _ in 0..5 {
            let usage = Usage::begin(&meter);
            assert_eq!((meter.charge(7), meter.reserve(6)), (Ok(()), Ok(())));
            let memory = usage.end();
            assert_eq!((meter.spent(), meter.reserved()), (2, 9));
            drop(memory);
            assert_eq!((meter.spent(), meter.reserved()), (2, 3));
            let failed = Usage::begin(&meter);
            assert!(meter.charge(9).is_err() && meter.reserve(8).is_err());
            drop(failed);
            assert_eq!((meter.spent(), meter.reserved()), (2, 3));
        }
    }

    #[test]
    fn held_memory_counts_as_long_as_it_is_held() {
        let meter = WorkMeter::with_limits(Limits { work: 0, memory: 10 });
        for _ in 0..5 {
            let held = meter.hold(8).expect("room");
            assert_eq!((meter.reserved(), meter.reserve(0)), (8, Ok(())));
            drop(held);
        }
        assert_eq!((meter.reserved(), meter.hold(11).err()), (0, Some(MemoryLimit(10))));
    }

    #[test]
    fn one_charge_counts_once() {
        let (meter, work) = (WorkMeter::new(10), OneCharge::default());
        assert_eq!((work.charge(&meter, 6), work.charge(&meter, 6), meter.spent()), (Ok(()), Ok(()), 6));
        let more = OneCharge::default();
        assert_eq!([more.charge(&meter, 6), more.charge(&meter, 0)], [Err(WorkLimit(10)); 2]);
    }

    #[test]
    fn steps_count_once() {
        let meter = WorkMeter::new(10);
        let steps = StepsWork::new(&meter);
        assert_eq!((steps.reach(3, 2), steps.reach(2, 2), steps.reach(4, 2)), (Ok(()), Ok(()), Ok(())));
        assert_eq!((meter.spent(), steps.reach(6, 2)), (8, Err(WorkLimit(10))));
    }

    #[test]
    fn clones_share_their_count_on_all_threads() {
        let meter = WorkMeter::new(u64::MAX >> 1);
        parallel::map(&mut vec![meter.clone(); 4], 1000, |meter, index| meter.charge(index as u64));
        assert_eq!(meter.spent(), 999 * 1000 / 2);
    }
}
