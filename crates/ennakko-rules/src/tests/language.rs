//! What an expression in a rule means: unknown, none, partial dates, comparisons.

use ennakko_core::{Fact, PartialDate, UnknownReason, Value};
use proptest::prelude::*;

use super::folder::{Draft, loaded, with_rules};
use super::town::{Person, Town, WITHHELD};

const ON: &str = "2027-01-12";

/// What a test comes to for one person: `yes`, `no`, `unknown`, or why the rule does not run.
fn answer(test: &'static str, person: Person) -> String {
    let reads_language = test.contains(".language");
    let head = if reads_language { "decides_on: #{ language: \"Act 1/2020\" }" } else { "" };
    let rules = loaded(&with_rules(&[("r", &Draft { head, ..Draft::when(test) })]));
    let told = Town::of(&[person]).outcomes(&rules, "r", ON);
    match told.as_str() {
        "A offered" => "yes".to_owned(),
        "A not_entitled(test)" => "no".to_owned(),
        told if told.starts_with("A cannot_tell(test: ") => "unknown".to_owned(),
        told => told.to_owned(),
    }
}

fn person() -> Person {
    Person::new("A", "2020-10-15")
}

fn check(test: &'static str, person: Person, expected: &str) {
    assert_eq!(answer(test, person), expected, "{test}");
}

#[test]
fn an_unknown_that_is_read_leaves_the_line_unknown() {
    let unknown = || person().fact("flag", Fact::Unknown(WITHHELD));
    check("child.flag", unknown(), "unknown");
    check("!child.flag", unknown(), "unknown");
    check("child.flag == true", unknown(), "unknown");
    check("child.flag == false", unknown(), "unknown");
    check("child.flag != ()", unknown(), "unknown");
    check("child.flag ?? true", unknown(), "unknown");
    check("child.flag in [true, false]", unknown(), "unknown");
    check("if child.flag { child.deferred } else { child.deferred }", unknown(), "no");
    check("if child.flag { child.deferred } else { true }", unknown(), "unknown");
    // what is not read is not needed
    check("false && child.flag", unknown(), "no");
    check("true || child.flag", unknown(), "yes");
    check("{ let held = child.flag; true }", unknown(), "yes");
    // nor what something known decides
    check("child.flag && child.deferred", unknown(), "no");
    check("child.flag || !child.deferred", unknown(), "yes");
    check("child.flag && true", person().is("flag", true), "yes");
    check("child.flag", person().is("flag", false), "no");
    // no row, where that means unknown
    check("child.flag", person(), "unknown");
}

#[test]
fn none_is_a_value_that_equals_nothing_else() {
    check("child.place_year == 2027", person(), "no");
    check("child.place_year != 2027", person(), "yes");
    check("child.place_year == ()", person(), "yes");
    check("child.place_year != ()", person().has("place_year", 2026), "yes");
    check("(child.place_year ?? 0) == 0", person(), "yes");
    check("child.visited == ()", person(), "yes");
    check("child.visited == on", person(), "no");
    check("child.place_year in [2026, 2027]", person(), "no");
    check("child.place_year != () && child.place_year >= 2026", person(), "no");
    check("child.place_year != () && child.place_year >= 2026", person().has("place_year", 2026), "yes");
}

#[test]
fn ages_are_decided_when_every_possible_day_of_birth_agrees() {
    let born = |text: &str| Person::new("A", text);
    let no_birth = || person().with(|record| record.born = Fact::Unknown(WITHHELD));
    check("child.age_reached_in(o.year) == 7", born("2020"), "yes");
    check("child.age_reached_in(2027) in 6..=8", born("2020-10"), "yes");
    check("child.age_reached_in(2027) in [6, 8]", born("2020-10"), "no");
    check("child.age_reached_in(2027) == 7", no_birth(), "unknown");
    check("child.birth_year == 2020", born("2020"), "yes");
    check("child.birth_year in education::years(on)", born("2020-10"), "yes");
    check("child.birth_year in education::years(on)", born("2019"), "no");
    // on 12 January 2027 somebody born in 2020 is 6, or 7 if born by the 12th of January
    check("child.age_on(on) == 6", born("2020-01"), "unknown");
    check("child.age_on(on) != 6", born("2020-01"), "unknown");
    check("child.age_on(on) >= 6", born("2020-01"), "yes");
    check("child.age_on(on) > 6", born("2020-01"), "unknown");
    check("child.age_on(on) < 6", born("2020-01"), "no");
    check("8 > child.age_on(on)", born("2020-01"), "yes");
    check("child.age_on(on) in 6..=7", born("2020"), "yes");
    check("child.age_on(on) in 7..=8", born("2020"), "unknown");
    check("child.age_on(on) in 8..10", born("2020"), "no");
    check("child.age_on(on) in [6, 7]", born("2020"), "yes");
    check("child.age_on(on) in [7, 6]", born("2020"), "yes");
    check("child.age_on(on) in [5, 7]", born("2020"), "unknown");
    check("child.age_on(on) in [8]", born("2020"), "no");
    check("child.age_on(on) !in [8]", born("2020"), "yes");
    check("child.age_on(on) in [6]", born("2020-10"), "yes");
    check("child.age_on(on) + 1 >= 7", born("2020"), "yes");
    check("child.age_on(on) - 1 == 7", born("2020"), "no");
    check("child.age_on(on) * 2 == 12", born("2020"), "unknown");
    check("child.age_on(on) == child.age_on(o.opens)", born("2020"), "unknown");
    check("child.age_on(on) > child.age_on(date(\"2020-12-31\"))", born("2020"), "yes");
    check("child.age_on(on) == 6", no_birth(), "unknown");
}

#[test]
fn days_are_compared_as_far_as_they_are_known() {
    let seen = |text: &str| person().fact("seen", Fact::Known(Value::Day(PartialDate::parse(text).unwrap())));
    check("child.seen < on", seen("2026"), "yes");
    check("child.seen <= on", seen("2027-01"), "unknown");
    check("child.seen == on", seen("2027-01"), "unknown");
    check("child.seen == on", seen("2026"), "no");
    check("child.seen != on", seen("2026"), "yes");
    check("child.seen == on", seen(ON), "yes");
    check("child.seen.year == 2026", seen("2026"), "yes");
    check("child.seen.month == 1", seen("2026"), "unknown");
    check("child.seen.plus_months(2) <= on", seen("2026-10"), "yes");
    check("child.seen.days_until(on) == 12", seen("2026-12-31"), "yes");
    check("child.seen in [on, o.opens]", seen("2027-01-10"), "yes");
    check("child.seen in [on, o.opens]", seen("2026"), "no");
    check("on > date(\"2027-01-11\") && on < o.closes", person(), "yes");
    check("on.plus_days(-2) == o.opens", person(), "yes");
    check("date(\"2024-02-29\").plus_years(1) == date(\"2025-02-28\")", person(), "yes");
}

#[test]
fn a_comparison_that_can_never_hold_is_refused_and_is_no_silent_no() {
    let refused = |test: &'static str, why: &str| {
        let found = super::folder::findings(&with_rules(&[("r", &Draft::when(test))]));
        let errors: Vec<&str> = found.iter().filter(|found| found.is_error()).map(|found| &*found.message).collect();
        assert_eq!(errors, [why], "{test}");
    };
    refused("on >= \"2027-01-01\"", "a day is compared with a text");
    refused("on == 2027", "a day is compared with a number");
    refused("child.born == \"2020-10-15\"", "a day is compared with a text");
    refused("child.custodians == child.custodians", "a list of persons is compared with a list of persons");
    refused("child.income", "`test` is not a test but a number of cents");
    refused("on.plus_days(9000000000) == on", "this may move a day out of the calendar");
    refused("child.income + 9223372036854775807 + 1 > 0", "this may be too large for a number");
    refused("child.income / 0 == 1", "this divides by zero");
    refused("child.custodians.all(|c| c == child)", "a person is compared with a person");
}

#[test]
fn texts_codes_and_places_are_compared_whole() {
    check("child.language == language::finnish", person(), "yes");
    check("child.language in [language::swedish, language::finnish]", person(), "yes");
    check("child.language != language::finnish", person(), "no");
    check("child.sex == \"female\"", person(), "yes");
    let placed = || person().fact("school", Fact::Known(Value::Text("North".into())));
    check("child.school == \"North\"", placed(), "yes");
    check("child.school == \"nort\"", placed(), "no");
    check("child.school != \"South\"", placed(), "yes");
    check("child.school in [\"South\", \"North\"]", placed(), "yes");
    check("child.school == ()", placed(), "no");
}

#[test]
fn any_of_and_all_of_decide_whatever_is_decided() {
    let known = |flag: Option<bool>, other: Option<bool>| {
        let fact = |value: Option<bool>| match value {
            Some(holds) => Fact::Known(Value::Bool(holds)),
            None => Fact::Unknown(WITHHELD),
        };
        person().fact("flag", fact(flag)).fact("other", fact(other))
    };
    let (yes, no, open) = (Some(true), Some(false), None);
    for (flag, other, any, all) in [
        (yes, open, "yes", "unknown"),
        (open, yes, "yes", "unknown"),
        (no, open, "unknown", "no"),
        (open, no, "unknown", "no"),
        (no, no, "no", "no"),
        (yes, yes, "yes", "yes"),
        (open, open, "unknown", "unknown"),
    ] {
        check("any_of(#{ a: child.flag, b: child.other })", known(flag, other), any);
        check("all_of(#{ a: child.flag, b: child.other })", known(flag, other), all);
        // an `any_of` within an `all_of` within an `any_of`
        check("any_of(#{ a: all_of(#{ b: any_of(#{ c: child.flag, d: child.other }) }) })", known(flag, other), any);
    }
    check("any_of(#{ })", person(), "no");
    check("all_of(#{ })", person(), "yes");
}

#[test]
fn helpers_and_names_given_before_the_map_are_seen_by_every_line() {
    let draft = Draft {
        before: "let wanted = 7; let years = |one| one.age_reached_in(o.year); let found = years.call(child);",
        ..Draft::new()
    };
    // a closure stands where a list is asked, and nowhere else
    let findings = super::folder::findings(&with_rules(&[("r", &draft)]));
    assert!(findings.iter().any(|finding| finding.message == "a `|x| ...` is no value"), "{findings:?}");
    let draft = Draft {
        before: "let wanted = 7; let limit = o.year - wanted;",
        conditions: vec![
            ("by_helper", "is_seven(child, o)"),
            ("by_let", "child.birth_year == limit"),
            ("by_both", "child.custodians.all(|one| one.birth_year < limit && one.birth_year < child.birth_year)"),
        ],
        helpers: "fn is_seven(one, o) { if one.age_reached_in(o.year) in 7..8 { return true } false }",
        ..Draft::new()
    };
    let rules = loaded(&with_rules(&[("r", &draft)]));
    let town = Town::of(&[person().of(&["M"]), Person::new("M", "1990-01-01")]);
    assert_eq!(town.outcomes(&rules, "r", ON), "A offered; M not_entitled(by_helper, by_let)");
}

#[test]
fn a_fact_of_a_coming_day_may_be_unknown() {
    let rules = loaded(&with_rules(&[("r", &Draft::when("child.permit"))]));
    let town = Town::of(&[person().is("permit", true)]);
    assert_eq!(town.outcomes(&rules, "r", ON), "A cannot_tell(test: permit of subject, not known for a coming day)");
    assert_eq!(UnknownReason::FutureDay.words(), "not known for a coming day");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_order_of_lines_changes_nothing(order in Just(vec![0_usize, 1, 2, 3, 4]).prop_shuffle(), flags in any::<[Option<bool>; 2]>()) {
        const LINES: [(&str, &str); 5] = [
            ("age", "child.age_reached_in(o.year) == 7"),
            ("flag", "child.flag"),
            ("other", "any_of(#{ a: child.other, b: child.flag })"),
            ("city", "child.lives_in_city"),
            ("late", "on >= date(\"2027-01-20\")"),
        ];
        let fact = |value: Option<bool>| value.map_or(Fact::Unknown(WITHHELD), |holds| Fact::Known(Value::Bool(holds)));
        let town = Town::of(&[person().fact("flag", fact(flags[0])).fact("other", fact(flags[1]))]);
        let told = |order: &[usize]| {
            let draft = Draft { conditions: order.iter().map(|at| LINES[*at]).collect(), ..Draft::new() };
            let mut told: Vec<char> = town.outcomes(&loaded(&with_rules(&[("r", &draft)])), "r", ON).chars().collect();
            // names come in the order in which they are written
            told.sort_unstable();
            told
        };
        prop_assert_eq!(told(&order), told(&[0, 1, 2, 3, 4]));
    }
}
