//! From what other registers send to records: one module per source, each reading what it is handed and nothing else.
//!
//! A source never stops at a bad record. What it could not use is a [`SourceIssue`]: a position and a reason, never a name, a
//! code or an address. Every source record is used or set aside, and every record it gave leads back to it through
//! [`Origins`]. Not for checks across records: [`Register::build`](crate::Register::build) does those, and [`Merged::origin`]
//! says where the record stood that it names.

pub mod finnish;

use std::borrow::Cow;
use std::fmt;

use ennakko_core::identity::CodeError;
use ennakko_core::issue::{Issue, RecordKind};
use ennakko_core::record::{Delivery, FactDelivery};
use thiserror::Error;

#[cfg(feature = "buildings")]
pub mod buildings;
#[cfg(feature = "navet")]
pub mod navet;
#[cfg(feature = "tables")]
pub mod table;

/// What one source delivered: records, where each stood, and what was wrong before it became a record.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The records.
    pub delivery: Delivery,
    /// Where each of them stood in the source.
    pub origins: Origins,
    /// What was wrong, in the order of positions.
    pub issues: Vec<SourceIssue>,
    /// Source records read: those used, and those set aside.
    pub read: usize,
    /// Source records that became at least one record, or were understood and need none.
    pub used: usize,
}

/// For each list of a delivery, the source record (position from 1) that each of its records came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Of `residents`.
    pub residents: Vec<u64>,
    /// Of `histories`.
    pub histories: Vec<u64>,
    /// Of `deaths`.
    pub deaths: Vec<u64>,
    /// Of `custody`.
    pub custody: Vec<u64>,
    /// Of `dwellings`.
    pub dwellings: Vec<u64>,
    /// Of `buildings`.
    pub buildings: Vec<u64>,
    /// Of the rows of each of `facts`.
    pub facts: Vec<Vec<u64>>,
}

/// One source record set aside or used in part. Never names a person: a position and a reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceIssue {
    /// Position in the source, from 1: a row without the head line, an item of an array, a post.
    pub position: u64,
    /// The part of the record, as the source's schema calls it; never anything that was delivered.
    pub group: Option<Cow<'static, str>>,
    /// What was wrong.
    pub problem: SourceProblem,
    /// Whether the whole record is left out.
    pub sets_aside: bool,
}

impl fmt::Display for SourceIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.group {
            Some(group) => write!(f, "record {}, `{group}`: {}", self.position, self.problem),
            None => write!(f, "record {}: {}", self.position, self.problem),
        }
    }
}

/// What was wrong with a source record, or with a part of it. No variant holds what was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[non_exhaustive]
pub enum SourceProblem {
    /// Not the notation of the source at all: broken JSON, a row with too few cells.
    #[error("cannot be read")]
    Unreadable,
    /// Readable, and of another shape than the source documents.
    #[error("is not of the shape that the source documents")]
    WrongShape,
    /// Nobody, or nothing, can be meant.
    #[error("has no identity code or key")]
    NoCode,
    /// A code that cannot be one.
    #[error("has an identity code that cannot be used")]
    BadCode,
    /// A code of the series for tests in a register in use, or a real one among test data.
    #[error("has an identity code of a series that is not accepted here")]
    WrongSeries,
    /// A day that no calendar has.
    #[error("has a day that is not in the calendar")]
    BadDay,
    /// A word or code that the source's own list does not have.
    #[error("has a value that is not in the source's list")]
    UnknownValue,
    /// A second record of the same subject in one delivery.
    #[error("is a second record of the same subject")]
    Duplicate,
    /// An empty cell where a value, or a spelling of none or unknown, must stand.
    #[error("has nothing where a value must stand")]
    NothingThere,
    /// Was asked for, and did not come: the position is that among what was asked for.
    #[error("was asked for and not delivered")]
    NotDelivered,
    /// About somebody of whom nothing has been loaded.
    #[error("is about somebody of whom nothing has been loaded")]
    NoSuchSubject,
    /// Another record of the same delivery says otherwise.
    #[error("says other than another record of the same delivery")]
    Disagrees,
    /// Coordinates that are none, are outside their system's bounds, or have their axes exchanged.
    #[error("has coordinates that cannot be of their system")]
    BadPlace,
    /// An earlier change of the same subject could not be taken, so this one waits with it.
    #[error("waits for an earlier change of the same subject")]
    Waits,
}

impl SourceProblem {
    /// The problem of a code that was refused.
    pub fn of_code(error: CodeError) -> Self {
        match error {
            CodeError::Artificial | CodeError::NotArtificial => Self::WrongSeries,
            _ => Self::BadCode,
        }
    }
}

/// A part of a merged list: the positions in one source of so many records.
#[derive(Clone, Debug)]
struct Part {
    source: usize,
    positions: Vec<u64>,
}

/// A merged list's parts, in the list's order.
#[derive(Clone, Debug, Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn push(&mut self, source: usize, positions: Vec<u64>) {
        self.0.push(Part { source, positions });
    }

    /// Source and position of the list's record at an index from 0.
    fn at(&self, mut index: usize) -> Option<(usize, u64)> {
        for part in &self.0 {
            match part.positions.get(index) {
                Some(position) => return Some((part.source, *position)),
                None => index -= part.positions.len(),
            }
        }
        None
    }
}

/// Several sources as one delivery, and the way back from each of its records.
#[derive(Debug, Default)]
pub struct Merged {
    /// Everything delivered, in the order of the sources.
    pub delivery: Delivery,
    /// What was wrong, with the source (a position in [`Self::sources`]).
    pub issues: Vec<(usize, SourceIssue)>,
    /// The sources' names.
    pub sources: Vec<String>,
    /// Source records read and used, by source.
    pub counts: Vec<(usize, usize)>,
    lists: [Parts; 6],
    facts: Vec<(String, Parts)>,
}

/// Puts a list behind another; the first one is never copied.
fn append<T>(all: &mut Vec<T>, more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.extend(more);
    }
}

/// Where a record stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin<'a> {
    /// The source's name.
    pub source: &'a str,
    /// Position in the source, from 1.
    pub position: u64,
}

impl Merged {
    /// Puts sources after one another. A fact that several of them deliver becomes one table, as old as its oldest part.
    pub fn of(loads: impl IntoIterator<Item = (String, Loaded)>) -> Self {
        let mut merged = Self::default();
        for (name, loaded) in loads {
            merged.add(name, loaded);
        }
        merged
    }

    fn add(&mut self, name: String, loaded: Loaded) {
        let source = self.sources.len();
        self.sources.push(name);
        self.counts.push((loaded.read, loaded.used));
        self.issues.extend(loaded.issues.into_iter().map(|issue| (source, issue)));
        let Loaded { delivery, origins, .. } = loaded;
        let Origins { residents, histories, deaths, custody, dwellings, buildings, facts } = origins;
        for (parts, positions) in
            self.lists.iter_mut().zip([residents, histories, deaths, custody, dwellings, buildings])
        {
            parts.push(source, positions);
        }
        for (table, positions) in delivery.facts.into_iter().zip(facts) {
            self.add_table(source, table, positions);
        }
        let all = &mut self.delivery;
        append(&mut all.residents, delivery.residents);
        append(&mut all.histories, delivery.histories);
        append(&mut all.deaths, delivery.deaths);
        append(&mut all.custody, delivery.custody);
        append(&mut all.dwellings, delivery.dwellings);
        append(&mut all.buildings, delivery.buildings);
    }

    fn add_table(&mut self, source: usize, table: FactDelivery, positions: Vec<u64>) {
        let name = &table.declaration.name;
        if let Some(at) = self.facts.iter().position(|(known, _)| known == name) {
            let first = &mut self.delivery.facts[at];
            first.delivered_on = first.delivered_on.min(table.delivered_on);
            first.rows.extend(table.rows);
            self.facts[at].1.push(source, positions);
        } else {
            let mut parts = Parts::default();
            parts.push(source, positions);
            self.facts.push((name.clone(), parts));
            self.delivery.facts.push(table);
        }
    }

    /// Where every record delivered stood: a position in [`Self::sources`], and the position in that source, from 1.
    pub fn positions(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let parts = self.lists.iter().chain(self.facts.iter().map(|(_, parts)| parts)).flat_map(|parts| &parts.0);
        parts.flat_map(|part| part.positions.iter().map(|position| (part.source, *position)))
    }

    /// Where the record stood that an issue of building or changing a register names.
    pub fn origin(&self, issue: &Issue) -> Option<Origin<'_>> {
        let [residents, histories, deaths, custody, dwellings, buildings] = &self.lists;
        let parts = match &issue.kind {
            RecordKind::Resident => residents,
            RecordKind::History => histories,
            RecordKind::Death => deaths,
            RecordKind::Custody => custody,
            RecordKind::Dwelling => dwellings,
            RecordKind::Building => buildings,
            RecordKind::Fact(name) => &self.facts.iter().find(|(known, _)| known == name)?.1,
        };
        let (source, position) = parts.at(issue.position.checked_sub(1)?)?;
        Some(Origin { source: &self.sources[source], position })
    }
}

#[cfg(test)]
mod tests;
