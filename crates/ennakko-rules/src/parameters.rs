//! `parameters.toml`: values with a validity, read by rules as `group::name(day)`.
//!
//! Each row says from when (included) until when (excluded) it holds, whether it is decided or only expected, where it
//! comes from and when that was checked. A day outside every row has no value: the rule does not run.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::FACT_INT_MAX;
use thiserror::Error;

use crate::diagnostic::{Code, Diagnostic};
use crate::rule_set::RuleFile;
use crate::table::{Spot, Table, TableFile, get, integer};

/// Whether somebody has decided a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Decided.
    Decided,
    /// Expected: for preview only, marked on every offer that used it, refused by a run.
    Expected,
}

pub(crate) const STATUS: &[(&str, Status)] = &[("decided", Status::Decided), ("expected", Status::Expected)];

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A text.
    Text(Arc<str>),
    /// A list of whole numbers, such as the birth years of a screening round.
    Ints(Arc<[i64]>),
}

/// One row of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterRow {
    /// The value.
    pub value: ParameterValue,
    /// Its unit, a word of [`crate::unit::Unit`]; empty for what is no number.
    pub unit: String,
    /// First day, included.
    pub from: NaiveDate,
    /// Last day, excluded.
    pub until: NaiveDate,
    /// Decided or expected.
    pub status: Status,
    /// Where it comes from.
    pub source: String,
    /// When that was checked.
    pub checked: NaiveDate,
}

/// Every parameter: group, name, rows in order of their days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    pub(crate) groups: BTreeMap<String, BTreeMap<String, Vec<ParameterRow>>>,
}

impl Parameters {
    pub(crate) fn read(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut reader = TableFile::new(file);
        let mut parameters = Self::default();
        if let Some(root) = reader.parse() {
            for (group, names) in root.get_ref() {
                if !reader.is_free_name(group, "group") {
                    continue;
                }
                if group.get_ref() == "calendar" {
                    let place = reader.place(group.span());
                    reader.error(place, "`calendar::` means the rounds of calendar.toml").help =
                        Some("give the group another name".into());
                    continue;
                }
                let Some(names) = reader.table(names, "a group of parameters") else { continue };
                for (name, rows) in names.entries {
                    if !reader.is_free_name(name, "parameter") {
                        continue;
                    }
                    let rows = reader.rows(rows, "a parameter");
                    let rows: Vec<PlacedRow<'_>> = rows
                        .into_iter()
                        .filter_map(|table| Some(PlacedRow { row: read_row(&mut reader, table)?, table }))
                        .collect();
                    let rows = in_order(&mut reader, name.get_ref(), rows);
                    parameters
                        .groups
                        .entry(group.get_ref().to_string())
                        .or_default()
                        .insert(name.get_ref().to_string(), rows);
                }
            }
        }
        diagnostics.append(&mut reader.diagnostics);
        parameters
    }

    /// Every parameter: group, name, rows.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, &[ParameterRow])> {
        self.groups.iter().flat_map(|(group, names)| {
            names.iter().map(move |(name, rows)| (group.as_str(), name.as_str(), rows.as_slice()))
        })
    }

    /// The rows of a parameter.
    pub fn rows(&self, group: &str, name: &str) -> Option<&[ParameterRow]> {
        self.groups.get(group)?.get(name).map(Vec::as_slice)
    }

    /// The same parameters with one value changed in all its rows, for trying out.
    ///
    /// Rules were checked for the values of its rows and for numbers up to 10,000 either way; with any other a sum might
    /// grow too large, so it is refused.
    ///
    /// # Errors
    /// * [`TryError::Unknown`], [`TryError::OtherKind`], [`TryError::OutOfBounds`]
    pub fn with(mut self, group: &str, name: &str, value: &ParameterValue) -> Result<Self, TryError> {
        let written = || format!("{group}.{name}");
        let rows = self.groups.get_mut(group).and_then(|names| names.get_mut(name));
        let rows = rows.filter(|rows| !rows.is_empty()).ok_or_else(|| TryError::Unknown { name: written() })?;
        if let Some(row) = rows.iter().find(|row| !row.value.is_like(value)) {
            return Err(TryError::OtherKind { name: written(), is: row.value.words(), tried: value.words() });
        }
        let bounds = match value {
            ParameterValue::Int(_) => triable(rows),
            _ => -FACT_INT_MAX..=FACT_INT_MAX,
        };
        if let Some(number) = value.numbers().iter().find(|number| !bounds.contains(number)) {
            let (least, most) = bounds.into_inner();
            return Err(TryError::OutOfBounds { name: written(), number: *number, least, most });
        }
        for row in rows {
            row.value = value.clone();
        }
        Ok(self)
    }
}

/// Why a value of a parameter cannot be tried out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TryError {
    /// There is no such parameter.
    #[error("no parameter is called `{name}`")]
    Unknown {
        /// As asked for.
        name: String,
    },
    /// Its rows are of another kind.
    #[error("`{name}` is {is}, and cannot be {tried}")]
    OtherKind {
        /// The parameter.
        name: String,
        /// What its rows are.
        is: &'static str,
        /// What was tried.
        tried: &'static str,
    },
    /// The rules were not checked for such a number.
    #[error("`{name}` can be tried out with numbers from {least} to {most}, not with {number}")]
    OutOfBounds {
        /// The parameter.
        name: String,
        /// What was tried.
        number: i64,
        /// The smallest that can be, included.
        least: i64,
        /// The largest that can be, included.
        most: i64,
    },
}

/// Whatever the rows of a parameter say, it may be tried out with a number up to this.
const TRIED_MAX: i64 = 10_000;

/// The numbers for which rules that read a parameter are checked: from the smallest to the largest of its rows, and those
/// it may be tried out with.
pub(crate) fn triable(rows: &[ParameterRow]) -> RangeInclusive<i64> {
    let numbers = || rows.iter().flat_map(|row| row.value.numbers().iter().copied());
    let least = numbers().min().unwrap_or(0).min(-TRIED_MAX);
    least..=numbers().max().unwrap_or(0).max(TRIED_MAX)
}

/// The last day on which any of the rows holds, before `day`.
pub(crate) fn last_valid(rows: &[ParameterRow], day: NaiveDate) -> Option<NaiveDate> {
    rows.iter().filter(|row| row.until <= day).filter_map(|row| row.until.pred_opt()).max()
}

/// A row and where it stands.
struct PlacedRow<'t> {
    row: ParameterRow,
    table: Table<'t>,
}

fn read_row(reader: &mut TableFile<'_>, row: Table<'_>) -> Option<ParameterRow> {
    reader.only(row, &["value", "unit", "from", "until", "status", "source", "checked", "gap"]);
    let value = reader.required(row, "value").and_then(|value| read_value(reader, value));
    let is_number = value.as_ref().is_none_or(ParameterValue::is_number);
    let unit = reader.unit(row, is_number);
    let (from, until) = (reader.day(row, "from"), reader.end(row, "until"));
    let status = reader.word(row, "status", STATUS);
    let (source, checked) = (reader.text(row, "source"), reader.day(row, "checked"));
    reader.optional_text(row, "gap");
    let row_read = ParameterRow {
        value: value?,
        unit: unit?.map_or_else(String::new, |unit| unit.word().to_owned()),
        from: from?,
        until: until?,
        status: status?,
        source: source?,
        checked: checked?,
    };
    if row_read.until <= row_read.from {
        let place = reader.place_of(row, "until");
        reader.error(place, "this row ends before it begins").help =
            Some("`from` is the first day, included; `until` is the first day after, excluded".into());
        return None;
    }
    Some(row_read)
}

fn read_value(reader: &mut TableFile<'_>, value: Spot<'_>) -> Option<ParameterValue> {
    let inner = value.get_ref();
    let read = if let Some(holds) = inner.as_bool() {
        Some(ParameterValue::Bool(holds))
    } else if let Some(text) = inner.as_str() {
        Some(ParameterValue::Text(Arc::from(text)))
    } else if let Some(items) = inner.as_array() {
        items.iter().map(integer).collect::<Option<Vec<i64>>>().map(|items| ParameterValue::Ints(items.into()))
    } else {
        integer(value).map(ParameterValue::Int)
    };
    let place = reader.place(value.span());
    let Some(read) = read else {
        reader.error(place, "`value` is not a value that a parameter can have").help =
            Some("write a whole number, a text in quotes, `true`, `false` or a list of whole numbers".into());
        return None;
    };
    if read.numbers().iter().any(|number| !(-FACT_INT_MAX..=FACT_INT_MAX).contains(number)) {
        reader.error(place, "this number is larger than any that a rule can count with").help =
            Some("write at most 1_000_000_000_000; count in a larger unit".into());
        return None;
    }
    Some(read)
}

fn in_order(reader: &mut TableFile<'_>, name: &str, mut rows: Vec<PlacedRow<'_>>) -> Vec<ParameterRow> {
    rows.sort_by_key(|placed| placed.row.from);
    for (at, PlacedRow { row, table }) in rows.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| rows.get(before)).map(|placed| &placed.row);
        if let Some(before) = before {
            if row.from < before.until || fault!(RowsTouch) && row.from == before.until {
                let message =
                    format!("this row of `{name}` begins on {} while another holds until {}", row.from, before.until);
                let mut found =
                    Diagnostic::error(Code::Validity, reader.path(), &reader.file.text, table.place, message);
                found.help = Some("end the earlier row on the day this one begins".into());
                reader.diagnostics.push(found);
            }
            if !before.value.is_like(&row.value) {
                let place = reader.place_of(*table, "value");
                let message = format!("this row of `{name}` has another kind of value than the row before");
                reader.error(place, message).help =
                    Some("a parameter is the same kind of value in every row; or give it another name".into());
            } else if before.unit != row.unit {
                let place = reader.place_of(*table, "unit");
                let message = format!("this row of `{name}` counts {}, and the row before {}", row.unit, before.unit);
                reader.error(place, message).help =
                    Some("a parameter has one unit in every row; convert the value, or give it another name".into());
            }
        }
        let begins = before.is_some_and(|before| row.from > before.until && !fault!(GapsNotSeen));
        let told = get(*table, "gap");
        if begins && told.is_none() {
            let (first, last) = (before.map_or(row.from, |before| before.until), row.from.pred_opt());
            let place = reader.place_of(*table, "from");
            let message = format!("`{name}` has no row from {first} to {}", last.unwrap_or(row.from));
            reader.warning(Code::Validity, place, message).help =
                Some("add a row, or say in this one why there is none: `gap = \"...\"`".into());
        } else if let (false, Some(told)) = (begins, told) {
            let place = reader.place(told.span());
            reader
                .warning(Code::Validity, place, "`gap` explains days without a row, and there are none before this one")
                .help = Some("remove `gap`".into());
        }
    }
    rows.into_iter().map(|placed| placed.row).collect()
}

impl ParameterValue {
    /// Whether it is a number, or several.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Ints(_))
    }

    /// Its numbers, if it has any.
    fn numbers(&self) -> &[i64] {
        match self {
            Self::Int(number) => std::slice::from_ref(number),
            Self::Ints(numbers) => numbers,
            Self::Bool(_) | Self::Text(_) => &[],
        }
    }

    /// What kind of value it is.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Int(_) => "a whole number",
            Self::Bool(_) => "`true` or `false`",
            Self::Text(_) => "a text",
            Self::Ints(_) => "a list of whole numbers",
        }
    }

    /// Whether a rule can use one as it uses the other.
    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
