//! `each`: copies of a panel, of an element or of a lane, one for each value of a name.
//!
//! The copies replace the table before anything else of the scene is resolved, so that they count as if they were written
//! out. Each copy carries the values of its names, which are constants in its expressions and labels.

use std::collections::BTreeSet;

use super::context::Context;
use super::data_file::DataFiles;
use super::model::{DefinitionTables, ResolvedModel, model};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::errors::Errors;
use crate::scene::even_steps::count_steps;
use crate::scene::expr::{Meaning, NameKind, check_name};
use crate::scene::number_format::shortest;
use crate::scene::source::Sources;
use crate::scene::table_reader::{NamedValue, TableReader};
use crate::scene::tree::{Entry, Node, TableCopy, TomlTable, Value};
use crate::scene::value_reader::ValueReader;

/// The key that asks for copies of a table.
pub(in crate::scene) const EACH: KeySpec = KeySpec::new(
    "each",
    KeyType::Mixed("table of names with values"),
    "none",
    "one copy for each value of a name; see [Repetition](elements.md#repetition)",
);

/// The keys of values that are equally far apart.
pub(super) const VALUE_KEYS: &[KeySpec] = &[
    KeySpec::new("from", KeyType::Number, "", "the first value"),
    KeySpec::new("to", KeyType::Number, "", "the last value, or a bound on it"),
    KeySpec::new("step", KeyType::Number, "`1`", "the distance of the values, which may be negative"),
];

/// The word for a name of `[params]`.
const PARAM: &str = "param";

/// The maximum number of copies of one table.
const MAX_COPIES: usize = 2000;

/// The names of one copy with their values.
type Names = Vec<(String, f64)>;

/// The tree with copies in place of tables with `each`; `None` if it has no such table. `define` builds the model of the
/// scene without the signals of panels; it is asked only where values are expressions.
pub(super) fn expanded(
    root: &Node,
    errors: &Errors,
    define: impl FnOnce() -> ResolvedModel,
) -> Result<Option<Node>, Diagnostic> {
    let Some(panels) = root.as_table().and_then(|table| table.get("panels")) else { return Ok(None) };
    let each = all_each(&panels.node);
    if each.is_empty() {
        return Ok(None);
    }
    let ResolvedModel { model, origins, faults } =
        if each.iter().any(|node| holds_string(node)) { define() } else { ResolvedModel::default() };
    let env = model.env(&[]).map_err(|error| origins.locate(&error))?;
    let context = Context::new(&model, env, &faults);
    let expansion = Expansion { context: &context, errors, taken: taken_names(root) };
    let panels = Node { origin: panels.node.origin, value: expansion.panels(&panels.node)? };
    let entries = root.as_table().map_or(&[][..], TomlTable::entries).iter().map(|entry| {
        let node = if entry.key == "panels" { panels.clone() } else { entry.node.clone() };
        Entry { node, ..entry.clone() }
    });
    Ok(Some(Node { origin: root.origin, value: Value::Table(entries.collect()) }))
}

/// The params of each copy of a variant: the names of `each` with their values, which may be expressions of the params of
/// `tree`.
pub(in crate::scene) fn params(tree: &Node, each: ValueReader<'_>) -> Result<Vec<Vec<Entry>>, Diagnostic> {
    let mut table = TableReader::root(tree)?;
    let params = table.opt("params", ValueReader::table)?;
    let tables = DefinitionTables { params, ..DefinitionTables::default() };
    let mut sources = Sources::new();
    let mut files = DataFiles::new(None, &mut sources);
    let errors = Errors::default();
    let ResolvedModel { model, origins, faults } = model(&tables, &mut files, &errors);
    let env = model.env(&[]).map_err(|error| origins.locate(&error))?;
    let taken = taken_names(tree).into_iter().filter(|(_, noun)| *noun != PARAM).collect();
    let origin = each.origin();
    let context = Context::new(&model, env, &faults);
    let copies = Expansion { context: &context, errors: &errors, taken }.combinations(each, &context)?;
    let entry =
        |(key, value)| Entry { key, key_origin: origin, node: Node { origin, value: Value::Float(value) } };
    Ok(copies.into_iter().map(|names| names.into_iter().map(entry).collect()).collect())
}

/// The number of columns of a grid of panels: 1 without copies. Panels with copies by two names have a column for each value
/// of the second one, and other grids of copies have about as many columns as rows.
pub(super) fn columns(root: &Node) -> usize {
    let panels = root.as_table().and_then(|table| table.get("panels")?.node.as_table());
    let panels = panels.map_or(&[][..], TomlTable::entries);
    let copies = panels.iter().filter_map(|panel| panel.node.as_table()?.copy());
    let Some(last) = copies.clone().next_back() else { return 1 };
    let firsts = copies.filter(|copy| copy.index == 0).count();
    let (own, first) = (&last.names, &panels.first().and_then(|panel| panel.node.as_table()?.copy()));
    match (own.as_slice(), first) {
        ([_, _], Some(first)) if firsts == 1 && panels.len() == last.index + 1 => {
            let rows_before = |panel: &&Entry| {
                panel
                    .node
                    .as_table()
                    .and_then(TomlTable::copy)
                    .is_some_and(|copy| copy.names[0] == first.names[0])
            };
            panels.iter().take_while(rows_before).count()
        }
        _ => (1..=panels.len()).find(|columns| columns * columns >= panels.len()).unwrap_or(1),
    }
}

/// The values of `each` in the tables of panels, their elements and their lanes.
fn all_each(panels: &Node) -> Vec<&Node> {
    let panels = panels.as_table().map_or(&[][..], TomlTable::entries);
    let tables = panels.iter().flat_map(|panel| {
        let lists = LISTS.iter().filter_map(|list| panel.node.as_table()?.get(list));
        let items = lists.flat_map(|list| match &list.node.value {
            Value::Array(items) => &**items,
            _ => &[],
        });
        std::iter::once(&panel.node).chain(items)
    });
    tables.filter_map(|table| table.as_table()?.get(EACH.name).map(|entry| &entry.node)).collect()
}

/// The lists of tables in a panel whose tables may have copies.
const LISTS: [&str; 2] = ["draw", "lanes"];

fn holds_string(node: &Node) -> bool {
    match &node.value {
        Value::String(_) => true,
        Value::Array(items) => items.iter().any(holds_string),
        Value::Table(table) => table.entries().iter().any(|entry| holds_string(&entry.node)),
        Value::Integer(_) | Value::Float(_) | Value::Bool(_) | Value::Datetime => false,
    }
}

/// The names that the scene defines, with the kind of thing that they name. A variable of curves may have the name of a copy:
/// in the copy it is the constant.
fn taken_names(root: &Node) -> Vec<(String, &'static str)> {
    let sections = [("params", PARAM), ("signals", "signal"), ("systems", "system")];
    let defined = sections.into_iter().flat_map(|(section, noun)| {
        let table = root.as_table().and_then(|table| table.get(section)?.node.as_table());
        let entries = table.map_or(&[][..], TomlTable::entries).iter();
        entries.map(move |entry| (entry.key.clone(), noun))
    });
    defined.collect()
}

struct Expansion<'c, 'm> {
    context: &'c Context<'m>,
    errors: &'c Errors,
    taken: Vec<(String, &'static str)>,
}

impl Expansion<'_, '_> {
    /// All panels, with copies of those that ask for them.
    fn panels(&self, node: &Node) -> Result<Value, Diagnostic> {
        let Value::Table(table) = &node.value else { return Ok(node.value.clone()) };
        let mut entries: Vec<Entry> = Vec::new();
        for panel in TableReader::new(table, node.origin, "panels".to_owned(), self.errors.clone()).named() {
            let entry = |key: String, node: Node| Entry { key, key_origin: panel.name_origin, node };
            let Some(copies) = self.copies(&panel.item, self.context)? else {
                entries.push(entry(panel.name.to_owned(), self.lists(&panel.item, self.context)?));
                continue;
            };
            for (index, names) in copies.into_iter().enumerate() {
                let context = with_names(self.context, &names);
                let mut node = self.lists(&panel.item, &context)?;
                let first = format!("{}-0", panel.name);
                mark(&mut node, TableCopy { names, index, first });
                entries.push(entry(format!("{}-{index}", panel.name), node));
            }
        }
        check_distinct(&entries)?;
        Ok(Value::Table(entries.into_iter().collect()))
    }

    /// A panel with copies of the elements and lanes that ask for them.
    fn lists(&self, panel: &ValueReader<'_>, context: &Context<'_>) -> Result<Node, Diagnostic> {
        let Value::Table(table) = panel.value() else {
            return Ok(Node { origin: panel.origin(), value: panel.value().clone() });
        };
        let mut entries = Vec::new();
        for entry in table.entries() {
            let node = match &entry.node.value {
                Value::Array(items) if LISTS.contains(&entry.key.as_str()) => {
                    let path = format!("{}.{}", panel.path(), entry.key);
                    let items = self.list(items, &path, context)?;
                    Node { origin: entry.node.origin, value: Value::Array(items.into()) }
                }
                _ => entry.node.clone(),
            };
            entries.push(Entry { node, ..entry.clone() });
        }
        Ok(Node { origin: panel.origin(), value: Value::Table(entries.into_iter().collect()) })
    }

    /// The items of a list, with copies of those that ask for them.
    fn list(&self, items: &[Node], path: &str, context: &Context<'_>) -> Result<Vec<Node>, Diagnostic> {
        let mut expanded = Vec::new();
        for (number, node) in items.iter().enumerate() {
            let item = ValueReader::new(node, format!("{path}[{number}]"), self.errors.clone());
            match self.copies(&item, context)? {
                None => expanded.push(node.clone()),
                Some(copies) => {
                    for (index, names) in copies.into_iter().enumerate() {
                        let mut node = node.clone();
                        mark(&mut node, TableCopy { names, index, first: String::new() });
                        expanded.push(node);
                    }
                }
            }
        }
        Ok(expanded)
    }

    /// The names of each copy that a table asks for: all combinations of the values, of which those of the last name run
    /// fastest. `None` if it has no `each`.
    fn copies(
        &self,
        item: &ValueReader<'_>,
        context: &Context<'_>,
    ) -> Result<Option<Vec<Names>>, Diagnostic> {
        if item.clone().table().is_ok_and(|table| table.has(EACH.name)) {
            let each = item.clone().table()?.opt(EACH.name, |each| self.combinations(each, context))?;
            Ok(each)
        } else {
            Ok(None)
        }
    }

    fn combinations(&self, each: ValueReader<'_>, context: &Context<'_>) -> Result<Vec<Names>, Diagnostic> {
        let example = "write each = { n = { from = 0, to = 9 } }, or each = { n = [1, 2, 5] }";
        let named = each.clone().table().map_err(|error| error.help(example))?.named();
        if named.is_empty() {
            return Err(each.error("names no values").help(example));
        }
        let mut copies = vec![Names::new()];
        for value in named {
            self.check_name(&value)?;
            let values = values(value.item.clone(), context)?;
            if copies.len() * values.len() > MAX_COPIES {
                let message = format!("asks for {} copies", copies.len() * values.len());
                let help = format!("at most {MAX_COPIES} copies of one table can be made");
                return Err(each.error(&message).help(help));
            }
            let with = |names: &Names, number: f64| {
                let mut names = names.clone();
                names.push((value.name.to_owned(), number));
                names
            };
            let longer = copies.iter().flat_map(|names| values.iter().map(|number| with(names, *number)));
            copies = longer.collect();
        }
        Ok(copies)
    }

    /// Checks that a name of `each` means nothing else in the scene.
    fn check_name(&self, value: &NamedValue<'_>) -> Result<(), Diagnostic> {
        let wrong = |message: String| Diagnostic::new(message).at(value.name_origin);
        check_name(NameKind::Variable, value.name)
            .map_err(|message| wrong(message).help("choose another name, such as `n`"))?;
        match self.taken.iter().find(|(name, _)| name == value.name) {
            None => Ok(()),
            Some((name, noun)) => Err(wrong(format!("`{name}` is already the name of a {noun}"))
                .help("rename it, in `each` and in the expressions beside it")),
        }
    }
}

/// Checks that no copy of a panel has the name of another panel.
fn check_distinct(panels: &[Entry]) -> Result<(), Diagnostic> {
    let mut names = BTreeSet::new();
    match panels.iter().find(|panel| !names.insert(panel.key.as_str())) {
        None => Ok(()),
        Some(panel) => Err(Diagnostic::new(format!("two panels are called `{}`", panel.key))
            .at(panel.key_origin)
            .help("copies of a panel `P` are called `P-0`, `P-1`, …: rename one of the panels")),
    }
}

/// Turns a table into a copy, which has no `each`.
fn mark(node: &mut Node, copy: TableCopy) {
    if let Some(table) = node.as_table_mut() {
        table.remove(EACH.name);
        table.set_copy(copy);
    }
}

/// A context in which the names of a copy are constants.
pub(super) fn with_names<'m>(context: &Context<'m>, names: &[(String, f64)]) -> Context<'m> {
    context.with_locals(names.iter().map(|(name, value)| (name.as_str(), Meaning::Constant(*value))))
}

/// Reads the values of one name: a list, or `{ from, to, step }`.
fn values(item: ValueReader<'_>, context: &Context<'_>) -> Result<Vec<f64>, Diagnostic> {
    let whole = item.clone();
    let help = "write a list of numbers, or { from = 0, to = 9 }";
    let values = match item.value() {
        Value::Array(_) => item.list(|item| context.number(item))?,
        Value::Table(_) => {
            let mut table = item.table()?.with_keys(VALUE_KEYS);
            let from = table.req("from", |item| context.number(item))?;
            let to = table.req("to", |item| context.number(item))?;
            let step = table.opt("step", |item| context.number(item))?.unwrap_or(1.0);
            table.finish()?;
            steps(&whole, [from, to], step)?
        }
        _ => return Err(item.expected("a list of numbers or a table").help(help)),
    };
    if values.is_empty() { Err(whole.error("holds no values").help(help)) } else { Ok(values) }
}

/// The values from the first to the last one in steps.
fn steps(item: &ValueReader<'_>, [from, to]: [f64; 2], step: f64) -> Result<Vec<f64>, Diagnostic> {
    let count = count_steps([from, to], step);
    if count.is_nan() || count < 1.0 || count.is_infinite() {
        let way = format!("from {} to {} in steps of {}", shortest(from), shortest(to), shortest(step));
        return Err(item
            .error(&format!("holds no values: {way}"))
            .help("write a `to` beyond `from`, and a `step` towards it"));
    }
    if count > MAX_COPIES as f64 {
        let help = format!("at most {MAX_COPIES} copies of one table can be made");
        return Err(item.error(&format!("holds {} values", shortest(count))).help(help));
    }
    Ok((0..count as u32).map(|n| from + f64::from(n) * step).collect())
}
