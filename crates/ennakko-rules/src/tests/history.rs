//! Where people have lived, in rules: `lives_in_city_on` and `household`.

use ennakko_core::Fact;
use ennakko_core::record::{Delivery, HistoryRecord, ListState, ResidentRecord, Stay, Who};

use super::folder::{Draft, loaded, with_rules};
use super::town::{Person, Town, WITHHELD, day};

const ON: &str = "2027-01-12";
const HOME: &str = "1234567890A0010 ";
const OTHER: &str = "1234567890A0020 ";

fn told(people: &[Person], test: &'static str) -> String {
    told_in(&Town::of(people), test)
}

fn told_in(town: &Town, test: &'static str) -> String {
    let draft = Draft { cohort: "child.age_reached_in(o.year) < 18", ..Draft::when(test) };
    town.outcomes(&loaded(&with_rules(&[("r", &draft)])), "r", ON)
}

#[track_caller]
fn check(people: &[Person], test: &'static str, expected: &str) {
    assert_eq!(told(people, test), format!("A {expected}"), "{test}");
}

fn since(text: &str) -> impl FnOnce(&mut ResidentRecord) {
    let day = Fact::Known(ennakko_core::PartialDate::parse(text).unwrap());
    move |record| record.dwelling_since = day
}

#[test]
fn a_day_is_asked_and_not_today() {
    let (yes, no) = ("offered", "not_entitled(test)");
    let unknown = "cannot_tell(test: lives_in_city_on of subject, not delivered)";
    let child = || Person::new("A", "2020-10-15");
    let moved = [child().with(since("2025-06-01"))];
    check(&moved, "child.lives_in_city_on(on)", yes);
    check(&moved, "child.lives_in_city_on(date(\"2025-06-01\"))", yes);
    check(&moved, "child.lives_in_city_on(date(\"2025-05-31\"))", unknown);
    check(&moved, "child.lives_in_city_on(o.opens.plus_years(-1))", yes);
    // one that is not known hides nothing, whichever comes first
    check(&moved, "child.lives_in_city_on(date(\"2020-01-01\")) || child.lives_in_city", yes);
    check(&moved, "child.lives_in_city || child.lives_in_city_on(date(\"2020-01-01\"))", yes);
    let elsewhere = [child().with(|record| record.municipality = Fact::Known("049".to_owned()))];
    check(&elsewhere, "child.lives_in_city_on(on)", no);
}

#[test]
fn a_delivered_history_answers_for_days_gone_by() {
    let code = |n| ennakko_core::identity::PersonalIdentityCode::artificial(day("2020-10-15"), n).unwrap();
    let stay = |municipality: Option<&str>, from: &str, last: Option<&str>| Stay {
        municipality: municipality.map_or(Fact::Unknown(WITHHELD), |code| Fact::Known(code.to_owned())),
        from: Fact::Known(ennakko_core::PartialDate::parse(from).unwrap()),
        last_day: last.map_or(Fact::None, |last| Fact::Known(ennakko_core::PartialDate::parse(last).unwrap())),
    };
    let history = HistoryRecord {
        of: Who::Code(code(901).into()),
        known_from: Fact::Known(day("2021-01-01")),
        stays: vec![
            stay(Some("091"), "2020-10-15", Some("2022-12-31")),
            stay(None, "2023-01-01", Some("2023-12-31")),
            stay(Some("049"), "2025-01-01", Some("2025-12-31")),
            stay(Some("091"), "2026-01-01", None),
        ],
    };
    let town =
        Town::with(&[Person::new("A", "2020-10-15")], |delivery: &mut Delivery| delivery.histories.push(history));
    let (yes, no) = ("A offered", "A not_entitled(test)");
    for (test, expected) in [
        ("child.lives_in_city_on(date(\"2022-12-31\"))", yes),
        (
            "child.lives_in_city_on(date(\"2023-01-01\"))",
            "A cannot_tell(test: lives_in_city_on of subject, withheld by the source)",
        ),
        ("child.lives_in_city_on(date(\"2024-06-01\"))", no),
        ("child.lives_in_city_on(date(\"2025-06-01\"))", no),
        ("child.lives_in_city_on(date(\"2026-01-01\"))", yes),
        (
            "child.lives_in_city_on(date(\"2020-12-31\"))",
            "A cannot_tell(test: lives_in_city_on of subject, not delivered)",
        ),
        ("!child.lives_in_city_on(date(\"2024-06-01\"))", yes),
        ("if child.lives_in_city_on(date(\"2025-06-01\")) { child.flag } else { true }", yes),
    ] {
        assert_eq!(told_in(&town, test), expected, "{test}");
    }
}

#[test]
fn custodians_are_asked_by_day_too() {
    let people = [
        Person::new("A", "2020-10-15").of(&["P", "Q"]),
        Person::new("P", "1990-01-01").with(since("2025-06-01")),
        Person::new("Q", "1990-01-01"),
    ];
    check(&people, "child.custodians.some(|c| c.lives_in_city_on(date(\"2026-01-01\")))", "offered");
    check(
        &people,
        "child.custodians.all(|c| c.lives_in_city_on(date(\"2026-01-01\")))",
        "cannot_tell(test: lives_in_city_on of custodian, not delivered)",
    );
}

#[test]
fn a_person_leads_to_the_household_of_the_dwelling() {
    let lives = |name, born, home: &'static str| {
        Person::new(name, born).with(|record| record.dwelling = Fact::Known(home.to_owned()))
    };
    let people = [
        lives("A", "2020-10-15", HOME).of(&["P"]),
        lives("P", "1990-01-01", OTHER),
        lives("G", "1950-01-01", HOME).is("flag", true),
        lives("H", "1970-01-01", OTHER).is("flag", false),
    ];
    let grandparent = "child.household != () && child.household.members.some(|m| m.age_on(on) > 70)";
    check(&people, grandparent, "offered");
    check(
        &people,
        "child.household != () && child.household.members.some(|m| m.age_on(on) > 80)",
        "not_entitled(test)",
    );
    check(&people, "child.household != () && child.household.members.len() == 2", "offered");
    check(&people, "child.household != ()", "offered");
    check(&people, "child.household == ()", "not_entitled(test)");
    check(
        &people,
        "child.custodians.some(|c| c.household != () && c.household.members.all(|m| m.age_on(on) < 70))",
        "offered",
    );
    check(
        &people,
        "child.household != () && child.household.members.all(|m| m.flag)",
        "cannot_tell(test: flag of member, not delivered)",
    );
    let open = Town::built(&people, &[HOME]);
    assert_eq!(told_in(&open, grandparent), "A offered");
    assert_eq!(
        told_in(&open, "child.household != () && child.household.members.len() == 2"),
        "A cannot_tell(test: members of household, withheld by the source)"
    );
}

#[test]
fn no_known_dwelling_is_never_a_household_of_one() {
    let child = |dwelling: Fact<String>| [Person::new("A", "2020-10-15").with(|record| record.dwelling = dwelling)];
    let withheld = "cannot_tell(test: household of subject, withheld by the source)";
    for test in [
        "child.household != () && child.household.members.len() == 1",
        "child.household == ()",
        "child.household != ()",
    ] {
        check(&child(Fact::Unknown(WITHHELD)), test, withheld);
    }
    let asked = "child.household != () && child.household.members.len() == 1";
    check(&child(Fact::Known(HOME.to_owned())), asked, "offered");
    // in an institution, and with no dwelling at all
    for dwelling in [Fact::Known("09190209090000".to_owned()), Fact::None] {
        check(&child(dwelling.clone()), asked, "not_entitled(test)");
        check(&child(dwelling), "child.household == ()", "offered");
    }
}

#[test]
fn a_custodian_without_a_record_has_no_known_household() {
    let people = [
        Person::new("A", "2020-10-15").of(&["P"]),
        Person::new("P", "1990-01-01").with(|record| {
            record.dwelling = Fact::Unknown(WITHHELD);
            record.custodians = ListState::Whole;
        }),
    ];
    check(
        &people,
        "child.custodians.some(|c| c.household != () && c.household.members.some(|m| m.flag))",
        "cannot_tell(test: household of custodian, withheld by the source)",
    );
}
