//! `[[variant]]`: several scenes in one file.
//!
//! Each scene is the tree of the file merged with the table of a variant, as a file is merged with its base; `output` is not
//! inherited. A file inherits the list of variants from its base as a whole, or replaces it. Overrides from the command line
//! take precedence over variants, so they are applied to the resulting trees.

use std::collections::BTreeSet;

use super::Scene;
use super::diagnostic::Diagnostic;
use super::errors::{Diagnostics, Errors};
use super::resolve::each::{self, EACH};
use super::resolve::{Options, resolve};
use super::source::Sources;
use super::syntax::{is_bare_key, single_quoted};
use super::tree::{Entry, Node, TomlTable, Value};
use super::value_reader::ValueReader;
use crate::keys::{KeySpec, KeyType};
use crate::suggest::hint;

/// The key of the list of variants.
pub(super) const KEY: &str = "variant";
/// The help of errors about the list.
const EXAMPLE: &str = "write [[variant]] with name = 'heavy', once for each";

/// One of the scenes of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The name; `None` for the only scene of a file without variants.
    pub name: Option<String>,
    /// The merged tree.
    pub tree: Node,
}

impl Variant {
    /// Resolves the scene. Its stem is that of `options`, followed by a hyphen and the name of the variant.
    ///
    /// # Errors
    /// All errors of [`resolve`], with sources that are marked with the variant.
    pub fn resolve(&self, sources: Sources, options: &Options) -> Result<Scene, (Diagnostics, Sources)> {
        let stem = match &self.name {
            Some(name) => format!("{}-{name}", options.stem),
            None => options.stem.clone(),
        };
        resolve(&self.tree, self.located(sources), &Options { stem, ..options.clone() })
    }

    /// The sources, marked as read for this variant.
    #[must_use]
    pub fn located(&self, sources: Sources) -> Sources {
        match &self.name {
            Some(name) => sources.for_variant(name),
            None => sources,
        }
    }
}

/// The scenes of a merged tree in the order of the file: one for each variant, or the tree itself if it has none.
///
/// ```
/// use std::path::Path;
///
/// use kymograph::scene::bases::Bases;
/// use kymograph::scene::resolve::Options;
/// use kymograph::scene::source::Sources;
/// use kymograph::scene::variant::variants;
///
/// let text = r#"
///     systems.spring = { kind = "oscillator", stiffness = 2 }
///     panels.spring = { kind = "spring", system = "spring" }
///     variant = [{ name = "near", systems.spring.x0 = 1 }, { name = "far", systems.spring.x0 = 3 }]
/// "#;
/// let mut sources = Sources::new();
/// let bases = Bases::below(Path::new(".")).expect("the folder is there");
/// let tree = bases.load_text(Path::new("a.toml"), text.to_owned(), &mut sources).expect("it is TOML");
/// let options = Options { stem: "a".to_owned(), ..Options::default() };
/// for variant in variants(tree).expect("they have names") {
///     let scene = variant.resolve(sources.clone(), &options).expect("it is a scene");
///     assert!(["a-near", "a-far"].contains(&scene.stem.as_str()));
/// }
/// ```
///
/// # Errors
/// `variant` is not a list or is empty; the name of a variant is missing, not unique, or not usable in a file name; or a
/// variant has `variant` or `extends`.
pub fn variants(mut tree: Node) -> Result<Vec<Variant>, Diagnostic> {
    let Some(list) = tree.as_table_mut().and_then(|table| table.remove(KEY)) else {
        return Ok(vec![Variant { name: None, tree }]);
    };
    let item = ValueReader::new(&list.node, KEY.to_owned(), Errors::default());
    match item.value() {
        Value::Array(list) if list.is_empty() => return Err(item.error("is empty").help(EXAMPLE)),
        Value::Array(_) => {}
        _ => return Err(item.expected("a list of tables").help(EXAMPLE)),
    }
    if let Some(table) = tree.as_table_mut() {
        // Otherwise all variants would be written to one file.
        table.remove("output");
    }
    let mut names: Vec<String> = Vec::new();
    let variants = item.clone().list(|item| {
        let (name, mut over) = layer(item, &names)?;
        names.push(name.clone());
        let each = over.as_table_mut().and_then(|over| over.remove(EACH.name));
        let mut tree = tree.clone();
        tree.overlay(over);
        match each {
            None => Ok(vec![Variant { name: Some(name), tree }]),
            Some(each) => copies(&name, &tree, &each),
        }
    })?;
    let variants: Vec<Variant> = variants.into_iter().flatten().collect();
    check_distinct(&variants, &item)?;
    Ok(variants)
}

/// The copies of a variant, whose trees have the values of `each` as params.
fn copies(name: &str, tree: &Node, each: &Entry) -> Result<Vec<Variant>, Diagnostic> {
    let copies =
        each::params(tree, ValueReader::new(&each.node, format!("{KEY}.{}", EACH.name), Errors::default()))?;
    let copy = |(index, params): (usize, Vec<Entry>)| {
        let node = |table: Vec<Entry>| Node {
            origin: each.node.origin,
            value: Value::Table(table.into_iter().collect()),
        };
        let params = Entry { key: "params".to_owned(), key_origin: each.key_origin, node: node(params) };
        let mut tree = tree.clone();
        tree.overlay(Node { origin: tree.origin, ..node(vec![params]) });
        Variant { name: Some(format!("{name}-{index}")), tree }
    };
    Ok(copies.into_iter().enumerate().map(copy).collect())
}

/// Checks that no copy of a variant has the name of another variant.
fn check_distinct(variants: &[Variant], list: &ValueReader<'_>) -> Result<(), Diagnostic> {
    let mut names = BTreeSet::new();
    match variants.iter().find(|variant| !names.insert(variant.name.as_deref())) {
        None => Ok(()),
        Some(variant) => {
            let name = variant.name.as_deref().unwrap_or_default();
            Err(list
                .error(&format!("has two variants that are called `{name}`"))
                .help("copies of a variant `V` are called `V-0`, `V-1`, …: rename one of the variants"))
        }
    }
}

/// The key that every variant has beside those of the file.
pub(super) const KEYS: &[KeySpec] = &[
    KeySpec::new("name", KeyType::Mixed("name"), "", "the name of one of the file's [variants](variants.md)"),
    EACH,
];

/// Reads the name of a variant, which must not be in `names`, and the table to merge into the file.
fn layer(item: ValueReader<'_>, names: &[String]) -> Result<(String, Node), Diagnostic> {
    let mut table = item.clone().table().map_err(|error| error.help(EXAMPLE))?;
    let name = table
        .opt("name", |item| name(&item, names))?
        .ok_or_else(|| table.missing_key("name", "name = 'heavy'"))?;
    let Value::Table(over) = item.value() else { return Err(item.expected("a table")) };
    for (key, help) in [
        (KEY, "write it as one more [[variant]] of the file"),
        ("extends", "write `extends` above all tables, where it holds for every variant"),
    ] {
        if let Some(entry) = over.get(key) {
            let why = format!("`{key}` cannot stand in a variant");
            return Err(Diagnostic::new(why).at(entry.key_origin).help(help));
        }
    }
    let mut over: TomlTable = over.clone();
    over.remove("name");
    Ok((name, Node { origin: item.origin(), value: Value::Table(over) }))
}

/// Reads the name of a variant.
fn name(item: &ValueReader<'_>, names: &[String]) -> Result<String, Diagnostic> {
    let name = item.clone().string()?.as_str();
    if !is_bare_key(name) {
        let apart = |c: char| c != '_' && !c.is_ascii_alphanumeric();
        let words: Vec<&str> = name.split(apart).filter(|word| !word.is_empty()).collect();
        let plain = if words.is_empty() { "heavy".to_owned() } else { words.join("-") };
        let why = "goes into the name of a file: a to z, A to Z, digits, `-` and `_` may stand in it";
        return Err(item.error(why).help(format!("write name = {}", single_quoted(&plain))));
    }
    if names.iter().any(|other| other == name) {
        return Err(Diagnostic::new(format!("two variants are called `{name}`"))
            .at(item.origin())
            .help("give each a name of its own"));
    }
    Ok(name.to_owned())
}

/// The variant with a name.
///
/// # Errors
/// There is no such variant. The help suggests the nearest name, or lists all.
pub fn named(variants: Vec<Variant>, name: &str) -> Result<Variant, Diagnostic> {
    let names: Vec<String> = variants.iter().filter_map(|variant| variant.name.clone()).collect();
    let found = variants.into_iter().find(|variant| variant.name.as_deref() == Some(name));
    found.ok_or_else(|| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let help =
            hint(name, &names).unwrap_or_else(|| format!("it has none at all: ask for none, or {EXAMPLE}"));
        Diagnostic::new(format!("the scene has no variant `{name}`")).help(help)
    })
}

/// Checks that a tree has no variants, so that it is a single scene.
pub(super) fn check_single(root: &Node) -> Result<(), Diagnostic> {
    let Some(entry) = root.as_table().and_then(|table| table.get(KEY)) else { return Ok(()) };
    Err(Diagnostic::new("`variant` makes several scenes of one, and here one is wanted")
        .at(entry.key_origin)
        .help("ask scene::variant::variants for them"))
}

#[cfg(test)]
mod tests {
    use super::super::syntax;
    use super::*;

    fn tree(text: &str) -> Node {
        let mut sources = Sources::new();
        let file = sources.add("a.toml", text);
        syntax::parse(&sources, file).unwrap()
    }

    fn keys(node: &Node) -> Vec<&str> {
        node.as_table().unwrap().entries().iter().map(|entry| entry.key.as_str()).collect()
    }

    #[test]
    fn a_file_without_variants_is_one_scene() {
        let file = tree("output = 'a.gif'\nalt = 'a'");
        assert_eq!(variants(file.clone()).unwrap(), [Variant { name: None, tree: file }]);
    }

    #[test]
    fn variants_keep_the_order_of_the_file_and_of_its_keys() {
        let found = variants(tree(
            "output = 'a.gif'\nalt = 'a'\n[canvas]\nscale = 1\n[[variant]]\nparams.k = 1\nname = 'b'\n\
             [[variant]]\nname = 'a'\ncanvas.font-size = 9\noutput = 'own.gif'\nalt = 'own'",
        ))
        .unwrap();
        let names: Vec<_> = found.iter().map(|variant| variant.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(keys(&found[0].tree), ["alt", "canvas", "params"]);
        assert_eq!(keys(&found[1].tree), ["alt", "canvas", "output"]);
        assert_eq!(
            keys(&found[1].tree.as_table().unwrap().get("canvas").unwrap().node),
            ["scale", "font-size"]
        );
        // A variant counts as a single scene, a file with variants does not.
        assert!(found.iter().all(|variant| check_single(&variant.tree).is_ok()));
        assert!(check_single(&tree("[[variant]]\nname = 'a'")).is_err());
    }
}
