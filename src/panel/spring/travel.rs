//! The travel of a panel's masses over the film, and the ranges that hold it.

use super::dashpot;
use crate::panel::extent::DataExtent;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::element::{Orientation, Spring};
use crate::scene::model::Env;

/// The space for springs without dashpots in a fitted range, as a fraction of the masses' travel.
const SPRING_SPACE: f64 = 0.6;
/// The width of masses for which a range is fitted, as a fraction of their travel.
const MASS_WIDTH: f64 = 0.2;
/// The margin at the ends of a fitted range, as a fraction of the masses' travel.
const MARGIN: f64 = 0.1;
/// The range across the motion of a single mass that moves horizontally: from the floor to some space above.
const HORIZONTAL_RANGE: [f64; 2] = [-0.5, 0.75];
/// The range across the motion of a single mass that moves vertically.
const VERTICAL_RANGE: [f64; 2] = [-0.75, 0.75];
/// The range that each of several lanes takes, around its middle.
const LANE_RANGE: [f64; 2] = [-0.5, 0.5];

/// The extents of the masses' and the wall's positions over all frames.
#[derive(Clone, Debug, Default)]
pub(super) struct Travel {
    masses: DataExtent,
    /// The positions of the wall, if the scene gives one.
    walls: DataExtent,
    /// The positions of masses relative to such a wall in the same frame.
    from_wall: DataExtent,
    /// For each lane, whether it has a dashpot in any frame.
    pub(super) has_dashpot: Vec<bool>,
}

/// The position of the wall in one frame; by default it is at `low`, the low end of the range.
///
/// # Errors
/// The position cannot be evaluated.
pub(super) fn wall_position(
    scene: &Scene,
    spring: &Spring,
    low: f64,
    env: &Env<'_>,
) -> Result<f64, Diagnostic> {
    let Some(wall) = &spring.wall else { return Ok(low) };
    let origin = spring.lanes[0].origin;
    Ok(scene.value(wall, env, origin)?.re)
}

impl Travel {
    /// Measures the travel over a whole film.
    pub(super) fn measure(scene: &Scene, spring: &Spring) -> Result<Self, Diagnostic> {
        let mut travel = Self { has_dashpot: vec![false; spring.lanes.len()], ..Self::default() };
        for index in 0..scene.timeline.frames {
            let env = scene.env(index)?;
            // NaN, which extents ignore, if the scene gives no wall.
            let wall = wall_position(scene, spring, f64::NAN, &env)?;
            travel.walls.add(wall);
            if let Some(unstretched) = &spring.unstretched {
                travel.masses.add(scene.value(unstretched, &env, spring.lanes[0].origin)?.re);
            }
            for (lane, has_dashpot) in spring.lanes.iter().zip(&mut travel.has_dashpot) {
                let mass = scene.value(&lane.position, &env, lane.origin)?.re;
                travel.masses.add(mass);
                travel.from_wall.add(mass - wall);
                *has_dashpot |= scene.value(&lane.dashpot, &env, lane.origin)?.re != 0.0;
            }
        }
        Ok(travel)
    }

    /// The least and the largest distance between the wall and the near side of a mass. The wall is at `low`
    /// unless the scene gives its position.
    pub(super) fn clearances(&self, low: f64, mass_width: f64) -> [f64; 2] {
        let from_low = self.masses.bounds().map(|ends| ends.map(|end| end - low));
        let [first, last] = self.from_wall.bounds().or(from_low).unwrap_or_default();
        let half = mass_width / 2.0;
        if first + last < 0.0 { [-last - half, -first - half] } else { [first - half, last - half] }
    }

    /// The range along the motion that holds the masses in all frames, with their springs beside them.
    fn range_along(&self, mass_width: Option<f64>) -> [f64; 2] {
        let [low, high] = self.masses.range();
        let length = (high - low).max(f64::MIN_POSITIVE);
        let half = mass_width.unwrap_or(length * MASS_WIDTH) / 2.0;
        let Some([first, last]) = self.walls.bounds() else {
            let has_dashpots = self.has_dashpot.contains(&true);
            let space = if has_dashpots { dashpot::FITTED_SPACE } else { SPRING_SPACE };
            return [low - half - length * space, high + half + length * MARGIN];
        };
        [first.min(low - half - length * MARGIN), last.max(high + half + length * MARGIN)]
    }
}

/// The x and the y range of a spring panel where neither is given.
///
/// # Errors
/// A frame's variables cannot be evaluated.
pub(super) fn fitted_ranges(scene: &Scene, spring: &Spring) -> Result<[[f64; 2]; 2], Diagnostic> {
    let along = Travel::measure(scene, spring)?.range_along(spring.mass_size);
    Ok(spring.orientation.swap_if_vertical([along, range_across(spring)]))
}

/// The range across the motion, which holds all lanes.
fn range_across(spring: &Spring) -> [f64; 2] {
    let is_single = spring.lanes.len() == 1;
    match spring.orientation {
        Orientation::Horizontal if is_single => HORIZONTAL_RANGE,
        Orientation::Vertical if is_single => VERTICAL_RANGE,
        Orientation::Horizontal | Orientation::Vertical => {
            let last = spring.center(spring.lanes.len() - 1);
            [last.min(0.0) + LANE_RANGE[0], last.max(0.0) + LANE_RANGE[1]]
        }
    }
}
