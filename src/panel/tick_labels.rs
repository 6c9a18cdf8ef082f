//! Tick labels that do not fit are left out where the author did not write them one by one; the marks
//! stay. Along an axis every k-th label is kept, zero among them. Where two axes meet, at a corner or
//! at the border of panels that touch, one label gives way.

use crate::draw::backend::RecordedText;
use crate::geometry::{Bounds, Point};
use crate::mark::Mark;
use crate::panel::axis::AxisMapping;
use crate::panel::chart::{Chart, DrawingError};
use crate::panel::figure_layout::FigureLayout;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::TextStyle;
use crate::panel::tick_layout::{AxisTicks, PanelTicks};
use crate::panel::{axis_style, chart_error};
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Panel, Scale, Ticks};
use crate::text::TextBox;

/// Between neighboring labels, in em: side by side, and one below the other.
const APART: [f64; 2] = [0.5, 0.2];
/// Between labels of different axes, in em.
const CLEARANCE: f64 = 0.15;

/// Whether the labels of an axis leave each other room; `direction` is 0 for x and 1 for y.
pub(super) fn labels_fit(ticks: &AxisTicks, mapping: &AxisMapping, direction: usize, em: f64) -> bool {
    kept_labels_fit(ticks, mapping, direction, em, |_| true)
}

fn kept_labels_fit(
    ticks: &AxisTicks,
    mapping: &AxisMapping,
    direction: usize,
    em: f64,
    keep: impl Fn(usize) -> bool,
) -> bool {
    let labelled = (0..ticks.ticks.len()).filter(|&i| !ticks.ticks[i].label.is_empty() && keep(i));
    let mut ends: Vec<[f64; 2]> = labelled
        .map(|i| {
            let half = if direction == 0 { ticks.widths[i] } else { ticks.height } / 2.0;
            let at = mapping.pixel(ticks.ticks[i].value);
            [at - half, at + half]
        })
        .collect();
    ends.sort_by(|a, b| a[0].total_cmp(&b[0]));
    ends.windows(2).all(|pair| pair[1][0] - pair[0][1] >= em * APART[direction])
}

/// Keeps every k-th label, k being the least with which they fit; lists of places stay as they are.
pub(super) fn thin_labels(
    ticks: &mut AxisTicks,
    axis: &Axis,
    mapping: &AxisMapping,
    direction: usize,
    em: f64,
) {
    let values: Vec<f64> = ticks.ticks.iter().map(|tick| tick.value).collect();
    let step = match &axis.ticks {
        Ticks::None | Ticks::At(_) => return,
        Ticks::Every { step, .. } => *step,
        Ticks::Auto => match values.as_slice() {
            [first, second, ..] => second - first,
            _ => return,
        },
    };
    let place = |i: usize| match axis.scale {
        Scale::Linear => (values[i] / step).round() as i64,
        Scale::Log => i as i64,
    };
    let kept = |i: usize, k: i64| place(i) % k == 0;
    let some_left = |k| (0..values.len()).any(|i| kept(i, k));
    let every = (1..=2 * values.len() as i64)
        .filter(|&k| some_left(k))
        .find(|&k| kept_labels_fit(ticks, mapping, direction, em, |i| kept(i, k)));
    for i in (0..values.len()).filter(|&i| every.is_some_and(|k| !kept(i, k))) {
        ticks.clear(i);
    }
}

/// The axes of a panel, drawn.
#[derive(Default)]
pub(super) struct DrawnAxes {
    pub(super) marks: Vec<Mark>,
    labels: Vec<TickLabel>,
}

/// A tick label where it was drawn.
struct TickLabel {
    direction: usize,
    tick: usize,
    bounds: Bounds,
}

/// The axes of all panels, and their labels out of each other's way as far as that is allowed.
pub(super) fn draw_axes<'s>(
    scene: &'s Scene,
    plan: &mut FigureLayout,
    size: (u32, u32),
    text_style: &TextStyle<'s>,
) -> Result<Vec<DrawnAxes>, Diagnostic> {
    let draw = |plan: &FigureLayout, index: usize| {
        let panel = &scene.panels[index];
        DrawnAxes::draw(&chart(plan, panel, index, size, text_style))
            .map_err(|error| chart_error(panel, &error))
    };
    let mut all = (0..scene.panels.len()).map(|index| draw(plan, index)).collect::<Result<Vec<_>, _>>()?;
    for (panel, direction, tick) in colliding_labels(scene, &all, text_style.em() * CLEARANCE) {
        let PanelTicks { x, y } = &mut plan.ticks[panel];
        let axis = if direction == 0 { x } else { y };
        axis.clear(tick);
        all[panel] = draw(plan, panel)?;
    }
    Ok(all)
}

/// A panel as plotters draws it.
pub(super) fn chart(
    plan: &FigureLayout,
    panel: &Panel,
    index: usize,
    size: (u32, u32),
    text_style: &TextStyle<'_>,
) -> Chart {
    let ticks = &plan.ticks[index];
    Chart {
        viewport: plan.viewport(index),
        frame: panel.frame,
        x: ticks.x.ticks_with_marks(),
        y: ticks.y.ticks_with_marks(),
        minor: [ticks.x.minor.clone(), ticks.y.minor.clone()],
        ascent: ticks.x.ascent,
        grid: [panel.x.grid, panel.y.grid],
        axis_style: axis_style(text_style),
        canvas: size,
    }
}

/// Panel, direction and index of the ticks that lose their labels: of two that meet the later one, or
/// the one that was not written by hand.
fn colliding_labels(scene: &Scene, all: &[DrawnAxes], clearance: f64) -> Vec<(usize, usize, usize)> {
    let labels: Vec<(usize, &TickLabel)> = all
        .iter()
        .enumerate()
        .flat_map(|(panel, axes)| axes.labels.iter().map(move |l| (panel, l)))
        .collect();
    let mut gone: Vec<(usize, usize, usize)> = Vec::new();
    let key = |&(panel, label): &(usize, &TickLabel)| (panel, label.direction, label.tick);
    let may_go = |panel: usize, direction: usize| {
        let panel = &scene.panels[panel];
        let axis = if direction == 0 { &panel.x } else { &panel.y };
        !matches!(axis.ticks, Ticks::At(_))
    };
    for (i, one) in labels.iter().enumerate() {
        for other in &labels[i + 1..] {
            let same_axis = (one.0, one.1.direction) == (other.0, other.1.direction);
            let there = !gone.contains(&key(one)) && !gone.contains(&key(other));
            if same_axis || !there || one.1.bounds.inflated(clearance).overlap(&other.1.bounds) == 0.0 {
                continue;
            }
            gone.extend([other, one].into_iter().find(|l| may_go(l.0, l.1.direction)).map(key));
        }
    }
    gone
}

impl DrawnAxes {
    fn draw(chart: &Chart) -> Result<Self, DrawingError> {
        let (marks, texts) = chart.axes()?;
        let labels = texts.iter().filter_map(|text| TickLabel::locate(chart, text)).collect();
        Ok(Self { marks, labels })
    }

    /// The labels' boxes.
    pub(super) fn bounds(&self) -> impl Iterator<Item = Bounds> {
        self.labels.iter().map(|label| label.bounds)
    }

    /// The settled labels.
    pub(super) fn placed_texts<'s>(
        &self,
        panel: &'s Panel,
        plan: &FigureLayout,
        index: usize,
    ) -> Vec<PlacedText<'s>> {
        let ticks = &plan.ticks[index];
        let written = |label: &TickLabel| {
            let (role, axis, ticks) = match label.direction {
                0 => (TextRole::XTick, &panel.x, &ticks.x),
                _ => (TextRole::YTick, &panel.y, &ticks.y),
            };
            let Bounds { left, top, right, bottom } = label.bounds;
            PlacedText {
                panel,
                role,
                text: ticks.ticks[label.tick].label.clone(),
                source: axis.ticks_origin.unwrap_or(panel.origin),
                text_box: TextBox { width: right - left, ascent: 0.0, descent: bottom - top },
                origins: OriginPath::Static(Point::new(left, top), None),
            }
        };
        self.labels.iter().map(written).collect()
    }
}

impl TickLabel {
    /// Which tick a text that plotters drew belongs to: labels of the x axis hang, and a label's middle
    /// is at its tick.
    fn locate(chart: &Chart, text: &RecordedText) -> Option<Self> {
        let Bounds { left, top, right, bottom } = text.bounds;
        let (direction, ticks, mapping, middle) = if text.is_top_anchored {
            (0, &chart.x, &chart.viewport.x, f64::midpoint(left, right))
        } else {
            (1, &chart.y, &chart.viewport.y, f64::midpoint(top, bottom))
        };
        let off = |i: &usize| (mapping.pixel(ticks[*i].value) - middle).abs();
        let same = (0..ticks.len()).filter(|&i| ticks[i].label == text.text);
        let tick = same.min_by(|a, b| off(a).total_cmp(&off(b)))?;
        Some(Self { direction, tick, bounds: text.bounds })
    }
}
