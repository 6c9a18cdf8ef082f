//! The spring panel: a wall, and in each lane the zigzag that textbooks draw for a spring, a dashpot
//! beside it where there is damping, and the mass that they carry.
//!
//! All of it is drawn on [`MotionAxes`], along the motion and across it, whichever way the panel is turned.
//! Along the motion, lengths are those of the axis; across it lanes lie 1 apart.

mod coil;
mod dashpot;
mod lane_names;
mod mass;
mod motion_axes;
mod travel;
mod wall;

use std::sync::Arc;

use crate::geometry::{PixelRect, Point};
use crate::mark::{Cap, Mark, Pen, Polyline, Stroke};
use crate::panel::prepared_label::{PreparedLabel, TextStyle};
use crate::panel::viewport::Viewport;
use crate::raster::Rgba;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Lane, Orientation, Panel, Spring};
use crate::scene::expr::{Code, to_real};
use crate::scene::model::Env;
use crate::scene::source::Origin;
use coil::Coil;
use dashpot::Dashpot;
use motion_axes::MotionAxes;
use travel::Travel;

pub(super) use lane_names::{name_lanes, side_labels};
pub(super) use travel::ranges;
pub(super) use wall::hatch_margins;

/// The thickness of wires and outlines, in CSS pixels.
const WIRE: f64 = 1.0;
/// Half of the breadth of a spring and of a dashpot, but beside each other at most a part of the mass's
/// reach, so that paper is seen between them.
const BREADTH: f64 = 0.13;
const BREADTH_BESIDE: f64 = 1.0 / 3.0;
/// How far they then lie off the line of motion, in reaches of the mass.
const SIDE_OFFSET: f64 = 0.5;

/// A spring panel made ready for a figure.
pub(super) struct SpringPainter<'s> {
    panel: &'s Panel,
    spring: &'s Spring,
    parts: PartPainter,
    mass_size: f64,
    /// How masses look, lane by lane.
    mass_styles: Vec<mass::MassStyle>,
    /// In which lanes there is a dashpot at any time of the film.
    damped: Vec<bool>,
    /// One that fits the way of all masses.
    dashpot: Dashpot,
    label: Option<PreparedLabel<'s>>,
}

/// What all parts are drawn with.
struct PartPainter {
    axes: MotionAxes,
    pen: Arc<Pen>,
    canvas: PixelRect,
    scale: f64,
    /// Whether the wall is at the same place in all frames.
    is_wall_static: bool,
}

/// One mass at a moment: its lane's middle across the motion, the wall and itself along it.
#[derive(Clone, Copy)]
struct LanePosition {
    center: f64,
    wall: f64,
    mass: f64,
}

impl<'s> SpringPainter<'s> {
    /// Prepares the panel's own parts.
    pub(super) fn new(
        (panel, spring): (&'s Panel, &'s Spring),
        viewport: Viewport,
        canvas: PixelRect,
        text_style: &TextStyle<'s>,
    ) -> Result<Self, Diagnostic> {
        let TextStyle { scene, scale, ref theme } = *text_style;
        let axes = MotionAxes::new(&viewport, spring.orientation);
        let pen = Pen { color: theme.ink, width: WIRE * scale, dash: Vec::new(), cap: Cap::Round };
        let film = scene.timeline.variable;
        let is_wall_static = spring.wall.as_ref().is_none_or(|wall| !wall.depends_on(film));
        let mass_size = mass::size(spring, axes.along.range);
        let travel = Travel::measure(scene, spring)?;
        Ok(Self {
            panel,
            spring,
            mass_size,
            mass_styles: spring.lanes.iter().map(|lane| mass::MassStyle::new(lane.color, theme)).collect(),
            dashpot: Dashpot::fit(travel.clearances(axes.along.range[0], mass_size)),
            damped: travel.damped,
            parts: PartPainter { axes, pen: Arc::new(pen), canvas, scale, is_wall_static },
            label: spring.mass_label.as_ref().map(|label| text_style.prepare(label)).transpose()?,
        })
    }

    /// Where a part is; `origin` is where that is written.
    fn real(&self, part: &str, code: &Code, origin: Origin, env: &Env<'_>) -> Result<f64, Diagnostic> {
        to_real(env.eval(code)).map_err(|not_real| {
            Diagnostic::new(format!("the {part} of panel `{}` has no real position", self.panel.name))
                .at(origin)
                .label(not_real.to_string())
                .help("write re(…), im(…) or abs(…)")
        })
    }

    fn wall_at(&self, env: &Env<'_>) -> Result<f64, Diagnostic> {
        match &self.spring.wall {
            Some(wall) => self.real("wall", wall, self.panel.origin, env),
            None => Ok(self.parts.axes.along.range[0]),
        }
    }

    fn mass_at(&self, lane: &Lane, env: &Env<'_>) -> Result<f64, Diagnostic> {
        self.real("mass", &lane.position, lane.origin, env)
    }

    /// The wall, and each lane's spring, dashpot and mass at a moment; always the same number of marks.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let wall = self.wall_at(env)?;
        let lanes = self.spring.lanes.iter();
        let masses = lanes.map(|lane| self.mass_at(lane, env)).collect::<Result<Vec<_>, _>>()?;
        let first = marks.len();
        marks.extend(self.parts.wall(wall, &masses));
        for (lane, &mass) in masses.iter().enumerate() {
            let before = marks.len();
            self.lane(lane, LanePosition { center: self.spring.center(lane), wall, mass }, env, marks)?;
            if !mass.is_finite() {
                marks[before..].fill(Mark::Nothing);
            }
        }
        if !wall.is_finite() {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }

    /// A spring, a dashpot if the lane ever has one, and a mass. The spring is at its side of the line
    /// of motion even while there is nothing to damp, so that it does not jump.
    fn lane(
        &self,
        lane: usize,
        place: LanePosition,
        env: &Env<'s>,
        marks: &mut Vec<Mark>,
    ) -> Result<(), Diagnostic> {
        let reach = self.spring.reach;
        // The spring is above the dashpot, or left of it.
        let side = match self.spring.orientation {
            Orientation::Horizontal => SIDE_OFFSET * reach,
            Orientation::Vertical => -SIDE_OFFSET * reach,
        };
        let forth = if place.mass < place.wall { -1.0 } else { 1.0 };
        let ends = [place.wall, place.mass - forth * self.mass_size / 2.0];
        let damped = self.damped[lane];
        let (level, amplitude) = if damped {
            (place.center + side, BREADTH.min(BREADTH_BESIDE * reach))
        } else {
            (place.center, BREADTH)
        };
        let crisp = damped || self.spring.lanes.len() > 1;
        let coil = Coil { windings: self.spring.coils, amplitude, crisp };
        marks.push(self.parts.coil(coil, ends, level));
        if damped {
            let drawn = env.eval(&self.spring.lanes[lane].dashpot).re != 0.0;
            let parts = self.parts.dashpot(&self.dashpot, ends, [place.center - side, amplitude]);
            marks.extend(if drawn { parts } else { [Mark::Nothing, Mark::Nothing] });
        }
        self.mass(self.mass_styles[lane], place, env, marks)
    }

    /// The label that every mass bears, if there is one.
    pub(super) fn label(&self) -> Option<&PreparedLabel<'s>> {
        self.label.as_ref()
    }

    /// How many masses there are.
    pub(super) fn lanes(&self) -> usize {
        self.spring.lanes.len()
    }

    /// Where the origin of a lane's mass label lies at a moment; none where the mass is nowhere.
    pub(super) fn label_at(
        &self,
        text: &PreparedLabel<'s>,
        lane: usize,
        env: &Env<'s>,
    ) -> Result<Option<Point>, Diagnostic> {
        let (wall, mass) = (self.wall_at(env)?, self.mass_at(&self.spring.lanes[lane], env)?);
        let place = LanePosition { center: self.spring.center(lane), wall, mass };
        Ok((mass.is_finite() && wall.is_finite()).then(|| self.label_origin(text, place)))
    }
}

impl PartPainter {
    /// A line in pieces, each through some points.
    fn stroke(&self, pieces: impl IntoIterator<Item = Vec<Point>>, pen: Arc<Pen>) -> Mark {
        let mut path = Polyline::default();
        for piece in pieces {
            path.subpath_starts.push(path.points.len());
            path.points.extend(piece);
        }
        Mark::Stroke(Stroke {
            visible_points: path.points.len(),
            path: Arc::new(path),
            pen,
            clip: self.canvas,
        })
    }

    /// What everything is drawn in that is not a mass.
    fn ink(&self) -> Rgba {
        self.pen.color
    }
}
