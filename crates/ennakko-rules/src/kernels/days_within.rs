//! From and until which day of a pass the days of rows lie in a range, a block of rows at a time.

use ennakko_core::column::{BLOCK_ROWS, CHUNK_ROWS, Column, Values};

use super::block::{BLOCK_WORDS, NONE, Words};
use super::ends::Daily;
use super::leaf::DayColumn;

/// A test of days that are known to the day, over the rows of one block.
pub(crate) struct DaysWithin<'p> {
    of: DayColumn<'p>,
    daily: &'p Daily,
    known: Words,
    /// The first and the last days of the chunk in which the block is; the last where they may be others.
    days: Option<(Values<'p, i32>, Option<Values<'p, i32>>)>,
    /// Where the block begins in the chunk.
    from: usize,
}

impl<'p> DaysWithin<'p> {
    pub(super) fn of(of: DayColumn<'p>, daily: &'p Daily) -> Self {
        Self { of, daily, known: NONE, days: None, from: 0 }
    }

    /// Turns to another block.
    pub(crate) fn turn_to(&mut self, block: usize) {
        let chunk = |of: &'p Column<i32>| of.chunk(block * BLOCK_ROWS / CHUNK_ROWS);
        self.from = block * BLOCK_ROWS % CHUNK_ROWS;
        (self.known, self.days) = (NONE, None);
        let Some(first) = chunk(self.of.first) else { return };
        first.known_words(self.from / BLOCK_ROWS * BLOCK_WORDS, &mut self.known);
        let is_exact = self.of.exact.get(block).copied().unwrap_or_default();
        let last = if is_exact { None } else { chunk(self.of.last).map(|last| last.values) };
        self.days = (is_exact || last.is_some()).then_some((first.values, last));
    }

    /// From and until which day of the pass, by their positions, the day of a row of the block lies in the range; `None` where
    /// it is not known to the day.
    #[inline]
    pub(crate) fn of_row(&self, row: usize) -> Option<[usize; 2]> {
        let (first, last) = self.days.as_ref()?;
        let day = first.get(self.from + row).filter(|_| self.known[row / 64] >> (row % 64) & 1 == 1)?;
        let to_the_day = last.as_ref().is_none_or(|last| last.get(self.from + row) == Some(day));
        to_the_day.then(|| self.daily.span(day))
    }
}
