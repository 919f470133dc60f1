//! A year of the sample city: every kind of change happens, each follows from what was, and the changes explain the
//! difference between its two deliveries.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use ennakko_core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko_core::identity::finnish::Profile;
use ennakko_core::identity::{IdentityCode, PersonalIdentityCode};
use ennakko_core::record::{ResidentRecord, Who};
use ennakko_core::register::Resident;
use ennakko_core::{Fact, IdentityTable, KeySecret, Register};

use super::{Happened, Year};
use crate::sample::City;

fn local_school() -> FactDeclaration {
    FactDeclaration::plain(SubjectKind::Resident, "local_school", FactType::Place)
}

fn year(residents: u32) -> Year {
    let from = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    Year::live(&City::plan(residents, 3).unwrap(), from, &[local_school()])
}

/// Everything by which a record may be referred to.
fn names_of(record: &ResidentRecord) -> BTreeSet<Who> {
    let codes = record.former_codes.iter().chain(&record.code).cloned().map(Who::Code);
    codes.chain(record.key.map(Who::Key)).collect()
}

fn word(what: &Happened) -> &'static str {
    match what {
        Happened::Born { .. } => "born",
        Happened::GotCode { .. } => "got a code",
        Happened::Named { .. } => "named",
        Happened::MovedIn { .. } => "moved in",
        Happened::MovedOut { .. } => "moved out",
        Happened::Moved { .. } => "moved",
        Happened::Separated { .. } => "separated",
        Happened::Died => "died",
        Happened::FoundDead { .. } => "found dead",
        Happened::CameOfAge => "came of age",
        Happened::NameChanged { .. } => "changed name",
        Happened::CodeCorrected { .. } => "code corrected",
        Happened::ProtectionSet { .. } => "protection set",
        Happened::ProtectionLifted => "protection lifted",
        Happened::NameCorrected { .. } => "name corrected",
        Happened::BirthCorrected { .. } => "birth corrected",
        Happened::HomeCorrected { .. } => "home corrected",
        Happened::DeathRetracted => "death retracted",
        Happened::MoveAnnulled { .. } => "move annulled",
        Happened::MoveOutAnnulled { .. } => "move out annulled",
    }
}

#[test]
fn a_year_has_every_change_and_each_is_told_in_order() {
    let year = year(12_000);
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for change in &year.changes {
        *counted.entry(word(&change.what)).or_default() += 1;
        assert!(year.from < change.day && change.day <= year.until);
    }
    assert!(year.changes.windows(2).all(|pair| pair[0].day <= pair[1].day));
    // per thousand residents, least and most: what a year in a city is about
    for (what, least, most) in [
        ("born", 6, 13),
        ("died", 5, 13),
        ("came of age", 7, 12),
        ("moved in", 35, 65),
        ("moved out", 25, 60),
        ("moved", 70, 160),
        ("separated", 1, 4),
        ("changed name", 3, 12),
        ("got a code", 4, 14),
        ("named", 4, 13),
    ] {
        let n = counted.get(what).copied().unwrap_or_default();
        assert!((least * 12..=most * 12).contains(&n), "{what}: {n}");
    }
    for what in [
        "found dead",
        "code corrected",
        "protection set",
        "protection lifted",
        "name corrected",
        "birth corrected",
        "home corrected",
        "death retracted",
        "move annulled",
        "move out annulled",
    ] {
        let n = counted.get(what).copied().unwrap_or_default();
        assert!((1..=60).contains(&n), "{what}: {n}, rare and there");
    }
}

#[test]
fn the_changes_explain_the_difference() {
    let year = year(6_000);
    let mut about: BTreeMap<&Who, Vec<&Happened>> = BTreeMap::new();
    for change in &year.changes {
        about.entry(&change.who).or_default().push(&change.what);
    }
    let told = |record: &ResidentRecord| -> Vec<&Happened> {
        names_of(record).iter().flat_map(|who| about.get(who).cloned().unwrap_or_default()).collect()
    };
    for (before, after) in year.start.residents.iter().zip(&year.end.residents) {
        let happened = told(after);
        let leaves_no_trace = |what: &&Happened| matches!(what, Happened::FoundDead { .. } | Happened::CameOfAge);
        // what was put right or removed may leave the record as it was
        let undone = |what: &&Happened| {
            matches!(what, Happened::DeathRetracted | Happened::MoveAnnulled { .. } | Happened::MoveOutAnnulled { .. })
        };
        if before == after {
            // of somebody whose home is kept back nothing is told of a move
            let kept_back = before.dwelling.is_unknown();
            assert!(kept_back || happened.iter().all(leaves_no_trace) || happened.iter().any(undone), "{happened:?}");
        } else {
            assert!(!happened.iter().all(leaves_no_trace), "{happened:?}");
        }
        let n = |of: fn(&Happened) -> bool| happened.iter().filter(|what| of(what)).count();
        let died = n(|what| matches!(what, Happened::Died)) > n(|what| matches!(what, Happened::DeathRetracted));
        assert_eq!(after.dead, before.dead || died);
        let moved = happened.iter().any(|what| {
            matches!(
                what,
                Happened::Moved { .. }
                    | Happened::MovedOut { .. }
                    | Happened::Separated { .. }
                    | Happened::ProtectionSet { .. }
                    | Happened::ProtectionLifted
                    | Happened::HomeCorrected { .. }
            )
        });
        assert!(before.dwelling == after.dwelling || moved);
    }
    let newcomers = &year.end.residents[year.start.residents.len()..];
    for record in newcomers {
        let came = |what: &&&Happened| matches!(what, Happened::Born { .. } | Happened::MovedIn { .. });
        assert_eq!(told(record).iter().filter(came).count(), 1);
    }
    assert!(!newcomers.is_empty());
}

#[test]
fn every_change_tells_the_record_that_it_leaves() {
    let year = year(6_000);
    let mut last: BTreeMap<usize, &ResidentRecord> = BTreeMap::new();
    for change in &year.changes {
        let before = last.insert(change.record, &change.after).or(year.start.residents.get(change.record));
        assert!(before.is_none_or(|record| names_of(record).contains(&change.who)), "told of under another name");
    }
    for (at, after) in year.end.residents.iter().enumerate() {
        let told = last.get(&at).copied().or(year.start.residents.get(at));
        assert!(told == Some(after));
    }
}

#[test]
fn what_was_put_right_is_what_it_says() {
    let year = year(12_000);
    let named = |dwelling: &str| year.start.dwellings.iter().any(|known| known.id == dwelling);
    for change in &year.changes {
        match &change.what {
            Happened::HomeCorrected { from, to } => {
                assert!(from != to && from[..10] == to[..10], "another flat of the same house");
            }
            Happened::MoveAnnulled { from, to } => assert!(from != to && named(from) && named(to)),
            Happened::MoveOutAnnulled { from, to } => {
                assert!(from != "091" && named(to));
                assert_eq!(change.after.municipality, Fact::Known("091".to_owned()));
            }
            Happened::BirthCorrected { before, after } => {
                assert!(
                    before != after && after.day().is_some() && before.first().year_ce() == after.first().year_ce()
                );
            }
            Happened::NameCorrected { before, after } => {
                let first = |given: &str| given.split(' ').next().map(str::to_owned);
                assert!(
                    before != after && before.family == after.family && first(&before.given) == first(&after.given)
                );
            }
            Happened::DeathRetracted => assert!(!change.after.dead),
            _ => {}
        }
    }
}

#[test]
fn one_identity_table_serves_both_days() {
    let year = year(6_000);
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    for record in &year.end.residents {
        for code in record.former_codes.iter().chain(&record.code) {
            PersonalIdentityCode::parse(code.as_str(), Profile::SAMPLE).unwrap();
            assert!(codes.insert(IdentityCode::as_str(code)), "a code is given twice");
        }
    }
    let mut table = IdentityTable::new(KeySecret::new([7; 32]));
    let first = Register::build(year.start.clone(), year.from, &mut table);
    let later = Register::build(year.end.clone(), year.until, &mut table);
    for built in [&first, &later] {
        let wrong: Vec<_> = built.issues.iter().filter(|issue| issue.problem.sets_aside()).collect();
        assert!(wrong.iter().all(|issue| matches!(issue.kind, ennakko_core::issue::RecordKind::Fact(_))), "{wrong:?}");
    }
    let keys: BTreeSet<_> = later.register.residents().map(Resident::key).collect();
    assert!(first.register.residents().all(|resident| keys.contains(&resident.key())), "nobody is lost or doubled");
    let n_come = year.end.residents.len() - year.start.residents.len();
    assert_eq!(later.register.residents().count(), first.register.residents().count() + n_come);
    // after a separation the children's custodians live in two homes
    let separated = year.changes.iter().filter(|change| matches!(change.what, Happened::Separated { .. })).count();
    assert!(separated > 0);
}

#[test]
fn protection_withheld_is_kept_through_a_move() {
    let year = year(6_000);
    for (before, after) in year.start.residents.iter().zip(&year.end.residents) {
        let withheld = |record: &ResidentRecord| record.protection == Fact::Known(true) && record.dwelling.is_unknown();
        if withheld(before) && after.protection == Fact::Known(true) {
            assert!(after.dwelling.is_unknown(), "a move tells nobody where somebody protected lives");
        }
    }
}

#[test]
fn places_of_those_who_moved_are_not_told() {
    let year = year(6_000);
    let moved: BTreeSet<&Who> = year
        .changes
        .iter()
        .filter(|change| matches!(change.what, Happened::Moved { .. } | Happened::MovedOut { .. }))
        .map(|change| &change.who)
        .collect();
    for table in &year.end.facts {
        for row in &table.rows {
            let ennakko_core::record::FactOf::Resident(who) = &row.of else { continue };
            assert!(!moved.contains(who), "a school of a home that was left");
        }
    }
    assert!(year.end.facts.len() == 1 && !year.end.facts[0].rows.is_empty());
}

#[test]
fn the_same_city_lives_the_same_year() {
    let (one, other) = (year(2_000), year(2_000));
    assert_eq!(one.changes, other.changes);
    assert_eq!(one.end.residents, other.end.residents);
    assert_eq!(one.end.dwellings, other.end.dwellings);
}
