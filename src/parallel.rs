//! Parallel work with ordered results.
//!
//! [`map`] runs a fixed number of jobs on scoped threads; `OrderedQueue` runs jobs on background threads as
//! they are pushed. Every thread has a state of its own, such as a buffer or an encoder, which its jobs
//! reuse. Results come back in the order of the jobs, so they do not depend on which thread ran which job.

use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Calls `run(state, index)` for every index in `0..count` and returns the results in the order of the
/// indices.
///
/// There is one thread for each element of `states`, which must not be empty; the calling thread is one of
/// them. Each thread starts on a range of consecutive indices; a thread that finishes its range takes indices
/// from the end of the longest remaining one.
///
/// # Panics
/// If `run` panics.
pub fn map<S: Send, R: Send>(
    states: &mut [S],
    count: usize,
    run: impl Fn(&mut S, usize) -> R + Sync,
) -> Vec<R> {
    let workers = states.len().min(count);
    let ranges = IndexRanges::split(count, workers);
    let results = Mutex::new(Vec::with_capacity(count));
    let run_all = |worker: usize, state: &mut S| {
        while let Some(index) = ranges.next_for(worker) {
            let result = run(state, index);
            // Only a panic poisons the mutex, and the scope below propagates it.
            results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    if let Some((first, others)) = states[..workers].split_first_mut() {
        let run_all = &run_all;
        thread::scope(|scope| {
            let spawn = |(worker, state)| scope.spawn(move || run_all(worker, state));
            let threads: Vec<_> = (1..).zip(others).map(spawn).collect();
            run_all(0, first);
            // The end of the scope does not wait for the threads' destructors. Joining does, so that their
            // heaps are free for the next threads to use.
            for thread in threads {
                thread.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
        });
    }
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|&(index, _)| index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The indices that no thread has started on: one range for each worker.
struct IndexRanges(Mutex<Vec<Range<usize>>>);

impl IndexRanges {
    /// Splits `0..count` into ranges of nearly equal length, one for each worker.
    fn split(count: usize, workers: usize) -> Self {
        let start = |worker: usize| count * worker / workers;
        Self(Mutex::new((0..workers).map(|worker| start(worker)..start(worker + 1)).collect()))
    }

    /// Removes the first index of the worker's own range. If that range is empty, removes the last index of
    /// the longest one instead.
    fn next_for(&self, worker: usize) -> Option<usize> {
        // The mutex cannot be poisoned: nothing panics while it is locked.
        let mut ranges = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ranges[worker]
            .next()
            .or_else(|| ranges.iter_mut().max_by_key(|range| range.end - range.start)?.next_back())
    }
}

/// A queue of jobs run on background threads; results are popped in submission order.
///
/// `S` is the state of a thread, `J` a job, `R` its result. Dropping the queue discards the jobs that no
/// thread has started, and waits for the others.
pub(crate) struct OrderedQueue<S, J, R> {
    shared: Arc<Shared<J, R>>,
    threads: Vec<JoinHandle<()>>,
    /// The state of the calling thread, which runs jobs while it waits for a result.
    own_state: S,
    run: fn(&mut S, J) -> R,
}

struct Shared<J, R> {
    state: Mutex<QueueState<J, R>>,
    /// Signaled when a job is pushed and when the queue is closed.
    changed: Condvar,
    /// Signaled when a job has finished.
    finished: Condvar,
}

struct QueueState<J, R> {
    /// The jobs that no thread has started, each with its position among all pushed jobs.
    pending: VecDeque<(usize, J)>,
    /// One entry for every job whose result was not popped, in submission order: `None` until the job has
    /// finished, then its result or the payload of its panic.
    results: VecDeque<Option<thread::Result<R>>>,
    /// How many results were popped, which is the position of the first entry of `results`.
    popped: usize,
    closed: bool,
}

impl<S: Send + 'static, J: Send + 'static, R: Send + 'static> OrderedQueue<S, J, R> {
    /// Creates a queue without background threads. `pop` runs its jobs on the calling thread.
    pub(crate) fn new(own_state: S, run: fn(&mut S, J) -> R) -> Self {
        let state =
            QueueState { pending: VecDeque::new(), results: VecDeque::new(), popped: 0, closed: false };
        let shared =
            Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), finished: Condvar::new() });
        Self { shared, threads: Vec::new(), own_state, run }
    }

    /// Spawns threads until there are `count`, the calling thread included. The number never shrinks. It
    /// stays smaller where the system refuses to spawn more.
    pub(crate) fn ensure_threads(&mut self, count: usize, mut new_state: impl FnMut() -> S) {
        for _ in self.threads()..count {
            let (shared, mut state, run) = (self.shared.clone(), new_state(), self.run);
            let run_jobs = move || {
                while let Some((position, job)) = shared.next_job() {
                    shared.finish(position, catch_unwind(AssertUnwindSafe(|| run(&mut state, job))));
                }
            };
            self.threads.extend(thread::Builder::new().spawn(run_jobs));
        }
    }

    /// The number of threads, the calling thread included.
    pub(crate) fn threads(&self) -> usize {
        self.threads.len() + 1
    }

    /// Appends a job.
    pub(crate) fn push(&self, job: J) {
        let mut state = self.shared.lock();
        let position = state.popped + state.results.len();
        state.results.push_back(None);
        state.pending.push_back((position, job));
        self.shared.changed.notify_one();
    }

    /// Removes the earliest job from the queue and returns its result; `None` if the queue is empty. Until
    /// that result is ready, the calling thread runs pending jobs itself.
    ///
    /// # Panics
    /// If the job panicked.
    pub(crate) fn pop(&mut self) -> Option<R> {
        let mut state = self.shared.lock();
        while state.results.front()?.is_none() {
            state = if let Some((position, job)) = state.pending.pop_front() {
                drop(state);
                let result = (self.run)(&mut self.own_state, job);
                self.shared.finish(position, Ok(result));
                self.shared.lock()
            } else {
                self.shared.finished.wait(state).unwrap_or_else(PoisonError::into_inner)
            };
        }
        state.popped += 1;
        state.results.pop_front()?.map(|result| result.unwrap_or_else(|panic| resume_unwind(panic)))
    }
}

impl<J, R> Shared<J, R> {
    fn lock(&self) -> MutexGuard<'_, QueueState<J, R>> {
        // The mutex cannot be poisoned: nothing panics while it is locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a pending job and removes it; `None` once the queue is closed.
    fn next_job(&self) -> Option<(usize, J)> {
        let must_wait = |state: &mut QueueState<J, R>| state.pending.is_empty() && !state.closed;
        let state = self.changed.wait_while(self.lock(), must_wait);
        state.unwrap_or_else(PoisonError::into_inner).pending.pop_front()
    }

    /// Stores the result of the job at this position.
    fn finish(&self, position: usize, result: thread::Result<R>) {
        let mut state = self.lock();
        let index = position - state.popped;
        state.results[index] = Some(result);
        self.finished.notify_one();
    }
}

impl<S, J, R> Drop for OrderedQueue<S, J, R> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.pending.clear();
        state.closed = true;
        drop(state);
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // The thread caught all panics of its jobs.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squares a number and counts the calls; panics at 13.
    fn square(calls: &mut usize, number: usize) -> usize {
        assert_ne!(number, 13, "13 panics");
        *calls += 1;
        number * number
    }

    #[test]
    fn results_are_popped_in_submission_order() {
        for threads in 0..5 {
            let mut queue = OrderedQueue::new(0, square);
            let (mut to_push, mut to_pop) = (100..200, 100..200);
            for round in 1..9 {
                // Threads may be added while others work.
                queue.ensure_threads(threads.min(round), || 0);
                assert_eq!(queue.threads(), threads.min(round).max(1));
                to_push.by_ref().take(3 * round).for_each(|number| queue.push(number));
                for number in to_pop.by_ref().take(2 * round) {
                    assert_eq!(queue.pop(), Some(number * number));
                }
            }
            let rest = std::iter::from_fn(|| queue.pop());
            let pushed = to_pop.take_while(|number| *number < to_push.start);
            assert!(rest.eq(pushed.map(|number| number * number)));
        }
    }

    #[test]
    fn a_queue_may_be_dropped_before_its_results_are_popped() {
        let mut queue = OrderedQueue::new(0, square);
        queue.ensure_threads(3, || 0);
        (20..60).for_each(|number| queue.push(number));
        assert_eq!(queue.pop(), Some(400));
    }

    #[test]
    fn pop_propagates_the_panic_of_a_job() {
        for threads in 1..4 {
            let mut queue = OrderedQueue::new(0, square);
            queue.ensure_threads(threads, || 0);
            (10..20).for_each(|number| queue.push(number));
            let all = catch_unwind(AssertUnwindSafe(|| std::iter::from_fn(|| queue.pop()).count()));
            assert!(all.is_err(), "with {threads} threads");
        }
    }

    #[test]
    fn workers_consume_their_own_range_from_the_front_and_others_from_the_back() {
        let ranges = IndexRanges::split(10, 3);
        let order = [(1, 3), (0, 0), (2, 6), (1, 4), (1, 5), (1, 9), (1, 8), (1, 2), (1, 7), (0, 1)];
        for (worker, index) in order {
            assert_eq!(ranges.next_for(worker), Some(index));
        }
        assert!((0..3).all(|worker| ranges.next_for(worker).is_none()));
    }

    #[test]
    fn map_returns_results_in_the_order_of_the_indices() {
        for threads in 1..5 {
            let mut calls = vec![0_usize; threads];
            let squares = map(&mut calls, 100, |calls, index| {
                *calls += 1;
                index * index
            });
            assert!(squares.iter().enumerate().all(|(index, square)| *square == index * index));
            assert_eq!((squares.len(), calls.iter().sum::<usize>()), (100, 100));
        }
    }
}
