//! The marks of samples: a line and some shapes for each of them, of which a frame shows those that are revealed.
//!
//! The lines are one stroke, or one for each level of a color map. Each shape is a mark of its own, so that translucent
//! markers add up and only the ones that appear are painted anew.

use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::{Fill, Mark, Pen};
use crate::panel::curve_stroke::CurveStroke;
use crate::panel::device_style::{DeviceStyle, with_opacity};
use crate::panel::paint::PaintContext;
use crate::panel::sampling::Sample;
use crate::panel::signal_reader::variable_value;
use crate::scene::color::{ColorMap, LEVELS};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{MarkerStyle, PlottedSignal, Reveal};
use crate::scene::expr::Variable;
use crate::scene::model::Env;

/// A sample is revealed already this part of the span before its value, which is a rounded product or sum.
const ROUNDING: f64 = 1e-9;

/// The line and the shapes of a sample.
#[derive(Default)]
pub(super) struct Glyph {
    /// The ends of its line.
    pub(super) line: Option<[Point; 2]>,
    /// Its shapes.
    pub(super) shapes: Vec<Mark>,
}

/// The samples of a signal and how they are revealed.
pub(super) struct SampleMarks {
    reveal: Reveal,
    over: Variable,
    /// From the parameter of the first sample to that of the last one.
    length: f64,
    /// Marks under the samples, which all frames show.
    pub(super) under: Vec<Mark>,
    /// The strokes of the lines: none, one, or one for each level of a color map.
    lines: Vec<Option<CurveStroke>>,
    /// The parameter of each sample, in the direction of the span.
    parameters: Vec<f64>,
    /// The shapes of each sample, equally many for all.
    shapes: Vec<Mark>,
    shapes_per_sample: usize,
    /// The number of samples for which a frame has marks.
    slots: usize,
}

/// The styles of samples: one for all, or one for each level of a color map.
pub(super) enum SampleStyles {
    One(DeviceStyle),
    Levels {
        styles: Vec<DeviceStyle>,
        /// The level of each sample; `None` where the map shows none.
        levels: Vec<Option<usize>>,
    },
}

impl SampleStyles {
    /// The styles of samples with the given width of lines.
    ///
    /// # Errors
    /// The value of a color is complex or cannot be evaluated.
    pub(super) fn new(
        context: &PaintContext<'_>,
        signal: &PlottedSignal,
        style: &DeviceStyle,
        env: &Env<'_>,
    ) -> Result<Self, Diagnostic> {
        let reader = &context.reader;
        let Some(color) = reader.element.signals.along_curve() else { return Ok(Self::One(style.clone())) };
        let parameters: Vec<f64> = context.samples().iter().map(|sample| sample.parameter).collect();
        let values = reader.reals_along(&color.value, signal.over, &parameters, env)?;
        let levels = values.iter().map(|value| color.map.level(*value, color.range)).collect();
        let styles = (0..LEVELS).map(|level| with_level(style, color.map, level)).collect();
        Ok(Self::Levels { styles, levels })
    }

    /// The index of a sample's style; `None` for a sample without a color.
    pub(super) fn index(&self, sample: usize) -> Option<usize> {
        match self {
            Self::One(_) => Some(0),
            Self::Levels { levels, .. } => levels[sample],
        }
    }

    /// All styles.
    pub(super) fn all(&self) -> &[DeviceStyle] {
        match self {
            Self::One(style) => std::slice::from_ref(style),
            Self::Levels { styles, .. } => styles,
        }
    }
}

/// A style in the color of a level.
fn with_level(style: &DeviceStyle, map: ColorMap, level: usize) -> DeviceStyle {
    let color = with_opacity(map.color(level), f64::from(style.color.a) / 255.0);
    DeviceStyle { color, pen: Arc::new(Pen { color, ..(*style.pen).clone() }), ..style.clone() }
}

impl SampleMarks {
    /// The marks of the samples of a signal. `glyph` draws a sample that is defined, given by its index, with the style that has
    /// an index.
    pub(super) fn new(
        context: &PaintContext<'_>,
        (signal, reveal): (&PlottedSignal, Reveal),
        (styles, shapes_per_sample): (&SampleStyles, usize),
        glyph: impl Fn(usize, &Sample, usize) -> Glyph,
    ) -> Self {
        let samples = context.samples();
        let mut shapes = Vec::with_capacity(samples.len() * shapes_per_sample);
        let mut segments: Vec<Vec<(f64, [Point; 2])>> = styles.all().iter().map(|_| Vec::new()).collect();
        for (index, sample) in samples.iter().enumerate() {
            if let Some(style) = styles.index(index).filter(|_| sample.is_finite()) {
                let glyph = glyph(index, sample, style);
                segments[style].extend(glyph.line.map(|line| (sample.parameter, line)));
                shapes.extend(glyph.shapes);
            }
            shapes.resize((index + 1) * shapes_per_sample, Mark::Nothing);
        }
        let clip = context.viewport.rect;
        let stroke = |(segments, style): (Vec<(f64, [Point; 2])>, &DeviceStyle)| {
            (!segments.is_empty()).then(|| CurveStroke::of_segments(segments, &style.pen, clip))
        };
        Self {
            lines: segments.into_iter().zip(styles.all()).map(stroke).collect(),
            parameters: samples.iter().map(|sample| sample.parameter).collect(),
            shapes,
            shapes_per_sample,
            slots: context.sample_slots.max(samples.len()),
            ..Self::empty(context, (signal, reveal))
        }
    }

    /// Strokes along samples, without shapes: one, or one for each level of a color map.
    pub(super) fn of_strokes(
        context: &PaintContext<'_>,
        revealed: (&PlottedSignal, Reveal),
        lines: Vec<Option<CurveStroke>>,
    ) -> Self {
        Self { lines, ..Self::empty(context, revealed) }
    }

    /// No marks of the samples of a signal.
    fn empty(context: &PaintContext<'_>, (signal, reveal): (&PlottedSignal, Reveal)) -> Self {
        let samples = context.samples();
        let parameter = |sample: Option<&Sample>| sample.map_or(0.0, |sample| sample.parameter);
        Self {
            reveal,
            over: signal.over,
            length: parameter(samples.last()) - parameter(samples.first()),
            under: Vec::new(),
            lines: Vec::new(),
            parameters: Vec::new(),
            shapes: Vec::new(),
            shapes_per_sample: 0,
            slots: 0,
        }
    }

    /// Adds a shape for each of some samples, given with their parameters. Frames have marks for at least `slots` samples.
    pub(super) fn add_shapes(&mut self, shapes: impl Iterator<Item = (f64, Mark)>, slots: usize) {
        (self.parameters, self.shapes) = shapes.unzip();
        self.shapes_per_sample = 1;
        self.slots = slots.max(self.shapes.len());
    }

    /// Appends the marks of a frame; their number is the same in all frames.
    pub(super) fn append(&self, env: &Env<'_>, marks: &mut Vec<Mark>) {
        let present = variable_value(env, self.over) + ROUNDING * self.length;
        marks.extend_from_slice(&self.under);
        let shown = |stroke: &CurveStroke| stroke.revealed(self.reveal, present);
        marks.extend(self.lines.iter().map(|line| line.as_ref().map_or(Mark::Nothing, shown)));
        let end = marks.len() + self.slots * self.shapes_per_sample;
        let direction = self.length.signum();
        for (parameter, shapes) in
            self.parameters.iter().zip(self.shapes.chunks(self.shapes_per_sample.max(1)))
        {
            let opacity = self.reveal.opacity((present - parameter) * direction);
            marks.extend(shapes.iter().map(|shape| faded(shape, opacity)));
        }
        marks.resize(end, Mark::Nothing);
    }
}

/// A shape whose opacity is multiplied.
fn faded(shape: &Mark, opacity: f64) -> Mark {
    match shape {
        Mark::Fill(_) if opacity <= 0.0 => Mark::Nothing,
        Mark::Fill(fill) if opacity < 1.0 => {
            Mark::Fill(Fill { color: with_opacity(fill.color, opacity), ..fill.clone() })
        }
        shape => shape.clone(),
    }
}

/// The markers of samples: one that is drawn anywhere, for each style.
pub(super) struct Markers {
    /// Around the origin.
    by_style: Vec<Vec<Mark>>,
}

impl Markers {
    /// The markers in the styles of samples.
    ///
    /// # Errors
    /// The size is complex or not positive.
    pub(super) fn new(
        context: &PaintContext<'_>,
        styles: &SampleStyles,
        marker: &MarkerStyle,
        env: &Env<'_>,
    ) -> Result<Self, Diagnostic> {
        let diameter = context.reader.marker_size(marker, env)? * context.scale;
        let at_origin =
            |style: &DeviceStyle| style.marker(marker.shape, diameter, Point::default(), context.canvas);
        Ok(Self { by_style: styles.all().iter().map(at_origin).collect() })
    }

    /// The number of marks of a marker.
    pub(super) fn marks(&self) -> usize {
        self.by_style.first().map_or(0, Vec::len)
    }

    /// The marker of a sample, if the sample lies in the plot.
    pub(super) fn at(
        &self,
        context: &PaintContext<'_>,
        sample: &Sample,
        style: usize,
        at: Point,
    ) -> Vec<Mark> {
        if !context.viewport.contains((sample.x, sample.y)) {
            return Vec::new();
        }
        let moved = |mark: &Mark| match mark {
            Mark::Fill(fill) => Mark::Fill(Fill { at, ..fill.clone() }),
            mark => mark.clone(),
        };
        self.by_style[style].iter().map(moved).collect()
    }
}
