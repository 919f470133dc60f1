//! `register.toml`: which sources a register is loaded from, and what is expected of each.
//!
//! ```toml
//! version = 1
//! day = 2026-12-01                     # of the register; the command can give another
//! rules = "../rules/helsinki"          # where facts are declared
//! identity_table = "identity.jsonl"    # made by the first load, kept for ever
//! secret = "secret.key"                # 64 hexadecimal digits that the city keeps
//! codes = "real"                       # or "artificial": which identity codes may stand in the sources
//!
//! [[source]]
//! name = "population"
//! form = "finnish_base"                # answers to POST /perustiedot
//! file = "base-{day}.json"             # {day}: 2026-12-01 or 20261201; the latest one is read
//! everybody = true                     # everybody who lives in the city is in it
//! protection = "asked"                 # TURVAKIELTO was asked for: whoever has none is not protected
//! fresh_days = 14                      # older than this, what can have changed is unknown
//! rows = { at_least = 600_000, at_most = 750_000 }
//!
//! [[source]]
//! name = "changes"
//! form = "finnish_changes"             # answers to POST /muutokset, one or a list of them a file
//! file = "changes-{day}.json"          # all of them are read, each once
//!
//! [[source]]
//! name = "asked"
//! form = "finnish_changes"             # the same, asked for over HTTP (feature `finnish-http`)
//! address = "http://localhost:8080/r1/FI/GOV/0245437-2/VTJmutpa/VTJmutpa/api/v1"
//! access = "access.toml"               # user = "..." and password = "...", which stand nowhere else
//! x_road_client = "FI/GOV/9999999-9/ennakko"
//!
//! [[source]]
//! name = "pupils"
//! form = "table"                       # TABLES.md
//! table = "facts"
//! facts = ["resident.school_place_year"]
//! file = "pupils.csv"
//! mapping = "pupils.toml"
//! day = 2026-11-30
//! rows = { change_percent = 10 }       # against the load before
//!
//! [[source]]
//! name = "buildings"
//! form = "addresses"                   # the open address file; its rows tell their day
//! file = "Uusimaa_OPT_2026-11-14.OPT"
//!
//! [[source]]
//! name = "estates"
//! form = "building_sheets"             # the licensed delivery, each sheet saved as CSV
//! buildings = "R1-{day}.csv"
//! addresses = "R3-{day}.csv"           # this one and the next two may be missing
//! owners = "R4-{day}.csv"
//! dwellings = "R9-{day}.csv"
//! delimiter = ";"
//! encoding = "ISO-8859-1"              # or "UTF-8"
//! coordinates = "ETRS-TM35FIN"         # or "ETRS-GK25", "WGS84"
//!
//! [[source]]
//! name = "sweden"
//! form = "navet"
//! file = "avisering.xml"
//! day = 2026-11-30
//! everybody = true
//! secrecy = "always told"              # or "told where set"
//! ```
//!
//! Every mistake is told at its line, all at once.

mod feed;
mod file;
mod sheets;

#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::NaiveDate;
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::identity::Artificial;
use ennakko_rules::Diagnostic;

use crate::sources::buildings::SheetForm;
use crate::sources::buildings::place::System;
use crate::sources::finnish::NoGroup;
use crate::sources::navet::{MissingMark, Scope};
use crate::sources::table::{Format, TableName};

/// What `{day}` stands for in the name of a file.
pub(super) const DAY_IN_NAME: &str = "{day}";

/// Which kinds of sources are compiled in.
#[derive(Clone, Copy, Debug)]
struct Compiled {
    parquet: bool,
    http: bool,
}

impl Compiled {
    const HERE: Self = Self { parquet: cfg!(feature = "parquet"), http: cfg!(feature = "finnish-http") };
}

/// What a `register.toml` says.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The day of the register, if it is given here.
    pub day: Option<NaiveDate>,
    /// The rule folder that declares facts, as written.
    pub rules: Option<String>,
    /// The city's identity table, as written.
    pub identity_table: String,
    /// The file of the city's secret, as written.
    pub secret: String,
    /// Which identity codes may occur.
    pub codes: Artificial,
    /// The sources, in the order of the file.
    pub sources: Vec<SourcePlan>,
}

/// One source.
#[derive(Clone, Debug)]
pub struct SourcePlan {
    /// Its name: small letters, digits, `_` and `-`.
    pub name: String,
    /// What it is.
    pub form: Form,
    /// Its files as written, perhaps with `{day}` in them; none where it is asked for.
    pub files: Vec<String>,
    /// The day it is of; none: the file's name or contents tell it.
    pub day: Option<NaiveDate>,
    /// Days after which it is too old.
    pub fresh_days: Option<u32>,
    /// How many records it should have.
    pub band: Band,
}

/// What a source is.
#[derive(Clone, Debug)]
pub enum Form {
    /// Answers to `POST /perustiedot`.
    FinnishBase {
        /// Whether everybody who lives in the city is in it.
        everybody: bool,
        /// What it means that somebody has no group of protection.
        protection: NoGroup,
        /// Whether dwellings come from its addresses.
        dwellings: bool,
    },
    /// Answers to `POST /muutokset`.
    FinnishChanges {
        /// The source of base data, a position in [`Plan::sources`].
        base: usize,
        /// Where they are asked for; none: they stand in files.
        feed: Option<FeedPlan>,
    },
    /// A table of a warehouse.
    Table {
        /// Which one.
        table: TableName,
        /// How it is written.
        format: Format,
        /// The file of its mapping, as written.
        mapping: Option<String>,
        /// The facts it holds, `resident.school_place_year`, with where they stand in the file.
        facts: Vec<(String, Range<usize>)>,
    },
    /// The open address file of buildings.
    Addresses,
    /// The licensed delivery of buildings.
    BuildingSheets {
        /// Which sheet each of the source's files is.
        sheets: Vec<SheetName>,
        /// How they are written.
        form: SheetForm,
        /// The system of their coordinates.
        system: System,
    },
    /// Swedish population data.
    Navet {
        /// What a post without a secrecy mark says.
        secrecy: MissingMark,
        /// Whether everybody who lives in the municipality is in it.
        scope: Scope,
    },
}

impl Form {
    /// Whether its contents tell the day it is of.
    pub(super) fn tells_its_day(&self) -> bool {
        matches!(self, Self::FinnishChanges { .. } | Self::Addresses)
    }

    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::FinnishBase { .. } => "finnish_base",
            Self::FinnishChanges { .. } => "finnish_changes",
            Self::Table { .. } => "table",
            Self::Addresses => "addresses",
            Self::BuildingSheets { .. } => "building_sheets",
            Self::Navet { .. } => "navet",
        }
    }
}

/// The interface of the Finnish register, as `register.toml` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedPlan {
    /// Its address up to and with `/api/v1`.
    pub address: String,
    /// The file with user and password, as written.
    pub access: String,
    /// The authority's own name for its security server.
    pub x_road_client: Option<String>,
}

/// A sheet of the licensed delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetName {
    /// `R1 rakennus`.
    Buildings,
    /// `R3 osoite`.
    Addresses,
    /// `R4 omistaja`.
    Owners,
    /// `R9 huon asukk`.
    Dwellings,
}

impl SheetName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Buildings, Self::Addresses, Self::Owners, Self::Dwellings];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Buildings => "buildings",
            Self::Addresses => "addresses",
            Self::Owners => "owners",
            Self::Dwellings => "dwellings",
        }
    }
}

/// How many records a source should have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Band {
    /// No fewer than this.
    pub at_least: Option<u64>,
    /// No more than this.
    pub at_most: Option<u64>,
    /// No more percent away from how many there were at the load before.
    pub change_percent: Option<u64>,
}

impl Band {
    /// Whether a source with so many records, and so many at the load before, is within.
    pub fn holds(&self, n_read: u64, before: Option<u64>) -> bool {
        let near = |percent: u64, before: u64| {
            u128::from(n_read.abs_diff(before)) * 100 <= u128::from(percent) * u128::from(before)
        };
        let changed = self.change_percent.zip(before).is_none_or(|(percent, before)| near(percent, before));
        self.at_least.is_none_or(|least| n_read >= least) && self.at_most.is_none_or(|most| n_read <= most) && changed
    }
}

impl Plan {
    /// Reads a `register.toml`; `path` names it in what is found.
    ///
    /// # Errors
    /// * everything that is wrong in it, each at its line
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        file::read(path, text, Compiled::HERE)
    }

    /// What is wrong with the facts named, beside those that are declared.
    pub(super) fn facts_not_declared(
        &self,
        (path, text): (&str, &str),
        declared: &[FactDeclaration],
    ) -> Vec<Diagnostic> {
        file::facts_not_declared(self, (path, text), declared)
    }
}

/// The declaration of a fact by its name in `register.toml`.
pub(super) fn declared<'d>(name: &str, declared: &'d [FactDeclaration]) -> Option<&'d FactDeclaration> {
    let (subject, name) = name.split_once('.')?;
    declared.iter().find(|fact| fact.subject.word() == subject && fact.name == name)
}
