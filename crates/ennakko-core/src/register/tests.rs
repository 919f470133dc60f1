//! Tests of what records come to in a register: households, histories of residence, days out of bounds.

mod changes;
mod model;
mod world;

use chrono::NaiveDate;

use super::{Built, Register, Resident};
use crate::fact_table::{Absent, FactDeclaration, FactType, SubjectKind};
use crate::identity::IdentityCode;
use crate::identity::finnish::PersonalIdentityCode;
use crate::issue::{Problem, RecordKind};
use crate::key::{IdentityTable, KeySecret};
use crate::record::{
    CustodyKind, CustodyRecord, Delivery, FactDelivery, FactOf, FactRow, HistoryRecord, ListState, ResidentRecord, Sex,
    Stay, Who,
};
use crate::value::{Fact, UnknownReason, Value};
use crate::{LeapDayPolicy, PartialDate};

const TODAY: &str = "2026-11-22";
const HOME: &str = "9000012341A001  ";
const CITY: &str = "091";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn partial(text: &str) -> Fact<PartialDate> {
    Fact::Known(PartialDate::parse(text).unwrap())
}

fn code(n: u16) -> IdentityCode {
    PersonalIdentityCode::artificial(day("1990-05-01"), n).unwrap().into()
}

fn person(n: u16) -> ResidentRecord {
    ResidentRecord {
        key: None,
        code: Some(code(n)),
        former_codes: Vec::new(),
        names: None,
        born: partial("1990-05-01"),
        sex: Fact::Known(Sex::Female),
        dead: false,
        municipality: Fact::Known(CITY.to_owned()),
        language: Fact::Known("fi".to_owned()),
        protection: Fact::Known(false),
        dwelling: Fact::Known(HOME.to_owned()),
        dwelling_since: Fact::None,
        custodians: ListState::Whole,
        in_care: Fact::None,
    }
}

fn build(delivery: Delivery) -> (Built, IdentityTable) {
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(delivery, day(TODAY), &mut identities);
    let tally = built.tally;
    assert_eq!(tally.read, tally.used + tally.set_aside);
    (built, identities)
}

fn somebody<'r>(built: &'r Built, identities: &IdentityTable, n: u16) -> Resident<'r> {
    built.register.resident_of(identities.key_of(&code(n)).unwrap()).unwrap()
}

/// A stay as a test writes it: `091 2020-01-01..2024-04-30`, both days included; `-` abroad, `?` withheld or not known.
fn stay(text: &str) -> Stay {
    let (place, days) = text.split_once(' ').unwrap();
    let (from, last) = days.split_once("..").unwrap();
    let read = |text: &str| match text {
        "" => Fact::None,
        "?" => Fact::Unknown(UnknownReason::Withheld),
        text => partial(text),
    };
    let municipality = match place {
        "-" => Fact::None,
        "?" => Fact::Unknown(UnknownReason::Withheld),
        place => Fact::Known(place.to_owned()),
    };
    Stay { municipality, from: read(from), last_day: read(last) }
}

fn history(n: u16, known_from: Fact<&str>, stays: &[&str]) -> HistoryRecord {
    HistoryRecord {
        of: Who::Code(code(n)),
        known_from: known_from.map(day),
        stays: stays.iter().map(|text| stay(text)).collect(),
    }
}

/// Whether somebody lived in the city on these days, in a word each.
fn told(change: impl FnOnce(&mut ResidentRecord), histories: Vec<HistoryRecord>, days: &[&str]) -> Vec<String> {
    let mut record = person(901);
    change(&mut record);
    let (built, identities) = build(Delivery { residents: vec![record], histories, ..Delivery::default() });
    let resident = somebody(&built, &identities, 901);
    days.iter().map(|on| word(resident.lives_in_on(CITY, day(on)))).collect()
}

fn word(answer: Fact<bool>) -> String {
    match answer {
        Fact::Known(true) => "yes".to_owned(),
        Fact::Known(false) => "no".to_owned(),
        Fact::None => "none".to_owned(),
        Fact::Unknown(reason) => reason.words().to_owned(),
    }
}

#[track_caller]
fn check(known_from: Fact<&str>, stays: &[&str], expected: &[(&str, &str)]) {
    let days: Vec<&str> = expected.iter().map(|(day, _)| *day).collect();
    let words: Vec<&str> = expected.iter().map(|(_, word)| *word).collect();
    assert_eq!(told(|_| {}, vec![history(901, known_from, stays)], &days), words);
    // the order of stays says nothing
    let turned: Vec<&str> = stays.iter().rev().copied().collect();
    assert_eq!(told(|_| {}, vec![history(901, known_from, &turned)], &days), words);
}

#[test]
fn a_stay_holds_on_its_first_and_on_its_last_day() {
    check(
        Fact::None,
        &["049 ..2020-06-26", "091 2020-06-27..2024-04-30", "091 2025-01-01.."],
        &[
            ("1990-05-01", "no"),
            ("2020-06-26", "no"),
            ("2020-06-27", "yes"),
            ("2024-04-30", "yes"),
            // nobody says where: not in the city
            ("2024-05-01", "no"),
            ("2024-12-31", "no"),
            ("2025-01-01", "yes"),
            (TODAY, "yes"),
        ],
    );
}

#[test]
fn before_the_history_begins_nothing_is_known() {
    let known = Fact::Known("2022-01-01");
    check(
        known,
        &["091 2020-01-01..2023-12-31", "091 2025-01-01.."],
        &[("2021-12-31", "not delivered"), ("2022-01-01", "yes"), ("2024-06-01", "no")],
    );
    check(known, &[], &[("2021-12-31", "not delivered"), ("2022-01-01", "no")]);
    check(
        Fact::Unknown(UnknownReason::OutsideLicence),
        &["091 2020-01-01.."],
        &[("2023-01-01", "outside the licence"), (TODAY, "yes")],
    );
}

#[test]
fn a_withheld_municipality_is_unknown_on_the_days_it_covers() {
    check(
        Fact::None,
        &["091 2020-01-01..2021-12-31", "? 2022-01-01..2022-12-31", "- 2023-01-01..2023-12-31", "091 2024-01-01.."],
        &[
            ("2021-12-31", "yes"),
            ("2022-01-01", "withheld by the source"),
            ("2022-12-31", "withheld by the source"),
            ("2023-01-01", "no"),
            ("2024-01-01", "yes"),
        ],
    );
}

#[test]
fn stays_that_overlap_and_disagree_are_disputed() {
    let disputed = "sources disagree";
    check(
        Fact::None,
        &["091 2020-01-01..2022-12-31", "049 2022-12-01.."],
        &[("2022-11-30", "yes"), ("2022-12-01", disputed), ("2022-12-31", disputed), ("2023-01-01", "no")],
    );
    // two stays elsewhere agree that it was not the city; a stay told twice agrees with itself
    check(Fact::None, &["049 2020-01-01..", "092 2020-01-01.."], &[("2022-12-01", "no")]);
    check(Fact::None, &["091 2020-01-01..", "091 2019-01-01.."], &[("2022-12-01", "yes")]);
}

#[test]
fn days_known_in_part_are_decided_where_every_day_agrees() {
    let partly = "only part of the date is known";
    check(
        Fact::None,
        &["049 ..2022-06", "091 2022-06.."],
        &[("2022-05-31", "no"), ("2022-06-01", partly), ("2022-06-30", partly), ("2022-07-01", "yes")],
    );
    check(Fact::None, &["091 2020-01-01..?"], &[("2019-12-31", "no"), ("2020-01-01", partly)]);
    check(Fact::None, &["049 ?..2020-06-30"], &[("2020-06-30", "no"), ("2020-07-01", "no")]);
    check(Fact::None, &["091 ?..2020-06-30"], &[("2020-06-30", partly), ("2020-07-01", "no")]);
}

#[test]
fn without_a_history_today_answers_from_moving_in_on() {
    let days = ["2019-12-31", "2020-01-01", "2026-11-21", TODAY, "2030-01-01"];
    let since = |text: &'static str| {
        move |record: &mut ResidentRecord| {
            record.dwelling_since = partial(text);
        }
    };
    let unknown = "not delivered";
    assert_eq!(told(|_| {}, Vec::new(), &days), [unknown, unknown, unknown, "yes", "yes"]);
    assert_eq!(told(since("2020-01-01"), Vec::new(), &days), [unknown, "yes", "yes", "yes", "yes"]);
    // moved in on some day of that year
    assert_eq!(told(since("2020"), Vec::new(), &["2020-12-30", "2020-12-31"]), [unknown, "yes"]);
    let elsewhere = |record: &mut ResidentRecord| {
        record.dwelling_since = partial("2020-01-01");
        record.municipality = Fact::Known("049".to_owned());
    };
    assert_eq!(told(elsewhere, Vec::new(), &days), [unknown, "no", "no", "no", "no"]);
    let withheld = |record: &mut ResidentRecord| {
        record.dwelling_since = partial("2020-01-01");
        record.municipality = Fact::Unknown(UnknownReason::Withheld);
    };
    let word = UnknownReason::Withheld.words();
    assert_eq!(told(withheld, Vec::new(), &days), [unknown, word, word, word, word]);
}

#[test]
fn a_history_that_knows_nothing_of_the_last_move_is_disputed() {
    let moved = |record: &mut ResidentRecord| record.dwelling_since = partial("2026-11-01");
    let late = vec![history(901, Fact::None, &["049 2020-01-01.."])];
    let days = ["2026-10-31", "2026-11-01", "2026-11-21", TODAY];
    assert_eq!(told(moved, late, &days), ["no", "sources disagree", "sources disagree", "yes"]);
    // and one that does not reach so far back leaves it to the day of moving in
    let moved = |record: &mut ResidentRecord| record.dwelling_since = partial("2020-01-01");
    let short = vec![history(901, Fact::Known("2024-01-01"), &["091 2024-01-01.."])];
    assert_eq!(told(moved, short, &["2019-12-31", "2020-01-01", "2024-01-01"]), ["not delivered", "yes", "yes"]);
}

#[test]
fn histories_that_nobody_can_use_are_told() {
    let residents = vec![person(901), person(902)];
    let one = || history(901, Fact::None, &["091 2020-01-01.."]);
    let other = history(901, Fact::None, &["049 2020-01-01.."]);
    for (second, expected) in [(one(), "yes"), (other, "sources disagree")] {
        for turned in [false, true] {
            let mut histories = vec![one(), second.clone(), history(950, Fact::None, &[])];
            if turned {
                histories.swap(0, 1);
            }
            let (built, identities) =
                build(Delivery { residents: residents.clone(), histories, ..Delivery::default() });
            assert_eq!(word(somebody(&built, &identities, 901).lives_in_on(CITY, day("2022-01-01"))), expected);
            assert_eq!(word(somebody(&built, &identities, 902).lives_in_on(CITY, day("2022-01-01"))), "not delivered");
            let problems: Vec<_> = built.issues.iter().map(|issue| (issue.position, issue.problem)).collect();
            assert_eq!(problems, [(2, Problem::Duplicate), (3, Problem::NoSuchSubject)]);
            assert!(built.issues.iter().all(|issue| issue.kind == RecordKind::History));
        }
    }
    let reversed = history(901, Fact::None, &["091 2020-01-01..2019-01-01", "049 2021-01-01..2021-12-31"]);
    let (built, identities) = build(Delivery { residents, histories: vec![reversed], ..Delivery::default() });
    assert_eq!(built.issues[0].to_string(), "history record 1 has a stay that ends before it begins");
    let resident = somebody(&built, &identities, 901);
    for on in ["2018-01-01", "2021-06-01", "2025-01-01"] {
        assert_eq!(word(resident.lives_in_on(CITY, day(on))), "only part of the date is known");
    }
}

#[test]
fn a_household_is_known_none_or_unknown_as_the_dwelling_is() {
    type Change = fn(&mut ResidentRecord);
    let cases: [(&str, Change); 6] = [
        ("2 members", |_| {}),
        ("withheld by the source", |record| record.dwelling = Fact::Unknown(UnknownReason::Withheld)),
        ("none", |record| record.dwelling = Fact::None),
        // an institution, by the length of its id
        ("none", |record| record.dwelling = Fact::Known("09190209090000".to_owned())),
        ("none", |record| record.dead = true),
        // an id of no kind: nobody knows where
        ("sources disagree", |record| record.dwelling = Fact::Known("9000012341A001".repeat(2))),
    ];
    for (expected, change) in cases {
        let mut record = person(901);
        change(&mut record);
        let (built, identities) = build(Delivery { residents: vec![record, person(902)], ..Delivery::default() });
        let told = match somebody(&built, &identities, 901).household() {
            Fact::Known(household) => format!("{} members", household.members().count()),
            Fact::None => "none".to_owned(),
            Fact::Unknown(reason) => reason.words().to_owned(),
        };
        assert_eq!(told, expected);
    }
    // somebody only referred to
    let custody = CustodyRecord {
        child: Who::Code(code(901)),
        custodian: Who::Code(code(903)),
        kind: CustodyKind::Custodian,
        from: Fact::None,
        until: Fact::None,
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    };
    let (built, identities) =
        build(Delivery { residents: vec![person(901)], custody: vec![custody], ..Delivery::default() });
    assert!(matches!(somebody(&built, &identities, 903).household(), Fact::Unknown(UnknownReason::NoRecord)));
}

#[test]
fn days_out_of_bounds_are_unknown_with_an_issue() {
    let (early, late) = ("1799-12-31", "2999-02-28");
    let mut old = person(901);
    old.born = partial(early);
    let mut moved = person(902);
    moved.dwelling_since = partial(late);
    let mut edges = person(903);
    edges.born = partial("1800-01-01");
    edges.dwelling_since = partial("2200-12-31");
    let custody = |from: Fact<&str>, until: Fact<&str>| CustodyRecord {
        child: Who::Code(code(903)),
        custodian: Who::Code(code(901)),
        kind: CustodyKind::Custodian,
        from: from.map(day),
        until: until.map(day),
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    };
    let declaration = FactDeclaration {
        may_be_none: true,
        absent: Absent::None,
        ..FactDeclaration::plain(SubjectKind::Resident, "seen", FactType::Day)
    };
    let row = |n, text| FactRow { of: FactOf::Resident(Who::Code(code(n))), value: partial(text).map(Value::Day) };
    let facts = FactDelivery {
        declaration,
        delivered_on: day(TODAY),
        rows: vec![row(901, late), row(902, "2200"), row(903, early)],
    };
    let (built, identities) = build(Delivery {
        residents: vec![old, moved, edges],
        histories: vec![
            history(902, Fact::None, &["091 2020-01-01..2999-02-28", "049 1700..2019-12-31"]),
            history(903, Fact::Known("1799-01-01"), &["091 2020-01-01.."]),
        ],
        custody: vec![custody(Fact::None, Fact::Known(late))],
        facts: vec![facts],
        ..Delivery::default()
    });
    let issues: Vec<String> = built.issues.iter().map(ToString::to_string).collect();
    let left_out = "has a day outside 1800-01-01 to 2200-12-31, which is left out";
    let row_of_fact = "row of fact `seen`";
    assert_eq!(
        issues,
        [
            format!("resident record 1 {left_out}"),
            format!("resident record 2 {left_out}"),
            format!("history record 1 {left_out}"),
            format!("history record 2 {left_out}"),
            format!("custody record 1 {left_out}"),
            format!("{row_of_fact} 1 has a day outside 1800-01-01 to 2200-12-31"),
            format!("{row_of_fact} 3 has a day outside 1800-01-01 to 2200-12-31"),
        ]
    );
    let person = |n| somebody(&built, &identities, n);
    assert!(person(901).born().is_unknown());
    assert_eq!(person(903).born(), partial("1800-01-01"));
    // the end that is left out leaves the pair in force
    assert_eq!(person(903).custodians_on(day("1810-01-01"), LeapDayPolicy::March1).known.len(), 1);
    let seen = built.register.fact_named(SubjectKind::Resident, "seen").unwrap();
    assert!(person(901).fact(seen, day(TODAY)).is_unknown());
    assert_eq!(person(902).fact(seen, day(TODAY)), partial("2200").map(Value::Day));
    assert!(person(903).fact(seen, day(TODAY)).is_unknown());
    let lived = |n, on| word(person(n).lives_in_on(CITY, day(on)));
    assert_eq!(lived(902, "2021-01-01"), "only part of the date is known");
    assert_eq!(lived(903, "2021-01-01"), "sources disagree");
}

#[test]
fn section_5_4_one_flat_under_two_addresses_is_one_household() {
    let mut at_the_other_address = person(902);
    at_the_other_address.dwelling = Fact::Known("900001234V2A001 ".to_owned());
    let mut here = person(901);
    here.dwelling = Fact::Known("900001234V1A001 ".to_owned());
    let mut next_door = person(903);
    next_door.dwelling = Fact::Known("900001234V1A002 ".to_owned());
    let (built, _) = build(Delivery { residents: vec![here, at_the_other_address, next_door], ..Delivery::default() });
    let mut sizes: Vec<usize> = built.register.households().map(|household| household.members().count()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 2]);
    assert_eq!(built.issues, []);
}

#[test]
fn a_dwelling_of_another_country_forms_a_household() {
    let in_sweden = |n| {
        let mut person = person(n);
        person.dwelling = Fact::Known("SE:18273645901234".to_owned());
        person
    };
    let (built, identities) =
        build(Delivery { residents: vec![in_sweden(901), in_sweden(902)], ..Delivery::default() });
    assert_eq!(built.register.households().count(), 1);
    assert!(matches!(somebody(&built, &identities, 901).household(), Fact::Known(_)));
    assert_eq!(built.issues, []);
}
