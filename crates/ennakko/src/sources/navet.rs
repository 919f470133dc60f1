//! Swedish population data as the tax agency's service *Navet* delivers it: files and answers in XML, and the JSON that
//! SUNET's client makes of an answer.
//!
//! For: one `Folkbokforingspost` after another to residents, custody, dwellings, reports of deaths and the stay that is
//! still going on. A file of any size is read post by post; only the records stay.
//! Not for: fetching; birth day and sex where the post does not state them, since a number is a key and never their source
//! (see [`identity`](ennakko_core::identity)); mother tongue and sex, which Navet does not have; `Historik` and
//! `Sarlosning`, which are passed over.
//! Input: what is handed in. Source of the shapes: `Navetavisering.xsd` as in SUNET's eduid-navet-service, read 22 November
//! 2026; of the codes for name in use and deregistration: the term descriptions of SPAR (statenspersonadressregister.se).
//!
//! # The way chosen where senders and readers differ
//!
//! | what | here |
//! | --- | --- |
//! | a secrecy mark that is missing or empty | unknown, unless the [`NavetProfile`] says that marks are sent only where they are set |
//! | one mark `J` | protected, whatever the other says |
//! | day 0 | not stated; `yyyy0000` and `yyyymm00`: known to the year, the month; no such day: unknown, with an issue |
//! | deregistered as dead (`AV`) | dead, municipality as delivered |
//! | deregistered as emigrated, missing, technically, for another reason, as a false identity or an annulled number (`UV`, `OB`, `TA`, `AN`, `FI`, `AS`) | the row stays, in no municipality and no dwelling |
//! | deregistered as an old number (`GN`, `GS`) | no row: a former code of the number that the post refers to |
//! | `HanvisningsPersonNr` of any other post | a former code |
//! | municipality | county and municipality as four digits, leading zeros restored |
//! | `LagenhetsId` | the dwelling, behind `SE:`; 0 is not stated |
//! | relation `V`, `VF` | custody, from both posts, once; the child's own post is believed where they differ |
//! | status `AS`, `AV`, `IV`, `AN` | ended: without a last day it is left out |
//! | a custodian without a number | described by name and day of birth |
//! | several posts of one number | the one changed last; if that cannot be told, the first, and protected or dead if any says so |
//! | 10 digits | refused: the century cannot be told |
//! | a post that is set aside, of somebody in a known dwelling | who lives in that dwelling is not known to be all |

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Read};

use chrono::NaiveDate;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{CustodyRecord, Delivery, DwellingRecord, ListState, Who};
use ennakko_core::value::{Fact, UnknownReason};
use thiserror::Error;

use self::person::{Meaning, Person};
use self::post::Post;
use super::{Loaded, Origins, SourceIssue, SourceProblem};

mod json;
mod names;
mod person;
mod post;
mod relation;
mod xml;

pub use xml::copy_posts;

/// What a city has agreed with the sender, which a file does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavetProfile {
    /// The last day that may stand in a number; none: any. A number may name a nearby day of its month: let it be the end of
    /// a month.
    pub not_after: Option<NaiveDate>,
    /// What a post without a secrecy mark says.
    pub missing_mark: MissingMark,
    /// Who is in a file.
    pub scope: Scope,
}

/// What a post without a secrecy mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingMark {
    /// Nothing: whether the person is protected is unknown.
    Unknown,
    /// That there is none: the order has both terms, and the sender gives them only where they are set.
    No,
}

/// Who is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody registered in the municipality: who lives in a dwelling is all there are.
    Everybody,
    /// Those asked for, or those changed.
    Some,
}

/// Why a file or an answer is of no use as a whole. No message has any of its content.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NavetError {
    /// It could not be read to its end.
    #[error("the population data could not be read to its end")]
    Io(#[from] std::io::Error),
    /// No well-formed XML or JSON.
    #[error("the population data is broken after record {after}")]
    Broken {
        /// Records that were whole.
        after: u64,
    },
    /// It ends in the middle.
    #[error("the population data ends in the middle, after record {after}")]
    Torn {
        /// Records that were whole.
        after: u64,
    },
    /// It is not from Navet.
    #[error("there is no `Folkbokforingsposter` and no `PopulationItems` in the population data")]
    NoPosts,
    /// The service answered with a fault.
    #[error("the population service answered with a fault{}", .code.map_or(String::new(), |code| format!(" ({code})")))]
    Fault {
        /// `Felkod`, if there was one.
        code: Option<i64>,
    },
    /// Not as many records as the file says it has.
    #[error("the population data says that it has {announced} records, and has {read}")]
    CountDiffers {
        /// `AntalPoster`.
        announced: u64,
        /// Records read.
        read: u64,
    },
}

/// Reads a file (`Navetavisering`) or an answer of the service (with its envelope), UTF-8 or ISO-8859-1. An empty
/// `Folkbokforingsposter` is what the service answers when it finds nobody: no records and no error.
///
/// # Errors
/// Those of [`NavetError`]: then nothing of it is used.
pub fn read_xml(input: impl Read, profile: NavetProfile) -> Result<Loaded, NavetError> {
    let mut reading = Reading::new(profile);
    xml::posts(input, |post| reading.take(&post))?;
    Ok(reading.finish())
}

/// Reads the JSON that SUNET's client makes of an answer (`PopulationItems`). It has neither municipality nor dwelling nor
/// birth day: they are unknown.
///
/// # Errors
/// Those of [`NavetError`]: then nothing of it is used.
pub fn read_json(input: impl BufRead, profile: NavetProfile) -> Result<Loaded, NavetError> {
    let mut reading = Reading::new(profile);
    json::items(input, |item| match item {
        Some(post) => reading.take(&post),
        None => reading.wrong_shape(),
    })?;
    Ok(reading.finish())
}

/// By child and custodian: the post that told it first, and what was told.
type Pairs = BTreeMap<(Who, Who), (u64, BTreeSet<CustodyRecord>)>;

/// The posts of a file as far as they are read.
struct Reading {
    profile: NavetProfile,
    people: Vec<Person>,
    by_code: BTreeMap<IdentityCode, usize>,
    /// Posts of old numbers: position, the old one, the one in force.
    old_numbers: Vec<(u64, IdentityCode, IdentityCode)>,
    /// Dwellings of which a resident's post was set aside.
    short_of_somebody: BTreeSet<String>,
    issues: Vec<SourceIssue>,
    read: u64,
}

impl Reading {
    fn new(profile: NavetProfile) -> Self {
        Self {
            profile,
            people: Vec::new(),
            by_code: BTreeMap::new(),
            old_numbers: Vec::new(),
            short_of_somebody: BTreeSet::new(),
            issues: Vec::new(),
            read: 0,
        }
    }

    fn take(&mut self, post: &Post) {
        self.read += 1;
        match person::meaning(post, self.read, self.profile, &mut self.issues) {
            Meaning::Person(person) => self.person(*person),
            Meaning::OldNumber { old, new } => self.old_numbers.push((self.read, old, new)),
            Meaning::Nobody { problem, dwelling } => {
                self.short_of_somebody.extend(dwelling);
                self.set_aside(self.read, "PersonId", problem);
            }
        }
    }

    fn wrong_shape(&mut self) {
        self.read += 1;
        self.set_aside(self.read, "PopulationItem", SourceProblem::WrongShape);
    }

    fn set_aside(&mut self, position: u64, group: &'static str, problem: SourceProblem) {
        self.issues.push(SourceIssue { position, group: Some(group.into()), problem, sets_aside: true });
    }

    fn person(&mut self, mut person: Person) {
        let Some(code) = person.record.code.clone() else { return };
        let Some(&at) = self.by_code.get(&code) else {
            self.by_code.insert(code, self.people.len());
            self.people.push(person);
            return;
        };
        if person.changed > self.people[at].changed {
            std::mem::swap(&mut person, &mut self.people[at]);
        }
        // `person` is now the one that goes; without a later one, neither takes back what the other says
        let kept = &mut self.people[at];
        if kept.changed == person.changed {
            if !matches!(person.record.protection, Fact::Known(false)) && kept.record.protection != Fact::Known(true) {
                kept.record.protection = person.record.protection;
            }
            kept.record.dead |= person.record.dead;
        }
        self.set_aside(person.position, "PersonId", SourceProblem::Duplicate);
    }

    fn finish(mut self) -> Loaded {
        for (position, old, new) in std::mem::take(&mut self.old_numbers) {
            match self.by_code.get(&new) {
                Some(&at) => {
                    let former = &mut self.people[at].record.former_codes;
                    if !former.contains(&old) {
                        former.push(old);
                    }
                }
                None => self.set_aside(position, "HanvisningsPersonNr", SourceProblem::NoSuchSubject),
            }
        }
        let mut delivery = Delivery::default();
        let mut origins = Origins::default();
        for (position, pair) in self.custody() {
            origins.custody.push(position);
            delivery.custody.push(pair);
        }
        for (position, dwelling) in self.dwellings() {
            origins.dwellings.push(position);
            delivery.dwellings.push(dwelling);
        }
        for person in self.people {
            if let Some(history) = person.history {
                origins.histories.push(person.position);
                delivery.histories.push(history);
            }
            for death in person.deaths {
                origins.deaths.push(person.position);
                delivery.deaths.push(death);
            }
            origins.residents.push(person.position);
            delivery.residents.push(person.record);
        }
        self.issues.sort_unstable();
        let read = usize::try_from(self.read).unwrap_or(usize::MAX);
        let set_aside = self.issues.iter().filter(|issue| issue.sets_aside).count();
        Loaded { delivery, origins, issues: self.issues, read, used: read.saturating_sub(set_aside) }
    }

    /// What was told of each pair, once. The child's post is believed; what only a custodian's post says is kept too, since
    /// dropping a real custodian is worse, with an issue where the child's post has custodians and not this one.
    fn custody(&mut self) -> Vec<(u64, CustodyRecord)> {
        let (mut by_child, mut by_custodian) = (Pairs::new(), Pairs::new());
        let mut has_custodians: BTreeSet<IdentityCode> = BTreeSet::new();
        for person in &mut self.people {
            if person.record.custodians == ListState::Whole {
                has_custodians.extend(person.record.code.clone());
            }
            for pair in std::mem::take(&mut person.custody) {
                let told = if pair.told_by_child { &mut by_child } else { &mut by_custodian };
                let key = (pair.child, pair.custodian);
                // custody that ended and began again is told twice
                let (_, records) = told.entry(key).or_insert((person.position, BTreeSet::new()));
                records.extend(pair.record);
            }
        }
        for (key, (position, records)) in &by_custodian {
            let has_others = matches!(&key.0, Who::Code(code) if has_custodians.contains(code));
            let differs = by_child.get(key).map_or(has_others && !records.is_empty(), |(_, told)| told != records);
            if differs {
                self.issues.push(SourceIssue {
                    position: *position,
                    group: Some("Relation".into()),
                    problem: SourceProblem::Disagrees,
                    sets_aside: false,
                });
            }
        }
        by_custodian.retain(|key, _| !by_child.contains_key(key));
        let all = by_child.into_values().chain(by_custodian.into_values());
        let mut all: Vec<(u64, CustodyRecord)> =
            all.flat_map(|(position, records)| records.into_iter().map(move |record| (position, record))).collect();
        all.sort();
        all
    }

    /// Each dwelling once, with an address that does not hang on the order of posts.
    fn dwellings(&mut self) -> Vec<(u64, DwellingRecord)> {
        let open = ListState::Open(UnknownReason::OpenList);
        let mut dwellings: BTreeMap<String, (u64, DwellingRecord)> = BTreeMap::new();
        for person in &mut self.people {
            let Some((id, address)) = person.dwelling.take() else { continue };
            let (_, record) = dwellings.entry(id.clone()).or_insert_with(|| {
                let is_whole = self.profile.scope == Scope::Everybody && !self.short_of_somebody.contains(&id);
                let members = if is_whole { ListState::Whole } else { open };
                let unknown = Fact::Unknown(UnknownReason::NotDelivered);
                (person.position, DwellingRecord { id, building: None, address: unknown, members })
            });
            if let Some(address) = address
                && record.address.as_ref().known().is_none_or(|known| address < *known)
            {
                record.address = Fact::Known(address);
            }
        }
        dwellings.into_values().collect()
    }
}

#[cfg(test)]
mod tests;
