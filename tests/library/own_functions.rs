//! Functions that a scene defines: `H(w)` of `[signals]` or `[params]`.

use kymograph::scene::expr::{EvalError, ExprRole, Variable};
use kymograph::scene::model::{DefinitionPath, Model, ModelBuilder, ModelError};
use kymograph::work::WorkMeter;
use num_complex::Complex64;

use crate::LIMIT;
use crate::support::scenes::{draw_frame, figure, parse_scene};

/// Functions of one and of two arguments, with and without the time.
fn builder() -> ModelBuilder {
    let mut builder = Model::builder();
    builder
        .param("k", 10.0)
        .param("w", 99.0)
        .param("square(x)", "x^2 + k")
        .param("P", "square(3) + abs(H(2))")
        .signal("H(w)", "1/(k - 2*w^2 + j*w)")
        .signal("wave(a, phi)", "a*sin(t + phi)")
        .signal("twice", "2*wave(3, 0)")
        .signal("nested(n)", "sum(n*m, m, 1, n)")
        .signal("along(a)", "a*u + t")
        .free("u");
    builder
}

/// The value at t = 0.5.
fn value(source: &str) -> Complex64 {
    let model = builder().build().expect("a model");
    let code = model.compile(source, ExprRole::Element(&[])).unwrap_or_else(|e| panic!("{source}: {e}"));
    model.env(&[]).expect("values").with_time(0.5).eval(&code).expect("a value")
}

fn refused(name: &str, formula: &str) -> ModelError {
    builder().signal(name, formula).build().expect_err(name)
}

#[test]
fn a_call_is_the_body_with_its_arguments() {
    for (call, body) in [
        ("H(3)", "1/(k - 18 + 3*j)"),
        // An argument hides the param `w` inside of the function only.
        ("H(w)", "1/(k - 2*99^2 + 99*j)"),
        ("H(1 + j)", "1/(k - 4*j + j - 1)"),
        ("P", "9 + k + 1/abs(k - 8 + 2*j)"),
        ("wave(2, pi/3)", "2*sin(t + pi/3)"),
        ("twice(t - 1)", "6*sin(t - 1)"),
        ("square(square(1) - 9)", "(1 + k - 9)^2 + k"),
        ("nested(4)", "40"),
        ("sum(square(n), n, 1, 3)", "14 + 3*k"),
        ("integral(wave(1, s), s, 0, pi)", "cos(t) - cos(t + pi)"),
        ("integral(wave(2, 1), t, 0, 1)", "2*(cos(1) - cos(2))"),
        // The second call gives the time of the body; arguments belong to the present.
        ("wave(2, 1)(t - 3)", "2*sin(t - 2)"),
        ("wave(t, t)(0)", "t*sin(t)"),
        ("square(2)(7)", "4 + k"),
    ] {
        let (found, expected) = (value(call), value(body));
        assert!(
            (found - expected).norm() <= 1e-13 * expected.norm().max(1.0),
            "{call} is {found}, not {expected}"
        );
    }
}

#[test]
fn calls_know_what_they_depend_on() {
    let model = builder().build().expect("a model");
    let k = model.param("k").expect("k");
    for (source, time, of_k) in [
        ("H(2)", false, true),
        ("wave(1, 2)", true, false),
        ("wave(1, 2)(0)", false, false),
        ("wave(t, 2)(0)", true, false),
        ("wave(k, 2)(0)", false, true),
        ("twice", true, false),
    ] {
        let code = model.compile(source, ExprRole::Element(&[])).expect(source);
        let found = (code.depends_on_time(), code.depends_on(Variable::Param(k)));
        assert_eq!(found, (time, of_k), "{source}");
    }
    assert!(model.compile("along(2)", ExprRole::Element(&[])).is_err(), "`u` has no value here");
    let u = model.free("u").expect("u");
    let code = model.compile("along(2)", ExprRole::Element(&[u])).expect("bound");
    let env = model.env(&[]).expect("values").bind(Variable::Free(u), 3.0).expect("bound");
    assert_eq!(env.eval_real(&code), Ok(6.0));
    let error = model.compile("wave(1, 2)", ExprRole::Number).expect_err("a number");
    assert_eq!(error.help.as_deref(), Some("write a time: `wave(1, 2)(0)`"));
    assert!(model.compile("wave(1, 2)(0) + H(3)", ExprRole::Number).is_ok());
}

#[test]
fn a_definition_hides_a_function_of_the_language() {
    let mut builder = builder();
    builder.signal("sinc(x)", "x + 1").signal("erf", "2*t").param("gamma", 7.0);
    let model = builder.build().expect("a model");
    let env = model.env(&[]).expect("values");
    let real = |source: &str| {
        model.compile(source, ExprRole::Number).map(|code| env.eval_real(&code).expect("a value"))
    };
    assert_eq!(real("sinc(2) + erf(3) + gamma"), Ok(16.0));
    let error = real("gamma(3)").expect_err("hidden");
    assert!(error.message.contains("hides the function `gamma`"), "{error}");
}

#[test]
fn heads_are_checked() {
    for (head, message, help) in [
        ("f(t)", "`t` is the present time", "write `f`; `f(2)` is its value at t = 2"),
        ("f(x, t)", "`t` is the present time", "`f(x)(2)`"),
        ("f()", "no arguments", "write `f`"),
        ("f(x, x)", "`x` is an argument of `f` twice", ""),
        ("f(pi)", "`pi` cannot name an argument", ""),
        ("f(2)", "`2` cannot name", ""),
        ("f(x", "cannot name a function", "write `f(x)`"),
        ("f(x)(y)", "cannot name a function", "write `f(x)`"),
        ("pi(x)", "`pi` cannot name a function", ""),
        ("k(x)", "`k` is already the name of a param", ""),
        ("H", "`H` is already the name of a function", ""),
    ] {
        let error = refused(head, "1");
        assert!(error.message.contains(message), "{head}: {error}");
        assert!(error.help.as_deref().unwrap_or_default().contains(help), "{head}: {error}");
        assert_eq!((error.definition, error.is_about_name), (DefinitionPath::Signal(head.into()), true));
    }
}

#[test]
fn wrong_calls_are_explained() {
    let model = builder().build().expect("a model");
    for (source, part, message, help) in [
        ("H", "H", "`H` is a function of `w`", "write its arguments: `H(w)`"),
        ("H()", "H()", "`H` takes 1 argument, 0 are given", "`H(w)`"),
        ("wave(1)", "wave(1)", "`wave` takes 2 arguments, 1 is given", "`wave(a, phi)`"),
        ("wave(1, 2, 3)", "wave(1, 2, 3)", "3 are given", "`wave(a, phi)`"),
        ("twice(1)(2)", "2", "has its time already", "second pair"),
        ("twice(1, 2)", "twice(1, 2)", "takes one argument, a time", ""),
        ("H(1)(2)(3)", ")(", "no implicit product", ""),
        ("sin(1)(2)", ")(", "no implicit product", ""),
        ("H.x", "H", "`H` is a function, only systems have members", ""),
        ("hh(1)", "hh", "no function `hh`", ""),
        ("sum(H, H, 1, 2)", "H", "already defined", ""),
    ] {
        let error = model.compile(source, ExprRole::Element(&[])).expect_err(source);
        assert_eq!(&source[error.span.clone()], part, "{source}: {error}");
        assert!(error.message.contains(message), "{source}: {error}");
        assert!(error.help.as_deref().unwrap_or_default().contains(help), "{source}: {error}");
    }
    for (name, formula, message) in [
        ("f(x)", "x(2)", "`x` is not a function"),
        ("f(x)", "x.y", "`x` is a number, only systems have members"),
        ("f(x)", "sum(x, x, 1, 2)", "`x` is already defined"),
        ("f(x)", "y", "`y` is not defined"),
    ] {
        let error = refused(name, formula);
        assert!(error.message.contains(message), "{formula}: {error}");
    }
    let error = Model::builder().param("f(x)", "x*t").build().expect_err("the time");
    assert!(error.message.contains("cannot depend on time"), "{error}");
}

#[test]
fn recursion_shows_its_ring() {
    let error = refused("f(n)", "if(n < 2, 1, n*f(n - 1))");
    assert!(error.message.contains("f → f"), "{error}");
    assert!(error.help.expect("help").contains("a function cannot use itself"));
    let mut ring = builder();
    ring.signal("f(n)", "g(n)").signal("g(n)", "h + 1").signal("h", "f(2)");
    assert!(ring.build().expect_err("a ring").message.contains("f → g → h → f"));
    // The argument is no reference to the signal of that name.
    assert!(builder().signal("x", "f(2)").signal("f(x)", "x^2").build().is_ok());
}

#[test]
fn calls_of_calls_take_the_work_of_their_number_and_fit_the_stack() {
    let mut builder = Model::builder();
    builder.count_work(&WorkMeter::new(LIMIT.0));
    builder.signal("f(x)", "x + x/2");
    let nested = (0..200).fold("t".to_owned(), |inner, _| format!("f({inner})"));
    builder.signal("deep", nested);
    // Each one calls the one before it twice, which is too much for 40 of them.
    builder.signal("g0(x)", "x");
    for i in 1..40 {
        builder.signal(format!("g{i}(x)"), format!("g{0}(x) + g{0}(x + 1)", i - 1));
    }
    // Each level counts twice, and once for each argument.
    builder.signal("c0(x, y)", "integral(x + y, s, 0, 1)");
    for i in 1..124 {
        builder.signal(format!("c{i}(x, y)"), format!("c{}(y, x)", i - 1));
    }
    let model = builder.build().expect("a model");
    let env = model.env(&[]).expect("values").with_time(1.0);
    let eval = |source: &str| {
        let code = model.compile(source, ExprRole::Element(&[])).expect(source);
        env.with_own_work().eval_real(&code)
    };
    let deep = eval("deep").expect("a value");
    assert!((deep / 1.5_f64.powi(200) - 1.0).abs() < 1e-12, "{deep}");
    assert_eq!(eval("g10(0)"), Ok(5120.0));
    assert_eq!(eval("g39(0)"), Err(EvalError::TooMuchWork(LIMIT)));
    assert_eq!(eval("c123(1, 2)"), Ok(3.0));
    builder.signal("c124(x, y)", "c123(y, x)").signal("c125(x, y)", "c124(y, x)");
    assert!(builder.build().expect_err("too deep").message.contains("nested too deeply"));
}

#[test]
fn a_panel_may_have_functions_of_its_own() {
    let scene = |signals: &str, curve: &str| {
        let text = format!(
            "canvas = {{ size = [200, 150] }}\ntime = {{ span = [0, 5] }}\n[panels.a]\nkind = 'plot'\n{signals}\n\
             draw = [{{ trace = '{curve}' }}]"
        );
        draw_frame(&figure(&parse_scene(&text)), 0)
    };
    let own = scene("signals = { 'f(x)' = 'x^2 + g(x)', 'g(y)' = 'sin(y)' }", "f(t - 1)");
    assert_eq!(own, scene("", "(t - 1)^2 + sin(t - 1)"));
}
