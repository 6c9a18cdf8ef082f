//! Packed changes in a file: the packed bytes, followed by the colors in four bytes each.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::PackedChanges;
use crate::encode::color_table::ColorTable;
use crate::raster::Rgba;

/// Place and layout of changes in a file.
#[derive(Debug)]
pub(crate) struct StoredChanges {
    /// Position of the first byte.
    start: u64,
    color_count: usize,
    /// Length of the packed bytes at the end of each frame.
    frame_ends: Vec<usize>,
}

/// Bytes of a color in the file: red, green, blue and alpha.
const COLOR_BYTES: usize = 4;

impl StoredChanges {
    /// Writes completed frames at position `start` of a file.
    ///
    /// # Errors
    /// Errors of the file.
    pub(crate) fn write(
        changes: &PackedChanges,
        start: u64,
        file: &mut (impl Write + Seek + ?Sized),
    ) -> io::Result<Self> {
        let colors: Vec<_> = changes.colors().iter().map(|color| color.bits().to_le_bytes()).collect();
        file.seek(SeekFrom::Start(start))?;
        file.write_all(&changes.packed)?;
        file.write_all(colors.as_flattened())?;
        Ok(Self { start, color_count: colors.len(), frame_ends: changes.frame_ends.clone() })
    }

    /// Reads the changes back.
    ///
    /// # Errors
    /// Errors of the file.
    pub(crate) fn read(&self, file: &mut (impl Read + Seek + ?Sized)) -> io::Result<PackedChanges> {
        let mut packed = vec![0; self.packed_bytes()];
        let mut colors = vec![[0; COLOR_BYTES]; self.color_count];
        file.seek(SeekFrom::Start(self.start))?;
        file.read_exact(&mut packed)?;
        file.read_exact(colors.as_flattened_mut())?;
        let colors = colors.into_iter().map(|[r, g, b, a]| Rgba { r, g, b, a }).collect();
        Ok(PackedChanges {
            packed,
            colors: ColorTable::from_distinct(colors),
            last_end: 0,
            frame_ends: self.frame_ends.clone(),
        })
    }

    /// Position after the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.start + (self.packed_bytes() + COLOR_BYTES * self.color_count) as u64
    }

    fn packed_bytes(&self) -> usize {
        self.frame_ends.last().copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::encode::packed_changes::UnpackBuffer;

    #[test]
    fn stored_changes_are_read_back() {
        let mut file = Cursor::new(vec![7; 3]);
        let (mut start, mut stored) = (3, Vec::new());
        for frames in 1..9_usize {
            let mut changes = PackedChanges::default();
            for frame in 0..frames {
                let color =
                    |k: usize| Rgba { r: (k * k % 251) as u8, g: frame as u8, b: 3, a: (k % 2 * 255) as u8 };
                let pixels: Vec<_> = (0..100 * frame).map(|k| color(k * frames)).collect();
                changes.push_row(frame * 1000, &pixels);
                changes.end_frame();
            }
            let place = StoredChanges::write(&changes, start, &mut file).expect("to memory");
            start = place.end();
            stored.push((changes, place));
        }
        assert_eq!(start, file.get_ref().len() as u64);
        for (changes, place) in stored.iter().rev() {
            let read = place.read(&mut file).expect("from memory");
            assert_eq!(read.frame_count(), changes.frame_count());
            let (mut buffer, mut own) = (UnpackBuffer::default(), UnpackBuffer::default());
            for frame in 0..read.frame_count() {
                let read = format!("{:?}", read.unpack(frame, read.colors(), &mut buffer));
                assert_eq!(read, format!("{:?}", changes.unpack(frame, changes.colors(), &mut own)));
            }
        }
        file.get_mut().pop();
        assert!(stored.last().expect("changes").1.read(&mut file).is_err(), "the file is cut off");
    }
}
