//! Scenes that render, but probably not as intended: the warnings about them.

use crate::project::Project;

/// The messages of rendering a film with these panels.
fn messages(panels: &str) -> String {
    let project = Project::new();
    let scene =
        "canvas = { size = [200, 150], scale = 1 }\ntime = { span = [0, 10] }\nanimate = { frames = 5 }\n";
    project.write("a.toml", format!("{scene}{panels}"));
    project.kymo(&["render", "a.toml"]).done().err
}

#[test]
fn a_curve_outside_of_the_given_range_is_named_with_its_values() {
    let given = "[panels.x]\nkind = 'plot'\ny = { range = [-1, 1] }\n";
    let shown = messages(&format!("{given}draw = [{{ trace = '5 + sin(t)' }}, {{ trace = 'sin(t)' }}]"));
    assert_eq!(shown.matches("warning: this trace is never seen").count(), 1, "{shown}");
    assert!(shown.contains("its values along y are 4 to 6, the range is -1 to 1"), "{shown}");
    assert!(shown.contains("a.toml:7:9") && shown.contains("= help: change y = "), "{shown}");
    for seen in ["1.5 + sin(t)", "if(t > 9, 0, 5)", "sin(t)"] {
        let shown = messages(&format!("{given}draw = [{{ trace = '{seen}' }}]"));
        assert!(!shown.contains("warning"), "{seen}: {shown}");
    }
}

#[test]
fn a_curve_that_swings_faster_than_pixels_says_so() {
    let panel = "[panels.x]\nkind = 'plot'\n";
    for (panel, curve, drawn) in [
        (panel, "{ trace = 'sin(1e6*t)' }", "drawn as the band that it fills"),
        ("[panels.x]\nkind = 'plane'\n", "{ trace = 'exp(1e6*j*t)' }", "drawn in pieces"),
    ] {
        let shown = messages(&format!("{panel}draw = [{curve}, {{ trace = 'sin(t)' }}]"));
        let warning = "warning: this trace of panel `x` swings faster than pixels can show";
        assert_eq!(shown.matches(warning).count(), 1, "{shown}");
        assert!(shown.contains(drawn) && shown.contains("a.toml:6:9"), "{shown}");
        assert!(shown.contains("= help: shorten its span, or lower its frequency"), "{shown}");
    }
    // Few columns of the plot are filled.
    for seen in ["sin(20*t)", "sin(1/t)", "if(t < 1, sin(1e6*t), sin(t))"] {
        let shown = messages(&format!("{panel}draw = [{{ trace = '{seen}' }}]"));
        assert!(!shown.contains("warning"), "{seen}: {shown}");
    }
}

#[test]
fn an_axis_over_a_pole_is_cut_and_says_so() {
    for pole in ["tan(t)", "1/(t - 1)", "1/(t - 5)"] {
        let panel = "[panels.x]\nkind = 'plot'\n";
        let draw = format!("draw = [{{ trace = '{pole}' }}, {{ point = '{pole}' }}]");
        let shown = messages(&format!("{panel}{draw}"));
        assert!(shown.contains("warning: a curve of panel `x` has a pole, so its y axis shows"), "{shown}");
        assert!(shown.contains("= help: write y = { range = [a, b] }"), "{shown}");
        let shown = messages(&format!("{panel}y = {{ range = [-9, 9] }}\n{draw}"));
        assert!(!shown.contains("warning"), "{pole}: {shown}");
    }
}

#[test]
fn a_contour_without_a_line_is_named_with_the_values_of_its_signal() {
    let given = "[panels.x]\nkind = 'plot'\nx = { range = [-1, 1] }\ny = { range = [-1, 1] }\n";
    let shown = messages(&format!("{given}draw = [{{ contour = 'x*y*t/10', levels = [2] }}]"));
    assert_eq!(shown.matches("warning: this contour of panel `x` has no line").count(), 1, "{shown}");
    // A narrow peak lies between the places that are looked at first.
    let peak = "{ contour = 'exp(-4000*((x - 0.1)^2 + y^2))', levels = [0.8] }";
    let shown = messages(&format!("{given}draw = [{peak}]"));
    assert!(!shown.contains("warning"), "{shown}");
}
