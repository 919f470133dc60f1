//! Columns of facts: values, which rows have one, which are unknown and why. Chunked and shared.
//!
//! Our own types over Arrow buffers; no Arrow type stands in a public signature.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_buffer::{ArrowNativeType, BooleanBuffer, ScalarBuffer};

use crate::value::{Fact, UnknownReason};

/// Rows in one chunk. A day's changes copy only the chunks they touch.
pub const CHUNK_ROWS: usize = 65_536;

#[derive(Clone, Debug)]
struct Chunk<T: ArrowNativeType> {
    values: ScalarBuffer<T>,
    known: BooleanBuffer,
    // INVARIANT (disjoint): a row is never both known and unknown; present only if a row is unknown
    unknown: Option<BooleanBuffer>,
    reasons: BTreeMap<u32, UnknownReason>,
}

/// One column of facts in fixed-width values.
#[derive(Clone, Debug)]
pub struct Column<T: ArrowNativeType> {
    chunks: Vec<Arc<Chunk<T>>>,
    len: usize,
}

impl<T: ArrowNativeType> Column<T> {
    /// A column of these facts, in row order.
    pub fn of(facts: impl IntoIterator<Item = Fact<T>>) -> Self {
        let facts: Vec<Fact<T>> = facts.into_iter().collect();
        let chunks = facts.chunks(CHUNK_ROWS).map(|rows| Arc::new(Chunk::of(rows))).collect();
        Self { chunks, len: facts.len() }
    }

    /// The fact in a row; beyond the end it is unknown.
    pub fn get(&self, row: usize) -> Fact<T> {
        let (chunk, offset) = (row / CHUNK_ROWS, row % CHUNK_ROWS);
        match self.chunks.get(chunk) {
            Some(chunk) if row < self.len => chunk.get(offset),
            _ => Fact::Unknown(UnknownReason::NotDelivered),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<T: ArrowNativeType> Chunk<T> {
    fn of(rows: &[Fact<T>]) -> Self {
        let reasons: BTreeMap<u32, UnknownReason> = (0_u32..)
            .zip(rows)
            .filter_map(|(row, fact)| match fact {
                Fact::Unknown(reason) => Some((row, *reason)),
                Fact::Known(_) | Fact::None => None,
            })
            .collect();
        Self {
            values: rows.iter().map(|fact| fact.known().unwrap_or_default()).collect(),
            known: BooleanBuffer::collect_bool(rows.len(), |row| matches!(rows[row], Fact::Known(_))),
            unknown: (!reasons.is_empty())
                .then(|| BooleanBuffer::collect_bool(rows.len(), |row| rows[row].is_unknown())),
            reasons,
        }
    }

    fn get(&self, row: usize) -> Fact<T> {
        if self.known.value(row) {
            return Fact::Known(self.values[row]);
        }
        match &self.unknown {
            Some(unknown) if unknown.value(row) => Fact::Unknown(
                u32::try_from(row)
                    .ok()
                    .and_then(|row| self.reasons.get(&row))
                    .copied()
                    .unwrap_or(UnknownReason::NotDelivered),
            ),
            _ => Fact::None,
        }
    }
}

/// One column of texts, through a sorted dictionary.
#[derive(Clone, Debug)]
pub struct TextColumn {
    dictionary: Arc<[Arc<str>]>,
    codes: Column<u32>,
}

impl TextColumn {
    /// A column of these texts, in row order.
    pub fn of<'a>(facts: impl IntoIterator<Item = Fact<&'a str>>) -> Self {
        let facts: Vec<Fact<&str>> = facts.into_iter().collect();
        let mut words: Vec<&str> = facts.iter().filter_map(|fact| fact.known()).collect();
        words.sort_unstable();
        words.dedup();
        let code = |word: &str| {
            let at = words.binary_search(&word).unwrap_or_default();
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        let codes = Column::of(facts.iter().map(|fact| fact.map(code)));
        Self { dictionary: words.iter().map(|word| Arc::from(*word)).collect(), codes }
    }

    /// The text in a row.
    pub fn get(&self, row: usize) -> Fact<&Arc<str>> {
        match self.codes.get(row) {
            Fact::Known(code) => usize::try_from(code)
                .ok()
                .and_then(|code| self.dictionary.get(code))
                .map_or(Fact::Unknown(UnknownReason::NotDelivered), Fact::Known),
            Fact::None => Fact::None,
            Fact::Unknown(reason) => Fact::Unknown(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_fact() -> impl Strategy<Value = Fact<i32>> {
        prop_oneof![
            any::<i32>().prop_map(Fact::Known),
            Just(Fact::None),
            Just(Fact::Unknown(UnknownReason::Withheld)),
            Just(Fact::Unknown(UnknownReason::TooOld)),
        ]
    }

    proptest! {
        #[test]
        fn a_column_gives_back_its_facts(facts in proptest::collection::vec(any_fact(), 0..300)) {
            let column = Column::of(facts.clone());
            prop_assert_eq!(column.len(), facts.len());
            for (row, fact) in facts.iter().enumerate() {
                prop_assert_eq!(column.get(row), *fact);
            }
        }

        #[test]
        fn a_text_column_gives_back_its_facts(words in proptest::collection::vec(proptest::option::of("[a-zåäö]{0,3}"), 0..100)) {
            let column = TextColumn::of(words.iter().map(|word| word.as_deref().map_or(Fact::None, Fact::Known)));
            for (row, word) in words.iter().enumerate() {
                let got = column.get(row).map(ToString::to_string);
                prop_assert_eq!(got, word.clone().map_or(Fact::None, Fact::Known));
            }
        }
    }

    #[test]
    fn chunks_meet_without_a_seam() {
        let n = CHUNK_ROWS + 3;
        let column = Column::of((0..n).map(|row| if row % 7 == 0 { Fact::None } else { Fact::Known(row as u64) }));
        for row in [0, 1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, n - 1] {
            assert_eq!(column.get(row), if row % 7 == 0 { Fact::None } else { Fact::Known(row as u64) });
        }
        assert!(column.get(n).is_unknown());
    }
}
