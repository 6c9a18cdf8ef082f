//! Parts of a film put together, as `kymo join` does it.

use std::io::Cursor;

use kymograph::encode::{Join, Part};

pub(crate) fn joined(parts: &[Vec<u8>]) -> Vec<u8> {
    let head = |part: &Vec<u8>| {
        let part = Part::open(Cursor::new(part)).expect("a part");
        (part.head().clone(), part.length())
    };
    let join = Join::of(parts.iter().map(head).collect()).expect("a film");
    let mut file = Vec::new();
    join.write(|index| Ok(Cursor::new(&parts[index])), &mut file).expect("a file");
    file
}
