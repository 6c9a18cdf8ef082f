//! Square matrices with about 75 significant bits, and their squares.
//!
//! The exponential of a stiff matrix needs them: where one rate is a million times another, the slow motion is
//! a millionth of what the first steps hold, and each squaring rounds it.
//!
//! A matrix is the unevaluated sum of two. For the square, each factor is split by magnitude so that the
//! product of the leading parts has no rounding error at all (K. Ozaki, T. Ogita, S. Oishi and S. Rump,
//! "Error-free transformations of matrix multiplication by using fast routines of matrix multiplication",
//! 2012).

use super::matrix::Matrix;
use super::scalar::Scalar;

/// The sum of a matrix and a much smaller one.
#[derive(Clone, Debug)]
pub(super) struct WideMatrix<T> {
    /// The sum, rounded to `f64`.
    pub(super) high: Matrix<T>,
    /// The part that the rounding lost.
    low: Matrix<T>,
}

impl<T: Scalar> WideMatrix<T> {
    /// 1 + the sum of two matrices, of which the second is much smaller.
    pub(super) fn one_plus(large: &Matrix<T>, small: &Matrix<T>) -> Self {
        let one = Matrix::from_fn(large.rows(), large.rows(), |row, column| {
            T::from_complex(f64::from(u8::from(row == column)).into())
        });
        let (sum, lost) = two_sum(large, small);
        let (high, low) = two_sum(&one, &sum);
        Self { high, low: low.plus(&lost) }
    }

    /// The square. Entries that are too small to be seen beside 1e-280 become 0.
    pub(super) fn squared(&self) -> Self {
        let [left, right] = [Side::Left, Side::Right].map(|side| leading_part(&self.high, side));
        let [left_rest, right_rest] =
            [&left, &right].map(|part| self.high.zip(part, |all, part| all - part).plus(&self.low));
        let exact = left.times(&right);
        let rest = left.times(&right_rest).plus(&left_rest.times(&self.high));
        let (high, low) = two_sum(&exact, &rest);
        Self { high: high.map(flush), low: low.map(flush) }
    }
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// The leading bits of each entry, relative to the largest entry in its row (left factor) or in its column
/// (right factor). They are few enough for sums of products of two leading parts to be exact.
fn leading_part<T: Scalar>(matrix: &Matrix<T>, side: Side) -> Matrix<T> {
    let size = matrix.rows();
    // A complex product is a sum of two real ones.
    let terms = if T::IS_COMPLEX { 2 * size } else { size };
    let bits = (i32::try_from(f64::MANTISSA_DIGITS).unwrap_or(53) - ceil_log2(terms)) / 2;
    let anchors: Vec<f64> = (0..size)
        .map(|line| {
            let entries = (0..size).map(|at| match side {
                Side::Left => matrix.get(line, at),
                Side::Right => matrix.get(at, line),
            });
            let largest = entries.fold(0.0, |largest: f64, entry| largest.max(entry.largest_part()));
            // Adding 1.5 times this power of two and subtracting it again rounds to `bits` bits.
            1.5 * libm::ldexp(1.0, libm::ilogb(largest.max(f64::MIN_POSITIVE)) + 1 + 53 - bits)
        })
        .collect();
    Matrix::from_fn(size, size, |row, column| {
        let anchor = anchors[match side {
            Side::Left => row,
            Side::Right => column,
        }];
        matrix.get(row, column).map_parts(|part| (part + anchor) - anchor)
    })
}

/// The smallest n with 2ⁿ ≥ `count`.
fn ceil_log2(count: usize) -> i32 {
    count.next_power_of_two().trailing_zeros() as i32
}

/// The rounded sum of two matrices and its rounding errors (D. Knuth's two-sum).
fn two_sum<T: Scalar>(left: &Matrix<T>, right: &Matrix<T>) -> (Matrix<T>, Matrix<T>) {
    let sum = left.plus(right);
    let of_right = sum.zip(left, |sum, left| sum - left);
    let of_left = sum.zip(&of_right, |sum, right| sum - right);
    let lost = left.zip(&of_left, |all, part| all - part).plus(&right.zip(&of_right, |all, part| all - part));
    (sum, lost)
}

/// The number, or 0 if it is close to the subnormal ones, whose arithmetic is slow and rounds more.
fn flush<T: Scalar>(number: T) -> T {
    number.map_parts(|part| if part.abs() < 1e-280 { 0.0 } else { part })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squaring n times 1 + h with h = 2⁻⁶⁰ would give 1 in plain arithmetic.
    #[test]
    fn squares_keep_what_is_far_below_the_rounding_of_one() {
        let zero = Matrix::from_fn(2, 2, |_, _| 0.0);
        let small = Matrix::from_fn(2, 2, |row, column| f64::from(u8::from(row == column)) * 2f64.powi(-60));
        let mut wide = WideMatrix::one_plus(&small, &zero);
        for _ in 0..60 {
            wide = wide.squared();
        }
        assert!((wide.high.get(0, 0) - 1f64.exp()).abs() < 1e-4, "{}", wide.high.get(0, 0));
        let small = small.map(|entry| entry * 2f64.powi(20));
        let mut wide = WideMatrix::one_plus(&small, &zero);
        for _ in 0..40 {
            wide = wide.squared();
        }
        // (1 + h)^(1/h) = e·(1 − h/2 + …).
        assert!((wide.high.get(1, 1) - 1f64.exp() * (1.0 - 2f64.powi(-41))).abs() < 1e-10);
    }
}
