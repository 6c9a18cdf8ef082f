//! Estimated costs of tokens, for choosing among them before the prefix codes are known.

use super::Pixel;
use super::color_cache::{CacheHits, ColorCache};
use super::lz77_codes::PrefixedValue;
use super::tokens::{SymbolCounts, Token, length_symbol, slot_symbol};

/// Units of cost per bit.
pub(super) const UNITS_PER_BIT: u32 = 64;

/// Maximum length of copies whose length costs are tabulated.
const MAX_SHORT_COPY: u32 = 64;

/// Costs of all symbols.
pub(super) struct TokenCosts {
    green: Vec<u32>,
    red: Vec<u32>,
    blue: Vec<u32>,
    alpha: Vec<u32>,
    distance: Vec<u32>,
    short: Vec<u32>,
}

impl TokenCosts {
    /// Approximate costs of symbols with these counts.
    pub(super) fn from_counts(counts: &SymbolCounts) -> Self {
        let green = symbol_costs(&counts.green);
        let short = (1..=MAX_SHORT_COPY).map(|length| copy_length_cost(&green, length)).collect();
        Self {
            green,
            red: symbol_costs(&counts.red),
            blue: symbol_costs(&counts.blue),
            alpha: symbol_costs(&counts.alpha),
            distance: symbol_costs(&counts.distance),
            short,
        }
    }

    /// Initial estimate for a picture. Pixels that differ from their left and upper neighbors are assumed to be
    /// literals or cache hits; as many copies are assumed, most of them short and near.
    pub(super) fn estimate<P: Pixel>(
        pixels: &[P],
        width: usize,
        cache: ColorCache,
        hits: &CacheHits,
    ) -> Self {
        let mut counts = SymbolCounts::new(cache);
        let mut new_pixels = 0;
        let is_new = |&at: &usize| {
            pixels[at] != pixels[at - 1]
                && at.checked_sub(width).is_none_or(|above| pixels[at] != pixels[above])
        };
        for at in (1..pixels.len()).filter(is_new) {
            new_pixels += 1;
            counts.add(hits.slot(at).map_or(Token::Literal(pixels[at].argb()), Token::Cached));
        }
        for (symbol, count) in (0..).zip(counts.length_counts()) {
            *count = 1 + 2 * new_pixels / (8 + symbol * symbol);
        }
        for (symbol, count) in (0..).zip(&mut counts.distance) {
            *count = 1 + 2 * new_pixels / (8 + symbol);
        }
        Self::from_counts(&counts)
    }

    /// Cost of a token.
    pub(super) fn token(&self, token: Token) -> u32 {
        match token {
            Token::Literal(pixel) => {
                let [blue, green, red, alpha] = pixel.to_le_bytes().map(usize::from);
                self.green[green] + self.red[red] + self.blue[blue] + self.alpha[alpha]
            }
            Token::Cached(slot) => self.green[slot_symbol(slot)],
            Token::Copy { length, distance } => self.length(length) + self.distance(distance),
        }
    }

    /// Cost of the length of a copy.
    pub(super) fn length(&self, length: u32) -> u32 {
        self.short.get(length as usize - 1).copied().unwrap_or_else(|| copy_length_cost(&self.green, length))
    }

    /// Cost of the distance of a copy, by its distance code.
    pub(super) fn distance(&self, code: u32) -> u32 {
        let prefixed = PrefixedValue::new(code);
        self.distance[prefixed.symbol] + prefixed.extra_bits * UNITS_PER_BIT
    }
}

fn copy_length_cost(green: &[u32], length: u32) -> u32 {
    let prefixed = PrefixedValue::new(length);
    green[length_symbol(prefixed)] + prefixed.extra_bits * UNITS_PER_BIT
}

/// Costs of an alphabet: the negative logarithm of each frequency. A symbol that does not occur is counted as half an
/// occurrence.
fn symbol_costs(counts: &[u32]) -> Vec<u32> {
    let whole = log2_units(2 * counts.iter().sum::<u32>().max(1));
    counts.iter().map(|&count| whole - log2_units((2 * count).max(1)).min(whole)).collect()
}

/// Binary logarithm in units of cost, interpolated linearly between powers of two: at most a ninth of a bit too low.
fn log2_units(number: u32) -> u32 {
    let power = number.ilog2();
    power * UNITS_PER_BIT + ((u64::from(number - (1 << power)) * u64::from(UNITS_PER_BIT)) >> power) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_off_by_at_most_a_ninth_of_a_bit() {
        for number in (1..5000).chain([1 << 20, 3 << 19, u32::MAX]) {
            let off = f64::from(log2_units(number)) / f64::from(UNITS_PER_BIT) - f64::from(number).log2();
            assert!((-0.111..=0.0).contains(&off), "{number}: {off}");
        }
    }

    #[test]
    fn rare_symbols_cost_more() {
        let costs = symbol_costs(&[8, 4, 0, 4]);
        assert_eq!(costs, [UNITS_PER_BIT, 2 * UNITS_PER_BIT, 5 * UNITS_PER_BIT, 2 * UNITS_PER_BIT]);
    }
}
