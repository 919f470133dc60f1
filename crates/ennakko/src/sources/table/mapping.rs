//! A mapping: how a warehouse's own column names, codes and spellings are said in words of the [schema](super::schema).
//!
//! ```toml
//! version = 1                       # of the schema
//! identity = "finnish"              # or "swedish": which codes and municipalities there are
//! dates = ["d.m.yyyy"]              # how days are written; without it 2020-10-15, 2020-10, 2020
//!
//! [csv]
//! delimiter = ";"
//! encoding = "iso-8859-1"           # or "utf-8", "windows-1252"
//! quote = "none"                    # the file quotes nothing; without it `"` does
//!
//! [residents.columns]               # schema's name = file's own
//! born = "SYNTAIKA"
//! [residents.values.sex]            # file's own = schema's word
//! "1" = "male"
//! "2" = "female"
//! "9" = "unknown: withheld by the source"
//! [residents.none]                  # what spells none; "" is an empty cell
//! municipality = ["", "200"]
//! [residents.unknown]               # what spells unknown, not delivered
//! born = ["00000000"]
//! [residents.dates]                 # other patterns for one column
//! since = ["yyyymmdd"]
//! [residents.digits]                # 91 is 091
//! municipality = 3
//! [residents.always]                # for every row, of a column that the file does not have
//! dead = false
//! ```
//!
//! Every mistake is told at its line, all at once.

mod file;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use ennakko_core::UnknownReason;
use ennakko_rules::Diagnostic;

use super::date::Pattern;
use super::schema::TableName;

/// How a warehouse's tables are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub(super) identity: Identity,
    pub(super) dates: Vec<Pattern>,
    pub(super) csv: Csv,
    pub(super) tables: BTreeMap<TableName, BTreeMap<String, Mapped>>,
}

impl Mapping {
    /// The schema's own names and spellings, Finnish codes, commas, UTF-8.
    pub fn none() -> Self {
        Self { identity: Identity::Finnish, dates: Pattern::iso(), csv: Csv::COMMAS, tables: BTreeMap::new() }
    }

    /// Reads a mapping; `path` names it in what is found.
    ///
    /// # Errors
    ///
    /// Everything that is wrong in it, each at its line.
    pub fn parse(path: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        file::read(path, text)
    }

    pub(super) fn of(&self, table: TableName, column: &str) -> Option<&Mapped> {
        self.tables.get(&table)?.get(column)
    }
}

/// Whose identity codes and municipalities there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    Finnish,
    Swedish,
}

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Csv {
    pub(super) delimiter: u8,
    pub(super) quotes: bool,
    pub(super) encoding: Encoding,
}

impl Csv {
    const COMMAS: Self = Self { delimiter: b',', quotes: true, encoding: Encoding::Utf8 };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// ISO-8859-1 by the letter: every byte is the character of its number.
    Latin1,
    /// The same with quotation marks, dashes and the euro sign in place of control characters.
    Windows1252,
}

/// What a mapping says of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mapped {
    /// The file's own name for it.
    pub(super) header: Option<String>,
    /// What cells spell; under `""` what an empty one does.
    pub(super) spelled: BTreeMap<String, Spelled>,
    pub(super) dates: Option<Vec<Pattern>>,
    /// Digits that a shorter number is filled up to with zeros.
    pub(super) digits: Option<usize>,
    /// What every row says, of a column that the file does not have.
    pub(super) always: Option<Spelled>,
}

/// What a spelling says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spelled {
    None,
    Unknown(UnknownReason),
    Word(String),
}

impl Spelled {
    /// What one of the schema's own words says; any other text is itself. `None` for a reason that nobody knows.
    pub(super) fn of(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "unknown" => Some(Self::Unknown(UnknownReason::NotDelivered)),
            text => match text.strip_prefix("unknown: ") {
                Some(words) => reason(words).map(Self::Unknown),
                None => Some(Self::Word(text.to_owned())),
            },
        }
    }
}

/// Reasons that a source can give.
pub(super) const REASONS: [UnknownReason; 5] = [
    UnknownReason::NotDelivered,
    UnknownReason::Withheld,
    UnknownReason::OutsideLicence,
    UnknownReason::TooOld,
    UnknownReason::Disputed,
];

/// The reason of its words.
pub(super) fn reason(words: &str) -> Option<UnknownReason> {
    REASONS.into_iter().find(|reason| reason.words() == words)
}
