//! The spring panel: a wall, and in each lane a spring, a dashpot beside it where there is
//! damping, and the mass that both are connected to.
//!
//! Positions are along the motion, in the units of that axis, and across it, where lanes are 1 apart
//! ([`MotionAxes`]).

mod coil;
mod dashpot;
mod lane_names;
mod mass;
mod motion_axes;
mod travel;
mod view;
mod wall;

use std::sync::Arc;

use crate::geometry::{PixelRect, Point};
use crate::mark::{Cap, Mark, Pen, Polyline, Stroke};
use crate::panel::coil::Coil;
use crate::panel::device_style::DeviceStyle;
use crate::panel::placed_text::{OriginPath, PlacedText, TextRole};
use crate::panel::prepared_label::{PreparedLabel, TextStyle};
use crate::panel::viewport::Viewport;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Lane, Orientation, Panel, Spring};
use crate::scene::expr::{Code, to_real};
use crate::scene::model::Env;
use crate::scene::source::Origin;
use dashpot::Dashpot;
use mass::MassStyle;
use motion_axes::MotionAxes;
use travel::Travel;

/// The line width of wires and outlines, in CSS pixels.
const LINE_WIDTH: f64 = 1.0;
/// Half of the breadth of a spring or a dashpot.
const HALF_BREADTH: f64 = 0.13;
/// The largest half breadth of a spring and a dashpot beside each other, as a fraction of the mass's reach,
/// so that there is a gap between them.
const MAX_HALF_BREADTH: f64 = 1.0 / 3.0;
/// The distance of a spring and a dashpot beside each other from the lane's middle, as a fraction of the
/// mass's reach.
const SIDE_OFFSET: f64 = 0.5;

/// Paints the apparatus of a spring panel in every frame of a figure.
pub(super) struct SpringPainter<'s> {
    scene: &'s Scene,
    panel: &'s Panel,
    spring: &'s Spring,
    parts: PartPainter,
    /// The width of masses along the motion.
    mass_width: f64,
    /// The colors of each lane's mass.
    mass_styles: Vec<MassStyle>,
    /// For each lane, whether it has a dashpot in any frame.
    has_dashpot: Vec<bool>,
    /// The dashpot that fits the travel of all masses.
    dashpot: Dashpot,
    label: Option<PreparedLabel<'s>>,
}

/// Paints the single parts of an apparatus.
struct PartPainter {
    axes: MotionAxes,
    pen: Arc<Pen>,
    canvas: PixelRect,
    /// Device pixels per CSS pixel.
    scale: f64,
    /// Whether the wall has the same position in all frames.
    is_wall_static: bool,
}

/// The positions in one lane, in one frame.
#[derive(Clone, Copy)]
struct LanePosition {
    /// The lane's middle, across the motion.
    center: f64,
    /// The wall, along the motion.
    wall: f64,
    /// The middle of the mass, along the motion.
    mass: f64,
}

/// The place of a spring or a dashpot between the wall and a mass, in one frame.
#[derive(Clone, Copy)]
struct Connection {
    /// The wall, along the motion.
    wall: f64,
    /// The near side of the mass, along the motion.
    end: f64,
    /// The middle of the part, across the motion.
    level: f64,
    /// Half of the part's breadth, across the motion.
    half_breadth: f64,
}

impl<'s> SpringPainter<'s> {
    /// Prepares the apparatus of a panel.
    ///
    /// # Errors
    /// The label of masses cannot be typeset.
    pub(super) fn new(
        panel: &'s Panel,
        spring: &'s Spring,
        viewport: Viewport,
        canvas: PixelRect,
        text_style: &TextStyle<'s>,
    ) -> Result<Self, Diagnostic> {
        let TextStyle { scene, scale, ref theme } = *text_style;
        let axes = MotionAxes::new(&viewport, spring.orientation);
        let pen = Pen { color: theme.ink, width: LINE_WIDTH * scale, dash: Vec::new(), cap: Cap::Round };
        let film_variable = scene.timeline.variable;
        let is_wall_static = spring.wall.as_ref().is_none_or(|wall| !wall.depends_on(film_variable));
        let mass_width = mass::width(spring, axes.along.range);
        let travel = Travel::measure(scene, spring)?;
        Ok(Self {
            scene,
            panel,
            spring,
            mass_width,
            mass_styles: spring.lanes.iter().map(|lane| MassStyle::new(lane.color, theme)).collect(),
            dashpot: Dashpot::fit(travel.clearances(axes.along.range[0], mass_width)),
            has_dashpot: travel.has_dashpot,
            parts: PartPainter { axes, pen: Arc::new(pen), canvas, scale, is_wall_static },
            label: spring.mass_label.as_ref().map(|label| text_style.prepare(label)).transpose()?,
        })
    }

    /// Evaluates the position of a part; `origin` is where the scene gives it.
    fn position(&self, part: &str, code: &Code, origin: Origin, env: &Env<'_>) -> Result<f64, Diagnostic> {
        to_real(self.scene.value(code, env, origin)?).map_err(|not_real| {
            Diagnostic::new(format!("the {part} of panel `{}` has no real position", self.panel.name))
                .at(origin)
                .label(not_real.to_string())
                .help("write re(…), im(…) or abs(…)")
        })
    }

    fn wall_position(&self, env: &Env<'_>) -> Result<f64, Diagnostic> {
        match &self.spring.wall {
            Some(wall) => self.position("wall", wall, self.panel.origin, env),
            None => Ok(self.parts.axes.along.range[0]),
        }
    }

    fn mass_position(&self, lane: &Lane, env: &Env<'_>) -> Result<f64, Diagnostic> {
        self.position("mass", &lane.position, lane.origin, env)
    }

    /// Appends the wall, and each lane's spring, dashpot and mass in one frame. The number of marks is the
    /// same in all frames.
    ///
    /// # Errors
    /// A position is complex.
    pub(super) fn marks(&self, env: &Env<'s>, marks: &mut Vec<Mark>) -> Result<(), Diagnostic> {
        let wall = self.wall_position(env)?;
        let lanes = self.spring.lanes.iter();
        let masses = lanes.map(|lane| self.mass_position(lane, env)).collect::<Result<Vec<_>, _>>()?;
        let first = marks.len();
        marks.extend(self.parts.wall(wall, &masses));
        for (lane, &mass) in masses.iter().enumerate() {
            let first = marks.len();
            let position = LanePosition { center: self.spring.center(lane), wall, mass };
            self.lane(lane, position, env, marks)?;
            if !mass.is_finite() {
                marks[first..].fill(Mark::Nothing);
            }
        }
        if !wall.is_finite() {
            marks[first..].fill(Mark::Nothing);
        }
        Ok(())
    }

    /// Appends a spring, a dashpot if the lane has one in any frame, and a mass.
    fn lane(
        &self,
        lane: usize,
        position: LanePosition,
        env: &Env<'s>,
        marks: &mut Vec<Mark>,
    ) -> Result<(), Diagnostic> {
        let LanePosition { center, wall, mass } = position;
        let reach = self.spring.reach;
        // The spring is above the dashpot, or left of it.
        let side = match self.spring.orientation {
            Orientation::Horizontal => SIDE_OFFSET * reach,
            Orientation::Vertical => -SIDE_OFFSET * reach,
        };
        let direction = if mass < wall { -1.0 } else { 1.0 };
        let end = mass - direction * self.mass_width / 2.0;
        // The spring is beside the dashpot's place even in frames without damping, so that it does not jump.
        let has_dashpot = self.has_dashpot[lane];
        let (level, half_breadth) = if has_dashpot {
            (center + side, HALF_BREADTH.min(MAX_HALF_BREADTH * reach))
        } else {
            (center, HALF_BREADTH)
        };
        let is_snapped = has_dashpot || self.spring.lanes.len() > 1;
        let coil = Coil { windings: self.spring.coils, shape: self.spring.shape };
        marks.push(self.parts.coil(coil, is_snapped, Connection { wall, end, level, half_breadth }));
        if has_dashpot {
            let Lane { dashpot, origin, .. } = &self.spring.lanes[lane];
            let is_shown = self.scene.value(dashpot, env, *origin)?.re != 0.0;
            let connection = Connection { wall, end, level: center - side, half_breadth };
            let dashpot = self.parts.dashpot(&self.dashpot, connection);
            marks.extend(if is_shown { dashpot } else { [Mark::Nothing, Mark::Nothing] });
        }
        self.mass(self.mass_styles[lane], position, env, marks)
    }

    /// The labels of all masses, without positions in any frame; empty if masses have no label.
    pub(super) fn unplaced_mass_labels(&self) -> Vec<PlacedText<'s>> {
        let Some(label) = &self.label else { return Vec::new() };
        let text = PlacedText {
            panel: self.panel,
            role: TextRole::MassLabel,
            text: label.label().template.source().to_owned(),
            source: label.label().origin,
            text_box: label.text_box(),
            origins: OriginPath::Moving(Vec::new()),
        };
        vec![text; self.spring.lanes.len()]
    }

    /// The origins of all mass labels in one frame, `None` for a mass that the frame does not show; empty if
    /// masses have no label.
    ///
    /// # Errors
    /// A position is complex.
    pub(super) fn mass_label_origins(&self, env: &Env<'s>) -> Result<Vec<Option<Point>>, Diagnostic> {
        let Some(label) = &self.label else { return Ok(Vec::new()) };
        let wall = self.wall_position(env)?;
        let lanes = self.spring.lanes.iter().enumerate();
        lanes
            .map(|(index, lane)| {
                let mass = self.mass_position(lane, env)?;
                let position = LanePosition { center: self.spring.center(index), wall, mass };
                let is_shown = mass.is_finite() && wall.is_finite();
                Ok(is_shown.then(|| self.label_origin(label, position)))
            })
            .collect()
    }
}

/// A wall at x = `at`, hatched on the side away from `inside`.
pub(super) fn wall(
    viewport: &Viewport,
    style: &DeviceStyle,
    canvas: PixelRect,
    scale: f64,
    [at, inside]: [f64; 2],
) -> [Mark; 2] {
    let axes = MotionAxes::new(viewport, Orientation::Horizontal);
    let pen = Pen { color: style.color, width: LINE_WIDTH * scale, dash: Vec::new(), cap: Cap::Round };
    PartPainter { axes, pen: Arc::new(pen), canvas, scale, is_wall_static: true }.wall(at, &[inside])
}

impl PartPainter {
    /// A stroke of several polylines.
    fn stroke(&self, polylines: impl IntoIterator<Item = Vec<Point>>, pen: Arc<Pen>) -> Mark {
        let mut path = Polyline::default();
        for points in polylines {
            path.subpath_starts.push(path.points.len());
            path.points.extend(points);
        }
        let visible_points = path.points.len();
        Mark::Stroke(Stroke { path: Arc::new(path), visible_points, pen, clip: self.canvas })
    }
}
