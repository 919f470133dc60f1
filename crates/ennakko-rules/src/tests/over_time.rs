//! Rules over days: windows, the exact day on which an answer changes, rows that end, versions, own occasions.

use chrono::NaiveDate;
use ennakko_core::outcome::Standing;
use ennakko_core::{Fact, PartialDate, Value};
use proptest::prelude::*;

use super::folder::{Draft, approved, findings, loaded, with_rules};
use super::town::{Known, Person, TODAY, Town, WITHHELD, day, not_run};
use crate::evaluate::{Evaluator, NothingYet};
use crate::outcomes::NotRun;
use crate::{Mode, RuleSet};

fn town() -> Town {
    Town::of(&[Person::new("A", "2020-10-15")])
}

/// The outcomes of a rule on several days.
fn check(draft: &Draft, town: &Town, expected: &[(&str, &str)]) {
    let rules = loaded(&with_rules(&[("r", draft)]));
    for (on, outcome) in expected {
        assert_eq!(town.outcomes(&rules, "r", on), *outcome, "on {on}");
    }
}

#[test]
fn a_condition_that_turns_yes_later_gives_the_exact_day() {
    check(
        &Draft::when("on >= date(\"2027-01-20\")"),
        &town(),
        &[
            ("2026-12-01", "A upcoming(2027-01-20)"),
            ("2027-01-10", "A upcoming(2027-01-20)"),
            ("2027-01-19", "A upcoming(2027-01-20)"),
            ("2027-01-20", "A offered"),
        ],
    );
    // seven years old on the 1st of February
    check(
        &Draft::when("child.age_on(on) == 7"),
        &Town::of(&[Person::new("A", "2020-02-01"), Person::new("B", "2020-07-01")]),
        &[
            ("2027-01-12", "A upcoming(2027-02-01); B not_entitled(test)"),
            ("2027-02-01", "A offered; B not_entitled(test)"),
        ],
    );
}

#[test]
fn a_condition_that_no_day_of_the_window_satisfies_is_no() {
    let test = "on >= date(\"2027-06-01\")";
    check(
        &Draft::when(test),
        &town(),
        &[("2026-12-01", "A not_entitled(test)"), ("2027-05-31", "A not_entitled(test)")],
    );
    // each holds on some day, but never both on one
    let never = Draft {
        conditions: vec![("early", "on < date(\"2027-01-15\")"), ("later", "on >= date(\"2027-01-20\")")],
        ..Draft::new()
    };
    check(&never, &town(), &[("2027-01-12", "A not_entitled(later)"), ("2027-01-17", "A not_entitled(early, later)")]);
    // past is past
    check(
        &Draft::when("on < date(\"2027-01-15\")"),
        &town(),
        &[("2027-01-14", "A offered"), ("2027-01-15", "A not_entitled(test)")],
    );
}

#[test]
fn an_unknown_on_a_later_day_is_not_a_no() {
    // today's value is no; what it will be is not known
    let draft = Draft { occasion: "each_year(on)", ..Draft::when("child.permit || on >= date(\"2027-02-01\")") };
    let people = Town::of(&[Person::new("A", "2020-10-15").is("permit", false)]);
    check(
        &draft,
        &people,
        &[
            (TODAY, "A cannot_tell(test: permit of subject, not known for a coming day)"),
            ("2027-01-12", "A cannot_tell(test: permit of subject, not known for a coming day)"),
        ],
    );
    let born =
        Town::of(&[Person::new("A", "2020-01"), Person::new("B", "2020").with(|r| r.born = Fact::Unknown(WITHHELD))]);
    check(
        &Draft::when("child.age_on(on) == 7"),
        &born,
        &[(
            "2026-12-01",
            "A cannot_tell(test: born of subject, only part of the date is known); \
             B cannot_tell(test: born of subject, withheld by the source)",
        )],
    );
}

#[test]
fn a_window_may_span_new_year() {
    check(
        &Draft { occasion: "calendar::winter(on)", ..Draft::when("child.age_reached_in(on.year) == 7") },
        &town(),
        &[
            ("2026-12-14", "A upcoming(2027-01-01)"),
            ("2026-12-15", "A upcoming(2027-01-01)"),
            ("2026-12-31", "A upcoming(2027-01-01)"),
            ("2027-01-01", "A offered"),
            ("2027-01-14", "A offered"),
            ("2027-01-15", "A late(2027-01-15)"),
            ("2027-02-01", ""),
        ],
    );
}

#[test]
fn a_rule_whose_row_has_ended_does_not_run_and_the_others_do() {
    let ends = Draft { occasion: "each_year(on)", ..Draft::when("child.income < fees::limit(on)") };
    let rules = loaded(&with_rules(&[("r", &ends), ("s", &Draft { occasion: "each_year(on)", ..Draft::new() })]));
    for on in ["2027-04-30", "2027-05-01", "2027-09-01"] {
        assert_eq!(town().outcomes(&rules, "s", on), "A offered");
    }
    assert_eq!(town().outcomes(&rules, "r", "2027-04-30"), "A offered");
    let ended = |on: &str| format!("not_run: `fees::limit` has no row for {on}; its last valid day was 2027-04-30");
    assert_eq!(town().outcomes(&rules, "r", "2027-05-01"), ended("2027-05-01"));
    assert_eq!(town().outcomes(&rules, "r", "2027-09-01"), ended("2027-09-01"));
    let early = Draft { occasion: "each_year(on)", ..Draft::when("fees::limit(date(\"2019-12-31\")) > 0") };
    check(
        &early,
        &town(),
        &[(TODAY, "not_run: the rule failed: nothing")]
            .map(|(on, _)| (on, "not_run: `fees::limit` has no row for 2019-12-31")),
    );
}

#[test]
fn a_coming_day_without_a_row_stops_nobody_today() {
    // A turns 7 on 1 May 2027, for which no limit is decided; B on 1 February
    let draft = Draft { occasion: "at_age(child, 7, 60, on)", ..Draft::when("child.income < fees::limit(o.opens)") };
    let people = Town::of(&[Person::new("A", "2020-05-01"), Person::new("B", "2020-02-01")]);
    let told = "A cannot_tell(test: fees::limit of city, not known for a coming day); B offered";
    check(
        &draft,
        &people,
        &[
            ("2027-02-12", told),
            ("2027-05-01", "not_run: `fees::limit` has no row for 2027-05-01; its last valid day was 2027-04-30"),
        ],
    );
    // in a run a row that is only expected is not known either, until its day comes
    let rules = loaded(&approved(with_rules(&[("r", &draft)])));
    let people = Town::of(&[Person::new("A", "2020-03-01"), Person::new("B", "2020-02-01")]);
    let evaluator = Evaluator::new(&rules, &people.register, Mode::Run);
    assert_eq!(people.told(&evaluator, "r", "2027-02-12", &NothingYet), told);
    let expected = NotRun::Expected { what: "fees::limit".to_owned() };
    assert_eq!(not_run(&rules, &people, "r", "2027-03-01", Mode::Run), Some(expected));
}

#[test]
fn the_version_in_force_when_it_opens_governs() {
    let old = Draft {
        in_force: "from: \"2020-01-01\", \"until\": \"2027-01-12\", review_by: \"2027-06-30\"",
        ..Draft::when("child.age_reached_in(o.year) == 7")
    };
    let new = Draft {
        in_force: "from: \"2027-01-12\", review_by: \"2027-06-30\"",
        ..Draft::when("child.age_reached_in(o.year) == 6")
    };
    let rules = loaded(&with_rules(&[("r", &old), ("r.from-2027-01-12", &new)]));
    // it opened on 10 January under the old version, which governs it to its end
    for on in ["2026-12-01", "2027-01-11", "2027-01-12", "2027-02-09"] {
        let expected = if on < "2027-01-10" { "A upcoming(2027-01-10)" } else { "A offered" };
        assert_eq!(town().outcomes(&rules, "r", on), expected, "{on}");
    }
    // the other way round: a version that begins on the day it opens
    let old = Draft { in_force: "from: \"2020-01-01\", \"until\": \"2027-01-10\", review_by: \"2027-06-30\"", ..old };
    let new = Draft { in_force: "from: \"2027-01-10\", review_by: \"2027-06-30\"", ..new };
    let rules = loaded(&with_rules(&[("r", &old), ("r.from-2027-01-10", &new)]));
    assert_eq!(town().outcomes(&rules, "r", "2026-12-01"), "A not_entitled(test)");
    // none
    let gone = Draft {
        in_force: "from: \"2020-01-01\", \"until\": \"2027-01-10\", review_by: \"2027-06-30\"",
        ..Draft::new()
    };
    let rules = loaded(&with_rules(&[("r", &gone)]));
    let none = NotRun::NoVersion { occasion: "2027".to_owned(), opens: day("2027-01-10") };
    assert_eq!(not_run(&rules, &town(), "r", "2027-01-12", Mode::Preview), Some(none));
    assert_eq!(
        town().outcomes(&rules, "r", "2027-01-12"),
        "not_run: no version is in force on 2027-01-10, when occasion 2027 opens"
    );
}

#[test]
fn versions_are_about_subjects_of_one_kind() {
    let old = Draft {
        in_force: "from: \"2020-01-01\", \"until\": \"2026-01-01\", review_by: \"2027-06-30\"",
        ..Draft::new()
    };
    let new = Draft {
        in_force: "from: \"2026-01-01\", review_by: \"2027-06-30\"",
        subject: "household",
        conditions: vec![("everybody", "child.members.some(|m| m.age_on(on) < 7)")],
        ..Draft::new()
    };
    let files = with_rules(&[("r", &old), ("r.from-2026-01-01", &new), ("s", &new)]);
    let (rules, findings) = RuleSet::load(&files).unwrap();
    let told: Vec<_> = findings.iter().filter(|found| found.is_error()).map(|found| found.message.as_str()).collect();
    assert_eq!(told, ["this version is about a household, and `r` about a resident"]);
    assert_eq!(rules.ids().map(ToString::to_string).collect::<Vec<_>>(), ["s"]);
}

#[test]
fn an_old_version_that_cannot_run_any_more_stops_nothing() {
    let old = Draft {
        in_force: "from: \"2020-01-01\", \"until\": \"2026-01-01\", review_by: \"2027-06-30\"",
        occasion: "at_age(child, education::starting_age(on.plus_years(5)), 30, on)",
        ..Draft::new()
    };
    let new = Draft { in_force: "from: \"2026-01-01\", review_by: \"2027-06-30\"", ..Draft::new() };
    let rules = loaded(&with_rules(&[("r", &old), ("r.from-2026-01-01", &new)]));
    assert_eq!(town().outcomes(&rules, "r", "2027-01-12"), "A offered");
}

#[test]
fn occasions_of_the_subjects_own_days() {
    let at_seven = Draft { occasion: "at_age(child, 7, 30, on)", ..Draft::new() };
    check(
        &at_seven,
        &Town::of(&[Person::new("A", "2020-02-01")]),
        &[
            ("2026-01-30", ""),
            ("2026-01-31", "A upcoming(2027-02-01)"),
            ("2027-01-31", "A upcoming(2027-02-01)"),
            ("2027-02-01", "A offered"),
            ("2027-03-02", "A offered"),
            ("2027-03-03", ""),
        ],
    );
    // partly known: certain only far from the day
    check(
        &at_seven,
        &Town::of(&[Person::new("A", "2020-02")]),
        &[
            ("2026-01-30", ""),
            ("2027-02-10", "A cannot_tell(occasion: born of subject, only part of the date is known)"),
            ("2027-04-01", ""),
        ],
    );
    let unknown = Town::of(&[Person::new("A", "2020").with(|record| record.born = Fact::Unknown(WITHHELD))]);
    check(&at_seven, &unknown, &[("2027-02-10", "A cannot_tell(occasion: born of subject, withheld by the source)")]);
    let yearly = Draft { occasion: "each_year(on)", ..Draft::when("on.year == o.year") };
    check(&yearly, &town(), &[("2026-12-31", "A offered"), ("2027-01-01", "A offered")]);
    let visited =
        Person::new("A", "2020-10-15").fact("visited", Fact::Known(Value::Day(PartialDate::exact(day("2026-12-01")))));
    let after = Draft {
        occasion: "if child.visited == () { no_occasion() } else { after(child.visited, 10, 5, on) }",
        head: "not_again_within: 365",
        ..Draft::new()
    };
    check(
        &after,
        &Town::of(&[
            visited,
            Person::new("B", "2020-10-15"),
            Person::new("C", "2020-01-01").fact("visited", Fact::Unknown(WITHHELD)),
        ]),
        &[
            (TODAY, "A upcoming(2026-12-11); C cannot_tell(occasion: visited of subject, withheld by the source)"),
            ("2026-12-11", "A offered; C cannot_tell(occasion: visited of subject, withheld by the source)"),
            ("2026-12-16", "C cannot_tell(occasion: visited of subject, withheld by the source)"),
        ],
    );
    check(&Draft { occasion: "no_occasion()", ..Draft::new() }, &town(), &[("2027-01-12", "")]);
    for (occasion, why) in [
        ("at_age(child, 7, 0, on)", "an occasion is open for at least one day"),
        ("at_age(child, 7, 9223372036854775807, on)", "this may move a day out of the calendar"),
        ("at_age(child, 9223372036854775807, 7, on)", "this may move a day out of the calendar"),
        ("at_age(child, 999999, 7, on)", "this may move a day out of the calendar"),
        ("7", "`occasion` gives a number and no occasion"),
    ] {
        let found = findings(&with_rules(&[("r", &Draft { occasion, ..Draft::new() })]));
        let errors: Vec<&str> = found.iter().filter(|found| found.is_error()).map(|found| &*found.message).collect();
        assert_eq!(errors, [why], "{occasion}");
    }
}

#[test]
fn the_city_says_when_a_leap_day_child_reaches_an_age() {
    let born = Town::of(&[Person::new("A", "2020-02-29")]);
    let draft = Draft { occasion: "at_age(child, 7, 30, on)", ..Draft::when("child.age_on(on) == 7") };
    check(&draft, &born, &[("2027-02-28", "A upcoming(2027-03-01)"), ("2027-03-01", "A offered")]);
    let mut files = with_rules(&[("r", &draft)]);
    let city = files.iter_mut().find(|file| file.name() == "city.toml").unwrap();
    city.text = city.text.replace("1 March", "28 February").into();
    let rules = loaded(&files);
    assert_eq!(born.outcomes(&rules, "r", "2027-02-27"), "A upcoming(2027-02-28)");
    assert_eq!(born.outcomes(&rules, "r", "2027-02-28"), "A offered");
}

/// Rules whose answers change with the day in every way there is.
fn changing() -> RuleSet {
    let draft = |occasion, conditions| Draft { occasion, conditions, ..Draft::new() };
    let own = draft("at_age(child, 7, 40, on)", vec![("flag", "child.flag"), ("from", "on.day >= 15")]);
    let with_after = Draft {
        head: "not_again_within: 1",
        ..draft(
            "if child.visited == () { no_occasion() } else { after(child.visited, 20, 60, on) }",
            vec![("x", "on.day != 3")],
        )
    };
    let mut more = draft("calendar::start(on)", vec![("age", "child.age_on(on) == 7"), ("permit", "!child.permit")]);
    more.already = vec![("has", "child.place_year == on.year")];
    more.officer = vec![("special", "child.other && on.day > 20")];
    loaded(&with_rules(&[
        ("year", &draft("once(on)", vec![("seven", "child.age_reached_in(o.year) == 7")])),
        (
            "each",
            &draft("each_year(on)", vec![("seven", "child.age_on(o.opens) == 6"), ("summer", "on.month in 5..8")]),
        ),
        ("own", &own),
        ("after", &with_after),
        ("start", &more),
    ]))
}

fn people() -> Town {
    let visited = |text: &str| Fact::Known(Value::Day(PartialDate::parse(text).unwrap()));
    Town::of(&[
        Person::new("A", "2020-01-20").is("flag", true).is("other", true).fact("visited", visited("2026-12-20")),
        Person::new("B", "2020").is("flag", false).is("permit", true).fact("visited", visited("2027-03-03")),
        Person::new("C", "2019-12-24").has("place_year", 2027).fact("visited", visited("2026")),
        Person::new("D", "2020-03-31").fact("flag", Fact::Unknown(WITHHELD)),
        Person::new("E", "2020-03-31").is("flag", true).with(|record| record.born = Fact::Unknown(WITHHELD)),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn days_in_any_order_give_what_each_gives_alone(
        visits in prop::collection::vec((0_u64..500, 0_usize..5), 1..25),
    ) {
        let (rules, town) = (changing(), people());
        let ids: Vec<_> = rules.ids().cloned().collect();
        let kept = Evaluator::new(&rules, &town.register, Mode::Preview);
        for (after, rule) in visits {
            let on = (day(TODAY) + chrono::Days::new(after)).to_string();
            let fresh = Evaluator::new(&rules, &town.register, Mode::Preview);
            let id = ids[rule].as_str();
            prop_assert_eq!(
                town.told(&kept, id, &on, &NothingYet),
                town.told(&fresh, id, &on, &NothingYet),
                "{} on {}", id, on
            );
        }
    }
}

/// Whoever has an offer, day by day from the day before, with one evaluator; and each day the same as looked at alone.
#[test]
fn an_offer_stands_until_the_day_on_which_the_answer_is_another() {
    // open from 10 January to 10 February, at an end on 1 June
    let check = |draft: &Draft, head: &[(&str, &str)]| {
        let rules = loaded(&with_rules(&[("r", draft)]));
        let town = Town::of(&[Person::new("A", "2020-02-20").is("flag", true).fact("permit", Fact::Unknown(WITHHELD))]);
        let mut known = Known::default();
        known.standing.insert((town.key("A"), "2027".to_owned()), Standing::Pending);
        let kept = Evaluator::new(&rules, &town.register, Mode::Preview);
        let mut turns: Vec<(String, String)> = Vec::new();
        for on in day("2027-01-08").iter_days().take_while(|on| *on < day("2027-06-03")) {
            let on = on.to_string();
            let told = town.told(&kept, "r", &on, &known);
            assert_eq!(told, town.outcomes_with(&rules, "r", &on, &known), "on {on}");
            if turns.last().is_none_or(|(_, last)| *last != told) {
                turns.push((on, told));
            }
        }
        let turns: Vec<(&str, &str)> = turns.iter().map(|(on, told)| (on.as_str(), told.as_str())).collect();
        assert_eq!(turns, head);
    };
    let when = Draft::when;
    check(&when("child.flag"), &[("2027-01-08", "A pending"), ("2027-06-01", "")]);
    check(
        &when("child.age_on(on) < 7"),
        &[("2027-01-08", "A pending"), ("2027-02-20", "A not_entitled(test)"), ("2027-06-01", "")],
    );
    check(
        &when("on.month != 3"),
        // a later day of the window may still be one, until none is left
        &[("2027-01-08", "A pending"), ("2027-06-01", "")],
    );
    let has = Draft { already: vec![("has", "on.month == 3")], ..when("child.flag") };
    check(
        &has,
        &[
            ("2027-01-08", "A pending"),
            ("2027-03-01", "A has_already(has)"),
            ("2027-04-01", "A pending"),
            ("2027-06-01", ""),
        ],
    );
    let leaves = Draft { cohort: "child.age_on(on) < 7", ..when("child.flag") };
    check(&leaves, &[("2027-01-08", "A pending"), ("2027-02-20", "")]);
    let unsure = Draft { already: vec![("has", "on.month == 2 && child.permit")], ..when("child.flag") };
    check(&unsure, &[("2027-01-08", "A pending"), ("2027-06-01", "")]);
}

#[test]
fn an_offer_that_no_longer_stands_is_made_again_from_the_next_day() {
    let rules = loaded(&with_rules(&[("r", &Draft { purpose: "leisure", ..Draft::when("child.flag") })]));
    let town = Town::of(&[Person::new("A", "2020-02-20").is("flag", true)]);
    let kept = Evaluator::new(&rules, &town.register, Mode::Preview);
    let mut known = Known::default();
    let offer = (town.key("A"), "2027".to_owned());
    known.standing.insert(offer.clone(), Standing::Pending);
    assert_eq!(town.told(&kept, "r", "2027-01-11", &known), "A pending");
    known.standing.insert(offer.clone(), Standing::Declined);
    assert_eq!(town.told(&kept, "r", "2027-01-12", &known), "A declined");
    known.standing.remove(&offer);
    known.opted_out.insert((town.key("A"), "leisure".to_owned()));
    assert_eq!(town.told(&kept, "r", "2027-01-13", &known), "A opted_out");
    known.opted_out.clear();
    assert_eq!(town.told(&kept, "r", "2027-01-14", &known), "A offered");
}

#[test]
fn upcoming_names_the_first_day_that_is_not_upcoming() {
    let (rules, town) = (changing(), people());
    let evaluator = Evaluator::new(&rules, &town.register, Mode::Preview);
    for id in rules.ids() {
        for on in day(TODAY).iter_days().take(250).step_by(13) {
            let told = town.told(&evaluator, id.as_str(), &on.to_string(), &NothingYet);
            for part in told.split("; ") {
                let Some((who, first)) = part.strip_suffix(')').and_then(|part| part.split_once(" upcoming(")) else {
                    continue;
                };
                let first: NaiveDate = first.parse().unwrap();
                let on_day = |on: NaiveDate| town.told(&evaluator, id.as_str(), &on.to_string(), &NothingYet);
                let then = on_day(first);
                let is_open = [format!("{who} offered"), format!("{who} late")].iter().any(|open| then.contains(open));
                assert!(is_open, "{id}: on {on} {part}, on {first} {then}");
                let before = on_day(first.pred_opt().unwrap());
                assert!(
                    before.contains(part) || first.pred_opt() < Some(on),
                    "{id}: on {on} {part}, the day before {before}"
                );
            }
        }
    }
}
