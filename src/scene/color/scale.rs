//! Color scales: which color of a map a value has, in a number of levels.

use super::{ColorMap, LEVELS};
use crate::raster::Rgba;
use crate::scene::element::Scale;

/// A color map with the number of its levels and their distribution over values.
#[derive(Clone, Debug, PartialEq)]
pub struct ColorScale {
    /// The map.
    pub map: ColorMap,
    /// The number of levels, 1 to 64.
    pub levels: usize,
    /// Whether equal steps of color are equal differences or equal ratios.
    pub scale: Scale,
    /// The values at the ends of the map, which differ; `None` to fit them.
    pub range: Option<[f64; 2]>,
}

impl ColorScale {
    /// The colors of the levels: those of the map at the middles of equal parts of it.
    pub fn colors(&self) -> impl Iterator<Item = Rgba> {
        (0..self.levels).map(|level| self.map.color((2 * level + 1) * LEVELS / (2 * self.levels)))
    }

    /// The search of levels with these values at the ends of the map.
    #[must_use]
    pub fn finder(&self, [low, high]: [f64; 2]) -> LevelFinder {
        let count = self.levels as f64;
        if self.scale == Scale::Linear {
            return LevelFinder::Linear {
                low,
                per_unit: count / (high - low),
                last: count - 1.0,
                is_cyclic: self.map == ColorMap::Twilight,
            };
        }
        let is_falling = high < low;
        let [from, to] = [low.min(high), low.max(high)].map(|end| self.scale.transform(end));
        let bound = |level: usize| self.scale.inverse(from + (to - from) * level as f64 / count);
        LevelFinder::Bounds { bounds: (1..self.levels).map(bound).collect(), is_falling }
    }

    /// The values at the ends of the map that show the middle 98 % of some values. Values that are not finite do not count,
    /// nor do those that the scale cannot show. For maps with a color in their middle the range is symmetric about 0.
    ///
    /// The ends are rounded outward to a hundredth of the range or less, so that they do not depend on the last digits of values.
    #[must_use]
    pub fn fitted(&self, values: &mut Vec<f64>) -> [f64; 2] {
        values.retain(|value| value.is_finite() && self.scale.transform(*value).is_finite());
        values.sort_unstable_by(f64::total_cmp);
        let Some(last) = values.len().checked_sub(1) else { return self.map.default_range() };
        let cut = last / 100;
        self.around([values[cut], values[last - cut]])
    }

    /// A range of the scale that holds these values.
    #[must_use]
    pub fn around(&self, [low, high]: [f64; 2]) -> [f64; 2] {
        let [low, high] = if self.map == ColorMap::RdBu && self.scale == Scale::Linear {
            let end = low.abs().max(high.abs());
            [-end, end]
        } else {
            [low, high]
        };
        let [from, to] = [low, high].map(|end| self.scale.transform(end));
        // A single value lies in the middle.
        let [from, to] = if from < to { [from, to] } else { [from - 0.5, from + 0.5] };
        let per_unit = libm::pow(10.0, 2.0 - libm::log10(to - from).floor());
        let [from, to] = [(from * per_unit + 1e-9).floor(), (to * per_unit - 1e-9).ceil()];
        [from, to].map(|end| self.scale.inverse(end / per_unit))
    }
}

/// The search of levels of a color scale with a known range.
#[derive(Clone, Debug, PartialEq)]
pub enum LevelFinder {
    /// Levels of equal differences.
    Linear {
        /// The value at the low end.
        low: f64,
        /// Levels for each unit of the value.
        per_unit: f64,
        /// The last level.
        last: f64,
        /// Whether values beyond the range go round.
        is_cyclic: bool,
    },
    /// Levels between bounds.
    Bounds {
        /// The bounds in ascending order, one less than there are levels.
        bounds: Vec<f64>,
        /// Whether the greatest values have the first level.
        is_falling: bool,
    },
}

impl LevelFinder {
    /// The level of a value; `None` if it is NaN, or less than 0 on a logarithmic scale. Values beyond the range have the
    /// level of its nearer end, but those of a cyclic map go round.
    #[must_use]
    pub fn level(&self, value: f64) -> Option<u8> {
        match self {
            Self::Linear { low, per_unit, last, is_cyclic } => {
                let mut level = (value - low) * per_unit;
                if level.is_nan() {
                    return None;
                }
                if *is_cyclic {
                    let count = last + 1.0;
                    level -= (level / count).floor() * count;
                }
                // The conversion rounds down, and negative numbers to 0.
                Some(level.min(*last) as u8)
            }
            Self::Bounds { bounds, is_falling } => {
                if value.is_nan() || value < 0.0 {
                    return None;
                }
                let level = bounds.partition_point(|bound| *bound <= value);
                Some(if *is_falling { bounds.len() - level } else { level } as u8)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(map: ColorMap, levels: usize, scale: Scale) -> ColorScale {
        ColorScale { map, levels, scale, range: None }
    }

    #[test]
    fn all_levels_have_the_colors_of_the_map() {
        let all = scale(ColorMap::Magma, LEVELS, Scale::Linear);
        assert!(all.colors().eq((0..LEVELS).map(|level| ColorMap::Magma.color(level))));
        let few = scale(ColorMap::RdBu, 2, Scale::Linear);
        assert!(few.colors().eq([16, 48].map(|level| ColorMap::RdBu.color(level))));
    }

    #[test]
    fn linear_levels_are_those_of_the_map() {
        for map in ColorMap::ALL.map(|(_, map)| map) {
            let all = scale(map, LEVELS, Scale::Linear);
            for range in [[-1.0, 3.0], [3.0, -1.0]] {
                let finder = all.finder(range);
                for k in -300..=300 {
                    let value = f64::from(k) * 0.0317;
                    assert_eq!(
                        finder.level(value).map(usize::from),
                        map.level(value, range),
                        "{map:?} {value}"
                    );
                }
                assert_eq!(finder.level(f64::NAN), None);
            }
        }
    }

    #[test]
    fn logarithmic_levels_are_equal_ratios() {
        for (range, sign) in [([0.1, 1000.0], 1), ([1000.0, 0.1], -1)] {
            let finder = scale(ColorMap::Viridis, 4, Scale::Log).finder(range);
            let levels = [0.0, 0.5, 1.5, 99.0, 101.0, f64::INFINITY].map(|value| finder.level(value));
            let expected = [0, 0, 1, 2, 3, 3].map(|level| Some(if sign > 0 { level } else { 3 - level }));
            assert_eq!(levels, expected);
            assert_eq!([finder.level(-1.0), finder.level(f64::NAN)], [None; 2]);
        }
    }

    #[test]
    fn the_fitted_range_holds_the_middle_98_percent() {
        let all = scale(ColorMap::Viridis, LEVELS, Scale::Linear);
        let mut values: Vec<f64> = (0..10_001).map(|k| f64::from(k * 7919 % 10_001) * 0.317).collect();
        values.extend([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
        let [low, high] = all.fitted(&mut values);
        let inside = values.iter().filter(|value| (low..=high).contains(*value)).count();
        // Each end is rounded outward by at most 10 of 3,170.
        assert!((9800..9866).contains(&inside), "{inside}");
        assert_eq!(all.fitted(&mut vec![f64::NAN]), [0.0, 1.0]);
        assert_eq!(all.fitted(&mut vec![4.0; 9]), [3.5, 4.5]);
        let [low, high] = scale(ColorMap::RdBu, 9, Scale::Linear).fitted(&mut vec![-3.0, 1.0]);
        assert_eq!(low, -high);
        let log = scale(ColorMap::Viridis, 9, Scale::Log).fitted(&mut vec![-5.0, 0.0, 0.01, 100.0]);
        assert!((log[0] - 0.01).abs() < 1e-12 && (log[1] - 100.0).abs() < 1e-9, "{log:?}");
    }
}
