//! Laws of the memories.

use super::*;

fn input(function: impl Fn(f64) -> f64 + Send + Sync + 'static) -> InputFn {
    Arc::new(move |t| Ok(function(t).into()))
}

fn memory(measure: Measure, order: usize, function: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Hippo {
    Hippo::new(measure, order, input(function)).expect("a sound order and window")
}

fn coefficients(memory: &Hippo, order: usize, t: f64) -> Vec<f64> {
    (0..order).map(|n| memory.coefficient(n, t).expect("a coefficient")).collect()
}

const MEASURES: [Measure; 4] =
    [Measure::Legs, Measure::Legt { window: 1.5 }, Measure::Lagt, Measure::Fout { window: 2.0 }];

fn square(t: f64) -> f64 {
    if libm::sin(3.0 * t) < 0.0 { -1.0 } else { 1.0 }
}

#[test]
fn legs_reconstructs_polynomials_of_lower_degree() {
    // A Chebyshev polynomial in t/10 stays within 1.
    let chebyshev = |degree: usize, t: f64| {
        let x = 0.2 * t - 1.0;
        (1..degree).fold((1.0, x), |(before, now), _| (now, 2.0 * x * now - before)).1
    };
    for (degree, order) in [(1, 2), (5, 6), (15, 16), (31, 32)] {
        let memory = memory(Measure::Legs, order, move |t| chebyshev(degree, t));
        for t in [0.5, 3.0, 9.75] {
            for s in (0..=20).map(|part| t * f64::from(part) / 20.0) {
                let error = memory.reconstruction(s, t).expect("a value") - chebyshev(degree, s);
                assert!(error.abs() < 2e-11, "degree {degree} at {s} of {t}: {error:e}");
            }
        }
    }
}

#[test]
fn legs_has_at_most_the_energy_of_the_signal() {
    let energy = |order: usize, t: f64, function: fn(f64) -> f64| {
        let memory = memory(Measure::Legs, order, function);
        coefficients(&memory, order, t).iter().map(|c| c * c).sum::<f64>()
    };
    // The mean of cos² over [0, t] is 1/2 + sin 2t/(4t); that of a square wave is 1.
    let mean = |t: f64| 0.5 + libm::sin(2.0 * t) / (4.0 * t);
    for t in [0.5, 4.0, 20.0] {
        assert!((energy(48, t, libm::cos) - mean(t)).abs() < 1e-12, "{t}");
        let energies = [4, 16, 64].map(|order| energy(order, t, square));
        let grows = energies.windows(2).all(|pair| pair[1] > pair[0] - 1e-12);
        assert!(grows && energies[2] < 1.0 + 1e-12, "{energies:?}");
    }
}

#[test]
fn legs_does_not_depend_on_the_unit_of_time() {
    let plain = memory(Measure::Legs, 32, square);
    for factor in [0.125, 3.0, 700.0] {
        let scaled = memory(Measure::Legs, 32, move |t| square(factor * t));
        for t in [0.9, 2.0, 11.0] {
            let [first, second] = [coefficients(&plain, 32, t), coefficients(&scaled, 32, t / factor)];
            let worst = first.iter().zip(&second).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(worst < 1e-12, "{factor} {t}: {worst:e}");
        }
    }
}

#[test]
fn coefficients_follow_their_equation() {
    let order = 12;
    let a = NamedMatrix::HippoLegs { order };
    let (rows, b) = (a.a(), a.b());
    let memory = memory(Measure::Legs, order, |t| libm::sin(3.0 * t));
    for t in [0.75, 4.0] {
        let h = 1e-4;
        let [before, now, after] = [t - h, t, t + h].map(|t| coefficients(&memory, order, t));
        for n in 0..order {
            let sum: f64 = rows[n].iter().zip(&now).map(|(a, c)| a.re * c).sum();
            let expected = (sum + b[n].re * libm::sin(3.0 * t)) / t;
            assert!(((after[n] - before[n]) / (2.0 * h) - expected).abs() < 1e-4, "{n} at {t}");
        }
    }
}

#[test]
fn a_constant_is_remembered_exactly() {
    for measure in MEASURES {
        let order = 9;
        let memory = memory(measure, order, |_| 0.75);
        let t = 60.0;
        let s = t - 0.5;
        let error = memory.reconstruction(s, t).expect("a value") - 0.75;
        let bound = if measure == Measure::Lagt { 0.3 } else { 1e-11 };
        assert!(error.abs() < bound, "{measure:?}: {error:e}");
    }
}

#[test]
fn the_first_moment_is_the_limit() {
    for order in [1, 5] {
        let memory = memory(Measure::Legs, order, |t| 2.0 - t);
        let first = coefficients(&memory, order, 0.0);
        assert!((first[0] - 2.0).abs() < 1e-14 && first[1..].iter().all(|c| *c == 0.0));
        assert_eq!(memory.reconstruction(0.0, 0.0).expect("a value"), first[0]);
        for t in [f64::MIN_POSITIVE, 1e-200, 1e-9] {
            let near = coefficients(&memory, order, t);
            assert!((near[0] - 2.0).abs() < 1e-8 && near[1..].iter().all(|c| c.abs() < 1e-8), "{near:?}");
        }
        assert_eq!(memory.weight(0.0, 0.0), f64::INFINITY);
    }
    for measure in &MEASURES[1..] {
        let memory = memory(*measure, 4, |t| 2.0 - t);
        assert_eq!(coefficients(&memory, 4, 0.0), [0.0; 4]);
        assert_eq!(memory.reconstruction(-0.5, 0.0).expect("a value"), 0.0);
    }
}

#[test]
fn nothing_is_remembered_outside_of_the_window() {
    for (measure, first) in MEASURES.into_iter().zip([0.0, 1.5, f64::MIN, 1.0]) {
        let memory = memory(measure, 6, square);
        let is_known = |s: f64, t: f64| {
            let [value, weight] = [memory.reconstruction(s, t).expect("a value"), memory.weight(s, t)];
            assert_eq!(value.is_nan(), weight.is_nan());
            weight.is_finite()
        };
        assert!(is_known(3.0, 3.0) && is_known(2.0, 3.0) && !is_known(3.0_f64.next_up(), 3.0));
        assert!(is_known(first, 3.0) && !is_known(first.next_down(), 3.0));
        assert!(!is_known(-1.0, -1.0) && !is_known(f64::NAN, 1.0) && !is_known(0.0, f64::NAN));
        for t in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(memory.coefficient(0, t).expect("none").is_nan());
        }
    }
}

#[test]
fn values_depend_on_the_time_alone() {
    let times: Vec<f64> = (0..120).map(|step| f64::from(step * 37 % 120) * 0.13).collect();
    for measure in MEASURES {
        let fresh = || memory(measure, 20, square);
        let bits = |memory: &Hippo, t: f64| {
            let value = memory.reconstruction(t - 0.01, t).expect("a value");
            [memory.coefficient(7, t).expect("a coefficient").to_bits(), value.to_bits()]
        };
        let asked_once: Vec<_> = times.iter().map(|t| bits(&fresh(), *t)).collect();
        let [in_order, backwards, shared] = [fresh(), fresh(), fresh()];
        assert!(times.iter().zip(&asked_once).all(|(t, expected)| bits(&in_order, *t) == *expected));
        assert!(times.iter().zip(&asked_once).rev().all(|(t, expected)| bits(&backwards, *t) == *expected));
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (shared, times, asked_once, bits) = (&shared, &times, &asked_once, &bits);
                scope.spawn(move || {
                    for at in (0..times.len()).map(|at| (at * 7 + thread * 30) % times.len()) {
                        assert_eq!(bits(shared, times[at]), asked_once[at]);
                    }
                });
            }
        });
    }
}

#[test]
fn an_undefined_signal_ends_the_memory() {
    for measure in MEASURES {
        let memory = memory(measure, 4, |t| if t < 2.0 { 1.0 } else { f64::NAN });
        assert!(memory.coefficient(0, 1.99).expect("a value").is_finite());
        assert!(memory.coefficient(0, 2.01).expect("a value").is_nan());
        assert!(memory.reconstruction(1.5, 2.01).expect("a value").is_nan());
    }
}

#[test]
fn orders_and_windows_out_of_range_are_refused() {
    let error = |measure, order| Hippo::new(measure, order, input(libm::sin)).expect_err("an error");
    assert_eq!(error(Measure::Legs, 0), HippoError::Order(0));
    assert_eq!(error(Measure::Lagt, 257), HippoError::Order(257));
    assert_eq!(error(Measure::Legt { window: 0.0 }, 4), HippoError::Window(0.0));
    assert_eq!(error(Measure::Fout { window: 1e-320 }, 4), HippoError::Window(1e-320));
    assert_eq!(error(Measure::Legs, 0).to_string(), "the order must be 1 to 256, it is 0");
}
