//! What lies between a curve and another one, or zero (the low end of a logarithmic axis): sampled once where it is the same in every
//! frame, cut into polygons as far as a frame shows it.

use std::sync::Arc;

use crate::draw::mark::Shape;
use crate::geometry::Point;
use crate::panel::plate::Plate;
use crate::panel::shape;
use crate::panel::signal::Reader;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::Signal;
use crate::scene::expr::Code;
use crate::scene::model::Env;

/// A band in device pixels.
#[derive(Clone, Debug)]
pub(super) struct Band {
    /// The variable's value, and the two sides there; none where one of them is not finite.
    edges: Vec<(f64, Option<[Point; 2]>)>,
}

impl Band {
    /// Samples both sides at one moment.
    pub(super) fn new(
        reader: &Reader<'_>,
        (signal, to): (&Signal, Option<&Code>),
        env: &Env<'_>,
        plate: &Plate,
    ) -> Result<Self, Diagnostic> {
        let mut bound = env.clone();
        let mut edges = Vec::new();
        for s in reader.samples(signal, env, plate)? {
            bound.rebind(signal.over, s.at).map_err(|error| reader.scene.model_error(&error))?;
            let base = to.map_or(Ok(0.0), |to| reader.real(to, &bound))?;
            let sides = [plate.point((s.x, s.y)), plate.point((s.x, plate.y.grounded(base)))];
            let finite = sides.iter().all(|side| side.x.is_finite() && side.y.is_finite());
            edges.push((s.at, finite.then_some(sides)));
        }
        Ok(Self { edges })
    }

    /// The polygons up to a value of the variable, or all of them.
    pub(super) fn shape(&self, upto: Option<f64>) -> Arc<Shape> {
        let descending = self.edges.first().map(|edge| edge.0) > self.edges.last().map(|edge| edge.0);
        let shown = self.edges.iter().filter(|(at, _)| match upto {
            Some(present) if descending => *at >= present,
            Some(present) => *at <= present,
            None => true,
        });
        let sides: Vec<Option<[Point; 2]>> = shown.map(|(_, sides)| *sides).collect();
        let mut band = Shape::default();
        for piece in sides.split(Option::is_none).filter(|piece| !piece.is_empty()) {
            let there = piece.iter().flatten().map(|sides| sides[0]);
            let back = piece.iter().rev().flatten().map(|sides| sides[1]);
            let polygon: Vec<Point> = there.chain(back).collect();
            band.outlines.extend(shape::polygon(&polygon).outlines.iter().cloned());
        }
        Arc::new(band)
    }
}
