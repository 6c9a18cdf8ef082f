//! The characteristic roots of r² + γr + ω₀² = 0 and the free motions they generate.
//!
//! Free motion is built from the impulse response h(t) = (exp(r₁t) − exp(r₂t))/(r₁ − r₂), the divided
//! difference of the exponential at the two roots. Each damping regime writes h without cancellation:
//! sin(ωᵤ·t)/ωᵤ·exp(−γt/2) below critical damping, exp(r₁t)·(1 − exp(−2βt))/(2β) with β = √(γ²/4 − ω₀²)
//! above. Both keep full precision as ωᵤ or β goes to 0, where they become t·exp(−γt/2).

use num_complex::Complex64;

use super::parameters::{Damping, Rates};

/// The natural frequency, damping and characteristic roots of an oscillator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Modes {
    /// ω₀ = √(k/m), radians per second, greater than 0.
    pub(super) omega0: f64,
    /// ω₀² = k/m. From mechanical parameters it is computed directly, not by squaring ω₀.
    pub(super) omega0_squared: f64,
    /// γ = b/m, per second.
    pub(super) gamma: f64,
    /// ζ = γ/(2ω₀), the damping ratio.
    pub(super) zeta: f64,
    /// r₁ and r₂.
    pub(super) roots: Roots,
}

/// The pair of characteristic roots r₁, r₂ = −γ/2 ± √(γ²/4 − ω₀²), per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Roots {
    /// A conjugate pair −γ/2 ± j·ωᵤ with ωᵤ > 0: undamped or underdamped motion.
    Complex {
        /// γ/2.
        decay: f64,
        /// ωᵤ = √(ω₀² − γ²/4).
        omega_u: f64,
    },
    /// Two negative real roots: critically damped or overdamped motion.
    Real {
        /// r₁, the root nearer to 0.
        slow: f64,
        /// r₂, the root farther from 0.
        fast: f64,
        /// r₁ − r₂ = 2β, 0 at critical damping; stored because subtracting the roots would lose digits.
        gap: f64,
    },
}

/// The two fundamental solutions of the free equation, evaluated at one time.
///
/// The free motion from (x0, v0) is x = x0·`release` + v0·`impulse`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FundamentalSolutions {
    /// Displacement of the motion released at x = 1 with x′ = 0.
    pub(super) release: f64,
    /// h, the impulse response: displacement of the motion that starts at x = 0 with x′ = 1, seconds.
    pub(super) impulse: f64,
    /// h′, its derivative.
    pub(super) impulse_rate: f64,
}

impl Modes {
    /// The modes of an oscillator with these parameters, which are already checked.
    ///
    /// Each parametrization computes √|ω₀² − γ²/4| from its own parameters, because near critical damping
    /// the difference can only be taken there without losing digits.
    pub(super) fn new(mass: f64, rates: Rates) -> Self {
        match rates {
            Rates::Mechanical { stiffness, damping } => Self::mechanical(mass, stiffness, damping),
            Rates::Angular { omega0, damping: Damping::Gamma(gamma) } => {
                let half = 0.5 * gamma;
                let signed_omega_u = signed_sqrt((omega0 - half) * (omega0 + half));
                let roots = Roots::new(omega0, half, signed_omega_u);
                Self { omega0, omega0_squared: omega0 * omega0, gamma, zeta: half / omega0, roots }
            }
            Rates::Angular { omega0, damping: Damping::Zeta(zeta) } => {
                let signed_omega_u = omega0 * signed_sqrt((1.0 - zeta) * (1.0 + zeta));
                let gamma = 2.0 * zeta * omega0;
                let roots = Roots::new(omega0, 0.5 * gamma, signed_omega_u);
                Self { omega0, omega0_squared: omega0 * omega0, gamma, zeta, roots }
            }
        }
    }

    fn mechanical(mass: f64, stiffness: f64, damping: f64) -> Self {
        let omega0_squared = stiffness / mass;
        let omega0 = omega0_squared.sqrt();
        let gamma = damping / mass;
        let zeta = damping / (2.0 * (mass * stiffness).sqrt());
        // 4mk − b² is positive below critical damping.
        let discriminant = difference_of_products(4.0 * mass, stiffness, damping, damping);
        let signed_omega_u = signed_sqrt(discriminant) / (2.0 * mass);
        let roots = Roots::new(omega0, 0.5 * gamma, signed_omega_u);
        Self { omega0, omega0_squared, gamma, zeta, roots }
    }

    /// The fundamental solutions at `t` seconds.
    ///
    /// No factor overflows for t ≥ 0. For negative t damped motion grows without bound.
    pub(super) fn fundamental_solutions(&self, t: f64) -> FundamentalSolutions {
        match self.roots {
            Roots::Complex { decay, omega_u } => {
                let (sin, cos) = libm::sincos(omega_u * t);
                let envelope = libm::exp(-decay * t);
                let impulse = envelope * (sin / omega_u);
                let cosine = envelope * cos;
                FundamentalSolutions {
                    release: cosine + decay * impulse,
                    impulse,
                    impulse_rate: cosine - decay * impulse,
                }
            }
            Roots::Real { slow, fast, gap } => {
                let spread = if gap > 0.0 { -libm::expm1(-gap * t) / gap } else { t };
                let impulse = libm::exp(slow * t) * spread;
                let fast_decay = libm::exp(fast * t);
                FundamentalSolutions {
                    release: fast_decay - fast * impulse,
                    impulse,
                    impulse_rate: fast_decay + slow * impulse,
                }
            }
        }
    }
}

impl Roots {
    /// The roots −`decay` ± √(γ²/4 − ω₀²).
    ///
    /// `signed_omega_u` is √(ω₀² − γ²/4) below critical damping and −√(γ²/4 − ω₀²) above it.
    fn new(omega0: f64, decay: f64, signed_omega_u: f64) -> Self {
        if signed_omega_u > 0.0 {
            return Self::Complex { decay, omega_u: signed_omega_u };
        }
        // −γ/2 + β would cancel; r₁·r₂ = ω₀² gives the slow root as a quotient.
        let fast = decay - signed_omega_u;
        Self::Real { slow: -omega0 * (omega0 / fast), fast: -fast, gap: -2.0 * signed_omega_u }
    }

    /// r₁, the root with the plus sign: in the upper half plane, or the real root nearer to 0.
    pub(super) fn first(self) -> Complex64 {
        match self {
            Self::Complex { decay, omega_u } => Complex64::new(-decay, omega_u),
            Self::Real { slow, .. } => Complex64::new(slow, 0.0),
        }
    }

    /// r₂, the root with the minus sign.
    pub(super) fn second(self) -> Complex64 {
        match self {
            Self::Complex { decay, omega_u } => Complex64::new(-decay, -omega_u),
            Self::Real { fast, .. } => Complex64::new(fast, 0.0),
        }
    }
}

/// √|d| with the sign of d.
fn signed_sqrt(d: f64) -> f64 {
    d.abs().sqrt().copysign(d)
}

/// a·b − c·d to within 1.5 units in the last place, even where the products nearly cancel.
///
/// Kahan's algorithm; the bound is by Jeannerod, Louvet and Muller, Mathematics of Computation 82, 2013.
fn difference_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let rounded = c * d;
    let rounding_error = libm::fma(-c, d, rounded);
    libm::fma(a, b, -rounded) + rounding_error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_products_keeps_the_digits_that_rounding_would_lose() {
        let above = 1.0 + f64::EPSILON;
        let below = 1.0 - f64::EPSILON;
        // (1 + ε)(1 − ε) − 1·1 = −ε². Rounding the products first would give 0.
        let difference = difference_of_products(above, below, 1.0, 1.0);
        assert_eq!(difference.to_bits(), (-f64::EPSILON * f64::EPSILON).to_bits());
        assert_eq!(difference_of_products(3.0, 5.0, 2.0, 4.0).to_bits(), 7.0_f64.to_bits());
    }
}
