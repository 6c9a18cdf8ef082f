//! Merges a scene, the bases it extends, and overrides from the command line into one tree.
//!
//! This module does not access the disk: the caller passes a function that reads a base, and
//! [`Bases`](super::bases::Bases) reads from folders. The scene overrides its base, which overrides its own base. Overrides
//! from the command line also take precedence over variants, so [`set`] applies them separately.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::source::{FileId, OVERRIDE, Origin, Sources};
use super::source_string::SourceString;
use super::syntax;
use super::tree::{Entry, Node, TomlTable, Value};
use super::variant;
use crate::files::ReadError;
use crate::keys::{KeySpec, KeyType};
use crate::printable::name;
use crate::suggest;

/// A function that reads a base. Its path is relative to the same folder as the path of the scene.
pub type ReadBase<'r> = dyn FnMut(&Path) -> Result<String, ReadError> + 'r;

/// The maximal number of files that extend each other. It stops endless chains without a cycle, which links on the disk
/// make possible.
const MAX_LAYERS: usize = 32;

/// Parses a scene and merges it with its bases. The root of the tree is a table without `extends`.
///
/// `path` is the name of the scene in messages, such as [`STDIN`](super::source::STDIN); `extends` is relative to its folder.
///
/// # Errors
/// A text is not TOML or extends itself, or a base cannot be read.
pub fn load_text(
    path: &Path,
    text: String,
    sources: &mut Sources,
    read: &mut ReadBase<'_>,
) -> Result<Node, Diagnostic> {
    let (mut tree, mut extends) = parse_layer(path, text, sources)?;
    let mut chain = vec![path.to_owned()];
    let mut bases = Vec::new();
    while let Some(link) = extends {
        let child = chain.last().map_or(path, PathBuf::as_path);
        let path = child.parent().unwrap_or(Path::new("")).join(link.as_str());
        if let Some(error) = chain_error(&chain, &path) {
            return Err(error.at(link.origin()));
        }
        let text = read(&path).map_err(|error| unreadable(&path, &error).at(link.origin()))?;
        let (mut base, next) = parse_layer(&path, text, sources)?;
        if let Some(table) = base.as_table_mut() {
            // Otherwise all scenes with the same base would be written to one file.
            table.remove("output");
        }
        bases.push(base);
        chain.push(path);
        extends = next;
    }
    for mut base in bases {
        base.overlay(tree);
        tree = base;
    }
    Ok(tree)
}

/// The key that names the base of a file.
pub(super) const EXTENDS: KeySpec = KeySpec::new(
    "extends",
    KeyType::File,
    "none",
    "a base, relative to this file; this file is laid over it: see [Variants](variants.md)",
);

/// Parses one text. Returns its tree without `extends`, and the path of its base.
fn parse_layer(
    path: &Path,
    text: String,
    sources: &mut Sources,
) -> Result<(Node, Option<SourceString>), Diagnostic> {
    let file = sources.add(path.to_string_lossy(), text);
    let mut tree = syntax::parse(sources, file)?;
    let Some(entry) = tree.as_table_mut().and_then(|table| table.remove(EXTENDS.name)) else {
        return Ok((tree, None));
    };
    let Value::String(base) = entry.node.value else {
        return Err(Diagnostic::new("`extends` wants the path of one file")
            .at(entry.node.origin)
            .help("write extends = '_base.toml'"));
    };
    Ok((tree, Some(base)))
}

/// The error if `path` cannot extend the `chain`, in which each file extends the next.
fn chain_error(chain: &[PathBuf], path: &Path) -> Option<Diagnostic> {
    let cycle = chain.iter().position(|it| normalized(it) == normalized(path));
    if cycle.is_none() && chain.len() < MAX_LAYERS {
        return None;
    }
    let names: Vec<String> = chain[cycle.unwrap_or(0)..]
        .iter()
        .map(PathBuf::as_path)
        .chain([path])
        .map(|it| name(&normalized(it)).to_string())
        .collect();
    let message = match cycle {
        Some(_) => format!("a scene cannot extend itself: {}", names.join(" → ")),
        None => format!("more than {MAX_LAYERS} files extend each other"),
    };
    Some(Diagnostic::new(message).help("drop this `extends`, or name another base"))
}

/// `path` without `.` and `name/..`, for comparison only: if a folder is a link, the result may name another file.
fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(result.components().next_back(), Some(Component::Normal(_))) => {
                result.pop();
            }
            Component::ParentDir | Component::Normal(_) | Component::RootDir | Component::Prefix(_) => {
                result.push(part);
            }
        }
    }
    result
}

/// The error of a scene or a base that cannot be read.
#[must_use]
pub fn unreadable(path: &Path, error: &ReadError) -> Diagnostic {
    let path = name(path);
    let remedy = match error {
        ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            return Diagnostic::new(format!("there is no file `{path}`"))
                .help("paths in a scene are relative to the file that names them");
        }
        ReadError::Io(_) => "change its permissions, or name another file",
        ReadError::NotRegular(_) => "name a regular file; the scene `-` is read from standard input",
        ReadError::TooLarge(_) => "leave out what the scene does not need",
        ReadError::NotText => "save the file as UTF-8",
        ReadError::Outside(_) => {
            "move the file below one of them, or pass --root with a folder that holds both; --allow-outside allows every file"
        }
    };
    Diagnostic::new(format!("cannot read `{path}`: {error}")).help(remedy)
}

/// Merges one `--set KEY=VALUE` into `tree`.
///
/// `k=20` sets `params.k`; a dotted key such as `canvas.scale=1` sets any value. A value that is not TOML, such as `3*pi`
/// or `white`, is a string.
///
/// # Errors
/// The `=` or the key is missing, the key is `variant`, the scene has no such param, or the value begins a TOML string,
/// list or table and does not end it.
pub fn set(tree: &mut Node, assignment: &str, sources: &mut Sources) -> Result<(), Diagnostic> {
    let file = sources.add(OVERRIDE, assignment);
    let everything = Origin::new(file, 0..assignment.len());
    let malformed = |message: &str| Diagnostic::new(message).at(everything).help("write --set k=20");
    let (key, value) = assignment.split_once('=').ok_or_else(|| malformed("`--set` wants KEY=VALUE"))?;
    let names = key_names(key, file);
    if names.iter().any(|(name, _)| !syntax::is_bare_key(name)) {
        return Err(malformed("a key is a name, or names joined by points"));
    }
    if let Some((_, origin)) = names.first().filter(|(name, _)| name == variant::KEY) {
        return Err(Diagnostic::new("`--set` changes every variant and makes none")
            .at(*origin)
            .help("pass --variant NAME for one, and set its keys as the scene has them: canvas.scale=1"));
    }
    if let [(section, _), (param, origin)] = names.as_slice()
        && section == "params"
    {
        check_param(tree, param, *origin)?;
    }
    if value.trim().is_empty() {
        return Err(malformed("a value is missing"));
    }
    let start = key.len() + 1 + (value.len() - value.trim_start().len());
    let leaf = override_value(sources, file, start..start + value.trim().len())?;
    tree.overlay(nested(names, leaf));
    Ok(())
}

/// The names of a dotted key with their positions. A single name is that of a param.
fn key_names(key: &str, file: FileId) -> Vec<(String, Origin)> {
    let mut names = Vec::new();
    let mut at = 0;
    for part in key.split('.') {
        let start = at + (part.len() - part.trim_start().len());
        let name = part.trim();
        names.push((name.to_owned(), Origin::new(file, start..start + name.len())));
        at += part.len() + 1;
    }
    if names.len() == 1 {
        names.insert(0, ("params".to_owned(), names[0].1));
    }
    names
}

/// Checks that the scene has a param.
fn check_param(tree: &Node, param: &str, origin: Origin) -> Result<(), Diagnostic> {
    let params = tree.as_table().and_then(|root| root.get("params")).and_then(|it| it.node.as_table());
    let names: Vec<&str> =
        params.map_or(&[][..], TomlTable::entries).iter().map(|entry| entry.key.as_str()).collect();
    if names.contains(&param) {
        return Ok(());
    }
    let help = suggest::hint(param, &names)
        .unwrap_or_else(|| "the scene has no params; other keys are set as --set canvas.scale=1".to_owned());
    Err(Diagnostic::new(format!("the scene has no param `{param}`")).at(origin).help(help))
}

/// Parses the value of an override; text that is not TOML is a string.
fn override_value(
    sources: &Sources,
    file: FileId,
    range: std::ops::Range<usize>,
) -> Result<Node, Diagnostic> {
    let text = &sources.get(file).text()[range.clone()];
    match syntax::parse_value(sources, file, range.clone()) {
        Err(error) if text.starts_with(['"', '\'', '[', '{']) => Err(error),
        Err(_) => {
            let content = SourceString::verbatim(text, file, range.start);
            Ok(Node { origin: content.origin(), value: Value::String(content) })
        }
        parsed => parsed,
    }
}

/// `a.b.c = leaf` as a tree.
fn nested(names: Vec<(String, Origin)>, leaf: Node) -> Node {
    names.into_iter().rev().fold(leaf, |node, (key, key_origin)| Node {
        origin: key_origin,
        value: Value::Table(TomlTable::from_iter([Entry { key, key_origin, node }])),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Loads the first of `files`; the others are its bases.
    fn load_files(files: &[(&str, &str)]) -> (Result<Node, Diagnostic>, Sources) {
        let disk: HashMap<PathBuf, &str> =
            files.iter().map(|(path, text)| (normalized(Path::new(path)), *text)).collect();
        let mut sources = Sources::new();
        let mut read = |path: &Path| match disk.get(&normalized(path)) {
            Some(text) => Ok((*text).to_owned()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        let tree = load_text(Path::new(files[0].0), files[0].1.to_owned(), &mut sources, &mut read);
        (tree, sources)
    }

    fn keys(node: &Node) -> Vec<&str> {
        node.as_table().unwrap().entries().iter().map(|it| it.key.as_str()).collect()
    }

    fn get<'a>(node: &'a Node, path: &str) -> &'a Value {
        let found = path.split('.').fold(node, |node, key| &node.as_table().unwrap().get(key).unwrap().node);
        &found.value
    }

    #[test]
    fn bases_merge_in_order_and_paths_are_relative_to_each_file() {
        let (tree, _) = load_files(&[
            ("scenes/a.toml", "extends = 'parts/_mid.toml'\nalt = 'a'\n[params]\nk = 3"),
            (
                "scenes/parts/_mid.toml",
                "extends = '../_root.toml'\noutput = 'mid.gif'\n[params]\nk = 2\nm = 2",
            ),
            ("scenes/_root.toml", "output = 'root.gif'\nfps = 25\n[params]\nb = 1\nk = 1\nm = 1"),
        ]);
        let tree = tree.unwrap();
        assert_eq!(keys(&tree), ["fps", "params", "alt"]);
        assert_eq!(keys(&tree.as_table().unwrap().get("params").unwrap().node), ["b", "k", "m"]);
        for (path, value) in [("params.b", 1), ("params.m", 2), ("params.k", 3)] {
            assert_eq!(get(&tree, path), &Value::Integer(value), "{path}");
        }
    }

    #[test]
    fn outputs_are_not_inherited() {
        let (tree, _) = load_files(&[
            ("a.toml", "output = 'a.gif'\nextends = '_b.toml'"),
            ("_b.toml", "output = 'b.gif'"),
        ]);
        let tree = tree.unwrap();
        assert!(matches!(get(&tree, "output"), Value::String(it) if it.as_str() == "a.gif"));
        assert_eq!(keys(&tree), ["output"]);
    }

    #[test]
    fn cycles_are_found_however_paths_are_spelled() {
        let (found, sources) = load_files(&[
            ("s/a.toml", "extends = './_b.toml'"),
            ("s/_b.toml", "alt = 'b'\nextends = '../s/x/../a.toml'"),
        ]);
        let found = found.unwrap_err();
        assert!(found.message.ends_with("s/a.toml → s/_b.toml → s/a.toml"), "{}", found.message);
        let origin = found.origin.unwrap();
        assert_eq!((sources.get(origin.file).name(), sources.position(origin).line), ("s/./_b.toml", 2));
        assert!(load_files(&[("a.toml", "extends = 'a.toml'")]).0.is_err());
    }

    #[test]
    fn endless_chains_are_an_error() {
        let mut sources = Sources::new();
        let mut files = 0;
        let mut read = |_: &Path| {
            files += 1;
            Ok(format!("extends = 'sub{files}/a.toml'"))
        };
        let text = "extends = 'b.toml'".to_owned();
        let found = load_text(Path::new("a.toml"), text, &mut sources, &mut read).unwrap_err();
        assert!(found.message.contains("more than 32"), "{}", found.message);
    }

    #[test]
    fn the_error_of_a_missing_base_has_its_name_and_position() {
        let (found, _) = load_files(&[("s/a.toml", "extends = '_none.toml'")]);
        let found = found.unwrap_err();
        assert!(found.message.contains("s/_none.toml") && found.origin.is_some() && found.help.is_some());
    }

    #[test]
    fn extends_must_be_one_path() {
        let (found, _) = load_files(&[("a.toml", "extends = ['b.toml']")]);
        assert!(found.unwrap_err().help.unwrap().contains("_base.toml"));
    }

    fn set_on(text: &str, assignment: &str) -> (Result<Node, Diagnostic>, Sources) {
        let mut sources = Sources::new();
        let file = sources.add("a.toml", text);
        let mut tree = syntax::parse(&sources, file).unwrap();
        let result = set(&mut tree, assignment, &mut sources).map(|()| tree);
        (result, sources)
    }

    const SCENE: &str = "[params]\nk = 10\nmass = 1\n[canvas]\nscale = 2\n";

    #[test]
    fn overrides_that_are_not_toml_are_strings() {
        for (assignment, path, expected) in [
            ("k=20", "params.k", "20"),
            (" k = 2.5 ", "params.k", "2.5"),
            ("k=3*pi", "params.k", "'3*pi'"),
            ("k = 'm'", "params.k", "'m'"),
            ("params.k=-1", "params.k", "-1"),
            ("canvas.scale=1", "canvas.scale", "1"),
            ("canvas.background=white", "canvas.background", "'white'"),
            ("animate.span=[0, 1]", "animate.span", "[0, 1]"),
        ] {
            let (tree, sources) = set_on(SCENE, assignment);
            let tree = tree.unwrap();
            let node =
                path.split('.').fold(&tree, |node, key| &node.as_table().unwrap().get(key).unwrap().node);
            let shown = match &node.value {
                Value::String(content) => syntax::single_quoted(content.as_str()),
                _ => sources.excerpt(node.origin).to_owned(),
            };
            assert_eq!(shown, expected, "{assignment}");
            assert_eq!(sources.get(node.origin.file).name(), OVERRIDE);
            assert_eq!(get(&tree, "params.mass"), &Value::Integer(1));
        }
    }

    #[test]
    fn invalid_overrides_have_a_remedy() {
        for (assignment, message, help) in [
            ("k", "KEY=VALUE", "--set k=20"),
            ("=1", "a key is a name", "--set k=20"),
            ("a..b=1", "a key is a name", "--set k=20"),
            ("k=", "a value is missing", "--set k=20"),
            ("mas=1", "no param `mas`", "did you mean `mass`?"),
            ("params.q=1", "no param `q`", "known here: `k`, `mass`"),
            ("k='1", "not closed", "quotes"),
            ("k=[1, 2", "not closed", "`]`"),
            ("variant=[{ name = 'a' }]", "no param `variant`", "known here"),
            ("variant.name=a", "makes none", "--variant NAME"),
        ] {
            let found = set_on(SCENE, assignment).0.expect_err(assignment);
            assert!(found.message.contains(message), "{assignment}: {}", found.message);
            assert!(found.help.as_deref().unwrap().contains(help), "{assignment}: {:?}", found.help);
            assert!(found.origin.is_some());
        }
        assert!(set_on("alt = ''", "k=1").0.unwrap_err().help.unwrap().contains("no params"));
    }
}
