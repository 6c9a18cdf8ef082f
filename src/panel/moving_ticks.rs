//! The ticks of an axis whose range moves, in every frame.
//!
//! Frames whose ranges are equally long have the same distance of ticks, so that a scrolling axis only moves. Each tick
//! keeps its slot as long as it is shown, and a slot rests for a frame before another tick takes it. So whatever shows a
//! slot from frame to frame shows one tick.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::panel::axis::AxisMapping;
use crate::panel::axis_ticks::AxisTicks;
use crate::panel::prepared_label::TextStyle;
use crate::panel::tick_layout::{AxisSide, automatic_ticks};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Ticks;
use crate::text::{TypesetLabel, Typesetter};

/// Ranges whose lengths differ by less than this part are equally long.
const EQUAL_LENGTH: f64 = 1e-9;

/// The ticks of every frame.
#[derive(Debug)]
pub(super) struct MovingTicks {
    /// For each frame the ticks in their slots.
    pub(super) frames: Vec<Vec<Option<MovingTick>>>,
    /// For each frame the minor ticks of a logarithmic axis in their slots.
    pub(super) minor: Vec<Vec<Option<f64>>>,
    /// The range of each frame.
    pub(super) ranges: Vec<[f64; 2]>,
    /// The largest ascent of labels, rounded up to whole pixels.
    pub(super) ascent: f64,
}

/// A tick in one frame.
#[derive(Clone, Debug)]
pub(super) struct MovingTick {
    pub(super) value: f64,
    /// The label in label syntax; empty for none.
    pub(super) label: String,
    pub(super) typeset: Arc<TypesetLabel>,
}

impl MovingTicks {
    /// The same tick marks without labels.
    pub(super) fn without_labels(&self) -> Self {
        let bare = |tick: &MovingTick| MovingTick {
            value: tick.value,
            label: String::new(),
            typeset: Arc::default(),
        };
        let frames = self.frames.iter();
        Self {
            frames: frames.map(|slots| slots.iter().map(|tick| tick.as_ref().map(bare)).collect()).collect(),
            minor: self.minor.clone(),
            ranges: self.ranges.clone(),
            ascent: 0.0,
        }
    }
}

/// The typeset labels of all frames, by their text.
#[derive(Default)]
struct Labels(BTreeMap<String, Arc<TypesetLabel>>);

impl AxisSide<'_> {
    /// The ticks of an axis with these ranges, one for each frame.
    ///
    /// # Errors
    /// A label cannot be typeset, or the axis has too many ticks.
    pub(super) fn moving_ticks(
        &self,
        ranges: &[[f64; 2]],
        text_style: &TextStyle<'_>,
    ) -> Result<AxisTicks, Diagnostic> {
        let mut labels = Labels::default();
        let density = |range: &[f64; 2], labels: &mut Labels| {
            AxisSide { range: *range, ..*self }.density(Density::most(self, text_style), text_style, labels)
        };
        let densities =
            ranges.iter().map(|range| density(range, &mut labels)).collect::<Result<Vec<_>, _>>()?;
        let common = self.are_equally_long(ranges).then(|| Density::least(&densities));
        let mut frames = Vec::with_capacity(ranges.len());
        for (range, own) in ranges.iter().zip(densities) {
            let side = AxisSide { range: *range, ..*self };
            frames.push(side.ticks_of(common.unwrap_or(own), text_style, &mut labels)?.0);
        }
        Ok(self.laid_out(ranges, &frames, &labels))
    }

    /// Whether all ranges are equally long.
    fn are_equally_long(&self, ranges: &[[f64; 2]]) -> bool {
        let length = |range: &[f64; 2]| {
            let [a, b] = range.map(|end| self.axis.scale.transform(end));
            b - a
        };
        let Some(first) = ranges.first().map(length) else { return true };
        ranges.iter().all(|range| (length(range) - first).abs() <= first.abs() * EQUAL_LENGTH)
    }

    /// The greatest density at which the labels fit.
    fn density(
        &self,
        most: Density,
        text_style: &TextStyle<'_>,
        labels: &mut Labels,
    ) -> Result<Density, Diagnostic> {
        let mapping = self.mapping();
        let (mut density, (mut ticks, mut stride)) = (most, self.ticks_of(most, text_style, labels)?);
        if matches!(self.axis.ticks, Ticks::Auto) {
            for intervals in (1..ticks.ticks.len()).rev() {
                if ticks.labels_fit(&mapping, self.direction, text_style.em()) && stride == 1 {
                    break;
                }
                density = Density { intervals: intervals as f64, ..density };
                (ticks, stride) = self.ticks_of(density, text_style, labels)?;
            }
        }
        Ok(Density { stride, ..density })
    }

    /// The ticks at a density, with as many labels as fit and the stride of these.
    fn ticks_of(
        &self,
        density: Density,
        text_style: &TextStyle<'_>,
        labels: &mut Labels,
    ) -> Result<(AxisTicks, i64), Diagnostic> {
        let mut ticks = self.ticks(text_style)?;
        if matches!(self.axis.ticks, Ticks::Auto) && !ticks.ticks.is_empty() {
            ticks = automatic_ticks(self.range, self.axis.scale, density.intervals);
        }
        for tick in &ticks.ticks {
            let typeset =
                labels.typeset(&tick.label, text_style).map_err(|error| self.label_error(tick, error))?;
            ticks.widths.push(typeset.width);
            ticks.ascent = ticks.ascent.max(typeset.ascent.ceil());
            ticks.height = ticks.height.max(typeset.descent);
        }
        ticks.height += ticks.ascent;
        let along = (self.direction, text_style.em());
        let stride = ticks.thin_labels(self.axis, &self.mapping(), along, density.stride);
        Ok((ticks, stride))
    }

    fn mapping(&self) -> AxisMapping {
        AxisMapping { range: self.range, pixels: [0.0, f64::from(self.pixels)], scale: self.axis.scale }
    }

    /// The ticks of all frames with the space that the layout has to leave for them.
    fn laid_out(&self, ranges: &[[f64; 2]], frames: &[AxisTicks], labels: &Labels) -> AxisTicks {
        let ascent = frames.iter().map(|frame| frame.ascent).fold(0.0, f64::max);
        let descents = frames.iter().map(|frame| frame.height - frame.ascent);
        let width = frames.iter().map(AxisTicks::width).fold(0.0, f64::max);
        let height = ascent + descents.fold(0.0, f64::max);
        let widest = frames.iter().flat_map(|frame| &frame.ticks).find(|tick| !tick.label.is_empty());
        let any = widest.or(frames.iter().flat_map(|frame| &frame.ticks).next());
        let ends =
            any.map(|tick| self.range.map(|end| crate::panel::axis::Tick { value: end, ..tick.clone() }));
        let ticks = ends.map(Vec::from).unwrap_or_default();
        let moving_tick = |(frame, slots): (&AxisTicks, Vec<Option<usize>>)| {
            let tick = |at: usize| {
                let tick = &frame.ticks[at];
                MovingTick { value: tick.value, label: tick.label.clone(), typeset: labels.get(&tick.label) }
            };
            slots.into_iter().map(|slot| slot.map(tick)).collect()
        };
        let values = |frame: &AxisTicks| frame.ticks.iter().map(|tick| tick.value).collect();
        let minor_slots = slots(&frames.iter().map(|frame| frame.minor.clone()).collect::<Vec<_>>());
        let minor = |(frame, slots): (&AxisTicks, Vec<Option<usize>>)| {
            slots.into_iter().map(|slot| slot.map(|at| frame.minor[at])).collect()
        };
        let moving = MovingTicks {
            frames: frames
                .iter()
                .zip(slots(&frames.iter().map(values).collect::<Vec<_>>()))
                .map(moving_tick)
                .collect(),
            minor: frames.iter().zip(minor_slots).map(minor).collect(),
            ranges: ranges.to_vec(),
            ascent,
        };
        AxisTicks {
            widths: vec![width; ticks.len()],
            ticks,
            ascent,
            height,
            moving: Some(Arc::new(moving)),
            ..AxisTicks::default()
        }
    }
}

/// How many ticks and labels an axis has.
#[derive(Clone, Copy)]
struct Density {
    /// The number of automatic intervals.
    intervals: f64,
    /// Every how many ticks have a label.
    stride: i64,
}

impl Density {
    fn most(side: &AxisSide<'_>, text_style: &TextStyle<'_>) -> Self {
        Self { intervals: side.capacity(text_style), stride: 1 }
    }

    fn least(all: &[Self]) -> Self {
        Self {
            intervals: all.iter().map(|density| density.intervals).fold(f64::INFINITY, f64::min),
            stride: all.iter().map(|density| density.stride).max().unwrap_or(1),
        }
    }
}

impl Labels {
    fn typeset(
        &mut self,
        label: &str,
        text_style: &TextStyle<'_>,
    ) -> Result<Arc<TypesetLabel>, crate::text::LabelError> {
        if let Some(known) = self.0.get(label) {
            return Ok(Arc::clone(known));
        }
        let typeset = Arc::new(Typesetter::shared().typeset_label(label, text_style.em())?);
        self.0.insert(label.to_owned(), Arc::clone(&typeset));
        Ok(typeset)
    }

    fn get(&self, label: &str) -> Arc<TypesetLabel> {
        self.0.get(label).cloned().unwrap_or_default()
    }
}

/// For each frame and each slot the index of the frame's value in it. A value keeps its slot from frame to frame, and a
/// slot that a value has left stays empty for a frame.
fn slots(frames: &[Vec<f64>]) -> Vec<Vec<Option<usize>>> {
    let mut known: Vec<Option<f64>> = Vec::new();
    let mut all: Vec<Vec<Option<usize>>> = Vec::with_capacity(frames.len());
    for values in frames {
        let position = |value: f64| values.iter().position(|known| known.to_bits() == value.to_bits());
        let mut slots: Vec<Option<usize>> = known.iter().map(|value| position((*value)?)).collect();
        let was_used: Vec<bool> = known.iter().map(Option::is_some).collect();
        for index in 0..values.len() {
            if slots.contains(&Some(index)) {
                continue;
            }
            let free = (0..was_used.len()).find(|&slot| slots[slot].is_none() && !was_used[slot]);
            match free {
                Some(slot) => slots[slot] = Some(index),
                None => slots.push(Some(index)),
            }
        }
        known = slots.iter().map(|slot| slot.map(|index| values[index])).collect();
        all.push(slots);
    }
    let count = known.len();
    for slots in &mut all {
        slots.resize(count, None);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::slots;

    #[test]
    fn a_tick_keeps_its_slot_and_a_slot_rests_before_it_is_used_again() {
        let frames = [vec![1.0, 2.0], vec![2.0, 3.0], vec![3.0, 4.0], vec![5.0]];
        let all = slots(&frames);
        let value = |frame: usize, slot: usize| all[frame][slot].map(|index| frames[frame][index]);
        let shown: Vec<Vec<Option<f64>>> = (0..4).map(|f| (0..3).map(|s| value(f, s)).collect()).collect();
        assert_eq!(shown[0], [Some(1.0), Some(2.0), None]);
        assert_eq!(shown[1], [None, Some(2.0), Some(3.0)]);
        assert_eq!(shown[2], [Some(4.0), None, Some(3.0)]);
        assert_eq!(shown[3], [None, Some(5.0), None]);
    }
}
