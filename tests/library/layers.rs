//! Layers: each module of `src` uses only the modules that ARCHITECTURE.md allows, and dependencies have no cycle.
//!
//! Imports are read from the source text, without comments and unit tests. The allowed dependencies are the table of the
//! section "Layers", so the page and the code cannot disagree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Modules by name, each with the modules that it uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every `.rs` file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The module path of a file of `src`: `["cli", "report", "page"]` for `cli/report/page/mod.rs`.
fn module_path(file: &Path) -> Vec<String> {
    let relative = file.strip_prefix(root().join("src")).expect("a file of src").with_extension("");
    let mut parts: Vec<String> =
        relative.iter().map(|part| part.to_str().expect("an ASCII name").to_owned()).collect();
    parts.pop_if(|last| last == "mod");
    parts
}

/// The code of a file, without comments and without its unit tests.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source file");
    let text = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The paths that follow `prefix` in some code. Lists in braces are expanded: `a::{b, c::d}` gives `a::b` and `a::c::d`.
fn paths_after(code: &str, prefix: &str) -> Vec<Vec<String>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let starts = code.match_indices(prefix).map(|(at, _)| at);
    let whole_words = starts.filter(|&at| !code[..at].ends_with(|c: char| is_name(c) || c == ':'));
    whole_words.flat_map(|at| expand(&code[at + prefix.len()..])).collect()
}

/// The paths that a text begins with.
fn expand(text: &str) -> Vec<Vec<String>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    if let Some(list) = text.strip_prefix('{') {
        return items(list).into_iter().flat_map(|item| expand(item.trim())).collect();
    }
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let name = text[..end].to_owned();
    match text[end..].strip_prefix("::") {
        Some(rest) if rest.starts_with(|c: char| is_name(c) || c == '{') => {
            expand(rest).into_iter().map(|path| [vec![name.clone()], path].concat()).collect()
        }
        _ => vec![vec![name]],
    }
}

/// The items of a list up to its closing brace, split at its own commas.
fn items(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(&list[start..at]);
                return found;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The modules of `src` and the modules that each of them uses.
fn used_modules() -> Graph {
    let mut graph = Graph::new();
    for file in sources(&root().join("src")) {
        let path = module_path(&file);
        let module = &path[0];
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let code = code(&file);
        let uses = ["crate::", "kymograph::"].into_iter().flat_map(|prefix| paths_after(&code, prefix));
        let used = graph.entry(module.clone()).or_default();
        used.extend(uses.map(|path| path[0].clone()).filter(|other| other != module));
    }
    graph
}

/// The names between backticks.
fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(|name| name.trim_end_matches(".rs").to_owned()).collect()
}

/// The table of the section "Layers": modules, and the modules that each may use.
fn allowed_modules() -> Graph {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let section =
        page.split("\n## ").find(|section| section.starts_with("Layers")).expect("a section `Layers`");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let mut graph = Graph::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        for module in names(cells[1]) {
            let former = graph.insert(module.clone(), names(cells[2]).into_iter().collect());
            assert!(former.is_none(), "ARCHITECTURE.md lists `{module}` twice");
        }
    }
    graph
}

/// A cycle in a graph, if there is one.
fn find_cycle(graph: &Graph) -> Option<Vec<String>> {
    fn visit(graph: &Graph, at: &str, path: &mut Vec<String>, done: &mut BTreeSet<String>) -> bool {
        if path.iter().any(|known| known == at) {
            path.push(at.to_owned());
            return true;
        }
        if !done.insert(at.to_owned()) {
            return false;
        }
        path.push(at.to_owned());
        let found = graph.get(at).is_some_and(|used| used.iter().any(|next| visit(graph, next, path, done)));
        if !found {
            path.pop();
        }
        found
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|start| {
        let mut path = Vec::new();
        visit(graph, start, &mut path, &mut done).then_some(path)
    })
}

#[test]
fn every_module_has_a_row_in_the_table_of_layers() {
    let listed: BTreeSet<String> = allowed_modules().into_keys().collect();
    let there: BTreeSet<String> = used_modules().into_keys().collect();
    assert_eq!(listed, there, "modules listed in ARCHITECTURE.md, and modules of src");
}

#[test]
fn modules_use_only_what_their_row_allows() {
    let allowed = allowed_modules();
    for (module, used) in used_modules() {
        let refused: Vec<_> = used.difference(&allowed[&module]).collect();
        assert!(refused.is_empty(), "`{module}` uses {refused:?}, which ARCHITECTURE.md does not allow");
    }
}

#[test]
fn every_allowed_dependency_exists() {
    let used = used_modules();
    for (module, allowed) in allowed_modules() {
        let unused: Vec<_> = allowed.difference(&used[&module]).collect();
        assert!(
            unused.is_empty(),
            "ARCHITECTURE.md allows `{module}` to use {unused:?}, which it does not use"
        );
    }
}

#[test]
fn the_dependencies_of_modules_have_no_cycle() {
    assert_eq!(find_cycle(&used_modules()), None);
}

/// A parent module declares its children and may share helpers with them, so edges between a module and its ancestors do not
/// count.
#[test]
fn the_dependencies_of_the_files_of_the_program_have_no_cycle() {
    let files = sources(&root().join("src/cli"));
    let modules: BTreeSet<Vec<String>> = files.iter().map(|file| module_path(file)).collect();
    let mut graph = Graph::new();
    for file in &files {
        let own = module_path(file);
        let code = code(file);
        let parent = own[..own.len() - 1].to_vec();
        let grandparent = parent[..parent.len().saturating_sub(1)].to_vec();
        let bases = [
            ("super::super::", grandparent),
            ("super::", parent),
            ("self::", own.clone()),
            ("crate::", Vec::new()),
        ];
        for (prefix, base) in bases {
            for path in paths_after(&code, prefix) {
                let full = [base.clone(), path].concat();
                let target =
                    (1..=full.len()).rev().map(|end| &full[..end]).find(|path| modules.contains(*path));
                let Some(target) = target else { continue };
                if !own.starts_with(target) && !target.starts_with(&own) {
                    graph.entry(own.join("::")).or_default().insert(target.join("::"));
                }
            }
        }
    }
    assert!(graph.len() > 10, "no imports were read");
    assert_eq!(find_cycle(&graph), None);
}

#[test]
fn imports_are_read_from_lists_and_expressions() {
    let code = "use crate::{a, b::{C, d::E}};\nlet x = crate::f::g(1);\nuse mycrate::h;";
    let paths: Vec<String> = paths_after(code, "crate::").iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a", "b::C", "b::d::E", "f::g"]);
}

#[test]
fn cycles_are_found() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        graph
    };
    assert_eq!(find_cycle(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert!(find_cycle(&graph(&[("a", "b"), ("b", "c"), ("c", "b")])).is_some());
}
