//! The masses and springs of a chain.

use std::fmt;

use super::Ends;

/// The largest number of masses.
pub const MAX_COUNT: usize = 1000;

/// The largest number of masses of a ring whose masses or springs differ.
pub const MAX_UNEQUAL_RING: usize = 512;

/// The largest number of masses whose modes are coupled by damping.
pub const MAX_COUPLED: usize = 100;

/// Masses, stiffnesses and dampings lie between these, so that products of a few of them are numbers. Stiffnesses and
/// dampings may be 0.
const LARGEST: f64 = 1e30;
const SMALLEST: f64 = 1e-30;

/// A chain and its motion at t = 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// The ends.
    pub ends: Ends,
    /// The masses from left to right.
    pub masses: Vec<f64>,
    /// The stiffness of each spring, in the order of [`Ends::springs`].
    pub stiffnesses: Vec<f64>,
    /// The damping coefficient of the damper beside each spring.
    pub dampings: Vec<f64>,
    /// The displacement of each mass at t = 0.
    pub x0: Vec<f64>,
    /// The velocity of each mass at t = 0.
    pub v0: Vec<f64>,
}

/// The reason why there is no such chain.
#[derive(Clone, Debug, PartialEq)]
pub enum ChainError {
    /// The number of masses is 0 or too large.
    Count(usize),
    /// A list has another length than it needs.
    Length {
        /// The name of the list, as a scene has it.
        list: &'static str,
        /// The length that it needs.
        needed: usize,
    },
    /// A number is out of range.
    Range {
        /// The name of the list, as a scene has it.
        list: &'static str,
        /// The number of the mass or of the spring.
        index: usize,
        /// The number.
        value: f64,
    },
    /// A ring of unequal masses or springs is too large.
    UnequalRing(usize),
    /// The eigensolver does not converge.
    NotConverged,
    /// The modes of so many masses are coupled by damping.
    Coupled(usize),
}

impl Parameters {
    /// Checks lengths and ranges.
    pub(super) fn check(&self) -> Result<(), ChainError> {
        let count = self.masses.len();
        if !(1..=MAX_COUNT).contains(&count) {
            return Err(ChainError::Count(count));
        }
        let springs = self.ends.springs(count).len();
        let lists = [
            ("stiffness", &self.stiffnesses, springs),
            ("damping", &self.dampings, springs),
            ("x0", &self.x0, count),
            ("v0", &self.v0, count),
        ];
        if let Some((list, _, needed)) = lists.iter().find(|(_, list, needed)| list.len() != *needed) {
            return Err(ChainError::Length { list, needed: *needed });
        }
        let first_spring = self.ends.springs(count).start;
        let is_size = |value: f64| (SMALLEST..=LARGEST).contains(&value);
        check_range("mass", &self.masses, 0, is_size)?;
        check_range("stiffness", &self.stiffnesses, first_spring, |value| value == 0.0 || is_size(value))?;
        check_range("damping", &self.dampings, first_spring, |value| value == 0.0 || is_size(value))?;
        check_range("x0", &self.x0, 0, f64::is_finite)?;
        check_range("v0", &self.v0, 0, f64::is_finite)
    }

    /// The springs: the masses on both sides, and the index into the lists.
    pub(super) fn springs(&self) -> impl Iterator<Item = ([Option<usize>; 2], usize)> {
        let count = self.masses.len();
        let ends = self.ends;
        ends.springs(count).enumerate().map(move |(at, spring)| (ends.joined(spring, count), at))
    }

    /// The total mass.
    pub(super) fn total_mass(&self) -> f64 {
        self.masses.iter().sum()
    }
}

/// Checks that each number of a list is in range. `first` is the number of the first one.
fn check_range(
    list: &'static str,
    values: &[f64],
    first: usize,
    is_valid: impl Fn(f64) -> bool,
) -> Result<(), ChainError> {
    match values.iter().position(|value| !is_valid(*value)) {
        Some(at) => Err(ChainError::Range { list, index: first + at, value: values[at] }),
        None => Ok(()),
    }
}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "a chain has 1 to {MAX_COUNT} masses, this one has {count}"),
            Self::Length { list, needed } => write!(f, "`{list}` needs {needed} numbers"),
            Self::Range { list, index, value } => {
                let range = match *list {
                    "mass" => format!("between {SMALLEST:e} and {LARGEST:e}"),
                    "stiffness" | "damping" => format!("0, or between {SMALLEST:e} and {LARGEST:e}"),
                    _ => "a finite number".to_owned(),
                };
                write!(f, "`{list}` must be {range}, it is {value} at i = {index}")
            }
            Self::UnequalRing(count) => write!(
                f,
                "a ring of unequal masses or springs has at most {MAX_UNEQUAL_RING} masses, this one has {count}"
            ),
            Self::NotConverged => f.write_str("the modes of the ring are not found"),
            Self::Coupled(count) => write!(
                f,
                "a chain whose `damping` is not proportional to `stiffness` has at most {MAX_COUPLED} masses, this one \
                 has {count}"
            ),
        }
    }
}

impl std::error::Error for ChainError {}
