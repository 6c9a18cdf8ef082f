//! Numbers of poles and zeros that stay with them while a param moves.
//!
//! A solved system knows its own poles alone, and no order of complex numbers is continuous: a pole that overtakes another
//! one would change its number. So the numbers belong to a path of params. They are those of the system at the start of
//! the path, and each pole is followed from there. On a path one param after the other moves. So all values of a param lie on
//! one [`Ray`], along which poles are followed once for all of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use num_complex::Complex64;

use super::{At, Component, Schema, Slot, System, SystemError};
use crate::solver::tracking::Ray;

/// A param with a value.
pub(crate) type ParamValue = (u32, f64);

/// A part of a path, on which one param moves and the others keep their values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg {
    /// The param.
    pub(crate) param: u32,
    /// Its value at the start.
    pub(crate) start: f64,
    /// Its value at the end.
    pub(crate) end: f64,
}

/// A path of params from their defined values to others.
pub(crate) struct ParamPath {
    /// Its parts in order.
    pub(crate) legs: Vec<Leg>,
    /// The system while some params have other values than the defined ones; `None` where it has no solution.
    pub(crate) system: SolutionFn,
}

type SolutionFn = Box<dyn Fn(&[ParamValue]) -> Option<Arc<dyn System>> + Send + Sync>;

/// Finds a path; `None` if there is none.
pub(crate) type PathFn = Box<dyn Fn() -> Option<ParamPath> + Send + Sync>;

/// The poles of a system along the paths so far.
#[derive(Debug, Default)]
pub(crate) struct Rays(Mutex<HashMap<RayKey, Arc<Mutex<Ray>>>>);

/// The most rays that are remembered.
const MAX_RAYS: usize = 256;

/// What tells rays apart.
#[derive(Debug, PartialEq, Eq, Hash)]
struct RayKey {
    slot: Slot,
    /// The params that moved before, and the bits of their values.
    before: Vec<(u32, u64)>,
    param: u32,
    is_upward: bool,
}

/// A system whose poles have the numbers of those at the start of a path that they come from.
struct Numbered {
    system: Arc<dyn System>,
    path_fn: PathFn,
    path: OnceLock<Option<ParamPath>>,
    rays: Arc<Rays>,
    /// For each member, the index in the system of each component; `None` where the system's own order stays.
    orders: Vec<OnceLock<Option<Vec<usize>>>>,
}

/// The system at the end of a path, with poles and zeros numbered as at its start. The path is followed when a pole is asked
/// for. `rays` are those of all solutions of the system.
pub(crate) fn numbered_along(path_fn: PathFn, rays: &Arc<Rays>, system: Arc<dyn System>) -> Arc<dyn System> {
    let members = &system.schema().members;
    if members.iter().all(|member| member.numbered_by.is_none()) {
        return system;
    }
    let orders = members.iter().map(|_| OnceLock::new()).collect();
    Arc::new(Numbered { system, path_fn, path: OnceLock::new(), rays: Arc::clone(rays), orders })
}

impl Numbered {
    /// The indices of the points of a member in the order of the start of the path.
    fn order(&self, slot: Slot) -> Option<&[usize]> {
        let order = self.orders[usize::from(slot.0)].get_or_init(|| self.follow(slot));
        order.as_deref()
    }

    fn follow(&self, slot: Slot) -> Option<Vec<usize>> {
        let own = points(&*self.system, slot).filter(|own| own.len() > 1)?;
        let path = self.path.get_or_init(|| (self.path_fn)()).as_ref()?;
        let end = self.rays.points_after(path, path.legs.len(), slot, Some(&own))?;
        let mut left: Vec<Option<Complex64>> = own.into_iter().map(Some).collect();
        let take = |point: Complex64| {
            let found = left.iter().position(|other| other.is_some_and(|other| is_same(other, point)))?;
            left[found] = None;
            Some(found)
        };
        end.into_iter().map(take).collect()
    }
}

impl Rays {
    /// The points of a member after the first `count` legs of a path, in the order of its start. `own` are the points there in
    /// any order, if they are known.
    fn points_after(
        &self,
        path: &ParamPath,
        count: usize,
        slot: Slot,
        own: Option<&[Complex64]>,
    ) -> Option<Vec<Complex64>> {
        let Some((leg, before)) = path.legs[..count].split_last() else {
            return points(&*(path.system)(&[])?, slot);
        };
        let mut values: Vec<ParamValue> = before.iter().map(|leg| (leg.param, leg.end)).collect();
        let is_upward = leg.end > leg.start;
        let key = RayKey {
            slot,
            before: values.iter().map(|(param, value)| (*param, value.to_bits())).collect(),
            param: leg.param,
            is_upward,
        };
        let ray = if let Some(ray) = self.get(&key) {
            ray
        } else {
            let start = self.points_after(path, count - 1, slot, None)?;
            self.insert(key, Ray::new(leg.start, start))
        };
        values.push((leg.param, leg.end));
        let end = (leg.end - leg.start).abs();
        let at = |distance: f64| {
            let mut values = values.clone();
            if distance == end {
                // The value at the end has the bits of the end.
                if let Some(own) = own {
                    return Some(own.to_vec());
                }
            } else {
                let moved = if is_upward { leg.start + distance } else { leg.start - distance };
                values[count - 1] = (leg.param, moved);
            }
            points(&*(path.system)(&values)?, slot)
        };
        // The lock is held while poles are followed, so that no two threads follow the same ones.
        let mut ray = ray.lock().unwrap_or_else(PoisonError::into_inner);
        ray.roots_at(end, at)
    }

    fn get(&self, key: &RayKey) -> Option<Arc<Mutex<Ray>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).map(Arc::clone)
    }

    /// Remembers a ray, unless another thread did so.
    fn insert(&self, key: RayKey, ray: Ray) -> Arc<Mutex<Ray>> {
        let mut rays = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rays.len() >= MAX_RAYS {
            rays.clear();
        }
        Arc::clone(rays.entry(key).or_insert_with(|| Arc::new(Mutex::new(ray))))
    }
}

/// Whether two numbers have equal bits.
fn is_same(left: Complex64, right: Complex64) -> bool {
    (left.re.to_bits(), left.im.to_bits()) == (right.re.to_bits(), right.im.to_bits())
}

/// All components of a member that is a vector; `None` if one of them is an error or not finite.
fn points(system: &dyn System, slot: Slot) -> Option<Vec<Complex64>> {
    let schema = system.schema();
    let axis = schema.member(slot).shape.axes().first().copied()?;
    let indices = (axis.first..).take(axis.length?);
    let value = |index| system.value(Component { slot, index: [index, 0] }, At::time(0.0)).ok();
    indices.map(|index| value(index).filter(|point| point.is_finite())).collect()
}

impl System for Numbered {
    fn schema(&self) -> &Schema {
        self.system.schema()
    }

    fn value(&self, mut component: Component, at: At) -> Result<Complex64, SystemError> {
        let schema = self.system.schema();
        let points = schema.member(component.slot).numbered_by.and_then(|points| schema.find(points));
        if let Some(order) = points.and_then(|(slot, _)| self.order(slot))
            && let Some(index) = order.get(component.index[0] as usize)
        {
            component.index[0] = *index as i64;
        }
        self.system.value(component, at)
    }

    fn cost(&self, component: Component) -> u64 {
        self.system.cost(component)
    }

    fn bounds(&self, component: Component, from: f64, to: f64) -> Option<[[f64; 2]; 3]> {
        self.system.bounds(component, from, to)
    }

    fn sample_times(&self, span: [f64; 2]) -> Result<Option<Vec<f64>>, SystemError> {
        self.system.sample_times(span)
    }

    fn sample(
        &self,
        component: Component,
        times: &[f64],
        values: &mut [Complex64],
    ) -> Result<(), SystemError> {
        self.system.sample(component, times, values)
    }
}

impl fmt::Debug for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.system.fmt(f)
    }
}
