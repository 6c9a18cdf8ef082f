//! The operations of which the values are used several times.
//!
//! The compiler makes equal subexpressions one operation. In lanes its values are computed once for each set of surroundings: the
//! time, and the local variables. An operation that costs less than keeping its values is evaluated again, and so is each
//! operation for a single value, where asking what is known takes longer than most operations.

use super::op::{Op, OpIndex};

/// The least weight of an operation whose value is kept, with its operands.
const MIN_WEIGHT: u64 = 4;

/// For each operation, whether its values are kept.
pub(super) fn shared(ops: &[Op], lists: &[OpIndex], weights: &[u64]) -> Box<[bool]> {
    let mut uses = vec![0_u64; ops.len()];
    for op in ops {
        op.each_operand(lists, |operand| uses[operand as usize] += 1);
    }
    let is_kept = |index: usize| uses[index] > 1 && cost(ops[index], weights[index]) >= MIN_WEIGHT;
    (0..ops.len()).map(is_kept).collect()
}

/// The weight of an operation, and more if it evaluates something else than its operands.
fn cost(op: Op, weight: u64) -> u64 {
    /// The least weight of a definition, a series or an integral.
    const MORE: u64 = 8;
    match op {
        Op::Signal(_) | Op::Call { .. } | Op::At { .. } | Op::Series { .. } | Op::Integral { .. } => {
            weight.saturating_add(MORE)
        }
        // A constant needs no evaluation, and a variable is read.
        op if !op.is_computed() => 0,
        _ => weight,
    }
}
