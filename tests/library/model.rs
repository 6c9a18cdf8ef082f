//! Definitions and bindings: dependencies, their order, and the values that a binding changes.

use kymograph::scene::expr::{EvalError, ExprRole, NameKind, Variable, check_name};
use kymograph::scene::model::{DefinitionPath, Env, Formula, Model, ModelBuilder, ModelError};
use kymograph::system::SystemKind;
use kymograph::work::WorkMeter;
use num_complex::Complex64;

use crate::LIMIT;

/// Two oscillators with params and signals. Written in this order, no definition can be evaluated before a later one.
fn spring(k: impl Into<Formula>) -> ModelBuilder {
    let mut builder = Model::builder();
    builder
        .param("cycles", "3*osc.period")
        .param("k", k)
        .param("m", 90.0)
        .param("twice", "2*k")
        .param("alone", "m^2")
        .signal("force", "-k*osc.x")
        .signal("late", "force(t - 2)")
        .signal("start", "force(0)")
        .signal("response", "1/(k - m*omega^2 + j*omega)")
        .system("second", SystemKind::OSCILLATOR, [("omega0", "2*osc.omega0"), ("x0", "osc.x(1)")])
        .system(
            "osc",
            SystemKind::OSCILLATOR,
            [("mass", "m"), ("stiffness", "k"), ("x0", "0.5"), ("v0", "1")],
        )
        .free("omega");
    builder
}

fn value(env: &Env<'_>, source: &str) -> Complex64 {
    let code = env.model().compile(source, ExprRole::Element(&[])).expect("an expression");
    env.eval(&code).expect("a value")
}

/// Asserts that all values are the same in both environments.
fn assert_same(a: &Env<'_>, b: &Env<'_>) {
    let numbers = ["k", "twice", "alone", "cycles", "start", "second.zeta"];
    for source in numbers.into_iter().chain(["force", "late", "osc.x", "second.v", "osc.energy"]) {
        assert_eq!(value(a, source), value(b, source), "{source}");
    }
}

fn refused(builder: &ModelBuilder) -> ModelError {
    match builder.build() {
        Ok(_) => panic!("must be refused"),
        Err(error) => error,
    }
}

#[test]
fn binding_a_param_equals_writing_it_in_the_scene() {
    let model = spring(10.0).build().expect("a model");
    let k = model.param("k").expect("k");
    for stiffness in [0.1, 10.0, 77.0] {
        let anew = spring(stiffness).build().expect("a model");
        let anew = anew.env(&[]).expect("values").with_time(3.7);
        let bound = model.env(&[]).expect("values").with_time(3.7).bind(Variable::Param(k), stiffness);
        assert_same(&bound.expect("values"), &anew);
        assert_same(&model.env(&[(k, stiffness)]).expect("values").with_time(3.7), &anew);
        let mut rebound = model.env(&[]).expect("values");
        rebound.bind_in_place(Variable::Param(k), stiffness).expect("values");
        rebound.bind_in_place(Variable::Time, 3.7).expect("values");
        assert_same(&rebound, &anew);
    }
}

#[test]
fn bindings_commute_and_persist() {
    let model = spring(10.0).build().expect("a model");
    let (k, twice) = (model.param("k").expect("k"), model.param("twice").expect("twice"));
    let env = model.env(&[]).expect("values");
    let one = env.bind(Variable::Param(k), 5.0).and_then(|env| env.bind(Variable::Param(twice), 7.0));
    let other = env.bind(Variable::Param(twice), 7.0).and_then(|env| env.bind(Variable::Param(k), 5.0));
    let (one, other) = (one.expect("values"), other.expect("values"));
    assert_same(&one, &other);
    assert_eq!(value(&one, "twice"), Complex64::new(7.0, 0.0));
    // The original environment is unchanged.
    assert_eq!(value(&env, "twice"), Complex64::new(20.0, 0.0));
}

#[test]
fn an_impossible_binding_changes_nothing() {
    let model = spring(10.0).build().expect("a model");
    let k = Variable::Param(model.param("k").expect("k"));
    let mut env = model.env(&[]).expect("values");
    let before = env.clone();
    let error = env.bind_in_place(k, -1.0).expect_err("a negative stiffness");
    assert_eq!(error.definition, DefinitionPath::Key { system: "osc".into(), key: "stiffness".into() });
    assert_eq!(error.message, "stiffness must be greater than 0, it is -1");
    assert_same(&env, &before);
}

#[test]
fn code_knows_what_it_depends_on() {
    let model = spring(10.0).build().expect("a model");
    let omega = model.free("omega").expect("omega");
    let param = |name| Variable::Param(model.param(name).expect("a param"));
    let variables = [Variable::Time, param("k"), param("m"), param("twice"), Variable::Free(omega)];
    for (source, expected) in [
        ("1 + 2", [false, false, false, false, false]),
        ("t", [true, false, false, false, false]),
        ("twice", [false, true, false, true, false]),
        ("alone", [false, false, true, false, false]),
        ("cycles", [false, true, true, false, false]),
        ("osc.period", [false, true, true, false, false]),
        ("osc.x", [true, true, true, false, false]),
        ("osc.x(0)", [false, true, true, false, false]),
        ("osc.x(t)", [true, true, true, false, false]),
        ("late", [true, true, true, false, false]),
        ("late(0)", [false, true, true, false, false]),
        ("start", [false, true, true, false, false]),
        ("start(t)", [true, true, true, false, false]),
        ("second.zeta", [false, true, true, false, false]),
        ("response", [false, true, true, false, true]),
    ] {
        let code = model.compile(source, ExprRole::Element(&[omega])).expect("an expression");
        assert_eq!(variables.map(|variable| code.depends_on(variable)), expected, "{source}");
    }
    let code = model.compile("late + second.x", ExprRole::Element(&[])).expect("an expression");
    assert!(code.dependencies().signals.contains(&model.signal("force").expect("force")));
    assert_eq!(code.dependencies().systems.len(), 2);
}

#[test]
fn a_signal_can_be_evaluated_at_another_time() {
    let model = spring(10.0).build().expect("a model");
    let env = model.env(&[]).expect("values").with_time(5.0);
    let earlier = env.with_time(3.0);
    assert_eq!(value(&env, "late"), value(&earlier, "force"));
    assert_eq!(value(&env, "late(t - 1)"), value(&env, "force(t - 3)"));
    assert_eq!(value(&env, "osc.x(3)"), value(&earlier, "osc.x"));
    assert_eq!(value(&env, "osc.x(0)"), Complex64::new(0.5, 0.0));
    assert_eq!(value(&env, "second.x0"), value(&env, "osc.x(1)"));
    // The argument is evaluated at the present time, not at the time that it gives.
    assert_eq!(value(&env, "force(force(t) + t)"), value(&env, "force(force + 5)"));
    assert!(value(&env, "osc.x(j)").re.is_nan());
    let difference = value(&env, "integral(osc.v(s), s, 0, t) - (osc.x - osc.x0)");
    assert!(difference.norm() < 1e-12, "{difference}");
}

#[test]
fn a_variable_has_a_value_only_where_a_curve_runs_over_it() {
    let model = spring(10.0).build().expect("a model");
    let omega = model.free("omega").expect("omega");
    for (source, part) in
        [("1 + omega", "omega"), ("abs(response)", "response"), ("2*response(0)", "response")]
    {
        for role in [ExprRole::Element(&[]), ExprRole::Number] {
            let error = model.compile(source, role).expect_err("unbound");
            assert_eq!(&source[error.span.clone()], part, "{source}");
            assert!(error.message.contains("has no value here"), "{source}: {error}");
        }
    }
    let code = model.compile("response", ExprRole::Element(&[omega])).expect("bound");
    let env = model.env(&[]).expect("values").bind(Variable::Free(omega), 0.5).expect("values");
    let expected = Complex64::new(1.0, 0.0) / Complex64::new(10.0 - 22.5, 0.5);
    assert!((env.eval(&code).expect("a value") - expected).norm() < 1e-16);
    let error = model.compile("sum(omega, omega, 1, 2)", ExprRole::Signal).expect_err("taken");
    assert!(error.message.contains("already defined"), "{error}");
}

#[test]
fn a_number_holds_for_all_times() {
    for (formula, part, message) in [
        ("1 + t", "t", "cannot use `t`"),
        ("2*osc.x", "osc.x", "`osc.x` changes with time"),
        ("force/2", "force", "`force` changes with time"),
        ("late(t)", "t", "cannot use `t`"),
    ] {
        let error = refused(spring(10.0).param("p", formula));
        assert_eq!(error.definition, DefinitionPath::Param("p".into()));
        assert_eq!(&formula[error.span.clone().expect("a span")], part);
        assert!(error.message.contains(message), "{formula}: {error}");
    }
    for formula in ["osc.x(0)", "late(3)", "start", "osc.period", "2*exp(j)"] {
        assert!(spring(10.0).param("p", formula).build().is_ok(), "{formula}");
    }
    let error = refused(spring(10.0).system("third", SystemKind::OSCILLATOR, [("omega0", "t")]));
    assert_eq!(error.definition, DefinitionPath::Key { system: "third".into(), key: "omega0".into() });
}

#[test]
fn circular_definitions_are_shown() {
    let mut builder = Model::builder();
    builder.param("start", "b").param("a", "1 + b").param("b", "2*c").param("c", "a");
    let error = refused(&builder);
    assert_eq!((&error.definition, &error.span), (&DefinitionPath::Param("a".into()), &Some(4..5)));
    assert!(error.message.ends_with("a → b → c → a"), "{error}");

    let error = refused(Model::builder().signal("f", "f(t - 1)"));
    assert_eq!((&error.definition, &error.span), (&DefinitionPath::Signal("f".into()), &Some(0..1)));
    assert!(error.message.ends_with("f → f"), "{error}");

    let error = refused(&spring("cycles"));
    assert_eq!(error.definition, DefinitionPath::Param("cycles".into()));
    assert!(error.message.ends_with("cycles → osc.stiffness → k → cycles"), "{error}");

    let error =
        refused(Model::builder().system("o", SystemKind::OSCILLATOR, [("omega0", "1"), ("x0", "o.v(0)")]));
    assert_eq!(error.definition, DefinitionPath::Key { system: "o".into(), key: "x0".into() });
    assert!(error.message.ends_with("o.x0 → o.x0"), "{error}");
}

#[test]
fn long_chains_of_definitions_do_not_exhaust_the_stack() {
    let (mut params, mut signals, mut doubling) = (Model::builder(), Model::builder(), Model::builder());
    for i in 0..2000 {
        params.param(format!("p{i}"), format!("1 + p{}", i + 1));
        signals.signal(format!("s{i}"), format!("1 + s{}", i + 1));
    }
    for i in 0..60 {
        doubling.signal(format!("d{i}"), format!("d{} + d{}", i + 1, i + 1));
    }
    let params = params.param("p2000", 1.0).build().expect("params are evaluated one after the other");
    assert_eq!(value(&params.env(&[]).expect("values"), "p0").re, 2001.0);
    let error = refused(signals.signal("s2000", "t"));
    assert!(error.message.contains("too deeply"), "{error}");
    let doubling = doubling.count_work(&WorkMeter::new(LIMIT.0)).signal("d60", "t").build().expect("a model");
    let code = doubling.compile("d0", ExprRole::Element(&[])).expect("an expression");
    assert_eq!(doubling.env(&[]).expect("values").eval(&code), Err(EvalError::TooMuchWork(LIMIT)));
}

#[test]
fn the_deepest_evaluation_fits_the_stack() {
    for formula in ["1 + NEXT", "integral(NEXT(u), u, 0, t)", "sum(if(1, NEXT, 0), n, 1, 1)"] {
        let deepest = |signals: usize| {
            let mut builder = Model::builder();
            builder.count_work(&WorkMeter::new(LIMIT.0));
            for i in 0..signals {
                builder.signal(format!("s{i}"), formula.replace("NEXT", &format!("s{}", i + 1)));
            }
            builder.signal(format!("s{signals}"), "t").build()
        };
        let most = (1..=250).rev().step_by(10).find_map(|signals| deepest(signals).ok()).expect("a model");
        let code = most.compile("s0", ExprRole::Signal).or_else(|_| most.compile("s1", ExprRole::Signal));
        let env = most.env(&[]).expect("values").with_time(1.0);
        let value = env.eval(&code.expect("an expression"));
        assert_eq!(value.is_ok(), !formula.starts_with("integral"), "{formula}: {value:?}");
    }
}

#[test]
fn nested_integrals_fit_the_stack() {
    // With the limit t the inner integral is the same at all points of the outer one, with the next variable it is not.
    let same = |_: usize| "t".to_owned();
    let next = |i: usize| if i < 244 { format!("v{}", i + 1) } else { "t".to_owned() };
    for (limit, expected) in
        [(&same as &dyn Fn(usize) -> String, Ok(1.0)), (&next, Err(EvalError::TooMuchWork(LIMIT)))]
    {
        let nested = |innermost: &str| {
            let integral = |inner, i| format!("integral({inner}, v{i}, 0, {})", limit(i));
            (0..245).fold(innermost.to_owned(), integral)
        };
        let mut builder = Model::builder();
        builder.count_work(&WorkMeter::new(LIMIT.0));
        let model = builder.signal("f", nested("t")).signal("g", nested("f")).build().expect("a model");
        let code = model.compile("g", ExprRole::Element(&[])).expect("an expression");
        assert_eq!(model.env(&[]).expect("values").with_time(1.0).eval_real(&code), expected);
    }
}

#[test]
fn names_are_checked() {
    for (kind, name, good) in [
        (NameKind::Param, "k", true),
        (NameKind::Param, "omega_0", true),
        (NameKind::Param, "sin", true),
        (NameKind::Signal, "sin", true),
        (NameKind::System, "sin", true),
        (NameKind::Param, "t", false),
        (NameKind::Variable, "pi", false),
        (NameKind::System, "and", false),
        (NameKind::System, "two-springs", false),
        (NameKind::Param, "2k", false),
        (NameKind::Param, "_k", false),
        (NameKind::Param, "ω", false),
        (NameKind::Param, "", false),
    ] {
        assert_eq!(check_name(kind, name).is_ok(), good, "{name}");
    }
    let error = refused(spring(1.0).signal("k", "t"));
    assert_eq!((&error.definition, &error.span), (&DefinitionPath::Signal("k".into()), &None));
    assert!(error.message.contains("already the name of a param"), "{error}");
    assert_eq!(refused(spring(1.0).free("osc")).definition, DefinitionPath::Variable("osc".into()));
}

#[test]
fn a_param_may_have_the_name_of_a_function() {
    let model = Model::builder().param("exp", 2.0).signal("f", "exp*cos(0)").build().expect("a model");
    assert_eq!(value(&model.env(&[]).expect("values"), "f").re, 2.0);
    let error = spring(1.0).build().expect("a model").compile("k(1 + t)", ExprRole::Signal);
    assert!(error.expect_err("no function").help.expect("help").contains("`k*(…)`"));
}

#[test]
fn near_names_are_suggested() {
    let model = spring(1.0).build().expect("a model");
    for (source, help) in [
        ("osc.perod", "`period`"),
        ("ocs.x", "`osc`"),
        ("twise", "`twice`"),
        ("frce(t - 1)", "`force`"),
        ("osc", "osc.x"),
        ("osc.x[0]", "write `osc.x`"),
        ("osc.period(1)", "without the parentheses"),
        ("K", "`k`"),
    ] {
        let error = model.compile(source, ExprRole::Signal).expect_err(source);
        assert!(error.help.as_deref().unwrap_or_default().contains(help), "{source}: {error}");
    }
    let far = model.compile("osc.position", ExprRole::Signal).expect_err("unknown").help;
    assert!(far.is_some_and(|help| help.starts_with("it has `x`, `v`")));
    let error = model.compile("k.x", ExprRole::Signal).expect_err("no system");
    assert!(error.message.contains("`k` is a param"), "{error}");
}

#[test]
fn only_consistent_keys_of_an_oscillator_are_accepted() {
    let system = |keys: &[(&str, f64)]| {
        Model::builder().system("o", SystemKind::OSCILLATOR, keys.iter().copied()).build()
    };
    for keys in [
        &[("stiffness", 1.0)][..],
        &[("mass", 2.0), ("stiffness", 1.0), ("damping", 0.1)],
        &[("omega0", 1.0)],
        &[("omega0", 1.0), ("gamma", 0.1)],
        &[("omega0", 1.0), ("zeta", 0.1), ("drive.amplitude", 1.0), ("drive.omega", 2.0)],
    ] {
        assert!(system(keys).is_ok_and(|model| model.env(&[]).is_ok()), "{keys:?}");
    }
    for (keys, part) in [
        (&[("mass", 1.0)][..], "needs `stiffness` or `omega0`"),
        (&[("stiffness", 1.0), ("omega0", 1.0)], "cannot be given together"),
        (&[("omega0", 1.0), ("damping", 1.0)], "`gamma` or `zeta`"),
        (&[("omega0", 1.0), ("gamma", 1.0), ("zeta", 1.0)], "give one of the two"),
        (&[("stiffness", 1.0), ("zeta", 1.0)], "beside `stiffness`"),
        (&[("omega0", 1.0), ("drive.phase", 1.0)], "a drive needs `amplitude` and `omega`"),
        (&[("omega0", 1.0), ("stifness", 1.0)], "did you mean `stiffness`?"),
    ] {
        let error = system(keys).expect_err("must be refused").to_string();
        assert!(error.contains(part), "{keys:?}: {error}");
    }
}

#[test]
fn keys_reach_the_solver() {
    let motion = [("mass", "2"), ("omega0", "3"), ("zeta", "re(c)"), ("x0", "0.25"), ("v0", "-1")];
    let drive = [("drive.amplitude", "4"), ("drive.omega", "5"), ("drive.phase", "pi/2")];
    let mut builder = Model::builder();
    builder.param("c", "exp(j*pi/3)").system("o", SystemKind::OSCILLATOR, motion.into_iter().chain(drive));
    let model = builder.build().expect("a model");
    let env = model.env(&[]).expect("values");
    let real = |source| env.eval_real(&model.compile(source, ExprRole::Number).expect("a number"));
    for (source, expected) in [
        ("o.omega0", 3.0),
        ("o.zeta", 0.5),
        ("o.gamma", 3.0),
        ("o.x(0)", 0.25),
        ("o.v(0)", -1.0),
        ("o.kinetic(0)", 1.0),
        ("o.drive_force(pi/10)", -4.0),
        // Newton's second law, with k = m·omega0² and b = m·gamma
        ("2*o.a(7) + 6*o.v(7) + 18*o.x(7) - o.drive_force(7)", 0.0),
    ] {
        let found = real(source).expect("real");
        assert!((found - expected).abs() < 1e-13, "{source} is {found}");
    }
    assert!(real("c").is_err());
}

#[test]
fn a_key_must_be_real() {
    let model =
        Model::builder().system("o", SystemKind::OSCILLATOR, [("omega0", "1 + j")]).build().expect("a model");
    let error = model.env(&[]).expect_err("not real");
    assert!(
        error
            .to_string()
            .starts_with("`omega0` of system `o`: a real number is needed, the value is 1 + 1*j")
    );
}
