//! Tests of `addressees`.

use ennakko_core::protected::Role;
use ennakko_core::record::{CustodyRecord, DeathRecord, Delivery, ListState, Owner, Who};
use ennakko_core::register::SubjectRow;
use ennakko_core::{PartialDate, UnknownReason};

use super::*;
use crate::testing::{
    A, B, CHILD, ELSEWHERE, HOME, building, city, custody, custody_abroad, day, family_with, key, person, plan,
    register, resident, today,
};

fn of(register: &Register, n: u16, to: Recipients) -> Result<Addressees, WithheldReason> {
    let subject = SubjectRow::Resident(resident(register, n).row());
    addressees(register, subject, &plan(to, "place"), &city(), today())
}

/// Whom the family's offer is put to after a change, and how many are not reached.
fn custodians(change: impl FnOnce(&mut Delivery)) -> Result<(Vec<u16>, usize), WithheldReason> {
    let register = family_with(change);
    let (to, unreached) = of(&register, CHILD, Recipients::Custodians)?.into_parts();
    let number = |to: &Addressee| [A, B].into_iter().find(|n| to.party == Party::Person(key(*n))).unwrap();
    Ok((to.iter().map(number).collect(), unreached))
}

fn check(change: impl FnOnce(&mut Delivery), expected: &[u16], unreached: usize) {
    assert_eq!(custodians(change), Ok((expected.to_vec(), unreached)));
}

fn check_withheld(change: impl FnOnce(&mut Delivery), expected: WithheldReason) {
    assert_eq!(custodians(change), Err(expected));
}

fn says_dead(n: u16) -> DeathRecord {
    DeathRecord { who: Who::Key(key(n)), source: "parish".to_owned(), dead: true }
}

#[test]
fn all_living_custodians_are_addressed_wherever_they_live() {
    check(|_| {}, &[A, B], 0);
    check(|d| d.residents.retain(|r| r.key != Some(key(A))), &[B], 1);
    check(|d| d.custody.truncate(1), &[A], 0);
}

#[test]
fn the_dead_are_written_nothing() {
    check(|d| d.residents[1].dead = true, &[B], 0);
    // sources that disagree: as if dead
    check(|d| d.deaths.push(says_dead(A)), &[B], 0);
    check_withheld(
        |d| {
            d.residents[1].dead = true;
            d.residents[2].dead = true;
        },
        WithheldReason::NoAddressee,
    );
    check_withheld(|d| d.residents[0].dead = true, WithheldReason::NoAddressee);
    check_withheld(|d| d.deaths.push(says_dead(CHILD)), WithheldReason::DeathDisputed);
}

#[test]
fn a_doubt_about_custody_goes_to_a_person() {
    let unclear = WithheldReason::CustodyUnclear;
    check_withheld(|d| d.custody.clear(), unclear);
    check_withheld(|d| d.residents[0].custodians = ListState::Open(UnknownReason::Withheld), unclear);
    check_withheld(|d| d.custody[1].may_decide = Fact::Unknown(UnknownReason::NotDelivered), unclear);
    check_withheld(|d| d.custody[1].may_decide = Fact::None, unclear);
    // two entries of one custodian that disagree
    check_withheld(|d| d.custody.push(CustodyRecord { may_decide: Fact::Known(false), ..custody(B) }), unclear);
    // a minor, or somebody who may be one
    check_withheld(|d| d.residents[2].born = Fact::Known(PartialDate::exact(day("2009-01-09"))), unclear);
    check_withheld(|d| d.residents[2].born = Fact::Known(PartialDate::in_month(2009, 1).unwrap()), unclear);
    check_withheld(|d| d.residents[2].born = Fact::Unknown(UnknownReason::Withheld), unclear);
    // the child may be of age, or not
    check_withheld(|d| d.residents[0].born = Fact::Known(PartialDate::in_month(2009, 1).unwrap()), unclear);
    // what a dead custodian might have decided is no doubt
    check(
        |d| {
            d.residents[2].dead = true;
            d.custody[1].may_decide = Fact::Unknown(UnknownReason::NotDelivered);
        },
        &[A],
        0,
    );
}

#[test]
fn who_may_not_decide_is_not_addressed() {
    check(|d| d.custody[1].may_decide = Fact::Known(false), &[A], 0);
    check_withheld(
        |d| d.custody.iter_mut().for_each(|pair| pair.may_decide = Fact::Known(false)),
        WithheldReason::NoAddressee,
    );
    check(|d| d.custody[1].until = Fact::Known(day("2027-01-07")), &[A], 0);
    check(|d| d.custody[1].until = Fact::Known(day("2027-01-08")), &[A, B], 0);
}

#[test]
fn who_cannot_be_written_to_is_counted_and_not_forgotten() {
    check(|d| d.custody.push(custody_abroad()), &[A, B], 1);
    check_withheld(|d| d.custody = vec![custody_abroad()], WithheldReason::NoAddressee);
}

#[test]
fn a_protected_home_is_never_written_to() {
    let protection = WithheldReason::Protection;
    for protected in [Fact::Known(true), Fact::Unknown(UnknownReason::NotDelivered)] {
        check_withheld(|d| d.residents[0].protection = protected, protection);
        // somebody else in the child's home
        check_withheld(|d| d.residents[1].protection = protected, protection);
    }
    // disputed death comes first
    check_withheld(
        |d| {
            d.residents[0].protection = Fact::Known(true);
            d.deaths.push(says_dead(CHILD));
        },
        WithheldReason::DeathDisputed,
    );
}

#[test]
fn a_protected_custodian_elsewhere_is_addressed_and_marked() {
    let register = family_with(|d| d.residents[2].protection = Fact::Known(true));
    let found = of(&register, CHILD, Recipients::Custodians).unwrap();
    let marks: Vec<bool> = found.to().iter().map(|to| to.protected).collect();
    assert_eq!(marks, [false, true]);
}

#[test]
fn nobody_twice_and_in_one_order() {
    let expected = of(&family_with(|_| {}), CHILD, Recipients::Custodians).unwrap();
    let register = family_with(|d| {
        d.residents.reverse();
        d.custody.reverse();
        // the same custody in two entries
        d.custody.push(CustodyRecord { from: Fact::Known(day("2021-01-01")), ..custody(A) });
        d.dwellings.reverse();
    });
    assert_eq!(of(&register, CHILD, Recipients::Custodians).unwrap(), expected);
    assert_eq!(expected.to().iter().map(|to| to.language.as_str()).collect::<Vec<_>>(), ["fi", "sv"]);
}

#[test]
fn letters_are_in_a_language_of_the_city() {
    for (own, letter) in [("fi", "fi"), ("sv", "sv"), ("en", "fi"), ("so", "fi")] {
        let register = family_with(|d| d.residents[1].language = Fact::Known(own.to_owned()));
        let found = of(&register, CHILD, Recipients::Custodians).unwrap();
        assert_eq!(found.to()[0].language, letter, "{own}");
    }
}

#[test]
fn the_subject_is_addressed_when_of_age() {
    let register = family_with(|_| {});
    let found = of(&register, A, Recipients::Subject).unwrap();
    assert_eq!((found.to().len(), found.to()[0].role), (1, Role::Subject));
    assert_eq!(of(&register, CHILD, Recipients::Subject), Err(WithheldReason::NoAddressee));
    assert_eq!(of(&register, A, Recipients::Owners), Err(WithheldReason::NoAddressee));
}

#[test]
fn who_is_of_age_is_addressed_in_place_of_custodians() {
    let born = |text: &str| {
        let born = Fact::Known(PartialDate::parse(text).unwrap());
        let register = family_with(|d| {
            d.residents[0].born = born;
            // a record that should have ended, and one who has died
            d.residents[2].dead = true;
        });
        let found = of(&register, CHILD, Recipients::Custodians)?.into_parts();
        Ok((found.0.iter().map(|to| (to.party.clone(), to.role)).collect::<Vec<_>>(), found.1))
    };
    let alone = |n, role| Ok((vec![(Party::Person(key(n)), role)], 0));
    assert_eq!(born("2009-01-09"), alone(A, Role::Custodian), "18 tomorrow");
    assert_eq!(born("2009-01-08"), alone(CHILD, Role::Subject), "18 today");
    assert_eq!(born("2008"), alone(CHILD, Role::Subject));
    assert_eq!(born("2009"), Err(WithheldReason::CustodyUnclear), "18 in the year");
}

#[test]
fn a_minor_is_addressed_in_person_from_the_age_that_the_rule_names() {
    let born = |text: &str, minors_from_years| {
        let born = PartialDate::parse(text).map_or(Fact::Unknown(UnknownReason::Withheld), Fact::Known);
        let register = family_with(|d| d.residents[0].born = born);
        let subject = SubjectRow::Resident(resident(&register, CHILD).row());
        let plan = MessagePlan { minors_from_years, ..plan(Recipients::Subject, "place") };
        addressees(&register, subject, &plan, &city(), today()).map(|found| found.to()[0].role)
    };
    let nobody = Err(WithheldReason::NoAddressee);
    assert_eq!(born("2012-01-08", Some(15)), Ok(Role::Subject), "15 today");
    assert_eq!(born("2012-01-09", Some(15)), nobody, "15 tomorrow");
    assert_eq!(born("2012-01", Some(15)), nobody, "15 in the month");
    assert_eq!(born("?", Some(15)), nobody, "of an unknown age");
    assert_eq!(born("2012-01-08", None), nobody);
    assert_eq!(born("2009-01-08", None), Ok(Role::Subject), "18 today");
}

#[test]
fn the_adults_of_a_household_are_addressed() {
    let register = family_with(|d| {
        d.residents.push(person(903, "Vanha", "1940-01-01", "fi", HOME));
        d.residents.push(person(904, "Kuollut", "1940-01-01", "fi", HOME));
        d.residents[4].dead = true;
    });
    let found = of(&register, CHILD, Recipients::HouseholdAdults).unwrap();
    let parties: Vec<&Party> = found.to().iter().map(|to| &to.party).collect();
    assert_eq!(parties, [&Party::Person(key(A)), &Party::Person(key(903))]);
    let household = SubjectRow::Household(resident(&register, CHILD).household().known().unwrap().row());
    let plan = plan(Recipients::HouseholdAdults, "x");
    assert_eq!(addressees(&register, household, &plan, &city(), today()), Ok(found));
}

#[test]
fn owners_are_addressed_and_estates_are_left_to_a_person() {
    let organisation = |language: &str| Owner::Organisation {
        id: "2345678-0".to_owned(),
        name: "As Oy Esimerkki".to_owned(),
        language: Fact::Known(language.to_owned()),
    };
    let owner = |n: u16| Owner::Person(Who::Key(key(n)));
    let find = |owners: Vec<Owner>| {
        let register = family_with(|d| {
            d.buildings = vec![building(owners)];
            d.residents.push(person(903, "Kuollut", "1940-01-01", "fi", ELSEWHERE));
            d.residents[3].dead = true;
        });
        let subject = register.subjects(ennakko_core::fact_table::SubjectKind::Building)[0];
        addressees(&register, subject, &plan(Recipients::Owners, "grant"), &city(), today())
    };
    let owners = vec![organisation("sv"), owner(B), Owner::Estate, owner(903), organisation("fi"), owner(CHILD)];
    let mut reversed = owners.clone();
    reversed.reverse();
    let found = find(owners).unwrap();
    assert_eq!(find(reversed), Ok(found.clone()));
    let (to, unreached) = found.into_parts();
    let languages: Vec<(&Party, &str)> = to.iter().map(|to| (&to.party, to.language.as_str())).collect();
    let organisation_party = Party::Organisation("2345678-0".to_owned());
    assert_eq!(languages, [(&Party::Person(key(B)), "sv"), (&organisation_party, "fi")]);
    // the estate, and a child who owns
    assert_eq!(unreached, 2);
    for owners in [vec![], vec![Owner::Estate], vec![owner(903)]] {
        assert_eq!(find(owners), Err(WithheldReason::NoAddressee));
    }
}

#[test]
fn two_loads_from_nothing_give_the_same() {
    let delivery = crate::testing::family;
    let (one, other) = (register(delivery()), register(delivery()));
    assert_eq!(of(&one, CHILD, Recipients::Custodians), of(&other, CHILD, Recipients::Custodians));
}
