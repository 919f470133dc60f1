//! Rows of a file copied as they stand: to be repaired and read again.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use csv::ByteRecord;

use super::mapping::Mapping;
use super::{Format, TableError};

const MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// Writes the rows at some positions (from 1) of a file as a file of its own, byte for byte, with its head line.
///
/// # Errors
/// As [`read`](super::read()), and what `to` refuses.
pub fn copy_rows(
    mut source: impl Read,
    format: Format,
    mapping: &Mapping,
    positions: &BTreeSet<u64>,
    mut to: impl Write,
) -> Result<(), TableError> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(TableError::Io)?;
    match format {
        Format::Csv => csv_rows(&bytes, mapping, positions, &mut to),
        Format::JsonLines => lines(&bytes, positions, &mut to),
        Format::Parquet => parquet_rows(bytes, positions, &mut to),
    }
}

fn csv_rows(bytes: &[u8], mapping: &Mapping, positions: &BTreeSet<u64>, to: &mut impl Write) -> Result<(), TableError> {
    let text = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mapping.csv.delimiter)
        .quoting(mapping.csv.quotes)
        .flexible(true)
        .has_headers(false)
        .from_reader(text);
    let mut record = ByteRecord::new();
    let mut position = 0;
    let mut from = 0;
    while reader.read_byte_record(&mut record).map_err(|_| TableError::Broken { after: position })? {
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        // the head line comes first, and is no row
        if position == 0 || positions.contains(&position) {
            if position == 0 && text.len() < bytes.len() {
                to.write_all(MARK).map_err(TableError::Io)?;
            }
            line(text.get(from..end).unwrap_or_default(), to)?;
        }
        from = end;
        position += 1;
    }
    Ok(())
}

fn lines(bytes: &[u8], positions: &BTreeSet<u64>, to: &mut impl Write) -> Result<(), TableError> {
    let text = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let rows = text.split(|byte| *byte == b'\n').filter(|row| !row.trim_ascii().is_empty());
    for (position, row) in (1..).zip(rows) {
        if positions.contains(&position) {
            line(row, to)?;
        }
    }
    Ok(())
}

/// A row without the ends of lines around it, and one of its own.
fn line(row: &[u8], to: &mut impl Write) -> Result<(), TableError> {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let from = row.iter().position(|byte| !is_end(byte)).unwrap_or(row.len());
    let until = row.iter().rposition(|byte| !is_end(byte)).map_or(from, |last| last + 1);
    to.write_all(&row[from..until]).and_then(|()| to.write_all(b"\n")).map_err(TableError::Io)
}

#[cfg(feature = "parquet")]
fn parquet_rows(bytes: Vec<u8>, positions: &BTreeSet<u64>, to: &mut impl Write) -> Result<(), TableError> {
    use parquet::arrow::ArrowWriter;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let broken = |_| TableError::Broken { after: 0 };
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).map_err(broken)?;
    let mut copied = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut copied, builder.schema().clone(), None).map_err(broken)?;
    let mut position = 0;
    for batch in builder.build().map_err(broken)? {
        let batch = batch.map_err(|_| TableError::Broken { after: position })?;
        for row in 0..batch.num_rows() {
            position += 1;
            if positions.contains(&position) {
                writer.write(&batch.slice(row, 1)).map_err(broken)?;
            }
        }
    }
    writer.close().map_err(broken)?;
    to.write_all(&copied).map_err(TableError::Io)
}

#[cfg(not(feature = "parquet"))]
fn parquet_rows(_: Vec<u8>, _: &BTreeSet<u64>, _: &mut impl Write) -> Result<(), TableError> {
    Err(TableError::NotBuilt)
}
