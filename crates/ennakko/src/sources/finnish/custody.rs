//! Whom a document says to have custody of its person. Pairs come in up to three versions of one group, with one day of overlap
//! where custody changes, and some of the custodians have no code.

use chrono::{Months, NaiveDate};
use ennakko_core::day::PartialDate;
use ennakko_core::identity::{IdentityCode, PersonalIdentityCode};
use ennakko_core::record::{CustodyKind, CustodyRecord, CustodyRight, ListState, Matter, Names, Who};
use ennakko_core::{Fact, UnknownReason};

use super::date::{day, day_before, first, last, whole};
use super::document::GroupProblem;
use super::group::{Custody, Group, Party, Right, Says};
use super::person::Known;
use super::place::{code, same_party};
use crate::sources::SourceProblem;

/// The versions of the group, the fullest first.
const VERSIONS: [&str; 3] = ["HUOLTAJA", "HUOLTAJA_SUPPEA", "HUOLTAJA_RAJOITETTU"];

/// Every pair with its days, and whether they are all there are.
pub(super) fn custody(
    known: Known<'_>,
    born: Fact<PartialDate>,
    problems: &mut Vec<GroupProblem>,
) -> (Vec<CustodyRecord>, ListState) {
    let mut told: Vec<(&Custody, &'static str)> = Vec::new();
    let mut unread: Option<UnknownReason> = None;
    for version in VERSIONS {
        for group in known.named(version) {
            match &group.says {
                Says::Group(Group::Custody(pair)) => {
                    let again =
                        |(other, _): &(&Custody, _)| same_party(&other.party, &pair.party) && same_spell(other, pair);
                    if !told.iter().any(again) {
                        told.push((pair, version));
                    }
                }
                Says::Nothing(reason) => unread = Some(*reason),
                Says::Group(_) => {}
            }
        }
    }
    let mut pairs: Vec<(CustodyRecord, &Party)> = Vec::new();
    for (pair, version) in told {
        match record(known, pair, version, problems) {
            Some(record) => pairs.push((record, &pair.party)),
            None => unread = Some(UnknownReason::Disputed),
        }
    }
    part(&mut pairs);
    let in_force = pairs.iter().any(|(pair, _)| may_hold(pair, known.day));
    let grown = born.known().is_some_and(|born| comes_of_age(born.last()) <= known.day);
    let state = match unread {
        Some(reason) => ListState::Open(reason),
        // nobody delivered is not nobody
        None if in_force || grown => ListState::Whole,
        None => ListState::Open(UnknownReason::NotDelivered),
    };
    (pairs.into_iter().map(|(pair, _)| pair).collect(), state)
}

/// Whether two versions tell of the same custody of one person: of one kind, from one day.
fn same_spell(one: &Custody, other: &Custody) -> bool {
    let same_kind = one.kind.is_none() || other.kind.is_none() || one.kind == other.kind;
    same_kind && (one.from.is_none() || other.from.is_none() || one.from == other.from)
}

fn comes_of_age(born: NaiveDate) -> NaiveDate {
    born.checked_add_months(Months::new(12 * 18)).unwrap_or(born)
}

fn may_hold(pair: &CustodyRecord, day: NaiveDate) -> bool {
    pair.from.known().is_none_or(|from| from <= day) && pair.until.known().is_none_or(|until| day <= until)
}

/// What a day for which there is only part of a date may be for a first day: the first possible; dropping a real custodian is
/// worse than keeping a former one.
fn begins(from: Fact<PartialDate>) -> Fact<NaiveDate> {
    from.map(PartialDate::first)
}

fn ends(until: Fact<PartialDate>) -> Fact<NaiveDate> {
    until.map(PartialDate::last)
}

fn record(
    known: Known<'_>,
    pair: &Custody,
    version: &'static str,
    problems: &mut Vec<GroupProblem>,
) -> Option<CustodyRecord> {
    let mut found = |problem| problems.push((Some(version.to_owned()), problem));
    let custodian = who(known, &pair.party, &mut found)?;
    let kind = match pair.kind.as_deref() {
        None | Some("LAKISAATEINEN_HUOLTAJA" | "MAARATTY_HUOLTAJA" | "1" | "2") => Some(CustodyKind::Custodian),
        Some(word) if word.contains("TIEDONSAANTI") || word == "3" => Some(CustodyKind::InformationOnly),
        Some(_) => {
            found(SourceProblem::UnknownValue);
            None
        }
    };
    let mut rights: Vec<CustodyRight> = [&pair.oikeudet, &pair.added, &pair.changed]
        .into_iter()
        .flatten()
        .flatten()
        .map(right)
        .filter(|right| right.until.known().is_none_or(|until| known.day <= until))
        .collect();
    rights.sort_unstable();
    rights.dedup();
    let may_decide = match (kind, &pair.oikeudet) {
        (Some(CustodyKind::InformationOnly), _) => Fact::Known(false),
        // of what kind, nobody can tell: counted as a custodian, without a right to decide for sure
        (None, _) => Fact::Unknown(UnknownReason::Disputed),
        // this version has no rights, so custody may be divided
        (Some(_), None) => Fact::Unknown(UnknownReason::OutsideLicence),
        (Some(_), Some(_)) => CustodyRight::taken_together(&rights),
    };
    Some(CustodyRecord {
        child: known.who(),
        custodian,
        kind: kind.unwrap_or(CustodyKind::Custodian),
        from: begins(first(pair.from.as_ref())),
        until: ends(last(pair.until.as_ref())),
        may_decide,
        rights,
    })
}

/// By code; without one, by names as they are and birth. Of a code that cannot be one nothing else is used.
fn who(known: Known<'_>, party: &Party, found: &mut impl FnMut(SourceProblem)) -> Option<Who> {
    if let Some(text) = code(party) {
        return match PersonalIdentityCode::parse(text, known.reading.codes) {
            Ok(code) => Some(Who::Code(IdentityCode::from(code))),
            Err(error) => {
                found(SourceProblem::of_code(error));
                None
            }
        };
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let names = Box::new(Names { given: text(&party.etunimet), family: text(&party.sukunimi) });
    Some(Who::Described(names, day(party.syntymapv.as_ref(), Fact::Unknown(UnknownReason::NotDelivered))))
}

/// A right in a matter of its own. Which it is, only a text says or a code without its value: so whether it may be decided in
/// is unknown.
fn right(right: &Right) -> CustodyRight {
    CustodyRight {
        matter: match right.oikeus.as_str() {
            "P500" | "P502" => Matter::Education,
            other => Matter::Other(other.to_owned()),
        },
        may_decide: Fact::Unknown(UnknownReason::NotDelivered),
        from: whole(first(right.from.as_ref())),
        until: whole(last(right.until.as_ref())),
    }
}

/// Where custody of one person passes into another kind, both have the day of the change: there the later one counts alone.
/// Of two persons, both count on that day.
fn part(pairs: &mut [(CustodyRecord, &Party)]) {
    for at in 0..pairs.len() {
        let (pair, party) = (&pairs[at].0, pairs[at].1);
        let Fact::Known(until) = pair.until else { continue };
        let follows = |(other, other_party): &(CustodyRecord, &Party)| {
            same_party(party, other_party) && other.from == Fact::Known(until) && *other != *pair
        };
        if pair.from != Fact::Known(until) && pairs.iter().any(follows) {
            pairs[at].0.until = Fact::Known(day_before(until));
        }
    }
}
