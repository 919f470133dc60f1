//! CSV (RFC 4180) into batches of cells.
//!
//! The `csv` crate and not Arrow's reader, which ends at the first row of another length, gives no row number and puts cells
//! into its messages. Rows are counted from 1 after the head line; lines with nothing on them are no rows.

use std::borrow::Cow;
use std::io::{self, Read};

use csv::ByteRecord;

use super::super::{SourceIssue, SourceProblem};
use super::TableError;
use super::cell::{Batch, Cells, TextCells};
use super::mapping::{Csv, Encoding};
use super::plan::Plans;
use super::quotes::{Torn, Watched};
use super::read::{BATCH_ROWS, Heads};

/// A CSV file while it is read.
pub(super) struct CsvRows<R> {
    reader: csv::Reader<Watched<io::Chain<io::Cursor<Vec<u8>>, R>>>,
    encoding: Encoding,
    /// For each plan, which cell of a row.
    columns: Vec<Option<usize>>,
    n_cells: usize,
    record: ByteRecord,
    position: u64,
}

impl<R: Read> CsvRows<R> {
    /// Reads the head line.
    pub(super) fn open(mut source: R, csv: Csv, plans: &Plans<'_>) -> Result<(Self, Heads), TableError> {
        let start = without_mark(&mut source, csv.encoding)?;
        let watched = Watched::new(io::Cursor::new(start).chain(source), csv.delimiter, csv.quotes);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(csv.delimiter)
            .quoting(csv.quotes)
            .flexible(true)
            .has_headers(false)
            .from_reader(watched);
        let mut record = ByteRecord::new();
        if !read(&mut reader, &mut record, 0)? {
            return Err(TableError::NoHead);
        }
        let strayed = strayed(&mut reader);
        let names: Option<Vec<Cow<'_, str>>> = record.iter().map(|name| text(name, csv.encoding)).collect();
        let names = names.filter(|_| !strayed).ok_or(TableError::NoHead)?;
        let heads = Heads::of(&names, plans)?;
        let n_cells = names.len();
        let columns = heads.columns.clone();
        Ok((Self { reader, encoding: csv.encoding, columns, n_cells, record, position: 0 }, heads))
    }

    /// The next rows; rows that cannot be read become issues. False at the end of the file.
    pub(super) fn next(&mut self, batch: &mut Batch, issues: &mut Vec<SourceIssue>) -> Result<bool, TableError> {
        let mut columns: Vec<Option<TextCells>> = std::mem::take(&mut batch.columns)
            .into_iter()
            .map(|cells| match cells {
                Some(Cells::Text(mut cells)) => {
                    cells.clear();
                    Some(cells)
                }
                _ => None,
            })
            .collect();
        columns.resize_with(self.columns.len(), || None);
        for (cells, at) in columns.iter_mut().zip(&self.columns) {
            if at.is_some() && cells.is_none() {
                *cells = Some(TextCells::default());
            }
        }
        batch.positions.clear();
        let mut more = true;
        while batch.positions.len() < BATCH_ROWS {
            more = read(&mut self.reader, &mut self.record, self.position)?;
            if !more {
                break;
            }
            self.position += 1;
            if self.row_is_bad() || !self.push(&mut columns) {
                let problem = SourceProblem::Unreadable;
                issues.push(SourceIssue { position: self.position, group: None, problem, sets_aside: true });
            } else {
                batch.positions.push(self.position);
            }
        }
        batch.columns = columns.into_iter().map(|cells| cells.map(Cells::Text)).collect();
        Ok(more)
    }

    fn row_is_bad(&mut self) -> bool {
        strayed(&mut self.reader) || self.record.len() != self.n_cells
    }

    /// Adds the cells of the row; false, and nothing added, if it is not of the encoding.
    fn push(&self, columns: &mut [Option<TextCells>]) -> bool {
        let wanted = columns.iter_mut().zip(&self.columns).filter_map(|(cells, at)| Some((cells.as_mut()?, (*at)?)));
        if self.encoding != Encoding::Utf8 {
            for (cells, at) in wanted {
                let cell = self.record.get(at).and_then(|cell| text(cell, self.encoding));
                cells.push(&cell.unwrap_or_default());
            }
            return true;
        }
        // the row is looked at once; a cell that begins or ends within a character is none
        let Ok(row) = std::str::from_utf8(self.record.as_slice()) else { return false };
        let cell = |at: usize| self.record.range(at).and_then(|range| row.get(range));
        if self.columns.iter().flatten().any(|at| cell(*at).is_none()) {
            return false;
        }
        for (cells, at) in wanted {
            cells.push(cell(at).unwrap_or_default());
        }
        true
    }
}

/// Whether a mark that belongs nowhere stands in the row just read.
fn strayed<R: Read>(reader: &mut csv::Reader<Watched<R>>) -> bool {
    let end = reader.position().byte();
    reader.get_mut().strayed_before(end)
}

fn read<R: Read>(
    reader: &mut csv::Reader<Watched<R>>,
    record: &mut ByteRecord,
    after: u64,
) -> Result<bool, TableError> {
    reader.read_byte_record(record).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) if is_torn(&error) => TableError::TornQuote { after },
        csv::ErrorKind::Io(error) => TableError::Io(error),
        _ => TableError::Broken { after },
    })
}

fn is_torn(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Torn>()).is_some()
}

/// A cell's text, if it is of the encoding.
fn text(cell: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(cell).ok().map(Cow::Borrowed),
        Encoding::Latin1 => Some(encoding_rs::mem::decode_latin1(cell)),
        Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0),
    }
}

/// The first bytes without a mark of UTF-8. A mark of another encoding than the mapping says is an error.
fn without_mark(source: &mut impl Read, encoding: Encoding) -> Result<Vec<u8>, TableError> {
    let mut start = Vec::new();
    source.by_ref().take(3).read_to_end(&mut start).map_err(TableError::Io)?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(TableError::Encoding("UTF-16"));
    }
    if start == [0xef, 0xbb, 0xbf] {
        if encoding != Encoding::Utf8 {
            return Err(TableError::Encoding("UTF-8"));
        }
        start.clear();
    }
    Ok(start)
}
