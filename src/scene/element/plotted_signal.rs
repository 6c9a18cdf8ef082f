//! Signals of elements: their values, where these lie in a panel, and where a curve of them is sampled.

use super::{Code, StyleSignal, Variable};
use crate::scene::expr::SystemId;

/// A signal of an element. A plot shows it over a variable or over `x`, a plane at its real and imaginary part.
#[derive(Clone, Debug)]
pub struct PlottedSignal {
    /// The value.
    pub value: Code,
    /// The horizontal coordinate in a plot, if it is not the variable.
    pub x: Option<Code>,
    /// Whether a plot shows the value along the x axis, and the variable or `x` along the y axis.
    pub is_horizontal: bool,
    /// The variable that a curve runs over.
    pub over: Variable,
    /// The first and last value of the variable along a curve.
    pub span: [Code; 2],
    /// The values of the variable at which a curve is sampled.
    pub sampling: Sampling,
}

impl PlottedSignal {
    /// The expressions that determine at which values of its variable the signal is shown.
    pub fn domain_codes(&self) -> impl Iterator<Item = &Code> {
        let step = match &self.sampling {
            Sampling::MovingStep(step) => Some(&step.code),
            Sampling::Adaptive
            | Sampling::Step(_)
            | Sampling::Count(_)
            | Sampling::Whole
            | Sampling::Frames
            | Sampling::Rows(_) => None,
        };
        self.span.iter().chain(step)
    }
}

/// The values of a variable at which a signal is sampled.
#[derive(Clone, Debug)]
pub enum Sampling {
    /// As many as a smooth curve needs.
    Adaptive,
    /// Values at this distance, which is greater than 0, from the span's first end on.
    Step(f64),
    /// Values at a distance that is a signal.
    MovingStep(Box<StyleSignal>),
    /// This many values, at least 2: the ends of the span and values that are even between them on the axis.
    Count(usize),
    /// The whole numbers of the span.
    Whole,
    /// The value in each frame of the film, as far as it lies in the span.
    Frames,
    /// The rows and the steps of these systems, of which there is at least one.
    Rows(Vec<SystemId>),
}

/// The part of a curve that a frame shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reveal {
    /// The part up to the present value of the variable.
    Grow,
    /// The whole curve.
    All,
    /// The last part before the present value, fading out backward. Its length is in units of the variable, positive.
    Tail(f64),
}

impl Reveal {
    /// The opacity at `age` units of the variable before the present, which is negative after it.
    #[must_use]
    pub fn opacity(self, age: f64) -> f64 {
        match self {
            Self::All => 1.0,
            Self::Grow if age >= 0.0 => 1.0,
            Self::Tail(length) if (0.0..=length).contains(&age) => 1.0 - age / length,
            Self::Grow | Self::Tail(_) => 0.0,
        }
    }
}
