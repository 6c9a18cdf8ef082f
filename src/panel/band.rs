//! What lies between a curve and another one, or zero (the low end of a logarithmic axis): sampled once where
//! it is the same in every frame, and drawn in slices of whole pixel columns, so that a growing area costs
//! what it grows by.
//!
//! Slices meet on the borders between pixels: no pixel belongs to two of them and no seam shows. A curve that
//! does not run along the horizontal axis is one slice.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::geometry::Point;
use crate::mark::Shape;
use crate::panel::shape;
use crate::panel::signal_reader::SignalReader;
use crate::panel::viewport::Viewport;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Signal;
use crate::scene::expr::Code;
use crate::scene::model::Env;

/// The width of a slice in device pixels.
const SLICE_WIDTH: i32 = 32;

/// A band in device pixels.
#[derive(Clone, Debug)]
pub(super) struct Band {
    edges: Vec<CrossSection>,
    slices: Vec<Slice>,
}

/// The variable's value, and the two sides there; none where one of them is not finite.
#[derive(Clone, Copy, Debug)]
struct CrossSection {
    at: f64,
    sides: Option<[Point; 2]>,
}

/// What lies in some columns: from one edge to another, or nothing.
#[derive(Clone, Debug)]
struct Slice {
    edges: Option<RangeInclusive<usize>>,
    /// All of it.
    shape: Arc<Shape>,
}

/// The columns of a plot at which slices meet.
fn slice_columns(viewport: &Viewport) -> impl Iterator<Item = i32> {
    (viewport.rect.left..viewport.rect.right).step_by(SLICE_WIDTH as usize).skip(1)
}

/// The values at which a band along the axis must have an edge.
pub(super) fn slice_values(viewport: &Viewport) -> impl Iterator<Item = f64> {
    slice_columns(viewport).map(|column| viewport.x.value(f64::from(column)))
}

impl Band {
    /// Samples both sides at one moment.
    pub(super) fn new(
        reader: &SignalReader<'_>,
        (signal, to): (&Signal, Option<&Code>),
        env: &Env<'_>,
        viewport: &Viewport,
    ) -> Result<Self, Diagnostic> {
        let mut bound = env.clone();
        let mut edges = Vec::new();
        for s in reader.samples(signal, env, viewport)? {
            bound.bind_in_place(signal.over, s.at).map_err(|error| reader.scene.model_error(&error))?;
            let base = to.map_or(Ok(0.0), |to| reader.real(to, &bound))?;
            let base = viewport.y.clamp_to_baseline(base);
            let sides = [viewport.point((s.x, s.y)), viewport.point((s.x, base))].map(snap_to_border);
            let finite = sides.iter().all(|side| side.x.is_finite() && side.y.is_finite());
            edges.push(CrossSection { at: s.at, sides: finite.then_some(sides) });
        }
        let mut band = Self { edges, slices: Vec::new() };
        let parts = if reader.runs_along_axis(signal) {
            band.columns(viewport)
        } else {
            vec![(!band.edges.is_empty()).then(|| 0..=band.edges.len() - 1)]
        };
        band.slices = parts
            .into_iter()
            .map(|edges| Slice { shape: band.polygons(edges.clone(), None), edges })
            .collect();
        Ok(band)
    }

    /// The edges in each slice of columns, always as many slices for a plot.
    fn columns(&self, viewport: &Viewport) -> Vec<Option<RangeInclusive<usize>>> {
        let mut parts: Vec<Option<RangeInclusive<usize>>> = vec![None; slice_columns(viewport).count() + 1];
        let last = parts.len() - 1;
        for (index, pair) in self.edges.windows(2).enumerate() {
            let middle = f64::midpoint(viewport.x.pixel(pair[0].at), viewport.x.pixel(pair[1].at));
            let column = (middle - f64::from(viewport.rect.left)) / f64::from(SLICE_WIDTH);
            let part = &mut parts[(column.max(0.0) as usize).min(last)];
            let first = part.as_ref().map_or(index, |part| *part.start());
            *part = Some(first..=index + 1);
        }
        parts
    }

    /// The slices up to a value of the variable, or all of them.
    pub(super) fn shapes(&self, upto: Option<f64>) -> impl Iterator<Item = Arc<Shape>> {
        self.slices.iter().map(move |slice| {
            let shown = |edge: usize| self.shows(self.edges[edge].at, upto);
            match &slice.edges {
                Some(edges) if !shown(*edges.end()) => self.polygons(Some(edges.clone()), upto),
                _ => Arc::clone(&slice.shape),
            }
        })
    }

    fn shows(&self, at: f64, upto: Option<f64>) -> bool {
        let descending = self.edges.first().map(|edge| edge.at) > self.edges.last().map(|edge| edge.at);
        upto.is_none_or(|present| if descending { at >= present } else { at <= present })
    }

    /// The polygons between some edges, broken where a side is not finite.
    fn polygons(&self, edges: Option<RangeInclusive<usize>>, upto: Option<f64>) -> Arc<Shape> {
        let inside = edges.and_then(|edges| self.edges.get(edges)).unwrap_or_default();
        let shown = inside.iter().filter(|edge| self.shows(edge.at, upto));
        let sides: Vec<Option<[Point; 2]>> = shown.map(|edge| edge.sides).collect();
        let mut band = Shape::default();
        for piece in sides.split(Option::is_none).filter(|piece| piece.len() > 1) {
            let there = piece.iter().flatten().map(|sides| sides[0]);
            let back = piece.iter().rev().flatten().map(|sides| sides[1]);
            let polygon: Vec<Point> = there.chain(back).collect();
            band.outlines.extend(shape::polygon(&polygon).outlines.iter().cloned());
        }
        Arc::new(band)
    }
}

/// A point whose x is a border between pixels if it is one but for rounding: slices must not share a column.
fn snap_to_border(point: Point) -> Point {
    let border = point.x.round();
    if (point.x - border).abs() < 1e-6 { Point { x: border, ..point } } else { point }
}
