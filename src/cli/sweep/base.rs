//! The scene that is swept, and what a scene of the sweep says: that it extends it, which pictures it makes, and
//! the values.

use std::path::Path;

use kymograph::scene::bases::Bases;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::load::set;
use kymograph::scene::resolve::Options;
use kymograph::scene::source::{OVERRIDE, Sources};
use kymograph::scene::syntax::single_quoted;
use kymograph::scene::tree::{Node, Table, Value};
use kymograph::scene::variant::{Variant, variants};

use super::name;
use crate::cli::load::Located;

/// The first words of what a sweep writes, and the sign that it may be replaced by the next one.
pub(super) const MADE: &str = "# Made by `kymo sweep`";

/// The scene that is swept.
pub(super) struct Base<'a> {
    path: &'a Path,
    /// What the scenes extend: the way from their folder to this one's file.
    link: String,
    tree: Node,
    sources: Sources,
}

impl<'a> Base<'a> {
    pub(super) fn read(path: &'a Path, link: String, bases: &Bases) -> Result<Self, Located> {
        let mut sources = Sources::new();
        match bases.load(path, &mut sources) {
            Ok(tree) => Ok(Self { path, link, tree, sources }),
            Err(diagnostic) => Err((diagnostic, sources)),
        }
    }

    /// The text of the scene that takes these assignments; `suffix` is what its name has more than the base's.
    ///
    /// # Errors
    /// Whatever would keep it from being rendered, and what would keep it from being another scene than its siblings.
    pub(super) fn scene(&self, assignments: &[String], suffix: &str) -> Result<String, Located> {
        let (mut tree, mut sources) = (self.tree.clone(), self.sources.clone());
        let mut values = String::new();
        for assignment in assignments {
            match line(&mut tree, assignment, &mut sources) {
                Ok(line) => values += &line,
                Err(diagnostic) => return Err((diagnostic, sources)),
            }
        }
        let outputs = match outputs(&tree, &sources) {
            Some(outputs) => self.renamed(&outputs, suffix),
            None => String::new(),
        };
        self.check(tree, sources, assignments, suffix)?;
        let from = self.path.file_name().unwrap_or_default().to_string_lossy();
        Ok(format!("{MADE} from {from}.\nextends = {}\n{outputs}{values}", single_quoted(&self.link)))
    }

    /// Resolves all that the tree makes.
    fn check(
        &self,
        tree: Node,
        sources: Sources,
        assignments: &[String],
        suffix: &str,
    ) -> Result<(), Located> {
        let variants = match variants(tree) {
            Ok(variants) => variants,
            Err(diagnostic) => return Err((diagnostic, sources)),
        };
        let options = Options { stem: name::stem(self.path) + suffix, scale: None };
        for variant in &variants {
            if let Some(diagnostic) = obstinate(variant, assignments, &sources) {
                return Err((diagnostic, variant.located(sources)));
            }
            variant.resolve(sources.clone(), &options)?;
        }
        Ok(())
    }

    /// The line of the file that names its pictures; none where they are called as they would be without it.
    fn renamed(&self, outputs: &[Picture<'_>], suffix: &str) -> String {
        let one = |picture: &Picture<'_>| {
            let path = single_quoted(&name::picture(picture.path, suffix));
            let said: Vec<String> =
                [format!("path = {path}")].into_iter().chain(picture.rest.iter().cloned()).collect();
            if picture.rest.is_empty() { path } else { format!("{{ {} }}", said.join(", ")) }
        };
        let all: Vec<String> = outputs.iter().map(one).collect();
        let usual = single_quoted(&format!("imgs/{}{suffix}.gif", name::stem(self.path)));
        match all.as_slice() {
            [one] if *one == usual => String::new(),
            [one] => format!("output = {one}\n"),
            several => format!("output = [{}]\n", several.join(", ")),
        }
    }
}

/// Lays an assignment over a tree; what a file says instead, as a line.
fn line(tree: &mut Node, assignment: &str, sources: &mut Sources) -> Result<String, Diagnostic> {
    set(tree, assignment, sources)?;
    let (names, value) = parts(assignment);
    let node = names.iter().try_fold(&*tree, |node, name| Some(&node.as_table()?.get(name)?.node));
    let value = match node.map(|node| &node.value) {
        // What is no TOML was taken as a string, and wants the quotes that the command line spares.
        Some(Value::String(content)) if content.as_str() == value => single_quoted(value),
        _ => value.to_owned(),
    };
    Ok(format!("{} = {value}\n", names.join(".")))
}

/// The names of the key, as [`set`] takes them, and the value.
fn parts(assignment: &str) -> (Vec<&str>, &str) {
    let (key, value) = assignment.split_once('=').unwrap_or((assignment, ""));
    let mut names: Vec<&str> = key.split('.').map(str::trim).collect();
    if names.len() == 1 {
        names.insert(0, "params");
    }
    (names, value.trim())
}

/// What hinders a sweep of a file with variants: one that sets a swept key itself and would be the same in
/// all scenes, or that names pictures, which all would write.
fn obstinate(variant: &Variant, assignments: &[String], sources: &Sources) -> Option<Diagnostic> {
    let name = variant.name.as_deref()?;
    if let Some(entry) = variant.tree.as_table().and_then(|root| root.get("output")) {
        let why = format!("every scene of the sweep would write the picture that the variant `{name}` names");
        let help = "leave `output` out of the variant: its picture is then called after scene and variant";
        return Some(Diagnostic::new(why).at(entry.key_origin).help(help));
    }
    assignments.iter().find_map(|assignment| {
        let (names, _) = parts(assignment);
        let node =
            names.iter().try_fold(&variant.tree, |node, name| Some(&node.as_table()?.get(name)?.node))?;
        let swept = node.as_table().is_some() || sources.get(node.origin.file).name() == OVERRIDE;
        let why = format!("the variant `{name}` sets `{}` itself, whatever the sweep says", names.join("."));
        let help = "sweep another key, or take this one out of the variant";
        (!swept).then(|| Diagnostic::new(why).at(node.origin).help(help))
    })
}

/// A picture as the scene's text names it.
struct Picture<'a> {
    path: &'a str,
    /// `key = value` for what else is said of it.
    rest: Vec<String>,
}

/// The pictures of a tree without variants, if it names any in the way they are named.
fn outputs<'a>(tree: &'a Node, sources: &Sources) -> Option<Vec<Picture<'a>>> {
    let root = tree.as_table().filter(|root| root.get("variant").is_none())?;
    let output = &root.get("output")?.node;
    match &output.value {
        Value::Array(list) => list.iter().map(|node| picture(node, sources)).collect(),
        _ => picture(output, sources).map(|one| vec![one]),
    }
}

fn picture<'a>(node: &'a Node, sources: &Sources) -> Option<Picture<'a>> {
    let path = |table: &'a Table| match &table.get("path")?.node.value {
        Value::String(path) => Some(path.as_str()),
        _ => None,
    };
    match &node.value {
        Value::String(path) => Some(Picture { path: path.as_str(), rest: Vec::new() }),
        Value::Table(table) => {
            let rest = table.entries().iter().filter(|entry| entry.key != "path");
            let said = rest.map(|it| format!("{} = {}", it.key, sources.excerpt(it.node.origin))).collect();
            Some(Picture { path: path(table)?, rest: said })
        }
        Value::Array(_) | Value::Integer(_) | Value::Float(_) | Value::Bool(_) | Value::Datetime => None,
    }
}
