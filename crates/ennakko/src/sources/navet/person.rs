//! What a post says of its person.

use chrono::NaiveDate;
use ennakko_core::PartialDate;
use ennakko_core::identity::{IdentityCode, dwelling_id};
use ennakko_core::record::{Address, DeathRecord, HistoryRecord, ResidentRecord, Stay, Who};
use ennakko_core::value::{Fact, UnknownReason};

use super::names::names;
use super::post::{Left, Post, WrittenAddress};
use super::relation::{Pair, Relations, relations};
use super::{MissingMark, NavetProfile};
use crate::sources::{SourceIssue, SourceProblem};

/// What a post comes to.
pub(super) enum Meaning {
    /// A person.
    Person(Box<Person>),
    /// A number that is no longer anybody's, and the one that came in its place.
    OldNumber {
        /// The old one.
        old: IdentityCode,
        /// The one in force.
        new: IdentityCode,
    },
    /// Nobody can be meant.
    Nobody {
        /// Why.
        problem: SourceProblem,
        /// Where they live, if they do.
        dwelling: Option<String>,
    },
}

/// A person with everything that their post says.
pub(super) struct Person {
    pub(super) position: u64,
    /// `andringstidpunkt`, as a number.
    pub(super) changed: Option<u64>,
    pub(super) record: ResidentRecord,
    pub(super) history: Option<HistoryRecord>,
    pub(super) custody: Vec<Pair>,
    pub(super) deaths: Vec<DeathRecord>,
    /// The dwelling's id and address.
    pub(super) dwelling: Option<(String, Option<Address>)>,
}

/// Why a person is no longer registered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaving {
    /// Is registered.
    No,
    Dead,
    /// Emigrated, missing, a false identity and the like: in no municipality.
    Gone,
    OldNumber,
    /// A cause that is none of those known.
    NotKnown,
}

/// Reads parts of one post and keeps what was wrong with them.
pub(super) struct Notes<'i> {
    position: u64,
    not_after: Option<NaiveDate>,
    issues: &'i mut Vec<SourceIssue>,
}

impl Notes<'_> {
    /// A part that could not be used; the rest of the post is.
    pub(super) fn note(&mut self, group: &'static str, problem: SourceProblem) {
        let issue = SourceIssue { position: self.position, group: Some(group.into()), problem, sets_aside: false };
        // one issue of a kind for a post; those of this post stand last
        let mut of_this_post = self.issues.iter().rev().take_while(|known| known.position == self.position);
        if of_this_post.all(|known| *known != issue) {
            self.issues.push(issue);
        }
    }

    /// A number of twelve digits, personal or coordination.
    pub(super) fn code(&mut self, written: &str, group: &'static str) -> Option<IdentityCode> {
        IdentityCode::parse_swedish(written, self.not_after)
            .map_err(|error| self.note(group, SourceProblem::of_code(error)))
            .ok()
    }

    /// A day of eight digits that may be known in part (`OfullstandigtDatumTYPE`). None: it is not stated.
    pub(super) fn day(&mut self, written: Option<&str>, group: &'static str) -> Fact<PartialDate> {
        let Some(written) = written else { return Fact::None };
        if !written.is_empty() && written.bytes().all(|byte| byte == b'0') {
            return Fact::None;
        }
        partial_date(written).map_or_else(
            || {
                self.note(group, SourceProblem::BadDay);
                Fact::Unknown(UnknownReason::Disputed)
            },
            Fact::Known,
        )
    }
}

fn partial_date(written: &str) -> Option<PartialDate> {
    if written.len() != 8 || !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u32 = written.parse().ok()?;
    let year = i32::try_from(number / 10_000).ok().filter(|year| *year > 0)?;
    match (number / 100 % 100, number % 100) {
        (0, 0) => PartialDate::in_year(year).ok(),
        (0, _) => None,
        (month, 0) => PartialDate::in_month(year, month).ok(),
        (month, day) => NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::exact),
    }
}

pub(super) fn meaning(post: &Post, position: u64, profile: NavetProfile, issues: &mut Vec<SourceIssue>) -> Meaning {
    let before = issues.len();
    let mut notes = Notes { position, not_after: profile.not_after, issues };
    let written = [post.personal.as_deref(), post.coordination.as_deref()];
    let mut codes = written.into_iter().flatten().filter_map(|written| notes.code(written, "PersonId"));
    let (code, second) = (codes.next(), codes.next());
    let Some(code) = code else {
        let problem = notes.issues.get(before).map_or(SourceProblem::NoCode, |issue| issue.problem);
        let home = match leaving(post.left.as_ref(), &mut notes) {
            Leaving::No | Leaving::NotKnown => dwelling(post.dwelling.as_deref(), &mut notes).known(),
            Leaving::Dead | Leaving::Gone | Leaving::OldNumber => None,
        };
        notes.issues.truncate(before);
        return Meaning::Nobody { problem, dwelling: home };
    };
    let leaving = leaving(post.left.as_ref(), &mut notes);
    let reference = post.reference.as_deref().and_then(|written| notes.code(written, "HanvisningsPersonNr"));
    if leaving == Leaving::OldNumber {
        return match reference {
            Some(new) if new != code => Meaning::OldNumber { old: code, new },
            _ => Meaning::Nobody { problem: SourceProblem::NoSuchSubject, dwelling: None },
        };
    }
    let mut former_codes: Vec<IdentityCode> =
        reference.into_iter().chain(second).filter(|other| *other != code).collect();
    former_codes.dedup();
    let protection = protection(post, profile.missing_mark, &mut notes);
    let not_told = match protection {
        Fact::Known(true) => UnknownReason::Withheld,
        _ => UnknownReason::NotDelivered,
    };
    let born = never_none(notes.day(post.born.as_deref(), "Fodelsedatum"), UnknownReason::NotDelivered);
    let since = never_none(notes.day(post.registered.as_deref(), "Folkbokforingsdatum"), not_told);
    let municipality = municipality(post, &mut notes);
    let dwelling = dwelling(post.dwelling.as_deref(), &mut notes);
    let (municipality, dwelling, since) = match leaving {
        Leaving::No | Leaving::Dead => (never_none(municipality, not_told), never_none(dwelling, not_told), since),
        Leaving::Gone => (Fact::None, Fact::None, Fact::None),
        Leaving::NotKnown | Leaving::OldNumber => {
            let unknown = UnknownReason::NotDelivered;
            (Fact::Unknown(unknown), Fact::Unknown(unknown), Fact::Unknown(unknown))
        }
    };
    let Relations { custody, deaths, custodians } = relations(post, &code, &mut notes);
    let names = post.names.as_ref().and_then(names).map(|(names, followed)| {
        if !followed {
            notes.note("Tilltalsnamnsmarkering", SourceProblem::UnknownValue);
        }
        names
    });
    let home = match (&dwelling, leaving) {
        (Fact::Known(id), Leaving::No) => Some((id.clone(), address(&post.address, &mut notes))),
        _ => None,
    };
    let history = match leaving {
        Leaving::No => history(&code, &municipality, since),
        _ => None,
    };
    let unknown = UnknownReason::NotDelivered;
    let record = ResidentRecord {
        key: None,
        code: Some(code),
        former_codes,
        names,
        born,
        sex: Fact::Unknown(unknown),
        dead: leaving == Leaving::Dead,
        municipality,
        language: Fact::Unknown(unknown),
        protection,
        dwelling,
        dwelling_since: since,
        custodians,
        in_care: Fact::None,
    };
    let changed = post.changed.as_deref().and_then(|written| written.parse().ok());
    Meaning::Person(Box::new(Person { position, changed, record, history, custody, deaths, dwelling: home }))
}

/// Of what everybody has: not stated is unknown.
fn never_none<T>(fact: Fact<T>, reason: UnknownReason) -> Fact<T> {
    match fact {
        Fact::None => Fact::Unknown(reason),
        fact => fact,
    }
}

fn leaving(left: Option<&Left>, notes: &mut Notes<'_>) -> Leaving {
    match left.map(|left| left.cause.as_deref()) {
        None => Leaving::No,
        Some(Some("AV")) => Leaving::Dead,
        Some(Some("UV" | "OB" | "TA" | "AN" | "FI" | "AS")) => Leaving::Gone,
        Some(Some("GN" | "GS")) => Leaving::OldNumber,
        Some(_) => {
            notes.note("AvregistreringsorsakKod", SourceProblem::UnknownValue);
            Leaving::NotKnown
        }
    }
}

fn protection(post: &Post, missing: MissingMark, notes: &mut Notes<'_>) -> Fact<bool> {
    let mut mark = |written: &Option<String>, group| match written.as_deref() {
        Some("J") => Some(true),
        Some("N") => Some(false),
        None if missing == MissingMark::No => Some(false),
        None => None,
        Some(_) => {
            notes.note(group, SourceProblem::UnknownValue);
            None
        }
    };
    match (mark(&post.secrecy, "Sekretessmarkering"), mark(&post.protected, "SkyddadFolkbokforing")) {
        (Some(true), _) | (_, Some(true)) => Fact::Known(true),
        (Some(false), Some(false)) => Fact::Known(false),
        _ => Fact::Unknown(UnknownReason::NotDelivered),
    }
}

/// County and municipality as four digits; none: not stated.
fn municipality(post: &Post, notes: &mut Notes<'_>) -> Fact<String> {
    let two_digits = |written: &str| match written.parse::<u8>() {
        Ok(number @ 1..=99) if written.bytes().all(|byte| byte.is_ascii_digit()) => Some(format!("{number:02}")),
        _ => None,
    };
    let (county, municipality) = (post.county.as_deref(), post.municipality.as_deref());
    if county.is_none() && municipality.is_none() {
        return Fact::None;
    }
    if let (Some(county), Some(municipality)) = (county.and_then(two_digits), municipality.and_then(two_digits)) {
        return Fact::Known(county + municipality.as_str());
    }
    notes.note("KommunKod", SourceProblem::UnknownValue);
    Fact::Unknown(UnknownReason::Disputed)
}

/// The dwelling's id; none: not stated. It is a number, so leading zeros say nothing.
fn dwelling(written: Option<&str>, notes: &mut Notes<'_>) -> Fact<String> {
    let Some(written) = written else { return Fact::None };
    let id = written.trim_start_matches('0');
    if id.is_empty() {
        return Fact::None;
    }
    let is_number = id.len() <= 14 && id.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(id) = dwelling_id::of_country("SE", id).filter(|_| is_number) {
        return Fact::Known(id);
    }
    notes.note("LagenhetsId", SourceProblem::UnknownValue);
    Fact::Unknown(UnknownReason::Disputed)
}

/// The address without care of, if it has a postal code and a post office.
fn address(written: &WrittenAddress, notes: &mut Notes<'_>) -> Option<Address> {
    let lines = [written.first.as_deref(), written.second.as_deref()];
    let street = lines.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let postal_code = postal_code(written.postal_code.as_deref(), notes)?;
    let post_office = written.post_office.clone()?;
    Some(Address { street, postal_code, post_office })
}

/// Five digits. The schema has it as a number, so that a zero in front may have been lost.
fn postal_code(written: Option<&str>, notes: &mut Notes<'_>) -> Option<String> {
    let digits: String = written?.chars().filter(|character| *character != ' ').collect();
    match digits.parse::<u32>() {
        Ok(0) => None,
        Ok(number) if number <= 99_999 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("{number:05}"))
        }
        _ => {
            notes.note("PostNr", SourceProblem::UnknownValue);
            None
        }
    }
}

/// The stay that is still going on: from the day of registration at this address, or the last day that may have been.
fn history(code: &IdentityCode, municipality: &Fact<String>, since: Fact<PartialDate>) -> Option<HistoryRecord> {
    let (Fact::Known(_), Fact::Known(since)) = (municipality, since) else { return None };
    let stay = Stay {
        municipality: municipality.clone(),
        from: Fact::Known(PartialDate::exact(since.last())),
        last_day: Fact::None,
    };
    Some(HistoryRecord { of: Who::Code(code.clone()), known_from: Fact::Known(since.last()), stays: vec![stay] })
}
