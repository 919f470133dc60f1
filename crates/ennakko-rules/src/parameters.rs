//! `parameters.toml`: values with a validity, read by rules as `group::name(day)`.
//!
//! Each row says from when (included) until when (excluded) it holds, whether it is decided or only expected, where it
//! comes from and when that was checked. A day outside every row has no value: the rule does not run.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::diagnostic::{Code, Diagnostic, Place};
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
    /// Its unit.
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
                    let rows: Vec<(ParameterRow, Place)> =
                        rows.into_iter().filter_map(|row| Some((read_row(&mut reader, row)?, row.place))).collect();
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

    /// The rows of a parameter.
    pub fn rows(&self, group: &str, name: &str) -> Option<&[ParameterRow]> {
        self.groups.get(group)?.get(name).map(Vec::as_slice)
    }

    /// The same parameters with one value changed in all its rows, for trying out; `None` if there is no such parameter.
    #[must_use]
    pub fn with(mut self, group: &str, name: &str, value: &ParameterValue) -> Option<Self> {
        for row in self.groups.get_mut(group)?.get_mut(name)? {
            row.value = value.clone();
        }
        Some(self)
    }
}

/// The last day on which any of the rows holds, before `day`.
pub(crate) fn last_valid(rows: &[ParameterRow], day: NaiveDate) -> Option<NaiveDate> {
    rows.iter().filter(|row| row.until <= day).filter_map(|row| row.until.pred_opt()).max()
}

fn read_row(reader: &mut TableFile<'_>, row: Table<'_>) -> Option<ParameterRow> {
    reader.only(row, &["value", "unit", "from", "until", "status", "source", "checked"]);
    let value = reader.required(row, "value").and_then(|value| read_value(reader, value));
    let (unit, from, until) = (reader.text(row, "unit"), reader.day(row, "from"), reader.day(row, "until"));
    let status = reader.word(row, "status", STATUS);
    let (source, checked) = (reader.text(row, "source"), reader.day(row, "checked"));
    let row_read = ParameterRow {
        value: value?,
        unit: unit?,
        from: from?,
        until: until?,
        status: status?,
        source: source?,
        checked: checked?,
    };
    if row_read.until <= row_read.from {
        let place = get(row, "until").map_or(row.place, |until| reader.place(until.span()));
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
    if read.is_none() {
        let place = reader.place(value.span());
        reader.error(place, "`value` is not a value that a parameter can have").help =
            Some("write a whole number, a text in quotes, `true`, `false` or a list of whole numbers".into());
    }
    read
}

fn in_order(reader: &mut TableFile<'_>, name: &str, mut rows: Vec<(ParameterRow, Place)>) -> Vec<ParameterRow> {
    rows.sort_by_key(|(row, _)| row.from);
    for pair in rows.windows(2) {
        if let [(first, _), (second, place)] = pair
            && second.from < first.until
        {
            let mut diagnostic = Diagnostic::error(
                Code::Validity,
                reader.path(),
                &reader.file.text,
                *place,
                format!("this row of `{name}` begins on {} while another holds until {}", second.from, first.until),
            );
            diagnostic.help = Some("end the earlier row on the day this one begins".into());
            reader.diagnostics.push(diagnostic);
        }
    }
    rows.into_iter().map(|(row, _)| row).collect()
}
