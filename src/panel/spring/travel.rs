//! What a film does with the masses of a panel, and the ranges that hold it.

use super::dashpot;
use crate::panel::extent::DataExtent;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Orientation, Spring};
use crate::scene::model::Env;

/// Without a range: the spring's room beside the mass's way, as a part of that way.
const SPRING_ROOM: f64 = 0.6;
/// The mass's width that a range is fitted for, and what it leaves free beyond, as parts of the way.
const MASS: f64 = 0.2;
const AIR: f64 = 0.1;
/// Across the motion: the floor that a single mass slides on and some room above it; the same room on
/// either side of one that moves up and down; what a lane takes.
const ON_THE_FLOOR: [f64; 2] = [-0.5, 0.75];
const UPRIGHT: [f64; 2] = [-0.75, 0.75];
const LANE: [f64; 2] = [-0.5, 0.5];

/// Where masses and wall are in any frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Travel {
    masses: DataExtent,
    /// Of a wall that is given.
    walls: DataExtent,
    /// From such a wall to the masses at the same moment.
    apart: DataExtent,
    /// Which lanes have a dashpot in any frame.
    pub(super) damped: Vec<bool>,
}

/// Where the wall is at a moment, `low` being the end of the range at which it stands by default.
pub(super) fn wall(spring: &Spring, low: f64, env: &Env<'_>) -> f64 {
    spring.wall.as_ref().map_or(low, |wall| env.eval(wall).re)
}

impl Travel {
    /// That of a whole film.
    pub(super) fn measure(scene: &Scene, spring: &Spring) -> Result<Self, Diagnostic> {
        let mut travel = Self { damped: vec![false; spring.lanes.len()], ..Self::default() };
        for index in 0..scene.timeline.frames {
            let env = scene.env(index)?;
            // Not finite, and so not seen, where none is given.
            let wall = wall(spring, f64::NAN, &env);
            travel.walls.add(wall);
            for (lane, damped) in spring.lanes.iter().zip(&mut travel.damped) {
                let mass = env.eval(&lane.position).re;
                travel.masses.add(mass);
                travel.apart.add(mass - wall);
                *damped |= env.eval(&lane.dashpot).re != 0.0;
            }
        }
        Ok(travel)
    }

    /// The least and the greatest distance from the wall to the near side of a mass.
    pub(super) fn clearances(&self, low: f64, mass_size: f64) -> [f64; 2] {
        let bounds = self.apart.bounds().or(self.masses.bounds().map(|ends| ends.map(|end| end - low)));
        let [first, last] = bounds.unwrap_or_default();
        let half = mass_size / 2.0;
        if first + last < 0.0 { [-last - half, -first - half] } else { [first - half, last - half] }
    }

    /// A range along the motion that holds the masses everywhere and their springs beside them.
    fn along(&self, mass_size: Option<f64>) -> [f64; 2] {
        let [low, high] = self.masses.range();
        let length = (high - low).max(f64::MIN_POSITIVE);
        let half = mass_size.unwrap_or(length * MASS) / 2.0;
        let Some([first, last]) = self.walls.bounds() else {
            let damped = self.damped.contains(&true);
            let room = if damped { dashpot::ROOM } else { SPRING_ROOM };
            return [low - half - length * room, high + half + length * AIR];
        };
        [first.min(low - half - length * AIR), last.max(high + half + length * AIR)]
    }
}

/// The horizontal and the vertical range of a spring panel where neither is given.
pub(in crate::panel) fn ranges(scene: &Scene, spring: &Spring) -> Result<[[f64; 2]; 2], Diagnostic> {
    let along = Travel::measure(scene, spring)?.along(spring.mass_size);
    Ok(spring.orientation.turned([along, across(spring)]))
}

/// The range across the motion: all lanes.
fn across(spring: &Spring) -> [f64; 2] {
    let alone = spring.lanes.len() == 1;
    match spring.orientation {
        Orientation::Horizontal if alone => ON_THE_FLOOR,
        Orientation::Vertical if alone => UPRIGHT,
        Orientation::Horizontal | Orientation::Vertical => {
            let last = spring.center(spring.lanes.len() - 1);
            [last.min(0.0) + LANE[0], last.max(0.0) + LANE[1]]
        }
    }
}
