//! The ranges of a figure's axes: given, or fitted to all that the film will ever draw.

use crate::panel::fit::Extent;
use crate::panel::positive;
use crate::panel::signal::Reader;
use crate::panel::spring;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Element, ElementKind, Onto, Panel, PanelKind, Scale, Signal, Space};
use crate::scene::expr::Code;
use crate::scene::model::Env;

/// The horizontal and the vertical range of a panel.
pub(super) type Ranges = [[f64; 2]; 2];

/// What one panel will ever show, in its own units.
#[derive(Clone, Copy, Debug)]
struct Coverage {
    /// Values that deserve a margin.
    x: Extent,
    /// Spans of variables, which an axis shows from end to end.
    variable: Extent,
    y: Extent,
}

/// The ranges of a panel, before it is widened or takes over another's.
pub(super) fn ranges(scene: &Scene, panel: &Panel) -> Result<Ranges, Diagnostic> {
    positive::check(scene, panel)?;
    if let [Some(x), Some(y)] = [panel.x.range, panel.y.range] {
        return Ok([x, y]);
    }
    let mut coverage = Coverage::of(panel);
    let mut way = Extent::default();
    for index in 0..scene.clock.frames {
        let env = scene.env(index)?;
        for element in &panel.elements {
            coverage.take(&Reader { scene, panel, element }, &env, index == 0)?;
        }
        if let PanelKind::Spring(spring) = &panel.kind {
            way.add(env.eval(&spring.position).re);
        }
    }
    let [x, y] = match &panel.kind {
        PanelKind::Spring(own) => [spring::range_around(way.tight(), own.mass_size), spring::ACROSS],
        PanelKind::Plot | PanelKind::Plane => [coverage.horizontal(), coverage.y.with_margin()],
    };
    Ok([panel.x.range.unwrap_or(x), panel.y.range.unwrap_or(y)])
}

impl Coverage {
    /// What a panel shows before anything is drawn.
    fn of(panel: &Panel) -> Self {
        let [x, y] = [&panel.x, &panel.y].map(|axis| Extent::on(axis.scale));
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

    /// Takes in what an element shows at a moment.
    fn take(&mut self, reader: &Reader<'_>, env: &Env<'_>, first: bool) -> Result<(), Diagnostic> {
        let mut place = |pair: (f64, f64)| {
            self.x.add(pair.0);
            self.y.add(pair.1);
        };
        match &reader.element.kind {
            ElementKind::Trace { signal, .. } => self.curve(reader, signal, env, first)?,
            ElementKind::Area { signal, to, .. } => {
                self.curve(reader, signal, env, first)?;
                match to {
                    Some(to) => {
                        let other = Signal { value: to.clone(), ..signal.clone() };
                        self.curve(reader, &other, env, first)?;
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
            ElementKind::Circle { centre, radius } => {
                let ((x, y), r) = (reader.pair(centre, env)?, reader.real(radius, env)?);
                place((x - r, y - r));
                place((x + r, y + r));
            }
            ElementKind::Text { at, space: Space::Data, .. } => place(reader.pair(at, env)?),
            ElementKind::Text { space: Space::Panel, .. } => {}
        }
        Ok(())
    }

    /// Where a signal is at present. In a plot its horizontal coordinate is one of a variable's values.
    fn present(&mut self, reader: &Reader<'_>, signal: &Signal, env: &Env<'_>) -> Result<(), Diagnostic> {
        let (x, y) = reader.coordinates(signal, env)?;
        if reader.runs_along_axis(signal) {
            self.variable.add(x);
        } else {
            self.x.add(x);
        }
        self.y.add(y);
        Ok(())
    }

    /// All that a curve covers; a fixed one once for all frames.
    fn curve(
        &mut self,
        reader: &Reader<'_>,
        signal: &Signal,
        env: &Env<'_>,
        first: bool,
    ) -> Result<(), Diagnostic> {
        if !first && reader.is_fixed(signal) {
            return Ok(());
        }
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
        let reader = Reader { scene, panel, element };
        let moves = |code: &Code| code.depends_on(scene.clock.variable);
        if !reader.runs_along_axis(signal) || signal.span.iter().flatten().any(moves) {
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
    match &element.kind {
        ElementKind::Trace { signal, .. } | ElementKind::Area { signal, .. } => Some(signal),
        _ => None,
    }
}
