//! Columns of facts: values, which rows have one, which are unknown and why. Chunked and shared.
//!
//! Our own types over Arrow buffers; no Arrow type stands in a public signature.

mod values;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_buffer::{ArrowNativeType, BooleanBuffer, BooleanBufferBuilder};

pub use values::{Cell, Values};

use values::Kept;

use crate::value::{Fact, UnknownReason};

/// Rows in one chunk.
pub const CHUNK_ROWS: usize = 65_536;

/// Rows of a block, for each of which it is told at once whether all have a value; a chunk is a whole number of blocks.
pub const BLOCK_ROWS: usize = 4_096;

const _: () = assert!(CHUNK_ROWS == 16 * BLOCK_ROWS, "a bit of 16 for each block");

#[derive(Clone, Debug)]
struct Chunk<T: ArrowNativeType> {
    values: Kept<T>,
    known: BooleanBuffer,
    /// A bit for each block: whether all its rows have a value.
    all_known: u16,
    // INVARIANT (disjoint): a row is never both known and unknown; present only if a row is unknown
    unknown: Option<BooleanBuffer>,
    // INVARIANT (runs): ascending rows; an unknown row has the reason of the last run that starts at or before it
    reasons: Arc<[(u16, UnknownReason)]>,
}

/// One column of facts in fixed-width values.
#[derive(Clone, Debug)]
pub struct Column<T: ArrowNativeType> {
    chunks: Vec<Chunk<T>>,
    len: usize,
}

impl<T: Cell> Column<T> {
    /// A column of these facts, in row order.
    pub fn of(facts: impl IntoIterator<Item = Fact<T>>) -> Self {
        let mut column = ColumnBuilder::default();
        for fact in facts {
            column.push(fact);
        }
        column.finish()
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

    /// Its chunks of [`CHUNK_ROWS`] rows (the last may be shorter), in order, for whoever reads many rows at once.
    pub fn chunks(&self) -> impl Iterator<Item = ChunkView<'_, T>> {
        (0..self.chunks.len()).filter_map(|at| self.chunk(at))
    }

    /// The chunk with rows `at * CHUNK_ROWS` and on.
    pub fn chunk(&self, at: usize) -> Option<ChunkView<'_, T>> {
        let chunk = self.chunks.get(at)?;
        Some(ChunkView {
            values: chunk.values.view(),
            known: &chunk.known,
            all_known: chunk.all_known,
            unknown: chunk.unknown.as_ref(),
        })
    }

    /// The same facts with other values.
    fn map(self, of: impl Fn(T) -> T) -> Self {
        let chunks = self.chunks.into_iter().map(|chunk| {
            let values = chunk.values.view().of(0..chunk.values.len()).into_iter().map(&of).collect();
            Chunk { values: Kept::of(values, &chunk.known), ..chunk }
        });
        Self { chunks: chunks.collect(), len: self.len }
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let of_chunk = |chunk: &Chunk<T>| {
            let bits = chunk.values.len().div_ceil(8);
            chunk.values.bytes()
                + bits * (1 + usize::from(chunk.unknown.is_some()))
                + chunk.reasons.len() * size_of::<(u16, UnknownReason)>()
        };
        self.chunks.iter().map(of_chunk).sum()
    }
}

impl<T: Cell> Chunk<T> {
    fn get(&self, row: usize) -> Fact<T> {
        if self.known.value(row) {
            return Fact::Known(self.values.at(row));
        }
        match &self.unknown {
            Some(unknown) if unknown.value(row) => {
                let runs = self.reasons.partition_point(|(start, _)| usize::from(*start) <= row);
                let reason = runs.checked_sub(1).and_then(|run| self.reasons.get(run));
                Fact::Unknown(reason.map_or(UnknownReason::NotDelivered, |(_, reason)| *reason))
            }
            _ => Fact::None,
        }
    }
}

/// A chunk of a column, for whoever reads many rows at once.
#[derive(Clone, Copy, Debug)]
pub struct ChunkView<'c, T> {
    /// The values, one a row; of a row that has none, anything.
    pub values: Values<'c, T>,
    known: &'c BooleanBuffer,
    all_known: u16,
    unknown: Option<&'c BooleanBuffer>,
}

impl<T: Cell> ChunkView<'_, T> {
    /// Whether every row of a block of [`BLOCK_ROWS`] rows has a value.
    pub fn all_known(&self, block: usize) -> bool {
        self.all_known >> block & 1 == 1
    }

    /// Of each block, whether the rows that have a value have the same one in another column.
    pub(crate) fn same_by_block(&self, other: &Self) -> Vec<bool> {
        let n_rows = self.values.len().min(other.values.len());
        let of_block = |block: usize| {
            let rows = block * BLOCK_ROWS..n_rows.min((block + 1) * BLOCK_ROWS);
            self.values.are(&other.values, rows.clone()) || {
                let values = self.values.of(rows.clone()).into_iter().zip(other.values.of(rows.clone()));
                rows.zip(values).all(|(row, (one, other))| one == other || !self.known.value(row))
            }
        };
        (0..n_rows.div_ceil(BLOCK_ROWS)).map(of_block).collect()
    }

    /// Which rows have a value, as words of 64 rows from word `first` on; 0 beyond the end.
    pub fn known_words(&self, first: usize, into: &mut [u64]) {
        words(self.known, first, into);
    }

    /// Which rows are unknown, likewise; nothing is done if none of the chunk is.
    pub fn unknown_words(&self, first: usize, into: &mut [u64]) {
        if let Some(unknown) = self.unknown {
            words(unknown, first, into);
        }
    }

    /// Which of the 64 rows from `64 * word` on have a value, the first in the lowest bit; 0 beyond the end.
    pub fn known(&self, word: usize) -> u64 {
        bits(self.known, word)
    }

    /// Which of the 64 rows from `64 * word` on are unknown, likewise. The others are none.
    pub fn unknown(&self, word: usize) -> u64 {
        self.unknown.map_or(0, |unknown| bits(unknown, word))
    }
}

/// Words of bits from word `first` on.
fn words(of: &BooleanBuffer, first: usize, into: &mut [u64]) {
    let is_whole = of.offset() == 0 && of.len() >= (first + into.len()) * 64;
    if let Some(bytes) = of.values().get(first * 8..).filter(|_| is_whole) {
        let (words, _) = bytes.as_chunks::<8>();
        for (into, word) in into.iter_mut().zip(words) {
            *into = u64::from_le_bytes(*word);
        }
        return;
    }
    for (at, into) in into.iter_mut().enumerate() {
        *into = bits(of, first + at);
    }
}

/// Bits `64 * word` to before `64 * word + 64`.
fn bits(of: &BooleanBuffer, word: usize) -> u64 {
    let from = word * 64;
    let n_bits = of.len().saturating_sub(from).min(64);
    if n_bits == 0 {
        return 0;
    }
    let bytes = of.values();
    let whole = (of.offset() == 0).then(|| bytes.get(word * 8..word * 8 + 8)).flatten();
    let word = match whole.and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()) {
        Some(bytes) => u64::from_le_bytes(bytes),
        None => (0..n_bits).fold(0, |word, bit| word | u64::from(of.value(from + bit)) << bit),
    };
    word & (u64::MAX >> (64 - n_bits))
}

/// Bits of rows while they are filled. Most rows have the same one: it is written when another comes.
#[derive(Debug)]
struct Bits {
    usual: bool,
    bits: BooleanBufferBuilder,
}

impl Bits {
    fn new(usual: bool) -> Self {
        Self { usual, bits: BooleanBufferBuilder::new(0) }
    }

    /// All rows before this one that have not been told are as usual.
    fn upto(&mut self, row: usize) {
        self.bits.append_n(row - self.bits.len(), self.usual);
    }

    fn unusual(&mut self, row: usize) {
        self.upto(row);
        self.bits.append(!self.usual);
    }

    fn carry(&mut self, row: usize, from: &BooleanBuffer, rows: Range<usize>) {
        self.upto(row);
        self.bits.append_packed_range(rows.start + from.offset()..rows.end + from.offset(), from.values());
    }

    fn finish(&mut self, n_rows: usize) -> BooleanBuffer {
        self.upto(n_rows);
        self.bits.finish()
    }
}

/// A column while it is filled, in the order of rows.
#[derive(Debug)]
pub(crate) struct ColumnBuilder<T: ArrowNativeType> {
    done: Vec<Chunk<T>>,
    values: Vec<T>,
    known: Bits,
    unknown: Bits,
    reasons: Vec<(u16, UnknownReason)>,
}

impl<T: Cell> Default for ColumnBuilder<T> {
    fn default() -> Self {
        Self {
            done: Vec::new(),
            values: Vec::new(),
            known: Bits::new(true),
            unknown: Bits::new(false),
            reasons: Vec::new(),
        }
    }
}

impl<T: Cell> ColumnBuilder<T> {
    pub(crate) fn push(&mut self, fact: Fact<T>) {
        let row = self.values.len();
        let value = match fact {
            Fact::Known(value) => value,
            Fact::None => {
                self.known.unusual(row);
                T::default()
            }
            Fact::Unknown(reason) => {
                self.known.unusual(row);
                self.unknown.unusual(row);
                self.reason(row, reason);
                T::default()
            }
        };
        if row == 0 {
            self.values.reserve(CHUNK_ROWS);
        }
        self.values.push(value);
        if row + 1 == CHUNK_ROWS {
            self.close();
        }
    }

    /// From this row on, what is unknown is so for this reason.
    fn reason(&mut self, row: usize, reason: UnknownReason) {
        if self.reasons.last().is_none_or(|(_, last)| *last != reason) {
            // a chunk has 65,536 rows, so that the row in it always fits
            self.reasons.push((u16::try_from(row).unwrap_or(u16::MAX), reason));
        }
    }

    /// The facts in rows of another column, one after another. A chunk that stays whole in its place is shared.
    pub(crate) fn carry(&mut self, from: &Column<T>, rows: Range<usize>) {
        let mut next = rows.start;
        while next < rows.end {
            let offset = next % CHUNK_ROWS;
            let Some(chunk) = from.chunks.get(next / CHUNK_ROWS) else {
                // nothing is known of rows beyond the end
                (next..rows.end).for_each(|_| self.push(Fact::Unknown(UnknownReason::NotDelivered)));
                return;
            };
            let left = CHUNK_ROWS - self.values.len();
            let n = (rows.end - next).min(chunk.values.len() - offset).min(left);
            if n == 0 {
                self.push(Fact::Unknown(UnknownReason::NotDelivered));
                next += 1;
            } else if n == CHUNK_ROWS {
                self.done.push(chunk.clone());
                next += n;
            } else {
                self.carry_within(chunk, offset..offset + n);
                next += n;
            }
        }
    }

    /// Rows of one chunk, which find room in the present one.
    fn carry_within(&mut self, chunk: &Chunk<T>, rows: Range<usize>) {
        let row = self.values.len();
        self.known.carry(row, &chunk.known, rows.clone());
        if let Some(unknown) = &chunk.unknown {
            self.unknown.carry(row, unknown, rows.clone());
            let first = chunk.reasons.partition_point(|(start, _)| usize::from(*start) <= rows.start);
            if let Some((_, reason)) = first.checked_sub(1).and_then(|first| chunk.reasons.get(first)) {
                self.reason(row, *reason);
            }
            for (start, reason) in &chunk.reasons[first..] {
                let start = usize::from(*start);
                if start >= rows.end {
                    break;
                }
                self.reason(row + start - rows.start, *reason);
            }
        }
        if row == 0 {
            self.values.reserve(CHUNK_ROWS);
        }
        chunk.values.enter(rows, &mut self.values);
        if self.values.len() == CHUNK_ROWS {
            self.close();
        }
    }

    fn close(&mut self) {
        let n_rows = self.values.len();
        let unknown = self.unknown.finish(n_rows);
        let known = self.known.finish(n_rows);
        let all_known = (0..n_rows).step_by(BLOCK_ROWS).zip(0..).fold(0, |blocks, (first, block)| {
            let n_rows = BLOCK_ROWS.min(n_rows - first);
            blocks | u16::from(known.slice(first, n_rows).count_set_bits() == n_rows) << block
        });
        self.done.push(Chunk {
            values: Kept::of(std::mem::take(&mut self.values), &known),
            known,
            all_known,
            unknown: (!self.reasons.is_empty()).then_some(unknown),
            reasons: std::mem::take(&mut self.reasons).into(),
        });
    }

    pub(crate) fn finish(mut self) -> Column<T> {
        let len = self.done.len() * CHUNK_ROWS + self.values.len();
        if !self.values.is_empty() {
            self.close();
        }
        Column { chunks: self.done, len }
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
        let mut column = TextBuilder::default();
        for fact in facts {
            column.push(fact);
        }
        column.finish()
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

    /// Its texts, each once, in their order: a row's code is a position among them.
    pub fn dictionary(&self) -> &[Arc<str>] {
        &self.dictionary
    }

    /// The code of each row.
    pub fn codes(&self) -> &Column<u32> {
        &self.codes
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let words = self.dictionary.iter().map(|word| size_of::<Arc<str>>() + 2 * size_of::<usize>() + word.len());
        self.codes.bytes() + words.sum::<usize>()
    }
}

/// A column of texts while it is filled, after an earlier one.
#[derive(Debug, Default)]
pub(crate) struct TextBuilder {
    numbers: BTreeMap<Arc<str>, u32>,
    words: Vec<Arc<str>>,
    /// How many of the words are those of the earlier column, in its order.
    carried: usize,
    /// The number of the word that came last: most rows repeat it.
    last: u32,
    codes: ColumnBuilder<u32>,
}

impl TextBuilder {
    /// To be filled with rows of this column, and others.
    pub(crate) fn after(old: &TextColumn) -> Self {
        let words = old.dictionary.to_vec();
        Self { numbers: words.iter().cloned().zip(0..).collect(), carried: words.len(), words, ..Self::default() }
    }

    pub(crate) fn push(&mut self, fact: Fact<&str>) {
        let code = fact.map(|word| self.number(word));
        self.codes.push(code);
    }

    /// A word by the number that [`Self::number`] gave.
    pub(crate) fn push_number(&mut self, number: Fact<u32>) {
        self.codes.push(number);
    }

    /// The facts in rows of the column that this one comes after.
    pub(crate) fn carry(&mut self, from: &TextColumn, rows: Range<usize>) {
        debug_assert_eq!(from.dictionary.len(), self.carried, "numbers are those of the earlier column");
        self.codes.carry(&from.codes, rows);
    }

    /// The number of a word in this column.
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        let last = usize::try_from(self.last).unwrap_or_default();
        if self.words.get(last).is_some_and(|last| **last == *word) {
            return self.last;
        }
        self.last = if let Some(number) = self.numbers.get(word) {
            *number
        } else {
            let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            let word: Arc<str> = Arc::from(word);
            self.words.push(word.clone());
            self.numbers.insert(word, number);
            number
        };
        self.last
    }

    pub(crate) fn finish(self) -> TextColumn {
        let codes = self.codes.finish();
        // numbers are in the order of words already, where no word is new
        if self.words.len() == self.carried {
            return TextColumn { dictionary: self.words.into(), codes };
        }
        let mut code_of = vec![0_u32; self.words.len()];
        for (code, number) in (0..).zip(self.numbers.values()) {
            code_of[usize::try_from(*number).unwrap_or_default()] = code;
        }
        let code_of = |number: u32| code_of.get(number as usize).copied().unwrap_or_default();
        TextColumn { dictionary: self.numbers.into_keys().collect(), codes: codes.map(code_of) }
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
        fn a_chunk_has_the_same_facts(facts in proptest::collection::vec(any_fact(), 0..300)) {
            let column = Column::of(facts.clone());
            for (row, fact) in facts.iter().enumerate() {
                let chunk = column.chunk(0).unwrap();
                let bit = |word: u64| word >> (row % 64) & 1 == 1;
                prop_assert_eq!(bit(chunk.known(row / 64)), fact.known().is_some());
                prop_assert_eq!(bit(chunk.unknown(row / 64)), fact.is_unknown());
                prop_assert!(fact.known().is_none_or(|value| value == chunk.values.of(row..row + 1)[0]));
            }
            if let Some(chunk) = column.chunk(0) {
                let (mut known, mut unknown) = ([0; 3], [0; 3]);
                chunk.known_words(1, &mut known);
                chunk.unknown_words(1, &mut unknown);
                for at in 0..3 {
                    prop_assert_eq!(known[at], chunk.known(at + 1));
                    prop_assert_eq!(unknown[at], chunk.unknown(at + 1));
                }
                let n: u32 = (0..6).map(|word| chunk.known(word).count_ones() + chunk.unknown(word).count_ones()).sum();
                prop_assert_eq!(n as usize, facts.iter().filter(|fact| **fact != Fact::None).count());
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

    proptest! {
        #[test]
        fn a_text_column_carried_over_keeps_its_facts(words in proptest::collection::vec(proptest::option::of("[a-d]{0,2}"), 0..60), new: bool) {
            let fact = |word: &Option<String>| word.clone().map_or(Fact::Unknown(UnknownReason::TooOld), Fact::Known);
            let first = TextColumn::of(words.iter().map(|word| word.as_deref().map_or(Fact::Unknown(UnknownReason::TooOld), Fact::Known)));
            let mut second = TextBuilder::after(&first);
            let fresh = if new { Fact::Known("aa new") } else { Fact::None };
            for row in (0..words.len()).rev() {
                second.push(fresh);
                second.carry(&first, row..row + 1);
            }
            let second = second.finish();
            prop_assert!(second.dictionary.is_sorted());
            for (row, word) in words.iter().rev().enumerate() {
                prop_assert_eq!(second.get(2 * row + 1).map(ToString::to_string), fact(word));
                prop_assert_eq!(second.get(2 * row).map(ToString::to_string), fresh.map(str::to_owned));
            }
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn rows_carried_over_keep_their_facts(
            facts in proptest::collection::vec(any_fact(), 1..200),
            // across the end of a chunk, of the column carried from and of the one carried to
            lead in CHUNK_ROWS - 100..CHUNK_ROWS + 2,
            lead_to in CHUNK_ROWS - 100..CHUNK_ROWS + 2,
            cuts in proptest::collection::vec((0..200_usize, 0..200_usize, any_fact()), 0..8),
        ) {
            let from = Column::of((0..lead).map(|_| Fact::None).chain(facts.iter().copied()));
            let mut to: ColumnBuilder<i32> = ColumnBuilder::default();
            (0..lead_to).for_each(|_| to.push(Fact::Known(7)));
            let mut wanted = Vec::new();
            for (start, end, fact) in cuts {
                let end = end.min(facts.len() + 1);
                let rows = start.min(end)..end;
                to.carry(&from, lead + rows.start..lead + rows.end);
                wanted.extend(rows.map(|row| facts.get(row).copied().unwrap_or(Fact::Unknown(UnknownReason::NotDelivered))));
                to.push(fact);
                wanted.push(fact);
            }
            let to = to.finish();
            prop_assert_eq!(to.len(), lead_to + wanted.len());
            prop_assert_eq!(to.get(lead_to - 1), Fact::Known(7));
            for (row, fact) in wanted.into_iter().enumerate() {
                prop_assert_eq!(to.get(lead_to + row), fact);
            }
        }
    }

    #[test]
    fn a_chunk_that_stays_in_its_place_is_shared() {
        let rows = CHUNK_ROWS + 9;
        let first = Column::of(
            (0..rows).map(|row| if row == 5 { Fact::Unknown(UnknownReason::TooOld) } else { Fact::Known(row as u64) }),
        );
        let mut second: ColumnBuilder<u64> = ColumnBuilder::default();
        second.carry(&first, 0..CHUNK_ROWS + 3);
        second.push(Fact::None);
        second.carry(&first, CHUNK_ROWS + 3..rows);
        let second = second.finish();
        let (first_values, second_values) = (first.chunks[0].values.view(), second.chunks[0].values.view());
        assert!(matches!(
            (first_values, second_values),
            (Values::Shorts { offsets: one, .. }, Values::Shorts { offsets: other, .. }) if std::ptr::eq(one, other)
        ));
        assert!(second.get(5).is_unknown());
        assert_eq!((second.get(CHUNK_ROWS + 2), second.get(CHUNK_ROWS + 3)), (first.get(CHUNK_ROWS + 2), Fact::None));
        assert_eq!(second.get(rows), first.get(rows - 1));
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
