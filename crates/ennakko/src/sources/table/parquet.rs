//! Parquet into batches of cells, by Arrow's reader. The file is handed over whole: its table of contents stands at its end.
//!
//! Rows are counted from 1. Columns of codes are read as dictionaries, so that each code is looked at once a batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, BooleanArray, Int32Array, StringArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use bytes::Bytes;
use chrono::{NaiveDate, TimeDelta};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use super::TableError;
use super::cell::{Batch, Cells, Raw};
use super::plan::{Plan, Plans};
use super::read::{BATCH_ROWS, Heads};
use super::schema::Kind;

/// A Parquet file while it is read.
pub(super) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    /// For each plan, which column of a batch.
    columns: Vec<Option<usize>>,
    /// Rows that the file says it has.
    n_rows: u64,
    position: u64,
}

/// What comes of a part of a file. The reader fails by panics too on some damaged ones (as of its version 60.1 where a
/// dictionary says that it is empty and is not): then the file is damaged, and nothing that was being read is used again.
pub(super) fn guarded<T>(after: u64, read: impl FnOnce() -> Result<T, TableError>) -> Result<T, TableError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(TableError::Broken { after }))
}

impl ParquetRows {
    /// Reads the table of contents.
    pub(super) fn open(file: Vec<u8>, plans: &Plans<'_>) -> Result<(Self, Heads), TableError> {
        guarded(0, || Self::opened(file, plans))
    }

    fn opened(file: Vec<u8>, plans: &Plans<'_>) -> Result<(Self, Heads), TableError> {
        let broken = |_| TableError::Broken { after: 0 };
        let file = Bytes::from(file);
        // types by the file's own schema; what its writer had in memory is of no concern
        let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let contents = ArrowReaderMetadata::load(&file, options()).map_err(broken)?;
        let fields: Vec<Field> = contents.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
        let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
        let heads = Heads::of(&names, plans)?;
        let mut wanted = fields.clone();
        for (plan, at) in plans.columns.iter().zip(&heads.columns) {
            let Some(at) = *at else { continue };
            check_type(plan, fields[at].data_type())?;
            if *fields[at].data_type() == DataType::Utf8 && is_dictionary_like(plan) {
                let texts = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                wanted[at] = fields[at].clone().with_data_type(texts);
            }
        }
        let options = options().with_schema(Arc::new(Schema::new(wanted)));
        let contents = ArrowReaderMetadata::try_new(contents.metadata().clone(), options).map_err(broken)?;
        let n_rows = u64::try_from(contents.metadata().file_metadata().num_rows());
        let n_rows = n_rows.map_err(|_| TableError::Broken { after: 0 })?;
        let mut roots: Vec<usize> = heads.columns.iter().flatten().copied().collect();
        roots.sort_unstable();
        let columns =
            heads.columns.iter().map(|at| at.and_then(|at| roots.iter().position(|root| *root == at))).collect();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, contents);
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(broken)?;
        Ok((Self { reader, columns, n_rows, position: 0 }, heads))
    }

    /// The next rows. False at the end of the file.
    pub(super) fn next(&mut self, batch: &mut Batch) -> Result<bool, TableError> {
        batch.positions.clear();
        batch.columns.clear();
        let after = self.position;
        let read = guarded(after, || self.reader.next().transpose().map_err(|_| TableError::Broken { after }))?;
        let Some(read) = read else {
            batch.columns.resize_with(self.columns.len(), || None);
            return if after == self.n_rows { Ok(false) } else { Err(TableError::Broken { after }) };
        };
        let first = self.position + 1;
        self.position += read.num_rows() as u64;
        batch.positions.extend(first..=self.position);
        for at in &self.columns {
            let values = at.and_then(|at| read.columns().get(at)).map(Values::of);
            batch.columns.push(values.map(Cells::Arrow));
        }
        Ok(true)
    }
}

fn is_dictionary_like(plan: &Plan<'_>) -> bool {
    use Kind as K;
    matches!(plan.kind(), K::Municipality | K::Language | K::Word(_) | K::ListState | K::Flag | K::Few)
}

/// Whether cells of a type can be those of a column at all.
fn check_type(plan: &Plan<'_>, found: &DataType) -> Result<(), TableError> {
    use DataType as D;
    let words = match found {
        D::Utf8 | D::Null | D::Boolean | D::Date32 | D::Timestamp(_, None) => return Ok(()),
        found if found.is_integer() => return Ok(()),
        D::Timestamp(_, Some(_)) => "points in time; write days",
        D::Float16 | D::Float32 | D::Float64 => "numbers with a floating point; write whole numbers or texts",
        D::Decimal32(..) | D::Decimal64(..) | D::Decimal128(..) | D::Decimal256(..) => {
            "decimal numbers; write whole numbers or texts"
        }
        D::Binary | D::FixedSizeBinary(_) => "bytes; write texts",
        _ => "neither texts, whole numbers, flags nor days",
    };
    Err(TableError::ColumnType { column: plan.name.clone(), found: words })
}

/// The values of one column in a batch.
#[derive(Debug)]
pub(super) enum Values {
    Dictionary(Dictionary),
    Texts(StringArray),
    Flags(BooleanArray),
    Numbers(Vec<Option<i64>>),
    Days(Vec<Raw<'static>>),
    /// Nulls, or what should not have come.
    None,
}

/// Texts by number.
#[derive(Debug)]
pub(super) struct Dictionary {
    keys: Int32Array,
    values: StringArray,
}

impl Dictionary {
    pub(super) fn texts(&self) -> impl Iterator<Item = Raw<'_>> {
        (0..self.values.len()).map(|at| text(&self.values, at))
    }

    /// Which text a row has; none for a null.
    pub(super) fn key(&self, row: usize) -> Option<usize> {
        let has = row < self.keys.len() && self.keys.is_valid(row);
        has.then(|| usize::try_from(self.keys.value(row)).ok()).flatten()
    }
}

impl Values {
    fn of(column: &ArrayRef) -> Self {
        match column.data_type() {
            DataType::Utf8 => Self::Texts(column.as_string().clone()),
            DataType::Dictionary(..) => match column.as_dictionary_opt::<Int32Type>() {
                Some(texts) => match texts.values().as_string_opt::<i32>() {
                    Some(values) => Self::Dictionary(Dictionary { keys: texts.keys().clone(), values: values.clone() }),
                    None => Self::None,
                },
                None => Self::None,
            },
            DataType::Boolean => Self::Flags(column.as_boolean().clone()),
            DataType::Int8 => numbers::<Int8Type>(column),
            DataType::Int16 => numbers::<Int16Type>(column),
            DataType::Int32 => numbers::<Int32Type>(column),
            DataType::Int64 => numbers::<Int64Type>(column),
            DataType::UInt8 => numbers::<UInt8Type>(column),
            DataType::UInt16 => numbers::<UInt16Type>(column),
            DataType::UInt32 => numbers::<UInt32Type>(column),
            // beyond 63 bits it is no number of a register
            DataType::UInt64 => {
                let numbers = column.as_primitive::<UInt64Type>();
                Self::Numbers(
                    numbers
                        .iter()
                        .map(|number| number.map(|number| i64::try_from(number).unwrap_or(i64::MAX)))
                        .collect(),
                )
            }
            DataType::Date32 => days::<Date32Type>(column, 1),
            DataType::Timestamp(unit, None) => match unit {
                TimeUnit::Second => days::<TimestampSecondType>(column, 86_400),
                TimeUnit::Millisecond => days::<TimestampMillisecondType>(column, 86_400_000),
                TimeUnit::Microsecond => days::<TimestampMicrosecondType>(column, 86_400_000_000),
                TimeUnit::Nanosecond => days::<TimestampNanosecondType>(column, 86_400_000_000_000),
            },
            _ => Self::None,
        }
    }

    pub(super) fn get(&self, row: usize) -> Raw<'_> {
        match self {
            Self::Dictionary(dictionary) => match dictionary.key(row) {
                Some(key) if key < dictionary.values.len() => text(&dictionary.values, key),
                _ => Raw::Empty,
            },
            Self::Texts(texts) => text(texts, row),
            Self::Flags(flags) if flags.is_null(row) => Raw::Empty,
            Self::Flags(flags) => Raw::Flag(flags.value(row)),
            Self::Numbers(numbers) => numbers[row].map_or(Raw::Empty, Raw::Number),
            Self::Days(days) => days[row],
            Self::None => Raw::Empty,
        }
    }
}

fn text(texts: &StringArray, row: usize) -> Raw<'_> {
    if texts.is_null(row) {
        return Raw::Empty;
    }
    match texts.value(row) {
        "" => Raw::Empty,
        text => Raw::Text(text),
    }
}

fn numbers<T: ArrowPrimitiveType<Native: Into<i64>>>(column: &ArrayRef) -> Values {
    Values::Numbers(column.as_primitive::<T>().iter().map(|number| number.map(Into::into)).collect())
}

/// Days from numbers since 1970-01-01, so many of them a day.
fn days<T: ArrowPrimitiveType<Native: Into<i64>>>(column: &ArrayRef, per_day: i64) -> Values {
    let day = |number: i64| {
        if number % per_day != 0 {
            return Raw::NotADay;
        }
        let day = TimeDelta::try_days(number / per_day).and_then(|days| NaiveDate::default().checked_add_signed(days));
        day.map_or(Raw::NotADay, Raw::Day)
    };
    let days = column.as_primitive::<T>().iter();
    Values::Days(days.map(|number| number.map_or(Raw::Empty, |number| day(number.into()))).collect())
}
