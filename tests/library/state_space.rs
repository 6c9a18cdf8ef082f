//! State-space systems against values known to more digits than a double has, and laws that hold for every bit.
//!
//! `data/state_space.py` says how the values were computed.

use std::collections::BTreeMap;
use std::sync::Arc;

use kymograph::solver::state_space::{InputFn, Matrices, MotionError, NamedMatrix, OutputPart, StateSpace};
use num_complex::Complex64;

/// What a system in the table is made of.
struct Case {
    a: Vec<Vec<Complex64>>,
    b: Vec<Complex64>,
    c: Vec<Complex64>,
    d: f64,
    x0: Vec<Complex64>,
    input: Option<InputFn>,
}

impl Case {
    fn new(a: Vec<Vec<Complex64>>, b: Vec<Complex64>) -> Self {
        let unit = (0..b.len()).map(|at| f64::from(u8::from(at == 0)).into()).collect();
        Self { x0: vec![Complex64::ZERO; b.len()], a, b, c: unit, d: 0.0, input: None }
    }

    fn real(a: &[&[f64]], b: &[f64]) -> Self {
        Self::new(a.iter().map(|row| complex(row)).collect(), complex(b))
    }

    fn named(matrix: NamedMatrix) -> Self {
        Self::new(matrix.a(), matrix.b())
    }

    fn from(self, x0: &[f64]) -> Self {
        Self { x0: complex(x0), ..self }
    }

    fn output(self, c: &[f64], d: f64) -> Self {
        Self { c: complex(c), d, ..self }
    }

    fn under(self, input: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Self {
        Self { input: Some(Arc::new(move |t| Ok(input(t).into()))), ..self }
    }

    fn solve(self) -> StateSpace {
        let Self { a, b, c, d, x0, input } = self;
        let matrices = Matrices { a, b, c: vec![c], d: vec![d.into()], output: OutputPart::Whole };
        StateSpace::new(matrices, &x0, input).expect("sound matrices")
    }
}

fn complex(numbers: &[f64]) -> Vec<Complex64> {
    numbers.iter().map(|number| (*number).into()).collect()
}

fn spring() -> Case {
    Case::real(&[&[0.0, 1.0], &[-4.0, -0.25]], &[0.0, 1.0])
}

fn jordan() -> Case {
    Case::real(&[&[-0.5, 1.0, 0.0], &[0.0, -0.5, 1.0], &[0.0, 0.0, -0.5]], &[1.0, 0.0, 1.0])
}

/// Pulses of the input between these times.
fn pulses(t: f64) -> f64 {
    let edges = [(1.0 / 3.0, 1.0 / 3.0 + 0.01), (3.1, 3.1 + 0.01), (20.3, 20.3 + 0.25)];
    f64::from(u8::from(edges.iter().any(|(on, off)| (*on..*off).contains(&t))))
}

fn square(t: f64) -> f64 {
    if (t / 0.375).floor().rem_euclid(2.0) == 0.0 { 1.0 } else { -1.0 }
}

fn stiff_three() -> Case {
    // P·diag(−10⁶, −30, −1)·P⁻¹ with P = ((1, 1, 1), (1, 2, 3), (1, 3, 6)).
    let rows: [&[f64]; 3] = [
        &[-2_999_911.0, 2_999_852.0, -999_941.0],
        &[-2_999_823.0, 2_999_706.0, -999_883.0],
        &[-2_999_736.0, 2_999_562.0, -999_826.0],
    ];
    Case::real(&rows, &[1.0, 1.0, 0.0])
}

fn case(name: &str) -> Case {
    let full: [&[f64]; 2] = [&[-1_999_999.0, 999_999.0], &[-1_999_998.0, 999_998.0]];
    match name {
        "spring-sine" => spring().from(&[1.0, -0.5]).under(|t| (1.5 * t).sin()),
        "spring-square" => spring().from(&[1.0, -0.5]).under(square),
        "spring-pulses" => spring().under(pulses),
        "spring-chirp" => spring().under(|t| (3.0 * t * t).sin()),
        "spring-burst" => spring().under(|t| (-0.1 * t).exp() * ((8.0 * t).cos() + (8.0 * t).sin())),
        "spring-triangle" => {
            spring().from(&[1.0, -0.5]).output(&[1.0, 0.0], 0.5).under(|t| (t.rem_euclid(2.0) - 1.0).abs())
        }
        "long-free" => Case::real(&[&[0.0, 1.0], &[-3.0, 0.0]], &[0.0, 1.0]).from(&[1.0, 0.5]),
        "long-sine" => {
            Case::real(&[&[0.0, 1.0], &[-3.0, 0.0]], &[0.0, 1.0]).from(&[1.0, 0.5]).under(f64::sin)
        }
        "spring" => spring().output(&[1.0, 0.5], 0.25),
        "jordan-sine" => jordan().from(&[0.5, -1.0, 2.0]).under(|t| (2.0 * t).sin()),
        "jordan" => jordan(),
        "stiff-companion-sine" => {
            Case::real(&[&[0.0, 1.0], &[-1e6, -1_000_001.0]], &[0.0, 1e6]).from(&[1.0, 0.0]).under(f64::sin)
        }
        "stiff-full-sine" => Case::real(&full, &[1.0, -1.0]).from(&[1.0, 0.5]).under(f64::sin),
        "stiff-full-free" => Case::real(&full, &[0.0, 0.0]).from(&[1.0, 0.5]),
        "stiff-three-sine" => stiff_three().from(&[1.0, 0.0, -1.0]).under(|t| (3.0 * t).sin()),
        "unstable-sine" => {
            Case::real(&[&[0.0, 1.0], &[2.0, 1.0]], &[0.0, 1.0]).from(&[0.25, 0.0]).under(f64::sin)
        }
        "integrator-constant" => {
            Case::real(&[&[0.0, 1.0], &[0.0, 0.0]], &[0.0, 1.0]).from(&[1.0, -2.0]).under(|_| 1.0)
        }
        "fast-sine" => Case::real(&[&[0.0, 1.0], &[-1e6, -10.0]], &[0.0, 1e6])
            .from(&[1.0, 0.0])
            .under(|t| (40.0 * t).sin()),
        "complex-sine" => complex_modes().under(|t| (2.0 * t).sin()),
        "legs16-sine" => Case::named(NamedMatrix::HippoLegs { order: 16 }).under(|t| (5.0 * t).sin()),
        "legt12-sine" => {
            Case::named(NamedMatrix::HippoLegt { order: 12, window: 1.5 }).under(|t| (5.0 * t).sin())
        }
        "fout10-sine" => {
            Case::named(NamedMatrix::HippoFout { order: 10, window: 2.0 }).under(|t| (5.0 * t).sin())
        }
        "lagt8-sine" => Case::named(NamedMatrix::HippoLagt { order: 8 }).under(|t| (5.0 * t).sin()),
        "legs64" => Case::named(NamedMatrix::HippoLegs { order: 64 }),
        "legs256" => Case::named(NamedMatrix::HippoLegs { order: 256 }),
        "legt2" => Case::named(NamedMatrix::HippoLegt { order: 2, window: 1.0 }),
        "legt5" => Case::named(NamedMatrix::HippoLegt { order: 5, window: 1.0 }),
        "fout7" => Case::named(NamedMatrix::HippoFout { order: 7, window: 2.0 }),
        other => panic!("unknown system {other}"),
    }
}

fn complex_modes() -> Case {
    let [first, second] = [Complex64::new(-0.5, 3.0), Complex64::new(-0.25, -7.0)];
    let b = vec![Complex64::ONE, Complex64::new(1.0, -2.0)];
    let case = Case::new(NamedMatrix::Diagonal(vec![first, second]).a(), b);
    Case { x0: vec![Complex64::I, 0.5.into()], ..case }
}

/// The value of a quantity of the table, such as `x1` or `H`.
fn value(system: &StateSpace, quantity: &str, at: Complex64) -> Complex64 {
    let split = quantity.find(|letter: char| letter.is_ascii_digit()).unwrap_or(quantity.len());
    let (quantity, index) = quantity.split_at(split);
    let index: usize = index.parse().unwrap_or(0);
    match quantity {
        "x" => system.state(at.re).expect("a state")[index],
        "y" => system.output(index, at.re).expect("an output"),
        "impulse" => system.impulse(at.re).expect("a response"),
        "step" => system.step(at.re).expect("a response"),
        "H" => system.transfer(at),
        "pole" => system.poles()[index],
        other => panic!("unknown quantity {other}"),
    }
}

/// The system of a row. Its C selects the state that an impulse response is asked of.
fn solve(name: &str, quantity: &str) -> StateSpace {
    let mut case = case(name);
    if let Some(index) = quantity.strip_prefix("impulse").and_then(|index| index.parse::<usize>().ok()) {
        case.c = (0..case.b.len()).map(|at| f64::from(u8::from(at == index)).into()).collect();
    }
    case.solve()
}

struct Row {
    at: Complex64,
    expected: Complex64,
}

/// The rows of the table by system and quantity.
fn table() -> BTreeMap<(&'static str, &'static str), Vec<Row>> {
    let mut table = BTreeMap::<_, Vec<Row>>::new();
    for line in include_str!("../data/state_space.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse::<f64>().expect("a number");
        let row =
            Row { at: Complex64::new(number(2), number(3)), expected: Complex64::new(number(4), number(5)) };
        table.entry((fields[0], fields[1])).or_default().push(row);
    }
    table
}

/// The error that is allowed, relative to the largest value so far: the promise is 1e-10.
const BOUND: f64 = 5e-12;

#[test]
fn every_value_agrees_with_its_reference() {
    let mut count = 0;
    let mut worst = BTreeMap::<&str, f64>::new();
    for ((name, quantity), rows) in &table() {
        let system = solve(name, quantity);
        // Poles are compared with the largest one.
        let mut scale = if quantity.starts_with("pole") {
            system.poles().iter().fold(0.0, |scale: f64, pole| scale.max(pole.norm()))
        } else {
            0.0
        };
        for Row { at, expected } in rows {
            scale = scale.max(expected.norm());
            let error = (value(&system, quantity, *at) - expected).norm();
            let error = if error == 0.0 { 0.0 } else { error / scale };
            assert!(error <= BOUND, "{name} {quantity} at {at}: {error:e} of {scale:e}");
            let worst = worst.entry(name).or_default();
            *worst = worst.max(error);
            count += 1;
        }
    }
    assert_eq!(count, 614, "rows checked: {worst:#?}");
}

#[test]
fn values_depend_on_the_time_alone() {
    let matrix = NamedMatrix::HippoFout { order: 9, window: 2.0 };
    let system = || Case::named(matrix.clone()).output(&[1.0; 9], 0.0).under(square).solve();
    let times: Vec<f64> = (0..200).map(|step| f64::from(step * 37 % 200) * 0.083 - 2.0).collect();
    let bits = |system: &StateSpace, t: f64| {
        let state = system.state(t).expect("a state");
        state.iter().map(|x| x.re.to_bits()).collect::<Vec<u64>>()
    };
    let asked_once: Vec<_> = times.iter().map(|t| bits(&system(), *t)).collect();
    let in_order = system();
    let backwards = system();
    for (t, expected) in times.iter().zip(&asked_once) {
        assert_eq!(&bits(&in_order, *t), expected);
    }
    for (t, expected) in times.iter().zip(&asked_once).rev() {
        assert_eq!(&bits(&backwards, *t), expected);
    }
    let shared = system();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (shared, times, asked_once) = (&shared, &times, &asked_once);
            scope.spawn(move || {
                for at in (0..times.len()).map(|at| (at * 7 + thread * 50) % times.len()) {
                    assert_eq!(bits(shared, times[at]), asked_once[at]);
                }
            });
        }
    });
}

#[test]
fn free_spring_is_the_closed_form() {
    let system = spring().from(&[1.0, -0.5]).solve();
    let (decay, omega) = (0.125, f64::sqrt(4.0 - 0.125 * 0.125));
    for t in [0.0, 0.01, 0.9, 7.0, 60.0] {
        let (sin, cos) = f64::sin_cos(omega * t);
        let expected = f64::exp(-decay * t) * (cos + (decay - 0.5) / omega * sin);
        assert!((system.output(0, t).expect("an output").re - expected).abs() < 1e-14, "{t}");
    }
}

#[test]
fn motion_continues_backwards() {
    // x′ = −x + cos t + sin t with x(0) = 0.5 is sin t + 0.5·exp(−t).
    let system = Case::real(&[&[-1.0]], &[1.0]).from(&[0.5]).under(|t| t.cos() + t.sin()).solve();
    for t in [-5.0, -1.3, -0.01, 0.0, 0.01, 1.3, 5.0] {
        let expected = f64::sin(t) + 0.5 * f64::exp(-t);
        let actual = system.output(0, t).expect("an output").re;
        assert!((actual - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{t}: {actual} {expected}");
    }
    assert_eq!(system.impulse(-1.0).expect("a response"), Complex64::ZERO);
    assert_eq!(system.step(-1.0).expect("a response"), Complex64::ZERO);
}

/// x′ = −j·H·x with a Hermitian H, as a wave function moves, and a rotation in real numbers.
#[test]
fn unitary_motion_keeps_its_norm() {
    let hermitian = |m: usize, n: usize| {
        let entry = |low: usize, high: usize| Complex64::new((low + high) as f64, (high - low) as f64 * 0.5);
        if m <= n { entry(m, n) } else { entry(n, m).conj() }
    };
    let rows = |entry: &dyn Fn(usize, usize) -> Complex64| -> Vec<Vec<Complex64>> {
        (0..5).map(|m| (0..5).map(|n| entry(m, n)).collect()).collect()
    };
    let wave = rows(&|m, n| -Complex64::I * hermitian(m, n));
    let rotation = rows(&|m, n| (m as f64 - n as f64).into());
    for a in [wave, rotation] {
        let start: Vec<Complex64> = complex(&[0.5, -0.5, 0.5, 0.5, 0.0]);
        let zero: InputFn = Arc::new(|_| Ok(Complex64::ZERO));
        for input in [None, Some(zero)] {
            let system =
                Case { x0: start.clone(), input, ..Case::new(a.clone(), vec![Complex64::ONE; 5]) }.solve();
            let slowest = system.poles().iter().map(|pole| pole.im.abs()).filter(|im| *im > 1e-9);
            let period = 2.0 * std::f64::consts::PI / slowest.fold(f64::INFINITY, f64::min);
            for periods in [0.3, 10.0, 333.3, 1e4] {
                let state = system.state(periods * period).expect("a state");
                let norm = state.iter().map(Complex64::norm_sqr).sum::<f64>().sqrt();
                assert!((norm - 1.0).abs() <= 1e-12, "{periods} periods: {:e}", norm - 1.0);
            }
        }
    }
}

#[test]
fn decayed_motion_keeps_its_digits() {
    let system = jordan().from(&[1.0, 1.0, 1.0]).solve();
    for t in [10.0, 100.0, 1000.0] {
        let expected = f64::exp(-0.5 * t) * (1.0 + t + 0.5 * t * t);
        let actual = system.output(0, t).expect("an output").re;
        assert!((actual / expected - 1.0).abs() < 1e-12, "{t}: {actual:e} {expected:e}");
    }
}

#[test]
fn legt_delays_its_input_by_pade_approximation() {
    for order in [1_usize, 2, 5, 8] {
        let window = 1.5;
        let c: Vec<f64> = (0..order).map(|n| ((2 * n + 1) as f64).sqrt() * [1.0, -1.0][n % 2]).collect();
        let system = Case::named(NamedMatrix::HippoLegt { order, window }).output(&c, 0.0).solve();
        for s in [Complex64::new(0.3, 0.0), Complex64::new(-0.2, 3.0), Complex64::new(2.0, -9.0)] {
            let expected = pade(order, -s * window);
            let actual = system.transfer(s);
            assert!((actual - expected).norm() < 1e-12 * expected.norm(), "{order} {s}: {actual} {expected}");
        }
    }
}

/// The approximant of exp(z) with degree `order` − 1 over degree `order`.
fn pade(order: usize, z: Complex64) -> Complex64 {
    let total = 2 * order - 1;
    let sum = |degree: usize, z: Complex64| {
        let mut term = Complex64::ONE;
        let mut sum = term;
        for j in 0..degree {
            term *= z * (degree - j) as f64 / ((total - j) * (j + 1)) as f64;
            sum += term;
        }
        sum
    };
    sum(order - 1, z) / sum(order, -z)
}

#[test]
fn responses_fit_together() {
    let system = spring().output(&[1.0, 0.5], 0.25).solve();
    let at_rest = system.transfer(Complex64::ZERO).re;
    assert!((system.step(400.0).expect("a response").re - at_rest).abs() < 1e-14);
    assert_eq!(system.impulse(0.0).expect("a response").re, 0.5);
    assert_eq!(system.step(0.0).expect("a response").re, 0.25);
    let [above, below] = [1e-4, -1e-4].map(|h| system.step(1.0 + h).expect("a response").re);
    assert!(((above - below) / 2e-4 - system.impulse(1.0).expect("a response").re).abs() < 1e-7);
    let steady = system.transfer(Complex64::I * 3.0);
    let driven = spring().output(&[1.0, 0.5], 0.25).under(|t| (3.0 * t).sin()).solve();
    let t = 300.0;
    let expected = (steady * Complex64::from_polar(1.0, 3.0 * t)).im;
    assert!((driven.output(0, t).expect("an output").re - expected).abs() < 1e-12);
    assert!(
        !driven.transfer(driven.poles()[0]).norm().is_normal()
            || driven.transfer(driven.poles()[0]).norm() > 1e12
    );
}

#[test]
fn half_of_the_conjugate_states_stand_for_all() {
    let matrix = NamedMatrix::S4dLin { order: 6 };
    let c: Vec<Complex64> = (0..6).map(|n| Complex64::new(1.0, 0.3 * f64::from(n))).collect();
    let conjugate = |row: &[Complex64]| {
        row.iter()
            .chain(row)
            .enumerate()
            .map(|(at, entry)| if at < row.len() { *entry } else { entry.conj() })
            .collect::<Vec<_>>()
    };
    let diagonal: Vec<Complex64> = (0..6).map(|at| matrix.a()[at][at]).collect();
    let input = || -> Option<InputFn> { Some(Arc::new(|t: f64| Ok((2.0 * t).sin().into()))) };
    let half = Matrices {
        a: matrix.a(),
        b: matrix.b(),
        c: vec![c.clone()],
        d: vec![0.5.into()],
        output: OutputPart::TwiceReal,
    };
    let whole = Matrices {
        a: NamedMatrix::Diagonal(conjugate(&diagonal)).a(),
        b: conjugate(&matrix.b()),
        c: vec![conjugate(&c)],
        d: vec![0.5.into()],
        output: OutputPart::Whole,
    };
    let half = StateSpace::new(half, &[Complex64::ZERO; 6], input()).expect("sound matrices");
    let whole = StateSpace::new(whole, &[Complex64::ZERO; 12], input()).expect("sound matrices");
    for t in [0.0, 0.4, 3.0] {
        assert!((half.output(0, t).expect("y") - whole.output(0, t).expect("y")).norm() < 1e-13);
        assert!((half.impulse(t).expect("y") - whole.impulse(t).expect("y")).norm() < 1e-13);
        assert!((half.step(t).expect("y") - whole.step(t).expect("y")).norm() < 1e-13);
        assert_eq!(half.output(0, t).expect("y").im, 0.0);
    }
    let s = Complex64::new(0.2, 4.0);
    assert!((half.transfer(s) - whole.transfer(s)).norm() < 1e-13);
}

#[test]
fn states_end_where_they_or_their_input_end() {
    let unstable =
        Case::real(&[&[0.0, 1.0], &[2.0, 1.0]], &[0.0, 1.0]).from(&[1.0, 0.0]).under(f64::sin).solve();
    assert!(unstable.output(0, 300.0).expect("an output").re > 1e250);
    let message = unstable.output(0, 400.0).expect_err("an error").to_string();
    assert_eq!(message, "the state is too large for a number at t = 400");
    let stable = Case::real(&[&[1.0, 0.0], &[0.0, -1.0]], &[0.0, 0.0]).from(&[0.0, 1.0]).solve();
    assert_eq!(stable.output(0, 1000.0).expect("an output").re, 0.0);

    let undefined = spring().under(|t| if t < 2.0 { 1.0 } else { f64::NAN }).solve();
    let whole = spring().under(|_| 1.0).solve();
    let [before, expected] =
        [&undefined, &whole].map(|system| system.output(0, 1.999).expect("an output").re);
    assert!((before - expected).abs() < 1e-15);
    assert!(undefined.output(0, 2.1).expect("an output").re.is_nan());

    let failing: InputFn =
        Arc::new(|t| if t < 2.0 { Ok(Complex64::ONE) } else { Err(Arc::new(std::fmt::Error)) });
    let failing =
        StateSpace::new(whole.matrices().clone(), &[Complex64::ZERO; 2], Some(failing)).expect("sound");
    assert!((failing.output(0, 1.999).expect("an output").re - expected).abs() < 1e-15);
    assert!(matches!(failing.output(0, 2.1), Err(MotionError::Input(_))));

    let turning: InputFn = Arc::new(|t| Ok(Complex64::new(t.cos(), t.sin())));
    let turning =
        StateSpace::new(whole.matrices().clone(), &[Complex64::ZERO; 2], Some(turning)).expect("sound");
    assert!(matches!(turning.output(0, 1.0), Err(MotionError::ComplexInput { t: 1.0 })));

    // A cosine near 1 has few digits left.
    let cancelling = spring().under(|t| 1.0 - t.cos()).solve();
    let exact = spring().under(|t| 2.0 * (0.5 * t).sin() * (0.5 * t).sin()).solve();
    let [cancelling, exact] =
        [cancelling, exact].map(|system| system.output(0, 1.999).expect("an output").re);
    assert!((cancelling - exact).abs() < 1e-15);
    let rounded = spring().under(|t| 1.0 + 1e-11 * (t * 1e9).sin()).solve();
    assert!((rounded.output(0, 1.999).expect("an output").re - expected).abs() < 1e-11);

    let noise = spring().under(|t| (t * 1e9).sin() * (t * 1.7e10).sin()).solve();
    assert!(matches!(noise.output(0, 1.0), Err(MotionError::TooRough { t: 1.0 })));
}

#[test]
fn matrices_that_do_not_fit_are_refused() {
    let sound = spring().solve().matrices().clone();
    let message = |matrices: Matrices, x0: usize| {
        let x0 = vec![Complex64::ZERO; x0];
        StateSpace::new(matrices, &x0, None).expect_err("an error").to_string()
    };
    let a = vec![complex(&[1.0]), complex(&[1.0])];
    assert_eq!(message(Matrices { a, ..sound.clone() }, 2), "A must be square, it is 2 × 1");
    let b = complex(&[1.0; 3]);
    assert_eq!(
        message(Matrices { b, ..sound.clone() }, 2),
        "B must have as many entries as A has rows (2), it has 3"
    );
    let c = vec![complex(&[1.0])];
    assert_eq!(
        message(Matrices { c, ..sound.clone() }, 2),
        "C must have in each row as many entries as A has rows (2), it has 1"
    );
    let d = complex(&[1.0; 2]);
    assert_eq!(
        message(Matrices { d, ..sound.clone() }, 2),
        "D must have as many entries as C has rows (1), it has 2"
    );
    let b = complex(&[1.0, f64::INFINITY]);
    assert_eq!(message(Matrices { b, ..sound.clone() }, 2), "B must have finite entries");
    assert_eq!(message(sound, 1), "x0 must have as many entries as A has rows (2), it has 1");
}
