//! Optimal length-limited prefix codes, in canonical order.
//!
//! Code lengths are found with the package-merge algorithm (Larmore and Hirschberg, 1990). Each symbol has one coin for
//! each allowed bit, worth ½, ¼, …, whose weight is the count of the symbol. The lightest coins with a total value of n
//! − 1 determine the lengths: a symbol's length is the number of its coins. From the smallest value up, coins are
//! packaged in pairs and merged with the coins of the next larger value.

/// Code lengths that minimize the number of bits, at most `limit` each; 0 for symbols that do not occur. A single
/// symbol gets a length of 1. There must be at most 2^limit symbols that occur.
pub(super) fn code_lengths(counts: &[u32], limit: u32) -> Vec<u8> {
    let mut lengths = vec![0; counts.len()];
    let mut leaves: Vec<(u64, usize)> = Vec::new();
    leaves.extend(
        counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(symbol, count)| (u64::from(*count), symbol)),
    );
    leaves.sort_unstable();
    if let [(_, symbol)] = leaves[..] {
        lengths[symbol] = 1;
    }
    // For each level, whether each item is a leaf (a coin) or a package; lightest first.
    let mut levels: Vec<Vec<bool>> = Vec::new();
    let mut packages: Vec<u64> = Vec::new();
    for _ in 0..limit {
        let (items, is_leaf) = merge(&leaves, &packages);
        packages = items.as_chunks::<2>().0.iter().map(|[a, b]| a + b).collect();
        levels.push(is_leaf);
    }
    let mut selected = 2 * leaves.len().saturating_sub(1);
    for is_leaf in levels.iter().rev() {
        let leaf_count = is_leaf[..selected].iter().filter(|leaf| **leaf).count();
        leaves[..leaf_count].iter().for_each(|&(_, symbol)| lengths[symbol] += u8::from(leaves.len() > 1));
        selected = 2 * (selected - leaf_count);
    }
    lengths
}

/// Merges leaves and packages in ascending order of weight; also returns which of them are leaves.
fn merge(leaves: &[(u64, usize)], packages: &[u64]) -> (Vec<u64>, Vec<bool>) {
    let mut leaves = leaves.iter().map(|leaf| leaf.0).peekable();
    let mut packages = packages.iter().copied().peekable();
    std::iter::from_fn(|| match (leaves.peek(), packages.peek()) {
        (Some(leaf), Some(package)) if leaf > package => packages.next().map(|weight| (weight, false)),
        (Some(_), _) => leaves.next().map(|weight| (weight, true)),
        (None, _) => packages.next().map(|weight| (weight, false)),
    })
    .unzip()
}

/// Canonical codes of these lengths with reversed bits: the bit that is read first is the lowest.
pub(super) fn canonical_codes(lengths: &[u8]) -> Vec<u32> {
    let mut codes = vec![0; lengths.len()];
    let mut next = 0_u32;
    let longest = lengths.iter().copied().max().unwrap_or(0);
    for length in 1..=longest {
        next <<= 1;
        for (code, _) in codes.iter_mut().zip(lengths).filter(|(_, own)| **own == length) {
            *code = next.reverse_bits() >> (u32::BITS - u32::from(length));
            next += 1;
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(symbols: usize, seed: u32) -> Vec<u32> {
        let noise = |symbol: u32| (symbol * 7919 + seed).wrapping_mul(0x9E37_79B1) >> (seed % 31);
        (0..symbols as u32)
            .map(|symbol| if symbol % 3 == seed % 3 { 0 } else { noise(symbol).max(1) })
            .collect()
    }

    /// 2^limit times the Kraft sum of 2^-length: 2^limit if the code is complete.
    fn kraft_sum(lengths: &[u8], limit: u32) -> u64 {
        lengths.iter().filter(|length| **length > 0).map(|length| 1 << (limit - u32::from(*length))).sum()
    }

    fn bits(counts: &[u32], lengths: &[u8]) -> u64 {
        counts.iter().zip(lengths).map(|(count, length)| u64::from(*count) * u64::from(*length)).sum()
    }

    /// Number of bits of a Huffman code without a limit: the sum of the weights of all inner nodes.
    fn huffman_bits(counts: &[u32]) -> u64 {
        let mut weights: Vec<u64> =
            counts.iter().filter(|count| **count > 0).map(|count| u64::from(*count)).collect();
        let mut sum = 0;
        while weights.len() > 1 {
            weights.sort_unstable_by(|a, b| b.cmp(a));
            let pair = weights.pop().unwrap_or(0) + weights.pop().unwrap_or(0);
            sum += pair;
            weights.push(pair);
        }
        sum
    }

    #[test]
    fn codes_are_complete_and_optimal() {
        for symbols in [3, 4, 5, 19, 40, 280, 700] {
            for seed in 0..31 {
                let counts = counts(symbols, seed);
                let free = code_lengths(&counts, 32);
                assert_eq!(bits(&counts, &free), huffman_bits(&counts), "{symbols} symbols, seed {seed}");
                for limit in [10, 15] {
                    let lengths = code_lengths(&counts, limit);
                    assert!(lengths.iter().all(|length| u32::from(*length) <= limit));
                    assert_eq!(kraft_sum(&lengths, limit), 1 << limit, "{symbols} symbols, seed {seed}");
                    let occurs = |(count, length): (&u32, &u8)| (*count > 0) == (*length > 0);
                    assert!(counts.iter().zip(&lengths).all(occurs));
                }
            }
        }
    }

    #[test]
    fn alphabets_of_few_symbols_have_lengths() {
        assert_eq!(code_lengths(&[0, 0], 15), [0, 0]);
        assert_eq!(code_lengths(&[0, 7, 0], 15), [0, 1, 0]);
        assert_eq!(code_lengths(&[9, 0, 1], 15), [1, 0, 1]);
        assert_eq!(code_lengths(&[1; 128], 7), [7; 128]);
    }

    #[test]
    fn no_code_is_a_prefix_of_another() {
        let lengths = code_lengths(&counts(90, 5), 15);
        let codes = canonical_codes(&lengths);
        let coded = || codes.iter().zip(&lengths).filter(|(_, length)| **length > 0);
        for (code, length) in coded() {
            let mask = (1 << length) - 1;
            let begun = coded().filter(|(other, longer)| *longer >= length && **other & mask == *code);
            assert_eq!(begun.count(), 1);
        }
    }
}
