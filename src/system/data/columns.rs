//! The columns that a system uses: that of the variable and those of its members.

use super::header::Header;
use super::record::shown;
use super::{KeyError, suggest};

/// The most members that a schema can have.
const MOST_MEMBERS: usize = 1 << 16;

/// Columns as indices into the cells of a row.
pub(super) struct Columns {
    /// The column of the variable.
    pub(super) time: usize,
    /// The names of the members with their columns, in the order of the slots.
    pub(super) members: Vec<(String, usize)>,
}

impl Columns {
    /// Chooses the columns by the keys `t` and `columns`, as far as they are given.
    pub(super) fn choose(
        header: &Header,
        file: &str,
        t: Option<&str>,
        columns: Option<&[(String, String)]>,
    ) -> Result<Self, KeyError> {
        let time = match t {
            Some(name) => find(header, file, "t", name)?,
            None => 0,
        };
        let members = match columns {
            Some(columns) => named(header, file, columns)?,
            None => all_except(header, time)?,
        };
        if members.len() > MOST_MEMBERS {
            let message = format!("the file has {} columns, more than {MOST_MEMBERS}", members.len());
            let help = "name those that the scene uses in `columns`";
            return Err(KeyError::file("file", header.bytes(), message, help));
        }
        Ok(Self { time, members })
    }

    /// Whether a member has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(member, _)| member == name)
    }
}

/// The members that `columns` names.
fn named(
    header: &Header,
    file: &str,
    columns: &[(String, String)],
) -> Result<Vec<(String, usize)>, KeyError> {
    if columns.is_empty() {
        let help = format!("write {}", example(&header.names[1]));
        return Err(KeyError::key("columns", "`columns` names no column", help));
    }
    let member = |(name, column): &(String, String)| {
        let key = format!("columns.{name}");
        if is_name(name) {
            return Ok((name.clone(), find(header, file, &key, column)?));
        }
        let help = format!("write letters, digits and underscores, with a letter first: {}", example(column));
        Err(KeyError::key(key, format!("`{}` cannot be a name in a scene", shown(name)), help))
    };
    columns.iter().map(member).collect()
}

/// A member for each column but one.
fn all_except(header: &Header, time: usize) -> Result<Vec<(String, usize)>, KeyError> {
    let member = |column: usize| {
        let name = &header.names[column];
        if is_name(name) {
            check_single(header, name)?;
            return Ok((name.clone(), column));
        }
        let (message, help) = if name.is_empty() {
            let help = "write a header, or name the columns that the scene uses in `columns`".to_owned();
            (format!("column {} has no header", column + 1), help)
        } else {
            let help = format!("name the columns that the scene uses: {}", example(name));
            (format!("the header `{}` cannot be a name in a scene", shown(name)), help)
        };
        Err(KeyError::file("file", header.cells[column].clone(), message, help))
    };
    (0..header.names.len()).filter(|column| *column != time).map(member).collect()
}

/// The column with a header that a key names.
fn find(header: &Header, file: &str, key: &str, name: &str) -> Result<usize, KeyError> {
    let name = name.trim();
    check_single(header, name)?;
    header.names.iter().position(|known| known == name).ok_or_else(|| {
        let message = format!("the file `{file}` has no column `{}`", shown(name));
        KeyError::key(key, message, suggest::help(name, header.names.iter().map(String::as_str)))
    })
}

/// Checks that at most one column has a header.
fn check_single(header: &Header, name: &str) -> Result<(), KeyError> {
    let mut same = header.names.iter().zip(&header.cells).filter(|(known, _)| *known == name).skip(1);
    match same.next() {
        Some((_, bytes)) => {
            let message = format!("two columns have the header `{}`", shown(name));
            Err(KeyError::file("file", bytes.clone(), message, "rename one of them"))
        }
        None => Ok(()),
    }
}

/// Whether a scene can use this name.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The key `columns` with a name for one header: the header's letters and digits in lower case.
fn example(header: &str) -> String {
    let words: Vec<String> = header
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let name = words.join("_");
    let name = if is_name(&name) { name } else { format!("x{name}") };
    format!("columns = {{ {name} = {header:?} }}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_a_letter() {
        assert!(["x", "X1", "a_b", "displacement_mm"].into_iter().all(is_name));
        assert!(!["", "1x", "_x", "x y", "x(mm)", "é", "xé", "x-y"].into_iter().any(is_name));
    }

    #[test]
    fn examples_have_valid_names() {
        assert_eq!(example("Displacement (mm)"), r#"columns = { displacement_mm = "Displacement (mm)" }"#);
        assert_eq!(example("2 θ"), r#"columns = { x2 = "2 θ" }"#);
        assert_eq!(example("θ"), r#"columns = { x = "θ" }"#);
    }
}
