//! JSON Lines into batches of cells: an object a line, UTF-8.
//!
//! Read line by line and not by Arrow's reader, which ends at the first bad line and puts values into its messages. Lines
//! are counted from 1; those with nothing on them are not counted. Decimals, lists and objects are not cells of any column.
//!
//! A first line that is a list of names is a head line, and no row: rows that were set aside are told by it which names
//! their file had, although none of them may have one of these.

use std::fmt::{self, Write as _};
use std::io::{BufRead, BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::{SourceIssue, SourceProblem};
use super::TableError;
use super::cell::{Batch, Cells, Raw, TextCells};
use super::plan::Plans;
use super::read::{BATCH_ROWS, Heads};

/// A file of JSON Lines while it is read.
pub(super) struct JsonRows<R> {
    source: BufReader<R>,
    /// The names in the file, by plan.
    names: Vec<String>,
    /// Which of them some row had.
    seen: Vec<bool>,
    /// Which of them a head line has; none: there is no head line.
    head: Option<Vec<bool>>,
    line: Vec<u8>,
    row: Found,
    position: u64,
}

/// The cells of one line.
#[derive(Default)]
struct Found {
    text: String,
    cells: Vec<Option<Cell>>,
    /// A name stood twice.
    twice: bool,
    /// A name that no column has.
    other: bool,
}

#[derive(Clone, Copy)]
enum Cell {
    Text(usize, usize),
    Odd(Raw<'static>),
}

impl<R: Read> JsonRows<R> {
    pub(super) fn open(source: R, plans: &Plans<'_>) -> Self {
        let names: Vec<String> = Heads::wanted(plans).map(|name| name.unwrap_or_default().to_owned()).collect();
        let seen = vec![false; names.len()];
        let source = BufReader::with_capacity(1 << 16, source);
        Self { source, names, seen, head: None, line: Vec::new(), row: Found::default(), position: 0 }
    }

    /// The next rows; lines that cannot be read become issues. False at the end of the file.
    pub(super) fn next(&mut self, batch: &mut Batch, issues: &mut Vec<SourceIssue>) -> Result<bool, TableError> {
        let mut columns: Vec<TextCells> = Vec::new();
        columns.resize_with(self.names.len(), TextCells::default);
        batch.positions.clear();
        let mut more = true;
        while batch.positions.len() < BATCH_ROWS {
            more = self.read_line()?;
            if !more {
                break;
            }
            let line = self.line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            if self.position == 0
                && self.head.is_none()
                && let Some(head) = head_line(line)
            {
                self.row.other |= head.iter().any(|name| !self.names.contains(name));
                self.head = Some(self.names.iter().map(|name| head.contains(name)).collect());
                continue;
            }
            self.position += 1;
            self.row.begin(self.names.len());
            let mut json = serde_json::Deserializer::from_slice(line);
            let read = json.deserialize_map(RowOf { names: &self.names, row: &mut self.row }).and_then(|()| json.end());
            let problem = match read {
                Ok(()) if self.row.twice => Some(SourceProblem::WrongShape),
                Ok(()) => None,
                Err(error) if error.is_data() => Some(SourceProblem::WrongShape),
                // the last line, not ended: the file breaks off in it
                Err(_) if !self.line.ends_with(b"\n") => return Err(TableError::Broken { after: self.position - 1 }),
                Err(_) => Some(SourceProblem::Unreadable),
            };
            if let Some(problem) = problem {
                issues.push(SourceIssue { position: self.position, group: None, problem, sets_aside: true });
                continue;
            }
            batch.positions.push(self.position);
            for ((cells, cell), seen) in columns.iter_mut().zip(&self.row.cells).zip(&mut self.seen) {
                *seen |= cell.is_some();
                match cell {
                    Some(Cell::Text(from, to)) => cells.push(&self.row.text[*from..*to]),
                    Some(Cell::Odd(raw)) => cells.push_odd(*raw),
                    None => cells.push_odd(Raw::Missing),
                }
            }
        }
        // a column with a value for every row is not read; one that no row has is told of at the end
        batch.columns = columns
            .into_iter()
            .zip(&self.names)
            .map(|(cells, name)| (!name.is_empty()).then_some(Cells::Text(cells)))
            .collect();
        Ok(more)
    }

    /// At the end: which columns no row had, and whether rows had names that no column has.
    pub(super) fn heads(&self, plans: &Plans<'_>) -> Result<Heads, TableError> {
        let has_rows = self.seen.iter().any(|seen| *seen);
        let in_head = |at: usize| self.head.as_ref().is_some_and(|head| head[at]);
        let columns = self.seen.iter().enumerate().map(|(at, seen)| (*seen || in_head(at)).then_some(0)).collect();
        let heads = Heads { columns, unread: Vec::new(), others: self.row.other };
        if has_rows { heads.checked(plans) } else { Ok(heads) }
    }

    fn read_line(&mut self) -> Result<bool, TableError> {
        self.line.clear();
        let n = self.source.read_until(b'\n', &mut self.line).map_err(TableError::Io)?;
        if self.position == 0 {
            if self.line.starts_with(&[0xff, 0xfe]) || self.line.starts_with(&[0xfe, 0xff]) {
                return Err(TableError::Encoding("UTF-16"));
            }
            if self.line.starts_with(&[0xef, 0xbb, 0xbf]) {
                self.line.drain(..3);
            }
        }
        Ok(n > 0)
    }
}

/// The names of a head line, if a line is one.
pub(super) fn head_line(line: &[u8]) -> Option<Vec<String>> {
    if line.first() == Some(&b'[') { serde_json::from_slice(line).ok() } else { None }
}

impl Found {
    fn begin(&mut self, n_columns: usize) {
        self.text.clear();
        self.cells.clear();
        self.cells.resize(n_columns, None);
        self.twice = false;
    }

    fn put(&mut self, cell: impl FnOnce(&mut String)) -> Cell {
        let from = self.text.len();
        cell(&mut self.text);
        Cell::Text(from, self.text.len())
    }
}

/// Reads an object into the cells of a row.
struct RowOf<'r> {
    names: &'r [String],
    row: &'r mut Found,
}

impl<'de> Visitor<'de> for RowOf<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let names = self.names;
        while let Some(column) = map.next_key_seed(NameOf(names))? {
            if let Some(at) = column {
                let cell = map.next_value_seed(CellOf(self.row))?;
                self.row.twice |= self.row.cells[at].replace(cell).is_some();
            } else {
                self.row.other = true;
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Which column a name is of.
struct NameOf<'n>(&'n [String]);

impl<'de> DeserializeSeed<'de> for NameOf<'_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameOf<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| known == name && !name.is_empty()))
    }
}

fn write_number(cells: &mut String, number: impl fmt::Display) {
    // writing to a text cannot fail
    let _ = write!(cells, "{number}");
}

/// Reads a value into a cell.
struct CellOf<'r>(&'r mut Found);

impl<'de> DeserializeSeed<'de> for CellOf<'_> {
    type Value = Cell;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Cell, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CellOf<'_> {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(self.0.put(|cells| cells.push_str(text)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(self.0.put(|cells| write_number(cells, number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(self.0.put(|cells| write_number(cells, number)))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Cell, E> {
        Ok(Cell::Odd(Raw::Odd))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Cell, E> {
        Ok(Cell::Odd(Raw::Flag(flag)))
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Odd(Raw::Empty))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Odd(Raw::Odd))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Cell, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Odd(Raw::Odd))
    }
}
