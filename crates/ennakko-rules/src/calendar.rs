//! `calendar.toml`: rounds that the city announces, each a row of a calendar with its window and further days.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko_core::Occasion;
use ennakko_core::fact_table::FACT_INT_MAX;
use ennakko_core::occasion::OccasionField;

use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean};
use crate::parameters::{STATUS, Status};
use crate::rule_set::RuleFile;
use crate::table::{Spot, Table, TableFile, day, get, integer};

/// How far ahead the next occasion is looked for, in days.
pub const HORIZON_DAYS: u64 = 366;

/// Every calendar: name, rounds in order of their opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendars {
    pub(crate) rounds: BTreeMap<String, Vec<Arc<Occasion>>>,
}

impl Calendars {
    pub(crate) fn read(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut reader = TableFile::new(file);
        let mut calendars = Self::default();
        if let Some(root) = reader.parse() {
            for (name, rows) in root.get_ref() {
                if !reader.is_free_name(name, "calendar") {
                    continue;
                }
                let rows = reader.rows(rows, "a calendar");
                for row in &rows {
                    reader.day(*row, "checked");
                    if let Some(occasion) = read_round(&mut reader, *row) {
                        looks_included(&mut reader, *row, &occasion);
                        reply_in_round(&mut reader, *row, &occasion);
                        calendars.clash(&mut reader, name.get_ref(), &occasion, row.place);
                        calendars.add(name.get_ref(), occasion);
                    }
                }
                same_fields(&mut reader, name.get_ref(), &rows);
            }
        }
        diagnostics.append(&mut reader.diagnostics);
        calendars
    }

    /// Two rounds with one id, or open on the same day: one of them would never be at issue.
    fn clash(&self, reader: &mut TableFile<'_>, calendar: &str, occasion: &Occasion, place: Place) {
        let others = self.rounds.get(calendar).into_iter().flatten();
        for other in others {
            if other.id() == occasion.id() && !fault!(IdsOfRoundsNotCompared) {
                reader.error(place, format!("two rounds of `{calendar}` have the id \"{}\"", other.id())).help =
                    Some("an id names one round for good; give this one its own".into());
            } else if other.opens() < occasion.closes()
                && (occasion.opens() < other.closes() || fault!(RoundsTouch) && occasion.opens() == other.closes())
            {
                let message = format!("this round of `{calendar}` is open on days on which \"{}\" is open", other.id());
                reader.error(place, message).help =
                    Some("only one round of a calendar can be open on a day; end one before the other opens".into());
            }
        }
    }

    /// The rounds under `calendar` in a `given` block of cases: made up for those cases.
    pub fn of_given(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut reader = TableFile::new(file);
        let mut calendars = Self::default();
        if let Some(root) = reader.parse() {
            let root = Table { entries: root.get_ref(), place: Place::START };
            if let Some(names) = get(root, "calendar").and_then(|value| reader.table(value, "`calendar`")) {
                for (name, rows) in names.entries {
                    for row in reader.rows(rows, "a calendar") {
                        if let Some(occasion) = read_round(&mut reader, row) {
                            calendars.add(name.get_ref(), occasion);
                        }
                    }
                }
            }
        }
        diagnostics.append(&mut reader.diagnostics);
        calendars
    }

    /// Every calendar: name, rounds in order of their opening.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[Arc<Occasion>])> {
        self.rounds.iter().map(|(name, rounds)| (name.as_str(), rounds.as_slice()))
    }

    /// Adds a round, in place of one with the same id.
    pub fn add(&mut self, calendar: &str, occasion: Occasion) {
        let rounds = self.rounds.entry(calendar.to_owned()).or_default();
        rounds.retain(|round| round.id() != occasion.id());
        rounds.push(Arc::new(occasion));
        rounds.sort_by_key(|round| (round.opens(), round.id().to_owned()));
    }

    /// Adds every round of other calendars.
    pub fn add_all(&mut self, others: &Self) {
        for (calendar, rounds) in &others.rounds {
            for round in rounds {
                self.add(calendar, Occasion::clone(round));
            }
        }
    }

    /// The round at issue on a day: the open one first, then one that is late, else the next within the horizon.
    pub(crate) fn at_issue(&self, calendar: &str, on: NaiveDate) -> Option<Arc<Occasion>> {
        at_issue(self.rounds.get(calendar)?.iter().cloned(), on)
    }

    /// Every field that some round of a calendar has.
    pub(crate) fn fields(&self, calendar: &str) -> BTreeSet<String> {
        self.rounds
            .get(calendar)
            .into_iter()
            .flatten()
            .flat_map(|round| round.fields().map(|(name, _)| name.to_owned()).collect::<Vec<_>>())
            .collect()
    }
}

/// Of occasions in order of their opening, the one at issue on a day.
pub(crate) fn at_issue(rounds: impl Iterator<Item = Arc<Occasion>>, on: NaiveDate) -> Option<Arc<Occasion>> {
    let horizon = on.checked_add_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MAX);
    let mut late = None;
    let mut next = None;
    for round in rounds {
        if round.opens() <= on && on < round.closes() {
            return Some(round);
        }
        if round.opens() <= on && on < round.ends() {
            late.get_or_insert(round);
        } else if on < round.opens() && round.opens() <= horizon {
            next.get_or_insert(round);
        }
    }
    late.or(next)
}

/// Keys that every round has.
const KEYS: [&str; 7] = ["id", "opens", "closes", "ends", "status", "source", "checked"];

/// A warning where an excluded day was probably meant as included. A round that closes on the day after the last day to
/// reply is meant so.
fn looks_included(reader: &mut TableFile<'_>, row: Table<'_>, round: &Occasion) {
    let last = get(row, "reply_by").and_then(day);
    if last.is_none() || last != round.closes().pred_opt() {
        reader.looks_included(row, "closes", round.closes());
    }
    reader.looks_included(row, "ends", round.ends());
}

/// A warning at a last day to reply on which the round is not open.
fn reply_in_round(reader: &mut TableFile<'_>, row: Table<'_>, round: &Occasion) {
    let Some(last) = get(row, "reply_by").and_then(day) else { return };
    let (message, help) = if last >= round.closes() && !fault!(RepliesAfterTheRound) {
        let help = "let it close after the last day to reply; `closes` is the first day on which nothing is offered";
        (format!("replies are asked for until {last}, and this round closes on {}", round.closes()), help)
    } else if last < round.opens() {
        let help = "write a day on which the round is open";
        (format!("replies are asked for until {last}, and this round opens on {}", round.opens()), help)
    } else {
        return;
    };
    let place = reader.place_of(row, "reply_by");
    reader.warning(Code::Validity, place, message).help = Some(help.to_owned());
}

/// Fields that rounds usually have, so that another name near them is the misspelled one.
const USUAL: [&str; 3] = ["year", "reply_by", "first_day"];

/// What is probably one field under two names, or one name for two kinds of values.
fn same_fields(reader: &mut TableFile<'_>, calendar: &str, rows: &[Table<'_>]) {
    let mut kinds: BTreeMap<&str, &'static str> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let has = |row: &Table<'_>, name: &str| get(*row, name).is_some();
        for (spot, value) in row.entries {
            let name = spot.get_ref().as_ref();
            let place = reader.place(spot.span());
            if KEYS.contains(&name) {
                continue;
            }
            let rounds = |name: &str| rows.iter().filter(|row| has(row, name)).count();
            let is_settled = |other: &str| {
                USUAL.contains(&other) || rounds(other) > 1 || rows.iter().take(at).any(|row| has(row, other))
            };
            let elsewhere = rows.iter().flat_map(|row| row.entries.keys()).map(|name| name.get_ref().as_ref());
            let missing: BTreeSet<&str> = elsewhere
                .filter(|other| !KEYS.contains(other) && is_settled(other))
                .chain(KEYS)
                .filter(|other| !has(row, other))
                .collect();
            if rounds(name) == 1
                && !USUAL.contains(&name)
                && let Some(known) = did_you_mean(name, missing)
            {
                reader.warning(Code::Table, place, format!("only this round of `{calendar}` has `{name}`")).help =
                    Some(format!("did you mean `{known}`?"));
            }
            let Some(kind) = kind(value) else { continue };
            let first = *kinds.entry(name).or_insert(kind);
            if first != kind {
                let place = reader.place(value.span());
                reader.error(place, format!("`{name}` is {kind} here and {first} in another round")).help =
                    Some("a field of a calendar is the same kind of value in every round".into());
            }
        }
    }
}

fn kind(value: Spot<'_>) -> Option<&'static str> {
    if day(value).is_some() {
        Some("a day")
    } else if integer(value).is_some() {
        Some("a number")
    } else {
        value.get_ref().as_str().map(|_| "a text")
    }
}

pub(crate) fn read_round(reader: &mut TableFile<'_>, row: Table<'_>) -> Option<Occasion> {
    let (id, opens) = (reader.text(row, "id"), reader.day(row, "opens"));
    let (closes, ends) = (reader.day(row, "closes"), reader.day(row, "ends"));
    let status = reader.word(row, "status", STATUS);
    reader.text(row, "source");
    let (opens, closes) = (opens?, closes?);
    if opens == closes {
        reader.error(row.place, "this round is open on no day").help =
            Some("`opens` is the first day, included; `closes` is the first day after the last, excluded".into());
        return None;
    }
    let occasion = match Occasion::new(&id?, opens, closes, ends?) {
        Ok(occasion) => occasion,
        Err(error) => {
            reader.error(row.place, error.to_string()).help =
                Some("`opens` is included; `closes` and `ends` are the first days after, excluded".into());
            return None;
        }
    };
    let mut occasion = if status? == Status::Expected { occasion.as_expected() } else { occasion };
    for (name, value) in row.entries {
        let spot = name;
        let name = name.get_ref().as_ref();
        if KEYS.contains(&name) || !reader.is_free_name(spot, "field") {
            continue;
        }
        let field = if let Some(day) = day(value) {
            OccasionField::Day(day)
        } else if let Some(number) = integer(value).filter(|n| (-FACT_INT_MAX..=FACT_INT_MAX).contains(n)) {
            OccasionField::Int(number)
        } else if let Some(text) = value.get_ref().as_str() {
            OccasionField::Text(Arc::from(text))
        } else {
            let place = reader.place(value.span());
            reader.error(place, format!("`{name}` is not a value that a round can have")).help =
                Some("write a day without quotes, a whole number or a text in quotes".into());
            continue;
        };
        occasion = occasion.with(name, field);
    }
    Some(occasion)
}
