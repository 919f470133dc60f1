//! Lists of the register in rules: whole, open, and with members of whom something is unknown.

use std::sync::Arc;

use ennakko_core::record::ListState;
use ennakko_core::{Fact, LeapDayPolicy};
use proptest::prelude::*;
use rhai::{Dynamic, Scope};

use super::folder::{Draft, loaded, with_rules};
use super::town::{Person, Town, WITHHELD, day};
use crate::engine::{Mode, over, subject_value};
use crate::stop::Stop;
use crate::values::{Log, Same, World};

const ON: &str = "2027-01-12";
const NAMES: [&str; 3] = ["P", "Q", "R"];

/// What a test comes to for a child whose custodians have these flags, the list being whole or not.
fn answer(test: &'static str, flags: &[Option<bool>], whole: bool) -> String {
    let mut people: Vec<Person> = flags
        .iter()
        .zip(NAMES)
        .map(|(flag, name)| {
            let person = Person::new(name, "1990-01-01");
            match flag {
                Some(holds) => person.is("flag", *holds),
                None => person.fact("flag", Fact::Unknown(WITHHELD)),
            }
        })
        .collect();
    let child = Person::new("A", "2020-10-15").of(&NAMES[..flags.len()]);
    people.push(if whole { child } else { child.with(|record| record.custodians = ListState::Open(WITHHELD)) });
    let head = if test.contains(".language") { "decides_on: #{ language: \"Act 1/2020\" }" } else { "" };
    let draft = Draft { cohort: "child.age_reached_in(o.year) < 18", head, ..Draft::when(test) };
    let told = Town::of(&people).outcomes(&loaded(&with_rules(&[("r", &draft)])), "r", ON);
    match told.as_str() {
        "A offered" => "yes".to_owned(),
        "A not_entitled(test)" => "no".to_owned(),
        told if told.starts_with("A cannot_tell(test: ") => "unknown".to_owned(),
        told => told.to_owned(),
    }
}

const SOME: &str = "child.custodians.some(|c| c.flag)";
const ALL: &str = "child.custodians.all(|c| c.flag)";
const LEN: &str = "child.custodians.len() == 2";
const FILTERED: &str = "child.custodians.filter(|c| c.flag).len() == 1";

#[test]
fn a_member_found_decides_whatever_else_is_unknown() {
    let (yes, no, open) = (Some(true), Some(false), None);
    for (flags, whole, some, all, len, filtered) in [
        (vec![yes, no], true, "yes", "no", "yes", "yes"),
        (vec![no, no], true, "no", "no", "yes", "no"),
        (vec![yes, open], true, "yes", "unknown", "yes", "unknown"),
        (vec![no, open], true, "unknown", "no", "yes", "unknown"),
        (vec![open, open], true, "unknown", "unknown", "yes", "unknown"),
        (vec![yes, no], false, "yes", "no", "unknown", "unknown"),
        (vec![no, no], false, "unknown", "no", "unknown", "unknown"),
        (vec![yes, yes], false, "yes", "unknown", "unknown", "unknown"),
        // a list of nobody that was delivered as whole is not a list of nobody
        (vec![], true, "unknown", "unknown", "unknown", "unknown"),
        (vec![], false, "unknown", "unknown", "unknown", "unknown"),
    ] {
        let told = [SOME, ALL, LEN, FILTERED].map(|test| answer(test, &flags, whole));
        assert_eq!(told, [some, all, len, filtered], "{flags:?}, whole: {whole}");
    }
}

#[test]
fn a_filtered_list_is_as_known_as_its_members() {
    let (yes, no, open) = (Some(true), Some(false), None);
    let some = "child.custodians.filter(|c| c.flag).some(|c| c.lives_in_city)";
    let all = "child.custodians.filter(|c| c.flag).all(|c| c.lives_in_city)";
    let none = "child.custodians.filter(|c| c.flag).all(|c| !c.lives_in_city)";
    for (flags, expected) in [
        (vec![yes, open], ["yes", "unknown", "no"]),
        (vec![no, open], ["unknown", "unknown", "unknown"]),
        (vec![no, no], ["no", "yes", "yes"]),
    ] {
        assert_eq!([some, all, none].map(|test| answer(test, &flags, true)), expected, "{flags:?}");
    }
}

/// What a test comes to for a child whose custodians have these incomes, the list being whole or not.
fn of_incomes(test: &'static str, incomes: &[Option<i64>], whole: bool) -> String {
    let mut people: Vec<Person> = incomes
        .iter()
        .zip(NAMES)
        .map(|(income, name)| {
            let person = Person::new(name, "1990-01-01");
            match income {
                Some(income) => person.has("income", *income),
                None => person.fact("income", Fact::Unknown(WITHHELD)),
            }
        })
        .collect();
    let child = Person::new("A", "2020-10-15").of(&NAMES[..incomes.len()]);
    people.push(if whole { child } else { child.with(|record| record.custodians = ListState::Open(WITHHELD)) });
    let draft = Draft { cohort: "child.age_reached_in(o.year) < 18", ..Draft::when(test) };
    Town::of(&people).outcomes(&loaded(&with_rules(&[("r", &draft)])), "r", ON)
}

#[test]
fn numbers_of_members_are_summed_and_compared() {
    let (yes, no) = ("A offered", "A not_entitled(test)");
    let withheld = "A cannot_tell(test: income of custodian, withheld by the source)";
    let open = "A cannot_tell(test: custodians of subject, withheld by the source)";
    let three = [Some(30), Some(-7), Some(12)];
    for (test, expected) in [
        ("child.custodians.sum(|c| c.income) == 35", yes),
        ("child.custodians.min(|c| c.income) == -7", yes),
        ("child.custodians.max(|c| c.income) == 30", yes),
        ("child.custodians.max(|c| c.income * 2) == 30", no),
        ("child.custodians.filter(|c| c.income > 0).sum(|c| c.income) == 42", yes),
        ("child.custodians.filter(|c| c.income > 0).min(|c| c.income) == 12", yes),
        ("child.custodians.filter(|c| c.income > 0).len() == 2", yes),
        // nobody: no sum is zero, and there is no smallest
        ("child.custodians.filter(|c| c.income > 99).sum(|c| c.income) == 0", yes),
        ("child.custodians.filter(|c| c.income > 99).min(|c| c.income) == ()", yes),
        ("child.custodians.filter(|c| c.income > 99).max(|c| c.income) == ()", yes),
        ("(child.custodians.filter(|c| c.income > 99).max(|c| c.income) ?? 5) == 5", yes),
        ("child.custodians.max(|c| c.income) != ()", yes),
        // the functions of two numbers are still there
        ("max(child.custodians.max(|c| c.income) ?? 0, 40) == 40", yes),
    ] {
        assert_eq!(of_incomes(test, &three, true), expected, "{test}");
    }
    for test in [
        "child.custodians.sum(|c| c.income) == 35",
        "child.custodians.min(|c| c.income) == -7",
        "child.custodians.max(|c| c.income) == 30",
        "child.custodians.max(|c| c.income) == ()",
        "child.custodians.filter(|c| c.income > 0).sum(|c| c.income) == 42",
    ] {
        assert_eq!(of_incomes(test, &three, false), open, "{test}");
        for at in 0..3 {
            let mut incomes = three;
            incomes[at] = None;
            assert_eq!(of_incomes(test, &incomes, true), withheld, "{test}");
        }
        assert_eq!(of_incomes(test, &[], true), "A cannot_tell(test: custodians of subject, not delivered)", "{test}");
    }
    // somebody who may belong to a list leaves its numbers unknown, whatever the number is
    assert_eq!(
        of_incomes("child.custodians.filter(|c| c.income > 0).sum(|c| 0) == 0", &[Some(1), None], true),
        withheld
    );
    // and a number of somebody who surely does not belong is not asked
    let asked = "child.custodians.filter(|c| c.income > 0).sum(|c| if c.income > 0 || c.flag { 1 } else { 0 }) == 1";
    assert_eq!(of_incomes(asked, &[Some(1), Some(0)], true), yes);
}

#[test]
fn an_age_known_in_part_is_no_number_to_add() {
    let people = |born: &str| {
        [Person::new("A", "2020-10-15").of(&["P", "Q"]), Person::new("P", born), Person::new("Q", "1980-06-01")]
    };
    let told = |born, test| {
        let draft = Draft { cohort: "child.age_reached_in(o.year) < 18", ..Draft::when(test) };
        Town::of(&people(born)).outcomes(&loaded(&with_rules(&[("r", &draft)])), "r", ON)
    };
    let test = "child.custodians.sum(|c| c.age_on(on)) == 82";
    assert_eq!(told("1990-01-01", test), "A not_entitled(test)");
    assert_eq!(told("1990-06-01", test), "A offered");
    let partly = "A cannot_tell(test: born of custodian, only part of the date is known)";
    assert_eq!(told("1990", test), partly);
    assert_eq!(told("1990", "child.custodians.max(|c| c.age_on(on)) == 46"), partly);
    assert_eq!(told("1990", "child.custodians.max(|c| c.age_reached_in(2027)) == 47"), "A offered");
}

#[test]
fn what_is_no_number_of_a_member_fails() {
    let people = [
        Person::new("A", "2020-10-15").of(&["P", "Q"]),
        Person::new("P", "1990-01-01").has("income", 1),
        Person::new("Q", "1990-01-01").has("income", 1),
    ];
    let town = Town::of(&people);
    let rules = loaded(&with_rules(&[("r", &Draft::new())]));
    // past the checker, which refuses what is not a number
    let failure = |script: &str| {
        let world = Arc::new(World {
            register: town.register.clone(),
            municipality: "091".to_owned(),
            leap_day: LeapDayPolicy::March1,
            log: Log::default(),
            same: Same::new(),
        });
        let row = town.register.row_of(town.key("A")).unwrap();
        let mut scope = Scope::new();
        scope.push_dynamic("child", subject_value(&world, row, day(ON)));
        let engine = over(&world, rules.tables(), Mode::Preview);
        match Stop::of(&engine.eval_with_scope::<Dynamic>(&mut scope, script).unwrap_err()) {
            Stop::Failed(what) => what,
            stop => panic!("{stop:?}"),
        }
    };
    let wants = "`sum`, `min` and `max` want a number of each member, and got";
    for (script, expected) in [
        ("child.custodians.sum(|c| c.household)", format!("{wants} none")),
        ("child.custodians.min(|c| c.place_year)", format!("{wants} none")),
        ("child.custodians.max(|c| c.lives_in_city)", format!("{wants} yes or no")),
        ("child.custodians.max(|c| c.language)", format!("{wants} a text")),
        ("child.custodians.sum(|c| c.income + 9223372036854775000)", "a number is too large".to_owned()),
    ] {
        let what = failure(script);
        assert!(what.starts_with(&expected), "{script}: {what}");
    }
}

#[test]
fn what_is_missing_is_told_by_whose_it_is() {
    let people = [
        Person::new("A", "2020-10-15").of(&["P"]),
        Person::new("P", "1990-01-01").fact("flag", Fact::Unknown(WITHHELD)),
    ];
    let draft = Draft { cohort: "child.age_reached_in(o.year) < 18", ..Draft::when(SOME) };
    let rules = loaded(&with_rules(&[("r", &draft)]));
    let told = Town::of(&people).outcomes(&rules, "r", ON);
    assert_eq!(told, "A cannot_tell(test: flag of custodian, withheld by the source)");
}

#[test]
fn a_closure_sees_what_stands_around_it() {
    let check = |test: &'static str, expected: &str| assert_eq!(answer(test, &[Some(true)], true), expected, "{test}");
    check("child.language != () && child.custodians.some(|c| c.language == child.language)", "yes");
    check("child.custodians.all(|c| c.age_on(on) - child.age_on(on) > 18)", "yes");
    check(
        "child.language != () && child.custodians.some(|c| c.custodians.some(|g| g.language == child.language))",
        "no",
    );
    check("child.custodians.some(|child| child.birth_year == 1990)", "yes");
}

#[test]
fn a_household_is_as_open_as_its_dwelling() {
    let lives = |name, born, flag: Option<bool>| {
        let person =
            Person::new(name, born).with(|record| record.dwelling = Fact::Known("1234567890A0010 ".to_owned()));
        match flag {
            Some(holds) => person.is("flag", holds),
            None => person,
        }
    };
    let people = [lives("A", "2020-10-15", Some(false)), lives("B", "1990-01-01", Some(true))];
    let draft = |test| Draft { subject: "household", ..Draft::when(test) };
    let told = |test, open: &[&str]| {
        Town::built(&people, open).outcomes(&loaded(&with_rules(&[("r", &draft(test))])), "r", ON)
    };
    let (whole, open) = (&[][..], &["1234567890A0010 "][..]);
    assert_eq!(told("child.members.some(|m| m.flag)", whole), "- offered");
    assert_eq!(told("child.members.some(|m| m.flag)", open), "- offered");
    assert_eq!(told("child.members.all(|m| m.flag)", open), "- not_entitled(test)");
    assert_eq!(told("child.members.len() == 2", whole), "- offered");
    assert_eq!(
        told("child.members.len() == 2", open),
        "- cannot_tell(test: members of subject, withheld by the source)"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_order_of_members_changes_nothing(
        flags in prop::collection::vec(any::<Option<bool>>(), 0..4),
        whole in any::<bool>(),
        seed in any::<prop::sample::Index>(),
    ) {
        let mut turned = flags.clone();
        if !turned.is_empty() {
            let n = turned.len();
            turned.rotate_left(seed.index(n));
        }
        for test in [SOME, ALL, LEN, FILTERED] {
            prop_assert_eq!(answer(test, &flags, whole), answer(test, &turned, whole));
        }
    }
}
