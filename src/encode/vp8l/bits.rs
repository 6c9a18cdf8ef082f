//! Bits into bytes, the earliest in the lowest place, as VP8L reads them.

/// Bits that have been written.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// What makes no whole byte yet, the earliest bit lowest; above `count` bits there are zeros.
    pending: u64,
    count: u32,
}

impl Bits {
    /// Writes the lowest `count` bits of a value, 32 at most; there must be nothing above them.
    pub(super) fn put(&mut self, value: u32, count: u32) {
        self.pending |= u64::from(value) << self.count;
        self.count += count;
        if self.count >= u32::BITS {
            self.bytes.extend_from_slice(&(self.pending as u32).to_le_bytes());
            self.pending >>= u32::BITS;
            self.count -= u32::BITS;
        }
    }

    /// Writes a single bit.
    pub(super) fn flag(&mut self, set: bool) {
        self.put(set.into(), 1);
    }

    /// The bytes, the last filled up with zeros.
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
    fn bits_come_back_in_order() {
        let fields = |step: u32| (step.wrapping_mul(0x9E37_79B1) >> (32 - step % 32 - 1), step % 32 + 1);
        let mut bits = Bits::default();
        (0..500).map(fields).for_each(|(value, count)| bits.put(value, count));
        let bytes = bits.finish();
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
