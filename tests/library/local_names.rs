//! Names that one panel has for itself.

use kymograph::scene::expr::{ExprRole, LocalNames, Meaning};
use kymograph::scene::model::{DefinitionPath, Model};

use crate::support::scenes::{draw_frame, figure, parse_scene, parse_scene_with};

/// Two panels that each have a signal `f`; one of them uses another signal of its own.
const LOCAL: &str = r"
canvas = { size = [240, 200] }
params = { k = 2 }
signals = { wave = 'sin(k*t)' }
time = { span = [0, 5] }
animate = { frames = 5 }

[panels.a]
kind = 'plot'
signals = { half = 'wave/2', f = 'half + t/9' }
title = '@{f(1):.2}'
draw = [{ trace = 'f' }, { point = 'f', note = '@{half:.2}' }]

[panels.b]
kind = 'plot'
signals.f = 'wave^2'
draw = [{ trace = 'f(t - 1)' }]
";

#[test]
fn a_panel_with_signals_of_its_own_is_drawn_like_one_that_writes_them_out() {
    let written_out = LOCAL
        .replace("signals = { half = 'wave/2', f = 'half + t/9' }\n", "")
        .replace("signals.f = 'wave^2'\n", "")
        .replace("'f(t - 1)'", "'sin(k*(t - 1))^2'")
        .replace("f(1)", "sin(k)/2 + 1/9")
        .replace("'f'", "'sin(k*t)/2 + t/9'")
        .replace("@{half", "@{sin(k*t)/2");
    let (local, plain) = (parse_scene(LOCAL), parse_scene(&written_out));
    for index in 0..5 {
        let [local, plain] = [&local, &plain].map(|scene| draw_frame(&figure(scene), index));
        assert_eq!(local, plain, "frame {index}");
    }
}

#[test]
fn signals_of_panels_follow_params_and_are_set_like_other_keys() {
    let changed = ["panels.b.signals.f='wave^2/4'", "params.k=3"];
    let written = LOCAL.replace("'wave^2'", "'wave^2/4'").replace("k = 2", "k = 3");
    let (set, written) = (parse_scene_with(LOCAL, &changed), parse_scene(&written));
    assert_eq!(draw_frame(&figure(&set), 3), draw_frame(&figure(&written), 3));
}

#[test]
fn panels_do_not_see_the_signals_of_others() {
    let model = Model::builder()
        .signal("wave", "sin(t)")
        .panel_signal("a", "f", "g + wave")
        .panel_signal("a", "g", "2*t")
        .panel_signal("b", "f", "7")
        .build()
        .expect("a model");
    let env = model.env(&[]).expect("values").with_time(3.0);
    let value = |panel: &str, source: &str| {
        let code = model.compile_in(model.panel_names(panel), source, ExprRole::Element(&[])).ok()?;
        Some(env.eval_real(&code).expect("a value"))
    };
    assert_eq!(value("a", "f - wave"), Some(6.0));
    assert_eq!(value("b", "f"), Some(7.0));
    assert_eq!(value("b", "g"), None);
    assert_eq!(value("c", "f"), None);
    assert!(model.compile("f", ExprRole::Element(&[])).is_err());
    assert_eq!(model.signals().len(), 1, "only the signals of the scene are listed");
}

#[test]
fn a_local_name_hides_a_name_of_the_scene_and_may_be_a_number() {
    let model = Model::builder().param("n", 2.0).signal("f", "n*t").build().expect("a model");
    let env = model.env(&[]).expect("values").with_time(3.0);
    let mut names = LocalNames::default();
    names.insert("n", Meaning::Constant(7.0));
    let code = model.compile_in(&names, "n + f", ExprRole::Element(&[])).expect("an expression");
    assert_eq!(env.eval_real(&code), Ok(13.0));
}

#[test]
fn signals_of_panels_have_names_that_the_scene_does_not_have() {
    let error = Model::builder().param("f", 2.0).panel_signal("a", "f", "t").build().expect_err("taken");
    let path = DefinitionPath::PanelSignal { panel: "a".into(), name: "f".into() };
    assert_eq!((error.definition, error.is_about_name), (path, true));
    let mut ring = Model::builder();
    ring.panel_signal("a", "f", "g").panel_signal("a", "g", "f").panel_signal("b", "g", "1");
    assert!(ring.build().expect_err("a ring").message.contains("f → g → f"));
}
