//! The roots along a path in one order, at any point of it.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use num_complex::Complex64;

use super::tracking::follow;

/// The number of cells that the path is cut into.
const CELLS: usize = 256;

/// The roots of a polynomial that changes with a parameter, in the order that they have at the start of a span.
///
/// The roots are followed from cell to cell of a fixed grid, and from the start of a cell to the parameter. So the
/// order depends on the parameter and on the span alone, not on what was asked before.
pub struct OrderedRoots<E> {
    span: [f64; 2],
    roots: Box<RootsFn<E>>,
    /// The roots at the starts of the first cells.
    known: Mutex<Vec<Vec<Complex64>>>,
}

/// The roots at a parameter, in any order.
type RootsFn<E> = dyn Fn(f64) -> Result<Vec<Complex64>, E> + Send + Sync;

impl<E> OrderedRoots<E> {
    /// The roots along a span of the parameter. `roots` gives them at a parameter, in any order and always as many.
    #[must_use]
    pub fn new(
        span: [f64; 2],
        roots: impl Fn(f64) -> Result<Vec<Complex64>, E> + Send + Sync + 'static,
    ) -> Self {
        Self { span, roots: Box::new(roots), known: Mutex::default() }
    }

    /// The roots at a parameter, in the order that they have at the start of the span. Beyond the span they are
    /// followed further from its nearer end.
    ///
    /// # Errors
    /// Those of the function.
    pub fn at(&self, parameter: f64) -> Result<Vec<Complex64>, E> {
        let [start, end] = self.span;
        let share = (parameter - start) / (end - start);
        if share.is_nan() {
            return (self.roots)(parameter);
        }
        let cell = (share * CELLS as f64).clamp(0.0, CELLS as f64) as usize;
        let from = self.start_of(cell)?;
        self.between(&from, self.grid(cell), parameter)
    }

    /// The parameter at the start of a cell.
    fn grid(&self, cell: usize) -> f64 {
        let [start, end] = self.span;
        start + (end - start) * (cell as f64 / CELLS as f64)
    }

    /// The roots at the start of a cell.
    fn start_of(&self, cell: usize) -> Result<Vec<Complex64>, E> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            known.push((self.roots)(self.grid(0))?);
        }
        while known.len() <= cell {
            let last = known.len() - 1;
            let next = self.between(&known[last], self.grid(last), self.grid(last + 1))?;
            known.push(next);
        }
        Ok(known[cell].clone())
    }

    fn between(&self, from: &[Complex64], start: f64, end: f64) -> Result<Vec<Complex64>, E> {
        if start == end {
            return Ok(from.to_vec());
        }
        follow(from, |share| (self.roots)(if share == 1.0 { end } else { start + (end - start) * share }))
    }
}

impl<E> fmt::Debug for OrderedRoots<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderedRoots").field("span", &self.span).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::super::roots;
    use super::*;

    /// Two masses between walls, coupled by a spring that grows, one of them damped: frequencies and dampings change
    /// places on the way, and at the end a pair has become real.
    fn coupled(parameter: f64) -> Vec<Complex64> {
        let (k, d) = (1.0 + parameter, 0.1 + 3.0 * parameter);
        let (first, second) = ([1.0, 0.05, k], [1.0, d, 4.0 - k]);
        let mut product = [0.0; 5];
        for (at, left) in first.iter().enumerate() {
            for (other, right) in second.iter().enumerate() {
                product[at + other] += left * right;
            }
        }
        product[4] -= 0.01;
        roots(&product.map(Complex64::from))
    }

    fn along_the_span() -> OrderedRoots<Infallible> {
        OrderedRoots::new([0.0, 1.5], |parameter| Ok(coupled(parameter)))
    }

    #[test]
    fn roots_move_continuously_along_the_span() {
        let ordered = along_the_span();
        let mut before = ordered.at(0.0).expect("roots");
        for step in 1..=3000 {
            let parameter = 1.5 * f64::from(step) / 3000.0;
            let now = ordered.at(parameter).expect("roots");
            for (now, before) in now.iter().zip(&before) {
                // Where two meet, they move as the root of the step.
                assert!((now - before).norm() < 0.12, "{parameter}: {before} {now}");
            }
            before = now;
        }
    }

    #[test]
    fn order_depends_on_the_parameter_alone() {
        let shared = along_the_span();
        for step in (0..40).map(|step| step * 17 % 40) {
            let parameter = 1.7 * f64::from(step) / 39.0 - 0.1;
            let fresh = along_the_span();
            assert_eq!(shared.at(parameter), fresh.at(parameter), "{parameter}");
        }
    }
}
