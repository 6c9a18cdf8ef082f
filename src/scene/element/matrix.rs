//! Matrix panels: a cell for each component, colored by its value. The cell in a row and a column is centered at
//! (column, row), and rows are counted downward.

use super::Label;
use crate::scene::color::ColorScale;
use crate::scene::expr::{Code, FreeId};
use crate::scene::number_format::NumberFormat;
use crate::scene::source::Origin;

/// The keys of a matrix panel.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The value of a component, a real number.
    pub value: Code,
    /// The variables of the column and the row, which count from 0.
    pub place: [FreeId; 2],
    /// The number of columns and of rows.
    pub size: [usize; 2],
    /// The names of the columns and of the rows; empty for their numbers.
    pub names: [Vec<Label>; 2],
    /// The colors of values.
    pub colors: ColorScale,
    /// The format of the values that are written into cells; `None` to write none.
    pub format: Option<NumberFormat>,
    /// The position of `value` in the file.
    pub origin: Origin,
}

impl Matrix {
    /// The x and the y range that show all cells and nothing else.
    #[must_use]
    pub fn ranges(&self) -> [[f64; 2]; 2] {
        let [columns, rows] = self.size.map(|count| count as f64);
        [[-0.5, columns - 0.5], [rows - 0.5, -0.5]]
    }
}
