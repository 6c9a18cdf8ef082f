//! Poles keep their numbers while a param moves: along a film, along a curve, whatever is asked first.

use kymograph::scene::expr::{ExprRole, Variable};
use kymograph::scene::model::{Env, Formula, KeyContent, Model, ModelBuilder};
use kymograph::system::SystemKind;
use num_complex::Complex64;

type Keys = Vec<(&'static str, KeyContent<Formula>)>;

fn kind(name: &str) -> SystemKind {
    SystemKind::from_name(name).expect("a kind")
}

fn list<const N: usize>(values: [&str; N]) -> KeyContent<Formula> {
    KeyContent::Vector(values.map(Formula::from).to_vec())
}

fn rows<const N: usize>(rows: [[&str; N]; N]) -> KeyContent<Formula> {
    KeyContent::Matrix(rows.map(|row| row.map(Formula::from).to_vec()).to_vec())
}

/// A model with a param `p` = 0, a param that follows it, and a system `s`.
fn model(system: &str, keys: Keys) -> Model {
    let mut builder = ModelBuilder::default();
    builder.param("p", 0.0).param("q", "1 + 4*p").system("s", kind(system), keys);
    builder.build().expect("a model")
}

fn at(model: &Model, p: f64) -> Env<'_> {
    let param = model.param("p").expect("p");
    model.env(&[]).expect("values").bind(Variable::Param(param), p).expect("values")
}

fn value(env: &Env<'_>, source: &str) -> Complex64 {
    let code = env.model().compile(source, ExprRole::Element(&[])).expect(source);
    env.eval(&code).expect(source)
}

fn values<const N: usize>(model: &Model, member: &str, p: f64) -> [Complex64; N] {
    let env = at(model, p);
    std::array::from_fn(|n| value(&env, &format!("s.{member}[{n}]")))
}

fn bits(number: Complex64) -> [u64; 2] {
    [number.re.to_bits(), number.im.to_bits()]
}

/// (s + q)(s² + 4s + 5): a real pole that moves from −1 to −5, past the pair −2 ± j.
fn overtaking() -> Model {
    model("transfer-function", vec![("denominator", list(["1", "4 + q", "5 + 4*q", "5*q"]))])
}

#[test]
fn a_pole_keeps_its_number_where_it_overtakes_others() {
    let model = overtaking();
    let start: [Complex64; 3] = values(&model, "pole", 0.0);
    let moving = start.iter().position(|pole| (pole + 1.0).norm() < 1e-12).expect("the real pole");
    for p in [0.1, 0.25, 0.5, 1.0, 3.0] {
        let now: [Complex64; 3] = values(&model, "pole", p);
        for n in 0..3 {
            let expected = if n == moving { Complex64::from(-1.0 - 4.0 * p) } else { start[n] };
            assert!((now[n] - expected).norm() < 1e-12, "p = {p}: pole {n} is {}", now[n]);
        }
    }
}

#[test]
fn residues_have_the_numbers_of_their_poles() {
    let model = overtaking();
    for p in [0.0, 0.5, 1.0, 2.0] {
        let poles: [Complex64; 3] = values(&model, "pole", p);
        let residues: [Complex64; 3] = values(&model, "residue", p);
        for n in 0..3 {
            let others = (0..3).filter(|other| *other != n).map(|other| poles[n] - poles[other]);
            let expected = Complex64::ONE / others.product::<Complex64>();
            assert!((residues[n] - expected).norm() < 1e-11, "p = {p}: {} is not {expected}", residues[n]);
        }
    }
}

#[test]
fn poles_move_continuously_and_do_not_depend_on_what_was_asked_before() {
    let matrix = || rows([["-q", "0.1*p", "0"], ["0", "-3", "2"], ["0", "-2", "-3 - p"]]);
    let of =
        |step: f64| vec![("A", matrix()), ("B", list(["1", "0", "0"])), ("step", KeyContent::from(step))];
    let cases: [(&str, Keys, f64); 2] =
        [("state-space", vec![("A", matrix())], 0.2), ("discrete", of(0.1), 0.05)];
    for (system, keys, limit) in cases {
        let (forward, backward) = (model(system, keys.clone()), model(system, keys.clone()));
        let steps = 0..=400;
        let film: Vec<[Complex64; 3]> =
            steps.clone().map(|step| values(&forward, "pole", f64::from(step) / 200.0)).collect();
        for (step, pair) in film.windows(2).enumerate() {
            for (n, (before, after)) in pair[0].iter().zip(pair[1]).enumerate() {
                let jump = (after - before).norm();
                assert!(jump < limit, "{system}: pole {n} jumps by {jump} at step {step}");
            }
        }
        for step in steps.rev() {
            let again: [Complex64; 3] = values(&backward, "pole", f64::from(step) / 200.0);
            assert_eq!(again.map(bits), film[step as usize].map(bits));
        }
        for step in [1, 77, 203, 400] {
            let alone: [Complex64; 3] = values(&model(system, keys.clone()), "pole", f64::from(step) / 200.0);
            assert_eq!(alone.map(bits), film[step as usize].map(bits));
        }
    }
}

#[test]
fn poles_that_meet_part_by_their_imaginary_parts() {
    // s² + 2s + 4p: two real poles meet at p = 1/4, and leave the axis as a pair.
    let model = model("transfer-function", vec![("denominator", list(["1", "2", "4*p"]))]);
    let [first, second]: [Complex64; 2] = values(&model, "pole", 0.0);
    let [larger, smaller] = if first.re > second.re { [0, 1] } else { [1, 0] };
    let pair: [Complex64; 2] = values(&model, "pole", 1.0);
    assert!(pair[larger].im > 0.0 && pair[smaller].im < 0.0, "{pair:?}");
}

#[test]
fn poles_that_meet_twice_stay_continuous() {
    // The matrix of HiPPO-LegS and p³ times one of rank one: −5 and −4 meet, −3 and −2 do, and each two become a pair.
    let entry = |n: usize, k: usize| {
        let product = format!("sqrt({n}.5)*sqrt({k}.5)");
        let own = match n.cmp(&k) {
            std::cmp::Ordering::Greater => format!("-2*{product}"),
            std::cmp::Ordering::Equal => format!("-{}", n + 1),
            std::cmp::Ordering::Less => "0".to_owned(),
        };
        Formula::from(format!("{own} + p^3*{product}"))
    };
    let matrix = (0..5).map(|n| (0..5).map(|k| entry(n, k)).collect()).collect();
    let model = model("state-space", vec![("A", KeyContent::Matrix(matrix))]);
    let film: Vec<[Complex64; 5]> =
        (0..=2000).map(|step| values(&model, "pole", f64::from(step) / 2000.0)).collect();
    for (step, pair) in film.windows(2).enumerate() {
        for (n, (before, after)) in pair[0].iter().zip(pair[1]).enumerate() {
            let jump = (after - before).norm();
            assert!(jump < 0.1, "pole {n} jumps by {jump} at step {step}");
        }
    }
    assert_eq!(film[2000].iter().filter(|pole| pole.im.abs() > 1.0).count(), 4);
}

#[test]
fn poles_are_continuous_in_each_of_two_params() {
    let mut builder = ModelBuilder::default();
    let a = rows([["-1 - 4*p - r", "0.1", "0"], ["0", "-2", "1"], ["0.1*r", "-1", "-2"]]);
    builder.param("p", 0.5).param("r", 0.0).system("s", kind("state-space"), vec![("A", a)]);
    let model = builder.build().expect("a model");
    let [p, r] = ["p", "r"].map(|name| Variable::Param(model.param(name).expect(name)));
    let at = |values: [f64; 2]| -> [Complex64; 3] {
        let env = model.env(&[]).expect("values").bind(p, values[0]).and_then(|env| env.bind(r, values[1]));
        let env = env.expect("values");
        std::array::from_fn(|n| value(&env, &format!("s.pole[{n}]")))
    };
    for fixed in [0.0, 0.25, 0.9] {
        for moving in [0, 1] {
            let place = |step: u32| {
                let along = f64::from(step) / 100.0 - 1.0;
                if moving == 0 { [along, fixed] } else { [fixed, along] }
            };
            for step in 0..200 {
                let [before, after] = [step, step + 1].map(|step| at(place(step)));
                for (n, (before, after)) in before.iter().zip(after).enumerate() {
                    let jump = (after - before).norm();
                    assert!(jump < 0.2, "pole {n} jumps by {jump} at {:?}", place(step));
                }
            }
        }
    }
}
