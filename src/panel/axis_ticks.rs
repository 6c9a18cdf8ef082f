//! The ticks of one axis with the sizes of their labels, and the choice of labels that fit side by side.

use std::sync::Arc;

use crate::panel::axis::{AxisMapping, Direction, Tick};
use crate::panel::moving_ticks::MovingTicks;
use crate::panel::per_axis::PerAxis;
use crate::scene::element::{Axis, Scale, Ticks};

/// The least gap between labels of the x axis, which are side by side, in em.
const GAP_X: f64 = 0.5;
/// The least gap between labels of the y axis, which are one above the other, in em.
const GAP_Y: f64 = 0.2;

/// The ticks of an axis with the sizes of their labels in device pixels.
#[derive(Clone, Debug, Default)]
pub(super) struct AxisTicks {
    /// The major ticks in the axis's range, in ascending order.
    pub(super) ticks: Vec<Tick>,
    /// The values of a logarithmic axis's minor ticks.
    pub(super) minor: Vec<f64>,
    /// The width of each major tick's label.
    pub(super) widths: Vec<f64>,
    /// The largest ascent of labels, rounded up to whole pixels.
    pub(super) ascent: f64,
    /// The height of labels on a common baseline.
    pub(super) height: f64,
    /// Whether the ticks are the names of a spring panel's lanes: labels without tick marks, which are drawn
    /// as side labels.
    pub(super) are_lane_names: bool,
    /// The ticks of each frame, if the range moves. The other fields then are of two ticks at the ends of the axis with the
    /// widest and the highest label, for the layout.
    pub(super) moving: Option<Arc<MovingTicks>>,
}

/// The ticks of a panel.
pub(super) type PanelTicks = PerAxis<AxisTicks>;

impl AxisTicks {
    /// The major ticks that have tick marks.
    pub(super) fn ticks_with_marks(&self) -> Vec<Tick> {
        if self.are_lane_names || self.moving.is_some() { Vec::new() } else { self.ticks.clone() }
    }

    /// Whether any tick has a label.
    pub(super) fn is_labeled(&self) -> bool {
        self.ticks.iter().any(|tick| !tick.label.is_empty())
    }

    /// The width of the widest label.
    pub(super) fn width(&self) -> f64 {
        self.widths.iter().copied().fold(0.0, f64::max)
    }

    /// The space that the ticks need across the axis, where labels need `labels`.
    pub(super) fn margin(&self, tick_length: f64, labels: f64) -> f64 {
        match (self.is_labeled(), self.ticks.is_empty()) {
            (true, _) => 2.0 * tick_length + labels,
            (false, false) => tick_length,
            (false, true) => 0.0,
        }
    }

    /// Removes a label; its tick mark stays.
    pub(super) fn clear_label(&mut self, index: usize) {
        self.ticks[index].label.clear();
        self.widths[index] = 0.0;
    }

    /// The same tick marks without labels.
    pub(super) fn without_labels(mut self) -> Self {
        self.ticks.iter_mut().for_each(|tick| tick.label.clear());
        Self {
            widths: vec![0.0; self.ticks.len()],
            ticks: self.ticks,
            minor: self.minor,
            moving: self.moving.map(|moving| Arc::new(moving.without_labels())),
            ..Self::default()
        }
    }

    /// How far labels reach beyond the start and the end of the axis. Labels are centered on their ticks, and
    /// `length` gives a label's length along the axis.
    pub(super) fn overhang(&self, mapping: &AxisMapping, length: impl Fn(usize) -> f64) -> [f64; 2] {
        let [start, end] = mapping.pixels;
        let sign = (end - start).signum();
        let mut overhang = [0.0_f64; 2];
        for (i, tick) in self.ticks.iter().enumerate().filter(|(_, tick)| !tick.label.is_empty()) {
            let at = (mapping.pixel(tick.value) - start) * sign;
            let half = length(i) / 2.0;
            overhang[0] = overhang[0].max(half - at);
            overhang[1] = overhang[1].max(at + half - (end - start).abs());
        }
        overhang
    }

    /// Whether labels leave the least gap to each other.
    pub(super) fn labels_fit(&self, mapping: &AxisMapping, direction: Direction, em: f64) -> bool {
        self.some_labels_fit(mapping, direction, em, |_| true)
    }

    /// Whether the labels that `keep` selects leave the least gap to each other.
    fn some_labels_fit(
        &self,
        mapping: &AxisMapping,
        direction: Direction,
        em: f64,
        keep: impl Fn(usize) -> bool,
    ) -> bool {
        let labeled = (0..self.ticks.len()).filter(|&i| !self.ticks[i].label.is_empty() && keep(i));
        let mut spans: Vec<[f64; 2]> = labeled
            .map(|i| {
                let half = direction.select([self.widths[i], self.height]) / 2.0;
                let at = mapping.pixel(self.ticks[i].value);
                [at - half, at + half]
            })
            .collect();
        spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let gap = em * direction.select([GAP_X, GAP_Y]);
        spans.windows(2).all(|pair| pair[1][0] - pair[0][1] >= gap)
    }

    /// Keeps every k-th label, for the least k with which they fit; 0 keeps its label if there is one. Ticks
    /// that the scene lists one by one keep all labels. Returns k. No k below `least` is tried.
    pub(super) fn thin_labels(
        &mut self,
        axis: &Axis,
        mapping: &AxisMapping,
        (direction, em): (Direction, f64),
        least: i64,
    ) -> i64 {
        let values: Vec<f64> = self.ticks.iter().map(|tick| tick.value).collect();
        let step = match &axis.ticks {
            Ticks::None | Ticks::At(_) => return least,
            Ticks::Every { step, .. } => *step,
            Ticks::Auto => match values.as_slice() {
                [first, second, ..] => second - first,
                _ => return least,
            },
        };
        let multiple = |i: usize| match axis.scale {
            Scale::Linear => (values[i] / step).round() as i64,
            Scale::Log => i as i64,
        };
        let is_kept = |i: usize, k: i64| multiple(i) % k == 0;
        let keeps_any = |k| (0..values.len()).any(|i| is_kept(i, k));
        let stride = (least..=least.max(2 * values.len() as i64))
            .filter(|&k| keeps_any(k))
            .find(|&k| self.some_labels_fit(mapping, direction, em, |i| is_kept(i, k)));
        for i in (0..values.len()).filter(|&i| stride.is_some_and(|k| !is_kept(i, k))) {
            self.clear_label(i);
        }
        stride.unwrap_or(least)
    }
}
