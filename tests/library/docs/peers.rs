//! The picture of the benchmark shows the numbers that its page states.

use std::collections::BTreeMap;

use super::read;

/// The columns of a CSV by the figure of each row.
fn results() -> BTreeMap<String, BTreeMap<String, String>> {
    let text = read("benches/peers/results.csv");
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let head = lines.next().expect("a head");
    let rows = lines.enumerate().map(|(index, cells)| {
        assert_eq!(cells[0], index.to_string(), "rows are numbered");
        let row: BTreeMap<String, String> = head.iter().cloned().zip(cells).collect();
        (row["figure"].clone(), row)
    });
    rows.collect()
}

#[test]
fn the_picture_of_the_peers_shows_the_numbers_of_their_page() {
    let (results, page) = (results(), read("benches/peers/README.md"));
    let (summary, details) = page.split_once("\n### ").expect("a table for each figure");
    let mut found = 0;
    for line in summary.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [figure, kymo, _, matplotlib, ratio, ..] = cells[..] else { continue };
        // The last table of the summary has the ratios of slower cores.
        let Some(row) = results.get(figure).filter(|_| cells.len() == 8) else { continue };
        assert_eq!(
            [kymo, matplotlib, ratio],
            ["kymo s", "matplotlib s", "matplotlib x"].map(|name| &row[name]),
            "{figure}"
        );
        found += 1;
    }
    assert_eq!(found, results.len());
    let names =
        [("celluloid", "celluloid as in the post"), ("gnuplot", "gnuplot, gif"), ("gifski", "gifski, GIF")];
    for table in details.split("\n### ") {
        let Some(row) = table.split_once(',').and_then(|(figure, _)| results.get(figure)) else { continue };
        for (key, name) in names {
            let line = table.lines().find(|line| line.contains(name)).expect(name);
            let ratio = line.split('|').map(str::trim).nth(3).expect("a ratio");
            assert_eq!(ratio, row[&format!("{key} x")], "{} {name}", row["figure"]);
            found += 1;
        }
    }
    assert_eq!(found, results.len() + 4 * names.len());
}

#[test]
fn the_picture_of_the_peers_names_every_row() {
    let scene = read("benches/peers/table.toml");
    let last = format!("to = {} }}", results().len() - 1);
    assert_eq!(scene.matches("each = { n = { from = 0, ").count(), scene.matches(&last).count());
    let labels = scene.split_once("labels = [").and_then(|(_, rest)| rest.split_once(']')).expect("labels").0;
    assert_eq!(labels.split(", ").count(), results().len());
}
