//! `kymo data`: a header, a row per frame, and numbers that read back exactly.

use crate::project::{FILM, Project};

const HEADER: &str = "t,spring.x,spring.v,spring.a,spring.z.re,spring.z.im,spring.envelope,spring.spring_force,\
    spring.damping_force,spring.drive_force,spring.kinetic,spring.potential,spring.energy";

fn rows(text: &str) -> Vec<Vec<f64>> {
    let cell = |cell: &str| cell.parse().unwrap_or_else(|_| panic!("{cell} is no number"));
    text.lines().skip(1).map(|line| line.split(',').map(cell).collect()).collect()
}

#[test]
fn the_table_has_a_row_per_frame_and_a_column_per_signal() {
    let project = Project::new();
    let scene = FILM.replace("[systems", "[signals]\nu = \"2*spring.x\"\nw = \"spring.z/2\"\n\n[systems");
    let run = project.kymo_fed(&["data", "-"], &scene).done();
    assert_eq!(run.text().lines().next(), Some(format!("{HEADER},u,w.re,w.im").as_str()));
    let rows = rows(run.text());
    assert_eq!(rows.len(), 12);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row.len(), 16);
        assert_eq!(row[0].to_bits(), (2.0 * index as f64 / 11.0).to_bits());
        let exact = libm::cos(libm::sqrt(10.0) * row[0]);
        assert!((row[1] - exact).abs() < 1e-14 && (row[4] - exact).abs() < 1e-14);
        assert_eq!(row[13].to_bits(), (2.0 * row[1]).to_bits());
        assert_eq!(row[14].to_bits(), (row[4] / 2.0).to_bits());
    }
}

#[test]
fn numbers_are_the_shortest_that_read_back() {
    let project = Project::new();
    let run = project.kymo_fed(&["data", "-"], FILM).done();
    for line in run.text().lines().skip(1) {
        for cell in line.split(',') {
            let value: f64 = cell.parse().expect("a number");
            let candidates = [format!("{value}"), format!("{value:e}")];
            assert!(candidates.iter().any(|shown| shown == cell), "{cell}");
        }
    }
    assert!(run.text().lines().nth(1).is_some_and(|line| line.starts_with("0,1,")), "{}", run.text());
}

#[test]
fn undefined_values_are_nan_in_csv_and_null_in_json() {
    let project = Project::new();
    // An overdamped oscillator has no envelope.
    let scene = FILM.replace("x0 = 1", "x0 = 1\ndamping = 100");
    let csv = project.kymo_fed(&["data", "-"], &scene).done();
    assert!(rows(csv.text()).iter().all(|row| row[6].is_nan() && row[1].is_finite()));
    let json = project.kymo_fed(&["data", "-", "--format", "json"], &scene).done();
    let list: serde_json::Value = serde_json::from_str(json.text()).expect("JSON");
    let list = list.as_array().expect("a list");
    assert_eq!(list.len(), 12);
    assert!(
        list.iter().all(|row| row["spring.envelope"].is_null() && row["spring.x"].is_number()),
        "{list:?}"
    );
    // CSV and JSON write a number with the same digits.
    for (object, line) in json.text().lines().skip(1).zip(csv.text().lines().skip(1)) {
        for (name, cell) in HEADER.split(',').zip(line.split(',')) {
            let shown = format!("\"{name}\": {}", if cell == "NaN" { "null" } else { cell });
            assert!(object.contains(&shown), "{shown} is not in {object}");
        }
    }
}

#[test]
fn json_keeps_the_order_of_the_columns() {
    let project = Project::new();
    let run = project.kymo_fed(&["data", "-", "--format", "json"], FILM).done();
    let places: Vec<_> = HEADER.split(',').map(|name| run.text().find(&format!("\"{name}\":"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
}

#[test]
fn overrides_apply_and_mistakes_are_reported() {
    let project = Project::with_film();
    let set = project.kymo(&["data", "a.toml", "--set", "k=40"]).done();
    let exact = libm::cos(libm::sqrt(40.0) * 2.0);
    assert!(rows(set.text()).last().is_some_and(|row| (row[1] - exact).abs() < 1e-14));
    let run = project.kymo(&["data", "a.toml", "--set", "q=1"]).wrong();
    assert!(run.out.is_empty() && run.err.contains("no param `q`"), "{}", run.err);
    project.kymo(&["data", "none.toml"]).wrong();
}
