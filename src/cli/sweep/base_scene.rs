//! The scene that a sweep varies, and the text of the scenes that extend it.

use std::path::Path;

use kymograph::scene::bases::Bases;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::load::set;
use kymograph::scene::resolve::Options;
use kymograph::scene::source::{OVERRIDE, Sources};
use kymograph::scene::syntax::single_quoted;
use kymograph::scene::tree::{Node, Value};
use kymograph::scene::variant::{Variant, variants};

use super::names;
use crate::cli::load::LocatedError;

/// The beginning of each file that a sweep writes. Only such files are replaced by the next sweep.
pub(super) const HEADER: &str = "# Made by `kymo sweep`";

/// The scene that all scenes of the sweep extend.
pub(super) struct BaseScene<'a> {
    path: &'a Path,
    /// The path to this scene that the new ones write after `extends`.
    link: String,
    bases: &'a Bases,
    tree: Node,
    sources: Sources,
}

impl<'a> BaseScene<'a> {
    pub(super) fn read(path: &'a Path, link: String, bases: &'a Bases) -> Result<Self, LocatedError> {
        let mut sources = Sources::new();
        match bases.load(path, &mut sources) {
            Ok(tree) => Ok(Self { path, link, bases, tree, sources }),
            Err(error) => Err((error.into(), sources)),
        }
    }

    /// The file name without its extension and without a leading `_`, which would hide the new scenes from
    /// `kymo render DIR`.
    pub(super) fn stem(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        stem.trim_start_matches('_').to_owned()
    }

    /// The text of the scene with these assignments `KEY=VALUE`, whose name is the stem and `suffix`.
    ///
    /// # Errors
    /// Every error that rendering the scene would report, and a variant that makes the scenes equal.
    pub(super) fn scene_text(&self, assignments: &[String], suffix: &str) -> Result<String, LocatedError> {
        let (mut tree, mut sources) = (self.tree.clone(), self.sources.clone());
        let mut values = String::new();
        for assignment in assignments {
            match apply(&mut tree, assignment, &mut sources) {
                Ok(line) => values += &line,
                Err(error) => return Err((error.into(), sources)),
            }
        }
        let outputs = self.output_line(&tree, &sources, suffix);
        self.check(tree, sources, assignments, suffix)?;
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        Ok(format!("{HEADER} from {name}.\nextends = {}\n{outputs}{values}", single_quoted(&self.link)))
    }

    /// Resolves each variant of the scene, as rendering does.
    fn check(
        &self,
        tree: Node,
        sources: Sources,
        assignments: &[String],
        suffix: &str,
    ) -> Result<(), LocatedError> {
        let variants = match variants(tree) {
            Ok(variants) => variants,
            Err(error) => return Err((error.into(), sources)),
        };
        let stem = self.stem() + suffix;
        let options = Options { stem, bases: Some(self.bases.clone()), ..Options::default() };
        for variant in &variants {
            if let Some(error) = variant_conflict(variant, assignments, &sources) {
                return Err((error.into(), variant.located(sources)));
            }
            variant.resolve(sources.clone(), &options)?;
        }
        Ok(())
    }

    /// The line `output = …` with the suffix in each path; empty where the default output is the same, and for scenes
    /// with variants, which do not use it.
    fn output_line(&self, tree: &Node, sources: &Sources, suffix: &str) -> String {
        let root = tree.as_table().filter(|root| root.get("variant").is_none());
        let Some(output) = root.and_then(|root| root.get("output")) else { return String::new() };
        let renamed = |node| renamed_output(node, sources, suffix);
        let value = match &output.node.value {
            Value::Array(list) => {
                let outputs: Option<Vec<String>> = list.iter().map(renamed).collect();
                outputs.map(|outputs| match outputs.as_slice() {
                    [one] => one.clone(),
                    several => format!("[{}]", several.join(", ")),
                })
            }
            _ => renamed(&output.node),
        };
        let default = single_quoted(&format!("imgs/{}{suffix}.gif", self.stem()));
        value
            .filter(|value| *value != default)
            .map_or_else(String::new, |value| format!("output = {value}\n"))
    }
}

/// Sets a value in the tree, and returns the line `key = value` of the new scene.
fn apply(tree: &mut Node, assignment: &str, sources: &mut Sources) -> Result<String, Diagnostic> {
    set(tree, assignment, sources)?;
    let (path, value) = split_assignment(assignment);
    let value = match node_at(tree, &path).map(|node| &node.value) {
        // `set` takes text that is not TOML, such as `3*pi`, for a string. A file needs quotes around it.
        Some(Value::String(content)) if content.as_str() == value => single_quoted(value),
        _ => value.to_owned(),
    };
    Ok(format!("{} = {value}\n", path.join(".")))
}

/// The names of the key and the value, as [`set`] reads them.
fn split_assignment(assignment: &str) -> (Vec<&str>, &str) {
    let (key, value) = assignment.split_once('=').unwrap_or((assignment, ""));
    let mut path: Vec<&str> = key.split('.').map(str::trim).collect();
    if path.len() == 1 {
        path.insert(0, "params");
    }
    (path, value.trim())
}

fn node_at<'a>(root: &'a Node, path: &[&str]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, name| Some(&node.as_table()?.get(name)?.node))
}

/// The error for a variant that names its own output, which all scenes would write, or that sets a swept key, which
/// would then be equal in all scenes.
fn variant_conflict(variant: &Variant, assignments: &[String], sources: &Sources) -> Option<Diagnostic> {
    let name = variant.name.as_deref()?;
    if let Some(output) = variant.tree.as_table().and_then(|root| root.get("output")) {
        let why = format!("all scenes of the sweep would write the `output` of the variant `{name}`");
        let help = "remove it from the variant: each picture is then named after its scene and variant";
        return Some(Diagnostic::new(why).at(output.key_origin).help(help));
    }
    assignments.iter().find_map(|assignment| {
        let (path, _) = split_assignment(assignment);
        let node = node_at(&variant.tree, &path)?;
        let swept = node.as_table().is_some() || sources.get(node.origin.file).name() == OVERRIDE;
        let why = format!("the variant `{name}` sets `{}`, which is swept", path.join("."));
        let help = "sweep another key, or remove this one from the variant";
        (!swept).then(|| Diagnostic::new(why).at(node.origin).help(help))
    })
}

/// One output of a scene as TOML with the suffix in its path; `None` if it is neither a path nor a table with one.
fn renamed_output(node: &Node, sources: &Sources, suffix: &str) -> Option<String> {
    let renamed = |node: &Node| match &node.value {
        Value::String(path) => Some(single_quoted(&names::output_path(path.as_str(), suffix))),
        _ => None,
    };
    let Some(table) = node.as_table() else { return renamed(node) };
    let path = renamed(&table.get("path")?.node)?;
    let others = table.entries().iter().filter(|entry| entry.key != "path");
    let others: Vec<String> =
        others.map(|entry| format!(", {} = {}", entry.key, sources.excerpt(entry.node.origin))).collect();
    Some(if others.is_empty() { path } else { format!("{{ path = {path}{} }}", others.concat()) })
}
