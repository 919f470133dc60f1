//! Tests of custody, guardians, care and life: who has which right on which day.

use super::{TODAY, build, code, day, partial, person, somebody};
use crate::LeapDayPolicy;
use crate::issue::Problem;
use crate::protected::{Addressee, Party, Role, Why, reveal};
use crate::record::{
    Address, CustodyKind, CustodyRecord, CustodyRight, DeathRecord, Delivery, DwellingRecord, ListState, Matter,
    ResidentRecord, Who,
};
use crate::register::{Life, Resident};
use crate::value::{Fact, UnknownReason};

const CHILD: u16 = 901;
const AWAY: &str = "9000012341A002  ";

fn child(born: &str) -> ResidentRecord {
    ResidentRecord { born: partial(born), ..person(CHILD) }
}

fn pair(custodian: u16, kind: CustodyKind) -> CustodyRecord {
    CustodyRecord {
        child: Who::Code(code(CHILD)),
        custodian: Who::Code(code(custodian)),
        kind,
        from: Fact::None,
        until: Fact::None,
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    }
}

fn delivery(born: &str, custody: Vec<CustodyRecord>) -> Delivery {
    Delivery { residents: vec![child(born), person(902), person(903)], custody, ..Delivery::default() }
}

#[test]
fn section_1_5_custody_counts_on_its_first_and_on_its_last_day() {
    let mut custody = pair(902, CustodyKind::Custodian);
    custody.from = Fact::Known(day("2020-03-01"));
    custody.until = Fact::Known(day("2024-06-30"));
    let (built, identities) = build(delivery("2019-05-05", vec![custody]));
    for (on, n) in [("2020-02-29", 0), ("2020-03-01", 1), ("2024-06-30", 1), ("2024-07-01", 0)] {
        let child = somebody(&built, &identities, CHILD);
        assert_eq!(child.custodians_on(day(on), LeapDayPolicy::March1).known.len(), n, "{on}");
    }
}

#[test]
fn section_1_5_custody_ends_on_the_eighteenth_birthday_itself() {
    // the source's own last day is the birthday, as in the Finnish register
    let mut until_birthday = pair(902, CustodyKind::Custodian);
    until_birthday.until = Fact::Known(day("2026-11-22"));
    for custody in [until_birthday, pair(902, CustodyKind::Custodian)] {
        let (built, identities) = build(delivery("2008-11-22", vec![custody]));
        let child = somebody(&built, &identities, CHILD);
        let on = |on| child.custodians_on(day(on), LeapDayPolicy::March1);
        assert_eq!(on("2026-11-21").known.len(), 1);
        assert_eq!((on("2026-11-22").known.len(), on("2026-11-22").state), (0, ListState::Whole));
    }
    // born on 29 February, by either policy
    let (built, identities) = build(delivery("2008-02-29", vec![pair(902, CustodyKind::Custodian)]));
    let child = somebody(&built, &identities, CHILD);
    for (policy, n) in [(LeapDayPolicy::February28, 0), (LeapDayPolicy::March1, 1)] {
        assert_eq!(child.custodians_on(day("2026-02-28"), policy).known.len(), n);
    }
}

#[test]
fn section_5_5_a_guardian_of_an_adult_is_no_custodian_and_stays_past_eighteen() {
    let mut guardian = pair(902, CustodyKind::Guardian);
    guardian.until = Fact::Known(day("2026-12-31"));
    let informed = pair(903, CustodyKind::InformationOnly);
    for born in ["1950-01-01", "2015-01-01"] {
        let (built, identities) = build(delivery(born, vec![guardian.clone(), informed.clone()]));
        let ward = somebody(&built, &identities, CHILD);
        assert!(ward.custodians_on(day(TODAY), LeapDayPolicy::March1).known.is_empty());
        let key = |n| identities.key_of(&code(n)).unwrap();
        let guardians = |on| ward.guardians_on(day(on)).map(Resident::key).collect::<Vec<_>>();
        assert_eq!(guardians(TODAY), [key(902)]);
        assert_eq!(guardians("2026-12-31"), [key(902)]);
        assert!(guardians("2027-01-01").is_empty());
        assert_eq!(ward.informed_on(day(TODAY)).map(Resident::key).collect::<Vec<_>>(), [key(903)]);
    }
}

#[test]
fn section_5_5_a_right_in_a_matter_of_its_own_goes_before_the_rest() {
    let right = |matter: Matter, may_decide, until: Fact<&str>| CustodyRight {
        matter,
        may_decide,
        from: Fact::None,
        until: until.map(day),
    };
    let (yes, no) = (Fact::Known(true), Fact::Known(false));
    let unclear = Fact::Unknown(UnknownReason::NotDelivered);
    let mut custody = pair(902, CustodyKind::Custodian);
    custody.rights = vec![
        right(Matter::Education, no, Fact::None),
        right(Matter::HealthCare, yes, Fact::Known("2026-11-22")),
        right(Matter::Other("P100".to_owned()), unclear, Fact::None),
    ];
    custody.may_decide = CustodyRight::taken_together(&custody.rights);
    assert_eq!(custody.may_decide, unclear);
    let (built, identities) = build(delivery("2015-01-01", vec![custody]));
    let custodians = somebody(&built, &identities, CHILD).custodians_on(day(TODAY), LeapDayPolicy::March1);
    let custodian = custodians.known[0];
    assert_eq!(custodian.may_decide_in(&Matter::Education, day(TODAY)), no);
    assert_eq!(custodian.may_decide_in(&Matter::HealthCare, day(TODAY)), yes);
    assert_eq!(custodian.may_decide_in(&Matter::HealthCare, day("2026-11-23")), unclear, "as the rest");
    assert_eq!(custodian.may_decide_in(&Matter::Other("P200".to_owned()), day(TODAY)), unclear);
    assert_eq!(CustodyRight::taken_together(&[]), yes);
    assert_eq!(CustodyRight::taken_together(&[right(Matter::Education, no, Fact::None)]), no);
}

#[test]
fn section_5_5_a_child_of_two_homes_has_one_dwelling_and_two_custodians() {
    let mut other = person(903);
    other.dwelling = Fact::Known(AWAY.to_owned());
    let custody = vec![pair(902, CustodyKind::Custodian), pair(903, CustodyKind::Custodian)];
    let residents = vec![child("2018-01-01"), person(902), other];
    let (built, identities) = build(Delivery { residents, custody, ..Delivery::default() });
    let child = somebody(&built, &identities, CHILD);
    assert_eq!(child.custodians_on(day(TODAY), LeapDayPolicy::March1).known.len(), 2);
    let Fact::Known(household) = child.household() else { panic!("no household") };
    let members: Vec<_> = household.members().map(Resident::key).collect();
    assert_eq!(members.len(), 2);
    assert!(!members.contains(&identities.key_of(&code(903)).unwrap()));
}

#[test]
fn section_5_5_the_home_of_a_child_in_care_is_shown_to_nobody_who_lives_elsewhere() {
    for (in_care, hidden) in [
        (Fact::Known(true), true),
        (Fact::Known(false), false),
        (Fact::None, false),
        (Fact::Unknown(UnknownReason::NotDelivered), true),
    ] {
        let placed = ResidentRecord { in_care, dwelling: Fact::Known(AWAY.to_owned()), ..child("2018-01-01") };
        let street = Address {
            street: "Malli 1".to_owned(),
            postal_code: "00100".to_owned(),
            post_office: "HELSINKI".to_owned(),
        };
        let dwellings = vec![DwellingRecord {
            id: AWAY.to_owned(),
            building: None,
            address: Fact::Known(street),
            members: ListState::Whole,
        }];
        let mut foster = person(903);
        foster.dwelling = Fact::Known(AWAY.to_owned());
        let custody = vec![pair(902, CustodyKind::Custodian)];
        let residents = vec![placed, person(902), foster];
        let (built, identities) = build(Delivery { residents, custody, dwellings, ..Delivery::default() });
        let child = somebody(&built, &identities, CHILD);
        assert_eq!(child.placement_is_hidden(), hidden);
        let to = |n, role| {
            let person = somebody(&built, &identities, n);
            let party = Party::Person(person.key());
            Addressee { party, role, language: "fi".to_owned(), home: person.home(), protected: false }
        };
        let Fact::Known(address) = child.address() else { panic!("no address") };
        assert!(reveal(&address, &to(902, Role::Custodian), Why::LetterNamesPlace).is_none());
        assert!(reveal(&address, &to(903, Role::HouseholdAdult), Why::LetterNamesPlace).is_some());
    }
}

#[test]
fn who_is_dead_by_any_source_is_never_simply_alive() {
    let report = |source: &str, dead| DeathRecord { who: Who::Code(code(CHILD)), source: source.to_owned(), dead };
    let cases: [(bool, Vec<DeathRecord>, Life, usize); 6] = [
        (false, vec![], Life::Alive, 0),
        (true, vec![report("hospital", true)], Life::Dead, 0),
        (false, vec![report("hospital", true)], Life::Disputed, 1),
        (true, vec![report("hospital", false)], Life::Disputed, 1),
        (false, vec![report("hospital", true), report("church", false)], Life::Disputed, 1),
        (true, vec![report("hospital", true), report("church", false)], Life::Disputed, 1),
    ];
    for (dead, deaths, life, n_issues) in cases {
        for turned in [false, true] {
            let mut deaths = deaths.clone();
            if turned {
                deaths.reverse();
            }
            let residents = vec![ResidentRecord { dead, ..person(CHILD) }];
            let (built, identities) = build(Delivery { residents, deaths, ..Delivery::default() });
            assert_eq!(somebody(&built, &identities, CHILD).life(), life);
            let disputed = built.issues.iter().filter(|issue| issue.problem == Problem::DeathDisputed);
            assert_eq!(disputed.count(), n_issues);
        }
    }
    // of somebody only referred to, reports alone decide
    for (dead, life) in [(true, Life::Dead), (false, Life::Alive)] {
        let mut delivery = delivery("2015-01-01", vec![pair(904, CustodyKind::Custodian)]);
        delivery.deaths = vec![DeathRecord { who: Who::Code(code(904)), source: "hospital".to_owned(), dead }];
        let (built, identities) = build(delivery);
        assert_eq!(somebody(&built, &identities, 904).life(), life);
    }
}
