//! Relations of a post: who has custody of whom. Parents, spouses and children as such are understood and need no record.

use chrono::NaiveDate;
use ennakko_core::PartialDate;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{CustodyKind, CustodyRecord, DeathRecord, ListState, Names, Who};
use ennakko_core::value::{Fact, UnknownReason};

use super::names::names;
use super::person::Notes;
use super::post::{Left, Post, Relation};
use crate::sources::SourceProblem;

/// The source as reports of deaths name it.
pub(super) const SOURCE: &str = "navet";

/// A child and a custodian, as one of the two's posts tells it.
pub(super) struct Pair {
    pub(super) child: Who,
    pub(super) custodian: Who,
    pub(super) told_by_child: bool,
    /// None: it is over, and its last day is not stated.
    pub(super) record: Option<CustodyRecord>,
}

/// What a post's relations come to.
pub(super) struct Relations {
    pub(super) custody: Vec<Pair>,
    pub(super) deaths: Vec<DeathRecord>,
    /// Whether the person's own custodians were all delivered.
    pub(super) custodians: ListState,
}

pub(super) fn relations(post: &Post, own: &IdentityCode, notes: &mut Notes<'_>) -> Relations {
    let mut found =
        Relations { custody: Vec::new(), deaths: Vec::new(), custodians: ListState::Open(UnknownReason::NotDelivered) };
    for relation in post.relations.iter().flatten() {
        let told_by_child = match relation.kind.as_deref() {
            Some("V") => true,
            Some("VF") => false,
            Some("B" | "MO" | "FA" | "F" | "M" | "P") => continue,
            _ => {
                notes.note("Relationstyp", SourceProblem::UnknownValue);
                // it may have been a custodian
                found.custodians = ListState::Open(UnknownReason::OpenList);
                continue;
            }
        };
        let Some(other) = other(relation, notes) else {
            notes.note("RelationId", SourceProblem::NoCode);
            if told_by_child {
                found.custodians = ListState::Open(UnknownReason::OpenList);
            }
            continue;
        };
        if told_by_child && found.custodians == ListState::Open(UnknownReason::NotDelivered) {
            found.custodians = ListState::Whole;
        }
        let is_dead = matches!(&relation.left, Some(Left { cause: Some(cause) }) if cause == "AV");
        if is_dead && matches!(other, Who::Code(_)) {
            found.deaths.push(DeathRecord { who: other.clone(), source: SOURCE.to_owned(), dead: true });
        } else if is_dead {
            // somebody without a number has no row of which to say so
            continue;
        }
        let this = Who::Code(own.clone());
        let (child, custodian) = if told_by_child { (this, other) } else { (other, this) };
        let record = record(relation, &child, &custodian, notes);
        found.custody.push(Pair { child, custodian, told_by_child, record });
    }
    found
}

/// The pair as a record; none where it is over and the last day is not stated.
fn record(relation: &Relation, child: &Who, custodian: &Who, notes: &mut Notes<'_>) -> Option<CustodyRecord> {
    let ended = match relation.status.as_deref() {
        Some("AS" | "AV" | "IV" | "AN") => true,
        None | Some("NY" | "PB" | "RD") => false,
        Some(_) => {
            notes.note("Relation status", SourceProblem::UnknownValue);
            false
        }
    };
    let from = day(relation.from.as_deref(), "RelationFromdatum", notes);
    let until = day(relation.until.as_deref(), "RelationTomdatum", notes);
    if ended && until == Fact::None {
        return None;
    }
    Some(CustodyRecord {
        child: child.clone(),
        custodian: custodian.clone(),
        kind: CustodyKind::Custodian,
        from,
        until,
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    })
}

/// A day of a pair: none if it is not stated, unknown if it is known in part.
fn day(written: Option<&str>, group: &'static str, notes: &mut Notes<'_>) -> Fact<NaiveDate> {
    match notes.day(written, group) {
        Fact::Known(date) => date.day().map_or(Fact::Unknown(UnknownReason::PartialDate), Fact::Known),
        Fact::None => Fact::None,
        Fact::Unknown(reason) => Fact::Unknown(reason),
    }
}

/// The other person: by number, or described by what is known of them; none if that is nothing.
fn other(relation: &Relation, notes: &mut Notes<'_>) -> Option<Who> {
    if let Some(written) = &relation.personal {
        return notes.code(written, "RelationId").map(Who::Code);
    }
    let born = match &relation.born {
        // twelve digits: the day of birth and a serial that is nobody's
        Some(written) if written.len() == 12 && written.is_ascii() => notes.day(Some(&written[..8]), "FodelsetidNr"),
        Some(written) => notes.day(Some(written), "FodelsetidNr"),
        None => Fact::None,
    };
    let names = relation.names.as_ref().and_then(names).map(|(names, _)| names);
    let born: Fact<PartialDate> = match born {
        Fact::None => Fact::Unknown(UnknownReason::NotDelivered),
        born => born,
    };
    match (names, born) {
        (None, Fact::None | Fact::Unknown(_)) => None,
        (names, born) => {
            let names = names.unwrap_or(Names { given: String::new(), family: String::new() });
            Some(Who::Described(Box::new(names), born))
        }
    }
}
