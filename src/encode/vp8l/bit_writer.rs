//! Writes bits into bytes, starting at the lowest bit, as VP8L reads them.

/// Bits written so far.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that are not in `bytes` yet, the earliest lowest; bits above `count` are zero.
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// Writes the lowest `count` bits of a value, at most 32. Higher bits must be zero.
    pub(super) fn write(&mut self, value: u32, count: u32) {
        self.pending |= u64::from(value) << self.count;
        self.count += count;
        if self.count >= u32::BITS {
            self.bytes.extend_from_slice(&(self.pending as u32).to_le_bytes());
            self.pending >>= u32::BITS;
            self.count -= u32::BITS;
        }
    }

    /// Writes a single bit.
    pub(super) fn write_bit(&mut self, set: bool) {
        self.write(set.into(), 1);
    }

    /// Returns the bytes; the last is padded with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let rest = self.count.div_ceil(u8::BITS) as usize;
        self.bytes.extend_from_slice(&self.pending.to_le_bytes()[..rest]);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_written_in_order() {
        let fields = |step: u32| (step.wrapping_mul(0x9E37_79B1) >> (32 - step % 32 - 1), step % 32 + 1);
        let mut writer = BitWriter::default();
        (0..500).map(fields).for_each(|(value, count)| writer.write(value, count));
        let bytes = writer.finish();
        let mut at = 0;
        for (value, count) in (0..500).map(fields) {
            let bit = |place: usize| u32::from(bytes[place / 8] >> (place % 8) & 1);
            let read = (0..count as usize).fold(0, |read, place| read | bit(at + place) << place);
            assert_eq!(read, value, "{count} bits at {at}");
            at += count as usize;
        }
        assert_eq!(bytes.len(), at.div_ceil(8));
    }
}
