//! `line`: a line from one point to another.

use super::{ElementKind, ElementModel, ElementType, PointCodes};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::tree::Value;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("line", KeyType::Pair(&KeyType::Place), "", "a straight line"),
    KeySpec::new(
        "arrow",
        KeyType::Mixed("boolean or `\"both\"`"),
        "`false`",
        "an arrowhead at its second end, or at both",
    ),
];

pub(super) const TYPE: ElementType = ElementType::new(KEYS, read);

/// A line from one point to another.
#[derive(Clone, Debug)]
pub struct Line {
    /// The end points.
    pub ends: [PointCodes; 2],
    /// Which ends carry arrowheads.
    pub heads: Heads,
}

/// Which ends of a line carry arrowheads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    /// None.
    None,
    /// The second.
    End,
    /// Both.
    Both,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let ends = reader.corners(main)?;
    Ok(ElementKind::Line(Line { ends, heads: table.opt("arrow", heads)?.unwrap_or(Heads::None) }))
}

fn heads(item: ValueReader<'_>) -> Result<Heads, Diagnostic> {
    match item.value() {
        Value::Bool(true) => Ok(Heads::End),
        Value::Bool(false) => Ok(Heads::None),
        Value::String(content) if content.as_str() == "both" => Ok(Heads::Both),
        _ => Err(item.expected("`true`, `false` or 'both'").help("write arrow = true, or arrow = 'both'")),
    }
}

impl ElementModel for Line {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.ends.iter().flatten().collect()
    }
}
