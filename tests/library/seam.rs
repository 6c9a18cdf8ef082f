//! Laws of the seam between systems and expressions: values depend on the time and the params alone, each system is
//! solved once for each distinct set of params, and errors of evaluation reach the caller.

use std::thread;

use kymograph::panel::Figure;
use kymograph::scene::expr::{Code, EvalError, ExprRole, Variable};
use kymograph::scene::model::{Env, Formula, KeyContent, Model, ModelBuilder};
use kymograph::system::SystemKind;
use num_complex::Complex64;

use crate::support::scenes::{parse_scene, repository_scenes};

fn kind(name: &str) -> SystemKind {
    SystemKind::from_name(name).expect("a kind of system")
}

fn formulas(texts: &[&str]) -> Vec<Formula> {
    texts.iter().map(|text| Formula::from(*text)).collect()
}

fn named(entries: &[(&str, &str)]) -> KeyContent<Formula> {
    KeyContent::Named(entries.iter().map(|(name, text)| ((*name).to_owned(), Formula::from(*text))).collect())
}

/// A system that is stepped, one with vectors and matrices, and one in closed form that drives it.
fn systems() -> ModelBuilder {
    let mut builder = Model::builder();
    builder.param("mu", 2.0).param("k", 4.0).free("s");
    builder.system(
        "pol",
        kind("ode"),
        [
            ("rates", named(&[("x", "v"), ("v", "mu*(1 - x^2)*v - x")])),
            ("start", named(&[("x", "1"), ("v", "0")])),
            ("events", named(&[("hit", "x")])),
        ],
    );
    builder.system("osc", SystemKind::OSCILLATOR, [("stiffness", "k"), ("x0", "1")]);
    builder.system(
        "ss",
        kind("state-space"),
        [
            ("A", KeyContent::Matrix(vec![formulas(&["0", "1"]), formulas(&["-k", "-0.3"])])),
            ("B", KeyContent::Vector(formulas(&["0", "1"]))),
            ("u", KeyContent::Scalar(Formula::from("osc.x"))),
        ],
    );
    builder
}

/// Signals, components, constants and functions of these systems.
const SOURCES: [&str; 10] = [
    "pol.x",
    "pol.v(t/2)",
    "pol.hit[1]",
    "ss.x[1]",
    "sum(ss.x[n]^2, n, 0, 1)",
    "ss.y + ss.u",
    "ss.A[1][0]*ss.B[1]",
    "ss.step(t) + ss.impulse(t/3)",
    "ss.H(j*t)",
    "ss.pole[0] + osc.period",
];

fn codes(model: &Model) -> Vec<Code> {
    SOURCES.iter().map(|source| model.compile(source, ExprRole::Element(&[])).expect(source)).collect()
}

fn value(env: &Env<'_>, source: &str) -> Complex64 {
    let code = env.model().compile(source, ExprRole::Element(&[])).expect(source);
    env.eval(&code).expect(source)
}

fn bits(value: Complex64) -> [u64; 2] {
    [value.re.to_bits(), value.im.to_bits()]
}

/// The bits of all expressions at some times.
fn values(env: &Env<'_>, codes: &[Code], times: impl IntoIterator<Item = f64>) -> Vec<[u64; 2]> {
    let mut found = Vec::new();
    for time in times {
        let env = env.with_time(time);
        found.extend(codes.iter().map(|code| bits(env.eval(code).expect("a value"))));
    }
    found
}

#[test]
fn a_value_depends_on_its_time_alone() {
    let times = || (0..40).map(|k| f64::from(k) * 0.37);
    let model = systems().build().expect("a model");
    let forward = values(&model.env(&[]).expect("values"), &codes(&model), times());
    let model = systems().build().expect("a model");
    let mut backward = Vec::new();
    for time in times().collect::<Vec<_>>().into_iter().rev() {
        backward.insert(0, values(&model.env(&[]).expect("values"), &codes(&model), [time]));
    }
    assert_eq!(backward.concat(), forward);
}

#[test]
fn a_value_does_not_depend_on_the_thread() {
    let model = systems().build().expect("a model");
    let codes = codes(&model);
    let times = |first: usize| (0..40).map(move |k| ((first + k * 7) % 40) as f64 * 0.37);
    let alone = {
        let model = systems().build().expect("a model");
        values(&model.env(&[]).expect("values"), &codes, (0..40).map(|k| f64::from(k) * 0.37))
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|first| {
                scope.spawn({
                    let (model, codes) = (&model, &codes);
                    move || values(&model.env(&[]).expect("values"), codes, times(first * 10))
                })
            })
            .collect();
        for (first, thread) in threads.into_iter().enumerate() {
            let found = thread.join().expect("a thread");
            for (position, chunk) in found.chunks(SOURCES.len()).enumerate() {
                let index = (first * 10 + position * 7) % 40;
                assert_eq!(chunk, &alone[index * SOURCES.len()..(index + 1) * SOURCES.len()]);
            }
        }
    });
    assert_eq!(model.solve_count(), 3);
}

#[test]
fn each_system_is_solved_once_for_each_distinct_set_of_its_params() {
    let model = systems().build().expect("a model");
    let [mu, k] = ["mu", "k"].map(|name| Variable::Param(model.param(name).expect("a param")));
    let env = model.env(&[]).expect("values");
    assert_eq!(model.solve_count(), 3);
    for round in 0..3 {
        for value in [1.0, 2.0, 3.0] {
            let bound = env.bind(mu, value).expect("values");
            bound.bind(k, 9.0).expect("values");
            bound.bind(k, 4.0).expect("values");
        }
        // `pol` at mu = 1 and 3, and `osc` and `ss` at k = 9; the others are known.
        assert_eq!(model.solve_count(), 3 + 2 + 2, "round {round}");
    }
}

/// The number of times that systems are solved to draw every frame of a scene twice.
fn solves(scene: &kymograph::scene::Scene) -> u64 {
    let figure = Figure::new(scene, scene.canvas.scale).expect("a figure");
    for _ in 0..2 {
        for index in 0..scene.timeline.frames {
            figure.marks(index).expect("marks");
        }
    }
    scene.model.solve_count()
}

#[test]
fn a_film_over_time_solves_each_system_once() {
    let mut films = 0;
    for found in repository_scenes() {
        let scene = found.scene(&[]);
        if scene.timeline.variable == Variable::Time && scene.timeline.frames > 1 {
            assert_eq!(solves(&scene), scene.model.systems().count() as u64, "{}", found.name);
            films += 1;
        }
    }
    assert!(films >= 4, "{films}");
}

#[test]
fn a_film_over_a_param_solves_a_system_once_a_value() {
    let scene = parse_scene(
        "params = { zeta = 0.1 }
        systems.osc = { kind = 'oscillator', omega0 = 1, zeta = 'zeta', x0 = 1 }
        systems.other = { kind = 'oscillator', omega0 = 3, x0 = 1 }
        time = { span = [0, 10] }
        animate = { over = 'zeta', span = [0.2, 0.6], frames = 5 }
        panels.p = { kind = 'plot', over = 't', draw = [{ trace = 'osc.x + other.x' }, { text = '@{osc.zeta:.2}', at = [1, 0] }] }",
    );
    // The param's own value and those of the five frames for `osc`, and `other` once.
    assert_eq!(solves(&scene), 1 + 5 + 1);
}

#[test]
fn a_solution_that_ends_is_an_error_where_it_is_used_and_not_before() {
    let mut builder = Model::builder();
    builder.system("up", kind("ode"), [("rates", named(&[("x", "x^2")])), ("start", named(&[("x", "1")]))]);
    let model = builder.build().expect("a model");
    let env = model.env(&[]).expect("values");
    let code = |source: &str| model.compile(source, ExprRole::Element(&[])).expect(source);
    let at = |source: &str, time: f64| env.with_time(time).eval(&code(source));
    assert!((at("up.x", 0.5).expect("a value").re - 2.0).abs() < 1e-9);
    for source in ["up.x", "1 + up.x(3)", "sum(up.x(n), n, 0, 2)", "integral(up.x(q), q, 0, 2)"] {
        let error = at(source, 2.0).expect_err(source);
        assert!(matches!(&error, EvalError::System { error, .. } if error.key == "rates.x"), "{error:?}");
    }
    // The branch that is not taken is not evaluated.
    assert_eq!(at("if(t < 1, up.x, 7)", 2.0), Ok(Complex64::new(7.0, 0.0)));
    assert!((at("up.x", 0.5).expect("a value").re - 2.0).abs() < 1e-9);
}

#[test]
fn a_component_outside_its_range_is_an_error_if_constant_and_nan_if_computed() {
    let model = systems().build().expect("a model");
    let env = model.env(&[]).expect("values").with_time(1.0);
    let refused = |source: &str| model.compile(source, ExprRole::Element(&[])).expect_err(source).message;
    for (source, message) in [
        ("ss.x[2]", "there is no component 2"),
        ("ss.x[-1]", "there is no component -1"),
        ("ss.x[0.5]", "an index is a whole number"),
        ("ss.x[j]", "an index is a whole number, and `j` is complex"),
        ("ss.x[1 + 1]", "there is no component 1 + 1"),
        ("ss.x", "`ss.x` is a vector of 2 components"),
        ("ss.x[0][0]", "`ss.x` is a vector, which has one index"),
        ("ss.A[0]", "`ss.A` is a matrix, whose entries have a row and a column"),
        ("ss.A[0][2]", "there is no component 2"),
        ("osc.x[0]", "`osc.x` has no components"),
        ("ss.H", "`ss.H` is a function of `s`"),
        ("ss.A[0][0](2)", "`ss.A[0][0]` does not change with time"),
    ] {
        assert_eq!(refused(source), message, "{source}");
    }
    for source in ["ss.x[2*t]", "ss.x[t/2]", "ss.A[t][t + 1]", "ss.x[t/0]", "ss.x[exp(j*t)]"] {
        let code = model.compile(source, ExprRole::Element(&[])).expect(source);
        assert!(env.eval(&code).expect("a value").re.is_nan(), "{source}");
    }
    let code = model.compile("ss.x[t]", ExprRole::Element(&[])).expect("an expression");
    assert!(env.eval(&code).expect("a value").re.is_finite());
}

#[test]
fn an_index_belongs_to_the_present_time() {
    let model = systems().build().expect("a model");
    let env = model.env(&[]).expect("values").with_time(1.0);
    assert_eq!(value(&env, "ss.x[t](2)"), value(&env, "ss.x[1](2)"));
    assert_ne!(value(&env, "ss.x[t](2)"), value(&env, "ss.x[0](2)"));
}
