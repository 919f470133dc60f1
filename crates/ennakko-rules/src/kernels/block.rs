//! Blocks of rows, a bit a row.

use ennakko_core::Truth;
use wide::i8x16;

/// Rows of a block: a few columns of them stay in the first cache, and columns tell of each what all its rows have.
pub(crate) use ennakko_core::column::BLOCK_ROWS;

/// Words of a block.
pub(crate) const BLOCK_WORDS: usize = BLOCK_ROWS / 64;

/// A bit for each row of a block, the first in the lowest bit of the first word.
pub(crate) type Words = [u64; BLOCK_WORDS];

pub(super) const NONE: Words = [0; BLOCK_WORDS];

/// What a piece comes to for the rows of a block. Bits of rows that were not asked about say nothing.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) yes: Words,
    pub(crate) unknown: Words,
    /// Whether the answer may be another on a later day of the pass.
    pub(crate) moves: Words,
    /// Whether only walk can say: the other bits then say nothing.
    pub(crate) ask: Words,
    // INVARIANT (plain): if so, nobody is unknown, moves or is to be asked; most blocks are
    pub(crate) plain: bool,
}

impl Block {
    pub(crate) const NO: Self = Self { yes: NONE, unknown: NONE, moves: NONE, ask: NONE, plain: true };

    pub(super) fn of(truth: Truth, active: &Words) -> Self {
        match truth {
            Truth::No => Self::NO,
            Truth::Unknown => Self { unknown: *active, plain: false, ..Self::NO },
            Truth::Yes => Self { yes: *active, ..Self::NO },
        }
    }

    /// Everybody: no.
    pub(super) fn clear(&mut self) {
        self.yes = NONE;
        if !self.plain {
            (self.unknown, self.moves, self.ask) = (NONE, NONE, NONE);
            self.plain = true;
        }
    }

    /// Nothing is said of others.
    pub(super) fn keep(&mut self, active: &Words) {
        let masks = [&mut self.yes, &mut self.unknown, &mut self.moves, &mut self.ask];
        for mask in masks.into_iter().take(if self.plain { 1 } else { 4 }) {
            mask.iter_mut().zip(active).for_each(|(word, active)| *word &= active);
        }
    }

    /// Only walk can say.
    pub(super) fn ask(active: &Words) -> Self {
        Self { ask: *active, plain: false, ..Self::NO }
    }

    /// Looks whether it is plain.
    pub(super) fn settle(&mut self) {
        let bits = self.unknown.iter().chain(&self.moves).chain(&self.ask).fold(0, |bits, word| bits | word);
        self.plain = bits == 0;
    }

    /// What a row comes to; `None`: walk is to be asked.
    pub(crate) fn truth(&self, row: usize) -> Option<Truth> {
        let (word, bit) = (row / 64, row % 64);
        let is = |words: &Words| words[word] >> bit & 1 == 1;
        if is(&self.ask) {
            return None;
        }
        Some(match (is(&self.yes), is(&self.unknown)) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        })
    }

    /// Whether a row's answer may be another on a later day.
    pub(crate) fn moves(&self, row: usize) -> bool {
        self.moves[row / 64] >> (row % 64) & 1 == 1
    }
}

/// Which words of which block are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) block: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Span {
    pub(super) fn whole(block: usize) -> Self {
        Self { block, from: 0, to: BLOCK_WORDS - usize::from(fault!(LastWordOfABlockCut)) }
    }

    /// The word with one row.
    pub(super) fn around(row: usize) -> Self {
        let word = row % BLOCK_ROWS / 64;
        Self { block: row / BLOCK_ROWS, from: word, to: word + usize::from(!fault!(RowsAloneNotLookedAt)) }
    }

    pub(super) fn words(self) -> std::ops::Range<usize> {
        self.from..self.to
    }

    pub(super) fn is_whole(self) -> bool {
        self.from == 0 && self.to == BLOCK_WORDS
    }
}

/// The rows whose bits are set in a word, from 0 to 63.
pub(crate) fn bits_of(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}

/// Whether no bit is set.
pub(crate) fn is_empty(words: &Words) -> bool {
    words.iter().fold(0, |bits, word| bits | word) == 0
}

/// The rows of a block whose bits are set.
pub(crate) fn rows_of(words: &Words, block: usize) -> impl Iterator<Item = usize> {
    words
        .iter()
        .enumerate()
        .flat_map(move |(word, bits)| bits_of(*bits).map(move |bit| block * BLOCK_ROWS + word * 64 + bit))
}

/// A word with a bit for each of at most 64 rows for which a test holds.
#[inline]
pub(super) fn packed<T: Copy>(rows: &[T], test: impl Fn(T) -> bool) -> u64 {
    let mut bytes = [0_i8; 64];
    // of a known length, many rows are compared at once; the highest bit of a byte is the row's
    if let Some((rows, _)) = rows.split_first_chunk::<64>() {
        for (byte, row) in bytes.iter_mut().zip(rows) {
            *byte = i8::from(test(*row)).wrapping_neg();
        }
    } else {
        for (byte, row) in bytes.iter_mut().zip(rows) {
            *byte = i8::from(test(*row)).wrapping_neg();
        }
    }
    let (sixteens, _) = bytes.as_chunks::<16>();
    sixteens.iter().rev().fold(0, |word, sixteen| word << 16 | u64::from(i8x16::new(*sixteen).to_bitmask()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_packed_word_has_a_bit_for_each_row(rows in proptest::collection::vec(any::<i32>(), 0..=64), limit: i32) {
            let word = packed(&rows, |row| row <= limit);
            for at in 0..64 {
                prop_assert_eq!(word >> at & 1 == 1, rows.get(at).is_some_and(|row| *row <= limit));
            }
            let set: Vec<usize> = bits_of(word).collect();
            prop_assert_eq!(set, (0..rows.len()).filter(|at| rows[*at] <= limit).collect::<Vec<_>>());
        }
    }
}
