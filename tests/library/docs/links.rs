//! The order of the pages, their links, and the lists that name every folder and every scene.

use std::fs;
use std::path::Path;

use kymograph::scene::resolve::key_tables;

use super::{KEYS, REFERENCE, files, read, reference, root};

#[test]
fn each_page_leads_to_the_next_one() {
    let mut page = "README.md".to_owned();
    let mut read_pages = vec![format!("{REFERENCE}/{page}")];
    loop {
        let text = read(&format!("{REFERENCE}/{page}"));
        let last = text.lines().last().unwrap_or_default();
        let Some(next) = last.strip_prefix("Next: ") else { break };
        page = links(next).first().expect("a link").0.to_owned();
        read_pages.push(format!("{REFERENCE}/{page}"));
        assert!(read_pages.len() <= reference().len(), "the pages go round: {read_pages:?}");
    }
    assert_eq!(read_pages.last().map(String::as_str), Some(KEYS));
    read_pages.sort();
    assert_eq!(read_pages, reference());
}

/// Targets of `[…](target)` and `src="target"` on a page that are files of the repository, each with the
/// heading that it names.
fn links(page: &str) -> Vec<(&str, Option<&str>)> {
    let markdown = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let html = page.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    // Targets have no spaces; `x[0](t - 2)` is code.
    let local = markdown.chain(html).filter(|link| !link.contains("://") && !link.contains(' '));
    local.map(|link| link.split_once('#').map_or((link, None), |(file, place)| (file, Some(place)))).collect()
}

/// The names by which links reach the headings of a page.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let kept = line.trim_start_matches('#').trim().to_lowercase();
            let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut pages = reference();
    for folder in [".", "docs", "docs/post", "workflows", "imgs", "assets/fonts", "benches/peers"] {
        pages.extend(files(folder, ".md").into_iter().map(|name| format!("{folder}/{name}")));
    }
    for page in &pages {
        let text = read(page);
        let folder = root().join(page).parent().map(Path::to_owned).unwrap_or_default();
        for (file, heading) in links(&text) {
            let target = if file.is_empty() { root().join(page) } else { folder.join(file) };
            assert!(target.exists(), "{page} links to {file}");
            if let Some(heading) = heading {
                let text = fs::read_to_string(&target).expect("a page");
                assert!(anchors(&text).iter().any(|it| it == heading), "{page} links to {file}#{heading}");
            }
        }
    }
}

/// All folders below a folder of `src/`, and the files directly in `src/`, as ARCHITECTURE.md writes them.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = folder.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            found.push(format!("{}/", path.display()));
            sources(&path, found);
        } else if folder == Path::new("src") {
            found.push(path.display().to_string());
        }
    }
}

#[test]
fn the_map_of_the_architecture_names_every_folder() {
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    found.sort();
    let map = read("ARCHITECTURE.md");
    let rows = map.lines().filter_map(|line| line.strip_prefix("| `src/")?.split_once("` |"));
    let mut named: Vec<String> = rows.map(|(path, _)| format!("src/{path}")).collect();
    named.sort();
    // A folder beside a file of its name holds the parts of that module.
    let is_part = |path: &String| {
        let folder = path.strip_suffix('/');
        folder.is_some_and(|folder| root().join(format!("{folder}.rs")).is_file())
    };
    let missing: Vec<&String> = found.iter().filter(|path| !is_part(path) && !named.contains(path)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md has no row for {missing:?}");
    let gone: Vec<&String> = named.iter().filter(|path| !found.contains(path)).collect();
    assert!(gone.is_empty(), "ARCHITECTURE.md has rows for {gone:?}, which are not there");
}

#[test]
fn the_gallery_shows_every_scene() {
    let gallery = read("imgs/README.md");
    for name in files("scenes", ".toml").iter().filter(|name| !name.starts_with('_')) {
        assert!(gallery.contains(&format!("(../scenes/{name})")), "{name} is not in the gallery");
    }
}

#[test]
fn the_gallery_of_scenes_shows_every_element_and_panel() {
    let page = read(&format!("{REFERENCE}/gallery.md"));
    let headings: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    let tables = key_tables();
    let elements: Vec<&str> = tables
        .iter()
        .filter(|table| table.section == "Elements" && table.path == "draw")
        .flat_map(|table| table.keys.iter().map(|key| key.name))
        .collect();
    let kinds = tables.iter().filter(|table| table.path == "panels.P").flat_map(|table| &table.keys);
    let kinds = kinds.filter(|key| key.name == "kind").map(|key| key.value.to_string());
    let kinds: Vec<String> =
        kinds.flat_map(|words| words.split('`').map(str::to_owned).collect::<Vec<_>>()).collect();
    let kinds = kinds.iter().map(String::as_str).filter(|word| word.starts_with('"'));
    let names: Vec<&str> = elements.into_iter().chain(kinds).collect();
    assert!(names.len() > 25, "{names:?}");
    for name in names {
        let count = headings.iter().filter(|heading| **heading == name).count();
        assert_eq!(count, 1, "`{name}` in the gallery");
    }
    for scene in page.split("```toml\n").skip(1) {
        let (scene, _) = scene.split_once("```").expect("a closed fence");
        let lines = scene.lines().filter(|line| !line.is_empty()).count();
        assert!(lines <= 12, "{lines} lines\n{scene}");
    }
}
