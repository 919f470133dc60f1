//! Cells as readers hand them over, and what a cell says once its column's mapping is applied.

use chrono::NaiveDate;
use ennakko_core::UnknownReason;

use super::super::SourceProblem;

/// A cell as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "only Parquet has numbers and days of their own"))]
pub(super) enum Raw<'b> {
    /// Nothing, or a null.
    Empty,
    /// This row has no such cell (JSON Lines).
    Missing,
    Text(&'b str),
    Number(i64),
    Flag(bool),
    Day(NaiveDate),
    /// Of a type that no column of the schema has.
    Odd,
    /// A point in time within a day.
    NotADay,
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told<T> {
    Known(T),
    None,
    Unknown(UnknownReason),
    /// Nothing, and the mapping does not say what that means.
    Empty,
    /// There is no such column.
    Lacking,
    Wrong(SourceProblem),
}

/// Cells of one column of text, one after another.
#[derive(Debug, Default)]
pub(super) struct TextCells {
    text: String,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// Cells that are not texts, by row in rising order.
    odd: Vec<(usize, Raw<'static>)>,
}

impl TextCells {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.odd.clear();
    }

    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// A cell that is no text.
    pub(super) fn push_odd(&mut self, cell: Raw<'static>) {
        self.odd.push((self.ends.len(), cell));
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> Raw<'_> {
        if !self.odd.is_empty()
            && let Ok(at) = self.odd.binary_search_by_key(&row, |(row, _)| *row)
        {
            return self.odd[at].1;
        }
        let from = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        match &self.text[from..self.ends[row]] {
            "" => Raw::Empty,
            text => Raw::Text(text),
        }
    }
}

/// Cells of one column of a batch of rows.
#[derive(Debug)]
pub(super) enum Cells {
    Text(TextCells),
    #[cfg(feature = "parquet")]
    Arrow(super::parquet::Values),
}

impl Cells {
    pub(super) fn get(&self, row: usize) -> Raw<'_> {
        match self {
            Self::Text(cells) => cells.get(row),
            #[cfg(feature = "parquet")]
            Self::Arrow(values) => values.get(row),
        }
    }

    /// The texts of a dictionary and, for each row, which of them; if the column is one.
    #[cfg(feature = "parquet")]
    pub(super) fn dictionary(&self) -> Option<&super::parquet::Dictionary> {
        match self {
            Self::Arrow(super::parquet::Values::Dictionary(dictionary)) => Some(dictionary),
            _ => None,
        }
    }
}

/// Some rows of a table, column by column in the order of its plans.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Where each row stood, from 1.
    pub(super) positions: Vec<u64>,
    /// None: the file has no such column.
    pub(super) columns: Vec<Option<Cells>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_text_come_back_as_they_are() {
        let mut cells = TextCells::default();
        cells.push("");
        cells.push("ä ");
        cells.push_odd(Raw::Number(5));
        cells.push("b");
        cells.push_odd(Raw::Missing);
        let found: Vec<Raw<'_>> = (0..5).map(|row| cells.get(row)).collect();
        assert_eq!(found, [Raw::Empty, Raw::Text("ä "), Raw::Number(5), Raw::Text("b"), Raw::Missing]);
        cells.clear();
        cells.push("c");
        assert_eq!(cells.get(0), Raw::Text("c"));
    }
}
