//! Which frames of a film differ from the one before them: a bit each.

/// A set of indices of frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DistinctFrames {
    words: Vec<u64>,
}

impl DistinctFrames {
    pub(super) fn insert(&mut self, index: u64) {
        let (word, bit) = ((index / 64) as usize, index % 64);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << bit;
    }

    pub(super) fn add(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    pub(super) fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// All indices, ascending.
    pub(crate) fn indices(&self) -> impl Iterator<Item = usize> {
        let words = self.words.iter().enumerate();
        words.flat_map(|(word, bits)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit)
        })
    }

    /// The words, the first one's lowest bit for the first frame.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(super) fn of_words(words: Vec<u64>) -> Self {
        Self { words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_two_halves_are_the_set_of_all() {
        let members = [0, 1, 63, 64, 130, 1000];
        let [mut all, mut even, mut odd] = [0; 3].map(|_| DistinctFrames::default());
        for index in members {
            all.insert(index);
            if index % 2 == 0 { even.insert(index) } else { odd.insert(index) }
        }
        odd.add(&even);
        assert_eq!(odd.indices().map(|index| index as u64).collect::<Vec<_>>(), members);
        assert_eq!((odd.count(), all.indices().count()), (6, 6));
        even.add(&all);
        assert_eq!(even, all);
    }
}
