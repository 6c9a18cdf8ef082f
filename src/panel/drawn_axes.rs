//! The drawn axes of all panels. Where labels of different axes collide, at a corner of a panel or at the
//! border of panels that touch, one of them is removed unless the scene lists both; its tick mark stays.

use std::collections::BTreeSet;

use crate::draw::backend::RecordedText;
use crate::geometry::{Bounds, Point};
use crate::mark::{Fill, Mark};
use crate::panel::axis::{AxisMapping, Tick};
use crate::panel::chart::{Chart, DrawingError, drawing_error};
use crate::panel::figure_layout::FigureLayout;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::TextStyle;
use crate::raster::Rgba;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{AxisName, Panel, Ticks};
use crate::text::{TextBox, halo};

/// The least gap between labels of different axes, in em.
pub(super) const CLEARANCE: f64 = 0.15;

/// The marks of a panel's axes and the boxes of their tick labels.
#[derive(Default)]
pub(super) struct DrawnAxes {
    /// Lines and tick marks.
    pub(super) lines: Vec<Mark>,
    labels: Vec<TickLabel>,
}

/// A tick label as it was drawn.
struct TickLabel {
    axis: AxisName,
    /// The index of its tick on the axis.
    tick: usize,
    bounds: Bounds,
    marks: Vec<Mark>,
    /// Whether each frame shows it; empty if all do.
    shown: Vec<bool>,
}

/// The tick labels of axes that cross the plot, with their halos.
pub(super) struct CrossingLabels {
    /// The marks of each halo and each label, and whether each frame shows them; all do if that is empty.
    parts: Vec<(Vec<Mark>, Vec<bool>)>,
}

impl CrossingLabels {
    /// Appends the marks of a frame; their number is the same in all frames.
    pub(super) fn append(&self, frame: usize, marks: &mut Vec<Mark>) {
        for (part, shown) in &self.parts {
            let first = marks.len();
            marks.extend_from_slice(part);
            if !is_shown(shown, frame) {
                marks[first..].fill(Mark::Nothing);
            }
        }
    }
}

/// Whether a frame shows a label. One entry is for all frames.
fn is_shown(shown: &[bool], frame: usize) -> bool {
    shown.last().is_none_or(|last| *shown.get(frame).unwrap_or(last))
}

/// A tick of a figure.
#[derive(Clone, Copy, PartialEq, Eq)]
struct TickId {
    panel: usize,
    axis: AxisName,
    tick: usize,
}

/// Draws the axes of all panels, and removes the labels that collide from the layout's ticks.
///
/// # Errors
/// A label cannot be typeset.
pub(super) fn draw_axes(
    scene: &Scene,
    layout: &mut FigureLayout,
    text_style: &TextStyle<'_>,
) -> Result<Vec<DrawnAxes>, Diagnostic> {
    let draw = |layout: &FigureLayout, index: usize| {
        let panel = &scene.panels[index];
        DrawnAxes::draw(&Chart::new(layout, panel, index, text_style))
            .map_err(|error| drawing_error(panel, &error))
    };
    let mut all = (0..scene.panels.len()).map(|index| draw(layout, index)).collect::<Result<Vec<_>, _>>()?;
    let mut changed = BTreeSet::new();
    for TickId { panel, axis, tick } in colliding_labels(scene, &all, text_style.em() * CLEARANCE)? {
        layout.ticks[panel].get_mut(axis).into_iter().for_each(|ticks| ticks.clear_label(tick));
        changed.insert(panel);
    }
    for panel in changed {
        all[panel] = draw(layout, panel)?;
    }
    Ok(all)
}

/// The work of comparing two labels.
const LOOK: u64 = 8;

/// The ticks that lose their labels: of two colliding labels the later one, or the earlier one if the scene
/// lists the ticks of the later one's axis.
///
/// # Errors
/// Comparing them exceeds the limit of work.
fn colliding_labels(scene: &Scene, all: &[DrawnAxes], clearance: f64) -> Result<Vec<TickId>, Diagnostic> {
    let labels: Vec<(TickId, Bounds)> = all
        .iter()
        .enumerate()
        .flat_map(|(panel, axes)| axes.labels.iter().map(move |label| (label.id(panel), label.bounds)))
        .collect();
    let is_removable = |id: TickId| {
        let axis = scene.panels[id.panel].axis(id.axis);
        axis.is_none_or(|axis| !matches!(axis.ticks, Ticks::At(_)))
    };
    let mut is_removed = vec![false; labels.len()];
    for (i, &(one, bounds)) in labels.iter().enumerate() {
        scene.charge(LOOK * (labels.len() - i) as u64, scene.panels[one.panel].origin)?;
        for (j, &(other, other_bounds)) in labels.iter().enumerate().skip(i + 1) {
            let is_same_axis = (one.panel, one.axis) == (other.panel, other.axis);
            let is_gone = is_removed[i] || is_removed[j];
            if is_same_axis || is_gone || bounds.inflated(clearance).overlap(&other_bounds) == 0.0 {
                continue;
            }
            if let Some(at) = [j, i].into_iter().find(|at| is_removable(labels[*at].0)) {
                is_removed[at] = true;
            }
        }
    }
    let removed = labels.into_iter().zip(is_removed).filter(|(_, is_removed)| *is_removed);
    Ok(removed.map(|((id, _), _)| id).collect())
}

impl DrawnAxes {
    fn draw(chart: &Chart) -> Result<Self, DrawingError> {
        let mut axes = Self::default();
        axes.add(chart.axes()?, |text| TickLabel::find(chart, text));
        axes.add(chart.right_ticks()?, |text| TickLabel::find_right(chart, text));
        Ok(axes)
    }

    /// Adds what was drawn, with the tick that each text belongs to.
    fn add(
        &mut self,
        (marks, texts): (Vec<Mark>, Vec<RecordedText>),
        find: impl FnMut(&RecordedText) -> Option<TickLabel>,
    ) {
        let mut labels: Vec<Option<TickLabel>> = texts.iter().map(find).collect();
        for (index, mark) in marks.into_iter().enumerate() {
            let text = texts.iter().position(|text| text.marks.contains(&index));
            match text.and_then(|text| labels[text].as_mut()) {
                Some(label) => label.marks.push(mark),
                None => self.lines.push(mark),
            }
        }
        self.labels.extend(labels.into_iter().flatten());
    }

    /// Leaves out the labels in the frames in which a marker stands on them. `markers` are the boxes of the markers in each
    /// frame, or in all if there is one entry. Ticks that the scene lists keep their labels.
    pub(super) fn hide_under(&mut self, panel: &Panel, markers: &[Vec<Bounds>]) {
        for label in &mut self.labels {
            let is_listed = panel.axis(label.axis).is_some_and(|axis| matches!(axis.ticks, Ticks::At(_)));
            let is_free =
                |boxes: &Vec<Bounds>| boxes.iter().all(|marker| marker.overlap(&label.bounds) == 0.0);
            let shown: Vec<bool> = markers.iter().map(is_free).collect();
            if !is_listed && shown.contains(&false) {
                label.shown = shown;
            }
        }
    }

    /// The marks of the tick labels.
    pub(super) fn label_marks(&self) -> Vec<Mark> {
        self.labels.iter().flat_map(|label| label.marks.clone()).collect()
    }

    /// The tick labels over what crosses them: below all of them, halos of this radius in the color of the paper.
    pub(super) fn crossing_labels(&self, radius: f64, paper: Rgba) -> CrossingLabels {
        let halo_of = |mark: &Mark| match mark {
            Mark::Fill(fill) => {
                let shape = halo(&fill.shape.outlines, radius);
                Mark::Fill(Fill { shape, color: paper, ..fill.clone() })
            }
            Mark::Nothing | Mark::Stroke(_) | Mark::Tail(_) | Mark::Image(_) => Mark::Nothing,
        };
        let halos = self.labels.iter().filter(|_| radius > 0.0);
        let halos = halos.map(|label| (label.marks.iter().map(halo_of).collect(), label.shown.clone()));
        let labels = self.labels.iter().map(|label| (label.marks.clone(), label.shown.clone()));
        CrossingLabels { parts: halos.chain(labels).collect() }
    }

    /// The boxes of the tick labels.
    pub(super) fn label_bounds(&self) -> impl Iterator<Item = Bounds> {
        self.labels.iter().map(|label| label.bounds)
    }

    /// The tick labels as texts at their positions; `index` is the panel's.
    pub(super) fn placed_texts<'s>(
        &self,
        panel: &'s Panel,
        layout: &FigureLayout,
        index: usize,
    ) -> Vec<PlacedText<'s>> {
        let ticks = &layout.ticks[index];
        let placed_text = |label: &TickLabel| {
            let (axis, ticks) = (panel.axis(label.axis)?, ticks.get(label.axis)?);
            let Bounds { left, top, right, bottom } = label.bounds;
            Some(PlacedText {
                panel,
                role: TextRole::tick_of(label.axis),
                text: ticks.ticks[label.tick].label.clone(),
                source: axis.ticks_origin.unwrap_or(panel.origin),
                text_box: TextBox { width: right - left, ascent: 0.0, descent: bottom - top },
                origins: label.origins(Point::new(left, top)),
            })
        };
        self.labels.iter().filter(|label| label.shown != [false]).filter_map(placed_text).collect()
    }
}

impl TickLabel {
    fn id(&self, panel: usize) -> TickId {
        TickId { panel, axis: self.axis, tick: self.tick }
    }

    /// Its origin in all frames that show it.
    fn origins(&self, origin: Point) -> OriginPath {
        match self.shown.as_slice() {
            [] | [true] => OriginPath::fixed(origin),
            shown => OriginPath::Static { origin, shown: Some(shown.to_vec()) },
        }
    }

    /// Finds the tick of a text that plotters drew. Labels of the x axis hang from their top, those of the y
    /// axis do not.
    fn find(chart: &Chart, text: &RecordedText) -> Option<Self> {
        if text.is_top_anchored {
            Self::nearest(AxisName::X, (&chart.x, &chart.viewport.x), text)
        } else {
            Self::nearest(AxisName::Y, (&chart.y, &chart.viewport.y), text)
        }
    }

    /// Finds the tick of a text of the second vertical axis.
    fn find_right(chart: &Chart, text: &RecordedText) -> Option<Self> {
        let axis = chart.y2.as_ref()?;
        Self::nearest(AxisName::Y2, (&axis.ticks, &axis.mapping), text)
    }

    /// Finds the tick of a text among those of an axis. Labels are centered on their ticks.
    fn nearest(
        axis: AxisName,
        (ticks, mapping): (&[Tick], &AxisMapping),
        text: &RecordedText,
    ) -> Option<Self> {
        let Bounds { left, top, right, bottom } = text.bounds;
        let center = axis.direction().select([f64::midpoint(left, right), f64::midpoint(top, bottom)]);
        let distance = |i: &usize| (mapping.pixel(ticks[*i].value) - center).abs();
        let same_label = (0..ticks.len()).filter(|&i| ticks[i].label == text.text);
        let tick = same_label.min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        Some(Self { axis, tick, bounds: text.bounds, marks: Vec::new(), shown: Vec::new() })
    }
}
