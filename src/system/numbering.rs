//! Numbers of poles and zeros that stay with them while a param moves.
//!
//! A solved system knows its own poles alone, and no order of complex numbers is continuous: a pole that overtakes another
//! one would change its number. So the numbers belong to a path of params. They are those of the system at the start of
//! the path, and each pole is followed from there.

use std::fmt;
use std::sync::{Arc, OnceLock};

use num_complex::Complex64;

use super::{At, Component, Schema, Slot, System, SystemError};
use crate::solver::tracking::follow;

/// The system at a part of a path of params, from 0 at its start to 1 at its end; `None` where it has no solution.
pub(crate) type PathFn = Arc<dyn Fn(f64) -> Option<Arc<dyn System>> + Send + Sync>;

/// A system whose poles have the numbers of those at the start of a path that they come from.
struct Numbered {
    system: Arc<dyn System>,
    path: PathFn,
    /// For each member, the index in the system of each component; `None` where the system's own order stays.
    orders: Vec<OnceLock<Option<Vec<usize>>>>,
}

/// The system at the end of a path, with poles and zeros numbered as at its start. The path is followed when a pole is asked
/// for.
pub(crate) fn numbered_along(path: PathFn, system: Arc<dyn System>) -> Arc<dyn System> {
    let members = &system.schema().members;
    if members.iter().all(|member| member.numbered_by.is_none()) {
        return system;
    }
    let orders = members.iter().map(|_| OnceLock::new()).collect();
    Arc::new(Numbered { system, path, orders })
}

impl Numbered {
    /// The indices of the points of a member in the order of the start of the path.
    fn order(&self, slot: Slot) -> Option<&[usize]> {
        let order = self.orders[usize::from(slot.0)].get_or_init(|| self.follow(slot));
        order.as_deref()
    }

    fn follow(&self, slot: Slot) -> Option<Vec<usize>> {
        let start = points(&*(self.path)(0.0)?, slot)?;
        let at = |share: f64| (self.path)(share).and_then(|system| points(&*system, slot)).ok_or(());
        let mut left: Vec<Option<Complex64>> = points(&*self.system, slot)?.into_iter().map(Some).collect();
        let end = follow(&start, at).ok()?;
        let take = |point: Complex64| {
            let found = left.iter().position(|other| other.is_some_and(|other| is_same(other, point)))?;
            left[found] = None;
            Some(found)
        };
        end.into_iter().map(take).collect()
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
