//! Rows of a file copied as they stand: to be repaired and read again.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{Read, Write};

use csv::ByteRecord;
use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use super::json::head_line;
use super::mapping::Mapping;
use super::{Format, TableError};

const MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// Writes the rows at some positions (from 1) of a file as a file of its own, byte for byte, with its head line. JSON Lines get
/// one, of all names that the file's rows have.
///
/// Gives the names of columns that are not in the copy, because they are damaged (Parquet): columns that nothing reads can be.
///
/// # Errors
/// As [`read`](super::read()), and what `to` refuses.
pub fn copy_rows(
    mut source: impl Read,
    format: Format,
    mapping: &Mapping,
    positions: &BTreeSet<u64>,
    mut to: impl Write,
) -> Result<Vec<String>, TableError> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(TableError::Io)?;
    match format {
        Format::Csv => csv_rows(&bytes, mapping, positions, &mut to).map(|()| Vec::new()),
        Format::JsonLines => lines(&bytes, positions, &mut to).map(|()| Vec::new()),
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
    let rows = || text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|row| !row.is_empty());
    let head = rows().next().and_then(head_line);
    let n_heads = usize::from(head.is_some());
    let mut names: BTreeSet<String> = head.into_iter().flatten().collect();
    for row in rows().skip(n_heads) {
        // a row that cannot be read has no names
        let _ = serde_json::Deserializer::from_slice(row).deserialize_map(NamesOf(&mut names));
    }
    let names: Vec<String> = names.into_iter().collect();
    serde_json::to_writer(&mut *to, &names).map_err(|error| TableError::Io(error.into()))?;
    line(b"", to)?;
    for (position, row) in (1..).zip(rows().skip(n_heads)) {
        if positions.contains(&position) {
            line(row, to)?;
        }
    }
    Ok(())
}

/// Takes the names of an object.
struct NamesOf<'n>(&'n mut BTreeSet<String>);

impl<'de> Visitor<'de> for NamesOf<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.0.insert(name);
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// A row without the ends of lines around it, and one of its own.
fn line(row: &[u8], to: &mut impl Write) -> Result<(), TableError> {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let from = row.iter().position(|byte| !is_end(byte)).unwrap_or(row.len());
    let until = row.iter().rposition(|byte| !is_end(byte)).map_or(from, |last| last + 1);
    to.write_all(&row[from..until]).and_then(|()| to.write_all(b"\n")).map_err(TableError::Io)
}

#[cfg(feature = "parquet")]
fn parquet_rows(bytes: Vec<u8>, positions: &BTreeSet<u64>, to: &mut impl Write) -> Result<Vec<String>, TableError> {
    use arrow_schema::Schema;
    use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
    use parquet::arrow::{ArrowWriter, ProjectionMask};

    use super::parquet::guarded;

    let broken = |_| TableError::Broken { after: 0 };
    let bytes = bytes::Bytes::from(bytes);
    let reader = |roots: Vec<usize>| -> Result<ParquetRecordBatchReader, TableError> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).map_err(broken)?;
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        builder.with_projection(mask).build().map_err(broken)
    };
    let copy = |roots: Vec<usize>| -> Result<Vec<u8>, TableError> {
        let mut copied = Vec::new();
        let reader = reader(roots)?;
        let schema: Schema = arrow_array::RecordBatchReader::schema(&reader).as_ref().clone();
        let mut writer = ArrowWriter::try_new(&mut copied, schema.into(), None).map_err(broken)?;
        let mut position = 0;
        for batch in reader {
            let batch = batch.map_err(|_| TableError::Broken { after: position })?;
            for row in 0..batch.num_rows() {
                position += 1;
                if positions.contains(&position) {
                    writer.write(&batch.slice(row, 1)).map_err(broken)?;
                }
            }
        }
        writer.close().map_err(broken)?;
        Ok(copied)
    };
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).map_err(broken)?;
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let (copied, damaged) = match guarded(0, || copy((0..names.len()).collect())) {
        Ok(copied) => (copied, Vec::new()),
        Err(error) => {
            // which columns it is
            let is_sound =
                |at: &usize| guarded(0, || Ok(reader(vec![*at])?.all(|batch| batch.is_ok()))).unwrap_or(false);
            let (sound, damaged): (Vec<usize>, Vec<usize>) = (0..names.len()).partition(is_sound);
            if sound.is_empty() || damaged.is_empty() {
                return Err(error);
            }
            (guarded(0, || copy(sound))?, damaged.into_iter().map(|at| names[at].clone()).collect())
        }
    };
    to.write_all(&copied).map_err(TableError::Io)?;
    Ok(damaged)
}

#[cfg(not(feature = "parquet"))]
fn parquet_rows(_: Vec<u8>, _: &BTreeSet<u64>, _: &mut impl Write) -> Result<Vec<String>, TableError> {
    Err(TableError::NotBuilt)
}
