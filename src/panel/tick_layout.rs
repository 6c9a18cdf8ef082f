//! The choice of ticks for each panel's axes, on plot rectangles of known size.

use crate::geometry::PixelRect;
use crate::panel::axis::{AxisMapping, Direction, Tick};
use crate::panel::axis_ticks::{AxisTicks, PanelTicks};
use crate::panel::frame_viewport::widened_ranges;
use crate::panel::log_ticks::{LogTicks, log_ticks};
use crate::panel::outer_labels::LabelGroups;
use crate::panel::panel_view::view;
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::PanelRanges;
use crate::panel::ticks::{
    MAX_TICKS, format_number, format_own_digits, needs_powers_of_ten, round_ticks, ticks_at_multiples,
};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, AxisName, Label, Panel, PanelFrame, Scale, Ticks};
use crate::scene::{Gap, Scene};
use crate::text::{LabelError, Typesetter};

/// The least distance of automatic ticks on an x axis, in em. This is for the looks; whether labels fit is
/// measured.
const MIN_DISTANCE_X: f64 = 4.0;
/// The least distance of automatic ticks on a y axis, in em.
const MIN_DISTANCE_Y: f64 = 2.2;
/// The most automatic intervals on an axis, as in matplotlib.
const MAX_INTERVALS: usize = 9;
/// A plot with a narrower gap to the next one below or beside it, in CSS pixels, touches it and has no tick marks there.
const MIN_GAP_FOR_MARKS: f64 = 5.0;

/// An axis of a panel, with everything that its ticks depend on.
#[derive(Clone, Copy)]
pub(super) struct AxisSide<'a> {
    pub(super) panel: &'a Panel,
    /// The panel's own axis, or the one of the same group whose ticks it takes.
    pub(super) axis: &'a Axis,
    pub(super) range: [f64; 2],
    pub(super) direction: Direction,
    /// The length of the axis in device pixels.
    pub(super) pixels: u32,
    /// Whether it is an axis of the panel, and not of a color bar.
    pub(super) is_of_panel: bool,
}

/// The ranges of all panels on their plot rectangles.
pub(super) struct LaidOutRanges<'a> {
    /// Those of the first frame.
    pub(super) first: &'a [PanelRanges],
    /// Those of every frame, for panels whose ranges move.
    pub(super) moving: &'a [Vec<PanelRanges>],
    pub(super) rects: &'a [PixelRect],
}

impl LaidOutRanges<'_> {
    /// The ranges of a panel's axis in every frame.
    fn of_axis(&self, panel: &Panel, index: usize, name: AxisName) -> Vec<[f64; 2]> {
        let rect = self.rects[index];
        self.moving[index]
            .iter()
            .filter_map(|ranges| widened_ranges(panel, *ranges, rect).get(name).copied())
            .collect()
    }
}

/// The ticks of all panels.
///
/// In a group of panels that share an axis, only the outer one has labels. The others have tick marks, unless the next
/// panel touches them.
///
/// # Errors
/// A label cannot be typeset, or an axis has more than [`MAX_TICKS`] ticks.
pub(super) fn panel_ticks(
    scene: &Scene,
    ranges: &LaidOutRanges<'_>,
    groups: &LabelGroups,
    text_style: &TextStyle<'_>,
) -> Result<Vec<PanelTicks>, Diagnostic> {
    let mut all = Vec::with_capacity(scene.panels.len());
    for (index, panel) in scene.panels.iter().enumerate() {
        let mut ticks = PanelTicks::try_new(panel, |name, axis| {
            let (direction, rect) = (name.direction(), ranges.rects[index]);
            let range = *ranges.first[index].get(name).unwrap_or(&ranges.first[index].y);
            let pixels = direction.select([rect.width(), rect.height()]);
            let side = AxisSide { panel, axis, range, direction, pixels, is_of_panel: true };
            let outer = groups.labeled(scene, index, name);
            if axis.moving.is_some() {
                let ticks = side.moving_ticks(&ranges.of_axis(panel, index, name), text_style)?;
                Ok(if outer == index { ticks } else { ticks.without_labels() })
            } else if outer == index {
                side.labeled_ticks(text_style)
            } else {
                let shared = scene.panels[outer].axis(name).filter(|_| matches!(axis.ticks, Ticks::Auto));
                let side = AxisSide { axis: shared.unwrap_or(axis), ..side };
                unlabeled_ticks((scene, index, name), side, text_style)
            }
        })?;
        view(&panel.kind).name_ticks(panel, ranges.first[index], &mut ticks, text_style)?;
        all.push(ticks);
    }
    Ok(all)
}

/// Whether a panel has axes with ticks.
fn has_axes(panel: &Panel) -> bool {
    panel.frame != PanelFrame::None
}

/// The ticks of an inner plot of a group: tick marks without labels, or none if the next plot touches it.
fn unlabeled_ticks(
    (scene, index, name): (&Scene, usize, AxisName),
    side: AxisSide<'_>,
    text_style: &TextStyle<'_>,
) -> Result<AxisTicks, Diagnostic> {
    let area = &scene.grid.areas[index];
    let gap = match name {
        AxisName::X => scene.grid.row_gaps.get(area.rows.end - 1),
        AxisName::Y2 => scene.grid.column_gaps.get(area.columns.end - 1),
        AxisName::Y => area.columns.start.checked_sub(1).and_then(|left| scene.grid.column_gaps.get(left)),
    };
    if matches!(gap, Some(Gap::Length(length)) if *length < MIN_GAP_FOR_MARKS) {
        return Ok(AxisTicks::default());
    }
    let ticks = match &side.axis.ticks {
        // Automatic ticks depend on the sizes of labels: with labels they are the same as in the lowest plot.
        Ticks::Auto => side.labeled_ticks(text_style)?,
        Ticks::None | Ticks::At(_) | Ticks::Every { .. } => side.ticks(text_style)?,
    };
    Ok(ticks.without_labels())
}

impl AxisSide<'_> {
    /// The ticks of the axis, with as many labels as fit.
    pub(super) fn labeled_ticks(&self, text_style: &TextStyle<'_>) -> Result<AxisTicks, Diagnostic> {
        let Self { axis, range, direction, pixels, .. } = *self;
        let mut ticks = self.ticks(text_style)?;
        self.measure_labels(&mut ticks, text_style)?;
        let mapping = AxisMapping { range, pixels: [0.0, f64::from(pixels)], scale: axis.scale };
        let em = text_style.em();
        if matches!(axis.ticks, Ticks::Auto) {
            for intervals in (1..ticks.ticks.len()).rev() {
                if ticks.labels_fit(&mapping, direction, em) {
                    break;
                }
                ticks = automatic_ticks(range, axis.scale, intervals as f64);
                self.measure_labels(&mut ticks, text_style)?;
            }
        }
        ticks.thin_labels(axis, &mapping, (direction, em), 1);
        Ok(ticks)
    }

    /// The ticks in the axis's range, before labels are measured.
    pub(super) fn ticks(&self, text_style: &TextStyle<'_>) -> Result<AxisTicks, Diagnostic> {
        let Self { panel, axis, range, direction, .. } = *self;
        let has_no_values = self.is_of_panel && direction.select(view(&panel.kind).axes_without_values());
        let ticks = match &axis.ticks {
            _ if self.is_of_panel && !has_axes(panel) => Vec::new(),
            Ticks::None => Vec::new(),
            Ticks::Auto if has_no_values => Vec::new(),
            Ticks::Auto => return Ok(automatic_ticks(range, axis.scale, self.capacity(text_style))),
            Ticks::At(places) => listed_ticks(places, axis.scale),
            Ticks::Every { step, unit } => ticks_at_multiples(range, *step, unit.as_ref()),
        };
        if ticks.len() > MAX_TICKS {
            return Err(Diagnostic::new(format!(
                "an axis of panel `{}` has more than {MAX_TICKS} ticks",
                panel.name
            ))
            .at(axis.ticks_origin.unwrap_or(panel.origin))
            .help("make `step` greater"));
        }
        Ok(AxisTicks { ticks: ticks_in_range(ticks, range, axis.scale), ..AxisTicks::default() })
    }

    /// The number of automatic intervals that the length of the axis has space for.
    pub(super) fn capacity(&self, text_style: &TextStyle<'_>) -> f64 {
        let distance = self.direction.select([MIN_DISTANCE_X, MIN_DISTANCE_Y]) * text_style.em();
        f64::from(self.pixels) / distance
    }

    /// The error of a tick's label that cannot be typeset.
    pub(super) fn label_error(&self, tick: &Tick, error: LabelError) -> Diagnostic {
        let origin = match self.listed_label(tick) {
            Some(label) => label.template.origin_of_span(error.span, error.at),
            None => self.axis.ticks_origin.unwrap_or(self.panel.origin),
        };
        Diagnostic::new(error.message).maybe_help(error.help).at(origin)
    }

    /// Typesets the labels of ticks to measure them.
    fn measure_labels(&self, ticks: &mut AxisTicks, text_style: &TextStyle<'_>) -> Result<(), Diagnostic> {
        let mut descent: f64 = 0.0;
        for tick in &ticks.ticks {
            let typeset = Typesetter::shared()
                .typeset_label(&tick.label, text_style.em())
                .map_err(|error| self.label_error(tick, error))?;
            ticks.widths.push(typeset.width);
            ticks.ascent = ticks.ascent.max(typeset.ascent.ceil());
            descent = descent.max(typeset.descent);
        }
        ticks.height = ticks.ascent + descent;
        Ok(())
    }

    /// The label that the scene gives for a tick, if it does.
    fn listed_label(&self, tick: &Tick) -> Option<&Label> {
        match &self.axis.ticks {
            Ticks::At(places) => places.iter().find_map(|(value, label)| {
                label.as_ref().filter(|_| value.to_bits() == tick.value.to_bits())
            }),
            Ticks::Auto | Ticks::None | Ticks::Every { .. } => None,
        }
    }
}

/// The ticks that lie in a range.
fn ticks_in_range(ticks: Vec<Tick>, range: [f64; 2], scale: Scale) -> Vec<Tick> {
    let mapping = AxisMapping { range, pixels: [0.0, 1.0], scale };
    ticks.into_iter().filter(|tick| mapping.contains(tick.value)).collect()
}

/// Ticks at round numbers or at decades in a range, on an axis with space for `capacity` labels side by side.
pub(super) fn automatic_ticks(range: [f64; 2], scale: Scale, capacity: f64) -> AxisTicks {
    let capacity = capacity.clamp(1.0, MAX_INTERVALS as f64);
    match scale {
        Scale::Linear => {
            let ticks_for = |count| ticks_in_range(round_ticks(range, count), range, scale);
            // One value does not show the scale of an axis, so two ticks are tried even where space is scarce.
            let ticks = (capacity as usize..=MAX_INTERVALS).map(ticks_for).find(|ticks| ticks.len() >= 2);
            AxisTicks { ticks: ticks.unwrap_or_default(), ..AxisTicks::default() }
        }
        Scale::Log => {
            let LogTicks { ticks, minor } = log_ticks(range, capacity);
            AxisTicks { ticks, minor, ..AxisTicks::default() }
        }
    }
}

/// The ticks that a scene lists, in ascending order, with the listed labels or their numbers.
pub(super) fn listed_ticks(places: &[(f64, Option<Label>)], scale: Scale) -> Vec<Tick> {
    let mut places: Vec<_> = places.iter().collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let values: Vec<f64> = places.iter().map(|(value, _)| *value).collect();
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let as_powers = values.iter().any(|value| needs_powers_of_ten(*value));
    let gaps = values.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.0);
    let least_gap = gaps.fold(f64::INFINITY, f64::min);
    let step = common_step(&values, if least_gap.is_finite() { least_gap } else { 1.0 });
    let number = |value: f64| match scale {
        Scale::Linear => format_number(value, step, largest),
        Scale::Log => format_own_digits(value, as_powers),
    };
    let label = |value: f64, label: &Option<Label>| match label {
        Some(label) => label.template.source().to_owned(),
        None => number(value),
    };
    places.into_iter().map(|(value, text)| Tick { value: *value, label: label(*value, text) }).collect()
}

/// A step of which all values are multiples: `step` itself, or else the largest power of ten down to 10⁻⁸ of
/// which they are. `step` if there is none.
fn common_step(values: &[f64], step: f64) -> f64 {
    let divides_all = |unit: f64| {
        values.iter().all(|value| {
            let ratio = value / unit;
            (ratio - ratio.round()).abs() < 1e-6
        })
    };
    if divides_all(step) {
        return step;
    }
    let mut powers = (0..9).map(|places| libm::pow(10.0, -f64::from(places)));
    powers.find(|unit| divides_all(*unit)).unwrap_or(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_two_ticks_however_short_it_is() {
        for range in [[-1.15, 1.15], [0.1, 0.9], [3.0, -2.0], [-1e-3, 7e5], [0.0, 1.0]] {
            let ticks = automatic_ticks(range, Scale::Linear, 0.3).ticks;
            assert!((2..5).contains(&ticks.len()), "{range:?}: {ticks:?}");
        }
    }
}
