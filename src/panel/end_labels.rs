//! The labels at the ends of curves, moved apart along the vertical where ends lie closer together than labels are high.
//!
//! The order of the labels is that of the ends. Among all positions that keep the labels apart, those with the least sum
//! of squared distances from the ends are chosen: isotonic regression, by pooling adjacent violators (R. Barlow and
//! others, 1972). They change continuously with the ends.

use crate::geometry::Bounds;

/// The order of labels from top to bottom, kept from one frame to the next.
#[derive(Default)]
pub(super) struct EndOrder {
    /// The indices of the labels; empty before the first frame.
    order: Vec<usize>,
}

impl EndOrder {
    /// How far down each label is moved, so that labels of which one lies above another keep apart. `None` stands for a hidden
    /// label, and `distance` is at least the height of a label.
    pub(super) fn offsets(&mut self, boxes: &[Option<Bounds>], distance: f64) -> Vec<f64> {
        let middle = |bounds: &Bounds| f64::midpoint(bounds.top, bounds.bottom);
        let mut offsets = vec![0.0; boxes.len()];
        for column in columns(boxes) {
            let wanted: Vec<Option<f64>> = (0..boxes.len())
                .map(|index| boxes[index].as_ref().filter(|_| column.contains(&index)).map(middle))
                .collect();
            for (index, position) in self.spread(&wanted, distance).into_iter().enumerate() {
                offsets[index] += position.zip(wanted[index]).map_or(0.0, |(to, from)| to - from);
            }
        }
        offsets
    }

    /// The positions nearest to `wanted`, which grow downward, with at least `distance` between any two. `None` stands for a
    /// hidden label and keeps its place in the order. Two labels change places once their ends have passed each other by
    /// half of `distance`, so that curves that touch make no labels flicker.
    fn spread(&mut self, wanted: &[Option<f64>], distance: f64) -> Vec<Option<f64>> {
        let slack = if self.order.is_empty() { 0.0 } else { distance / 2.0 };
        self.order.extend(self.order.len()..wanted.len());
        let is_above = |a: usize, b: usize, slack: f64| match (wanted[a], wanted[b]) {
            (Some(a), Some(b)) => a < b - slack,
            _ => false,
        };
        // Insertion into the known order: few labels, and mostly in order.
        for at in 1..self.order.len() {
            for low in (0..at).rev() {
                if !is_above(self.order[low + 1], self.order[low], slack) {
                    break;
                }
                self.order.swap(low, low + 1);
            }
        }
        let shown: Vec<usize> = self.order.iter().copied().filter(|index| wanted[*index].is_some()).collect();
        let reduced: Vec<f64> = shown
            .iter()
            .enumerate()
            .map(|(rank, index)| wanted[*index].unwrap_or_default() - distance * rank as f64)
            .collect();
        let mut positions = vec![None; wanted.len()];
        for (rank, (index, level)) in shown.into_iter().zip(isotonic(&reduced)).enumerate() {
            positions[index] = Some(level + distance * rank as f64);
        }
        positions
    }
}

/// The labels in columns: those of two columns have no vertical line in common.
fn columns(boxes: &[Option<Bounds>]) -> Vec<Vec<usize>> {
    let mut shown: Vec<(usize, Bounds)> =
        boxes.iter().enumerate().filter_map(|(index, bounds)| Some((index, (*bounds)?))).collect();
    shown.sort_by(|(_, a), (_, b)| a.left.total_cmp(&b.left));
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let mut right = f64::NEG_INFINITY;
    for (index, bounds) in shown {
        match columns.last_mut().filter(|_| bounds.left < right) {
            Some(column) => column.push(index),
            None => columns.push(vec![index]),
        }
        right = right.max(bounds.right);
    }
    columns
}

/// The non-decreasing sequence nearest to `values` in the sum of squares.
fn isotonic(values: &[f64]) -> Vec<f64> {
    // Blocks of equal values: their mean and their length.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for value in values {
        let mut block = (*value, 1);
        while let Some(&(mean, length)) = blocks.last().filter(|last| last.0 > block.0) {
            let total = length + block.1;
            block = ((mean * length as f64 + block.0 * block.1 as f64) / total as f64, total);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.into_iter().flat_map(|(mean, length)| std::iter::repeat_n(mean, length)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(wanted: &[f64]) -> Vec<f64> {
        let wanted: Vec<_> = wanted.iter().copied().map(Some).collect();
        EndOrder::default().spread(&wanted, 10.0).into_iter().flatten().collect()
    }

    #[test]
    fn labels_with_room_stay_at_their_ends() {
        assert_eq!(spread(&[0.0, 30.0, 12.0]), [0.0, 30.0, 12.0]);
    }

    #[test]
    fn labels_without_room_move_apart_about_their_middle() {
        assert_eq!(spread(&[20.0, 20.0]), [15.0, 25.0]);
        assert_eq!(spread(&[22.0, 20.0, 21.0]), [31.0, 11.0, 21.0]);
        assert_eq!(spread(&[0.0, 5.0, 100.0]), [-2.5, 7.5, 100.0]);
    }

    #[test]
    fn isotonic_sequences_are_the_nearest_ones() {
        // Brute force on a grid.
        let values = [3.0, 1.0, 2.0, 0.0];
        let found = isotonic(&values);
        let cost = |at: &[f64]| at.iter().zip(values).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        let mut best = f64::INFINITY;
        let steps: Vec<f64> = (0..=12).map(|i| f64::from(i) / 4.0).collect();
        for &a in &steps {
            for &b in steps.iter().filter(|b| **b >= a) {
                for &c in steps.iter().filter(|c| **c >= b) {
                    for &d in steps.iter().filter(|d| **d >= c) {
                        best = best.min(cost(&[a, b, c, d]));
                    }
                }
            }
        }
        assert!(found.is_sorted() && (cost(&found) - best).abs() < 1e-12, "{found:?} {best}");
    }

    #[test]
    fn labels_change_places_once_their_ends_have_clearly_passed_each_other() {
        let mut order = EndOrder::default();
        let mut at = |a: f64, b: f64| order.spread(&[Some(a), Some(b)], 10.0);
        assert!(at(10.0, 0.0)[0] > at(10.0, 0.0)[1]);
        assert!(at(0.0, 4.0)[0] > at(0.0, 4.0)[1]);
        assert!(at(0.0, 6.0)[0] < at(0.0, 6.0)[1]);
        assert!(at(3.0, 0.0)[0] < at(3.0, 0.0)[1]);
    }
}
