//! LZ77 lengths and distances as VP8L stores them. A number is a prefix symbol followed by extra bits. A distance is
//! mapped to a distance code first, which is small for near neighbors.

/// A number of at least 1 as a prefix symbol and extra bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PrefixedValue {
    pub(super) symbol: usize,
    /// Value of the extra bits, and their number.
    pub(super) extra: u32,
    pub(super) extra_bits: u32,
}

/// Offsets of the neighbors with distance codes 1 to 120: columns to the left and rows above.
#[rustfmt::skip]
const NEAR_OFFSETS: [(i32, i32); 120] = [
    (0, 1), (1, 0), (1, 1), (-1, 1), (0, 2), (2, 0), (1, 2), (-1, 2), (2, 1), (-2, 1), (2, 2), (-2, 2), (0, 3), (3, 0), (1, 3),
    (-1, 3), (3, 1), (-3, 1), (2, 3), (-2, 3), (3, 2), (-3, 2), (0, 4), (4, 0), (1, 4), (-1, 4), (4, 1), (-4, 1), (3, 3), (-3, 3),
    (2, 4), (-2, 4), (4, 2), (-4, 2), (0, 5), (3, 4), (-3, 4), (4, 3), (-4, 3), (5, 0), (1, 5), (-1, 5), (5, 1), (-5, 1), (2, 5),
    (-2, 5), (5, 2), (-5, 2), (4, 4), (-4, 4), (3, 5), (-3, 5), (5, 3), (-5, 3), (0, 6), (6, 0), (1, 6), (-1, 6), (6, 1), (-6, 1),
    (2, 6), (-2, 6), (6, 2), (-6, 2), (4, 5), (-4, 5), (5, 4), (-5, 4), (3, 6), (-3, 6), (6, 3), (-6, 3), (0, 7), (7, 0), (1, 7),
    (-1, 7), (5, 5), (-5, 5), (7, 1), (-7, 1), (4, 6), (-4, 6), (6, 4), (-6, 4), (2, 7), (-2, 7), (7, 2), (-7, 2), (3, 7), (-3, 7),
    (7, 3), (-7, 3), (5, 6), (-5, 6), (6, 5), (-6, 5), (8, 0), (4, 7), (-4, 7), (7, 4), (-7, 4), (8, 1), (8, 2), (6, 6), (-6, 6),
    (8, 3), (5, 7), (-5, 7), (7, 5), (-7, 5), (8, 4), (6, 7), (-6, 7), (7, 6), (-7, 6), (8, 5), (7, 7), (-7, 7), (8, 6), (8, 7),
];

impl PrefixedValue {
    /// Splits a number. There are two symbols for each power of two, from 2 on.
    pub(super) fn new(number: u32) -> Self {
        let value = number - 1;
        if value < 2 {
            return Self { symbol: value as usize, extra: 0, extra_bits: 0 };
        }
        let high = value.ilog2();
        let bits = high - 1;
        let symbol = 2 * high + (value >> bits & 1);
        Self { symbol: symbol as usize, extra: value & ((1 << bits) - 1), extra_bits: bits }
    }
}

/// Distance codes of a picture of some width.
pub(super) struct DistanceCodes {
    /// For each short distance, the smallest code of a neighbor at that distance; 0 if there is none.
    near_codes: Vec<u8>,
    /// Distances of the nearest neighbors, in the order of their codes.
    pub(super) near_distances: Vec<usize>,
}

impl DistanceCodes {
    /// Codes for a picture `width` pixels wide. `count` is the number of leading codes whose distances are listed in
    /// `near_distances`.
    pub(super) fn new(width: usize, count: usize) -> Self {
        let distance = |(left, above): (i32, i32)| usize::try_from(left + above * width as i32).ok();
        let mut near_codes = vec![0; 7 * width + 9];
        let mut near_distances = Vec::new();
        for (code, offset) in (1..).zip(NEAR_OFFSETS) {
            // In narrow pictures some offsets lead behind the pixel, or to the same pixel as others.
            let Some(distance) =
                distance(offset).filter(|&distance| distance > 0 && near_codes[distance] == 0)
            else {
                continue;
            };
            near_codes[distance] = code;
            if usize::from(code) <= count {
                near_distances.push(distance);
            }
        }
        Self { near_codes, near_distances }
    }

    /// Code of a distance.
    pub(super) fn code(&self, distance: usize) -> u32 {
        match self.near_codes.get(distance) {
            None | Some(0) => (distance + NEAR_OFFSETS.len()) as u32,
            Some(code) => (*code).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a number as the specification defines it.
    fn read(PrefixedValue { symbol, extra, .. }: PrefixedValue) -> u32 {
        let symbol = symbol as u32;
        if symbol < 4 { symbol + 1 } else { ((2 + (symbol & 1)) << ((symbol - 2) >> 1)) + extra + 1 }
    }

    #[test]
    fn prefixed_values_round_trip() {
        for number in (1..10_000).chain([1 << 19, (1 << 20) - 1, 1 << 20]) {
            let prefixed = PrefixedValue::new(number);
            assert_eq!(read(prefixed), number);
            assert!(prefixed.symbol < 40 && prefixed.extra < 1 << prefixed.extra_bits.max(1));
        }
        assert_eq!(PrefixedValue::new(4096).symbol, 23, "the last of the lengths' symbols");
    }

    #[test]
    fn distance_codes_round_trip_at_every_width() {
        for width in 1..40 {
            let distances = DistanceCodes::new(width, 8);
            for distance in 1..400 {
                let number = distances.code(distance) as usize;
                let read = match NEAR_OFFSETS.get(number - 1) {
                    Some(&(left, above)) => (left + above * width as i32).max(1) as usize,
                    None => number - NEAR_OFFSETS.len(),
                };
                assert_eq!(read, distance, "width {width}");
            }
            assert!(distances.near_distances.iter().all(|&distance| distances.code(distance) <= 8));
        }
    }
}
