//! Reading table files (TOML) with every mistake told at its own line.
//!
//! A thin layer over the spanned tree of the `toml` crate: required and optional keys, unknown keys, values of a type.

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko_core::city::ByLanguage;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean};
use crate::rule_set::RuleFile;
use crate::settings::{RESERVED, is_name};
use crate::unit::Unit;

/// One table file while it is read.
pub(crate) struct TableFile<'f> {
    pub(crate) file: &'f RuleFile,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// One table of it.
#[derive(Clone, Copy)]
pub(crate) struct Table<'t> {
    pub(crate) entries: &'t DeTable<'t>,
    pub(crate) place: Place,
}

/// One value of it.
pub(crate) type Spot<'t> = &'t Spanned<DeValue<'t>>;

impl<'f> TableFile<'f> {
    pub(crate) fn new(file: &'f RuleFile) -> Self {
        Self { file, diagnostics: Vec::new() }
    }

    /// The file as a table, if it is TOML at all.
    pub(crate) fn parse(&mut self) -> Option<Spanned<DeTable<'f>>> {
        if let Some(too_long) = self.file.too_long(Code::Table) {
            self.diagnostics.push(too_long);
            return None;
        }
        match DeTable::parse(&self.file.text) {
            Ok(table) => Some(table),
            Err(error) => {
                let place = error.span().map_or(Place::START, |span| Place::of_range(&self.file.text, span));
                let message = error.message().lines().next().unwrap_or("not readable").to_owned();
                self.error(place, format!("this file cannot be read as TOML: {message}")).help =
                    Some("below this line nothing of the file was read".into());
                None
            }
        }
    }

    /// The file once more; that it cannot be read was told when it was read first.
    pub(crate) fn again(&self) -> Option<Spanned<DeTable<'f>>> {
        if self.file.too_long(Code::Table).is_some() { None } else { DeTable::parse(&self.file.text).ok() }
    }

    pub(crate) fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place::of_range(&self.file.text, span)
    }

    pub(crate) fn path(&self) -> &Arc<str> {
        &self.file.path
    }

    pub(crate) fn error(&mut self, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(Code::Table, &self.file.path, &self.file.text, place, message);
        self.diagnostics.push(diagnostic);
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// A warning about days.
    pub(crate) fn warning(&mut self, code: Code, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(code, &self.file.path, &self.file.text, place, message).as_warning();
        self.diagnostics.push(diagnostic);
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Where the value under a key stands; where the table begins, if it is not there.
    pub(crate) fn place_of(&self, table: Table<'_>, key: &str) -> Place {
        get(table, key).map_or(table.place, |value| self.place(value.span()))
    }

    /// A table value, or an error at it.
    pub(crate) fn table<'t>(&mut self, value: Spot<'t>, what: &str) -> Option<Table<'t>> {
        let place = self.place(value.span());
        if let Some(entries) = value.get_ref().as_table() {
            Some(Table { entries, place: Place { length: 1, ..place } })
        } else {
            self.error(place, format!("{what} is a table of its own")).help =
                Some("write `[...]` with its name, and `name = value` lines under it".into());
            None
        }
    }

    /// The tables of an array of tables, or an error.
    pub(crate) fn rows<'t>(&mut self, value: Spot<'t>, what: &str) -> Vec<Table<'t>> {
        if let Some(array) = value.get_ref().as_array() {
            return array.iter().filter_map(|row| self.table(row, what)).collect();
        }
        let place = self.place(value.span());
        self.error(place, format!("{what} is a list of rows")).help =
            Some("write `[[...]]` with two brackets on each side above each row".into());
        Vec::new()
    }

    /// Whether rules can use a name; if not, an error at it.
    pub(crate) fn is_free_name(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>, what: &str) -> bool {
        let (place, name) = (self.place(name.span()), name.get_ref());
        if RESERVED.contains(&name.as_ref()) {
            self.error(place, format!("`{name}` is a word that the rule language keeps for itself")).help =
                Some(format!("give the {what} another name"));
            return false;
        }
        if !is_name(name) {
            self.error(place, format!("`{}` cannot be the name of a {what}", name.escape_debug())).help =
                Some("a name is small letters a to z, digits and `_`, and begins with a letter".into());
            return false;
        }
        true
    }

    /// The value under a key that must be there.
    pub(crate) fn required<'t>(&mut self, table: Table<'t>, key: &str) -> Option<Spot<'t>> {
        let found = get(table, key);
        if found.is_none() {
            self.error(table.place, format!("`{key}` is missing here")).help = Some(format!("add `{key} = ...`"));
        }
        found
    }

    pub(crate) fn text(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        let value = self.required(table, key)?;
        self.as_text(value, key)
    }

    /// A text that is not required.
    pub(crate) fn optional_text(&mut self, table: Table<'_>, key: &str) -> Option<String> {
        get(table, key).and_then(|value| self.as_text(value, key))
    }

    pub(crate) fn as_text(&mut self, value: Spot<'_>, key: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        let text = self.expect(text, value, key, "a text", "write it in quotes: \"...\"")?;
        if text.trim().is_empty() {
            let place = self.place(value.span());
            self.error(place, format!("`{key}` is empty")).help = Some("write it between the quotes".into());
            return None;
        }
        Some(text)
    }

    pub(crate) fn bool(&mut self, table: Table<'_>, key: &str) -> Option<bool> {
        let value = self.required(table, key)?;
        self.expect(value.get_ref().as_bool(), value, key, "yes or no", "write `true` or `false`")
    }

    /// A whole number that is not required, between two, both included.
    pub(crate) fn optional_number(&mut self, table: Table<'_>, key: &str, between: RangeInclusive<i64>) -> Option<i64> {
        get(table, key)?;
        self.number(table, key, between)
    }

    /// A whole number between two, both included.
    pub(crate) fn number<N>(&mut self, table: Table<'_>, key: &str, between: RangeInclusive<N>) -> Option<N>
    where
        N: TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        let value = self.required(table, key)?;
        let number = integer(value).and_then(|number| N::try_from(number).ok());
        let wants = format!("a whole number from {} to {}", between.start(), between.end());
        let help = format!("write {wants}");
        self.expect(number.filter(|number| between.contains(number)), value, key, &wants, &help)
    }

    pub(crate) fn day(&mut self, table: Table<'_>, key: &str) -> Option<NaiveDate> {
        let value = self.required(table, key)?;
        let day = day(value);
        self.expect(day, value, key, "a day", "write year-month-day without quotes: 2027-01-31")
    }

    /// The first day after a time; a last day of a month was probably meant as included.
    pub(crate) fn end(&mut self, table: Table<'_>, key: &str) -> Option<NaiveDate> {
        let day = self.day(table, key)?;
        self.looks_included(table, key, day);
        Some(day)
    }

    /// A warning at an excluded day that is the last of its month.
    pub(crate) fn looks_included(&mut self, table: Table<'_>, key: &str, day: NaiveDate) {
        if let Some(next) = day.succ_opt().filter(|next| next.day() == 1 && !fault!(EndsOfMonthsNotTold)) {
            let place = self.place_of(table, key);
            let message = format!("`{key}` is the last day of a month, and it is excluded");
            self.warning(Code::Validity, place, message).help =
                Some(format!("if {day} is meant to be the last day included, write the day after it: {next}"));
        }
    }

    pub(crate) fn texts(&mut self, table: Table<'_>, key: &str) -> Option<Vec<String>> {
        let value = self.required(table, key)?;
        let texts = value
            .get_ref()
            .as_array()
            .and_then(|items| items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect());
        self.expect(texts, value, key, "a list of texts", "write `[\"...\", \"...\"]`")
    }

    pub(crate) fn by_language(&mut self, table: Table<'_>, key: &str) -> Option<ByLanguage> {
        let value = self.required(table, key)?;
        let texts = value.get_ref().as_table().and_then(|entries| {
            entries
                .iter()
                .map(|(language, text)| Some((language.get_ref().to_string(), text.get_ref().as_str()?.to_owned())))
                .collect()
        });
        self.expect(texts, value, key, "a text by language", "write `{ fi = \"...\", sv = \"...\" }`")
    }

    /// A text that must be one of some words.
    pub(crate) fn word<T: Copy>(&mut self, table: Table<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
        let value = self.required(table, key)?;
        let text = self.as_text(value, key)?;
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*meaning);
        }
        let place = self.place(value.span());
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let help = format!("`{key}` is one of {}", known.join(", "));
        self.error(place, format!("`{key}` cannot be `{text}`")).help = Some(help);
        None
    }

    /// The unit under `unit`: one of the closed list for a number, and nothing for anything else. `None` after an error.
    #[expect(clippy::option_option, reason = "the outer one says whether there was an error")]
    pub(crate) fn unit(&mut self, table: Table<'_>, is_number: bool) -> Option<Option<Unit>> {
        let value = get(table, "unit");
        let Some(value) = value.filter(|_| is_number) else {
            return match (value, is_number) {
                (None, false) => Some(None),
                (None, true) => {
                    self.required(table, "unit");
                    None
                }
                (Some(value), _) => {
                    let place = self.place(value.span());
                    self.error(place, "only numbers have a unit").help = Some("remove it".into());
                    None
                }
            };
        };
        let word = self.as_text(value, "unit")?;
        let unit = Unit::of_word(&word);
        if unit.is_none() {
            let place = self.place(value.span());
            let words = Unit::ALL.map(Unit::word);
            let help = did_you_mean(&word, words).map_or_else(
                || format!("a unit is one of {}", words.join(", ")),
                |known| format!("did you mean \"{known}\"?"),
            );
            self.error(place, format!("no unit is called `{word}`")).help = Some(help);
        }
        unit.map(Some)
    }

    fn expect<T>(&mut self, found: Option<T>, value: Spot<'_>, key: &str, wants: &str, help: &str) -> Option<T> {
        if found.is_none() {
            let place = self.place(value.span());
            self.error(place, format!("`{key}` is not {wants}")).help = Some(help.to_owned());
        }
        found
    }

    /// An error at every key that is not among these.
    pub(crate) fn only(&mut self, table: Table<'_>, keys: &[&str]) {
        for name in table.entries.keys() {
            if !keys.contains(&name.get_ref().as_ref()) {
                let place = self.place(name.span());
                let help = did_you_mean(name.get_ref(), keys.iter().copied()).map_or_else(
                    || format!("known here: {}", keys.join(", ")),
                    |known| format!("did you mean `{known}`?"),
                );
                self.error(place, format!("nothing reads `{}` here", name.get_ref())).help = Some(help);
            }
        }
    }
}

pub(crate) fn get<'t>(table: Table<'t>, key: &str) -> Option<Spot<'t>> {
    table.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

pub(crate) fn integer(value: Spot<'_>) -> Option<i64> {
    let number = value.get_ref().as_integer()?;
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}

pub(crate) fn day(value: Spot<'_>) -> Option<NaiveDate> {
    let written = value.get_ref().as_datetime()?;
    match (written.date, written.time) {
        (Some(date), None) => NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()),
        _ => None,
    }
}
