//! Work shared out among threads: each has tools of its own and takes whatever is next.
//!
//! Results come back in the order of the work, so nothing depends on which thread did what.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Does `count` pieces of work, `work(tool, index)`, on as many threads as there are tools, the calling one
/// among them. There must be a tool.
pub fn each<T: Send, R: Send>(
    tools: &mut [T],
    count: usize,
    work: impl Fn(&mut T, usize) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let share = |tool: &mut T| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            let result = work(tool, index);
            // Poisoned only by a panic, which passes through the scope below.
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
        }
    };
    let needed = tools.len().min(count);
    if let Some((own, others)) = tools[..needed].split_first_mut() {
        std::thread::scope(|scope| {
            for tool in others {
                scope.spawn(|| share(tool));
            }
            share(own);
        });
    }
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_unstable_by_key(|&(index, _)| index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_work() {
        for threads in 1..5 {
            let mut tools = vec![0_usize; threads];
            let squares = each(&mut tools, 100, |done, index| {
                *done += 1;
                index * index
            });
            assert!(squares.iter().enumerate().all(|(index, square)| *square == index * index));
            assert_eq!((squares.len(), tools.iter().sum::<usize>()), (100, 100));
        }
    }
}
