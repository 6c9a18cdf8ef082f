//! Groups of prefix codes. The picture is divided into square tiles; tiles whose symbols are similarly frequent share a
//! group of codes, and an auxiliary image stores the group of each tile (RFC 9649, section 3.7.2.2).
//!
//! Groups are found as in Lloyd's iteration: each tile moves to the group in which its tokens cost least, and the costs of a
//! group follow from its tiles. A further group starts with the tile that would gain most by codes of its own. It is kept if
//! the tokens become shorter by more than its codes take.

use super::color_cache::ColorCache;
use super::costs::{TokenCosts, UNITS_PER_BIT};
use super::tokens::{SymbolCounts, Token};

/// Binary logarithm of the side of a tile, in pixels.
const TILE_BITS: u32 = 5;

/// Maximum number of groups, and of groups of a picture with very many tokens, which would take too long.
const MAX_GROUPS: usize = 8;
const MAX_DENSE_GROUPS: usize = 3;
const DENSE_TOKENS: usize = 1 << 15;

/// Rounds of assigning tiles to groups, for each number of groups.
const ROUNDS: usize = 3;

/// Estimated size of the codes of a group: bits for each symbol that occurs, and for the rest.
const BITS_PER_SYMBOL: u64 = 5;
const BITS_PER_GROUP: u64 = 100;

/// Minimum number of tokens for each group. Fewer never pay for its codes.
const MIN_TOKENS: usize = 512;

/// The group of each tile.
#[derive(Clone)]
pub(super) struct PrefixGroups {
    tile_bits: u32,
    /// Width of the picture in pixels, and in tiles.
    width: usize,
    tiles_per_row: usize,
    tiles: Vec<usize>,
    pub(super) count: usize,
}

impl PrefixGroups {
    /// A single group for a picture of this width.
    pub(super) fn single(width: usize) -> Self {
        // One tile is larger than any picture.
        Self { tile_bits: usize::BITS - 1, width, tiles_per_row: 1, tiles: vec![0], count: 1 }
    }

    /// Groups for the tokens of a picture of `pixels` pixels.
    pub(super) fn choose(tokens: &[Token], width: usize, pixels: usize, cache: ColorCache) -> Self {
        let tiles_per_row = width.div_ceil(1 << TILE_BITS);
        let tile_rows = (pixels / width).div_ceil(1 << TILE_BITS);
        let tiles = vec![0; tiles_per_row * tile_rows];
        let mut groups = Self { tile_bits: TILE_BITS, width, tiles_per_row, tiles, count: 1 };
        let mut costs = groups.costs(tokens, cache);
        let mut size = costs.size;
        let max_groups = if tokens.len() < DENSE_TOKENS { MAX_GROUPS } else { MAX_DENSE_GROUPS };
        while groups.count < max_groups.min(tokens.len() / MIN_TOKENS) {
            let mut more = groups.clone();
            more.count += 1;
            more.tiles[costs.worst_tile] = groups.count;
            for _ in 0..ROUNDS {
                costs = more.costs(tokens, cache);
                more.tiles.clone_from(&costs.cheapest);
            }
            costs = more.costs(tokens, cache);
            if costs.size >= size {
                break;
            }
            (groups, size) = (more, costs.size);
        }
        groups.without_unused()
    }

    /// Group of the pixel at a position.
    pub(super) fn group_at(&self, position: usize) -> usize {
        self.tiles[self.tile_at(position)]
    }

    /// Fields of the entropy image: binary logarithm of the side of a tile, width in tiles, and pixels.
    pub(super) fn image(&self) -> (u32, usize, Vec<u32>) {
        (self.tile_bits, self.tiles_per_row, self.tiles.iter().map(|&group| (group as u32) << 8).collect())
    }

    /// Counts of the symbols in each group.
    pub(super) fn counts(&self, tokens: &[Token], cache: ColorCache) -> Vec<SymbolCounts> {
        let mut counts = vec![SymbolCounts::new(cache); self.count];
        for (position, token) in with_positions(tokens) {
            counts[self.group_at(position)].add(token);
        }
        counts
    }

    fn tile_at(&self, position: usize) -> usize {
        let (x, y) = (position % self.width, position / self.width);
        (y >> self.tile_bits) * self.tiles_per_row + (x >> self.tile_bits)
    }

    /// Costs of the tokens of each tile in each group.
    fn costs(&self, tokens: &[Token], cache: ColorCache) -> TileCosts {
        let counts = self.counts(tokens, cache);
        let costs: Vec<_> = counts.iter().map(TokenCosts::from_counts).collect();
        let mut by_tile = vec![vec![0_u64; self.count]; self.tiles.len()];
        let mut lengths = vec![0_u64; self.tiles.len()];
        for (position, token) in with_positions(tokens) {
            let tile = self.tile_at(position);
            lengths[tile] += 1;
            for (sum, costs) in by_tile[tile].iter_mut().zip(&costs) {
                *sum += u64::from(costs.token(token));
            }
        }
        let codes: u64 =
            counts.iter().map(|counts| BITS_PER_GROUP + BITS_PER_SYMBOL * counts.distinct()).sum();
        let own = |tile: usize| by_tile[tile][self.tiles[tile]];
        let size = codes * u64::from(UNITS_PER_BIT) + (0..self.tiles.len()).map(own).sum::<u64>();
        let worst_tile = (0..self.tiles.len()).max_by_key(|&tile| own(tile)).unwrap_or(0);
        // A tile without tokens continues the tile before it.
        let mut last = 0;
        let cheapest = by_tile.iter().map(|sums| {
            if let Some((group, _)) =
                (0..).zip(sums).filter(|(_, sum)| **sum > 0).min_by_key(|(_, sum)| **sum)
            {
                last = group;
            }
            last
        });
        TileCosts { cheapest: cheapest.collect(), worst_tile, size }
    }

    /// Renumbers the groups that have a tile.
    fn without_unused(mut self) -> Self {
        let mut numbers = vec![None; self.count];
        let mut count = 0;
        for group in &mut self.tiles {
            *group = *numbers[*group].get_or_insert_with(|| {
                count += 1;
                count - 1
            });
        }
        self.count = count;
        self
    }
}

/// Costs of an assignment of tiles to groups.
struct TileCosts {
    /// Cheapest group of each tile.
    cheapest: Vec<usize>,
    /// Tile whose tokens cost most.
    worst_tile: usize,
    /// Estimated size of tokens and codes.
    size: u64,
}

/// Each token with the position of its first pixel.
pub(super) fn with_positions(tokens: &[Token]) -> impl Iterator<Item = (usize, Token)> {
    tokens.iter().scan(0, |next, &token| {
        let position = *next;
        *next += token.pixels();
        Some((position, token))
    })
}
