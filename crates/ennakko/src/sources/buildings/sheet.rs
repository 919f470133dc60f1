//! Rows of a sheet saved as CSV, with columns by name.
//!
//! Names are compared in small letters, with letters and digits only: sheets have soft hyphens, hyphens, blanks and line ends
//! within them (`Käytös-säolo-tilanne`). Cells are handed over as they are, without the blanks around them.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use super::BuildingsError;

/// How sheets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetForm {
    /// What stands between cells.
    pub delimiter: u8,
    /// What bytes mean.
    pub encoding: Encoding,
}

/// What bytes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// ISO-8859-1.
    Latin1,
}

impl Encoding {
    /// The text of bytes; none if they are none.
    pub(super) fn text(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
        }
    }
}

/// A sheet.
pub(super) struct Sheet<'s> {
    name: &'static str,
    form: SheetForm,
    reader: csv::Reader<&'s mut dyn Read>,
    columns: Vec<String>,
    position: u64,
}

/// A row: its cells, or why they cannot be used.
pub(super) enum Row {
    Cells(Vec<String>),
    /// Not text, or not as many cells as the head line has.
    Unreadable,
}

/// Where a column stands; nowhere, if the sheet does not have it.
#[derive(Clone, Copy)]
pub(super) struct Column(Option<usize>);

impl Column {
    /// The cell without the blanks around it; empty if there is nothing in it, or no such column.
    pub(super) fn of(self, cells: &[String]) -> &str {
        self.0.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim())
    }
}

impl<'s> Sheet<'s> {
    pub(super) fn open(name: &'static str, form: SheetForm, input: &'s mut dyn Read) -> Result<Self, BuildingsError> {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(form.delimiter).has_headers(false).flexible(true).from_reader(input);
        let mut head = csv::ByteRecord::new();
        reader.read_byte_record(&mut head).map_err(|error| broken(name, 0, error))?;
        let columns =
            head.iter().map(|cell| form.encoding.text(cell).map_or(String::new(), |cell| plain(&cell))).collect();
        Ok(Self { name, form, reader, columns, position: 0 })
    }

    /// The column of one of several names; nowhere if there is none.
    pub(super) fn column(&self, names: &[&'static str]) -> Result<Column, BuildingsError> {
        let mut found = None;
        for name in names {
            for (at, _) in self.columns.iter().enumerate().filter(|(_, column)| column == name) {
                if found.replace(at).is_some() {
                    return Err(BuildingsError::TwoColumns { sheet: self.name, column: name });
                }
            }
        }
        Ok(Column(found))
    }

    /// The column of a name, which must be there.
    pub(super) fn needed(&self, name: &'static str) -> Result<Column, BuildingsError> {
        match self.column(&[name])? {
            Column(None) => Err(BuildingsError::NoColumn { sheet: self.name, column: name }),
            found => Ok(found),
        }
    }

    /// The next row with its position, from 1.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Row)>, BuildingsError> {
        let mut record = csv::ByteRecord::new();
        let more =
            self.reader.read_byte_record(&mut record).map_err(|error| broken(self.name, self.position, error))?;
        if !more {
            return Ok(None);
        }
        self.position += 1;
        let cells: Option<Vec<String>> = record.iter().map(|cell| self.form.encoding.text(cell)).collect();
        let row = cells.filter(|cells| cells.len() == self.columns.len()).map_or(Row::Unreadable, Row::Cells);
        Ok(Some((self.position, row)))
    }
}

/// What a file of rows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// The open address file: no head line, no quotes.
    AddressFile,
    /// A sheet of the licensed delivery.
    Sheet(SheetForm),
}

/// Writes the rows at some positions (from 1, without the head line) as a file of their own, in the same form and encoding and
/// with the same head line: to be repaired and read again.
///
/// # Errors
/// What reading and writing meets, as [`BuildingsError::Io`] and [`BuildingsError::Broken`].
pub fn copy_rows(
    input: impl Read,
    rows: Rows,
    positions: &BTreeSet<u64>,
    output: impl Write,
) -> Result<(), BuildingsError> {
    let (delimiter, has_head, quotes) = match rows {
        Rows::AddressFile => (b';', false, csv::QuoteStyle::Never),
        Rows::Sheet(form) => (form.delimiter, true, csv::QuoteStyle::Necessary),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .quoting(has_head)
        .from_reader(input);
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).flexible(true).quote_style(quotes).from_writer(output);
    let mut row = csv::ByteRecord::new();
    let mut position = u64::from(!has_head);
    while reader.read_byte_record(&mut row).map_err(|error| broken("rows", position, error))? {
        if position == 0 || positions.contains(&position) {
            writer.write_byte_record(&row).map_err(|error| broken("rows", position, error))?;
        }
        position += 1;
    }
    writer.flush()?;
    Ok(())
}

/// A column's name as it is compared.
fn plain(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A reading that failed, without what the CSV reader says of the content.
pub(super) fn broken(sheet: &'static str, after: u64, error: csv::Error) -> BuildingsError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => BuildingsError::Io(error),
        _ => BuildingsError::Broken { sheet, after },
    }
}
