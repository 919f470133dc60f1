//! What has run out by a day: rows, rounds, contacts and holidays that no longer hold, rules past their review.
//!
//! A folder is checked without a day, so that the same files give the same findings. This is asked for besides, with the
//! day, and everything it tells is a warning: what a rule needs and does not find stops that rule when it runs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeValue;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::rule::Rule;
use crate::rule_set::{RuleFile, RuleSet};
use crate::table::{Table, TableFile, day, get};

/// What has run out on a day, sorted by file and line. `files` are those that the rules were loaded from.
pub fn by(set: &RuleSet, files: &[RuleFile], on: NaiveDate) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in files {
        let mut reader = TableFile::new(file);
        // that a file cannot be read was told when it was loaded
        let Some(root) = reader.again() else { continue };
        let root = Table { entries: root.get_ref(), place: Place::START };
        match file.name() {
            "parameters.toml" => parameters(&mut reader, root, on),
            "calendar.toml" => calendars(&mut reader, root, on),
            "city.toml" => city(&mut reader, root, on),
            _ => {}
        }
        found.append(&mut reader.diagnostics);
    }
    for rule in set.ids().flat_map(|id| set.versions(id)) {
        found.extend(review(rule, files, on));
    }
    found.sort();
    found
}

/// Rows of a list of tables, each with the first day after it and where that stands.
fn ends<'t>(reader: &TableFile<'_>, rows: &'t Spanned<DeValue<'t>>, key: &str) -> Vec<(Table<'t>, NaiveDate, Place)> {
    let tables = rows.get_ref().as_array().into_iter().flatten().filter_map(|row| {
        let entries = row.get_ref().as_table()?;
        let table = Table { entries, place: reader.place(row.span()) };
        let value = get(table, key)?;
        Some((table, day(value)?, reader.place(value.span())))
    });
    tables.collect()
}

fn from(table: Table<'_>) -> Option<NaiveDate> {
    get(table, "from").and_then(day)
}

fn parameters(reader: &mut TableFile<'_>, root: Table<'_>, on: NaiveDate) {
    for (group, names) in root.entries {
        for (name, rows) in names.get_ref().as_table().into_iter().flatten() {
            let rows = ends(reader, rows, "until");
            if rows.iter().any(|(row, until, _)| {
                from(*row).is_some_and(|from| from <= on) && (on < *until || fault!(RowsEndADayLater) && on == *until)
            }) {
                continue;
            }
            if let Some((_, until, place)) = rows.iter().filter(|(_, until, _)| *until <= on).max_by_key(|row| row.1) {
                let message = format!(
                    "`{}::{}` has no row for {on}: the last one before ends on {until}, excluded",
                    group.get_ref(),
                    name.get_ref()
                );
                reader.warning(Code::Validity, *place, message).help =
                    Some("look up what holds now and add a row; until then no rule that reads it runs".into());
            }
        }
    }
}

fn calendars(reader: &mut TableFile<'_>, root: Table<'_>, on: NaiveDate) {
    for (name, rows) in root.entries {
        let last = ends(reader, rows, "ends").into_iter().max_by_key(|row| row.1);
        if let Some((_, ends, place)) = last.filter(|(_, ends, _)| *ends <= on) {
            let message = format!("`calendar::{}` has no round after this one, which ended on {ends}", name.get_ref());
            reader.warning(Code::Validity, place, message).help =
                Some("add the next round once the city announces it, or as `expected`".into());
        }
    }
}

fn city(reader: &mut TableFile<'_>, root: Table<'_>, on: NaiveDate) {
    if let Some(contacts) = get(root, "contact") {
        let mut last: BTreeMap<String, (NaiveDate, Place)> = BTreeMap::new();
        for (row, until, place) in ends(reader, contacts, "until") {
            let Some(purpose) = get(row, "purpose").and_then(|purpose| purpose.get_ref().as_str()) else { continue };
            let known = last.entry(purpose.to_owned()).or_insert((until, place));
            if known.0 < until {
                *known = (until, place);
            }
        }
        for (purpose, (until, place)) in last.into_iter().filter(|(_, (until, _))| *until <= on) {
            let message = format!("the contact for `{purpose}` holds until {until}, excluded, and no other follows");
            reader.warning(Code::Validity, place, message).help =
                Some("confirm it and set a later day, or add the new one: no letter goes out without a contact".into());
        }
    }
    if let Some(holidays) = get(root, "holidays") {
        let last = ends(reader, holidays, "day").into_iter().max_by_key(|row| row.1);
        if let Some((_, last, place)) = last.filter(|(_, last, _)| *last < on) {
            reader.warning(Code::Validity, place, format!("no holiday after {last} is known")).help =
                Some("add those to come, so that a deadline rolls on from them".into());
        }
    }
}

/// A version in force that somebody should have looked at again.
fn review(rule: &Rule, files: &[RuleFile], on: NaiveDate) -> Option<Diagnostic> {
    if !rule.in_force_on(on) || on < rule.review_by {
        return None;
    }
    let file = files.iter().find(|file| file.path == rule.path)?;
    let at = file.text.find("review_by");
    let place = at.map_or(Place::START, |at| Place::of_range(&file.text, at..at + "review_by".len()));
    let message = format!("`{}` was to be looked at again by {}", rule.card.version, rule.review_by);
    let found = Diagnostic::error(Code::Review, &file.path, &file.text, place, message);
    Some(found.with_help("check its law and its numbers, and set the next day").as_warning())
}
