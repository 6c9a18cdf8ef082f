//! The characteristic roots of r² + γr + ω₀² = 0 and the free motion they make.
//!
//! Free motion is built from the impulse response h(t) = (exp(r₁t) − exp(r₂t))/(r₁ − r₂), the divided
//! difference of the exponential at the two roots. Each regime writes it so that nothing cancels:
//! sin(ωᵤ·t)/ωᵤ below critical damping and exp(r₁t)·(1 − exp(−2βt))/(2β) above keep all their digits
//! as ωᵤ and β go to 0, where both become t·exp(−γt/2).

use num_complex::Complex64;

use super::parameters::{Damping, Rates};

/// The rates of an oscillator, per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Modes {
    /// ω₀ = √(k/m), greater than 0.
    pub(super) omega0: f64,
    /// ω₀² = k/m.
    pub(super) omega0_squared: f64,
    /// γ = b/m.
    pub(super) gamma: f64,
    /// ζ = γ/(2ω₀).
    pub(super) zeta: f64,
    /// r₁ and r₂.
    pub(super) roots: Roots,
}

/// The pair of characteristic roots, −γ/2 ± √(γ²/4 − ω₀²).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Roots {
    /// Undamped and underdamped: −γ/2 ± j·ωᵤ, with ωᵤ > 0.
    Complex {
        /// γ/2.
        decay: f64,
        /// √(ω₀² − γ²/4).
        omega_u: f64,
    },
    /// Critical and overdamped: both negative.
    Real {
        /// r₁, the root nearer to 0.
        slow: f64,
        /// r₂.
        fast: f64,
        /// slow − fast, 0 at critical damping, known better than the difference of the two would be.
        gap: f64,
    },
}

/// The free motions that every other one is a sum of, at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FundamentalSolutions {
    /// x of the motion that starts with x = 1, x′ = 0.
    pub(super) release: f64,
    /// h: x of the motion that starts with x = 0, x′ = 1.
    pub(super) impulse: f64,
    /// h′: the velocity of the latter.
    pub(super) impulse_rate: f64,
}

impl Modes {
    /// The rates of checked parameters.
    pub(super) fn new(mass: f64, rates: Rates) -> Self {
        match rates {
            Rates::Mechanical { stiffness, damping } => Self::mechanical(mass, stiffness, damping),
            Rates::Angular { omega0, damping: Damping::Gamma(gamma) } => {
                let half = 0.5 * gamma;
                let signed_omega_u = signed_sqrt((omega0 - half) * (omega0 + half));
                Self::from_rates([omega0, omega0 * omega0], gamma, half / omega0, signed_omega_u)
            }
            Rates::Angular { omega0, damping: Damping::Zeta(zeta) } => {
                let signed_omega_u = omega0 * signed_sqrt((1.0 - zeta) * (1.0 + zeta));
                Self::from_rates([omega0, omega0 * omega0], 2.0 * zeta * omega0, zeta, signed_omega_u)
            }
        }
    }

    fn mechanical(mass: f64, stiffness: f64, damping: f64) -> Self {
        let omega0_squared = stiffness / mass;
        let zeta = damping / (2.0 * (mass * stiffness).sqrt());
        let discriminant = difference_of_products([4.0 * mass, stiffness], [damping, damping]);
        let signed_omega_u = signed_sqrt(discriminant) / (2.0 * mass);
        Self::from_rates([omega0_squared.sqrt(), omega0_squared], damping / mass, zeta, signed_omega_u)
    }

    /// `split` is √(ω₀² − γ²/4) below critical damping, −√(γ²/4 − ω₀²) above. Each parametrisation brings
    /// its own, since only the original parameters know how far from critical they are.
    fn from_rates([omega0, omega0_squared]: [f64; 2], gamma: f64, zeta: f64, signed_omega_u: f64) -> Self {
        let decay = 0.5 * gamma;
        let roots = if signed_omega_u > 0.0 {
            Roots::Complex { decay, omega_u: signed_omega_u }
        } else {
            // The slow root is γ/2 − β, a difference; r₁·r₂ = ω₀² gives it as a quotient.
            let fast = decay - signed_omega_u;
            Roots::Real { slow: -omega0 * (omega0 / fast), fast: -fast, gap: -2.0 * signed_omega_u }
        };
        Self { omega0, omega0_squared, gamma, zeta, roots }
    }

    /// The free motions at `t` seconds.
    ///
    /// No factor overflows for t ≥ 0; before 0 damped motion grows without limit, as it must.
    pub(super) fn fundamental_solutions(&self, t: f64) -> FundamentalSolutions {
        match self.roots {
            Roots::Complex { decay, omega_u } => {
                let (sin, cos) = libm::sincos(omega_u * t);
                let envelope = libm::exp(-decay * t);
                let impulse = envelope * (sin / omega_u);
                let swing = envelope * cos;
                FundamentalSolutions {
                    release: swing + decay * impulse,
                    impulse,
                    impulse_rate: swing - decay * impulse,
                }
            }
            Roots::Real { slow, fast, gap } => {
                let spread = if gap > 0.0 { -libm::expm1(-gap * t) / gap } else { t };
                let impulse = libm::exp(slow * t) * spread;
                let faded = libm::exp(fast * t);
                FundamentalSolutions {
                    release: faded - fast * impulse,
                    impulse,
                    impulse_rate: faded + slow * impulse,
                }
            }
        }
    }
}

impl Roots {
    /// r₁, the one with the root's +: above the real axis, or nearer to 0.
    pub(super) fn first(self) -> Complex64 {
        match self {
            Self::Complex { decay, omega_u } => Complex64::new(-decay, omega_u),
            Self::Real { slow, .. } => Complex64::new(slow, 0.0),
        }
    }

    /// r₂, the other.
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

/// a·b − c·d to within 1.5 units in the last place, however much of it cancels (Kahan's algorithm;
/// Jeannerod, Louvet and Muller, Mathematics of Computation 82, 2013).
fn difference_of_products([a, b]: [f64; 2], [c, d]: [f64; 2]) -> f64 {
    let rounded = c * d;
    let lost = libm::fma(-c, d, rounded);
    libm::fma(a, b, -rounded) + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_products_keeps_what_rounding_would_lose() {
        let above = 1.0 + f64::EPSILON;
        let below = 1.0 - f64::EPSILON;
        // (1 + ε)(1 − ε) − 1·1 = −ε², which both products alone round to 0.
        let kept = difference_of_products([above, below], [1.0, 1.0]);
        assert_eq!(kept.to_bits(), (-f64::EPSILON * f64::EPSILON).to_bits());
        assert_eq!(difference_of_products([3.0, 5.0], [2.0, 4.0]).to_bits(), 7.0_f64.to_bits());
    }
}
