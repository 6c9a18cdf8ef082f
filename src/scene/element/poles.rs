//! `poles`: the poles and zeros of a system.

use super::{ElementKind, ElementModel, ElementType};
use crate::keys::{KeySpec, KeyType};
use crate::scene::diagnostic::Diagnostic;
use crate::scene::expr::{Code, ExprRole};
use crate::scene::resolve::element::ElementReader;
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;
use crate::system::Shape;

const KEYS: &[KeySpec] = &[
    KeySpec::new(
        "poles",
        KeyType::Mixed("name of a system"),
        "",
        "a cross at each pole, a ring at each zero",
    ),
    KeySpec::new("size", KeyType::Length, "`9`", "diameter of a cross and of a ring"),
];

pub(super) const TYPE: ElementType =
    ElementType { width: 1.75, is_over: true, ..ElementType::new(KEYS, read) };

/// The default diameter of crosses and rings, in CSS pixels.
const SIZE: f64 = 9.0;
/// The members that are poles.
const POLES: [&str; 3] = ["pole", "root1", "root2"];
/// The member that is zeros.
const ZEROS: [&str; 1] = ["zero"];

/// The poles and zeros of a system.
#[derive(Clone, Debug)]
pub struct Poles {
    /// The places of poles in the complex plane.
    pub poles: Vec<Code>,
    /// The places of zeros.
    pub zeros: Vec<Code>,
    /// The diameter of their marks in CSS pixels.
    pub size: f64,
}

fn read(
    reader: &ElementReader<'_, '_>,
    main: ValueReader<'_>,
    table: &mut TableReader<'_>,
) -> Result<ElementKind, Diagnostic> {
    if reader.plots {
        return Err(main
            .error("lie in the complex plane, which this panel does not show")
            .help("write kind = 'plane' for the panel"));
    }
    let (poles, zeros) = (places(reader, &main, &POLES)?, places(reader, &main, &ZEROS)?);
    if poles.is_empty() && zeros.is_empty() {
        return Err(main
            .error("names a system without poles and zeros")
            .help("name a system of kind 'oscillator', 'state-space', 'discrete' or 'transfer-function'"));
    }
    let size = reader.context.opt_number(table, "size")?.unwrap_or(SIZE);
    Ok(ElementKind::Poles(Poles { poles, zeros, size }))
}

/// The expressions of all numbers of those members that a system has.
fn places(
    reader: &ElementReader<'_, '_>,
    main: &ValueReader<'_>,
    members: &[&str],
) -> Result<Vec<Code>, Diagnostic> {
    let context = reader.context;
    let (name, id) = context.system(main)?;
    let schema = context.solved(id).schema();
    let mut places = Vec::new();
    for member in members {
        let Some((_, found)) = schema.find(member) else { continue };
        let sources = match found.shape {
            Shape::Vector(axis) => {
                let count = axis.length.unwrap_or(0) as i64;
                (axis.first..axis.first + count).map(|index| format!("{name}.{member}[{index}]")).collect()
            }
            Shape::Scalar | Shape::Matrix(..) => vec![format!("{name}.{member}")],
        };
        for source in sources {
            let compiled = context.compile(&source, ExprRole::Element(&[]));
            places.push(compiled.map_err(|error| main.error(&error.message))?);
        }
    }
    Ok(places)
}

impl ElementModel for Poles {
    fn element_type(&self) -> &'static ElementType {
        &TYPE
    }

    fn codes(&self) -> Vec<&Code> {
        self.poles.iter().chain(&self.zeros).collect()
    }
}
