//! The limits of work and memory count what one picture takes.

use kymograph::panel::Figure;

use crate::support::scenes::parse_scene;

/// A scene whose figure takes more than a third of its limits.
const SCENE: &str = r#"
    output = "imgs/a.png"
    limits = { work = 15, memory = 1 }
    time = { span = [0, 1] }
    [canvas]
    size = [300, 200]
    [panels.x]
    kind = "plot"
    draw = [{ trace = "sum(sin(n*t)/n, n, 1, 100)" }]
"#;

#[test]
fn a_scene_can_have_any_number_of_figures() {
    let scene = parse_scene(SCENE);
    for number in 0..20 {
        Figure::new(&scene, 1.0).unwrap_or_else(|error| panic!("figure {number}: {}", error.message));
    }
}

#[test]
fn the_limits_are_met_with_any_number_of_threads_at_the_same_place() {
    for (limit, message) in [("work = 1", "too much work"), ("work = 15, memory = 1", "too much memory")] {
        let text = SCENE.replace("work = 15, memory = 1", limit).replace("[300, 200]", "[900, 200]");
        let scene = parse_scene(&text);
        let errors: Vec<_> = [1, 2, 5]
            .map(|threads| kymograph::panel::FigureOptions { scale: 1.0, is_draft: false, threads })
            .map(|options| Figure::with_options(&scene, options).err().expect("an error"))
            .into();
        assert!(errors[0].message.contains(message), "{}", errors[0].message);
        assert!(errors.iter().all(|error| *error == errors[0]), "{errors:?}");
    }
}
