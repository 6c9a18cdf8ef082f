//! Which ticks each panel's axes show, on rectangles of known size.

use crate::geometry::PixelRect;
use crate::panel::axis::{AxisMapping, Tick};
use crate::panel::has_axes;
use crate::panel::log_ticks::{LogTicks, log_ticks};
use crate::panel::prepared_label::TextStyle;
use crate::panel::range::PanelRanges;
use crate::panel::spring;
use crate::panel::tick_labels;
use crate::panel::ticks::{
    MAX_TICKS, format_number, format_own_digits, needs_powers_of_ten, round_ticks, ticks_at_multiples,
};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Frame, Panel, PanelKind, Scale, Ticks};
use crate::scene::{Gap, Scene};
use crate::text::Typesetter;

/// The least distance of automatic ticks, in em: along the x axis and along the y axis. It is a matter
/// of taste; whether the labels fit is measured.
const APART: [f64; 2] = [4.0, 2.2];
/// The most automatic intervals on an axis, as matplotlib.
const MAX_INTERVALS: usize = 9;

/// The ticks of an axis and the room that their labels take, in device pixels.
#[derive(Clone, Debug, Default)]
pub(super) struct AxisTicks {
    /// Within the range, ascending.
    pub(super) ticks: Vec<Tick>,
    /// Where a logarithmic axis has marks between them.
    pub(super) minor: Vec<f64>,
    /// Widths of the labels, one a tick.
    pub(super) widths: Vec<f64>,
    /// How far labels on one baseline reach above it, to the next whole pixel.
    pub(super) ascent: f64,
    /// How high a row of them is.
    pub(super) height: f64,
    /// Labels without marks, which captions write: the names of lanes.
    pub(super) bare: bool,
}

/// The ticks of a panel.
#[derive(Clone, Debug, Default)]
pub(super) struct PanelTicks {
    pub(super) x: AxisTicks,
    pub(super) y: AxisTicks,
}

impl AxisTicks {
    /// The ticks that have marks.
    pub(super) fn ticks_with_marks(&self) -> Vec<Tick> {
        if self.bare { Vec::new() } else { self.ticks.clone() }
    }

    /// Whether any tick has a label.
    pub(super) fn is_labeled(&self) -> bool {
        self.ticks.iter().any(|tick| !tick.label.is_empty())
    }

    /// The widest label.
    pub(super) fn width(&self) -> f64 {
        self.widths.iter().copied().fold(0.0, f64::max)
    }

    /// Leaves a label out; its mark stays.
    pub(super) fn clear(&mut self, index: usize) {
        self.ticks[index].label.clear();
        self.widths[index] = 0.0;
    }

    /// How far labels of which half lies on either side of their tick reach beyond an end of the
    /// axis, `size` long across the label: before its start and after its end.
    pub(super) fn overhang(&self, mapping: &AxisMapping, along: impl Fn(usize) -> f64) -> [f64; 2] {
        let [start, end] = mapping.pixels;
        let sign = (end - start).signum();
        let mut over = [0.0_f64; 2];
        for (i, tick) in self.ticks.iter().enumerate().filter(|(_, tick)| !tick.label.is_empty()) {
            let at = (mapping.pixel(tick.value) - start) * sign;
            let half = along(i) / 2.0;
            over[0] = over[0].max(half - at);
            over[1] = over[1].max(at + half - (end - start).abs());
        }
        over
    }
}

/// A side of a panel that an axis runs along.
#[derive(Clone, Copy)]
struct AxisSide<'a> {
    panel: &'a Panel,
    /// The panel's own, or the one that it shares.
    axis: &'a Axis,
    range: [f64; 2],
    /// 0 for x and 1 for y.
    direction: usize,
    /// Its length.
    pixels: u32,
}

/// The ticks of all panels. In a group of plots over one axis only the lowest has labels; the others
/// have its marks, or none where the next plot touches them.
pub(super) fn panel_ticks(
    scene: &Scene,
    ranges: &[PanelRanges],
    rects: &[PixelRect],
    groups: &[Vec<usize>],
    text_style: &TextStyle<'_>,
) -> Result<Vec<PanelTicks>, Diagnostic> {
    let mut all = Vec::with_capacity(scene.panels.len());
    for (index, panel) in scene.panels.iter().enumerate() {
        let [x, y] = ranges[index];
        let group = groups.iter().find(|members| members.contains(&index));
        // A panel without axes labels nothing for the others, and an axis through the origin is its own.
        let lowest = match (panel.frame, group) {
            (Frame::Origin, _) | (_, None) => index,
            (Frame::Box | Frame::Corner | Frame::None, Some(members)) => {
                let labels = |&&member: &&usize| has_axes(&scene.panels[member]);
                members.iter().rev().find(labels).copied().unwrap_or(index)
            }
        };
        let side = AxisSide { panel, axis: &panel.x, range: x, direction: 0, pixels: rects[index].width() };
        let mut x = if lowest == index {
            labeled_ticks(side, text_style)?
        } else {
            upper_ticks(scene, (index, lowest), side, text_style)?
        };
        let side = AxisSide { panel, axis: &panel.y, range: y, direction: 1, pixels: rects[index].height() };
        let mut y = labeled_ticks(side, text_style)?;
        spring::name_lanes(panel, ranges[index], [&mut x, &mut y], text_style)?;
        all.push(PanelTicks { x, y });
    }
    Ok(all)
}

/// Marks without labels on an upper plot of a group.
fn upper_ticks(
    scene: &Scene,
    (index, lowest): (usize, usize),
    own: AxisSide<'_>,
    text_style: &TextStyle<'_>,
) -> Result<AxisTicks, Diagnostic> {
    let below = scene.grid.areas[index].rows.end - 1;
    if matches!(scene.grid.row_gaps.get(below), Some(Gap::Length(length)) if *length < 5.0) {
        return Ok(AxisTicks::default());
    }
    let axis = if matches!(own.axis.ticks, Ticks::Auto) { &scene.panels[lowest].x } else { own.axis };
    let side = AxisSide { axis, ..own };
    let AxisTicks { mut ticks, minor, .. } = match &axis.ticks {
        // The same marks as below, where they depend on what the labels need.
        Ticks::Auto => labeled_ticks(side, text_style)?,
        Ticks::None | Ticks::At(_) | Ticks::Every { .. } => axis_ticks(side, text_style)?,
    };
    for tick in &mut ticks {
        tick.label.clear();
    }
    Ok(AxisTicks { widths: vec![0.0; ticks.len()], ticks, minor, ..AxisTicks::default() })
}

/// The ticks that an axis asks for, with as many labels as fit.
fn labeled_ticks(side: AxisSide<'_>, text_style: &TextStyle<'_>) -> Result<AxisTicks, Diagnostic> {
    let AxisSide { axis, range, direction, pixels, .. } = side;
    let mut ticks = axis_ticks(side, text_style)?;
    measure_labels(&mut ticks, side, text_style)?;
    let mapping = AxisMapping { range, pixels: [0.0, f64::from(pixels)], scale: axis.scale };
    let em = text_style.em();
    if matches!(axis.ticks, Ticks::Auto) {
        for intervals in (1..ticks.ticks.len()).rev() {
            if tick_labels::labels_fit(&ticks, &mapping, direction, em) {
                break;
            }
            ticks = automatic_ticks(range, axis.scale, intervals as f64);
            measure_labels(&mut ticks, side, text_style)?;
        }
    }
    tick_labels::thin_labels(&mut ticks, axis, &mapping, direction, em);
    Ok(ticks)
}

/// The ticks in a range.
fn within(ticks: Vec<Tick>, range: [f64; 2], scale: Scale) -> Vec<Tick> {
    let mapping = AxisMapping { range, pixels: [0.0, 1.0], scale };
    ticks.into_iter().filter(|tick| mapping.holds(tick.value)).collect()
}

/// The ticks that an axis asks for, in its range.
fn axis_ticks(
    AxisSide { panel, axis, range, direction, pixels }: AxisSide<'_>,
    text_style: &TextStyle<'_>,
) -> Result<AxisTicks, Diagnostic> {
    let across_motion = match &panel.kind {
        PanelKind::Spring(spring) => spring.orientation.turned([false, true])[direction],
        PanelKind::Plot | PanelKind::Plane => false,
    };
    let ticks = match &axis.ticks {
        _ if !has_axes(panel) => Vec::new(),
        Ticks::None => Vec::new(),
        // Across the motion of a spring nothing is measured.
        Ticks::Auto if across_motion => Vec::new(),
        Ticks::Auto => {
            let room = f64::from(pixels) / (APART[direction] * text_style.em());
            return Ok(automatic_ticks(range, axis.scale, room));
        }
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
    Ok(AxisTicks { ticks: within(ticks, range, axis.scale), ..AxisTicks::default() })
}

/// Round numbers or decades in a range, with `room` for so many labels side by side.
fn automatic_ticks(range: [f64; 2], scale: Scale, room: f64) -> AxisTicks {
    let room = room.clamp(1.0, MAX_INTERVALS as f64);
    match scale {
        Scale::Linear => {
            let ticks = within(round_ticks(range, room as usize), range, scale);
            AxisTicks { ticks, ..AxisTicks::default() }
        }
        Scale::Log => {
            let LogTicks { ticks, minor } = log_ticks(range, room);
            AxisTicks { ticks, minor, ..AxisTicks::default() }
        }
    }
}

/// Given places in ascending order, labelled as they say or with their number.
fn listed_ticks(places: &[(f64, Option<crate::scene::element::Label>)], scale: Scale) -> Vec<Tick> {
    let mut places: Vec<_> = places.iter().collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let sorted: Vec<f64> = places.iter().map(|(value, _)| *value).collect();
    let largest = sorted.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let as_powers = sorted.iter().any(|value| needs_powers_of_ten(*value));
    let gaps = sorted.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.0);
    let step = gaps.fold(f64::INFINITY, f64::min);
    let step = if step.is_finite() { common_step(&sorted, step) } else { common_step(&sorted, 1.0) };
    places
        .iter()
        .map(|(value, label)| Tick {
            value: *value,
            label: match label {
                Some(label) => label.template.source().to_owned(),
                None => match scale {
                    Scale::Linear => format_number(*value, step, largest),
                    Scale::Log => format_own_digits(*value, as_powers),
                },
            },
        })
        .collect()
}

/// A step of which all values are multiples as far as their decimals go: a power of ten, or `step`.
fn common_step(values: &[f64], step: f64) -> f64 {
    let whole = |unit: f64| {
        values.iter().all(|value| {
            let ratio = value / unit;
            (ratio - ratio.round()).abs() < 1e-6
        })
    };
    if whole(step) {
        return step;
    }
    (0..9).map(|places| libm::pow(10.0, -f64::from(places))).find(|unit| whole(*unit)).unwrap_or(step)
}

/// Sets the labels once, to know their room.
fn measure_labels(
    ticks: &mut AxisTicks,
    AxisSide { panel, axis, .. }: AxisSide<'_>,
    text_style: &TextStyle<'_>,
) -> Result<(), Diagnostic> {
    let mut descent: f64 = 0.0;
    for tick in &ticks.ticks {
        let set = Typesetter::shared().typeset_label(&tick.label, text_style.em()).map_err(|error| {
            let written = match &axis.ticks {
                Ticks::At(places) => places.iter().find_map(|(value, label)| {
                    label.as_ref().filter(|_| value.to_bits() == tick.value.to_bits())
                }),
                Ticks::Auto | Ticks::None | Ticks::Every { .. } => None,
            };
            let origin = match written {
                Some(label) => label.template.origin_of_span(error.span, error.at),
                None => axis.ticks_origin.unwrap_or(panel.origin),
            };
            Diagnostic::new(error.message).maybe_help(error.help).at(origin)
        })?;
        ticks.widths.push(set.width);
        ticks.ascent = ticks.ascent.max(set.ascent.ceil());
        descent = descent.max(set.descent);
    }
    ticks.height = ticks.ascent + descent;
    Ok(())
}
