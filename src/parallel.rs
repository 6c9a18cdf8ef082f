//! Work shared out among threads: each has tools of its own and takes whatever is next.
//!
//! Results come back in the order of the work, so nothing depends on which thread did what. Work of which all is known is
//! done by [`map`]; what comes piece by piece goes into a line, in which it waits its turn.

use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Does `count` pieces of work, `work(tool, index)`, on as many threads as there are tools, the calling one
/// among them. There must be a tool. Each is given consecutive pieces, until it takes from what others have left.
pub fn map<T: Send, R: Send>(
    tools: &mut [T],
    count: usize,
    work: impl Fn(&mut T, usize) -> R + Sync,
) -> Vec<R> {
    let needed = tools.len().min(count);
    let shares = Shares::of(count, needed);
    let done = Mutex::new(Vec::with_capacity(count));
    let share = |own: usize, tool: &mut T| {
        while let Some(index) = shares.next(own) {
            let result = work(tool, index);
            // Poisoned only by a panic, which passes through the scope below.
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    if let Some((first, others)) = tools[..needed].split_first_mut() {
        let share = &share;
        thread::scope(|scope| {
            let spawn = |(own, tool)| scope.spawn(move || share(own, tool));
            let threads: Vec<_> = (1..).zip(others).map(spawn).collect();
            share(0, first);
            // The scope would not wait until threads have given back their heaps, for the next ones to use.
            for thread in threads {
                thread.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
        });
    }
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|&(index, _)| index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What nobody has begun of work of which all is known: a stretch for each who works.
struct Shares(Mutex<Vec<Range<usize>>>);

impl Shares {
    /// Of so many pieces, equal ones for so many who work.
    fn of(count: usize, workers: usize) -> Self {
        let start = |worker: usize| count * worker / workers;
        Self(Mutex::new((0..workers).map(|worker| start(worker)..start(worker + 1)).collect()))
    }

    /// The next piece of one's own share, or else the last of the largest one.
    fn next(&self, own: usize) -> Option<usize> {
        // Nothing that can panic is done while they are locked.
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left[own].next().or_else(|| left.iter_mut().max_by_key(|share| share.end - share.start)?.next_back())
    }
}

/// Work that is given piece by piece, done behind the back of whoever gives it, and taken when it is needed.
pub(crate) struct OrderedQueue<T, J, R> {
    shared: Arc<Shared<J, R>>,
    threads: Vec<JoinHandle<()>>,
    /// What the thread works with that takes results, while it would wait otherwise.
    own: T,
    work: fn(&mut T, J) -> R,
}

struct Shared<J, R> {
    state: Mutex<State<J, R>>,
    /// There is more to do, or there will be nothing any more.
    given: Condvar,
    /// A piece is done.
    done: Condvar,
}

struct State<J, R> {
    /// What nobody has begun, with its place in the order of all that was given.
    open: VecDeque<(usize, J)>,
    /// Results, or the panics that ended them, of all that was not taken, in order.
    done: VecDeque<Option<thread::Result<R>>>,
    /// How many results were taken.
    taken: usize,
    closed: bool,
}

impl<T: Send + 'static, J: Send + 'static, R: Send + 'static> OrderedQueue<T, J, R> {
    /// On the calling thread alone.
    pub(crate) fn new(own: T, work: fn(&mut T, J) -> R) -> Self {
        let state = State { open: VecDeque::new(), done: VecDeque::new(), taken: 0, closed: false };
        let shared =
            Arc::new(Shared { state: Mutex::new(state), given: Condvar::new(), done: Condvar::new() });
        Self { shared, threads: Vec::new(), own, work }
    }

    /// From now on there are so many threads, the calling one among them, unless there are more already; fewer, if the system
    /// has no more.
    pub(crate) fn start(&mut self, threads: usize, mut tool: impl FnMut() -> T) {
        for _ in self.threads()..threads {
            let (shared, mut tool, work) = (self.shared.clone(), tool(), self.work);
            let share = move || {
                while let Some((place, piece)) = shared.next() {
                    shared.finish(place, catch_unwind(AssertUnwindSafe(|| work(&mut tool, piece))));
                }
            };
            self.threads.extend(thread::Builder::new().spawn(share));
        }
    }

    /// How many threads there are.
    pub(crate) fn threads(&self) -> usize {
        self.threads.len() + 1
    }

    /// Adds a piece of work.
    pub(crate) fn give(&self, piece: J) {
        let mut state = self.shared.state();
        let place = state.taken + state.done.len();
        state.done.push_back(None);
        state.open.push_back((place, piece));
        self.shared.given.notify_one();
    }

    /// Takes the result of the earliest piece whose result was not taken yet, once it is there: until then, helps.
    /// Nothing, if all were taken.
    pub(crate) fn take(&mut self) -> Option<R> {
        let mut state = self.shared.state();
        while state.done.front()?.is_none() {
            state = if let Some((place, piece)) = state.open.pop_front() {
                drop(state);
                let result = (self.work)(&mut self.own, piece);
                self.shared.finish(place, Ok(result));
                self.shared.state()
            } else {
                self.shared.done.wait(state).unwrap_or_else(PoisonError::into_inner)
            };
        }
        state.taken += 1;
        state.done.pop_front()?.map(|result| result.unwrap_or_else(|panic| resume_unwind(panic)))
    }
}

impl<J, R> Shared<J, R> {
    fn state(&self) -> MutexGuard<'_, State<J, R>> {
        // Nothing that can panic is done while they are locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece, once there is one; nothing, when there will be none.
    fn next(&self) -> Option<(usize, J)> {
        let waits = |state: &mut State<J, R>| state.open.is_empty() && !state.closed;
        let state = self.given.wait_while(self.state(), waits);
        state.unwrap_or_else(PoisonError::into_inner).open.pop_front()
    }

    fn finish(&self, place: usize, result: thread::Result<R>) {
        let mut state = self.state();
        let index = place - state.taken;
        state.done[index] = Some(result);
        self.done.notify_one();
    }
}

/// What nobody has begun is not done any more.
impl<T, J, R> Drop for OrderedQueue<T, J, R> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.open.clear();
        state.closed = true;
        drop(state);
        self.shared.given.notify_all();
        for thread in self.threads.drain(..) {
            // Whatever panicked in it was caught.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is 13 is not done.
    fn square(done: &mut usize, number: usize) -> usize {
        assert_ne!(number, 13, "no luck");
        *done += 1;
        number * number
    }

    #[test]
    fn what_goes_into_a_line_comes_out_in_order() {
        for threads in 0..5 {
            let mut line = OrderedQueue::new(0, square);
            let (mut given, mut taken) = (100..200, 100..200);
            for round in 1..9 {
                // More may come while others are at work.
                line.start(threads.min(round), || 0);
                assert_eq!(line.threads(), threads.min(round).max(1));
                given.by_ref().take(3 * round).for_each(|number| line.give(number));
                for number in taken.by_ref().take(2 * round) {
                    assert_eq!(line.take(), Some(number * number));
                }
            }
            let rest = std::iter::from_fn(|| line.take());
            assert!(rest.eq(taken.take_while(|number| *number < given.start).map(|number| number * number)));
        }
    }

    #[test]
    fn a_line_may_end_before_its_work_is_taken() {
        let mut line = OrderedQueue::new(0, square);
        line.start(3, || 0);
        (20..60).for_each(|number| line.give(number));
        assert_eq!(line.take(), Some(400));
    }

    #[test]
    fn what_panics_in_a_line_panics_where_it_is_taken() {
        for threads in 1..4 {
            let mut line = OrderedQueue::new(0, square);
            line.start(threads, || 0);
            (10..20).for_each(|number| line.give(number));
            let all = catch_unwind(AssertUnwindSafe(|| std::iter::from_fn(|| line.take()).count()));
            assert!(all.is_err(), "by {threads}");
        }
    }

    #[test]
    fn shares_are_done_from_the_front_by_their_own_and_from_the_back_by_others() {
        let shares = Shares::of(10, 3);
        let order = [(1, 3), (0, 0), (2, 6), (1, 4), (1, 5), (1, 9), (1, 8), (1, 2), (1, 7), (0, 1)];
        for (own, index) in order {
            assert_eq!(shares.next(own), Some(index));
        }
        assert!((0..3).all(|own| shares.next(own).is_none()));
    }

    #[test]
    fn results_stand_in_the_order_of_the_work() {
        for threads in 1..5 {
            let mut tools = vec![0_usize; threads];
            let squares = map(&mut tools, 100, |done, index| {
                *done += 1;
                index * index
            });
            assert!(squares.iter().enumerate().all(|(index, square)| *square == index * index));
            assert_eq!((squares.len(), tools.iter().sum::<usize>()), (100, 100));
        }
    }
}
