//! The tables of keys are those of the program. `SNAPSHOTS=overwrite cargo test` rewrites them.

use std::fs;

use kymograph::keys::KeySpec;
use kymograph::scene::resolve::key_tables;

use super::{KEYS, read, root};

/// The head of a table of keys.
const HEAD: &str = "| key | value | default | meaning |";

/// The row of a key in the table with this path.
fn row(path: &str, key: &KeySpec) -> String {
    let point = if path.is_empty() { "" } else { "." };
    let default = if key.default.is_empty() { "–" } else { key.default };
    let joint = if key.unit.is_empty() || key.doc.is_empty() { "" } else { "; " };
    let KeySpec { name, value, unit, doc, .. } = key;
    format!("| `{path}{point}{name}` | {value} | {default} | {unit}{joint}{doc} |")
}

/// The rows of a section, as the program knows them.
fn rows(section: &str) -> Vec<String> {
    let tables = key_tables().into_iter().filter(|table| table.section == section);
    tables.flat_map(|table| table.keys.iter().map(|key| row(&table.path, key)).collect::<Vec<_>>()).collect()
}

/// The page with the rows of every section that the program knows, and the number of these sections.
fn generated(page: &str) -> (String, usize) {
    let (mut lines, mut section, mut replaced, mut sections) = (Vec::new(), String::new(), false, 0);
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            heading.clone_into(&mut section);
            replaced = false;
        }
        if !(replaced && line.starts_with("| `")) {
            lines.push(line.to_owned());
        }
        if line.starts_with("|---") && lines.iter().rev().nth(1).is_some_and(|head| head == HEAD) {
            let rows = rows(&section);
            replaced = !rows.is_empty();
            sections += usize::from(replaced);
            lines.extend(rows);
        }
    }
    (lines.join("\n") + "\n", sections)
}

#[test]
fn the_tables_of_keys_are_those_of_the_program() {
    let page = read(KEYS);
    let (generated, sections) = generated(&page);
    let mut known: Vec<&str> = key_tables().iter().map(|table| table.section).collect();
    known.dedup();
    assert_eq!(sections, known.len(), "the page has a table for each of {known:?}");
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(root().join(KEYS), generated).expect("a page");
        return;
    }
    for (line, (written, expected)) in page.lines().zip(generated.lines()).enumerate() {
        assert_eq!(written, expected, "{KEYS}:{}", line + 1);
    }
    assert_eq!(page, generated, "{KEYS} lacks rows, or has more of them");
}
