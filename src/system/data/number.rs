//! The numbers in cells.

use super::record::shown;

/// The largest magnitude. It lies far outside anything physical, so that no formula overflows.
pub(super) const LARGEST: f64 = 1e75;

/// Why a cell is no number, and the remedy.
pub(super) struct CellError {
    pub(super) message: String,
    pub(super) help: String,
}

/// The number in a cell without spaces around it; NaN for a gap, which is empty or `nan`.
pub(super) fn number(cell: &str) -> Result<f64, CellError> {
    if cell.is_empty() {
        return Ok(f64::NAN);
    }
    match cell.parse::<f64>() {
        // The sign of a NaN is not kept, so that gaps have the same bits everywhere.
        Ok(value) if value.is_nan() => Ok(f64::NAN),
        Ok(value) if value.abs() <= LARGEST => Ok(value),
        Ok(_) => Err(CellError {
            message: format!("`{}` does not lie between -{LARGEST:e} and {LARGEST:e}", shown(cell)),
            help: "correct the cell, or leave it empty for a gap".to_owned(),
        }),
        Err(_) => {
            Err(CellError { message: format!("`{}` is not a number", shown(cell)), help: remedy(cell) })
        }
    }
}

fn remedy(cell: &str) -> String {
    let with_point = cell.replacen(',', ".", 1);
    if with_point != cell && with_point.parse::<f64>().is_ok() {
        return format!("write a decimal point: {}", shown(&with_point));
    }
    "correct the cell, or leave it empty for a gap".to_owned()
}
