//! Strings of the LZW encoder: which string extends which.
//!
//! Many strings have one extension. It lies beside the filter that most lookups ask, and only the others are in a hash table.

/// Number of codes of twelve bits, the most that GIF allows.
pub(super) const MAX_CODES: u16 = 4096;

/// Slots of the hash table, at least two for each code. Half of the strings or more are not in the table.
const SLOTS: usize = 1 << 13;

/// The strings that extend a string by one index. Those of all strings fit into the first cache of a core.
#[derive(Clone, Copy, Default)]
struct Extensions {
    /// A bit filter: the indices modulo 32 that extend the string. Most lookups fail here.
    filter: u32,
    /// The code of the first extension and its last index, if there is any.
    first: u16,
    first_index: u8,
}

/// The extensions of all strings.
pub(super) struct LzwDictionary {
    /// The extensions of the string of each code.
    extensions: Box<[Extensions; MAX_CODES as usize]>,
    /// Hash table of extensions other than the first: (prefix code, index) in the upper 20 bits, the code of the string in the
    /// lower 12. An empty slot is 0, which is never the code of a string.
    table: Box<[u32; SLOTS]>,
}

impl LzwDictionary {
    #[allow(
        clippy::large_stack_arrays,
        reason = "allocated once per thread; the fixed length avoids bounds checks"
    )]
    pub(super) fn new() -> Self {
        Self {
            extensions: Box::new([Extensions::default(); MAX_CODES as usize]),
            table: Box::new([0; SLOTS]),
        }
    }

    /// Forgets all strings but those of a single index, whose codes are the first `singles`.
    pub(super) fn clear(&mut self, singles: u16) {
        self.table.fill(0);
        self.extensions[..usize::from(singles)].fill(Extensions::default());
    }

    /// Prepares a code for its string, which has no extensions yet.
    pub(super) fn add_code(&mut self, code: u16) {
        self.extensions[usize::from(code)] = Extensions::default();
    }

    /// Adds the string of a code: that of `prefix`, extended by an index. A string that is known keeps its code.
    pub(super) fn add_extension(&mut self, prefix: u16, index: u8, code: u16) {
        let slot = self.find_slot(prefix, index);
        let extensions = &mut self.extensions[usize::from(prefix)];
        if extensions.filter == 0 {
            (extensions.first, extensions.first_index) = (code, index);
        } else if extensions.first_index != index && self.table[slot] == 0 {
            self.table[slot] = pack(prefix, index) << 12 | u32::from(code);
        }
        extensions.filter |= filter_bit(index);
    }

    /// Code of the string of `code` extended by an index.
    #[inline]
    pub(super) fn extension(&self, code: u16, index: u8) -> Option<u16> {
        let extensions = &self.extensions[usize::from(code % MAX_CODES)];
        if extensions.filter & filter_bit(index) == 0 {
            return None;
        }
        if extensions.first_index == index {
            return Some(extensions.first);
        }
        let slot = self.table[self.find_slot(code, index)];
        (slot != 0).then_some((slot & 0xFFF) as u16)
    }

    /// Slot of the string, or the empty slot where it belongs.
    fn find_slot(&self, code: u16, index: u8) -> usize {
        let key = pack(code, index);
        let mut slot = (key.wrapping_mul(0x9E37_79B1) >> (u32::BITS - SLOTS.trailing_zeros())) as usize;
        // The remainder tells the compiler that the slot is inside the table.
        while self.table[slot % SLOTS] != 0 && self.table[slot % SLOTS] >> 12 != key {
            slot += 1;
        }
        slot % SLOTS
    }
}

/// Bit of an index in a filter.
fn filter_bit(index: u8) -> u32 {
    1 << (index % 32)
}

/// Packs a code and an index.
pub(super) fn pack(code: u16, index: u8) -> u32 {
    u32::from(code) << 8 | u32::from(index)
}
