//! One file from head to end: which of its columns are read, and its rows in batches, whatever its format.

use std::borrow::Cow;
use std::io::Read;

use super::super::SourceIssue;
use super::cell::Batch;
use super::csv::CsvRows;
use super::json::JsonRows;
use super::mapping::Csv;
use super::plan::{Plan, Plans};
use super::schema::Lacking;
use super::{Format, TableError};

/// Rows read before they become records.
pub(super) const BATCH_ROWS: usize = 8_192;

/// Which columns of a file are read.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// For each plan, which column of the file.
    pub(super) columns: Vec<Option<usize>>,
    /// Names of columns that nothing reads.
    pub(super) unread: Vec<String>,
    /// Whether rows had names that nothing reads (JSON Lines, where names are not listed).
    pub(super) others: bool,
}

impl Heads {
    /// For each plan, the name that it looks for in the file; none if every row has the same value, or if the mapping gives
    /// that name to another column.
    pub(super) fn wanted<'p>(plans: &'p Plans<'_>) -> impl Iterator<Item = Option<&'p str>> {
        plans.columns.iter().map(|plan| {
            let taken = |other: &Plan<'_>| other.mapped && other.header == plan.header;
            let taken = !plan.mapped && plans.columns.iter().any(taken);
            (plan.always.is_none() && !taken).then_some(plan.header.as_ref())
        })
    }

    /// The columns of a head line.
    pub(super) fn of(names: &[impl AsRef<str>], plans: &Plans<'_>) -> Result<Self, TableError> {
        let mut columns = Vec::with_capacity(plans.columns.len());
        for (wanted, plan) in Self::wanted(plans).zip(&plans.columns) {
            let mut found =
                names.iter().enumerate().filter(|(_, name)| Some(name.as_ref()) == wanted).map(|(at, _)| at);
            columns.push(found.next());
            if found.next().is_some() {
                return Err(TableError::TwiceColumn { column: plan.name.clone(), head: plan.header.to_string() });
            }
        }
        let unread = names.iter().enumerate().filter(|(at, _)| !columns.contains(&Some(*at)));
        let unread = unread.map(|(_, name)| name.as_ref().to_owned()).collect();
        Self { columns, unread, others: false }.checked(plans)
    }

    /// An error for a column that must be there and is not.
    pub(super) fn checked(self, plans: &Plans<'_>) -> Result<Self, TableError> {
        let missing = plans
            .columns
            .iter()
            .zip(&self.columns)
            .find(|(plan, at)| at.is_none() && plan.always.is_none() && plan.lacking == Lacking::Refused);
        match missing {
            Some((plan, _)) => {
                Err(TableError::MissingColumn { column: plan.name.clone(), head: plan.header.to_string() })
            }
            None => Ok(self),
        }
    }

    /// The schema's columns that the file does not have.
    pub(super) fn absent(&self, plans: &Plans<'_>) -> Vec<Cow<'static, str>> {
        let absent = plans.columns.iter().zip(&self.columns).filter(|(plan, at)| at.is_none() && plan.always.is_none());
        absent.map(|(plan, _)| plan.name.clone()).collect()
    }
}

/// Reads a file to its end, batch by batch; how many rows it has, those included that cannot be read.
pub(super) fn batches(
    source: impl Read,
    (format, csv): (Format, Csv),
    plans: &Plans<'_>,
    issues: &mut Vec<SourceIssue>,
    mut each: impl FnMut(&Batch, &mut Vec<SourceIssue>),
) -> Result<(Heads, usize), TableError> {
    let mut batch = Batch::default();
    let mut n_rows = 0;
    let mut more = true;
    let heads = match format {
        Format::Csv => {
            let (mut rows, heads) = CsvRows::open(source, csv, plans)?;
            while more {
                let before = issues.len();
                more = rows.next(&mut batch, issues)?;
                n_rows += batch.positions.len() + issues.len() - before;
                each(&batch, issues);
            }
            heads
        }
        Format::JsonLines => {
            let mut rows = JsonRows::open(source, plans);
            while more {
                let before = issues.len();
                more = rows.next(&mut batch, issues)?;
                n_rows += batch.positions.len() + issues.len() - before;
                each(&batch, issues);
            }
            rows.heads(plans)?
        }
        Format::Parquet => parquet(source, plans, |batch| {
            n_rows += batch.positions.len();
            each(batch, issues);
        })?,
    };
    Ok((heads, n_rows))
}

#[cfg(feature = "parquet")]
fn parquet(mut source: impl Read, plans: &Plans<'_>, mut each: impl FnMut(&Batch)) -> Result<Heads, TableError> {
    let mut file = Vec::new();
    source.read_to_end(&mut file).map_err(TableError::Io)?;
    let (mut rows, heads) = super::parquet::ParquetRows::open(file, plans)?;
    let mut batch = Batch::default();
    while rows.next(&mut batch)? {
        each(&batch);
    }
    Ok(heads)
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: impl Read, _: &Plans<'_>, _: impl FnMut(&Batch)) -> Result<Heads, TableError> {
    Err(TableError::NotBuilt)
}
