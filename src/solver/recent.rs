//! The states of recent times: the components of one time are usually asked for one after the other.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use num_complex::Complex64;

/// States by the bits of their times, divided by these bits. So threads that ask for different times seldom wait for
/// each other.
#[derive(Default)]
pub(super) struct RecentStates {
    parts: [Mutex<HashMap<u64, Arc<[Complex64]>>>; PARTS],
    added: AtomicU64,
}

/// The number of parts, a power of two.
const PARTS: usize = 16;
/// The number of numbers that are kept in each part.
const MAX_NUMBERS: usize = (1 << 20) / PARTS;

impl RecentStates {
    /// The state at `t` seconds, which is computed unless it is known.
    pub(super) fn get<E>(
        &self,
        t: f64,
        compute: impl FnOnce() -> Result<Vec<Complex64>, E>,
    ) -> Result<Arc<[Complex64]>, E> {
        let key = t.to_bits();
        // The upper bits of this product depend on all bits of the time (Knuth's multiplicative hash).
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - PARTS.ilog2());
        let part = &self.parts[hash as usize];
        if let Some(state) = part.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(state));
        }
        let state: Arc<[Complex64]> = compute()?.into();
        let mut recent = part.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() * state.len() >= MAX_NUMBERS {
            recent.clear();
        }
        if recent.insert(key, Arc::clone(&state)).is_none() {
            self.added.fetch_add(1, Ordering::Relaxed);
        }
        Ok(state)
    }

    /// The number of states that were computed and kept.
    pub(super) fn added(&self) -> u64 {
        self.added.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for RecentStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentStates").finish_non_exhaustive()
    }
}
