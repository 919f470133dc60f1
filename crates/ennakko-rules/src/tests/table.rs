//! The ordered table of outcomes, line by line.

use chrono::NaiveDate;
use ennakko_core::outcome::Standing;
use ennakko_core::{Fact, RuleId};

use super::folder::{Draft, approved, findings, loaded, tables, with_rules};
use super::town::{Known, Person, Town, WITHHELD, day, not_run};
use crate::evaluate::{Evaluator, NothingYet};
use crate::outcomes::{NotRun, RuleDay};
use crate::{Mode, RuleFile, RuleSet};

const ON: &str = "2027-01-12";

fn person(name: &'static str) -> Person {
    Person::new(name, "2020-10-15")
}

/// A rule in which each line of the table can be reached.
fn rule() -> Draft {
    Draft {
        conditions: vec![("in_city", "child.lives_in_city"), ("not_deferred", "!child.deferred")],
        already: vec![("has_place", "child.place_year == o.year")],
        officer: vec![("flagged", "child.flag")],
        sanity: vec![("small", "child.age_on(on) < 10")],
        offer: vec![("school", "child.school"), ("reply_by", "o.reply_by")],
        ..Draft::new()
    }
}

fn placed(name: &'static str) -> Person {
    person(name).is("flag", false).fact("school", Fact::Known(ennakko_core::Value::Text("North".into())))
}

fn elsewhere(person: Person) -> Person {
    person.with(|record| record.municipality = Fact::Known("049".to_owned()))
}

fn withheld(person: Person) -> Person {
    person.with(|record| record.municipality = Fact::Unknown(WITHHELD))
}

#[test]
fn the_first_line_that_is_true_is_the_outcome() {
    let rules = loaded(&with_rules(&[("r", &rule())]));
    let no_school = |name| person(name).is("flag", false);
    let town = Town::of(&[
        // 1 wins over 2, 4, 6
        elsewhere(placed("A1").has("place_year", 2027)),
        elsewhere(person("A2").is("deferred", true)),
        // 2 wins over 4, 6
        withheld(person("B1").has("place_year", 2027)),
        // 4 wins over 6
        withheld(person("C1").is("flag", true)),
        person("C2").fact("place_year", Fact::Unknown(WITHHELD)).is("flag", true),
        // 6: yes, or unknown
        person("D1").is("flag", true),
        person("D2").fact("flag", Fact::Unknown(WITHHELD)),
        // 9
        no_school("E1"),
        // 12
        placed("F1"),
    ]);
    let told = town.outcomes(&rules, "r", ON);
    let expected = [
        "A1 not_entitled(in_city)",
        "A2 not_entitled(in_city, not_deferred)",
        "B1 has_already(has_place)",
        "C1 cannot_tell(in_city: lives_in_city of subject, withheld by the source)",
        "C2 cannot_tell(has_place: place_year of subject, withheld by the source)",
        "D1 manual(flagged)",
        "D2 manual(flagged)",
        "E1 cannot_tell(terms: school of subject, not delivered)",
        "F1 offered",
    ];
    assert_eq!(told.split("; ").collect::<Vec<_>>(), expected);
}

#[test]
fn before_it_opens_lines_are_evaluated_on_the_day_it_opens() {
    let rules = loaded(&with_rules(&[("r", &rule())]));
    let town = Town::of(&[
        elsewhere(placed("A")),
        placed("B").has("place_year", 2027),
        withheld(placed("C")),
        person("D").is("flag", true),
        placed("F"),
        // the terms are not looked at yet
        person("G").is("flag", false),
    ]);
    let told = town.outcomes(&rules, "r", "2026-12-01");
    let expected = [
        "A not_entitled(in_city)",
        "B has_already(has_place)",
        "C cannot_tell(in_city: lives_in_city of subject, withheld by the source)",
        "D manual(flagged)",
        "F upcoming(2027-01-10)",
        "G upcoming(2027-01-10)",
    ];
    assert_eq!(told.split("; ").collect::<Vec<_>>(), expected);
    // `on` is the day it opens, on which this child is of age
    let draft = Draft::when("child.age_on(on) == 7");
    let rules = loaded(&with_rules(&[("r", &draft)]));
    let town = Town::of(&[Person::new("A", "2020-01-10")]);
    assert_eq!(town.outcomes(&rules, "r", "2026-12-01"), "A upcoming(2027-01-10)");
}

#[test]
fn the_ledger_stands_before_what_cannot_be_told() {
    let rules = loaded(&with_rules(&[("r", &rule())]));
    let town =
        Town::of(&[elsewhere(placed("A")), placed("B").has("place_year", 2027), withheld(placed("C")), placed("D")]);
    for (standing, word) in [
        (Standing::Pending, "pending"),
        (Standing::Accepted, "accepted"),
        (Standing::Declined, "declined"),
        (Standing::Lapsed, "lapsed"),
    ] {
        let known = Known {
            standing: ["A", "B", "C", "D"].map(|name| ((town.key(name), "2027".to_owned()), standing)).into(),
            ..Known::default()
        };
        let expected = format!("A not_entitled(in_city); B has_already(has_place); C {word}; D {word}");
        for on in ["2026-12-01", ON, "2027-03-01"] {
            assert_eq!(town.outcomes_with(&rules, "r", on, &known), expected, "{on}");
        }
    }
}

#[test]
fn a_choice_stops_only_what_is_not_a_duty_of_the_city() {
    let town = Town::of(&[placed("A"), withheld(placed("B")), placed("C")]);
    let opted_out = |purpose: &str| Known {
        opted_out: ["A", "B"].map(|name| (town.key(name), purpose.to_owned())).into(),
        ..Known::default()
    };
    let statutory = loaded(&with_rules(&[("r", &rule())]));
    let unknown = "B cannot_tell(in_city: lives_in_city of subject, withheld by the source)";
    assert_eq!(
        town.outcomes_with(&statutory, "r", ON, &opted_out("education")),
        format!("A offered; {unknown}; C offered")
    );
    let free = loaded(&with_rules(&[("r", &Draft { purpose: "leisure", ..rule() })]));
    assert_eq!(town.outcomes_with(&free, "r", ON, &opted_out("leisure")), format!("A opted_out; {unknown}; C offered"));
    assert_eq!(town.outcomes_with(&free, "r", ON, &opted_out("education")), format!("A offered; {unknown}; C offered"));
    // before officers, and before it opens
    let officer = loaded(&with_rules(&[("r", &Draft { purpose: "leisure", discretion: "required", ..rule() })]));
    let told = town.outcomes_with(&officer, "r", ON, &opted_out("leisure"));
    assert_eq!(told, format!("A opted_out; {unknown}; C manual()"));
    assert!(town.outcomes_with(&free, "r", "2026-12-01", &opted_out("leisure")).starts_with("A opted_out"));
}

#[test]
fn an_officer_decides_when_the_rule_says_so_or_cannot_say() {
    let rules = loaded(&with_rules(&[("r", &Draft { discretion: "required", ..rule() })]));
    let town = Town::of(&[placed("A"), elsewhere(placed("B")), person("C").is("flag", true)]);
    assert_eq!(town.outcomes(&rules, "r", ON), "A manual(); B not_entitled(in_city); C manual(flagged)");
    // before `upcoming` and `late`
    assert_eq!(town.outcomes(&rules, "r", "2026-12-01"), "A manual(); B not_entitled(in_city); C manual(flagged)");
    assert_eq!(town.outcomes(&rules, "r", "2027-03-01"), "A manual(); B not_entitled(in_city); C manual(flagged)");
}

#[test]
fn late_is_from_the_day_it_closes_to_the_day_it_ends() {
    for late in ["task", "nothing", "offer"] {
        let rules = loaded(&with_rules(&[("r", &Draft { late, ..rule() })]));
        let town = Town::of(&[placed("A")]);
        for (on, expected) in [
            ("2027-01-09", "A upcoming(2027-01-10)"),
            ("2027-01-10", "A offered"),
            ("2027-02-09", "A offered"),
            ("2027-02-10", "A late(2027-02-10)"),
            ("2027-05-31", "A late(2027-02-10)"),
            ("2027-06-01", ""),
        ] {
            assert_eq!(town.outcomes(&rules, "r", on), expected, "{late} on {on}");
            let evaluator = Evaluator::new(&rules, &town.register, Mode::Preview);
            let RuleDay::Ran(outcomes) = evaluator.day(&RuleId::new("r"), day(on), &NothingYet) else { panic!() };
            let is_selected = !outcomes.is_empty() && outcomes.selected(0).is_some();
            let is_late = expected.starts_with("A late");
            assert_eq!(is_selected, expected == "A offered" || is_late && late == "offer", "{late} on {on}");
        }
        // the terms of a late offer are needed too
        let no_school = Town::of(&[person("A").is("flag", false)]);
        let expected = if late == "offer" {
            "A cannot_tell(terms: school of subject, not delivered)"
        } else {
            "A late(2027-02-10)"
        };
        assert_eq!(no_school.outcomes(&rules, "r", "2027-03-01"), expected);
    }
}

#[test]
fn the_dead_are_in_no_cohort_and_the_unknown_are() {
    let draft = Draft { cohort: "child.age_reached_in(o.year) == 7", ..rule() };
    let rules = loaded(&with_rules(&[("r", &draft)]));
    let town = Town::of(&[
        placed("A").with(|record| record.dead = true),
        placed("B").with(|record| record.born = Fact::Unknown(WITHHELD)),
        Person::new("C", "2019-10-15"),
        Person::new("D", "2020").is("flag", true),
    ]);
    // an unknown birth is for the cohort no `no`; the sanity line then needs it
    let told = "B cannot_tell(small: born of subject, withheld by the source); D manual(flagged)";
    assert_eq!(town.outcomes(&rules, "r", ON), told);
}

#[test]
fn sanity_that_is_broken_stops_the_rule_and_unknown_the_subject() {
    let rules = loaded(&with_rules(&[("r", &rule()), ("s", &Draft::new())]));
    let adult = || Person::new("A", "1990-01-01").is("flag", false);
    let town = Town::of(&[adult(), placed("B")]);
    assert_eq!(town.outcomes(&rules, "r", ON), "not_run: somebody was selected for whom `small` does not hold");
    assert_eq!(town.outcomes(&rules, "s", ON), "A offered; B offered");
    // of those who are not selected it is not asked
    let town = Town::of(&[elsewhere(adult()), placed("B")]);
    assert_eq!(town.outcomes(&rules, "r", ON), "A not_entitled(in_city); B offered");
    let town = Town::of(&[placed("A").with(|record| record.born = Fact::Unknown(WITHHELD))]);
    assert_eq!(town.outcomes(&rules, "r", ON), "A cannot_tell(small: born of subject, withheld by the source)");
}

#[test]
fn who_was_offered_lately_is_not_offered_again() {
    let draft = Draft { head: "not_again_within: 400", occasion: "each_year(on)", ..Draft::new() };
    let rules = loaded(&with_rules(&[("r", &draft)]));
    let town = Town::of(&[person("A"), person("B"), person("C")]);
    let known = Known {
        offered_on: [(town.key("A"), day("2025-12-09")), (town.key("B"), day("2025-12-05"))].into(),
        ..Known::default()
    };
    assert_eq!(town.outcomes_with(&rules, "r", ON, &known), "A pending; B offered; C offered");
    assert_eq!(town.outcomes_with(&rules, "r", "2027-01-14", &known), "A offered; B offered; C offered");
    // of a coming occasion it is asked for its own day
    let rules = loaded(&with_rules(&[("r", &Draft { occasion: "calendar::start(on)", ..draft })]));
    let told = town.outcomes_with(&rules, "r", "2026-12-01", &known);
    assert_eq!(told, "A pending; B upcoming(2027-01-10); C upcoming(2027-01-10)");
}

#[test]
fn a_run_refuses_what_nobody_decided_or_approved() {
    let town = Town::of(&[placed("A")]);
    let refused = |draft: &Draft, on: &str, mode| {
        let rules = loaded(&approved(with_rules(&[("r", draft)])));
        not_run(&rules, &town, "r", on, mode)
    };
    assert_eq!(refused(&rule(), ON, Mode::Run), None);
    let drafts = loaded(&with_rules(&[("r", &rule())]));
    let unapproved = NotRun::Unapproved { version: "r".to_owned() };
    assert_eq!(not_run(&drafts, &town, "r", ON, Mode::Run), Some(unapproved.clone()));
    assert_eq!(not_run(&drafts, &Town::of(&[]), "r", ON, Mode::Run), Some(unapproved));
    assert_eq!(not_run(&drafts, &town, "r", ON, Mode::Preview), None);
    // an expected round
    let hoped = Draft { occasion: "calendar::hoped_for(on)", ..Draft::new() };
    let expected = |what: &str| Some(NotRun::Expected { what: what.to_owned() });
    assert_eq!(refused(&hoped, ON, Mode::Run), expected("round 2027 of calendar.hoped_for"));
    assert_eq!(refused(&hoped, ON, Mode::Preview), None);
    // an expected parameter, wherever it is read
    for draft in [
        Draft { occasion: "each_year(on)", ..Draft::when("child.income < fees::limit(on)") },
        Draft { occasion: "each_year(on)", already: vec![("rich", "child.income > fees::limit(on)")], ..Draft::new() },
        Draft { occasion: "each_year(on)", offer: vec![("fee", "fees::limit(on)")], ..Draft::new() },
    ] {
        assert_eq!(refused(&draft, "2027-02-28", Mode::Run), None);
        assert_eq!(refused(&draft, "2027-03-01", Mode::Run), expected("fees::limit"));
        for (on, is_expected) in [("2027-02-28", false), ("2027-03-01", true)] {
            let rules = loaded(&with_rules(&[("r", &draft)]));
            let evaluator = Evaluator::new(&rules, &town.register, Mode::Preview);
            let RuleDay::Ran(outcomes) = evaluator.day(&RuleId::new("r"), day(on), &NothingYet) else { panic!() };
            assert_eq!(outcomes.selected(0).map(|selected| selected.expected), Some(is_expected), "{on}");
        }
    }
}

#[test]
fn changing_anything_that_was_approved_ends_the_approval() {
    let files = approved(with_rules(&[("r", &rule())]));
    let is_approved = |files: &[RuleFile]| {
        let rules = loaded(files);
        let rule = &rules.versions(&RuleId::new("r"))[0];
        rules.is_approved(rule)
    };
    assert!(is_approved(&files));
    for (path, from, to) in [
        ("r.rhai", "A rule", "A  rule"),
        ("r.md", "a child", "the child"),
        ("r.fi.ftl", "Yes.", "Yes!"),
        ("_common.fi.ftl", "Hei,", "Hei"),
        ("facts.toml", "absent           = \"no\"", "absent           = \"unknown\""),
        ("calendar.toml", "reply_by  = 2027-01-29", "reply_by  = 2027-01-28"),
        ("purposes.toml", "statutory      = true", "statutory      = false"),
        ("city.toml", "1 March", "28 February"),
    ] {
        let mut changed = files.clone();
        let file = changed.iter_mut().find(|file| &*file.path == path).unwrap();
        assert!(file.text.contains(from), "{path}");
        file.text = file.text.replace(from, to).into();
        assert!(!is_approved(&changed), "{path}");
    }
    // a table that the rule does not read
    let mut changed = files.clone();
    let file = changed.iter_mut().find(|file| &*file.path == "parameters.toml").unwrap();
    file.text = file.text.replace("100", "101").into();
    assert!(is_approved(&changed));
    let tried = loaded(&files).with_parameter("fees.limit", &crate::parameters::ParameterValue::Int(1)).unwrap();
    assert!(!tried.is_approved(&tried.versions(&RuleId::new("r"))[0]));
}

#[test]
fn a_rule_that_is_not_there_does_not_run() {
    let rules = loaded(&tables());
    let town = Town::of(&[person("A")]);
    assert_eq!(town.outcomes(&rules, "r", ON), "not_run: the rule failed: there is no such rule");
    let evaluator = Evaluator::new(&rules, &town.register, Mode::Preview);
    let far = NaiveDate::MAX;
    assert!(matches!(evaluator.day(&RuleId::new("r"), far, &NothingYet), RuleDay::NotRun(_)));
}

#[test]
fn only_what_the_rules_were_checked_for_is_tried_out() {
    use crate::parameters::ParameterValue::{Bool, Int, Ints, Text};
    let text = || Text("x".into());
    for (name, value, expected) in [
        ("fees.limit", Int(-10_000), ""),
        ("fees.limit", Int(10_000), ""),
        ("fees.limit", Int(10_001), "`fees.limit` can be tried out with numbers from -10000 to 10000, not with 10001"),
        (
            "fees.limit",
            Int(i64::MIN),
            "`fees.limit` can be tried out with numbers from -10000 to 10000, not with -9223372036854775808",
        ),
        ("fees.limit", Bool(true), "`fees.limit` is a whole number, and cannot be `true` or `false`"),
        ("fees.limit", text(), "`fees.limit` is a whole number, and cannot be a text"),
        ("fees.limit", Ints([1].into()), "`fees.limit` is a whole number, and cannot be a list of whole numbers"),
        ("education.years", Ints([2019].into()), ""),
        ("education.years", Int(2019), "`education.years` is a list of whole numbers, and cannot be a whole number"),
        (
            "education.years",
            Ints([2019, 1_000_000_000_001].into()),
            "`education.years` can be tried out with numbers from -1000000000000 to 1000000000000, not with 1000000000001",
        ),
        ("fees.limits", Int(1), "no parameter is called `fees.limits`"),
        ("limit", Int(1), "no parameter is called `limit`"),
    ] {
        let told =
            loaded(&tables()).with_parameter(name, &value).err().map_or(String::new(), |error| error.to_string());
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn an_error_in_a_shared_helper_takes_down_every_rule_and_version_that_calls_it() {
    let of = |in_force, test| Draft { in_force, ..Draft::when(test) };
    let old = "from: \"2020-01-01\", \"until\": \"2027-01-10\", review_by: \"2027-06-30\"";
    let new = "from: \"2027-01-10\", review_by: \"2027-06-30\"";
    let kept = |shared: &str, drafts: &[(&str, &Draft)]| {
        let mut files = with_rules(drafts);
        files.push(RuleFile::new("_shared.rhai", shared));
        let (rules, _) = RuleSet::load(&files).unwrap();
        rules.ids().map(|id| format!("{id} {}", rules.versions(id).len())).collect::<Vec<_>>()
    };
    let (plain, calls) = (of(old, "child.flag"), of(new, "helps(child)"));
    let other = Draft::new();
    let drafts = [("r", &plain), ("r.from-2027-01-10", &calls), ("s", &calls), ("t", &other)];
    assert_eq!(kept("fn helps(who) { who.flag }", &drafts), ["r 2", "s 1", "t 1"]);
    // in its names, which is told of the file; in its types, which is told of each call; where it cannot be read at all
    for shared in ["fn helps(who) { who.flagg }", "fn helps(who) { who.flag > 1 }", "fn helps(who) { who.flag &&& }"] {
        assert_eq!(kept(shared, &drafts), ["t 1"], "{shared}");
    }
    // the error is that of one call: this version alone gives it a day
    let wrong = of(new, "helps(on)");
    let drafts = [("r", &plain), ("r.from-2027-01-10", &wrong), ("s", &calls), ("t", &other)];
    assert_eq!(kept("fn helps(who) { who.flag }", &drafts), ["s 1", "t 1"]);
}

/// Whether a letter in person is warned of: comparisons of ages in the cohort, the conditions and helpers are what counts.
#[test]
fn a_letter_in_person_is_warned_of_where_ages_let_minors_through() {
    let warned = |cohort: &'static str, condition: &'static str| {
        let draft = Draft { cohort, helpers: "fn grown(who, day) { who.age_on(day) >= 18 }", ..Draft::when(condition) };
        let mut files = with_rules(&[("r", &draft)]);
        for file in &mut files {
            if &*file.path == "r.rhai" {
                let message = "messages: [#{ to: \"subject\", text: \"card\", reply: \"none\" }]";
                file.text = file.text.replace("messages: []", message).into();
            } else if &*file.path == "r.fi.ftl" {
                let card =
                    ["title", "who", "what", "by_when", "silence", "say_no"].map(|part| format!("    .{part} = X\n"));
                file.text = format!("{}\ncard =\n{}", file.text, card.concat()).into();
            }
        }
        let found = findings(&files);
        let errors: Vec<_> = found.iter().filter(|found| found.is_error()).map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{errors:?}");
        found.iter().any(|found| found.message.contains("in person"))
    };
    for (cohort, condition) in [
        ("true", "child.flag"),
        ("child.age_on(on) >= 17", "child.flag"),
        ("child.age_on(on) > 16", "child.flag"),
        ("child.age_on(on) < 80", "child.flag"),
        // 17 on some days of the year
        ("child.age_reached_in(o.year) >= 18", "child.flag"),
        // whoever is of age later
        ("child.age_on(o.ends) >= 18", "child.flag"),
        ("child.age_on(on) >= 18 || child.flag", "child.permit"),
        ("true", "any_of(#{ old: grown(child, on), other: child.flag })"),
        ("child.age_on(on) in [16, 20]", "child.flag"),
        ("true", "!grown(child, on)"),
        ("true", "child.custodians.some(|c| c.age_on(on) >= 18)"),
        ("true", "child.age_on(on) >= education::starting_age(on)"),
    ] {
        assert!(warned(cohort, condition), "{cohort}, {condition}");
    }
    for (cohort, condition) in [
        ("child.age_on(on) >= 18", "child.flag"),
        ("child.age_on(on) > 17", "child.flag"),
        ("18 <= child.age_on(o.opens)", "child.flag"),
        ("child.age_reached_in(o.year) in 19..=30", "child.flag"),
        ("child.age_reached_in(on.year) >= 19", "child.flag"),
        ("child.age_on(on) in [20, 18]", "child.flag"),
        ("child.age_on(on) == 75 || child.age_on(on) == 80", "child.flag"),
        ("true", "child.flag && grown(child, on)"),
        ("true", "all_of(#{ old: grown(child, on), other: child.flag })"),
        ("true", "{ let age = child.age_on(on); age >= 18 && child.flag }"),
        ("true", "child.age_on(on) >= education::starting_age(on) + 11"),
    ] {
        assert!(!warned(cohort, condition), "{cohort}, {condition}");
    }
}
