//! Why a register folder cannot be loaded. No message holds anything that a source delivered.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use ennakko_core::key::IdentityTableError;
use ennakko_rules::Diagnostic;
use thiserror::Error;

use crate::sources::buildings::BuildingsError;
use crate::sources::finnish::FinnishError;
use crate::sources::navet::NavetError;
use crate::sources::table::TableError;

/// Why a register folder cannot be loaded. What was loaded before, the identity table and set-aside files are as they were.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RegisterFolderError {
    /// `register.toml`, or a mapping it names, is not as it should be.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").trim_end())]
    Mistakes(Vec<Diagnostic>),
    /// A file or a folder cannot be read.
    #[error("cannot read {path}: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file or a folder cannot be written.
    #[error("cannot write {path}: {error}")]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Neither `register.toml` nor the caller says of which day the register is.
    #[error("of which day is the register? give the day, or write `day = 2026-12-01` into `register.toml`")]
    NoDay,
    /// No file is there for a source.
    #[error("source `{source_name}`: no file `{file}` of {day} or before")]
    NoFile {
        /// The source.
        source_name: String,
        /// The name as written.
        file: String,
        /// The register's day.
        day: NaiveDate,
    },
    /// Nothing tells the day of a source.
    #[error("source `{source_name}`: nothing tells of which day it is; write `day = 2026-12-01` under it")]
    NoSourceDay {
        /// The source.
        source_name: String,
    },
    /// A source is of a later day than the register.
    #[error("source `{source_name}` is of {day}, later than the register's day {register}")]
    LaterSource {
        /// The source.
        source_name: String,
        /// Its day.
        day: NaiveDate,
        /// The register's day.
        register: NaiveDate,
    },
    /// Base data is older than what was loaded before.
    #[error("source `{source_name}` is of {day}, and base data of {before} has been loaded already")]
    EarlierBase {
        /// The source.
        source_name: String,
        /// Its day.
        day: NaiveDate,
        /// The day of the base data loaded before.
        before: NaiveDate,
    },
    /// A file cannot be used at all.
    #[error("source `{source_name}`: {path}: {error}")]
    Source {
        /// The source.
        source_name: String,
        /// Its file.
        path: PathBuf,
        /// Why.
        error: SourceError,
    },
    /// What was to be asked for did not come.
    #[error("source `{source_name}`: {why}")]
    NotAnswered {
        /// The source.
        source_name: String,
        /// Why; nothing of what was sent or came.
        why: String,
    },
    /// A file with a secret of the city's does not hold one.
    #[error("{path} does not hold a secret: {why}")]
    Secret {
        /// The file.
        path: PathBuf,
        /// Why.
        why: &'static str,
    },
    /// The identity table cannot be used.
    #[error("{path}: {error}")]
    Identities {
        /// Its file.
        path: PathBuf,
        /// Why.
        error: IdentityTableError,
    },
    /// A line of the identity table cannot be read.
    #[error("{path}: line {line} is no row of an identity table with codes of the kind that `register.toml` names")]
    IdentityLine {
        /// Its file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A first load was asked for, and there is a table already.
    #[error("{path} is there already: this is not the city's first load")]
    NotFirst {
        /// The identity table.
        path: PathBuf,
    },
    /// Sources have fewer or more records than they should.
    #[error("{}", told(.0))]
    Rows(Vec<BandBroken>),
    /// Somebody has worked on a set-aside file where it would be written over.
    #[error("{path} was changed since it was written, and a load would write over it; move it and name it as a source")]
    SetAsideChanged {
        /// The file.
        path: PathBuf,
    },
    /// Another load is at work.
    #[error("another load of {path} is at work")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing has been loaded yet.
    #[error("nothing has been loaded in {path} yet")]
    NotLoaded {
        /// The folder.
        path: PathBuf,
    },
    /// What an earlier load kept cannot be read.
    #[error("{path} is not as a load left it")]
    Kept {
        /// The file.
        path: PathBuf,
    },
}

/// Why a file of a source cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Base data or changes.
    #[error(transparent)]
    Finnish(#[from] FinnishError),
    /// Buildings.
    #[error(transparent)]
    Buildings(#[from] BuildingsError),
    /// Swedish population data.
    #[error(transparent)]
    Navet(#[from] NavetError),
}

/// A source with fewer or more records than it should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandBroken {
    /// The source.
    pub source: String,
    /// How many records it has.
    pub read: u64,
    /// How many it had at the load before.
    pub before: Option<u64>,
}

impl fmt::Display for BandBroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source `{}` has {} records", self.source, self.read)?;
        if let Some(before) = self.before {
            write!(f, ", at the load before it had {before}")?;
        }
        f.write_str("; `rows` in `register.toml` expects another number")
    }
}

fn told(broken: &[BandBroken]) -> String {
    let told: Vec<String> = broken.iter().map(ToString::to_string).collect();
    told.join("\n")
}

impl RegisterFolderError {
    pub(super) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Unreadable { path, error }
    }

    pub(super) fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Unwritable { path, error }
    }
}
