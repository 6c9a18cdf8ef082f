//! What tokens cost: for a choice among them, before the codes are known.

use super::Pixel;
use super::color_cache::{Cache, Slots};
use super::prefix::Prefixed;
use super::tokens::{Counts, Token, length_symbol, slot_symbol};

/// Parts of a bit that are told apart.
const BIT: u32 = 64;

/// Copies up to this many pixels long have their costs in a table.
pub(super) const SHORT: u32 = 64;

/// The costs of all symbols.
pub(super) struct Costs {
    green: Vec<u32>,
    red: Vec<u32>,
    blue: Vec<u32>,
    alpha: Vec<u32>,
    distance: Vec<u32>,
    short: Vec<u32>,
}

impl Costs {
    /// What symbols that occur so often will cost, about.
    pub(super) fn of(counts: &Counts) -> Self {
        let green = costs(&counts.green);
        let short = (1..=SHORT).map(|length| copied(&green, length)).collect();
        Self {
            green,
            red: costs(&counts.red),
            blue: costs(&counts.blue),
            alpha: costs(&counts.alpha),
            distance: costs(&counts.distance),
            short,
        }
    }

    /// A guess for a picture of which nothing is known yet: pixels that are neither as the one to the left nor as the one
    /// above are written, and about as many copies, most of them short and near.
    pub(super) fn guess<P: Pixel>(pixels: &[P], width: usize, cache: Cache, slots: &Slots) -> Self {
        let mut counts = Counts::new(cache);
        let mut novel = 0;
        let is_novel = |&at: &usize| {
            pixels[at] != pixels[at - 1]
                && at.checked_sub(width).is_none_or(|above| pixels[at] != pixels[above])
        };
        for at in (1..pixels.len()).filter(is_novel) {
            novel += 1;
            counts.add(slots.of(at).map_or(Token::Pixel(pixels[at].argb()), Token::Cached));
        }
        for (symbol, count) in (0..).zip(counts.lengths()) {
            *count = 1 + 2 * novel / (8 + symbol * symbol);
        }
        for (symbol, count) in (0..).zip(&mut counts.distance) {
            *count = 1 + 2 * novel / (8 + symbol);
        }
        Self::of(&counts)
    }

    /// A pixel by itself, cached or not.
    pub(super) fn alone(&self, token: Token) -> u32 {
        match token {
            Token::Pixel(pixel) => {
                let [blue, green, red, alpha] = pixel.to_le_bytes().map(usize::from);
                self.green[green] + self.red[red] + self.blue[blue] + self.alpha[alpha]
            }
            Token::Cached(slot) => self.green[slot_symbol(slot)],
            Token::Copy { length, distance } => self.length(length) + self.distance(distance),
        }
    }

    /// A copy's length.
    pub(super) fn length(&self, length: u32) -> u32 {
        self.short.get(length as usize - 1).copied().unwrap_or_else(|| copied(&self.green, length))
    }

    /// A copy's distance, by its number.
    pub(super) fn distance(&self, number: u32) -> u32 {
        let prefixed = Prefixed::of(number);
        self.distance[prefixed.symbol] + prefixed.bits * BIT
    }
}

fn copied(green: &[u32], length: u32) -> u32 {
    let prefixed = Prefixed::of(length);
    green[length_symbol(prefixed)] + prefixed.bits * BIT
}

/// The costs of an alphabet: the logarithms of how rare its symbols are. One that does not occur is taken to occur half
/// a time.
fn costs(counts: &[u32]) -> Vec<u32> {
    let whole = logarithm(2 * counts.iter().sum::<u32>().max(1));
    counts.iter().map(|&count| whole - logarithm((2 * count).max(1)).min(whole)).collect()
}

/// Base 2, in parts of a bit; straight between the powers of two, so up to a ninth of a bit off.
fn logarithm(number: u32) -> u32 {
    let power = number.ilog2();
    power * BIT + ((u64::from(number - (1 << power)) * u64::from(BIT)) >> power) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_up_to_a_ninth_of_a_bit_off() {
        for number in (1..5000).chain([1 << 20, 3 << 19, u32::MAX]) {
            let off = f64::from(logarithm(number)) / f64::from(BIT) - f64::from(number).log2();
            assert!((-0.111..=0.0).contains(&off), "{number}: {off}");
        }
    }

    #[test]
    fn rare_symbols_cost_more() {
        let costs = costs(&[8, 4, 0, 4]);
        assert_eq!(costs, [BIT, 2 * BIT, 5 * BIT, 2 * BIT]);
    }
}
