//! Discrete systems against values from independent programs, and laws.
//!
//! `data/discrete.py` says how the values were computed.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use kymograph::solver::discrete::{
    Equation, Failure, Kernel, MAX_STEPS, Method, Recurrence, StepMatrices, ZTransfer, eigenvalues,
};
use kymograph::solver::state_space::{InputFn, Matrices, NamedMatrix, OutputPart, StateSpace};
use num_complex::Complex64;

/// A and B of a continuous system, and the length of a step.
struct Case {
    a: Vec<Vec<Complex64>>,
    b: Vec<Complex64>,
    step: f64,
}

impl Case {
    fn real(a: &[&[f64]], b: &[f64], step: f64) -> Self {
        Self { a: a.iter().map(|row| complex(row)).collect(), b: complex(b), step }
    }

    fn named(matrix: NamedMatrix, step: f64) -> Self {
        Self { a: matrix.a(), b: matrix.b(), step }
    }

    fn is_complex(&self) -> bool {
        self.a.iter().flatten().chain(&self.b).any(|entry| entry.im != 0.0)
    }

    fn by(&self, method: Method) -> Arc<StepMatrices> {
        Arc::new(method.discretize(&self.a, &self.b, self.step, self.is_complex()).expect("matrices"))
    }
}

fn complex(numbers: &[f64]) -> Vec<Complex64> {
    numbers.iter().map(|number| (*number).into()).collect()
}

fn case(name: &str) -> Case {
    match name {
        "spring" => Case::real(&[&[0.0, 1.0], &[-4.0, -0.25]], &[0.0, 1.0], 0.1),
        "jordan" => {
            Case::real(&[&[-0.5, 1.0, 0.0], &[0.0, -0.5, 1.0], &[0.0, 0.0, -0.5]], &[1.0, 0.0, 1.0], 0.3)
        }
        "integrator" => Case::real(&[&[0.0, 1.0], &[0.0, 0.0]], &[0.0, 1.0], 0.25),
        "stiff" => Case::real(&[&[-1_999_999.0, 999_999.0], &[-1_999_998.0, 999_998.0]], &[1.0, -1.0], 0.01),
        "modes" => Case {
            a: NamedMatrix::Diagonal(vec![Complex64::new(-0.5, 3.0), Complex64::new(-0.25, -7.0)]).a(),
            b: vec![Complex64::ONE, Complex64::new(1.0, -2.0)],
            step: 0.1,
        },
        "legs4" => Case::named(NamedMatrix::HippoLegs { order: 4 }, 0.1),
        "legs8" => Case::named(NamedMatrix::HippoLegs { order: 8 }, 0.05),
        "legt6" => Case::named(NamedMatrix::HippoLegt { order: 6, window: 1.0 }, 0.02),
        other => panic!("unknown system {other}"),
    }
}

const METHODS: [(&str, Method); 4] = [
    ("backward-euler", Method::BackwardEuler),
    ("euler", Method::Euler),
    ("bilinear", Method::Bilinear),
    ("zoh", Method::Zoh),
];

/// Constant matrices under an input.
struct Driven {
    matrices: Arc<StepMatrices>,
    step: f64,
    input: fn(f64) -> f64,
}

impl Equation for Driven {
    type Error = Infallible;

    fn fixed_step(&self) -> Option<f64> {
        Some(self.step)
    }

    fn input(&self, _k: usize, t: f64) -> Result<Complex64, Infallible> {
        Ok((self.input)(t).into())
    }

    fn step(&self, _k: usize, _t: f64, _u: Complex64) -> Result<f64, Infallible> {
        Ok(self.step)
    }

    fn matrices(&self, _k: usize, _t: f64, _u: Complex64) -> Result<Arc<StepMatrices>, Infallible> {
        Ok(Arc::clone(&self.matrices))
    }
}

/// Steps whose length depends on the step, and whose B depends on the input.
struct Selective;

impl Equation for Selective {
    type Error = Infallible;

    fn fixed_step(&self) -> Option<f64> {
        None
    }

    fn input(&self, _k: usize, t: f64) -> Result<Complex64, Infallible> {
        Ok(t.cos().into())
    }

    fn step(&self, k: usize, _t: f64, _u: Complex64) -> Result<f64, Infallible> {
        Ok((k as f64).sin().exp().ln_1p())
    }

    fn matrices(&self, k: usize, t: f64, u: Complex64) -> Result<Arc<StepMatrices>, Infallible> {
        let a = NamedMatrix::Diagonal(complex(&[-1.0, -2.0])).a();
        let step = self.step(k, t, u)?;
        Ok(Arc::new(Method::Zoh.discretize(&a, &[1.0.into(), u], step, false).expect("matrices")))
    }
}

fn driven(name: &str, method: Method, input: fn(f64) -> f64) -> Recurrence<Driven> {
    let case = case(name);
    let start = vec![Complex64::ZERO; case.b.len()];
    Recurrence::new(Driven { matrices: case.by(method), step: case.step, input }, start)
}

/// The value of a quantity of the table.
fn value(label: &str, quantity: &str, at: Complex64) -> Complex64 {
    let k = at.re as usize;
    let state = quantity.strip_prefix('x').map(|row| row.parse::<usize>().expect("a row"));
    if label == "selective" {
        let recurrence = Recurrence::new(Selective, vec![Complex64::ZERO; 2]);
        let known = recurrence.state(k).expect("a state");
        return state.map_or_else(|| known.t().into(), |row| known.x()[row]);
    }
    if label == "spring-cosine" {
        let recurrence = driven("spring", Method::Zoh, |t| (2.0 * t).cos());
        return recurrence.state(k).expect("a state").x()[state.expect("a row")];
    }
    let (method_name, method) =
        METHODS.into_iter().find(|(name, _)| label.ends_with(name)).expect("a method");
    let name = label.strip_suffix(method_name).and_then(|name| name.strip_suffix('-')).expect("a system");
    let matrices = case(name).by(method);
    let order = matrices.order();
    let c: Vec<Complex64> = (0..order).map(|row| (1.0 / (row + 1) as f64).into()).collect();
    let kernel = |c: &[Complex64]| -> Complex64 {
        let state = Kernel::new(Arc::clone(&matrices)).state(k).expect("a state");
        c.iter().zip(state.x()).map(|(c, x)| c * x).sum()
    };
    match quantity {
        "Ad" => matrices.a(k, at.im as usize),
        "Bd" => matrices.b(k),
        "K" => kernel(&c),
        "sum" => kernel(&vec![Complex64::ONE; order]),
        "H" => ZTransfer::new(&matrices, &c).at(at),
        _ => {
            let recurrence = driven(name, method, |t| (3.0 * t).sin());
            recurrence.state(k).expect("a state").x()[state.expect("a row")]
        }
    }
}

/// The error that is allowed, relative to the largest value of the quantity so far: the promise is 1e-10.
const BOUND: f64 = 2e-12;

#[test]
fn every_value_agrees_with_its_reference() {
    let mut scales = BTreeMap::<(&str, &str), f64>::new();
    let mut worst = BTreeMap::<&str, f64>::new();
    let mut count = 0;
    for line in include_str!("../data/discrete.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse::<f64>().expect("a number");
        let (at, expected) = (Complex64::new(number(2), number(3)), Complex64::new(number(4), number(5)));
        // States are compared with the largest state.
        let group = if fields[1].starts_with('x') { "x" } else { fields[1] };
        let scale = scales.entry((fields[0], group)).or_default();
        *scale = scale.max(expected.norm());
        let error = (value(fields[0], fields[1], at) - expected).norm();
        let error = if error == 0.0 { 0.0 } else { error / *scale };
        assert!(error <= BOUND, "{line}: {error:e}");
        let worst = worst.entry(fields[0]).or_default();
        *worst = worst.max(error);
        count += 1;
    }
    println!("{worst:#?}");
    assert_eq!(count, include_str!("../data/discrete.csv").lines().count() - 1);
    assert!(count > 500, "{count}");
}

#[test]
fn recurrence_equals_convolution() {
    for (name, method) in
        [("spring", Method::Bilinear), ("legs8", Method::Zoh), ("jordan", Method::BackwardEuler)]
    {
        let recurrence = driven(name, method, |t| (3.0 * t).sin() + 0.3);
        let kernel = Kernel::new(case(name).by(method));
        for k in [0_usize, 1, 5, 127, 128, 300] {
            let state = recurrence.state(k).expect("a state");
            for row in 0..state.x().len() {
                let term = |past: usize| {
                    kernel.state(past).expect("a kernel").x()[row]
                        * recurrence.state(k - past).expect("a state").u()
                };
                let sum: Complex64 = (0..=k).map(term).sum();
                assert!((sum - state.x()[row]).norm() < 1e-12 * state.x()[row].norm().max(1.0), "{name} {k}");
            }
        }
    }
}

/// The input of a step is held during the step that ends with it.
#[test]
fn zero_order_hold_is_the_continuous_system() {
    let Case { a, b, step } = case("spring");
    let held: InputFn = Arc::new(move |t: f64| Ok((0.7 * (t / step).ceil()).sin().into()));
    let unit = complex(&[1.0, 0.0]);
    let matrices = Matrices { a, b, c: vec![unit], d: vec![Complex64::ZERO], output: OutputPart::Whole };
    let recurrence = driven("spring", Method::Zoh, |t| (0.7 * (t / 0.1).round()).sin());
    let start = recurrence.state(0).expect("a state").x().to_vec();
    let continuous = StateSpace::new(matrices, &start, Some(held)).expect("sound matrices");
    for k in [0_usize, 1, 2, 10, 100, 400] {
        let [discrete, continuous] = [
            recurrence.state(k).expect("a state").x().to_vec(),
            continuous.state(k as f64 * step).expect("a state").to_vec(),
        ];
        for (discrete, continuous) in discrete.iter().zip(&continuous) {
            assert!((discrete - continuous).norm() < 2e-12, "{k}: {discrete} {continuous}");
        }
    }
}

#[test]
fn poles_of_the_step_are_images_of_the_poles() {
    for (name, tolerance) in [("spring", 1e-15), ("legt6", 1e-12), ("legs8", 1e-15), ("integrator", 1e-15)] {
        let case = case(name);
        for (_, method) in METHODS {
            let matrices = case.by(method);
            let order = matrices.order();
            let rows: Vec<Vec<Complex64>> =
                (0..order).map(|row| (0..order).map(|column| matrices.a(row, column)).collect()).collect();
            let of_step = eigenvalues(&rows);
            for pole in eigenvalues(&case.a).into_iter().map(|pole| method.pole(pole, case.step)) {
                let nearest = of_step.iter().map(|other| (other - pole).norm()).fold(f64::MAX, f64::min);
                assert!(nearest < tolerance, "{name} {method:?}: {nearest:e}");
            }
        }
    }
    let [s, h] = [Complex64::new(-0.3, 2.0), 0.4.into()];
    let expected = (1.0 + s * h / 2.0) / (1.0 - s * h / 2.0);
    assert!((Method::Bilinear.pole(s, h.re) - expected).norm() < 1e-16);
}

#[test]
fn transfer_function_is_the_sum_of_the_kernel() {
    let matrices = case("spring").by(Method::Bilinear);
    let (kernel, transfer) =
        (Kernel::new(Arc::clone(&matrices)), ZTransfer::new(&matrices, &complex(&[1.0, 0.0])));
    let z = Complex64::new(1.1, 0.4);
    let mut power = Complex64::ONE;
    let mut sum = Complex64::ZERO;
    for k in 0..400 {
        sum += kernel.state(k).expect("a kernel").x()[0] * power;
        power /= z;
    }
    assert!((sum - transfer.at(z)).norm() < 1e-13);
}

#[test]
fn states_depend_on_the_step_alone() {
    let bits = |recurrence: &Recurrence<Selective>, k: usize| {
        let state = recurrence.state(k).expect("a state");
        state.x().iter().map(|x| x.re.to_bits()).chain([state.t().to_bits()]).collect::<Vec<u64>>()
    };
    let system = || Recurrence::new(Selective, vec![Complex64::ONE; 2]);
    let steps: Vec<usize> = (0..200).map(|at| at * 37 % 1000).collect();
    let asked_once: Vec<_> = steps.iter().map(|k| bits(&system(), *k)).collect();
    let shared = system();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (shared, steps, asked_once) = (&shared, &steps, &asked_once);
            scope.spawn(move || {
                for at in (0..steps.len()).map(|at| (at * 7 + thread * 50) % steps.len()) {
                    assert_eq!(bits(shared, steps[at]), asked_once[at]);
                }
            });
        }
    });
}

#[test]
fn present_step_is_the_last_one_that_is_reached() {
    let fixed = driven("spring", Method::Zoh, f64::sin);
    // 3·0.1 is a little more than 0.3.
    for (t, step) in
        [(-0.05, None), (0.0, Some(0)), (0.0999, Some(0)), (0.1, Some(1)), (0.3, Some(3)), (12.34, Some(123))]
    {
        assert_eq!(fixed.step_at(t).expect("a step"), step, "{t}");
    }
    let selective = Recurrence::new(Selective, vec![Complex64::ZERO; 2]);
    assert_eq!(selective.step_at(-1.0).expect("a step"), None);
    for k in [0_usize, 1, 126, 127, 128, 129, 600] {
        let [now, next] = [k, k + 1].map(|k| selective.time(k).expect("a time"));
        let fresh = Recurrence::new(Selective, vec![Complex64::ZERO; 2]);
        for t in [now, f64::midpoint(now, next), now + 0.999 * (next - now)] {
            assert_eq!(fresh.step_at(t).expect("a step"), Some(k), "{t}");
        }
    }
}

#[test]
fn steps_end_at_the_limit() {
    let recurrence = driven("spring", Method::Bilinear, f64::sin);
    assert!(recurrence.state(MAX_STEPS).is_ok());
    assert!(matches!(recurrence.state(MAX_STEPS + 1), Err(Failure::TooManySteps)));
    assert!(matches!(recurrence.step_at(1e6), Err(Failure::TooManySteps)));
}

#[test]
fn an_unstable_step_grows_to_infinity() {
    let case = Case { step: 10.0, ..case("spring") };
    let matrices = case.by(Method::Euler);
    let recurrence =
        Recurrence::new(Driven { matrices, step: case.step, input: |_| 1.0 }, complex(&[1.0, 0.0]));
    let state = recurrence.state(1000).expect("a state");
    assert!(state.x().iter().all(|x| x.re.is_infinite() && x.im == 0.0), "{:?}", state.x());
    assert!(recurrence.state(100).expect("a state").x()[0].re.is_finite());
}
