//! Tables of any city's warehouse: CSV, JSON Lines and Parquet (feature `parquet`), by one [schema] and the city's own
//! [mapping] of names, codes and spellings.
//!
//! A file is [read](read()) to its end or not at all; tables that belong together are then [joined](join): owners and
//! stairwells to buildings, rights to custody. A row that cannot be used is set aside with its number and the column's name.
//! A cell that cannot be read makes its fact unknown, with an issue, and the row is used: a person whose birth date is torn
//! is still a person who may be protected. Only what a row is nothing without sets it aside.
//!
//! Nothing is trimmed, rounded or guessed. `91` is not `091`, `1e5` and `3.0` are no whole numbers, `44044` is no day, and an
//! empty cell is what the schema or the mapping says it is.
//!
//! ```
//! use ennakko::core::identity::finnish::Profile;
//! use ennakko::sources::table::{Format, Mapping, Reading, Table, join, read};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mapping = Mapping::parse("mapping.toml", r#"
//!     version = 1
//!     csv.delimiter = ";"
//!     residents.columns = { code = "HETU", born = "SYNTAIKA" }
//!     residents.always = { dead = false, municipality = "091", protected = false, custodians = "whole" }
//!     residents.none.dwelling = ""
//! "#).map_err(|mistakes| mistakes[0].to_string())?;
//! let file = "HETU;SYNTAIKA;dwelling\n100190-999P;1990-01-10;903048741J A 001 \n";
//! let reading = Reading { format: Format::Csv, mapping: &mapping, profile: Profile::SAMPLE };
//! let residents = read(Table::Residents, file.as_bytes(), &reading)?;
//! let loads = join(vec![("residents.csv".to_owned(), residents)]);
//! assert_eq!((loads[0].1.read, loads[0].1.used), (1, 1));
//! # Ok(())
//! # }
//! ```

mod cell;
mod date;
pub mod mapping;
mod plan;
mod row;
pub mod schema;

mod csv;
mod json;
#[cfg(feature = "parquet")]
mod parquet;
mod quotes;
mod read;

mod copy_rows;
mod facts;
mod homes;
mod join;
mod people;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Read};

use chrono::NaiveDate;
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::identity::PermanentBuildingId;
use ennakko_core::identity::finnish::Profile;
use ennakko_core::record::{CustodyRight, Owner, Stairwell, Who};
use thiserror::Error;

use super::{Loaded, SourceIssue};
use cell::Batch;
use facts::FactRows;
use people::Stays;
use plan::Plans;

pub use copy_rows::copy_rows;
pub use join::join;
pub use mapping::Mapping;
pub use schema::TableName;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, or with another delimiter: RFC 4180 with a head line.
    Csv,
    /// An object a line, UTF-8.
    JsonLines,
    /// Parquet, with Snappy, Zstandard or no compression.
    Parquet,
}

/// Which table a file is.
#[derive(Clone, Copy, Debug)]
pub enum Table<'t> {
    /// `residents`
    Residents,
    /// `histories`
    Histories,
    /// `deaths`
    Deaths,
    /// `custody`
    Custody,
    /// `rights`
    Rights,
    /// `dwellings`
    Dwellings,
    /// `buildings`
    Buildings,
    /// `owners`
    Owners,
    /// `stairwells`
    Stairwells,
    /// `facts`
    Facts {
        /// The facts it holds, all of residents or all of buildings.
        declared: &'t [FactDeclaration],
        /// The day of the delivery.
        delivered_on: NaiveDate,
    },
}

impl<'t> Table<'t> {
    /// The table of a name; `facts` holds these, as of the day of their delivery.
    pub fn named(name: TableName, declared: &'t [FactDeclaration], delivered_on: NaiveDate) -> Self {
        match name {
            TableName::Residents => Self::Residents,
            TableName::Histories => Self::Histories,
            TableName::Deaths => Self::Deaths,
            TableName::Custody => Self::Custody,
            TableName::Rights => Self::Rights,
            TableName::Dwellings => Self::Dwellings,
            TableName::Buildings => Self::Buildings,
            TableName::Owners => Self::Owners,
            TableName::Stairwells => Self::Stairwells,
            TableName::Facts => Self::Facts { declared, delivered_on },
        }
    }

    /// Its name in the schema.
    pub fn name(self) -> TableName {
        match self {
            Self::Residents => TableName::Residents,
            Self::Histories => TableName::Histories,
            Self::Deaths => TableName::Deaths,
            Self::Custody => TableName::Custody,
            Self::Rights => TableName::Rights,
            Self::Dwellings => TableName::Dwellings,
            Self::Buildings => TableName::Buildings,
            Self::Owners => TableName::Owners,
            Self::Stairwells => TableName::Stairwells,
            Self::Facts { .. } => TableName::Facts,
        }
    }
}

/// How files are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'m> {
    /// How they are written.
    pub format: Format,
    /// The city's names, codes and spellings.
    pub mapping: &'m Mapping,
    /// Which identity codes and building ids may occur. The last day of birth goes for Swedish numbers too.
    pub profile: Profile,
}

/// Why a file cannot be used at all; nothing of it is. Names of columns are the schema's and the mapping's own.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// There is no head line, or not one of names.
    #[error("has no head line that can be read")]
    NoHead,
    /// A column that must be there is not.
    #[error("has no column `{head}`, which is wanted for `{column}`")]
    MissingColumn {
        /// The schema's name.
        column: Cow<'static, str>,
        /// The name looked for.
        head: String,
    },
    /// Two columns of one name.
    #[error("has two columns `{head}`, and one is wanted for `{column}`")]
    TwiceColumn {
        /// The schema's name.
        column: Cow<'static, str>,
        /// The name looked for.
        head: String,
    },
    /// A column holds what the schema's cannot.
    #[error("holds {found} in the column for `{column}`")]
    ColumnType {
        /// The schema's name.
        column: Cow<'static, str>,
        /// What stands there.
        found: &'static str,
    },
    /// A quotation mark tears the file.
    #[error("has a quotation mark that is not closed, in a row after row {after}")]
    TornQuote {
        /// Rows read before.
        after: u64,
    },
    /// It breaks off or is damaged.
    #[error("breaks off or is damaged after row {after}")]
    Broken {
        /// Rows read before.
        after: u64,
    },
    /// It is of another encoding than the mapping says.
    #[error("is written in {0}, which is not what the mapping says or can say")]
    Encoding(&'static str),
    /// Facts of nobody, of households, or of two kinds of subjects.
    #[error("a fact table is about residents or about buildings")]
    Subject,
    /// Parquet is a feature of this crate.
    #[error("is Parquet, which this program was built without")]
    NotBuilt,
}

/// A file read, before it is joined with others.
#[derive(Debug)]
pub struct TableRead {
    table: TableName,
    made: Made,
    seen: Seen,
}

impl TableRead {
    /// Which columns were there.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }
}

/// Which columns a file had, to be told once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Columns of the schema that it does not have and that no mapping gives a value for.
    pub absent: Vec<Cow<'static, str>>,
    /// Its own columns that nothing reads, by name.
    pub unread: Vec<String>,
    /// Whether rows had other names that nothing reads (JSON Lines, whose names are not listed: any may be a person's).
    pub others_unread: bool,
}

/// Records, and what is to be joined to records of other tables.
#[derive(Debug, Default)]
struct Made {
    loaded: Loaded,
    later: Later,
}

/// What belongs to records of another table; without a value where the row was set aside, so that its list is not whole.
#[derive(Debug, Default)]
struct Later {
    rights: Vec<(u64, (Who, Who), Option<CustodyRight>)>,
    owners: Vec<(u64, PermanentBuildingId, Option<Owner>)>,
    stairwells: Vec<(u64, PermanentBuildingId, Option<Stairwell>)>,
    /// Children beside whom somebody is recorded who could not be read.
    opened: Vec<Who>,
}

/// Reads a file to its end.
///
/// # Errors
///
/// Whatever makes the file unusable as a whole, see [`TableError`]. Rows that cannot be used are issues.
pub fn read(table: Table<'_>, source: impl Read, reading: &Reading<'_>) -> Result<TableRead, TableError> {
    let Reading { format, mapping, profile } = *reading;
    let mut made = Made::default();
    let mut plans = Plans::of(table.name(), mapping, profile);
    let mut stays = Stays::default();
    let mut facts = match table {
        Table::Facts { declared, delivered_on } => {
            Some(FactRows::of(declared, delivered_on, mapping, &mut plans, &mut made)?)
        }
        _ => None,
    };
    let plans = plans;
    let mut issues = Vec::new();
    let each = |batch: &Batch, issues: &mut Vec<SourceIssue>| match table {
        Table::Residents => people::residents(&plans, batch, issues, &mut made),
        Table::Histories => stays.read(&plans, batch, issues, &mut made),
        Table::Deaths => people::deaths(&plans, batch, issues, &mut made),
        Table::Custody => people::custody(&plans, batch, issues, &mut made),
        Table::Rights => people::rights(&plans, batch, issues, &mut made),
        Table::Dwellings => homes::dwellings(&plans, batch, issues, &mut made),
        Table::Buildings => homes::buildings(&plans, batch, issues, &mut made),
        Table::Owners => homes::owners(&plans, batch, issues, &mut made),
        Table::Stairwells => homes::stairwells(&plans, batch, issues, &mut made),
        Table::Facts { .. } => {
            if let Some(facts) = &mut facts {
                facts.read(&plans, batch, issues, &mut made);
            }
        }
    };
    let (heads, n_rows) = read::batches(source, (format, mapping.csv), &plans, &mut issues, each)?;
    issues.sort_by_key(|issue| issue.position);
    made.loaded.issues = issues;
    made.loaded.read = n_rows;
    let seen = Seen { absent: heads.absent(&plans), unread: heads.unread, others_unread: heads.others };
    Ok(TableRead { table: table.name(), made, seen })
}
