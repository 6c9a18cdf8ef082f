//! The ticks, tick labels and grid lines of an axis whose range moves. They move by fractions of pixels, as the curves do,
//! while the line of the axis keeps its place.

use std::sync::Arc;

use crate::geometry::{Bounds, PixelRect, Point};
use crate::mark::{Mark, Shape};
use crate::panel::axis::AxisMapping;
use crate::panel::axis_style::AxisStyle;
use crate::panel::axis_ticks::AxisTicks;
use crate::panel::chart::GRID_OPACITY;
use crate::panel::device_style::{fill_mark, with_opacity};
use crate::panel::moving_ticks::{MovingTick, MovingTicks};
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{TextStyle, anchored_origin, glyph_marks};
use crate::panel::shape;
use crate::panel::viewport::Viewport;
use crate::scene::element::{Anchor, AxisName, Panel, PanelFrame};
use crate::text::TextBox;

/// The ticks of a moving axis, prepared to be drawn in every frame.
pub(super) struct MovingAxis<'s> {
    panel: &'s Panel,
    axis: AxisName,
    viewport: Viewport,
    canvas: PixelRect,
    style: AxisStyle,
    ticks: Arc<MovingTicks>,
    /// For each frame and slot, whether the label is left out because it would lie on another text.
    hidden: Vec<Vec<bool>>,
    /// The most marks of one label.
    label_marks: usize,
    major: Arc<Shape>,
    minor: Arc<Shape>,
    grid: Arc<Shape>,
}

impl<'s> MovingAxis<'s> {
    /// A moving axis of a panel; `viewport` has it as one of its two axes. `None` if its range does not move or nothing shows it.
    pub(super) fn new(
        panel: &'s Panel,
        (axis, axis_ticks): (AxisName, &AxisTicks),
        viewport: Viewport,
        canvas: PixelRect,
        text_style: &TextStyle<'s>,
    ) -> Option<Self> {
        let ticks = axis_ticks.moving.clone().filter(|_| panel.frame != PanelFrame::None)?;
        let style = AxisStyle::new(text_style);
        let labels = ticks.frames.iter().flatten().flatten();
        let label_marks = labels
            .map(|tick| glyph_marks(&tick.typeset, Point::default(), style.ink, canvas).len())
            .max()
            .unwrap_or(0);
        let (width, height) = (f64::from(viewport.rect.width()), f64::from(viewport.rect.height()));
        let along = axis.direction().select([height, width]);
        Some(Self {
            panel,
            axis,
            viewport,
            canvas,
            major: axis.bar([0.0, style.tick_length], style.line_width),
            minor: axis.bar([0.0, style.minor_tick_length], style.hairline_width),
            grid: axis.bar([-along, 0.0], style.hairline_width),
            hidden: ticks.frames.iter().map(|slots| vec![false; slots.len()]).collect(),
            style,
            ticks,
            label_marks,
        })
    }

    /// Leaves out labels in the frames in which they would lie on one of these texts.
    pub(super) fn avoid(&mut self, texts: &[PlacedText<'s>], clearance: f64) {
        for frame in 0..self.ticks.frames.len() {
            let taken: Vec<Bounds> = texts.iter().filter_map(|text| text.bounds(frame)).collect();
            for slot in 0..self.hidden[frame].len() {
                let Some(bounds) = self.label_bounds(frame, slot) else { continue };
                let inflated = bounds.inflated(clearance);
                self.hidden[frame][slot] = taken.iter().any(|other| inflated.overlap(other) > 0.0);
            }
        }
    }

    /// The mapping of the axis in a frame.
    fn mapping(&self, frame: usize) -> AxisMapping {
        let range = self.ticks.ranges[frame];
        AxisMapping { range, ..self.axis.direction().select([self.viewport.x, self.viewport.y]) }
    }

    /// The point on the axis at a value.
    fn point(&self, frame: usize, value: f64) -> Point {
        let at = self.mapping(frame).pixel(value);
        let Bounds { left, right, bottom, .. } = self.viewport.rect.into();
        match self.axis {
            AxisName::X => Point::new(at, bottom),
            AxisName::Y => Point::new(left, at),
            AxisName::Y2 => Point::new(right, at),
        }
    }

    /// The origin and the box of the label in a slot; `None` if the slot shows none.
    fn label(&self, frame: usize, slot: usize) -> Option<(&MovingTick, TextBox, Point)> {
        let tick = self.ticks.frames.get(frame)?.get(slot)?.as_ref()?;
        if tick.label.is_empty() || self.hidden[frame][slot] {
            return None;
        }
        let at = self.point(frame, tick.value);
        let gap = 2.0 * self.style.tick_length;
        let own = tick.typeset.text_box();
        // Labels below an axis share a baseline.
        let hanging = TextBox { ascent: own.ascent.max(self.ticks.ascent), ..own };
        let (text_box, anchor, at) = match self.axis {
            AxisName::X => (hanging, Anchor { x: 0.5, y: 0.0 }, Point::new(at.x, at.y + gap)),
            AxisName::Y => (own, Anchor { x: 1.0, y: 0.5 }, Point::new(at.x - gap, at.y)),
            AxisName::Y2 => (own, Anchor { x: 0.0, y: 0.5 }, Point::new(at.x + gap, at.y)),
        };
        Some((tick, text_box, anchored_origin(text_box, anchor, at)))
    }

    fn label_bounds(&self, frame: usize, slot: usize) -> Option<Bounds> {
        self.label(frame, slot).map(|(_, text_box, origin)| text_box.bounds(origin))
    }

    /// The grid lines of a frame.
    pub(super) fn grid_marks(&self, frame: usize, marks: &mut Vec<Mark>) {
        if !self.panel.axis(self.axis).is_some_and(|axis| axis.grid) {
            return;
        }
        let color = with_opacity(self.style.ink, GRID_OPACITY);
        let rect = self.viewport.rect;
        for tick in self.slots(frame) {
            marks.push(tick.map_or(Mark::Nothing, |tick| {
                fill_mark(Arc::clone(&self.grid), self.point(frame, tick.value), color, rect)
            }));
        }
    }

    /// The tick marks and labels of a frame; their number is the same in all frames.
    pub(super) fn marks(&self, frame: usize, marks: &mut Vec<Mark>) {
        let frame = frame.min(self.ticks.frames.len() - 1);
        let bar = |shape: &Arc<Shape>, value: f64| {
            fill_mark(Arc::clone(shape), self.point(frame, value), self.style.ink, self.canvas)
        };
        for value in &self.ticks.minor[frame] {
            marks.push(value.map_or(Mark::Nothing, |value| bar(&self.minor, value)));
        }
        for (slot, tick) in self.slots(frame).enumerate() {
            marks.push(tick.map_or(Mark::Nothing, |tick| bar(&self.major, tick.value)));
            let first = marks.len();
            if let Some((tick, _, origin)) = self.label(frame, slot) {
                marks.extend(glyph_marks(&tick.typeset, origin, self.style.ink, self.canvas));
            }
            marks.resize(first + self.label_marks, Mark::Nothing);
        }
    }

    fn slots(&self, frame: usize) -> impl Iterator<Item = Option<&MovingTick>> {
        let frame = frame.min(self.ticks.frames.len() - 1);
        self.ticks.frames[frame].iter().map(Option::as_ref)
    }

    /// The labels as texts, one for each run of frames that show it.
    pub(super) fn placed_texts(&self) -> Vec<PlacedText<'s>> {
        let slots = self.ticks.frames.first().map_or(0, Vec::len);
        let mut texts: Vec<PlacedText<'s>> = Vec::new();
        for slot in 0..slots {
            let mut is_open = false;
            for frame in 0..self.ticks.frames.len() {
                let Some((tick, text_box, origin)) = self.label(frame, slot) else {
                    is_open = false;
                    continue;
                };
                match texts.last_mut() {
                    Some(PlacedText { origins: OriginPath::Passing { origins, .. }, .. }) if is_open => {
                        origins.push(origin);
                    }
                    _ => texts.push(self.placed_text(tick, text_box, (frame, origin))),
                }
                is_open = true;
            }
        }
        texts
    }

    fn placed_text(
        &self,
        tick: &MovingTick,
        text_box: TextBox,
        (first, origin): (usize, Point),
    ) -> PlacedText<'s> {
        PlacedText {
            panel: self.panel,
            role: TextRole::tick_of(self.axis),
            text: tick.label.clone(),
            source: self
                .panel
                .axis(self.axis)
                .and_then(|axis| axis.ticks_origin)
                .unwrap_or(self.panel.origin),
            text_box,
            origins: OriginPath::Passing { first, origins: vec![origin] },
        }
    }
}

impl AxisName {
    /// A bar across the axis, from one distance outward of it to another, around its point on the axis.
    fn bar(self, [from, to]: [f64; 2], width: f64) -> Arc<Shape> {
        let half = width / 2.0;
        match self {
            Self::X => shape::rectangle(Point::new(-half, from), Point::new(half, to)),
            Self::Y => shape::rectangle(Point::new(-to, -half), Point::new(-from, half)),
            Self::Y2 => shape::rectangle(Point::new(from, -half), Point::new(to, half)),
        }
    }
}
