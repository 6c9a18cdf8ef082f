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
        let (forward, backward) = (model(system, keys.clone()), model(system, keys));
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
            assert_eq!(
                again.map(|pole| pole.re.to_bits()),
                film[step as usize].map(|pole| pole.re.to_bits())
            );
            assert_eq!(
                again.map(|pole| pole.im.to_bits()),
                film[step as usize].map(|pole| pole.im.to_bits())
            );
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
