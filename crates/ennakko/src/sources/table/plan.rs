//! How each column of one file is read: its name there, what its spellings say, and what its cells hold.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use ennakko_core::identity::finnish::{PersonalIdentityCode, Profile};
use ennakko_core::identity::{IdentityCode, PermanentBuildingId};
use ennakko_core::record::{ListState, Names, Who};
use ennakko_core::{Fact, PartialDate, ResidentKey, UnknownReason, Uuid};

use super::super::SourceProblem;
use super::cell::{Batch, Raw, Told};
use super::date::{self, Pattern};
use super::mapping::{Identity, Mapped, Mapping, Spelled};
use super::row::Cursor;
use super::schema::{Column, Empty, Kind, Lacking, TableName};

/// The columns of a file, in the order of its batches.
pub(super) struct Plans<'m> {
    pub(super) columns: Vec<Plan<'m>>,
    pub(super) codes: Codes,
}

/// One column.
pub(super) struct Plan<'m> {
    /// The schema's name, or a fact's.
    pub(super) name: Cow<'static, str>,
    /// The file's name.
    pub(super) header: Cow<'m, str>,
    /// Whether the mapping names it, rather than the schema.
    pub(super) mapped: bool,
    kind: Kind,
    pub(super) empty: Empty,
    pub(super) lacking: Lacking,
    spelled: Option<&'m BTreeMap<String, Spelled>>,
    dates: &'m [Pattern],
    digits: Option<usize>,
    pub(super) always: Option<&'m Spelled>,
}

/// Which identity codes may stand in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Codes {
    pub(super) identity: Identity,
    pub(super) profile: Profile,
}

impl<'m> Plans<'m> {
    pub(super) fn of(table: TableName, mapping: &'m Mapping, profile: Profile) -> Self {
        let columns = table.columns().iter().map(|column| Plan::of(table, column, mapping)).collect();
        Self { columns, codes: Codes { identity: mapping.identity, profile } }
    }

    pub(super) fn at(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|plan| plan.name == name)
    }

    /// What the cells of a column say, row by row.
    pub(super) fn read<T: Clone>(
        &self,
        batch: &Batch,
        name: &str,
        read: impl FnMut(&Plan<'m>, Raw<'_>) -> Result<T, SourceProblem>,
    ) -> Cursor<T> {
        // every name asked for stands in the schema; a test reads each table
        let at = self.at(name).unwrap_or_default();
        self.read_at(batch, at, read)
    }

    pub(super) fn read_at<T: Clone>(
        &self,
        batch: &Batch,
        at: usize,
        mut read: impl FnMut(&Plan<'m>, Raw<'_>) -> Result<T, SourceProblem>,
    ) -> Cursor<T> {
        let plan = &self.columns[at];
        let n = batch.positions.len();
        let told = match (&batch.columns[at], plan.always) {
            (_, Some(always)) => vec![plan.says(Some(always), Raw::Empty, &mut read); n],
            (None, None) => vec![Told::Lacking; n],
            (Some(cells), None) => {
                #[cfg(feature = "parquet")]
                if let Some(dictionary) = cells.dictionary() {
                    let said: Vec<Told<T>> = dictionary.texts().map(|cell| plan.told(cell, &mut read)).collect();
                    let empty = plan.told(Raw::Empty, &mut read);
                    let row = |row| dictionary.key(row).and_then(|key| said.get(key)).unwrap_or(&empty).clone();
                    return Cursor::of(plan, (0..n).map(row).collect());
                }
                (0..n).map(|row| plan.told(cells.get(row), &mut read)).collect()
            }
        };
        Cursor::of(plan, told)
    }

    pub(super) fn texts(&self, batch: &Batch, name: &str) -> Cursor<String> {
        self.read(batch, name, Plan::text)
    }

    pub(super) fn dates(&self, batch: &Batch, name: &str) -> Cursor<PartialDate> {
        self.read(batch, name, Plan::date)
    }

    pub(super) fn flags(&self, batch: &Batch, name: &str) -> Cursor<bool> {
        self.read(batch, name, |_, raw| flag(raw))
    }

    pub(super) fn numbers(&self, batch: &Batch, name: &str) -> Cursor<i64> {
        self.read(batch, name, |_, raw| number(raw))
    }

    pub(super) fn whos(&self, batch: &Batch, name: &str) -> Cursor<Who> {
        let codes = self.codes;
        self.read(batch, name, |plan, raw| plan.with_text(raw, |text| codes.who(text, plan.dates)))
    }

    pub(super) fn building_ids(&self, batch: &Batch, name: &str) -> Cursor<PermanentBuildingId> {
        let codes = self.codes;
        self.read(batch, name, |plan, raw| plan.with_text(raw, |text| codes.building(text)))
    }

    pub(super) fn municipalities(&self, batch: &Batch, name: &str) -> Cursor<String> {
        let digits = if self.codes.identity == Identity::Finnish { 3 } else { 4 };
        self.read(batch, name, |plan, raw| {
            plan.with_text(raw, |text| {
                let is_code = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
                if is_code { Ok(text.to_owned()) } else { Err(SourceProblem::UnknownValue) }
            })
        })
    }

    pub(super) fn languages(&self, batch: &Batch, name: &str) -> Cursor<String> {
        self.read(batch, name, |plan, raw| {
            plan.with_text(raw, |text| {
                let is_code = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
                if is_code { Ok(text.to_owned()) } else { Err(SourceProblem::UnknownValue) }
            })
        })
    }

    pub(super) fn lists(&self, batch: &Batch, name: &str) -> Cursor<()> {
        self.read(batch, name, |_, raw| match raw {
            Raw::Text("whole") => Ok(()),
            _ => Err(SourceProblem::UnknownValue),
        })
    }

    /// One of some words, as its place among them.
    pub(super) fn words(&self, batch: &Batch, name: &str) -> Cursor<usize> {
        self.read(batch, name, |plan, raw| match (plan.kind, raw) {
            (Kind::Word(words), Raw::Text(text)) => {
                words.iter().position(|word| *word == text).ok_or(SourceProblem::UnknownValue)
            }
            _ => Err(SourceProblem::UnknownValue),
        })
    }
}

impl<'m> Plan<'m> {
    pub(super) fn of(table: TableName, column: &Column, mapping: &'m Mapping) -> Self {
        let Column { name, kind, empty, lacking, .. } = *column;
        Self::named(table, Cow::Borrowed(name), (kind, empty, lacking), mapping)
    }

    /// A column by its name, which is the schema's or a fact's.
    pub(super) fn named(
        table: TableName,
        name: Cow<'static, str>,
        (kind, empty, lacking): (Kind, Empty, Lacking),
        mapping: &'m Mapping,
    ) -> Self {
        let mapped: Option<&'m Mapped> = mapping.of(table, &name);
        let header = mapped.and_then(|mapped| mapped.header.as_deref());
        Self {
            header: header.map_or_else(|| Cow::Owned(name.to_string()), Cow::Borrowed),
            mapped: header.is_some(),
            name,
            kind,
            empty,
            lacking,
            spelled: mapped.map(|mapped| &mapped.spelled).filter(|spelled| !spelled.is_empty()),
            dates: mapped.and_then(|mapped| mapped.dates.as_deref()).unwrap_or(&mapping.dates),
            digits: mapped.and_then(|mapped| mapped.digits),
            always: mapped.and_then(|mapped| mapped.always.as_ref()),
        }
    }

    pub(super) fn dates(&self) -> &'m [Pattern] {
        self.dates
    }

    #[cfg(feature = "parquet")]
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// What a cell says: by its spelling in the mapping, else by the schema's words, else by what it holds.
    fn told<T>(&self, raw: Raw<'_>, read: &mut impl FnMut(&Self, Raw<'_>) -> Result<T, SourceProblem>) -> Told<T> {
        let spelled = self.spelled.and_then(|spelled| match raw {
            Raw::Text(text) => spelled.get(text),
            Raw::Empty => spelled.get(""),
            Raw::Number(number) => spelled.get(number.to_string().as_str()),
            Raw::Flag(flag) => spelled.get(if flag { "true" } else { "false" }),
            Raw::Day(day) => spelled.get(day.to_string().as_str()),
            Raw::Missing | Raw::Odd | Raw::NotADay => None,
        });
        self.says(spelled, raw, read)
    }

    fn says<T>(
        &self,
        spelled: Option<&Spelled>,
        raw: Raw<'_>,
        read: &mut impl FnMut(&Self, Raw<'_>) -> Result<T, SourceProblem>,
    ) -> Told<T> {
        let raw = match spelled {
            Some(Spelled::None) => return Told::None,
            Some(Spelled::Unknown(reason)) => return Told::Unknown(*reason),
            Some(Spelled::Word(word)) => Raw::Text(word),
            None => raw,
        };
        match raw {
            Raw::Empty => return Told::Empty,
            Raw::Missing => return if self.lacking == Lacking::Refused { Told::Empty } else { Told::Lacking },
            Raw::Odd => return Told::Wrong(SourceProblem::WrongShape),
            Raw::NotADay => return Told::Wrong(SourceProblem::BadDay),
            Raw::Text(text) if self.kind.has_words() && (text == "none" || text.starts_with("unknown")) => {
                match Spelled::of(text) {
                    Some(Spelled::None) => return Told::None,
                    Some(Spelled::Unknown(reason)) => return Told::Unknown(reason),
                    // `unknown: ` and a reason that nobody knows
                    None => return Told::Wrong(SourceProblem::UnknownValue),
                    Some(Spelled::Word(_)) => {}
                }
            }
            _ => {}
        }
        match read(self, raw) {
            Ok(value) => Told::Known(value),
            Err(problem) => Told::Wrong(problem),
        }
    }

    /// The text of a cell; a number as its digits, filled up where the mapping says so.
    pub(super) fn with_text<T>(
        &self,
        raw: Raw<'_>,
        read: impl FnOnce(&str) -> Result<T, SourceProblem>,
    ) -> Result<T, SourceProblem> {
        let number;
        let text = match raw {
            Raw::Text(text) => text,
            Raw::Number(value) => {
                number = value.to_string();
                &number
            }
            _ => return Err(SourceProblem::WrongShape),
        };
        match self.digits {
            Some(digits) if text.len() < digits && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                read(&format!("{text:0>digits$}"))
            }
            _ => read(text),
        }
    }

    pub(super) fn text(&self, raw: Raw<'_>) -> Result<String, SourceProblem> {
        self.with_text(raw, |text| Ok(text.to_owned()))
    }

    pub(super) fn date(&self, raw: Raw<'_>) -> Result<PartialDate, SourceProblem> {
        match raw {
            Raw::Day(day) => Ok(PartialDate::exact(day)),
            Raw::Number(_) | Raw::Text(_) => self.with_text(raw, |text| date::read(text, self.dates)),
            _ => Err(SourceProblem::WrongShape),
        }
    }
}

impl Codes {
    pub(super) fn code(self, text: &str) -> Result<IdentityCode, SourceProblem> {
        match self.identity {
            Identity::Finnish => PersonalIdentityCode::parse(text, self.profile).map(IdentityCode::from),
            Identity::Swedish => IdentityCode::parse_swedish(text, self.profile.not_after),
        }
        .map_err(SourceProblem::of_code)
    }

    pub(super) fn building(self, text: &str) -> Result<PermanentBuildingId, SourceProblem> {
        PermanentBuildingId::parse(text, self.profile.artificial).map_err(SourceProblem::of_code)
    }

    /// A key, a code, or `given|family|born`.
    pub(super) fn who(self, text: &str, dates: &[Pattern]) -> Result<Who, SourceProblem> {
        if let Some(key) = key(text) {
            return Ok(Who::Key(key));
        }
        let mut parts = text.split('|');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(given), Some(family), Some(born), None) => {
                let born = match Spelled::of(born) {
                    Some(Spelled::None) => Fact::None,
                    Some(Spelled::Unknown(reason)) => Fact::Unknown(reason),
                    _ if born.is_empty() => Fact::Unknown(UnknownReason::NotDelivered),
                    _ => Fact::Known(date::read(born, dates)?),
                };
                let names = Box::new(Names { given: given.to_owned(), family: family.to_owned() });
                Ok(Who::Described(names, born))
            }
            _ => self.code(text).map(Who::Code),
        }
    }
}

/// A key in the usual 36 characters; other notations of the same number are other texts.
pub(super) fn key(text: &str) -> Option<ResidentKey> {
    let is_long = text.len() == 36;
    is_long.then(|| Uuid::try_parse(text).ok()).flatten().map(ResidentKey::from_uuid)
}

/// `true` or `false`.
pub(super) fn flag(raw: Raw<'_>) -> Result<bool, SourceProblem> {
    match raw {
        Raw::Flag(flag) => Ok(flag),
        Raw::Text("true") => Ok(true),
        Raw::Text("false") => Ok(false),
        _ => Err(SourceProblem::UnknownValue),
    }
}

/// A whole number: digits, with a minus before them or not. No decimals, no exponent, no blanks.
pub(super) fn number(raw: Raw<'_>) -> Result<i64, SourceProblem> {
    match raw {
        Raw::Number(number) => Ok(number),
        Raw::Text(text) if !text.starts_with('+') => text.parse().map_err(|_| SourceProblem::WrongShape),
        _ => Err(SourceProblem::WrongShape),
    }
}

/// The day of a date; unknown where only part of it is known.
pub(super) fn exact(date: Fact<PartialDate>) -> Fact<NaiveDate> {
    match date {
        Fact::Known(date) => date.day().map_or(Fact::Unknown(UnknownReason::PartialDate), Fact::Known),
        Fact::None => Fact::None,
        Fact::Unknown(reason) => Fact::Unknown(reason),
    }
}

/// The state of a list from its column.
pub(super) fn state(told: Fact<()>) -> ListState {
    match told {
        Fact::Known(()) => ListState::Whole,
        Fact::None => ListState::Open(UnknownReason::NotDelivered),
        Fact::Unknown(reason) => ListState::Open(reason),
    }
}
