//! A TOML tree in which every key and value has its position in the file.
//!
//! Tables keep the order of the file. [`Node::overlay`] merges a child into its base; `extends`, `[[variant]]` and `--set`
//! use it. A clone shares its tables and lists with the original until one of them changes, so a thousand variants of a
//! scene hold one copy of the rest of it.

use std::sync::Arc;

use super::source::Origin;
use super::source_string::SourceString;

/// A value and its position.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The position: of a `[table]` its header, of the table of a dotted key the key, of the whole file an empty range at
    /// its beginning.
    pub origin: Origin,
    /// The value.
    pub value: Value,
}

/// A TOML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `[name]` or `{ … }`.
    Table(TomlTable),
    /// `[ … ]` or several `[[name]]`.
    Array(Arc<[Node]>),
    /// A string in any of the four notations.
    String(SourceString),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, `inf` or `nan`.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A date or a time, which no key accepts.
    Datetime,
}

/// A TOML table: keys and values in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TomlTable {
    entries: Arc<Vec<Entry>>,
    /// The values that distinguish it from the other copies of one table, if it is a copy.
    copy: Option<Arc<TableCopy>>,
}

/// A copy of a table with `each`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TableCopy {
    /// The names of `each` with their values in this copy.
    pub(super) names: Vec<(String, f64)>,
    /// The number of the copy, from 0 on.
    pub(super) index: usize,
    /// The name of the first copy, if the copies have names.
    pub(super) first: String,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, unquoted.
    pub key: String,
    /// The position of the key.
    pub key_origin: Origin,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The table, if it is one.
    #[must_use]
    pub fn as_table(&self) -> Option<&TomlTable> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }

    /// Merges `child` into this node. Tables merge key by key, with inherited keys first and in their order; any other
    /// value is replaced. Merged and replaced nodes get the position of the child.
    ///
    /// Associative if each key holds a table in all trees or in none.
    pub fn overlay(&mut self, child: Node) {
        match (&mut self.value, child.value) {
            (Value::Table(table), Value::Table(child)) => {
                for entry in Arc::unwrap_or_clone(child.entries) {
                    table.overlay(entry);
                }
            }
            (old, new) => *old = new,
        }
        self.origin = child.origin;
    }

    /// The table, mutable, if it is one.
    pub fn as_table_mut(&mut self) -> Option<&mut TomlTable> {
        if let Value::Table(table) = &mut self.value { Some(table) } else { None }
    }
}

impl TomlTable {
    /// All entries in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Removes a key and returns its entry.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(Arc::make_mut(&mut self.entries).remove(at))
    }

    /// The values that distinguish it from the other copies of one table, if it is a copy.
    pub(super) fn copy(&self) -> Option<&TableCopy> {
        self.copy.as_deref()
    }

    /// Makes it a copy.
    pub(super) fn set_copy(&mut self, copy: TableCopy) {
        self.copy = Some(Arc::new(copy));
    }

    fn overlay(&mut self, entry: Entry) {
        let entries = Arc::make_mut(&mut self.entries);
        match entries.iter_mut().find(|old| old.key == entry.key) {
            Some(old) => {
                old.key_origin = entry.key_origin;
                old.node.overlay(entry.node);
            }
            None => entries.push(entry),
        }
    }
}

impl FromIterator<Entry> for TomlTable {
    /// The keys must be distinct, as TOML guarantees.
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { entries: Arc::new(entries.into_iter().collect()), copy: None }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Sources;
    use super::super::syntax;
    use super::*;

    fn tree(text: &str) -> Node {
        let mut sources = Sources::new();
        let file = sources.add("a.toml", text);
        syntax::parse(&sources, file).unwrap()
    }

    fn merged(mut base: Node, child: Node) -> Node {
        base.overlay(child);
        base
    }

    /// The values of the tree without positions, in order.
    fn shape(node: &Node) -> String {
        match &node.value {
            Value::Table(table) => {
                let inner: Vec<_> =
                    table.entries().iter().map(|it| format!("{}={}", it.key, shape(&it.node))).collect();
                format!("{{{}}}", inner.join(" "))
            }
            Value::Array(items) => format!("[{}]", items.iter().map(shape).collect::<Vec<_>>().join(" ")),
            Value::String(content) => format!("{:?}", content.as_str()),
            Value::Integer(it) => it.to_string(),
            Value::Float(it) => format!("{it:?}"),
            Value::Bool(it) => it.to_string(),
            Value::Datetime => "date".into(),
        }
    }

    #[test]
    fn tables_merge_in_inherited_order_and_the_rest_is_replaced() {
        let base = tree("a = [1, 2]\nb = 1\n[p]\nx = 1\ny = 2\n[q]\nz = 1");
        let child = tree("c = 9\nb = 'two'\na = [3]\n[q]\nw = 5\n[p]\nnew = 0\ny = 7");
        let expected = "{a=[3] b=\"two\" p={x=1 y=7 new=0} q={z=1 w=5} c=9}";
        assert_eq!(shape(&merged(base, child)), expected);
    }

    #[test]
    fn a_table_and_a_scalar_replace_each_other() {
        assert_eq!(shape(&merged(tree("p = { x = 1 }"), tree("p = false"))), "{p=false}");
        assert_eq!(shape(&merged(tree("p = false"), tree("p = { x = 1 }"))), "{p={x=1}}");
    }

    #[test]
    fn overlaid_nodes_have_the_positions_of_the_child() {
        let mut sources = Sources::new();
        let base = sources.add("_base.toml", "[p]\nx = 1\ny = 2");
        let child = sources.add("a.toml", "[p]\ny = 3");
        let tree = merged(syntax::parse(&sources, base).unwrap(), syntax::parse(&sources, child).unwrap());
        let p = &tree.as_table().unwrap().get("p").unwrap().node;
        let table = p.as_table().unwrap();
        assert_eq!(p.origin.file, child);
        assert_eq!(table.get("x").unwrap().key_origin.file, base);
        assert_eq!(table.get("y").unwrap().key_origin.file, child);
    }

    fn random(seed: &mut u32) -> u32 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *seed >> 24
    }

    /// The fields of an inline table: some of the scalars a to d and the tables t and u, in any order.
    fn random_fields(seed: &mut u32, depth: u32) -> String {
        let mut fields = Vec::new();
        for key in ["a", "b", "c", "d"] {
            if random(seed).is_multiple_of(2) {
                fields.push(format!("{key} = {}", random(seed)));
            }
        }
        for key in ["t", "u"] {
            if depth > 0 && !random(seed).is_multiple_of(4) {
                fields.push(format!("{key} = {{ {} }}", random_fields(seed, depth - 1)));
            }
        }
        let count = fields.len().max(1);
        fields.rotate_left(random(seed) as usize % count);
        fields.join(", ")
    }

    #[test]
    fn merging_is_associative_and_idempotent_and_keeps_the_order_of_the_base() {
        let mut seed = 1;
        for _ in 0..500 {
            let mut any = || tree(&format!("r = {{ {} }}", random_fields(&mut seed, 2)));
            let (a, b, c) = (any(), any(), any());
            let left = merged(merged(a.clone(), b.clone()), c.clone());
            let right = merged(a.clone(), merged(b.clone(), c));
            assert_eq!(shape(&left), shape(&right));
            assert_eq!(shape(&merged(a.clone(), a.clone())), shape(&a));
            let keys = |node: &Node| -> Vec<String> {
                let r = &node.as_table().unwrap().get("r").unwrap().node;
                r.as_table().unwrap().entries().iter().map(|it| it.key.clone()).collect()
            };
            assert!(keys(&merged(a.clone(), b)).starts_with(&keys(&a)));
        }
    }
}
