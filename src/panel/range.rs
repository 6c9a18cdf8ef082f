//! The ranges of a figure's axes: given, or fitted to all that the film will ever draw.

use crate::panel::extent::DataExtent;
use crate::panel::log_axis_check;
use crate::panel::signal::SignalReader;
use crate::panel::spring;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Axis, Element, ElementKind, Onto, Panel, PanelKind, Scale, Signal, Space};
use crate::scene::expr::{Code, six_digits};
use crate::scene::model::Env;

/// The horizontal and the vertical range of a panel.
pub(super) type Ranges = [[f64; 2]; 2];

/// What one panel will ever show, in its own units.
#[derive(Clone, Copy, Debug)]
struct Coverage {
    /// Values that deserve a margin.
    x: DataExtent,
    /// Spans of variables, which an axis shows from end to end.
    variable: DataExtent,
    y: DataExtent,
}

/// A panel's ranges, and what is doubtful about them.
#[derive(Clone, Debug)]
pub(super) struct FittedRanges {
    pub(super) ranges: Ranges,
    pub(super) warnings: Vec<Diagnostic>,
}

/// A range so many times as long as what half of the frames show leaves their curves flat.
const TOO_FAR: f64 = 20.0;

/// The ranges of a panel, before it is widened or takes over another's.
pub(super) fn fit(scene: &Scene, panel: &Panel) -> Result<FittedRanges, Diagnostic> {
    log_axis_check::check(scene, panel)?;
    let (ranges, warnings) = match &panel.kind {
        _ if panel.x.range.is_some() && panel.y.range.is_some() => Default::default(),
        PanelKind::Spring(own) => (spring::ranges(scene, own)?, Vec::new()),
        PanelKind::Plot | PanelKind::Plane => fit_elements(scene, panel)?,
    };
    let fitted = |name, axis: &Axis, range| match axis.range {
        Some(given) => Ok(given),
        None => shown(panel, (name, axis), range),
    };
    let [x, y] = ranges;
    Ok(FittedRanges { ranges: [fitted("x", &panel.x, x)?, fitted("y", &panel.y, y)?], warnings })
}

/// A fitted range, if an axis can show it.
fn shown(panel: &Panel, (name, axis): (&str, &Axis), range: [f64; 2]) -> Result<[f64; 2], Diagnostic> {
    let Some(unfit) = axis.scale.unfit(range) else { return Ok(range) };
    // Margins may reach beyond all numbers.
    let (why, help) = unfit.told(range.map(|end| six_digits(end.clamp(f64::MIN, f64::MAX))));
    Err(Diagnostic::new(format!("the {name} axis of panel `{}` {why}", panel.name))
        .at(panel.origin)
        .help(format!("{help}; or write {name} = {{ range = [a, b] }}")))
}

/// The ranges that hold all that a panel's elements show in any frame.
fn fit_elements(scene: &Scene, panel: &Panel) -> Result<(Ranges, Vec<Diagnostic>), Diagnostic> {
    let readers = || panel.elements.iter().map(|element| SignalReader { scene, panel, element });
    let mut standing = Coverage::of(panel);
    let env = scene.env(0)?;
    for reader in readers().filter(SignalReader::stands) {
        standing.take(&reader, &env)?;
    }
    let moving: Vec<_> = readers().filter(|reader| !reader.stands()).collect();
    let mut whole = standing;
    let mut frames: [Vec<f64>; 2] = Default::default();
    for index in 0..scene.timeline.frames {
        let env = scene.env(index)?;
        let mut shown = standing;
        for reader in &moving {
            shown.take(reader, &env)?;
        }
        whole.merge(&shown);
        for ((lengths, range), axis) in frames.iter_mut().zip(shown.ranges()).zip([&panel.x, &panel.y]) {
            lengths.push(length(range, axis));
        }
    }
    let ranges = whole.ranges();
    let axes = [("x", &panel.x), ("y", &panel.y)].into_iter().zip(ranges).zip(&mut frames);
    let warnings = axes.filter_map(|((axis, range), lengths)| too_far(panel, axis, range, lengths));
    Ok((ranges, warnings.collect()))
}

/// How long a range is on an axis: in its units, or in decades.
fn length([from, to]: [f64; 2], axis: &Axis) -> f64 {
    axis.scale.even(to) - axis.scale.even(from)
}

/// The warning of an axis that a few frames have stretched far beyond what the others show.
fn too_far(
    panel: &Panel,
    (name, axis): (&str, &Axis),
    range: [f64; 2],
    frames: &mut [f64],
) -> Option<Diagnostic> {
    if axis.range.is_some() || axis.share.is_some() {
        return None;
    }
    frames.sort_by(f64::total_cmp);
    let times = length(range, axis) / frames.get(frames.len() / 2)?;
    (times > TOO_FAR).then(|| {
        let message = format!(
            "the {name} axis of panel `{}` is {times:.0} times as long as what half of the frames show",
            panel.name
        );
        let help = format!("write {name} = {{ range = [a, b] }} to show less of the others");
        Diagnostic::warning(message).at(panel.origin).help(help)
    })
}

impl Coverage {
    /// What a panel shows before anything is drawn.
    fn of(panel: &Panel) -> Self {
        let [x, y] = [&panel.x, &panel.y].map(|axis| DataExtent::on(axis.scale));
        Self { x, variable: x, y }
    }

    /// The spans of variables from end to end; beyond them a margin around what else there is.
    fn horizontal(&self) -> [f64; 2] {
        if self.variable.is_empty() {
            return self.x.with_margin();
        }
        let mut whole = self.variable;
        whole.merge(self.x);
        whole.tight()
    }

    /// Both ranges, with their margins.
    fn ranges(&self) -> Ranges {
        [self.horizontal(), self.y.with_margin()]
    }

    fn merge(&mut self, other: &Self) {
        self.x.merge(other.x);
        self.variable.merge(other.variable);
        self.y.merge(other.y);
    }

    /// Takes in what an element shows at a moment.
    fn take(&mut self, reader: &SignalReader<'_>, env: &Env<'_>) -> Result<(), Diagnostic> {
        let mut place = |pair: (f64, f64)| {
            self.x.add(pair.0);
            self.y.add(pair.1);
        };
        match &reader.element.kind {
            ElementKind::Trace { signal, .. } => self.curve(reader, signal, env)?,
            ElementKind::Area { signal, to, .. } => {
                self.curve(reader, signal, env)?;
                match to {
                    Some(to) => {
                        let other = Signal { value: to.clone(), ..signal.clone() };
                        self.curve(reader, &other, env)?;
                    }
                    None => self.y.add(0.0),
                }
            }
            ElementKind::Point { signal, .. } => self.present(reader, signal, env)?,
            ElementKind::Arm { signal, .. } => {
                place((0.0, 0.0));
                self.present(reader, signal, env)?;
            }
            ElementKind::Drop { signal, onto } => {
                match onto {
                    Onto::X => self.y.add(0.0),
                    Onto::Y => self.x.add(0.0),
                }
                self.present(reader, signal, env)?;
            }
            ElementKind::Hline(y) => self.y.add(reader.real(y, env)?),
            ElementKind::Vline(x) => self.x.add(reader.real(x, env)?),
            ElementKind::Line { ends, .. } | ElementKind::Rect(ends) => {
                place(reader.pair(&ends[0], env)?);
                place(reader.pair(&ends[1], env)?);
            }
            ElementKind::Circle { center, radius } => {
                let ((x, y), r) = (reader.pair(center, env)?, reader.real(radius, env)?);
                place((x - r, y - r));
                place((x + r, y + r));
            }
            ElementKind::Text { at, space: Space::Data, .. } => place(reader.pair(at, env)?),
            ElementKind::Field { .. } | ElementKind::Text { space: Space::Panel, .. } => {}
        }
        Ok(())
    }

    /// Where a signal is at present. In a plot its horizontal coordinate is one of a variable's values.
    fn present(
        &mut self,
        reader: &SignalReader<'_>,
        signal: &Signal,
        env: &Env<'_>,
    ) -> Result<(), Diagnostic> {
        let (x, y) = reader.coordinates(signal, env)?;
        if reader.runs_along_axis(signal) {
            self.variable.add(x);
        } else {
            self.x.add(x);
        }
        self.y.add(y);
        Ok(())
    }

    /// All that a curve covers.
    fn curve(&mut self, reader: &SignalReader<'_>, signal: &Signal, env: &Env<'_>) -> Result<(), Diagnostic> {
        let [x, y] = reader.extents(signal, env)?;
        if reader.runs_along_axis(signal) {
            self.variable.merge(x);
        } else {
            self.x.merge(x);
        }
        self.y.merge(y);
        Ok(())
    }
}

/// Plots whose horizontal axis is one and the same: each panel's group, told by its lowest panel.
///
/// Automatic only among plots of one column of cells whose curves run over the same variable and span.
pub(super) fn shared_columns(scene: &Scene) -> Result<Vec<Vec<usize>>, Diagnostic> {
    let mut groups: Vec<(Key, Vec<usize>)> = Vec::new();
    for (index, panel) in scene.panels.iter().enumerate() {
        let Some(key) = key(scene, index, panel)? else { continue };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(index),
            None => groups.push((key, vec![index])),
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_iter().map(|(_, members)| members).collect();
    for members in &mut groups {
        members.sort_by_key(|&index| scene.grid.areas[index].rows.start);
    }
    Ok(groups.into_iter().filter(|members| members.len() > 1).collect())
}

/// What the members of a group have in common.
#[derive(PartialEq)]
struct Key {
    columns: std::ops::Range<usize>,
    variable: crate::scene::expr::Variable,
    scale: Scale,
    span: [f64; 2],
}

/// The key of a plot whose every curve runs along the axis over one span.
fn key(scene: &Scene, index: usize, panel: &Panel) -> Result<Option<Key>, Diagnostic> {
    if !matches!(panel.kind, PanelKind::Plot) || panel.x.share.is_some() {
        return Ok(None);
    }
    let env = scene.env(0)?;
    let mut found: Option<Key> = None;
    for element in &panel.elements {
        let Some(signal) = curve_of(element) else { continue };
        let reader = SignalReader { scene, panel, element };
        let moves = |code: &Code| code.depends_on(scene.timeline.variable);
        if !reader.runs_along_axis(signal) || signal.span.iter().any(moves) {
            return Ok(None);
        }
        let span = reader.span(signal, &env)?;
        let columns = scene.grid.areas[index].columns.clone();
        let key = Key { columns, variable: signal.over, scale: panel.x.scale, span };
        match &found {
            Some(known) if *known != key => return Ok(None),
            _ => found = Some(key),
        }
    }
    Ok(found)
}

fn curve_of(element: &Element) -> Option<&Signal> {
    element
        .kind
        .signal()
        .filter(|_| matches!(element.kind, ElementKind::Trace { .. } | ElementKind::Area { .. }))
}
