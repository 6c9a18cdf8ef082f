//! `kymo inspect`: the documented fields, in their order, with the values that are drawn.

use serde_json::Value;

use crate::project::{FILM, Project};
use crate::support::scenes::{self, repository_scenes};

fn report(scene: &str, words: &[&str]) -> (String, Value) {
    let run = Project::new().kymo_fed(&[&["inspect", "-", "--json"], words].concat(), scene).done();
    let value = serde_json::from_str(run.text()).expect("JSON");
    (run.text().to_owned(), value)
}

fn delays(report: &Value) -> Vec<u64> {
    let delay = |frame: &Value| frame["delay_ms"].as_u64().expect("whole milliseconds");
    report["frames"].as_array().expect("frames").iter().map(delay).collect()
}

/// All keys of a JSON text in their order, those of repeated items once.
fn keys(text: &str) -> Vec<&str> {
    let mut keys: Vec<&str> = Vec::new();
    for (before, _) in text.match_indices("\":").map(|(at, _)| text[..at].split_at(at)) {
        let key = &before[before.rfind('"').map_or(0, |quote| quote + 1)..];
        if !keys.contains(&key) || ["width", "height", "scale"].contains(&key) {
            keys.push(key);
        }
    }
    keys
}

#[test]
fn the_report_has_the_documented_fields_in_their_order() {
    let scene = FILM
        .replace("frames = 12", "frames = 2")
        .replace("kind = \"plot\"", "kind = \"plot\"\ny = { range = [-1, 1] }");
    let (text, report) = report(&scene, &[]);
    let expected = [
        "canvas", "width", "height", "scale", "frames", "index", "time", "delay_ms", "panels", "name",
        "kind", "plot", "left", "top", "width", "height", "x", "min", "max", "scale", "y", "scale", "texts",
        "panel", "role", "text", "box",
    ];
    assert_eq!(keys(&text), expected, "{text}");
    assert_eq!((&report["canvas"]["width"], &report["canvas"]["height"]), (&160.into(), &100.into()));
    assert_eq!(report["canvas"]["scale"], 1.0);
    assert_eq!((&report["frames"][1]["index"], &report["frames"][1]["time"]), (&1.into(), &2.0.into()));
    let panel = &report["panels"][0];
    assert_eq!((&panel["name"], &panel["kind"]), (&"x".into(), &"plot".into()));
    assert_eq!((&panel["x"]["min"], &panel["x"]["max"]), (&0.0.into(), &2.0.into()));
    assert_eq!((&panel["y"]["min"], &panel["y"]["scale"]), (&(-1.0).into(), &"linear".into()));
    let side = |key: &str| panel["plot"][key].as_f64().expect("a number");
    assert!(side("left") > 0.0 && side("left") + side("width") < 160.0);
    assert!(side("top") > 0.0 && side("top") + side("height") < 100.0);
}

#[test]
fn delays_are_those_that_the_film_stores() {
    let with = |output: &str| {
        format!("output = '{output}'\n{}", FILM.replace("frames = 12", "frames = 4\nfps = 30\nhold = 1"))
    };
    // Hundredths of a second, rounded cumulatively.
    assert_eq!(delays(&report(&with("imgs/a.gif"), &[]).1), [30, 40, 30, 1030]);
    assert_eq!(delays(&report(&with("imgs/a.apng"), &[]).1), [33, 34, 33, 1033]);
}

#[test]
fn lengths_are_device_pixels_at_the_scale_that_is_asked_for() {
    let (_, report) = report(FILM, &["--scale", "2.5"]);
    assert_eq!((&report["canvas"]["width"], &report["canvas"]["scale"]), (&400.into(), &2.5.into()));
    assert!(report["panels"][0]["plot"]["width"].as_f64().is_some_and(|width| width > 160.0));
}

#[test]
fn a_logarithmic_axis_reports_its_scale() {
    let scene =
        FILM.replace("kind = \"plot\"", "kind = \"plot\"\ny = { range = [0.1, 10], scale = \"log\" }");
    let (_, report) = report(&scene, &[]);
    let panel = &report["panels"][0];
    assert_eq!((&panel["x"]["scale"], &panel["y"]["scale"]), (&"linear".into(), &"log".into()));
    assert_eq!((&panel["y"]["min"], &panel["y"]["max"]), (&0.1.into(), &10.0.into()));
}

#[test]
fn the_report_without_json_is_readable_text() {
    let project = Project::with_film();
    let run = project.kymo(&["inspect", "a.toml"]).done();
    assert!(run.text().starts_with("canvas  160 × 100 device pixels at scale 1\n"), "{}", run.text());
    let run = project.kymo(&["inspect", "a.toml", "--set", "canvas.size=[20, 10]"]).wrong();
    assert!(run.out.is_empty() && run.err.contains("not wide enough"), "{}", run.err);
}

#[test]
fn texts_are_listed_with_their_boxes() {
    let scene = "canvas = { size = [200, 100], scale = 1 }
        time = { span = [-1, 1] }
        animate = { frames = 4 }
        [panels.x]
        kind = 'plot'
        x = { range = [-2, 2], ticks = [0] }
        y = { range = [-1, 1], ticks = false }
        draw = [
          { text = 'late', at = [0, 1], in = 'panel', when = 't > 0' },
          { point = 'if(t < 0, nan, -0.5)', note = '$P$' },
        ]";
    let (_, report) = report(scene, &[]);
    let texts = report["texts"].as_array().expect("texts");
    let of = |role: &str| texts.iter().find(|text| text["role"] == role).expect("a text of this role");
    let numbers = |value: &Value| -> Vec<f64> {
        value.as_array().expect("a box").iter().filter_map(Value::as_f64).collect()
    };
    let tick = of("x-tick");
    assert_eq!((&tick["panel"], &tick["text"]), (&"x".into(), &"$0$".into()));
    let plot = &report["panels"][0]["plot"];
    let side = |key: &str| plot[key].as_f64().expect("a number");
    let [left, top, right, bottom] = numbers(&tick["box"])[..] else { panic!("{tick}") };
    let off_middle = f64::midpoint(left, right) - side("left") - side("width") / 2.0;
    assert!(off_middle.abs() < 0.02 && top > side("top") + side("height") && bottom < 100.0, "{tick}");
    let late = of("text");
    assert_eq!((numbers(&late["box"]).len(), &late["shown"]), (4, &serde_json::json!([[2, 3]])));
    let boxes = of("note")["boxes"].as_array().expect("boxes");
    let hidden: Vec<bool> = boxes.iter().map(Value::is_null).collect();
    assert_eq!(hidden, [true, true, false, false]);
    assert!(numbers(&boxes[3])[0] > numbers(&boxes[2])[0], "it moves to the right");
}

#[test]
fn the_reported_rectangles_and_ranges_are_those_that_are_drawn() {
    for entry in repository_scenes() {
        let scene = entry.scene(&[]);
        let figure = scenes::figure(&scene);
        let variant = entry.variant.iter().flat_map(|variant| ["--variant", variant]);
        let words = ["inspect", entry.path.to_str().expect("UTF-8"), "--json"].into_iter().chain(variant);
        let run = Project::new().kymo(&words.collect::<Vec<_>>()).done();
        let report: Value = serde_json::from_str(run.text()).expect("JSON");
        assert_eq!(report["canvas"]["width"], figure.size().0);
        assert_eq!(report["canvas"]["height"], figure.size().1);
        assert_eq!(report["panels"].as_array().expect("panels").len(), scene.panels.len());
        for (reported, (panel, viewport)) in
            report["panels"].as_array().expect("panels").iter().zip(figure.viewports())
        {
            assert_eq!(reported["name"], panel.name.as_str());
            let number = |value: &Value| value.as_f64().expect("a number");
            let plot = ["left", "top", "width", "height"].map(|key| number(&reported["plot"][key]));
            let r = viewport.rect;
            let drawn = [r.left, r.top, r.right - r.left, r.bottom - r.top].map(f64::from);
            assert_eq!(plot.map(f64::to_bits), drawn.map(f64::to_bits), "{}, {}", entry.name, panel.name);
            for (axis, mapping) in [("x", viewport.x), ("y", viewport.y)] {
                let range = ["min", "max"].map(|key| number(&reported[axis][key]));
                assert_eq!(range.map(f64::to_bits), mapping.range.map(f64::to_bits));
            }
        }
    }
}

#[test]
fn the_values_of_a_matrix_are_those_of_its_cells() {
    let scene = "time = { span = [0, 1] }\nanimate = { frames = 3 }
        [panels.still]\nkind = 'matrix'\nvalue = 'if(row > 0, 10*row + col, 1/col)'\nrows = 2\ncolumns = 3
        [panels.moving]\nkind = 'matrix'\nvalue = 't*(row + 1)'\nrows = 2\ncolumns = 1
        [panels.plot]\nkind = 'plot'\ndraw = [{ trace = 't' }]";
    let (_, report) = report(scene, &[]);
    let panels = &report["panels"];
    let still = serde_json::json!({
        "columns": 3, "rows": 2, "values": [[null, 1.0, 0.5], [10.0, 11.0, 12.0]]
    });
    assert_eq!(panels[0]["matrix"], still);
    let frames = serde_json::json!([[[0.0], [0.0]], [[0.5], [1.0]], [[1.0], [2.0]]]);
    assert_eq!(panels[1]["matrix"], serde_json::json!({ "columns": 1, "rows": 2, "frames": frames }));
    assert!(panels[2].get("matrix").is_none());
}
