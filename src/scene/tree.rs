//! A TOML tree in which every value and key knows where it was written.
//!
//! Tables keep the order of the file. Trees of several files become one by [`Node::overlay`]: a child is
//! laid over its base, as `extends`, `[[variant]]` and `--set` do it.

use super::source::Origin;
use super::source_string::SourceString;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands: for a `[table]` its header, for a dotted key's table the key, for the whole
    /// file an empty place at its beginning.
    pub origin: Origin,
    /// What it is.
    pub value: Value,
}

/// What TOML knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `[name]` or `{ … }`.
    Table(TomlTable),
    /// `[ … ]` or several `[[name]]`.
    Array(Vec<Node>),
    /// Any of the four kinds of string.
    String(SourceString),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, `inf` or `nan`.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A date or a time, for which scenes have no use.
    Datetime,
}

/// Keys and values in the file's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TomlTable {
    entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, unquoted.
    pub key: String,
    /// Where the key stands.
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

    /// Lays `child` over this: tables merge key by key, inherited keys first and in their order;
    /// everything else is replaced whole. Origins become the child's wherever the child says anything.
    ///
    /// Associative as long as a key holds a table in all trees or in none.
    pub fn overlay(&mut self, child: Node) {
        match (&mut self.value, child.value) {
            (Value::Table(table), Value::Table(over)) => {
                over.entries.into_iter().for_each(|entry| table.overlay(entry));
            }
            (held, value) => *held = value,
        }
        self.origin = child.origin;
    }

    /// The table to change, if it is one.
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

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
    }

    fn overlay(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|held| held.key == entry.key) {
            Some(held) => {
                held.key_origin = entry.key_origin;
                held.node.overlay(entry.node);
            }
            None => self.entries.push(entry),
        }
    }
}

impl FromIterator<Entry> for TomlTable {
    /// Entries whose keys differ, as TOML guarantees them.
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
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

    /// The tree without origins, keys in order: what a scene sees.
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
    fn places_are_the_childs_where_it_speaks() {
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

    /// An inline table's inside: some of the scalars a to d and of the tables t and u, in any order.
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
    fn merging_is_associative_idempotent_and_keeps_the_bases_order() {
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
