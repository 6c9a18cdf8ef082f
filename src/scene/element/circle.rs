//! `circle`: a circle in units of the x axis.

use super::{ElementKind, ElementModel, ElementType, LogAxisDefect, PointCodes};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::Code;
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

const KEYS: &[KeySpec] = &[
    KeySpec::new("circle", KeyType::Place, "", "a circle with this center"),
    KeySpec::new("radius", KeyType::Signal, "", "in units of x"),
];

pub(super) const TYPE: ElementType = ElementType {
    fill: Some(KeySpec::new("fill", KeyType::Color, "none", "of the interior")),
    log_axis: Some(LogAxisDefect {
        why: "a circle has one radius, and lengths on a logarithmic axis have none",
        remedy: "write a point with a size of its own, such as { point = 'x', size = 20 }",
    }),
    ..ElementType::new(KEYS, read)
};

/// A circle; its radius is in units of the x axis.
#[derive(Clone, Debug)]
pub struct Circle {
    /// The center.
    pub center: PointCodes,
    /// The radius.
    pub radius: Code,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    let center = reader.place(main)?;
    let radius = table.opt("radius", |item| reader.context.signal(item))?;
    let radius = radius.ok_or_else(|| table.missing_key("radius", "radius = 1"))?;
    Ok(ElementKind::Circle(Circle { center, radius }))
}

impl ElementModel for Circle {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.center.iter().chain([&self.radius]).collect()
    }
}
