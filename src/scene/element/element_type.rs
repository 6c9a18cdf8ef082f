//! The types of element as rows of data: keys, how they are read, defaults.

use super::{
    ElementKind, area, arm, arrow, bars, circle, contour, drop, field, heat, hline, hold, line, phasors,
    point, poles, rect, scatter, stem, text, trace, vline,
};
use crate::keys::KeySpec;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::resolve::element::{ElementReader, LINE_WIDTH};
use crate::scene::table_reader::TableReader;
use crate::scene::value_reader::ValueReader;

/// A type of element: the key that names it, how its other keys are read, and its defaults.
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the table of types")]
pub(in crate::scene) struct ElementType {
    /// The keys that not all elements have. The first names the type.
    pub(in crate::scene) keys: &'static [KeySpec],
    /// Reads the value of the first key, and the other keys.
    pub(in crate::scene) read: ReadElement,
    /// Whether the element runs over all values of a variable. Curves take their colors from the cycle.
    pub(in crate::scene) is_curve: bool,
    /// Whether each sample has marks of its own.
    pub(in crate::scene) marks_samples: bool,
    /// Whether the color may change along the curve.
    pub(in crate::scene) is_colored_along: bool,
    /// The key that colors the interior; `None` if the element has none.
    pub(in crate::scene) fill: Option<KeySpec>,
    /// Whether the element is drawn over the masses of a spring panel by default.
    pub(in crate::scene) is_over: bool,
    /// The default line width in CSS pixels.
    pub(in crate::scene) width: f64,
    /// The default opacity.
    pub(in crate::scene) opacity: f64,
    /// Why the element cannot be shown on a logarithmic axis; `None` if it can.
    pub(in crate::scene) log_axis: Option<LogAxisDefect>,
}

type ReadElement =
    fn(&ElementReader<'_, '_>, ValueReader<'_>, &mut TableReader<'_>) -> Result<ElementKind, Diagnostic>;

/// Why an element is not defined on a logarithmic axis, and what to write instead.
pub(in crate::scene) struct LogAxisDefect {
    pub(in crate::scene) why: &'static str,
    pub(in crate::scene) remedy: &'static str,
}

impl ElementType {
    /// All types, in the order in which messages list them.
    pub(in crate::scene) const ALL: [&'static Self; 21] = [
        &trace::TYPE,
        &point::TYPE,
        &arm::TYPE,
        &drop::TYPE,
        &hline::TYPE,
        &vline::TYPE,
        &line::TYPE,
        &arrow::TYPE,
        &rect::TYPE,
        &circle::TYPE,
        &text::TYPE,
        &area::TYPE,
        &field::TYPE,
        &heat::TYPE,
        &poles::TYPE,
        &stem::TYPE,
        &scatter::TYPE,
        &bars::TYPE,
        &hold::TYPE,
        &phasors::TYPE,
        &contour::TYPE,
    ];

    /// A type of lines in ink, without an interior.
    pub(super) const fn new(keys: &'static [KeySpec], read: ReadElement) -> Self {
        Self {
            keys,
            read,
            is_curve: false,
            marks_samples: false,
            is_colored_along: false,
            fill: None,
            is_over: false,
            width: LINE_WIDTH,
            opacity: 1.0,
            log_axis: None,
        }
    }

    /// A type whose samples have marks of their own.
    pub(super) const fn of_samples(keys: &'static [KeySpec], read: ReadElement) -> Self {
        Self { is_curve: true, marks_samples: true, is_colored_along: true, ..Self::new(keys, read) }
    }

    /// The key that makes a table of `draw` an element of this type.
    pub(in crate::scene) const fn key(&self) -> &'static str {
        self.keys[0].name
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ElementType;
    use crate::scene::resolve::element::{DISPLAY_KEYS, STYLE_KEYS};

    #[test]
    fn each_type_has_a_name_of_its_own_and_each_key_once() {
        let names: BTreeSet<&str> = ElementType::ALL.iter().map(|known| known.key()).collect();
        assert_eq!(names.len(), ElementType::ALL.len());
        for known in ElementType::ALL {
            let rows = known.keys.iter().chain(&known.fill).chain(STYLE_KEYS).chain(DISPLAY_KEYS);
            let keys: Vec<&str> = rows.map(|row| row.name).collect();
            assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{}", known.key());
        }
    }
}
