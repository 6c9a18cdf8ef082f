//! Numbers as VP8L says them: lengths and distances as a symbol and some further bits, and distances by where
//! in the picture they lead.

/// A number of 1 or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prefixed {
    pub(super) symbol: usize,
    /// What the symbol leaves open, and in how many bits that is written.
    pub(super) rest: u32,
    pub(super) bits: u32,
}

/// The places around a pixel that have distances of their own, most useful first: columns to the left and rows above.
#[rustfmt::skip]
const NEAR: [(i32, i32); 120] = [
    (0, 1), (1, 0), (1, 1), (-1, 1), (0, 2), (2, 0), (1, 2), (-1, 2), (2, 1), (-2, 1), (2, 2), (-2, 2), (0, 3), (3, 0), (1, 3),
    (-1, 3), (3, 1), (-3, 1), (2, 3), (-2, 3), (3, 2), (-3, 2), (0, 4), (4, 0), (1, 4), (-1, 4), (4, 1), (-4, 1), (3, 3), (-3, 3),
    (2, 4), (-2, 4), (4, 2), (-4, 2), (0, 5), (3, 4), (-3, 4), (4, 3), (-4, 3), (5, 0), (1, 5), (-1, 5), (5, 1), (-5, 1), (2, 5),
    (-2, 5), (5, 2), (-5, 2), (4, 4), (-4, 4), (3, 5), (-3, 5), (5, 3), (-5, 3), (0, 6), (6, 0), (1, 6), (-1, 6), (6, 1), (-6, 1),
    (2, 6), (-2, 6), (6, 2), (-6, 2), (4, 5), (-4, 5), (5, 4), (-5, 4), (3, 6), (-3, 6), (6, 3), (-6, 3), (0, 7), (7, 0), (1, 7),
    (-1, 7), (5, 5), (-5, 5), (7, 1), (-7, 1), (4, 6), (-4, 6), (6, 4), (-6, 4), (2, 7), (-2, 7), (7, 2), (-7, 2), (3, 7), (-3, 7),
    (7, 3), (-7, 3), (5, 6), (-5, 6), (6, 5), (-6, 5), (8, 0), (4, 7), (-4, 7), (7, 4), (-7, 4), (8, 1), (8, 2), (6, 6), (-6, 6),
    (8, 3), (5, 7), (-5, 7), (7, 5), (-7, 5), (8, 4), (6, 7), (-6, 7), (7, 6), (-7, 6), (8, 5), (7, 7), (-7, 7), (8, 6), (8, 7),
];

impl Prefixed {
    /// Two symbols for each doubling, from the second on.
    pub(super) fn of(number: u32) -> Self {
        let value = number - 1;
        if value < 2 {
            return Self { symbol: value as usize, rest: 0, bits: 0 };
        }
        let high = value.ilog2();
        let bits = high - 1;
        let symbol = 2 * high + (value >> bits & 1);
        Self { symbol: symbol as usize, rest: value & ((1 << bits) - 1), bits }
    }
}

/// What distances are called in a picture of some width.
pub(super) struct Distances {
    /// For every short distance the number of the first near place that it leads to; 0 where it leads to none.
    near: Vec<u8>,
    /// The distances of the nearest places, in the order of their numbers.
    pub(super) nearest: Vec<usize>,
}

impl Distances {
    /// For a picture so many pixels wide, whose `count` first near places may be asked for.
    pub(super) fn new(width: usize, count: usize) -> Self {
        let distance = |(left, above): (i32, i32)| usize::try_from(left + above * width as i32).ok();
        let mut near = vec![0; 7 * width + 9];
        let mut nearest = Vec::new();
        for (number, place) in (1..).zip(NEAR) {
            // In narrow pictures some places lie behind the pixel, or where others do.
            let Some(distance) = distance(place).filter(|&distance| distance > 0 && near[distance] == 0)
            else {
                continue;
            };
            near[distance] = number;
            if usize::from(number) <= count {
                nearest.push(distance);
            }
        }
        Self { near, nearest }
    }

    /// The number that is written for a distance.
    pub(super) fn number(&self, distance: usize) -> u32 {
        match self.near.get(distance) {
            None | Some(0) => (distance + NEAR.len()) as u32,
            Some(number) => (*number).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the specification reads numbers.
    fn read(Prefixed { symbol, rest, .. }: Prefixed) -> u32 {
        let symbol = symbol as u32;
        if symbol < 4 { symbol + 1 } else { ((2 + (symbol & 1)) << ((symbol - 2) >> 1)) + rest + 1 }
    }

    #[test]
    fn numbers_come_back() {
        for number in (1..10_000).chain([1 << 19, (1 << 20) - 1, 1 << 20]) {
            let prefixed = Prefixed::of(number);
            assert_eq!(read(prefixed), number);
            assert!(prefixed.symbol < 40 && prefixed.rest < 1 << prefixed.bits.max(1));
        }
        assert_eq!(Prefixed::of(4096).symbol, 23, "the last of the lengths' symbols");
    }

    #[test]
    fn distances_come_back_at_every_width() {
        for width in 1..40 {
            let distances = Distances::new(width, 8);
            for distance in 1..400 {
                let number = distances.number(distance) as usize;
                let read = match NEAR.get(number - 1) {
                    Some(&(left, above)) => (left + above * width as i32).max(1) as usize,
                    None => number - NEAR.len(),
                };
                assert_eq!(read, distance, "width {width}");
            }
            assert!(distances.nearest.iter().all(|&distance| distances.number(distance) <= 8));
        }
    }
}
